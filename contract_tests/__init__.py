"""The contract gate: fuzzes both operations on the wire, and ends with a verdict. See README.md beside this file."""

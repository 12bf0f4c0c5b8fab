"""The unit tests, a folder for each part of the flow: `make unit` runs them, and the name of a test says what it shows.

`pipeline`, `spec_diff` and `update` are for `scripts/`; `generated`, `facade`, `bulk` and `typed` for the client, and
`client_contract` for both ways between it and the spec; `testing` for the local Siro; `gate` for the gate; `packaging`
for what a stranger installs.
"""

"""The reference, and what makes it."""

"""From new pages to a tree that is ready to commit: `python -m scripts.update`, or `make update`.

Everything is tried in a copy of the tree; the tree itself is written to once, at the end, when all of it held.
"""

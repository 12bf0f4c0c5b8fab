"""From documentation pages to a generated client, each step a module that runs by itself.

`vendor` (pages to vendored specs) → `effective` (vendored specs and overlays to one document) → `generate` (that
document to `generated/`). `page` and `trust` say what a page may do to us, `simplify` what the generator is given. No
script names an operation, a path or a field: what there is to do stands in `specs/`.
"""

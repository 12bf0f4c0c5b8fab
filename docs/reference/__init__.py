"""From docstrings, the effective spec and the table of rules to one page of HTML.

`python_api` reads the packages with griffe, which imports nothing; `models` and `operations` lay the effective spec
beside what was generated from it; `rules` reads the table of the gate, and which tests check each rule; `markup` makes
HTML of docstrings and types; `build` puts it together with `page.html.jinja`.
"""

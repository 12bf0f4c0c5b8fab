"""What is wrong in a small body, in the same place of a large one: a careless server looks less closely there."""

import copy
from typing import TypeAlias

from contract_tests.document import Json

LONG = 21
"""Items of a list before those that come with the fault."""


Object: TypeAlias = dict[str, Json]


def transplanted(small: Object, large: Object, place: str) -> Object:
    """The large body with what the small one has, or lacks, in a place such as `contact.addresses[].zip`."""
    body = copy.deepcopy(large)
    source, target = small, body
    names = [name.removesuffix("[]") for name in place.split(".")]
    for name in names[:-1]:
        inner, outer = source.get(name), target.get(name)
        if not isinstance(inner, dict) or not isinstance(outer, dict):
            return _put(name, source, target, body)
        source, target = inner, outer
    return _put(names[-1], source, target, body)


def _put(name: str, source: Object, target: Object, body: Object) -> Object:
    if name not in source:
        target.pop(name, None)
        return body
    found, known = source[name], target.get(name)
    if isinstance(found, list) and isinstance(known, list):
        found = [*(known * LONG)[:LONG], *found]
    target[name] = found
    return body

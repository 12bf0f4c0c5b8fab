"""All breaking changes of the corpus are found, none of the others is called breaking, and a validator agrees."""

import pytest

from scripts.spec_diff import Change, compare
from tests.spec_diff.corpus import Edit, Expected, load, published

EDITS = load()


def changes(edit: Edit) -> list[Change]:
    document = published(edit.spec)
    return compare(edit.before(document), edit.apply(document))


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_an_edit_is_classified_as_a_person_did(edit: Edit) -> None:
    found = changes(edit)
    told = [Expected(one.pointer, one.kind, one.direction, one.breaks_callers, one.breaks_readers) for one in found]
    assert sorted(told, key=repr) == sorted(edit.expect, key=repr), edit.says

"""What is due for each way in which the ids of a link can be there or not."""

from collections import Counter

import pytest

from contract_tests.lattice import LINKED, OPEN, Cell, cells


@pytest.mark.parametrize(
    ("cell", "due"),
    [
        (Cell("valid", "absent", "absent"), LINKED),
        (Cell("absent", "valid", "valid"), LINKED),
        (Cell("valid", "valid", "valid"), "both"),
        (Cell("unknown", "unknown", "absent"), "both"),
        (Cell("absent", "absent", "valid"), "neither"),
        (Cell("absent", "valid", "absent"), "connection"),
        (Cell("absent", "valid", "empty"), "connection"),
        (Cell("absent", "valid", "blank"), "unknown"),
        (Cell("unknown", "absent", "absent"), "unknown"),
        (Cell("valid", "absent", "valid"), OPEN),
        (Cell("valid", "empty", "absent"), OPEN),
        (Cell("empty", "valid", "valid"), OPEN),
        # Whatever an empty id is, the connection is not there.
        (Cell("empty", "valid", "absent"), "connection"),
        (Cell("unknown", "empty", "absent"), "unknown"),
        (Cell("null", "valid", "valid"), "null"),
    ],
)
def test_what_is_due(cell: Cell, due: str) -> None:
    assert cell.due == due


def test_the_whole_lattice_is_decided() -> None:
    due = Counter(cell.due for cell in cells())
    assert sum(due.values()) == 6**3
    assert due[LINKED] == 2
    assert due["null"] == 6**3 - 5**3


def test_what_is_refused_with_certainty_has_no_empty_or_blank_id() -> None:
    for cell in cells():
        if cell.is_certain and "null" not in cell.kinds.values():
            assert not {"empty", "blank"} & {cell.id, cell.external_id}


def test_only_what_is_refused_is_sent_without_rows() -> None:
    for cell in cells():
        if not cell.needs_rows:
            assert cell.due not in (LINKED, OPEN)

"""A sample of `make update-corpus`: an edit ends in a green tree, or in a stop that says what a person must decide."""

from pathlib import Path

import pytest

from tests.spec_diff.corpus import load
from tests.update.tree import copy_of_everything
from tests.update.whole_corpus import attempt

SAMPLE = {
    "requests-and-responses-change-at-once": "green, ",
    "branches-are-reordered": "stopped, specs/overlays/",
    "the-token-moves-to-the-query": "stopped, pages/",
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_everything(tmp_path_factory.mktemp("corpus"))


@pytest.mark.parametrize("name", SAMPLE)
def test_an_edit_ends_in_a_green_tree_or_in_a_stop_that_says_why(tree: Path, name: str) -> None:
    (edit,) = (edit for edit in load() if edit.name == name)
    assert attempt(edit, tree, "quick").startswith(SAMPLE[name])

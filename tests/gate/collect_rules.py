"""A plugin for pytest that prints which rules each collected test claims."""

import json

import pytest


def pytest_collection_finish(session: pytest.Session) -> None:
    claims = {
        item.nodeid: [rule for mark in item.iter_markers("rules") for rule in mark.args] for item in session.items
    }
    print("CLAIMS", json.dumps(claims))  # noqa: T201 - the test that loads this reads it

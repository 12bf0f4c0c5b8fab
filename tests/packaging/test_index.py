"""The environments are made with the index that pip has, or a test says that there is none."""

from pathlib import Path

import pytest

from tests.packaging.environments import make_environment, translated


def test_uv_is_told_what_pip_is_configured_for() -> None:
    lines = [
        "global.index-url='https://index.invalid/simple'",
        "global.extra-index-url='file:///one\\nfile:///two'",
        "global.find-links='/wheels'",
        "install.find-links='/wheels /more'",
        "global.timeout='60'",
        "freeze.find-links='/others'",
        ":env:.index-url='https://wins.invalid/simple'",
    ]
    assert translated(lines) == {
        "UV_DEFAULT_INDEX": "https://wins.invalid/simple",
        "UV_INDEX": "file:///one file:///two",
        "UV_FIND_LINKS": "/wheels,/more",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    assert translated([]) == {}


def test_an_index_that_cannot_be_reached_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = make_environment(tmp_path / "environment")
    variables = {
        "UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple",
        "UV_INDEX": "",
        "UV_FIND_LINKS": "",
        "UV_HTTP_RETRIES": "0",
        "UV_NO_CACHE": "1",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(pytest.fail.Exception, match="needs the package index that pip is configured for") as caught:
        environment.install("httpx")
    assert "\n" not in str(caught.value)

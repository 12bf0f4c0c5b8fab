"""The fixtures of siro_client_pytest, as somebody's tests ask for them."""

import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

USES = """
    import asyncio
    import httpx
    import pytest
    from siro_client import AsyncSiro, ExternalId, Siro
    from siro_client.testing import Failure, LocalSiro
    from siro_openapi.models import DataType, Engagement

    def test_the_client_acts_on_the_local_siro(local_siro: LocalSiro, siro: Siro) -> None:
        assert siro.sync_engagement(Engagement(external_id="e")).data.external_id == "e"
        target = ExternalId("e", integration_connection_id="connection-1")
        assert siro.link_recording("recording-1", target, DataType.ENGAGEMENT).data.external_id == "e"
        assert local_siro.requests == {"sync_engagement": 1, "link_recording": 1}

    def test_each_test_has_its_own(local_siro: LocalSiro) -> None:
        assert local_siro.requests == {}

    def test_the_async_client_acts_on_the_local_siro(local_siro: LocalSiro, async_siro: AsyncSiro) -> None:
        async def sync() -> str:
            return (await async_siro.sync_engagement(Engagement(external_id="e"))).data.external_id

        assert asyncio.run(sync()) == "e"
        assert local_siro.requests == {"sync_engagement": 1}

    def test_it_is_served(local_siro: LocalSiro, local_siro_url: str) -> None:
        assert local_siro_url.startswith("http://127.0.0.1:")
        local_siro.fail(Failure(status=503))
        response = httpx.put(local_siro_url + "/api-externalApi/v1/integrations/sync/engagements")
        assert response.status_code == 503

    def test_a_client_finds_it_by_the_environment(
        local_siro: LocalSiro, local_siro_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, value in local_siro_environment.items():
            if name in ("SIRO_ORGANIZATION_TOKEN", "SIRO_INTEGRATIONS_URL"):
                monkeypatch.setenv(name, value)
        with Siro.from_env() as siro:
            siro.sync_engagement(Engagement(external_id="e"))
        assert local_siro.requests == {"sync_engagement": 1}
"""


def test_the_fixtures_are_there_without_a_word(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(USES)
    result = pytester.runpytest_subprocess("-W", "error", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=5)


def test_the_local_siro_is_closed_after_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import sqlite3
        import pytest

        kept = []

        def test_one(local_siro):
            kept.append(local_siro)

        def test_two():
            with pytest.raises(sqlite3.ProgrammingError, match="closed"):
                kept[0].reset()
    """)
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=2)


def test_a_fixture_of_the_same_name_comes_first(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("""
        import pytest

        @pytest.fixture
        def siro():
            return "mine"

        def test_mine(siro):
            assert siro == "mine"
    """)
    pytester.runpytest_subprocess("-W", "error").assert_outcomes(passed=1)


def test_the_fixtures_say_what_they_are(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--fixtures")
    names = ("local_siro", "local_siro_url", "local_siro_environment", "siro", "async_siro")
    result.stdout.fnmatch_lines_random([f"{name} -- *siro_client_pytest.py:*" for name in names])


@pytest.mark.parametrize("library", ["jsonschema_rs", "starlette", "uvicorn"])
def test_without_the_extra_only_who_asks_fails(pytester: pytest.Pytester, library: str) -> None:
    pytester.makeconftest(f"import sys; sys.modules[{library!r}] = None")
    pytester.makepyfile("""
        def test_needs_nothing():
            pass

        def test_asks(siro):
            pass
    """)
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([f"*siro_client.testing needs {library}: pip install 'siro-client[[]testing[]]'*"])


def test_the_plugin_imports_nothing_of_ours_but_itself() -> None:
    program = """
import sys, pytest
before = set(sys.modules)
import siro_client_pytest
print(sorted(name for name in set(sys.modules) - before))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "['siro_client_pytest']\n"

import os
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from siro_client.testing import LocalSiro, environment

from .calls import Caller

# Whoever reads the exports from a pipe must not wait for a buffer to fill.
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
COMMAND = [sys.executable, "-m", "siro_client.testing"]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=30, check=False)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_a_signal(siro: LocalSiro, tmp_path: Path, number: signal.Signals) -> None:
    arguments = [*COMMAND, "--port", "0", "--database", str(tmp_path / "with space.sqlite")]
    with subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=BUFFERED
    ) as process:
        assert process.stdout is not None
        exported: dict[str, str] = {}
        while (line := process.stdout.readline()).startswith("export "):
            name, _, value = shlex.split(line)[1].partition("=")
            exported[name] = value
        assert line.startswith("# The local Siro is ready at http://127.0.0.1:")
        assert exported == environment(siro, exported["SIRO_RECORDINGS_URL"])
        with httpx.Client(base_url=exported["SIRO_RECORDINGS_URL"]) as client:
            Caller(client, siro.organization).synced("e")
            os.kill(process.pid, number)
            assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 0


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("--port", str(port))
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"cannot serve on port {port}: Address already in use")
    assert result.stderr.endswith("; try --port 0\n")
    assert result.stderr.count("\n") == 1


def test_an_unusable_database_is_one_clear_line(tmp_path: Path) -> None:
    result = run("--database", str(tmp_path / "missing" / "siro.sqlite"))
    assert result.returncode == 1
    assert result.stderr.startswith(f"cannot use the database {tmp_path}")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_an_impossible_port_is_refused(port: str) -> None:
    result = run("--port", port)
    assert result.returncode == 2
    assert "--port" in result.stderr


@pytest.mark.parametrize("library", ["jsonschema_rs", "starlette", "uvicorn"])
def test_without_the_extra_the_import_names_it(library: str) -> None:
    program = f"import sys; sys.modules[{library!r}] = None; import siro_client.testing"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert f"siro_client.testing needs {library}: pip install 'siro-client[testing]'" in result.stderr

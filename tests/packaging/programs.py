"""Programs that a stranger runs with what is installed."""

import re
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.packaging.environments import ROOT, Environment, environ

EXAMPLE, *_ = re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
"""The first of the README."""

IMPORT_ALL = """
import importlib, pkgutil, sys
prefix = sys.argv[2]
for name in sys.argv[3:]:
    package = importlib.import_module(name)
    assert package.__file__.startswith(sys.argv[1]), package.__file__
    modules = [name]
    if hasattr(package, "__path__"):
        modules += [found.name for found in pkgutil.walk_packages(package.__path__, name + ".")]
    for each in modules:
        if each.endswith(".__main__") or (prefix and each.startswith(prefix)):
            continue
        module = importlib.import_module(each)
        for public in getattr(module, "__all__", ()):
            getattr(module, public)
        print(each)
"""
"""Imports every module of packages and every name in an `__all__`, but for what begins with a prefix."""


def import_all(environment: Environment, folder: Path, *packages: str, but: str = "") -> set[str]:
    """Import all of packages, with every warning an error, and return the modules."""
    arguments = [str(environment.folder.resolve()), but, *packages]
    return set(environment.run("-W", "error", "-c", IMPORT_ALL, *arguments, folder=folder).split())


@contextmanager
def local_siro(environment: Environment, folder: Path) -> Generator[dict[str, str]]:
    """The variables that point a program at a local Siro, served as `python -m siro_client.testing`."""
    command = [environment.python, "-m", "siro_client.testing", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=folder, env=environ()) as process:
        try:
            assert process.stdout
            exports = dict[str, str]()
            for line in process.stdout:
                if not line.startswith("export "):
                    break
                name, _, value = line.removeprefix("export ").strip().partition("=")
                exports[name] = value
            assert exports, "the local Siro ended at once"
            yield exports
        finally:
            process.terminate()

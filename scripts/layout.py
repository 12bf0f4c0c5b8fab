"""Where things are, how a YAML document is read and written, and how an error shows what it is about."""

import io
import json
import sys
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML

Json: TypeAlias = "dict[str, Json] | list[Json] | str | float | bool | None"

ROOT = Path(__file__).resolve().parent.parent
SPECS = ROOT / "specs"
SOURCES = SPECS / "sources.json"
SHARED_OVERLAY = SPECS / "overlays" / "shared.yaml"
EFFECTIVE = SPECS / "effective.yaml"
GENERATED = ROOT / "generated"


class StepError(Exception):
    """A step that cannot go on. Its message says what was found, where, and what a person should look at."""


_LONGEST = 120
"""How much of a text a message shows."""


def shown(value: object, longest: int = _LONGEST) -> str:
    """Something from outside in a message: short, and in one line, whatever it is."""
    text = value if isinstance(value, str) and value.isprintable() else repr(value)
    return text if len(text) <= longest else text[:longest] + "..."


def vendored_path(name: str) -> Path:
    """The published spec of a source, byte for byte."""
    return SPECS / "vendored" / f"{name}.yaml"


def overlay_path(name: str) -> Path:
    """The overlay that belongs to a source."""
    return SPECS / "overlays" / f"{name}.yaml"


def load_yaml(path: Path) -> Any:
    """Read a YAML 1.2 document without aliases between its parts, so that changing one never changes another."""
    yaml: Any = YAML(typ="safe", pure=True)
    with path.open("rb") as stream:
        document = yaml.load(stream)
    return json.loads(json.dumps(document))


def dump_yaml(document: Any) -> str:
    """Write a document in block style, keys in their order, so that a diff shows what changed and nothing else."""
    yaml: Any = YAML()
    yaml.width = sys.maxsize  # folded lines would end in spaces
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()

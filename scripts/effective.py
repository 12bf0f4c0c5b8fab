"""Build the effective spec: every vendored spec with its overlays applied, merged into one OpenAPI document."""

from typing import Any

from openapi_spec_validator import OpenAPIV30SpecValidator

from scripts import overlay, sources
from scripts.layout import SHARED_OVERLAY, Json, StepError, dump_yaml, load_yaml, overlay_path

_HEADER = """\
# Made by `make generate` from specs/vendored and specs/overlays; change those.
# It is what the generator sees, what the local Siro validates with, and what the contract tests fuzz from.
"""

_NAMES = 2
"""How deep in a document names stand: `paths/NAME`, `components/schemas/NAME`."""


def build() -> dict[str, Any]:
    """Return the effective spec of all sources.

    Raises:
        StepError: if an overlay does not fit, two specs define one name differently, or the result is no valid
            OpenAPI 3.0 document.
    """
    effective: dict[str, Any] = {}
    for source in sources.read():
        document = load_yaml(source.spec_path)
        for path in (SHARED_OVERLAY, overlay_path(source.name)):
            document = overlay.apply(document, load_yaml(path), path.name)
        _merge(effective, _with_servers_at_paths(document), source.name)
    if errors := sorted(OpenAPIV30SpecValidator(effective).iter_errors(), key=str):
        raise StepError(f"the effective spec is not valid OpenAPI 3.0: {errors[0].message}")
    return effective


def _with_servers_at_paths(document: dict[str, Any]) -> dict[str, Any]:
    """Each operation keeps its own host when the documents become one."""
    servers = document.pop("servers")
    for path_item in document["paths"].values():
        path_item.setdefault("servers", servers)
    return document


def _merge(into: dict[str, Json], document: dict[str, Json], name: str, at: str = "", depth: int = _NAMES) -> None:
    """Unite two documents, down to the depth where names are defined; what both define must be equal."""
    for key, value in document.items():
        present = into.setdefault(key, value)
        if depth and isinstance(present, dict) and isinstance(value, dict):
            _merge(present, value, name, f"{at}/{key}", depth - 1)
        elif present != value:
            raise StepError(f"name conflict: {name} defines {at}/{key} otherwise than the specs before it")


def text(document: dict[str, Any]) -> str:
    """The effective spec as it is committed."""
    return _HEADER + dump_yaml(document)

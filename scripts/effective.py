"""Build the effective spec: every vendored spec with its overlays applied, merged into one OpenAPI document."""

import copy
import re
from collections.abc import Iterator
from typing import Any

from scripts import overlay, sources, trust
from scripts.layout import SHARED_OVERLAY, Json, StepError, dump_yaml, load_yaml, overlay_path, shown
from scripts.page import operations, pointer, read_document
from scripts.simplify import each_schema

_HEADER = """\
# Made by `make generate` from specs/vendored and specs/overlays; change those.
# It is what the generator sees, what the local Siro validates with, and what the contract tests fuzz from.
"""

_FIRST_COUNTS = re.compile(r"|/(info|externalDocs)(/.*)?", re.DOTALL)
"""Where what the first page says is kept: of the whole document, whose parts are the pages'."""
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
        merge(effective, _amended(source), source.name)
    stop_if_invalid(effective)
    return effective


def stop_if_invalid(document: dict[str, Any]) -> None:
    """Raise StepError if a document is no valid OpenAPI 3.0."""
    for error in _errors(document):
        raise StepError(f"the effective spec is not valid OpenAPI 3.0: {error}")


def _amended(source: sources.Source) -> dict[str, Any]:
    try:
        document = read_document(source.spec_path.read_bytes())
    except StepError as error:
        raise StepError(f"{source.spec_path.name}: {error}") from None
    document.setdefault("components", {})
    for _, path, method in operations(document):
        # A page's tags group its documentation; the overlay's name a module, and lists would be joined.
        document["paths"][path][method].pop("tags", None)
    document = _with_published_responses(
        overlay.apply(document, load_yaml(SHARED_OVERLAY), SHARED_OVERLAY.name), document
    )
    own = overlay_path(source.name)
    return _with_servers_and_security(overlay.apply(document, load_yaml(own), own.name))


def _errors(document: dict[str, Any]) -> Iterator[str]:
    """What is not valid, each in a line."""
    # Here, since importing it takes longer than all that `make generate` does where nothing changed.
    from openapi_spec_validator import OpenAPIV30SpecValidator  # noqa: PLC0415

    judged = copy.deepcopy(document)
    try:
        each_schema(judged, _drop_pattern)
        for error in sorted(OpenAPIV30SpecValidator(judged).iter_errors(), key=str):
            yield f"{shown(pointer(*error.absolute_path))}: {shown(' '.join(error.message.split()))}"
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        yield f"{type(error).__name__}: {shown(str(error))}"


def _drop_pattern(schema: dict[str, Any]) -> None:
    """A pattern is of ECMA 262, and would be judged, even run, by `re`; see scripts/patterns.py."""
    if isinstance(schema.get("pattern"), str):
        del schema["pattern"]


def _with_published_responses(document: dict[str, Any], published: dict[str, Any]) -> dict[str, Any]:
    """Where a page declares a response itself, that one counts, not the shared overlay's."""
    for _, path, method in operations(published):
        document["paths"][path][method]["responses"].update(published["paths"][path][method]["responses"])
    return document


def _with_servers_and_security(document: dict[str, Any]) -> dict[str, Any]:
    """Each operation keeps its own host and its own token when the documents become one."""
    servers, security = document.pop("servers", None), document.get("security", [])
    document["security"] = []
    for path_item in document["paths"].values():
        if servers is not None:
            path_item.setdefault("servers", servers)
    for _, path, method in operations(document):
        document["paths"][path][method].setdefault("security", security)
    return document


def merge(into: dict[str, Json], document: dict[str, Json], name: str, at: str = "", depth: int = _NAMES) -> None:
    """Unite two documents, down to the depth where names are defined; what both define must be equal.

    Raises:
        StepError: if it is not.
    """
    for key, value in document.items():
        present = into.setdefault(key, value)
        if depth and isinstance(present, dict) and isinstance(value, dict):
            merge(present, value, name, f"{at}/{key}", depth - 1)
        elif present != value and not _FIRST_COUNTS.fullmatch(at) and not _says_the_same(at, present, value):
            raise StepError(
                f"name conflict: {name} defines {at}/{key} otherwise than the specs before it: look at whether both "
                "pages mean the same, and let an overlay say so, or name one of them otherwise"
            )


def _says_the_same(at: str, present: Json, value: Json) -> bool:
    """Whether two security schemes ask the same of a request, whatever is said about them."""
    if at != "/components/securitySchemes" or not isinstance(present, dict) or not isinstance(value, dict):
        return False
    return trust.demanded_by(present) == trust.demanded_by(value)


def text(document: dict[str, Any]) -> str:
    """The effective spec as it is committed."""
    return _HEADER + dump_yaml(document)

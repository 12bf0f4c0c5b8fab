"""Small documents to compare."""

from typing import Any

from scripts.spec_diff import Change, compare


def document(request: Any, components: dict[str, Any] | None = None) -> dict[str, Any]:
    body = {"content": {"application/json": {"schema": request}}}
    operation = {"requestBody": body, "responses": {"200": {"description": "Done"}}}
    return {
        "openapi": "3.0.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/x": {"put": operation}},
        "components": {"schemas": components or {}},
    }


def changed(old: Any, new: Any) -> list[Change]:
    return compare(document(old), document(new))


def with_parameter(**parameter: Any) -> dict[str, Any]:
    described = document({})
    described["paths"]["/x"]["put"]["parameters"] = [{"name": "q", "in": "query", **parameter}]
    return described


def text(**rules: Any) -> dict[str, Any]:
    return {"type": "string", **rules}


def secured(*names: str, **schemes: Any) -> dict[str, Any]:
    described = document({})
    described["components"]["securitySchemes"] = schemes
    described["security"] = [{name: [] for name in names}]
    return described

"""Pages of operations that Siro does not have, for the pipeline to take."""

import json
from pathlib import Path
from typing import Any

from scripts.page import read_page
from scripts.sources import sha256

TOKEN = {"type": "apiKey", "in": "header", "name": "x-siro-auth-token"}


def json_content(schema: Any) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def page(method: str, path: str, operation: dict[str, Any], **components: Any) -> bytes:
    """A page of one operation."""
    document: dict[str, Any] = {
        "openapi": "3.0.3",
        "info": {"title": "Made up", "version": "2.0.0"},
        "servers": [{"url": "https://api.siro.ai/"}],
        "security": [{"Token": []}],
        "paths": {path: {method: operation}},
        "components": {"securitySchemes": {"Token": TOKEN}, **components},
    }
    return f"# Made up\n\n````yaml {method} {path}\n{json.dumps(document, indent=1)}\n````\n".encode()


def add(tree: Path, name: str, content: bytes, *, identify: bool = True) -> None:
    """Vendor a page in a copy of the tree, with an overlay that gives its operation an id."""
    read = read_page(content)
    method = read.operation.split()[0].lower()
    identified = f"{{operationId: {name}, tags: [recordings]}}" if identify else "{x-made-up: true}"
    (tree / f"specs/pages/{name}.md").write_bytes(content)
    (tree / f"specs/vendored/{name}.yaml").write_bytes(read.spec)
    (tree / f"specs/overlays/{name}.yaml").write_text(
        "overlay: 1.1.0\ninfo: {title: made up, version: 1.0.0}\nactions:\n"
        f"  - {{target: $.paths.*.{method}, description: why, update: {identified}}}\n",
        "utf-8",
    )
    record = tree / "specs/sources.json"
    entry = {
        "name": name,
        "url": f"https://docs.siro.ai/{name}.md",
        "page": f"pages/{name}.md",
        "operation": read.operation,
        "fetched": "2026-11-21",
        "page_sha256": sha256(content),
        "spec_sha256": sha256(read.spec),
    }
    record.write_text(json.dumps([*json.loads(record.read_text("utf-8")), entry], indent=2) + "\n", "utf-8")

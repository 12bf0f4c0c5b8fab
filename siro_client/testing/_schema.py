"""OpenAPI 3.0 to JSON Schema.

An OpenAPI 3.0 schema is a JSON Schema but for `nullable`, for `$ref`s into the OpenAPI document, and for its
annotations. Whatever is not known here stops the start of the server, so that no rule of the specification is skipped.
"""

from typing import cast

from siro_client.testing._json import Json, JsonObject

_ANNOTATIONS = {"default", "deprecated", "description", "example", "title"}
_VERBATIM = {"enum", "minLength", "required", "type"}
_ONE_SCHEMA = {"additionalProperties", "items", "not"}
_SCHEMA_LISTS = {"allOf", "anyOf", "oneOf"}
_FORMATS = {"date-time"}


def request_schema(document: JsonObject, path: str, method: str) -> JsonObject:
    """Return the JSON Schema of an operation's request body.

    Raises:
        KeyError: the document has no such operation, or no JSON body for it.
        NotImplementedError: the schema uses what this converter does not know.

    """
    schema = document
    for key in ("paths", path, method, "requestBody", "content", "application/json", "schema"):
        schema = _object(follow(document, schema)[key])
    return convert(document, schema)


def convert(document: JsonObject, schema: JsonObject, within: tuple[str, ...] = ()) -> JsonObject:
    """Convert one schema of an OpenAPI 3.0 document to JSON Schema (draft 2020-12), with each `$ref` written out.

    `within` holds the `$ref`s that led here.

    Raises:
        NotImplementedError: the schema is recursive, or uses what this converter does not know.

    """
    if "$ref" in schema:
        reference = str(schema["$ref"])
        if reference in within:
            raise _unknown("recursive $ref", reference)
        # OpenAPI 3.0 ignores what stands beside a $ref; an author who wrote something there meant it.
        if beside := schema.keys() - _ANNOTATIONS - {"$ref"}:
            raise _unknown("beside $ref", sorted(beside))
        return convert(document, follow(document, schema), (*within, reference))
    converted: JsonObject = {
        keyword: _convert_keyword(document, keyword, value, within)
        for keyword, value in schema.items()
        if not (keyword == "nullable" or keyword in _ANNOTATIONS or keyword.startswith("x-"))
    }
    # Null is let in around the whole schema, so that neither an `enum` nor an `allOf` beside `nullable` forbids it.
    return {"anyOf": [converted, {"type": "null"}]} if schema.get("nullable") else converted


def _convert_keyword(document: JsonObject, keyword: str, value: Json, within: tuple[str, ...]) -> Json:
    def each(schema: Json) -> JsonObject:
        return convert(document, _object(schema), within)

    if keyword in _VERBATIM or (keyword == "format" and value in _FORMATS):
        return value
    if keyword in _ONE_SCHEMA:
        return each(value)
    if keyword in _SCHEMA_LISTS:
        return [each(schema) for schema in cast("list[Json]", value)]
    if keyword == "properties":
        return {name: each(schema) for name, schema in _object(value).items()}
    raise _unknown(keyword, value)


def follow(document: JsonObject, node: JsonObject) -> JsonObject:
    """Return what a node of the document stands for: itself, or where its `$ref` leads.

    Raises:
        NotImplementedError: the `$ref` leads out of the document.

    """
    while "$ref" in node:
        root, *names = str(node["$ref"]).split("/")
        if root != "#":
            raise _unknown("$ref", node["$ref"])
        node = document
        for name in names:
            node = _object(node[name.replace("~1", "/").replace("~0", "~")])
    return node


def _object(value: Json) -> JsonObject:
    if not isinstance(value, dict):
        raise _unknown("an object was expected", value)
    return value


def _unknown(what: str, value: object) -> NotImplementedError:
    return NotImplementedError(f"the OpenAPI document has {what}: {value!r}; teach siro_client/testing/_schema.py")

"""OpenAPI 3.0 to JSON Schema.

An OpenAPI 3.0 schema is a JSON Schema but for `nullable`, for `$ref`s into the OpenAPI document, and for its
annotations. Whatever is not known here stops the start of the server, so that no rule of the specification is skipped.
"""

from typing import cast

from siro_client.testing._json import Json, JsonObject

_ANNOTATIONS = {"default", "deprecated", "description", "externalDocs", "title", "xml"}
_VERBATIM = {
    *("enum", "required", "type", "minLength", "maxLength", "pattern", "minimum", "maximum", "multipleOf"),
    *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
}
_APART = {"nullable", "format", "example", "exclusiveMinimum", "exclusiveMaximum"}
_ONE_SCHEMA = {"additionalProperties", "items", "not"}
_SCHEMA_LISTS = {"allOf", "anyOf", "oneOf"}
_FORMATS = {
    *("date-time", "date", "time", "duration", "uuid", "email", "uri", "hostname", "ipv4", "ipv6"),
}
_OPENAPI_FORMATS: dict[Json, JsonObject] = {
    "int32": {"minimum": -(2**31), "maximum": 2**31 - 1},
    "int64": {"minimum": -(2**63), "maximum": 2**63 - 1},
    "byte": {"pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"},
    # Nothing that JSON has breaks these.
    "float": {},
    "double": {},
    "password": {},
    "binary": {},
}
"""The formats of OpenAPI, and what they say in JSON Schema."""
_EXCLUSIVE = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}


def request_schema(document: JsonObject, path: str, method: str) -> JsonObject:
    """Return the JSON Schema of an operation's request body.

    Raises:
        KeyError: the document has no such operation, or no JSON body for it.
        NotImplementedError: the schema uses what this converter does not know.

    """
    schema = document
    for key in ("paths", path, method, "requestBody", "content", "application/json", "schema"):
        node = follow(document, schema)
        if key not in node:
            raise KeyError(f"the OpenAPI document has no {key!r} where the body of {method.upper()} {path} belongs")
        schema = _object(node[key])
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
        if beside := schema.keys() - _ANNOTATIONS - {"$ref", "example"}:
            raise _unknown("beside $ref", sorted(beside))
        return convert(document, follow(document, schema), (*within, reference))
    # Beside a union, a discriminator only says which branch to look at, and all of them are looked at here.
    ignored = {*_APART, *_ANNOTATIONS, *(("discriminator",) if schema.keys() & {"anyOf", "oneOf"} else ())}
    converted: JsonObject = {
        keyword: _convert_keyword(document, keyword, value, within)
        for keyword, value in schema.items()
        if not (keyword in ignored or keyword.startswith("x-"))
    }
    _convert_the_rest(schema, converted)
    # Null is let in around the whole schema, so that neither an `enum` nor an `allOf` beside `nullable` forbids it.
    return {"anyOf": [converted, {"type": "null"}]} if schema.get("nullable") else converted


def _convert_the_rest(schema: JsonObject, converted: JsonObject) -> None:
    """Convert what JSON Schema has in another form."""
    if "example" in schema:
        converted["examples"] = [schema["example"]]
    for exclusive, bound in _EXCLUSIVE.items():
        if schema.get(exclusive) is True and bound in converted:
            converted[exclusive] = converted.pop(bound)
    form = schema.get("format")
    if form in _FORMATS:
        converted["format"] = form
    elif isinstance(form, str) and form in _OPENAPI_FORMATS:
        converted["allOf"] = [*cast("list[Json]", converted.get("allOf", [])), _OPENAPI_FORMATS[form]]
    elif form is not None:
        raise _unknown("format", form)


def _convert_keyword(document: JsonObject, keyword: str, value: Json, within: tuple[str, ...]) -> Json:
    def each(schema: Json) -> JsonObject:
        return convert(document, _object(schema), within)

    if keyword in _VERBATIM or (keyword == "additionalProperties" and isinstance(value, bool)):
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

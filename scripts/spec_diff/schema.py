"""A schema as it is compared: what it demands apart from what it tells, and nothing that has no meaning.

A `$ref` and an allOf, anyOf or oneOf of one branch are looked through; what is written out but is the default anyway
(`nullable: false`, `additionalProperties: true`, `minLength: 0`) is left out.
"""

import hashlib
from dataclasses import dataclass

from scripts.layout import Json
from scripts.spec_diff.change import MISSING, Missing, Value
from scripts.spec_diff.document import Documents, Node, entries, members, plain, text_of
from scripts.spec_diff.json_schema import BOUNDS, UNIONS

PROSE = ("title", "summary", "description", "externalDocs")
EXAMPLES = ("example", "examples")
TOLD = (*PROSE, *EXAMPLES, "default", "deprecated", "discriminator", "xml")
"""What says nothing of which values are valid."""

_DEFAULTS: dict[str, tuple[Json, ...]] = {
    **dict.fromkeys(("nullable", "uniqueItems", "exclusiveMinimum", "exclusiveMaximum", "deprecated"), (False,)),
    **dict.fromkeys(("readOnly", "writeOnly"), (False,)),
    **dict.fromkeys(("minLength", "minItems", "minProperties"), (0,)),
    "additionalProperties": (True, {}),
    "required": ([],),
    "properties": ({},),
    **dict.fromkeys(UNIONS, ([],)),
}

_RULES = frozenset(
    {"type", "nullable", "enum", "format", "required", "properties", "additionalProperties", "items", "not", "pattern"}
    | {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "uniqueItems"}
    | {*BOUNDS, *UNIONS, "readOnly", "writeOnly"}
)


@dataclass(frozen=True)
class Schema:
    """The keywords of a schema, each with the place where it stands."""

    node: Node
    """Where the schema is in the end, behind `$ref`s."""
    rules: dict[str, Node]
    told: dict[str, Node]
    """Annotations and extensions; the outer ones where an outer schema wraps this one."""

    @property
    def raw(self) -> dict[str, Json]:
        """The rules, as a schema of OpenAPI."""
        return {keyword: node.value for keyword, node in self.rules.items()}

    def with_rule(self, keyword: str, value: Value) -> dict[str, Json]:
        """The rules with one of them replaced or left out."""
        others = {key: rule for key, rule in self.raw.items() if key != keyword}
        return others if isinstance(value, Missing) else {**others, keyword: value}

    def at(self, keyword: str) -> Node:
        """Where a keyword stands or would stand."""
        return self.rules.get(keyword) or self.told.get(keyword) or Node((*self.node.place, keyword), MISSING)


class Reader:
    """Reads the schemas of two documents, and knows which are the same."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._digests: dict[tuple[str | int, ...], str] = {}

    def read(self, node: Node) -> Schema:
        """The schema at a node."""
        node = self._documents.follow(node)
        stated = {key: inner for key, inner in members(node) if inner.value not in _DEFAULTS.get(key, ())}
        rules = {key: inner for key, inner in stated.items() if key in _RULES}
        told = {key: inner for key, inner in stated.items() if key not in _RULES}
        if "type" not in rules:
            rules.pop("nullable", None)
        if len(rules) == 1 and (keyword := next(iter(rules))) in UNIONS and len(rules[keyword].value) == 1:
            inner = self.read(rules[keyword].at(0))
            return Schema(inner.node, inner.rules, {**inner.told, **told})
        return Schema(node, rules, told)

    def same(self, old: Node, new: Node) -> bool:
        """Whether two schemas demand and tell the same; schemas that hold themselves are not looked through."""
        return self.digest(old) == self.digest(new)

    def digest(self, node: Node, *, told: bool = True) -> str:
        """A digest of what a schema demands, and tells."""
        node = self._documents.follow(node)
        key = (*node.place, told)
        if key not in self._digests:
            self._digests[key] = f"inside {node.pointer}"  # for a schema that holds itself
            self._digests[key] = self.digest_of(self.read(node), told=told)
        return self._digests[key]

    def digest_of(self, schema: Schema, *, told: bool = False) -> str:
        """The same of a schema that was read."""
        parts = {keyword: self._part(keyword, rule, told=told) for keyword, rule in schema.rules.items()}
        if told:
            parts |= {keyword: rule.value for keyword, rule in schema.told.items()}
        return hashlib.sha256(text_of(plain(parts)).encode()).hexdigest()

    def _part(self, keyword: str, rule: Node, *, told: bool) -> Json:
        match keyword:
            case "properties":
                return {name: self.digest(inner, told=told) for name, inner in members(rule)}
            case "allOf" | "anyOf" | "oneOf":
                return list[Json](sorted(self.digest(branch, told=told) for branch in entries(rule)))
            case "items" | "not":
                return self.digest(rule, told=told)
            case "additionalProperties" if rule.value is not False:
                return self.digest(rule, told=told)
            case "enum" | "required":
                return list[Json](sorted(text_of(entry.value) for entry in entries(rule)))
            case _:
                value: Json = rule.value
                return value

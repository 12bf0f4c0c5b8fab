"""What a change of a spec is: where, which way it points, whom it breaks, and a body that shows it."""

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final, TypeAlias

from scripts.layout import Json


class Missing(Enum):
    """The value of what is not there. Not null, which is a value."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING

Value: TypeAlias = "Json | Missing"


class Direction(StrEnum):
    """Which way what changed travels.

    A component that a request and a response share gives a change for each of the two, since each breaks others.
    """

    REQUEST = "request"
    RESPONSE = "response"
    BOTH = "both"
    """The operation as a whole: it was added, removed, moved, renamed or deprecated."""
    PROSE = "prose"
    """What people read, and no validator: descriptions, titles, examples, tags, extensions."""
    TRANSPORT = "transport"
    """Where requests and tokens go, and in which header."""


class Kind(StrEnum):
    """What happened. The list is closed; `pointer` says to what, and `old` and `new` say how."""

    # Operations
    OPERATION_ADDED = "operation-added"
    OPERATION_REMOVED = "operation-removed"
    OPERATION_MOVED = "operation-moved"
    """Its method or its path is another. `old` and `new` are like `PUT /v1/rows`."""
    OPERATION_ID_CHANGED = "operation-id-changed"
    DEPRECATED_CHANGED = "deprecated-changed"
    """Of an operation, a parameter or a schema."""

    # Parameters
    PARAMETER_ADDED = "parameter-added"
    PARAMETER_REMOVED = "parameter-removed"
    PARAMETER_RENAMED = "parameter-renamed"
    """Of a path, where the name is not sent."""
    PARAMETER_REQUIRED_CHANGED = "parameter-required-changed"
    PARAMETER_STYLE_CHANGED = "parameter-style-changed"
    """How its value is written: style, explode, allowReserved, allowEmptyValue, or its media type."""

    # Bodies
    BODY_ADDED = "body-added"
    BODY_REMOVED = "body-removed"
    BODY_REQUIRED_CHANGED = "body-required-changed"
    MEDIA_TYPE_ADDED = "media-type-added"
    MEDIA_TYPE_REMOVED = "media-type-removed"
    STATUS_ADDED = "status-added"
    STATUS_REMOVED = "status-removed"
    HEADER_ADDED = "header-added"
    """Of a response; `header-removed` likewise."""
    HEADER_REMOVED = "header-removed"
    HEADER_REQUIRED_CHANGED = "header-required-changed"

    # Schemas
    PROPERTY_ADDED = "property-added"
    PROPERTY_REMOVED = "property-removed"
    REQUIRED_ADDED = "required-added"
    """One name in a list of required properties; a list has no order."""
    REQUIRED_REMOVED = "required-removed"
    TYPE_CHANGED = "type-changed"
    NULLABLE_CHANGED = "nullable-changed"
    FORMAT_CHANGED = "format-changed"
    ENUM_ADDED = "enum-added"
    """The whole list; of its values, `enum-value-added` and `enum-value-removed`."""
    ENUM_REMOVED = "enum-removed"
    ENUM_VALUE_ADDED = "enum-value-added"
    ENUM_VALUE_REMOVED = "enum-value-removed"
    BOUND_CHANGED = "bound-changed"
    """minimum, maxLength, minItems, exclusiveMaximum and the like."""
    PATTERN_CHANGED = "pattern-changed"
    MULTIPLE_OF_CHANGED = "multiple-of-changed"
    UNIQUE_ITEMS_CHANGED = "unique-items-changed"
    ITEMS_CHANGED = "items-changed"
    """What an array's items must be is said where it was not, or not any more."""
    ADDITIONAL_PROPERTIES_CHANGED = "additional-properties-changed"
    BRANCH_ADDED = "branch-added"
    """Of allOf, anyOf or oneOf; the order of branches is no change."""
    BRANCH_REMOVED = "branch-removed"
    UNION_CHANGED = "union-changed"
    """An allOf, anyOf or oneOf came, went, or became another of the three."""
    NOT_CHANGED = "not-changed"
    READ_ONLY_CHANGED = "read-only-changed"
    WRITE_ONLY_CHANGED = "write-only-changed"
    DISCRIMINATOR_CHANGED = "discriminator-changed"
    DEFAULT_CHANGED = "default-changed"

    # Transport
    SERVER_CHANGED = "server-changed"
    """The first server, which is where requests go by default."""
    SERVER_ADDED = "server-added"
    SERVER_REMOVED = "server-removed"
    SECURITY_ADDED = "security-added"
    """One of the ways to authenticate; each is a list of schemes that are all needed."""
    SECURITY_REMOVED = "security-removed"
    SECURITY_SCHEME_CHANGED = "security-scheme-changed"

    # Prose
    PROSE_CHANGED = "prose-changed"
    """A description, summary, title, or something else that is read."""
    EXAMPLE_CHANGED = "example-changed"
    OTHER_CHANGED = "other-changed"
    """A field that says nothing of requests and responses: a tag, an extension, a field that OpenAPI does not know."""


@dataclass(frozen=True)
class Witness:
    """A JSON body that shows a change: allowed before and not now, or the other way round.

    Both were decided by a validator, against the whole body of before and the whole body of now. For a parameter or a
    response header, the body is an object that holds its value by its name.
    """

    body: Json
    was_allowed: bool
    is_allowed: bool


@dataclass(frozen=True)
class Change:
    """One change of a spec."""

    pointer: str
    """JSON pointer (RFC 6901) in the new document; in the old one if what it points at is gone."""
    operation: str
    """Like `PUT /v1/rows`, of the new document if it is there. Several are joined with a comma."""
    kind: str
    """A member of `Kind`."""
    direction: Direction
    old: Value
    new: Value
    breaks_callers: bool
    """A request that was valid is not any more, or goes elsewhere."""
    breaks_readers: bool
    """A response may be what it could not be before."""
    meaning: str
    """One sentence for a user of the client."""
    witness: Witness | None = None

    @property
    def breaking(self) -> bool:
        """Whether it breaks anybody."""
        return self.breaks_callers or self.breaks_readers

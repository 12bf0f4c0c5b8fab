"""The cases of an operation's parameters: one fault each, and what must be accepted."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from contract_tests.constraints import breaking, said
from contract_tests.document import Json
from contract_tests.near import near_values
from contract_tests.operations import Operation
from contract_tests.parameters import NO_BOOLEANS, NO_NUMBERS, Given, Key, Parameter, is_plain, parameters
from contract_tests.sample import Sample
from contract_tests.shapes import Schema, variants
from contract_tests.walk import Constraint

_FEW = 12
"""Values of a parameter that must be accepted."""


@dataclass(frozen=True)
class ParameterCase:
    """The parameters of a request, and what is due."""

    kind: Literal["refused", "accepts"]
    place: str
    given: Given
    constraint: Constraint | None = None


class ParameterWalk:
    """The cases of an operation's parameters, generated from the effective spec.

    Args:
        operation: whose.
        new_id: makes an id that was never used.
        known: values that a run was told.

    """

    def __init__(self, operation: Operation, new_id: Callable[[], str], known: Given | None = None) -> None:
        self._parameters = parameters(operation)
        self._known = known or {}
        self._sample = Sample(new_id)

    def smallest(self) -> dict[Key, Json]:
        """A valid value of each parameter that is required."""
        return {each.key: self._valid(each) for each in self._parameters if each.is_required}

    def _valid(self, parameter: Parameter) -> Json:
        if parameter.key in self._known:
            return self._known[parameter.key]
        return next(iter(self._values(parameter)))

    def _values(self, parameter: Parameter) -> list[Json]:
        first = self._sample.of(parameter.schema, "id" if is_plain(parameter) else "")
        found = [
            value for value in (first, *self._sample.values(parameter.schema, "")) if parameter.is_surely_valid(value)
        ]
        if not found:
            raise NotImplementedError(f"no value is known for the parameter at {parameter.pointer}: teach {__name__}")
        return found

    def constraints(self) -> list[Constraint]:
        """What the effective spec demands of the parameters, as far as a request can break it."""
        return list(dict.fromkeys(case.constraint for case in self.refused() if case.constraint))

    def refused(self) -> Iterator[ParameterCase]:
        """Parameters that have one fault each.

        Raises:
            NotImplementedError: no value is known that breaks a constraint of the effective spec.

        """
        smallest = self.smallest()
        for each in self._parameters:
            if each.is_required and each.key[0] != "path":
                rest = {key: value for key, value in smallest.items() if key != each.key}
                yield ParameterCase("refused", each.place, rest, Constraint(each.pointer, "required"))
            for keyword, values in self._wrong(each):
                found = [
                    value
                    for value in values
                    if each.is_writable(value) and each.verdict(each.texts(value)) == "invalid"
                ]
                if not found:
                    message = f"no case for keyword {keyword} at {each.pointer}: teach {__name__}"
                    raise NotImplementedError(message)
                constraint = Constraint(each.pointer, keyword)
                yield from (ParameterCase("refused", each.place, {**smallest, each.key: v}, constraint) for v in found)

    def _wrong(self, parameter: Parameter) -> Iterator[tuple[str, Iterable[Json]]]:
        schema = parameter.schema
        if schema["type"] != "array":
            yield from _wrong_scalars(schema)
            return
        (item,) = variants(schema.get("items", {}))
        for keyword, values in _wrong_scalars(item):
            yield keyword, [[value] for value in values]
        for keyword in ("minItems", "maxItems", "uniqueItems"):
            # That a list is left out is another matter than that it is short.
            if schema.get(keyword) and (keyword, schema[keyword]) != ("minItems", 1):
                yield keyword, list(self._sample.wrong_lists(schema, keyword, ""))

    def accepted(self) -> Iterator[ParameterCase]:
        """Parameters that are valid: those that are required, and each value of each beside them."""
        smallest = self.smallest()
        yield ParameterCase("accepts", "", smallest)
        for each in self._parameters:
            values = [self._known[each.key]] if each.key in self._known else self._values(each)[:_FEW]
            yield from (ParameterCase("accepts", each.place, {**smallest, each.key: value}) for value in values)


def _wrong_scalars(schema: Schema) -> Iterator[tuple[str, Iterable[Json]]]:
    if schema["type"] in ("integer", "number"):
        yield "type", NO_NUMBERS
    if schema["type"] == "boolean":
        yield "type", NO_BOOLEANS
    if "enum" in schema:
        yield "enum", near_values(schema["enum"])
        return
    if schema.get("format") == "date-time":
        yield "format", breaking(schema, "format")
    for keyword in said(schema):
        # Whether an empty text is one that was left out, readers differ about; in a path it is another path.
        if (keyword, schema.get(keyword)) != ("minLength", 1):
            yield keyword, breaking(schema, keyword)

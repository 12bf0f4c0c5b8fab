"""The kinds of faults: what most entries of the tables are made of."""

from collections.abc import Callable, Iterator
from typing import Any, TypeGuard

from contract_tests.faults._plant import Ask, Call, Object, Plant, Reply, alter, error, reply, transaction
from siro_client.testing import LocalSiro

Edit = Callable[[Any], Any]
Test = Callable[[Any], bool]


def before(operation: str, change: Edit) -> Plant:
    """Change the body of each request, where it is a JSON object."""
    return alter(operation, lambda call, ask: ask(call.with_json(change(call.sent)) if call.sent else call))


def stores(change: Edit) -> Plant:
    """Change what is stored of a sync; what is refused stays refused."""
    return alter("sync", lambda call, ask: ask(call.with_json(change(call.sent)) if call.is_valid else call))


def after(operation: str, change: Callable[[Object, Call], Any]) -> Plant:
    """Change the `data` of each success."""

    def altered(call: Call, ask: Ask) -> Reply:
        answer = ask(call)
        if not answer.is_success:
            return answer
        return answer.with_json({**answer.json, "data": change(answer.json["data"], call)})

    return alter(operation, altered)


def answers(operation: str, change: Callable[[Reply], Reply], *, when: Callable[[Reply], bool]) -> Plant:
    """Change whole answers."""

    def altered(call: Call, ask: Ask) -> Reply:
        answer = ask(call)
        return change(answer) if when(answer) else answer

    return alter(operation, altered)


def refuses(operation: str, when: Test, status: int = 422) -> Plant:
    """Refuse what is valid, if the body is such."""
    issue: Object = {"code": "custom", "path": [], "message": "Invalid input"}
    refusal = reply(422, {"issues": [issue], "name": "ZodError"}) if status == 422 else error(status)
    return alter(
        operation, lambda call, ask: refusal if call.is_authorized and call.sent and when(call.sent) else ask(call)
    )


def crashes(operation: str, when: Test) -> Plant:
    """Answer 500, if the body is such."""
    crash = error(500, "Internal Server Error")
    return alter(
        operation, lambda call, ask: crash if call.is_authorized and call.sent and when(call.sent) else ask(call)
    )


def tolerates(operation: str, repair: Edit) -> Plant:
    """Ask again with a repaired body for what was refused."""

    def altered(call: Call, ask: Ask) -> Reply:
        answer = ask(call)
        return answer if answer.is_success or not call.sent else ask(call.with_json(repair(call.sent)))

    return alter(operation, altered)


def database(*statements: str) -> Plant:
    """Change the database itself, such as by triggers."""

    def plant(siro: LocalSiro) -> None:
        with transaction(siro) as db:
            for statement in statements:
                db.execute(statement)

    return plant


def both(*plants: Plant) -> Plant:
    """Plant one after another."""

    def plant(siro: LocalSiro) -> None:
        for each in plants:
            each(siro)

    return plant


def at(path: str, change: Edit) -> Edit:
    """Change what stands at a path of names with dots between, where `*` is every item of a list."""
    name, _, rest = path.partition(".")
    inner = at(rest, change) if rest else change

    def edit(value: Any) -> Any:
        if name == "*" and is_list(value):
            return [inner(item) for item in value]
        if is_object(value) and name in value:
            return {**value, name: inner(value[name])}
        return value

    return edit


def found(value: Any, path: str) -> list[Any]:
    """Find every value that stands at a path."""
    values: list[Any] = []
    at(path, values.append)(value)
    return values


def some(path: str, test: Test) -> Test:
    """Whether any value at a path is such."""
    return lambda body: any(test(value) for value in found(body, path))


def replaced(path: str, test: Test, value: Any) -> Edit:
    """Put a good value where one is such."""
    return at(path, lambda old: value if test(old) else old)


def filled(path: str, **defaults: Any) -> Edit:
    """Put in what objects at a path lack."""

    def change(old: Any) -> Any:
        return {**defaults, **old} if is_object(old) else old

    return at(path, change) if path else change


def without(*names: str) -> Edit:
    """Leave properties out."""

    def change(old: Any) -> Any:
        return {name: value for name, value in old.items() if name not in names} if is_object(old) else old

    return change


def without_null(*names: str) -> Edit:
    """Leave properties out where they are null."""

    def change(old: Any) -> Any:
        if not is_object(old):
            return old
        return {name: value for name, value in old.items() if value is not None or name not in names}

    return change


def strings(value: Any) -> Iterator[str]:
    """Every text of a body."""
    if is_text(value):
        yield value
    elif is_list(value):
        for item in value:
            yield from strings(item)
    elif is_object(value):
        for item in value.values():
            yield from strings(item)


def texts(test: Callable[[str], bool]) -> Test:
    """Whether any text of a body is such."""
    return lambda body: any(test(text) for text in strings(body))


def text(*names: str, to: Callable[[str], str]) -> Callable[[Object, Call], Object]:
    """Change text properties of what is answered."""

    def change(data: Object, _: Call) -> Object:
        return {name: to(value) if name in names and isinstance(value, str) else value for name, value in data.items()}

    return change


def is_object(value: Any) -> TypeGuard[Object]:
    """Whether a value is an object."""
    return isinstance(value, dict)


def is_list(value: Any) -> TypeGuard[list[Any]]:
    """Whether a value is a list."""
    return isinstance(value, list)


def is_text(value: Any) -> TypeGuard[str]:
    """Whether a value is text."""
    return isinstance(value, str)


def is_number(value: Any) -> bool:
    """Whether a value is a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_null(value: Any) -> bool:
    """Whether a value is null."""
    return value is None

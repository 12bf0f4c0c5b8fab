"""A docstring in its parts."""

import re
from dataclasses import dataclass

import griffe
from markupsafe import Markup

from docs.reference import names
from docs.reference.markup import NOTHING, line, named, prose

_ALIKE = re.compile(r"(?:Do what|What) `([\w.]+)` (?:does|is)\b")
"""How a docstring says that what another one says of arguments and errors holds for it, too."""


@dataclass(frozen=True)
class Row:
    """A parameter, a field or an error that is raised."""

    name: str
    typed: Markup = NOTHING
    default: str = ""
    meaning: Markup = NOTHING
    id: str = ""


def text_of(member: griffe.Object) -> str:
    """A docstring as it stands; empty if there is none."""
    return member.docstring.value.strip() if member.docstring else ""


class Docstring:
    """A docstring in its parts."""

    def __init__(self, member: griffe.Object, scope: str) -> None:
        self.member, self.scope = member, scope
        self.meanings: dict[str, str] = {}
        self.returns = Markup()
        texts: list[str] = []
        raises: list[Row] = []
        for section in member.docstring.parsed if member.docstring else ():
            match section:
                case griffe.DocstringSectionText():
                    texts.append(section.value)
                case griffe.DocstringSectionParameters() | griffe.DocstringSectionAttributes():
                    self.meanings |= {each.name: each.description for each in section.value}
                case griffe.DocstringSectionRaises():
                    for each in section.value:
                        name = str(each.annotation)
                        raises.append(Row(name, named(name, scope), meaning=line(each.description, scope)))
                case griffe.DocstringSectionReturns():
                    self.returns = Markup(" ").join(line(each.description, scope) for each in section.value)
                case _:
                    raise NotImplementedError(f"{member.path}: a docstring with a section {section.kind.value}")
        self.text = Markup().join(prose(text, scope) for text in texts)
        self.raises = tuple(raises)
        alike = _ALIKE.match(texts[0]) if texts else None
        if alike:
            other = Docstring(_in_the_client(alike.group(1)), scope)
            self.meanings = {**other.meanings, **self.meanings}
            self.raises = self.raises or other.raises


def _in_the_client(name: str) -> griffe.Object:
    """A name of the client, or a member of one of its classes: `Siro.close`."""
    first, _, member = name.partition(".")
    kind = names.public(names.MODULES[0])[first]
    return names.members(kind)[member] if member and isinstance(kind, griffe.Class) else kind

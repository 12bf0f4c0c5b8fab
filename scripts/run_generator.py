"""Run openapi-python-client on a document, with what it does wrong to a text or a name from outside mended.

python -m scripts.run_generator DOCUMENT OUTPUT

It is run in a process of its own, since what is mended are functions of the generator. Without it, a property or an
enum value loses the characters that cannot be seen, so that another one is sent; a docstring keeps them, so that code
reads otherwise than it runs; braces in a path are read as a format; and a property called `d` or `cls`, or a parameter
called `params`, takes the name of what the generated code itself needs.
"""

import json
import sys
import unicodedata
from importlib import import_module
from pathlib import Path
from typing import Any

import openapi_python_client as generator
from openapi_python_client import config, strings
from openapi_python_client.parser.errors import GeneratorError, ParseError
from openapi_python_client.schema.untrusted_string import UntrustedString

from scripts.layout import ROOT, shown

openapi: Any = import_module("openapi_python_client.parser.openapi")
protocol: Any = import_module("openapi_python_client.parser.properties.protocol")

_TEMPLATES = ROOT / "scripts" / "templates"
_CONFIGURATION = ROOT / "scripts" / "generator.yaml"

# Names of the generated models and of the modules that they are in.
_TAKEN = {
    *("additional_keys", "additional_properties", "array_items", "cast", "cls", "d", "date_time", "field_dict"),
    *("from_dict", "prop", "prop_dict", "prop_name", "src_dict", "to_dict"),
    *("Any", "AuthenticatedClient", "BinaryIO", "Client", "Generator", "Mapping", "OpenStrEnum", "Response", "T"),
    *("TYPE_CHECKING", "TextIO", "TypeVar", "UNSET", "Unset"),
}
# Names in the generated functions that an argument must not take.
_ARGUMENTS = {
    *("body", "cookies", "errors", "headers", "httpx", "kwargs", "params", "parsed", "response", "types"),
}

_sanitize, _safe_for_docstring, _property_from_data = (
    strings.sanitize,
    strings.safe_for_docstring,
    openapi.property_from_data,
)


def literal(value: Any) -> str:
    """A text between the double quotes of a Python literal, whatever it holds: each character, seen or escaped."""
    text = json.dumps(_text(value), ensure_ascii=False)[1:-1]
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def docstring(value: Any) -> str:
    """A text in a docstring: what cannot be seen is named."""
    text = _text(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return _safe_for_docstring("".join(c if c.isprintable() or c == "\n" else f"<U+{ord(c):04X}>" for c in text))


def path_format(path: Any, parameters: list[Any]) -> str:
    """A path for `str.format`, in which only its parameters are fields."""
    text = literal(path).replace("{", "{{").replace("}", "}}")
    for parameter in parameters:
        text = text.replace(f"{{{{{parameter.python_name}}}}}", f"{{{parameter.python_name}}}")
    return text


def sanitize(value: str) -> str:
    """A name without what no identifier holds, as Python reads it, which normalizes identifiers."""
    return unicodedata.normalize("NFKC", _sanitize(unicodedata.normalize("NFKC", value)))


def parameter_from_data(**arguments: Any) -> Any:
    """A parameter, which has no name that the function needs for something else."""
    found, schemas = _property_from_data(**arguments)
    if not isinstance(found, ParseError) and found.python_name in _ARGUMENTS:
        found.set_python_name(UntrustedString(f"{found.python_name}_parameter"), config=arguments["config"])
    return found, schemas


def _text(value: Any) -> str:
    if isinstance(value, UntrustedString):
        return value.get_untrusted_value()
    return value.as_unembedded_code() if isinstance(value, strings.PythonCode) else str(value)


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number <= 0xFFFF else f"\\U{number:08x}"  # noqa: PLR2004 - where \u ends


def mend() -> None:
    """Put what is mended in the place of what is wrong."""
    strings.in_double_quote_literal, strings.safe_for_docstring, strings.sanitize = literal, docstring, sanitize
    protocol.safe_for_docstring = docstring
    openapi.property_from_data = parameter_from_data
    strings.RESERVED_WORDS |= _TAKEN
    generator.TEMPLATE_FILTERS |= {
        "in_double_quote_literal": literal,
        "safe_for_docstring": docstring,
        "path_format": path_format,
    }


def main() -> int:
    """Generate, and say in one line why not."""
    document, output = map(Path, sys.argv[1:])
    mend()
    settings = config.Config.from_sources(
        config.ConfigFile.load_from_path(_CONFIGURATION),
        config.MetaType.NONE,
        document_source=document,
        file_encoding="utf-8",
        overwrite=False,
        output_path=output,
    )
    try:
        problems = generator.generate(config=settings, custom_template_path=_TEMPLATES)
    except Exception as error:  # noqa: BLE001 - the generator does not say what it raises
        problems = [GeneratorError(header=type(error).__name__, detail=str(error))]
    for problem in problems:
        print(shown(" ".join(f"{problem.header}: {problem.detail or ''}".split()), longest=400), file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

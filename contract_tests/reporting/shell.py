"""A request as a line that bash repeats, with the names of variables in place of the tokens."""

import re
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

    from contract_tests.reporting.redaction import Pieces, Secrets

_ARGUMENT_LIMIT = 100_000
"""Bytes that surely fit into one argument of a program; Linux takes 131,072."""
_NOISE = {b"user-agent", b"accept-encoding", b"connection", b"x-schemathesis-testcaseid"}


def curl(request: "httpx.Request", secrets: "Secrets") -> str:
    """The line that sends the request again, byte for byte."""
    url = str(request.url)
    line = ["curl", "-sS", "-i"]
    line += ["--head"] if request.method == "HEAD" else ["-X", shlex.quote(request.method)]
    line += ["--globoff"] if re.search(r"[][{}]", url) else []
    line += ["--path-as-is"] if "/." in request.url.path else []
    line.append(quoted(secrets.split(url.encode())))
    for header in _headers(request):
        line += ["-H", quoted(secrets.split(header))]
    content = request.content
    if not content:
        return " ".join(line)
    body = secrets.split(content)
    if b"\0" in content or len(content) > _ARGUMENT_LIMIT:
        # No argument of a program holds these; printf is bash's own, and takes them escaped.
        return " ".join(["printf", "--", _format(body), "|", *line, "--data-binary", "@-"])
    # After --data-binary, a leading @ would name a file.
    return " ".join([*line, "--data-raw" if content.startswith(b"@") else "--data-binary", quoted(body)])


def telling_headers(request: "httpx.Request") -> list[tuple[bytes, bytes]]:
    """The headers of a request without those that any HTTP client makes of itself, as schemathesis's does."""
    own = {
        b"host": {request.url.netloc},
        b"content-length": {str(len(request.content)).encode()} if request.content else set[bytes](),
        b"accept": {b"*/*"},
    }
    return [
        (name, value)
        for name, value in request.headers.raw
        if name.lower() not in _NOISE and value not in own.get(name.lower(), ())
    ]


def _headers(request: "httpx.Request") -> list[bytes]:
    """The headers as arguments of -H: to curl, "name:" means to leave one out, and "name;" to send it empty."""
    headers = [name + (b": " + value if value.strip() else b";") for name, value in telling_headers(request)]
    return headers + ([b"Content-Type:"] if request.content and "content-type" not in request.headers else [])


def quoted(pieces: "Pieces") -> str:
    """The pieces as one word of bash."""
    if not pieces:
        return "''"
    texts = [piece for piece in pieces if isinstance(piece, bytes)]
    if len(texts) < len(pieces) and all(re.fullmatch(rb"[ #%-\[\]-_a-~]*", text) for text in texts):
        return f'"{"".join(_bare(pieces))}"'
    return "".join(_text(piece) if isinstance(piece, bytes) else f'"{piece}"' for piece in pieces)


def _bare(pieces: "Pieces") -> list[str]:
    """The pieces within double quotes; a name that a letter follows needs braces."""
    bare: list[str] = []
    for piece, after in zip(pieces, [*pieces[1:], b""], strict=True):
        if isinstance(piece, bytes):
            bare.append(piece.decode())
        elif isinstance(after, bytes) and re.match(rb"\w", after) and re.fullmatch(r"\$\w+", piece):
            bare.append(f"${{{piece[1:]}}}")
        else:
            bare.append(piece)
    return bare


def _text(text: bytes) -> str:
    decoded = text.decode("utf-8", "surrogateescape")
    if decoded.isprintable():
        return shlex.quote(decoded)
    return f"$'{''.join(_escaped(character) for character in decoded)}'"


def _escaped(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogateescape"))


def _format(pieces: "Pieces") -> str:
    """The pieces as the format of printf."""
    return "".join(
        f'"{piece}"' if isinstance(piece, str) else f"'{''.join(_octal(byte) for byte in piece)}'" for piece in pieces
    )


def _octal(byte: int) -> str:
    character = chr(byte)
    if character == "%":
        return "%%"
    return character if " " <= character <= "~" and character not in "\\'" else f"\\{byte:03o}"

"""A page is read as input from outside: what is not as expected stops with one line that says what and where."""

import json

import pytest

from scripts import safe_yaml, sources
from scripts.layout import StepError
from scripts.page import read_document, read_page

SPEC = """\
openapi: 3.0.0
info: {title: Things, version: 1.0.0}
servers: [{url: https://api.siro.ai/}]
paths:
  /v1/things/{id}:
    put:
      responses: {'200': {description: done}}
"""
LABEL = "````yaml specs/a.json put /v1/things/{id}"


def page(spec: str = SPEC, label: str = LABEL) -> bytes:
    return f"# Things\n\nPut a thing.\n\n{label}\n{spec}\n````\n".encode()


def refusal(content: bytes) -> str:
    with pytest.raises(StepError) as caught:
        read_page(content)
    told = str(caught.value)
    assert told.isprintable(), told
    assert len(told) < 500
    return told


def test_the_block_is_taken_byte_for_byte() -> None:
    spec = SPEC.replace("\n", "\r\n", 1).replace("done", "\u2019\u2028")
    read = read_page(page(spec))
    assert read.spec == f"{spec}\n".encode()
    assert read.operation == "PUT /v1/things/{id}"
    assert read.document["info"] == {"title": "Things", "version": "1.0.0"}
    assert read.prose == "# Things\n\nPut a thing.\n\n\n"


@pytest.mark.parametrize("label", ["````yaml put /v1/things/{id}", "````yaml PUT /v1/things/{id}", f"{LABEL}\r"])
def test_the_label_may_name_no_file(label: str) -> None:
    assert read_page(page(label=label)).operation == "PUT /v1/things/{id}"


def test_every_vendored_page_is_read() -> None:
    for source in sources.read():
        read = read_page(source.page_path.read_bytes())
        assert (read.operation, read.spec) == (source.operation, source.spec_path.read_bytes())
        assert read_document(read.spec) == read_document(source.page_path.read_bytes()) == read.document


def test_a_document_of_json_is_read() -> None:
    document = read_page(page()).document
    assert read_document(json.dumps(document, indent="\t").encode()) == document


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "holds 0 OpenAPI blocks"),
        (b"<!DOCTYPE html>\n<title>Gone</title>", "it starts with '<!DOCTYPE html>'; look at whether the URL still"),
        (b"# Title\n\n```json\n{}\n```\n", "holds 0 OpenAPI blocks (````yaml METHOD PATH), where one is due"),
        (page(label="```yaml"), "line 6: an OpenAPI document that no line ````yaml METHOD PATH opens"),
        (page(label="````yaml openapi"), "line 6: an OpenAPI document that no line"),
        (page() + page(), "holds 2 OpenAPI blocks, in lines 5 and 19, where one is due"),
        (page() + b"```yaml\nopenapi: 3.0.0\n```", "line 16: a second OpenAPI document, beside the block of line 5"),
        (page() + b'```json\n{"openapi": "3.0.0"}\n```', "line 16: a second OpenAPI document"),
        (page()[:-5], "line 5: the OpenAPI block is not closed when the page ends in line 12: the page is cut off"),
        (page()[:60], "line 5: the OpenAPI block is not closed"),
        (page("openapi: [3.0.0\n"), "line 8: no YAML: expected ',' or ']'"),
        (page(SPEC + "  x: y: z\n"), "line 13: no YAML: mapping values are not allowed here"),
        (page("\t" + SPEC), "line 6: no YAML"),
        (page(SPEC.replace("done", "\x07")), "line 12: no YAML: a control character may not stand there"),
        (page().replace(b"Things", b"Th\xffngs", 1), "line 1: is no UTF-8"),
        (page("- openapi: 3.0.0\n"), "line 6: is no OpenAPI document, which is a mapping"),
        (page(SPEC.replace("3.0.0", "3.1.0", 1)), "/openapi (line 6 on): OpenAPI 3.1.0, and this project reads 3.0.x"),
        (page(SPEC.replace("openapi: 3.0.0", "swagger: '2.0'")), "/openapi (line 6 on): OpenAPI 2.0"),
        (page(SPEC.replace("3.0.0", "3.0", 1)), "/openapi (line 6 on): OpenAPI 3.0, and"),
        (page(SPEC.replace("openapi: 3.0.0\n", "")), "/openapi (line 6 on): no version of OpenAPI"),
        (page(label="````yaml put /v2/things"), "labelled PUT /v2/things, and its document has PUT /v1/things/{id}"),
        (page(label="````yaml post /v1/things/{id}"), "labelled POST /v1/things/{id}, and its document has PUT /v1/"),
        (page(SPEC + "  /v1/more:\n    get: {responses: {}}\n"), "has PUT /v1/things/{id}, GET /v1/more (/paths)"),
        (page(SPEC.partition("paths:")[0] + "paths: {}"), "and its document has no operation (/paths)"),
        (page(SPEC.partition("paths:")[0] + "paths: []"), "/paths: is no object"),
        (page(SPEC.replace("{title: Things, version: 1.0.0}", "1")), "/info: is no object"),
        (page(SPEC + "  /v1/more: {put: 1}"), "/paths/~1v1~1more/put: is no object"),
        (page(SPEC + "openapi: 3.0.1"), "line 13: the key openapi stands twice in the mapping of line 6"),
        (page(SPEC + "x: {$ref: 'https://evil.example/a.yaml'}"), "/x: the $ref https://evil.example/a.yaml leads out"),
        (page(SPEC + "x: [{$ref: '/etc/passwd'}]"), "/x/0: the $ref /etc/passwd leads out of the document"),
        (page(SPEC + "x: {$ref: '#/components/x'}"), "/x: the $ref #/components/x leads to nothing"),
        (page(SPEC + "x: {$ref: '#/y'}\ny: {$ref: '#/x'}"), "/x: the $ref #/y leads in a circle"),
        (page("openapi: 3.0.0\n\nx: [\n") + b"a" * safe_yaml.BYTES, "bytes, and 1,000,000 are allowed"),
    ],
)
def test_a_page_that_is_not_as_expected_stops_with_a_line_that_says_what_and_where(content: bytes, told: str) -> None:
    assert told in refusal(content)


@pytest.mark.parametrize("harm", ["\x1b[31mred", "a\u202eb", "a\u2028b", "'; rm -rf /", "x" * 10_000])
def test_what_a_page_says_stands_in_a_message_as_one_short_printable_line(harm: str) -> None:
    refusal(f"{harm}\n".encode())
    refusal(page(f"openapi: {json.dumps(harm)}\n"))
    refusal(page(SPEC + f"{json.dumps(harm)}: 1\n{json.dumps(harm)}: 1\n"))
    refusal(page(SPEC + f"x: {{$ref: {json.dumps(harm)}}}"))
    refusal(page(SPEC + f"  {json.dumps('/' + harm)}: {{get: {{responses: {{}}}}}}"))

"""Values that are awkward to store, and that must come back as they were sent."""

from typing import Any

from contract_tests.gate import PREFIX
from contract_tests.values import EVERYDAY

AWKWARD = [
    *(
        "",
        " ",
        "  blanks at both ends  ",
        "\ttab\t",
        "line\nline\n",
        "line\r\nline",
        "\r",
        "\x85\xa0\u2028\u2029\u3000",
    ),
    *(
        "\x01\x08\x0b\x0c\x1b\x1f",
        "\x7f\x80\x9f",
        "caf\u00e9",
        "cafe\u0301",
        "\u212b \ufb01 \uff11 \u00bd",
        "stra\u00dfe I\u0130i\u0131",
    ),
    *(
        "\U0001f642",
        "\U0001f469\u200d\U0001f469\u200d\U0001f467",
        "\U0010ffff\uffff\ufffd",
        "\ufeffmark",
        "\u202eright to left \u05e9",
    ),
    *(
        "\u65e5\u672c\u8a9e",
        "zero\u200bwidth\u00ad",
        "<b>bold</b> & <br/>",
        "&lt;&amp;&#39;",
        "<script>alert(1)</script>",
    ),
    *(
        "100 % %s %d %n",
        "%41%20%25",
        "a+b",
        "${x} {{y}} {0} #{z}",
        'say "so"',
        "it's",
        "'; DROP TABLE rows; --",
        "\\",
        "\\n \\u0041 \\\\",
    ),
    *(
        "/ // \\/",
        "`id`",
        "null",
        "None",
        "undefined",
        "true",
        "0",
        "-0",
        "007",
        "1e3",
        "1.10",
        "NaN",
        "[]",
        '{"a": 1}',
        "=1+1",
    ),
    *(
        "2026-01-02T03:00:00+02:00",
        "a  b",
        "UPPER lower",
        "a.",
        "x" * 255,
        "x" * 256,
        "x" * 1_001,
        "x" * 5_000,
        "\u00e9" * 1_500,
    ),
    *EVERYDAY,
    # What may be refused, yet never altered.
    *("a\0b", "\ud83d", "x" * 70_000),
]
LOCALIZED = [
    *(
        "2026-01-02T03:04:05",
        "2026-01-02T03:04",
        "2026-01-02 03:04:05",
        "2026-01-02T03:04:05.000",
        "2026-03-29T02:30:00",
    ),
    *("2026-01-02T03:04:05Z", "2026-01-02T23:30:00-11:00", "2026-01-02", "1/2/2026 3:04 PM", "1969-12-31T23:59:59"),
]
MOMENTS = [
    *("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.250Z", "2026-01-02T03:04:05.123456Z", "2026-01-02T03:04:05.999Z"),
    *(
        "2026-01-02T03:04:05+02:00",
        "2026-01-02T01:00:00+05:45",
        "2026-12-31T23:30:00-12:00",
        "2026-01-01T00:30:00+14:00",
    ),
    *("2026-03-29T02:30:00+01:00", "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", "2024-02-29T23:59:59Z"),
    *("1970-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "1901-12-13T20:45:51Z", "1600-02-29T12:00:00Z"),
    *("2000-01-01T00:00:00Z", "2038-01-19T03:14:08Z", "2106-02-07T06:28:16Z", "9999-12-31T23:59:59Z"),
]
SUFFIXES = [
    *(
        "A",
        "001",
        "1.0",
        "a b",
        "a  b",
        " ",
        "\u00e9",
        "e\u0301",
        "\u00df",
        "\uff11",
        "\U0001f642",
        "'",
        '"',
        "/",
        "\\",
        "..",
        "?",
        "#",
    ),
    *("%", "%41", "+", "&", "<i>", ";", ",", "a\tb", "a\nb", "x" * 200, "null", "@example.com", "{}", "$1", "*"),
]
WORDS = (".", "..", "__proto__", "constructor", "toString", "hasOwnProperty", "null", "undefined", "0", "-1", "false")
"""External ids that mean something to a path, a language or a database, and nothing to a CRM. A run has rows of them,
and so has a Siro that keeps what earlier runs stored."""
ADDRESS = {"country": "DE", "street": "Stra\u00dfe 1\n2. Stock", "city": "K\u00f6ln", "state": "NW", "zip": "05067"}
ACCOUNT: dict[str, list[Any]] = {
    "name": ["Acme", " Acme, Inc. ", "O'Neil \U0001f642", "", "x" * 1_001],
    "latitude": [52.5200066, 0, -33.5, 90],
    "longitude": [13.4049541, 0, -179.999999, 180],
    "addresses": [[ADDRESS], [ADDRESS, {**ADDRESS, "zip": ""}, {**ADDRESS, "street": "Weg 3"}], [ADDRESS] * 12],
    "phoneNumbers": [["+49 (221) 12-34"], ["2", "1", "1", "007"], [str(number) for number in range(30)]],
    "emailAddresses": [["Ada@Example.com"], ["b@example.com", "a+x@example.com"]],
    "lastActivityAt": ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.250+02:00", "1969-12-31T23:59:59Z"],
    "deletedAt": ["2026-01-02T03:04:05Z", "2026-01-02T03:04:05.250-05:00", None],
    "owner": [{"externalId": "Owner 7"}, None],
}
USERS: list[list[dict[str, Any]]] = [
    [{}],
    [{"name": "Ada Lovelace"}],
    [{"name": "  O'Neil \U0001f642 "}],
    [{"name": "x" * 1_001}],
    [{"email": "Ada.Lovelace+crm@Example.com"}],
    *([{"shareOfSale": share}] for share in (0, 0.5, 1, 0.1, 0.3333333333, 1.25)),
    *([{"deletedAt": moment}] for moment in ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.250+02:00", None)),
    [{"name": "Ada"}, {"name": "Ada"}],
    [{"externalId": f"{PREFIX}{near}"} for near in ("a", "A", "a ", "007", "7", "a%", "\u00e9", "e\u0301")],
    [{"name": "Ada", "email": "office@example.com"}, {"name": "Bob", "email": "office@example.com"}],
    [{"name": "Ada", "shareOfSale": 0.25}, {"email": "b@example.com", "shareOfSale": 0.75}, {}],
    [{"name": f"user {number}", "shareOfSale": 0.05} for number in range(20)],
]

"""Values of each JSON type that tell a careful server from a careless one; which property they go to is walk.py's."""

from contract_tests.document import Json

TEXTS = (
    "text",
    "\"'` \\ % 😀 é",
    "",
    " ",
    "  blanks around  ",
    "\t\r\n",
    "x" * 5_000,
    "\U0001d4ae\U0001d4be\U0001d4c7\u2134 \U0001f469\u200d\U0001f467 \U00020000",
    'She said: "it\'s" \\" \\n C:\\new\\u0041',
    "100% %s %d %20 %2F %%",
    "\x01\x07\x08\x0b\x0c\x1b\x1f\x7f\x85",
    "\u202e\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627\u202c",
    "e\u0301 Z\u0351\u0352 \u200d\ufeff\u2028\u2029",
    "'; DROP TABLE recordings; --",
    "<script>alert(1)</script> &amp; <b>",
    "${7*7} {{7*7}} $(id)",
    "5",
    "-1e3",
    "null",
    "true",
    "[]",
    "{}",
    "2026-01-05",
)
"""Texts that every plain string may be. The plainest first; the second is a little of all the others."""

EVERYDAY = (
    "\u201cSmart\u201d \u2018quotes\u2019 \u2013 and dashes \u2014 \u2026 and ...",
    "Costs $& $1 $$ \\1 \\0 \\g<0> \\$",
    "@mention #tag /command :smile: **bold** _so_ [a](b)",
    "https://example.com/a?b=c#d http://example.com www.example.com ftp://a@b.example",
    "123-45-6789 4111 1111 1111 1111 +1 (303) 555-0100",
    "Ask ada@example.com, or call 303.555.0100.",
    "One.  Two.   Three!  Four?",
    "a\tb\t\tc",
    "ends with a line\n",
    "\n\nbegins with two",
    "\U0001f44d\U0001f3fd \U0001f1e9\U0001f1ea \U0001f3f4\u200d\u2620\ufe0f 1\ufe0f\u20e3",
    "ROOF INSPECTION - SMITH RESIDENCE",
    "roof inspection",
    "McDonald van der Berg III, ph.d.",
    "the the damn word (c) (tm) -- 1/2 <3",
    "".join(f"Line {number} of what was said.\n" for number in range(150)),
)
"""What people and programs write, and what is rewritten by those that mean well."""

ODD_TEXTS = ("\0", "a\0b", "\ud800", "x" * 20_000)
"""Texts that may be refused, but never bring a server down."""

NUMBERS = (0.5, 0, -1, 1, -0.5, 1e15, 123456789012345680000, 90, -90)

INSTANTS = (
    "2026-01-05T09:30:00Z",
    "2026-01-05T09:30:00.123Z",
    "2026-01-05T09:30:00.123456Z",
    "2026-01-05T09:30:00+02:00",
    "2026-01-05T09:30:00.5-05:30",
    "2026-01-05T00:30:00+14:00",
    "2026-01-05T23:30:00-12:00",
    "2026-01-05T09:30:00-00:00",
    "2024-02-29T23:59:59Z",
    "1999-12-31T00:00:00Z",
    "1969-07-20T20:17:40Z",
    "1900-01-01T00:00:00Z",
    "2099-12-31T23:59:59Z",
)
"""RFC 3339, in forms that every reader of it takes."""

NO_INSTANTS = (
    "soon",
    "",
    "2026-01-05",
    "09:30:00Z",
    "2026-01-05T09:30:00",
    "2026-13-05T09:30:00Z",
    "2026-00-05T09:30:00Z",
    "2026-02-30T09:30:00Z",
    "2026-01-32T09:30:00Z",
    "2026-01-05T24:61:00Z",
    "2026-01-05T09:61:00Z",
    "1767605400",
    "05/01/2026 09:30",
    "Mon, 05 Jan 2026 09:30:00 GMT",
    "2026-01-05T09:30:00Z and more",
    " 2026-01-05T09:30:00Z",
    "2026-01-05T09:30:00ZZ",
    "2026-01-05T09:30:00Z[Europe/Berlin]",
    "2026-01-05T09:30:61Z",
    "2026-01-05T9:30:00Z",
    "2026-1-5T09:30:00Z",
    "26-01-05T09:30:00Z",
    "+002026-01-05T09:30:00Z",
    "2026-02-29T09:30:00Z",
    "2026-04-31T09:30:00Z",
    "1900-02-29T09:30:00Z",
    "2026-01-00T09:30:00Z",
    "2026-01-05T09:30:00 UTC",
    "2026-01-05T09:30:00Z+02:00",
    "0000-00-00T00:00:00Z",
    "2026-005T09:30:00Z",
    "2026-01-05T09:30:00\u221202:00",
    "2026",
    "2026-01",
    "2026/01/05 09:30:00",
    "Jan 5, 2026",
    "1767605400000",
    "5",
    "now",
    "NaN",
    "null",
    "true",
)
"""What RFC 3339 has not, and what no widely used reader of it takes. Left out is what one or another of those does: a
time without seconds, 24:00, a blank or a small letter for the T, an offset without its colon, a comma, a week date."""

FORMATS: dict[str, tuple[tuple[Json, ...], tuple[Json, ...]]] = {
    "date-time": (INSTANTS, NO_INSTANTS),
    "date": (
        ("2026-01-05", "2024-02-29", "1999-12-31"),
        ("soon", "", "2026-13-05", "2026-02-30", "05/01/2026", "2026-01-05T09:30:00Z", "2026-1-5", "20260105"),
    ),
    "time": (("09:30:00Z", "23:59:59.5+02:00"), ("soon", "", "25:00:00Z", "9:30", "2026-01-05T09:30:00Z")),
    "duration": (("P1D", "PT1H30M", "P2W"), ("soon", "", "1 day", "P", "PT", "1D")),
    "uuid": (
        ("6b1c5a34-8f0e-4b7e-9d2a-0c1f2e3d4b5a", "00000000-0000-4000-8000-000000000000"),
        (
            "text",
            "",
            "6b1c5a34-8f0e-4b7e-9d2a",
            "6b1c5a34-8f0e-4b7e-9d2a-0c1f2e3d4b5g",
            "6b1c5a348f0e4b7e9d2a0c1f2e3d4b5",
        ),
    ),
    "email": (
        ("ada@example.com", "a.b+c@example.org"),
        ("ada", "", "@example.com", "ada@", "ada example.com", "a@b@c.d"),
    ),
    "uri": (
        ("https://example.com/a?b=c", "http://example.org"),
        ("text", "", "/relative", "//example.com", "http://["),
    ),
    "hostname": (("example.com", "a-b.example.org"), ("", "-a.example.com", "a b", "a..b", "x" * 64 + ".com")),
    "ipv4": (("192.0.2.1", "198.51.100.254"), ("", "text", "192.0.2", "192.0.2.256", "2001:db8::1")),
    "ipv6": (("2001:db8::1", "::1"), ("", "text", "192.0.2.1", "2001:db8::g", "1::2::3")),
    "int32": ((1, 2**31 - 1, -(2**31), 0), (2**31, -(2**31) - 1, 2**40)),
    "int64": ((1, 2**53, 0), (2**63, -(2**63) - 1)),
    "byte": (("dGV4dA==", "YWJj"), ("a", "a===", "dGV4dA", "####", "dGV4dA==!")),
}
"""Values of the formats that OpenAPI and JSON Schema have, and values that are none; all are of the right type."""

WRONG_TYPES: dict[str, tuple[Json, ...]] = {
    "string": (5, 1.5, True, [], {}, 0, False, ["text"]),
    "number": ("5", True, [], {}, "", False),
    "integer": ("5", 1.5, True, [], {}, "", False),
    "boolean": ("true", 1, 0, [], {}, ""),
    "array": ({}, "text", 5, True, "", 0, False),
    "object": ([], "text", 5, True, "", 0, False),
}
"""What is not of a type. The falsy ones are there since a check such as `if (value && ...)` lets them pass."""

"""Calls of ``gazu.client``: the verbs that every other function goes through."""

from .. import replies
from ..plan import OMIT, by_scenario, row
from ..replies import uid
from ..values import file, special

USUAL = {"synth": "usual"}
EXPIRED = {"status": 401, "json": {"message": "Signature has expired"}}

PATHS = [
    ("path " + repr(path), {"path": path})
    for path in (
        "",
        "/",
        "/data/shots/",
        "data//shots",
        "data/shots?name=a&b",
        "data/a b",
        "data/\u00e9\u4e2d",
        "data/%41%2f%zz",
        "data/a#b",
        "data/a?b?c",
        "data/../user",
        "data/./user",
        'data/<>"{}|\\^`[]',
        "data/a\tb",
        "data/a\nb",
        "data/a\r\nX-Injected: 1",
        "data/a\x00b",
        "http://other.invalid/x",
        "data/;a=1,b:@!$&'()*+~",
        "data/shots?name=it's",
        "data/\ud800",
    )
]
PARAMS = [
    ("params " + name, {"params": value})
    for name, value in (
        ("empty", {}),
        ("None", {"a": None}),
        ("bool", {"a": True, "b": False}),
        ("numbers", {"a": 1, "b": 1.5, "c": 1e21}),
        ("lists", {"a": ["x", "y"], "b": [], "c": [1, None, True]}),
        ("tuple", {"a": special("tuple", ["x", "y z"])}),
        ("unicode", {"\u00e9": "\u4e2d & =?/#+%", "b": "~-._ "}),
        ("bytes", {"a": special("bytes", "a b")}),
        (
            "dates",
            {
                "a": special("date", "2024-01-02"),
                "b": special("datetime", "2024-01-02T03:04:05"),
            },
        ),
        ("dict", {"a": {"b": 1}}),
        ("number keys", special("pairs", [[1, "a"], [None, "b"]])),
        (
            "object",
            {"a": special("uuid", uid("x")), "b": special("decimal", "1.50")},
        ),
        ("enum", {"a": special("level"), "b": special("colour")}),
        ("pairs", [["a", "1"], ["b", "2"]]),
        ("text", "a=1&b=2"),
    )
]
QUERY_IN_PATH = [
    ("params and query", {"path": "data/shots?x=1", "params": {"a": "b"}})
]

BODIES = [
    ("body " + name, {"data": value})
    for name, value in (
        ("None", None),
        ("empty dict", {}),
        ("list", [1, "a", None, True, {"b": []}]),
        ("text", 'text \u00e9 \U0001f600 " \\ / \n \x7f \u2028'),
        ("number", 12),
        (
            "dates",
            {
                "d": special("date", "2024-01-02"),
                "t": special("datetime", "2024-01-02T03:04:05"),
            },
        ),
        ("tuple", {"a": special("tuple", [1, "b"])}),
        ("floats", [0.1, 1.0, 1e16, 1e-7, 123456789.123, -0.0, 5e-324, 1e22]),
        (
            "nan",
            {
                "a": special("float", "nan"),
                "b": special("float", "inf"),
                "c": special("float", "-inf"),
            },
        ),
        ("big integers", [2**63, 2**64, -(2**70), 10**30]),
        (
            "keys",
            special(
                "pairs",
                [[1, "int"], [1.5, "float"], [True, "bool"], [None, "none"]],
            ),
        ),
        (
            "text subclass",
            {"a": special("str", "sub"), "b": special("int", 5)},
        ),
        ("enum of numbers", {"a": special("level")}),
        ("enum", {"a": special("colour")}),
        ("set", {"a": special("set", ["x"])}),
        ("bytes", {"a": special("bytes", "x")}),
        ("object", {"a": special("object")}),
        ("UUID", {"a": special("uuid", uid("x"))}),
        ("decimal", {"a": special("decimal", "1.5")}),
        ("generator", {"a": special("generator", [1])}),
        ("cycle", special("cycle")),
        ("tuple as key", special("pairs", [[special("tuple", [1]), "x"]])),
        ("bytes as key", special("pairs", [[special("bytes", "k"), "x"]])),
        ("lone surrogate", {"a": "\ud800", "\udfff": 1}),
        ("password", {"password": "x", "token": "y"}),
        ("deep", [[[[[[[[{"a": [[[[{}]]]]}]]]]]]]]),
        ("unicode keys", {"\u00e9": 1, "": 2, "a b": 3}),
    )
]
REDIRECTS = [
    (
        "redirect %d" % status,
        {},
        {
            "script": [
                {"status": status, "headers": [["Location", place]]},
                USUAL,
            ]
        },
    )
    for status, place in (
        (301, "/api/data/other"),
        (302, "{server}/api/data/other?x=1"),
        (307, "/api/data/other"),
        (308, "/api/data/other"),
        (303, "/api/data/other"),
    )
] + [
    (
        "redirect to an empty place",
        {},
        {"script": [{"status": 302, "headers": [["Location", ""]]}, USUAL]},
    ),
    (
        "cookies and a redirect",
        {},
        {
            "script": [
                {
                    "status": 307,
                    "headers": [
                        ["Location", "/api/data/other"],
                        ["Set-Cookie", "redirected=1; Path=/api"],
                    ],
                },
                USUAL,
            ]
        },
    ),
    (
        "redirect without place",
        {},
        {"script": [{"status": 302, "json": {"a": 1}}]},
    ),
]
HEADERS = [
    ("no token", {}, {"client": {"tokens": {}}}),
    ("token None", {}, {"client": {"tokens": {"access_token": None}}}),
    ("empty token", {}, {"client": {"tokens": {"access_token": ""}}}),
    (
        "token with a line break",
        {},
        {"client": {"tokens": {"access_token": "a\r\nX-Injected: 1"}}},
    ),
    (
        "token that begins with a blank of ISO-8859-1",
        {},
        {"client": {"tokens": {"access_token": "\u00a0a"}}},
    ),
    (
        "token not in ASCII",
        {},
        {"client": {"tokens": {"access_token": "\u00e9"}}},
    ),
    ("host with a slash", {}, {"client": {"host": special("url", "/")}}),
    ("host without scheme", {}, {"client": {"host": "kitsu.example/api"}}),
    (
        "host with a wrong scheme",
        {},
        {"client": {"host": "ftp://kitsu.example/api"}},
    ),
    ("host empty", {}, {"client": {"host": ""}}),
    ("host None", {}, {"client": {"host": None}}),
    ("host not there", {}, {"client": {"host": "http://127.0.0.1:9/api"}}),
    ("host malformed", {}, {"client": {"host": "http://[::1/api"}}),
]
TOKENS = [
    (
        "token with a control character",
        {},
        {"client": {"tokens": {"access_token": "a\x01b"}}},
    ),
    (
        "expired, no refresh token",
        {},
        {
            "script": [EXPIRED, USUAL],
            "client": {"tokens": {"access_token": "a"}},
        },
    ),
    (
        "expired, refresh off",
        {},
        {"script": [EXPIRED, USUAL], "client": {"use_refresh_token": False}},
    ),
    ("expired twice", {}, {"script": [EXPIRED, EXPIRED, USUAL]}),
    (
        "expired three times",
        {},
        {"script": [EXPIRED, EXPIRED, EXPIRED, USUAL]},
    ),
    (
        "refresh without new refresh token",
        {},
        {
            "script": [EXPIRED, USUAL],
            "refresh": {"json": {"access_token": "only"}},
        },
    ),
    (
        "refresh answers nonsense",
        {},
        {"script": [EXPIRED, USUAL], "refresh": {"json": {}}},
    ),
    (
        "refresh fails",
        {},
        {"script": [EXPIRED, USUAL], "refresh": {"status": 500, "json": {}}},
    ),
    (
        "401 without JSON",
        {},
        {"script": [{"status": 401, "text": "<html>"}, USUAL]},
    ),
    (
        "401 with a list",
        {},
        {"script": [{"status": 401, "json": ["x"]}, USUAL]},
    ),
    (
        "422 with a list",
        {},
        {"script": [{"status": 422, "json": ["x"]}, USUAL]},
    ),
    ("500 with a list", {}, {"script": [{"status": 500, "json": ["x"]}]}),
    ("418", {}, {"script": [{"status": 418, "json": {"tea": True}}]}),
    (
        "message is a number",
        {},
        {"script": [{"status": 400, "json": {"message": 3, "error": "text"}}]},
    ),
    (
        "errors without message",
        {},
        {
            "script": [
                {"status": 422, "json": {"data": {"errors": [{"field": "a"}]}}}
            ]
        },
    ),
]
VERB = HEADERS + TOKENS + REDIRECTS
DATA_TYPES = [
    (
        "type " + name,
        {},
        {"script": [{"text": text, "headers": [["Content-Type", kind]]}]},
    )
    for name, text, kind in (
        ("text", "caf\u00e9", "text/plain"),
        ("html", '"caf\u00e9"', "text/html; charset=utf-8"),
        ("json as text", '{"a": "\u00e9"}', "text/plain"),
        (
            "json with charset",
            '{"a": "\u00e9"}',
            "application/json; charset=utf-8",
        ),
        (
            "unknown charset",
            '{"a": "b"}',
            "application/json; charset=nonsense",
        ),
    )
]
FETCHES = [
    ("fields as text", {"fields": "id,name"}),
    ("fields as list", {"fields": ["id", "name"]}),
    ("fields empty", {"fields": []}),
    ("fields and params", {"fields": ["id"], "params": {"a": 1}}),
    ("limit alone", {"limit": 3}),
]
PAGES = [
    {
        "page": n,
        "json": {
            "data": [{"id": str(n)}],
            "nb_pages": 3,
            "page": n,
            "limit": 1,
        },
    }
    for n in (1, 2, 3)
]
PAGED = [
    ("pages", {"paginated": True}, {"script": PAGES}),
    ("pages with limit", {"paginated": True, "limit": 1}, {"script": PAGES}),
    (
        "pages with params",
        {"paginated": True, "params": {"a": "b"}},
        {"script": PAGES},
    ),
    (
        "pages with fields",
        {"paginated": True, "fields": "id"},
        {"script": PAGES},
    ),
    (
        "pages, empty params",
        {"paginated": True, "params": {}},
        {"script": PAGES},
    ),
    (
        "one page",
        {"paginated": True},
        {
            "script": [
                {"json": {"data": [{"id": 1}], "nb_pages": 1, "page": 1}}
            ]
        },
    ),
    (
        "no page",
        {"paginated": True},
        {"script": [{"json": {"data": [], "nb_pages": 0, "page": 1}}]},
    ),
    (
        "no page numbers",
        {"paginated": True},
        {"script": [{"json": {"data": [1]}}]},
    ),
    (
        "pages, then an error",
        {"paginated": True},
        {"script": [PAGES[0], {"status": 404, "page": 2}, PAGES[2]]},
    ),
    ("pages of a list", {"paginated": True}, {"script": [{"json": []}]}),
]
FORMS = [
    ("form " + name, {"data": value})
    for name, value in (
        (
            "values",
            {"a": "b", "n": 1, "f": 1.5, "t": True, "x": None, "e": ""},
        ),
        ("list", {"a": ["x", "y"], "b": [], "c": [None, "z"]}),
        ("unicode", {"\u00e9": "\u4e2d", 'q"uote': "li\nne"}),
        ("dict", {"a": {"k": "v"}}),
        ("bytes", {"a": special("bytes", "raw")}),
        ("empty", {}),
    )
]
NUMBERS = {"number": 12, "named": special("tuple", ["n.txt", True])}
PARTS = {
    "file": special("open file", "picture.png"),
    "table": special("open file", "table.csv"),
    "comments": special("tuple", [None, "[1]", "application/json"]),
    "named": special(
        "tuple", ["a name.txt", special("bytes", "content"), "text/plain"]
    ),
    "pair": special("tuple", ["b.txt", "text"]),
}
UPLOADS = [
    ("file " + name, {"file_path": file(name)})
    for name in (
        "empty.txt",
        'quo"te;%.txt',
        "semi;%41.txt",
        "n\u00e2me \u4e2d.png",
        "movie.mp4",
    )
] + [
    ("own parts", {"file_path": OMIT, "files": PARTS}),
    (
        "no dict of parts, progress",
        {
            "file_path": OMIT,
            "files": [["a", "b"]],
            "progress_callback": special("callback"),
        },
    ),
    ("numbers as parts", {"file_path": OMIT, "files": NUMBERS}),
    (
        "no part that is a float",
        {"file_path": OMIT, "files": {"a": special("float", "1.5")}},
    ),
    (
        "own parts and data",
        {"file_path": OMIT, "files": PARTS, "data": {"a": "b"}},
    ),
    (
        "own parts, progress",
        {
            "file_path": OMIT,
            "files": PARTS,
            "progress_callback": special("callback"),
        },
    ),
    (
        "own parts, expired",
        {"file_path": OMIT, "files": PARTS},
        {"script": [EXPIRED, USUAL]},
    ),
    (
        "expired, progress",
        {"progress_callback": special("callback")},
        {"script": [EXPIRED, USUAL]},
    ),
    ("callback raises", {"progress_callback": special("raising callback")}),
    ("extra file is missing", {"extra_files": [file("missing.png")]}),
    ("neither file nor parts", {"file_path": OMIT}),
    (
        "message in the reply",
        {},
        {"script": [{"json": {"message": "cannot read it"}}]},
    ),
    ("error in the reply", {}, {"script": [{"json": {"error": "no codec"}}]}),
    ("empty message", {}, {"script": [{"json": {"message": ""}}]}),
    (
        "message is a bool",
        {},
        {"script": [{"json": {"message": True, "error": True}}]},
    ),
    (
        "fields in the reply",
        {},
        {
            "script": [
                {
                    "json": {
                        "data": {"errors": [{"field": "f", "message": "m"}]}
                    }
                }
            ]
        },
    ),
]
GZIP = "H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA"
DOWNLOADS = [
    ("into memory", {"file_path": None}),
    ("into memory, params", {"file_path": None, "params": {"a": [1, 2]}}),
    (
        "still processing",
        {"processing_timeout": 0},
        {
            "script": [
                {"status": 202, "json": {}, "headers": [["Retry-After", "0"]]}
            ]
        },
    ),
    (
        "processing once",
        {"processing_timeout": 20},
        {
            "script": [
                {"status": 202, "headers": [["Retry-After", "0"]]},
                USUAL,
            ]
        },
    ),
    (
        "processing twice, odd delay",
        {"processing_timeout": 30},
        {
            "script": [
                {"status": 202, "headers": [["Retry-After", "-3"]]},
                USUAL,
            ]
        },
    ),
    (
        "length unknown to the callback",
        {"progress_callback": special("callback")},
        {"script": [{"text": ""}]},
    ),
    (
        "compressed, callback",
        {"progress_callback": special("callback")},
        {
            "script": [
                {"base64": GZIP, "headers": [["Content-Encoding", "gzip"]]}
            ]
        },
    ),
    (
        "compressed",
        {},
        {
            "script": [
                {"base64": GZIP, "headers": [["Content-Encoding", "gzip"]]}
            ]
        },
    ),
    (
        "compressed, into memory",
        {"file_path": None},
        {
            "script": [
                {"base64": GZIP, "headers": [["Content-Encoding", "gzip"]]}
            ]
        },
    ),
    ("callback raises", {"progress_callback": special("raising callback")}),
    (
        "no file but an answer",
        {"progress_callback": special("callback")},
        {"script": [{"status": 503, "json": {"message": "Later"}}]},
    ),
    (
        "text body",
        {},
        {
            "script": [
                {
                    "text": "caf\u00e9",
                    "headers": [["X-Header", "v"], ["X-header", "w"]],
                }
            ]
        },
    ),
    ("expired twice", {}, {"script": [EXPIRED, EXPIRED, USUAL]}),
    (
        "expired three times",
        {},
        {"script": [EXPIRED, EXPIRED, EXPIRED, USUAL]},
    ),
    ("existing target is replaced", {"file_path": "replaced.bin"}),
]
MESSAGES = [
    (repr(value), {"message_json": value})
    for value in (
        {"message": "m", "error": "e"},
        {"error": "e"},
        {"message": "", "error": "e"},
        {"message": None, "error": True},
        {"data": {"errors": [{"field": "f", "message": "m"}, {"field": "g"}]}},
        {"message": "m", "data": {"errors": [{"field": "f", "message": "m"}]}},
        {"message": "m", "data": {"errors": []}},
        {"message": "m", "data": {"errors": ["text"]}},
        {"message": "m", "data": ["errors"]},
        ["message"],
        None,
        "text",
        3,
        {},
    )
]
HOSTS = [
    ("host " + repr(host), {}, {"client": {"host": host}})
    for host in (
        "http://h/api",
        "http://h/api/",
        "http://h",
        "http://h/api/api",
        "",
    )
]

ROWS = {
    "KitsuClient": by_scenario(),
    "build_path_with_params": row(silent=True, extra=PARAMS + QUERY_IN_PATH),
    "check_status": by_scenario(),
    "create": row(extra=BODIES),
    "create_client": row(
        args={"cert": None, "callback_not_authenticated": None},
        silent=True,
        extra=[
            (
                "tokens",
                {
                    "tokens": {"access_token": "a", "x": 1},
                    "access_token": "b",
                    "refresh_token": "c",
                },
            ),
            ("access token", {"access_token": "b"}),
            ("unknown", {"unknown": 1}),
        ],
    ),
    "delete": row(
        texts=True, extra=VERB + PATHS + PARAMS + QUERY_IN_PATH + DATA_TYPES
    ),
    "download": row(extra=HEADERS + REDIRECTS + DOWNLOADS + PATHS),
    "fetch_all": row(
        args={"paginated": OMIT}, texts=True, extra=FETCHES + PAGED + PARAMS
    ),
    "fetch_first": row(texts=True, extra=PARAMS),
    "fetch_one": row(extra=PARAMS),
    "get": row(
        args={"json_response": OMIT},
        texts=True,
        extra=VERB
        + PATHS
        + PARAMS
        + QUERY_IN_PATH
        + [
            ("text", {"json_response": False}),
            (
                "text in no named character set",
                {"json_response": False},
                {"script": [{"base64": replies.BYTES["latin-1"]}]},
            ),
        ]
        + [("as " + e[0], {"json_response": False}, e[2]) for e in DATA_TYPES],
    ),
    "get_api_url_from_host": row(silent=True, extra=HOSTS),
    "get_api_version": row(),
    "get_current_user": row(),
    "get_event_host": row(
        silent=True,
        extra=[
            ("none", {}, {"client": {"event_host": None}}),
            ("own", {}, {"client": {"event_host": "http://events"}}),
        ],
    ),
    "get_file_data_from_url": row(
        args={"full": OMIT},
        texts=True,
        extra=[
            (
                "full",
                {"url": special("url", "/files/a.png?b=c"), "full": True},
            ),
            ("full, not text", {"url": ["x"], "full": True}),
            (
                "full, bytes",
                {"url": special("bytes", "http://127.0.0.1:9/"), "full": True},
            ),
        ]
        + VERB,
    ),
    "get_full_url": row(silent=True, extra=PATHS + HOSTS),
    "get_host": row(silent=True),
    "get_message_from_data": row(
        args={"message_json": {"message": "why"}}, silent=True, extra=MESSAGES
    ),
    "get_message_from_response": by_scenario(),
    "host_is_up": row(extra=HEADERS + REDIRECTS),
    "host_is_valid": row(extra=HEADERS + REDIRECTS),
    "import_data": row(extra=BODIES[:4]),
    "make_auth_header": row(silent=True, extra=HEADERS[:3]),
    "post": row(texts=True, extra=VERB + PATHS + BODIES),
    "put": row(texts=True, extra=VERB + PATHS + BODIES),
    "set_event_host": row(silent=True),
    "set_host": row(
        silent=True,
        extra=[("odd", {"new_host": 12}), ("None", {"new_host": None})],
    ),
    "set_tokens": row(
        args={"new_tokens": {"access_token": "a", "other": 1}},
        silent=True,
        extra=[("None", {"new_tokens": None}), ("empty", {"new_tokens": {}})],
    ),
    "update": row(extra=BODIES[:8]),
    "upload": row(
        args={"file_path": file("picture.png"), "files": OMIT},
        texts=True,
        extra=HEADERS + TOKENS + REDIRECTS + FORMS + UPLOADS,
    ),
    "url_path_join": by_scenario(),
}

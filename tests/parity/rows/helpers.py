"""Calls of ``gazu.helpers``."""

from ..plan import row
from ..replies import uid
from ..values import model_dict, output, special

_PNG = {"text": "image", "headers": [["Content-Type", "image/png"]]}
_CSV = {
    "text": "a;b",
    "headers": [["Content-Type", "text/csv; charset=utf-8"]],
}
_BARE = {"text": "raw", "headers": [["Content-Type", ""]]}

DOWNLOADS = [
    ("into a file", {"file_path": output("a.png")}, {"script": [_PNG]}),
    ("into a folder", {"file_path": special("folder")}, {"script": [_PNG]}),
    (
        "type from the reply",
        {"url": special("url", "/files/name")},
        {"script": [_PNG]},
    ),
    (
        "type with charset",
        {"url": special("url", "/files/name")},
        {"script": [_CSV]},
    ),
    ("no type", {"url": special("url", "/files/name")}, {"script": [_BARE]}),
    (
        "query",
        {"url": special("url", "/files/n%20a.png?x=1")},
        {"script": [_PNG]},
    ),
    ("no name", {"url": special("url", "/files/")}, {"script": [_PNG]}),
    ("bare name", {"file_path": "plain.png"}, {"script": [_PNG]}),
    ("odd name", {"file_path": output("a:b?.png")}, {"script": [_PNG]}),
    (
        "headers",
        {"headers": {"Authorization": "Bearer x"}},
        {"script": [_PNG]},
    ),
]
DATES = [
    (text or "empty", {"date_text": text})
    for text in (
        "2021-1-6",
        "2021-01-06T1:2:3",
        "2021-01-06T01:02:03",
        "2021-02-30",
        "2021-01-06 01:02:03",
        "2021-01-06T01:02:03Z",
        "06/01/2021",
        "21-01-06",
        " 2021-01-06",
        "2021-01-06T25:00:00",
        "",
        "\u0662\u0660\u0662\u0661-01-06",
    )
]
NAMES = [
    (repr(text), {"filename": text})
    for text in (
        "..",
        "a..b",
        " a ",
        "../../etc/passwd",
        "C:\\x",
        "\u00e9.png",
        "a\nb",
        "",
    )
]
LISTS = [
    ("list", {"models": [model_dict("shot"), uid("other")]}),
    ("one dict", {"models": model_dict("shot")}),
    ("one id", {"models": uid("shot")}),
    ("tuple", {"models": special("tuple", [uid("shot")])}),
    ("empty", {"models": []}),
    ("None inside", {"models": [None]}),
    ("wrong inside", {"models": [uid("shot"), "x"]}),
]

ROWS = {
    "download_file": row(
        args={"url": special("url", "/files/preview.png")}, extra=DOWNLOADS
    ),
    "normalize_list_of_models_for_links": row(silent=True, extra=LISTS),
    "normalize_model_parameter": row(
        silent=True,
        extra=[
            ("dict", {"model_parameter": model_dict("shot")}),
            ("no id", {"model_parameter": {"name": "x"}}),
        ],
    ),
    "sanitize_filename": row(silent=True, extra=NAMES),
    "validate_date_format": row(silent=True, extra=DATES),
}

"""The answers of the recording server: valid models, and all kinds of errors."""

import re
import uuid

_NAMESPACE = uuid.UUID("6f1e0a52-3c5b-4d0b-9a59-0c4f5b1d7e11")
_UUID = re.compile(r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")

_NAMES = ["charlie", "Closed", "alpha", "Bravo", "\u00c9clair", "closed"]
_BINARY = re.compile(
    r"^(pictures/|movies/|export/|files/|data/working-files/[^/]+/file"
    r"|data/attachment-files/[^/]+/file/|actions/preview-files/[^/]+/extract-"
    r"|data/playlists/[^/]+/(jobs/[^/]+/build|download)/)"
)
# Routes that answer one object, although they do not end in an id.
_OBJECTS = {
    "authenticated",
    "context",
    "full",
    "mp4",
    "stats",
    "task-dates",
    "day-off",
    "subscribed",
}

FRESH_TOKENS = {
    "json": {"access_token": "fresh", "refresh_token": "fresh-refresh"}
}


def uid(name):
    """Return the id that the suite uses for *name*."""
    return str(uuid.uuid5(_NAMESPACE, name))


def model(number, flavour):
    """Return a model as a server may send it, with the keys that functions read.

    ``usual``: every key set. ``tvshow``: the other value wherever a function
    branches. ``bare``: id alone, or a name that is None.
    """
    ident = uid("reply-%d" % number)
    if flavour == "bare":
        return (
            {"id": ident}
            if number % 2
            else {"id": ident, "name": None, "data": None}
        )
    tvshow = flavour == "tvshow"
    return {
        "id": ident,
        "name": _NAMES[number % len(_NAMES)],
        "first_name": "Ada",
        "email": "person%d@example.com" % number,
        "project_id": uid("project"),
        "parent_id": None if tvshow else uid("sequence"),
        "episode_id": None if tvshow else uid("episode"),
        "sequence_id": uid("sequence"),
        "source_id": None if tvshow else uid("episode"),
        "entity_type_id": uid("reply-1"),
        "task_type_id": uid("reply-2"),
        "task_status_id": uid("reply-3"),
        "person_id": uid("reply-0"),
        "assigner_id": uid("unknown") if tvshow else uid("reply-1"),
        "assignees": [uid("reply-0"), uid("unknown")],
        "ready_for": None if tvshow else uid("reply-2"),
        "data": None if tvshow else {"seen": True, "frame_in": 1},
        "production_type": "tvshow" if tvshow else "short",
        "extension": "mp4" if tvshow else "png",
        "original_name": "original",
        "annotations": [{"time": 0}],
        "status": "ready",
        "field_name": "difficulty",
        "path": "out/from the server",
        "folder_path": "/mount/a folder",
        "file_name": "a file",
        "next_revision": 4,
        "shots": [
            {
                "entity_id": uid("entity"),
                "name": "sh2",
                "preview_file_id": uid("x"),
            },
            {
                "entity_id": uid("shot"),
                "name": "SH1",
                "preview_file_id": uid("y"),
            },
        ],
        "attachment_files": [uid("attachment_file")] if number == 1 else [],
        "previews": [uid("preview_file")] if number == 1 else [],
        "team": [uid("person")],
        "organisation": {"id": uid("organisation"), "name": "Studio"},
        "entity_in_id": uid("asset"),
        "entity_out_id": uid("shot"),
        "text": "a comment",
        "checklist": [],
        "created_at": "2024-01-0%dT10:00:00" % (number % 8 + 1),
        "updated_at": "2024-02-0%dT10:00:00" % (number % 8 + 1),
        "is_default": tvshow,
        "ratio": 0.5,
        "nb_frames": 12,
    }


def _models(flavour):
    return [model(number, flavour) for number in range(4)]


def synthesise(method, target, shape, flavour):
    """Return a valid answer for a request.

    *shape* is what the called function returns (``list``, ``dict`` or None), by
    its annotation; it decides where the route does not.
    """
    path, _, query = target.partition("?")
    # The first segment names the client that asks, unless it is the default one.
    path = re.sub("^/([a-z]+/)?api(/|$)", "", path).strip("/")
    if method == "HEAD":
        return {"text": ""}
    if method == "DELETE":
        return {"status": 204}
    if path == "auth/login":
        return {
            "json": {
                "access_token": "new-token",
                "refresh_token": "new-refresh",
                "login": True,
                "user": {"id": uid("person")},
                "ldap": False,
            }
        }
    if path == "auth/authenticated":
        return {
            "json": {
                "authenticated": True,
                "user": model(0, flavour),
                "organisation": {"id": uid("organisation"), "name": "Studio"},
            }
        }
    if path == "":
        return {"json": {"api": "Zou", "version": "1.0.97"}}
    if path.startswith("auth/"):
        return {"json": {"success": True}}
    if method != "GET":
        return {
            "json": _models(flavour) if shape == "list" else model(0, flavour)
        }
    if _BINARY.match(path):
        return {
            "base64": "iVBORw0KGgoAAQL/",
            "headers": [["Content-Type", "image/png"]],
        }
    parts = path.split("/")
    if parts[-1] == "last-revisions":
        return {
            "json": {"main": model(0, flavour), "other": model(1, flavour)}
        }
    if path.startswith("data/playlists/entities/"):
        return {
            "json": {
                uid("task_type"): [model(3, flavour), model(2, flavour)],
                uid("other"): [model(1, flavour)],
                uid("empty"): [],
            }
        }
    if _UUID.match(parts[-1]) or parts[-1] in _OBJECTS:
        return {"json": model(0, flavour)}
    if len(parts) > 2 and shape == "dict" and "name=" not in query:
        return {"json": model(0, flavour)}
    return {"json": _models(flavour)}


def _message(status, **body):
    return {"status": status, "json": body}


_EXPIRED = {"message": "Signature has expired"}
_USUAL = {"synth": "usual"}
_PAGES = [
    {
        "json": {
            "data": [model(n, "usual")],
            "nb_pages": 3,
            "page": n + 1,
            "total": 3,
        }
    }
    for n in range(3)
]

# name -> (script, options). Every function that sends goes through all of these.
ANSWERS = {
    "tvshow": ([{"synth": "tvshow"}], {}),
    "bare": ([{"synth": "bare"}], {}),
    "absent": ([{"json": []}, _USUAL], {}),
    "absent, tvshow": ([_USUAL, {"json": []}, {"synth": "tvshow"}], {}),
    "empty list": ([{"json": []}], {}),
    "empty dict": ([{"json": {}}], {}),
    "null": ([{"json": None}], {}),
    "html": ([{"text": "<html>caf\u00e9</html>"}], {}),
    "paged": (_PAGES, {}),
    "202": (
        [
            {
                "status": 202,
                "json": {"status": "processing"},
                "headers": [["Retry-After", "0"]],
            },
            _USUAL,
        ],
        {},
    ),
    "204": ([{"status": 204}], {}),
    "400": ([_message(400, message="Wrong argument")], {}),
    "401": ([_message(401, msg="Missing Authorization Header")], {}),
    "401 expired": ([_message(401, error=True, **_EXPIRED), _USUAL], {}),
    "403": ([_message(403, message="No")], {}),
    "404": ([_message(404, message="Not found")], {}),
    "404 second": ([_USUAL, _message(404, message="Not found")], {}),
    "405": ([_message(405)], {}),
    "413": ([{"status": 413, "text": "<html></html>"}], {}),
    "422": (
        [
            _message(
                422,
                message="Invalid",
                data={"errors": [{"field": "a", "message": "b"}]},
            )
        ],
        {},
    ),
    "500": ([_message(500, message="Boom 7", stacktrace="line 1")], {}),
    "502": ([{"status": 502, "text": "<html>Bad Gateway</html>"}], {}),
}

# More of the same kinds, for the functions that all others use.
MORE_ANSWERS = {
    "text": ([{"json": "a text"}], {}),
    "empty body": ([{"text": ""}], {}),
    "409": ([_message(409, message="Conflict")], {}),
    "422 expired": ([_message(422, **_EXPIRED), _USUAL], {}),
    "429": ([_message(429, message="Slow down")], {}),
    "503": ([_message(503, message="Later")], {}),
    "201": ([{"status": 201, "synth": "usual"}], {}),
    "400 error": ([_message(400, error="Wrong", message="")], {}),
    "400 fields": (
        [
            _message(
                400,
                error=True,
                message="Invalid",
                data={"errors": [{"field": "name", "message": "is empty"}, 3]},
            )
        ],
        {},
    ),
    "400 html": ([{"status": 400, "text": "<html></html>"}], {}),
    "401 expired for good": ([_message(401, **_EXPIRED)], {}),
    "401 refresh refused": (
        [_message(401, **_EXPIRED), _USUAL],
        {"refresh": _message(401, **_EXPIRED)},
    ),
    "404 third": ([_USUAL, _USUAL, _message(404)], {}),
    "422 html": ([{"status": 422, "text": "<html></html>"}], {}),
    "500 html": ([{"status": 500, "text": "<html>Internal</html>"}], {}),
    "503 html": ([{"status": 503, "text": "<html>Later</html>"}], {}),
}

# Bodies that JSON parsers and text decoders read differently. They are for the verbs only,
# which all other functions use.
TEXTS = {
    "nan": '{"a": NaN, "b": [Infinity, -Infinity], "c": -0.0, "d": 1E400}',
    "big integer": '{"a": 123456789012345678901234567890, "b": -1, "c": 1e3}',
    "duplicate keys": '{"a": 1, "b": 2, "a": 3}',
    "lone surrogate": '{"a": "\\ud800", "b": "\\ud83d\\ude00"}',
    "control character": '{"a": "one\ttwo"}',
    "truncated": '{"a": [1, 2',
    "trailing text": '{"a": 1} x',
    "single quotes": "{'a': 1}",
    "white space": ' \r\n\t{"a" : 1 }\n',
    "deep": "[" * 60 + "]" * 60,
    "leading zero": "[01]",
    "bare word": "nul",
    "byte order mark": '\ufeff{"a": 1}',
    "unicode": '{"\u00e9\u4e2d": "\U0001f600"}',
    "upper escapes": '{"a": "\\u00E9\\/\\b\\f\\n\\r\\t"}',
    "float forms": "[0.1, 1e-7, 1.0, 100.0, 1e16, 123456789.123456789, 5e-324]",
}
BYTES = {
    "utf-8 broken": "eyJhIjogIv/+In0=",
    "utf-16": "//57ACIAYQAiADoAMQB9AA==",
    "utf-16 without mark": "ewAiAGEAIgA6ADEAfQA=",
    "latin-1": "eyJhIjogIukifQ==",
    "gzip": "H4sIAAAAAAACA6tWSlSyMqwFAK+sG1YHAAAA",
}

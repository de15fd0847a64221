"""What the status of a rejected request means, and what to do."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_RECORD = re.compile(r"^/?(?:data|actions)/([a-z-]+)/[0-9a-fA-F-]{36}(?:/|$)")
#: A file of a record: a movie, a picture or a thumbnail.
_FILE = re.compile(
    r"^/?(?:movies|pictures)/(?:[a-z-]+/)*([a-z-]+)/[0-9a-fA-F-]{36}(?:[./]|$)"
)
_LOGIN = "auth/login"
_WRONG_HOSTS = ("RouteNotFoundException", "MethodNotAllowedException")
_ROLE = "your role or team may not do this"
_NO_ROUTE = "the server has no such route"
_ASK_VERSION = "; gazu.client.get_api_version() returns its version"
_API = "does the host end with /api, as https://kitsu.example.com/api does?"


def explanation(
    name: str, path: str, status: int, body: Any, text: str, said: str
) -> str:
    """
    Return the explanation of an exception whose only argument is the path.

    Args:
        name: The name of the exception's class.
        path: The requested path.
        status: The status of the answer.
        body: The parsed body, or None.
        text: The text of a body that is not JSON.
        said: The server's message, or an empty text.
    """
    is_page = body is None and "<" in text
    if (name == "RouteNotFoundException" and is_page) or (
        name == "MethodNotAllowedException" and body is None and text
    ):
        return "{} (the answer is not JSON: {})".format(status, _API)
    meaning = ""
    if name == "NotAuthenticatedException":
        meaning = "log in with gazu.log_in"
        if said == "Signature has expired":
            meaning = "the login has expired; " + meaning
    elif name == "NotAllowedException":
        meaning = _ROLE
    elif path.rstrip("/") == _LOGIN and name in _WRONG_HOSTS:
        # A redirected POST becomes a GET.
        meaning = (
            "the host has no login: " + _API.rstrip("?") + ", and with "
            "https:// where the server redirects to it?"
        )
    elif name == "RouteNotFoundException":
        record = _RECORD.match(path)
        if _FILE.match(path):
            meaning = no_file(path)
        elif record:
            meaning = no_record(path)
        else:
            meaning = _NO_ROUTE + ", or not in its version" + _ASK_VERSION
    elif name == "MethodNotAllowedException":
        meaning = "the server has this route for other methods only"
    elif name == "ServerErrorException":
        usual = failure(path)
        meaning = "the server, or a proxy before it, failed"
        meaning += "; " + usual if usual else ""
    if not meaning:
        return ""
    if said and name != "RouteNotFoundException":
        meaning += ' (the server says "{}")'.format(said.rstrip("."))
    return "{} {}".format(status, meaning)


def no_record(path: str) -> str:
    """Say which records may be missing; empty if the path has none."""
    kinds = []
    for kind in re.findall(r"([a-z-]+)/[0-9a-fA-F-]{36}(?=/|$)", path):
        if kind.endswith("s") and not kind.endswith("status"):
            kind = kind[:-1]
        kinds.append(kind.replace("-", " "))
    if not kinds:
        return ""
    ids = "this ID" if len(kinds) == 1 else "these IDs"
    return "there is no {} with {}, or you may not see it".format(
        " or no ".join(kinds), ids
    )


def no_file(path: str) -> str:
    """Say what it means that a file is missing; empty if the path is not that of a file."""
    found = _FILE.match(path)
    if found is None:
        return ""
    if found.group(1) == "preview-files":
        return (
            "the server has no such file of this preview: its status says "
            "whether it is ready, still being processed, or broken"
        )
    return "the server has no picture of this record"


def failure(path: str) -> str:
    """Return what a failure of some routes usually means; empty for other routes."""
    if re.search(r"/tasks/[^/]+/working-files/new$", path):
        return (
            "does the project have a file tree? "
            "gazu.files.update_project_file_tree sets it"
        )
    if path.strip("/") == "data/search":
        return "is the search index of the server (Meilisearch) running?"
    return ""


def add_what_is_known(error: BaseException, client: Any) -> None:
    """
    Name the user's role or the server's version in an explanation.

    Nothing is asked for: the role is in the reply to a login that the client
    has kept, and the version is that which the script has asked for.
    """
    notes = getattr(error, "__notes__", None)
    if not notes:
        return
    tokens = getattr(client, "tokens", None)
    user = tokens.get("user") if isinstance(tokens, dict) else None
    role = user.get("role") if isinstance(user, dict) else None
    if isinstance(role, str):
        notes[0] = notes[0].replace(
            _ROLE, "your role, {}, or team may not do this".format(role), 1
        )
    version = getattr(client, "_api_version", None)
    if version and version[0] == getattr(client, "host", None):
        notes[0] = notes[0].replace(
            ", or not in its version" + _ASK_VERSION,
            ", which is Zou {}".format(version[1]),
            1,
        )

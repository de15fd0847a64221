"""What the status of a rejected request means, and what to do."""

from __future__ import annotations

import re
from typing import Any

_RECORD = re.compile(r"^/?(?:data|actions)/([a-z-]+)/[0-9a-fA-F-]{36}(?:/|$)")
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
        meaning = "your role or team may not do this"
    elif name == "RouteNotFoundException":
        record = _RECORD.match(path)
        if record:
            kind = record.group(1).replace("-", " ")
            if kind.endswith("s") and not kind.endswith("status"):
                kind = kind[:-1]
            meaning = (
                "there is no {} with this ID, or you may not see it".format(
                    kind
                )
            )
        else:
            meaning = (
                "the server has no such route, or not in this version; "
                "gazu.client.get_api_version() names it"
            )
    elif name == "MethodNotAllowedException":
        meaning = "the server has this route for other methods only"
    elif name == "ServerErrorException":
        meaning = "the server, or a proxy before it, failed"
    if not meaning:
        return ""
    if said and name != "RouteNotFoundException":
        meaning += ' (the server says "{}")'.format(said.rstrip("."))
    return "{} {}".format(status, meaning)

"""What may be shown of URLs, headers and texts."""

from __future__ import annotations

import re
from typing import Any

from .. import _core

_NAMES = "|".join(_core.SECRET_NAMES)

#: Names of what is not shown.
NAME = re.compile(_NAMES, re.IGNORECASE)
#: The same within text: JSON, a query, a header, a URL with its user.
_TEXT = re.compile(
    r"(?:{})\w{{0,40}}[\"']?\s{{0,9}}[:=]"
    r"|://[^/\s@:]*:[^/\s@]*@|\bbearer\s".format(_NAMES),
    re.IGNORECASE,
)
#: Headers that hold a secret, besides those whose names say it.
_HEADERS = ("authorization", "cookie", "session")
#: Headers that hold a URL.
_URLS = ("location", "content-location", "referer", "refresh", "link")


def shown_path(path: str) -> str:
    """Return a path or URL without its user, its password and the secrets in its query."""
    if not isinstance(path, str):
        return path
    try:
        return _core.shown_url(path)  # type: ignore[no-any-return]
    except UnicodeEncodeError:
        # Lone surrogates: the text cannot be sent, and is only told of.
        return _core.shown_url(  # type: ignore[no-any-return]
            path.encode("utf-8", "replace").decode("utf-8")
        )


#: Characters of a text that are looked at, since this takes a second for a
#: million of them. What lies beyond is not shown.
_LOOKED_AT = 1 << 16
#: What stands in each text that holds a secret.
_WORDS = (*_core.SECRET_NAMES, "bearer")


def holds_secret(text: str) -> bool:
    """Whether there may be a password, a token or a code in a text."""
    lowered = text.lower()
    if not any(word in lowered for word in _WORDS) and not (
        "://" in text and "@" in text
    ):
        return False
    return len(text) > _LOOKED_AT or _TEXT.search(text) is not None


#: A secret within text: what says that it is one, and its value.
_VALUE = re.compile(
    r"""((?:{})\w{{0,40}}["']?\s{{0,9}}[:=]\s{{0,9}}|\bbearer\s{{1,9}})"""
    r"""(b?"(?:\\.|[^"\\])*"?|b?'(?:\\.|[^'\\])*'?|[^\s,;&<>(){{}}\[\]]+)""".format(
        _NAMES
    ),
    re.IGNORECASE,
)
_USER = re.compile(r"(://)([^/\s@:]*:[^/\s@]*)(?=@)")


def shown_text(text: str, same_length: bool = False) -> str:
    """
    Return a text with ``...`` in place of the secrets in it.

    Args:
        text: The text.
        same_length: Put as many dots as a secret has characters, so that
            positions in the text stay what they are.
    """

    def hidden(found: Any) -> str:
        dots = "..."
        if same_length:
            dots = re.sub("[^\n]", ".", found.group(2))
        return found.group(1) + dots  # type: ignore[no-any-return]

    if not holds_secret(text):
        return text
    shown = _USER.sub(hidden, _VALUE.sub(hidden, text[:_LOOKED_AT]))
    rest = text[_LOOKED_AT:]
    if not rest:
        return shown
    return shown + (re.sub("[^\n]", ".", rest) if same_length else "...")


def shown_header(name: str, value: Any) -> Any:
    """Return a header's value without a secret."""
    name = name.lower()
    if NAME.search(name) or any(word in name for word in _HEADERS):
        return "..."
    return shown_path(value) if name in _URLS else value

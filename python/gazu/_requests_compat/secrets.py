"""Removes passwords, tokens and codes from URLs, headers and text."""

from __future__ import annotations

from .. import _core
from .patterns import Pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NAMES = "|".join(_core.SECRET_NAMES)

#: Matches names of secrets, such as ``password``.
NAME = Pattern(_NAMES, ignores_case=True)
#: Matches a secret within text: in JSON, a query, a header or a URL with a user.
_SECRET_IN_TEXT = Pattern(
    r"(?:{})\w{{0,40}}[\"']?\s{{0,9}}[:=]"
    r"|://[^/\s@:]*:[^/\s@]*@|\bbearer\s".format(_NAMES),
    ignores_case=True,
)
#: Headers that contain a secret, besides those whose names match ``NAME``.
_SECRET_HEADERS = ("authorization", "cookie", "session")
#: Headers that contain a URL.
_URL_HEADERS = ("location", "content-location", "referer", "refresh", "link")


def shown_path(path: str) -> str:
    """Return a path or URL without user, password and secrets in its query."""
    if not isinstance(path, str):
        return path
    try:
        return _core.shown_url(path)  # type: ignore[no-any-return]
    except UnicodeEncodeError:
        # Text with lone surrogates cannot be sent; it only appears in messages.
        return _core.shown_url(  # type: ignore[no-any-return]
            path.encode("utf-8", "replace").decode("utf-8")
        )


#: Only this many characters of a text are searched for secrets, because a million
#: characters take a second. The rest is never shown.
_SEARCH_LIMIT = 1 << 16
#: Each text with a secret contains one of these words. They are searched first.
_MARKERS = (*_core.SECRET_NAMES, "bearer")


def holds_secret(text: str) -> bool:
    """Return whether a text may contain a password, a token or a code."""
    lowered = text.lower()
    if not any(word in lowered for word in _MARKERS) and not (
        "://" in text and "@" in text
    ):
        return False
    return (
        len(text) > _SEARCH_LIMIT or _SECRET_IN_TEXT.search(text) is not None
    )


#: Matches a secret within text. The groups are its name and its value.
_SECRET_VALUE = Pattern(
    r"""((?:{})\w{{0,40}}["']?\s{{0,9}}[:=]\s{{0,9}}|\bbearer\s{{1,9}})"""
    r"""(b?"(?:\\.|[^"\\])*"?|b?'(?:\\.|[^'\\])*'?|[^\s,;&<>(){{}}\[\]]+)""".format(
        _NAMES
    ),
    ignores_case=True,
)
_NOT_NEWLINE = Pattern("[^\n]")
_USERINFO = Pattern(r"(://)([^/\s@:]*:[^/\s@]*)(?=@)")


def shown_text(text: str, same_length: bool = False) -> str:
    """
    Return a text with ``...`` in place of the secrets in it.

    Args:
        text: The text.
        same_length: Replace each character of a secret by a dot, so that
            positions in the text remain valid.
    """

    def replaced(found: Any) -> str:
        dots = "..."
        if same_length:
            dots = _NOT_NEWLINE.sub(".", found.group(2))
        return found.group(1) + dots  # type: ignore[no-any-return]

    if not holds_secret(text):
        return text
    shown = _USERINFO.sub(
        replaced, _SECRET_VALUE.sub(replaced, text[:_SEARCH_LIMIT])
    )
    rest = text[_SEARCH_LIMIT:]
    if not rest:
        return shown
    return shown + (_NOT_NEWLINE.sub(".", rest) if same_length else "...")


def shown_data(data: Any) -> Any:
    """Return a copy of JSON data with ``...`` in place of the secrets in it."""
    if isinstance(data, dict):
        return {
            name: "..."
            if isinstance(value, str)
            and isinstance(name, str)
            and NAME.search(name)
            else shown_data(value)
            for name, value in data.items()
        }
    if isinstance(data, list):
        return [shown_data(value) for value in data]
    return shown_text(data) if isinstance(data, str) else data


def shown_header(name: str, value: Any) -> Any:
    """Return the value of a header, or ``...`` if it is secret."""
    name = name.lower()
    if NAME.search(name) or any(word in name for word in _SECRET_HEADERS):
        return "..."
    return shown_path(value) if name in _URL_HEADERS else value

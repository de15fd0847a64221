"""Dictionaries of headers. Their names are compared without case."""

from __future__ import annotations

# What ``collections.abc`` contains: the module ``os`` has imported it.
from _collections_abc import Mapping, MutableMapping

from .. import _core
from .secrets import shown_header

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

#: Names of headers that are not spelled with a capital at the start of each word.
_SPELLINGS = {
    "dnt": "DNT",
    "etag": "ETag",
    "www-authenticate": "WWW-Authenticate",
    "x-ua-compatible": "X-UA-Compatible",
    "x-xss-protection": "X-XSS-Protection",
}


def spelled(name: str) -> str:
    """Return the common spelling of a header's name, given in lower case."""
    known = _SPELLINGS.get(name)
    if known is not None:
        return known
    return "-".join(word.capitalize() for word in name.split("-"))


class Headers(MutableMapping):
    """Headers by name. Names are compared without case, and keep their case."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        self._store: dict[str, tuple[str, Any]] = {}
        self._changed = False
        self.update({} if data is None else data, **kwargs)

    def __setitem__(self, key: str, value: Any) -> None:
        self._changed = True
        self._store[key.lower()] = (key, value)

    def __getitem__(self, key: str) -> Any:
        return self._store[key.lower()][1]

    def __delitem__(self, key: str) -> None:
        self._changed = True
        del self._store[key.lower()]

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self._store.values())

    def __len__(self) -> int:
        return len(self._store)

    def lower_items(self) -> Iterator[tuple[str, Any]]:
        """Return pairs of lower-case name and value, in order."""
        return ((key, value) for key, (_, value) in self._store.items())

    def copy(self) -> Headers:
        """Return a copy."""
        return Headers(dict(self.items()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return dict(self.lower_items()) == dict(Headers(other).lower_items())

    def __repr__(self) -> str:
        return str(dict(self.without_secrets().items()))

    def without_secrets(self) -> Headers:
        """Return a copy in which secret values are replaced by ``...``."""
        return Headers(
            {key: shown_header(key, value) for key, value in self.items()}
        )


def from_answer(pairs: Any) -> Headers:
    """Return the headers of an answer. Repeated values are joined with commas."""
    headers = Headers()
    for name, value in pairs:
        earlier = headers.get(name)
        if earlier is not None:
            value = earlier + ", " + value
        headers[spelled(name)] = value
    return headers


def session_defaults() -> Headers:
    """Return the default headers of a new session."""
    headers = Headers(
        {
            "User-Agent": _core.USER_AGENT,
            "Accept-Encoding": "gzip, deflate",
            "Accept": "*/*",
            "Connection": "keep-alive",
        }
    )
    headers._changed = False
    return headers

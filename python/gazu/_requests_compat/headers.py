"""Headers, whose names compare whatever their case."""

from __future__ import annotations

import collections.abc
from typing import Any, Iterator

from .. import _core
from .secrets import shown_header

#: Names that are not written as their words are.
_WRITTEN = {
    "dnt": "DNT",
    "etag": "ETag",
    "www-authenticate": "WWW-Authenticate",
    "x-ua-compatible": "X-UA-Compatible",
    "x-xss-protection": "X-XSS-Protection",
}


def written(name: str) -> str:
    """Return a header's name as servers write it."""
    known = _WRITTEN.get(name)
    if known is not None:
        return known
    return "-".join(word.capitalize() for word in name.split("-"))


class Headers(collections.abc.MutableMapping):
    """Headers: names compare whatever their case and keep the one given."""

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
        if not isinstance(other, collections.abc.Mapping):
            return NotImplemented
        return dict(self.lower_items()) == dict(Headers(other).lower_items())

    def __repr__(self) -> str:
        return str(dict(self.without_secrets().items()))

    def without_secrets(self) -> Headers:
        """Return a copy that may be shown and stored."""
        return Headers(
            {key: shown_header(key, value) for key, value in self.items()}
        )


def of_answer(pairs: Any) -> Headers:
    """Return an answer's headers; those that are repeated are joined."""
    headers = Headers()
    for name, value in pairs:
        earlier = headers.get(name)
        if earlier is not None:
            value = earlier + ", " + value
        headers[written(name)] = value
    return headers


def of_session() -> Headers:
    """Return the headers that a new session sends."""
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

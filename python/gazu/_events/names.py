"""The names of events that a consumer wants, as patterns and as the server's filters."""

from __future__ import annotations

import re
from typing import Any, Iterable

#: Events that Zou 1.0.97 sends, but does not write to its log.
NEVER_LOGGED = frozenset(
    [
        "chat:deleted-message",
        "chat:joined",
        "chat:left",
        "chat:new-message",
        "comment:acknowledge",
        "comment:delete-reply",
        "comment:unacknowledge",
        "main:test",
        "notification:new",
        "preview-room:add-annotation",
        "preview-room:change-version",
        "preview-room:comparison-panzoom-changed",
        "preview-room:panzoom-changed",
        "preview-room:remove-annotation",
        "preview-room:room-people-updated",
        "preview-room:room-updated",
        "preview-room:update-annotation",
        "task:update-casting-stats",
    ]
)
#: What the server accepts as a part of a name in its filters.
_PLAIN_PART = re.compile(r"[a-z0-9-]+")


class Names:
    """
    Names and patterns of events.

    Args:
        names: One name or pattern, or several. In a pattern, ``*`` stands for
            any text.

    Raises:
        TypeError: a name is not a text.
        ValueError: there is no name, or one is neither a name such as
            ``task:new`` nor a pattern.
    """

    def __init__(self, names: str | Iterable[str]) -> None:
        if isinstance(names, str):
            names = [names]
        try:
            given = list(names)
        except TypeError:
            raise TypeError(
                "names must be a text or a list of texts, not {!r}".format(
                    names
                )
            ) from None
        if not given:
            raise ValueError("names is empty: give at least one event name")
        self.patterns = [_valid(name) for name in given]
        self._expression = re.compile(
            "|".join(
                "".join(
                    ".*" if part == "*" else re.escape(part)
                    for part in re.split(r"(\*)", pattern)
                )
                for pattern in self.patterns
            ),
            re.DOTALL,
        )

    def match(self, name: str) -> bool:
        """Return whether an event's name is one of these."""
        return self._expression.fullmatch(name) is not None

    def overlap(self, other: Names) -> bool:
        """Return whether a name of one side may be a name of the other."""
        return any(map(self.match, other.patterns)) or any(
            map(other.match, self.patterns)
        )

    def filters(self) -> dict[str, Any]:
        """
        Return the arguments of the log's route that leave out other events.

        The server may still return events that do not match.
        """
        if len(self.patterns) == 1 and "*" not in self.patterns[0]:
            return {"name": self.patterns[0]}
        parts = [pattern.partition(":") for pattern in self.patterns]
        found = {}
        for key, values in (
            ("name_prefixes", [before for before, colon, _ in parts if colon]),
            ("name_suffixes", [after for _, colon, after in parts if colon]),
        ):
            if len(values) == len(parts) and all(
                map(_PLAIN_PART.fullmatch, values)
            ):
                found[key] = sorted(set(values))
        return found


def _valid(name: Any) -> str:
    if not isinstance(name, str):
        raise TypeError("An event name must be a text, not {!r}".format(name))
    if "*" not in name and not all(name.partition(":")):
        raise ValueError(
            "{!r} is no event name: names are like 'task:new', and patterns "
            "like 'task:*'".format(name)
        )
    # The server writes all names in lower case.
    return name.lower()

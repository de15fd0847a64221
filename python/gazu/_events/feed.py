"""
What a consumer has handled of the log, and what comes next.

The log has no counter, its dates are cut to the second, and an event becomes
visible a moment after its date, so that events may become visible in another
order than that of their dates. Therefore:

- Each reading overlaps the previous one. Known events are left out by their ids.
- An event is handled after it has been visible for a short time: by then,
  events with earlier dates are visible, too.
"""

from __future__ import annotations

import collections
import json
import time
from typing import Any, Callable, Iterator

from .log import Fetch, between, date_of, moved, oldest_first

#: How many seconds a usual reading goes back. Now and then, a reading goes back
#: by the whole overlap.
SHORT_OVERLAP = 5
#: Events that are so many seconds older than the newest one wait for no others.
SETTLED = 3
#: The highest number of messages that wait for their events in the log.
MAX_MESSAGES = 1000


class Feed:
    """
    The events of the log that were not handled yet.

    Args:
        fetch: Returns events of the log (see ``log.Fetch``).
        overlap: How many seconds an event may become visible late.
        settle: How many seconds an event waits for others.
        on_found: Called with each event when it is seen for the first time.
            Returns False for an event that has been handled in another way.
    """

    def __init__(
        self,
        fetch: Fetch,
        overlap: float,
        settle: float,
        on_found: Callable[[dict], bool],
    ) -> None:
        self._fetch = fetch
        self._on_found = on_found
        self.overlap = overlap
        self._settle = settle
        #: The date of the last handled event. Empty: the log's beginning.
        self.position = ""
        #: Events before this date are left out.
        self.floor = ""
        #: The handled events: their dates by their ids.
        self.seen: collections.OrderedDict[str, str] = (
            collections.OrderedDict()
        )
        self._first_seen: dict[str, float] = {}
        #: When an event that is still waiting can be handled, or None.
        self.next_time: float | None = None
        #: How many events became visible after later ones were handled.
        self.late = 0

    def read(self, whole: bool) -> Iterator[dict]:
        """
        Yield the events that can be handled now, in the order of the log.

        Call ``done`` for each event before the next one is asked for.

        Args:
            whole: Whether to go back by the whole overlap.
        """
        begun = time.monotonic()
        self.next_time = None
        waiting = set()
        overlap = self.overlap if whole else SHORT_OVERLAP
        for page, newest in oldest_first(self._fetch, self._after(overlap)):
            settled = moved(newest, -SETTLED)
            now = time.monotonic()
            for event in page:
                number, date = event["id"], date_of(event)
                if number in self.seen or date < self.floor:
                    continue
                if number not in self._first_seen:
                    self._first_seen[number] = now
                    if not self._on_found(event):
                        self.done(event)
                        continue
                first_seen = self._first_seen[number]
                may_come_before = (
                    self._settle > 0
                    and date > settled
                    and first_seen + self._settle > begun
                )
                if may_come_before or self.next_time is not None:
                    # Later events must wait, too.
                    waiting.add(number)
                    if self.next_time is None:
                        self.next_time = first_seen + self._settle
                    continue
                if date < self.position:
                    self.late += 1
                yield event
            if self.next_time is not None:
                break
        self._first_seen = {
            number: first_seen
            for number, first_seen in self._first_seen.items()
            if number in waiting
        }

    def _after(self, overlap: float) -> str | None:
        if not self.position:
            return None
        start = moved(self.position, -overlap - 1)
        return max(start, moved(self.floor, -1)) if self.floor else start

    def done(self, event: dict) -> None:
        """Note that an event was handled, or is not wanted."""
        self.add(event["id"], date_of(event))

    def add(self, number: str, date: str) -> None:
        """Note the id and the date of a handled event."""
        self.seen[number] = date
        self.position = max(self.position, date)
        if len(self.seen) % 1000 == 0:
            self._forget()

    def _forget(self) -> None:
        """Forget events that no reading reaches any more."""
        if not self.position:
            return
        oldest = moved(self.position, -self.overlap - 10)
        for number in [n for n, date in self.seen.items() if date < oldest]:
            del self.seen[number]

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint keeps."""
        self._forget()
        return {
            "position": self.position,
            "floor": self.floor,
            "seen": [[number, date] for number, date in self.seen.items()],
        }

    def restore(self, state: dict[str, Any]) -> None:
        """
        Continue after a checkpoint.

        Raises:
            ValueError: the state does not have the form of ``state``.
        """
        try:
            position, floor = state["position"], state["floor"]
            seen = [(number, date) for number, date in state["seen"]]
            dates = [position, floor, *(date for _, date in seen)]
            for date in dates:
                if date:
                    between(date, date)
            if not all(isinstance(number, str) for number, _ in seen):
                raise ValueError("an id is not a text")
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(
                "not the state of a consumer: {}".format(error)
            ) from error
        self.position, self.floor = position, floor
        self.seen = collections.OrderedDict(seen)

    def begin_at(self, date: str) -> None:
        """Begin with the events of a date."""
        self.position = self.floor = date

    def begin_now(self, fetch_any: Fetch) -> None:
        """
        Begin after the events that the log has now.

        Args:
            fetch_any: Returns events of the log, also those that are not
                wanted.
        """
        newest = fetch_any(limit=1)
        if not newest:
            return
        self.begin_at(moved(date_of(newest[0]), -self.overlap))
        for page, _ in oldest_first(self._fetch, moved(self.floor, -1)):
            for event in page:
                self.done(event)
        self.position = max(self.position, date_of(newest[0]))


class Messages:
    """
    Messages of the stream whose events have not been found in the log yet.

    A message is published before its event is saved, so that the log may not
    have the event when the message arrives.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._waiting: collections.OrderedDict[tuple, list[float]] = (
            collections.OrderedDict()
        )
        self._found: collections.OrderedDict[tuple, list[float]] = (
            collections.OrderedDict()
        )
        self._delivered: collections.OrderedDict[tuple, list[float]] = (
            collections.OrderedDict()
        )

    def __len__(self) -> int:
        return len(self._waiting)

    def arrived(self, name: str, data: Any) -> None:
        """Note a message."""
        key = _key(name, data)
        if not _take(self._found, key):
            _put(self._waiting, key)

    def delivered(self, name: str, data: Any) -> None:
        """Note a message that was delivered, because the log seems not to have it."""
        _put(self._delivered, _key(name, data))

    def found(self, event: dict) -> bool:
        """
        Note an event of the log that is seen for the first time.

        Returns:
            False if its message was delivered.
        """
        key = _key(event["name"], event["data"])
        if _take(self._delivered, key):
            return False
        if not _take(self._waiting, key):
            _put(self._found, key)
        return True

    def overdue(self) -> list[tuple[str, Any]]:
        """Return and forget the messages whose events were waited for in vain."""
        limit = time.monotonic() - self._patience
        for key in list(self._found):
            _keep_after(self._found, key, limit)
        return [
            (key[0], json.loads(key[1]))
            for key in list(self._waiting)
            for _ in range(_keep_after(self._waiting, key, limit))
        ]


def _key(name: str, data: Any) -> tuple:
    return (name, json.dumps(data, sort_keys=True))


def _put(times: collections.OrderedDict, key: tuple) -> None:
    times.setdefault(key, []).append(time.monotonic())
    if len(times) > MAX_MESSAGES:
        times.popitem(last=False)


def _take(times: collections.OrderedDict, key: tuple) -> bool:
    if key not in times:
        return False
    times[key].pop(0)
    if not times[key]:
        del times[key]
    return True


def _keep_after(
    times: collections.OrderedDict, key: tuple, limit: float
) -> int:
    """Remove the times before a limit, and return how many there were."""
    kept = [one for one in times[key] if one > limit]
    removed = len(times[key]) - len(kept)
    if kept:
        times[key] = kept
    else:
        del times[key]
    return removed

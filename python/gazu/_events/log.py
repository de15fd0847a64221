"""
Reading the server's log of events.

The server returns at most 1000 events, newest first. Its dates are cut to the
second, and its limits are exclusive: an event of 10:00:00.5 is after 10:00:00
and before 10:00:01.
"""

from __future__ import annotations

import datetime
from typing import Any, Callable, Iterator

#: The highest number of events that the server returns at once.
PAGE = 1000
#: The length of the first time window, in seconds.
FIRST_WINDOW = 60
#: The length of the longest one: a year.
LONGEST_WINDOW = 365 * 86400
#: The earliest date that is asked for.
_EPOCH = "1970-01-01T00:00:00"

#: Returns events, newest first: ``fetch(limit=..., after=..., before=...,
#: cursor_event_id=...)``. Each of these arguments may be None or left out.
Fetch = Callable[..., list]


def date_of(event: dict) -> str:
    """Return the date of an event in UTC, cut to the second."""
    return event["created_at"][:19]


def moved(date: str, seconds: float) -> str:
    """Return a date some seconds later, or earlier."""
    try:
        found = datetime.datetime.fromisoformat(date) + datetime.timedelta(
            seconds=seconds
        )
    except OverflowError:
        return _EPOCH
    return max(found.isoformat(timespec="seconds"), _EPOCH)


def between(early: str, late: str) -> float:
    """Return how many seconds a date is later than another one."""
    return (
        datetime.datetime.fromisoformat(late)
        - datetime.datetime.fromisoformat(early)
    ).total_seconds()


def newest_first(
    fetch: Fetch,
    limit: float,
    before: str | None = None,
    cursor: str | None = None,
) -> Iterator[dict]:
    """
    Yield events, newest first, until the limit is reached or the log ends.

    Several events may have the same date, so each further page begins with the
    second in which the previous one ended, and its known events are left out.
    """
    known: set[str] = set()
    while limit > 0:
        asked = int(min(PAGE, limit + len(known)))
        page = fetch(limit=asked, before=before, cursor_event_id=cursor)
        for event in page:
            if event["id"] not in known and limit > 0:
                limit -= 1
                yield event
        if len(page) < asked:
            return
        first, last = date_of(page[0]), date_of(page[-1])
        if first == last and len(page) >= PAGE:
            # One second has more than a page.
            cursor = page[-1]["id"]
        else:
            before, cursor = moved(last, 1), None
        known = {event["id"] for event in page if date_of(event) == last}


def oldest_first(
    fetch: Fetch, after: str | None
) -> Iterator[tuple[list[dict], str]]:
    """
    Yield the events after a date, oldest first, in lists of limited length.

    Lists may overlap by some seconds. A list may be empty. Events of the future
    are not waited for.

    Yields:
        The events, and the date of the newest event that the log had when they
        were read.
    """
    seconds: float = FIRST_WINDOW
    while True:
        page = fetch(limit=PAGE, after=after)
        if not page:
            return
        newest = date_of(page[0])
        if len(page) < PAGE:
            yield page[::-1], newest
            return
        # There are more events than fit into a page. Begin with the oldest.
        end = moved(date_of(page[-1]), 1)
        if after is None:
            after = _before_the_first(fetch, end)
        end = max(end, moved(after, 2))
        while between(after, end) >= 2:
            seconds = max(seconds, 2)
            before = min(moved(after, seconds), end)
            page = fetch(limit=PAGE, after=after, before=before)
            if len(page) >= PAGE:
                width = between(after, before)
                if width > 2:
                    seconds = width // 2
                    continue
                # Even the shortest window has more than a page.
                page = list(
                    newest_first(_within(fetch, after), float("inf"), before)
                )
            yield page[::-1], newest
            if len(page) < PAGE // 4:
                seconds = min(seconds * 2, LONGEST_WINDOW)
            # The limits are exclusive: an event of exactly this date was not
            # in the window.
            after = moved(before, -1)


def _within(fetch: Fetch, after: str) -> Fetch:
    def fetch_after(**arguments: Any) -> list:
        return fetch(after=after, **arguments)

    return fetch_after


def _before_the_first(fetch: Fetch, date: str) -> str:
    """Return a date before the first event of the log."""
    days = 1
    while True:
        early = moved(date, -days * 86400)
        if early == _EPOCH or not fetch(limit=1, before=early):
            return moved(early, -1)
        days *= 2

"""One run of a consumer: what is delivered, and in which order."""

from __future__ import annotations

import collections
import contextlib
import os
import time
from typing import Any, Callable, Iterator

from .. import _core
from .._engine import logs, scopes
from .._engine.dispatch import run
from ..client import get_current_user
from ..exception import (
    MethodNotAllowedException,
    NotAllowedException,
    RouteNotFoundException,
    ServerErrorException,
    TooManyRequestsException,
)
from . import systemd
from .alarm import Alarm
from .backoff import Backoff
from .checkpoint import FileStorage
from .feed import Feed, Messages
from .lock import Lock
from .names import NEVER_LOGGED, Names
from .settings import Settings
from .waiting import Waiting, on_sigterm

logger = logs.logger("events")

#: How many messages of the stream may wait while a handler works.
MAX_INBOX = 1000
#: How many seconds pass between two readings of a busy log.
BUSY_INTERVAL = 0.1
#: How many seconds pass between two readings at most, while an event is expected.
EXPECTING_INTERVAL = 2
#: How many seconds a message waits for its event in the log.
PATIENCE = 10
#: How many seconds pass between two readings while the stream is disconnected.
DISCONNECTED_INTERVAL = 5
#: How many seconds pass between two looks for requests to retry events.
RETRY_INTERVAL = 5
#: The longest delay between two attempts to reach the server, in seconds.
LONGEST_DELAY = 30
_NEVER = float("inf")

#: Errors that pass: the network, a restart of the server, too many requests.
#: ``ValueError``: what a proxy answers instead of JSON.
_TRANSIENT = (
    OSError,
    ServerErrorException,
    TooManyRequestsException,
    ValueError,
)


class Unavailable(Exception):
    """The server cannot be reached, or cannot answer at the moment."""


class Run:
    """
    One run of a consumer.

    Args:
        settings: The arguments of the consumer.
        wanted: The names of the events.
        counters: What has happened, by the names of ``Consumer.counters``.
        connect: Returns an event client that is connected.
    """

    def __init__(
        self,
        settings: Settings,
        wanted: Names,
        counters: collections.Counter,
        connect: Callable[[], Any],
    ) -> None:
        self._settings = settings
        self._client = settings.client
        self._storage = settings.storage
        self._wanted = wanted
        self.counters = counters
        self.waiting = Waiting()
        self.alarm = Alarm(connect, self._on_message, self._on_connect)
        self._messages = Messages(PATIENCE)
        self._feed = Feed(
            self._fetch,
            settings.overlap,
            settings.settle,
            self._found,
        )
        #: Whether the log can be read; None until the server was asked.
        self.replays: bool | None = None
        #: Whether the log has events of a name, as far as that is known.
        self.is_logged = dict.fromkeys(NEVER_LOGGED, False)
        #: Whether every event has been handled, as far as that is known.
        self.idle = False
        #: When ``idle`` was last true.
        self.idle_at = time.monotonic()
        self._inbox: collections.deque[tuple[str, Any]] = collections.deque()
        self._was_connected = False
        self._user_id = ""
        # When a usual reading is due, one of the whole overlap, and a look for
        # skipped events.
        self._read_at = _NEVER
        self._whole_at = self._retry_at = 0.0
        self._expecting = Backoff(BUSY_INTERVAL, EXPECTING_INTERVAL)
        self._delays = Backoff(longest=LONGEST_DELAY)
        self._is_outage = False

    def deliver(self) -> Iterator[dict]:
        """Yield events. An event is handled when the next one is asked for."""
        with contextlib.ExitStack() as closing:
            self._open(closing)
            while not self.waiting.stopped:
                self._check_alarm()
                yield from self._skipped()
                yield from self._from_stream()
                yield from self._from_log()
                self._rest()

    # --- The beginning -------------------------------------------------------

    def _open(self, closing: contextlib.ExitStack) -> None:
        name, base = self._settings.name, self._settings.base
        _make_folder(os.path.dirname(base))
        lock = Lock(base + ".lock", "the consumer {!r}".format(name))
        closing.callback(lock.release)
        closing.enter_context(on_sigterm(self.waiting.stop))
        closing.callback(systemd.notify, "STOPPING=1")
        is_restored = self._restore()
        closing.callback(self.alarm.stop)
        self.alarm.start()
        if isinstance(self._storage, FileStorage):
            closing.callback(self._storage.close)
        self._begin(is_restored)
        systemd.notify("READY=1")

    def _restore(self) -> bool:
        state = self._storage.load()
        if state is None:
            return False
        host = state.get("host") if isinstance(state, dict) else None
        self._feed.restore(state)
        if host != self._client.host:
            raise ValueError(
                "The checkpoint of {!r} belongs to {}, and the client to {}: "
                "use another name or checkpoint for each server".format(
                    self._settings.name, host, self._client.host
                )
            )
        return True

    def _begin(self, is_restored: bool) -> None:
        """Ask whether the log can be read, and note where the events begin."""
        while not self.waiting.stopped:
            self._check_alarm()
            try:
                self._user_id = self._current_user()["id"]
                replays = self._may_read_log()
                if replays and not is_restored:
                    self._begin_anew()
            except (Unavailable, *_TRANSIENT) as error:
                self._say_unavailable(error)
                self.waiting.pause(self._delays.next())
                continue
            self._say_recovered()
            if replays:
                self._storage.save(self._state())
            self.replays = replays
            return

    def _current_user(self) -> dict:
        with self.waiting.requests, scopes.fresh():
            return get_current_user(client=self._client)

    def _may_read_log(self) -> bool:
        try:
            self._last_events(limit=1)
        except NotAllowedException:
            self._say_live_only("the login is not a manager's")
            return False
        except (RouteNotFoundException, MethodNotAllowedException) as error:
            self._say_live_only("the server has none ({})".format(error))
            return False
        return True

    def _begin_anew(self) -> None:
        start = self._settings.start
        if start == "now":
            self._feed.begin_now(
                lambda **limits: self._fetch(filtered=False, **limits)
            )
        elif start != "beginning":
            self._feed.begin_at(start)

    def _state(self) -> dict[str, Any]:
        return dict(
            self._feed.state(),
            name=self._settings.name,
            host=self._client.host,
        )

    # --- The log -------------------------------------------------------------

    def _last_events(
        self,
        limit: int,
        after: str | None = None,
        before: str | None = None,
        cursor_event_id: str | None = None,
        filtered: bool = True,
        name: str | None = None,
    ) -> Any:
        filters = self._wanted.filters() if filtered else {}
        call = _core.sync.get_last_events(
            limit,
            self._settings.project,
            after,
            before,
            False,
            name or filters.get("name"),
            cursor_event_id,
            filters.get("name_prefixes"),
            filters.get("name_suffixes"),
            None,
        )
        # An old answer would look as if nothing had happened.
        with self.waiting.requests, scopes.fresh():
            return run(self._client, call)

    def _fetch(self, **limits: Any) -> list:
        """Return events of the log, newest first (see ``log.Fetch``)."""
        self.waiting.alive()
        try:
            events = self._last_events(**limits)
        except (*_TRANSIENT, RouteNotFoundException) as error:
            # The log was there before: if not now, the server is restarted.
            raise Unavailable(
                "{}: {}".format(type(error).__name__, error)
            ) from error
        if not isinstance(events, list):
            raise Unavailable("the answer is not a list of events")
        return events

    def _from_log(self) -> Iterator[dict]:
        now = time.monotonic()
        is_whole = now >= self._whole_at
        if not self.replays or not (is_whole or now >= self._read_at):
            return
        self._read_at = _NEVER
        self.idle = False
        try:
            for event in self._feed.read(is_whole):
                if not self._is_wanted(event):
                    self._feed.done(event)
                    continue
                yield event
                self.counters["handled"] += 1
                self._feed.done(event)
                self._save(event)
                if self.waiting.stopped:
                    return
                # Events that are not in the log must not wait for all others.
                yield from self._from_stream()
            self.counters["late"] = self._feed.late
            self._say_recovered()
            self._check_overdue()
        except Unavailable as error:
            self._say_unavailable(error)
            self._whole_at = time.monotonic() + self._delays.next()
            return
        except NotAllowedException:
            self.replays = False
            self._say_live_only("the login may not do so any more")
            return
        self._schedule(is_whole)

    def _schedule(self, was_whole: bool) -> None:
        """Decide when the log is read again."""
        now = time.monotonic()
        if was_whole:
            poll = self._settings.poll
            if not self.alarm.connected:
                poll = min(poll, DISCONNECTED_INTERVAL)
            self._whole_at = now + poll
        if self._feed.next_time is not None:
            self._read_at = max(self._feed.next_time, now)
        elif self._messages:
            self._read_at = now + self._expecting.next()
        else:
            self.idle = True
            self.idle_at = now

    def _found(self, event: dict) -> bool:
        """Note an event that is seen for the first time. Return whether it is new."""
        # The name is logged, even if it was not known, or not so by other servers.
        self.is_logged[event["name"]] = True
        return self._messages.found(event)

    def _is_wanted(self, event: dict) -> bool:
        return self._wanted.match(event["name"]) and (
            self._settings.own or event["user_id"] != self._user_id
        )

    def _save(self, event: dict) -> None:
        storage = self._storage
        if not isinstance(storage, FileStorage) or storage.add(
            event["id"], event["created_at"][:19]
        ):
            storage.save(self._state())

    # --- The stream ----------------------------------------------------------

    def _on_message(self, name: str, data: Any = None, *others: Any) -> None:
        """Note a message. A thread of the stream calls this."""
        if not self._wanted.match(name):
            return
        project = self._settings.project
        if project is not None and project != _project_of(data):
            return
        if len(self._inbox) < MAX_INBOX:
            self._inbox.append((name, data))
        elif not self._is_in_log(name):
            self.counters["lost"] += 1
        self.waiting.wake()

    def _on_connect(self) -> None:
        """Note that the stream is connected. A thread of the stream calls this."""
        self.counters["connected"] += 1
        self._was_connected = True
        self.waiting.wake()

    def _is_in_log(self, name: str) -> bool:
        return bool(self.replays) and self.is_logged.get(name, True)

    def _from_stream(self) -> Iterator[dict]:
        """Yield the messages whose events the log will not have."""
        if self._was_connected:
            # Messages may have been missed.
            self._was_connected = False
            self._whole_at = 0
        while self._inbox and not self.waiting.stopped:
            name, data = self._inbox.popleft()
            if self._is_in_log(name):
                self._messages.arrived(name, data)
                self.idle = False
                self._expecting = Backoff(BUSY_INTERVAL, EXPECTING_INTERVAL)
                soon = time.monotonic() + BUSY_INTERVAL
                self._read_at = min(self._read_at, soon)
                continue
            self._messages.delivered(name, data)
            yield {
                "id": None,
                "created_at": None,
                "name": name,
                "user_id": None,
                "project_id": _project_of(data),
                "data": data,
            }
            self.counters["handled"] += 1
            self.counters["live"] += 1

    def _check_overdue(self) -> None:
        """Deliver messages that are not in the log, although their name is new."""
        for name, data in self._messages.overdue():
            if name not in self.is_logged:
                found = self._fetch(filtered=False, limit=1, name=name)
                self.is_logged[name] = bool(found)
            if not self.is_logged[name]:
                self._inbox.append((name, data))

    def _check_alarm(self) -> None:
        if self.alarm.failure is not None:
            raise self.alarm.failure

    # --- Skipped events ------------------------------------------------------

    def _skipped(self) -> Iterator[dict]:
        """Yield the skipped events that somebody wants to be handled again."""
        now = time.monotonic()
        if now < self._retry_at:
            return
        self._retry_at = now + RETRY_INTERVAL
        events = self._settings.skipped.requested()
        event = next(events, None)
        while event is not None and not self.waiting.stopped:
            yield event
            self.counters["handled"] += 1
            # The event is forgotten now.
            event = next(events, None)

    # --- Waiting -------------------------------------------------------------

    def _rest(self) -> None:
        """Wait until there is something to do."""
        if not self.replays and time.monotonic() >= self._whole_at:
            self._check_login()
        if self.idle and self._settings.on_idle is not None:
            self._settings.on_idle()
        now = time.monotonic()
        until = min(self._read_at, self._whole_at, self._retry_at)
        if self._settings.on_idle is not None:
            until = min(until, now + 1)
        if not self._inbox:
            self.waiting.rest(max(until - now, 0))

    def _check_login(self) -> None:
        """Without a log, nothing else shows whether the login has ended."""
        self._whole_at = time.monotonic() + self._settings.poll
        try:
            self._current_user()
        except _TRANSIENT as error:
            self._say_unavailable(error)
        else:
            self._say_recovered()
            self.idle = True
            self.idle_at = time.monotonic()

    # --- The logger ----------------------------------------------------------

    def _say_live_only(self, reason: str) -> None:
        logger.warning(
            "The consumer %r cannot read the log of events: %s. It delivers "
            "events only while it is connected.",
            self._settings.name,
            reason,
        )

    def _say_unavailable(self, error: Exception) -> None:
        self.idle = False
        # Otherwise, ``stop`` has ended the request.
        if not self._is_outage and not self.waiting.stopped:
            self._is_outage = True
            logger.warning(
                "The server cannot be reached, trying again: %s", error
            )

    def _say_recovered(self) -> None:
        self._delays = Backoff(longest=LONGEST_DELAY)
        if self._is_outage:
            self._is_outage = False
            logger.info("The server can be reached again.")


def _project_of(data: Any) -> str | None:
    return data.get("project_id") if isinstance(data, dict) else None


def _make_folder(path: str) -> None:
    """Make a folder that only its owner can read, unless it exists."""
    if not os.path.isdir(path):
        os.makedirs(path, mode=0o700, exist_ok=True)

"""The consumer: it delivers every event of a server, in the order of the log."""

from __future__ import annotations

import collections
import contextlib
import datetime
import os
import threading
import time
from typing import Any, AsyncIterator, Callable, Generator, Iterable

from ..client import KitsuClient, default_client
from .checkpoint import Storage
from .handlers import Handlers, Stopped
from .names import NEVER_LOGGED, Names
from .running import Run
from .settings import Settings

#: The names of the counters, in the order in which they are described.
_COUNTERS = (
    "handled",
    "retried",
    "skipped",
    "live",
    "late",
    "lost",
    "connected",
)


class Consumer:
    """
    Receives the events of a server and misses none, in the order of its log.

        bot = gazu.events.Consumer("status-bot", ["task:*"], project=project)

        @bot.on("task:status-changed")
        def changed(event):
            print(event["data"]["task_id"], event["user_id"])

        bot.run()

    It notes in a file, its checkpoint, which events have been handled. When it
    starts, it first reads the events that happened meanwhile from the server's
    log, as far back as that reaches. After a crash, the event at hand is
    delivered again. Reading the log needs the role of a manager, or of an
    administrator for events without a project. With another role, ``replays`` is
    False: events are then delivered only while the consumer is connected.

    An event is a dict with ``id``, ``name``, ``created_at`` (UTC), ``user_id``,
    ``project_id`` and ``data``. Some events are never logged (``live_only``).
    They are delivered only while the consumer is connected, and ``id``,
    ``created_at`` and ``user_id`` are then None.

    Without handlers, ``for event in bot`` and ``async for event in bot`` deliver
    the same events. An event counts as handled when the next one is asked for.
    To end the loop, call ``stop``: after a ``break``, the last event is
    delivered again at the next start.

    Args:
        name: The consumer's name. It is part of the names of its files. Only
            one consumer of a name can run on a machine.
        names: The names of the events, such as ``"task:new"``, or patterns, such
            as ``"task:*"``. None means those of the handlers, or all events
            if there is no handler.
        project: Only events of this project (dict or id).
        client: The client, logged in.
        checkpoint: The path of the checkpoint, or an object that keeps it:
            ``load()`` returns what ``save(state)`` received last, or None.
            None means ``<name>.checkpoint`` in ``~/.gazu/consumers``, or in the
            folder that the variable ``STATE_DIRECTORY`` names.
        start: Where to begin if there is no checkpoint: ``"now"``,
            ``"beginning"`` (of the log), or a date: ``YYYY-mm-dd``,
            ``YYYY-mm-ddTHH:MM:SS`` (UTC), a ``date`` or a ``datetime``.
        own: Whether to deliver events that this login has caused.
        retries: How often a handler that raises is called again, after 1, 2, 4
            ... seconds, at most 60.
        on_error: What happens then. ``"stop"``: ``run`` raises the handler's
            exception, and the event is delivered again at the next start.
            ``"skip"``: the event is written to a file, and the next one is
            handled. Or a function, called with the event and the exception,
            that returns one of both.
        on_idle: Called with the consumer about once a second while every event
            has been handled, for example to touch a file for a health check.
        overlap: How many seconds after its date an event may become visible in
            the log.
        settle: How many seconds an event waits for others that the server saves
            at the same time. 0 delivers events faster, but events of the same
            second maybe in another order than the log's.
        poll: How many seconds pass between two readings of the log if the
            stream announces nothing.
        backoff: How many seconds pass before a handler is called again for the
            first time.

    Raises:
        TypeError: an argument has a wrong type.
        ValueError: an argument has a wrong value: a name without ``:``, a
            ``start`` that is no date, a number below 0.
    """

    #: Returns an event client that is connected. ``gazu.events`` sets it.
    _connect: Callable[[KitsuClient], Any]

    def __init__(
        self,
        name: str,
        names: str | Iterable[str] | None = None,
        project: str | dict | None = None,
        client: KitsuClient = default_client,
        *,
        checkpoint: str | os.PathLike | Storage | None = None,
        start: str | datetime.date = "now",
        own: bool = True,
        retries: int = 3,
        on_error: str | Callable[[dict, Exception], Any] = "stop",
        on_idle: Callable[[Consumer], Any] | None = None,
        overlap: float = 60,
        settle: float = 0.5,
        poll: float = 30,
        backoff: float = 1,
    ) -> None:
        self._settings = Settings(
            name,
            names,
            project,
            client,
            checkpoint,
            start,
            own,
            None if on_idle is None else self._on_idle,
            overlap,
            settle,
            poll,
        )
        if on_idle is not None and not callable(on_idle):
            raise TypeError("on_idle cannot be called: {!r}".format(on_idle))
        self._idle_handler = on_idle
        self._handlers = Handlers(retries, backoff, on_error)
        self._counters: collections.Counter[str] = collections.Counter()
        self._lock = threading.Lock()
        self._run: Run | None = None

    def _on_idle(self) -> None:
        if self._idle_handler is not None:
            self._idle_handler(self)

    def __repr__(self) -> str:
        return "<Consumer {!r}: {}>".format(
            self.name, ", ".join(self._wanted().patterns)
        )

    @property
    def name(self) -> str:
        """The name of the consumer."""
        return self._settings.name

    @property
    def own(self) -> bool:
        """Whether events that this login has caused are delivered."""
        return self._settings.own

    @own.setter
    def own(self, value: bool) -> None:
        self._settings.own = value

    def on(
        self, *names: str
    ) -> Callable[[Callable[[dict], Any]], Callable[[dict], Any]]:
        """
        Return a decorator that adds a function as a handler.

        The handlers of an event are called one after another, in the order in
        which they were added, in the thread of ``run``. Each receives a copy of
        the event.

        Args:
            names: The names or patterns of its events. Without names: all
                events of the consumer.

        Raises:
            TypeError: a name is not a text, or the function cannot be called.
            ValueError: a name is no event name, or none of the consumer's.
        """
        wanted = Names(names or ["*"])
        own = self._settings.names
        if own is not None and not own.overlap(wanted):
            raise ValueError(
                "The consumer {!r} does not receive {}: its names are "
                "{}".format(
                    self.name,
                    ", ".join(wanted.patterns),
                    ", ".join(own.patterns),
                )
            )

        def add(handler: Callable[[dict], Any]) -> Callable[[dict], Any]:
            self._handlers.add(wanted, handler)
            return handler

        return add

    def _wanted(self) -> Names:
        if self._settings.names is not None:
            return self._settings.names
        return Names(self._handlers.patterns() or ["*"])

    # --- What can be read ----------------------------------------------------

    @property
    def replays(self) -> bool | None:
        """
        Whether events that happened before are delivered.

        None until the server has been asked. False if the login may not read
        the log, or the server has none.
        """
        return self._run.replays if self._run else None

    @property
    def live_only(self) -> list[str]:
        """
        The names of the wanted events that the log does not have, sorted.

        Those of Zou are known. Others are added when such an event arrives.
        """
        is_logged = (
            self._run.is_logged
            if self._run
            else dict.fromkeys(NEVER_LOGGED, False)
        )
        wanted = self._wanted()
        return sorted(
            name
            for name, is_in_log in list(is_logged.items())
            if not is_in_log and wanted.match(name)
        )

    @property
    def connected(self) -> bool:
        """Whether the event stream is connected."""
        return self._run is not None and self._run.alarm.connected

    @property
    def lag(self) -> float:
        """
        Seconds since every event of the log was last known to be handled.

        0.0 while that is so, and if the consumer is not running.
        """
        run = self._run
        if run is None or not self._lock.locked():
            return 0.0
        if run.idle and run.alarm.connected:
            return 0.0
        return time.monotonic() - run.idle_at

    @property
    def counters(self) -> dict[str, int]:
        """
        What has happened since the consumer was made.

        - ``handled``: events that were handled or skipped
        - ``retried``: further calls of handlers that had raised
        - ``skipped``: events that a handler could not handle
        - ``live``: handled events that are not in the log
        - ``late``: events that became visible after later ones were handled
        - ``lost``: events that are not in the log, and were not delivered
          because the handlers took too long
        - ``connected``: how often the stream was connected
        """
        return {name: self._counters[name] for name in _COUNTERS}

    # --- Running -------------------------------------------------------------

    def run(self) -> None:
        """
        Call the handlers for each event, until the consumer is stopped.

        It ends after the event at hand if SIGTERM arrives or ``stop`` is called.
        While the server cannot be reached, it tries again.

        Raises:
            ValueError: there is no handler, or the checkpoint belongs to
                another server.
            RuntimeError: a consumer of this name is running already.
            NotAuthenticatedException: the login has ended, and cannot be
                renewed.
            KeyboardInterrupt: Ctrl-C was pressed.
            Exception: a handler raised it, and ``on_error`` is ``"stop"``.
        """
        if not self._handlers:
            raise ValueError(
                "The consumer {!r} has no handler: add one with "
                "@consumer.on(...)".format(self.name)
            )
        with contextlib.closing(self._deliver()) as events:
            for event in events:
                if not self._handle(event):
                    return

    def _handle(self, event: dict) -> bool:
        """Call the handlers. Return False if the consumer was stopped meanwhile."""
        assert self._run is not None
        try:
            self._handlers.handle(
                event,
                self._settings.skipped,
                self._counters,
                self._run.waiting.pause,
            )
        except Stopped:
            return False
        return True

    def stop(self) -> None:
        """
        Stop after the event at hand.

        Any thread, any handler and any signal handler may call this. If the
        consumer is not running, nothing happens.
        """
        if self._run is not None:
            self._run.waiting.stop()

    def retry_skipped(self) -> int:
        """
        Handle all skipped events again: at the next start, or soon if it runs.

        Returns:
            int: How many events these are.
        """
        return self._settings.skipped.request_retry()

    def __iter__(self) -> Generator[dict, None, None]:
        return self._deliver()

    def _deliver(self) -> Generator[dict, None, None]:
        """Yield events. An event is handled when the next one is asked for."""
        if not self._lock.acquire(blocking=False):
            raise RuntimeError(
                "The consumer {!r} is already running".format(self.name)
            )
        try:
            client = self._settings.client
            self._run = Run(
                self._settings,
                self._wanted(),
                self._counters,
                lambda: self._connect(client),
            )
            yield from self._run.deliver()
        finally:
            self._lock.release()

    async def __aiter__(self) -> AsyncIterator[dict]:
        import asyncio
        from concurrent.futures import ThreadPoolExecutor

        loop = asyncio.get_running_loop()
        events = self._deliver()
        ended = object()
        thread = ThreadPoolExecutor(1, "gazu.events")
        try:
            while True:
                event: Any = await loop.run_in_executor(
                    thread, next, events, ended
                )
                if event is ended:
                    return
                yield event
        finally:
            self.stop()
            # The thread ends soon, so a second cancellation can wait for it.
            await asyncio.shield(loop.run_in_executor(thread, events.close))
            thread.shutdown(wait=False)

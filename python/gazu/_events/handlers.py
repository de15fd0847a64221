"""The functions that handle the events of a consumer."""

from __future__ import annotations

import copy
import inspect
from typing import Any, Callable

from .._engine import logs
from .backoff import Backoff
from .names import Names
from .settings import checked_number
from .skipped import Skipped

logger = logs.logger("events")

Handler = Callable[[dict], Any]


class Stopped(Exception):
    """The consumer was stopped while a handler's next attempt was waited for."""


class Handlers:
    """
    Functions with the names of their events, and what happens if one raises.

    Args:
        retries: How often a handler that raises is called again.
        backoff: The first delay before that, in seconds.
        on_error: What follows: ``"stop"``, ``"skip"`` or a function.

    Raises:
        TypeError: an argument has a wrong type.
        ValueError: an argument has a wrong value.
    """

    def __init__(
        self,
        retries: int,
        backoff: float,
        on_error: str | Callable[[dict, Exception], Any],
    ) -> None:
        if on_error not in ("stop", "skip") and not callable(on_error):
            raise ValueError(
                "on_error must be 'stop', 'skip' or a function, not "
                "{!r}".format(on_error)
            )
        if isinstance(retries, float):
            raise TypeError("retries must be an integer: {!r}".format(retries))
        self._retries = checked_number("retries", retries)
        self._backoff = checked_number("backoff", backoff)
        self._on_error = on_error
        self._handlers: list[tuple[Names, Handler]] = []

    def __bool__(self) -> bool:
        return bool(self._handlers)

    def add(self, names: Names, handler: Handler) -> None:
        """
        Add a handler.

        Raises:
            TypeError: it cannot be called, or is a coroutine function.
        """
        if not callable(handler):
            raise TypeError("{!r} cannot be called".format(handler))
        if inspect.iscoroutinefunction(handler):
            raise TypeError(
                "{} is a coroutine function: use 'async for event in "
                "consumer' instead of handlers".format(name_of(handler))
            )
        self._handlers.append((names, handler))

    def patterns(self) -> list[str]:
        """Return the names and patterns of all handlers."""
        return [
            pattern
            for names, _ in self._handlers
            for pattern in names.patterns
        ]

    def handle(
        self,
        event: dict,
        skipped: Skipped,
        counters: dict[str, int],
        wait: Callable[[float], bool],
    ) -> None:
        """
        Call the handlers of an event, in the order in which they were added.

        Args:
            event: The event. Each call receives a copy.
            skipped: Where an event goes that is skipped.
            counters: ``retried`` and ``skipped`` are increased.
            wait: Waits some seconds, and returns whether to go on.

        Raises:
            Stopped: ``wait`` returned False.
            Exception: a handler raised it, and the consumer has to stop.
        """
        for names, handler in self._handlers:
            if not names.match(event["name"]):
                continue
            backoff = Backoff(self._backoff)
            attempts = 0
            while True:
                attempts += 1
                try:
                    handler(copy.deepcopy(event))
                    break
                except Exception as error:
                    if attempts <= self._retries:
                        counters["retried"] += 1
                        delay = backoff.next()
                        logger.warning(
                            "%s failed for %s %s, attempt %s; trying again in "
                            "%.1f s: %s: %s",
                            name_of(handler),
                            event["name"],
                            event["id"],
                            attempts,
                            delay,
                            type(error).__name__,
                            error,
                        )
                        if not wait(delay):
                            raise Stopped from error
                        continue
                    if self._decide(event, error) == "stop":
                        raise
                    counters["skipped"] += 1
                    self._skip(event, error, handler, attempts, skipped)
                    break

    def _decide(self, event: dict, error: Exception) -> str:
        decision: Any = self._on_error
        if callable(decision):
            decision = decision(copy.deepcopy(event), error)
            if decision is None:
                decision = "skip"
            if decision not in ("stop", "skip"):
                raise ValueError(
                    "on_error returned {!r}, not 'stop', 'skip' or "
                    "None".format(decision)
                )
        return decision

    def _skip(
        self,
        event: dict,
        error: Exception,
        handler: Handler,
        attempts: int,
        skipped: Skipped,
    ) -> None:
        skipped.add(event, error, name_of(handler), attempts)
        logger.error(
            "%s failed for %s %s, which is skipped and kept in %s",
            name_of(handler),
            event["name"],
            event["id"],
            skipped.path,
            exc_info=error,
        )


def name_of(handler: Any) -> str:
    """Return the name of a function, for messages."""
    return getattr(handler, "__qualname__", None) or repr(handler)

"""Waiting that a signal, another thread or Ctrl-C can end."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
import time
from typing import Any, Callable, Iterator

from .. import _core
from .systemd import Watchdog

#: Where Ctrl-C does not interrupt a wait, no wait is longer than this.
SLICE = 0.2
#: No wait is longer than this, because locks do not wait for years.
LONGEST = 3600


class Waiting:
    """Waits until some time has passed, or until it is woken up."""

    def __init__(self) -> None:
        self._wakes: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._watchdog = Watchdog()
        #: Whether ``stop`` was called.
        self.stopped = False
        #: In this ``with`` statement, ``stop`` ends requests with InterruptedError.
        self.requests = _core.Cancel()

    def wake(self) -> None:
        """End the current wait, or the next one."""
        # A signal handler may call this at any moment, and `put` allows that.
        if self._wakes.empty():
            self._wakes.put(None)

    def stop(self) -> None:
        """End the current wait or request, and let ``pause`` return False."""
        self.stopped = True
        self.requests.cancel()
        self.wake()

    def alive(self) -> None:
        """Tell systemd that the process is alive, if it wants to know."""
        self._watchdog.ping()

    def rest(self, seconds: float) -> None:
        """Wait some seconds, or until ``wake`` is called."""
        end = time.monotonic() + min(seconds, LONGEST)
        while True:
            self.alive()
            left = max(end - time.monotonic(), 0)
            if os.name == "nt":
                left = min(left, SLICE)
            if self._watchdog.interval is not None:
                left = min(left, self._watchdog.interval)
            try:
                self._wakes.get(timeout=left)
                return
            except queue.Empty:
                if time.monotonic() >= end:
                    return

    def pause(self, seconds: float) -> bool:
        """Wait some seconds. Return whether ``stop`` was not called."""
        end = time.monotonic() + seconds
        while not self.stopped and time.monotonic() < end:
            self.rest(end - time.monotonic())
        return not self.stopped


@contextlib.contextmanager
def on_sigterm(stop: Callable[[], None]) -> Iterator[None]:
    """
    Call a function when SIGTERM arrives, inside of this ``with`` statement.

    Only the main thread can receive signals. In other threads, this does nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def received(*details: Any) -> None:
        stop()

    previous = signal.signal(signal.SIGTERM, received)
    try:
        yield
    finally:
        # None: the previous handler was not installed by Python.
        if previous is not None:
            signal.signal(signal.SIGTERM, previous)

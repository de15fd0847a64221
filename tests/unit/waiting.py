"""Waiting for what another thread or process does."""

from __future__ import annotations

import time

#: The longest wait, in seconds.
LIMIT = 60


def wait_for(condition, seconds=LIMIT, pause=0.01):
    """
    Wait until *condition* returns something true, and return that.

    Args:
        condition: A function without arguments.
        seconds: The longest wait.
        pause: The seconds between two calls, longer if it asks a server.
    """
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, "the condition did not become true"
        time.sleep(pause)

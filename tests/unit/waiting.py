"""Waiting for what another thread or process does."""

from __future__ import annotations

import time

#: The longest wait, in seconds.
LIMIT = 60


def wait_for(condition, seconds=LIMIT):
    """Wait until *condition* returns something true, and return that."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, "the condition did not become true"
        time.sleep(0.01)

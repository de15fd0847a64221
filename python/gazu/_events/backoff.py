"""Growing delays between attempts."""

from __future__ import annotations

import random


class Backoff:
    """
    Delays that double, and vary a little so that processes do not act at once.

    Args:
        first: The first delay in seconds.
        longest: The longest delay in seconds.
    """

    def __init__(self, first: float = 1, longest: float = 60) -> None:
        self._next = first
        self._longest = longest

    def next(self) -> float:
        """Return the next delay."""
        delay = min(self._next, self._longest)
        self._next = min(delay * 2, self._longest)
        return delay * random.uniform(0.75, 1.25)

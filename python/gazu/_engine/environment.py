"""What the environment says of timeouts, retries and deadlines."""

from __future__ import annotations

import logging
import os
from typing import Any, Callable

from .._requests_compat.session import DEFAULT_TIMEOUT, deadlines

logger = logging.getLogger("gazu")

#: How often a read is tried that fails on the way.
DEFAULT_RETRIES = 3


class _Unset:
    """The value of an argument for which the environment is asked."""

    def __repr__(self) -> str:
        return "<from the environment>"


UNSET: Any = _Unset()


def timeout() -> Any:
    """Return the timeout of ``GAZU_TIMEOUT``, as ``KitsuClient`` takes it."""
    return _read("GAZU_TIMEOUT", _timeout_of, DEFAULT_TIMEOUT)


def retries() -> int:
    """Return the number of tries of ``GAZU_RETRIES``."""
    return _read(
        "GAZU_RETRIES", lambda text: tries(int(text)), DEFAULT_RETRIES
    )


def deadline() -> float | None:
    """Return the deadline of ``GAZU_DEADLINE`` in seconds, or None."""
    return _read("GAZU_DEADLINE", _deadline_of, None)


def tries(number: Any) -> int:
    """
    Return a number of tries.

    Raises:
        ValueError: it is no whole number, or negative.
    """
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise ValueError(
            "retries: expected how often a read is tried, not {!r}".format(
                number
            )
        )
    return number


def _read(name: str, parse: Callable, default: Any) -> Any:
    text = os.getenv(name, "").strip()
    if not text:
        return default
    try:
        return parse(text)
    except ValueError:
        logger.warning("%s is not understood: %r", name, text)
        return default


def _timeout_of(text: str) -> Any:
    parts = [
        None if part.strip().lower() == "none" else float(part)
        for part in text.split(",")
    ]
    value = parts[0] if len(parts) == 1 else tuple(parts)
    deadlines(value)
    return value


def _deadline_of(text: str) -> float | None:
    return None if text.lower() == "none" else deadlines(float(text))[0]

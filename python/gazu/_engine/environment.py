"""Timeouts, retries and deadlines from environment variables."""

from __future__ import annotations

import os

from .._requests_compat.session import DEFAULT_TIMEOUT, deadlines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

#: The number of attempts for a read, such as a GET, that fails on the network.
DEFAULT_RETRIES = 3


class _Unset:
    """The default of arguments that environment variables can set."""

    def __repr__(self) -> str:
        return "<from the environment>"


UNSET: Any = _Unset()


def timeout() -> Any:
    """Return the timeout from ``GAZU_TIMEOUT``, in the form of ``KitsuClient``."""
    return _from_environment("GAZU_TIMEOUT", _timeout_of, DEFAULT_TIMEOUT)


def retries() -> int:
    """Return the number of attempts from ``GAZU_RETRIES``."""
    return _from_environment(
        "GAZU_RETRIES", lambda text: attempts(int(text)), DEFAULT_RETRIES
    )


def deadline() -> float | None:
    """Return the deadline from ``GAZU_DEADLINE`` in seconds, or None."""
    return _from_environment("GAZU_DEADLINE", _deadline_of, None)


def attempts(number: Any) -> int:
    """
    Return a valid number of attempts unchanged.

    Raises:
        ValueError: it is not an integer, or negative.
    """
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise ValueError(
            "retries: expected an integer, 0 or more, not {!r}".format(number)
        )
    return number


def _from_environment(name: str, parse: Callable, default: Any) -> Any:
    text = os.getenv(name, "").strip()
    if not text:
        return default
    try:
        return parse(text)
    except ValueError:
        import warnings

        # A log would not be seen: the logger has no handler of its own.
        warnings.warn(
            "The environment variable {} has the value {!r}, which is not {}; "
            "the default, {!r}, is used".format(
                name, text, _EXPECTED[name], default
            ),
            RuntimeWarning,
            stacklevel=4,
        )
        return default


_EXPECTED = {
    "GAZU_TIMEOUT": "a number of seconds, two numbers such as 5,60, or none",
    "GAZU_RETRIES": "an integer, 0 or more",
    "GAZU_DEADLINE": "a number of seconds, or none",
}


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

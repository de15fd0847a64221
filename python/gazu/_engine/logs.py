"""
The logger ``gazu`` and those below it.

They exist when somebody has imported ``logging``, which takes longer than to import
this package.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging
    from typing import Any

_logger: logging.Logger | None = None
#: The value of ``logging.DEBUG``.
_DEBUG = 10


def logger(below: str = "") -> logging.Logger:
    """
    Return the logger ``gazu``. Without a handler of the script, it writes nothing.

    Args:
        below: The name of a logger below it, such as ``events``.
    """
    global _logger
    if _logger is None:
        import logging

        found = logging.getLogger("gazu")
        found.addHandler(logging.NullHandler())
        _logger = found
    return _logger.getChild(below) if below else _logger


def wants_debug() -> bool:
    """Return whether lines at debug level are logged."""
    if _logger is None and "logging" not in sys.modules:
        # Nobody can have asked for them.
        return False
    return (_logger or logger()).isEnabledFor(_DEBUG)


def debug(message: str, *args: Any) -> None:
    """Log a line at debug level."""
    if wants_debug():
        logger().debug(message, *args)

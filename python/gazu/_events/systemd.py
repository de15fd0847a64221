"""Messages to systemd about the state of a service."""

from __future__ import annotations

import os
import socket
import time

from .._engine import logs

logger = logs.logger("events")


def notify(text: str) -> None:
    """
    Send a message to systemd, if it has started this process as a service.

    Args:
        text: Such as ``READY=1``.
    """
    address = os.environ.get("NOTIFY_SOCKET")
    family = getattr(socket, "AF_UNIX", None)
    if not address or family is None:
        return
    if address[0] == "@":
        # An abstract socket, which is not a file.
        address = "\0" + address[1:]
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as sender:
            # A full queue must not stop the service.
            sender.settimeout(1)
            sender.sendto(text.encode("utf-8"), address)
    except OSError as error:
        logger.debug("systemd was not told %s: %s", text, error)


class Watchdog:
    """Tells systemd regularly that this process is alive, if systemd asks for it."""

    def __init__(self) -> None:
        #: How many seconds may pass between two calls of ``ping``, or None.
        self.interval: float | None = None
        self._last = 0.0
        process = os.environ.get("WATCHDOG_PID")
        if process in (None, "", str(os.getpid())):
            try:
                limit = int(os.environ.get("WATCHDOG_USEC", "0")) / 1e6
            except ValueError:
                limit = 0
            if limit > 0:
                self.interval = limit / 3

    def ping(self) -> None:
        """Tell systemd that this process is alive, unless it knows."""
        if self.interval is None:
            return
        now = time.monotonic()
        if now - self._last >= self.interval:
            self._last = now
            notify("WATCHDOG=1")

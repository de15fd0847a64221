"""The event stream as an alarm: it says when the log has something new."""

from __future__ import annotations

import contextlib
import threading
from typing import Any, Callable

from .._engine import logs
from .backoff import Backoff

logger = logs.logger("events")

#: How many seconds the end of the connection is waited for.
CLOSING = 5


class Alarm:
    """
    A connection to the event stream, which is always established again.

    Args:
        connect: Returns a connected event client, or raises an exception.
        on_message: Called with the name and the data of each message.
        on_connect: Called after each time that the connection is established.
    """

    def __init__(
        self,
        connect: Callable[[], Any],
        on_message: Callable[[str, Any], None],
        on_connect: Callable[[], None],
    ) -> None:
        self._connect = connect
        self._on_message = on_message
        self._on_connect = on_connect
        self._ended = threading.Event()
        self._stream: Any = None
        #: The exception that makes further attempts useless, or None.
        self.failure: BaseException | None = None
        self._thread = threading.Thread(
            target=self._run, name="gazu.events", daemon=True
        )

    @property
    def connected(self) -> bool:
        """Whether messages arrive."""
        stream = self._stream
        return bool(
            stream is not None and stream.connected and stream.namespaces
        )

    def start(self) -> None:
        """Connect, in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """Disconnect, and do not connect again."""
        self._ended.set()
        stream = self._stream
        if stream is not None:
            with contextlib.suppress(Exception):
                stream.disconnect()
        if self._thread.ident is not None:
            self._thread.join(CLOSING)

    def _run(self) -> None:
        backoff = Backoff(longest=30)
        said = False
        while not self._ended.is_set():
            try:
                stream = self._connect()
            except ImportError as error:
                self.failure = error
                self._on_connect()
                return
            except Exception as error:
                # The log is read without the stream, too, if less often.
                if not said:
                    logger.warning(
                        "The event stream cannot be reached: %s", error
                    )
                said = True
                self._ended.wait(backoff.next())
                continue
            said = False
            backoff = Backoff(longest=30)
            self._listen(stream)

    def _listen(self, stream: Any) -> None:
        """Pass on messages until the connection has ended for good."""
        known = None

        def connected() -> None:
            nonlocal known
            if stream.sid != known:
                known = stream.sid
                self._on_connect()

        stream.on("*", self._on_message, namespace="/events")
        stream.on("connect", connected, namespace="/events")
        self._stream = stream
        try:
            if not self._ended.is_set():
                # The first connection was established before ``on``.
                connected()
                stream.wait()
        except Exception as error:
            logger.warning("The event stream has ended: %s", error)
        finally:
            self._stream = None
            with contextlib.suppress(Exception):
                stream.disconnect()

"""Events for asyncio."""

from __future__ import annotations

import asyncio
import collections
import threading
from typing import Any, AsyncIterator, Awaitable, Callable

from ..exception import AuthFailedException
from .client import MAX_REJECTIONS, POLL_INTERVAL
from .names import Names

#: How many events may wait for the event loop. Then the connection is not read.
MAX_WAITING = 1000

LiveEvent = collections.namedtuple("LiveEvent", "name data")
LiveEvent.__doc__ = (
    "An event: its name, such as ``asset:new``, and its data, a dict."
)


class Bridge:
    """Passes events from the thread of the handlers to an event loop."""

    def __init__(self, names: Names) -> None:
        self._names = names
        #: The client, once there is one.
        self.client: Any = None
        self._loop: Any = None
        self._queue: Any = None
        self._room = threading.Semaphore(MAX_WAITING)
        self.ended = threading.Event()

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Pass events to this loop."""
        self._loop = loop
        # Before Python 3.10 a queue belongs to the loop in which it is made.
        self._queue = asyncio.Queue()

    def listen(self, client: Any) -> None:
        """Receive the events of a client that is not connected."""
        client.on("*", self.receive, "/events")
        client.on("__disconnect_final", self.end, "/events")
        client.on_rejections = self.end
        self.client = client

    def receive(self, name: str, *data: Any) -> None:
        """Handle an event. Waits while too many are waiting."""
        if not self._names.match(name):
            return
        while not self._room.acquire(timeout=POLL_INTERVAL):
            if self.ended.is_set():
                return
        event = LiveEvent(name, data[0] if len(data) == 1 else list(data))
        self._call(self._queue.put_nowait, event)

    def end(self, *_: Any) -> None:
        """Wake up the event loop at the end of the connection."""
        self._call(self._queue.put_nowait, None)

    def _call(self, function: Any, *args: Any) -> None:
        try:
            self._loop.call_soon_threadsafe(function, *args)
        except RuntimeError:
            # The event loop is closed.
            self.ended.set()

    async def next(self) -> LiveEvent | None:
        """Return the next event, or None at the end of the connection."""
        event = await self._queue.get()
        if event is not None:
            self._room.release()
        return event


async def events(
    bridge: Bridge, connect: Callable[[], Awaitable[None]], threads: Any
) -> AsyncIterator[LiveEvent]:
    """
    Receive events.

    Args:
        bridge: The bridge to the event loop.
        connect: Connects a client, to which the bridge listens.
        threads: The thread pool in which to disconnect.
    """
    bridge.start(asyncio.get_running_loop())
    try:
        await connect()
        while True:
            event = await bridge.next()
            if event is None:
                break
            yield event
        if bridge.client._rejections >= MAX_REJECTIONS:
            raise AuthFailedException(bridge.client._rejection)
    finally:
        bridge.ended.set()
        if bridge.client is not None:
            await asyncio.get_running_loop().run_in_executor(
                threads, bridge.client.disconnect
            )

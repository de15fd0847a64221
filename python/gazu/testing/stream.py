"""
The event stream, for listeners that use Socket.IO's long polling.

It speaks Engine.IO 4 and Socket.IO 5, as far as listeners need them.
"""

from __future__ import annotations

import collections
import json
import threading
import time
import uuid
from typing import Any, Callable
from urllib.parse import parse_qs, urlsplit

#: Seconds between two pings of a listener.
PING_INTERVAL = 5
#: Seconds after which a listener that does not ask for events is forgotten.
PING_TIMEOUT = 20
MAX_PAYLOAD = 1000000
#: The separator of packets.
SEPARATOR = "\x1e"

OPEN, CLOSE, PING, _PONG, MESSAGE, _UPGRADE, NOOP = "0123456"
CONNECT, DISCONNECT, EVENT, _ACK, CONNECT_ERROR = "01234"


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


class _Listener:
    """The connection of one listener."""

    def __init__(self, authorization: str) -> None:
        self.sid = uuid.uuid4().hex
        self.authorization = authorization
        self.namespaces: set[str] = set()
        self.closed = False
        self.last_seen = time.monotonic()
        self._packets: collections.deque = collections.deque()
        self._changed = threading.Condition()

    def put(self, *packets: str) -> None:
        """Send packets with the answer to the next request."""
        with self._changed:
            self._packets.extend(packets)
            self._changed.notify_all()

    def close(self, *packets: str) -> None:
        """Send the last packets."""
        with self._changed:
            self.closed = True
            self._packets.extend(packets)
            self._changed.notify_all()

    def take(self) -> str:
        """Return the packets that are there, or a ping after a while."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._packets or self.closed, PING_INTERVAL
            )
            self.last_seen = time.monotonic()
            packets = list(self._packets) or [NOOP if self.closed else PING]
            self._packets.clear()
        return SEPARATOR.join(packets)

    def is_gone(self) -> bool:
        """Return whether the listener has not been heard of for long."""
        waited = time.monotonic() - self.last_seen
        return waited > PING_INTERVAL + PING_TIMEOUT


class Stream:
    """
    The event stream of one server.

    Args:
        knows: Returns whether an ``Authorization`` header contains a valid token.
    """

    def __init__(self, knows: Callable[[str], bool]) -> None:
        self._knows = knows
        self._listeners: dict[str, _Listener] = {}
        self._lock = threading.Lock()

    def _all(self) -> list[_Listener]:
        with self._lock:
            for sid, listener in list(self._listeners.items()):
                if listener.is_gone():
                    listener.close()
                    del self._listeners[sid]
            return list(self._listeners.values())

    def emit(self, event: dict) -> None:
        """Send an event to all listeners."""
        data = _json([event["name"], event["data"]])
        for listener in self._all():
            if "/events" in listener.namespaces:
                listener.put(MESSAGE + EVENT + "/events," + data)

    def stop(self) -> None:
        """Close the connections of all listeners."""
        for listener in self._all():
            listener.close(CLOSE)
        with self._lock:
            self._listeners.clear()

    def answer(self, handler: Any, body: bytes) -> None:
        """Answer a listener's request."""
        query = parse_qs(urlsplit(handler.path).query)

        def first(name: str) -> str:
            return query.get(name, [""])[0]

        status, text = 200, "ok"
        if handler.command not in ("GET", "POST"):
            status, text = 405, "Method Not Found"
        elif first("EIO") != "4" or first("transport") != "polling":
            status, text = 400, '"The client is using an unsupported version"'
        elif not first("sid"):
            text = self._open(handler.headers.get("Authorization", ""))
        else:
            listener = self._listeners.get(first("sid"))
            if listener is None:
                status, text = 400, '"Invalid session"'
            elif handler.command == "GET":
                text = listener.take()
                if listener.closed:
                    self._forget(listener)
            else:
                listener.last_seen = time.monotonic()
                for packet in body.decode("utf-8").split(SEPARATOR):
                    self._receive(listener, packet)
        content = text.encode("utf-8")
        handler.send_response(status)
        handler.send_header("Content-Type", "text/plain; charset=UTF-8")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def _open(self, authorization: str) -> str:
        listener = _Listener(authorization)
        with self._lock:
            self._listeners[listener.sid] = listener
        return OPEN + _json(
            {
                "sid": listener.sid,
                "upgrades": [],
                "pingTimeout": PING_TIMEOUT * 1000,
                "pingInterval": PING_INTERVAL * 1000,
                "maxPayload": MAX_PAYLOAD,
            }
        )

    def _forget(self, listener: _Listener) -> None:
        with self._lock:
            self._listeners.pop(listener.sid, None)

    def _receive(self, listener: _Listener, packet: str) -> None:
        if packet == CLOSE:
            listener.close(NOOP)
            self._forget(listener)
        if packet[:1] != MESSAGE:
            return
        kind, rest = packet[1:2], packet[2:]
        namespace = rest.partition(",")[0] if rest[:1] == "/" else "/"
        if kind == CONNECT:
            self._connect(listener, namespace)
        elif kind == DISCONNECT:
            listener.namespaces.discard(namespace)

    def _connect(self, listener: _Listener, namespace: str) -> None:
        prefix = "" if namespace == "/" else namespace + ","
        if namespace == "/events" and not self._knows(listener.authorization):
            reason = {"message": "The access token is not valid."}
            listener.put(MESSAGE + CONNECT_ERROR + prefix + _json(reason))
            return
        sid = uuid.uuid4().hex
        listener.put(MESSAGE + CONNECT + prefix + _json({"sid": sid}))
        listener.namespaces.add(namespace)

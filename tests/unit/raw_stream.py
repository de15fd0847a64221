"""An event stream whose every packet a test decides. It has one WebSocket at a time."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import socket
import struct

from .waiting import LIMIT

_KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class RawStream:
    """
    A server that opens WebSockets without a poll before.

    url         its URL; connect with ``transports=["websocket"]``
    opening     what it says about a new connection
    """

    def __init__(self):
        self.opening = {
            "sid": "raw",
            "upgrades": [],
            "pingInterval": 60000,
            "pingTimeout": 60000,
            "maxPayload": 1000000,
        }
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(8)
        self._listener.settimeout(LIMIT)
        self.url = "http://127.0.0.1:%d" % self._listener.getsockname()[1]
        self.connection = None
        self._stream = None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()
        self._listener.close()

    def accept(self):
        """Open the next connection, and connect its namespace. Return the namespace."""
        self.close()
        self.connection, _ = self._listener.accept()
        self.connection.settimeout(LIMIT)
        self._stream = self.connection.makefile("rb")
        key = ""
        for line in iter(self._stream.readline, b"\r\n"):
            assert line, "the client closed the connection"
            name, _, value = line.decode().partition(":")
            if name.lower() == "sec-websocket-key":
                key = value.strip()
        accepted = hashlib.sha1((key + _KEY).encode()).digest()
        self.connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Accept: "
            + base64.b64encode(accepted)
            + b"\r\n\r\n"
        )
        self.send("0" + json.dumps(self.opening))
        text = self.read()
        assert text.startswith("40"), text
        namespace = text[2:].partition("{")[0]
        self.send('40%s{"sid":"x"}' % namespace)
        return namespace

    def close(self):
        """Close the connection."""
        if self.connection is not None:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            self._stream.close()
            self.connection.close()
            self.connection = None

    def is_open(self):
        """Wait for the client. Return False if it has closed the connection."""
        try:
            return bool(self._stream.read(1))
        except ConnectionError:
            return False

    def send(self, text):
        """Send a text frame."""
        self.connection.sendall(frame(text))

    def read(self):
        """Return the text of the next frame of the client."""
        _, length = self._stream.read(2)
        length &= 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self._stream.read(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._stream.read(8))
        mask = self._stream.read(4) * (length // 4 + 1)
        data = self._stream.read(length)
        masked = int.from_bytes(data, "big") ^ int.from_bytes(
            mask[:length], "big"
        )
        return masked.to_bytes(length, "big").decode()


def frame(text):
    """Return a text frame."""
    data = text.encode()
    if len(data) < 126:
        head = struct.pack("!BB", 0x81, len(data))
    elif len(data) < 1 << 16:
        head = struct.pack("!BBH", 0x81, 126, len(data))
    else:
        head = struct.pack("!BBQ", 0x81, 127, len(data))
    return head + data

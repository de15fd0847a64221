"""
An event stream that sends many events to one listener.

    python event_server.py COUNT

Prints its port. It speaks Engine.IO 4 and Socket.IO 5, as far as the benchmark needs
them, and sends the events when the listener emits one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import sys

KEY = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
ID = "a24a6ea4-ce75-4665-a070-57453082c256"
OPENING = {
    "sid": "bench",
    "upgrades": ["websocket"],
    "pingInterval": 60000,
    "pingTimeout": 60000,
    "maxPayload": 1000000,
}


def frame(text: str) -> bytes:
    """Return a text frame, which has less than 64 KiB."""
    data = text.encode()
    if len(data) < 126:
        return bytes([0x81, len(data)]) + data
    return bytes([0x81, 126]) + len(data).to_bytes(2, "big") + data


def read_frame(stream) -> str:
    """Return the text of a small frame of a client."""
    _, length = stream.read(2)
    length &= 0x7F
    if length == 126:
        length = int.from_bytes(stream.read(2), "big")
    mask = stream.read(4)
    data = stream.read(length)
    return bytes(b ^ mask[n % 4] for n, b in enumerate(data)).decode()


def read_request(stream) -> dict[str, str]:
    """Return the request line and the headers of a request without a body."""
    headers = {"": stream.readline().decode()}
    for line in iter(stream.readline, b"\r\n"):
        name, _, value = line.decode().partition(":")
        headers[name.lower()] = value.strip()
    return headers


def serve(connection: socket.socket, events: bytes) -> bool:
    """Serve one connection. Return whether the events have been sent."""
    stream = connection.makefile("rb")
    while True:
        headers = read_request(stream)
        if "transport=websocket" in headers[""]:
            break
        if not headers[""]:
            return False
        body = b"0" + json.dumps(OPENING).encode()
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/plain"
            b"\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        connection.close()
        return False
    accepted = hashlib.sha1((headers["sec-websocket-key"] + KEY).encode())
    connection.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Accept: "
        + base64.b64encode(accepted.digest())
        + b"\r\n\r\n"
    )
    while True:
        text = read_frame(stream)
        if text == "2probe":
            connection.sendall(frame("3probe"))
        elif text.startswith("40"):
            namespace = text[2:].partition("{")[0]
            connection.sendall(frame('40%s{"sid":"x"}' % namespace))
        elif text.startswith("42"):
            connection.sendall(events)
            return True


def main() -> None:
    events = b"".join(
        frame(
            "42/events,"
            + json.dumps(
                [
                    "task:update",
                    {"task_id": ID, "project_id": ID, "number": number},
                ],
                separators=(",", ":"),
            )
        )
        for number in range(int(sys.argv[1]))
    )
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while not serve(listener.accept()[0], events):
        pass
    # Until the benchmark ends.
    sys.stdin.read()


if __name__ == "__main__":
    main()

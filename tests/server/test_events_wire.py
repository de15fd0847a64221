"""What ``gazu.events`` sends to a real Zou, beside what python-socketio sends."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
import urllib.parse

import gazu
import pytest
import socketio

from ..unit.waiting import wait_for

#: What differs between two connections, and who sends them.
CHANGING = ("User-Agent", "Sec-Websocket-Key")
#: Our request for a WebSocket has this header, too: the HTTP library adds it.
ADDED = ("Accept",)


class Recorder:
    """A proxy that records what clients send: a list of bytes for each connection."""

    def __init__(self, host):
        parts = urllib.parse.urlsplit(host)
        self._target = (parts.hostname, parts.port)
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(16)
        self.port = self._listener.getsockname()[1]
        self.url = "http://127.0.0.1:%d" % self.port
        self.sent = []
        self._open = []

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *error):
        for one in [self._listener, *self._open]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            self._open += [client, server]
            record = bytearray()
            self.sent.append(record)
            for arguments in [
                (client, server, record),
                (server, client, None),
            ]:
                threading.Thread(
                    target=self._pass_on, args=arguments, daemon=True
                ).start()

    def _pass_on(self, source, target, record):
        with contextlib.suppress(OSError):
            while True:
                data = source.recv(1 << 16)
                if not data:
                    break
                if record is not None:
                    record += data
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def exchanged(self):
        """Return the requests, and the frames that follow the one for a WebSocket."""
        requests, frames = [], []
        for record in self.sent:
            rest = bytes(record)
            while b"\r\n\r\n" in rest:
                head, _, rest = rest.partition(b"\r\n\r\n")
                requests.append(self._request(head.decode("latin-1")))
                if "Upgrade" in requests[-1][1]:
                    frames += _frames(rest)
                    break
        return requests, frames

    def _request(self, head):
        first, *lines = head.split("\r\n")
        first = re.sub(r"([?&])(t|sid)=[^& ]+", r"\1\2=...", first)
        headers = dict(line.split(": ", 1) for line in lines)
        return first, {
            name.title(): text.replace(str(self.port), "PORT")
            for name, text in headers.items()
        }


def _frames(data):
    """Yield the opcodes and the payloads of whole frames of a client."""
    while len(data) >= 6:
        length, start = data[1] & 0x7F, 2
        if length == 126:
            length, start = int.from_bytes(data[2:4], "big"), 4
        mask = data[start : start + 4]
        end = start + 4 + length
        if len(data) < end:
            return
        payload = data[start + 4 : end]
        yield (
            data[0],
            bytes(b ^ mask[n % 4] for n, b in enumerate(payload)),
        )
        data = data[end:]


def _ordered(frames):
    """Return frames, those that connect namespaces first: these may be in any order."""
    return sorted(
        frames, key=lambda one: one if one[1].startswith(b"40") else (999,)
    )


@pytest.fixture
def client(zou, production):
    client = gazu.client.create_client(zou.host)
    gazu.log_in(
        production.artist_email, production.artist_password, client=client
    )
    yield client
    client.session.close()


def speak(event_client):
    event_client.emit("listening", namespace="/events")
    event_client.emit("a", {"b": [1, None, "\u20ac"]}, namespace="/events")
    event_client.emit("c", (1, "2"), namespace="/events", callback=print)


def test_the_wire_is_that_of_socketio(zou, production, admin, client):
    heard = {"ours": [], "theirs": []}
    with Recorder(zou.event_host) as ours, Recorder(zou.event_host) as theirs:
        library = socketio.Client(reconnection=False)
        library.on(
            "*", lambda *event: heard["theirs"].append(event), "/events"
        )
        # ``init`` does so, too.
        library.on("connect_error", print)
        client.event_host = ours.url
        event_client = gazu.events.init(client)
        try:
            event_client.on(
                "*", lambda *event: heard["ours"].append(event), "/events"
            )
            library.connect(
                theirs.url, headers=gazu.client.make_auth_header(client=client)
            )
            assert library.namespaces.keys() == event_client.namespaces.keys()
            assert library.transport() == event_client.transport()
            for one in (event_client, library):
                speak(one)
            for recorder in (ours, theirs):
                wait_for(lambda r=recorder: len(r.exchanged()[1]) >= 7)
            admin.asset.new_asset(
                production.project["id"],
                production.asset_types["Prop"]["id"],
                "Wire",
            )
            for events in heard.values():
                wait_for(
                    lambda e=events: "asset:new" in [name for name, *_ in e]
                )
            sent = [recorder.exchanged() for recorder in (ours, theirs)]
        finally:
            event_client.disconnect()
            library.disconnect()
    assert _ordered(sent[0][1]) == _ordered(sent[1][1])
    assert [len(requests) for requests, _ in sent] == [2, 2]
    for (line, headers), (their_line, their_headers) in zip(
        sent[0][0], sent[1][0]
    ):
        assert line == their_line
        agent = headers["User-Agent"]
        assert agent == client.session.headers["User-Agent"] or (
            "Upgrade" in headers
        )
        differing = {
            name
            for name in {*headers, *their_headers}
            if headers.get(name) != their_headers.get(name)
        }
        allowed = {*CHANGING, *(ADDED if "Upgrade" in headers else ())}
        assert differing <= allowed, differing
    shown = [
        [(name, list(data.items())) for name, data in events]
        for events in heard.values()
    ]
    assert shown[0] == shown[1]

"""What the client of the event stream keeps is bounded, and lost servers are noticed."""

from __future__ import annotations

import json
import socket
import threading

import pytest
import socketio
from gazu._events import client as events

from .raw_stream import RawStream, frame
from .waiting import wait_for

MIB = 1 << 20
QUICK = {"reconnection_delay": 0, "randomization_factor": 0}


@pytest.fixture
def stream():
    with RawStream() as running:
        yield running


@pytest.fixture
def connected(stream):
    """Connect a client to the stream. It is disconnected after the test."""
    made = []

    def connected(**options):
        client = events.Client(**dict(QUICK, **options))
        made.append(client)
        accepting = threading.Thread(target=stream.accept)
        accepting.start()
        client.connect(
            stream.url, namespaces=["/events"], transports=["websocket"]
        )
        accepting.join()
        return client

    yield connected
    stream.close()
    for client in made:
        client.disconnect()


def test_a_slow_server_does_not_fill_the_memory(stream, connected):
    """What waits to be sent is limited. What was taken arrives, in order."""
    client = connected()
    text = "x" * MIB
    sent = 0

    def fill():
        nonlocal sent
        while sent < 1000:
            client.emit("big", [sent, text], namespace="/events")
            sent += 1

    with pytest.raises(socketio.exceptions.SocketIOError, match="Nothing was"):
        fill()
    # The buffers of the system take some, too.
    assert 16 <= sent < 100
    with pytest.raises(socketio.exceptions.SocketIOError):
        client.emit("big", callback=print, namespace="/events")
    assert not client.callbacks.get("/events")
    for number in range(sent):
        received = json.loads(stream.read()[len("42/events,") :])
        assert received == ["big", [number, text]]
    # The server has all of it: there is room again.
    client.emit("small", namespace="/events")
    assert stream.read() == '42/events,["small"]'


def test_an_event_without_a_connection_is_an_error(stream, connected):
    client = connected(reconnection_delay=60)
    stream.close()
    wait_for(lambda: not client.connected)
    for _ in range(3):
        with pytest.raises(socketio.exceptions.BadNamespaceError):
            client.emit("lost", namespace="/events")


def test_an_answer_that_does_not_come_is_not_waited_for(stream, connected):
    client = connected()
    for _ in range(3):
        with pytest.raises(socketio.exceptions.TimeoutError):
            client.call("silent", namespace="/events", timeout=0)
    assert client.callbacks == {"/events": {}}


def test_a_slow_handler_stops_the_server_and_loses_nothing(stream, connected):
    """While a handler works, the connection is read until 64 MiB wait."""
    client = connected()
    release = threading.Event()
    heard = []

    def handle(number, text):
        release.wait()
        heard.append(number)

    client.on("big", handle, "/events")
    text = "x" * MIB
    count = 120
    waiting = threading.Event()
    sent = []

    def send():
        # The server cannot send for some seconds: the client does not read.
        stream.connection.settimeout(3)
        for number in range(count):
            data = memoryview(
                frame("42/events," + json.dumps(["big", number, text]))
            )
            while data:
                try:
                    data = data[stream.connection.send(data) :]
                except socket.timeout:
                    waiting.set()
            sent.append(number)

    sending = threading.Thread(target=send)
    sending.start()
    try:
        wait_for(lambda: waiting.is_set() or len(sent) == count)
        assert waiting.is_set() and not heard
        assert len(sent) < 100
    finally:
        release.set()
        sending.join()
    wait_for(lambda: len(heard) == count)
    assert heard == list(range(count))
    assert client.connected


def test_a_server_that_is_silent_is_left(stream, connected):
    stream.opening.update(pingInterval=1000, pingTimeout=1000)
    client = connected()
    reasons = []
    client.on("disconnect", reasons.append, "/events")
    stream.opening.update(pingInterval=60000)
    # This server sends no ping.
    assert stream.accept() == "/events,"
    wait_for(lambda: client.connected)
    stream.send('42/events,["ask"]')
    client.emit("alive", namespace="/events")
    assert stream.read() == '42/events,["alive"]'
    assert wait_for(lambda: reasons) == ["transport error"]


def test_pings_are_answered_while_a_handler_works(stream, connected):
    stream.opening.update(pingInterval=100, pingTimeout=20000)
    client = connected()
    release, working = threading.Event(), threading.Event()

    def handle():
        working.set()
        release.wait()

    client.on("work", handle, "/events")
    stream.send('42/events,["work"]')
    assert working.wait(20)
    try:
        for number in range(300):
            stream.send("2%d" % number)
            assert stream.read() == "3%d" % number
    finally:
        release.set()
    assert client.connected

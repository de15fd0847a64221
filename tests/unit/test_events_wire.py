"""What the event client sends, beside what python-socketio sends."""

from __future__ import annotations

import re

import pytest
import socketio
from gazu._events import client as events

from .event_server import EventServer
from .waiting import wait_for

LOGIN = {"Authorization": "Bearer first", "User-Agent": "an agent"}
#: What differs between two connections, and who sends them.
CHANGING = ("Host", "Origin", "User-Agent", "Sec-Websocket-Key")
#: A request for a WebSocket is sent with this header, too.
ADDED = ("Accept",)


def recorded(client_class, websocket, tls=None):
    """Return the requests and messages of a client, without what changes."""
    with EventServer(websocket=websocket) as stream:
        messages = []
        answer = stream.server.eio.handlers["message"]

        def receive(sid, message):
            messages.append(message)
            return answer(sid, message)

        stream.server.eio.on("message", receive)
        client = client_class(reconnection=False)
        client.on("answer", lambda *data: data)
        client.connect(
            stream.url + "/ignored?studio=lama",
            headers=lambda: dict(LOGIN),
            namespaces=["/", "/events"],
            auth={"key": "\u00e9"},
            wait_timeout=20,
        )
        client.emit("listening", namespace="/events")
        client.emit("one", {"a": [1, None, "\u20ac"]}, namespace="/events")
        client.emit("two", ({"file": b"1"}, b"2", "3"))
        client.send("text")
        client.emit("three", callback=lambda *data: None)
        wait_for(lambda: len(messages) >= 9)
        if websocket:
            # Answers to events, with and without bytes.
            for value in (1, b"x"):
                stream.server.emit(
                    "answer", value, to=client.get_sid(), callback=print
                )
            wait_for(lambda: len(messages) >= 12)
        # python-socketio may end before it has sent that it disconnects.
        sent = list(messages)
        client.disconnect()
        requests = [
            (path, headers)
            for path, headers in stream.seen
            if "Content-Type" not in headers
        ]
        seen = []
        for path, headers in requests[: 2 if websocket else 1]:
            headers = {name.title(): text for name, text in headers.items()}
            if "Upgrade" in headers:
                for name in ADDED:
                    headers.pop(name, None)
            seen.append(
                (
                    path,
                    {k: v for k, v in headers.items() if k not in CHANGING},
                    sorted(set(headers) & set(CHANGING)),
                )
            )
        return seen, sent


@pytest.mark.parametrize("websocket", [True, False])
def test_requests_and_messages_are_those_of_socketio(websocket):
    theirs = recorded(socketio.Client, websocket)
    ours = recorded(events.Client, websocket)
    assert ours[0] == theirs[0]
    # Packets of several threads may be in any order.
    assert sorted(map(repr, ours[1])) == sorted(map(repr, theirs[1]))


def test_the_query_of_the_first_request_is_that_of_socketio():
    seen = []

    def asked(client_class):
        with EventServer() as stream:

            def application(environ, start_response):
                seen.append(environ["QUERY_STRING"])
                start_response("500 no", [])
                return [b""]

            stream.answer = application
            client = client_class(reconnection=False)
            with pytest.raises(socketio.exceptions.ConnectionError):
                client.connect(stream.url + "/x?studio=lama")
            with pytest.raises(socketio.exceptions.ConnectionError):
                client.connect(stream.url, transports=["websocket"])

    asked(socketio.Client)
    asked(events.Client)
    shapes = [re.sub(r"&t=\d+\.\d+$", "&t=", query) for query in seen]
    assert shapes[2:] == shapes[:2]

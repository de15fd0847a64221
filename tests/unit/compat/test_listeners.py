"""Listeners of events, written as published ones are."""

from __future__ import annotations

import logging
import threading
from unittest import mock

import gazu
import pytest

from ..event_server import EventServer
from ..waiting import wait_for


@pytest.fixture
def stream():
    with EventServer() as running:
        yield running


@pytest.mark.parametrize("ending", ["", "/", "/api", "/socket.io"])
def test_a_listener_receives_events(server, default, stream, ending):
    gazu.set_event_host(stream.url + ending)
    gazu.set_token({"access_token": "t"})
    heard, threads = [], set()

    def my_callback(data):
        heard.append(data)
        threads.add(threading.get_ident())
        gazu.client.get("data/assets/" + data["asset_id"])
        if len(heard) == 3:
            event_client.disconnect()

    event_client = gazu.events.init()
    gazu.events.add_listener(event_client, "asset:new", my_callback)
    for number in "123":
        stream.emit("asset:new", {"asset_id": number})
    gazu.events.run_client(event_client)
    assert [data["asset_id"] for data in heard] == ["1", "2", "3"]
    assert [request.path[-1] for request in server.requests] == list("123")
    assert threading.get_ident() not in threads


def test_a_listener_works_in_a_thread(default, stream, capfd, monkeypatch):
    """A service beside a user interface starts it in another thread."""
    # python-socketio changes its logger permanently.
    log = logging.getLogger("socketio.client")
    monkeypatch.setattr(log, "handlers", [])
    monkeypatch.setattr(log, "level", logging.NOTSET)
    gazu.set_event_host(stream.url)
    gazu.set_token({"access_token": "t"})
    heard, failures, ready = [], [], threading.Event()

    def listen():
        try:
            event_client = gazu.events.init(logger=True)
            gazu.events.add_listener(
                event_client,
                "shot:new",
                lambda data: (heard.append(data), event_client.disconnect()),
            )
            ready.set()
            gazu.events.run_client(event_client)
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    assert ready.wait(20)
    stream.emit("shot:new", {"shot_id": "1"})
    thread.join(20)
    assert not thread.is_alive() and failures == []
    assert heard == [{"shot_id": "1"}]
    assert "shot:new" in capfd.readouterr().err


def test_run_client_raises_inside_the_caller(default):
    client = mock.Mock()
    client.wait.side_effect = KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        gazu.events.run_client(client)
    client.wait.side_effect = ValueError("mine")
    with pytest.raises(ValueError, match="mine"):
        gazu.events.run_client(client)


def test_the_socketio_client_can_be_patched(default, monkeypatch):
    made = mock.Mock()
    monkeypatch.setattr("gazu.events.socketio.Client", made)
    event_client = gazu.events.init()
    assert event_client is made.return_value
    wait_for(lambda: made.return_value.connect.called)

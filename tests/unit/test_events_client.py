"""The client of ``gazu.events``: what scripts know from ``socketio.Client``."""

from __future__ import annotations

import asyncio
import threading
import time

import gazu
import pytest
from gazu._events import client as events
from gazu._events.namespace import ClientNamespace

from .event_server import EventServer
from .waiting import wait_for

QUICK = {"reconnection_delay": 0.1, "randomization_factor": 0}


@pytest.fixture(params=["websocket", "polling"])
def stream(request):
    one_at_a_time = threading.Lock()
    with EventServer(websocket=request.param == "websocket") as running:

        @running.server.on("echo", namespace="*")
        def echo(namespace, sid, *data):
            return data

        @running.server.on("silent", namespace="*")
        def silent(namespace, sid, *data):
            time.sleep(5)

        @running.server.on("again", namespace="*")
        def again(namespace, sid, *data):
            # python-socketio mixes up the parts of events that threads send at once.
            with one_at_a_time:
                running.server.emit("again", data, to=sid, namespace=namespace)

        yield running


@pytest.fixture
def new():
    """Return a new client; it is disconnected after the test."""
    made = []

    def new(**options):
        made.append(events.Client(**dict(QUICK, **options)))
        return made[-1]

    yield new
    for client in made:
        client.disconnect()


VALUES = [
    "text",
    '\u20ac \U0001f98a \x1e "quoted"',
    7,
    1.5,
    None,
    True,
    {"a": [1, {"b": None}]},
    b"",
    b"\x00\xff" * 1000,
    {"file": b"1", "list": [b"2", {"deep": b"3"}]},
    "long" * 20000,
]


class TestSending:
    def test_values_come_back(self, stream, new):
        client = new()
        client.connect(stream.url)
        for value in VALUES[:4] + VALUES[5:]:
            assert client.call("echo", value, timeout=20) == value
        assert client.call("echo", (1, b"2"), timeout=20) == (1, b"2")
        assert client.call("echo", timeout=20) is None

    def test_a_callback_gets_the_answer(self, stream, new):
        client = new()
        client.connect(stream.url)
        answers = []
        client.emit("echo", ("a", "b"), callback=lambda *a: answers.append(a))
        assert wait_for(lambda: answers) == [("a", "b")]

    def test_many_events_stay_in_order(self, stream, new):
        client = new()
        heard = []
        client.on("again", heard.append)
        client.connect(stream.url)
        for number in range(300):
            client.emit("again", number if number % 7 else b"%d" % number)
        wait_for(lambda: len(heard) == 300)
        # A server handles events in threads: it answers in any order.
        numbers = sorted(int(value) for value in heard)
        assert numbers == list(range(300))

    def test_a_missing_answer_raises(self, stream, new):
        import socketio

        client = new()
        client.connect(stream.url)
        with pytest.raises(socketio.exceptions.TimeoutError):
            client.call("silent", timeout=0.2)

    def test_a_namespace_that_is_not_connected_raises(self, stream, new):
        import socketio

        client = new()
        client.connect(stream.url)
        with pytest.raises(socketio.exceptions.BadNamespaceError):
            client.emit("echo", namespace="/other")
        client.disconnect()
        with pytest.raises(socketio.exceptions.BadNamespaceError):
            client.emit("echo")

    def test_data_that_cannot_be_sent_raises(self, stream, new):
        client = new()
        client.connect(stream.url)
        with pytest.raises(TypeError):
            client.emit("echo", object())
        assert client.call("echo", 1, timeout=20) == 1

    def test_the_server_gets_the_answer_of_a_handler(self, stream, new):
        client = new()
        answers = []
        client.on("ask", lambda data: (data, b"yes"))
        client.connect(stream.url)
        sid = client.get_sid()
        stream.server.emit(
            "ask", 7, to=sid, callback=lambda *a: answers.append(a)
        )
        assert wait_for(lambda: answers) == [(7, b"yes")]

    def test_a_handler_may_wait_for_an_answer(self, stream, new):
        client = new()
        answers = []
        client.on("go", lambda: answers.append(client.call("echo", 1)))
        client.connect(stream.url)
        stream.server.emit("go", to=client.get_sid())
        assert wait_for(lambda: answers) == [1]


class TestHandlers:
    def test_the_handler_is_chosen_as_in_socketio(self, stream, new):
        client = new()
        heard = []

        @client.event
        def connect():
            heard.append("connect")

        @client.event(namespace="/a")
        def one(data):
            heard.append(("one", data))

        @client.on("*", namespace="/a")
        def any_event(name, data):
            heard.append((name, data))

        class Space(ClientNamespace):
            def on_connect(self):
                heard.append("space")

            def on_two(self, data):
                heard.append(("two", data))
                self.disconnect()

            def on_disconnect(self):
                heard.append("gone")

        client.register_namespace(Space("/b"))
        client.connect(stream.url)
        assert sorted(client.namespaces) == ["/", "/a", "/b"]
        assert sorted(heard) == ["connect", "space"]
        stream.server.emit("one", 1, namespace="/a")
        stream.server.emit("other", 2, namespace="/a")
        wait_for(lambda: len(heard) == 4)
        stream.server.emit("two", 3, namespace="/b")
        wait_for(lambda: "gone" in heard)
        assert heard[2:] == [("one", 1), ("other", 2), ("two", 3), "gone"]

    def test_reasons_are_passed_to_who_wants_them(self, stream, new):
        client = new()
        heard = []
        client.on("disconnect", heard.append, "/a")
        client.on("disconnect", lambda: heard.append("none"), "/b")
        client.connect(stream.url)
        client.disconnect()
        assert sorted(heard) == ["client disconnect", "none"]
        client.connect(stream.url)
        stream.cut_until(lambda: len(heard) >= 4)
        assert "transport error" in heard
        wait_for(lambda: client.connected)

    def test_only_namespaces_are_registered(self, new):
        with pytest.raises(ValueError):
            new().register_namespace(object())


class TestConnecting:
    def test_a_connected_client_cannot_connect_again(self, stream, new):
        import socketio

        client = new()
        client.connect(stream.url, transports=["polling"])
        assert client.transport() == "polling"
        with pytest.raises(socketio.exceptions.ConnectionError) as caught:
            client.connect(stream.url)
        assert str(caught.value) == "Already connected"
        client.disconnect()
        client.connect(stream.url)
        assert client.connected and client.connection_url == stream.url

    def test_it_may_connect_without_waiting(self, stream, new):
        client = new()
        client.connect(stream.url, namespaces="/a", wait=False)
        wait_for(lambda: "/a" in client.namespaces)
        assert client.call("echo", 1, namespace="/a", timeout=20) == 1

    def test_it_tries_again_until_the_server_is_there(self, stream, new):
        client = new()
        stream.stop()
        threading.Timer(0.5, stream.start).start()
        client.connect(stream.url, retry=True)
        assert client.connected

    def test_functions_are_called_for_each_attempt(self, stream, new):
        client = new()
        asked = []

        def ask(name, value):
            asked.append(name)
            return value

        client.connect(
            lambda: ask("url", stream.url),
            headers=lambda: ask("headers", {"X": "1"}),
            auth=lambda: ask("auth", {"token": "t"}),
        )
        stream.cut_until(lambda: len(asked) > 3)
        wait_for(lambda: len(asked) >= 6 and client.connected)
        assert sorted(asked[:3]) == sorted(asked[3:6])

    def test_a_transport_that_does_not_exist_raises(self, stream, new):
        with pytest.raises(ValueError):
            new().connect(stream.url, transports=["pigeon"])

    def test_connecting_ends_an_attempt_in_the_background(self, stream, new):
        client = new(reconnection_delay=60)
        client.connect(stream.url)
        stream.cut_until(lambda: not client.connected)
        client.connect(stream.url)
        assert client.call("echo", 1, timeout=20) == 1

    def test_many_connections_leave_no_thread(self, stream, new):
        client = new()
        for _ in range(5):
            client.connect(stream.url)
            client.disconnect()
            assert not client.connected and client.transport() is None
        wait_for(
            lambda: (
                not [
                    thread
                    for thread in threading.enumerate()
                    if "gazu" in repr(getattr(thread, "_target", None))
                ]
            )
        )


class TestAwaited:
    @pytest.fixture
    def client(self, stream):
        client = gazu.aio.AsyncKitsuClient(
            "http://127.0.0.1:9/api", access_token="first"
        )
        client.event_host = stream.url
        return client

    def test_events_arrive_in_order_until_cancelled(self, stream, client):
        heard = []

        async def listen():
            async for event in gazu.aio.events(client, ["asset:*"], **QUICK):
                heard.append((event.name, event.data["number"]))

        async def body():
            task = asyncio.ensure_future(listen())
            while not stream.clients:
                await asyncio.sleep(0.01)
            for number in range(20):
                name = "asset:new" if number % 2 else "shot:new"
                stream.emit(name, {"number": number})
            while len(heard) < 10:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

        asyncio.new_event_loop().run_until_complete(body())
        assert heard == [("asset:new", n) for n in range(1, 20, 2)]
        wait_for(lambda: not stream.clients)

    def test_rejections_raise(self, stream, client):
        stream.refusal = "Access token revoked."

        async def body():
            async for _ in gazu.aio.events(client):
                pass

        with pytest.raises(Exception, match="revoked"):
            asyncio.new_event_loop().run_until_complete(body())

    def test_an_invalid_name_raises(self, client):
        with pytest.raises(ValueError):
            gazu.aio.events(client, "asset")

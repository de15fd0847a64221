"""``gazu.events`` with a real Socket.IO server."""

from __future__ import annotations

import signal
import ssl
import subprocess
import sys
import textwrap
import threading
import time
from unittest import mock

import gazu
import pytest
from gazu import client as raw
from gazu._events import client as events

from . import needs
from .event_server import EventServer
from .faults.raw_server import RawServer
from .recording_server import Answer, RecordingServer
from .waiting import wait_for

QUICK = {"reconnection_delay": 0.1, "randomization_factor": 0}
LOSSES = ["close_connections", "close_namespace", "cut"]


@pytest.fixture
def stream():
    with EventServer() as running:
        yield running


@pytest.fixture
def client(server, stream):
    """A client of an API and of an event stream, with tokens."""
    client = raw.create_client(
        server.url + "/api",
        access_token="first",
        refresh_token="renewing",
        use_refresh_token=True,
    )
    client.event_host = stream.url
    numbers = iter(range(1, 1000))
    server.on(
        "GET",
        "auth/refresh-token",
        lambda request: Answer({"access_token": "new %d" % next(numbers)}),
    )
    yield client
    client.session.close()


@pytest.fixture
def connect(client):
    """Return a connected event client; it is disconnected after the test."""
    connected = []

    def init(client=client, **options):
        connected.append(
            gazu.events.init(client=client, **dict(QUICK, **options))
        )
        return connected[-1]

    yield init
    for event_client in connected:
        event_client.disconnect()


def hear(event_client, stream, name="asset:new"):
    """Send an event to a listener, and return the list of what it received."""
    heard = []
    gazu.events.add_listener(event_client, name, heard.append)
    stream.emit(name, {"asset_id": "1", "project_id": "2"})
    wait_for(lambda: heard)
    return heard


class TestImport:
    @pytest.mark.beyond
    def test_no_other_library_is_needed(self, python):
        out = python(
            """
            import inspect, sys
            sys.modules["socketio"] = sys.modules["requests"] = None
            import gazu
            members = dict(inspect.getmembers(gazu.events))
            assert {"init", "socketio", "EventsNamespace"} <= set(members)
            library = gazu.events.socketio
            assert issubclass(gazu.events.EventsNamespace, library.ClientNamespace)
            gazu.set_event_host("http://127.0.0.1:9")
            try:
                gazu.events.init()
            except library.exceptions.ConnectionError as error:
                print(type(error).__name__)
            """
        ).stdout
        assert out == "ConnectionError\n"

    @pytest.mark.beyond
    def test_an_import_loads_no_client(self, python):
        python(
            """
            import sys
            import gazu, gazu.events
            assert gazu.events.init and "init" in dir(gazu.events)
            for name in ("socketio", "EventsNamespace", "Consumer"):
                assert name in dir(gazu.events)
            names = ("socketio", "engineio", "requests")
            assert not [n for n in sys.modules if n.startswith(names)]
            from gazu._engine import lazy
            assert sys.modules["gazu._events.client"] in lazy._pending
            """
        )

    @pytest.mark.beyond
    def test_a_listener_loads_no_consumer(self, python):
        python(
            """
            import sys
            import gazu
            gazu.set_event_host("http://127.0.0.1:9")
            try:
                gazu.events.init()
            except gazu.events.socketio.exceptions.ConnectionError:
                pass
            from gazu._engine import lazy
            loaded = {
                name.rpartition(".")[2]
                for name, module in sys.modules.items()
                if name.startswith("gazu._events.") and module not in lazy._pending
            }
            assert loaded <= {
                *("client", "errors", "library", "listeners"),
                *("namespace", "options", "packets"),
            }, loaded
            from gazu.events import Consumer
            assert Consumer is gazu.events.Consumer
            """
        )

    @pytest.mark.beyond
    def test_objects_are_those_of_an_imported_library(self, python):
        python(
            """
            import sys
            import gazu
            from gazu.events import EventsNamespace
            from gazu._events.client import Client
            space, client = EventsNamespace("/events"), Client()
            import pickle, socketio
            assert gazu.events.socketio.Client is socketio.Client
            assert isinstance(client, socketio.Client)
            assert isinstance(space, socketio.ClientNamespace)
            socketio.Client(handle_sigint=False).register_namespace(space)
            gazu.set_event_host("http://127.0.0.1:9")
            try:
                gazu.events.init()
            except socketio.exceptions.ConnectionError as error:
                again = pickle.loads(pickle.dumps(error))
                assert type(again) is type(error) and again.args == error.args
            else:
                raise AssertionError
            """
        )

    def test_an_unknown_name_raises_attribute_error(self):
        with pytest.raises(AttributeError):
            gazu.events.no_such_name  # noqa: B018


class TestPatching:
    def test_a_patched_client_class_is_used(self, client):
        with mock.patch("gazu.events.socketio.Client") as patched:
            event_client = gazu.events.init(client, extra=1)
            assert event_client is patched.return_value
            options = patched.call_args[1]
            assert options["ssl_verify"] is True
            assert options["reconnection"] is True
            assert options["logger"] is False
            assert options["extra"] == 1
            host, headers = event_client.connect.call_args[0]
            assert host == client.event_host
            with mock.patch.object(client, "refresh_access_token") as refresh:
                assert headers()["Authorization"] == "Bearer first"
                assert not refresh.called
                headers()
                assert refresh.call_count == 1
        assert gazu.events.socketio.Client is not patched

    def test_a_patched_module_is_used(self, client):
        with mock.patch("gazu.events.socketio") as patched:
            gazu.events.init(client)
            assert patched.Client.called

    def test_a_subclass_is_used(self, client, stream, connect):
        import socketio

        class Own(socketio.Client):
            pass

        with mock.patch("gazu.events.socketio.Client", Own):
            event_client = connect(handle_sigint=False)
        assert type(event_client) is Own
        assert hear(event_client, stream)


class TestInit:
    def test_returns_a_socketio_client(self, client, stream, connect):
        import socketio

        event_client = connect()
        assert isinstance(event_client, socketio.Client)
        assert event_client.connected
        assert event_client.transport() == "websocket"
        assert stream.logins == ["Bearer first"]
        assert (
            stream.seen[0][1]["User-Agent"]
            == "CGWire Gazu " + gazu.__version__
        )
        assert hear(event_client, stream) == [
            {"asset_id": "1", "project_id": "2"}
        ]

    def test_init_sends_no_request_to_the_api(self, server, stream, connect):
        connect()
        assert server.requests == []

    @pytest.mark.parametrize("end", ["", "/", "/api", "/api/", "/socket.io"])
    def test_forms_of_the_event_host_are_accepted(
        self, client, stream, connect, end
    ):
        client.event_host = stream.url + end
        event_client = connect()
        assert hear(event_client, stream)
        assert {path for path, _ in stream.seen} == {"/socket.io/"}

    def test_the_host_is_the_default_event_host(self, client, stream, connect):
        client.host, client.event_host = stream.url + "/api", None
        assert hear(connect(), stream)

    def test_the_default_client_is_used(self, default, stream):
        default.event_host = stream.url
        event_client = gazu.events.init()
        try:
            assert hear(event_client, stream)
        finally:
            event_client.disconnect()

    def test_the_settings_of_a_session_are_used(self, connect, stream):
        import requests

        session = requests.Session()
        session.headers["X-Studio"] = "lama"
        session.cookies["gate"] = "open"
        session.auth = ("bob", "secret")
        connect(request_timeout=7, http_session=lambda: session)
        for _, headers in stream.seen[:2]:
            assert headers["X-Studio"] == "lama"
            assert headers["Cookie"] == "gate=open"
        assert stream.seen[0][1]["User-Agent"].startswith("CGWire Gazu")

    @pytest.mark.parametrize(
        "options",
        [
            {"no_such": 1},
            {"serializer": "msgpack"},
            {"websocket_extra_options": {"sslopt": {}}},
        ],
    )
    def test_arguments_without_a_meaning_raise(self, client, stream, options):
        with pytest.raises(TypeError) as caught:
            gazu.events.init(client, **options)
        (name,) = options
        assert name in str(caught.value)
        assert stream.seen == []

    def test_headers_of_the_websocket_may_be_added(self, connect, stream):
        connect(websocket_extra_options={"header": {"X-A": "1"}})
        connect(
            websocket_extra_options={
                "header": ["X-A: 2"],
                "origin": "http://other",
                "cookie": "a=b",
            }
        )
        sockets = [h for _, h in stream.seen if "Upgrade" in h]
        assert [h["X-A"] for h in sockets] == ["1", "2"]
        assert sockets[0]["Origin"] == stream.url
        assert sockets[1]["Origin"] == "http://other"
        assert sockets[1]["Cookie"] == "a=b"

    def test_it_works_without_websockets(self, client, connect):
        with EventServer(websocket=False) as stream:
            client.event_host = stream.url
            event_client = connect()
            assert event_client.transport() == "polling"
            assert hear(event_client, stream)
            stream.close_connections()
            stream.wait_for_clients(logins=2)
            assert hear(event_client, stream)

    def test_disconnecting_does_not_wait_for_a_poll(self, client, connect):
        with EventServer(websocket=False) as stream:
            client.event_host = stream.url
            for _ in range(10):
                leaving = threading.Thread(target=connect().disconnect)
                leaving.start()
                # The next ping of the server comes after 25 seconds.
                leaving.join(10)
                assert not leaving.is_alive()
            sockets = stream.server.eio.sockets
            wait_for(lambda: all(one.closed for one in sockets.values()))

    def test_an_unreachable_server_raises(self, client, stream):
        import socketio

        stream.stop()
        before = threading.active_count()
        with pytest.raises(socketio.exceptions.ConnectionError):
            gazu.events.init(client)
        time.sleep(0.2)
        assert threading.active_count() <= before

    def test_a_rejection_raises(self, client, stream, caplog):
        """The message and the log have the server's reason, and no token."""
        import socketio

        client.use_refresh_token = False
        stream.refusal = "Access token revoked."
        with pytest.raises(socketio.exceptions.ConnectionError) as caught:
            gazu.events.init(client, **QUICK)
        assert "Access token revoked." in str(caught.value)
        assert "Access token revoked." in caplog.text
        assert "first" not in caplog.text + str(caught.value)
        time.sleep(0.5)
        assert stream.logins == ["Bearer first"]

    @pytest.mark.beyond
    def test_an_expired_token_is_refreshed(self, client, stream, connect):
        stream.refusal = lambda login: login == "Bearer first"
        connect()
        assert stream.logins == ["Bearer first", "Bearer new 1"]
        assert client.access_token == "new 1"

    def test_an_asynchronous_client_is_accepted(self, client, stream):
        import asyncio

        awaited = gazu.aio.AsyncKitsuClient(
            client.host, access_token="first", refresh_token="renewing"
        )
        awaited.event_host = stream.url

        async def body():
            return await gazu.events.init(client=awaited, **QUICK)

        event_client = asyncio.new_event_loop().run_until_complete(body())
        try:
            assert hear(event_client, stream)
            stream.close_connections()
            stream.wait_for_clients(logins=2)
            assert stream.logins[1] == "Bearer new 1"
            assert awaited.access_token == "new 1"
        finally:
            event_client.disconnect()


class TestExit:
    def test_no_thread_is_left(self, stream, python):
        """Blender as a module does not end while there is one."""
        out = python(
            """
            import atexit, sys, threading

            # What was registered first is called last.
            @atexit.register
            def report():
                print(len(threading.enumerate()))

            import gazu
            gazu.set_event_host(sys.argv[1])
            client = gazu.events.init()
            client.on("disconnect", lambda: print("never"), "/events")
            threading.Thread(
                target=gazu.events.run_client, args=(client,), daemon=True
            ).start()
            client.emit("listening", namespace="/events")
            """,
            stream.url,
        ).stdout
        assert out == "1\n"
        wait_for(lambda: not stream.clients)

    def test_a_handler_that_does_not_end_is_left(self, stream, python):
        emitting = threading.Thread(
            target=lambda: [
                wait_for(lambda: stream.listening),
                stream.emit("asset:new", {}),
            ],
            daemon=True,
        )
        emitting.start()
        out = python(
            """
            import sys, threading
            import gazu
            gazu.set_event_host(sys.argv[1])
            client = gazu.events.init()
            begun = threading.Event()

            def handle(data):
                begun.set()
                threading.Event().wait()

            gazu.events.add_listener(client, "asset:new", handle)
            client.emit("listening", namespace="/events")
            begun.wait()
            print("end")
            """,
            stream.url,
        ).stdout
        emitting.join()
        assert out == "end\n"


class TestCallbacks:
    @pytest.mark.beyond
    def test_callbacks_run_one_after_the_other(self, stream, connect):
        event_client = connect()
        heard, inside, overlaps = [], [], []

        def slow(data):
            overlaps.extend(inside)
            inside.append(data)
            time.sleep(0.002)
            heard.append(data["number"])
            inside.remove(data)

        gazu.events.add_listener(event_client, "task:update", slow)
        gazu.events.add_listener(event_client, "task:new", slow)
        for number in range(200):
            name = "task:new" if number % 3 else "task:update"
            stream.emit(name, {"number": number})
        wait_for(lambda: len(heard) == 200)
        assert heard == list(range(200))
        assert overlaps == []

    def test_an_exception_ends_one_call_only(self, stream, python):
        emitting = threading.Thread(
            target=lambda: [
                wait_for(lambda: stream.listening),
                [stream.emit("asset:new", {"number": n}) for n in range(3)],
            ],
            daemon=True,
        )
        emitting.start()
        finished = python(
            """
            import sys
            import gazu
            gazu.set_event_host(sys.argv[1])
            client = gazu.events.init()

            def failing(data):
                print(data["number"], flush=True)
                if data["number"] == 2:
                    client.disconnect()
                raise RuntimeError("of the callback")

            gazu.events.add_listener(client, "asset:new", failing)
            client.emit("listening", namespace="/events")
            gazu.events.run_client(client)
            """,
            stream.url,
        )
        emitting.join(5)
        assert finished.stdout == "0\n1\n2\n"
        assert finished.stderr.count("RuntimeError: of the callback") >= 2

    def test_a_callback_may_use_the_client(
        self, client, server, stream, connect
    ):
        server.on("GET", "data/assets/1", {"name": "Lama"})
        event_client = connect()
        heard = []

        def fetch(data):
            heard.append(
                raw.get("data/assets/" + data["asset_id"], client=client)
            )

        gazu.events.add_listener(event_client, "asset:new", fetch)
        stream.emit("asset:new", {"asset_id": "1"})
        assert wait_for(lambda: heard) == [{"name": "Lama"}]

    def test_a_callback_may_disconnect(self, stream, connect):
        event_client = connect()
        heard = []

        def enough(data):
            heard.append(data)
            event_client.disconnect()

        gazu.events.add_listener(event_client, "asset:new", enough)
        stream.emit("asset:new", {"number": 1})
        stream.emit("asset:new", {"number": 2})
        assert gazu.events.run_client(event_client) is event_client
        assert not event_client.connected
        assert heard == [{"number": 1}]

    def test_one_listener_may_receive_all_events(self, stream, connect):
        event_client = connect()
        heard = []
        gazu.events.add_listener(
            event_client, "*", lambda name, data: heard.append((name, data))
        )
        stream.emit("shot:delete", {"shot_id": "3"})
        assert wait_for(lambda: heard) == [("shot:delete", {"shot_id": "3"})]


class TestReconnection:
    @pytest.mark.parametrize("loss", LOSSES)
    def test_it_uses_a_fresh_token(self, stream, connect, client, loss):
        event_client = connect()
        heard = hear(event_client, stream)
        for number in (1, 2):
            getattr(stream, loss)()
            stream.wait_for_clients(logins=number + 1)
            wait_for(lambda: len(event_client.namespaces) == 2)
            assert stream.logins[-1] == "Bearer new %d" % number
        assert client.access_token == "new 2"
        stream.emit("asset:new", {"number": 2})
        wait_for(lambda: len(heard) == 2)
        assert event_client.connected

    def test_it_works_after_a_restart(self, stream, connect):
        event_client = connect()
        heard = hear(event_client, stream)
        stream.stop()
        wait_for(lambda: not event_client.connected)
        time.sleep(0.5)
        stream.start()
        stream.wait_for_clients(logins=2)
        stream.emit("asset:new", {"number": 2})
        wait_for(lambda: len(heard) == 2)

    def test_it_works_without_a_refresh_token(
        self, stream, connect, client, server
    ):
        client.use_refresh_token = False
        event_client = connect()
        stream.close_connections()
        stream.wait_for_clients(logins=2)
        client.access_token = "of another login"
        stream.close_connections()
        stream.wait_for_clients(logins=3)
        assert stream.logins[1:] == ["Bearer first", "Bearer of another login"]
        assert hear(event_client, stream)
        assert server.requests == []

    def test_it_works_when_the_token_cannot_be_refreshed(
        self, stream, connect, server
    ):
        event_client = connect()
        server.on("GET", "auth/refresh-token", Answer({}, status=500))
        stream.close_connections()
        stream.wait_for_clients(logins=2)
        assert stream.logins[1] == "Bearer first"
        assert hear(event_client, stream)

    @pytest.mark.beyond
    @pytest.mark.parametrize(
        "status, body",
        [
            ("200 OK", b""),
            ("200 OK", b"<html>Down for maintenance</html>"),
            ("200 OK", b'0{"sid":"x"}'),
            ("200 OK", b"\xff\xfe"),
            ("401 Unauthorized", b'{"message": "no"}'),
            ("502 Bad Gateway", b"<html>502</html>"),
        ],
    )
    def test_malformed_answers_are_ignored(
        self, stream, connect, status, body
    ):
        def malformed(environ, start_response):
            start_response(status, [("Content-Type", "text/html")])
            return [body]

        event_client = connect()
        stream.answer = malformed
        count = len(stream.seen)
        stream.cut()
        wait_for(lambda: len(stream.seen) >= count + 2)
        stream.answer = None
        stream.wait_for_clients(logins=2)
        assert hear(event_client, stream)

    def test_it_may_be_switched_off(self, stream, connect):
        event_client = connect(reconnection=False)
        stream.close_connections()
        assert gazu.events.run_client(event_client) is event_client
        assert not event_client.connected
        assert len(stream.logins) == 1

    def test_disconnecting_ends_it(self, stream, connect):
        event_client = connect()
        stream.stop()
        wait_for(lambda: not event_client.connected)
        event_client.disconnect()
        stream.start()
        assert gazu.events.run_client(event_client) is event_client
        time.sleep(0.5)
        assert stream.clients == [] and len(stream.logins) == 1

    def test_it_leaves_no_thread(self, stream, connect):
        before = threading.enumerate()
        event_client = connect()
        for number in range(3):
            stream.close_connections()
            stream.wait_for_clients(logins=number + 2)
        event_client.disconnect()
        stream.stop()
        wait_for(
            lambda: (
                not [
                    thread
                    for thread in threading.enumerate()
                    if thread not in before and not is_of_a_server(thread)
                ]
            )
        )


def is_of_a_server(thread):
    """The threads of python-engineio's server sleep for a while before they end."""
    target = repr(getattr(thread, "_target", None))
    servers = ("engineio.server.", "engineio.socket.", "unit.")
    return any(name in target for name in servers)


class TestRunClient:
    def test_it_returns_when_disconnected(self, stream, connect):
        event_client = connect()
        threading.Timer(0.3, event_client.disconnect).start()
        begun = time.monotonic()
        assert gazu.events.run_client(event_client) is event_client
        assert 0.3 <= time.monotonic() - begun < 5
        # The setting of the caller does not change.
        assert gazu.events.run_client(event_client) is event_client
        assert len(stream.logins) == 1

    def test_it_goes_on_through_a_restart(self, stream, connect):
        event_client = connect()
        heard = []

        def enough(data):
            heard.append(data)
            if data["last"]:
                event_client.disconnect()

        gazu.events.add_listener(event_client, "asset:new", enough)

        def restart():
            stream.emit("asset:new", {"last": False})
            wait_for(lambda: heard)
            stream.stop()
            time.sleep(0.3)
            stream.start()
            stream.wait_for_clients(logins=2)
            stream.emit("asset:new", {"last": True})

        threading.Thread(target=restart, daemon=True).start()
        gazu.events.run_client(event_client)
        assert heard == [{"last": False}, {"last": True}]

    def test_a_type_error_is_a_failed_login(self):
        waiting = mock.Mock()
        waiting.wait.side_effect = TypeError
        with pytest.raises(gazu.AuthFailedException):
            gazu.events.run_client(waiting)

    @pytest.mark.beyond
    def test_it_may_run_again_after_it_gave_up(self, stream, connect):
        import socketio

        event_client = connect(reconnection_attempts=2)
        heard = hear(event_client, stream)
        stream.stop()
        assert gazu.events.run_client(event_client) is event_client
        with pytest.raises(socketio.exceptions.ConnectionError):
            gazu.events.run_client(event_client)
        stream.start()
        running = threading.Thread(
            target=gazu.events.run_client, args=(event_client,), daemon=True
        )
        running.start()
        stream.wait_for_clients()
        stream.emit("asset:new", {"number": 2})
        wait_for(lambda: len(heard) == 2)
        stream.close_connections()
        stream.wait_for_clients(logins=3)
        event_client.disconnect()
        running.join(5)
        assert not running.is_alive()

    @pytest.mark.beyond
    def test_a_token_that_is_always_rejected_raises(
        self, client, stream, connect
    ):
        client.use_refresh_token = False
        event_client = connect(reconnection_delay_max=0.1)
        heard = hear(event_client, stream)
        stream.refusal = lambda login: login == "Bearer first"
        stream.close_connections()
        with pytest.raises(gazu.AuthFailedException):
            gazu.events.run_client(event_client)
        assert not event_client.connected
        client.access_token = "of another login"
        running = threading.Thread(
            target=gazu.events.run_client, args=(event_client,), daemon=True
        )
        running.start()
        stream.wait_for_clients()
        stream.emit("asset:new", {"number": 2})
        wait_for(lambda: len(heard) == 2)
        assert stream.logins[-1] == "Bearer of another login"


PROGRAM = """
    import signal, sys, time
    import gazu

    if __name__ == "__main__":
        signal.signal(signal.SIGINT, signal.default_int_handler)
        gazu.set_host(sys.argv[1])
        gazu.set_event_host(sys.argv[1])

        def heard(data):
            # By then, the main thread waits.
            time.sleep(0.5)
            print("heard", data["number"], flush=True)

        gazu.set_token("of the child")
        client = gazu.events.init()
        gazu.events.add_listener(
            client, "asset:new", heard)
        for number in range(2):
            try:
                print("running", flush=True)
                gazu.events.run_client(client)
            except KeyboardInterrupt:
                moment = time.time()
                # The client disconnects in the background.
                while client.connected and time.time() < moment + 10:
                    time.sleep(0.01)
                print("interrupted %.6f" % moment, client.connected, flush=True)
"""


@needs.signals
def test_ctrl_c_ends_the_wait(stream):
    """A program that catches KeyboardInterrupt may wait again."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), stream.url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
    )
    try:
        for number in (1, 2):
            line = process.stdout.readline()
            assert line == "running\n", line + process.stderr.read()
            stream.wait_for_clients(logins=number)
            stream.emit("asset:new", {"number": number})
            assert process.stdout.readline() == "heard %d\n" % number
            sent = time.time()
            process.send_signal(signal.SIGINT)
            word, moment, connected = process.stdout.readline().split()
            assert (word, connected) == ("interrupted", "False")
            assert float(moment) - sent < 5
        out, err = process.communicate(timeout=20)
        assert (process.returncode, out, err) == (0, "", "")
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_child_process_listens(stream, tmp_path, method):
    import multiprocessing

    if method not in multiprocessing.get_all_start_methods():
        pytest.skip("this system has no " + method)
    script = tmp_path / "listen.py"
    script.write_text(
        textwrap.dedent(
            """
            import multiprocessing, sys
            import gazu

            def listener(host, queue):
                gazu.set_event_host(host)
                gazu.set_token("of the child")
                client = gazu.events.init()

                def heard(data):
                    queue.put(data)
                    client.disconnect()

                gazu.events.add_listener(client, "asset:new", heard)
                client.emit("listening", namespace="/events")
                gazu.events.run_client(client)

            if __name__ == "__main__":
                context = multiprocessing.get_context(sys.argv[2])
                gazu.set_event_host(sys.argv[1])
                queue = context.Queue()
                process = context.Process(target=listener, args=(sys.argv[1], queue))
                process.start()
                print(queue.get(timeout=20))
                process.join(20)
                assert process.exitcode == 0, process.exitcode
            """
        )
    )
    process = subprocess.Popen(
        [sys.executable, str(script), stream.url, method],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
        cwd=str(tmp_path),
    )
    try:
        wait_for(lambda: stream.listening)
        stream.emit("asset:new", {"number": 1})
        out, err = process.communicate(timeout=30)
        assert (process.returncode, out) == (0, "{'number': 1}\n"), err
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


@pytest.fixture(scope="module")
def authority():
    return pytest.importorskip("trustme").CA()


@pytest.fixture(scope="module")
def bundle(authority, tmp_path_factory):
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


class TestTransport:
    @pytest.fixture
    def context(self, authority):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        return context

    @pytest.fixture
    def tls(self, context, client):
        with EventServer(tls=context) as running:
            client.event_host = running.url
            yield running

    def test_an_unknown_authority_raises(self, client, tls):
        import socketio

        with pytest.raises(socketio.exceptions.ConnectionError):
            gazu.events.init(client)
        assert tls.logins == []

    @pytest.mark.beyond
    def test_the_bundle_of_the_client_is_trusted(
        self, client, tls, connect, bundle
    ):
        client.session.verify = bundle
        event_client = connect()
        assert event_client.transport() == "websocket"
        assert hear(event_client, tls)

    @pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
    @pytest.mark.parametrize("by", ["client", "argument"])
    def test_verification_may_be_switched_off(self, client, tls, connect, by):
        if by == "client":
            client.session.verify = False
            event_client = connect()
        else:
            event_client = connect(ssl_verify=False)
        assert event_client.transport() == "websocket"
        assert hear(event_client, tls)

    @pytest.mark.beyond
    def test_the_argument_takes_precedence(self, client, tls, connect, bundle):
        import socketio

        client.session.verify = False
        with pytest.raises(socketio.exceptions.ConnectionError):
            gazu.events.init(client, ssl_verify=True)
        client.session.verify = bundle
        assert connect(ssl_verify=True).transport() == "websocket"

    @pytest.mark.beyond
    @pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
    def test_the_bundle_of_the_environment_is_trusted(
        self, tls, connect, bundle, monkeypatch, name
    ):
        monkeypatch.setenv(name, bundle)
        assert connect().transport() == "websocket"

    @pytest.mark.beyond
    @pytest.mark.parametrize("form", ["one file", "two files"])
    def test_the_client_certificate_is_sent(
        self, client, connect, authority, context, bundle, tmp_path, form
    ):
        authority.configure_trust(context)
        context.verify_mode = ssl.CERT_REQUIRED
        issued = authority.issue_cert("studio@example.org")
        both, cert, key = (
            str(tmp_path / name) for name in ("both.pem", "c.pem", "k.pem")
        )
        issued.private_key_and_cert_chain_pem.write_to_path(both)
        issued.cert_chain_pems[0].write_to_path(cert)
        issued.private_key_pem.write_to_path(key)
        client.session.verify = bundle
        client.session.cert = both if form == "one file" else [cert, key]
        with EventServer(tls=context) as strict:
            client.event_host = strict.url
            event_client = connect()
            assert event_client.transport() == "websocket"
            assert hear(event_client, strict)

    @pytest.mark.beyond
    @pytest.mark.parametrize("scheme", ["http", "all", "http://kitsu.test"])
    def test_the_proxy_of_the_client_is_used(self, client, scheme):
        import socketio

        client.event_host = "http://kitsu.test/api"
        with RecordingServer() as proxy:
            client.session.proxies = {scheme: proxy.url}
            with pytest.raises(socketio.exceptions.ConnectionError):
                gazu.events.init(client)
            assert proxy.last.line.startswith(
                "GET http://kitsu.test/socket.io/?transport=polling"
            )

    @pytest.mark.beyond
    def test_the_proxy_of_the_environment_is_used(self, client, monkeypatch):
        import socketio

        client.event_host = "http://kitsu.test"
        with RecordingServer() as proxy:
            monkeypatch.setenv("http_proxy", proxy.url)
            with pytest.raises(socketio.exceptions.ConnectionError):
                gazu.events.init(client)
            assert len(proxy.requests) == 1
            client.session.trust_env = False
            with pytest.raises(socketio.exceptions.ConnectionError):
                gazu.events.init(client)
            assert len(proxy.requests) == 1


class TestLoginLogs:
    def test_all_arguments_are_sent(self, default, server):
        server.on("GET", "*", [{"id": "log"}])
        person = "6f1e0a52-3c5b-4d0b-9a59-0c4f5b1d7e11"
        logs = gazu.events.get_last_login_logs(
            after="2026-01-01",
            before="2026-02-01T00:00:00",
            limit=10,
            cursor_login_log_id="cursor",
            person_ids=[person, {"id": person}],
        )
        assert logs == [{"id": "log"}]
        assert server.last.path == "/api/data/events/login-logs/last"
        assert server.last.params == [
            ("limit", "10"),
            ("after", "2026-01-01"),
            ("before", "2026-02-01T00:00:00"),
            ("cursor_login_log_id", "cursor"),
            ("person_ids", person),
            ("person_ids", person),
        ]

    @pytest.mark.parametrize("name", ["after", "before"])
    def test_an_invalid_date_raises(self, default, server, name):
        with pytest.raises(ValueError):
            gazu.events.get_last_login_logs(**{name: "yesterday"})
        assert server.requests == []


class TestRedirectedWebsockets:
    """A token is not sent to another host."""

    @staticmethod
    def handshake(connection, location):
        """Answer a poll as Engine.IO does, and an upgrade with a redirect."""
        while True:
            request = connection.read()
            if "transport=websocket" in request.target:
                connection.say(
                    "HTTP/1.1 302 Found\r\nLocation: %s\r\n"
                    "Content-Length: 0\r\n\r\n" % location
                )
                return
            opening = (
                b'0{"sid":"abc","upgrades":["websocket"],"pingInterval":25000,'
                b'"pingTimeout":20000,"maxPayload":1000000}'
            )
            body = opening if request.method == "GET" else b"ok"
            connection.answer(body, "Content-Type: text/plain")

    @pytest.mark.parametrize("scheme", ["ws", "wss", "http"])
    def test_a_redirect_to_another_host_is_not_followed(self, scheme):
        seen = []

        def other(connection):
            seen.append(connection.read())

        elsewhere = RawServer(other)
        location = "%s://localhost:%d/steal" % (scheme, elsewhere.port)
        here = RawServer(lambda c: self.handshake(c, location))
        try:
            client = events.Client(reconnection=False)
            login = {"Authorization": "Bearer first"}
            with pytest.raises(events.SocketIOError):
                client.connect(here.url, headers=login, wait_timeout=1)
            upgrade = [
                r for r in here.requests if "transport=websocket" in r.target
            ]
            assert upgrade[0].header("Authorization") == "Bearer first"
            with pytest.raises(events.SocketIOError):
                client.connect(
                    here.url, headers=login, transports=["websocket"]
                )
            assert {request.header("Authorization") for request in seen} <= {
                None
            }
        finally:
            here.close()
            elsewhere.close()

    def test_a_redirect_within_the_host_is_followed(self):
        seen = []

        def script(connection):
            while True:
                request = connection.read()
                if "/moved" in request.target:
                    seen.append(request)
                connection.say(
                    "HTTP/1.1 307 Temporary Redirect\r\nLocation: /moved\r\n"
                    "Content-Length: 0\r\n\r\n"
                )

        here = RawServer(script)
        try:
            client = events.Client()
            with pytest.raises(events.SocketIOError) as caught:
                client.connect(
                    here.url,
                    headers={"Authorization": "Bearer first"},
                    transports="websocket",
                )
            assert "redirects" in str(caught.value)
        finally:
            here.close()
        assert len(seen) == 30
        assert seen[0].header("Authorization") == "Bearer first"

"""Scripts redirect connections from Python, and tracers observe requests."""

from __future__ import annotations

import http.client
import socket
from unittest import mock

import pytest
from gazu import client as raw
from gazu._requests_compat.library import intercepted, sends_for_real

requests = pytest.importorskip("requests")
connection = pytest.importorskip("urllib3.connection")
connectionpool = pytest.importorskip("urllib3.connectionpool")
below = pytest.importorskip("urllib3.util.connection")


@pytest.fixture(autouse=True)
def nothing_replaced_before():
    assert not intercepted()
    yield
    assert not intercepted()


def through_names(patch, seen):
    real = socket.getaddrinfo

    def found(host, *args, **kwargs):
        seen.append(host)
        name = "127.0.0.1" if host == "kitsu.studio.lan" else host
        return real(name, *args, **kwargs)

    patch.setattr(socket, "getaddrinfo", found)


def through_connect(patch, seen):
    real = below.create_connection

    def connect(address, *args, **kwargs):
        seen.append(address[0])
        return real(("127.0.0.1", address[1]), *args, **kwargs)

    patch.setattr(below, "create_connection", connect)


def through_new_conn(patch, seen):
    real = connection.HTTPConnection._new_conn

    def connect(self):
        seen.append(self._dns_host)
        self._dns_host = "127.0.0.1"
        return real(self)

    patch.setattr(connection.HTTPConnection, "_new_conn", connect)


@pytest.mark.parametrize(
    "steer", [through_names, through_connect, through_new_conn]
)
def test_a_redirected_connection_is_used(server, client, monkeypatch, steer):
    server.on("GET", "data/x", [1])
    port = client.host.rpartition(":")[2]
    client.host = "http://kitsu.studio.lan:" + port
    seen = []
    with monkeypatch.context() as patch:
        steer(patch, seen)
        assert intercepted() and sends_for_real()
        assert raw.get("data/x", client=client) == [1]
    assert "kitsu.studio.lan" in seen


def wrapped(owner, name):
    real = getattr(owner, name)

    def traced(*args, **kwargs):
        traced.seen = True
        return real(*args, **kwargs)

    traced.seen = False
    return traced


@pytest.mark.parametrize(
    "owner, name, is_real",
    [
        (connectionpool.HTTPConnectionPool, "urlopen", False),
        (requests.Session, "merge_environment_settings", False),
        (requests.adapters.HTTPAdapter, "get_connection", False),
        (requests.adapters.HTTPAdapter, "build_response", False),
        (below, "allowed_gai_family", True),
        (http.client.HTTPConnection, "putrequest", True),
        (http.client.HTTPConnection, "getresponse", True),
        (socket.socket, "connect", True),
    ],
)
def test_a_tracer_observes_requests(
    server, client, monkeypatch, owner, name, is_real
):
    server.on("GET", "data/x", [1])
    with monkeypatch.context() as patch:
        traced = wrapped(owner, name)
        patch.setattr(owner, name, traced)
        assert intercepted()
        assert sends_for_real() is is_real
        assert raw.get("data/x", client=client) == [1]
        # Newer releases of requests use another method for connections.
        assert traced.seen or name == "get_connection"


@pytest.mark.parametrize("tracer", ["ddtrace", "newrelic"])
def test_a_tracer_that_waits_for_the_import_of_requests_observes_requests(
    python, server, tracer
):
    pytest.importorskip("requests")
    python(
        """
        import sys, types
        tracer = sys.modules[sys.argv[1]] = types.ModuleType(sys.argv[1])
        seen = []

        class Hook:
            def find_spec(self, name, path, target=None):
                if name != "requests":
                    return None
                sys.meta_path.remove(self)
                import requests
                send = requests.Session.send

                def traced(session, request, **options):
                    seen.append(request.method)
                    return send(session, request, **options)

                requests.Session.send = traced
                return requests.__spec__

        sys.meta_path.insert(0, Hook())
        import gazu
        client = gazu.client.create_client(sys.argv[2])
        gazu.client.get("data/x", client=client)
        gazu.client.post("data/x", {}, client=client)
        assert seen == ["GET", "POST"], seen
        """,
        tracer,
        server.url + "/api",
    )


def test_a_wrapper_that_forwards_attributes_is_called(client, server):
    """Tracers use such wrappers of wrapt."""
    wrapt = pytest.importorskip("wrapt")

    def wrapper(wrapped, instance, args, kwargs):
        seen.append(args)
        return wrapped(*args, **kwargs)

    seen = []
    own = connectionpool.HTTPConnectionPool.urlopen
    server.on("GET", "data/x", [1])
    with mock.patch.object(
        connectionpool.HTTPConnectionPool,
        "urlopen",
        wrapt.FunctionWrapper(own, wrapper),
    ):
        assert raw.get("data/x", client=client) == [1]
    assert seen


def test_options_that_replace_functions_are_seen(monkeypatch):
    options = connection.HTTPConnection.default_socket_options
    keepalive = (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for owner, name, value in [
        (
            connection.HTTPConnection,
            "default_socket_options",
            [*options, keepalive],
        ),
        (http.client.HTTPConnection, "debuglevel", 1),
        (socket, "socket", type("socket", (socket.socket,), {})),
    ]:
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, value)
            assert intercepted(), name
    connection.HTTPConnection.default_socket_options.append(keepalive)
    try:
        assert intercepted()
    finally:
        connection.HTTPConnection.default_socket_options.remove(keepalive)


@pytest.mark.parametrize(
    "name", ["socket.getaddrinfo", "requests.Session.get", "socket.socket"]
)
def test_mocks_replace_the_network(name):
    with mock.patch(name):
        assert intercepted()
        assert not sends_for_real()


def test_cooperative_sockets_use_the_network(monkeypatch):
    kind = type("socket", (socket.socket,), {"__module__": "gevent._socket3"})
    with monkeypatch.context() as patch:
        patch.setattr(socket, "socket", kind)
        assert intercepted() and sends_for_real()
    kind = type("socket", (socket.socket,), {"__module__": "httpretty.core"})
    with monkeypatch.context() as patch:
        patch.setattr(socket, "socket", kind)
        assert intercepted() and not sends_for_real()


def test_without_requests_host_names_are_resolved_natively(python, server):
    """There is no Python library that could send the request."""
    server.on("GET", "data/x", [1])
    python(
        """
        import sys
        for name in ("requests", "urllib3"):
            sys.modules[name] = None
        import socket
        real = socket.getaddrinfo
        socket.getaddrinfo = lambda *a, **k: real(*a, **k)
        import gazu
        gazu.set_host(sys.argv[1])
        del sys.modules["requests"]
        class WithoutRequests:
            def find_spec(name, path=None, target=None):
                return None if name == "requests" else finder.find_spec(name, path, target)
        finder = sys.meta_path[-1]
        sys.meta_path[-1] = WithoutRequests
        assert gazu.client.get("data/x") == [1]
        """,
        server.url + "/api",
    )


def test_a_request_works_while_another_thread_imports_socket(python, server):
    server.on("GET", "data/x", [1])
    python(
        """
        import sys, threading
        import gazu
        gazu.set_host(sys.argv[1])
        assert gazu.client.get("data/x") == [1]
        for name in ("socket", "selectors"):
            sys.modules.pop(name, None)
        entered, leave = threading.Event(), threading.Event()
        class Slow:
            def find_spec(self, name, path=None, target=None):
                if name == "selectors":
                    entered.set()
                    leave.wait(20)
        sys.meta_path.insert(0, Slow())
        thread = threading.Thread(target=__import__, args=("socket",))
        thread.start()
        assert entered.wait(20)
        try:
            assert gazu.client.get("data/x") == [1]
            session = gazu.client.default_client.session
            assert session.get(sys.argv[1] + "/data/x").status_code == 200
        finally:
            leave.set()
            thread.join()
        """,
        server.url + "/api",
    )

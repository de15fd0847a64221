"""Classes that scripts compare errors with, and texts that they look for."""

from __future__ import annotations

import socket

import pytest

from .. import needs

SERVE = """
import socket, struct, sys, threading, time
def serve(handle):
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    def run():
        while True:
            connection, _ = listener.accept()
            connection.recv(9999)
            handle(connection)
            connection.close()
    threading.Thread(target=run, daemon=True).start()
    return "127.0.0.1:%d/api" % listener.getsockname()[1]
"""
KINDS = """
free = socket.socket()
free.bind(("127.0.0.1", 0))
KINDS = [
    ("ConnectionError", "http://127.0.0.1:%d/api" % free.getsockname()[1],
     ["Max retries exceeded with url: /api/data/x", "NewConnectionError", "HTTPConnectionPool(host=",
      "Failed to establish a new connection: [Errno ", "Connection refused"]),
    ("ConnectionError", "http://" + serve(lambda c: None),
     ["Connection aborted.", "Remote end closed connection without response", "RemoteDisconnected"]),
    ("ReadTimeout", "http://" + serve(lambda c: time.sleep(3)), ["Read timed out", "HTTPConnectionPool(host="]),
    ("SSLError", "https://" + serve(lambda c: c.send(b"HTTP/1.0 200 OK\\r\\n\\r\\n")),
     ["Max retries exceeded with url", "SSLError"]),
    ("ChunkedEncodingError", "http://" + serve(lambda c: c.send(b"HTTP/1.1 200 OK\\r\\nContent-Length: 9\\r\\n\\r\\nabc")),
     ["Connection broken: IncompleteRead"]),
]
"""
RESET = """
def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
KINDS = [("ConnectionError", "http://" + serve(reset), ["Connection aborted.", "ConnectionResetError"])]
"""
of_each_kind = pytest.mark.parametrize(
    "kinds",
    [
        pytest.param(SERVE + KINDS, id="kinds"),
        pytest.param(SERVE + RESET, id="reset", marks=needs.resets),
    ],
)


@of_each_kind
def test_errors_have_the_exact_classes_of_requests(python, kinds):
    pytest.importorskip("requests")
    python(
        [
            kinds,
            """
            import pickle
            import requests
            import gazu
            client = gazu.client.create_client("http://h", timeout=1, retries=1)
            for name, host, texts in KINDS:
                client.host = host
                try:
                    gazu.client.get("data/x?token=hidden", client=client)
                except OSError as raised:
                    error = raised
                assert type(error) is getattr(requests.exceptions, name), (name, type(error))
                assert error.request.method == "GET" and error.response is None
                for text in texts:
                    assert text in str(error), (text, str(error))
                if name != "ChunkedEncodingError":
                    try:
                        client.session.get(host + "/data/x?token=hidden", timeout=1)
                    except OSError as raised:
                        assert type(raised) is type(error)
                        for text in texts:
                            assert text in str(raised), (text, str(raised))
                        assert "hidden" not in str(raised)
                    else:
                        raise AssertionError(name)
                assert "hidden" not in str(error)
                assert type(pickle.loads(pickle.dumps(error))) is type(error)
            """,
        ]
    )


@of_each_kind
def test_errors_have_builtin_classes_without_requests(python, kinds):
    python(
        [
            kinds,
            """
            import sys
            sys.modules["requests"] = None
            import builtins, gazu
            client = gazu.client.create_client("http://h", timeout=1, retries=1)
            for name, host, texts in KINDS:
                client.host = host
                try:
                    gazu.client.get("data/x", client=client)
                except OSError as raised:
                    error = raised
                assert type(error).__name__ == name
                if name == "ConnectionError":
                    assert isinstance(error, builtins.ConnectionError)
                if name == "ReadTimeout":
                    assert isinstance(error, builtins.TimeoutError)
                for text in texts:
                    assert text in str(error), (text, str(error))
            """,
        ]
    )


@of_each_kind
def test_awaited_errors_have_the_classes_of_aiohttp(python, kinds):
    pytest.importorskip("aiohttp")
    python(
        [
            kinds,
            """
            import asyncio, aiohttp
            from gazu import aio
            expected = dict(ReadTimeout=asyncio.TimeoutError, ChunkedEncodingError=aiohttp.ClientPayloadError,
                            SSLError=aiohttp.ClientSSLError)
            async def main():
                for name, host, _ in KINDS:
                    async with aio.AsyncKitsuClient(host, timeout=1, retries=1) as client:
                        try:
                            await aio.get("data/x", client=client)
                        except aiohttp.ClientError as error:
                            assert isinstance(error, expected.get(name, aiohttp.ClientConnectionError)), error
                            assert str(error) and ":0" not in str(error)
                        else:
                            raise AssertionError(name)
                        try:
                            await client.session.get(host + "/data/x", timeout=1)
                        except aiohttp.ClientError as error:
                            assert ":0" not in str(error), error
                        except asyncio.TimeoutError:
                            assert name == "ReadTimeout"
                        else:
                            raise AssertionError(name)
            asyncio.run(main())
            """,
        ]
    )


def test_an_unreachable_proxy_is_named_as_by_requests(client):
    from gazu import client as raw

    client.retries = 1
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        client.session.proxies = {"http": "http://127.0.0.1:%d" % port}
        with pytest.raises(OSError, match="ProxyError") as caught:
            raw.get("data/x", client=client)
    assert "Max retries exceeded with url" in str(caught.value)

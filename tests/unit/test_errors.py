"""Errors below HTTP: their names and classes, and that one request is sent."""

from __future__ import annotations

import json

import pytest
from gazu import client as raw

from .recording_server import Answer, free_port


@pytest.fixture
def client(client):
    client.retries = 1
    return client


def fails(call):
    with pytest.raises(Exception) as caught:
        call()
    return caught.value


HOSTS = [
    ("nonsense", "MissingSchema"),
    ("", "MissingSchema"),
    ("localhost:80/api", "InvalidSchema"),
    ("ftp://host/api", "InvalidSchema"),
    ("file:///etc/api", "InvalidSchema"),
    ("http://", "InvalidURL"),
    ("http:///api", "InvalidURL"),
    ("http://*host/api", "InvalidURL"),
    ("http://.host/api", "InvalidURL"),
    ("http://host:port/api", "InvalidURL"),
    ("http://host:99999/api", "InvalidURL"),
    ("http://[::1/api", "InvalidURL"),
    ("http://no.such.host.invalid/api", "ConnectionError"),
]


class TestNames:
    @pytest.mark.parametrize("host, name", HOSTS)
    @pytest.mark.parametrize("verb", ["get", "post", "upload", "download"])
    def test_an_invalid_host_raises(self, client, make_file, host, name, verb):
        client.host = host
        args = {
            "get": (),
            "post": ({},),
            "upload": (make_file(),),
            "download": (None,),
        }[verb]
        error = fails(
            lambda: getattr(raw, verb)("data/x", *args, client=client)
        )
        assert type(error).__name__ == name

    def test_a_host_without_a_scheme_is_named(self, client):
        client.host = "kitsu.studio.com/api"
        error = fails(lambda: raw.get("data/x", client=client))
        assert type(error).__name__ == "MissingSchema"
        assert isinstance(error, ValueError)
        assert "kitsu.studio.com/api/data/x" in str(error)

    @pytest.mark.parametrize("call", [raw.get, raw.delete])
    def test_a_refused_connection_raises(self, client, call):
        client.host = "http://127.0.0.1:%d/api" % free_port()
        error = fails(lambda: call("data/x", client=client))
        assert type(error).__name__ == "ConnectionError"
        assert isinstance(error, OSError)

    @pytest.mark.parametrize(
        "how",
        [
            {"reset": "headers"},
            {"close": "headers"},
            pytest.param({"reset": "mid-headers"}, marks=pytest.mark.beyond),
            pytest.param({"close": "mid-headers"}, marks=pytest.mark.beyond),
        ],
        ids=str,
    )
    @pytest.mark.parametrize("verb", ["get", "post", "put", "delete"])
    def test_a_connection_lost_before_the_answer_raises(
        self, server, client, verb, how
    ):
        server.on("*", "data/x", Answer({}, **how))
        args = ({},) if verb in ("post", "put") else ()
        error = fails(
            lambda: getattr(raw, verb)("data/x", *args, client=client)
        )
        assert type(error).__name__ == "ConnectionError"
        assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "how, names",
        [
            ({"truncate": 3}, ("ChunkedEncodingError", "ConnectionError")),
            ({"chunked": 2, "truncate": 3}, ("ChunkedEncodingError",)),
            ({"reset": "body"}, ("ChunkedEncodingError", "ConnectionError")),
            ({"reset": "body", "chunked": True}, ("ChunkedEncodingError",)),
        ],
        ids=str,
    )
    @pytest.mark.parametrize("verb", ["get", "post"])
    def test_a_connection_lost_in_the_body_raises(
        self, server, client, verb, how, names
    ):
        server.on("*", "data/x", Answer({"a": "b" * 50}, **how))
        args = ({},) if verb == "post" else ()
        error = fails(
            lambda: getattr(raw, verb)("data/x", *args, client=client)
        )
        assert type(error).__name__ in names
        assert len(server.requests) == 1

    def test_an_answer_that_is_not_http_raises(self, server, client):
        answer = Answer()
        answer.head = lambda: b"SSH-2.0-OpenSSH_9.2\r\n"
        answer.close = True
        server.on("GET", "data/x", answer)
        error = fails(lambda: raw.get("data/x", client=client))
        assert type(error).__name__ == "ConnectionError"

    def test_http_in_place_of_tls_raises(self, server, client):
        client.host = server.url.replace("http:", "https:") + "/api"
        server.greet("close")
        error = fails(lambda: raw.get("data/x", client=client))
        assert type(error).__name__ in ("SSLError", "ConnectionError")

    @pytest.mark.parametrize("host, name", HOSTS)
    def test_an_invalid_host_sends_nothing(self, server, client, host, name):
        client.host = host
        fails(lambda: raw.get("data/x", client=client))
        assert server.opened == 0


PROGRAM = """
    import json, sys
    if {with_requests}:
        import requests
    import gazu
    assert ("requests" in sys.modules) is {with_requests}
    client = gazu.client.create_client(sys.argv[1] + "/api")
    if len(sys.argv) > 3:
        client.timeout = float(sys.argv[3])
    try:
        gazu.client.get(sys.argv[2], client=client)
    except Exception as error:
        if {with_requests}:
            where = requests.exceptions
        else:
            import gazu._requests_compat.errors as where
        names = [n for n in dir(where) if isinstance(getattr(where, n), type)
                 and issubclass(getattr(where, n), Exception) and isinstance(error, getattr(where, n))]
        builtins = [c.__name__ for c in type(error).__mro__ if c.__module__ in ("builtins", "json.decoder")]
        import pickle
        try:
            again = pickle.loads(pickle.dumps(error))
        except TypeError:
            # Before 2.32, requests cannot restore its own JSONDecodeError.
            assert isinstance(error, ValueError) and requests.__version__ < "2.32"
            again = error
        print(json.dumps([type(error).__name__, names, builtins, type(again).__name__, str(error)]))
        assert ("requests" in sys.modules) is {with_requests}
    else:
        sys.exit("nothing was raised")
"""

# Exceptions that scripts catch, with requests and without.
CAUGHT = [
    (
        "dead",
        "ConnectionError",
        {"ConnectionError", "RequestException"},
        {"ConnectionError", "OSError"},
    ),
    (
        "reset",
        "ConnectionError",
        {"ConnectionError", "RequestException"},
        {"ConnectionError", "OSError"},
    ),
    (
        "no scheme",
        "MissingSchema",
        {"MissingSchema", "RequestException"},
        {"ValueError"},
    ),
    (
        "odd scheme",
        "InvalidSchema",
        {"InvalidSchema", "RequestException"},
        {"ValueError"},
    ),
    (
        "bad url",
        "InvalidURL",
        {"InvalidURL", "RequestException"},
        {"ValueError"},
    ),
    (
        "loop",
        "TooManyRedirects",
        {"TooManyRedirects", "RequestException"},
        {"OSError"},
    ),
    (
        "short",
        "ChunkedEncodingError",
        {"ChunkedEncodingError", "RequestException"},
        {"OSError"},
    ),
    (
        "no gzip",
        "ContentDecodingError",
        {"ContentDecodingError", "RequestException"},
        {"OSError"},
    ),
    (
        "no json",
        "JSONDecodeError",
        {"JSONDecodeError", "RequestException"},
        {"JSONDecodeError", "ValueError"},
    ),
]
TIMEOUTS = [
    (
        "hung",
        "ReadTimeout",
        {"ReadTimeout", "Timeout", "RequestException"},
        {"TimeoutError", "OSError"},
    ),
]


@pytest.fixture
def error_in(server, python):
    """Return the error in a program with or without requests."""

    def run(case, with_requests):
        url, path = server.url, "data/x"
        more = []
        if case == "dead":
            url = "http://127.0.0.1:%d" % free_port()
        elif case == "no scheme":
            url = "nonsense"
        elif case == "odd scheme":
            url = "ftp://host"
        elif case == "bad url":
            url = "http://"
        elif case == "hung":
            more = [0.2]
        server.on(
            "GET",
            "data/x",
            {
                "reset": Answer(reset="headers"),
                "loop": Answer(
                    {}, status=302, headers=[("Location", "/api/data/x")]
                ),
                "short": Answer(body=bytes(99), chunked=10, truncate=20),
                "no gzip": Answer(
                    body=b"not packed", headers=[("Content-Encoding", "gzip")]
                ),
                "no json": Answer(body=b"<html>"),
                "hung": Answer(hang="headers"),
            }.get(case, Answer({})),
        )
        program = PROGRAM.format(with_requests=with_requests)
        return json.loads(python(program, url, path, *more).stdout)

    return run


@pytest.mark.parametrize("case, name, caught, builtins", CAUGHT)
def test_errors_with_requests(error_in, case, name, caught, builtins):
    pytest.importorskip("requests")
    seen, names, _, again, _ = error_in(case, True)
    assert seen == again == name
    assert caught <= set(names)


@pytest.mark.beyond
@pytest.mark.parametrize("case, name, caught, builtins", TIMEOUTS)
def test_timeouts_with_requests(error_in, case, name, caught, builtins):
    pytest.importorskip("requests")
    seen, names, _, again, _ = error_in(case, True)
    assert seen == again == name
    assert caught <= set(names)


@pytest.mark.beyond
@pytest.mark.parametrize("case, name, caught, builtins", CAUGHT + TIMEOUTS)
def test_errors_without_requests(error_in, case, name, caught, builtins):
    seen, names, bases, again, _ = error_in(case, False)
    assert seen == again == name
    assert name in names
    assert builtins <= set(bases)


@pytest.mark.beyond
def test_errors_after_a_later_import_of_requests(server, python):
    pytest.importorskip("requests")
    python(
        """
        import sys, gazu
        client = gazu.client.create_client(sys.argv[1])
        try:
            gazu.client.get("data/x", client=client)
        except OSError as error:
            first = error
        import requests
        try:
            gazu.client.get("data/x", client=client)
        except requests.exceptions.ConnectionError as error:
            assert type(error) is requests.exceptions.ConnectionError
            assert isinstance(first, ConnectionError)
        """,
        "http://127.0.0.1:%d/api" % free_port(),
    )

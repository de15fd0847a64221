"""Connections that cannot be made, break, or carry invalid HTTP."""

from __future__ import annotations

import socket
import time

import pytest
from gazu import client as raw

from ..error_classes import CONNECTION_ERRORS, TIMEOUTS
from ..recording_server import Answer, free_port, listdir

LOST = ("ConnectionError",)
BROKEN = ("ChunkedEncodingError", "ConnectionError")


@pytest.fixture
def once(client):
    """A client without retries, so that each failure shows."""
    client.retries = 1
    client.timeout = (5, 5)
    return client


def usable(server, client):
    """Return whether a client works after its request has failed."""
    client.host = server.url + "/api"
    server.on("*", "data/after", {"a": 1})
    assert raw.get("data/after", client=client) == {"a": 1}
    assert raw.post("data/after", {}, client=client) == {"a": 1}
    return True


VERBS = {
    "get": lambda client: raw.get("data/x", client=client),
    "post": lambda client: raw.post("data/x", {"a": 1}, client=client),
    "put": lambda client: raw.put("data/x", {"a": 1}, client=client),
    "delete": lambda client: raw.delete("data/x", client=client),
    "download": lambda client: raw.download("data/x", None, client=client),
    "upload": lambda client: raw.upload(
        "data/x", files={"f": b"abc"}, client=client
    ),
    "session": lambda client: client.session.get(client.host + "/data/x"),
}
every_verb = pytest.mark.parametrize("verb", list(VERBS))


class TestNotMade:
    @every_verb
    def test_a_refused_connection_raises(self, server, once, failing, verb):
        once.host = "http://127.0.0.1:%d/api" % free_port()
        name, error = failing(lambda: VERBS[verb](once))
        assert name == "ConnectionError"
        assert isinstance(error, CONNECTION_ERRORS)
        assert "refused" in str(error).lower()
        for part in once.host.split("/")[2].split(":"):
            assert part in str(error)
        assert usable(server, once)

    def test_an_unresolvable_host_raises(self, server, once, failing):
        once.host = "http://no-such-host.invalid/api"
        name, error = failing(lambda: raw.get("data/x", client=once))
        assert name == "ConnectionError"
        assert "no-such-host.invalid" in str(error)
        assert usable(server, once)

    def test_an_unresolvable_host_is_not_up(self, client):
        client.host = "http://no-such-host.invalid/api"
        assert raw.host_is_up(client=client) is False

    @pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
    def test_an_ipv6_host_is_reached(self, peer, once):
        def script(connection):
            connection.read()
            connection.answer(b'{"a": 1}')

        there = peer(script, family=socket.AF_INET6)
        once.host = there.url + "/api"
        assert raw.get("data/x", client=once) == {"a": 1}
        assert there.requests[0].header("Host") == there.address


HEAD = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\nContent-Type: application/json\r\n\r\n"


def breaks_off(said, how):
    """Return a script that sends this text, and resets or closes the connection."""

    def script(connection):
        connection.read()
        connection.say(said)
        if how == "reset":
            connection.reset()

    return script


class TestReset:
    """Connections that are reset or closed before, within and after the answer."""

    @every_verb
    @pytest.mark.parametrize("said", ["", "HTTP/1.1 200 OK\r\nContent-"])
    @pytest.mark.parametrize("how", ["reset", "close"])
    def test_a_connection_lost_before_the_answer_raises(
        self, server, peer, once, failing, verb, said, how
    ):
        there = peer(breaks_off(said, how))
        once.host = there.url + "/api"
        name, error = failing(lambda: VERBS[verb](once))
        assert name == "ConnectionError"
        assert there.address in str(error)
        assert len(there.requests) == 1
        assert usable(server, once)

    @pytest.mark.parametrize("how", ["reset", "close"])
    @pytest.mark.parametrize("said", [HEAD, HEAD + '{"a"'])
    def test_a_connection_lost_within_the_answer_raises(
        self, server, peer, once, failing, said, how
    ):
        there = peer(breaks_off(said, how))
        once.host = there.url + "/api"
        name, error = failing(lambda: raw.get("data/x", client=once))
        assert name in BROKEN
        assert isinstance(error, OSError)
        assert usable(server, once)

    @pytest.mark.parametrize("verb", ["get", "post"])
    def test_a_connection_reset_after_the_answer_is_replaced(
        self, server, client, verb
    ):
        """The answer is the result, and the next call makes a new connection."""
        server.on("*", "data/x", Answer({"a": 1}, reset="after"))
        for _ in range(5):
            answer = VERBS[verb](client)
            assert answer == {"a": 1}
            # A write is not repeated if the reset comes while it is sent.
            assert server.wait(lambda: not server.open)
        assert len(server.requests) == 5

    def test_a_connection_reset_before_the_request_raises(
        self, server, peer, once, failing
    ):
        there = peer(lambda connection: connection.reset())
        once.host = there.url + "/api"
        name, _ = failing(lambda: raw.post("data/x", {}, client=once))
        assert name == "ConnectionError"
        assert usable(server, once)

    def test_a_connection_reset_during_an_upload_raises(
        self, server, peer, once, failing, make_file
    ):
        def script(connection):
            connection.socket.recv(1000)
            connection.reset()

        there = peer(script)
        once.host = there.url + "/api"
        path = make_file("a.mov", bytes(20 << 20))
        name, _ = failing(lambda: raw.upload("up", path, client=once))
        assert name == "ConnectionError"
        assert there.opened == 1
        assert usable(server, once)


class TestClosedWhilePooled:
    """A server that closes idle connections, as gunicorn does after 2 s."""

    @pytest.mark.parametrize("verb", ["post", "put", "upload", "get"])
    def test_a_request_on_a_closed_connection_arrives_once(
        self, server, client, verb
    ):
        server.on("*", "warm", Answer({}, idle=2))
        server.on("*", "data/x", {"a": 1})
        raw.get("warm", client=client)
        assert server.wait(lambda: not server.open)
        assert VERBS[verb](client) == {"a": 1}
        assert len(server.of(verb.replace("upload", "post").upper())) == (
            2 if verb == "get" else 1
        )

    @pytest.mark.parametrize("seconds", [0, 0.0005, 0.002, 0.01])
    def test_a_write_arrives_at_most_once_when_the_connection_closes(
        self, peer, client, seconds
    ):
        """The server closes while the request is sent; a call that succeeds has arrived."""

        def script(connection):
            connection.read()
            connection.answer()
            connection.wait(seconds)

        there = peer(script)
        client.host = there.url + "/api"
        done = failed = 0
        for number in range(10):
            raw.get("warm", client=client)
            time.sleep(seconds)
            try:
                raw.post("data/x", {"n": number}, client=client)
                done += 1
            except CONNECTION_ERRORS:
                failed += 1
        arrived = [r.json()["n"] for r in there.requests if r.body]
        assert len(arrived) == len(set(arrived))
        assert done <= len(arrived) <= done + failed

    def test_writes_of_threads_on_closed_connections_arrive_once(
        self, server, client
    ):
        import concurrent.futures

        server.on("GET", "warm", Answer({}, delay=0.2))
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for _ in range(3):
                list(
                    pool.map(
                        lambda _: raw.get("warm", client=client), range(8)
                    )
                )
                server.drop_idle()
                list(
                    pool.map(
                        lambda n: raw.post("data/x", {"n": n}, client=client),
                        range(8),
                    )
                )
        assert len(server.of("POST")) == 24


class TestTruncated:
    @pytest.mark.parametrize(
        "answer",
        [
            Answer({"a": "b" * 999}, truncate=100),
            Answer({"a": "b" * 999}, chunked=100, truncate=300),
            Answer({"a": "b" * 999}, chunked=True, truncate=0),
        ],
        ids=["length", "chunks", "no last chunk"],
    )
    @pytest.mark.parametrize("verb", ["get", "post", "download", "session"])
    def test_a_truncated_body_raises(
        self, server, once, failing, answer, verb
    ):
        server.on("*", "data/x", answer)
        name, _ = failing(lambda: VERBS[verb](once))
        assert name in BROKEN
        assert len(server.requests) == 1
        assert usable(server, once)

    @pytest.mark.parametrize(
        "chunk",
        ["zz\r\nabc\r\n", "5\r\nabc", "-1\r\n", "ffffffffffffffffff\r\nabc"],
    )
    def test_invalid_chunks_raise(self, server, peer, once, failing, chunk):
        def script(connection):
            connection.read()
            connection.say(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunk
            )

        once.host = peer(script).url + "/api"
        name, _ = failing(lambda: raw.get("data/x", client=once))
        assert name in BROKEN
        assert usable(server, once)


class TestGarbage:
    @pytest.mark.parametrize(
        "said",
        [
            b"garbage\r\n\r\n",
            b"\x16\x03\x01\x00\x05hello",
            b"SSH-2.0-OpenSSH_9.2\r\n",
            b"HTTP/1.1 abc OK\r\n\r\n",
            b"HTTP/9.9 200 OK\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
            b"HTTP/1.1 200 OK\r\nA: \x00\r\n\r\n",
            b"\r\n\r\n\r\n",
            b"\x00" * 4096,
        ],
        ids=lambda said: repr(said[:20]),
    )
    @pytest.mark.parametrize("verb", ["get", "post"])
    def test_an_answer_that_is_not_http_raises(
        self, server, peer, once, failing, said, verb
    ):
        def script(connection):
            connection.read()
            connection.say(said)

        there = peer(script)
        once.host = there.url + "/api"
        name, _ = failing(lambda: VERBS[verb](once))
        assert name in BROKEN + ("InvalidHeader",)
        assert len(there.requests) == 1
        assert usable(server, once)

    @pytest.mark.parametrize("verb", ["get", "post"])
    def test_endless_headers_raise(self, server, peer, once, failing, verb):
        def script(connection):
            connection.read()
            connection.say("HTTP/1.1 200 OK\r\n")
            while True:
                connection.say("X-Filler: aaaaaaaaaaaaaaaaaaaa\r\n" * 1000)

        there = peer(script)
        once.host = there.url + "/api"
        name, error = failing(lambda: VERBS[verb](once))
        assert name == "ConnectionError"
        assert "too large" in str(error)
        assert usable(server, once)

    @pytest.mark.parametrize("endless", [False, True])
    def test_a_huge_header_raises(self, server, peer, once, failing, endless):
        def script(connection):
            connection.read()
            connection.say("HTTP/1.1 200 OK\r\nX: ")
            for _ in range(64):
                connection.say("a" * (1 << 20))
            while endless:
                connection.say("a" * (1 << 20))
            connection.say("\r\n\r\n")

        once.host = peer(script).url + "/api"
        name, error = failing(lambda: raw.get("data/x", client=once))
        assert name == "ConnectionError"
        assert "too large" in str(error)
        assert usable(server, once)

    def test_a_large_header_is_read(self, peer, once):
        """Single sign-on proxies set cookies of several kilobytes."""

        def script(connection):
            connection.read()
            connection.answer(b"{}", "Set-Cookie: a=" + "b" * 60000)

        once.host = peer(script).url + "/api"
        assert raw.get("data/x", client=once) == {}


class TestSlow:
    """A body that arrives in single bytes counts as silence."""

    def test_headers_in_single_bytes_time_out(
        self, server, peer, once, failing
    ):
        def script(connection):
            connection.read()
            connection.drip(b"HTTP/1.1 200 OK\r\nX: " + b"a" * 999, 0.1)

        once.host = peer(script).url + "/api"
        once.timeout = (5, 0.5)
        name, _ = failing(lambda: raw.get("data/x", client=once))
        assert name == "ReadTimeout"
        assert usable(server, once)

    @pytest.mark.parametrize("verb", ["get", "post", "download", "session"])
    def test_a_body_in_single_bytes_times_out(
        self, server, peer, once, failing, verb
    ):
        def script(connection):
            connection.read()
            connection.say("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
            connection.drip(b" " * 9999, 0.1)

        once.host = peer(script).url + "/api"
        once.timeout = (5, 0.5)
        name, _ = failing(lambda: VERBS[verb](once))
        assert name == "ReadTimeout"
        assert usable(server, once)

    def test_a_download_in_single_bytes_times_out(
        self, server, peer, once, failing, tmp_path
    ):
        def script(connection):
            connection.read()
            connection.say("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n")
            connection.drip(b" " * 9999, 0.1)

        once.host = peer(script).url + "/api"
        once.timeout = (5, 0.5)
        target = str(tmp_path / "out")
        name, _ = failing(lambda: raw.download("x", target, client=once))
        assert name == "ReadTimeout"
        assert listdir(tmp_path) == []
        assert usable(server, once)

    def test_a_short_slow_answer_is_read(self, peer, once):
        def script(connection):
            connection.read()
            connection.drip(
                b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 0.01
            )

        once.host = peer(script).url + "/api"
        once.timeout = (5, 3)
        assert raw.get("data/x", client=once) == {}

    @every_verb
    def test_a_server_that_never_answers_times_out(
        self, server, peer, once, failing, verb
    ):
        def script(connection):
            connection.read()
            connection.hang()

        there = peer(script)
        once.host = there.url + "/api"
        once.timeout = (5, 0.3)
        name, error = failing(lambda: VERBS[verb](once))
        assert name == "ReadTimeout"
        assert isinstance(error, TIMEOUTS)
        assert len(there.requests) == 1
        assert usable(server, once)

    def test_endless_interim_answers_time_out(
        self, server, peer, once, failing
    ):
        def script(connection):
            connection.read()
            while True:
                connection.say("HTTP/1.1 102 Processing\r\n\r\n")
                connection.wait(0.05)

        once.host = peer(script).url + "/api"
        once.timeout = (5, 0.5)
        name, _ = failing(lambda: raw.get("data/x", client=once))
        assert name == "ReadTimeout"
        assert usable(server, once)


class TestDeadline:
    """`deadline` bounds the whole call."""

    @pytest.mark.parametrize("verb", ["get", "post", "download"])
    def test_the_deadline_ends_a_call_that_receives_data(
        self, server, client, failing, verb
    ):
        """The data is fast enough for the read timeout, and too slow for the deadline."""
        slow = Answer(body=b" " * (1 << 20), drip=(4096, 0.05))
        server.on("*", "data/x", slow)
        client.deadline = 0.5
        name, error = failing(lambda: VERBS[verb](client))
        assert name == "ReadTimeout"
        assert "deadline" in str(error)
        client.deadline = None
        assert usable(server, client)

    def test_the_deadline_leaves_no_partial_file(
        self, server, client, failing, tmp_path
    ):
        server.on("GET", "x", Answer(body=bytes(1 << 20), drip=(4096, 0.05)))
        client.deadline = 0.3
        target = tmp_path / "out"
        target.write_bytes(b"old")
        name, _ = failing(
            lambda: raw.download("x", str(target), client=client)
        )
        assert name == "ReadTimeout"
        assert target.read_bytes() == b"old"
        assert listdir(tmp_path) == ["out"]

    def test_the_deadline_is_set_by_argument_or_environment(self, monkeypatch):
        assert raw.KitsuClient("http://h").deadline is None
        assert raw.KitsuClient("http://h", deadline=2).deadline == 2
        assert raw.create_client("http://h", deadline=2).deadline == 2
        monkeypatch.setenv("GAZU_DEADLINE", "7.5")
        assert raw.KitsuClient("http://h").deadline == 7.5
        assert raw.KitsuClient("http://h", deadline=None).deadline is None
        for text in ("soon", "-1"):
            monkeypatch.setenv("GAZU_DEADLINE", text)
            with pytest.warns(RuntimeWarning, match="GAZU_DEADLINE"):
                assert raw.KitsuClient("http://h").deadline is None
        for text in ("none", ""):
            monkeypatch.setenv("GAZU_DEADLINE", text)
            assert raw.KitsuClient("http://h").deadline is None
        client = raw.KitsuClient("http://h")
        for nonsense in (0, -1, "5", True, (1, 2), float("nan")):
            with pytest.raises(ValueError, match="deadline"):
                client.deadline = nonsense

"""Timeouts: for connecting, and for waiting without a byte."""

from __future__ import annotations

import time

import gazu
import pytest
from gazu import client as raw

from ..recording_server import Answer, SilentPort, listdir

pytestmark = pytest.mark.beyond


def name_of(error):
    return type(error.value).__name__


def timed(call):
    """Run a call that must fail; return the exception's name and the seconds."""
    start = time.monotonic()
    with pytest.raises(Exception) as caught:
        call()
    return type(caught.value).__name__, time.monotonic() - start


class TestSetting:
    def test_the_default_timeout_is_15_and_300_seconds(self):
        assert raw.KitsuClient("http://h").timeout == (15, 300)
        assert raw.create_client("http://h").timeout == (15, 300)

    @pytest.mark.parametrize(
        "timeout", [3, 0.5, (1, 2), (1, None), (None, 2), None]
    )
    def test_a_timeout_is_read_as_a_pair(self, timeout):
        pair = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        client = raw.KitsuClient("http://h", timeout=timeout)
        assert client.timeout == pair
        assert raw.create_client("http://h", timeout=timeout).timeout == pair
        client.timeout = (4, 5)
        assert client.timeout == (4, 5)
        client.timeout = timeout
        assert client.timeout == pair

    def test_a_timeout_is_a_keyword(self):
        with pytest.raises(TypeError):
            raw.KitsuClient(
                "http://h", True, None, True, None, None, None, None, 5
            )

    @pytest.mark.parametrize(
        "timeout", ["5", (1, 2, 3), (1,), -1, (0, -2), True, {}, float("nan")]
    )
    def test_an_invalid_timeout_raises(self, timeout):
        with pytest.raises((TypeError, ValueError)) as caught:
            raw.KitsuClient("http://h", timeout=timeout)
        assert "timeout" in str(caught.value)

    @pytest.mark.parametrize(
        "text, timeout",
        [
            ("5", (5, 5)),
            ("0.5", (0.5, 0.5)),
            ("5,60", (5, 60)),
            (" 5 , 60 ", (5, 60)),
            ("5,none", (5, None)),
            ("none", (None, None)),
            ("None", (None, None)),
            ("", (15, 300)),
        ],
    )
    def test_the_environment_sets_the_timeout(
        self, monkeypatch, text, timeout
    ):
        monkeypatch.setenv("GAZU_TIMEOUT", text)
        assert raw.KitsuClient("http://h").timeout == timeout
        assert raw.KitsuClient("http://h", timeout=9).timeout == (9, 9)

    def test_the_environment_sets_the_timeout_of_the_default_client(
        self, python
    ):
        out = python(
            "import gazu; print(gazu.client.default_client.timeout)",
            env={"GAZU_TIMEOUT": "5,60"},
        ).stdout
        assert out.strip() in ("(5, 60)", "(5.0, 60.0)")

    @pytest.mark.parametrize("text", ["soon", "-1", "1,2,3", "nan", ","])
    def test_an_invalid_timeout_in_the_environment_is_ignored(
        self, monkeypatch, text
    ):
        monkeypatch.setenv("GAZU_TIMEOUT", text)
        expected = "GAZU_TIMEOUT has the value .* is not a number of seconds"
        with pytest.warns(RuntimeWarning, match=expected) as caught:
            assert raw.KitsuClient("http://h").timeout == (15, 300)
        assert caught[0].filename == __file__


class TestIdle:
    @pytest.mark.parametrize("place", ["headers", "mid-headers", "body"])
    @pytest.mark.parametrize("timeout", [0.2, (None, 0.2), (5, 0.2)])
    def test_an_answer_that_hangs_times_out(
        self, server, client, place, timeout
    ):
        server.on("GET", "data/x", Answer({"a": "b" * 99}, hang=place))
        client.timeout = timeout
        name, seconds = timed(lambda: raw.get("data/x", client=client))
        assert name == ("ReadTimeout" if place != "body" else name)
        assert name in ("ReadTimeout", "ConnectionError")
        assert 0.15 < seconds < 2
        assert len(server.requests) == 1

    @pytest.mark.parametrize("verb", ["post", "put"])
    def test_a_write_that_times_out_is_sent_once(self, server, client, verb):
        server.on("*", "data/x", Answer(hang="headers"))
        client.timeout = (5, 0.2)
        name, _ = timed(
            lambda: getattr(raw, verb)("data/x", {}, client=client)
        )
        assert name == "ReadTimeout"
        assert len(server.requests) == 1

    def test_an_upload_that_is_not_answered_times_out(
        self, server, client, make_file
    ):
        server.on("POST", "data/x", Answer(hang="headers"))
        client.timeout = 0.2
        name, _ = timed(
            lambda: raw.upload("data/x", make_file(), client=client)
        )
        assert name == "ReadTimeout"
        assert len(server.requests) == 1

    def test_an_upload_that_is_not_read_times_out(
        self, server, client, make_file
    ):
        server.greet("hang")
        server._hang = lambda conn: server._closing.wait()
        client.timeout = 0.3
        path = make_file("a.mov", bytes(32 << 20))
        name, seconds = timed(
            lambda: raw.upload("data/x", path, client=client)
        )
        assert name in (
            "ReadTimeout",
            "WriteTimeout",
            "ConnectionError",
            "Timeout",
        )
        assert seconds < 3

    def test_a_download_that_hangs_leaves_no_file(
        self, server, client, tmp_path
    ):
        target = tmp_path / "out"
        server.on("GET", "x", Answer(body=bytes(9999), hang="body"))
        client.timeout = 0.2
        name, seconds = timed(
            lambda: raw.download("x", str(target), client=client)
        )
        assert name in ("ReadTimeout", "ConnectionError")
        assert seconds < 2
        assert listdir(tmp_path) == []

    def test_a_slow_download_does_not_time_out(self, server, client, tmp_path):
        """It takes longer than the timeout, but the pauses are shorter."""
        client.timeout = (5, 0.25)
        slow = Answer(body=bytes(1000), drip=(200, 0.12))
        server.on("GET", "x", slow)
        target = tmp_path / "out"
        start = time.monotonic()
        raw.download("x", str(target), client=client)
        assert time.monotonic() - start > 0.4
        assert target.read_bytes() == bytes(1000)
        assert len(raw.get_file_data_from_url("x", client=client)) == 1000

    def test_a_slow_upload_does_not_time_out(self, server, client, make_file):
        def answer(request):
            return Answer({"size": request.size}, delay=0.15)

        server.on("POST", "data/x", answer)
        client.timeout = (5, 0.4)
        path = make_file("a", bytes(1 << 20))

        def slowly(done, total):
            time.sleep(0.03)

        start = time.monotonic()
        raw.upload("data/x", path, client=client, progress_callback=slowly)
        assert time.monotonic() - start >= 0.15

    def test_no_timeout_waits_for_the_answer(self, server, client):
        server.on("GET", "data/x", Answer({"a": 1}, delay=0.5))
        client.timeout = 0.1
        timed(lambda: raw.get("data/x", client=client))
        client.timeout = None
        assert raw.get("data/x", client=client) == {"a": 1}

    def test_a_changed_timeout_applies_at_once(self, server, client):
        server.on("GET", "data/x", Answer({}, delay=0.3))
        for timeout, works in ((5, True), (0.1, False), (5, True)):
            client.timeout = timeout
            if works:
                raw.get("data/x", client=client)
            else:
                assert (
                    timed(lambda: raw.get("data/x", client=client))[0]
                    == "ReadTimeout"
                )

    def test_the_timeout_applies_to_refreshing_a_token(self, server, client):
        server.on(
            "GET",
            "data/x",
            Answer({"message": "Signature has expired"}, status=401),
        )
        server.on("GET", "auth/refresh-token", Answer(hang="headers"))
        client.use_refresh_token, client.refresh_token, client.timeout = (
            True,
            "r",
            0.2,
        )
        assert (
            timed(lambda: raw.get("data/x", client=client))[0] == "ReadTimeout"
        )

    def test_the_timeout_applies_to_host_is_up(self, server, client):
        server.on("HEAD", "/api", Answer(hang="headers"))
        client.timeout = 0.2
        assert raw.host_is_up(client=client) is False

    def test_the_timeout_applies_to_logging_out_of_a_context(self, server):
        server.on("GET", "auth/logout", Answer(hang="headers"))
        with raw.KitsuClient(server.url + "/api", timeout=0.2):
            pass
        assert len(server.requests) == 1

    def test_a_client_works_after_a_timeout(self, server, client):
        server.on("GET", "data/x", Answer(hang="headers"), Answer({"a": 1}))
        client.timeout = 0.2
        timed(lambda: raw.get("data/x", client=client))
        client.timeout = 5
        assert raw.get("data/x", client=client) == {"a": 1}

    def test_the_timeout_of_a_session_call_takes_precedence(
        self, server, client
    ):
        server.on("GET", "/api", Answer(hang="headers"))
        name, _ = timed(lambda: client.session.get(client.host, timeout=0.2))
        assert name == "ReadTimeout"


class TestConnect:
    @pytest.fixture(autouse=True)
    def once(self, client):
        client.retries = 1

    @pytest.mark.parametrize("timeout", [0.3, (0.3, None), (0.3, 60)])
    def test_a_connection_that_is_not_answered_times_out(
        self, client, timeout
    ):
        with SilentPort() as port:
            client.host = port.url + "/api"
            client.timeout = timeout
            name, seconds = timed(lambda: raw.get("data/x", client=client))
        assert name == "ConnectTimeout"
        assert 0.2 < seconds < 3

    def test_the_connect_timeout_applies_to_host_is_up(self, client):
        with SilentPort() as port:
            client.host = port.url + "/api"
            client.timeout = (0.2, None)
            assert raw.host_is_up(client=client) is False

    def test_the_connect_timeout_covers_the_tls_handshake(
        self, server, client
    ):
        server.greet("hang")
        client.host = server.url.replace("http:", "https:") + "/api"
        client.timeout = 0.3
        name, seconds = timed(lambda: raw.get("data/x", client=client))
        assert name in ("ConnectTimeout", "ReadTimeout")
        assert seconds < 3


class TestRetries:
    """Only reads are repeated; `retries` is the number of all attempts."""

    def test_a_read_is_repeated_after_a_reset(self, server, client):
        server.on(
            "GET",
            "data/x",
            Answer(reset="headers"),
            Answer(reset="headers"),
            {"a": 1},
        )
        assert raw.get("data/x", client=client) == {"a": 1}
        assert len(server.requests) == 3

    @pytest.mark.parametrize("status", [429, 502, 503, 504])
    def test_a_read_is_repeated_while_the_server_restarts(
        self, server, client, status
    ):
        server.on(
            "GET",
            "data/x",
            Answer({}, status=status),
            {"a": 1},
        )
        assert raw.get("data/x", client=client) == {"a": 1}

    @pytest.mark.parametrize("retries, sent", [(0, 1), (1, 1), (2, 2)])
    def test_retries_limits_the_attempts(self, server, retries, sent):
        client = raw.KitsuClient(server.url + "/api", retries=retries)
        server.on("GET", "data/x", Answer(reset="headers"))
        with pytest.raises(Exception) as caught:
            raw.get("data/x", client=client)
        assert name_of(caught) == "ConnectionError"
        assert len(server.requests) == sent

    def test_a_read_that_times_out_is_not_repeated(self, server, client):
        client.timeout = 0.2
        server.on("GET", "data/x", Answer(hang="headers"))
        assert (
            timed(lambda: raw.get("data/x", client=client))[0] == "ReadTimeout"
        )
        assert len(server.requests) == 1

    @pytest.mark.parametrize("verb", ["post", "put", "delete"])
    def test_a_write_that_is_rejected_is_not_repeated(
        self, server, client, verb
    ):
        server.on("*", "data/x", Answer({}, status=502))
        args = ({},) if verb != "delete" else ()
        with pytest.raises(gazu.exception.ServerErrorException):
            getattr(raw, verb)("data/x", *args, client=client)
        assert len(server.requests) == 1

    @pytest.mark.parametrize("verb", ["post", "put"])
    def test_a_write_that_is_reset_is_not_repeated(self, server, verb):
        client = raw.KitsuClient(server.url + "/api", retries=3)
        server.on("*", "data/x", Answer(reset="headers"))
        with pytest.raises(Exception) as caught:
            getattr(raw, verb)("data/x", {}, client=client)
        assert name_of(caught) == "ConnectionError"
        assert len(server.requests) == 1

    def test_an_upload_that_is_closed_is_not_repeated(self, server, make_file):
        client = raw.KitsuClient(server.url + "/api", retries=3)
        server.on("*", "data/x", Answer(close="headers"))
        with pytest.raises(Exception) as caught:
            raw.upload("data/x", make_file(), client=client)
        assert name_of(caught) == "ConnectionError"
        assert len(server.requests) == 1

    def test_retries_are_a_keyword(self):
        with pytest.raises(TypeError):
            raw.KitsuClient(
                "http://h", True, None, True, None, None, None, None, (1, 2), 3
            )
        assert (
            gazu.client.create_client("http://h", retries=2).host == "http://h"
        )

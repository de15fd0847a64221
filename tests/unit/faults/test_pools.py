"""Connection pools: few, bounded, and the same for all deadlines."""

from __future__ import annotations

import glob
import threading
import time

import pytest
from gazu import client as raw

from ..recording_server import Answer, SilentPort, free_port, redirect

pytestmark = pytest.mark.beyond


def sockets():
    return len(glob.glob("/proc/self/fd/*"))


class TestDeadlinesBelongToRequests:
    def test_many_timeouts_share_a_connection(self, server, client):
        server.on("GET", "data/x", {"a": 1})
        for number in range(200):
            client.timeout = (5 + number / 100, 7 - number / 100)
            raw.get("data/x", client=client)
        assert len({request.connection for request in server.requests}) == 1

    def test_many_timeouts_of_a_session_share_a_connection(
        self, server, client
    ):
        server.on("GET", "data/x", {"a": 1})
        for number in range(50):
            url = client.host + "/data/x"
            assert client.session.get(url, timeout=1 + number / 10).ok
        assert len({request.connection for request in server.requests}) == 1

    def test_very_long_timeouts_and_none_share_few_connections(
        self, server, client
    ):
        server.on("GET", "data/x", {"a": 1})
        for number in range(60):
            client.timeout = None if number % 20 == 0 else 200 + number * 90
            raw.get("data/x", client=client)
        assert len({request.connection for request in server.requests}) <= 3

    def test_each_request_has_its_own_timeout(self, server, client):
        """Two requests on the same pool have different timeouts."""
        server.on("GET", "data/x", Answer({"a": 1}, delay=0.6))
        outcomes = {}

        def ask(timeout):
            other = raw.create_client(client.host, timeout=timeout)
            other.session = client.session
            try:
                outcomes[timeout] = raw.get("data/x", client=other)
            except Exception as error:
                outcomes[timeout] = type(error).__name__

        threads = [threading.Thread(target=ask, args=(t,)) for t in (0.2, 5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes == {0.2: "ReadTimeout", 5: {"a": 1}}

    def test_another_request_that_connects_does_not_extend_a_timeout(
        self, server, client
    ):
        server.on("GET", "data/x", Answer(hang="headers"))
        with SilentPort() as port:
            other = threading.Thread(
                target=lambda: raw.host_is_up(
                    client=self.sharing(client, port.url + "/api", (3, None))
                )
            )
            other.start()
            time.sleep(0.1)
            client.timeout = (3, 0.3)
            start = time.monotonic()
            with pytest.raises(Exception) as caught:
                raw.get("data/x", client=client)
            assert type(caught.value).__name__ == "ReadTimeout"
            assert time.monotonic() - start < 2
            other.join()

    @staticmethod
    def sharing(client, host, timeout):
        other = raw.create_client(host, timeout=timeout)
        other.session = client.session
        return other


class TestConnectTimeout:
    """The connect timeout belongs to a request, and retries do not multiply it."""

    @pytest.mark.parametrize("retries", [3, 10])
    def test_a_connect_timeout_is_not_repeated(self, client, retries):
        client.retries = retries
        client.timeout = 0.5
        with SilentPort() as port:
            client.host = port.url + "/api"
            start = time.monotonic()
            with pytest.raises(Exception) as caught:
                raw.get("data/x", client=client)
        assert type(caught.value).__name__ == "ConnectTimeout"
        assert 0.4 < time.monotonic() - start < 1.4

    def test_a_session_call_has_its_own_connect_timeout(self, client):
        with SilentPort() as port:
            for timeout in (0.2, 0.6):
                start = time.monotonic()
                with pytest.raises(Exception) as caught:
                    client.session.get(port.url, timeout=(timeout, 60))
                assert type(caught.value).__name__ == "ConnectTimeout"
                assert timeout <= time.monotonic() - start < timeout + 1

    def test_the_connect_timeout_applies_after_a_redirect(
        self, server, client
    ):
        with SilentPort() as port:
            server.on("GET", "data/x", redirect(port.url + "/y"))
            client.timeout = (0.3, 30)
            with pytest.raises(Exception) as caught:
                raw.get("data/x", client=client)
        assert type(caught.value).__name__ == "ConnectTimeout"

    def test_a_refused_connection_is_repeated(self, client):
        client.host = "http://127.0.0.1:%d/api" % free_port()
        client.retries = 2
        start = time.monotonic()
        with pytest.raises(Exception) as caught:
            raw.get("data/x", client=client)
        assert type(caught.value).__name__ == "ConnectionError"
        assert time.monotonic() - start > 0.2


@pytest.mark.skipif(not sockets(), reason="no /proc here")
def test_idle_connections_are_bounded(server, client):
    """Only some of the connections of many busy threads are kept."""
    together = threading.Barrier(90)
    server.on("GET", "data/x", Answer({"a": 1}, delay=0.5))
    before = sockets()

    def ask():
        together.wait()
        raw.get("data/x", client=client)

    threads = [threading.Thread(target=ask) for _ in range(90)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    raw.get("data/x", client=client)
    # Each connection has a socket of the client and one of the server.
    server.wait(lambda: sockets() - before <= 2 * 66)
    assert sockets() - before <= 2 * 66

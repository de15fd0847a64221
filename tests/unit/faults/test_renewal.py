"""Tokens that expire while many threads send requests, and servers that restart."""

from __future__ import annotations

import os
import threading
import time

import gazu
import pytest
from gazu import client as raw
from gazu import exception as ex

from .. import needs
from ..error_classes import CONNECTION_ERRORS
from ..recording_server import EXPIRED, Answer, RecordingServer, only_with


def together(count, work):
    """Run work(number) in threads that start together; return each result or exception."""
    begin = threading.Barrier(count)
    outcomes = [None] * count

    def run(number):
        begin.wait(10)
        try:
            outcomes[number] = work(number)
        except Exception as error:
            outcomes[number] = error

    threads = [
        threading.Thread(target=run, args=(number,)) for number in range(count)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(25)
    assert not any(thread.is_alive() for thread in threads)
    return outcomes


def reject_together(server, count, status=401):
    """Reject the requests with the old token once this many have arrived."""
    gate = threading.Barrier(count)

    def answer(request):
        if request.header("Authorization") == "Bearer old":
            gate.wait(10)
            return Answer(EXPIRED, status=status)
        return Answer({"ok": True})

    server.on("*", "data/x", answer)


@pytest.mark.beyond
class TestSixteenThreads:
    @pytest.mark.parametrize("verb", ["get", "post", "upload"])
    def test_sixteen_threads_refresh_the_token_once(
        self, server, expired, verb
    ):
        reject_together(server, 16)
        server.on(
            "GET",
            "auth/refresh-token",
            Answer({"access_token": "new"}, delay=0.1),
        )
        calls = {
            "get": lambda _: raw.get("data/x", client=expired),
            "post": lambda n: raw.post("data/x", {"n": n}, client=expired),
            "upload": lambda n: raw.upload(
                "data/x", files={"f": b"%d" % n}, client=expired
            ),
        }
        assert together(16, calls[verb]) == [{"ok": True}] * 16
        assert len(server.of("GET", "auth/refresh-token")) == 1
        assert len(server.requests) == 33

    @pytest.mark.parametrize(
        "answer, cls",
        [
            (
                Answer(EXPIRED, status=401, delay=1),
                ex.NotAuthenticatedException,
            ),
            (Answer({}, status=500, delay=1), ex.ServerErrorException),
            (Answer(body=b"<html>", delay=1), ValueError),
            (Answer({"other": 1}, delay=1), KeyError),
            (Answer(reset="headers", delay=1), CONNECTION_ERRORS),
        ],
        ids=["401", "500", "no JSON", "no token", "reset"],
    )
    def test_sixteen_threads_share_the_error_of_a_refresh(
        self, server, expired, answer, cls
    ):
        """All waiting threads raise the same exception object."""
        expired.retries = 1
        reject_together(server, 16)
        server.on("GET", "auth/refresh-token", answer)
        errors = together(16, lambda _: raw.get("data/x", client=expired))
        assert all(isinstance(error, cls) for error in errors)
        assert len({id(error) for error in errors}) == 1
        assert len(server.of("GET", "auth/refresh-token")) == 1
        assert expired.access_token == "old"
        # A later call refreshes the token again.
        server.on("GET", "auth/refresh-token", {"access_token": "new"})
        server.on("*", "data/x", only_with("new"))
        assert raw.get("data/x", client=expired) == {"ok": True}

    def test_sixteen_threads_call_the_callback_once(self, server, client):
        client.access_token = "old"
        reject_together(server, 16)
        asked = []

        def log_in_again(same, path):
            asked.append(threading.current_thread())
            time.sleep(0.1)
            gazu.log_in("ann", "password", client=same)
            return True

        client.callback_not_authenticated = log_in_again
        server.on("POST", "auth/login", {"login": True, "access_token": "new"})
        outcomes = together(16, lambda _: raw.get("data/x", client=client))
        assert outcomes == [{"ok": True}] * 16
        assert len(asked) == len(server.of("POST", "auth/login")) == 1

    def test_sixteen_threads_share_the_error_of_the_callback(
        self, server, client
    ):
        class Mine(Exception):
            pass

        def callback(same, path):
            # As long as the other threads need to come here, on a busy machine.
            time.sleep(1)
            raise Mine

        client.access_token = "old"
        client.callback_not_authenticated = callback
        reject_together(server, 16)
        errors = together(16, lambda _: raw.get("data/x", client=client))
        assert {type(error) for error in errors} == {Mine}
        assert len({id(error) for error in errors}) == 1

    def test_a_token_that_expires_repeatedly_is_refreshed(
        self, server, expired
    ):
        """Each token is valid for a few requests of several threads."""
        lock, state = threading.Lock(), {"token": 0, "left": 0}

        def refresh(request):
            with lock:
                state["token"] += 1
                state["left"] = 40
                return {"access_token": "t%d" % state["token"]}

        def answer(request):
            with lock:
                state["left"] -= 1
                sent = request.header("Authorization")
                if state["left"] < 0 or sent != "Bearer t%d" % state["token"]:
                    return Answer(EXPIRED, status=401)
            return {"ok": True}

        server.on("GET", "auth/refresh-token", refresh)
        server.on("GET", "data/x", answer)

        def work(_):
            return [raw.get("data/x", client=expired) for _ in range(20)]

        assert together(8, work) == [[{"ok": True}] * 20] * 8
        assert len(server.of("GET", "auth/refresh-token")) <= 12

    def test_other_clients_do_not_wait_for_a_refresh(self, server, expired):
        """A refresh concerns one client only."""
        server.on(
            "GET",
            "auth/refresh-token",
            Answer({"access_token": "new"}, delay=1),
        )
        thread = threading.Thread(
            target=raw.get, args=("data/x",), kwargs={"client": expired}
        )
        thread.start()
        assert server.wait(lambda: server.of("GET", "auth/refresh-token"))
        start = time.monotonic()
        other = raw.create_client(expired.host)
        other.access_token = "new"
        assert raw.get("data/x", client=other) == {"ok": True}
        assert time.monotonic() - start < 0.7
        thread.join(10)


def test_a_callback_may_log_in_and_send_requests(server, client):
    """It uses the same client while other threads wait for the token."""
    client.access_token = "old"
    server.on("POST", "auth/login", {"login": True, "access_token": "new"})
    server.on("*", "data/x", only_with("new"))
    server.on("GET", "data/user", only_with("new"))

    def log_in_again(same, path):
        gazu.log_in("ann", "password", client=same)
        assert raw.get("data/user", client=same) == {"ok": True}
        return True

    client.callback_not_authenticated = log_in_again
    assert raw.post("data/x", {"a": 1}, client=client) == {"ok": True}
    assert len(server.of("POST", "data/x")) == 2


def test_a_callback_whose_login_is_rejected_ends_the_call(server, client):
    """The rejected login does not call the callback again and again."""
    client.access_token = "old"
    server.on("*", "*", Answer({"message": "no"}, status=401))
    depth = []

    def log_in_again(same, path):
        depth.append(path)
        if len(depth) > 20:
            raise AssertionError("deeper and deeper")
        try:
            gazu.log_in("ann", "password", client=same)
        except gazu.AuthFailedException:
            return False
        return True

    client.callback_not_authenticated = log_in_again
    with pytest.raises((ex.NotAuthenticatedException, AssertionError)):
        raw.get("data/x", client=client)


@pytest.mark.beyond
@needs.fork
def test_a_child_forked_during_a_refresh_works(server, python):
    """The child does not wait for the parent's thread."""
    gate = threading.Event()

    def refresh(request):
        gate.wait(5)
        return {"access_token": "new"}

    server.on("GET", "auth/refresh-token", refresh, {"access_token": "new"})
    server.on("GET", "data/x", only_with("new"))
    timer = threading.Timer(1.5, gate.set)
    timer.start()
    python(
        """
        import os, sys, threading, time
        from gazu import client as raw

        client = raw.KitsuClient(sys.argv[1], access_token="old", refresh_token="r1")
        thread = threading.Thread(target=raw.get, args=("data/x",), kwargs={"client": client})
        thread.start()
        time.sleep(0.5)
        start = time.monotonic()
        pid = os.fork()
        if not pid:
            code = 1
            try:
                assert raw.get("data/x", client=client) == {"ok": True}
                assert time.monotonic() - start < 0.9
                code = 0
            finally:
                os._exit(code)
        assert os.waitpid(pid, 0)[1] == 0
        thread.join(10)
        assert client.access_token == "new"
        """,
        server.url + "/api",
    )
    timer.join()


@pytest.mark.beyond
@needs.fork
@pytest.mark.parametrize("use", ["before", "never"])
def test_children_refresh_the_token_of_their_parent(server, expired, use):
    """Each child inherits the tokens and refreshes them itself."""
    if use == "before":
        raw.get("data/x", client=expired)
        expired.access_token = "old"
    pids = []
    for _ in range(4):
        pid = os.fork()
        if not pid:
            code = 1
            try:
                assert raw.get("data/x", client=expired) == {"ok": True}
                code = 0
            finally:
                os._exit(code)
        pids.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0] * 4
    assert raw.get("data/x", client=expired) == {"ok": True}


class TestRestart:
    """A server restarts while a script is running."""

    COUNT = 60

    @pytest.fixture
    def restarted(self):
        """Two servers that run one after the other on one port; the second rejects old tokens."""
        running = [RecordingServer()]

        def begin(server, token):
            def answer(request):
                if request.header("Authorization") != "Bearer " + token:
                    return Answer({"message": "who?"}, status=401)
                return Answer({"ok": True}, delay=0.01)

            server.on(
                "POST", "auth/login", {"login": True, "access_token": token}
            )
            server.on("*", "*", answer)

        def restart(seconds):
            running[0].close()
            time.sleep(seconds)
            running.append(RecordingServer(port=running[0].port))
            begin(running[1], "second")

        begin(running[0], "first")
        yield running, restart
        for server in running:
            server.close()

    def test_a_script_goes_on_after_a_restart(self, restarted):
        servers, restart = restarted
        client = raw.create_client(servers[0].url + "/api")
        gazu.log_in("ann", "password", client=client)

        def log_in_again(same, path):
            gazu.log_in("ann", "password", client=same)
            return True

        client.callback_not_authenticated = log_in_again
        reads, written, lost = [], [], []

        def script():
            for number in range(self.COUNT):
                reads.append(raw.get("data/x", client=client))
                try:
                    raw.post("data/y", {"n": number}, client=client)
                    written.append(number)
                except OSError:
                    # The connection is lost, before the answer or within it.
                    lost.append(number)

        thread = threading.Thread(target=script)
        thread.start()
        assert servers[0].wait(
            lambda: len(servers[0].of("POST", "data/y")) > 15
        )
        restart(0.3)
        thread.join(50)
        assert reads == [{"ok": True}] * self.COUNT
        assert len(written) + len(lost) == self.COUNT
        arrived = [
            request.json()["n"]
            for server in servers
            for request in server.of("POST", "data/y")
            if request.header("Authorization")
            == "Bearer " + ("first" if server is servers[0] else "second")
        ]
        assert len(arrived) == len(set(arrived)), "a write was repeated"
        assert set(written) <= set(arrived) <= set(written + lost)
        assert len(lost) <= 2
        assert servers[1].of("POST", "data/y")
        client.session.close()

    def test_a_read_interrupted_by_a_restart_is_repeated(self, restarted):
        servers, restart = restarted
        client = raw.create_client(servers[0].url + "/api")
        client.access_token = "second"
        servers[0].on("GET", "data/x", Answer(hang="headers"))
        outcome = []
        thread = threading.Thread(
            target=lambda: outcome.append(raw.get("data/x", client=client))
        )
        thread.start()
        servers[0].wait_requests(1)
        restart(0.3)
        thread.join(50)
        assert outcome == [{"ok": True}]
        client.session.close()

    def test_a_write_interrupted_by_a_restart_is_not_repeated(self, restarted):
        servers, restart = restarted
        client = raw.create_client(servers[0].url + "/api")
        client.access_token = "second"
        servers[0].on("POST", "data/y", Answer(hang="headers"))
        outcome = []

        def work():
            try:
                outcome.append(raw.post("data/y", {"n": 1}, client=client))
            except CONNECTION_ERRORS as error:
                error.__traceback__ = None
                outcome.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        servers[0].wait_requests(1)
        restart(0.3)
        thread.join(50)
        assert isinstance(outcome[0], CONNECTION_ERRORS)
        assert servers[1].of("POST", "data/y") == []
        assert raw.post("data/y", {"n": 2}, client=client) == {"ok": True}
        client.session.close()

    def test_a_download_interrupted_by_a_restart_is_repeated(
        self, restarted, tmp_path
    ):
        servers, restart = restarted
        client = raw.create_client(servers[0].url + "/api")
        client.access_token = "second"
        movie = bytes(range(256)) * 4096
        servers[0].on("GET", "x", Answer(body=movie, drip=(9999, 0.01)))
        target = tmp_path / "movie.mov"
        told, failed = [], []

        def work():
            try:
                raw.download(
                    "x",
                    str(target),
                    client=client,
                    progress_callback=lambda *a: told.append(a),
                )
            except Exception as error:
                error.__traceback__ = None
                failed.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        assert servers[0].wait(lambda: servers[0].requests)
        time.sleep(0.2)
        restart(0)
        servers[1].on("GET", "x", Answer(body=movie))
        thread.join(50)
        assert failed == []
        assert target.read_bytes() == movie
        assert told[-1] == (len(movie), len(movie))
        client.session.close()

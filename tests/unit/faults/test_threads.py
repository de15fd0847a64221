from __future__ import annotations

import concurrent.futures
import gc
import os
import threading
import time

import pytest
from gazu import client as raw

from ..recording_server import Answer


def test_threads_share_one_client(server, client):
    server.on("POST", "data/x", lambda request: request.json())
    with concurrent.futures.ThreadPoolExecutor(16) as pool:

        def work(n):
            return raw.post("data/x", {"n": n}, client=client)

        assert list(pool.map(work, range(300))) == [
            {"n": n} for n in range(300)
        ]
    assert len(server.requests) == 300


def test_threads_wait_at_the_same_time(server, client):
    server.on("GET", "data/x", Answer({}, delay=0.3))
    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: raw.get("data/x", client=client), range(8)))
    assert time.monotonic() - start < 1.5


def test_other_threads_run_during_a_wait(server, client):
    """The GIL is released during a wait."""
    server.on("GET", "data/x", Answer({}, delay=0.3))
    thread = threading.Thread(
        target=raw.get, args=("data/x",), kwargs={"client": client}
    )
    thread.start()
    server.wait_requests(1)
    longest, last = 0, time.monotonic()
    while thread.is_alive():
        time.sleep(0.005)
        now = time.monotonic()
        longest, last = max(longest, now - last), now
    assert longest < 0.15


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")
def test_dropped_clients_leave_nothing_open(server):
    def use():
        client = raw.create_client(server.url + "/api")
        raw.get("data/x", client=client)

    for _ in range(3):
        use()
    gc.collect()
    descriptors, threads = (
        len(os.listdir("/proc/self/fd")),
        threading.active_count(),
    )
    for _ in range(30):
        use()
    gc.collect()
    server.wait(lambda: len(server.open) <= 3)
    # The server's sockets belong to this process, too.
    assert len(os.listdir("/proc/self/fd")) <= descriptors + 6
    assert threading.active_count() <= threads + 6


def test_clients_do_not_share_tokens(server):
    server.on(
        "GET",
        "data/x",
        lambda request: {"token": request.header("Authorization")},
    )
    clients = [
        raw.KitsuClient(server.url + "/api", access_token="t%d" % n)
        for n in range(8)
    ]

    def work(client):
        return [raw.get("data/x", client=client)["token"] for _ in range(10)]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for number, seen in enumerate(pool.map(work, clients)):
            assert seen == ["Bearer t%d" % number] * 10


@pytest.mark.parametrize("place", ["headers", "body"])
def test_the_interpreter_ends_during_requests(server, python, place):
    server.on("GET", "wait", Answer({"a": "b" * 99}, hang=place))
    start = time.monotonic()
    process = python(
        """
        import sys, threading, time
        from gazu import client as raw

        client = raw.create_client(sys.argv[1])
        for _ in range(4):
            threading.Thread(
                target=raw.get, args=("wait",), kwargs={"client": client}, daemon=True
            ).start()
        time.sleep(0.3)
        print("end")
        """,
        server.url + "/api",
    )
    assert process.stdout == "end\n"
    assert process.stderr == ""
    assert time.monotonic() - start < 10


def test_an_exit_handler_may_send_a_request(server, python):
    python(
        """
        import atexit, sys
        from gazu import client as raw

        client = raw.create_client(sys.argv[1])
        atexit.register(lambda: raw.get("data/last", client=client))
        raw.get("data/x", client=client)
        """,
        server.url + "/api",
    )
    assert server.last.path == "/api/data/last"


def test_an_exit_handler_may_wait_for_a_thread_that_sends(server, python):
    """`QueueListener.stop` does so, and thread pools before Python 3.9."""
    server.on("GET", "data/slow", Answer({}, delay=1))
    process = python(
        """
        import atexit, concurrent.futures, sys, threading, time
        from gazu import client as raw

        def ask(name):
            raw.get("data/slow", client=client)
            sys.stdout.write(name)

        client = raw.create_client(sys.argv[1])
        concurrent.futures.ThreadPoolExecutor(1).submit(ask, "pool ")
        thread = threading.Thread(target=ask, args=("thread ",), daemon=True)
        atexit.register(thread.join)
        raw.get("data/x", client=client)
        thread.start()
        """,
        server.url + "/api",
    )
    assert sorted(process.stdout.split()) == ["pool", "thread"]
    assert process.stderr == ""


def test_a_destructor_may_send_a_request(server, python):
    process = python(
        """
        import sys
        from gazu import client as raw

        class Holder:
            def __init__(self, client):
                self.client = client
            def __del__(self, get=raw.get):
                get("data/last", client=self.client)

        client = raw.create_client(sys.argv[1])
        raw.get("data/x", client=client)
        holder = Holder(client)
        del holder
        """,
        server.url + "/api",
    )
    assert process.stderr == ""
    assert server.last.path == "/api/data/last"

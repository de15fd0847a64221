"""Ctrl-C ends any wait within 100 ms."""

from __future__ import annotations

import inspect
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from .. import needs
from ..recording_server import Answer, SilentPort, listdir

pytestmark = needs.signals

LIMIT = 0.1

PROGRAM = """
    import signal, sys, time
    import gazu
    from gazu import client as raw

    signal.signal(signal.SIGINT, signal.default_int_handler)
    what, url, folder = sys.argv[1:]
    client = raw.create_client(url)
    if hasattr(client, "timeout"):
        client.timeout = (30, 30)
    waits = {
        "get": lambda: raw.get("wait", client=client),
        "post": lambda: raw.post("wait", {}, client=client),
        "put": lambda: raw.put("wait", {}, client=client),
        "delete": lambda: raw.delete("wait", client=client),
        "upload": lambda: raw.upload("wait", folder + "/big", client=client),
        "upload with progress": lambda: raw.upload(
            "wait", folder + "/big", client=client, progress_callback=lambda *a: None),
        "download": lambda: raw.download("wait", folder + "/out", client=client),
        "download with progress": lambda: raw.download(
            "wait", folder + "/out", client=client, progress_callback=lambda *a: None),
        "download to memory": lambda: raw.download("wait", None, client=client),
        "file data": lambda: raw.get_file_data_from_url("wait", client=client),
        "log_in": lambda: gazu.log_in("a", "b", client=client),
        "host_is_up": lambda: raw.host_is_up(client=client),
        "session": lambda: client.session.get(url),
        "stream": lambda: client.session.get(url, stream=True).content,
        "run_all": lambda: raw.run_all(
            [raw.call(gazu.project.all_projects)] * 4, client=client),
        "pages": lambda: raw.fetch_all("pages", paginated=True, client=client),
        "renewal": lambda: behind_another(client),
        "decode": lambda: raw.get("wait", client=client),
    }

    def behind_another(client):
        # The token is being renewed, by a thread whose request for one hangs.
        client.tokens = {"access_token": "old", "refresh_token": "r"}
        client.use_refresh_token = True
        import threading
        threading.Thread(
            target=raw.get, args=("wait",), kwargs={"client": client}, daemon=True).start()
        time.sleep(0.1)
        raw.get("wait", client=client)

    print("ready", flush=True)
    try:
        waits[what]()
    except KeyboardInterrupt:
        print("interrupted", time.time(), queued("self"), flush=True)
        client.session.close()
    else:
        print("finished")
"""


def queued(process):
    """Return the seconds that the main thread of a process waited for a processor."""
    try:
        with open("/proc/%s/schedstat" % process) as file:
            return int(file.read().split()[1]) / 1e9
    except OSError:
        return 0.0  # not on every system


def interrupt(what, url, folder, ready, settle=0.15):
    """Send SIGINT while a call waits; return the seconds until KeyboardInterrupt.

    The time that the process waited for a processor does not count.
    """
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            inspect.getsource(queued) + textwrap.dedent(PROGRAM),
            what,
            url,
            str(folder),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        universal_newlines=True,
    )
    try:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
        ready()
        time.sleep(settle)
        assert process.poll() is None, (
            process.stdout.read() + process.stderr.read()
        )
        before = queued(process.pid)
        sent = time.time()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        ended = time.time()
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    words = out.split()
    assert words[:1] == ["interrupted"], out + err
    assert process.returncode == 0, err
    assert ended - sent < 3, "the interpreter took too long to end"
    raised, queuing = map(float, words[1:])
    return raised - sent - (queuing - before)


def check(*args, **options):
    """Check the best of three attempts, because a busy machine may delay one."""
    best = min_of(lambda: interrupt(*args, **options))
    assert best < LIMIT


def min_of(attempt):
    best = 9.0
    for _ in range(3):
        best = min(best, attempt())
        if best < LIMIT:
            break
    return best


@pytest.mark.parametrize(
    "what",
    [
        "get",
        "post",
        "put",
        "delete",
        "upload",
        "download",
        "log_in",
        "file data",
        "session",
    ],
)
def test_ctrl_c_ends_waiting_for_headers(server, tmp_path, what):
    (tmp_path / "big").write_bytes(b"x")
    server.on("*", "*", Answer(hang="headers"))
    check(what, server.url + "/api", tmp_path, lambda: server.wait_requests(1))


@pytest.mark.parametrize(
    "what",
    [
        "get",
        "post",
        "download",
        "download with progress",
        "download to memory",
        "file data",
    ],
)
@pytest.mark.parametrize("chunked", [False, True])
def test_ctrl_c_ends_waiting_for_a_body(server, tmp_path, what, chunked):
    server.on("*", "*", Answer(body=bytes(9999), hang="body", chunked=chunked))
    check(what, server.url + "/api", tmp_path, lambda: server.wait_requests(1))


@pytest.mark.parametrize("what", ["get", "upload", "download"])
def test_ctrl_c_ends_connecting(tmp_path, what):
    (tmp_path / "big").write_bytes(b"x")
    with SilentPort() as port:
        check(what, port.url + "/api", tmp_path, lambda: None)


def test_ctrl_c_ends_a_tls_handshake(server, tmp_path):
    server.greet("hang", "hang", "hang")
    url = server.url.replace("http:", "https:") + "/api"
    check("get", url, tmp_path, lambda: server.wait(lambda: server.opened))


@pytest.mark.parametrize("what", ["upload", "upload with progress"])
def test_ctrl_c_ends_an_upload_that_is_not_read(server, tmp_path, what):
    (tmp_path / "big").write_bytes(bytes(64 << 20))
    server.greet("hang", "hang", "hang")
    server._hang = lambda conn: server._closing.wait()
    check(
        what,
        server.url + "/api",
        tmp_path,
        lambda: server.wait(lambda: server.opened),
    )


@pytest.mark.parametrize(
    "what", ["download", "download with progress", "download to memory"]
)
def test_ctrl_c_ends_a_slow_download(server, tmp_path, what):
    server.on("GET", "wait", Answer(body=bytes(1 << 20), drip=(1000, 0.02)))
    check(what, server.url + "/api", tmp_path, lambda: server.wait_requests(1))


@pytest.mark.beyond
@pytest.mark.parametrize("what", ["download", "download with progress"])
def test_ctrl_c_leaves_no_partial_file(server, tmp_path, what):
    server.on("GET", "wait", Answer(body=bytes(1 << 20), drip=(1000, 0.02)))
    interrupt(
        what, server.url + "/api", tmp_path, lambda: server.wait_requests(1)
    )
    assert listdir(tmp_path) == []


def test_ctrl_c_ends_waiting_for_a_preview(server, tmp_path):
    busy = Answer({}, status=202, headers=[("Retry-After", "20")])
    server.on("GET", "wait", busy)
    check(
        "download",
        server.url + "/api",
        tmp_path,
        lambda: server.wait_requests(1),
    )


@pytest.mark.parametrize("what", ["get", "run_all"])
def test_ctrl_c_ends_waiting_for_a_retry(server, tmp_path, what):
    later = Answer({}, status=503, headers=[("Retry-After", "20")])
    server.on("GET", "*", later)
    check(what, server.url + "/api", tmp_path, lambda: server.wait_requests(1))


@pytest.mark.parametrize("what", ["stream", "run_all"])
@pytest.mark.parametrize("place", ["headers", "body"])
def test_ctrl_c_ends_batches_and_streams(server, tmp_path, what, place):
    server.on("GET", "*", Answer(body=bytes(9999), hang=place))
    check(what, server.url + "/api", tmp_path, lambda: server.wait_requests(1))


def test_ctrl_c_ends_reading_pages(server, tmp_path):
    page = {"data": [], "nb_pages": 5, "page": 1}
    server.on("GET", "data/pages", page, Answer(hang="headers"))
    check(
        "pages", server.url + "/api", tmp_path, lambda: server.wait_requests(2)
    )


def test_ctrl_c_ends_waiting_for_the_refresh_of_another_thread(
    server, tmp_path
):
    expired = Answer({"message": "Signature has expired"}, status=401)
    server.on("GET", "wait", expired)
    server.on("GET", "auth/refresh-token", Answer(hang="headers"))
    check(
        "renewal",
        server.url + "/api",
        tmp_path,
        lambda: server.wait(lambda: len(server.of("GET", "wait")) % 2 == 0),
    )


def test_ctrl_c_ends_decoding_a_large_answer(server, tmp_path):
    """The signal arrives while Python objects are made."""
    entries = ", ".join(['{"a": [1, 2.5, "b"], "c": null}'] * 700000)
    server.on("GET", "wait", Answer(body="[" + entries + "]"))
    check(
        "decode",
        server.url + "/api",
        tmp_path,
        lambda: server.wait_requests(1),
    )


def test_a_client_works_after_an_interruption(server, python):
    server.on("GET", "wait", Answer(hang="headers"))
    server.on("GET", "data/x", {"a": 1})
    python(
        """
        import os, signal, sys, threading
        from gazu import client as raw

        signal.signal(signal.SIGINT, signal.default_int_handler)
        client = raw.create_client(sys.argv[1])
        raw.get("data/x", client=client)
        for _ in range(3):
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
            try:
                raw.get("wait", client=client)
            except KeyboardInterrupt:
                pass
            else:
                sys.exit("not interrupted")
            assert raw.get("data/x", client=client) == {"a": 1}
        """,
        server.url + "/api",
    )


def test_a_signal_handler_may_raise_any_exception(server, python):
    server.on("GET", "wait", Answer(hang="headers"))
    python(
        """
        import signal, sys
        from gazu import client as raw

        class TimeIsUp(Exception):
            pass

        def handler(number, frame):
            raise TimeIsUp

        signal.signal(signal.SIGALRM, handler)
        client = raw.create_client(sys.argv[1])
        try:
            signal.setitimer(signal.ITIMER_REAL, 0.2)
            raw.get("wait", client=client)
        except TimeIsUp:
            sys.exit(0)
        """,
        server.url + "/api",
    )


def test_a_call_goes_on_when_the_signal_handler_returns(server, python):
    server.on("GET", "data/x", Answer({"a": 1}, delay=0.4))
    python(
        """
        import signal, sys
        from gazu import client as raw

        calls = []
        signal.signal(signal.SIGALRM, lambda *a: calls.append(1))
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        client = raw.create_client(sys.argv[1])
        assert raw.get("data/x", client=client) == {"a": 1}
        assert calls == [1]
        """,
        server.url + "/api",
    )


@pytest.mark.skipif(
    not os.path.exists("/proc/self/status"), reason="no /proc here"
)
@pytest.mark.parametrize("threads", [False, True])
def test_dispositions_of_signals_do_not_change(server, python, threads):
    """
    Neither the import nor a call catches, ignores or blocks a signal. The C
    library catches its own signals 32 and 33 in a process that has threads.
    """
    server.on("GET", "data/x", {"a": 1})
    python(
        """
        import sys

        def dispositions():
            own = (1 << 31) | (1 << 32)
            with open("/proc/self/status") as status:
                return [
                    int(line.split()[1], 16) & ~own
                    for line in status
                    if line.startswith(("SigCgt", "SigIgn", "SigBlk"))
                ]

        if sys.argv[2] == "True":
            import threading
            thread = threading.Thread(target=print)
            thread.start()
            thread.join()
        import asyncio
        before = dispositions()
        import gazu, gazu.aio
        assert dispositions() == before
        client = gazu.client.create_client(sys.argv[1])
        assert gazu.client.get("data/x", client=client) == {"a": 1}
        gazu.client.download("data/x", "out", client=client)
        gazu.client.upload("data/y", "out", client=client)
        client.host = "http://nowhere.invalid/api"
        assert not gazu.client.host_is_up(client=client)
        assert dispositions() == before

        async def ask():
            client = gazu.aio.AsyncKitsuClient(sys.argv[1])
            return await gazu.aio.get("data/x", client=client)

        loop = asyncio.new_event_loop()
        assert loop.run_until_complete(ask()) == {"a": 1}
        loop.close()
        assert dispositions() == before
        """,
        server.url + "/api",
        threads,
    )

"""Many clients, many threads, other interpreters, signals, and the end of a program."""

from __future__ import annotations

import os
import socket
import stat
import sys
import sysconfig
import time

import pytest
from gazu import client as raw

from .. import needs
from ..error_classes import CONNECTION_ERRORS
from ..memory_usage import MEASURE, MIB, REPORT, growth
from ..recording_server import Answer
from .test_renewal import together


@needs.proc
@pytest.mark.parametrize("how", ["kept", "reset", "hung"])
def test_a_thousand_dropped_clients_leak_nothing(server, python, how):
    """No descriptor, thread or memory is left, though they were not closed."""
    if how == "reset":
        server.on("GET", "data/x", Answer(reset="after"))
    if how == "hung":
        server.on("GET", "data/x", Answer(hang="body", body=b"12345"))
    process = python(
        [
            MEASURE,
            """
            import gc, os

            def use(times):
                for number in range(times):
                    client = raw.create_client(sys.argv[1])
                    client.retries = 1
                    if sys.argv[2] == "hung":
                        client.deadline = 0.002
                    try:
                        raw.get("data/x", client=client)
                    except OSError:
                        assert sys.argv[2] == "hung"
                gc.collect()

            def kept():
                # The runtime closes connections a moment later.
                until = time.monotonic() + 5
                while time.monotonic() < until:
                    counts = (
                        len(os.listdir("/proc/self/fd")), len(os.listdir("/proc/self/task")))
                    if counts[0] <= limit:
                        break
                    time.sleep(0.02)
                return counts

            limit = 0
            use(50)
            limit = len(os.listdir("/proc/self/fd"))
            first = kept()
            memory = resident("VmRSS:")
            use(1000)
            limit = first[0] + 2
            last = kept()
            assert last[0] <= first[0] + 2 and last[1] <= first[1], (first, last)
            print(resident("VmRSS:") - memory)
            """,
        ],
        server.url + "/api",
        how,
    )
    assert int(process.stdout) < 8 * MIB


@needs.proc
def test_a_thousand_clients_need_no_threads(server, python):
    """Each client has its own connections."""
    process = python(
        [
            MEASURE,
            """
            import os

            threads = len(os.listdir("/proc/self/task"))
            clients = [raw.create_client(sys.argv[1]) for _ in range(1000)]
            for client in clients[:300]:
                raw.get("data/x", client=client)
            assert len(os.listdir("/proc/self/task")) <= threads
            """,
            REPORT,
        ],
        server.url + "/api",
    )
    assert growth(process) < 64 * MIB


def test_sixty_four_threads_share_one_client(
    server, client, tmp_path, make_file
):
    """The threads send requests of all kinds."""
    server.on("POST", "data/x", lambda request: request.json())
    server.on("GET", "down", Answer(body=bytes(100000)))
    server.on("GET", "data/broken", Answer(reset="headers"))
    path = make_file("a.mov", bytes(100000))
    client.retries = 1

    def work(number):
        for turn in range(5):
            told = {"n": number, "turn": turn}
            assert raw.post("data/x", told, client=client) == told
            target = tmp_path / ("%d.mov" % number)
            raw.download("down", str(target), client=client)
            assert target.stat().st_size == 100000
            raw.upload("up", path, client=client)
            with pytest.raises(CONNECTION_ERRORS):
                raw.get("data/broken", client=client)
        return "done"

    assert together(64, work) == ["done"] * 64
    uploads = server.of("POST", "up")
    assert len(uploads) == 320
    assert {request.size for request in uploads} == {uploads[0].size}


@pytest.mark.beyond
def test_a_subinterpreter_does_not_disturb_the_main_one(server, python):
    """The import works there or raises ImportError; the main interpreter goes on."""
    process = python(
        """
        import sys
        import gazu
        from gazu import client as raw

        client = raw.create_client(sys.argv[1])
        raw.get("data/x", client=client)
        try:
            import _interpreters as interpreters
            run = interpreters.exec
        except ImportError:
            try:
                import _xxsubinterpreters as interpreters
                run = interpreters.run_string
            except ImportError:
                print("none")
                sys.exit()
        path = [p for p in sys.path]
        for _ in range(3):
            other = interpreters.create()
            run(other, '''if True:
                import sys
                sys.path[:] = %r
                try:
                    import gazu
                    gazu.client
                except ImportError as error:
                    assert "interpreter" in str(error), error
                    print("refused", flush=True)
                else:
                    client = gazu.client.create_client(%r)
                    assert gazu.client.get("data/x", client=client) == {}
                    print("works", flush=True)
                ''' % (path, sys.argv[1]))
            interpreters.destroy(other)
            assert raw.get("data/x", client=client) == {}
        """,
        server.url + "/api",
    )
    assert process.stderr == ""
    assert set(process.stdout.split()) <= {"none", "works", "refused"}
    assert len(set(process.stdout.split())) == 1


class TestSignals:
    STATE = """
        import signal, sys, threading, time
        from gazu import client as raw

        def state():
            handlers = [
                (number, signal.getsignal(number))
                for number in range(1, signal.NSIG)
                if number not in (32, 33)
            ]
            with open("/proc/self/status") as status:
                rows = [row.split() for row in status if row[:3] == "Sig"]
            # The C library uses signals 32 and 33 for its threads.
            own = ~(3 << 31)
            kernel = [(name, int(mask, 16) & own) for name, mask in rows if name != "SigQ:"]
            return handlers, kernel, signal.pthread_sigmask(signal.SIG_BLOCK, [])
    """

    @needs.proc
    @pytest.mark.parametrize("ignored", [False, True])
    def test_dispositions_of_signals_do_not_change(
        self, server, python, tmp_path, ignored
    ):
        """These are handlers, ignored signals and blocked signals."""
        server.on("GET", "data/broken", Answer(reset="headers"))
        python(
            [
                self.STATE,
                """
                if %r:
                    for number in (signal.SIGPIPE, signal.SIGHUP, signal.SIGTERM, signal.SIGCHLD):
                        signal.signal(number, signal.SIG_IGN)
                else:
                    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
                    signal.signal(signal.SIGTERM, lambda *_: None)
                before = state()
                import gazu
                client = raw.create_client(sys.argv[1])
                client.retries = 1
                raw.get("data/x", client=client)
                raw.download("data/x", sys.argv[2], client=client)
                raw.upload("data/x", sys.argv[2], client=client)
                try:
                    raw.get("data/broken", client=client)
                except ConnectionError:
                    pass
                client.host = client.host.replace("127.0.0.1", "localhost")
                raw.get("data/x", client=client)
                client.session.close()
                after = state()
                changes = [pair for one, other in zip(before, after) for pair in zip(one, other)]
                assert before == after, [(a, b) for a, b in changes if a != b]
                """
                % ignored,
            ],
            server.url + "/api",
            tmp_path / "out",
        )

    @needs.signals
    def test_sigpipe_does_not_end_the_process(self, server, peer, python):
        """A reset upload raises no SIGPIPE, which ends the process where it has its default."""

        def script(connection):
            connection.socket.recv(1000)
            connection.reset()

        there = peer(script)
        python(
            """
            import signal, sys
            from gazu import client as raw

            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            client = raw.create_client(sys.argv[1])
            for _ in range(5):
                try:
                    raw.upload("up", files={"f": bytes(4 << 20)}, client=client)
                except ConnectionError:
                    pass
            """,
            there.url + "/api",
        )
        assert there.opened == 5

    @needs.waiting_for_signals
    def test_a_thread_that_waits_for_a_signal_receives_it(
        self, server, python
    ):
        """The signal is sent to the process; the script blocks it in its own threads only."""
        server.on("GET", "slow", Answer({}, delay=0.4))
        python(
            """
            import os, signal, sys, threading, time

            wanted = {signal.SIGUSR1, signal.SIGTERM, signal.SIGALRM, signal.SIGCHLD}
            from gazu import client as raw

            client = raw.create_client(sys.argv[1])
            raw.get("data/x", client=client)
            signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
            client.host = client.host.replace("127.0.0.1", "localhost")
            waiting = threading.Thread(target=raw.get, args=("slow",), kwargs={"client": client})
            waiting.start()
            time.sleep(0.1)
            for number in wanted - {signal.SIGCHLD}:
                for _ in range(20):
                    os.kill(os.getpid(), number)
                    info = signal.sigtimedwait([number], 2)
                    assert info is not None and info.si_signo == number, number
            waiting.join()
            """,
            server.url + "/api",
        )

    @needs.proc
    def test_our_threads_block_all_signals(self, server, client):
        client.host = client.host.replace("127.0.0.1", "localhost")
        raw.get("data/x", client=client)
        blocked = []
        for thread in os.listdir("/proc/self/task"):
            with open("/proc/self/task/%s/status" % thread) as status:
                rows = dict(row.split(":", 1) for row in status)
            if rows["Name"].strip().startswith("gazu"):
                blocked.append(int(rows["SigBlk"], 16))
        faults = {4, 7, 8, 11}
        asynchronous = set(range(1, 32)) - faults - {9, 19}
        assert blocked
        for mask in blocked:
            assert all(mask >> (number - 1) & 1 for number in asynchronous)

    @needs.signals
    @pytest.mark.parametrize(
        "wait", ["headers", "body", "upload", "download", "retry"]
    )
    def test_signal_handlers_run_promptly_in_the_main_thread(
        self, server, python, tmp_path, wait
    ):
        server.on("GET", "headers", Answer({}, delay=0.8))
        server.on("GET", "body", Answer(body=b" " * 40 + b"1", drip=(1, 0.02)))
        server.on("GET", "download", Answer(body=b" " * 40, drip=(1, 0.02)))
        server.on("POST", "upload", Answer({}, delay=0.8))
        server.on(
            "GET",
            "retry",
            Answer({}, status=503, headers={"Retry-After": "0.8"}),
            {},
        )
        process = python(
            """
            import signal, sys, threading, time
            from gazu import client as raw

            what = sys.argv[2]
            client = raw.create_client(sys.argv[1])
            raw.get("data/warm", client=client)
            seen = []

            def handler(number, frame):
                seen.append((time.monotonic(), threading.current_thread()))

            signal.signal(signal.SIGALRM, handler)
            signal.setitimer(signal.ITIMER_REAL, 0.1, 0.1)
            start = time.monotonic()
            if what == "upload":
                raw.upload("upload", files={"f": b"abc"}, client=client)
            elif what == "download":
                raw.download("download", sys.argv[3], client=client)
            else:
                raw.get(what, client=client)
            signal.setitimer(signal.ITIMER_REAL, 0)
            end = time.monotonic()
            assert {thread for _, thread in seen} == {threading.main_thread()}
            times = [start] + [at for at, _ in seen] + [end]
            print(len(seen), max(b - a for a, b in zip(times, times[1:])))
            """,
            server.url + "/api",
            wait,
            tmp_path / "out",
        )
        count, longest = process.stdout.split()
        assert int(count) >= 4
        assert float(longest) < 0.3

    @needs.signals
    def test_a_signal_handler_may_use_the_client(self, server, python):
        """The handler interrupts a request of its own thread."""
        server.on("GET", "slow", Answer({"slow": 1}, delay=0.5))
        server.on("GET", "quick", {"quick": 1})
        python(
            """
            import signal, sys
            from gazu import client as raw

            client = raw.create_client(sys.argv[1])
            got = []
            signal.signal(
                signal.SIGALRM, lambda *_: got.append(raw.get("quick", client=client)))
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            assert raw.get("slow", client=client) == {"slow": 1}
            assert got == [{"quick": 1}]
            """,
            server.url + "/api",
        )


# This Python stops daemon threads anywhere, even during a lookup in sys.modules, for which
# the interpreter then waits. A program of four threads that only call `sys.modules.get`
# may hang, too.
may_hang_at_exit = pytest.mark.skipif(
    sys.version_info[:2] == (3, 13)
    and bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    reason="Python 3.13 without the GIL may hang at its end by itself",
)


class TestInterpreterExit:
    """A program ends while its daemon threads are waiting."""

    WAYS = (
        "raw.get('wait', client=client)",
        "raw.post('wait', {}, client=client)",
        "raw.download('drip', sys.argv[2], client=client)",
        "raw.download('drip', None, client=client)",
        "raw.upload('wait', files={'f': bytes(64 << 20)}, client=client)",
        "raw.upload('drip', sys.argv[3], client=client, progress_callback=lambda *_: None)",
        "raw.get('later', client=client)",
        "raw.run_all([raw.call(gazu.project.all_projects)] * 4, client=client)",
        "[raw.get('data/x', client=client) for _ in range(99999)]",
        "client.session.get(sys.argv[1] + '/drip', stream=True).content",
    )

    @may_hang_at_exit
    @pytest.mark.parametrize("way", WAYS)
    @pytest.mark.parametrize(
        "end", ["pass", "sys.exit(3)", "raise SystemExit"]
    )
    def test_a_program_with_daemon_threads_ends(
        self, server, python, make_file, way, end
    ):
        hung = Answer(hang="headers")
        server.on("*", "wait", hung)
        server.on("GET", "data/projects", hung)
        drip = Answer(body=bytes(1 << 20), drip=(1000, 0.005))
        server.on("*", "drip", drip)
        later = Answer({}, status=503, headers={"Retry-After": "20"})
        server.on("GET", "later", later)
        start = time.monotonic()
        process = python(
            """
            import sys, threading, time
            import gazu
            from gazu import client as raw

            client = raw.create_client(sys.argv[1])
            raw.get("data/x", client=client)
            for _ in range(4):
                threading.Thread(target=lambda: %s, daemon=True).start()
            time.sleep(0.15)
            print("end", flush=True)
            %s
            """
            % (way, end),
            server.url + "/api",
            "out",
            make_file("a.mov", bytes(8 << 20)),
            check=False,
        )
        assert (process.stdout, process.stderr) == ("end\n", "")
        assert process.returncode == (3 if "3" in end else 0)
        assert time.monotonic() - start < 10

    def test_a_program_with_an_awaited_request_ends(self, server, python):
        server.on("GET", "wait", Answer(hang="headers"))
        process = python(
            """
            import asyncio, sys, threading, time
            import gazu.aio

            async def main():
                client = gazu.aio.AsyncKitsuClient(sys.argv[1])
                await asyncio.gather(*(gazu.aio.get("wait", client=client) for _ in range(4)))

            threading.Thread(target=lambda: asyncio.run(main()), daemon=True).start()
            time.sleep(0.4)
            print("end", flush=True)
            """,
            server.url + "/api",
        )
        assert process.stdout == "end\n"
        assert process.stderr == ""


@needs.resource_limits
class TestNoDescriptors:
    """Without free descriptors a call raises; afterwards the client works again."""

    LIMITED = """
        import os, resource, sys
        from gazu import client as raw

        client = raw.create_client(sys.argv[1])
        client.retries = 1
        limits = resource.getrlimit(resource.RLIMIT_NOFILE)

        def exhaust(left):
            resource.setrlimit(resource.RLIMIT_NOFILE, (64, limits[1]))
            taken = []
            try:
                while True:
                    taken.append(os.open(os.devnull, os.O_RDONLY))
            except OSError:
                pass
            for _ in range(left):
                os.close(taken.pop())
            return taken

        def give_back(taken):
            for descriptor in taken:
                os.close(descriptor)
            resource.setrlimit(resource.RLIMIT_NOFILE, limits)

        def attempt():
            try:
                raw.get("data/x", client=client)
            except OSError as error:
                return type(error).__name__
            return "none"
    """

    @pytest.mark.parametrize("left", range(7))
    def test_no_descriptor_for_the_runtime_raises(self, server, python, left):
        process = python(
            [
                self.LIMITED,
                """
                # Late imports take descriptors, too.
                import atexit, errno, requests

                raw.make_auth_header(client=client)
                client.session.transport_settings(client.timeout)
                taken = exhaust(%d)
                first = attempt()
                second = attempt()
                give_back(taken)
                print(first, second, attempt())
                """
                % left,
            ],
            server.url + "/api",
        )
        first, second, last = process.stdout.split()
        assert last == "none"
        if left == 0:
            assert first == second == "OSError"
        assert {first, second} <= {"none", "OSError", "ConnectionError"}
        assert "panicked" not in process.stderr

    def test_no_descriptor_for_a_connection_raises(self, server, python):
        process = python(
            [
                self.LIMITED,
                """
                import requests
                raw.get("data/x", client=client)
                client.session.close()
                import time
                time.sleep(0.2)
                taken = exhaust(0)
                first = attempt()
                give_back(taken)
                print(first, attempt())
                """,
            ],
            server.url + "/api",
        )
        assert process.stdout.split() == ["ConnectionError", "none"]

    def test_no_descriptor_for_a_file_raises_emfile(
        self, server, python, make_file
    ):
        process = python(
            [
                self.LIMITED,
                """
                import errno, requests
                raw.get("data/x", client=client)
                taken = exhaust(0)
                for call in (
                    lambda: raw.upload("up", sys.argv[2], client=client),
                    lambda: raw.download("data/x", sys.argv[2] + ".out", client=client),
                ):
                    try:
                        call()
                    except OSError as error:
                        print(errno.errorcode[error.errno])
                give_back(taken)
                raw.upload("up", sys.argv[2], client=client)
                """,
            ],
            server.url + "/api",
            make_file(),
        )
        assert process.stdout.split() == ["EMFILE", "EMFILE"]
        assert len(server.of("POST", "up")) == 1


@needs.resource_limits
def test_no_thread_for_the_runtime_raises(server, python):
    process = python(
        """
        import resource, sys, threading
        from gazu import client as raw

        client = raw.create_client(sys.argv[1])
        limits = resource.getrlimit(resource.RLIMIT_NPROC)
        resource.setrlimit(resource.RLIMIT_NPROC, (1, limits[1]))
        try:
            threading.Thread(target=int).start()
        except RuntimeError:
            pass
        else:
            print("threads are not limited")
            sys.exit()
        try:
            raw.get("data/x", client=client)
        except (RuntimeError, OSError):
            pass
        else:
            sys.exit("no failure")
        resource.setrlimit(resource.RLIMIT_NPROC, limits)
        assert raw.get("data/x", client=client) == {}
        """,
        server.url + "/api",
    )
    if process.stdout:
        pytest.skip(process.stdout)


@needs.tcp_settings
@pytest.mark.parametrize(
    "timeout, unread",
    [((15, 300), 300), (1, 300), ((1, 600), 600), (None, 0)],
    ids=str,
)
def test_timeouts_of_the_system_are_longer_than_the_clients(
    server, client, timeout, unread
):
    """The kernel does not end a connection before the client's timeouts do."""
    client.timeout = timeout
    raw.get("data/x", client=client)
    found = []
    for name in os.listdir("/proc/self/fd"):
        if not os.path.exists("/proc/self/fd/" + name):
            continue
        if not stat.S_ISSOCK(os.stat("/proc/self/fd/" + name).st_mode):
            continue
        with socket.socket(fileno=os.dup(int(name))) as copy:
            if copy.family != socket.AF_INET:
                # Another test may have left an event loop, with its socket pair.
                continue
            try:
                if copy.getpeername()[1] != server.port:
                    continue
            except OSError:
                continue
            tcp = socket.IPPROTO_TCP
            options = [
                copy.getsockopt(tcp, option)
                for option in (
                    socket.TCP_USER_TIMEOUT,
                    socket.TCP_KEEPIDLE,
                    socket.TCP_KEEPINTVL,
                    socket.TCP_KEEPCNT,
                )
            ]
            found.append(options)
    assert len(found) == 1
    ((user_timeout, idle, interval, count),) = found
    assert user_timeout >= unread * 1000 and bool(user_timeout) == bool(unread)
    assert idle + interval * count > 300

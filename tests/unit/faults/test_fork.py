from __future__ import annotations

import pytest

from .. import needs
from ..recording_server import Answer

pytestmark = needs.fork


@pytest.mark.beyond
def test_a_child_makes_its_own_connections(server, python):
    """It leaves the parent's connections alone, busy or idle."""
    server.on("GET", "data/x", {"a": 1})
    python(
        """
        import os, sys
        from gazu import client as raw

        client = raw.create_client(sys.argv[1])
        assert raw.get("data/x", client=client) == {"a": 1}
        children = []
        for _ in range(3):
            pid = os.fork()
            if not pid:
                try:
                    for _ in range(3):
                        assert raw.get("data/x", client=client) == {"a": 1}
                    assert raw.get("data/x", client=raw.create_client(sys.argv[1])) == {"a": 1}
                    os._exit(0)
                finally:
                    os._exit(1)
            children.append(pid)
        for pid in children:
            assert os.waitpid(pid, 0)[1] == 0
        assert raw.get("data/x", client=client) == {"a": 1}
        """,
        server.url + "/api",
    )
    assert len(server.requests) == 14


@pytest.mark.beyond
def test_no_connection_is_shared_with_a_child(server, python):
    server.on(
        "GET", "data/x", lambda request: {"connection": request.connection}
    )
    python(
        """
        import os, sys
        from gazu import client as raw

        client = raw.create_client(sys.argv[1])
        mine = raw.get("data/x", client=client)
        pid = os.fork()
        if not pid:
            os._exit(raw.get("data/x", client=client) == mine)
        assert os.waitpid(pid, 0)[1] == 0
        assert raw.get("data/x", client=client) == mine
        """,
        server.url + "/api",
    )


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing_works_with_each_start_method(
    server, python, tmp_path, method
):
    server.on("GET", "data/x", {"a": 1})
    script = tmp_path / "script.py"
    script.write_text(
        """
import multiprocessing, sys
import gazu

def work(url):
    client = gazu.client.create_client(url)
    assert gazu.client.get("data/x", client=client) == {"a": 1}
    return gazu.client.get("data/x", client=client)

if __name__ == "__main__":
    context = multiprocessing.get_context(sys.argv[2])
    if sys.argv[2] == "fork":
        work(sys.argv[1])
    with context.Pool(2) as pool:
        assert pool.map(work, [sys.argv[1]] * 4) == [{"a": 1}] * 4
        pool.close()
        pool.join()
"""
    )
    python(
        "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
        if method == "fork"
        else "import subprocess, sys; subprocess.check_call([sys.executable] + sys.argv[1:])",
        script,
        server.url + "/api",
        method,
    )


def test_a_child_works_when_another_thread_was_waiting(server, python):
    """A fork copies no threads, and their locks must not block the child."""
    server.on("GET", "slow", Answer({}, delay=1))
    server.on("GET", "data/x", {"a": 1})
    python(
        """
        import os, sys, threading, time
        from gazu import client as raw

        client = raw.create_client(sys.argv[1])
        waiting = [threading.Thread(target=raw.get, args=("slow",), kwargs={"client": client}) for _ in range(4)]
        for thread in waiting:
            thread.start()
        time.sleep(0.2)
        for _ in range(5):
            pid = os.fork()
            if not pid:
                try:
                    assert raw.get("data/x", client=client) == {"a": 1}
                    os._exit(0)
                finally:
                    os._exit(1)
            assert os.waitpid(pid, 0)[1] == 0
        for thread in waiting:
            thread.join()
        """,
        server.url + "/api",
    )


@pytest.mark.beyond
def test_a_child_may_end_normally(server, python):
    server.on("GET", "data/x", {"a": 1})
    out = python(
        """
        import os, sys
        from gazu import client as raw

        client = raw.create_client(sys.argv[1])
        raw.get("data/x", client=client)
        pid = os.fork()
        raw.get("data/x", client=client)
        if pid:
            assert os.waitpid(pid, 0)[1] == 0
        print("done", flush=True)
        """,
        server.url + "/api",
    ).stdout
    assert out == "done\ndone\n"


@pytest.mark.beyond
def test_a_grandchild_sends_requests(server, python):
    server.on("GET", "data/x", {"a": 1})
    python(
        """
        import os, sys
        from gazu import client as raw

        client = raw.create_client(sys.argv[1])
        depth = 0
        while depth < 3:
            assert raw.get("data/x", client=client) == {"a": 1}
            pid = os.fork()
            if pid:
                sys.exit(1 if os.waitpid(pid, 0)[1] else 0)
            depth += 1
        """,
        server.url + "/api",
    )
    assert len(server.requests) == 3


@pytest.mark.beyond
@pytest.mark.parametrize("loop", ["open", "closed", "running"])
def test_awaited_clients_of_parent_and_child_work(server, python, loop):
    """A child's requests do not wait for threads and loops of its parent."""
    server.on("GET", "data/x", {"a": 1})
    python(
        """
        import asyncio, os, signal, sys, threading
        import gazu.aio

        host, how = sys.argv[1:]

        async def ask(client):
            await asyncio.gather(*[gazu.aio.get("data/x", client=client) for _ in range(5)])
            assert (await client.session.get(host + "/data/x")).status == 200
            assert await gazu.client.host_is_up(client=client)

        def child():
            signal.alarm(15)
            try:
                for client in (gazu.aio.AsyncKitsuClient(host), mine):
                    loop = asyncio.new_event_loop()
                    loop.run_until_complete(ask(client))
                    loop.close()
                os._exit(0)
            finally:
                os._exit(1)

        mine = gazu.aio.AsyncKitsuClient(host)
        loop = asyncio.new_event_loop()
        loop.run_until_complete(ask(mine))
        if how == "closed":
            loop.close()
            loop = asyncio.new_event_loop()

        async def fork_within():
            busy = asyncio.ensure_future(ask(mine))
            await asyncio.sleep(0)
            pid = os.fork()
            if not pid:
                threading.Thread(target=child).start()
                threading.Event().wait()
            await busy
            return pid

        if how == "running":
            pid = loop.run_until_complete(fork_within())
        else:
            pid = os.fork()
            if not pid:
                child()
        assert os.waitpid(pid, 0)[1] == 0
        loop.run_until_complete(ask(mine))
        """,
        server.url + "/api",
        loop,
        flags=["-W", "ignore::DeprecationWarning"],
    )


def test_a_child_of_a_callback_leaves_the_download_to_its_parent(
    server, python, tmp_path
):
    server.on("GET", "x", Answer(size=16 << 20))
    python(
        """
        import os, sys
        from gazu import client as raw

        client = raw.create_client(sys.argv[1])
        children = []

        def fork_once(done, total):
            if not children:
                children.append(os.fork())

        try:
            raw.download("x", sys.argv[2], client=client, progress_callback=fork_once)
        except Exception as error:
            assert children == [0], error
            os._exit(7)
        assert children != [0]
        assert os.waitpid(children[0], 0)[1] >> 8 == 7
        assert os.path.getsize(sys.argv[2]) == 16 << 20
        """,
        server.url + "/api",
        str(tmp_path / "x"),
    )
    assert len(server.requests) == 1

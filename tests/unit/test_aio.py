"""Awaited calls: on every event loop, many at once, cancelled, unfinished."""

from __future__ import annotations

import asyncio
import gc
import importlib.util
import os
import sys
import threading
import time

import gazu
import gazu.aio
import pytest

from .recording_server import Answer

TASK = "a24a6ea4-ce75-4665-a070-57453082c256"


def qt_loop():
    """Return an event loop that runs on Qt's."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    import qasync
    from PySide6.QtCore import QCoreApplication

    application = QCoreApplication.instance() or QCoreApplication([])
    return qasync.QEventLoop(application)


def make_loops():
    """Return the factories of event loops; only Qt's if GAZU_TEST_QT is set."""
    if os.environ.get("GAZU_TEST_QT"):
        return {"qt": qt_loop}
    loops = {"asyncio": asyncio.new_event_loop}
    # uvloop supports neither Windows nor Python 3.13 without the GIL.
    if importlib.util.find_spec("uvloop"):
        import uvloop

        loops["uvloop"] = uvloop.new_event_loop
    return loops


LOOPS = make_loops()


def run_on(loop, work):
    """Run a coroutine on a loop, and close the loop as `asyncio.run` does."""
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(work)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()
        asyncio.set_event_loop(None)


@pytest.fixture(params=sorted(LOOPS))
def run(request):
    return lambda work: run_on(LOOPS[request.param](), work)


@pytest.fixture
def awaited(server):
    return gazu.aio.AsyncKitsuClient(
        server.url + "/api", access_token="t", refresh_token="r"
    )


def until(true, seconds=10):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    assert true()


def test_every_kind_of_call(server, run, awaited, tmp_path, make_file):
    server.on("GET", "data/shots", [{"name": "b"}, {"name": "a"}])
    server.on("GET", "data/projects/%s" % TASK, {"id": TASK, "name": "p"})
    server.on("GET", "movies/x", Answer(body=b"film"))
    server.on("POST", "files", {"id": "f"})
    target = str(tmp_path / "film")
    seen = []

    def progress(*args):
        seen.append((threading.current_thread().name, args))

    async def work():
        shots = await gazu.client.get("data/shots", client=awaited)
        project = await gazu.project.get_project(TASK, client=awaited)
        await gazu.client.download(
            "movies/x", target, client=awaited, progress_callback=progress
        )
        sent = await gazu.client.upload(
            "files", make_file(), client=awaited, progress_callback=progress
        )
        async with awaited:
            pass
        return shots, project, sent

    shots, project, sent = run(work())
    assert [shot["name"] for shot in shots] == ["b", "a"]
    assert (project["name"], sent) == ("p", {"id": "f"})
    with open(target, "rb") as stream:
        assert stream.read() == b"film"
    assert {name for name, _ in seen} == {threading.current_thread().name}
    assert seen[-1][1][0] == seen[-1][1][1]


def test_two_hundred_at_once_share_one_pool(server, run, awaited):
    server.default = Answer({"id": TASK}, delay=0.05)

    async def work():
        for _ in range(2):
            calls = [
                gazu.client.get("data/shots/%d" % n, client=awaited)
                for n in range(200)
            ]
            assert await asyncio.gather(*calls) == [{"id": TASK}] * 200
            opened.append(server.opened)

    opened = []
    run(work())
    assert len(server.requests) == 400
    # 64 idle connections are kept; more are used again if they are free in time.
    assert opened[1] <= opened[0] + 200 - 64


def test_compositions_at_once(server, run, awaited):
    server.default = Answer([{"id": TASK, "name": "x"}])

    async def work():
        calls = [
            gazu.asset.get_asset_type_by_name("x", client=awaited)
            for _ in range(200)
        ]
        return await asyncio.gather(*calls)

    assert {found["id"] for found in run(work())} == {TASK}


@pytest.mark.parametrize("kind", ["call", "composition", "upload", "download"])
def test_cancelling_ends_the_request(
    server, run, awaited, make_file, tmp_path, kind
):
    server.default = Answer(hang="headers")
    calls = {
        "call": lambda: gazu.client.get("x", client=awaited),
        "composition": lambda: gazu.client.get_current_user(client=awaited),
        "upload": lambda: gazu.client.upload("x", make_file(), client=awaited),
        "download": lambda: gazu.client.download(
            "x", str(tmp_path / "x"), client=awaited
        ),
    }

    async def work():
        task = asyncio.ensure_future(calls[kind]())
        while not server.requests:
            await asyncio.sleep(0.01)
        started = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - started

    assert run(work()) < 5
    until(lambda: not server.open)
    assert os.listdir(str(tmp_path)) in ([], ["image.png"])


def test_a_token_is_renewed_once(server, run, awaited):
    expired = Answer({"message": "Signature has expired"}, status=401)
    server.on("GET", "auth/refresh-token", {"access_token": "new"})
    server.default = lambda request: (
        Answer({"a": 1})
        if request.header("Authorization") == "Bearer new"
        else expired
    )

    async def work():
        calls = [gazu.client.get("x", client=awaited) for _ in range(20)]
        return await asyncio.gather(*calls)

    assert run(work()) == [{"a": 1}] * 20
    assert len(server.of("GET", "auth/refresh-token")) == 1
    assert awaited.access_token == "new"


def test_a_rejected_renewal_raises(server, run, awaited):
    """The request for a new token does not renew the token itself."""
    expired = Answer({"message": "Signature has expired"}, status=401)
    server.on("*", "*", expired)
    with pytest.raises(gazu.exception.NotAuthenticatedException):
        run(gazu.client.get("x", client=awaited))
    assert len(server.of("GET", "auth/refresh-token")) == 1


def test_a_callback_may_be_awaited(server, run, awaited):
    server.on("GET", "x", Answer({}, status=401), {"a": 1})

    async def log_in_again(client, path):
        client.tokens = {"access_token": "again"}
        return True

    awaited.callback_not_authenticated = log_in_again

    async def work():
        return await gazu.client.get("x", client=awaited)

    assert run(work()) == {"a": 1}
    assert server.last.header("Authorization") == "Bearer again"


def test_results_belong_to_the_caller(server, run, awaited):
    server.default = Answer([{"id": TASK}])

    async def work():
        gazu.cache.enable()
        first = await gazu.project.all_projects(client=awaited)
        first.append("mine")
        return await gazu.project.all_projects(client=awaited)

    assert run(work()) == [{"id": TASK}]
    assert len(server.requests) == 1
    assert gazu.project.all_projects.get_cache_infos()["hits"] >= 1


def test_an_exception_of_a_progress_callback_is_raised(
    server, run, awaited, tmp_path
):
    server.default = Answer(body=b"x" * 100000)

    def stop(done, total):
        raise KeyError("stop")

    async def work():
        await gazu.client.download(
            "x", str(tmp_path / "x"), client=awaited, progress_callback=stop
        )

    with pytest.raises(KeyError):
        run(work())
    assert os.listdir(str(tmp_path)) == []


@pytest.mark.skipif(
    not os.path.isdir("/proc/self/fd"),
    reason="needs /proc to count open files",
)
def test_a_closed_loop_leaves_nothing_open(server, run):
    def once():
        async def work():
            async with gazu.aio.AsyncKitsuClient(server.url + "/api") as made:
                await gazu.client.get("x", client=made)
                await gazu.client.get_api_version(client=made)

        run(work())

    server.default = Answer({"version": "1"})
    for _ in range(3):
        once()
    gc.collect()
    until(lambda: not server.open)
    before = len(os.listdir("/proc/self/fd")), threading.active_count()
    for _ in range(10):
        once()
    gc.collect()
    until(lambda: not server.open)
    after = len(os.listdir("/proc/self/fd")), threading.active_count()
    assert after[0] <= before[0] + 2
    # Before 3.8 a pool starts all its threads before it reuses one.
    pool = 10 if sys.version_info >= (3, 8) else 64
    assert after[1] <= before[1] + pool


@pytest.mark.parametrize("what", ["get('x'", "get_current_user("])
def test_a_program_ends_during_a_request(server, python, what):
    server.default = Answer(hang="headers")
    started = time.monotonic()
    python(
        """
        import asyncio, sys, gazu, gazu.aio
        async def main():
            client = gazu.aio.AsyncKitsuClient(sys.argv[1])
            call = gazu.client.%s%s client=client)
            asyncio.ensure_future(call)
            await asyncio.sleep(0.5)
        asyncio.run(main())
        """
        % (what, "," if what.startswith("get('") else ""),
        server.url + "/api",
    )
    assert time.monotonic() - started < 20


HUNG = {
    "session": lambda client: client.session.get(client.host + "/hung"),
    "host_is_up": lambda client: gazu.client.host_is_up(
        client=gazu.aio.AsyncKitsuClient(client.host + "/hung")
    ),
    "composition": lambda client: gazu.client.get_api_version(
        client=gazu.aio.AsyncKitsuClient(client.host + "/hung")
    ),
    "download": lambda client: gazu.aio.download(
        "hung", os.devnull, client=client
    ),
    "stream": lambda client: client.session.get(
        client.host + "/slow", stream=False
    ),
}


@pytest.mark.beyond
class TestCancelledWaits:
    """A cancelled call holds no thread and no connection."""

    @pytest.mark.parametrize("what", HUNG)
    def test_cancelled_calls_release_their_threads(self, server, client, what):
        server.on("*", "*", Answer(hang="headers"))
        server.on("GET", "slow", Answer(body=bytes(9999), drip=(1, 0.2)))
        server.on("GET", "data/x", {"a": 1})
        for path in ("/api", "/api/"):
            server.on("*", path, {"version": "1", "api": "Zou"})

        async def give_up(client):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(HUNG[what](client), 0.3)

        async def main():
            client = gazu.aio.AsyncKitsuClient(server.url + "/api")
            await asyncio.gather(*[give_up(client) for _ in range(70)])
            assert await gazu.aio.get("data/x", client=client) == {"a": 1}
            answer = client.session.get(client.host + "/data/x")
            assert (await asyncio.wait_for(answer, 10)).status == 200
            version = gazu.client.get_api_version(client=client)
            assert await asyncio.wait_for(version, 10) == "1"

        run_on(asyncio.new_event_loop(), main())

"""Many calls at once, calls that are not sent, and pages that are fetched together."""

from __future__ import annotations

import asyncio
import threading
import time

import gazu
import pytest
from gazu import client as raw

from . import needs
from .recording_server import Answer

IDS = [
    "a24a6ea4-ce75-4665-a070-57453082c2%02x" % number for number in range(40)
]
ID = IDS[0]


class TestCall:
    @pytest.mark.parametrize(
        "function, args, route",
        [
            (gazu.task.get_task, (ID,), "data/tasks/%s/full" % ID),
            (gazu.shot.get_shot, (ID,), "data/shots/%s" % ID),
            (gazu.task.all_tasks_for_shot, (ID,), "data/shots/%s/tasks" % ID),
            (gazu.client.get, ("data/x",), "data/x"),
            (gazu.client.fetch_all, ("x",), "data/x"),
            (gazu.client.fetch_one, ("x", "1"), "data/x/1"),
            (gazu.client.post, ("data/x", {"a": 1}), "data/x"),
            (gazu.client.create, ("x", {"a": 1}), "data/x"),
            (gazu.client.delete, ("data/x",), "data/x"),
        ],
    )
    def test_a_call_is_described_and_not_sent(
        self, server, default, function, args, route
    ):
        call = gazu.client.call(function, *args)
        assert call.route == route
        assert server.requests == []

    def test_a_call_is_what_the_function_sends(self, server, default):
        gazu.client.run_all(
            [gazu.client.call(gazu.task.all_tasks_for_shot, ID)]
        )
        gazu.task.all_tasks_for_shot(ID)
        one, other = server.requests
        assert (one.method, one.path, one.headers) == (
            other.method,
            other.path,
            other.headers,
        )

    def test_a_call_does_not_use_the_cache(self, server, default):
        server.on("GET", "data/shots/" + ID, Answer({"id": 1}))
        gazu.cache.enable()
        gazu.shot.get_shot(ID)
        assert gazu.client.call(gazu.shot.get_shot, ID).verb == "fetch_one"
        assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "function, args",
        [
            (gazu.log_in, ("a", "b")),
            (gazu.client.get_current_user, ()),
            (gazu.client.host_is_up, ()),
            (gazu.client.get_api_version, ()),
            (gazu.asset.new_asset, (ID, ID, "a")),
            (gazu.client.get_file_data_from_url, ("x",)),
        ],
    )
    def test_a_composition_is_no_call(self, server, default, function, args):
        with pytest.raises(TypeError, match="makes more than one request"):
            gazu.client.call(function, *args)
        assert server.requests == []

    def test_pages_are_no_call(self, server, default):
        with pytest.raises(TypeError, match="fetch_all makes more"):
            gazu.client.call(gazu.client.fetch_all, "x", paginated=True)

    def test_an_invalid_argument_raises_as_usual(self, default):
        with pytest.raises(ValueError, match="shot: Wrong format"):
            gazu.client.call(gazu.task.all_tasks_for_shot, "no id")
        with pytest.raises(TypeError, match="missing"):
            gazu.client.call(gazu.task.all_tasks_for_shot)
        with pytest.raises(TypeError, match="client: pass it to run_all"):
            gazu.client.call(gazu.task.get_task, ID, client=default)
        with pytest.raises(TypeError, match="function: expected"):
            gazu.client.call("get_task")


def calls(ids=IDS):
    return [gazu.client.call(gazu.client.get, "data/x/" + id) for id in ids]


def answer_by_id(server):
    for number, id in enumerate(IDS):
        server.on("GET", "data/x/" + id, {"number": number})


class TestRunAll:
    def test_results_are_in_order(self, server, client):
        answer_by_id(server)
        seen = []
        results = gazu.client.run_all(
            calls(),
            client=client,
            progress_callback=lambda *args: seen.append(
                (args, threading.current_thread())
            ),
        )
        assert [result["number"] for result in results] == list(range(40))
        here = threading.current_thread()
        assert seen == [((n, 40), here) for n in range(1, 41)]
        assert len(server.requests) == 40

    def test_calls_run_at_once_and_are_bounded(self, server, client):
        inside, counts = [], []

        def answer(request):
            inside.append(request)
            counts.append(len(inside))
            server.wait(lambda: len(server.requests) >= 5)
            time.sleep(0.05)
            inside.remove(request)
            return {}

        for id in IDS[:20]:
            server.on("GET", "data/x/" + id, answer)
        gazu.client.run_all(calls(IDS[:20]), client=client, concurrency=5)
        assert len(counts) == 20 and 2 <= max(counts) <= 5

    def test_no_calls_return_no_results(self, client):
        assert gazu.client.run_all([], client=client) == []

    def test_the_first_failure_raises(self, server, client):
        answer_by_id(server)
        for number in (3, 7):
            server.on("GET", "data/x/" + IDS[number], Answer({}, status=404))
        with pytest.raises(gazu.exception.RouteNotFoundException) as raised:
            gazu.client.run_all(calls(), client=client, concurrency=2)
        assert raised.value.path == "data/x/" + IDS[3]
        assert len(server.requests) < 40

    def test_all_outcomes_may_be_returned(self, server, client):
        answer_by_id(server)
        server.on("GET", "data/x/" + IDS[3], Answer({}, status=404))
        results = gazu.client.run_all(
            calls(), client=client, return_exceptions=True
        )
        assert isinstance(results[3], gazu.exception.RouteNotFoundException)
        assert [r["number"] for r in results[:3] + results[4:]] == [
            n for n in range(40) if n != 3
        ]

    def test_a_callback_may_raise(self, server, client):
        for id in IDS:
            server.on("GET", "data/x/" + id, Answer({}, delay=0.05))
        with pytest.raises(KeyError):
            gazu.client.run_all(
                calls(),
                client=client,
                concurrency=2,
                progress_callback=lambda *a: {}["x"],
            )
        assert len(server.requests) < 40

    def test_calls_go_through_replaced_verbs(
        self, server, client, monkeypatch
    ):
        asked, seen = calls(IDS[:5]), []
        monkeypatch.setattr(
            raw, "get", lambda path, client: seen.append(path) or {"a": path}
        )
        results = gazu.client.run_all(asked, client=client)
        assert seen == ["data/x/" + id for id in IDS[:5]]
        assert [result["a"] for result in results] == seen
        assert server.requests == []

    @pytest.mark.parametrize(
        "what, error",
        [
            ({"calls": [1]}, TypeError),
            ({"calls": [gazu.task.get_task]}, TypeError),
            ({"calls": [], "concurrency": 0}, ValueError),
            ({"calls": [], "concurrency": "2"}, TypeError),
        ],
    )
    def test_an_invalid_argument_raises(self, server, client, what, error):
        with pytest.raises(error):
            gazu.client.run_all(client=client, **what)
        assert server.requests == []

    def test_a_token_is_refreshed_once(self, server, client):
        expired = Answer({"message": "Signature has expired"}, status=401)
        client.tokens = {"access_token": "old", "refresh_token": "r"}
        server.on("GET", "auth/refresh-token", Answer({"access_token": "new"}))
        client.use_refresh_token = True
        for id in IDS:
            server.on(
                "GET",
                "data/x/" + id,
                lambda request: (
                    Answer({"ok": 1})
                    if request.header("Authorization") == "Bearer new"
                    else expired
                ),
            )
        assert gazu.client.run_all(calls(), client=client) == [{"ok": 1}] * 40
        renewals = [r for r in server.requests if "refresh" in r.path]
        assert len(renewals) == 1

    @needs.signals
    def test_an_interruption_ends_a_batch(self, server, python):
        server.on("GET", "data/x", Answer({}, delay=20))
        python(
            """
            import os, signal, sys, threading, time
            import gazu
            # What is started in the background is born deaf to it.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            gazu.set_host(sys.argv[1] + "/api")
            calls = [gazu.client.call(gazu.client.get, "data/x")] * 30
            threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
            start = time.time()
            try:
                gazu.client.run_all(calls)
            except KeyboardInterrupt:
                assert time.time() - start < 5
            else:
                raise AssertionError
            """,
            server.url,
        )

    def test_a_batch_may_be_awaited(self, server):
        answer_by_id(server)
        seen = []

        async def ask():
            client = gazu.aio.AsyncKitsuClient(server.url + "/api")
            return await gazu.client.run_all(
                calls(),
                client=client,
                progress_callback=lambda *args: seen.append(args),
            )

        results = asyncio.run(ask())
        assert [result["number"] for result in results] == list(range(40))
        assert seen[-1] == (40, 40)

    def test_an_awaited_batch_raises_the_first_failure(self, server):
        answer_by_id(server)
        server.on("GET", "data/x/" + IDS[3], Answer({}, status=404))

        async def ask():
            client = gazu.aio.AsyncKitsuClient(server.url + "/api")
            return await gazu.client.run_all(calls(), client=client)

        with pytest.raises(gazu.exception.RouteNotFoundException):
            asyncio.run(ask())


class TestPages:
    @staticmethod
    def paged(server, last=12, failing=(), others=lambda: None):
        def answer(request):
            page = int(dict(request.params)["page"])
            if page in failing:
                return Answer({}, status=404)
            if page > 1:
                others()
            return Answer({"data": [page], "nb_pages": last, "page": page})

        server.on("GET", "data/x", answer)

    def test_results_and_requests_are_the_same(self, server, client):
        self.paged(server)
        params = {"a": "b"}
        entries = raw.fetch_all(
            "x", params, client=client, paginated=True, limit=1
        )
        assert entries == list(range(1, 13))
        assert params == {"a": "b", "page": 12, "limit": 1}
        pages = [dict(r.params)["page"] for r in server.requests]
        assert pages[0] == "1" and len(pages) == 12
        assert sorted(map(int, pages)) == list(range(1, 13))

    def test_pages_are_fetched_together(self, server, client):
        """The second page is answered after others have been requested."""
        met = []
        self.paged(
            server,
            others=lambda: met.append(
                server.wait(lambda: len(server.requests) >= 4)
            ),
        )
        raw.fetch_all("x", client=client, paginated=True)
        assert len(met) == 11 and all(met)

    def test_the_first_page_that_fails_raises(self, server, client):
        self.paged(server, failing=(5, 9))
        params = {"a": "b"}
        with pytest.raises(gazu.exception.RouteNotFoundException) as raised:
            raw.fetch_all("x", params, client=client, paginated=True)
        assert "page=5" in raised.value.path
        assert params["page"] == 5

    def test_a_replaced_verb_fetches_one_page_after_the_other(
        self, client, monkeypatch
    ):
        seen = []

        def get(path, params=None, client=None):
            seen.append(params["page"])
            return {"data": [params["page"]], "nb_pages": 4, "page": 1}

        monkeypatch.setattr(raw, "get", get)
        assert raw.fetch_all("x", client=client, paginated=True) == [
            1,
            2,
            3,
            4,
        ]
        assert seen == [1, 2, 3, 4]

    def test_pages_may_be_awaited(self, server):
        self.paged(server)

        async def ask():
            client = gazu.aio.AsyncKitsuClient(server.url + "/api")
            return await gazu.aio.fetch_all("x", client=client, paginated=True)

        assert asyncio.run(ask()) == list(range(1, 13))
        assert len(server.requests) == 12

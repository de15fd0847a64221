"""Many calls at once, calls that are described, and pages that travel together."""

from __future__ import annotations

import asyncio
import threading
import time

import gazu
import pytest
from gazu import client as raw

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
    def test_is_described_and_not_sent(
        self, server, default, function, args, route
    ):
        call = gazu.client.call(function, *args)
        assert call.route == route
        assert server.requests == []

    def test_is_what_the_function_sends(self, server, default):
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

    def test_does_not_ask_the_cache(self, server, default):
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
    def test_a_composition_is_refused(self, server, default, function, args):
        with pytest.raises(TypeError, match="makes more than one request"):
            gazu.client.call(function, *args)
        assert server.requests == []

    def test_pages_are_no_call(self, server, default):
        with pytest.raises(TypeError, match="fetch_all makes more"):
            gazu.client.call(gazu.client.fetch_all, "x", paginated=True)

    def test_mistakes_come_out_as_they_are(self, default):
        with pytest.raises(ValueError, match="shot: Wrong format"):
            gazu.client.call(gazu.task.all_tasks_for_shot, "no id")
        with pytest.raises(TypeError, match="missing"):
            gazu.client.call(gazu.task.all_tasks_for_shot)
        with pytest.raises(TypeError, match="client: give it to run_all"):
            gazu.client.call(gazu.task.get_task, ID, client=default)
        with pytest.raises(TypeError, match="function: expected"):
            gazu.client.call("get_task")


def calls(ids=IDS):
    return [gazu.client.call(gazu.client.get, "data/x/" + id) for id in ids]


def answer_by_id(server):
    for number, id in enumerate(IDS):
        server.on("GET", "data/x/" + id, {"number": number})


class TestRunAll:
    def test_results_in_order(self, server, client):
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

    def test_at_once_and_bounded(self, server, client):
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

    def test_nothing(self, client):
        assert gazu.client.run_all([], client=client) == []

    def test_the_first_failure(self, server, client):
        answer_by_id(server)
        for number in (3, 7):
            server.on("GET", "data/x/" + IDS[number], Answer({}, status=404))
        with pytest.raises(gazu.exception.RouteNotFoundException) as raised:
            gazu.client.run_all(calls(), client=client, concurrency=2)
        assert raised.value.path == "data/x/" + IDS[3]
        assert len(server.requests) < 40

    def test_all_outcomes(self, server, client):
        answer_by_id(server)
        server.on("GET", "data/x/" + IDS[3], Answer({}, status=404))
        results = gazu.client.run_all(
            calls(), client=client, return_exceptions=True
        )
        assert isinstance(results[3], gazu.exception.RouteNotFoundException)
        assert [r["number"] for r in results[:3] + results[4:]] == [
            n for n in range(40) if n != 3
        ]

    def test_a_callback_that_raises(self, server, client):
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

    def test_through_what_was_replaced(self, server, client, monkeypatch):
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
    def test_bad_input(self, server, client, what, error):
        with pytest.raises(error):
            gazu.client.run_all(client=client, **what)
        assert server.requests == []

    def test_a_token_renewed_once(self, server, client):
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

    def test_interrupted(self, server, python):
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

    def test_awaited(self, server):
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

    def test_a_failure_awaited(self, server):
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

    def test_the_same_result_and_requests(self, server, client):
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

    def test_travel_together(self, server, client):
        """The second is not answered before others have been asked for."""
        met = []
        self.paged(
            server,
            others=lambda: met.append(
                server.wait(lambda: len(server.requests) >= 4)
            ),
        )
        raw.fetch_all("x", client=client, paginated=True)
        assert len(met) == 11 and all(met)

    def test_the_first_failing_page(self, server, client):
        self.paged(server, failing=(5, 9))
        params = {"a": "b"}
        with pytest.raises(gazu.exception.RouteNotFoundException) as raised:
            raw.fetch_all("x", params, client=client, paginated=True)
        assert "page=5" in raised.value.path
        assert params["page"] == 5

    def test_one_after_another_through_a_replaced_verb(
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

    def test_awaited(self, server):
        self.paged(server)

        async def ask():
            client = gazu.aio.AsyncKitsuClient(server.url + "/api")
            return await gazu.aio.fetch_all("x", client=client, paginated=True)

        assert asyncio.run(ask()) == list(range(1, 13))
        assert len(server.requests) == 12

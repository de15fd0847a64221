"""Answers that are kept: asked for with their tags, or served while the server is down."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import copy
import datetime
import json
import os
import pickle
import subprocess
import sys
import textwrap
import time
import warnings

import gazu
import gazu.testing
import pytest
from gazu._engine import keeping, kept, kept_files, scopes

from . import needs
from .recording_server import Answer
from .test_boards import NDJSON, SHOTS, compact
from .waiting import wait_for

pytestmark = pytest.mark.beyond

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
BOARD = "data/shots/with-tasks"
TASKS = "data/projects/" + PROJECT + "/tasks"
TEAM = "data/projects/" + PROJECT + "/team"
ME = "b24a6ea4-ce75-4665-a070-57453082c256"
OTHER = "c24a6ea4-ce75-4665-a070-57453082c256"


def token_of(person, number=1):
    claims = json.dumps({"sub": person, "jti": number}).encode()
    body = base64.urlsafe_b64encode(claims).rstrip(b"=").decode()
    return "e30." + body + ".signature"


class Zou:
    """A list with a tag, as Zou answers it."""

    def __init__(self, server, path, value, tag='"t1"'):
        self.value = value
        self.tag = tag
        self.full = 0
        self.unchanged = 0
        self.status = 200
        server.on("GET", path, self)

    def __call__(self, request):
        if self.status != 200:
            return Answer({"message": "down"}, status=self.status)
        asked = request.header("If-None-Match") or ""
        if self.tag and self.tag in asked.split(", "):
            self.unchanged += 1
            return Answer(status=304, body=b"", headers=[("ETag", self.tag)])
        self.full += 1
        headers = [("ETag", self.tag)] if self.tag else []
        if isinstance(self.value, bytes):
            headers.append(("Content-Type", NDJSON))
            return Answer(body=self.value, headers=headers)
        return Answer(json=self.value, headers=headers)

    def change(self, value, tag):
        self.value, self.tag = value, tag


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Trust a tag as soon as it has been seen twice."""
    monkeypatch.setattr(kept, "SETTLING", 0.0)


@pytest.fixture
def client(server, client):
    client.tokens = {"access_token": token_of(ME)}
    client.retries = 1
    server.on("GET", TEAM, [{"id": ME, "role": "user", "project_role": None}])
    return client


@pytest.fixture
def tasks(server):
    return Zou(server, TASKS, [{"id": "1", "name": "a"}])


def get_tasks(client, **params):
    return gazu.client.get(TASKS, params=params or None, client=client)


def times(number, function, *args, **kwargs):
    return [function(*args, **kwargs) for _ in range(number)]


class TestRevalidation:
    def test_an_unchanged_answer_is_not_sent_again(self, client, tasks):
        gazu.cache.enable(revalidate=True)
        answers = times(4, get_tasks, client)
        assert answers == [[{"id": "1", "name": "a"}]] * 4
        assert (tasks.full, tasks.unchanged) == (2, 2)
        assert gazu.cache.get_infos()["unchanged"] == 2

    def test_a_change_is_seen_at_once(self, client, tasks):
        gazu.cache.enable(revalidate=True)
        times(3, get_tasks, client)
        tasks.change([{"id": "2"}], '"t2"')
        assert get_tasks(client) == [{"id": "2"}]
        assert get_tasks(client) == [{"id": "2"}]
        assert get_tasks(client) == [{"id": "2"}]
        assert (tasks.full, tasks.unchanged) == (4, 2)

    def test_a_change_by_the_caller_does_not_reach_the_cache(
        self, client, tasks
    ):
        gazu.cache.enable(revalidate=True)
        for _ in range(4):
            answer = get_tasks(client)
            assert answer == [{"id": "1", "name": "a"}]
            answer[0]["name"] = "changed"
            answer.append(1)
        assert tasks.unchanged == 2

    def test_results_are_plain(self, client, tasks):
        gazu.cache.enable(revalidate=True)
        answer = times(3, get_tasks, client)[-1]
        assert type(answer) is list
        assert type(answer[0]) is dict
        assert gazu.cache.stale(answer) is None

    def test_a_tag_must_settle(self, client, tasks, monkeypatch):
        monkeypatch.setattr(kept, "SETTLING", 3600.0)
        gazu.cache.enable(revalidate=True)
        times(3, get_tasks, client)
        assert (tasks.full, tasks.unchanged) == (3, 0)

    def test_a_weak_tag_is_sent_in_both_forms(self, server, client, tasks):
        tasks.tag = 'W/"t1"'
        gazu.cache.enable(revalidate=True)
        times(3, get_tasks, client)
        assert server.last.header("If-None-Match") == 'W/"t1", "t1"'
        assert tasks.unchanged == 1

    @pytest.mark.parametrize(
        "path",
        [
            "data/assets/with-tasks?project_id=" + PROJECT,
            TASKS + "?episode_id=" + OTHER,
            "data/persons",
            "data/shots/with-tasks/x",
        ],
    )
    def test_tags_that_do_not_cover_the_answer(self, server, client, path):
        zou = Zou(server, path.partition("?")[0], [1])
        gazu.cache.enable(revalidate=True)
        assert times(3, gazu.client.get, path, client=client) == [[1]] * 3
        assert (zou.full, zou.unchanged) == (3, 0)

    def test_each_page_has_an_answer_of_its_own(self, server, client):
        server.on(
            "GET",
            TASKS,
            lambda request: (
                Answer(status=304, body=b"")
                if request.header("If-None-Match")
                else Answer([request.query], headers=[("ETag", '"same"')])
            ),
        )
        gazu.cache.enable(revalidate=True)
        for _ in range(4):
            assert get_tasks(client, page=1) == ["page=1"]
            assert get_tasks(client, page=2) == ["page=2"]
            assert get_tasks(client) == [""]
        assert gazu.cache.get_infos()["unchanged"] == 6

    def test_another_login_has_answers_of_its_own(self, server, client, tasks):
        gazu.cache.enable(revalidate=True)
        times(3, get_tasks, client)
        client.tokens = {"access_token": token_of(OTHER)}
        tasks.change(["of another"], tasks.tag)
        assert get_tasks(client) == ["of another"]
        assert server.last.header("If-None-Match") is None

    def test_a_renewed_token_is_the_same_login(self, client, tasks):
        gazu.cache.enable(revalidate=True)
        times(2, get_tasks, client)
        client.tokens = {"access_token": token_of(ME, 2)}
        get_tasks(client)
        assert tasks.unchanged == 1

    def test_a_login_that_changes_during_the_call(self, server, client, tasks):
        """The request of the new login does not carry the tag of the old one."""
        gazu.cache.enable(revalidate=True)
        times(2, get_tasks, client)

        def log_in(client, path):
            client.tokens = {"access_token": token_of(OTHER)}
            return True

        client.callback_not_authenticated = log_in
        server.on(
            "GET",
            TASKS,
            lambda request: (
                Answer({}, status=401)
                if token_of(ME) in request.header("Authorization")
                else Answer(["of another"], headers=[("ETag", '"t1"')])
            ),
        )
        assert get_tasks(client) == ["of another"]
        assert server.last.header("If-None-Match") is None
        assert get_tasks(client) == ["of another"]

    def test_another_server_has_answers_of_its_own(
        self, client, tasks, other_server
    ):
        gazu.cache.enable(revalidate=True)
        times(3, get_tasks, client)
        there = Zou(other_server, TASKS, ["there"])
        client.host = other_server.url + "/api"
        assert get_tasks(client) == ["there"]
        assert there.unchanged == 0

    def test_without_a_login_nothing_is_kept(self, client, tasks):
        client.tokens = {}
        gazu.cache.enable(revalidate=True)
        times(3, get_tasks, client)
        assert (tasks.full, tasks.unchanged) == (3, 0)

    def test_a_token_that_is_no_jwt(self, client, tasks):
        client.tokens = {"access_token": "opaque"}
        gazu.cache.enable(revalidate=True)
        times(3, get_tasks, client)
        assert tasks.unchanged == 1

    def test_the_least_recently_used_is_forgotten_first(self, client, tasks):
        tasks.value = ["x" * 10000]
        gazu.cache.enable(revalidate=True, max_bytes=25000)
        for page in (1, 2, 1, 3):
            get_tasks(client, page=page)
        infos = gazu.cache.get_infos()
        assert infos["current_size"] == 2
        assert 20000 < infos["current_bytes"] <= 25000
        urls = [url.rpartition("=")[2] for _, url in keeping.store._entries]
        assert urls == ["1", "3"]

    def test_small_answers_are_limited_too(self, client, tasks):
        tasks.value = []
        gazu.cache.enable(revalidate=True, max_bytes=10000)
        for page in range(30):
            get_tasks(client, page=page)
        assert 5 < gazu.cache.get_infos()["current_size"] < 20

    def test_an_answer_above_the_limit_is_not_kept(self, client, tasks):
        tasks.value = ["x" * 1000]
        gazu.cache.enable(revalidate=True, max_bytes=500)
        assert times(3, get_tasks, client) == [["x" * 1000]] * 3
        assert gazu.cache.get_infos()["current_bytes"] == 0

    def test_answers_that_are_no_json_are_not_kept(self, server, client):
        server.on("GET", TASKS, Answer(body=b"{", headers=[("ETag", '"t1"')]))
        gazu.cache.enable(revalidate=True)
        for _ in range(3):
            with pytest.raises(ValueError):
                get_tasks(client)
        assert server.last.header("If-None-Match") is None

    def test_a_sorted_list_and_text(self, server, client, tasks):
        tasks.value = [{"name": "b"}, {"name": "a"}]
        gazu.cache.enable(revalidate=True)
        text = gazu.client.get(TASKS, json_response=False, client=client)
        assert json.loads(text) == tasks.value
        for _ in range(3):
            found = gazu.client.get(TASKS, json_response=False, client=client)
            assert found == text
        assert tasks.unchanged == 2

    def test_a_condition_of_the_script_is_its_own(self, server, client, tasks):
        gazu.cache.enable(revalidate=True)
        times(2, get_tasks, client)
        client.session.headers["If-None-Match"] = '"mine"'
        get_tasks(client)
        assert server.last.header("If-None-Match") == '"mine"'

    def test_an_answer_304_to_no_condition_is_as_ever(self, server, client):
        server.on("GET", TASKS, Answer(status=304, body=b""))
        with pytest.raises(ValueError):
            get_tasks(client)
        gazu.cache.enable(revalidate=True)
        with pytest.raises(ValueError):
            get_tasks(client)

    def test_a_batch(self, client, tasks):
        gazu.cache.enable(revalidate=True)
        times(2, get_tasks, client)
        calls = [
            gazu.client.call(gazu.client.get, TASKS),
        ] * 5
        answers = gazu.client.run_all(calls, client=client)
        assert answers == [[{"id": "1", "name": "a"}]] * 5
        assert len({id(answer) for answer in answers}) == 5
        assert tasks.unchanged == 5

    def test_awaited(self, server, client, tasks):
        gazu.cache.enable(revalidate=True)

        async def ask():
            async with gazu.aio.AsyncKitsuClient(
                client.host, tokens=dict(client.tokens)
            ) as awaited:
                answers = [
                    await gazu.aio.get(TASKS, client=awaited) for _ in range(4)
                ]
                awaited.tokens = {}
                return answers

        answers = asyncio.run(ask())
        assert answers == [[{"id": "1", "name": "a"}]] * 4
        assert (tasks.full, tasks.unchanged) == (2, 2)

    def test_through_a_session_of_the_script(self, client, tasks):
        requests = pytest.importorskip("requests")
        client.session = requests.Session()
        gazu.cache.enable(revalidate=True)
        answers = times(4, get_tasks, client)
        assert answers == [[{"id": "1", "name": "a"}]] * 4
        assert (tasks.full, tasks.unchanged) == (2, 2)
        # It is the same cache.
        client.session = gazu.client.create_client(client.host).session
        get_tasks(client)
        assert tasks.unchanged == 3

    def test_a_session_that_logs_in_by_itself(self, client, tasks):
        requests = pytest.importorskip("requests")
        client.session = requests.Session()
        client.session.auth = ("me", "secret")
        gazu.cache.enable(revalidate=True)
        times(3, get_tasks, client)
        assert (tasks.full, tasks.unchanged) == (3, 0)

    @needs.fork
    def test_in_a_forked_child(self, client, tasks):
        gazu.cache.enable(revalidate=True)
        times(2, get_tasks, client)
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                same = get_tasks(client) == [{"id": "1", "name": "a"}]
                os._exit(0 if same else 2)
            os._exit(3)
        assert os.waitpid(child, 0)[1] == 0
        assert tasks.unchanged == 1


def test_with_the_test_server():
    with gazu.testing.KitsuServer() as server:
        client = server.log_in()
        project = gazu.project.new_project("P", client=client)
        sequence = gazu.shot.new_sequence(project, "S", client=client)
        gazu.shot.new_shot(project, sequence, "one", client=client)
        gazu.cache.enable(revalidate=True)

        def names():
            shots = gazu.shot.all_shots_with_tasks(project, client=client)
            return [shot["name"] for shot in shots]

        assert times(3, names) == [["one"]] * 3
        assert server.requests[-1].status == 304
        gazu.shot.new_shot(project, sequence, "two", client=client)
        assert times(3, names) == [["one", "two"]] * 3
        assert gazu.cache.get_infos()["unchanged"] == 2


class TestBoards:
    def ask(self, client):
        return gazu.shot.all_shots_with_tasks(PROJECT, client=client)

    def test_an_unchanged_board_is_not_sent_again(self, server, client):
        board = Zou(server, BOARD, compact(SHOTS))
        gazu.cache.enable(revalidate=True)
        assert times(4, self.ask, client) == [SHOTS] * 4
        assert (board.full, board.unchanged) == (2, 2)

    @pytest.mark.parametrize(
        ("role", "project_role"), [("vendor", None), ("user", "vendor")]
    )
    def test_a_vendor_sees_what_the_tag_does_not_cover(
        self, server, client, role, project_role
    ):
        person = {"id": ME, "role": role, "project_role": project_role}
        server.on("GET", TEAM, [{"id": OTHER, "role": "admin"}, person])
        board = Zou(server, BOARD, compact(SHOTS))
        gazu.cache.enable(revalidate=True)
        assert times(4, self.ask, client) == [SHOTS] * 4
        assert board.unchanged == 0

    def test_an_admin_need_not_be_in_the_team(self, server, client):
        server.on("GET", TEAM, [{"id": OTHER, "role": "vendor"}])
        board = Zou(server, BOARD, compact(SHOTS))
        gazu.cache.enable(revalidate=True)
        times(4, self.ask, client)
        assert board.unchanged == 2

    @pytest.mark.parametrize("status", [403, 404, 500])
    def test_a_role_that_is_not_known(self, server, client, status):
        server.on("GET", TEAM, Answer({}, status=status))
        board = Zou(server, BOARD, compact(SHOTS))
        gazu.cache.enable(revalidate=True)
        assert times(4, self.ask, client) == [SHOTS] * 4
        assert board.unchanged == 0

    def test_rows_that_are_streamed_are_sent_by_the_server(
        self, server, client
    ):
        board = Zou(server, BOARD, compact(SHOTS))
        gazu.cache.enable(revalidate=True)
        times(3, self.ask, client)
        rows = gazu.shot.iter_shots_with_tasks(PROJECT, client=client)
        assert list(rows) == SHOTS
        assert server.last.header("If-None-Match") is None
        assert board.unchanged == 1


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kept"


@pytest.fixture
def serving(folder):
    gazu.cache.enable(folder=folder, when_down="serve")
    return folder


def files_in(folder):
    return sorted(path for path in folder.glob("*/*") if path.is_file())


def close_connections(client):
    client.session.close()


class TestServerDown:
    @pytest.fixture(autouse=True)
    def no_warning(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", gazu.cache.StaleAnswerWarning)
            yield

    def test_what_was_last_seen(self, server, client, serving):
        server.on("GET", "data/persons", [{"id": "1"}, {"id": "2"}])
        before = datetime.datetime.now(datetime.timezone.utc)
        first = gazu.client.get("data/persons", client=client)
        assert gazu.cache.stale(first) is None
        server.close()
        seen = gazu.client.get("data/persons", client=client)
        assert seen == [{"id": "1"}, {"id": "2"}]
        assert isinstance(seen, list)
        when = gazu.cache.stale(seen)
        assert abs(when - before) < datetime.timedelta(minutes=5)
        assert gazu.cache.stale(seen[0]) == when
        assert gazu.cache.get_infos()["stale"] == 1
        with pytest.raises(OSError):
            gazu.client.get("data/never-seen", client=client)

    def test_marked_answers_are_as_others(self, server, client, serving):
        server.on("GET", "data/persons", [{"id": "1"}])
        gazu.client.get("data/persons", client=client)
        server.close()
        seen = gazu.client.get("data/persons", client=client)
        when = gazu.cache.stale(seen)
        assert json.dumps(seen) == '[{"id": "1"}]'
        assert gazu.cache.stale(copy.deepcopy(seen)) == when
        assert pickle.loads(pickle.dumps(seen)) == [{"id": "1"}]

    @pytest.mark.parametrize("status", [502, 503, 504])
    def test_statuses(self, client, tasks, serving, status):
        first = get_tasks(client)
        tasks.status = status
        seen = get_tasks(client)
        assert seen == first
        assert gazu.cache.stale(seen)
        tasks.status = 200
        assert gazu.cache.stale(get_tasks(client)) is None

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 500])
    def test_other_statuses_are_errors(self, client, tasks, serving, status):
        get_tasks(client)
        tasks.status = status
        with pytest.raises(gazu.exception.GazuException):
            get_tasks(client)

    def test_after_the_retries(self, server, client, tasks, serving):
        client.retries = 2
        get_tasks(client)
        tasks.status = 503
        assert gazu.cache.stale(get_tasks(client))
        assert len(server.of("GET")) == 3

    def test_a_timeout(self, server, client, serving):
        server.on("GET", "data/x", Answer([1]), Answer(hang="headers"))
        gazu.client.get("data/x", client=client)
        client.timeout = 0.3
        assert gazu.cache.stale(gazu.client.get("data/x", client=client))

    def test_without_being_told_to(self, server, client, folder):
        gazu.cache.enable(folder=folder)
        server.on("GET", "data/x", [1])
        gazu.client.get("data/x", client=client)
        server.close()
        with pytest.raises(OSError):
            gazu.client.get("data/x", client=client)

    def test_one_warning(self, server, client, tasks, serving):
        times(2, get_tasks, client)
        tasks.status = 503
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            times(3, get_tasks, client)
            assert len(caught) == 1
            assert caught[0].category is gazu.cache.StaleAnswerWarning
            tasks.status = 200
            get_tasks(client)
            tasks.status = 503
            get_tasks(client)
            assert len(caught) == 2

    def test_awaited(self, server, client, tasks, serving):
        async def ask():
            async with gazu.aio.AsyncKitsuClient(
                client.host, tokens=dict(client.tokens), retries=1
            ) as awaited:
                first = await gazu.aio.get(TASKS, client=awaited)
                tasks.status = 503
                second = await gazu.aio.get(TASKS, client=awaited)
                server.close()
                third = await gazu.aio.get(TASKS, client=awaited)
                awaited.tokens = {}
                return first, second, third

        first, second, third = asyncio.run(ask())
        assert first == second == third
        assert gazu.cache.stale(first) is None
        assert gazu.cache.stale(second)
        assert gazu.cache.stale(third)

    def test_in_a_batch(self, server, client, tasks, serving):
        get_tasks(client)
        tasks.status = 503
        calls = [gazu.client.call(gazu.client.get, TASKS)] * 3
        seen = gazu.client.run_all(calls, client=client)
        assert all(gazu.cache.stale(answer) for answer in seen)

    def test_through_a_session_of_the_script(self, server, client, serving):
        requests = pytest.importorskip("requests")
        client.session = requests.Session()
        server.on("GET", "data/x", [{"id": "1"}])
        gazu.client.get("data/x", client=client)
        server.close()
        close_connections(client)
        seen = gazu.client.get("data/x", client=client)
        assert seen == [{"id": "1"}]
        assert gazu.cache.stale(seen)

    def test_a_board_that_is_streamed(self, server, client, serving):
        board = Zou(server, BOARD, compact(SHOTS))
        gazu.shot.all_shots_with_tasks(PROJECT, client=client)
        board.status = 503
        rows = list(gazu.shot.iter_shots_with_tasks(PROJECT, client=client))
        assert rows == SHOTS
        assert gazu.cache.stale(rows[0])

    def test_what_tells_whether_the_server_is_up(
        self, server, client, serving
    ):
        server.on("GET", "", {"version": "1"})
        server.on("GET", "status", {"database-up": True})
        assert gazu.client.get_api_version(client=client) == "1"
        gazu.client.get("status", client=client)
        server.close()
        with pytest.raises(OSError):
            gazu.client.get_api_version(client=client)
        with pytest.raises(OSError):
            gazu.client.get("status", client=client)

    def test_what_is_within_an_answer(self, server, client, serving):
        user = {"id": "1", "departments": [{"id": "2"}]}
        server.on("GET", "auth/authenticated", {"user": user})
        gazu.client.get_current_user(client=client)
        server.close()
        seen = gazu.client.get_current_user(client=client)
        assert seen == user
        assert gazu.cache.stale(seen)
        assert gazu.cache.stale(seen["departments"][0])

    def test_writes_are_never_served(self, server, client, serving):
        server.on("POST", "data/x", {"id": "1"})
        server.on("GET", "actions/x", {"id": "1"})
        gazu.client.post("data/x", {}, client=client)
        gazu.client.get("actions/x", client=client)
        server.close()
        with pytest.raises(OSError):
            gazu.client.post("data/x", {}, client=client)
        with pytest.raises(OSError):
            gazu.client.get("actions/x", client=client)

    def test_no_write_is_made_from_an_old_answer(
        self, server, client, serving
    ):
        """The server comes back between the read and the write of a function."""
        path = "data/shots/" + ME
        server.on("GET", path, {"id": ME, "data": {"a": 1}})
        server.on("PUT", "data/entities/" + ME, {"id": ME})
        gazu.shot.update_shot_data(ME, {"b": 2}, client=client)
        assert server.of("PUT")[-1].json()["data"] == {"a": 1, "b": 2}
        server.on("GET", path, Answer({}, status=503))
        with pytest.raises(gazu.exception.ServerErrorException):
            gazu.shot.update_shot_data(ME, {"b": 3}, client=client)
        assert len(server.of("PUT")) == 1

    def test_no_awaited_write_is_made_from_an_old_answer(
        self, server, client, serving
    ):
        path = "data/shots/" + ME
        server.on(
            "GET",
            path,
            Answer({"id": ME, "data": {"a": 1}}),
            Answer({}, status=503),
        )
        server.on("PUT", "data/entities/" + ME, {"id": ME})

        async def update():
            async with gazu.aio.AsyncKitsuClient(
                client.host, tokens=dict(client.tokens), retries=1
            ) as awaited:
                await gazu.shot.update_shot_data(ME, {"b": 2}, client=awaited)
                with pytest.raises(gazu.exception.ServerErrorException):
                    await gazu.shot.update_shot_data(
                        ME, {"b": 3}, client=awaited
                    )
                awaited.tokens = {}

        asyncio.run(update())
        assert len(server.of("PUT")) == 1

    def test_reads_that_must_be_new(self, client, tasks, serving):
        get_tasks(client)
        tasks.status = 503
        with scopes.fresh():
            with pytest.raises(gazu.exception.ServerErrorException):
                get_tasks(client)
        assert gazu.cache.stale(get_tasks(client))

    def test_nobody_else_sees_it(self, client, tasks, serving):
        get_tasks(client)
        tasks.status = 503
        for token in (token_of(OTHER), "opaque", None):
            client.tokens = {"access_token": token}
            with pytest.raises(gazu.exception.ServerErrorException):
                get_tasks(client)

    def test_another_server_does_not_see_it(
        self, client, tasks, serving, other_server
    ):
        get_tasks(client)
        there = Zou(other_server, TASKS, [])
        there.status = 503
        client.host = other_server.url + "/api"
        with pytest.raises(gazu.exception.ServerErrorException):
            get_tasks(client)

    def test_a_logout_forgets(self, server, client, tasks, serving):
        tokens = dict(client.tokens)
        get_tasks(client)
        assert files_in(serving)
        gazu.log_out(client=client)
        assert files_in(serving) == []
        client.tokens = tokens
        tasks.status = 503
        with pytest.raises(gazu.exception.ServerErrorException):
            get_tasks(client)

    def test_a_logout_while_the_server_is_down_forgets(
        self, server, client, tasks, serving
    ):
        get_tasks(client)
        server.close()
        with pytest.raises(OSError):
            gazu.log_out(client=client)
        assert files_in(serving) == []

    def test_an_awaited_logout_forgets(self, client, tasks, serving):
        async def ask():
            async with gazu.aio.AsyncKitsuClient(
                client.host, tokens=dict(client.tokens)
            ) as awaited:
                await gazu.aio.get(TASKS, client=awaited)
                assert files_in(serving)

        asyncio.run(ask())
        assert files_in(serving) == []

    def test_the_logout_of_an_object_used_as_a_client(
        self, client, tasks, serving, monkeypatch
    ):
        class Client:
            host = client.host
            session = client.session

        get_tasks(client)
        monkeypatch.setattr(gazu.client, "make_auth_header", lambda client: {})
        gazu.client.get("auth/logout", client=Client())
        assert len(files_in(serving)) == 1

    def test_the_logout_of_another_login_forgets_nothing(
        self, client, tasks, serving
    ):
        get_tasks(client)
        client.tokens = {"access_token": token_of(OTHER)}
        gazu.log_out(client=client)
        assert len(files_in(serving)) == 1

    def test_forgetting(self, server, client, serving):
        for number in (1, 2):
            path = "data/entities/id-{}".format(number)
            server.on("GET", path, {"id": "id-{}".format(number)})
            gazu.client.get(path, client=client)
        server.on("GET", "data/list", [{"id": "id-1"}, {"id": "id-2"}])
        gazu.client.get("data/list", client=client)
        assert gazu.cache.forget({"id": "id-1"}, client=client) == 2
        assert len(files_in(serving)) == 1
        assert gazu.cache.get_infos()["current_size"] == 1
        assert gazu.cache.forget(client=client) == 1
        assert gazu.cache.forget("id-2", client=client) == 0

    def test_clear_all_forgets(self, client, tasks, serving):
        get_tasks(client)
        gazu.cache.clear_all()
        assert files_in(serving) == []
        tasks.status = 503
        with pytest.raises(gazu.exception.ServerErrorException):
            get_tasks(client)


class TestFolder:
    @pytest.fixture(autouse=True)
    def no_warning(self):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", gazu.cache.StaleAnswerWarning)
            yield

    def again(self, folder, **options):
        """Begin with an empty memory, as another process does."""
        gazu.cache.enable(folder=folder, when_down="serve", **options)

    def test_another_process_sees_it(self, client, tasks, serving):
        times(3, get_tasks, client)
        self.again(serving)
        get_tasks(client)
        assert tasks.unchanged == 2
        self.again(serving)
        tasks.status = 503
        assert gazu.cache.stale(get_tasks(client))

    def test_the_tag_of_another_process_is_trusted_only_if_it_was(
        self, client, tasks, serving
    ):
        get_tasks(client)
        self.again(serving)
        get_tasks(client)
        assert tasks.unchanged == 0

    def test_processes_that_ask_once(
        self, client, tasks, serving, monkeypatch
    ):
        monkeypatch.setattr(kept, "CLOCK_ERROR", -1.0)
        for _ in range(4):
            self.again(serving)
            assert get_tasks(client) == tasks.value
        assert (tasks.full, tasks.unchanged) == (2, 2)

    def test_what_another_process_saw_later(self, client, tasks, serving):
        get_tasks(client)
        first = keeping.store
        self.again(serving)
        tasks.change(["later"], '"t2"')
        get_tasks(client)
        (path,) = files_in(serving)
        later = time.time() + 10
        os.utime(str(path), (later, later))
        keeping.store = first
        tasks.status = 503
        assert get_tasks(client) == ["later"]

    @needs.modes
    def test_only_the_owner_can_read_it(self, client, tasks, serving):
        get_tasks(client)
        (path,) = files_in(serving)
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert serving.stat().st_mode & 0o777 == 0o700

    def test_no_secret_is_written(self, server, client, serving):
        client.host = client.host.replace("http://", "http://me:hidden@")
        server.on("GET", "data/x", [1])
        gazu.client.get("data/x", params={"token": "hidden"}, client=client)
        (path,) = files_in(serving)
        assert b"hidden" not in path.read_bytes()
        assert client.access_token.encode() not in path.read_bytes()

    @pytest.mark.parametrize(
        "damage",
        [
            lambda content: b"",
            lambda content: content[:-1],
            lambda content: content[:20],
            lambda content: content + b" ",
            lambda content: b"\xff" + content,
            lambda content: content.replace(b'"schema": 1', b'"schema": 2'),
            lambda content: content.replace(b'"name": "a"', b'"name": "b"'),
            lambda content: b"[]\n" + content,
            lambda content: b"null\n",
        ],
    )
    def test_a_damaged_file_is_ignored_and_replaced(
        self, client, tasks, serving, damage
    ):
        get_tasks(client)
        (path,) = files_in(serving)
        content = path.read_bytes()
        path.write_bytes(damage(content))
        assert path.read_bytes() != content
        self.again(serving)
        tasks.status = 503
        with pytest.raises(gazu.exception.ServerErrorException):
            get_tasks(client)
        tasks.status = 200
        get_tasks(client)
        self.again(serving)
        tasks.status = 503
        assert get_tasks(client) == [{"id": "1", "name": "a"}]

    def test_the_size_is_limited(self, client, tasks, folder):
        gazu.cache.enable(
            folder=folder, when_down="serve", max_folder_bytes=100000
        )
        tasks.value = ["x" * 5000]
        now = time.time()
        for page in range(40):
            get_tasks(client, page=page)
            for age, path in enumerate(
                sorted(files_in(folder), key=lambda p: p.stat().st_mtime)
            ):
                # The times of files may be coarse.
                os.utime(str(path), (now, now - 1000 + age))
        total = sum(path.stat().st_size for path in files_in(folder))
        assert 50000 < total <= 100000
        self.again(folder)
        tasks.status = 503
        assert gazu.cache.stale(get_tasks(client, page=39))
        with pytest.raises(gazu.exception.ServerErrorException):
            get_tasks(client, page=0)

    def test_what_a_killed_process_left_is_removed(
        self, client, tasks, folder
    ):
        gazu.cache.enable(
            folder=folder, when_down="serve", max_folder_bytes=20000
        )
        get_tasks(client)
        (path,) = files_in(folder)
        left = path.parent / ".config-left"
        left.write_bytes(b"x")
        long_ago = time.time() - 2 * kept_files._ABANDONED
        os.utime(str(left), (long_ago, long_ago))
        self.again(folder)
        get_tasks(client, page=2)
        assert not left.exists()

    @needs.denied_files
    def test_a_folder_that_cannot_be_written(
        self, client, tasks, serving, caplog
    ):
        get_tasks(client)
        owner = files_in(serving)[0].parent
        owner.chmod(0o500)
        try:
            assert get_tasks(client, page=2) == tasks.value
        finally:
            owner.chmod(0o700)
        assert "cannot be kept" in caplog.text

    WRITES = """
        import sys, warnings, gazu
        host, token, folder, path = sys.argv[1:]
        gazu.cache.enable(folder=folder, when_down="serve")
        client = gazu.client.create_client(host)
        client.tokens = {"access_token": token}
        while True:
            gazu.client.get(path, client=client)
    """

    def test_processes_share_it(self, client, server, serving, python):
        """One is killed while it writes; no other reads half of an answer."""
        big = [{"id": str(n), "name": "x" * 500} for n in range(2000)]
        zou = Zou(server, TASKS, big, tag=None)
        get_tasks(client)
        others = [
            subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    textwrap.dedent(self.WRITES),
                    client.host,
                    client.access_token,
                    str(serving),
                    TASKS,
                ]
            )
            for _ in range(2)
        ]
        try:
            for number in range(10):
                self.again(serving)
                key = kept.Key(
                    client.host + "/" + TASKS,
                    kept.login_of("Bearer " + client.access_token),
                )
                body = keeping.store.find(key).body
                assert json.loads(body) == big
                asked = zou.full
                wait_for(lambda a=asked: zou.full > a)
                if number == 5:
                    others[0].kill()
        finally:
            for other in others:
                other.kill()
                other.wait()
        self.again(serving)
        assert get_tasks(client) == big


class TestArguments:
    def test_upstreams_call_keeps_nothing(self, client, tasks):
        assert gazu.cache.enable() is True
        assert gazu.cache.cache_settings == {"enabled": True}
        assert keeping.store is None

    def test_results_of_functions_are_not_kept_too(self):
        gazu.cache.enable()
        assert gazu.cache.enable(revalidate=True) is True
        assert gazu.cache.cache_settings == {"enabled": False}
        assert gazu.cache.disable() is False
        assert keeping.store is None

    @pytest.mark.parametrize(
        ("options", "error", "name"),
        [
            ({"revalidate": 1}, TypeError, "revalidate"),
            ({"revalidate": "yes"}, TypeError, "revalidate"),
            ({"revalidate": False}, ValueError, "revalidate"),
            ({"when_down": "x"}, ValueError, "when_down"),
            ({"when_down": None}, ValueError, "when_down"),
            ({"folder": 1}, TypeError, "folder"),
            ({"folder": b"x"}, TypeError, "folder"),
            ({"folder": ""}, ValueError, "folder"),
            ({"folder": "a\0b"}, ValueError, "folder"),
            ({"folder": __file__}, NotADirectoryError, "folder"),
            ({"max_bytes": -1}, ValueError, "max_bytes"),
            ({"max_bytes": 0}, ValueError, "max_bytes"),
            ({"max_bytes": 1.5}, TypeError, "max_bytes"),
            ({"max_bytes": True}, TypeError, "max_bytes"),
            ({"max_folder_bytes": -1}, ValueError, "max_folder_bytes"),
            ({"max_folder_bytes": "1"}, TypeError, "max_folder_bytes"),
        ],
    )
    def test_bad_arguments(self, options, error, name):
        with pytest.raises(error, match="^" + name):
            gazu.cache.enable(**options)
        assert keeping.store is None

    @pytest.mark.parametrize(
        ("wanted", "error"),
        [(1, TypeError), ("", ValueError), ({}, ValueError), ([], TypeError)],
    )
    def test_bad_arguments_of_forget(self, wanted, error):
        with pytest.raises(error, match=r"^wanted"):
            gazu.cache.forget(wanted)

    def test_nothing_is_kept(self):
        assert gazu.cache.forget() == 0
        assert set(gazu.cache.get_infos().values()) == {0}
        assert gazu.cache.stale([]) is None

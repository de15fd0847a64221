"""``gazu.user``: what the parity tests of single requests do not show."""

from __future__ import annotations

import datetime

import gazu
import pytest

from .recording_server import Answer

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
TASK = "a24a6ea4-ce75-4665-a070-57453082c201"
MODELS = [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}]


class TestOrder:
    @pytest.mark.parametrize(
        "path, read",
        [
            ("data/user/projects/open", gazu.user.all_open_projects),
            (
                "data/user/projects/%s/sequences" % PROJECT,
                lambda: gazu.user.all_sequences_for_project(PROJECT),
            ),
        ],
        ids=["projects", "sequences"],
    )
    def test_lists_are_sorted_by_name(self, server, default, path, read):
        server.on("GET", path, MODELS)
        assert [model["id"] for model in read()] == ["1", "2"]

    @pytest.mark.parametrize(
        "path, read",
        [
            ("data/user/tasks", gazu.user.all_tasks_to_do),
            ("data/user/done-tasks", gazu.user.all_done_tasks),
            ("data/user/notifications", gazu.user.all_notifications),
        ],
        ids=["to do", "done", "notifications"],
    )
    def test_other_lists_are_not_sorted(self, server, default, path, read):
        server.on("GET", path, MODELS)
        assert read() == MODELS


class TestCaching:
    """Lists of the user are cached separately for each client."""

    def test_tokens_have_separate_entries(self, server, default):
        gazu.cache.enable()
        server.on("GET", "data/user/tasks", [{"id": TASK}])
        client = gazu.client.create_client(server.url + "/api")
        for token in ("ann", "ann", "ben"):
            client.tokens = {"access_token": token}
            gazu.user.all_tasks_to_do(client=client)
        client.session.close()
        tokens = [one.header("Authorization") for one in server.requests]
        assert tokens == ["Bearer ann", "Bearer ben"]


class TestIsAuthenticated:
    PATH = "auth/authenticated"

    @pytest.mark.parametrize("answer", [True, False])
    def test_the_server_decides(self, server, default, answer):
        server.on("GET", self.PATH, {"authenticated": answer})
        assert gazu.user.is_authenticated() is answer

    def test_no_login_is_false(self, server, default):
        server.on("GET", self.PATH, Answer({}, status=401))
        assert gazu.user.is_authenticated() is False

    def test_another_failure_raises(self, server, default):
        server.on("GET", self.PATH, Answer({}, status=403))
        with pytest.raises(gazu.exception.NotAllowedException):
            gazu.user.is_authenticated()


def test_a_login_is_recorded_with_the_current_time(server, default):
    before = datetime.datetime.now()
    gazu.user.log_desktop_session_log_in()
    after = datetime.datetime.now()
    sent = datetime.datetime.strptime(
        server.last.json()["date"], "%Y-%m-%dT%H:%M:%S.%f"
    )
    assert before <= sent <= after


class TestFilters:
    def test_a_filter_may_have_no_project(self, server, default):
        gazu.user.new_filter("mine", "assigned_to[me]", "asset")
        assert server.last.json()["project_id"] is None

    def test_a_filter_may_have_a_project(self, server, default):
        gazu.user.new_filter("mine", "", "asset", project={"id": PROJECT})
        assert server.last.json()["project_id"] == PROJECT

    def test_an_update_does_not_change_the_dict(self, server, default):
        kept = {"id": TASK, "name": "mine", "search_query": ""}
        gazu.user.update_filter(kept)
        assert server.last.json() == kept
        assert kept == {"id": TASK, "name": "mine", "search_query": ""}

    def test_invalid_arguments_raise(self, server, default):
        with pytest.raises(ValueError):
            gazu.user.new_filter("mine", "", "asset", project="Caminandes")
        with pytest.raises(KeyError):
            gazu.user.update_filter({"name": "mine"})
        assert server.requests == []


def test_a_subscription_needs_a_task(server, default):
    for name in ("subscribe_to_task", "unsubscribe_from_task"):
        with pytest.raises(ValueError):
            getattr(gazu.user, name)("Modeling")
    assert server.requests == []

"""Kept answers, on a real Zou: what its tags cover, and what is served while it is down."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
import warnings

import gazu
import gazu.testing
import pytest
from gazu._engine import kept

from .scenarios.production import Api


@pytest.fixture(scope="module")
def other(production, fresh_zou):
    """Another login of the administrator, which makes the changes."""
    return Api(fresh_zou.host, fresh_zou.admin_email, fresh_zou.admin_password)


@pytest.fixture
def client(production, fresh_zou):
    client = gazu.client.create_client(fresh_zou.host, retries=1)
    gazu.log_in(fresh_zou.admin_email, fresh_zou.admin_password, client=client)
    yield client
    gazu.cache.disable()
    client.session.close()


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Trust a tag as soon as it has been seen twice: nobody else writes."""
    monkeypatch.setattr(kept, "SETTLING", 0.0)


def settle(ask):
    """Ask until the server says that nothing has changed, and return the answer."""
    before = gazu.cache.get_infos()["unchanged"]
    answers = [ask() for _ in range(3)]
    assert gazu.cache.get_infos()["unchanged"] == before + 1
    assert answers[0] == answers[1] == answers[2]
    return answers[0]


def plain(api, path, tag=None):
    """Return the status, the tag and the content of an answer."""
    request = urllib.request.Request(api.host + "/" + path)
    request.add_header("Authorization", api.headers["Authorization"])
    if tag is not None:
        request.add_header("If-None-Match", tag)
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.status, reply.headers["ETag"], reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["ETag"], b""


#: A program that commits a change that began a minute ago.
LATE_COMMIT = """
from sqlalchemy import text
from zou.app import app, db
with app.app_context():
    db.session.execute(
        text(
            "UPDATE entity SET name = 'late', "
            "updated_at = updated_at - interval '1 minute' WHERE id = :id"
        ),
        {{"id": "{shot}"}},
    )
    db.session.commit()
"""


def changes_of(production):
    """Changes that another login makes, by name: the method, the path and the data."""
    shot, sequence = production.shots[0], production.sequences[0]
    task = next(
        task
        for task in production.tasks
        if task["entity_id"] == production.shots[0]["id"]
    )
    return {
        "name of a shot": (
            "PUT",
            "data/entities/" + shot["id"],
            {"name": "x"},
        ),
        "data of a shot": (
            "PUT",
            "data/entities/" + shot["id"],
            {"data": {"fps": "12"}},
        ),
        "name of a sequence": (
            "PUT",
            "data/entities/" + sequence["id"],
            {"name": "y"},
        ),
        "priority of a task": (
            "PUT",
            "data/tasks/" + task["id"],
            {"priority": 2},
        ),
        "assignees": (
            "PUT",
            "actions/tasks/clear-assignation",
            {"task_ids": [task["id"]]},
        ),
        "comment": (
            "POST",
            "actions/tasks/" + task["id"] + "/comment",
            {
                "task_status_id": production.task_statuses["Done"]["id"],
                "text": "done",
            },
        ),
    }


NAMES = [
    "name of a shot",
    "data of a shot",
    "name of a sequence",
    "priority of a task",
    "assignees",
    "comment",
]


class TestRevalidation:
    @pytest.mark.parametrize("name", NAMES)
    def test_a_change_by_another_login_is_seen_at_once(
        self, client, production, other, name
    ):
        gazu.cache.enable(revalidate=True)
        project = production.project
        asked = [
            lambda: gazu.shot.all_shots_with_tasks(project, client=client),
            lambda: gazu.client.get(
                "data/projects/" + project["id"] + "/tasks", client=client
            ),
        ]
        for ask in asked:
            settle(ask)
        other.request(*changes_of(production)[name])
        for ask in asked:
            found = ask()
            gazu.cache.disable()
            assert found == ask()
            gazu.cache.enable(revalidate=True)

    def test_the_board_of_another_login_is_its_own(
        self, client, production, fresh_zou
    ):
        gazu.cache.enable(revalidate=True)
        project = production.project
        settle(lambda: gazu.shot.all_shots_with_tasks(project, client=client))
        artist = gazu.client.create_client(fresh_zou.host)
        gazu.log_in(
            production.artist_email, production.artist_password, client=artist
        )
        task = gazu.shot.all_shots_with_tasks(project, client=client)[0][
            "tasks"
        ][0]
        gazu.user.subscribe_to_task(task["id"], client=artist)

        def subscriptions(client):
            return [
                task["is_subscribed"]
                for shot in gazu.shot.all_shots_with_tasks(
                    project, client=client
                )
                for task in shot["tasks"]
            ]

        assert True in settle(lambda: subscriptions(artist))
        assert True not in subscriptions(client)
        gazu.log_out(client=artist)

    def test_awaited_and_in_a_batch(self, client, production):
        gazu.cache.enable(revalidate=True)
        project = production.project
        board = settle(
            lambda: gazu.shot.all_shots_with_tasks(project, client=client)
        )
        call = gazu.client.call(gazu.shot.all_shots_with_tasks, project)
        before = gazu.cache.get_infos()["unchanged"]
        assert gazu.client.run_all([call] * 3, client=client) == [board] * 3

        async def ask():
            async with gazu.aio.AsyncKitsuClient(
                client.host, tokens=dict(client.tokens)
            ) as awaited:
                found = await gazu.shot.all_shots_with_tasks(
                    project, client=awaited
                )
                # Leaving the block would log out.
                awaited.tokens = {}
                return found

        assert asyncio.run(ask()) == board
        assert gazu.cache.get_infos()["unchanged"] == before + 4


class TestTags:
    """Why some answers are never asked for with their tags."""

    def test_episodes_that_an_asset_is_cast_in(self, production, other):
        project = production.project["id"]
        path = "data/assets/with-tasks?project_id=" + project
        episode = other.post(
            "data/projects/" + project + "/episodes", {"name": "E1"}
        )
        _, tag, before = plain(other, path)
        link = {
            "entity_in_id": episode["id"],
            "entity_out_id": production.assets[0]["id"],
            "nb_occurences": 1,
        }
        other.post("data/entity-links", link)
        assert plain(other, path, tag)[0] == 304
        assert plain(other, path)[2] != before
        assert not kept.covered(other.host + "/" + path)

    def test_tasks_of_an_episode(self, production, other):
        project = production.project["id"]
        episodes = [
            other.post(
                "data/projects/" + project + "/episodes", {"name": name}
            )
            for name in ("E2", "E3")
        ]
        sequence = "data/entities/" + production.sequences[0]["id"]
        other.put(sequence, {"parent_id": episodes[0]["id"]})
        path = "data/projects/{}/tasks?episode_id={}".format(
            project, episodes[0]["id"]
        )
        _, tag, before = plain(other, path)
        other.put(sequence, {"parent_id": episodes[1]["id"]})
        assert plain(other, path, tag)[0] == 304
        assert plain(other, path)[2] != before
        assert not kept.covered(other.host + "/" + path)

    def test_fields_that_a_vendor_may_see(self, production, other, fresh_zou):
        project = production.project["id"]
        person = other.post(
            "data/persons",
            {
                "first_name": "V",
                "last_name": "V",
                "email": "vendor@example.com",
                "role": "vendor",
            },
        )
        new = {"password": "vendorpassword", "password_2": "vendorpassword"}
        other.post("actions/persons/" + person["id"] + "/change-password", new)
        other.post(
            "data/projects/" + project + "/team", {"person_id": person["id"]}
        )
        shot = production.shots[1]
        task = next(
            task
            for task in production.tasks
            if task["entity_id"] == shot["id"]
        )
        other.put(
            "actions/persons/" + person["id"] + "/assign",
            {"task_ids": [task["id"]]},
        )
        descriptor = other.post(
            "data/projects/" + project + "/metadata-descriptors",
            {
                "name": "lens",
                "entity_type": "Shot",
                "data_type": "string",
                "choices": [],
                "departments": [],
                "for_client": False,
            },
        )
        other.put("data/entities/" + shot["id"], {"data": {"lens": "35 mm"}})
        department = other.post(
            "data/departments", {"name": "Lenses", "color": "#000000"}
        )
        vendor = Api(fresh_zou.host, "vendor@example.com", "vendorpassword")
        client = gazu.client.create_client(
            fresh_zou.host,
            access_token=vendor.headers["Authorization"].split()[1],
        )
        gazu.cache.enable(revalidate=True)

        def fields():
            shots = gazu.shot.all_shots_with_tasks(project, client=client)
            return [shot["data"].get("lens") for shot in shots]

        for _ in range(3):
            assert fields() == ["35 mm"]
        path = "data/shots/with-tasks?project_id=" + project
        tag = plain(vendor, path)[1]
        other.put(
            "data/metadata-descriptors/" + descriptor["id"],
            {"departments": [department["id"]]},
        )
        assert plain(vendor, path, tag)[0] == 304
        assert fields() == [None]
        assert gazu.cache.get_infos()["unchanged"] == 0
        gazu.cache.disable()

    def test_a_change_that_is_committed_late(
        self, production, other, fresh_zou
    ):
        """It began before the latest change: why a tag must settle."""
        path = "data/shots/with-tasks?project_id=" + production.project["id"]
        other.put(
            "data/entities/" + production.shots[0]["id"], {"name": "latest"}
        )
        _, tag, before = plain(other, path)
        fresh_zou.run(LATE_COMMIT.format(shot=production.shots[1]["id"]))
        assert plain(other, path, tag)[0] == 304
        after = plain(other, path)[2]
        assert b'"late"' in after
        assert after != before

    def test_no_other_board_has_a_tag(self, production, other):
        project = production.project["id"]
        for plural in ("edits", "concepts", "sequences", "episodes", "scenes"):
            path = "data/{}/with-tasks?project_id={}".format(plural, project)
            assert plain(other, path)[1] is None

    def test_the_tag_is_compared_strongly(self, production, other):
        path = "data/shots/with-tasks?project_id=" + production.project["id"]
        _, tag, _ = plain(other, path)
        assert tag.startswith('"')
        assert plain(other, path, "W/" + tag)[0] == 200
        assert plain(other, path, "W/{0}, {0}".format(tag))[0] == 304


def test_gazu_testing_answers_alike(production, other):
    """The test server tags the same answers as Zou, and compares alike."""
    with gazu.testing.KitsuServer() as server:
        there = server.log_in()
        project = gazu.project.new_project("P", client=there)
        api = type("Api", (), {})()
        api.host = server.host
        api.headers = there.make_auth_header()
        for path in (
            "data/shots/with-tasks?project_id={}",
            "data/shots/with-tasks?project_id={}&stream=true&compact=true",
            "data/assets/with-tasks?project_id={}",
            "data/projects/{}/tasks",
            "data/edits/with-tasks?project_id={}",
            "data/projects/{}/shots",
        ):
            status, tag, _ = plain(api, path.format(project["id"]))
            real = plain(other, path.format(production.project["id"]))
            assert (status, bool(tag)) == (real[0], bool(real[1])), path
            if tag:
                for asked in (tag, '"x", ' + tag, "W/" + tag):
                    found = plain(api, path.format(project["id"]), asked)
                    assert found[0] == (200 if "W/" in asked else 304)


class TestServerDown:
    def test_what_was_last_seen(self, client, production, fresh_zou, tmp_path):
        gazu.cache.enable(folder=tmp_path / "kept", when_down="serve")
        project = production.project
        shots = gazu.shot.all_shots_for_project(project, client=client)
        board = gazu.shot.all_shots_with_tasks(project, client=client)
        fresh_zou.stop_parts("api", "events", "worker")
        try:
            # Another process begins with what is in the folder.
            gazu.cache.enable(folder=tmp_path / "kept", when_down="serve")
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                seen = gazu.shot.all_shots_for_project(project, client=client)
                again = gazu.shot.all_shots_with_tasks(project, client=client)
            assert seen == shots
            assert again == board
            assert gazu.cache.stale(seen)
            assert gazu.cache.stale(again[0])
            assert [one.category for one in caught] == [
                gazu.cache.StaleAnswerWarning
            ]
            with pytest.raises(gazu.exception.GazuException):
                gazu.shot.update_shot(
                    {"id": shots[0]["id"], "name": "z"}, client=client
                )
        finally:
            fresh_zou.restart()
        assert gazu.cache.forget(shots[0], client=client) >= 2
        found = gazu.shot.all_shots_for_project(project, client=client)
        assert json.dumps(found) == json.dumps(shots)
        assert gazu.cache.stale(found) is None
        gazu.log_out(client=client)
        assert not list((tmp_path / "kept").glob("*/*"))

"""Boards of a real Zou: the rows that stream are those of the plain answer."""

from __future__ import annotations

import asyncio

import gazu
import gazu.testing
import pytest

from .test_memory_server import differences

BOARDS = [
    (gazu.shot, "shots", True),
    (gazu.shot, "sequences", True),
    (gazu.shot, "episodes", False),
    (gazu.asset, "assets", True),
    (gazu.edit, "edits", True),
    (gazu.concept, "concepts", False),
    (gazu.scene, "scenes", False),
]


def pair(module, plural):
    return (
        getattr(module, "all_%s_with_tasks" % plural),
        getattr(module, "iter_%s_with_tasks" % plural),
    )


def fill(client):
    """Make a series with one entity of each kind, and tasks for most of them."""
    project = gazu.project.new_project(
        "Boards", production_type="tvshow", client=client
    )
    kinds = {
        kind: [
            one
            for one in gazu.task.all_task_types(client=client)
            if one["for_entity"] == kind
        ]
        for kind in ("Asset", "Shot", "Edit", "Concept")
    }
    for types in kinds.values():
        for one in types:
            gazu.project.add_task_type(project, one, 1, client=client)
    me = gazu.client.get_current_user(client=client)
    episodes = [
        gazu.shot.new_episode(project, name, client=client)
        for name in ("E01", "E02")
    ]
    made = {"project": project, "episodes": episodes}
    for episode in episodes:
        name = episode["name"]
        sequence = gazu.shot.new_sequence(
            project, name + "SE", episode=episode, client=client
        )
        for number in range(3):
            shot = gazu.shot.new_shot(
                project,
                sequence,
                "%sSH%d é" % (name, number),
                nb_frames=number,
                data={"fps": 25, "list": [1, {"a": None}]} if number else {},
                client=client,
            )
            for task_type in kinds["Shot"][:number]:
                gazu.task.new_task(
                    shot, task_type, assignees=[me], client=client
                )
        gazu.scene.new_scene(project, sequence, name + "SC", client=client)
        edit = gazu.edit.new_edit(
            project, name + "ED", episode=episode, client=client
        )
        # Zou ignores the episode that it is sent.
        parent = {"parent_id": episode["id"]}
        gazu.client.update("entities", edit["id"], parent, client=client)
        gazu.task.new_task(edit, kinds["Edit"][0], client=client)
        asset = gazu.asset.new_asset(
            project,
            gazu.asset.get_asset_type_by_name("Prop", client=client),
            name + "Prop",
            episode=episode,
            client=client,
        )
        gazu.task.new_task(asset, kinds["Asset"][0], client=client)
    gazu.asset.new_asset(
        project,
        gazu.asset.get_asset_type_by_name("Character", client=client),
        "Lama",
        client=client,
    )
    concept = gazu.concept.new_concept(project, "Mood", client=client)
    gazu.task.new_task(concept, kinds["Concept"][0], client=client)
    return made


@pytest.fixture(scope="module")
def boards(fresh_zou, admin):
    return fill(gazu.client.default_client)


def in_order(rows):
    return sorted(rows, key=lambda row: row["id"])


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board[1])
def test_the_rows_are_those_of_the_plain_answer(boards, board):
    module, plural, by_episode = board
    project = boards["project"]
    queries = [({"project_id": project["id"]}, (project,))]
    if by_episode:
        for episode in boards["episodes"]:
            query = {"project_id": project["id"], "episode_id": episode["id"]}
            queries.append((query, (project, episode)))
    if plural in ("assets", "edits"):
        query = {"project_id": project["id"], "episode_id": "main"}
        queries.append((query, (project, "main")))
    counts = []
    for query, given in queries:
        plain = gazu.client.get("data/%s/with-tasks" % plural, params=query)
        counts.append(len(plain))
        for function in pair(module, plural):
            assert in_order(function(*given)) == in_order(plain)
    assert counts[0] > 0
    if by_episode:
        assert 0 < counts[1] < counts[0]


def test_awaited_rows_are_the_same(boards, zou):
    project = boards["project"]
    expected = gazu.shot.all_shots_with_tasks(project)

    async def read():
        client = await gazu.aio.create_session(
            zou.host, zou.admin_email, zou.admin_password
        )
        async with client:
            listed = await gazu.shot.all_shots_with_tasks(
                project, client=client
            )
            rows = gazu.shot.iter_shots_with_tasks(project, client=client)
            return listed, [row async for row in rows]

    listed, streamed = asyncio.run(read())
    assert in_order(listed) == in_order(streamed) == in_order(expected)


def test_an_artist_of_another_project_is_refused(boards, zou):
    artist = gazu.person.new_person(
        "Ana", "Rivera", "ana.boards@example.com", password="artistpassword"
    )
    client = gazu.client.create_client(zou.host)
    gazu.log_in(artist["email"], "artistpassword", client=client)
    for module, plural, _ in BOARDS:
        for function in pair(module, plural):
            with pytest.raises(gazu.exception.NotAllowedException):
                list(function(boards["project"], client=client))


def test_a_project_that_is_none_has_no_rows(boards):
    nothing = boards["episodes"][0]["id"]
    assert gazu.shot.all_shots_with_tasks(nothing) == []
    assert list(gazu.shot.iter_shots_with_tasks(nothing)) == []


def normal(value):
    """Return rows without what differs between two servers: ids and dates."""
    if isinstance(value, list):
        return [normal(each) for each in value]
    if isinstance(value, dict):
        return {
            key: "date"
            if each and key.endswith(("_at", "_date"))
            else normal(each)
            for key, each in value.items()
        }
    if isinstance(value, str) and len(value) == 36 and value.count("-") == 4:
        return "id"
    return value


def shown(rows):
    for row in rows:
        row["tasks"].sort(key=lambda task: task["task_type_id"])
    return normal(sorted(rows, key=lambda row: row["name"]))


def test_the_server_of_gazu_testing_has_the_same_boards(boards):
    with gazu.testing.KitsuServer() as server:
        client = server.log_in()
        own = fill(client)
        for module, plural, _ in BOARDS:
            function = pair(module, plural)[0]
            real = shown(function(boards["project"]))
            imitated = shown(function(own["project"], client=client))
            assert list(differences(real, imitated, plural)) == []

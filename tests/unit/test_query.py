"""Records that fulfil conditions, and records by their ids."""

from __future__ import annotations

import asyncio
import datetime
import json
import uuid

import gazu
import gazu.testing
import pytest

from .recording_server import Answer

pytestmark = pytest.mark.beyond


def identity(number):
    return str(uuid.UUID(int=number))


PROJECT = identity(999)


def task(number, **values):
    return dict(
        {
            "id": identity(number),
            "type": "Task",
            "name": "main",
            "project_id": PROJECT,
            "entity_id": identity(100 + number % 3),
            "task_type_id": identity(200),
            "task_status_id": identity(300 + number % 2),
            "priority": number,
            "duration": number / 2,
            "due_date": "2026-01-%02dT00:00:00" % (number % 28 + 1),
            "description": "Lama %d" % number if number % 2 else None,
            "data": {"a": number % 2},
        },
        **values,
    )


class Tasks:
    """Answers ``data/tasks`` as Zou does, with pages."""

    def __init__(self, server, rows):
        self.rows = rows
        self.before = []
        server.on("GET", "data/tasks", self.answer)

    def answer(self, request):
        if self.before:
            self.before.pop(0)(self.rows)
        query = dict(request.params)
        rows = list(self.rows)
        if "id" in query:
            ids = json.loads(query["id"])
            rows = [row for row in rows if row["id"] in ids]
        if "fields" in query:
            kept = {*query["fields"].split(","), "id", "type"}
            rows = [{k: row[k] for k in row if k in kept} for row in rows]
        if "page" not in query:
            return Answer(rows)
        page, limit = int(query["page"]), int(query["limit"])
        return Answer(
            {
                "data": rows[(page - 1) * limit : page * limit],
                "total": len(rows),
                "nb_pages": -(-len(rows) // limit),
            }
        )


def numbers(rows):
    return [uuid.UUID(row["id"]).int for row in rows]


def queries(server):
    return [dict(request.params) for request in server.requests]


def test_what_the_server_checks_is_in_the_query(server, client):
    Tasks(server, [])
    rows = gazu.query(
        "tasks",
        project={"id": PROJECT, "name": "x"},
        task_status__in=[identity(1), {"id": identity(2)}, identity(1)],
        priority=3,
        name="50%_a\\b",
        description="[x]",
        assignees=identity(7),
        client=client,
    )
    assert list(rows) == []
    assert queries(server) == [
        {
            "project_id": PROJECT,
            "task_status_id": json.dumps([identity(1), identity(2)]),
            "priority": "3",
            "name": "50\\%\\_a\\\\b",
            "description": '["[x]"]',
            "assignees": identity(7),
            "page": "1",
            "limit": "500",
        }
    ]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"priority__lt": 3}, [1, 2]),
        ({"priority__lte": 3}, [1, 2, 3]),
        ({"priority__gt": 3}, [4, 5]),
        ({"priority__gte": 3, "priority__lt": 5}, [3, 4]),
        ({"priority__ne": 3}, [1, 2, 4, 5]),
        ({"duration": 1.5}, [3]),
        ({"duration__in": [0.5, 1]}, [1, 2]),
        ({"due_date__lt": datetime.date(2026, 1, 4)}, [1, 2]),
        ({"due_date__lte": datetime.date(2026, 1, 4)}, [1, 2, 3]),
        ({"due_date": datetime.date(2026, 1, 4)}, [3]),
        ({"due_date__gt": datetime.datetime(2026, 1, 4)}, [4, 5]),
        ({"due_date__gte": "2026-01-05T00:00:00"}, [4, 5]),
        ({"description": None}, [2, 4]),
        ({"description__ne": None}, [1, 3, 5]),
        ({"description__contains": "Lama"}, [1, 3, 5]),
        ({"description__in": ["Lama 1", None]}, [1, 2, 4]),
        ({"description__lt": "Lama 3"}, [1]),
        ({"data": {"a": 1}}, [1, 3, 5]),
        ({"data__contains": {"a": 0}}, [2, 4]),
        ({"data__contains": "b"}, []),
        ({"name__in": ["main", "x"]}, [1, 2, 3, 4, 5]),
        ({"name": "MAIN"}, []),
        ({"task_status__ne": identity(300)}, [1, 3, 5]),
    ],
)
def test_the_other_conditions_are_checked_here(
    server, client, filters, expected
):
    Tasks(server, [task(number) for number in range(1, 6)])
    rows = gazu.query("tasks", client=client, **filters)
    assert numbers(rows) == expected
    # The needed columns are read although they are not asked for.
    rows = list(gazu.query("tasks", fields=["id"], client=client, **filters))
    assert numbers(rows) == expected
    assert all(set(row) == {"id", "type"} for row in rows)


def test_pages_come_in_order(server, client):
    Tasks(server, [task(number) for number in range(1, 60)])
    rows = gazu.query("tasks", page_size=5, client=client)
    assert numbers(rows) == list(range(1, 60))
    assert len(server.requests) == 12


def test_pages_are_requested_when_they_are_needed(server, client):
    Tasks(server, [task(number) for number in range(1, 60)])
    rows = gazu.query("tasks", page_size=5, client=client)
    assert not server.requests
    next(rows)
    assert len(server.requests) == 1
    for _ in range(5):
        next(rows)
    assert len(server.requests) == 5
    rows.close()
    assert len(server.requests) == 5


def move_to_front(rows):
    rows.insert(0, rows.pop())


def test_a_record_that_moves_while_pages_are_read_is_not_lost(server, client):
    tasks = Tasks(server, [task(number) for number in range(1, 31)])
    tasks.before = [lambda rows: None, move_to_front]
    rows = list(gazu.query("tasks", page_size=10, client=client))
    assert sorted(numbers(rows)) == list(range(1, 31))


def test_a_removal_while_pages_are_read_loses_no_other(server, client):
    tasks = Tasks(server, [task(number) for number in range(1, 31)])
    tasks.before = [lambda rows: None, lambda rows: rows.pop(0)]
    rows = list(
        gazu.query("tasks", priority__gt=2, page_size=10, client=client)
    )
    assert sorted(numbers(rows)) == list(range(3, 31))


def test_long_lists_of_ids_are_split(server, client):
    Tasks(server, [task(number) for number in range(1, 300)])
    ids = [identity(number) for number in range(1, 251)]
    rows = gazu.query("tasks", id__in=ids, client=client)
    assert sorted(numbers(rows)) == list(range(1, 251))
    assert len(server.requests) == 3
    assert max(len(request.target) for request in server.requests) < 8000


def test_an_empty_list_asks_for_nothing(server, client):
    assert list(gazu.query("tasks", id__in=[], client=client)) == []
    assert gazu.by_ids("tasks", [], client=client) == []
    assert not server.requests


def test_a_server_without_pages(server, client):
    server.on("GET", "data/tasks", Answer([task(1), task(2)]))
    assert numbers(gazu.query("tasks", client=client)) == [1, 2]


def expanding(server):
    Tasks(server, [task(number) for number in range(1, 31)])
    shots = [
        {"id": identity(100 + number), "type": "Shot"} for number in range(2)
    ]
    server.on("GET", "data/entities", Answer(shots))
    kind = {"id": identity(200), "type": "TaskType", "name": "Animation"}
    server.on("GET", "data/task-types", Answer([kind]))
    return shots, kind


def test_expanded_records_are_read_once(server, client):
    shots, kind = expanding(server)
    rows = list(
        gazu.query(
            "tasks",
            fields=["priority"],
            expand=["entity", "task_type"],
            page_size=10,
            client=client,
        )
    )
    assert len(rows) == 30
    for number, row in enumerate(rows, 1):
        # The third entity is not there.
        expected = [*shots, None][number % 3]
        assert row == {
            "id": identity(number),
            "type": "Task",
            "priority": number,
            "entity": expected,
            "task_type": kind,
        }
    paths = [request.path for request in server.requests]
    assert len(paths) == 5
    assert queries(server)[0]["fields"] == "priority,entity_id,task_type_id"


def test_lists_of_records_are_expanded(server, client):
    row = task(1, assignees=[identity(1), identity(2)])
    server.on("GET", "data/tasks", Answer([row]))
    person = {"id": identity(2), "type": "Person"}
    server.on("GET", "data/persons", Answer([person]))
    (found,) = gazu.query("tasks", expand=["assignees"], client=client)
    assert found["assignees"] == [None, person]
    assert queries(server)[0]["relations"] == "true"


def test_awaited_queries_are_the_same(server):
    shots, _ = expanding(server)
    server.on("GET", "auth/logout", {})

    async def read():
        host = server.url + "/api"
        async with gazu.aio.AsyncKitsuClient(host) as client:
            rows = gazu.query(
                "tasks", expand=["entity"], page_size=7, client=client
            )
            found = [row async for row in rows]
            ids = [identity(3), identity(1)]
            return found, await gazu.by_ids("tasks", ids, client=client)

    found, chosen = asyncio.run(read())
    assert numbers(found) == list(range(1, 31))
    assert found[0]["entity"] == shots[1]
    assert numbers(chosen) == [3, 1]


def test_records_by_ids(server, client):
    Tasks(server, [task(number) for number in range(1, 251)])
    asked = [*range(250, 0, -1), 1000, 3]
    found = gazu.by_ids(
        "tasks", [{"id": identity(number)} for number in asked], client=client
    )
    assert [row and row["id"] for row in found] == [
        identity(number) if number < 1000 else None for number in asked
    ]
    assert len(server.requests) == 3
    (row,) = gazu.by_ids(
        "tasks", [identity(3)], fields=["priority"], client=client
    )
    assert row == {"id": identity(3), "type": "Task", "priority": 3}


def test_entities_of_another_kind_are_missing(server, client):
    rows = [
        {"id": identity(1), "type": "Shot"},
        {"id": identity(2), "type": "Asset"},
    ]
    server.on("GET", "data/entities", Answer(rows))
    ids = [identity(2), identity(1)]
    assert gazu.by_ids("shots", ids, client=client) == [None, rows[0]]
    assert gazu.by_ids("entities", ids, client=client) == rows[::-1]


BAD = [
    (("taks",), {}, ValueError, "tasks"),
    ((7,), {}, TypeError, "model"),
    (("tasks",), {"fields": ["due"]}, ValueError, "due_date"),
    (("tasks",), {"fields": "name"}, TypeError, "fields"),
    (("tasks",), {"fields": [1]}, TypeError, "fields"),
    (("tasks",), {"statsu": "x"}, ValueError, "statsu"),
    (("tasks",), {"priority__near": 1}, ValueError, "near"),
    (("tasks",), {"project": "x"}, ValueError, "project"),
    (("tasks",), {"project": {"name": "x"}}, KeyError, "project"),
    (("tasks",), {"project__in": PROJECT}, TypeError, "project__in"),
    (("tasks",), {"project__in": ["x"]}, ValueError, "project__in"),
    (("tasks",), {"priority": "3"}, TypeError, "priority"),
    (("tasks",), {"name": 3}, TypeError, "name"),
    (("tasks",), {"due_date__lt": 3}, TypeError, "due_date__lt"),
    (("tasks",), {"data__lt": 3}, ValueError, "data__lt"),
    (("tasks",), {"assignees__in": [PROJECT]}, ValueError, "assignees"),
    (("shots",), {"canceled": 1}, TypeError, "canceled"),
    (("tasks",), {"expand": ["name"]}, ValueError, "expand"),
    (("tasks",), {"expand": "entity"}, TypeError, "expand"),
    (("tasks",), {"page_size": 0}, ValueError, "page_size"),
    (("tasks",), {"page_size": "9"}, TypeError, "page_size"),
]


@pytest.mark.parametrize("case", BAD, ids=str)
def test_bad_arguments_are_refused_at_once(server, client, case):
    given, named, error, text = case
    with pytest.raises(error, match=text):
        gazu.query(*given, client=client, **named)
    assert not server.requests


@pytest.mark.parametrize(
    "case",
    [
        (("taks", [PROJECT]), ValueError, "tasks"),
        (("tasks", PROJECT), TypeError, "ids"),
        (("tasks", None), TypeError, "ids"),
        (("tasks", ["x"]), ValueError, "ids"),
        (("tasks", [None]), ValueError, "ids"),
        (("tasks", [{}]), KeyError, "ids"),
        (("tasks", [PROJECT], ["x"]), ValueError, "fields"),
    ],
    ids=str,
)
def test_bad_ids_are_refused_at_once(server, client, case):
    given, error, text = case
    with pytest.raises(error, match=text):
        gazu.by_ids(*given, client=client)
    assert not server.requests


def test_a_user_who_may_not_list_is_told_so(server, client):
    server.on("GET", "data/comments", Answer({}, status=403))
    with pytest.raises(gazu.exception.NotAllowedException):
        list(gazu.query("comments", client=client))


def test_the_server_of_gazu_testing_answers():
    with gazu.testing.KitsuServer() as server:
        client = server.log_in()
        project = gazu.project.new_project("Lama", client=client)
        sequence = gazu.shot.new_sequence(project, "SE01", client=client)
        shots = [
            gazu.shot.new_shot(
                project, sequence, name, nb_frames=frames, client=client
            )
            for name, frames in (("SH_1", 10), ("SHx1", 20), ("SH_2", 30))
        ]
        kind = gazu.task.all_task_types(client=client)
        kind = next(one for one in kind if one["for_entity"] == "Shot")
        me = gazu.client.get_current_user(client=client)
        for shot in shots:
            assignees = [] if shot is shots[2] else [me]
            gazu.task.new_task(shot, kind, assignees=assignees, client=client)

        def names(**conditions):
            rows = gazu.query(
                "shots", page_size=2, client=client, **conditions
            )
            return sorted(row["name"] for row in rows)

        assert names() == ["SH_1", "SH_2", "SHx1"]
        assert names(project=project, nb_frames__gt=10) == ["SH_2", "SHx1"]
        assert names(name="SH_1") == ["SH_1"]
        assert names(parent=sequence, nb_frames=20) == ["SHx1"]
        assert list(gazu.query("assets", client=client)) == []
        rows = gazu.query("tasks", expand=["entity"], client=client)
        assert sorted(row["entity"]["name"] for row in rows) == names()
        rows = gazu.query("tasks", assignees=me, client=client)
        assert len(list(rows)) == 2
        found = gazu.by_ids("shots", shots, client=client)
        assert [row["name"] for row in found] == ["SH_1", "SHx1", "SH_2"]
        assert server.unknown == []

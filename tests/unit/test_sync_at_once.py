"""Copying a production with several requests at once."""

from __future__ import annotations

import functools
import os
import tempfile
import threading
from unittest import mock

import gazu
import pytest

from .recording_server import Answer

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c000"
STATUS = "a24a6ea4-ce75-4665-a070-57453082c001"
TASKS = ["a24a6ea4-ce75-4665-a070-57453082c1%02d" % n for n in range(24)]
#: Tasks with the same number here belong to the same entity.
ENTITIES = [n % 6 for n in range(len(TASKS))]
TYPES = ("asset-types", "task-types", "task-status", "persons")

pytestmark = pytest.mark.beyond


class Meeting:
    """
    Lets requests wait until several of them are being answered.

    Attributes:
        most: The highest number of requests that were answered at the same time.
    """

    def __init__(self, count):
        self._count = count
        self._inside = 0
        self._met = threading.Event()
        self._lock = threading.Lock()
        self.most = 0

    def __enter__(self):
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
            if self._inside >= self._count:
                self._met.set()
        # Without threads, the other requests never come.
        self._met.wait(20)

    def __exit__(self, *_):
        with self._lock:
            self._inside -= 1


def comments_of(number):
    return [
        {
            "id": "%d-%d" % (number, place),
            "attachment_files": [],
            "previews": [
                "a24a6ea4-ce75-4665-a070-57453082%02d%02d" % (number, place)
            ]
            if number % 3 == 0
            else [],
            "task_status_id": STATUS,
            "person_id": None,
            "text": "%d-%d" % (number, place),
            "created_at": "2026-01-01T00:00:00",
            "checklist": None,
        }
        for place in (2, 1)
    ]


class Production:
    """Two servers, and a production to copy from one to the other."""

    def __init__(self, source, target):
        self.source, self.target = source, target
        self.clients = [
            gazu.client.create_client(server.url + "/api")
            for server in (source, target)
        ]
        self.reads, self.writes = Meeting(1), Meeting(1)
        for server in (source, target):
            for model in TYPES:
                server.on(
                    "GET",
                    "data/" + model,
                    [{"id": STATUS, "name": "Done", "email": "a@b.c"}],
                )
        source.on(
            "GET",
            "data/projects/%s/tasks" % PROJECT,
            [
                {"id": task, "entity_id": str(entity)}
                for task, entity in zip(TASKS, ENTITIES)
            ],
        )
        for number, task in enumerate(TASKS):
            source.on(
                "GET",
                "data/tasks/%s/comments" % task,
                self._met("reads", comments_of(number)),
            )
            target.on(
                "POST",
                "actions/tasks/%s/comment" % task,
                self._met("writes", {"id": task}),
            )
            for comment in comments_of(number):
                for preview in comment["previews"]:
                    source.on(
                        "GET",
                        "data/preview-files/" + preview,
                        {
                            "id": preview,
                            "original_name": "shot",
                            "extension": "png",
                            "annotations": [preview],
                        },
                    )
                    source.on(
                        "GET",
                        "pictures/originals/preview-files/%s.png" % preview,
                        Answer(
                            body=preview.encode(), content_type="image/png"
                        ),
                    )
        source.default = Answer([])
        target.default = Answer({"id": STATUS})

    def _met(self, meeting, answer):
        def answered(_request):
            with getattr(self, meeting):
                return Answer(answer)

        return answered

    def copy(self, **options):
        return gazu.sync.push_tasks_comments(
            {"id": PROJECT}, *self.clients, **options
        )

    def written(self):
        """Return what was written to the target, in the order of arrival."""
        return [
            (request.method, request.path, _content(request))
            for request in self.target.requests
            if request.method != "GET"
        ]

    def forget(self):
        for server in (self.source, self.target):
            del server.requests[:]


def _content(request):
    if (request.header("Content-Type") or "").startswith("multipart"):
        return [(part.filename, part.content) for part in request.parts]
    return request.json()


@pytest.fixture
def production(server, other_server, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    made = Production(server, other_server)
    yield made
    for client in made.clients:
        client.session.close()
    assert os.listdir(str(tmp_path)) == []


@pytest.fixture
def in_order(production):
    """What is written without threads."""
    with mock.patch("gazu.client.get", wraps=gazu.client.get):
        production.copy()
    written = production.written()
    production.forget()
    assert [
        content["comment"]
        for _, path, content in written
        if path.endswith("/comment")
    ] == ["%d-%d" % (n, place) for n in range(len(TASKS)) for place in (1, 2)]
    return written


def test_comments_are_read_at_once_and_written_in_order(production, in_order):
    production.reads = Meeting(4)
    tasks = production.copy()
    assert [task["id"] for task in tasks] == TASKS
    assert production.reads.most >= 4
    assert production.written() == in_order
    assert production.writes.most == 1


def test_a_failing_read_is_raised_after_the_writes_before_it(
    production, in_order
):
    failing = TASKS[5]
    production.source.on(
        "GET", "data/tasks/%s/comments" % failing, Answer({}, status=404)
    )
    production.reads = Meeting(4)
    with pytest.raises(gazu.exception.RouteNotFoundException):
        production.copy()
    place = [failing in path for _, path, _ in in_order].index(True)
    assert production.written() == in_order[:place]


@pytest.mark.parametrize("concurrency", [1, 4])
def test_a_failing_download_is_raised_after_the_writes_before_it(
    production, in_order, concurrency
):
    failing = comments_of(3)[0]["previews"][0]
    production.source.on(
        "GET", "data/preview-files/" + failing, Answer({}, status=403)
    )
    with pytest.raises(gazu.exception.NotAllowedException):
        production.copy(concurrency=concurrency)
    texts = [
        content["comment"]
        for _, path, content in in_order
        if path.endswith("/comment")
    ]
    before = texts[: texts.index("3-2")]
    written = [
        content["comment"]
        for _, path, content in production.written()
        if path.endswith("/comment")
    ]
    if concurrency == 1:
        assert written == before
    assert set(before) <= set(written)
    assert "3-2" not in written


def test_a_failing_write_ends_the_copy(production, in_order):
    failing = "actions/tasks/%s/comment" % TASKS[7]
    production.target.on("POST", failing, Answer({}, status=500))
    with pytest.raises(gazu.exception.ServerErrorException):
        production.copy()
    place = [path.endswith(failing) for _, path, _ in in_order].index(True)
    assert production.written() == in_order[: place + 1]


def test_files_are_downloaded_before_they_are_needed(production):
    """The first comment is not written before the second's file is there."""
    second = comments_of(0)[0]["previews"][0]
    path = "pictures/originals/preview-files/%s.png" % second
    downloaded = threading.Event()

    def download(_request):
        downloaded.set()
        return Answer(body=b"2", content_type="image/png")

    def write(_request):
        assert downloaded.wait(20)
        return Answer({"id": STATUS})

    production.source.on("GET", path, download)
    production.target.on("POST", "actions/tasks/%s/comment" % TASKS[0], write)
    production.copy()
    assert downloaded.is_set()


def test_the_comments_of_one_task(production, in_order):
    statuses = {STATUS: STATUS}
    for task in TASKS:
        copied = gazu.sync.push_task_comments(
            statuses, {}, {"id": task}, *production.clients
        )
        assert len(copied) == 2
    assert production.written() == in_order


def called_on(function):
    """Return a replacement of a function, and the threads that call it."""
    threads = set()

    @functools.wraps(function)
    def replacement(*args, **kwargs):
        threads.add(threading.current_thread())
        return function(*args, **kwargs)

    return replacement, threads


@pytest.mark.parametrize("concurrency", [1, 4])
@pytest.mark.parametrize(
    "name",
    [
        "client.get",
        "client.post",
        "client.get_full_url",
        "task.all_comments_for_task",
        "task.add_comment",
        "files.get_preview_file",
        "files.update_preview",
        "sync.push_task_comments",
        "sync.push_task_comment",
    ],
)
def test_what_a_script_has_replaced_is_called_on_its_thread(
    production, in_order, monkeypatch, name, concurrency
):
    module, function = name.split(".")
    module = getattr(gazu, module)
    replacement, threads = called_on(getattr(module, function))
    monkeypatch.setattr(module, function, replacement)
    production.copy(concurrency=concurrency)
    assert threads == {threading.current_thread()}
    assert production.written() == in_order


def test_a_session_of_the_script_is_used_on_its_thread(production, in_order):
    replacement, threads = called_on(production.clients[0].session.request)
    production.clients[0].session.request = replacement
    production.copy(concurrency=4)
    assert threads == {threading.current_thread()}
    assert production.written() == in_order


def test_one_server_sees_the_order_without_threads(server, client):
    made = Production(server, server)
    made.copy()
    paths = [request.path for request in server.requests]
    first = paths.index("/api/actions/tasks/%s/comment" % TASKS[0])
    assert not any(TASKS[1] in path for path in paths[:first])
    for one in made.clients:
        one.session.close()


def test_entities_are_written_at_once_and_each_in_order(production, in_order):
    production.writes = Meeting(3)
    tasks = production.copy(concurrency=3)
    assert [task["id"] for task in tasks] == TASKS
    assert production.writes.most == 3
    written = production.written()

    def sorted_(requests):
        return sorted(requests, key=repr)

    assert sorted_(written) == sorted_(in_order)
    for entity in set(ENTITIES):
        own = [t for t, e in zip(TASKS, ENTITIES) if e == entity]
        places = [
            [r for r in requests if any(t in r[1] for t in own)]
            for requests in (written, in_order)
        ]
        assert places[0] == places[1]


def test_everything_before_a_failure_is_written(production, in_order):
    """And of several failures, the earliest is raised."""
    for number, status in ((5, 403), (4, 500)):
        production.target.on(
            "POST",
            "actions/tasks/%s/comment" % TASKS[number],
            Answer({}, status=status),
        )
    production.writes = Meeting(3)
    with pytest.raises(gazu.exception.ServerErrorException):
        production.copy(concurrency=3)
    place = [TASKS[4] in path for _, path, _ in in_order].index(True)
    written = production.written()
    assert all(request in written for request in in_order[:place])


@pytest.mark.parametrize(
    "concurrency, error",
    [(0, ValueError), (True, TypeError), ("2", TypeError)],
)
def test_a_wrong_concurrency(production, concurrency, error):
    with pytest.raises(error, match="concurrency"):
        production.copy(concurrency=concurrency)
    assert production.source.requests == production.target.requests == []


def test_a_project_is_read_at_once_and_written_in_order(production):
    reading = Meeting(5)

    def read(name):
        def answered(_request):
            with reading:
                return Answer([{"id": name, "name": name}])

        return answered

    source = production.source
    base = "data/projects/%s/" % PROJECT
    for name in ("sequences", "shots", "entity-links"):
        source.on("GET", base + name, read(name))
    source.on(
        "GET",
        base + "assets",
        [
            {
                "id": "a",
                "name": "a",
                "entity_type_id": STATUS,
                "ready_for": None,
            }
        ],
    )
    source.on("GET", base + "episodes", [{"id": "episodes", "name": "e"}])
    for server in (production.source, production.target):
        server.on("GET", "data/task-types", read("t"))
    project = {"id": PROJECT, "production_type": "tvshow"}
    gazu.sync.push_project_entities(
        project, {"id": "other"}, *production.clients
    )
    assert reading.most == 5
    assert [
        (path.rpartition("/")[2], content[0]["id"])
        for _, path, content in production.written()
    ] == [
        ("entities", "a"),
        ("entities", "episodes"),
        ("entities", "sequences"),
        ("entities", "shots"),
        ("entity-links", "entity-links"),
    ]


@pytest.mark.parametrize("name", ["push_shots", "push_assets"])
def test_replaced_parts_of_a_project(production, name):
    with mock.patch("gazu.sync." + name, return_value=["mine"]) as push:
        pushed = gazu.sync.push_project_entities(
            {"id": PROJECT, "production_type": "short"},
            {"id": "other"},
            *production.clients,
        )
    assert pushed[name[5:]] == ["mine"]
    assert push.call_count == 1
    assert list(pushed) == [
        "assets",
        "episodes",
        "sequences",
        "shots",
        "entity_links",
    ]

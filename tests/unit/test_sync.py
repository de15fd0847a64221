"""Copying a production from one server to another."""

from __future__ import annotations

import asyncio
import os
import tempfile
from unittest import mock

import gazu
import pytest

from .recording_server import Answer

TASK = "a24a6ea4-ce75-4665-a070-57453082c256"
FIRST = "a24a6ea4-ce75-4665-a070-57453082c201"
SECOND = "a24a6ea4-ce75-4665-a070-57453082c202"
COMMENT = {
    "id": "c1",
    "attachment_files": [],
    "previews": [FIRST, {"id": SECOND}],
    "task_status_id": "s1",
    "person_id": "p1",
    "text": "Done",
    "created_at": "2026-01-01T00:00:00",
    "checklist": None,
}


def test_get_last_events(server, default):
    gazu.sync.get_last_events(
        after="2026-01-01", project=TASK, name="asset:new"
    )
    assert server.last.params == [
        ("limit", "20000"),
        ("only_files", "False"),
        ("project_id", TASK),
        ("after", "2026-01-01"),
        ("name", "asset:new"),
    ]
    with pytest.raises(ValueError):
        gazu.sync.get_last_events(before="tomorrow")
    assert len(server.requests) == 1


@pytest.mark.beyond
def test_further_filters_of_the_log(server, default):
    gazu.sync.get_last_events(
        limit=5,
        cursor_event_id=FIRST,
        name_prefixes=["task", "shot"],
        name_suffixes=["new"],
        person_ids=[TASK, {"id": SECOND}],
    )
    assert server.last.params == [
        ("limit", "5"),
        ("only_files", "False"),
        ("cursor_event_id", FIRST),
        ("name_prefixes", "task"),
        ("name_prefixes", "shot"),
        ("name_suffixes", "new"),
        ("person_ids", TASK),
        ("person_ids", SECOND),
    ]


def events_of(count):
    """Return events, newest first: ten in each second."""
    return [
        {
            "id": "%05d" % n,
            "created_at": "2026-01-01T%02d:%02d:%02d"
            % (n // 36000, n // 600 % 60, n // 10 % 60),
        }
        for n in reversed(range(count))
    ]


def paged(events):
    """Return the answers of the server to requests for these events."""

    def answer(request):
        params = dict(request.params)
        before = params.get("before", "9")
        found = [event for event in events if event["created_at"] < before]
        return Answer(found[: min(int(params["limit"]), 1000)])

    return answer


@pytest.mark.beyond
@pytest.mark.parametrize(
    "limit, requests", [(20000, 3), (1200, 2), (1000, 1), (3, 1)]
)
def test_all_pages_of_the_log(server, default, limit, requests):
    events = events_of(2500)
    server.on("GET", "data/events/last", paged(events))
    found = gazu.sync.get_last_events(limit, name="a:b", all_pages=True)
    assert found == events[:limit]
    assert len(server.requests) == requests
    assert {dict(r.params)["name"] for r in server.requests} == {"a:b"}


@pytest.mark.beyond
def test_all_pages_are_awaited(server):
    events = events_of(1500)
    server.on("GET", "data/events/last", paged(events))

    async def main():
        async with gazu.aio.AsyncKitsuClient(server.url + "/api") as client:
            return await gazu.sync.get_last_events(
                all_pages=True, client=client
            )

    assert asyncio.run(main()) == events


@pytest.mark.parametrize(
    ("name", "route"),
    [
        ("import_entities", "entities"),
        ("import_tasks", "tasks"),
        ("import_entity_links", "entity-links"),
    ],
)
def test_import(server, default, name, route):
    models = [{"id": FIRST, "name": "é"}]
    getattr(gazu.sync, name)(models)
    assert server.lines == [("POST", "/api/import/kitsu/" + route)]
    assert server.last.json() == models


def test_differences_and_maps():
    left = [{"id": "1", "name": "A"}, {"id": "2", "name": "B"}]
    right = [{"id": "2", "name": "a"}, {"id": "3", "name": "c"}]
    assert gazu.sync.get_model_list_diff(left, right) == (
        [left[0]],
        [right[1]],
    )
    assert gazu.sync.get_id_map_by_name(left, right) == {"A": "2"}
    assert gazu.sync.get_id_map_by_id(left, right) == {"1": "2"}
    links = [{"entity_in_id": "1", "entity_out_id": "2"}]
    assert gazu.sync.get_link_list_diff(links, []) == (links, [])
    assert gazu.sync.convert_id_list(["1"], {"1": "x"}) == ["x"]


def test_comments_are_pushed_oldest_first_by_patched_functions(server, client):
    server.on(
        "GET", "data/tasks/%s/comments" % TASK, [{"id": "new"}, {"id": "old"}]
    )
    with mock.patch(
        "gazu.sync.push_task_comment", side_effect=["pushed", None]
    ) as push:
        pushed = gazu.sync.push_task_comments({}, {}, TASK, client, client)
    assert [call[0][3]["id"] for call in push.call_args_list] == ["old", "new"]
    assert pushed == ["pushed"]


@pytest.mark.beyond
def test_previews_of_the_same_name_are_copied(server, client, tmp_path):
    """Each is uploaded with its own content and name."""
    for preview, content in ((FIRST, b"first"), (SECOND, b"second")):
        described = {
            "id": preview,
            "original_name": "shot",
            "extension": "png",
            "annotations": [preview],
        }
        server.on("GET", "data/preview-files/" + preview, described)
        answer = Answer(body=content, content_type="image/png")
        for kind in ("originals", "originals/preview-files"):
            server.on("GET", "pictures/%s/%s.png" % (kind, preview), answer)
            server.on(
                "GET", "pictures/%s/%s/download" % (kind, preview), answer
            )
        server.on(
            "GET", "pictures/originals/preview-files/%s.png" % preview, answer
        )
    server.default = Answer({"id": TASK})
    result = gazu.sync.push_task_comment(
        {"s1": FIRST},
        {"p1": SECOND},
        TASK,
        COMMENT,
        client,
        client,
        tmp_path=str(tmp_path),
    )
    assert result is COMMENT
    comment = server.of("POST", "actions/tasks/%s/comment" % TASK)[0].json()
    assert (comment["person_id"], comment["checklist"]) == (SECOND, [])
    uploads = [
        r.parts[0]
        for r in server.of("POST")
        if r.header("Content-Type").startswith("multipart")
    ]
    assert [(p.filename, p.content) for p in uploads] == [
        ("shot.png", b"first"),
        ("shot.png", b"second"),
    ]
    assert os.listdir(str(tmp_path)) == []


def test_a_status_that_the_target_lacks(server, client, tmp_path):
    comment = dict(COMMENT, previews=[])
    arguments = ({}, {}, TASK, comment, client, client)
    assert (
        gazu.sync.push_task_comment(*arguments, tmp_path=str(tmp_path)) is None
    )
    assert server.requests == []


def with_a_preview(server):
    described = {
        "id": FIRST,
        "original_name": "shot",
        "extension": "png",
        "annotations": [],
    }
    server.on("GET", "data/preview-files/" + FIRST, described)
    answer = Answer(body=b"1", content_type="image/png")
    path = "pictures/originals/preview-files/" + FIRST + ".png"
    server.on("GET", path, answer)


@pytest.mark.beyond
@pytest.mark.parametrize("status", ["s1", "another"])
@pytest.mark.parametrize("own_folder", [True, False])
@pytest.mark.parametrize("answer", [200, 500])
def test_no_temporary_file_is_left(
    server, client, tmp_path, monkeypatch, status, own_folder, answer
):
    """Also if the copy fails, or the target lacks the comment's status."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    theirs = tmp_path / "shot.png"
    theirs.write_bytes(b"theirs")
    with_a_preview(server)
    server.default = Answer({"id": TASK}, status=answer)
    comment = dict(COMMENT, previews=[FIRST, FIRST])
    arguments = ({status: FIRST}, {}, TASK, comment, client, client)
    options = {} if own_folder else {"tmp_path": str(tmp_path)}
    if answer == 500 and status == "s1":
        with pytest.raises(gazu.exception.ServerErrorException):
            gazu.sync.push_task_comment(*arguments, **options)
        assert server.of("POST") != []
    else:
        gazu.sync.push_task_comment(*arguments, **options)
    assert os.listdir(str(tmp_path)) == ["shot.png"]
    assert theirs.read_bytes() == b"theirs"

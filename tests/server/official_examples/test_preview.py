"""Previews in the official examples, on a real server: published, made main, fetched again."""

from __future__ import annotations

import gazu
import pytest

from ..scenarios.records import ServerRecords, ids

PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def records(zou, production, admin):
    return ServerRecords(zou)


@pytest.fixture(scope="module")
def task(production):
    return production.tasks[0]


@pytest.fixture
def comment(records, production, task):
    status = production.task_statuses["Waiting For Approval"]
    path = "actions/tasks/{}/comment".format(task["id"])
    return records.post(
        path, {"task_status_id": status["id"], "comment": "First try"}
    )


@pytest.fixture(scope="module")
def preview_file(zou, production, admin, media):
    """A movie that was published on the first task."""
    task = production.tasks[0]
    status = production.task_statuses["Waiting For Approval"]
    comment = gazu.task.add_comment(task, status, "A movie")
    return gazu.task.add_preview(task, comment, str(media.mp4))


def test_add_preview(records, task, comment, media):
    # The example has "/path/to/my/file.mp4".
    path = str(media.mp4)
    preview_file = gazu.task.add_preview(task, comment, path)
    stored = records.get("data/preview-files/" + preview_file["id"])
    assert stored["task_id"] == task["id"]
    assert stored["extension"] == "mp4"
    assert stored["original_name"] == "playblast"
    assert stored["status"] == "ready"
    assert stored["file_size"] > 0
    comments = records.get("data/tasks/{}/comments".format(task["id"]))
    written = next(one for one in comments if one["id"] == comment["id"])
    assert ids(written["previews"]) == [preview_file["id"]]
    movie = records.content(
        "movies/originals/preview-files/{}.mp4".format(preview_file["id"])
    )
    assert movie[4:8] == b"ftyp"
    picture = "pictures/thumbnails/preview-files/{}.png".format(
        preview_file["id"]
    )
    assert records.content(picture).startswith(PNG)


def test_set_main_preview(records, production, preview_file):
    asset = production.assets[0]
    assert (
        records.get("data/assets/" + asset["id"])["preview_file_id"]
        != preview_file["id"]
    )
    answer = gazu.task.set_main_preview(
        preview_file
    )  # Set preview as asset thumbnail
    stored = records.get("data/assets/" + asset["id"])
    assert stored["preview_file_id"] == preview_file["id"]
    assert answer["id"] == asset["id"]
    assert answer["preview_file_id"] == preview_file["id"]


def test_download_preview_file(records, preview_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    response = gazu.files.download_preview_file(preview_file, "./target.mp4")
    assert response.status_code == 200
    path = "movies/originals/preview-files/{}.mp4".format(preview_file["id"])
    assert (tmp_path / "target.mp4").read_bytes() == records.content(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["target.mp4"]


def test_download_preview_file_thumbnail(
    records, preview_file, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    response = gazu.files.download_preview_file_thumbnail(
        preview_file, "./target.png"
    )
    assert response.status_code == 200
    content = (tmp_path / "target.png").read_bytes()
    assert content.startswith(PNG)
    path = "pictures/thumbnails/preview-files/{}.png".format(
        preview_file["id"]
    )
    assert content == records.content(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["target.png"]

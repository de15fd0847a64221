"""``gazu.publish`` on a real Zou: killed at twenty points, and resumed."""

from __future__ import annotations

import json
import os
import sys

import gazu
import pytest
from gazu._publishing import journal as journals

from ..unit.killed_publish import run_until

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="has no SIGKILL"
)

#: The points at which a job is killed, of 41 (see killed_publish.py): before, in and
#: after the requests, and around the writes of the journal.
POINTS = [1 + round(number * 39 / 19) for number in range(20)]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return journals.own_folder()


@pytest.fixture(scope="module")
def client(zou, production):
    client = gazu.client.create_client(zou.host, use_refresh_token=True)
    gazu.log_in(
        production.artist_email, production.artist_password, client=client
    )
    yield client
    client.session.close()


@pytest.fixture(scope="module")
def task(production):
    return production.tasks[0]


@pytest.fixture(scope="module")
def wfa(client):
    return gazu.task.get_task_status_by_short_name("wfa", client=client)


def check(client, task, text, names):
    """There is one comment, with a preview for each file, all of one revision."""
    comments = [
        comment
        for comment in gazu.task.all_comments_for_task(task, client=client)
        if comment["text"] == text
    ]
    assert len(comments) == 1, text
    previews = [
        gazu.files.get_preview_file(preview["id"], client=client)
        for preview in comments[0]["previews"]
    ]
    previews.sort(key=lambda preview: preview["position"])
    assert [p["original_name"] for p in previews] == names, text
    assert {p["status"] for p in previews} == {"ready"}
    assert len({p["revision"] for p in previews}) == 1
    return comments[0], previews


def test_a_publication(client, task, wfa, media, production):
    job = gazu.publish.start(
        task, wfa, "movie", [media.mp4, media.png], client=client
    )
    seen = []
    comment, previews = job.run(progress=lambda *each: seen.append(each))
    kept, stored = check(client, task, "movie", ["playblast", "still"])
    assert comment["id"] == kept["id"]
    assert [p["id"] for p in previews] == [p["id"] for p in stored]
    assert [p["extension"] for p in stored] == ["mp4", "png"]
    assert seen[-1][0] == seen[-1][1]
    entity = gazu.entity.get_entity(task["entity_id"], client=client)
    assert entity["preview_file_id"] == previews[0]["id"]


def test_killed_at_twenty_points(client, task, wfa, media):
    """Nothing is there twice, and everything is there once."""
    texts = []
    for point in POINTS:
        text = "killed at {}".format(point)
        job = gazu.publish.start(
            task, wfa, text, [media.png, media.jpg], client=client
        )
        assert run_until(point, job, client) == -1, point
        texts.append(text)
    assert len(texts) == 20
    for job in gazu.publish.resume_all(client=client):
        assert job.error is None, job.error
    for text in texts:
        check(client, task, text, ["still", "photo"])
    assert gazu.publish.jobs() == []


def test_a_server_that_restarts(zou, client, task, wfa, media):
    """A job waits for a server that is restarted in the middle of it."""
    job = gazu.publish.start(
        task, wfa, "restarted", [media.png, media.jpg], client=client
    )
    restarted = []

    def restart(done, total):
        if not restarted:
            restarted.append(True)
            zou.restart()

    job.run(progress=restart)
    check(client, task, "restarted", ["still", "photo"])


def test_a_file_that_zou_cannot_process(client, task, wfa, tmp_path):
    """It is there once, and says that it is broken."""
    movie = tmp_path / "broken.mp4"
    movie.write_bytes(b"this is no movie" * 100)
    job = gazu.publish.start(task, wfa, "broken", [movie], client=client)
    _, (preview,) = job.run()
    assert preview["status"] == "broken"
    comments = [
        comment
        for comment in gazu.task.all_comments_for_task(task, client=client)
        if comment["text"] == "broken"
    ]
    assert [len(c["previews"]) for c in comments] == [1]


@pytest.fixture(scope="module")
def previews(client, task, wfa, media):
    """Previews of two pictures and a movie."""
    comment = gazu.task.add_comment(task, wfa, "to download", client=client)
    return [
        gazu.task.add_preview(task, comment, str(path), client=client)
        for path in (media.png, media.mp4)
    ]


@pytest.mark.parametrize(
    "kind", ["thumbnail", "square", "preview", "cover", "lowdef", "original"]
)
def test_many_files_are_downloaded(client, previews, tmp_path, kind):
    """Each kind is on the server, and is not sent again."""
    picture, movie = gazu.files.download_many(
        previews, tmp_path, kind, client=client
    )
    if kind == "lowdef":
        assert picture is None
    else:
        with open(picture, "rb") as stream:
            assert stream.read(4) == b"\x89PNG"
    known = json.loads((tmp_path / ".gazu-downloads.json").read_text())
    assert all(entry["etag"] for entry in known.values())
    assert os.path.basename(movie) in known
    changed = os.stat(movie).st_mtime_ns
    again = gazu.files.download_many(previews, tmp_path, kind, client=client)
    assert again == [picture, movie]
    assert os.stat(movie).st_mtime_ns == changed


def test_a_download_that_broke_off_is_continued(
    zou, client, previews, tmp_path
):
    """The rest of the file is asked for with its ETag."""
    movie = previews[1]
    (path,) = gazu.files.download_many(
        [movie], tmp_path, "original", client=client
    )
    with open(path, "rb") as stream:
        whole = stream.read()
    index = tmp_path / ".gazu-downloads.json"
    entry = json.loads(index.read_text())[os.path.basename(path)]
    index.unlink()
    os.remove(path)
    part = tmp_path / ".{}.part".format(os.path.basename(path))
    part.write_bytes(whole[:1000])
    (tmp_path / (part.name + ".json")).write_text(
        json.dumps({"url": entry["url"], "etag": entry["etag"]})
    )
    marks = zou.marks()
    gazu.files.download_many([movie], tmp_path, "original", client=client)
    with open(path, "rb") as stream:
        assert stream.read() == whole
    statuses = [
        status
        for _, path, status in zou.requests_since(marks)
        if path.endswith(entry["url"])
    ]
    assert statuses == [206]
    assert sorted(os.listdir(str(tmp_path))) == [
        ".gazu-downloads.json",
        os.path.basename(path),
    ]

"""``gazu.publish``: jobs, their journals, and what happens when they are killed."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import stat
import sys
import threading

import gazu
import gazu.testing
import pytest
from gazu._publishing import journal as journals
from gazu._publishing import steps
from gazu.testing.routes.comments import PIXEL

from . import needs
from .killed_publish import run_until

ID = "6f1e0a52-3c5b-4d0b-9a59-0c4f5b1d7e11"
OTHER = "0c4f5b1d-3c5b-4d0b-9a59-6f1e0a527e11"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The folder of the journals."""
    monkeypatch.delenv("GAZU_PUBLISH_FOLDER", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "state"))
    return journals.own_folder()


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Wait less for requests of killed processes: this server is quick."""
    monkeypatch.setattr(steps, "SETTLE", 0.6)
    monkeypatch.setattr(steps, "SETTLE_FILE", 1.0)
    monkeypatch.setattr(steps, "INTERVAL", 0.1)
    monkeypatch.setattr(steps, "BACKOFF", 0.05)


@pytest.fixture
def kitsu():
    with gazu.testing.KitsuServer() as kitsu:
        yield kitsu


@pytest.fixture
def client(kitsu):
    client = kitsu.log_in()
    yield client
    client.session.close()


@pytest.fixture
def task(client):
    project = gazu.project.new_project("Caminandes", client=client)
    kind = gazu.asset.get_asset_type_by_name("Prop", client=client)
    asset = gazu.asset.new_asset(project, kind, "Fence", client=client)
    modeling = gazu.task.get_task_type_by_name("Modeling", client=client)
    return gazu.task.new_task(asset, modeling, client=client)


@pytest.fixture
def wfa(client):
    return gazu.task.get_task_status_by_short_name("wfa", client=client)


@pytest.fixture
def files(tmp_path):
    paths = []
    for name in ("front.png", "back.png"):
        (tmp_path / name).write_bytes(PIXEL)
        paths.append(tmp_path / name)
    return paths


@pytest.fixture
def start(task, wfa, files, client):
    def start(text="v012", paths=files, **options):
        return gazu.publish.start(
            task, wfa, text, paths, client=client, **options
        )

    return start


def is_complete(client, task, text, names=("front", "back")):
    """Check that there is one comment of the text, with all previews."""
    comments = [
        comment
        for comment in gazu.task.all_comments_for_task(task, client=client)
        if comment["text"] == text
    ]
    assert len(comments) == 1
    previews = [
        gazu.files.get_preview_file(preview["id"], client=client)
        for preview in comments[0]["previews"]
    ]
    previews.sort(key=lambda preview: preview["position"])
    assert [p["original_name"] for p in previews] == list(names)
    assert {p["status"] for p in previews} == {"ready"}
    assert len({p["revision"] for p in previews}) == 1
    return comments[0], previews


class TestJobs:
    def test_nothing_is_sent_at_the_start(self, kitsu, start, folder):
        before = len(kitsu.requests)
        job = start()
        assert len(kitsu.requests) == before
        assert not job.is_done
        assert os.listdir(folder) == [job.id + ".json"]
        assert [one.id for one in gazu.publish.jobs()] == [job.id]

    def test_it_is_not_made_from_an_old_answer(
        self, kitsu, client, start, task, tmp_path
    ):
        """The comments were last seen before the job made its own."""
        client.retries = 1
        path = "data/tasks/" + task["id"] + "/comments"
        gazu.cache.enable(folder=tmp_path / "kept", when_down="serve")
        gazu.client.get(path, client=client)
        before = gazu.cache.get_infos()["current_size"]
        assert before
        job = start()
        kitsu.fail_next(503, method="GET", path=path)
        with pytest.raises(gazu.exception.ServerErrorException):
            job.run()
        assert not [r for r in kitsu.requests if r.path.endswith("/comment")]
        assert gazu.cache.get_infos()["stale"] == 0
        job.run()
        is_complete(client, task, "v012")

    def test_a_publication(self, client, start, task, wfa, files):
        job = start()
        seen = []
        comment, previews = job.run(
            progress=lambda *numbers: seen.append(numbers)
        )
        kept, stored = is_complete(client, task, "v012")
        assert comment["id"] == kept["id"] == job.comment_id
        assert [p["id"] for p in previews] == job.preview_ids
        assert job.preview_ids == [p["id"] for p in stored]
        assert job.is_done and gazu.publish.jobs() == []
        assert job.files == [str(path) for path in files]
        assert job.task_id == task["id"] and job.host == client.host
        task = gazu.task.get_task(task["id"], client=client)
        assert task["task_status_id"] == wfa["id"]
        asset = gazu.asset.get_asset(task["entity_id"], client=client)
        assert asset["preview_file_id"] == previews[0]["id"]
        total = 2 * len(PIXEL)
        assert seen[-1] == (total, total)
        assert seen == sorted(seen)

    def test_a_finished_job_can_be_run_again(self, kitsu, start, client, task):
        job = start()
        comment, previews = job.run()
        posts = [r for r in kitsu.requests if r.method != "GET"]
        again, same = gazu.publish.Job(job.path, client).run()
        assert again["id"] == comment["id"]
        assert [p["id"] for p in same] == [p["id"] for p in previews]
        assert [r for r in kitsu.requests if r.method != "GET"] == posts

    def test_what_is_sent(self, kitsu, start, task, client):
        job = start(
            "with all",
            checklist=[{"text": "Eyes", "checked": False}],
            links=["https://x.y"],
            revision=7,
            set_main_preview=False,
        )
        comment, previews = job.run()
        assert comment["checklist"] == [{"text": "Eyes", "checked": False}]
        assert comment["links"] == ["https://x.y"]
        assert {p["revision"] for p in previews} == {7}
        assert not any(
            r.path.endswith("set-main-preview") for r in kitsu.requests
        )

    def test_one_file_needs_no_list(self, start, files, client, task):
        start("one", str(files[0])).run()
        is_complete(client, task, "one", ["front"])

    def test_it_can_be_awaited(self, kitsu, client, task, wfa, files):
        async def main():
            async_client = gazu.aio.AsyncKitsuClient(
                kitsu.host, tokens=dict(client.tokens)
            )
            job = gazu.publish.start(
                task, wfa, "awaited", files, client=async_client
            )
            with pytest.raises(TypeError, match="await"):
                job.run()
            _, previews = await gazu.publish.run(job, client=async_client)
            gazu.publish.start(
                task, wfa, "awaited too", files, client=async_client
            )
            jobs = await gazu.publish.resume_all(client=async_client)
            await async_client.session.close()
            return len(previews), [job.error for job in jobs]

        assert asyncio.run(main()) == (2, [None])
        is_complete(client, task, "awaited")
        is_complete(client, task, "awaited too")

    def test_resume_all_runs_them_in_order(self, start, client, task):
        jobs = [start("first"), start("second")]
        done = gazu.publish.resume_all(client=client)
        assert [job.id for job in done] == [job.id for job in jobs]
        assert [job.error for job in done] == [None, None]
        assert all(job.is_done for job in done)
        is_complete(client, task, "first")
        is_complete(client, task, "second")
        assert gazu.publish.resume_all(client=client) == []

    def test_one_that_fails_does_not_stop_the_others(
        self, start, client, task, tmp_path
    ):
        gone = tmp_path / "gone.png"
        gone.write_bytes(PIXEL)
        start("fails", [gone])
        start("works")
        gone.unlink()
        failed, done = gazu.publish.resume_all(client=client)
        assert isinstance(failed.error, FileNotFoundError)
        assert not failed.is_done and done.error is None
        is_complete(client, task, "works")

    def test_a_job_of_another_server_is_left_alone(self, start, server):
        other = gazu.client.create_client(server.url + "/api")
        job = start()
        assert gazu.publish.resume_all(client=other) == []
        with pytest.raises(ValueError, match=r"^client: the job is for"):
            gazu.publish.run(job, client=other)
        assert server.requests == []

    def test_a_running_job_is_left_alone(self, start, client, python):
        job = start()
        with job._journal.locked() as held:
            assert held
            python(
                """
                import sys
                import gazu
                path, host = sys.argv[1:]
                client = gazu.client.create_client(host)
                job = gazu.publish.Job(path, client)
                for call in (job.run, job.discard):
                    try:
                        call()
                    except BlockingIOError as error:
                        assert "another process" in str(error)
                    else:
                        raise AssertionError
                assert gazu.publish.resume_all(client=client) == []
                """,
                job.path,
                client.host,
            )

    def test_a_discarded_job(self, start, client):
        job = start()
        job.discard()
        assert gazu.publish.jobs() == []
        with pytest.raises(FileNotFoundError):
            gazu.publish.Job(job.path)

    def test_finished_jobs_are_kept_for_a_week(self, start, client):
        job = start()
        job.run()
        assert [j.id for j in gazu.publish.jobs(finished=True)] == [job.id]
        job._journal.data["done"] -= 8 * 24 * 3600
        job._journal.save()
        other = start("next")
        found = gazu.publish.jobs(finished=True)
        assert [j.id for j in found] == [other.id]

    def test_a_job_can_be_pickled(self, start, client, task):
        job = pickle.loads(pickle.dumps(start()))
        job.run()
        is_complete(client, task, "v012")

    @needs.modes
    def test_only_its_owner_may_read_it(self, start, folder):
        job = start()
        assert stat.S_IMODE(os.stat(job.path).st_mode) == 0o600
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700

    @needs.modes
    def test_a_shared_folder_can_be_read(
        self, start, tmp_path, monkeypatch, client, task
    ):
        shared = tmp_path / "queue"
        monkeypatch.setenv("GAZU_PUBLISH_FOLDER", str(shared))
        job = start()
        assert os.path.dirname(job.path) == str(shared)
        assert stat.S_IMODE(os.stat(job.path).st_mode) == 0o644
        (done,) = gazu.publish.resume_all(client=client)
        assert done.error is None
        is_complete(client, task, "v012")

    def test_a_folder_can_be_given(self, start, tmp_path, client):
        job = start(folder=tmp_path / "here")
        assert gazu.publish.jobs() == []
        found = gazu.publish.jobs(folder=str(tmp_path / "here"))
        assert [one.id for one in found] == [job.id]

    def test_no_token_is_in_the_journal(self, start, client):
        job = start()
        job.run()
        with open(job.path) as stream:
            text = stream.read()
        assert client.access_token not in text

    def test_files_of_others_are_ignored(self, start, folder):
        start()
        for name, text in (
            ("x.json", "{"),
            ("y.json", '{"version": 99}'),
            ("z.txt", "z"),
        ):
            with open(os.path.join(folder, name), "w") as stream:
                stream.write(text)
        assert len(gazu.publish.jobs()) == 1


class TestFailures:
    """The network and the server fail, the program goes on."""

    def writes(self, kitsu):
        return [
            r.path.rpartition("/")[2] if "actions" in r.path else "upload"
            for r in kitsu.requests
            if r.method != "GET" and r.path.startswith(("actions", "pictures"))
        ]

    @pytest.mark.parametrize(
        "path",
        [
            "actions/tasks/{task}/comment",
            "actions/tasks/{task}/comments/{comment}/add-preview",
            "actions/tasks/{task}/comments/{comment}/preview-files/{preview}",
            "pictures/preview-files/{preview}",
        ],
    )
    def test_a_lost_answer_is_not_repeated(
        self, kitsu, start, client, task, path
    ):
        """The server executes the request, and the connection breaks."""
        kitsu.fail_next(method="POST", path=path, drop=True)
        start().run()
        is_complete(client, task, "v012")
        assert len(self.writes(kitsu)) == 6

    @pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
    @pytest.mark.parametrize(
        "path",
        [
            "actions/tasks/{task}/comment",
            "actions/tasks/{task}/comments/{comment}/add-preview",
            "pictures/preview-files/{preview}",
        ],
    )
    def test_a_server_that_fails_once(
        self, kitsu, start, client, task, path, status
    ):
        kitsu.fail_next(status=status, method="POST", path=path)
        start().run()
        is_complete(client, task, "v012")

    def test_a_server_that_keeps_failing(self, kitsu, start, client, task):
        kitsu.fail_next(
            status=503,
            times=3,
            method="POST",
            path="pictures/preview-files/{preview}",
        )
        job = start()
        with pytest.raises(gazu.exception.ServerErrorException):
            job.run()
        assert not job.is_done and len(job.preview_ids) == 1
        job.run()
        is_complete(client, task, "v012")

    @pytest.mark.parametrize("status", [400, 403, 404, 413])
    def test_a_refusal_is_raised_at_once(self, kitsu, start, client, status):
        kitsu.fail_next(
            status=status,
            method="POST",
            path="actions/tasks/{task}/comment",
            json={"message": "no"},
        )
        job = start()
        with pytest.raises(gazu.exception.GazuException):
            job.run()
        assert len(self.writes(kitsu)) == 1
        assert job.comment_id is None
        job.run()
        assert len(self.writes(kitsu)) == 7

    def test_a_preview_that_the_server_removed(
        self, kitsu, start, client, task
    ):
        """Zou removes the preview of a movie that it cannot process."""
        job = start()
        failed = []

        def answer(store, request, preview):
            kitsu._routes.pop(0)
            failed.append(preview)
            gazu.testing.routes.comments.remove_preview(
                store, store.get("preview-files", preview)
            )
            raise gazu.testing.store.Refusal(500, {"message": "broken"})

        kitsu.route("POST", "pictures/preview-files/{preview}", answer)
        with pytest.raises(gazu.exception.ServerErrorException):
            job.run()
        job.run()
        _, previews = is_complete(client, task, "v012")
        assert failed[0] not in [p["id"] for p in previews]

    def test_a_removed_comment(self, kitsu, start, client, task):
        job = start()
        kitsu.fail_next(
            status=403,
            method="POST",
            path="pictures/preview-files/{preview}",
        )
        with pytest.raises(gazu.exception.NotAllowedException):
            job.run()
        gazu.task.remove_comment(
            gazu.task.get_comment(job.comment_id, client=client), client=client
        )
        with pytest.raises(gazu.exception.RouteNotFoundException):
            job.run()

    @pytest.mark.parametrize("change", ["content", "removed"])
    def test_a_changed_file(self, kitsu, start, files, change):
        job = start()
        before = len(kitsu.requests)
        if change == "removed":
            files[1].unlink()
            with pytest.raises(FileNotFoundError):
                job.run()
        else:
            files[1].write_bytes(PIXEL + b"more")
            with pytest.raises(ValueError, match=r"back\.png has changed"):
                job.run()
        assert len(kitsu.requests) == before

    def test_what_a_callback_raises_comes_out(self, start, client, task):
        def stop(done, total):
            raise KeyError("stop")

        job = start()
        with pytest.raises(KeyError):
            job.run(progress=stop)
        assert job.comment_id and not job.is_done
        job.run()
        is_complete(client, task, "v012")

    def test_the_token_expires(self, kitsu, start, client, task):
        job = start()
        kitsu.expire_tokens()
        job.run()
        is_complete(client, task, "v012")

    def test_a_later_comment_of_the_same_text(
        self, kitsu, start, client, task, wfa
    ):
        """It was there before, or has previews of its own: it is not taken."""
        gazu.task.publish_preview(
            task,
            wfa,
            "v012",
            preview_file_path=start().files[0],
            client=client,
        )
        kitsu.fail_next(
            status=503, method="POST", path="actions/tasks/{task}/comment"
        )
        job = gazu.publish.jobs(client=client)[0]
        comment, _ = job.run()
        texts = [
            c["id"]
            for c in gazu.task.all_comments_for_task(task, client=client)
            if c["text"] == "v012"
        ]
        assert len(texts) == 2 and comment["id"] in texts

    def test_two_jobs_of_the_same_text(self, kitsu, start, client, task):
        """Each has a comment of its own, even if an answer is lost."""
        jobs = [start("same"), start("same")]
        for job in jobs:
            kitsu.fail_next(
                method="POST", path="actions/tasks/{task}/comment", drop=True
            )
            job.run()
        assert jobs[0].comment_id != jobs[1].comment_id

    def test_caching_does_not_hide_the_comment(
        self, kitsu, start, client, task
    ):
        gazu.cache.enable()
        gazu.task.all_comments_for_task(task, client=client)
        kitsu.fail_next(
            method="POST", path="actions/tasks/{task}/comment", drop=True
        )
        start().run()
        gazu.cache.clear_all()
        is_complete(client, task, "v012")


@pytest.mark.skipif(sys.platform == "win32", reason="has no SIGKILL")
class TestKilled:
    @pytest.mark.timeout(600)
    def test_killed_at_any_point(self, kitsu, start, client, task):
        """Killed before and after each write and request, and during requests."""
        points = run_until(0, start("whole"), client)
        is_complete(client, task, "whole")
        assert points > 40
        unfinished = []

        def check(point):
            text = "v%03d" % point
            job = start(text)
            assert run_until(point, job, client) == -1, point
            unfinished.append(text)

        for point in range(1, points, 2 if points > 60 else 1):
            check(point)
        for job in gazu.publish.resume_all(client=client):
            assert job.error is None, job.error
        for text in unfinished:
            is_complete(client, task, text)
        assert len(unfinished) >= 20
        assert gazu.publish.jobs() == []

    def test_killed_again_while_it_is_resumed(
        self, kitsu, start, client, task
    ):
        job = start("again")
        points = [7, 5, 9, 6, 8]
        for point in points:
            run_until(point, job, client)
        job.run()
        is_complete(client, task, "again")

    def test_the_lock_ends_with_the_process(self, start, client):
        job = start()
        assert run_until(9, job, client) == -1
        with job._journal.locked() as held:
            assert held


class TestConcurrency:
    def test_two_processes_resume_at_once(self, start, client, task, python):
        for number in range(4):
            start("text %d" % number)
        tokens = json.dumps(
            {"access_token": client.access_token, "refresh_token": None}
        )

        def resume():
            python(
                """
                import json, sys, gazu
                client = gazu.client.create_client(
                    sys.argv[1], tokens=json.loads(sys.argv[2])
                )
                for job in gazu.publish.resume_all(client=client):
                    assert job.error is None, job.error
                """,
                client.host,
                tokens,
            )

        threads = [threading.Thread(target=resume) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for number in range(4):
            is_complete(client, task, "text %d" % number)


class TestBadInput:
    @pytest.mark.parametrize(
        "change, kind, message",
        [
            ({"task": None}, ValueError, "^task: "),
            ({"task": "nonsense"}, ValueError, "^task: "),
            ({"task": {}}, ValueError, "^task: "),
            ({"task_status": "wfa"}, ValueError, "^task_status: "),
            ({"person": 5}, ValueError, "^person: "),
            ({"comment": None}, TypeError, "^comment: "),
            ({"files": []}, ValueError, "^files: "),
            ({"files": None}, TypeError, "^files: "),
            ({"files": [5]}, TypeError, "^files: "),
            ({"files": ["gone.png"]}, FileNotFoundError, "gone.png"),
            ({"revision": "3"}, TypeError, "^revision: "),
            ({"revision": True}, TypeError, "^revision: "),
        ],
    )
    def test_it_is_named_and_nothing_is_sent(
        self, server, files, folder, change, kind, message
    ):
        client = gazu.client.create_client(server.url + "/api")
        values = {
            "task": ID,
            "task_status": OTHER,
            "comment": "x",
            "files": files,
        }
        values.update(change)
        with pytest.raises(kind, match=message):
            gazu.publish.start(client=client, **values)
        assert server.requests == []
        assert gazu.publish.jobs() == []

    @pytest.mark.parametrize(
        "name, content, message",
        [
            ("a.xyz", b"x", "does not accept"),
            ("noextension", b"x", "does not accept"),
            ("a.png", b"", "is empty"),
        ],
    )
    def test_a_file_that_the_server_would_refuse(
        self, tmp_path, name, content, message
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError, match=message):
            gazu.publish.start(ID, OTHER, "x", [tmp_path / name])

    def test_a_folder_is_no_file(self, tmp_path):
        with pytest.raises(ValueError, match="is not a file"):
            gazu.publish.start(ID, OTHER, "x", [tmp_path])

    @pytest.mark.parametrize("job", [None, "id", {}])
    def test_what_is_no_job(self, job):
        with pytest.raises(TypeError, match=r"^job: "):
            gazu.publish.run(job)

    def test_a_file_that_is_no_journal(self, tmp_path):
        path = tmp_path / "x.json"
        path.write_text('{"version": 2}')
        with pytest.raises(ValueError, match="not a journal"):
            gazu.publish.Job(str(path))

    def test_an_unauthorized_user(self, start, server, client):
        job = start()
        client.tokens = {"access_token": None}
        with pytest.raises(gazu.NotAuthenticatedException):
            job.run()
        assert job.comment_id is None

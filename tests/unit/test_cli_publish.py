"""``gazu-cli publish``, its queue, and what it resumes."""

from __future__ import annotations

import json

import gazu
import gazu.testing
import pytest

pytest.importorskip("click")

import gazu.cli
from gazu.testing.routes.comments import PIXEL

from .test_publish import client, folder, is_complete, kitsu, patience, task

__all__ = ["client", "folder", "kitsu", "patience", "task"]


@pytest.fixture
def logged_in(home, kitsu):
    person = kitsu.store.first("persons", email=kitsu.email)
    gazu.cli.save_config(
        {"host": kitsu.host, "tokens": kitsu.make_tokens(person["id"])}
    )


@pytest.fixture
def pictures(tmp_path):
    paths = []
    for name in ("front.png", "back.png"):
        (tmp_path / name).write_bytes(PIXEL)
        paths.append(str(tmp_path / name))
    return paths


class TestPublish:
    @pytest.mark.parametrize("words", [(), ("start",)])
    def test_files_are_published(
        self,
        run,
        logged_in,
        client,
        task,
        pictures,
        words,
    ):
        code, out, err = run(
            *("publish", *words, *pictures, "--task", task["id"]),
            *("--status", "wfa", "--message", "v012"),
        )
        assert (code, err) == (0, "")
        lines = [line.split() for line in out.splitlines()]
        assert lines[2][1:3] == ["done", task["id"]]
        comment, previews = is_complete(client, task, "v012")
        wfa = gazu.task.get_task_status_by_short_name("wfa", client=client)
        assert comment["task_status_id"] == wfa["id"]
        asset = gazu.asset.get_asset(task["entity_id"], client=client)
        assert asset["preview_file_id"] == previews[0]["id"]

    def test_options_may_come_first(
        self,
        run,
        logged_in,
        client,
        task,
        pictures,
    ):
        code, out, _ = run(
            *("--json", "publish", "-t", task["id"], "-m", "x"),
            *("--no-thumbnail", *pictures),
        )
        (row,) = json.loads(out)
        assert code == 0 and row["state"] == "done"
        comment, previews = is_complete(client, task, "x")
        assert row["comment_id"] == comment["id"]
        assert row["preview_ids"] == [p["id"] for p in previews]
        assert comment["task_status_id"] == task["task_status_id"]
        asset = gazu.asset.get_asset(task["entity_id"], client=client)
        assert not asset["preview_file_id"]

    def test_the_queue_is_resumed(
        self,
        run,
        logged_in,
        kitsu,
        client,
        task,
        pictures,
    ):
        for text in ("one", "two"):
            code, out, err = run(
                *("publish", *pictures, "-t", task["id"], "-m", text),
                "--queue",
            )
            assert (code, err) == (0, "") and "queued" in out
        assert not [r for r in kitsu.requests if r.path.endswith("comment")]
        assert run("publish", "list")[1].count("queued") == 2
        code, out, err = run("publish", "resume")
        assert (code, err) == (0, "") and out.count("done") == 2
        for text in ("one", "two"):
            is_complete(client, task, text)
        assert run("publish", "resume") == (0, "No results.\n", "")
        assert run("publish", "list", "--all")[1].count("done") == 2

    @pytest.mark.parametrize(
        "options",
        [
            ("--json",),
            ("--jsonl",),
            ("--color", "never"),
            ("--color=never",),
            ("--quiet",),
            ("-q", "--csv"),
        ],
    )
    def test_options_of_the_output_may_stand_before_a_command(
        self, run, logged_in, task, pictures, options
    ):
        code, _, err = run(
            *("publish", *options, *pictures),
            *("--queue", "-t", task["id"]),
        )
        assert (code, err) == (0, "")
        before = run("publish", *options, "list")
        assert before[0] == 0
        assert before == run("publish", "list", *options)
        assert task["id"] in before[1] or "queued" in before[1]

    def test_a_failure_tells_how_to_go_on(
        self,
        run,
        logged_in,
        kitsu,
        client,
        task,
        pictures,
    ):
        upload = "pictures/preview-files/{preview}"
        kitsu.fail_next(status=503, times=3, method="POST", path=upload)
        code, out, err = run(
            "publish", *pictures, "-t", task["id"], "-m", "v1"
        )
        assert (code, out) == (6, "")
        (job,) = gazu.publish.jobs()
        assert err.startswith("Server error. ")
        assert err.endswith(
            "Do the rest with: gazu-cli publish resume (ID: {})\n".format(
                job.id
            )
        )
        assert "begun" in run("publish", "list")[1]
        assert run("publish", "resume")[0] == 0
        is_complete(client, task, "v1")

    def test_one_that_fails_again(
        self,
        run,
        logged_in,
        client,
        task,
        pictures,
        tmp_path,
    ):
        run("publish", pictures[0], "-t", task["id"], "-m", "a", "--queue")
        run("publish", pictures[1], "-t", task["id"], "-m", "b", "--queue")
        (tmp_path / "front.png").unlink()
        code, out, err = run("publish", "resume")
        assert code == 1 and "front.png" in err
        assert "failed" in out and "done" in out
        is_complete(client, task, "b", ["back"])

    def test_one_is_discarded(
        self,
        run,
        logged_in,
        task,
        pictures,
    ):
        run("publish", *pictures, "-t", task["id"], "--queue")
        (job,) = gazu.publish.jobs()
        assert run("publish", "discard", job.id) == (
            0,
            "Discarded {}\n".format(job.id),
            "",
        )
        assert gazu.publish.jobs() == []
        assert run("publish", "discard", job.id)[0] == 4

    @pytest.mark.parametrize(
        "arguments, code, message",
        [
            (("a.png",), 2, "does not exist"),
            (("{file}",), 2, "Missing option '--task'"),
            (("-t", "x"), 2, "Missing argument"),
        ],
    )
    def test_wrong_usage(
        self, run, logged_in, pictures, arguments, code, message
    ):
        arguments = [each.format(file=pictures[0]) for each in arguments]
        found, _, err = run("publish", *arguments)
        assert found == code and message in err

    def test_help(self, run):
        code, out, _ = run("publish", "--help")
        assert code == 0 and "FILE..." in out and "resume" in out
        assert "--queue" in run("publish", "start", "--help")[1]

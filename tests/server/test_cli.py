"""``gazu-cli`` as a separate process, against a real Zou."""

from __future__ import annotations

import json
import os
import pty
import select
import stat
import subprocess
import sys
import time

import pytest

from .scenarios.records import FILE_TREE, ServerRecords

pytest.importorskip("click")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def run(home):
    """Run a command and return the finished process."""

    def run(*arguments, check=0, env=(), **options):
        options.setdefault("cwd", str(home))
        done = subprocess.run(
            [sys.executable, "-m", "gazu", *map(str, arguments)],
            capture_output=True,
            text=True,
            env={**os.environ, "HOME": str(home), **dict(env)},
            timeout=120,
            **options,
        )
        assert "GAZU_DEBUG" in env or "Traceback" not in done.stderr
        assert done.returncode == check, done.stdout + done.stderr
        return done

    return run


@pytest.fixture(scope="module")
def logged_in(zou, production, run):
    """The artist's login is stored."""
    out = run(
        *("login", "--host", zou.event_host),
        *("--email", production.artist_email),
        *("--password", production.artist_password),
    ).stdout
    assert out == "Logged in to {}\n".format(zou.host)


@pytest.fixture(scope="module")
def api(zou, production):
    return ServerRecords(zou)


def printed(run, *arguments):
    return json.loads(run("--json", *arguments).stdout)


def task_of(production, entity, step):
    return next(
        task
        for task in production.tasks
        if task["entity_id"] == entity["id"]
        and task["task_type_id"] == production.task_types[step]["id"]
    )


def test_no_login_is_an_error(run, tmp_path):
    done = run("projects", check=3, env={"HOME": str(tmp_path)})
    assert done.stdout == ""
    assert done.stderr == "Not logged in. Run: gazu-cli login --host <URL>\n"


def test_a_wrong_password_is_an_error(zou, production, run, tmp_path):
    done = run(
        *("login", "--host", zou.host, "--email", production.artist_email),
        *("--password", "not-this-one"),
        check=3,
        env={"HOME": str(tmp_path), "GAZU_DEBUG": "true"},
    )
    line = "Authentication failed. Wrong email or password."
    assert line in done.stderr.splitlines()
    assert "not-this-one" not in done.stderr + done.stdout
    assert not (tmp_path / ".gazu").exists()


def test_an_unreachable_server_is_an_error(run, tmp_path):
    done = run(
        *("login", "--host", "http://127.0.0.1:9", "--email", "a@b.c"),
        *("--password", "secret"),
        check=7,
        env={"HOME": str(tmp_path)},
    )
    assert done.stderr.startswith("Error: ") and done.stderr.count("\n") == 1


def test_only_its_owner_may_read_the_login(logged_in, home):
    folder = home / ".gazu"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert os.listdir(str(folder)) == ["config.json"]
    config = folder / "config.json"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert "artistpassword" not in config.read_text()


def test_status_shows_the_user(zou, production, run, logged_in):
    out = run("status").stdout
    assert "Host:    {}\n".format(zou.host) in out
    assert "API:     1.0.97\n" in out
    assert production.artist_email in out
    assert printed(run, "status")["user"]["email"] == production.artist_email


def test_lists_are_printed(production, run, logged_in):
    name = production.project["name"]
    assert [p["name"] for p in printed(run, "projects")] == [name]
    assert name in run("projects").stdout
    assert sorted(a["name"] for a in printed(run, "assets", "-p", name)) == [
        "Fence",
        "Lama",
        "Penguin",
    ]
    props = printed(run, "assets", "-p", name, "-t", "Prop")
    assert [a["name"] for a in props] == ["Fence"]
    shots = printed(run, "shots", "-p", name, "-s", "SE02")
    assert sorted(s["name"] for s in shots) == ["SH01", "SH02", "SH03"]
    assert len(printed(run, "sequences", "-p", name)) == 2
    assert len(printed(run, "tasks", "-p", name, "-t", "Modeling")) == 3
    assert len(printed(run, "my-tasks")) == 18
    assert {s["short_name"] for s in printed(run, "task-statuses")} >= {"wip"}
    by_variable = run("--json", "assets", env={"GAZU_PROJECT": name}).stdout
    assert len(json.loads(by_variable)) == 3
    done = run("assets", "-p", "No such project", check=4)
    expected = "Project not found: No such project. There are: {}.\n"
    assert done.stderr == expected.format(name)
    run("assets", "--no-such-option", check=2)


def test_names_are_shown(production, run, logged_in):
    """Without a terminal, the columns are wide enough for them."""
    name = production.project["name"]
    out = run("tasks", "-p", name, "-t", "Modeling").stdout
    for shown in ("Lama", "Modeling", "Todo", "Ana Rivera"):
        assert shown in out
    assert "SE01      SH01" in run("shots", "-p", name).stdout
    path = name + "/SE01/SH01/Animation"
    out = run("task", path).stdout
    assert "ENTITY: SE01/SH01\n" in out and "PROJECT: " + name in out
    task = task_of(production, production.shots[0], "Animation")
    assert printed(run, "task", path)["id"] == task["id"]
    done = run("task", name + "/SE01/SH01/Anmation", check=4)
    assert "Did you mean Animation?" in done.stderr


def test_the_doctor_finds_nothing_wrong(run, logged_in):
    found = {row["check"]: row for row in printed(run, "doctor")}
    assert [
        each for each in found.values() if each["result"] == "failed"
    ] == []
    assert found["API"]["details"] == "Zou 1.0.97"
    assert "user" in found["login"]["details"]


def test_a_comment_is_added(production, run, logged_in, api):
    task = task_of(production, production.assets[0], "Modeling")
    out = run(
        *("comment", "--task", task["id"], "--status", "wip", "-m", "On it")
    ).stdout
    comments = api.get("data/tasks/{}/comments".format(task["id"]))
    assert [c["text"] for c in comments] == ["On it"]
    assert out == "Comment posted (ID: {})\n".format(comments[0]["id"])
    done = run("comment", "-t", task["id"], "-s", "no", check=4)
    assert done.stderr.startswith("Task status not found: no.")


def test_a_failed_upload_is_undone(
    production, run, logged_in, api, media, tmp_path
):
    task = task_of(production, production.assets[2], "Modeling")
    before = api.get("data/tasks/" + task["id"])
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    done = run(
        *("upload", media.png, broken, "-t", task["id"]),
        *("-s", "wfa", "-m", "To be undone"),
        check=1,
    )
    assert "remains" not in done.stderr and done.stderr.count("\n") == 1
    assert api.get("data/tasks/{}/comments".format(task["id"])) == []
    assert api.get("data/preview-files?task_id=" + task["id"]) == []
    after = api.get("data/tasks/" + task["id"])
    assert after["task_status_id"] == before["task_status_id"]


def test_previews_are_uploaded_and_downloaded(
    production, run, logged_in, api, media, tmp_path
):
    asset = production.assets[1]
    task = task_of(production, asset, "Modeling")
    out = run(
        *("upload", media.png, media.jpg, "-t", task["id"], "-s", "wfa"),
        *("-m", "Two pictures", "--thumbnail"),
    ).stdout
    stored = api.get("data/preview-files?task_id=" + task["id"])
    assert sorted(out.splitlines()) == sorted(
        "Preview uploaded (ID: {})".format(p["id"]) for p in stored
    )
    assert {(p["original_name"], p["revision"]) for p in stored} == {
        ("still", 1),
        ("photo", 1),
    }
    now = api.get("data/tasks/" + task["id"])
    status = api.get("data/task-status/" + now["task_status_id"])
    assert status["short_name"] == "wfa"
    asset = api.get("data/assets/" + asset["id"])
    first = next(p for p in stored if p["original_name"] == "still")
    assert asset["preview_file_id"] == first["id"]

    # Without a status argument the task keeps its status.
    more = printed(run, "upload", media.mp4, "-t", task["id"])
    assert [p["extension"] for p in more] == ["mp4"]
    again = api.get("data/tasks/" + task["id"])
    assert again["task_status_id"] == now["task_status_id"]

    # The server converts the picture that it receives.
    content = api.content(
        "pictures/originals/preview-files/{}.png".format(first["id"])
    )
    path = tmp_path / "one.png"
    run("download", "--preview", first["id"], "--output", path)
    assert path.read_bytes() == content
    path.write_bytes(b"mine")
    done = run("download", "-p", first["id"], "-o", path, check=1)
    assert "File exists" in done.stderr and path.read_bytes() == b"mine"
    run("download", "-p", first["id"], "-o", path, "--force")
    assert path.read_bytes() == content

    folder = tmp_path / "last"
    folder.mkdir()
    last = printed(run, "download", "--task", task["id"], "-o", folder)
    assert [item["path"] for item in last] == [str(folder / "playblast.mp4")]
    assert (folder / "playblast.mp4").stat().st_size > 1000


def test_working_files_are_uploaded_and_downloaded(
    production, run, logged_in, api, media, tmp_path
):
    api.put(
        "data/projects/" + production.project["id"], {"file_tree": FILE_TREE}
    )
    task = task_of(production, production.assets[2], "Modeling")
    arguments = ("upload", media.obj, "-t", task["id"], "-n", "main")
    made = [printed(run, *arguments, "-m", "Once more")[0] for _ in range(2)]
    assert [each["revision"] for each in made] == [1, 2]
    stored = api.get("data/working-files/" + made[1]["id"])
    assert (stored["name"], stored["comment"]) == ("main", "Once more")

    changed = tmp_path / "changed.obj"
    changed.write_bytes(b"v 1 2 3\n")
    out = run("upload", changed, "--working-file", made[0]["id"]).stdout
    assert out == "Working file uploaded (ID: {})\n".format(made[0]["id"])

    run("download", "-w", made[0]["id"], "-o", tmp_path / "back.obj")
    assert (tmp_path / "back.obj").read_bytes() == changed.read_bytes()
    run("download", "-w", made[1]["id"], cwd=str(tmp_path))
    name = os.path.basename(stored["path"])
    assert (tmp_path / name).read_bytes() == media.obj.read_bytes()


def test_progress_bars_are_drawn(production, home, logged_in, tmp_path):
    """A terminal shows the bar up to its end."""
    task = task_of(production, production.shots[0], "Animation")
    path = tmp_path / "big.obj"
    path.write_bytes(b"v 0 0 0\n" * (1 << 20))
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "gazu", "upload", str(path), "-t", task["id"]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=dict(os.environ, HOME=str(home), TERM="xterm"),
    )
    os.close(theirs)
    shown = b""
    deadline = time.monotonic() + 60
    try:
        while time.monotonic() < deadline:
            if select.select([ours], [], [], 1)[0]:
                try:
                    part = os.read(ours, 4096)
                except OSError:
                    # A terminal raises this error when the process has closed it.
                    break
                if not part:
                    break
                shown += part
        out, _ = process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
        os.close(ours)
    assert process.returncode == 0, shown
    assert b"big.obj" in shown and b"100%" in shown
    assert out.startswith(b"Preview uploaded (ID: ")


def test_logout_removes_the_tokens(run, logged_in, home):
    assert run("logout").stdout == "Logged out.\n"
    assert os.listdir(str(home / ".gazu")) == []
    run("projects", check=3)

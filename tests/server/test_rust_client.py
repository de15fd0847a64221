"""The crate's client, used by a Rust program against a real Zou."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

from ..unit import waiting
from .scenarios import production as productions

wait_for = functools.partial(waiting.wait_for, seconds=120, pause=0.1)

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [
    pytest.mark.skipif(
        not (ROOT / "src").is_dir(), reason="only the wheel is here"
    ),
    pytest.mark.skipif(
        shutil.which("cargo") is None, reason="there is no Rust compiler"
    ),
]


def build(name):
    """Build a program of ``examples``, and return its path."""
    target = os.environ.get("CARGO_TARGET_DIR", ROOT / "target")
    subprocess.run(
        ["cargo", "build", "--quiet", "--locked", "--no-default-features"]
        + ["--example", name],
        cwd=str(ROOT),
        check=True,
    )
    return Path(ROOT, target, "debug", "examples", name)


@pytest.fixture(scope="module")
def publish():
    return build("publish")


@pytest.fixture(scope="module")
def listen():
    return build("listen")


def run(publish, zou, made, folder, *arguments, **environment):
    login = {
        "KITSU_HOST": zou.host,
        "KITSU_LOGIN": made.artist_email,
        "KITSU_PASSWORD": made.artist_password,
    }
    return subprocess.run(
        [str(publish), *map(str, arguments)],
        cwd=str(folder),
        env={**os.environ, **login, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_preview_is_published(publish, zou, production, media, tmp_path):
    done = run(
        *(publish, zou, production, tmp_path),
        *(media.png, "Caminandes", "Lama", "Modeling"),
    )
    assert done.returncode == 0, done.stderr
    size = media.png.stat().st_size
    assert done.stdout.splitlines() == [
        "Logged in as Ana Rivera",
        "Commented on Caminandes / Lama / Modeling",
        f"Uploaded {media.png}: {size} bytes",
        "Downloaded thumbnail.png",
    ]
    assert (tmp_path / "thumbnail.png").read_bytes().startswith(b"\x89PNG")

    api = productions.Api(zou.host, zou.admin_email, zou.admin_password)
    asset = next(one for one in production.assets if one["name"] == "Lama")
    modeling = production.task_types["Modeling"]["id"]
    task = next(
        task
        for task in production.tasks
        if (task["entity_id"], task["task_type_id"]) == (asset["id"], modeling)
    )
    status = api.get("data/task-status/" + task_status_of(api, task))
    assert status["short_name"] == "wfa"
    comments = api.get("data/tasks/" + task["id"] + "/comments")
    assert [one["text"] for one in comments] == ["Ready for review."]
    preview = api.get("data/preview-files?task_id=" + task["id"])[0]
    assert preview["status"] == "ready"
    assert preview["original_name"] == media.png.stem
    main = api.get("data/assets/" + asset["id"])["preview_file_id"]
    assert main == preview["id"]


def task_status_of(api, task):
    return api.get("data/tasks/" + task["id"])["task_status_id"]


def test_a_rejected_login_is_an_error(
    publish, zou, production, media, tmp_path
):
    done = run(
        *(publish, zou, production, tmp_path),
        *(media.png, "Caminandes", "Lama", "Modeling"),
        KITSU_PASSWORD="wr0ng",
    )
    assert done.returncode != 0
    assert "does not accept this login" in done.stderr
    assert "wr0ng" not in done.stdout + done.stderr


def test_a_missing_task_is_an_error(publish, zou, production, media, tmp_path):
    done = run(
        *(publish, zou, production, tmp_path),
        *(media.png, "Caminandes", "Nobody", "Modeling"),
    )
    assert (done.returncode, done.stdout) == (1, "Logged in as Ana Rivera\n")
    assert "there is no Nobody" in done.stderr


def test_events_arrive_across_a_restart(listen, zou, production, admin):
    variables = {
        "KITSU_HOST": zou.host,
        "KITSU_EVENT_HOST": zou.event_host,
        "KITSU_LOGIN": production.artist_email,
        "KITSU_PASSWORD": production.artist_password,
    }
    with subprocess.Popen(
        [str(listen), "asset:new"],
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            lines = []
            reading = threading.Thread(target=read, args=(process, lines))
            reading.start()
            wait_for(lambda: lines == ["listening\n"])
            made = [
                new_asset(admin, production, "Bush %d" % n) for n in (1, 2)
            ]
            wait_for(lambda: len(lines) >= 3)
            assert asset_ids(lines) == made
            zou.restart()
            later = []

            def is_heard():
                later.append(
                    new_asset(admin, production, "Later %d" % len(later))
                )
                return len(lines) > 3

            wait_for(is_heard)
            assert set(asset_ids(lines)[2:]) <= set(later)
            assert process.poll() is None
        finally:
            process.kill()
        reading.join()


def read(process, lines):
    for line in process.stdout:
        lines.append(line)


def new_asset(admin, production, name):
    return admin.asset.new_asset(
        production.project["id"], production.asset_types["Prop"]["id"], name
    )["id"]


def asset_ids(lines):
    pairs = (line.split(" ", 1) for line in lines[1:])
    return [json.loads(data)["asset_id"] for _, data in pairs]

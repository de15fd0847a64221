"""The scripts of the cookbook, each run as a program against a real Zou."""

from __future__ import annotations

import csv
import http.server
import io
import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import opentimelineio
import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
STAND_INS = Path(__file__).resolve().parent / "stand_ins"


@pytest.fixture(scope="module")
def run(zou, production, tmp_path_factory):
    """Run a script as the administrator, and return what it prints."""
    folder = tmp_path_factory.mktemp("cookbook")
    login = {
        "KITSU_HOST": zou.host,
        "KITSU_LOGIN": zou.admin_email,
        "KITSU_PASSWORD": zou.admin_password,
    }

    def run(script, *arguments, check=0, **variables):
        done = subprocess.run(
            [sys.executable, str(EXAMPLES / script), *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=str(folder),
            env={**os.environ, **login, **variables},
            timeout=120,
        )
        assert done.returncode == check, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if check == 0 else done.stderr

    run.folder = folder
    return run


def test_status_report(run, production):
    table = run("status_report.py", "Caminandes")
    rows = list(
        csv.reader(io.StringIO(run("status_report.py", "Caminandes", "--csv")))
    )
    assert rows[0][0] == "task type" and rows[0][-1] == "tasks"
    assert sum(int(row[-1]) for row in rows[1:]) == len(production.tasks)
    assert [line.split()[0] for line in table.splitlines()[1:]] == [
        row[0].split()[0] for row in rows[1:]
    ]
    assert "no production named Nothing" in run(
        "status_report.py", "Nothing", check=1
    )


def test_time_sheets(run, production, admin):
    task = production.tasks[0]
    admin.task.set_time_spent(task, production.artist, "2026-11-05", 90)
    rows = list(csv.DictReader(io.StringIO(run("time_sheets.py", "2026-11"))))
    assert [(row["date"], row["hours"], row["project"]) for row in rows] == [
        ("2026-11-05", "1.5", "Caminandes")
    ]
    assert run("time_sheets.py", "2026-10").splitlines() == [
        "date,person,project,task type,hours"
    ]
    assert "2026-11" in run("time_sheets.py", "November", check=2)


def test_shots_from_csv(run, production, admin):
    path = run.folder / "shots.csv"
    path.write_text(
        "sequence,shot,frame_in,frame_out\n"
        "SE09,SH010,1001,1100\nSE09,SH020,1001,1050\n",
        encoding="utf-8",
    )
    assert run("shots_from_csv.py", "Caminandes", path) == (
        "2 created, 0 changed, 2 in the file\n"
    )
    path.write_text(path.read_text().replace("1050", "1060"), encoding="utf-8")
    assert run("shots_from_csv.py", "Caminandes", path) == (
        "0 created, 1 changed, 2 in the file\n"
    )
    sequence = admin.shot.get_sequence_by_name(production.project, "SE09")
    shot = admin.shot.get_shot_by_name(sequence, "SH020")
    assert (shot["nb_frames"], shot["data"]["frame_out"]) == (60, 1060)
    path.write_text("sequence,shot\nSE09,SH010\n", encoding="utf-8")
    assert "no column frame_in" in run(
        "shots_from_csv.py", "Caminandes", path, check=1
    )


def test_a_review_its_contact_sheet_and_the_clean_up(
    run, production, admin, media
):
    folder = run.folder / "renders"
    folder.mkdir()
    names = [sequence["name"] for sequence in production.sequences]
    shot = production.shots[0]
    sequence = next(
        s for s in production.sequences if s["id"] == shot["parent_id"]
    )
    file = "{}_{}.mp4".format(sequence["name"], shot["name"])
    assert sequence["name"] in names
    shutil.copy(str(media.mp4), str(folder / file))
    arguments = ("Caminandes", "Animation", folder, "--playlist", "Dailies")
    for revision in (1, 2, 3):
        out = run("review_playlist.py", *arguments)
        assert out == "{}: v{} of Animation\n".format(file, revision)
    (folder / "unknown.mp4").write_bytes(b"x")
    assert "unknown.mp4" in run("review_playlist.py", *arguments, check=1)

    playlist = admin.playlist.get_playlist_by_name(
        production.project, "Dailies"
    )
    playlist = admin.playlist.get_playlist(playlist)
    used = {entry["preview_file_id"] for entry in playlist["shots"]}
    previews = admin.files.get_all_preview_files_for_task(
        admin.task.get_task_by_entity(
            shot, admin.task.get_task_type_by_name("Animation")
        )
    )
    assert used and used <= {preview["id"] for preview in previews}

    admin.task.set_main_preview(previews[0])
    out = run(
        "contact_sheet.py",
        "Caminandes",
        sequence["name"],
        "--output",
        "a.html",
    )
    assert out.startswith("a.html: ")
    page = (run.folder / "a.html").read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") == 1
    assert page.count("<figure>") == int(out.split()[1])

    assert "would be removed" in run(
        "old_previews.py", "Caminandes", "--keep", "1"
    )
    before = {preview["id"] for preview in previews}
    run("old_previews.py", "Caminandes", "--keep", "1", "--remove")
    left = {
        preview["id"]
        for preview in admin.files.get_all_preview_files_for_task(
            previews[0]["task_id"]
        )
    }
    assert left < before and used <= left


def test_copy_setup(run, production, admin):
    admin.project.add_metadata_descriptor(
        production.project, "Difficulty", "Shot"
    )
    run("copy_setup.py", "Caminandes", "Caminandes 2")
    source = admin.project.get_project(production.project["id"])
    copied = admin.project.get_project(
        admin.project.get_project_by_name("Caminandes 2")["id"]
    )
    for name in ("asset_types", "task_types", "task_statuses", "team"):
        assert sorted(copied[name]) == sorted(source[name])
    assert copied["fps"] == source["fps"]
    (descriptor,) = admin.project.all_metadata_descriptors(copied)
    assert (descriptor["name"], descriptor["entity_type"]) == (
        "Difficulty",
        "Shot",
    )
    assert "exists already" in run(
        "copy_setup.py", "Caminandes", "Caminandes 2", check=1
    )


@pytest.mark.parametrize(
    "application, arguments",
    [
        ("blender", []),
        ("maya", ["lama.ma"]),
        ("houdini", ["lama.hip", "/out/turntable"]),
    ],
)
def test_publish_from_application(
    application, arguments, run, production, admin
):
    asset = production.assets[0]
    modeling = admin.task.get_task_type_by_name("Modeling")
    task = admin.task.get_task_by_entity(asset, modeling)
    before = admin.files.get_all_preview_files_for_task(task)
    path = "Caminandes/{}/Modeling".format(asset["name"])
    variables = {
        "PYTHONPATH": str(STAND_INS / application),
        "KITSU_TASK": path,
    }
    out = run("publish_from_application.py", *arguments, **variables)
    after = admin.files.get_all_preview_files_for_task(task)
    assert len(after) == len(before) + 1
    newest = max(after, key=lambda preview: preview["revision"])
    assert out == "published v{}\n".format(newest["revision"])
    assert newest["original_name"] == "frame"
    variables["KITSU_TASK"] = "Caminandes/Nobody/Modeling"
    assert "no such task" in run(
        "publish_from_application.py", *arguments, check=1, **variables
    )


def test_publish_needs_an_application(run, production):
    assert "Run this in Blender, Maya or Houdini" in run(
        "publish_from_application.py", check=1, KITSU_TASK="a/b/c"
    )


EDL = """\
TITLE: Caminandes
FCM: NON-DROP FRAME

001  AX       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: SE08_SH010
002  AX       V     C        00:00:00:00 00:00:01:12 01:00:02:00 01:00:03:12
* FROM CLIP NAME: SE08_SH020
003  AX       V     C        00:00:00:00 00:00:01:00 01:00:03:12 01:00:04:12
* FROM CLIP NAME: black
"""


def test_shots_from_otio(run, production, admin):
    path = run.folder / "edit.edl"
    path.write_text(EDL, encoding="utf-8")
    assert run("shots_from_otio.py", "Caminandes", path) == (
        "2 created, 0 changed, 2 in the file\n"
    )
    sequence = admin.shot.get_sequence_by_name(production.project, "SE08")
    shots = admin.shot.all_shots_for_sequence(sequence)
    assert [
        (shot["name"], shot["nb_frames"], shot["data"]["frame_out"])
        for shot in shots
    ] == [("SH010", 48, 1048), ("SH020", 36, 1036)]
    assert run("shots_from_otio.py", "Caminandes", path) == (
        "0 created, 0 changed, 2 in the file\n"
    )
    timeline = opentimelineio.adapters.read_from_file(str(path), rate=24)
    clip = next(iter(timeline.find_clips()))
    clip.source_range = opentimelineio.opentime.TimeRange(
        clip.source_range.start_time,
        opentimelineio.opentime.RationalTime(50, 24),
    )
    other = run.folder / "edit.otio"
    opentimelineio.adapters.write_to_file(timeline, str(other))
    assert run("shots_from_otio.py", "Caminandes", other) == (
        "0 created, 1 changed, 2 in the file\n"
    )
    shot = admin.shot.get_shot_by_name(sequence, "SH010")
    assert (shot["nb_frames"], shot["data"]["frame_out"]) == (50, 1050)


class Webhook(http.server.BaseHTTPRequestHandler):
    """Stands in for Discord."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages.put(json.loads(body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def discord():
    """Yield a server with the ``messages`` that it gets, and its ``url``."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
    server.messages = queue.Queue()
    server.url = "http://127.0.0.1:{}".format(server.server_port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_discord_notifier(zou, production, admin, media, discord, tmp_path):
    """It tells about a preview of the past, so the test waits for no listener."""
    task = admin.task.get_task_by_entity(
        production.assets[0], admin.task.get_task_type_by_name("Modeling")
    )
    status = admin.task.get_task_status_by_short_name("wfa")
    _, preview = admin.task.publish_preview(
        task, status, comment="Look", preview_file_path=str(media.png)
    )
    variables = {
        "KITSU_HOST": zou.host,
        "KITSU_LOGIN": zou.admin_email,
        "KITSU_PASSWORD": zou.admin_password,
        "DISCORD_WEBHOOK": discord.url,
        "STATE_DIRECTORY": str(tmp_path),
    }
    notifier = subprocess.Popen(
        [
            sys.executable,
            str(EXAMPLES / "discord_notifier.py"),
            "--since",
            "2020-01-01",
        ],
        env={**os.environ, **variables},
        cwd=str(tmp_path),
    )
    title = "{} / Modeling: v{}".format(
        production.assets[0]["name"], preview["revision"]
    )
    try:
        while True:
            (embed,) = discord.messages.get(timeout=60)["embeds"]
            if embed["title"] == title:
                break
    finally:
        notifier.terminate()
        notifier.wait(30)
    assert embed["description"] == "Look"
    assert embed["url"].endswith("/tasks/{}/".format(task["id"]))
    assert embed["footer"] == {"text": "Caminandes"}
    assert embed["color"] == int(status["color"].lstrip("#"), 16)

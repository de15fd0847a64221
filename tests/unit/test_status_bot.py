"""The bot of ``examples``, as systemd and Docker run it."""

from __future__ import annotations

import configparser
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import gazu
import gazu.testing
import pytest

from . import needs
from .recording_server import Answer
from .waiting import wait_for

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"

pytestmark = [
    pytest.mark.beyond,
    pytest.mark.skipif(not EXAMPLES.is_dir(), reason="only the wheel is here"),
]


def unit():
    """Return the sections of the unit."""
    parser = configparser.ConfigParser(strict=True, interpolation=None)
    parser.optionxform = str
    parser.read_string((EXAMPLES / "status-bot.service").read_text())
    return parser


def dockerfile():
    """Return the instructions of the Dockerfile, in pairs."""
    text = (EXAMPLES / "status-bot.Dockerfile").read_text()
    text = re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).replace("\\\n", "")
    return [tuple(line.split(None, 1)) for line in text.splitlines() if line]


@pytest.fixture
def kitsu():
    with gazu.testing.KitsuServer() as server:
        yield server


@pytest.fixture
def task(kitsu):
    client = kitsu.log_in()
    project = gazu.project.new_project("Caminandes", client=client)
    kind = gazu.asset.get_asset_type_by_name("Character", client=client)
    asset = gazu.asset.new_asset(project, kind, "Lama", client=client)
    modeling = gazu.task.get_task_type_by_name("Modeling", client=client)
    return gazu.task.new_task(asset, modeling, client=client)


def change_status(kitsu, task, status="Work In Progress"):
    client = kitsu.log_in()
    found = gazu.task.get_task_status_by_name(status, client=client)
    gazu.task.add_comment(task, found, client=client)


@pytest.fixture
def environment(kitsu, server, tmp_path):
    """The variables of the bot: its login, the chat, and the folder of its state."""
    (tmp_path / "state").mkdir()
    return dict(
        os.environ,
        KITSU_HOST=kitsu.host,
        KITSU_TOKEN=kitsu.log_in().access_token,
        CHAT_WEBHOOK=server.url + "/chat",
        STATE_DIRECTORY=str(tmp_path / "state"),
    )


@pytest.fixture
def start(environment, tmp_path):
    """Start the bot. It ends with the test."""
    started = []

    def start(*command, **variables):
        process = subprocess.Popen(
            command or [sys.executable, str(EXAMPLES / "status_bot.py")],
            env=dict(environment, **variables),
            cwd=str(tmp_path),
            stderr=subprocess.PIPE,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


@needs.signals
@needs.unix_sockets
def test_the_bot_is_a_service_of_systemd(
    kitsu, task, server, start, tmp_path, monkeypatch
):
    server.on("POST", "/chat", Answer("ok"))
    # A path of at most 100 bytes.
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("notify")
        systemd.settimeout(30)
        service = unit()["Service"]
        assert service["Type"] == "notify"
        limit = int(service["WatchdogSec"]) * 1000000
        process = start(NOTIFY_SOCKET="notify", WATCHDOG_USEC=str(limit))
        heard = set()
        while b"READY=1" not in heard:
            heard.add(systemd.recv(100))
        change_status(kitsu, task)
        wait_for(lambda: server.requests)
        process.terminate()
        _, err = process.communicate(timeout=30)
        assert process.returncode == 0, err
        while b"STOPPING=1" not in heard:
            heard.add(systemd.recv(100))
    assert b"WATCHDOG=1" in heard
    assert json.loads(server.last.body) == {
        "text": "Caminandes / Lama / Modeling: Work In Progress (Super Admin)"
    }


@needs.signals
def test_nothing_is_missed_while_it_is_down(
    kitsu, task, server, start, environment
):
    server.on("POST", "/chat", Answer("ok"))
    process = start()
    state = Path(environment["STATE_DIRECTORY"])
    wait_for(lambda: (state / "status-bot.checkpoint").exists())
    process.kill()
    process.wait()
    for status in ("Work In Progress", "Done"):
        change_status(kitsu, task, status)
    start()
    wait_for(lambda: len(server.requests) == 2)
    texts = [json.loads(request.body)["text"] for request in server.requests]
    assert "Work In Progress" in texts[0] and "Done" in texts[1]


def test_the_unit_is_valid():
    sections = unit()
    assert sections.sections() == ["Unit", "Service", "Install"]
    service = sections["Service"]
    assert Path(shlex.split(service["ExecStart"])[-1]).name == "status_bot.py"
    # The example uses this folder by its variable.
    assert service["StateDirectory"] and service["Restart"] == "on-failure"
    analyze = shutil.which("systemd-analyze")
    if analyze:
        done = subprocess.run(
            [analyze, "verify", str(EXAMPLES / "status-bot.service")],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines = [
            line
            for line in done.stdout.splitlines()
            # The environment of the unit is not installed here.
            if "status-bot" in line and "not executable" not in line
        ]
        assert lines == []


@needs.signals
def test_the_commands_of_the_container_work(
    kitsu, task, server, start, environment, tmp_path
):
    instructions = dockerfile()
    names = [name for name, _ in instructions]
    assert names[0] == "FROM" and names[-1] == "CMD"
    copied = [
        value.split()[0] for name, value in instructions if name == "COPY"
    ]
    assert copied == ["*.whl", "status_bot.py"]
    shutil.copy(str(EXAMPLES / "status_bot.py"), str(tmp_path))
    command = json.loads(instructions[-1][1])
    check = json.loads(dict(instructions)["HEALTHCHECK"].partition("CMD ")[2])
    assert command[0] == check[0] == "python"

    def is_healthy():
        done = subprocess.run(
            [sys.executable, *check[1:]], env=environment, cwd=str(tmp_path)
        )
        return done.returncode == 0

    assert not is_healthy()
    bot = start(sys.executable, *command[1:])
    wait_for(is_healthy)
    alive = Path(environment["STATE_DIRECTORY"]) / "alive"
    old = time.time() - 3600
    os.utime(str(alive), (old, old))
    wait_for(is_healthy)
    bot.kill()
    bot.wait()
    os.utime(str(alive), (old, old))
    assert not is_healthy()

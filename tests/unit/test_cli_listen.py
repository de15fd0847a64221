"""``gazu-cli listen`` and ``gazu-cli events``, as processes against the server in memory."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import shlex
import signal
import subprocess
import sys

import gazu.testing
import pytest
from gazu._events.checkpoint import FileStorage
from gazu._events.skipped import Skipped
from gazu._events.webhook import Webhook, signature

from . import needs
from .recording_server import Answer
from .waiting import wait_for

pytest.importorskip("click")
pytestmark = [pytest.mark.beyond, needs.signals]


@pytest.fixture
def kitsu():
    with gazu.testing.KitsuServer() as server:
        yield server


@pytest.fixture
def state(tmp_path, monkeypatch):
    """The folder of the listeners' files."""
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def listen(kitsu, tmp_path, state):
    """Start ``gazu-cli listen`` with a stored login. It ends with the test."""
    client = kitsu.log_in()
    folder = tmp_path / ".gazu"
    folder.mkdir()
    (folder / "config.json").write_text(
        json.dumps({"host": client.host, "tokens": client.tokens})
    )
    started = []

    def start(*arguments, **variables):
        process = subprocess.Popen(
            [sys.executable, "-m", "gazu", "listen", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=str(tmp_path),
            env=dict(os.environ, HOME=str(tmp_path), **variables),
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def end(process):
    """End a listener with SIGTERM, and return what it has printed since."""
    process.terminate()
    out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    return out


def test_json_lines(kitsu, listen):
    kitsu.emit("task:new", {"text": "é\x7f"})
    kitsu.emit("shot:new", {})
    kitsu.emit("task:update", {})
    process = listen("task:*", "--json", "--since", "beginning")
    lines = [process.stdout.readline() for _ in range(2)]
    assert json.loads(lines[0]) == kitsu.events[0] and "\x7f" not in lines[0]
    assert json.loads(lines[1])["name"] == "task:update"
    kitsu.emit("task:new", {"n": 3})
    assert json.loads(process.stdout.readline())["data"] == {"n": 3}
    assert end(process) == ""


def test_text(kitsu, listen):
    kitsu.emit("task:new", {"text": "\x1b[31m"})
    process = listen("--since", "2020-01-01")
    line = process.stdout.readline()
    date = kitsu.events[0]["created_at"]
    assert line == '{}  task:new  {{"text": "\\u001b[31m"}}\n'.format(date)
    end(process)


def test_a_name_continues(kitsu, listen, state):
    kitsu.emit("task:new", {"n": 1})
    options = ("--name", "bot", "--json", "--since", "beginning")
    process = listen(*options)
    assert json.loads(process.stdout.readline())["data"] == {"n": 1}
    wait_for(lambda: FileStorage(str(state / "bot.checkpoint")).load()["seen"])
    end(process)
    kitsu.emit("task:new", {"n": 2})
    process = listen(*options)
    assert json.loads(process.stdout.readline())["data"] == {"n": 2}
    second = listen(*options)
    out, err = second.communicate(timeout=30)
    assert second.returncode == 1 and out == ""
    assert "already running" in err and err.count("\n") == 1
    end(process)


def test_a_closed_pipe_ends_it(kitsu, listen):
    kitsu.emit("task:new", {"n": 1})
    process = listen("--json", "--since", "beginning")
    process.stdout.readline()
    process.stdout.close()
    kitsu.emit("task:new", {"n": 2})
    assert process.wait(30) != 0
    assert "Traceback" not in process.stderr.read()


def test_exec(kitsu, listen, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "import json, os, sys\n"
        "event = json.load(sys.stdin)\n"
        "print(os.environ['GAZU_EVENT_NAME'], event['data']['n'], flush=True)\n"
    )
    command = " ".join(map(shlex.quote, [sys.executable, str(program)]))
    kitsu.emit("task:new", {"n": 1})
    process = listen("--exec", command, "--since", "beginning")
    assert process.stdout.readline() == "task:new 1\n"
    kitsu.emit("shot:new", {"n": 2})
    assert process.stdout.readline() == "shot:new 2\n"
    end(process)


def test_exec_stops_after_a_failure(kitsu, listen):
    kitsu.emit("task:new", {"n": 1})
    process = listen(
        *("--exec", "exit 3", "--since", "beginning", "--retries", "0")
    )
    out, err = process.communicate(timeout=30)
    assert process.returncode == 1 and out == ""
    assert err == "Error: its exit code is 3\n"


def test_skipped_events_are_listed_and_retried(
    kitsu, listen, state, run, tmp_path
):
    kitsu.emit("task:new", {"n": 1})
    options = ("--name", "bot", "--since", "beginning", "--retries", "0")
    flag = shlex.quote(str(tmp_path / "flag"))
    command = "test -e {} && cat".format(flag)
    process = listen(*options, "--on-error", "skip", "--exec", command)
    wait_for(lambda: Skipped(str(state / "bot")).entries())
    end(process)
    code, out, _ = run("events", "skipped", "bot")
    assert code == 0 and "task:new" in out and "exit code" in out
    code, out, _ = run("--json", "events", "skipped", str(state / "bot"))
    assert json.loads(out)[0]["event"] == kitsu.events[0]
    assert run("events", "retry", "bot")[:2] == (
        0,
        "1 event will be handled again.\n",
    )
    assert run("events", "retry", "bot")[1] == "No skipped events.\n"
    (tmp_path / "flag").touch()
    process = listen(*options, "--exec", command)
    assert json.loads(process.stdout.readline()) == kitsu.events[0]
    end(process)


@pytest.mark.parametrize("name", ["nobody", "/no/where"])
def test_an_unknown_listener_is_an_error(run, state, name):
    code, out, err = run("events", "retry", name)
    assert code == 1 and out == "" and "No listener has these files" in err


def test_a_project(kitsu, listen):
    client = kitsu.log_in()
    lama = gazu.project.new_project("Lama", client=client)
    kitsu.emit("task:new", {"n": 1})
    kitsu.emit("task:new", {"n": 2}, project_id=lama["id"])
    process = listen(
        *("task:*", "--project", "Lama", "--json", "--since", "beginning")
    )
    assert json.loads(process.stdout.readline())["data"]["n"] == 2
    end(process)
    process = listen("--project", "No such")
    _, err = process.communicate(timeout=30)
    assert err.startswith("Project not found: No such")


class TestWebhook:
    SECRET = "whsec_" + base64.b64encode(b"k" * 24).decode()

    def test_events_are_signed(self, kitsu, listen, server):
        answers = [Answer({}, status=500), Answer({}, status=204)]
        server.on("POST", "/hook", lambda request: answers.pop(0))
        kitsu.emit("task:new", {"n": 1})
        process = listen(
            *("--since", "beginning", "--webhook", server.url + "/hook"),
            GAZU_WEBHOOK_SECRET=self.SECRET,
        )
        wait_for(lambda: not answers)
        end(process)
        first, second = server.requests
        assert first.body == second.body
        assert json.loads(first.body) == kitsu.events[0]
        headers = {name.lower(): value for name, value in second.headers}
        assert headers["webhook-id"] == kitsu.events[0]["id"]
        assert headers["content-type"] == "application/json"
        signed = "{}.{}.".format(
            headers["webhook-id"], headers["webhook-timestamp"]
        )
        digest = hmac.new(
            b"k" * 24, signed.encode() + second.body, hashlib.sha256
        ).digest()
        expected = "v1," + base64.b64encode(digest).decode()
        assert headers["webhook-signature"] == expected
        assert "authorization" not in headers

    def test_the_signature_is_that_of_the_standard(self):
        """The example of the libraries of standardwebhooks.com."""
        key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        assert (
            signature(
                key,
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "1614265330",
                b'{"test": 2432232314}',
            )
            == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        )

    def test_an_answer_without_success_is_an_error(self, server):
        event = {"id": None, "name": "chat:left", "data": {}}
        hook = Webhook(server.url + "/hook?key=s3cret", "plain", 5)
        for status in (301, 404, 500):
            server.on(
                "POST",
                "/hook",
                Answer({}, status=status, headers={"Location": "/there"}),
            )
            with pytest.raises(OSError, match=str(status)) as raised:
                hook(event)
            assert "s3cret" not in str(raised.value)
        assert len(server.requests) == 3
        with pytest.raises(OSError, match="cannot be reached") as raised:
            Webhook("http://127.0.0.1:9/s3cret", "plain", 5)(event)
        assert "s3cret" not in str(raised.value)

    @pytest.mark.parametrize(
        "url, secret",
        [
            ("ftp://h", "s"),
            ("http://", "s"),
            ("h/path", "s"),
            ("http://h", "whsec_"),
            ("http://h", "whsec_!"),
        ],
    )
    def test_bad_input(self, url, secret):
        with pytest.raises(ValueError):
            Webhook(url, secret, 5)


@pytest.mark.parametrize(
    "arguments",
    [
        ("task",),
        ("--since", "yesterday"),
        ("--name", "a/b"),
        ("--exec", "x", "--webhook", "http://h"),
        ("--json", "--exec", "x"),
        ("--csv",),
        ("--webhook", "http://h"),
        ("--webhook", "h", "SECRET"),
        ("--retries", "-1"),
        ("--timeout", "0"),
        ("--on-error", "ignore"),
    ],
)
def test_bad_arguments(run, server, monkeypatch, arguments):
    if "SECRET" in arguments:
        arguments = arguments[:-1]
        monkeypatch.setenv("GAZU_WEBHOOK_SECRET", "s")
    code, out, err = run("listen", *arguments)
    assert code in (1, 2) and out == "" and err
    assert server.requests == []


def test_ctrl_c_ends_it(kitsu, listen):
    kitsu.emit("task:new", {"n": 1})
    process = listen("--json", "--since", "beginning")
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 1 and "Traceback" not in err

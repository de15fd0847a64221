"""The launcher of Zou, which the other tests rely on."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from .scenarios import production as productions
from .zou.install import ROOT
from .zou.processes import marked
from .zou.server import COMMAND_LINE, ZouServer


def get(url, token=None):
    headers = {"Authorization": "Bearer " + token} if token else {}
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def log_in(zou):
    return productions.Api(zou.host, zou.admin_email, zou.admin_password)


def test_the_proxy_serves_api_events_and_page(zou):
    status, body = get(zou.host + "/status")
    assert status == 200
    assert json.loads(body.decode())["version"] == "1.0.97"
    status, body = get(zou.event_host + "/socket.io/?EIO=4&transport=polling")
    assert (status, body[:1]) == (200, b"0")
    status, body = get(zou.event_host + "/login")
    assert status == 200 and b"<title>Kitsu</title>" in body
    assert get(zou.direct_host + "/status")[0] == 200


def test_a_websocket_upgrade_is_passed_on(zou):
    host, port = zou.event_host[len("http://") :].split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: "
            + host.encode()
            + b"\r\n"
            b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        )
        received = b""
        while b'"sid"' not in received:
            part = connection.recv(4096)
            assert part, received
            received += part
    assert received.startswith(b"HTTP/1.1 101 ")
    assert b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in received


def test_reset_database_removes_all_projects(fresh_zou, media):
    filled = productions.fill(
        fresh_zou.host, fresh_zou.admin_email, fresh_zou.admin_password
    )
    api = log_in(fresh_zou)
    assert [project["id"] for project in api.get("data/projects")] == [
        filled.project["id"]
    ]
    assert len(api.get("data/tasks")) == len(filled.tasks) == 18
    artist = productions.Api(
        fresh_zou.host, filled.artist_email, filled.artist_password
    )
    assert len(artist.get("data/user/tasks")) == 18
    begun = time.monotonic()
    fresh_zou.reset_database()
    assert time.monotonic() - begun < 15
    assert api.get("data/projects") == []
    assert [person["email"] for person in api.get("data/persons")] == [
        fresh_zou.admin_email
    ]


def test_an_expired_token_is_rejected(zou):
    request = urllib.request.Request(
        zou.host + "/auth/login",
        json.dumps(
            {"email": zou.admin_email, "password": zou.admin_password}
        ).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        token = json.loads(reply.read().decode())["access_token"]
    assert get(zou.host + "/data/persons", token)[0] == 200
    status, body = get(
        zou.host + "/data/persons", zou.make_expired_token(token)
    )
    assert status == 401
    assert json.loads(body.decode())["message"] == "Signature has expired"


def test_requests_are_logged(zou):
    marks = zou.marks()
    get(zou.host + "/status?seen=caf%C3%A9")
    # The server writes its log after it has sent the answer.
    wait_until(lambda: zou.requests_since(marks), 10)
    assert zou.requests_since(marks) == [
        ("GET", "/status?seen=caf%C3%A9", 200)
    ]


def test_restart_keeps_the_host(zou):
    host = zou.host
    api = log_in(zou)
    zou.stop_parts("api")
    assert get(host + "/status")[0] == 502
    zou.restart()
    assert zou.host == host
    assert api.get("data/persons")


def launcher(*arguments):
    done = subprocess.run(
        [*COMMAND_LINE, *map(str, arguments)],
        cwd=str(ROOT),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def read_state(folder):
    return json.loads((folder / "server.json").read_text())


def wait_for_part(folder, name):
    """Wait until a part of a starting server runs, and return its mark."""
    wait_until(lambda: (folder / "server.json").exists())
    mark = read_state(folder)["id"]
    wait_until(
        lambda: name in {r["name"] for r in read_state(folder)["processes"]}
    )
    return mark


def test_the_command_line_starts_and_stops_a_server(tmp_path):
    folder = tmp_path / "server"
    assert launcher("status", "--dir", folder)[0] == 3
    code, text = launcher("start", "--filled", "--dir", folder)
    assert code == 0, text
    first = ZouServer.attach(folder)
    assert (
        first.host in text
        and first.admin_email in text
        and first.admin_password in text
    )
    api = productions.Api(first.host, first.admin_email, first.admin_password)
    assert [one["name"] for one in api.get("data/projects")] == ["Caminandes"]
    assert launcher("start", "--dir", folder)[0] == 0
    assert read_state(folder) == first.state

    for name in ("postgres", "api"):
        os.kill(
            next(
                r["pid"] for r in first.state["processes"] if r["name"] == name
            ),
            9,
        )
    wait_until(
        lambda: not first.status()["api"] and not first.status()["postgres"]
    )
    code, text = launcher("status", "--dir", folder)
    assert code == 1 and "not running" in text

    code, text = launcher("start", "--dir", folder)
    assert code == 0, text
    assert marked(first.state["id"]) == []
    second = read_state(folder)
    assert second["id"] != first.state["id"]
    assert launcher("stop", "--dir", folder)[0] == 0
    assert marked(second["id"]) == []
    assert not folder.exists()
    assert launcher("stop", "--dir", folder)[0] == 0


def test_nothing_outlives_a_killed_owner(tmp_path):
    folder = tmp_path / "server"
    owner = subprocess.Popen(
        [*COMMAND_LINE, "run", "--dir", str(folder)],
        cwd=str(ROOT),
        stdout=subprocess.DEVNULL,
    )
    try:
        mark = wait_for_part(folder, "proxy")
    finally:
        owner.kill()
        owner.wait()
    wait_until(lambda: not folder.exists())
    assert marked(mark) == []


def test_an_interrupt_during_the_start_stops_all(tmp_path):
    folder = tmp_path / "server"
    starting = subprocess.Popen(
        [*COMMAND_LINE, "start", "--dir", str(folder)],
        cwd=str(ROOT),
        stdout=subprocess.DEVNULL,
        # Tests that a shell runs in the background ignore SIGINT.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    try:
        mark = wait_for_part(folder, "api")
        starting.send_signal(signal.SIGINT)
        assert starting.wait(timeout=60) == 130
        assert not folder.exists()
        assert marked(mark) == []
    finally:
        launcher("stop", "--dir", folder)


def test_a_folder_in_use_is_not_touched(tmp_path):
    (tmp_path / "precious").write_text("kept")
    code, text = launcher("start", "--dir", tmp_path)
    assert code == 1 and "is not empty" in text
    assert launcher("stop", "--dir", tmp_path)[0] == 0
    assert (tmp_path / "precious").read_text() == "kept"


def upload(api, path, file):
    """Send a file as a form, as a browser does."""
    boundary = "c0ffee"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file.name}"\r\n\r\n'
    body = (
        head.encode() + file.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
    )
    headers = dict(api.headers)
    headers["Content-Type"] = "multipart/form-data; boundary=" + boundary
    request = urllib.request.Request(api.host + "/" + path, body, headers)
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.loads(reply.read().decode())


def test_options_are_applied(tmp_path, media):
    """Job queue, compression and a limit on bodies, on one server of its own."""
    options = {
        "settings": {"ENABLE_JOB_QUEUE": True},
        "compress": True,
        "max_body": 2000000,
    }
    with ZouServer(tmp_path / "server", **options) as server:
        status = json.loads(get(server.host + "/status")[1].decode())
        assert status["job-queue-up"] is True
        server.reset_database()
        made = productions.fill(
            server.host, server.admin_email, server.admin_password
        )
        api = log_in(server)
        task = made.tasks[0]
        comment = {
            "task_status_id": task["task_status_id"],
            "comment": "With a movie",
        }
        comment = api.post(
            "actions/tasks/{}/comment".format(task["id"]), comment
        )
        path = "actions/tasks/{}/comments/{}/add-preview".format(
            task["id"], comment["id"]
        )
        preview = api.post(path, {})
        sent = upload(
            api, "pictures/preview-files/" + preview["id"], media.mp4
        )
        assert sent["status"] == "processing"
        path = "data/preview-files/" + preview["id"]
        wait_until(lambda: api.get(path)["status"] != "processing")
        assert api.get(path)["status"] == "ready"

        headers = dict(api.headers, **{"Accept-Encoding": "gzip"})
        request = urllib.request.Request(
            api.host + "/data/tasks", headers=headers
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            assert reply.headers["Content-Encoding"] == "gzip"
            assert json.loads(
                gzip.decompress(reply.read()).decode()
            ) == api.get("data/tasks")

        large = tmp_path / "large.bin"
        large.write_bytes(bytes(2000001))
        with pytest.raises(urllib.error.HTTPError) as caught:
            upload(api, "pictures/preview-files/" + preview["id"], large)
        assert caught.value.code == 413

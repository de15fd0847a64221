"""What people see in a console: ``gazu.show``, the repr of a client, and messages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import gazu
import pytest

from .recording_server import Answer

ID = "6f1e0a52-3c5b-4d0b-9a59-0c4f5b1d7e11"
PACKAGE = Path(gazu.__file__).parent

pytestmark = pytest.mark.beyond


class TestShow:
    ROWS = (
        {"id": "1", "nb_frames": 48, "name": "SH01", "data": {"a": 1}},
        {"id": "2", "nb_frames": None, "name": "SH\n02\x1b[2J", "ready": True},
    )

    def test_a_table_is_text(self):
        assert repr(gazu.show(self.ROWS)).splitlines() == [
            "name          nb_frames  ready  id",
            "------------  ---------  -----  --",
            "SH01          48                1",
            "SH 02\\x1b[2J             True   2",
        ]
        assert str(gazu.show([])) == "No records."
        assert len(gazu.show(self.ROWS[0])) == 1

    def test_columns_can_be_chosen(self):
        text = str(gazu.show(self.ROWS, columns=["id", "data"]))
        assert text.splitlines()[2] == "1   {'a': 1}"

    def test_a_notebook_gets_escaped_html(self):
        html = gazu.show([{"name": "<script>"}])._repr_html_()
        assert "<td>&lt;script&gt;</td>" in html and "<script>" not in html

    @pytest.mark.parametrize(
        "arguments", [([1],), (["a"],), ([{}], "name")], ids=str
    )
    def test_what_is_no_record_raises(self, arguments):
        with pytest.raises(TypeError, match=r"^(records|columns): "):
            gazu.show(*arguments)


def test_a_client_shows_its_host_and_login():
    client = gazu.client.create_client("https://me:pw@kitsu.example.com/api")
    assert repr(client) == (
        "<KitsuClient https://kitsu.example.com/api, not logged in>"
    )
    client.tokens = {"access_token": "s3cret"}
    assert repr(client) == (
        "<KitsuClient https://kitsu.example.com/api, logged in>"
    )


class TestExplanations:
    @pytest.mark.parametrize(
        "status, body, said",
        [
            (401, {"msg": "No token"}, ["gazu.log_in", '"No token"']),
            (
                401,
                {"message": "Signature has expired"},
                ["the login has expired", "gazu.log_in"],
            ),
            (403, {"message": "Only admins."}, ["your role", "Only admins"]),
            (404, {}, ["there is no task with this ID"]),
            (404, "<html>", ["does the host end with /api"]),
            (405, "Not Allowed", ["does the host end with /api"]),
            (500, {"message": "Out of disk"}, ["failed", "Out of disk"]),
        ],
        ids=str,
    )
    def test_a_rejection_is_explained(
        self, server, default, monkeypatch, status, body, said
    ):
        monkeypatch.setattr(default, "_retries", 0)
        answer = Answer(body, status=status)
        if isinstance(body, str):
            answer = Answer(body=body, status=status, content_type="text/html")
        server.on("GET", "*", answer)
        path = "data/tasks/" + ID
        with pytest.raises(gazu.exception.GazuException) as caught:
            gazu.client.get(path)
        assert str(caught.value) == path
        (note,) = caught.value.__notes__
        assert note.startswith("{} ".format(status))
        for part in said:
            assert part in note

    def test_a_page_instead_of_json_is_explained(self, server, default):
        page = Answer(body="<!DOCTYPE html>", content_type="text/html")
        server.on("GET", "*", page)
        with pytest.raises(ValueError) as caught:
            gazu.project.all_projects()
        assert str(caught.value) == "Expecting value: line 1 column 1 (char 0)"
        (note,) = caught.value.__notes__
        assert "does the host end with /api" in note

    def test_a_missing_host_is_explained(self, monkeypatch):
        from gazu._requests_compat import errors

        text = errors.requests_message(
            "ConnectionError",
            "error: Connection refused",
            "http://gazu.change.serverhost/api/data/projects",
        )
        assert "Max retries exceeded" in text
        assert "call gazu.set_host(" in text

    @pytest.mark.parametrize(
        "call, said",
        [
            (
                lambda: gazu.task.all_tasks_for_shot({"name": "SH01"}),
                ["shot: the dict has no 'id'", "it has 'name'"]
                + ["gazu.task.all_tasks_for_shot"],
            ),
            (
                lambda: gazu.shot.all_shots_for_sequence(None),
                ["sequence: ", "it is None: was it not found by its name?"],
            ),
            (
                lambda: gazu.task.add_comment(ID, "wip"),
                ['not "wip"', "gazu.task.get_task_status_by_short_name"],
            ),
            (
                lambda: gazu.helpers.normalize_model_parameter("Lama"),
                ["expected ID string or Data dict", "'Lama'", "_by_name"],
            ),
        ],
        ids=["no id", "None", "a name", "a helper"],
    )
    def test_a_bad_argument_is_explained(self, server, default, call, said):
        with pytest.raises((KeyError, TypeError, ValueError)) as caught:
            call()
        for part in said:
            assert part in str(caught.value)
        assert server.requests == []


def messages():
    """Return the literal messages of the package: ``(file:line, text)``."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        if "testing" in path.parts or "_requests_compat" in path.parts:
            # These have Zou's words, or those of requests.
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, (ast.Raise, ast.Call)):
                continue
            call = node.exc if isinstance(node, ast.Raise) else node
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if isinstance(node, ast.Call) and name not in (
                *("warning", "error", "warn", "fail", "UsageError"),
            ):
                continue
            for part in ast.walk(call.args[0]):
                text = getattr(part, "value", None)
                if isinstance(part, ast.Constant) and isinstance(text, str):
                    if len(text.split()) > 1:
                        place = "{}:{}".format(path.name, part.lineno)
                        found.append((place, text))
                    break
    return found


def test_messages_are_plain():
    """They name things, and blame nobody."""
    found = messages()
    assert len(found) > 60
    vague = re.compile(
        r"(?i)\b(not understood|something went wrong|oops|unknown error|illegal"
        r"|invalid (data|input|value)\b(?! %r| of)|bad (data|input))"
    )
    assert [each for each in found if vague.search(each[1])] == []

"""What exceptions, warnings and commands say, and what they explain."""

from __future__ import annotations

import ast
import asyncio
import importlib
import inspect
import re
from pathlib import Path

import gazu
import gazu.aio
import pytest

from ..parity.values import LISTS, MODELS, VALUES
from .recording_server import Answer

ID = "6f1e0a52-3c5b-4d0b-9a59-0c4f5b1d7e11"
PACKAGE = Path(gazu.__file__).parent
SOURCES = Path(__file__).parents[2] / "src"

pytestmark = pytest.mark.beyond


def note_of(call):
    """Return the exception that a call raises, and its only note."""
    with pytest.raises(Exception) as caught:
        call()
    (note,) = caught.value.__notes__
    return caught.value, note


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
            (405, {}, ["for other methods only"]),
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

    @pytest.mark.parametrize(
        "path, status, said",
        [
            (
                "movies/originals/preview-files/{}.mp4",
                404,
                "file of this preview",
            ),
            ("pictures/thumbnails/persons/{}.png", 404, "no picture"),
            (
                "actions/tasks/{0}/comments/{0}/add-preview",
                404,
                "no task or no comment with these IDs",
            ),
            (
                "data/tasks/{}/working-files/new",
                500,
                "update_project_file_tree",
            ),
            ("data/search", 500, "search index"),
        ],
    )
    def test_what_a_route_usually_lacks_is_named(
        self, server, default, monkeypatch, path, status, said
    ):
        monkeypatch.setattr(default, "_retries", 0)
        server.on("GET", "*", Answer({}, status=status))
        _, note = note_of(lambda: gazu.client.get(path.format(ID)))
        assert note.startswith("{} ".format(status)) and said in note
        name = re.search(r"gazu\.files\.(\w+)", note)
        assert name is None or callable(getattr(gazu.files, name.group(1)))

    def test_a_page_instead_of_json_is_explained(self, server, default):
        page = Answer(body="<!DOCTYPE html>", content_type="text/html")
        server.on("GET", "*", page)
        with pytest.raises(ValueError) as caught:
            gazu.project.all_projects()
        assert str(caught.value) == "Expecting value: line 1 column 1 (char 0)"
        (note,) = caught.value.__notes__
        assert "does the host end with /api" in note

    def test_a_missing_host_is_explained(self, monkeypatch):
        from gazu._requests_compat import messages

        text = messages.requests_message(
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
                ["sequence: ", "it is None: was it not found by its name?"]
                + ["'NoneType' object is not subscriptable"],
            ),
            (
                lambda: gazu.task.add_comment(ID, "wip"),
                ['not "wip"', "gazu.task.get_task_status_by_short_name"],
            ),
            (
                lambda: gazu.helpers.normalize_model_parameter("Lama"),
                ["expected ID string or Data dict", '"Lama"', "_by_name"],
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

    @pytest.mark.parametrize("status", [404, 405])
    def test_a_host_without_a_login_is_explained(
        self, server, default, status
    ):
        server.on("POST", "auth/login", Answer({}, status=status))
        error, note = note_of(lambda: gazu.log_in("a@example.com", "x"))
        assert str(error) == "auth/login"
        assert "does the host end with /api" in note
        assert "https://" in note

    def test_the_role_of_the_login_is_named(self, server, default):
        server.on("GET", "*", Answer({}, status=403))
        default.tokens = {"access_token": "t", "user": {"role": "vendor"}}
        path = "data/projects"
        error, note = note_of(lambda: gazu.client.get(path))
        assert error.args == (path,)
        assert note == "403 your role, vendor, or team may not do this"
        assert len(server.requests) == 1

    def test_the_role_is_named_to_awaited_calls(self, server):
        server.on("GET", "*", Answer({}, status=403))

        async def main():
            async with gazu.aio.AsyncKitsuClient(server.url) as client:
                client.tokens = {"access_token": "t", "user": {"role": "user"}}
                await gazu.aio.get("data/projects", client=client)

        _, note = note_of(lambda: asyncio.run(main()))
        assert "your role, user, or team" in note

    def test_a_missing_route_names_the_version_that_was_asked_for(
        self, server, default
    ):
        server.on("GET", "", Answer({"api": "Zou", "version": "0.17.1"}))
        server.on("GET", "data/new", Answer({}, status=404))
        _, note = note_of(lambda: gazu.client.get("data/new"))
        assert "gazu.client.get_api_version()" in note
        assert gazu.client.get_api_version() == "0.17.1"
        _, note = note_of(lambda: gazu.client.get("data/new"))
        assert note == "404 the server has no such route, which is Zou 0.17.1"
        # Nothing but what the script has asked for is sent.
        assert len(server.requests) == 3

    def test_a_second_factor_is_explained(self, server, default):
        answer = {"missing_OTP": True, "message": "OTP is missing"}
        server.on("POST", "auth/login", Answer(answer, status=400))
        _, note = note_of(lambda: gazu.log_in("a@example.com", "x"))
        assert "totp=" in note
        answer = {"wrong_OTP": True, "message": "Wrong"}
        server.on("POST", "auth/login", Answer(answer, status=400))
        _, note = note_of(lambda: gazu.log_in("a@example.com", "x"))
        assert note.endswith("the second factor is wrong")

    @pytest.mark.parametrize(
        "host, said",
        [
            ("kitsu.example.com/api", "must start with https:// or http://"),
            ("localhost:80/api", "must start with https:// or http://"),
            ("", "The host is empty: call gazu.set_host("),
        ],
    )
    def test_a_host_without_a_scheme_is_explained(
        self, monkeypatch, default, host, said
    ):
        monkeypatch.setattr(default, "host", host)
        _, note = note_of(lambda: gazu.project.all_projects())
        assert said in note

    def test_a_server_that_never_answers_is_named(
        self, server, default, monkeypatch
    ):
        server.on("GET", "*", Answer(hang="headers"))
        monkeypatch.setattr(default, "_retries", 1)
        monkeypatch.setattr(default, "_deadlines", (5, 0.1))
        error, note = note_of(lambda: gazu.project.all_projects())
        address = server.url.replace("http://", "")
        host, port = address.split(":")
        assert "host={!r}, port={}".format(host, port) in str(error)
        assert note.startswith(address + " did not answer GET /api/data/proj")
        assert "GAZU_TIMEOUT" in note

    @pytest.mark.parametrize(
        "name, message, method, said",
        [
            ("ConnectTimeout", "", "GET", "h:8 cannot be reached"),
            ("ConnectionError", "e: refused", "GET", "h:8 takes no connect"),
            ("ConnectionError", "failed to lookup", "GET", "'h' is not known"),
            ("SSLError", "bad certificate", "GET", "SSL_CERT_FILE"),
            ("ProxyError", "refused", "GET", "NO_PROXY"),
            ("Lost", "closed", "POST", "h:8 may have done POST /api/x"),
            ("Lost", "closed", "GET", ""),
            ("SSLError", "no TLS", "GET", ""),
        ],
    )
    def test_a_failed_connection_is_explained(
        self, name, message, method, said
    ):
        from gazu._requests_compat.transport_notes import transport_note

        request = (method, "https://h:8/api/x?token=s3cret", [])
        note = transport_note(name, message, request)
        assert (said in note) if said else note == ""
        assert "s3cret" not in note

    def test_a_missing_event_host_is_explained(self, default, monkeypatch):
        from gazu._events import client as events

        client = events.Client()
        failure = OSError("no connection to gazu.change.serverhost:80")
        said = str(client._not_connected(failure))
        assert said.endswith(
            'call gazu.set_event_host("https://kitsu.example.com")'
        )
        other = OSError("no connection to kitsu:80")
        assert str(client._not_connected(other)) == "no connection to kitsu:80"


RECORD = {"id": ID, "project_id": ID, "name": "x", "type": "Asset"}
MORE = {"entity_id": ID, "task_id": ID, "original_name": "a"}

#: The name that a message has in place of the parameter's: that of the
#: function that is called.
ALIASES = {
    "asset": ("entity",),
    "bot": ("person",),
    "concept": ("entity",),
    "edit": ("entity",),
    "shot": ("entity",),
    "started_task_status": ("task_status",),
}
#: Two have upstream's own exceptions, whose texts stay. The third asks the server first.
OTHERS = {
    "asset.get_episode_from_asset",
    "task.get_task_url",
    "project.close_project",
}


class TestArguments:
    """Each function names the argument that is None, a name or no record."""

    def functions(self):
        for path in sorted(PACKAGE.glob("[a-z]*.py")):
            if path.stem in ("aio", "cli", "client", "events", "sync"):
                continue
            module = importlib.import_module("gazu." + path.stem)
            for name, function in sorted(vars(module).items()):
                if (
                    inspect.isfunction(function)
                    and function.__module__ == module.__name__
                    and not name.startswith("_")
                ):
                    yield path.stem + "." + name, function

    def arguments(self, parameters, file):
        """Return an argument for each parameter that needs one."""
        found = {}
        for each in parameters:
            if each.default is not each.empty or each.kind in (
                each.VAR_KEYWORD,
                each.VAR_POSITIONAL,
            ):
                continue
            value = VALUES.get(each.name)
            if each.name in MODELS or each.name == "comment":
                value = {**RECORD, **MORE}
            elif each.name in LISTS:
                value = [dict(RECORD)]
            elif isinstance(value, dict) and "$" in value:
                value = file
            found[each.name] = value
        return found

    @pytest.mark.parametrize(
        "bad", [None, "Lama", {}], ids=["None", "a name", "no id"]
    )
    def test_a_bad_record_is_named(self, server, default, make_file, bad):
        file = str(make_file())
        unnamed, named = [], 0
        for name, function in self.functions():
            if name in OTHERS:
                continue
            parameters = inspect.signature(function).parameters.values()
            for each in parameters:
                if each.name not in MODELS or each.default is not each.empty:
                    continue
                arguments = self.arguments(parameters, file)
                arguments[each.name] = bad
                try:
                    function(**arguments)
                except gazu.exception.GazuException:
                    # The server, which knows no route, rejects the value.
                    continue
                except (KeyError, TypeError, ValueError) as error:
                    said = str(error).strip('"')
                    said = re.sub("^argument '([^']+)'", r"\1", said)
                    names = (each.name, *ALIASES.get(each.name, ()))
                    if said.startswith(tuple(n + ": " for n in names)):
                        named += 1
                    elif "is needed" not in said and "is given" not in said:
                        unnamed.append((name, each.name, said))
        assert unnamed == []
        assert named > 400

    def test_the_functions_that_find_a_record_exist(self, server, default):
        """A message names them."""
        found = 0
        for name in sorted(MODELS):
            scope: dict = {"gazu": gazu, "__name__": "script"}
            source = "def f({0}): gazu.helpers.normalize_model_parameter({0})"
            exec(source.format(name), scope)
            with pytest.raises(ValueError) as caught:
                scope["f"]("Lama")
            finder = str(caught.value).partition("Find the record with ")[2]
            if finder:
                found += 1
                module, _, function = finder.replace("gazu.", "").partition(
                    "."
                )
                assert callable(getattr(getattr(gazu, module), function))
        assert found > 12


def text_of(node):
    """Return the literal text of an expression, with {} for its values; None without any."""
    # Python 3.7 has a class of its own for texts.
    if type(node).__name__ in ("Constant", "Str"):
        value = ast.literal_eval(node)
        return value if isinstance(value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "{}" for part in node.values)
    if isinstance(node, ast.BinOp):
        sides = [text_of(node.left), text_of(node.right)]
        if isinstance(node.op, ast.Mod):
            return sides[0]
        return (
            None
            if sides == [None, None]
            else "".join(s or "{}" for s in sides)
        )
    if (
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "format"
    ):
        return text_of(node.func.value)
    return None


#: The functions that show their arguments to people, besides ``raise``.
SHOWING = {
    *("warning", "error", "exception", "warn"),
    *("fail", "say", "UsageError", "BadParameter", "ClickException"),
    *("explain", "_failed"),
}


def messages_of_python():
    """Yield the place, the function and the text of each message of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "testing" in path.parts or "_requests_compat" in path.parts:
            # These have Zou's words, or those of requests.
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            call = node.exc if isinstance(node, ast.Raise) else node
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if not isinstance(node, ast.Raise) and name not in SHOWING:
                continue
            for argument in call.args:
                text = text_of(argument)
                if text and len(text.split()) > 1:
                    place = "{}:{}".format(path.name, call.lineno)
                    yield place, name, text


RUST = re.compile(
    r"(?:new_err|WrongValue|WrongType|MissingKey|decode|transport|error)\s*"
    r"\((?:[^\"()]|\([^()]*\)|format!\()*?\"((?:[^\"\\]|\\.)*)\"",
    re.DOTALL,
)


def messages_of_rust():
    """Yield the place, "rust" and the text of each error of the core."""
    for path in sorted(SOURCES.rglob("*.rs")):
        source = path.read_text("utf-8").partition("#[cfg(test)]")[0]
        source = re.sub(r"(?m)^\s*//.*$", "", source)
        for found in RUST.finditer(source):
            text = re.sub(r"\\\n\s*", "", found.group(1))
            if len(text.split()) > 1:
                yield path.name, "rust", text


#: Texts with the words of upstream, of Python or of a library that people search for, and
#: parts of texts, which stand behind a colon.
AS_THEY_ARE = re.compile(
    r"Object of type|No module named|module \{!r\}|Not a |can't start new thread"
    r"|cannot encode objects|Only basic auth|No valid transports|Unknown callback|Already conn"
    r"|The connection failed!|Failed to cast|URL has an invalid label"
    r"|disconnected by the caller|the connection was lost|expected str, bytes"
    r"|Invalid leading whitespace|an id is not a text|not the state of a"
    r"|the first line is no state|an attachment is missing|not an HTTP method"
    r"|its exit code is|the answer is not a list|expected (an ID|pairs)"
    r"|a model |a message is|the host is not a valid|the answer has been used"
    r"|another thread is reading|the transfer ended|the download has ended"
    r"|there is no stream|revision was|\n"
)
START = re.compile(
    r"[A-Z0-9]|\{|%[sr]|--|gazu\.|'"
    # The argument's name, or that of a variable.
    r"|[a-z][a-z_0-9]*: |(on_idle|on_error|retries|names|start|client|checkpoint|project"
    r"|preview_file_path)\b"
)
INTERNAL = re.compile(
    r"(?i)\b(hook|dispatch|mutex|panic|unwrap|runtime|traceback|coroutine object"
    r"|not understood|something went wrong|oops|unknown error|illegal"
    r"|invalid (data|input)|bad (data|input))\b"
)


class TestTexts:
    """Each message says what happened and to what, in plain words."""

    def test_they_are_plain(self):
        found = [*messages_of_python(), *messages_of_rust()]
        assert len(found) > 250
        wrong = []
        for place, function, text in found:
            if AS_THEY_ARE.match(text) or text.startswith("  {"):
                continue
            if not START.match(text):
                wrong.append((place, "starts", text))
            if INTERNAL.search(text):
                wrong.append((place, "has a word of ours", text))
            if re.search(r"[!,;:]\s*$|\s$|\.\.$", text.rstrip("\n")):
                wrong.append((place, "ends", text))
            if function in ("UsageError", "ClickException") and (
                not text.endswith((".", "}"))
            ):
                wrong.append((place, "is no sentence", text))
        assert wrong == []

    def test_exceptions_name_what_they_are_about(self):
        """An argument, a value or a thing in quotes."""
        wrong = []
        for place, function, text in messages_of_python():
            if not function.endswith(("Error", "Exception")) or (
                # The error shows the command that it is about.
                function == "UsageError"
            ):
                continue
            named = re.search(r"\{|'|^[a-z_]+: |\b[a-z]+_[a-z_]+\b|://", text)
            if not named and not AS_THEY_ARE.match(text):
                wrong.append((place, text))
        # Nothing but what they say is known.
        about = ("The login was ", "The compiled part", "names is empty")
        assert [w for w in wrong if not w[1].startswith(about)] == []

"""``gazu-cli``: what it stores and prints, and its uploads and downloads."""

from __future__ import annotations

import json
import os
import stat

import gazu
import pytest

from . import needs
from .recording_server import Answer

pytest.importorskip("click")

import gazu.cli
from gazu._engine import private_files

ID = "6f1e0a52-3c5b-4d0b-9a59-0c4f5b1d7e11"
OTHER = "0c4f5b1d-3c5b-4d0b-9a59-6f1e0a527e11"


@pytest.fixture
def logged_in(home, default):
    gazu.cli.save_config(
        {"host": default.host, "tokens": {"access_token": "kept"}}
    )


def login(default, *more):
    return (
        *("login", "--host", default.host),
        *("--email", "a@b.c", "--password", "s3cret"),
        *more,
    )


class TestConfiguration:
    @needs.modes
    def test_only_its_owner_may_read_it(self, home):
        home.mkdir(parents=True, mode=0o755)
        (home / "config.json").write_text("{}")
        os.chmod(str(home / "config.json"), 0o644)
        gazu.cli.save_config({"host": "h", "tokens": {}})
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        mode = (home / "config.json").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600
        assert gazu.cli.load_config() == {"host": "h", "tokens": {}}

    def test_it_is_written_whole_or_not_at_all(self, home):
        gazu.cli.save_config({"host": "before"})
        with pytest.raises(TypeError):
            gazu.cli.save_config({"host": object()})
        assert gazu.cli.load_config() == {"host": "before"}
        assert os.listdir(str(home)) == ["config.json"]

    @needs.symlinks
    def test_a_link_stays_a_link(self, home, tmp_path):
        home.mkdir(parents=True)
        kept = tmp_path / "kept.json"
        (home / "config.json").symlink_to(kept)
        gazu.cli.save_config({"host": "h"})
        assert (home / "config.json").is_symlink()
        assert json.loads(kept.read_text()) == {"host": "h"}

    @pytest.mark.parametrize("text", ["not json", "[]", '"text"', ""])
    def test_an_invalid_file_is_named(self, run, home, server, text):
        home.mkdir(parents=True)
        (home / "config.json").write_text(text)
        code, out, err = run("projects")
        assert (code, out) == (3, "")
        assert "cannot be read" in err and err.count("\n") == 1
        assert server.requests == []

    def test_a_missing_file_asks_for_a_login(self, run, server):
        assert run("projects") == (
            3,
            "",
            "Not logged in. Run: gazu-cli login --host <URL>\n",
        )
        assert server.requests == []


class TestLogin:
    def test_login_prompts(self, run, default, server):
        server.on("POST", "auth/login", {"login": True, "access_token": "t"})
        code, out, err = run(
            "login", input="%s\na@b.c\ns3cret\n" % default.host
        )
        assert code == 0
        assert "s3cret" not in out + err
        assert server.last.json()["password"] == "s3cret"
        assert gazu.cli.load_config()["tokens"]["access_token"] == "t"

    @pytest.mark.parametrize("end", ["", "/", "/api", "/api/"])
    def test_forms_of_the_host_are_accepted(self, run, server, end):
        server.on("POST", "auth/login", {"login": True, "access_token": "t"})
        code, out, _ = run(
            *("login", "--host", server.url + end),
            *("--email", "a", "--password", "b"),
        )
        assert (code, out) == (0, "Logged in to %s/api\n" % server.url)

    def test_a_rejected_login_stores_nothing(self, run, default, server, home):
        wrong = {"login": False, "message": "Wrong email or password."}
        server.on("POST", "auth/login", Answer(wrong, status=400))
        assert run(*login(default)) == (
            3,
            "",
            "Authentication failed. Wrong email or password.\n",
        )
        assert not home.exists()

    @pytest.mark.beyond
    @pytest.mark.parametrize("factor", ["totp", "email_otp"])
    def test_a_second_factor_is_asked_for(self, run, default, server, factor):
        def answer(request):
            if request.json()[factor] == "123456":
                return Answer({"login": True, "access_token": "t"})
            return Answer(
                {
                    "login": False,
                    "missing_OTP": True,
                    "preferred_two_factor_authentication": factor,
                },
                status=400,
            )

        server.on("POST", "auth/login", answer)
        server.on("GET", "auth/email-otp", {"success": True})
        code, out, err = run(*login(default), input="123456\n")
        assert code == 0, err
        assert "123456" not in out + err
        asked = [r.path for r in server.requests if r.method == "GET"]
        assert len(asked) == (factor == "email_otp")

    def test_no_secrets_are_logged(self, run, default, server, caplog):
        caplog.set_level("DEBUG", "gazu")
        server.on("POST", "auth/login", {"login": True, "access_token": "t0k"})
        run(*login(default))
        assert caplog.text
        assert "s3cret" not in caplog.text and "t0k" not in caplog.text


@pytest.mark.usefixtures("logged_in")
class TestErrors:
    @pytest.mark.parametrize(
        "status, body, code, line",
        [
            (401, {}, 3, "Session expired. Run: gazu-cli login --host {host}"),
            (
                401,
                {"msg": "No token"},
                3,
                "Session expired. Run: gazu-cli "
                "login --host {host} (No token)",
            ),
            (403, {}, 5, "Permission denied. (data/projects/open)"),
            (
                403,
                {"message": "Not yours"},
                5,
                "Permission denied. Not yours. (data/projects/open)",
            ),
            (
                404,
                {},
                4,
                "Not found: data/projects/open. Does the host end "
                "with /api, and is the server recent enough? Run: gazu-cli doctor",
            ),
            (
                500,
                {},
                6,
                "Server error. Check your Kitsu instance. It answered "
                "500 to data/projects/open.",
            ),
            (
                502,
                {"message": "Gone"},
                6,
                "Server error. Check your Kitsu "
                "instance. It answered 502 to data/projects/open. Gone.",
            ),
            (429, {"message": "Slower"}, 6, "Error: Slower"),
            (400, {"message": "no such\nfield"}, 1, "Error: no such field"),
        ],
    )
    def test_an_error_of_the_server_is_one_line(
        self, run, server, default, monkeypatch, status, body, code, line
    ):
        monkeypatch.setattr(default, "_retries", 0)
        server.on("GET", "*", Answer(body, status=status))
        expected = line.format(host=default.host)
        assert run("projects") == (code, "", expected + "\n")

    def test_a_missing_record_is_named(self, run, server):
        server.on("GET", "*", Answer({}, status=404))
        code, _, err = run("task", ID)
        assert code == 4
        assert err.startswith("Not found: data/tasks/{}/full. ".format(ID))
        assert "There is no task with this ID" in err

    def test_the_version_that_lacks_a_route_is_named(self, run, server):
        def answer(request):
            if "data/" in request.path:
                return Answer({}, status=404)
            return Answer({"api": "Zou", "version": "0.17.1"})

        server.on("GET", "*", answer)
        code, _, err = run("projects")
        assert code == 4
        assert "The server is Zou 0.17.1, which has no such route." in err

    @pytest.mark.parametrize("status", [404, 405])
    def test_a_host_without_a_login_is_named(self, run, server, status):
        server.on("POST", "*", Answer({}, status=status))
        host = server.url + "/kitsu"
        code, _, err = run(
            "login", "--host", host, "--email", "a@b.c", "--password", "x"
        )
        assert code == 4
        assert "Is {}/api the address of Kitsu?".format(host) in err

    def test_an_error_without_a_text_has_an_explanation(self, run, server):
        server.on("GET", "*", Answer({}, status=413))
        _, _, err = run("projects")
        assert err != "Error: data/projects/open\n"

    def test_the_role_is_named(self, run, server):
        def answer(request):
            if "authenticated" in request.path:
                return Answer({"user": {"role": "vendor"}})
            return Answer({}, status=403)

        server.on("GET", "*", answer)
        code, _, err = run("persons")
        assert code == 5
        assert "Your role is vendor: ask a manager" in err

    def test_an_answer_that_is_not_json_is_one_line(self, run, server):
        server.on("GET", "*", Answer(body="<html>", content_type="text/html"))
        code, out, err = run("projects")
        assert (code, out, err.count("\n")) == (6, "", 1)
        assert err.startswith("Error: ") and "/api at its end" in err

    def test_an_unreachable_server_is_one_line(self, run, server, default):
        default.retries = 0
        try:
            server.close()
            code, out, err = run("projects")
        finally:
            default.retries = 3
        assert (code, out, err.count("\n")) == (7, "", 1)
        assert err.startswith("Error: cannot reach {}: ".format(default.host))

    def test_invalid_arguments_exit_with_2(self, run, server):
        for arguments in (
            ("no-such-command",),
            ("projects", "--no-such-option"),
            ("project",),
            ("comment", "-t", ID),
        ):
            code, out, err = run(*arguments)
            assert (code, out) == (2, ""), arguments
            assert "Traceback" not in err
        assert server.requests == []


@pytest.mark.usefixtures("logged_in")
class TestUpload:
    @pytest.mark.parametrize(
        "arguments",
        [
            (),
            ("-t", ID, "-w", OTHER),
            ("-w", ID, "-s", "wip"),
            ("-w", ID, "-m", "text"),
            ("-w", ID, "-n", "main"),
            ("-t", ID, "-n", "main", "--thumbnail"),
        ],
    )
    def test_options_that_exclude_each_other_exit_with_2(
        self, run, server, make_file, arguments
    ):
        assert run("upload", make_file(), *arguments)[0] == 2
        assert server.requests == []

    def test_a_missing_file_is_named(self, run, server):
        code, _, err = run("upload", "missing.png", "-t", ID)
        assert code == 2 and "missing.png" in err
        assert server.requests == []

    def test_previews_are_uploaded(self, run, server, make_file):
        server.on("GET", "*", {"id": ID, "task_status_id": OTHER})
        server.on("POST", "*", {"id": ID})
        code, out, err = run(
            *("--json", "upload", make_file("a.png"), make_file("b.png")),
            *("-t", ID, "-m", "Two"),
        )
        assert (code, err) == (0, "")
        assert json.loads(out) == [{"id": ID}, {"id": ID}]
        sent = [r for r in server.requests if r.method == "POST"]
        assert [r.path.rpartition("/")[2] for r in sent] == [
            "comment",
            "add-preview",
            ID,
            ID,
            ID,
        ]
        assert sent[0].json()["task_status_id"] == OTHER
        assert sent[0].json()["comment"] == "Two"
        assert [r.parts[-1].filename for r in (sent[2], sent[4])] == [
            "a.png",
            "b.png",
        ]

    def test_an_unknown_status_is_named(self, run, server, make_file):
        def answer(request):
            return Answer([] if "task-status" in request.path else {"id": ID})

        server.on("GET", "*", answer)
        assert run("upload", make_file(), "-t", ID, "-s", "no") == (
            4,
            "",
            "Task status not found: no.\n",
        )
        assert {r.method for r in server.requests} == {"GET"}


@pytest.mark.usefixtures("logged_in")
class TestDownload:
    @pytest.fixture
    def previews(self, server):
        """Serve the previews of a task, with these names."""

        def serve(*names):
            rows = [
                {
                    "id": ID[:-1] + str(n),
                    "original_name": name,
                    "extension": "png",
                    "revision": 2,
                    "position": n,
                }
                for n, name in enumerate(names)
            ]
            rows.append(dict(rows[0], original_name="old", revision=1))

            def answer(request):
                path = request.path
                if "/pictures/" in path or "/movies/" in path:
                    if any(
                        row["id"] in path and row.get("status") == "broken"
                        for row in rows
                    ):
                        return Answer({}, status=404)
                    return Answer(body=b"content", content_type="image/png")
                if "/data/tasks/" + ID in path:
                    return Answer({"id": ID})
                for row in rows:
                    if path.endswith("/data/preview-files/" + row["id"]):
                        return Answer(row)
                return Answer(rows)

            server.on("GET", "*", answer)
            return rows

        return serve

    def test_a_download_needs_an_id(self, run, server):
        assert run("download")[0] == 2
        assert run("download", "-p", ID, "-w", ID)[0] == 2
        assert server.requests == []

    def test_the_last_revision_is_downloaded(self, run, previews, tmp_path):
        previews("front", "side", "front")
        folder = tmp_path / "to"
        folder.mkdir()
        code, out, err = run("download", "-t", ID, "-o", folder)
        assert (code, err) == (0, "")
        names = ["front.png", "side.png", "front_2.png"]
        assert out.splitlines() == [
            "Downloaded " + str(folder / name) for name in names
        ]
        assert sorted(os.listdir(str(folder))) == sorted(names)
        code, _, err = run("download", "-t", ID, "-o", folder / "one.png")
        assert code == 1 and "must be a folder" in err

    def test_a_broken_preview_is_named_and_the_others_are_downloaded(
        self, run, previews, tmp_path
    ):
        rows = previews("front", "side", "back")
        rows[1]["status"] = "broken"
        code, out, err = run("download", "-t", ID, "-o", tmp_path)
        assert code == 6
        assert "front.png" in out and "back.png" in out
        assert "side.png (ID: {})".format(rows[1]["id"]) in err
        assert "could not process" in err

    @pytest.mark.parametrize(
        "name, expected",
        [
            ("../../etc/passwd", "passwd.png"),
            ("..\\..\\evil", "evil.png"),
            ("a\x00b\n", "a_b_.png"),
            ("C:evil", "C_evil.png"),
            ("..", ID[:-1] + "0.png"),
            (None, ID[:-1] + "0.png"),
            ("Shot.PNG", "Shot.png"),
        ],
    )
    def test_the_name_stays_in_the_folder(
        self, run, previews, tmp_path, name, expected
    ):
        rows = previews(name)
        folder = tmp_path / "to"
        folder.mkdir()
        code, _, err = run("download", "-p", rows[0]["id"], "-o", folder)
        assert code == 0, err
        assert os.listdir(str(folder)) == [expected]

    def test_an_existing_file_is_not_replaced(self, run, previews, tmp_path):
        rows = previews("front")
        path = tmp_path / "mine.png"
        path.write_bytes(b"mine")
        arguments = ("download", "-p", rows[0]["id"], "-o", path)
        code, out, err = run(*arguments)
        assert (code, out) == (1, "") and "File exists" in err
        assert path.read_bytes() == b"mine"
        assert run(*arguments, "--force")[0] == 0
        assert path.read_bytes() == b"content"

    def test_a_missing_folder_is_named(self, run, previews, tmp_path):
        rows = previews("front")
        path = tmp_path / "missing" / "a.png"
        code, _, err = run("download", "-p", rows[0]["id"], "-o", path)
        assert code == 1 and err.startswith("No such folder: ")


class TestWithoutClick:
    PROGRAM = """
        import sys
        sys.modules["click"] = None
        import gazu
        {}
        """

    def test_the_command_names_the_extra(self, python):
        finished = python(
            self.PROGRAM.format("import gazu.__main__ as m; m.main()"),
            check=False,
        )
        assert finished.returncode == 1
        assert finished.stdout == ""
        assert finished.stderr == (
            "gazu-cli needs click; pip install 'gazu[cli]' installs it\n"
        )

    def test_the_module_names_the_extra(self, python):
        finished = python(
            self.PROGRAM.format(
                "try:\n            import gazu.cli\n"
                "        except ImportError as error:\n"
                "            print(error)"
            )
        )
        assert "gazu[cli]" in finished.stdout


def test_the_command_is_installed():
    metadata = pytest.importorskip("importlib.metadata")
    try:
        entries = metadata.distribution("gazu").entry_points
    except metadata.PackageNotFoundError:
        pytest.skip("the package is not installed")
    found = [e for e in entries if e.name == "gazu-cli"]
    assert [callable(e.load()) for e in found] == [True]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_works_in_a_shell(run, shell):
    import subprocess
    import sys

    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; sys.argv[0] = 'gazu-cli';"
            "from gazu.__main__ import main; main()",
        ],
        env=dict(os.environ, _GAZU_CLI_COMPLETE=shell + "_source"),
        capture_output=True,
        text=True,
    )
    if "Couldn't detect Bash version" in done.stderr:
        pytest.skip("there is no bash here")
    assert done.returncode == 0, done.stderr
    assert "_GAZU_CLI_COMPLETE" in done.stdout


def rights(path):
    return stat.S_IMODE(os.stat(str(path)).st_mode)


@pytest.mark.beyond
class TestStoredData:
    @pytest.fixture(autouse=True)
    def answers(self, server):
        tokens = {"login": True, "access_token": "ATOK"}
        server.on("POST", "auth/login", tokens)

    def test_a_password_in_the_host_is_not_shown_or_stored(
        self, run, server, home
    ):
        host = server.url.replace("://", "://me:s3cret-password@")
        code, out, err = run(
            *("login", "--host", host, "--email", "a", "--password", "b"),
        )
        assert (code, out) == (0, "Logged in to %s/api\n" % server.url)
        assert "s3cret" not in out + err + (home / "config.json").read_text()
        assert gazu.cli.load_config()["host"] == server.url + "/api"

    def test_a_stored_password_is_not_shown(self, run, server):
        host = server.url.replace("://", "://me:s3cret-password@") + "/api"
        tokens = {"access_token": "ATOK"}
        gazu.cli.save_config({"host": host, "tokens": tokens})
        answer = {"user": {"email": "a"}, "version": "1"}
        server.on("GET", "*", answer)
        for options in ((), ("--json",)):
            code, out, err = run(*options, "status")
            assert code == 0 and server.url + "/api" in out
            assert "s3cret" not in out + err

    @pytest.mark.parametrize(
        "answer",
        [
            {"close": "headers"},
            {"status": 500},
            {"status": 503},
            {"status": 429},
            {"status": 403},
            {"status": 404},
            {"status": 401},
            {"body": "<html>"},
        ],
        ids=str,
    )
    def test_logout_removes_the_tokens_whatever_the_server_answers(
        self, run, server, default, home, monkeypatch, answer
    ):
        monkeypatch.setattr(default, "_retries", 1)
        assert run(*login(default))[0] == 0
        server.on("GET", "auth/logout", Answer(**dict({"body": ""}, **answer)))
        code, out, err = run("logout")
        assert (code, out) == (0, "Logged out.\n")
        told = answer != {"status": 401}
        assert err.startswith("The logout request failed. ") == told
        assert os.listdir(str(home)) == []
        assert default.access_token is None

    @pytest.mark.parametrize(
        "text",
        [
            '{"host": ',
            "\xff\xfe\x00",
            "[1]",
            '{"host": 5, "tokens": "x"}',
            '{"host": "h", "tokens": {"access_token": 5}}',
            "[" * 100000,
            "{}",
            "",
        ],
        ids=lambda text: text[:20],
    )
    def test_logout_removes_an_invalid_file(self, run, home, server, text):
        home.mkdir(parents=True)
        config = home / "config.json"
        config.write_bytes(text.encode("latin-1"))
        code, out, err = run("projects")
        assert (code, out, err.count("\n")) == (3, "", 1)
        assert "gazu-cli login" in err and "Traceback" not in err
        code, out, err = run("logout")
        assert (code, out) == (0, "Logged out.\n")
        assert not config.exists() and server.requests == []

    @pytest.mark.skipif(os.name == "nt", reason="needs POSIX links")
    def test_logout_removes_the_target_of_a_link(
        self, run, default, home, tmp_path
    ):
        home.mkdir(parents=True)
        kept = tmp_path / "kept.json"
        (home / "config.json").symlink_to(kept)
        assert run(*login(default))[0] == 0
        assert "ATOK" in kept.read_text() and rights(kept) == 0o600
        assert run("logout")[0] == 0
        assert not kept.exists() and (home / "config.json").is_symlink()
        assert run("logout")[0] == 0
        assert run(*login(default))[0] == 0
        assert "ATOK" in kept.read_text()

    def test_logout_empties_a_file_that_cannot_be_removed(
        self, run, default, home, monkeypatch
    ):
        assert run(*login(default))[0] == 0

        def remove(path):
            raise OSError(16, "Device or resource busy", path)

        monkeypatch.setattr(gazu.cli.os, "remove", remove)
        assert run("logout")[0] == 0
        assert (home / "config.json").read_text() == "{}"

    @pytest.mark.skipif(os.name == "nt", reason="needs POSIX permissions")
    def test_only_its_owner_may_read_it_from_the_start(
        self, home, tmp_path, monkeypatch
    ):
        """It does not depend on the umask, or on the mode of an old file."""
        seen = []
        opened = os.fdopen

        def watched(descriptor, *arguments, **options):
            seen.append(stat.S_IMODE(os.fstat(descriptor).st_mode))
            return opened(descriptor, *arguments, **options)

        monkeypatch.setattr(private_files.os, "fdopen", watched)
        home.mkdir(parents=True)
        (home / "config.json").write_text("{}")
        os.chmod(str(home / "config.json"), 0o666)
        before = os.umask(0)
        try:
            gazu.cli.save_config({"host": "h"})
        finally:
            os.umask(before)
        assert seen == [0o600] and rights(home / "config.json") == 0o600

    def test_an_error_names_the_target(self, home, monkeypatch):
        def replace(source, target):
            raise OSError(28, "No space left on device", source)

        gazu.cli.save_config({"host": "before"})
        monkeypatch.setattr(gazu.cli.os, "replace", replace)
        with pytest.raises(OSError) as caught:
            gazu.cli.save_config({"host": "h"})
        assert caught.value.filename == str(home / "config.json")
        assert os.listdir(str(home)) == ["config.json"]


EVIL = "L\x1b]52;c;cm0gLXJmIH4=\x07\x1b[2J\x9b31m\rok\u202egnp\u2066\u2028\x7f\x00"
ESCAPED = (
    "L\\x1b]52;c;cm0gLXJmIH4=\\x07\\x1b[2J\\x9b31m\\rok\\u202egnp\\u2066"
    "\\u2028\\x7f\\x00"
).replace("\\r", "\\x0d")


@pytest.mark.beyond
@pytest.mark.usefixtures("logged_in")
class TestTerminalOutput:
    @staticmethod
    def is_printable(text):
        controls = "".join(
            map(chr, [*range(9), *range(11, 32), *range(127, 160)])
        )
        return not set(text) & set(controls + "\u202e\u2066\u2028")

    @pytest.mark.parametrize(
        "arguments",
        [
            ("projects",),
            ("projects", "--all"),
            ("project", ID),
            ("assets", "-p", ID),
            ("asset", ID),
            ("shots", "-p", ID),
            ("sequences", "-p", ID),
            ("episodes", "-p", ID),
            ("tasks", "-p", ID),
            ("task", ID),
            ("persons",),
            ("my-tasks",),
            ("search", "x"),
            ("shot-casting", ID),
            ("asset-types",),
            ("task-types",),
            ("task-statuses",),
            ("status",),
            ("comment", "-t", ID, "-s", "wip"),
        ],
        ids=" ".join,
    )
    def test_control_characters_of_names_are_escaped(
        self, run, server, arguments
    ):
        row = dict.fromkeys(
            ["name", "full_name", "first_name", "last_name", "email"], EVIL
        )
        row.update(dict.fromkeys(["asset_name", "version", "id"], EVIL))
        row.update(dict.fromkeys(["description", "entity_name"], EVIL))

        def answer(request):
            path = request.path
            if request.method == "POST" and "search" in path:
                return Answer({EVIL: [row], "assets": [row]})
            if path.endswith(("/api", "/api/")):
                return Answer(row)
            if "authenticated" in path:
                return Answer({"user": row})
            if path.endswith(ID) or request.method == "POST":
                return Answer(dict(row))
            return Answer([row])

        server.on("*", "*", answer)
        code, out, err = run(*arguments)
        assert self.is_printable(out + err), out + err
        assert "Traceback" not in err
        if code == 0:
            assert "\\x1b]52;c" in out

    def test_json_output_is_exact(self, run, server):
        server.on("GET", "*", [{"name": EVIL}])
        code, out, _ = run("--json", "projects")
        assert code == 0 and json.loads(out) == [{"name": EVIL}]
        assert self.is_printable(out)

    @pytest.mark.parametrize("status", [400, 404, 422, 409, 500])
    def test_control_characters_of_error_messages_are_escaped(
        self, run, server, status
    ):
        server.on("GET", "*", Answer({"message": EVIL}, status=status))
        _, out, err = run("project", "the name \x1b[2J")
        assert self.is_printable(out + err) and err.count("\n") == 1

    def test_columns_keep_their_width(self, run, server):
        server.on("GET", "*", [{"name": EVIL * 9}, {"name": "Z\nb"}])
        out = run("projects")[1].splitlines()
        assert len(out) == 4 and {len(line) for line in out} == {len(out[0])}
        assert ESCAPED[:40] in out[2] and out[3].startswith("Z b ")

    def test_control_characters_of_log_lines_are_escaped(
        self, server, python, home, default
    ):
        server.on("GET", "*", Answer({"message": EVIL}, status=500))
        folder = str(home.parent)
        process = python(
            "import gazu.cli; gazu.cli.main()",
            "projects",
            env={"HOME": folder, "USERPROFILE": folder, "GAZU_DEBUG": "true"},
            check=False,
        )
        assert "The server failed" in process.stderr
        assert self.is_printable(process.stderr)

    def test_ordinary_names_are_not_changed(self, run, server):
        name = "Überflug „3“ 猫 \u200d🐈 naïve"
        server.on("GET", "*", [{"name": name}])
        assert name in run("projects")[1]


@pytest.mark.beyond
@pytest.mark.usefixtures("logged_in")
class TestFailedUpload:
    @pytest.mark.parametrize(
        "name, content, reason",
        [
            ("a.png", b"", "The file is empty: "),
            (
                "a.txt",
                b"x",
                "The server does not accept this file as a preview: ",
            ),
            ("a", b"x", "The server does not accept this file as a preview: "),
        ],
    )
    def test_a_file_is_checked_before_the_upload(
        self, run, server, make_file, name, content, reason
    ):
        good = make_file("good.png")
        path = make_file(name, content)
        code, out, err = run("upload", good, path, "-t", ID)
        assert (code, out) == (1, "")
        assert err.startswith(reason + str(path)) and err.count("\n") == 1
        assert server.requests == []

    @pytest.mark.skipif(
        not hasattr(os, "geteuid") or os.geteuid() == 0,
        reason="root may read all files",
    )
    def test_an_unreadable_file_is_named(self, run, server, make_file):
        path = make_file("a.png")
        os.chmod(str(path), 0)
        assert run("upload", path, "-t", ID)[0] != 0
        assert server.requests == []

    def test_an_empty_working_file_is_rejected(self, run, server, make_file):
        path = make_file("a.xyz", b"")
        assert run("upload", path, "-w", ID)[0] == 1
        assert server.requests == []

    @pytest.fixture
    def failing(self, server):
        """Answer as Zou does, except for the requests that a test lets fail."""

        def serve(wrong, removed=()):
            counts = {}

            def answer(request):
                method, path = request.method, request.path
                name = path.rpartition("/api/")[2]
                kind = name.split("/")[0] + " " + name.split("/")[-1]
                kind = method + " " + kind.replace(ID, "ID")
                counts[kind] = counts.get(kind, 0) + 1
                if method == "DELETE":
                    status = dict(removed).get(name, 204)
                    return Answer("" if status == 204 else {}, status=status)
                if (kind, counts[kind]) == wrong:
                    return Answer({"message": "why"}, status=400)
                if method == "GET":
                    return Answer({"id": ID, "task_status_id": OTHER})
                made = {"comment": "c", "add-preview": "p"}
                key = name.rpartition("/")[2]
                if name.startswith("pictures/"):
                    key = "upload"
                return Answer(
                    {"id": "%s%d" % (made.get(key, key), counts[kind])}
                )

            server.on("*", "*", answer)

        return serve

    def removed(self, server):
        return [
            r.path.rpartition("/api/")[2]
            for r in server.requests
            if r.method == "DELETE"
        ]

    def test_a_failed_upload_is_undone(self, run, server, failing, make_file):
        failing(("POST pictures p1", 1))
        code, out, err = run("upload", make_file("a.png"), "-t", ID)
        assert (code, out, err) == (1, "", "Error: why\n")
        assert self.removed(server) == [
            "data/preview-files/p1",
            "data/comments/c1",
        ]
        assert "force=true" in server.requests[-2].query.lower()

    def test_a_failed_undo_names_what_remains(
        self, run, server, failing, make_file
    ):
        failing(
            ("POST pictures p1", 1),
            {"data/preview-files/p1": 403, "data/comments/c1": 500},
        )
        code, out, err = run("upload", make_file("a.png"), "-t", ID)
        assert (code, out) == (1, "")
        assert err == (
            "Error: why This remains on the server: preview p1, comment c1.\n"
        )

    def test_what_the_server_removes_itself_is_not_named(
        self, run, failing, make_file
    ):
        failing(("POST pictures p1", 1), {"data/preview-files/p1": 404})
        err = run("upload", make_file("a.png"), "-t", ID)[2]
        assert err == "Error: why\n"

    def test_a_failed_comment_needs_no_undo(
        self, run, server, failing, make_file
    ):
        failing(("POST actions comment", 1))
        assert run("upload", make_file("a.png"), "-t", ID)[0] == 1
        assert self.removed(server) == []

    def test_a_failed_preview_removes_the_comment(
        self, run, server, failing, make_file
    ):
        failing(("POST actions add-preview", 1))
        assert run("upload", make_file("a.png"), "-t", ID)[0] == 1
        assert self.removed(server) == ["data/comments/c1"]

    def test_an_interrupted_upload_is_undone(
        self, run, server, failing, make_file, monkeypatch
    ):
        def interrupted(*args, **kwargs):
            raise KeyboardInterrupt

        failing(None)
        monkeypatch.setattr(gazu.task, "upload_preview_file", interrupted)
        assert run("upload", make_file("a.png"), "-t", ID)[0] == 1
        assert self.removed(server) == [
            "data/preview-files/p1",
            "data/comments/c1",
        ]

    def test_a_failed_working_file_is_undone(self, run, server, make_file):
        def answer(request):
            if request.path.endswith("/new"):
                return Answer({"id": "w1"})
            if request.path.endswith("/file"):
                return Answer({"message": "full"}, status=400)
            return Answer({"id": ID})

        server.on("*", "*", answer)
        path = make_file("a.blend")
        code, _, err = run("upload", path, "-t", ID, "-n", "main")
        assert (code, err) == (1, "Error: full\n")
        assert self.removed(server) == ["data/working-files/w1"]
        # A working file that existed before stays.
        assert run("upload", path, "-w", ID)[0] == 1
        assert len(self.removed(server)) == 1

    def test_a_failed_main_picture_keeps_the_previews(
        self, run, server, failing, make_file
    ):
        failing(("PUT actions set-main-preview", 1))
        code, out, err = run(
            "upload", make_file("a.png"), "-t", ID, "--thumbnail"
        )
        assert (code, out) == (1, "")
        assert err.startswith("The files were uploaded, but")
        assert self.removed(server) == []

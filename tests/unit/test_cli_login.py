"""``gazu-cli``: logins through the browser, profiles, renewed tokens."""

from __future__ import annotations

import json
import os
import threading
import urllib.request

import gazu
import gazu.testing
import pytest

from .recording_server import Answer, only_with

pytest.importorskip("click")

import gazu.cli
from gazu._login import browser


@pytest.fixture
def kitsu():
    with gazu.testing.KitsuServer() as kitsu:
        yield kitsu


def login(host, *more):
    return ("login", "--host", host, *more)


PASSWORD = ("--email", "a@b.c", "--password", "s3cret")
REPLY = {
    "login": True,
    "access_token": "t",
    "refresh_token": "r",
    "user": {"email": "a@b.c", "phone": "0123"},
    "organisation": {"chat_token_slack": "xoxb"},
}


class TestWhatIsStored:
    def test_the_tokens_and_whose_they_are(self, run, server, home):
        server.on("POST", "auth/login", REPLY)
        assert run(*login(server.url, *PASSWORD))[0] == 0
        assert gazu.cli.load_config() == {
            "host": server.url + "/api",
            "tokens": {"access_token": "t", "refresh_token": "r"},
            "user": "a@b.c",
        }
        assert os.listdir(str(home)) == ["config.json"]

    def test_a_profile_has_a_file_of_its_own(self, run, server, home):
        server.on("POST", "auth/login", REPLY)
        code, out, _ = run(
            *login(server.url, "--profile", "show-a", *PASSWORD)
        )
        assert (code, out) == (0, "Logged in to %s/api\n" % server.url)
        assert not (home / "config.json").exists()
        kept = json.loads((home / "profiles" / "show-a.json").read_text())
        assert kept["tokens"]["access_token"] == "t"

    def test_an_invalid_name_is_refused_before_the_login(self, run, server):
        code, out, err = run(
            *login(server.url, "--profile", "../x", *PASSWORD)
        )
        assert (code, out) == (1, "")
        assert "profile: expected letters" in err
        assert server.requests == []


class TestBrowser:
    @pytest.fixture(autouse=True)
    def opens(self, monkeypatch):
        def visit(url):
            threading.Thread(
                target=lambda: urllib.request.urlopen(url, timeout=10).read(),
                daemon=True,
            ).start()

        monkeypatch.setattr(browser, "_open", visit)

    def test_a_login(self, run, kitsu):
        code, out, err = run(*login(kitsu.host, "--browser"))
        assert (code, out, err) == (0, "Logged in to %s\n" % kitsu.host, "")
        kept = gazu.cli.load_config()
        assert kept["user"] == kitsu.email
        assert set(kept["tokens"]) == {"access_token", "refresh_token"}
        code, out, _ = run("status")
        assert code == 0 and kitsu.email in out

    def test_a_refused_login_stores_nothing(self, run, kitsu, home):
        kitsu.browser_logins.person = None
        assert run(*login(kitsu.host, "--browser")) == (
            3,
            "",
            "Error: The login was refused in Kitsu.\n",
        )
        assert not home.exists()

    def test_a_server_without_it(self, run, server):
        server.on("POST", "auth/app-login/token", Answer({"m": 1}, status=404))
        code, out, err = run(*login(server.url, "--browser"))
        assert (code, out) == (1, "")
        assert "no login through the browser" in err

    @pytest.mark.parametrize(
        "more, message",
        [
            (("--browser", "--email", "a"), "--email and --password"),
            (("--browser", "--password", "a"), "--email and --password"),
            (("--port", "5000", *PASSWORD), "--port requires --browser"),
        ],
    )
    def test_wrong_usage(self, run, server, more, message):
        code, _, err = run(*login(server.url, *more))
        assert code == 2 and message in err
        assert server.requests == []


class TestProfiles:
    @pytest.fixture
    def two(self, run, server):
        server.on("POST", "auth/login", REPLY)
        assert run(*login(server.url, *PASSWORD))[0] == 0
        server.on("POST", "auth/login", dict(REPLY, access_token="t2"))
        assert run(*login(server.url, "--profile", "b", *PASSWORD))[0] == 0

    def test_they_are_listed_without_tokens(self, run, two, server, home):
        code, out, err = run("profiles")
        assert (code, err) == (0, "")
        lines = [line.split() for line in out.splitlines()]
        host = server.url + "/api"
        assert lines[2] == [
            *("default", host, "a@b.c"),
            str(home / "config.json"),
        ] or lines[2][-1].endswith("...")
        assert lines[3][:3] == ["b", host, "a@b.c"]
        rows = json.loads(run("--json", "profiles")[1])
        assert rows[1] == {
            "name": "b",
            "host": host,
            "user": "a@b.c",
            "stored_in": str(home / "profiles" / "b.json"),
        }

    def test_none_at_all(self, run):
        assert run("profiles") == (0, "No results.\n", "")

    def test_a_file_that_cannot_be_read(self, run, home):
        home.mkdir(parents=True)
        (home / "config.json").write_text("{")
        rows = json.loads(run("--json", "profiles")[1])
        assert rows[0]["stored_in"] == "not logged in"

    def test_commands_use_the_profile(self, run, two, server, monkeypatch):
        server.on("GET", "data/projects/all", Answer([]))
        server.on("GET", "data/projects/open", Answer([]))
        run("--profile", "b", "projects")
        assert server.last.header("Authorization") == "Bearer t2"
        run("projects")
        assert server.last.header("Authorization") == "Bearer t"
        monkeypatch.setenv("KITSU_PROFILE", "b")
        run("projects")
        assert server.last.header("Authorization") == "Bearer t2"

    def test_logout_removes_the_profile_only(self, run, two, server, home):
        server.on("GET", "auth/logout", {"logout": True})
        assert run("--profile", "b", "logout")[0] == 0
        assert server.last.header("Authorization") == "Bearer t2"
        assert os.listdir(str(home / "profiles")) == []
        assert gazu.cli.load_config()["tokens"]["access_token"] == "t"

    def test_an_unknown_profile(self, run, server):
        code, out, err = run("--profile", "nobody", "projects")
        assert (code, out) == (3, "")
        assert err.startswith("Not logged in.")
        assert server.requests == []

    def test_gazu_connect_finds_it(self, run, two, home, monkeypatch):
        monkeypatch.setenv("HOME", str(home.parent))
        monkeypatch.setenv("USERPROFILE", str(home.parent))
        assert gazu.connect("b").access_token == "t2"
        assert gazu.connect().access_token == "t"


class TestTokens:
    def test_an_expired_token_is_renewed_and_stored(self, run, server):
        gazu.cli.save_config(
            {
                "host": server.url + "/api",
                "tokens": {"access_token": "old", "refresh_token": "r"},
            }
        )
        server.on("GET", "auth/refresh-token", {"access_token": "new"})
        server.on("*", "data/projects/open", only_with("new", Answer([])))
        assert run("projects")[0] == 0
        assert gazu.cli.load_config()["tokens"] == {
            "access_token": "new",
            "refresh_token": "r",
        }

    def test_the_environment_is_used_without_a_login(
        self, run, server, monkeypatch
    ):
        server.on("GET", "data/projects/open", Answer([]))
        monkeypatch.setenv("KITSU_HOST", server.url)
        monkeypatch.setenv("KITSU_TOKEN", "bot")
        assert run("projects")[0] == 0
        assert server.last.header("Authorization") == "Bearer bot"

    def test_a_stored_login_comes_first(self, run, server, monkeypatch):
        server.on("GET", "data/projects/open", Answer([]))
        gazu.cli.save_config(
            {"host": server.url + "/api", "tokens": {"access_token": "kept"}}
        )
        monkeypatch.setenv("KITSU_HOST", server.url)
        monkeypatch.setenv("KITSU_TOKEN", "bot")
        assert run("projects")[0] == 0
        assert server.last.header("Authorization") == "Bearer kept"

    def test_an_incomplete_environment_is_named(self, run, monkeypatch):
        monkeypatch.setenv("KITSU_TOKEN", "bot")
        code, _, err = run("projects")
        assert code == 3 and "KITSU_HOST is not" in err

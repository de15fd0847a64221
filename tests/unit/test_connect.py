"""``gazu.connect``, profiles, ``client.on_tokens``, and tokens of several processes."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import stat
import sys
import threading
import types

import gazu
import pytest
from gazu._engine import private_files
from gazu._login.profiles import Profile, all_profiles

from . import needs
from .recording_server import EXPIRED, Answer, only_with

TOKENS = {"access_token": "a1", "refresh_token": "r1"}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return tmp_path


@pytest.fixture
def stored(home, server):
    """The default profile, logged in to the server."""
    profile = Profile()
    profile.write(server.url + "/api", TOKENS, "ann@studio.com", False)
    return profile


@pytest.fixture
def set_env(monkeypatch):
    def set_all(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return set_all


class TestSources:
    @pytest.mark.parametrize("name", ["KITSU_HOST", "KITSU_SERVER"])
    @pytest.mark.parametrize("end", ["", "/", "/api", "/api/"])
    def test_a_token_in_the_environment(
        self, home, server, set_env, name, end
    ):
        set_env(**{name: server.url + end, "KITSU_TOKEN": "bot"})
        client = gazu.connect()
        gazu.client.get("data/x", client=client)
        assert server.last.header("Authorization") == "Bearer bot"
        assert server.last.path == "/api/data/x"
        assert len(server.requests) == 1
        client.session.close()

    @pytest.mark.parametrize("login", ["KITSU_LOGIN", "KITSU_EMAIL"])
    @pytest.mark.parametrize("password", ["KITSU_PASSWORD", "KITSU_PWD"])
    def test_a_password_in_the_environment(
        self, home, server, set_env, login, password
    ):
        server.on("POST", "auth/login", dict(TOKENS, login=True))
        set_env(KITSU_HOST=server.url)
        set_env(**{login: "ann@studio.com", password: "s3cret"})
        client = gazu.connect()
        sent = server.last.json()
        assert (sent["email"], sent["password"]) == (
            "ann@studio.com",
            "s3cret",
        )
        assert client.access_token == "a1" and client.use_refresh_token
        client.session.close()

    def test_the_environment_comes_first(self, stored, server, set_env):
        set_env(KITSU_HOST=server.url, KITSU_TOKEN="bot")
        assert gazu.connect().access_token == "bot"
        assert gazu.connect("default").access_token == "a1"

    def test_the_default_profile(self, stored, server):
        client = gazu.connect()
        assert client.host == server.url + "/api"
        assert client.tokens == TOKENS
        assert server.requests == []

    def test_a_profile_by_name(self, home, server, set_env):
        Profile("show-a").write(server.url + "/api", {"access_token": "x"})
        assert gazu.connect("show-a").access_token == "x"
        set_env(KITSU_PROFILE="show-a")
        assert gazu.connect().access_token == "x"

    def test_the_default_client_can_be_logged_in(self, stored, default):
        default.use_refresh_token = False
        client = gazu.connect(client=default)
        assert client is default and default.access_token == "a1"
        assert default.use_refresh_token

    def test_each_call_makes_a_client(self, home, server):
        for name in ("a", "b"):
            Profile(name).write(server.url + "/api", {"access_token": name})
        first, second = gazu.connect("a"), gazu.connect("b")
        assert (first.access_token, second.access_token) == ("a", "b")

    def test_options_are_passed_on(self, stored):
        client = gazu.connect(timeout=7, retries=1)
        assert client.timeout == (7, 7) and client.retries == 1

    def test_it_can_be_awaited(self, stored, server, set_env):
        async def main():
            async_client = await gazu.aio.connect(retries=2)
            user = await gazu.client.get("data/x", client=async_client)
            await async_client.session.close()
            return user, async_client.retries

        server.on("GET", "data/x", only_with("a1"))
        assert asyncio.run(main()) == ({"ok": True}, 2)
        server.on("POST", "auth/login", {"login": True, "access_token": "p"})
        server.on("GET", "data/x", only_with("p"))
        set_env(KITSU_HOST=server.url, KITSU_LOGIN="a", KITSU_PASSWORD="b")
        assert asyncio.run(main()) == ({"ok": True}, 2)


class TestBadInput:
    def test_nobody_is_logged_in(self, home):
        with pytest.raises(
            gazu.NotAuthenticatedException, match="gazu-cli login"
        ):
            gazu.connect()
        with pytest.raises(
            gazu.NotAuthenticatedException, match="--profile show-a"
        ):
            gazu.connect("show-a")

    @pytest.mark.parametrize(
        "values, missing",
        [
            ({"KITSU_TOKEN": "t"}, "KITSU_HOST"),
            ({"KITSU_LOGIN": "t"}, "KITSU_HOST"),
            ({"KITSU_HOST": "http://h", "KITSU_LOGIN": "a"}, "KITSU_PASSWORD"),
            ({"KITSU_HOST": "http://h", "KITSU_PWD": "a"}, "KITSU_LOGIN"),
        ],
    )
    def test_a_missing_variable_is_named(self, home, set_env, values, missing):
        set_env(**values)
        with pytest.raises(ValueError, match=missing + " is not"):
            gazu.connect()

    def test_another_host_does_not_get_the_token(self, stored, set_env):
        set_env(KITSU_HOST="http://other.studio")
        with pytest.raises(
            gazu.NotAuthenticatedException, match="logged in to"
        ):
            gazu.connect()

    def test_empty_variables_are_not_set(self, stored, set_env):
        set_env(KITSU_HOST="", KITSU_TOKEN=" ", KITSU_PROFILE="")
        assert gazu.connect().access_token == "a1"

    @pytest.mark.parametrize("name", ["", "..", "a/b", "a b", ".x", "x" * 65])
    def test_a_name_that_is_no_name(self, home, name):
        with pytest.raises(ValueError, match=r"^profile: "):
            gazu.connect(name)

    def test_a_profile_that_is_no_text(self, home):
        with pytest.raises(TypeError, match=r"^profile: "):
            gazu.connect(5)

    @pytest.mark.parametrize(
        "text", ["", "[]", "{", '{"host": 1, "tokens": {"a": 1}}']
    )
    def test_an_unreadable_file_is_named(self, home, text):
        path = home / ".gazu" / "config.json"
        path.parent.mkdir()
        path.write_text(text)
        with pytest.raises(ValueError, match=r"config\.json cannot be read"):
            gazu.connect()

    def test_an_asynchronous_client(self, stored):
        client = gazu.aio.AsyncKitsuClient("http://h")
        with pytest.raises(TypeError, match=r"gazu\.aio\.connect"):
            gazu.connect(client=client)

    def test_options_are_for_a_new_client(self, stored, client):
        with pytest.raises(TypeError, match=r"^timeout: "):
            gazu.connect(client=client, timeout=5)

    def test_a_rejected_password(self, home, server, set_env):
        server.on("POST", "auth/login", Answer({"login": False}, status=400))
        set_env(KITSU_HOST=server.url, KITSU_LOGIN="a", KITSU_PASSWORD="b")
        with pytest.raises(gazu.AuthFailedException):
            gazu.connect()


class TestStore:
    @needs.modes
    def test_only_its_owner_may_read_it(self, home):
        Profile("a").write("http://h/api", TOKENS)
        path = home / ".gazu" / "profiles"
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
        mode = (path / "a.json").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600

    def test_it_holds_what_is_needed_only(self, home):
        reply = dict(
            TOKENS,
            user={"email": "ann@studio.com", "phone": "123"},
            organisation={"chat_token_slack": "xoxb"},
        )
        Profile().write("http://ann:pw@h/api", reply, "ann@studio.com", False)
        text = (home / ".gazu" / "config.json").read_text()
        assert json.loads(text) == {
            "host": "http://h/api",
            "tokens": TOKENS,
            "user": "ann@studio.com",
        }

    def test_no_lock_is_left_behind(self, home):
        Profile().write("http://h/api", TOKENS)
        Profile().update("http://h/api", {"access_token": "b"})
        assert os.listdir(str(home / ".gazu")) == ["config.json"]
        Profile().remove()
        assert os.listdir(str(home / ".gazu")) == []
        Profile().remove()

    def test_a_login_that_was_removed_does_not_come_back(self, home):
        profile = Profile("a")
        profile.write("http://h/api", TOKENS)
        profile.remove()
        profile.update("http://h/api", {"access_token": "b"})
        assert profile.read() is None

    def test_all_profiles_are_listed(self, home):
        assert all_profiles() == []
        for name in ("zoo", "a.b", "default"):
            Profile(name).write("http://h/api", TOKENS)
        names = [profile.name for profile in all_profiles()]
        assert names == ["default", "a.b", "zoo"]

    def test_a_file_of_upstream_is_read(self, home, server):
        path = home / ".gazu" / "config.json"
        path.parent.mkdir()
        reply = dict(TOKENS, user={"email": "ann@studio.com"}, login=True)
        path.write_text(json.dumps({"host": server.url, "tokens": reply}))
        assert gazu.connect().tokens == TOKENS


class Keyring(types.ModuleType):
    """A stand-in for the package keyring, which needs a desktop."""

    priority = 5

    def __init__(self):
        super().__init__("keyring")
        self.kept = {}

    def get_keyring(self):
        return self

    def set_password(self, service, name, value):
        if len(value) > 1000:
            raise ValueError("too long")
        self.kept[service, name] = value

    def get_password(self, service, name):
        return self.kept.get((service, name))

    def delete_password(self, service, name):
        del self.kept[service, name]


class TestKeyring:
    @pytest.fixture
    def keyring(self, monkeypatch):
        keyring = Keyring()
        monkeypatch.setitem(sys.modules, "keyring", keyring)
        return keyring

    def test_the_token_is_in_the_keyring_only(self, home, keyring, server):
        profile = Profile("a")
        profile.write(server.url + "/api", TOKENS)
        assert "a1" not in (home / ".gazu/profiles/a.json").read_text()
        assert gazu.connect("a").tokens == TOKENS
        profile.update(server.url + "/api", dict(TOKENS, access_token="a2"))
        assert gazu.connect("a").access_token == "a2"
        assert "a2" not in (home / ".gazu/profiles/a.json").read_text()
        profile.remove()
        assert keyring.kept == {} and profile.read() is None

    def test_without_a_backend_the_file_is_used(self, home, keyring):
        keyring.priority = 0
        Profile().write("http://h/api", TOKENS)
        assert keyring.kept == {}
        assert gazu.connect().tokens == TOKENS

    def test_a_token_that_does_not_fit(self, home, keyring):
        long = {"access_token": "x" * 2000}
        Profile().write("http://h/api", long)
        assert gazu.connect().tokens == long

    def test_it_can_be_turned_off(self, home, keyring, set_env):
        set_env(GAZU_KEYRING="0")
        Profile().write("http://h/api", TOKENS)
        assert keyring.kept == {}

    def test_a_python_without_the_package(self, home, keyring, monkeypatch):
        Profile().write("http://h/api", TOKENS)
        monkeypatch.setitem(sys.modules, "keyring", None)
        with pytest.raises(ValueError, match="needs the package keyring"):
            gazu.connect()

    def test_a_new_login_replaces_the_old_one(self, home, keyring):
        Profile().write("http://a/api", TOKENS)
        Profile().write("http://b/api", TOKENS)
        assert list(keyring.kept) == [("gazu", "default http://b/api")]
        Profile().write("http://b/api", TOKENS, keyring=False)
        assert keyring.kept == {}


class TestOnTokens:
    def test_a_login_and_a_renewal_are_reported(self, server, expired):
        seen = []
        expired.on_tokens = seen.append
        gazu.client.get("data/x", client=expired)
        assert seen == [{"access_token": "new", "refresh_token": "r1"}]
        server.on("POST", "auth/login", dict(TOKENS, login=True, user={}))
        gazu.log_in("a", "b", client=expired)
        assert seen[1:] == [TOKENS]

    def test_what_it_raises_comes_out(self, expired):
        def full(tokens):
            raise OSError(28, "No space left on device")

        expired.on_tokens = full
        with pytest.raises(OSError, match="No space"):
            gazu.client.get("data/x", client=expired)

    def test_awaited_clients_have_it(self, server):
        server.on("GET", "auth/refresh-token", {"access_token": "new"})
        server.on("*", "data/x", only_with("new"))
        server.on("POST", "auth/login", dict(TOKENS, login=True))
        seen = []

        async def main():
            client = gazu.aio.AsyncKitsuClient(
                server.url + "/api",
                tokens={"access_token": "old", "refresh_token": "r1"},
            )
            client.on_tokens = seen.append
            await gazu.client.get("data/x", client=client)
            await gazu.aio.log_in("a", "b", client=client)
            await client.session.close()

        asyncio.run(main())
        assert seen == [
            {"access_token": "new", "refresh_token": "r1"},
            TOKENS,
        ]

    def test_old_pickles_of_clients_work(self, client):
        state = client.__getstate__()
        assert "on_tokens" not in state
        restored = pickle.loads(pickle.dumps(client))
        assert restored.on_tokens is None


class TestSeveralProcesses:
    """All have the token ``a1``, which has expired."""

    @pytest.fixture
    def renewing(self, server):
        """Count the renewals. Each gives another token; all stay valid."""
        given = []
        lock = threading.Lock()

        def renew(request):
            with lock:
                given.append("new%d" % (len(given) + 1))
                return Answer({"access_token": given[-1]}, delay=0.2)

        def answer(request):
            token = (request.header("Authorization") or "")[7:]
            return (
                Answer({"token": token})
                if token in given
                else Answer(EXPIRED, status=401)
            )

        server.on("GET", "auth/refresh-token", renew)
        server.on("GET", "data/x", answer)
        return given

    def test_a_renewed_token_is_stored(self, stored, renewing):
        client = gazu.connect()
        assert gazu.client.get("data/x", client=client) == {"token": "new1"}
        kept = stored.read()
        assert kept.tokens == {"access_token": "new1", "refresh_token": "r1"}
        assert kept.user == "ann@studio.com"

    def test_a_stored_token_is_taken(self, stored, renewing):
        first, second = gazu.connect(), gazu.connect()
        gazu.client.get("data/x", client=first)
        assert gazu.client.get("data/x", client=second) == {"token": "new1"}
        assert renewing == ["new1"]

    def test_one_process_renews_for_all(self, stored, renewing, python):
        program = """
        import sys, threading, gazu
        clients = [gazu.connect() for _ in range(2)]
        seen = []
        def ask(client):
            seen.append(gazu.client.get("data/x", client=client)["token"])
        threads = [threading.Thread(target=ask, args=(c,)) for c in clients]
        print("ready", flush=True)
        [t.start() for t in threads]
        [t.join() for t in threads]
        print(*seen)
        """
        results = []

        def run():
            results.append(python(program).stdout.split()[1:])

        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert renewing == ["new1"]
        assert results == [["new1", "new1"]] * 3
        assert stored.read().tokens["access_token"] == "new1"

    def test_an_awaited_client_does_the_same(self, stored, renewing):
        seen = []

        async def main():
            clients = [await gazu.aio.connect() for _ in range(2)]
            for client in clients:
                client.on_tokens = seen.append
            answers = await asyncio.gather(
                *(
                    gazu.client.get("data/x", client=client)
                    for client in clients
                )
            )
            for client in clients:
                await client.session.close()
            return answers

        assert asyncio.run(main()) == [{"token": "new1"}] * 2
        assert renewing == ["new1"]
        assert seen == [{"access_token": "new1", "refresh_token": "r1"}]

    def test_another_login_leaves_the_store_alone(
        self, stored, renewing, server
    ):
        client = gazu.connect()
        client.tokens = {"access_token": "b", "refresh_token": "bob's"}
        assert gazu.client.get("data/x", client=client) == {"token": "new1"}
        assert stored.read().tokens == TOKENS

    def test_a_store_that_cannot_be_written(
        self, stored, renewing, monkeypatch, caplog
    ):
        def full(path, text):
            raise OSError(28, "No space left on device")

        client = gazu.connect()
        monkeypatch.setattr(private_files, "write", full)
        assert gazu.client.get("data/x", client=client) == {"token": "new1"}
        assert "could not be stored" in caplog.text
        assert "new1" not in caplog.text

    def test_a_connected_client_can_be_pickled(self, stored, renewing):
        client = pickle.loads(pickle.dumps(gazu.connect()))
        assert gazu.client.get("data/x", client=client) == {"token": "new1"}
        assert stored.read().tokens["access_token"] == "new1"

    def test_a_lock_that_another_process_keeps(self, stored, python):
        """Without the lock, the token is renewed all the same."""
        with private_files.locked(stored.path) as first:
            assert first
            seen = python(
                """
                import sys
                from gazu._engine import private_files
                with private_files.locked(sys.argv[1], 0.1) as held:
                    print(held)
                """,
                stored.path,
            ).stdout
            assert seen == "False\n"
            with private_files.locked(stored.path) as again:
                assert again
        with private_files.locked(stored.path, 0) as held:
            assert held


BODY = {
    "error": True,
    "login": False,
    "missing_OTP": True,
    "message": "A two-factor authentication code is required.",
    "preferred_two_factor_authentication": "email_otp",
    "two_factor_authentication_enabled": [
        "recovery_code",
        "totp",
        "email_otp",
    ],
}


class TestMissingFactor:
    def fail(self, server, client, body):
        server.on("POST", "auth/login", Answer(body, status=400))
        with pytest.raises(gazu.AuthFailedException) as caught:
            gazu.log_in("a", "b", client=client)
        return caught.value

    def test_what_is_missing(self, server, client):
        error = self.fail(server, client, BODY)
        assert error.otp_missing and not error.otp_wrong
        assert error.otp_methods == ["email_otp", "recovery_code", "totp"]
        assert str(error) == str(
            ("auth/login", "A two-factor authentication code is required.")
        )

    def test_a_wrong_code(self, server, client):
        error = self.fail(
            server, client, {"login": False, "wrong_OTP": True, "message": "x"}
        )
        assert error.otp_wrong and not error.otp_missing
        assert error.otp_methods == []

    @pytest.mark.parametrize(
        "body",
        [
            {"login": False, "message": "Wrong email or password."},
            {"missing_OTP": "yes"},
            [],
            None,
        ],
    )
    def test_nothing_of_it(self, server, client, body):
        error = self.fail(server, client, body)
        assert (error.otp_missing, error.otp_wrong) == (False, False)
        assert error.otp_methods == []

    def test_odd_lists_of_methods(self, server, client):
        body = dict(BODY, two_factor_authentication_enabled="totp")
        body["preferred_two_factor_authentication"] = None
        error = self.fail(server, client, body)
        assert error.otp_missing and error.otp_methods == []

    def test_it_survives_a_pickle(self, server, client):
        error = self.fail(server, client, BODY)
        restored = pickle.loads(pickle.dumps(error))
        assert restored.otp_methods == error.otp_methods
        assert gazu.AuthFailedException("x").otp_missing is False

    def test_awaited_logins_have_it(self, server):
        server.on("POST", "auth/login", Answer(BODY, status=400))

        async def main():
            client = gazu.aio.AsyncKitsuClient(server.url + "/api")
            try:
                await gazu.aio.log_in("a", "b", client=client)
            except gazu.AuthFailedException as error:
                return error.otp_methods
            finally:
                await client.session.close()

        assert asyncio.run(main()) == ["email_otp", "recovery_code", "totp"]

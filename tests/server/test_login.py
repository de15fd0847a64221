"""Logins as people do them, on a real Zou: the browser, profiles, second factors."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from urllib.parse import parse_qs, urlencode, urlsplit

import gazu
import pytest
from gazu._login.profiles import Profile


class Person:
    """Somebody whose browser is logged in to Kitsu, and shows ``app-login``."""

    def __init__(self, zou, allows=True):
        self.client = gazu.client.create_client(zou.host)
        gazu.log_in(zou.admin_email, zou.admin_password, client=self.client)
        self.allows = allows
        self.urls = []

    def __call__(self, url):
        self.urls.append(url)
        threading.Thread(target=self.answer, args=(url,)).start()

    def answer(self, url):
        """Do what Kitsu's page does."""
        query = {
            name: values[0]
            for name, values in parse_qs(urlsplit(url).query).items()
        }
        if self.allows:
            answer = gazu.client.post(
                "auth/app-login/code",
                {"code_challenge": query["code_challenge"]},
                client=self.client,
            )
        else:
            answer = {"error": "access_denied"}
        back = dict(answer, state=query["state"])
        with urllib.request.urlopen(
            "http://127.0.0.1:{}/?{}".format(query["port"], urlencode(back)),
            timeout=20,
        ) as page:
            assert b"may close this page" in page.read()


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def test_the_browser_logs_in(zou):
    person = Person(zou)
    client = gazu.client.create_client(zou.host, use_refresh_token=True)
    reply = gazu.log_in_with_browser(
        zou.host, "Maya", 60, person, client=client
    )
    assert reply["login"] is True
    assert {"user", "organisation", "access_token", "refresh_token"} <= set(
        reply
    )
    user = gazu.client.get_current_user(client=client)
    assert user["email"] == zou.admin_email
    # The login is renewed like any other.
    client.access_token = zou.make_expired_token(client.access_token)
    assert gazu.client.get_current_user(client=client) == user
    gazu.log_out(client=client)


def test_a_refused_login(zou):
    client = gazu.client.create_client(zou.host)
    with pytest.raises(gazu.AuthFailedException, match="refused"):
        gazu.log_in_with_browser(
            zou.host, "Maya", 60, Person(zou, allows=False), client=client
        )


def test_a_code_is_used_once(zou):
    """The listener cannot use a code that another program has taken."""
    person = Person(zou)
    client = gazu.client.create_client(zou.host)
    verifier = "v" * 43
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    code = gazu.client.post(
        "auth/app-login/code",
        {"code_challenge": challenge},
        client=person.client,
    )["code"]

    def exchange(verifier):
        return gazu.client.post(
            "auth/app-login/token",
            {"code": code, "code_verifier": verifier},
            client=client,
        )

    assert exchange(verifier)["login"] is True
    with pytest.raises(gazu.ParameterException, match="Wrong or expired"):
        exchange(verifier)


def test_the_command_line_logs_in_through_a_browser(zou, home, tmp_path):
    """The browser is the command in the variable BROWSER."""
    person = Person(zou)
    process = subprocess.Popen(
        [sys.executable, "-m", "gazu", "login", "--browser"]
        + ["--host", zou.event_host, "--profile", "desk"],
        env={**os.environ, "HOME": str(home), "BROWSER": "true-and-gone %s"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        # There is no such program, so that the address is printed.
        assert process.stderr.readline().startswith("Open this page")
        person.answer(process.stderr.readline().strip())
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, err) == (0, "")
    assert out == "Logged in to {}\n".format(zou.host)
    kept = json.loads((home / ".gazu/profiles/desk.json").read_text())
    assert set(kept) == {"host", "tokens", "user"}
    assert set(kept["tokens"]) == {"access_token", "refresh_token"}
    client = gazu.connect("desk")
    assert (
        gazu.client.get_current_user(client=client)["email"] == zou.admin_email
    )


RENEW = """
import sys
import gazu
client = gazu.connect("shared")
before = client.access_token
print("connected", flush=True)
sys.stdin.readline()
gazu.client.get_current_user(client=client)
assert client.access_token != before
print(client.access_token)
"""


def test_processes_share_a_renewed_token(zou, home):
    tokens = dict(Person(zou).client.tokens)
    tokens["access_token"] = zou.make_expired_token(tokens["access_token"])
    Profile("shared").write(zou.host, tokens, keyring=False)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RENEW],
            env={**os.environ, "HOME": str(home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout.readline() == "connected\n"
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, outputs
    (token,) = {output.strip() for output in outputs}
    kept = Profile("shared").read()
    assert kept.tokens == {
        "access_token": token,
        "refresh_token": tokens["refresh_token"],
    }


def test_connect_with_a_password(zou, home, monkeypatch):
    monkeypatch.setenv("KITSU_SERVER", zou.event_host)
    monkeypatch.setenv("KITSU_LOGIN", zou.admin_email)
    monkeypatch.setenv("KITSU_PWD", zou.admin_password)
    client = gazu.connect()
    user = gazu.client.get_current_user(client=client)
    assert user["email"] == zou.admin_email
    monkeypatch.setenv("KITSU_TOKEN", client.access_token)
    other = gazu.connect()
    assert gazu.client.get_current_user(client=other) == user
    assert other.refresh_token is None


def test_a_missing_second_factor_is_named(zou):
    """A person turns on the second factor, and logs in without it."""
    admin = Person(zou).client
    email = "otp@studio.com"
    person = gazu.person.new_person(
        "Otto", "Peterson", email, "", "user", client=admin
    )
    gazu.person.change_password_for_person(
        person, "otp-passw0rd!", client=admin
    )
    client = gazu.client.create_client(zou.host)
    gazu.log_in(email, "otp-passw0rd!", client=client)
    secret = gazu.client.put("auth/totp", {}, client=client)["otp_secret"]
    gazu.client.post("auth/totp", {"totp": totp(secret)}, client=client)
    with pytest.raises(gazu.AuthFailedException) as caught:
        gazu.log_in(email, "otp-passw0rd!", client=client)
    assert caught.value.otp_missing
    assert caught.value.otp_methods == ["totp", "recovery_code"]
    with pytest.raises(gazu.AuthFailedException) as caught:
        gazu.log_in(email, "otp-passw0rd!", totp="000000", client=client)
    assert caught.value.otp_wrong and not caught.value.otp_missing


def totp(secret):
    """Return the current code of an authenticator application (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(key, counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    (number,) = struct.unpack(">I", digest[start : start + 4])
    return "{:06d}".format((number & 0x7FFFFFFF) % 1000000)

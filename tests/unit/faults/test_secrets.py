"""Tokens and passwords stay out of everything that is shown or stored."""

from __future__ import annotations

import logging
import traceback

import gazu
import pytest
from gazu import client as raw

from ..recording_server import Answer

SECRETS = ("s3cret-access", "s3cret-refresh", "s3cret-password")


def free_of_secrets(text):
    return not any(secret in text for secret in SECRETS)


@pytest.fixture
def keeper(server):
    """A client that has something to hide."""
    return raw.KitsuClient(
        server.url + "/api", access_token=SECRETS[0], refresh_token=SECRETS[1]
    )


def test_repr(keeper):
    for thing in (keeper, keeper.session, raw.get, gazu):
        assert free_of_secrets(repr(thing)) and free_of_secrets(str(thing))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 422, 500])
def test_exceptions(server, keeper, status):
    keeper.use_refresh_token = False
    server.on("*", "*", Answer({"message": "why"}, status=status))
    for call in (
        lambda: raw.get("data/x", client=keeper),
        lambda: raw.post("data/x", {"password": SECRETS[2]}, client=keeper),
        lambda: gazu.log_in("ann", SECRETS[2], client=keeper),
    ):
        with pytest.raises(Exception) as caught:
            call()
        error = caught.value
        shown = "".join(traceback.format_exception(type(error), error, None))
        assert free_of_secrets(
            repr(error) + str(error) + shown + repr(vars(error))
        )


@pytest.mark.parametrize(
    "how",
    [{"reset": "headers"}, {"close": "headers"}, {"body": b"<html>"}],
    ids=str,
)
def test_transport_errors(server, keeper, how):
    server.on("*", "*", Answer(**how))
    for call in (
        lambda: raw.get("data/x", client=keeper),
        lambda: gazu.log_in("ann", SECRETS[2], client=keeper),
    ):
        with pytest.raises(Exception) as caught:
            call()
        assert free_of_secrets(repr(caught.value) + str(caught.value))


def test_logs(server, keeper, caplog):
    with caplog.at_level(logging.DEBUG):
        raw.get("data/x", client=keeper)
        raw.post("data/x", {"name": "a"}, client=keeper)
        raw.post("data/x", {"password": SECRETS[2]}, client=keeper)
        raw.put("data/x", {"token": SECRETS[2]}, client=keeper)
        raw.delete("data/x", client=keeper)
        raw.upload("data/x", files={"f": b"a"}, client=keeper)
        server.on(
            "POST", "auth/login", {"access_token": SECRETS[0], "login": True}
        )
        gazu.log_in("ann", SECRETS[2], client=keeper)
        keeper.refresh_token = SECRETS[1]
        server.on("GET", "auth/refresh-token", {"access_token": SECRETS[0]})
        keeper.refresh_access_token()
    assert free_of_secrets(caplog.text)


@pytest.mark.parametrize(
    "field", ["password", "token", "access_token", "refresh_token", "secret"]
)
@pytest.mark.parametrize("verb", ["post", "put"])
def test_a_body_with_a_secret_is_not_logged(
    server, client, caplog, verb, field
):
    with caplog.at_level(logging.DEBUG, "gazu"):
        getattr(raw, verb)("data/x", {field: "v", "name": "n"}, client=client)
        getattr(raw, verb)("data/y", {"name": "n"}, client=client)
    assert caplog.messages == [
        verb.upper() + " " + client.host + "/data/x",
        verb.upper() + " " + client.host + "/data/y",
        "Body: {'name': 'n'}",
    ]


def test_requests_are_logged(server, client, caplog):
    with caplog.at_level(logging.DEBUG, "gazu"):
        raw.get("data/x", params={"a": 1}, client=client)
        raw.delete("data/x", params={"a": 1}, client=client)
    assert caplog.messages == [
        "GET " + client.host + "/data/x",
        "DELETE " + client.host + "/data/x",
    ]


def test_nothing_is_logged_unasked(server, python):
    process = python(
        """
        import sys, gazu
        client = gazu.client.create_client(sys.argv[1])
        gazu.client.post("data/x", {"a": 1}, client=client)
        """,
        server.url + "/api",
    )
    assert (process.stdout, process.stderr) == ("", "")


def test_debugging_is_by_environment(server, python):
    process = python(
        """
        import logging, sys, gazu
        client = gazu.client.create_client(sys.argv[1])
        gazu.client.get("data/x", client=client)
        gazu.log_in("ann", "s3cret-password", client=client) if len(sys.argv) > 2 else None
        assert logging.getLogger().level == logging.WARNING
        """,
        server.url + "/api",
        env={"GAZU_DEBUG": "True"},
    )
    assert "GET " + server.url + "/api/data/x" in process.stderr


@pytest.mark.beyond
def test_the_refused_answer_keeps_no_request(server, keeper):
    """What an exception carries is the server's answer, not what was asked."""
    keeper.use_refresh_token = False
    server.on("*", "*", Answer({"message": "why"}, status=400))
    with pytest.raises(gazu.ParameterException) as caught:
        raw.post("data/x", {"password": SECRETS[2]}, client=keeper)
    assert set(vars(caught.value)) <= {"status_code", "body", "path"}


@pytest.mark.beyond
def test_a_bad_token_is_not_shown(server, client):
    client.access_token = SECRETS[0] + "\n"
    with pytest.raises(ValueError) as caught:
        raw.get("data/x", client=client)
    assert free_of_secrets(repr(caught.value) + str(caught.value))


@pytest.mark.beyond
def test_a_password_in_the_host_is_not_shown(client):
    client.host = "http://me:%s@127.0.0.1:1/api" % SECRETS[2]
    with pytest.raises(OSError) as caught:
        raw.get("data/x", client=client)
    assert free_of_secrets(repr(caught.value) + str(caught.value))


@pytest.mark.beyond
def test_a_password_of_a_proxy_is_not_shown(client, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://me:%s@127.0.0.1:1" % SECRETS[2])
    with pytest.raises(OSError) as caught:
        raw.get("data/x", client=client)
    assert free_of_secrets(repr(caught.value) + str(caught.value))

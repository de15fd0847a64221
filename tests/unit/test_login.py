from __future__ import annotations

import gazu
import pytest
from gazu import client as raw
from gazu import exception as ex

from .recording_server import Answer

TOKENS = {
    "user": {"id": "u1", "full_name": "Ann"},
    "login": True,
    "ldap": False,
    "access_token": "a1",
    "refresh_token": "r1",
}
FIELDS = [
    "email",
    "password",
    "totp",
    "email_otp",
    "fido_authentication_response",
    "recovery_code",
]


class TestLogIn:
    def test_the_tokens_are_kept(self, server, default):
        server.on("POST", "auth/login", TOKENS)
        reply = gazu.log_in("ann@studio.com", "secret")
        assert reply == TOKENS
        assert reply is default.tokens
        assert (default.access_token, default.refresh_token) == ("a1", "r1")
        assert server.last.body == (
            b'{"email": "ann@studio.com", "password": "secret", "totp": null, "email_otp": null,'
            b' "fido_authentication_response": null, "recovery_code": null}'
        )

    @pytest.mark.parametrize(
        "extra",
        [
            {"totp": "123456"},
            {"email_otp": "654321"},
            {
                "fido_authentication_response": {
                    "id": "k",
                    "response": {"signature": "s"},
                }
            },
            {"recovery_code": "abcd"},
        ],
    )
    def test_second_factors_are_sent(self, server, client, extra):
        server.on("POST", "auth/login", TOKENS)
        gazu.log_in("a", "b", client=client, **extra)
        sent = server.last.json()
        assert list(sent) == FIELDS
        assert {k: v for k, v in sent.items() if v is not None} == dict(
            extra, email="a", password="b"
        )

    def test_second_factors_may_be_positional(self, server, client):
        server.on("POST", "auth/login", TOKENS)
        gazu.log_in("a", "b", "c", "d", "e", "f", client)
        assert list(server.last.json().values()) == [
            "a",
            "b",
            "c",
            "d",
            "e",
            "f",
        ]

    def test_the_next_request_carries_the_token(self, server, client):
        server.on("POST", "auth/login", TOKENS)
        gazu.log_in("a", "b", client=client)
        raw.get("data/x", client=client)
        assert server.last.header("Authorization") == "Bearer a1"

    @pytest.mark.parametrize(
        "answer, text",
        [
            (
                Answer({"login": False, "message": "bad"}, status=400),
                "('auth/login', 'bad')",
            ),
            (
                Answer({}, status=400),
                "('auth/login', 'No additional information')",
            ),
            (Answer({"message": "x"}, status=401), "auth/login"),
            (Answer({"login": False}), ""),
            (Answer({}), ""),
            (Answer(None), ""),
            (Answer([]), ""),
        ],
    )
    def test_a_rejected_login_raises(self, server, client, answer, text):
        client.tokens = {"access_token": "old"}
        server.on("POST", "auth/login", answer)
        with pytest.raises(gazu.AuthFailedException) as caught:
            gazu.log_in("a", "b", client=client)
        assert type(caught.value) is ex.AuthFailedException
        assert str(caught.value) == text
        assert client.tokens == {"access_token": "old"}

    @pytest.mark.parametrize(
        "status, cls",
        [
            (403, ex.NotAllowedException),
            (422, ex.ValidationException),
            (500, ex.ServerErrorException),
        ],
    )
    def test_other_errors_raise(self, server, client, status, cls):
        server.on(
            "POST", "auth/login", Answer({"message": "m"}, status=status)
        )
        with pytest.raises(cls):
            gazu.log_in("a", "b", client=client)

    @pytest.mark.parametrize(
        "reply", [{"a": 1}, {"login": None}, {"login": 0}]
    )
    def test_any_other_answer_is_kept(self, server, client, reply):
        server.on("POST", "auth/login", reply)
        assert gazu.log_in("a", "b", client=client) == reply
        assert client.tokens == reply

    def test_an_unknown_keyword_raises(self, client):
        with pytest.raises(TypeError):
            gazu.log_in("a", "b", nonsense=1, client=client)

    def test_an_expired_session_calls_the_callback_first(self, server, client):
        calls = []
        client.callback_not_authenticated = lambda *args: calls.append(args)
        server.on("POST", "auth/login", Answer({}, status=401))
        with pytest.raises(ex.AuthFailedException):
            gazu.log_in("a", "b", client=client)
        assert calls == [(client, "auth/login")]

    def test_an_email_with_a_code_is_asked_for(self, server, default):
        server.on("GET", "auth/email-otp", {"sent": True})
        assert gazu.send_email_otp("a+b@c.d") == {"sent": True}
        assert server.last.target == "/api/auth/email-otp?email=a%2Bb%40c.d"


class TestLogOut:
    @pytest.mark.parametrize(
        "answer",
        [
            Answer({"logout": True}),
            Answer({}, status=400),
            Answer({}, status=401),
        ],
    )
    def test_the_tokens_are_removed(self, server, default, answer):
        default.tokens = dict(TOKENS)
        server.on("GET", "auth/logout", answer)
        reply = gazu.log_out()
        assert reply == {} and default.tokens is reply
        assert server.last.header("Authorization") == "Bearer a1"

    @pytest.mark.parametrize(
        "status, cls",
        [(404, ex.RouteNotFoundException), (500, ex.ServerErrorException)],
    )
    def test_other_errors_keep_the_tokens(self, server, client, status, cls):
        client.tokens = {"access_token": "a1"}
        server.on("GET", "auth/logout", Answer({}, status=status))
        with pytest.raises(cls):
            gazu.log_out(client=client)
        assert client.tokens == {"access_token": "a1"}


class TestSession:
    def test_it_logs_in_and_out(self, server, default):
        server.on("POST", "auth/login", TOKENS)
        with gazu.create_session(server.url + "/api", "a", "b") as client:
            assert type(client) is raw.KitsuClient
            assert client is not default
            assert client.tokens == TOKENS
            assert client.use_refresh_token is False
        assert client.tokens == {"access_token": None, "refresh_token": None}
        assert server.lines == [
            ("POST", "/api/auth/login"),
            ("GET", "/api/auth/logout"),
        ]
        assert server.last.header("Authorization") == "Bearer a1"
        assert default.tokens == {"access_token": None, "refresh_token": None}

    def test_it_logs_out_after_an_error(self, server):
        server.on("POST", "auth/login", TOKENS)
        with pytest.raises(KeyError):
            with gazu.create_session(server.url + "/api", "a", "b"):
                raise KeyError
        assert server.last.path == "/api/auth/logout"

    def test_an_error_of_the_logout_is_ignored(self, server):
        server.on("POST", "auth/login", TOKENS)
        server.on("GET", "auth/logout", Answer(reset="headers"))
        with gazu.create_session(server.url + "/api", "a", "b") as client:
            pass
        assert client.tokens == {"access_token": None, "refresh_token": None}

    def test_every_argument_is_accepted(self, server, make_file):
        server.on("POST", "auth/login", TOKENS)

        def callback(client, path):
            return False

        cert = make_file("cert.pem")
        client = gazu.create_session(
            server.url + "/api",
            "a",
            "b",
            "c",
            "d",
            "e",
            "f",
            ssl_verify=False,
            cert=cert,
            use_refresh_token=True,
            callback_not_authenticated=callback,
        )
        assert list(server.last.json().values()) == [
            "a",
            "b",
            "c",
            "d",
            "e",
            "f",
        ]
        assert client.session.verify is False
        assert client.session.cert == cert
        assert client.use_refresh_token is True
        assert client.callback_not_authenticated is callback

    def test_a_rejected_login_raises(self, server, client, monkeypatch):
        closed = []
        client.session.close = lambda: closed.append(True)
        monkeypatch.setattr(
            raw, "create_client", lambda *args, **kwargs: client
        )
        server.on("POST", "auth/login", Answer({}, status=400))
        with pytest.raises(ex.AuthFailedException):
            gazu.create_session(server.url + "/api", "a", "b")
        assert closed == [True]

    def test_every_client_is_a_context_manager(self, server, client):
        with client as same:
            assert same is client
        assert server.lines == [("GET", "/api/auth/logout")]

    def test_a_closed_client_still_works(self, server, client):
        with client:
            pass
        raw.get("data/x", client=client)
        assert server.last.path == "/api/data/x"


class TestHost:
    @pytest.mark.parametrize(
        "status, up",
        [(200, True), (201, False), (204, False), (404, False), (500, False)],
    )
    def test_a_host_is_up_if_it_answers_200(self, server, client, status, up):
        server.on("HEAD", "/api", Answer({}, status=status))
        assert raw.host_is_up(client=client) is up
        assert server.last.line == "HEAD /api HTTP/1.1"
        assert server.last.header("Authorization") is None

    @pytest.mark.parametrize(
        "host",
        [
            "",
            "nonsense",
            "ftp://host/api",
            "http://",
            "http://no.such.host.invalid/api",
            None,
        ],
    )
    def test_an_invalid_host_is_not_up(self, client, host):
        client.host = host
        assert raw.host_is_up(client=client) is False
        assert raw.host_is_valid(client=client) is False

    def test_a_host_that_refuses_connections_is_not_up(self, server, client):
        server.close()
        assert raw.host_is_up(client=client) is False

    @pytest.mark.parametrize(
        "status, valid",
        [
            (200, True),
            (400, True),
            (401, True),
            (422, False),
            (403, False),
            (404, False),
            (500, False),
        ],
    )
    def test_the_status_of_a_login_decides_whether_a_host_is_valid(
        self, server, client, status, valid
    ):
        server.on("POST", "auth/login", Answer({}, status=status))
        assert raw.host_is_valid(client=client) is valid
        assert server.lines == [("HEAD", "/api"), ("POST", "/api/auth/login")]
        assert server.last.body == b'{"email": ""}'

    def test_another_server_is_not_valid(self, server, client):
        server.on("POST", "auth/login", Answer(body=b"<html>"))
        assert raw.host_is_valid(client=client) is False

    def test_the_host_may_be_read_and_set(self, default):
        assert raw.set_host("http://a/api") == "http://a/api"
        assert (
            gazu.get_host() == raw.get_host() == default.host == "http://a/api"
        )
        assert gazu.set_host("http://b/api") is None
        assert raw.get_host() == "http://b/api"

    @pytest.mark.parametrize(
        "host, url",
        [
            ("http://h/api", "http://h"),
            ("http://h", "http://h"),
            ("http://h/api/", "http://h/api/"),
        ],
    )
    def test_the_api_url_is_the_host_without_api(self, client, host, url):
        client.host = host
        assert raw.get_api_url_from_host(client=client) == url

    def test_the_event_host_may_be_set(self, default):
        assert gazu.get_event_host() == default.host
        assert raw.set_event_host("http://e") == "http://e"
        assert gazu.get_event_host() == "http://e"
        assert gazu.set_event_host("http://f") is None
        assert raw.get_event_host() == "http://f"
        default.event_host = None
        assert raw.get_event_host() == default.host

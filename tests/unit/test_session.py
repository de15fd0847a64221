"""client.session, used as scripts use a requests.Session."""

from __future__ import annotations

import io
import json
import pickle

import pytest
from gazu import client as raw

from .recording_server import Answer, redirect


@pytest.fixture
def session(client):
    return client.session


@pytest.fixture
def url(client):
    return client.host + "/x"


class TestCalls:
    @pytest.mark.parametrize(
        "verb", ["get", "post", "put", "delete", "patch", "options"]
    )
    def test_all_verbs_are_sent(self, server, session, url, verb):
        server.on("*", "x", {"a": 1})
        response = getattr(session, verb)(url)
        assert server.last.method == verb.upper()
        assert response.json() == {"a": 1}

    def test_head_has_no_content(self, server, session, url):
        response = session.head(url)
        assert (
            server.last.method,
            response.status_code,
            response.content,
        ) == ("HEAD", 200, b"")

    def test_request_takes_a_method(self, server, session, url):
        session.request("get", url)
        session.request("POST", url, data="a")
        assert [r.method for r in server.requests] == ["GET", "POST"]

    @pytest.mark.parametrize(
        "params, query",
        [
            ({"a": 1, "b": [1, 2]}, "a=1&b=1&b=2"),
            ({"a": None}, ""),
            ("a=b", "a=b"),
            ([("a", "é")], "a=%C3%A9"),
        ],
    )
    def test_params_become_the_query(
        self, server, session, url, params, query
    ):
        session.get(url, params=params)
        assert server.last.query == query

    def test_json_becomes_the_body(self, server, session, url):
        session.post(url, json={"a": "é"})
        assert server.last.body == b'{"a": "\\u00e9"}'
        assert server.last.header("Content-Type") == "application/json"

    @pytest.mark.parametrize(
        "data, body, content_type",
        [
            ("text", b"text", None),
            (b"\xff", b"\xff", None),
            (
                {"a": 1, "b": "c d"},
                b"a=1&b=c+d",
                "application/x-www-form-urlencoded",
            ),
            (
                [("a", 1), ("a", 2)],
                b"a=1&a=2",
                "application/x-www-form-urlencoded",
            ),
            ("é", "é".encode(), None),
            (io.BytesIO(b"stream"), b"stream", None),
        ],
    )
    def test_data_becomes_the_body(
        self, server, session, url, data, body, content_type
    ):
        session.post(url, data=data)
        assert server.last.body == body
        assert server.last.header("Content-Type") == content_type

    def test_files_become_a_form(self, server, session, url):
        session.post(url, files={"f": ("n.txt", b"abc")}, data={"k": "v"})
        assert [
            (p.name, p.filename, p.content) for p in server.last.parts
        ] == [
            ("k", None, b"v"),
            ("f", "n.txt", b"abc"),
        ]

    def test_headers_are_sent(self, server, session, url):
        session.get(url, headers={"X-A": "1", "Accept": "text/plain"})
        assert server.last.header("X-A") == "1"
        assert server.last.header("Accept") == "text/plain"

    def test_a_header_of_none_is_left_out(self, server, session, url):
        session.get(url, headers={"Connection": None})
        assert server.last.header("Connection") is None

    def test_auth_is_sent(self, server, session, url):
        session.get(url, auth=("me", "secret"))
        assert server.last.header("Authorization") == "Basic bWU6c2VjcmV0"

    def test_allow_redirects_may_be_false(self, server, session, url):
        server.on("GET", "x", redirect("/api/y"))
        response = session.get(url, allow_redirects=False)
        assert response.status_code == 302
        assert response.headers["location"] == "/api/y"
        response = session.get(url)
        assert [r.status_code for r in response.history] == [302]
        assert response.url.endswith("/api/y")

    @pytest.mark.parametrize("timeout", [5, 0.5, (1, 5), None])
    def test_a_timeout_is_accepted(self, server, session, url, timeout):
        assert session.get(url, timeout=timeout).ok

    def test_a_timeout_raises(self, server, session, url):
        server.on("GET", "x", Answer(hang="headers"))
        with pytest.raises(OSError) as caught:
            session.get(url, timeout=0.1)
        assert type(caught.value).__name__ == "ReadTimeout"

    def test_an_unknown_keyword_raises(self, session, url):
        with pytest.raises(TypeError):
            session.get(url, nonsense=1)


class TestResponse:
    def test_a_response_has_the_attributes_of_requests(
        self, server, session, url
    ):
        server.on(
            "GET",
            "x",
            Answer(
                body="é",
                content_type="text/plain; charset=utf-8",
                headers={"X-A": "1"},
            ),
        )
        response = session.get(url)
        assert response.status_code == 200
        assert response.ok is True and bool(response) is True
        assert response.reason == "OK"
        assert response.text == "é"
        assert response.content == "é".encode()
        assert response.encoding == "utf-8"
        assert response.headers["x-a"] == response.headers["X-A"] == "1"
        assert response.url == url
        assert response.history == []
        assert repr(response) == "<Response [200]>"
        assert response.elapsed.total_seconds() > 0

    def test_a_client_error_raises_for_status(self, server, session, url):
        server.on("GET", "x", Answer({}, status=404))
        response = session.get(url)
        assert (response.ok, bool(response), response.reason) == (
            False,
            False,
            "NOT FOUND",
        )
        with pytest.raises(OSError) as caught:
            response.raise_for_status()
        assert type(caught.value).__name__ == "HTTPError"
        assert (
            str(caught.value) == "404 Client Error: NOT FOUND for url: " + url
        )
        assert caught.value.response is response

    def test_a_server_error_raises_for_status(self, server, session, url):
        server.on("GET", "x", Answer({}, status=502))
        with pytest.raises(
            OSError, match="502 Server Error: BAD GATEWAY for url: "
        ):
            session.get(url).raise_for_status()

    def test_invalid_json_raises(self, server, session, url):
        server.on("GET", "x", {"a": [1]}, Answer(body=b"<html>"))
        assert session.get(url).json() == {"a": [1]}
        with pytest.raises(json.JSONDecodeError):
            session.get(url).json()

    @pytest.mark.parametrize("stream", [False, True])
    def test_iter_content_yields_pieces(self, server, session, url, stream):
        server.on("GET", "x", Answer(body=bytes(1000), encoding="gzip"))
        chunks = list(session.get(url, stream=stream).iter_content(300))
        assert b"".join(chunks) == bytes(1000)
        assert max(map(len, chunks)) <= 300

    def test_a_stream_is_not_read_ahead(self, server, session, url):
        server.on("GET", "x", Answer(size=1 << 30))
        with session.get(url, stream=True) as response:
            assert len(next(response.iter_content(1000))) == 1000

    def test_iter_lines_yields_lines(self, server, session, url):
        server.on("GET", "x", b"a\nb\r\nc")
        assert list(session.get(url, stream=True).iter_lines()) == [
            b"a",
            b"b",
            b"c",
        ]

    def test_a_response_may_be_closed(self, server, session, url):
        response = session.get(url, stream=True)
        assert response.close() is None

    def test_a_response_is_a_context_manager(self, server, session, url):
        with session.get(url) as response:
            assert response.json() == {}

    def test_headers_are_a_mapping(self, server, session, url):
        server.on("GET", "x", Answer({}, headers=[("X-A", "1"), ("X-B", "2")]))
        headers = session.get(url).headers
        assert dict(headers)["X-A"] == "1"
        assert "x-b" in headers and "x-c" not in headers
        assert headers.get("X-C") is None
        with pytest.raises(KeyError):
            headers["X-C"]
        assert [k for k in headers if k.startswith("X-")] == ["X-A", "X-B"]
        assert ("X-A", "1") in list(headers.items())

    def test_repeated_headers_are_joined(self, server, session, url):
        server.on("GET", "x", Answer({}, headers=[("X-A", "1"), ("X-A", "2")]))
        assert session.get(url).headers["X-A"] == "1, 2"


class TestSettings:
    def test_a_session_has_the_defaults_of_requests(self, session):
        assert session.verify is True
        assert session.cert is None
        assert session.auth is None
        assert session.trust_env is True
        assert session.proxies == {}
        assert session.max_redirects == 30
        assert session.headers["Accept"] == "*/*"
        assert session.headers["connection"] == "keep-alive"

    @pytest.mark.parametrize("verify", [True, False, "/some/bundle.pem"])
    def test_verify_is_as_given(self, verify):
        client = raw.KitsuClient("https://h", ssl_verify=verify)
        assert client.session.verify == verify
        client.session.verify = False
        assert client.session.verify is False

    @pytest.mark.parametrize("cert", [None, "a.pem", ("a.pem", "a.key")])
    def test_cert_is_as_given(self, cert):
        assert raw.KitsuClient("https://h", cert=cert).session.cert == cert

    def test_headers_are_case_insensitive(self, server, session, client):
        session.headers["X-Studio"] = "a"
        session.headers.update({"x-studio": "b"})
        assert session.headers["X-STUDIO"] == "b"
        raw.get("data/x", client=client)
        assert server.last.header("X-Studio") == "b"
        del session.headers["X-Studio"]
        raw.get("data/x", client=client)
        assert server.last.header("X-Studio") is None

    def test_headers_may_be_replaced(self, server, session, client):
        session.headers = {"X-Only": "1"}
        raw.get("data/x", client=client)
        assert server.last.header("X-Only") == "1"
        assert server.last.header("Accept-Encoding") is None

    def test_auth_of_the_session_is_sent(self, server, session, client):
        session.auth = ("me", "secret")
        raw.get("data/x", client=client)
        assert server.last.header("Authorization") == "Basic bWU6c2VjcmV0"

    def test_params_of_the_session_are_sent(self, server, session, client):
        session.params = {"key": "1"}
        raw.get("data/x", params={"a": 2}, client=client)
        assert server.last.query == "a=2&key=1"

    def test_max_redirects_is_obeyed(self, server, session, client):
        session.max_redirects = 2
        server.on("GET", "data/x", redirect("/api/data/x"))
        with pytest.raises(OSError) as caught:
            raw.get("data/x", client=client)
        assert type(caught.value).__name__ == "TooManyRedirects"
        assert len(server.requests) == 3

    def test_cookies_may_be_read_and_set(self, server, session, client):
        session.cookies.set("k", "v")
        raw.get("data/x", client=client)
        assert server.last.header("Cookie") == "k=v"
        server.on(
            "GET",
            "data/x",
            Answer({}, headers=[("Set-Cookie", "l=w; Path=/")]),
        )
        raw.get("data/x", client=client)
        assert session.cookies.get("l") == "w"
        session.cookies.clear()
        raw.get("data/x", client=client)
        assert server.last.header("Cookie") is None

    def test_response_hooks_are_called(self, server, session, client):
        seen = []
        session.hooks["response"].append(
            lambda response, **_: seen.append(response.status_code)
        )
        raw.get("data/x", client=client)
        assert seen == [200]

    def test_a_session_may_be_closed_and_is_a_context_manager(
        self, server, session, client
    ):
        with session as same:
            assert same is session
        session.close()
        raw.get("data/x", client=client)
        assert len(server.requests) == 1

    def test_trust_env_is_obeyed(self, server, session, client, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        session.trust_env = False
        raw.get("data/x", client=client)
        assert len(server.requests) == 1

    def test_netrc_is_read_and_keeps_the_token(
        self, server, client, session, url, tmp_path, monkeypatch
    ):
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login me password secret\n")
        netrc.chmod(0o600)
        monkeypatch.setenv("NETRC", str(netrc))
        session.get(url)
        assert server.last.header("Authorization") == "Basic bWU6c2VjcmV0"
        client.access_token = "abc"
        raw.get("data/x", client=client)
        assert server.last.header("Authorization") == "Bearer abc"

    def test_a_session_can_be_pickled(self, session):
        session.headers["X-A"] = "1"
        assert pickle.loads(pickle.dumps(session)).headers["X-A"] == "1"

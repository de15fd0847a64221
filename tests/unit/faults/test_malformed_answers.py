"""Malformed lengths, encodings, charsets and redirects."""

from __future__ import annotations

import gzip
import time
import zlib

import pytest
from gazu import client as raw

from ..recording_server import Answer, listdir, redirect

pytestmark = pytest.mark.beyond


def read_in_chunks(client, target):
    url = client.host + "/data/x"
    with client.session.get(url, stream=True) as response:
        for chunk in response.iter_content(1 << 16):
            assert len(chunk) <= 1 << 16


READS = {
    "get": lambda client, target: raw.get("data/x", client=client),
    "download": lambda client, target: raw.download(
        "data/x", target, client=client
    ),
    "stream": read_in_chunks,
}


class TestContentLength:
    """An invalid Content-Length raises at once; a redundant one is accepted."""

    @pytest.mark.parametrize("verb", ["get", "download"])
    @pytest.mark.parametrize(
        "headers",
        [
            ["Content-Length: -1"],
            ["Content-Length: five"],
            ["Content-Length: 0x5"],
            ["Content-Length: 5.0"],
            ["Content-Length:"],
            ["Content-Length: 5", "Content-Length: 6"],
            ["Content-Length: 5, 6"],
            ["Content-Length: 99999999999999999999999"],
            ["Content-Length: 18446744073709551615"],
            ["Content-Length: 18446744073709551614"],
            ["Content-Length: 9007199254740993"],
            ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ],
    )
    def test_an_invalid_content_length_raises_at_once(
        self, peer, tmp_path, verb, headers
    ):
        def script(connection):
            connection.read()
            lines = ["HTTP/1.1 200 OK", "Content-Type: application/json"]
            connection.say("\r\n".join(lines + headers) + "\r\n\r\n[1,2]")
            connection.hang()

        server = peer(script)
        client = raw.create_client(server.url + "/api", timeout=1000)
        with pytest.raises(IOError):
            READS[verb](client, str(tmp_path / "out"))
        if "Transfer-Encoding: chunked" not in headers:
            assert len(server.requests) == 1
        assert listdir(tmp_path) == []
        client.session.close()

    @pytest.mark.parametrize("verb", ["get", "download"])
    @pytest.mark.parametrize(
        "headers",
        [
            ["Content-Length: 5", "Content-Length: 5"],
            ["Content-Length: 5, 5"],
            ["Content-Length: 5", "Transfer-Encoding: identity"],
            ["Content-Length: 5", "Transfer-Encoding: gzip"],
        ],
    )
    def test_a_redundant_content_length_is_accepted(
        self, peer, tmp_path, verb, headers
    ):
        def script(connection):
            connection.read()
            lines = ["HTTP/1.1 200 OK", "Content-Type: application/json"]
            connection.say("\r\n".join(lines + headers) + "\r\n\r\n[1,2]")
            connection.wait(20)

        client = raw.create_client(peer(script).url + "/api", timeout=5)
        if verb == "get":
            assert raw.get("data/x", client=client) == [1, 2]
        else:
            target = tmp_path / "out"
            raw.download("data/x", str(target), client=client)
            assert target.read_bytes() == b"[1,2]"
        client.session.close()

    def test_chunks_take_precedence_over_a_content_length(self, peer):
        def script(connection):
            connection.read()
            connection.say(
                "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n"
                "Transfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n"
            )
            time.sleep(0.1)
            connection.say("2\r\n2]\r\n0\r\n\r\n")

        client = raw.create_client(peer(script).url + "/api")
        assert raw.get("data/x", client=client) == [1, 2]
        client.session.close()

    def test_a_body_shorter_than_its_content_length_raises(self, peer):
        def script(connection):
            connection.read()
            connection.say(
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n"
                "Transfer-Encoding: identity\r\n\r\n[1,2]"
            )

        client = raw.create_client(peer(script).url + "/api", retries=1)
        with pytest.raises(IOError):
            raw.get("data/x", client=client)
        client.session.close()


class TestHeaders:
    """Old proxies send headers that are not valid; ``requests`` accepts them."""

    @pytest.mark.parametrize(
        "line", ["X-A: a\r\n b", "X-A : a", "X-A", ": a", "X A: a"]
    )
    def test_an_odd_header_is_accepted(self, peer, line):
        def script(connection):
            connection.read()
            connection.answer(b"[1, 2]", line)

        client = raw.create_client(peer(script).url + "/api")
        assert raw.get("data/x", client=client) == [1, 2]
        client.session.close()


def packed(*encodings):
    body = b'{"a": 1}'
    for encoding in encodings:
        body = (
            gzip.compress(body) if encoding == "gzip" else zlib.compress(body)
        )
    return body


class TestContentEncoding:
    @pytest.mark.parametrize(
        "encodings, name",
        [
            (("gzip", "gzip"), "gzip, gzip"),
            (("deflate", "gzip"), "deflate, gzip"),
            (("gzip", "deflate"), "GZIP ,deflate"),
            (("gzip",), "identity, gzip"),
            ((), "identity"),
            ((), "br"),
            ((), "br, zstd"),
        ],
    )
    def test_a_list_of_encodings_is_decoded(
        self, server, client, tmp_path, encodings, name
    ):
        answer = Answer(
            body=packed(*encodings),
            headers=[("Content-Encoding", name)],
            content_type="application/json",
        )
        server.on("GET", "data/x", answer)
        assert raw.get("data/x", client=client) == {"a": 1}
        response = client.session.get(client.host + "/data/x", stream=True)
        assert b"".join(response.iter_content(3)) == b'{"a": 1}'
        target = tmp_path / "out"
        raw.download("data/x", str(target), client=client)
        assert target.read_bytes() == b'{"a": 1}'

    def test_two_encoding_headers_are_a_list(self, server, client):
        headers = [
            ("Content-Encoding", "deflate"),
            ("Content-Encoding", "gzip"),
        ]
        answer = Answer(body=packed("deflate", "gzip"), headers=headers)
        server.on("GET", "data/x", answer)
        assert raw.get("data/x", client=client) == {"a": 1}

    @pytest.mark.parametrize(
        "name",
        ["gzip, br", "br, gzip", ", ".join(["gzip"] * 6), "gzip, deflate"],
    )
    def test_an_unknown_encoding_in_a_list_raises(self, server, client, name):
        answer = Answer(
            body=packed("gzip"), headers=[("Content-Encoding", name)]
        )
        server.on("GET", "data/x", answer)
        with pytest.raises(Exception) as caught:
            raw.get("data/x", client=client)
        assert type(caught.value).__name__ == "ContentDecodingError"
        assert len(server.requests) == 1

    @pytest.mark.parametrize("verb", ["get", "stream", "download"])
    def test_a_nested_bomb_raises(self, server, client, tmp_path, verb):
        inner = gzip.compress(bytes(1 << 28))
        answer = Answer(
            body=gzip.compress(inner),
            headers=[("Content-Encoding", "gzip,gzip")],
        )
        server.on("GET", "data/x", answer)
        with pytest.raises(Exception) as caught:
            READS[verb](client, str(tmp_path / "out"))
        assert type(caught.value).__name__ == "ContentDecodingError"
        assert listdir(tmp_path) == []


CHARSETS = [
    "rot13",
    "punycode",
    "idna",
    "undefined",
    "zlib",
    "hex",
    "nothing",
    "a\tb",
    "x" * 9000,
    "..",
    "\xe9",
    "utf-7",
    '"',
]


class TestCharsets:
    @pytest.mark.parametrize("charset", CHARSETS)
    @pytest.mark.parametrize(
        "status, name",
        [
            (400, "ParameterException"),
            (404, "RouteNotFoundException"),
            (500, "ServerErrorException"),
        ],
    )
    @pytest.mark.parametrize("kind", ["application/json", "text/html"])
    def test_an_error_in_any_charset_has_the_class_of_its_status(
        self, server, client, charset, status, name, kind
    ):
        answer = Answer(
            body=b"<no json>" * 30000,
            status=status,
            content_type="%s; charset=%s" % (kind, charset),
        )
        server.on("GET", "data/x", answer)
        with pytest.raises(Exception) as caught:
            raw.get("data/x", client=client)
        assert type(caught.value).__name__ == name

    @pytest.mark.parametrize("charset", CHARSETS)
    def test_an_answer_in_any_charset_is_read(self, server, client, charset):
        answer = Answer(
            body=b'{"a": 1}',
            content_type="application/json; charset=" + charset,
        )
        server.on("GET", "data/x", answer)
        assert raw.get("data/x", client=client) == {"a": 1}
        url = client.host + "/data/x"
        response = client.session.get(url)
        assert response.text == '{"a": 1}'
        assert response.json() == {"a": 1}
        pieces = response.iter_content(2, decode_unicode=True)
        assert "".join(pieces) == '{"a": 1}'


class TestRedirects:
    def test_credentials_in_a_redirect_are_not_sent(
        self, server, other_server, client
    ):
        to = other_server.url.replace("http://", "http://bob:secret@")
        server.on("GET", "data/x", redirect(to + "/api/y"))
        other_server.on("GET", "y", {"a": 1})
        client.tokens = {"access_token": "token"}
        assert raw.get("data/x", client=client) == {"a": 1}
        assert other_server.last.header("Authorization") is None
        assert b"secret" not in other_server.last.head
        url = client.session.get(client.host + "/data/x").url
        assert "secret" not in url

    def test_credentials_in_a_redirect_are_not_sent_to_a_proxy(
        self, server, client
    ):
        """The server acts as the proxy, which sees all of an HTTP request."""
        server.on(
            "GET", "http://a.test/x", redirect("http://bob:secret@b.test/y")
        )
        server.on("GET", "http://b.test/y", {"a": 1})
        client.session.proxies = {"http": server.url}
        assert client.session.get("http://a.test/x").json() == {"a": 1}
        assert b"secret" not in server.last.head
        assert server.last.target == "http://b.test/y"

    def test_a_redirect_in_any_charset_is_followed(self, server, client):
        server.on("GET", "data/x", redirect("/api/caf\xe9"))
        server.on("GET", "/api/caf%E9", {"a": 1})
        assert raw.get("data/x", client=client) == {"a": 1}
        server.on("GET", "data/x", redirect("/api/caf\xc3\xa9"))
        server.on("GET", "/api/caf%C3%A9", {"a": 2})
        assert raw.get("data/x", client=client) == {"a": 2}

    @pytest.mark.parametrize("length", [65536, 1 << 20])
    def test_a_url_that_is_too_long_raises_at_once(
        self, server, client, pauses, length
    ):
        with pytest.raises(Exception) as caught:
            raw.get("data/" + "x" * length, client=client)
        assert type(caught.value).__name__ == "InvalidURL"
        assert len(str(caught.value)) < 300
        assert server.requests == []
        assert pauses == [], "it is not tried again"

    def test_a_long_url_is_sent(self, server, client):
        server.default = Answer({"a": 1})
        path = "data/" + "x" * 60000
        assert raw.get(path, client=client) == {"a": 1}
        assert server.last.path == "/api/" + path

"""Proxies of the environment and of the session."""

from __future__ import annotations

import base64
import contextlib
import select
import socket
import ssl
import struct

import gazu
import pytest
from gazu import client as raw

from .. import needs
from ..error_classes import CONNECTION_ERRORS, TIMEOUTS
from ..recording_server import Answer, RecordingServer, free_port, redirect

HOST = "http://kitsu.studio.test/api"


@pytest.fixture(scope="module")
def authority():
    return pytest.importorskip("trustme").CA()


@pytest.fixture
def proxy():
    with RecordingServer() as running:
        yield running


@pytest.fixture
def away():
    """A client whose host can be reached through a proxy only."""
    client = raw.create_client(HOST)
    client.retries = 0
    yield client
    client.session.close()


class TestHttpProxies:
    @pytest.mark.parametrize(
        "name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]
    )
    def test_the_environment_sets_the_proxy(
        self, proxy, away, monkeypatch, name
    ):
        monkeypatch.setenv(name, proxy.url)
        proxy.on("GET", "*", {"a": 1})
        assert raw.get("data/x", params={"b": 2}, client=away) == {"a": 1}
        assert (
            proxy.last.line
            == "GET http://kitsu.studio.test/api/data/x?b=2 HTTP/1.1"
        )
        assert proxy.last.header("Host") == "kitsu.studio.test"
        assert (
            proxy.last.header("User-Agent")
            == "CGWire Gazu " + gazu.__version__
        )

    def test_a_proxy_needs_no_scheme(self, proxy, away, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", proxy.address)
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    @needs.variables_of_each_case
    def test_lower_case_variables_take_precedence(
        self, proxy, away, monkeypatch
    ):
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:%d" % free_port())
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    def test_the_variable_of_a_scheme_takes_precedence_over_all_proxy(
        self, proxy, away, monkeypatch
    ):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:%d" % free_port())
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    def test_the_proxy_of_another_scheme_is_not_used(
        self, server, client, monkeypatch
    ):
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:%d" % free_port())
        raw.get("data/x", client=client)
        assert len(server.requests) == 1

    def test_credentials_of_the_proxy_are_sent(self, proxy, away, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://me:p%40ss@" + proxy.address)
        away.access_token = "abc"
        raw.get("data/x", client=away)
        assert proxy.last.header("Proxy-Authorization") == "Basic bWU6cEBzcw=="
        assert proxy.last.header("Authorization") == "Bearer abc"

    @pytest.mark.parametrize("verb", ["post", "put", "delete"])
    def test_writes_go_through_the_proxy(self, proxy, away, monkeypatch, verb):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        args = ({"a": 1},) if verb != "delete" else ()
        getattr(raw, verb)("data/x", *args, client=away)
        assert proxy.last.body == (b'{"a": 1}' if args else b"")

    def test_uploads_and_downloads_go_through_the_proxy(
        self, proxy, away, monkeypatch, make_file, tmp_path
    ):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        raw.upload("up", make_file(content=b"abc"), client=away)
        assert proxy.last.parts[0].content == b"abc"
        proxy.on("GET", "*", b"picture")
        raw.download("down", str(tmp_path / "out"), client=away)
        assert (tmp_path / "out").read_bytes() == b"picture"

    def test_requests_share_a_connection_to_the_proxy(
        self, proxy, away, monkeypatch
    ):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        for _ in range(3):
            raw.get("data/x", client=away)
        assert {r.connection for r in proxy.requests} == {1}

    def test_the_environment_is_read_at_each_request(
        self, proxy, server, client, monkeypatch
    ):
        raw.get("data/x", client=client)
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        raw.get("data/x", client=client)
        monkeypatch.delenv("HTTP_PROXY")
        raw.get("data/x", client=client)
        assert (len(server.requests), len(proxy.requests)) == (2, 1)

    def test_redirects_go_through_the_proxy(self, proxy, away, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        proxy.on("GET", HOST + "/data/x", redirect("/api/data/y"))
        raw.get("data/x", client=away)
        assert [r.target for r in proxy.requests] == [
            HOST + "/data/x",
            HOST + "/data/y",
        ]

    def test_an_unreachable_proxy_raises(self, away, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:%d" % free_port())
        with pytest.raises(OSError) as caught:
            raw.get("data/x", client=away)
        assert type(caught.value).__name__ == "ProxyError"

    @pytest.mark.parametrize(
        "script",
        [
            lambda connection: connection.read(),
            lambda connection: (connection.read(), connection.reset()),
            lambda connection: (connection.read(), connection.say("HTTP/1.1")),
            lambda connection: (
                connection.read(),
                connection.say("<html>\r\n\r\n"),
            ),
        ],
        ids=["closes", "resets", "breaks off", "says nonsense"],
    )
    def test_a_proxy_that_breaks_off_raises(
        self, peer, away, monkeypatch, script
    ):
        proxy = peer(script)
        monkeypatch.setenv("HTTP_PROXY", "http://me:s3cret@" + proxy.address)
        for call in (
            raw.get,
            lambda path, client: raw.post(path, {}, client=client),
        ):
            with pytest.raises(OSError, match=proxy.address) as caught:
                call("data/x", client=away)
            assert isinstance(caught.value, CONNECTION_ERRORS)
            assert "s3cret" not in repr(caught.value)
        # A write is sent once.
        assert [r.method for r in proxy.requests] == ["GET", "POST"]

    def test_a_json_answer_of_the_proxy_is_the_result(
        self, proxy, away, monkeypatch
    ):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        proxy.on("GET", "*", Answer({"message": "no"}, status=407))
        assert raw.get("data/x", client=away) == {"message": "no"}

    @pytest.mark.parametrize(
        "url",
        [
            "http://:80",
            "http://me:s3cret@:80",
            "http://me:s3cret@proxy.test:99999",
            "http://me:s3cret@proxy .test",
            "ftp://me:s3cret@proxy.test",
            "me:s3cret@:80",
        ],
    )
    def test_an_invalid_proxy_url_raises(self, away, monkeypatch, url):
        monkeypatch.setenv("HTTP_PROXY", url)
        with pytest.raises((OSError, ValueError)) as caught:
            raw.get("data/x", client=away)
        assert type(caught.value).__name__ == "InvalidProxyURL"
        assert "s3cret" not in repr(caught.value)

    @pytest.mark.parametrize(
        "login, sent",
        [
            ("me:secret", b"me:secret"),
            ("me:p%40s%3As%2F%25", b"me:p@s:s/%"),
            ("me:p@ss", b"me:p@ss"),
            ("me:a+b", b"me:a+b"),
            ("m%C3%A9:p%C3%A9", "m\xe9:p\xe9".encode("latin-1")),
            ("m\xe9:s", "m\xe9:s".encode("latin-1")),
            ("me:", b"me:"),
            ("me:100%", b"me:100%"),
            # Without a name or without a colon no login is sent.
            ("me", None),
            (":secret", None),
        ],
    )
    def test_credentials_are_encoded_as_by_requests(
        self, proxy, away, monkeypatch, login, sent
    ):
        monkeypatch.setenv(
            "HTTP_PROXY", "http://%s@%s" % (login, proxy.address)
        )
        raw.get("data/x", client=away)
        header = proxy.last.header("Proxy-Authorization")
        if sent is None:
            assert header is None
        else:
            assert base64.b64decode(header.partition("Basic ")[2]) == sent

    def test_an_html_answer_of_the_proxy_raises(
        self, proxy, away, monkeypatch
    ):
        """The page of the proxy is the answer, as in requests."""
        monkeypatch.setenv("HTTP_PROXY", "http://me:s3cret@" + proxy.address)
        page = Answer(
            body="<html>s3cret? no", status=407, content_type="text/html"
        )
        proxy.on("*", "*", page)
        with pytest.raises(ValueError) as caught:
            raw.get("data/x", client=away)
        assert type(caught.value).__name__ == "JSONDecodeError"
        assert "bWU6" not in repr(caught.value)
        assert len(proxy.requests) == 1

    def test_the_certificate_of_a_tls_proxy_is_verified(
        self, authority, away, monkeypatch, tmp_path
    ):
        bundle = str(tmp_path / "ca.pem")
        authority.cert_pem.write_to_path(bundle)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        with RecordingServer(tls=context) as proxy:
            monkeypatch.setenv(
                "HTTP_PROXY", "https://me:secret@" + proxy.address
            )
            away.session.verify = bundle
            raw.get("data/x", client=away)
            assert proxy.last.target == HOST + "/data/x"
            # Its certificate is checked, since it sees the login.
            away.session.verify = True
            with pytest.raises(
                OSError, match=r"TLS.*through the proxy"
            ) as caught:
                raw.get("data/x", client=away)
            assert type(caught.value).__name__ == "SSLError"
            assert "secret" not in str(caught.value)
            assert len(proxy.requests) == 1

    def test_an_empty_variable_means_no_proxy(
        self, server, client, monkeypatch
    ):
        monkeypatch.setenv("HTTP_PROXY", "")
        raw.get("data/x", client=client)
        assert len(server.requests) == 1


class TestNoProxy:
    @pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
    @pytest.mark.parametrize(
        "value",
        [
            "127.0.0.1",
            "*",
            "a.test, 127.0.0.1",
            "127.0.0.0/8",
            "a.test,127.0.0.1,",
        ],
    )
    def test_no_proxy_matches_addresses(
        self, server, client, monkeypatch, name, value
    ):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:%d" % free_port())
        monkeypatch.setenv(name, value)
        raw.get("data/x", client=client)
        assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "value, direct",
        [
            ("localhost", True),
            ("host", False),
            (".localhost", True),
            ("LOCALHOST", True),
            ("localhost:{port}", True),
            ("localhost:1", False),
            ("a,*", False),
            ("local host", True),
            ("other.test", False),
            ("", False),
        ],
    )
    def test_no_proxy_matches_names(
        self, proxy, other_server, monkeypatch, value, direct
    ):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", value.format(port=other_server.port))
        raw.get("data/x", client=raw.create_client(other_server.url + "/api"))
        assert (len(other_server.requests), len(proxy.requests)) == (
            direct,
            not direct,
        )

    @pytest.mark.parametrize(
        "value, direct",
        [
            ("studio.test", True),
            (".studio.test", True),
            ("kitsu.studio.test", True),
            ("test", True),
            ("udio.test", False),
            ("kitsu", False),
            ("a.kitsu.studio.test", False),
        ],
    )
    def test_no_proxy_matches_domains(
        self, proxy, away, monkeypatch, value, direct
    ):
        """A direct request fails, because the host does not exist."""
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", value)
        try:
            raw.get("data/x", client=away)
        except OSError:
            pass
        assert len(proxy.requests) == (not direct)

    def test_no_proxy_matches_ports_of_names_only(
        self, proxy, server, client, monkeypatch
    ):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", server.address + ",0.0.0.0/0")
        raw.get("data/x", client=client)
        assert (len(server.requests), len(proxy.requests)) == (0, 1)

    def test_no_proxy_matches_ipv6_addresses(self, peer, proxy, monkeypatch):
        try:
            server = peer(
                lambda connection: (connection.read(), connection.answer()),
                family=socket.AF_INET6,
            )
        except OSError:
            pytest.skip("no IPv6 here")
        client = raw.create_client(server.url + "/api")
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "::1")
        raw.get("data/x", client=client)
        assert (len(server.requests), len(proxy.requests)) == (1, 0)

    def test_no_proxy_does_not_apply_to_proxies_of_the_session(
        self, proxy, server, client, monkeypatch
    ):
        monkeypatch.setenv("NO_PROXY", "*")
        client.session.proxies = {"http": proxy.url}
        raw.get("data/x", client=client)
        assert (len(server.requests), len(proxy.requests)) == (0, 1)


class TestSessionProxies:
    def test_the_session_sets_the_proxy_of_a_scheme(self, proxy, away):
        away.session.proxies = {"http": proxy.url}
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    def test_proxies_of_the_session_may_be_updated(self, proxy, away):
        away.session.proxies.update({"http": proxy.url, "https": proxy.url})
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    def test_the_session_sets_the_proxy_of_a_host(self, proxy, away):
        away.session.proxies = {
            "http": "http://127.0.0.1:%d" % free_port(),
            "http://kitsu.studio.test": proxy.url,
        }
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    def test_the_session_sets_the_proxy_of_all_schemes(self, proxy, away):
        away.session.proxies = {"all": proxy.url}
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    @pytest.mark.parametrize("name", ["http", "http://kitsu.studio.test"])
    def test_the_environment_takes_precedence_except_for_hosts(
        self, proxy, server, away, monkeypatch, name
    ):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        away.session.proxies = {name: server.url}
        raw.get("data/x", client=away)
        assert len(proxy.requests) == (name == "http")
        assert len(server.requests) == (name != "http")

    def test_proxies_of_a_request_take_precedence(
        self, proxy, server, away, monkeypatch
    ):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:%d" % free_port())
        away.session.proxies = {"http": server.url}
        url = HOST + "/data/x"
        away.session.get(url, proxies={"http": proxy.url})
        away.session.get(url, proxies={"http://kitsu.studio.test": proxy.url})
        assert (len(server.requests), len(proxy.requests)) == (0, 2)

    @pytest.mark.parametrize(
        "proxies", [{"http": None}, {"no_proxy": "127.0.0.1"}, {"http": ""}]
    )
    def test_a_request_may_use_no_proxy(
        self, proxy, server, client, monkeypatch, proxies
    ):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        client.session.get(server.url + "/x", proxies=proxies)
        assert (len(server.requests), len(proxy.requests)) == (1, 0)

    @pytest.mark.parametrize("value", ["", None])
    def test_an_empty_proxy_of_the_session_means_no_proxy(
        self, server, client, value
    ):
        client.session.proxies = {"http": value, "all": value}
        raw.get("data/x", client=client)
        assert len(server.requests) == 1

    def test_direct_connections_and_those_of_a_proxy_are_not_shared(
        self, proxy, other_server
    ):
        client = raw.create_client(other_server.url + "/api")
        for own in ({}, {"http": proxy.url}, {}, {"http": proxy.url}):
            client.session.proxies = own
            raw.get("data/x", client=client)
        assert (len(other_server.requests), len(proxy.requests)) == (2, 2)
        assert (other_server.opened, proxy.opened) == (1, 1)
        client.session.close()

    def test_trust_env_false_ignores_the_environment(
        self, server, client, monkeypatch
    ):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:%d" % free_port())
        client.session.trust_env = False
        raw.get("data/x", client=client)
        assert len(server.requests) == 1


class Socks:
    """A script that acts as a SOCKS proxy and records what it is asked for."""

    def __init__(self, server, login=None):
        self.server = server
        self.login = login
        self.asked = []

    def __call__(self, connection):
        version = self._take(connection, 1)[0]
        if version == 5:
            self._greet(connection)
        command, port, host = getattr(self, "_read_%d" % version)(connection)
        self.asked.append((version, command, host, port))
        granted = b"\x00\x5a" + bytes(6)
        connection.say(granted if version == 4 else b"\x05\0\0\x01" + bytes(6))
        with contextlib.closing(
            socket.create_connection(("127.0.0.1", self.server.port))
        ) as far:
            ends = [connection.socket, far]
            while not connection.peer.closing.is_set():
                for source in select.select(ends, [], [], 0.1)[0]:
                    data = source.recv(1 << 16)
                    if not data:
                        return
                    ends[source is connection.socket].sendall(data)

    @staticmethod
    def _take(connection, count):
        data = b""
        while len(data) < count:
            piece = connection.socket.recv(count - len(data))
            assert piece, "the client has left"
            data += piece
        return data

    def _text(self, connection):
        """Read text that ends with a zero byte."""
        found = b""
        while not found.endswith(b"\0"):
            found += self._take(connection, 1)
        return found[:-1].decode()

    def _greet(self, connection):
        methods = self._take(connection, self._take(connection, 1)[0])
        wanted = 2 if self.login else 0
        assert wanted in methods
        connection.say(bytes([5, wanted]))
        if self.login:
            assert self._take(connection, 1) == b"\x01"
            given = tuple(
                self._take(connection, self._take(connection, 1)[0]).decode()
                for _ in range(2)
            )
            right = given == self.login
            connection.say(b"\x01" + (b"\0" if right else b"\x01"))
            assert right

    def _read_4(self, connection):
        command, port = struct.unpack(">BH", self._take(connection, 3))
        address = self._take(connection, 4)
        self._text(connection)
        if address[:3] == bytes(3):
            return command, port, self._text(connection)
        return command, port, socket.inet_ntoa(address)

    def _read_5(self, connection):
        _, command, _, kind = self._take(connection, 4)
        if kind == 3:
            length = self._take(connection, 1)[0]
            host = self._take(connection, length).decode()
        else:
            host = socket.inet_ntoa(self._take(connection, 4))
        return command, struct.unpack(">H", self._take(connection, 2))[0], host


@pytest.mark.beyond
class TestSocks:
    """SOCKS proxies work without PySocks, which requests needs."""

    @pytest.mark.parametrize("scheme", ["socks5h", "socks4a"])
    def test_a_socks_proxy_resolves_the_host(
        self, server, peer, away, monkeypatch, scheme
    ):
        socks = Socks(server)
        monkeypatch.setenv("HTTP_PROXY", scheme + "://" + peer(socks).address)
        raw.get("data/x", client=away)
        raw.get("data/x", client=away)
        assert server.lines == [("GET", "/api/data/x")] * 2
        assert server.last.header("Host") == "kitsu.studio.test"
        (asked,) = socks.asked
        assert asked[1:] == (1, "kitsu.studio.test", 80)

    @pytest.mark.parametrize("scheme", ["socks5", "socks4"])
    def test_the_client_resolves_the_host_for_a_socks_proxy(
        self, server, peer, client, scheme
    ):
        socks = Socks(server)
        client.session.proxies = {"http": scheme + "://" + peer(socks).address}
        raw.get("data/x", client=client)
        assert socks.asked == [(int(scheme[5]), 1, "127.0.0.1", server.port)]

    def test_credentials_of_a_socks_proxy_are_sent(self, server, peer, client):
        socks = Socks(server, login=("me", "p@ss"))
        proxy = peer(socks)
        client.session.proxies = {"all": "socks5://me:p%40ss@" + proxy.address}
        assert raw.get("data/x", client=client) == {}

    def test_an_unreachable_socks_proxy_raises(self, away):
        away.session.proxies = {
            "http": "socks5h://me:s3cret@127.0.0.1:%d" % free_port()
        }
        with pytest.raises(
            OSError, match="through the proxy socks5h://127"
        ) as caught:
            raw.get("data/x", client=away)
        assert type(caught.value).__name__ == "ProxyError"
        assert "s3cret" not in repr(caught.value)

    def test_a_proxy_that_does_not_speak_socks_raises(self, peer, away):
        """The proxy answers in HTTP."""
        proxy = peer(
            lambda connection: connection.say("HTTP/1.1 400 No\r\n\r\n")
        )
        away.session.proxies = {"http": "socks5h://" + proxy.address}
        with pytest.raises(OSError, match=proxy.address) as caught:
            raw.get("data/x", client=away)
        assert type(caught.value).__name__ == "ProxyError"


class TestTunnels:
    @pytest.fixture
    def tls(self, authority):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("kitsu.studio.test").configure_cert(context)
        with RecordingServer(tls=context) as running:
            yield running

    @pytest.fixture
    def tunnel(self, tls):
        with RecordingServer(tunnel=("127.0.0.1", tls.port)) as running:
            yield running

    @pytest.fixture
    def client(self, authority, tmp_path):
        bundle = str(tmp_path / "ca.pem")
        authority.cert_pem.write_to_path(bundle)
        client = raw.create_client(
            "https://kitsu.studio.test/api", ssl_verify=bundle
        )
        client.access_token = "abc"
        yield client
        client.session.close()

    @pytest.mark.parametrize(
        "name", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]
    )
    def test_a_tunnel_goes_through_the_proxy_of_the_environment(
        self, tls, tunnel, client, monkeypatch, name
    ):
        monkeypatch.setenv(name, tunnel.url)
        for _ in range(2):
            raw.get("data/x", client=client)
        (request,) = tunnel.tunnels
        assert request.line.startswith("CONNECT kitsu.studio.test:443 HTTP/1.")
        assert request.header("Authorization") is None
        assert tls.lines == [("GET", "/api/data/x")] * 2
        assert tls.last.header("Host") == "kitsu.studio.test"
        assert tls.last.header("Authorization") == "Bearer abc"
        assert tls.last.header("Proxy-Authorization") is None

    def test_credentials_of_the_proxy_do_not_reach_the_server(
        self, tls, tunnel, client, monkeypatch
    ):
        monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@" + tunnel.address)
        raw.get("data/x", client=client)
        assert (
            tunnel.tunnels[0].header("Proxy-Authorization")
            == "Basic bWU6c2VjcmV0"
        )
        assert tls.last.header("Proxy-Authorization") is None

    def test_a_tunnel_goes_through_the_proxy_of_the_session(
        self, tls, tunnel, client
    ):
        client.session.proxies["https"] = tunnel.url
        raw.get("data/x", client=client)
        assert len(tls.requests) == len(tunnel.tunnels) == 1

    def test_a_tunnel_leads_to_the_port_of_the_host(
        self, tls, tunnel, client, monkeypatch
    ):
        monkeypatch.setenv("HTTPS_PROXY", tunnel.url)
        client.host = "https://kitsu.studio.test:8443/api"
        raw.get("data/x", client=client)
        assert tunnel.tunnels[0].target == "kitsu.studio.test:8443"
        assert tls.last.header("Host") == "kitsu.studio.test:8443"

    @pytest.mark.parametrize("page", [{}, "<html><p>not from here"])
    @pytest.mark.parametrize(
        "status, reason",
        [
            (403, "rejected the connection"),
            (407, "user name and password"),
            (502, "rejected the connection"),
        ],
    )
    def test_a_denied_tunnel_raises(
        self, tls, tunnel, client, monkeypatch, status, reason, page
    ):
        monkeypatch.setenv("HTTPS_PROXY", "http://me:s3cret@" + tunnel.address)
        answer = Answer(page) if page == {} else Answer(body=page)
        answer.status, answer.close = status, True
        tunnel.tunnel_answer = answer
        with pytest.raises(OSError) as caught:
            raw.get("data/x", client=client)
        text = str(caught.value)
        assert type(caught.value).__name__ == "ProxyError"
        assert reason in text and tunnel.address in text
        assert "kitsu.studio.test:443" in text
        assert "s3cret" not in text and "bWU6" not in text
        assert tls.requests == []
        # A denied tunnel is not asked for again.
        assert len(tunnel.tunnels) == 1

    @pytest.mark.parametrize(
        "said",
        [
            "",
            "HTTP/1.1 200 Conn",
            "<html>hello</html>\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n<html",
            "HTTP/1.1 200 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\n" + "X: y\r\n" * 5000,
            "\x05\xff",
        ],
        ids=lambda said: repr(said[:12]),
    )
    def test_a_malformed_answer_to_connect_raises(
        self, peer, client, monkeypatch, said
    ):
        def answer(connection):
            connection.read()
            connection.say(said)

        proxy = peer(answer)
        monkeypatch.setenv("HTTPS_PROXY", "http://me:s3cret@" + proxy.address)
        with pytest.raises(OSError, match=proxy.address) as caught:
            raw.get("data/x", client=client)
        assert type(caught.value).__name__ in ("ProxyError", "SSLError")
        assert "s3cret" not in repr(caught.value)

    @pytest.mark.parametrize("said", ["", "HTTP/1.1 200 OK\r\n\r\n"])
    def test_a_tunnel_that_hangs_times_out(
        self, peer, client, failing, monkeypatch, said
    ):
        def answer(connection):
            connection.read()
            connection.say(said)
            connection.hang()

        monkeypatch.setenv("HTTPS_PROXY", peer(answer).url)
        client.timeout = 0.3
        client.retries = 0
        name, error = failing(lambda: raw.get("x", client=client))
        assert name == "ConnectTimeout" and isinstance(error, TIMEOUTS)

    def test_the_client_works_after_a_denied_tunnel(
        self, tls, tunnel, client, monkeypatch
    ):
        monkeypatch.setenv("HTTPS_PROXY", tunnel.url)
        tunnel.tunnel_answer = Answer({}, status=503, close=True)
        with pytest.raises(OSError):
            raw.get("data/x", client=client)
        tunnel.tunnel_answer = None
        assert raw.get("data/x", client=client) == {}

    @pytest.mark.parametrize("scheme", ["https", "https://kitsu.studio.test"])
    def test_a_tunnel_goes_through_the_proxy_of_a_scheme_or_host(
        self, tls, tunnel, client, scheme
    ):
        client.session.proxies = {
            "http": "http://127.0.0.1:%d" % free_port(),
            scheme: tunnel.url,
        }
        raw.get("data/x", client=client)
        assert len(tls.requests) == len(tunnel.tunnels) == 1

    def test_trust_env_false_makes_no_tunnel(
        self, tunnel, client, monkeypatch
    ):
        """A direct request fails, because the host does not exist."""
        monkeypatch.setenv("HTTPS_PROXY", tunnel.url)
        client.session.trust_env = False
        client.retries = 0
        with pytest.raises(OSError):
            raw.get("data/x", client=client)
        assert tunnel.tunnels == []

    def test_certificates_are_verified_through_a_tunnel(
        self, tls, tunnel, monkeypatch
    ):
        monkeypatch.setenv("HTTPS_PROXY", tunnel.url)
        with pytest.raises(OSError) as caught:
            raw.get(
                "data/x",
                client=raw.create_client("https://kitsu.studio.test/api"),
            )
        assert type(caught.value).__name__ == "SSLError"
        assert tls.requests == []

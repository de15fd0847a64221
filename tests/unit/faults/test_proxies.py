"""Proxies, by the environment and by the session."""

from __future__ import annotations

import ssl

import pytest
from gazu import client as raw

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
    """A client of a host that only a proxy can reach."""
    client = raw.create_client(HOST)
    yield client
    client.session.close()


class TestPlain:
    @pytest.mark.parametrize(
        "name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"]
    )
    def test_by_environment(self, proxy, away, monkeypatch, name):
        monkeypatch.setenv(name, proxy.url)
        proxy.on("GET", "*", {"a": 1})
        assert raw.get("data/x", params={"b": 2}, client=away) == {"a": 1}
        assert (
            proxy.last.line
            == "GET http://kitsu.studio.test/api/data/x?b=2 HTTP/1.1"
        )
        assert proxy.last.header("Host") == "kitsu.studio.test"
        assert proxy.last.header("User-Agent") == "CGWire Gazu 1.3.1"

    def test_without_a_scheme(self, proxy, away, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", proxy.address)
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    def test_lower_case_comes_first(self, proxy, away, monkeypatch):
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:%d" % free_port())
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    def test_a_scheme_comes_before_all(self, proxy, away, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:%d" % free_port())
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    def test_another_schemes_is_not_used(self, server, client, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:%d" % free_port())
        raw.get("data/x", client=client)
        assert len(server.requests) == 1

    def test_credentials(self, proxy, away, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://me:p%40ss@" + proxy.address)
        away.access_token = "abc"
        raw.get("data/x", client=away)
        assert proxy.last.header("Proxy-Authorization") == "Basic bWU6cEBzcw=="
        assert proxy.last.header("Authorization") == "Bearer abc"

    @pytest.mark.parametrize("verb", ["post", "put", "delete"])
    def test_verbs(self, proxy, away, monkeypatch, verb):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        args = ({"a": 1},) if verb != "delete" else ()
        getattr(raw, verb)("data/x", *args, client=away)
        assert proxy.last.body == (b'{"a": 1}' if args else b"")

    def test_transfers(self, proxy, away, monkeypatch, make_file, tmp_path):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        raw.upload("up", make_file(content=b"abc"), client=away)
        assert proxy.last.parts[0].content == b"abc"
        proxy.on("GET", "*", b"picture")
        raw.download("down", str(tmp_path / "out"), client=away)
        assert (tmp_path / "out").read_bytes() == b"picture"

    def test_one_connection(self, proxy, away, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        for _ in range(3):
            raw.get("data/x", client=away)
        assert {r.connection for r in proxy.requests} == {1}

    def test_is_read_at_each_request(self, proxy, server, client, monkeypatch):
        raw.get("data/x", client=client)
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        raw.get("data/x", client=client)
        monkeypatch.delenv("HTTP_PROXY")
        raw.get("data/x", client=client)
        assert (len(server.requests), len(proxy.requests)) == (2, 1)

    def test_redirects_take_it_too(self, proxy, away, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        proxy.on("GET", HOST + "/data/x", redirect("/api/data/y"))
        raw.get("data/x", client=away)
        assert [r.target for r in proxy.requests] == [
            HOST + "/data/x",
            HOST + "/data/y",
        ]

    def test_dead(self, away, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:%d" % free_port())
        with pytest.raises(OSError) as caught:
            raw.get("data/x", client=away)
        assert type(caught.value).__name__ == "ProxyError"

    def test_that_refuses(self, proxy, away, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        proxy.on("GET", "*", Answer({"message": "no"}, status=407))
        assert raw.get("data/x", client=away) == {"message": "no"}

    def test_nonsense(self, away, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://:80")
        with pytest.raises((OSError, ValueError)) as caught:
            raw.get("data/x", client=away)
        assert type(caught.value).__name__ == "InvalidProxyURL"

    def test_empty_is_none(self, server, client, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "")
        raw.get("data/x", client=client)
        assert len(server.requests) == 1


class TestExceptions:
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
    def test_numbers(self, server, client, monkeypatch, name, value):
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
            ("other.test", False),
            ("", False),
        ],
    )
    def test_names(self, proxy, other_server, monkeypatch, value, direct):
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
    def test_suffixes(self, proxy, away, monkeypatch, value, direct):
        """A direct request cannot find the host, and so fails."""
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", value)
        try:
            raw.get("data/x", client=away)
        except OSError:
            pass
        assert len(proxy.requests) == (not direct)


class TestOfTheSession:
    def test_by_scheme(self, proxy, away):
        away.session.proxies = {"http": proxy.url}
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    def test_updated(self, proxy, away):
        away.session.proxies.update({"http": proxy.url, "https": proxy.url})
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    def test_by_host(self, proxy, away):
        away.session.proxies = {
            "http": "http://127.0.0.1:%d" % free_port(),
            "http://kitsu.studio.test": proxy.url,
        }
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    def test_for_all(self, proxy, away):
        away.session.proxies = {"all": proxy.url}
        raw.get("data/x", client=away)
        assert len(proxy.requests) == 1

    def test_without_the_environment(self, server, client, monkeypatch):
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:%d" % free_port())
        client.session.trust_env = False
        raw.get("data/x", client=client)
        assert len(server.requests) == 1


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
    def test_by_environment(self, tls, tunnel, client, monkeypatch, name):
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

    def test_credentials(self, tls, tunnel, client, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@" + tunnel.address)
        raw.get("data/x", client=client)
        assert (
            tunnel.tunnels[0].header("Proxy-Authorization")
            == "Basic bWU6c2VjcmV0"
        )
        assert tls.last.header("Proxy-Authorization") is None

    def test_of_the_session(self, tls, tunnel, client):
        client.session.proxies["https"] = tunnel.url
        raw.get("data/x", client=client)
        assert len(tls.requests) == len(tunnel.tunnels) == 1

    def test_a_port_of_its_own(self, tls, tunnel, client, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", tunnel.url)
        client.host = "https://kitsu.studio.test:8443/api"
        raw.get("data/x", client=client)
        assert tunnel.tunnels[0].target == "kitsu.studio.test:8443"
        assert tls.last.header("Host") == "kitsu.studio.test:8443"

    @pytest.mark.parametrize("status", [403, 407, 502])
    def test_refused(self, tls, tunnel, client, monkeypatch, status):
        monkeypatch.setenv("HTTPS_PROXY", tunnel.url)
        tunnel.tunnel_answer = Answer({}, status=status, close=True)
        with pytest.raises(OSError) as caught:
            raw.get("data/x", client=client)
        assert type(caught.value).__name__ == "ProxyError"
        assert tls.requests == []

    def test_certificates_are_still_checked(self, tls, tunnel, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", tunnel.url)
        with pytest.raises(OSError) as caught:
            raw.get(
                "data/x",
                client=raw.create_client("https://kitsu.studio.test/api"),
            )
        assert type(caught.value).__name__ == "SSLError"
        assert tls.requests == []

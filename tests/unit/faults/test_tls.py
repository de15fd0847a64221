from __future__ import annotations

import os
import ssl
import subprocess

import pytest
from gazu import client as raw

from ..recording_server import Answer, RecordingServer, redirect

trustme = pytest.importorskip("trustme")


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def bundle(authority, tmp_path_factory):
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture(scope="module")
def context(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context


@pytest.fixture
def tls(context):
    with RecordingServer(tls=context) as running:
        yield running


@pytest.fixture
def strict(authority):
    """A server that wants to know who calls."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    with RecordingServer(tls=context) as running:
        yield running


@pytest.fixture
def own_certificate(authority, tmp_path):
    """Paths of one file with both, and of the certificate and the key alone."""
    issued = authority.issue_cert("studio@example.org")
    both, cert, key = (
        str(tmp_path / name) for name in ("both.pem", "cert.pem", "key.pem")
    )
    issued.private_key_and_cert_chain_pem.write_to_path(both)
    issued.cert_chain_pems[0].write_to_path(cert)
    issued.private_key_pem.write_to_path(key)
    return both, cert, key


def get(server, **options):
    client = raw.create_client(server.url + "/api", **options)
    try:
        return raw.get("data/x", client=client)
    finally:
        client.session.close()


def refused(server, **options):
    with pytest.raises(OSError) as caught:
        get(server, **options)
    assert type(caught.value).__name__ == "SSLError"
    assert server.requests == []
    return str(caught.value)


class TestVerification:
    def test_a_bundle_by_path(self, tls, bundle):
        assert get(tls, ssl_verify=bundle) == {}

    def test_an_unknown_authority(self, tls):
        assert "certificate" in refused(tls).lower()

    def test_another_authority(self, tls, tmp_path):
        path = str(tmp_path / "other.pem")
        trustme.CA().cert_pem.write_to_path(path)
        refused(tls, ssl_verify=path)

    def test_switched_off(self, tls):
        assert get(tls, ssl_verify=False) == {}

    def test_switched_off_later(self, tls):
        client = raw.create_client(tls.url + "/api")
        client.session.verify = False
        assert raw.get("data/x", client=client) == {}

    def test_switched_on_again(self, tls):
        client = raw.create_client(tls.url + "/api", ssl_verify=False)
        raw.get("data/x", client=client)
        client.session.verify = True
        with pytest.raises(OSError) as caught:
            raw.get("data/x", client=client)
        assert type(caught.value).__name__ == "SSLError"

    def test_another_name(self, authority, bundle):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("kitsu.example.org").configure_cert(context)
        with RecordingServer(tls=context) as elsewhere:
            refused(elsewhere, ssl_verify=bundle)
            assert get(elsewhere, ssl_verify=False) == {}

    def test_an_expired_certificate(self, authority, bundle):
        import datetime

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        past = datetime.datetime(2020, 1, 1)
        try:
            issued = authority.issue_cert(
                "127.0.0.1", not_after=past, not_before=past.replace(year=2019)
            )
        except TypeError:
            pytest.skip("this trustme issues no expired certificate")
        issued.configure_cert(context)
        with RecordingServer(tls=context) as old:
            refused(old, ssl_verify=bundle)
            assert get(old, ssl_verify=False) == {}

    def test_by_name(self, context, bundle):
        with RecordingServer(tls=context, name="localhost") as named:
            assert get(named, ssl_verify=bundle) == {}
            assert named.last.header("Host") == named.address

    @pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
    def test_a_bundle_by_environment(self, tls, bundle, monkeypatch, name):
        monkeypatch.setenv(name, bundle)
        assert get(tls) == {}

    @pytest.mark.beyond
    def test_the_platforms_variable(self, tls, bundle, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", bundle)
        assert get(tls) == {}

    def test_requests_variable_comes_first(
        self, tls, bundle, monkeypatch, tmp_path
    ):
        other = str(tmp_path / "other.pem")
        trustme.CA().cert_pem.write_to_path(other)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
        monkeypatch.setenv("CURL_CA_BUNDLE", other)
        assert get(tls) == {}

    @pytest.mark.parametrize("verify", [False, "other"])
    def test_the_environment_comes_before_the_session(
        self, tls, bundle, monkeypatch, tmp_path, verify
    ):
        """As in requests, even where verification was switched off."""
        other = str(tmp_path / "other.pem")
        trustme.CA().cert_pem.write_to_path(other)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", other)
        refused(tls, ssl_verify=bundle if verify else False)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
        assert get(tls, ssl_verify=other if verify else False) == {}

    def test_a_folder_of_authorities(self, tls, bundle, tmp_path):
        command = ["openssl", "x509", "-noout", "-hash", "-in", bundle]
        try:
            openssl_hash = subprocess.check_output(command).decode().strip()
        except OSError:
            openssl_hash = ""
        if len(openssl_hash) != 8:
            pytest.skip("no openssl to name the files")
        folder = tmp_path / "authorities"
        folder.mkdir()
        with open(bundle) as source:
            (folder / (openssl_hash + ".0")).write_text(source.read())
        assert get(tls, ssl_verify=str(folder)) == {}

    @pytest.mark.parametrize("content", [None, "not a certificate"])
    def test_an_unusable_bundle(self, tls, tmp_path, content):
        path = tmp_path / "ca.pem"
        if content:
            path.write_text(content)
        with pytest.raises(OSError) as caught:
            get(tls, ssl_verify=str(path))
        assert str(path) in str(caught.value) or content
        assert tls.requests == []


class TestClientCertificates:
    def test_none(self, strict, bundle):
        with pytest.raises(OSError) as caught:
            get(strict, ssl_verify=bundle)
        assert type(caught.value).__name__ in ("SSLError", "ConnectionError")
        assert strict.requests == []

    def test_one_file(self, strict, bundle, own_certificate):
        assert get(strict, ssl_verify=bundle, cert=own_certificate[0]) == {}
        assert strict.last.peer_certificate

    def test_a_pair(self, strict, bundle, own_certificate):
        assert get(strict, ssl_verify=bundle, cert=own_certificate[1:]) == {}

    def test_without_verification(self, strict, own_certificate):
        assert get(strict, ssl_verify=False, cert=own_certificate[0]) == {}

    def test_set_later(self, strict, bundle, own_certificate):
        client = raw.create_client(strict.url + "/api", ssl_verify=bundle)
        client.session.cert = own_certificate[0]
        assert raw.get("data/x", client=client) == {}

    @pytest.mark.parametrize("form", ["one", "pair"])
    def test_missing(self, strict, bundle, own_certificate, form):
        missing = own_certificate[0] + ".missing"
        cert = missing if form == "one" else (own_certificate[1], missing)
        with pytest.raises(OSError) as caught:
            get(strict, ssl_verify=bundle, cert=cert)
        assert missing in str(caught.value)
        assert strict.requests == []

    def test_missing_matters_without_tls_too(self, server):
        with pytest.raises(OSError, match=r"no-such\.pem"):
            get(server, cert="no-such.pem")
        assert server.requests == []

    def test_unusable(self, strict, bundle, make_file):
        with pytest.raises(OSError):
            get(
                strict,
                ssl_verify=bundle,
                cert=make_file("cert.pem", b"not a certificate"),
            )
        assert strict.requests == []


class TestOverTls:
    @pytest.fixture
    def client(self, tls, bundle):
        client = raw.create_client(tls.url + "/api", ssl_verify=bundle)
        yield client
        client.session.close()

    def test_http_1_1_and_one_connection(self, tls, client):
        for _ in range(3):
            raw.get("data/x", client=client)
        assert {r.version for r in tls.requests} == {"HTTP/1.1"}
        assert {r.connection for r in tls.requests} == {1}

    def test_upload(self, tls, client, make_file):
        raw.upload("data/x", make_file("a", bytes(3 << 20)), client=client)
        assert len(tls.last.parts[0].content) == 3 << 20

    def test_download(self, tls, client, tmp_path):
        tls.on("GET", "x", Answer(size=3 << 20))
        raw.download("x", str(tmp_path / "out"), client=client)
        assert (tmp_path / "out").stat().st_size == 3 << 20

    @pytest.mark.parametrize("verb", ["get", "post"])
    def test_a_stale_connection_is_replaced(self, tls, client, verb):
        raw.get("warm", client=client)
        tls.drop_idle()
        args = ({},) if verb == "post" else ()
        getattr(raw, verb)("data/x", *args, client=client)
        assert tls.lines == [
            ("GET", "/api/warm"),
            (verb.upper(), "/api/data/x"),
        ]

    def test_down_to_plain_http_the_token_stays_home(
        self, tls, server, client
    ):
        client.access_token = "abc"
        tls.on("GET", "data/x", redirect(server.url + "/y"))
        raw.get("data/x", client=client)
        assert server.last.header("Authorization") is None

    def test_host_is_up(self, tls, client):
        assert raw.host_is_up(client=client) is True
        assert raw.host_is_up(client=raw.create_client(tls.url)) is False

    def test_hung_in_the_body(self, tls, client):
        if not hasattr(client, "timeout"):
            pytest.skip("has no deadline")
        client.timeout = 0.3
        tls.on("GET", "data/x", Answer({"a": "b" * 99}, hang="body"))
        with pytest.raises(OSError):
            raw.get("data/x", client=client)

    def test_after_a_fork(self, tls, python, bundle):
        if not hasattr(os, "fork"):
            pytest.skip("no fork here")
        python(
            """
            import os, sys
            from gazu import client as raw
            client = raw.create_client(sys.argv[1], ssl_verify=sys.argv[2])
            if hasattr(client, "timeout"):
                raw.get("data/x", client=client)
            pid = os.fork()
            raw.get("data/x", client=client)
            if pid:
                sys.exit(os.waitpid(pid, 0)[1])
            """,
            tls.url,
            bundle,
        )

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
import warnings

import pytest
from gazu import client as raw

from .. import needs
from ..recording_server import Answer, RecordingServer, redirect
from .certificates import Identity

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
    """A server that requires a client certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    with RecordingServer(tls=context) as running:
        yield running


@pytest.fixture
def strict_1_2(authority):
    """The same with TLS 1.2, where the server rejects a client during the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    without_tls_1_3(context)
    with RecordingServer(tls=context) as running:
        yield running


@pytest.fixture
def own_certificate(authority, tmp_path):
    """Return the paths of a file with certificate and key, of the certificate, and of the key."""
    issued = authority.issue_cert("studio@example.org")
    both, cert, key = (
        str(tmp_path / name) for name in ("both.pem", "cert.pem", "key.pem")
    )
    issued.private_key_and_cert_chain_pem.write_to_path(both)
    issued.cert_chain_pems[0].write_to_path(cert)
    issued.private_key_pem.write_to_path(key)
    return both, cert, key


def without_tls_1_3(context):
    # Python 3.7 needs this option; later releases deprecate it.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.options |= ssl.OP_NO_TLSv1_3


def get(server, **options):
    client = raw.create_client(server.url + "/api", **options)
    try:
        return raw.get("data/x", client=client)
    finally:
        client.session.close()


def ssl_error(server, **options):
    with pytest.raises(OSError) as caught:
        get(server, **options)
    assert type(caught.value).__name__ == "SSLError"
    assert server.requests == []
    return str(caught.value)


def of_the_system(text):
    """
    Return the text of an error for a certificate that the system has checked.

    The check asks for no revocation lists. A system that refuses all certificates for
    the lack of such lists, as wine 8 does, says nothing about the authority.
    """
    CERT_E_REVOCATION_FAILURE = 0x800B010E - (1 << 32)
    if "(os error %d)" % CERT_E_REVOCATION_FAILURE in text:
        pytest.skip("needs a system that checks without revocation lists")
    return text


class TestVerification:
    def test_a_bundle_is_trusted(self, tls, bundle):
        assert get(tls, ssl_verify=bundle) == {}

    def test_an_unknown_authority_raises(self, tls):
        assert "certificate" in ssl_error(tls).lower()

    def test_an_authority_outside_the_bundle_raises(self, tls, tmp_path):
        path = str(tmp_path / "other.pem")
        trustme.CA().cert_pem.write_to_path(path)
        ssl_error(tls, ssl_verify=path)

    def test_verification_may_be_switched_off(self, tls):
        assert get(tls, ssl_verify=False) == {}

    def test_verification_may_be_switched_off_later(self, tls):
        client = raw.create_client(tls.url + "/api")
        client.session.verify = False
        assert raw.get("data/x", client=client) == {}

    def test_verification_may_be_switched_on_again(self, tls):
        client = raw.create_client(tls.url + "/api", ssl_verify=False)
        raw.get("data/x", client=client)
        client.session.verify = True
        with pytest.raises(OSError) as caught:
            raw.get("data/x", client=client)
        assert type(caught.value).__name__ == "SSLError"

    def test_a_certificate_of_another_host_raises(self, authority, bundle):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("kitsu.example.org").configure_cert(context)
        with RecordingServer(tls=context) as elsewhere:
            ssl_error(elsewhere, ssl_verify=bundle)
            assert get(elsewhere, ssl_verify=False) == {}

    def test_a_host_name_is_verified(self, context, bundle):
        with RecordingServer(tls=context, name="localhost") as named:
            assert get(named, ssl_verify=bundle) == {}
            assert named.last.header("Host") == named.address

    @pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
    def test_the_environment_sets_the_bundle(
        self, tls, bundle, monkeypatch, name
    ):
        monkeypatch.setenv(name, bundle)
        assert get(tls) == {}

    @pytest.mark.beyond
    def test_ssl_cert_file_sets_the_bundle(self, tls, bundle, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", bundle)
        assert get(tls) == {}
        del tls.requests[:]
        monkeypatch.setenv("SSL_CERT_FILE", bundle + ".missing")
        assert "not trusted" in of_the_system(ssl_error(tls))
        monkeypatch.setenv("SSL_CERT_FILE", bundle)
        assert get(tls) == {}

    def test_requests_ca_bundle_takes_precedence(
        self, tls, bundle, monkeypatch, tmp_path
    ):
        other = str(tmp_path / "other.pem")
        trustme.CA().cert_pem.write_to_path(other)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", other)
        monkeypatch.setenv("CURL_CA_BUNDLE", bundle)
        monkeypatch.setenv("SSL_CERT_FILE", bundle)
        ssl_error(tls)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "")
        assert get(tls) == {}
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
        monkeypatch.setenv("CURL_CA_BUNDLE", other)
        assert get(tls) == {}

    @pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
    def test_a_missing_bundle_of_the_environment_raises(
        self, tls, server, monkeypatch, name
    ):
        monkeypatch.setenv(name, "no-such.pem")
        with pytest.raises(OSError, match=r"invalid path: no-such\.pem"):
            get(tls)
        assert get(server) == {}

    @pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
    def test_trust_env_false_ignores_the_bundle_of_the_environment(
        self, tls, bundle, monkeypatch, name
    ):
        client = raw.create_client(tls.url + "/api")
        client.session.trust_env = False
        monkeypatch.setenv(name, bundle)
        with pytest.raises(OSError) as caught:
            raw.get("data/x", client=client)
        assert "not trusted" in of_the_system(str(caught.value))
        client.session.verify = bundle
        monkeypatch.setenv(name, "no-such.pem")
        assert raw.get("data/x", client=client) == {}

    def test_verify_of_a_request_takes_precedence(
        self, tls, bundle, monkeypatch
    ):
        """It takes precedence over the environment, too."""
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", "no-such.pem")
        session = raw.create_client(tls.url + "/api").session
        url = tls.url + "/api/data/x"
        assert session.get(url, verify=bundle).status_code == 200
        assert session.get(url, verify=False).status_code == 200
        with pytest.raises(OSError):
            session.get(url, verify=True)

    @pytest.mark.parametrize("verify", [False, "other"])
    def test_the_environment_takes_precedence_over_the_session(
        self, tls, bundle, monkeypatch, tmp_path, verify
    ):
        """It does so even if the session switches verification off, as in requests."""
        other = str(tmp_path / "other.pem")
        trustme.CA().cert_pem.write_to_path(other)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", other)
        ssl_error(tls, ssl_verify=bundle if verify else False)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
        assert get(tls, ssl_verify=other if verify else False) == {}

    def test_a_folder_of_authorities_is_trusted(
        self, tls, bundle, tmp_path, monkeypatch
    ):
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
        (folder / "README").write_text("no certificate")
        (folder / "more").mkdir()
        assert get(tls, ssl_verify=str(folder)) == {}
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(folder))
        assert get(tls) == {}

    def test_a_missing_bundle_raises(self, tls):
        with pytest.raises(OSError) as caught:
            get(tls, ssl_verify="no-such.pem")
        assert str(caught.value) == (
            "Could not find a suitable TLS CA certificate bundle, "
            "invalid path: no-such.pem"
        )
        assert type(caught.value) is OSError
        assert tls.requests == []

    @pytest.mark.parametrize(
        "content",
        [
            b"not a certificate",
            b"",
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            b"-----BEGIN CERTIFICATE-----\nAA",
        ],
    )
    def test_an_invalid_bundle_raises(self, tls, make_file, content):
        ssl_error(tls, ssl_verify=make_file("ca.pem", content))

    def test_an_empty_folder_raises(self, tls, tmp_path):
        ssl_error(tls, ssl_verify=str(tmp_path))

    @pytest.mark.beyond
    @pytest.mark.parametrize("verify", [None, ""])
    def test_an_empty_verify_does_not_switch_verification_off(
        self, tls, verify
    ):
        text = ssl_error(tls, ssl_verify=verify)
        assert "not trusted" in of_the_system(text)

    def test_verify_may_be_zero(self, tls):
        assert get(tls, ssl_verify=0) == {}

    def test_verify_may_be_a_path_object(self, tls, bundle):
        import pathlib

        assert get(tls, ssl_verify=pathlib.Path(bundle)) == {}

    @pytest.mark.parametrize("first", [True, False])
    def test_verified_and_unverified_connections_are_not_shared(
        self, tls, bundle, first
    ):
        client = raw.create_client(tls.url + "/api", ssl_verify=bundle)
        for checked in (first, not first, first, not first):
            client.session.verify = bundle if checked else False
            raw.get("data/x", client=client)
        numbers = [request.connection for request in tls.requests]
        assert numbers[0] == numbers[2] != numbers[1] == numbers[3]
        client.session.verify = True
        with pytest.raises(OSError) as caught:
            raw.get("data/x", client=client)
        assert "not trusted" in of_the_system(str(caught.value))
        assert len(tls.requests) == 4
        client.session.close()


@pytest.mark.beyond
class TestReplacedFiles:
    """Files of certificates are read again when they have been replaced."""

    @pytest.fixture
    def rotated(self):
        """Another authority, and a server with a certificate of it."""
        authority = trustme.CA()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        with RecordingServer(tls=context) as running:
            yield authority, running

    @pytest.mark.parametrize(
        "how",
        ["in place", "renamed", pytest.param("link", marks=needs.symlinks)],
    )
    @pytest.mark.parametrize("where", ["session", "environment", "platform"])
    def test_a_replaced_bundle_is_read_again(
        self, tls, bundle, rotated, tmp_path, monkeypatch, how, where
    ):
        authority, other = rotated
        fresh = tmp_path / "fresh.pem"
        authority.cert_pem.write_to_path(str(fresh))
        path = tmp_path / "bundle.pem"
        if how == "link":
            path.symlink_to(bundle)
        else:
            shutil.copy(bundle, str(path))
        names = {
            "environment": "REQUESTS_CA_BUNDLE",
            "platform": "SSL_CERT_FILE",
        }
        if where in names:
            monkeypatch.setenv(names[where], str(path))
        client = raw.create_client(
            tls.url + "/api",
            ssl_verify=str(path) if where == "session" else True,
        )
        client.retries = 1
        assert raw.get("data/x", client=client) == {}
        if how == "in place":
            path.write_bytes(fresh.read_bytes())
        else:
            os.replace(str(fresh), str(path))
        client.host = other.url + "/api"
        assert raw.get("data/x", client=client) == {}
        # Neither the old connection nor its TLS session is used again.
        client.host = tls.url + "/api"
        with pytest.raises(Exception) as caught:
            raw.get("data/x", client=client)
        assert type(caught.value).__name__ == "SSLError"
        client.session.close()

    def test_a_replaced_file_of_a_folder_is_read_again(
        self, tls, bundle, rotated, tmp_path
    ):
        authority, other = rotated
        folder = tmp_path / "certs"
        folder.mkdir()
        shutil.copy(bundle, str(folder / "a.pem"))
        client = raw.create_client(tls.url + "/api", ssl_verify=str(folder))
        client.retries = 1
        assert raw.get("data/x", client=client) == {}
        authority.cert_pem.write_to_path(str(folder / "a.pem"))
        client.host = other.url + "/api"
        assert raw.get("data/x", client=client) == {}
        client.session.close()

    @pytest.mark.parametrize("form", ["one file", "pair"])
    def test_a_replaced_client_certificate_is_read_again(
        self, strict, bundle, authority, own_certificate, form
    ):
        both, cert, key = own_certificate
        client = raw.create_client(
            strict.url + "/api",
            ssl_verify=bundle,
            cert=both if form == "one file" else (cert, key),
        )
        raw.get("data/x", client=client)
        raw.get("data/x", client=client)
        first, again = (r.peer_certificate for r in strict.requests)
        assert strict.opened == 1
        fresh = authority.issue_cert("later@example.org")
        fresh.private_key_and_cert_chain_pem.write_to_path(both)
        fresh.cert_chain_pems[0].write_to_path(cert)
        fresh.private_key_pem.write_to_path(key)
        raw.get("data/x", client=client)
        assert strict.opened == 2
        assert strict.last.peer_certificate != first == again
        client.session.close()

    def test_a_removed_bundle_raises(self, tls, bundle, tmp_path):
        path = tmp_path / "bundle.pem"
        shutil.copy(bundle, str(path))
        client = raw.create_client(tls.url + "/api", ssl_verify=str(path))
        assert raw.get("data/x", client=client) == {}
        path.unlink()
        with pytest.raises(OSError) as caught:
            raw.get("data/x", client=client)
        assert str(path) in str(caught.value)
        client.session.close()


class TestReasons:
    """The message says why a certificate is not accepted."""

    @pytest.fixture
    def studio(self, tmp_path):
        """An authority, and a function that issues its certificates."""
        authority = Identity(tmp_path, "Studio", (), is_authority=True)

        def issue(name, **options):
            return Identity(tmp_path, name, issuer=authority, **options)

        return authority, issue

    @pytest.fixture
    def reason(self, studio):
        def reason(identity, trusted=None, name="127.0.0.1", **options):
            """Return the message about a server that is reached without verification."""
            trusted = trusted or studio[0]
            with RecordingServer(tls=identity.context(), name=name) as server:
                text = ssl_error(server, ssl_verify=trusted.path, **options)
                assert get(server, ssl_verify=False) == {}
            assert server.address in text
            return text

        return reason

    def test_an_expired_certificate_is_named(self, studio, reason):
        text = reason(studio[1]("old", years=(2019, 2020)))
        assert "expired on Wed, 01 Jan 2020" in text

    def test_a_certificate_that_is_not_yet_valid_is_named(
        self, studio, reason
    ):
        text = reason(studio[1]("early", years=(2089, 2090)))
        assert "not valid before Sat, 01 Jan 2089" in text

    def test_a_certificate_of_another_host_is_named(self, studio, reason):
        hosts = ("kitsu.test", "10.1.2.3")
        text = reason(studio[1]("elsewhere", hosts=hosts))
        for words in ("hostname mismatch", "127.0.0.1", "kitsu.test"):
            assert words in text

    def test_a_certificate_without_alternative_names_is_named(
        self, studio, reason
    ):
        """The subject of the certificate has the host name, which TLS libraries ignore today."""
        nameless = studio[1]("localhost", hosts=())
        text = reason(nameless, name="localhost")
        assert "hostname mismatch" in text and "subjectAltName" in text

    def test_a_self_signed_certificate_is_named(
        self, studio, reason, tmp_path
    ):
        text = reason(Identity(tmp_path, "alone"))
        assert "self-signed" in text and "REQUESTS_CA_BUNDLE" in text

    def test_an_authority_of_the_same_name_is_not_trusted(
        self, reason, tmp_path
    ):
        """This happens when an authority has a new key."""
        folder = tmp_path / "new"
        folder.mkdir()
        other = Identity(folder, "Studio", (), is_authority=True)
        text = reason(Identity(folder, "kitsu", issuer=other))
        assert "authority that is not trusted" in text

    def test_a_trusted_self_signed_certificate_is_accepted(self, tmp_path):
        alone = Identity(tmp_path, "alone")
        with RecordingServer(tls=alone.context()) as server:
            assert get(server, ssl_verify=alone.path) == {}

    def test_a_trusted_self_signed_certificate_is_verified(
        self, reason, tmp_path
    ):
        old = Identity(tmp_path, "old", years=(2019, 2020))
        assert "expired" in reason(old, trusted=old)
        elsewhere = Identity(tmp_path, "elsewhere", hosts=("kitsu.test",))
        assert "hostname mismatch" in reason(elsewhere, trusted=elsewhere)

    def test_a_server_without_tls_is_named(self, peer):
        def answer(connection):
            connection.socket.recv(100)
            connection.say("HTTP/1.1 400 Bad Request\r\n\r\n")

        url = peer(answer).url.replace("http:", "https:")
        with pytest.raises(OSError, match="does not speak TLS") as caught:
            raw.get("x", client=raw.create_client(url))
        assert type(caught.value).__name__ == "SSLError"

    def test_a_protocol_alert_is_named(self, peer):
        """A server with TLS 1.0 and 1.1 only sends this alert."""

        def answer(connection):
            connection.socket.recv(1000)
            connection.say(b"\x15\x03\x01\x00\x02\x02\x46")

        url = peer(answer).url.replace("http:", "https:")
        for verify in (True, False):
            client = raw.create_client(url, ssl_verify=verify)
            with pytest.raises(
                OSError, match=r"not support TLS 1\.2 or 1\.3"
            ) as caught:
                raw.get("x", client=client)
            assert type(caught.value).__name__ == "SSLError"

    def test_a_server_with_old_protocols_is_named(self, studio):
        context = studio[1]("kitsu").context()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.options &= ~(ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1)
            context.options |= ssl.OP_NO_TLSv1_2 | ssl.OP_NO_TLSv1_3
        with RecordingServer(tls=context) as server:
            text = ssl_error(server, ssl_verify=studio[0].path)
        assert "not support TLS 1.2 or 1.3" in text

    def test_tls_1_2_is_accepted(self, studio):
        context = studio[1]("kitsu").context()
        without_tls_1_3(context)
        with RecordingServer(tls=context) as server:
            assert get(server, ssl_verify=studio[0].path) == {}

    def test_a_handshake_that_breaks_off_raises(self, peer):
        url = peer(lambda connection: None).url.replace("http:", "https:")
        client = raw.create_client(url)
        client.retries = 0
        with pytest.raises(OSError) as caught:
            raw.get("x", client=client)
        assert type(caught.value).__name__ in ("SSLError", "ConnectionError")

    def test_http_to_a_tls_port_raises(self, tls):
        client = raw.create_client("http://" + tls.address)
        client.retries = 0
        with pytest.raises(OSError) as caught:
            raw.get("x", client=client)
        assert type(caught.value).__name__ == "ConnectionError"
        assert tls.requests == []

    @pytest.mark.parametrize("imported", [True, False])
    def test_errors_have_the_classes_of_requests(
        self, tls, python, bundle, imported
    ):
        """They are built-in exceptions, too, with requests imported and without."""
        program = """
        import builtins, sys
        imported, url, bundle = sys.argv[1] == "True", sys.argv[2], sys.argv[3]
        if imported:
            import requests.exceptions as names
        else:
            sys.modules["requests"] = None
            from gazu import _errors as names
        from gazu import client as raw

        def failure(**options):
            try:
                raw.get("x", client=raw.create_client(url, **options))
            except Exception as error:
                return error

        for error in (
            failure(),
            failure(ssl_verify=sys.argv[4]),
            failure(ssl_verify=bundle, cert=bundle),
        ):
            assert type(error).__name__ == "SSLError", error
            for kind in (
                names.SSLError,
                names.ConnectionError,
                names.RequestException,
                OSError,
                *([] if imported else [builtins.ConnectionError]),
            ):
                assert isinstance(error, kind), kind
            assert not isinstance(error, names.Timeout)
        missing = failure(ssl_verify=bundle, cert="no-such.pem")
        assert type(missing) is OSError
        """
        python(program, imported, tls.url, bundle, __file__)


class TestClientCertificates:
    def test_no_client_certificate_raises(self, strict, bundle):
        with pytest.raises(OSError, match="client certificate") as caught:
            get(strict, ssl_verify=bundle)
        assert type(caught.value).__name__ == "SSLError"
        assert strict.requests == []

    def test_no_client_certificate_raises_with_tls_1_2(
        self, strict_1_2, bundle, own_certificate
    ):
        with pytest.raises(OSError, match="client certificate") as caught:
            get(strict_1_2, ssl_verify=bundle)
        assert type(caught.value).__name__ == "SSLError"
        assert strict_1_2.requests == []
        assert (
            get(strict_1_2, ssl_verify=bundle, cert=own_certificate[0]) == {}
        )

    @pytest.mark.parametrize("version", ["1.2", "1.3"])
    def test_a_client_certificate_of_another_authority_raises(
        self, strict, strict_1_2, bundle, tmp_path, version
    ):
        server = strict_1_2 if version == "1.2" else strict
        cert = Identity(tmp_path, "artist").both_path
        text = ssl_error(server, ssl_verify=bundle, cert=cert)
        assert "does not accept the client certificate" in text

    def test_a_client_certificate_may_be_one_file(
        self, strict, bundle, own_certificate
    ):
        assert get(strict, ssl_verify=bundle, cert=own_certificate[0]) == {}
        assert strict.last.peer_certificate

    def test_a_client_certificate_may_be_a_pair(
        self, strict, bundle, own_certificate
    ):
        assert get(strict, ssl_verify=bundle, cert=own_certificate[1:]) == {}

    def test_a_client_certificate_is_sent_without_verification(
        self, strict, own_certificate
    ):
        assert get(strict, ssl_verify=False, cert=own_certificate[0]) == {}

    def test_a_client_certificate_may_be_set_later(
        self, strict, bundle, own_certificate
    ):
        client = raw.create_client(strict.url + "/api", ssl_verify=bundle)
        client.session.cert = own_certificate[0]
        assert raw.get("data/x", client=client) == {}

    @pytest.mark.parametrize("form", ["one", "pair"])
    def test_a_missing_client_certificate_raises(
        self, strict, bundle, own_certificate, form
    ):
        missing = own_certificate[0] + ".missing"
        cert = missing if form == "one" else (own_certificate[1], missing)
        with pytest.raises(OSError) as caught:
            get(strict, ssl_verify=bundle, cert=cert)
        assert missing in str(caught.value)
        assert strict.requests == []

    def test_a_missing_client_certificate_raises_without_tls(self, server):
        with pytest.raises(OSError, match=r"no-such\.pem"):
            get(server, cert="no-such.pem")
        assert server.requests == []

    def test_an_invalid_client_certificate_raises(
        self, strict, bundle, own_certificate, make_file
    ):
        both, cert, key = own_certificate
        nothing = make_file("nothing.pem", b"not a certificate")
        for wrong, words in (
            (nothing, "nothing.pem cannot be used for TLS: no certificate"),
            (os.path.dirname(both), "cannot be used"),
            (cert, "no private key"),
            ((key, cert), "no certificate"),
            ((cert, nothing), "no private key"),
        ):
            text = ssl_error(strict, ssl_verify=bundle, cert=wrong)
            assert words in text

    def test_a_key_of_another_certificate_raises(
        self, strict, bundle, own_certificate, tmp_path
    ):
        cert = (own_certificate[1], Identity(tmp_path, "other").key_path)
        text = ssl_error(strict, ssl_verify=bundle, cert=cert)
        assert "private key is not that of the certificate" in text

    @pytest.mark.parametrize("form", ["PKCS8", "TraditionalOpenSSL"])
    def test_an_encrypted_key_raises(self, strict, bundle, tmp_path, form):
        """There is no way to ask for the passphrase."""
        artist = Identity(tmp_path, "artist")
        with open(artist.key_path, "wb") as target:
            target.write(artist.key_pem(b"s3cret", form))
        cert = (artist.path, artist.key_path)
        text = ssl_error(strict, ssl_verify=bundle, cert=cert)
        assert "encrypted with a passphrase" in text

    def test_a_client_certificate_may_be_a_list(
        self, strict, bundle, own_certificate
    ):
        cert = list(own_certificate[1:])
        assert get(strict, ssl_verify=bundle, cert=cert) == {}

    @pytest.mark.parametrize("cert", [("a", "b", "c"), ("a",)])
    def test_neither_path_nor_pair_raises(self, strict, bundle, cert):
        with pytest.raises((TypeError, ValueError), match="cert"):
            get(strict, ssl_verify=bundle, cert=cert)
        assert strict.requests == []

    def test_connections_of_different_client_certificates_are_not_shared(
        self, strict, bundle, own_certificate
    ):
        client = raw.create_client(
            strict.url + "/api", ssl_verify=bundle, cert=own_certificate[0]
        )
        assert raw.get("data/x", client=client) == {}
        client.session.cert = None
        with pytest.raises(OSError, match="client certificate"):
            raw.get("data/x", client=client)
        assert len(strict.requests) == 1
        client.session.close()


class TestOverTls:
    @pytest.fixture
    def client(self, tls, bundle):
        client = raw.create_client(tls.url + "/api", ssl_verify=bundle)
        yield client
        client.session.close()

    def test_requests_share_one_http_1_1_connection(self, tls, client):
        for _ in range(3):
            raw.get("data/x", client=client)
        assert {r.version for r in tls.requests} == {"HTTP/1.1"}
        assert {r.connection for r in tls.requests} == {1}

    def test_an_upload_arrives(self, tls, client, make_file):
        raw.upload("data/x", make_file("a", bytes(3 << 20)), client=client)
        assert len(tls.last.parts[0].content) == 3 << 20

    def test_a_download_arrives(self, tls, client, tmp_path):
        tls.on("GET", "x", Answer(size=3 << 20))
        raw.download("x", str(tmp_path / "out"), client=client)
        assert (tmp_path / "out").stat().st_size == 3 << 20

    @pytest.mark.parametrize("verb", ["get", "post"])
    def test_a_closed_connection_is_replaced(self, tls, client, verb):
        raw.get("warm", client=client)
        tls.drop_idle()
        args = ({},) if verb == "post" else ()
        getattr(raw, verb)("data/x", *args, client=client)
        assert tls.lines == [
            ("GET", "/api/warm"),
            (verb.upper(), "/api/data/x"),
        ]

    def test_a_redirect_to_plain_http_does_not_carry_the_token(
        self, tls, server, client
    ):
        client.access_token = "abc"
        tls.on("GET", "data/x", redirect(server.url + "/y"))
        raw.get("data/x", client=client)
        assert server.last.header("Authorization") is None

    def test_host_is_up_works_over_tls(self, tls, client):
        assert raw.host_is_up(client=client) is True
        assert raw.host_is_up(client=raw.create_client(tls.url)) is False

    def test_a_body_that_hangs_times_out(self, tls, client):
        if not hasattr(client, "timeout"):
            pytest.skip("has no deadline")
        client.timeout = 0.3
        tls.on("GET", "data/x", Answer({"a": "b" * 99}, hang="body"))
        with pytest.raises(OSError):
            raw.get("data/x", client=client)

    def test_a_forked_child_sends_requests(self, tls, python, bundle):
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

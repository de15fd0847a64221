"""Certificates that no authority would issue: expired, without names, self-signed."""

from __future__ import annotations

import datetime
import ipaddress
import ssl

import pytest

x509 = pytest.importorskip("cryptography.x509")

from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402


class Identity:
    """
    A certificate and its key.

    Args:
        folder: Where their files are written.
        name: The files' name and the subject.
        hosts: The host names and addresses of the certificate.
        issuer: The identity that signs it; None for a self-signed certificate.
        years: The first year in which it is valid, and the first in which it is not.
        is_authority: Whether it may sign others.
    """

    def __init__(
        self,
        folder,
        name,
        hosts=("127.0.0.1", "localhost"),
        issuer=None,
        years=(2020, 2090),
        is_authority=False,
    ):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name(
            [x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]
        )
        issuer = issuer or self
        start, end = (datetime.datetime(year, 1, 1) for year in years)
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(issuer.name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
        )
        if hosts:
            names = x509.SubjectAlternativeName([_host(h) for h in hosts])
            builder = builder.add_extension(names, critical=False)
        if is_authority:
            constraint = x509.BasicConstraints(ca=True, path_length=None)
            builder = builder.add_extension(constraint, critical=True)
        certificate = builder.sign(issuer.key, hashes.SHA256())
        self.certificate_pem = certificate.public_bytes(
            serialization.Encoding.PEM
        )
        self.path = str(folder / (name + ".pem"))
        self.key_path = str(folder / (name + "-key.pem"))
        self.both_path = str(folder / (name + "-both.pem"))
        for path, content in (
            (self.path, self.certificate_pem),
            (self.key_path, self.key_pem()),
            (self.both_path, self.key_pem() + self.certificate_pem),
        ):
            with open(path, "wb") as target:
                target.write(content)

    def key_pem(self, passphrase=None, form="PKCS8"):
        """Return the key, encrypted if there is a passphrase."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            getattr(serialization.PrivateFormat, form),
            serialization.BestAvailableEncryption(passphrase)
            if passphrase
            else serialization.NoEncryption(),
        )

    def context(self):
        """Return the SSL context of a server with this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.both_path)
        return context


def _host(host):
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)

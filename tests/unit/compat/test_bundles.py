"""A studio's CA in the bundle that ``requests`` and certifi use."""

from __future__ import annotations

import ssl

import pytest

from ..recording_server import RecordingServer

trustme = pytest.importorskip("trustme")
certifi = pytest.importorskip("certifi")


@pytest.fixture
def studio(tmp_path):
    """A server, and certifi's bundle with the CA of the studio."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    bundle = tmp_path / "merged.pem"
    with open(certifi.where(), "rb") as original:
        bundle.write_bytes(original.read() + authority.cert_pem.bytes())
    with RecordingServer(tls=context) as running:
        running.on("GET", "data/x", [1])
        yield running, str(bundle)


GET = """
import gazu
client = gazu.client.create_client(sys.argv[1], retries=1)
assert gazu.client.get("data/x", client=client) == [1]
"""


@pytest.mark.parametrize(
    "trust",
    [
        "import requests.adapters; requests.adapters.DEFAULT_CA_BUNDLE_PATH = sys.argv[2]",
        "import certifi; certifi.where = lambda: sys.argv[2]",
        # Installed, but not imported.
        "import os; os.makedirs('certifi'); open('certifi/__init__.py', 'w').close(); "
        "import shutil; shutil.copy(sys.argv[2], 'certifi/cacert.pem'); sys.path.insert(0, '.')",
    ],
)
def test_the_studios_ca_is_trusted(python, studio, trust):
    server, bundle = studio
    if "requests" in trust:
        pytest.importorskip("requests")
    out = python(
        ["import sys", trust, GET, "print('certifi' in sys.modules)"],
        server.url + "/api",
        bundle,
    ).stdout
    assert out == "{}\n".format(
        "import" in trust.partition(";")[0] and "os" not in trust
    )


def test_the_studios_ca_is_not_trusted_by_default(python, studio):
    server, _ = studio
    python(
        [
            "import sys",
            "try:\n",
            "    import gazu\n"
            "    client = gazu.client.create_client(sys.argv[1], retries=1)\n"
            "    gazu.client.get('data/x', client=client)\n"
            "except OSError as error:\n"
            "    assert 'certificate verify failed' in str(error), error\n"
            "else:\n"
            "    raise AssertionError",
        ],
        server.url + "/api",
    )

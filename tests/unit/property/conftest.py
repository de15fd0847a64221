from __future__ import annotations

import os

import gazu
import hypothesis
import pytest

from ..recording_server import RecordingServer

# Use the same examples in each run, as many as a build has time for. `make properties`
# generates others.
hypothesis.settings.register_profile(
    "build", max_examples=40, deadline=None, derandomize=True, database=None
)
hypothesis.settings.register_profile("more", max_examples=2000, deadline=None)
hypothesis.settings.load_profile(
    os.environ.get("GAZU_TEST_PROPERTIES", "build")
)


@pytest.fixture(scope="module")
def asked():
    """A server and its client, for all examples of a module."""
    with RecordingServer() as server:
        client = gazu.client.create_client(server.url + "/api")
        yield server, client
        client.session.close()

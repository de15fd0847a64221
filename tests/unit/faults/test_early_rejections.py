"""A server rejects an upload as soon as it has read the head, and closes the connection."""

from __future__ import annotations

import contextlib

import pytest
from gazu import client as raw
from gazu import exception

from ..error_classes import CONNECTION_ERRORS

MIB = 1 << 20


@pytest.fixture
def once(client):
    client.retries = 1
    return client


def reject(status):
    """Return a script that leaves the body unread, so that its system resets the connection."""

    def script(connection):
        connection.socket.recv(100)
        connection.answer(b'{"message": "no"}', status=status)

    return script


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("413 Too Large", exception.TooBigFileException),
        ("403 Forbidden", exception.NotAllowedException),
        ("400 Bad", exception.ParameterException),
    ],
)
@pytest.mark.parametrize("size", [1000, MIB // 2, 3 * MIB, 20 * MIB])
def test_the_rejection_is_raised(peer, once, make_file, size, status, error):
    """Upstream sends the head first, too."""
    once.host = peer(reject(status)).url + "/api"
    path = make_file("a.mov", bytes(size))

    def upload():
        """Upload. A busy machine may lose the answer, which is a matter of milliseconds."""
        for _ in range(2):
            with contextlib.suppress(*CONNECTION_ERRORS):
                raw.upload("up", path, client=once)
        raw.upload("up", path, client=once)

    with pytest.raises(error):
        upload()


def test_a_lost_answer_is_no_failure_to_connect(peer, once, make_file):
    """The request may have been executed: the text must not say otherwise."""

    def close_early(connection):
        connection.socket.recv(100)
        connection.say("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}")

    once.host = peer(close_early).url + "/api"
    path = make_file("a.mov", bytes(20 * MIB))
    with pytest.raises(OSError, match=r"^.'Connection aborted") as caught:
        raw.upload("up", path, client=once)
    assert "NewConnectionError" not in str(caught.value)


def test_an_answer_that_is_not_http_is_no_missing_answer(peer, once):
    once.host = (
        peer(
            lambda connection: (
                connection.read(),
                connection.say("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"),
            )
        ).url
        + "/api"
    )
    with pytest.raises(OSError, match="is not valid HTTP") as caught:
        raw.get("data/x", client=once)
    assert "RemoteDisconnected" not in str(caught.value)

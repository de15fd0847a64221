"""
Renewing a client's token: once for all threads whose requests need it.

The deadline of the call that asks for a renewal covers the renewal too: the
requests that it makes on this thread, and the wait for another thread.
"""

from __future__ import annotations

import contextlib
import logging
import os
import threading
import time
from typing import Any, Iterator

from .._requests_compat.errors import class_for
from ..exception import NotAuthenticatedException
from .login import auth_header
from .redact import Hidden, shown_path

logger = logging.getLogger("gazu")

_thread = threading.local()


def seconds_left() -> float | None:
    """Return what the renewal on this thread may still take, or None."""
    until = getattr(_thread, "until", None)
    return None if until is None else max(until - time.monotonic(), 0.0)


class FixedToken:
    """A client that sends one token, and never renews it."""

    use_refresh_token = False
    callback_not_authenticated = None
    _renewing = None

    def __init__(self, client: Any, token: str | None) -> None:
        self._client = client
        self.access_token = token

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def make_auth_header(self) -> dict[str, str]:
        """Return the headers that say who asks."""
        return auth_header(self.access_token)

    def _send(self, call: Any, *args: Any) -> Any:
        """Send a call as the client does: an awaited one returns a coroutine."""
        return type(self._client)._send(self, call, *args)

    async def _renew(
        self, path: str, expired: bool, error: Exception, *args: Any
    ) -> None:
        raise error


def renew_token(
    client: Any,
    path: str,
    expired: bool,
    error: Exception,
    sent: str | None,
    left: float | None = None,
) -> None:
    """
    Renew a client's token after an answer that asks for a login.

    Of the threads whose requests fail with the same token, one renews it. The
    others wait, and share its success or its exception.

    Args:
        client: The client.
        path: The path that was asked for.
        expired: Whether the token has expired, so that refreshing may help.
        error: Raised when the token cannot be renewed.
        sent: The Authorization header of the request that failed.
        left: The seconds that the renewal may take; None for any time.
    """
    if client is None:
        raise error
    with _deadline(left):
        if not isinstance(getattr(client, "_renewing", None), dict):
            # Not a KitsuClient: an object that serves as one.
            _renew(client, path, expired, error)
            return
        sent = sent and Hidden(sent)
        seen = client._renewals
        with _alone(client):
            if has_other_token(client, sent):
                return
            failure = client._renewal_failure
            if client._renewals != seen and failure is not None:
                raise failure
            client._renewal_failure = None
            try:
                _renew(client, path, expired, error)
            except Exception as raised:
                client._renewal_failure = raised
                raise
            finally:
                client._renewals += 1


def has_other_token(client: Any, sent: str | None) -> bool:
    """Return whether a client has another token by now than a request sent."""
    token = client.access_token
    return sent is not None and bool(token) and sent != "Bearer " + str(token)


def _renew(client: Any, path: str, expired: bool, error: Exception) -> None:
    try:
        if expired and client.refresh_token and client.use_refresh_token:
            client.refresh_access_token()
            logger.debug("token refreshed for %s", shown_path(path))
            return
        raise error
    except NotAuthenticatedException:
        callback = client.callback_not_authenticated
        if callback and callback(client, path):
            return
        raise


@contextlib.contextmanager
def _deadline(left: float | None) -> Iterator[None]:
    """Bound what this thread does by the seconds that are left."""
    outer = getattr(_thread, "until", None)
    if left is not None:
        until = time.monotonic() + left
        _thread.until = until if outer is None else min(until, outer)
    try:
        yield
    finally:
        _thread.until = outer


@contextlib.contextmanager
def _alone(client: Any) -> Iterator[None]:
    """Keep other threads from renewing a client's token at the same time."""
    # A child has its own: a thread that held it at the fork is not there.
    lock = client._renewing.setdefault(os.getpid(), threading.RLock())
    left = seconds_left()
    if not lock.acquire(timeout=-1 if left is None else left):
        raise class_for("ReadTimeout")(
            "The call took longer than its deadline allows."
        )
    try:
        yield
    finally:
        lock.release()

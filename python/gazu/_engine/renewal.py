"""
Renews a client's access token, once for all threads that need it.

The deadline of a call includes the renewal that it needs: the requests of the
renewal and the time that this thread waits for the renewal of another thread.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time

from .._requests_compat import errors
from ..exception import NotAuthenticatedException
from . import logs
from .login import auth_header
from .redact import Hidden, shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

_thread = threading.local()


def seconds_left() -> float | None:
    """Return the seconds left for the renewal on this thread, or None."""
    until = getattr(_thread, "until", None)
    return None if until is None else max(until - time.monotonic(), 0.0)


class FixedToken:
    """A view of a client that sends a given token and never renews it."""

    use_refresh_token = False
    callback_not_authenticated = None
    _renewing = None

    def __init__(self, client: Any, token: str | None) -> None:
        self._client = client
        self.access_token = token

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def make_auth_header(self) -> dict[str, str]:
        """Return the headers that identify gazu and the user."""
        return auth_header(self.access_token)

    def _send(self, call: Any, *args: Any) -> Any:
        """Send a call like the client. For an async client, return a coroutine."""
        return type(self._client)._send(self, call, *args)

    def _send_on_loop(self, *args: Any) -> Any:
        # The client's own would renew the token, and wait for itself.
        return type(self._client)._send_on_loop(self, *args)

    async def _renew(
        self, path: str, expired: bool, error: Exception, *args: Any
    ) -> None:
        raise error


def past_deadline() -> Exception:
    """Return the exception for a call that takes longer than its deadline."""
    return errors.class_for("ReadTimeout")(
        "The call took longer than its deadline allows."
    )


def renew_token(
    client: Any,
    path: str,
    expired: bool,
    error: Exception,
    sent: str | None,
    left: float | None = None,
) -> None:
    """
    Renew a client's token after an answer with status 401.

    If several threads fail with the same token, one of them renews it. The
    others wait and share the new token or the exception.

    Args:
        client: The client.
        path: The requested path.
        expired: Whether the token has expired, so that a refresh may succeed.
        error: The exception to raise if the token cannot be renewed.
        sent: The Authorization header of the request that failed.
        left: The seconds that the renewal may take; None for no limit.
    """
    if client is None:
        raise error
    with _limited_to(left):
        if not isinstance(getattr(client, "_renewing", None), dict):
            # Not a KitsuClient, but an object that a script uses as a client.
            _renew(client, path, expired, error)
            return
        sent = sent and Hidden(sent)
        renewals_before = client._renewals
        with _renewal_lock(client):
            if has_other_token(client, sent):
                return
            failure = client._renewal_failure
            if client._renewals != renewals_before and failure is not None:
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
    """Return whether the client's token differs from the one that was sent."""
    token = client.access_token
    return sent is not None and bool(token) and sent != "Bearer " + str(token)


def _renew(client: Any, path: str, expired: bool, error: Exception) -> None:
    try:
        if expired and client.refresh_token and client.use_refresh_token:
            # A mock that a script uses as a client has every attribute.
            has_store = hasattr(type(client), "_stored_tokens")
            store = client._stored_tokens if has_store else None
            if store is None:
                client.refresh_access_token()
            else:
                store.renew(client)
            logs.debug("token refreshed for %s", shown_path(path))
            return
        raise error
    except NotAuthenticatedException:
        callback = client.callback_not_authenticated
        if callback and callback(client, path):
            return
        raise


@contextlib.contextmanager
def _limited_to(left: float | None) -> Iterator[None]:
    """Limit the time of a renewal on this thread."""
    outer = getattr(_thread, "until", None)
    if left is not None:
        until = time.monotonic() + left
        _thread.until = until if outer is None else min(until, outer)
    try:
        yield
    finally:
        _thread.until = outer


@contextlib.contextmanager
def _renewal_lock(client: Any) -> Iterator[None]:
    """Let only one thread renew a client's token at a time."""
    # Each process has its own lock. In a forked child, a lock that a thread of
    # the parent holds would never be released.
    lock = client._renewing.setdefault(os.getpid(), threading.RLock())
    left = seconds_left()
    if not lock.acquire(timeout=-1 if left is None else left):
        raise past_deadline()
    try:
        yield
    finally:
        lock.release()

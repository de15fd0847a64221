"""
Mounted ``HTTPAdapter`` objects of ``requests``.

If an adapter is plain, the native transport takes over its number of connections
and its retries. Requests then do not pass through the adapter itself.
"""

from __future__ import annotations

import time

from .errors import class_for
from .secrets import shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: The minimum of seconds before a retry, even if the server asks for less.
SHORTEST_BACKOFF = 0.25
#: Arguments of a pool manager that the native transport supports.
_POOL_ARGUMENTS = {"maxsize", "block", "strict"}


def is_plain_adapter(adapter: Any) -> bool:
    """
    Return whether an adapter is an unchanged HTTPAdapter of ``requests``.

    That is: neither a subclass nor an object with replaced methods or with
    options that the native transport does not support.
    """
    cls = type(adapter)
    if cls.__module__ != "requests.adapters" or cls.__name__ != "HTTPAdapter":
        return False
    if any(hasattr(cls, name) for name in vars(adapter)):
        return False
    manager = getattr(adapter, "poolmanager", None)
    if type(manager).__module__ != "urllib3.poolmanager":
        return False
    return set(manager.connection_pool_kw) <= _POOL_ARGUMENTS


def connection_limits(adapter: Any) -> tuple[int | None, int | None]:
    """
    Return how many connections per host a plain adapter keeps, and how many it
    uses at the same time; None for no limit.
    """
    if adapter is None:
        return None, None
    kept = adapter._pool_maxsize
    return kept, kept if adapter._pool_block else None


def retries(adapter: Any) -> Retries | None:
    """Return the retries of a plain adapter for one call, or None."""
    policy = getattr(adapter, "max_retries", None)
    if policy is None or not (
        policy.total or policy.connect or policy.read or policy.status
    ):
        return None
    return Retries(policy)


class Retries:
    """
    The retries of one call, with the rules of an adapter's ``urllib3.Retry``.

    The core calls these methods by name.
    """

    def __init__(self, policy: Any) -> None:
        self._policy = policy

    @property
    def statuses(self) -> list[int]:
        """The statuses after which the call may be retried."""
        policy = self._policy
        statuses = set(policy.status_forcelist or ())
        if policy.respect_retry_after_header:
            statuses.update(policy.RETRY_AFTER_STATUS_CODES)
        return sorted(s for s in statuses if 0 <= s < 1000)

    def after_answer(
        self, method: str, url: str, status: int, retry_after: str | None
    ) -> bool:
        """
        Return whether to retry after an answer. If so, wait first.

        Raises:
            RetryError: a retry is due, but none is left.
            InvalidHeader: the answer's ``Retry-After`` header is invalid.
        """
        if not self._policy.is_retry(method, status, bool(retry_after)):
            return False
        from urllib3.exceptions import MaxRetryError
        from urllib3.response import HTTPResponse

        headers = {"Retry-After": retry_after} if retry_after else {}
        answer = HTTPResponse(
            body=b"", headers=headers, status=status, preload_content=False
        )
        try:
            self._policy = self._policy.increment(
                method,
                _path_in_message(url),
                response=answer,
                _pool=_PoolName(url),
            )
        except MaxRetryError as error:
            if not self._policy.raise_on_status:
                return False
            raise class_for("RetryError")(error) from None
        self._sleep(answer)
        return True

    def _sleep(self, answer: Any) -> None:
        from urllib3.exceptions import InvalidHeader

        policy = self._policy
        try:
            seconds = policy.get_retry_after(answer)
        except InvalidHeader as error:
            if policy.respect_retry_after_header:
                raise class_for("InvalidHeader")(error) from None
            seconds = None
        if (
            policy.respect_retry_after_header
            and seconds is not None
            and seconds < SHORTEST_BACKOFF
        ):
            time.sleep(max(SHORTEST_BACKOFF, policy.get_backoff_time()))
        else:
            policy.sleep(answer)

    def after_failure(
        self, method: str, url: str, name: str, message: str
    ) -> bool:
        """
        Return whether to retry after a failure. If so, wait first.

        Args:
            method: The method of the request.
            url: The URL of the request.
            name: The name of the exception, or ``Lost`` if the connection
                broke.
            message: The message of the exception.

        Raises:
            ConnectionError: the last attempt also timed out.
        """
        pool = _PoolName(url)
        failure = _failure(pool, url, name, message)
        if failure is None:
            return False
        from urllib3.exceptions import MaxRetryError

        try:
            self._policy = self._policy.increment(
                method, _path_in_message(url), error=failure, _pool=pool
            )
        except MaxRetryError as error:
            if name == "ReadTimeout":
                raise class_for("ConnectionError")(error) from None
            return False
        except type(failure):
            return False
        self._policy.sleep()
        return True


def _failure(pool: _PoolName, url: str, name: str, message: str) -> Any:
    """Return the exception of ``urllib3`` for a failure; None if it has none."""
    from urllib3 import exceptions

    if name == "ConnectionError":
        return exceptions.NewConnectionError(pool, message)
    if name == "ConnectTimeout":
        return exceptions.ConnectTimeoutError(pool, message)
    if name == "ReadTimeout":
        return exceptions.ReadTimeoutError(
            pool, _path_in_message(url), message
        )
    if name == "Lost":
        return exceptions.ProtocolError(message)
    if name == "SSLError":
        return exceptions.SSLError(message)
    if name == "ProxyError":
        return exceptions.ProxyError(message, OSError(message))
    return None


class _PoolName:
    """The name of a connection pool in messages of ``urllib3``."""

    def __init__(self, url: str) -> None:
        from urllib.parse import urlsplit

        parts = urlsplit(url)
        secure = parts.scheme == "https"
        self.host = parts.hostname
        self.port = parts.port or (443 if secure else 80)
        self._kind = "HTTPSConnectionPool" if secure else "HTTPConnectionPool"

    def __str__(self) -> str:
        return "{}(host={!r}, port={!r})".format(
            self._kind, self.host, self.port
        )


def _path_in_message(url: str) -> str:
    """Return the path and query of a URL for messages, without secrets."""
    from urllib.parse import urlsplit

    parts = urlsplit(shown_path(url))
    return (parts.path or "/") + ("?" + parts.query if parts.query else "")

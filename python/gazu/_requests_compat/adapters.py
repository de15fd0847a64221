"""
Adapters of ``requests`` that scripts mount: the plain ones, whose wishes the
native transport fulfils itself.
"""

from __future__ import annotations

import time
from typing import Any

from .errors import class_for
from .secrets import shown_path

#: Seconds that pass at least before a server is asked again that asks for less.
SHORTEST_WAIT = 0.25
#: What a plain adapter's pool manager is made with.
_POOL_ARGUMENTS = {"maxsize", "block", "strict"}


def is_plain(adapter: Any) -> bool:
    """Whether an adapter does no more than an HTTPAdapter of ``requests``."""
    cls = type(adapter)
    if cls.__module__ != "requests.adapters" or cls.__name__ != "HTTPAdapter":
        return False
    if any(hasattr(cls, name) for name in vars(adapter)):
        return False
    manager = getattr(adapter, "poolmanager", None)
    if type(manager).__module__ != "urllib3.poolmanager":
        return False
    return set(manager.connection_pool_kw) <= _POOL_ARGUMENTS


def pool(adapter: Any) -> tuple[int | None, int | None]:
    """
    Return how many connections to a server a plain adapter keeps, and how
    many it uses at a time.
    """
    if adapter is None:
        return None, None
    kept = adapter._pool_maxsize
    return kept, kept if adapter._pool_block else None


def retries(adapter: Any) -> Retries | None:
    """Return a plain adapter's retries for one call; None where it has none."""
    policy = getattr(adapter, "max_retries", None)
    if policy is None or not (
        policy.total or policy.connect or policy.read or policy.status
    ):
        return None
    return Retries(policy)


class Retries:
    """
    The retries of one call: an adapter's ``urllib3.Retry`` decides, counts
    and waits.
    """

    def __init__(self, policy: Any) -> None:
        self._policy = policy

    @property
    def statuses(self) -> list[int]:
        """The statuses of answers after which the call may be sent again."""
        policy = self._policy
        statuses = set(policy.status_forcelist or ())
        if policy.respect_retry_after_header:
            statuses.update(policy.RETRY_AFTER_STATUS_CODES)
        return sorted(s for s in statuses if 0 <= s < 1000)

    def after_answer(
        self, method: str, url: str, status: int, retry_after: str | None
    ) -> bool:
        """
        Wait if an answer calls for another try, and return whether it does.

        Raises:
            RetryError: it does, and there are no tries left.
            InvalidHeader: the wait that the answer asks for cannot be read.
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
                method, _path(url), response=answer, _pool=_Pool(url)
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
            asked = policy.get_retry_after(answer)
        except InvalidHeader as error:
            if policy.respect_retry_after_header:
                raise class_for("InvalidHeader")(error) from None
            asked = None
        if (
            policy.respect_retry_after_header
            and asked is not None
            and asked < SHORTEST_WAIT
        ):
            time.sleep(max(SHORTEST_WAIT, policy.get_backoff_time()))
        else:
            policy.sleep(answer)

    def after_failure(
        self, method: str, url: str, name: str, message: str
    ) -> bool:
        """
        Wait if a failure calls for another try, and return whether it does.

        Args:
            method: The request's method.
            url: Its URL.
            name: The name of the exception that it failed with; ``Lost``
                where the connection broke off.
            message: What is said of it.

        Raises:
            ConnectionError: the last of several tries got no answer in time.
        """
        pool = _Pool(url)
        failure = _failure(pool, url, name, message)
        if failure is None:
            return False
        from urllib3.exceptions import MaxRetryError

        try:
            self._policy = self._policy.increment(
                method, _path(url), error=failure, _pool=pool
            )
        except MaxRetryError as error:
            if name == "ReadTimeout":
                raise class_for("ConnectionError")(error) from None
            return False
        except type(failure):
            return False
        self._policy.sleep()
        return True


def _failure(pool: _Pool, url: str, name: str, message: str) -> Any:
    """Return the error of ``urllib3`` for a failure; None for those it lets pass."""
    from urllib3 import exceptions

    if name == "ConnectionError":
        return exceptions.NewConnectionError(pool, message)
    if name == "ConnectTimeout":
        return exceptions.ConnectTimeoutError(pool, message)
    if name == "ReadTimeout":
        return exceptions.ReadTimeoutError(pool, _path(url), message)
    if name == "Lost":
        return exceptions.ProtocolError(message)
    if name == "SSLError":
        return exceptions.SSLError(message)
    if name == "ProxyError":
        return exceptions.ProxyError(message, OSError(message))
    return None


class _Pool:
    """What stands for a pool of connections in messages."""

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


def _path(url: str) -> str:
    """Return what a message says of a URL."""
    from urllib.parse import urlsplit

    parts = urlsplit(shown_path(url))
    return (parts.path or "/") + ("?" + parts.query if parts.query else "")

"""
Decides how a call is sent: natively, or through Python code of the script.

Scripts and their tests replace the verbs and helpers of ``gazu.client``, the
session of a client, and the session's methods. They expect every function of
gazu to use the replacement. So these are looked up again for each call. "Native"
means: the Rust core sends the request, and no Python code sees it.
"""

from __future__ import annotations

from _operator import itemgetter

from .. import _core, exception
from .._requests_compat.library import sends_for_real
from .._requests_compat.session import Session
from . import files, hooks, keeping, lazy, logs, renewal

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging
    from typing import Any, Callable, Iterable

#: The functions of ``gazu.client`` that upstream calls for each verb, outermost
#: first. If a script has replaced one of them, it is called.
CHAINS = {
    "get": ("get",),
    "post": ("post",),
    "put": ("put",),
    "delete": ("delete",),
    "fetch_all": ("fetch_all", "get"),
    "fetch_first": ("fetch_first", "get"),
    "fetch_one": ("fetch_one", "get"),
    "create": ("create", "post"),
    "update": ("update", "put"),
    "import_data": ("import_data", "post"),
    "upload": ("upload",),
    "download": ("download",),
    "get_file_data_from_url": ("get_file_data_from_url",),
}
#: The helpers of ``gazu.client`` that the core implements itself. If a script has
#: replaced one of them, requests are not sent natively.
HELPERS = (
    "check_status",
    "make_auth_header",
    "get_full_url",
    "get_host",
    "url_path_join",
    "build_path_with_params",
    "get_message_from_response",
    "get_message_from_data",
)
_helpers_of = itemgetter(*HELPERS)

#: Seconds to wait for a preview that the server is still processing.
DEFAULT_PROCESSING_TIMEOUT = 60

#: The dispatcher of ``gazu.client``. Each reload of that module adds another, and
#: the last one counts.
_dispatchers: list[Dispatch] = []


class Dispatch:
    """Sends calls natively, or through replaced verbs and sessions."""

    def __init__(self, verbs: dict[str, Any]) -> None:
        """
        Args:
            verbs: The namespace of ``gazu.client``. All its functions must be
                defined.
        """
        self._verbs = verbs
        self._original_verbs = {
            name: verbs[name] for name in (*CHAINS, *HELPERS)
        }
        self._original_helpers = _helpers_of(verbs)
        #: The arguments of the last policy, and the policy.
        self._last_policy: tuple = (object(),) * 5
        _dispatchers.append(self)

    def replaced_verb(self, names: Iterable[str]) -> str | None:
        """Return the first of these verbs that a script has replaced, or None."""
        for name in names:
            if self._verbs[name] is not self._original_verbs[name]:
                return name
        return None

    def is_native(self, session: Any) -> bool:
        """
        Return whether the core may send requests of a session natively.

        That is: the session is ours and nothing in it requires Python code,
        and no helper of ``gazu.client`` has been replaced.
        """
        return (
            isinstance(session, Session)
            and session.is_unchanged()
            and _helpers_of(self._verbs) == self._original_helpers
        )

    def run(
        self,
        call: Any,
        client: Any,
        progress: Callable | None = None,
        processing_timeout: float = DEFAULT_PROCESSING_TIMEOUT,
    ) -> Any:
        """Run a call: through a replaced verb if there is one."""
        name = self.replaced_verb(CHAINS[call.verb])
        if name is not None:
            return self._through_verb(name, call, client, progress)
        call = self.addressed(call, client)
        return self.send(call, client, progress, processing_timeout)

    def run_beneath(self, call: Any, client: Any) -> Any:
        """Run a call from within its outermost verb, which is not called again."""
        name = self.replaced_verb(CHAINS[call.verb][1:])
        if name is not None:
            return self._through_verb(name, call, client, None)
        return self.send(call, client)

    def send(
        self,
        call: Any,
        client: Any,
        progress: Callable | None = None,
        processing_timeout: float = DEFAULT_PROCESSING_TIMEOUT,
        streams: Any = (),
    ) -> Any:
        """
        Send a call without looking for replaced verbs.

        Args:
            call: The call.
            client: The client, or an object that a script uses as a client.
            progress: Called with the transferred bytes and all bytes of a
                file.
            processing_timeout: Seconds to wait for a preview that the server
                is still processing.
            streams: File objects of the script that the call uploads.
        """
        # Look at the class: a mock object seems to have every attribute.
        if hasattr(type(client), "_send"):
            return client._send(call, progress, processing_timeout, streams)
        exchange = keeping.exchange(call, client)
        sender = self._session_sender(client, streams, progress, exchange)
        policy = _core.Policy(
            attempts=1,
            auth_attempts=self._verbs["MAX_AUTH_RETRIES"],
            processing_timeout=processing_timeout,
            deadline=None,
        )
        value = _run_through(
            call, client, hooks, sender, policy, progress, exchange
        )
        return self._kept(value, exchange, client)

    def send_for(
        self,
        client: Any,
        call: Any,
        progress: Callable | None,
        processing_timeout: float,
        streams: Any,
    ) -> Any:
        """Send a call of a ``KitsuClient``, natively if possible."""
        exchange = keeping.exchange(call, client)
        value = self._send_for(
            client, call, progress, processing_timeout, streams, exchange
        )
        return self._kept(value, exchange, client)

    def _kept(self, value: Any, exchange: Any, client: Any) -> Any:
        """Keep the answer to a call, and return the call's result."""
        if exchange is None:
            return value
        value = exchange.finished(value)
        question = exchange.question()
        if question is not None:
            try:
                exchange.learn(self.send(question, client))
            except (OSError, exception.GazuException):
                pass
        exchange.save()
        return value

    def _send_for(
        self,
        client: Any,
        call: Any,
        progress: Callable | None,
        processing_timeout: float,
        streams: Any,
        exchange: Any,
    ) -> Any:
        if logs.wants_debug():
            self.log(call, client, logs.logger())
        session = client.session
        if not self.is_native(session) or (
            call.is_upload and files.open_is_replaced()
        ):
            attempts = client._retries if retries_reads(session) else 1
            return _run_through(
                call,
                client,
                client._hooks,
                self._session_sender(client, streams, progress, exchange),
                self.policy(client, attempts, processing_timeout),
                progress,
                exchange,
            )
        transport, settings, headers, adapter_retries = (
            session.transport_settings(client._deadlines, client.host)
        )
        attempts = 1 if adapter_retries else client._retries
        return _core.run(
            call,
            client,
            client._hooks,
            self.policy(client, attempts, processing_timeout),
            transport,
            settings,
            headers,
            list(streams),
            progress,
            adapter_retries,
            exchange,
        )

    def send_in_thread(self, call: Any, client: Any, cancel: Any) -> Any:
        """Send a call on a worker thread; ``cancel`` cancels it."""
        with cancel:
            return client._send(self.addressed(call, client))

    def may_use_threads(self, verbs: Iterable[str], client: Any) -> bool:
        """
        Return whether several threads may send calls of these verbs.

        Replaced verbs, sessions and methods of a subclass are called on the
        script's own thread only: they may not be thread-safe.
        """
        client_class = self._verbs["KitsuClient"]
        return (
            isinstance(client, client_class)
            and type(client).run is client_class.run
            and type(client)._send is client_class._send
            and self.is_native(client.session)
            and self.replaced_verb(verbs) is None
        )

    def policy(
        self, client: Any, attempts: int, processing_timeout: float
    ) -> Any:
        """Return the number of attempts and the time limits of a call."""
        deadline = client._deadline
        # A token renewal counts towards the deadline of the call that needs it.
        # The module is executed at the first renewal.
        if lazy.is_executed(renewal):
            left = renewal.seconds_left()
            if left is not None:
                deadline = left if deadline is None else min(left, deadline)
        auth_attempts = self._verbs["MAX_AUTH_RETRIES"]
        # Most calls have the policy of the call before. Its arguments are compared
        # by identity: `True` is equal to 1, and `3.0`, which is invalid, to 3.
        known = self._last_policy
        if (
            known[0] is attempts
            and known[1] is auth_attempts
            and known[2] is processing_timeout
            and known[3] is deadline
        ):
            return known[4]
        policy = _core.Policy(
            attempts=attempts,
            auth_attempts=auth_attempts,
            processing_timeout=processing_timeout,
            deadline=deadline,
        )
        self._last_policy = (
            attempts,
            auth_attempts,
            processing_timeout,
            deadline,
            policy,
        )
        return policy

    def log(self, call: Any, client: Any, log: logging.Logger) -> None:
        """Log a call at debug level, but for renewals and logouts of a block."""
        if isinstance(client, renewal.FixedToken):
            return
        from .request_log import log_request

        full_url = self._verbs["get_full_url"]
        log_request(call, lambda path: full_url(path, client=client), log)

    def _session_sender(
        self,
        client: Any,
        streams: Any,
        progress: Callable | None,
        exchange: Any = None,
    ) -> Any:
        from .through_session import SessionSender

        check_status = self._verbs["check_status"]
        if check_status is self._original_verbs["check_status"]:
            check_status = None
        return SessionSender(
            client, self._verbs, check_status, streams, progress, exchange
        )

    def _through_verb(
        self, name: str, call: Any, client: Any, progress: Callable | None
    ) -> Any:
        from .through_session import VerbSender

        sender = VerbSender(name, self._verbs[name], client, progress)
        policy = _core.Policy(
            attempts=1,
            auth_attempts=1,
            processing_timeout=0,
            deadline=None,
        )
        if name == "fetch_first":
            call = call.without_first()
        return _run_through(call, client, hooks, sender, policy, None)

    def addressed(self, call: Any, client: Any) -> Any:
        """Return a call with its complete URL, if its verb expects one."""
        if call.verb == "get_file_data_from_url":
            url = self._verbs["get_full_url"](call.path, client=client)
            return call.with_path(url)
        return call


def run(
    client: Any,
    call: Any,
    progress_callback: Callable | None = None,
    processing_timeout: float = DEFAULT_PROCESSING_TIMEOUT,
) -> Any:
    """
    Run a call with a client, or with an object that a script uses as one.

    Such an object may have only a host, a session and headers, or be a mock. So
    ``run`` is looked up in its class: a mock object seems to have every
    attribute.
    """
    options: dict[str, Any] = {}
    if progress_callback is not None:
        options["progress_callback"] = progress_callback
    if processing_timeout != DEFAULT_PROCESSING_TIMEOUT:
        options["processing_timeout"] = processing_timeout
    if hasattr(type(client), "run"):
        return client.run(call, **options)
    return _dispatchers[-1].run(
        call, client, progress_callback, processing_timeout
    )


def retries_reads(session: Any) -> bool:
    """
    Return whether failed reads are retried with a session of a script.

    They are not if a mock, or a library that records or counts requests,
    answers instead of a server.
    """
    from .through_session import is_session

    return is_session(session) and sends_for_real()


def _run_through(
    call: Any,
    client: Any,
    hooks: Any,
    sender: Any,
    policy: Any,
    progress: Callable | None,
    exchange: Any = None,
) -> Any:
    try:
        return _core.run_through(
            call,
            client=client,
            hooks=hooks,
            policy=policy,
            sender=sender,
            progress=progress,
            exchange=exchange,
        )
    finally:
        sender.close()

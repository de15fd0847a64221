"""
How a call is sent: natively, or through what a script has replaced.

Scripts and their tests replace the verbs and helpers of ``gazu.client``, a
client's session, and the session's methods. They expect the rest of gazu to use
what they put there. All of these are looked up when a call is run.
"""

from __future__ import annotations

import logging
import operator
import threading
from typing import Any, Callable, Iterable

from .. import _core
from .._requests_compat.library import sends_for_real
from .._requests_compat.session import Session
from . import files, hooks, renewal

logger = logging.getLogger("gazu")

#: The verbs that a call goes through, outermost first.
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
#: What the core does by itself, and does not where a script has replaced it.
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
_helpers_of = operator.itemgetter(*HELPERS)

#: How often a request is sent at most while the token is renewed in between.
MAX_AUTH_RETRIES = 3
#: Seconds that a preview is waited for which the server is still building.
DEFAULT_PROCESSING_TIMEOUT = 60

#: What cancels the requests of threads that work for others, by the threads'
#: numbers.
cancels: dict[int, Any] = {}


def cancel_of(client: Any) -> Any:
    """Return what cancels this thread's requests, or None."""
    if cancels:
        cancel = cancels.get(threading.get_ident())
        if cancel is not None:
            return cancel
    return getattr(client, "_cancel", None)


#: The dispatch of ``gazu.client``. A reload of that module adds another.
_installed: list[Dispatch] = []


class Dispatch:
    """Sends calls in the way that the verbs and the session allow."""

    def __init__(self, verbs: dict[str, Any]) -> None:
        """
        Args:
            verbs: The namespace of ``gazu.client``, once it is complete.
        """
        self._verbs = verbs
        self._own = {name: verbs[name] for name in (*CHAINS, *HELPERS)}
        self._own_helpers = _helpers_of(verbs)
        _installed.append(self)

    def replaced_verb(self, names: Iterable[str]) -> str | None:
        """Return the first of these verbs that a script has replaced."""
        for name in names:
            if self._verbs[name] is not self._own[name]:
                return name
        return None

    def is_native(self, session: Any) -> bool:
        """Return whether the core alone sends what goes through a session."""
        return (
            isinstance(session, Session)
            and session.is_unchanged()
            and _helpers_of(self._verbs) == self._own_helpers
        )

    def run(
        self,
        call: Any,
        client: Any,
        progress: Callable | None = None,
        processing_timeout: float = DEFAULT_PROCESSING_TIMEOUT,
    ) -> Any:
        """Run a call through the verbs."""
        name = self.replaced_verb(CHAINS[call.verb])
        if name is not None:
            return self._through_verb(name, call, client, progress)
        call = self.addressed(call, client)
        return self.send(call, client, progress, processing_timeout)

    def run_beneath(self, call: Any, client: Any) -> Any:
        """Run a call through the verbs beneath its own."""
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
        Send a call, without going through the verbs.

        Args:
            call: The call.
            client: The client, or an object that serves as one.
            progress: Called with the bytes done and in total while a file is
                transferred.
            processing_timeout: Seconds to wait for a preview that the server
                is still building.
            streams: File objects of the script's that the call uploads.
        """
        target = call.target if call.verb == "download" else None
        if target is not None and files.open_is_replaced():
            # The core would write past what stands for the file system.
            in_memory = call.with_target(None)
            response = self.send(in_memory, client, None, processing_timeout)
            files.save(response, target, progress)
            return response
        # On the class: a mock has every attribute that it is asked for.
        if hasattr(type(client), "_send"):
            return client._send(call, progress, processing_timeout, streams)
        sender = self._session_sender(client, streams, progress)
        policy = _core.Policy(
            attempts=1,
            auth_attempts=self._verbs["MAX_AUTH_RETRIES"],
            processing_timeout=processing_timeout,
            deadline=None,
        )
        return _run_through(call, client, hooks, sender, policy, progress)

    def send_for(
        self,
        client: Any,
        call: Any,
        progress: Callable | None,
        processing_timeout: float,
        streams: Any,
    ) -> Any:
        """Send a call for a ``KitsuClient``, natively where that may be."""
        if logger.isEnabledFor(logging.DEBUG):
            self.log(call, client, logger)
        session = client.session
        if not self.is_native(session) or (
            call.is_upload and files.open_is_replaced()
        ):
            attempts = client._retries if tries_again(session) else 1
            return _run_through(
                call,
                client,
                client._hooks,
                self._session_sender(client, streams, progress),
                self.policy(client, attempts, processing_timeout),
                progress,
            )
        transport, settings, headers, adapter_retries = (
            session.transport_settings(client._deadlines, client.host)
        )
        attempts = 1 if adapter_retries else client._retries
        try:
            return _core.run(
                call,
                client=client,
                hooks=client._hooks,
                policy=self.policy(client, attempts, processing_timeout),
                transport=transport,
                settings=settings,
                session_headers=headers,
                streams=list(streams),
                progress=progress,
                cancel=cancel_of(client),
                adapter_retries=adapter_retries,
            )
        finally:
            session.take_cookies()

    def send_in_thread(self, call: Any, client: Any, cancel: Any) -> Any:
        """Send a call on a thread that works for another."""
        thread = threading.get_ident()
        cancels[thread] = cancel
        try:
            return client._send(self.addressed(call, client))
        finally:
            del cancels[thread]

    def may_use_threads(self, verbs: Iterable[str], client: Any) -> bool:
        """Return whether calls of these verbs may be sent by several threads."""
        own = self._verbs["KitsuClient"]
        return (
            isinstance(client, own)
            and type(client).run is own.run
            and type(client)._send is own._send
            and self.is_native(client.session)
            and self.replaced_verb(verbs) is None
        )

    def policy(
        self, client: Any, attempts: int, processing_timeout: float
    ) -> Any:
        """Return how often and how long a client tries a call."""
        deadline = client._deadline
        # A renewal is part of the call that asked for it.
        left = renewal.seconds_left()
        if left is not None:
            deadline = left if deadline is None else min(left, deadline)
        return _core.Policy(
            attempts=attempts,
            auth_attempts=self._verbs["MAX_AUTH_RETRIES"],
            processing_timeout=processing_timeout,
            deadline=deadline,
        )

    def log(self, call: Any, client: Any, log: logging.Logger) -> None:
        """Leave a call's debug line in the log."""
        from .request_log import log_request

        full_url = self._verbs["get_full_url"]
        log_request(call, lambda path: full_url(path, client=client), log)

    def _session_sender(
        self, client: Any, streams: Any, progress: Callable | None
    ) -> Any:
        from .through_session import SessionSender

        check_status = self._verbs["check_status"]
        if check_status is self._own["check_status"]:
            check_status = None
        return SessionSender(
            client, self._verbs, check_status, streams, progress
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
        """Return a call with the whole URL where its verb takes one."""
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
    Run a call with a client, or with any object that serves as one.

    Scripts pass objects of their own as clients: with a host, a session and
    headers, or mocks. The class is asked for ``run``, because a mock seems to
    have every attribute.
    """
    options: dict[str, Any] = {}
    if progress_callback is not None:
        options["progress_callback"] = progress_callback
    if processing_timeout != DEFAULT_PROCESSING_TIMEOUT:
        options["processing_timeout"] = processing_timeout
    if hasattr(type(client), "run"):
        return client.run(call, **options)
    return _installed[-1].run(
        call, client, progress_callback, processing_timeout
    )


def tries_again(session: Any) -> bool:
    """
    Return whether reads are tried again through a session.

    They are not where something answers in the place of a server: a mock, or
    a library that records or counts requests.
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
) -> Any:
    try:
        return _core.run_through(
            call,
            client=client,
            hooks=hooks,
            policy=policy,
            sender=sender,
            progress=progress,
            cancel=cancel_of(client)
            if hasattr(type(client), "_send")
            else None,
        )
    finally:
        sender.close()

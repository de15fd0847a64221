"""
The client of the event stream, a subclass of ``socketio.Client``.

It connects again whenever the connection is lost, and handles events one after
another. It is imported when it is first used, because it requires
python-socketio.
"""

from __future__ import annotations

import collections
import contextlib
import logging
import os
import ssl
import threading
import time
from typing import Any
from urllib.parse import urljoin

import engineio
import engineio.packet
import requests
import requests.adapters
import requests.utils
import websocket
from socketio.client import Client
from socketio.exceptions import ConnectionError as NotConnected

from .. import _core
from .._requests_compat.session import _certificate
from ..client import get_event_host
from ..exception import AuthFailedException

#: The seconds to wait until the server has accepted the namespaces.
NAMESPACE_TIMEOUT = 10
#: The seconds that a disconnect may take if the server does not answer.
CLOSE_TIMEOUT = 1
#: ``wait`` raises after this many consecutive token rejections.
MAX_REJECTIONS = 5
#: The seconds between two checks of the connection's state.
POLL_INTERVAL = 0.05


#: The highest number of redirects of a websocket that are followed.
REDIRECTS = 3

logger = logging.getLogger("gazu.events")


class ConnectionRejected(NotConnected):
    """The server rejected the connection to a namespace."""


class _WebSocket(websocket.WebSocket):
    """
    A websocket that only follows redirects to the same host.

    websocket-client would follow all redirects and send the token there.
    """

    def connect(self, url: str, **options: Any) -> None:
        """
        Connect to a URL.

        Raises:
            websocket.WebSocketException: the handshake failed, or was
                redirected to another host.
        """
        for _ in range(REDIRECTS + 1):
            self.handshake_response = None
            try:
                super().connect(  # type: ignore[no-untyped-call]
                    url, **dict(options, redirect_limit=0)
                )
            except websocket.WebSocketException:
                if self._location() is None:
                    raise
            location = self._location()
            if location is None:
                return
            # Some versions of websocket-client treat the redirect as a
            # connection and leave it open.
            self.shutdown()  # type: ignore[no-untyped-call]
            target = urljoin(url, location)
            if not target.startswith(("ws://", "wss://")) or (
                _core.leaves_the_host(_as_http(url), _as_http(target))
            ):
                raise websocket.WebSocketException(
                    "the server redirects the websocket to another host: "
                    + _core.without_userinfo(target).partition("?")[0]
                )
            url = target
        raise websocket.WebSocketException(
            "the server redirected the websocket more than {} times".format(
                REDIRECTS
            )
        )

    def _location(self) -> str | None:
        """Return the target if the handshake was redirected, otherwise None."""
        answer = self.handshake_response
        if answer is None or answer.status == 101:
            return None
        return answer.headers.get("location") or ""


def _as_http(url: str) -> str:
    return url.replace("ws", "http", 1)


class _Engine(engineio.Client):
    """
    The connection, with two changes to python-engineio.

    python-engineio handles each message in a new thread, so that callbacks run
    concurrently. And if the server closes the connection, it does not connect
    again.
    """

    client: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.websocket_extra_options = {
            "class_": _WebSocket,
            **self.websocket_extra_options,
        }
        self._events: Any = collections.deque()
        self._is_dispatching = False
        self._events_lock = threading.Lock()
        self._disconnect_lock = threading.RLock()

    def _trigger_event(self, event: str, *args: Any, **kwargs: Any) -> Any:
        if (
            event == "disconnect"
            and self.state == "disconnecting"
            and self.current_transport == "polling"
        ):
            self._send_close()
        if not (
            event == "message"
            and kwargs.get("run_async")
            and _is_event(args[0])
        ):
            return super()._trigger_event(event, *args, **kwargs)
        with self._events_lock:
            self._events.append(args[0])
            if self._is_dispatching:
                return None
            self._is_dispatching = True
        return self.start_background_task(self._dispatch_events)

    def _dispatch_events(self) -> None:
        while True:
            with self._events_lock:
                if self.client.ended_by_caller:
                    self._events.clear()
                if not self._events:
                    self._is_dispatching = False
                    return
                event = self._events.popleft()
            try:
                self.handlers["message"](event)
            except BaseException:
                # The exception ends this thread and is printed. Continue in a
                # new thread.
                self.start_background_task(self._dispatch_events)
                raise

    def _receive_packet(self, pkt: Any) -> None:
        if pkt.packet_type == engineio.packet.CLOSE:
            self.drop_connection()
        else:
            super()._receive_packet(pkt)

    def drop_connection(self) -> None:
        """Drop the connection as if the network had failed: it reconnects."""
        self.queue.put(None)
        self._abort_connection()

    def _abort_connection(self) -> None:
        if self.current_transport == "websocket":
            with contextlib.suppress(OSError):
                self.ws.abort()

    def disconnect(self, *args: Any, **kwargs: Any) -> None:
        """Disconnect. If the server does not answer, stop waiting after a second."""
        # If two threads disconnected at the same time, the second would remove
        # the message that ends the writing thread.
        if not self._disconnect_lock.acquire(timeout=2 * CLOSE_TIMEOUT):
            return
        timer = threading.Timer(CLOSE_TIMEOUT, self._abort_connection)
        timer.daemon = True
        timer.start()
        try:
            super().disconnect(*args, **kwargs)
        finally:
            timer.cancel()
            self._disconnect_lock.release()

    def _send_close(self) -> None:
        # python-engineio only queues the close message, which may never be sent.
        # Without it, the server would not answer the pending poll before its
        # next ping, and the disconnect would wait for that.
        self._send_request(
            "POST",
            self.base_url,
            body=engineio.packet.Packet(engineio.packet.CLOSE).encode(),
            headers={"Content-Type": "text/plain"},
            timeout=CLOSE_TIMEOUT,
        )


def _is_event(message: Any) -> bool:
    """Return whether a Socket.IO message is an event, or a part of one."""
    return not isinstance(message, str) or message[:1] in ("2", "5")


class _Reconnecting:
    """A mixin for ``socketio.Client`` that connects again after each loss."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.eio.client = self
        #: Whether the caller ended the connection.
        self.ended_by_caller = False
        # Whether an exception ended the connection. Then it may be resumed.
        self._interrupted = False
        self._rejection = ""
        self._rejections = 0
        self._reconnect_lock = threading.RLock()
        self._lost_connections = self._lost_connections_before = 0
        self._disconnect_thread: threading.Thread | None = None

    def _engineio_client_class(self) -> type:
        return _Engine

    def connect(
        self,
        url: Any,
        headers: Any = None,
        auth: Any = None,
        transports: Any = None,
        namespaces: Any = None,
        socketio_path: str = "socket.io",
        wait: bool = True,
        wait_timeout: float = NAMESPACE_TIMEOUT,
        **kwargs: Any,
    ) -> None:
        """
        Connect to a server, as ``socketio.Client`` does.

        Raises:
            socketio.exceptions.ConnectionError: the server cannot be reached,
                or did not accept the namespaces within ``wait_timeout``
                seconds.
        """
        is_reconnecting = threading.current_thread() is self._reconnect_task
        if is_reconnecting:
            self._raise_if_ended()
            self._lost_connections_before = self._lost_connections
        else:
            self._wait_for_previous()
        self._rejection = ""
        try:
            super().connect(
                url,
                headers=headers or {},
                auth=auth,
                transports=transports,
                namespaces=namespaces,
                socketio_path=socketio_path,
                wait=False,
                **kwargs,
            )
            if wait:
                self._wait_for_namespaces(wait_timeout)
            self._rejections = 0
            if is_reconnecting:
                self._raise_if_ended()
        except BaseException as error:
            if isinstance(error, ConnectionRejected):
                self._rejections += 1
            if not is_reconnecting:
                self._mark_ended()
                self._interrupted = True
            # The failed connection must end before the next attempt. But after
            # Ctrl-C, do not wait for it.
            was_receiving = self.eio.read_loop_task is not None
            self.eio.disconnect(
                abort=not (was_receiving and isinstance(error, Exception))
            )
            if isinstance(error, (NotConnected, ValueError)) or not isinstance(
                error, Exception
            ):
                raise
            # python-socketio stops to reconnect after any other exception.
            raise NotConnected(
                "{}: {}".format(type(error).__name__, error)
            ) from error

    def _wait_for_previous(self) -> None:
        """Wait until the threads of the previous connection have ended."""
        if self.ended_by_caller:
            for task in (
                self._disconnect_thread,
                self._reconnect_task,
                self.eio.read_loop_task,
            ):
                if task not in (None, threading.current_thread()):
                    task.join(NAMESPACE_TIMEOUT)
        if not self._is_running():
            self._reconnect_task = None
        self.ended_by_caller = self._interrupted = False
        self._rejections = 0

    def _wait_for_namespaces(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while set(self.namespaces) != set(self.connection_namespaces):
            if self._rejection:
                raise ConnectionRejected(self._rejection)
            if self.eio.state != "connected":
                raise NotConnected(
                    "the connection was lost before the server accepted it"
                )
            if time.monotonic() > deadline:
                raise NotConnected(
                    "One or more namespaces failed to connect in time"
                )
            self._connect_event.wait(POLL_INTERVAL)
            self._connect_event.clear()

    def _handle_eio_disconnect(self, *args: Any) -> None:
        with self._reconnect_lock:
            self._lost_connections += 1
            super()._handle_eio_disconnect(*args)

    def _handle_reconnect(self) -> None:
        while True:
            super()._handle_reconnect()
            with self._reconnect_lock:
                # The new connection may be lost before python-socketio has
                # finished to reconnect. Then it would not try again.
                lost = self._lost_connections > self._lost_connections_before
                if (
                    self.ended_by_caller
                    or not lost
                    or self._reconnect_task is not None
                ):
                    return
                self._reconnect_task = threading.current_thread()

    def _handle_error(self, namespace: str, data: Any) -> None:
        reason = data.get("message", data) if isinstance(data, dict) else data
        self._rejection = (
            "the server rejected the connection to {}: {}".format(
                namespace or "/", reason
            )
        )
        logger.error("The connection failed! %s", self._rejection)
        super()._handle_error(namespace, data)

    def _handle_disconnect(self, namespace: str) -> None:
        # Without its namespace, the client receives no events: reconnect.
        if self.connected:
            self.eio.drop_connection()

    def _raise_if_ended(self) -> None:
        if self.ended_by_caller:
            self._reconnect_abort.set()
            raise NotConnected("disconnected by the caller")

    def _mark_ended(self) -> None:
        self.ended_by_caller = True
        if self._reconnect_abort is not None:
            self._reconnect_abort.set()

    def disconnect(self) -> None:
        """Disconnect and stop reconnecting."""
        self._mark_ended()
        super().disconnect()

    def shutdown(self) -> None:
        """Disconnect and stop reconnecting."""
        self.disconnect()

    def wait(self) -> None:
        """
        Wait until the connection has ended and will not be established again.

        An exception, such as KeyboardInterrupt, also disconnects.

        Raises:
            AuthFailedException: the server rejected the token several times
                while the client tried to reconnect.
        """
        try:
            ended = 0
            # A single check may happen between two connections.
            while ended < 2:
                ended = 0 if self._is_running() else ended + 1
                if self._rejections >= MAX_REJECTIONS:
                    raise AuthFailedException(self._rejection)
                time.sleep(POLL_INTERVAL)
        except BaseException:
            self._interrupted = True
            # Disconnect in a thread: the server may not answer.
            self._disconnect_thread = threading.Thread(
                target=self.disconnect, daemon=True
            )
            self._disconnect_thread.start()
            self._disconnect_thread.join(POLL_INTERVAL)
            raise

    def _is_running(self) -> bool:
        return any(
            task is not None and task.is_alive()
            for task in (self.eio.read_loop_task, self._reconnect_task)
        )

    def resume(self) -> None:
        """Connect again, unless it is connected or the caller disconnected it."""
        if self.connection_url is None:
            return
        if self._interrupted or not (
            self.ended_by_caller or self._is_running()
        ):
            self.connect(
                self.connection_url,
                headers=self.connection_headers,
                auth=self.connection_auth,
                transports=self.connection_transports,
                namespaces=self.connection_namespaces,
                socketio_path=self.socketio_path,
            )


_reconnecting_classes: dict[type, type] = {}


def reconnecting_class(client_class: Any) -> Any:
    """
    Return a subclass of a client class that reconnects.

    A class that is not derived from ``socketio.Client``, such as a mock, is
    returned unchanged.
    """
    if not (
        isinstance(client_class, type) and issubclass(client_class, Client)
    ):
        return client_class
    if client_class not in _reconnecting_classes:
        _reconnecting_classes[client_class] = type(
            "Client",
            (_Reconnecting, client_class),
            {"__doc__": client_class.__doc__},
        )
    return _reconnecting_classes[client_class]


class _SystemCertificates(requests.adapters.HTTPAdapter):
    """An adapter that also trusts the certificates of the operating system."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs["ssl_context"] = ssl.create_default_context()
        super().init_poolmanager(*args, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        kwargs["ssl_context"] = ssl.create_default_context()
        return super().proxy_manager_for(proxy, **kwargs)


def transport_options(client: Any, ssl_verify: Any) -> dict[str, Any]:
    """Return options for ``socketio.Client`` from the settings of a session."""
    session = requests.Session()
    own = client.session
    host = get_event_host(client)
    session.trust_env = getattr(own, "trust_env", True)
    session.cert = _certificate(getattr(own, "cert", None))
    session.verify = _verify(ssl_verify, getattr(own, "verify", True))
    if session.verify is not False and session.trust_env:
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            if os.environ.get(name):
                # websocket-client does not read these variables.
                session.verify = os.environ[name]
                break
    if session.verify is True and str(host).startswith("https"):
        session.mount("https://", _SystemCertificates())
    proxy = requests.utils.select_proxy(host, getattr(own, "proxies", None))
    if proxy:
        session.proxies = {"http": proxy, "https": proxy}
    options: dict[str, Any] = {
        "http_session": session,
        # ``wait`` handles Ctrl-C. Do not install a signal handler.
        "handle_sigint": False,
    }
    if not session.trust_env and not proxy:
        options["websocket_extra_options"] = {"http_no_proxy": ["*"]}
    return options


def _verify(requested: Any, own: Any) -> Any:
    if requested is True and not isinstance(own, bool) and own is not None:
        requested = own
    if isinstance(requested, bool):
        return requested
    return True if requested is None else os.fspath(requested)

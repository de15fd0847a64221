"""
The client of the event stream: a ``socketio.Client`` that comes back whatever
ends its connection, and hands out events one after the other.

Imported at first use: it needs python-socketio.
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

#: Seconds for the server to let the namespaces in.
NAMESPACE_TIMEOUT = 10
#: Seconds for the server to take note that the client leaves.
FAREWELL_TIMEOUT = 1
#: How often the server may refuse the token before a wait tells.
REFUSALS = 5
#: Seconds between two looks at a connection that is waited for.
LOOK = 0.05


#: How many redirects of a websocket are followed.
REDIRECTS = 3

logger = logging.getLogger("gazu.events")


class Refused(NotConnected):
    """The server does not let the client into a namespace."""


class _WebSocket(websocket.WebSocket):
    """
    A websocket that follows redirects on its own host only.

    websocket-client follows them anywhere, and takes the token along.
    """

    def connect(self, url: str, **options: Any) -> None:
        """
        Connect to a URL.

        Raises:
            websocket.WebSocketException: the handshake failed, or led to
                another host.
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
            # A version that takes the redirect for a connection leaves it open.
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
            "the server redirects the websocket too often"
        )

    def _location(self) -> str | None:
        """Return where the handshake was redirected to, if it was."""
        answer = self.handshake_response
        if answer is None or answer.status == 101:
            return None
        return answer.headers.get("location") or ""


def _as_http(url: str) -> str:
    return url.replace("ws", "http", 1)


class _Engine(engineio.Client):
    """
    The connection.

    python-engineio gives each message a thread, so that callbacks overlap;
    and takes a close by the server for the wish of the caller.
    """

    client: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.websocket_extra_options = {
            "class_": _WebSocket,
            **self.websocket_extra_options,
        }
        self._events: Any = collections.deque()
        self._handing_out = False
        self._turn = threading.Lock()
        self._leaving = threading.RLock()

    def _trigger_event(self, event: str, *args: Any, **kwargs: Any) -> Any:
        if (
            event == "disconnect"
            and self.state == "disconnecting"
            and self.current_transport == "polling"
        ):
            self._say_farewell()
        if not (
            event == "message"
            and kwargs.get("run_async")
            and _is_event(args[0])
        ):
            return super()._trigger_event(event, *args, **kwargs)
        with self._turn:
            self._events.append(args[0])
            if self._handing_out:
                return None
            self._handing_out = True
        return self.start_background_task(self._hand_out)

    def _hand_out(self) -> None:
        while True:
            with self._turn:
                if self.client.left:
                    self._events.clear()
                if not self._events:
                    self._handing_out = False
                    return
                event = self._events.popleft()
            try:
                self.handlers["message"](event)
            except BaseException:
                # This thread shows the exception as it ends; another goes on.
                self.start_background_task(self._hand_out)
                raise

    def _receive_packet(self, pkt: Any) -> None:
        if pkt.packet_type == engineio.packet.CLOSE:
            self.lose()
        else:
            super()._receive_packet(pkt)

    def lose(self) -> None:
        """Treat the connection as lost on the way, so that it is made again."""
        self.queue.put(None)
        self._break()

    def _break(self) -> None:
        if self.current_transport == "websocket":
            with contextlib.suppress(OSError):
                self.ws.abort()

    def disconnect(self, *args: Any, **kwargs: Any) -> None:
        """Disconnect; a server that does not answer delays it a second."""
        # Of two threads that disconnect at once the second would clear away what
        # tells the thread that writes to end.
        if not self._leaving.acquire(timeout=2 * FAREWELL_TIMEOUT):
            return
        impatience = threading.Timer(FAREWELL_TIMEOUT, self._break)
        impatience.daemon = True
        impatience.start()
        try:
            super().disconnect(*args, **kwargs)
        finally:
            impatience.cancel()
            self._leaving.release()

    def _say_farewell(self) -> None:
        # What python-engineio queues to say so may stay in its queue. The server
        # would answer what is polled, which is waited for, with its next ping.
        self._send_request(
            "POST",
            self.base_url,
            body=engineio.packet.Packet(engineio.packet.CLOSE).encode(),
            headers={"Content-Type": "text/plain"},
            timeout=FAREWELL_TIMEOUT,
        )


def _is_event(message: Any) -> bool:
    """Whether a message of the Socket.IO protocol carries (part of) an event."""
    return not isinstance(message, str) or message[:1] in ("2", "5")


class _Returning:
    """What makes a ``socketio.Client`` come back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.eio.client = self
        #: Whether the caller ended it.
        self.left = False
        # Whether an exception did, after which it may be resumed.
        self._interrupted = False
        self._refused = ""
        self._refusals = 0
        self._turn = threading.RLock()
        self._losses = self._losses_before = 0
        self._farewell: threading.Thread | None = None

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
            socketio.exceptions.ConnectionError: it cannot be reached, or does
                not let the namespaces in within ``wait_timeout`` seconds.
        """
        returning = threading.current_thread() is self._reconnect_task
        if returning:
            self._give_up_if_left()
            self._losses_before = self._losses
        else:
            self._settle()
        self._refused = ""
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
            self._refusals = 0
            if returning:
                self._give_up_if_left()
        except BaseException as error:
            if isinstance(error, Refused):
                self._refusals += 1
            if not returning:
                self._leave()
                self._interrupted = True
            # What is left of it must end before another attempt; but nothing
            # delays Ctrl-C.
            reading = self.eio.read_loop_task is not None
            self.eio.disconnect(
                abort=not (reading and isinstance(error, Exception))
            )
            if isinstance(error, (NotConnected, ValueError)) or not isinstance(
                error, Exception
            ):
                raise
            # Anything else would end the attempts to come back.
            raise NotConnected(
                "{}: {}".format(type(error).__name__, error)
            ) from error

    def _settle(self) -> None:
        """Wait until nothing is left of a connection that was ended."""
        if self.left:
            for task in (
                self._farewell,
                self._reconnect_task,
                self.eio.read_loop_task,
            ):
                if task not in (None, threading.current_thread()):
                    task.join(NAMESPACE_TIMEOUT)
        if not self._lives():
            self._reconnect_task = None
        self.left = self._interrupted = False
        self._refusals = 0

    def _wait_for_namespaces(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while set(self.namespaces) != set(self.connection_namespaces):
            if self._refused:
                raise Refused(self._refused)
            if self.eio.state != "connected":
                raise NotConnected("the connection was lost")
            if time.monotonic() > deadline:
                raise NotConnected(
                    "One or more namespaces failed to connect in time"
                )
            self._connect_event.wait(LOOK)
            self._connect_event.clear()

    def _handle_eio_disconnect(self, *args: Any) -> None:
        with self._turn:
            self._losses += 1
            super()._handle_eio_disconnect(*args)

    def _handle_reconnect(self) -> None:
        while True:
            super()._handle_reconnect()
            with self._turn:
                # Lost before python-socketio noted that it had come back, so
                # that it will not try again.
                lost = self._losses > self._losses_before
                if self.left or not lost or self._reconnect_task is not None:
                    return
                self._reconnect_task = threading.current_thread()

    def _handle_error(self, namespace: str, data: Any) -> None:
        reason = data.get("message", data) if isinstance(data, dict) else data
        self._refused = "{} was refused: {}".format(namespace or "/", reason)
        logger.error("The connection failed! %s", self._refused)
        super()._handle_error(namespace, data)

    def _handle_disconnect(self, namespace: str) -> None:
        # Without one of its namespaces a client is as good as cut off.
        if self.connected:
            self.eio.lose()

    def _give_up_if_left(self) -> None:
        if self.left:
            self._reconnect_abort.set()
            raise NotConnected("disconnected by the caller")

    def _leave(self) -> None:
        self.left = True
        if self._reconnect_abort is not None:
            self._reconnect_abort.set()

    def disconnect(self) -> None:
        """Disconnect, and give up coming back."""
        self._leave()
        super().disconnect()

    def shutdown(self) -> None:
        """Disconnect, and give up coming back."""
        self.disconnect()

    def wait(self) -> None:
        """
        Wait until the connection has ended for good.

        An exception, such as Ctrl-C raises, disconnects.

        Raises:
            AuthFailedException: the server has refused the token several
                times while the client tried to come back.
        """
        try:
            ended = 0
            # Once may be the moment between two connections.
            while ended < 2:
                ended = 0 if self._lives() else ended + 1
                if self._refusals >= REFUSALS:
                    raise AuthFailedException(self._refused)
                time.sleep(LOOK)
        except BaseException:
            self._interrupted = True
            # A server that does not answer must not delay the caller.
            self._farewell = threading.Thread(
                target=self.disconnect, daemon=True
            )
            self._farewell.start()
            self._farewell.join(LOOK)
            raise

    def _lives(self) -> bool:
        return any(
            task is not None and task.is_alive()
            for task in (self.eio.read_loop_task, self._reconnect_task)
        )

    def resume(self) -> None:
        """Connect again, unless connected or disconnected by the caller."""
        if self.connection_url is None:
            return
        if self._interrupted or not (self.left or self._lives()):
            self.connect(
                self.connection_url,
                headers=self.connection_headers,
                auth=self.connection_auth,
                transports=self.connection_transports,
                namespaces=self.connection_namespaces,
                socketio_path=self.socketio_path,
            )


_made: dict[type, type] = {}


def returning(kind: Any) -> Any:
    """
    Return a class of clients that come back, made of another.

    What is no class of python-socketio, such as a test's stand-in, is returned
    as it is.
    """
    if not (isinstance(kind, type) and issubclass(kind, Client)):
        return kind
    if kind not in _made:
        _made[kind] = type(
            "Client", (_Returning, kind), {"__doc__": kind.__doc__}
        )
    return _made[kind]


class _SystemStore(requests.adapters.HTTPAdapter):
    """Trusts what the system trusts, as the rest of gazu, besides certifi's."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        kwargs["ssl_context"] = ssl.create_default_context()
        super().init_poolmanager(*args, **kwargs)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        kwargs["ssl_context"] = ssl.create_default_context()
        return super().proxy_manager_for(proxy, **kwargs)


def options_of(client: Any, ssl_verify: Any) -> dict[str, Any]:
    """Return how events travel: as the client's session has it."""
    session = requests.Session()
    own = client.session
    host = get_event_host(client)
    session.trust_env = getattr(own, "trust_env", True)
    session.cert = _certificate(getattr(own, "cert", None))
    session.verify = _verify(ssl_verify, getattr(own, "verify", True))
    if session.verify is not False and session.trust_env:
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
            if os.environ.get(name):
                # Said here too, since the websocket reads no such variable.
                session.verify = os.environ[name]
                break
    if session.verify is True and str(host).startswith("https"):
        session.mount("https://", _SystemStore())
    proxy = requests.utils.select_proxy(host, getattr(own, "proxies", None))
    if proxy:
        session.proxies = {"http": proxy, "https": proxy}
    options: dict[str, Any] = {
        "http_session": session,
        # The wait sees Ctrl-C by itself; the process's handler stays its own.
        "handle_sigint": False,
    }
    if not session.trust_env and not proxy:
        options["websocket_extra_options"] = {"http_no_proxy": ["*"]}
    return options


def _verify(asked: Any, own: Any) -> Any:
    if asked is True and not isinstance(own, bool) and own is not None:
        asked = own
    if isinstance(asked, bool):
        return asked
    return True if asked is None else os.fspath(asked)

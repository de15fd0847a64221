"""
The client of the event stream, with the interface of ``socketio.Client``.

A connection runs in the core. Two threads of Python take what it receives: the
reader follows the state of the connection, passes on answers and connects again
after a loss; the dispatcher calls the handlers, one after the other. So a slow
handler delays neither.
"""

from __future__ import annotations

import atexit
import collections
import functools
import logging
import os
import sys
import threading
import time
import weakref
from typing import Any, Callable

from .. import _core
from .._engine import logs
from .._requests_compat.library import RequestsCompatible
from .._requests_compat.messages import DEFAULT_HOST
from ..exception import AuthFailedException
from . import options, packets
from .errors import SocketIOError, error
from .listeners import Listeners

#: The seconds to wait until the server has accepted the namespaces.
NAMESPACE_TIMEOUT = 10
#: The seconds that a disconnect may take if the server does not answer.
CLOSE_TIMEOUT = 1
#: ``wait`` raises after this many consecutive rejections.
MAX_REJECTIONS = 5
#: The longest seconds in which a wait does not notice Ctrl-C.
POLL_INTERVAL = 0.05

CLIENT_DISCONNECT = "client disconnect"
SERVER_DISCONNECT = "server disconnect"


class _Reason:
    """Why a connection has ended."""

    CLIENT_DISCONNECT = CLIENT_DISCONNECT
    SERVER_DISCONNECT = SERVER_DISCONNECT
    TRANSPORT_ERROR = "transport error"


class Client(Listeners, RequestsCompatible):
    """
    A client of an event stream, with the interface of ``socketio.Client``.

    It connects again after each loss, also if the server closes the connection.
    Handlers are called one after the other, in the order of the events, in a
    thread of their own.

    Attributes:
        connected: Whether the client is connected.
        namespaces: The ids of the connections, by namespace.
        sid: The id of the connection, or None.
        connection_url: The URL that ``connect`` got.

    Args:
        reconnection: Whether to connect again after a loss.
        reconnection_attempts: How often this is tried; 0 means without end.
        reconnection_delay: The seconds before the first attempt. Each further
            wait is twice as long.
        reconnection_delay_max: The longest wait in seconds.
        randomization_factor: The largest random part of a wait, in seconds.
        logger: Whether activity is logged, or the logger.
        serializer: Only ``"default"`` is supported.
        json: A module with ``dumps`` and ``loads`` for the data.
        handle_sigint: Without effect: ``wait`` handles Ctrl-C, and no signal
            handler is installed.
        kwargs: ``request_timeout``, ``http_session``, ``ssl_verify``,
            ``websocket_extra_options``, ``timestamp_requests`` and
            ``engineio_logger``, as for ``socketio.Client``.

    Raises:
        TypeError: an argument is unknown, or its value has no meaning here.
    """

    _requests_module = "socketio.client"
    reason = _Reason

    def __init__(
        self,
        reconnection: bool = True,
        reconnection_attempts: int = 0,
        reconnection_delay: float = 1,
        reconnection_delay_max: float = 5,
        randomization_factor: float = 0.5,
        logger: Any = False,
        serializer: Any = "default",
        json: Any = None,
        handle_sigint: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        if serializer != "default":
            raise TypeError(
                "serializer: {!r} is not supported: the event stream of Kitsu "
                "uses the default".format(serializer)
            )
        self.reconnection = reconnection
        self.reconnection_attempts = reconnection_attempts
        self.reconnection_delay = reconnection_delay
        self.reconnection_delay_max = reconnection_delay_max
        self.randomization_factor = randomization_factor
        self.handle_sigint = handle_sigint
        self.logger = options.logger_of(logger, "socketio.client")
        self._engine_logger = options.logger_of(
            kwargs.pop("engineio_logger", False), "engineio.client"
        )
        self._requests = options.Requests(**kwargs)
        self._json = json
        self.connection_url: Any = None
        self.connection_headers: Any = None
        self.connection_auth: Any = None
        self.connection_transports: Any = None
        self.connection_namespaces: list[str] = []
        self.socketio_path: str | None = None
        self._reset()
        _clients.add(self)

    def _reset(self) -> None:
        """Set the state of a client that has never been connected."""
        self.connected = False
        self.namespaces: dict[str, str] = {}
        self.failed_namespaces: list[str] = []
        self.callbacks: dict[str, dict[int, Any]] = {}
        self.sid: str | None = None
        self._connection: Any = None
        self._signals: Any = None
        self._number = 0
        #: Events of connections up to this number are not handled any more.
        self._discarded = 0
        self._ended = True
        # Whether an exception ended the connection. Then it may be resumed.
        self._interrupted = False
        self._rejection = ""
        self._rejections = 0
        self._ack_ids: dict[str, int] = {}
        self._lock = threading.RLock()
        self._stop = threading.Event()
        self._cancel: Any = None
        self._reader: threading.Thread | None = None
        self._dispatcher: threading.Thread | None = None
        #: The number of calls of ``connect``, so that the dispatcher of an
        #: earlier one goes on for a later one.
        self._generation = 0
        self._events = options.new_queue(getattr(self._json, "loads", None))
        #: The namespaces whose handlers have been told that they are connected,
        #: with the number of the connection.
        self._announced: dict[str, int] = {}
        self._disconnecting: threading.Thread | None = None
        #: The threads that are in ``wait``.
        self._waiting: set[threading.Thread] = set()

    # --- connecting ---------------------------------------------------------

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
        retry: bool = False,
    ) -> None:
        """
        Connect to a server.

        Args:
            url: The URL, or a function that returns it before each attempt.
            headers: A dict of headers for the handshake, or such a function.
            auth: What the server gets with the connection to a namespace, or
                such a function.
            transports: ``"polling"``, ``"websocket"``, or a list of them. The
                first one begins; a WebSocket is used if the server has it.
            namespaces: The namespaces. By default those with handlers.
            socketio_path: The path of the event stream on the server.
            wait: Whether to wait until the namespaces are connected.
            wait_timeout: The longest wait in seconds.
            retry: Whether to try again, as after a loss, if the server cannot
                be reached.

        Raises:
            ConnectionError: the server cannot be reached, or did not accept
                the namespaces; or the client is connected. With an imported
                ``socketio``, this is its class.
            ValueError: there is no such transport.
        """
        if self.connected:
            raise error("ConnectionError", "Already connected")
        checked = options.checked_transports(transports)
        self._wait_for_previous()
        self.connection_url = url
        self.connection_headers = headers
        self.connection_auth = auth
        self.connection_transports = transports
        if namespaces is None:
            names = dict.fromkeys((*self.handlers, *self.namespace_handlers))
            names.pop("*", None)
            namespaces = list(names) or ["/"]
        elif isinstance(namespaces, str):
            namespaces = [namespaces]
        self.connection_namespaces = namespaces
        self.socketio_path = socketio_path
        self._ended = self._interrupted = False
        self._rejections = 0
        self._stop = threading.Event()
        self._cancel = _core.Cancel()
        self._start_dispatcher()
        try:
            try:
                self._open(checked, wait, wait_timeout)
            except SocketIOError as failure:
                if not retry or failure.is_rejected or not self._reconnect():
                    raise
            self._reader = self.start_background_task(self._read)
            if wait:
                self._wait_for_handlers(wait_timeout)
        except BaseException:
            # Ctrl-C may come at any time: nothing may go on in the background.
            if self._is_running():
                self._interrupt()
            else:
                self._ended = self._interrupted = True
                self._close_connection()
                self._give_up()
            raise

    def _wait_for_previous(self) -> None:
        """Let the threads of the previous connection end."""
        reader = self._reader
        if reader is not None and reader.is_alive() and not self._ended:
            # It tries to connect again, which the caller now does.
            self._ended = True
            self._stop.set()
            self._cancel.cancel()
        for thread in (self._disconnecting, reader):
            if thread not in (None, threading.current_thread()):
                thread.join(NAMESPACE_TIMEOUT)

    def _open(
        self, transports: list[str], wait: bool, wait_timeout: float
    ) -> None:
        """Connect once. An error other than Ctrl-C is a ``ConnectionError``."""
        self._rejection = ""
        self.failed_namespaces = []
        self.namespaces = {}
        deadline = time.monotonic() + wait_timeout
        try:
            self._open_connection(transports)
            if wait:
                self._wait_for_namespaces(deadline)
            if self._ended:
                raise error("ConnectionError", "disconnected by the caller")
        except BaseException as failure:
            self._close_connection()
            if isinstance(failure, SocketIOError) or not isinstance(
                failure, (OSError, ValueError, RuntimeError)
            ):
                raise
            raise self._not_connected(failure) from failure
        self._rejections = 0
        self.connected = bool(self._connection)

    def _not_connected(self, failure: Exception) -> Exception:
        message = str(failure) or type(failure).__name__
        if DEFAULT_HOST in message:
            message += (
                ". No event host has been set: call "
                'gazu.set_event_host("https://kitsu.example.com")'
            )
        for namespace in self.connection_namespaces:
            if threading.current_thread() is self._reader:
                self._events.put(
                    functools.partial(
                        self._guarded, "connect_error", namespace, message
                    )
                )
            else:
                self._trigger_event("connect_error", namespace, message)
        return error("ConnectionError", message)

    def _open_connection(self, transports: list[str]) -> None:
        url = _value(self.connection_url)
        headers = _value(self.connection_headers) or {}
        auth = _value(self.connection_auth) or {}
        signals = options.new_queue(getattr(self._json, "loads", None))
        self._number += 1
        self._engine_logger.info("Attempting connection to %s", url)
        arguments = self._requests.arguments(url, headers)
        with self._cancel:
            connection = _core.EventConnection(
                url=url,
                path=self.socketio_path or "",
                transports=transports,
                number=self._number,
                events=self._events,
                signals=signals,
                **arguments,
            )
        if connection.upgrade_error:
            self._engine_logger.warning(
                "WebSocket upgrade failed: %s", connection.upgrade_error
            )
        self._signals = signals
        self._connection = connection
        self.sid = connection.sid
        self.logger.info("Engine.IO connection established")
        for namespace in self.connection_namespaces:
            self._send_packet(packets.CONNECT, namespace, None, auth)

    def _wait_for_namespaces(self, deadline: float) -> None:
        while set(self.namespaces) != set(self.connection_namespaces):
            if self._rejection:
                rejected = error("ConnectionError", self._rejection)
                rejected.is_rejected = True
                raise rejected
            left = deadline - time.monotonic()
            if left <= 0:
                raise error(
                    "ConnectionError",
                    "One or more namespaces failed to connect in time",
                )
            entries = self._signals.take(min(left, POLL_INTERVAL))
            if entries is None or self._ended:
                raise error(
                    "ConnectionError",
                    "the connection was lost before the server accepted it",
                )
            for entry in entries:
                self._follow(entry)

    def _wait_for_handlers(self, timeout: float) -> None:
        """Wait until the handlers of ``connect`` have been called."""
        if threading.current_thread() is self._dispatcher:
            return
        called = threading.Event()
        self._events.put(called.set)
        deadline = time.monotonic() + timeout
        while not called.wait(POLL_INTERVAL):
            if self._ended or time.monotonic() > deadline:
                return

    def resume(self) -> None:
        """Connect again, unless it is connected or the caller disconnected it."""
        if self.connection_url is None:
            return
        if self._interrupted or not (self._ended or self._is_running()):
            self.connect(
                self.connection_url,
                headers=self.connection_headers,
                auth=self.connection_auth,
                transports=self.connection_transports,
                namespaces=self.connection_namespaces,
                socketio_path=self.socketio_path or "socket.io",
            )

    # --- the thread that reads ----------------------------------------------

    def _read(self) -> None:
        while True:
            self._follow_connection()
            if self._ended or not self.reconnection or not self._reconnect():
                break
        self._give_up()

    def _follow_connection(self) -> None:
        """Follow the connection until it has ended."""
        signals = self._signals
        while True:
            entries = signals.take()
            if entries is None:
                break
            for entry in entries:
                self._follow(entry)
        self._forget(self._number)

    def _follow(self, entry: Any) -> None:
        kind, namespace, id, data, attachments, number = entry
        if kind == "connect":
            self._add_namespace(namespace, data, number)
        elif kind == "connect_error":
            self._reject(namespace, data)
        elif kind == "ack":
            self._handle_ack(namespace, id, data, attachments)
        elif kind == "disconnect":
            if self.connected:
                # Without its namespace, the client receives no events.
                self.logger.info("The server disconnected %s", namespace)
                self._connection.close([])
        elif kind == "end":
            self.logger.info("Engine.IO connection dropped: %s", data)
            if attachments:
                self._engine_logger.warning("%s", attachments)
            self._forget(number)

    def _add_namespace(self, namespace: str, data: Any, number: int) -> None:
        with self._lock:
            if number == self._number and self._connection is not None:
                self.logger.info("Namespace %s is connected", namespace)
                sid = data.get("sid") if isinstance(data, dict) else None
                self.namespaces[namespace] = sid or self.sid or ""

    def _reject(self, namespace: str, data: Any) -> None:
        reason = data.get("message", data) if isinstance(data, dict) else data
        self._rejection = (
            "One or more namespaces failed to connect: {}: {}".format(
                namespace, reason
            )
        )
        logs.logger("events").error(
            "The connection failed! %s", self._rejection
        )
        self.failed_namespaces.append(namespace)
        self.namespaces.pop(namespace, None)

    def _handle_ack(
        self, namespace: str, id: Any, data: Any, attachments: Any
    ) -> None:
        callback = self.callbacks.get(namespace, {}).pop(id, None)
        if callback is None:
            self.logger.warning("Unknown callback received, ignoring.")
            return
        try:
            if attachments:
                data = packets.with_attachments(data, attachments)
            args = tuple(data) if isinstance(data, list) else ()
        except ValueError as failure:
            self.logger.warning("Invalid answer received: %s", failure)
            return
        if isinstance(callback, _Answer):
            callback.set(args)
        else:
            self.start_background_task(callback, *args)

    def _forget(self, number: int) -> None:
        """Note that a connection has ended."""
        with self._lock:
            if number != self._number:
                return
            self._connection = None
            self.connected = False
            self.namespaces = {}
            self.sid = None
            self.callbacks = {}

    def _reconnect(self) -> bool:
        """Connect again. Return whether that has succeeded."""
        import random

        delay = self.reconnection_delay
        attempts = 0
        transports = options.checked_transports(self.connection_transports)
        while True:
            wait = min(delay, self.reconnection_delay_max)
            wait += self.randomization_factor * (2 * random.random() - 1)
            delay *= 2
            self.logger.info(
                "Connection failed, new attempt in %.02f seconds", wait
            )
            if self._pause(wait):
                return False
            attempts += 1
            try:
                self._open(transports, True, NAMESPACE_TIMEOUT)
            except Exception as failure:
                if self._ended:
                    return False
                if getattr(failure, "is_rejected", False):
                    self._rejections += 1
                    if self._rejections == MAX_REJECTIONS:
                        self.on_rejections()
                self.logger.info("%s", failure)
                if not isinstance(failure, SocketIOError):
                    # An error of the caller's function for URL, headers or auth.
                    _print_exception()
            else:
                self.logger.info("Reconnection successful")
                return True
            if 0 < self.reconnection_attempts <= attempts:
                self.logger.info(
                    "Maximum reconnection attempts reached, giving up"
                )
                return False

    def on_rejections(self) -> None:
        """Called when the server has rejected the token several times."""

    def _pause(self, seconds: float) -> bool:
        """Wait. Return whether the client has been disconnected meanwhile."""
        until = time.monotonic() + seconds
        while True:
            left = until - time.monotonic()
            if threading.current_thread() is threading.main_thread():
                # Where a wait cannot be interrupted, it must be short.
                left = min(left, POLL_INTERVAL)
            if self._stop.wait(max(left, 0)):
                return True
            if time.monotonic() >= until:
                return False

    # --- the thread that calls handlers --------------------------------------

    def _start_dispatcher(self) -> None:
        with self._lock:
            self._generation += 1
            if self._dispatcher is None or not self._dispatcher.is_alive():
                self._dispatcher = self.start_background_task(self._dispatch)

    def _give_up(self) -> None:
        """Let the dispatcher end, after the events that have arrived."""
        self._events.put(_End(self._generation))

    def _dispatch(self) -> None:
        while True:
            for entry in self._events.take():
                if type(entry) is tuple:
                    if entry[5] > self._discarded:
                        try:
                            self._handle(*entry)
                        except BaseException:
                            _print_exception()
                elif type(entry) is not _End:
                    entry()
                elif self._end_dispatcher(entry.generation):
                    return

    def _end_dispatcher(self, generation: int) -> bool:
        if generation == self._generation:
            self._announce_end(CLIENT_DISCONNECT)
            for namespace in self.connection_namespaces:
                self._guarded("__disconnect_final", namespace)
        with self._lock:
            if generation != self._generation:
                return False
            self._dispatcher = None
            return True

    def _handle(
        self,
        kind: str,
        namespace: Any,
        id: Any,
        data: Any,
        attachments: Any,
        number: int,
    ) -> None:
        """Handle what a connection has received."""
        if kind == "event":
            self._handle_event(namespace, id, data, attachments, number)
        elif kind == "connect":
            self._add_namespace(namespace, data, number)
            previous = self._announced.get(namespace)
            if previous == number:
                return
            if previous is not None:
                self._announce_end(SERVER_DISCONNECT, previous)
            self._announced[namespace] = number
            self._trigger_event("connect", namespace)
        elif kind == "connect_error":
            if data is None:
                data = ()
            elif not isinstance(data, list):
                data = (data,)
            self._trigger_event("connect_error", namespace, *data)
        elif kind == "disconnect":
            if namespace in self._announced:
                del self._announced[namespace]
                self._trigger_event("disconnect", namespace, SERVER_DISCONNECT)
        elif kind == "end":
            self._forget(number)
            self._announce_end(data, number)
        else:
            self.logger.warning("Invalid packet received: %s", data)

    def _announce_end(self, reason: str, number: int | None = None) -> None:
        """Call the handlers of ``disconnect`` for a connection, or for all."""
        for namespace, connected_by in list(self._announced.items()):
            if number is None or number == connected_by:
                del self._announced[namespace]
                self._guarded("disconnect", namespace, reason)

    def _guarded(self, event: str, namespace: str, *args: Any) -> None:
        try:
            self._trigger_event(event, namespace, *args)
        except BaseException:
            _print_exception()

    def _handle_event(
        self,
        namespace: str,
        id: int | None,
        data: Any,
        attachments: Any,
        number: int,
    ) -> None:
        if type(data) is not list or not data:
            self.logger.warning("Invalid event received")
            return
        if attachments is not None:
            data = packets.with_attachments(data, attachments)
        name = data[0]
        if self.logger.isEnabledFor(logging.INFO):
            self.logger.info('Received event "%s" [%s]', name, namespace)
        answer = self._trigger_event(name, namespace, *data[1:])
        if id is None:
            return
        if answer is None:
            answers: list[Any] = []
        elif isinstance(answer, tuple):
            answers = list(answer)
        else:
            answers = [answer]
        if number == self._number:
            self._send_packet(packets.ACK, namespace, id, answers)

    # --- sending ------------------------------------------------------------

    def _dumps(self) -> Callable:
        if self._json is not None:
            return self._json.dumps
        import json

        return json.dumps

    def _send_packet(
        self, kind: int, namespace: str, id: int | None, data: Any
    ) -> None:
        connection = self._connection
        if connection is None:
            return
        sent = connection.send(
            packets.encode(kind, namespace, id, data, self._dumps())
        )
        if sent == "full":
            raise error(
                "SocketIOError",
                "Too much waits to be sent: the server does not receive fast "
                "enough. Nothing was sent.",
            )

    def emit(
        self,
        event: str,
        data: Any = None,
        namespace: str | None = None,
        callback: Any = None,
    ) -> None:
        """
        Emit an event.

        Args:
            event: The name.
            data: The data: anything that is sent as JSON, with bytes in any
                place. A tuple is several arguments.
            namespace: The namespace; ``"/"`` by default.
            callback: Called with the server's answer, in a thread of its own.

        Raises:
            BadNamespaceError: the namespace is not connected.
            SocketIOError: 16 MiB wait to be sent already, because the server
                is slow. Nothing is sent. With an imported ``socketio``, this
                is its class.
            TypeError: the data cannot be encoded. Nothing is sent.
        """
        self._emit(event, data, namespace or "/", callback)

    def _emit(
        self, event: str, data: Any, namespace: str, callback: Any
    ) -> int | None:
        """Emit an event. Return the number by which its answer is recognized."""
        if namespace not in self.namespaces:
            raise error(
                "BadNamespaceError",
                namespace + " is not a connected namespace.",
            )
        if isinstance(data, tuple):
            values = list(data)
        else:
            values = [] if data is None else [data]
        self.logger.info('Emitting event "%s" [%s]', event, namespace)
        id = None
        if callback is not None:
            id = self._generate_ack_id(namespace, callback)
        try:
            self._send_packet(packets.EVENT, namespace, id, [event, *values])
        except BaseException:
            self._forget_callback(namespace, id)
            raise
        return id

    def _forget_callback(self, namespace: str, id: int | None) -> None:
        """Do not wait for an answer any more."""
        if id is not None:
            self.callbacks.get(namespace, {}).pop(id, None)

    def _generate_ack_id(self, namespace: str, callback: Any) -> int:
        with self._lock:
            id = self._ack_ids[namespace] = self._ack_ids.get(namespace, 0) + 1
            self.callbacks.setdefault(namespace, {})[id] = callback
        return id

    def send(
        self,
        data: Any,
        namespace: str | None = None,
        callback: Callable | None = None,
    ) -> None:
        """Emit the event ``message``. The arguments are those of ``emit``."""
        self.emit("message", data, namespace, callback)

    def call(
        self,
        event: str,
        data: Any = None,
        namespace: str | None = None,
        timeout: float | None = 60,
    ) -> Any:
        """
        Emit an event and return the server's answer.

        Args:
            event: The name.
            data: The data, as for ``emit``.
            namespace: The namespace; ``"/"`` by default.
            timeout: The longest wait in seconds; None for no limit.

        Returns:
            The value of the answer; a tuple if there are several, and None if
            there is none.

        Raises:
            TimeoutError: there was no answer in time. With an imported
                ``socketio``, this is its class.
            BadNamespaceError: the namespace is not connected.
        """
        answer = _Answer()
        namespace = namespace or "/"
        id = self._emit(event, data, namespace, answer)
        try:
            if not answer.wait(timeout):
                raise error("TimeoutError")
        finally:
            self._forget_callback(namespace, id)
        args = answer.args
        return args if len(args) > 1 else args[0] if args else None

    # --- ending -------------------------------------------------------------

    def _close_connection(self) -> None:
        connection = self._connection
        if connection is not None:
            messages: list = []
            for namespace in self.namespaces:
                messages += packets.encode(
                    packets.DISCONNECT, namespace, None, None, self._dumps()
                )
            connection.close(messages)
        self._forget(self._number)

    def disconnect(self) -> None:
        """
        Disconnect and stop reconnecting.

        Events that have not been handled are dropped. The handlers of
        ``disconnect`` have been called when this returns, unless another
        handler is still running.
        """
        generation, number = self._generation, self._number
        self._ended = True
        self._stop.set()
        if self._cancel is not None:
            self._cancel.cancel()
        self._discarded = number
        self._close_connection()
        here = threading.current_thread()
        dispatcher, reader = self._dispatcher, self._reader
        if here is dispatcher:
            self._announce_end(CLIENT_DISCONNECT)
        elif dispatcher is not None and dispatcher.is_alive():
            called = threading.Event()

            def announce() -> None:
                self._announce_end(CLIENT_DISCONNECT)
                called.set()

            self._events.put(announce)
            called.wait(CLOSE_TIMEOUT)
        self._events.put(_End(generation))
        if reader is not None and reader is not here:
            reader.join(2 * CLOSE_TIMEOUT)

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
        here = threading.current_thread()
        self._waiting.add(here)
        try:
            while self._is_running():
                if self._rejections >= MAX_REJECTIONS:
                    raise AuthFailedException(self._rejection)
                time.sleep(POLL_INTERVAL)
        except BaseException:
            self._interrupt()
            raise
        finally:
            self._waiting.discard(here)

    def _interrupt(self) -> None:
        """Disconnect in a thread, because the server may not answer."""
        self._interrupted = True
        self._disconnecting = self.start_background_task(self.disconnect)
        self._disconnecting.join(POLL_INTERVAL)

    def _is_running(self) -> bool:
        reader = self._reader
        return reader is not None and reader.is_alive()

    def _leave(self) -> list[threading.Thread]:
        """
        Disconnect without calling any handler, because the process ends.

        Returns:
            The threads, which end soon.
        """
        self.handlers, self.namespace_handlers = {}, {}
        self._ended = True
        self._stop.set()
        if self._cancel is not None:
            self._cancel.cancel()
        self._discarded = self._number
        self._close_connection()
        self._events.put(_End(self._generation))
        threads = (self._reader, self._dispatcher, *self._waiting)
        return [thread for thread in threads if thread is not None]

    # --- the rest of the interface ------------------------------------------

    def get_sid(self, namespace: str | None = None) -> str | None:
        """Return the id of the connection to a namespace, or None."""
        return self.namespaces.get(namespace or "/")

    def transport(self) -> str | None:
        """Return ``"polling"`` or ``"websocket"``, or None without connection."""
        connection = self._connection
        return None if connection is None else connection.transport

    def start_background_task(
        self, target: Callable, *args: Any, **kwargs: Any
    ) -> threading.Thread:
        """Call a function in a new thread, and return the thread."""
        thread = threading.Thread(
            target=target, args=args, kwargs=kwargs, daemon=True
        )
        thread.start()
        return thread

    def sleep(self, seconds: float = 0) -> None:
        """Sleep."""
        time.sleep(seconds)


class _Answer:
    """The answer that ``call`` waits for."""

    def __init__(self) -> None:
        self.args: tuple = ()
        self._arrived = threading.Event()

    def set(self, args: tuple) -> None:
        self.args = args
        self._arrived.set()

    def wait(self, timeout: float | None) -> bool:
        deadline = None if timeout is None else time.monotonic() + timeout
        while True:
            left = POLL_INTERVAL
            if deadline is not None:
                left = min(left, deadline - time.monotonic())
            if self._arrived.wait(max(left, 0)):
                return True
            if left <= 0:
                return False


#: Ends the dispatcher, unless the client has been connected again.
_End = collections.namedtuple("_End", "generation")


def _value(value: Any) -> Any:
    """Return a value that may be given as a function."""
    return value() if callable(value) else value


def _print_exception() -> None:
    """Print the current exception as that of a thread."""
    hook = getattr(threading, "excepthook", None)
    kind, value, trace = sys.exc_info()
    if hook is not None:
        arguments = (kind, value, trace, threading.current_thread())
        hook(threading.ExceptHookArgs(arguments))
    elif kind is not SystemExit:
        sys.stderr.write(
            "Exception in thread {}:\n".format(threading.current_thread().name)
        )
        sys.__excepthook__(kind, value, trace)  # type: ignore[arg-type]


_clients: Any = weakref.WeakSet()


def _reset_after_fork() -> None:
    """A forked child has neither the threads nor the connections of its parent."""
    for client in list(_clients):
        client._reset()


def _leave_at_exit() -> None:
    """
    End the threads of all clients before the interpreter does.

    Blender as a module never ends while another thread of Python is there.
    """
    threads = [
        thread for client in list(_clients) for thread in client._leave()
    ]
    deadline = time.monotonic() + CLOSE_TIMEOUT
    for thread in threads:
        if thread is not threading.current_thread():
            thread.join(max(deadline - time.monotonic(), 0))


atexit.register(_leave_at_exit)

if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_reset_after_fork)

"""A real Socket.IO server on the loopback, in threads of the test's process."""

from __future__ import annotations

import contextlib
import socket
import threading
from http.server import BaseHTTPRequestHandler

import socketio

from .waiting import wait_for


def wsgi_environ(handler, body):
    """Return the WSGI environment of a request."""
    path, _, query = handler.path.partition("?")
    environ = {
        "REQUEST_METHOD": handler.command,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": handler.headers.get("Content-Length", "0"),
        "CONTENT_TYPE": handler.headers.get("Content-Type", ""),
        "wsgi.input": body,
        "wsgi.url_scheme": "http",
    }
    for name, value in handler.headers.items():
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    return environ


class _Handler(BaseHTTPRequestHandler):
    """Passes one request to the WSGI application, websockets included."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format, *args):
        pass

    def do_GET(self):
        environ = wsgi_environ(self, self.rfile)
        if self.server.tls:
            environ["wsgi.url_scheme"] = "https"
        # simple-websocket finds the connection here.
        environ["werkzeug.socket"] = self.connection
        self.server.seen.append((environ["PATH_INFO"], dict(self.headers)))
        answered = []

        def start_response(status, headers, exc_info=None):
            answered.append((status, headers))

        body = b"".join(self.server.application(environ, start_response))
        if not answered or "HTTP_UPGRADE" in environ:
            self.close_connection = True
            return
        status, headers = answered[0]
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_OPTIONS = do_GET


class EventServer:
    """
    Kitsu's event stream, as a client sees it.

    logins      the Authorization header of each connection to /events
    refusal     the reason with which a connection to /events is rejected, or a
                function that decides by the Authorization header
    listening   how often a client has emitted "listening"
    seen        path and headers of each HTTP request
    answer      a WSGI application that answers in place of the stream, if set
    """

    def __init__(self, tls=None, websocket=True):
        self.tls = tls
        self.websocket = websocket
        self.logins = []
        self.refusal = None
        self.answer = None
        self.seen = []
        self.listening = 0
        self.port = 0
        self._sockets = set()
        self._lock = threading.Lock()

    @property
    def url(self):
        return "%s://127.0.0.1:%d" % (
            "https" if self.tls else "http",
            self.port,
        )

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()

    def start(self):
        """Listen on a free port, and after a stop on the same one."""
        self.server = socketio.Server(
            async_mode="threading",
            allow_upgrades=self.websocket,
            transports=None if self.websocket else ["polling"],
            namespaces="*",
        )
        self.clients = []

        @self.server.on("connect", namespace="/events")
        def connect(sid, environ, auth=None):
            login = environ.get("HTTP_AUTHORIZATION")
            self.logins.append(login)
            reason = self.refusal
            if callable(reason):
                reason = "Access token expired." if reason(login) else None
            if reason:
                raise socketio.exceptions.ConnectionRefusedError(reason)
            self.clients.append(sid)

        @self.server.on("disconnect", namespace="/events")
        def disconnect(sid, *reason):
            if sid in self.clients:
                self.clients.remove(sid)

        @self.server.on("listening", namespace="/events")
        def listening(sid, data=None):
            self.listening += 1

        real = socketio.WSGIApp(self.server)

        def application(environ, start_response):
            return (self.answer or real)(environ, start_response)

        self.application = application
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", self.port))
        self._listener.listen(64)
        self.port = self._listener.getsockname()[1]
        threading.Thread(
            target=self._accept, args=(self._listener,), daemon=True
        ).start()

    def _accept(self, listener):
        while True:
            try:
                connection, address = listener.accept()
            except OSError:
                return
            threading.Thread(
                target=self._serve, args=(connection, address), daemon=True
            ).start()

    def _serve(self, connection, address):
        with contextlib.suppress(OSError):
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            with self._lock:
                self._sockets.add(connection)
            try:
                _Handler(connection, address, self)
            finally:
                with self._lock:
                    self._sockets.discard(connection)
                connection.close()

    def stop(self):
        """Cut every connection, and stop listening."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self):
        """Cut every connection."""
        with self._lock:
            sockets = list(self._sockets)
        for connection in sockets:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def cut_until(self, condition):
        """
        Cut every connection until *condition* is true.

        A client that polls has no connection between two polls, and does not
        notice a cut then.
        """

        def cut():
            self.cut()
            return condition()

        wait_for(cut)

    def emit(self, name, data):
        """Send an event to all clients."""
        self.server.emit(name, data, namespace="/events")

    def close_connections(self):
        """Close the connections properly, as a server does when it ends."""
        for sid in list(self.server.eio.sockets):
            # A client that polls must fetch the message first.
            threading.Thread(
                target=self.server.eio.disconnect, args=(sid,), daemon=True
            ).start()

    def close_namespace(self):
        """Disconnect all clients from /events, and leave their connections open."""
        for sid in list(self.clients):
            self.server.disconnect(sid, namespace="/events")

    def wait_for_clients(self, count=1, logins=None):
        """Wait until this many clients are connected, after this many logins."""
        wait_for(
            lambda: (
                len(self.clients) == count
                and (logins is None or len(self.logins) >= logins)
            )
        )

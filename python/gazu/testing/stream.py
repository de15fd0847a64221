"""
The event stream, for listeners that use Socket.IO's long polling.

The server is python-socketio's. The extra ``events`` installs it.
"""

from __future__ import annotations

from typing import Any

import socketio
from socketio.exceptions import ConnectionRefusedError

# It imports this module in turn: by its name it is found once both are there.
from . import server

#: Seconds between two pings of a listener.
PING_INTERVAL = 5


def wsgi_environ(handler: Any, body: Any) -> dict:
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


class Stream:
    """The event stream of one server."""

    def __init__(self, kitsu: server.KitsuServer) -> None:
        self._server = socketio.Server(
            async_mode="threading",
            allow_upgrades=False,
            monitor_clients=False,
            ping_interval=PING_INTERVAL,
            namespaces="*",
        )
        self._answer = socketio.WSGIApp(self._server)

        def connect(sid: str, environ: dict, auth: Any = None) -> None:
            if not kitsu.knows(environ.get("HTTP_AUTHORIZATION", "")):
                raise ConnectionRefusedError("The access token is not valid.")

        self._server.on("connect", connect, namespace="/events")

    def emit(self, event: dict) -> None:
        """Send an event to all listeners."""
        self._server.emit(event["name"], event["data"], namespace="/events")

    def stop(self) -> None:
        """Close the connections of all listeners."""
        for connection in list(self._server.eio.sockets.values()):
            connection.close(wait=False)

    def answer(self, handler: Any, body: Any) -> None:
        """Answer a listener's request."""
        environ = wsgi_environ(handler, body)

        def start(status: str, headers: list, exc_info: Any = None) -> None:
            handler.send_response(int(status.split()[0]))
            for header in headers:
                handler.send_header(*header)

        try:
            data = b"".join(self._answer(environ, start))
        except KeyError:
            # python-engineio raises KeyError for a session that has just ended,
            # for example when a listener disconnects twice.
            start("400 BAD REQUEST", [])
            data = b""
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

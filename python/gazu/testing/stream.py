"""
The event stream: what tells those who listen, as they poll.

python-socketio, which the extra ``events`` installs for those who listen, is
the server too.
"""

from __future__ import annotations

from typing import Any

import socketio
from socketio.exceptions import ConnectionRefusedError

# It imports this module in turn: by its name it is found once both are there.
from . import server

#: Seconds between two looks whether a listener is still there.
PING_INTERVAL = 5


def environ_of(handler: Any, body: Any) -> dict:
    """Return a request as applications of WSGI take it."""
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
    """The listeners of a server."""

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
        """Send an event to all who listen."""
        self._server.emit(event["name"], event["data"], namespace="/events")

    def stop(self) -> None:
        """Send all who listen away."""
        for connection in list(self._server.eio.sockets.values()):
            connection.close(wait=False)

    def answer(self, handler: Any, body: Any) -> None:
        """Answer a request of somebody who listens."""
        environ = environ_of(handler, body)

        def start(status: str, headers: list, exc_info: Any = None) -> None:
            handler.send_response(int(status.split()[0]))
            for header in headers:
                handler.send_header(*header)

        try:
            data = b"".join(self._answer(environ, start))
        except KeyError:
            # python-engineio's word for a session that has just ended, as when
            # a listener says twice that it leaves.
            start("400 BAD REQUEST", [])
            data = b""
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

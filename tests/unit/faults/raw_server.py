"""A server of raw sockets that can send what no HTTP server sends.

`RawServer(script)` runs `script(connection)` in a thread for each connection. The
connection is closed when the script returns.
"""

from __future__ import annotations

import contextlib
import socket
import threading

from ..recording_server import LONGEST, Request, _reset


class Gone(Exception):
    """The client has closed the connection, or the test is over."""


class Connection:
    """The server's side of one connection."""

    def __init__(self, peer, conn, number):
        self.peer = peer
        self.socket = conn
        self.number = number
        self._held = b""

    def read(self):
        """Read a whole request and keep it in the peer's `requests`."""
        while b"\r\n\r\n" not in self._held:
            self._more()
        head, _, self._held = self._held.partition(b"\r\n\r\n")
        request = Request(self.number, head)
        length = int(request.header("Content-Length") or 0)
        while len(self._held) < length:
            self._more()
        request.body, self._held = self._held[:length], self._held[length:]
        self.peer.requests.append(request)
        return request

    def _more(self):
        data = self.socket.recv(1 << 16)
        if not data:
            raise Gone
        self._held += data

    def say(self, *pieces):
        """Send text or bytes as they are."""
        for piece in pieces:
            if isinstance(piece, str):
                piece = piece.encode("latin-1")
            self.socket.sendall(piece)

    def answer(self, body=b"{}", *headers, status="200 OK"):
        """Send a valid answer."""
        lines = ["HTTP/1.1 " + status, "Content-Length: %d" % len(body)]
        self.say("\r\n".join(lines + list(headers)) + "\r\n\r\n", body)

    def drip(self, data, pause):
        """Send single bytes, with a pause after each."""
        for index in range(len(data)):
            self.say(data[index : index + 1])
            self.wait(pause)

    def wait(self, seconds):
        """Wait this long, or until the test is over."""
        if self.peer.closing.wait(seconds):
            raise Gone

    def hang(self):
        """Wait until the test is over."""
        self.wait(None)

    def reset(self):
        """Reset the connection after the sent data has arrived."""
        self.wait(0.05)
        _reset(self.socket)
        raise Gone


class RawServer:
    """Runs a script for every connection.

    `requests` lists the requests that were read, `opened` counts the connections, and
    `errors` lists the exceptions of the script.
    """

    def __init__(self, script, family=socket.AF_INET, wrap=None):
        self.script = script
        self.requests = []
        self.errors = []
        self.opened = 0
        self.closing = threading.Event()
        self._wrap = wrap
        self._sockets = set()
        self._threads = []
        self._listener = socket.socket(family)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        local = "::1" if family == socket.AF_INET6 else "127.0.0.1"
        self._listener.bind((local, 0))
        self._listener.listen(128)
        self.port = self._listener.getsockname()[1]
        host = "[::1]" if family == socket.AF_INET6 else local
        self.address = "%s:%d" % (host, self.port)
        self.url = "%s://%s" % ("https" if wrap else "http", self.address)
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def _accept(self):
        while not self.closing.is_set():
            try:
                conn, _ = self._listener.accept()
            except OSError:
                return
            self.opened += 1
            thread = threading.Thread(
                target=self._serve, args=(conn, self.opened), daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _serve(self, conn, number):
        self._sockets.add(conn)
        try:
            conn.settimeout(LONGEST)
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._wrap is not None:
                self._sockets.discard(conn)
                conn = self._wrap(conn)
                self._sockets.add(conn)
            self.script(Connection(self, conn, number))
        except (Gone, OSError, ValueError):
            pass
        except BaseException as error:
            self.errors.append(error)
            raise
        finally:
            self._sockets.discard(conn)
            with contextlib.suppress(OSError):
                conn.shutdown(socket.SHUT_RDWR)
            conn.close()

    def close(self):
        self.closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for conn in list(self._sockets):
            with contextlib.suppress(OSError):
                conn.shutdown(socket.SHUT_RDWR)
        self._acceptor.join(2)
        for thread in self._threads:
            thread.join(2)

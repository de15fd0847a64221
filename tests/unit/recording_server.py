"""An HTTP/1.1 server on the loopback that records every request and answers by rules.

It uses raw sockets, so that a test sees the bytes as they were sent, and can answer
in ways that no HTTP library allows: half a header, a reset, silence.
"""

from __future__ import annotations

import contextlib
import email.utils
import gzip
import io
import json as jsonlib
import os
import re
import select
import socket
import ssl
import struct
import threading
import time
import urllib.parse
import zlib

KEPT_BODY = 64 << 20
BLOCK = bytes(1 << 20)
#: The longest wait for a client, in seconds.
LONGEST = 300


class _Reader(io.RawIOBase):
    """
    The bytes of a connection, until it or the server is closed.

    Under wine, a connection may outlive its program, and then no call that waits for
    it ends.
    """

    def __init__(self, conn, closing):
        self._conn = conn
        self._closing = closing

    def readable(self):
        return True

    def readinto(self, buffer):
        while not self._closing.is_set():
            self._conn.settimeout(1)
            try:
                return self._conn.recv_into(buffer)
            except socket.timeout:
                continue
            finally:
                self._conn.settimeout(LONGEST)
        return 0


class Part:
    """One part of a multipart body."""

    def __init__(self, raw):
        head, _, self.content = raw.partition(b"\r\n\r\n")
        self.headers = _parse_headers(head.split(b"\r\n"))
        disposition = dict(self.headers).get("Content-Disposition", "")
        self.disposition = disposition
        self.name = _option(disposition, "name")
        self.filename = _option(disposition, "filename")

    def __repr__(self):
        return "Part(%r, %r, %d bytes)" % (
            self.name,
            self.filename,
            len(self.content),
        )


def _option(disposition, name):
    found = re.search(r'(?:^|; )%s="((?:[^"\\]|\\.)*)"' % name, disposition)
    return found.group(1) if found else None


def _parse_headers(lines):
    pairs = []
    for line in lines:
        if line:
            name, _, value = line.decode("latin-1").partition(":")
            pairs.append((name, value.strip(" ")))
    return pairs


class Request:
    """A request as it arrived: `head` and `body` are the bytes on the wire."""

    def __init__(self, connection, head, tls=None):
        self.connection = connection
        self.head = head
        lines = head.split(b"\r\n")
        self.line = lines[0].decode("latin-1")
        self.method, self.target, self.version = self.line.split(" ")
        self.headers = _parse_headers(lines[1:])
        self.body = b""
        self.size = 0
        self.received = time.monotonic()
        self.peer_certificate = tls

    @property
    def path(self):
        return self.target.partition("?")[0]

    @property
    def query(self):
        return self.target.partition("?")[2]

    @property
    def params(self):
        return urllib.parse.parse_qsl(self.query, keep_blank_values=True)

    @property
    def names(self):
        return [name for name, _ in self.headers]

    def header(self, name):
        """Return the value of the only header of that name, or None."""
        values = [v for n, v in self.headers if n.lower() == name.lower()]
        if len(values) > 1:
            raise AssertionError("%s was sent %d times" % (name, len(values)))
        return values[0] if values else None

    def json(self):
        return jsonlib.loads(self.body.decode("utf-8"))

    @property
    def boundary(self):
        return re.match(
            r"multipart/form-data; boundary=(.+)$", self.header("Content-Type")
        ).group(1)

    @property
    def parts(self):
        mark = b"--" + self.boundary.encode()
        pieces = self.body.split(mark)
        if pieces[0] != b"" or pieces[-1] != b"--\r\n":
            raise AssertionError("not a whole multipart body")
        return [Part(piece[2:-2]) for piece in pieces[1:-1]]

    def __repr__(self):
        return "<%s on connection %d>" % (self.line, self.connection)


class Answer:
    """An answer, and what goes wrong while it is sent.

    json, body     the content; with `size` that many zero bytes
    headers        pairs or a dict, sent after Content-Length and the like
    encoding       "gzip" or "deflate"; `raw_deflate` leaves the zlib header out
    chunked        True, or the size of a chunk
    delay          seconds before the first byte
    drip           (bytes, seconds): the body in pieces with pauses
    hang           stop for ever at "headers", "mid-headers" or "body"
    reset          reset the connection at one of these, or "after" the answer
    close          close it at one of these; True sends `Connection: close`
    idle           close the connection that many seconds after the answer
    truncate       close the connection after that many bytes of the body
    early          answer before the request's body is read, then send no more, and
                   read and discard the rest, as nginx does
    """

    def __init__(
        self,
        json=None,
        status=200,
        body=None,
        headers=(),
        reason=None,
        encoding=None,
        chunked=False,
        delay=0,
        drip=None,
        hang=None,
        reset=None,
        close=None,
        idle=None,
        truncate=None,
        size=None,
        content_type=None,
        early=False,
        no_length=False,
    ):
        if body is None:
            body = b"" if size is not None else jsonlib.dumps(json).encode()
            content_type = content_type or "application/json"
        elif not isinstance(body, bytes):
            body = body.encode("utf-8")
        self.plain = body
        if encoding == "gzip":
            body = gzip.compress(body)
        elif encoding == "deflate":
            body = zlib.compress(body)
        elif encoding == "raw_deflate":
            packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
            body = packer.compress(body) + packer.flush()
            encoding = "deflate"
        self.body = body
        self.status = status
        self.reason = reason
        self.headers = list(
            headers.items() if isinstance(headers, dict) else headers
        )
        if content_type:
            self.headers.append(("Content-Type", content_type))
        if encoding:
            self.headers.append(("Content-Encoding", encoding))
        self.chunked = chunked
        self.delay = delay
        self.drip = drip
        self.hang = hang
        self.reset = reset
        self.close = close
        self.idle = idle
        self.truncate = truncate
        self.size = size
        self.early = early
        self.no_length = no_length

    def head(self):
        length = self.size if self.size is not None else len(self.body)
        lines = [
            "HTTP/1.1 %d %s"
            % (self.status, self.reason or REASONS.get(self.status, "Odd"))
        ]
        lines += ["%s: %s" % pair for pair in self.headers]
        if self.chunked:
            lines.append("Transfer-Encoding: chunked")
        elif not self.no_length and self.status not in (204, 304):
            lines.append("Content-Length: %d" % length)
        if self.close is True:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def pieces(self):
        if self.size is not None:
            left = self.size
            while left:
                step = min(left, len(BLOCK))
                yield memoryview(BLOCK)[:step]
                left -= step
            return
        body = (
            self.body if self.truncate is None else self.body[: self.truncate]
        )
        step = self.drip[0] if self.drip else 0
        if self.chunked and self.chunked is not True:
            step = self.chunked
        step = step or len(body) or 1
        for start in range(0, len(body), step):
            yield body[start : start + step]


REASONS = {
    200: "OK",
    201: "CREATED",
    202: "ACCEPTED",
    204: "NO CONTENT",
    301: "MOVED PERMANENTLY",
    302: "FOUND",
    303: "SEE OTHER",
    307: "TEMPORARY REDIRECT",
    308: "PERMANENT REDIRECT",
    400: "BAD REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT FOUND",
    405: "METHOD NOT ALLOWED",
    409: "CONFLICT",
    413: "PAYLOAD TOO LARGE",
    422: "UNPROCESSABLE ENTITY",
    429: "TOO MANY REQUESTS",
    500: "INTERNAL SERVER ERROR",
    502: "BAD GATEWAY",
    503: "SERVICE UNAVAILABLE",
}


class _Gone(Exception):
    """The client has closed the connection, or the answer breaks it."""


class RecordingServer:
    """Answers by the rules given to `on`, and records the requests in `requests`.

    tls       an `ssl.SSLContext` to serve HTTPS
    tunnel    where CONNECT leads, whatever its host, if the server acts as a proxy
    port      the port, such as that of a server that was closed
    """

    def __init__(self, tls=None, tunnel=None, name="127.0.0.1", port=0):
        self.requests = []
        self.tunnels = []
        self.tls_errors = []
        self.opened = 0
        self.open = set()
        self.default = Answer(json={})
        self.greetings = []
        self.tunnel = tunnel
        self.tunnel_answer = None
        self._tls = tls
        self._rules = {}
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._sockets = {}
        self._threads = []
        self._listener = socket.socket()
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._listener.bind(("127.0.0.1", port))
        self._listener.listen(128)
        self.port = self._listener.getsockname()[1]
        self.address = "%s:%d" % (name, self.port)
        self.url = "%s://%s" % ("https" if tls else "http", self.address)
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def on(self, method, path, *answers):
        """Give these answers one after the other, and then repeat the last one.

        A `path` without a leading slash is below /api; "*" is any. An answer is
        an `Answer`, bytes, a function of the request, or else a JSON value.
        """
        if path != "*" and not path.startswith("/") and "://" not in path:
            path = "/api/" + path
        with self._changed:
            self._rules[method, path] = [
                _as_answer(answer) for answer in answers
            ]

    def greet(self, *greetings):
        """Set what happens to the next connections: "reset", "close", "hang" or None."""
        self.greetings = list(greetings)

    @property
    def last(self):
        return self.requests[-1]

    @property
    def lines(self):
        return [(request.method, request.target) for request in self.requests]

    def of(self, method, path=None):
        if path is not None and not path.startswith("/"):
            path = "/api/" + path
        return [
            request
            for request in self.requests
            if request.method == method and path in (None, request.path)
        ]

    def wait(self, condition, timeout=5):
        """Return whether `condition()` became true in time."""
        with self._changed:
            return self._changed.wait_for(condition, timeout)

    def wait_requests(self, count, timeout=5):
        if not self.wait(lambda: len(self.requests) >= count, timeout):
            raise AssertionError(
                "%d requests, not %d" % (len(self.requests), count)
            )

    def drop_idle(self):
        """Close every open connection, after their threads have ended."""
        with self._changed:
            open_sockets = list(self._sockets.values())
        for conn in open_sockets:
            with contextlib.suppress(OSError):
                conn.shutdown(socket.SHUT_RDWR)
        self.wait(lambda: not self.open)

    def close(self):
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._changed:
            open_sockets = list(self._sockets.values())
        for conn in open_sockets:
            with contextlib.suppress(OSError):
                conn.shutdown(socket.SHUT_RDWR)
        self._acceptor.join(2)
        for thread in self._threads:
            thread.join(2)

    # -- connections

    def _accept(self):
        while not self._closing.is_set():
            try:
                conn, _ = self._listener.accept()
            except OSError:
                return
            with self._changed:
                self.opened += 1
                number = self.opened
                self.open.add(number)
                self._sockets[number] = conn
                greeting = self.greetings.pop(0) if self.greetings else None
                self._changed.notify_all()
            thread = threading.Thread(
                target=self._serve, args=(conn, number, greeting), daemon=True
            )
            self._threads.append(thread)
            thread.start()

    def _serve(self, conn, number, greeting):
        try:
            # Wine may not end a blocking call whose connection was shut down.
            conn.settimeout(LONGEST)
            conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if greeting == "reset":
                _reset(conn)
                return
            if greeting == "close":
                return
            if greeting == "hang":
                self._hang(conn)
                return
            if self._tls is not None:
                try:
                    conn = self._tls.wrap_socket(conn, server_side=True)
                except (OSError, ssl.SSLError) as error:
                    with self._changed:
                        self.tls_errors.append(error)
                        self._changed.notify_all()
                    return
                with self._changed:
                    self._sockets[number] = conn
            stream = io.BufferedReader(_Reader(conn, self._closing), 1 << 16)
            while not self._closing.is_set() and self._exchange(
                conn, stream, number
            ):
                pass
        except (_Gone, OSError, ValueError):
            pass
        finally:
            with contextlib.suppress(OSError):
                conn.shutdown(socket.SHUT_RDWR)
            conn.close()
            with self._changed:
                self.open.discard(number)
                self._sockets.pop(number, None)
                self._changed.notify_all()

    def _exchange(self, conn, stream, number):
        head = self._read_head(stream)
        tls = conn.getpeercert(True) if self._tls is not None else None
        request = Request(number, head, tls)
        if request.method == "CONNECT":
            return self._connect(conn, request)
        answer = self._choose(request)
        if not answer.early:
            if (request.header("Expect") or "").lower() == "100-continue":
                conn.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._read_body(stream, request)
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()
        return self._answer(conn, request, answer)

    def _choose(self, request):
        with self._changed:
            for key in (
                (request.method, request.path),
                ("*", request.path),
                (request.method, "*"),
                ("*", "*"),
            ):
                answers = self._rules.get(key)
                if answers:
                    answer = answers.pop(0) if len(answers) > 1 else answers[0]
                    break
            else:
                answer = self.default
        if callable(answer):
            return _Deferred(answer)
        return answer

    @staticmethod
    def _read_head(stream):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = stream.readline(1 << 16)
            if not line:
                raise _Gone
            head += line
        return head[:-4]

    @staticmethod
    def _read_body(stream, request):
        if (request.header("Transfer-Encoding") or "").lower() == "chunked":
            while True:
                length = int(stream.readline().split(b";")[0], 16)
                request.body += stream.read(length)
                stream.readline()
                if not length:
                    break
            request.size = len(request.body)
            return
        left = int(request.header("Content-Length") or 0)
        request.size = left
        if left <= KEPT_BODY:
            request.body = stream.read(left)
            if len(request.body) != left:
                raise _Gone
            return
        room = bytearray(1 << 20)
        while left:
            count = stream.readinto(memoryview(room)[: min(left, len(room))])
            if not count:
                raise _Gone
            left -= count

    def _answer(self, conn, request, answer):
        if isinstance(answer, _Deferred):
            answer = _as_answer(answer.function(request))
        if answer.delay:
            self._closing.wait(answer.delay)
        self._stop_here("headers", conn, answer)
        head = answer.head()
        if "mid-headers" in (answer.hang, answer.reset, answer.close):
            conn.sendall(head[: len(head) // 2])
            self._stop_here("mid-headers", conn, answer)
        conn.sendall(head)
        if request.method != "HEAD" and answer.status not in (204, 304):
            self._send_body(conn, answer)
        if answer.reset == "after":
            _reset(conn)
            raise _Gone
        if answer.idle is not None:
            self._closing.wait(answer.idle)
            return False
        if answer.early:
            conn.shutdown(socket.SHUT_WR)
            while not self._closing.is_set() and conn.recv(1 << 20):
                pass
            return False
        return not (
            answer.close or answer.no_length or answer.truncate is not None
        )

    def _send_body(self, conn, answer):
        pieces = (
            list(answer.pieces()) if answer.size is None else answer.pieces()
        )
        if "body" in (answer.hang, answer.reset, answer.close):
            body = b"".join(pieces)
            half = body[: max(1, len(body) // 2)]
            self._send(conn, self._frame(answer, half))
            self._stop_here("body", conn, answer)
        for index, piece in enumerate(pieces):
            if answer.drip and index:
                self._closing.wait(answer.drip[1])
            self._send(conn, self._frame(answer, piece))
        if answer.chunked and answer.truncate is None:
            conn.sendall(b"0\r\n\r\n")

    def _send(self, conn, data):
        """Send bytes, unless the server is closed (see `_Reader`)."""
        left = memoryview(data)
        while left:
            if self._closing.is_set():
                raise _Gone
            conn.settimeout(1)
            try:
                left = left[conn.send(left) :]
            except socket.timeout:
                continue
            finally:
                conn.settimeout(LONGEST)

    @staticmethod
    def _frame(answer, piece):
        if answer.chunked:
            return b"%x\r\n%s\r\n" % (len(piece), bytes(piece))
        return piece

    def _stop_here(self, place, conn, answer):
        if answer.hang == place:
            self._hang(conn)
            raise _Gone
        if answer.reset == place:
            # The client must read what was sent before the reset arrives.
            self._closing.wait(0.05)
            _reset(conn)
            raise _Gone
        if answer.close == place:
            raise _Gone

    def _hang(self, conn):
        while not self._closing.is_set():
            if isinstance(conn, ssl.SSLSocket):
                self._closing.wait(0.05)
                continue
            readable, _, _ = select.select([conn], [], [], 0.05)
            if readable and not conn.recv(1 << 16):
                return

    # -- the proxy

    def _connect(self, conn, request):
        with self._changed:
            self.tunnels.append(request)
            self._changed.notify_all()
        if self.tunnel is None or self.tunnel_answer is not None:
            refusal = self.tunnel_answer or Answer({}, status=405, close=True)
            conn.sendall(refusal.head() + refusal.body)
            return False
        far = socket.create_connection(self.tunnel)
        conn.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with far:
            while not self._closing.is_set():
                readable, _, _ = select.select([conn, far], [], [], 0.1)
                for source, sink in ((conn, far), (far, conn)):
                    if source in readable:
                        data = source.recv(1 << 16)
                        if not data:
                            return False
                        sink.sendall(data)
        return False


class _Deferred:
    early = False

    def __init__(self, function):
        self.function = function


def _as_answer(answer):
    if isinstance(answer, Answer) or callable(answer):
        return answer
    if isinstance(answer, bytes):
        return Answer(body=answer)
    return Answer(json=answer)


def _reset(conn):
    conn.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
    )
    # A file made from the socket would keep it open, and close() would send nothing.
    socket.close(conn.detach())


class SilentPort:
    """A port that never completes a connection, because its backlog is full."""

    def __init__(self):
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(0)
        self.port = self._listener.getsockname()[1]
        self.url = "http://127.0.0.1:%d" % self.port
        self._fillers = []
        for _ in range(8):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self._fillers.append(filler)
        time.sleep(0.02)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for filler in self._fillers:
            filler.close()
        self._listener.close()


def free_port():
    """Return a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def redirect(location, status=302, **options):
    return Answer(
        {}, status=status, headers=[("Location", location)], **options
    )


def http_date(seconds_from_now):
    return email.utils.formatdate(time.time() + seconds_from_now, usegmt=True)


def listdir(path):
    return sorted(os.listdir(str(path)))


EXPIRED = {"message": "Signature has expired"}


def only_with(token, answer=None, status=401):
    """Answer requests that carry the token, and reject the others as expired."""

    def answer_request(request):
        if request.header("Authorization") == "Bearer " + token:
            return answer or Answer({"ok": True})
        return Answer(EXPIRED, status=status)

    return answer_request

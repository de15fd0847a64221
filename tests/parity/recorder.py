"""A loopback HTTP server that records every request and answers from a script."""

import base64
import json
import re
import socket
import threading

from . import replies

REASONS = {
    200: "OK",
    201: "Created",
    202: "Accepted",
    204: "No Content",
    301: "Moved Permanently",
    302: "Found",
    307: "Temporary Redirect",
    308: "Permanent Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Request Entity Too Large",
    418: "I'm a teapot",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


class Request:
    """One request, as it was sent."""

    def __init__(self, method, target, headers, body):
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body

    def header(self, name):
        for key, value in self.headers:
            if key.lower() == name:
                return value
        return None

    def encode(self):
        """Return the request as JSON data, with a fixed multipart boundary."""
        content_type = self.header("content-type") or ""
        headers = [[key, value] for key, value in self.headers]
        record = {
            "method": self.method,
            "target": self.target,
            "headers": headers,
        }
        if content_type.startswith("multipart/form-data"):
            boundary = content_type.split("boundary=", 1)[1].strip('"')
            for pair in headers:
                pair[1] = pair[1].replace(boundary, "BOUNDARY")
                if pair[0].lower() == "content-length":
                    right = pair[1] == str(len(self.body))
                    pair[1] = (
                        "length of the body" if right else "wrong: " + pair[1]
                    )
            record["parts"] = split_parts(self.body, boundary)
        elif self.body:
            record["body"] = text_or_base64(self.body)
        return record


def text_or_base64(data):
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode("ascii")}


def split_parts(body, boundary):
    """Return the parts of a multipart body: header lines and content, in order."""
    mark = b"--" + boundary.encode("latin-1")
    pieces = body.split(mark)
    if pieces[0] != b"" or not pieces[-1].startswith(b"--"):
        return {"malformed": text_or_base64(body)}
    parts = []
    for piece in pieces[1:-1]:
        if not piece.startswith(b"\r\n") or not piece.endswith(b"\r\n"):
            return {"malformed": text_or_base64(body)}
        head, _, content = piece[2:-2].partition(b"\r\n\r\n")
        parts.append(
            {
                "headers": head.decode("utf-8", "surrogateescape").split(
                    "\r\n"
                ),
                "content": text_or_base64(content),
            }
        )
    return parts


class Recorder:
    """The server. ``play`` sets the answers of the next call, and ``requests`` lists
    the requests since then."""

    def __init__(self):
        self.requests = []
        self._script = []
        self._shape = None
        self._refresh = None
        self._answered = 0
        self._made = {}
        self._lock = threading.Lock()
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(128)
        self.address = "127.0.0.1:%d" % self._listener.getsockname()[1]
        thread = threading.Thread(target=self._accept, name="recorder")
        thread.daemon = True
        thread.start()

    def play(self, script, shape=None, refresh=None):
        """Answer the following requests with *script*; its last answer repeats."""
        with self._lock:
            self.requests = []
            self._script = script
            self._shape = shape
            self._refresh = refresh
            self._answered = 0

    def close(self):
        self._listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve, args=(connection,))
            thread.daemon = True
            thread.start()

    def _serve(self, connection):
        stream = connection.makefile("rb", 65536)
        try:
            while True:
                request = read_request(stream, connection)
                if request is None:
                    return
                with self._lock:
                    self.requests.append(request)
                    answer = self._choose(request)
                if answer.get("drop"):
                    return
                connection.sendall(self._render(request, answer))
                if answer.get("close"):
                    return
        except (OSError, ValueError):
            return
        finally:
            stream.close()
            connection.close()

    def _choose(self, request):
        if request.target.split("?")[0].endswith("/auth/refresh-token"):
            if self._refresh is not None:
                return self._refresh
            return replies.FRESH_TOKENS
        answer = self._of_page(request)
        if answer is None:
            index = min(self._answered, len(self._script) - 1)
            self._answered += 1
            answer = self._script[index]
        if "synth" in answer:
            made = dict(self._synthesise(request, answer["synth"]))
            made.update({k: v for k, v in answer.items() if k != "synth"})
            return made
        return answer

    def _of_page(self, request):
        """Return the answer for the page that is asked for, whatever the order."""
        page = re.search(r"[?&]page=(\d+)", request.target)
        for answer in self._script if page else ():
            if answer.get("page") == int(page.group(1)):
                return answer
        return None

    def _synthesise(self, request, flavour):
        key = (request.method, request.target, self._shape, flavour)
        if key not in self._made:
            answer = replies.synthesise(*key)
            if "json" in answer:
                answer = {
                    "text": json.dumps(answer["json"]),
                    "headers": [["Content-Type", "application/json"]],
                }
            self._made[key] = answer
        return self._made[key]

    def _render(self, request, answer):
        status = answer.get("status", 200)
        headers = [list(pair) for pair in answer.get("headers", [])]
        given = {name.lower() for name, _ in headers}
        if "json" in answer:
            body = json.dumps(answer["json"]).encode("utf-8")
            content_type = "application/json"
        elif "base64" in answer:
            body = base64.b64decode(answer["base64"])
            content_type = "application/octet-stream"
        else:
            body = answer.get("text", "").encode("utf-8")
            content_type = "text/html; charset=utf-8"
        if body and "content-type" not in given:
            headers.append(["Content-Type", content_type])
        if status != 204 and "content-length" not in given:
            headers.append(["Content-Length", str(len(body))])
        for pair in headers:
            pair[1] = pair[1].replace("{server}", "http://" + self.address)
        reason = answer.get("reason", REASONS.get(status, "Unknown"))
        lines = ["HTTP/1.1 %d %s" % (status, reason)]
        lines.extend("%s: %s" % (name, value) for name, value in headers)
        head = ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
        if request.method == "HEAD" or status == 204:
            return head
        return head + body


def read_request(stream, connection):
    line = stream.readline()
    if not line:
        return None
    method, target, _ = line.decode("latin-1").split(" ", 2)
    headers = []
    while True:
        line = stream.readline()
        if line in (b"\r\n", b""):
            break
        name, _, value = line.decode("latin-1").rstrip("\r\n").partition(":")
        headers.append((name, value.lstrip(" ")))
    request = Request(method, target, headers, b"")
    if (request.header("expect") or "").lower() == "100-continue":
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    if (request.header("transfer-encoding") or "").lower() == "chunked":
        request.body = read_chunks(stream)
    else:
        length = int(request.header("content-length") or 0)
        request.body = stream.read(length) if length else b""
        if len(request.body) < length:
            # The client has cancelled the request.
            return None
    return request


def read_chunks(stream):
    body = []
    while True:
        size = int(stream.readline().split(b";")[0], 16)
        data = stream.read(size)
        stream.readline()
        if size == 0:
            return b"".join(body)
        body.append(data)

"""
The server of ``soak.py``: it answers by rule, and keeps a journal of what it was sent.

    python benches/soak_server.py --port PORT --journal FILE --uses-of-a-token N

Every request names a number in its path, and what is answered follows from that number.
So the program that asked knows the right answer, also after the server has been replaced.
A line of the journal is written before anything is answered, so it survives a kill:

    NUMBER METHOD taken|expired   the head of a request, and whether its token was accepted
    NUMBER METHOD whole           its body was received
    NUMBER METHOD answering       a part of its answer was sent
    NUMBER METHOD answered        all of its answer was sent

It stops at SIGTERM, and when its standard input ends. It prints "ready" when it accepts connections.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import hashlib
import json
import os
import re
import secrets
import signal
import sys
from typing import Any, ClassVar

#: Items of a long list.
ITEMS = 200
#: Seconds between the two halves of an answer that is sent in halves.
PAUSE = 0.03
#: Seconds before an answer of the route "slow".
SLOW = 1.0
#: The tokens whose uses are counted at the same time.
TOKENS_KEPT = 10_000

NUMBER = re.compile(r"(\d+)$")


def id_of(number: int) -> str:
    return "00000000-0000-0000-0000-{:012d}".format(number)


def record(number: int) -> dict[str, Any]:
    """Return what a read of a number is answered with."""
    return {
        "id": id_of(number),
        "number": number,
        "text": "{} é ".format(number) * (number % 97),
        "data": {"half": number / 2, "even": number % 2 == 0, "none": None},
    }


def records(number: int) -> list[dict[str, Any]]:
    """Return what a read of a list is answered with."""
    return [
        {
            "id": id_of(number),
            "index": index,
            "name": "{}-{}".format(number, index),
        }
        for index in range(ITEMS)
    ]


def content(number: int) -> bytes:
    """Return the file of a number."""
    block = hashlib.sha256(str(number).encode()).digest()
    return block * (1 + number % 5000)


def is_sent_in_halves(number: int) -> bool:
    return number % 5 == 0


class Journal:
    """A file of lines that are there when the process has been killed."""

    def __init__(self, path: str) -> None:
        self._file = os.open(
            path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600
        )

    def add(self, number: int, method: str, what: str) -> None:
        os.write(
            self._file, "{} {} {}\n".format(number, method, what).encode()
        )


class Tokens:
    """The tokens that are given out; each expires after a number of uses."""

    def __init__(self, uses: int) -> None:
        self._uses = uses
        self._used: collections.OrderedDict[str, int] = (
            collections.OrderedDict()
        )

    def new(self) -> dict[str, Any]:
        return {
            "login": True,
            "user": {"id": id_of(0)},
            "access_token": "access-" + secrets.token_hex(16),
            "refresh_token": "refresh-" + secrets.token_hex(16),
        }

    def has_expired(self, token: str) -> bool:
        used = self._used.pop(token, 0) + 1
        self._used[token] = used
        if len(self._used) > TOKENS_KEPT:
            self._used.popitem(last=False)
        return used > self._uses


class Request:
    """The head of a request, and its body when it is there."""

    def __init__(self, head: bytes) -> None:
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = lines[0].split(" ")
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()
        self.path = self.target.partition("?")[0]
        found = NUMBER.search(self.path)
        self.number = int(found.group(1)) if found else 0
        self.length = int(self.headers.get("content-length", "0"))
        self.token = self.headers.get("authorization", "").partition(
            "Bearer "
        )[2]
        self.body = b""

    def file(self) -> bytes:
        """Return the only file of a multipart body."""
        _, _, boundary = self.headers["content-type"].partition("boundary=")
        _, part, end = self.body.split(b"--" + boundary.encode())
        if end != b"--\r\n":
            raise ValueError("not a whole form")
        return part.partition(b"\r\n\r\n")[2][: -len(b"\r\n")]


class Connection(asyncio.Protocol):
    """One connection. Its requests are answered one after the other."""

    transport: asyncio.Transport

    #: Those that are open.
    opened: ClassVar[set[asyncio.Transport]] = set()

    def __init__(self, journal: Journal, tokens: Tokens) -> None:
        self.journal = journal
        self.tokens = tokens
        self.received = bytearray()
        self.request: Request | None = None
        self.is_answering = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.opened.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.opened.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        self.received += data
        self.advance()

    def advance(self) -> None:
        if self.is_answering:
            return
        if self.request is None:
            head, mark, rest = self.received.partition(b"\r\n\r\n")
            if not mark:
                return
            self.request = Request(bytes(head))
            self.received = rest
            self.expired = self.is_rejected(self.request)
            self.note("expired" if self.expired else "taken")
        request = self.request
        if len(self.received) < request.length:
            return
        request.body = bytes(self.received[: request.length])
        del self.received[: request.length]
        self.note("whole")
        self.is_answering = True
        self.answering = asyncio.ensure_future(self.answer(request))

    def note(self, what: str) -> None:
        request = self.request
        if request is not None and request.number:
            self.journal.add(request.number, request.method, what)

    def is_rejected(self, request: Request) -> bool:
        if "/auth/" in request.path or request.method == "HEAD":
            return False
        return self.tokens.has_expired(request.token)

    async def answer(self, request: Request) -> None:
        try:
            status, body = self.answer_to(request)
        except Exception as error:
            # The client then tells what it is that this server cannot read.
            said = {"message": "{}: {!r}".format(request.target, error)}
            status, body = "500 Failed", json.dumps(said).encode()
        head = "HTTP/1.1 {}\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n".format(
            status,
            "application/octet-stream"
            if "/files/" in request.path
            else "application/json",
            len(body),
        ).encode()
        if request.method == "HEAD" or status.startswith("204"):
            body = b""
        if "/slow/" in request.path:
            await asyncio.sleep(SLOW)
        answer = head + body
        if is_sent_in_halves(request.number) and not self.expired:
            # A write is done before its answer begins, and is not told for a while.
            half = 0 if request.method != "GET" else len(answer) // 2
            self.note("answering")
            self.transport.write(answer[:half])
            await asyncio.sleep(PAUSE)
            answer = answer[half:]
        self.transport.write(answer)
        self.note("answered")
        self.request = None
        self.is_answering = False
        self.advance()

    def answer_to(self, request: Request) -> tuple[str, bytes]:
        """Return the status and the body for a request."""
        if request.path.endswith(("/auth/login", "/auth/refresh-token")):
            return "200 OK", json.dumps(self.tokens.new()).encode()
        if self.expired:
            return (
                "401 Unauthorized",
                json.dumps({"message": "Signature has expired"}).encode(),
            )
        value: Any
        if request.method == "DELETE":
            return "204 No Content", b""
        if "/uploads/" in request.path:
            file = request.file()
            value = {
                "id": id_of(request.number),
                "size": len(file),
                "hash": hashlib.sha256(file).hexdigest(),
            }
        elif request.method in ("POST", "PUT"):
            value = {
                "id": id_of(request.number),
                "received": json.loads(request.body),
            }
        elif "/files/" in request.path:
            return "200 OK", content(request.number)
        elif "/lists/" in request.path:
            value = records(request.number)
        else:
            value = record(request.number)
        return "200 OK", json.dumps(value).encode()


async def serve(port: int, journal: Journal, tokens: Tokens) -> None:
    loop = asyncio.get_running_loop()
    stop = loop.create_future()

    def stop_once() -> None:
        if not stop.done():
            stop.set_result(None)

    loop.add_signal_handler(signal.SIGTERM, stop_once)
    server = await loop.create_server(
        lambda: Connection(journal, tokens), "127.0.0.1", port, backlog=512
    )
    # Its end is closed when the program that started this one is gone.
    loop.add_reader(sys.stdin, stop_once)
    print("ready", server.sockets[0].getsockname()[1], flush=True)
    await stop
    server.close()
    for transport in list(Connection.opened):
        transport.abort()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--journal", required=True)
    parser.add_argument("--uses-of-a-token", type=int, required=True)
    options = parser.parse_args()
    journal = Journal(options.journal)
    tokens = Tokens(options.uses_of_a_token)
    asyncio.run(serve(options.port, journal, tokens))


if __name__ == "__main__":
    main()

"""
Load the package for some minutes, and compare what was sent with what was answered.

    python benches/soak.py [--seconds 180] [--threads 16,64] [--restarts 20] [--clients 10000]

A server in a process of its own (``soak_server.py``) keeps a journal of the requests. Threads
share one client. Its token expires again and again, and the server is stopped or killed and
started again. Meanwhile, one thread makes clients and drops them, and one awaits requests and
cancels some of them. Every request has a number of its own. The program prints what was asked,
what was answered, and what each promise came to. Its exit status is 1 if one is broken.

It needs ``/proc``, so it runs on Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import contextlib
import ctypes
import faulthandler
import gc
import hashlib
import itertools
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from pathlib import Path
from typing import Any, Callable, Iterator, NamedTuple

import gazu
from gazu import client as raw
from soak_server import SLOW, content, id_of, record, records

HERE = Path(__file__).resolve().parent

#: Requests after which the server lets a token expire. If it were few, 64 threads would use
#: a new token up before the last of them has sent its request again; that one fails when it
#: has met three expired tokens, as with upstream (``MAX_AUTH_RETRIES``).
USES_OF_A_TOKEN = 1000
#: Seconds after which a call has failed in any case.
DEADLINE = 60
#: Seconds in which threads end and descriptors are closed after a round.
SETTLING = 15
#: The shortest warm-up, in seconds.
WARM_UP = 10
#: Awaited requests at the same time.
AWAITS = 64
#: The longest that the server is away at a restart, in seconds.
LONGEST_OUTAGE = 0.8
#: The attempts of a read, of which each may follow a renewal of the token.
ATTEMPTS = 3
#: The memory that may be more at the end than after the warm-up: a part, and bytes.
GROWTH = (0.05, 8 << 20)
#: glibc keeps freed memory for each thread, which grows for a long time and is no leak.
WITHOUT_CACHES = {
    "MALLOC_ARENA_MAX": "1",
    "GLIBC_TUNABLES": "glibc.malloc.tcache_count=0",
}
#: Faults that are printed.
SHOWN = 20

READS = (
    "read",
    "list",
    "download",
    "read with a timeout",
    "read of a new client",
    "awaited read",
)
WRITES = ("post", "put", "delete", "upload", "awaited post")


class Figures(NamedTuple):
    """What a process holds."""

    memory: int
    descriptors: int
    threads: int


def figures() -> Figures:
    gc.collect()
    # Gives freed memory back to the system. Only glibc has it.
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    status = Path("/proc/self/status").read_text().splitlines()
    rows = dict(line.split(":", 1) for line in status)
    # Without the one that lists them.
    descriptors = len(os.listdir("/proc/self/fd")) - 1
    return Figures(
        int(rows["VmRSS"].split()[0]) << 10, descriptors, int(rows["Threads"])
    )


def settled(goal: Figures | None) -> Figures:
    """Wait until no more is held than the goal says, but not for ever; return the figures."""
    until = time.monotonic() + SETTLING
    while True:
        time.sleep(0.5)
        now = figures()
        is_reached = goal is not None and (
            now.descriptors <= goal.descriptors and now.threads <= goal.threads
        )
        if is_reached or time.monotonic() > until:
            return now


class Server:
    """The server's process, and when it was away."""

    def __init__(self, folder: Path) -> None:
        self.journal = folder / "journal"
        self.outages: list[list[float]] = []
        self.stopped = self.killed = 0
        self._port = 0
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                str(HERE / "soak_server.py"),
                "--port={}".format(self._port),
                "--journal={}".format(self.journal),
                "--uses-of-a-token={}".format(USES_OF_A_TOKEN),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline().split()
        if said[:1] != ["ready"]:
            raise RuntimeError("the server did not start")
        self._port = int(said[1])

    @property
    def host(self) -> str:
        return "http://127.0.0.1:{}/api".format(self._port)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        self._process.send_signal(how)
        self._process.wait(30)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def restart(self, how: signal.Signals, seconds: float) -> None:
        """Stop or kill the server, and start it again on the same port."""
        outage = [time.monotonic(), float("inf")]
        self.outages.append(outage)
        self.stop(how)
        time.sleep(seconds)
        self._start()
        outage[1] = time.monotonic()
        if how == signal.SIGKILL:
            self.killed += 1
        else:
            self.stopped += 1

    def was_away(self, begin: float, end: float) -> bool:
        """Return whether the server was away at some moment in between."""
        return any(
            start <= end and begin <= stop for start, stop in self.outages
        )


def is_loss(error: OSError) -> bool:
    """Return whether an error is what a server that goes away makes."""
    if isinstance(error, TimeoutError):
        return False
    cut_off = type(error).__name__ == "ChunkedEncodingError"
    return cut_off or isinstance(error, ConnectionError)


class Ledger:
    """What was asked, and what became of it, in a file: it takes no memory."""

    def __init__(self, path: Path, server: Server) -> None:
        self.path = path
        self.server = server
        #: Texts, and the numbers of the calls.
        self.faults: list[tuple[str, int]] = []
        self.number_of_faults: collections.Counter[str] = collections.Counter()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._file = os.open(
            str(path), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600
        )

    def number(self) -> int:
        return next(self._numbers)

    def note(self, number: int, kind: str, outcome: str) -> None:
        os.write(
            self._file, "{}\t{}\t{}\n".format(number, kind, outcome).encode()
        )

    def fault(self, promise: str, text: str, number: int = 0) -> None:
        with self._lock:
            self.number_of_faults[promise] += 1
            if len(self.faults) < SHOWN:
                self.faults.append(("{}: {}".format(promise, text), number))

    @contextlib.contextmanager
    def call(
        self, kind: str, must_time_out: bool = False
    ) -> Iterator[tuple[int, Callable]]:
        """
        Number a call and note its outcome.

        The block gets the number, and a function that compares an answer with the right one.
        """
        number = self.number()
        begin = time.monotonic()
        outcome = "answered"

        def compare(got: Any, expected: Any) -> None:
            if got != expected:
                text = "{} {}: {!r}, not {!r}"
                got, expected = repr(got)[:200], repr(expected)[:200]
                self.fault(
                    "wrong answers", text.format(kind, number, got, expected)
                )

        try:
            yield number, compare
            if must_time_out:
                text = "{} {}: an answer after its timeout"
                self.fault(
                    "wrong exceptions", text.format(kind, number), number
                )
        except asyncio.CancelledError:
            outcome = "cancelled"
            raise
        except OSError as error:
            end = time.monotonic()
            if must_time_out and isinstance(error, TimeoutError):
                outcome = "timed out"
            elif is_loss(error) and self.server.was_away(begin, end):
                outcome = "server away"
            else:
                outcome = "failed"
                text = "{} {} after {:.2f} s: {!r}"
                text = text.format(kind, number, end - begin, error)
                self.fault("failures without a reason", text, number)
        except Exception:
            outcome = "failed"
            text = "{} {}: {}".format(kind, number, traceback.format_exc())
            self.fault("wrong exceptions", text, number)
        finally:
            self.note(number, kind, outcome)


class Clients:
    """How many clients are to be made in a round, and how many have been."""

    def __init__(self, many: int, seconds: float) -> None:
        self.many = many
        self.made = 0
        self._seconds = seconds
        self._begin = time.monotonic()
        self._lock = threading.Lock()

    def is_due(self) -> bool:
        """Return whether another one is to be made, and count it."""
        part = (time.monotonic() - self._begin) / self._seconds
        with self._lock:
            is_due = self.made < self.many * min(part, 1)
            self.made += is_due
        return is_due


class Worker:
    """One thread's requests, drawn at random, through the client that all share."""

    def __init__(
        self,
        client: Any,
        ledger: Ledger,
        folder: Path,
        seed: str,
        clients: Clients,
        stop: threading.Event,
    ) -> None:
        self.client = client
        self.clients = clients
        self.ledger = ledger
        self.random = random.Random(seed)
        self.stop = stop
        self.target = folder / "target-{}".format(seed)
        self.source = folder / "source-{}".format(seed)
        self.source_content = content(self.random.randrange(10_000))
        self.source.write_bytes(self.source_content)
        self.target_content: bytes | None = None
        if self.target.exists():
            self.target_content = self.target.read_bytes()

    def run(self) -> None:
        ways = [self.read] * 4 + [self.list, self.post, self.post, self.put]
        ways += [self.delete, self.upload, self.download, self.timeout]
        while not self.stop.is_set():
            if self.clients.is_due():
                self.own_client()
            else:
                self.random.choice(ways)()

    def path(self, route: str, number: int) -> str:
        return "data/{}/{}".format(route, id_of(number))

    def read(self) -> None:
        with self.ledger.call("read") as (number, compare):
            got = gazu.entity.get_entity(id_of(number), client=self.client)
            compare(got, record(number))

    def list(self) -> None:
        with self.ledger.call("list") as (number, compare):
            got = raw.fetch_all("lists/" + id_of(number), client=self.client)
            compare(got, records(number))

    def post(self) -> None:
        with self.ledger.call("post") as (number, compare):
            sent = record(number)
            got = raw.post(
                self.path("writes", number), sent, client=self.client
            )
            compare(got, {"id": id_of(number), "received": sent})

    def put(self) -> None:
        with self.ledger.call("put") as (number, compare):
            sent = record(number)
            got = raw.put(
                self.path("writes", number), sent, client=self.client
            )
            compare(got, {"id": id_of(number), "received": sent})

    def delete(self) -> None:
        with self.ledger.call("delete") as (number, compare):
            got = raw.delete(self.path("writes", number), client=self.client)
            compare(got, "")

    def upload(self) -> None:
        with self.ledger.call("upload") as (number, compare):
            path = self.path("uploads", number)
            got = raw.upload(path, str(self.source), client=self.client)
            expected = {
                "id": id_of(number),
                "size": len(self.source_content),
                "hash": hashlib.sha256(self.source_content).hexdigest(),
            }
            compare(got, expected)

    def download(self) -> None:
        """The target is the new file, or the file as it was before."""
        with self.ledger.call("download") as (number, compare):
            try:
                path = self.path("files", number)
                raw.download(path, str(self.target), client=self.client)
                self.target_content = content(number)
            finally:
                exists = self.target.exists()
                compare(
                    self.target.read_bytes() if exists else None,
                    self.target_content,
                )

    def timeout(self) -> None:
        """A timeout that no other request has: it passes at every second request."""
        passes = self.random.random() < 0.5
        route, bounds = (
            ("slow", (0.05, SLOW / 2)) if passes else ("fast", (30, 60))
        )
        with self.ledger.call("read with a timeout", passes) as (
            number,
            compare,
        ):
            answer = self.client.session.get(
                "{}/{}".format(self.client.host, self.path(route, number)),
                headers=self.client.make_auth_header(),
                timeout=self.random.uniform(*bounds),
            )
            # The session is below the renewal of the token.
            if answer.status_code == 401:
                compare(answer.json()["message"], "Signature has expired")
            else:
                compare(answer.json(), record(number))

    def own_client(self) -> None:
        """Make a client, use it once and drop it. Few are closed."""
        client = raw.create_client(
            self.client.host,
            use_refresh_token=True,
            tokens=TOKENS.copy(),
            timeout=self.random.uniform(30, 60),
            deadline=self.random.uniform(30, 60),
        )
        with self.ledger.call("read of a new client") as (number, compare):
            path = self.path("fast", number)
            compare(raw.get(path, client=client), record(number))
            if number % 4 == 0:
                client.session.close()


class Awaiting:
    """Awaited requests, of which some are cancelled."""

    def __init__(
        self,
        host: str,
        ledger: Ledger,
        folder: Path,
        seed: str,
        stop: threading.Event,
    ) -> None:
        self.host = host
        self.ledger = ledger
        self.random = random.Random(seed)
        self.stop = stop
        self.folder = folder

    def run(self) -> None:
        asyncio.run(self.rounds())

    async def rounds(self) -> None:
        async with gazu.aio.AsyncKitsuClient(self.host) as client:
            client.deadline = DEADLINE
            client.tokens = TOKENS.copy()
            ways = [
                self.read,
                self.read,
                self.session,
                self.post,
                self.host_is_up,
            ]
            # All threads that gazu.aio may have: later there are no more.
            await asyncio.gather(
                *(
                    self.session(client, place, "slow")
                    for place in range(AWAITS)
                )
            )
            while not self.stop.is_set():
                await self.some(client, [self.download])
                await self.some(client, ways)
        await asyncio.sleep(0)

    async def some(self, client: Any, ways: list) -> None:
        tasks = [
            asyncio.ensure_future(self.random.choice(ways)(client, place))
            for place in range(AWAITS)
        ]
        await asyncio.sleep(self.random.uniform(0, 0.1))
        for task in self.random.sample(tasks, AWAITS // 4):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def read(self, client: Any, place: int) -> None:
        with self.ledger.call("awaited read") as (number, compare):
            got = await gazu.entity.get_entity(id_of(number), client=client)
            compare(got, record(number))

    async def session(
        self, client: Any, place: int, route: str = "entities"
    ) -> None:
        with self.ledger.call("awaited read") as (number, compare):
            url = "{}/data/{}/{}".format(self.host, route, id_of(number))
            async with client.session.get(
                url, headers=client.make_auth_header()
            ) as answer:
                got = await answer.json()
                # The session is below the renewal of the token.
                if answer.status != 401:
                    compare(got, record(number))

    async def post(self, client: Any, place: int) -> None:
        with self.ledger.call("awaited post") as (number, compare):
            sent = record(number)
            path = "data/writes/" + id_of(number)
            got = await gazu.aio.post(path, sent, client=client)
            compare(got, {"id": id_of(number), "received": sent})

    async def host_is_up(self, client: Any, place: int) -> None:
        await gazu.client.host_is_up(client=client)

    async def download(self, client: Any, place: int) -> None:
        target = self.folder / "awaited-{}".format(place)
        with self.ledger.call("awaited read") as (number, compare):
            path = "data/files/" + id_of(number)
            await gazu.aio.download(path, str(target), client=client)
            compare(target.read_bytes(), content(number))


#: A login that no client logs out of, for those that begin with one.
TOKENS = {"access_token": "access-0", "refresh_token": "refresh-0"}


class Soak:
    """A warm-up, and a round for each number of threads."""

    def __init__(self, options: Any, folder: Path, server: Server) -> None:
        self.options = options
        self.folder = folder
        self.server = server
        self.ledger = Ledger(folder / "ledger", self.server)
        self.client = raw.create_client(
            self.server.host, use_refresh_token=True
        )
        self.client.deadline = DEADLINE
        gazu.log_in("user@example.com", "password", client=self.client)
        self.clients = 0
        self.hung = 0

    def round(
        self, threads: int, seconds: float, restarts: int, clients: int
    ) -> None:
        """Load the server; return when all that was begun has ended."""
        stop = threading.Event()
        host, ledger = self.server.host, self.ledger
        made = Clients(clients, seconds)
        runs = [
            Worker(
                self.client,
                ledger,
                self.folder,
                "{}-{}".format(threads, n),
                made,
                stop,
            ).run
            for n in range(threads)
        ]
        runs.append(
            Awaiting(host, ledger, self.folder, str(threads), stop).run
        )
        running = [threading.Thread(target=run, daemon=True) for run in runs]
        for thread in running:
            thread.start()
        begin = time.monotonic()
        outages = random.Random(threads)
        for number in range(restarts):
            at = begin + seconds * (number + 0.5) / restarts
            time.sleep(max(0.0, at - time.monotonic()))
            how = signal.SIGKILL if number % 2 else signal.SIGTERM
            self.server.restart(how, outages.uniform(0, LONGEST_OUTAGE))
        time.sleep(max(0.0, begin + seconds - time.monotonic()))
        # On a slow machine, the clients may take as long again.
        while made.made < clients and time.monotonic() < begin + 2 * seconds:
            time.sleep(0.1)
        stop.set()
        until = time.monotonic() + 2 * DEADLINE
        for thread in running:
            thread.join(max(0.0, until - time.monotonic()))
        hung = sum(thread.is_alive() for thread in running)
        if hung:
            faulthandler.dump_traceback()
        self.hung += hung
        self.clients += made.made
        self.client.session.close()

    def run(self) -> bool:
        """Run all rounds and print what they came to; return whether all is well."""
        options = self.options
        begin = time.monotonic()
        self.round(
            max(options.threads),
            max(options.seconds / 10, WARM_UP),
            2,
            options.clients // 20,
        )
        self.clients = self.server.stopped = self.server.killed = 0
        held = [("after the warm-up", settled(None))]
        share = len(options.threads)
        for place, threads in enumerate(options.threads):
            restarts = options.restarts * (place + 1) // share
            restarts -= options.restarts * place // share
            clients = -(-options.clients // share)
            self.round(threads, options.seconds / share, restarts, clients)
            held.append(
                ("after {} threads".format(threads), settled(held[0][1]))
            )
        seconds = time.monotonic() - begin
        left_over = sorted(path.name for path in self.folder.glob(".gazu-*"))
        return report(self, held, left_over, seconds)


class Sent(NamedTuple):
    """What the server's journal has of a number."""

    method: str
    taken: int
    expired: int
    whole: int
    answering: int
    answered: int


def read_journal(path: Path) -> dict[int, Sent]:
    counts: dict[int, list] = {}
    places = {name: place for place, name in enumerate(Sent._fields)}
    with path.open() as journal:
        for line in journal:
            number, method, what = line.split()
            row = counts.setdefault(int(number), [method, 0, 0, 0, 0, 0])
            row[places[what]] += 1
    return {number: Sent(*row) for number, row in counts.items()}


def read_ledger(path: Path) -> dict[int, tuple[str, str]]:
    with path.open() as ledger:
        rows = (line.rstrip("\n").split("\t") for line in ledger)
        return {int(number): (kind, outcome) for number, kind, outcome in rows}


def compare_journals(ledger: Ledger, sent: dict, asked: dict) -> None:
    """Compare what the server was sent with what was asked and answered."""
    for number, (kind, outcome) in asked.items():
        there = sent.get(number, Sent("none", 0, 0, 0, 0, 0))
        text = "{} {}, {}: {}".format(kind, number, outcome, there)
        if kind in WRITES and there.taken > 1:
            ledger.fault("doubled writes", text)
        if (
            kind in WRITES
            and outcome == "answered"
            and there.whole - there.expired != 1
        ):
            ledger.fault("lost writes", text)
        if kind in READS and there.taken > ATTEMPTS:
            ledger.fault("reads sent more than three times", text)
    for number in sent.keys() - asked.keys():
        ledger.fault("requests that nobody asked for", str(sent[number]))


def table(rows: list[list[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths))
        )
        for row in rows
    )


def report(
    soak: Soak, held: list, left_over: list[str], seconds: float
) -> bool:
    ledger, server = soak.ledger, soak.server
    sent, asked = read_journal(server.journal), read_ledger(ledger.path)
    compare_journals(ledger, sent, asked)
    print(
        "{:.0f} seconds, {} threads, {:,} clients, {} times stopped and {} times killed "
        "(besides the warm-up)\n".format(
            seconds,
            " and ".join(map(str, soak.options.threads)),
            soak.clients,
            server.stopped,
            server.killed,
        )
    )

    outcomes = ["answered", "timed out", "cancelled", "server away", "failed"]
    rows = [
        ["asked", "in all", *outcomes, "received", "token expired", "cut off"]
    ]
    kinds = collections.Counter(asked.values())
    received: dict[str, list[int]] = {
        kind: [0, 0, 0] for kind in (*READS, *WRITES)
    }
    for number, there in sent.items():
        if number in asked:
            row = received[asked[number][0]]
            row[0] += there.taken + there.expired
            row[1] += there.expired
            row[2] += there.answering - min(there.answering, there.answered)
    for kind in (*READS, *WRITES):
        counts = [kinds[kind, outcome] for outcome in outcomes]
        cells = [sum(counts), *counts, *received[kind]]
        rows.append([kind, *map("{:,}".format, cells)])
    print(table(rows) + "\n")

    promises = [
        "wrong answers",
        "wrong exceptions",
        "failures without a reason",
        "doubled writes",
        "lost writes",
        "reads sent more than three times",
        "requests that nobody asked for",
    ]
    broken = dict.fromkeys(promises, 0)
    broken.update(ledger.number_of_faults)
    broken["temporary files that were left"] = len(left_over)
    broken["threads that hung"] = soak.hung
    broken["restarts that were missing"] = (
        soak.options.restarts - server.stopped - server.killed
    )
    broken["clients that were missing"] = max(
        0, soak.options.clients - soak.clients
    )
    if sum(there.expired for there in sent.values()) == 0:
        broken["tokens never expired"] = 1
    print(table([[name, str(count)] for name, count in broken.items()]) + "\n")

    rows = [["held", "memory", "descriptors", "threads"]]
    for name, (memory, descriptors, threads) in held:
        mebibytes = "{:.1f} MiB".format(memory / (1 << 20))
        rows.append([name, mebibytes, str(descriptors), str(threads)])
    print(table(rows) + "\n")
    first, last = held[0][1], held[-1][1]
    part, more = GROWTH
    grown = [
        name
        for name, is_more in [
            ("memory", last.memory > first.memory * (1 + part) + more),
            ("descriptors", last.descriptors > first.descriptors),
            ("threads", last.threads > first.threads),
        ]
        if is_more
    ]
    for text, number in ledger.faults:
        print(text)
        if number:
            print("The server was sent: {}\n".format(sent.get(number)))
    if grown:
        print("More than after the warm-up: " + ", ".join(grown) + ".")
    is_well = not grown and not any(broken.values())
    print("All promises were kept." if is_well else "A promise was broken.")
    return is_well


def numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=180)
    parser.add_argument("--threads", type=numbers, default=[16, 64])
    parser.add_argument("--restarts", type=int, default=20)
    parser.add_argument("--clients", type=int, default=10_000)
    options = parser.parse_args()
    if not os.path.exists("/proc/self/status"):
        parser.error("/proc is needed, which only Linux has")
    if any(os.environ.get(name) is None for name in WITHOUT_CACHES):
        # The allocator reads them when the process starts.
        environment = {**os.environ, **WITHOUT_CACHES}
        os.execve(sys.executable, [sys.executable, *sys.argv], environment)
    with tempfile.TemporaryDirectory(prefix="gazu-soak-") as folder:
        server = Server(Path(folder))
        try:
            return 0 if Soak(options, Path(folder), server).run() else 1
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())

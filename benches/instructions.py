"""
Count the processor's instructions of four calls, and compare them with the kept counts.

    python benches/instructions.py PYTHON [--keep]

Times vary with the load of the machine, the counts of valgrind's callgrind hardly do.
Each case runs twice, with N and with 3 N calls. The difference divided by 2 N is the
count of one call, which leaves out the start of Python. Counts also depend on the
processor, the compiler and the interpreter: `instructions.json` names those for which
its counts hold, and on others nothing is compared.

Exits with status 1 if a count has grown by more than 3 %.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import payloads

KEPT = Path(__file__).resolve().with_suffix(".json")
TOLERANCE = 0.03
#: The sockets hold the largest answer, so that it is always read in the same pieces.
BUFFER = 4 << 20


class Case(NamedTuple):
    """A call whose instructions are counted."""

    title: str
    #: Python code with the number of calls as ``count``.
    code: str
    count: int


CASES = [
    Case(
        "small GET",
        """
for _ in range(count):
    gazu.client.get("data/small")
""",
        100,
    ),
    Case(
        "list of 1,000 shots",
        """
for _ in range(count):
    assert len(gazu.client.get("data/shots")) == 1000
""",
        3,
    ),
    Case(
        "POST of 100 entities",
        """
entities = payloads.entities(100)
for _ in range(count):
    gazu.client.post("data/entities", entities)
""",
        20,
    ),
    Case(
        "await",
        """
import asyncio

async def work():
    client = gazu.aio.AsyncKitsuClient(gazu.get_host())
    for _ in range(count):
        await gazu.aio.get("data/small", client=client)
    await client.session.close()

asyncio.run(work())
""",
        50,
    ),
]

PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import gazu, payloads
gazu.set_host(sys.argv[2])
count = int(sys.argv[3])
"""


ANSWERS = {
    "/data/small": payloads.preview(1),
    "/data/shots": [payloads.shot(number) for number in range(1000)],
    "/data/entities": payloads.preview(1),
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = BUFFER

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = json.dumps(ANSWERS[self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET


def instructions(python: str, host: str, case: Case, count: int) -> int:
    """Return the instructions of a process that makes a number of calls."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [
                "valgrind",
                "--tool=callgrind",
                "--callgrind-out-file=" + os.path.join(folder, "profile"),
                python,
                "-c",
                PROGRAM + case.code,
                str(KEPT.parent),
                host,
                str(count),
            ],
            env=dict(os.environ, PYTHONHASHSEED="0"),
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or found is None:
        raise SystemExit(done.stderr)
    return int(found.group(1))


def machine(python: str) -> dict[str, str]:
    """Return what the counts depend on, besides the sources."""
    flags = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    run = subprocess.check_output
    return {
        "processor": platform.machine() + (" avx2" if "avx2" in flags else ""),
        "libc": " ".join(platform.libc_ver()),
        "compiler": run(["rustc", "--version"], text=True).strip(),
        "python": run([python, "--version"], text=True).strip(),
        "valgrind": run(["valgrind", "--version"], text=True).strip(),
    }


def report(title: str, count: int, kept: int | None) -> bool:
    """Print a count, and return whether it has grown too much."""
    change = count / kept - 1 if kept else 0.0
    compared = "{:+.1%}".format(change) if kept else "not compared"
    print("{:<24}{:>14,}  {}".format(title, count, compared), flush=True)
    return change > TOLERANCE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("python", help="an interpreter that has the wheel")
    parser.add_argument("--keep", action="store_true", help="keep the counts")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("Instructions are not counted: valgrind is not installed.")
        return
    here = machine(options.python)
    kept = json.loads(KEPT.read_text(encoding="utf-8"))
    if here != kept["machine"] and not options.keep:
        print("The kept counts are of another machine:", kept["machine"])
        kept["counts"] = {}
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = "http://127.0.0.1:{}".format(server.server_port)
    counts, grown = {}, []
    for case in CASES:
        few, many = (
            instructions(options.python, host, case, count)
            for count in (case.count, 3 * case.count)
        )
        counts[case.title] = (many - few) // (2 * case.count)
        before = kept["counts"].get(case.title)
        if report(case.title, counts[case.title], before):
            grown.append(case.title)
    server.shutdown()
    if options.keep:
        text = json.dumps({"machine": here, "counts": counts}, indent=2)
        KEPT.write_text(text + "\n", encoding="utf-8")
    elif grown:
        raise SystemExit(
            "More than 3 % more instructions: {}. Find the cause, or keep the "
            "counts with `make instructions KEEP=--keep`.".format(
                ", ".join(grown)
            )
        )


if __name__ == "__main__":
    main()

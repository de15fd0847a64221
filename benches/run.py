"""Measure beside upstream: the two in turn, against one local server.

    python benches/run.py --ours PYTHON [--quick]

PYTHON is an interpreter whose gazu is a release build of this project. Upstream is
installed in an environment of its own, which the parity suite shares.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "tests"))

import payloads  # noqa: E402
from parity import environment  # noqa: E402

MIB = 1 << 20


class Bench(NamedTuple):
    """One line of the table."""

    title: str
    case: str
    #: Which of the numbers that a case gives.
    figure: str
    #: Which half of the server: answers as they are, or compressed.
    half: str
    size: int
    quick: int
    rounds: int


def benches(quick: bool) -> list[Bench]:
    """Return the lines of the table, those of one case next to each other."""
    gib = 1024 * MIB
    lines = [
        ("import gazu", "import", "seconds", "plain", 1, 1, 15),
        ("small GET: latency", "get", "seconds", "plain", 2000, 500, 5),
        ("small GET: client CPU", "get", "cpu", "plain", 2000, 500, 5),
        ("10,000 shots: time", "shots", "seconds", "plain", 10_000, 0, 7),
        ("10,000 shots: memory", "shots", "memory", "plain", 10_000, 0, 7),
        ("10,000 shots, gzip: time", "shots", "seconds", "gzip", 10_000, 0, 7),
        (
            "10,000 shots, gzip: memory",
            "shots",
            "memory",
            "gzip",
            10_000,
            0,
            7,
        ),
        (
            "POST of 5,000 entities: time",
            "post",
            "seconds",
            "plain",
            5000,
            0,
            7,
        ),
        ("upload: time", "upload", "seconds", "plain", gib, 64 * MIB, 3),
        ("upload: memory", "upload", "memory", "plain", gib, 64 * MIB, 3),
        ("download: time", "download", "seconds", "plain", gib, 64 * MIB, 3),
        ("download: memory", "download", "memory", "plain", gib, 64 * MIB, 3),
        (
            "16 threads: time of a GET",
            "threads",
            "seconds",
            "plain",
            4800,
            1600,
            5,
        ),
    ]
    made = [Bench(*line) for line in lines]
    if quick:
        made = [
            bench._replace(size=bench.quick or bench.size, rounds=3)
            for bench in made
        ]
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure beside upstream.")
    parser.add_argument(
        "--ours", default=str(ROOT / ".cache/demo/venv/bin/python")
    )
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    sides = {"ours": options.ours, "upstream": environment.reference()}
    check(sides)
    with tempfile.TemporaryDirectory(prefix="gazu-bench-") as folder:
        program = build_server(Path(folder))
        fill(Path(folder))
        lines = benches(options.quick)
        largest = max(b.size for b in lines if b.case == "upload")
        with open(os.path.join(folder, "upload.mov"), "wb") as file:
            file.truncate(largest)
        with Server(program, folder) as server:
            report(lines, sides, server)


def check(sides: dict[str, str]) -> None:
    """End unless one side is a release build and the other is upstream."""
    ask = "import gazu; print(getattr(getattr(gazu, '_core', None), 'debug_build', None))"
    for side, wanted in (("ours", "False"), ("upstream", "None")):
        said = run([sides[side], "-c", ask]).strip()
        if said != wanted:
            sys.exit(
                "{}: {} is not what is to be measured".format(
                    side, sides[side]
                )
            )


def run(command: list[str]) -> str:
    """Return what a command prints, with only the variables that it needs."""
    return subprocess.run(
        command,
        check=True,
        env=environment.variables(reference_side=True),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        universal_newlines=True,
    ).stdout


def build_server(folder: Path) -> str:
    program = str(folder / "server")
    source = str(HERE / "server.rs")
    subprocess.run(
        ["rustc", "--edition", "2021", "-O", "-o", program, source], check=True
    )
    return program


def fill(folder: Path) -> None:
    """Write what the server answers: a dict, and a list of 10,000 shots."""
    shots = json.dumps(list(map(payloads.shot, range(10_000)))).encode()
    route = "api/data/projects/{}/shots".format(payloads.PROJECT)
    for half in ("plain", "gzip"):
        below = folder / "answers" / half
        path = below / route
        path.parent.mkdir(parents=True)
        (below / "api/data/small").write_text(json.dumps(payloads.shot(0)))
        if half == "plain":
            path.write_bytes(shots)
        else:
            path.with_name("shots.gz").write_bytes(gzip.compress(shots, 6))


class Server:
    """The server's process, and what it gives to a client that does nothing."""

    def __init__(self, program: str, folder: str) -> None:
        self.program = program
        self.folder = folder

    def __enter__(self) -> Server:
        self.process = subprocess.Popen(
            [self.program, "serve", os.path.join(self.folder, "answers")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            universal_newlines=True,
        )
        self.port = self.process.stdout.readline().strip()
        return self

    def __exit__(self, *args: object) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def host(self, half: str) -> str:
        return "http://127.0.0.1:{}/{}/api".format(self.port, half)

    def probe(self, bench: Bench) -> float | None:
        """Return the seconds that the same bytes take a bare client."""
        below = "/{}/api/".format(bench.half)
        shots = "{}data/projects/{}/shots".format(below, payloads.PROJECT)
        posted = (
            len(json.dumps(payloads.entities(bench.size)))
            if bench.case == "post"
            else 0
        )
        arguments = {
            "get": ["get", below + "data/small", bench.size, 1],
            "threads": ["get", below + "data/small", bench.size, 16],
            "shots": ["get", shots, 1, 1],
            "post": ["post", below + "data/entities", posted],
            "upload": ["post", below + "data/upload", bench.size],
            "download": ["get", "{}bytes/{}".format(below, bench.size), 1, 1],
        }.get(bench.case)
        if arguments is None or bench.figure != "seconds":
            return None
        command = [self.program, "probe", self.port, *map(str, arguments)]
        return min(float(run(command)) for _ in range(3))


def report(lines: list[Bench], sides: dict[str, str], server: Server) -> None:
    """Measure line by line and print the table as it grows."""
    print(
        "| what | ours | upstream | ratio | lowest to highest | bare client |"
    )
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    samples: dict[str, list[dict]] = {}
    measured: tuple | None = None
    for bench in lines:
        key = (bench.case, bench.half)
        if key != measured:
            samples = measure(bench, sides, server)
            measured = key
        ours, theirs = (
            [sample[bench.figure] for sample in samples[side]]
            for side in ("ours", "upstream")
        )
        ratios = sorted(b / a for a, b in zip(ours, theirs))
        bare = server.probe(bench)
        print(
            "| {} | {} | {} | {:.1f} | {:.1f} to {:.1f} | {} |".format(
                title(bench),
                shown(bench, statistics.median(ours)),
                shown(bench, statistics.median(theirs)),
                statistics.median(theirs) / statistics.median(ours),
                ratios[0],
                ratios[-1],
                "" if bare is None else shown(bench, bare),
            ),
            flush=True,
        )


def measure(
    bench: Bench, sides: dict[str, str], server: Server
) -> dict[str, list[dict]]:
    """Return the samples of each side, taken in turn."""
    samples: dict[str, list[dict]] = {side: [] for side in sides}
    for number in range(bench.rounds):
        order = list(sides)
        if number % 2:
            order.reverse()
        for side in order:
            samples[side].append(sample(bench, sides[side], server))
    return samples


def sample(bench: Bench, python: str, server: Server) -> dict:
    if bench.case == "import":
        return {"seconds": import_time(python)}
    program = str(HERE / "payloads.py")
    host = server.host(bench.half)
    size = str(bench.size)
    return json.loads(
        run([python, program, bench.case, host, server.folder, size])
    )


def import_time(python: str) -> float:
    """Return what importing adds to the life of an interpreter."""

    def life(statement: str) -> float:
        start = time.perf_counter()
        run([python, "-c", statement])
        return time.perf_counter() - start

    # The first life pays for what is not in the disk cache yet.
    life("import gazu")
    bare = min(life("pass") for _ in range(3))
    return max(min(life("import gazu") for _ in range(3)) - bare, 1e-4)


def title(bench: Bench) -> str:
    if bench.case in ("upload", "download"):
        return bench.title.replace(
            ":", " of {} MiB:".format(bench.size // MIB)
        )
    return bench.title


def shown(bench: Bench, value: float) -> str:
    if bench.figure == "memory":
        return "{:.1f} MiB".format(value / MIB)
    if bench.case in ("get", "threads"):
        return "{:.0f} µs".format(value / bench.size * 1e6)
    return "{:.1f} ms".format(value * 1e3)


if __name__ == "__main__":
    main()

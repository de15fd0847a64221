"""
Run the tests with a Windows wheel in Windows' CPython, under wine.

    python tools/windows/run_tests.py --pythons 3.7 3.13
    python tools/windows/run_tests.py -- tests/unit/test_cli.py
    python tools/windows/run_tests.py --wheel dist/gazu-*-win_amd64.whl

The wheel is built first, unless one is given. Arguments after ``--`` are passed to
pytest in place of tests/unit and tests/parity. Everything is in .cache/windows, and so
are the logs of each Python.

wine and the tests wait more than they compute. So two Pythons are tested at a time, each
by several processes, and the Pythons are put together while the wheel is built.

Exits with status 1 if a test failed, or if the wheel cannot be compiled. If this
machine lacks a tool and cannot install it, the program prints why it tests nothing;
only then, ``--if-possible`` makes it exit with status 0.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import queue
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import build
import pythons
from build import CACHE
from debian import NotAvailable
from matrix import summary_of
from rust import ROOT

SUITES = (["tests/unit"], ["tests/parity"])
TOGETHER = 2
PROCESSES = 3
# What each process runs is split into so many runs. One begins anew if wine crashes.
PIECES = 4
# On Windows, the end of a test's time is the end of all tests of a process.
OPTIONS = ["-p", "no:cacheprovider", "--timeout", "300"]


def shares(arguments, count: int) -> list:
    """
    Split what pytest is to run into the arguments of runs.

    Args:
        arguments: Files, folders and options for pytest.
        count: Into how many.
    """
    paths = [ROOT / each for each in arguments if (ROOT / each).exists()]
    options = [each for each in arguments if not (ROOT / each).exists()]
    parity = ROOT / "tests" / "parity"
    if not paths or count < 2 or any(parity in (p, *p.parents) for p in paths):
        # The tests of parity share what the first of them records.
        return [arguments]
    files = set()
    for path in paths:
        files |= set(path.rglob("test_*.py")) if path.is_dir() else {path}
    # The largest first, each to the run that has the least.
    loads = [[0, []] for _ in range(count)]
    for file in sorted(files, key=lambda f: (-f.stat().st_size, f)):
        least = min(loads, key=lambda load: load[0])
        least[0] += file.stat().st_size
        least[1].append(str(file.relative_to(ROOT)))
    return [[*names, *options] for _, names in loads if names]


def run(version, number, arguments, path: Path, until: float) -> int:
    """
    Run pytest under a wine, write its output to a file, and return its status.

    It begins anew, twice at most, if wine's server has crashed.
    """
    command = ["-m", "pytest", *OPTIONS, *arguments]
    extra = {"PYTHONHASHSEED": "0"}
    home = pythons.home_of(version)
    for _ in range(3):
        left = max(until - time.monotonic(), 1)
        with open(str(path), "wb") as log:
            code = pythons.run(home, command, log, extra, left, number)
        if not pythons.CRASHED.search(path.read_bytes()):
            break
        print("{}: wineserver crashed".format(path), flush=True)
    return code


def test(version, wheel: Path, suites, limit: float, processes: int):
    """Run the suites on one Python. Return (passed, summary)."""
    pythons.put(wheel, version)
    began = time.monotonic()
    passed, summaries = True, []
    wines = queue.SimpleQueue()
    for number in range(1, processes + 1):
        wines.put(number)

    def in_turn(job):
        number = wines.get()
        try:
            return run(version, number, *job, began + limit)
        finally:
            wines.put(number)

    for suite in suites:
        name = "{}.{}-{}".format(*version, Path(suite[0]).name)
        jobs = [
            (arguments, CACHE / "{}-{}.log".format(name, number))
            for number, arguments in enumerate(
                shares(suite, PIECES * processes), 1
            )
        ]
        with concurrent.futures.ThreadPoolExecutor(processes) as pool:
            codes = list(pool.map(in_turn, jobs))
        for code, (_, path) in zip(codes, jobs):
            text = path.read_text("utf-8", "replace")
            summaries.append(summary_of(text))
            # 5: all tests were deselected.
            if code not in (0, 5):
                passed = False
                print("{} failed. Its end:\n{}".format(path, text[-6000:]))
    summary = "Windows, Python {}.{}: {} ({:.0f} s)".format(
        *version, total(summaries), time.monotonic() - began
    )
    print(summary, flush=True)
    return passed, summary


def total(summaries) -> str:
    """Return the sum of pytest's summaries, such as ``812 passed, 3 skipped``."""
    counts = {}
    for summary in summaries:
        found = re.findall(r"(\d+) (passed|failed|skipped|error)", summary)
        for number, word in found or [("1", "without a result")]:
            counts[word] = counts.get(word, 0) + int(number)
    return ", ".join("{} {}".format(n, word) for word, n in counts.items())


def main() -> int:
    arguments = sys.argv[1:]
    suites = SUITES
    if "--" in arguments:
        suites = (arguments[arguments.index("--") + 1 :],)
        arguments = arguments[: arguments.index("--")]
    parser = argparse.ArgumentParser()
    parser.add_argument("--wheel", type=Path)
    parser.add_argument("--profile", default="quick")
    parser.add_argument(
        "--pythons", nargs="+", default=["3.7", "3.11", "3.13"]
    )
    parser.add_argument("--limit", type=float, default=3600, metavar="SECONDS")
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--if-possible", action="store_true")
    options = parser.parse_args(arguments)
    versions = [
        tuple(int(part) for part in name.split("."))
        for name in options.pythons
    ]
    try:
        with_upstream = any("tests/parity" in suite for suite in suites)
        pythons.install_programs()
        with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
            prepared = [
                pool.submit(
                    pythons.prepare,
                    version,
                    with_upstream,
                    options.processes,
                )
                for version in versions
            ]
            wheel = options.wheel or build.build(
                CACHE / "dist", options.profile
            )
            for each in prepared:
                each.result()
    except NotAvailable as error:
        print("Windows: NOT TESTED: {}".format(error))
        return 0 if options.if_possible else 1
    wheel = wheel.resolve()
    try:
        with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
            results = list(
                pool.map(
                    lambda version: test(
                        version,
                        wheel,
                        suites,
                        options.limit,
                        options.processes,
                    ),
                    versions,
                )
            )
    finally:
        for version in versions:
            pythons.stop(version)
    print("\n" + "\n".join(summary for _, summary in results))
    return 0 if all(passed for passed, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())

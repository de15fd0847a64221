"""
Run the tests with a Windows wheel in Windows' CPython, under wine.

    python tools/windows/run_tests.py --pythons 3.7 3.13
    python tools/windows/run_tests.py -- tests/unit/test_cli.py
    python tools/windows/run_tests.py --wheel dist/gazu-*-win_amd64.whl

The wheel is built first, unless one is given. Arguments after ``--`` are passed to
pytest in place of tests/unit and tests/parity. Everything is in .cache/windows, and so is the log of each Python. Two Pythons are
tested at a time.

Exits with status 1 if a test failed, or if the wheel cannot be compiled. If this
machine lacks a tool and cannot install it, the program prints why it tests nothing;
only then, ``--if-possible`` makes it exit with status 0.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import build
import pythons
from build import CACHE
from matrix import summary_of
from rust import NotAvailable

SUITES = (["tests/unit"], ["tests/parity"])
TOGETHER = 2
# On Windows, the end of a test's time is the end of all tests.
OPTIONS = ["-p", "no:cacheprovider", "--timeout", "300"]


def test(version, wheel: Path, suites, limit: float):
    """Run the suites on one Python. Return (passed, summary)."""
    home = pythons.home_of(version)
    pythons.put(wheel, version)
    path = CACHE / "{}.{}.log".format(*version)
    began = time.monotonic()
    with open(str(path), "wb") as log:
        codes = []
        for suite in suites:
            left = began + limit - time.monotonic()
            command = ["-m", "pytest", *OPTIONS, *suite]
            extra = {"PYTHONHASHSEED": "0"}
            codes.append(pythons.run(home, command, log, extra, max(left, 1)))
    text = path.read_text("utf-8", "replace")
    passed = not any(codes)
    name = "Windows, Python {}.{}".format(*version)
    if not passed:
        print("{} failed. The end of {}:".format(name, path))
        print(text[-6000:])
    summary = "{}: {} ({:.0f} s)".format(
        name, summary_of(text), time.monotonic() - began
    )
    print(summary, flush=True)
    return passed, summary


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
    parser.add_argument("--if-possible", action="store_true")
    options = parser.parse_args(arguments)
    versions = [
        tuple(int(part) for part in name.split("."))
        for name in options.pythons
    ]
    try:
        wheel = options.wheel or build.build(CACHE / "dist", options.profile)
        for version in versions:
            pythons.prepare(version)
    except NotAvailable as error:
        print("Windows: NOT TESTED: {}".format(error))
        return 0 if options.if_possible else 1
    wheel = wheel.resolve()
    try:
        with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
            results = list(
                pool.map(
                    lambda version: test(
                        version, wheel, suites, options.limit
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

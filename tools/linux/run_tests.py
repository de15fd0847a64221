"""
Run tests with a wheel in a CPython of another Linux platform.

    python tools/linux/run_tests.py aarch64 -- tests/unit/test_requests.py
    python tools/linux/run_tests.py musl --wheel dist/gazu-*-musllinux_1_2_x86_64.whl

Unless a wheel is given, `make wheel` builds it. Arguments after ``--`` are passed to
pytest in place of tests/unit. Everything else is in .cache/linux, and so is the log.

Exits with status 1 if a test failed, or if the wheel cannot be built. If this machine
lacks a tool and cannot install it, the program prints why it tests nothing; only then,
``--if-possible`` makes it exit with status 0.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from debian import NotAvailable
from matrix import summary_of
from pythons import CACHE, PLATFORMS, VERSION, Linux
from rust import ROOT, environment

# An emulator is slow: no test has the time of the other machines.
OPTIONS = ["-p", "no:cacheprovider", "--timeout", "600"]


def build(system: Linux) -> Path:
    """Build the wheel as a release does, and return its path. Raises NotAvailable."""
    environment(system.target)
    command = ["make", "--no-print-directory", "wheel"]
    command += ["TARGET=" + system.target, "PLATFORM=" + system.tag]
    subprocess.run(command, check=True, cwd=str(ROOT))
    (wheel,) = (ROOT / "dist").glob("*.whl")
    return wheel


def test(name: str, system: Linux, suites) -> bool:
    """Run the suites, print what came of them, and return whether all passed."""
    began = time.monotonic()
    path = CACHE / (name + ".log")
    with open(str(path), "wb") as log:
        code = subprocess.call(
            [str(system.python), "-m", "pytest", *OPTIONS, *suites],
            cwd=str(ROOT),
            # Tests start pytest, too.
            env=dict(
                os.environ,
                PYTHONHASHSEED="0",
                PYTEST_ADDOPTS=" ".join(system.without),
            ),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    text = path.read_text("utf-8", "replace")
    if code:
        print("The tests failed. The end of {}:".format(path))
        print(text[-6000:])
    print(
        "Linux {}, Python {}: {} ({:.0f} s)".format(
            name, VERSION, summary_of(text), time.monotonic() - began
        )
    )
    return code == 0


def main() -> int:
    arguments = sys.argv[1:]
    suites = ["tests/unit"]
    if "--" in arguments:
        suites = arguments[arguments.index("--") + 1 :]
        arguments = arguments[: arguments.index("--")]
    parser = argparse.ArgumentParser()
    parser.add_argument("platform", choices=PLATFORMS)
    parser.add_argument("--wheel", type=Path)
    parser.add_argument("--if-possible", action="store_true")
    options = parser.parse_args(arguments)
    system = PLATFORMS[options.platform]()
    try:
        system.prepare()
        wheel = options.wheel or build(system)
    except NotAvailable as error:
        print("Linux {}: NOT TESTED: {}".format(options.platform, error))
        return 0 if options.if_possible else 1
    system.put(wheel.resolve())
    return 0 if test(options.platform, system, suites) else 1


if __name__ == "__main__":
    sys.exit(main())

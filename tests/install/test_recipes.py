"""The recipes of docs/install.md, run with the wheel of `make wheel` in new environments."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^##? (.+)\n((?:(?!^##? ).*\n?)*)", re.M)
BLOCK = re.compile(
    r"(<!-- not run: [^>]+ -->\n)?^```(\w+)[^\n]*\n(.*?)^```$", re.M | re.S
)
SECTIONS = dict(SECTION.findall(PAGE))

#: Paths on the page that stand for folders of the reader.
APPLICATIONS = {
    "Maya": "/usr/autodesk/maya2025/bin/mayapy",
    "Houdini": "/opt/hfs20.5/bin/hython",
    "Blender": "/opt/blender/blender",
    "Nuke": "/usr/local/Nuke15.1v1/python3",
}
PIPELINE = "/mnt/pipeline"


def blocks(section: str, language: str) -> list[str]:
    """Return the blocks of a section that must run."""
    found = BLOCK.findall(SECTIONS[section])
    return [
        text for mark, kind, text in found if kind == language and not mark
    ]


@pytest.fixture(scope="session")
def wheel() -> Path:
    found = list((ROOT / "dist").glob("gazu-*-manylinux*.whl"))
    assert len(found) == 1, "make wheel comes first"
    return found[0]


@pytest.fixture(scope="session")
def bare(tmp_path_factory) -> Path:
    """An environment with only pip, which each test copies."""
    folder = tmp_path_factory.mktemp("bare") / "venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder


class Desk:
    """A machine of a studio: its folders, and a shell that runs pasted commands."""

    def __init__(self, folder: Path, bare: Path, wheel: Path) -> None:
        self.folder = folder
        self.pipeline = folder / "pipeline"
        self.home = folder / "home"
        self.replaced = {PIPELINE: str(self.pipeline)}
        for each in (self.home, self.pipeline / "wheels"):
            each.mkdir(parents=True)
        (self.pipeline / "python").mkdir()
        shutil.copy(str(wheel), str(self.pipeline / "wheels"))
        self.venv = folder / "venv"
        # A copied environment finds its own packages.
        shutil.copytree(str(bare), str(self.venv), symlinks=True)
        self.variables = {
            "PATH": f"{self.venv / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "PYTHONUSERBASE": str(self.home / ".local"),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            # Applications have their own Pythons; this test uses one of the system for them.
            "PIP_BREAK_SYSTEM_PACKAGES": "1",
        }
        for name, value in os.environ.items():
            if name.startswith("PIP_") or name.lower().endswith("_proxy"):
                self.variables.setdefault(name, value)

    def program(self, name: str, text: str) -> Path:
        """Write a program that stands for one of the reader's."""
        path = self.folder / name
        path.write_text("#!/bin/sh\n" + text, encoding="utf-8")
        path.chmod(0o755)
        return path

    def paste(self, text: str) -> str:
        """Run a block in a shell, and return its output."""
        for written, real in self.replaced.items():
            text = text.replace(written, real)
        ended = "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n"
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", ended + text],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            cwd=str(self.folder),
            env=self.variables,
            timeout=240,
        )
        assert done.returncode == 0, text + "\n" + done.stdout
        return done.stdout

    def version(self) -> str:
        """Return the version of gazu in the environment."""
        return self.paste(blocks("Install", "sh")[0]).splitlines()[-1]


@pytest.fixture
def desk(tmp_path, bare, wheel) -> Desk:
    return Desk(tmp_path, bare, wheel)


@pytest.fixture
def version(wheel) -> str:
    return wheel.name.split("-")[1]


def test_the_page_names_this_release(version):
    assert set(re.findall(r"1\.3\.1\+rs\.\d+", PAGE)) == {version}
    manifest = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    (rust,) = re.findall(r'^rust-version = "([\d.]+)"', manifest, re.M)
    assert f"Rust {rust} or later" in PAGE


def test_every_recipe_has_a_test():
    run = {"Install", "Keep upstream from coming back"}
    run |= {"Machines without the internet", "Inside your own package"}
    run |= {"A folder that all machines share", "An index of your own", "rez"}
    run |= set(APPLICATIONS)
    assert {name for name in SECTIONS if blocks(name, "sh")} == run


def test_install(desk, version):
    plain, with_extra = blocks("Install", "sh")
    assert desk.paste(plain).endswith(version + "\n")
    desk.paste(with_extra)
    assert "--host" in desk.paste("gazu-cli login --help")


def test_constraint_and_back(desk, version):
    constrain, back = blocks("Keep upstream from coming back", "sh")
    (tell,) = blocks("Keep upstream from coming back", "python")
    desk.paste(blocks("Install", "sh")[0])
    desk.paste(constrain)
    (desk.folder / "tell.py").write_text(tell, encoding="utf-8")
    desk.paste("python tell.py")
    pins = (desk.pipeline / "constraints.txt").read_text()
    assert pins == f"gazu=={version}\n"
    desk.paste(back)
    upstream = version.partition("+")[0]
    told = desk.paste("python tell.py || true")
    assert told == f"upstream's gazu {upstream}\n"


def test_offline(desk, version):
    (fill,) = blocks("Machines without the internet", "sh")
    desk.paste(fill)
    desk.variables["PIP_INDEX_URL"] = "http://127.0.0.1:9/"
    wheels = desk.pipeline / "wheels"
    desk.paste(
        f"python -m pip install --no-index --find-links {wheels} 'gazu[cli]'"
    )
    assert "click" in desk.paste(
        "python -c 'import gazu.events, click; print(click.Command)'"
    )
    assert desk.version() == version


def test_shared_folder(desk):
    (share,) = blocks("A folder that all machines share", "sh")
    for _ in range(2):
        out = desk.paste(share)
        assert out.endswith(f"{desk.pipeline}/python/gazu/gazu/__init__.py\n")


def test_vendoring(desk):
    (vendor,) = blocks("Inside your own package", "sh")
    out = desk.paste(vendor)
    assert out.endswith("/studio/vendor/gazu/__init__.py\n")
    desk.variables["PYTHONPATH"] = str(desk.pipeline / "python")
    program = "from studio.vendor import gazu; print(gazu.task.all_tasks_for_shot.__module__)"
    assert desk.paste(f"python -c '{program}'") == "studio.vendor.gazu.task\n"


def test_index(desk, version):
    (serve,) = blocks("An index of your own", "sh")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    desk.replaced["8080"] = str(port)
    assert f"Successfully installed gazu-{version}" in desk.paste(serve)


@pytest.mark.parametrize("name", ["Maya", "Houdini"])
def test_application_with_user_packages(desk, name):
    base = os.path.realpath(sys.executable)
    python = desk.program("application", f'exec "{base}" "$@"\n')
    desk.replaced[APPLICATIONS[name]] = str(python)
    (install,) = blocks(name, "sh")
    out = desk.paste(install)
    assert out.splitlines()[-1].startswith(str(desk.home))


def test_blender(desk, version):
    python = desk.venv / "bin" / "python"
    # It is called as `blender --background --python-expr TEXT`.
    blender = desk.program(
        "blender", f'echo Blender 4.5.0\nexec "{python}" -c "$3"\n'
    )
    desk.replaced[APPLICATIONS["Blender"]] = str(blender)
    install, *_ = blocks("Blender", "sh")
    assert f"Successfully installed gazu-{version}" in desk.paste(install)


def test_blender_manifest_names_the_wheel(wheel):
    (manifest,) = blocks("Blender", "toml")
    assert f'"./wheels/{wheel.name}"' in manifest


def test_nuke(desk):
    python = desk.venv / "bin" / "python"
    desk.replaced[APPLICATIONS["Nuke"]] = str(python)
    (install,) = blocks("Nuke", "sh")
    (desk.home / ".nuke").mkdir()
    desk.paste(install)
    assert (desk.home / ".nuke" / "python" / "gazu" / "_core.abi3.so").exists()
    # Nuke does so with the folders of its plug-ins.
    (desk.folder / "nuke.py").write_text(
        "import os, sys\n"
        "def pluginAddPath(path):\n"
        "    sys.path.insert(0, os.path.join(os.path.expanduser('~/.nuke'), path))\n"
    )
    out = desk.paste(
        'python -c \'import nuke; exec(open("home/.nuke/init.py").read());'
        " import gazu; print(gazu.__file__)'"
    )
    assert ".nuke/./python/gazu" in out


def test_rez(desk, version, wheel):
    tools = ROOT / ".cache" / "wheel" / "venv" / "bin"
    packages = desk.folder / "packages"
    desk.variables.update(
        REZ_PACKAGES_PATH=str(packages),
        REZ_LOCAL_PACKAGES_PATH=str(packages),
        REZ_CONFIG_FILE=os.devnull,
        PATH="{}:{}".format(desk.variables["PATH"], tools),
    )
    for bound in ("platform", "arch", "os", "python"):
        desk.paste(f"rez bind --install-path {packages} {bound}")
    (package,) = blocks("rez", "python")
    (desk.folder / "package.py").write_text(package, encoding="utf-8")
    shutil.copy(str(wheel), str(desk.folder))
    build, resolve = "".join(blocks("rez", "sh")).splitlines()
    desk.paste(build)
    shown = version.replace("+", ".")
    out = desk.paste(resolve)
    assert f"{packages}/gazu/{shown}/python/gazu/__init__.py" in out

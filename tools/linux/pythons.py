"""
CPythons of other Linux platforms, and what this machine needs to run them.

``aarch64`` is Debian's Python of that architecture, unpacked into a folder, and each of
its programs runs under qemu. Nothing needs root.
"""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from debian import Archive, NotAvailable, output
from rust import ROOT

#: What is kept between the runs.
CACHE = ROOT / ".cache" / "linux"
REQUIREMENTS = ROOT / "tests" / "requirements.txt"
VERSION = "3.11"
SUITE = "bookworm"


class Linux:
    """A platform: how it is called, and where its Python and the packages for it are."""

    #: The target of the compiler, and the tag of the wheel.
    target = ""
    tag = ""
    #: The name that uv gives to the platform.
    uv = ""

    def __init__(self) -> None:
        self.home = CACHE / type(self).__name__.lower()
        self.python = self.home / "usr" / "bin" / "python"
        self.packages = self.home / "usr" / "lib" / "python3" / "dist-packages"

    def make(self) -> None:
        """Make the Python. Raises NotAvailable."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Make the Python, unless it is there, and install what the tests need."""
        if platform.system() != "Linux" or platform.machine() != "x86_64":
            raise NotAvailable("this is no Linux x86_64")
        if not self.python.exists():
            shutil.rmtree(str(self.home), ignore_errors=True)
            self.home.mkdir(parents=True)
            self.make()
        stamp = self.home / "requirements"
        wanted = REQUIREMENTS.read_text()
        if not (stamp.exists() and stamp.read_text() == wanted):
            self.install("--requirement", REQUIREMENTS)
            self.compile(self.home)
            stamp.write_text(wanted)

    def install(self, *arguments) -> None:
        """Install packages without running the Python."""
        output(
            Path(sys.executable).with_name("uv"),
            "pip", "install", "--quiet", "--only-binary", ":all:",
            "--python-platform", self.uv,
            "--python-version", VERSION,
            "--target", self.packages, *arguments,
        )  # fmt: skip

    @staticmethod
    def compile(folder: Path) -> None:
        """Compile modules with this Python if it has the version: an emulator is slow."""
        if "{}.{}".format(*sys.version_info) == VERSION:
            # It fails for files that are no Python of this version, which nothing imports.
            command = [sys.executable, "-m", "compileall", "-q", str(folder)]
            subprocess.call(command, stdout=subprocess.DEVNULL)

    def put(self, wheel: Path) -> None:
        """Replace the gazu of the Python by that of a wheel."""
        for old in self.packages.glob("*gazu*"):
            shutil.rmtree(str(old))
        self.install("--no-index", "--no-deps", wheel)
        self.compile(self.packages / "gazu")


class Aarch64(Linux):
    """64-bit ARM, with glibc."""

    target = "aarch64-unknown-linux-gnu"
    tag = "manylinux2014"
    uv = "aarch64-manylinux_2_28"

    def make(self) -> None:
        emulator = self.emulator()
        lists = Archive(CACHE / "arm64", [SUITE], "arm64")
        lists.unpack_all(["python" + VERSION], self.home)
        # Programs that the tests start are started by this kernel, which runs no ARM. So
        # the interpreter is a script, also for itself.
        self.python.write_text(
            '#!/bin/sh\nexec "{}" -L "{}" -0 "{}" "{}{}" "$@"\n'.format(
                emulator, self.home, self.python, self.python, VERSION
            )
        )
        self.python.chmod(0o755)

    @staticmethod
    def emulator() -> str:
        """Return the path of qemu's program, after a download if it is not there."""
        name = "qemu-aarch64-static"
        found = shutil.which(name)
        folder = CACHE / "qemu"
        inside = folder / "usr" / "bin" / name
        if not found and not inside.exists():
            lists = Archive(CACHE / "amd64", [SUITE])
            lists.unpack("qemu-user-static", folder)
        return found or str(inside)


PLATFORMS = {"aarch64": Aarch64}

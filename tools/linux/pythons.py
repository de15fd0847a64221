"""
CPythons of other Linux platforms, and what this machine needs to run them.

``aarch64`` is Debian's Python of that architecture, unpacked into a folder, and each of
its programs runs under qemu. ``musl`` is a Python that is compiled here, from Debian's
source, with musl as its C library. Only the compiler for musl needs root, to be
installed.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from debian import Archive, NotAvailable, install, output
from rust import ROOT

#: What is kept between the runs.
CACHE = ROOT / ".cache" / "linux"
REQUIREMENTS = ROOT / "tests" / "requirements.txt"
VERSION = "3.11"
SUITE = "bookworm"
# The kernel's headers, which Debian does not have for musl. They need no C library.
KERNEL = {
    "linux": "/usr/include/linux",
    "asm-generic": "/usr/include/asm-generic",
    "asm": "/usr/include/x86_64-linux-gnu/asm",
}
# Python's own build asks for the platform, and would be told the compiler's.
COMPILER = """\
#!/bin/sh
case "$1" in *-print-multiarch) echo x86_64-linux-musl; exit ;; esac
exec musl-gcc "-I{}" "$@"
"""
# What Python's module ssl does without.
WITHOUT = (
    "no-shared", "no-tests", "no-engine", "no-async", "no-legacy", "no-cmp",
    "no-cms", "no-ts", "no-gost", "no-aria", "no-camellia", "no-seed",
    "no-idea", "no-cast", "no-sm3", "no-sm4", "no-dtls",
)  # fmt: skip


class Linux:
    """A platform: how it is called, and where its Python and the packages for it are."""

    #: The target of the compiler, and the tag of the wheel.
    target = ""
    tag = ""
    #: The name that uv gives to the platform.
    uv = ""
    #: pytest's options for what its Python lacks.
    without = ()

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


class Musl(Linux):
    """x86_64, with musl."""

    target = "x86_64-unknown-linux-musl"
    tag = "musllinux_1_2"
    uv = "x86_64-unknown-linux-musl"
    # pyfakefs needs ctypes, which needs one more library.
    without = ("-p", "no:fakefs")

    def __init__(self) -> None:
        super().__init__()
        self.python = self.home / "bin" / ("python" + VERSION)
        self.packages = (
            self.home / "lib" / ("python" + VERSION) / "site-packages"
        )

    def make(self) -> None:
        install(["musl-tools", "make", "perl"], ["musl-gcc", "make", "perl"])
        lists = Archive(CACHE / "amd64", [SUITE])
        sources = CACHE / "source"
        shutil.rmtree(str(sources), ignore_errors=True)
        sources.mkdir()
        include = self.home / "include"
        include.mkdir()
        for name, folder in KERNEL.items():
            (include / name).symlink_to(folder)
        compiler = self.home / "cc"
        compiler.write_text(COMPILER.format(include))
        compiler.chmod(0o755)

        variables = dict(os.environ, CC=str(compiler))
        # The variables of our own make would replace those of the packages.
        variables.pop("MAKEFLAGS", None)

        def steps(package, *commands) -> None:
            folder = lists.source(package, sources)
            for command in commands:
                output(*command, cwd=str(folder), env=variables)
            shutil.rmtree(str(folder))

        prefix = "--prefix={}".format(self.home)
        make = ["make", "--jobs={}".format(os.cpu_count() or 1)]
        steps(
            "zlib",
            ["env", "CFLAGS=-O2 -fPIC", "./configure", "--static", prefix],
            [*make, "install"],
        )
        steps(
            "openssl",
            [
                "./Configure", "linux-x86_64", prefix, "--libdir=lib",
                "-O0", *WITHOUT,
            ],
            [*make, "build_libs"],
            ["make", "install_dev"],
        )  # fmt: skip
        steps(
            "python" + VERSION,
            [
                "./configure", prefix, "--with-openssl={}".format(self.home),
                "--without-ensurepip", "--disable-test-modules",
                "CFLAGS=-O1 -g0", "LDFLAGS=-L{}/lib".format(self.home),
            ],
            make,
            ["make", "install"],
        )  # fmt: skip


PLATFORMS = {"aarch64": Aarch64, "musl": Musl}

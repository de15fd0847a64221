"""
The compiler's environment for another platform than this machine's.

    eval "$(python tools/rust.py aarch64-apple-darwin)"

rustup installs Rust's standard library for the platform. Where there is no rustup, or
where it cannot download, the library is compiled from its source with the build: from
that beside the compiler, or from Debian's package of the same version.
"""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from pathlib import Path

import debian
from debian import NotAvailable, output

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "rust"
# Where Debian's newer compilers are.
SUITES = ("bookworm-backports", "trixie", "trixie-backports")


def environment(target: str) -> dict:
    """Return the variables with which cargo builds for a target."""
    try:
        output("rustup", "target", "add", target)
    except NotAvailable:
        return from_source(target)
    return {}


def from_source(target: str) -> dict:
    """Return the variables that make cargo compile the standard library, too."""
    sysroot = Path(output("rustc", "--print", "sysroot").strip())
    beside = sysroot / "lib" / "rustlib" / "src" / "rust"
    # A copy of the compiler, which finds the source and the objects of the target.
    copy = CACHE / "compiler"
    inside = copy / "lib" / "rustlib"
    if not (inside / target / "lib").is_dir():
        source = beside if beside.is_dir() else debian_source()
        if not (copy / "bin").is_dir():
            output("cp", "-a", "--reflink=auto", sysroot, copy)
        (inside / "src").mkdir(exist_ok=True)
        if not (inside / "src" / "rust").exists():
            (inside / "src" / "rust").symlink_to(source)
        start_objects(copy / "bin" / "rustc", source, target)
    return {
        "RUSTUP_TOOLCHAIN": str(copy),
        "PATH": "{}:{}".format(copy / "bin", os.environ["PATH"]),
        "RUSTC": str(copy / "bin" / "rustc"),
        "RUSTC_BOOTSTRAP": "1",
        "CARGO_UNSTABLE_BUILD_STD": "std,panic_unwind",
    }


def start_objects(rustc: Path, source: Path, target: str) -> None:
    """Compile what a program for mingw begins and ends with, which is no crate."""
    folder = rustc.parents[1] / "lib" / "rustlib" / target / "lib"
    folder.mkdir(parents=True)
    if not target.endswith("windows-gnu"):
        return
    for name in ("rsbegin", "rsend"):
        output(
            rustc,
            "--target", target,
            "--crate-type", "rlib",
            "--emit", "obj",
            "-O",
            "-o", folder / (name + ".o"),
            source / "library" / "rtstartup" / (name + ".rs"),
            env=dict(os.environ, RUSTC_BOOTSTRAP="1"),
        )  # fmt: skip


def debian_source() -> Path:
    """Download Debian's source of the standard library, of the compiler's version."""
    version = output("rustc", "--version").split()[1]
    folder = CACHE / "source"
    source = folder / "usr" / "src" / ("rustc-" + version)
    if source.is_dir():
        return source
    archive = debian.Archive(CACHE / "apt", SUITES)
    exact = [
        one
        for one in archive.versions("rust-src")
        if one.split("+")[0] == version
    ]
    if not exact:
        raise NotAvailable("Debian has no rust-src " + version)
    archive.unpack("rust-src=" + exact[0], folder)
    return source


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("target")
    try:
        variables = environment(parser.parse_args().target)
    except NotAvailable as error:
        sys.exit(str(error))
    for name, value in variables.items():
        print("export {}={}".format(name, shlex.quote(value)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

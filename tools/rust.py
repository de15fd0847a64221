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
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "rust"
# Where Debian's newer compilers are.
SUITES = ("bookworm-backports", "trixie", "trixie-backports")


class NotAvailable(Exception):
    """This machine lacks something, and it cannot be installed."""


def output(*command, **options) -> str:
    """Return what a program prints. Raises NotAvailable if it fails."""
    try:
        return subprocess.run(
            [str(part) for part in command],
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **options,
        ).stdout
    except FileNotFoundError:
        raise NotAvailable("there is no {}".format(command[0])) from None
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip() or "no message").splitlines()[-1]
        raise NotAvailable(
            "{} failed: {}".format(" ".join(map(str, command)), last)
        ) from None


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
    apt = CACHE / "apt"
    for name in ("lists/partial", "cache/archives/partial", "etc"):
        (apt / name).mkdir(parents=True, exist_ok=True)
    (apt / "status").touch()
    keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
    (apt / "sources.list").write_text(
        "".join(
            "deb [signed-by={}] {} {} main\n".format(keyring, mirror(), suite)
            for suite in SUITES
        )
    )
    # Its own lists: those of the machine stay as they are.
    options = [
        "-oDir::State=" + str(apt),
        "-oDir::State::status=" + str(apt / "status"),
        "-oDir::State::lists=" + str(apt / "lists"),
        "-oDir::Cache=" + str(apt / "cache"),
        "-oDir::Etc=" + str(apt / "etc"),
        "-oDir::Etc::SourceList=" + str(apt / "sources.list"),
        "-oAcquire::Languages=none",
        "-oAPT::Sandbox::User=root",
    ]
    output("apt-get", *options, "-qq", "update")
    rows = output("apt-cache", *options, "madison", "rust-src").splitlines()
    versions = [row.split("|")[1].strip() for row in rows]
    exact = [one for one in versions if one.split("+")[0] == version]
    if not exact:
        raise NotAvailable("Debian has no rust-src " + version)
    package = "rust-src=" + exact[0]
    output("apt-get", *options, "-qq", "download", package, cwd=str(apt))
    (archive,) = apt.glob("rust-src_*.deb")
    output("dpkg", "-x", archive, folder)
    archive.unlink()
    return source


def mirror() -> str:
    """Return the URL from which this machine gets Debian's packages."""
    for line in output("apt-cache", "policy").splitlines():
        words = line.split()
        of_archive = len(words) > 2 and words[1].startswith("http")
        if of_archive and "/main" in words[2] and "security" not in line:
            return words[1]
    raise NotAvailable("this machine gets no packages from Debian")


def install(packages, programs) -> None:
    """Install Debian's packages, as root, unless the programs are there."""
    missing = [name for name in programs if not shutil.which(name)]
    if not missing:
        return
    if not (hasattr(os, "geteuid") and os.geteuid() == 0):
        raise NotAvailable(
            "there is no {}; install {}".format(
                " and no ".join(missing), " ".join(packages)
            )
        )
    quiet = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    output("apt-get", "-qq", "update", env=quiet)
    command = ["apt-get", "-qq", "install", "--no-install-recommends"]
    output(*command, *packages, env=quiet)


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

"""Debian's packages: installed on this machine, or unpacked into a folder without root."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


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


def install(packages, programs) -> None:
    """Install packages, as root, unless the programs are there. Raises NotAvailable."""
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


def mirror() -> str:
    """Return the URL from which this machine gets packages. Raises NotAvailable."""
    for line in output("apt-cache", "policy").splitlines():
        words = line.split()
        of_archive = len(words) > 2 and words[1].startswith("http")
        if of_archive and "/main" in words[2] and "security" not in line:
            return words[1]
    raise NotAvailable("this machine gets no packages from Debian")


class Archive:
    """
    The packages of some suites for one architecture.

    It has its own lists in a folder: those of the machine stay as they are, and nothing
    counts as installed. Its methods raise NotAvailable.
    """

    def __init__(self, folder: Path, suites, architecture: str = "") -> None:
        self.folder = folder
        for name in ("lists/partial", "cache/archives/partial", "etc"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / "status").touch()
        (folder / "sources.list").write_text(
            "".join(
                "{} [signed-by={}] {} {} main\n".format(
                    kind, KEYRING, mirror(), suite
                )
                for suite in suites
                for kind in ("deb", "deb-src")
            )
        )
        settings = {
            "Dir::State": folder,
            "Dir::State::status": folder / "status",
            "Dir::State::lists": folder / "lists",
            "Dir::Cache": folder / "cache",
            "Dir::Etc": folder / "etc",
            "Dir::Etc::SourceList": folder / "sources.list",
            "Acquire::Languages": "none",
            "APT::Sandbox::User": "root",
        }
        if architecture:
            settings["APT::Architecture"] = architecture
            settings["APT::Architectures"] = architecture
        self.options = ["-o{}={}".format(*one) for one in settings.items()]
        self.get("update")

    def get(self, *arguments, **options) -> None:
        output("apt-get", "-qq", *self.options, *arguments, **options)

    def versions(self, package: str) -> list:
        """Return the versions of a package, such as ``1.2-3``."""
        rows = output("apt-cache", *self.options, "madison", package)
        return [row.split("|")[1].strip() for row in rows.splitlines()]

    def unpack(self, package: str, into: Path) -> None:
        """Unpack one package into a folder."""
        with_name = self.folder / "one"
        shutil.rmtree(str(with_name), ignore_errors=True)
        with_name.mkdir()
        self.get("download", package, cwd=str(with_name))
        (archive,) = with_name.glob("*.deb")
        output("dpkg", "-x", archive, into)
        archive.unlink()

    def unpack_all(self, packages, into: Path) -> None:
        """Unpack packages and those that they depend on into a folder."""
        options = ["--yes", "--no-install-recommends", "--download-only"]
        self.get("install", *options, *packages)
        into.mkdir(parents=True, exist_ok=True)
        for archive in (self.folder / "cache" / "archives").glob("*.deb"):
            output("dpkg", "-x", archive, into)
            archive.unlink()

    def source(self, package: str, into: Path) -> Path:
        """Unpack the original source of a package into a folder, and return its own."""
        download = self.folder / "source"
        shutil.rmtree(str(download), ignore_errors=True)
        download.mkdir()
        self.get("source", "--download-only", package, cwd=str(download))
        (archive,) = download.glob("*.orig.tar.*[!c]")
        before = set(into.iterdir())
        output("tar", "-xf", archive, "-C", into)
        (folder,) = set(into.iterdir()) - before
        return folder

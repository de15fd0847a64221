"""
Write the licences of the Rust crates that are compiled into a wheel.

    python tools/licences.py LICENSE-THIRD-PARTY

Because of its name, the build adds the file to the wheel and the source archive,
beside the licences of the project itself. Crates that only run during the build are
not included, nor are crates for platforms without a wheel.
"""

from __future__ import annotations

import collections
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

PLATFORMS = (
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-gnu",
    "x86_64-pc-windows-msvc",
    "aarch64-pc-windows-msvc",
)

PREFIXES = (
    "LICENSE",
    "LICENCE",
    "COPYING",
    "COPYRIGHT",
    "NOTICE",
    "UNLICENSE",
)

HEAD = """\
Third-party software in the compiled part of this package
==========================================================

The file _core of this package contains the Rust crates listed here, and the
standard library of Rust (MIT OR Apache-2.0, https://www.rust-lang.org). Each crate
is listed with its version and the licence that its authors state, followed by its
licence texts. If a crate has several licences to choose from, any of them applies.
"""


def compiled_crates(platform: str) -> dict:
    """Return the crates that are linked into a wheel of one platform, by their ids."""
    done = subprocess.run(
        [
            "cargo",
            "metadata",
            "--locked",
            "--format-version",
            "1",
            "--filter-platform",
            platform,
        ],
        cwd=str(ROOT),
        stdout=subprocess.PIPE,
        check=True,
    )
    metadata = json.loads(done.stdout.decode())
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    found, open_ids = {}, [root]
    while open_ids:
        for dependency in nodes[open_ids.pop()]["deps"]:
            name = dependency["pkg"]
            package = packages[name]
            linked = any(
                kind["kind"] is None for kind in dependency["dep_kinds"]
            )
            runs_in_the_compiler = any(
                "proc-macro" in target["kind"] for target in package["targets"]
            )
            if linked and not runs_in_the_compiler and name not in found:
                found[name] = package
                open_ids.append(name)
    return found


def texts_of(package: dict) -> dict:
    """
    Return the licence texts of a crate, by the paths of their files.

    Code that a crate has copied from others has its licence in a subfolder.
    """
    folder = Path(package["manifest_path"]).parent
    files = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file()
        and path.suffix != ".rs"
        and path.name.upper().startswith(PREFIXES)
    }
    if package["license_file"]:
        path = folder / package["license_file"]
        files[package["license_file"]] = path
    return {
        name: "\n".join(
            line.rstrip()
            for line in path.read_text("utf-8", "replace").strip().splitlines()
        )
        for name, path in sorted(files.items())
    }


def describe(packages) -> str:
    """Return the whole list. Each text occurs once."""
    users = collections.OrderedDict()
    lines, missing = [HEAD], []
    for package in packages:
        title = "{name} {version}".format(**package)
        lines.append("{}: {}".format(title, package["license"]))
        texts = texts_of(package)
        if not package["license"] and not texts:
            missing.append(title)
        for text in collections.OrderedDict.fromkeys(texts.values()):
            users.setdefault(text, []).append(title)
    if missing:
        raise SystemExit(
            "these crates state no licence: " + ", ".join(missing)
        )
    for text, titles in users.items():
        lines.append("\n" + "-" * 72)
        lines.append("Of " + ", ".join(titles) + ":\n")
        lines.append(text)
    return "\n".join(lines) + "\n"


def main(target: str) -> None:
    found = {}
    for platform in PLATFORMS:
        found.update(compiled_crates(platform))
    packages = sorted(
        found.values(),
        key=lambda package: (package["name"], package["version"]),
    )
    Path(target).write_text(describe(packages), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

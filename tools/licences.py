"""
Write the licences of the Rust crates that a wheel has compiled into it.

    python tools/licences.py LICENSE-THIRD-PARTY

The name lets the build put the file into the wheel and the source archive, beside
the licences of the project itself. Crates that only run while building are left
out, and so are those of platforms that no wheel is made for.
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
    "x86_64-pc-windows-msvc",
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
Software of others in the compiled part of this package
========================================================

The file _core of this package contains the Rust crates listed here, and the
standard library of Rust (MIT OR Apache-2.0, https://www.rust-lang.org). Each is
named with its version and the licence its authors state, followed by the texts
that come with it. Where they leave a choice, any of the licences may be taken.
"""


def compiled_crates(platform: str) -> dict:
    """Return what a wheel of one platform is linked from, by the crates' ids."""
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
    Return the licence texts that come with a crate, by their files' paths.

    What a crate has taken from others has its licence in a folder of its own.
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
    """Return the whole list, each text written once."""
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
        raise SystemExit("no licence is stated by " + ", ".join(missing))
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

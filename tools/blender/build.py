"""
Build an extension of Blender 4.2 and later that contains the wheels of all platforms.

    python tools/blender/build.py dist/*.whl --out dist

Blender takes the wheel for its platform. The version of the extension is the first
three numbers of the package's version and the number of our release, such as
1.2.3-rs.4. Prints the path of the archive.
"""

from __future__ import annotations

import argparse
import re
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
MANIFEST = """\
schema_version = "1.0.0"
id = "gazu"
version = "{version}"
name = "Kitsu Client (gazu)"
tagline = "The Python package gazu, with which scripts talk to Kitsu"
maintainer = "The authors of gazu on Rust"
type = "add-on"
blender_version_min = "4.2.0"
license = ["SPDX:MIT", "SPDX:Apache-2.0"]
platforms = [{platforms}]
wheels = [
{wheels}]

[permissions]
network = "Talks to the Kitsu server that a script names"
files = "Reads and writes the files that a script names"
"""
#: Blender's names of the platforms, by what a wheel's name contains.
PLATFORMS = {
    r"manylinux\w*x86_64": ["linux-x64"],
    r"manylinux\w*aarch64": ["linux-arm64"],
    r"win_amd64": ["windows-x64"],
    r"win_arm64": ["windows-arm64"],
    r"macosx\w*universal2": ["macos-x64", "macos-arm64"],
    r"macosx\w*arm64": ["macos-arm64"],
    r"macosx\w*x86_64": ["macos-x64"],
}


def platforms_of(wheel: Path) -> list:
    """Return Blender's names of a wheel's platforms; none for musl."""
    tags = wheel.name.rpartition("-")[2]
    for pattern, names in PLATFORMS.items():
        if re.search(pattern, tags):
            return names
    return []


def build(wheels: list, out: Path) -> Path:
    """Write the archive and return its path."""
    usable = [wheel for wheel in wheels if platforms_of(wheel)]
    if not usable:
        raise SystemExit("none of these wheels is for a platform of Blender")
    versions = {
        tuple(re.findall(r"\d+", wheel.name.split("-")[1])) for wheel in usable
    }
    if len(versions) != 1:
        raise SystemExit("the wheels have several versions")
    version = "{}.{}.{}-rs.{}".format(*versions.pop())
    names = sorted({name for one in usable for name in platforms_of(one)})
    manifest = MANIFEST.format(
        version=version,
        platforms=", ".join('"{}"'.format(name) for name in names),
        wheels="".join(
            '    "./wheels/{}",\n'.format(wheel.name) for wheel in usable
        ),
    )
    archive = out / "gazu-blender-{}.zip".format(version)
    with zipfile.ZipFile(str(archive), "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("blender_manifest.toml", manifest)
        target.write(str(HERE / "extension" / "__init__.py"), "__init__.py")
        for wheel in usable:
            target.write(str(wheel), "wheels/" + wheel.name)
    return archive


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheels", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, default=Path("dist"))
    options = parser.parse_args()
    print(build(options.wheels, options.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())

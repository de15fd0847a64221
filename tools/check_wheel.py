"""
Check the files and the metadata of a wheel.

    python tools/check_wheel.py dist/gazu-*.whl

Prints a line for each problem, and exits with status 1 if there is one. The platform
tag and the stable ABI are checked by auditwheel and abi3audit instead.
"""

from __future__ import annotations

import os
import re
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SIZE_LIMIT = 4_000_000
EXTENSION = re.compile(
    r"gazu/_core\.(abi3\.so|(?:cp\w+-\w+\.)?pyd|cpython-\w+-[\w-]+\.so)$"
)


def expected(folder: str) -> set:
    """Return the names of the files that a wheel must have, without the extension."""
    names = {
        path.relative_to(ROOT / "python").as_posix()
        for package in ("gazu", "pytest_gazu")
        for path in (ROOT / "python" / package).rglob("*")
        if path.suffix in (".py", ".pyi") or path.name == "py.typed"
        if path.parent.name != "_core"
    }
    for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt"):
        names.add(folder + "/" + name)
    for name in ("APACHE", "MIT", "THIRD-PARTY"):
        names.add(folder + "/licenses/LICENSE-" + name)
    return names


def faults(wheel: Path):
    """Yield the problems of a wheel."""
    size = wheel.stat().st_size
    if size > SIZE_LIMIT:
        yield f"it has {size} bytes, more than {SIZE_LIMIT}"
    with zipfile.ZipFile(str(wheel)) as archive:
        names = set(archive.namelist())
        folder = next(
            name.split("/")[0] for name in names if ".dist-info/" in name
        )
        extensions = {name for name in names if EXTENSION.match(name)}
        if len(extensions) != 1:
            yield f"it must have one extension, but has {sorted(extensions)}"
        names -= extensions
        for name in sorted(expected(folder) - names):
            yield f"{name} is missing"
        for name in sorted(names - expected(folder)):
            yield f"{name} must not be in it"
        metadata = Parser().parsestr(
            archive.read(folder + "/METADATA").decode("utf-8")
        )
        entry_points = archive.read(folder + "/entry_points.txt").decode()
        yield from metadata_faults(metadata, entry_points)
        for name in archive.namelist():
            for path in builder_paths(archive.read(name)):
                yield f"{name} contains a path of the build machine: {path}"


def builder_paths(content: bytes) -> set:
    """Return the paths of the build machine that a file contains."""
    home = Path.home()
    cargo = Path(os.environ.get("CARGO_HOME", home / ".cargo"))
    rustup = Path(os.environ.get("RUSTUP_HOME", home / ".rustup"))
    folders = {str(path) for path in (ROOT, home, cargo, rustup)}
    # Match only whole folder names: `/root` can also be the end of another path.
    patterns = [rb"(?<![\w.-])" + re.escape(os.fsencode(f)) for f in folders]
    patterns += [rb"/(?:home|root|Users)/\w", rb"[A-Z]:\\Users\\"]
    patterns.append(rb"(?:\.cargo|cargo)[/\\]registry[/\\]src")
    # The folder of a registry is named after its host, which only a mirror hides.
    patterns.append(rb"[\w.]+(?<!index\.crates\.io)-[0-9a-f]{16}[/\\](?=\w)")
    found = re.compile(rb"(?:%s)[\w./\\@+-]{0,60}" % rb"|".join(patterns))
    return {path.decode("utf-8", "replace") for path in found.findall(content)}


def metadata_faults(metadata, entry_points: str):
    if metadata["Requires-Python"] != ">=3.7":
        yield "Requires-Python is {}".format(metadata["Requires-Python"])
    for requirement in metadata.get_all("Requires-Dist") or []:
        if "extra ==" not in requirement:
            yield f"it requires {requirement} without an extra"
    for word in ("[pytest11]", "gazu=pytest_gazu"):
        if word not in entry_points.replace(" ", ""):
            yield f"entry_points.txt has no {word}"


def main() -> int:
    found = 0
    for name in sys.argv[1:]:
        for fault in faults(Path(name)):
            print(f"{name}: {fault}", file=sys.stderr)
            found += 1
    return 1 if found or len(sys.argv) < 2 else 0


if __name__ == "__main__":
    sys.exit(main())

"""
Check that a wheel holds what it must, and nothing else.

    python tools/check_wheel.py dist/gazu-*.whl

Ends with 1 and a line for each fault. The audits of the platform and of the stable
ABI are auditwheel's and abi3audit's.
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
    """Return the names that a wheel must have, but for the extension's."""
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
    """Yield what is wrong with a wheel."""
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
            yield f"it has not one extension but {sorted(extensions)}"
        names -= extensions
        for name in sorted(expected(folder) - names):
            yield f"{name} is missing"
        for name in sorted(names - expected(folder)):
            yield f"{name} does not belong into it"
        metadata = Parser().parsestr(
            archive.read(folder + "/METADATA").decode("utf-8")
        )
        entry_points = archive.read(folder + "/entry_points.txt").decode()
        yield from metadata_faults(metadata, entry_points)
        for name in archive.namelist():
            for path in builder_paths(archive.read(name)):
                yield f"{name} tells a path of the builder: {path}"


def builder_paths(content: bytes) -> set:
    """Return the paths of the machine that built it which a file tells."""
    home = Path.home()
    cargo = Path(os.environ.get("CARGO_HOME", home / ".cargo"))
    rustup = Path(os.environ.get("RUSTUP_HOME", home / ".rustup"))
    folders = {str(path) for path in (ROOT, home, cargo, rustup)}
    # As a folder of its own, with what follows: `/root` is also the end of words.
    patterns = [rb"(?<![\w.-])" + re.escape(os.fsencode(f)) for f in folders]
    patterns += [rb"/(?:home|root|Users)/\w", rb"[A-Z]:\\Users\\"]
    patterns.append(rb"(?:\.cargo|cargo)[/\\]registry[/\\]src")
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

"""
Check that the wheel replaces upstream and can be replaced by it again.

    python tools/replace.py dist/gazu-*.whl

All steps use pip in new environments, as a studio would: installing the wheel over
upstream and upstream over the wheel, installing a package that requires gazu, and
upgrading with and without a constraint. Prints each successful check, and exits with
status 1 at the first failure.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import versions

UPSTREAM = "gazu==" + versions.UPSTREAM
#: The version of a simulated later release of upstream.
LATER = versions.UPSTREAM + ".post1"
# A package on the index that requires exactly this release of gazu.
DEPENDENT = "zou==1.0.97"

_LOOK = """
import importlib.metadata as metadata, json, os, gazu
files = {str(path) for path in metadata.files("gazu")}
site = os.path.dirname(os.path.dirname(gazu.__file__))
found = set()
for package in ("gazu", "pytest_gazu"):
    for folder, _, names in os.walk(os.path.join(site, package)):
        for name in names:
            if not name.endswith(".pyc"):
                path = os.path.relpath(os.path.join(folder, name), site)
                found.add(path)
print(json.dumps({
    "version": metadata.version("gazu"),
    "ours": os.path.exists(os.path.join(site, "gazu", "_core.abi3.so")),
    "name": gazu.__version__,
    "strays": sorted(found - files),
}))
"""


class Environment:
    """A virtual environment and its pip."""

    def __init__(self, folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        self.python = folder / "bin" / "python"

    def pip(self, *arguments, fails: bool = False) -> str:
        """Run pip and return its output. Exits if the status is unexpected."""
        done = subprocess.run(
            [
                self.python,
                "-m",
                "pip",
                "--disable-pip-version-check",
                *arguments,
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if (done.returncode != 0) != fails:
            command = " ".join(map(str, arguments))
            sys.exit(
                f"pip {command} exited with status {done.returncode}:\n{done.stdout}"
            )
        return done.stdout

    def look(self) -> dict:
        """Return which gazu is installed, and its files that pip does not know."""
        done = subprocess.run(
            [self.python, "-I", "-c", _LOOK],
            stdout=subprocess.PIPE,
            check=True,
        )
        return json.loads(done.stdout.decode())


def expect(
    environment: Environment, what: str, ours: bool, version: str
) -> None:
    """Exit unless an environment has this gazu and no files of the other one."""
    seen = environment.look()
    wanted = {"version": version, "ours": ours, "strays": []}
    if any(seen[key] != value for key, value in wanted.items()):
        sys.exit(f"{what}: {seen}")
    environment.pip("check")
    print(f"{what}: gazu {version}, pip check is clean")


def make_upgrade(folder: Path) -> None:
    """Write a wheel that simulates upstream's next release."""
    info = f"gazu-{LATER}.dist-info"
    files = {
        "gazu/__init__.py": f'__version__ = "{LATER}"\n'.encode(),
        info
        + "/METADATA": f"Metadata-Version: 2.1\nName: gazu\nVersion: {LATER}\n".encode(),
        info + "/WHEEL": b"Wheel-Version: 1.0\nGenerator: replace\n"
        b"Root-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest())
        checksum = digest.rstrip(b"=").decode()
        record += f"{name},sha256={checksum},{len(content)}\n"
    files[info + "/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    with zipfile.ZipFile(
        str(folder / f"gazu-{LATER}-py3-none-any.whl"), "w"
    ) as wheel:
        for name, content in files.items():
            wheel.writestr(name, content)


def over_and_back(folder: Path, wheel: Path, version: str) -> None:
    one = Environment(folder / "over")
    one.pip("install", UPSTREAM)
    expect(one, "upstream", False, versions.UPSTREAM)
    one.pip("install", "--no-index", wheel)
    expect(one, "the wheel over upstream", True, version)
    one.pip("install", "--no-index", wheel)
    expect(one, "the wheel again", True, version)
    one.pip("install", "--force-reinstall", "--no-deps", UPSTREAM)
    expect(one, "upstream over the wheel", False, versions.UPSTREAM)
    one.pip("install", "--no-index", wheel)
    one.pip("uninstall", "--yes", "gazu")
    left = list(Path(folder / "over").rglob("gazu"))
    left += list(Path(folder / "over").rglob("pytest_gazu"))
    if left:
        sys.exit(f"uninstalled, but these are left: {left}")
    print("uninstalled: nothing is left")


def dependents(folder: Path, wheel: Path, version: str) -> None:
    other = Environment(folder / "dependent")
    other.pip("install", "--no-index", wheel)
    other.pip("install", DEPENDENT)
    expect(other, f"with {DEPENDENT} installed", True, version)
    other.pip("install", "--upgrade", DEPENDENT, UPSTREAM.split("=")[0])
    expect(other, "after an upgrade without a newer upstream", True, version)


def upgrades(folder: Path, wheel: Path, version: str) -> None:
    make_upgrade(folder)
    third = Environment(folder / "upgrade")
    index = [
        "--no-index",
        "--find-links",
        folder,
        "--find-links",
        wheel.parent,
    ]
    third.pip("install", "--no-index", wheel)
    pins = folder / "constraints.txt"
    pins.write_text(f"gazu=={version}\n")
    third.pip("install", "--upgrade", "--constraint", pins, *index, "gazu")
    expect(third, "after an upgrade with a constraint", True, version)
    third.pip("install", "--upgrade", *index, "gazu")
    seen = third.look()
    if seen["ours"] or seen["version"] != LATER:
        sys.exit(f"after an upgrade without a constraint: {seen}")
    print(f"after an upgrade without a constraint: upstream's gazu {LATER}")
    third.pip("install", "--constraint", pins, *index, "gazu")
    expect(third, "restored with the constraint", True, version)


def main(name: str) -> None:
    wheel = Path(name).resolve()
    version = wheel.name.split("-")[1]
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        over_and_back(folder, wheel, version)
        dependents(folder, wheel, version)
        upgrades(folder, wheel, version)


if __name__ == "__main__":
    main(*sys.argv[1:])

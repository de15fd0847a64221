"""
Take upstream's place in an environment, give it back, and stay when told to.

    python tools/replace.py dist/gazu-*.whl

Everything is done by pip, as a studio would, in new environments: the wheel over
upstream and back, beside a package that requires gazu, and what an upgrade does that
was not meant for gazu. Prints what holds; ends with 1 at the first thing that does
not.
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
#: What stands for upstream's next release.
LATER = versions.UPSTREAM + ".post1"
# A package of the index that requires gazu, of the very release.
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
    """A virtual environment, and what pip does in it."""

    def __init__(self, folder: Path) -> None:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        self.python = folder / "bin" / "python"

    def pip(self, *arguments, fails: bool = False) -> str:
        """Run pip and return what it says. Exits if it does not go as meant."""
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
            said = " ".join(map(str, arguments))
            sys.exit(
                f"pip {said} ended with {done.returncode}:\n{done.stdout}"
            )
        return done.stdout

    def look(self) -> dict:
        """Return which gazu is installed, and the files that are not its own."""
        done = subprocess.run(
            [self.python, "-I", "-c", _LOOK],
            stdout=subprocess.PIPE,
            check=True,
        )
        return json.loads(done.stdout.decode())


def expect(
    environment: Environment, what: str, ours: bool, version: str
) -> None:
    """Say that an environment has a gazu and nothing of the other, or exit."""
    seen = environment.look()
    wanted = {"version": version, "ours": ours, "strays": []}
    if any(seen[key] != value for key, value in wanted.items()):
        sys.exit(f"{what}: {seen}")
    environment.pip("check")
    print(f"{what}: gazu {version}, pip check is clean")


def make_upgrade(folder: Path) -> None:
    """Write a wheel that stands for upstream's next release."""
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
        sys.exit(f"uninstalled, but there is {left}")
    print("uninstalled: nothing is left")


def dependents(folder: Path, wheel: Path, version: str) -> None:
    other = Environment(folder / "dependent")
    other.pip("install", "--no-index", wheel)
    other.pip("install", DEPENDENT)
    expect(other, f"{DEPENDENT} installed beside it", True, version)
    other.pip("install", "--upgrade", DEPENDENT, UPSTREAM.split("=")[0])
    expect(other, "upgraded all, with no newer upstream", True, version)


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
    expect(third, "an upgrade with a constraint", True, version)
    third.pip("install", "--upgrade", *index, "gazu")
    seen = third.look()
    if seen["ours"] or seen["version"] != LATER:
        sys.exit(f"an upgrade without a constraint: {seen}")
    print(f"an upgrade without a constraint: gazu {LATER}, upstream's")
    third.pip("install", "--constraint", pins, *index, "gazu")
    expect(third, "back by the constraint", True, version)


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

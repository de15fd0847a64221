"""
Run upstream's own tests against this package.

    python tools/upstream_tests.py
    python tools/upstream_tests.py -k casting -x

Downloads the source archive of the release that Cargo.toml names from the package
index, and extracts its tests into .cache/upstream-tests. Runs them in an environment
with their requirements and with the package of this folder. The archive lacks the
tests' helper module and the files that they upload, so this script creates them. It
also lacks the list of routes that test_zou_routes reads, so that file is skipped.
All arguments are passed to pytest.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import versions

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "upstream-tests"
VERSION = versions.UPSTREAM
NEEDED = [
    "aiohttp",
    "click",
    "multipart",
    "pytest",
    "python-socketio[client]",
    "requests",
    "requests-mock",
]
FILES = ("v1.png", "test.csv", "test.edl")
LEFT_OUT = "test_zou_routes.py"

# A helper module with the functions that the tests call.
HELPER = """
import io
import json
import uuid

from multipart import MultipartParser, parse_options_header

import gazu.client


def fakeid(name):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def mock_route(mock, method, path, **answer):
    if "text" in answer and not isinstance(answer["text"], str):
        answer["text"] = json.dumps(answer["text"])
    if not path.startswith("http"):
        path = gazu.client.get_full_url(path)
    return mock.request(method, path, **answer)


def add_verify_file_callback(mock, expected, path=None):
    wanted = gazu.client.get_full_url(path) if path else None

    def verify(request):
        if wanted is not None and request.url != wanted:
            return None
        kind = request.headers.get("Content-Type", "")
        if not kind.startswith("multipart/form-data"):
            return None
        body = request.body
        body = body.read() if hasattr(body, "read") else body
        boundary = parse_options_header(kind)[1]["boundary"]
        parts = {p.name: p for p in MultipartParser(io.BytesIO(body), boundary)}
        for name, value in expected.items():
            raw = isinstance(value, bytes)
            found = parts[name].raw if raw else parts[name].value
            assert found == value, name
        return None

    mock.add_matcher(verify)
"""


def fetch() -> Path:
    """Return the folder of the release's tests. Download them if not cached."""
    folder = CACHE / VERSION
    if not (folder / "tests").is_dir():
        shutil.rmtree(str(folder), ignore_errors=True)
        folder.mkdir(parents=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet"]
        command += ["--no-deps", "--disable-pip-version-check"]
        command += ["--no-binary=gazu", "--dest", str(folder)]
        subprocess.run([*command, "gazu==" + VERSION], check=True)
        with tarfile.open(str(next(folder.glob("*.tar.gz")))) as archive:
            for member in archive.getmembers():
                name = member.name.partition("/")[2]
                plain = member.isfile() and ".." not in name
                if plain and name.startswith("tests/"):
                    target = folder / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    source = archive.extractfile(member)
                    target.write_bytes(source.read() if source else b"")
    tests = folder / "tests"
    (tests / "utils.py").write_text(HELPER.lstrip(), encoding="utf-8")
    (tests / "fixtures").mkdir(exist_ok=True)
    for name in FILES:
        (tests / "fixtures" / name).write_bytes(("made for " + name).encode())
    return folder


def environment() -> Path:
    """Return the Python of an environment with the requirements of the tests."""
    folder = CACHE / "venv"
    python = folder / (
        "Scripts/python.exe" if os.name == "nt" else "bin/python"
    )
    stamp = folder / "needed"
    wanted = "\n".join([sys.version, *NEEDED])
    if not (stamp.exists() and stamp.read_text() == wanted):
        shutil.rmtree(str(folder), ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        command = [str(python), "-m", "pip", "install", "--quiet"]
        command.append("--disable-pip-version-check")
        subprocess.run([*command, *NEEDED], check=True)
        stamp.write_text(wanted)
    return python


def main() -> int:
    folder, python = fetch(), environment()
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GAZU_", "PYTEST_"))
    }
    variables["PYTHONPATH"] = str(ROOT / "python")
    variables["PYTHONDONTWRITEBYTECODE"] = "1"
    found = subprocess.run(
        [str(python), "-c", "import gazu; print(gazu.__file__)"],
        env=variables,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    ).stdout.strip()
    if Path(found).resolve().parents[1] != (ROOT / "python").resolve():
        print("this is not the package of this folder:", found)
        return 1
    print("running upstream's tests of", VERSION, "against", found)
    print("skipped:", LEFT_OUT, "(it needs a list that is not in the archive)")
    command = [str(python), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["--ignore", "tests/" + LEFT_OUT, "tests", *sys.argv[1:]]
    return subprocess.run(command, cwd=str(folder), env=variables).returncode


if __name__ == "__main__":
    sys.exit(main())

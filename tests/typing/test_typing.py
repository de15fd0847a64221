"""Type checkers and editors understand code that uses the package.

``samples`` are scripts as users write them; the checkers must report no errors. In
``mistakes`` the checkers must report each line with that comment, and no other line.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .language_server import LanguageServer

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PYTHON = ROOT / "python"
SAMPLES = sorted((HERE / "samples").glob("*.py"))
MISTAKES = sorted((HERE / "mistakes").glob("*.py"))
STUBS = [
    *sorted((PYTHON / "gazu").glob("*.pyi")),
    PYTHON / "gazu" / "types.py",
]
CHECKED = [*SAMPLES, *MISTAKES, *STUBS]

# Users' code is checked for this version, whatever version runs the checkers.
VERSION = "3.10"

pytestmark = pytest.mark.timeout(300)


def run(*command: object, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=str(ROOT),
        env=dict(os.environ, **environment),
    )


@pytest.fixture(scope="module")
def mypy(tmp_path_factory) -> dict[Path, set[int]]:
    """Return the lines that mypy reports, by file."""
    done = run(
        *(sys.executable, "-m", "mypy", "--no-color-output"),
        *("--config-file", HERE / "mypy.ini"),
        *("--cache-dir", tmp_path_factory.mktemp("mypy")),
        *("--python-version", VERSION),
        *CHECKED,
        MYPYPATH=str(PYTHON),
    )
    assert done.returncode in (0, 1), done.stdout
    found: dict[Path, set[int]] = {}
    for name, line in re.findall(r"^(.+?):(\d+): error: ", done.stdout, re.M):
        found.setdefault(ROOT / name, set()).add(int(line))
    print(done.stdout)
    return found


@pytest.fixture(scope="module")
def pyright() -> dict[Path, set[int]]:
    """Return the lines that pyright reports, by file."""
    done = run(
        *(sys.executable, "-m", "pyright", "--outputjson"),
        *("--pythonpath", sys.executable, "--pythonversion", VERSION),
        *CHECKED,
    )
    assert done.returncode in (0, 1), done.stdout
    found: dict[Path, set[int]] = {}
    report = json.loads(done.stdout[done.stdout.index("{") :])
    for each in report["generalDiagnostics"]:
        if each["severity"] == "error":
            line = each["range"]["start"]["line"] + 1
            found.setdefault(Path(each["file"]), set()).add(line)
            print(each["file"], line, each["message"])
    return found


def lines(found: dict[Path, set[int]], paths: list[Path]) -> dict:
    return {path: found[path] for path in paths if path in found}


def mistaken_lines() -> dict[Path, set[int]]:
    return {
        path: {
            number
            for number, line in enumerate(
                path.read_text(encoding="utf-8").splitlines(), 1
            )
            if line.endswith("# mistake")
        }
        for path in MISTAKES
    }


def test_the_stubs_are_up_to_date():
    done = run(sys.executable, "stubs/generate.py", "--check")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_samples_have_no_errors(checker, request):
    found = request.getfixturevalue(checker)
    assert lines(found, SAMPLES) == {}


def test_the_sample_of_the_readme_is_its_script():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    sample = (HERE / "samples" / "readme.py").read_text(encoding="utf-8")
    assert sample.partition("\n\n")[2] in readme


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_every_mistake_is_reported(checker, request):
    found = request.getfixturevalue(checker)
    assert lines(found, MISTAKES) == mistaken_lines()


@pytest.mark.parametrize("checker", ["mypy", "pyright"])
def test_the_stubs_have_no_errors(checker, request):
    found = request.getfixturevalue(checker)
    assert lines(found, STUBS) == {}


def test_the_stubs_match_the_modules(tmp_path):
    """stubtest compares them; its allowed differences have their reasons beside them."""
    package = tmp_path / "gazu"
    shutil.copytree(
        str(PYTHON / "gazu"),
        str(package),
        ignore=shutil.ignore_patterns("*.so", "__pycache__", "*.pyc"),
    )
    done = run(sys.executable, "stubs/generate.py", "--plain", package)
    assert done.returncode == 0, done.stdout
    done = run(
        *(sys.executable, "-m", "mypy.stubtest", "gazu", "--concise"),
        *("--mypy-config-file", HERE / "stubtest.ini"),
        *("--allowlist", HERE / "stubtest-allowed.txt"),
        MYPYPATH=str(tmp_path),
    )
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with LanguageServer(tmp_path_factory.mktemp("editor")) as server:
        yield server


class TestEditor:
    """The language server of pyright answers as editors need it."""

    def test_a_function_shows_text_and_arguments(self, server):
        shown = server.hover("import gazu\ngazu.task.add_com|ment")
        assert "task: ModelOrId" in shown
        assert "-> Comment" in shown
        assert "Route: `POST actions/tasks/{task}/comment`" in shown

    def test_a_cached_function_shows_text_and_arguments(self, server):
        shown = server.hover("import gazu\ngazu.task.get_ta|sk")
        assert "Route: `GET data/tasks/{task_id}/full`" in shown
        signature = server.signatures("import gazu\ngazu.task.get_task(|)")[0]
        assert signature["label"].endswith("-> FullTask")
        assert "Route:" in signature["documentation"]["value"]

    def test_names_are_completed(self, server):
        names = server.completions("import gazu\ngazu.task.|")
        assert {"get_task", "add_comment", "all_tasks_for_shot"} <= names
        controls = server.completions("import gazu\ngazu.task.get_task.|")
        assert "clear_cache" in controls

    def test_keys_of_a_result_are_completed(self, server):
        keys = server.completions(
            'import gazu\ntask = gazu.task.get_task("id")\ntask["|"]'
        )
        assert {'"task_status_id"', '"entity_id"'} <= keys

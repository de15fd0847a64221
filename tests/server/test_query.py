"""Queries of a real Zou: what it filters, its columns, and records by ids."""

from __future__ import annotations

import datetime
import importlib.util
from pathlib import Path

import gazu
import pytest
from gazu._engine.columns import COLUMNS
from gazu._engine.query import KINDS

from .docstring_types import NAMES, differences
from .scenarios.records import FILE_TREE
from .test_boards import fill


@pytest.fixture(scope="module")
def boards(fresh_zou, admin):
    return fill(gazu.client.default_client)


def names(rows):
    return sorted(row["name"] for row in rows)


@pytest.mark.parametrize("model", sorted(COLUMNS))
def test_the_columns_are_those_of_the_server(boards, model):
    """Each column that the server is said to compare can be asked for."""
    known = {
        name: kind
        for kind, words in COLUMNS[model].items()
        for name in words.split()
    }
    values = {"ids": boards["project"]["id"], "texts": "[x]"}
    values.update(flags=True, numbers=1, lists=boards["project"]["id"])
    conditions = {
        name: values[kind] for name, kind in known.items() if kind in values
    }
    for name, value in conditions.items():
        rows = list(gazu.query(model, page_size=3, **{name: value}))
        for row in rows:
            assert name not in row or row[name] == value
    for row in list(gazu.query(model, relations=True, page_size=50))[:20]:
        assert set(row) - {"type"} <= set(known), model


def test_what_the_server_filters(boards):
    project = boards["project"]
    everything = names(gazu.query("shots", project=project))
    assert len(everything) == 6
    first = gazu.query("shots", project=project, name="E01SH1 é")
    assert names(first) == ["E01SH1 é"]
    assert names(gazu.query("shots", project=project, name="e01sh1 é")) == []
    assert names(gazu.query("shots", name="E01SH_ é")) == []
    wanted = ["E01SH1 é", "E02SH2 é"]
    rows = gazu.query("shots", project=project, name__in=wanted)
    assert names(rows) == wanted
    assert names(gazu.query("shots", nb_frames=2)) == [
        "E01SH2 é",
        "E02SH2 é",
    ]
    assert names(gazu.query("shots", nb_frames__in=[0, 2], canceled=False))
    sequences = list(gazu.query("sequences", parent__in=boards["episodes"]))
    assert names(sequences) == ["E01SE", "E02SE"]
    rows = gazu.query("shots", parent=sequences[0], nb_frames__gte=1)
    assert len(list(rows)) == 2
    assert len(list(gazu.query("assets", project=project))) == 3
    assert names(gazu.query("edits")) == ["E01ED", "E02ED"]
    assert names(gazu.query("concepts", project=project)) == ["Mood"]


def test_tasks_with_their_records(boards):
    me = gazu.client.get_current_user()
    rows = list(
        gazu.query(
            "tasks",
            project=boards["project"],
            assignees=me,
            created_at__lt=datetime.date.today() + datetime.timedelta(2),
            fields=["priority", "assignees"],
            expand=["entity", "task_type", "assignees"],
            page_size=4,
        )
    )
    assert len(rows) == 6
    for row in rows:
        assert set(row) == {
            *("id", "type", "priority", "assignees", "entity", "task_type")
        }
        assert row["entity"]["type"] == "Shot"
        assert row["task_type"]["for_entity"] == "Shot"
        assert [person["id"] for person in row["assignees"]] == [me["id"]]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_records_by_ids(boards, kind):
    rows = list(gazu.query(kind, project=boards["project"]))
    assert rows
    other = boards["project"]["id"]
    found = gazu.by_ids(kind, [*rows, other, rows[0]])
    assert found == [*rows, None, rows[0]]
    wrong = "shots" if kind != "shots" else "assets"
    assert gazu.by_ids(wrong, rows) == [None] * len(rows)


def test_the_types_of_the_records(boards):
    """The stubs say which keys the records of a model have."""
    path = Path(__file__).resolve().parents[2] / "stubs" / "generate.py"
    spec = importlib.util.spec_from_file_location("generate", str(path))
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    project = boards["project"]
    task = next(
        task
        for asset in gazu.query("assets", project=project)
        for task in gazu.task.all_tasks_for_asset(asset)
    )
    status = gazu.task.get_default_task_status()
    comment = gazu.task.add_comment(task, status, "first")
    gazu.task.create_preview(task, comment)
    me = gazu.client.get_current_user()
    gazu.task.assign_task(task, me)
    gazu.task.add_time_spent(task, me, datetime.date.today().isoformat(), 60)
    gazu.playlist.new_playlist(project, "Dailies")
    gazu.files.update_project_file_tree(project, FILE_TREE)
    working = gazu.files.new_working_file(
        task, software=gazu.files.new_software("Maya", "maya", ".ma")
    )
    asset = next(gazu.query("assets", project=project))
    gazu.files.new_entity_output_file(
        asset,
        gazu.files.new_output_type("Cache", "abc"),
        gazu.task.get_task_type(task["task_type_id"]),
        "made",
        working_file=working,
    )
    for model, kind in generate.RECORDS.items():
        for relations in (False, True):
            rows = list(gazu.query(model, relations=relations))
            assert rows, model
            expected = list[NAMES[kind]]
            assert not list(differences(rows, expected, model))

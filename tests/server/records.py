"""
Write the records that the page of gazu.types shows: ``docs/records.json``.

    make server
    .venv/bin/python -m tests.server.records HOST EMAIL PASSWORD

The records are those of a real server. Long texts and lists are shortened.
"""

from __future__ import annotations

import json
import sys
import tempfile
import typing
from pathlib import Path
from typing import Any, Iterator

import gazu
from gazu.testing.routes.comments import PIXEL

from .docstring_types import differences, documented

TARGET = Path(__file__).resolve().parents[2] / "docs" / "records.json"
LONGEST = 48


def calls() -> Iterator[tuple[Any, Any]]:
    """Yield functions and their results."""

    def call(function: Any, *args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        assert result, function.__name__
        found.append((function, result))
        return result

    found: list[tuple[Any, Any]] = []
    project = call(gazu.project.all_projects)[0]
    asset = call(gazu.asset.all_assets_for_project, project)[0]
    call(gazu.asset.get_asset, asset["id"])
    call(gazu.asset.all_asset_types)
    shot = call(gazu.shot.all_shots_for_project, project)[0]
    call(gazu.shot.get_shot, shot["id"])
    call(gazu.shot.all_sequences_for_project, project)
    call(gazu.shot.all_shots_with_tasks, project)
    call(gazu.asset.all_assets_with_tasks, project)
    gazu.casting.update_shot_casting(
        project, shot, [{"asset_id": asset["id"], "nb_occurences": 1}]
    )
    call(gazu.casting.get_shot_casting, shot)
    task = call(gazu.task.all_tasks_for_asset, asset)[0]
    call(gazu.task.get_task, task["id"])
    call(gazu.task.all_task_types)
    wip = call(gazu.task.get_task_status_by_short_name, "wip")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "turntable.png"
        path.write_bytes(PIXEL)
        comment = call(gazu.task.add_comment, task, wip, "The ears are longer")
        preview = gazu.task.add_preview(task, comment, str(path))
    call(gazu.files.wait_for_preview_file, preview)
    call(gazu.person.all_persons)
    (assignee, *_) = gazu.task.get_task(task["id"])["assignees"]
    person = gazu.person.get_person(assignee)
    call(gazu.person.all_organisations)
    call(gazu.person.all_departments)
    call(gazu.task.add_time_spent, task, person, "2026-01-05", 90)
    call(gazu.project.all_project_status)
    call(gazu.playlist.new_playlist, project, "Dailies")
    call(gazu.sync.get_last_events)
    return iter(found)


def kind_of(function: Any) -> Any:
    """Return the type of a record in a function's result."""
    kind = documented(function)
    if typing.get_origin(kind) is list:
        (kind,) = typing.get_args(kind)
    for each in typing.get_args(kind):
        if each is not type(None):
            return each
    return kind


def shortened(value: Any) -> Any:
    """Return a value with shorter texts and at most one record in each list."""
    if isinstance(value, str) and len(value) > LONGEST:
        return value[: LONGEST - 3] + "..."
    if isinstance(value, list):
        return [shortened(each) for each in value[:1]]
    if isinstance(value, dict):
        return {key: shortened(each) for key, each in value.items()}
    return value


def main() -> None:
    """Write the file."""
    host, email, password = sys.argv[1:]
    gazu.set_host(host)
    gazu.log_in(email, password)
    records: dict[str, Any] = {}
    for function, result in calls():
        record = result[0] if isinstance(result, list) else result
        kind = kind_of(function)
        wrong = list(differences(record, kind))
        assert not wrong, (function.__name__, wrong)
        records.setdefault(kind.__name__, shortened(record))
    text = json.dumps(dict(sorted(records.items())), indent=1)
    TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

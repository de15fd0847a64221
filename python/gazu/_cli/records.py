"""
Records that arguments name: by id, by name, or by a path of names.

A path names an entity, ``Caminandes/SE01/SH01``, or a task of it,
``Caminandes/SE01/SH01/Animation``. Sequences, episodes and asset types in it may be
left out if the name is unique.
"""

from __future__ import annotations

import difflib
import os
import uuid
from typing import Any, Callable

from .. import client as raw
from .. import project as gazu_project
from .. import shot as gazu_shot
from .. import task as gazu_task
from ..exception import NotAllowedException
from .errors import NOT_FOUND, USAGE, fail

TASK_PATH = "PROJECT/ENTITY/TASK-TYPE"
ENTITY_PATH = "PROJECT/ENTITY"


def is_id(text: str) -> bool:
    """Return whether a text is the id of a record."""
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def required(
    value: Any,
    label: str,
    name: str,
    others: Callable[[], list] | None = None,
) -> Any:
    """
    Return a value. If it is None, exit with an error that suggests near names.

    Args:
        value: The value.
        label: The kind of the record, with a capital letter.
        name: The name that is not found.
        others: Returns the records that there are.
    """
    if value is None:
        fail(
            "{} not found: {}.{}".format(label, name, _near(name, others)),
            NOT_FOUND,
        )
    return value


def _near(name: str, others: Callable[[], list] | None) -> str:
    """Return a question that names the nearest names."""
    if others is None:
        return ""
    try:
        names = {
            str(record[key])
            for record in others()
            for key in ("name", "short_name")
            if isinstance(record, dict) and record.get(key)
        }
    except Exception:
        # Then the error has no suggestion.
        return ""
    by_text = {each.casefold(): each for each in sorted(names)}
    found = difflib.get_close_matches(name.casefold(), by_text, 3, 0.6)
    if found:
        return " Did you mean {}?".format(
            " or ".join(by_text[each] for each in found)
        )
    if 0 < len(names) <= 12:
        return " There are: {}.".format(", ".join(sorted(names)))
    return ""


def _named(records: list, name: str) -> list:
    wanted = name.casefold()
    return [
        record
        for record in records
        if str(record.get("name") or "").casefold() == wanted
    ]


def all_projects() -> list:
    """Return the projects that the user can see."""
    try:
        return gazu_project.all_projects()
    except NotAllowedException:
        return gazu_project.all_open_projects()


def status_of(name: str) -> dict:
    """Return the task status with a short name, a name or an id, or exit."""
    found = gazu_task.get_task_status_by_short_name(name)
    if found is not None:
        return found
    every = gazu_task.all_task_statuses()
    match = [each for each in every if each.get("id") == name]
    match = match or _named(every, name)
    return required(
        match[0] if match else None, "Task status", name, lambda: every
    )


def sequence_of(proj: dict, name: str) -> dict:
    """Return the sequence of a project with a name, or exit."""
    found = gazu_shot.get_sequence_by_name(proj, name)
    return required(
        found,
        "Sequence",
        name,
        lambda: gazu_shot.all_sequences_for_project(proj),
    )


def episode_of(proj: dict, name: str) -> dict:
    """Return the episode of a project with a name, or exit."""
    found = gazu_shot.get_episode_by_name(proj, name)
    return required(
        found,
        "Episode",
        name,
        lambda: gazu_shot.all_episodes_for_project(proj),
    )


def entity_of(text: str) -> Any:
    """Return the entity with a path, or the id that is given."""
    if is_id(text):
        return text
    parts = _split(text, 2, ENTITY_PATH)
    proj, names = _project_and_rest(parts)
    return _entity(proj, names)


def task_of(text: str) -> Any:
    """Return the task with a path, or the id that is given."""
    if is_id(text):
        return text
    parts = _split(text, 2, TASK_PATH)
    proj, names = _project_and_rest(parts)
    if len(names) < 2:
        fail(
            "{!r} names no task: give its ID or {}.".format(text, TASK_PATH),
            USAGE,
        )
    entity = _entity(proj, names[:-1])
    types = {each["id"]: each for each in gazu_task.all_task_types()}
    there = raw.fetch_all("tasks", {"entity_id": entity["id"]})
    named = [
        dict(each, name=types.get(each["task_type_id"], {}).get("name"))
        for each in there
    ]
    found = _named(named, names[-1])
    required(
        found[0] if found else None,
        "Task of {}".format("/".join(parts[:-1])),
        names[-1],
        lambda: named,
    )
    return found[0]


def _split(text: str, least: int, form: str) -> list:
    parts = [part.strip() for part in text.split("/") if part.strip()]
    if len(parts) < least:
        fail("{!r} is neither an ID nor {}.".format(text, form), USAGE)
    return parts


def _project_and_rest(parts: list) -> tuple[dict, list]:
    """Return the project of a path, and the names after it."""
    usual = os.environ.get("GAZU_PROJECT")
    found = gazu_project.get_project_by_name(parts[0])
    if found is not None:
        return found, parts[1:]
    if usual:
        proj = gazu_project.get_project_by_name(usual)
        if proj is None and is_id(usual):
            proj = gazu_project.get_project(usual)
        if proj is not None:
            return proj, parts
    required(None, "Project", parts[0], all_projects)
    raise AssertionError


def _entity(proj: dict, names: list) -> dict:
    """Return the entity of a project with a name, or exit."""
    query = {"project_id": proj["id"], "name": names[-1]}
    found = _named(raw.fetch_all("entities", query), names[-1])
    if len(found) > 1 or len(names) > 1:
        paths = [_parents(each) for each in found]
        wanted = [name.casefold() for name in names[:-1]]
        found = [
            each
            for each, path in zip(found, paths)
            if _is_within(wanted, [part.casefold() for part in path])
        ]
        if len(found) > 1:
            fail(
                "There are {} of that name: {}. Give one of them.".format(
                    len(found),
                    ", ".join(
                        "/".join([proj["name"], *_parents(each), each["name"]])
                        for each in found
                    ),
                ),
                NOT_FOUND,
            )
    fields = {"project_id": proj["id"], "fields": "id,name"}
    return required(
        found[0] if found else None,
        "Entity of {}".format(proj["name"]),
        "/".join(names),
        lambda: raw.fetch_all("entities", fields),
    )


def _is_within(wanted: list, path: list) -> bool:
    """Return whether names are in a path, in its order."""
    rest = iter(path)
    return all(name in rest for name in wanted)


def _parents(entity: dict) -> list:
    """Return the names of an entity's episode and sequence, or of its asset type."""
    names: list = []
    parent = entity.get("parent_id")
    while parent and len(names) < 3:
        above = raw.fetch_one("entities", parent)
        names.insert(0, str(above.get("name") or ""))
        parent = above.get("parent_id")
    if not names and entity.get("entity_type_id"):
        kind = raw.fetch_one("entity-types", entity["entity_type_id"])
        names.append(str(kind.get("name") or ""))
    return names

"""
Completion of names in a shell, from the server.

Names are kept for some minutes in a file beside the stored login. A server that
cannot be asked completes nothing: a shell has no place for errors.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import shlex
import time
from typing import Any, Callable

import click
from click.shell_completion import CompletionItem

from .. import client as raw
from .._engine import private_files
from . import public
from .stored import profile_in_use

#: How long names are kept, in seconds, and how many lists of them.
_KEPT_FOR, _KEPT = 600, 50
#: How many values a shell is given.
_MOST = 500
_FILE = "completion.json"


def projects(ctx: Any, param: Any, incomplete: str) -> list:
    """Complete the name of a project."""
    return _items(incomplete, _projects)


def asset_types(ctx: Any, param: Any, incomplete: str) -> list:
    """Complete the name of an asset type."""
    return _items(incomplete, lambda: _names("entity-types"))


def task_types(ctx: Any, param: Any, incomplete: str) -> list:
    """Complete the name of a task type."""
    return _items(incomplete, lambda: _names("task-types"))


def statuses(ctx: Any, param: Any, incomplete: str) -> list:
    """Complete the short name of a task status."""
    return _items(incomplete, lambda: _names("task-status", "short_name"))


def sequences(ctx: Any, param: Any, incomplete: str) -> list:
    """Complete the name of a sequence."""
    return _items(incomplete, lambda: _of_project(ctx, "sequences"))


def episodes(ctx: Any, param: Any, incomplete: str) -> list:
    """Complete the name of an episode."""
    return _items(incomplete, lambda: _of_project(ctx, "episodes"))


def assets(ctx: Any, param: Any, incomplete: str) -> list:
    """Complete the name of an asset."""
    return _items(incomplete, lambda: _of_project(ctx, "assets"))


def entities(ctx: Any, param: Any, incomplete: str) -> list:
    """Complete the path of an asset or a shot."""
    return _items(incomplete, lambda: _paths(incomplete, of_tasks=False))


def tasks(ctx: Any, param: Any, incomplete: str) -> list:
    """Complete the path of a task."""
    return _items(incomplete, lambda: _paths(incomplete, of_tasks=True))


def clear() -> None:
    """Remove the names that are kept."""
    with contextlib.suppress(OSError):
        os.remove(os.path.join(public.CONFIG_DIR, _FILE))


def _items(incomplete: str, values: Callable[[], list]) -> list:
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            public.setup_client()
        client = raw.default_client
        before = client.timeout, client.retries, client.deadline
        client.timeout, client.retries, client.deadline = 2, 0, 4
        try:
            found = values()
        finally:
            client.timeout, client.retries, client.deadline = before
    except (Exception, SystemExit):
        return []
    wanted = incomplete.casefold()
    matching = [each for each in found if each.casefold().startswith(wanted)]
    return [
        CompletionItem(_for_shell(each))
        for each in sorted(set(matching))[:_MOST]
    ]


def _for_shell(value: str) -> str:
    """Return a value as bash needs it; other shells quote it themselves."""
    if os.environ.get("_GAZU_CLI_COMPLETE") != "bash_complete":
        return value
    try:
        shlex.split(os.environ.get("COMP_WORDS", ""))
    except ValueError:
        # The word begins with a quotation mark.
        return value
    return "".join(
        "\\" + each if each in " '\"\\$`&|;<>()*?[]#!~" else each
        for each in value
    )


def _projects() -> list:
    return _kept(
        "projects", lambda: _named(raw.get("data/projects/open"), "name")
    )


def _names(model: str, key: str = "name") -> list:
    return _kept(model, lambda: _named(raw.fetch_all(model), key))


def _of_project(ctx: click.Context, model: str) -> list:
    name = ctx.params.get("project_opt") or os.environ.get("GAZU_PROJECT")
    if not name:
        return []
    route = "projects/{}/{}"
    return _kept(
        model + " of " + name,
        lambda: _named(
            raw.fetch_all(route.format(_project_id(name), model)), "name"
        ),
    )


def _project_id(name: str) -> str:
    from .records import is_id

    if is_id(name):
        return name
    found = raw.fetch_first("projects", {"name": name})
    if found is None:
        raise ValueError(name)
    return str(found["id"])


def _named(records: list, key: str) -> list:
    return [str(each[key]) for each in records if each.get(key)]


def _paths(incomplete: str, of_tasks: bool) -> list:
    """
    Return paths: projects first, then what is in the project that is named.

    A project that is the only one with this beginning is named.
    """
    before, slash, _ = incomplete.partition("/")
    begins = [
        each
        for each in _projects()
        if (each.casefold() == before.casefold())
        or (not slash and each.casefold().startswith(before.casefold()))
    ]
    if len(begins) != 1:
        return [each + "/" for each in begins]
    project = begins[0]
    inside = _kept(
        "paths of " + project, lambda: _entity_paths(_project_id(project))
    )
    end = "/" if of_tasks else ""
    found = [project + "/" + path + end for path in inside]
    if of_tasks:
        entity = incomplete.rpartition("/")[0].casefold()
        for path, id in inside.items():
            if (project + "/" + path).casefold() == entity:
                found += [
                    project + "/" + path + "/" + name
                    for name in _task_types_of(id)
                ]
    return found


def _entity_paths(project_id: str) -> dict:
    """Return the ids of a project's entities by their paths."""
    from .names import Names

    names = Names()
    return {
        names.path(project_id, id): id for id in names.entities(project_id)
    }


def _task_types_of(entity_id: str) -> list:
    """Return the names of the task types of an entity's tasks."""
    from .names import Names

    names = Names()
    return [
        str(names.name("task-types", each.get("task_type_id")))
        for each in raw.fetch_all("tasks", {"entity_id": entity_id})
    ]


def _kept(key: str, fetch: Callable[[], Any]) -> Any:
    """Return what is kept under a key, or fetch and keep it."""
    path = os.path.join(public.CONFIG_DIR, _FILE)
    key = "{} {} {}".format(profile_in_use().name, raw.get_host(), key)
    recent = _recent(path)
    if key in recent:
        return recent[key][1]
    value = fetch()
    newest = sorted(recent, key=lambda name: recent[name][0])[1 - _KEPT :]
    kept = {name: recent[name] for name in newest}
    _write(path, dict(kept, **{key: [time.time(), value]}))
    return value


def _recent(path: str) -> dict:
    """Return the times and values that are kept and recent, by their keys."""
    try:
        with open(path, encoding="utf-8") as stream:
            kept = json.load(stream)
        now = time.time()
        return {
            key: [at, value]
            for key, (at, value) in kept.items()
            if 0 <= now - at < _KEPT_FOR
        }
    except (OSError, ValueError, AttributeError, TypeError):
        # The file is missing or damaged: the server is asked.
        return {}


def _write(path: str, kept: dict) -> None:
    # If it cannot be written, the server is asked again.
    with contextlib.suppress(OSError):
        private_files.write(path, json.dumps(kept))

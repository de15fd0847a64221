"""Names for the ids in records: each model is asked for once."""

from __future__ import annotations

from typing import Any, Callable

from .. import client as raw
from ..exception import NotAllowedException, RouteNotFoundException
from .output import Colored


class Names:
    """The records of the server by id, which the rows of a table name."""

    def __init__(self) -> None:
        self._found: dict = {}

    def records(self, model: str, **query: Any) -> dict:
        """
        Return the records of a model by id; none if the user may not see them.

        Args:
            model: The part of the route after ``data/``.
            **query: The query's values by name.
        """
        key = (model, tuple(sorted(query.items())))
        if key not in self._found:
            try:
                found = raw.fetch_all(model, dict(query))
            except (NotAllowedException, RouteNotFoundException):
                found = []
            self._found[key] = {
                each["id"]: each for each in found if each.get("id")
            }
        return self._found[key]

    def name(self, model: str, id: Any, **query: Any) -> Any:
        """Return the name of a record, or its id if its name is unknown."""
        if not id:
            return ""
        record = self.records(model, **query).get(id)
        return id if record is None else name_of(record)

    def path(self, project_id: str, id: Any) -> Any:
        """Return an entity's name behind those of its sequence and episode."""
        return _path(self.entities(project_id), id)

    def sequence(self, project_id: str, id: Any) -> Any:
        """Return a sequence's name behind that of its episode."""
        route = "projects/{}/".format(project_id)
        found = self.records(route + "sequences")
        if any(each.get("parent_id") for each in found.values()):
            found = {**found, **self.records(route + "episodes")}
        return _path(found, id)

    def entities(self, project_id: str) -> dict:
        """Return the entities of a project, with what names them."""
        fields = "id,name,parent_id,entity_type_id"
        return self.records("entities", project_id=project_id, fields=fields)

    def status(self, id: Any) -> Any:
        """Return the name of a task status, in its color."""
        record = self.records("task-status").get(id)
        if record is None:
            return id or ""
        return Colored(name_of(record), record.get("color"))


def _path(entities: dict, id: Any) -> Any:
    names: list = []
    entity = entities.get(id)
    # Damaged data may have a circle.
    while entity is not None and len(names) < 4:
        names.insert(0, entity.get("name") or "")
        entity = entities.get(entity.get("parent_id"))
    return "/".join(names) or id or ""


def name_of(record: dict) -> str:
    """Return the name of a record or of a person."""
    if "first_name" in record:
        parts = (record.get("first_name"), record.get("last_name"))
        return " ".join(str(part) for part in parts if part)
    return str(record.get("name") or "")


def tasks(rows: list, names: Names | None = None) -> list:
    """Return the rows of a table of tasks."""
    names = names or Names()
    assignees = _assignees(rows)
    return [
        dict(
            row,
            entity_name=names.path(row["project_id"], row.get("entity_id"))
            if row.get("project_id")
            else row.get("entity_name"),
            task_type_name=names.name("task-types", row.get("task_type_id")),
            task_status_name=names.status(row.get("task_status_id")),
            assignees=", ".join(
                str(names.name("persons", _id_of(each)))
                for each in row.get("assignees") or assignees(row)
            ),
        )
        for row in rows
    ]


def _assignees(rows: list) -> Callable[[dict], list]:
    """Return a function for the assignees of tasks that lack them."""
    projects = {
        row.get("project_id") for row in rows if "assignees" not in row
    }
    found: dict = {}
    for project_id in projects - {None}:
        query = {
            "project_id": project_id,
            "relations": "true",
            "fields": "id,assignees",
        }
        found.update(Names().records("tasks", **query))
    return lambda row: found.get(row.get("id"), {}).get("assignees") or []


def _id_of(model: Any) -> Any:
    return model.get("id") if isinstance(model, dict) else model


def whole_tasks(rows: list) -> list:
    """Return the rows for tasks with their relations, as ``get_task`` returns them."""
    return [
        dict(
            row,
            entity_name="/".join(
                str(part["name"])
                for part in map(row.get, ("episode", "sequence", "entity"))
                if isinstance(part, dict) and part.get("name")
            ),
            task_type_name=_name_in(row, "task_type"),
            task_status_name=Colored(
                _name_in(row, "task_status"),
                (row.get("task_status") or {}).get("color"),
            ),
            project_name=_name_in(row, "project"),
            assignees=", ".join(
                name_of(each) for each in row.get("persons") or []
            ),
            description=row.get("description") or "",
        )
        for row in rows
    ]


def _name_in(row: dict, key: str) -> str:
    record = row.get(key)
    return name_of(record) if isinstance(record, dict) else ""


def my_tasks(rows: list) -> list:
    """Return the rows for the tasks of the user, which the server names itself."""
    return [
        dict(
            row,
            entity_name="/".join(
                str(row[key])
                for key in ("episode_name", "sequence_name", "entity_name")
                if row.get(key)
            ),
            task_status_name=Colored(
                row.get("task_status_name") or "",
                row.get("task_status_color"),
            ),
        )
        for row in rows
    ]


def assets(rows: list) -> list:
    """Return the rows of a table of assets."""
    names = Names()
    return [
        dict(
            row,
            asset_type_name=row.get("asset_type_name")
            or names.name("entity-types", row.get("entity_type_id")),
        )
        for row in rows
    ]


def whole_assets(rows: list) -> list:
    """Return the rows for assets with the name of their project."""
    names = Names()
    return [
        dict(
            row,
            project_name=row.get("project_name")
            or names.name("projects", row.get("project_id")),
        )
        for row in assets(rows)
    ]


def shots(rows: list) -> list:
    """Return the rows of a table of shots."""
    names = Names()
    return [
        dict(
            row,
            sequence_name=names.sequence(
                row.get("project_id") or "", row["parent_id"]
            )
            if row.get("parent_id")
            else row.get("sequence_name"),
        )
        for row in rows
    ]


def sequences(rows: list) -> list:
    """Return the rows of a table of sequences."""
    names = Names()
    return [
        dict(
            row,
            episode_name=names.name(
                "projects/{}/episodes".format(row.get("project_id")),
                row["parent_id"],
            )
            if row.get("parent_id")
            else row.get("episode_name"),
        )
        for row in rows
    ]


def projects(rows: list) -> list:
    """Return the rows of a table of projects."""
    names = Names()
    return [
        dict(
            row,
            project_status_name=row.get("project_status_name")
            or names.name("project-status", row.get("project_status_id")),
        )
        for row in rows
    ]

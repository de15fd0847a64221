"""The server's records, and how they hang together."""

from __future__ import annotations

import copy
import datetime
import re
import uuid
from typing import Any, Callable

from .models import MODELS, NO_ASSETS, fill

#: A record is a plain dict.
Record = dict

_MANAGED = ("id", "created_at", "updated_at", "type")


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, body: Any) -> None:
        Exception.__init__(self, status, body)
        self.status = status
        self.body = body


def not_found() -> Refusal:
    """Return the refusal of what is not there."""
    return Refusal(
        404,
        {
            "error": True,
            "message": "404 Not Found: The requested URL was not found on the "
            "server. If you entered the URL manually please check your "
            "spelling and try again.",
        },
    )


def invalid(field: str, message: str) -> Refusal:
    """Return the refusal of a body's field."""
    return Refusal(
        400,
        {
            "error": True,
            "message": "Validation error.",
            "data": {"errors": [{"field": field, "message": message}]},
        },
    )


def now() -> str:
    """Return the moment as the server writes it."""
    moment = datetime.datetime.now(datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


class Store:
    """Records by model and id, in the order they were made."""

    def __init__(self) -> None:
        self.models: dict[str, dict] = {name: {} for name in MODELS}
        #: The uploaded files, by the id of what they belong to.
        self.files: dict[str, bytes] = {}
        #: What a project ranks a task type, by the ids of both.
        self.priorities: dict[tuple, Any] = {}
        #: The id of the news of a comment, by the comment's.
        self.news: dict[str, str] = {}
        #: What happened, the oldest first, as ``data/events/last`` tells it.
        self.events: list[Record] = []
        #: Called with each event.
        self.on_event: Callable = lambda event: None
        #: The id of who asks for what is done.
        self.user_id: str | None = None
        fill(self)

    def add(self, model: str, **values: Any) -> Record:
        """Add a record and return it; what is not given has its default."""
        kind = MODELS[model]
        moment = now()
        record = copy.deepcopy(kind.fields)
        record["id"] = str(uuid.uuid4())
        record["created_at"] = record["updated_at"] = moment
        record["type"] = kind.type
        record.update({name: [] for name in kind.relations})
        record.update(copy.deepcopy(values))
        self._derive(model, record)
        self.models[model][record["id"]] = record
        return record

    def create(self, model: str, values: Record) -> Record:
        """Add a record as a request for it does. Raises Refusal."""
        kind = MODELS[model]
        for name in kind.required:
            if values.get(name) is None:
                raise Refusal(400, {"message": "A required field is missing."})
        for name in kind.unique:
            if self.first(model, **{name: values.get(name)}):
                raise Refusal(
                    400,
                    {
                        "message": "A record with the same unique values "
                        "already exists."
                    },
                )
        return self.add(model, **self._known(model, values))

    def update(self, model: str, id: str, values: Record) -> Record:
        """Change a record and return it. Raises Refusal."""
        record = self.get(model, id)
        known = self._known(model, values)
        # Free data is completed, not replaced.
        if model == "entities" and isinstance(known.get("data"), dict):
            known["data"] = dict(record["data"] or {}, **known["data"])
        record.update(copy.deepcopy(known))
        record["updated_at"] = now()
        self._derive(model, record)
        return record

    def remove(self, model: str, id: str) -> None:
        """Remove a record and what belongs to it. Raises Refusal."""
        self.get(model, id)
        del self.models[model][id]
        self.files.pop(id, None)
        for child, column in _CHILDREN.get(model, ()):
            for record in self.all(child, **{column: id}):
                self.remove(child, record["id"])

    def get(self, model: str, id: str) -> Record:
        """Return a record. Raises Refusal."""
        try:
            return self.models[model][id]
        except KeyError:
            raise not_found() from None

    def all(self, model: str, **wanted: Any) -> list[Record]:
        """Return the records with these values."""
        return [
            record
            for record in self.models[model].values()
            if all(record.get(key) == value for key, value in wanted.items())
        ]

    def first(self, model: str, **wanted: Any) -> Record | None:
        """Return the first record with these values, or None."""
        found = self.all(model, **wanted)
        return found[0] if found else None

    @staticmethod
    def _known(model: str, values: Record) -> Record:
        kind = MODELS[model]
        known = {
            name: value
            for name, value in values.items()
            if (name in kind.fields or name in kind.relations)
            and name not in _MANAGED
        }
        for name, value in known.items():
            if isinstance(kind.fields.get(name), float) and value is not None:
                known[name] = float(value)
        return known

    def _derive(self, model: str, record: Record) -> None:
        if model == "persons":
            names = (record["first_name"], record["last_name"])
            record["full_name"] = " ".join(filter(None, names))
        if model == "entities":
            record["type"] = self.type_of(record)
        if model == "projects" and not record["project_status_id"]:
            status = self.first("project-status", name="Open")
            record["project_status_id"] = status["id"]

    # What is told to those who listen.

    def emit(
        self, name: str, data: Record, project_id: str | None = None
    ) -> None:
        """Keep an event and tell it to those who listen."""
        data = dict(data)
        if project_id is not None:
            data["project_id"] = project_id
        event = {
            "id": str(uuid.uuid4()),
            "created_at": now(),
            "name": name,
            "user_id": self.user_id,
            "project_id": project_id,
            "data": data,
        }
        self.events.append(event)
        self.on_event(event)

    def tell(self, record: Record, action: str, **more: Any) -> None:
        """
        Emit that something happened to a record: ``shot:update``, ...

        The data are its id, that of its project, and what is given.
        """
        type = record["type"].replace("EntityType", "AssetType")
        words = [word.lower() for word in re.findall("[A-Z][a-z]*", type)]
        data = {"_".join(words) + "_id": record["id"]}
        data.update(more)
        self.emit(
            "-".join(words) + ":" + action, data, self._project_of(record)
        )

    def _project_of(self, record: Record) -> str | None:
        for column, model in _OWNERS:
            owner = self.models[model].get(record.get(column))
            if owner is not None:
                return owner["project_id"]
        return record.get("project_id")

    # How entities are called and linked.

    def type_of(self, entity: Record) -> str:
        """Return what an entity calls itself: "Shot", "Asset", ..."""
        kind = self.models["entity-types"].get(entity["entity_type_id"])
        if kind is None or kind["name"] not in NO_ASSETS:
            return "Asset"
        return kind["name"]

    def entity_type(self, name: str) -> Record:
        """Return the entity type of a name."""
        return self.all("entity-types", name=name)[0]

    def entity(self, type: str, id: str) -> Record:
        """Return an entity of a type. Raises Refusal."""
        record = self.get("entities", id)
        if record["type"] != type:
            raise not_found()
        return record

    def parent(self, entity: Record) -> Record | None:
        """Return what an entity belongs to, or None."""
        return self.models["entities"].get(entity["parent_id"])


#: The columns that name what tells the project of a record.
_OWNERS = (
    ("task_id", "tasks"),
    ("object_id", "tasks"),
    ("entity_in_id", "entities"),
)

#: What is removed with a record: the model, and the column that names it.
_CHILDREN = {
    "projects": (("entities", "project_id"), ("tasks", "project_id")),
    "entities": (
        ("tasks", "entity_id"),
        ("entity-links", "entity_in_id"),
        ("entity-links", "entity_out_id"),
    ),
    "tasks": (
        ("comments", "object_id"),
        ("preview-files", "task_id"),
        ("time-spents", "task_id"),
    ),
    "comments": (("attachment-files", "comment_id"),),
}

"""The server's records, and the relations between them."""

from __future__ import annotations

import copy
import datetime
import re
import uuid
from typing import Any, Callable, Iterable

from .models import (
    LINKS,
    MODELS,
    NON_ASSET_TYPES,
    NUMBERS,
    REFERENCES,
    TEXTS,
    fill,
)

#: A record is a plain dict.
Record = dict

_MANAGED = ("id", "created_at", "updated_at", "type")

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.I)


class Refusal(Exception):
    """An error answer. Raise it in a function of `KitsuServer.route`."""

    def __init__(self, status: int, body: Any) -> None:
        Exception.__init__(self, status, body)
        self.status = status
        self.body = body


def rejected(message: str, status: int = 400) -> Refusal:
    """Return an error answer with a message."""
    return Refusal(status, {"error": True, "message": message})


def not_found() -> Refusal:
    """Return the answer for a missing record."""
    return rejected(
        "404 Not Found: The requested URL was not found on the server. If you "
        "entered the URL manually please check your spelling and try again.",
        404,
    )


def invalid_field(field: str, message: str) -> Refusal:
    """Return the answer for an invalid field of a body."""
    return Refusal(
        400,
        {
            "error": True,
            "message": "Validation error.",
            "data": {"errors": [{"field": field, "message": message}]},
        },
    )


def bad_request(message: str) -> Refusal:
    """Return the answer for a request with invalid values."""
    return Refusal(400, {"error": True, "message": message, "data": None})


def forbidden() -> Refusal:
    """Return the answer for a missing permission."""
    return rejected(
        "You don't have the permission to access the requested resource. It "
        "is either read-protected or not readable by the server.",
        403,
    )


def unreadable() -> Refusal:
    """Return the answer for a request that cannot be parsed or was already made."""
    return rejected(
        "The browser (or proxy) sent a request that this server could not "
        "understand."
    )


# The server's messages for errors of its database.
MALFORMED = "One of the provided values has an invalid format."
MISSING = "A required field is missing."
TAKEN = "A record with the same unique values already exists."
REFERENCED = "The change conflicts with records referencing this one."
CONFLICT = "The data conflicts with database integrity rules."


def database_error(message: str) -> Refusal:
    """Return the answer for values that the database rejects."""
    return Refusal(400, {"message": message})


def is_uuid(value: Any) -> bool:
    """Return whether a value is a UUID in text form."""
    return isinstance(value, str) and bool(_ID.match(value))


def is_iso_date(text: str) -> bool:
    """Return whether a text is an ISO 8601 date or datetime."""
    try:
        datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return False
    return True


def now() -> str:
    """Return the current time in the server's format."""
    moment = datetime.datetime.now(datetime.timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


class Store:
    """The records by model and id, in the order of their creation."""

    def __init__(self) -> None:
        self.models: dict[str, dict] = {name: {} for name in MODELS}
        #: The uploaded files, by the id of the record that they belong to.
        self.files: dict[str, bytes] = {}
        #: By token: the id of its person, and "good", "expired" or "revoked".
        self.tokens: dict[str, list] = {}
        #: The priority of a task type in a project, by the ids of project and type.
        self.priorities: dict[tuple, Any] = {}
        #: The id of the news entry of a comment, by the id of the comment.
        self.news: dict[str, str] = {}
        #: The emitted events, the oldest first, in the form of ``data/events/last``.
        self.events: list[Record] = []
        #: Called with each event.
        self.on_event: Callable = lambda event: None
        #: The id of the person who sent the current request.
        self.user_id: str | None = None
        fill(self.add)

    def new_token(self, person: str, name: str = "token") -> str:
        """Return a new token for a person. The name is its prefix and its kind."""
        token = "{}.{}".format(name, uuid.uuid4().hex)
        self.tokens[token] = [person, "good"]
        return token

    def add(self, model: str, **values: Any) -> Record:
        """Add a record and return it. Missing values get their defaults."""
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
        """Validate the values of a request, and add a record. Raises Refusal."""
        kind = MODELS[model]
        if not isinstance(values, dict):
            raise database_error("A JSON object is expected.")
        for name in values:
            if not (
                name in kind.fields
                or name in kind.relations
                or name in kind.hidden
                or name in _MANAGED[:-1]
            ):
                raise database_error(
                    "{!r} is an invalid keyword argument for {}".format(
                        name, kind.type
                    )
                )
        known = self._known(model, values)
        self._check(model, dict(kind.fields, **known), kind.fields)
        return self.add(model, **known)

    def update(self, model: str, id: str, values: Record) -> Record:
        """Change a record and return it. Raises Refusal."""
        record = self.get(model, id)
        for name, value in values.items():
            if _is_date(name) and value and not is_iso_date(str(value)):
                raise bad_request(
                    "Invalid date format for '{}': '{}'. Expected an ISO 8601 "
                    "date or datetime.".format(name, value)
                )
        known = self._known(model, values)
        # A record cannot move to another project.
        known.pop("project_id", None)
        # The server merges the free-form data instead of replacing it.
        if model in ("entities", "tasks") and known.get("data"):
            known["data"] = dict(record["data"] or {}, **known["data"])
        elif model == "entities":
            known.pop("data", None)
        self._check(model, dict(record, **known), known)
        record.update(copy.deepcopy(known))
        record["updated_at"] = now()
        self._derive(model, record)
        return record

    def remove(self, model: str, id: str) -> None:
        """Remove a record and the records that belong to it. Raises Refusal."""
        self.get(model, id)
        for child, column in _CHILDREN.get(model, ()):
            for record in self.all(child, **{column: id}):
                # A child may have been removed together with another one.
                if record["id"] in self.models[child]:
                    self.remove(child, record["id"])
        del self.models[model][id]
        self.files.pop(id, None)
        for other, column in self._columns_of(model, REFERENCES):
            for record in self.all(other, **{column: id}):
                record[column] = None
        for other, column in self._columns_of(model, LINKS):
            for record in self.models[other].values():
                if id in record[column]:
                    record[column].remove(id)

    def remove_unused(self, model: str, id: str) -> None:
        """Remove a record that no other record refers to. Raises Refusal."""
        if self.is_used(model, id):
            raise database_error(REFERENCED)
        self.remove(model, id)

    def is_used(self, model: str, id: str, apart: str = "") -> bool:
        """Return whether another record refers to this one, the column `apart` aside."""
        return any(
            self.first(other, **{column: id})
            for other, column in self._columns_of(model, REFERENCES)
        ) or any(
            id in record[column]
            for other, column in self._columns_of(model, LINKS)
            if column != apart
            for record in self.models[other].values()
        )

    @staticmethod
    def _columns_of(model: str, targets: dict) -> list[tuple]:
        """Return the models and columns that refer to records of a model."""
        columns = [
            (other, column)
            for other, kind in MODELS.items()
            for column in (*kind.fields, *kind.relations)
            if targets.get(column) == model
        ]
        # The generic column object_id holds the task of a comment.
        if model == "tasks" and targets is REFERENCES:
            columns.append(("comments", "object_id"))
        return columns

    def get(self, model: str, id: str) -> Record:
        """Return a record by its id. Raises Refusal."""
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

    def _known(self, model: str, values: Record) -> Record:
        kind = MODELS[model]
        known = {
            name: _cast(model, name, value)
            for name, value in values.items()
            if (name in kind.fields or name in kind.relations)
            and name not in _MANAGED
        }
        for name in set(known) & set(LINKS):
            there = self.models[LINKS[name]]
            known[name] = [id for id in known[name] or () if id in there]
        return known

    def _check(self, model: str, record: Record, new: Iterable[str]) -> None:
        """Check the new columns of a record as the database does. Raises Refusal."""
        kind, new = MODELS[model], set(new)
        if any(record[name] is None for name in new & set(kind.required)):
            raise database_error(MISSING)
        for names in kind.unique:
            if isinstance(names, str):
                names = (names,)
            same = {name: record[name] for name in names}
            # In a database, NULL is not equal to NULL.
            if not new.intersection(names) or None in same.values():
                continue
            if any(
                other["id"] != record.get("id")
                for other in self.all(model, **same)
            ):
                raise database_error(TAKEN)
        if "difficulty" in new and record["difficulty"] not in range(1, 6):
            raise database_error(CONFLICT)
        if model == "time-spents" and record["duration"] <= 0:
            raise database_error(CONFLICT)
        for name in new & set(REFERENCES):
            value = record[name]
            if value and value not in self.models[REFERENCES[name]]:
                raise database_error(REFERENCED)

    def _derive(self, model: str, record: Record) -> None:
        if model == "persons":
            names = (record["first_name"], record["last_name"])
            record["full_name"] = " ".join(filter(None, names))
        if model == "entities":
            record["type"] = self.type_of(record)
        if model == "projects" and not record["project_status_id"]:
            status = self.first("project-status", name="Open")
            record["project_status_id"] = status["id"]

    # Events.

    def emit(
        self, name: str, data: Record, project_id: str | None = None
    ) -> None:
        """Store an event and send it to the listeners."""
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
        Emit an event for a record, such as ``shot:update``.

        The data of the event are the id of the record, the id of its project and the
        given values.
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

    # Entities.

    def type_of(self, entity: Record) -> str:
        """Return the ``type`` of an entity: "Shot", "Asset", ..."""
        kind = self.models["entity-types"].get(entity["entity_type_id"])
        if kind is None or kind["name"] not in NON_ASSET_TYPES:
            return "Asset"
        return kind["name"]

    def entity_type(self, name: str) -> Record:
        """Return the entity type with this name."""
        return self.all("entity-types", name=name)[0]

    def entity(self, type: str, id: str) -> Record:
        """Return an entity if it has this type. Raises Refusal."""
        record = self.get("entities", id)
        if record["type"] != type:
            raise not_found()
        return record

    def parent(self, entity: Record) -> Record | None:
        """Return the parent of an entity, or None."""
        return self.models["entities"].get(entity["parent_id"])


#: Columns that lead to the project of a record, and the model that they refer to.
_OWNERS = (
    ("task_id", "tasks"),
    ("object_id", "tasks"),
    ("entity_in_id", "entities"),
)

#: The models that are removed together with a record, and their foreign key to it.
_CHILDREN = {
    "projects": (
        ("tasks", "project_id"),
        ("entities", "project_id"),
        ("metadata-descriptors", "project_id"),
        ("budgets", "project_id"),
        ("milestones", "project_id"),
        ("schedule-items", "project_id"),
        ("production-schedule-versions", "project_id"),
    ),
    "budgets": (("budget-entries", "budget_id"),),
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


def _is_date(name: str) -> bool:
    return name == "date" or name.endswith("_date")


def _cast(model: str, name: str, value: Any) -> Any:
    """Convert a value to the type of its column. Raises Refusal."""
    default = MODELS[model].fields.get(name)
    if value is None:
        return None
    if name in REFERENCES or name in LINKS:
        ids = value if name in LINKS else [value]
        if not isinstance(ids, list):
            raise database_error(MALFORMED)
        ids = [one["id"] if isinstance(one, dict) else one for one in ids]
        # Web forms send an empty text in place of null.
        if any(one and not is_uuid(one) for one in ids):
            raise database_error(MALFORMED)
        return ids if name in LINKS else ids[0] or None
    if _is_date(name):
        text = str(value).replace(" ", "T")
        if not is_iso_date(text):
            raise database_error(MALFORMED)
        # The dates of tasks have a time, all others do not.
        day, _, time = text.replace("Z", "").partition("T")
        return day + "T" + (time or "00:00:00") if model == "tasks" else day
    if isinstance(default, bool):
        if value not in (True, False):
            raise database_error(MALFORMED)
        return bool(value)
    if isinstance(default, (int, float)) or name in NUMBERS:
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise database_error(MALFORMED) from None
        return number if isinstance(default, float) else round(number)
    is_text = isinstance(default, str) or name in TEXTS
    if is_text and isinstance(value, (int, float)):
        return str(value)
    return value

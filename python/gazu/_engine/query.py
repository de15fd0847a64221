"""Reads records that fulfil conditions, and records by their ids."""

from __future__ import annotations

import datetime
import difflib
import json
import operator
import uuid
from typing import Any, AsyncGenerator, Callable, Generator, Iterable

from .. import _core
from .batch import check_count
from .columns import COLUMNS

#: How many ids a request may ask for: its URL must not become too long.
IDS_AT_ONCE = 100
#: How many pages are asked for at the same time.
PAGES_AT_ONCE = 4

#: The models that are kinds of entities, and the types of their records.
KINDS = {
    "assets": "Asset",
    "shots": "Shot",
    "sequences": "Sequence",
    "episodes": "Episode",
    "scenes": "Scene",
    "edits": "Edit",
    "concepts": "Concept",
}
#: The models of the records that columns refer to.
REFERENCES = {
    "asset_id": "entities",
    "assignees": "persons",
    "assigner_id": "persons",
    "author_id": "persons",
    "comment_id": "comments",
    "created_by": "persons",
    "department_id": "departments",
    "departments": "departments",
    "entity_id": "entities",
    "entity_in_id": "entities",
    "entity_out_id": "entities",
    "entity_type_id": "entity-types",
    "file_status_id": "file-status",
    "last_preview_file_id": "preview-files",
    "object_id": "tasks",
    "output_type_id": "output-types",
    "parent_id": "entities",
    "person_id": "persons",
    "preview_file_id": "preview-files",
    "project_id": "projects",
    "project_status_id": "project-status",
    "ready_for": "task-types",
    "software_id": "softwares",
    "source_id": "entities",
    "studio_id": "studios",
    "task_id": "tasks",
    "task_status_id": "task-status",
    "task_type_id": "task-types",
}


def _is_in(value: Any, wanted: Any) -> bool:
    return value in wanted


def _contains(value: Any, wanted: Any) -> bool:
    if isinstance(value, dict) and isinstance(wanted, dict):
        return all(
            key in value and value[key] == each for key, each in wanted.items()
        )
    if isinstance(value, str):
        return isinstance(wanted, str) and wanted in value
    return isinstance(value, (list, dict)) and wanted in value


#: How the operators compare the value of a record with that of a condition.
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "in": _is_in,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "contains": _contains,
}
ORDERED = ("lt", "lte", "gt", "gte")


def near(name: str, names: Iterable[str]) -> str:
    """Return the names that are most like a name, for a message."""
    known = sorted(names)
    found = difflib.get_close_matches(name, known, 3, 0.4) or known
    return ", ".join(found)


class Columns:
    """The columns of a model."""

    def __init__(self, model: Any) -> None:
        if not isinstance(model, str):
            raise TypeError(
                "model: expected the name of a model such as 'tasks', not "
                "{!r}".format(model)
            )
        #: The path below ``data/``.
        self.route = "entities" if model in KINDS else model
        self.model = model
        if self.route not in COLUMNS:
            raise ValueError(
                "model: there is no model {!r}; did you mean {}?".format(
                    model, near(model, [*COLUMNS, *KINDS])
                )
            )
        self.kinds = {
            name: kind
            for kind, names in COLUMNS[self.route].items()
            for name in names.split()
        }

    def find(self, name: str, argument: str) -> str:
        """Return the column with a name, which may lack the ending ``_id``."""
        for column in (name, name + "_id"):
            if column in self.kinds:
                return column
        raise ValueError(
            "{}: {} have no field {!r}; did you mean {}?".format(
                argument, self.model, name, near(name, self.kinds)
            )
        )

    def names(self, fields: Any, argument: str) -> list[str]:
        """Return a list of columns that a script gave, without repetitions."""
        if isinstance(fields, (str, bytes)) or not hasattr(fields, "__iter__"):
            raise TypeError(
                "{}: expected a list of names, not {!r}".format(
                    argument, fields
                )
            )
        names = []
        for name in fields:
            if not isinstance(name, str):
                raise TypeError(
                    "{}: {!r} is not a name".format(argument, name)
                )
            if name != "type":
                names.append(self.find(name, argument))
        return list(dict.fromkeys(names))


def identity(value: Any, argument: str) -> str:
    """Return the id of a record (dict or id)."""
    if isinstance(value, dict):
        if "id" not in value:
            raise KeyError("{}: the dict has no 'id'".format(argument))
        value = value["id"]
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        raise ValueError(
            "{}: expected a record (dict or id), not {!r}".format(
                argument, value
            )
        ) from None


def _date(value: Any, argument: str) -> str:
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc)
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    if isinstance(value, datetime.date):
        return value.strftime("%Y-%m-%d")
    if isinstance(value, str):
        return value
    raise TypeError("{}: expected a date, not {!r}".format(argument, value))


def _number(value: Any, argument: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(
            "{}: expected a number, not {!r}".format(argument, value)
        )
    return value


def _flag(value: Any, argument: str) -> bool:
    if not isinstance(value, bool):
        raise TypeError(
            "{}: expected True or False, not {!r}".format(argument, value)
        )
    return value


def _text(value: Any, argument: str) -> str:
    if not isinstance(value, str):
        raise TypeError("{}: expected text, not {!r}".format(argument, value))
    return value


def _any(value: Any, argument: str) -> Any:
    return value


CONVERTERS: dict[str, Callable[[Any, str], Any]] = {
    "ids": identity,
    "lists": identity,
    "texts": _text,
    "choices": _text,
    "flags": _flag,
    "numbers": _number,
    "measures": _number,
    "dates": _date,
    "values": _any,
}


class Condition:
    """One condition of a query."""

    def __init__(self, columns: Columns, argument: str, value: Any) -> None:
        name, _, word = argument.partition("__")
        self.column = columns.find(name, argument)
        self.kind = columns.kinds[self.column]
        self.word = word or "eq"
        if self.word not in OPERATORS:
            raise ValueError(
                "{}: there is no operator {!r}; there are {}".format(
                    argument, word, ", ".join(OPERATORS)
                )
            )
        if self.kind == "lists" and self.word not in ("eq", "contains"):
            raise ValueError(
                "{}: a list of records can only be asked for one of "
                "them".format(argument)
            )
        if self.word in ORDERED and self.kind in ("flags", "values"):
            raise ValueError(
                "{}: {} have no order".format(argument, self.column)
            )
        self.value = self._converted(argument, value)

    def _converted(self, argument: str, value: Any) -> Any:
        convert = CONVERTERS[self.kind]
        if self.word == "in":
            if isinstance(value, (str, bytes, dict)) or not hasattr(
                value, "__iter__"
            ):
                raise TypeError(
                    "{}: expected a list, not {!r}".format(argument, value)
                )
            values = [
                each if each is None else convert(each, argument)
                for each in value
            ]
            if self.kind == "values":
                return values
            return list(dict.fromkeys(values))
        if self.word == "contains" and self.kind not in (
            *("lists", "texts", "choices"),
        ):
            return value
        if value is None and self.word in ("eq", "ne"):
            return None
        return convert(value, argument)

    @property
    def is_for_server(self) -> bool:
        """Whether the server can check the condition."""
        if self.kind == "lists":
            return True
        if self.kind not in ("ids", "texts", "flags", "numbers"):
            return False
        if self.word == "in":
            # For the name, the server compares the text of the list.
            return self.column != "name" and None not in self.value
        return self.word == "eq" and self.value is not None

    def in_query(self) -> str:
        """Return the value for the URL of a request."""
        if self.word == "in":
            return json.dumps(self.value)
        if self.kind == "flags":
            return "true" if self.value else "false"
        if self.column == "name":
            # The server looks for a pattern.
            text = self.value.replace("\\", "\\\\")
            return text.replace("%", "\\%").replace("_", "\\_")
        if self.kind == "texts" and self.value.startswith("["):
            return json.dumps([self.value])
        return str(self.value)

    def holds(self, record: dict) -> bool:
        """Return whether a record fulfils the condition."""
        if self.kind == "lists":
            # The server has checked it: records have no lists by default.
            return True
        if self.is_for_server and self.column not in record:
            return True
        value = record.get(self.column)
        wanted = self.value
        if value is None and self.word in (*ORDERED, "contains"):
            return False
        if self.kind == "dates" and isinstance(wanted, str) and value:
            # A day has no time.
            value = value[: max(len(wanted), 10)]
        return bool(OPERATORS[self.word](value, wanted))


class Query:
    """The requests of one query, and what is made of their answers."""

    def __init__(
        self,
        model: Any,
        fields: Any,
        relations: Any,
        expand: Any,
        page_size: Any,
        filters: dict,
    ) -> None:
        self.columns = columns = Columns(model)
        check_count("page_size", page_size)
        self.page_size = page_size
        conditions = [
            Condition(columns, argument, value)
            for argument, value in filters.items()
        ]
        self.expand = self._expanded(expand)
        self.fields = None
        needed = []
        if fields is not None:
            self.fields = columns.names(fields, "fields")
            needed = [*self.fields, *self.expand.values()]
        has_lists = any(columns.kinds[name] == "lists" for name in needed)
        has_lists = has_lists or any(
            columns.kinds[name] == "lists" for name in self.expand.values()
        )
        self.relations = bool(relations) or has_lists
        #: Those for the server are checked, too: some routes ignore them.
        self.checks = [one for one in conditions if one.kind != "lists"]
        checked_here = []
        self.params: dict[str, str] = {}
        self.split: Condition | None = None
        self.is_empty = False
        for condition in conditions:
            if condition.word == "in" and not condition.value:
                self.is_empty = True
            is_long = (
                condition.word == "in" and len(condition.value) > IDS_AT_ONCE
            )
            taken = condition.column in self.params or (
                self.split is not None
                and self.split.column == condition.column
            )
            if not condition.is_for_server or taken:
                if condition.kind == "lists":
                    raise ValueError(
                        "{}: can be asked for one record only".format(
                            condition.column
                        )
                    )
                checked_here.append(condition.column)
            elif not is_long:
                self.params[condition.column] = condition.in_query()
                if condition.column == "name":
                    # The server ignores case.
                    checked_here.append(condition.column)
            elif self.split is None:
                self.split = condition
            else:
                checked_here.append(condition.column)
        if self.fields is not None:
            needed += checked_here
            self.params["fields"] = ",".join(dict.fromkeys(needed)) or "id"
        if self.relations:
            self.params["relations"] = "true"
        self._known: dict[str, dict[str, Any]] = {}

    def _expanded(self, expand: Any) -> dict[str, str]:
        """Return the columns to expand, by the keys of the records."""
        if expand is None:
            return {}
        expanded = {}
        for column in self.columns.names(expand, "expand"):
            if column not in REFERENCES:
                raise ValueError(
                    "expand: {!r} is no record; did you mean {}?".format(
                        column,
                        near(
                            column, set(REFERENCES) & set(self.columns.kinds)
                        ),
                    )
                )
            key = column[:-3] if column.endswith("_id") else column
            expanded[key] = column
        return expanded

    def _call(self, **more: Any) -> Any:
        params = dict(self.params, **more)
        return _core.client_call("get", "data/" + self.columns.route, params)

    def steps(self) -> Generator[Any, Any, None]:
        """
        Yield lists of calls, to receive their results, and the rows.

        The rows are yielded as a tuple.
        """
        if self.is_empty:
            return
        if self.columns.model in KINDS:
            yield from self._select_kind()
            if self.is_empty:
                return
        values = [None] if self.split is None else self.split.value
        for start in range(0, len(values), IDS_AT_ONCE):
            if self.split is not None:
                part = values[start : start + IDS_AT_ONCE]
                self.params[self.split.column] = json.dumps(part)
            yield from self._pages()

    def _select_kind(self) -> Generator[Any, Any, None]:
        """Limit the entities to a kind: they have the kind's entity types."""
        call = _core.client_call("get", "data/entity-types")
        ((types),) = yield [call]
        kind = KINDS[self.columns.model]
        if kind == "Asset":
            others = set(KINDS.values()) - {"Asset"}
            ids = [one["id"] for one in types if one["name"] not in others]
        else:
            ids = [one["id"] for one in types if one["name"] == kind]
        if "entity_type_id" in self.params:
            text = self.params["entity_type_id"]
            wanted = json.loads(text) if text[0] == "[" else [text]
            ids = [each for each in ids if each in wanted]
        self.params["entity_type_id"] = json.dumps(ids)
        self.is_empty = not ids

    def _pages(self) -> Generator[Any, Any, None]:
        """Read the pages. What moved between them is asked for at the end."""
        (first,) = yield [self._call(page=1, limit=self.page_size)]
        if isinstance(first, list):
            # A server without pages for this model.
            yield from self._rows(first)
            return
        seen: dict[str, None] = {}
        totals = {first["total"]}
        moved = self._add(seen, first["data"])
        yield from self._rows(first["data"])
        numbers = range(2, first["nb_pages"] + 1)
        for start in range(0, len(numbers), PAGES_AT_ONCE):
            answers = yield [
                self._call(page=number, limit=self.page_size)
                for number in numbers[start : start + PAGES_AT_ONCE]
            ]
            for answer in answers:
                totals.add(answer["total"])
                new = [row for row in answer["data"] if row["id"] not in seen]
                moved = self._add(seen, answer["data"]) or moved
                yield from self._rows(new)
        if moved or len(totals) > 1:
            yield from self._missed(seen)

    @staticmethod
    def _add(seen: dict, rows: list) -> bool:
        """Remember the rows. Return whether some were known."""
        before = len(seen)
        seen.update(dict.fromkeys(row["id"] for row in rows))
        return len(seen) < before + len(rows)

    def _missed(self, seen: dict) -> Generator[Any, Any, None]:
        """
        Yield the rows that no page had.

        The server sorts by the last change. While records change, others move
        from a page to one that has been read.
        """
        (everything,) = yield [self._call(fields="id")]
        missing = [row["id"] for row in everything if row["id"] not in seen]
        for start in range(0, len(missing), IDS_AT_ONCE):
            part = json.dumps(missing[start : start + IDS_AT_ONCE])
            (rows,) = yield [self._call(id=part)]
            yield from self._rows(rows)

    def _rows(self, rows: list) -> Generator[Any, Any, None]:
        """Yield the rows that fulfil the conditions, as they were asked for."""
        rows = [row for row in rows if all(c.holds(row) for c in self.checks)]
        if self.expand and rows:
            yield from self._look_up(rows)
        shown = tuple(self._shown(row) for row in rows)
        if shown:
            yield shown

    def _look_up(self, rows: list) -> Generator[Any, Any, None]:
        """Read the records that the rows refer to, once each."""
        wanted: dict[str, dict[str, None]] = {}
        for column in self.expand.values():
            model = REFERENCES[column]
            known = self._known.setdefault(model, {})
            for row in rows:
                for each in _ids_in(row.get(column)):
                    if each not in known:
                        wanted.setdefault(model, {})[each] = None
        models = list(wanted)
        calls = [id_calls(model, list(wanted[model])) for model in models]
        answers = yield [call for each in calls for call in each]
        for model, each in zip(models, calls):
            found = answers[: len(each)]
            answers = answers[len(each) :]
            known = self._known[model]
            known.update(dict.fromkeys(wanted[model]))
            for records in found:
                known.update((record["id"], record) for record in records)

    def _shown(self, row: dict) -> dict:
        shown = row
        if self.fields is not None:
            kept = {*self.fields, "id", "type"}
            shown = {key: row[key] for key in row if key in kept}
        for key, column in self.expand.items():
            known = self._known[REFERENCES[column]]
            value = row.get(column)
            if isinstance(value, list):
                shown[key] = [known.get(each) for each in value]
            else:
                shown[key] = known.get(value) if value else None
        return shown


def _ids_in(value: Any) -> list:
    if isinstance(value, list):
        return value
    return [value] if value else []


def id_calls(model: str, ids: list, **params: Any) -> list:
    """Return the calls for the records with these ids, a hundred each."""
    return [
        _core.client_call(
            "get",
            "data/" + model,
            dict(params, id=json.dumps(ids[start : start + IDS_AT_ONCE])),
        )
        for start in range(0, len(ids), IDS_AT_ONCE)
    ]


def rows_of(query: Query, client: Any, run_all: Callable) -> Any:
    """Return the generator of a query's rows."""
    if hasattr(type(client), "_run_composition"):
        return _awaited(query, client, run_all)
    return _blocking(query, client, run_all)


def _blocking(
    query: Query, client: Any, run_all: Callable
) -> Generator[dict, None, None]:
    steps = query.steps()
    answers = None
    try:
        while True:
            step = steps.send(answers)
            answers = None
            if isinstance(step, tuple):
                yield from step
            else:
                answers = run_all(step, client=client)
    except StopIteration:
        return


async def _awaited(
    query: Query, client: Any, run_all: Callable
) -> AsyncGenerator[dict, None]:
    steps = query.steps()
    answers = None
    while True:
        try:
            step = steps.send(answers)
        except StopIteration:
            return
        answers = None
        if isinstance(step, tuple):
            for row in step:
                yield row
        else:
            answers = await run_all(step, client=client)


def by_ids(
    model: Any,
    ids: Any,
    fields: Any,
    relations: Any,
    client: Any,
    run_all: Callable,
) -> list:
    """Return records in the order of their ids; None for those that are missing."""
    columns = Columns(model)
    if isinstance(ids, (str, bytes, dict)) or not hasattr(ids, "__iter__"):
        raise TypeError("ids: expected a list, not {!r}".format(ids))
    wanted = [identity(each, "ids") for each in ids]
    params = {}
    if fields is not None:
        names = columns.names(fields, "fields")
        params["fields"] = ",".join(names) or "id"
        relations = relations or any(
            columns.kinds[name] == "lists" for name in names
        )
    if relations:
        params["relations"] = "true"
    calls = id_calls(columns.route, list(dict.fromkeys(wanted)), **params)
    found = {
        record["id"]: record
        for records in run_all(calls, client=client)
        for record in records
        if record.get("type") == KINDS.get(columns.model, record.get("type"))
    }
    return [found.get(each) for each in wanted]

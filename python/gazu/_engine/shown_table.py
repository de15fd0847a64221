"""Records as a table, for consoles and notebooks."""

from __future__ import annotations

from typing import Any

#: The highest number of columns that are chosen, and of characters in a cell.
_COLUMNS, _WIDTH = 8, 40
_FIRST = ("name", "full_name", "entity_name", "task_type_name")
#: What people rarely look for in a list.
_LEFT_OUT = ("created_at", "updated_at", "type", "shotgun_id")


class Table:
    """
    A table of records: text in a console, HTML in a notebook.

    Attributes:
        records (list[dict[str, Any]]): The records.
        columns (list[str]): The keys that are shown.
    """

    def __init__(self, records: Any, columns: Any = None) -> None:
        if isinstance(records, dict):
            records = [records]
        self.records = list(records)
        for record in self.records:
            if not isinstance(record, dict):
                raise TypeError(
                    "records: expected dicts, not {}".format(
                        type(record).__name__
                    )
                )
        if isinstance(columns, str):
            raise TypeError("columns: expected a list of keys, not a text")
        self.columns = (
            _chosen(self.records) if columns is None else list(columns)
        )

    def __len__(self) -> int:
        return len(self.records)

    def __repr__(self) -> str:
        if not self.records:
            return "No records."
        rows = [self.columns, *self._rows()]
        widths = [max(map(len, column)) for column in zip(*rows)]
        rows.insert(1, ["-" * width for width in widths])
        return "\n".join(
            "  ".join(
                cell.ljust(width) for cell, width in zip(row, widths)
            ).rstrip()
            for row in rows
        )

    def _repr_html_(self) -> str:
        """Return the table for a notebook."""
        from html import escape

        def line(cells: list, tag: str) -> str:
            return "<tr>{}</tr>".format(
                "".join("<{0}>{1}</{0}>".format(tag, escape(c)) for c in cells)
            )

        return "<table><thead>{}</thead><tbody>{}</tbody></table>".format(
            line(self.columns, "th"),
            "".join(line(row, "td") for row in self._rows()),
        )

    def _rows(self) -> list:
        return [
            [_cell(record.get(key)) for key in self.columns]
            for record in self.records
        ]


def _chosen(records: list) -> list:
    """Return the keys to show: those with simple values, names first, ids last."""
    keys: dict = {}
    for record in records:
        for key, value in record.items():
            if value is not None and isinstance(value, (str, int, float)):
                keys.setdefault(str(key))
    ids = [key for key in keys if key.endswith("_id")]
    first = [key for key in _FIRST if key in keys]
    others = [
        key
        for key in keys
        if key not in first + ids and key not in _LEFT_OUT and key != "id"
    ]
    last = ["id"] if "id" in keys else []
    return (first + others + ids)[: _COLUMNS - len(last)] + last


def _cell(value: Any) -> str:
    text = "" if value is None else " ".join(str(value).split())
    text = "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
    return text if len(text) <= _WIDTH else text[: _WIDTH - 3] + "..."

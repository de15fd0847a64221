"""Results of the commands."""

from __future__ import annotations

import json
from typing import Any

import click

from .text import cell, say


def print_json(data: Any) -> None:
    # json.dumps escapes all control characters except this one.
    text = json.dumps(data, indent=2, default=str)
    click.echo(text.replace("\x7f", "\\u007f"))


def print_table(rows, columns):
    """
    Print rows as a table.

    Args:
        rows: A list of dicts.
        columns: Pairs of the title of a column and its key in the rows.
    """
    if not rows:
        say("No results.")
        return
    table = [[title for title, _ in columns]]
    table += [[cell(row.get(key)) for _, key in columns] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*table)]
    table.insert(1, ["-" * width for width in widths])
    for cells in table:
        say("  ".join(cell.ljust(width) for cell, width in zip(cells, widths)))


def output(ctx, data, columns):
    """
    Print a result.

    With ``--json``, print JSON. Otherwise, print a list as a table and a dict
    line by line.

    Args:
        ctx: The click context of the command.
        data: A dict, or a list of dicts.
        columns: Pairs of a title and a key of the dicts.
    """
    if ctx.obj.get("json"):
        print_json(data)
    elif isinstance(data, list):
        print_table(data, columns)
    else:
        for title, key in columns:
            say("{}: {}".format(title, data.get(key, "")))

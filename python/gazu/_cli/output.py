"""Results of the commands: tables, lines, JSON and CSV."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import Any, Callable

import click

from . import public
from .text import cell, encodable, in_one_line, printable, say, settings


class Colored(str):
    """A text with the color of a task status, such as ``#22d160``."""

    color: str | None = None

    def __new__(cls, text: str, color: str | None = None) -> Colored:
        """Make the text."""
        made = super().__new__(cls, text)
        made.color = color
        return made


def is_data(ctx: click.Context) -> bool:
    """Return whether records are wanted, and not a table for people."""
    return ctx.obj.get("format") in ("json", "jsonl") or bool(
        ctx.obj.get("json")
    )


def show(
    ctx: click.Context,
    data: Any,
    columns: list,
    named: Callable[[list], list],
) -> None:
    """
    Print records, or a table of them with names instead of ids.

    Args:
        ctx: The context of the command.
        data: A record, or a list of records.
        columns: Pairs of the title of a column and its key.
        named: Returns the rows of the table for a list of records.
    """
    if not is_data(ctx):
        is_list = isinstance(data, list)
        rows = named(data if is_list else [data])
        data = rows if is_list else rows[0]
    public.output(ctx, data, columns)


def output(ctx: Any, data: Any, columns: Any) -> None:
    """Print a result, as the options of the output say."""
    form = ctx.obj.get("format")
    if form == "csv":
        _print_csv(data if isinstance(data, list) else [data], columns)
    elif form == "jsonl":
        print_json_lines(data)
    elif ctx.obj.get("json"):
        print_json(data)
    elif isinstance(data, list):
        public.print_table(data, columns)
    else:
        for title, key in columns:
            say("{}: {}".format(title, data.get(key, "")))


def print_json(data: Any) -> None:
    """Print a value as JSON."""
    # json.dumps escapes all control characters except this one.
    text = json.dumps(data, indent=2, default=str)
    click.echo(text.replace("\x7f", "\\u007f"))


def print_json_lines(data: Any) -> None:
    """Print a line of JSON for each record."""
    for record in data if isinstance(data, list) else [data]:
        text = json.dumps(record, default=str)
        click.echo(text.replace("\x7f", "\\u007f"))


def print_data(ctx: click.Context, data: Any) -> None:
    """Print records as JSON, or as lines of JSON."""
    if ctx.obj.get("format") == "jsonl":
        print_json_lines(data)
    else:
        print_json(data)


def _print_csv(rows: list, columns: list) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([key for _, key in columns])
    for row in rows:
        values = (row.get(key) for _, key in columns)
        writer.writerow(["" if each is None else each for each in values])
    shown = text.getvalue()
    shown = printable(shown) if sys.stdout.isatty() else shown
    click.echo(encodable(shown, sys.stdout), nl=False)


def print_table(rows: Any, columns: Any) -> None:
    """Print rows as a table: drawn on a terminal, and otherwise as plain text."""
    if not rows:
        say("No results.")
        return
    if _draw(rows, columns):
        return
    table = [[title for title, _ in columns]]
    table += [[cell(row.get(key)) for _, key in columns] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*table)]
    table.insert(1, ["-" * width for width in widths])
    for cells in table:
        say("  ".join(cell.ljust(width) for cell, width in zip(cells, widths)))


def console(err: bool = False) -> Any:
    """Return rich's console, or None without rich or a terminal."""
    color = settings().get("color", "auto")
    stream = sys.stderr if err else sys.stdout
    is_terminal = stream.isatty()
    if not is_terminal and (err or color != "always"):
        return None
    try:
        from rich.console import Console
    except ImportError:
        return None
    return Console(
        file=stream,
        force_terminal=True,
        # Unless asked otherwise, the variable NO_COLOR decides.
        no_color={"always": False, "never": True}.get(color),
        color_system=None if color == "never" else "auto",
        width=None if is_terminal else 10000,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _draw(rows: list, columns: list) -> bool:
    """Draw a table that fits the terminal. Return whether there is one."""
    target = console()
    if target is None:
        return False
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title, key in columns:
        # IDs stay whole: people copy them. Other columns are shortened.
        table.add_column(title, no_wrap=key == "id", header_style="bold")
    for row in rows:
        cells = []
        for _, key in columns:
            value = row.get(key)
            text = Text(in_one_line(value), no_wrap=True, overflow="ellipsis")
            color = getattr(value, "color", None)
            if color and not target.no_color:
                text.stylize(_badge(color))
            cells.append(text)
        table.add_row(*cells)
    target.print(table)
    return True


def _badge(color: str) -> str:
    """Return the style of a task status, readable on dark and light terminals."""
    text = color.lstrip("#")
    try:
        red, green, blue = (int(text[n : n + 2], 16) for n in (0, 2, 4))
    except ValueError:
        return ""
    light = 0.299 * red + 0.587 * green + 0.114 * blue > 140
    return "{} on #{}".format("black" if light else "white", text[:6])

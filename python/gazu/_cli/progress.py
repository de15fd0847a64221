"""Progress bars: with speed and time left, on stderr, and only on a terminal."""

from __future__ import annotations

import contextlib
import os
from typing import Callable, Iterator

import click

from .output import console, is_data
from .text import encodable, printable


@contextlib.contextmanager
def progress(ctx: click.Context, path: str) -> Iterator[Callable | None]:
    """Yield a callback that draws a progress bar, or None."""
    wanted = not (is_data(ctx) or ctx.obj.get("quiet"))
    target = console(err=True) if wanted else None
    if target is None:
        yield None
        return
    from rich import progress as bars
    from rich.table import Column

    label = Column(max_width=30, no_wrap=True, overflow="ellipsis")
    with bars.Progress(
        bars.TextColumn(
            "{task.description}", markup=False, table_column=label
        ),
        bars.BarColumn(),
        bars.TextColumn("{task.percentage:>3.0f}%"),
        bars.DownloadColumn(),
        bars.TransferSpeedColumn(),
        bars.TimeRemainingColumn(),
        console=target,
    ) as bar:
        name = encodable(printable(os.path.basename(path)), target.file)
        task = bar.add_task(name, total=None)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total or None)

        yield show

"""Progress bars."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Callable, Iterator

import click

from .text import printable


@contextlib.contextmanager
def progress(ctx: click.Context, path: str) -> Iterator[Callable | None]:
    """Yield a callback that draws a progress bar if stderr is a terminal."""
    if ctx.obj["json"] or not sys.stderr.isatty():
        yield None
        return
    label = printable(os.path.basename(path))
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total or None
            bar.update(done - bar.pos)

        yield show

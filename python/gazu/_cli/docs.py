"""The reference in a terminal."""

from __future__ import annotations

import click

from .. import _docs
from .app import cli


@cli.command()
@click.argument("name", required=False)
@click.pass_context
def docs(ctx: click.Context, name: str | None) -> None:
    """
    Print the reference of the Python functions, without the internet.

    NAME is a module, a function, a class, an old name, or a part of a name. Without it,
    the modules are listed. Python alone does the same: python -m gazu docs NAME.

    Examples:
      gazu-cli docs task.add_comment
      gazu-cli docs thumbnail
    """
    ctx.exit(_docs.main([name] if name else []))

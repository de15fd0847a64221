"""The command ``gazu-cli``, to which each module adds its commands."""

from __future__ import annotations

import sys
from typing import Any

import click

from .text import escape_log

gazu: Any = sys.modules[__name__.rpartition("._cli.")[0]]

project_option = click.option(
    "--project", "-p", "project_opt", help="Name or ID of the project."
)
episode_option = click.option(
    "--episode", "-e", help="Only list those of this episode."
)


@click.group()
@click.option("--json", "use_json", is_flag=True, help="Print JSON.")
@click.option(
    "--profile",
    metavar="NAME",
    envvar="KITSU_PROFILE",
    help="Use the login that is stored with this name.",
)
@click.version_option(version=gazu.__version__, prog_name="gazu-cli")
@click.pass_context
def cli(ctx: click.Context, use_json: bool, profile: str | None) -> None:
    """Query a Kitsu server and publish files to it."""
    escape_log()
    ctx.ensure_object(dict)
    ctx.obj["json"] = use_json
    ctx.obj["profile"] = profile

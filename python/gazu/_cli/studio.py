"""People, the search, and the types and statuses of the studio."""

from __future__ import annotations

from typing import Callable

import click

from .. import asset as gazu_asset
from .. import casting as gazu_casting
from .. import person as gazu_person
from .. import search as gazu_search
from .. import shot as gazu_shot
from .. import task as gazu_task
from . import complete, public
from .app import cli, project_option
from .errors import handled
from .output import is_data, print_data
from .records import entity_of
from .text import say


@cli.command()
@click.pass_context
@handled
def persons(ctx: click.Context) -> None:
    """
    List the people of the studio.

    Example:
      gazu-cli --csv persons > people.csv
    """
    public.setup_client()
    public.output(
        ctx,
        gazu_person.all_persons(),
        [
            ("FIRST NAME", "first_name"),
            ("LAST NAME", "last_name"),
            ("EMAIL", "email"),
            ("ROLE", "role"),
            ("ID", "id"),
        ],
    )


@cli.command()
@click.argument("query")
@project_option
@click.pass_context
@handled
def search(ctx: click.Context, query: str, project_opt: str | None) -> None:
    """
    Search assets, shots and people by text.

    Example:
      gazu-cli search lama --project Caminandes
    """
    public.setup_client()
    proj = public.resolve_project(project_opt) if project_opt else None
    data = gazu_search.search_entities(query, project=proj)
    if is_data(ctx):
        print_data(ctx, data)
        return
    for label, entities in data.items():
        if not entities:
            continue
        say("\n{} ({})".format(label.upper(), len(entities)))
        say("-" * 40)
        for entity in entities:
            name = entity.get("name", entity.get("full_name", ""))
            say("  {}  ({})".format(name, entity.get("id", "")))


@cli.command("shot-casting")
@click.argument("shot_id", metavar="SHOT", shell_complete=complete.entities)
@click.pass_context
@handled
def shot_casting(ctx: click.Context, shot_id: str) -> None:
    """
    Show the assets that are cast in the shot with an ID or a path.

    Example:
      gazu-cli shot-casting Caminandes/SE01/SH01
    """
    public.setup_client()
    shot = entity_of(shot_id)
    if isinstance(shot, dict):
        shot = shot["id"]
    data = gazu_casting.get_shot_casting(gazu_shot.get_shot(shot))
    if is_data(ctx):
        print_data(ctx, data)
    elif not data:
        say("No casting for this shot.")
    else:
        for entry in data:
            name = entry.get("asset_name", entry.get("name", str(entry)))
            count = entry.get("nb_occurences", 1)
            say("  {} (x{})".format(name, count))


def _list_types(
    ctx: click.Context,
    project_opt: str | None,
    list_for_project: Callable,
    list_for_studio: Callable,
    columns: list,
) -> None:
    public.setup_client()
    if project_opt:
        data = list_for_project(public.resolve_project(project_opt))
    else:
        data = list_for_studio()
    public.output(ctx, data, columns)


@cli.command("asset-types")
@project_option
@click.pass_context
@handled
def asset_types(ctx: click.Context, project_opt: str | None) -> None:
    """
    List the asset types, of a project or of the studio.

    Example:
      gazu-cli asset-types --project Caminandes
    """
    _list_types(
        ctx,
        project_opt,
        gazu_asset.all_asset_types_for_project,
        gazu_asset.all_asset_types,
        [("NAME", "name"), ("ID", "id")],
    )


@cli.command("task-types")
@project_option
@click.pass_context
@handled
def task_types(ctx: click.Context, project_opt: str | None) -> None:
    """
    List the task types, of a project or of the studio.

    Example:
      gazu-cli task-types --project Caminandes
    """
    _list_types(
        ctx,
        project_opt,
        gazu_task.all_task_types_for_project,
        gazu_task.all_task_types,
        [("NAME", "name"), ("FOR", "for_entity"), ("ID", "id")],
    )


@cli.command("task-statuses")
@project_option
@click.pass_context
@handled
def task_statuses(ctx: click.Context, project_opt: str | None) -> None:
    """
    List the task statuses, of a project or of the studio.

    Example:
      gazu-cli task-statuses --project Caminandes
    """
    _list_types(
        ctx,
        project_opt,
        gazu_task.all_task_statuses_for_project,
        gazu_task.all_task_statuses,
        [("NAME", "name"), ("SHORT", "short_name"), ("ID", "id")],
    )

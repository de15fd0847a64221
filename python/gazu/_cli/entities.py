"""Projects, assets and shots."""

from __future__ import annotations

import os

import click

from .. import asset as gazu_asset
from .. import project as gazu_project
from .. import shot as gazu_shot
from . import complete, names, public
from .app import cli, episode_option, project_option
from .errors import handled
from .output import show
from .records import entity_of, episode_of, is_id, required, sequence_of


@cli.command()
@click.option(
    "--all", "show_all", is_flag=True, help="Also list closed projects."
)
@click.pass_context
@handled
def projects(ctx: click.Context, show_all: bool) -> None:
    """
    List the open projects.

    Examples:
      gazu-cli projects
      gazu-cli projects --all --json
    """
    public.setup_client()
    if show_all:
        data = gazu_project.all_projects()
    else:
        data = gazu_project.all_open_projects()
    columns = [
        ("NAME", "name"),
        ("TYPE", "production_type"),
        ("STYLE", "production_style"),
        ("ID", "id"),
    ]
    if show_all:
        columns.insert(3, ("STATUS", "project_status_name"))
        show(ctx, data, columns, names.projects)
    else:
        public.output(ctx, data, columns)


@cli.command()
@click.argument("name_or_id", shell_complete=complete.projects)
@click.pass_context
@handled
def project(ctx: click.Context, name_or_id: str) -> None:
    """
    Show the project with a name or an ID.

    Example:
      gazu-cli project Caminandes
    """
    public.setup_client()
    show(
        ctx,
        public.resolve_project(name_or_id),
        [
            ("NAME", "name"),
            ("TYPE", "production_type"),
            ("STYLE", "production_style"),
            ("STATUS", "project_status_name"),
            ("ID", "id"),
        ],
        names.projects,
    )


@cli.command()
@project_option
@click.option(
    "--type",
    "-t",
    "asset_type",
    help="Only list this asset type.",
    shell_complete=complete.asset_types,
)
@click.pass_context
@handled
def assets(
    ctx: click.Context, project_opt: str | None, asset_type: str | None
) -> None:
    """
    List the assets of a project.

    Examples:
      gazu-cli assets --project Caminandes --type Props
      GAZU_PROJECT=Caminandes gazu-cli --csv assets > assets.csv
    """
    public.setup_client()
    proj = public.get_project_from_option(project_opt)
    if asset_type:
        label = required(
            gazu_asset.get_asset_type_by_name(asset_type),
            "Asset type",
            asset_type,
            gazu_asset.all_asset_types,
        )
        data = gazu_asset.all_assets_for_project_and_type(proj, label)
    else:
        data = gazu_asset.all_assets_for_project(proj)
    show(
        ctx,
        data,
        [
            ("NAME", "name"),
            ("TYPE", "asset_type_name"),
            ("DESCRIPTION", "description"),
            ("ID", "id"),
        ],
        names.assets,
    )


@cli.command()
@click.argument("name_or_id", shell_complete=complete.assets)
@project_option
@click.pass_context
@handled
def asset(
    ctx: click.Context, name_or_id: str, project_opt: str | None
) -> None:
    """
    Show the asset with a name, an ID or a path.

    Examples:
      gazu-cli asset Lama --project Caminandes
      gazu-cli asset Caminandes/Lama
    """
    public.setup_client()
    is_path = "/" in name_or_id and not project_opt
    if is_id(name_or_id):
        data = gazu_asset.get_asset(name_or_id)
    elif is_path and not os.environ.get("GAZU_PROJECT"):
        data = gazu_asset.get_asset(entity_of(name_or_id)["id"])
    else:
        proj = public.get_project_from_option(project_opt)
        data = required(
            gazu_asset.get_asset_by_name(proj, name_or_id),
            "Asset",
            name_or_id,
            lambda: gazu_asset.all_assets_for_project(proj),
        )
    show(
        ctx,
        data,
        [
            ("NAME", "name"),
            ("TYPE", "asset_type_name"),
            ("DESCRIPTION", "description"),
            ("PROJECT", "project_name"),
            ("ID", "id"),
        ],
        names.whole_assets,
    )


@cli.command()
@project_option
@click.option(
    "--sequence",
    "-s",
    help="Only list this sequence.",
    shell_complete=complete.sequences,
)
@episode_option
@click.pass_context
@handled
def shots(
    ctx: click.Context,
    project_opt: str | None,
    sequence: str | None,
    episode: str | None,
) -> None:
    """
    List the shots of a project.

    Examples:
      gazu-cli shots --project Caminandes
      gazu-cli shots --project Caminandes --sequence SE01 --jsonl
    """
    public.setup_client()
    proj = public.get_project_from_option(project_opt)
    if sequence:
        data = gazu_shot.all_shots_for_sequence(sequence_of(proj, sequence))
    elif episode:
        data = gazu_shot.all_shots_for_episode(episode_of(proj, episode))
    else:
        data = gazu_shot.all_shots_for_project(proj)
    show(
        ctx,
        data,
        [
            ("SEQUENCE", "sequence_name"),
            ("NAME", "name"),
            ("FRAMES", "nb_frames"),
            ("DESCRIPTION", "description"),
            ("ID", "id"),
        ],
        names.shots,
    )


@cli.command()
@project_option
@episode_option
@click.pass_context
@handled
def sequences(
    ctx: click.Context, project_opt: str | None, episode: str | None
) -> None:
    """
    List the sequences of a project.

    Example:
      gazu-cli sequences --project Caminandes
    """
    public.setup_client()
    proj = public.get_project_from_option(project_opt)
    if episode:
        data = gazu_shot.all_sequences_for_episode(episode_of(proj, episode))
    else:
        data = gazu_shot.all_sequences_for_project(proj)
    show(
        ctx,
        data,
        [("NAME", "name"), ("EPISODE", "episode_name"), ("ID", "id")],
        names.sequences,
    )


@cli.command()
@project_option
@click.pass_context
@handled
def episodes(ctx: click.Context, project_opt: str | None) -> None:
    """
    List the episodes of a project.

    Example:
      gazu-cli episodes --project Caminandes
    """
    public.setup_client()
    proj = public.get_project_from_option(project_opt)
    data = gazu_shot.all_episodes_for_project(proj)
    public.output(ctx, data, [("NAME", "name"), ("ID", "id")])

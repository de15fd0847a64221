"""Downloads."""

from __future__ import annotations

import os
from typing import Callable

import click

from .. import files as gazu_files
from .. import task as gazu_task
from .._engine.file_names import distinct, file_name
from ..exception import RouteNotFoundException
from . import complete, public
from .app import cli
from .errors import NOT_FOUND, SERVER, fail, handled
from .output import is_data, print_data
from .progress import progress
from .records import TASK_PATH, task_of
from .text import tell


@cli.command()
@click.option("--preview", "-p", "preview_id", help="ID of the preview.")
@click.option(
    "--working-file", "-w", "working_file_id", help="ID of the working file."
)
@click.option(
    "--task",
    "-t",
    "task_id",
    metavar="TASK",
    help="Download all previews of the latest revision of this task. Give its "
    "ID, or " + TASK_PATH + ".",
    shell_complete=complete.tasks,
)
@click.option(
    "--output",
    "-o",
    "target",
    default=".",
    type=click.Path(),
    help="File or folder to write to. The default is the current folder.",
)
@click.option("--force", "-f", is_flag=True, help="Replace existing files.")
@click.pass_context
@handled
def download(
    ctx: click.Context,
    preview_id: str | None,
    working_file_id: str | None,
    task_id: str | None,
    target: str,
    force: bool,
) -> None:
    """
    Download previews or a working file.

    Examples:
      gazu-cli download --task Caminandes/Lama/Modeling --output /tmp/
      gazu-cli download --preview ID --output lama.mov --force
    """
    if [preview_id, working_file_id, task_id].count(None) != 2:
        raise click.UsageError(
            "Give exactly one of --preview, --working-file and --task."
        )
    public.setup_client()
    fetch: Callable = gazu_files.download_preview_file
    if working_file_id:
        models = [gazu_files.get_working_file(working_file_id)]
        names = [_working_file_name(models[0])]
        fetch = gazu_files.download_working_file
    elif preview_id:
        models = [gazu_files.get_preview_file(preview_id)]
        names = _preview_names(models)
    else:
        target_task = task_of(task_id or "")
        if isinstance(target_task, dict):
            target_task = target_task["id"]
        models = _last_previews(gazu_task.get_task(target_task))
        names = _preview_names(models)
    paths = _target_paths(target, names, force)
    fetched, broken = [], []
    for model, path in zip(models, paths):
        try:
            with progress(ctx, path) as callback:
                fetch(model, path, progress_callback=callback)
        except RouteNotFoundException:
            if model.get("status") != "broken":
                raise
            broken.append(model)
        else:
            fetched.append({"id": model["id"], "path": path})
    if is_data(ctx):
        print_data(ctx, fetched)
    else:
        for item in fetched:
            tell("Downloaded {}".format(item["path"]))
    if broken:
        fail(_broken_text(broken), SERVER)


def _broken_text(previews: list[dict]) -> str:
    """Say which previews have no file, because the server could not process what it got."""
    names = (
        "{}.{} (ID: {})".format(
            each.get("original_name"), each.get("extension"), each["id"]
        )
        for each in previews
    )
    return (
        "The server has no file of {}: it could not process what was uploaded. "
        "Upload the file again.".format(", ".join(names))
    )


def _last_previews(target: dict) -> list[dict]:
    """Return the previews of a task's latest revision, sorted by position."""
    found = gazu_files.get_all_preview_files_for_task(target)
    if not found:
        fail("This task has no previews.", NOT_FOUND)
    last = max(item["revision"] for item in found)
    return sorted(
        (item for item in found if item["revision"] == last),
        key=lambda item: item.get("position") or 0,
    )


def _preview_names(previews: list[dict]) -> list[str]:
    """Return a different file name for each preview."""
    taken: set[str] = set()
    names = []
    for preview in previews:
        extension = preview.get("extension") or "bin"
        name = file_name(
            preview.get("original_name"), preview["id"], extension
        )
        names.append(distinct(name, taken))
    return names


def _working_file_name(working_file: dict) -> str:
    return file_name(working_file.get("path"), working_file["id"])


def _target_paths(target: str, names: list[str], force: bool) -> list[str]:
    """Return the paths to write to. If one is not usable, exit."""
    if os.path.isdir(target) or target.endswith(("/", os.sep)):
        paths = [os.path.join(target, name) for name in names]
    elif len(names) == 1:
        paths = [target]
    else:
        fail(
            "There are {} files, so --output must be a folder.".format(
                len(names)
            )
        )
    for path in paths:
        folder = os.path.dirname(path) or "."
        if not os.path.isdir(folder):
            fail("No such folder: {}".format(folder))
        if os.path.isdir(path):
            fail("This is a folder, not a file: {}".format(path))
        if os.path.exists(path) and not force:
            fail("File exists, use --force to replace it: {}".format(path))
    return [os.path.normpath(path) for path in paths]

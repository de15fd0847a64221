"""Uploads."""

from __future__ import annotations

import contextlib
import os
import stat
from typing import Callable, Iterator

import click

from .. import client as raw
from .. import files as gazu_files
from .. import task as gazu_task
from .._engine.extensions import TAKEN
from ..exception import RouteNotFoundException
from . import public
from .app import cli
from .errors import error_message, fail, handled, logger
from .names import status_of
from .output import print_json
from .progress import progress
from .text import say


@cli.command()
@click.argument(
    "paths",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, readable=True),
)
@click.option("--task", "-t", "task_id", help="ID of the task to publish on.")
@click.option(
    "--status",
    "-s",
    "status_short",
    help="Short name of the new status of the task. Without it, the status does"
    " not change.",
)
@click.option("--message", "-m", default="", help="Text of the comment.")
@click.option(
    "--thumbnail",
    is_flag=True,
    help="Use the first file as the thumbnail of the asset or shot.",
)
@click.option(
    "--as-working-file",
    "-n",
    "working_name",
    metavar="NAME",
    help="Upload the file as the next revision of the task's working file with"
    " this name, and not as a preview.",
)
@click.option(
    "--working-file",
    "-w",
    "working_file_id",
    metavar="ID",
    help="Upload the file as the content of the working file with this ID.",
)
@click.pass_context
@handled
def upload(
    ctx: click.Context,
    paths: tuple[str, ...],
    task_id: str | None,
    status_short: str | None,
    message: str,
    thumbnail: bool,
    working_name: str | None,
    working_file_id: str | None,
) -> None:
    """
    Upload files as previews of a task, or as a working file.

    Previews are added to a new comment. Several files form one revision.
    """
    if bool(task_id) == bool(working_file_id):
        raise click.UsageError(
            "Give exactly one of --task and --working-file."
        )
    as_working_file = bool(working_name or working_file_id)
    if as_working_file and (status_short or thumbnail):
        raise click.UsageError(
            "--status and --thumbnail cannot be used with working files."
        )
    if as_working_file and len(paths) > 1:
        raise click.UsageError(
            "Only one file can be uploaded as a working file."
        )
    if working_file_id and (message or working_name):
        raise click.UsageError(
            "--message and --as-working-file require --task."
        )
    for path in paths:
        _check_file(path, is_preview=not as_working_file)
    public.setup_client()
    if as_working_file:
        created = [
            _upload_working_file(
                ctx, paths[0], task_id, working_name, message, working_file_id
            )
        ]
        label = "Working file"
    else:
        created = _publish(
            ctx, paths, task_id, status_short, message, thumbnail
        )
        label = "Preview"
    if ctx.obj["json"]:
        print_json(created)
        return
    for item in created:
        say("{} uploaded (ID: {})".format(label, item.get("id")))


def _check_file(path: str, is_preview: bool) -> None:
    """Exit if the server would reject a file, before creating anything."""
    extension = os.path.splitext(path)[1][1:].lower()
    if is_preview and extension not in TAKEN:
        fail(
            "The server does not accept this file as a preview: {} (accepted: {})".format(
                path, ", ".join(sorted(TAKEN))
            )
        )
    # Do not read from a pipe: its content can only be read once.
    if stat.S_ISREG(os.stat(path).st_mode):
        with open(path, "rb") as stream:
            if not stream.read(1):
                fail("The file is empty: {}".format(path))


def _removed(label: str, model: dict, remove: Callable) -> bool:
    """Remove a record from the server. Return whether it is gone."""
    try:
        remove(model)
    except RouteNotFoundException:
        # It was removed together with another record.
        return True
    except Exception as failure:
        logger.debug("could not remove %s: %s", label, failure)
        return False
    return True


@contextlib.contextmanager
def _rollback() -> Iterator[Callable]:
    """
    If the block fails, remove what it created on the server, last first.

    Yields a function to register a created record. Its arguments are the kind of
    the record, the record, and a function that removes it. The error message
    lists records that could not be removed.
    """
    created: list[tuple[str, dict, Callable]] = []

    def register(label: str, model: dict, remove: Callable) -> None:
        created.append((label, model, remove))

    try:
        yield register
    except BaseException as error:
        remaining = created[::-1]
        # The second round finds what was removed with a record of the first: an
        # artist may not remove a preview, but the comment that it belongs to.
        for _ in range(2):
            remaining = [each for each in remaining if not _removed(*each)]
        if not remaining:
            raise
        message = "This remains on the server: {}.".format(
            ", ".join(
                "{} {}".format(label, model.get("id"))
                for label, model, _ in remaining
            )
        )
        if not isinstance(error, Exception):
            say(message, err=True)
            raise
        fail("{} {}".format(error_message(error), message))


def _remove_working_file(working_file: dict) -> None:
    raw.delete(raw.url_path_join("data", "working-files", working_file["id"]))


def _upload_working_file(
    ctx: click.Context,
    path: str,
    task_id: str | None,
    name: str | None,
    message: str,
    working_file_id: str | None,
) -> dict:
    with _rollback() as register:
        if working_file_id:
            working_file = gazu_files.get_working_file(working_file_id)
        else:
            working_file = gazu_files.new_working_file(
                gazu_task.get_task(task_id), name=name, comment=message
            )
            register("working file", working_file, _remove_working_file)
        with progress(ctx, path) as callback:
            return gazu_files.upload_working_file(
                working_file, path, progress_callback=callback
            )


def _publish(
    ctx: click.Context,
    paths: tuple[str, ...],
    task_id: str | None,
    status_short: str | None,
    message: str,
    thumbnail: bool,
) -> list[dict]:
    """Upload previews to a new comment, and return them."""
    target = gazu_task.get_task(task_id)
    if status_short:
        wanted = status_of(status_short)
    else:
        wanted = {"id": target["task_status_id"]}
    previews: list[dict] = []
    with _rollback() as register:
        new_comment = gazu_task.add_comment(target, wanted, comment=message)
        register("comment", new_comment, gazu_task.remove_comment)
        for path in paths:
            if not previews:
                preview = gazu_task.create_preview(target, new_comment)
            else:
                preview = gazu_task.create_extra_preview(
                    target, new_comment, previews[0]
                )
            register("preview", preview, _remove_preview)
            with progress(ctx, path) as callback:
                previews.append(
                    gazu_task.upload_preview_file(
                        preview, path, progress_callback=callback
                    )
                )
    if thumbnail:
        try:
            gazu_task.set_main_preview(previews[0])
        except Exception as error:
            # Say that the upload succeeded: trying again would publish twice.
            fail(
                "The files were uploaded, but the thumbnail could not be "
                "set: {}".format(error_message(error))
            )
    return previews


def _remove_preview(preview: dict) -> None:
    gazu_files.remove_preview_file(preview, force=True)

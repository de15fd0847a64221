"""Publications that survive: ``gazu-cli publish``."""

from __future__ import annotations

from typing import Any

import click

from .. import publish as gazu_publish
from .. import task as gazu_task
from . import complete, public
from .app import Command, Sections, cli
from .errors import NOT_FOUND, error_message, exit_code, fail, handled
from .output import is_data
from .progress import progress
from .records import TASK_PATH, status_of, task_of
from .text import as_one_line, say, tell


class _Group(Sections, click.Group):
    """A group whose command ``start`` need not be named."""

    command_class = Command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and self._first_word(args) not in (*self.commands, "--help"):
            args = ["start", *args]
        return super().parse_args(ctx, args)

    def _first_word(self, args: list[str]) -> str | None:
        """Return what follows the options of the output, or None."""
        takes_value = {
            name: isinstance(param, click.Option) and not param.is_flag
            for param in self.shared
            for name in param.opts
        }
        words = iter(args)
        for word in words:
            name, equals, _ = word.partition("=")
            if name not in takes_value:
                return word
            if takes_value[name] and not equals:
                next(words, None)
        return None

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def format_usage(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        formatter.write_usage(
            ctx.command_path,
            "[OPTIONS] FILE...",
        )
        formatter.write_usage(ctx.command_path, "COMMAND [ARGS]...", "       ")


EXAMPLES = """\b
Examples:
  gazu-cli publish shot.mov --task Caminandes/Lama/Modeling --status wfa
  gazu-cli publish resume
"""


@cli.group(cls=_Group, epilog=EXAMPLES)
def publish() -> None:
    """
    Publish files as previews of a task, and continue after a crash.

    A journal is written before and after each step. If the program is killed or
    the network fails, "gazu-cli publish resume" does the rest, and creates nothing
    twice.

    Options of "gazu-cli publish FILE...": see "gazu-cli publish start --help".
    """


@publish.command()
@click.argument(
    "paths",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, readable=True),
)
@click.option(
    "--task",
    "-t",
    "task_id",
    required=True,
    metavar="TASK",
    help="The task to publish to: its ID, or " + TASK_PATH + ".",
    shell_complete=complete.tasks,
)
@click.option(
    "--status",
    "-s",
    "status_short",
    help="Set the task's status: its short name, such as wfa, or its name."
    " Without it, the status does not change.",
    shell_complete=complete.statuses,
)
@click.option("--message", "-m", default="", help="Text of the comment.")
@click.option(
    "--thumbnail/--no-thumbnail",
    default=True,
    help="Use the first file as the thumbnail of the asset or shot.",
)
@click.option(
    "--queue",
    is_flag=True,
    help="Only write the journal. 'gazu-cli publish resume' uploads, for example"
    " on a farm that shares the folder in GAZU_PUBLISH_FOLDER.",
)
@click.pass_context
@handled
def start(
    ctx: click.Context,
    paths: tuple[str, ...],
    task_id: str,
    status_short: str | None,
    message: str,
    thumbnail: bool,
    queue: bool,
) -> None:
    """
    Publish files. This is what "gazu-cli publish FILE..." does.

    Examples:
      gazu-cli publish shot.mov --task Caminandes/Lama/Modeling --status wfa
      gazu-cli publish shot.mov still.png --task ID --queue
    """
    public.setup_client()
    target = gazu_task.get_task(task_of(task_id))
    status: Any = (
        status_of(status_short) if status_short else target["task_status_id"]
    )
    job = gazu_publish.start(
        target,
        status,
        message,
        list(paths),
        set_main_preview=thumbnail,
    )
    if queue:
        _print_jobs(ctx, [job])
        return
    _run(ctx, job)
    if job.error is not None:
        raise SystemExit(exit_code(job.error))
    _print_jobs(ctx, [job])


@publish.command()
@click.pass_context
@handled
def resume(ctx: click.Context) -> None:
    """Do the rest of all publications of this server, the oldest first."""
    public.setup_client()
    host = gazu_publish.raw.get_host()
    done = []
    for job in gazu_publish.jobs():
        if job.host != host.rstrip("/"):
            continue
        try:
            _run(ctx, job)
        except BlockingIOError:
            # Another process is running it.
            continue
        done.append(job)
    _print_jobs(ctx, done)
    for job in done:
        if job.error is not None:
            raise SystemExit(exit_code(job.error))


@publish.command("list")
@click.option("--all", "show_all", is_flag=True, help="Also finished ones.")
@click.pass_context
@handled
def list_jobs(ctx: click.Context, show_all: bool) -> None:
    """List the publications that are not finished."""
    _print_jobs(ctx, gazu_publish.jobs(finished=show_all))


@publish.command()
@click.argument("job_id", metavar="ID")
@handled
def discard(job_id: str) -> None:
    """Forget a publication. What it has made stays on the server."""
    for job in gazu_publish.jobs(finished=True):
        if job.id == job_id:
            job.discard()
            tell("Discarded {}".format(job_id))
            return
    fail("Publication not found: {}".format(job_id), NOT_FOUND)


def _run(ctx: click.Context, job: gazu_publish.Job) -> None:
    """Run a job. If it fails, say so; ``job.error`` is the reason."""
    try:
        with progress(ctx, job.files[0]) as callback:
            job.run(progress=callback)
    except BlockingIOError:
        raise
    except Exception as error:
        job.error = error
        text = "{} Do the rest with: gazu-cli publish resume (ID: {})"
        say(
            as_one_line(text.format(_sentence(error_message(error)), job.id)),
            err=True,
        )


def _sentence(text: str) -> str:
    return text if text.endswith(".") else text + "."


def _print_jobs(ctx: click.Context, jobs: list[gazu_publish.Job]) -> None:
    rows = [
        {
            "id": job.id,
            "state": _state(job),
            "task_id": job.task_id,
            "comment_id": job.comment_id,
            "preview_ids": job.preview_ids,
            "files": job.files,
        }
        for job in jobs
    ]
    if not is_data(ctx):
        for row in rows:
            row["files"] = ", ".join(row["files"])
    public.output(
        ctx,
        rows,
        [
            ("ID", "id"),
            ("STATE", "state"),
            ("TASK", "task_id"),
            ("FILES", "files"),
        ],
    )


def _state(job: gazu_publish.Job) -> str:
    if job.is_done:
        return "done"
    if job.error is not None:
        return "failed"
    return "begun" if job.comment_id else "queued"

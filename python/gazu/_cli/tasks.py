"""Tasks and comments."""

from __future__ import annotations

import click

from .. import client as raw
from .. import task as gazu_task
from .. import user as gazu_user
from . import complete, names, public
from .app import cli, dry_run_option, project_option
from .errors import handled
from .output import show
from .records import TASK_PATH, required, status_of, task_of
from .text import say, tell

task_option = click.option(
    "--task",
    "-t",
    "task_id",
    required=True,
    metavar="TASK",
    help="ID of the task, or " + TASK_PATH + ".",
    shell_complete=complete.tasks,
)
status_help = "of the task: its short name, such as wip, or its name."


@cli.command()
@project_option
@click.option(
    "--type",
    "-t",
    "task_type",
    help="Only list this task type.",
    shell_complete=complete.task_types,
)
@click.option(
    "--status",
    "-s",
    "task_status",
    help="Only list tasks with this status: its short name, such as wip.",
    shell_complete=complete.statuses,
)
@click.pass_context
@handled
def tasks(
    ctx: click.Context,
    project_opt: str | None,
    task_type: str | None,
    task_status: str | None,
) -> None:
    """
    List the tasks of a project.

    Examples:
      gazu-cli tasks --project Caminandes
      gazu-cli tasks --project Caminandes --type Modeling --status wip
    """
    public.setup_client()
    proj = public.get_project_from_option(project_opt)
    wanted_type = wanted_status = None
    if task_type:
        wanted_type = gazu_task.get_task_type_by_name(task_type)
    if task_status:
        wanted_status = gazu_task.get_task_status_by_short_name(task_status)
    if task_type:
        required(wanted_type, "Task type", task_type, gazu_task.all_task_types)
    if task_status:
        required(
            wanted_status,
            "Task status",
            task_status,
            gazu_task.all_task_statuses,
        )
    data: list
    if wanted_type and wanted_status:
        data = gazu_task.all_tasks_for_task_status(
            proj, wanted_type, wanted_status
        )
    elif wanted_type:
        data = gazu_task.all_tasks_for_task_type(proj, wanted_type)
    else:
        data = raw.fetch_all("tasks", {"project_id": proj["id"]})
        if wanted_status:
            data = [
                item
                for item in data
                if item.get("task_status_id") == wanted_status["id"]
            ]
    show(
        ctx,
        data,
        [
            ("ENTITY", "entity_name"),
            ("TYPE", "task_type_name"),
            ("STATUS", "task_status_name"),
            ("ASSIGNEES", "assignees"),
            ("ID", "id"),
        ],
        names.tasks,
    )


@cli.command()
@click.argument("task_id", metavar="TASK", shell_complete=complete.tasks)
@click.pass_context
@handled
def task(ctx: click.Context, task_id: str) -> None:
    """
    Show the task with an ID or a path.

    Example:
      gazu-cli task Caminandes/Lama/Modeling
    """
    public.setup_client()
    show(
        ctx,
        gazu_task.get_task(_id_of(task_of(task_id))),
        [
            ("ENTITY", "entity_name"),
            ("TYPE", "task_type_name"),
            ("STATUS", "task_status_name"),
            ("ASSIGNEES", "assignees"),
            ("PROJECT", "project_name"),
            ("DESCRIPTION", "description"),
            ("ID", "id"),
        ],
        names.whole_tasks,
    )


def _id_of(model: str | dict) -> str:
    return model["id"] if isinstance(model, dict) else model


@cli.command()
@task_option
@click.option(
    "--status",
    "-s",
    "status_short",
    required=True,
    help="New status " + status_help,
    shell_complete=complete.statuses,
)
@click.option("--message", "-m", default="", help="Text of the comment.")
@dry_run_option
@click.pass_context
@handled
def comment(
    ctx: click.Context,
    task_id: str,
    status_short: str,
    message: str,
    dry_run: bool,
) -> None:
    """
    Comment on a task and set its status.

    Example:
      gazu-cli comment -t Caminandes/Lama/Modeling -s wfa -m "Please have a look"
    """
    public.setup_client()
    status = status_of(status_short)
    target = _id_of(task_of(task_id))
    if dry_run:
        say(
            "Would comment on task {} and set its status to {}.".format(
                target, status.get("name") or status_short
            )
        )
        return
    created = gazu_task.add_comment(target, status, comment=message)
    if ctx.obj.get("format") == "jsonl":
        public.output(ctx, created, [])
    else:
        tell("Comment posted (ID: {})".format(created.get("id")))


@cli.command("my-tasks")
@click.option("--done", is_flag=True, help="List the finished tasks instead.")
@click.pass_context
@handled
def my_tasks(ctx: click.Context, done: bool) -> None:
    """
    List the open tasks of the logged-in user.

    Example:
      gazu-cli my-tasks
    """
    public.setup_client()
    data = gazu_user.all_done_tasks() if done else gazu_user.all_tasks_to_do()
    show(
        ctx,
        data,
        [
            ("PROJECT", "project_name"),
            ("ENTITY", "entity_name"),
            ("TYPE", "task_type_name"),
            ("STATUS", "task_status_name"),
            ("ID", "id"),
        ],
        names.my_tasks,
    )

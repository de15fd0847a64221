"""Tasks and comments."""

from __future__ import annotations

import click

from .. import client as raw
from .. import task as gazu_task
from .. import user as gazu_user
from . import public
from .app import cli, project_option
from .errors import handled, required
from .names import status_of
from .text import say


@cli.command()
@project_option
@click.option("--type", "-t", "task_type", help="Only list this task type.")
@click.option(
    "--status",
    "-s",
    "task_status",
    help="Only list tasks with this status (short name).",
)
@click.pass_context
@handled
def tasks(
    ctx: click.Context,
    project_opt: str | None,
    task_type: str | None,
    task_status: str | None,
) -> None:
    """List the tasks of a project."""
    public.setup_client()
    proj = public.get_project_from_option(project_opt)
    wanted_type = wanted_status = None
    if task_type:
        wanted_type = gazu_task.get_task_type_by_name(task_type)
    if task_status:
        wanted_status = gazu_task.get_task_status_by_short_name(task_status)
    if task_type:
        required(wanted_type, "Task type", task_type)
    if task_status:
        required(wanted_status, "Task status", task_status)
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
    public.output(
        ctx,
        data,
        [
            ("ENTITY", "entity_name"),
            ("TYPE", "task_type_name"),
            ("STATUS", "task_status_name"),
            ("ASSIGNEES", "assignees"),
            ("ID", "id"),
        ],
    )


@cli.command()
@click.argument("task_id")
@click.pass_context
@handled
def task(ctx: click.Context, task_id: str) -> None:
    """Show the task with an ID."""
    public.setup_client()
    public.output(
        ctx,
        gazu_task.get_task(task_id),
        [
            ("ENTITY", "entity_name"),
            ("TYPE", "task_type_name"),
            ("STATUS", "task_status_name"),
            ("ASSIGNEES", "assignees"),
            ("PROJECT", "project_name"),
            ("DESCRIPTION", "description"),
            ("ID", "id"),
        ],
    )


@cli.command()
@click.option("--task", "-t", "task_id", required=True, help="ID of the task.")
@click.option(
    "--status",
    "-s",
    "status_short",
    required=True,
    help="Short name of the new status of the task, such as wip.",
)
@click.option("--message", "-m", default="", help="Text of the comment.")
@handled
def comment(task_id: str, status_short: str, message: str) -> None:
    """Comment on a task and set its status."""
    public.setup_client()
    created = gazu_task.add_comment(
        task_id, status_of(status_short), comment=message
    )
    say("Comment posted (ID: {})".format(created.get("id")))


@cli.command("my-tasks")
@click.option("--done", is_flag=True, help="List the finished tasks instead.")
@click.pass_context
@handled
def my_tasks(ctx: click.Context, done: bool) -> None:
    """List the open tasks of the logged-in user."""
    public.setup_client()
    data = gazu_user.all_done_tasks() if done else gazu_user.all_tasks_to_do()
    public.output(
        ctx,
        data,
        [
            ("PROJECT", "project_name"),
            ("ENTITY", "entity_name"),
            ("TYPE", "task_type_name"),
            ("STATUS", "task_status_name"),
            ("ID", "id"),
        ],
    )

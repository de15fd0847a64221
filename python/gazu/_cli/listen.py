"""Listening to events, for shell scripts and other programs."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import tempfile
from typing import Any, Callable, Iterator

import click

from .. import client as raw
from .. import events as gazu_events
from .._engine import logs
from .._events.checkpoint import checked_name, folder
from .._events.skipped import Skipped
from .._events.webhook import Webhook
from . import public
from .app import Command, cli, project_option
from .errors import fail, handled
from .text import as_one_line, printable, say

#: The variable with the secret that signs webhooks. Options are shown to other users.
SECRET = "GAZU_WEBHOOK_SECRET"


@cli.command()
@click.argument("names", nargs=-1)
@click.option(
    "--name",
    metavar="BOT",
    help="Remember under this name which events were handled, and continue there"
    " at the next start.",
)
@project_option
@click.option(
    "--exec",
    "command",
    metavar="CMD",
    help="Run a shell command for each event, which is JSON on its standard"
    " input. GAZU_EVENT_NAME is the name.",
)
@click.option(
    "--webhook",
    metavar="URL",
    help="Send each event to a URL, signed with the secret in " + SECRET + ".",
)
@click.option(
    "--since",
    metavar="DATE",
    help="Begin with the events of this date in UTC, or with 'beginning', if"
    " nothing is noted under the name.",
)
@click.option(
    "--retries",
    default=5,
    show_default=True,
    type=click.IntRange(min=0),
    help="How often --exec and --webhook try again.",
)
@click.option(
    "--on-error",
    default="stop",
    show_default=True,
    type=click.Choice(["stop", "skip"]),
    help="What happens then. 'gazu-cli events' handles what was skipped.",
)
@click.option(
    "--timeout",
    default=10.0,
    show_default=True,
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds for an answer to --webhook.",
)
@click.pass_context
@handled
def listen(
    ctx: click.Context,
    names: tuple[str, ...],
    name: str | None,
    project_opt: str | None,
    command: str | None,
    webhook: str | None,
    since: str | None,
    retries: int,
    on_error: str,
    timeout: float,
) -> None:
    """
    Print events as they happen, or pass them on.

    NAMES are names such as task:new, or patterns such as 'task:*'. Without
    names, all events are printed. The command ends with Ctrl-C or SIGTERM. With
    --json, each event is one line.

    Examples:
      gazu-cli listen 'task:*' --project Caminandes
      gazu-cli listen 'shot:*' --json | ./sync.py
      gazu-cli listen --name publish --exec ./publish.sh preview-file:add-file
    """
    output = ctx.obj.get("format")
    if output == "csv":
        raise click.UsageError("Events are not printed as CSV.")
    as_json = output is not None
    if command is not None and webhook is not None:
        raise click.UsageError("--exec and --webhook exclude each other.")
    if as_json and (command is not None or webhook is not None):
        raise click.UsageError("--json excludes --exec and --webhook.")
    handler = _handler(command, webhook, timeout)
    with contextlib.ExitStack() as closing:
        closing.enter_context(_logged_to_stderr())
        checkpoint = None
        if name is None:
            # Nothing is kept: a nameless listener begins anew each time.
            temporary = closing.enter_context(tempfile.TemporaryDirectory())
            checkpoint = os.path.join(temporary, "listen")
        options: dict[str, Any] = {
            "checkpoint": checkpoint,
            "start": since or "now",
            "retries": retries,
            "on_error": on_error,
        }
        # Report wrong arguments before the server is asked for the project.
        bot = gazu_events.Consumer(name or "listen", names or "*", **options)
        public.setup_client()
        raw.set_event_host(raw.get_host())
        if project_opt:
            options["project"] = public.resolve_project(project_opt)
            bot = gazu_events.Consumer(bot.name, names or "*", **options)
        if handler is not None:
            bot.on()(handler)
            bot.run()
            return
        # Not with a handler: a closed pipe must not be tried again.
        with contextlib.closing(iter(bot)) as events:
            for event in events:
                click.echo(_as_json(event) if as_json else _as_text(event))


def _handler(
    command: str | None, webhook: str | None, timeout: float
) -> Callable[[dict], Any] | None:
    if command is not None:
        return _Command(command)
    if webhook is None:
        return None
    secret = os.environ.get(SECRET)
    if not secret:
        raise click.UsageError(
            "--webhook needs a secret in the variable {}.".format(SECRET)
        )
    try:
        return Webhook(webhook, secret, timeout)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


class _Command:
    """Runs a shell command for an event."""

    def __init__(self, command: str) -> None:
        self._command = command
        self.__qualname__ = "the command"

    def __call__(self, event: dict) -> None:
        done = subprocess.run(
            self._command,
            shell=True,
            input=(_as_json(event) + "\n").encode("ascii"),
            env=dict(os.environ, GAZU_EVENT_NAME=event["name"]),
        )
        if done.returncode != 0:
            raise OSError("its exit code is {}".format(done.returncode))


def _as_json(event: dict) -> str:
    # json.dumps escapes all control characters except this one.
    return json.dumps(event).replace("\x7f", "\\u007f")


def _as_text(event: dict) -> str:
    return printable(
        "{}  {}  {}".format(
            event["created_at"] or "-" * 19,
            event["name"],
            json.dumps(event["data"]),
        )
    )


class _Lines(logging.Handler):
    """Writes a line to stderr for each record."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line."""
        say(as_one_line(record.getMessage()), err=True)


@contextlib.contextmanager
def _logged_to_stderr() -> Iterator[None]:
    """Write warnings of the consumer to stderr."""
    logger = logs.logger("events")
    lines = _Lines(logging.WARNING)
    logger.addHandler(lines)
    try:
        yield
    finally:
        logger.removeHandler(lines)


class _Group(Command, click.Group):
    """A group of commands with the options of the output."""

    command_class = Command

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


@cli.group("events", cls=_Group)
def events_group() -> None:
    """
    Manage the events that a listener has skipped.

    Examples:
      gazu-cli events skipped status-bot --json
      gazu-cli events retry status-bot
    """


@events_group.command("skipped")
@click.argument("name")
@click.pass_context
@handled
def skipped(ctx: click.Context, name: str) -> None:
    """
    List the events that a listener has skipped.

    NAME is the name of the listener, or the path of its checkpoint.

    Example:
      gazu-cli events skipped status-bot
    """
    rows = [
        {
            "skipped_at": entry.get("skipped_at"),
            "name": entry["event"]["name"],
            "id": entry["event"].get("id"),
            "error": str(entry.get("error", "")).strip().split("\n")[-1],
            "event": entry["event"],
        }
        for entry in _skipped_of(name).entries()
    ]
    public.output(
        ctx,
        rows,
        [
            ("SKIPPED", "skipped_at"),
            ("NAME", "name"),
            ("ERROR", "error"),
            ("ID", "id"),
        ],
    )


@events_group.command("retry")
@click.argument("name")
@handled
def retry(name: str) -> None:
    """
    Let a listener handle its skipped events again.

    NAME is the name of the listener, or the path of its checkpoint. A listener
    that is running begins within some seconds, another one when it starts.

    Example:
      gazu-cli events retry status-bot
    """
    count = _skipped_of(name).request_retry()
    if not count:
        say("No skipped events.")
    elif count == 1:
        say("1 event will be handled again.")
    else:
        say("{} events will be handled again.".format(count))


def _skipped_of(name: str) -> Skipped:
    if os.path.dirname(name):
        base = checkpoint = os.path.abspath(name)
    else:
        base = os.path.join(folder(), checked_name(name))
        checkpoint = base + ".checkpoint"
    skipped = Skipped(base)
    if not (os.path.exists(checkpoint) or os.path.exists(skipped.path)):
        fail("No listener has these files: {}*".format(base))
    return skipped

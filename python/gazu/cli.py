"""
The command line interface.

    gazu-cli login --host https://kitsu.example.com
    gazu-cli tasks --project Caminandes --status wip
    gazu-cli upload turntable.mov --task ID --status wfa

click is required: install ``gazu[cli]``. Results are printed to stdout. Errors are
printed to stderr in one line, with exit code 1, or 2 for wrong usage.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import stat
import sys
import tempfile
import unicodedata
import uuid
from typing import Any, Callable, Iterator, NoReturn

try:
    import click
except ImportError as _error:
    _missing = "gazu-cli needs click; pip install 'gazu[cli]' installs it"
    if __name__ == "__main__":
        sys.exit(_missing)
    raise ImportError(_missing) from _error

from . import asset as gazu_asset
from . import casting as gazu_casting
from . import client as raw
from . import files as gazu_files
from . import person as gazu_person
from . import project as gazu_project
from . import search as gazu_search
from . import shot as gazu_shot
from . import task as gazu_task
from . import user as gazu_user
from ._engine.extensions import TAKEN
from ._engine.file_names import distinct, file_name
from ._engine.redact import shown_path
from .exception import (
    AuthFailedException,
    GazuException,
    NotAllowedException,
    NotAuthenticatedException,
    RouteNotFoundException,
    ServerErrorException,
)

gazu: Any = sys.modules[__package__]
logger = logging.getLogger("gazu.cli")

CONFIG_DIR = os.path.join(os.path.expanduser("~"), ".gazu")
CONFIG_FILE = os.path.join(CONFIG_DIR, "config.json")


# --- The configuration -------------------------------------------------------


def load_config():
    """
    Return the stored configuration.

    Returns:
        A dict with ``host`` and ``tokens``, or an empty dict.

    Raises:
        ValueError: the file does not contain JSON.
    """
    if not os.path.exists(CONFIG_FILE):
        return {}
    with open(CONFIG_FILE, encoding="utf-8") as stream:
        return json.load(stream)


def save_config(data):
    """
    Store the configuration in a file that only its owner can read.

    Args:
        data: A dict with ``host`` and ``tokens``.
    """
    os.makedirs(CONFIG_DIR, mode=0o700, exist_ok=True)
    os.chmod(CONFIG_DIR, 0o700)
    # If the file is a symbolic link, write to its target.
    target = os.path.realpath(CONFIG_FILE)
    try:
        # Only the owner can read the file, right from its creation.
        descriptor, temporary = tempfile.mkstemp(
            dir=os.path.dirname(target), prefix=".config-"
        )
    except OSError as error:
        raise OSError(error.errno, error.strerror, target) from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(data, stream, indent=2)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except BaseException as error:
        os.remove(temporary)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, target) from None
        raise


def clear_config():
    """Remove the stored configuration, or the target of a symbolic link."""
    target = os.path.realpath(CONFIG_FILE)
    try:
        os.remove(target)
    except FileNotFoundError:
        pass
    except OSError:
        # Some files cannot be removed, such as a mounted file.
        with open(target, "w", encoding="utf-8") as stream:
            stream.write("{}")


# --- Results and errors ------------------------------------------------------

#: The highest number of characters in a cell of a table.
_MAX_CELL_WIDTH = 60
#: Characters that change the direction of the text after them.
_DIRECTION_MARKS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def _printable(text: str) -> str:
    """
    Return a text in which characters that control a terminal are escaped.

    Names from the server may contain control sequences, which could set the
    clipboard or reverse the text of a line.
    """
    return "".join(map(_escaped, text.replace("\r\n", "\n")))


def _escaped(character: str) -> str:
    if character in "\n\t" or (
        character not in _DIRECTION_MARKS
        and unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
    ):
        return character
    code = ord(character)
    return ("\\x{:02x}" if code < 256 else "\\u{:04x}").format(code)


def _print(text: str, err: bool = False) -> None:
    """Print a text for people, with control characters escaped."""
    click.echo(_printable(text), err=err)


class _PrintableFormatter(logging.Formatter):
    """A formatter of log lines that escapes control characters."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line for a log record."""
        return _printable(super().format(record))


def _escape_log() -> None:
    """Escape control characters in the log that ``GAZU_DEBUG`` enables."""
    for handler in raw.logger.handlers:
        is_plain = handler.formatter is None
        if is_plain and isinstance(handler, logging.StreamHandler):
            handler.setFormatter(_PrintableFormatter())


def print_table(rows, columns):
    """
    Print rows as a table.

    Args:
        rows: A list of dicts.
        columns: Pairs of the title of a column and its key in the rows.
    """
    if not rows:
        _print("No results.")
        return
    table = [[title for title, _ in columns]]
    table += [[_cell(row.get(key)) for _, key in columns] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*table)]
    table.insert(1, ["-" * width for width in widths])
    for cells in table:
        _print(
            "  ".join(cell.ljust(width) for cell, width in zip(cells, widths))
        )


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    text = _printable(text).replace("\n", " ").strip()
    return (
        text
        if len(text) <= _MAX_CELL_WIDTH
        else text[: _MAX_CELL_WIDTH - 3] + "..."
    )


def _print_json(data: Any) -> None:
    # json.dumps escapes all control characters except this one.
    text = json.dumps(data, indent=2, default=str)
    click.echo(text.replace("\x7f", "\\u007f"))


def output(ctx, data, columns):
    """
    Print a result.

    With ``--json``, print JSON. Otherwise, print a list as a table and a dict
    line by line.

    Args:
        ctx: The click context of the command.
        data: A dict, or a list of dicts.
        columns: Pairs of a title and a key of the dicts.
    """
    if ctx.obj.get("json"):
        _print_json(data)
    elif isinstance(data, list):
        print_table(data, columns)
    else:
        for title, key in columns:
            _print("{}: {}".format(title, data.get(key, "")))


def _fail(text: str) -> NoReturn:
    """Print an error and exit with code 1."""
    _print(_as_one_line(text), err=True)
    raise SystemExit(1)


def _as_one_line(text: str) -> str:
    return " ".join(_printable(text).split())


def _required(value: Any, label: str, name: str) -> Any:
    """Return a value. If it is None, exit with an error."""
    if value is None:
        _fail("{} not found: {}".format(label, name))
    return value


def handle_errors(fn):
    """
    Decorate a command to print an error in one line and exit with code 1.

    With ``GAZU_DEBUG=true``, the traceback is logged.

    Args:
        fn: The command.

    Returns:
        Callable: The decorated command.
    """

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return fn(*args, **kwargs)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except BrokenPipeError:
            # click handles this: the program that reads the output has ended.
            raise
        except Exception as error:
            logger.debug("the command failed", exc_info=True)
            _fail(_error_message(error))

    wrapper.__name__ = fn.__name__
    wrapper.__doc__ = fn.__doc__
    return wrapper


def _error_message(error: Exception) -> str:
    if isinstance(error, AuthFailedException):
        return "Authentication failed."
    if isinstance(error, NotAuthenticatedException):
        return "Session expired. Run: gazu-cli login"
    if isinstance(error, NotAllowedException):
        return "Permission denied."
    if isinstance(error, RouteNotFoundException):
        return "Not found: {}".format(error)
    if isinstance(error, ServerErrorException):
        return "Server error. Check your Kitsu instance."
    if isinstance(error, GazuException):
        # The last argument is the message of the server.
        text = str(error.args[-1]) if error.args else type(error).__name__
    elif isinstance(error, (OSError, ValueError)):
        text = str(error) or type(error).__name__
    else:
        text = "{}: {}".format(type(error).__name__, error)
    return "Error: " + text


# --- Helpers of the commands -------------------------------------------------


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _stored_login() -> tuple[str, dict] | None:
    """
    Return the stored host and tokens, or None if nobody is logged in.

    Raises:
        ValueError: the stored configuration is invalid.
    """
    unusable = ValueError("{} cannot be read.".format(CONFIG_FILE))
    try:
        config = load_config()
    except (ValueError, RecursionError):
        raise unusable from None
    if not isinstance(config, dict):
        raise unusable
    host, tokens = config.get("host"), config.get("tokens")
    if not host or not tokens:
        return None
    if not isinstance(host, str) or not isinstance(tokens, dict):
        raise unusable
    for name in ("access_token", "refresh_token"):
        if not isinstance(tokens.get(name), (str, type(None))):
            raise unusable
    return host, tokens


def setup_client():
    """Use the stored login for the default client. Without one, exit."""
    try:
        stored = _stored_login()
    except ValueError as error:
        _fail("{} Run: gazu-cli login --host <URL>".format(error))
    if stored is None:
        _fail("Not logged in. Run: gazu-cli login --host <URL>")
    host, tokens = stored
    gazu.set_host(host)
    gazu.set_token(tokens)


def resolve_project(name_or_id):
    """
    Return the project with a name or an id. If it does not exist, exit.

    Args:
        name_or_id: The name or the id.
    """
    if _is_id(name_or_id):
        return gazu_project.get_project(name_or_id)
    return _required(
        gazu_project.get_project_by_name(name_or_id), "Project", name_or_id
    )


def get_project_from_option(project_opt):
    """
    Return the project of an option or of the variable ``GAZU_PROJECT``.

    Args:
        project_opt: The value of the option, or None.
    """
    name_or_id = project_opt or os.environ.get("GAZU_PROJECT")
    if not name_or_id:
        _fail("Project required: use --project or set GAZU_PROJECT.")
    return resolve_project(name_or_id)


def _status(short_name: str) -> dict:
    return _required(
        gazu_task.get_task_status_by_short_name(short_name),
        "Task status",
        short_name,
    )


_project_option = click.option(
    "--project", "-p", "project_opt", help="Name or ID of the project."
)
_episode_option = click.option(
    "--episode", "-e", help="Only list those of this episode."
)


@click.group()
@click.option("--json", "use_json", is_flag=True, help="Print JSON.")
@click.version_option(version=gazu.__version__, prog_name="gazu-cli")
@click.pass_context
def cli(ctx: click.Context, use_json: bool) -> None:
    """Query a Kitsu server and publish files to it."""
    _escape_log()
    ctx.ensure_object(dict)
    ctx.obj["json"] = use_json


# --- Login -------------------------------------------------------------------


@cli.command()
@click.option("--host", prompt=True, help="URL of Kitsu.")
@click.option("--email", prompt=True, help="Email of the user.")
@click.option(
    "--password", prompt=True, hide_input=True, help="Password of the user."
)
@handle_errors
def login(host: str, email: str, password: str) -> None:
    """Log in to a Kitsu server. Later commands use this login."""
    host = host.rstrip("/")
    if not host.endswith("/api"):
        host += "/api"
    gazu.set_host(host)
    try:
        tokens = gazu.log_in(email, password)
    except AuthFailedException as error:
        factor = _second_factor(error, email)
        if not factor:
            raise
        tokens = gazu.log_in(email, password, **factor)
    stored = shown_path(host)
    save_config({"host": stored, "tokens": tokens})
    if stored != host:
        _print(
            "The user, password or token in the host's URL is not stored.",
            err=True,
        )
    _print("Logged in to {}".format(stored))


def _second_factor(
    error: AuthFailedException, email: str
) -> dict[str, str] | None:
    """Ask for the one-time code, if the server requires one."""
    body = error.body if isinstance(error.body, dict) else {}
    preferred = body.get("preferred_two_factor_authentication")
    if not body.get("missing_OTP") or preferred not in ("totp", "email_otp"):
        return None
    if preferred == "email_otp":
        gazu.send_email_otp(email)
    code = click.prompt("One-time code", hide_input=True)
    return {preferred: code.strip()}


@cli.command()
@handle_errors
def logout() -> None:
    """Log out, and remove the stored login even if the server fails."""
    try:
        stored = _stored_login()
        if stored is not None:
            gazu.set_host(stored[0])
            gazu.set_token(stored[1])
            gazu.log_out()
        else:
            _print("Not logged in. Run: gazu-cli login --host <URL>", err=True)
    except Exception as error:
        logger.debug("the logout request failed", exc_info=True)
        _print(
            "The logout request failed. "
            + _as_one_line(_error_message(error)),
            err=True,
        )
    finally:
        # Do this whatever happens to the request, even after Ctrl-C.
        clear_config()
        gazu.set_token({})
    _print("Logged out.")


@cli.command()
@click.pass_context
@handle_errors
def status(ctx: click.Context) -> None:
    """Show the server, its version and the logged-in user."""
    setup_client()
    user = raw.get_current_user()
    version = raw.get_api_version()
    host = shown_path(load_config().get("host"))
    if ctx.obj["json"]:
        _print_json({"host": host, "api_version": version, "user": user})
        return
    _print("Host:    {}".format(host))
    _print("API:     {}".format(version))
    _print(
        "User:    {} {} ({})".format(
            user.get("first_name"), user.get("last_name"), user.get("email")
        )
    )


# --- Projects and entities ---------------------------------------------------


@cli.command()
@click.option(
    "--all", "show_all", is_flag=True, help="Also list closed projects."
)
@click.pass_context
@handle_errors
def projects(ctx: click.Context, show_all: bool) -> None:
    """List the projects."""
    setup_client()
    if show_all:
        data = gazu_project.all_projects()
    else:
        data = gazu_project.all_open_projects()
    output(
        ctx,
        data,
        [
            ("NAME", "name"),
            ("TYPE", "production_type"),
            ("STYLE", "production_style"),
            ("ID", "id"),
        ],
    )


@cli.command()
@click.argument("name_or_id")
@click.pass_context
@handle_errors
def project(ctx: click.Context, name_or_id: str) -> None:
    """Show a project."""
    setup_client()
    output(
        ctx,
        resolve_project(name_or_id),
        [
            ("NAME", "name"),
            ("TYPE", "production_type"),
            ("STYLE", "production_style"),
            ("STATUS", "project_status_name"),
            ("ID", "id"),
        ],
    )


@cli.command()
@_project_option
@click.option("--type", "-t", "asset_type", help="Only list this asset type.")
@click.pass_context
@handle_errors
def assets(
    ctx: click.Context, project_opt: str | None, asset_type: str | None
) -> None:
    """List the assets of a project."""
    setup_client()
    proj = get_project_from_option(project_opt)
    if asset_type:
        label = _required(
            gazu_asset.get_asset_type_by_name(asset_type),
            "Asset type",
            asset_type,
        )
        data = gazu_asset.all_assets_for_project_and_type(proj, label)
    else:
        data = gazu_asset.all_assets_for_project(proj)
    output(
        ctx,
        data,
        [
            ("NAME", "name"),
            ("TYPE", "asset_type_name"),
            ("DESCRIPTION", "description"),
            ("ID", "id"),
        ],
    )


@cli.command()
@click.argument("name_or_id")
@_project_option
@click.pass_context
@handle_errors
def asset(
    ctx: click.Context, name_or_id: str, project_opt: str | None
) -> None:
    """Show an asset."""
    setup_client()
    if _is_id(name_or_id):
        data = gazu_asset.get_asset(name_or_id)
    else:
        proj = get_project_from_option(project_opt)
        data = _required(
            gazu_asset.get_asset_by_name(proj, name_or_id), "Asset", name_or_id
        )
    output(
        ctx,
        data,
        [
            ("NAME", "name"),
            ("TYPE", "asset_type_name"),
            ("DESCRIPTION", "description"),
            ("PROJECT", "project_name"),
            ("ID", "id"),
        ],
    )


def _sequence(proj: dict, name: str) -> dict:
    found = gazu_shot.get_sequence_by_name(proj, name)
    return _required(found, "Sequence", name)


def _episode(proj: dict, name: str) -> dict:
    found = gazu_shot.get_episode_by_name(proj, name)
    return _required(found, "Episode", name)


@cli.command()
@_project_option
@click.option("--sequence", "-s", help="Only list this sequence.")
@_episode_option
@click.pass_context
@handle_errors
def shots(
    ctx: click.Context,
    project_opt: str | None,
    sequence: str | None,
    episode: str | None,
) -> None:
    """List the shots of a project."""
    setup_client()
    proj = get_project_from_option(project_opt)
    if sequence:
        data = gazu_shot.all_shots_for_sequence(_sequence(proj, sequence))
    elif episode:
        data = gazu_shot.all_shots_for_episode(_episode(proj, episode))
    else:
        data = gazu_shot.all_shots_for_project(proj)
    output(
        ctx,
        data,
        [
            ("SEQUENCE", "sequence_name"),
            ("NAME", "name"),
            ("FRAMES", "nb_frames"),
            ("DESCRIPTION", "description"),
            ("ID", "id"),
        ],
    )


@cli.command()
@_project_option
@_episode_option
@click.pass_context
@handle_errors
def sequences(
    ctx: click.Context, project_opt: str | None, episode: str | None
) -> None:
    """List the sequences of a project."""
    setup_client()
    proj = get_project_from_option(project_opt)
    if episode:
        data = gazu_shot.all_sequences_for_episode(_episode(proj, episode))
    else:
        data = gazu_shot.all_sequences_for_project(proj)
    output(
        ctx,
        data,
        [("NAME", "name"), ("EPISODE", "episode_name"), ("ID", "id")],
    )


@cli.command()
@_project_option
@click.pass_context
@handle_errors
def episodes(ctx: click.Context, project_opt: str | None) -> None:
    """List the episodes of a project."""
    setup_client()
    proj = get_project_from_option(project_opt)
    data = gazu_shot.all_episodes_for_project(proj)
    output(ctx, data, [("NAME", "name"), ("ID", "id")])


# --- Tasks -------------------------------------------------------------------


@cli.command()
@_project_option
@click.option("--type", "-t", "task_type", help="Only list this task type.")
@click.option(
    "--status",
    "-s",
    "task_status",
    help="Only list tasks with this status (short name).",
)
@click.pass_context
@handle_errors
def tasks(
    ctx: click.Context,
    project_opt: str | None,
    task_type: str | None,
    task_status: str | None,
) -> None:
    """List the tasks of a project."""
    setup_client()
    proj = get_project_from_option(project_opt)
    wanted_type = wanted_status = None
    if task_type:
        wanted_type = gazu_task.get_task_type_by_name(task_type)
    if task_status:
        wanted_status = gazu_task.get_task_status_by_short_name(task_status)
    if task_type:
        _required(wanted_type, "Task type", task_type)
    if task_status:
        _required(wanted_status, "Task status", task_status)
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
    output(
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
@handle_errors
def task(ctx: click.Context, task_id: str) -> None:
    """Show the task with an ID."""
    setup_client()
    output(
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
@handle_errors
def comment(task_id: str, status_short: str, message: str) -> None:
    """Comment on a task and set its status."""
    setup_client()
    created = gazu_task.add_comment(
        task_id, _status(status_short), comment=message
    )
    _print("Comment posted (ID: {})".format(created.get("id")))


# --- People, search and lists ------------------------------------------------


@cli.command()
@click.pass_context
@handle_errors
def persons(ctx: click.Context) -> None:
    """List the people."""
    setup_client()
    output(
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


@cli.command("my-tasks")
@click.option("--done", is_flag=True, help="List the finished tasks instead.")
@click.pass_context
@handle_errors
def my_tasks(ctx: click.Context, done: bool) -> None:
    """List the open tasks of the logged-in user."""
    setup_client()
    data = gazu_user.all_done_tasks() if done else gazu_user.all_tasks_to_do()
    output(
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


@cli.command()
@click.argument("query")
@_project_option
@click.pass_context
@handle_errors
def search(ctx: click.Context, query: str, project_opt: str | None) -> None:
    """Search entities by text."""
    setup_client()
    proj = resolve_project(project_opt) if project_opt else None
    data = gazu_search.search_entities(query, project=proj)
    if ctx.obj["json"]:
        _print_json(data)
        return
    for label, entities in data.items():
        if not entities:
            continue
        _print("\n{} ({})".format(label.upper(), len(entities)))
        _print("-" * 40)
        for entity in entities:
            name = entity.get("name", entity.get("full_name", ""))
            _print("  {}  ({})".format(name, entity.get("id", "")))


@cli.command("shot-casting")
@click.argument("shot_id")
@click.pass_context
@handle_errors
def shot_casting(ctx: click.Context, shot_id: str) -> None:
    """Show the assets that are cast in the shot with an ID."""
    setup_client()
    data = gazu_casting.get_shot_casting(gazu_shot.get_shot(shot_id))
    if ctx.obj["json"]:
        _print_json(data)
    elif not data:
        _print("No casting for this shot.")
    else:
        for entry in data:
            name = entry.get("asset_name", entry.get("name", str(entry)))
            count = entry.get("nb_occurences", 1)
            _print("  {} (x{})".format(name, count))


def _list_types(
    ctx: click.Context,
    project_opt: str | None,
    list_for_project: Callable,
    list_for_studio: Callable,
    columns: list,
) -> None:
    setup_client()
    if project_opt:
        data = list_for_project(resolve_project(project_opt))
    else:
        data = list_for_studio()
    output(ctx, data, columns)


@cli.command("asset-types")
@_project_option
@click.pass_context
@handle_errors
def asset_types(ctx: click.Context, project_opt: str | None) -> None:
    """List the asset types, of a project or of the studio."""
    _list_types(
        ctx,
        project_opt,
        gazu_asset.all_asset_types_for_project,
        gazu_asset.all_asset_types,
        [("NAME", "name"), ("ID", "id")],
    )


@cli.command("task-types")
@_project_option
@click.pass_context
@handle_errors
def task_types(ctx: click.Context, project_opt: str | None) -> None:
    """List the task types, of a project or of the studio."""
    _list_types(
        ctx,
        project_opt,
        gazu_task.all_task_types_for_project,
        gazu_task.all_task_types,
        [("NAME", "name"), ("FOR", "for_entity"), ("ID", "id")],
    )


@cli.command("task-statuses")
@_project_option
@click.pass_context
@handle_errors
def task_statuses(ctx: click.Context, project_opt: str | None) -> None:
    """List the task statuses, of a project or of the studio."""
    _list_types(
        ctx,
        project_opt,
        gazu_task.all_task_statuses_for_project,
        gazu_task.all_task_statuses,
        [("NAME", "name"), ("SHORT", "short_name"), ("ID", "id")],
    )


# --- Files -------------------------------------------------------------------


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
@handle_errors
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
    setup_client()
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
        _print_json(created)
        return
    for item in created:
        _print("{} uploaded (ID: {})".format(label, item.get("id")))


def _check_file(path: str, is_preview: bool) -> None:
    """Exit if the server would reject a file, before creating anything."""
    extension = os.path.splitext(path)[1][1:].lower()
    if is_preview and extension not in TAKEN:
        _fail(
            "The server does not accept this file as a preview: {} (accepted: {})".format(
                path, ", ".join(sorted(TAKEN))
            )
        )
    # Do not read from a pipe: its content can only be read once.
    if stat.S_ISREG(os.stat(path).st_mode):
        with open(path, "rb") as stream:
            if not stream.read(1):
                _fail("The file is empty: {}".format(path))


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
            _print(message, err=True)
            raise
        _fail("{} {}".format(_error_message(error), message))


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
        with _progress(ctx, path) as callback:
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
        wanted = _status(status_short)
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
            with _progress(ctx, path) as callback:
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
            _fail(
                "The files were uploaded, but the thumbnail could not be "
                "set: {}".format(_error_message(error))
            )
    return previews


def _remove_preview(preview: dict) -> None:
    gazu_files.remove_preview_file(preview, force=True)


@cli.command()
@click.option("--preview", "-p", "preview_id", help="ID of the preview.")
@click.option(
    "--working-file", "-w", "working_file_id", help="ID of the working file."
)
@click.option(
    "--task",
    "-t",
    "task_id",
    help="ID of a task. All previews of its latest revision are downloaded.",
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
@handle_errors
def download(
    ctx: click.Context,
    preview_id: str | None,
    working_file_id: str | None,
    task_id: str | None,
    target: str,
    force: bool,
) -> None:
    """Download a preview, the latest previews of a task, or a working file."""
    if [preview_id, working_file_id, task_id].count(None) != 2:
        raise click.UsageError(
            "Give exactly one of --preview, --working-file and --task."
        )
    setup_client()
    fetch: Callable = gazu_files.download_preview_file
    if working_file_id:
        models = [gazu_files.get_working_file(working_file_id)]
        names = [_working_file_name(models[0])]
        fetch = gazu_files.download_working_file
    elif preview_id:
        models = [gazu_files.get_preview_file(preview_id)]
        names = _preview_names(models)
    else:
        models = _last_previews(gazu_task.get_task(task_id))
        names = _preview_names(models)
    paths = _target_paths(target, names, force)
    for model, path in zip(models, paths):
        with _progress(ctx, path) as callback:
            fetch(model, path, progress_callback=callback)
    if ctx.obj["json"]:
        _print_json(
            [
                {"id": model["id"], "path": path}
                for model, path in zip(models, paths)
            ]
        )
        return
    for path in paths:
        _print("Downloaded {}".format(path))


def _last_previews(target: dict) -> list[dict]:
    """Return the previews of a task's latest revision, sorted by position."""
    found = gazu_files.get_all_preview_files_for_task(target)
    if not found:
        _fail("This task has no previews.")
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
        _fail(
            "There are {} files, so --output must be a folder.".format(
                len(names)
            )
        )
    for path in paths:
        folder = os.path.dirname(path) or "."
        if not os.path.isdir(folder):
            _fail("No such folder: {}".format(folder))
        if os.path.isdir(path):
            _fail("This is a folder, not a file: {}".format(path))
        if os.path.exists(path) and not force:
            _fail("File exists, use --force to replace it: {}".format(path))
    return [os.path.normpath(path) for path in paths]


@contextlib.contextmanager
def _progress(ctx: click.Context, path: str) -> Iterator[Callable | None]:
    """Yield a callback that draws a progress bar if stderr is a terminal."""
    if ctx.obj["json"] or not sys.stderr.isatty():
        yield None
        return
    label = _printable(os.path.basename(path))
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total or None
            bar.update(done - bar.pos)

        yield show


def main():
    """Run the command line interface."""
    cli()


if __name__ == "__main__":
    main()

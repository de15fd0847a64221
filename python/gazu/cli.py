"""
The command line.

    gazu-cli login --host https://kitsu.example.com
    gazu-cli tasks --project Caminandes --status wip
    gazu-cli upload turntable.mov --task ID --status wfa

It needs click, which the extra ``cli`` installs. Results go to stdout, errors
to stderr in one line with exit code 1; a wrong use has exit code 2.
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
    Return what is stored: ``host`` and ``tokens``, or nothing.

    Raises:
        ValueError: the file holds no JSON.
    """
    if not os.path.exists(CONFIG_FILE):
        return {}
    with open(CONFIG_FILE, encoding="utf-8") as stream:
        return json.load(stream)


def save_config(data):
    """
    Store the configuration, for its owner's eyes only.

    Args:
        data: What to store: ``host`` and ``tokens``.
    """
    os.makedirs(CONFIG_DIR, mode=0o700, exist_ok=True)
    os.chmod(CONFIG_DIR, 0o700)
    # Where the file is a link, what it leads to is written.
    target = os.path.realpath(CONFIG_FILE)
    try:
        # It is its owner's alone from the first moment.
        descriptor, beside = tempfile.mkstemp(
            dir=os.path.dirname(target), prefix=".config-"
        )
    except OSError as error:
        raise OSError(error.errno, error.strerror, target) from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(data, stream, indent=2)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, target)
    except BaseException as error:
        os.remove(beside)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, target) from None
        raise


def clear_config():
    """Forget what is stored, also where the file is a link to another."""
    target = os.path.realpath(CONFIG_FILE)
    try:
        os.remove(target)
    except FileNotFoundError:
        pass
    except OSError:
        # It cannot be removed from its folder, such as a mounted file.
        with open(target, "w", encoding="utf-8") as stream:
            stream.write("{}")


# --- Results and errors ------------------------------------------------------

#: Characters of a cell.
_WIDTH = 60
#: What turns the direction of the text that follows.
_TURNING = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def _printable(text: str) -> str:
    """
    Return a text that only prints: what controls a terminal is escaped.

    A server's names may hold sequences that set the clipboard, or turn the
    text of a whole line.
    """
    return "".join(map(_escaped, text.replace("\r\n", "\n")))


def _escaped(character: str) -> str:
    if character in "\n\t" or (
        character not in _TURNING
        and unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp")
    ):
        return character
    code = ord(character)
    return ("\\x{:02x}" if code < 256 else "\\u{:04x}").format(code)


def _say(text: str, err: bool = False) -> None:
    """Print a text, for people."""
    click.echo(_printable(text), err=err)


class _PrintableFormatter(logging.Formatter):
    """Lines of a log, for a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record's text."""
        return _printable(super().format(record))


def _guard_log() -> None:
    """Have what ``GAZU_DEBUG`` shows escaped as well."""
    for handler in raw.logger.handlers:
        is_plain = handler.formatter is None
        if is_plain and isinstance(handler, logging.StreamHandler):
            handler.setFormatter(_PrintableFormatter())


def print_table(rows, columns):
    """
    Print rows as a table.

    Args:
        rows: A dict for each row.
        columns: Pairs of a column's title and its key in the rows.
    """
    if not rows:
        _say("No results.")
        return
    table = [[title for title, _ in columns]]
    table += [[_cell(row.get(key)) for _, key in columns] for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*table)]
    table.insert(1, ["-" * width for width in widths])
    for cells in table:
        _say(
            "  ".join(cell.ljust(width) for cell, width in zip(cells, widths))
        )


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    text = _printable(text).replace("\n", " ").strip()
    return text if len(text) <= _WIDTH else text[: _WIDTH - 3] + "..."


def _print_json(data: Any) -> None:
    # JSON escapes all controls but this one.
    text = json.dumps(data, indent=2, default=str)
    click.echo(text.replace("\x7f", "\\u007f"))


def output(ctx, data, columns):
    """
    Print a result: as JSON where it is asked for, else a list as a table and
    a dict line by line.

    Args:
        ctx: The command's context.
        data: A dict, or a list of dicts.
        columns: Pairs of a title and a key.
    """
    if ctx.obj.get("json"):
        _print_json(data)
    elif isinstance(data, list):
        print_table(data, columns)
    else:
        for title, key in columns:
            _say("{}: {}".format(title, data.get(key, "")))


def _fail(text: str) -> NoReturn:
    """End the command with an error."""
    _say(_in_one_line(text), err=True)
    raise SystemExit(1)


def _in_one_line(text: str) -> str:
    return " ".join(_printable(text).split())


def _found(value: Any, kind: str, name: str) -> Any:
    """Return a value, or end the command where there is none."""
    if value is None:
        _fail("{} not found: {}".format(kind, name))
    return value


def handle_errors(fn):
    """
    Return a command that tells errors in a line, and ends with exit code 1.

    ``GAZU_DEBUG=true`` shows where they come from.

    Args:
        fn: The command.
    """

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return fn(*args, **kwargs)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except BrokenPipeError:
            # click ends a command whose reader has gone.
            raise
        except Exception as error:
            logger.debug("the command failed", exc_info=True)
            _fail(_told(error))

    wrapper.__name__ = fn.__name__
    wrapper.__doc__ = fn.__doc__
    return wrapper


def _told(error: Exception) -> str:
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
        # The last argument is the server's reason.
        text = str(error.args[-1]) if error.args else type(error).__name__
    elif isinstance(error, (OSError, ValueError)):
        text = str(error) or type(error).__name__
    else:
        text = "{}: {}".format(type(error).__name__, error)
    return "Error: " + text


# --- What the commands share -------------------------------------------------


def _is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def _stored_login() -> tuple[str, dict] | None:
    """
    Return the stored host and tokens, or None where nobody is logged in.

    Raises:
        ValueError: what is stored is something else.
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
    """Have the default client use the stored login; end without one."""
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
    Return the project of a name or an id; end where there is none.

    Args:
        name_or_id: The name or the id.
    """
    if _is_id(name_or_id):
        return gazu_project.get_project(name_or_id)
    return _found(
        gazu_project.get_project_by_name(name_or_id), "Project", name_or_id
    )


def get_project_from_option(project_opt):
    """
    Return the project of the option, or of the variable GAZU_PROJECT.

    Args:
        project_opt: The option's value, or None.
    """
    name_or_id = project_opt or os.environ.get("GAZU_PROJECT")
    if not name_or_id:
        _fail("Project required: use --project or set GAZU_PROJECT.")
    return resolve_project(name_or_id)


def _status(short_name: str) -> dict:
    return _found(
        gazu_task.get_task_status_by_short_name(short_name),
        "Task status",
        short_name,
    )


_project_option = click.option(
    "--project", "-p", "project_opt", help="Name or ID of the project."
)
_episode_option = click.option("--episode", "-e", help="Of this episode only.")


@click.group()
@click.option("--json", "use_json", is_flag=True, help="Print JSON.")
@click.version_option(version=gazu.__version__, prog_name="gazu-cli")
@click.pass_context
def cli(ctx: click.Context, use_json: bool) -> None:
    """Ask a Kitsu server, and publish to it, from the command line."""
    _guard_log()
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
    """Log in to a Kitsu server, and keep the login for later commands."""
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
        _say("What is secret in the host is not stored.", err=True)
    _say("Logged in to {}".format(stored))


def _second_factor(
    error: AuthFailedException, email: str
) -> dict[str, str] | None:
    """Ask for the code that the server wants besides the password, if it does."""
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
    """Log out, and forget the login, also where the server does not answer."""
    try:
        stored = _stored_login()
        if stored is not None:
            gazu.set_host(stored[0])
            gazu.set_token(stored[1])
            gazu.log_out()
        else:
            _say("Not logged in. Run: gazu-cli login --host <URL>", err=True)
    except Exception as error:
        logger.debug("the server was not told", exc_info=True)
        _say(
            "The server was not told of it. " + _in_one_line(_told(error)),
            err=True,
        )
    finally:
        # Whatever happens to the request, Ctrl-C among it.
        clear_config()
        gazu.set_token({})
    _say("Logged out.")


@cli.command()
@click.pass_context
@handle_errors
def status(ctx: click.Context) -> None:
    """Show the server, its version and the user."""
    setup_client()
    user = raw.get_current_user()
    version = raw.get_api_version()
    host = shown_path(load_config().get("host"))
    if ctx.obj["json"]:
        _print_json({"host": host, "api_version": version, "user": user})
        return
    _say("Host:    {}".format(host))
    _say("API:     {}".format(version))
    _say(
        "User:    {} {} ({})".format(
            user.get("first_name"), user.get("last_name"), user.get("email")
        )
    )


# --- Projects and entities ---------------------------------------------------


@cli.command()
@click.option("--all", "show_all", is_flag=True, help="Closed ones too.")
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
@click.option("--type", "-t", "asset_type", help="Of this asset type only.")
@click.pass_context
@handle_errors
def assets(
    ctx: click.Context, project_opt: str | None, asset_type: str | None
) -> None:
    """List the assets of a project."""
    setup_client()
    proj = get_project_from_option(project_opt)
    if asset_type:
        kind = _found(
            gazu_asset.get_asset_type_by_name(asset_type),
            "Asset type",
            asset_type,
        )
        data = gazu_asset.all_assets_for_project_and_type(proj, kind)
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
        data = _found(
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
    return _found(found, "Sequence", name)


def _episode(proj: dict, name: str) -> dict:
    found = gazu_shot.get_episode_by_name(proj, name)
    return _found(found, "Episode", name)


@cli.command()
@_project_option
@click.option("--sequence", "-s", help="Of this sequence only.")
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
@click.option("--type", "-t", "task_type", help="Of this task type only.")
@click.option(
    "--status", "-s", "task_status", help="With this status (short name) only."
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
        _found(wanted_type, "Task type", task_type)
    if task_status:
        _found(wanted_status, "Task status", task_status)
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
                each
                for each in data
                if each.get("task_status_id") == wanted_status["id"]
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
    """Show the task of an ID."""
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
    help="Short name of the status that the task gets, such as wip.",
)
@click.option("--message", "-m", default="", help="Text of the comment.")
@handle_errors
def comment(task_id: str, status_short: str, message: str) -> None:
    """Comment on a task, and set its status."""
    setup_client()
    made = gazu_task.add_comment(
        task_id, _status(status_short), comment=message
    )
    _say("Comment posted (ID: {})".format(made.get("id")))


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
@click.option("--done", is_flag=True, help="Those that are done instead.")
@click.pass_context
@handle_errors
def my_tasks(ctx: click.Context, done: bool) -> None:
    """List the tasks that the user has to do."""
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
    """Find entities by a text."""
    setup_client()
    proj = resolve_project(project_opt) if project_opt else None
    data = gazu_search.search_entities(query, project=proj)
    if ctx.obj["json"]:
        _print_json(data)
        return
    for kind, entities in data.items():
        if not entities:
            continue
        _say("\n{} ({})".format(kind.upper(), len(entities)))
        _say("-" * 40)
        for entity in entities:
            name = entity.get("name", entity.get("full_name", ""))
            _say("  {}  ({})".format(name, entity.get("id", "")))


@cli.command("shot-casting")
@click.argument("shot_id")
@click.pass_context
@handle_errors
def shot_casting(ctx: click.Context, shot_id: str) -> None:
    """Show the assets of the shot of an ID."""
    setup_client()
    data = gazu_casting.get_shot_casting(gazu_shot.get_shot(shot_id))
    if ctx.obj["json"]:
        _print_json(data)
    elif not data:
        _say("No casting for this shot.")
    else:
        for entry in data:
            name = entry.get("asset_name", entry.get("name", str(entry)))
            count = entry.get("nb_occurences", 1)
            _say("  {} (x{})".format(name, count))


def _list_kinds(
    ctx: click.Context,
    project_opt: str | None,
    of_project: Callable,
    of_studio: Callable,
    columns: list,
) -> None:
    setup_client()
    if project_opt:
        data = of_project(resolve_project(project_opt))
    else:
        data = of_studio()
    output(ctx, data, columns)


@cli.command("asset-types")
@_project_option
@click.pass_context
@handle_errors
def asset_types(ctx: click.Context, project_opt: str | None) -> None:
    """List the asset types, of a project or of the studio."""
    _list_kinds(
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
    _list_kinds(
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
    _list_kinds(
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
    help="Short name of the status that the task gets; it keeps its own"
    " without.",
)
@click.option("--message", "-m", default="", help="Text of the comment.")
@click.option(
    "--thumbnail",
    is_flag=True,
    help="Make the first file the picture of the asset or shot.",
)
@click.option(
    "--as-working-file",
    "-n",
    "working_name",
    metavar="NAME",
    help="Store the file as the next revision of the task's working file of"
    " this name, instead of as a preview.",
)
@click.option(
    "--working-file",
    "-w",
    "working_file_id",
    metavar="ID",
    help="Store the file as this working file.",
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
    Upload files: as the previews of a comment on a task, or a working file.

    Several files become one revision.
    """
    if bool(task_id) == bool(working_file_id):
        raise click.UsageError("Give either --task or --working-file.")
    as_working_file = bool(working_name or working_file_id)
    if as_working_file and (status_short or thumbnail):
        raise click.UsageError(
            "--status and --thumbnail are for previews, not working files."
        )
    if as_working_file and len(paths) > 1:
        raise click.UsageError("A working file is one file.")
    if working_file_id and (message or working_name):
        raise click.UsageError(
            "--message and --as-working-file go with --task."
        )
    for path in paths:
        _check_file(path, is_preview=not as_working_file)
    setup_client()
    if as_working_file:
        made = [
            _upload_working_file(
                ctx, paths[0], task_id, working_name, message, working_file_id
            )
        ]
        kind = "Working file"
    else:
        made = _publish(ctx, paths, task_id, status_short, message, thumbnail)
        kind = "Preview"
    if ctx.obj["json"]:
        _print_json(made)
        return
    for each in made:
        _say("{} uploaded (ID: {})".format(kind, each.get("id")))


def _check_file(path: str, is_preview: bool) -> None:
    """End where the server cannot take a file, before anything is made."""
    extension = os.path.splitext(path)[1][1:].lower()
    if is_preview and extension not in TAKEN:
        _fail(
            "The server takes no such file as a preview: {} (it takes {})".format(
                path, ", ".join(sorted(TAKEN))
            )
        )
    # What is no plain file, such as a pipe, can be read once only.
    if stat.S_ISREG(os.stat(path).st_mode):
        with open(path, "rb") as stream:
            if not stream.read(1):
                _fail("The file is empty: {}".format(path))


@contextlib.contextmanager
def _undoing() -> Iterator[Callable]:
    """
    Undo what a command made on the server, if it then fails.

    Gives a function that takes what was made, its kind, and what removes it.
    What was made last is removed first. The error tells what remains.
    """
    made: list[tuple[str, dict, Callable]] = []

    def note(kind: str, model: dict, remove: Callable) -> None:
        made.append((kind, model, remove))

    try:
        yield note
    except BaseException as error:
        remaining = []
        for kind, model, remove in reversed(made):
            try:
                remove(model)
            except RouteNotFoundException:
                # It went with what was removed before.
                continue
            except Exception as failure:
                logger.debug("%s remains: %s", kind, failure)
                remaining.append("{} {}".format(kind, model.get("id")))
        if not remaining:
            raise
        remains = "This remains on the server: {}.".format(
            ", ".join(remaining)
        )
        if not isinstance(error, Exception):
            _say(remains, err=True)
            raise
        _fail("{} {}".format(_told(error), remains))


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
    with _undoing() as note:
        if working_file_id:
            working_file = gazu_files.get_working_file(working_file_id)
        else:
            working_file = gazu_files.new_working_file(
                gazu_task.get_task(task_id), name=name, comment=message
            )
            note("working file", working_file, _remove_working_file)
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
    """Upload previews on a new comment, and return them."""
    target = gazu_task.get_task(task_id)
    if status_short:
        wanted = _status(status_short)
    else:
        wanted = {"id": target["task_status_id"]}
    previews: list[dict] = []
    with _undoing() as note:
        remark = gazu_task.add_comment(target, wanted, comment=message)
        note("comment", remark, gazu_task.remove_comment)
        for path in paths:
            if not previews:
                preview = gazu_task.create_preview(target, remark)
            else:
                preview = gazu_task.create_extra_preview(
                    target, remark, previews[0]
                )
            note("preview", preview, _remove_preview)
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
            # Whoever tries again must not publish twice.
            _fail(
                "The files were uploaded, but the first one is not the "
                "picture: {}".format(_told(error))
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
    help="ID of a task, of whose last revision all previews are meant.",
)
@click.option(
    "--output",
    "-o",
    "target",
    default=".",
    type=click.Path(),
    help="File or folder to write to; the current folder by default.",
)
@click.option("--force", "-f", is_flag=True, help="Replace what is there.")
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
    """Download a preview, the last previews of a task, or a working file."""
    if [preview_id, working_file_id, task_id].count(None) != 2:
        raise click.UsageError(
            "Give one of --preview, --working-file and --task."
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
    paths = _targets(target, names, force)
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
        _say("Downloaded {}".format(path))


def _last_previews(target: dict) -> list[dict]:
    """Return the previews of a task's last revision, in their order."""
    found = gazu_files.get_all_preview_files_for_task(target)
    if not found:
        _fail("No preview on this task.")
    last = max(each["revision"] for each in found)
    return sorted(
        (each for each in found if each["revision"] == last),
        key=lambda each: each.get("position") or 0,
    )


def _preview_names(previews: list[dict]) -> list[str]:
    """Return the names of previews' files, no two of them the same."""
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


def _targets(target: str, names: list[str], force: bool) -> list[str]:
    """Return where files go; end where that would replace another."""
    if os.path.isdir(target) or target.endswith(("/", os.sep)):
        paths = [os.path.join(target, name) for name in names]
    elif len(names) == 1:
        paths = [target]
    else:
        _fail(
            "There are {} files: --output must be a folder.".format(len(names))
        )
    for path in paths:
        folder = os.path.dirname(path) or "."
        if not os.path.isdir(folder):
            _fail("No such folder: {}".format(folder))
        if os.path.isdir(path):
            _fail("A folder is in the way: {}".format(path))
        if os.path.exists(path) and not force:
            _fail("File exists, use --force to replace it: {}".format(path))
    return [os.path.normpath(path) for path in paths]


@contextlib.contextmanager
def _progress(ctx: click.Context, path: str) -> Iterator[Callable | None]:
    """Give a callback that draws a bar, where somebody sees it."""
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
    """Run the command line."""
    cli()


if __name__ == "__main__":
    main()

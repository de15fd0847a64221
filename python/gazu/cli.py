"""
The command line interface.

    gazu-cli login --host https://kitsu.example.com
    gazu-cli tasks --project Caminandes --status wip
    gazu-cli upload turntable.mov --task ID --status wfa

click is required: install ``gazu[cli]``, which also brings rich for tables and progress
bars on a terminal. Results are printed to stdout, and errors to stderr, in one line. The
exit code says what failed: see ``gazu-cli --help``.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from typing import Any

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
from . import person as gazu_person
from . import project as gazu_project
from . import search as gazu_search
from . import shot as gazu_shot
from . import task as gazu_task
from . import user as gazu_user
from ._cli import errors as _errors
from ._cli import output as _output
from ._cli import records as _records
from ._cli import stored as _stored

# Each module adds its commands to ``cli``.
from ._cli.app import cli
from ._cli.docs import docs
from ._cli.doctor import doctor
from ._cli.download import download
from ._cli.entities import (
    asset,
    assets,
    episodes,
    project,
    projects,
    sequences,
    shots,
)
from ._cli.listen import events_group, listen
from ._cli.profiles import profiles
from ._cli.publish import publish
from ._cli.session import login, logout, status
from ._cli.studio import (
    asset_types,
    persons,
    search,
    shot_casting,
    task_statuses,
    task_types,
)
from ._cli.tasks import comment, my_tasks, task, tasks
from ._cli.upload import upload
from ._engine import private_files as _private_files
from .exception import (
    AuthFailedException,
    NotAllowedException,
    NotAuthenticatedException,
    RouteNotFoundException,
    ServerErrorException,
)

gazu: Any = sys.modules[__package__]
if __name__ == "__main__":
    # The commands look up the names of this module there.
    sys.modules[__package__ + ".cli"] = sys.modules[__name__]

CONFIG_DIR = os.path.join(os.path.expanduser("~"), ".gazu")
CONFIG_FILE = os.path.join(CONFIG_DIR, "config.json")


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
    text = json.dumps(data, indent=2)
    _private_files.make_folder(CONFIG_DIR)
    _private_files.write(CONFIG_FILE, text)


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


def print_table(rows, columns):
    """
    Print rows as a table.

    Args:
        rows: A list of dicts.
        columns: Pairs of the title of a column and its key in the rows.
    """
    _output.print_table(rows, columns)


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
    _output.output(ctx, data, columns)


def handle_errors(fn):
    """
    Decorate a command to print an error in one line, and to exit with its code.

    With ``GAZU_DEBUG=true``, the traceback is logged.

    Args:
        fn: The command.

    Returns:
        Callable: The decorated command.
    """
    return _errors.handled(fn)


def setup_client():
    """
    Use the stored login for the default client. Without one, exit.

    If nothing is stored, the variables of ``gazu.connect`` are used.
    """
    try:
        profile = _stored.profile_in_use()
        stored = _stored.stored_login()
        given = None if stored else _stored.login_in_environment()
    except ValueError as error:
        _errors.fail(
            "{} Run: gazu-cli login --host <URL>".format(error),
            _errors.NOT_LOGGED_IN,
        )
    if stored is not None:
        gazu.set_host(stored.host)
        gazu.set_token(stored.tokens)
        _stored.keep_in_step(profile, stored.tokens)
    elif given is None:
        _errors.fail(
            "Not logged in. Run: gazu-cli login --host <URL>",
            _errors.NOT_LOGGED_IN,
        )
    elif given.token is not None:
        gazu.set_host(given.host)
        gazu.set_token(given.token)
    else:
        gazu.set_host(given.host)
        gazu.log_in(given.email, given.password)


def resolve_project(name_or_id):
    """
    Return the project with a name or an id. If it does not exist, exit.

    Args:
        name_or_id: The name or the id.
    """
    if _records.is_id(name_or_id):
        return gazu_project.get_project(name_or_id)
    return _records.required(
        gazu_project.get_project_by_name(name_or_id),
        "Project",
        name_or_id,
        _records.all_projects,
    )


def get_project_from_option(project_opt):
    """
    Return the project of an option or of the variable ``GAZU_PROJECT``.

    Args:
        project_opt: The value of the option, or None.
    """
    name_or_id = project_opt or os.environ.get("GAZU_PROJECT")
    if not name_or_id:
        _errors.fail(
            "Project required: use --project or set GAZU_PROJECT.",
            _errors.USAGE,
        )
    return resolve_project(name_or_id)


def main():
    """Run the command line interface."""
    cli()


if __name__ == "__main__":
    main()

"""
The command ``gazu-cli``, to which each module adds its commands.

Options of the output stand before or after the name of a command.
"""

from __future__ import annotations

import inspect
import platform
import re
import sys
from typing import Any

import click

from .. import _core
from . import complete
from .text import escape_log

gazu: Any = sys.modules[__name__.rpartition("._cli.")[0]]

HELP = """\b
Examples:
  gazu-cli login --host https://kitsu.example.com
  gazu-cli tasks --project Caminandes --status wip
  gazu-cli comment --task "Caminandes/Lama/Modeling" --status wfa -m "Done"
  gazu-cli upload turntable.mov --task "Caminandes/Lama/Modeling"
  gazu-cli --csv shots --project Caminandes > shots.csv

\b
Environment variables:
  GAZU_PROJECT   the project, where --project is not given
  GAZU_TIMEOUT   seconds to connect and to wait for an answer, such as 5,60
  GAZU_DEBUG     true: log requests and tracebacks to stderr
  NO_COLOR       print no colours
  HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE   the network, as for other programs

\b
Exit codes:
  0  done                     4  not found
  1  any other error          5  not allowed
  2  wrong usage              6  the server failed
  3  not logged in            7  the network failed
"""


def _set_format(ctx: click.Context, param: click.Parameter, on: bool) -> Any:
    if on:
        name = "json" if param.name == "use_json" else param.name
        obj = ctx.ensure_object(dict)
        if obj.get("format") not in (None, name):
            raise click.UsageError(
                "--{} and --{} exclude each other.".format(obj["format"], name)
            )
        obj["format"] = name
        obj["json"] = name == "json"
    return on


def _set(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value:
        ctx.ensure_object(dict)[param.name] = value


def _shared(*names: str, **options: Any) -> click.Option:
    options.setdefault("callback", _set)
    return click.Option(names, expose_value=False, **options)


_JSON_HELP = "Print JSON: the records as the server sends them."
_FORMATS = [
    _shared(
        "--jsonl",
        is_flag=True,
        callback=_set_format,
        help="Print a line of JSON for each record.",
    ),
    _shared(
        "--csv",
        is_flag=True,
        callback=_set_format,
        help="Print the table as CSV, with whole values.",
    ),
]
_OTHERS = [
    _shared(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        help="When to print colours. auto: if the output is a terminal.",
    ),
    _shared(
        "--quiet",
        "-q",
        is_flag=True,
        help="Print results and errors only.",
    ),
]
_BEFORE = _FORMATS + _OTHERS
_AFTER = [
    _shared("--json", is_flag=True, callback=_set_format, help=_JSON_HELP),
    *_FORMATS,
    *_OTHERS,
]


class Sections(click.Command):
    """A command with the options of the output, listed below its own."""

    shared = _AFTER

    def get_params(self, ctx: click.Context) -> list:
        own = super().get_params(ctx)
        taken = {name for param in self.params for name in param.opts}
        more = [
            param
            for param in self.shared
            if taken.isdisjoint(param.opts) and param not in own
        ]
        # The last of them is --help.
        return own[:-1] + more + own[-1:]

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        sections: dict = {"Options": [], "Output": []}
        for param in self.get_params(ctx):
            # Arguments without a text have a record, too, in newer releases of click.
            is_option = isinstance(param, click.Option)
            record = param.get_help_record(ctx) if is_option else None
            if record is not None:
                is_shared = param in self.shared
                sections["Output" if is_shared else "Options"].append(record)
        for title, records in sections.items():
            if records:
                with formatter.section(title):
                    formatter.write_dl(records)


class Command(Sections):
    """A command of ``gazu-cli``. Its docstring may end with examples."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # click joins the lines of a paragraph without this mark.
        text = inspect.cleandoc(self.help or "")
        self.help = re.sub(
            r"^Examples?:$", "\b\n\\g<0>", text, flags=re.MULTILINE
        )


class _Group(Sections, click.Group):
    """The command ``gazu-cli``."""

    shared = _BEFORE
    command_class = Command

    def format_options(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)


def _print_version(
    ctx: click.Context, param: click.Parameter, on: bool
) -> None:
    if not on or ctx.resilient_parsing:
        return
    click.echo("gazu-cli, version {}".format(gazu.__version__))
    click.echo(
        "gazu on Rust {}, in place of CGWire's gazu {} (Python {}, {})".format(
            _core.VERSION,
            gazu.__version__,
            platform.python_version(),
            platform.platform(terse=True),
        )
    )
    ctx.exit()


project_option = click.option(
    "--project",
    "-p",
    "project_opt",
    help="Name or ID of the project.",
    shell_complete=complete.projects,
)
episode_option = click.option(
    "--episode",
    "-e",
    help="Only list those of this episode.",
    shell_complete=complete.episodes,
)
dry_run_option = click.option(
    "--dry-run",
    is_flag=True,
    help="Say what would be done, and do not do it.",
)


@click.group(cls=_Group, epilog=HELP)
@click.option(
    "--json",
    "use_json",
    is_flag=True,
    callback=_set_format,
    help=_JSON_HELP,
)
@click.option(
    "--profile",
    metavar="NAME",
    envvar="KITSU_PROFILE",
    help="Use the login that is stored with this name.",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the versions of this package and of upstream's.",
)
@click.pass_context
def cli(ctx: click.Context, use_json: bool, profile: str | None) -> None:
    """Query a Kitsu server and publish files to it."""
    escape_log()
    obj = ctx.ensure_object(dict)
    obj.setdefault("json", use_json)
    obj["profile"] = profile
    if obj.get("color") in ("always", "never"):
        ctx.color = obj["color"] == "always"

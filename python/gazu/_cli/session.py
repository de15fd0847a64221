"""Logging in and out."""

from __future__ import annotations

import sys
from typing import Any

import click

from .. import client as raw
from .._engine.redact import shown_path
from ..exception import AuthFailedException
from . import complete, public
from .app import cli
from .errors import NOT_LOGGED_IN, error_message, fail, handled, logger
from .output import is_data, print_data
from .stored import forget_login, profile_in_use, store_login, stored_login
from .text import as_one_line, say, tell

gazu: Any = sys.modules[__name__.rpartition("._cli.")[0]]


class Option(click.Option):
    """An option that is asked for, unless the browser logs in."""

    def prompt_for_value(self, ctx: click.Context) -> Any:
        """Ask for the value."""
        if ctx.params.get("browser"):
            return None
        return super().prompt_for_value(ctx)


@cli.command()
@click.option("--host", prompt=True, help="URL of Kitsu.")
@click.option(
    "--email",
    cls=Option,
    prompt=True,
    help="Email of the user.",
)
@click.option(
    "--password",
    cls=Option,
    prompt=True,
    hide_input=True,
    help="Password of the user.",
)
@click.option(
    "--browser",
    is_flag=True,
    is_eager=True,
    help="Log in through the browser instead.",
)
@click.option(
    "--port",
    default=0,
    metavar="PORT",
    help="With --browser: the port of this machine to which the browser comes"
    " back. The default is any free port.",
)
@click.option(
    "--profile", metavar="NAME", help="Store the login with this name."
)
@click.option(
    "--keyring/--no-keyring",
    default=True,
    help="Keep the token in the system's keyring, if the package keyring is"
    " installed. Otherwise it is kept in a file.",
)
@click.pass_context
@handled
def login(
    ctx: click.Context,
    host: str,
    email: str | None,
    password: str | None,
    browser: bool,
    port: int,
    profile: str | None,
    keyring: bool,
) -> None:
    """
    Log in to a Kitsu server. Later commands use this login.

    Examples:
      gazu-cli login --host https://kitsu.example.com
      gazu-cli login --host https://kitsu.example.com --browser
    """
    if browser and (email or password):
        raise click.UsageError(
            "--email and --password cannot be used with --browser."
        )
    if port and not browser:
        raise click.UsageError("--port requires --browser.")
    ctx.obj["profile"] = profile or ctx.obj.get("profile")
    # Check its name before somebody logs in.
    profile_in_use()
    host = host.strip().rstrip("/")
    if "://" not in host:
        raise click.UsageError(
            "The host needs a scheme: https://{}".format(shown_path(host))
        )
    if not host.endswith("/api"):
        host += "/api"
    if browser:
        try:
            tokens = gazu.log_in_with_browser(host, "gazu-cli", port=port)
        except AuthFailedException as error:
            fail("Error: {}".format(error), NOT_LOGGED_IN)
    else:
        gazu.set_host(host)
        tokens = _log_in(email, password)
    stored = shown_path(host)
    store_login(host, tokens, keyring)
    if stored != host:
        say(
            "The user, password or token in the host's URL is not stored.",
            err=True,
        )
    complete.clear()
    tell("Logged in to {}".format(stored))


def _log_in(email: Any, password: Any) -> dict:
    try:
        return gazu.log_in(email, password)
    except AuthFailedException as error:
        factor = _second_factor(error, email)
        if not factor:
            raise
        return gazu.log_in(email, password, **factor)


def _second_factor(
    error: AuthFailedException, email: str
) -> dict[str, str] | None:
    """Ask for the one-time code, if the server requires one."""
    preferred = next(iter(error.otp_methods), None)
    if preferred not in ("totp", "email_otp"):
        return None
    if preferred == "email_otp":
        gazu.send_email_otp(email)
    code = click.prompt("One-time code", hide_input=True)
    return {preferred: code.strip()}


@cli.command()
@handled
def logout() -> None:
    """
    Log out, and remove the stored login even if the server fails.

    Example:
      gazu-cli logout
    """
    try:
        stored = stored_login()
        if stored is not None:
            gazu.set_host(stored.host)
            gazu.set_token(stored.tokens)
            gazu.log_out()
        else:
            say("Not logged in. Run: gazu-cli login --host <URL>", err=True)
    except Exception as error:
        logger.debug("the logout request failed", exc_info=True)
        say(
            "The logout request failed. "
            + as_one_line(error_message(error, ask=False)),
            err=True,
        )
    finally:
        # Do this whatever happens to the request, even after Ctrl-C.
        forget_login()
        complete.clear()
        gazu.set_token({})
    tell("Logged out.")


@cli.command()
@click.pass_context
@handled
def status(ctx: click.Context) -> None:
    """
    Show the server, its version and the logged-in user.

    Example:
      gazu-cli status
    """
    public.setup_client()
    user = raw.get_current_user()
    version = raw.get_api_version()
    host = shown_path(gazu.get_host())
    if is_data(ctx):
        print_data(ctx, {"host": host, "api_version": version, "user": user})
        return
    say("Host:    {}".format(host))
    say("API:     {}".format(version))
    say(
        "User:    {} {} ({})".format(
            user.get("first_name"), user.get("last_name"), user.get("email")
        )
    )

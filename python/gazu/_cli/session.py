"""Logging in and out."""

from __future__ import annotations

import sys
from typing import Any

import click

from .. import client as raw
from .._engine.redact import shown_path
from ..exception import AuthFailedException
from . import public
from .app import cli
from .errors import error_message, handled, logger
from .output import print_json
from .stored import stored_login
from .text import as_one_line, say

gazu: Any = sys.modules[__name__.rpartition("._cli.")[0]]


@cli.command()
@click.option("--host", prompt=True, help="URL of Kitsu.")
@click.option("--email", prompt=True, help="Email of the user.")
@click.option(
    "--password", prompt=True, hide_input=True, help="Password of the user."
)
@handled
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
    public.save_config({"host": stored, "tokens": tokens})
    if stored != host:
        say(
            "The user, password or token in the host's URL is not stored.",
            err=True,
        )
    say("Logged in to {}".format(stored))


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
@handled
def logout() -> None:
    """Log out, and remove the stored login even if the server fails."""
    try:
        stored = stored_login()
        if stored is not None:
            gazu.set_host(stored[0])
            gazu.set_token(stored[1])
            gazu.log_out()
        else:
            say("Not logged in. Run: gazu-cli login --host <URL>", err=True)
    except Exception as error:
        logger.debug("the logout request failed", exc_info=True)
        say(
            "The logout request failed. " + as_one_line(error_message(error)),
            err=True,
        )
    finally:
        # Do this whatever happens to the request, even after Ctrl-C.
        public.clear_config()
        gazu.set_token({})
    say("Logged out.")


@cli.command()
@click.pass_context
@handled
def status(ctx: click.Context) -> None:
    """Show the server, its version and the logged-in user."""
    public.setup_client()
    user = raw.get_current_user()
    version = raw.get_api_version()
    host = shown_path(public.load_config().get("host"))
    if ctx.obj["json"]:
        print_json({"host": host, "api_version": version, "user": user})
        return
    say("Host:    {}".format(host))
    say("API:     {}".format(version))
    say(
        "User:    {} {} ({})".format(
            user.get("first_name"), user.get("last_name"), user.get("email")
        )
    )

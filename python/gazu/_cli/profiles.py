"""The stored logins."""

from __future__ import annotations

import os
from typing import Any

import click

from .._engine.redact import shown_path
from .._login.profiles import Profile, all_profiles
from . import public
from .app import cli
from .errors import handled


@cli.command()
@click.pass_context
@handled
def profiles(ctx: click.Context) -> None:
    """
    List the stored logins.

    Example:
      gazu-cli profiles
      gazu-cli --profile client-x projects
    """
    public.output(
        ctx,
        [_row(profile) for profile in all_profiles(public.CONFIG_DIR)],
        [
            ("PROFILE", "name"),
            ("HOST", "host"),
            ("USER", "user"),
            ("STORED IN", "stored_in"),
        ],
    )


def _row(profile: Profile) -> dict[str, Any]:
    try:
        config = profile.config()
    except ValueError:
        config = {}
    host, tokens = config.get("host"), config.get("tokens")
    in_keyring = config.get("keyring") is True
    if not host or not (tokens or in_keyring):
        host, where = None, "not logged in"
    else:
        where = "keyring" if in_keyring else os.path.normpath(profile.path)
    return {
        "name": profile.name,
        "host": host and shown_path(str(host)),
        "user": config.get("user") or _user_of(tokens),
        "stored_in": where,
    }


def _user_of(tokens: Any) -> Any:
    """Return the email in the whole reply to a login, which upstream stores."""
    user = tokens.get("user") if isinstance(tokens, dict) else None
    return user.get("email") if isinstance(user, dict) else None

"""The stored login."""

from __future__ import annotations

from typing import Any

import click

from .. import client as raw
from .._login import environment
from .._login.profiles import DEFAULT, Profile, Stored
from .._login.stored_tokens import StoredTokens
from . import public


def profile_in_use() -> Profile:
    """Return the profile of the running command."""
    context = click.get_current_context(silent=True)
    name = context.obj.get("profile") if context and context.obj else None
    profile = Profile(name, public.CONFIG_DIR)
    if profile.name == DEFAULT:
        profile.path = public.CONFIG_FILE
    return profile


def stored_login() -> Stored | None:
    """
    Return the stored login of the running command, or None.

    Raises:
        ValueError: the stored configuration is invalid.
    """
    profile = profile_in_use()
    if profile.name != DEFAULT:
        return profile.read()
    try:
        config = public.load_config()
    except (ValueError, RecursionError):
        config = None
    if not isinstance(config, dict):
        raise profile.unreadable()
    return profile.read(config)


def login_in_environment() -> environment.Credentials | None:
    """Return the login of the environment, or None if there is none."""
    given = environment.Credentials()
    return given if given.is_complete() else None


def keep_in_step(profile: Profile, tokens: dict) -> None:
    """Let the default client renew its token, and store it in a profile."""
    client = raw.default_client
    client.use_refresh_token = True
    client._stored_tokens = StoredTokens(profile, tokens.get("refresh_token"))


def store_login(host: str, tokens: dict, keyring: bool) -> None:
    """Store a new login in the profile of the running command."""
    profile = profile_in_use()
    user: Any = tokens.get("user")
    email = user.get("email") if isinstance(user, dict) else None
    save = public.save_config if profile.name == DEFAULT else None
    profile.write(host, tokens, email, keyring, save)


def forget_login() -> None:
    """Remove the stored login of the running command."""
    profile = profile_in_use()
    if profile.name != DEFAULT:
        profile.remove()
        return
    profile.remove(lambda: None)
    # This also empties a file that cannot be removed.
    public.clear_config()

"""Finds the login of ``gazu.connect``: the environment, then a profile."""

from __future__ import annotations

from typing import Any

from .._engine.login import only_tokens
from ..exception import NotAuthenticatedException
from . import environment
from .profiles import Profile
from .stored_tokens import StoredTokens


class Found:
    """
    A login that was found.

    Attributes:
        host: The API's URL.
        tokens: The tokens; None if an email and a password have to be used.
        email: The email or login, or None.
        password: The password, or None.
        store: What keeps renewed tokens, or None.
    """

    def __init__(
        self,
        host: str,
        tokens: dict | None = None,
        email: str | None = None,
        password: str | None = None,
        store: Any = None,
    ) -> None:
        self.host = host
        self.tokens = tokens
        self.email = email
        self.password = password
        self.store = store

    def __repr__(self) -> str:
        return "<Found>"


def find(name: str | None) -> Found:
    """
    Return the login of a profile, or of the environment.

    Args:
        name: The profile. With None, the variables of the environment come
            first.

    Raises:
        NotAuthenticatedException: there is no login.
        ValueError: the environment is incomplete, or the profile's name or file
            is invalid.
    """
    given = None
    if name is None:
        given = environment.Credentials()
        if given.is_complete():
            host = str(given.host)
            if given.token is not None:
                return Found(host, {"access_token": given.token})
            return Found(host, None, given.email, given.password)
        name = environment.profile()
    profile = Profile(name)
    stored = profile.read()
    if stored is None:
        raise NotAuthenticatedException(
            "Nobody is logged in with the profile {}. Run gazu-cli login{}, or "
            "set KITSU_HOST with KITSU_TOKEN, or with KITSU_LOGIN and "
            "KITSU_PASSWORD.".format(
                profile.name,
                "" if name is None else " --profile " + profile.name,
            )
        )
    if given is not None and given.host not in (None, stored.host):
        raise NotAuthenticatedException(
            "KITSU_HOST is {}, but the profile {} is logged in to {}.".format(
                given.host, profile.name, stored.host
            )
        )
    tokens = only_tokens(stored.tokens)
    store = StoredTokens(profile, tokens.get("refresh_token"))
    return Found(stored.host, tokens, store=store)

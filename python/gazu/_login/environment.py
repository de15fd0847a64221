"""Logins from environment variables."""

from __future__ import annotations

import os

#: The names of each variable. The first one that is set counts; the others are
#: names that studios use.
HOST = ("KITSU_HOST", "KITSU_SERVER")
TOKEN = ("KITSU_TOKEN",)
LOGIN = ("KITSU_LOGIN", "KITSU_EMAIL")
PASSWORD = ("KITSU_PASSWORD", "KITSU_PWD")
PROFILE = "KITSU_PROFILE"


class Credentials:
    """
    A host, and a token or an email and a password.

    Attributes:
        host: The API's URL, or None.
        token: An access token, or None.
        email: The email or login, or None.
        password: The password, or None.
    """

    def __init__(self) -> None:
        self.host = _first(HOST)
        self.token = _first(TOKEN)
        self.email = _first(LOGIN)
        self.password = _first(PASSWORD)
        if self.host is not None:
            self.host = api_url(self.host)

    def is_complete(self) -> bool:
        """
        Return whether somebody can log in with these variables.

        Raises:
            ValueError: a variable is missing beside others that are set.
        """
        has_login = self.email is not None or self.password is not None
        if self.token is None and not has_login:
            return False
        if self.host is None:
            raise ValueError(
                "{} is set, but {} is not".format(
                    _name_of(TOKEN if self.token else LOGIN + PASSWORD),
                    HOST[0],
                )
            )
        if self.token is None and self.email is None:
            raise ValueError(
                "{} is set, but {} is not".format(_name_of(PASSWORD), LOGIN[0])
            )
        if self.token is None and self.password is None:
            raise ValueError(
                "{} is set, but {} is not".format(_name_of(LOGIN), PASSWORD[0])
            )
        return True


def api_url(host: str) -> str:
    """Return the URL of the API for the address of Kitsu or of the API."""
    host = host.strip().rstrip("/")
    return host if host.endswith("/api") else host + "/api"


def profile() -> str | None:
    """Return the name of the profile in the environment, or None."""
    return _first((PROFILE,))


def _first(names: tuple) -> str | None:
    """Return the first variable that is not empty."""
    for name in names:
        value = os.environ.get(name, "")
        if value.strip():
            return value
    return None


def _name_of(names: tuple) -> str:
    return next(name for name in names if os.environ.get(name, "").strip())

"""
Stored logins: a host and its tokens, by the name of a profile.

The profile ``default`` is ``~/.gazu/config.json``, which ``gazu-cli`` of upstream
reads and writes, too. Each other profile has a file of its own in
``~/.gazu/profiles``. Only their owner can read them. If the package keyring is
installed and the system has a keyring, the tokens are kept there.
"""

from __future__ import annotations

import json
import os
import re
from typing import Any

from .._engine import private_files
from .._engine.login import only_tokens
from .._engine.redact import shown_path

DEFAULT = "default"
#: The names under which the system's keyring has the tokens.
SERVICE = "gazu"
#: Seconds to wait while another process changes a stored login.
LONGEST_WAIT = 30.0

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\Z")


def folder() -> str:
    """Return the folder of the stored logins."""
    return os.path.join(os.path.expanduser("~"), ".gazu")


class Stored:
    """
    A stored login.

    Attributes:
        host: The API's URL.
        tokens: A dict with ``access_token`` and, mostly, ``refresh_token``.
        user: The email of the person, or None if it is not known.
        is_in_keyring: Whether the tokens are in the system's keyring.
    """

    def __init__(
        self, host: str, tokens: dict, user: Any, is_in_keyring: bool
    ) -> None:
        self.host = host
        self.tokens = tokens
        self.user = user
        self.is_in_keyring = is_in_keyring


class Profile:
    """
    The place where a login is stored. It can be pickled.

    Attributes:
        name: The name of the profile.
        path: The path of its file.
    """

    def __init__(
        self, name: str | None = None, place: str | None = None
    ) -> None:
        if name is None:
            name = DEFAULT
        if not isinstance(name, str):
            raise TypeError("profile: expected text, not {!r}".format(name))
        if not _NAME.match(name):
            raise ValueError(
                "profile: expected letters, digits, dots, hyphens and "
                "underscores, not {!r}".format(name)
            )
        self.name = name
        place = folder() if place is None else place
        self.path = (
            os.path.join(place, "config.json")
            if name == DEFAULT
            else os.path.join(place, "profiles", name + ".json")
        )

    def config(self) -> dict:
        """
        Return the content of the file; an empty dict if there is no file.

        Raises:
            ValueError: the file does not contain a JSON object.
        """
        try:
            with open(self.path, encoding="utf-8") as stream:
                config = json.load(stream)
        except FileNotFoundError:
            return {}
        except (ValueError, RecursionError):
            config = None
        if not isinstance(config, dict):
            raise self.unreadable()
        return config

    def unreadable(self) -> ValueError:
        """Return the exception for a file with an invalid content."""
        return ValueError("{} cannot be read.".format(self.path))

    def read(self, config: dict | None = None) -> Stored | None:
        """
        Return the stored login, or None if nobody is logged in.

        Args:
            config: The content of the file, if it has been read.

        Raises:
            ValueError: the file, or the token in the keyring, cannot be read.
        """
        if config is None:
            config = self.config()
        host, tokens = config.get("host"), config.get("tokens")
        in_keyring = config.get("keyring") is True
        if host and in_keyring:
            tokens = self._read_keyring(host)
        if not host or not tokens:
            return None
        if not isinstance(host, str) or not isinstance(tokens, dict):
            raise self.unreadable()
        for name in ("access_token", "refresh_token"):
            if not isinstance(tokens.get(name), (str, type(None))):
                raise self.unreadable()
        return Stored(host, tokens, config.get("user"), in_keyring)

    def write(
        self,
        host: str,
        tokens: dict,
        user: Any = None,
        keyring: bool = True,
        save: Any = None,
    ) -> None:
        """
        Store a login, in place of the one that is stored.

        Args:
            host: The API's URL. A password in it is not stored.
            tokens: The server's reply to the login.
            user: The email of the person.
            keyring: Whether the tokens may be kept in the system's keyring.
            save: Writes the content of the file, in place of ``save``.

        Raises:
            OSError: the file cannot be written.
        """
        host = shown_path(host)
        kept = only_tokens(tokens)
        private_files.make_folder(os.path.dirname(self.path))
        with self.locked():
            self._forget_keyring()
            in_keyring = keyring and self._write_keyring(host, kept)
            config: dict = {"host": host, "tokens": {} if in_keyring else kept}
            if user:
                config["user"] = user
            if in_keyring:
                config["keyring"] = True
            (save or self.save)(config)

    def save(self, config: dict) -> None:
        """Write the content of the file."""
        private_files.write(self.path, json.dumps(config, indent=2))

    def update(self, host: str, tokens: dict) -> None:
        """
        Store new tokens of the login that is stored.

        Nothing is stored if that login has been removed or replaced by one for
        another host.
        """
        with self.locked():
            try:
                config = self.config()
            except ValueError:
                return
            if not config or config.get("host") != shown_path(host):
                return
            kept = only_tokens(tokens)
            if config.get("keyring") is True and self._write_keyring(
                config["host"], kept
            ):
                return
            config.pop("keyring", None)
            config["tokens"] = kept
            self.save(config)

    def remove(self, remove_file: Any = None) -> None:
        """
        Remove the stored login, if there is one.

        Args:
            remove_file: Removes the file; the default only removes it.
        """
        if not os.path.isdir(os.path.dirname(self.path)):
            return
        with self.locked():
            self._forget_keyring()
            if remove_file is not None:
                remove_file()
            else:
                private_files.remove(os.path.realpath(self.path))

    def locked(self, seconds: float = LONGEST_WAIT) -> Any:
        """Keep other processes from changing this login in a ``with`` block."""
        return private_files.locked(self.path, seconds)

    # The system's keyring.

    def _key(self, host: str) -> str:
        return "{} {}".format(self.name, host)

    def _read_keyring(self, host: Any) -> Any:
        keyring = usable_keyring()
        if keyring is None:
            raise ValueError(
                "The token of the profile {} is in the system's keyring, which "
                "needs the package keyring: install it, or log in again.".format(
                    self.name
                )
            )
        try:
            text = keyring.get_password(SERVICE, self._key(str(host)))
        except Exception as error:
            raise ValueError(
                "The system's keyring cannot be read: {}".format(error)
            ) from None
        try:
            return json.loads(text) if text else None
        except ValueError:
            return None

    def _write_keyring(self, host: str, tokens: dict) -> bool:
        """Store tokens in the keyring. Return whether that was possible."""
        keyring = usable_keyring()
        if keyring is None:
            return False
        try:
            keyring.set_password(SERVICE, self._key(host), json.dumps(tokens))
        except Exception:
            # It is locked, or the tokens are too long for it: use the file.
            return False
        return True

    def _forget_keyring(self) -> None:
        try:
            config = self.config()
        except ValueError:
            return
        keyring = usable_keyring() if config.get("keyring") is True else None
        if keyring is None:
            return
        try:
            keyring.delete_password(SERVICE, self._key(str(config["host"])))
        except Exception:
            # It has been removed by hand, or the keyring is locked.
            pass


def usable_keyring() -> Any:
    """Return the module keyring, or None if it or the system's keyring is missing."""
    if os.environ.get("GAZU_KEYRING", "").lower() in ("0", "false", "no"):
        return None
    try:
        import keyring  # type: ignore[import-not-found, unused-ignore]

        # Below 1, a backend only says that there is no keyring.
        if keyring.get_keyring().priority < 1:
            return None
    except Exception:
        return None
    return keyring


def all_profiles(place: str | None = None) -> list[Profile]:
    """
    Return the profiles that have a file, the default first, then by name.

    Args:
        place: The folder; the default is ``folder()``.
    """
    place = folder() if place is None else place
    found = []
    default = Profile(place=place)
    if os.path.exists(default.path):
        found.append(default)
    try:
        names = sorted(os.listdir(os.path.join(place, "profiles")))
    except OSError:
        names = []
    for name in names:
        stem, extension = os.path.splitext(name)
        if extension == ".json" and stem != DEFAULT and _NAME.match(stem):
            found.append(Profile(stem, place))
    return found

"""Keeps a client and its stored login in step, among several processes."""

from __future__ import annotations

from typing import Any

from .._engine import logs
from .._engine.login import only_tokens
from .._engine.redact import shown_path
from .._engine.renewal import seconds_left
from .profiles import LONGEST_WAIT, Profile

logger = logs.logger()


class StoredTokens:
    """
    The stored login of a client. It can be pickled.

    All access tokens of a login stay valid until they expire. So a process that
    finds a newer token in the store uses it, and does not renew its own.

    If the client logs in as somebody else, it has another refresh token. Then the
    store is left alone.
    """

    def __init__(self, profile: Profile, refresh_token: str | None) -> None:
        self.profile = profile
        self._refresh_token = refresh_token

    def renew(self, client: Any) -> bool:
        """
        Give a client a token that has not expired.

        Returns:
            Whether the server was asked for it. If not, another process has
            stored it.
        """
        if client.refresh_token != self._refresh_token:
            client.refresh_access_token()
            return True
        left = seconds_left()
        wait = LONGEST_WAIT if left is None else min(left, LONGEST_WAIT)
        with self.profile.locked(wait):
            try:
                stored = self.profile.read()
            except ValueError:
                stored = None
            if (
                stored is not None
                and stored.host == shown_path(client.host)
                and stored.tokens.get("access_token")
                not in (None, client.access_token)
            ):
                client.tokens = only_tokens(stored.tokens)
                self._refresh_token = client.refresh_token
                return False
            client.refresh_access_token()
            return True

    def save(self, client: Any, used: str | None) -> None:
        """
        Store the tokens that a client has received.

        Args:
            client: The client.
            used: The refresh token for which it received them.
        """
        if used == self._refresh_token:
            self._refresh_token = client.refresh_token
            try:
                self.profile.update(client.host, client.tokens)
            except OSError as error:
                # The client can go on with the token that it has.
                logger.warning("The new token could not be stored: %s", error)

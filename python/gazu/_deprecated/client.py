"""Old names of ``gazu.client``."""

from __future__ import annotations

from typing import Any

from .. import cache as results
from .. import client as raw
from . import by_name, deprecated, tables

#: For attributes: the module's ``__getattr__`` is between the script and the
#: function.
_ATTRIBUTE_STACKLEVEL = 3


@deprecated("gazu.client.get_api_url_from_host")
def get_zou_url_from_host() -> str:
    """Return the default client's host without its last four characters."""
    return raw.default_client.host[:-4]


@deprecated("gazu.cache.enable and the functions' set_cache_expire")
def set_cache_expiration_delay(seconds: float) -> Any:
    """
    Enable the cache, and set the expiry of all cached functions.

    Args:
        seconds: The seconds after which a result expires.

    Returns:
        The default client's session.

    Raises:
        TypeError: ``seconds`` is not a number.
    """
    import datetime

    # Raise TypeError before any function is changed.
    datetime.timedelta(seconds=seconds)
    # In its last release, this function failed; this does what was intended.
    # Load all old names first: some are cached functions, too.
    tables()
    for function in results.cached_functions:
        function.set_cache_expire(seconds)
    results.enable()
    return raw.default_client.session


@deprecated(
    "gazu.client.default_client.session", stacklevel=_ATTRIBUTE_STACKLEVEL
)
def requests_session() -> Any:
    """Return the default client's session."""
    return raw.default_client.session


@deprecated(
    "gazu.client.default_client.tokens", stacklevel=_ATTRIBUTE_STACKLEVEL
)
def tokens() -> Any:
    """Return the default client's tokens."""
    return raw.default_client.tokens


NAMES = by_name(
    get_zou_url_from_host,
    set_cache_expiration_delay,
    requests_session,
    tokens,
)
VALUES = ("requests_session", "tokens")

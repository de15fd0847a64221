"""Old names of ``gazu.client``."""

from __future__ import annotations

from typing import Any

from .. import cache as results
from .. import client as raw
from . import deprecated, named, tables

# Their callers are those who read an attribute of the module.
_READER = 3


@deprecated("gazu.client.get_api_url_from_host")
def get_zou_url_from_host() -> str:
    """Return the default client's host without its last four letters."""
    return raw.default_client.host[:-4]


@deprecated("gazu.cache.enable and the functions' set_cache_expire")
def set_cache_expiration_delay(seconds: float) -> Any:
    """
    Keep results for a while.

    Args:
        seconds: How long a result is kept.

    Returns:
        The default client's session.

    Raises:
        TypeError: the delay is no number.
    """
    import datetime

    # Refuse what is no number before any function has it.
    datetime.timedelta(seconds=seconds)
    # The last release failed; this is what it was meant to do. A table that
    # is not loaded yet has functions whose results are kept, too.
    tables()
    for function in results.cached_functions:
        function.set_cache_expire(seconds)
    results.enable()
    return raw.default_client.session


@deprecated("gazu.client.default_client.session", stacklevel=_READER)
def requests_session() -> Any:
    """Return the default client's session."""
    return raw.default_client.session


@deprecated("gazu.client.default_client.tokens", stacklevel=_READER)
def tokens() -> Any:
    """Return the default client's tokens."""
    return raw.default_client.tokens


NAMES = named(
    get_zou_url_from_host,
    set_cache_expiration_delay,
    requests_session,
    tokens,
)
VALUES = ("requests_session", "tokens")

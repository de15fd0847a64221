"""The stored login."""

from __future__ import annotations

from . import public


def stored_login() -> tuple[str, dict] | None:
    """
    Return the stored host and tokens, or None if nobody is logged in.

    Raises:
        ValueError: the stored configuration is invalid.
    """
    unusable = ValueError("{} cannot be read.".format(public.CONFIG_FILE))
    try:
        config = public.load_config()
    except (ValueError, RecursionError):
        raise unusable from None
    if not isinstance(config, dict):
        raise unusable
    host, tokens = config.get("host"), config.get("tokens")
    if not host or not tokens:
        return None
    if not isinstance(host, str) or not isinstance(tokens, dict):
        raise unusable
    for name in ("access_token", "refresh_token"):
        if not isinstance(tokens.get(name), (str, type(None))):
            raise unusable
    return host, tokens

"""Logs requests at debug level."""

from __future__ import annotations

import logging

from . import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: Upstream does not log file transfers, and scripts may read its log.
_UNLOGGED = ("upload", "download", "get_file_data_from_url")


def log_request(call: Any, full_url: Any, logger: logging.Logger) -> None:
    """
    Log a call's method, URL and body, without secrets.

    Args:
        call: The call.
        full_url: A function that returns the complete URL of a path.
        logger: The logger.
    """
    if call.verb in _UNLOGGED:
        return
    url = call.route
    if "://" not in url:
        url = full_url(url)
    url = redact.shown_path(url)
    logger.debug("%s %s", call.method, url)
    if call.body is not None:
        data = call.data
        texts = data if isinstance(data, list) else [data]
        if not (
            redact.has_secret(data) or any(map(redact.names_secret, texts))
        ):
            logger.debug("Body: %s", data)

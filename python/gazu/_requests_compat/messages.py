"""The messages that ``requests`` would give transport errors."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from .secrets import shown_path

_OS_ERROR = re.compile(r"(\w[^:()]*?) \(os error (\d+)\)")
_FAILED_CALL = re.compile(r"\[Errno (\d+)\] ([^:()]*)")
_RESOLVING = "failed to lookup address information: "


def requests_message(name: str, message: str, url: str) -> str:
    """
    Return the message that ``requests`` would give a transport error.

    Args:
        name: The name of the error's class, or ``Lost`` if the connection broke.
        message: The message of the native transport.
        url: The URL of the request.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return message
    secure = parts.scheme == "https"
    address = "(host={!r}, port={})".format(
        host, port or (443 if secure else 80)
    )
    pool = (
        "HTTPSConnectionPool" if secure else "HTTPConnectionPool"
    ) + address
    connection = ("HTTPSConnection" if secure else "HTTPConnection") + address
    message = _OS_ERROR.sub(r"[Errno \2] \1", message)
    if name == "ReadTimeout":
        _, found, rest = message.rpartition("Read timed out")
        return "{}: {}".format(pool, found + rest if found else message)
    if name == "Lost":
        failed = _FAILED_CALL.search(message)
        if failed:
            code, reason = int(failed.group(1)), failed.group(2)
            cause = repr(OSError(code, reason))
        elif message.endswith("closed before message completed"):
            cause = (
                "RemoteDisconnected('Remote end closed connection without "
                "response')"
            )
        else:
            return "('Connection aborted.', {!r})".format(message)
        return "('Connection aborted.', {}): {}".format(cause, message)
    if name == "ConnectionError":
        reason = message.partition(": ")[2] or message
        if reason.startswith(_RESOLVING):
            cause = 'NameResolutionError("{}: Failed to resolve {!r} ({})")'.format(
                connection, host, reason[len(_RESOLVING) :]
            )
        else:
            cause = (
                'NewConnectionError("{}: Failed to establish a new '
                'connection: {}")'.format(connection, reason)
            )
    elif name == "ConnectTimeout":
        cause = "ConnectTimeoutError({!r})".format(message)
    elif name == "SSLError":
        certificate = "certificate verify failed"
        cause = "SSLError({!r})".format(
            message.replace(
                certificate, "[SSL: CERTIFICATE_VERIFY_FAILED] " + certificate
            )
        )
    elif name == "ProxyError":
        cause = "ProxyError('Unable to connect to proxy', {!r})".format(
            message
        )
    elif name == "ChunkedEncodingError":
        broken = "Connection broken: "
        return message.replace(broken, broken + "IncompleteRead: ")
    else:
        return message
    path = (parts.path or "/") + ("?" + parts.query if parts.query else "")
    text = "{}: Max retries exceeded with url: {} (Caused by {})".format(
        pool, shown_path(path), cause
    )
    return text + _NO_HOST if host == DEFAULT_HOST else text


#: The host of a client that was given none.
DEFAULT_HOST = "gazu.change.serverhost"
_NO_HOST = '. No host has been set: call gazu.set_host("https://kitsu.example.com/api")'

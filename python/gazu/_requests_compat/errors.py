"""
Transport errors, under the names that scripts know from ``requests``.

Where the process has imported ``requests``, what is raised is the class of that
name there, as it is, so that ``except requests.exceptions.Timeout`` works and
``type(error)`` is what scripts compare it with. Where it has not, it is ours, and
the builtin of the kind: ``ConnectionError``, ``TimeoutError``, ``ValueError``,
``OSError``. For ``gazu.aio`` it is besides what ``aiohttp`` would raise, where the
process has imported that.

Texts contain what people search for, in the words of ``requests``.
"""

from __future__ import annotations

import builtins
import copyreg
import json
import re
import sys
import types
from typing import Any

from .library import Joining, defined
from .secrets import shown_text

_THEIRS = "requests.exceptions"


class RequestException(Joining, OSError):
    """
    Something went wrong with a request.

    Attributes:
        request: What was asked, where that is known.
        response: The answer, where there was one.
        kind: What the transport calls it, where it comes from there.
    """

    _theirs = _THEIRS
    kind = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        response = kwargs.pop("response", None)
        request = kwargs.pop("request", None)
        OSError.__init__(self, *args, **kwargs)
        self.response: Any = response
        self.request: Any = request or getattr(response, "request", None)

    def __reduce__(self) -> tuple:
        state = _without_secrets(self.__dict__)
        return (_rebuild, (type(self).__name__, self.args), state)


class HTTPError(RequestException):
    """A status that is an error, for those who ask with raise_for_status."""


class ConnectionError(RequestException, builtins.ConnectionError):
    """No connection could be made, or it was lost."""


class ProxyError(ConnectionError):
    """The proxy could not be reached, or refused."""


class SSLError(ConnectionError):
    """TLS failed, or the certificate was not accepted."""


class Timeout(RequestException, builtins.TimeoutError):
    """A deadline passed."""


class ConnectTimeout(ConnectionError, Timeout):
    """Nobody answered in time."""


class ReadTimeout(Timeout):
    """No byte arrived in time."""


class TooManyRedirects(RequestException):
    """The redirects lead nowhere."""


class MissingSchema(RequestException, ValueError):
    """The URL has no scheme, such as https."""


class InvalidSchema(RequestException, ValueError):
    """The URL's scheme is neither http nor https."""


class InvalidURL(RequestException, ValueError):
    """The URL cannot be used."""


class InvalidHeader(RequestException, ValueError):
    """A header cannot be sent."""


class InvalidProxyURL(InvalidURL):
    """The proxy's URL cannot be used."""


class ChunkedEncodingError(RequestException):
    """The body broke off."""


class ContentDecodingError(RequestException):
    """The body's compression is broken."""


class StreamConsumedError(RequestException, TypeError):
    """The body has been read already."""


class InvalidJSONError(RequestException):
    """The JSON cannot be used."""


class JSONDecodeError(InvalidJSONError, json.JSONDecodeError):
    """The answer is not JSON."""

    def __init__(self, msg: str, doc: str, pos: int, **kwargs: Any) -> None:
        json.JSONDecodeError.__init__(self, msg, doc, pos)
        InvalidJSONError.__init__(self, *self.args, **kwargs)

    def __reduce__(self) -> tuple:
        arguments = (self.msg, self.doc, self.pos)
        state = _without_secrets(self.__dict__)
        return (_rebuild, (type(self).__name__, arguments), state)


class RetryError(RequestException):
    """An adapter's retries are used up."""


class UnrewindableBodyError(RequestException):
    """A body cannot be sent again."""


class URLRequired(RequestException):
    """There is no URL."""


def class_for(name: str) -> type[RequestException]:
    """
    Return the class to raise under a name: that of ``requests`` where the
    process has imported it, else ours.
    """
    theirs = defined(_THEIRS, name)
    if theirs is None:
        return globals()[name]
    if theirs not in copyreg.dispatch_table:
        copyreg.pickle(theirs, _reduced)  # type: ignore[arg-type]
    return theirs


def json_error(error: json.JSONDecodeError) -> RequestException:
    """Return the exception for a body that is not JSON, without its secrets."""
    doc = shown_text(error.doc, same_length=True)
    return class_for("JSONDecodeError")(error.msg, doc, error.pos)


def _reduced(error: Any) -> tuple:
    """Pickle an error of ``requests`` without the secrets of its request."""
    constructor, args, *state = type(error).__reduce__(error)
    return (constructor, args, *map(_without_secrets, state))


def _without_secrets(state: dict) -> dict:
    """
    Return the attributes of an error to pickle, such as for a farm's queue.

    A script that stores an error does not mean to store a login with it.
    """
    state = dict(state)
    for name in ("request", "response"):
        without_secrets = getattr(state.get(name), "without_secrets", None)
        if without_secrets is not None:
            state[name] = without_secrets()
    return state


#: By the name of an error, what ``aiohttp`` raises in its place.
_OF_AIOHTTP = {
    "ConnectionError": "ClientConnectorError",
    "ConnectTimeout": "ConnectionTimeoutError ServerTimeoutError",
    "Lost": "ServerDisconnectedError",
    "ReadTimeout": "SocketTimeoutError ServerTimeoutError",
    "SSLError": "ClientConnectorSSLError",
    "ProxyError": "ClientProxyConnectionError",
    "ChunkedEncodingError": "ClientPayloadError",
    "ContentDecodingError": "ClientPayloadError",
    "TooManyRedirects": "TooManyRedirects",
    "InvalidURL": "InvalidURL",
    "MissingSchema": "InvalidURL",
    "InvalidSchema": "NonHttpUrlClientError InvalidURL",
}
#: Classes that are one of ours or of ``requests`` and one of ``aiohttp``.
_awaited: dict[tuple[type, type], type] = {}


def for_aiohttp(error: Any) -> Any:
    """
    Return an error that is also the one that ``aiohttp`` would raise.

    Where the process has not imported that, it is the error itself.
    """
    library = sys.modules.get("aiohttp")
    kind = getattr(error, "kind", "")
    names = _OF_AIOHTTP.get(kind, "ClientError") + " ClientError"
    found = (getattr(library, name, None) for name in names.split())
    theirs = next((cls for cls in found if isinstance(cls, type)), None)
    if not kind or theirs is None:
        return error
    own = type(error)
    key = (own, theirs)
    if key not in _awaited:

        def __str__(self: Any) -> str:
            # Theirs tell attributes that a request natively sent has not.
            return OSError.__str__(self)

        _awaited[key] = type(
            own.__name__,
            key,
            {
                "__module__": own.__module__,
                "__doc__": own.__doc__,
                "__str__": __str__,
                "__reduce__": _reduced_to_own,
            },
        )
    message = str(error)
    address = _ADDRESS.search(message)
    both = _awaited[key].__new__(_awaited[key], *error.args)
    both.args = error.args
    both.__dict__.update(error.__dict__)
    if issubclass(theirs, getattr(library, "ClientConnectorError", ())):
        # What the properties of these classes read.
        host, port = address.groups() if address else ("", "0")
        both._os_error = OSError(message)
        both._conn_key = types.SimpleNamespace(
            host=host, port=int(port), ssl=True, is_ssl=kind == "SSLError"
        )
        both.args = (
            "Cannot connect to host {}:{} ssl:default [{}]".format(
                host, port, message
            ),
        )
    return both


_ADDRESS = re.compile(r"(?:to|with) (\S+):(\d+)\b")


def _reduced_to_own(error: Any) -> tuple:
    """Pickle as the error that it is without ``aiohttp``."""
    return (_rebuild, (type(error).__name__, error.args), error.__dict__)


_OS_ERROR = re.compile(r"(\w[^:()]*?) \(os error (\d+)\)")
_RESOLVING = "failed to lookup address information: "


def text_of(name: str, message: str, url: str) -> str:
    """
    Return what is said of a request that got no usable answer.

    Args:
        name: The error's class; ``Lost`` for a connection that broke off.
        message: What the transport says.
        url: What was asked for.
    """
    from urllib.parse import urlsplit

    from .secrets import shown_path

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
        cause = (
            "ConnectionResetError(104, 'Connection reset by peer')"
            if "reset" in message
            else "RemoteDisconnected('Remote end closed connection without "
            "response')"
        )
        return "('Connection aborted.', {}): {}".format(cause, message)
    if name == "ConnectionError":
        said = message.partition(": ")[2] or message
        if said.startswith(_RESOLVING):
            cause = 'NameResolutionError("{}: Failed to resolve {!r} ({})")'.format(
                connection, host, said[len(_RESOLVING) :]
            )
        else:
            cause = (
                'NewConnectionError("{}: Failed to establish a new '
                'connection: {}")'.format(connection, said)
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
    return "{}: Max retries exceeded with url: {} (Caused by {})".format(
        pool, shown_path(path), cause
    )


def _rebuild(name: str, args: tuple) -> RequestException:
    return class_for(name)(*args)

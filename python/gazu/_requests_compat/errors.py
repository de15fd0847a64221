"""
Transport errors, under the names that scripts know from ``requests``.

If the process has imported ``requests``, its own classes are raised, so that
``except requests.exceptions.Timeout`` and comparisons with ``type(error)`` work.
Otherwise the classes of this module are raised. They are also builtin exceptions:
``ConnectionError``, ``TimeoutError``, ``ValueError`` or ``OSError``. With
``gazu.aio``, and if the process has imported ``aiohttp``, an error is also an
instance of the class that ``aiohttp`` would raise.

Messages have the wording of ``requests``: people search for it, and scripts
compare it.
"""

from __future__ import annotations

import builtins
import copyreg
import json
import re
import sys
import types

from .library import RequestsCompatible, requests_class
from .secrets import shown_path, shown_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_MODULE = "requests.exceptions"


class RequestException(RequestsCompatible, OSError):
    """
    The base class of all transport errors.

    Attributes:
        request: The request, or None if it is unknown.
        response: The response, or None if there was none.
        kind: The name that the native transport gives the error; empty if the
            error has another origin.
    """

    _requests_module = _MODULE
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
    """The response has an error status. ``raise_for_status`` raises it."""


class ConnectionError(RequestException, builtins.ConnectionError):
    """No connection could be established, or it was lost."""


class ProxyError(ConnectionError):
    """The proxy could not be reached, or rejected the request."""


class SSLError(ConnectionError):
    """The TLS handshake failed, or the certificate is not trusted."""


class Timeout(RequestException, builtins.TimeoutError):
    """A timeout or a deadline passed."""


class ConnectTimeout(ConnectionError, Timeout):
    """The connection was not established in time."""


class ReadTimeout(Timeout):
    """The server sent no data in time."""


class TooManyRedirects(RequestException):
    """There were more redirects than the session allows."""


class MissingSchema(RequestException, ValueError):
    """The URL has no scheme, such as https."""


class InvalidSchema(RequestException, ValueError):
    """The URL's scheme is neither http nor https."""


class InvalidURL(RequestException, ValueError):
    """The URL is invalid."""


class InvalidHeader(RequestException, ValueError):
    """A header is invalid."""


class InvalidProxyURL(InvalidURL):
    """The URL of the proxy is invalid."""


class ChunkedEncodingError(RequestException):
    """The connection broke before the body was complete."""


class ContentDecodingError(RequestException):
    """The body could not be decompressed."""


class StreamConsumedError(RequestException, TypeError):
    """The body of a streamed response has already been read."""


class InvalidJSONError(RequestException):
    """A value cannot be encoded as JSON, or a body is not JSON."""


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
    """An adapter has no retries left."""


class UnrewindableBodyError(RequestException):
    """A body cannot be sent again."""


class URLRequired(RequestException):
    """A request has no URL."""


def class_for(name: str) -> type[RequestException]:
    """
    Return the exception class of a name: the class of ``requests`` if the
    process has imported it, otherwise the class of this module.
    """
    error_class = requests_class(_MODULE, name)
    if error_class is None:
        return globals()[name]
    if error_class not in copyreg.dispatch_table:
        copyreg.pickle(error_class, _reduced)  # type: ignore[arg-type]
    return error_class


def json_error(error: json.JSONDecodeError) -> RequestException:
    """Return the exception for a body that is not JSON, without its secrets."""
    doc = shown_text(error.doc, same_length=True)
    made: Any = class_for("JSONDecodeError")(error.msg, doc, error.pos)
    if doc.lstrip()[:1] == "<":
        made.__notes__ = [_HTML]
    return made


_HTML = (
    "The server sent a page instead of JSON: does the host end with /api, as "
    "https://kitsu.example.com/api does?"
)


def _reduced(error: Any) -> tuple:
    """Pickle an error of ``requests`` without the secrets of its request."""
    original: Any = type(error).__reduce__
    constructor, args, *state = original(error)
    return (constructor, args, *map(_without_secrets, state))


def _without_secrets(state: dict) -> dict:
    """
    Return the attributes of an error for a pickle, without secrets.

    Pickled exceptions may be stored where others can read them, such as in the
    queue of a render farm.
    """
    state = dict(state)
    for name in ("request", "response"):
        without_secrets = getattr(state.get(name), "without_secrets", None)
        if without_secrets is not None:
            state[name] = without_secrets()
    return state


#: The classes that ``aiohttp`` raises, by our name of the error. The first class
#: that the installed version has is used.
_AIOHTTP_CLASSES = {
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
#: Classes that inherit from an error of ours or of ``requests``, and from one of
#: ``aiohttp``.
_combined_with_aiohttp: dict[tuple[type, type], type] = {}


def for_aiohttp(error: Any) -> Any:
    """
    Return an error that is also an instance of the matching ``aiohttp`` class.

    If the process has not imported ``aiohttp``, return the error unchanged.
    """
    library = sys.modules.get("aiohttp")
    kind = getattr(error, "kind", "")
    names = _AIOHTTP_CLASSES.get(kind, "ClientError") + " ClientError"
    found = (getattr(library, name, None) for name in names.split())
    aiohttp_class = next((cls for cls in found if isinstance(cls, type)), None)
    if not kind or aiohttp_class is None or isinstance(error, aiohttp_class):
        return error
    error_class = type(error)
    key = (error_class, aiohttp_class)
    if key not in _combined_with_aiohttp:

        def __str__(self: Any) -> str:
            # The methods of aiohttp read attributes that do not exist here.
            return OSError.__str__(self)

        _combined_with_aiohttp[key] = type(
            error_class.__name__,
            key,
            {
                "__module__": error_class.__module__,
                "__doc__": error_class.__doc__,
                "__str__": __str__,
                "__reduce__": _reduce_without_aiohttp,
            },
        )
    message = str(error)
    address = _ADDRESS.search(message)
    combined = _combined_with_aiohttp[key].__new__(
        _combined_with_aiohttp[key], *error.args
    )
    combined.args = error.args
    combined.__dict__.update(error.__dict__)
    if issubclass(aiohttp_class, getattr(library, "ClientConnectorError", ())):
        # The properties of these classes read these attributes.
        host, port = filter(None, address.groups()) if address else ("", "0")
        combined._os_error = OSError(message)
        combined._conn_key = types.SimpleNamespace(
            host=host, port=int(port), ssl=True, is_ssl=kind == "SSLError"
        )
        combined.args = (
            "Cannot connect to host {}:{} ssl:default [{}]".format(
                host, port, message
            ),
        )
    return combined


#: The address in a message of the native transport, or of ``requests``.
_ADDRESS = re.compile(r"(?:to|with) (\S+):(\d+)\b|host='([^']*)', port=(\d+)")


def _reduce_without_aiohttp(error: Any) -> tuple:
    """Pickle the error without its ``aiohttp`` class."""
    return (_rebuild, (type(error).__name__, error.args), error.__dict__)


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
    from urllib.parse import urlsplit

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


def explain(error: Any, note: str) -> None:
    """Give an exception its note. ``add_note`` is newer than our oldest Python."""
    error.__notes__ = [note]


def _rebuild(name: str, args: tuple) -> RequestException:
    return class_for(name)(*args)

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

from .library import RequestsCompatible, requests_class

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
        state = without_secrets(self.__dict__)
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
        return globals().get(name) or __getattr__(name)
    import copyreg

    if error_class not in copyreg.dispatch_table:
        copyreg.pickle(error_class, _reduced)  # type: ignore[arg-type]
    return error_class


def __getattr__(name: str) -> Any:
    if name != "JSONDecodeError":
        raise AttributeError(
            "module {!r} has no attribute {!r}".format(__name__, name)
        )
    return globals().setdefault(name, _json_decode_error())


def _json_decode_error() -> type[InvalidJSONError]:
    # It takes longer to import than this module, and few scripts need it.
    import json

    class JSONDecodeError(InvalidJSONError, json.JSONDecodeError):
        """The answer is not JSON."""

        def __init__(
            self, msg: str, doc: str, pos: int, **kwargs: Any
        ) -> None:
            json.JSONDecodeError.__init__(self, msg, doc, pos)
            InvalidJSONError.__init__(self, *self.args, **kwargs)

        def __reduce__(self) -> tuple:
            arguments = (self.msg, self.doc, self.pos)
            state = without_secrets(self.__dict__)
            return (_rebuild, (type(self).__name__, arguments), state)

    JSONDecodeError.__qualname__ = "JSONDecodeError"
    return JSONDecodeError


def _reduced(error: Any) -> tuple:
    """Pickle an error of ``requests`` without the secrets of its request."""
    original: Any = type(error).__reduce__
    constructor, args, *state = original(error)
    return (constructor, args, *map(without_secrets, state))


def without_secrets(state: dict) -> dict:
    """
    Return the attributes of an error for a pickle, without secrets.

    Pickled exceptions may be stored where others can read them, such as in the
    queue of a render farm.
    """
    state = dict(state)
    for name in ("request", "response"):
        copied = getattr(state.get(name), "without_secrets", None)
        if copied is not None:
            state[name] = copied()
    return state


def explain(error: Any, note: str) -> None:
    """Give an exception its note. ``add_note`` is newer than our oldest Python."""
    error.__notes__ = [note]


def _rebuild(name: str, args: tuple) -> RequestException:
    # Pickles contain this function's name.
    return class_for(name)(*args)

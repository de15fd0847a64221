"""
Transport errors, under the names that scripts know from ``requests``.

Where the process has imported ``requests``, what is raised is also an instance
of the class of that name there, so that ``except requests.exceptions.Timeout``
works. Where it has not, the builtin of the kind stands in: ``ConnectionError``,
``TimeoutError``, ``ValueError``, ``OSError``.
"""

from __future__ import annotations

import builtins
import json
from typing import Any

from .library import Joining, joined
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
        return (_rebuild, (type(self).__name__, self.args), self._stored())

    def _stored(self) -> dict:
        """
        Return the attributes to store, such as in a queue of a farm.

        Who stores an exception does not mean to store a login with it.
        """
        state = dict(self.__dict__)
        for name in ("request", "response"):
            without_secrets = getattr(state.get(name), "without_secrets", None)
            if without_secrets is not None:
                state[name] = without_secrets()
        return state


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
        doc = shown_text(doc, same_length=True)
        json.JSONDecodeError.__init__(self, msg, doc, pos)
        InvalidJSONError.__init__(self, *self.args, **kwargs)

    def __reduce__(self) -> tuple:
        arguments = (self.msg, self.doc, self.pos)
        return (_rebuild, (type(self).__name__, arguments), self._stored())


class RetryError(RequestException):
    """An adapter's retries are used up."""


class UnrewindableBodyError(RequestException):
    """A body cannot be sent again."""


class URLRequired(RequestException):
    """There is no URL."""


def class_for(name: str) -> type[RequestException]:
    """
    Return the class to raise under a name, which is also the class of
    ``requests`` where the process has imported that.
    """
    return joined(globals()[name], _THEIRS)


def _rebuild(name: str, args: tuple) -> RequestException:
    return class_for(name)(*args)

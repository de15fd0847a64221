"""Transport errors that are also errors of ``aiohttp``, for ``gazu.aio``."""

from __future__ import annotations

import re
import sys
import types

from .errors import _rebuild, without_secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

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
    state = without_secrets(error.__dict__)
    return (_rebuild, (type(error).__name__, error.args), state)

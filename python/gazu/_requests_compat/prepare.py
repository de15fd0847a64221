"""Builds requests from the arguments of a session's ``request`` method."""

from __future__ import annotations

from .. import _core
from .headers import Headers
from .response import PreparedRequest, prepared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable

_FORM = "application/x-www-form-urlencoded"


def request(
    method: str, url: str, headers: Headers, data: Any, files: Any, json: Any
) -> tuple[PreparedRequest, list, list]:
    """
    Return a request, its trailing headers, and the file objects of its body.

    The trailing headers are sent after Content-Length, in the order of
    ``requests``.
    """
    body, streams, content_type = _body(data, files, json)
    trailing_headers = []
    if content_type is not None and "content-type" not in headers:
        trailing_headers.append(("Content-Type", content_type))
    return prepared(method, url, headers, body), trailing_headers, streams


def headers(own: Any, given: Any) -> Headers:
    """Merge the headers of a session and of a request; None removes a header."""
    merged = Headers(own)
    merged.update((given or {}).items())
    for name in [name for name, value in merged.items() if value is None]:
        del merged[name]
    return merged


def with_params(url: str, own: Any, given: Any) -> str:
    """Add the parameters of a session and of a request to the query of a URL."""
    if not own and not given:
        return url
    if isinstance(given, (str, bytes)):
        query = given.decode() if isinstance(given, bytes) else given
    else:
        if not given or hasattr(given, "items"):
            # Like requests: the parameters of a session are ignored unless they
            # are a mapping.
            own = own if hasattr(own, "items") else {}
            given = {**dict(own), **dict(given or {})}
        query = _form_encoded(given)
    if not query:
        return url
    return url + ("&" if "?" in url else "?") + query


def _body(
    data: Any, files: Any, value: Any
) -> tuple[Any, list[Any], str | None]:
    """Return the body, the file objects that it reads, and its content type."""
    if files:
        call, streams = _core.upload_call("", data or {}, files, [])
        return call, streams, None
    if not data and value is not None:
        import json

        try:
            text = json.dumps(value, allow_nan=False)
        except ValueError as error:
            from .errors import class_for

            raise class_for("InvalidJSONError")(str(error)) from None
        return text.encode("utf-8"), [], "application/json"
    if hasattr(data, "read"):
        return None, [data], None
    if not data:
        return None, [], None
    if isinstance(data, (bytes, bytearray)):
        return bytes(data), [], None
    if isinstance(data, str):
        return data, [], None
    if isinstance(data, memoryview):
        # requests looks for this method, which it has since Python 3.10.
        is_stream = hasattr(data, "__iter__")
        return data.tobytes(), [], None if is_stream else _FORM
    if not isinstance(data, (dict, list, tuple)) and not hasattr(
        data, "items"
    ):
        return None, [_Chunks(data)], None
    return _form_encoded(data), [], _FORM


class _Chunks:
    """A file object that reads the chunks of an iterator."""

    def __init__(self, chunks: Iterable) -> None:
        self._chunks = iter(chunks)

    def read(self, size: int = -1) -> Any:
        """Return the next chunk, whatever its size; empty at the end."""
        if size == 0:
            return b""
        return next(filter(None, self._chunks), b"")


def _form_encoded(fields: Any) -> str:
    """Encode the fields of a mapping, or pairs, as a form. None is left out."""
    from urllib.parse import urlencode

    pairs: list[Any] = []
    for name, item in fields.items() if hasattr(fields, "items") else fields:
        single = isinstance(item, (str, bytes)) or not hasattr(
            item, "__iter__"
        )
        pairs.extend(
            (name, one)
            for one in ([item] if single else item)
            if one is not None
        )
    return urlencode(pairs)


def authorized(
    request: PreparedRequest, trailing_headers: list, auth: Any
) -> tuple[PreparedRequest, list]:
    """
    Add a login to a request. Return the request and its trailing headers.

    Args:
        request: The request.
        trailing_headers: The headers that are sent after Content-Length.
        auth: A pair of user and password, or a callable that changes the
            request.
    """
    if request.url is not None:
        request.url = _core.without_userinfo(request.url)
    if callable(auth):
        return auth(request), trailing_headers
    import base64

    user, password = (
        part if isinstance(part, bytes) else str(part).encode("latin-1")
        for part in auth
    )
    credentials = base64.b64encode(user + b":" + password).decode("ascii")
    login = ("Authorization", "Basic " + credentials)
    if "authorization" in request.headers:
        request.headers.update([login])
        return request, trailing_headers
    return request, [*trailing_headers, login]


def netrc_login(url: str) -> tuple[str, str] | None:
    """Return the login for the host of a URL from the user's netrc file, or None."""
    import os

    path = os.environ.get("NETRC")
    paths = [path] if path else ["~/.netrc", "~/_netrc"]
    candidates = [
        p for p in map(os.path.expanduser, paths) if os.path.exists(p)
    ]
    if not candidates:
        return None
    import netrc
    from urllib.parse import urlsplit

    try:
        login = netrc.netrc(candidates[0]).authenticators(
            urlsplit(url).hostname or ""
        )
    except (netrc.NetrcParseError, OSError):
        return None
    if login is None:
        return None
    return (login[0] or login[1] or "", login[2] or "")


def hooks(own: Any, given: Any) -> list[Callable]:
    """Return the response hooks of a request, or else those of the session."""
    for source in (given, own):
        callables = (source or {}).get("response")
        if callables:
            return [callables] if callable(callables) else list(callables)
    return []

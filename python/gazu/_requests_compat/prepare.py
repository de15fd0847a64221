"""From the arguments of a session's request to what is sent."""

from __future__ import annotations

from typing import Any, Callable

from .. import _core
from .headers import Headers
from .response import PreparedRequest, prepared


def request(
    method: str, url: str, headers: Headers, data: Any, files: Any, json: Any
) -> tuple[PreparedRequest, list, list]:
    """
    Return a request, the headers that follow its length, and the file objects
    that its body is read from.
    """
    body, streams, content_type = _body(data, files, json)
    last = []
    if content_type is not None and "content-type" not in headers:
        last.append(("Content-Type", content_type))
    return prepared(method, url, headers, body), last, streams


def headers(own: Any, given: Any) -> Headers:
    """Return a session's headers with those of a request, None leaving one out."""
    merged = Headers(own)
    merged.update((given or {}).items())
    for name in [name for name, value in merged.items() if value is None]:
        del merged[name]
    return merged


def with_params(url: str, own: Any, given: Any) -> str:
    """Return a URL with a session's and a request's parameters in its query."""
    if not own and not given:
        return url
    if isinstance(given, (str, bytes)):
        query = given.decode() if isinstance(given, bytes) else given
    else:
        if not given or hasattr(given, "items"):
            # Of a session only a mapping counts, as with requests.
            own = own if hasattr(own, "items") else {}
            given = {**dict(own), **dict(given or {})}
        query = _form(given)
    if not query:
        return url
    return url + ("&" if "?" in url else "?") + query


def _body(
    data: Any, files: Any, value: Any
) -> tuple[Any, list[Any], str | None]:
    """Return the body, the file objects that it reads, its content type."""
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
    if not isinstance(data, (dict, list, tuple)) and not hasattr(
        data, "items"
    ):
        return b"".join(data), [], None
    return _form(data), [], "application/x-www-form-urlencoded"


def _form(fields: Any) -> str:
    """Return a mapping's or pairs' fields as a form; those of None are left out."""
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
    request: PreparedRequest, last: list, auth: Any
) -> tuple[PreparedRequest, list]:
    """
    Return a request with a login, and the headers that follow its length.

    Args:
        request: The request.
        last: The headers that follow its length.
        auth: A pair of user and password, or a callable that changes the
            request.
    """
    if request.url is not None:
        request.url = _core.without_userinfo(request.url)
    if callable(auth):
        return auth(request), last
    import base64

    user, password = (
        part if isinstance(part, bytes) else str(part).encode("latin-1")
        for part in auth
    )
    credentials = base64.b64encode(user + b":" + password).decode("ascii")
    login = ("Authorization", "Basic " + credentials)
    if "authorization" in request.headers:
        request.headers.update([login])
        return request, last
    return request, [*last, login]


def netrc_login(url: str) -> tuple[str, str] | None:
    """Return the login that the user's netrc file has for a URL's host."""
    import os

    path = os.environ.get("NETRC")
    paths = [path] if path else ["~/.netrc", "~/_netrc"]
    found = [p for p in map(os.path.expanduser, paths) if os.path.exists(p)]
    if not found:
        return None
    import netrc
    from urllib.parse import urlsplit

    try:
        login = netrc.netrc(found[0]).authenticators(
            urlsplit(url).hostname or ""
        )
    except (netrc.NetrcParseError, OSError):
        return None
    if login is None:
        return None
    return (login[0] or login[1] or "", login[2] or "")


def hooks(own: Any, given: Any) -> list[Callable]:
    """Return the callables for a response: a request's, or else the session's."""
    for source in (given, own):
        found = (source or {}).get("response")
        if found:
            return [found] if callable(found) else list(found)
    return []

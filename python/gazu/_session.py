"""
A session: what a client's requests share, with the interface of
``requests.Session``, and the responses it gives.
"""

from __future__ import annotations

import collections.abc
import datetime
import sys
import time
from typing import Any, Callable, Iterable, Iterator, Mapping

from . import _answers, _core
from ._errors import class_for

#: Seconds until a connection must stand, and without a byte from then on.
DEFAULT_TIMEOUT = (15, 300)


class Headers(collections.abc.MutableMapping):
    """Headers: names compare whatever their case and keep the one given."""

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        self._store: dict[str, tuple[str, Any]] = {}
        self._changed = False
        self.update({} if data is None else data, **kwargs)

    def __setitem__(self, key: str, value: Any) -> None:
        self._changed = True
        self._store[key.lower()] = (key, value)

    def __getitem__(self, key: str) -> Any:
        return self._store[key.lower()][1]

    def __delitem__(self, key: str) -> None:
        self._changed = True
        del self._store[key.lower()]

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self._store.values())

    def __len__(self) -> int:
        return len(self._store)

    def lower_items(self) -> Iterator[tuple[str, Any]]:
        """Return pairs of lower-case name and value, in order."""
        return ((key, value) for key, (_, value) in self._store.items())

    def copy(self) -> Headers:
        """Return a copy."""
        return Headers(dict(self.items()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, collections.abc.Mapping):
            return NotImplemented
        return dict(self.lower_items()) == dict(Headers(other).lower_items())

    def __repr__(self) -> str:
        shown = {
            key: "..." if key.lower() in SECRET_HEADERS else value
            for key, value in self.items()
        }
        return str(shown)


SECRET_HEADERS = ("authorization", "proxy-authorization", "cookie")


def default_headers() -> Headers:
    """Return the headers that a new session sends."""
    headers = Headers(
        {
            "User-Agent": "CGWire Gazu 1.3.1",
            "Accept-Encoding": "gzip, deflate",
            "Accept": "*/*",
            "Connection": "keep-alive",
        }
    )
    headers._changed = False
    return headers


class Request:
    """What was sent: method, URL and headers."""

    def __init__(
        self, method: str, url: str, headers: Headers, body: Any = None
    ) -> None:
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body

    def __repr__(self) -> str:
        return "<Request [{}]>".format(self.method)


class Response:
    """An answer, with the interface of ``requests.Response``."""

    __attrs__ = [
        "_content",
        "status_code",
        "url",
        "headers",
        "history",
        "encoding",
        "reason",
    ]

    def __init__(
        self,
        raw: Any,
        elapsed: Any = None,
        cookies: Iterable[tuple[str, str]] = (),
    ) -> None:
        self._raw = raw
        self.status_code: int = raw.status
        self.reason: str = raw.reason
        self.url: str = raw.url
        self.headers = Headers()
        for name, value in raw.headers:
            earlier = self.headers.get(name)
            if earlier is not None:
                value = earlier + ", " + value
            self.headers[_title(name)] = value
        self.elapsed = elapsed
        self.cookies = dict(cookies)
        self.encoding = _answers.charset_of(self.headers.get("Content-Type"))
        self.history = [Response(earlier) for earlier in raw.history]
        self.request = Request(
            raw.method,
            raw.url,
            Headers({_title(k): v for k, v in raw.sent_headers}),
        )
        self._content: bytes | None = raw.content
        self._consumed = raw.content is not None
        self.raw = _Raw(self)

    def __repr__(self) -> str:
        return "<Response [{}]>".format(self.status_code)

    def __enter__(self) -> Response:
        return self

    def __exit__(self, *args: Any) -> None:
        self.close()

    def __bool__(self) -> bool:
        return self.ok

    def __iter__(self) -> Iterator[bytes]:
        return self.iter_content(128)

    def __getstate__(self) -> dict:
        self.content  # noqa: B018 (a response is kept with its body)
        state = dict(self.__dict__)
        del state["_raw"], state["raw"]
        return state

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self._raw = None
        self.raw = None

    @property
    def ok(self) -> bool:
        """Whether the status is below 400."""
        return self.status_code < 400

    @property
    def is_redirect(self) -> bool:
        """Whether the answer leads elsewhere."""
        return "location" in self.headers and self.status_code in (
            301,
            302,
            303,
            307,
            308,
        )

    @property
    def is_permanent_redirect(self) -> bool:
        """Whether the answer leads elsewhere for good."""
        return "location" in self.headers and self.status_code in (301, 308)

    @property
    def apparent_encoding(self) -> str:
        """The character set that the content looks like."""
        try:
            self.content.decode("utf-8")
        except UnicodeDecodeError:
            return "ISO-8859-1"
        return "utf-8"

    @property
    def content(self) -> bytes:
        """The whole body."""
        if self._content is None:
            if self._consumed:
                raise RuntimeError(
                    "The content for this response was already consumed"
                )
            self._content = b"".join(self.iter_content(65536))
        return self._content

    @property
    def text(self) -> str:
        """The whole body as text."""
        if not self.content:
            return ""
        return _answers.decoded(
            self.content, self.encoding or self.apparent_encoding
        )

    def json(self, **kwargs: Any) -> Any:
        """
        Return the JSON value of the body.

        Raises:
            JSONDecodeError: the body is not JSON.
        """
        if not kwargs and self.encoding in ("utf-8", None):
            value = _core.loads(self.content)
            if value is not None:
                return value[0]
        return _answers.parsed(self.content, self.encoding, **kwargs)

    def iter_content(
        self, chunk_size: int | None = 1, decode_unicode: bool = False
    ) -> Iterator[Any]:
        """
        Return the body in chunks.

        Args:
            chunk_size: Bytes in each chunk but the last; None for chunks as
                they come.
            decode_unicode: Give text instead of bytes.
        """
        if self._consumed and self._content is None:
            raise class_for("StreamConsumedError")()
        if chunk_size is not None and not isinstance(chunk_size, int):
            raise TypeError(
                "chunk_size must be an int, it is instead a {}.".format(
                    type(chunk_size)
                )
            )
        chunks = self._chunks(chunk_size)
        if not decode_unicode:
            return chunks
        return self._decoded(chunks)

    def _decoded(self, chunks: Iterable[bytes]) -> Iterator[Any]:
        import codecs

        if self.encoding is None:
            yield from chunks
            return
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        for chunk in chunks:
            text = decoder.decode(chunk)
            if text:
                yield text
        rest = decoder.decode(b"", final=True)
        if rest:
            yield rest

    def _chunks(self, chunk_size: int | None) -> Iterator[bytes]:
        if self._content is not None:
            content = self._content
            step = chunk_size or len(content) or 1
            for start in range(0, len(content), step):
                yield content[start : start + step]
            return
        self._consumed = True
        held = bytearray()
        while True:
            chunk = self._raw.read(True)
            if not chunk:
                break
            if chunk_size is None:
                yield chunk
                continue
            held += chunk
            while len(held) >= chunk_size:
                yield bytes(held[:chunk_size])
                del held[:chunk_size]
        if held:
            yield bytes(held)

    def iter_lines(
        self,
        chunk_size: int = 512,
        decode_unicode: bool = False,
        delimiter: Any = None,
    ) -> Iterator[Any]:
        """Return the body line by line, without the line ends."""
        pending = None
        for chunk in self.iter_content(chunk_size, decode_unicode):
            if pending is not None:
                chunk = pending + chunk
            lines = chunk.split(delimiter) if delimiter else chunk.splitlines()
            pending = None
            if lines and lines[-1] and chunk and lines[-1][-1] == chunk[-1]:
                pending = lines.pop()
            yield from lines
        if pending is not None:
            yield pending

    def raise_for_status(self) -> None:
        """
        Raise for a status that is an error.

        Raises:
            HTTPError: the status is 400 or above.
        """
        if self.status_code < 400:
            return
        kind = "Client" if self.status_code < 500 else "Server"
        error = class_for("HTTPError")(
            "{} {} Error: {} for url: {}".format(
                self.status_code, kind, self.reason, self.url
            )
        )
        error.response = self
        error.request = self.request
        raise error

    def close(self) -> None:
        """Give up what has not been read."""
        if self._raw is not None:
            self._raw.close()


class _Raw:
    """The body as it came, for ``shutil.copyfileobj(response.raw, file)``."""

    def __init__(self, response: Response) -> None:
        self._response = response
        self._held = b""

    def read(
        self, size: int | None = None, decode_content: bool | None = None
    ) -> bytes:
        """Return the next bytes, at most ``size``; all of them without."""
        response = self._response
        response._consumed = True
        while size is None or size < 0 or len(self._held) < size:
            chunk = response._raw.read(bool(decode_content))
            if not chunk:
                break
            self._held += chunk
        if size is None or size < 0:
            size = len(self._held)
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def stream(
        self, amt: int = 65536, decode_content: bool | None = None
    ) -> Iterator[bytes]:
        """Return the rest in chunks."""
        while True:
            chunk = self.read(amt, decode_content)
            if not chunk:
                return
            yield chunk

    def close(self) -> None:
        """Give up what has not been read."""
        self._response.close()


def _title(name: str) -> str:
    return "-".join(word.capitalize() for word in name.split("-"))


class Session:
    """
    What a client's requests share, with the interface of ``requests.Session``.

    Attributes:
        headers: Sent with every request.
        verify: Whether servers' certificates are checked, or the path of the
            certificates to check them against.
        cert: The client's certificate: a path, or a pair of certificate and
            key.
        proxies: A proxy's URL for each scheme.
        auth: A pair of user and password, or a callable that changes a
            request before it is sent.
        trust_env: Whether the environment's proxies and certificates count.
    """

    def __init__(self) -> None:
        self.headers: Any = default_headers()
        self.auth: Any = None
        self.proxies: dict[str, str] = {}
        self.hooks: dict[str, list] = {"response": []}
        self.params: Any = {}
        self.stream = False
        self.verify: bool | str = True
        self.cert: str | tuple[str, str] | None = None
        self.max_redirects = 30
        self.trust_env = True
        self._timeout: tuple[float | None, float | None] = DEFAULT_TIMEOUT
        self._transport = _core.Transport(_answers)
        self._settings_key: Any = None
        self._settings: Any = None
        self._mounted: dict[str, Any] = {}
        self.cookies: Any = Cookies(self)

    def __getstate__(self) -> dict:
        left = ("_transport", "_settings", "_settings_key", "cookies")
        state = {k: v for k, v in self.__dict__.items() if k not in left}
        state["_cookies"] = dict(self.cookies)
        return state

    def __setstate__(self, state: dict) -> None:
        cookies = state.pop("_cookies")
        self.__init__()  # type: ignore[misc]
        self.__dict__.update(state)
        self.cookies.update(cookies)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *args: Any) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept; the session stays usable."""
        self._transport.close()
        for adapter in self._mounted.values():
            adapter.close()

    def mount(self, prefix: str, adapter: Any) -> None:
        """
        Send what begins with a prefix through an adapter of ``requests``.

        Args:
            prefix: The beginning of a URL, such as ``"https://"``.
            adapter: A ``requests.adapters.BaseAdapter``.
        """
        self._mounted[prefix] = adapter

    def is_plain(self) -> bool:
        """Whether requests go out as they are, untouched by the caller."""
        return (
            type(self) is Session
            and Session.request is _OWN_REQUEST
            and not self.auth
            and not self.params
            and not self._mounted
            and not (self.hooks or {}).get("response")
            and self.max_redirects == 30
            and OVERRIDES.isdisjoint(self.__dict__)
            and not _mocked()
        )

    def session_headers(self) -> list[tuple[str, Any]] | None:
        """Return the headers as pairs, or None for those of a new session."""
        headers = self.headers
        own = type(self.cookies) is not Cookies or self.cookies._own
        if type(headers) is Headers and not headers._changed and not own:
            return None
        pairs = [(k, v) for k, v in headers.items() if v is not None]
        if own:
            pairs.append(("Cookie", _cookie_header(dict(self.cookies))))
        return pairs

    def settings(
        self, timeout: tuple[float | None, float | None] | None = None
    ) -> Any:
        """Return how requests travel, made anew when an attribute changes."""
        return self._settings_for(
            self.verify, self.cert, self.proxies, timeout or self._timeout
        )

    def _settings_for(
        self,
        verify: Any,
        cert: Any,
        proxies: Mapping[str, str],
        timeout: tuple[float | None, float | None],
        environment_first: bool = True,
    ) -> Any:
        pairs = [(k, v) for k, v in (proxies or {}).items() if v is not None]
        cert_key = tuple(cert) if isinstance(cert, list) else cert
        key = (
            verify,
            cert_key,
            tuple(pairs),
            self.trust_env,
            timeout,
            environment_first,
        )
        if key != self._settings_key:
            self._settings = _core.Settings(
                {
                    "verify": _path_or(verify, True),
                    "cert": _certificate(cert),
                    "proxies": pairs,
                    "trust_env": bool(self.trust_env),
                    "environment_first": environment_first,
                    "connect": timeout[0],
                    "idle": timeout[1],
                }
            )
            self._settings_key = key
        return self._settings

    def request(
        self,
        method: str,
        url: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        cookies: Any = None,
        files: Any = None,
        auth: Any = None,
        timeout: Any = None,
        allow_redirects: bool = True,
        proxies: Any = None,
        hooks: Any = None,
        stream: bool | None = None,
        verify: Any = None,
        cert: Any = None,
        json: Any = None,
    ) -> Any:
        """
        Send a request and return its response.

        Args:
            method: The method, such as ``"GET"``.
            url: The whole URL.
            params: Added to the URL's query.
            data: The body: bytes, text, a file object, or a form's fields.
            headers: Sent besides the session's; None leaves one out.
            cookies: A dict of cookies to send.
            files: Files of a multipart form, as ``requests`` takes them.
            auth: As the session's.
            timeout: Seconds, or a pair of seconds to connect and seconds
                without a byte; the session's deadlines when None.
            allow_redirects: Whether redirects are followed.
            proxies: Used before the session's.
            hooks: Callables for the response, as ``requests`` takes them.
            stream: Leave the body to be read.
            verify: As the session's.
            cert: As the session's.
            json: A value to send as JSON.

        Raises:
            RequestException: no usable answer arrived.
        """
        if self._adapter_for(url) is not None or _mocked():
            return self._through_requests(dict(locals()))
        url = _with_params(str(url), self.params, params)
        body, streams, content_type = _body(data, files, json)
        merged = _merged(self.headers, headers)
        if content_type and "content-type" not in merged:
            merged["Content-Type"] = content_type
        if cookies or type(self.cookies) is not Cookies or self.cookies._own:
            every = {**dict(self.cookies), **dict(cookies or {})}
            merged["Cookie"] = _cookie_header(every)
        request = Request(method.upper(), url, merged, body)
        auth = self.auth if auth is None else auth
        if not auth and self.trust_env and "authorization" not in merged:
            auth = _netrc(url)
        request = _authorized(request, auth)
        own = dict(self.proxies or {})
        own.update(proxies or {})
        settings = self._settings_for(
            self.verify if verify is None else verify,
            self.cert if cert is None else cert,
            own,
            self._timeout if timeout is None else deadlines(timeout),
            verify is None or verify is True,
        )
        started = time.perf_counter()
        raw = self._transport.send(
            settings,
            request.method,
            request.url,
            list(request.headers.items()),
            request.body,
            streams,
            self.max_redirects if allow_redirects else None,
            bool(self.stream if stream is None else stream),
        )
        elapsed = datetime.timedelta(seconds=time.perf_counter() - started)
        response = Response(raw, elapsed, self._transport.cookies(request.url))
        for hook in _hooks(self.hooks, hooks):
            response = hook(response) or response
        return response

    def get(self, url: str, **kwargs: Any) -> Any:
        """Send a GET request."""
        return self.request("GET", url, **kwargs)

    def options(self, url: str, **kwargs: Any) -> Any:
        """Send an OPTIONS request."""
        return self.request("OPTIONS", url, **kwargs)

    def head(self, url: str, **kwargs: Any) -> Any:
        """Send a HEAD request, which follows no redirect unless told to."""
        kwargs.setdefault("allow_redirects", False)
        return self.request("HEAD", url, **kwargs)

    def post(
        self, url: str, data: Any = None, json: Any = None, **kwargs: Any
    ) -> Any:
        """Send a POST request."""
        return self.request("POST", url, data=data, json=json, **kwargs)

    def put(self, url: str, data: Any = None, **kwargs: Any) -> Any:
        """Send a PUT request."""
        return self.request("PUT", url, data=data, **kwargs)

    def patch(self, url: str, data: Any = None, **kwargs: Any) -> Any:
        """Send a PATCH request."""
        return self.request("PATCH", url, data=data, **kwargs)

    def delete(self, url: str, **kwargs: Any) -> Any:
        """Send a DELETE request."""
        return self.request("DELETE", url, **kwargs)

    def get_adapter(self, url: str) -> Any:
        """
        Return the mounted adapter for a URL.

        Raises:
            InvalidSchema: none is mounted for it.
        """
        adapter = self._adapter_for(url)
        if adapter is None:
            raise class_for("InvalidSchema")(
                "No connection adapters were found for {!r}".format(url)
            )
        return adapter

    def _adapter_for(self, url: str) -> Any:
        prefixes = [
            prefix
            for prefix in self._mounted
            if str(url).lower().startswith(prefix.lower())
        ]
        if not prefixes:
            return None
        return self._mounted[max(prefixes, key=len)]

    def _through_requests(self, arguments: dict) -> Any:
        """
        Send a request with ``requests``: through a mounted adapter of its, or
        into the hands of what a test suite has put in its place.
        """
        import requests

        session = requests.Session()
        for prefix, mounted in self._mounted.items():
            session.mount(prefix, mounted)
        session.headers.update(self.headers)
        session.auth = self.auth
        session.proxies = self.proxies
        session.params = self.params
        session.verify = self.verify
        session.cert = self.cert
        session.trust_env = self.trust_env
        session.stream = self.stream
        session.max_redirects = self.max_redirects
        session.hooks = self.hooks
        session.cookies.update(dict(self.cookies))
        del arguments["self"]
        if arguments["timeout"] is None:
            arguments["timeout"] = self._timeout
        return session.request(**arguments)


_OWN_REQUEST = Session.request
#: Methods that scripts replace on a session.
OVERRIDES = frozenset(
    ("request", "get", "post", "put", "delete", "head", "send", "get_adapter")
)


def deadlines(timeout: Any) -> tuple[float | None, float | None]:
    """
    Return the deadlines to connect and without a byte, in seconds.

    Args:
        timeout: Seconds for both, a pair of them, or None for none.

    Raises:
        ValueError: it is none of these, or not more than 0.
    """
    pair = timeout if isinstance(timeout, (tuple, list)) else (timeout,) * 2
    if len(pair) != 2:
        raise ValueError(
            "timeout: expected seconds or a (connect, idle) pair, "
            "not {!r}".format(timeout)
        )
    for seconds in pair:
        if seconds is None:
            continue
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise ValueError(
                "timeout: expected seconds or a (connect, idle) pair, "
                "not {!r}".format(timeout)
            )
        if not seconds > 0:
            raise ValueError(
                "timeout: must be more than 0 seconds, not {!r}".format(
                    timeout
                )
            )
    connect, idle = pair
    return (
        None if connect is None else float(connect),
        None if idle is None else float(idle),
    )


#: Where test suites reach into ``requests``: class, method, its own module.
_MOCKED = (
    ("requests.sessions", "Session", "get_adapter"),
    ("requests.sessions", "Session", "request"),
    ("requests.sessions", "Session", "send"),
    ("requests.sessions", "Session", "get"),
    ("requests.sessions", "Session", "post"),
    ("requests.adapters", "HTTPAdapter", "send"),
)


def _mocked() -> bool:
    """Whether somebody has put a mock into ``requests``."""
    if "requests.sessions" not in sys.modules:
        return False
    for module_name, class_name, method_name in _MOCKED:
        owner = getattr(sys.modules.get(module_name), class_name, None)
        method = getattr(owner, method_name, None)
        if getattr(method, "__module__", None) != module_name:
            return True
    return False


class Cookies(collections.abc.MutableMapping):
    """A session's cookies by name: those that servers set, and one's own."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._own: dict[str, str] = {}

    def _all(self) -> dict[str, str]:
        return {**dict(self._session._transport.cookies()), **self._own}

    def __getitem__(self, name: str) -> str:
        return self._all()[name]

    def __setitem__(self, name: str, value: str) -> None:
        self._own[name] = value

    def __delitem__(self, name: str) -> None:
        kept = self._all()
        del kept[name]
        self._session._transport.clear_cookies()
        self._own = kept

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return "<Cookies {}>".format(sorted(self))

    def set(self, name: str, value: str | None, **kwargs: Any) -> None:
        """Send a cookie from now on, or no longer when its value is None."""
        if value is None:
            self.pop(name, None)
        else:
            self[name] = value

    def get_dict(self, **kwargs: Any) -> dict[str, str]:
        """Return the cookies as a dict."""
        return self._all()

    def clear(self) -> None:
        """Forget all cookies."""
        self._session._transport.clear_cookies()
        self._own.clear()


def _cookie_header(cookies: Mapping[str, Any]) -> str:
    return "; ".join(
        "{}={}".format(name, value) for name, value in cookies.items()
    )


def _netrc(url: str) -> tuple[str, str] | None:
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


def _path_or(value: Any, default: bool) -> bool | str:
    if value is None:
        return default
    if isinstance(value, bool):
        return value
    import os

    return os.fspath(value) if hasattr(value, "__fspath__") else str(value)


def _certificate(cert: Any) -> Any:
    import os

    if not cert:
        return None
    if isinstance(cert, (tuple, list)):
        return tuple(os.fspath(path) for path in cert)
    return os.fspath(cert)


def _merged(own: Any, given: Any) -> Headers:
    merged = Headers(own)
    for name, value in (given or {}).items():
        merged[name] = value
    for name in [name for name, value in merged.items() if value is None]:
        del merged[name]
    return merged


def _with_params(url: str, own: Any, given: Any) -> str:
    if not own and not given:
        return url
    from urllib.parse import urlencode

    if isinstance(given, (str, bytes)):
        query = given.decode() if isinstance(given, bytes) else given
    else:
        merged = dict(own or {})
        merged.update(given or {})
        query = urlencode(
            {
                name: [item for item in value if item is not None]
                if isinstance(value, (list, tuple))
                else value
                for name, value in merged.items()
                if value is not None
            },
            doseq=True,
        )
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

        text = json.dumps(value, allow_nan=False)
        return text.encode("utf-8"), [], "application/json"
    if not data:
        return None, [], None
    if isinstance(data, bytes):
        return data, [], None
    if isinstance(data, str):
        return data.encode("utf-8"), [], None
    if hasattr(data, "read"):
        content = data.read()
        if isinstance(content, str):
            content = content.encode("utf-8")
        return content, [], None
    if not isinstance(data, (dict, list, tuple)) and not hasattr(
        data, "items"
    ):
        return b"".join(data), [], None
    from urllib.parse import urlencode

    pairs = []
    for name, item in data.items() if hasattr(data, "items") else data:
        items = item if isinstance(item, (list, tuple)) else [item]
        pairs.extend((name, one) for one in items if one is not None)
    form = urlencode(pairs).encode("ascii")
    return form, [], "application/x-www-form-urlencoded"


def _authorized(request: Request, auth: Any) -> Request:
    if not auth:
        return request
    if callable(auth):
        return auth(request)
    import base64

    user, password = (
        part if isinstance(part, bytes) else str(part).encode("latin-1")
        for part in auth
    )
    credentials = base64.b64encode(user + b":" + password).decode("ascii")
    request.headers["Authorization"] = "Basic " + credentials
    return request


def _hooks(own: Any, given: Any) -> list[Callable]:
    hooks: list[Callable] = []
    for source in (own, given):
        found = (source or {}).get("response") or []
        hooks.extend([found] if callable(found) else found)
    return hooks

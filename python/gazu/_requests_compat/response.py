"""Requests and responses, with the interface of ``requests``."""

from __future__ import annotations

import io

# The module ``datetime`` takes longer to import than what it imports from here.
from _datetime import timedelta  # type: ignore[import-not-found]

from .. import _core
from . import headers as header_dicts
from . import text as body_text
from .errors import class_for
from .headers import Headers
from .library import RequestsCompatible, combined_class
from .secrets import holds_secret, shown_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, Iterator, Mapping

_MODELS = "requests.models"
REDIRECTS = (301, 302, 303, 307, 308)


class PreparedRequest(RequestsCompatible):
    """A request, with the interface of ``requests.PreparedRequest``."""

    _requests_module = _MODELS

    def __init__(
        self,
        method: str | None = None,
        url: str | None = None,
        headers: Any = None,
        body: Any = None,
    ) -> None:
        self.method = method
        self.url = url
        self.headers = Headers() if headers is None else headers
        self.body = body
        self.hooks: dict[str, list] = {"response": []}
        self._cookies: Any = None
        self._body_position: Any = None

    def __repr__(self) -> str:
        return "<PreparedRequest [{}]>".format(self.method)

    def __reduce__(self) -> tuple:
        return (PreparedRequest, (), dict(self.__dict__))

    @property
    def path_url(self) -> str:
        """The URL's path and query."""
        from urllib.parse import urlsplit

        parts = urlsplit(self.url or "")
        query = "?" + parts.query if parts.query else ""
        return (parts.path or "/") + query

    def without_secrets(self) -> PreparedRequest:
        """Return a copy that may be shown and stored."""
        headers = self.headers
        body = self.body
        if isinstance(body, (bytes, bytearray)):
            may_be_shown = not holds_secret(
                bytes(body).decode("utf-8", "replace")
            )
        else:
            may_be_shown = isinstance(body, str) and not holds_secret(body)
        if isinstance(headers, Headers):
            headers = headers.without_secrets()
        url = None if self.url is None else shown_path(self.url)
        return prepared(
            self.method, url, headers, body if may_be_shown else None
        )

    def copy(self) -> PreparedRequest:
        """Return a copy."""
        other = prepared(self.method, self.url, self.headers.copy(), self.body)
        other.hooks = self.hooks
        other._cookies = self._cookies
        other._body_position = self._body_position
        return other

    def register_hook(self, event: str, hook: Any) -> None:
        """
        Add a callable, or several, that is called with the response.

        Raises:
            ValueError: the event is not ``"response"``.
        """
        if event not in self.hooks:
            raise ValueError(
                "unknown event {!r}: only 'response' exists".format(event)
            )
        self.hooks[event].extend([hook] if callable(hook) else hook)

    def deregister_hook(self, event: str, hook: Callable) -> bool:
        """Remove a callable, and return whether it was registered."""
        try:
            self.hooks[event].remove(hook)
        except ValueError:
            return False
        return True


def prepared(
    method: str | None, url: str | None, headers: Any = None, body: Any = None
) -> PreparedRequest:
    """Return a prepared request that is also an instance of requests' class."""
    cls = combined_class(PreparedRequest, _MODELS)
    return cls(method, url, headers, body)  # type: ignore[no-any-return]


class Response(RequestsCompatible):
    """A response, with the interface of ``requests.Response``."""

    _requests_module = _MODELS
    __attrs__ = [
        "_content",
        "status_code",
        "url",
        "headers",
        "history",
        "encoding",
        "reason",
        "cookies",
        "elapsed",
        "request",
    ]

    def __init__(
        self, raw: Any, request: PreparedRequest | None = None
    ) -> None:
        self.status_code: int = raw.status
        self.reason: str = raw.reason
        self.url: str = raw.url
        pairs = raw.headers
        self.headers = header_dicts.from_answer(pairs)
        self.encoding = body_text.charset_of(self.headers.get("Content-Type"))
        self.elapsed = timedelta(0)
        sent = header_dicts.from_answer(raw.sent_headers)
        if request is None or "host" not in request.headers:
            sent.pop("Host", None)
        self.request = prepared(raw.method, raw.url, sent)
        if request is not None:
            self.request.hooks = request.hooks
            if request.method == raw.method:
                self.request.body = request.body
        self.history: list[Response] = [
            response(earlier, request) for earlier in raw.history
        ]
        self._pairs = pairs
        self._raw = raw
        self._content: bytes | None = raw.content
        self._content_consumed = self._content is not None
        self.raw: Any = Raw(raw, self.headers)

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

    def __reduce__(self) -> tuple:
        return (_restored, (), self.__getstate__())

    def without_secrets(self) -> Response:
        """Return a copy that may be shown and stored."""
        from .cookies import jar

        copy = _restored()
        copy.__setstate__(self.__getstate__())
        copy.url = shown_path(self.url)
        copy.headers = self.headers.without_secrets()
        copy.cookies = jar()
        copy.history = [each.without_secrets() for each in self.history]
        copy.request = self.request and self.request.without_secrets()
        if holds_secret(body_text.decoded(copy.content, self.encoding)):
            copy._content = b""
        return copy

    def __getstate__(self) -> dict:
        self.content  # noqa: B018 (reads the body: a pickle contains it)
        return {name: getattr(self, name) for name in self.__attrs__}

    def __setstate__(self, state: dict) -> None:
        cookies = state.pop("cookies")
        self.__dict__.update(state)
        self.__dict__["_cookies"] = cookies
        self._content_consumed = True
        self.raw = self._raw = None

    @property
    def cookies(self) -> Any:
        """The cookies that this response sets."""
        if "_cookies" not in self.__dict__:
            from . import cookies

            self._cookies = cookies.of_answer(self._pairs, self.url)
        return self._cookies

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        self._cookies = cookies

    @property
    def ok(self) -> bool:
        """Whether the status is not an error status (400 to 599)."""
        return not 400 <= self.status_code < 600

    @property
    def is_redirect(self) -> bool:
        """Whether the response is a redirect with a location."""
        return "location" in self.headers and self.status_code in REDIRECTS

    @property
    def is_permanent_redirect(self) -> bool:
        """Whether the response is a permanent redirect with a location."""
        return "location" in self.headers and self.status_code in (301, 308)

    @property
    def next(self) -> PreparedRequest | None:
        """The next request of a redirect that was not followed, or None."""
        if not self.is_redirect:
            return None
        from urllib.parse import urljoin

        method = _core.method_after_redirect(
            self.status_code, self.request.method or "GET"
        )
        request = self.request.copy()
        request.url = urljoin(self.url, self.headers["location"])
        request.method = method
        request.headers.pop("Cookie", None)
        if self.status_code not in (307, 308):
            request.body = None
            for name in ("Content-Length", "Content-Type"):
                request.headers.pop(name, None)
        if _core.leaves_the_host(self.url, request.url):
            request.headers.pop("Authorization", None)
        return request

    @property
    def links(self) -> dict:
        """The entries of the Link header, by their relation or URL."""
        import re

        found = {}
        for part in re.split(", *<", self.headers.get("link", "")):
            if not part.strip():
                continue
            url, _, rest = part.partition(";")
            link = {"url": url.strip("<> '\"")}
            for parameter in rest.split(";"):
                name, equals, value = parameter.partition("=")
                if not equals:
                    break
                link[name.strip(" '\"")] = value.strip(" '\"")
            found[link.get("rel") or link["url"]] = link
        return found

    @property
    def apparent_encoding(self) -> str | None:
        """The character set that is detected from the content."""
        import sys

        # The detector of requests, if the process has imported it.
        compat = sys.modules.get("requests.compat")
        detector = getattr(compat, "chardet", None)
        if detector is not None:
            return detector.detect(self.content)["encoding"]
        try:
            self.content.decode("utf-8")
        except UnicodeDecodeError:
            return "ISO-8859-1"
        return "utf-8"

    @property
    def content(self) -> bytes:
        """
        The whole body.

        Raises:
            RuntimeError: the body has already been read in chunks.
        """
        if self._content is None:
            if self._content_consumed:
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
        return body_text.decoded(
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
        return body_text.parsed(self.content, self.encoding, **kwargs)

    def iter_content(
        self, chunk_size: int | None = 1, decode_unicode: bool = False
    ) -> Iterator[Any]:
        """
        Iterate over the body in chunks.

        Args:
            chunk_size: The size of each chunk in bytes. None returns the data
                as it arrives.
            decode_unicode: Whether to return text instead of bytes.

        Raises:
            StreamConsumedError: the body has already been read.
        """
        if self._content_consumed and self._content is None:
            raise class_for("StreamConsumedError")()
        if chunk_size is not None and not isinstance(chunk_size, int):
            raise TypeError(
                "chunk_size must be an int, it is instead a {}.".format(
                    type(chunk_size)
                )
            )
        if self._content is not None:
            chunks = _slices(self._content, chunk_size)
        else:
            chunks = self._chunks(chunk_size)
        return self._decoded(chunks) if decode_unicode else chunks

    def _chunks(self, chunk_size: int | None) -> Iterator[bytes]:
        yield from self.raw.stream(chunk_size, decode_content=True)
        self._content_consumed = True

    def _decoded(self, chunks: Iterable[bytes]) -> Iterator[Any]:
        import codecs

        if self.encoding is None:
            yield from chunks
            return
        codec = body_text.codec_of(self.encoding)
        decoder = codecs.getincrementaldecoder(codec)("replace")
        for chunk in chunks:
            text = decoder.decode(chunk)
            if text:
                yield text
        rest = decoder.decode(b"", final=True)
        if rest:
            yield rest

    def iter_lines(
        self,
        chunk_size: int = 512,
        decode_unicode: bool = False,
        delimiter: Any = None,
    ) -> Iterator[Any]:
        """Iterate over the lines of the body, without line ends."""
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
        Raise an exception if the status is an error status.

        Raises:
            HTTPError: the status is 400 to 599.
        """
        if self.ok:
            return
        kind = "Client" if self.status_code < 500 else "Server"
        raise class_for("HTTPError")(
            "{} {} Error: {} for url: {}".format(
                self.status_code, kind, self.reason, shown_path(self.url)
            ),
            response=self,
        )

    def close(self) -> None:
        """Close the connection without reading the rest of the body."""
        if self._raw is not None:
            self._raw.close()


def response(raw: Any, request: PreparedRequest | None = None) -> Response:
    """Return the response object for a response of the native transport."""
    return combined_class(Response, _MODELS)(raw, request)  # type: ignore[no-any-return]


def _restored() -> Response:
    cls = combined_class(Response, _MODELS)
    return cls.__new__(cls)  # type: ignore[no-any-return]


def _slices(content: bytes, size: int | None) -> Iterator[bytes]:
    step = size or len(content) or 1
    for start in range(0, len(content), step):
        yield content[start : start + step]


class Raw(io.RawIOBase):
    """
    The body as a file object, with the interface of ``urllib3``'s response.

    Attributes:
        headers: The headers of the response.
        decode_content: Whether the body is decompressed by default.
    """

    def __init__(self, raw: Any, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.headers = headers
        self._native = raw
        self._buffer = bytearray()
        self.decode_content = False

    @property
    def status(self) -> int:
        """The status of the response."""
        return self._native.status  # type: ignore[no-any-return]

    @property
    def reason(self) -> str:
        """The reason phrase of the response."""
        return self._native.reason  # type: ignore[no-any-return]

    @property
    def data(self) -> bytes:
        """The rest of the body."""
        return self.read()

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(  # type: ignore[override]
        self, amt: int | None = None, decode_content: bool | None = None
    ) -> bytes:
        """Return at most ``amt`` bytes; None or a negative number reads all."""
        if decode_content is None:
            decode_content = self.decode_content
        whole = amt is None or amt < 0
        while whole or len(self._buffer) < amt:  # type: ignore[operator]
            chunk = self._native.read(bool(decode_content))
            if not chunk:
                break
            self._buffer += chunk
        if whole:
            amt = len(self._buffer)
        data = bytes(self._buffer[:amt])
        del self._buffer[:amt]
        return data

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer, and return the number of bytes."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def stream(
        self, amt: int | None = 65536, decode_content: bool | None = None
    ) -> Iterator[bytes]:
        """Iterate over the rest in chunks; None returns data as it arrives."""
        if decode_content is None:
            decode_content = self.decode_content
        while True:
            if amt is None and not self._buffer:
                chunk = self._native.read(bool(decode_content))
            else:
                chunk = self.read(amt, decode_content)
            if not chunk:
                return
            yield chunk

    def release_conn(self) -> None:
        """Close the connection without reading the rest of the body."""
        self._native.close()

    def drain_conn(self) -> None:
        """Read and discard the rest of the body."""
        for _ in self.stream():
            pass

    def close(self) -> None:
        """Close the connection and this file object."""
        self._native.close()
        super().close()

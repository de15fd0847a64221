"""What was sent and what came back, with the interface of ``requests``."""

from __future__ import annotations

import io
from typing import Any, Callable, Iterable, Iterator, Mapping

from .. import _core
from . import headers as header_dicts
from . import text as body_text
from .errors import class_for
from .headers import Headers
from .library import Joining, joined
from .secrets import holds_secret, shown_path

_MODELS = "requests.models"
REDIRECTS = (301, 302, 303, 307, 308)


class PreparedRequest(Joining):
    """What is sent, with the interface of ``requests.PreparedRequest``."""

    _theirs = _MODELS

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
            shown = not holds_secret(bytes(body).decode("utf-8", "replace"))
        else:
            shown = isinstance(body, str) and not holds_secret(body)
        if isinstance(headers, Headers):
            headers = headers.without_secrets()
        url = None if self.url is None else shown_path(self.url)
        return prepared(self.method, url, headers, body if shown else None)

    def copy(self) -> PreparedRequest:
        """Return a copy."""
        other = prepared(self.method, self.url, self.headers.copy(), self.body)
        other.hooks = self.hooks
        other._cookies = self._cookies
        other._body_position = self._body_position
        return other

    def register_hook(self, event: str, hook: Any) -> None:
        """
        Have the response handed to a callable, or to several.

        Raises:
            ValueError: there is no such event.
        """
        if event not in self.hooks:
            raise ValueError("there is no event {!r}".format(event))
        self.hooks[event].extend([hook] if callable(hook) else hook)

    def deregister_hook(self, event: str, hook: Callable) -> bool:
        """Take a callable away again, and return whether it was there."""
        try:
            self.hooks[event].remove(hook)
        except ValueError:
            return False
        return True


def prepared(
    method: str | None, url: str | None, headers: Any = None, body: Any = None
) -> PreparedRequest:
    """Return a prepared request, which is also one of ``requests``."""
    cls = joined(PreparedRequest, _MODELS)
    return cls(method, url, headers, body)  # type: ignore[no-any-return]


class Response(Joining):
    """An answer, with the interface of ``requests.Response``."""

    _theirs = _MODELS
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
        import datetime

        self.status_code: int = raw.status
        self.reason: str = raw.reason
        self.url: str = raw.url
        pairs = raw.headers
        self.headers = header_dicts.of_answer(pairs)
        self.encoding = body_text.charset_of(self.headers.get("Content-Type"))
        self.elapsed = datetime.timedelta(0)
        sent = header_dicts.of_answer(raw.sent_headers)
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

        made = _restored()
        made.__setstate__(self.__getstate__())
        made.url = shown_path(self.url)
        made.headers = self.headers.without_secrets()
        made.cookies = jar()
        made.history = [each.without_secrets() for each in self.history]
        made.request = self.request and self.request.without_secrets()
        if holds_secret(body_text.decoded(made.content, self.encoding)):
            made._content = b""
        return made

    def __getstate__(self) -> dict:
        self.content  # noqa: B018 (a response is kept with its body)
        return {name: getattr(self, name) for name in self.__attrs__}

    def __setstate__(self, state: dict) -> None:
        cookies = state.pop("cookies")
        self.__dict__.update(state)
        self.__dict__["_cookies"] = cookies
        self._content_consumed = True
        self.raw = self._raw = None

    @property
    def cookies(self) -> Any:
        """The cookies that this answer sets."""
        if "_cookies" not in self.__dict__:
            from . import cookies

            self._cookies = cookies.of_answer(self._pairs, self.url)
        return self._cookies

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        self._cookies = cookies

    @property
    def ok(self) -> bool:
        """Whether the status is no error."""
        return not 400 <= self.status_code < 600

    @property
    def is_redirect(self) -> bool:
        """Whether the answer leads elsewhere."""
        return "location" in self.headers and self.status_code in REDIRECTS

    @property
    def is_permanent_redirect(self) -> bool:
        """Whether the answer leads elsewhere for good."""
        return "location" in self.headers and self.status_code in (301, 308)

    @property
    def next(self) -> PreparedRequest | None:
        """The request that a redirect leads to, which was not followed."""
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
        """The Link header's entries, by relation or URL."""
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
        """The character set that the content looks like."""
        import sys

        # What requests guesses with, where the process has it.
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
            RuntimeError: it has been read in chunks.
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
        Return the body in chunks.

        Args:
            chunk_size: Bytes in each chunk but the last; None for chunks as
                they come.
            decode_unicode: Give text instead of bytes.

        Raises:
            StreamConsumedError: it has been read already.
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
        """Give up what has not been read."""
        if self._raw is not None:
            self._raw.close()


def response(raw: Any, request: PreparedRequest | None = None) -> Response:
    """Return the response object of a raw response."""
    return joined(Response, _MODELS)(raw, request)  # type: ignore[no-any-return]


def _restored() -> Response:
    cls = joined(Response, _MODELS)
    return cls.__new__(cls)  # type: ignore[no-any-return]


def _slices(content: bytes, size: int | None) -> Iterator[bytes]:
    step = size or len(content) or 1
    for start in range(0, len(content), step):
        yield content[start : start + step]


class Raw(io.RawIOBase):
    """
    The body as it comes: a file object, as ``urllib3`` gives.

    Attributes:
        headers: The answer's headers.
        decode_content: Whether what is read is decompressed.
    """

    def __init__(self, raw: Any, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.headers = headers
        self._source = raw
        self._held = bytearray()
        self.decode_content = False

    @property
    def status(self) -> int:
        """The status."""
        return self._source.status  # type: ignore[no-any-return]

    @property
    def reason(self) -> str:
        """The reason phrase."""
        return self._source.reason  # type: ignore[no-any-return]

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
        """Return the next bytes, at most so many; all of them without."""
        if decode_content is None:
            decode_content = self.decode_content
        whole = amt is None or amt < 0
        while whole or len(self._held) < amt:  # type: ignore[operator]
            chunk = self._source.read(bool(decode_content))
            if not chunk:
                break
            self._held += chunk
        if whole:
            amt = len(self._held)
        taken = bytes(self._held[:amt])
        del self._held[:amt]
        return taken

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, and return how many bytes are in it."""
        taken = self.read(len(buffer))
        buffer[: len(taken)] = taken
        return len(taken)

    def stream(
        self, amt: int | None = 65536, decode_content: bool | None = None
    ) -> Iterator[bytes]:
        """Return the rest in chunks of a size, or as they come."""
        if decode_content is None:
            decode_content = self.decode_content
        while True:
            if amt is None and not self._held:
                chunk = self._source.read(bool(decode_content))
            else:
                chunk = self.read(amt, decode_content)
            if not chunk:
                return
            yield chunk

    def release_conn(self) -> None:
        """Give up what has not been read."""
        self._source.close()

    def drain_conn(self) -> None:
        """Read the rest and forget it."""
        for _ in self.stream():
            pass

    def close(self) -> None:
        """Give up what has not been read."""
        self._source.close()
        super().close()

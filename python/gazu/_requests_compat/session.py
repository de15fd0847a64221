"""
A session: what a client's requests share, with the interface of
``requests.Session``.

Requests go out natively while nothing of a script's stands in their way. Else
they go through ``requests`` itself, which the process has then: its class is a
base of a session's as soon as it is imported.
"""

from __future__ import annotations

import datetime
import operator
import sys
import threading
import time
from typing import Any, Mapping

from .. import _core
from . import adapters as http_adapters
from . import core_hooks, prepare
from . import headers as header_dicts
from .headers import Headers
from .library import Joining, ca_bundle, intercepted, joined
from .response import PreparedRequest, response
from .stand_in import requests as library

#: Seconds until a connection must stand, and without a byte from then on.
DEFAULT_TIMEOUT = (15, 300)

_SESSIONS = "requests.sessions"


class Session(Joining):
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
        params: Added to every request's query.
        hooks: Callables for responses, under ``"response"``.
        stream: Whether bodies are left to be read.
        max_redirects: How many redirects are followed.
    """

    _theirs = _SESSIONS
    __attrs__ = [
        "headers",
        "cookies",
        "auth",
        "proxies",
        "hooks",
        "params",
        "verify",
        "cert",
        "adapters",
        "stream",
        "trust_env",
        "max_redirects",
    ]

    def __init__(self) -> None:
        self.headers: Any = header_dicts.of_session()
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
        self._transport = _core.Transport(core_hooks)
        self._settings_key: Any = None
        self._settings: Any = None
        #: What most requests ask for, and the settings for that.
        self._usual: tuple[Any, Any] = (None, None)
        #: Adapters by prefix, once somebody has asked for them.
        self._adapters: Any = None
        #: Cookies as Python sees them, once somebody has asked for them; what
        #: the transport was told of them, and how often its own had changed.
        self._jar: Any = None
        self._told: Any = None
        self._changes = 0
        self._jar_lock = threading.RLock()
        #: More are there when a script has put something of its own here.
        self._usual_count = len(self.__dict__) + 1

    def __getattr__(self, name: str) -> Any:
        # What only the class of requests has, such as prepare_request.
        if name.startswith("__") or type(self)._is_joined:
            raise AttributeError(
                "'Session' object has no attribute {!r}".format(name)
            )
        try:
            self._join()
        except ImportError:
            raise AttributeError(
                "'Session' object has no attribute {!r}: it is one of the "
                "library requests, which is not installed".format(name)
            ) from None
        return getattr(self, name)

    def __reduce__(self) -> tuple:
        return (Session, (), self.__getstate__())

    def __getstate__(self) -> dict:
        own = (
            "_transport",
            "_settings",
            "_settings_key",
            "_usual",
            "_jar",
            "_jar_lock",
            "_told",
            "_changes",
        )
        state = {k: v for k, v in self.__dict__.items() if k not in own}
        self.take_cookies()
        if self._jar is not None:
            state["_jar"] = self._jar
        elif self._transport.cookie_changes():
            state["_jar"] = self.cookies
        return state

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *args: Any) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept; the session stays usable."""
        self._transport.close()
        for adapter in (self._adapters or {}).values():
            adapter.close()

    # --- adapters -----------------------------------------------------------

    def _join(self) -> None:
        """Become a session of ``requests`` too."""
        if not type(self)._is_joined:
            import requests.sessions  # noqa: F401

            super()._join()

    @property
    def adapters(self) -> Any:
        """
        The adapters by prefix, in the order in which they are looked up.

        Raises:
            ImportError: the process has no ``requests``, whose they are.
        """
        if self._adapters is None:
            import collections

            from requests.adapters import HTTPAdapter

            self._adapters = collections.OrderedDict(
                (prefix, HTTPAdapter()) for prefix in ("https://", "http://")
            )
        return self._adapters

    @adapters.setter
    def adapters(self, adapters: Any) -> None:
        self._adapters = adapters

    def mount(self, prefix: str, adapter: Any) -> None:
        """
        Send what begins with a prefix through an adapter of ``requests``.

        Of a plain ``HTTPAdapter`` the number of connections and the retries
        are taken over; any other sends the requests itself.

        Args:
            prefix: The beginning of a URL, such as ``"https://"``.
            adapter: A ``requests.adapters.BaseAdapter``.
        """
        adapters = self.adapters
        adapters[prefix] = adapter
        for shorter in [key for key in adapters if len(key) < len(prefix)]:
            adapters[shorter] = adapters.pop(shorter)

    def _plain_adapters(self) -> bool:
        if not self._adapters:
            return True
        return all(map(http_adapters.is_plain, self._adapters.values()))

    def _adapter_for(self, url: str) -> Any:
        for prefix, adapter in (self._adapters or {}).items():
            if url.lower().startswith(prefix.lower()):
                return adapter
        return None

    def adapter_retries(self, url: str) -> Any:
        """Return the retries that a mounted adapter has for a URL, or None."""
        if not self._adapters:
            return None
        return http_adapters.retries(self._adapter_for(url))

    # --- cookies ------------------------------------------------------------

    @property
    def cookies(self) -> Any:
        """The cookies: those that servers set, and one's own."""
        with self._jar_lock:
            if self._jar is None:
                from . import cookies as cookie_jars

                self._told = []
                self._jar = cookie_jars.jar()
            self.take_cookies()
        return self._jar

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        from . import cookies as cookie_jars

        with self._jar_lock:
            self._jar = cookie_jars.as_jar(cookies)
            self._told = None
            self._changes = self._transport.cookie_changes()

    def take_cookies(self) -> None:
        """Take over the cookies that servers set, and tell of one's own."""
        if self._jar is None:
            return
        from . import cookies as cookie_jars

        with self._jar_lock:
            changes = self._transport.cookie_changes()
            if changes != self._changes and self._told is not None:
                self._changes = changes
                fresh = self._transport.cookies()
                for record in fresh:
                    if record not in self._told:
                        self._jar.set_cookie(cookie_jars.cookie_of(record))
                # What a server has ended; what a script has changed stays.
                ended = [
                    r for r in self._told if _key(r) not in map(_key, fresh)
                ]
                for cookie, record in zip(
                    list(self._jar), cookie_jars.records(self._jar)
                ):
                    if record in ended:
                        self._jar.clear(
                            cookie.domain, cookie.path, cookie.name
                        )
                self._told = cookie_jars.records(self._jar)
            records = cookie_jars.records(self._jar)
            if records != self._told:
                self._changes = self._transport.set_cookies(records)
                self._told = records

    # --- how requests travel ------------------------------------------------

    def is_unchanged(self) -> bool:
        """Whether a client's requests need no code of this session or a script."""
        own = self.__dict__
        auth, params, redirects, hooks, adapters = _looked_at(own)
        return (
            not auth
            and not params
            and redirects == 30
            and not (hooks or {}).get("response")
            and (len(own) == own["_usual_count"] or self._is_own(_ALL))
            and _verbs_of(type(self)) == _OWN_VERBS
            and (not adapters or self._plain_adapters())
            and not intercepted()
        )

    def _is_own(self, names: frozenset[str]) -> bool:
        """Whether none of these methods has been replaced on this session."""
        if names.isdisjoint(self.__dict__):
            return True
        # Who mocks a method may put it back as an attribute of its own.
        return all(
            getattr(self.__dict__[name], "__func__", None)
            is getattr(type(self), name, self)
            for name in names.intersection(self.__dict__)
        )

    def _is_direct(self) -> bool:
        """Whether nobody stands between a request and the transport."""
        return (
            self._is_own(BELOW)
            and self._plain_adapters()
            and not intercepted()
        )

    def transport_settings(
        self, timeout: tuple[float | None, float | None], url: str = ""
    ) -> tuple[Any, Any, list[tuple[str, Any]] | None, Any]:
        """
        Return the transport, the settings, the headers and an adapter's
        retries for a client's request.

        The settings are made anew when an attribute changes. The headers are
        pairs, or None for those of a new session.

        Args:
            timeout: The deadlines.
            url: Where to, which decides about the adapter.
        """
        # The dict, because attributes of a class with a __getattr__ are slow.
        own = self.__dict__
        if own["_jar"] is not None:
            self.take_cookies()
        verify, cert, proxies, trust_env, adapters = _travels_by(own)
        retries = self.adapter_retries(url) if adapters else None
        bundle = None
        if verify is True:
            bundle = ca_bundle(url[:6].lower() == "https:")
        asked = (verify, trust_env, timeout, bundle)
        usual, settings = own["_usual"]
        if cert is not None or proxies or adapters:
            settings = self._settings_for(verify, cert, proxies, timeout, url)
        elif asked != usual:
            settings = self._settings_for(verify, None, {}, timeout, url)
            self._usual = (asked, settings)
        headers = own["headers"]
        pairs = None
        if type(headers) is not Headers or headers._changed:
            pairs = [(k, v) for k, v in headers.items() if v is not None]
        return own["_transport"], settings, pairs, retries

    def _settings_for(
        self,
        verify: Any,
        cert: Any,
        proxies: Mapping[str, str],
        timeout: tuple[float | None, float | None],
        url: str,
        environment_first: bool = True,
        asked_proxies: Mapping[str, str] | None = None,
    ) -> Any:
        pairs = [(k, v) for k, v in (proxies or {}).items() if v is not None]
        asked = list((asked_proxies or {}).items())
        cert_key = tuple(cert) if isinstance(cert, list) else cert
        kept = in_use = None
        if self._adapters:
            kept, in_use = http_adapters.pool(self._adapter_for(url))
        bundle = ca_bundle(url[:6].lower() == "https:")
        key = (
            verify,
            bundle,
            cert_key,
            tuple(pairs),
            tuple(asked),
            self.trust_env,
            timeout,
            environment_first,
            kept,
            in_use,
        )
        if key != self._settings_key:
            settings = _core.Settings(
                {
                    "verify": _verification(verify),
                    "also_trusted": bundle,
                    "cert": _certificate(cert),
                    "proxies": pairs,
                    "asked_proxies": asked,
                    "trust_env": bool(self.trust_env),
                    "environment_first": environment_first,
                    "connect": timeout[0],
                    "idle": timeout[1],
                    "kept": kept,
                    "in_use": in_use,
                }
            )
            self._settings = settings
            self._settings_key = key
            return settings
        return self._settings

    # --- requests -----------------------------------------------------------

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
            cookies: A dict or jar of cookies to send.
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
        given = dict(locals())
        auth = self.auth if auth is None else auth
        called = prepare.hooks(self.hooks, hooks)
        if not self._is_direct() or (
            (callable(auth) or called) and _SESSIONS in sys.modules
        ):
            del given["self"]
            return self._through_requests(given)
        if isinstance(url, bytes):
            url = url.decode("utf-8")
        url = prepare.with_params(str(url), self.params, params)
        merged = prepare.headers(self.headers, headers)
        self.take_cookies()
        if cookies and "cookie" not in merged:
            from . import cookies as cookie_jars

            merged["Cookie"] = cookie_jars.header(self.cookies, cookies, url)
        request, last, streams = prepare.request(
            method.upper(), url, merged, data, files, json
        )
        if not auth and self.trust_env and "authorization" not in merged:
            auth = prepare.netrc_login(url)
        if auth:
            request, last = prepare.authorized(request, last, auth)
        pair = self._timeout if timeout is None else deadlines(timeout)
        left_to_read = bool(self.stream if stream is None else stream)
        settings = self._settings_for(
            self.verify if verify is None else verify,
            self.cert if cert is None else cert,
            self.proxies,
            pair,
            request.url or "",
            verify is None or verify is True,
            proxies,
        )
        answer = self._send(
            settings,
            request,
            last,
            streams,
            self.max_redirects if allow_redirects else None,
            left_to_read,
        )
        for hook in called + request.hooks["response"]:
            changed = hook(
                answer,
                timeout=timeout,
                verify=verify,
                proxies={**(self.proxies or {}), **(proxies or {})},
                stream=left_to_read,
                cert=cert,
            )
            answer = answer if changed is None else changed
        return answer

    def _send(
        self,
        settings: Any,
        request: PreparedRequest,
        last: list,
        streams: list,
        redirects: int | None,
        stream: bool,
    ) -> Any:
        """Send a request, as often as a mounted adapter's retries say."""
        method, url = request.method or "", request.url or ""
        body = request.body
        if isinstance(body, str):
            body = body.encode("utf-8")
        retries = self.adapter_retries(url)
        starts = [_position(stream_) for stream_ in streams] if retries else []
        while True:
            started = time.perf_counter()
            try:
                raw = self._transport.send(
                    settings=settings,
                    method=method,
                    url=url,
                    headers=list(request.headers.items()),
                    last=last,
                    body=body,
                    streams=streams,
                    redirects=redirects,
                    stream=stream,
                )
            except OSError as error:
                kind = getattr(error, "kind", None)
                if kind is None:
                    raise
                error.request = request  # type: ignore[attr-defined]
                if retries is None or not retries.after_failure(
                    method, url, kind, str(error)
                ):
                    raise
            else:
                elapsed = time.perf_counter() - started
                if retries is None or not retries.after_answer(
                    method, url, raw.status, _header(raw, "retry-after")
                ):
                    break
                raw.close()
            for stream_, start in zip(streams, starts):
                stream_.seek(start)
        answer = response(raw, request)
        answer.elapsed = datetime.timedelta(seconds=elapsed)
        self.take_cookies()
        return answer

    def get(self, url: str, params: Any = None, **kwargs: Any) -> Any:
        """Send a GET request."""
        kwargs.update(_given(params=params))
        return self._verb("get", "GET", url, kwargs)

    def options(self, url: str, **kwargs: Any) -> Any:
        """Send an OPTIONS request."""
        return self._verb("options", "OPTIONS", url, kwargs)

    def head(self, url: str, **kwargs: Any) -> Any:
        """Send a HEAD request, which follows no redirect unless told to."""
        return self._verb("head", "HEAD", url, kwargs)

    def post(
        self, url: str, data: Any = None, json: Any = None, **kwargs: Any
    ) -> Any:
        """Send a POST request."""
        kwargs.update(_given(data=data, json=json))
        return self._verb("post", "POST", url, kwargs)

    def put(self, url: str, data: Any = None, **kwargs: Any) -> Any:
        """Send a PUT request."""
        kwargs.update(_given(data=data))
        return self._verb("put", "PUT", url, kwargs)

    def patch(self, url: str, data: Any = None, **kwargs: Any) -> Any:
        """Send a PATCH request."""
        kwargs.update(_given(data=data))
        return self._verb("patch", "PATCH", url, kwargs)

    def delete(self, url: str, **kwargs: Any) -> Any:
        """Send a DELETE request."""
        return self._verb("delete", "DELETE", url, kwargs)

    def _verb(self, name: str, method: str, url: str, kwargs: dict) -> Any:
        if intercepted():
            # What a test suite has put into requests answers, called as
            # requests would call it.
            self._join()
            return getattr(super(), name)(url, **kwargs)
        return self.request(method, url, **{**_PASSED[method], **kwargs})

    def _through_requests(self, given: dict) -> Any:
        """Send a request as ``requests`` does, with this very session."""
        self._join()
        if not intercepted():
            if given["timeout"] is None:
                given["timeout"] = self._timeout
            auth = given["auth"] or self.auth
            if not auth and "authorization" in Headers(given["headers"]):
                # The user's netrc file does not override the login.
                given["auth"] = _as_it_is
        method, url = given.pop("method"), given.pop("url")
        passed = _PASSED.get(method, {})
        if given["allow_redirects"] is True and (
            "allow_redirects" not in passed
        ):
            given["allow_redirects"] = None
        return super().request(  # type: ignore[misc]
            method,
            url,
            **{
                name: value
                for name, value in given.items()
                if value is not None or name in passed
            },
        )


#: What the verbs of ``requests`` pass to ``request``, given or not: whoever mocks
#: that sees the same.
_PASSED: dict[str, dict[str, Any]] = {
    "GET": {"allow_redirects": True},
    "OPTIONS": {"allow_redirects": True},
    "HEAD": {"allow_redirects": False},
    "POST": {"data": None, "json": None},
    "PUT": {"data": None},
    "PATCH": {"data": None},
    "DELETE": {},
}


def _given(**kwargs: Any) -> dict:
    """Return the arguments that are not None."""
    return {name: value for name, value in kwargs.items() if value is not None}


def _as_it_is(request: Any) -> Any:
    return request


#: What a script may replace on a session, or its class: the verbs, and what
#: ``requests`` does beneath them.
VERBS = frozenset(
    ("request", "get", "post", "put", "delete", "head", "patch", "options")
)
BELOW = frozenset(
    (
        "send",
        "get_adapter",
        "prepare_request",
        "merge_environment_settings",
        "resolve_redirects",
        "rebuild_auth",
        "rebuild_method",
        "rebuild_proxies",
        "should_strip_auth",
        "get_redirect_target",
    )
)
_ALL = VERBS | BELOW
#: All verbs of a class at once, which each request asks for.
_verbs_of = operator.attrgetter(*sorted(VERBS))
_OWN_VERBS = _verbs_of(Session)
#: Attributes that each request asks for, at once.
_looked_at = operator.itemgetter(
    "auth", "params", "max_redirects", "hooks", "_adapters"
)
_travels_by = operator.itemgetter(
    "verify", "cert", "proxies", "trust_env", "_adapters"
)


def new_session(package: Any = None) -> Any:
    """
    Return a new session: one of whoever has taken the place of requests'.

    Args:
        package: What a script has put where a module of upstream's has
            ``requests``.
    """
    if package is None or package is library:
        package = sys.modules.get("requests")
    theirs = getattr(package, "Session", None)
    if theirs is not None and getattr(theirs, "__module__", "") != _SESSIONS:
        return theirs()
    return joined(Session, _SESSIONS)()


def deadlines(
    timeout: Any, name: str = "timeout"
) -> tuple[float | None, float | None]:
    """
    Return the deadlines to connect and without a byte, in seconds.

    Args:
        timeout: Seconds for both, a pair of them, or None for none.
        name: What a complaint calls them.

    Raises:
        ValueError: it is none of these, or not more than 0.
    """
    if hasattr(timeout, "connect_timeout"):
        # A urllib3.Timeout.
        timeout = (timeout.connect_timeout, timeout.read_timeout)
    pair = timeout if isinstance(timeout, (tuple, list)) else (timeout,) * 2
    if len(pair) != 2:
        raise ValueError(
            "{}: expected seconds or a (connect, idle) pair, not {!r}".format(
                name, timeout
            )
        )
    for seconds in pair:
        if seconds is None:
            continue
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise ValueError(
                "{}: expected seconds or a (connect, idle) pair, "
                "not {!r}".format(name, timeout)
            )
        if not seconds > 0:
            raise ValueError(
                "{}: must be more than 0 seconds, not {!r}".format(
                    name, timeout
                )
            )
    connect, idle = pair
    return (
        None if connect is None else float(connect),
        None if idle is None else float(idle),
    )


def _verification(verify: Any) -> bool | str:
    if isinstance(verify, int):
        return bool(verify)
    if not verify:
        # What names no certificates switches nothing off.
        return True
    import os

    return os.fspath(verify) if hasattr(verify, "__fspath__") else str(verify)


def _certificate(cert: Any) -> Any:
    import os

    if not cert:
        return None
    if isinstance(cert, (tuple, list)):
        if len(cert) != 2:
            raise TypeError(
                "cert: expected a path, or a pair of certificate and key, "
                "not {!r}".format(cert)
            )
        return tuple(os.fspath(path) for path in cert)
    return os.fspath(cert)


def _position(stream: Any) -> int:
    try:
        return stream.tell()  # type: ignore[no-any-return]
    except (AttributeError, OSError):
        return 0


def _header(raw: Any, name: str) -> str | None:
    return next((v for k, v in raw.headers if k == name), None)


def _key(record: tuple) -> tuple:
    name, _, domain, _, path, _, _ = record
    return (domain, path, name)

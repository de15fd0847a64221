"""
The session of a client, with the interface of ``requests.Session``.

The native transport sends the requests, unless a script has replaced methods,
mounted an adapter of its own or replaced a part of ``requests`` or of the network.
Then ``requests`` itself sends them. This is possible because a session becomes an
instance of ``requests.Session``, too, when ``requests`` is imported.
"""

from __future__ import annotations

import sys
import time

# The module ``operator`` takes longer to import than what it imports from here.
from _operator import attrgetter, itemgetter

from .. import _core
from . import adapters as http_adapters
from . import core_hooks, errors, messages, prepare
from . import headers as header_dicts
from . import response as responses
from .headers import Headers
from .library import RequestsCompatible, ca_bundle, combined_class, intercepted
from .stand_in import requests as library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping

#: The default timeouts in seconds: to connect, and without receiving data.
DEFAULT_TIMEOUT = (15, 300)

_SESSIONS = "requests.sessions"


class Session(RequestsCompatible):
    """
    Settings and connections of a client, like ``requests.Session``.

    Attributes:
        headers: The headers of every request.
        verify: Whether the server's certificate is verified, or the path of the
            certificates to verify it with.
        cert: The path of the client certificate, or a pair of paths of the
            certificate and its key.
        proxies: The URL of the proxy for each scheme.
        auth: A pair of user and password, or a callable that changes a
            request before it is sent.
        trust_env: Whether proxies, certificates and logins are read from the
            environment.
        params: Query parameters of every request.
        hooks: ``{"response": [...]}``, callables for each response.
        stream: Whether the script reads the bodies of responses itself.
        max_redirects: The highest number of redirects that are followed.
    """

    _requests_module = _SESSIONS
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
        self.headers: Any = header_dicts.session_defaults()
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
        self._transport = _core.Transport(core_hooks, _core.Cookies())
        self._settings_key: Any = None
        self._settings: Any = None
        #: The key and the settings of the last request with the common options.
        self._common_settings: tuple[Any, Any] = (None, None)
        #: The adapters by URL prefix; None until a script accesses them.
        self._adapters: Any = None
        #: The view of the transport's cookies; None until a script accesses it.
        self._jar: Any = None
        #: The number of attributes, including this one. A larger number means
        #: that a script has added some, perhaps replacements of methods.
        self._attribute_count = len(self.__dict__) + 1

    def __getattr__(self, name: str) -> Any:
        # Methods that only requests.Session has, such as prepare_request.
        if name.startswith("__") or type(self)._is_combined:
            raise AttributeError(
                "'Session' object has no attribute {!r}".format(name)
            )
        try:
            self._join_requests()
        except ImportError:
            raise AttributeError(
                "'Session' object has no attribute {!r}: it would come from "
                "the library requests, which is not installed".format(name)
            ) from None
        return getattr(self, name)

    def __reduce__(self) -> tuple:
        return (Session, (), self.__getstate__())

    def __getstate__(self) -> dict:
        not_pickled = (
            "_transport",
            "_settings",
            "_settings_key",
            "_common_settings",
            "_jar",
        )
        state = {
            k: v for k, v in self.__dict__.items() if k not in not_pickled
        }
        if self._jar is not None or self._transport.cookies.all():
            state["_jar"] = self.cookies
        return state

    def __setstate__(self, state: dict) -> None:
        state = dict(state)
        jar = state.pop("_jar", None)
        self.__dict__.update(state)
        if jar is not None:
            self.cookies = jar

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *args: Any) -> None:
        self.close()

    def close(self) -> None:
        """Close idle connections. The session can still be used."""
        self._transport.close()
        for adapter in (self._adapters or {}).values():
            adapter.close()

    # --- adapters -----------------------------------------------------------

    def _join_requests(self) -> None:
        """Turn this object into an instance of ``requests.Session``, too."""
        if not type(self)._is_combined:
            import requests.sessions  # noqa: F401

            super()._join_requests()

    @property
    def adapters(self) -> Any:
        """
        The adapters by URL prefix, longest prefix first.

        Raises:
            ImportError: ``requests`` is not installed.
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
        Use an adapter of ``requests`` for all URLs with a prefix.

        A plain ``HTTPAdapter`` only sets the number of connections and the
        retries. Any other adapter sends the requests itself.

        Args:
            prefix: The beginning of a URL, such as ``"https://"``.
            adapter: A ``requests.adapters.BaseAdapter``.
        """
        adapters = self.adapters
        adapters[prefix] = adapter
        for shorter in [key for key in adapters if len(key) < len(prefix)]:
            adapters[shorter] = adapters.pop(shorter)

    def _has_plain_adapters(self) -> bool:
        if not self._adapters:
            return True
        return all(
            map(http_adapters.is_plain_adapter, self._adapters.values())
        )

    def _adapter_for(self, url: str) -> Any:
        for prefix, adapter in (self._adapters or {}).items():
            if url.lower().startswith(prefix.lower()):
                return adapter
        return None

    def adapter_retries(self, url: str) -> Any:
        """Return the retries of the mounted adapter for a URL, or None."""
        if not self._adapters:
            return None
        return http_adapters.retries(self._adapter_for(url))

    # --- cookies ------------------------------------------------------------

    @property
    def cookies(self) -> Any:
        """
        The cookie jar, with the cookies of servers and of the script.

        It is a view of the transport's cookies.
        """
        if self._jar is None:
            from . import cookies as cookie_jars
            from . import stored_jar

            jar = stored_jar.view(cookie_jars.jar(), self._transport.cookies)
            # Another thread may have been faster: all get the same jar.
            if self._jar is None:
                self._jar = jar
        return self._jar

    @cookies.setter
    def cookies(self, cookies: Any) -> None:
        from . import cookies as cookie_jars
        from . import stored_jar

        jar = cookie_jars.as_jar(cookies)
        if not stored_jar.can_be_view(jar):
            jar = cookie_jars.jar()
            jar.update(cookies)
        jar = stored_jar.view(jar, _core.Cookies())
        store = stored_jar.store_of(jar)
        if store is not self._transport.cookies:
            # The jar may be that of another session, which shares its cookies.
            self._transport = _core.Transport(core_hooks, store)
        self._jar = jar

    # --- native requests ----------------------------------------------------

    def is_unchanged(self) -> bool:
        """
        Return whether the core may send a client's requests natively.

        That is: no option of the session and no replaced method requires
        Python code, all adapters are plain, and neither ``requests`` nor the
        network has been replaced.
        """
        attributes = self.__dict__
        auth, params, redirects, hooks, adapters = _request_attributes(
            attributes
        )
        return (
            not auth
            and not params
            and redirects == 30
            and not (hooks or {}).get("response")
            and (
                len(attributes) == attributes["_attribute_count"]
                or self._methods_unchanged(_REPLACEABLE)
            )
            and _verbs_of(type(self)) == _OWN_VERBS
            and (not adapters or self._has_plain_adapters())
            and not intercepted()
        )

    def _methods_unchanged(self, names: frozenset[str]) -> bool:
        """Return whether no attribute of this object replaces these methods."""
        if names.isdisjoint(self.__dict__):
            return True
        # A mock library may restore a method as an attribute of the object.
        return all(
            getattr(self.__dict__[name], "__func__", None)
            is getattr(type(self), name, self)
            for name in names.intersection(self.__dict__)
        )

    def _can_bypass_requests(self) -> bool:
        """
        Return whether ``request`` may use the native transport.

        Otherwise ``requests`` itself must send: an internal method is replaced
        on this object, an adapter is not plain, or a part of ``requests`` or
        of the network is replaced.
        """
        return (
            self._methods_unchanged(INTERNAL_METHODS)
            and self._has_plain_adapters()
            and not intercepted()
        )

    def transport_settings(
        self, timeout: tuple[float | None, float | None], url: str = ""
    ) -> tuple[Any, Any, list[tuple[str, Any]] | None, Any]:
        """
        Return what the core needs to send a client's requests natively.

        Args:
            timeout: The seconds to connect, and without receiving data.
            url: The URL, which selects the adapter.

        Returns:
            The native transport; its settings; the session's headers as pairs,
            or None if they are the defaults; and the adapter's retries, or
            None.
        """
        # The dict is faster: the class has a __getattr__ method.
        attributes = self.__dict__
        verify, cert, proxies, trust_env, adapters = _transport_attributes(
            attributes
        )
        retries = self.adapter_retries(url) if adapters else None
        bundle = None
        if verify is True:
            bundle = ca_bundle(_is_https(url))
        key = (verify, trust_env, timeout, bundle)
        common, settings = attributes["_common_settings"]
        if cert is not None or proxies or adapters:
            settings = self._settings_for(verify, cert, proxies, timeout, url)
        elif key != common:
            settings = self._settings_for(verify, None, {}, timeout, url)
            self._common_settings = (key, settings)
        headers = attributes["headers"]
        pairs = None
        if type(headers) is not Headers or headers._changed:
            pairs = [(k, v) for k, v in headers.items() if v is not None]
        return attributes["_transport"], settings, pairs, retries

    def _settings_for(
        self,
        verify: Any,
        cert: Any,
        proxies: Mapping[str, str],
        timeout: tuple[float | None, float | None],
        url: str,
        environment_first: bool = True,
        request_proxies: Mapping[str, str] | None = None,
    ) -> Any:
        pairs = [(k, v) for k, v in (proxies or {}).items() if v is not None]
        first_proxies = list((request_proxies or {}).items())
        cert_key = tuple(cert) if isinstance(cert, list) else cert
        kept_connections = used_connections = None
        if self._adapters:
            kept_connections, used_connections = (
                http_adapters.connection_limits(self._adapter_for(url))
            )
        bundle = ca_bundle(_is_https(url))
        key = (
            verify,
            bundle,
            cert_key,
            tuple(pairs),
            tuple(first_proxies),
            self.trust_env,
            timeout,
            environment_first,
            kept_connections,
            used_connections,
        )
        if key != self._settings_key:
            settings = _core.Settings(
                {
                    "verify": _verification(verify),
                    "also_trusted": bundle,
                    "cert": _certificate(cert),
                    "proxies": pairs,
                    "asked_proxies": first_proxies,
                    "trust_env": bool(self.trust_env),
                    "environment_first": environment_first,
                    "connect": timeout[0],
                    "idle": timeout[1],
                    "kept": kept_connections,
                    "in_use": used_connections,
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
            url: The complete URL.
            params: Parameters to add to the URL's query.
            data: The body: bytes, text, a file object, or the fields of a form.
            headers: Headers to add to those of the session. The value None
                removes a header.
            cookies: A dict or jar of cookies to add.
            files: The files of a multipart form, as for ``requests``.
            auth: Replaces the session's ``auth``.
            timeout: Seconds, or a pair of seconds to connect and seconds
                without receiving data. None uses the session's timeouts.
            allow_redirects: Whether to follow redirects.
            proxies: Proxies that take precedence over the session's.
            hooks: Callables for the response, as for ``requests``.
            stream: Whether the script reads the body itself.
            verify: Replaces the session's ``verify``.
            cert: Replaces the session's ``cert``.
            json: A value to send as JSON.

        Returns:
            Response: The response, whatever its status.

        Raises:
            RequestException: no usable answer arrived.
        """
        given = dict(locals())
        auth = self.auth if auth is None else auth
        response_hooks = prepare.hooks(self.hooks, hooks)
        if not self._can_bypass_requests() or (
            (callable(auth) or response_hooks) and _SESSIONS in sys.modules
        ):
            del given["self"]
            return self._through_requests(given)
        if isinstance(url, bytes):
            url = url.decode("utf-8")
        url = prepare.with_params(str(url), self.params, params)
        merged = prepare.headers(self.headers, headers)
        if cookies and "cookie" not in merged:
            from . import cookies as cookie_jars

            merged["Cookie"] = cookie_jars.header(self.cookies, cookies, url)
        request, trailing_headers, streams = prepare.request(
            method.upper(), url, merged, data, files, json
        )
        if not auth and self.trust_env and "authorization" not in merged:
            auth = prepare.netrc_login(url)
        if auth:
            request, trailing_headers = prepare.authorized(
                request, trailing_headers, auth
            )
        pair = self._timeout if timeout is None else deadlines(timeout)
        is_streamed = bool(self.stream if stream is None else stream)
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
            trailing_headers,
            streams,
            self.max_redirects if allow_redirects else None,
            is_streamed,
        )
        for hook in response_hooks + request.hooks["response"]:
            changed = hook(
                answer,
                timeout=timeout,
                verify=verify,
                proxies={**(self.proxies or {}), **(proxies or {})},
                stream=is_streamed,
                cert=cert,
            )
            answer = answer if changed is None else changed
        return answer

    def _send(
        self,
        settings: Any,
        request: responses.PreparedRequest,
        trailing_headers: list,
        streams: list,
        redirects: int | None,
        stream: bool,
    ) -> Any:
        """Send a request, with the retries of the mounted adapter."""
        method, url = request.method or "", request.url or ""
        body = request.body
        if isinstance(body, str):
            body = body.encode("utf-8")
        retries = self.adapter_retries(url)
        starts = (
            [_position(stream_object) for stream_object in streams]
            if retries
            else []
        )
        while True:
            started = time.perf_counter()
            try:
                raw = self._transport.send(
                    settings=settings,
                    method=method,
                    url=url,
                    headers=list(request.headers.items()),
                    last=trailing_headers,
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
                    error.args = (
                        messages.requests_message(kind, str(error), url),
                    )
                    raise
            else:
                elapsed = time.perf_counter() - started
                if retries is None or not retries.after_answer(
                    method, url, raw.status, _header(raw, "retry-after")
                ):
                    break
                raw.close()
            _rewind(streams, starts)
        answer = responses.response(raw, request)
        from _datetime import (  # type: ignore[import-not-found]
            timedelta,
        )

        answer.elapsed = timedelta(seconds=elapsed)
        return answer

    def get(self, url: str, params: Any = None, **kwargs: Any) -> Any:
        """Send a GET request."""
        kwargs.update(_without_none(params=params))
        return self._verb("get", "GET", url, kwargs)

    def options(self, url: str, **kwargs: Any) -> Any:
        """Send an OPTIONS request."""
        return self._verb("options", "OPTIONS", url, kwargs)

    def head(self, url: str, **kwargs: Any) -> Any:
        """Send a HEAD request. By default, redirects are not followed."""
        return self._verb("head", "HEAD", url, kwargs)

    def post(
        self, url: str, data: Any = None, json: Any = None, **kwargs: Any
    ) -> Any:
        """Send a POST request."""
        kwargs.update(_without_none(data=data, json=json))
        return self._verb("post", "POST", url, kwargs)

    def put(self, url: str, data: Any = None, **kwargs: Any) -> Any:
        """Send a PUT request."""
        kwargs.update(_without_none(data=data))
        return self._verb("put", "PUT", url, kwargs)

    def patch(self, url: str, data: Any = None, **kwargs: Any) -> Any:
        """Send a PATCH request."""
        kwargs.update(_without_none(data=data))
        return self._verb("patch", "PATCH", url, kwargs)

    def delete(self, url: str, **kwargs: Any) -> Any:
        """Send a DELETE request."""
        return self._verb("delete", "DELETE", url, kwargs)

    def _verb(self, name: str, method: str, url: str, kwargs: dict) -> Any:
        if intercepted():
            # A test may have replaced this verb, or what it calls. So the verb
            # of requests is called, with the arguments of the script.
            self._join_requests()
            return getattr(super(), name)(url, **kwargs)
        return self.request(
            method, url, **{**_VERB_ARGUMENTS[method], **kwargs}
        )

    def _through_requests(self, given: dict) -> Any:
        """Send a request with ``requests``, using this session."""
        self._join_requests()
        if not intercepted():
            if given["timeout"] is None:
                given["timeout"] = self._timeout
            auth = given["auth"] or self.auth
            if not auth and "authorization" in Headers(given["headers"]):
                # Without any auth, requests would replace the Authorization
                # header by the login in the user's netrc file.
                given["auth"] = _unchanged_request
        method, url = given.pop("method"), given.pop("url")
        passed = _VERB_ARGUMENTS.get(method, {})
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


#: The arguments that each verb of ``requests`` always passes to ``request``. A mock
#: of ``request`` must receive the same.
_VERB_ARGUMENTS: dict[str, dict[str, Any]] = {
    "GET": {"allow_redirects": True},
    "OPTIONS": {"allow_redirects": True},
    "HEAD": {"allow_redirects": False},
    "POST": {"data": None, "json": None},
    "PUT": {"data": None},
    "PATCH": {"data": None},
    "DELETE": {},
}


def _without_none(**kwargs: Any) -> dict:
    """Return the arguments that are not None."""
    return {name: value for name, value in kwargs.items() if value is not None}


def _unchanged_request(request: Any) -> Any:
    """Return the request: an ``auth`` that does nothing."""
    return request


#: The methods that a script may replace on a session or its class: the verbs, and
#: the methods that ``requests`` calls internally.
VERBS = frozenset(
    ("request", "get", "post", "put", "delete", "head", "patch", "options")
)
INTERNAL_METHODS = frozenset(
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
_REPLACEABLE = VERBS | INTERNAL_METHODS
#: Reads all verbs of a class at once, which is faster: each request needs them.
_verbs_of = attrgetter(*sorted(VERBS))
_OWN_VERBS = _verbs_of(Session)
#: Read several attributes at once, which is faster: each request needs them.
_request_attributes = itemgetter(
    "auth", "params", "max_redirects", "hooks", "_adapters"
)
_transport_attributes = itemgetter(
    "verify", "cert", "proxies", "trust_env", "_adapters"
)


def _is_https(url: Any) -> bool:
    # A host that is no text is reported when the request is made.
    return isinstance(url, str) and url[:6].lower() == "https:"


def new_session(package: Any = None) -> Any:
    """
    Return a new session.

    If a script has replaced ``requests.Session``, return an object of the
    replacement.

    Args:
        package: The value of the name ``requests`` in the module that creates
            the session: scripts replace it there.
    """
    if package is None or package is library:
        package = sys.modules.get("requests")
    session_class = getattr(package, "Session", None)
    if (
        session_class is not None
        and getattr(session_class, "__module__", "") != _SESSIONS
    ):
        return session_class()
    return combined_class(Session, _SESSIONS)()


def deadlines(
    timeout: Any, name: str = "timeout"
) -> tuple[float | None, float | None]:
    """
    Return the seconds to connect and the seconds without receiving data.

    Args:
        timeout: Seconds for both, a pair of seconds, or None for no limit.
        name: The name of the argument in error messages.

    Raises:
        ValueError: the value has another type, or is not greater than 0.
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
        # An empty path must not disable the verification.
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


def _rewind(streams: list, starts: list[int]) -> None:
    """Go back to the positions at which the file objects were."""
    for stream, start in zip(streams, starts):
        try:
            stream.seek(start)
        except (AttributeError, OSError) as error:
            raise errors.class_for("UnrewindableBodyError")(
                "Unable to rewind request body for redirect/retry."
            ) from error


def _header(raw: Any, name: str) -> str | None:
    return next((v for k, v in raw.headers if k == name), None)

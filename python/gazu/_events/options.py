"""The options of a client of the event stream, and what it sends requests with."""

from __future__ import annotations

import logging
from typing import Any, Mapping

from .. import _core
from .._engine import logs
from .._requests_compat import core_hooks
from .._requests_compat.headers import Headers
from .._requests_compat.session import Session

#: The attributes that a session shares with the one that it is copied to.
_TRANSPORT = ("verify", "cert", "proxies", "trust_env")
#: The options of ``websocket.create_connection`` that name headers.
_SOCKET_HEADERS = {"cookie": "Cookie", "origin": "Origin", "host": "Host"}
_TRANSPORTS = ("polling", "websocket")


class Requests:
    """
    What a client sends its requests with.

    Args:
        request_timeout: The seconds that the server may take for an answer.
        http_session: A session of a client, a ``requests.Session``, or a
            function that returns one. Its certificates, proxies, headers,
            cookies and login are used.
        ssl_verify: Whether the server's certificate is verified.
        websocket_extra_options: ``header``, ``cookie``, ``origin`` and
            ``host`` of the request for a WebSocket.
        timestamp_requests: Whether the time is in the query of requests.
    """

    def __init__(
        self,
        request_timeout: float | None = 5,
        http_session: Any = None,
        ssl_verify: Any = True,
        websocket_extra_options: Mapping | None = None,
        timestamp_requests: bool = True,
    ) -> None:
        self.request_timeout = request_timeout
        self.ssl_verify = ssl_verify
        self.timestamp_requests = timestamp_requests
        self._socket_headers = _socket_headers(websocket_extra_options or {})
        self._make_session = None
        if http_session is None:
            http_session = Session()
        elif callable(http_session):
            self._make_session = http_session
        self.http_session = http_session

    def _session(self) -> Any:
        if self._make_session is not None:
            self.http_session = self._make_session()
            self._make_session = None
        if not is_own(self.http_session):
            self.http_session = _copied(self.http_session)
        return self.http_session

    def arguments(self, url: str, headers: Mapping[str, Any]) -> dict:
        """
        Return the arguments for a connection.

        Args:
            url: The URL of the server.
            headers: The headers of the first request.
        """
        session = self._session()
        verify = _verify(self.ssl_verify, session.verify)
        base = Headers(session.headers)
        login = session.auth
        if login:
            if not isinstance(login, (tuple, list)):
                raise ValueError("Only basic authentication is supported")
            base["Authorization"] = _basic_login(*login)
        first = Headers(base)
        first.update(headers)
        socket = Headers(
            {
                name: value
                for name, value in base.items()
                if name.lower() not in _DEFAULTS
            }
        )
        socket.update(headers)
        socket.update(self._socket_headers)
        return {
            "transport": session._transport,
            "hooks": core_hooks,
            "settings": session._settings_for(
                verify,
                session.cert,
                session.proxies,
                (None, None),
                url,
                environment_first=verify is not False,
            ),
            "headers": _pairs(base),
            "first_headers": _pairs(first),
            "socket_headers": _pairs(socket),
            "timeout": self.request_timeout,
            "timestamps": self.timestamp_requests,
        }


_DEFAULTS = ("user-agent", "accept-encoding", "accept", "connection")


def _pairs(headers: Headers) -> list[tuple[str, Any]]:
    return [(k, v) for k, v in headers.items() if v is not None]


def _basic_login(user: Any, password: Any) -> str:
    import base64

    text = "{}:{}".format(user, password).encode("utf-8")
    return "Basic " + base64.b64encode(text).decode("ascii")


def _socket_headers(options: Mapping) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    for name, value in options.items():
        if name == "header":
            if not isinstance(value, Mapping):
                value = dict(line.split(":", 1) for line in value)
            headers.update((k.strip(), v.strip()) for k, v in value.items())
        elif name in _SOCKET_HEADERS:
            headers[_SOCKET_HEADERS[name]] = value
        else:
            raise TypeError(
                "websocket_extra_options: {!r} has no meaning here: "
                "certificates, proxies and timeouts are those of the client's "
                "session".format(name)
            )
    return headers


def _verify(requested: Any, own: Any) -> Any:
    if requested is True and not isinstance(own, bool) and own is not None:
        requested = own
    if isinstance(requested, bool):
        return requested
    return True if requested is None else requested


def is_own(session: Any) -> bool:
    """Return whether a session is one of ours, also if it joined ``requests``."""
    return issubclass(type(session), Session)


def _copied(other: Any) -> Session:
    """Return one of our sessions with the settings of another."""
    adapters = getattr(other, "adapters", None) or {}
    for adapter in adapters.values() if isinstance(adapters, Mapping) else ():
        if type(adapter).__module__ != "requests.adapters":
            raise TypeError(
                "http_session: its adapter {} has no meaning here".format(
                    type(adapter).__name__
                )
            )
    made = transport_copy(other)
    made.headers.update(getattr(other, "headers", None) or {})
    made.auth = getattr(other, "auth", None)
    cookies = getattr(other, "cookies", None)
    if cookies:
        made.cookies.update(cookies)
    return made


def session_of(client: Any) -> Session:
    """
    Return the session of a client, or one of ours with its certificates and
    proxies, if a script has replaced it.
    """
    if is_own(client.session):
        return client.session
    return transport_copy(client.session)


def transport_copy(other: Any) -> Session:
    """Return one of our sessions with the certificates and proxies of another."""
    made = Session()
    for name in _TRANSPORT:
        value = getattr(other, name, None)
        if value is not None:
            setattr(made, name, value)
    return made


def logger_of(value: Any, name: str) -> logging.Logger:
    """
    Return the logger that an option means.

    Args:
        value: A logger, or whether a logger of this name shows what happens.
        name: The name that the library ``socketio`` uses.
    """
    if not isinstance(value, bool):
        return value
    if not value:
        # Only warnings and errors, for whoever has configured logging.
        return logs.logger("events.client")
    logger = logging.getLogger(name)
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)
        logger.addHandler(logging.StreamHandler())
    return logger


def checked_transports(transports: Any) -> list[str]:
    """
    Return the names of transports.

    Raises:
        ValueError: none of them is ``"polling"`` or ``"websocket"``.
    """
    if transports is None:
        return list(_TRANSPORTS)
    if isinstance(transports, str):
        transports = [transports]
    found = [name for name in transports if name in _TRANSPORTS]
    if not found:
        raise ValueError("No valid transports provided")
    return found


def new_queue(loads: Any = None) -> Any:
    """Return a queue for what connections receive."""
    return _core.EventQueue(loads)

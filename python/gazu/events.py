"""
The event stream of a server, and the log of past logins.

    events = gazu.events.init()
    gazu.events.add_listener(events, "asset:new", on_new_asset)
    gazu.events.run_client(events)

``EventsNamespace`` handles the namespace of the events.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any, Callable

from . import _core
from . import client as raw  # noqa: F401 (scripts reach it here)
from ._engine import logs
from ._engine.composition import composition
from ._engine.dispatch import run
from ._requests_compat.stand_in import library_or_likeness
from .client import (
    KitsuClient,
    default_client,
    get_event_host,
    make_auth_header,
)
from .exception import AuthFailedException
from .helpers import (  # noqa: F401
    normalize_model_parameter,
    validate_date_format,
)

if TYPE_CHECKING:
    from ._events import client as socketio
else:

    def _likeness(name):
        from ._events.library import likeness

        return likeness(name)

    socketio = library_or_likeness("socketio", _likeness)

logger: logging.Logger = logs.logger("events")


@composition
def init(
    client: KitsuClient = default_client,
    ssl_verify: bool | None = None,
    reconnection: bool = True,
    logger: bool = False,
    **kwargs: Any,
) -> socketio.Client:
    """
    Connect to the event stream of the client's event host.

    If the connection is lost or closed by the server, it is established again.
    Before each new attempt, the token is renewed if the client allows it.

    Args:
        ssl_verify: Whether the server's certificate is verified. None uses the
            setting of the client's session.
        reconnection: Whether to connect again after the connection is lost.
        logger: Whether activity is logged; or a logger for it.
        kwargs: Further arguments of ``socketio.Client``:
            ``reconnection_attempts``, ``reconnection_delay``,
            ``reconnection_delay_max``, ``randomization_factor``, ``json``,
            ``request_timeout``, ``http_session``, ``timestamp_requests``,
            ``websocket_extra_options``, ``engineio_logger`` and
            ``handle_sigint``. Without ``http_session``, the connections,
            certificates, proxies, headers and cookies of the client's session
            are used.

    Returns:
        socketio.Client: The connected client, for ``add_listener`` and
            ``run_client``. It has the interface of ``socketio.Client``. Call
            its ``disconnect`` to end the connection.

    Raises:
        ConnectionError: the server cannot be reached. If the process has
            imported ``socketio``, this is its class.
        TypeError: an argument is unknown, or its value has no meaning here.

    Example:
        gazu.set_event_host("https://kitsu.example.com")
        events = gazu.events.init()
        gazu.events.add_listener(events, "task:update", print)
    """
    event_client = _new_client(
        client, ssl_verify, reconnection, logger, kwargs
    )
    _connect(event_client, client)
    return event_client


def _new_client(
    client: KitsuClient,
    ssl_verify: bool | None,
    reconnection: bool,
    logger: Any,
    further: dict[str, Any],
) -> socketio.Client:
    """Return a client of the event stream that is not connected."""
    library = _current("socketio")
    from ._events.library import replaced_client

    if ssl_verify is None:
        ssl_verify = getattr(client.session, "verify", True)
    options: dict[str, Any] = {
        "ssl_verify": ssl_verify,
        "reconnection": reconnection,
        "logger": logger,
    }
    client_class = replaced_client(library)
    if client_class is None:
        from ._events.client import Client as client_class
        from ._events.options import session_of

        options["http_session"] = session_of(client)
    options.update(further)
    event_client = client_class(**options)
    event_client.on("connect_error", connect_error)
    event_client.register_namespace(_current("EventsNamespace")("/events"))
    return event_client


def _connect(event_client: socketio.Client, client: KitsuClient) -> None:
    host, headers = get_event_host(client), _headers_of(client)
    try:
        event_client.connect(host, headers)
    except Exception as error:
        may_renew = client.refresh_token and client.use_refresh_token
        if not (may_renew and getattr(error, "is_rejected", False)):
            raise
        event_client.connect(host, headers)


@composition
def _listen(
    bridge: Any, options: dict[str, Any], client: KitsuClient = default_client
) -> None:
    """Pass all events to a bridge to an event loop."""
    given: dict[str, Any] = {
        "ssl_verify": None,
        "reconnection": True,
        "logger": False,
    }
    given.update(options)
    event_client = _new_client(
        client,
        given.pop("ssl_verify"),
        given.pop("reconnection"),
        given.pop("logger"),
        given,
    )
    bridge.listen(event_client)
    _connect(event_client, client)


def _headers_of(client: KitsuClient) -> Callable[[], dict[str, str]]:
    """Return a function that returns the headers for a connection attempt."""
    attempts = 0

    def headers() -> dict[str, str]:
        nonlocal attempts
        attempts += 1
        if attempts > 1 and client.refresh_token and client.use_refresh_token:
            try:
                client.refresh_access_token()
            except Exception as error:
                # The attempt will show whether the current token is still valid.
                _logger.debug("the token was not renewed: %s", error)
        return make_auth_header(client=client)

    return headers


def get_last_login_logs(
    after: str | None = None,
    before: str | None = None,
    limit: int = 100,
    cursor_login_log_id: str | None = None,
    person_ids: list[str | dict] | None = None,
    client: KitsuClient = default_client,
) -> list[dict]:
    """
    Return the last logins to the server, latest first.

    The user must be an administrator.

    Args:
        after: Only return logins after this date, ``YYYY-mm-dd`` or
            ``YYYY-mm-ddTHH:MM:SS``.
        before: Only return logins before this date, in the same formats.
        limit: The highest number of logins. The server returns at most 1000.
        cursor_login_log_id: The id of the last login of the previous page.
        person_ids: Only return logins of these persons (dicts or ids).

    Returns:
        list[dict[str, Any]]: The logins, each with person, date, address and
            origin.

    Raises:
        ValueError: a date has an invalid format.
        NotAllowedException: the user is not an administrator.

    Route: ``GET data/events/login-logs/last``
    """
    if after is not None:
        after = validate_date_format(after)
    if before is not None:
        before = validate_date_format(before)
    return run(
        client,
        _core.events.get_last_login_logs(
            after, before, limit, cursor_login_log_id, person_ids or None
        ),
    )


def connect_error(data: str) -> str:
    """
    Log the reason of a failed connection to the event host.

    Args:
        data: The reason.

    Returns:
        str: The reason.
    """
    logger.error("The connection failed! %s", data)
    return data


def add_listener(
    event_client: socketio.Client, event_name: str, event_handler: Callable
) -> socketio.Client:
    """
    Call a function for each event with a name.

    Args:
        event_client: The client that ``init`` returned.
        event_name: The name of the event, such as ``"asset:new"``. ``"*"``
            means all events; the function then receives the name as its first
            argument.
        event_handler: Called with the data of the event, a dict. Calls happen
            one after another, in the order of the events, in a separate
            thread. An exception is printed to stderr; the next event is
            still handled.

    Returns:
        The same client.

    Example:
        def show(event):
            print("changed:", event["task_id"])


        events = gazu.events.init()
        gazu.events.add_listener(events, "task:update", show)
    """
    event_client.on(event_name, event_handler, "/events")
    return event_client


def run_client(event_client: socketio.Client) -> socketio.Client:
    """
    Receive events until the client is disconnected.

    After an exception or a lost connection, call it again to connect again.

    Args:
        event_client: The client that ``init`` returned.

    Returns:
        The same client.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed. The client is disconnected.
        AuthFailedException: the server rejected the token several times. Log
            in, then call this function again to connect with the new token.
        ConnectionError: this function was called again, and the server cannot
            be reached. If the process has imported ``socketio``, this is its
            class.

    Example:
        import threading

        events = gazu.events.init()
        threading.Timer(0.5, events.disconnect).start()
        gazu.events.run_client(events)  # returns after disconnect or Ctrl-C
    """
    try:
        logger.info("Listening to Kitsu events...")
        resume = getattr(event_client, "resume", None)
        if resume is not None:
            resume()
        event_client.wait()
    except TypeError as error:
        raise AuthFailedException from error
    return event_client


# In ``init``, an argument hides the name ``logger``.
_logger = logger
_this_module = sys.modules[__name__]


def _current(name: str) -> Any:
    """Return the current value of a name of this module: scripts may replace it."""
    return getattr(_this_module, name)


def __getattr__(name: str) -> Any:
    # A listener needs neither of them, so they are made when they are used.
    if name == "Consumer":
        made: type = _consumer()
    elif name == "EventsNamespace":
        made = _events_namespace()
    else:
        raise AttributeError(
            "module {!r} has no attribute {!r}".format(__name__, name)
        )
    globals()[name] = made
    return made


def _consumer() -> type:
    from ._events.consumer import Consumer

    # The package of the consumer does not know this module.
    Consumer._connect = staticmethod(lambda client: init(client=client))
    return Consumer


def _events_namespace() -> type:
    from ._events.namespace import ClientNamespace

    class EventsNamespace(ClientNamespace):
        """The namespace of the events."""

        def on_connect(self) -> None:
            """Called after the namespace is connected."""

        def on_disconnect(self) -> None:
            """Called after the namespace is disconnected."""

        def on_error(self, data: str) -> str:
            """Called with an error that the server reports."""
            return connect_error(data)

    EventsNamespace.__qualname__ = "EventsNamespace"
    for method in ("on_connect", "on_disconnect", "on_error"):
        getattr(EventsNamespace, method).__qualname__ = (
            "EventsNamespace." + method
        )
    return EventsNamespace

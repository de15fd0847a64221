"""
The event stream of a server, and the log of past logins.

    events = gazu.events.init()
    gazu.events.add_listener(events, "asset:new", on_new_asset)
    gazu.events.run_client(events)

python-socketio is required: install ``gazu[events]``. It is imported when it is
first used. ``EventsNamespace`` handles the namespace of the events.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any, Callable

from . import _core
from . import client as raw  # noqa: F401 (scripts reach it here)
from ._engine.composition import composition
from ._engine.dispatch import run
from ._events.consumer import Consumer
from ._requests_compat.stand_in import lazy_library
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

_MISSING_MESSAGE = (
    "gazu.events needs python-socketio; pip install 'gazu[events]' installs it"
)

if TYPE_CHECKING:
    import socketio
else:
    socketio = lazy_library("socketio", _MISSING_MESSAGE, Client=lambda: Any)

logger = logging.getLogger("gazu.events")


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
        logger: Whether python-socketio logs its activity.
        kwargs: Further arguments of ``socketio.Client``. Without
            ``http_session``, the certificates and proxies of the client's
            session are used.

    Returns:
        socketio.Client: The connected client, for ``add_listener`` and
            ``run_client``. Call its ``disconnect`` to end the connection.

    Raises:
        ImportError: python-socketio is not installed.
        socketio.exceptions.ConnectionError: the server cannot be reached.
    """
    namespace = _current("EventsNamespace")
    client_class = _current("socketio").Client
    from ._events import socketio_client

    if ssl_verify is None:
        ssl_verify = getattr(client.session, "verify", True)
    options: dict[str, Any] = {
        "ssl_verify": ssl_verify,
        "reconnection": reconnection,
        "logger": logger,
    }
    options.update(socketio_client.transport_options(client, ssl_verify))
    options.update(kwargs)
    event_client = socketio_client.reconnecting_class(client_class)(**options)
    event_client.on("connect_error", connect_error)
    event_client.register_namespace(namespace("/events"))
    host, headers = get_event_host(client), _headers_of(client)
    try:
        event_client.connect(host, headers)
    except socketio_client.ConnectionRejected:
        if not (client.refresh_token and client.use_refresh_token):
            raise
        event_client.connect(host, headers)
    return event_client


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
        socketio.exceptions.ConnectionError: this function was called again,
            and the server cannot be reached.
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


# The package of the consumer does not know this module, which imports it.
Consumer._connect = staticmethod(lambda client: init(client=client))

# In ``init``, an argument hides the name ``logger``.
_logger = logger
_this_module = sys.modules[__name__]


def _current(name: str) -> Any:
    """Return the current value of a name of this module: scripts may replace it."""
    return getattr(_this_module, name)


def __getattr__(name: str) -> Any:
    if name != "EventsNamespace":
        raise AttributeError(
            "module {!r} has no attribute {!r}".format(__name__, name)
        )
    globals()[name] = namespace = _events_namespace()
    return namespace


def __dir__() -> list[str]:
    from importlib.util import find_spec

    names = {*globals(), "EventsNamespace"}
    if not (sys.modules.get("socketio") or find_spec("socketio")):
        names -= {"socketio", "EventsNamespace"}
    return sorted(names)


def _events_namespace() -> type:
    class EventsNamespace(_current("socketio").ClientNamespace):
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

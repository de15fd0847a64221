"""
The events that a server sends as they happen, and those it has kept.

    events = gazu.events.init()
    gazu.events.add_listener(events, "asset:new", on_new_asset)
    gazu.events.run_client(events)

python-socketio, which the extra ``events`` installs, is imported when it is
first needed. The handler of its namespace is ``EventsNamespace``.
"""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Any, Callable

from . import _core
from . import client as raw  # noqa: F401 (scripts reach it here)
from ._engine.composition import composition
from ._engine.dispatch import run
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

_NEEDED = (
    "gazu.events needs python-socketio; pip install 'gazu[events]' installs it"
)

if TYPE_CHECKING:
    import socketio
else:
    socketio = lazy_library("socketio", _NEEDED, Client=lambda: Any)

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
    Connect to the events of the client's event host.

    A connection that is lost, or that the server closes, is made again. Each
    time but the first the token is renewed, where the client may.

    Args:
        ssl_verify: Whether the server's certificate is checked; as the
            client's session does when omitted.
        reconnection: Whether to come back.
        logger: Whether python-socketio logs what it does.
        kwargs: Further arguments of ``socketio.Client``. Certificates and
            proxies are the client's session's unless ``http_session`` says
            otherwise.

    Returns:
        socketio.Client: The connected client, for ``add_listener`` and ``run_client``. Its
        ``disconnect`` ends it.

    Raises:
        ImportError: python-socketio is not installed.
        socketio.exceptions.ConnectionError: the server cannot be reached.
    """
    namespace = _late("EventsNamespace")
    kind = _late("socketio").Client
    from ._events import socketio_client

    if ssl_verify is None:
        ssl_verify = getattr(client.session, "verify", True)
    options: dict[str, Any] = {
        "ssl_verify": ssl_verify,
        "reconnection": reconnection,
        "logger": logger,
    }
    options.update(socketio_client.options_of(client, ssl_verify))
    options.update(kwargs)
    event_client = socketio_client.returning(kind)(**options)
    event_client.on("connect_error", connect_error)
    event_client.register_namespace(namespace("/events"))
    host, headers = get_event_host(client), _headers_of(client)
    try:
        event_client.connect(host, headers)
    except socketio_client.Refused:
        if not (client.refresh_token and client.use_refresh_token):
            raise
        event_client.connect(host, headers)
    return event_client


def _headers_of(client: KitsuClient) -> Callable[[], dict[str, str]]:
    """Return what gives the headers of each attempt to connect."""
    attempts = 0

    def headers() -> dict[str, str]:
        nonlocal attempts
        attempts += 1
        if attempts > 1 and client.refresh_token and client.use_refresh_token:
            try:
                client.refresh_access_token()
            except Exception as error:
                # The attempt shows whether the token that is there will do.
                _log.debug("the token was not renewed: %s", error)
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
    Return the last logins to the server, latest first, for administrators.

    Args:
        after: Logins after this date only, ``YYYY-mm-dd`` or
            ``YYYY-mm-ddTHH:MM:SS``.
        before: Logins before this date only, in the same formats.
        limit: How many at most; the server gives no more than 1000.
        cursor_login_log_id: The id of the last login of the page before.
        person_ids: Logins of these persons only (dicts or ids).

    Returns:
        list[dict[str, Any]]: Person, date, address and origin of each.

    Raises:
        ValueError: a date has another format.
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
    Log why the event host could not be connected to.

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
    Have a function called for each event of a name.

    Args:
        event_client: What ``init`` returned.
        event_name: Such as ``"asset:new"``; ``"*"`` for all, whose functions
            are called with the name too.
        event_handler: Called with the event's data, a dict. Calls come one
            after the other, in the order of the events, in a thread of their
            own; an exception ends the call only, and is shown on stderr.

    Returns:
        The same client.
    """
    event_client.on(event_name, event_handler, "/events")
    return event_client


def run_client(event_client: socketio.Client) -> socketio.Client:
    """
    Wait while events come in, until the client is disconnected.

    After an exception or a lost connection it may be called again, and
    connects anew.

    Args:
        event_client: What ``init`` returned.

    Returns:
        The same client.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed. The client is disconnected.
        AuthFailedException: the server goes on refusing the token. Calling
            this again after a login connects with the new one.
        socketio.exceptions.ConnectionError: it was called again, and the
            server cannot be reached.
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


# ``init`` has an argument of the other name.
_log = logger
_here = sys.modules[__name__]


def _late(name: str) -> Any:
    """Return what stands here under a late name: ours, or what replaced it."""
    return getattr(_here, name)


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
    class EventsNamespace(_late("socketio").ClientNamespace):
        """The namespace that events come from."""

        def on_connect(self) -> None:
            """Called when it is connected."""

        def on_disconnect(self) -> None:
            """Called when it is no longer connected."""

        def on_error(self, data: str) -> str:
            """Called with an error that the server tells."""
            return connect_error(data)

    EventsNamespace.__qualname__ = "EventsNamespace"
    for method in ("on_connect", "on_disconnect", "on_error"):
        getattr(EventsNamespace, method).__qualname__ = (
            "EventsNamespace." + method
        )
    return EventsNamespace

"""The namespaces of events, with the interface of ``socketio.ClientNamespace``."""

from __future__ import annotations

from typing import Any

from .._requests_compat.library import requests_class

_combined: dict[tuple[type, type], type] = {}


class BaseNamespace:
    """What all namespaces have. Scripts may ask for it, as a base of the class."""

    def __init__(self, namespace: str | None = None) -> None:
        self.namespace = namespace or "/"

    def is_asyncio_based(self) -> bool:
        """Return whether the handlers are coroutines: they are not."""
        return False


class BaseClientNamespace(BaseNamespace):
    """What the namespaces of clients have."""

    def __init__(self, namespace: str | None = None) -> None:
        super().__init__(namespace=namespace)
        self.client: Any = None

    def _set_client(self, client: Any) -> None:
        self.client = client


class ClientNamespace(BaseClientNamespace):
    """
    The handlers of a namespace: methods named ``on_`` and the name of an event.

    Attributes:
        namespace: The name of the namespace; ``"/"`` is the default.
        client: The client with which it is registered.
    """

    @property
    def __class__(self) -> type:
        # ``isinstance`` reads it: a client of the library ``socketio`` accepts
        # instances of its own class only.
        own = type(self)
        theirs = requests_class("socketio.namespace", "ClientNamespace")
        if theirs is None or issubclass(own, theirs):
            return own
        key = (own, theirs)
        if key not in _combined:
            attributes = {"__module__": own.__module__, "__doc__": own.__doc__}
            _combined[key] = type(own.__name__, key, attributes)
        return _combined[key]

    def trigger_event(self, event: str, *args: Any) -> Any:
        """
        Call the method for an event, if there is one.

        Args:
            event: The name of the event.
            args: The data of the event.

        Returns:
            What the method returned.
        """
        handler = getattr(self, "on_" + (event or ""), None)
        if handler is None:
            return None
        if event == "disconnect":
            return call_with_reason(handler, *args)
        return handler(*args)

    def emit(
        self,
        event: str,
        data: Any = None,
        namespace: str | None = None,
        callback: Any = None,
    ) -> None:
        """Emit an event, by default in this namespace."""
        self.client.emit(
            event,
            data=data,
            namespace=namespace or self.namespace,
            callback=callback,
        )

    def send(
        self,
        data: Any,
        room: Any = None,
        namespace: str | None = None,
        callback: Any = None,
    ) -> None:
        """Emit the event ``message``, by default in this namespace."""
        self.client.send(
            data, namespace=namespace or self.namespace, callback=callback
        )

    def call(
        self,
        event: str,
        data: Any = None,
        namespace: str | None = None,
        timeout: float | None = None,
    ) -> Any:
        """Emit an event, by default in this namespace, and return the answer."""
        return self.client.call(
            event,
            data=data,
            namespace=namespace or self.namespace,
            timeout=timeout,
        )

    def disconnect(self) -> None:
        """Disconnect the client."""
        self.client.disconnect()


def call_with_reason(handler: Any, *args: Any) -> Any:
    """
    Call a handler of ``disconnect``: it may do without the reason.

    Args:
        handler: The handler.
        args: Its arguments, the reason being the last.
    """
    import inspect

    try:
        inspect.signature(handler).bind(*args)
    except TypeError:
        return handler(*args[:-1])
    except ValueError:
        # A builtin without a signature.
        pass
    return handler(*args)

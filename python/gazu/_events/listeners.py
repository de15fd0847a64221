"""The handlers of events, and which one is called for an event."""

from __future__ import annotations

from typing import Any, Callable, ClassVar

from .namespace import call_with_reason

#: Events that a handler for all events does not receive.
RESERVED = ("connect", "connect_error", "disconnect", "__disconnect_final")


class Listeners:
    """
    The handlers of events.

    Attributes:
        handlers: The handlers by namespace and name of the event.
        namespace_handlers: The objects with handlers, by namespace.
    """

    reserved_events: ClassVar[list[str]] = list(RESERVED)

    def __init__(self) -> None:
        self.handlers: dict[str, dict[str, Callable]] = {}
        self.namespace_handlers: dict[str, Any] = {}

    def is_asyncio_based(self) -> bool:
        """Return whether the handlers are coroutines: they are not."""
        return False

    def on(
        self,
        event: str,
        handler: Callable | None = None,
        namespace: str | None = None,
    ) -> Any:
        """
        Set the handler of an event.

        Args:
            event: The name; ``"*"`` stands for all events but ``connect``,
                ``connect_error`` and ``disconnect``. Their handler gets the
                name as its first argument.
            handler: The function. Without it, a decorator is returned.
            namespace: The namespace; ``"/"`` by default. ``"*"`` stands for
                those without handlers. Their handler gets the namespace, too.
        """
        namespace = namespace or "/"

        def set_handler(handler: Callable) -> Callable:
            self.handlers.setdefault(namespace, {})[event] = handler
            return handler

        if handler is None:
            return set_handler
        set_handler(handler)
        return None

    def event(self, *args: Any, **kwargs: Any) -> Any:
        """Decorate the handler of the event with the name of the function."""
        if len(args) == 1 and not kwargs and callable(args[0]):
            return self.on(args[0].__name__)(args[0])

        def set_handler(handler: Callable) -> Callable:
            return self.on(handler.__name__, *args, **kwargs)(handler)

        return set_handler

    def register_namespace(self, namespace_handler: Any) -> None:
        """
        Set the object whose methods handle the events of its namespace.

        Raises:
            ValueError: it is not a ``ClientNamespace``.
        """
        if not hasattr(namespace_handler, "_set_client"):
            raise ValueError("Not a namespace instance")
        if namespace_handler.is_asyncio_based():
            raise ValueError("Not a valid namespace class for this client")
        namespace_handler._set_client(self)
        self.namespace_handlers[namespace_handler.namespace] = (
            namespace_handler
        )

    def _get_event_handler(
        self, event: str, namespace: str, args: tuple
    ) -> tuple[Callable | None, tuple]:
        is_any = event not in RESERVED
        handlers = self.handlers.get(namespace)
        if handlers is not None:
            if event in handlers:
                return handlers[event], args
            if is_any and "*" in handlers:
                return handlers["*"], (event, *args)
        elif "*" in self.handlers:
            handlers = self.handlers["*"]
            if event in handlers:
                return handlers[event], (namespace, *args)
            if is_any and "*" in handlers:
                return handlers["*"], (event, namespace, *args)
        return None, args

    def _get_namespace_handler(
        self, namespace: str, args: tuple
    ) -> tuple[Any, tuple]:
        if namespace in self.namespace_handlers:
            return self.namespace_handlers[namespace], args
        if "*" in self.namespace_handlers:
            return self.namespace_handlers["*"], (namespace, *args)
        return None, args

    def _trigger_event(self, event: str, namespace: str, *args: Any) -> Any:
        """Call the handler of an event, if there is one."""
        handler, arguments = self._get_event_handler(event, namespace, args)
        if handler is not None:
            if event == "disconnect":
                return call_with_reason(handler, *arguments)
            return handler(*arguments)
        handler, arguments = self._get_namespace_handler(namespace, args)
        if handler is not None:
            return handler.trigger_event(event, *arguments)
        return None

"""
Names of public modules that are imported when somebody uses them.

Upstream's modules import ``typing``, ``json``, ``logging`` and others, and scripts may
use these as attributes of gazu's. Together they take several times as long to import
as this package, and few scripts use them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterator

#: Where the names come from that annotations contain.
_TYPES = ("typing", "datetime", "._engine.annotations")
_Function = type(lambda: None)


class LateNames:
    """
    The late names of one module.

    It is created at the end of the module, whose ``__getattr__`` is the method ``get``.
    """

    def __init__(
        self,
        namespace: dict[str, Any],
        other: Callable[[str], Any] | None,
        sources: dict[str, Any],
    ) -> None:
        """
        Args:
            namespace: The names that the module has.
            other: The ``__getattr__`` for other names, if the module has one.
            sources: The module that has the name, by name; or a function that
                returns the value. A module begins with a dot if it is of this
                package. If it has the same name, it is the value itself.
        """
        self._namespace = namespace
        self._other = other
        self._sources = sources
        #: The values that were imported. A script may have replaced them.
        self._original: dict[str, Any] = {}
        for name in sources:
            # The module is being reloaded.
            namespace.pop(name, None)
        self._types = [n for n, source in sources.items() if source in _TYPES]
        if self._types:
            _prepare_annotations(self, namespace)

    def get(self, name: str) -> Any:
        """
        Return the value of a name that the module lacks.

        Raises:
            AttributeError: the module has no such name.
        """
        if name not in self._sources:
            if self._other is not None:
                return self._other(name)
            raise AttributeError(
                "module {!r} has no attribute {!r}".format(
                    self._namespace["__name__"], name
                )
            )
        value = self._original.setdefault(name, self._imported(name))
        return self._namespace.setdefault(name, value)

    def value(self, name: str) -> Any:
        """Return the value of a name, or what a script has replaced it with."""
        if name in self._namespace:
            return self._namespace[name]
        return self.get(name)

    def is_replaced(self, name: str) -> bool:
        """Return whether a script has replaced the value of a name."""
        if name not in self._namespace:
            return False
        return self._namespace[name] is not self._original.get(name, self)

    def names(self) -> set[str]:
        """Return the names."""
        return set(self._sources)

    def import_types(self) -> None:
        """Give the module the names that its annotations contain."""
        for name in self._types:
            self.value(name)

    def _imported(self, name: str) -> Any:
        source = self._sources[name]
        if callable(source):
            return source()
        if source == name:
            return __import__(name)
        below = source.lstrip(".")
        level = len(source) - len(below)
        module = __import__(below, self._namespace, None, (name,), level)
        return getattr(module, name)


class _Annotations(dict):
    """
    The annotations of a function or class, which are text.

    Who reads them may evaluate them with the names of the module. So these are
    imported first.
    """

    __slots__ = ("names",)
    names: LateNames


def _reading(method_name: str) -> Callable:
    method = getattr(dict, method_name)

    def read(self: _Annotations, *args: Any) -> Any:
        self.names.import_types()
        return method(self, *args)

    return read


for _name in ("__getitem__", "__iter__", "copy", "get", "items", "values"):
    setattr(_Annotations, _name, _reading(_name))


def _prepare_annotations(names: LateNames, namespace: dict) -> None:
    """Let names be imported when somebody reads an annotation of the module."""
    for annotated in _annotated(namespace, namespace["__name__"]):
        annotations = _Annotations(annotated.__annotations__)
        annotations.names = names
        annotated.__annotations__ = annotations


def _annotated(namespace: Any, module_name: str) -> Iterator[Any]:
    """Return the functions and the classes with annotations that a module defines."""
    for value in list(namespace.values()):
        if isinstance(value, (classmethod, staticmethod)):
            value = value.__func__
        elif isinstance(value, property):
            value = value.fget
        # Other objects may import a library when their attributes are read.
        if not isinstance(value, (type, _Function)):
            continue
        if value.__module__ != module_name:
            continue
        if isinstance(value, type):
            if "__annotations__" in value.__dict__:
                yield value
            yield from _annotated(value.__dict__, module_name)
        while isinstance(value, _Function):
            yield value
            value = value.__dict__.get("__wrapped__")

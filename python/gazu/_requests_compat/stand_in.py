"""Placeholders for ``requests`` and other libraries until they are used."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable
else:
    # The module ``types`` takes longer to import than this one.
    ModuleType = type(sys)


class _Library(ModuleType):
    """
    A placeholder for a library, which is imported when it is first used.

    Upstream's modules import the library, so scripts and their tests access it
    there, for example as ``gazu.client.requests``. Annotations name its classes.
    """

    def __init__(
        self, name: str, needed: str, missing: dict[str, Callable]
    ) -> None:
        ModuleType.__init__(self, name)
        ModuleType.__setattr__(self, "_needed", needed)
        ModuleType.__setattr__(self, "_missing", missing)

    def __getattribute__(self, name: str) -> Any:
        if name in ("__class__", "__name__", "__spec__"):
            return ModuleType.__getattribute__(self, name)
        try:
            return getattr(_imported(self), name)
        except ImportError:
            missing = ModuleType.__getattribute__(self, "_missing")
            if name in missing:
                return missing[name]()
            if name[:2] == "__":
                return ModuleType.__getattribute__(self, name)
            raise

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(_imported(self), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(_imported(self), name)

    def __dir__(self) -> Any:
        return dir(_imported(self))


def _imported(library: ModuleType) -> Any:
    try:
        return __import__(library.__name__)
    except ImportError as error:
        needed = ModuleType.__getattribute__(library, "_needed")
        if needed:
            raise ImportError(needed, name=library.__name__) from error
        raise


def lazy_library(name: str, needed: str = "", **missing: Callable) -> Any:
    """
    Return a library if it is imported, or a placeholder that imports it later.

    Args:
        name: The name of the library.
        needed: The message of the ImportError if the library is not installed.
        missing: Functions by the name of a class. They return a replacement for
            a class that annotations name, if the library is not installed.
    """
    library = sys.modules.get(name)
    if library is not None and not getattr(
        getattr(library, "__spec__", None), "_initializing", False
    ):
        return library
    return _Library(name, needed, missing)


class _Likeness(ModuleType):
    """A library if the process has imported it, otherwise our likeness of it."""

    def __init__(self, name: str, likeness: Callable) -> None:
        ModuleType.__init__(self, name)
        ModuleType.__setattr__(self, "_likeness", likeness)

    def __getattribute__(self, name: str) -> Any:
        own = ModuleType.__getattribute__
        library = sys.modules.get(own(self, "__name__"))
        if name[:2] == "__" and library is None:
            return own(self, name)
        if name in ("__class__", "__name__", "__spec__"):
            return own(self, name)
        if library is not None:
            return getattr(library, name)
        if name in own(self, "__dict__"):
            return own(self, name)
        return own(self, "_likeness")(name)

    def __setattr__(self, name: str, value: Any) -> None:
        library = sys.modules.get(self.__name__)
        if library is None:
            ModuleType.__setattr__(self, name, value)
        else:
            setattr(library, name, value)

    def __delattr__(self, name: str) -> None:
        library = sys.modules.get(self.__name__)
        if library is None:
            ModuleType.__delattr__(self, name)
        else:
            delattr(library, name)


def library_or_likeness(name: str, likeness: Callable) -> Any:
    """
    Return an object that is a library if the process imports it.

    Until then, attributes that are set on it replace those of the likeness.

    Args:
        name: The name of the library.
        likeness: Returns our likeness of a name of the library, or raises
            AttributeError.
    """
    return _Likeness(name, likeness)


def _response_class() -> type:
    from .response import Response

    return Response


#: The library ``requests``. Scripts and annotations use it by this name.
requests = lazy_library("requests", Response=_response_class)

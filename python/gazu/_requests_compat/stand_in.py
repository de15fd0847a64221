"""Modules that stand for ``requests`` and other libraries until they are needed."""

from __future__ import annotations

import sys
from typing import Any, Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
else:
    # Importing what defines it would cost more than this module.
    ModuleType = type(sys)


class _Library(ModuleType):
    """
    A library under its name in one of our modules.

    Scripts and their tests reach it there, as they reach it with upstream, and
    annotations name its classes. It is imported when something of it is needed.
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


def stand_in(name: str, needed: str = "", **missing: Callable) -> Any:
    """
    Return a library, or what stands for it until it is needed.

    Args:
        name: The library.
        needed: What to say where it is not installed and needed.
        missing: By name, what returns a class that annotations name, where the
            library is not installed.
    """
    library = sys.modules.get(name)
    if library is not None and not getattr(
        getattr(library, "__spec__", None), "_initializing", False
    ):
        return library
    return _Library(name, needed, missing)


def _response_class() -> type:
    from .response import Response

    return Response


#: The library ``requests``, under the name that annotations and scripts use.
requests = stand_in("requests", Response=_response_class)

"""
Modules that are there from the start and executed at their first use.

Importing the package costs next to nothing this way, and nobody can tell:
whatever looks into a module executes it first, be it an attribute, ``vars``,
``dir``, a mock, a pickle or a reload. Each is found through its package's own
path, whatever ``sys.path`` says by then.
"""

from __future__ import annotations

import os
import sys
from _thread import RLock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any
else:
    # Importing what defines it would cost more than this module.
    ModuleType = type(sys)

_read = ModuleType.__getattribute__

#: Modules that wait to be executed, and what executes each.
_waiting: dict = {}
#: Modules on their way, which see of themselves what is there so far.
_executing: set = set()
#: Packages whose names have been deferred before.
_deferred_once: set = set()
#: One lock for all, since modules execute each other.
_lock = RLock()

#: What only an executed module has, beside the names that it defines.
_CONTENT = (
    "__dict__",
    "__doc__",
    "__all__",
    "__annotations__",
    "__version__",
)
#: What importing sets, which needs no more than the module's file.
_ORIGIN = ("__spec__", "__loader__", "__file__", "__cached__")


def _after_fork() -> None:
    """A thread of the parent, which is not here, may have held the lock."""
    global _lock
    _lock = RLock()
    _executing.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class _Submodule(ModuleType):
    """A module that is executed when something looks into it."""

    def __getattribute__(self, name: str) -> Any:
        if name in _ORIGIN:
            _find(self)
        elif name[:2] != "__" or name in _CONTENT:
            execute(self)
            if type(self) is not _Submodule:
                # Its class may be one that it chose itself.
                return getattr(self, name)
        return _read(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name[:2] != "__":
            execute(self)
        ModuleType.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        execute(self)
        ModuleType.__delattr__(self, name)


class _Package(ModuleType):
    """A package whose own names are defined when something asks for one."""

    def __getattribute__(self, name: str) -> Any:
        if name in _CONTENT:
            execute(self)
        elif self in _executing and name[:1] != "_":
            with _lock:
                pass
        return _read(self, name)

    def __getattr__(self, name: str) -> Any:
        # With an underscore it is a module that is being imported.
        if name[:1] != "_":
            execute(self)
        return _read(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        # A module is set by whoever imports it, amid the import of others.
        if name[:2] != "__" and not isinstance(value, ModuleType):
            execute(self)
        ModuleType.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        execute(self)
        ModuleType.__delattr__(self, name)


def imported_by(function: Any) -> tuple:
    """Return the names in a function's import statement, of which it has one."""
    (names,) = (
        constant
        for constant in function.__code__.co_consts
        if isinstance(constant, tuple)
    )
    return names


def defer(package_name: str, names: tuple, own: str) -> None:
    """
    Put modules into a package without executing them.

    Args:
        package_name: The package, which is being imported.
        names: The modules' names, below the package. The own one may be there.
        own: The name of the file that defines the package's own names.
    """
    package = sys.modules[package_name]
    # A relative path would lead elsewhere after a change of directory.
    package.__path__[:] = map(os.path.abspath, package.__path__)
    for name in names:
        if name == own:
            continue
        full_name = package_name + "." + name
        module = sys.modules.get(full_name)
        if module is None:
            module = _Submodule(full_name)
            module.__package__ = package_name
            _waiting[module] = _execute_submodule
            sys.modules[full_name] = module
        setattr(package, name, module)

    def define(package: ModuleType) -> None:
        spec = _spec_of(package_name + "." + own)
        loader = spec.loader
        if not hasattr(loader, "get_code"):
            # One that only executes, as pytest's, which rewrites assertions.
            from importlib.machinery import SourceFileLoader

            loader = SourceFileLoader(spec.name, spec.origin)
        exec(loader.get_code(spec.name), _read(package, "__dict__"))

    if package in _waiting:
        return
    if package in _deferred_once:
        # It is being reloaded.
        define(package)
        return
    _deferred_once.add(package)
    _waiting[package] = define
    package.__class__ = _Package


class _Moved(ModuleType):
    """A private module under its former name, which pickles still contain."""

    def __init__(self, name: str, new_name: str) -> None:
        ModuleType.__init__(self, name)
        ModuleType.__setattr__(self, "_new_name", new_name)

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        from importlib import import_module

        return getattr(import_module(_read(self, "_new_name")), name)


def moved(package_name: str, new_names: dict) -> None:
    """
    Answer former names of private modules, which pickles still contain.

    Args:
        package_name: The package.
        new_names: The modules' names today by their former names.
    """
    for former, new_name in new_names.items():
        full_name = package_name + "." + former
        sys.modules[full_name] = _Moved(
            full_name, package_name + "." + new_name
        )


def execute(module: ModuleType) -> None:
    """Execute a module, unless that has been done or is being done here."""
    with _lock:
        how = _waiting.get(module)
        if how is None or module in _executing:
            return
        _executing.add(module)
        try:
            how(module)
        finally:
            _executing.discard(module)
        del _waiting[module]
        if type(module) in (_Submodule, _Package):
            module.__class__ = ModuleType


def execute_all() -> None:
    """Execute all modules that wait."""
    for module in list(_waiting):
        execute(module)


def _execute_submodule(module: ModuleType) -> None:
    _find(module)
    _read(module, "__loader__").exec_module(module)


def _find(module: ModuleType) -> None:
    """Set what a module's import sets."""
    if _read(module, "__spec__") is not None:
        return
    spec = _spec_of(_read(module, "__name__"))
    for name, value in (
        ("__loader__", spec.loader),
        ("__file__", spec.origin),
        ("__cached__", spec.cached),
        ("__spec__", spec),
    ):
        ModuleType.__setattr__(module, name, value)


def _spec_of(name: str) -> Any:
    path = sys.modules[name.rpartition(".")[0]].__path__
    for finder in sys.meta_path:
        find_spec = getattr(finder, "find_spec", None)
        spec = find_spec(name, path) if find_spec else None
        if spec is not None:
            return spec
    raise ModuleNotFoundError("No module named {!r}".format(name), name=name)

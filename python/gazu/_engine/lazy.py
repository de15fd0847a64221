"""
Lazy modules: they exist after ``import gazu`` and are executed at first use.

This makes the import fast. Scripts notice no difference: each access to a module,
by an attribute, ``vars``, ``dir``, a mock, a pickle or a reload, executes it first.

All modules come from the same release, even if the package's folder is replaced or
deleted, or ``sys.path`` changes, before a module is first used: if a file is not
the one of the import, the core has its source. If the package does not come from
files, as in a frozen program, each module is searched in its package's path at first
use.
"""

from __future__ import annotations

import os
import sys
from _thread import get_ident

from .. import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any
else:
    # The module ``types`` takes longer to import than this one.
    ModuleType = type(sys)

#: The name of the package.
_ROOT = __package__.rpartition(".")[0]
_plain_getattribute = ModuleType.__getattribute__
#: The implementation of importlib, which every interpreter has loaded.
_bootstrap: Any = sys.modules["_frozen_importlib"]
_bootstrap_external: Any = sys.modules["_frozen_importlib_external"]

#: The modules that are not executed yet, with the function that executes each.
_pending: dict = {}
#: All lazy public modules, in the order in which they were deferred.
_public_modules: list = []
#: Modules that are being executed, with the number of the thread that executes each.
#: It reads their attributes as they are.
_executing: dict = {}
#: Packages for which ``defer`` has run before: the next call is a reload.
_deferred_once: set = set()
#: The sources of the package's modules at the import, if it comes from files.
_sources: Any = None

#: Special attributes that only exist after a module has been executed.
_RESULTS_OF_EXECUTION = (
    "__dict__",
    "__doc__",
    "__all__",
    "__annotations__",
    "__version__",
)
#: Special attributes that only require the module's file to be found.
_IMPORT_ATTRIBUTES = ("__spec__", "__loader__", "__file__", "__cached__")


def _names_of(module: ModuleType) -> dict:
    """Return the attributes of a module as they are, without executing it."""
    return _plain_getattribute(module, "__dict__")


def _after_fork() -> None:
    """Release locks that threads of the parent process held at the fork."""
    _executing.clear()
    for name in list(_bootstrap._module_locks):
        if name == _ROOT or name.startswith(_ROOT + "."):
            _bootstrap._module_locks.pop(name, None)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class _Submodule(ModuleType):
    """A module that is executed when one of its attributes is accessed."""

    def __getattribute__(self, name: str) -> Any:
        if name in _IMPORT_ATTRIBUTES:
            _set_import_attributes(self)
        elif name[:2] != "__" or name in _RESULTS_OF_EXECUTION:
            execute(self)
            if type(self) is not _Submodule:
                # The module may have set a class of its own.
                return getattr(self, name)
        return _plain_getattribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name[:2] != "__":
            execute(self)
        ModuleType.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        execute(self)
        ModuleType.__delattr__(self, name)


class _Package(ModuleType):
    """A package whose own names are defined when one of them is accessed."""

    def __getattribute__(self, name: str) -> Any:
        if name in _RESULTS_OF_EXECUTION:
            execute(self)
        return _plain_getattribute(self, name)

    def __getattr__(self, name: str) -> Any:
        # A name with an underscore is a module that is being imported.
        if name[:1] != "_":
            execute(self)
        return _plain_getattribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        # Python sets a submodule when it is imported. This must not execute
        # the package in the middle of another import.
        if name[:2] != "__" and not isinstance(value, ModuleType):
            execute(self)
        ModuleType.__setattr__(self, name, value)

    def __delattr__(self, name: str) -> None:
        execute(self)
        ModuleType.__delattr__(self, name)


def imported_by(function: Any) -> tuple:
    """Return the names that a function imports, in a single statement."""
    (names,) = (
        constant
        for constant in function.__code__.co_consts
        if isinstance(constant, tuple)
    )
    return names


def _short(full_name: str) -> str:
    """Return a module's name below the package."""
    return full_name[len(_ROOT) + 1 :]


class _Loader(_bootstrap_external.SourceFileLoader):  # type: ignore[misc]
    """Loads a module as it was when the package was imported."""

    #: The source, if the file is not the one of the import.
    _source = None

    def get_code(self, fullname: str) -> Any:
        """Return the module's code."""
        self._source = _sources.replaced(_short(fullname), self.path)
        if self._source is not None:
            # Otherwise tracebacks would show lines of the new file.
            import linecache

            lines = self.get_source(fullname).splitlines(True)
            size = len(self._source)
            linecache.cache[self.path] = (size, None, lines, self.path)
        return super().get_code(fullname)

    def path_stats(self, path: str) -> dict:
        """Return the time and size of the file, which compiled code has, too."""
        if self._source is not None:
            raise OSError(path)
        return super().path_stats(path)

    def get_data(self, path: str) -> bytes:
        """Return the content of a file, or the source that has been replaced."""
        if self._source is not None and path == self.path:
            return self._source
        try:
            return super().get_data(path)
        except OSError:
            # The process may have no descriptors left, or fewer rights than at
            # the import.
            if path != self.path:
                raise
            source = _sources.source(_short(self.name))
            if source is None:
                raise
            return source


def defer(package_name: str, names: tuple, own: str) -> None:
    """
    Add lazy modules to a package.

    Args:
        package_name: The package. It is being imported.
        names: The names of its public modules, without the package's name.
            ``own`` may be one of them and is skipped.
        own: The module that defines the package's own functions. It is executed
            in the namespace of the package.
    """
    package = sys.modules[package_name]
    names = tuple(name for name in names if name != own)
    # A relative path would be wrong after a change of directory.
    package.__path__[:] = map(os.path.abspath, package.__path__)
    if "__compiled__" in vars(package):
        # Nuitka has compiled all modules to machine code: there are no files.
        for name in names:
            __import__(package_name + "." + name)
            _shorten_list(sys.modules[package_name + "." + name])
        _take_names(package, own)
        _shorten_list(package)
        return
    is_first = package not in _deferred_once
    spec: Any = package.__spec__
    if is_first and type(spec.loader) is _bootstrap_external.SourceFileLoader:
        _note_sources(package)
    for name in names:
        module = _placeholder(package, name)
        if module not in _public_modules:
            _public_modules.append(module)

    def define(package: ModuleType) -> None:
        code = _code_of(package_name + "." + own)
        if code is not None:
            exec(code, _names_of(package))
        else:
            _take_names(package, own)

    if package in _pending:
        return
    if not is_first:
        # The package is being reloaded.
        define(package)
        return
    _deferred_once.add(package)
    _pending[package] = define
    package.__class__ = _Package


def _code_of(full_name: str) -> Any:
    """Return a module's code, or None if it is compiled to machine code."""
    spec = _spec_of(full_name)
    loader = spec.loader
    if not hasattr(loader, "get_code"):
        if not os.path.isfile(spec.origin or ""):
            return None
        # Some loaders can only execute a module, such as pytest's, which
        # rewrites assertions.
        loader = _bootstrap_external.SourceFileLoader(full_name, spec.origin)
    return loader.get_code(full_name)


def _take_names(package: ModuleType, own: str) -> None:
    """Copy the names of a module that cannot be executed in the package."""
    package_name = _plain_getattribute(package, "__name__")
    module = __import__(package_name + "." + own, fromlist=["*"])
    for name, value in vars(module).items():
        if name[:2] == "__" and name != "__getattr__":
            continue
        if getattr(value, "__module__", None) == module.__name__:
            value.__module__ = package_name
        ModuleType.__setattr__(package, name, value)


def _placeholder(package: ModuleType, name: str) -> ModuleType:
    """Return a module of a package. If it is not loaded, create a lazy one."""
    full_name = _plain_getattribute(package, "__name__") + "." + name
    module = sys.modules.get(full_name)
    if module is None:
        module = _Submodule(full_name)
        _names_of(module)["__package__"] = full_name.rpartition(".")[0]
        _pending[module] = _execute_submodule
        sys.modules[full_name] = module
    ModuleType.__setattr__(package, name, module)
    return module


def _note_sources(package: ModuleType) -> None:
    """Note what the modules are, and add the lazy modules of private packages."""
    global _sources
    folder = _plain_getattribute(package, "__path__")[0]
    _sources = _core.Sources(folder, os.path.abspath(_core.__file__))
    for name, modules in _sources.packages():
        private = _placeholder(package, name)
        if private in _pending:
            attributes = _names_of(private)
            attributes["__package__"] = attributes["__name__"]
            attributes["__path__"] = [os.path.join(folder, name)]
        for module in modules:
            _placeholder(private, module)


class _RenamedModule(ModuleType):
    """A private module under a former name, which old pickles contain."""

    def __init__(self, name: str, new_name: str) -> None:
        ModuleType.__init__(self, name)
        ModuleType.__setattr__(self, "_new_name", new_name)

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":
            raise AttributeError(name)
        from importlib import import_module

        return getattr(
            import_module(_plain_getattribute(self, "_new_name")), name
        )


def add_former_names(package_name: str, new_names: dict) -> None:
    """
    Make private modules importable by former names, which old pickles contain.

    Args:
        package_name: The package.
        new_names: The current names of the modules by their former names.
    """
    for former, new_name in new_names.items():
        full_name = package_name + "." + former
        sys.modules[full_name] = _RenamedModule(
            full_name, package_name + "." + new_name
        )


def execute(module: ModuleType) -> None:
    """Execute a module, unless it has been or is being executed."""
    # The thread that executes the module must not ask for its lock again: another
    # thread that does would look for a deadlock for ever, before Python 3.12.
    if module not in _pending or _executing.get(module) == get_ident():
        return
    # This is the lock that Python uses to import the module. With it, Python
    # detects deadlocks between this and the imports of other threads.
    lock = _bootstrap._get_module_lock(_plain_getattribute(module, "__name__"))
    try:
        lock.acquire()
    except _bootstrap._DeadlockError:
        # Like Python's import: this thread continues with the incomplete module.
        return
    try:
        how = _pending.get(module)
        if how is None:
            return
        _executing[module] = get_ident()
        try:
            how(module)
        finally:
            _executing.pop(module, None)
        _pending.pop(module, None)
        _shorten_list(module)
        if type(module) in (_Submodule, _Package):
            module.__class__ = ModuleType
    finally:
        lock.release()


def _shorten_list(module: ModuleType) -> None:
    """Leave out of ``dir(module)`` what a public module imports for its own use."""
    name = _short(_plain_getattribute(module, "__name__"))
    if name[:1] == "_":
        return
    namespace = _names_of(module)
    at_first = dict(namespace)

    def listed() -> list:
        from . import listing

        return listing.names(name, at_first, namespace)

    namespace.setdefault("__dir__", listed)


def is_executed(module: ModuleType) -> bool:
    """Return whether a module has been executed."""
    return module not in _pending


def execute_all() -> None:
    """Execute all public modules that have not been executed yet."""
    for module in _public_modules:
        execute(module)


def _execute_submodule(module: ModuleType) -> None:
    _set_import_attributes(module)
    loader = _plain_getattribute(module, "__loader__")
    loader.exec_module(module)


def _set_import_attributes(module: ModuleType) -> None:
    """Set the special attributes that Python sets when it imports a module."""
    if _plain_getattribute(module, "__spec__") is not None:
        return
    spec = _spec_of(_plain_getattribute(module, "__name__"))
    for name, value in (
        ("__loader__", spec.loader),
        ("__file__", spec.origin),
        ("__cached__", spec.cached),
        ("__spec__", spec),
    ):
        ModuleType.__setattr__(module, name, value)


def _spec_of(name: str) -> Any:
    parent, _, last = name.rpartition(".")
    path = _plain_getattribute(sys.modules[parent], "__path__")
    if _sources is not None:
        file = os.path.join(path[0], last)
        folders = None
        if name in sys.modules and "__path__" in _names_of(sys.modules[name]):
            folders = [file]
            file = os.path.join(file, "__init__")
        loader = _Loader(name, file + ".py")
        return _bootstrap_external.spec_from_file_location(
            name,
            loader.path,
            loader=loader,
            submodule_search_locations=folders,
        )
    for finder in sys.meta_path:
        find_spec = getattr(finder, "find_spec", None)
        spec = find_spec(name, path) if find_spec else None
        if spec is not None:
            return spec
    raise ModuleNotFoundError("No module named {!r}".format(name), name=name)

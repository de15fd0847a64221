"""
Lazy modules: they exist after ``import gazu`` and are executed at first use.

This makes the import fast. Scripts notice no difference: each access to a module,
by an attribute, ``vars``, ``dir``, a mock, a pickle or a reload, executes it first.

The code of all modules is read from disk when the package is imported. So all
modules come from the same release, even if the package's folder is replaced or
deleted, or ``sys.path`` changes, before a module is first used. If the package
does not come from files, as in a frozen program, each module is searched in its
package's path at first use.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any
else:
    # The module ``types`` takes longer to import than this one.
    ModuleType = type(sys)

_plain_getattribute = ModuleType.__getattribute__
#: The implementation of importlib, which every interpreter has loaded.
_bootstrap: Any = sys.modules["_frozen_importlib"]
_bootstrap_external: Any = sys.modules["_frozen_importlib_external"]

#: The modules that are not executed yet, with the function that executes each.
_pending: dict = {}
#: All lazy public modules, in the order in which they were deferred.
_public_modules: list = []
#: Modules that are being executed. Their attributes are read as they are.
_executing: set = set()
#: Packages for which ``defer`` has run before: the next call is a reload.
_deferred_once: set = set()
#: The loader of each module whose code has been read, by the module's full name;
#: until the module is executed, what the loader is made of.
_loaders: dict = {}
#: How the name of a file of compiled code ends.
_compiled_names: list = []
_MAGIC = _bootstrap_external.MAGIC_NUMBER + bytes(4)
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)

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


def _after_fork() -> None:
    """Release locks that threads of the parent process held at the fork."""
    _executing.clear()
    ours = __package__.rpartition(".")[0]
    for name in list(_bootstrap._module_locks):
        if name == ours or name.startswith(ours + "."):
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


class _Loader(_bootstrap_external.SourceFileLoader):  # type: ignore[misc]
    """Loads a module from the code that was read when the package was imported."""

    def __init__(
        self, name: str, path: str, stats: Any, content: dict
    ) -> None:
        super().__init__(name, path)
        self._stats = {"mtime": stats.st_mtime, "size": stats.st_size}
        self._content = content

    def path_stats(self, path: str) -> dict:
        """Return the time and size that a file had when it was read."""
        if self._content and path == self.path:
            return self._stats
        return super().path_stats(path)

    def get_data(self, path: str) -> bytes:
        """Return the content that a file had when it was read."""
        if path in self._content:
            return self._content[path]
        if self._content and path != self.path:
            # Compiled code that does not match the source that was read.
            raise OSError(path)
        return super().get_data(path)

    def _cache_bytecode(
        self, source_path: str, cache_path: str, data: bytes
    ) -> None:
        """Write compiled code for later imports, unless the source has changed."""
        try:
            same = super().path_stats(source_path) == self._stats
        except OSError:
            return
        if same:
            super()._cache_bytecode(source_path, cache_path, data)

    def forget(self) -> None:
        """Free the code after the module has been executed."""
        self._content = {}


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
        _take_names(package, own)
        return
    is_first = package not in _deferred_once
    spec: Any = package.__spec__
    if is_first and type(spec.loader) is _bootstrap_external.SourceFileLoader:
        _read_all(package, names, own)
    for name in names:
        module = _placeholder(package, name)
        if module not in _public_modules:
            _public_modules.append(module)

    def define(package: ModuleType) -> None:
        code = _code_of(package_name + "." + own)
        if code is not None:
            exec(code, _plain_getattribute(package, "__dict__"))
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
        module.__package__ = full_name.rpartition(".")[0]
        found = _loaders.get(full_name)
        if found is not None:
            path = found[0] if type(found) is tuple else found.path
            if _is_package_file(path):
                module.__package__ = full_name
                module.__path__ = [os.path.dirname(path)]
        _pending[module] = _execute_submodule
        sys.modules[full_name] = module
    ModuleType.__setattr__(package, name, module)
    return module


def _loader(full_name: str) -> Any:
    """Return the loader of a module whose code has been read, or None."""
    found = _loaders.get(full_name)
    if type(found) is tuple:
        found = _loaders[full_name] = _Loader(full_name, *found)
    return found


def _is_package_file(path: str) -> bool:
    return path.endswith("__init__.py")


def _read_all(package: ModuleType, names: tuple, own: str) -> None:
    """Read the code of a package's modules and of its private packages."""
    name, folder = (
        _plain_getattribute(package, "__name__"),
        _plain_getattribute(package, "__path__")[0],
    )
    for below in (*names, own):
        _read_one(name + "." + below, folder, below)
    private = [
        below
        for below in os.listdir(folder)
        # Only the command line, a program of its own, uses _cli.
        if below[:1] == "_" and below[:2] != "__" and below != "_cli"
    ]
    for below in sorted(private):
        if "." not in below:
            _defer_private(package, below, os.path.join(folder, below))


def _read_one(full_name: str, folder: str, name: str) -> None:
    """Read the code of a module: compiled, if it matches the source."""
    if full_name in sys.modules:
        return
    path = folder + os.sep + name + ".py"
    stats = os.stat(path)
    content = {}
    compiled_path = _compiled_path(path, folder, name)
    if compiled_path:
        try:
            compiled = _content_of(compiled_path)
        except OSError:
            compiled = b""
        # The header of a .pyc file: the version of Python, no flags, and the
        # modification time and size of the source.
        time, size = int(stats.st_mtime), stats.st_size
        if compiled[:16] == _MAGIC + (
            (time & 0xFFFFFFFF) | (size & 0xFFFFFFFF) << 32
        ).to_bytes(8, "little"):
            content[compiled_path] = compiled
    if not content:
        content[path] = _content_of(path)
    _loaders[full_name] = (path, stats, content)


def _content_of(path: str) -> bytes:
    # Python's own functions for this take several times as long.
    descriptor = os.open(path, _READ)
    try:
        size = os.fstat(descriptor).st_size
        content = part = os.read(descriptor, size)
        while part and len(content) < size:
            part = os.read(descriptor, size)
            content += part
        return content
    finally:
        os.close(descriptor)


def _compiled_path(path: str, folder: str, name: str) -> str:
    """Return where Python keeps the compiled code of a module; empty for nowhere."""
    if getattr(sys, "pycache_prefix", None) or not _compiled_names:
        try:
            example: str = _bootstrap_external.cache_from_source(path)
        except NotImplementedError:
            return ""
        if getattr(sys, "pycache_prefix", None):
            return example
        _compiled_names.append(os.path.basename(example)[len(name) :])
    return os.sep.join((folder, "__pycache__", name + _compiled_names[0]))


def _defer_private(parent: ModuleType, name: str, folder: str) -> None:
    """Add the lazy modules of a private package."""
    full_name = _plain_getattribute(parent, "__name__") + "." + name
    files = [file for file in os.listdir(folder) if file[-3:] == ".py"]
    if "__init__.py" not in files:
        return
    _read_one(full_name, folder, "__init__")
    package = _placeholder(parent, name)
    for file in sorted(files):
        if file[:2] != "__":
            _read_one(full_name + "." + file[:-3], folder, file[:-3])
            _placeholder(package, file[:-3])


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
    if module not in _pending:
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
        if how is None or module in _executing:
            return
        _executing.add(module)
        try:
            how(module)
        finally:
            _executing.discard(module)
        _pending.pop(module, None)
        if type(module) in (_Submodule, _Package):
            module.__class__ = ModuleType
    finally:
        lock.release()


def execute_all() -> None:
    """Execute all public modules that have not been executed yet."""
    for module in _public_modules:
        execute(module)


def _execute_submodule(module: ModuleType) -> None:
    _set_import_attributes(module)
    loader = _plain_getattribute(module, "__loader__")
    loader.exec_module(module)
    if type(loader) is _Loader:
        loader.forget()


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
    loader = _loader(name)
    if loader is not None:
        return _bootstrap_external.spec_from_file_location(
            name,
            loader.path,
            loader=loader,
            submodule_search_locations=(
                [os.path.dirname(loader.path)]
                if _is_package_file(loader.path)
                else None
            ),
        )
    path = _plain_getattribute(
        sys.modules[name.rpartition(".")[0]], "__path__"
    )
    for finder in sys.meta_path:
        find_spec = getattr(finder, "find_spec", None)
        spec = find_spec(name, path) if find_spec else None
        if spec is not None:
            return spec
    raise ModuleNotFoundError("No module named {!r}".format(name), name=name)

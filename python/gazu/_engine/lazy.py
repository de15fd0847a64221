"""
Modules that are there from the start and executed at their first use.

Importing the package costs next to nothing this way, and nobody can tell:
whatever looks into a module executes it first, be it an attribute, ``vars``,
``dir``, a mock, a pickle or a reload.

The code of all of them is read when the package is imported. So what is imported
is one release, also when the package's folder is replaced or deleted before a
module is used for the first time, and whatever ``sys.path`` says by then. Where
the package does not come from files, as in a frozen program, each module is
found through its package's own path at its first use.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any
else:
    # Importing what defines it would cost more than this module.
    ModuleType = type(sys)

_read = ModuleType.__getattribute__
#: What importlib is made of, which every interpreter has loaded.
_importing: Any = sys.modules["_frozen_importlib"]
_files: Any = sys.modules["_frozen_importlib_external"]

#: Modules that wait to be executed, and what executes each.
_waiting: dict = {}
#: Those among them that are public, in the order in which they were deferred.
_public: list = []
#: Modules on their way, which see of themselves what is there so far.
_executing: set = set()
#: Packages whose names have been deferred before.
_deferred_once: set = set()
#: What loads a module whose code has been read, by the module's full name.
_loaders: dict = {}

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
    """Let go of what threads of the parent, which are not here, have held."""
    _executing.clear()
    ours = __package__.rpartition(".")[0]
    for name in list(_importing._module_locks):
        if name == ours or name.startswith(ours + "."):
            _importing._module_locks.pop(name, None)


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


class _Loader(_files.SourceFileLoader):  # type: ignore[misc]
    """Loads a module from what was read of it when the package was imported."""

    def __init__(self, name: str, path: str) -> None:
        super().__init__(name, path)
        self._stats = super().path_stats(path)
        self._content: dict = {}
        compiled = self._read_compiled(path)
        if compiled is None:
            self._content[path] = super().get_data(path)

    def _read_compiled(self, path: str) -> bytes | None:
        """Read the compiled code, unless it is not that of the source."""
        try:
            compiled_path = _files.cache_from_source(path)
            compiled = super().get_data(compiled_path)
        except (OSError, NotImplementedError):
            return None
        # The version of Python, no flags, the source's time and size.
        expected = _files.MAGIC_NUMBER
        for number in (0, int(self._stats["mtime"]), self._stats["size"]):
            expected += (number & 0xFFFFFFFF).to_bytes(4, "little")
        if compiled[:16] != expected:
            return None
        self._content[compiled_path] = compiled
        return compiled

    def path_stats(self, path: str) -> dict:
        """Return what a file's time and size were at the import."""
        if self._content and path == self.path:
            return self._stats
        return super().path_stats(path)

    def get_data(self, path: str) -> bytes:
        """Return what stood in a file at the import."""
        if path in self._content:
            return self._content[path]
        if self._content and path != self.path:
            # Compiled code that is not that of the source, or is newer.
            raise OSError(path)
        return super().get_data(path)

    def _cache_bytecode(
        self, source_path: str, cache_path: str, data: bytes
    ) -> None:
        """Keep compiled code for later imports, unless the source has changed."""
        try:
            same = super().path_stats(source_path) == self._stats
        except OSError:
            return
        if same:
            super()._cache_bytecode(source_path, cache_path, data)

    def forget(self) -> None:
        """Let go of what was read: the module has been executed."""
        self._content = {}


def defer(package_name: str, names: tuple, own: str) -> None:
    """
    Put modules into a package without executing them.

    Args:
        package_name: The package, which is being imported.
        names: The public modules' names, below the package. The own one may be
            among them.
        own: The name of the file that defines the package's own names.
    """
    package = sys.modules[package_name]
    names = tuple(name for name in names if name != own)
    # A relative path would lead elsewhere after a change of directory.
    package.__path__[:] = map(os.path.abspath, package.__path__)
    if "__compiled__" in vars(package):
        # Nuitka has made machine code of all modules: there is nothing to read.
        for name in names:
            __import__(package_name + "." + name)
        _take_names(package, own)
        return
    is_first = package not in _deferred_once
    spec: Any = package.__spec__
    if is_first and type(spec.loader) is _files.SourceFileLoader:
        _read_all(package, names, own)
    for name in names:
        module = _placeholder(package, name)
        if module not in _public:
            _public.append(module)

    def define(package: ModuleType) -> None:
        code = _code(package_name + "." + own)
        if code is not None:
            exec(code, _read(package, "__dict__"))
        else:
            _take_names(package, own)

    if package in _waiting:
        return
    if not is_first:
        # It is being reloaded.
        define(package)
        return
    _deferred_once.add(package)
    _waiting[package] = define
    package.__class__ = _Package


def _code(full_name: str) -> Any:
    """Return a module's code, or None where it is compiled to machine code."""
    spec = _spec_of(full_name)
    loader = spec.loader
    if not hasattr(loader, "get_code"):
        if not os.path.isfile(spec.origin or ""):
            return None
        # One that only executes, as pytest's, which rewrites assertions.
        loader = _files.SourceFileLoader(full_name, spec.origin)
    return loader.get_code(full_name)


def _take_names(package: ModuleType, own: str) -> None:
    """Define a package's own names from a module that cannot be executed in it."""
    package_name = _read(package, "__name__")
    module = __import__(package_name + "." + own, fromlist=["*"])
    for name, value in vars(module).items():
        if name[:2] == "__" and name != "__getattr__":
            continue
        if getattr(value, "__module__", None) == module.__name__:
            value.__module__ = package_name
        ModuleType.__setattr__(package, name, value)


def _placeholder(package: ModuleType, name: str) -> ModuleType:
    """Return a package's module, which is made if it is not there."""
    full_name = _read(package, "__name__") + "." + name
    module = sys.modules.get(full_name)
    if module is None:
        module = _Submodule(full_name)
        module.__package__ = full_name.rpartition(".")[0]
        loader = _loaders.get(full_name)
        if loader is not None and _is_package(loader):
            module.__package__ = full_name
            module.__path__ = [os.path.dirname(loader.path)]
        _waiting[module] = _execute_submodule
        sys.modules[full_name] = module
    ModuleType.__setattr__(package, name, module)
    return module


def _is_package(loader: _Loader) -> bool:
    return os.path.basename(loader.path) == "__init__.py"


def _read_all(package: ModuleType, names: tuple, own: str) -> None:
    """Read the code of a package's modules, and of the private ones below it."""
    name, folder = _read(package, "__name__"), _read(package, "__path__")[0]
    for below in (*names, own):
        _read_one(name + "." + below, os.path.join(folder, below + ".py"))
    private = [
        below
        for below in os.listdir(folder)
        # What receives events needs the library of an extra.
        if below[:1] == "_" and below[:2] != "__" and below != "_events"
    ]
    for below in sorted(private):
        if "." not in below:
            _defer_private(package, below, os.path.join(folder, below))


def _read_one(full_name: str, path: str) -> None:
    if full_name not in sys.modules:
        _loaders[full_name] = _Loader(full_name, path)


def _defer_private(parent: ModuleType, name: str, folder: str) -> None:
    """Put the modules of a private package there without executing them."""
    full_name = _read(parent, "__name__") + "." + name
    files = [file for file in os.listdir(folder) if file[-3:] == ".py"]
    if "__init__.py" not in files:
        return
    _read_one(full_name, os.path.join(folder, "__init__.py"))
    package = _placeholder(parent, name)
    for file in sorted(files):
        if file[:2] != "__":
            _read_one(full_name + "." + file[:-3], os.path.join(folder, file))
            _placeholder(package, file[:-3])


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
    if module not in _waiting:
        return
    # Python's own lock of the module: importing notices when two threads wait
    # for each other, which it could not if we had locks beside its own.
    lock = _importing._get_module_lock(_read(module, "__name__"))
    try:
        lock.acquire()
    except _importing._DeadlockError:
        # As importing does: this thread goes on with what is there so far.
        return
    try:
        how = _waiting.get(module)
        if how is None or module in _executing:
            return
        _executing.add(module)
        try:
            how(module)
        finally:
            _executing.discard(module)
        _waiting.pop(module, None)
        if type(module) in (_Submodule, _Package):
            module.__class__ = ModuleType
    finally:
        lock.release()


def execute_all() -> None:
    """Execute all public modules that wait."""
    for module in _public:
        execute(module)


def _execute_submodule(module: ModuleType) -> None:
    _find(module)
    loader = _read(module, "__loader__")
    loader.exec_module(module)
    if type(loader) is _Loader:
        loader.forget()


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
    loader = _loaders.get(name)
    if loader is not None:
        return _files.spec_from_file_location(
            name,
            loader.path,
            loader=loader,
            submodule_search_locations=(
                [os.path.dirname(loader.path)] if _is_package(loader) else None
            ),
        )
    path = _read(sys.modules[name.rpartition(".")[0]], "__path__")
    for finder in sys.meta_path:
        find_spec = getattr(finder, "find_spec", None)
        spec = find_spec(name, path) if find_spec else None
        if spec is not None:
            return spec
    raise ModuleNotFoundError("No module named {!r}".format(name), name=name)

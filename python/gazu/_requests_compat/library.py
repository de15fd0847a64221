"""
The relation of this package to an imported ``requests`` library.

It makes our classes subclasses of those of ``requests``, and finds out whether a
script has replaced parts of the library or of the network beneath it.
"""

from __future__ import annotations

import sys

# The module ``operator`` takes longer to import than what it imports from here.
from _operator import attrgetter, is_

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_combined_classes: dict[tuple[type, type], type] = {}


def combined_class(own: type, module_name: str) -> type:
    """
    Return a class that inherits from ours and from that of ``requests``.

    With it, ``isinstance`` and ``except`` also work with the classes of
    ``requests``.

    Args:
        own: Our class.
        module_name: The module of ``requests`` with a class of the same name.

    Returns:
        The combined class, or ours if the process has not imported the module.
    """
    requests_own = requests_class(module_name, own.__name__)
    if requests_own is None:
        return own
    key = (own, requests_own)
    if key not in _combined_classes:
        attributes = {
            "__module__": own.__module__,
            "__doc__": own.__doc__,
            "_is_combined": True,
        }
        _combined_classes.setdefault(
            key, type(own.__name__, (own, requests_own), attributes)
        )
    return _combined_classes[key]


def requests_class(module_name: str, name: str) -> type | None:
    """
    Return an original class of ``requests``, even if a script has replaced it.

    Args:
        module_name: The module of ``requests``.
        name: The name of the class.

    Returns:
        The class, or None if the process has not imported the module.
    """
    found = getattr(sys.modules.get(module_name), name, None)
    if not isinstance(found, type):
        return None
    # A script may have replaced the class with a subclass of it.
    for cls in found.__mro__:
        if cls.__module__ == module_name and cls.__name__ == name:
            return cls
    return None


class RequestsCompatible:
    """
    The base of objects that also pass as objects of ``requests``.

    ``isinstance`` reads ``__class__``. So it also works for an object that was
    created before the process imported ``requests``.
    """

    _is_combined = False
    _requests_module = ""

    @property
    def __class__(self) -> type:
        cls = type(self)
        return (
            cls
            if cls._is_combined
            else combined_class(cls, cls._requests_module)
        )

    def _join_requests(self) -> None:
        """Turn this object into an instance of the combined class."""
        cls = type(self)
        if not cls._is_combined:
            # A plain assignment would fail, because __class__ is a property.
            object.__dict__["__class__"].__set__(self, self.__class__)


_cached_bundle: list[str | None] = []


def ca_bundle(encrypted: bool) -> str | None:
    """
    Return the path of the certificates that ``requests`` trusts by default.

    Studios add their certificate authority to the bundle of certifi, or
    configure another bundle in ``requests`` or in certifi.

    Args:
        encrypted: Whether the URL is encrypted. If so, and if the process has
            not imported certifi, its bundle is searched on disk, without
            importing certifi.

    Returns:
        The path, or None if there is no bundle.
    """
    adapters = sys.modules.get("requests.adapters")
    path = getattr(adapters, "DEFAULT_CA_BUNDLE_PATH", None)
    if path is None:
        where = getattr(sys.modules.get("certifi"), "where", None)
        if where is not None:
            path = where()
        elif encrypted:
            if not _cached_bundle:
                _cached_bundle.append(_bundle_on_disk())
            path = _cached_bundle[0]
    return None if path is None else str(path)


def _bundle_on_disk() -> str | None:
    import os

    try:
        spec = _find_spec("certifi")
    except (ImportError, ValueError):
        # A finder cannot look for it.
        return None
    if spec is None or not spec.origin:
        return None
    path = os.path.join(os.path.dirname(spec.origin), "cacert.pem")
    return path if os.path.isfile(path) else None


def _find_spec(name: str) -> Any:
    """
    Return the spec of a top-level module, or None if there is no such module.

    ``importlib.util`` takes longer to import than the search.
    """
    if name in sys.modules:
        return getattr(sys.modules[name], "__spec__", None)
    for finder in sys.meta_path:
        find: Any = getattr(finder, "find_spec", None)
        spec = find(name, None) if find is not None else None
        if spec is not None:
            return spec
    return None


# --- replaced parts of ``requests`` and of the network ----------------------

#: Libraries whose sockets use the real network: they cooperate with an event loop,
#: use a proxy or change TLS. Sockets of other libraries may be mocks.
_REAL_SOCKETS = ("gevent", "eventlet", "socks", "ssl", "truststore")


def _compare_nothing(owner: Any) -> tuple:
    raise AttributeError


class _Watched:
    """
    A class or module that requests pass through, with names to watch.

    Args:
        module_name: The name of the module.
        class_name: The name of the class in it; empty to watch the module's own
            names.
        names: The watched names, separated by spaces. Names that the installed
            release does not have are ignored.
        is_network: Whether a replacement usually still sends over the network.
            The other names are replaced by test libraries, which count requests.
    """

    def __init__(
        self,
        module_name: str,
        class_name: str,
        names: str,
        is_network: bool = False,
    ) -> None:
        self.module_name = module_name
        self.class_name = class_name
        self.is_network = is_network
        self._names = names.split()
        #: Reads the watched names at once. Each request compares the result
        #: with ``original``, the values when nothing was replaced.
        self.read: Any = _compare_nothing
        self.original: tuple = ()

    def replacements(self, module: Any) -> list:
        """Return the values that differ from the library's own."""
        owner = module
        if self.class_name:
            owner = getattr(module, self.class_name, None)
        if owner is None:
            # The module is being imported, perhaps by another thread.
            return []
        names = [name for name in self._names if hasattr(owner, name)]
        values = [getattr(owner, name) for name in names]
        found = [
            value
            for name, value in zip(names, values)
            if not self._is_original(module, owner, name, value)
        ]
        if not found and names:
            # With a single name, attrgetter would not return a tuple.
            self.read = attrgetter(*names, names[0])
            self.original = (*values, values[0])
        return found

    def _is_original(
        self, module: Any, owner: Any, name: str, value: Any
    ) -> bool:
        if isinstance(value, type):
            return value.__module__ in (self.module_name, *_HOMES)
        if isinstance(value, _WRITTEN_IN_C):
            bases = getattr(owner, "__mro__", ())
            return any(vars(base).get(name) is value for base in bases[1:])
        if name == "debuglevel":
            return value == 0
        if name == "HAS_IPV6":
            # Some machines do not support IPv6.
            return bool(value) or not module._has_ipv6("::1")
        return _is_of_library(value)


#: The types of functions and methods that are written in C.
_WRITTEN_IN_C = (type(len), type(str.join), type(object.__init__))
#: Modules that define classes which other watched modules use.
_HOMES = ("ssl", "urllib3.connection")
#: Top-level modules of ``requests`` and of the libraries that it uses.
_LIBRARIES = ("requests", "urllib3", "http", "socket", "ssl")
#: The default socket options of urllib3.
_NO_DELAY = [(6, 1, 1)]

#: A replaced socket class affects every library. So it also counts if ``requests``
#: is not installed.
_SOCKETS = _Watched("socket", "", "socket", is_network=True)
_WATCHED = (
    _SOCKETS,
    _Watched(
        "requests.sessions",
        "Session",
        "get_adapter request send get post put delete head patch options "
        "prepare_request merge_environment_settings resolve_redirects "
        "rebuild_auth",
    ),
    _Watched(
        "requests.adapters",
        "HTTPAdapter",
        "send init_poolmanager proxy_manager_for cert_verify build_response "
        "get_connection get_connection_with_tls_context request_url",
    ),
    _Watched(
        "urllib3.connectionpool",
        "HTTPConnectionPool",
        "urlopen _make_request _get_conn _new_conn ConnectionCls",
    ),
    _Watched(
        "urllib3.connectionpool",
        "HTTPSConnectionPool",
        "urlopen _make_request _validate_conn _new_conn ConnectionCls",
    ),
    _Watched(
        "urllib3.connection",
        "HTTPConnection",
        "_new_conn connect",
        is_network=True,
    ),
    _Watched(
        "urllib3.connection",
        "HTTPSConnection",
        "connect",
        is_network=True,
    ),
    _Watched(
        "urllib3.util.connection",
        "",
        "create_connection allowed_gai_family HAS_IPV6",
        is_network=True,
    ),
    _Watched(
        "urllib3.util.ssl_",
        "",
        "create_urllib3_context ssl_wrap_socket SSLContext",
        is_network=True,
    ),
    # Tracing libraries replace these methods.
    _Watched(
        "http.client",
        "HTTPConnection",
        "request putrequest send getresponse debuglevel",
        is_network=True,
    ),
    _Watched(
        "socket",
        "",
        "getaddrinfo create_connection",
        is_network=True,
    ),
    _Watched(
        "socket",
        "socket",
        "__init__ connect sendall recv_into makefile",
        is_network=True,
    ),
    _Watched("ssl", "SSLContext", "wrap_socket load_verify_locations", True),
    _Watched("ssl", "", "SSLContext create_default_context", is_network=True),
)

#: The watched names by module: each request looks a module up once.
_WATCHED_BY_MODULE: dict[str, list[tuple[str, _Watched]]] = {}
for _watched in _WATCHED:
    _WATCHED_BY_MODULE.setdefault(_watched.module_name, []).append(
        (_watched.class_name, _watched)
    )


#: Tracers that wrap ``requests`` and urllib3 when they are imported.
_WRAP_AT_IMPORT = ("ddtrace", "newrelic")
_tracers_seen: set[str] = set()


def _import_for_tracers(modules: dict) -> None:
    """Import ``requests``, if it is installed, for a tracer that waits for that."""
    for name in _WRAP_AT_IMPORT:
        if name in modules and name not in _tracers_seen:
            _tracers_seen.add(name)
            if _has_requests():
                import requests  # noqa: F401


def intercepted() -> bool:
    """
    Return whether a part of ``requests`` or of Python's network is replaced.

    This includes methods of its classes, the connections of urllib3, name
    resolution and sockets. Mocks, recorders, tracers, proxies and libraries with
    cooperative sockets replace them, and must see each request. The native
    transport would bypass them.

    If ``requests`` is not installed, only the class of Python's sockets counts.
    """
    modules = sys.modules
    if "requests" not in modules:
        _import_for_tracers(modules)
    for name, group in _WATCHED_BY_MODULE.items():
        module = modules.get(name)
        if module is None:
            continue
        for class_name, watched in group:
            try:
                owner = getattr(module, class_name) if class_name else module
                # Compare by identity: some wrappers are equal to what they wrap.
                if all(map(is_, watched.read(owner), watched.original)):
                    continue
            except AttributeError:
                # The module is being imported, perhaps by another thread.
                pass
            if watched.replacements(module):
                return watched is _SOCKETS or _has_requests()
    return _has_options(modules) and _has_requests()


def _has_options(modules: dict) -> bool:
    """Return whether the default socket options of urllib3 were changed."""
    connections = modules.get("urllib3.connection")
    kind = getattr(connections, "HTTPConnection", None)
    # A script may have replaced the list, or changed it in place.
    options = getattr(kind, "default_socket_options", None)
    return bool(options) and options != _NO_DELAY


def _has_requests() -> bool:
    return "requests" in sys.modules or _find_spec("requests") is not None


def sends_for_real() -> bool:
    """
    Return whether requests of ``requests`` reach a real network.

    They do not if a test has replaced methods of the library, connections or
    sockets, or uses mocks. Failed reads are not retried then, because tests count
    requests. Requests do reach the network if only cooperative sockets, proxies,
    name resolution or tracers are replaced.
    """
    modules = sys.modules
    for watched in _WATCHED:
        module = modules.get(watched.module_name)
        if module is None:
            continue
        for replacement in watched.replacements(module):
            if not (watched.is_network and _reaches_network(replacement)):
                return False
    return True


def _reaches_network(replacement: Any) -> bool:
    """Return whether a replaced part of the network still uses the network."""
    if "mock" in type(replacement).__module__:
        return False
    if isinstance(replacement, type):
        return replacement.__module__.partition(".")[0] in _REAL_SOCKETS
    return True


def replaced_function(name: str) -> Any:
    """Return the replacement of a function of ``requests``, or None."""
    function = getattr(sys.modules.get("requests"), name, None)
    api = sys.modules.get("requests.api")
    if function is None or api is None or _is_defined_in(function, api):
        return None
    return function


#: The names of the types of functions that Python, Cython and Nuitka define.
#: Wrappers copy the attributes of a function, but have another type.
_FUNCTIONS = ("function", "cython_function_or_method", "compiled_function")


def _is_of_library(function: Any) -> bool:
    """Return whether ``requests``, or a library that it uses, defines a function."""
    if type(function).__name__ not in _FUNCTIONS:
        return False
    name = function.__globals__.get("__name__", "")
    return name.partition(".")[0] in _LIBRARIES and _is_defined_in(
        function, sys.modules.get(name, sys)
    )


def _is_defined_in(function: Any, module: Any) -> bool:
    """Return whether a module defines a function, and not a wrapper of it."""
    if type(function).__name__ not in _FUNCTIONS:
        return False
    return function.__globals__ is vars(module)

"""
Where the process has ``requests``: what of ours is also its own, and whether
somebody has put something into its place.
"""

from __future__ import annotations

import operator
import sys
from typing import Any

_joined: dict[tuple[type, type], type] = {}


def joined(own: type, module_name: str) -> type:
    """
    Return the class to use for one of ours.

    Args:
        own: Our class.
        module_name: The module of ``requests`` that has one of that name.

    Returns:
        A class that is both, where the process has imported that module, so
        that ``isinstance`` and ``except`` find what they look for; else ours.
    """
    theirs = defined(module_name, own.__name__)
    if theirs is None:
        return own
    key = (own, theirs)
    if key not in _joined:
        attributes = {
            "__module__": own.__module__,
            "__doc__": own.__doc__,
            "_is_joined": True,
        }
        _joined.setdefault(key, type(own.__name__, (own, theirs), attributes))
    return _joined[key]


def defined(module_name: str, name: str) -> type | None:
    """
    Return a class of ``requests``, as the library itself defines it.

    Args:
        module_name: The module of ``requests``.
        name: The class's name.

    Returns:
        None where the process has not imported that module.
    """
    found = getattr(sys.modules.get(module_name), name, None)
    if not isinstance(found, type):
        return None
    # Under the name may stand a subclass that somebody has put there.
    for cls in found.__mro__:
        if cls.__module__ == module_name and cls.__name__ == name:
            return cls
    return None


class Joining:
    """
    An object that says it is one of ``requests`` as soon as that is imported.

    It may have been made before: ``isinstance`` asks it for its class then.
    """

    _is_joined = False
    _theirs = ""

    @property
    def __class__(self) -> type:
        cls = type(self)
        return cls if cls._is_joined else joined(cls, cls._theirs)

    def _join(self) -> None:
        """Become one."""
        cls = type(self)
        if not cls._is_joined:
            # The property above stands in the way of a plain assignment.
            object.__dict__["__class__"].__set__(self, self.__class__)


_found_bundle: list[str | None] = []


def ca_bundle(encrypted: bool) -> str | None:
    """
    Return the bundle of certificates that ``requests`` would use by itself.

    Studios add their own authority to certifi's bundle, or name another bundle in
    ``requests`` or in certifi.

    Args:
        encrypted: Whether to look for certifi on the disk as well, where the
            process has not imported it. It is not imported for that.

    Returns:
        Its path, or None where there is none.
    """
    adapters = sys.modules.get("requests.adapters")
    path = getattr(adapters, "DEFAULT_CA_BUNDLE_PATH", None)
    if path is None:
        where = getattr(sys.modules.get("certifi"), "where", None)
        if where is not None:
            path = where()
        elif encrypted:
            if not _found_bundle:
                _found_bundle.append(_bundle_on_disk())
            path = _found_bundle[0]
    return None if path is None else str(path)


def _bundle_on_disk() -> str | None:
    import os
    from importlib.util import find_spec

    try:
        spec = find_spec("certifi")
    except (ImportError, ValueError):
        # None in sys.modules, or a module without a spec.
        return None
    if spec is None or not spec.origin:
        return None
    path = os.path.join(os.path.dirname(spec.origin), "cacert.pem")
    return path if os.path.isfile(path) else None


# --- who stands between ``requests`` and the network ------------------------

#: What makes sockets of its own that use the network as they are asked to: they
#: cooperate, go through a proxy or are limited, and do not answer themselves.
_REAL_SOCKETS = ("gevent", "eventlet", "socks", "ssl", "truststore")


def _nothing(owner: Any) -> tuple:
    raise AttributeError


class _Watched:
    """
    A class or module that requests go through, and the names to look at there.

    Args:
        module_name: The module.
        class_name: The class in it; empty for the module's own names.
        names: The names, by spaces. Those that a release does not have do not
            count.
        is_network: Whether what replaces them sends over the network all the
            same. Tests replace the others, and count the requests there.
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
        #: What looks at the names that are there, and what it found when these
        #: were the library's own. Each request compares.
        self.look: Any = _nothing
        self.own: tuple = ()

    def replacements(self, module: Any) -> list:
        """Return what stands in the place of the library's own."""
        owner = module
        if self.class_name:
            owner = getattr(module, self.class_name, None)
        if owner is None:
            # It is being imported, by another thread perhaps.
            return []
        names = [name for name in self._names if hasattr(owner, name)]
        values = [getattr(owner, name) for name in names]
        found = [
            value
            for name, value in zip(names, values)
            if not self._is_own(module, owner, name, value)
        ]
        if not found and names:
            # Of one name it would not make a tuple.
            self.look = operator.attrgetter(*names, names[0])
            self.own = (*values, values[0])
        return found

    def _is_own(self, module: Any, owner: Any, name: str, value: Any) -> bool:
        if isinstance(value, type):
            return value.__module__ in (self.module_name, *_HOMES)
        if isinstance(value, _WRITTEN_IN_C):
            bases = getattr(owner, "__mro__", ())
            return any(vars(base).get(name) is value for base in bases[1:])
        if name == "debuglevel":
            return value == 0
        if name == "HAS_IPV6":
            # Some machines have none.
            return bool(value) or not module._has_ipv6("::1")
        return _is_of_library(value)


#: Kinds of functions and methods that are written in C.
_WRITTEN_IN_C = (type(len), type(str.join), type(object.__init__))
#: Where classes come from that more than their own module refers to.
_HOMES = ("ssl", "urllib3.connection")
#: What functions of the library and of what it stands on come from.
_LIBRARIES = ("requests", "urllib3", "http", "socket", "ssl")
#: The socket options that urllib3 sets by itself.
_NO_DELAY = [(6, 1, 1)]

#: What stands in for these is asked for its connections by other libraries too,
#: so that it counts where ``requests`` is not installed.
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
    # Tracers reach in here.
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

#: The same, as each request goes through them.
_LOOKED_AT = [
    (watched.module_name, watched.class_name, watched) for watched in _WATCHED
]


def intercepted() -> bool:
    """
    Whether somebody stands between ``requests`` and the network.

    That is so when a method of its classes, the connections below it, how names
    are looked up, or Python's sockets have been replaced: by a mock, a recorder,
    a tracer, by what steers where connections go, or by what makes sockets
    cooperate or go through a proxy. What goes around them would not be seen
    there.

    Where ``requests`` is not installed nothing can go through it, and only
    sockets of another class count.
    """
    modules = sys.modules
    for name, class_name, watched in _LOOKED_AT:
        module = modules.get(name)
        if module is None:
            continue
        try:
            owner = getattr(module, class_name) if class_name else module
            # Some wrappers say that they equal what they wrap.
            if all(map(operator.is_, watched.look(owner), watched.own)):
                continue
        except AttributeError:
            # It is being imported, by another thread perhaps.
            pass
        if watched.replacements(module):
            return watched is _SOCKETS or _has_requests()
    return _has_options(modules) and _has_requests()


def _has_options(modules: dict) -> bool:
    """Whether connections get other options than urllib3 sets by itself."""
    connections = modules.get("urllib3.connection")
    kind = getattr(connections, "HTTPConnection", None)
    # The list may have been changed in its place.
    options = getattr(kind, "default_socket_options", None)
    return bool(options) and options != _NO_DELAY


def _has_requests() -> bool:
    from importlib.util import find_spec

    return "requests" in sys.modules or find_spec("requests") is not None


def sends_for_real() -> bool:
    """
    Whether what goes through ``requests`` goes over the network.

    It does not where a test suite answers in the network's place: with methods
    of the library replaced, with connections or sockets that answer themselves,
    with mocks. There each request is sent once, since tests count them. It does
    where only the way is another: with sockets that cooperate or go through a
    proxy, with names that are looked up in another way, with a tracer below the
    library. Reads are tried again there, as everywhere.
    """
    modules = sys.modules
    for watched in _WATCHED:
        module = modules.get(watched.module_name)
        if module is None:
            continue
        for replacement in watched.replacements(module):
            if not (watched.is_network and _is_real(replacement)):
                return False
    return True


def _is_real(replacement: Any) -> bool:
    """Whether what is in a place of the network's is more than an answer."""
    if "mock" in type(replacement).__module__:
        return False
    if isinstance(replacement, type):
        return replacement.__module__.partition(".")[0] in _REAL_SOCKETS
    return True


def replaced_function(name: str) -> Any:
    """Return what has taken the place of a function of ``requests``, or None."""
    function = getattr(sys.modules.get("requests"), name, None)
    api = sys.modules.get("requests.api")
    if function is None or api is None or _is_of(function, api):
        return None
    return function


#: The kinds of functions that modules define: Python's, Cython's and Nuitka's.
#: Wrappers pass on what they are asked for, but are of other kinds.
_FUNCTIONS = ("function", "cython_function_or_method", "compiled_function")


def _is_of_library(function: Any) -> bool:
    """Whether a function is one of the library, or of what it stands on."""
    if type(function).__name__ not in _FUNCTIONS:
        return False
    name = function.__globals__.get("__name__", "")
    return name.partition(".")[
        0
    ] in _LIBRARIES and function.__globals__ is vars(
        sys.modules.get(name, sys)
    )


def _is_of(function: Any, module: Any) -> bool:
    """Whether a function is written in a module; wrappers copy its name only."""
    if type(function).__name__ not in _FUNCTIONS:
        return False
    return function.__globals__ is vars(module)

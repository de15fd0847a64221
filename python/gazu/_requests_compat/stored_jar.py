"""Cookie jars that are views of the cookies of the native transport."""

from __future__ import annotations

import collections.abc
import copyreg
import http.cookiejar
import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator

#: The transport stores no later expiry: 64 bits have room for it.
_LAST_SECOND = 2**62

#: The classes of views by the classes that the jars had before.
_classes: dict[type, type] = {}


def can_be_view(jar: Any) -> bool:
    """Return whether a jar keeps its cookies as those of ``http.cookiejar`` do."""
    attributes = vars(jar)
    return _is_view(jar) or (
        "_cookies" in attributes and "_cookies_lock" in attributes
    )


def view(jar: Any, store: Any) -> Any:
    """
    Make a jar a view of a store: it keeps no cookies of its own from then on.

    Its cookies are added to the store. The jar stays the same object, so that
    what a script does with it later reaches the store too.

    Args:
        jar: A jar of which ``can_be_view`` is true. If it is a view already,
            it stays the view of its own store.
        store: A ``_core.Cookies``.
    """
    with jar._cookies_lock:
        if not _is_view(jar):
            own = list(_leaves(jar._cookies))
            vars(jar)["_view"] = _Store(store)
            for cookie in own:
                jar._view.add(cookie)
            jar.__class__ = _class_of_view(type(jar))
            del vars(jar)["_cookies"]
    return jar


def store_of(jar: Any) -> Any:
    """Return the ``_core.Cookies`` that a view shows."""
    return jar._view.cookies


class _Store:
    """A ``_core.Cookies``, and the class of the cookies that it gives to scripts."""

    def __init__(self, cookies: Any) -> None:
        self.cookies = cookies
        self.cookie_class = type(
            "Cookie",
            (_StoredCookie,),
            {"__module__": "http.cookiejar", "_stored_in": cookies},
        )

    def add(self, cookie: Any) -> None:
        """Store a cookie."""
        self.cookies.set(_record(cookie))
        if type(cookie) is http.cookiejar.Cookie:
            # Scripts may change a cookie after they have put it into a jar.
            cookie.__class__ = self.cookie_class

    def cookie(self, record: tuple) -> Any:
        """Return the cookie for a tuple of the native transport."""
        cookie: Any = http.cookiejar.Cookie.__new__(self.cookie_class)
        vars(cookie).update(_attributes(record))
        return cookie


class _StoredCookie(http.cookiejar.Cookie):
    """
    A cookie of a view. A changed attribute is stored.

    If the store has another cookie in its place meanwhile, nothing is stored.
    """

    _stored_in: Any

    def __setattr__(self, name: str, value: Any) -> None:
        before = _record(self)
        super().__setattr__(name, value)
        self._stored_in.replace(before, _record(self))

    def set_nonstandard_attr(self, name: str, value: Any) -> None:
        before = _record(self)
        super().set_nonstandard_attr(name, value)
        self._stored_in.replace(before, _record(self))

    def __reduce_ex__(self, protocol: Any) -> Any:
        return _reduced(http.cookiejar.Cookie, dict(vars(self)))


def _cookies(jar: Any) -> _Level:
    """
    Return the cookies of a view by domain, path and name, as they are now.

    All methods of ``http.cookiejar.CookieJar`` read and write these.
    """
    level = _Level(vars(jar)["_view"], ())
    for record in level.store.cookies.all():
        level.show(level.store.cookie(record))
    return level


def _replace_cookies(jar: Any, cookies: Any) -> None:
    store = vars(jar)["_view"]
    own = list(_leaves(cookies))
    store.cookies.clear()
    for cookie in own:
        store.add(cookie)


def _reduce_jar(jar: Any, protocol: Any) -> Any:
    """Pickle a view as a jar of the class that it had, with the cookies."""
    plain = type(jar)._plain_class
    reduced = plain.__reduce_ex__(jar, protocol)
    if getattr(reduced[0], "__module__", None) != "copyreg":
        # The jar is pickled in a way of its own.
        return reduced
    state = {k: v for k, v in reduced[2].items() if k != "_view"}
    state["_cookies"] = jar._cookies.plain()
    return _reduced(plain, state)


def _is_view(jar: Any) -> bool:
    return "_plain_class" in vars(type(jar))


def _class_of_view(plain: type) -> type:
    if plain not in _classes:
        # Python changes the class of an object only to one with the same
        # layout: the methods stand in the class itself, not in a base.
        attributes = {
            "__module__": plain.__module__,
            "__qualname__": plain.__qualname__,
            "__doc__": plain.__doc__,
            "_plain_class": plain,
            "_cookies": property(_cookies, _replace_cookies),
            "__reduce_ex__": _reduce_jar,
        }
        made = type(plain.__name__, (plain,), attributes)
        _classes.setdefault(plain, made)
    return _classes[plain]


class _Level(dict):
    """
    The domains of a view, the paths of a domain, or the cookies of a path.

    What is set and deleted here is set and deleted in the store.
    """

    __slots__ = ("place", "store")

    def __init__(self, store: _Store, place: tuple) -> None:
        super().__init__()
        self.store = store
        #: The domain and the path, as far as this is limited to them.
        self.place = place

    def show(self, cookie: Any) -> None:
        """Add a cookie that is in the store."""
        level = self
        for key in (cookie.domain, cookie.path):
            if key not in level:
                dict.__setitem__(level, key, level[key])
            level = level[key]
        dict.__setitem__(level, cookie.name, cookie)

    def plain(self) -> dict:
        """Return a dict of dicts of cookies that belong to no store."""
        return {
            key: value.plain() if isinstance(value, _Level) else _copy(value)
            for key, value in self.items()
        }

    def __missing__(self, key: str) -> _Level:
        # Another thread may have removed the last cookie of a domain or path.
        if len(self.place) == 2:
            raise KeyError(key)
        return _Level(self.store, (*self.place, key))

    def __setitem__(self, key: str, value: Any) -> None:
        if len(self.place) == 2:
            self.store.add(value)
            super().__setitem__(key, value)
            return
        if key in self:
            del self[key]
        level = _Level(self.store, (*self.place, key))
        super().__setitem__(key, level)
        level.update(value)

    def __delitem__(self, key: str) -> None:
        value = super().__getitem__(key) if key in self else None
        if value is None:
            raise KeyError(key)
        cookies = _leaves(value) if isinstance(value, _Level) else [value]
        for cookie in cookies:
            self.store.cookies.remove(cookie.domain, cookie.path, cookie.name)
        super().__delitem__(key)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return dict, (self.plain(),)

    def copy(self) -> dict:
        """Return a dict of the same."""
        return dict(self)

    pop = collections.abc.MutableMapping.pop  # type: ignore[assignment]
    popitem = collections.abc.MutableMapping.popitem  # type: ignore[assignment]
    clear = collections.abc.MutableMapping.clear  # type: ignore[assignment]
    update = collections.abc.MutableMapping.update  # type: ignore[assignment]
    setdefault = collections.abc.MutableMapping.setdefault  # type: ignore[assignment]


def _reduced(plain: type, state: dict) -> tuple:
    """
    Return what pickles an object as one of a plain class.

    It is loaded by Python itself, where this package may be missing.
    """
    return copyreg._reconstructor, (plain, object, None), state  # type: ignore[attr-defined]


def _copy(cookie: Any) -> http.cookiejar.Cookie:
    made = http.cookiejar.Cookie.__new__(http.cookiejar.Cookie)
    vars(made).update(vars(cookie))
    return made


def _leaves(cookies: Any) -> Iterator[Any]:
    """Yield the cookies of nested mappings."""
    for value in list(cookies.values()):
        if isinstance(value, collections.abc.Mapping):
            yield from _leaves(value)
        else:
            yield value


def _record(cookie: Any) -> tuple:
    """Return a cookie as a tuple of the native transport."""
    domain = cookie.domain
    for_domain = domain.startswith(".") or cookie.domain_specified
    expires = cookie.expires
    record = (
        cookie.name,
        str("" if cookie.value is None else cookie.value),
        domain,
        bool(for_domain and domain),
        cookie.path,
        bool(cookie.secure),
        None if expires is None else max(0, min(int(expires), _LAST_SECOND)),
        None,
    )
    usual = _attributes(record)
    details = {
        name: value
        for name, value in vars(cookie).items()
        if name not in usual
        or usual[name] != value
        or type(usual[name]) is not type(value)
    }
    if details:
        text = json.dumps(details, sort_keys=True, default=str)
        return (*record[:-1], text)
    return record


def _attributes(record: tuple) -> dict:
    """Return the attributes of the cookie for a tuple of the native transport."""
    name, value, domain, for_domain, path, secure, expires, details = record
    attributes = {
        "version": 0,
        "name": name,
        "value": value,
        "port": None,
        "port_specified": False,
        "domain": domain,
        "domain_specified": for_domain,
        "domain_initial_dot": domain.startswith("."),
        "path": path,
        "path_specified": bool(path),
        "secure": secure,
        "expires": expires,
        "discard": expires is None,
        "comment": None,
        "comment_url": None,
        "rfc2109": False,
        "_rest": {},
    }
    if details is not None:
        attributes.update(json.loads(details))
    return attributes

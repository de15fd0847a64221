"""The cookie jar of a session, with the interface of ``RequestsCookieJar``."""

from __future__ import annotations

import collections.abc
import copy
import http.cookiejar
import sys
import threading
import urllib.request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterator, Mapping


class Cookies(http.cookiejar.CookieJar, collections.abc.MutableMapping):
    """
    A cookie jar that is also a mapping from names to values.

    Iterating over it gives the cookies themselves; ``keys``, ``values`` and
    ``items`` give names and values.
    """

    def __getstate__(self) -> dict:
        state = dict(self.__dict__)
        del state["_cookies_lock"]
        return state

    def __setstate__(self, state: dict) -> None:
        self.__dict__.update(state)
        self._cookies_lock = threading.RLock()

    def __getitem__(self, name: str) -> str | None:
        for cookie in self:
            if cookie.name == name:
                return cookie.value
        raise KeyError(name)

    def __setitem__(self, name: str, value: str) -> None:
        self.set(name, value)

    def __delitem__(self, name: str) -> None:
        result = [cookie for cookie in self if cookie.name == name]
        for cookie in result:
            self.clear(cookie.domain, cookie.path, cookie.name)
        if not result:
            raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(cookie.name == name for cookie in self)

    def get(
        self,
        name: str,
        default: Any = None,
        domain: str | None = None,
        path: str | None = None,
    ) -> Any:
        """Return the value of a cookie. None as domain or path matches any."""
        for cookie in self._matching(domain, path):
            if cookie.name == name:
                return cookie.value
        return default

    def set(self, name: str, value: Any, **kwargs: Any) -> Any:
        """
        Set a cookie, or remove it if its value is None.

        Args:
            name: The name of the cookie.
            value: The value of the cookie.
            kwargs: Further attributes of the cookie, such as ``domain``,
                ``path``, ``secure`` and ``expires``. Without a domain, the
                cookie is sent to every host.

        Returns:
            The new cookie, or None if it was removed.
        """
        if value is None:
            for cookie in self._matching(
                kwargs.get("domain"), kwargs.get("path")
            ):
                if cookie.name == name:
                    self.clear(cookie.domain, cookie.path, cookie.name)
            return None
        cookie = new_cookie(name, value, **kwargs)
        self.set_cookie(cookie)
        return cookie

    def keys(self) -> list:  # type: ignore[override]
        """Return the names of the cookies."""
        return [cookie.name for cookie in self]

    def values(self) -> list:  # type: ignore[override]
        """Return the values of the cookies."""
        return [cookie.value for cookie in self]

    def items(self) -> list:  # type: ignore[override]
        """Return pairs of the cookies' names and values."""
        return [(cookie.name, cookie.value) for cookie in self]

    def update(self, other: Any = (), **kwargs: Any) -> None:
        """Add the cookies of another jar, or of a mapping from names to values."""
        if isinstance(other, http.cookiejar.CookieJar):
            for cookie in other:
                self.set_cookie(copy.copy(cookie))
        else:
            super().update(other, **kwargs)

    def get_dict(
        self, domain: str | None = None, path: str | None = None
    ) -> dict:
        """Return a dict of values by name. None as domain or path matches any."""
        return {
            cookie.name: cookie.value
            for cookie in self._matching(domain, path)
        }

    def list_domains(self) -> list:
        """Return the domains of the cookies, each once."""
        return list(dict.fromkeys(cookie.domain for cookie in self))

    def list_paths(self) -> list:
        """Return the paths of the cookies, each once."""
        return list(dict.fromkeys(cookie.path for cookie in self))

    def copy(self) -> Cookies:
        """Return a copy."""
        other = Cookies(self._policy)  # type: ignore[attr-defined]
        other.update(self)
        return other

    def _matching(self, domain: str | None, path: str | None) -> Iterator[Any]:
        for cookie in list(self):
            if domain not in (None, cookie.domain):
                continue
            if path in (None, cookie.path):
                yield cookie


def new_cookie(name: str, value: Any, **kwargs: Any) -> http.cookiejar.Cookie:
    """
    Return a new cookie.

    Args:
        name: The name of the cookie.
        value: The value of the cookie.
        kwargs: Further attributes, such as ``domain`` and ``path``.

    Raises:
        TypeError: an attribute does not exist.
    """
    attributes = {
        "version": 0,
        "port": None,
        "domain": "",
        "path": "/",
        "secure": False,
        "expires": None,
        "discard": True,
        "comment": None,
        "comment_url": None,
        "rest": {"HttpOnly": None},
        "rfc2109": False,
    }
    unknown = set(kwargs) - set(attributes)
    if unknown:
        raise TypeError(
            "a cookie has no attribute {}".format(", ".join(sorted(unknown)))
        )
    attributes.update(kwargs)
    domain = attributes["domain"]
    return http.cookiejar.Cookie(
        name=name,
        value=value,
        port_specified=bool(attributes["port"]),
        domain_specified=bool(domain),
        domain_initial_dot=domain.startswith("."),
        path_specified=bool(attributes["path"]),
        **attributes,
    )


def jar() -> Any:
    """
    Return a new cookie jar.

    If the process has imported ``requests``, it is a ``RequestsCookieJar``.
    """
    requests_cookies = sys.modules.get("requests.cookies")
    jar_class = getattr(requests_cookies, "RequestsCookieJar", Cookies)
    return jar_class()


def as_jar(cookies: Any) -> Any:
    """Return a jar unchanged, and a mapping from names to values as a new jar."""
    if isinstance(cookies, http.cookiejar.CookieJar):
        return cookies
    made_jar = jar()
    for name, value in dict(cookies or {}).items():
        made_jar.set(name, value)
    return made_jar


def header(cookie_jar: Any, given: Any, url: str) -> str | None:
    """Return the Cookie header for a URL, from a jar and the cookies of a request."""
    both = jar()
    both.update(cookie_jar)
    both.update(as_jar(given))
    request = urllib.request.Request(url)
    both.add_cookie_header(request)
    return request.get_header("Cookie")


class _Headers:
    """Headers in the form from which ``http.cookiejar`` reads cookies."""

    def __init__(self, pairs: list) -> None:
        self._pairs = pairs

    def info(self) -> _Headers:
        """Return this object: it also has the interface of the headers."""
        return self

    def get_all(self, name: str, default: Any = None) -> Any:
        """Return all values of a header."""
        return [v for k, v in self._pairs if k.lower() == name.lower()]


def of_answer(pairs: list, url: str) -> Mapping[str, str]:
    """Return a jar with the cookies that an answer from a URL sets."""
    result = jar()
    if any(name.lower() == "set-cookie" for name, _ in pairs):
        result.extract_cookies(_Headers(pairs), urllib.request.Request(url))
    return result

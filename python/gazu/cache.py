"""
Results that are kept for a while.

Off unless ``enable()`` is called. Each cached function has a store of its own
and these attributes: ``clear_cache()``, ``set_cache_expire(seconds)``,
``set_cache_max_size(entries)``, ``enable_cache()``, ``disable_cache()`` and
``get_cache_infos()``.
"""

from __future__ import annotations

import copy
import datetime
import functools
import json
import sys
import types
from typing import Any, Callable

from ._engine import lazy
from ._engine.annotations import Literal

cache_settings = {"enabled": False}
cached_functions: list[Any] = []


def enable() -> Literal[True]:
    """
    Keep results from now on.

    Returns:
        Literal[True]: True.
    """
    cache_settings["enabled"] = True
    return True


def disable() -> Literal[False]:
    """
    Ask the server every time again.

    Returns:
        Literal[False]: False.
    """
    cache_settings["enabled"] = False
    return False


def clear_all() -> None:
    """Forget the results of all functions."""
    for function in cached_functions:
        function.clear_cache()


def remove_oldest_entry(memo: dict, maxsize: int) -> Any:
    """
    Drop the oldest entry of a store that has too many.

    Args:
        memo: The store.
        maxsize: How many entries it may have; 0 or less for any number.

    Returns:
        Any: The key of the dropped entry, or None.
    """
    if maxsize <= 0 or len(memo) <= maxsize:
        return None
    # Another thread may clear the store meanwhile.
    entries = dict(memo)
    if not entries:
        return None
    oldest = min(entries, key=lambda key: entries[key]["date_accessed"])
    memo.pop(oldest, None)
    return oldest


def _client_cache_identity(client: Any) -> list:
    """Tell clients apart by host and login; the token itself is not kept."""
    import hashlib

    token = getattr(client, "access_token", None)
    digest = hashlib.sha256(token.encode()).hexdigest() if token else None
    return [client.host, digest]


def _asker(client: Any) -> tuple[str, str | None]:
    """
    Return the host and the login with which a client asks.

    Keys alone say this only of a client that is given, and in upstream's form.
    """
    import hashlib

    token = getattr(client, "access_token", None)
    host = str(getattr(client, "host", ""))
    if not token:
        return host, None
    digest = hashlib.sha256(str(token).encode("utf-8", "replace"))
    return host, digest.hexdigest()


def _default_client_of(function: Callable) -> Any:
    """Return the client that a function uses where none is given."""
    import inspect

    try:
        parameter = inspect.signature(function).parameters.get("client")
    except (TypeError, ValueError):
        parameter = None
    default = None if parameter is None else parameter.default
    return default if hasattr(default, "host") else None


def get_cache_key(args: Any, kwargs: Any) -> str:
    """
    Return the key under which the result for some arguments is kept.

    Arguments given by position and by name have different keys.

    Args:
        args: The arguments by position.
        kwargs: The arguments by name.

    Returns:
        str: The key: JSON of the arguments.

    Raises:
        TypeError: an argument cannot be encoded as JSON.
    """
    named = dict(kwargs)
    if "client" in named:
        named["client"] = _client_cache_identity(named["client"])
    if args and named:
        return json.dumps([args, named])
    if args or named:
        return json.dumps(args or named)
    return ""


def insert_value(
    function: Callable, cache_store: dict, args: Any, kwargs: Any
) -> Any:
    """
    Call a function and keep its result.

    Args:
        function: The function.
        cache_store: Where to keep the result.
        args: Its arguments by position.
        kwargs: Its arguments by name.

    Returns:
        Any: A copy of the result.
    """
    value = function(*args, **kwargs)
    return _keep(cache_store, get_cache_key(args, kwargs), value)


def _keep(cache_store: dict, key: Any, value: Any) -> Any:
    """Keep a result under a key, and return a copy of it."""
    entry = {"date_accessed": datetime.datetime.now(), "value": value}
    cache_store[key] = entry
    # From the entry itself: another thread may clear the store meanwhile.
    return get_value({key: entry}, key)


def get_value(cache_store: dict, key: str) -> Any:
    """
    Return a copy, down to the last value, of what is kept under a key.

    Args:
        cache_store: Where results are kept.
        key: The key.

    Returns:
        Any: The copy.
    """
    return copy.deepcopy(cache_store[key]["value"])


def is_cache_enabled(state: dict) -> bool:
    """
    Tell whether caching is on, for all functions and for one.

    Args:
        state: What is set for the function.

    Returns:
        bool: Whether both are on.
    """
    return cache_settings["enabled"] and state["enabled"]


def is_cache_expired(memo: dict, state: dict, key: str) -> bool:
    """
    Tell whether what is kept under a key is too old.

    Args:
        memo: The store.
        state: The function's cache settings; ``expire`` is in seconds, 0 or
            less for never.
        key: The key.

    Returns:
        bool: Whether it is.
    """
    expire = state["expire"]
    expiry = memo[key]["date_accessed"] + datetime.timedelta(seconds=expire)
    return expire > 0 and expiry < datetime.datetime.now()


def cache(
    function: Callable, maxsize: int = 300, expire: int = 120
) -> Callable:
    """
    Keep the results of a function while caching is on.

    Args:
        function: The function.
        maxsize: How many results are kept; the oldest is dropped first.
        expire: Seconds for which a result is kept; 0 for ever.

    Returns:
        Callable: The function, with the attributes that control its cache.
    """
    cache_store: dict = {}
    state = {"enabled": True, "expire": expire, "maxsize": maxsize}
    statistics = {"hits": 0, "misses": 0, "expired_hits": 0}

    def clear_cache() -> None:
        cache_store.clear()

    def get_cache_infos() -> dict:
        size = {"current_size": len(cache_store)}
        return {**state, **statistics, **size}

    def set_expire(new_expire: int) -> None:
        state["expire"] = new_expire

    def set_max_size(maxsize: int) -> None:
        state["maxsize"] = maxsize

    def enable_cache() -> None:
        state["enabled"] = True

    def disable_cache() -> None:
        state["enabled"] = False

    default: list[Any] = []

    def asker_of(kwargs: dict) -> tuple:
        client = kwargs.get("client")
        if client is None:
            if not default:
                default.append(_default_client_of(function))
            client = default[0]
        if client is None:
            # What the function asks inside, it asks with this one.
            from . import client as raw

            client = raw.default_client
        return _asker(client)

    def keep(value: Any, asker: tuple, args: Any, kwargs: Any) -> Any:
        if asker_of(kwargs) != asker:
            # Whose answer it is cannot be told.
            return value
        return _keep(cache_store, (get_cache_key(args, kwargs), asker), value)

    async def awaited(*args: Any, **kwargs: Any) -> Any:
        asker = asker_of(kwargs)
        key: Any = (get_cache_key(args, kwargs), asker)
        entry = cache_store.get(key)
        is_known = entry is not None
        if is_known and not is_cache_expired({key: entry}, state, key):
            statistics["hits"] += 1
            return get_value({key: entry}, key)
        statistics["expired_hits" if is_known else "misses"] += 1
        value = await function(*args, **kwargs)
        own = keep(value, asker, args, kwargs)
        remove_oldest_entry(cache_store, state["maxsize"])
        return own

    @functools.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        client_class = type(kwargs.get("client"))
        described = hasattr(client_class, "_describes")
        if described or not is_cache_enabled(state):
            return function(*args, **kwargs)
        if hasattr(client_class, "_run_composition"):
            return awaited(*args, **kwargs)
        asker = asker_of(kwargs)
        key: Any = (get_cache_key(args, kwargs), asker)
        entry = cache_store.get(key)
        if entry is None:
            statistics["misses"] += 1
            value = keep(function(*args, **kwargs), asker, args, kwargs)
            remove_oldest_entry(cache_store, state["maxsize"])
            return value
        if is_cache_expired({key: entry}, state, key):
            statistics["expired_hits"] += 1
            return keep(function(*args, **kwargs), asker, args, kwargs)
        statistics["hits"] += 1
        return get_value({key: entry}, key)

    wrapper.set_cache_expire = set_expire
    wrapper.set_cache_max_size = set_max_size
    wrapper.clear_cache = clear_cache
    wrapper.enable_cache = enable_cache
    wrapper.disable_cache = disable_cache
    wrapper.get_cache_infos = get_cache_infos
    cached_functions.append(wrapper)
    return wrapper


class _Module(types.ModuleType):
    """This module: who asks for the cached functions is given all of them."""

    def __getattribute__(self, name: str) -> Any:
        if name == "cached_functions":
            lazy.execute_all()
        return super().__getattribute__(name)


sys.modules[__name__].__class__ = _Module

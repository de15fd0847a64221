"""``gazu.cache``: its own functions, and the decorator on a script's function."""

import datetime
import functools

from . import covers


@covers("cache.enable", "cache.disable", "cache.is_cache_enabled")
def switch(env):
    cache = env.gazu.cache
    seen = [cache.cache_settings]
    for function in (cache.enable, cache.enable, cache.disable, cache.disable):
        seen.append([function(), dict(cache.cache_settings)])
    for enabled in (True, False):
        cache.cache_settings["enabled"] = enabled
        seen.append(
            [
                cache.is_cache_enabled({"enabled": state})
                for state in (True, False)
            ]
        )
    return seen


@covers("cache.get_cache_key")
def keys(env):
    get = env.gazu.cache.get_cache_key
    second = env.client("second")
    found = []
    for args, kwargs in (
        ((), {}),
        (("a",), {}),
        ((), {"b": 1}),
        (("a", 2, None, True), {"b": [1], "a": {"x": "\u00e9"}}),
        (([1, 2],), {}),
        (({"b": 1, "a": 2},), {}),
        ((), {"client": env.default}),
        (("a",), {"client": second}),
        (("a",), {"client": second, "z": 1}),
    ):
        before = dict(kwargs)
        found.append([get(args, kwargs), kwargs == before])
    env.default.tokens = {}
    found.append(get((), {"client": env.default}))
    for args in ((object(),), ({1, 2},), (b"x",)):
        found.append(_raised(get, args, {}))
    return found


def _raised(function, *args, **kwargs):
    try:
        return function(*args, **kwargs)
    except Exception as error:
        return error


@covers("cache.get_value", "cache.insert_value")
def values(env):
    cache = env.gazu.cache
    store = {}
    calls = []

    def function(*args, **kwargs):
        calls.append([args, kwargs])
        return {"list": [1]}

    first = cache.insert_value(function, store, ("a",), {"b": 2})
    first["list"].append(2)
    key = next(iter(store))
    second = cache.get_value(store, key)
    return [
        first,
        second,
        key,
        calls,
        sorted(store[key]),
        type(store[key]["date_accessed"]).__name__,
        _raised(cache.get_value, store, "missing"),
    ]


@covers("cache.remove_oldest_entry", "cache.is_cache_expired")
def age(env):
    cache = env.gazu.cache
    now = datetime.datetime.now()
    memo = {
        str(n): {
            "date_accessed": now - datetime.timedelta(seconds=60 * n),
            "value": n,
        }
        for n in (1, 3, 2)
    }
    seen = []
    for size in (0, -1, 5, 3, 2, 1, 1):
        seen.append(
            [size, cache.remove_oldest_entry(memo, size), sorted(memo)]
        )
    for expire in (0, 30, 90, -1):
        seen.append(
            [expire, cache.is_cache_expired(memo, {"expire": expire}, "1")]
        )
    return seen


@covers("cache.cache", "cache.clear_all")
def decorator(env):
    cache = env.gazu.cache
    calls = []

    def function(a, b=2, *, c=3):
        """The text of the function."""
        calls.append([a, b, c])
        return [a, {"b": b}]

    function.attribute = "kept"
    before = len(cache.cached_functions)
    wrapped = cache.cache(function, maxsize=2, expire=60)
    seen = [
        len(cache.cached_functions) - before,
        cache.cached_functions[-1] is wrapped,
        wrapped.__name__,
        wrapped.__doc__,
        wrapped.__wrapped__ is function,
        wrapped.attribute,
        wrapped.get_cache_infos(),
    ]
    wrapped(1)
    wrapped(1)
    seen.append([len(calls), wrapped.get_cache_infos()])
    cache.enable()
    for args, kwargs in (
        ((1,), {}),
        ((1,), {}),
        ((), {"a": 1}),
        ((1, 2), {}),
        ((3,), {}),
        ((1,), {}),
        ((1,), {"c": 4}),
        ((1,), {"c": 4}),
    ):
        result = wrapped(*args, **kwargs)
        result.append("mine")
        seen.append([result, len(calls), wrapped.get_cache_infos()])
    seen.append(_raised(wrapped))
    seen.append(_raised(wrapped, object()))
    seen.append(
        [wrapped.set_cache_max_size(1), wrapped(9), wrapped.get_cache_infos()]
    )
    seen.append(
        [wrapped.set_cache_expire(0), wrapped(9), wrapped.get_cache_infos()]
    )
    seen.append(
        [wrapped.disable_cache(), wrapped(9), wrapped.get_cache_infos()]
    )
    seen.append(
        [wrapped.enable_cache(), wrapped(9), wrapped.get_cache_infos()]
    )
    seen.append([cache.clear_all(), wrapped.get_cache_infos()])
    partial = functools.partial(cache.cache, maxsize=1)

    @partial
    def other():
        return None

    seen.append([other(), other(), other.get_cache_infos()])

    def failing():
        raise KeyError("not kept")

    failing = cache.cache(failing)
    seen.append(
        [_raised(failing), _raised(failing), failing.get_cache_infos()]
    )
    del cache.cached_functions[before:]
    cache.disable()
    return seen


@covers("cache.cache")
def names(env):
    """The names of all functions that ``clear_all`` clears."""
    return sorted(
        f.__module__ + "." + f.__name__
        for f in env.gazu.cache.cached_functions
    )

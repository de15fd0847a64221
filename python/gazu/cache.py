"""
A cache for the results of functions, and another for answers of the server.

Both are disabled unless ``enable()`` is called. Each cached function has its own
store, and these attributes: ``clear_cache()``, ``set_cache_expire(seconds)``,
``set_cache_max_size(entries)``, ``enable_cache()``, ``disable_cache()`` and
``get_cache_infos()``. Their results may be two minutes old.

``enable(revalidate=True)`` keeps answers instead, and asks the server each time
whether they have changed.
"""

from __future__ import annotations

import os
import sys

from ._engine import keeping, lazy, wrapping
from ._engine.keeping import StaleAnswerWarning as StaleAnswerWarning
from ._engine.late import LateNames
from .client import KitsuClient

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from types import ModuleType
    from typing import Any, Callable

    from ._engine.annotations import Literal
else:
    # The module ``types`` takes longer to import than this one.
    ModuleType = type(sys)

cache_settings = {"enabled": False}
cached_functions: list[Any] = []


#: The default limits of kept answers, in bytes.
MAX_BYTES = 64 << 20
MAX_FOLDER_BYTES = 512 << 20


def enable(
    *,
    revalidate: bool | None = None,
    folder: str | os.PathLike | None = None,
    when_down: str = "raise",
    max_bytes: int = MAX_BYTES,
    max_folder_bytes: int = MAX_FOLDER_BYTES,
) -> Literal[True]:
    """
    Enable the cache of all functions, or one that keeps the server's answers.

    Without arguments, it enables the cache of all functions, as upstream does.
    The arguments are not in upstream. With one of them, the cache of functions
    is disabled, and answers are kept instead, apart for each URL, server and
    login:

        gazu.cache.enable(revalidate=True)
        gazu.cache.enable(folder="~/.cache/kitsu", when_down="serve")

    Another call with arguments replaces the settings, and forgets what is in
    memory.

    Args:
        revalidate (bool | None): Whether to ask the server with the tag of a
            kept answer whether it has changed. If it has not, the kept answer
            is decoded again. This is done for boards of shots and for the
            tasks of a project. Nothing else has a tag that covers all that is
            in the answer, so it is asked for as ever. None means True.
        folder (str | os.PathLike | None): The folder in which answers are kept,
            too. Processes may share it. Only its owner can read it. None keeps
            them in memory only.
        when_down (str): What a read does if the server cannot be reached, or
            answers 502, 503 or 504, after all retries. ``"raise"`` raises the
            exception. ``"serve"`` keeps the answers to all reads, and returns
            what was last seen, if there is something. See ``stale``.
        max_bytes (int): The most bytes to keep in memory. What was used longest
            ago is forgotten first.
        max_folder_bytes (int): The most bytes to keep in the folder.

    Returns:
        Literal[True]: True.

    Raises:
        TypeError: an argument has a wrong type.
        ValueError: ``when_down`` or a limit has no meaning.
        OSError: the folder cannot be made.

    Example:
        gazu.cache.enable()
        gazu.project.all_projects()
        gazu.project.all_projects()  # sends no request
    """
    given = revalidate, folder, when_down, max_bytes, max_folder_bytes
    if given == (None, None, "raise", MAX_BYTES, MAX_FOLDER_BYTES):
        cache_settings["enabled"] = True
        return True
    if not (revalidate is None or isinstance(revalidate, bool)):
        raise TypeError(
            "revalidate: expected True, False or None, not {!r}".format(
                revalidate
            )
        )
    if when_down not in ("raise", "serve"):
        raise ValueError(
            "when_down: expected 'raise' or 'serve', not {!r}".format(
                when_down
            )
        )
    for name, limit in (
        ("max_bytes", max_bytes),
        ("max_folder_bytes", max_folder_bytes),
    ):
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise TypeError(
                "{}: expected a number of bytes, not {!r}".format(name, limit)
            )
        if limit < 1:
            raise ValueError(
                "{}: must be 1 or more, not {!r}".format(name, limit)
            )
    if revalidate is False and when_down == "raise":
        raise ValueError(
            "revalidate: with False, when_down must be 'serve': nothing else "
            "is done with answers"
        )
    files = None if folder is None else _opened(folder, max_folder_bytes)
    from ._engine.kept import Store

    cache_settings["enabled"] = False
    keeping.store = Store(
        revalidate is not False, when_down == "serve", files, max_bytes
    )
    return True


def _opened(folder: Any, max_bytes: int) -> Any:
    """Return the kept answers in a folder, which is made if it is missing."""
    from ._engine.kept_files import Folder

    try:
        path = os.fspath(folder)
    except TypeError:
        path = None
    if not isinstance(path, str):
        raise TypeError("folder: expected a path, not {!r}".format(folder))
    if not path or "\0" in path:
        raise ValueError("folder: expected a path, not {!r}".format(folder))
    path = os.path.abspath(os.path.expanduser(path))
    if os.path.exists(path) and not os.path.isdir(path):
        raise NotADirectoryError("folder: {!r} is not a folder".format(path))
    return Folder(path, max_bytes)


def disable() -> Literal[False]:
    """
    Disable the cache of all functions, and do not keep answers.

    Answers in a folder stay there.

    Returns:
        Literal[False]: False.
    """
    cache_settings["enabled"] = False
    keeping.store = None
    return False


def clear_all() -> None:
    """Remove the cached results of all functions, and all kept answers."""
    for function in cached_functions:
        function.clear_cache()
    if keeping.store is not None:
        keeping.store.clear()


def stale(answer: Any) -> datetime.datetime | None:
    """
    Return when an answer was last seen, if the server was down.

    Not in upstream.

    With ``enable(when_down="serve")``, the lists and dicts that reads return
    while the server is down are of subclasses, as are the lists and dicts in
    them. Text, numbers and flags cannot tell.
    At the first of them there is a warning, ``gazu.cache.StaleAnswerWarning``.

        shots = gazu.shot.all_shots_for_project(project)
        if gazu.cache.stale(shots):
            print("Kitsu is down: these shots may have changed")

    Args:
        answer (Any): What a function of gazu has returned.

    Returns:
        datetime.datetime | None: The time when the server last said that the
            answer is like this, in UTC. None if the server was not down.
    """
    return getattr(answer, "seen_at", None)


def forget(
    wanted: str | dict | None = None, client: KitsuClient | None = None
) -> int:
    """
    Forget kept answers of a client's login.

    Not in upstream.

    A logout forgets all of them. A consumer of events may forget what has been
    removed, so that it is not returned while the server is down:

        @consumer.on("shot:delete")
        def forget_shot(event):
            gazu.cache.forget(event["data"]["shot_id"])

    Args:
        wanted (str | dict | None): A record (dict) or its id (str). The
            answers that contain the id, also in their URL, are forgotten. None
            forgets all answers.
        client (KitsuClient | None): The client. None is the default client.

    Returns:
        int: How many answers were forgotten.

    Raises:
        TypeError: ``wanted`` is neither a record nor text.
        ValueError: ``wanted`` is empty or has no id.
    """
    if isinstance(wanted, dict):
        wanted = wanted.get("id")
        if not wanted:
            raise ValueError("wanted: the record has no id")
    if not (wanted is None or isinstance(wanted, str)):
        raise TypeError(
            "wanted: expected a record or an id, not {!r}".format(wanted)
        )
    if wanted == "":
        raise ValueError("wanted: expected a record or an id, not ''")
    if keeping.store is None:
        return 0
    if client is None:
        from . import client as raw

        client = raw.default_client
    return keeping.store.forget_client(client, wanted)


def get_infos() -> dict[str, int]:
    """
    Return how often the kept answers were good for something.

    Not in upstream.

    Returns:
        dict[str, int]: ``asked``, the reads that the server has answered;
            ``unchanged``, those of them whose kept answer was the same;
            ``stale``, the reads that were answered while it was down;
            ``current_size`` and ``current_bytes``, what is in memory. All are 0
            if answers are not kept.
    """
    if keeping.store is None:
        names = (
            "asked",
            "unchanged",
            "stale",
            "current_size",
            "current_bytes",
        )
        return dict.fromkeys(names, 0)
    return keeping.store.infos()


def remove_oldest_entry(memo: dict, maxsize: int) -> Any:
    """
    Remove the oldest entry of a store that has too many entries.

    Args:
        memo: The store.
        maxsize: The highest number of entries. 0 or less means no limit.

    Returns:
        Any: The key of the removed entry, or None.
    """
    if maxsize <= 0 or len(memo) <= maxsize:
        return None
    # Work on a copy: another thread may clear the store at the same time.
    entries = dict(memo)
    if not entries:
        return None
    oldest = min(entries, key=lambda key: entries[key]["date_accessed"])
    memo.pop(oldest, None)
    return oldest


def _client_cache_identity(client: Any) -> list:
    """Return the host and a hash of the token, which identify a client."""
    import hashlib

    token = getattr(client, "access_token", None)
    digest = hashlib.sha256(token.encode()).hexdigest() if token else None
    return [client.host, digest]


def _host_and_login(client: Any) -> tuple[str, str | None]:
    """
    Return the host of a client and a hash of its token.

    The public ``get_cache_key`` only includes the client if it is an argument,
    as upstream does. So each entry is also stored with this pair.
    """
    import hashlib

    token = getattr(client, "access_token", None)
    host = str(getattr(client, "host", ""))
    if not token:
        return host, None
    digest = hashlib.sha256(str(token).encode("utf-8", "replace"))
    return host, digest.hexdigest()


def _default_client_of(function: Callable) -> Any:
    """Return the default of a function's ``client`` argument, or None."""
    import inspect

    try:
        parameter = inspect.signature(function).parameters.get("client")
    except (TypeError, ValueError):
        parameter = None
    default = None if parameter is None else parameter.default
    return default if hasattr(default, "host") else None


def get_cache_key(args: Any, kwargs: Any) -> str:
    """
    Return the key for the result of a call with these arguments.

    The same argument by position and by name gives different keys.

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
        return _late.value("json").dumps([args, named])
    if args or named:
        return _late.value("json").dumps(args or named)
    return ""


def insert_value(
    function: Callable, cache_store: dict, args: Any, kwargs: Any
) -> Any:
    """
    Call a function and store its result.

    Args:
        function: The function.
        cache_store: The store for the result.
        args: Its arguments by position.
        kwargs: Its arguments by name.

    Returns:
        Any: A copy of the result.
    """
    value = function(*args, **kwargs)
    return _store(cache_store, get_cache_key(args, kwargs), value)


def _store(cache_store: dict, key: Any, value: Any) -> Any:
    """Store a result under a key, and return a copy of it."""
    entry = {
        "date_accessed": _late.value("datetime").datetime.now(),
        "value": value,
    }
    cache_store[key] = entry
    # Do not read the store: another thread may clear it at the same time.
    return get_value({key: entry}, key)


def get_value(cache_store: dict, key: str) -> Any:
    """
    Return a deep copy of a stored result.

    Args:
        cache_store: The store.
        key: The key of the result.

    Returns:
        Any: The copy.

    Raises:
        KeyError: there is no result for the key.
    """
    return _late.value("copy").deepcopy(cache_store[key]["value"])


def is_cache_enabled(state: dict) -> bool:
    """
    Return whether the cache is enabled, both globally and for a function.

    Args:
        state: The function's cache settings.

    Returns:
        bool: Whether both are enabled.
    """
    return cache_settings["enabled"] and state["enabled"]


def is_cache_expired(memo: dict, state: dict, key: str) -> bool:
    """
    Return whether a stored result has expired.

    Args:
        memo: The store.
        state: The function's cache settings. ``expire`` is in seconds; 0 or
            less means that results never expire.
        key: The key of the result.

    Returns:
        bool: Whether it has expired.

    Raises:
        KeyError: there is no result for the key.
    """
    expire = state["expire"]
    library = _late.value("datetime")
    expiry = memo[key]["date_accessed"] + library.timedelta(seconds=expire)
    return expire > 0 and expiry < library.datetime.now()


def cache(
    function: Callable, maxsize: int = 300, expire: int = 120
) -> Callable:
    """
    Decorate a function to cache its results while the cache is enabled.

    Args:
        function: The function.
        maxsize: The highest number of cached results. The oldest is removed
            first.
        expire: The seconds after which a result expires; 0 for never.

    Returns:
        Callable: The decorated function, with attributes that control its
            cache.
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

    def host_and_login_of(kwargs: dict) -> tuple:
        client = kwargs.get("client")
        if client is None:
            if not default:
                default.append(_default_client_of(function))
            client = default[0]
        if client is None:
            # The function sends its requests with the default client.
            from . import client as raw

            client = raw.default_client
        return _host_and_login(client)

    def store(value: Any, requester: tuple, args: Any, kwargs: Any) -> Any:
        if host_and_login_of(kwargs) != requester:
            # The login changed during the call, so it is unknown whose result
            # this is.
            return value
        return _store(
            cache_store, (get_cache_key(args, kwargs), requester), value
        )

    async def awaited(*args: Any, **kwargs: Any) -> Any:
        requester = host_and_login_of(kwargs)
        key: Any = (get_cache_key(args, kwargs), requester)
        entry = cache_store.get(key)
        is_known = entry is not None
        if is_known and not is_cache_expired({key: entry}, state, key):
            statistics["hits"] += 1
            return get_value({key: entry}, key)
        statistics["expired_hits" if is_known else "misses"] += 1
        value = await function(*args, **kwargs)
        result = store(value, requester, args, kwargs)
        remove_oldest_entry(cache_store, state["maxsize"])
        return result

    @wrapping.wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        client_class = type(kwargs.get("client"))
        is_recorded = hasattr(client_class, "_records_calls")
        if is_recorded or not is_cache_enabled(state):
            return function(*args, **kwargs)
        if hasattr(client_class, "_run_composition"):
            return awaited(*args, **kwargs)
        requester = host_and_login_of(kwargs)
        key: Any = (get_cache_key(args, kwargs), requester)
        entry = cache_store.get(key)
        if entry is None:
            statistics["misses"] += 1
            value = store(function(*args, **kwargs), requester, args, kwargs)
            remove_oldest_entry(cache_store, state["maxsize"])
            return value
        if is_cache_expired({key: entry}, state, key):
            statistics["expired_hits"] += 1
            return store(function(*args, **kwargs), requester, args, kwargs)
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


class _Module(ModuleType):
    """
    The class of this module.

    Access to ``cached_functions`` executes all lazy modules first, so that the
    list is complete.
    """

    def __getattribute__(self, name: str) -> Any:
        if name == "cached_functions":
            lazy.execute_all()
        return super().__getattribute__(name)


_late = LateNames(
    globals(),
    None,
    {
        "Any": "typing",
        "Callable": "typing",
        "Literal": "._engine.annotations",
        "copy": "copy",
        "datetime": "datetime",
        "json": "json",
        "wraps": "functools",
    },
)
__getattr__ = _late.get

sys.modules[__name__].__class__ = _Module

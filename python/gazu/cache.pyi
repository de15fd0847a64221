import os
from datetime import datetime
from typing import (
    Any,
    Callable,
    Generic,
    Literal,
    TypedDict,
    TypeVar,
)

from typing_extensions import ParamSpec

from .aio import AsyncKitsuClient
from .client import KitsuClient

_P = ParamSpec("_P")
_R = TypeVar("_R")

class _CacheInfos(TypedDict):
    enabled: bool
    expire: int
    maxsize: int
    hits: int
    misses: int
    expired_hits: int
    current_size: int

class _CacheControls:
    __name__: str
    __qualname__: str
    @property
    def __wrapped__(self) -> Callable[..., Any]: ...
    def clear_cache(self) -> None: ...
    def disable_cache(self) -> None: ...
    def enable_cache(self) -> None: ...
    def get_cache_infos(self) -> _CacheInfos: ...
    def set_cache_expire(self, new_expire: int) -> None: ...
    def set_cache_max_size(self, maxsize: int) -> None: ...

class _CachedFunction(_CacheControls, Generic[_P, _R]):
    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R: ...

cache_settings: dict[str, bool]
cached_functions: list[_CacheControls]

class StaleAnswerWarning(UserWarning): ...

class _KeptInfos(TypedDict):
    asked: int
    unchanged: int
    stale: int
    current_size: int
    current_bytes: int

MAX_BYTES: int
MAX_FOLDER_BYTES: int

def enable(
    *,
    revalidate: bool | None = None,
    folder: str | os.PathLike[str] | None = None,
    when_down: Literal["raise", "serve"] = "raise",
    max_bytes: int = ...,
    max_folder_bytes: int = ...,
) -> Literal[True]: ...
def stale(answer: Any) -> datetime | None: ...
def forget(
    wanted: str | dict[str, Any] | None = None,
    client: KitsuClient | AsyncKitsuClient | None = None,
) -> int: ...
def get_infos() -> _KeptInfos: ...
def disable() -> Literal[False]: ...
def clear_all() -> None: ...
def remove_oldest_entry(memo: dict[Any, Any], maxsize: int) -> Any: ...
def get_cache_key(args: Any, kwargs: Any) -> str: ...
def insert_value(
    function: Callable[..., Any],
    cache_store: dict[Any, Any],
    args: Any,
    kwargs: Any,
) -> Any: ...
def get_value(cache_store: dict[Any, Any], key: str) -> Any: ...
def is_cache_enabled(state: dict[str, Any]) -> bool: ...
def is_cache_expired(
    memo: dict[Any, Any], state: dict[str, Any], key: str
) -> bool: ...
def cache(
    function: Callable[_P, _R], maxsize: int = 300, expire: int = 120
) -> _CachedFunction[_P, _R]: ...

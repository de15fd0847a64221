"""
What ``dir`` lists of a public module: what scripts use, without what the module imports.

Completion in consoles shows these names. Each name can still be used, because only the
list is shorter.
"""

from __future__ import annotations

#: What modules import for their own use, under names that no module of upstream has.
_HELPERS = frozenset(
    [
        "AsyncIterator",
        "Awaitable",
        "CHAINS",
        "Dispatch",
        "FixedToken",
        "Generator",
        "Hidden",
        "Iterable",
        "Session",
        "TYPE_CHECKING",
        "UNSET",
        "also_called",
        "asyncio",
        "auth_header",
        "composition",
        "confidential",
        "contextlib",
        "data_as_keyword",
        "deadlines",
        "environment",
        "episode_before_name",
        "file_names",
        "for_aiohttp",
        "functools",
        "has_other_token",
        "hooks",
        "is_accepted",
        "keeping",
        "lazy",
        "library_or_likeness",
        "login_body",
        "new_session",
        "newest_first",
        "of_episode",
        "old_names",
        "only_tokens",
        "past_deadline",
        "rejected_login",
        "renew_token",
        "report_tokens",
        "run",
        "scene_as_keyword",
        "shown_data",
        "shown_path",
        "stat",
        "stream",
        "sys",
        "threading",
        "update_metadata",
        "weakref",
        "working_file_before_comment",
    ]
)

#: The same, under names that other modules of upstream have. There they are listed.
_HELPERS_OF: dict = {
    "": {"annotations"},
    "aio": {
        "AuthFailedException",
        "DEFAULT_PROCESSING_TIMEOUT",
        "GazuException",
        "KitsuClient",
        "TooManyRequestsException",
        "inspect",
        "raw",
    },
    "cache": {"KitsuClient", "os", "types"},
    "client": {"TooManyRequestsException"},
    "exception": {"Any", "annotations"},
    "files": {"os"},
    "helpers": {"Any"},
    "sync": {"Any", "shutil"},
}
for _module in [
    "auth",
    "budget",
    "chat",
    "csv",
    "custom_action",
    "department",
    "hardware",
    "metadata",
    "news",
    "plugin",
    "preview",
    "preview_background",
    "publish",
    "schedule",
    "server",
    "status_automation",
    "time_spent",
]:
    _HELPERS_OF[_module] = {
        "KitsuClient",
        "annotations",
        "default",
        "raw",
        "requests",
    }
_HELPERS_OF["publish"] |= {
    "Any",
    "Callable",
    "TAKEN",
    "normalize_model_parameter",
    "os",
    "states",
    "steps",
}

#: Private names that upstream's modules have, too.
_KEPT = frozenset(
    (
        "_UUID_RE",
        "_client_cache_identity",
        "_get_sync_id_map",
        "_retry_after",
    )
)


def names(module: str, namespace: dict) -> list:
    """
    Return the names of a module that are listed.

    Args:
        module: The module's name below the package; empty for the package.
        namespace: Its names.
    """
    helpers = _HELPERS | _HELPERS_OF.get(module, set())
    home = namespace["__name__"]
    return sorted(
        name
        for name, value in namespace.items()
        if _is_listed(
            name, helpers, getattr(value, "__module__", None) == home
        )
    )


def _is_listed(name: str, helpers: frozenset, defined_here: bool) -> bool:
    if name.startswith("__"):
        return name not in ("__dir__", "__getattr__")
    if name.startswith("_"):
        return name in _KEPT
    return defined_here or name not in helpers

"""
What ``dir`` lists of a public module: what scripts use, without what the module imports.

Completion in consoles shows these names. Each name can still be used, because only the
list is shorter.
"""

from __future__ import annotations

from typing import Any

#: What upstream's modules import or define as a constant. Scripts reach it there.
_OF_UPSTREAM = {
    "": "AuthFailedException NotAuthenticatedException ParameterException raw",
    "aio": (
        "Any Callable CustomJSONEncoder MAX_AUTH_RETRIES "
        "MethodNotAllowedException NotAllowedException "
        "NotAuthenticatedException ParameterException RouteNotFoundException "
        "ServerErrorException TooBigFileException UploadFailedException "
        "ValidationException annotations build_path_with_params "
        "get_message_from_data logger logging os url_path_join"
    ),
    "asset": (
        "KitsuClient annotations cache default gazu_project gazu_shot "
        "normalize_model_parameter raw requests sort_by_name urlencode"
    ),
    "cache": (
        "Any Callable Literal _client_cache_identity annotations "
        "cache_settings cached_functions copy datetime json"
    ),
    "casting": (
        "KitsuClient annotations cache default "
        "normalize_list_of_models_for_links normalize_model_parameter raw"
    ),
    "client": (
        "Any Callable CustomJSONEncoder DEFAULT_PROCESSING_TIMEOUT "
        "_retry_after DEFAULT_RETRY_AFTER DOWNLOAD_ACCEPT_HEADER MAX_AUTH_RETRIES "
        "MethodNotAllowedException NotAllowedException "
        "NotAuthenticatedException ParameterException "
        "PreviewFileProcessingException RouteNotFoundException "
        "ServerErrorException TooBigFileException UploadFailedException "
        "ValidationException annotations host json logger logging os requests "
        "time"
    ),
    "concept": (
        "KitsuClient annotations cache default "
        "normalize_list_of_models_for_links normalize_model_parameter raw "
        "sort_by_name"
    ),
    "context": (
        "KitsuClient annotations default gazu_asset gazu_project gazu_scene "
        "gazu_shot gazu_task gazu_user raw"
    ),
    "edit": (
        "KitsuClient annotations cache default normalize_model_parameter raw "
        "sort_by_name"
    ),
    "encoder": "Any datetime json",
    "entity": (
        "KitsuClient annotations cache default "
        "normalize_list_of_models_for_links normalize_model_parameter raw "
        "sort_by_name"
    ),
    "events": (
        "Any AuthFailedException Callable KitsuClient annotations "
        "default_client get_event_host logger logging make_auth_header "
        "normalize_model_parameter raw socketio validate_date_format"
    ),
    "files": (
        "KitsuClient Literal PreviewFileProcessingException annotations cache "
        "default normalize_model_parameter raw requests time"
    ),
    "helpers": "DownloadFileException _UUID_RE annotations os re",
    "person": (
        "KitsuClient Literal annotations cache datetime default "
        "normalize_list_of_models_for_links normalize_model_parameter raw "
        "sort_by_name"
    ),
    "playlist": (
        "KitsuClient Literal annotations cache default "
        "normalize_model_parameter raw requests sort_by_name"
    ),
    "project": (
        "KitsuClient Literal annotations cache default "
        "normalize_list_of_models_for_links normalize_model_parameter raw "
        "sort_by_name"
    ),
    "project_template": (
        "KitsuClient annotations cache default normalize_model_parameter raw "
        "sort_by_name"
    ),
    "scene": (
        "KitsuClient annotations cache default gazu_shot "
        "normalize_model_parameter raw sort_by_name"
    ),
    "search": "KitsuClient annotations default normalize_model_parameter raw",
    "shot": (
        "KitsuClient Literal annotations cache default "
        "normalize_model_parameter raw requests sort_by_name"
    ),
    "sorting": "annotations",
    "studio": (
        "KitsuClient annotations cache default normalize_model_parameter raw "
        "sort_by_name"
    ),
    "sync": (
        "Callable KitsuClient _get_sync_id_map annotations asset_module casting_module default "
        "files_module logger logging normalize_model_parameter os person_module "
        "project_module raw sanitize_filename shot_module task_module tempfile "
        "validate_date_format"
    ),
    "task": (
        "KitsuClient TaskMustBeADictException TaskStatusNotFoundException "
        "annotations cache default download_file "
        "normalize_list_of_models_for_links normalize_model_parameter os raw "
        "requests sort_by_name string"
    ),
    "user": (
        "KitsuClient Literal NotAuthenticatedException annotations cache "
        "datetime default normalize_model_parameter raw sort_by_name"
    ),
}
#: The same of this package.
_OF_THIS_PACKAGE = {
    "cache": "MAX_BYTES MAX_FOLDER_BYTES StaleAnswerWarning",
    # These are made when they are used.
    "events": "Consumer EventsNamespace",
}
_SPECIAL = {"__dir__", "__getattr__"}


def names(module: str, at_first: dict, now: dict) -> list:
    """
    Return the names of a module that are listed.

    Args:
        module: The module's name below the package; empty for the package.
        at_first: Its names after it was executed.
        now: Its names now. Those that a script has added are listed.
    """
    reached = set(_OF_UPSTREAM.get(module, "").split())
    reached.update(_OF_THIS_PACKAGE.get(module, "").split())
    helpers = {
        name
        for name, value in at_first.items()
        if not name.startswith("__")
        and name not in reached
        and not _is_public(name, value, at_first["__name__"])
    }
    late = at_first.get("_late")
    if late is not None:
        helpers |= late.names() - reached
    helpers |= {
        # Python sets these when they are imported.
        name
        for name, value in now.items()
        if name[:1] == "_"
        and getattr(value, "__name__", None)
        == "{}.{}".format(at_first["__name__"], name)
    }
    return sorted((reached | set(now)) - helpers - _SPECIAL)


def _is_public(name: str, value: Any, module: str) -> bool:
    """Whether a module defines something itself, for scripts."""
    if name.startswith("_"):
        return False
    submodule = getattr(value, "__name__", None) == module + "." + name
    return submodule or getattr(value, "__module__", None) == module

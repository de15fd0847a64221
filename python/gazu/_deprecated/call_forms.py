"""
Outdated forms of calls, which official examples still show.

The current signatures do not allow these calls: they would fail before anything is
sent. So converting them cannot change the meaning of a valid call. The caller gets
a ``DeprecationWarning``.
"""

from __future__ import annotations

# What ``collections.abc`` contains: the module ``os`` has imported it.
from _collections_abc import Mapping

from .._engine.wrapping import wraps
from ..helpers import normalize_model_parameter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


def also_called(rewrite: Callable) -> Callable:
    """
    Decorate a function to also accept an outdated form of calls.

    Args:
        rewrite: Called with the positional and keyword arguments of a call. It
            returns those of the current form, or None to leave the call
            unchanged.
    """

    def decorate(function: Callable) -> Callable:
        name = "gazu.{}.{}".format(
            function.__module__.rpartition(".")[2], function.__name__
        )

        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            rewritten = rewrite(args, kwargs)
            if rewritten is not None:
                args, kwargs = rewritten
                import warnings

                warnings.warn(
                    "This order or name of arguments is outdated; see the "
                    "signature of " + name,
                    DeprecationWarning,
                    stacklevel=2,
                )
            return function(*args, **kwargs)

        return call

    return decorate


def episode_before_name(args, kwargs):
    """Accept ``new_sequence(project, episode, name)``."""
    if len(args) == 3 and _is_model_then_text(args[1], args[2]):
        return (args[0], args[2], args[1]), kwargs
    return None


def working_file_before_comment(args, kwargs):
    """Accept ``new_entity_output_file(..., working_file, comment)``."""
    if len(args) == 5 and _is_model_then_text(args[3], args[4]):
        return args[:3] + (args[4], args[3]), kwargs
    return None


def data_as_keyword(args, kwargs):
    """Accept ``update_shot(shot, data={})``."""
    if len(args) == 1 and isinstance(args[0], Mapping) and "data" in kwargs:
        others = {
            name: value for name, value in kwargs.items() if name != "data"
        }
        return (dict(args[0], data=kwargs["data"]),), others
    return None


def scene_as_keyword(args, kwargs):
    """Accept ``new_working_file(task, scene=1)``; the server ignores scenes."""
    if "scene" in kwargs:
        return args, {
            name: value for name, value in kwargs.items() if name != "scene"
        }
    return None


def _is_model_then_text(model, text) -> bool:
    if not (model is None or isinstance(model, Mapping)) or not isinstance(
        text, str
    ):
        return False
    try:
        normalize_model_parameter(text)
    except ValueError:
        return True
    return False

"""
Ways to call a function that the official examples show and its signature does not take.

Each is refused by the function as it is today before anything is sent, so that
no call that works changes its meaning. A caller is warned, and told the function
to look up.
"""

from __future__ import annotations

import functools
import warnings
from typing import Any, Callable, Mapping

from ..helpers import normalize_model_parameter


def also_called(rewrite: Callable) -> Callable:
    """
    Decorate a function that takes calls of another form too.

    `rewrite` gets the arguments and keywords of a call and returns those of
    today's form, or None for a call that is to stay as it is.
    """

    def decorate(function: Callable) -> Callable:
        name = "gazu.{}.{}".format(
            function.__module__.rpartition(".")[2], function.__name__
        )

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            rewritten = rewrite(args, kwargs)
            if rewritten is not None:
                args, kwargs = rewritten
                warnings.warn(
                    "This form of the call is outdated, see the arguments of "
                    + name,
                    DeprecationWarning,
                    stacklevel=2,
                )
            return function(*args, **kwargs)

        return call

    return decorate


def episode_before_name(args, kwargs):
    """`new_sequence(project, episode, name)`."""
    if len(args) == 3 and _is_model_then_text(args[1], args[2]):
        return (args[0], args[2], args[1]), kwargs
    return None


def working_file_before_comment(args, kwargs):
    """`new_entity_output_file(entity, output_type, task_type, working_file, comment)`."""
    if len(args) == 5 and _is_model_then_text(args[3], args[4]):
        return args[:3] + (args[4], args[3]), kwargs
    return None


def data_as_keyword(args, kwargs):
    """`update_shot(shot, data={})`."""
    if len(args) == 1 and isinstance(args[0], Mapping) and "data" in kwargs:
        others = {
            name: value for name, value in kwargs.items() if name != "data"
        }
        return (dict(args[0], data=kwargs["data"]),), others
    return None


def scene_as_keyword(args, kwargs):
    """`new_working_file(task, scene=1)`: the server has no such field."""
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

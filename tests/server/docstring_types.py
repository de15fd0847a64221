"""Compare an answer with the type in the docstring of the function, key by key."""

from __future__ import annotations

import ast
import functools
import inspect
import re
import types
import typing
from typing import Any, Iterator

from gazu import types as gazu_types

NAMES: dict[str, Any] = {
    **vars(gazu_types),
    **{name: getattr(typing, name) for name in ("Any", "Literal")},
    "NotRequired": typing.NotRequired,
}


def documented(function: Any) -> Any:
    """Return the type of the result in a function's docstring."""
    found = re.search(
        r"^Returns:\n    (.+?): ", inspect.getdoc(function) or "", re.M
    )
    if found is None:
        return Any
    text = re.sub(r"\bResponse\b", "Any", found.group(1))
    return eval(
        compile(ast.parse(text, mode="eval"), "Returns", "eval"), NAMES
    )


def differences(value: Any, kind: Any, place: str = "result") -> Iterator[str]:
    """Yield where a value does not have the type."""
    origin = typing.get_origin(kind)
    if kind is Any:
        return
    if typing.is_typeddict(kind):
        yield from _in_dict(value, kind, place)
    elif origin in (typing.Union, types.UnionType):
        found = [
            list(differences(value, each, place))
            for each in typing.get_args(kind)
        ]
        if all(found):
            yield from max(found, key=lambda each: place_of(each, place))
    elif origin is list:
        if not isinstance(value, list):
            yield "{}: {} is no list".format(place, shown(value))
            return
        (inside,) = typing.get_args(kind)
        for each in value:
            yield from differences(each, inside, place + "[]")
    elif origin is dict:
        if not isinstance(value, dict):
            yield "{}: {} is no dict".format(place, shown(value))
            return
        inside = typing.get_args(kind)[1]
        for each in value.values():
            yield from differences(each, inside, place + "{}")
    elif origin is tuple:
        for number, inside in enumerate(typing.get_args(kind)):
            yield from differences(
                value[number], inside, "{}({})".format(place, number)
            )
    elif origin is typing.Literal:
        if value not in typing.get_args(kind):
            yield "{}: {}".format(place, shown(value))
    elif kind is float:
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            yield "{}: {} is no number".format(place, shown(value))
    elif kind is None or kind is type(None):
        if value is not None:
            yield "{}: {} is not None".format(place, shown(value))
    elif kind is int and isinstance(value, bool):
        yield "{}: {} is no number".format(place, shown(value))
    elif not isinstance(value, kind):
        yield "{}: {} is no {}".format(place, shown(value), kind.__name__)


def place_of(found: list[str], place: str) -> int:
    """Return how deep the first difference is; the type with the deepest one is the nearest."""
    return found[0].partition(": ")[0].count("[") + found[0].partition(": ")[
        0
    ].count("/")


def _in_dict(value: Any, kind: Any, place: str) -> Iterator[str]:
    place = "{}/{}".format(place, kind.__name__)
    if not isinstance(value, dict):
        yield "{}: {} is no dict".format(place, shown(value))
        return
    hints = _keys(kind)
    for key, inside in hints.items():
        optional = typing.get_origin(inside) is typing.NotRequired
        if key not in value:
            if not optional:
                yield "{}: no {}".format(place, key)
            continue
        if optional:
            (inside,) = typing.get_args(inside)
        yield from differences(value[key], inside, place + "." + key)
    for key in sorted(set(value) - set(hints)):
        yield "{}: {} = {} is not described".format(
            place, key, shown(value[key])
        )


@functools.lru_cache(maxsize=None)
def _keys(kind: Any) -> dict[str, Any]:
    return {
        key: eval(annotation.__forward_arg__, NAMES)
        for key, annotation in kind.__annotations__.items()
    }


def shown(value: Any) -> str:
    """Return a short text for a value."""
    text = repr(value)
    return text if len(text) < 80 else text[:77] + "..."

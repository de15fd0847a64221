"""
The decorator that registers routes, and the patterns of their paths.
"""

from __future__ import annotations

import re
from typing import Callable

from ..models import MODELS

#: Method, path expression, status and function of each route.
ROUTES: list = []

#: The path of each expression. "~" stands for parameters, which makes them sort last.
_PATTERNS: dict = {}

#: Reserved path words in the place of an id. They keep unsupported routes of the
#: server, such as ``data/tasks/open-tasks``, from being matched as routes of a record.
RESERVED_WORDS = (
    "all",
    "all-projects",
    "guess-from-path",
    "guess_from_path",
    "hardware-items",
    "news",
    "open",
    "open-tasks",
    "software-licenses",
    "task-dates",
    "with-tasks",
)

_NAME = re.compile(r"{(\w+)}")


class Content:
    """A file to send as the answer."""

    def __init__(self, data: bytes, content_type: str) -> None:
        self.data = data
        self.content_type = content_type


def compile_path(pattern: str) -> re.Pattern:
    """Return the expression of a path such as ``data/shots/{shot}``."""
    return re.compile(_NAME.sub(r"(?P<\1>[^/]+)", pattern) + "$")


def _compile_route(pattern: str) -> re.Pattern:
    """Return the expression of a path; parameters match no reserved words."""
    models = r"(?P<model>{})".format("|".join(MODELS))
    name = r"(?P<\1>(?!(?:{})(?:/|$))[^/]+)".format("|".join(RESERVED_WORDS))
    pattern = pattern.replace(".", r"\.").replace("{model}", models)
    return re.compile(_NAME.sub(name, pattern) + "$")


def route(method: str, pattern: str, status: int = 200) -> Callable:
    """Register a function as the handler of a route."""

    def register(function: Callable) -> Callable:
        expression = _compile_route(pattern)
        ROUTES.append((method, expression, status, function))
        _PATTERNS[expression] = _NAME.sub("~", pattern)
        # The first match is used, so fixed words must come before parameters.
        ROUTES.sort(key=lambda route: _PATTERNS[route[1]])
        return function

    return register

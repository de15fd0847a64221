"""
Routes and their answers: what a function must be to answer.
"""

from __future__ import annotations

import re
from typing import Callable

from ..models import MODELS

#: Method, expression of the path, status and function of each route.
ROUTES: list = []

#: The paths of the expressions, names as a sign that is sorted last.
_PATTERNS: dict = {}

#: What stands in paths of the server where an id may stand, and is none. Its
#: routes that are not answered here must not be taken for those of a record.
WORDS = (
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
    """A file as an answer."""

    def __init__(self, data: bytes, content_type: str) -> None:
        self.data = data
        self.content_type = content_type


def compiled(pattern: str) -> re.Pattern:
    """Return the expression of a path such as ``data/shots/{shot}``."""
    return re.compile(_NAME.sub(r"(?P<\1>[^/]+)", pattern) + "$")


def _of_the_server(pattern: str) -> re.Pattern:
    """Return the expression of a path in which names are records and models."""
    models = r"(?P<model>{})".format("|".join(MODELS))
    name = r"(?P<\1>(?!(?:{})(?:/|$))[^/]+)".format("|".join(WORDS))
    pattern = pattern.replace(".", r"\.").replace("{model}", models)
    return re.compile(_NAME.sub(name, pattern) + "$")


def route(method: str, pattern: str, status: int = 200) -> Callable:
    """Register the answer of a route."""

    def register(function: Callable) -> Callable:
        expression = _of_the_server(pattern)
        ROUTES.append((method, expression, status, function))
        _PATTERNS[expression] = _NAME.sub("~", pattern)
        # Names before what may be anything: the first that matches is taken.
        ROUTES.sort(key=lambda route: _PATTERNS[route[1]])
        return function

    return register

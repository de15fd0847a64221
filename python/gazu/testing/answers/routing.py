"""
Routes and their answers: what a function must be to answer.
"""

from __future__ import annotations

import re
from typing import Callable

#: Method, expression of the path, status and function of each route.
ROUTES: list = []


_NAMED = re.compile(r"\(\?P<.*?\)")


class Content:
    """A file as an answer."""

    def __init__(self, data: bytes, content_type: str) -> None:
        self.data = data
        self.content_type = content_type


def compiled(pattern: str) -> re.Pattern:
    """Return the expression of a path such as ``data/shots/{shot}``."""
    return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", pattern) + "$")


def route(method: str, pattern: str, status: int = 200) -> Callable:
    """Register the answer of a route."""

    def register(function: Callable) -> Callable:
        ROUTES.append((method, compiled(pattern), status, function))
        # Names before what may be anything: the first that matches is taken.
        ROUTES.sort(key=lambda route: _NAMED.sub("~", route[1].pattern))
        return function

    return register

"""
The routes: one function for each, and five generic ones for records of all models.

A function receives the store, the request and the path's parameters. It returns a
value to serialize as JSON, or raises Refusal. The purpose of a route is described in
the docstring of the gazu function that requests it.
"""

from __future__ import annotations

from . import (  # noqa: F401
    boards,
    comments,
    entities,
    events,
    projects,
    records,
    studio,
    tasks,
    whole_projects,
)
from .routing import ROUTES, Content, compile_path

__all__ = ["ROUTES", "Content", "compile_path"]

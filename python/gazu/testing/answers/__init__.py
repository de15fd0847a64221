"""
What the server answers: a function for each route, and five for all records.

A function takes the store, the request and the ids of its path, and returns what
becomes JSON, or raises Refusal. The docstring of the client's function that asks
says what the route is for.
"""

from __future__ import annotations

from . import (  # noqa: F401
    breakdown,
    happenings,
    projects,
    records,
    reviews,
    work,
)
from .routing import ROUTES, Content, compiled

__all__ = ["ROUTES", "Content", "compiled"]

"""Sorting of lists of entities."""

from __future__ import annotations

from . import _core


def sort_by_name(dicts: list[dict]) -> list[dict]:
    """
    Sort entities by name, ignoring case.

    Args:
        dicts: The entities. An entity whose name is missing or ``None`` comes
            first.

    Returns:
        list[dict[str, Any]]: A new list. Entities of equal names keep their
            order.
    """
    return _core.sort_by_name(dicts)

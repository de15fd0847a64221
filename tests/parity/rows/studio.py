"""Calls of ``gazu.studio``."""

from ..plan import row

ROWS = {
    "all_studios": row(),
    "get_studio": row(),
    "get_studio_by_name": row(),
    "remove_studio": row(),
    "update_studio": row(),
}

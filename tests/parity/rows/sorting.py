"""Calls of ``gazu.sorting``."""

from ..plan import row

ROWS = {
    "sort_by_name": row(),
}

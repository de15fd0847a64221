"""Calls of ``gazu.search``."""

from ..plan import row

ROWS = {
    "search_entities": row(),
}

"""Calls of ``gazu.edit``."""

from ..plan import row

ROWS = {
    "all_edits_for_project": row(),
    "all_previews_for_edit": row(),
    "get_edit": row(),
    "get_edit_by_name": row(),
    "get_edit_url": row(),
    "new_edit": row(),
    "remove_edit": row(),
    "update_edit": row(),
    "update_edit_data": row(),
}

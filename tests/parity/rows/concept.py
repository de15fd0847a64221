"""Calls of ``gazu.concept``."""

from ..plan import row

ROWS = {
    "all_concepts": row(),
    "all_concepts_for_project": row(),
    "all_previews_for_concept": row(),
    "get_concept": row(),
    "get_concept_by_name": row(),
    "new_concept": row(),
    "remove_concept": row(),
    "update_concept": row(),
}

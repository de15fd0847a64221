"""Calls of ``gazu.entity``."""

from ..plan import row

ROWS = {
    "all_entities": row(),
    "all_entities_with_tasks_linked_to_entity": row(),
    "all_entity_types": row(),
    "get_entity": row(),
    "get_entity_by_name": row(),
    "get_entity_type": row(),
    "get_entity_type_by_name": row(),
    "guess_from_path": row(),
    "new_entity_type": row(),
    "remove_entities": row(),
    "remove_entity": row(),
    "remove_entity_type": row(),
}

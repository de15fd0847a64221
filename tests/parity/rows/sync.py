"""Calls of ``gazu.sync``."""

from ..plan import row
from ..replies import model, uid

# Reply models 0 and 1 are mapped, the others are not.
STATUS_MAP = {uid("reply-3"): uid("target status")}
PERSON_MAP = {uid("reply-0"): uid("target person")}
MAPS = {"task_status_map": STATUS_MAP, "person_map": PERSON_MAP}

ROWS = {
    "convert_id_list": row(args={"ids": ["a", "b"], "model_map": {"a": 1, "b": 2}}, silent=True),
    "get_id_map_by_id": row(),
    "get_id_map_by_name": row(),
    "get_last_events": row(),
    "get_link_list_diff": row(),
    "get_model_list_diff": row(),
    "get_sync_asset_type_id_map": row(),
    "get_sync_department_id_map": row(),
    "get_sync_person_id_map": row(),
    "get_sync_project_id_map": row(),
    "get_sync_task_status_id_map": row(),
    "get_sync_task_type_id_map": row(),
    "import_entities": row(),
    "import_entity_links": row(),
    "import_tasks": row(),
    "is_changed": row(),
    "push_assets": row(),
    "push_entity_links": row(),
    "push_episodes": row(),
    "push_project_entities": row(),
    "push_sequences": row(),
    "push_shots": row(),
    "push_task_comment": row(args=dict(MAPS, comment=model(1, "usual"), tmp_path="out")),
    "push_task_comments": row(args=MAPS),
    "push_tasks": row(),
    "push_tasks_comments": row(),
}

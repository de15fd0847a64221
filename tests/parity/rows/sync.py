"""Calls of ``gazu.sync``."""

from ..plan import row
from ..replies import model, uid

# Reply models 0 and 1 are mapped, the others are not.
STATUS_MAP = {uid("reply-3"): uid("target status")}
PERSON_MAP = {uid("reply-0"): uid("target person")}
LINKS = [
    {"entity_in_id": "a", "entity_out_id": "b"},
    {"entity_in_id": "b", "entity_out_id": "a"},
    {"entity_in_id": "c", "entity_out_id": "a"},
]
MAPS = {"task_status_map": STATUS_MAP, "person_map": PERSON_MAP}

ROWS = {
    "convert_id_list": row(
        args={"ids": ["a", "b"], "model_map": {"a": 1, "b": 2}}, silent=True
    ),
    "get_id_map_by_id": row(silent=True),
    "get_id_map_by_name": row(silent=True),
    "get_last_events": row(),
    "get_link_list_diff": row(
        silent=True, args={"source_list": LINKS[:2], "target_list": LINKS[1:]}
    ),
    "get_model_list_diff": row(silent=True),
    "get_sync_asset_type_id_map": row(),
    "get_sync_department_id_map": row(),
    "get_sync_person_id_map": row(),
    "get_sync_project_id_map": row(),
    "get_sync_task_status_id_map": row(),
    "get_sync_task_type_id_map": row(),
    "import_entities": row(),
    "import_entity_links": row(),
    "import_tasks": row(),
    "is_changed": row(silent=True),
    "push_assets": row(shape="none"),
    "push_entity_links": row(shape="none"),
    "push_episodes": row(shape="none"),
    "push_project_entities": row(shape="none"),
    "push_sequences": row(shape="none"),
    "push_shots": row(shape="none"),
    "push_task_comment": row(
        args=dict(MAPS, comment=model(1, "usual"), tmp_path="out")
    ),
    "push_task_comments": row(args=MAPS, shape="none"),
    "push_tasks": row(shape="none"),
    "push_tasks_comments": row(shape="none"),
}

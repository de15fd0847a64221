"""Calls of ``gazu.scene``."""

from ..plan import row

ROWS = {
    "add_shot_to_scene": row(),
    "all_asset_instances_for_scene": row(),
    "all_camera_instances_for_scene": row(),
    "all_scenes": row(),
    "all_scenes_for_project": row(),
    "all_scenes_for_sequence": row(),
    "all_shots_for_scene": row(),
    "get_asset_instance_by_name": row(),
    "get_scene": row(),
    "get_scene_by_name": row(),
    "get_sequence_from_scene": row(),
    "new_scene": row(),
    "new_scene_asset_instance": row(),
    "remove_shot_from_scene": row(),
    "update_asset_instance_data": row(),
    "update_asset_instance_name": row(),
    "update_scene": row(),
}

"""Calls of ``gazu.context``."""

from ..plan import row

ROWS = {
    "all_asset_types_for_project": row(),
    "all_assets_for_asset_type_and_project": row(),
    "all_assets_for_project": row(),
    "all_episodes_for_project": row(),
    "all_open_projects": row(),
    "all_scenes_for_project": row(),
    "all_scenes_for_sequence": row(),
    "all_sequences_for_episode": row(),
    "all_sequences_for_project": row(),
    "all_shots_for_sequence": row(),
    "all_task_types_for_asset": row(),
    "all_task_types_for_scene": row(),
    "all_task_types_for_sequence": row(),
    "all_task_types_for_shot": row(),
}

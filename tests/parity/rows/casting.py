"""Calls of ``gazu.casting``."""

from ..plan import row

ROWS = {
    "all_entity_links_for_project": row(),
    "cast_asset": row(),
    "delete_entity_link": row(),
    "get_asset_cast_in": row(),
    "get_asset_casting": row(),
    "get_asset_type_casting": row(),
    "get_episode_casting": row(),
    "get_episode_shots_casting": row(),
    "get_episodes_casting": row(),
    "get_project_shots_casting": row(),
    "get_sequence_casting": row(),
    "get_sequence_shots_casting": row(),
    "get_shot_casting": row(),
    "uncast_asset": row(),
    "update_asset_casting": row(),
    "update_episode_casting": row(),
    "update_shot_casting": row(),
}

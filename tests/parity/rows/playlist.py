"""Calls of ``gazu.playlist``."""

from ..plan import row

# What is not saved sends nothing.
SAVED = row(args={"persist": True}, extra=[("not saved", {"persist": False})])

ROWS = {
    "add_entity_to_playlist": SAVED,
    "all_build_jobs_for_project": row(),
    "all_playlists": row(),
    "all_playlists_for_episode": row(),
    "all_playlists_for_project": row(),
    "all_share_links_for_playlist": row(),
    "all_shots_for_playlist": row(),
    "build_playlist_movie": row(),
    "delete_playlist": row(),
    "download_playlist_build": row(),
    "download_playlist_zip": row(),
    "generate_temp_playlist": row(),
    "get_build_job": row(),
    "get_entity_preview_files": row(),
    "get_playlist": row(),
    "get_playlist_by_name": row(),
    "new_playlist": row(),
    "new_share_link": row(),
    "notify_clients_playlist_ready": row(),
    "remove_build_job": row(),
    "remove_entity_from_playlist": SAVED,
    "remove_share_link": row(),
    "update_entity_preview": SAVED,
    "update_playlist": row(),
}

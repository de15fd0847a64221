"""
Remove old previews of a production, and keep the newest ones of each task.

    python old_previews.py Caminandes --keep 3
    python old_previews.py Caminandes --keep 3 --remove

Without --remove, the script only prints what it would remove. A preview that is the main
one of its entity, or part of a playlist, is kept. The host and the login are read from
KITSU_HOST, KITSU_LOGIN and KITSU_PASSWORD. The role manager is needed.
"""

import argparse
import os
import sys

import gazu


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("project", help="name of the production")
    parser.add_argument(
        "--keep", type=int, default=3, help="revisions to keep of each task"
    )
    parser.add_argument(
        "--remove", action="store_true", help="remove, do not only print"
    )
    options = parser.parse_args()
    if options.keep < 1:
        parser.error("--keep must be at least 1")

    gazu.set_host(os.environ["KITSU_HOST"])
    gazu.log_in(os.environ["KITSU_LOGIN"], os.environ["KITSU_PASSWORD"])
    project = gazu.project.get_project_by_name(options.project)
    if project is None:
        sys.exit(f"There is no production named {options.project}.")

    entities = [
        *gazu.asset.all_assets_for_project(project),
        *gazu.shot.all_shots_for_project(project),
    ]
    used = {entity["preview_file_id"] for entity in entities}
    for playlist in gazu.playlist.all_playlists_for_project(project):
        playlist = gazu.playlist.get_playlist(playlist)
        used.update(s.get("preview_file_id") for s in playlist["shots"])

    tasks = gazu.task.all_tasks_for_project(project)
    listed = gazu.client.run_all(
        [
            gazu.client.call(gazu.files.get_all_preview_files_for_task, task)
            for task in tasks
        ]
    )
    size = count = 0
    for of_task in listed:
        newest = sorted({p["revision"] for p in of_task})[-options.keep :]
        for preview in of_task:
            if preview["revision"] in newest or preview["id"] in used:
                continue
            count += 1
            size += preview["file_size"] or 0
            print("{id}  v{revision}  {original_name}".format(**preview))
            if options.remove:
                gazu.files.remove_preview_file(preview)
    done = "removed" if options.remove else "would be removed (--remove)"
    print(f"{count} previews, {size / 1e6:.1f} MB, {done}")


if __name__ == "__main__":
    main()

"""
Upload a folder of movies as previews of their shots, and put them into a playlist.

    python review_playlist.py Caminandes Animation renders/ --playlist "Dailies"

A file is named like its sequence and shot: SE01_SH010.mov. A shot that is in the playlist
already gets its new preview there. Names that match no shot are
listed, and nothing is uploaded then. The host and the login are read from KITSU_HOST,
KITSU_LOGIN and KITSU_PASSWORD.
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
    parser.add_argument("task_type", help="name of the task type")
    parser.add_argument("folder", help="folder of movies and pictures")
    parser.add_argument("--playlist", default="Review")
    parser.add_argument("--status", default="wfa", help="status to set")
    options = parser.parse_args()

    gazu.set_host(os.environ["KITSU_HOST"])
    gazu.log_in(os.environ["KITSU_LOGIN"], os.environ["KITSU_PASSWORD"])
    project = gazu.project.get_project_by_name(options.project)
    task_type = gazu.task.get_task_type_by_name(options.task_type)
    status = gazu.task.get_task_status_by_short_name(options.status)
    if None in (project, task_type, status):
        sys.exit("The production, the task type or the status is not known.")

    sequences = {
        sequence["id"]: sequence["name"]
        for sequence in gazu.shot.all_sequences_for_project(project)
    }
    shots = {
        "{}_{}".format(sequences[shot["parent_id"]], shot["name"]): shot
        for shot in gazu.shot.all_shots_for_project(project)
    }
    files = sorted(os.listdir(options.folder))
    unknown = [f for f in files if os.path.splitext(f)[0] not in shots]
    if unknown:
        sys.exit("No shot has the name of: " + ", ".join(unknown))

    playlist = gazu.playlist.get_playlist_by_name(project, options.playlist)
    if playlist is None:
        playlist = gazu.playlist.new_playlist(project, options.playlist)
    for file in files:
        shot = shots[os.path.splitext(file)[0]]
        task = gazu.task.get_task_by_entity(shot, task_type)
        if task is None:
            task = gazu.task.new_task(shot, task_type)
        preview = gazu.task.publish_preview(
            task,
            status,
            comment=f"For review: {file}",
            preview_file_path=os.path.join(options.folder, file),
        )[1]
        playlist = gazu.playlist.get_playlist(playlist)
        entries = {entry["entity_id"] for entry in playlist["shots"] or ()}
        if shot["id"] in entries:
            gazu.playlist.update_entity_preview(playlist, shot, preview)
        else:
            gazu.playlist.add_entity_to_playlist(playlist, shot, preview)
        print(f"{file}: v{preview['revision']} of {task_type['name']}")


if __name__ == "__main__":
    main()

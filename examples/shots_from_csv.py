"""
Create the shots of a CSV file that a production does not have yet.

    python shots_from_csv.py Caminandes shots.csv

The file has the columns sequence, shot, frame_in and frame_out; a first line with these
names is required. Shots that exist get the new frame range. The host and the login are read
from KITSU_HOST, KITSU_LOGIN and KITSU_PASSWORD. The role manager is needed.
"""

import argparse
import csv
import os
import sys

import gazu

COLUMNS = ["sequence", "shot", "frame_in", "frame_out"]


def read(path):
    """Return the rows of the file. Exit if one is not understood: nothing is created then."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file)
        missing = set(COLUMNS) - set(rows.fieldnames or ())
        if missing:
            sys.exit(f"{path}: no column " + ", ".join(sorted(missing)))
        found = []
        for row in rows:
            try:
                first, last = int(row["frame_in"]), int(row["frame_out"])
            except (TypeError, ValueError):
                sys.exit(f"{path}, line {rows.line_num}: no frame range")
            found.append((row["sequence"], row["shot"], first, last))
    return found


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("project", help="name of the production")
    parser.add_argument("file", help="the CSV file")
    options = parser.parse_args()
    rows = read(options.file)

    gazu.set_host(os.environ["KITSU_HOST"])
    gazu.log_in(os.environ["KITSU_LOGIN"], os.environ["KITSU_PASSWORD"])
    project = gazu.project.get_project_by_name(options.project)
    if project is None:
        sys.exit(f"There is no production named {options.project}.")

    sequences = {
        sequence["name"]: sequence
        for sequence in gazu.shot.all_sequences_for_project(project)
    }
    shots = {
        (shot["parent_id"], shot["name"]): shot
        for shot in gazu.shot.all_shots_for_project(project)
    }
    created = changed = 0
    for sequence_name, name, first, last in rows:
        if sequence_name not in sequences:
            sequences[sequence_name] = gazu.shot.new_sequence(
                project, sequence_name
            )
        sequence = sequences[sequence_name]
        frames = {"frame_in": first, "frame_out": last}
        shot = shots.get((sequence["id"], name))
        if shot is None:
            gazu.shot.new_shot(
                project,
                sequence,
                name,
                nb_frames=last - first + 1,
                frame_in=first,
                frame_out=last,
            )
            created += 1
        elif any((shot["data"] or {}).get(k) != v for k, v in frames.items()):
            gazu.shot.update_shot(
                {
                    "id": shot["id"],
                    "nb_frames": last - first + 1,
                    "data": {**(shot["data"] or {}), **frames},
                }
            )
            changed += 1
    print(f"{created} created, {changed} changed, {len(rows)} in the file")


if __name__ == "__main__":
    main()

"""
Create the shots of an edit, and change frame ranges that differ.

    pip install opentimelineio otio-cmx3600-adapter
    python shots_from_otio.py Caminandes edit.edl --fps 24
    python shots_from_otio.py Caminandes edit.otio

A clip is named like its sequence and shot: SE01_SH010. Other clips are listed and left
out. A shot starts at frame 1001; its length is that of its clip. If a clip is used
several times, the longest use counts. The host and the login are read from KITSU_HOST,
KITSU_LOGIN and KITSU_PASSWORD.
"""

import argparse
import os
import sys

import gazu
import opentimelineio as otio

FIRST = 1001


def read(path, fps):
    """Return the lengths of clips in frames, by sequence and shot, and other names."""
    options = {"rate": fps} if path.lower().endswith(".edl") else {}
    timeline = otio.adapters.read_from_file(path, **options)
    lengths, others = {}, []
    for clip in timeline.find_clips():
        sequence, found, shot = os.path.splitext(clip.name)[0].partition("_")
        if not found:
            others.append(clip.name)
            continue
        length = clip.trimmed_range().duration.to_frames()
        key = (sequence, shot)
        lengths[key] = max(length, lengths.get(key, 0))
    return lengths, others


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("project", help="name of the production")
    parser.add_argument(
        "file", help="an EDL, an OTIO file, or what OTIO reads"
    )
    parser.add_argument("--fps", type=float, default=24, help="of an EDL")
    options = parser.parse_args()
    lengths, others = read(options.file, options.fps)

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
    for (sequence_name, name), length in lengths.items():
        if sequence_name not in sequences:
            sequences[sequence_name] = gazu.shot.new_sequence(
                project, sequence_name
            )
        sequence = sequences[sequence_name]
        frames = {"frame_in": FIRST, "frame_out": FIRST + length - 1}
        shot = shots.get((sequence["id"], name))
        if shot is None:
            gazu.shot.new_shot(
                project, sequence, name, nb_frames=length, **frames
            )
            created += 1
        elif shot["nb_frames"] != length:
            data = {**(shot["data"] or {}), **frames}
            gazu.shot.update_shot(
                {"id": shot["id"], "nb_frames": length, "data": data}
            )
            changed += 1
    if others:
        print("left out: " + ", ".join(others), file=sys.stderr)
    print(f"{created} created, {changed} changed, {len(lengths)} in the file")


if __name__ == "__main__":
    main()

"""Extensions of the files that a Zou server accepts as previews."""

from __future__ import annotations

PICTURES = ("jpe", "jpeg", "jpg", "png")
MOVIES = ("avi", "m4v", "mkv", "mov", "mp4", "webm", "wmv")
FILES = (
    "ae",
    "ai",
    "blend",
    "clip",
    "comp",
    "diff",
    "exr",
    "fbx",
    "fla",
    "flv",
    "gif",
    "glb",
    "gltf",
    "hip",
    "kra",
    "ma",
    "mb",
    "md",
    "mp3",
    "obj",
    "pdf",
    "psd",
    "psb",
    "rar",
    "rev",
    "riv",
    "sai",
    "sai2",
    "sbbkp",
    "svg",
    "swf",
    "tvpp",
    "wav",
    "zip",
)

#: All extensions that the server accepts.
TAKEN = frozenset((*PICTURES, *MOVIES, *FILES))

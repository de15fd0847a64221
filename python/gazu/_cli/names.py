"""Records that arguments name."""

from __future__ import annotations

import uuid

from .. import shot as gazu_shot
from .. import task as gazu_task
from .errors import required


def is_id(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def status_of(short_name: str) -> dict:
    return required(
        gazu_task.get_task_status_by_short_name(short_name),
        "Task status",
        short_name,
    )


def sequence_of(proj: dict, name: str) -> dict:
    found = gazu_shot.get_sequence_by_name(proj, name)
    return required(found, "Sequence", name)


def episode_of(proj: dict, name: str) -> dict:
    found = gazu_shot.get_episode_by_name(proj, name)
    return required(found, "Episode", name)

"""The answers of the server and the bodies of requests."""

import random

PROJECT = "d5a1b2c3-0000-4000-8000-000000000001"


def shot(number):
    """Return a shot in the form of Zou, about 1 KB of JSON."""
    chance = random.Random(number)

    def identity():
        digits = "%032x" % chance.getrandbits(128)
        parts = digits[:8], digits[8:12], digits[12:16], digits[16:20]
        return "-".join([*parts, digits[20:]])

    return {
        "id": identity(),
        "created_at": "2026-01-%02dT10:00:00" % (number % 28 + 1),
        "updated_at": "2026-02-%02dT11:30:00" % (number % 28 + 1),
        "name": "SH%05d" % chance.randrange(100_000),
        "code": None,
        "description": "Camera follows lama %d down the hill. " % number * 3,
        "shotgun_id": None,
        "canceled": False,
        "nb_frames": chance.randrange(24, 200),
        "nb_entities_out": 0,
        "is_casting_standby": False,
        "is_shared": False,
        "status": "running",
        "project_id": PROJECT,
        "entity_type_id": "d5a1b2c3-0000-4000-8000-000000000002",
        "parent_id": "d5a1b2c3-0000-4000-8000-%012d" % (number // 20),
        "source_id": None,
        "preview_file_id": identity(),
        "ready_for": None,
        "created_by": "d5a1b2c3-0000-4000-8000-000000000003",
        "entities_out": [],
        "instance_casting": [],
        "entity_concept_links": [],
        "data": {
            "fps": "25",
            "frame_in": "1001",
            "frame_out": str(1001 + number % 200),
            "max_retakes": 3,
        },
        "type": "Shot",
    }


def preview(number):
    """Return the dict of a preview file."""
    return {"id": "%08x-0000-4000-8000-000000000001" % number}


def comment(task):
    """Return a comment on a task, without files."""
    return {
        "id": task["id"],
        "attachment_files": [],
        "previews": [],
        "task_status_id": task["task_status_id"],
        "person_id": PROJECT,
        "text": "The lama looks the wrong way.",
        "created_at": "2026-02-01T09:12:44",
        "checklist": [],
    }


def entities(count):
    """Return shots with metadata, as a script creates them."""
    return [
        {
            "name": "SH%04d" % number,
            "project_id": PROJECT,
            "description": "Two lamas meet \u2014 and part.",
            "nb_frames": number,
            "data": {"fps": 25, "frame_in": 1001, "ratio": 2.39},
            "parent_id": "d5a1b2c3-0000-4000-8000-%012d" % (number // 20),
        }
        for number in range(count)
    ]


def task(shot, number):
    """Return a task of a shot, with the keys of a board."""
    chance = random.Random(shot["id"] + str(number))

    def identity():
        return "%08x-0000-4000-8000-%012x" % (
            chance.getrandbits(32),
            chance.getrandbits(48),
        )

    return {
        "id": identity(),
        "duration": 0.0,
        "due_date": "2026-03-%02dT00:00:00" % chance.randrange(1, 29),
        "end_date": None,
        "done_date": None,
        "entity_id": shot["id"],
        "estimation": 480.0,
        "is_subscribed": False,
        "last_comment_date": "2026-02-%02dT09:12:44" % chance.randrange(1, 29),
        "last_preview_file_id": identity(),
        "nb_assets_ready": 0,
        "priority": 0,
        "real_start_date": "2026-02-01T08:00:00",
        "retake_count": chance.randrange(3),
        "start_date": "2026-02-01T00:00:00",
        "difficulty": 3,
        "nb_drawings": 0,
        "task_status_id": "d5a1b2c3-0000-4000-8000-1%011d" % (number % 3),
        "task_type_id": "d5a1b2c3-0000-4000-8000-2%011d" % number,
        "assignees": [identity()],
        "data": None,
    }

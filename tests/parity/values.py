"""One canonical value for every parameter name of the public functions."""

from .replies import model, uid


def special(kind, value=None):
    """Return the JSON form of an argument that JSON does not have; see ``encode.decode``."""
    return {"$": kind, "v": value}


def file(name):
    return special("file", name)


def output(name):
    return special("output", name)


CLIENT = special("client", "second")

# Parameters that take a model: a dict with an id, or an id.
MODELS = {
    "asset",
    "asset_instance",
    "asset_to_instantiate",
    "asset_type",
    "assigned_to",
    "assigner",
    "attachment_file",
    "author",
    "bot",
    "budget",
    "build_job",
    "chat",
    "concept",
    "day_off",
    "default_status",
    "department",
    "edit",
    "entity",
    "entity_link",
    "entry",
    "episode",
    "file_status",
    "filter",
    "filter_group",
    "metadata_descriptor",
    "notification",
    "organisation",
    "output_file",
    "output_type",
    "person",
    "playlist",
    "preview_background_file",
    "preview_file",
    "project",
    "project_source",
    "project_target",
    "project_template",
    "reply",
    "scene",
    "sequence",
    "shot",
    "software",
    "started_task_status",
    "status_automation",
    "studio",
    "target_task",
    "task",
    "task_status",
    "task_type",
    "temporal_entity",
    "time_spent",
    "working_file",
    # Only functions that upstream does not have take these.
    "budget_entry",
    "chat_message",
    "concept_folder",
    "custom_action",
    "hardware_item",
    "in_task_status",
    "in_task_type",
    "milestone",
    "out_task_status",
    "out_task_type",
    "plugin",
    "project_status",
    "salary_scale",
    "schedule_item",
    "schedule_version",
    "source",
    "task_link",
}

# Models whose parameter has another name in some functions.
MODEL_ALIASES = {
    "automation": "status_automation",
    "background_file": "preview_background_file",
}

MODEL_EXTRAS = {
    "playlist": {
        "shots": [
            {"entity_id": uid("entity"), "preview_file_id": uid("old")},
            {"entity_id": uid("shot"), "preview_file_id": uid("preview_file")},
        ]
    },
    "project": {
        "team": [{"id": uid("person"), "name": "Ada"}, uid("bot")],
        "asset_types": [uid("asset_type")],
        "task_types": [{"id": uid("task_type")}],
        "task_statuses": [uid("task_status")],
    },
    "project_source": {"production_type": "tvshow"},
    "task": {"assignees": [{"id": uid("person")}, uid("bot")]},
    "person": {"departments": [{"id": uid("department")}, uid("other")]},
    "bot": {"departments": [uid("department")], "is_bot": True},
    "metadata_descriptor": {"departments": [{"id": uid("department")}]},
    "automation": {"status_automation_id": uid("status_automation")},
    "background_file": {
        "preview_background_file_id": uid("preview_background_file")
    },
}


def model_id(name):
    return uid(MODEL_ALIASES.get(name, name))


def model_dict(name):
    """Return the model *name* as scripts have it, with more keys than the id."""
    kind = MODEL_ALIASES.get(name, name)
    value = {
        "id": uid(kind),
        "name": "A \u00ab%s\u00bb" % kind,
        "type": kind.title().replace("_", ""),
        "project_id": uid("project"),
        "parent_id": uid("parent"),
        "entity_type_id": uid("asset_type"),
        "episode_id": uid("episode"),
        "source_id": uid("source"),
        "data": {"key": [1, 2.5, None, True]},
    }
    value.update(MODEL_EXTRAS.get(name, {}))
    return value


def _list_of(name):
    return {
        "ids": [uid(name), uid("other")],
        "dicts": [model_dict(name), uid("other")],
    }


# Lists of models: one form with ids, one with dicts.
LISTS = {
    "entities": _list_of("entity"),
    "tasks": _list_of("task"),
    "task_types": _list_of("task_type"),
    "task_statuses": _list_of("task_status"),
    "asset_types": _list_of("asset_type"),
    "team": _list_of("person"),
    "departments": _list_of("department"),
    "assignees": _list_of("person"),
    "person_ids": _list_of("person"),
    "descriptor_ids": _list_of("metadata_descriptor"),
    "entity_concept_links": _list_of("asset"),
    "entity_types": _list_of("asset_type"),
    "assets": _list_of("asset"),
    "concepts": _list_of("concept"),
    "edits": _list_of("edit"),
    "persons": _list_of("person"),
    "shots": _list_of("shot"),
}

_NAMES = {
    "shot_name": "SH 010/\u00e9",
    "user_name": "ada",
}

VALUES = {
    # texts
    "name": "A name & more",
    "asset_name": "Lama",
    "concept_name": "Mood 1",
    "edit_name": "Cut 3",
    "entity_name": "Entity + 100 %",
    "entity_type_name": "Props",
    "episode_name": "E01",
    "field_name": "difficulty",
    "full_name": "Ada King Lovelace",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "output_type_name": "Cache",
    "project_name": "Caminandes \u00e9t\u00e9",
    "project_status_name": "Open",
    "scene_name": "SC01",
    "sequence_name": "SEQ#1",
    "shot_name": "SH 010/\u00e9",
    "software_name": "Maya",
    "studio_name": "Blender",
    "task_status_short_name": "wip",
    "task_type_name": "Modeling",
    "task_type_short_name": "mod",
    "short_name": "sn",
    "description": "Some text \u4e2d\u6587",
    "comment": "A comment \u2713",
    "text": "A reply",
    "title": "A title",
    "color": "#00FF7f",
    "email": "ada+test@example.com",
    "password": "pass word",
    "totp": "123456",
    "email_otp": "654321",
    "fido_authentication_response": {"id": "key"},
    "recovery_code": "code",
    "desktop_login": "ada.l",
    "phone": "+33 1 23",
    "role": "manager",
    "contract_type": "fixed-term",
    "currency": "EUR",
    "category": "salary",
    "section": "shots",
    "query": "lama & co",
    "list_type": "asset",
    "entity_type": "Asset",
    "data_type": "list",
    "for_entity": "Shot",
    "production_type": "tvshow",
    "production_style": "3d",
    "fps": "24",
    "ratio": "16:9",
    "resolution": "1920x1080",
    "mode": "output",
    "sep": "\\",
    "representation": "abc",
    "label": "animate",
    "naming_convention": "${shot_name}",
    "file_extension": ".ma",
    "token": "share-token",
    "field": "email",
    "id_field": "name",
    "filename": "a/b: c?.png",
    "date_text": "2024-02-29",
    "model_name": "shots",
    "path": "data/shots",
    "default_message": "default",
    # dates
    "date": "2024-03-05",
    "start_date": "2024-03-01",
    "end_date": "2024-03-31",
    "after": "2024-01-02",
    "before": "2024-01-03T04:05:06",
    "created_at": "2024-01-02T03:04:05",
    "expiration_date": "2030-01-01",
    # numbers
    "amount": 12.5,
    "duration": 480,
    "frame_in": 101,
    "frame_out": 148,
    "frame_number": 12,
    "limit": 7,
    "month": 3,
    "nb_elements": 5,
    "nb_frames": 48,
    "nb_occurences": 2,
    "page": 2,
    "position": 1.5,
    "priority": 3,
    "quantity": 4,
    "revision": 3,
    "unit_price": 9.99,
    "week": 12,
    "year": 2024,
    # ids by name
    "asset_id": uid("asset"),
    "asset_instance_id": uid("asset_instance"),
    "asset_type_id": uid("asset_type"),
    "attachment_file_id": uid("attachment_file"),
    "author_id": uid("person"),
    "comment_id": uid("comment"),
    "concept_id": uid("concept"),
    "cursor_login_log_id": uid("log"),
    "day_off_id": uid("day_off"),
    "department_id": uid("department"),
    "edit_id": uid("edit"),
    "entity_id": uid("entity"),
    "entity_type_id": uid("asset_type"),
    "episode_id": uid("episode"),
    "file_status_id": uid("file_status"),
    "id": uid("model"),
    "metadata_descriptor_id": uid("metadata_descriptor"),
    "model_id": uid("model"),
    "output_file_id": uid("output_file"),
    "output_type_id": uid("output_type"),
    "person_id": uid("person"),
    "preview_file_id": uid("preview_file"),
    "project_id": uid("project"),
    "project_template_id": uid("project_template"),
    "scene_id": uid("scene"),
    "sequence_id": uid("sequence"),
    "shot_id": uid("shot"),
    "software_id": uid("software"),
    "status_id": uid("file_status"),
    "studio_id": uid("studio"),
    "task_id": uid("task"),
    "task_status_id": uid("task_status"),
    "task_type_id": uid("task_type"),
    "working_file_id": uid("working_file"),
    # free JSON
    "data": {
        "key": "v\u00e4lue",
        "list": [1, None, False],
        "nested": {"x": 0.1},
    },
    "extra_data": {"difficulty": 3},
    "casting": [{"asset_id": uid("asset"), "nb_occurences": 3}],
    "file_tree": {"working": {"mountpoint": "/working"}},
    "descriptors": [{"name": "Difficulty", "entity_type": "Asset"}],
    "checklist": [{"text": "\u00e9l\u00e9ment", "checked": False}],
    "links": ["https://example.com/a?b=c"],
    "choices": ["easy", "hard"],
    "secondary_extensions": [".mb", ".mel"],
    "roles_for_board": ["admin", "manager"],
    "additions": [{"time": 1}],
    "updates": [{"time": 2}],
    "deletions": ["object-id"],
    "comments_data": {"task_status_id": uid("task_status"), "comment": "all"},
    "params": {"name": "a b", "ids": ["x", "y"], "force": True},
    "fields": ["id", "name"],
    "headers": {"X-One": "1"},
    "source_list": [model(0, "usual"), model(1, "usual"), model(2, "usual")],
    "target_list": [model(2, "usual"), model(3, "usual"), model(4, "usual")],
    "source_model": model(1, "usual"),
    "target_model": model(0, "usual"),
    "dicts": [model(n, "usual") for n in range(6)] + [{"name": None}, {}],
    "models": [uid("shot"), model_dict("shot")],
    "model_parameter": uid("shot"),
    # files
    "file_path": file("picture.png"),
    "preview_file_path": file("movie.mp4"),
    "preview_file_url": special("url", "/files/preview.png"),
    "csv_file_path": file("table.csv"),
    "otio_file_path": file("edit.otio"),
    "attachments": [
        file("picture.png"),
        file("table.csv"),
        file("n\u00e2me \u4e2d.png"),
    ],
    "extra_files": [file("table.csv"), file("n\u00e2me \u4e2d.png")],
    "files": None,
    "progress_callback": special("callback"),
    # time
    "timeout": 0,
    "poll_interval": 0,
    "processing_timeout": 0,
    # Only functions that upstream does not have take these.
    "budget_entry_id": uid("budget_entry"),
    "budget_id": uid("budget"),
    "castings": {uid("shot"): []},
    "count_mode": "feedback",
    "custom_action_id": uid("custom_action"),
    "daily_salary": 250.5,
    "day": 5,
    "due_date": "2024-03-31",
    "emails": ["ada@example.com"],
    "extension": "hdr",
    "field_names": ["fur"],
    "file_id": uid("file"),
    "hardware_item_id": uid("hardware_item"),
    "inventory_amount": 5,
    "is_client_allowed": False,
    "man_days": 20,
    "message": "A message",
    "milestone_id": uid("milestone"),
    "monthly_cost": 10,
    "months_duration": 3,
    "news_id": uid("news"),
    "old_password": "old word",
    "out_field_type": "ready_for",
    "plugin_id": uid("plugin"),
    "prefix": "Client:",
    "preview_background_file_id": uid("preview_background_file"),
    "salary_scale_id": uid("salary_scale"),
    "schedule_item_id": uid("schedule_item"),
    "schedule_version_id": uid("schedule_version"),
    "seniority": "senior",
    "status_automation_id": uid("status_automation"),
    "time_spent_id": uid("time_spent"),
    # clients
    "client_source": special("client", "source"),
    "client_target": special("client", "target"),
    "source_client": special("client", "source"),
    "target_client": special("client", "target"),
    "url": "data/shots",
    "host": special("url", ""),
    "new_host": "http://other.example/api",
}

FILES = {
    "file_path",
    "preview_file_path",
    "csv_file_path",
    "otio_file_path",
}

# Invalid values that a caller may pass for any parameter.
BAD = {
    "None": None,
    "int": 12,
    "tuple": special("tuple", [uid("a"), uid("b")]),
    "list": [uid("a")],
    "dict without id": {"name": "no id"},
    "object": special("object"),
    "bytes": special("bytes", "text"),
}
BAD_MODELS = {
    "wrong id": "not-an-id",
    "empty text": "",
    "bool": True,
    "empty list": [],
}
BAD_FILES = {
    "missing file": file("missing.png"),
    "folder": special("folder"),
    "empty file": file("empty.txt"),
    "pathlike": special("pathlike", "picture.png"),
}
BAD_TARGETS = {
    "folder": special("folder"),
    "in a missing folder": output("missing/target.bin"),
    "not in ASCII": output("n\u00e2me \u4e2d.png"),
}
# Other forms of a model that are not mistakes.
MODEL_FORMS = {
    "UUID object": special("uuid", uid("uuid")),
    "upper case id": uid("upper").upper(),
    "object with an id as text": special("identified", uid("identified")),
    "object without text": special("mute"),
    "id with spaces": " " + uid("spaces"),
    "only an id": {"id": uid("only")},
    "dict with an odd id": {"id": "a b/c?d#\u00e9", "project_id": "p/\u00e9"},
    "dict with an int id": {"id": 12, "project_id": 13},
    "dict with id None": {"id": None},
}

"""
The models: the fields of the server's records in its order, with their defaults.

`fill` adds the records of a newly installed server.
"""

from __future__ import annotations

from typing import Any, Callable


class Model:
    """
    One kind of record.

    Args:
        type: The value of the records' ``type`` key.
        fields: The columns and their defaults.
        relations: The keys that are returned only for a single record, and for lists
            with ``relations=true``.
        required: The columns that must not be null.
        unique: The columns whose values must be unique. A tuple names columns that
            must be unique together.
        hidden: The columns that can be written and are never returned.
    """

    def __init__(
        self,
        type: str,
        fields: dict,
        relations: tuple = (),
        required: tuple = (),
        unique: tuple = (),
        hidden: tuple = (),
    ) -> None:
        self.type = type
        self.fields = fields
        self.relations = dict.fromkeys(relations)
        self.required = required
        self.unique = unique
        self.hidden = hidden


MODELS = {
    "organisations": Model(
        "Organisation",
        {
            "name": "Kitsu",
            "hours_by_day": 8.0,
            "has_avatar": False,
            "use_original_file_name": False,
            "timesheets_locked": False,
            "format_duration_in_hours": False,
            "hd_by_default": False,
            "chat_token_slack": "",
            "chat_webhook_mattermost": "",
            "chat_token_discord": "",
            "dark_theme_by_default": False,
        },
    ),
    "departments": Model(
        "Department",
        {"name": None, "color": None, "archived": False},
        required=("name", "color"),
        unique=("name",),
    ),
    "project-status": Model(
        "ProjectStatus", {"name": None, "color": "#000000"}, unique=("name",)
    ),
    "projects": Model(
        "Project",
        {
            "name": None,
            "code": None,
            "description": None,
            "shotgun_id": None,
            "file_tree": None,
            "data": None,
            "has_avatar": False,
            "fps": "25",
            "ratio": "16:9",
            "resolution": "1920x1080",
            "production_type": "short",
            "production_style": "2d3d",
            "start_date": None,
            "end_date": None,
            "man_days": None,
            "nb_episodes": 0,
            "episode_span": 0,
            "max_retakes": 0,
            "is_clients_isolated": False,
            "is_client_stats_visible": True,
            "is_client_task_list_visible": True,
            "is_client_task_panel_visible": True,
            "is_preview_download_allowed": False,
            "is_set_preview_automated": False,
            "homepage": "assets",
            "is_publish_default_for_artists": False,
            "is_bot_collaboration_enabled": False,
            "is_single_preview_per_revision": False,
            "is_frame_in_numbering": False,
            "revision_padding": 0,
            "hd_bitrate_compression": None,
            "ld_bitrate_compression": None,
            "project_status_id": None,
            "default_preview_background_file_id": None,
            "from_schedule_version_id": None,
        },
        relations=(
            "team",
            "asset_types",
            "task_statuses",
            "task_types",
            "status_automations",
            "preview_background_files",
        ),
        required=("name",),
        unique=("name",),
        hidden=("project_template_id",),
    ),
    "metadata-descriptors": Model(
        "MetadataDescriptor",
        {
            "project_id": None,
            "entity_type": "Asset",
            "task_type_id": None,
            "name": None,
            "data_type": "string",
            "field_name": None,
            "choices": [],
            "for_client": False,
            "position": None,
            "departments": [],
        },
        required=("project_id", "name"),
    ),
    "persons": Model(
        "Person",
        {
            "first_name": None,
            "last_name": None,
            "email": None,
            "phone": None,
            "country": None,
            "contract_type": "open-ended",
            "active": True,
            "archived": False,
            "last_presence": None,
            "desktop_login": None,
            "totp_enabled": False,
            "email_otp_enabled": False,
            "fido_enabled": False,
            "preferred_two_factor_authentication": None,
            "shotgun_id": None,
            "timezone": "Europe/Paris",
            "locale": "en_US",
            "use_12_hour_clock": False,
            "display_date_format": "YYYY-MM-DD",
            "data": None,
            "role": "user",
            "position": "artist",
            "seniority": "mid",
            "daily_salary": 0,
            "has_avatar": False,
            "notifications_enabled": False,
            "notifications_slack_enabled": False,
            "notifications_slack_userid": "",
            "notifications_mattermost_enabled": False,
            "notifications_mattermost_userid": "",
            "notifications_discord_enabled": False,
            "notifications_discord_userid": "",
            "is_bot": False,
            "is_guest": False,
            "preview_project_id": None,
            "preview_opened_at": None,
            "preview_open_until": None,
            "expiration_date": None,
            "is_generated_from_ldap": False,
            "ldap_uid": None,
            "studio_id": None,
            "full_name": None,
        },
        relations=("departments",),
        required=("first_name", "last_name"),
        hidden=("password",),
    ),
    "entity-types": Model(
        "EntityType",
        {
            "name": None,
            "short_name": None,
            "description": None,
            "archived": False,
        },
        relations=("task_types",),
        required=("name",),
        unique=("name",),
    ),
    "task-types": Model(
        "TaskType",
        {
            "name": None,
            "short_name": None,
            "description": None,
            "color": "#FFFFFF",
            "priority": 1,
            "for_entity": "Asset",
            "allow_timelog": True,
            "archived": False,
            "shotgun_id": None,
            "department_id": None,
        },
        required=("name",),
    ),
    "task-status": Model(
        "TaskStatus",
        {
            "name": None,
            "archived": False,
            "short_name": None,
            "description": None,
            "color": None,
            "priority": 1,
            "is_done": False,
            "is_artist_allowed": True,
            "is_client_allowed": True,
            "is_retake": False,
            "is_feedback_request": False,
            "is_default": False,
            "is_wip": False,
            "shotgun_id": None,
            "for_concept": False,
        },
        required=("name", "short_name", "color"),
        unique=("short_name",),
    ),
    "entities": Model(
        "Entity",
        {
            "id": None,
            "name": None,
            "code": None,
            "description": None,
            "shotgun_id": None,
            "canceled": False,
            "nb_frames": None,
            "nb_entities_out": 0,
            "is_casting_standby": False,
            "is_shared": False,
            "status": "running",
            "project_id": None,
            "entity_type_id": None,
            "parent_id": None,
            "source_id": None,
            "preview_file_id": None,
            "data": {},
            "ready_for": None,
            "created_by": None,
        },
        relations=(
            "entities_out",
            "entity_concept_links",
            "instance_casting",
            "entities_in",
        ),
        required=("name", "project_id", "entity_type_id"),
        unique=(("name", "project_id", "entity_type_id", "parent_id"),),
    ),
    "entity-links": Model(
        "EntityLink",
        {
            "entity_in_id": None,
            "entity_out_id": None,
            "nb_occurences": 1,
            "label": "",
            "data": None,
        },
        required=("entity_in_id", "entity_out_id"),
    ),
    "tasks": Model(
        "Task",
        {
            "name": "main",
            "description": None,
            "priority": 0,
            "difficulty": 3,
            "duration": 0.0,
            "estimation": 0.0,
            "completion_rate": 0,
            "retake_count": 0,
            "sort_order": 0,
            "start_date": None,
            "due_date": None,
            "real_start_date": None,
            "end_date": None,
            "done_date": None,
            "last_comment_date": None,
            "nb_assets_ready": 0,
            "data": None,
            "nb_drawings": 0,
            "shotgun_id": None,
            "last_preview_file_id": None,
            "project_id": None,
            "task_type_id": None,
            "task_status_id": None,
            "entity_id": None,
            "assigner_id": None,
        },
        relations=("assignees",),
        required=("name", "difficulty"),
        unique=(("name", "project_id", "task_type_id", "entity_id"),),
    ),
    "comments": Model(
        "Comment",
        {
            "shotgun_id": None,
            "object_id": None,
            "object_type": "Task",
            "text": "",
            "data": None,
            "replies": [],
            "checklist": [],
            "pinned": None,
            "for_client": False,
            "links": [],
            "task_status_id": None,
            "person_id": None,
            "editor_id": None,
            "preview_file_id": None,
        },
        relations=(
            "previews",
            "mentions",
            "department_mentions",
            "acknowledgements",
            "attachment_files",
        ),
        required=("object_id", "task_status_id"),
    ),
    "preview-files": Model(
        "PreviewFile",
        {
            "name": None,
            "original_name": None,
            "revision": 1,
            "position": 1,
            "extension": "mp4",
            "description": None,
            "path": None,
            "source": "webgui",
            "file_size": 0,
            "status": "processing",
            "validation_status": "neutral",
            "annotations": None,
            "width": 0,
            "height": 0,
            "duration": 0.0,
            "data": None,
            "token_in": None,
            "token_out": None,
            "task_id": None,
            "person_id": None,
            "source_file_id": None,
            "shotgun_id": None,
            "is_movie": False,
            "url": None,
            "uploaded_movie_url": None,
            "uploaded_movie_name": None,
        },
        relations=("comments",),
        required=("task_id",),
    ),
    "attachment-files": Model(
        "AttachmentFile",
        {
            "name": None,
            "size": 0,
            "extension": None,
            "mimetype": None,
            "comment_id": None,
            "reply_id": None,
            "chat_message_id": None,
        },
    ),
    "time-spents": Model(
        "TimeSpent",
        {"duration": 0.0, "date": None, "task_id": None, "person_id": None},
        required=("duration", "date"),
        unique=(("person_id", "task_id", "date"),),
    ),
    "file-status": Model(
        "FileStatus", {"name": None, "color": None}, required=("name",)
    ),
    "output-types": Model(
        "OutputType",
        {"name": None, "short_name": None},
        required=("name", "short_name"),
        unique=("name",),
    ),
    "softwares": Model(
        "Software",
        {
            "name": None,
            "short_name": None,
            "file_extension": None,
            "secondary_extensions": [],
            "version": None,
            "archived": False,
        },
        required=("name", "short_name", "file_extension"),
        unique=("name",),
    ),
    "studios": Model(
        "Studio",
        {"name": None, "color": None, "archived": False},
        required=("name", "color"),
        unique=("name",),
    ),
    "hardware-items": Model(
        "HardwareItem",
        {
            "name": None,
            "short_name": None,
            "archived": False,
            "monthly_cost": 0,
            "inventory_amount": 0,
        },
        required=("name", "short_name"),
        unique=("name",),
    ),
    "custom-actions": Model(
        "CustomAction",
        {"name": None, "url": None, "entity_type": "all", "is_ajax": False},
        required=("name",),
    ),
    "status-automations": Model(
        "StatusAutomation",
        {
            "entity_type": "asset",
            "in_task_type_id": None,
            "in_task_status_id": None,
            "out_field_type": "status",
            "out_task_type_id": None,
            "out_task_status_id": None,
            "import_last_revision": False,
            "archived": False,
        },
    ),
    "preview-background-files": Model(
        "PreviewBackgroundFile",
        {
            "name": None,
            "archived": False,
            "is_default": False,
            "original_name": None,
            "extension": None,
            "file_size": 0,
        },
        required=("name",),
        unique=("name",),
    ),
    "milestones": Model(
        "Milestone",
        {"date": None, "name": None, "project_id": None, "task_type_id": None},
        required=("name",),
    ),
    "schedule-items": Model(
        "ScheduleItem",
        {
            "start_date": None,
            "end_date": None,
            "man_days": None,
            "project_id": None,
            "task_type_id": None,
            "object_id": None,
        },
        unique=(("project_id", "task_type_id", "object_id"),),
    ),
    "production-schedule-versions": Model(
        "ProductionScheduleVersion",
        {
            "name": None,
            "project_id": None,
            "production_schedule_from": None,
            "locked": False,
            "canceled": False,
        },
        required=("name", "project_id"),
        unique=(("name", "project_id"),),
    ),
    "budgets": Model(
        "Budget",
        {"project_id": None, "revision": 1, "name": None, "currency": None},
        required=("name",),
    ),
    "budget-entries": Model(
        "BudgetEntry",
        {
            "budget_id": None,
            "department_id": None,
            "person_id": None,
            "start_date": None,
            "months_duration": None,
            "daily_salary": None,
            "position": "artist",
            "seniority": "mid",
            "exceptions": None,
        },
        required=(
            *("budget_id", "department_id", "start_date"),
            "months_duration",
        ),
    ),
    "day-offs": Model(
        "DayOff",
        {
            "date": None,
            "end_date": None,
            "description": None,
            "person_id": None,
        },
        required=("date", "end_date"),
        unique=(("person_id", "date"),),
    ),
    "hardware-item-department-links": Model(
        "HardwareItemDepartmentLink",
        {"department_id": None, "hardware_item_id": None},
    ),
    "software-department-links": Model(
        "SoftwareDepartmentLink",
        {"department_id": None, "software_id": None},
    ),
}

#: The model that each foreign key refers to.
REFERENCES = {
    "budget_id": "budgets",
    "hardware_item_id": "hardware-items",
    "software_id": "softwares",
    "studio_id": "studios",
    "in_task_type_id": "task-types",
    "in_task_status_id": "task-status",
    "out_task_type_id": "task-types",
    "out_task_status_id": "task-status",
    "production_schedule_from": "production-schedule-versions",
    "project_id": "projects",
    "preview_project_id": "projects",
    "project_status_id": "project-status",
    "task_id": "tasks",
    "task_type_id": "task-types",
    "task_status_id": "task-status",
    "entity_id": "entities",
    "parent_id": "entities",
    "source_id": "entities",
    "entity_in_id": "entities",
    "entity_out_id": "entities",
    "entity_type_id": "entity-types",
    "ready_for": "task-types",
    "department_id": "departments",
    "person_id": "persons",
    "editor_id": "persons",
    "assigner_id": "persons",
    "created_by": "persons",
    "comment_id": "comments",
    "preview_file_id": "preview-files",
    "last_preview_file_id": "preview-files",
}

#: The model that the ids in each list refer to.
LINKS = {
    "team": "persons",
    "asset_types": "entity-types",
    "task_types": "task-types",
    "task_statuses": "task-status",
    "assignees": "persons",
    "departments": "departments",
    "mentions": "persons",
    "department_mentions": "departments",
    "acknowledgements": "persons",
}

#: Text and number columns whose type cannot be inferred from a default.
TEXTS = ("name", "short_name", "code", "description", "field_name")
NUMBERS = (
    *("nb_frames", "man_days", "shotgun_id", "token_in", "token_out"),
    "months_duration",
)

#: Entity types that are not asset types. They are also the ``type`` of their records.
NON_ASSET_TYPES = (
    "Shot",
    "Sequence",
    "Episode",
    "Scene",
    "Edit",
    "Concept",
    "ConceptFolder",
)

_DEPARTMENTS = (
    ("Modeling", "#78909C"),
    ("Animation", "#009688"),
    ("FX", "#26C6DA"),
    ("Compositing", "#F06292"),
    ("Concept", "#8D6E63"),
    ("Layout", "#7CB342"),
)

# Name, department, colour, priority, entity type.
_TASK_TYPES = (
    ("Concept", None, "#8D6E63", 1, "Concept"),
    ("Concept", "Concept", "#8D6E63", 1, "Asset"),
    ("Modeling", "Modeling", "#78909C", 2, "Asset"),
    ("Shading", "Modeling", "#64B5F6", 3, "Asset"),
    ("Rigging", "Animation", "#9CCC65", 4, "Asset"),
    ("Storyboard", "Concept", "#43A047", 1, "Shot"),
    ("Layout", "Layout", "#7CB342", 2, "Shot"),
    ("Animation", "Animation", "#009688", 3, "Shot"),
    ("Lighting", "Compositing", "#F9A825", 4, "Shot"),
    ("FX", "FX", "#26C6DA", 5, "Shot"),
    ("Rendering", "Compositing", "#F06292", 6, "Shot"),
    ("Compositing", "Compositing", "#ff5252", 7, "Shot"),
    ("Edit", "Compositing", "#9b298c", 8, "Edit"),
)

# Name, short name, colour, the flags that are true.
_TASK_STATUSES = (
    ("Todo", "todo", "#f5f5f5", ("is_default",)),
    ("Work In Progress", "wip", "#3273dc", ("is_wip",)),
    ("Waiting For Approval", "wfa", "#ab26ff", ("is_feedback_request",)),
    ("Retake", "retake", "#ff3860", ("is_retake",)),
    ("Done", "done", "#22d160", ("is_done",)),
    ("Ready To Start", "ready", "#fbc02d", ()),
    ("Approved", "approved", "#66BB6A", ("for_concept",)),
    ("Rejected", "rejected", "#E81123", ("for_concept",)),
    ("Neutral", "neutral", "#CCCCCC", ("for_concept", "is_default")),
)


def fill(add: Callable[..., dict[str, Any]]) -> None:
    """
    Add the records of a newly installed server.

    Args:
        add: The function that adds a record to a store: `Store.add`.
    """
    add("organisations")
    for name in ("Open", "Closed"):
        add("project-status", name=name)
    departments = {
        name: add("departments", name=name, color=color)["id"]
        for name, color in _DEPARTMENTS
    }
    for name in ("Character", "Prop", "FX", "Environment", *NON_ASSET_TYPES):
        add("entity-types", name=name)
    for name, department, color, priority, kind in _TASK_TYPES:
        add(
            "task-types",
            name=name,
            short_name="",
            color=color,
            priority=priority,
            for_entity=kind,
            department_id=departments.get(department),
        )
    for name, short_name, color, flags in _TASK_STATUSES:
        add(
            "task-status",
            name=name,
            short_name=short_name,
            color=color,
            **dict.fromkeys(flags, True),
        )

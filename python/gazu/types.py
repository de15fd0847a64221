"""
The types of results, for type checkers and editors.

    from gazu.types import Shot

    def frames(shot: Shot) -> int:
        return shot["nb_frames"] or 0

At run time, results are plain dicts. These classes only describe them. Keys
that some routes leave out are marked ``NotRequired``. Dates are text:
``YYYY-MM-DD``, or ``YYYY-MM-DDTHH:MM:SS`` in UTC.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Dict, Union

from ._engine.annotations import NotRequired

if TYPE_CHECKING or sys.version_info >= (3, 8):
    from typing import TypedDict
else:

    class TypedDict:
        """A replacement for ``typing.TypedDict`` on Python 3.7."""

        __module__ = "typing"

        def __init_subclass__(cls, total=True):
            super().__init_subclass__()

        def __new__(cls, *args, **kwargs):
            return dict(*args, **kwargs)


class Model(TypedDict):
    """The keys of every record."""

    id: str
    type: str
    created_at: NotRequired[str | None]
    updated_at: NotRequired[str | None]


class HasId(TypedDict):
    """A dict with an id, which functions accept in place of a record."""

    id: str


#: The type of arguments for a record to change.
ModelDict = Union[Dict[str, Any], HasId]
#: The type of arguments for a record or its id.
ModelOrId = Union[str, Dict[str, Any], HasId]


class Named(TypedDict):
    """A record with only its id and name."""

    id: str
    name: str


class Tokens(TypedDict):
    """The server's answer to a renewal of the token."""

    access_token: str
    refresh_token: NotRequired[str]


class Login(TypedDict):
    """The server's answer to a login."""

    login: bool
    ldap: bool
    access_token: str
    refresh_token: str
    user: Person


# --- Entities -----------------------------------------------------------------


class Entity(Model):
    """An asset, shot, sequence, episode, scene, edit or concept."""

    name: str
    code: NotRequired[str | None]
    description: str | None
    shotgun_id: NotRequired[int | None]
    canceled: bool
    nb_frames: NotRequired[int | None]
    nb_entities_out: int
    is_casting_standby: NotRequired[bool]
    is_shared: NotRequired[bool]
    status: NotRequired[str]
    project_id: str
    entity_type_id: str
    parent_id: str | None
    source_id: NotRequired[str | None]
    preview_file_id: str | None
    data: dict[str, Any] | None
    ready_for: NotRequired[str | None]
    created_by: NotRequired[str | None]
    entities_out: NotRequired[list[str]]
    entities_in: NotRequired[list[str]]
    entity_concept_links: NotRequired[list[str]]
    instance_casting: NotRequired[list[str]]
    project_name: NotRequired[str]
    preview_file_status: NotRequired[str | None]


class EntityTask(TypedDict):
    """A task in the answer for its entity."""

    id: str
    duration: float
    estimation: float
    priority: int
    retake_count: int
    start_date: str | None
    due_date: str | None
    real_start_date: str | None
    end_date: str | None
    done_date: NotRequired[str | None]
    last_comment_date: str | None
    last_preview_file_id: NotRequired[str | None]
    difficulty: NotRequired[int]
    nb_assets_ready: NotRequired[int]
    nb_drawings: NotRequired[int]
    data: NotRequired[dict[str, Any] | None]
    is_subscribed: bool
    entity_id: str
    task_status_id: str
    task_type_id: str
    assignees: list[str]


class EntityWithTasks(Entity):
    """An entity with its tasks."""

    tasks: list[dict[str, Any]]


class _Row(TypedDict):
    """What all rows of a board have."""

    id: str
    name: str
    description: str | None
    canceled: bool
    preview_file_id: str | None
    data: dict[str, Any]
    tasks: list[EntityTask]


class _ProjectRow(_Row):
    type: str
    entity_type_id: str
    parent_id: str | None
    source_id: str | None
    project_id: str
    project_name: str
    nb_entities_out: int


class ShotWithTasks(_ProjectRow):
    """A shot with its tasks, sequence and episode."""

    sequence_id: str
    sequence_name: str
    episode_id: str | None
    episode_name: str
    fps: str | float | None
    frame_in: str | int | None
    frame_out: str | int | None
    nb_frames: int | None
    is_casting_standby: bool


class AssetWithTasks(_Row):
    """An asset with its tasks. An id that is missing is an empty text."""

    asset_type_id: str
    asset_type_name: str
    episode_id: str
    casting_episode_ids: list[str]
    ready_for: str
    is_casting_standby: bool
    is_shared: bool


class EditWithTasks(_ProjectRow):
    """An edit with its tasks and episode."""

    episode_id: str | None
    episode_name: str


class ConceptWithTasks(_ProjectRow):
    """A concept with its tasks."""

    fps: str | float | None
    frame_in: str | int | None
    frame_out: str | int | None
    nb_frames: int | None
    is_casting_standby: bool
    preview_file_status: str | None
    created_by: str | None
    created_at: str
    updated_at: str
    entity_concept_links: list[str]


class SequenceWithTasks(_Row):
    """A sequence with its tasks: ``episode_id`` is ``"None"`` without one."""

    episode_id: str
    status: str
    fps: str | float | None
    frame_in: str | int | None
    frame_out: str | int | None


class EpisodeWithTasks(SequenceWithTasks):
    """An episode with its tasks: ``episode_id`` is the text ``"None"``."""


class SceneWithTasks(SequenceWithTasks):
    """A scene with its tasks: ``episode_id`` is the id of its sequence."""


class Asset(Entity):
    """An asset: ``source_id`` is its main episode."""


class FullAsset(Asset):
    """An asset with its type, episode and tasks."""

    asset_type_id: str
    asset_type_name: str
    episode_id: str | None
    casting_episode_ids: list[str]
    tasks: list[EntityTask]


class Shot(Entity):
    """A shot: ``parent_id`` is its sequence."""

    sequence_name: NotRequired[str]


class FullShot(Shot):
    """A shot with its sequence, episode and tasks."""

    sequence_id: str
    episode_id: str | None
    episode_name: str | None
    fps: str | float | None
    frame_in: str | int | None
    frame_out: str | int | None
    tasks: list[EntityTask]


class Sequence(Entity):
    """A sequence: ``parent_id`` is its episode."""

    episode_id: NotRequired[str | None]
    episode_name: NotRequired[str]


class Episode(Entity):
    """An episode."""


class Scene(Entity):
    """A layout scene: ``parent_id`` is its sequence."""

    sequence_id: NotRequired[str]
    sequence_name: NotRequired[str]
    episode_id: NotRequired[str | None]
    episode_name: NotRequired[str]


class Edit(Entity):
    """An edit: ``parent_id`` is its episode."""

    episode_id: NotRequired[str | None]
    episode_name: NotRequired[str]
    tasks: NotRequired[list[EntityTask]]


class Concept(Entity):
    """A concept."""

    fps: NotRequired[str | float | None]
    frame_in: NotRequired[str | int | None]
    frame_out: NotRequired[str | int | None]
    tasks: NotRequired[list[EntityTask]]


class ConceptFolder(Entity):
    """A folder for concepts, whose ``parent_id`` is its id."""


class EntityVersion(Model):
    """
    A version of a shot or an edit: the name before a change, and the metadata
    after it.
    """

    name: str
    data: dict[str, Any] | None
    entity_id: str
    person_id: str | None


class QuotaShot(Shot):
    """A shot that a person finished. ``weight`` is the person's part of it."""

    full_name: str
    weight: float


class FrameCount(TypedDict):
    """The number of frames that a shot has got."""

    id: str
    nb_frames: int


class EntityType(Model):
    """The type of an entity. For assets, this is the asset type."""

    name: str
    short_name: str | None
    description: str | None
    archived: bool
    task_types: NotRequired[list[str]]


class AssetType(EntityType):
    """A type of assets, such as props."""


class AssetInstance(Model):
    """An instance of an asset in a shot, a scene or another asset."""

    asset_id: str
    name: str | None
    number: int | None
    description: str | None
    active: bool
    data: dict[str, Any] | None
    scene_id: str | None
    target_asset_id: str | None
    entity_id: str | None
    entity_type_id: str | None
    shots: NotRequired[list[str]]


class EntityLink(Model):
    """The link between an entity and an asset that is cast in it."""

    entity_in_id: str
    entity_out_id: str
    data: dict[str, Any] | None
    nb_occurences: int
    label: str


class CastAsset(TypedDict):
    """An asset that is cast in a shot, episode or another asset."""

    asset_id: str
    asset_name: str
    asset_type_name: str
    nb_occurences: int
    label: str
    name: NotRequired[str]
    sequence_name: NotRequired[str]
    ready_for: NotRequired[str | None]
    episode_id: NotRequired[str | None]
    preview_file_id: str | None
    is_shared: bool
    project_id: str


class CastIn(TypedDict):
    """A shot, or another asset, that an asset is cast in."""

    shot_id: NotRequired[str]
    shot_name: NotRequired[str]
    sequence_name: NotRequired[str]
    episode_id: NotRequired[str]
    episode_name: NotRequired[str | None]
    asset_id: NotRequired[str]
    asset_name: NotRequired[str]
    asset_type_name: NotRequired[str]
    preview_file_id: str | None
    nb_occurences: int


# --- Projects -----------------------------------------------------------------


class _Production(Model):
    name: str
    description: str | None
    fps: str
    ratio: str
    resolution: str
    production_type: str
    production_style: str
    max_retakes: int
    is_clients_isolated: bool
    is_client_stats_visible: bool
    is_client_task_list_visible: bool
    is_client_task_panel_visible: bool
    is_preview_download_allowed: bool
    is_set_preview_automated: bool
    is_publish_default_for_artists: bool
    is_single_preview_per_revision: bool
    is_frame_in_numbering: bool
    revision_padding: int
    homepage: str
    hd_bitrate_compression: int | None
    ld_bitrate_compression: int | None
    file_tree: dict[str, Any] | None
    data: dict[str, Any] | None
    default_preview_background_file_id: str | None
    asset_types: NotRequired[list[str]]
    task_statuses: NotRequired[list[str]]
    task_types: NotRequired[list[str]]
    status_automations: NotRequired[list[str]]
    preview_background_files: NotRequired[list[str]]


class Project(_Production):
    """A production."""

    code: str | None
    shotgun_id: int | None
    has_avatar: bool
    start_date: str | None
    end_date: str | None
    man_days: int | None
    nb_episodes: int
    episode_span: int
    is_bot_collaboration_enabled: bool
    project_status_id: str | None
    project_status_name: NotRequired[str]
    from_schedule_version_id: str | None
    first_episode_id: NotRequired[str]
    team: NotRequired[list[str]]
    descriptors: NotRequired[list[MetadataDescriptor]]
    task_types_priority: NotRequired[dict[str, int | None]]
    task_statuses_link: NotRequired[dict[str, Any]]
    task_type_links: NotRequired[dict[str, Any]]


class ProjectTemplate(_Production):
    """A template for new productions."""

    metadata_descriptors: list[dict[str, Any]]


class ProjectStatus(Model):
    """The state of a production, such as open or closed."""

    name: str
    color: str


class MetadataDescriptor(TypedDict):
    """A field that a production adds to its entities."""

    id: str
    type: NotRequired[str]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]
    project_id: NotRequired[str]
    entity_type: str
    task_type_id: str | None
    name: str
    data_type: str | None
    field_name: str
    choices: Any
    for_client: bool
    position: int | None
    departments: NotRequired[list[str]]


class TaskStatusLink(Model):
    """The settings of a task status in a project."""

    project_id: str
    task_status_id: str
    priority: int | None
    roles_for_board: list[str]
    is_client_allowed: bool | None


class TaskTypeLink(Model):
    """The settings of a task type in a project."""

    project_id: str
    task_type_id: str
    priority: int | None
    hd_bitrate_compression: int | None
    ld_bitrate_compression: int | None
    is_client_visible: bool


class TaskTypeSoftwareLink(TypedDict):
    """A software that a task type of a project uses."""

    project_id: str
    task_type_id: str
    software_id: str


class TemplateTaskStatusLink(Model):
    """The settings of a task status in a project template."""

    project_template_id: str
    task_status_id: str
    priority: int | None
    roles_for_board: list[str]
    is_client_allowed: bool | None


class TemplateTaskTypeLink(Model):
    """The settings of a task type in a project template."""

    project_template_id: str
    task_type_id: str
    priority: int | None
    hd_bitrate_compression: int | None
    ld_bitrate_compression: int | None
    is_client_visible: bool


class PreviewAccount(TypedDict):
    """The account with which a client may look at a project for a while."""

    id: str
    email: str
    full_name: str
    preview_open_until: str | None
    password: NotRequired[str]


class CustomAction(Model):
    """An entry in Kitsu's menus that sends a selection to a URL."""

    name: str
    url: str | None
    entity_type: str
    is_ajax: bool


class StatusAutomation(Model):
    """A rule that changes a task when another task changes."""

    entity_type: str
    in_task_type_id: str | None
    in_task_status_id: str | None
    out_field_type: str
    out_task_type_id: str | None
    out_task_status_id: str | None
    import_last_revision: bool
    archived: bool


class PreviewBackgroundFile(Model):
    """A background for three-dimensional previews."""

    name: str
    archived: bool
    is_default: bool
    original_name: str | None
    extension: str | None
    file_size: int


class Milestone(Model):
    """A milestone of a production."""

    date: str | None
    name: str
    project_id: str | None
    task_type_id: str | None


class ScheduleItem(TypedDict):
    """The period of work of a task type, or of one object of it."""

    id: str
    type: NotRequired[str]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]
    start_date: str | None
    end_date: str | None
    man_days: int | None
    project_id: str
    task_type_id: str | None
    object_id: str | None


class NamedScheduleItem(ScheduleItem):
    """A schedule item with the name of its object."""

    name: str


class ScheduleVersion(Model):
    """A version of a project's schedule."""

    name: str
    project_id: str
    production_schedule_from: str | None
    locked: bool
    canceled: bool


class ScheduleVersionTaskLink(Model):
    """
    The dates of a task in a version of a schedule. ``estimation`` is in
    minutes.
    """

    production_schedule_version_id: str
    task_id: str
    start_date: str | None
    due_date: str | None
    estimation: float
    assignees: NotRequired[list[str]]


class ScheduleVersionSummary(TypedDict):
    """How many tasks were copied to a version of a schedule."""

    success: bool
    task_link_count: int


class AppliedScheduleVersion(TypedDict):
    """How many tasks have got the dates of a version of a schedule."""

    success: bool
    task_count: int


class Budget(TypedDict):
    """A budget of a production."""

    id: str
    type: NotRequired[str]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]
    project_id: str | None
    revision: int
    name: str
    currency: str | None


class BudgetEntry(TypedDict):
    """An entry of a budget: a person, or a position without a person yet."""

    id: str
    type: NotRequired[str]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]
    budget_id: str
    department_id: str
    person_id: str | None
    start_date: str
    months_duration: int
    daily_salary: float
    position: str
    seniority: str
    exceptions: dict[str, Any] | None


class SalaryScale(Model):
    """The daily salary of a position and seniority in a department."""

    department_id: str
    position: str
    seniority: str
    salary: int


# --- Tasks --------------------------------------------------------------------


class _TaskFields(Model):
    name: str
    description: str | None
    priority: int
    difficulty: int
    duration: float
    estimation: float
    completion_rate: int
    retake_count: int
    sort_order: int
    start_date: str | None
    due_date: str | None
    real_start_date: str | None
    end_date: str | None
    done_date: str | None
    last_comment_date: str | None
    nb_assets_ready: int
    data: dict[str, Any] | None
    nb_drawings: int
    shotgun_id: int | None
    last_preview_file_id: str | None
    project_id: str
    task_type_id: str
    task_status_id: str
    entity_id: str
    assigner_id: str | None


class Task(_TaskFields):
    """
    A task: the work of one task type on one entity.

    ``duration`` and ``estimation`` are in minutes.
    """

    assignees: NotRequired[list[str]]
    project_name: NotRequired[str]
    entity_name: NotRequired[str]
    entity_type_name: NotRequired[str]
    task_type_name: NotRequired[str]
    task_status_name: NotRequired[str]


class CreatedTask(Task):
    """A new task, with the names and colors of its type and status."""

    task_status_short_name: str
    task_status_color: str
    task_type_color: str
    task_type_priority: int | None


class FullTask(Task):
    """A task with its project, entity, type, status and assignees."""

    project: Project
    entity: Entity
    task_type: TaskType
    task_status: TaskStatus
    entity_type: EntityType
    persons: list[Person]
    assigner: NotRequired[Person | None]
    is_subscribed: bool


class OpenTask(Task):
    """A task of an open project, with the names of its related records."""

    project_has_avatar: bool
    entity_description: str | None
    entity_data: dict[str, Any] | None
    entity_preview_file_id: str
    entity_source_id: str
    entity_canceled: bool
    sequence_name: str | None
    episode_id: str | None
    episode_name: str | None
    task_type_for_entity: str
    type_name: str
    type_color: str
    status_name: str
    status_short_name: str
    status_color: str


class PersonTask(_TaskFields):
    """A task in a to-do list, with the names of its related records."""

    project_name: str
    project_has_avatar: bool
    entity_name: str
    entity_description: str | None
    entity_data: dict[str, Any] | None
    entity_preview_file_id: str
    entity_source_id: str
    entity_type_name: str
    entity_canceled: bool
    sequence_name: str | None
    episode_id: str
    episode_name: str | None
    task_type_name: str
    task_type_color: str
    task_type_for_entity: str
    task_status_name: str
    task_status_short_name: str
    task_status_color: str
    assignees: list[str]
    last_comment: dict[str, Any]
    task_start_date: str | None
    task_due_date: str | None
    task_duration: float
    task_estimation: float
    episode_ids: NotRequired[list[str]]
    episode_names: NotRequired[list[str]]


class TaskType(Model):
    """A kind of work, such as modeling."""

    name: str
    short_name: str | None
    description: str | None
    color: str
    priority: int | None
    for_entity: str
    allow_timelog: bool
    archived: bool
    shotgun_id: int | None
    department_id: str | None
    is_client_visible: NotRequired[bool]
    hd_bitrate_compression: NotRequired[int | None]
    ld_bitrate_compression: NotRequired[int | None]


class TaskStatus(Model):
    """The status of a task."""

    name: str
    short_name: str
    description: str | None
    color: str
    priority: int | None
    archived: bool
    is_done: bool
    is_artist_allowed: bool
    is_client_allowed: bool
    is_retake: bool
    is_feedback_request: bool
    is_default: bool
    is_wip: bool
    for_concept: bool
    shotgun_id: int | None
    link_is_client_allowed: NotRequired[bool | None]
    roles_for_board: NotRequired[list[str]]


class Comment(Model):
    """A comment on a task. It may change the task's status."""

    shotgun_id: int | None
    object_id: str
    object_type: str
    text: str | None
    data: dict[str, Any] | None
    replies: list[Reply]
    checklist: list[ChecklistItem]
    pinned: bool | None
    for_client: bool
    links: list[str] | None
    task_status_id: str
    person_id: str
    editor_id: str | None
    preview_file_id: str | None
    previews: NotRequired[list[Any]]
    mentions: NotRequired[list[str]]
    department_mentions: NotRequired[list[str]]
    acknowledgements: NotRequired[list[str]]
    attachment_files: NotRequired[list[Any]]
    person: NotRequired[Person | ShortPerson]
    editor: NotRequired[ShortPerson]
    task_status: NotRequired[dict[str, Any]]


class Reply(TypedDict):
    """A reply to a comment."""

    id: str
    date: str
    person_id: str
    text: str
    mentions: list[str]
    department_mentions: list[str]
    attachment_files: NotRequired[list[Any]]
    created_at: NotRequired[str]
    person: NotRequired[ShortPerson]


class ChecklistItem(TypedDict):
    """An item of a comment's checklist."""

    text: str
    checked: bool
    frame: NotRequired[int]
    revision: NotRequired[int]


class TimeSpent(Model):
    """
    The time that a person spent on a task on one day. ``duration`` is in
    minutes.
    """

    duration: float
    date: str
    task_id: str | None
    person_id: str | None
    project_id: NotRequired[str]
    task_type_id: NotRequired[str]


class TimeSpentSum(TypedDict):
    """
    The time that a person spent on a task in a period. ``duration`` is in
    minutes.
    """

    duration: float
    task_id: str
    task_type_id: str
    project_id: str
    project_name: str
    entity_name: str
    entity_type_name: str
    sequence_name: str | None
    episode_name: str | None


class Notification(TypedDict):
    """A notification for a person."""

    id: str
    type: str
    created_at: str
    updated_at: str
    notification_type: str
    read: bool
    change: bool
    person_id: str
    author_id: str
    comment_id: str | None
    task_id: str | None
    reply_id: str | None
    playlist_id: str | None
    playlist_name: NotRequired[str | None]
    task_type_id: NotRequired[str | None]
    task_status_id: NotRequired[str | None]
    project_id: NotRequired[str | None]
    project_name: NotRequired[str | None]
    comment_text: NotRequired[str]
    reply_text: NotRequired[str]
    full_entity_name: NotRequired[str]
    episode_id: NotRequired[str | None]
    preview_file_id: NotRequired[str | None]
    entity_preview_file_id: NotRequired[str | None]
    subscription_id: NotRequired[str | None]


class Subscription(Model):
    """The subscription of a person to a task."""

    person_id: str
    task_id: str | None
    entity_id: str | None
    task_type_id: str | None


class OpenTasks(TypedDict):
    """A page of the tasks of open projects."""

    data: list[OpenTask]
    stats: dict[str, Any]
    limit: int
    page: int
    is_more: bool


class Burndown(TypedDict):
    """How many tasks were done, day by day. Estimations are in minutes."""

    total: int
    total_estimation: float
    start_date: str | None
    end_date: str | None
    done_by_day: list[DoneOnDay]


class DoneOnDay(TypedDict):
    """How many tasks were done on one day."""

    date: str
    done: int
    done_estimation: float


# --- Persons ------------------------------------------------------------------


class ShortPerson(TypedDict):
    """A person in a comment or reply."""

    id: str
    first_name: str
    last_name: str
    full_name: NotRequired[str]
    has_avatar: bool
    role: str


class Person(Model):
    """
    A member of the studio, or a bot.

    Users who are not managers get fewer keys of other persons.
    """

    first_name: str
    last_name: str
    full_name: str
    email: NotRequired[str | None]
    phone: NotRequired[str | None]
    country: NotRequired[str | None]
    contract_type: NotRequired[str]
    active: bool
    archived: NotRequired[bool]
    last_presence: NotRequired[str | None]
    desktop_login: NotRequired[str | None]
    login_failed_attemps: NotRequired[int]
    last_login_failed: NotRequired[str | None]
    totp_enabled: NotRequired[bool]
    email_otp_enabled: NotRequired[bool]
    fido_enabled: NotRequired[bool]
    fido_devices: NotRequired[list[str]]
    preferred_two_factor_authentication: NotRequired[str | None]
    shotgun_id: NotRequired[int | None]
    timezone: NotRequired[str | None]
    locale: NotRequired[str | None]
    use_12_hour_clock: NotRequired[bool]
    display_date_format: NotRequired[str]
    data: NotRequired[dict[str, Any] | None]
    role: str
    position: NotRequired[str]
    seniority: NotRequired[str]
    daily_salary: NotRequired[int]
    has_avatar: bool
    notifications_enabled: NotRequired[bool]
    notifications_slack_enabled: NotRequired[bool]
    notifications_slack_userid: NotRequired[str]
    notifications_mattermost_enabled: NotRequired[bool]
    notifications_mattermost_userid: NotRequired[str]
    notifications_discord_enabled: NotRequired[bool]
    notifications_discord_userid: NotRequired[str]
    is_bot: NotRequired[bool]
    is_guest: NotRequired[bool]
    expiration_date: NotRequired[str | None]
    is_generated_from_ldap: NotRequired[bool]
    ldap_uid: NotRequired[str | None]
    studio_id: NotRequired[str | None]
    departments: NotRequired[list[str]]
    access_token: NotRequired[str]
    preview_open_until: NotRequired[str | None]
    preview_opened_at: NotRequired[str | None]
    preview_project_id: NotRequired[str | None]
    project_role: NotRequired[str | None]


class Department(Model):
    """A department, such as animation."""

    name: str
    color: str
    archived: bool


class HardwareItem(Model):
    """A machine that a studio owns."""

    name: str
    short_name: str
    archived: bool
    monthly_cost: int
    inventory_amount: int


class HardwareItemLink(Model):
    """A hardware item that a department uses."""

    department_id: str
    hardware_item_id: str


class SoftwareLink(Model):
    """A software that a department has licenses for."""

    department_id: str
    software_id: str


class Organisation(Model):
    """The studio that owns the server."""

    name: str
    hours_by_day: float
    has_avatar: bool
    use_original_file_name: bool
    timesheets_locked: bool
    format_duration_in_hours: bool
    hd_by_default: bool
    chat_token_slack: str
    chat_webhook_mattermost: str
    chat_token_discord: str
    dark_theme_by_default: bool


class Studio(Model):
    """A studio that persons belong to."""

    name: str
    color: str
    archived: bool


class DayOff(Model):
    """Days on which a person does not work."""

    date: str
    end_date: str
    description: str | None
    person_id: str | None


class DesktopLoginLog(Model):
    """A login from a desktop application."""

    person_id: str
    date: str


# --- Files --------------------------------------------------------------------


class PreviewFile(Model):
    """A picture, movie or other file to review."""

    name: str | None
    original_name: str | None
    revision: int
    position: int
    extension: str | None
    description: NotRequired[str | None]
    path: NotRequired[str | None]
    source: NotRequired[str | None]
    file_size: int
    status: str
    validation_status: str
    annotations: list[dict[str, Any]] | None
    width: int
    height: int
    duration: float
    data: NotRequired[dict[str, Any] | None]
    token_in: NotRequired[int | None]
    token_out: NotRequired[int | None]
    task_id: str | None
    person_id: str | None
    source_file_id: NotRequired[str | None]
    shotgun_id: NotRequired[int | None]
    is_movie: NotRequired[bool]
    url: NotRequired[str | None]
    uploaded_movie_url: NotRequired[str | None]
    uploaded_movie_name: NotRequired[str | None]
    comments: NotRequired[list[str]]


class ShortPreviewFile(TypedDict):
    """A preview in the list of an entity's previews."""

    id: str
    name: str | None
    original_name: str | None
    extension: str | None
    revision: int
    position: int
    file_size: int
    status: str
    validation_status: str
    task_id: str
    person_id: str | None
    created_at: str
    token_in: int | None
    token_out: int | None


class EntityPreview(TypedDict):
    """A preview of an entity, with the other previews of its revision."""

    id: str
    revision: int
    original_name: str | None
    extension: str | None
    width: int
    height: int
    duration: float
    status: str
    annotations: list[dict[str, Any]] | None
    previews: list[dict[str, Any]]
    created_at: str
    task_id: str
    original_width: int | None
    original_height: int | None
    original_duration: float | None
    original_file_size: int | None


class AttachmentFile(TypedDict):
    """A file attached to a comment or a chat message."""

    id: str
    type: NotRequired[str]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]
    name: str
    size: int
    extension: str | None
    mimetype: NotRequired[str | None]
    comment_id: NotRequired[str | None]
    reply_id: NotRequired[str | None]
    chat_message_id: NotRequired[str | None]
    comment: NotRequired[dict[str, Any] | None]
    chat_message: NotRequired[dict[str, Any] | None]


class WorkingFile(Model):
    """A file that an artist edits."""

    shotgun_id: int | None
    name: str | None
    description: str | None
    comment: str | None
    revision: int
    size: int | None
    checksum: int | None
    path: str
    data: dict[str, Any] | None
    validation_status: str
    task_id: str | None
    entity_id: str | None
    person_id: str | None
    software_id: str | None
    outputs: NotRequired[list[str]]


class OutputFile(Model):
    """A file that was made from a working file."""

    shotgun_id: int | None
    name: str
    canceled: bool
    size: int | None
    checksum: str | None
    description: str | None
    comment: str | None
    extension: str | None
    revision: int
    representation: str | None
    nb_elements: int
    source: str | None
    path: str
    data: dict[str, Any] | None
    quality: str | None
    file_status_id: str
    entity_id: str | None
    asset_instance_id: str | None
    output_type_id: str | None
    task_type_id: str | None
    person_id: str | None
    source_file_id: str | None
    temporal_entity_id: str | None
    source_file: NotRequired[WorkingFile | None]
    folder_path: NotRequired[str]
    file_name: NotRequired[str]


class OutputType(Model):
    """A type of output file, such as an Alembic cache."""

    name: str
    short_name: str


class FileStatus(Model):
    """The status of an output file."""

    name: str
    color: str


class Software(Model):
    """A program that working files are made with."""

    name: str
    short_name: str
    archived: bool
    version: str | None
    file_extension: str
    secondary_extensions: list[str] | None
    monthly_cost: int
    inventory_amount: int


# --- Playlists ----------------------------------------------------------------


class _PlaylistFields(Model):
    name: str
    project_id: str
    episode_id: str | None
    task_type_id: str | None
    for_client: bool
    for_entity: str
    is_for_all: bool
    build_jobs: NotRequired[list[Any]]
    created_by: str | None
    first_preview_file_id: NotRequired[str | None]


class Playlist(_PlaylistFields):
    """A list of previews to review."""

    shots: NotRequired[list[PlaylistEntry] | None]


class ReviewPlaylist(_PlaylistFields):
    """A playlist with the previews of its entries."""

    shots: list[ReviewPlaylistEntry]


class ReviewPlaylistEntry(TypedDict):
    """
    An entity in a playlist, and the preview to review.

    ``preview_files`` has the previews of each task type's id, or is an empty
    list.
    """

    id: str
    entity_id: str
    preview_file_id: NotRequired[str | None]
    preview_file_extension: NotRequired[str | None]
    preview_file_revision: NotRequired[int]
    preview_file_width: NotRequired[int]
    preview_file_height: NotRequired[int]
    preview_file_duration: NotRequired[float]
    preview_file_status: NotRequired[str]
    preview_file_task_id: NotRequired[str]
    preview_file_previews: NotRequired[list[dict[str, Any]]]
    preview_files: dict[str, list[dict[str, Any]]] | list[Any]


class PlaylistEntry(TypedDict):
    """An entity in a playlist, and the preview to review."""

    entity_id: str
    preview_file_id: NotRequired[str | None]
    id: NotRequired[str]
    name: NotRequired[str]
    preview_files: NotRequired[dict[str, list[dict[str, Any]]]]


class BuildJob(TypedDict):
    """A job that builds the movie of a playlist."""

    id: str
    type: str
    created_at: str
    updated_at: str
    status: str
    job_type: str
    ended_at: str | None
    message: str | None
    playlist_id: str


class PlaylistShareLink(Model):
    """A link to a playlist for people without a login."""

    token: str
    playlist_id: str
    created_by: str
    expiration_date: str | None
    is_active: bool
    can_comment: bool
    has_password: bool


# --- The user -----------------------------------------------------------------


class SearchFilter(Model):
    """A saved search of a person."""

    list_type: str
    entity_type: str | None
    name: str
    search_query: str
    is_shared: bool
    department_id: str | None
    search_filter_group_id: str | None
    person_id: str | None
    project_id: str | None


class SearchFilterGroup(Model):
    """A group of saved searches of a person."""

    list_type: str
    entity_type: str | None
    name: str
    color: str
    is_shared: bool
    person_id: str | None
    project_id: str | None
    department_id: str | None


class Context(TypedDict):
    """The data that a user interface needs after login."""

    asset_types: list[AssetType]
    custom_actions: list[dict[str, Any]]
    status_automations: list[StatusAutomation]
    departments: list[Department]
    studios: list[Studio]
    notification_count: int
    persons: list[Person]
    project_status: list[ProjectStatus]
    project_roles: dict[str, str | None]
    projects: list[Project]
    task_types: list[TaskType]
    task_status: list[TaskStatus]
    search_filters: dict[str, dict[str, list[SearchFilter]]]
    search_filter_groups: dict[str, dict[str, list[SearchFilterGroup]]]
    preview_background_files: list[PreviewBackgroundFile]
    plugins: list[dict[str, Any]]
    user_limit: int


class Event(TypedDict):
    """An event in the server's list of events."""

    id: str
    created_at: str
    name: str
    user_id: str | None
    data: dict[str, Any]
    project_id: NotRequired[str | None]


class Chat(TypedDict):
    """The chat of an entity."""

    id: str
    type: NotRequired[str]
    created_at: NotRequired[str]
    updated_at: NotRequired[str]
    object_id: str
    object_type: NotRequired[str]
    last_message: str | None
    entity_name: NotRequired[str]
    project_id: NotRequired[str]
    preview_file_id: NotRequired[str | None]
    participants: NotRequired[list[str]]
    messages: NotRequired[list[ChatMessage]]


class ChatMessage(Model):
    """A message in the chat of an entity."""

    chat_id: str
    person_id: str
    text: str
    attachment_files: NotRequired[list[ChatAttachment]]


class ChatAttachment(TypedDict):
    """A file attached to a message in a chat."""

    id: str
    name: str
    extension: str | None
    size: NotRequired[int]


class News(TypedDict):
    """Something that happened to a task."""

    id: str
    type: str
    created_at: str
    author_id: str
    comment_id: str | None
    task_id: str
    task_type_id: str
    task_status_id: str | None
    task_entity_id: str
    preview_file_id: str | None
    preview_file_extension: str | None
    preview_file_revision: int | None
    project_id: str
    project_name: str
    change: bool
    full_entity_name: str
    episode_id: str | None
    entity_preview_file_id: str | None
    person: ShortPerson | None
    preview_files: NotRequired[list[dict[str, Any]]]


class NewsPage(TypedDict):
    """A page of news, and how many changes to each task status there are."""

    data: list[News]
    total: int
    nb_pages: int
    limit: int
    offset: int
    page: int
    stats: NotRequired[dict[str, int]]


class TasksToCheckFilters(TypedDict):
    """The values by which the tasks that wait for feedback can be filtered."""

    project_ids: list[str]
    task_type_ids: list[str]
    task_status_ids: list[str]
    episode_ids: list[str]
    person_ids: list[str]


class TotpSecret(TypedDict):
    """The secret for an authenticator app, and its URI for a QR code."""

    totp_provisionning_uri: str
    otp_secret: str


class RecoveryCodes(TypedDict):
    """Codes for a login without the second factor, each of which works once."""

    otp_recovery_codes: list[str]
    access_token: NotRequired[str]
    refresh_token: NotRequired[str]


# --- The server ---------------------------------------------------------------


class ServerConfig(TypedDict):
    """What the server tells everybody about its settings."""

    is_self_hosted: bool
    crisp_token: str
    dark_theme_by_default: bool
    indexer_configured: bool
    saml_enabled: bool
    saml_idp_name: str
    oidc_enabled: bool
    oidc_idp_name: str
    default_locale: str
    default_timezone: str
    enforce_2fa: bool
    movie_highdef_bitrate: int
    movie_lowdef_bitrate: int
    preview_accounts_enabled: bool
    sentry: NotRequired[dict[str, Any]]


class ServerStats(TypedDict):
    """How many previews and comments the server has."""

    number_of_video_previews: int
    number_of_picture_previews: int
    number_of_model_previews: int
    number_of_comments: int


class Plugin(Model):
    """An extension of the server."""

    plugin_id: str
    name: str
    description: str | None
    version: str
    maintainer_name: str
    maintainer_email: str | None
    website: str | None
    license: str
    revision: str | None
    frontend_project_enabled: bool
    frontend_studio_enabled: bool
    icon: str | None


def __dir__() -> list[str]:
    helpers = {
        "Any",
        "Dict",
        "NotRequired",
        "TYPE_CHECKING",
        "TypedDict",
        "Union",
    }
    return sorted({*globals()} - helpers - {"__dir__", "annotations", "sys"})

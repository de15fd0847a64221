"""Data of the logged-in user: tasks, filters, notifications and chats."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._deprecated import old_names
from ._engine.composition import composition
from ._engine.dispatch import run
from ._engine.late import LateNames
from .cache import cache
from .client import KitsuClient
from .exception import NotAuthenticatedException
from .helpers import normalize_model_parameter  # noqa: F401
from .sorting import sort_by_name  # noqa: F401

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._engine.annotations import Literal

default = raw.default_client


@cache
def all_open_projects(client: KitsuClient = default) -> list[dict]:
    """
    List the open projects whose team includes the user. Administrators get
    all.

    Returns:
        list[Project]: The projects, sorted by name.

    Example:
        names = [each["name"] for each in gazu.user.all_open_projects()]

    Route: ``GET data/user/projects/open``
    """
    return run(client, _core.user.all_open_projects())


@cache
def all_asset_types_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the types of a project's assets on which the user has tasks.

    Args:
        project: The project (dict or id).

    Returns:
        list[AssetType]: The asset types, sorted by name.

    Route: ``GET data/user/projects/{project}/asset-types``
    """
    return run(client, _core.user.all_asset_types_for_project(project))


@cache
def all_assets_for_asset_type_and_project(
    project: str | dict, asset_type: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the assets of one type in a project on which the user has tasks.

    Args:
        project: The project (dict or id).
        asset_type: The asset type (dict or id).

    Returns:
        list[Asset]: The assets, sorted by name.

    Route: ``GET data/user/projects/{project}/asset-types/{asset_type}/assets``
    """
    return run(
        client,
        _core.user.all_assets_for_asset_type_and_project(project, asset_type),
    )


@cache
def all_tasks_for_asset(
    asset: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the user's tasks on an asset.

    Args:
        asset: The asset (dict or id).

    Returns:
        list[Task]: The tasks, sorted by name.

    Route: ``GET data/user/assets/{asset}/tasks``
    """
    return run(client, _core.user.all_tasks_for_asset(asset))


@cache
def all_tasks_for_shot(
    shot: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the user's tasks on a shot.

    Args:
        shot: The shot (dict or id).

    Returns:
        list[Task]: The tasks, sorted by name.

    Route: ``GET data/user/shots/{shot}/tasks``
    """
    return run(client, _core.user.all_tasks_for_shot(shot))


@cache
def all_tasks_for_scene(
    scene: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the user's tasks on a scene.

    Args:
        scene: The scene (dict or id).

    Returns:
        list[Task]: The tasks, sorted by name.

    Route: ``GET data/user/scenes/{scene}/tasks``
    """
    return run(client, _core.user.all_tasks_for_scene(scene))


@cache
def all_tasks_for_sequence(
    sequence: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the user's tasks on a sequence itself, not on its shots.

    Args:
        sequence: The sequence (dict or id).

    Returns:
        list[Task]: The tasks, sorted by name.

    Route: ``GET data/user/sequences/{sequence}/tasks``
    """
    return run(client, _core.user.all_tasks_for_sequence(sequence))


@cache
def all_task_types_for_asset(
    asset: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the types of the user's tasks on an asset.

    Args:
        asset: The asset (dict or id).

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/user/assets/{asset}/task-types``
    """
    return run(client, _core.user.all_task_types_for_asset(asset))


@cache
def all_task_types_for_shot(
    shot: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the types of the user's tasks on a shot.

    Args:
        shot: The shot (dict or id).

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/user/shots/{shot}/task-types``
    """
    return run(client, _core.user.all_task_types_for_shot(shot))


@cache
def all_task_types_for_scene(
    scene: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the types of the user's tasks on a scene.

    Args:
        scene: The scene (dict or id).

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/user/scenes/{scene}/task-types``
    """
    return run(client, _core.user.all_task_types_for_scene(scene))


@cache
def all_task_types_for_sequence(
    sequence: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the types of the user's tasks on a sequence itself.

    Args:
        sequence: The sequence (dict or id).

    Returns:
        list[TaskType]: The task types, sorted by name.

    Route: ``GET data/user/sequences/{sequence}/task-types``
    """
    return run(client, _core.user.all_task_types_for_sequence(sequence))


@cache
def all_sequences_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the sequences of a project with shots on which the user has tasks.

    Args:
        project: The project (dict or id).

    Returns:
        list[Sequence]: The sequences, sorted by name.

    Route: ``GET data/user/projects/{project}/sequences``
    """
    return run(client, _core.user.all_sequences_for_project(project))


@cache
def all_episodes_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the episodes of a project with shots on which the user has tasks.

    Args:
        project: The project (dict or id).

    Returns:
        list[Episode]: The episodes, sorted by name.

    Route: ``GET data/user/projects/{project}/episodes``
    """
    return run(client, _core.user.all_episodes_for_project(project))


@cache
def all_shots_for_sequence(
    sequence: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the shots of a sequence on which the user has tasks.

    Args:
        sequence: The sequence (dict or id).

    Returns:
        list[Shot]: The shots, sorted by name.

    Route: ``GET data/user/sequences/{sequence}/shots``
    """
    return run(client, _core.user.all_shots_for_sequence(sequence))


@cache
def all_scenes_for_sequence(
    sequence: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the scenes of a sequence on which the user has tasks.

    Args:
        sequence: The sequence (dict or id).

    Returns:
        list[Scene]: The scenes, sorted by name.

    Route: ``GET data/user/sequences/{sequence}/scenes``
    """
    return run(client, _core.user.all_scenes_for_sequence(sequence))


@cache
def all_tasks_to_do(client: KitsuClient = default) -> list[dict]:
    """
    List the user's tasks in open projects that are not done.

    Returns:
        list[PersonTask]: The tasks, with the names of their project and
            entity, and their last comment, in the server's order. Durations
            and estimations are in minutes.

    Example:
        for task in gazu.user.all_tasks_to_do():
            print(task["entity_name"], task["task_type_name"])

    Route: ``GET data/user/tasks``
    """
    return run(client, _core.user.all_tasks_to_do())


@cache
def all_done_tasks(client: KitsuClient = default) -> list[dict]:
    """
    List the user's tasks in open projects that are done.

    Returns:
        list[PersonTask]: The tasks, with the names of their project and
            entity, and their last comment, in the server's order: the last
            finished come first. Durations and estimations are in minutes.

    Route: ``GET data/user/done-tasks``
    """
    return run(client, _core.user.all_done_tasks())


@cache
def get_timespents_range(
    start_date: str, end_date: str, client: KitsuClient = default
) -> list[dict]:
    """
    List the time that the user spent on tasks in a period.

    Args:
        start_date: The first day, as ``YYYY-MM-DD``.
        end_date: The last day (included), as ``YYYY-MM-DD``.

    Returns:
        list[TimeSpent]: The times, each with its task, task type and project,
            in the server's order. ``"duration"`` is in minutes.

    Raises:
        ParameterException: a date has a wrong format.

    Route:
    ``GET data/user/time-spents?start_date={start_date}&end_date={end_date}``
    """
    return run(client, _core.user.get_timespents_range(start_date, end_date))


def log_desktop_session_log_in(client: KitsuClient = default) -> dict:
    """
    Record that the user logs in to a computer now.

    Returns:
        DesktopLoginLog: The record: the person and the ``"date"``, which is
            this computer's local time, without a time zone.

    Route: ``POST data/user/desktop-login-logs``
    """
    now = _late.value("datetime").datetime.now().isoformat()
    return run(client, _core.user.log_desktop_session_log_in(now))


@composition
def is_authenticated(client: KitsuClient = default) -> bool:
    """
    Return whether the user is logged in.

    Returns:
        bool: Whether the server accepts the client's token.

    Example:
        if not gazu.user.is_authenticated():
            gazu.log_in("user@example.com", "password")

    Route: ``GET auth/authenticated``
    """
    try:
        return run(client, _core.user.is_authenticated())["authenticated"]
    except NotAuthenticatedException:
        return False


@cache
def all_filters(client: KitsuClient = default) -> list[dict]:
    """
    List the search filters of the user, and those shared with the user.

    Returns:
        dict[str, dict[str, list[SearchFilter]]]: The server's answer. Zou
            returns the filters by list type and then by project id. ``"all"``
            holds the filters without a project.

    Route: ``GET data/user/filters``
    """
    return run(client, _core.user.all_filters())


def new_filter(
    name: str,
    query: str,
    list_type: str,
    project: str | dict | None = None,
    entity_type: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a search filter for the user.

    Args:
        name: The filter's name.
        query: The search text.
        list_type: The list that it searches: ``"asset"``, ``"shot"``,
            ``"edit"``, ...
        project: The project that it is for (dict or id); any when omitted.
        entity_type: The type of entity that it finds: ``"Asset"``, ``"Shot"``,
            ``"Edit"``, ...

    Returns:
        SearchFilter: The new filter.

    Route: ``POST data/user/filters``
    """
    return run(
        client,
        _core.user.new_filter(name, query, list_type, project, entity_type),
    )


def remove_filter(filter: str | dict, client: KitsuClient = default) -> str:
    """
    Remove a search filter.

    Args:
        filter: The filter (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/user/filters/{filter}``
    """
    return run(client, _core.user.remove_filter(filter))


def update_filter(filter: dict, client: KitsuClient = default) -> dict:
    """
    Save the fields of a search filter.

    Args:
        filter: The filter, as a dict that has an ``"id"``.

    Returns:
        SearchFilter: The updated filter.

    Route: ``PUT data/user/filters/{filter}``
    """
    return run(client, _core.user.update_filter(filter))


@cache
def get_context(client: KitsuClient = default) -> dict:
    """
    Get the data that a user interface needs after login.

    Returns:
        Context: Lists of ``"projects"``, ``"asset_types"``, ``"task_types"``,
            ``"task_status"``, ``"departments"``, ``"persons"`` and others, the
            user's ``"search_filters"`` and the ``"notification_count"``.

    Route: ``GET data/user/context``
    """
    return run(client, _core.user.get_context())


@cache
def all_tasks_requiring_feedback(client: KitsuClient = default) -> list[dict]:
    """
    List the tasks that wait for the user's feedback.

    Returns:
        list[PersonTask]: The tasks, in the server's order: those of all
            projects for an admin, of their own projects for managers, of their
            departments there for supervisors, and none for others.

    Route: ``GET data/user/tasks-to-check``
    """
    return run(client, _core.user.all_tasks_requiring_feedback())


@cache
def all_filter_groups(client: KitsuClient = default) -> list[dict]:
    """
    List the groups of search filters of the user, and those shared.

    Returns:
        dict[str, dict[str, list[SearchFilterGroup]]]: The server's answer.
            Zou returns the groups by list type and then by project id.
            ``"all"`` holds the groups without a project.

    Route: ``GET data/user/filter-groups``
    """
    return run(client, _core.user.all_filter_groups())


def new_filter_group(
    name: str, project: str | dict | None = None, client: KitsuClient = default
) -> dict:
    """
    Create a group of search filters for the user.

    Args:
        name: The group's name.
        project: The project that it is for (dict or id); any when omitted.

    Returns:
        SearchFilterGroup: The new group.

    Route: ``POST data/user/filter-groups``
    """
    return run(client, _core.user.new_filter_group(name, project))


@cache
def get_filter_group(
    filter_group: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get a group of search filters by its id.

    Args:
        filter_group: The group (dict or id).

    Returns:
        SearchFilterGroup: The group.

    Raises:
        RouteNotFoundException: no group has this id.

    Route: ``GET data/user/filter-groups/{filter_group}``
    """
    return run(client, _core.user.get_filter_group(filter_group))


def update_filter_group(
    filter_group: dict, client: KitsuClient = default
) -> dict:
    """
    Save the fields of a group of search filters.

    Args:
        filter_group: The group, as a dict that has an ``"id"``.

    Returns:
        SearchFilterGroup: The updated group.

    Route: ``PUT data/user/filter-groups/{filter_group}``
    """
    return run(client, _core.user.update_filter_group(filter_group))


def remove_filter_group(
    filter_group: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a group of search filters.

    Args:
        filter_group: The group (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE data/user/filter-groups/{filter_group}``
    """
    return run(client, _core.user.remove_filter_group(filter_group))


@cache
def all_desktop_login_logs(client: KitsuClient = default) -> list:
    """
    List when the user logged in to a computer.

    Returns:
        list[DesktopLoginLog]: The records of ``log_desktop_session_log_in``,
            in the server's order: the newest comes first.

    Route: ``GET data/user/desktop-login-logs``
    """
    return run(client, _core.user.all_desktop_login_logs())


@cache
def get_time_spents_by_date(date: str, client: KitsuClient = default) -> list:
    """
    List the time that the user spent on tasks on a day.

    Args:
        date: The day, as ``YYYY-MM-DD``.

    Returns:
        list[TimeSpent]: The times, one for each task, in the server's order.
            ``"duration"`` is in minutes.

    Raises:
        ParameterException: the date has a wrong format.

    Route: ``GET data/user/time-spents/{date}``
    """
    return run(client, _core.user.get_time_spents_by_date(date))


@cache
def get_task_time_spent(
    task: str | dict, date: str, client: KitsuClient = default
) -> dict:
    """
    Get the time that the user spent on a task on a day.

    Args:
        task: The task (dict or id).
        date: The day, as ``YYYY-MM-DD``.

    Returns:
        TimeSpent: The time. ``"duration"`` is in minutes.

    Raises:
        ParameterException: the date has a wrong format.

    Route: ``GET data/user/tasks/{task}/time-spents/{date}``
    """
    return run(client, _core.user.get_task_time_spent(task, date))


@cache
def get_day_off(date: str, client: KitsuClient = default) -> dict:
    """
    Get the user's days off that include a day.

    Args:
        date: The day, as ``YYYY-MM-DD``.

    Returns:
        dict[str, Any]: The days off, with ``"date"`` and ``"end_date"``. An
            empty dict if the user works on that day.

    Raises:
        ParameterException: the date has a wrong format.

    Route: ``GET data/user/day-offs/{date}``
    """
    return run(client, _core.user.get_day_off(date))


@cache
def all_notifications(client: KitsuClient = default) -> list[dict]:
    """
    List the user's notifications, the 100 newest at most.

    Returns:
        list[Notification]: The notifications, in the server's order: the
            newest comes first.

    Route: ``GET data/user/notifications``
    """
    return run(client, _core.user.all_notifications())


@cache
def get_notification(
    notification: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get a notification of the user by its id.

    Args:
        notification: The notification (dict or id).

    Returns:
        Notification: The notification.

    Raises:
        RouteNotFoundException: no notification of the user has this id.

    Route: ``GET data/user/notifications/{notification}``
    """
    return run(client, _core.user.get_notification(notification))


def update_notification(
    notification: dict, client: KitsuClient = default
) -> dict:
    """
    Mark a notification as read or unread.

    Args:
        notification: The notification, as a dict that has an ``"id"``. It is
            sent whole; the server saves ``"read"``.

    Returns:
        Notification: The updated notification.

    Route: ``PUT data/user/notifications/{notification}``
    """
    return run(client, _core.user.update_notification(notification))


@cache
def check_task_subscription(
    task: str | dict, client: KitsuClient = default
) -> dict:
    """
    Return whether the user is subscribed to a task.

    Args:
        task: The task (dict or id).

    Returns:
        bool: The server's answer. Zou returns ``True`` or ``False``.

    Route: ``GET data/user/tasks/{task}/subscribed``
    """
    return run(client, _core.user.check_task_subscription(task))


def subscribe_to_task(task: str | dict, client: KitsuClient = default) -> dict:
    """
    Subscribe the user to a task.

    Args:
        task: The task (dict or id).

    Returns:
        Subscription: The subscription.

    Route: ``POST actions/user/tasks/{task}/subscribe``
    """
    return run(client, _core.user.subscribe_to_task(task))


def unsubscribe_from_task(
    task: str | dict, client: KitsuClient = default
) -> str:
    """
    Unsubscribe the user from a task.

    Args:
        task: The task (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE actions/user/tasks/{task}/unsubscribe``
    """
    return run(client, _core.user.unsubscribe_from_task(task))


@cache
def all_chats(client: KitsuClient = default) -> list[dict]:
    """
    List the user's chats in open projects.

    Returns:
        list[Chat]: The chats, with their entities, in the server's order.

    Route: ``GET data/user/chats``
    """
    return run(client, _core.user.all_chats())


def join_chat(chat: str | dict, client: KitsuClient = default) -> dict:
    """
    Add the user to the chat of an entity.

    Args:
        chat: The chat (dict or id). Zou looks it up by its entity and expects
            the id of the entity.

    Returns:
        Chat: The chat.

    Route: ``POST actions/user/chats/{chat}/join``
    """
    return run(client, _core.user.join_chat(chat))


def leave_chat(chat: str | dict, client: KitsuClient = default) -> str:
    """
    Remove the user from the chat of an entity.

    Args:
        chat: The chat (dict or id). Zou looks it up by its entity and expects
            the id of the entity.

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE actions/user/chats/{chat}/join``
    """
    return run(client, _core.user.leave_chat(chat))


def clear_avatar(client: KitsuClient = default) -> str:
    """
    Remove the user's avatar.

    Returns:
        str: The body of the server's answer: an empty text.

    Route: ``DELETE actions/user/clear-avatar``
    """
    return run(client, _core.user.clear_avatar())


def mark_all_notifications_as_read(
    client: KitsuClient = default,
) -> dict[Literal["success"], bool]:
    """
    Mark all notifications of the user as read.

    Returns:
        dict[Literal['success'], bool]: ``"success"`` is true.

    Route: ``POST actions/user/notifications/mark-all-as-read``
    """
    return run(client, _core.user.mark_all_notifications_as_read())


_late = LateNames(
    globals(),
    old_names(__name__),
    {
        "Literal": "._engine.annotations",
        "datetime": "datetime",
    },
)
__getattr__ = _late.get


def subscribe_to_tasks(
    tasks: list[str | dict], client: KitsuClient = default
) -> list[dict]:
    """
    Notify the user of what happens to several tasks.

    Args:
        tasks: The tasks (dicts or ids).

    Returns:
        list[Subscription]: The subscriptions.

    Raises:
        NotAllowedException: the user has no access to one of the projects.

    Not in upstream.

    Route: ``POST actions/user/tasks/subscribe``
    """
    return run(client, _core.user.subscribe_to_tasks(tasks))


def unsubscribe_from_tasks(
    tasks: list[str | dict], client: KitsuClient = default
) -> list[str]:
    """
    Do not notify the user of several tasks any more.

    Args:
        tasks: The tasks (dicts or ids).

    Returns:
        list[str]: The ids of the tasks.

    Not in upstream.

    Route: ``POST actions/user/tasks/unsubscribe``
    """
    return run(client, _core.user.unsubscribe_from_tasks(tasks))


def check_sequence_subscription(
    sequence: str | dict, task_type: str | dict, client: KitsuClient = default
) -> bool:
    """
    Say whether the user is notified of the tasks of one type in a sequence.

    Args:
        sequence: The sequence (dict or id).
        task_type: The task type (dict or id).

    Returns:
        bool: Whether the user has subscribed to them.

    Not in upstream.

    Route: ``GET data/user/sequences/{sequence}/task-types/{task_type}/``
    ``subscribed``
    """
    return run(
        client, _core.user.check_sequence_subscription(sequence, task_type)
    )


def check_entity_subscription(
    entity: str | dict, task_type: str | dict, client: KitsuClient = default
) -> bool:
    """
    Say whether the user is notified of the tasks of one type of an entity.

    Args:
        entity: The entity (dict or id).
        task_type: The task type (dict or id).

    Returns:
        bool: Whether the user has subscribed to them.

    Not in upstream.

    Route: ``GET data/user/entities/{entity}/task-types/{task_type}/``
    ``subscribed``
    """
    return run(client, _core.user.check_entity_subscription(entity, task_type))


def subscribe_to_sequence(
    sequence: str | dict, task_type: str | dict, client: KitsuClient = default
) -> dict:
    """
    Notify the user of the tasks of one type in a sequence.

    Args:
        sequence: The sequence (dict or id).
        task_type: The task type (dict or id).

    Returns:
        Subscription: The subscription.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``POST actions/user/sequences/{sequence}/task-types/{task_type}/``
    ``subscribe``
    """
    return run(client, _core.user.subscribe_to_sequence(sequence, task_type))


def unsubscribe_from_sequence(
    sequence: str | dict, task_type: str | dict, client: KitsuClient = default
) -> str:
    """
    Do not notify the user of the tasks of one type in a sequence any more.

    Args:
        sequence: The sequence (dict or id).
        task_type: The task type (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Not in upstream.

    Route: ``DELETE actions/user/sequences/{sequence}/task-types/{task_type}/``
    ``unsubscribe``
    """
    return run(
        client, _core.user.unsubscribe_from_sequence(sequence, task_type)
    )


def get_tasks_to_check_filter_values(client: KitsuClient = default) -> dict:
    """
    Get the values by which the tasks that wait for the user's feedback can be
    filtered.

    Returns:
        TasksToCheckFilters: The ids of the projects, task types, and other
            records that these tasks have.

    Not in upstream.

    Route: ``GET data/user/tasks-to-check/filter-values``
    """
    return run(client, _core.user.get_tasks_to_check_filter_values())

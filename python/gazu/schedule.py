"""
Schedules: the milestones of a project, its periods of work, and versions of
the whole plan.
"""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

default = raw.default_client


def all_milestones(client: KitsuClient = default) -> list[dict]:
    """
    List the milestones of all projects. `gazu.project.get_milestones` has
    those of one project.

    Returns:
        list[Milestone]: The milestones, in no particular order.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET data/milestones``
    """
    return run(client, _core.schedule.all_milestones())


def get_milestone(milestone_id: str, client: KitsuClient = default) -> dict:
    """
    Get a milestone by its id.

    Args:
        milestone_id: The milestone's id.

    Returns:
        Milestone: The milestone.

    Raises:
        NotAllowedException: the user is a vendor.
        RouteNotFoundException: no milestone has this id.

    Not in upstream.

    Route: ``GET data/milestones/{milestone_id}``
    """
    return run(client, _core.schedule.get_milestone(milestone_id))


def new_milestone(
    project: str | dict,
    name: str,
    date: str,
    task_type: str | dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a milestone of a project.

    Args:
        project: The project (dict or id).
        name: The name, of 40 characters at most.
        date: The day, ``YYYY-MM-DD``.
        task_type: The task type (dict or id).

    Returns:
        Milestone: The new milestone.

    Not in upstream.

    Route: ``POST data/milestones``
    """
    return run(
        client, _core.schedule.new_milestone(project, name, date, task_type)
    )


def update_milestone(milestone: dict, client: KitsuClient = default) -> dict:
    """
    Change the fields of a milestone.

    Args:
        milestone: Its ``"id"`` and the fields to set.

    Returns:
        Milestone: The updated milestone.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``PUT data/milestones/{milestone}``
    """
    return run(client, _core.schedule.update_milestone(milestone))


def remove_milestone(
    milestone: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a milestone.

    Args:
        milestone: The milestone (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``DELETE data/milestones/{milestone}``
    """
    return run(client, _core.schedule.remove_milestone(milestone))


def all_schedule_items(client: KitsuClient = default) -> list[dict]:
    """
    List the schedule items of all projects.

    Returns:
        list[ScheduleItem]: The schedule items, in no particular order.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET data/schedule-items``
    """
    return run(client, _core.schedule.all_schedule_items())


def get_schedule_item(
    schedule_item_id: str, client: KitsuClient = default
) -> dict:
    """
    Get a schedule item by its id.

    Args:
        schedule_item_id: The schedule item's id.

    Returns:
        ScheduleItem: The schedule item.

    Raises:
        NotAllowedException: the user is not an administrator.
        RouteNotFoundException: no schedule item has this id.

    Not in upstream.

    Route: ``GET data/schedule-items/{schedule_item_id}``
    """
    return run(client, _core.schedule.get_schedule_item(schedule_item_id))


def new_schedule_item(
    project: str | dict,
    task_type: str | dict,
    start_date: str,
    end_date: str,
    man_days: int | None = None,
    entity: str | dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Plan the period of work of a task type in a project, or of one object in
    it.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        start_date: The first day, ``YYYY-MM-DD``.
        end_date: The last day, ``YYYY-MM-DD``.
        man_days: The number of days of work.
        entity: What the period is for: an asset type, episode, sequence or
            edit (dict or id). If omitted, it is for the task type.

    Returns:
        ScheduleItem: The new schedule item.

    Raises:
        NotAllowedException: the user does not manage the project.
        ParameterException: there is such an item already.

    Not in upstream.

    Route: ``POST data/schedule-items``
    """
    return run(
        client,
        _core.schedule.new_schedule_item(
            project, task_type, start_date, end_date, man_days, entity
        ),
    )


def update_schedule_item(
    schedule_item: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of a schedule item.

    Args:
        schedule_item: Its ``"id"`` and the fields to set.

    Returns:
        ScheduleItem: The updated schedule item.

    Raises:
        NotAllowedException: the user is neither a manager of the project nor a
            supervisor of the task type's department.

    Not in upstream.

    Route: ``PUT data/schedule-items/{schedule_item}``
    """
    return run(client, _core.schedule.update_schedule_item(schedule_item))


def remove_schedule_item(
    schedule_item: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a schedule item.

    Args:
        schedule_item: The schedule item (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``DELETE data/schedule-items/{schedule_item}``
    """
    return run(client, _core.schedule.remove_schedule_item(schedule_item))


def all_schedule_items_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the schedule items of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[ScheduleItem]: The schedule items, in no particular order.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            client or vendor.

    Not in upstream.

    Route: ``GET data/projects/{project}/schedule-items``
    """
    return run(client, _core.schedule.all_schedule_items_for_project(project))


def all_task_type_schedule_items(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the periods of the task types of a project. The server makes those
    that are missing, from today to tomorrow.

    Args:
        project: The project (dict or id).

    Returns:
        list[ScheduleItem]: The schedule items, by start date.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            vendor.

    Not in upstream.

    Route: ``GET data/projects/{project}/schedule-items/task-types``
    """
    return run(client, _core.schedule.all_task_type_schedule_items(project))


def all_asset_type_schedule_items(
    project: str | dict,
    task_type: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the periods of a task type for each asset type. The server makes those
    that are missing.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        episode: Only the asset types of this episode (dict or id).

    Returns:
        list[NamedScheduleItem]: The schedule items, sorted by name.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            vendor.

    Not in upstream.

    Route: ``GET data/projects/{project}/schedule-items/{task_type}/``
    ``asset-types``
    """
    return run(
        client,
        _core.schedule.all_asset_type_schedule_items(
            project, task_type, episode
        ),
    )


def all_episode_schedule_items(
    project: str | dict,
    task_type: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the periods of a task type for each episode. The server makes those
    that are missing.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        episode: Only this episode (dict or id).

    Returns:
        list[NamedScheduleItem]: The schedule items, sorted by name.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            vendor.

    Not in upstream.

    Route: ``GET data/projects/{project}/schedule-items/{task_type}/episodes``
    """
    return run(
        client,
        _core.schedule.all_episode_schedule_items(project, task_type, episode),
    )


def all_sequence_schedule_items(
    project: str | dict,
    task_type: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the periods of a task type for each sequence. The server makes those
    that are missing.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        episode: Only the sequences of this episode (dict or id).

    Returns:
        list[NamedScheduleItem]: The schedule items, sorted by name.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            vendor.

    Not in upstream.

    Route: ``GET data/projects/{project}/schedule-items/{task_type}/sequences``
    """
    return run(
        client,
        _core.schedule.all_sequence_schedule_items(
            project, task_type, episode
        ),
    )


def all_edit_schedule_items(
    project: str | dict,
    task_type: str | dict,
    episode: str | dict | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the periods of a task type for each edit. The server makes those that
    are missing.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        episode: Only the edits of this episode (dict or id).

    Returns:
        list[NamedScheduleItem]: The schedule items, sorted by name.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            vendor.

    Not in upstream.

    Route: ``GET data/projects/{project}/schedule-items/{task_type}/edits``
    """
    return run(
        client,
        _core.schedule.all_edit_schedule_items(project, task_type, episode),
    )


def all_schedule_versions(
    project: str | dict | None = None, client: KitsuClient = default
) -> list[dict]:
    """
    List the versions of schedules. Only administrators may leave out the
    project.

    Args:
        project: Only versions of this project (dict or id).

    Returns:
        list[ScheduleVersion]: The versions, in no particular order.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            client or vendor.

    Not in upstream.

    Route: ``GET data/production-schedule-versions``
    """
    return run(client, _core.schedule.all_schedule_versions(project))


def get_schedule_version(
    schedule_version_id: str, client: KitsuClient = default
) -> dict:
    """
    Get a version of a schedule by its id.

    Args:
        schedule_version_id: The version's id.

    Returns:
        ScheduleVersion: The version.

    Raises:
        NotAllowedException: the user is a client or vendor.
        RouteNotFoundException: no version has this id.

    Not in upstream.

    Route: ``GET data/production-schedule-versions/{schedule_version_id}``
    """
    return run(
        client, _core.schedule.get_schedule_version(schedule_version_id)
    )


def new_schedule_version(
    project: str | dict, name: str, client: KitsuClient = default
) -> dict:
    """
    Create a version of a project's schedule. It has no dates yet.

    Args:
        project: The project (dict or id).
        name: The name, which no other version of the project has.

    Returns:
        ScheduleVersion: The new version.

    Raises:
        NotAllowedException: the user does not manage the project.
        ParameterException: a version has this name.

    Not in upstream.

    Route: ``POST data/production-schedule-versions``
    """
    return run(client, _core.schedule.new_schedule_version(project, name))


def update_schedule_version(
    schedule_version: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of a version of a schedule.

    Args:
        schedule_version: Its ``"id"`` and the fields to set, such as
            ``"locked"``.

    Returns:
        ScheduleVersion: The updated version.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``PUT data/production-schedule-versions/{schedule_version}``
    """
    return run(
        client, _core.schedule.update_schedule_version(schedule_version)
    )


def remove_schedule_version(
    schedule_version: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a version of a schedule, with its dates.

    Args:
        schedule_version: The version (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``DELETE data/production-schedule-versions/{schedule_version}``
    """
    return run(
        client, _core.schedule.remove_schedule_version(schedule_version)
    )


def all_task_links_for_schedule_version(
    schedule_version: str | dict,
    task_type: str | dict | None = None,
    relations: bool = False,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the dates and estimations of tasks in a version of a schedule.

    Args:
        schedule_version: The version (dict or id).
        task_type: Only tasks of this type (dict or id).
        relations: Add the ``"assignees"``.

    Returns:
        list[ScheduleVersionTaskLink]: A link for each task, in no particular
            order.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            client or vendor.

    Not in upstream.

    Route: ``GET data/production-schedule-versions/{schedule_version}/``
    ``task-links``
    """
    return run(
        client,
        _core.schedule.all_task_links_for_schedule_version(
            schedule_version, task_type, relations
        ),
    )


def update_schedule_version_task_link(
    task_link: dict, client: KitsuClient = default
) -> dict:
    """
    Change the dates or the estimation of a task in a version of a schedule.

    Args:
        task_link: The link's ``"id"`` and the fields to set.

    Returns:
        ScheduleVersionTaskLink: The updated link.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``PUT data/production-schedule-version-task-links/{task_link}``
    """
    return run(
        client, _core.schedule.update_schedule_version_task_link(task_link)
    )


def set_schedule_version_from_production(
    schedule_version: str | dict, client: KitsuClient = default
) -> dict:
    """
    Copy the dates, estimations and assignees of a project's tasks to a version
    of its schedule.

    Args:
        schedule_version: The version (dict or id).

    Returns:
        ScheduleVersionSummary: How many tasks were copied.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``POST actions/production-schedule-versions/{schedule_version}/``
    ``set-task-links-from-production``
    """
    return run(
        client,
        _core.schedule.set_schedule_version_from_production(schedule_version),
    )


def set_schedule_version_from_schedule_version(
    schedule_version: str | dict,
    source: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Copy the dates, estimations and assignees of another version of the same
    project's schedule.

    Args:
        schedule_version: The version that changes (dict or id).
        source: The version to copy (dict or id).

    Returns:
        ScheduleVersionSummary: How many tasks were copied.

    Raises:
        NotAllowedException: the user does not manage the project.
        ParameterException: the versions belong to different projects.

    Not in upstream.

    Route: ``POST actions/production-schedule-versions/{schedule_version}/``
    ``set-task-links-from-production-schedule-version``
    """
    return run(
        client,
        _core.schedule.set_schedule_version_from_schedule_version(
            schedule_version, source
        ),
    )


def apply_schedule_version(
    schedule_version: str | dict, client: KitsuClient = default
) -> dict:
    """
    Set the dates and estimations of a project's tasks to those of a version of
    its schedule. The version is locked.

    Args:
        schedule_version: The version (dict or id).

    Returns:
        AppliedScheduleVersion: How many tasks were changed.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``POST actions/production-schedule-versions/{schedule_version}/``
    ``apply-to-production``
    """
    return run(client, _core.schedule.apply_schedule_version(schedule_version))

"""Hours logged on tasks: their records, and tables of a whole studio."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

default = raw.default_client


def all_time_spents(
    start_date: str | None = None,
    end_date: str | None = None,
    client: KitsuClient = default,
) -> list[dict]:
    """
    List the hours that all persons logged, on all days or in a period.

    Args:
        start_date: The first day, ``YYYY-MM-DD``. It needs an end date.
        end_date: The last day, ``YYYY-MM-DD``. It needs a start date.

    Returns:
        list[TimeSpent]: One entry for each person, task and day, in no
            particular order. ``"duration"`` is in minutes.

    Raises:
        NotAllowedException: the user is not an administrator.
        ParameterException: only one of the dates is given, or a date is
            malformed.

    Not in upstream.

    Route: ``GET data/time-spents``
    """
    return run(client, _core.time_spent.all_time_spents(start_date, end_date))


def get_time_spent(time_spent_id: str, client: KitsuClient = default) -> dict:
    """
    Get logged hours by the id of their record.

    Args:
        time_spent_id: The record's id.

    Returns:
        TimeSpent: The record. ``"duration"`` is in minutes.

    Raises:
        NotAllowedException: the user is not an administrator.
        RouteNotFoundException: no record has this id.

    Not in upstream.

    Route: ``GET data/time-spents/{time_spent_id}``
    """
    return run(client, _core.time_spent.get_time_spent(time_spent_id))


def new_time_spent(
    task: str | dict,
    person: str | dict,
    date: str,
    duration: float,
    client: KitsuClient = default,
) -> dict:
    """
    Log hours of a person on a task. `gazu.task.set_time_spent` is for the
    person's own hours.

    Args:
        task: The task (dict or id).
        person: The person (dict or id).
        date: The day, ``YYYY-MM-DD``.
        duration: The time in minutes.

    Returns:
        TimeSpent: The new record.

    Raises:
        NotAllowedException: the user is not an administrator.
        ParameterException: the person has logged hours on this task and day
            already.

    Not in upstream.

    Route: ``POST data/time-spents``
    """
    return run(
        client, _core.time_spent.new_time_spent(task, person, date, duration)
    )


def update_time_spent(time_spent: dict, client: KitsuClient = default) -> dict:
    """
    Change the fields of logged hours.

    Args:
        time_spent: Its ``"id"`` and the fields to set, such as ``"duration"``
            in minutes.

    Returns:
        TimeSpent: The updated record.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/time-spents/{time_spent}``
    """
    return run(client, _core.time_spent.update_time_spent(time_spent))


def remove_time_spent_for_date(
    task: str | dict,
    date: str,
    person: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Remove the hours that a person logged on a task on one day.

    Args:
        task: The task (dict or id).
        date: The day, ``YYYY-MM-DD``.
        person: The person (dict or id).

    Returns:
        str: The removed record as JSON text.

    Raises:
        NotAllowedException: the task is not assigned to the person, or the
            user is neither the person nor a manager of the project.
        RouteNotFoundException: the person logged no hours on this task and
            day.

    Not in upstream.

    Route: ``DELETE actions/tasks/{task}/time-spents/{date}/persons/{person}``
    """
    return run(
        client, _core.time_spent.remove_time_spent_for_date(task, date, person)
    )


def all_time_spents_for_entity(
    entity: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the hours logged on the tasks of an entity.

    Args:
        entity: The entity (dict or id).

    Returns:
        list[TimeSpent]: One entry for each person, task and day, latest first.
            ``"duration"`` is in minutes.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/entities/{entity}/time-spents``
    """
    return run(client, _core.time_spent.all_time_spents_for_entity(entity))


def all_time_spents_for_project(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the hours logged on the tasks of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[TimeSpent]: One entry for each person, task and day, in no
            particular order. ``"duration"`` is in minutes.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            client.

    Not in upstream.

    Route: ``GET data/projects/{project}/time-spents``
    """
    return run(client, _core.time_spent.all_time_spents_for_project(project))


def get_time_spents_for_task_type(
    project: str | dict,
    task_type: str | dict,
    start_date: str | None = None,
    end_date: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Get the hours logged on a project's tasks of one type, person by person.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        start_date: The first day, ``YYYY-MM-DD``.
        end_date: The last day, ``YYYY-MM-DD``.

    Returns:
        dict[str, list[TimeSpent]]: A list for each person's id, latest day
            first. ``"duration"`` is in minutes.

    Raises:
        NotAllowedException: the user does not manage the project.
        ParameterException: a date is malformed.

    Not in upstream.

    Route: ``GET data/projects/{project}/task-types/{task_type}/time-spents``
    """
    return run(
        client,
        _core.time_spent.get_time_spents_for_task_type(
            project, task_type, start_date, end_date
        ),
    )


def get_day_table(
    year: int,
    month: int,
    project: str | dict | None = None,
    department: str | dict | None = None,
    studio: str | dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Get the minutes that each person logged on each day of a month.

    Args:
        year: The year.
        month: The month, from 1 to 12.
        project: Only hours on this project (dict or id).
        department: Only persons of this department (dict or id).
        studio: Only persons of this studio (dict or id).

    Returns:
        dict[str, dict[str, float]]: The minutes by the number of the day, as
            text, and by the person's id. Days and persons without hours are
            missing.

    Raises:
        NotAllowedException: the user is neither an administrator, nor a
            manager or supervisor of the project.
        ParameterException: the month is malformed.

    Not in upstream.

    Route: ``GET data/persons/time-spents/day-table/{year}/{month}``
    """
    return run(
        client,
        _core.time_spent.get_day_table(
            year, month, project, department, studio
        ),
    )


def get_week_table(
    year: int,
    project: str | dict | None = None,
    department: str | dict | None = None,
    studio: str | dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Get the minutes that each person logged in each week of a year.

    Args:
        year: The year.
        project: Only hours on this project (dict or id).
        department: Only persons of this department (dict or id).
        studio: Only persons of this studio (dict or id).

    Returns:
        dict[str, dict[str, float]]: The minutes by the number of the ISO week,
            as text, and by the person's id. Weeks and persons without hours
            are missing.

    Raises:
        NotAllowedException: the user is neither an administrator, nor a
            manager or supervisor of the project.

    Not in upstream.

    Route: ``GET data/persons/time-spents/week-table/{year}``
    """
    return run(
        client,
        _core.time_spent.get_week_table(year, project, department, studio),
    )


def get_month_table(
    year: int,
    project: str | dict | None = None,
    department: str | dict | None = None,
    studio: str | dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Get the minutes that each person logged in each month of a year.

    Args:
        year: The year.
        project: Only hours on this project (dict or id).
        department: Only persons of this department (dict or id).
        studio: Only persons of this studio (dict or id).

    Returns:
        dict[str, dict[str, float]]: The minutes by the number of the month, as
            text, and by the person's id. Months and persons without hours are
            missing.

    Raises:
        NotAllowedException: the user is neither an administrator, nor a
            manager or supervisor of the project.

    Not in upstream.

    Route: ``GET data/persons/time-spents/month-table/{year}``
    """
    return run(
        client,
        _core.time_spent.get_month_table(year, project, department, studio),
    )


def get_year_table(
    project: str | dict | None = None,
    department: str | dict | None = None,
    studio: str | dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Get the minutes that each person logged in each year.

    Args:
        project: Only hours on this project (dict or id).
        department: Only persons of this department (dict or id).
        studio: Only persons of this studio (dict or id).

    Returns:
        dict[str, dict[str, float]]: The minutes by the year, as text, and by
            the person's id. Years and persons without hours are missing.

    Raises:
        NotAllowedException: the user is neither an administrator, nor a
            manager or supervisor of the project.

    Not in upstream.

    Route: ``GET data/persons/time-spents/year-table``
    """
    return run(
        client, _core.time_spent.get_year_table(project, department, studio)
    )

"""
Budgets: what a project plans to spend, the salaries behind it, and the hours
that it cost.
"""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

default = raw.default_client


def all_budgets(client: KitsuClient = default) -> list[dict]:
    """
    List the budgets of all projects.

    Returns:
        list[Budget]: The budgets, in no particular order.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET data/budgets``
    """
    return run(client, _core.budget.all_budgets())


def get_budget(budget_id: str, client: KitsuClient = default) -> dict:
    """
    Get a budget by its id.

    Args:
        budget_id: The budget's id.

    Returns:
        Budget: The budget.

    Raises:
        NotAllowedException: the user is not an administrator.
        RouteNotFoundException: no budget has this id.

    Not in upstream.

    Route: ``GET data/budgets/{budget_id}``
    """
    return run(client, _core.budget.get_budget(budget_id))


def new_budget(
    project: str | dict,
    name: str,
    currency: str | None = None,
    revision: int | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a budget of a project.

    `gazu.project.create_budget` numbers the revisions of a project's budgets
    by itself, and managers may use it.

    Args:
        project: The project (dict or id).
        name: The budget's name.
        currency: The currency's code of three letters, such as ``"EUR"``.
        revision: The number of the revision. If omitted, it is 1.

    Returns:
        Budget: The new budget.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``POST data/budgets``
    """
    return run(
        client, _core.budget.new_budget(project, name, currency, revision)
    )


def update_budget(budget: dict, client: KitsuClient = default) -> dict:
    """
    Change the fields of a budget.

    Args:
        budget: Its ``"id"`` and the fields to set.

    Returns:
        Budget: The updated budget.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/budgets/{budget}``
    """
    return run(client, _core.budget.update_budget(budget))


def remove_budget(budget: str | dict, client: KitsuClient = default) -> str:
    """
    Remove a budget.

    Args:
        budget: The budget (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.
        ParameterException: the budget has entries.

    Not in upstream.

    Route: ``DELETE data/budgets/{budget}``
    """
    return run(client, _core.budget.remove_budget(budget))


def all_budget_entries(client: KitsuClient = default) -> list[dict]:
    """
    List the entries of all budgets.

    Returns:
        list[BudgetEntry]: The entries, in no particular order.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET data/budget-entries``
    """
    return run(client, _core.budget.all_budget_entries())


def get_budget_entry(
    budget_entry_id: str, client: KitsuClient = default
) -> dict:
    """
    Get an entry of a budget by its id.

    Args:
        budget_entry_id: The entry's id.

    Returns:
        BudgetEntry: The entry.

    Raises:
        NotAllowedException: the user is not an administrator.
        RouteNotFoundException: no entry has this id.

    Not in upstream.

    Route: ``GET data/budget-entries/{budget_entry_id}``
    """
    return run(client, _core.budget.get_budget_entry(budget_entry_id))


def new_budget_entry(
    budget: str | dict,
    department: str | dict,
    start_date: str,
    months_duration: int,
    daily_salary: float,
    person: str | dict | None = None,
    position: str | None = None,
    seniority: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Add an entry to a budget: a person, or a position that is still open.

    Args:
        budget: The budget (dict or id).
        department: The department (dict or id).
        start_date: The first day of the work, ``YYYY-MM-DD``.
        months_duration: The number of months.
        daily_salary: The salary for a day, in the budget's currency.
        person: The person (dict or id).
        position: ``"supervisor"``, ``"lead"`` or ``"artist"``. If omitted, it
            is ``"artist"``.
        seniority: ``"senior"``, ``"mid"`` or ``"junior"``. If omitted, it is
            ``"mid"``.

    Returns:
        BudgetEntry: The new entry.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``POST data/budget-entries``
    """
    return run(
        client,
        _core.budget.new_budget_entry(
            budget,
            department,
            start_date,
            months_duration,
            daily_salary,
            person,
            position,
            seniority,
        ),
    )


def update_budget_entry(
    budget_entry: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of an entry of a budget.

    Args:
        budget_entry: Its ``"id"`` and the fields to set.

    Returns:
        BudgetEntry: The updated entry.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/budget-entries/{budget_entry}``
    """
    return run(client, _core.budget.update_budget_entry(budget_entry))


def remove_budget_entry(
    budget_entry: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove an entry of a budget.

    Args:
        budget_entry: The entry (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``DELETE data/budget-entries/{budget_entry}``
    """
    return run(client, _core.budget.remove_budget_entry(budget_entry))


def all_salary_scales(client: KitsuClient = default) -> list[dict]:
    """
    List the daily salaries of every department, position and seniority. The
    server adds those that are missing, with a salary of 0.

    Returns:
        list[SalaryScale]: The salary scales, in no particular order.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET data/salary-scales``
    """
    return run(client, _core.budget.all_salary_scales())


def get_salary_scale(
    salary_scale_id: str, client: KitsuClient = default
) -> dict:
    """
    Get a salary scale by its id.

    Args:
        salary_scale_id: The salary scale's id.

    Returns:
        SalaryScale: The salary scale.

    Raises:
        NotAllowedException: the user is not an administrator.
        RouteNotFoundException: no salary scale has this id.

    Not in upstream.

    Route: ``GET data/salary-scales/{salary_scale_id}``
    """
    return run(client, _core.budget.get_salary_scale(salary_scale_id))


def update_salary_scale(
    salary_scale: dict, client: KitsuClient = default
) -> dict:
    """
    Change a salary scale.

    Args:
        salary_scale: Its ``"id"`` and the fields to set, such as ``"salary"``,
            an integer.

    Returns:
        SalaryScale: The updated salary scale.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/salary-scales/{salary_scale}``
    """
    return run(client, _core.budget.update_salary_scale(salary_scale))


def remove_salary_scale(
    salary_scale: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a salary scale. `all_salary_scales` makes it again, with a salary of
    0.

    Args:
        salary_scale: The salary scale (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``DELETE data/salary-scales/{salary_scale}``
    """
    return run(client, _core.budget.remove_salary_scale(salary_scale))


def get_month_time_spents_for_project(
    project: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get the hours logged on a project, by department, person and month.

    Args:
        project: The project (dict or id).

    Returns:
        dict[str, dict[str, Any]]: A dict for each department's id. It has the
            ``"total"`` of the department, and a dict for each person's id with
            the minutes of each month (``"YYYY-MM"``) and their ``"total"``.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``GET data/projects/{project}/budgets/time-spents``
    """
    return run(client, _core.budget.get_month_time_spents_for_project(project))

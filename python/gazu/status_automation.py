"""Status automations: rules that change a task when another task changes."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

default = raw.default_client


def all_status_automations(client: KitsuClient = default) -> list[dict]:
    """
    List the status automations of the studio. `gazu.project` has those of a
    project.

    Returns:
        list[StatusAutomation]: The status automations, in no particular order.

    Not in upstream.

    Route: ``GET data/status-automations``
    """
    return run(client, _core.status_automation.all_status_automations())


def get_status_automation(
    status_automation_id: str, client: KitsuClient = default
) -> dict:
    """
    Get a status automation by its id.

    Args:
        status_automation_id: The status automation's id.

    Returns:
        StatusAutomation: The status automation.

    Raises:
        NotAllowedException: the user is not an administrator.
        RouteNotFoundException: no status automation has this id.

    Not in upstream.

    Route: ``GET data/status-automations/{status_automation_id}``
    """
    return run(
        client,
        _core.status_automation.get_status_automation(status_automation_id),
    )


def new_status_automation(
    entity_type: str,
    in_task_type: str | dict,
    in_task_status: str | dict,
    out_task_type: str | dict | None = None,
    out_task_status: str | dict | None = None,
    out_field_type: str = "status",
    import_last_revision: bool = False,
    client: KitsuClient = default,
) -> dict:
    """
    Create a status automation: when a task of one type gets one status, a task
    of the same entity changes.

    Args:
        entity_type: The kind of the entity: ``"asset"`` or ``"shot"``.
        in_task_type: The type of the task that gets the status (dict or id).
        in_task_status: The status (dict or id).
        out_task_type: The type of the task that changes (dict or id).
        out_task_status: The status that it gets (dict or id).
        out_field_type: What changes: ``"status"``, or ``"ready_for"`` of an
            asset.
        import_last_revision: Add the last preview to the task that changes.

    Returns:
        StatusAutomation: The new status automation.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``POST data/status-automations``
    """
    return run(
        client,
        _core.status_automation.new_status_automation(
            entity_type,
            in_task_type,
            in_task_status,
            out_task_type,
            out_task_status,
            out_field_type,
            import_last_revision,
        ),
    )


def update_status_automation(
    status_automation: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of a status automation.

    Args:
        status_automation: Its ``"id"`` and the fields to set.

    Returns:
        StatusAutomation: The updated status automation.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/status-automations/{status_automation}``
    """
    return run(
        client,
        _core.status_automation.update_status_automation(status_automation),
    )


def remove_status_automation(
    status_automation: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a status automation.

    Args:
        status_automation: The status automation (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.
        ParameterException: a project uses it.

    Not in upstream.

    Route: ``DELETE data/status-automations/{status_automation}``
    """
    return run(
        client,
        _core.status_automation.remove_status_automation(status_automation),
    )

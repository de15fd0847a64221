"""Project templates: the settings that new projects start from."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .cache import cache
from .client import KitsuClient
from .helpers import normalize_model_parameter  # noqa: F401
from .sorting import sort_by_name  # noqa: F401

default = raw.default_client


@cache
def all_project_templates(client: KitsuClient = default) -> list[dict]:
    """
    List every project template.

    Returns:
        list[ProjectTemplate]: The templates, sorted by name.

    Route: ``GET data/project-templates``
    """
    return run(client, _core.project_template.all_project_templates())


@cache
def get_project_template(
    project_template_id: str, client: KitsuClient = default
) -> dict:
    """
    Get a project template by its id.

    Args:
        project_template_id: The template's id.

    Returns:
        ProjectTemplate: The template.

    Raises:
        RouteNotFoundException: no template has this id.

    Route: ``GET data/project-templates/{template}``
    """
    return run(
        client,
        _core.project_template.get_project_template(project_template_id),
    )


@cache
def get_project_template_by_name(
    name: str, client: KitsuClient = default
) -> dict | None:
    """
    Find a project template by its name.

    Args:
        name: The full name.

    Returns:
        ProjectTemplate | None: The template, or None when there is none of
            that name.

    Route: ``GET data/project-templates?name=``
    """
    return run(
        client, _core.project_template.get_project_template_by_name(name)
    )


def new_project_template(
    name: str,
    description: str | None = None,
    fps: str | None = None,
    ratio: str | None = None,
    resolution: str | None = None,
    production_type: str | None = None,
    production_style: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a project template that has no task types, statuses or the like.

    Omitted values get the server's defaults, except the description, which
    stays empty.

    Args:
        name: The template's name. No other template may have it.
        description: The description.
        fps: Frames per second, as text such as ``"25"``.
        ratio: Width to height, such as ``"16:9"``.
        resolution: Width and height in pixels, such as ``"1920x1080"``.
        production_type: ``"short"``, ``"featurefilm"`` or ``"tvshow"``.
        production_style: ``"2d"``, ``"3d"``, ``"2d3d"``, ``"vfx"``, ...

    Returns:
        ProjectTemplate: The template.

    Raises:
        ParameterException: another template has this name.

    Route: ``POST data/project-templates``
    """
    return run(
        client,
        _core.project_template.new_project_template(
            name,
            description,
            fps,
            ratio,
            resolution,
            production_type,
            production_style,
        ),
    )


def update_project_template(
    project_template: dict, client: KitsuClient = default
) -> dict:
    """
    Save the fields of a project template.

    Args:
        project_template: A dict of the fields to save, with the template's
            ``"id"``.

    Returns:
        ProjectTemplate: The template as saved.

    Route: ``PUT data/project-templates/{template}``
    """
    return run(
        client,
        _core.project_template.update_project_template(project_template),
    )


def remove_project_template(
    project_template: str | dict, client: KitsuClient = default
) -> str:
    """
    Delete a project template. Projects made from it stay as they are.

    Args:
        project_template: The template (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE data/project-templates/{template}``
    """
    return run(
        client,
        _core.project_template.remove_project_template(project_template),
    )


def new_project_template_from_project(
    project: str | dict,
    name: str,
    description: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a project template from a project's settings.

    It copies task types, task statuses, asset types, status automations,
    preview backgrounds, metadata descriptors and production settings. It does
    not copy the team, dates, entities or tasks.

    Args:
        project: The project (dict or id).
        name: The template's name. No other template may have it.
        description: The description.

    Returns:
        ProjectTemplate: The template.

    Raises:
        ParameterException: another template has this name.

    Route: ``POST data/project-templates/from-project/{project}``
    """
    return run(
        client,
        _core.project_template.new_project_template_from_project(
            project, name, description
        ),
    )


def apply_project_template(
    project: str | dict,
    project_template: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Apply the settings of a template to a project, and add its task types and
    other links.

    Existing links of the project are kept.

    Args:
        project: The project (dict or id).
        project_template: The template (dict or id).

    Returns:
        Project: The project as saved.

    Route: ``POST data/projects/{project}/apply-template/{template}``
    """
    return run(
        client,
        _core.project_template.apply_project_template(
            project, project_template
        ),
    )


@cache
def all_task_types_for_project_template(
    project_template: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the task types of a project template.

    Args:
        project_template: The template (dict or id).

    Returns:
        list[TaskType]: The task types, sorted by their ``"priority"`` in the
            template, then by name.

    Route: ``GET data/project-templates/{template}/task-types``
    """
    return run(
        client,
        _core.project_template.all_task_types_for_project_template(
            project_template
        ),
    )


def add_task_type_to_project_template(
    project_template: str | dict,
    task_type: str | dict,
    priority: int | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Add a task type to a project template.

    Args:
        project_template: The template (dict or id).
        task_type: The task type (dict or id).
        priority: Its position among the template's task types.

    Returns:
        dict[str, Any]: The link between the two.

    Raises:
        ParameterException: there is no such task type.

    Route: ``POST data/project-templates/{template}/task-types``
    """
    return run(
        client,
        _core.project_template.add_task_type_to_project_template(
            project_template, task_type, priority
        ),
    )


def remove_task_type_from_project_template(
    project_template: str | dict,
    task_type: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Remove a task type from a project template.

    Args:
        project_template: The template (dict or id).
        task_type: The task type (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE data/project-templates/{template}/task-types/{task_type}``
    """
    return run(
        client,
        _core.project_template.remove_task_type_from_project_template(
            project_template, task_type
        ),
    )


@cache
def all_task_statuses_for_project_template(
    project_template: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the task statuses of a project template.

    Args:
        project_template: The template (dict or id).

    Returns:
        list[TaskStatus]: The task statuses, sorted by their ``"priority"`` in
            the template, then by name.

    Route: ``GET data/project-templates/{template}/task-statuses``
    """
    return run(
        client,
        _core.project_template.all_task_statuses_for_project_template(
            project_template
        ),
    )


def add_task_status_to_project_template(
    project_template: str | dict,
    task_status: str | dict,
    priority: int | None = None,
    roles_for_board: list[str] | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Add a task status to a project template.

    Args:
        project_template: The template (dict or id).
        task_status: The task status (dict or id).
        priority: Its position among the template's task statuses.
        roles_for_board: The roles that see it on the board, such as
            ``"user"`` or ``"manager"``.

    Returns:
        dict[str, Any]: The link between the two.

    Raises:
        ParameterException: there is no such task status.

    Route: ``POST data/project-templates/{template}/task-statuses``
    """
    return run(
        client,
        _core.project_template.add_task_status_to_project_template(
            project_template, task_status, priority, roles_for_board
        ),
    )


def remove_task_status_from_project_template(
    project_template: str | dict,
    task_status: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Remove a task status from a project template.

    Args:
        project_template: The template (dict or id).
        task_status: The task status (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route:
    ``DELETE data/project-templates/{template}/task-statuses/{task_status}``
    """
    return run(
        client,
        _core.project_template.remove_task_status_from_project_template(
            project_template, task_status
        ),
    )


@cache
def all_asset_types_for_project_template(
    project_template: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the asset types of a project template.

    Args:
        project_template: The template (dict or id).

    Returns:
        list[Named]: The ``"id"`` and ``"name"`` of each asset type, in no
            particular order.

    Route: ``GET data/project-templates/{template}/asset-types``
    """
    return run(
        client,
        _core.project_template.all_asset_types_for_project_template(
            project_template
        ),
    )


def add_asset_type_to_project_template(
    project_template: str | dict,
    asset_type: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Add an asset type to a project template.

    Args:
        project_template: The template (dict or id).
        asset_type: The asset type (dict or id).

    Returns:
        Named: The ``"id"`` and ``"name"`` of the asset type.

    Raises:
        ParameterException: there is no such asset type.

    Route: ``POST data/project-templates/{template}/asset-types``
    """
    return run(
        client,
        _core.project_template.add_asset_type_to_project_template(
            project_template, asset_type
        ),
    )


def remove_asset_type_from_project_template(
    project_template: str | dict,
    asset_type: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Remove an asset type from a project template.

    Args:
        project_template: The template (dict or id).
        asset_type: The asset type (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route:
    ``DELETE data/project-templates/{template}/asset-types/{asset_type}``
    """
    return run(
        client,
        _core.project_template.remove_asset_type_from_project_template(
            project_template, asset_type
        ),
    )


@cache
def all_status_automations_for_project_template(
    project_template: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the status automations of a project template.

    Args:
        project_template: The template (dict or id).

    Returns:
        list[StatusAutomation]: The status automations, in no particular order.

    Route: ``GET data/project-templates/{template}/status-automations``
    """
    return run(
        client,
        _core.project_template.all_status_automations_for_project_template(
            project_template
        ),
    )


def add_status_automation_to_project_template(
    project_template: str | dict,
    status_automation: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Add a status automation to a project template.

    Args:
        project_template: The template (dict or id).
        status_automation: The status automation (dict or id).

    Returns:
        StatusAutomation: The status automation.

    Raises:
        ParameterException: there is no such status automation.

    Route: ``POST data/project-templates/{template}/status-automations``
    """
    return run(
        client,
        _core.project_template.add_status_automation_to_project_template(
            project_template, status_automation
        ),
    )


def remove_status_automation_from_project_template(
    project_template: str | dict,
    status_automation: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Remove a status automation from a project template.

    Args:
        project_template: The template (dict or id).
        status_automation: The status automation (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE
    data/project-templates/{template}/status-automations/{automation}``
    """
    return run(
        client,
        _core.project_template.remove_status_automation_from_project_template(
            project_template, status_automation
        ),
    )


@cache
def all_preview_background_files_for_project_template(
    project_template: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the preview backgrounds of a project template.

    Args:
        project_template: The template (dict or id).

    Returns:
        list[PreviewBackgroundFile]: The preview backgrounds, in no particular
            order.

    Route: ``GET data/project-templates/{template}/preview-background-files``
    """
    module = _core.project_template
    return run(
        client,
        module.all_preview_background_files_for_project_template(
            project_template
        ),
    )


def add_preview_background_file_to_project_template(
    project_template: str | dict,
    preview_background_file: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Add a preview background to a project template.

    Args:
        project_template: The template (dict or id).
        preview_background_file: The preview background (dict or id).

    Returns:
        PreviewBackgroundFile: The preview background.

    Raises:
        ParameterException: there is no such preview background.

    Route: ``POST data/project-templates/{template}/preview-background-files``
    """
    return run(
        client,
        _core.project_template.add_preview_background_file_to_project_template(
            project_template, preview_background_file
        ),
    )


def remove_preview_background_file_from_project_template(
    project_template: str | dict,
    preview_background_file: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Remove a preview background from a project template.

    Args:
        project_template: The template (dict or id).
        preview_background_file: The preview background (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE
    data/project-templates/{template}/preview-background-files/{background}``
    """
    module = _core.project_template
    return run(
        client,
        module.remove_preview_background_file_from_project_template(
            project_template, preview_background_file
        ),
    )


def set_project_template_default_preview_background_file(
    project_template: str | dict,
    preview_background_file: str | dict | None,
    client: KitsuClient = default,
) -> dict:
    """
    Set the default preview background of a project template.

    Args:
        project_template: The template (dict or id).
        preview_background_file: One of the template's preview backgrounds
            (dict or id); None for no choice.

    Returns:
        ProjectTemplate: The template as saved.

    Raises:
        ParameterException: the preview background does not belong to the
            template.

    Route:
    ``PUT data/project-templates/{template}/default-preview-background-file``
    """
    module = _core.project_template
    return run(
        client,
        module.set_project_template_default_preview_background_file(
            project_template, preview_background_file
        ),
    )


def set_project_template_metadata_descriptors(
    project_template: str | dict,
    descriptors: list[dict],
    client: KitsuClient = default,
) -> dict:
    """
    Replace all metadata descriptors of a project template.

    Args:
        project_template: The template (dict or id).
        descriptors: A dict for each descriptor: ``"name"``,
            ``"entity_type"`` (such as ``"Asset"`` or ``"Shot"``),
            ``"data_type"`` (such as ``"string"``, ``"number"``,
            ``"list"``), ``"choices"`` (a list of texts), ``"for_client"``
            (a bool), ``"departments"`` (a list of ids) and ``"position"``
            (a number to order them by).

    Returns:
        ProjectTemplate: The template as saved.

    Raises:
        ParameterException: the descriptors are not a list of dicts.

    Route: ``PUT data/project-templates/{template}/metadata-descriptors``
    """
    return run(
        client,
        _core.project_template.set_project_template_metadata_descriptors(
            project_template, descriptors
        ),
    )


def reorder_task_statuses_in_project_template(
    project_template: str | dict,
    task_statuses: list[str | dict],
    client: KitsuClient = default,
) -> list[dict]:
    """
    Set the order of the task statuses of a project template.

    Args:
        project_template: The project template (dict or id).
        task_statuses: The task statuses (dicts or ids), in their order.

    Returns:
        list[TemplateTaskStatusLink]: The links between the template and its
            task statuses. The priorities count from 1.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``POST actions/project-templates/{project_template}/task-statuses/``
    ``reorder``
    """
    return run(
        client,
        _core.project_template.reorder_task_statuses_in_project_template(
            project_template, task_statuses
        ),
    )


def reorder_task_types_in_project_template(
    project_template: str | dict,
    task_types: list[str | dict],
    client: KitsuClient = default,
) -> list[dict]:
    """
    Set the order of the task types of a project template.

    Args:
        project_template: The project template (dict or id).
        task_types: The task types (dicts or ids), in their order.

    Returns:
        list[TemplateTaskTypeLink]: The links between the template and its task
            types. The priorities count from 1.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``POST actions/project-templates/{project_template}/task-types/``
    ``reorder``
    """
    return run(
        client,
        _core.project_template.reorder_task_types_in_project_template(
            project_template, task_types
        ),
    )

"""Projects: their settings, metadata descriptors, team and budgets."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._deprecated import old_names
from ._engine.composition import composition
from ._engine.dispatch import run
from ._engine.late import LateNames
from .cache import cache
from .client import KitsuClient
from .helpers import (
    normalize_list_of_models_for_links,
    normalize_model_parameter,
)
from .sorting import sort_by_name  # noqa: F401

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._engine.annotations import Literal

default = raw.default_client


@cache
def all_project_status(client: KitsuClient = default) -> list[dict]:
    """
    List the states that a project can be in, such as open and closed.

    Returns:
        list[ProjectStatus]: The states, sorted by name.

    Route: ``GET data/project-status``
    """
    return run(client, _core.project.all_project_status())


@cache
def get_project_status_by_name(
    project_status_name: str, client: KitsuClient = default
) -> dict | None:
    """
    Find a project's state by its name.

    Args:
        project_status_name: The full name.

    Returns:
        ProjectStatus | None: The state, or None when there is none of that
            name.

    Route: ``GET data/project-status?name=``
    """
    return run(
        client, _core.project.get_project_status_by_name(project_status_name)
    )


@cache
def all_projects(client: KitsuClient = default) -> list[dict]:
    """
    List every project that the user may see, closed ones included.

    Returns:
        list[Project]: The projects, sorted by name.

    Example:
        for project in gazu.project.all_projects():
            print(project["name"])

    Route: ``GET data/projects``
    """
    return run(client, _core.project.all_projects())


@cache
def all_open_projects(client: KitsuClient = default) -> list[dict]:
    """
    List the projects that are running and that the user may see.

    Returns:
        list[Project]: The projects, sorted by name.

    Example:
        names = [each["name"] for each in gazu.project.all_open_projects()]

    Route: ``GET data/projects/open``
    """
    return run(client, _core.project.all_open_projects())


@cache
def get_project(project_id: str, client: KitsuClient = default) -> dict:
    """
    Get a project by its id.

    Args:
        project_id: The project's id.

    Returns:
        Project: The project.

    Raises:
        RouteNotFoundException: no project has this id.

    Example:
        project = gazu.project.get_project(project["id"])

    Route: ``GET data/projects/{project}``
    """
    return run(client, _core.project.get_project(project_id))


@cache
@composition
def get_project_url(
    project: str | dict, section: str = "assets", client: KitsuClient = default
) -> str:
    """
    Return the URL of a project's page in Kitsu. No request is sent.

    Args:
        project: The project (dict or id).
        section: The page of the project, such as ``"assets"`` or
            ``"shots"``.

    Returns:
        str: The URL of the page.
    """
    project_id = _core.model(project)["id"]
    host = raw.get_api_url_from_host(client=client)
    return f"{host}/productions/{project_id}/{section}/"


@cache
def get_project_by_name(
    project_name: str, client: KitsuClient = default
) -> dict | None:
    """
    Find a project by its name.

    Args:
        project_name: The full name.

    Returns:
        Project | None: The project, or None when there is none of that name.

    Example:
        project = gazu.project.get_project_by_name("Caminandes")
        if project is None:
            raise SystemExit("There is no such project.")

    Route: ``GET data/projects?name=``
    """
    return run(client, _core.project.get_project_by_name(project_name))


@composition
def new_project(
    name: str,
    production_type: str = "short",
    team: list | None = None,
    asset_types: list | None = None,
    task_statuses: list | None = None,
    task_types: list | None = None,
    production_style: str = "2d3d",
    project_template: str | dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a project, unless there is one of that name.

    Args:
        name: The project's name.
        production_type: ``"short"``, ``"featurefilm"`` or ``"tvshow"``.
        team: The persons who work on it (dicts or ids).
        asset_types: Its asset types (dicts or ids).
        task_statuses: Its task statuses (dicts or ids).
        task_types: Its task types (dicts or ids).
        production_style: ``"2d"``, ``"3d"``, ``"2d3d"``, ``"ar"``,
            ``"vfx"``, ``"stop-motion"``, ``"motion-design"``,
            ``"archviz"``, ``"commercial"``, ``"catalog"``,
            ``"immersive"``, ``"nft"``, ``"video-game"`` or ``"vr"``.
        project_template: The template (dict or id) with the values of the
            arguments that are not given.

    Returns:
        Project: The new project, or the existing one.

    Raises:
        ParameterException: the style is unknown.

    Example:
        project = gazu.project.new_project("Sintel", production_type="short")

    Route: ``GET data/projects``, then ``POST data/projects``
    """
    project = get_project_by_name(name, client=client)
    if project is None:
        project = run(
            client,
            _core.project.new_project(
                name,
                production_type,
                team,
                asset_types,
                task_statuses,
                task_types,
                production_style,
                project_template,
            ),
        )
    return project


def remove_project(
    project: str | dict, force: bool = False, client: KitsuClient = default
) -> str:
    """
    Delete a project. It must be closed first.

    Args:
        project: The project (dict or id).
        force: Also delete everything in the project. Without it, the project
            must be empty.

    Returns:
        str: The body of the answer, which is empty.

    Raises:
        ParameterException: the project is open.

    Route: ``DELETE data/projects/{project}``
    """
    return run(client, _core.project.remove_project(project, force))


@composition
def update_project(project: dict, client: KitsuClient = default) -> dict:
    """
    Save the fields of a project. ``"data"`` is replaced as a whole.

    Args:
        project: A dict of the fields to save, with the project's ``"id"``.
            ``"team"``, ``"asset_types"``, ``"task_statuses"`` and
            ``"task_types"`` may hold dicts or ids; they are replaced by
            lists of ids in the dict itself.

    Returns:
        Project: The project as saved.

    Route: ``PUT data/projects/{project}``
    """
    for field in ("team", "asset_types", "task_statuses", "task_types"):
        if project is not None and field in project:
            project[field] = normalize_list_of_models_for_links(project[field])
    return run(client, _core.project.update_project(project))


@composition
def update_project_data(
    project: str | dict,
    data: dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Change some of a project's metadata and keep the others.

    The project is fetched and then saved as a whole. A change that someone
    else saves in between is lost.

    Args:
        project: The project (dict or id).
        data: The metadata to change, by field name.

    Returns:
        Project: The project as saved.

    Example:
        gazu.project.update_project_data(project, {"resolution_preset": "4K"})

    Route: ``GET data/projects/{project}``, then
    ``PUT data/projects/{project}``
    """
    if data is None:
        data = {}
    project_id = _core.model(project)["id"]
    get_project.clear_cache()  # type: ignore[attr-defined]
    current = get_project(project_id, client=client)
    if "data" not in current or current["data"] is None:
        current["data"] = {}
    current["data"] = {**current["data"], **data}
    updated = update_project(current, client=client)
    get_project.clear_cache()  # type: ignore[attr-defined]
    return updated


@composition
def close_project(project: str | dict, client: KitsuClient = default) -> dict:
    """
    Set a project's state to closed.

    Args:
        project: The project (dict or id). All fields of a dict are saved, and
            its ``"project_status_id"`` is changed.

    Returns:
        dict[str, Any]: The given dict, or a dict with the id and the state.

    Raises:
        ValueError: the server has no state named closed.

    Route: ``GET data/project-status``, then ``PUT data/projects/{project}``
    """
    project = normalize_model_parameter(project)
    for status in all_project_status(client=client):
        if status["name"].lower() == "closed":
            project["project_status_id"] = status["id"]
            update_project(project, client=client)
            return project
    raise ValueError(
        "The project cannot be closed: the server has no project status "
        "named 'Closed'"
    )


def add_asset_type(
    project: str | dict, asset_type: str | dict, client: KitsuClient = default
) -> dict:
    """
    Add an asset type to a project.

    Args:
        project: The project (dict or id).
        asset_type: The asset type (dict or id).

    Returns:
        Project: The project.

    Route: ``POST data/projects/{project}/settings/asset-types``
    """
    return run(client, _core.project.add_asset_type(project, asset_type))


def add_task_type(
    project: str | dict,
    task_type: str | dict,
    priority: int,
    client: KitsuClient = default,
) -> dict:
    """
    Add a task type to a project.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        priority: Its position among the project's task types.

    Returns:
        Project: The project.

    Route: ``POST data/projects/{project}/settings/task-types``
    """
    return run(
        client, _core.project.add_task_type(project, task_type, priority)
    )


def add_task_status(
    project: str | dict, task_status: str | dict, client: KitsuClient = default
) -> dict:
    """
    Add a task status to a project.

    Args:
        project: The project (dict or id).
        task_status: The task status (dict or id).

    Returns:
        Project: The project.

    Route: ``POST data/projects/{project}/settings/task-status``
    """
    return run(client, _core.project.add_task_status(project, task_status))


def remove_task_type(
    project: str | dict, task_type: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a task type from a project.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE data/projects/{project}/settings/task-types/{task_type}``
    """
    return run(client, _core.project.remove_task_type(project, task_type))


def remove_task_status(
    project: str | dict, task_status: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a task status from a project.

    Args:
        project: The project (dict or id).
        task_status: The task status (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route:
    ``DELETE data/projects/{project}/settings/task-status/{task_status}``
    """
    return run(client, _core.project.remove_task_status(project, task_status))


def add_metadata_descriptor(
    project: str | dict,
    name: str,
    entity_type: str,
    data_type: str = "string",
    choices: list[str] | None = None,
    for_client: bool = False,
    departments: list[str | dict] | None = None,
    task_type_id: str | dict | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a metadata descriptor: a custom column of a project.

    Args:
        project: The project (dict or id).
        name: The column's name.
        entity_type: The type of entity that has the column: ``"Asset"``,
            ``"Shot"``, ``"Edit"``, ``"Episode"``, ``"Sequence"``,
            ``"Project"`` or ``"Task"``.
        data_type: The kind of its values: ``"string"``, ``"number"``,
            ``"list"``, ``"taglist"``, ``"boolean"``, ``"checklist"``,
            ``"date"``, ``"url"``, ``"textarea"`` or ``"person"``.
        choices: The values to choose from; any value when empty.
        for_client: Whether clients see the column.
        departments: The departments that the column is for (dicts or ids).
        task_type_id: The task type (dict or id) that the column is for.
            Required for ``"Task"``, invalid for all other types.

    Returns:
        MetadataDescriptor: The descriptor.

    Raises:
        ParameterException: the type of entity is unknown or does not match the
            task type.

    Route: ``POST data/projects/{project}/metadata-descriptors``
    """
    return run(
        client,
        _core.project.add_metadata_descriptor(
            project,
            name,
            entity_type,
            data_type,
            [] if choices is None else choices,
            for_client,
            departments,
            task_type_id,
        ),
    )


def get_metadata_descriptor(
    project: str | dict,
    metadata_descriptor_id: str,
    client: KitsuClient = default,
) -> dict:
    """
    Get a metadata descriptor of a project.

    Args:
        project: The project (dict or id).
        metadata_descriptor_id: The descriptor (dict or id).

    Returns:
        MetadataDescriptor: The descriptor.

    Raises:
        RouteNotFoundException: the project has no such descriptor.

    Route: ``GET data/projects/{project}/metadata-descriptors/{descriptor}``
    """
    return run(
        client,
        _core.project.get_metadata_descriptor(project, metadata_descriptor_id),
    )


def get_metadata_descriptor_by_field_name(
    project: str | dict, field_name: str, client: KitsuClient = default
) -> dict | None:
    """
    Find a metadata descriptor by the name of its field.

    Args:
        project: The project (dict or id).
        field_name: The key under which entities hold the value in their
            ``"data"``.

    Returns:
        MetadataDescriptor | None: The descriptor, or None when the project has
            no such field.

    Route: ``GET data/metadata-descriptors?project_id=&field_name=``
    """
    return run(
        client,
        _core.project.get_metadata_descriptor_by_field_name(
            project, field_name
        ),
    )


@composition
def all_metadata_descriptors(
    project: str | dict,
    client: KitsuClient = default,
    *,
    entity_type: str | None = None,
) -> list[dict]:
    """
    List the metadata descriptors of a project.

    Args:
        project: The project (dict or id).
        entity_type: Only descriptors of this kind of entity, such as
            ``"Asset"`` or ``"Shot"``. Case matters.

    Returns:
        list[MetadataDescriptor]: The descriptors, in the order in which Kitsu
            shows them.

    Route: ``GET data/projects/{project}/metadata-descriptors``
    """
    descriptors = run(client, _core.project.all_metadata_descriptors(project))
    if entity_type is None:
        return descriptors
    return [
        descriptor
        for descriptor in descriptors
        if descriptor.get("entity_type") == entity_type
    ]


@composition
def update_metadata_descriptor(
    project: str | dict,
    metadata_descriptor: dict,
    client: KitsuClient = default,
) -> dict:
    """
    Save the fields of a metadata descriptor.

    Args:
        project: The project (dict or id).
        metadata_descriptor: A dict of the fields to save, with the
            descriptor's ``"id"``. ``"departments"`` may hold dicts or ids;
            it is replaced by a list of ids in the dict itself.

    Returns:
        MetadataDescriptor: The descriptor as saved.

    Route: ``PUT data/projects/{project}/metadata-descriptors/{descriptor}``
    """
    if (
        metadata_descriptor is not None
        and "departments" in metadata_descriptor
    ):
        metadata_descriptor["departments"] = (
            normalize_list_of_models_for_links(
                metadata_descriptor["departments"]
            )
        )
    return run(
        client,
        _core.project.update_metadata_descriptor(project, metadata_descriptor),
    )


def remove_metadata_descriptor(
    project: str | dict,
    metadata_descriptor_id: str | dict,
    force: bool = False,
    client: KitsuClient = default,
) -> str:
    """
    Delete a metadata descriptor.

    Args:
        project: The project (dict or id).
        metadata_descriptor_id: The descriptor (dict or id).
        force: Sent to the server. Zou 1.0.97 ignores it.

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE data/projects/{project}/metadata-descriptors/{descriptor}``
    """
    return run(
        client,
        _core.project.remove_metadata_descriptor(
            project, metadata_descriptor_id, force
        ),
    )


def reorder_metadata_descriptors(
    project: str | dict,
    entity_type: str,
    descriptor_ids: list[str | dict],
    client: KitsuClient = default,
) -> list[dict]:
    """
    Change the order of the metadata descriptors of one kind of entity.

    Args:
        project: The project (dict or id).
        entity_type: The type of entity that has the columns, such as
            ``"Asset"`` or ``"Shot"``.
        descriptor_ids: The descriptors (dicts or ids) in their new order.

    Returns:
        list[MetadataDescriptor]: The descriptors, in their new order.

    Raises:
        ParameterException: the type of entity is unknown.

    Route: ``POST data/projects/{project}/metadata-descriptors/reorder``
    """
    return run(
        client,
        _core.project.reorder_metadata_descriptors(
            project, entity_type, descriptor_ids
        ),
    )


def get_team(project: str | dict, client: KitsuClient = default) -> list[dict]:
    """
    List the persons who work on a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[Person]: The persons, in no particular order. ``"project_role"``
            is the role that a person has on this project, or None if it is the
            person's general role.

    Example:
        for person in gazu.project.get_team(project):
            print(person["full_name"])

    Route: ``GET data/projects/{project}/team``
    """
    return run(client, _core.project.get_team(project))


def add_person_to_team(
    project: str | dict,
    person: str | dict,
    role: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Add a person to the team of a project.

    Args:
        project: The project (dict or id).
        person: The person (dict or id).
        role: The person's role on this project: ``"user"``, ``"supervisor"``,
            ``"manager"``, ``"client"`` or ``"vendor"``. If omitted, the
            person's general role.

    Returns:
        Project: The project.

    Route: ``POST data/projects/{project}/team``
    """
    return run(client, _core.project.add_person_to_team(project, person, role))


def update_team_member_role(
    project: str | dict,
    person: str | dict,
    role: str | None,
    client: KitsuClient = default,
) -> dict:
    """
    Set the role that a person has on one project.

    Args:
        project: The project (dict or id).
        person: The person (dict or id).
        role: ``"user"``, ``"supervisor"``, ``"manager"``, ``"client"`` or
            ``"vendor"``. None restores the person's general role.

    Returns:
        dict[str, str]: A dict of ``"project_id"``, ``"person_id"`` and
            ``"role"``.

    Route: ``PUT data/projects/{project}/team/{person}``
    """
    return run(
        client, _core.project.update_team_member_role(project, person, role)
    )


def remove_person_from_team(
    project: str | dict, person: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a person from the team of a project.

    Args:
        project: The project (dict or id).
        person: The person (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE data/projects/{project}/team/{person}``
    """
    return run(client, _core.project.remove_person_from_team(project, person))


@cache
def get_project_task_types(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the task types of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[TaskType]: The task types, in no particular order.

    Route: ``GET data/projects/{project}/settings/task-types``
    """
    return run(client, _core.project.get_project_task_types(project))


@cache
def get_project_task_statuses(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the task statuses of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[TaskStatus]: The task statuses, in no particular order.

    Route: ``GET data/projects/{project}/settings/task-status``
    """
    return run(client, _core.project.get_project_task_statuses(project))


@cache
def all_status_automations(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the status automations of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[StatusAutomation]: The status automations, in no particular order.

    Route: ``GET data/projects/{project}/settings/status-automations``
    """
    return run(client, _core.project.all_status_automations(project))


def add_status_automation(
    project: str | dict,
    automation: dict[Literal["status_automation_id"], str],
    client: KitsuClient = default,
) -> dict:
    """
    Add a status automation to a project.

    Args:
        project: The project (dict or id).
        automation: A dict whose ``"status_automation_id"`` is the automation's
            id. It is sent unchanged.

    Returns:
        Project: The project.

    Route: ``POST data/projects/{project}/settings/status-automations``
    """
    return run(
        client, _core.project.add_status_automation(project, automation)
    )


def remove_status_automation(
    project: str | dict, automation: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a status automation from a project.

    Args:
        project: The project (dict or id).
        automation: The status automation (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route:
    ``DELETE data/projects/{project}/settings/status-automations/{automation}``
    """
    return run(
        client, _core.project.remove_status_automation(project, automation)
    )


@cache
def get_preview_background_files(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the preview backgrounds of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[PreviewBackgroundFile]: The preview backgrounds, in no particular
            order.

    Route: ``GET data/projects/{project}/settings/preview-background-files``
    """
    return run(client, _core.project.get_preview_background_files(project))


def add_preview_background_file(
    project: str | dict,
    background_file: dict[Literal["preview_background_file_id"], str],
    client: KitsuClient = default,
) -> dict:
    """
    Add a preview background to a project.

    Args:
        project: The project (dict or id).
        background_file: A dict whose ``"preview_background_file_id"`` is the
            background's id. It is sent unchanged.

    Returns:
        Project: The project.

    Route: ``POST data/projects/{project}/settings/preview-background-files``
    """
    return run(
        client,
        _core.project.add_preview_background_file(project, background_file),
    )


def remove_preview_background_file(
    project: str | dict,
    background_file: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Remove a preview background from a project.

    Args:
        project: The project (dict or id).
        background_file: The preview background (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE
    data/projects/{project}/settings/preview-background-files/{background}``
    """
    return run(
        client,
        _core.project.remove_preview_background_file(project, background_file),
    )


@cache
def get_milestones(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the milestones of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[Milestone]: The milestones, in no particular order.

    Route: ``GET data/projects/{project}/milestones``
    """
    return run(client, _core.project.get_milestones(project))


@cache
def get_project_quotas(
    project: str | dict,
    task_type: str | dict,
    client: KitsuClient = default,
) -> list[dict]:
    """
    Get how much each person finished for a task type.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).

    Returns:
        dict[str, Any]: A dict that maps the persons' ids, and ``"total"``, to
            the finished work by day, week, month and year: ``"count"`` of
            shots, ``"frames"``, ``"seconds"`` of film and ``"drawings"``.

    Route: ``GET data/projects/{project}/quotas/{task_type}``
    """
    return run(client, _core.project.get_project_quotas(project, task_type))


@cache
def get_project_person_quotas(
    project: str | dict, person: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    Get how much one person finished on a project.

    Args:
        project: The project (dict or id).
        person: The person (dict or id).

    Returns:
        dict[str, Any]: A dict that maps the task types' ids, and ``"total"``,
            to the finished work by day, week, month and year: ``"count"`` of
            shots, ``"frames"``, ``"seconds"`` of film and ``"drawings"``.

    Route: ``GET data/projects/{project}/quotas/persons/{person}``
    """
    return run(
        client, _core.project.get_project_person_quotas(project, person)
    )


@cache
def get_budgets(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the budgets of a project.

    Args:
        project: The project (dict or id).

    Returns:
        list[Budget]: The budgets, in no particular order. ``"revision"`` is
            the number of a budget.

    Route: ``GET data/projects/{project}/budgets``
    """
    return run(client, _core.project.get_budgets(project))


def create_budget(
    project: str | dict,
    name: str,
    description: str | None = None,
    currency: str | None = None,
    start_date: str | None = None,
    end_date: str | None = None,
    amount: int | float | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create a budget. Zou 1.0.97 keeps its name and currency only.

    Args:
        project: The project (dict or id).
        name: The budget's name.
        description: The description.
        currency: The currency's code, such as ``"EUR"``.
        start_date: The first day, ``YYYY-MM-DD``.
        end_date: The last day, ``YYYY-MM-DD``.
        amount: The amount, in the currency.

    Returns:
        Budget: The budget, with its ``"revision"``.

    Raises:
        ParameterException: the name is empty.

    Route: ``POST data/projects/{project}/budgets``
    """
    return run(
        client,
        _core.project.create_budget(
            project, name, description, currency, start_date, end_date, amount
        ),
    )


@cache
def get_budget(
    project: str | dict, budget: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get a budget.

    Args:
        project: The project (dict or id).
        budget: The budget (dict or id).

    Returns:
        Budget: The budget.

    Raises:
        RouteNotFoundException: there is no such budget.

    Route: ``GET data/projects/{project}/budgets/{budget}``
    """
    return run(client, _core.project.get_budget(project, budget))


def update_budget(
    project: str | dict,
    budget: str | dict,
    data: dict,
    client: KitsuClient = default,
) -> dict:
    """
    Save fields of a budget.

    Args:
        project: The project (dict or id).
        budget: The budget (dict or id).
        data: The fields to save: ``"name"``, ``"currency"``.

    Returns:
        Budget: The budget as saved.

    Route: ``PUT data/projects/{project}/budgets/{budget}``
    """
    return run(client, _core.project.update_budget(project, budget, data))


def remove_budget(
    project: str | dict, budget: str | dict, client: KitsuClient = default
) -> str:
    """
    Delete a budget and its entries.

    Args:
        project: The project (dict or id).
        budget: The budget (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE data/projects/{project}/budgets/{budget}``
    """
    return run(client, _core.project.remove_budget(project, budget))


@cache
def get_budget_entries(
    project: str | dict, budget: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the entries of a budget.

    Args:
        project: The project (dict or id).
        budget: The budget (dict or id).

    Returns:
        list[BudgetEntry]: The entries, in no particular order.

    Route: ``GET data/projects/{project}/budgets/{budget}/entries``
    """
    return run(client, _core.project.get_budget_entries(project, budget))


def create_budget_entry(
    project: str | dict,
    budget: str | dict,
    name: str,
    date: str | None = None,
    amount: int | float | None = None,
    quantity: int | float | None = None,
    unit_price: int | float | None = None,
    description: str | None = None,
    category: str | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Create an entry of a budget.

    Args:
        project: The project (dict or id).
        budget: The budget (dict or id).
        name: The entry's name.
        date: The day, ``YYYY-MM-DD``.
        amount: The total amount, in the budget's currency.
        quantity: The number of units.
        unit_price: The price of one, in the budget's currency.
        description: The description.
        category: A label to group entries by.

    Returns:
        BudgetEntry: The entry.

    Raises:
        ParameterException: a field is missing. Zou 1.0.97 requires a
            department, for which this function has no argument.

    Route: ``POST data/projects/{project}/budgets/{budget}/entries``
    """
    return run(
        client,
        _core.project.create_budget_entry(
            project,
            budget,
            name,
            date,
            amount,
            quantity,
            unit_price,
            description,
            category,
        ),
    )


@cache
def get_budget_entry(
    project: str | dict,
    budget: str | dict,
    entry: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Get an entry of a budget.

    Args:
        project: The project (dict or id).
        budget: The budget (dict or id).
        entry: The entry (dict or id).

    Returns:
        BudgetEntry: The entry.

    Raises:
        RouteNotFoundException: there is no such entry.

    Route: ``GET data/projects/{project}/budgets/{budget}/entries/{entry}``
    """
    return run(client, _core.project.get_budget_entry(project, budget, entry))


def update_budget_entry(
    project: str | dict,
    budget: str | dict,
    entry: str | dict,
    data: dict,
    client: KitsuClient = default,
) -> dict:
    """
    Save fields of a budget's entry.

    Args:
        project: The project (dict or id).
        budget: The budget (dict or id).
        entry: The entry (dict or id).
        data: The fields to save, such as ``"department_id"``,
            ``"person_id"``, ``"start_date"`` (``YYYY-MM-DD``),
            ``"months_duration"`` and ``"daily_salary"``.

    Returns:
        BudgetEntry: The entry as saved.

    Route: ``PUT data/projects/{project}/budgets/{budget}/entries/{entry}``
    """
    return run(
        client, _core.project.update_budget_entry(project, budget, entry, data)
    )


def remove_budget_entry(
    project: str | dict,
    budget: str | dict,
    entry: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Delete an entry of a budget.

    Args:
        project: The project (dict or id).
        budget: The budget (dict or id).
        entry: The entry (dict or id).

    Returns:
        str: The body of the answer, which is empty.

    Route: ``DELETE data/projects/{project}/budgets/{budget}/entries/{entry}``
    """
    return run(
        client, _core.project.remove_budget_entry(project, budget, entry)
    )


_late = LateNames(
    globals(),
    old_names(__name__),
    {
        "Literal": "._engine.annotations",
    },
)
__getattr__ = _late.get


def get_productions(
    name: str | None = None, client: KitsuClient = default
) -> list[dict]:
    """
    List the projects, open and closed, that the user may see.

    The name is that of CGWire's JavaScript client.

    Args:
        name: Only the project of this name.

    Returns:
        list[Project]: The projects, in no particular order. Administrators see
            all.

    Not in upstream.

    Route: ``GET data/projects/all``
    """
    return run(client, _core.project.get_productions(name))


def new_project_status(
    name: str, color: str, client: KitsuClient = default
) -> dict:
    """
    Create a state of projects. The server itself uses ``"Open"`` and
    ``"Closed"``.

    Args:
        name: The name, of 20 characters at most.
        color: The color, such as ``"#22d160"``.

    Returns:
        ProjectStatus: The new project status.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``POST data/project-status``
    """
    return run(client, _core.project.new_project_status(name, color))


def update_project_status(
    project_status: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of a state of projects.

    Args:
        project_status: Its ``"id"`` and the fields to set.

    Returns:
        ProjectStatus: The updated project status.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/project-status/{project_status}``
    """
    return run(client, _core.project.update_project_status(project_status))


def remove_project_status(
    project_status: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a state of projects.

    Args:
        project_status: The project status (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.
        ParameterException: a project has this status.

    Not in upstream.

    Route: ``DELETE data/project-status/{project_status}``
    """
    return run(client, _core.project.remove_project_status(project_status))


def remove_asset_type(
    project: str | dict, asset_type: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove an asset type from the settings of a project.

    Args:
        project: The project (dict or id).
        asset_type: The asset type (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``DELETE data/projects/{project}/settings/asset-types/{asset_type}``
    """
    return run(client, _core.project.remove_asset_type(project, asset_type))


def update_project_settings(
    project: str | dict,
    task_types: list[dict] | None = None,
    task_statuses: list[str | dict] | None = None,
    asset_types: list[str | dict] | None = None,
    replace_task_types: bool = False,
    client: KitsuClient = default,
) -> dict:
    """
    Add several task types, task statuses and asset types to a project at once.

    Args:
        project: The project (dict or id).
        task_types: A list of dicts with ``"task_type_id"``, and optionally
            ``"priority"`` and ``"is_client_visible"``.
        task_statuses: The task statuses (dicts or ids).
        asset_types: The asset types (dicts or ids).
        replace_task_types: Remove the task types that are not given.

    Returns:
        Project: The project.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``POST data/projects/{project}/settings/batch``
    """
    return run(
        client,
        _core.project.update_project_settings(
            project, task_types, task_statuses, asset_types, replace_task_types
        ),
    )


def set_task_status_client_allowed(
    project: str | dict,
    task_status: str | dict,
    is_client_allowed: bool | None,
    client: KitsuClient = default,
) -> dict:
    """
    Say whether the clients of a project may set a task status.

    Args:
        project: The project (dict or id).
        task_status: The task status (dict or id).
        is_client_allowed: Whether they may. ``None`` takes the value of the
            task status.

    Returns:
        TaskStatusLink: The link between the project and the task status.

    Raises:
        NotAllowedException: the user does not manage the project.
        RouteNotFoundException: the project does not have this task status.

    Not in upstream.

    Route: ``PUT data/projects/{project}/settings/task-status/{task_status}``
    """
    return run(
        client,
        _core.project.set_task_status_client_allowed(
            project, task_status, is_client_allowed
        ),
    )


def reorder_task_statuses(
    project: str | dict,
    task_statuses: list[str | dict],
    client: KitsuClient = default,
) -> list[dict]:
    """
    Set the order of the task statuses of a project.

    Args:
        project: The project (dict or id).
        task_statuses: The task statuses (dicts or ids), in their order.

    Returns:
        list[TaskStatusLink]: The links between the project and its task
            statuses. The priorities count from 1.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``POST actions/projects/{project}/task-status-links/reorder``
    """
    return run(
        client, _core.project.reorder_task_statuses(project, task_statuses)
    )


def reorder_task_types(
    project: str | dict,
    task_types: list[str | dict],
    client: KitsuClient = default,
) -> list[dict]:
    """
    Set the order of the task types of a project.

    Args:
        project: The project (dict or id).
        task_types: The task types (dicts or ids), in their order.

    Returns:
        list[TaskTypeLink]: The links between the project and its task types.
            The priorities count from 1.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``POST actions/projects/{project}/task-type-links/reorder``
    """
    return run(client, _core.project.reorder_task_types(project, task_types))


def all_task_type_softwares(
    project: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List which softwares the task types of a project use.

    Args:
        project: The project (dict or id).

    Returns:
        list[TaskTypeSoftwareLink]: A link for each task type and software, by
            their ids.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/projects/{project}/task-type-softwares``
    """
    return run(client, _core.project.all_task_type_softwares(project))


def add_task_type_software(
    project: str | dict,
    task_type: str | dict,
    software: str | dict,
    client: KitsuClient = default,
) -> dict:
    """
    Say that a task type of a project uses a software.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        software: The software (dict or id).

    Returns:
        TaskTypeSoftwareLink: The link between them.

    Raises:
        NotAllowedException: the user is neither a manager of the project nor a
            supervisor of the task type's department.
        ParameterException: the project does not have the task type, or the
            software is archived.

    Not in upstream.

    Route: ``POST data/projects/{project}/task-types/{task_type}/softwares``
    """
    return run(
        client,
        _core.project.add_task_type_software(project, task_type, software),
    )


def remove_task_type_software(
    project: str | dict,
    task_type: str | dict,
    software: str | dict,
    client: KitsuClient = default,
) -> str:
    """
    Say that a task type of a project does not use a software any more.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        software: The software (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is neither a manager of the project nor a
            supervisor of the task type's department.

    Not in upstream.

    Route: ``DELETE data/projects/{project}/task-types/{task_type}/softwares/``
    ``{software}``
    """
    return run(
        client,
        _core.project.remove_task_type_software(project, task_type, software),
    )


def get_preview_account(
    project: str | dict, client: KitsuClient = default
) -> dict | None:
    """
    Get the account with which a client may look at a project for a while.

    Args:
        project: The project (dict or id).

    Returns:
        PreviewAccount | None: The account, or ``None`` when the project has
            none.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``GET data/projects/{project}/preview-account``
    """
    return run(client, _core.project.get_preview_account(project))


def new_preview_account(
    project: str | dict, client: KitsuClient = default
) -> dict:
    """
    Create the preview account of a project, or give it a new password. It is
    closed until `set_preview_account_open` opens it.

    Args:
        project: The project (dict or id).

    Returns:
        PreviewAccount: The account, with its ``"password"``, which the server
            shows only this once.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``POST data/projects/{project}/preview-account``
    """
    return run(client, _core.project.new_preview_account(project))


def set_preview_account_open(
    project: str | dict, is_open: bool, client: KitsuClient = default
) -> dict:
    """
    Open the preview account of a project for some time, or close it.

    Args:
        project: The project (dict or id).
        is_open: Whether the account may log in.

    Returns:
        PreviewAccount: The account. ``"preview_open_until"`` is in UTC.

    Raises:
        NotAllowedException: the user does not manage the project.
        RouteNotFoundException: the project has no preview account.

    Not in upstream.

    Route: ``PUT data/projects/{project}/preview-account``
    """
    return run(
        client, _core.project.set_preview_account_open(project, is_open)
    )


def remove_preview_account(
    project: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove the preview account of a project.

    Args:
        project: The project (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user does not manage the project.

    Not in upstream.

    Route: ``DELETE data/projects/{project}/preview-account``
    """
    return run(client, _core.project.remove_preview_account(project))

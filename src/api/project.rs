//! Productions: their settings, metadata descriptors, team and budgets.

use crate::{
    args::{Flag, Id, Json, Links, Model, ModelId, Models, Query, Record},
    call::{create, delete, fetch_all, fetch_first, fetch_one, post, put, Call},
    path,
};

/// `GET data/project-status`
///
/// The states of projects, sorted by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_project_status() -> Call {
    fetch_all("project-status").sorted_by_name()
}

/// `GET data/project-status?name=`
///
/// Finds a state by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_project_status_by_name(project_status_name: Query) -> Call {
    fetch_first("project-status").query("name", project_status_name)
}

/// `GET data/projects`
///
/// Projects, sorted by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_projects() -> Call {
    fetch_all("projects").sorted_by_name()
}

/// `GET data/projects/open`
///
/// Projects that are running, sorted by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_open_projects() -> Call {
    fetch_all("projects/open").sorted_by_name()
}

/// `GET data/projects/{project}`
///
/// Gets a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_project(project_id: Id) -> Call {
    fetch_one("projects", project_id)
}

/// `GET data/projects?name=`
///
/// Finds a project by name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_project_by_name(project_name: Query) -> Call {
    fetch_first("projects").query("name", project_name)
}

/// `POST data/projects`
///
/// Creates a project, from a template if there is one.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[allow(clippy::too_many_arguments, reason = "these are the fields of a project")]
pub fn new_project(
    name: Json,
    production_type: Json,
    team: Links,
    asset_types: Links,
    task_statuses: Links,
    task_types: Links,
    production_style: Json,
    project_template: Option<Model>,
) -> Call {
    create("projects")
        .field("name", name)
        .field("production_type", production_type)
        .field("team", team)
        .field("asset_types", asset_types)
        .field("task_statuses", task_statuses)
        .field("task_types", task_types)
        .field("production_style", production_style)
        .maybe_field("project_template_id", project_template)
}

/// `DELETE data/projects/{project}`
///
/// Deletes a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_project(project: Model, force: Flag) -> Call {
    let mut path = path!["data", "projects", project];
    // In lower case, unlike `flag`: exceptions contain this path.
    if force.0 {
        path = path.with("?force=true");
    }
    delete(path)
}

/// `PUT data/projects/{project}`
///
/// Changes the fields of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_project(project: Record) -> Call {
    put(path!["data", "projects", project]).json(project)
}

/// `POST data/projects/{project}/settings/asset-types`
///
/// Adds an asset type to a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_asset_type(project: Model, asset_type: Model) -> Call {
    post(path!["data", "projects", project, "settings", "asset-types"])
        .field("asset_type_id", asset_type)
}

/// `POST data/projects/{project}/settings/task-types`
///
/// Adds a task type to a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_task_type(project: Model, task_type: Model, priority: Json) -> Call {
    post(path!["data", "projects", project, "settings", "task-types"])
        .field("task_type_id", task_type)
        .field("priority", priority)
}

/// `POST data/projects/{project}/settings/task-status`
///
/// Adds a task status to a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_task_status(project: Model, task_status: Model) -> Call {
    post(path!["data", "projects", project, "settings", "task-status"])
        .field("task_status_id", task_status)
}

/// `DELETE data/projects/{project}/settings/task-types/{task_type}`
///
/// Removes a task type from a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_task_type(project: Model, task_type: Model) -> Call {
    delete(path!["data", "projects", project, "settings", "task-types", task_type])
}

/// `DELETE data/projects/{project}/settings/task-status/{task_status}`
///
/// Removes a task status from a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_task_status(project: Model, task_status: Model) -> Call {
    delete(path!["data", "projects", project, "settings", "task-status", task_status])
}

/// `POST data/projects/{project}/metadata-descriptors`
///
/// Creates a metadata descriptor.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[allow(clippy::too_many_arguments, reason = "these are the fields of a descriptor")]
pub fn add_metadata_descriptor(
    project: Model,
    name: Json,
    entity_type: Json,
    data_type: Json,
    choices: Json,
    for_client: Json,
    departments: Links,
    task_type_id: Option<Model>,
) -> Call {
    post(path!["data", "projects", project, "metadata-descriptors"])
        .field("name", name)
        .field("data_type", data_type)
        .field("choices", choices)
        .field("for_client", for_client)
        .field("entity_type", entity_type)
        .field("departments", departments)
        .maybe_field("task_type_id", task_type_id)
}

/// `GET data/projects/{project}/metadata-descriptors/{descriptor}`
///
/// Gets a metadata descriptor.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_metadata_descriptor(project: Model, metadata_descriptor_id: ModelId) -> Call {
    fetch_one(path!["projects", project, "metadata-descriptors"], metadata_descriptor_id)
}

/// `GET data/metadata-descriptors?project_id=&field_name=`
///
/// Finds a metadata descriptor of a project by its field name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_metadata_descriptor_by_field_name(project: Model, field_name: Query) -> Call {
    fetch_first("metadata-descriptors").query("project_id", project).query("field_name", field_name)
}

/// `GET data/projects/{project}/metadata-descriptors`
///
/// Metadata descriptors of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_metadata_descriptors(project: Model) -> Call {
    fetch_all(path!["projects", project, "metadata-descriptors"])
}

/// `PUT data/projects/{project}/metadata-descriptors/{descriptor}`
///
/// Changes the fields of a metadata descriptor.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_metadata_descriptor(project: Model, metadata_descriptor: Record) -> Call {
    put(path!["data", "projects", project, "metadata-descriptors", metadata_descriptor])
        .json(metadata_descriptor)
}

/// `DELETE data/projects/{project}/metadata-descriptors/{descriptor}`
///
/// Deletes a metadata descriptor.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_metadata_descriptor(
    project: Model,
    metadata_descriptor_id: Model,
    force: Flag,
) -> Call {
    delete(path!["data", "projects", project, "metadata-descriptors", metadata_descriptor_id])
        .flag("force", force)
}

/// `POST data/projects/{project}/metadata-descriptors/reorder`
///
/// Changes the order of the metadata descriptors of an entity type.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn reorder_metadata_descriptors(
    project: Model,
    entity_type: Json,
    descriptor_ids: Links,
) -> Call {
    post(path!["data", "projects", project, "metadata-descriptors", "reorder"])
        .field("entity_type", entity_type)
        .field("descriptor_ids", descriptor_ids)
}

/// `GET data/projects/{project}/team`
///
/// Members of a project's team.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_team(project: Model) -> Call {
    fetch_all(path!["projects", project, "team"])
}

/// `POST data/projects/{project}/team`
///
/// Adds a person to a project's team.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_person_to_team(project: Model, person: Model, role: Option<Json>) -> Call {
    post(path!["data", "projects", project, "team"])
        .field("person_id", person)
        .maybe_field("role", role)
}

/// `PUT data/projects/{project}/team/{person}`
///
/// Sets or clears the role that a person has on one project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_team_member_role(project: Model, person: Model, role: Json) -> Call {
    put(path!["data", "projects", project, "team", person]).field("role", role)
}

/// `DELETE data/projects/{project}/team/{person}`
///
/// Removes a person from a project's team.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_person_from_team(project: Model, person: Model) -> Call {
    delete(path!["data", "projects", project, "team", person])
}

/// `GET data/projects/{project}/settings/task-types`
///
/// Task types of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_project_task_types(project: Model) -> Call {
    fetch_all(path!["projects", project, "settings", "task-types"])
}

/// `GET data/projects/{project}/settings/task-status`
///
/// Task statuses of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_project_task_statuses(project: Model) -> Call {
    fetch_all(path!["projects", project, "settings", "task-status"])
}

/// `GET data/projects/{project}/settings/status-automations`
///
/// Status automations of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_status_automations(project: Model) -> Call {
    fetch_all(path!["projects", project, "settings", "status-automations"])
}

/// `POST data/projects/{project}/settings/status-automations`
///
/// Adds a status automation to a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_status_automation(project: Model, automation: Json) -> Call {
    post(path!["data", "projects", project, "settings", "status-automations"]).json(automation)
}

/// `DELETE data/projects/{project}/settings/status-automations/{automation}`
///
/// Removes a status automation from a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_status_automation(project: Model, automation: Model) -> Call {
    delete(path!["data", "projects", project, "settings", "status-automations", automation])
}

/// `GET data/projects/{project}/settings/preview-background-files`
///
/// Preview backgrounds of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_preview_background_files(project: Model) -> Call {
    fetch_all(path!["projects", project, "settings", "preview-background-files"])
}

/// `POST data/projects/{project}/settings/preview-background-files`
///
/// Adds a preview background to a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_preview_background_file(project: Model, background_file: Json) -> Call {
    post(path!["data", "projects", project, "settings", "preview-background-files"])
        .json(background_file)
}

/// `DELETE data/projects/{project}/settings/preview-background-files/{background_file}`
///
/// Removes a preview background from a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_preview_background_file(project: Model, background_file: Model) -> Call {
    delete(path![
        "data",
        "projects",
        project,
        "settings",
        "preview-background-files",
        background_file,
    ])
}

/// `GET data/projects/{project}/milestones`
///
/// Milestones of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_milestones(project: Model) -> Call {
    fetch_all(path!["projects", project, "milestones"])
}

/// `GET data/projects/{project}/quotas/{task_type}`
///
/// What each person finished for a task type, by period.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_project_quotas(project: Model, task_type: Model) -> Call {
    fetch_all(path!["projects", project, "quotas", task_type])
}

/// `GET data/projects/{project}/quotas/persons/{person}`
///
/// What one person finished for each task type, by period.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_project_person_quotas(project: Model, person: Model) -> Call {
    fetch_all(path!["projects", project, "quotas", "persons", person])
}

/// `GET data/projects/{project}/budgets`
///
/// Budgets of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_budgets(project: Model) -> Call {
    fetch_all(path!["projects", project, "budgets"])
}

/// `POST data/projects/{project}/budgets`
///
/// Creates a budget.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn create_budget(
    project: Model,
    name: Json,
    description: Option<Json>,
    currency: Option<Json>,
    start_date: Option<Json>,
    end_date: Option<Json>,
    amount: Option<Json>,
) -> Call {
    post(path!["data", "projects", project, "budgets"])
        .field("name", name)
        .maybe_field("description", description)
        .maybe_field("currency", currency)
        .maybe_field("start_date", start_date)
        .maybe_field("end_date", end_date)
        .maybe_field("amount", amount)
}

/// `GET data/projects/{project}/budgets/{budget}`
///
/// Gets a budget.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_budget(project: Model, budget: ModelId) -> Call {
    fetch_one(path!["projects", project, "budgets"], budget)
}

/// `PUT data/projects/{project}/budgets/{budget}`
///
/// Changes the fields of a budget.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_budget(project: Model, budget: Model, data: Json) -> Call {
    put(path!["data", "projects", project, "budgets", budget]).json(data)
}

/// `DELETE data/projects/{project}/budgets/{budget}`
///
/// Deletes a budget and its entries.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_budget(project: Model, budget: Model) -> Call {
    delete(path!["data", "projects", project, "budgets", budget])
}

/// `GET data/projects/{project}/budgets/{budget}/entries`
///
/// Entries of a budget.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_budget_entries(project: Model, budget: Model) -> Call {
    fetch_all(path!["projects", project, "budgets", budget, "entries"])
}

/// `POST data/projects/{project}/budgets/{budget}/entries`
///
/// Creates an entry of a budget.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
#[allow(clippy::too_many_arguments, reason = "these are the fields of an entry")]
pub fn create_budget_entry(
    project: Model,
    budget: Model,
    name: Json,
    date: Option<Json>,
    amount: Option<Json>,
    quantity: Option<Json>,
    unit_price: Option<Json>,
    description: Option<Json>,
    category: Option<Json>,
) -> Call {
    post(path!["data", "projects", project, "budgets", budget, "entries"])
        .field("name", name)
        .maybe_field("date", date)
        .maybe_field("amount", amount)
        .maybe_field("quantity", quantity)
        .maybe_field("unit_price", unit_price)
        .maybe_field("description", description)
        .maybe_field("category", category)
}

/// `GET data/projects/{project}/budgets/{budget}/entries/{entry}`
///
/// Gets an entry of a budget.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_budget_entry(project: Model, budget: Model, entry: ModelId) -> Call {
    fetch_one(path!["projects", project, "budgets", budget, "entries"], entry)
}

/// `PUT data/projects/{project}/budgets/{budget}/entries/{entry}`
///
/// Changes the fields of a budget's entry.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_budget_entry(project: Model, budget: Model, entry: Model, data: Json) -> Call {
    put(path!["data", "projects", project, "budgets", budget, "entries", entry]).json(data)
}

/// `DELETE data/projects/{project}/budgets/{budget}/entries/{entry}`
///
/// Deletes an entry of a budget.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_budget_entry(project: Model, budget: Model, entry: Model) -> Call {
    delete(path!["data", "projects", project, "budgets", budget, "entries", entry])
}

/// `GET data/projects/all`
///
/// Lists the projects, open and closed, that the user may see.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_productions(name: Option<Query>) -> Call {
    fetch_all("projects/all").maybe_query("name", name)
}

/// `POST data/project-status`
///
/// Creates a state of projects.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_project_status(name: Json, color: Json) -> Call {
    create("project-status").field("name", name).field("color", color)
}

/// `PUT data/project-status/{project_status}`
///
/// Changes the fields of a state of projects.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_project_status(project_status: Record) -> Call {
    put(path!["data", "project-status", project_status]).json(project_status)
}

/// `DELETE data/project-status/{project_status}`
///
/// Removes a state of projects.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_project_status(project_status: Model) -> Call {
    delete(path!["data", "project-status", project_status])
}

/// `DELETE data/projects/{project}/settings/asset-types/{asset_type}`
///
/// Removes an asset type from the settings of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_asset_type(project: Model, asset_type: Model) -> Call {
    delete(path!["data", "projects", project, "settings", "asset-types", asset_type])
}

/// `POST data/projects/{project}/settings/batch`
///
/// Adds several task types, task statuses and asset types to a project at once.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_project_settings(
    project: Model,
    task_types: Option<Json>,
    task_statuses: Option<Models>,
    asset_types: Option<Models>,
    replace_task_types: Json,
) -> Call {
    post(path!["data", "projects", project, "settings", "batch"])
        .maybe_field("task_types", task_types)
        .maybe_field("task_status_ids", task_statuses)
        .maybe_field("asset_type_ids", asset_types)
        .field("replace_task_types", replace_task_types)
}

/// `PUT data/projects/{project}/settings/task-status/{task_status}`
///
/// Says whether the clients of a project may set a task status.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_task_status_client_allowed(
    project: Model,
    task_status: Model,
    is_client_allowed: Json,
) -> Call {
    put(path!["data", "projects", project, "settings", "task-status", task_status])
        .field("is_client_allowed", is_client_allowed)
}

/// `POST actions/projects/{project}/task-status-links/reorder`
///
/// Sets the order of the task statuses of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn reorder_task_statuses(project: Model, task_statuses: Models) -> Call {
    post(path!["actions", "projects", project, "task-status-links", "reorder"])
        .field("task_status_ids", task_statuses)
}

/// `POST actions/projects/{project}/task-type-links/reorder`
///
/// Sets the order of the task types of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn reorder_task_types(project: Model, task_types: Models) -> Call {
    post(path!["actions", "projects", project, "task-type-links", "reorder"])
        .field("task_type_ids", task_types)
}

/// `GET data/projects/{project}/task-type-softwares`
///
/// Lists which softwares the task types of a project use.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_type_softwares(project: Model) -> Call {
    fetch_all(path!["projects", project, "task-type-softwares"])
}

/// `POST data/projects/{project}/task-types/{task_type}/softwares`
///
/// Says that a task type of a project uses a software.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_task_type_software(project: Model, task_type: Model, software: Model) -> Call {
    post(path!["data", "projects", project, "task-types", task_type, "softwares"])
        .field("software_id", software)
}

/// `DELETE data/projects/{project}/task-types/{task_type}/softwares/{software}`
///
/// Says that a task type of a project does not use a software any more.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_task_type_software(project: Model, task_type: Model, software: Model) -> Call {
    delete(path!["data", "projects", project, "task-types", task_type, "softwares", software])
}

/// `GET data/projects/{project}/preview-account`
///
/// Gets the account with which a client may look at a project for a while.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_preview_account(project: Model) -> Call {
    fetch_all(path!["projects", project, "preview-account"])
}

/// `POST data/projects/{project}/preview-account`
///
/// Creates the preview account of a project, or gives it a new password.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_preview_account(project: Model) -> Call {
    post(path!["data", "projects", project, "preview-account"])
}

/// `PUT data/projects/{project}/preview-account`
///
/// Opens the preview account of a project for some time, or closes it.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_preview_account_open(project: Model, is_open: Json) -> Call {
    put(path!["data", "projects", project, "preview-account"]).field("is_open", is_open)
}

/// `DELETE data/projects/{project}/preview-account`
///
/// Removes the preview account of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_preview_account(project: Model) -> Call {
    delete(path!["data", "projects", project, "preview-account"])
}

exports![project:
    all_project_status,
    get_project_status_by_name,
    all_projects,
    all_open_projects,
    get_project,
    get_project_by_name,
    new_project,
    remove_project,
    update_project,
    add_asset_type,
    add_task_type,
    add_task_status,
    remove_task_type,
    remove_task_status,
    add_metadata_descriptor,
    get_metadata_descriptor,
    get_metadata_descriptor_by_field_name,
    all_metadata_descriptors,
    update_metadata_descriptor,
    remove_metadata_descriptor,
    reorder_metadata_descriptors,
    get_team,
    add_person_to_team,
    update_team_member_role,
    remove_person_from_team,
    get_project_task_types,
    get_project_task_statuses,
    all_status_automations,
    add_status_automation,
    remove_status_automation,
    get_preview_background_files,
    add_preview_background_file,
    remove_preview_background_file,
    get_milestones,
    get_project_quotas,
    get_project_person_quotas,
    get_budgets,
    create_budget,
    get_budget,
    update_budget,
    remove_budget,
    get_budget_entries,
    create_budget_entry,
    get_budget_entry,
    update_budget_entry,
    remove_budget_entry,
    get_productions,
    new_project_status,
    update_project_status,
    remove_project_status,
    remove_asset_type,
    update_project_settings,
    set_task_status_client_allowed,
    reorder_task_statuses,
    reorder_task_types,
    all_task_type_softwares,
    add_task_type_software,
    remove_task_type_software,
    get_preview_account,
    new_preview_account,
    set_preview_account_open,
    remove_preview_account,
];

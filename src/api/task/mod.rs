//! Tasks: the work that is to be done on entities, and who does it.

mod comment;
mod kind;
mod preview;
mod time_spent;

pub use self::{comment::*, kind::*, preview::*, time_spent::*};

use crate::{
    args::{Flag, Json, Links, Model, Models, Query, Record, Text},
    call::{delete, fetch_all, fetch_first, get, post, put, Call},
    path,
};

/// `GET data/shots/{shot}/tasks`
///
/// The tasks of a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_shot(shot: Model, relations: Flag) -> Call {
    tasks_of("shots", &shot, "tasks", relations)
}

/// `GET data/concepts/{concept}/tasks`
///
/// The tasks of a concept.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_concept(concept: Model, relations: Flag) -> Call {
    tasks_of("concepts", &concept, "tasks", relations)
}

/// `GET data/edits/{edit}/tasks`
///
/// The tasks of an edit.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_edit(edit: Model, relations: Flag) -> Call {
    tasks_of("edits", &edit, "tasks", relations)
}

/// `GET data/sequences/{sequence}/tasks`
///
/// The tasks of a sequence itself.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_sequence(sequence: Model, relations: Flag) -> Call {
    tasks_of("sequences", &sequence, "tasks", relations)
}

/// `GET data/scenes/{scene}/tasks`
///
/// The tasks of a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_scene(scene: Model, relations: Flag) -> Call {
    tasks_of("scenes", &scene, "tasks", relations)
}

/// `GET data/assets/{asset}/tasks`
///
/// The tasks of an asset.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_asset(asset: Model, relations: Flag) -> Call {
    tasks_of("assets", &asset, "tasks", relations)
}

/// `GET data/episodes/{episode}/tasks`
///
/// The tasks of an episode itself.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_episode(episode: Model, relations: Flag) -> Call {
    tasks_of("episodes", &episode, "tasks", relations)
}

/// `GET data/sequences/{sequence}/shot-tasks`
///
/// The tasks of a sequence's shots.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_shot_tasks_for_sequence(sequence: Model, relations: Flag) -> Call {
    tasks_of("sequences", &sequence, "shot-tasks", relations)
}

/// `GET data/episodes/{episode}/shot-tasks`
///
/// The tasks of an episode's shots.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_shot_tasks_for_episode(episode: Model, relations: Flag) -> Call {
    tasks_of("episodes", &episode, "shot-tasks", relations)
}

/// `GET data/episodes/{episode}/asset-tasks`
///
/// The tasks of an episode's assets.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_assets_tasks_for_episode(episode: Model, relations: Flag) -> Call {
    tasks_of("episodes", &episode, "asset-tasks", relations)
}

fn tasks_of(collection: &str, model: &Model, tasks: &str, relations: Flag) -> Call {
    fetch_all(path![collection, model, tasks]).flag("relations", relations).sorted_by_name()
}

/// `GET data/tasks?project_id={project}&task_type_id={task_type}&task_status_id={task_status}`
///
/// The tasks of a type that have a status, in a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_task_status(project: Model, task_type: Model, task_status: Model) -> Call {
    fetch_all("tasks")
        .query("project_id", project)
        .query("task_type_id", task_type)
        .query("task_status_id", task_status)
}

/// `GET data/tasks?project_id={project}&task_type_id={task_type}`
///
/// The tasks of a type, in a project or one of its episodes.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_task_type(project: Model, task_type: Model, episode: Option<Model>) -> Call {
    fetch_all("tasks")
        .query("project_id", project)
        .query("task_type_id", task_type)
        .maybe_query("episode_id", episode)
}

/// `GET data/entities/{entity}/task-types/{task_type}/tasks`
///
/// The tasks of a type that an entity has.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_entity_and_task_type(entity: Model, task_type: Model) -> Call {
    fetch_all(path!["entities", entity, "task-types", task_type, "tasks"])
}

/// `GET data/persons/{person}/tasks`
///
/// A person's unfinished tasks in open projects.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_person(person: Model) -> Call {
    fetch_all(path!["persons", person, "tasks"])
}

/// `GET data/persons/{person}/done-tasks`
///
/// A person's finished tasks in open projects.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_done_tasks_for_person(person: Model) -> Call {
    fetch_all(path!["persons", person, "done-tasks"])
}

/// `GET data/tasks?name={name}&task_type_id={task_type}&entity_id={entity}`
///
/// Finds a task of an entity by its type and name.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_task_by_entity(entity: Model, task_type: Model, name: Query) -> Call {
    fetch_first("tasks")
        .query("name", name)
        .query("task_type_id", task_type)
        .query("entity_id", entity)
}

/// `GET data/tasks/{task_id}/full`
///
/// Gets a task with its project, entity and other related records.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_task(task_id: Model) -> Call {
    get(path!["data", "tasks", task_id, "full"])
}

/// `POST data/tasks`
///
/// Creates a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_task(
    project_id: Json,
    entity: Model,
    task_type: Model,
    task_status_id: Json,
    assignees: Links,
    name: Json,
    assigner: Option<Model>,
) -> Call {
    post("data/tasks")
        .field("project_id", project_id)
        .field("entity_id", entity)
        .field("task_type_id", task_type)
        .field("task_status_id", task_status_id)
        .field("assignees", assignees)
        .field("name", name)
        .maybe_field("assigner_id", assigner)
}

/// `DELETE data/tasks/{task}?force=True`
///
/// Removes a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_task(task: Model) -> Call {
    delete(path!["data", "tasks", task]).query("force", true)
}

/// `PUT actions/persons/{person}/assign`
///
/// Assigns a task to a person.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn assign_task(task: Model, person: Model) -> Call {
    put(path!["/actions", "persons", person, "assign"]).field("task_ids", vec![task])
}

/// `PUT actions/tasks/clear-assignation`
///
/// Unassigns tasks from a person, or from everyone.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn clear_assignations(tasks: Models, person: Option<Model>) -> Call {
    put("/actions/tasks/clear-assignation")
        .field("task_ids", tasks)
        .maybe_field("person_id", person)
}

/// `PUT data/tasks/{task}`
///
/// Changes the fields of a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_task(task: Record) -> Call {
    put(path!["data", "tasks", task]).json(task)
}

/// `GET data/projects/{project}/tasks`
///
/// The tasks of a project, of one type or one episode if given.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_project(
    project: Model,
    task_type: Option<Model>,
    episode: Option<Model>,
) -> Call {
    get(path!["/data", "projects", project, "tasks"])
        .maybe_query("task_type_id", task_type)
        .maybe_query("episode_id", episode)
}

/// `GET data/tasks/open-tasks`
///
/// The tasks of open projects.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_open_tasks() -> Call {
    fetch_all("tasks/open-tasks")
}

/// `GET data/tasks/open-tasks/stats`
///
/// Counts of the tasks of open projects, by status.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_open_tasks_stats() -> Call {
    get("data/tasks/open-tasks/stats")
}

/// `GET data/persons/{person}/related-tasks/{task_type}`
///
/// The tasks of a type on the entities that a person works on.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_person_and_type(person: Model, task_type: Model) -> Call {
    fetch_all(path!["persons", person, "related-tasks", task_type])
}

/// `GET data/persons/task-dates`
///
/// The start of each person's first task, and the due date of the last one.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_persons_tasks_dates() -> Call {
    get("data/persons/task-dates")
}

/// `DELETE actions/projects/{project}/task-types/{task_type}/delete-tasks`
///
/// Removes the tasks of a type from a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_tasks_for_type(project: Model, task_type: Model) -> Call {
    delete(path!["actions", "projects", project, "task-types", task_type, "delete-tasks"])
}

/// `POST actions/projects/{project}/delete-tasks`
///
/// Removes tasks from a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_tasks_batch(project: Model, tasks: Models) -> Call {
    post(path!["actions", "projects", project, "delete-tasks"]).json(tasks)
}

/// `PUT actions/persons/{person}/assign`
///
/// Assigns tasks to a person.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn assign_tasks_to_person(tasks: Models, person: Model) -> Call {
    put(path!["actions", "persons", person, "assign"]).field("task_ids", tasks)
}

/// `POST data/entities/{entity}/tasks`
///
/// Creates a task of each type for an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn create_entity_tasks(entity: Model, task_types: Models) -> Call {
    post(path!["data", "entities", entity, "tasks"]).field("task_type_ids", task_types)
}

/// `GET data/edits/{edit}/task-types`
///
/// Lists the types of the tasks of an edit.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types_for_edit(edit: Model) -> Call {
    fetch_all(path!["edits", edit, "task-types"]).sorted_by_name()
}

/// `GET data/episodes/{episode}/edit-tasks`
///
/// Lists the tasks of the edits of an episode.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_edit_tasks_for_episode(episode: Model, relations: Flag) -> Call {
    fetch_all(path!["episodes", episode, "edit-tasks"]).flag("relations", relations)
}

/// `POST actions/task-types/reorder`
///
/// Sets the order of the task types of the studio.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn reorder_task_types(task_types: Models) -> Call {
    post("actions/task-types/reorder").field("task_type_ids", task_types)
}

/// `POST actions/projects/{project}/task-types/{task_type}/assets/create-tasks`
///
/// Creates a task of one type for each asset of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn create_tasks_for_assets(project: Model, task_type: Model, assets: Option<Models>) -> Call {
    post(path!["actions", "projects", project, "task-types", task_type, "assets", "create-tasks"])
        .json(assets)
}

/// `POST actions/projects/{project}/task-types/{task_type}/shots/create-tasks`
///
/// Creates a task of one type for each shot of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn create_tasks_for_shots(project: Model, task_type: Model, shots: Option<Models>) -> Call {
    post(path!["actions", "projects", project, "task-types", task_type, "shots", "create-tasks"])
        .json(shots)
}

/// `POST actions/projects/{project}/task-types/{task_type}/edits/create-tasks`
///
/// Creates a task of one type for each edit of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn create_tasks_for_edits(project: Model, task_type: Model, edits: Option<Models>) -> Call {
    post(path!["actions", "projects", project, "task-types", task_type, "edits", "create-tasks"])
        .json(edits)
}

/// `POST actions/projects/{project}/task-types/{task_type}/concepts/create-tasks`
///
/// Creates a task of one type for each concept of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn create_tasks_for_concepts(
    project: Model,
    task_type: Model,
    concepts: Option<Models>,
) -> Call {
    post(path!["actions", "projects", project, "task-types", task_type, "concepts", "create-tasks"])
        .json(concepts)
}

/// `POST actions/projects/{project}/task-types/{task_type}/create-tasks/{entity_type}`
///
/// Creates a task of one type for each sequence, episode or scene of a project.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn create_tasks_for_entities(
    project: Model,
    task_type: Model,
    entity_type: Text,
    entities: Option<Models>,
    episode: Option<Model>,
) -> Call {
    let path =
        path!["actions", "projects", project, "task-types", task_type, "create-tasks", entity_type];
    let path = match episode {
        Some(episode) => path.with("?episode_id=").with(&episode),
        None => path,
    };
    post(path).json(entities)
}

/// `PUT actions/tasks/{task}/assign`
///
/// Assigns a task to a person, and adds the person to the project's team.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn assign_person_to_task(task: Model, person: Model) -> Call {
    put(path!["actions", "tasks", task, "assign"]).field("person_id", person)
}

/// `PUT actions/tasks/set-priority`
///
/// Sets the priority of several tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn set_priority_for_tasks(tasks: Models, priority: Json) -> Call {
    put("actions/tasks/set-priority").field("task_ids", tasks).field("priority", priority)
}

/// `GET data/tasks/open-tasks/burndown`
///
/// Gets how many tasks of the open projects were done day by day.
#[allow(clippy::too_many_arguments, reason = "these are the filters of the route")]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_open_tasks_burndown(
    project: Option<Model>,
    task_type: Option<Model>,
    task_status: Option<Model>,
    person: Option<Query>,
    studio: Option<Model>,
    department: Option<Model>,
    start_date: Option<Query>,
    due_date: Option<Query>,
    priority: Option<Query>,
) -> Call {
    fetch_all("tasks/open-tasks/burndown")
        .maybe_query("project_id", project)
        .maybe_query("task_type_id", task_type)
        .maybe_query("task_status_id", task_status)
        .maybe_query("person_id", person)
        .maybe_query("studio_id", studio)
        .maybe_query("department_id", department)
        .maybe_query("start_date", start_date)
        .maybe_query("due_date", due_date)
        .maybe_query("priority", priority)
}

exports![task:
    all_task_statuses,
    all_task_types,
    all_task_types_for_project,
    all_task_statuses_for_project,
    all_tasks_for_shot,
    all_tasks_for_concept,
    all_tasks_for_edit,
    all_tasks_for_sequence,
    all_tasks_for_scene,
    all_tasks_for_asset,
    all_tasks_for_episode,
    all_shot_tasks_for_sequence,
    all_shot_tasks_for_episode,
    all_assets_tasks_for_episode,
    all_tasks_for_task_status,
    all_tasks_for_task_type,
    all_task_types_for_shot,
    all_task_types_for_concept,
    all_task_types_for_asset,
    all_task_types_for_scene,
    all_task_types_for_sequence,
    all_task_types_for_episode,
    all_tasks_for_entity_and_task_type,
    all_tasks_for_person,
    all_done_tasks_for_person,
    get_task_by_entity,
    get_task_type,
    get_task_type_by_name,
    get_task_type_by_short_name,
    get_default_task_status,
    get_task_status,
    get_task_status_by_name,
    get_task_status_by_short_name,
    remove_task_type,
    remove_task_status,
    update_task_type,
    update_task_status,
    get_task,
    new_task,
    remove_task,
    get_time_spent,
    set_time_spent,
    add_time_spent,
    add_comment,
    add_comment_with_attachments,
    add_attachment_files_to_comment,
    get_comment,
    remove_comment,
    create_preview,
    create_extra_preview,
    upload_preview_file,
    batch_comments,
    create_multiple_comments,
    add_tasks_batch_comments,
    set_main_preview,
    all_comments_for_task,
    get_last_comment_for_task,
    assign_task,
    clear_assignations,
    new_task_type,
    new_task_status,
    update_task,
    all_tasks_for_project,
    update_comment,
    all_open_tasks,
    get_open_tasks_stats,
    all_previews_for_task,
    all_tasks_for_person_and_type,
    all_comments_for_project,
    all_notifications_for_project,
    all_preview_files_for_project,
    all_subscriptions_for_project,
    get_persons_tasks_dates,
    remove_tasks_for_type,
    remove_tasks_batch,
    assign_tasks_to_person,
    get_task_time_spent_for_date,
    remove_time_spent,
    remove_preview_from_comment,
    move_comment_to_task,
    acknowledge_comment,
    reply_to_comment,
    delete_comment_attachment,
    delete_comment_reply,
    create_entity_tasks,
    all_comments,
    get_comment_for_task,
    remove_comment_from_task,
    copy_client_comments,
    all_task_types_for_edit,
    all_edit_tasks_for_episode,
    reorder_task_types,
    create_tasks_for_assets,
    create_tasks_for_shots,
    create_tasks_for_edits,
    create_tasks_for_concepts,
    create_tasks_for_entities,
    assign_person_to_task,
    set_priority_for_tasks,
    get_open_tasks_burndown,
    set_main_preview_for_task,
    set_main_preview_for_tasks,
];

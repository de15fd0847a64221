//! Data of the logged-in user.

use crate::{
    args::{Json, Model, ModelId, Models, Query, Record, Text},
    call::{delete, fetch_all, fetch_one, get, post, put, Call},
    path,
};

/// A list of the user's data for one entity, sorted by name.
fn user_list(collection: &str, model: Model, kind: &str) -> Call {
    fetch_all(path!["user", collection, model, kind]).sorted_by_name()
}

/// `GET data/user/projects/open`
///
/// The open projects whose team includes the user.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_open_projects() -> Call {
    fetch_all("user/projects/open").sorted_by_name()
}

/// `GET data/user/projects/{project}/asset-types`
///
/// The types of the project's assets on which the user has tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_asset_types_for_project(project: Model) -> Call {
    user_list("projects", project, "asset-types")
}

/// `GET data/user/projects/{project}/asset-types/{asset_type}/assets`
///
/// The assets of a type on which the user has tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_assets_for_asset_type_and_project(project: Model, asset_type: Model) -> Call {
    fetch_all(path!["user", "projects", project, "asset-types", asset_type, "assets"])
        .sorted_by_name()
}

/// `GET data/user/assets/{asset}/tasks`
///
/// The user's tasks on an asset.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_asset(asset: Model) -> Call {
    user_list("assets", asset, "tasks")
}

/// `GET data/user/shots/{shot}/tasks`
///
/// The user's tasks on a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_shot(shot: Model) -> Call {
    user_list("shots", shot, "tasks")
}

/// `GET data/user/scenes/{scene}/tasks`
///
/// The user's tasks on a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_scene(scene: Model) -> Call {
    user_list("scenes", scene, "tasks")
}

/// `GET data/user/sequences/{sequence}/tasks`
///
/// The user's tasks on a sequence.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_for_sequence(sequence: Model) -> Call {
    user_list("sequences", sequence, "tasks")
}

/// `GET data/user/assets/{asset}/task-types`
///
/// The types of the user's tasks on an asset.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types_for_asset(asset: Model) -> Call {
    user_list("assets", asset, "task-types")
}

/// `GET data/user/shots/{shot}/task-types`
///
/// The types of the user's tasks on a shot.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types_for_shot(shot: Model) -> Call {
    user_list("shots", shot, "task-types")
}

/// `GET data/user/scenes/{scene}/task-types`
///
/// The types of the user's tasks on a scene.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types_for_scene(scene: Model) -> Call {
    user_list("scenes", scene, "task-types")
}

/// `GET data/user/sequences/{sequence}/task-types`
///
/// The types of the user's tasks on a sequence.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_task_types_for_sequence(sequence: Model) -> Call {
    user_list("sequences", sequence, "task-types")
}

/// `GET data/user/projects/{project}/sequences`
///
/// The project's sequences in which the user has tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_sequences_for_project(project: Model) -> Call {
    user_list("projects", project, "sequences")
}

/// `GET data/user/projects/{project}/episodes`
///
/// The project's episodes in which the user has tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_episodes_for_project(project: Model) -> Call {
    user_list("projects", project, "episodes")
}

/// `GET data/user/sequences/{sequence}/shots`
///
/// The sequence's shots on which the user has tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_shots_for_sequence(sequence: Model) -> Call {
    user_list("sequences", sequence, "shots")
}

/// `GET data/user/sequences/{sequence}/scenes`
///
/// The sequence's scenes on which the user has tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_scenes_for_sequence(sequence: Model) -> Call {
    user_list("sequences", sequence, "scenes")
}

/// `GET data/user/tasks`
///
/// The user's tasks that are not done.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_to_do() -> Call {
    fetch_all("user/tasks")
}

/// `GET data/user/done-tasks`
///
/// The user's tasks that are done.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_done_tasks() -> Call {
    fetch_all("user/done-tasks")
}

/// `GET data/user/time-spents?start_date={start_date}&end_date={end_date}`
///
/// The time that the user spent on tasks in a period.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_timespents_range(start_date: Query, end_date: Query) -> Call {
    get("/data/user/time-spents").query("start_date", start_date).query("end_date", end_date)
}

/// `POST data/user/desktop-login-logs`
///
/// Records when the user logged in to a computer.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn log_desktop_session_log_in(date: Json) -> Call {
    post("/data/user/desktop-login-logs").field("date", date)
}

/// `GET auth/authenticated`
///
/// Whether the user is logged in, and who it is.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn is_authenticated() -> Call {
    get("auth/authenticated")
}

/// `GET data/user/filters`
///
/// The user's search filters.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_filters() -> Call {
    fetch_all("user/filters")
}

/// `POST data/user/filters`
///
/// Creates a search filter.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_filter(
    name: Json,
    query: Json,
    list_type: Json,
    project: Option<Model>,
    entity_type: Json,
) -> Call {
    post("data/user/filters")
        .field("name", name)
        .field("query", query)
        .field("list_type", list_type)
        .field("project_id", project)
        .field("entity_type", entity_type)
}

/// `DELETE data/user/filters/{filter}`
///
/// Removes a search filter.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_filter(filter: Model) -> Call {
    delete(path!["data", "user", "filters", filter])
}

/// `PUT data/user/filters/{filter}`
///
/// Changes the fields of a search filter.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_filter(filter: Record) -> Call {
    put(path!["data", "user", "filters", filter]).json(filter)
}

/// `GET data/user/context`
///
/// The data that a user interface needs after login.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_context() -> Call {
    get("data/user/context")
}

/// `GET data/user/tasks-to-check`
///
/// The tasks that wait for the user's feedback.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_tasks_requiring_feedback() -> Call {
    fetch_all("user/tasks-to-check")
}

/// `GET data/user/filter-groups`
///
/// The user's groups of search filters.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_filter_groups() -> Call {
    fetch_all("user/filter-groups")
}

/// `POST data/user/filter-groups`
///
/// Creates a group of search filters.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_filter_group(name: Json, project: Option<Model>) -> Call {
    post("data/user/filter-groups").field("name", name).field("project_id", project)
}

/// `GET data/user/filter-groups/{filter_group}`
///
/// Gets a group of search filters.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_filter_group(filter_group: ModelId) -> Call {
    fetch_one("user/filter-groups", filter_group)
}

/// `PUT data/user/filter-groups/{filter_group}`
///
/// Changes the fields of a group of search filters.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_filter_group(filter_group: Record) -> Call {
    put(path!["data", "user", "filter-groups", filter_group]).json(filter_group)
}

/// `DELETE data/user/filter-groups/{filter_group}`
///
/// Removes a group of search filters.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_filter_group(filter_group: Model) -> Call {
    delete(path!["data", "user", "filter-groups", filter_group])
}

/// `GET data/user/desktop-login-logs`
///
/// When the user logged in to a computer.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_desktop_login_logs() -> Call {
    fetch_all("user/desktop-login-logs")
}

/// `GET data/user/time-spents/{date}`
///
/// The time that the user spent on tasks on a day.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_time_spents_by_date(date: Text) -> Call {
    get(path!["data", "user", "time-spents", date])
}

/// `GET data/user/tasks/{task}/time-spents/{date}`
///
/// The time that the user spent on a task on a day.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_task_time_spent(task: Model, date: Text) -> Call {
    get(path!["data", "user", "tasks", task, "time-spents", date])
}

/// `GET data/user/day-offs/{date}`
///
/// The user's days off that include a day.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_day_off(date: Text) -> Call {
    get(path!["data", "user", "day-offs", date])
}

/// `GET data/user/notifications`
///
/// The user's notifications.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_notifications() -> Call {
    fetch_all("user/notifications")
}

/// `GET data/user/notifications/{notification}`
///
/// Gets a notification.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_notification(notification: ModelId) -> Call {
    fetch_one("user/notifications", notification)
}

/// `PUT data/user/notifications/{notification}`
///
/// Changes the fields of a notification.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_notification(notification: Record) -> Call {
    put(path!["data", "user", "notifications", notification]).json(notification)
}

/// `GET data/user/tasks/{task}/subscribed`
///
/// Whether the user is subscribed to a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn check_task_subscription(task: Model) -> Call {
    get(path!["data", "user", "tasks", task, "subscribed"])
}

/// `POST actions/user/tasks/{task}/subscribe`
///
/// Subscribes the user to a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn subscribe_to_task(task: Model) -> Call {
    post(path!["actions", "user", "tasks", task, "subscribe"])
}

/// `DELETE actions/user/tasks/{task}/unsubscribe`
///
/// Unsubscribes the user from a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn unsubscribe_from_task(task: Model) -> Call {
    delete(path!["actions", "user", "tasks", task, "unsubscribe"])
}

/// `GET data/user/chats`
///
/// The user's chats.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_chats() -> Call {
    fetch_all("user/chats")
}

/// `POST actions/user/chats/{chat}/join`
///
/// Adds the user to a chat.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn join_chat(chat: Model) -> Call {
    post(path!["actions", "user", "chats", chat, "join"])
}

/// `DELETE actions/user/chats/{chat}/join`
///
/// Removes the user from a chat.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn leave_chat(chat: Model) -> Call {
    delete(path!["actions", "user", "chats", chat, "join"])
}

/// `DELETE actions/user/clear-avatar`
///
/// Removes the user's avatar.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn clear_avatar() -> Call {
    delete("actions/user/clear-avatar")
}

/// `POST actions/user/notifications/mark-all-as-read`
///
/// Marks the user's notifications as read.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn mark_all_notifications_as_read() -> Call {
    post("actions/user/notifications/mark-all-as-read")
}

/// `POST actions/user/tasks/subscribe`
///
/// Notifies the user of what happens to several tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn subscribe_to_tasks(tasks: Models) -> Call {
    post("actions/user/tasks/subscribe").field("task_ids", tasks)
}

/// `POST actions/user/tasks/unsubscribe`
///
/// Does not notify the user of several tasks any more.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn unsubscribe_from_tasks(tasks: Models) -> Call {
    post("actions/user/tasks/unsubscribe").field("task_ids", tasks)
}

/// `GET data/user/sequences/{sequence}/task-types/{task_type}/subscribed`
///
/// Says whether the user is notified of the tasks of one type in a sequence.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn check_sequence_subscription(sequence: Model, task_type: Model) -> Call {
    fetch_all(path!["user", "sequences", sequence, "task-types", task_type, "subscribed"])
}

/// `GET data/user/entities/{entity}/task-types/{task_type}/subscribed`
///
/// Says whether the user is notified of the tasks of one type of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn check_entity_subscription(entity: Model, task_type: Model) -> Call {
    fetch_all(path!["user", "entities", entity, "task-types", task_type, "subscribed"])
}

/// `POST actions/user/sequences/{sequence}/task-types/{task_type}/subscribe`
///
/// Notifies the user of the tasks of one type in a sequence.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn subscribe_to_sequence(sequence: Model, task_type: Model) -> Call {
    post(path!["actions", "user", "sequences", sequence, "task-types", task_type, "subscribe"])
}

/// `DELETE actions/user/sequences/{sequence}/task-types/{task_type}/unsubscribe`
///
/// Does not notify the user of the tasks of one type in a sequence any more.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn unsubscribe_from_sequence(sequence: Model, task_type: Model) -> Call {
    delete(path!["actions", "user", "sequences", sequence, "task-types", task_type, "unsubscribe"])
}

/// `GET data/user/tasks-to-check/filter-values`
///
/// Gets the values by which the tasks that wait for the user's feedback can be filtered.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_tasks_to_check_filter_values() -> Call {
    fetch_all("user/tasks-to-check/filter-values")
}

exports![user:
    all_open_projects,
    all_asset_types_for_project,
    all_assets_for_asset_type_and_project,
    all_tasks_for_asset,
    all_tasks_for_shot,
    all_tasks_for_scene,
    all_tasks_for_sequence,
    all_task_types_for_asset,
    all_task_types_for_shot,
    all_task_types_for_scene,
    all_task_types_for_sequence,
    all_sequences_for_project,
    all_episodes_for_project,
    all_shots_for_sequence,
    all_scenes_for_sequence,
    all_tasks_to_do,
    all_done_tasks,
    get_timespents_range,
    log_desktop_session_log_in,
    is_authenticated,
    all_filters,
    new_filter,
    remove_filter,
    update_filter,
    get_context,
    all_tasks_requiring_feedback,
    all_filter_groups,
    new_filter_group,
    get_filter_group,
    update_filter_group,
    remove_filter_group,
    all_desktop_login_logs,
    get_time_spents_by_date,
    get_task_time_spent,
    get_day_off,
    all_notifications,
    get_notification,
    update_notification,
    check_task_subscription,
    subscribe_to_task,
    unsubscribe_from_task,
    all_chats,
    join_chat,
    leave_chat,
    clear_avatar,
    mark_all_notifications_as_read,
    subscribe_to_tasks,
    unsubscribe_from_tasks,
    check_sequence_subscription,
    check_entity_subscription,
    subscribe_to_sequence,
    unsubscribe_from_sequence,
    get_tasks_to_check_filter_values,
];

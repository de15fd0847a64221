//! Comments on tasks, with their attachments and replies.

use crate::{
    args::{FilePath, Flag, Form, Id, Json, Model, Models, Record},
    call::{delete, fetch_all, fetch_first, fetch_one, post, put, upload, Call},
    path,
};

fn no_items() -> Json {
    Json::list([])
}

/// `POST actions/tasks/{task}/comment`
///
/// Comments on a task and sets its status.
#[allow(clippy::too_many_arguments, reason = "these are the comment's fields")]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_comment(
    task: Model,
    task_status: Model,
    comment: Json,
    person: Option<Model>,
    checklist: Option<Json>,
    created_at: Option<Json>,
    links: Option<Json>,
    for_client: Json,
) -> Call {
    post(path!["actions", "tasks", task, "comment"])
        .field("task_status_id", task_status)
        .field("comment", comment)
        .field("checklist", checklist.unwrap_or_else(no_items))
        .field("links", links.unwrap_or_else(no_items))
        .field("for_client", for_client)
        .maybe_field("person_id", person)
        .maybe_field("created_at", created_at)
}

/// `POST actions/tasks/{task}/comment`
///
/// Comments on a task, attaches files and sets its status.
///
/// All values of a form are text. Lists are sent as JSON. `for_client` is sent only if it is
/// true, because the server treats any text as true.
#[allow(clippy::too_many_arguments, reason = "these are the comment's fields")]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_comment_with_attachments(
    task: Model,
    task_status: Model,
    comment: Form,
    person: Option<Model>,
    checklist: Option<Json>,
    attachments: Vec<FilePath>,
    created_at: Option<Form>,
    links: Option<Json>,
    for_client: Option<Form>,
) -> Call {
    let call = upload(path!["actions", "tasks", task, "comment"])
        .form_field("task_status_id", task_status)
        .form_field("comment", comment)
        .form_field("checklist", checklist.unwrap_or_else(no_items))
        .form_field("links", links.unwrap_or_else(no_items))
        .maybe_form_field("for_client", for_client)
        .maybe_form_field("person_id", person)
        .maybe_form_field("created_at", created_at);
    attach(call, attachments)
}

/// `POST actions/tasks/{task}/comments/{comment}/add-attachment`
///
/// Attaches files to a comment.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_attachment_files_to_comment(
    task: Model,
    comment: Model,
    attachments: Vec<FilePath>,
) -> Call {
    let path = path!["actions", "tasks", task, "comments", comment, "add-attachment"];
    attach(upload(path), attachments)
}

/// The last attachment is the part `file`, those before it are `file-1`, `file-2`, ...
fn attach(call: Call, mut attachments: Vec<FilePath>) -> Call {
    match attachments.pop() {
        Some(last) => call.files(last, attachments),
        None => call,
    }
}

/// `GET data/comments/{comment_id}`
///
/// Gets a comment.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_comment(comment_id: Id) -> Call {
    fetch_one("comments", comment_id)
}

/// `DELETE data/comments/{comment}`
///
/// Removes a comment and the data that depends on it.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_comment(comment: Model) -> Call {
    delete(path!["data", "comments", comment])
}

/// `POST actions/tasks/{task}/batch-comment`, or `POST actions/tasks/batch-comment`
///
/// Posts several comments with their files, on one task, or on the task that each comment names.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn batch_comments(comments: Json, files: Vec<(String, FilePath)>, task: Option<Model>) -> Call {
    let path = match task {
        Some(task) => path!["actions", "tasks", task, "batch-comment"],
        None => path!["actions", "tasks", "batch-comment"],
    };
    with_comments(upload(path), &comments, files)
}

/// `POST actions/projects/{project}/tasks/comment-many`
///
/// Posts several comments with their files, on the task that each comment names.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn create_multiple_comments(
    project: Model,
    comments: Json,
    files: Vec<(String, FilePath)>,
) -> Call {
    let path = path!["actions", "projects", project, "tasks", "comment-many"];
    with_comments(upload(path), &comments, files)
}

/// The form has the files first, then a part with the comments as JSON.
fn with_comments(mut call: Call, comments: &Json, files: Vec<(String, FilePath)>) -> Call {
    for (name, path) in files {
        call = call.file(name, path);
    }
    call.json_part("comments", comments)
}

/// `POST actions/tasks/batch-comment`
///
/// Posts several comments without files, on the task that each comment names.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn add_tasks_batch_comments(comments: Json) -> Call {
    post("actions/tasks/batch-comment").field("comments", comments)
}

/// `GET data/tasks/{task}/comments`
///
/// The comments on a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_comments_for_task(task: Model) -> Call {
    fetch_all(path!["tasks", task, "comments"])
}

/// `GET data/tasks/{task}/comments`
///
/// The newest comment on a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_last_comment_for_task(task: Model) -> Call {
    fetch_first(path!["tasks", task, "comments"])
}

/// `PUT data/comments/{comment}`
///
/// Changes the fields of a comment.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn update_comment(comment: Record) -> Call {
    put(path!["data", "comments", comment]).json(comment)
}

/// `GET data/projects/{project}/comments`
///
/// The comments on a project's tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_comments_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "comments"])
}

/// `GET data/projects/{project}/notifications`
///
/// The notifications about a project's tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_notifications_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "notifications"])
}

/// `GET data/projects/{project}/subscriptions`
///
/// The subscriptions to a project's tasks.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_subscriptions_for_project(project: Model) -> Call {
    fetch_all(path!["projects", project, "subscriptions"])
}

/// `POST actions/tasks/{task}/comments/{comment}/move`
///
/// Moves a comment to another task of the same entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn move_comment_to_task(task: Model, comment: Model, target_task: Model) -> Call {
    post(path!["actions", "tasks", task, "comments", comment, "move"])
        .field("target_task_id", target_task)
}

/// `POST data/tasks/{task}/comments/{comment}/ack`
///
/// Acknowledges a comment, or undoes the acknowledgement.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn acknowledge_comment(task: Model, comment: Model) -> Call {
    post(path!["data", "tasks", task, "comments", comment, "ack"])
}

/// `POST data/tasks/{task}/comments/{comment}/reply`
///
/// Replies to a comment.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn reply_to_comment(task: Model, comment: Model, text: Json, person: Option<Model>) -> Call {
    post(path!["data", "tasks", task, "comments", comment, "reply"])
        .field("text", text)
        .maybe_field("person_id", person)
}

/// `DELETE data/tasks/{task}/comments/{comment}/attachments/{attachment_file}`
///
/// Removes an attachment of a comment.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn delete_comment_attachment(task: Model, comment: Model, attachment_file: Model) -> Call {
    delete(path!["data", "tasks", task, "comments", comment, "attachments", attachment_file])
}

/// `DELETE data/tasks/{task}/comments/{comment}/reply/{reply}`
///
/// Removes a reply to a comment.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn delete_comment_reply(task: Model, comment: Model, reply: Model) -> Call {
    delete(path!["data", "tasks", task, "comments", comment, "reply", reply])
}

/// `GET data/comments`
///
/// Lists the comments of all projects.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_comments(relations: Flag) -> Call {
    fetch_all("comments").flag("relations", relations)
}

/// `GET data/tasks/{task}/comments/{comment_id}`
///
/// Gets a comment of a task by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_comment_for_task(task: Model, comment_id: Id) -> Call {
    fetch_all(path!["tasks", task, "comments", comment_id])
}

/// `DELETE data/tasks/{task}/comments/{comment}`
///
/// Removes a comment of a task.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_comment_from_task(task: Model, comment: Model) -> Call {
    delete(path!["data", "tasks", task, "comments", comment])
}

/// `POST actions/projects/{project}/tasks/copy-client-comments`
///
/// Repeats the last comment of a client on each task, as a comment of the user that artists can
/// read.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn copy_client_comments(project: Model, tasks: Models, prefix: Json) -> Call {
    post(path!["actions", "projects", project, "tasks", "copy-client-comments"])
        .field("task_ids", tasks)
        .field("prefix", prefix)
}

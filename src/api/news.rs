//! News: what happened to the tasks of the projects, as on Kitsu's news pages.

use crate::{
    args::{Flag, Id, Model, Query},
    call::{fetch_all, Call},
    path,
};

/// `GET data/projects/news`
///
/// Gets a page of the news of the open projects.
#[allow(clippy::too_many_arguments, reason = "these are the filters of the route")]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_news(
    project: Option<Model>,
    task_type: Option<Model>,
    task_status: Option<Model>,
    person: Option<Model>,
    episode: Option<Model>,
    only_preview: Flag,
    after: Option<Query>,
    before: Option<Query>,
    page: Option<Query>,
    limit: Option<Query>,
) -> Call {
    fetch_all("projects/news")
        .maybe_query("project_id", project)
        .maybe_query("task_type_id", task_type)
        .maybe_query("task_status_id", task_status)
        .maybe_query("person_id", person)
        .maybe_query("episode_id", episode)
        .flag("only_preview", only_preview)
        .maybe_query("after", after)
        .maybe_query("before", before)
        .maybe_query("page", page)
        .maybe_query("limit", limit)
}

/// `GET data/projects/{project}/news`
///
/// Gets a page of the news of a project.
#[allow(clippy::too_many_arguments, reason = "these are the filters of the route")]
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_news_for_project(
    project: Model,
    task_type: Option<Model>,
    task_status: Option<Model>,
    person: Option<Model>,
    episode: Option<Model>,
    only_preview: Flag,
    after: Option<Query>,
    before: Option<Query>,
    page: Option<Query>,
    limit: Option<Query>,
) -> Call {
    fetch_all(path!["projects", project, "news"])
        .maybe_query("task_type_id", task_type)
        .maybe_query("task_status_id", task_status)
        .maybe_query("person_id", person)
        .maybe_query("episode_id", episode)
        .flag("only_preview", only_preview)
        .maybe_query("after", after)
        .maybe_query("before", before)
        .maybe_query("page", page)
        .maybe_query("limit", limit)
}

/// `GET data/entities/{entity}/news`
///
/// Gets the news of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_news_for_entity(entity: Model) -> Call {
    fetch_all(path!["entities", entity, "news"])
}

/// `GET data/projects/{project}/news/{news_id}`
///
/// Gets one of the news of a project by its id.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_news(project: Model, news_id: Id) -> Call {
    fetch_all(path!["projects", project, "news", news_id])
}

exports![news: all_news, all_news_for_project, all_news_for_entity, get_news];

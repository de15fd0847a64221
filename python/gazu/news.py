"""
News: what happened to the tasks of the projects, as on Kitsu's news pages.
"""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

default = raw.default_client


def all_news(
    project: str | dict | None = None,
    task_type: str | dict | None = None,
    task_status: str | dict | None = None,
    person: str | dict | None = None,
    episode: str | dict | None = None,
    only_preview: bool = False,
    after: str | None = None,
    before: str | None = None,
    page: int | None = None,
    limit: int | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Get a page of the news of the open projects.

    Args:
        project: Only news of this project (dict or id).
        task_type: Only news of this task type (dict or id).
        task_status: Only changes to this task status (dict or id).
        person: Only news by this person (dict or id).
        episode: Only news of this episode (dict or id).
        only_preview: Only news with a preview, together with its
            ``"preview_files"``.
        after: Only news after this time, ``YYYY-MM-DDTHH:MM:SS``, in UTC.
        before: Only news before this time, ``YYYY-MM-DDTHH:MM:SS``, in UTC.
        page: The number of the page, from 1.
        limit: The number of news on a page. If omitted, it is 50.

    Returns:
        NewsPage: A page of the news, latest first.

    Raises:
        ParameterException: a time is malformed.

    Not in upstream.

    Route: ``GET data/projects/news``
    """
    return run(
        client,
        _core.news.all_news(
            project,
            task_type,
            task_status,
            person,
            episode,
            only_preview,
            after,
            before,
            page,
            limit,
        ),
    )


def all_news_for_project(
    project: str | dict,
    task_type: str | dict | None = None,
    task_status: str | dict | None = None,
    person: str | dict | None = None,
    episode: str | dict | None = None,
    only_preview: bool = False,
    after: str | None = None,
    before: str | None = None,
    page: int | None = None,
    limit: int | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Get a page of the news of a project.

    Args:
        project: The project (dict or id).
        task_type: Only news of this task type (dict or id).
        task_status: Only changes to this task status (dict or id).
        person: Only news by this person (dict or id).
        episode: Only news of this episode (dict or id).
        only_preview: Only news with a preview, together with its
            ``"preview_files"``.
        after: Only news after this time, ``YYYY-MM-DDTHH:MM:SS``, in UTC.
        before: Only news before this time, ``YYYY-MM-DDTHH:MM:SS``, in UTC.
        page: The number of the page, from 1.
        limit: The number of news on a page. If omitted, it is 50.

    Returns:
        NewsPage: A page of the news, latest first.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            client.
        ParameterException: a time is malformed.

    Not in upstream.

    Route: ``GET data/projects/{project}/news``
    """
    return run(
        client,
        _core.news.all_news_for_project(
            project,
            task_type,
            task_status,
            person,
            episode,
            only_preview,
            after,
            before,
            page,
            limit,
        ),
    )


def all_news_for_entity(
    entity: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get the news of an entity.

    Args:
        entity: The entity (dict or id).

    Returns:
        NewsPage: One page with up to 2000 news, latest first.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/entities/{entity}/news``
    """
    return run(client, _core.news.all_news_for_entity(entity))


def get_news(
    project: str | dict, news_id: str, client: KitsuClient = default
) -> dict:
    """
    Get one of the news of a project by its id.

    Args:
        project: The project (dict or id).
        news_id: The id.

    Returns:
        News: The news.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            vendor.
        RouteNotFoundException: the project has no news with this id.

    Not in upstream.

    Route: ``GET data/projects/{project}/news/{news_id}``
    """
    return run(client, _core.news.get_news(project, news_id))

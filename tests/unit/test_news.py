"""``gazu.news``: the filters of a page."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer
from .sent import ID, OTHER

PAGE = {"data": []}


def test_only_the_given_filters_are_sent(server, client):
    server.on("GET", "data/projects/news", Answer(PAGE))
    assert gazu.news.all_news(client=client) == PAGE
    assert server.last.query == ""
    gazu.news.all_news(
        project={"id": ID},
        person=OTHER,
        only_preview=True,
        after="2026-01-02T00:00:00",
        page=2,
        limit=10,
        client=client,
    )
    assert server.last.params == [
        ("project_id", ID),
        ("person_id", OTHER),
        ("only_preview", "True"),
        ("after", "2026-01-02T00:00:00"),
        ("page", "2"),
        ("limit", "10"),
    ]


def test_the_project_is_in_the_path(server, client):
    server.on("GET", "data/projects/{}/news".format(ID), Answer(PAGE))
    gazu.news.all_news_for_project(ID, task_type=OTHER, client=client)
    assert server.last.params == [("task_type_id", OTHER)]


def test_an_invalid_filter_raises(server, client):
    with pytest.raises(ValueError, match="task_status: "):
        gazu.news.all_news(task_status="wip", client=client)
    assert server.requests == []

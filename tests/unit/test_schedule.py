"""``gazu.schedule``: what the tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer
from .sent import ID, OTHER, THIRD, sent


def test_an_item_is_for_a_task_type_or_an_object(server, client):
    needed = {
        "project_id": ID,
        "task_type_id": OTHER,
        "start_date": "2026-01-01",
        "end_date": "2026-02-01",
    }
    dates = ("2026-01-01", "2026-02-01")
    _, body = sent(
        *(server, "POST", "data/schedule-items", {"id": "1"}),
        gazu.schedule.new_schedule_item,
        *(ID, OTHER, *dates),
        client=client,
    )
    assert body == needed
    _, body = sent(
        *(server, "POST", "data/schedule-items", {"id": "1"}),
        gazu.schedule.new_schedule_item,
        *(ID, OTHER, *dates, 20, {"id": THIRD}),
        client=client,
    )
    assert body == {**needed, "man_days": 20, "object_id": THIRD}


def test_an_episode_is_sent_under_the_servers_name(server, client):
    """The server's name is not ``episode_id`` here."""
    path = "data/projects/{}/schedule-items/{}/sequences".format(ID, OTHER)
    server.on("GET", path, Answer([]))
    gazu.schedule.all_sequence_schedule_items(ID, OTHER, THIRD, client=client)
    assert server.last.query == "episode=" + THIRD


def test_lists_that_make_records_are_asked_for_once(server, client):
    """The server adds the items that are missing."""
    core = gazu._core.schedule
    assert not core.all_task_type_schedule_items(ID).is_repeatable
    assert not core.all_edit_schedule_items(ID, OTHER, None).is_repeatable
    assert core.all_schedule_items_for_project(ID).is_repeatable


def test_a_version_is_copied_from_another(server, client):
    path = (
        "actions/production-schedule-versions/{}/"
        "set-task-links-from-production-schedule-version"
    )
    _, body = sent(
        *(server, "POST", path.format(ID), {"success": True}),
        gazu.schedule.set_schedule_version_from_schedule_version,
        *({"id": ID}, {"id": OTHER}),
        client=client,
    )
    assert body == {"production_schedule_version_id": OTHER}


def test_invalid_arguments_raise(server, client):
    with pytest.raises(ValueError, match="schedule_version: "):
        gazu.schedule.apply_schedule_version("v1", client=client)
    with pytest.raises(KeyError):
        gazu.schedule.update_milestone({"name": "Alpha"}, client=client)
    assert server.requests == []

"""``gazu.time_spent``: what the tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer
from .sent import ID, OTHER, THIRD, sent


def test_a_record_is_in_minutes(server, client):
    _, body = sent(
        *(server, "POST", "data/time-spents", {"id": "1"}),
        gazu.time_spent.new_time_spent,
        *(ID, {"id": OTHER}, "2026-01-05", 30.5),
        client=client,
    )
    assert body == {
        "task_id": ID,
        "person_id": OTHER,
        "date": "2026-01-05",
        "duration": 30.5,
    }


def test_tables_have_the_given_filters(server, client):
    path = "data/persons/time-spents/day-table/2026/1"
    server.on("GET", path, Answer({"5": {ID: 45}}))
    found = gazu.time_spent.get_day_table(
        2026, 1, department={"id": OTHER}, client=client
    )
    assert found == {"5": {ID: 45}}
    assert server.last.params == [("department_id", OTHER)]


def test_a_day_is_removed_by_its_date(server, client):
    path = "actions/tasks/{}/time-spents/2026-01-05/persons/{}"
    server.on("DELETE", path.format(ID, THIRD), Answer({"id": "1"}))
    text = gazu.time_spent.remove_time_spent_for_date(
        ID, "2026-01-05", {"id": THIRD}, client=client
    )
    assert '"id"' in text


def test_invalid_arguments_raise(server, client):
    with pytest.raises(ValueError, match="person: "):
        gazu.time_spent.new_time_spent(
            ID, "Ada", "2026-01-05", 30, client=client
        )
    with pytest.raises(ValueError, match="studio: "):
        gazu.time_spent.get_year_table(studio="Paris", client=client)
    assert server.requests == []

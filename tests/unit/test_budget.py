"""``gazu.budget``: what the tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .sent import ID, OTHER, THIRD, sent

MADE = {"id": ID}


def test_an_entry_has_only_the_given_fields(server, client):
    _, body = sent(
        *(server, "POST", "data/budget-entries", MADE),
        gazu.budget.new_budget_entry,
        *({"id": ID, "name": "First"}, OTHER, "2026-01-01", 3, 250.5),
        client=client,
    )
    needed = {
        "budget_id": ID,
        "department_id": OTHER,
        "start_date": "2026-01-01",
        "months_duration": 3,
        "daily_salary": 250.5,
    }
    assert body == needed
    _, body = sent(
        *(server, "POST", "data/budget-entries", MADE),
        gazu.budget.new_budget_entry,
        *(ID, OTHER, "2026-01-01", 3, 250.5, {"id": THIRD}, "lead", "senior"),
        client=client,
    )
    assert body == {
        **needed,
        "person_id": THIRD,
        "position": "lead",
        "seniority": "senior",
    }


def test_a_budget_has_only_the_given_fields(server, client):
    _, body = sent(
        *(server, "POST", "data/budgets", MADE),
        gazu.budget.new_budget,
        *(OTHER, "First"),
        client=client,
    )
    assert body == {"project_id": OTHER, "name": "First"}


def test_an_update_does_not_change_the_dict(server, client):
    scale = {"id": ID, "salary": 300}
    _, body = sent(
        *(server, "PUT", "data/salary-scales/" + ID, {"id": ID}),
        gazu.budget.update_salary_scale,
        scale,
        client=client,
    )
    assert body == scale == {"id": ID, "salary": 300}


def test_invalid_arguments_raise(server, client):
    with pytest.raises(ValueError, match="budget: "):
        gazu.budget.remove_budget("First", client=client)
    with pytest.raises(KeyError):
        gazu.budget.update_budget({"name": "First"}, client=client)
    with pytest.raises(TypeError):
        gazu.budget.get_month_time_spents_for_project(None, client=client)
    assert server.requests == []


def test_a_list_that_makes_records_is_asked_for_once(server, client):
    """The server adds the salary scales that are missing."""
    assert not gazu._core.budget.all_salary_scales().is_repeatable

"""``gazu.status_automation``: what the tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .sent import ID, OTHER, THIRD, sent


def test_a_rule_has_only_the_given_fields(server, client):
    needed = {
        "entity_type": "asset",
        "in_task_type_id": ID,
        "in_task_status_id": OTHER,
        "out_field_type": "status",
        "import_last_revision": False,
    }
    _, body = sent(
        *(server, "POST", "data/status-automations", {"id": "1"}),
        gazu.status_automation.new_status_automation,
        *("asset", ID, {"id": OTHER}),
        client=client,
    )
    assert body == needed
    _, body = sent(
        *(server, "POST", "data/status-automations", {"id": "1"}),
        gazu.status_automation.new_status_automation,
        *("asset", ID, OTHER, THIRD),
        out_field_type="ready_for",
        client=client,
    )
    assert body == {
        **needed,
        "out_field_type": "ready_for",
        "out_task_type_id": THIRD,
    }


def test_invalid_arguments_raise(server, client):
    with pytest.raises(ValueError, match="in_task_status: "):
        gazu.status_automation.new_status_automation(
            "asset", ID, "wip", client=client
        )
    assert server.requests == []

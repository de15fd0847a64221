"""``gazu.custom_action``: what the tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .sent import ID, sent


def test_custom_actions_are_sorted_by_name(server, client):
    server.on(
        *("GET", "data/custom-actions"),
        [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}],
    )
    found = gazu.custom_action.all_custom_actions(client=client)
    assert [each["id"] for each in found] == ["1", "2"]


def test_the_defaults_are_sent(server, client):
    _, body = sent(
        *(server, "POST", "data/custom-actions", {"id": ID}),
        gazu.custom_action.new_custom_action,
        *("Open", "https://example.com"),
        client=client,
    )
    assert body == {
        "name": "Open",
        "url": "https://example.com",
        "entity_type": "all",
        "is_ajax": False,
    }


def test_invalid_arguments_raise(server, client):
    with pytest.raises(ValueError, match="custom_action: "):
        gazu.custom_action.remove_custom_action("Open", client=client)
    assert server.requests == []

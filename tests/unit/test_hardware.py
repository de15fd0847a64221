"""``gazu.hardware``: what the tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer
from .sent import ID, sent


def test_hardware_items_are_sorted_by_name(server, client):
    server.on(
        *("GET", "data/hardware-items"),
        [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}],
    )
    found = gazu.hardware.all_hardware_items(client=client)
    assert [each["id"] for each in found] == ["1", "2"]


def test_a_new_item_costs_nothing(server, client):
    _, body = sent(
        *(server, "POST", "data/hardware-items", {"id": ID}),
        gazu.hardware.new_hardware_item,
        *("Tablet", "tab"),
        client=client,
    )
    assert body == {
        "name": "Tablet",
        "short_name": "tab",
        "monthly_cost": 0,
        "inventory_amount": 0,
    }


def test_a_missing_item_is_an_error(server, client):
    server.on("GET", "data/hardware-items/" + ID, Answer({}, status=404))
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.hardware.get_hardware_item(ID, client=client)


def test_a_role_that_does_not_suffice_is_an_error(server, client):
    server.on("GET", "data/hardware-items", Answer({}, status=403))
    with pytest.raises(gazu.exception.NotAllowedException):
        gazu.hardware.all_hardware_items(client=client)

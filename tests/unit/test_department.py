"""``gazu.department``: what the tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer
from .sent import ID, OTHER, sent


def test_links_name_both_records(server, client):
    base = "data/departments/" + ID
    _, body = sent(
        *(server, "POST", base + "/hardware-items", {"id": "1"}),
        gazu.department.add_hardware_item_to_department,
        *({"id": ID}, {"id": OTHER}),
        client=client,
    )
    assert body == {"hardware_item_id": OTHER}
    _, body = sent(
        *(server, "POST", base + "/software-licenses", {"id": "1"}),
        gazu.department.add_software_license_to_department,
        *(ID, OTHER),
        client=client,
    )
    assert body == {"software_id": OTHER}
    server.on(
        *("DELETE", base + "/software-licenses/" + OTHER),
        Answer("", status=204),
    )
    assert (
        gazu.department.remove_software_license_from_department(
            ID, OTHER, client=client
        )
        == ""
    )


def test_invalid_arguments_raise(server, client):
    with pytest.raises(ValueError, match="hardware_item: "):
        gazu.department.add_hardware_item_to_department(
            ID, "Tablet", client=client
        )
    with pytest.raises(ValueError, match="department: "):
        gazu.department.all_persons_for_department("Layout", client=client)
    assert server.requests == []

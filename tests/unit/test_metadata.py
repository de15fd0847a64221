"""``gazu.metadata``: what the tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer
from .sent import ID, OTHER, sent

ALL = "data/metadata-descriptors/all-projects"


def test_a_column_has_only_the_given_fields(server, client):
    _, body = sent(
        *(server, "POST", ALL, []),
        gazu.metadata.add_metadata_descriptor_to_open_projects,
        "Fur",
        client=client,
    )
    assert body == {
        "name": "Fur",
        "entity_type": "Asset",
        "data_type": "string",
        "for_client": False,
    }
    _, body = sent(
        *(server, "PUT", ALL + "/fur", []),
        gazu.metadata.update_metadata_descriptor_in_open_projects,
        *("fur", "Shot", "Wool"),
        choices=["a"],
        departments=[{"id": ID}, OTHER],
        client=client,
    )
    assert body == {
        "entity_type": "Shot",
        "name": "Wool",
        "data_type": "string",
        "choices": ["a"],
        "for_client": False,
        "departments": [ID, OTHER],
    }


def test_the_kind_of_entities_is_in_the_query(server, client):
    server.on("DELETE", ALL + "/fur", Answer([ID]))
    text = gazu.metadata.remove_metadata_descriptor_from_open_projects(
        "fur", "Asset", client=client
    )
    assert ID in text
    assert server.last.query == "entity_type=Asset"


def test_the_order_is_that_of_the_list(server, client):
    _, body = sent(
        *(server, "POST", "actions/metadata-descriptors/all-projects/reorder"),
        [],
        gazu.metadata.reorder_metadata_descriptors_in_open_projects,
        *("Asset", ["b", "a"]),
        client=client,
    )
    assert body == {"entity_type": "Asset", "field_order": ["b", "a"]}


def test_invalid_departments_raise(server, client):
    with pytest.raises(ValueError, match="expected ID"):
        gazu.metadata.add_metadata_descriptor_to_open_projects(
            "Fur", departments=["Layout"], client=client
        )
    assert server.requests == []

"""``gazu.plugin``: what the tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .sent import ID, sent


def test_plugins_are_sorted_by_name(server, client):
    server.on(
        *("GET", "data/plugins"),
        [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}],
    )
    found = gazu.plugin.all_plugins(client=client)
    assert [each["id"] for each in found] == ["1", "2"]


def test_a_plugin_is_found_by_the_id_of_its_record(server, client):
    plugin = {"id": ID, "plugin_id": "my_plugin"}
    sent(
        *(server, "PUT", "data/plugins/" + ID, plugin),
        gazu.plugin.update_plugin,
        plugin,
        client=client,
    )
    with pytest.raises(ValueError, match="plugin: "):
        gazu.plugin.remove_plugin("my_plugin", client=client)
    assert len(server.requests) == 1

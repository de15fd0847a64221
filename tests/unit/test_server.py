"""``gazu.server``: what the tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer


def test_the_settings_need_no_login(server):
    client = gazu.client.create_client(server.url + "/api")
    server.on("GET", "config", Answer({"is_self_hosted": True}))
    assert gazu.server.get_config(client=client)["is_self_hosted"] is True
    assert server.last.header("Authorization") is None


def test_the_figures_are_for_administrators(server, client):
    server.on("GET", "stats", Answer({}, status=403))
    with pytest.raises(gazu.exception.NotAllowedException):
        gazu.server.get_stats(client=client)


def test_the_names_are_in_the_servers_order(server, client):
    server.on("GET", "data/events/names", Answer(["task:new", "asset:new"]))
    found = gazu.server.get_event_names(client=client)
    assert found == ["task:new", "asset:new"]

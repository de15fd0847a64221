"""``gazu.studio``: what the parity tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer

STUDIO = "a24a6ea4-ce75-4665-a070-57453082c256"


def test_studios_are_sorted_by_name(server, default):
    server.on(
        "GET",
        "data/studios",
        [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}],
    )
    found = gazu.studio.all_studios()
    assert [studio["id"] for studio in found] == ["1", "2"]


def test_a_missing_studio_is_none_or_an_error(server, default):
    """It is None by name, and an error by id."""
    server.on("GET", "data/studios", [])
    assert gazu.studio.get_studio_by_name("North") is None
    server.on("GET", "data/studios/" + STUDIO, Answer({}, status=404))
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.studio.get_studio(STUDIO)


def test_an_update_does_not_change_the_dict(server, default):
    studio = {"id": STUDIO, "name": "North", "color": "#00ff00"}
    server.on("PUT", "data/studios/" + STUDIO, {"id": STUDIO, "name": "n"})
    assert gazu.studio.update_studio(studio)["name"] == "n"
    assert server.last.json() == studio
    assert studio == {"id": STUDIO, "name": "North", "color": "#00ff00"}


def test_invalid_arguments_raise(server, default):
    with pytest.raises(KeyError):
        gazu.studio.update_studio({"name": "North"})
    with pytest.raises(ValueError):
        gazu.studio.remove_studio("North")
    assert server.requests == []


def test_a_list_is_cached_and_may_be_changed(server, default):
    gazu.cache.enable()
    server.on("GET", "data/studios", [{"id": STUDIO, "name": "North"}])
    gazu.studio.all_studios().clear()
    assert len(gazu.studio.all_studios()) == 1
    assert len(server.requests) == 1

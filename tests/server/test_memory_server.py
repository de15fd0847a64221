"""The server of gazu.testing answers as a real one does."""

from __future__ import annotations

import gazu
import gazu.testing
import pytest

from .scenarios import studio_day

# Answers of the real server that are not imitated: the place, and the reason.
LEFT_ALONE = {
    "asset with preview.entities_in": "lists a link once for each task",
    "another method.message": "tells how to add a route",
    "no such route.message": "tells how to add a route",
    "remove a task with previews.message": "quotes the database",
    "done task.episode.nb_entities_out": "is kept from before the casting",
    "task without her.episode.nb_entities_out": "is kept from before it",
    "events of upload of broken.mp4.user_id": "has nobody do it",
}


def differences(real, own, place=""):
    """Yield the differences of two answers, as text."""
    if place in LEFT_ALONE:
        return
    if isinstance(real, dict) and isinstance(own, dict):
        for key in sorted(set(real) | set(own)):
            inside = f"{place}.{key}" if place else key
            if key not in own:
                yield f"{inside} is missing, {real[key]!r} on a real server"
            elif key not in real:
                yield f"{inside} is {own[key]!r}, and not on a real server"
            else:
                yield from differences(real[key], own[key], inside)
    elif isinstance(real, list) and isinstance(own, list):
        if len(real) != len(own):
            yield f"{place} has {len(own)} items, {len(real)} on a real server"
        for item, other in zip(real, own):
            yield from differences(item, other, place)
    elif real != own or type(real) is not type(own):
        yield f"{place} is {own!r}, {real!r} on a real server"


@pytest.fixture(scope="module")
def real(fresh_zou, tmp_path_factory):
    client = gazu.client.create_client(fresh_zou.host)
    return studio_day.play(
        client,
        fresh_zou.admin_email,
        fresh_zou.admin_password,
        tmp_path_factory.mktemp("real"),
    )


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    with gazu.testing.KitsuServer() as server:
        client = gazu.client.create_client(server.host)
        diary = studio_day.play(
            client,
            server.email,
            server.password,
            tmp_path_factory.mktemp("own"),
        )
        assert server.unknown == ["GET data/nothing", "PUT data/tasks"]
        return diary


def test_answers_are_those_of_a_real_server(real, own):
    assert len(real) > 500
    assert list(differences(dict(real), dict(own))) == []


def test_a_difference_is_found(own):
    other = dict(own, task=dict(own["task"], name="other", more=1))
    del other["task"]["priority"]
    other["shots"] = other["shots"][:1]
    assert list(differences(dict(own), other)) == [
        "shots has 1 items, 2 on a real server",
        "task.more is 1, and not on a real server",
        "task.name is 'other', 'main' on a real server",
        "task.priority is missing, 0 on a real server",
    ]

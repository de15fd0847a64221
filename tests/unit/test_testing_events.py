"""The events of gazu.testing: what listeners receive, and what is recorded."""

from __future__ import annotations

import threading

import gazu
import gazu.testing
import pytest

from .waiting import wait_for


@pytest.fixture
def server():
    with gazu.testing.KitsuServer() as server:
        yield server


@pytest.fixture
def client(server):
    return server.log_in()


@pytest.fixture
def listen(client):
    """Start a listener, and return the list of what it receives of an event."""
    event_clients = []

    def listen(name):
        heard = []
        event_client = gazu.events.init(client)
        event_clients.append(event_client)
        gazu.events.add_listener(event_client, name, heard.append)
        return heard

    yield listen
    for event_client in event_clients:
        event_client.disconnect()


def names(server):
    return [event["name"] for event in server.events]


def test_a_change_is_an_event(server, client, listen):
    heard = listen("project:new")
    project = gazu.project.new_project("Lama", client=client)
    wait_for(lambda: heard)
    assert heard == [{"project_id": project["id"]}]
    assert names(server) == ["project:new"]
    assert server.events[0]["data"] == heard[0]


def test_events_are_in_order(client, listen):
    heard = listen("department:new")
    made = [
        gazu.person.new_department("D%d" % n, "#112233", client=client)["id"]
        for n in range(20)
    ]
    wait_for(lambda: len(heard) == 20)
    assert [data["department_id"] for data in heard] == made


def test_all_listeners_receive_an_event(server, listen):
    first, second = listen("shot:update"), listen("shot:update")
    server.emit("shot:update", {"shot_id": "7"}, project_id="3")
    wait_for(lambda: first and second)
    assert first == second == [{"shot_id": "7", "project_id": "3"}]


def test_a_failed_request_is_no_event(server, client):
    with pytest.raises(gazu.exception.ParameterException):
        gazu.client.post("data/projects", {}, client=client)
    assert server.events == []


def test_recorded_events_are_returned(server, client):
    lama = gazu.project.new_project("Lama", client=client)
    gazu.project.update_project(dict(lama, code="LMA"), client=client)
    server.emit("person:set-thumbnail", {"person_id": "1"})
    last = gazu.sync.get_last_events(client=client)
    assert [event["name"] for event in last] == [
        "person:set-thumbnail",
        "project:update",
        "project:new",
    ]
    person = gazu.client.get_current_user(client=client)
    assert last[1]["user_id"] == person["id"]

    def some(**kwargs):
        found = gazu.sync.get_last_events(client=client, **kwargs)
        return [event["name"] for event in found]

    assert some(limit=1) == ["person:set-thumbnail"]
    # A real server expects another name of the parameter than the client sends, too.
    assert len(some(only_files=True)) == 3
    assert some(name="project:new") == ["project:new"]
    assert some(name_prefixes=["person", "shot"]) == ["person:set-thumbnail"]
    assert some(name_suffixes=["new", "x"]) == ["project:new"]
    assert len(some(person_ids=[person])) == 3
    assert some(person_ids=[lama]) == []
    assert some(all_pages=True) == [event["name"] for event in last]
    assert some(after="2999-01-01") == some(before="1999-01-01") == []
    older = gazu.client.get(
        "data/events/last?cursor_event_id=" + last[1]["id"], client=client
    )
    assert [event["name"] for event in older] == ["project:new"]


def test_an_invalid_token_is_rejected(server, client):
    server.expire_tokens(refresh=True)
    with pytest.raises(Exception, match="is not valid"):
        gazu.events.init(client)


def test_an_expired_token_is_refreshed(server, client):
    server.expire_tokens()
    event_client = gazu.events.init(client)
    assert event_client.connected
    event_client.disconnect()


def test_listening_ends_with_the_server(client, server, listen):
    heard = listen("shot:update")
    server.emit("shot:update", {})
    wait_for(lambda: heard)
    ended = threading.Thread(target=server.stop)
    ended.start()
    ended.join(10)
    assert not ended.is_alive()

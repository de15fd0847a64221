"""``gazu.events`` on the event stream of a real Zou."""

from __future__ import annotations

import threading

import gazu
import pytest

from ..unit.waiting import wait_for

LIMIT = 60


@pytest.fixture
def client(zou, production):
    """The artist's client, with tokens that can be refreshed."""
    client = gazu.client.create_client(zou.host, use_refresh_token=True)
    client.event_host = zou.host
    gazu.log_in(
        production.artist_email, production.artist_password, client=client
    )
    yield client
    client.session.close()


@pytest.fixture
def listening(client):
    """An event client, and the list of the new assets that it receives."""
    event_client = gazu.events.init(client)
    heard = []
    gazu.events.add_listener(
        event_client, "asset:new", lambda data: heard.append(data["asset_id"])
    )
    yield event_client, heard
    event_client.disconnect()


def new_asset(admin, production, name):
    return admin.asset.new_asset(
        production.project["id"], production.asset_types["Prop"]["id"], name
    )["id"]


def test_a_new_asset_is_an_event(admin, production, listening):
    event_client, heard = listening
    assert event_client.connected
    made = [new_asset(admin, production, "Tree %d" % n) for n in range(5)]
    wait_for(lambda: len(heard) == 5)
    assert heard == made


def test_events_go_on_after_a_restart(
    zou, admin, production, client, listening
):
    event_client, heard = listening
    before = client.access_token
    running = threading.Thread(
        target=gazu.events.run_client, args=(event_client,), daemon=True
    )
    running.start()
    first = new_asset(admin, production, "Before")
    wait_for(lambda: heard == [first])
    zou.restart()
    wait_for(lambda: event_client.connected and event_client.namespaces)
    assert client.access_token != before
    second = new_asset(admin, production, "After")
    wait_for(lambda: heard == [first, second])
    assert running.is_alive()
    event_client.disconnect()
    running.join(LIMIT)
    assert not running.is_alive()


def test_an_expired_token_is_accepted_or_refreshed(
    zou, admin, production, client
):
    """The client connects whether the stream rejects the expired token or not."""
    client.access_token = zou.make_expired_token(client.access_token)
    event_client = gazu.events.init(client)
    try:
        heard = []
        gazu.events.add_listener(event_client, "asset:new", heard.append)
        made = new_asset(admin, production, "Late")
        wait_for(lambda: heard)
        assert heard[0]["asset_id"] == made
        assert heard[0]["project_id"] == production.project["id"]
    finally:
        event_client.disconnect()


def test_login_logs_are_read(zou, admin, production):
    gazu.log_in(
        production.artist_email,
        production.artist_password,
        client=gazu.client.create_client(zou.host),
    )
    logs = admin.events.get_last_login_logs(limit=1)
    assert [log["person_id"] for log in logs] == [production.artist["id"]]
    person = production.artist["id"]
    logs = admin.events.get_last_login_logs(person_ids=[person])
    assert {log["person_id"] for log in logs} == {person}

"""
``gazu.events.Consumer`` on a real Zou: every event, in order, whatever happens.

GAZU_TEST_EVENTS=full makes more events, and kills and restarts more often
(``make test-events``).
"""

from __future__ import annotations

import functools
import json
import os
import random
import subprocess
import sys
import textwrap
import threading
import time

import gazu
import pytest

from ..unit import waiting
from .zou.stores import DATABASE

FULL = os.environ.get("GAZU_TEST_EVENTS") == "full"
#: Events that are made while the consumer is down, kills, and restarts of the server.
EVENTS, KILLS, RESTARTS = (5000, 20, 5) if FULL else (1500, 6, 1)
LIMIT = 600 if FULL else 180

CONSUMER = """
    import json, os, sys, time
    import gazu

    options = json.loads(sys.argv[1])
    client = gazu.client.create_client(options["host"], use_refresh_token=True)
    client.event_host = options["event_host"]
    client.tokens = options["tokens"]
    bot = gazu.events.Consumer("bot", client=client)
    output = os.open(options["output"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    @bot.on()
    def note(event):
        os.write(output, (event["id"] or "live").encode() + b"\\n")
        time.sleep(options["seconds"])

    bot.run()
"""


wait_for = functools.partial(waiting.wait_for, seconds=LIMIT, pause=0.05)


def logged(zou):
    """Return the ids of all events, in the order of the log."""
    return zou._sql(
        DATABASE, "SELECT id FROM api_event ORDER BY created_at"
    ).split()


def add_events(zou, count):
    """Write events into the log, as the server does, but faster: 100 a second."""
    zou._sql(
        DATABASE,
        "INSERT INTO api_event (id, created_at, updated_at, name, data) "
        "SELECT gen_random_uuid(), d, d, 'task:update', "
        "jsonb_build_object('task_id', gen_random_uuid()) FROM "
        "(SELECT (now() at time zone 'utc') - ({0} - n) * interval '10 ms' AS d"
        " FROM generate_series(1, {0}) AS n) AS dates".format(count),
    )


class Listener:
    """A consumer in a process of its own."""

    def __init__(self, zou, client, folder):
        self._zou, self._client, self._folder = zou, client, folder
        self.output = folder / "handled"
        self.process = None

    def start(self, expired=False, seconds=0.0005):
        tokens = dict(self._client.tokens)
        if expired:
            tokens["access_token"] = self._zou.make_expired_token(
                tokens["access_token"]
            )
        options = {
            "host": self._zou.host,
            "event_host": self._zou.event_host,
            "tokens": tokens,
            "output": str(self.output),
            "seconds": seconds,
        }
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-c", textwrap.dedent(CONSUMER)),
                json.dumps(options),
            ],
            env=dict(os.environ, STATE_DIRECTORY=str(self._folder)),
            stderr=subprocess.PIPE,
        )

    def handled(self):
        if not self.output.exists():
            return []
        return self.output.read_text().split()

    def has_begun(self):
        return (self._folder / "bot.checkpoint").exists()

    def kill(self):
        self.process.kill()
        self.process.communicate()

    def end(self):
        self.process.terminate()
        _, err = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, err.decode()


@pytest.fixture
def listener(zou, fresh_zou, tmp_path):
    client = gazu.client.create_client(zou.host, use_refresh_token=True)
    gazu.log_in(zou.admin_email, zou.admin_password, client=client)
    listener = Listener(zou, client, tmp_path)
    yield listener
    if listener.process is not None and listener.process.poll() is None:
        listener.kill()


class Writer(threading.Thread):
    """Makes events through the API, whether the server answers or not."""

    def __init__(self, zou):
        super().__init__()
        self.client = gazu.client.create_client(zou.host)
        gazu.log_in(zou.admin_email, zou.admin_password, client=self.client)
        self.client.retries = 1
        self.ended = threading.Event()
        self.count = 0

    def run(self):
        while not self.ended.is_set():
            try:
                gazu.person.new_department(
                    "D%s-%d" % (id(self), self.count),
                    "#112233",
                    client=self.client,
                )
                self.count += 1
            except (OSError, gazu.exception.GazuException):
                # The server is being restarted.
                self.ended.wait(0.2)


def test_no_event_is_lost(zou, listener, request):
    chance = random.Random(19)
    listener.start()
    wait_for(listener.has_begun)
    listener.end()
    before = logged(zou)
    add_events(zou, EVENTS)
    writers = [Writer(zou), Writer(zou)]

    def end_writers():
        for writer in writers:
            writer.ended.set()
        for writer in writers:
            writer.join(LIMIT)

    request.addfinalizer(end_writers)
    for writer in writers:
        writer.start()
    restarts = set(chance.sample(range(KILLS), RESTARTS))
    for number in range(KILLS):
        count = len(listener.handled())
        listener.start(expired=number % 3 == 1)
        more = chance.randrange(2, max(3, EVENTS // KILLS))
        wait_for(lambda: len(listener.handled()) > count)  # noqa: B023
        if number in restarts:
            zou.restart()
        # There are always a few events: the writers make them.
        more = more if len(listener.handled()) < EVENTS - more else 3
        wait_for(lambda: len(listener.handled()) >= count + more)  # noqa: B023
        time.sleep(chance.uniform(0, 0.02))
        listener.kill()
    listener.start(expired=True)
    end_writers()
    made = [number for number in logged(zou) if number not in set(before)]
    wait_for(lambda: set(made) <= set(listener.handled()))
    listener.end()
    handled = listener.handled()
    assert list(dict.fromkeys(handled)) == made
    # After each kill, the event at hand is handled again.
    assert len(handled) <= len(made) + KILLS
    assert len(made) > EVENTS


def test_a_running_consumer_outlives_the_server(zou, listener):
    listener.start()
    wait_for(listener.has_begun)
    before = set(logged(zou))
    writer = Writer(zou)
    writer.start()
    try:
        wait_for(lambda: listener.handled())
        zou.restart(proxy=True)
        count = len(listener.handled())
        wait_for(lambda: len(listener.handled()) > count + 2)
    finally:
        writer.ended.set()
        writer.join(LIMIT)
    made = [number for number in logged(zou) if number not in before]
    wait_for(lambda: len(listener.handled()) >= len(made))
    listener.end()
    assert listener.handled() == made


class TestRoles:
    """What the log shows to whom."""

    @pytest.fixture
    def log_in(self, zou, production, tmp_path, monkeypatch):
        monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
        admin = gazu.client.create_client(zou.host)
        gazu.log_in(zou.admin_email, zou.admin_password, client=admin)

        def log_in(role, team=()):
            email = "%s-%d@example.com" % (role, time.time_ns())
            person = gazu.client.post(
                "data/persons",
                {
                    "first_name": "A",
                    "last_name": role,
                    "email": email,
                    "role": role,
                    "password": "password12",
                    "active": True,
                },
                client=admin,
            )
            for project in team:
                gazu.project.add_person_to_team(project, person, client=admin)
            client = gazu.client.create_client(zou.host)
            gazu.log_in(email, "password12", client=client)
            return client

        log_in.admin = admin
        return log_in

    def consume(self, client, names, act, count, **options):
        """Run a consumer, act when it is connected, and return some events."""
        bot = gazu.events.Consumer("bot", names, client=client, **options)
        events = []

        @bot.on()
        def note(event):
            events.append(event)
            if len(events) == count:
                bot.stop()

        def wait_and_act():
            wait_for(lambda: bot.replays is not None and bot.connected)
            act()

        acting = threading.Thread(target=wait_and_act)
        acting.start()
        ending = threading.Timer(60, bot.stop)
        ending.start()
        bot.run()
        ending.cancel()
        acting.join(LIMIT)
        return bot, events

    def test_an_artist_receives_live_events(self, log_in, production, caplog):
        admin = log_in.admin

        def act():
            gazu.asset.new_asset(
                production.project,
                production.asset_types["Prop"],
                "Live",
                client=admin,
            )

        bot, events = self.consume(
            log_in("user", [production.project]), "asset:new", act, 1
        )
        assert bot.replays is False
        assert [event["id"] for event in events] == [None]
        assert events[0]["project_id"] == production.project["id"]
        assert caplog.text.count("cannot read the log") == 1

    def test_a_manager_receives_those_of_his_projects(
        self, log_in, production
    ):
        admin = log_in.admin
        other = gazu.project.new_project("Other", client=admin)
        client = log_in("manager", [production.project])

        def act():
            for name, project in (
                ("Theirs", other),
                ("Ours", production.project),
            ):
                gazu.asset.new_asset(
                    project,
                    production.asset_types["Prop"],
                    name,
                    client=admin,
                )

        bot, events = self.consume(client, "asset:new", act, 1)
        assert bot.replays is True
        assert [event["project_id"] for event in events] == [
            production.project["id"]
        ]
        assert (
            events[0]["user_id"]
            == gazu.client.get_current_user(client=admin)["id"]
        )

    def test_unlogged_events_arrive(self, log_in, zou):
        admin = log_in.admin

        def act():
            gazu.client.get("status/test-event", client=admin)

        bot, events = self.consume(admin, "main:test", act, 1)
        assert bot.live_only == ["main:test"]
        assert events[0]["name"] == "main:test" and events[0]["id"] is None

    def test_own_events_are_left_out(self, log_in, production):
        admin = log_in.admin
        client = log_in("manager", [production.project])

        def act():
            for one in (client, admin):
                gazu.asset.new_asset(
                    production.project,
                    production.asset_types["Prop"],
                    "By " + one.access_token[-5:],
                    client=one,
                )

        _, events = self.consume(client, "asset:new", act, 1, own=False)
        admin_id = gazu.client.get_current_user(client=admin)["id"]
        assert [event["user_id"] for event in events] == [admin_id]


def test_all_pages_of_the_log(zou, admin, production):
    add_events(zou, 2300)
    expected = logged(zou)[::-1]
    events = admin.sync.get_last_events(all_pages=True)
    assert [event["id"] for event in events] == expected
    assert len(admin.sync.get_last_events()) == 1000
    some = admin.sync.get_last_events(1500, all_pages=True)
    assert [event["id"] for event in some] == expected[:1500]
    older = admin.sync.get_last_events(
        all_pages=True, cursor_event_id=expected[1199]
    )
    assert [event["id"] for event in older] == expected[1200:]


def test_the_filters_of_the_log(zou, admin, production):
    admin.asset.new_asset(
        production.project, production.asset_types["Prop"], "Filtered"
    )
    events = admin.sync.get_last_events(
        all_pages=True,
        name_prefixes=["asset", "project"],
        name_suffixes=["new"],
    )
    assert {event["name"] for event in events} == {"asset:new", "project:new"}
    mine = admin.client.get_current_user()
    events = admin.sync.get_last_events(person_ids=[mine], limit=3)
    assert {event["user_id"] for event in events} == {mine["id"]}
    assert admin.sync.get_last_events(person_ids=[production.artist]) == []

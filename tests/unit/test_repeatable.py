"""Reads that change something on the server are sent once."""

from __future__ import annotations

import contextlib
import inspect
import itertools

import gazu
import pytest
from gazu import _core
from gazu import client as raw
from gazu._engine import lazy

from .recording_server import Answer

ID = "a24a6ea4-ce75-4665-a070-57453082c256"
#: Values for an argument, in the order in which they are tried.
VALUES = (ID, [], {"id": ID, "project_id": ID, "name": "n"}, None, True, 1)

pytestmark = pytest.mark.beyond


def built(function):
    """Return a call of a function of the core, with any valid arguments."""
    count = len(inspect.signature(function).parameters)
    for values in itertools.product(VALUES, repeat=min(count, 4)):
        try:
            return function(*values, *[None] * (count - len(values)))
        except (TypeError, ValueError):
            continue
    return None


def calls():
    """Return the calls of all functions of the core, by name."""
    found = {}
    for module_name in (*lazy.imported_by(gazu._modules), "old_names"):
        module = getattr(_core, module_name, None)
        if module is None:
            continue
        for name, function in vars(module).items():
            if not name.startswith("_") and callable(function):
                found[module_name + "." + name] = built(function)
    return found


def test_all_reads_that_act_are_known():
    """
    A new GET is a plain read unless it is below ``actions`` or ``auth``: look at
    what it does in Zou, and name its route in ``ACTING_READS`` if it acts.
    """
    made = calls()
    # The files of a call do not matter here.
    assert [name for name, call in made.items() if call is None] == [
        "task.add_comment_with_attachments"
    ]
    reads = {n: c for n, c in made.items() if c and c.method == "GET"}
    assert len(reads) > 260
    assert sorted(n for n, c in reads.items() if not c.is_repeatable) == [
        "budget.all_salary_scales",
        "chat.get_chat",
        "person.invite_person",
        "playlist.build_playlist_movie",
        "playlist.download_playlist_zip",
        "schedule.all_asset_type_schedule_items",
        "schedule.all_edit_schedule_items",
        "schedule.all_episode_schedule_items",
        "schedule.all_sequence_schedule_items",
        "schedule.all_task_type_schedule_items",
    ]
    writes = [c for c in made.values() if c and c.method != "GET"]
    assert not any(call.is_repeatable for call in writes)


FAILURES = [
    Answer(reset="headers"),
    Answer(close="headers"),
    Answer({}, status=503),
    Answer({}, status=429, headers=[("Retry-After", "1")]),
    Answer({"a": 1}, truncate=3, close=True),
]

ACTING = {
    "invite_person": lambda client: gazu.person.invite_person(
        ID, client=client
    ),
    "send_email_otp": lambda client: gazu.send_email_otp("a", client=client),
    "log_out": lambda client: gazu.log_out(client=client),
    "build_playlist_movie": lambda client: gazu.playlist.build_playlist_movie(
        ID, client=client
    ),
    "download_playlist_zip": lambda client: (
        gazu.playlist.download_playlist_zip(ID, None, client=client)
    ),
    "a script's own": lambda client: raw.get(
        "/actions/persons/%s/invite" % ID, client=client
    ),
    "by its whole URL": lambda client: raw.get_file_data_from_url(
        "actions/persons/%s/invite" % ID, client=client
    ),
    "a route that is not known": lambda client: raw.get(
        "actions/persons/1/greet", params={"a": 1}, client=client
    ),
}


@pytest.mark.parametrize("failure", FAILURES, ids=range(len(FAILURES)))
@pytest.mark.parametrize("name", ACTING)
def test_a_read_that_acts_is_sent_once(server, client, name, failure):
    server.default = failure
    # Some of these answers are returned, and others raise.
    with contextlib.suppress(
        IOError, gazu.exception.GazuException, ValueError
    ):
        ACTING[name](client)
    assert len(server.requests) == 1


def test_a_plain_read_is_repeated(server, client):
    server.on(
        "GET",
        "actions/tasks/%s/time-spents/2026-01-02" % ID,
        Answer(reset="headers"),
        {"a": 1},
    )
    found = gazu.task.get_time_spent(ID, "2026-01-02", client=client)
    assert found == {"a": 1}
    assert len(server.requests) == 2

"""Every function that takes a client also takes an asynchronous one."""

import json

import pytest

from . import plan
from .compare import _walk, takes_client, title

ROWS = plan.load_rows()


def _comparable(record):
    """Return a record in which the names of the asynchronous client are the blocking ones."""
    record = json.loads(record)
    # The number of progress calls depends on the time that they take.
    if "callbacks" in record:
        record["callbacks"] = record["callbacks"][-1:]
    text = json.dumps(record).replace('"gazu.aio"', '"gazu"')
    return json.loads(text.replace("AsyncKitsuClient", "KitsuClient"))


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, row in ROWS.items()
        if not row.scenario
        and not name.startswith(("aio.", "cli.", "events."))
    ),
)
def test_an_awaited_call_is_like_the_blocking_one(comparison, name):
    if name not in takes_client(comparison.surfaces["ours"]):
        assert name not in comparison.awaited
        return
    lines = []
    for call, blocking, awaited in comparison.awaited[name]:
        if blocking == awaited:
            continue
        found = []
        records = _comparable(blocking), _comparable(awaited)
        _walk("", records[0], records[1], found)
        lines += ["%s\n      %s" % (title(call), line) for line in found[:3]]
    assert not lines, "gazu.%s, awaited, differs:\n%s" % (
        name,
        "\n".join(lines[:12]),
    )


def test_every_function_is_also_awaited(comparison):
    covered = set(comparison.awaited)
    missing = takes_client(comparison.surfaces["upstream"]) - covered
    scenarios = {name for name, row in ROWS.items() if row.scenario}
    assert missing <= scenarios, sorted(missing - scenarios)

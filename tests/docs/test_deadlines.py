"""The deadlines and limits of the guide are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from gazu import client as raw

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = (ROOT / "docs/guide/errors.md").read_text(encoding="utf-8")


def rows() -> dict[str, tuple[str, str]]:
    """Return the rows of the table: the default, and how to change it."""
    table = GUIDE.partition("These are all limits and their defaults:\n\n")[2]
    table = table.partition("\n\n")[0]
    found = {}
    for line in table.splitlines()[2:]:
        what, default, changed = line.strip("|").split("|")
        found[what.strip()] = (default.strip(), changed.strip())
    return found


def seconds(start: str) -> float:
    (default,) = [
        default
        for what, (default, _) in rows().items()
        if what.startswith(start)
    ]
    return float(default.partition(" ")[0])


def source(path: str, pattern: str) -> str:
    text = (ROOT / "src" / path).read_text(encoding="utf-8")
    found = re.search(pattern, text)
    assert found, pattern
    return found.group(1)


@pytest.fixture
def client(monkeypatch):
    for name in ("GAZU_TIMEOUT", "GAZU_DEADLINE", "GAZU_RETRIES"):
        monkeypatch.delenv(name, raising=False)
    return raw.KitsuClient("http://h")


def test_the_limits_of_a_client_are_right(client):
    assert client.timeout == (
        seconds("connecting"),
        seconds("time without"),
    )
    assert seconds("time in which a body") == client.timeout[1]
    assert rows()["a whole call, with its retries and waits"][0] == "none"
    assert client.deadline is None
    assert client.retries == seconds("attempts of a read")
    assert seconds("waiting for a preview") == raw.DEFAULT_PROCESSING_TIMEOUT
    assert seconds("interval between") == raw.DEFAULT_RETRY_AFTER


def test_the_limits_of_the_core_are_right():
    first = float(
        source("execution.rs", r"FIRST_BACKOFF: .*from_millis\((\d+)\)")
    )
    growth = float(source("execution.rs", r"BACKOFF_FACTOR: u32 = (\d+);"))
    (waits,) = [d for w, (d, _) in rows().items() if w.startswith("backoff")]
    first /= 1000
    assert waits == "{:g} s, {:g} s".format(first, first * growth)
    longest = source("execution.rs", r"MAX_RETRY_WAIT: .*from_secs\((\d+)\)")
    assert seconds("longest `Retry-After`") == float(longest)
    idle = source(
        "transport/mod.rs", r"POOL_IDLE_TIMEOUT: .*from_secs\((\d+)\)"
    )
    assert seconds("idle time after") == float(idle)
    slowest = source(
        "transport/idle.rs", r"MIN_BYTES_PER_SECOND: u128 = (\d+);"
    )
    assert "below {} bytes per second".format(slowest) in GUIDE
    largest = source("transport/memory.rs", r"MAX_SIZE: usize = (\d+) << 30;")
    assert rows()["size of an answer in memory"][0] == largest + " GiB"
    patience = source(
        "bindings/runtime.rs", r"EXIT_WAIT: .*from_secs\((\d+)\)"
    )
    assert seconds("interpreter exit") == float(patience)


def test_the_limits_of_events_are_right():
    from gazu._events.client import NAMESPACE_TIMEOUT

    assert seconds("events") == NAMESPACE_TIMEOUT


def test_the_limits_can_be_changed_as_described(monkeypatch):
    """Each attribute and variable in the table has its effect."""
    named = " ".join(changed for _, changed in rows().values())
    for variable, value, attribute, outcome in (
        ("GAZU_TIMEOUT", "1,2", "timeout", (1, 2)),
        ("GAZU_DEADLINE", "3", "deadline", 3),
        ("GAZU_RETRIES", "4", "retries", 4),
    ):
        assert variable in named
        assert "client." + attribute in named
        monkeypatch.setenv(variable, value)
        assert getattr(raw.KitsuClient("http://h"), attribute) == outcome

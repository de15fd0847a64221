"""The parts of ``gazu.events.Consumer``: names, reading the log, checkpoint, lock."""

from __future__ import annotations

import bisect
import datetime
import itertools
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from typing import ClassVar

import pytest
from gazu._events import log, waiting
from gazu._events.checkpoint import FileStorage
from gazu._events.feed import Feed, Messages
from gazu._events.lock import Lock
from gazu._events.names import Names
from gazu._events.skipped import Skipped
from gazu._events.systemd import Watchdog, notify

from . import needs

pytestmark = pytest.mark.beyond

BEGIN = datetime.datetime(2026, 1, 31, 23, 59, 0)


class Log:
    """A log as the server keeps it: dates with microseconds, shown without them."""

    def __init__(self):
        self.rows = []
        self._sorted = []
        self.requests = 0

    def add(self, seconds, name="task:new"):
        number = "%08d" % len(self.rows)
        date = BEGIN + datetime.timedelta(seconds=seconds)
        self.rows.append((date, number, name))
        return number

    def fetch(self, limit, after=None, before=None, cursor_event_id=None):
        self.requests += 1
        rows = self.sorted()
        first, end = 0, len(rows)
        if after:
            limit_date = datetime.datetime.fromisoformat(after)
            first = bisect.bisect_right(rows, (limit_date, "~"))
        if before:
            limit_date = datetime.datetime.fromisoformat(before)
            end = bisect.bisect_left(rows, (limit_date, ""))
        if cursor_event_id:
            (cursor,) = (row[0] for row in rows if row[1] == cursor_event_id)
            end = min(end, bisect.bisect_left(rows, (cursor, "")))
        found = rows[max(first, end - min(limit, log.PAGE)) : end][::-1]
        return [
            {
                "id": number,
                "created_at": date.replace(microsecond=0).isoformat(),
                "name": name,
                "user_id": "u",
                "project_id": None,
                "data": {"n": number},
            }
            for date, number, name in found
        ]

    def sorted(self):
        if len(self._sorted) != len(self.rows):
            self._sorted = sorted(self.rows)
        return self._sorted

    def ids(self):
        return [row[1] for row in self.sorted()]


def shapes():
    """Return logs of different shapes, as lists of seconds."""
    chance = random.Random(7)
    yield "empty", []
    yield "one", [0.5]
    yield "a page", [n / 10 for n in range(1000)]
    yield "a page and one", [n / 10 for n in range(1001)]
    yield "even", [n / 7 for n in range(3000)]
    yield "all in one second", [n / 4000 for n in range(2200)]
    yield (
        "bursts",
        [
            second + n / 3000
            for second in (0, 1, 90, 40 * 86400)
            for n in range(1100)
        ],
    )
    yield (
        "random",
        sorted(chance.uniform(0, 3000) ** 2 / 3000 for _ in range(4000)),
    )
    yield "full seconds", [float(n // 20) for n in range(2500)]


SHAPES = dict(shapes())


@pytest.fixture(params=SHAPES)
def filled(request):
    found = Log()
    for seconds in SHAPES[request.param]:
        found.add(seconds)
    return found


def distinct(pages):
    """Return the ids of pages, each once."""
    return list(
        dict.fromkeys(event["id"] for page, _ in pages for event in page)
    )


class TestLog:
    @pytest.mark.parametrize("after", [None, "2026-01-31T23:58:59"])
    def test_all_events_are_read_oldest_first(self, filled, after):
        pages = list(log.oldest_first(filled.fetch, after))
        assert distinct(pages) == filled.ids()
        assert filled.requests < 250

    def test_later_ones_are_read(self, filled):
        after = "2026-02-01T00:00:20"
        expected = [
            row[1]
            for row in filled.sorted()
            if row[0] > datetime.datetime.fromisoformat(after)
        ]
        assert distinct(log.oldest_first(filled.fetch, after)) == expected

    def test_pages_are_limited(self):
        found = Log()
        for n in range(10000):
            found.add(n / 50)
        pages = list(log.oldest_first(found.fetch, None))
        assert distinct(pages) == found.ids()
        assert max(len(page) for page, _ in pages) <= log.PAGE

    def test_new_events_are_read_meanwhile(self):
        found = Log()
        for n in range(3000):
            found.add(n / 10)
        read = []
        for page, _ in log.oldest_first(found.fetch, None):
            read.append((page, None))
            if len(found.rows) < 6000:
                for _ in range(700):
                    found.add(len(found.rows) / 10)
        assert distinct(read) == found.ids()

    def test_all_events_are_read_newest_first(self, filled):
        events = list(log.newest_first(filled.fetch, 10**6))
        assert [event["id"] for event in events] == filled.ids()[::-1]

    @pytest.mark.parametrize("limit", [0, 1, 999, 1000, 1001, 2500])
    def test_the_limit_is_that_of_all_pages(self, filled, limit):
        events = list(log.newest_first(filled.fetch, limit))
        assert [event["id"] for event in events] == filled.ids()[::-1][:limit]

    def test_a_limit_within_a_page_is_one_request(self):
        found = Log()
        for n in range(2000):
            found.add(n)
        assert len(list(log.newest_first(found.fetch, 300))) == 300
        assert found.requests == 1

    def test_events_of_the_same_moment_are_not_lost_between_pages(self):
        found = Log()
        for n in range(3000):
            # Each 30 events have exactly the same date.
            found.add(n // 30)
        events = list(log.newest_first(found.fetch, 10**6))
        assert {event["id"] for event in events} == set(found.ids())
        assert len(events) == 3000


def feed_of(found, **options):
    options = {"overlap": 60, "settle": 0, **options}
    return Feed(found.fetch, on_found=lambda event: True, **options)


def read(feed, whole=True):
    ids = []
    for event in feed.read(whole):
        ids.append(event["id"])
        feed.done(event)
    return ids


class TestFeed:
    def test_each_event_is_delivered_once(self, filled):
        feed = feed_of(filled)
        assert read(feed) == filled.ids()
        assert read(feed) == read(feed, whole=False) == []

    def test_new_events_are_delivered(self):
        found = Log()
        feed = feed_of(found)
        for second in range(300):
            added = [found.add(second + n / 10) for n in range(3)]
            assert read(feed, whole=second % 7 == 0) == added

    def test_an_event_that_appears_late_is_delivered(self):
        found = Log()
        found.add(100)
        feed = feed_of(found)
        assert len(read(feed)) == 1
        late = [found.add(98), found.add(60)]
        assert read(feed, whole=False) == late[:1]
        assert read(feed) == late[1:]
        assert feed.late == 2

    def test_events_wait_for_earlier_ones(self):
        found = Log()
        feed = feed_of(found, settle=0.2)
        found.add(0)
        found.add(100)
        # The first one is long past.
        assert read(feed) == ["00000000"]
        assert feed.next_time > time.monotonic()
        found.add(99.5)
        time.sleep(max(0, feed.next_time - time.monotonic()))
        # The one of 99.5 has been visible for a moment only.
        assert read(feed) == []
        time.sleep(max(0, feed.next_time - time.monotonic()))
        assert read(feed) == ["00000002", "00000001"]
        assert feed.next_time is None and feed.late == 0

    def test_an_interrupted_reading_continues(self, filled):
        feed = feed_of(filled)
        ids = []
        while True:
            events = list(itertools.islice(feed.read(True), 0, 1))
            if not events or len(ids) > 30:
                break
            feed.done(events[0])
            ids.append(events[0]["id"])
        assert ids + read(feed) == filled.ids()

    def test_memory_is_bounded(self):
        found = Log()
        feed = feed_of(found)
        for n in range(12000):
            feed.add("%08d" % n, log.moved("2026-01-01T00:00:00", n))
        assert len(feed.seen) < 1100

    def test_a_restored_feed_continues(self, filled):
        feed = feed_of(filled)
        read(feed)
        again = feed_of(filled)
        again.restore(json.loads(json.dumps(feed.state())))
        assert read(again) == []
        new = filled.add(41 * 86400)
        assert read(again) == [new]

    @pytest.mark.parametrize(
        "state",
        [
            {},
            [],
            {"position": 1, "floor": "", "seen": []},
            {"position": "x", "floor": "", "seen": []},
            {"position": "", "floor": "", "seen": [1]},
            {"position": "", "floor": "", "seen": [["a", "b"]]},
        ],
    )
    def test_another_state_is_an_error(self, state):
        with pytest.raises(ValueError, match="not the state of a consumer"):
            feed_of(Log()).restore(state)

    def test_now_is_after_the_events_of_the_log(self, filled):
        feed = feed_of(filled)
        feed.begin_now(filled.fetch)
        if filled.rows:
            assert read(feed) == []
        new = filled.add(41 * 86400)
        assert read(feed) == [new]

    def test_a_date_is_included(self):
        found = Log()
        for n in range(100):
            found.add(n)
        feed = feed_of(found)
        feed.begin_at("2026-02-01T00:00:00")
        assert read(feed) == found.ids()[60:]


class TestMessages:
    EVENT: ClassVar = {
        "name": "task:new",
        "data": {"task_id": "1", "n": [1, {"a": 2}]},
    }

    def test_a_message_waits_for_its_event(self):
        messages = Messages(patience=100)
        messages.arrived("task:new", {"n": [1, {"a": 2}], "task_id": "1"})
        messages.arrived("task:new", {"task_id": "2"})
        assert messages
        messages.found(self.EVENT)
        assert len(messages) == 1 and messages.overdue() == []

    def test_an_event_may_come_before_its_message(self):
        messages = Messages(patience=0)
        messages.found(self.EVENT)
        messages.arrived("task:new", self.EVENT["data"])
        assert not messages and messages.overdue() == []

    def test_a_delivered_message_is_known(self):
        messages = Messages(patience=0)
        messages.delivered("task:new", self.EVENT["data"])
        assert not messages.found(self.EVENT)
        assert messages.found(self.EVENT)

    def test_an_overdue_message_is_returned_once(self):
        messages = Messages(patience=0)
        for _ in range(2):
            messages.arrived("task:new", {"task_id": "2"})
        assert messages.overdue() == [("task:new", {"task_id": "2"})] * 2
        assert messages.overdue() == [] and not messages

    def test_memory_is_bounded(self):
        messages = Messages(patience=100)
        for n in range(5000):
            messages.arrived("task:new", n)
            messages.found({"name": "task:new", "data": -n - 1})
        assert len(messages) <= 1000


class TestNames:
    @pytest.mark.parametrize(
        "names, filters",
        [
            ("task:new", {"name": "task:new"}),
            (["task:*"], {"name_prefixes": ["task"]}),
            ("*:new", {"name_suffixes": ["new"]}),
            (
                ["task:new", "shot:new"],
                {"name_prefixes": ["shot", "task"], "name_suffixes": ["new"]},
            ),
            (["task:*", "preview-file:*"], {"name_prefixes": ["preview-file", "task"]}),
            (["task:*", "*:new"], {}),
            (["*"], {}),
            (["task*"], {}),
            (["odd_name:*", "task:*"], {}),
        ],
    )  # fmt: skip
    def test_filters(self, names, filters):
        assert Names(names).filters() == filters

    def test_patterns_match(self):
        names = Names(["Task:*", "*:new", "odd.name:x"])
        for name in ("task:update", "shot:new", "odd.name:x", "task:new"):
            assert names.match(name)
        for name in ("tasks:update", "shot:newer", "oddxname:x", "task"):
            assert not names.match(name)

    @pytest.mark.parametrize("name", ["task", "", ":", "task:", ":new"])
    def test_no_name_is_an_error(self, name):
        with pytest.raises(ValueError, match="is no event name"):
            Names([name])
        with pytest.raises(ValueError, match="names is empty"):
            Names([])

    @pytest.mark.parametrize("name", [None, 3, b"task:new"])
    def test_no_text_is_an_error(self, name):
        with pytest.raises(TypeError):
            Names([name])
        with pytest.raises(TypeError):
            Names(3)


STATE = {"position": "2026-01-01T00:00:00", "floor": "", "seen": [["a", "2026-01-01T00:00:00"]], "host": "h"}  # fmt: skip


class TestCheckpoint:
    @pytest.fixture
    def storage(self, tmp_path):
        storage = FileStorage(str(tmp_path / "c"))
        yield storage
        storage.close()

    def test_handled_events_are_added(self, storage):
        assert storage.load() is None
        storage.save(STATE)
        storage.add("b", "2026-01-01T00:00:05")
        storage.add("c", "2026-01-01T00:00:04")
        state = FileStorage(storage.path).load()
        assert state["position"] == "2026-01-01T00:00:05"
        assert [number for number, _ in state["seen"]] == ["a", "b", "c"]
        assert state["host"] == "h"

    @pytest.mark.parametrize(
        "tail",
        [b'["c"', b'["c", "2026-01-01T00:00:09"]', b"\0" * 100, b"\xff"],
    )
    def test_an_incomplete_line_is_ignored(self, storage, tail):
        storage.save(STATE)
        storage.add("b", "2026-01-01T00:00:05")
        storage.close()
        with open(storage.path, "ab") as stream:
            stream.write(tail)
        state = storage.load()
        assert [number for number, _ in state["seen"]] == ["a", "b"]
        # The next line must not continue it.
        storage.save(state)
        storage.add("d", "2026-01-01T00:00:05")
        assert [number for number, _ in storage.load()["seen"]] == ["a", "b", "d"]  # fmt: skip

    @pytest.mark.parametrize(
        "content", [b"", b"\n", b"{}\n", b"[]\n", b'{"version": 1}\n', b"\0\0\n", b'{"version": 2, "position": "", "seen": []}\n']
    )  # fmt: skip
    def test_a_broken_file_is_kept_aside(self, storage, content, caplog):
        for number in (1, 2):
            with open(storage.path, "wb") as stream:
                stream.write(content)
            assert storage.load() is None
            aside = "{}.broken-{}".format(storage.path, number)
            with open(aside, "rb") as stream:
                assert stream.read() == content
            assert aside in caplog.text

    def test_a_long_file_is_to_be_saved_anew(self, storage):
        storage.save(STATE)
        answers = [
            storage.add("b", "2026-01-01T00:00:05") for _ in range(1000)
        ]
        assert answers.index(True) == 999
        storage.save(STATE)
        with open(storage.path, "rb") as stream:
            assert stream.read().count(b"\n") == 1
        assert os.listdir(os.path.dirname(storage.path)) == ["c"]


class TestLock:
    def test_a_second_process_is_told(self, tmp_path, python):
        path = str(tmp_path / "c.lock")
        first = Lock(path, "The consumer 'a'")
        out = python(
            """
            import sys
            from gazu._events.lock import Lock
            try:
                Lock({!r}, "The consumer 'a'")
            except RuntimeError as error:
                print(error)
            """.format(path)
        ).stdout
        assert "The consumer 'a' is already running" in out
        assert "process %d" % os.getpid() in out
        with pytest.raises(RuntimeError):
            Lock(path, "The consumer 'a'")
        first.release()
        Lock(path, "The consumer 'a'").release()

    def test_a_killed_process_has_no_lock(self, tmp_path):
        path = str(tmp_path / "c.lock")
        process = subprocess.Popen(
            [
                *(sys.executable, "-c"),
                "import sys, time; from gazu._events.lock import Lock\n"
                "lock = Lock(sys.argv[1], 'a'); print('locked', flush=True)\n"
                "time.sleep(100)",
                path,
            ],
            stdout=subprocess.PIPE,
        )
        try:
            assert process.stdout.readline().strip() == b"locked"
            with pytest.raises(RuntimeError):
                Lock(path, "b")
        finally:
            process.kill()
            process.communicate()
        Lock(path, "b").release()


class TestSkipped:
    EVENT: ClassVar = {"id": "1", "name": "task:new", "data": {"a": "é"}}

    def test_skipped_events_are_kept_and_requested(self, tmp_path):
        skipped = Skipped(str(tmp_path / "bot"))
        assert skipped.entries() == [] and skipped.request_retry() == 0
        for number in "123":
            try:
                raise KeyError("broken")
            except KeyError as error:
                skipped.add(dict(self.EVENT, id=number), error, "on_task", 4)
        entries = skipped.entries()
        assert [entry["event"]["id"] for entry in entries] == ["1", "2", "3"]
        assert entries[0]["event"]["data"] == {"a": "é"}
        assert "Traceback" in entries[0]["error"]
        assert entries[0]["handler"] == "on_task"
        assert skipped.request_retry() == 3 and skipped.entries() == []
        requested = skipped.requested()
        assert [next(requested)["id"], next(requested)["id"]] == ["1", "2"]
        requested.close()
        # The event at hand is not forgotten.
        assert [event["id"] for event in skipped.requested()] == ["2", "3"]
        assert os.listdir(str(tmp_path)) == []

    def test_a_torn_line_does_not_hide_others(self, tmp_path, caplog):
        skipped = Skipped(str(tmp_path / "bot"))
        (tmp_path / "bot.skipped").write_bytes(b'{"event": {"na')
        skipped.add(self.EVENT, KeyError("x"), "f", 1)
        assert [entry["event"] for entry in skipped.entries()] == [self.EVENT]
        assert "no skipped event" in caplog.text


class TestWaiting:
    def test_a_signal_handler_may_stop_a_wait(self):
        wait = waiting.Waiting()
        threading.Timer(0.1, wait.stop).start()
        assert not wait.pause(60)

    def test_a_wake_before_the_wait_is_not_lost(self):
        wait = waiting.Waiting()
        for _ in range(1000):
            wait.wake()
        wait.rest(60)
        assert wait.pause(0.01)


@needs.unix_sockets
class TestSystemd:
    @pytest.fixture
    def service(self, tmp_path, monkeypatch):
        path = str(tmp_path / "s")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as service:
            service.bind(path)
            service.settimeout(10)
            monkeypatch.setenv("NOTIFY_SOCKET", path)
            yield service

    def test_messages_arrive(self, service):
        notify("READY=1")
        assert service.recv(100) == b"READY=1"

    def test_the_watchdog_is_told_in_time(self, service, monkeypatch):
        monkeypatch.setenv("WATCHDOG_USEC", "300000")
        monkeypatch.setenv("WATCHDOG_PID", str(os.getpid()))
        wait = waiting.Waiting()
        wait.pause(0.5)
        service.setblocking(False)
        count = 0
        while True:
            try:
                assert service.recv(100) == b"WATCHDOG=1"
            except BlockingIOError:
                break
            count += 1
        assert count >= 2

    def test_another_process_is_watched(self, service, monkeypatch):
        monkeypatch.setenv("WATCHDOG_USEC", "300000")
        monkeypatch.setenv("WATCHDOG_PID", "1")
        assert Watchdog().interval is None

    def test_without_systemd_nothing_happens(self, monkeypatch):
        monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
        notify("READY=1")
        monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere/at/all")
        notify("READY=1")

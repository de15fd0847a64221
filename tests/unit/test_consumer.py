"""``gazu.events.Consumer`` against the server in memory and its event stream."""

from __future__ import annotations

import asyncio
import datetime
import json
import logging
import os
import signal
import subprocess
import sys
import textwrap
import threading

import gazu
import gazu.testing
import pytest
from gazu._events import running

from . import needs
from .waiting import wait_for

pytestmark = pytest.mark.beyond


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The folder of the consumers' files."""
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path))
    return tmp_path


@pytest.fixture
def kitsu():
    with gazu.testing.KitsuServer() as server:
        yield server


@pytest.fixture
def client(kitsu):
    return kitsu.log_in()


@pytest.fixture
def consumer(client):
    """Make consumers with short waits. They run in threads until the test ends."""
    started = []

    def make(names=None, name="bot", client=client, **options):
        options = {"settle": 0, "backoff": 0, **options}
        return gazu.events.Consumer(name, names, client=client, **options)

    def start(bot):
        """Run a consumer in a thread. Return a function that ends it."""
        failed = []

        def run():
            try:
                bot.run()
            except Exception as error:
                failed.append(error)

        thread = threading.Thread(target=run)
        thread.start()

        def end(stop=True):
            if stop:
                bot.stop()
            thread.join(30)
            assert not thread.is_alive()
            if failed:
                raise failed.pop()

        started.append(end)
        wait_for(
            lambda: (
                (bot.replays is not None and bot.connected)
                or not thread.is_alive()
            )
        )
        return end

    make.start = start
    yield make
    for end in started:
        end()


@pytest.fixture
def hear(consumer):
    """Start a consumer that collects numbers. Return the list, and how to end it."""

    def hear(names=("shot:*",), **options):
        bot = consumer(names, **options)
        heard = []

        @bot.on()
        def note(event):
            heard.append(event["data"].get("n"))

        return bot, heard, consumer.start(bot)

    return hear


def emit(kitsu, *numbers, name="shot:update", project=None):
    for n in numbers:
        kitsu.emit(name, {"n": n}, project_id=project)


def run_until(bot, count):
    """Run a consumer here, and stop it after so many events. Return their numbers."""
    heard = []

    @bot.on()
    def note(event):
        heard.append(event["data"]["n"])
        if len(heard) >= count:
            bot.stop()

    bot.run()
    return heard


class TestDelivery:
    def test_events_arrive_in_order(self, kitsu, hear):
        bot, heard, end = hear()
        emit(kitsu, *range(50))
        wait_for(lambda: len(heard) >= 50)
        end()
        assert heard == list(range(50))
        assert bot.counters["handled"] == 50
        assert bot.replays and bot.live_only == []

    def test_an_event_is_that_of_the_log(self, kitsu, client, consumer):
        bot = consumer("project:new", start="beginning")
        events = []

        @bot.on("project:new")
        def note(event):
            events.append(event)
            bot.stop()

        project = gazu.project.new_project("Lama", client=client)
        bot.run()
        assert events == [kitsu.events[0]]
        assert events[0]["data"] == {"project_id": project["id"]}
        assert set(events[0]) == {
            *("id", "name", "created_at", "user_id", "project_id", "data")
        }

    def test_it_continues_where_it_ended(self, kitsu, hear):
        emit(kitsu, "before")
        _, heard, end = hear()
        emit(kitsu, 1, 2)
        wait_for(lambda: len(heard) == 2)
        end()
        emit(kitsu, *range(3, 2503))
        _, more, end = hear()
        emit(kitsu, 2503)
        wait_for(lambda: len(more) >= 2501)
        end()
        assert heard + more == list(range(1, 2504))

    @pytest.mark.parametrize("start", ["beginning", "2020-01-01", "2020-01-01T00:00:00", datetime.date(2020, 1, 1), datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc)])  # fmt: skip
    def test_it_begins_earlier(self, kitsu, consumer, start):
        emit(kitsu, *range(1100))
        bot = consumer(start=start)
        assert run_until(bot, 1100) == list(range(1100))

    def test_it_begins_at_a_date(self, kitsu, consumer):
        emit(kitsu, 1, 2, 3, 4)
        for event, second in zip(kitsu.events, (1, 2, 2, 3)):
            event["created_at"] = "2026-01-01T10:00:0%d" % second
        bot = consumer(start="2026-01-01T10:00:02")
        assert run_until(bot, 3) == [2, 3, 4]

    def test_other_events_are_left_out(self, kitsu, client, hear):
        lama = gazu.project.new_project("Lama", client=client)["id"]
        llama = gazu.project.new_project("Llama", client=client)["id"]
        _, heard, end = hear(["shot:new", "asset:*"], project=lama)
        emit(kitsu, 1, name="shot:new", project=lama)
        emit(kitsu, 2, name="shot:update", project=lama)
        emit(kitsu, 3, name="shot:new", project=llama)
        emit(kitsu, 4, name="asset:delete", project=lama)
        emit(kitsu, 5, name="asset:new")
        emit(kitsu, 6, name="asset:new", project=lama)
        wait_for(lambda: len(heard) >= 3)
        end()
        assert heard == [1, 4, 6]

    def test_own_events_can_be_left_out(self, kitsu, client, consumer):
        other = gazu.person.new_person("A", "B", "a@b.cd", client=client)
        bot = consumer("project:new", own=False, start="beginning")
        assert bot.own is False
        theirs = kitsu.log_in(other)
        gazu.project.new_project("Mine", client=client)
        made = gazu.project.new_project("Theirs", client=theirs)
        got = []

        @bot.on()
        def note(event):
            got.append(event["data"]["project_id"])
            bot.stop()

        bot.run()
        assert got == [made["id"]]

    def test_unlogged_events_are_delivered(self, kitsu, consumer):
        bot = consumer(["chat:*", "shot:*"])
        events = []
        bot.on()(events.append)
        end = consumer.start(bot)
        assert bot.live_only == [
            *("chat:deleted-message", "chat:joined"),
            *("chat:left", "chat:new-message"),
        ]
        kitsu.store.on_event(
            {"name": "chat:new-message", "data": {"project_id": "p"}}
        )
        wait_for(lambda: events)
        end()
        assert events == [
            {
                "id": None,
                "created_at": None,
                "name": "chat:new-message",
                "user_id": None,
                "project_id": "p",
                "data": {"project_id": "p"},
            }
        ]
        assert bot.counters["live"] == 1

    def test_new_names_without_a_log_are_found(self, kitsu, hear, monkeypatch):
        monkeypatch.setattr(running, "PATIENCE", 0.2)
        bot, heard, end = hear("plugin:*")
        kitsu.store.on_event({"name": "plugin:changed", "data": {"n": 1}})
        wait_for(lambda: heard)
        kitsu.store.on_event({"name": "plugin:changed", "data": {"n": 2}})
        wait_for(lambda: len(heard) == 2)
        end()
        assert heard == [1, 2]
        assert bot.live_only == ["plugin:changed"]

    def test_a_name_that_is_logged_after_all_is_delivered_once(
        self, kitsu, hear
    ):
        """Another release of the server may log what Zou does not."""
        bot, heard, end = hear(["chat:*"], poll=0.3)
        emit(kitsu, 1, name="chat:left")
        wait_for(lambda: heard)
        emit(kitsu, 2, name="chat:left")
        wait_for(lambda: len(heard) == 2)
        wait_for(lambda: "chat:left" not in bot.live_only)
        emit(kitsu, 3, name="chat:left")
        wait_for(lambda: len(heard) == 3)
        end()
        assert heard == [1, 2, 3]
        assert bot.counters["live"] < 3

    def test_a_message_may_come_before_its_event(self, kitsu, hear):
        """Zou publishes an event before it saves it."""
        _, heard, end = hear(settle=0.2)
        shown = kitsu.store.events
        emit(kitsu, 0)
        wait_for(lambda: heard)
        late, kitsu.store.events = [], list(shown)
        kitsu.store.on_event({"name": "shot:update", "data": {"n": 1}})
        emit(kitsu, 1)
        late.append(kitsu.store.events.pop())
        threading.Timer(0.7, lambda: kitsu.store.events.extend(late)).start()
        wait_for(lambda: len(heard) == 2)
        end()
        assert heard == [0, 1]

    def test_patterns_come_from_the_handlers(self, kitsu, consumer):
        bot = consumer()
        got = []
        bot.on("shot:new", "asset:*")(lambda event: got.append("a"))
        bot.on("shot:*")(lambda event: got.append("b"))
        end = consumer.start(bot)
        emit(kitsu, 1, name="task:new")
        emit(kitsu, 1, name="shot:new")
        emit(kitsu, 1, name="asset:new")
        wait_for(lambda: len(got) >= 3)
        end()
        assert got == ["a", "b", "a"]

    def test_a_handler_receives_a_copy(self, kitsu, consumer):
        bot = consumer(start="beginning")
        got = []

        @bot.on()
        def change(event):
            got.append(event["data"]["n"])
            event["data"]["n"] = "changed"

        @bot.on()
        def see(event):
            got.append(event["data"]["n"])
            bot.stop()

        emit(kitsu, 1)
        bot.run()
        assert got == [1, 1]


class TestOutages:
    @pytest.mark.parametrize("keeps_answers", [False, True])
    def test_events_during_a_lost_connection_arrive(
        self, kitsu, client, hear, keeps_answers
    ):
        if keeps_answers:
            # An old answer of the log would look as if nothing had happened.
            gazu.cache.enable(when_down="serve")
        bot, heard, end = hear()
        emit(kitsu, 1)
        wait_for(lambda: heard == [1])
        # The log cannot be read, and the stream says nothing.
        kitsu.route("GET", "data/events/last", {"message": "down"}, status=502)
        emit(kitsu, 2, 3)
        wait_for(lambda: bot.lag > 0)
        kitsu._routes.pop(0)
        emit(kitsu, 4)
        wait_for(lambda: len(heard) >= 4)
        wait_for(lambda: bot.lag == 0)
        end()
        assert heard == [1, 2, 3, 4]
        assert gazu.cache.get_infos()["stale"] == 0

    def test_a_server_that_is_down_at_the_start_is_waited_for(
        self, kitsu, consumer, caplog
    ):
        kitsu.route("GET", "data/events/last", {"message": "down"}, status=502)
        emit(kitsu, 1)
        bot = consumer(start="beginning")
        heard = []
        bot.on()(lambda event: heard.append(event["data"]["n"]))
        thread = threading.Thread(target=bot.run)
        thread.start()
        wait_for(lambda: "trying again" in caplog.text)
        kitsu._routes.pop(0)
        wait_for(lambda: heard)
        bot.stop()
        thread.join(30)
        assert caplog.text.count("trying again") == 1

    def test_an_expired_token_is_renewed(self, kitsu, hear):
        _, heard, end = hear()
        kitsu.expire_tokens()
        emit(kitsu, 1)
        wait_for(lambda: heard)
        end()
        assert heard == [1]

    def test_a_login_that_has_ended_is_an_error(self, kitsu, hear):
        _, _, end = hear()
        kitsu.expire_tokens(refresh=True)
        emit(kitsu, 1)
        with pytest.raises(gazu.exception.NotAuthenticatedException):
            end(stop=False)

    def test_slow_handlers_do_not_grow_memory(
        self, kitsu, consumer, monkeypatch
    ):
        monkeypatch.setattr(running, "MAX_INBOX", 10)
        bot = consumer(["shot:*", "chat:*"])
        heard, go = [], threading.Event()

        @bot.on()
        def slow(event):
            heard.append(event["data"]["n"])
            go.wait(30)

        end = consumer.start(bot)
        emit(kitsu, 0)
        wait_for(lambda: heard)
        for n in range(1, 15):
            emit(kitsu, n)
            wait_for(lambda: len(bot._run._inbox) >= min(n, 10))  # noqa: B023
        for _ in range(5):
            kitsu.store.on_event({"name": "chat:left", "data": {"n": -1}})
        wait_for(lambda: bot.counters["lost"] == 5)
        assert len(bot._run._inbox) == 10
        go.set()
        wait_for(lambda: len(heard) >= 15)
        end()
        assert heard == list(range(15))

    def test_a_stop_ends_a_request(self, kitsu, hear):
        _, _, end = hear()
        asked, go = threading.Event(), threading.Event()

        def hang(store, request):
            asked.set()
            go.wait(60)
            return []

        kitsu.route("GET", "data/events/last", hang)
        emit(kitsu, 1)
        asked.wait(30)
        try:
            end()
        finally:
            go.set()


class TestWithoutALog:
    @pytest.mark.parametrize("status", [403, 404, 405])
    def test_events_arrive_live_only(self, kitsu, hear, caplog, status):
        kitsu.route("GET", "data/events/last", {"message": "no"}, status)
        emit(kitsu, 0)
        bot, heard, end = hear(start="beginning")
        assert bot.replays is False
        emit(kitsu, 1, 2)
        wait_for(lambda: len(heard) == 2)
        assert bot.lag == 0
        end()
        assert heard == [1, 2]
        assert caplog.text.count("cannot read the log of events") == 1

    def test_a_lost_role_is_noticed(self, kitsu, hear, caplog):
        bot, heard, end = hear()
        emit(kitsu, 1)
        wait_for(lambda: heard)
        kitsu.route("GET", "data/events/last", {"message": "no"}, 403)
        emit(kitsu, 2)
        wait_for(lambda: bot.replays is False)
        emit(kitsu, 3)
        wait_for(lambda: heard[-1] == 3)
        end()
        assert "any more" in caplog.text


class TestFailures:
    def failing(self, consumer, times, **options):
        """Return a consumer whose handler fails so often for the event 2."""
        bot = consumer(start="beginning", **options)
        calls = []

        @bot.on()
        def handler(event):
            calls.append(event["data"]["n"])
            if event["data"]["n"] == 2 and calls.count(2) <= times:
                raise ZeroDivisionError("broken")
            if event["data"]["n"] == 3:
                bot.stop()

        return bot, calls

    def test_a_handler_is_called_again(self, kitsu, consumer):
        emit(kitsu, 1, 2, 3)
        bot, calls = self.failing(consumer, times=3)
        bot.run()
        assert calls == [1, 2, 2, 2, 2, 3]
        assert bot.counters["retried"] == 3

    def test_it_stops_and_delivers_the_event_again(self, kitsu, consumer):
        emit(kitsu, 1, 2, 3)
        bot, calls = self.failing(consumer, times=2, retries=1)
        with pytest.raises(ZeroDivisionError):
            bot.run()
        assert calls == [1, 2, 2]
        bot.run()
        assert calls == [1, 2, 2, 2, 3]

    def test_an_event_is_skipped_and_retried(self, kitsu, consumer, folder):
        emit(kitsu, 1, 2, 3)
        bot, calls = self.failing(
            consumer, times=2, retries=1, on_error="skip"
        )
        bot.run()
        assert calls == [1, 2, 2, 3]
        assert bot.counters["skipped"] == 1
        line = (folder / "bot.skipped").read_text()
        entry = json.loads(line)
        assert entry["event"]["data"] == {"n": 2}
        assert "ZeroDivisionError: broken" in entry["error"]
        assert bot.retry_skipped() == 1
        emit(kitsu, 3)
        bot.run()
        assert calls == [1, 2, 2, 3, 2, 3]
        assert not (folder / "bot.skipped").exists()
        assert bot.retry_skipped() == 0

    def test_a_running_consumer_retries(self, kitsu, consumer, monkeypatch):
        monkeypatch.setattr(running, "RETRY_INTERVAL", 0.1)
        bot, calls = self.failing(
            consumer, times=1, retries=0, on_error="skip"
        )
        end = consumer.start(bot)
        emit(kitsu, 1, 2)
        wait_for(lambda: bot.counters["skipped"])
        # Another process does this. The event is counted before it is written.
        assert wait_for(lambda: consumer().retry_skipped()) == 1
        wait_for(lambda: calls == [1, 2, 2])
        end()

    @pytest.mark.parametrize("answer", ["stop", "skip", None, "odd"])
    def test_a_function_decides(self, kitsu, consumer, answer):
        asked = []

        def decide(event, error):
            asked.append((event["data"]["n"], type(error)))
            return answer

        emit(kitsu, 1, 2, 3)
        bot, calls = self.failing(
            consumer, times=9, retries=0, on_error=decide
        )
        if answer in ("skip", None):
            bot.run()
            assert calls == [1, 2, 3]
        else:
            expected = {"stop": ZeroDivisionError, "odd": ValueError}[answer]
            with pytest.raises(expected):
                bot.run()
        assert asked == [(2, ZeroDivisionError)]

    def test_only_the_failing_handler_is_called_again(self, kitsu, consumer):
        bot = consumer(start="beginning")
        calls = []
        bot.on()(lambda event: calls.append("first"))

        @bot.on()
        def second(event):
            calls.append("second")
            if len(calls) < 4:
                raise OSError
            bot.stop()

        emit(kitsu, 1)
        bot.run()
        assert calls == ["first", "second", "second", "second"]

    def test_a_stop_ends_the_wait_for_the_next_attempt(self, kitsu, consumer):
        emit(kitsu, 2)
        bot, calls = self.failing(consumer, times=1, backoff=3000)
        end = consumer.start(bot)
        wait_for(lambda: calls)
        end()
        again, calls = self.failing(consumer, times=0)
        emit(kitsu, 3)
        again.run()
        assert calls == [2, 3]


class TestCheckpoints:
    def test_a_path(self, kitsu, consumer, tmp_path):
        path = tmp_path / "elsewhere" / "c.json"
        emit(kitsu, 1)
        options = dict(start="beginning", checkpoint=path)
        assert run_until(consumer(**options), 1) == [1]
        emit(kitsu, 2)
        assert run_until(consumer(**options), 1) == [2]
        assert path.exists()

    def test_an_object(self, kitsu, consumer):
        class Stored:
            state = None
            saved = 0

            def load(self):
                return json.loads(self.state) if self.state else None

            def save(self, state):
                self.state = json.dumps(state)
                self.saved += 1

        stored = Stored()
        emit(kitsu, 1, 2)
        options = dict(start="beginning", checkpoint=stored)
        assert run_until(consumer(**options), 2) == [1, 2]
        assert stored.saved == 3
        emit(kitsu, 3)
        assert run_until(consumer(**options), 1) == [3]

    def test_a_broken_file_is_kept_aside(
        self, kitsu, consumer, folder, caplog
    ):
        (folder / "bot.checkpoint").write_text("{broken")
        emit(kitsu, 1)
        assert run_until(consumer(start="beginning"), 1) == [1]
        assert (folder / "bot.checkpoint.broken-1").read_text() == "{broken"
        assert "bot.checkpoint.broken-1" in caplog.text

    def test_that_of_another_server_is_an_error(self, kitsu, consumer):
        emit(kitsu, 1)
        run_until(consumer(start="beginning"), 1)
        with gazu.testing.KitsuServer() as other:
            bot = consumer(client=other.log_in())
            bot.on()(print)
            with pytest.raises(ValueError, match="belongs to " + kitsu.host):
                bot.run()

    def test_only_one_consumer_of_a_name_runs(self, kitsu, hear, consumer):
        bot, _, _ = hear()
        with pytest.raises(RuntimeError, match="already running"):
            bot.run()
        second = consumer()
        second.on()(print)
        with pytest.raises(RuntimeError, match="already running on this"):
            second.run()
        other = consumer(name="other", start="beginning")
        emit(kitsu, 1)
        assert run_until(other, 1) == [1]

    def test_a_full_disk_ends_the_run(self, kitsu, consumer, monkeypatch):
        def fail(*args):
            raise OSError(28, "No space left on device")

        emit(kitsu, 1)
        bot = consumer(start="beginning")
        bot.on()(lambda event: None)
        monkeypatch.setattr(running.FileStorage, "add", fail)
        with pytest.raises(OSError, match="No space"):
            bot.run()


class TestEnding:
    PROGRAM = """
        import sys, time, gazu
        client = gazu.client.create_client({host!r}, access_token={token!r})
        bot = gazu.events.Consumer("bot", "shot:*", client=client, start="beginning")
        @bot.on()
        def handler(event):
            print("begin", event["data"]["n"], flush=True)
            time.sleep(0.5)
            print("end", event["data"]["n"], flush=True)
        bot.run()
        print("ended", flush=True)
        """

    def start(self, client):
        program = self.PROGRAM.format(
            host=client.host, token=client.access_token
        )
        return subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(program)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @needs.signals
    @pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGKILL"])
    def test_signals(self, kitsu, client, name):
        emit(kitsu, 1, 2, 3)
        process = self.start(client)
        try:
            assert process.stdout.readline() == "begin 1\n"
            process.send_signal(getattr(signal, name))
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
            process.communicate()
        if name == "SIGTERM":
            assert out == "end 1\nended\n" and process.returncode == 0, err
        else:
            assert out == "" and process.returncode != 0
        # What was handled is not repeated, and nothing is missing.
        process = self.start(client)
        try:
            first = process.stdout.readline()
        finally:
            process.kill()
            process.communicate()
        assert first == ("begin 2\n" if name == "SIGTERM" else "begin 1\n")

    @needs.signals
    def test_sigterm_ends_a_wait(self, kitsu, client):
        process = self.start(client)
        try:
            emit(kitsu, 1)
            assert process.stdout.readline() == "begin 1\n"
            assert process.stdout.readline() == "end 1\n"
            process.terminate()
            out, err = process.communicate(timeout=30)
        finally:
            process.kill()
            process.communicate()
        assert out == "ended\n", err

    def test_the_signal_handler_is_restored(self, kitsu, consumer):
        before = signal.getsignal(signal.SIGTERM)
        emit(kitsu, 1)
        run_until(consumer(start="beginning"), 1)
        assert signal.getsignal(signal.SIGTERM) == before

    def test_no_thread_remains(self, kitsu, consumer):
        emit(kitsu, 1)
        run_until(consumer(start="beginning"), 1)
        wait_for(
            lambda: (
                not [
                    thread
                    for thread in threading.enumerate()
                    if thread.name == "gazu.events"
                ]
            )
        )

    def test_on_idle(self, kitsu, consumer):
        emit(kitsu, 1)
        states = []

        def idle(bot):
            states.append((bot.counters["handled"], bot.lag))
            if len(states) == 2:
                bot.stop()

        bot = consumer(start="beginning", on_idle=idle)
        bot.on()(lambda event: None)
        bot.run()
        assert [handled for handled, _ in states] == [1, 1]


class TestLoops:
    def test_for(self, kitsu, consumer):
        emit(kitsu, 1, 2, 3)
        bot = consumer("shot:*", start="beginning")
        got = []
        for event in bot:
            got.append(event["data"]["n"])
            if len(got) == 2:
                bot.stop()
        again = consumer("shot:*")
        for event in again:
            got.append(event["data"]["n"])
            break
        # After a break, the event counts as not handled.
        for event in consumer("shot:*"):
            got.append(event["data"]["n"])
            break
        assert got == [1, 2, 3, 3]

    def test_async_for(self, kitsu, consumer):
        emit(kitsu, 1, 2)
        bot = consumer("shot:*", start="beginning")
        got = []

        async def work():
            async for event in bot:
                got.append(event["data"]["n"])
                if len(got) == 3:
                    bot.stop()

        async def main():
            task = asyncio.ensure_future(work())
            while len(got) < 2:
                await asyncio.sleep(0.01)
            emit(kitsu, 3)
            await asyncio.wait_for(task, 30)

        asyncio.run(main())
        assert got == [1, 2, 3]

    def test_async_for_is_cancelled(self, kitsu, consumer):
        bot = consumer("shot:*", start="beginning")
        got = []

        async def work():
            async for event in bot:
                got.append(event["data"]["n"])

        async def main():
            task = asyncio.ensure_future(work())
            emit(kitsu, 1)
            while not got:
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asyncio.wait_for(task, 30)

        asyncio.run(main())
        # The lock is released.
        emit(kitsu, 2)
        assert run_until(consumer("shot:*"), 1) in ([1], [2])


class TestBadInput:
    @pytest.mark.parametrize("name", ["", "a/b", "..", "a b", "é", "x" * 101])
    def test_the_name_is_that_of_files(self, name):
        with pytest.raises(ValueError, match="cannot be the name"):
            gazu.events.Consumer(name)
        with pytest.raises(TypeError):
            gazu.events.Consumer(None)

    @pytest.mark.parametrize(
        "argument, value, error",
        [
            ("names", ["task"], ValueError),
            ("names", [], ValueError),
            ("names", 3, TypeError),
            ("project", "Lama", ValueError),
            ("client", "http://h", TypeError),
            ("checkpoint", 3, TypeError),
            ("start", "yesterday", ValueError),
            ("start", 3, TypeError),
            ("retries", -1, ValueError),
            ("retries", 1.5, TypeError),
            ("retries", "1", TypeError),
            ("on_error", "ignore", ValueError),
            ("on_idle", "x", TypeError),
            ("overlap", -1, ValueError),
            ("settle", float("nan"), ValueError),
            ("poll", float("inf"), ValueError),
            ("backoff", True, TypeError),
        ],
    )
    def test_an_argument_is_checked(self, argument, value, error):
        with pytest.raises(error, match=argument.rstrip("s")):
            gazu.events.Consumer("bot", **{argument: value})

    def test_an_asynchronous_client_is_an_error(self):
        client = gazu.aio.AsyncKitsuClient("http://h")
        with pytest.raises(TypeError, match="client"):
            gazu.events.Consumer("bot", client=client)

    def test_handlers_are_checked(self):
        bot = gazu.events.Consumer("bot", ["task:*"])
        with pytest.raises(ValueError, match="has no handler"):
            bot.run()
        with pytest.raises(ValueError, match="does not receive shot:new"):
            bot.on("shot:new")
        with pytest.raises(ValueError, match="no event name"):
            bot.on("task")
        with pytest.raises(TypeError, match="cannot be called"):
            bot.on("task:new")("print")

        async def handler(event):
            pass

        with pytest.raises(TypeError, match="async for"):
            bot.on()(handler)
        bot.on("task:new")(print)
        bot.on("*")(print)

    def test_nothing_is_sent(self, server, consumer):
        client = gazu.client.create_client(server.url + "/api")
        bot = consumer(client=client)
        with pytest.raises(ValueError):
            bot.run()
        assert server.requests == [] and not bot.connected and bot.lag == 0
        assert bot.replays is None
        bot.stop()


def test_the_log_names_the_consumer_but_no_token(
    kitsu, client, consumer, caplog
):
    caplog.set_level(logging.DEBUG)
    emit(kitsu, 1)
    run_until(consumer(start="beginning"), 1)
    assert client.access_token not in caplog.text


def test_files_are_private(kitsu, consumer, tmp_path, monkeypatch):
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "new"))
    emit(kitsu, 1)
    run_until(consumer(start="beginning"), 1)
    if os.name == "posix":
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
        for path in (tmp_path / "new").iterdir():
            assert path.stat().st_mode & 0o077 == 0

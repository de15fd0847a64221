from __future__ import annotations

import datetime
import inspect
import time

import gazu
import pytest
from gazu import cache
from gazu import client as raw

from .recording_server import Answer


@pytest.fixture
def counted():
    """A cached function that counts its calls, and the list of them."""
    calls = []

    def double(number, plus=0, client=None):
        """Twice the number."""
        calls.append((number, plus))
        return {"value": [number * 2 + plus]}

    wrapped = cache.cache(double)
    cache.enable()
    yield wrapped, calls
    cache.cached_functions.remove(wrapped)


class TestSwitch:
    def test_the_cache_is_off_at_first(self, python):
        assert python(
            "import gazu; print(gazu.cache.cache_settings)"
        ).stdout == ("{'enabled': False}\n")

    def test_enable_and_disable_return_the_state(self):
        assert cache.enable() is True
        assert cache.cache_settings["enabled"] is True
        assert cache.disable() is False
        assert cache.cache_settings == {"enabled": False}

    def test_a_disabled_cache_calls_each_time(self, counted):
        double, calls = counted
        cache.disable()
        double(1), double(1)
        assert len(calls) == 2
        assert double.get_cache_infos()["current_size"] == 0

    def test_changed_settings_apply_at_once(self, counted):
        double, calls = counted
        cache.cache_settings["enabled"] = False
        double(1), double(1)
        cache.cache_settings["enabled"] = True
        double(1), double(1)
        assert len(calls) == 3

    def test_one_function_may_be_excluded(self, counted):
        double, calls = counted
        double.disable_cache()
        double(1), double(1)
        double.enable_cache()
        double(1), double(1)
        assert len(calls) == 3

    def test_is_cache_enabled(self):
        cache.enable()
        assert cache.is_cache_enabled({"enabled": True})
        assert not cache.is_cache_enabled({"enabled": False})
        cache.disable()
        assert not cache.is_cache_enabled({"enabled": True})


class TestHits:
    def test_hits_are_counted(self, counted):
        double, calls = counted
        for number in (1, 1, 2, 1):
            double(number)
        assert calls == [(1, 0), (2, 0)]
        assert double.get_cache_infos() == {
            "enabled": True,
            "expire": 120,
            "maxsize": 300,
            "hits": 2,
            "misses": 2,
            "expired_hits": 0,
            "current_size": 2,
        }

    def test_a_hit_returns_a_copy(self, counted):
        double, _calls = counted
        first = double(1)
        first["value"].append("changed")
        second = double(1)
        assert second == {"value": [2]}
        second["value"].append("changed")
        assert double(1) == {"value": [2]}

    def test_positional_and_keyword_arguments_differ(self, counted):
        double, calls = counted
        double(1), double(number=1), double(1, 0), double(1, plus=0)
        assert len(calls) == 4

    def test_exceptions_are_not_cached(self):
        calls = []

        @cache.cache
        def fail(n):
            calls.append(n)
            raise KeyError(n)

        cache.enable()
        for _ in range(2):
            with pytest.raises(KeyError):
                fail(1)
        assert len(calls) == 2
        cache.cached_functions.remove(fail)

    def test_arguments_that_are_not_json_raise(self, counted):
        double, _calls = counted
        with pytest.raises(TypeError):
            double({1})

    def test_clear_removes_the_entries(self, counted):
        double, calls = counted
        double(1)
        double.clear_cache()
        double(1)
        cache.clear_all()
        double(1)
        assert len(calls) == 3
        assert cache.clear_all() is None

    def test_clearing_keeps_the_statistics(self, counted):
        double, _calls = counted
        double(1), double(1)
        double.clear_cache()
        infos = double.get_cache_infos()
        assert (infos["hits"], infos["misses"], infos["current_size"]) == (
            1,
            1,
            0,
        )


class TestExpiry:
    def test_an_expiry_may_be_set(self, counted):
        double, calls = counted
        double.set_cache_expire(0.05)
        double(1), double(1)
        time.sleep(0.06)
        double(1)
        assert len(calls) == 2
        infos = double.get_cache_infos()
        assert (infos["expire"], infos["hits"], infos["expired_hits"]) == (
            0.05,
            1,
            1,
        )

    def test_a_hit_does_not_extend_the_expiry(self, counted):
        double, calls = counted
        double.set_cache_expire(0.1)
        for _ in range(4):
            double(1)
            time.sleep(0.04)
        assert len(calls) == 2

    @pytest.mark.parametrize("never", [0, -1])
    def test_zero_and_negative_never_expire(self, counted, never):
        double, calls = counted
        double.set_cache_expire(never)
        double(1)
        time.sleep(0.02)
        double(1)
        assert len(calls) == 1

    @pytest.mark.parametrize(
        "age, expire, expired",
        [(110, 120, False), (130, 120, True), (9999, 0, False)],
    )
    def test_is_cache_expired(self, age, expire, expired):
        accessed = datetime.datetime.now() - datetime.timedelta(seconds=age)
        memo = {"k": {"date_accessed": accessed, "value": 1}}
        assert cache.is_cache_expired(memo, {"expire": expire}, "k") is expired


class TestSize:
    def test_the_oldest_entry_is_removed(self, counted):
        double, calls = counted
        double.set_cache_max_size(2)
        for number in (1, 2, 1, 3):
            double(number)
            time.sleep(0.001)
        assert double.get_cache_infos()["current_size"] == 2
        calls.clear()
        double(2), double(3)
        assert calls == []
        double(1)
        assert calls == [(1, 0)]

    @pytest.mark.parametrize("size", [0, -1])
    def test_zero_and_negative_have_no_limit(self, counted, size):
        double, _calls = counted
        double.set_cache_max_size(size)
        for number in range(400):
            double(number)
        assert double.get_cache_infos()["current_size"] == 400

    def test_the_default_limit_is_300(self, counted):
        double, _calls = counted
        for number in range(310):
            double(number)
        assert double.get_cache_infos()["current_size"] == 300

    def test_remove_oldest_entry(self):
        day = datetime.datetime
        memo = {
            "a": {"date_accessed": day(2026, 1, 2), "value": 1},
            "b": {"date_accessed": day(2026, 1, 1), "value": 2},
        }
        assert cache.remove_oldest_entry(memo, 2) is None
        assert cache.remove_oldest_entry(memo, 0) is None
        assert cache.remove_oldest_entry(memo, 1) == "b"
        assert list(memo) == ["a"]


class TestKeys:
    @pytest.mark.parametrize(
        "args, kwargs, key",
        [
            ((), {}, ""),
            ((1, "a"), {}, '[1, "a"]'),
            ((), {"a": 1}, '{"a": 1}'),
            ((1,), {"a": 1}, '[[1], {"a": 1}]'),
            ([], {}, ""),
            (({"id": 1},), {}, '[{"id": 1}]'),
        ],
    )
    def test_the_key_is_a_text(self, args, kwargs, key):
        assert cache.get_cache_key(args, kwargs) == key

    def test_a_client_is_known_by_host_and_token(self):
        def key(host="http://h", token="a"):
            client = raw.KitsuClient(host, access_token=token)
            return cache.get_cache_key((), {"client": client})

        assert key() == key()
        assert (
            len({key(), key(token="b"), key(token=None), key(host="http://g")})
            == 4
        )
        assert "http://h" in key(token="secret") and "secret" not in key(
            token="secret"
        )

    def test_the_callers_keywords_are_not_changed(self):
        client = raw.KitsuClient("http://h")
        kwargs = {"client": client}
        cache.get_cache_key((), kwargs)
        assert kwargs == {"client": client}

    def test_a_positional_client_raises(self, counted):
        double, _calls = counted
        with pytest.raises(TypeError):
            double(1, 0, raw.KitsuClient("http://h"))


class TestDecorator:
    def test_the_decorator_keeps_name_and_text(self, counted):
        double, _ = counted
        assert double.__name__ == "double"
        assert double.__doc__ == "Twice the number."
        assert list(inspect.signature(double).parameters) == [
            "number",
            "plus",
            "client",
        ]
        assert callable(double.__wrapped__)

    def test_a_decorated_function_is_registered(self, counted):
        assert counted[0] in cache.cached_functions

    def test_a_function_may_have_its_own_limits(self):
        function = cache.cache(lambda: 1, maxsize=5, expire=7)
        infos = function.get_cache_infos()
        assert (infos["maxsize"], infos["expire"]) == (5, 7)
        cache.cached_functions.remove(function)

    def test_values_can_be_inserted_and_read(self):
        store = {}
        assert cache.insert_value(lambda n: [n], store, (1,), {}) == [1]
        assert list(store) == ["[1]"]
        assert set(store["[1]"]) == {"date_accessed", "value"}
        assert cache.get_value(store, "[1]") == [1]
        assert cache.get_value(store, "[1]") is not store["[1]"]["value"]


class TestFunctionsOfGazu:
    def test_the_cache_saves_requests(self, server, default):
        server.on("GET", "data/projects/open", [{"name": "b"}, {"name": "a"}])
        cache.enable()
        for _ in range(3):
            assert [p["name"] for p in gazu.project.all_open_projects()] == [
                "a",
                "b",
            ]
        assert len(server.requests) == 1
        gazu.project.all_open_projects.clear_cache()
        gazu.project.all_open_projects()
        assert len(server.requests) == 2

    def test_clients_have_separate_entries(self, server, default):
        server.on("GET", "data/projects/open", [])
        cache.enable()
        for token in ("a", "b", "a"):
            client = raw.KitsuClient(default.host, access_token=token)
            gazu.project.all_open_projects(client=client)
        assert len(server.requests) == 2

    @pytest.mark.beyond
    def test_users_of_the_default_client_have_separate_entries(
        self, server, default
    ):
        """A user does not receive what another user has fetched."""

        def answer(request):
            return Answer([{"name": request.header("Authorization")}])

        server.on("GET", "data/projects/open", answer)
        cache.enable()
        for token in ("a", "b", "a", "b"):
            default.access_token = token
            (project,) = gazu.project.all_open_projects()
            assert project["name"] == "Bearer " + token
        assert len(server.requests) == 2
        for name in ("u", "v"):
            login = {"login": True, "access_token": name}
            server.on("POST", "auth/login", login)
            gazu.log_in(name, "password")
            (project,) = gazu.project.all_open_projects()
            assert project["name"] == "Bearer " + name

    @pytest.mark.beyond
    def test_hosts_of_the_default_client_have_separate_entries(
        self, server, default
    ):
        server.on("GET", "*", lambda request: Answer([{"name": request.path}]))
        cache.enable()
        for part in ("api", "other", "api"):
            gazu.set_host(server.url + "/" + part)
            (project,) = gazu.project.all_open_projects()
            assert project["name"].startswith("/" + part + "/")
        assert len(server.requests) == 2

    @pytest.mark.beyond
    def test_functions_of_scripts_have_separate_entries_for_users(
        self, server, default
    ):
        server.on("GET", "*", lambda r: Answer(r.header("Authorization")))

        @cache.cache
        def mine(path):
            return raw.get(path)

        cache.enable()
        try:
            for token in ("a", "b", "a"):
                default.access_token = token
                assert mine("data/x") == "Bearer " + token
            assert mine.get_cache_infos()["misses"] == 2
        finally:
            cache.cached_functions.remove(mine)

    @pytest.mark.beyond
    def test_a_result_is_not_cached_when_the_user_changes_meanwhile(
        self, server, default
    ):
        """After a login during a call it is unknown whose answer it is."""

        def answer(request):
            default.access_token = "b"
            return Answer([{"name": "of a"}])

        default.access_token = "a"
        server.on("GET", "data/projects/open", answer)
        cache.enable()
        gazu.project.all_open_projects()
        server.on("GET", "data/projects/open", [{"name": "of b"}])
        assert gazu.project.all_open_projects() == [{"name": "of b"}]
        default.access_token = "a"
        assert gazu.project.all_open_projects() == [{"name": "of b"}]
        assert len(server.requests) == 3

    def test_every_cached_function_is_registered(self):
        assert gazu.task.all_task_types in cache.cached_functions
        assert len(cache.cached_functions) > 150

    def test_results_may_be_changed(self, server, default):
        server.on("GET", "data/projects/open", Answer([{"name": "a"}]))
        cache.enable()
        gazu.project.all_open_projects()[0]["name"] = "changed"
        assert gazu.project.all_open_projects() == [{"name": "a"}]

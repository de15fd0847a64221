"""
What 40 public projects do with gazu, written as in their sources.

The other modules of this folder test their mocks, sessions and adapters, and how they
vendor, pickle and reload the package.
"""

from __future__ import annotations

import copy
import functools
import importlib
import importlib.util
import json
import os
import pickle
import threading
import time

import gazu
import gazu.client as raw
import pytest

from .. import needs
from ..recording_server import Answer, SilentPort, free_port, redirect

ID = "a24a6ea4-ce75-4665-a070-57453082c256"
LOGIN = {
    "access_token": "access",
    "refresh_token": "refresh",
    "user": {"id": ID, "full_name": "Ann"},
    "login": True,
    "ldap": False,
}


class TestDefaultClient:
    def test_it_is_one_object_and_the_default_argument(self):
        import inspect

        for function in (
            gazu.log_in,
            gazu.client.get,
            gazu.task.all_tasks_for_shot,
            gazu.files.download_preview_file,
            gazu.sync.get_last_events,
        ):
            default = inspect.signature(function).parameters["client"].default
            assert default is raw.default_client

    def test_its_host_may_be_set(self, server, other_server, default):
        gazu.client.get("data/x")
        gazu.set_host(other_server.url + "/api")
        assert gazu.get_host() == default.host == other_server.url + "/api"
        gazu.client.get("data/x")
        default.host = server.url + "/api/"
        gazu.client.get("/data/y")
        assert [r.path for r in server.requests] == [
            "/api/data/x",
            "/api/data/y",
        ]
        assert len(other_server.requests) == 1

    def test_its_event_host_may_be_set(self, default):
        gazu.set_event_host("https://events")
        assert gazu.get_event_host() == default.event_host == "https://events"
        default.event_host = None
        assert gazu.get_event_host() == default.host

    def test_its_tokens_may_be_set(self, server, default):
        default.access_token = "a"
        gazu.client.get("data/x")
        default.tokens = {"access_token": "b", "refresh_token": "r"}
        assert (default.access_token, default.refresh_token) == ("b", "r")
        gazu.client.get("data/x")
        default.tokens["access_token"] = "c"
        gazu.client.get("data/x")
        default.refresh_token = "s"
        assert default.tokens == {"access_token": "c", "refresh_token": "s"}
        assert [r.header("Authorization") for r in server.requests] == [
            "Bearer a",
            "Bearer b",
            "Bearer c",
        ]

    def test_use_refresh_token_may_be_set(self, server, default):
        default.refresh_token = "r"
        server.on(
            "GET",
            "data/x",
            Answer({"message": "Signature has expired"}, status=401),
            {"a": 1},
        )
        server.on("GET", "auth/refresh-token", {"access_token": "new"})
        default.use_refresh_token = False
        with pytest.raises(gazu.exception.NotAuthenticatedException):
            gazu.client.get("data/x")
        server.on(
            "GET",
            "data/x",
            Answer({"message": "Signature has expired"}, status=401),
            {"a": 1},
        )
        default.use_refresh_token = True
        assert gazu.client.get("data/x") == {"a": 1}
        assert default.access_token == "new"

    def test_its_session_may_be_replaced(self, server, default):
        class Session:
            def get(self, url, headers):
                return Reply()

        class Reply:
            status_code = 200

            def json(self):
                return ["mine"]

        own, default.session = default.session, Session()
        try:
            assert gazu.client.get("data/x") == ["mine"]
        finally:
            default.session = own
        assert gazu.client.get("data/x") == {}


class TestTokens:
    def test_tokens_are_the_answer_to_a_login(self, server, default):
        server.on("POST", "auth/login", LOGIN)
        reply = gazu.log_in("ann@studio", "secret")
        assert reply == LOGIN
        assert type(default.tokens) is dict and default.tokens is reply
        assert server.last.json()["email"] == "ann@studio"
        assert server.last.json()["password"] == "secret"

    def test_tokens_are_empty_after_a_logout(self, default):
        default.tokens = dict(LOGIN)
        assert gazu.log_out() == {}
        assert default.tokens == {}
        assert default.access_token is None

    def test_tokens_can_be_saved_and_set_again(
        self, server, default, tmp_path
    ):
        server.on("POST", "auth/login", LOGIN)
        gazu.log_in("ann", "secret")
        saved = tmp_path / "tokens.json"
        saved.write_text(json.dumps(gazu.client.default_client.tokens))
        gazu.log_out()
        tokens = json.loads(saved.read_text())
        gazu.client.set_tokens(tokens)
        assert default.tokens is tokens
        gazu.client.get("data/x")
        assert server.last.header("Authorization") == "Bearer access"

    def test_tokens_may_come_from_the_environment(
        self, server, default, monkeypatch
    ):
        monkeypatch.setenv("KITSU_TOKEN", "t")
        gazu.set_token(os.environ["KITSU_TOKEN"])
        assert default.tokens == {"access_token": "t"}
        gazu.client.get("data/x")
        assert server.last.header("Authorization") == "Bearer t"
        gazu.set_token({"access_token": "u"})
        assert default.access_token == "u"

    def test_tokens_of_none_raise(self, server, default):
        gazu.client.set_tokens(None)
        assert default.tokens is None
        with pytest.raises(AttributeError):
            gazu.client.get("data/x")
        assert server.requests == []

    def test_tokens_may_be_changed_in_place(self, server, default):
        default.tokens = tokens = {}
        tokens["access_token"] = "a"
        gazu.client.get("data/x")
        assert server.last.header("Authorization") == "Bearer a"
        tokens.clear()
        gazu.client.get("data/x")
        assert server.last.header("Authorization") is None


class TestLogin:
    def test_a_rejected_login_raises(self, server, default):
        server.on("POST", "auth/login", Answer({"message": "no"}, status=400))
        with pytest.raises(gazu.AuthFailedException):
            gazu.log_in("ann", "wrong")
        server.on("POST", "auth/login", {"login": False})
        with pytest.raises(gazu.exception.AuthFailedException):
            gazu.log_in("ann", "wrong")

    def test_several_servers_may_be_used(self, server, other_server):
        for running, token in ((server, "one"), (other_server, "two")):
            running.on("POST", "auth/login", dict(LOGIN, access_token=token))
        clients = [
            gazu.client.create_client(running.url + "/api")
            for running in (server, other_server)
        ]
        for client in clients:
            gazu.log_in("ann", "secret", client=client)
            gazu.client.get("data/x", client=client)
        assert server.last.header("Authorization") == "Bearer one"
        assert other_server.last.header("Authorization") == "Bearer two"


class TestSessionRequest:
    """``session.request = wrapper``: the way to add a timeout."""

    def test_a_wrapper_receives_every_request(self, server, default):
        seen = []
        session = default.session
        original = session.request

        @functools.wraps(original)
        def request(method, url, **kwargs):
            kwargs.setdefault("timeout", 5)
            seen.append((method, kwargs["timeout"]))
            return original(method, url, **kwargs)

        session.request = request
        try:
            server.on("GET", "data/projects/open", [])
            gazu.project.all_open_projects()
            gazu.client.post("data/x", {})
            gazu.client.download("data/x", None)
            gazu.client.upload("data/x", files={"f": b"a"})
        finally:
            del session.request
        gazu.client.get("data/x")
        assert seen == [("GET", 5), ("POST", 5), ("GET", 5), ("POST", 5)]

    def test_the_timeout_of_a_wrapper_applies(self, server, client):
        client.session.request = functools.partial(
            client.session.request, timeout=(10, 0.5)
        )
        server.on("GET", "data/x", Answer(hang="headers"))
        with pytest.raises(OSError) as caught:
            raw.get("data/x", client=client)
        assert type(caught.value).__name__ == "ReadTimeout"

    def test_headers_of_a_gateway_are_sent(self, server, default):
        """The User-Agent stays that of gazu, as upstream's does."""
        own = default.session.headers["User-Agent"]
        default.session.headers.update(
            {"CF-Access-Client-Id": "id", "User-Agent": "Mozilla/5.0"}
        )
        try:
            gazu.client.get("data/x")
            gazu.client.upload("data/x", files={"f": b"a"})
            default.session.get(default.host + "/data/x")
        finally:
            del default.session.headers["CF-Access-Client-Id"]
            default.session.headers["User-Agent"] = own
        sent = [
            {name.lower(): value for name, value in request.headers}
            for request in server.requests
        ]
        assert [headers["cf-access-client-id"] for headers in sent] == [
            "id",
            "id",
            "id",
        ]
        assert [headers["user-agent"] for headers in sent] == [
            "CGWire Gazu " + gazu.__version__,
            "CGWire Gazu " + gazu.__version__,
            "Mozilla/5.0",
        ]

    def test_any_attribute_may_be_set(self, server, client):
        client.session.timeout = 5
        client.session.studio = {"name": "x"}
        assert client.session.studio == {"name": "x"}
        assert raw.get("data/x", client=client) == {}


class TestRawVerbs:
    """Scripts call ``gazu.client.get`` and the other verbs with their own paths."""

    @pytest.mark.parametrize("slash", ["", "/"])
    @pytest.mark.parametrize("host_slash", ["", "/"])
    def test_slashes_are_normalized(self, server, client, slash, host_slash):
        client.host += host_slash
        path = slash + "data/x"
        raw.get(path, client=client)
        raw.post(path, {}, client=client)
        raw.put(path, {}, client=client)
        raw.delete(path, client=client)
        raw.upload(path, files={"f": b"a"}, client=client)
        raw.download(path, None, client=client)
        raw.get_file_data_from_url(path, client=client)
        assert {r.target for r in server.requests} == {"/api/data/x"}
        assert raw.get_full_url(path, client=client) == (
            server.url + "/api/data/x"
        )

    def test_scripts_fetch_models(self, server, client):
        server.on("GET", "data/shots", [{"id": 1}, {"id": 2}])
        server.on("GET", "data/shots/a", {"id": 1})
        assert raw.fetch_all("shots", client=client) == [{"id": 1}, {"id": 2}]
        assert len(raw.fetch_all("shots?name=a", client=client)) == 2
        assert raw.fetch_first("shots", {"name": "a"}, client=client) == {
            "id": 1
        }
        assert raw.fetch_one("shots", "a", client=client) == {"id": 1}
        assert [r.target for r in server.requests] == [
            "/api/data/shots",
            "/api/data/shots?name=a",
            "/api/data/shots?name=a",
            "/api/data/shots/a",
        ]

    def test_scripts_create_and_update_models(self, server, client):
        raw.create("shots", {"name": "a"}, client=client)
        raw.update("shots", ID, {"name": "b"}, client=client)
        assert [(r.method, r.path, r.json()) for r in server.requests] == [
            ("POST", "/api/data/shots", {"name": "a"}),
            ("PUT", "/api/data/shots/" + ID, {"name": "b"}),
        ]

    def test_headers_can_be_used_for_other_requests(self, server, client):
        client.access_token = "t"
        headers = raw.make_auth_header(client=client)
        assert headers == {
            "User-Agent": "CGWire Gazu " + gazu.__version__,
            "Authorization": "Bearer t",
        }
        url = raw.get_full_url("data/x", client=client)
        response = client.session.get(url, headers=headers)
        assert response.json() == {}
        assert server.last.header("Authorization") == "Bearer t"

    def test_file_data_is_read(self, server, client):
        server.on("GET", "data/x", b"\x89PNG")
        url = server.url + "/api/data/x"
        assert (
            raw.get_file_data_from_url("data/x", client=client) == b"\x89PNG"
        )
        assert raw.get_file_data_from_url(url, True, client=client) == (
            b"\x89PNG"
        )

    def test_text_is_read(self, server, client):
        server.on("GET", "data/x", Answer(body="a,b", content_type="text/csv"))
        assert raw.get("data/x", json_response=False, client=client) == "a,b"


def test_all_forms_of_import_work(python):
    python(
        """
        import importlib, importlib.util
        assert importlib.util.find_spec("gazu.task") is not None
        import gazu.client as raw
        from gazu import client as other, project, shot
        from gazu.exception import RouteNotFoundException as X
        gazu = importlib.import_module("gazu")
        assert raw is other is gazu.raw is gazu.client
        assert gazu.project is project and gazu.shot is shot
        assert gazu.exception.RouteNotFoundException is X
        from gazu import raw as third
        assert third is raw
        from gazu.client import default_client, get, KitsuClient
        assert gazu.client.default_client is default_client
        """
    )


def test_names_that_upstream_leaks_exist():
    assert json.dumps({}, cls=gazu.client.CustomJSONEncoder) == "{}"
    for name in (
        "UploadFailedException",
        "NotAuthenticatedException",
        "NotAllowedException",
        "RouteNotFoundException",
        "ServerErrorException",
        "ParameterException",
        "MethodNotAllowedException",
        "TooBigFileException",
        "ValidationException",
        "PreviewFileProcessingException",
    ):
        assert getattr(gazu.client, name) is getattr(gazu.exception, name)
    assert gazu.AuthFailedException is gazu.exception.AuthFailedException
    assert gazu.cache.cache_settings["enabled"] is False
    assert gazu.client.__version__ == gazu.__version__
    assert gazu.client.logger.name == "gazu"


def test_libraries_that_upstream_leaks_exist():
    requests = pytest.importorskip("requests")
    for name in (
        "asset",
        "client",
        "files",
        "helpers",
        "playlist",
        "shot",
        "task",
    ):
        module = importlib.import_module("gazu." + name)
        assert module.requests is requests
    assert not hasattr(gazu.person, "requests")


class TestExceptions:
    @pytest.mark.parametrize(
        "status, name",
        [
            (400, "ParameterException"),
            (401, "NotAuthenticatedException"),
            (403, "NotAllowedException"),
            (404, "RouteNotFoundException"),
            (405, "MethodNotAllowedException"),
            (413, "TooBigFileException"),
            (422, "ValidationException"),
            (500, "ServerErrorException"),
            (502, "ServerErrorException"),
        ],
    )
    def test_a_status_raises_its_exact_class(
        self, server, client, status, name
    ):
        client.retries = 1
        server.on("GET", "data/x", Answer({}, status=status))
        kind = getattr(gazu.exception, name)
        caught = None
        try:
            raw.get("data/x", client=client)
        except Exception as error:
            caught = error
        assert type(caught) == kind  # noqa: E721 (as scripts compare)
        assert str(caught).strip("(',").startswith("data/x")

    def test_the_text_is_the_route(self, server, client):
        server.on("GET", "data/x", Answer({}, status=404))
        with pytest.raises(gazu.exception.RouteNotFoundException) as caught:
            raw.get("data/x", client=client)
        assert str(caught.value) == "data/x"
        assert caught.value.args == ("data/x",)

    def test_exceptions_can_be_made_and_changed(self):
        error = gazu.exception.RouteNotFoundException("data/x")
        error.status_code = 404
        assert (str(error), error.status_code) == ("data/x", 404)
        assert gazu.exception.NotAuthenticatedException().args == ()
        with pytest.raises(gazu.exception.GazuException):
            raise gazu.exception.ParameterException("a", "b")

    def test_exceptions_are_caught_beside_those_of_requests(self, client):
        requests = pytest.importorskip("requests")
        client.retries = 1
        hosts = {
            "http://127.0.0.1:%d/api" % free_port(): "ConnectionError",
            "kitsu/api": "MissingSchema",
            "ftp://kitsu/api": "InvalidSchema",
            "http:///api": "InvalidURL",
        }
        for host, name in hosts.items():
            client.host = host
            caught = None
            try:
                gazu.log_in("a", "b", client=client)
            except (
                gazu.exception.AuthFailedException,
                gazu.exception.ServerErrorException,
                requests.exceptions.ConnectionError,
                requests.exceptions.MissingSchema,
                requests.exceptions.InvalidSchema,
                requests.exceptions.InvalidURL,
            ) as error:
                caught = error
            assert isinstance(caught, getattr(requests.exceptions, name))
            assert isinstance(caught, requests.exceptions.RequestException)
            if name == "ConnectionError":
                assert caught.request.url == host + "/auth/login"
                assert caught.request.method == "POST"
                assert caught.response is None


class TestTypeError:
    """One plug-in passes an unknown keyword to find out whether it exists."""

    @pytest.mark.parametrize(
        "call",
        [
            lambda: gazu.task.get_task(ID, nonsense=1),
            lambda: gazu.client.get("x", nonsense=1),
            lambda: gazu.project.all_projects(nonsense=1),
            lambda: gazu.log_in("a", "b", nonsense=1),
            lambda: gazu.shot.all_shots_for_project(),
            lambda: gazu.files.download_preview_file(
                ID, "f", True, None, 1, 2
            ),
        ],
    )
    def test_an_invalid_call_raises_type_error(self, server, default, call):
        with pytest.raises(TypeError):
            call()
        assert server.requests == []

    def test_a_plug_in_finds_out_an_argument(self, server, client, make_file):
        def publish(**kwargs):
            return raw.upload("data/x", make_file(), client=client, **kwargs)

        try:
            publish(progress_callback=lambda done, total: None)
        except TypeError:
            raise AssertionError("progress_callback is known") from None


class TestDownload:
    def test_a_download_returns_a_response(self, server, client, tmp_path):
        server.on("GET", "data/x", Answer(body=b"film" * 1000, chunked=100))
        target = str(tmp_path / "film")
        response = raw.download("data/x", target, client=client)
        assert os.path.getsize(target) == 4000
        assert response.status_code == 200 and response.ok
        assert response.url == server.url + "/api/data/x"

    def test_a_missing_file_raises(self, server, client, tmp_path):
        server.on("GET", "data/x", Answer({}, status=404))
        target = tmp_path / "film"
        with pytest.raises(gazu.exception.RouteNotFoundException):
            raw.download("data/x", str(target), client=client)
        assert not target.exists()


class TestProgressCallbacks:
    def test_done_and_total_on_the_callers_thread(
        self, server, client, make_file, tmp_path
    ):
        seen = []

        def callback(done, total):
            seen.append((done, total, threading.get_ident()))

        server.on("GET", "data/x", bytes(300000))
        target = str(tmp_path / "film")
        raw.download(
            "data/x", target, client=client, progress_callback=callback
        )
        assert seen[-1] == (300000, 300000, threading.get_ident())
        del seen[:]
        path = make_file(content=bytes(300000))
        raw.upload("data/x", path, client=client, progress_callback=callback)
        assert seen[-1] == (300000, 300000, threading.get_ident())

    def test_a_callback_may_send_requests(self, server, client, tmp_path):
        """A Qt application processes its events there, and these may call gazu."""
        names = []

        def callback(done, total):
            if not names:
                names.append(raw.get("data/name", client=client))

        server.on("GET", "data/name", "a")
        server.on("GET", "data/x", Answer(size=1 << 22))
        target = str(tmp_path / "film")
        raw.download(
            "data/x", target, client=client, progress_callback=callback
        )
        assert names == ["a"]

    def test_a_callback_may_abort(self, server, client, tmp_path):
        class TooLarge(Exception):
            pass

        def callback(done, total):
            if total > 1000:
                raise TooLarge(total)

        server.on("GET", "data/x", Answer(size=1 << 24))
        target = tmp_path / "film"
        with pytest.raises(TooLarge):
            raw.download(
                "data/x",
                str(target),
                client=client,
                progress_callback=callback,
            )
        assert not target.exists()
        assert raw.get("data/y", client=client) == {}


def test_callback_not_authenticated_logs_in_again(server, client):
    server.on("POST", "auth/login", LOGIN)
    server.on(
        "GET",
        "data/x",
        lambda request: (
            {"a": 1}
            if request.header("Authorization") == "Bearer access"
            else Answer({}, status=401)
        ),
    )
    seen = []

    def callback(asking, path):
        seen.append((asking is client, path))
        gazu.log_in("ann", "secret", client=asking)
        return True

    client.callback_not_authenticated = callback
    assert raw.get("data/x", client=client) == {"a": 1}
    assert seen == [(True, "data/x")]
    assert client.tokens == LOGIN


class TestPatching:
    """The rest of gazu uses what a test replaces."""

    def test_patched_functions_are_called(self, monkeypatch, server, default):
        person = {"id": ID, "full_name": "Ann"}
        monkeypatch.setattr(
            gazu.client, "get_current_user", lambda *a, **k: person
        )
        assert gazu.client.get_current_user() == person
        monkeypatch.setattr(gazu.client, "fetch_one", lambda *a, **k: {"x": 1})
        assert gazu.shot.get_shot(ID) == {"x": 1}
        monkeypatch.setattr(gazu.client, "get", lambda *a, **k: [{"a": 1}])
        assert gazu.task.all_tasks_for_shot(ID) == [{"a": 1}]
        monkeypatch.setattr(
            gazu.client, "fetch_all", lambda *a, **k: [{"b": 2}]
        )
        assert gazu.project.all_projects() == [{"b": 2}]
        monkeypatch.setattr(gazu.client, "post", lambda *a, **k: {"p": 1})
        assert gazu.task.add_comment(ID, ID, "hello") == {"p": 1}
        monkeypatch.setattr(gazu.client, "download", lambda *a, **k: "d")
        assert gazu.files.download_person_avatar(ID, "f") == "d"
        monkeypatch.setattr(gazu, "log_in", lambda *a, **k: "in")
        assert gazu.log_in() == "in"
        assert server.requests == []

    @pytest.mark.parametrize("fake", [None, object()])
    def test_a_patched_default_client_is_used(
        self, monkeypatch, server, default, fake
    ):
        monkeypatch.setattr("gazu.client.default_client", fake)
        assert gazu.client.default_client is fake
        assert gazu.get_host() == default.host
        gazu.client.get("data/x")
        assert len(server.requests) == 1

    def test_copying_productions_uses_patched_functions(
        self, monkeypatch, server, client, default
    ):
        pushed = []
        monkeypatch.setattr(
            gazu.sync, "push_tasks", lambda *a, **k: pushed.append(a) or {}
        )
        gazu.sync.push_tasks({"id": ID}, "shots")
        assert len(pushed) == 1

    def test_a_patched_refresh_of_a_client_is_called(self, server, client):
        client.use_refresh_token, client.refresh_token = True, "r"
        calls = []

        def refresh():
            calls.append(1)
            client.access_token = "new"

        client.refresh_access_token = refresh
        expired = Answer({"message": "Signature has expired"}, status=401)
        server.on("GET", "data/x", expired, {"a": 1})
        assert raw.get("data/x", client=client) == {"a": 1}
        assert server.last.header("Authorization") == "Bearer new"
        assert calls == [1]


def test_results_may_be_changed(server, client):
    value = [{"id": ID, "name": "b", "data": {"k": 1}}, {"id": "2"}]
    server.on("GET", "data/x", value)
    result = raw.get("data/x", client=client)
    result.reverse()
    result[1]["data"]["k"] = 2
    again = raw.get("data/x", client=client)
    assert again == value
    merged = {**again[0], "name": "c"}
    assert merged["name"] == "c" and again[0]["name"] == "b"
    assert copy.deepcopy(again) == pickle.loads(pickle.dumps(again)) == value
    assert json.loads(json.dumps(again)) == value
    assert [type(again), type(again[0])] == [list, dict]
    assert list(again[0]) == ["id", "name", "data"]


class TestCache:
    def test_it_is_enabled_for_all_functions(self, server, default):
        server.on("GET", "data/task-types", [{"name": "a"}])
        gazu.cache.enable()
        assert gazu.cache.cache_settings["enabled"] is True
        first = gazu.task.all_task_types()
        first[0]["name"] = "changed"
        assert gazu.task.all_task_types() == [{"name": "a"}]
        asked = len(server.requests)
        gazu.cache.clear_all()
        gazu.task.all_task_types()
        assert len(server.requests) == asked + 1
        gazu.cache.disable()
        gazu.task.all_task_types()
        assert len(server.requests) == asked + 2

    def test_it_is_configured_for_one_function(self, server, default):
        function = gazu.task.all_task_types
        gazu.cache.enable()
        try:
            function.set_cache_expire(60)
            function.set_cache_max_size(5)
            function()
            function()
            infos = function.get_cache_infos()
            assert (infos["expire"], infos["maxsize"]) == (60, 5)
            assert infos["hits"] >= 1 and infos["current_size"] == 1
            function.clear_cache()
            assert function.get_cache_infos()["current_size"] == 0
            function.disable_cache()
            asked = len(server.requests)
            function()
            function()
            assert len(server.requests) == asked + 2
        finally:
            function.enable_cache()
            function.set_cache_expire(120)
            function.set_cache_max_size(300)

    def test_it_decorates_functions_of_scripts(self):
        calls = []

        @gazu.cache.cache
        def studio(name, client=None):
            """Mine."""
            calls.append(name)
            return {"name": name}

        assert (studio.__name__, studio.__doc__) == ("studio", "Mine.")
        assert studio.__wrapped__("a") == {"name": "a"}
        gazu.cache.enable()
        assert studio("b") == studio("b") == {"name": "b"}
        assert calls == ["a", "b"]


class TestThreads:
    def test_threads_share_one_client(self, server, client):
        server.on("*", "data/x", {"a": 1})
        results, errors = [], []

        def work(number):
            try:
                for _ in range(3):
                    results.append(raw.get("data/x", client=client))
                    raw.post("data/x", {"n": number}, client=client)
            except Exception as error:
                errors.append(error)

        threads = [
            threading.Thread(target=work, args=(number,))
            for number in range(30)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == [] and results == [{"a": 1}] * 90
        assert len(server.requests) == 180

    def test_a_timer_thread_sends_requests(self, server, client):
        done = threading.Event()

        def work():
            raw.get("data/x", client=client)
            done.set()

        timer = threading.Timer(0.01, work)
        timer.start()
        assert done.wait(10)
        timer.join()

    def test_dropped_clients_close_their_connections(self, server):
        for _ in range(50):
            client = gazu.client.create_client(server.url + "/api")
            raw.get("data/x", client=client)
        del client
        assert server.wait(lambda: len(server.open) <= 2)


@needs.fork
class TestForks:
    def test_a_process_forked_after_the_import_sends_requests(
        self, server, python
    ):
        python(
            """
            import multiprocessing, sys, gazu
            def listener():
                assert gazu.client.get("data/x") == {}
            gazu.set_host(sys.argv[1])
            gazu.client.get("data/x")
            context = multiprocessing.get_context("fork")
            children = [context.Process(target=listener) for _ in range(3)]
            for child in children: child.start()
            for child in children:
                child.join(20)
                assert child.exitcode == 0
            assert gazu.client.get("data/x") == {}
            """,
            server.url + "/api",
        )
        assert len(server.requests) == 5

    def test_a_forked_process_keeps_the_session(self, server, python):
        server.on(
            "GET",
            "data/x",
            Answer({}, headers=[("Set-Cookie", "k=v; Path=/")]),
        )
        python(
            """
            import os, sys, gazu
            gazu.set_host(sys.argv[1])
            gazu.client.default_client.session.headers["X-A"] = "1"
            gazu.client.get("data/x")
            child = os.fork()
            if child == 0:
                gazu.client.get("data/y")
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
            """,
            server.url + "/api",
        )
        assert server.last.path == "/api/data/y"
        assert server.last.header("Cookie") == "k=v"
        assert server.last.header("X-A") == "1"


class TestHostChecks:
    """Login dialogs call ``host_is_up`` and ``host_is_valid``."""

    def test_a_kitsu_is_up_and_valid(self, server, client):
        server.on("HEAD", "/api", Answer(body=b""))
        server.on("POST", "auth/login", Answer({}, status=400))
        assert raw.host_is_up(client=client) is True
        assert raw.host_is_up(client) is True
        assert raw.host_is_valid(client) is True

    def test_another_server_is_not_valid(self, server, client):
        server.on("HEAD", "/api", Answer(status=404, body=b""))
        assert not raw.host_is_up(client)
        assert not raw.host_is_valid(client)
        server.on("HEAD", "/api", redirect("/login"))
        assert not raw.host_is_up(client)
        server.on("HEAD", "/api", Answer(body=b""))
        server.on("POST", "auth/login", Answer({}, status=404))
        assert raw.host_is_up(client)
        assert not raw.host_is_valid(client)

    @pytest.mark.parametrize(
        "host",
        ["", "kitsu", "http://", "ftp://h", "http://no.such.host.invalid/api"],
    )
    def test_an_invalid_host_is_not_up(self, client, host):
        client.host = host
        assert raw.host_is_up(client) is False
        assert raw.host_is_valid(client=client) is False

    def test_a_host_that_refuses_connections_is_not_up(self, client):
        client.host = "http://127.0.0.1:%d/api" % free_port()
        assert not raw.host_is_up(client)

    def test_a_host_that_does_not_answer_is_not_up(self, client):
        client.timeout = 0.3
        with SilentPort() as port:
            client.host = "http://127.0.0.1:%d/api" % port.port
            started = time.monotonic()
            assert not raw.host_is_up(client)
            assert time.monotonic() - started < 30

    def test_the_host_of_the_default_client_is_checked(self, server, default):
        server.on("HEAD", "/api", Answer(body=b""))
        server.on("POST", "auth/login", Answer({}, status=400))
        assert gazu.client.host_is_valid() is True

"""The rest of gazu uses what scripts and test suites replace."""

from __future__ import annotations

from unittest import mock

import gazu
import pytest
from gazu import client as raw

from .recording_server import Answer

ID = "a24a6ea4-ce75-4665-a070-57453082c256"


CALLS = [
    ("get", lambda: gazu.shot.all_shots_for_project(ID), []),
    ("get", lambda: gazu.task.all_tasks_for_shot(ID), []),
    ("fetch_all", lambda: gazu.project.all_projects(), []),
    ("fetch_all", lambda: gazu.asset.all_asset_types(), []),
    (
        "fetch_first",
        lambda: gazu.project.get_project_by_name("a"),
        {"id": 1},
    ),
    ("fetch_one", lambda: gazu.project.get_project(ID), {"id": 1}),
    ("post", lambda: gazu.project.add_person_to_team(ID, ID), {"id": 1}),
    ("put", lambda: gazu.shot.update_shot({"id": ID}), {"id": 1}),
    ("delete", lambda: gazu.project.remove_project(ID), ""),
    (
        "get_current_user",
        lambda: gazu.client.get_current_user(),
        {"id": 1},
    ),
    ("upload", lambda: gazu.person.set_avatar(ID, "f"), {"id": 1}),
    (
        "download",
        lambda: gazu.files.download_preview_file_thumbnail(ID, "f"),
        "response",
    ),
]


class TestVerbs:
    """Verbs that are replaced in gazu.client answer for every module."""

    @pytest.mark.parametrize("name, call, value", CALLS)
    def test_a_replaced_verb_is_called(
        self, server, default, monkeypatch, name, call, value
    ):
        calls = []

        def replacement(*args, **kwargs):
            calls.append((args, kwargs))
            return value

        monkeypatch.setattr(raw, name, replacement)
        assert call() == value
        assert len(calls) == 1
        assert server.requests == []

    def test_a_mocked_verb_is_called(self, server, default):
        with mock.patch(
            "gazu.client.get", return_value=[{"name": "b"}, {"name": "a"}]
        ) as get:
            assert gazu.asset.all_assets_for_project(ID) == [
                {"name": "a"},
                {"name": "b"},
            ]
        assert get.call_args[0][0].startswith("data/")
        assert server.requests == []

    def test_log_in_posts(self, monkeypatch, client):
        seen = []

        def post(path, data, client=None):
            seen.append((path, data["email"], client))
            return {"access_token": "a"}

        monkeypatch.setattr(raw, "post", post)
        gazu.log_in("ann", "b", client=client)
        assert seen == [("auth/login", "ann", client)]
        assert client.access_token == "a"

    def test_fetching_goes_through_get(self, monkeypatch, client):
        seen = []
        monkeypatch.setattr(
            raw, "get", lambda path, *a, **k: seen.append(path) or []
        )
        raw.fetch_all("a", client=client)
        raw.fetch_first("b", client=client)
        raw.fetch_one("c", "d", client=client)
        assert seen == ["data/a", "data/b", "data/c/d"]

    def test_writing_goes_through_post_and_put(self, monkeypatch, client):
        seen = []
        monkeypatch.setattr(
            raw, "post", lambda path, data, client: seen.append(path)
        )
        monkeypatch.setattr(
            raw, "put", lambda path, data, client: seen.append(path)
        )
        raw.create("a", {}, client=client)
        raw.import_data("b", {}, client=client)
        raw.update("c", "d", {}, client=client)
        assert seen == ["data/a", "/import/kitsu/b", "data/c/d"]

    @pytest.mark.parametrize(
        "name, result",
        [
            ("make_auth_header", {"User-Agent": "mine", "X-Mine": "1"}),
        ],
    )
    def test_replaced_headers_are_sent(
        self, server, client, monkeypatch, name, result
    ):
        monkeypatch.setattr(raw, name, lambda client: dict(result))
        raw.get("data/x", client=client)
        raw.post("data/x", {}, client=client)
        for request in server.requests:
            assert request.header("X-Mine") == "1"
            assert request.header("User-Agent") == "mine"

    def test_replaced_headers_of_the_client_are_sent(self, server, client):
        client.make_auth_header = lambda: {"X-Mine": "1"}
        raw.get("data/x", client=client)
        raw.upload("data/x", files={"f": b"a"}, client=client)
        assert [r.header("X-Mine") for r in server.requests] == ["1", "1"]

    def test_replaced_urls_are_used(self, server, client, monkeypatch):
        monkeypatch.setattr(
            raw, "get_full_url", lambda path, client: server.url + "/other"
        )
        raw.get("data/x", client=client)
        assert server.last.target == "/other"

    def test_a_replaced_number_of_attempts_is_used(
        self, server, client, monkeypatch
    ):
        monkeypatch.setattr(raw, "MAX_AUTH_RETRIES", 5)
        client.callback_not_authenticated = lambda *_: True
        server.on("GET", "data/x", Answer({}, status=401))
        with pytest.raises(gazu.NotAuthenticatedException):
            raw.get("data/x", client=client)
        assert len(server.requests) == 5


class TestSiblings:
    def test_a_replaced_top_level_function_is_called(
        self, monkeypatch, client
    ):
        monkeypatch.setattr(gazu, "log_in", mock.Mock())
        assert gazu.create_session(client.host, "a", "b").host == client.host
        assert gazu.log_in.called

    def test_a_default_client_that_is_none_is_not_used(self, monkeypatch):
        """The default is bound when a function is defined, not when it is called."""
        monkeypatch.setattr(raw, "default_client", None)
        assert raw.get_host() is not None


class TestSession:
    def test_a_replaced_request_is_called(self, server, client):
        """Scripts usually do so to add a timeout."""
        calls = []
        original = client.session.request

        def request(method, url, **kwargs):
            calls.append((method, url, kwargs.setdefault("timeout", 30)))
            return original(method, url, **kwargs)

        client.session.request = request
        server.on("POST", "data/x", {"a": 1})
        assert raw.post("data/x", {"b": 2}, client=client) == {"a": 1}
        raw.get("data/x", client=client)
        raw.put("data/x", {}, client=client)
        raw.delete("data/x", client=client)
        raw.download("data/x", None, client=client)
        raw.upload("data/x", files={"f": b"a"}, client=client)
        raw.host_is_up(client=client)
        url = client.host + "/data/x"
        assert calls == [
            (method, url, 30)
            for method in ("POST", "GET", "PUT", "DELETE", "GET", "POST")
        ] + [("HEAD", client.host, 30)]
        assert server.requests[0].body == b'{"b": 2}'

    @pytest.mark.parametrize("verb", ["get", "post", "put", "delete"])
    def test_a_replaced_method_is_called(self, server, client, verb):
        calls = []
        original = getattr(client.session, verb)

        def replacement(url, *args, **kwargs):
            calls.append((url, sorted(kwargs)))
            return original(url, *args, **kwargs)

        setattr(client.session, verb, replacement)
        args = ({"a": 1},) if verb in ("post", "put") else ()
        getattr(raw, verb)("data/x", *args, client=client)
        expected = ["data", "headers"] if args else ["headers"]
        assert calls == [(client.host + "/data/x", expected)]
        assert len(server.requests) == 1

    def test_a_replacement_may_answer_itself(self, server, client):
        class Reply:
            status_code = 200
            text = "text"
            content = b"content"

            def json(self):
                return {"mine": True}

        client.session.request = lambda method, url, **kwargs: Reply()
        assert raw.get("data/x", client=client) == {"mine": True}
        assert raw.delete("data/x", client=client) == "text"
        assert (
            raw.get_file_data_from_url("data/x", client=client) == b"content"
        )
        assert server.requests == []

    def test_a_replacement_may_raise(self, server, client):
        def request(method, url, **kwargs):
            raise KeyError("mine")

        client.session.request = request
        with pytest.raises(KeyError, match="mine"):
            raw.get("data/x", client=client)

    def test_the_status_of_a_replacement_is_checked(self, server, client):
        class Reply:
            status_code = 404
            text = ""

            def json(self):
                return {}

        client.session.request = lambda *a, **k: Reply()
        with pytest.raises(gazu.exception.RouteNotFoundException):
            raw.get("data/x", client=client)

    def test_a_replaced_request_of_the_class_is_called(
        self, server, client, monkeypatch
    ):
        calls = []
        cls = type(client.session)
        original = cls.request

        def request(self, method, url, *args, **kwargs):
            calls.append(method)
            return original(self, method, url, *args, **kwargs)

        monkeypatch.setattr(cls, "request", request)
        raw.get("data/x", client=client)
        assert calls == ["GET"]

    def test_another_session_is_used(self, server, client):
        requests = pytest.importorskip("requests")
        client.session = requests.Session()
        client.session.headers["X-Mine"] = "1"
        server.on("GET", "data/x", {"a": 1})
        assert raw.get("data/x", client=client) == {"a": 1}
        assert server.last.header("X-Mine") == "1"
        client.session.close()

    def test_a_mounted_adapter_is_called(self, server, client):
        requests = pytest.importorskip("requests")
        sent = []

        class Adapter(requests.adapters.HTTPAdapter):
            def send(self, request, *args, **kwargs):
                sent.append(request.url)
                return super().send(request, *args, **kwargs)

        client.session.mount(
            "http://",
            Adapter(pool_connections=1, pool_maxsize=20, max_retries=2),
        )
        server.on("GET", "data/x", {"a": 1})
        assert raw.get("data/x", client=client) == {"a": 1}
        assert sent == [client.host + "/data/x"]

    def test_a_plain_adapter_may_be_mounted(self, server, client):
        requests = pytest.importorskip("requests")
        client.session.mount(
            "http://", requests.adapters.HTTPAdapter(pool_maxsize=50)
        )
        server.on("GET", "data/x", {"a": 1})
        assert raw.get("data/x", client=client) == {"a": 1}

    def test_attributes_may_be_added_to_the_session(self, client):
        client.session.mine = 1
        assert client.session.mine == 1


class TestClient:
    def test_a_replaced_refresh_is_called(self, server, client):
        client.refresh_token, client.use_refresh_token = "r", True
        client.refresh_access_token = mock.Mock()
        server.on(
            "GET",
            "data/x",
            Answer({"message": "Signature has expired"}, status=401),
            {"a": 1},
        )
        assert raw.get("data/x", client=client) == {"a": 1}
        client.refresh_access_token.assert_called_once_with()

    def test_a_subclass_is_used(self, server):
        class Client(raw.KitsuClient):
            def make_auth_header(self):
                return dict(super().make_auth_header(), **{"X-Mine": "1"})

        client = Client(server.url + "/api")
        raw.get("data/x", client=client)
        assert server.last.header("X-Mine") == "1"
        assert (
            server.last.header("User-Agent")
            == "CGWire Gazu " + gazu.__version__
        )

    def test_any_object_with_the_attributes_is_accepted(self, server, client):
        class Client:
            host = server.url + "/api"
            session = client.session
            access_token = refresh_token = callback_not_authenticated = None
            use_refresh_token = False

            def make_auth_header(self):
                return {"X-Mine": "1"}

        server.on("GET", "data/x", {"a": 1})
        assert raw.get("data/x", client=Client()) == {"a": 1}
        assert server.last.header("X-Mine") == "1"

    def test_a_changed_host_applies_at_once(
        self, server, other_server, client
    ):
        raw.get("data/x", client=client)
        client.host = other_server.url + "/api"
        raw.get("data/x", client=client)
        assert len(server.requests) == len(other_server.requests) == 1

    def test_a_replaced_time_is_used(self, server, client, monkeypatch):
        """Test suites replace it so that they do not wait for previews."""
        slept = []
        monkeypatch.setattr(raw.time, "sleep", slept.append)
        busy = Answer({}, status=202, headers=[("Retry-After", "7")])
        server.on("GET", "x", busy, b"done")
        raw.download("x", None, client=client)
        assert slept == [7]

"""Test suites written for upstream mock requests, and thereby gazu's calls."""

from __future__ import annotations

import subprocess
import sys
from unittest import mock

import gazu
import pytest
from gazu import client as raw

requests = pytest.importorskip("requests")

ID = "a24a6ea4-ce75-4665-a070-57453082c256"


class TestRequestsMock:
    @pytest.fixture
    def requests_mock(self):
        return pytest.importorskip("requests_mock")

    def test_a_mocker_answers_all_calls(self, requests_mock, server, client):
        with requests_mock.Mocker() as mocker:
            mocker.get(client.host + "/data/x", json={"a": 1})
            mocker.post(client.host + "/data/x", json={"b": 2})
            mocker.delete(client.host + "/data/x", text="gone")
            assert raw.get("data/x", client=client) == {"a": 1}
            assert raw.post("data/x", {"é": 1}, client=client) == {"b": 2}
            assert raw.delete("data/x", client=client) == "gone"
        assert [r.method for r in mocker.request_history] == [
            "GET",
            "POST",
            "DELETE",
        ]
        post = mocker.request_history[1]
        assert post.json() == {"é": 1}
        assert post.headers["Content-Type"] == "application/json"
        assert post.headers["User-Agent"] == "CGWire Gazu " + gazu.__version__
        assert server.requests == []
        raw.get("data/x", client=client)
        assert len(server.requests) == 1

    def test_a_mocker_answers_the_default_client(
        self, requests_mock, server, default
    ):
        with requests_mock.Mocker() as mocker:
            mocker.get(
                gazu.client.get_full_url("data/projects/open"),
                json=[{"name": "b"}, {"name": "a"}],
            )
            assert gazu.project.all_open_projects() == [
                {"name": "a"},
                {"name": "b"},
            ]
        assert server.requests == []

    def test_what_is_not_mocked_raises_or_is_sent(
        self, requests_mock, server, client
    ):
        with requests_mock.Mocker():
            with pytest.raises(requests_mock.exceptions.NoMockAddress):
                raw.get("data/x", client=client)
        with requests_mock.Mocker(real_http=True):
            raw.get("data/x", client=client)
        assert len(server.requests) == 1

    def test_a_decorator_mocks(self, requests_mock, server, client):
        @requests_mock.Mocker()
        def run(mocker):
            mocker.register_uri(
                "GET",
                requests_mock.ANY,
                [{"json": 1}, {"status_code": 404, "json": {}}],
            )
            assert raw.get("data/x", client=client) == 1
            with pytest.raises(gazu.exception.RouteNotFoundException):
                raw.get("data/x", client=client)

        run()
        assert server.requests == []

    def test_one_session_is_mocked(self, requests_mock, server, client):
        other = raw.create_client(client.host)
        with requests_mock.Mocker(session=client.session) as mocker:
            mocker.get(client.host + "/data/x", json={"a": 1})
            assert raw.get("data/x", client=client) == {"a": 1}
            assert raw.get("data/x", client=other) == {}
        assert raw.get("data/x", client=client) == {}
        assert client.session.is_unchanged()
        assert len(server.requests) == 2

    def test_a_mock_adapter_is_mounted(self, requests_mock, server, client):
        adapter = requests_mock.Adapter()
        adapter.register_uri("GET", "mock://kitsu/api/data/x", json={"a": 1})
        client.session.mount("mock://", adapter)
        client.host = "mock://kitsu/api"
        assert raw.get("data/x", client=client) == {"a": 1}
        assert adapter.call_count == 1

    def test_mocked_errors_raise(self, requests_mock, client):
        with requests_mock.Mocker() as mocker:
            timeout = requests.exceptions.ConnectTimeout
            mocker.get(requests_mock.ANY, exc=timeout)
            mocker.head(requests_mock.ANY, exc=timeout)
            with pytest.raises(timeout):
                raw.get("data/x", client=client)
            assert not raw.host_is_up(client=client)

    def test_uploads_are_mocked(
        self, requests_mock, server, client, make_file
    ):
        with requests_mock.Mocker() as mocker:
            mocker.post(client.host + "/data/x", json={"a": 1})
            path = make_file(content=b"abc")
            raw.upload("data/x", path, data={"k": "v"}, client=client)
        body = mocker.last_request.body
        assert b"abc" in body and b'name="k"' in body
        assert server.requests == []

    def test_downloads_are_mocked(
        self, requests_mock, server, client, tmp_path
    ):
        with requests_mock.Mocker() as mocker:
            mocker.get(client.host + "/data/x", content=b"film")
            target = str(tmp_path / "film")
            response = raw.download("data/x", target, client=client)
        assert isinstance(response, requests.Response)
        with open(target, "rb") as film:
            assert film.read() == b"film"

    def test_the_login_is_mocked(self, requests_mock, client):
        with requests_mock.Mocker() as mocker:
            mocker.post(
                client.host + "/auth/login", json={"access_token": "t"}
            )
            mocker.get(client.host + "/data/x", json=[])
            gazu.log_in("me", "secret", client=client)
            raw.get("data/x", client=client)
        assert mocker.last_request.headers["Authorization"] == "Bearer t"

    def test_a_download_of_any_url_is_mocked(self, requests_mock, tmp_path):
        with requests_mock.Mocker() as mocker:
            mocker.get("http://h/a.png", content=b"picture")
            path = gazu.helpers.download_file("http://h/a.png", str(tmp_path))
        with open(path, "rb") as picture:
            assert picture.read() == b"picture"

    def test_the_fixture_of_requests_mock_works(self, requests_mock, tmp_path):
        test = tmp_path / "test_studio.py"
        test.write_text(
            "import gazu\n"
            "def test(requests_mock):\n"
            "    gazu.set_host('http://kitsu/api')\n"
            "    requests_mock.get('http://kitsu/api/data/persons', json=[])\n"
            "    assert gazu.person.all_persons() == []\n"
            "    assert requests_mock.called_once\n"
        )
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", str(test)],
            cwd=str(tmp_path),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout.decode()


class TestResponses:
    @pytest.fixture
    def responses(self):
        return pytest.importorskip("responses")

    def test_calls_are_mocked(self, responses, server, client):
        with responses.RequestsMock() as mocker:
            mocker.add("GET", client.host + "/data/x", json={"a": 1})
            mocker.add("PUT", client.host + "/data/x", json={"b": 2})
            assert raw.get("data/x", client=client) == {"a": 1}
            assert raw.put("data/x", {"c": 3}, client=client) == {"b": 2}
            assert mocker.calls[1].request.body == '{"c": 3}'
        assert server.requests == []

    def test_a_decorator_mocks(self, responses, server, client):
        @responses.activate
        def run():
            responses.add("GET", client.host + "/data/x", status=401, json={})
            with pytest.raises(gazu.NotAuthenticatedException):
                raw.get("data/x", client=client)
            with pytest.raises(requests.exceptions.ConnectionError):
                raw.get("data/y", client=client)

        run()
        assert server.requests == []

    def test_a_mounted_adapter_is_mocked(self, responses, server, client):
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=20)
        client.session.mount("http://", adapter)
        with responses.RequestsMock() as mocker:
            mocker.add("GET", client.host + "/data/x", json={"a": 1})
            assert raw.get("data/x", client=client) == {"a": 1}
        assert server.requests == []


def reply(value):
    response = mock.Mock(status_code=200, text="text", content=b"content")
    response.json.return_value = value
    return response


class TestPatches:
    @pytest.mark.parametrize(
        "target",
        [
            "requests.Session.get",
            "requests.sessions.Session.get",
            "gazu.client.requests.Session.get",
        ],
    )
    def test_a_patched_verb_is_called(self, server, client, target):
        with mock.patch(target, return_value=reply([1])) as get:
            assert raw.get("data/x", client=client) == [1]
        get.assert_called_once_with(
            client.host + "/data/x",
            headers={"User-Agent": "CGWire Gazu " + gazu.__version__},
        )
        assert server.requests == []

    @pytest.mark.parametrize("verb", ["post", "put"])
    def test_a_patched_verb_receives_data(self, server, client, verb):
        with mock.patch.object(
            requests.Session, verb, return_value=reply([1])
        ) as write:
            assert getattr(raw, verb)("data/x", {"a": 1}, client=client) == [1]
        assert write.call_args[1]["data"] == '{"a": 1}'
        assert server.requests == []

    @pytest.mark.parametrize("autospec", [False, True])
    @pytest.mark.parametrize("name", ["request", "send"])
    def test_patched_request_and_send_are_called(
        self, server, client, name, autospec
    ):
        with mock.patch.object(
            requests.Session, name, autospec=autospec
        ) as patched:
            patched.return_value = reply([1])
            assert raw.get("data/x", client=client) == [1]
        assert patched.call_count == 1
        assert server.requests == []

    def test_a_patched_adapter_is_called(self, server, client):
        response = requests.Response()
        response.status_code, response._content = 200, b"[1]"
        with mock.patch(
            "requests.adapters.HTTPAdapter.send", return_value=response
        ):
            assert raw.get("data/x", client=client) == [1]
        assert server.requests == []

    def test_a_wrapped_send_is_called(self, server, client, monkeypatch):
        """Tracers and profilers wrap it."""
        import functools

        seen, original = [], requests.Session.send

        @functools.wraps(original)
        def send(self, request, **kwargs):
            seen.append(request.url)
            return original(self, request, **kwargs)

        monkeypatch.setattr(requests.Session, "send", send)
        assert raw.get("data/x", client=client) == {}
        assert seen == [client.host + "/data/x"]
        assert len(server.requests) == 1

    def test_a_patched_session_class_is_used(self, server):
        with mock.patch("gazu.client.requests.Session") as session:
            session.return_value.get.return_value = reply([1])
            client = raw.create_client("http://kitsu/api")
            assert raw.get("data/x", client=client) == [1]
        assert client.session is session.return_value

    def test_a_patched_requests_module_is_used(self, server, tmp_path):
        with mock.patch("gazu.client.requests") as library:
            client = raw.create_client("http://kitsu/api")
            assert client.session is library.Session.return_value
            client.session.get.return_value = reply([1])
            assert raw.get("data/x", client=client) == [1]
        assert isinstance(raw.create_client("http://h").session, raw.Session)
        with mock.patch("gazu.helpers.requests") as library:
            response = library.get.return_value.__enter__.return_value
            response.ok, response.headers = True, {}
            response.iter_content.return_value = [b"picture"]
            gazu.helpers.download_file("http://h/a.png", str(tmp_path))
        assert (tmp_path / "a.png").read_bytes() == b"picture"

    @pytest.mark.parametrize("where", ["class", "session"])
    def test_request_receives_the_arguments_of_the_verbs(
        self, server, client, where
    ):
        """It receives all the arguments that the verbs of ``requests`` pass."""
        target = requests.Session if where == "class" else client.session
        with mock.patch.object(
            target, "request", return_value=reply([1])
        ) as request:
            raw.get("data/x", client=client)
            raw.post("data/x", {"a": 1}, client=client)
            raw.put("data/x", {}, client=client)
            raw.delete("data/x", client=client)
            client.session.head(client.host)
            client.session.options(client.host)
        passed = [
            {
                name: value
                for name, value in call[1].items()
                if name not in ("headers", "params")
            }
            for call in request.call_args_list
        ]
        assert passed == [
            {"allow_redirects": True},
            {"data": '{"a": 1}', "json": None},
            {"data": "{}"},
            {},
            {"allow_redirects": False},
            {"allow_redirects": True},
        ]
        assert server.requests == []

    def test_a_session_class_of_a_library_is_used(self, server, monkeypatch):
        class Cached(requests.Session):
            pass

        monkeypatch.setattr(requests, "Session", Cached)
        client = raw.create_client(server.url + "/api")
        assert type(client.session) is Cached
        assert raw.get("data/x", client=client) == {}
        client.session.close()

    def test_get_of_any_url_is_patched(self, tmp_path):
        for target in ("requests.get", "gazu.helpers.requests.get"):
            with mock.patch(target) as get:
                response = get.return_value.__enter__.return_value
                response.ok, response.headers = True, {}
                response.iter_content.return_value = [b"picture"]
                path = gazu.helpers.download_file(
                    "http://h/a.png", str(tmp_path)
                )
            with open(path, "rb") as picture:
                assert picture.read() == b"picture"

    def test_a_mock_session_of_a_client_is_used(self, server, client):
        session = client.session
        with mock.patch.object(client, "session") as mocked:
            mocked.get.return_value = reply([1])
            assert raw.get("data/x", client=client) == [1]
        assert client.session is session
        assert raw.get("data/x", client=client) == {}

    def test_a_patched_method_of_a_session_is_called(self, server, client):
        with mock.patch.object(
            client.session, "get", return_value=reply([1])
        ) as get:
            assert raw.get("data/x", client=client) == [1]
        assert get.call_count == 1
        assert raw.get("data/x", client=client) == {}
        assert client.session.is_unchanged()

    def test_an_undone_patch_leaves_no_trace(
        self, server, client, monkeypatch
    ):
        with monkeypatch.context() as patch:
            patch.setattr(
                client.session, "request", lambda *a, **k: reply([1])
            )
            assert raw.get("data/x", client=client) == [1]
        assert raw.get("data/x", client=client) == {}
        assert client.session.is_unchanged()


class TestBelowRequests:
    """Libraries replace the connections or sockets below requests."""

    def test_vcrpy_records_and_replays(self, server, client, tmp_path):
        vcr = pytest.importorskip("vcr")
        server.on("GET", "data/x", {"a": 1})
        cassette = str(tmp_path / "cassette.yaml")
        for _ in range(2):
            with vcr.use_cassette(cassette):
                assert raw.get("data/x", client=client) == {"a": 1}
        assert len(server.requests) == 1

    def test_replaced_connections_are_used(self, server, client, monkeypatch):
        from urllib3.connectionpool import HTTPConnectionPool

        made = []

        class Connection(HTTPConnectionPool.ConnectionCls):
            def __init__(self, *args, **kwargs):
                made.append(kwargs["host"])
                super().__init__(*args, **kwargs)

        monkeypatch.setattr(HTTPConnectionPool, "ConnectionCls", Connection)
        raw.get("data/x", client=client)
        assert made == ["127.0.0.1"]

    def test_replaced_sockets_are_used(self, server, client, monkeypatch):
        """Libraries replace sockets to make them cooperative, to forbid or to tunnel them."""
        import socket

        made, original = [], socket.socket

        class Socket(original):
            def connect(self, address):
                made.append(address[1])
                return super().connect(address)

        monkeypatch.setattr(socket, "socket", Socket)
        raw.get("data/x", client=client)
        assert made == [server.port]


def test_gazus_names_are_patched_without_requests(server, python):
    python(
        """
        import sys
        from unittest import mock
        import gazu
        gazu.set_host(sys.argv[1])
        with mock.patch("gazu.client.get", return_value=[{"name": "a"}]):
            assert gazu.person.all_persons() == [{"name": "a"}]
        assert "requests" not in sys.modules
        """,
        server.url + "/api",
    )
    assert server.requests == []


def test_requests_may_be_imported_and_mocked_later(server, python):
    """The session was created before the import."""
    pytest.importorskip("requests_mock")
    python(
        """
        import sys
        import gazu
        gazu.set_host(sys.argv[1])
        session = gazu.client.default_client.session
        assert "requests" not in sys.modules
        import requests, requests_mock
        assert isinstance(session, requests.Session)
        with requests_mock.Mocker(session=session) as mocker:
            mocker.get(sys.argv[1] + "/data/x", json=[1])
            assert gazu.client.get("data/x") == [1]
        """,
        server.url + "/api",
    )
    assert server.requests == []


def test_answers_of_a_mock_are_checked(client):
    with mock.patch.object(client.session, "request") as request:
        request.return_value = reply({"message": "no"})
        request.return_value.status_code = 400
        with pytest.raises(gazu.exception.ParameterException) as caught:
            raw.get("data/x?a=b", client=client)
    assert caught.value.args == ("data/x?a=b", "no")

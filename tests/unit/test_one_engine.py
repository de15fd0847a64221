"""Retries, deadline, refresh, files and errors do not depend on what sends the requests."""

from __future__ import annotations

import os
import time
from unittest import mock

import gazu
import pytest
from gazu import client as raw

from .recording_server import Answer, only_with

requests = pytest.importorskip("requests")

from requests.adapters import HTTPAdapter  # noqa: E402


class OwnAdapter(HTTPAdapter):
    """An adapter that sends the requests itself, as those of scripts do."""

    def send(self, *args, **kwargs):
        return super().send(*args, **kwargs)


def native(client, monkeypatch):
    """Change nothing: the client sends its requests natively."""


def own_session(client, monkeypatch):
    client.session = requests.Session()


def wrapped_request(client, monkeypatch):
    send = client.session.request

    def request(method, url, **kwargs):
        return send(method, url, **kwargs)

    client.session.request = request


def own_adapter(client, monkeypatch):
    client.session.mount("http://", OwnAdapter())


def replaced_helper(client, monkeypatch):
    own = raw.make_auth_header
    monkeypatch.setattr(
        raw, "make_auth_header", lambda client: own(client=client)
    )


SENDERS = [native, own_session, wrapped_request, own_adapter, replaced_helper]


@pytest.fixture(params=SENDERS, ids=lambda sender: sender.__name__)
def sender(request, client, monkeypatch):
    """A client whose requests are sent in each of these ways."""
    request.param(client, monkeypatch)
    client.retries = 3
    return client


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    """Do not wait for a backoff."""
    sleep = time.sleep
    monkeypatch.setattr(time, "sleep", lambda s: sleep(min(s, 0.01)))


class TestRetries:
    def test_a_read_is_repeated(self, server, sender):
        server.on(
            "GET", "data/x", Answer({}, status=503), Answer({}, status=502), {}
        )
        assert raw.get("data/x", client=sender) == {}
        assert len(server.of("GET", "data/x")) == 3

    def test_a_read_is_repeated_after_a_lost_connection(self, server, sender):
        server.on("GET", "data/x", Answer(reset="headers"), {"a": 1})
        assert raw.get("data/x", client=sender) == {"a": 1}

    def test_a_write_is_sent_once(self, server, sender):
        server.on("POST", "data/x", Answer(reset="headers"), {})
        with pytest.raises(requests.exceptions.ConnectionError):
            raw.post("data/x", {}, client=sender)
        assert len(server.of("POST", "data/x")) == 1

    def test_retries_of_the_client_apply(self, server, sender):
        sender.retries = 1
        server.on("GET", "data/x", Answer(reset="headers"), {})
        with pytest.raises(requests.exceptions.ConnectionError):
            raw.get("data/x", client=sender)

    def test_a_mock_is_called_once(self, client):
        client.session = mock.Mock()
        client.session.get.side_effect = requests.exceptions.ConnectionError
        with pytest.raises(requests.exceptions.ConnectionError):
            raw.get("data/x", client=client)
        assert client.session.get.call_count == 1

    def test_a_library_that_counts_requests_is_called_once(self, client):
        requests_mock = pytest.importorskip("requests_mock")
        with requests_mock.Mocker() as mocker:
            mocker.get(client.host + "/data/x", status_code=502)
            with pytest.raises(gazu.exception.ServerErrorException):
                raw.get("data/x", client=client)
            assert mocker.call_count == 1


class TestDeadline:
    def test_the_deadline_ends_the_retries(self, server, sender, monkeypatch):
        monkeypatch.undo()
        sender.deadline = 0.2
        server.on("GET", "data/x", Answer({}, status=502))
        with pytest.raises(gazu.exception.ServerErrorException):
            raw.get("data/x", client=sender)
        assert len(server.of("GET", "data/x")) == 1

    def test_the_deadline_ends_a_silence(self, server, sender):
        sender.deadline = 0.3
        server.on("GET", "data/x", Answer(hang="headers"))
        with pytest.raises(requests.exceptions.Timeout):
            raw.get("data/x", client=sender)

    def test_the_deadline_covers_the_refresh(self, server, sender):
        sender.deadline = 0.5
        sender.tokens = {"access_token": "old", "refresh_token": "r"}
        sender.use_refresh_token = True
        server.on(
            "GET",
            "data/x",
            Answer({"message": "Signature has expired"}, status=401),
        )
        server.on("GET", "auth/refresh-token", Answer(hang="headers"))
        with pytest.raises(requests.exceptions.Timeout):
            raw.get("data/x", client=sender)


class TestRenewal:
    def test_an_expired_token_is_refreshed(self, server, sender):
        sender.tokens = {"access_token": "old", "refresh_token": "r"}
        sender.use_refresh_token = True
        server.on("GET", "data/x", only_with("new", {"a": 1}))
        server.on(
            "GET",
            "auth/refresh-token",
            {"access_token": "new", "refresh_token": "s"},
        )
        server.on("GET", "data/x", self.expired_unless("new"))
        assert raw.get("data/x", client=sender) == {"a": 1}
        asked = server.of("GET", "auth/refresh-token")
        assert [r.header("Authorization") for r in asked] == ["Bearer r"]
        assert sender.refresh_token == "s"

    @staticmethod
    def expired_unless(token):
        def answer(request):
            if request.header("Authorization") == "Bearer " + token:
                return Answer({"a": 1})
            return Answer({"message": "Signature has expired"}, status=401)

        return answer

    def test_a_refresh_does_not_refresh_again(self, server, sender):
        sender.tokens = {"access_token": "old", "refresh_token": "r"}
        sender.use_refresh_token = True
        expired = Answer({"message": "Signature has expired"}, status=401)
        server.on("GET", "data/x", expired)
        server.on("GET", "auth/refresh-token", expired)
        with pytest.raises(gazu.exception.NotAuthenticatedException):
            raw.get("data/x", client=sender)
        assert len(server.of("GET", "auth/refresh-token")) == 1


class TestResults:
    def test_json_text_and_first_entries_are_returned(self, server, sender):
        server.on("GET", "data/x", [{"id": "1"}, {"id": "2"}])
        assert raw.fetch_first("x", client=sender) == {"id": "1"}
        assert raw.get("data/x", json_response=False, client=sender)[0] == "["

    def test_lists_are_sorted(self, server, sender):
        server.on("GET", "data/projects", [{"name": "b"}, {"name": "a"}])
        names = [p["name"] for p in gazu.project.all_projects(client=sender)]
        assert names == ["a", "b"]

    @pytest.mark.parametrize(
        "status, name",
        [
            (400, "ParameterException"),
            (403, "NotAllowedException"),
            (404, "RouteNotFoundException"),
            (500, "ServerErrorException"),
        ],
    )
    def test_a_status_raises_its_exception(self, server, sender, status, name):
        server.on("GET", "data/x", Answer({"message": "why"}, status=status))
        with pytest.raises(getattr(gazu.exception, name)) as caught:
            raw.get("data/x", client=sender)
        assert caught.value.status_code == status
        assert caught.value.body == {"message": "why"}
        assert caught.value.path == "data/x"


class TestFiles:
    def test_two_files_of_one_field_are_sent(self, server, sender, make_file):
        server.on("POST", "up", {})
        pairs = [("file", ("a.txt", b"1")), ("file", ("b.txt", b"2"))]
        raw.upload("up", files=pairs, client=sender)
        parts = [(part.name, part.content) for part in server.last.parts]
        assert parts == [("file", b"1"), ("file", b"2")]

    def test_a_download_is_written(self, server, sender, tmp_path):
        server.on("GET", "f", Answer(body=b"x" * 100000))
        raw.download("f", str(tmp_path / "f"), client=sender)
        assert (tmp_path / "f").read_bytes() == b"x" * 100000
        assert os.listdir(str(tmp_path)) == ["f"]

    def test_a_broken_download_leaves_no_file(self, server, sender, tmp_path):
        sender.retries = 1
        (tmp_path / "f").write_bytes(b"before")
        server.on("GET", "f", Answer(body=b"x" * 100000, truncate=50000))
        with pytest.raises(requests.exceptions.RequestException):
            raw.download("f", str(tmp_path / "f"), client=sender)
        assert (tmp_path / "f").read_bytes() == b"before"
        assert os.listdir(str(tmp_path)) == ["f"]

    def test_a_preview_is_waited_for(self, server, sender, tmp_path):
        server.on(
            "GET",
            "f",
            Answer({}, status=202, headers={"Retry-After": "1"}),
            Answer(body=b"file"),
        )
        raw.download("f", str(tmp_path / "f"), client=sender)
        assert (tmp_path / "f").read_bytes() == b"file"

    def test_a_preview_that_stays_in_progress_raises(
        self, server, sender, tmp_path
    ):
        server.on("GET", "f", Answer({}, status=202))
        with pytest.raises(gazu.exception.PreviewFileProcessingException):
            raw.download(
                "f", str(tmp_path / "f"), client=sender, processing_timeout=0
            )

    def test_an_error_names_the_target(self, sender, tmp_path):
        target = str(tmp_path / "missing" / "f")
        with pytest.raises(FileNotFoundError) as caught:
            raw.download("f", target, client=sender)
        assert caught.value.filename == target


def test_a_replaced_verb_is_called_once(server, client, monkeypatch):
    seen = []

    def get(path, **kwargs):
        seen.append(path)
        return [{"name": "b"}, {"name": "a"}]

    monkeypatch.setattr(raw, "get", get)
    names = [p["name"] for p in gazu.project.all_projects(client=client)]
    assert names == ["a", "b"]
    assert seen == ["data/projects"]
    assert raw.fetch_first("projects", client=client) == {"name": "b"}


def test_the_deadline_covers_host_is_up(server, client):
    client.deadline = 0.3
    server.on("HEAD", "/api", Answer(hang="headers"))
    assert not raw.host_is_up(client=client)

"""Other objects that scripts pass as ``client``."""

from __future__ import annotations

import types
from unittest import mock

import gazu
import pytest

requests = pytest.importorskip("requests")


class Duck:
    """An object with only the attributes of a client that upstream's functions use."""

    use_refresh_token = False
    callback_not_authenticated = None
    access_token = "duck"
    refresh_token = None

    def __init__(self, host):
        self.host = self.event_host = host
        self.tokens = {"access_token": "duck"}
        self.session = requests.Session()

    def make_auth_header(self):
        return {"Authorization": "Bearer duck"}


class Wrapper:
    """An object that forwards all attributes to a client."""

    def __init__(self, client):
        self.__dict__["_client"] = client

    def __getattr__(self, name):
        return getattr(self._client, name)


def namespace(host):
    duck = Duck(host)
    return types.SimpleNamespace(
        **{name: getattr(duck, name) for name in dir(duck) if name[0] != "_"}
    )


@pytest.fixture(params=["duck", "wrapper", "namespace"])
def stand_in(request, server, client):
    host = server.url + "/api"
    made = {
        "duck": lambda: Duck(host),
        "wrapper": lambda: Wrapper(client),
        "namespace": lambda: namespace(host),
    }[request.param]()
    yield made
    made.session.close()


def test_functions_of_modules_accept_it(server, stand_in):
    server.on("GET", "data/projects", [{"id": "1", "name": "one"}])
    server.on("POST", "data/persons", {"id": "2"})
    server.on("DELETE", "data/shots/3", "")
    assert gazu.project.all_projects(client=stand_in)[0]["name"] == "one"
    assert gazu.client.fetch_all("projects", client=stand_in)
    gazu.client.post("data/persons", {"a": "b"}, client=stand_in)
    gazu.client.delete("data/shots/3", client=stand_in)
    expected = "Bearer duck"
    if not isinstance(stand_in, Wrapper):
        assert ("Authorization", expected) in server.last.headers


def test_uploads_and_downloads_accept_it(
    server, stand_in, make_file, tmp_path
):
    server.on("POST", "pictures/x", {"id": "1"})
    server.on("GET", "data/file", {"a": 1})
    assert gazu.client.upload("pictures/x", make_file(), client=stand_in)
    target = tmp_path / "f"
    gazu.client.download("data/file", str(target), client=stand_in)
    assert target.exists()


def test_a_scripted_mock_is_accepted():
    client = mock.MagicMock()
    client.host = "http://kitsu/api"
    client.session.get.return_value = mock.Mock(
        status_code=200, json=lambda: [{"id": "mock", "name": "m"}]
    )
    assert gazu.project.all_projects(client=client) == [
        {"id": "mock", "name": "m"}
    ]
    assert client.session.get.call_args[0][0] == (
        "http://kitsu/api/data/projects"
    )


def test_a_client_with_a_replaced_run_is_accepted(client):
    with mock.patch.object(client, "run", return_value=["x"]) as run:
        assert gazu.project.all_projects(client=client) == ["x"]
    assert run.called

"""The client object, and which client a call uses."""

from __future__ import annotations

import inspect

import gazu
import pytest
from gazu import client as raw

from .recording_server import RecordingServer

PUBLIC = [
    "KitsuClient",
    "create_client",
    "default_client",
    "host_is_up",
    "host_is_valid",
    "get_host",
    "get_api_url_from_host",
    "set_host",
    "get_event_host",
    "set_event_host",
    "set_tokens",
    "make_auth_header",
    "url_path_join",
    "get_full_url",
    "build_path_with_params",
    "get",
    "post",
    "put",
    "delete",
    "get_message_from_data",
    "get_message_from_response",
    "check_status",
    "fetch_all",
    "fetch_first",
    "fetch_one",
    "create",
    "update",
    "upload",
    "download",
    "get_file_data_from_url",
    "import_data",
    "get_api_version",
    "get_current_user",
    "MAX_AUTH_RETRIES",
    "DOWNLOAD_ACCEPT_HEADER",
    "DEFAULT_PROCESSING_TIMEOUT",
    "DEFAULT_RETRY_AFTER",
    "CustomJSONEncoder",
    "logger",
    "host",
]

SIGNATURES = {
    "host_is_up": "(client)",
    "host_is_valid": "(client)",
    "get_host": "(client)",
    "get_api_url_from_host": "(client)",
    "set_host": "(new_host, client)",
    "get_event_host": "(client)",
    "set_event_host": "(new_host, client)",
    "set_tokens": "(new_tokens, client)",
    "make_auth_header": "(client)",
    "url_path_join": "(*items)",
    "get_full_url": "(path, client)",
    "build_path_with_params": "(path, params)",
    "get": "(path, json_response=True, params=None, client)",
    "post": "(path, data, client)",
    "put": "(path, data, client)",
    "delete": "(path, params=None, client)",
    "get_message_from_data": "(message_json, default_message='No additional information')",
    "get_message_from_response": "(response, default_message='No additional information')",
    "check_status": "(request, path, client=None)",
    "fetch_all": "(path, params=None, client, paginated=False, limit=None, fields=None)",
    "fetch_first": "(path, params=None, client)",
    "fetch_one": "(model_name, id, params=None, client)",
    "create": "(model_name, data, client)",
    "update": "(model_name, model_id, data, client)",
    "upload": "(path, file_path=None, data=None, extra_files=None, files=None, client,"
    " progress_callback=None)",
    "download": "(path, file_path, params=None, client, progress_callback=None,"
    " processing_timeout=60)",
    "get_file_data_from_url": "(url, full=False, client)",
    "import_data": "(model_name, data, client)",
    "get_api_version": "(client)",
    "get_current_user": "(client)",
}


def short_signature(function):
    """Return names, kinds and defaults of the parameters, without the default client."""
    shown = []
    for parameter in inspect.signature(function).parameters.values():
        text = str(
            parameter.replace(
                annotation=parameter.empty, default=parameter.empty
            )
        )
        if (
            parameter.default is raw.default_client
            and parameter.name == "client"
        ):
            text = "client"
        elif parameter.default is not parameter.empty:
            text += "=%r" % (parameter.default,)
        shown.append(text)
    return "(%s)" % ", ".join(shown)


def test_public_names_exist():
    assert [name for name in PUBLIC if not hasattr(raw, name)] == []


@pytest.mark.parametrize("name", sorted(SIGNATURES))
def test_signatures_are_upstreams(name):
    assert short_signature(getattr(raw, name)) == SIGNATURES[name]


def test_constants_are_upstreams():
    assert raw.MAX_AUTH_RETRIES == 3
    assert raw.DEFAULT_PROCESSING_TIMEOUT == 60
    assert raw.DEFAULT_RETRY_AFTER == 5
    assert raw.DOWNLOAD_ACCEPT_HEADER == "application/json, */*;q=0.1"
    assert raw.logger.name == "gazu"
    assert raw.host == "http://gazu.change.serverhost/api"


class TestKitsuClient:
    def test_a_new_client_has_defaults(self):
        client = raw.KitsuClient("http://h/api")
        assert client.host == client.event_host == "http://h/api"
        assert client.use_refresh_token is True
        assert client.callback_not_authenticated is None
        assert client.session.verify is True
        assert client.session.cert is None
        assert client.access_token is None and client.refresh_token is None

    def test_positional_arguments_are_upstreams(self):
        def callback(client, path):
            return False

        tokens = {"other": 1}
        client = raw.KitsuClient(
            "http://h", False, "c.pem", False, callback, tokens, "a", "r"
        )
        assert client.session.verify is False
        assert client.session.cert == "c.pem"
        assert client.use_refresh_token is False
        assert client.callback_not_authenticated is callback
        assert client.tokens == {
            "other": 1,
            "access_token": "a",
            "refresh_token": "r",
        }

    def test_create_client_takes_the_arguments(self):
        client = raw.create_client("http://h", tokens={"access_token": "a"})
        assert type(client) is raw.KitsuClient
        assert client.use_refresh_token is False
        assert client.access_token == "a"
        with pytest.raises(TypeError):
            raw.create_client("http://h", nonsense=1)
        with pytest.raises(TypeError):
            raw.create_client()

    def test_every_attribute_may_be_set(self):
        client = raw.KitsuClient("http://h")
        for name in (
            "host",
            "event_host",
            "tokens",
            "use_refresh_token",
            "callback_not_authenticated",
            "session",
            "anything",
        ):
            setattr(client, name, name)
            assert getattr(client, name) == name

    def test_creating_a_client_sends_nothing(self, server):
        raw.KitsuClient(server.url + "/api")
        assert server.opened == 0

    @pytest.mark.parametrize("host", ["", "nonsense", None, 3])
    def test_creating_a_client_does_not_check_the_host(self, host):
        assert raw.KitsuClient(host).host == host

    def test_a_client_can_be_hashed_and_weakly_referenced(self):
        import weakref

        client = raw.KitsuClient("http://h")
        assert weakref.ref(client)() is client
        assert {client: 1}[client] == 1
        assert client != raw.KitsuClient("http://h")


class TestDefaultClient:
    def test_there_is_one_default_client(self):
        client = raw.default_client
        assert isinstance(client, raw.KitsuClient)
        for function in (
            raw.get,
            raw.post,
            raw.upload,
            gazu.log_in,
            gazu.task.all_task_types,
        ):
            assert (
                inspect.signature(function).parameters["client"].default
                is client
            )

    def test_the_default_client_does_not_refresh(self):
        assert raw.default_client.use_refresh_token is False

    def test_the_default_host_is_of_the_environment(self, python):
        out = python(
            "import gazu; print(gazu.get_host(), gazu.get_event_host())"
        ).stdout
        assert (
            out
            == "http://gazu.change.serverhost/api http://gazu.change.serverhost/api\n"
        )

    def test_the_default_client_is_used_without_an_argument(
        self, server, default
    ):
        raw.get("data/x")
        gazu.client.post("data/x", {})
        assert len(server.requests) == 2

    def test_the_host_of_the_default_client_may_be_set(self, server, default):
        with RecordingServer() as other:
            default.host = other.url + "/api"
            raw.get("data/x")
            assert len(other.requests) == 1


def test_two_clients_have_their_own_hosts_and_tokens(server, other_server):
    first = raw.create_client(server.url + "/api")
    second = raw.create_client(other_server.url + "/api")
    first.access_token, second.access_token = "a", "b"
    raw.get("data/x", client=first)
    raw.get("data/y", client=second)
    assert server.last.header("Authorization") == "Bearer a"
    assert other_server.last.header("Authorization") == "Bearer b"


def test_a_client_may_be_a_positional_argument(server, client):
    raw.get("data/x", True, None, client)
    raw.post("data/x", {}, client)
    raw.put("data/x", {}, client)
    raw.delete("data/x", None, client)
    assert len(server.requests) == 4


def test_transfers_are_not_logged(server, client, make_file, tmp_path, caplog):
    """Only the plain verbs are logged, as in upstream."""
    caplog.set_level("DEBUG", logger="gazu")
    raw.upload("up", make_file(), client=client)
    raw.download("down", str(tmp_path / "down"), client=client)
    raw.get_file_data_from_url("data", client=client)
    raw.get("plain", client=client)
    assert caplog.messages == ["GET " + client.host + "/plain"]

"""Invalid arguments raise, and nothing is sent."""

from __future__ import annotations

import gazu
import pytest
from gazu import client as raw

from .recording_server import Answer

ID = "a24a6ea4-ce75-4665-a070-57453082c256"


@pytest.mark.parametrize(
    "model", ["", "short", ID + "0", 3, 1.5, object(), [ID], (ID,), {ID}, b"x"]
)
@pytest.mark.parametrize(
    "call",
    [
        lambda model: gazu.asset.all_assets_for_project(model),
        lambda model: gazu.shot.all_shots_for_sequence(model),
        lambda model: gazu.task.all_tasks_for_shot(model),
    ],
    ids=["assets", "shots", "tasks"],
)
def test_an_invalid_model_raises(server, default, call, model):
    with pytest.raises(ValueError, match=r"^(project|sequence|shot): "):
        call(model)
    assert server.requests == []


def test_a_dict_without_an_id_raises(server, default):
    with pytest.raises(KeyError, match="shot: the dict has no 'id'"):
        gazu.task.all_tasks_for_shot({"name": "SH01"})
    assert server.requests == []


@pytest.mark.parametrize(
    "call",
    [
        lambda: gazu.task.all_tasks_for_shot(None),
        lambda: gazu.shot.all_shots_for_sequence(None),
        lambda: gazu.asset.all_assets_for_shot(None),
    ],
)
def test_none_in_place_of_a_model_raises(server, default, call):
    with pytest.raises(TypeError):
        call()
    assert server.requests == []


@pytest.mark.parametrize(
    "date", ["", "tomorrow", "2026-13-01", "2026-02-30", "01/02/2026"]
)
def test_an_invalid_date_raises(server, default, date):
    with pytest.raises(ValueError):
        gazu.helpers.validate_date_format(date)
    assert server.requests == []


@pytest.mark.parametrize("path", [None, 3, b"data/x", ["data"], {}])
@pytest.mark.parametrize("verb", ["get", "delete", "download", "put", "post"])
def test_an_invalid_path_raises(server, client, verb, path):
    args = {"put": ({},), "post": ({},), "download": (None,)}.get(verb, ())
    with pytest.raises((TypeError, AttributeError)):
        getattr(raw, verb)(path, *args, client=client)
    assert server.requests == []


@pytest.mark.parametrize("client", [3, "client", {}])
def test_an_invalid_client_raises(client):
    with pytest.raises(AttributeError):
        raw.get("data/x", client=client)


@pytest.mark.parametrize(
    "verb", ["get", "post", "put", "delete", "upload", "download"]
)
def test_an_unknown_keyword_raises(client, verb):
    with pytest.raises(TypeError):
        getattr(raw, verb)("data/x", nonsense=1, client=client)


SPLITTERS = ["\r\nX-Evil: 1", "\nX-Evil: 1", "\r", "\n", "\0"]


class Unreadable:
    """A path whose name raises an error, or is none."""

    def __init__(self, name):
        self.name = name

    def __fspath__(self):
        if isinstance(self.name, Exception):
            raise self.name
        return self.name


@pytest.mark.parametrize("verb", [raw.upload, raw.download])
def test_an_error_of_a_path_is_raised_as_it_is(server, client, verb):
    error = RuntimeError("no such asset")
    with pytest.raises(RuntimeError) as caught:
        verb("data/x", Unreadable(error), client=client)
    assert caught.value is error
    with pytest.raises(TypeError, match="to return str or bytes, not int"):
        verb("data/x", Unreadable(3), client=client)
    assert server.requests == []


def test_the_fields_of_a_form_must_not_be_text(server, client, make_file):
    with pytest.raises(ValueError, match=r"^Data must not be a string\.$"):
        raw.upload("x", make_file("a", b""), data="a=b", client=client)
    assert server.requests == []


class TestSplitting:
    """No text of a caller may end a line of the request."""

    def check(self, server):
        for request in server.requests:
            assert request.header("X-Evil") is None
            assert "\r" not in request.line and "\n" not in request.line
        assert len(server.requests) <= 1

    @pytest.mark.parametrize("text", SPLITTERS)
    @pytest.mark.parametrize(
        "verb", ["get", "post", "put", "delete", "download"]
    )
    def test_a_path_does_not_split_the_request(
        self, server, client, verb, text
    ):
        args = {"put": ({},), "post": ({},), "download": (None,)}.get(verb, ())
        try:
            getattr(raw, verb)("data/x" + text + "/y", *args, client=client)
        except (ValueError, OSError):
            assert server.requests == []
        self.check(server)
        if server.requests:
            assert "%0" in server.last.target

    @pytest.mark.parametrize("text", SPLITTERS)
    def test_a_query_does_not_split_the_request(self, server, client, text):
        raw.get("data/x", params={"a" + text: "b" + text}, client=client)
        self.check(server)
        assert server.last.params == [("a" + text, "b" + text)]

    @pytest.mark.parametrize("text", SPLITTERS[:4])
    @pytest.mark.parametrize("verb", ["get", "post", "upload", "download"])
    def test_a_token_does_not_split_the_request(
        self, server, client, make_file, verb, text
    ):
        client.access_token = "abc" + text
        args = {
            "post": ({},),
            "upload": (make_file(),),
            "download": (None,),
        }.get(verb, ())
        with pytest.raises(Exception) as caught:
            getattr(raw, verb)("data/x", *args, client=client)
        assert type(caught.value).__name__ == "InvalidHeader"
        assert isinstance(caught.value, ValueError)
        assert "abc" not in str(
            caught.value
        ) or not caught.value.__class__.__module__.startswith("gazu")
        assert server.requests == []

    @pytest.mark.parametrize("text", SPLITTERS)
    def test_a_host_does_not_split_the_request(self, server, client, text):
        client.host = server.url + text + "/api"
        try:
            raw.get("data/x", client=client)
        except (ValueError, OSError):
            assert server.requests == []
        self.check(server)

    @pytest.mark.parametrize("text", SPLITTERS[:4])
    def test_a_session_header_does_not_split_the_request(
        self, server, client, text
    ):
        for name, value in (("X-Studio", "a" + text), ("X" + text, "a")):
            client.session.headers = {name: value}
            with pytest.raises(Exception) as caught:
                raw.get("data/x", client=client)
            assert isinstance(caught.value, ValueError)
        assert server.requests == []

    @pytest.mark.parametrize("text", SPLITTERS[:4])
    def test_a_part_name_does_not_split_the_request(
        self, server, client, make_file, text
    ):
        raw.upload(
            "data/x", files={"k" + text: ("f" + text, b"a")}, client=client
        )
        (part,) = server.last.parts
        assert [name for name, _ in part.headers] == ["Content-Disposition"]
        assert part.content == b"a"

    @pytest.mark.parametrize(
        "location",
        ["/a\x0bb", "/a\x00b", "http://\x01/", "http://h:port/", "\x7f"],
    )
    def test_a_location_of_a_redirect_does_not_split_the_request(
        self, server, client, location
    ):
        server.on(
            "GET",
            "data/x",
            Answer({}, status=302, headers=[("Location", location)]),
        )
        try:
            raw.get("data/x", client=client)
        except (ValueError, OSError):
            pass
        for request in server.requests:
            assert "\x00" not in request.line and "\n" not in request.line


def test_a_token_of_another_type_raises(server, client):
    client.access_token = 3
    with pytest.raises(TypeError):
        raw.get("data/x", client=client)
    assert server.requests == []


def test_a_token_outside_latin_1_raises(server, client):
    client.access_token = "日本"
    with pytest.raises(UnicodeEncodeError):
        raw.get("data/x", client=client)
    assert server.requests == []

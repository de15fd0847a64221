"""The exceptions that statuses raise, and their attributes."""

from __future__ import annotations

import json
import logging
import pickle

import gazu
import pytest
from gazu import client as raw
from gazu import exception as ex

from .recording_server import Answer

CLASSES = {
    400: ex.ParameterException,
    401: ex.NotAuthenticatedException,
    403: ex.NotAllowedException,
    404: ex.RouteNotFoundException,
    405: ex.MethodNotAllowedException,
    413: ex.TooBigFileException,
    422: ex.ValidationException,
    500: ex.ServerErrorException,
    502: ex.ServerErrorException,
}
TOO_BIG = "data/x: You send a too big file. Change your proxy configuration to allow bigger files."


def arguments(status, message):
    if status in (400, 422):
        return ("data/x", message)
    if status == 413:
        return (TOO_BIG,)
    return ("data/x",)


def call_all(client, path, file_path):
    """Return a call for each way of sending a request, by name."""
    return {
        "get": lambda: raw.get(path, client=client),
        "text": lambda: raw.get(path, json_response=False, client=client),
        "post": lambda: raw.post(path, {}, client=client),
        "put": lambda: raw.put(path, {}, client=client),
        "delete": lambda: raw.delete(path, client=client),
        "upload": lambda: raw.upload(path, file_path, client=client),
        "download": lambda: raw.download(path, None, client=client),
    }


VERBS = ["get", "text", "post", "put", "delete", "upload", "download"]


@pytest.fixture
def fails(server, client, make_file):
    """Let a verb fail with an answer, and return its exception."""

    client.retries = 1

    def run(verb, answer, path="data/x"):
        server.on("*", "*", answer)
        with pytest.raises(ex.GazuException) as caught:
            call_all(client, path, make_file())[verb]()
        return caught.value

    return run


class TestClasses:
    @pytest.mark.parametrize("status", sorted(CLASSES))
    @pytest.mark.parametrize("verb", VERBS)
    def test_a_status_raises_its_class(self, server, fails, verb, status):
        error = fails(verb, Answer({"message": "why"}, status=status))
        assert type(error) is CLASSES[status]
        assert error.args == arguments(status, "why")
        assert len(server.requests) == 1

    @pytest.mark.parametrize("status", sorted(CLASSES))
    def test_file_data_raises_with_the_full_url(self, server, client, status):
        server.on("*", "*", Answer({}, status=status))
        with pytest.raises(CLASSES[status]) as caught:
            raw.get_file_data_from_url("data/x", client=client)
        url = server.url + "/api/data/x"
        assert str(caught.value.args[0]).startswith(url)

    @pytest.mark.parametrize(
        "status",
        [201, 203, 206, 304, 402, 406, 409, 410, 418, 428, 451],
    )
    def test_every_other_status_is_an_answer(self, server, client, status):
        client.retries = 1
        server.on("*", "data/x", Answer({"message": "why"}, status=status))
        if status == 304:
            with pytest.raises(json.JSONDecodeError):
                raw.get("data/x", client=client)
            return
        assert raw.get("data/x", client=client) == {"message": "why"}
        assert raw.post("data/x", {}, client=client) == {"message": "why"}
        assert raw.put("data/x", {}, client=client) == {"message": "why"}
        assert raw.delete("data/x", client=client) == '{"message": "why"}'

    def test_the_path_is_as_given(self, fails):
        error = fails("get", Answer({}, status=404), path="/data/x/")
        assert str(error) == "/data/x/"

    def test_the_path_has_the_query(self, server, client):
        server.on("*", "*", Answer({}, status=404))
        for call in (raw.get, raw.delete):
            with pytest.raises(ex.RouteNotFoundException) as caught:
                call("data/x", params={"a": [1, "é"]}, client=client)
            assert str(caught.value) == "data/x?a=1&a=%C3%A9"
        with pytest.raises(ex.RouteNotFoundException) as caught:
            raw.download("data/x", None, params={"a": 1}, client=client)
        assert str(caught.value) == "data/x?a=1"

    def test_an_error_may_have_no_body(self, fails):
        for status in CLASSES:
            error = fails("get", Answer(body=b"", status=status))
            assert type(error) is CLASSES[status]
            assert error.args == arguments(status, "No additional information")

    def test_an_error_may_be_html(self, fails):
        for status in CLASSES:
            page = Answer(
                body="<h1>é</h1>", content_type="text/html", status=status
            )
            error = fails("post", page)
            assert type(error) is CLASSES[status]
            assert error.args == arguments(status, "No additional information")

    @pytest.mark.parametrize("encoding", ["gzip", "deflate"])
    def test_an_error_may_be_compressed(self, fails, encoding):
        error = fails(
            "get", Answer({"message": "why"}, status=400, encoding=encoding)
        )
        assert error.args == ("data/x", "why")


MESSAGES = [
    ({"message": "a"}, "a"),
    ({"error": "b"}, "b"),
    ({"message": "a", "error": "b"}, "a"),
    ({"message": "", "error": "b"}, "b"),
    ({"error": True, "message": "a"}, "a"),
    ({"error": True}, "No additional information"),
    ({"message": 1, "error": None}, "No additional information"),
    ({"message": {"name": "x"}}, "No additional information"),
    ({}, "No additional information"),
    ([], "No additional information"),
    ("text", "No additional information"),
    (None, "No additional information"),
    (
        {
            "message": "Bad",
            "data": {"errors": [{"field": "name", "message": "missing"}]},
        },
        "Bad (name: missing)",
    ),
    (
        {
            "message": "Bad",
            "data": {
                "errors": [
                    {"field": "a", "message": "b"},
                    {"x": 1},
                    "text",
                    {"field": 2},
                ]
            },
        },
        "Bad (a: b, None: None, 2: None)",
    ),
    (
        {"data": {"errors": [{"field": "a", "message": "b"}]}},
        "No additional information (a: b)",
    ),
    ({"message": "Bad", "data": {"errors": []}}, "Bad"),
    ({"message": "Bad", "data": {"errors": ["text"]}}, "Bad"),
    ({"message": "Bad", "data": {"errors": {"field": "a"}}}, "Bad"),
    ({"message": "Bad", "data": [1]}, "Bad"),
    ({"message": "é"}, "é"),
]


class TestMessages:
    @pytest.mark.parametrize("body, message", MESSAGES, ids=repr)
    @pytest.mark.parametrize("status", [400, 422])
    def test_an_exception_has_the_message(self, fails, status, body, message):
        assert fails("post", Answer(body, status=status)).args == (
            "data/x",
            message,
        )

    @pytest.mark.parametrize("body, message", MESSAGES, ids=repr)
    def test_a_message_is_read_from_data(self, body, message):
        assert raw.get_message_from_data(body) == message
        assert raw.get_message_from_data(body, "other") == message.replace(
            "No additional information", "other"
        )

    def test_a_message_is_read_from_a_response(self, server, client):
        server.on(
            "GET", "/api", Answer({"error": "b"}), Answer(body=b"<html>")
        )
        get = client.session.get
        assert raw.get_message_from_response(get(client.host)) == "b"
        assert (
            raw.get_message_from_response(get(client.host))
            == "No additional information"
        )
        assert (
            raw.get_message_from_response(
                get(client.host), default_message="d"
            )
            == "d"
        )


@pytest.mark.beyond
class TestUnavailableServer:
    """Errors that upstream returns as results: too many requests, gateways, proxies."""

    STATUSES = (429, 501, 503, 504, 505, 507, 520, 530, 599)

    @staticmethod
    def class_of(status):
        if status == 429:
            return ex.TooManyRequestsException
        return ex.ServerErrorException

    @pytest.mark.parametrize("status", STATUSES)
    @pytest.mark.parametrize("verb", VERBS)
    def test_a_status_raises_its_class(self, server, fails, verb, status):
        error = fails(verb, Answer({"message": "why"}, status=status))
        assert type(error) is self.class_of(status)
        said = ("data/x", "why") if status == 429 else ("data/x",)
        assert error.args == said
        assert (error.status_code, error.body) == (status, {"message": "why"})
        assert (error.path, error.retry_after) == ("data/x", None)
        assert len(server.requests) == 1

    @pytest.mark.parametrize("status", [429, 503, 520])
    def test_an_html_page_is_the_body(self, fails, status):
        page = Answer(body="<h1>", content_type="text/html", status=status)
        error = fails("post", page)
        assert type(error) is self.class_of(status)
        assert error.body == "<h1>"

    @pytest.mark.parametrize("status", [429, 503])
    @pytest.mark.parametrize(
        "asked, seconds",
        [("7", 7), ("0.5", 0.5), ("soon", None), ("-1", None), (None, None)],
    )
    def test_retry_after_is_an_attribute(
        self, server, client, status, asked, seconds
    ):
        headers = [] if asked is None else [("Retry-After", asked)]
        server.on("*", "*", Answer({}, status=status, headers=headers))
        session = client.session
        for call in (
            lambda: raw.post("data/x", {}, client=client),
            lambda: raw.check_status(
                session.get(client.host + "/data/x"), "data/x"
            ),
        ):
            with pytest.raises(self.class_of(status)) as caught:
                call()
            assert caught.value.retry_after == seconds
            again = pickle.loads(pickle.dumps(caught.value))
            assert again.retry_after == seconds

    def test_retry_after_of_a_date_is_in_seconds(self, server, client):
        when = "Fri, 31 Dec 2100 23:59:59 GMT"
        busy = Answer({}, status=429, headers=[("Retry-After", when)])
        server.on("GET", "data/x", busy)
        with pytest.raises(ex.TooManyRequestsException) as caught:
            raw.get("data/x", client=client)
        assert caught.value.retry_after > 3600 * 24 * 365
        assert len(server.requests) == 1

    def test_a_download_keeps_its_target(
        self, fails, server, client, tmp_path
    ):
        target = tmp_path / "film"
        target.write_bytes(b"old")
        client.retries = 1
        server.on("GET", "x", Answer(body=b"busy", status=503))
        with pytest.raises(ex.ServerErrorException):
            raw.download("x", str(target), client=client)
        assert target.read_bytes() == b"old"

    def test_a_login_raises_and_keeps_no_token(self, server, client):
        server.on("POST", "auth/login", Answer({"a": 1}, status=429))
        with pytest.raises(ex.TooManyRequestsException):
            gazu.log_in("ann", "pw", client=client)
        assert client.access_token is None

    def test_the_client_module_has_the_class(self):
        assert raw.TooManyRequestsException is ex.TooManyRequestsException
        assert gazu.aio.TooManyRequestsException is (
            ex.TooManyRequestsException
        )

    def test_awaited_calls_raise_too(self, server, python):
        busy = Answer({}, status=503, headers=[("Retry-After", "90")])
        many = Answer({"message": "why"}, status=429)
        server.on("GET", "data/x", busy)
        server.on("POST", "data/x", many)
        process = python(
            """
            import asyncio, sys
            import gazu.aio

            async def main():
                async with gazu.aio.AsyncKitsuClient(sys.argv[1]) as client:
                    for call in (
                        lambda: gazu.aio.get("data/x", client=client),
                        lambda: gazu.aio.post("data/x", {}, client=client),
                    ):
                        try:
                            await call()
                        except gazu.exception.GazuException as error:
                            print(type(error).__name__, error.retry_after)

            asyncio.run(main())
            """,
            server.url + "/api",
        )
        assert process.stdout.split() == [
            "ServerErrorException",
            "90.0",
            "TooManyRequestsException",
            "None",
        ]


class Reply:
    """An object with only the attributes of a response that check_status reads."""

    def __init__(self, status_code, body=None, text=""):
        self.status_code = status_code
        self.body = body
        self.text = text

    def json(self):
        if self.body is None:
            raise ValueError("no JSON")
        return self.body


class TestCheckStatus:
    """It is public, and takes any object that looks like a response."""

    @pytest.mark.parametrize("status", [200, 204, 302, 409])
    def test_other_statuses_are_returned(self, status):
        assert raw.check_status(Reply(status), "data/x") == (status, False)

    @pytest.mark.parametrize("status", sorted(CLASSES))
    def test_a_status_raises_its_class(self, status):
        with pytest.raises(CLASSES[status]) as caught:
            raw.check_status(Reply(status), "data/x")
        assert caught.value.args == arguments(
            status, "No additional information"
        )

    def test_a_response_is_accepted(self, server, client):
        server.on("GET", "/api", Answer({"message": "why"}, status=400))
        with pytest.raises(ex.ParameterException) as caught:
            raw.check_status(
                client.session.get(client.host), "data/x", client=client
            )
        assert caught.value.args == ("data/x", "why")

    def test_an_expired_token_is_refreshed(self, server, client):
        server.on("GET", "auth/refresh-token", {"access_token": "new"})
        client.use_refresh_token, client.refresh_token = True, "r"
        expired = Reply(401, {"message": "Signature has expired"})
        assert raw.check_status(expired, "data/x", client) == (401, True)
        assert client.access_token == "new"

    def test_the_verbs_call_a_patched_check_status(
        self, server, client, monkeypatch
    ):
        monkeypatch.setattr(raw, "check_status", lambda *a, **k: (200, False))
        server.on("GET", "data/x", Answer({"a": 1}, status=404))
        assert raw.get("data/x", client=client) == {"a": 1}


class TestServerErrors:
    def test_server_errors_are_logged(self, fails, caplog):
        with caplog.at_level(logging.ERROR, "gazu"):
            fails(
                "get",
                Answer(
                    {"message": "boom", "stacktrace": "line 1"}, status=500
                ),
            )
        assert caplog.messages == [
            "The server failed: boom\nIts stack trace:\nline 1"
        ]
        assert caplog.records[0].name == "gazu"

    def test_server_errors_without_details_are_logged(self, fails, caplog):
        with caplog.at_level(logging.ERROR, "gazu"):
            fails("get", Answer({}, status=502))
        assert caplog.messages == [
            "The server failed: no reason given\nIts stack trace:\nnot sent"
        ]

    def test_server_errors_that_are_not_json_are_logged(self, fails, caplog):
        with caplog.at_level(logging.ERROR, "gazu"):
            fails("get", Answer(body="<h1>Bad</h1>", status=502))
        assert caplog.messages == ["The server failed and sent: <h1>Bad</h1>"]

    def test_an_answer_to_a_post_that_is_not_json_is_logged(
        self, server, client, caplog
    ):
        server.on("POST", "data/x", Answer(body="<html>"))
        with caplog.at_level(logging.ERROR, "gazu"), pytest.raises(
            json.JSONDecodeError
        ):
            raw.post("data/x", {}, client=client)
        assert caplog.messages == ["The server's answer is not JSON: <html>"]


@pytest.mark.beyond
class TestReasons:
    """Exceptions have the reason that the server gives."""

    @pytest.mark.parametrize("status", sorted(CLASSES))
    @pytest.mark.parametrize("verb", VERBS)
    def test_an_exception_has_status_body_and_path(self, fails, verb, status):
        error = fails(
            verb, Answer({"message": "why", "data": {"é": 1}}, status=status)
        )
        assert type(error.status_code) is int
        assert error.status_code == status
        assert error.body == {"message": "why", "data": {"é": 1}}
        assert error.path == "data/x"

    def test_the_body_may_be_text(self, fails):
        error = fails(
            "get",
            Answer(
                body="<h1>é</h1>",
                status=502,
                content_type="text/html; charset=utf-8",
            ),
        )
        assert error.body == "<h1>é</h1>"

    def test_the_body_may_be_empty(self, fails):
        assert fails("get", Answer(body=b"", status=404)).body == ""

    def test_the_path_has_the_query(self, fails):
        assert (
            fails("get", Answer({}, status=404), path="data/x?a=1").path
            == "data/x?a=1"
        )

    @pytest.mark.parametrize("status", sorted(CLASSES))
    def test_a_pickled_exception_keeps_the_reason(self, fails, status):
        error = pickle.loads(
            pickle.dumps(fails("get", Answer({"message": "m"}, status=status)))
        )
        assert type(error) is CLASSES[status]
        assert error.args == arguments(status, "m")
        assert (error.status_code, error.body, error.path) == (
            status,
            {"message": "m"},
            "data/x",
        )

    def test_a_failed_upload_has_the_reason(self, fails):
        error = fails("upload", Answer({"message": "no"}))
        assert type(error) is ex.UploadFailedException
        assert (error.status_code, error.body, error.path) == (
            200,
            {"message": "no"},
            "data/x",
        )

    def test_a_failed_login_has_the_reason(self, server, default):
        server.on(
            "POST",
            "auth/login",
            Answer({"message": "locked", "wrong": 1}, status=400),
        )
        with pytest.raises(ex.AuthFailedException) as caught:
            gazu.log_in("a", "b")
        assert caught.value.status_code == 400
        assert caught.value.body == {"message": "locked", "wrong": 1}
        assert caught.value.path == "auth/login"

    def test_a_preview_in_progress_has_the_reason(self, server, client):
        server.on("GET", "x", Answer({"message": "soon"}, status=202))
        with pytest.raises(ex.PreviewFileProcessingException) as caught:
            raw.download("x", None, client=client, processing_timeout=0)
        assert (caught.value.status_code, caught.value.path) == (202, "x")

    def test_attributes_may_be_overwritten(self, fails):
        error = fails("get", Answer({}, status=404))
        error.status_code = 410
        assert error.status_code == 410

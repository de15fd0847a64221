"""Tokens and passwords appear in nothing that is shown or stored."""

from __future__ import annotations

import json
import logging
import pickle
import time
import traceback

import gazu
import pytest
from gazu import client as raw
from gazu._engine import redact

from ..recording_server import EXPIRED, Answer

SECRETS = ("s3cret-access", "s3cret-refresh", "s3cret-password")


def free_of_secrets(text):
    return not any(secret in text for secret in SECRETS)


@pytest.fixture
def keeper(server):
    """A client whose tokens must not be shown."""
    return raw.KitsuClient(
        server.url + "/api",
        access_token=SECRETS[0],
        refresh_token=SECRETS[1],
        retries=1,
    )


def test_repr_shows_no_secrets(keeper):
    for thing in (keeper, keeper.session, raw.get, gazu):
        assert free_of_secrets(repr(thing)) and free_of_secrets(str(thing))


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 422, 500])
def test_exceptions_show_no_secrets(server, keeper, status):
    keeper.use_refresh_token = False
    server.on("*", "*", Answer({"message": "why"}, status=status))
    for call in (
        lambda: raw.get("data/x", client=keeper),
        lambda: raw.post("data/x", {"password": SECRETS[2]}, client=keeper),
        lambda: gazu.log_in("ann", SECRETS[2], client=keeper),
    ):
        with pytest.raises(Exception) as caught:
            call()
        error = caught.value
        shown = "".join(traceback.format_exception(type(error), error, None))
        assert free_of_secrets(
            repr(error) + str(error) + shown + repr(vars(error))
        )


@pytest.mark.parametrize(
    "how",
    [{"reset": "headers"}, {"close": "headers"}, {"body": b"<html>"}],
    ids=str,
)
def test_transport_errors_show_no_secrets(server, keeper, how):
    server.on("*", "*", Answer(**how))
    for call in (
        lambda: raw.get("data/x", client=keeper),
        lambda: gazu.log_in("ann", SECRETS[2], client=keeper),
    ):
        with pytest.raises(Exception) as caught:
            call()
        assert free_of_secrets(repr(caught.value) + str(caught.value))


def test_logs_contain_no_secrets(server, keeper, caplog):
    with caplog.at_level(logging.DEBUG):
        raw.get("data/x", client=keeper)
        raw.post("data/x", {"name": "a"}, client=keeper)
        raw.post("data/x", {"password": SECRETS[2]}, client=keeper)
        raw.put("data/x", {"token": SECRETS[2]}, client=keeper)
        raw.delete("data/x", client=keeper)
        raw.upload("data/x", files={"f": b"a"}, client=keeper)
        server.on(
            "POST", "auth/login", {"access_token": SECRETS[0], "login": True}
        )
        gazu.log_in("ann", SECRETS[2], client=keeper)
        keeper.refresh_token = SECRETS[1]
        server.on("GET", "auth/refresh-token", {"access_token": SECRETS[0]})
        keeper.refresh_access_token()
    assert free_of_secrets(caplog.text)


@pytest.mark.parametrize(
    "field", ["password", "token", "access_token", "refresh_token", "secret"]
)
@pytest.mark.parametrize("verb", ["post", "put"])
def test_a_body_with_a_secret_is_not_logged(
    server, client, caplog, verb, field
):
    with caplog.at_level(logging.DEBUG, "gazu"):
        getattr(raw, verb)("data/x", {field: "v", "name": "n"}, client=client)
        getattr(raw, verb)("data/y", {"name": "n"}, client=client)
    assert caplog.messages == [
        verb.upper() + " " + client.host + "/data/x",
        verb.upper() + " " + client.host + "/data/y",
        "Body: {'name': 'n'}",
    ]


def test_requests_are_logged(server, client, caplog):
    with caplog.at_level(logging.DEBUG, "gazu"):
        raw.get("data/x", params={"a": 1}, client=client)
        raw.delete("data/x", params={"a": 1}, client=client)
    assert caplog.messages == [
        "GET " + client.host + "/data/x",
        "DELETE " + client.host + "/data/x",
    ]


def test_nothing_is_logged_by_default(server, python):
    process = python(
        """
        import sys, gazu
        client = gazu.client.create_client(sys.argv[1])
        gazu.client.post("data/x", {"a": 1}, client=client)
        """,
        server.url + "/api",
    )
    assert (process.stdout, process.stderr) == ("", "")


def test_gazu_debug_logs_requests(server, python):
    process = python(
        """
        import logging, sys, gazu
        client = gazu.client.create_client(sys.argv[1])
        gazu.client.get("data/x", client=client)
        gazu.log_in("ann", "s3cret-password", client=client) if len(sys.argv) > 2 else None
        assert logging.getLogger().level == logging.WARNING
        """,
        server.url + "/api",
        env={"GAZU_DEBUG": "True"},
    )
    assert "GET " + server.url + "/api/data/x" in process.stderr


@pytest.mark.beyond
def test_an_exception_does_not_contain_the_request(server, keeper):
    """It contains the server's answer only."""
    keeper.use_refresh_token = False
    server.on("*", "*", Answer({"message": "why"}, status=400))
    with pytest.raises(gazu.ParameterException) as caught:
        raw.post("data/x", {"password": SECRETS[2]}, client=keeper)
    assert set(vars(caught.value)) <= {"status_code", "body", "path"}


@pytest.mark.beyond
def test_an_invalid_token_is_not_shown(server, client):
    client.access_token = SECRETS[0] + "\n"
    with pytest.raises(ValueError) as caught:
        raw.get("data/x", client=client)
    assert free_of_secrets(repr(caught.value) + str(caught.value))


@pytest.mark.beyond
def test_a_password_in_the_host_is_not_shown(client):
    client.host = "http://me:%s@127.0.0.1:1/api" % SECRETS[2]
    client.retries = 1
    with pytest.raises(OSError) as caught:
        raw.get("data/x", client=client)
    assert free_of_secrets(repr(caught.value) + str(caught.value))


@pytest.mark.beyond
def test_a_password_of_a_proxy_is_not_shown(client, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://me:%s@127.0.0.1:1" % SECRETS[2])
    client.retries = 1
    with pytest.raises(OSError) as caught:
        raw.get("data/x", client=client)
    assert free_of_secrets(repr(caught.value) + str(caught.value))


class TestTracebacks:
    """Tools may add the values of local variables to a traceback."""

    @staticmethod
    def ours(error):
        """Return the local variables of gazu's frames, as such a tool shows them."""
        shown = traceback.TracebackException(
            type(error), error, error.__traceback__, capture_locals=True
        )
        rows = []
        for level in (shown, shown.__cause__, shown.__context__):
            if level is None:
                continue
            rows += [str(level)]
            for frame in level.stack:
                if "tests" not in frame.filename:
                    rows.append("%s: %s" % (frame.name, frame.locals))
        return "\n".join(rows)

    @pytest.mark.parametrize(
        "answer",
        [
            Answer({"login": False}),
            Answer({"message": "wrong"}, status=400),
            Answer({"message": "wrong"}, status=401),
            Answer({}, status=403),
            Answer({"message": "broken"}, status=500),
            Answer(body="<html>"),
            Answer(reset="headers"),
            Answer(truncate=3),
        ],
        ids=["false", "400", "401", "403", "500", "html", "reset", "cut"],
    )
    def test_a_failed_login_shows_no_secrets(self, server, client, answer):
        client.retries = 1
        server.on("POST", "auth/login", answer)
        with pytest.raises(Exception) as caught:
            gazu.log_in("ann", SECRETS[2], totp="s3cret-access", client=client)
        assert "log_in" in self.ours(caught.value)
        assert free_of_secrets(self.ours(caught.value))

    @pytest.mark.parametrize(
        "refresh",
        [
            Answer({"message": "Signature has expired"}, status=401),
            Answer({}, status=500),
            Answer({"refresh_token": SECRETS[1]}),
            Answer(reset="headers"),
        ],
        ids=["401", "500", "no token", "reset"],
    )
    def test_a_failed_refresh_shows_no_secrets(self, server, keeper, refresh):
        server.on(
            "*",
            "data/x",
            Answer({"message": "Signature has expired"}, status=401),
        )
        server.on("GET", "auth/refresh-token", refresh)
        for call in (
            lambda: raw.get("data/x", client=keeper),
            lambda: raw.download("data/x", None, client=keeper),
            keeper.refresh_access_token,
        ):
            with pytest.raises(Exception) as caught:
                call()
            assert free_of_secrets(self.ours(caught.value))

    @pytest.mark.parametrize("status", [400, 401, 404, 500])
    def test_a_failed_call_shows_no_secrets(self, server, keeper, status):
        keeper.use_refresh_token = False
        server.on("*", "*", Answer({}, status=status))
        for call in (
            lambda: gazu.project.all_projects(client=keeper),
            lambda: gazu.task.get_task("a" * 8, client=keeper),
            lambda: raw.upload("x", files={"f": b"a"}, client=keeper),
            lambda: raw.download("x", None, client=keeper),
            lambda: keeper.session.get(keeper.host + "/x").raise_for_status(),
        ):
            with pytest.raises(Exception) as caught:
                call()
            assert free_of_secrets(self.ours(caught.value))

    def test_a_failed_change_of_password_shows_no_secrets(
        self, server, keeper
    ):
        server.on("*", "*", Answer({}, status=400))
        with pytest.raises(gazu.exception.ParameterException) as caught:
            gazu.person.change_password_for_person(
                {"id": "a" * 8}, SECRETS[2], client=keeper
            )
        assert free_of_secrets(self.ours(caught.value))

    def test_a_failed_awaited_login_shows_no_secrets(self, server, python):
        server.on("POST", "auth/login", Answer({}, status=400))
        expired = Answer({"message": "Signature has expired"}, status=401)
        server.on("*", "data/x", expired)
        server.on("GET", "auth/refresh-token", Answer({}, status=401))
        process = python(
            """
            import asyncio, sys, traceback
            import gazu.aio

            secrets = ("s3cret" + "-access", "s3cret" + "-refresh", "s3cret" + "-password")

            async def main():
                client = gazu.aio.AsyncKitsuClient(
                    sys.argv[1], access_token=secrets[0], refresh_token=secrets[1])
                errors = []
                for call in (
                    lambda: gazu.aio.log_in("ann", secrets[2], client=client),
                    lambda: gazu.log_in("ann", secrets[2], client=client),
                    lambda: gazu.aio.get("data/x", client=client),
                ):
                    try:
                        await call()
                    except gazu.exception.GazuException as error:
                        errors.append(error)
                await client.session.close()
                return errors

            errors = asyncio.run(main())
            assert len(errors) == 3
            for error in errors:
                while error is not None:
                    shown = traceback.TracebackException(
                        type(error), error, error.__traceback__, capture_locals=True)
                    for frame in shown.stack:
                        if frame.name != "main":
                            print(frame.name, frame.locals)
                    error = error.__cause__ or error.__context__
            """,
            server.url + "/api",
        )
        assert "_renew" in process.stdout
        assert free_of_secrets(process.stdout)


@pytest.mark.parametrize(
    "data",
    [
        {"name": "n", "more": [{"deep": {"api_token": "s3cret-access"}}]},
        {"name": '{"password": "s3cret-password"}'},
        {"url": "https://h/x?token=s3cret-access&a=1"},
        {"url": "https://me:s3cret-password@h/x"},
        {"headers": "Authorization: Bearer s3cret-access"},
        ["password=s3cret-password"],
    ],
    ids=str,
)
def test_nested_secrets_are_not_logged(server, keeper, caplog, data):
    with caplog.at_level(logging.DEBUG):
        raw.post("data/x", data, client=keeper)
        raw.put("data/x", data, client=keeper)
        gazu.client.create("shots", {"data": data}, client=keeper)
    assert len(server.requests) == 3
    assert "POST" in caplog.text
    assert free_of_secrets(caplog.text)


@pytest.mark.parametrize(
    "name", ["The secret forest", "token of love", "Password", "a:b@c"]
)
def test_names_that_look_like_secrets_are_logged(server, client, caplog, name):
    with caplog.at_level(logging.DEBUG, "gazu"):
        raw.post("data/x", {"name": name}, client=client)
    assert caplog.messages[-1] == "Body: %r" % {"name": name}


def test_queries_and_hosts_are_not_logged(server, caplog):
    client = raw.create_client(
        server.url.replace("://", "://me:s3cret-password@") + "/api"
    )
    with caplog.at_level(logging.DEBUG):
        raw.get("data/x", params={"token": SECRETS[0]}, client=client)
        raw.get("data/x?token=" + SECRETS[0], client=client)
        raw.delete("data/x", params={"token": SECRETS[0]}, client=client)
        raw.fetch_all("x", {"token": SECRETS[0]}, client=client)
        assert raw.host_is_up(client=client)
    assert len(server.requests) == 5
    assert free_of_secrets(caplog.text)
    assert free_of_secrets(repr(client) + str(client) + repr(client.session))


def test_a_truncated_login_answer_is_not_logged(server, client, caplog):
    """The answer is invalid JSON, and contains a token."""
    body = '{"login": true, "access_token": "s3cret-access", "refresh'
    server.on("POST", "auth/login", Answer(body=body))
    with pytest.raises(ValueError) as caught:
        gazu.log_in("ann", SECRETS[2], client=client)
    shown = traceback.format_exception(type(caught.value), caught.value, None)
    assert free_of_secrets(caplog.text + "".join(shown) + repr(caught.value))


def test_gazu_debug_shows_no_secrets(server, python):
    """Farms keep what is printed in their logs."""
    server.on(
        "POST",
        "auth/login",
        {
            "login": True,
            "access_token": SECRETS[0],
            "refresh_token": SECRETS[1],
        },
    )
    server.on("GET", "auth/refresh-token", {"access_token": SECRETS[0]})
    expired = Answer({"message": "Signature has expired"}, status=401)
    server.on("GET", "data/x", expired, {})
    process = python(
        """
        import sys, gazu
        client = gazu.client.KitsuClient(sys.argv[1], refresh_token="s3cret-refresh")
        gazu.log_in("ann", "s3cret-password", client=client)
        gazu.client.get("data/x", client=client)
        gazu.client.post("data/x", {"a": {"password": "s3cret-password"}}, client=client)
        gazu.person.change_password_for_person({"id": "a" * 8}, "s3cret-password", client=client)
        print(client, repr(client), client.session, gazu.client.call(gazu.person.all_persons))
        raise RuntimeError("the end")
        """,
        server.url + "/api",
        env={"GAZU_DEBUG": "true"},
        check=False,
    )
    assert "POST" in process.stderr and "the end" in process.stderr
    assert free_of_secrets(process.stdout + process.stderr)

    assert process.returncode == 1


def test_calls_and_responses_show_no_secrets(server, keeper):
    call = gazu.client._core.client_call("post", "data/x").with_json(
        {"password": SECRETS[2]}
    )
    keeper.session.headers["Cookie"] = SECRETS[1]
    response = keeper.session.get(
        keeper.host + "/x", headers=keeper.make_auth_header()
    )
    for thing in (
        call,
        response,
        response.request,
        response.request.headers,
        keeper.session.headers,
    ):
        assert free_of_secrets(repr(thing) + str(thing))


@pytest.mark.parametrize("verb", ["get", "delete", "download"])
@pytest.mark.parametrize("status", [400, 404, 500])
def test_exceptions_mask_secrets_in_queries(
    server, keeper, verb, status, tmp_path
):
    server.on("*", "*", Answer({}, status=status))
    query = {"a": "1", "reset_token": SECRETS[0], "Password": SECRETS[2]}
    call = {
        "get": lambda: raw.get("data/x", params=query, client=keeper),
        "delete": lambda: raw.delete("data/x", query, client=keeper),
        "download": lambda: raw.download(
            "data/x", str(tmp_path / "out"), params=query, client=keeper
        ),
    }[verb]
    with pytest.raises(gazu.exception.GazuException) as caught:
        call()
    error = caught.value
    assert "s3cret-access" in server.last.target
    assert free_of_secrets(repr(error) + str(error) + repr(vars(error)))
    assert error.path.startswith("data/x?a=1&reset_token=")


def test_a_path_without_secrets_is_kept_as_given(server, client):
    server.on("GET", "*", Answer({}, status=404))
    path = "data/x?a=token&b=%2F&name=password&c"
    with pytest.raises(gazu.exception.RouteNotFoundException) as caught:
        raw.get(path, client=client)
    assert caught.value.args == (path,)


def everything(error):
    """Return all that an error shows and that its pickle contains."""
    kept = pickle.dumps(error)
    try:
        again = pickle.loads(kept)
    except TypeError:
        # A class of requests before 2.32, which cannot be loaded.
        assert type(error).__module__ == "requests.exceptions"
        again = error
    texts = [repr(kept)]
    for each in (error, again):
        texts += [str(each), repr(each), repr(each.args), repr(vars(each))]
    request = getattr(again, "request", None)
    if request is not None:
        texts += [str(request.url), repr(dict(request.headers))]
        texts.append(repr(vars(request)))
    response = getattr(again, "response", None)
    if response is not None:
        texts += [response.url, repr(dict(response.headers)), response.text]
        texts += [repr(vars(response)), repr(vars(response.request))]
        texts += [repr(dict(response.cookies))]
    return "".join(texts)


@pytest.mark.beyond
class TestStoredErrors:
    """Queues and reports keep pickled errors."""

    QUERY = "?a=1&token=s3cret-access"

    @pytest.mark.parametrize(
        "how", [{"reset": "headers"}, {"hang": "headers"}, {"truncate": 3}]
    )
    def test_a_stored_transport_error_contains_no_secrets(
        self, server, keeper, how
    ):
        keeper.timeout = 0.3
        keeper.host = keeper.host.replace("://", "://me:s3cret-password@")
        server.on("*", "*", Answer({"a": "b" * 50}, **how))
        keeper.session.headers["Cookie"] = SECRETS[1]
        for call in (
            lambda: raw.get("data/x" + self.QUERY, client=keeper),
            lambda: keeper.session.get(keeper.host + "/x" + self.QUERY),
        ):
            with pytest.raises(OSError) as caught:
                call()
            assert free_of_secrets(everything(caught.value))

    def test_a_stored_http_error_contains_no_secrets(self, server, keeper):
        body = {"access_token": SECRETS[0], "name": "n"}
        headers = [("Set-Cookie", "access_token_cookie=s3cret-refresh")]
        server.on("*", "*", Answer(body, status=418, headers=headers))
        response = keeper.session.post(
            keeper.host + "/x" + self.QUERY,
            data='{"password": "s3cret-password"}',
            headers=keeper.make_auth_header(),
        )
        assert response.json() == body
        with pytest.raises(OSError) as caught:
            response.raise_for_status()
        error = caught.value
        assert free_of_secrets(str(error) + repr(error) + repr(error.args))
        again = pickle.loads(pickle.dumps(error))
        assert free_of_secrets(everything(again))
        assert again.response.status_code == 418
        assert again.request.method == "POST"
        # The response object of the script does not change.
        assert error.response is response and response.json() == body

    def test_a_stored_rejection_contains_no_secrets(self, server, keeper):
        """Some servers repeat what was sent in what they say about it."""
        sent = {"password": SECRETS[2], "name": "Ann"}
        body = {
            "message": "Invalid",
            "data": {"errors": [{"input": sent, "count": 2}]},
            "sent": json.dumps(sent),
        }
        server.on("*", "*", Answer(body, status=400))
        with pytest.raises(gazu.exception.ParameterException) as caught:
            raw.post("data/x", sent, client=keeper)
        assert caught.value.body == body
        kept = pickle.dumps(caught.value)
        assert free_of_secrets(repr(kept))
        assert pickle.loads(kept).body["data"] == {
            "errors": [
                {"input": {"password": "...", "name": "Ann"}, "count": 2}
            ]
        }

    def test_a_stored_client_contains_no_answers(self, server, keeper):
        """Its tokens are stored, so that a worker can use it."""
        server.on(
            "GET",
            "auth/refresh-token",
            Answer({"message": "for " + SECRETS[2]}, status=400),
        )
        server.on("GET", "data/x", Answer(EXPIRED, status=401))
        keeper.use_refresh_token = True
        with pytest.raises(gazu.exception.ParameterException):
            raw.get("data/x", client=keeper)
        assert SECRETS[2] not in repr(pickle.dumps(keeper))
        assert pickle.loads(pickle.dumps(keeper)).tokens == keeper.tokens

    def test_a_stored_json_error_contains_no_secrets(self, server, keeper):
        body = '{"login": true, "access_token": "s3cret-access", "refresh'
        server.on("*", "*", Answer(body=body))
        for call in (
            lambda: gazu.log_in("ann", SECRETS[2], client=keeper),
            lambda: raw.get("data/x", client=keeper),
            lambda: keeper.session.get(keeper.host + "/x").json(),
        ):
            with pytest.raises(ValueError) as caught:
                call()
            assert free_of_secrets(everything(caught.value))
            assert len(caught.value.doc) == len(body)

    def test_a_json_error_keeps_a_body_without_secrets(self, server, keeper):
        server.on("*", "*", Answer(body="<html>the token of love</html>"))
        with pytest.raises(ValueError) as caught:
            raw.get("data/x", client=keeper)
        assert caught.value.doc == "<html>the token of love</html>"

    def test_a_preview_error_masks_the_query(self, server, keeper):
        busy = Answer({}, status=202, headers=[("Retry-After", "0")])
        server.on("GET", "x", busy)
        expected = "x?a=1&token=..."
        with pytest.raises(raw.PreviewFileProcessingException) as caught:
            raw.download(
                "x", None, {"a": 1, "token": SECRETS[0]}, keeper, None, 0
            )
        error = caught.value
        assert (error.args, error.path) == ((expected,), expected)
        assert free_of_secrets(everything(error))

    @pytest.mark.parametrize("status", [202, 401, 404, 429, 503])
    def test_errors_through_a_session_of_requests_contain_no_secrets(
        self, server, keeper, tmp_path, status
    ):
        requests = pytest.importorskip("requests")
        keeper.use_refresh_token = False
        server.on("GET", "x", Answer({}, status=status))
        with requests.Session() as session:
            keeper.session = session
            with pytest.raises(gazu.exception.GazuException) as caught:
                raw.download("x", None, {"token": SECRETS[0]}, keeper, None, 0)
        assert free_of_secrets(everything(caught.value))

    def test_errors_with_a_full_url_contain_no_secrets(self, server, keeper):
        server.on("*", "*", Answer({}, status=404))
        url = server.url.replace("://", "://me:s3cret-password@") + self.QUERY
        with pytest.raises(gazu.exception.RouteNotFoundException) as caught:
            raw.get_file_data_from_url(url, full=True, client=keeper)
        assert free_of_secrets(everything(caught.value))
        with pytest.raises(gazu.exception.DownloadFileException) as caught:
            gazu.helpers.download_file(url)
        assert free_of_secrets(everything(caught.value))
        assert "a=1&token=..." in str(caught.value)

    @pytest.mark.parametrize(
        "host",
        [
            "me:s3cret-password@kitsu/api",
            "http:/me:s3cret-password@kitsu/api",
            "ftp://me:s3cret-password@kitsu/api",
            "http://me:x/s3cret-password@kitsu/api",
            "http://me:s3cret-password@ki tsu/api",
            "http://me:s3cret-password@/api",
        ],
    )
    def test_errors_with_an_invalid_host_contain_no_secrets(
        self, client, caplog, host
    ):
        client.host = host
        client.retries = 1
        with caplog.at_level(logging.DEBUG):
            with pytest.raises((OSError, ValueError)) as caught:
                raw.get("data/x?token=" + SECRETS[0], client=client)
        assert free_of_secrets(everything(caught.value) + repr(client))
        assert free_of_secrets(caplog.text)


@pytest.mark.beyond
def test_logged_server_errors_are_masked(server, client, caplog):
    stack = "INSERT [parameters: {'password': b's3cret-password', 'n': 1}]"
    for answer in (
        Answer(
            {"message": "token=s3cret-access", "stacktrace": stack}, status=500
        ),
        Answer(body="<p>SECRET = 's3cret-access'</p> why", status=502),
    ):
        server.on("POST", "data/x", answer)
        with pytest.raises(gazu.exception.ServerErrorException):
            raw.post("data/x", {}, client=client)
    assert "INSERT" in caplog.text and "why" in caplog.text
    assert free_of_secrets(caplog.text)


def test_headers_with_secrets_are_not_shown(client):
    client.session.headers["X-Api-Key"] = "s3cret-access"
    client.session.headers["Set-Cookie"] = "a=s3cret-access"
    client.session.headers["Location"] = (
        "http://me:s3cret-password@h/?token=s3cret-access"
    )
    assert free_of_secrets(repr(client.session.headers))
    assert client.session.headers["X-Api-Key"] == "s3cret-access"


def test_long_texts_are_masked_in_bounded_time():
    for text in (
        "token" * 200000 + "token=",
        "://" + ":" * 1000000 + "@",
        "password" + " " * 1000000 + "=",
    ):
        start = time.monotonic()
        redact.shown_text(text)
        redact.holds_secret(text)
        assert time.monotonic() - start < 10

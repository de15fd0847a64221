"""Expired tokens: the refresh, the callback, and the number of attempts."""

from __future__ import annotations

import threading

import gazu
import pytest
from gazu import client as raw
from gazu import exception as ex

from .recording_server import EXPIRED, Answer, only_with


def verbs(client, file_path):
    return {
        "get": lambda: raw.get("data/x", client=client),
        "post": lambda: raw.post("data/x", {"a": 1}, client=client),
        "put": lambda: raw.put("data/x", {"a": 1}, client=client),
        "delete": lambda: raw.delete("data/x", client=client),
        "upload": lambda: raw.upload("data/x", file_path, client=client),
        "download": lambda: raw.download("data/x", None, client=client),
        "file": lambda: raw.get_file_data_from_url("data/x", client=client),
    }


every_verb = pytest.mark.parametrize(
    "verb", ["get", "post", "put", "delete", "upload", "download", "file"]
)


class TestRefresh:
    @every_verb
    @pytest.mark.parametrize("status", [401, 422])
    def test_an_expired_token_is_refreshed(
        self, server, expired, make_file, verb, status
    ):
        server.on("*", "data/x", only_with("new", status=status))
        verbs(expired, make_file())[verb]()
        first, refresh, second = server.requests
        assert refresh.line == "GET /api/auth/refresh-token HTTP/1.1"
        assert refresh.header("Authorization") == "Bearer r1"
        assert (first.method, first.target) == (second.method, second.target)
        assert second.header("Authorization") == "Bearer new"
        assert expired.tokens == {"access_token": "new", "refresh_token": "r1"}

    @pytest.mark.parametrize("verb", ["post", "put"])
    def test_the_body_is_sent_again(self, server, expired, make_file, verb):
        verbs(expired, make_file())[verb]()
        assert server.last.body == b'{"a": 1}'

    def test_files_are_sent_again(self, server, expired, make_file):
        raw.upload(
            "data/x",
            make_file(content=b"abc"),
            data={"k": "v"},
            client=expired,
        )
        for request in server.of("POST"):
            assert [part.content for part in request.parts] == [b"v", b"abc"]

    def test_a_new_refresh_token_is_kept(self, server, expired):
        server.on(
            "GET",
            "auth/refresh-token",
            {"access_token": "new", "refresh_token": "r2"},
        )
        raw.get("data/x", client=expired)
        assert expired.tokens == {"access_token": "new", "refresh_token": "r2"}

    def test_a_script_may_refresh(self, server, default):
        reply = {"access_token": "new", "extra": 1}
        server.on("GET", "auth/refresh-token", reply)
        default.refresh_token = "r1"
        assert gazu.refresh_access_token() == reply
        assert default.access_token == "new"

    def test_a_refresh_without_a_token_raises(self, server, client):
        with pytest.raises(ex.NotAuthenticatedException) as caught:
            client.refresh_access_token()
        assert str(caught.value) == "auth/refresh-token"
        assert server.requests == []

    @pytest.mark.parametrize(
        "change",
        [
            {"use_refresh_token": False},
            {"refresh_token": None},
            {"refresh_token": ""},
            {"tokens": {"access_token": "old"}},
        ],
    )
    def test_no_refresh_raises(self, server, expired, change):
        for name, value in change.items():
            setattr(expired, name, value)
        with pytest.raises(ex.NotAuthenticatedException) as caught:
            raw.get("data/x", client=expired)
        assert str(caught.value) == "data/x"
        assert len(server.requests) == 1

    @pytest.mark.parametrize(
        "answer",
        [
            Answer({"message": "Missing Authorization Header"}, status=401),
            Answer({"message": "signature has expired"}, status=401),
            Answer({"error": "Signature has expired"}, status=401),
            Answer(["Signature has expired"], status=401),
            Answer(body=b"Signature has expired", status=401),
        ],
    )
    def test_only_an_expired_signature_is_refreshed(
        self, server, expired, answer
    ):
        server.on("GET", "data/x", answer)
        with pytest.raises(ex.NotAuthenticatedException):
            raw.get("data/x", client=expired)
        assert len(server.requests) == 1

    def test_other_statuses_do_not_refresh(self, server, expired):
        server.on("GET", "data/x", Answer(EXPIRED, status=403))
        with pytest.raises(ex.NotAllowedException):
            raw.get("data/x", client=expired)
        assert len(server.requests) == 1

    @every_verb
    def test_there_are_three_attempts(self, server, expired, make_file, verb):
        server.on("*", "data/x", Answer(EXPIRED, status=401))
        with pytest.raises(ex.NotAuthenticatedException) as caught:
            verbs(expired, make_file())[verb]()
        assert str(caught.value).endswith("data/x")
        refreshes = server.of("GET", "auth/refresh-token")
        assert (len(server.requests) - len(refreshes), len(refreshes)) == (
            3,
            3,
        )

    def test_a_rejected_refresh_raises(self, server, expired):
        server.on("GET", "auth/refresh-token", Answer(EXPIRED, status=401))
        with pytest.raises(ex.NotAuthenticatedException) as caught:
            raw.get("data/x", client=expired)
        assert str(caught.value) == "auth/refresh-token"
        assert len(server.requests) == 2
        assert expired.access_token == "old"

    @pytest.mark.parametrize(
        "status, cls",
        [(400, ex.ParameterException), (500, ex.ServerErrorException)],
    )
    def test_a_failed_refresh_raises(self, server, expired, status, cls):
        server.on("GET", "auth/refresh-token", Answer({}, status=status))
        with pytest.raises(cls):
            raw.get("data/x", client=expired)

    def test_a_refresh_without_a_token_in_the_answer_raises(
        self, server, expired
    ):
        server.on("GET", "auth/refresh-token", {})
        with pytest.raises(KeyError):
            raw.get("data/x", client=expired)

    def test_the_refresh_of_a_client_may_be_replaced(self, server, expired):
        def refresh():
            expired.access_token = "new"

        expired.refresh_access_token = refresh
        assert raw.get("data/x", client=expired) == {"ok": True}
        assert len(server.requests) == 2


class TestCallback:
    @every_verb
    def test_true_repeats_the_call(self, server, client, make_file, verb):
        calls = []

        def log_in_again(*args):
            calls.append(args)
            client.access_token = "new"
            return True

        client.callback_not_authenticated = log_in_again
        server.on("*", "data/x", only_with("new"))
        verbs(client, make_file())[verb]()
        assert len(calls) == 1
        assert calls[0][0] is client
        assert calls[0][1].endswith("data/x")

    @pytest.mark.parametrize("answer", [False, None, 0, ""])
    def test_false_raises(self, server, client, answer):
        client.callback_not_authenticated = lambda client, path: answer
        server.on("GET", "data/x", Answer({}, status=401))
        with pytest.raises(ex.NotAuthenticatedException) as caught:
            raw.get("data/x", client=client)
        assert str(caught.value) == "data/x"
        assert len(server.requests) == 1

    def test_there_are_three_attempts(self, server, client):
        calls = []
        client.callback_not_authenticated = lambda c, path: (
            calls.append(path) or True
        )
        server.on("GET", "data/x", Answer({}, status=401))
        with pytest.raises(ex.NotAuthenticatedException):
            raw.get("data/x", client=client)
        assert len(calls) == len(server.requests) == 3

    def test_it_is_called_after_a_rejected_refresh(self, server, expired):
        paths = []
        expired.callback_not_authenticated = lambda c, path: paths.append(path)
        server.on("GET", "auth/refresh-token", Answer({}, status=401))
        with pytest.raises(ex.NotAuthenticatedException):
            raw.get("data/x", client=expired)
        assert paths == ["data/x"]

    def test_it_may_log_in_on_the_same_client(self, server, client):
        def log_in_again(same, path):
            gazu.log_in("a", "b", client=same)
            return True

        client.callback_not_authenticated = log_in_again
        server.on("POST", "auth/login", {"access_token": "new"})
        server.on("GET", "data/x", only_with("new"))
        assert raw.get("data/x", client=client) == {"ok": True}
        assert server.lines == [
            ("GET", "/api/data/x"),
            ("POST", "/api/auth/login"),
            ("GET", "/api/data/x"),
        ]

    def test_it_may_be_called_within_itself(self, server, client):
        depth = []

        def callback(same, path):
            depth.append(path)
            if len(depth) < 3:
                raw.get("data/y", client=same)
            same.access_token = "new"
            return True

        client.callback_not_authenticated = callback
        server.on("GET", "*", only_with("new"))
        assert raw.get("data/x", client=client) == {"ok": True}
        assert depth == ["data/x", "data/y", "data/y"]

    def test_it_runs_on_the_callers_thread(self, server, client):
        threads = []

        def callback(same, path):
            threads.append(threading.current_thread())

        client.callback_not_authenticated = callback
        server.on("GET", "data/x", Answer({}, status=401))
        with pytest.raises(ex.NotAuthenticatedException):
            raw.get("data/x", client=client)
        assert threads == [threading.current_thread()]

    def test_its_exception_is_raised(self, server, client):
        class Mine(Exception):
            pass

        def callback(same, path):
            raise Mine

        client.callback_not_authenticated = callback
        server.on("GET", "data/x", Answer({}, status=401))
        with pytest.raises(Mine):
            raw.get("data/x", client=client)

    def test_it_is_called_if_the_token_is_not_expired(self, server, expired):
        paths = []
        expired.callback_not_authenticated = lambda c, path: paths.append(path)
        server.on("GET", "data/x", Answer({"message": "No token"}, status=401))
        with pytest.raises(ex.NotAuthenticatedException):
            raw.get("data/x", client=expired)
        assert paths == ["data/x"]
        assert server.of("GET", "auth/refresh-token") == []


class TestTokensAsGiven:
    def test_the_callers_dict_is_shared(self, server):
        tokens = {"access_token": "a", "refresh_token": "r"}
        client = raw.KitsuClient(server.url + "/api", tokens=tokens)
        assert client.tokens is tokens
        tokens["access_token"] = "b"
        raw.get("data/x", client=client)
        assert server.last.header("Authorization") == "Bearer b"
        client.access_token = "c"
        assert tokens == {"access_token": "c", "refresh_token": "r"}

    def test_arguments_are_written_into_the_dict(self):
        tokens = {"other": 1}
        raw.KitsuClient(
            "http://h", tokens=tokens, access_token="a", refresh_token="r"
        )
        assert tokens == {
            "other": 1,
            "access_token": "a",
            "refresh_token": "r",
        }

    def test_tokens_are_empty_by_default(self):
        client = raw.KitsuClient("http://h")
        assert client.tokens == {"access_token": None, "refresh_token": None}
        assert raw.KitsuClient("http://h").tokens is not client.tokens

    @pytest.mark.parametrize("tokens", [{}, {"access_token": "a"}])
    def test_missing_tokens_are_none(self, client, tokens):
        client.tokens = tokens
        assert client.refresh_token is None
        assert client.access_token == tokens.get("access_token")

    def test_set_tokens_replaces_all(self, default):
        tokens = {"access_token": "a"}
        assert raw.set_tokens(tokens) is tokens
        assert default.tokens is tokens

    def test_set_token_replaces_the_access_token(self, default):
        tokens = {"access_token": "a", "refresh_token": "r"}
        assert gazu.set_token(tokens) is tokens
        assert default.tokens is tokens
        assert gazu.set_token("b") == {"access_token": "b"}
        assert default.tokens == {"access_token": "b"}

    def test_tokens_of_none_raise(self, client):
        raw.set_tokens(None, client=client)
        with pytest.raises(AttributeError):
            raw.get("data/x", client=client)

    def test_changed_tokens_apply_at_once(self, server, client):
        for token in ("a", "b"):
            client.access_token = token
            raw.get("data/x", client=client)
            assert server.last.header("Authorization") == "Bearer " + token


@pytest.mark.beyond
@pytest.mark.parametrize("status", [401, 422])
def test_sixteen_threads_refresh_once(server, expired, status):
    together = threading.Barrier(16)
    gate = threading.Barrier(16)

    def reject_together(request):
        if request.header("Authorization") == "Bearer old":
            gate.wait(10)
            return Answer(EXPIRED, status=status)
        return Answer({"ok": True})

    server.on("GET", "data/x", reject_together)
    server.on(
        "GET",
        "auth/refresh-token",
        Answer({"access_token": "new"}, delay=0.05),
    )
    replies = []

    def work():
        together.wait(10)
        replies.append(raw.get("data/x", client=expired))

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert replies == [{"ok": True}] * 16
    assert len(server.of("GET", "auth/refresh-token")) == 1


@pytest.mark.beyond
def test_threads_share_a_rejected_refresh(server, expired):
    gate = threading.Barrier(8)

    def refuse(request):
        gate.wait(10)
        return Answer(EXPIRED, status=401)

    server.on("GET", "data/x", refuse)
    server.on("GET", "auth/refresh-token", Answer({}, status=401, delay=0.05))
    errors = []

    def work():
        try:
            raw.get("data/x", client=expired)
        except ex.NotAuthenticatedException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(errors) == 8
    assert len(server.of("GET", "data/x")) == 8

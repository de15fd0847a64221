"""``log_in_with_browser``: the page, the listener, the exchange of the code."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import http.client
import threading
import urllib.error
import urllib.request
from urllib.parse import parse_qsl, urlencode, urlsplit

import gazu
import gazu.testing
import pytest

from .recording_server import Answer, free_port

TOKENS = {
    "login": True,
    "user": {"id": "u1", "email": "ann@studio.com"},
    "organisation": {"id": "o1"},
    "access_token": "a1",
    "refresh_token": "r1",
}
MISSING = Answer({"message": "code: Field required"}, status=400)


def exchange(answer=TOKENS):
    """Answer the question whether the route exists, then the exchange."""
    return [MISSING, answer]


class Browser:
    """Comes back from Kitsu's page as the tests say. It is called with the URL."""

    def __init__(self, *visits):
        self.visits = visits or ({"code": "c0de"},)
        self.urls = []
        self.answers = []

    def __call__(self, url):
        self.urls.append(url)
        self.thread = threading.Thread(target=self._come_back, daemon=True)
        self.thread.start()

    @property
    def query(self):
        return dict(parse_qsl(urlsplit(self.urls[0]).query))

    def _come_back(self):
        for visit in self.visits:
            values = {"state": self.query["state"]}
            values.update(visit)
            self.visit("/?" + urlencode(values))

    def visit(self, target, method="GET"):
        connection = http.client.HTTPConnection(
            "127.0.0.1", int(self.query["port"]), timeout=10
        )
        try:
            connection.request(method, target)
            answer = connection.getresponse()
            self.answers.append(
                (answer.status, answer.headers, answer.read().decode())
            )
        except OSError as error:
            self.answers.append(error)
        finally:
            connection.close()


def log_in(server, client, browser, **options):
    options.setdefault("app_name", "Maya")
    try:
        return gazu.log_in_with_browser(
            server.url + "/api",
            open_browser=browser,
            timeout=options.pop("timeout", 20),
            client=client,
            **options,
        )
    finally:
        if getattr(browser, "thread", None) is not None:
            # The last answer arrives after the listener has ended.
            browser.thread.join(20)


class TestTheFlow:
    def test_the_tokens_are_kept(self, server, client):
        server.on("POST", "auth/app-login/token", *exchange())
        browser = Browser()
        reply = log_in(server, client, browser)
        assert reply == TOKENS and reply is client.tokens
        assert client.access_token == "a1"

    def test_the_page_gets_what_kitsu_expects(self, server, client):
        server.on("POST", "auth/app-login/token", *exchange())
        browser = Browser()
        log_in(server, client, browser, app_name="Maya 2026 é")
        url = urlsplit(browser.urls[0])
        assert "{}://{}".format(url.scheme, url.netloc) == server.url
        assert url.path == "/app-login"
        query = browser.query
        assert set(query) == {"port", "code_challenge", "state", "app_name"}
        assert query["app_name"] == "Maya 2026 é"
        assert 1024 <= int(query["port"]) <= 65535
        verifier = server.last.json()["code_verifier"]
        assert 43 <= len(verifier) <= 128
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        assert query["code_challenge"] == challenge and len(challenge) == 43
        assert server.last.json()["code"] == "c0de"
        assert verifier not in browser.urls[0]

    def test_the_person_may_close_the_page(self, server, client):
        server.on("POST", "auth/app-login/token", *exchange())
        browser = Browser()
        log_in(server, client, browser, app_name="<b>Maya</b>")
        ((status, headers, page),) = browser.answers
        assert status == 200
        assert "You may close this page" in page
        assert "&lt;b&gt;Maya" in page and "<b>" not in page
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert headers["Cache-Control"] == "no-store"
        assert "c0de" not in page and "a1" not in page

    def test_nothing_listens_afterwards(self, server, client):
        server.on("POST", "auth/app-login/token", *exchange())
        browser = Browser()
        log_in(server, client, browser)
        browser.visit("/")
        assert isinstance(browser.answers[-1], OSError)
        assert "gazu.login" not in [t.name for t in threading.enumerate()]

    def test_the_old_token_is_not_sent_to_the_new_host(self, server, client):
        server.on("POST", "auth/app-login/token", *exchange())
        client.tokens = {"access_token": "of another host"}
        log_in(server, client, Browser())
        assert [r.header("Authorization") for r in server.requests] == [
            None,
            None,
        ]

    def test_several_at_once(self, server, client):
        server.on("POST", "auth/app-login/token", MISSING)
        gate = threading.Barrier(3)
        results = {}

        class Waiting(Browser):
            def _come_back(self):
                gate.wait(10)
                super()._come_back()

        browsers = [Waiting({"code": "c%d" % i}) for i in range(3)]

        def answer(request):
            code = request.json().get("code")
            if code is None:
                return MISSING
            return Answer({"access_token": "token of " + code})

        server.on("POST", "auth/app-login/token", answer)

        def run(number):
            own = gazu.client.create_client(server.url + "/api")
            results[number] = log_in(server, own, browsers[number])
            own.session.close()

        threads = [threading.Thread(target=run, args=(i,)) for i in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert results == {
            i: {"access_token": "token of c%d" % i} for i in range(3)
        }
        assert len({b.query["state"] for b in browsers}) == 3
        assert len({b.query["port"] for b in browsers}) == 3

    def test_on_tokens_gets_the_tokens_only(self, server, client):
        server.on("POST", "auth/app-login/token", *exchange())
        seen = []
        client.on_tokens = seen.append
        log_in(server, client, Browser())
        assert seen == [{"access_token": "a1", "refresh_token": "r1"}]

    def test_the_host_is_set(self, server, other_server):
        server.on("POST", "auth/app-login/token", *exchange())
        client = gazu.client.create_client(other_server.url + "/api")
        log_in(server, client, Browser())
        assert client.host == server.url + "/api"
        assert other_server.requests == []
        client.session.close()

    def test_it_can_be_awaited(self, server):
        server.on("POST", "auth/app-login/token", *exchange())

        async def main():
            client = gazu.aio.AsyncKitsuClient("http://localhost:1/api")
            reply = await log_in(server, client, Browser())
            await client.session.close()
            return reply, client.tokens, client.host

        reply, tokens, host = asyncio.run(main())
        assert reply == TOKENS and tokens == TOKENS
        assert host == server.url + "/api"


class TestWhatGoesWrong:
    def test_the_person_refuses(self, server, client):
        server.on("POST", "auth/app-login/token", MISSING)
        browser = Browser({"error": "access_denied"})
        with pytest.raises(gazu.AuthFailedException, match="refused"):
            log_in(server, client, browser)
        assert "refused" in browser.answers[0][2]
        assert len(server.requests) == 1
        assert client.tokens["access_token"] is None

    @pytest.mark.parametrize(
        "visit",
        [
            {"state": "wrong", "code": "evil"},
            {"state": "", "code": "evil"},
            {"state": "é", "code": "evil"},
            {"state": "wrong", "error": "access_denied"},
            {},
        ],
    )
    def test_a_stranger_changes_nothing(self, server, client, visit):
        server.on("POST", "auth/app-login/token", *exchange())
        browser = Browser(visit, {"code": "c0de"})
        assert log_in(server, client, browser) == TOKENS
        assert [answer[0] for answer in browser.answers] == [400, 200]
        assert server.last.json()["code"] == "c0de"

    def test_other_paths_and_methods_are_not_answered(self, server, client):
        server.on("POST", "auth/app-login/token", *exchange())

        class Curious(Browser):
            def _come_back(self):
                self.visit("/favicon.ico")
                self.visit("/?code=x&state=" + self.query["state"], "POST")
                super()._come_back()

        browser = Curious()
        assert log_in(server, client, browser) == TOKENS
        assert [answer[0] for answer in browser.answers] == [404, 501, 200]

    def test_an_idle_connection_does_not_block(self, server, client):
        """Browsers open connections that they may not use."""
        server.on("POST", "auth/app-login/token", *exchange())
        idle = []

        class Eager(Browser):
            def _come_back(self):
                import socket

                address = ("127.0.0.1", int(self.query["port"]))
                idle.append(socket.create_connection(address))
                super()._come_back()

        assert log_in(server, client, Eager()) == TOKENS
        idle[0].close()

    def test_nobody_comes(self, server, client):
        server.on("POST", "auth/app-login/token", MISSING)
        with pytest.raises(
            gazu.AuthFailedException, match=r"within 0\.2 seconds"
        ):
            log_in(server, client, lambda url: True, timeout=0.2)
        assert "gazu.login" not in [t.name for t in threading.enumerate()]

    def test_it_can_be_cancelled(self, server, client):
        server.on("POST", "auth/app-login/token", MISSING)
        cancel = threading.Event()
        with pytest.raises(gazu.AuthFailedException, match="cancelled"):
            log_in(server, client, lambda url: cancel.set(), cancel=cancel)

    def test_an_awaited_login_can_be_cancelled(self, server):
        server.on("POST", "auth/app-login/token", MISSING)

        async def main():
            client = gazu.aio.AsyncKitsuClient(server.url + "/api")
            opened = threading.Event()
            task = asyncio.ensure_future(
                log_in(server, client, lambda url: opened.set())
            )
            while not opened.is_set():
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await client.session.close()

        asyncio.run(main())
        for thread in threading.enumerate():
            if thread.name == "gazu.login":
                thread.join(5)
                assert not thread.is_alive()

    def test_a_wrong_code(self, server, client):
        refused = Answer(
            {"login": False, "message": "Wrong or expired code."}, status=400
        )
        server.on("POST", "auth/app-login/token", *exchange(refused))
        with pytest.raises(gazu.AuthFailedException) as caught:
            log_in(server, client, Browser())
        assert str(caught.value) == "Wrong or expired code."
        assert caught.value.status_code == 400
        assert client.tokens["access_token"] is None

    @pytest.mark.parametrize(
        "answer",
        [
            Answer({"message": "no"}, status=404),
            Answer({"message": "no"}, status=405),
            Answer(body=b"<html>", headers=[("Content-Type", "text/html")]),
        ],
    )
    def test_a_server_without_it(self, server, client, answer):
        server.on("POST", "auth/app-login/token", answer)
        browser = Browser()
        with pytest.raises(
            gazu.exception.HostException,
            match="no login through the browser",
        ):
            log_in(server, client, browser)
        assert browser.urls == []

    @pytest.mark.parametrize("opened", [False, lambda url: False])
    def test_without_a_browser_the_url_is_printed(
        self, server, client, capsys, opened
    ):
        server.on("POST", "auth/app-login/token", MISSING)
        with pytest.raises(gazu.AuthFailedException):
            log_in(server, client, opened, timeout=0.1)
        printed = capsys.readouterr()
        assert printed.out == ""
        assert server.url + "/app-login?port=" in printed.err

    def test_without_a_display_no_browser_is_started(
        self, server, client, capsys, monkeypatch
    ):
        """Python would start one in the terminal."""
        import webbrowser

        monkeypatch.setattr("sys.platform", "linux")
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
            monkeypatch.delenv(name, raising=False)
        started = []
        monkeypatch.setattr(webbrowser, "open", started.append)
        server.on("POST", "auth/app-login/token", MISSING)
        with pytest.raises(gazu.AuthFailedException):
            log_in(server, client, True, timeout=0.1)
        assert started == []
        assert "/app-login?" in capsys.readouterr().err

    def test_a_port_in_use_is_named(self, server, client):
        server.on("POST", "auth/app-login/token", MISSING)
        with pytest.raises(OSError, match="port: cannot listen"):
            log_in(server, client, Browser(), port=server.port)

    def test_a_given_port_is_used(self, server, client):
        server.on("POST", "auth/app-login/token", *exchange())
        port = free_port()
        browser = Browser()
        log_in(server, client, browser, port=port)
        assert browser.query["port"] == str(port)

    @pytest.mark.parametrize(
        "options, kind, name",
        [
            ({"host": None}, TypeError, "host"),
            ({"host": "kitsu.studio.com"}, ValueError, "host"),
            ({"app_name": None}, TypeError, "app_name"),
            ({"app_name": "x" * 51}, ValueError, "app_name"),
            ({"timeout": "5"}, TypeError, "timeout"),
            ({"timeout": True}, TypeError, "timeout"),
            ({"timeout": 0}, ValueError, "timeout"),
            ({"timeout": float("nan")}, ValueError, "timeout"),
            ({"open_browser": "firefox"}, TypeError, "open_browser"),
            ({"open_browser": None}, TypeError, "open_browser"),
            ({"port": "5000"}, TypeError, "port"),
            ({"port": 80}, ValueError, "port"),
            ({"port": 65536}, ValueError, "port"),
            ({"cancel": True}, TypeError, "cancel"),
        ],
    )
    def test_bad_input_is_named(self, server, client, options, kind, name):
        given = {"host": server.url + "/api"}
        given.update(options)
        with pytest.raises(kind, match="^%s: " % name):
            gazu.log_in_with_browser(client=client, **given)
        assert server.requests == []


class TestInMemory:
    """``gazu.testing`` has the page and both routes."""

    @pytest.fixture
    def kitsu(self):
        with gazu.testing.KitsuServer() as kitsu:
            yield kitsu

    @staticmethod
    def browse(url):
        threading.Thread(
            target=lambda: urllib.request.urlopen(url, timeout=10).read(),
            daemon=True,
        ).start()

    def test_a_person_logs_in(self, kitsu):
        ann = kitsu.store.add(
            "persons", first_name="Ann", last_name="Lee", email="ann@lee.com"
        )
        kitsu.browser_logins.person = ann
        client = gazu.client.create_client("http://localhost:1/api")
        gazu.log_in_with_browser(
            kitsu.host, "Maya", 20, self.browse, client=client
        )
        user = gazu.client.get_current_user(client=client)
        assert user["email"] == "ann@lee.com"
        client.session.close()

    def test_a_person_refuses(self, kitsu):
        kitsu.browser_logins.person = None
        client = gazu.client.create_client(kitsu.host)
        with pytest.raises(gazu.AuthFailedException):
            gazu.log_in_with_browser(
                kitsu.host, "Maya", 20, self.browse, client=client
            )
        client.session.close()

    def test_a_code_is_used_once_and_with_its_verifier(self, kitsu):
        client = kitsu.log_in()
        verifier = "v" * 43
        digest = hashlib.sha256(verifier.encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

        def new_code():
            return gazu.client.post(
                "auth/app-login/code",
                {"code_challenge": challenge},
                client=client,
            )["code"]

        def use(code, verifier):
            return gazu.client.post(
                "auth/app-login/token",
                {"code": code, "code_verifier": verifier},
                client=client,
            )

        code = new_code()
        assert use(code, verifier)["login"] is True
        for body in ((code, verifier), (new_code(), "w" * 43), ("", "")):
            with pytest.raises(gazu.ParameterException):
                use(*body)
        with pytest.raises(gazu.ParameterException):
            gazu.client.post(
                "auth/app-login/code", {"code_challenge": "x"}, client=client
            )

    @pytest.mark.parametrize("query", ["", "port=80&state=s", "port=x"])
    def test_an_invalid_page(self, kitsu, query):
        url = kitsu.host[: -len("/api")] + "/app-login?" + query
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(url, timeout=10)
        assert caught.value.code == 400

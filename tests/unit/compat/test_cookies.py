"""session.cookies: a view of the cookies that the transport stores."""

from __future__ import annotations

import copy
import http.cookiejar
import os
import pickle
import threading

import pytest
import requests
from gazu import _core
from gazu import client as raw
from gazu._requests_compat import cookies, stored_jar
from gazu._requests_compat.session import new_session

from ..recording_server import Answer

LATER = 4000000000


@pytest.fixture
def session(client):
    return client.session


@pytest.fixture(params=[requests.cookies.RequestsCookieJar, cookies.Cookies])
def jar(request, session):
    session.cookies = request.param()
    assert isinstance(session.cookies, request.param)
    return session.cookies


@pytest.fixture
def get(server, client):
    """Send a request of the client's and return the Cookie header."""

    def get(*headers):
        answer = Answer({}, headers=[("Set-Cookie", text) for text in headers])
        server.on("GET", "data/x", answer)
        raw.get("data/x", client=client)
        return server.last.header("Cookie")

    return get


def full_cookie(**attributes):
    attributes = {
        "version": 1,
        "name": "full",
        "value": None,
        "port": "80,8080",
        "port_specified": True,
        "domain": "a.test",
        "domain_specified": True,
        "domain_initial_dot": True,
        "path": "/x",
        "path_specified": False,
        "secure": True,
        "expires": LATER,
        "discard": True,
        "comment": "why",
        "comment_url": "http://a.test/why",
        "rest": {"HttpOnly": None, "SameSite": "Lax"},
        "rfc2109": True,
        **attributes,
    }
    return http.cookiejar.Cookie(**attributes)


def mozilla_cookie(name):
    return cookies.new_cookie(
        name, "1", domain="127.0.0.1", expires=LATER, discard=False
    )


def names(jar):
    return sorted(cookie.name for cookie in jar)


class TestOneOwner:
    def test_what_a_server_sets_is_seen_at_once(self, get, jar):
        assert get("a=1; Path=/") is None
        assert jar.get_dict() == {"a": "1"}
        get("a=2; Path=/", "b=3; Path=/")
        assert jar["a"] == "2" and "b" in jar
        get("a=; Path=/; Max-Age=0")
        assert jar.get_dict() == {"b": "3"}

    def test_what_a_script_changes_is_sent_at_once(self, get, jar):
        jar["a"] = "1"
        jar.set("b", "2", path="/api")
        assert get() == "b=2; a=1"
        jar.set("b", None)
        assert get() == "a=1"
        jar.update({"c": "3"})
        assert get() == "a=1; c=3"
        jar.clear()
        assert get() is None

    def test_a_jar_keeps_no_copy(self, get, session, jar):
        jar["a"] = "1"
        assert "_cookies" not in vars(jar)
        assert [record[0] for record in session._transport.cookies.all()] == [
            "a"
        ]
        session._transport.cookies.clear()
        assert len(jar) == 0 and get() is None

    def test_a_cookie_of_a_jar(self, get, jar):
        get("a=1; Path=/")
        (cookie,) = jar
        cookie.value = "2"
        assert get() == "a=2"
        cookie.path = "/elsewhere"
        assert get() is None
        assert jar.list_paths() == ["/elsewhere"]
        cookie.set_nonstandard_attr("SameSite", "Lax")
        assert [c.get_nonstandard_attr("SameSite") for c in jar] == ["Lax"]

    def test_a_cookie_that_a_script_has_set(self, get, jar):
        cookie = jar.set("a", "1")
        cookie.value = "2"
        assert get() == "a=2"

    def test_an_old_cookie_does_not_replace_a_new_one(self, get, jar):
        get("a=1; Path=/")
        (cookie,) = jar
        get("a=2; Path=/")
        cookie.secure = True
        assert get() == "a=2"
        jar.clear()
        cookie.value = "3"
        assert get() is None

    def test_attributes(self, jar):
        jar.set_cookie(full_cookie())
        jar.set_cookie(full_cookie(domain=".a.test"))
        jar.set_cookie(
            full_cookie(domain="a.test", domain_specified=False, path="/")
        )
        found = {(c.domain, c.path): vars(c) for c in jar}
        assert found == {
            ("a.test", "/x"): vars(full_cookie()),
            (".a.test", "/x"): vars(full_cookie(domain=".a.test")),
            ("a.test", "/"): vars(
                full_cookie(domain="a.test", domain_specified=False, path="/")
            ),
        }
        assert jar.get_dict(domain="a.test", path="/x") == {"full": None}

    @pytest.mark.parametrize("expires", [-1, 0, 2**63, 2**90])
    def test_any_expiry(self, get, jar, expires):
        jar.set("a", "1", expires=expires)
        assert [cookie.expires for cookie in jar] == [expires]
        assert get() == (None if expires < LATER else "a=1")
        assert len(jar) == (expires > LATER)

    def test_the_dict_within(self, jar):
        jar.set("a", "1", domain="a.test")
        inner = jar._cookies
        assert inner["a.test"]["/"]["a"].value == "1"
        inner["a.test"]["/"]["b"] = cookies.new_cookie(
            "b", "2", domain="a.test"
        )
        assert jar.get_dict() == {"a": "1", "b": "2"}
        with pytest.raises(KeyError):
            jar.clear("a.test", "/", "c")
        with pytest.raises(KeyError):
            jar.clear("b.test")
        with pytest.raises(KeyError):
            inner["b.test"]["/"]["a"]
        assert inner["a.test"]["/"].pop("b").value == "2"
        assert jar.get_dict() == {"a": "1"}
        jar.clear("a.test")
        assert len(jar) == 0

    def test_a_name_of_mdns(self, jar, session):
        store = session._transport.cookies
        store.set(("a", "1", "kitsu.local", False, "/", False, None, None))
        jar["b"] = "2"
        assert store.all()[0][2] == "kitsu.local"
        assert "kitsu.local" in jar.list_domains()


class TestAssignment:
    def test_a_mapping(self, get, session):
        session.cookies["a"] = "1"
        old = session.cookies
        session.cookies = {"b": "2"}
        assert get("c=3; Path=/") == "b=2"
        assert session.cookies.get_dict() == {"b": "2", "c": "3"}
        assert old.get_dict() == {"a": "1"}
        session.cookies = session.cookies
        assert len(session.cookies) == 2
        session.cookies = None
        assert get() is None

    def test_a_jar_stays_the_scripts_own(self, get, session, tmp_path):
        file = str(tmp_path / "cookies.txt")
        jar = http.cookiejar.MozillaCookieJar(file)
        jar.set_cookie(mozilla_cookie("a"))
        session.cookies = jar
        assert session.cookies is jar
        assert get("b=2; Path=/; Max-Age=1000") == "a=1"
        jar.save()
        jar.set_cookie(mozilla_cookie("c"))
        assert get() == "a=1; b=2; c=1"
        jar.clear()
        assert get() is None
        jar.load()
        assert names(jar) == ["a", "b"] and get() == "a=1; b=2"
        jar.filename = str(tmp_path / "none")
        with pytest.raises(OSError):
            jar.revert()
        assert names(jar) == ["a", "b"]

    def test_two_sessions_share_a_jar(self, get, session):
        others = requests.Session()
        others.cookies["a"] = "1"
        session.cookies = others.cookies
        another = new_session()
        another.cookies = session.cookies
        assert get("b=2; Path=/") == "a=1"
        another.cookies["c"] = "3"
        assert names(others.cookies) == ["a", "b", "c"]
        assert sorted(get().split("; ")) == ["a=1", "b=2", "c=3"]

    def test_a_jar_that_keeps_its_cookies_elsewhere(self, get, session):
        class Elsewhere(http.cookiejar.CookieJar):
            @property
            def _cookies(self):
                return self.elsewhere

            @_cookies.setter
            def _cookies(self, cookies):
                self.elsewhere = cookies

        jar = Elsewhere()
        jar.set_cookie(mozilla_cookie("a"))
        session.cookies = jar
        assert get() == "a=1"
        assert names(session.cookies) == names(jar) == ["a"]


class TestCopies:
    @pytest.mark.parametrize(
        "duplicate",
        [
            lambda jar: pickle.loads(pickle.dumps(jar)),
            lambda jar: pickle.loads(pickle.dumps(jar, 0)),
            copy.copy,
            copy.deepcopy,
            lambda jar: jar.copy(),
        ],
    )
    def test_a_copy_is_no_view(self, jar, duplicate):
        jar.set_cookie(full_cookie())
        jar["a"] = "1"
        other = duplicate(jar)
        assert type(other) in type(jar).__mro__[1:]
        assert [vars(c) for c in other] == [vars(c) for c in jar]
        for cookie in other:
            cookie.value = "2"
        other["b"] = "3"
        assert jar.get_dict() == {"full": None, "a": "1"}

    def test_a_pickle_needs_no_gazu(self, jar, session):
        session.cookies = requests.cookies.RequestsCookieJar()
        session.cookies["a"] = "1"
        assert b"gazu" not in pickle.dumps(session.cookies)
        assert b"gazu" not in pickle.dumps(list(session.cookies))

    def test_a_session(self, jar, session):
        jar.set_cookie(full_cookie())
        for other in (
            pickle.loads(pickle.dumps(session)),
            copy.deepcopy(session),
        ):
            assert [vars(c) for c in other.cookies] == [vars(c) for c in jar]
            other.cookies["a"] = "1"
        assert names(jar) == ["full"]


def test_threads(get, jar):
    failures = []

    def work(number):
        name = "t{}".format(number)
        try:
            for _ in range(50):
                jar.set(name, "1")
                assert name in names(jar) and jar.get_dict()[name] == "1"
                jar.set(name, None)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        get("a=1; Path=/")
    for thread in threads:
        thread.join()
    assert failures == []
    assert names(jar) == ["a"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")
def test_a_child_has_a_copy(jar):
    jar["a"] = "1"
    child = os.fork()
    if not child:
        inherited = jar.get_dict() == {"a": "1"}
        jar["b"] = "2"
        os._exit(0 if inherited and len(jar) == 2 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert names(jar) == ["a"]


def test_a_view_stays_that_of_its_store():
    first, second = _core.Cookies(), _core.Cookies()
    jar = stored_jar.view(cookies.jar(), first)
    assert stored_jar.view(jar, second) is jar
    assert stored_jar.store_of(jar) is first

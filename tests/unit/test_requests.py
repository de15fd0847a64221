"""URLs, queries, headers and bodies, as they are sent."""

from __future__ import annotations

import collections
import datetime
import enum

import gazu
import pytest
from gazu import client as raw

from .recording_server import Answer, redirect

USER_AGENT = ("User-Agent", "CGWire Gazu " + gazu.__version__)


def head_of(server, *more):
    """Return the headers that every request has, in order, with `more` at the end."""
    return [
        ("Host", server.address),
        USER_AGENT,
        ("Accept-Encoding", ANY),
        ("Accept", "*/*"),
        ("Connection", "keep-alive"),
        *list(more),
    ]


class Any:
    def __eq__(self, other):
        return isinstance(other, str)

    def __repr__(self):
        return "<any>"


ANY = Any()
BEARER = ("Authorization", "Bearer abc")
JSON = ("Content-Type", "application/json")


@pytest.fixture
def logged_in(client):
    client.access_token = "abc"
    return client


class TestHeaders:
    """Names, values, case and order of headers; no other headers are sent."""

    def test_a_get_has_no_content_type(self, server, logged_in):
        raw.get("data/x", client=logged_in)
        assert server.last.line == "GET /api/data/x HTTP/1.1"
        assert server.last.headers == head_of(server, BEARER)
        assert server.last.body == b""

    def test_no_token_sends_no_authorization(self, server, client):
        raw.get("data/x", client=client)
        assert server.last.headers == head_of(server)

    @pytest.mark.parametrize("verb", ["post", "put"])
    def test_a_body_has_type_and_length(self, server, logged_in, verb):
        getattr(raw, verb)("data/x", {"name": "a"}, client=logged_in)
        assert server.last.line == verb.upper() + " /api/data/x HTTP/1.1"
        assert server.last.headers == head_of(
            server, BEARER, JSON, ("Content-Length", "13")
        )
        assert server.last.body == b'{"name": "a"}'

    def test_a_delete_has_a_length(self, server, logged_in):
        raw.delete("data/x", client=logged_in)
        assert server.last.line == "DELETE /api/data/x HTTP/1.1"
        assert server.last.headers == head_of(
            server, BEARER, ("Content-Length", "0")
        )

    def test_a_download_accepts_any_type(self, server, logged_in):
        raw.download("data/x", None, client=logged_in)
        expected = head_of(server, BEARER)
        expected[3] = ("Accept", "application/json, */*;q=0.1")
        assert server.last.headers == expected

    def test_an_upload_has_a_boundary_and_length(
        self, server, logged_in, make_file
    ):
        raw.upload("data/x", make_file(), client=logged_in)
        request = server.last
        assert request.headers == head_of(
            server,
            BEARER,
            ("Content-Length", str(len(request.body))),
            (
                "Content-Type",
                "multipart/form-data; boundary=" + request.boundary,
            ),
        )

    def test_file_data_has_the_headers_of_a_get(self, server, logged_in):
        raw.get_file_data_from_url("pictures/x.png", client=logged_in)
        assert server.last.headers == head_of(server, BEARER)

    def test_a_refresh_carries_the_refresh_token(self, server, logged_in):
        server.on("GET", "auth/refresh-token", {"access_token": "new"})
        logged_in.refresh_token = "def"
        logged_in.refresh_access_token()
        assert server.last.headers == head_of(
            server, ("Authorization", "Bearer def")
        )

    def test_gzip_and_deflate_are_accepted(self, server, client):
        raw.get("data/x", client=client)
        accepted = server.last.header("Accept-Encoding").split(", ")
        assert accepted[:2] == ["gzip", "deflate"]

    def test_session_headers_are_sent(self, server, client):
        client.session.headers["X-Studio"] = "north"
        raw.get("data/x", client=client)
        assert server.last.header("X-Studio") == "north"
        assert server.last.header("User-Agent") == USER_AGENT[1]

    def test_make_auth_header_returns_token_and_user_agent(self, client):
        assert client.make_auth_header() == dict([USER_AGENT])
        client.access_token = "abc"
        assert raw.make_auth_header(client=client) == dict(
            [USER_AGENT, BEARER]
        )

    @pytest.mark.parametrize("token", ["", None])
    def test_an_empty_token_is_not_sent(self, server, client, token):
        client.tokens = {"access_token": token}
        raw.get("data/x", client=client)
        assert server.last.header("Authorization") is None


class TestPaths:
    @pytest.mark.parametrize(
        "items, joined",
        [
            (("a", "b"), "a/b"),
            (("/a/", "/b/"), "a/b"),
            (("http://h/api/", "//data//x//"), "http://h/api/data//x"),
            (("a", ""), "a/"),
            (("", "a"), "/a"),
            (("a",), "a"),
            ((), ""),
        ],
    )
    def test_url_path_join_strips_slashes(self, items, joined):
        assert raw.url_path_join(*items) == joined

    def test_get_full_url_appends_the_path(self, client):
        client.host = "http://kitsu/api/"
        assert (
            raw.get_full_url("/data/x/", client=client)
            == "http://kitsu/api/data/x"
        )
        assert raw.get_full_url("", client=client) == "http://kitsu/api/"

    @pytest.mark.parametrize(
        "path, target",
        [
            ("data/x", "/api/data/x"),
            ("/data/x/", "/api/data/x"),
            ("", "/api/"),
            ("data/a b", "/api/data/a%20b"),
            ("data/a%20b", "/api/data/a%20b"),
            ("data/a%2Fb", "/api/data/a%2Fb"),
            ("data/a%zz", "/api/data/a%25zz"),
            ("data/é", "/api/data/%C3%A9"),
            ("data/日本", "/api/data/%E6%97%A5%E6%9C%AC"),
            (
                "data/a+b&c=d;e,f:g@h!i$j'k(l)*~_-.m",
                "/api/data/a+b&c=d;e,f:g@h!i$j'k(l)*~_-.m",
            ),
            (
                'data/a"b<c>d`e{f}g|h^i\\j',
                "/api/data/a%22b%3Cc%3Ed%60e%7Bf%7Dg%7Ch%5Ei%5Cj",
            ),
            ("data/[a]", "/api/data/%5Ba%5D"),
            ("data/a#b", "/api/data/a"),
            ("data/a?b=c d", "/api/data/a?b=c%20d"),
            ("data/a?b=é", "/api/data/a?b=%C3%A9"),
            ("data/a?b=[1]|{2}", "/api/data/a?b=%5B1%5D%7C%7B2%7D"),
            ("data/a?b=c#d", "/api/data/a?b=c"),
            ("data/a?", "/api/data/a"),
            ("data/./a", "/api/data/a"),
            ("data/../a", "/api/a"),
            ("data//a", "/api/data//a"),
            ("data/%7Ea", "/api/data/~a"),
            ("data/%c3%a9", "/api/data/%C3%A9"),
        ],
    )
    def test_a_path_is_escaped(self, server, client, path, target):
        raw.get(path, client=client)
        assert server.last.target == target

    def test_a_host_may_end_in_a_slash(self, server, client):
        client.host = server.url + "/api/"
        raw.get("/data/x", client=client)
        assert server.last.target == "/api/data/x"

    def test_a_host_may_be_below_a_path(self, server, client):
        client.host = server.url + "/studio/kitsu/api"
        raw.get("data/x", client=client)
        assert server.last.target == "/studio/kitsu/api/data/x"

    def test_credentials_in_the_host_are_sent(self, server, client):
        client.host = "http://me:p%40ss@{}/api".format(server.address)
        raw.get("data/x", client=client)
        assert server.last.header("Authorization") == "Basic bWU6cEBzcw=="
        assert server.last.header("Host") == server.address

    def test_the_scheme_may_be_upper_case(self, server, client):
        client.host = "HTTP://{}/api".format(server.address)
        raw.get("data/x", client=client)
        assert server.last.target == "/api/data/x"


class Status(enum.Enum):
    WIP = "wip"


class TestQueries:
    @pytest.mark.parametrize(
        "params, query",
        [
            (None, ""),
            ({}, ""),
            ({"a": "b"}, "a=b"),
            ({"a": 1, "b": 2.5}, "a=1&b=2.5"),
            ({"b": 1, "a": 2}, "b=1&a=2"),
            ({"a": True, "b": False}, "a=True&b=False"),
            ({"a": None}, "a=None"),
            ({"a": ""}, "a="),
            ({"a": [1, 2]}, "a=1&a=2"),
            ({"a": ("x", "y")}, "a=x&a=y"),
            ({"a": [True, None]}, "a=True&a=None"),
            ({"a": []}, ""),
            ({"a": {"k": 1, "l": 2}}, "a=k&a=l"),
            ({"a b": "c d"}, "a+b=c+d"),
            ({"a": "é/日&=?#+%"}, "a=%C3%A9%2F%E6%97%A5%26%3D%3F%23%2B%25"),
            ({"a": b"\xff x"}, "a=%FF+x"),
            ({"a": "~-_.!*'()"}, "a=~-_.%21%2A%27%28%29"),
            ({"a": datetime.date(2026, 1, 2)}, "a=2026-01-02"),
            (
                {"a": datetime.datetime(2026, 1, 2, 3, 4, 5)},
                "a=2026-01-02+03%3A04%3A05",
            ),
            ({"a": Status.WIP}, "a=Status.WIP"),
            ({1: 2, False: 3}, "1=2&False=3"),
            ({None: 1}, "None=1"),
            ({"a": float("nan")}, "a=nan"),
            ({"a": 10**30}, "a=" + "1" + 30 * "0"),
            ([("a", 1), ("a", 2)], "a=1&a=2"),
            (collections.OrderedDict([("z", 1), ("a", 2)]), "z=1&a=2"),
        ],
        ids=repr,
    )
    def test_a_query_is_encoded(self, server, client, params, query):
        assert raw.build_path_with_params("p", params) == (
            "p?" + query if query else "p"
        )
        raw.get("data/x", params=params, client=client)
        assert server.last.query == query

    def test_a_path_may_have_a_query(self, server, client):
        raw.get("data/x?a=1", params={"b": 2}, client=client)
        assert server.last.target == "/api/data/x?a=1&b=2"

    def test_a_delete_may_have_a_query(self, server, client):
        raw.delete("data/x", {"force": True}, client=client)
        assert server.last.target == "/api/data/x?force=True"

    def test_a_download_may_have_a_query(self, server, client):
        raw.download("data/x", None, params={"a": "b c"}, client=client)
        assert server.last.target == "/api/data/x?a=b+c"

    def test_a_query_as_text_raises(self, client):
        with pytest.raises(TypeError):
            raw.get("data/x", params="a=b", client=client)

    def test_a_lone_surrogate_raises(self, server, client):
        with pytest.raises(UnicodeEncodeError):
            raw.get("data/x", params={"a": "\ud800"}, client=client)
        assert server.requests == []


class TestVerbs:
    def test_get_returns_text(self, server, client):
        server.on(
            "GET",
            "data/x",
            Answer(body="näme", content_type="text/plain; charset=utf-8"),
        )
        assert raw.get("data/x", json_response=False, client=client) == "näme"

    def test_post_returns_json(self, server, client):
        server.on("POST", "data/x", Answer({"id": 1}, status=201))
        assert raw.post("data/x", {"a": 1}, client=client) == {"id": 1}

    def test_put_returns_json(self, server, client):
        server.on("PUT", "data/x", {"id": 1})
        assert raw.put("data/x", {"a": 1}, client=client) == {"id": 1}

    def test_delete_returns_text(self, server, client):
        server.on(
            "DELETE", "data/x", Answer({"gone": True}), Answer(status=204)
        )
        assert raw.delete("data/x", client=client) == '{"gone": true}'
        assert raw.delete("data/x", client=client) == ""

    def test_create_and_update_send_json(self, server, client):
        raw.create("persons", {"a": 1}, client=client)
        raw.update("persons", "id-1", {"a": 2}, client=client)
        assert server.lines == [
            ("POST", "/api/data/persons"),
            ("PUT", "/api/data/persons/id-1"),
        ]

    def test_import_data_posts(self, server, client):
        raw.import_data("persons", [{"a": 1}], client=client)
        assert server.last.line == "POST /api/import/kitsu/persons HTTP/1.1"
        assert server.last.json() == [{"a": 1}]

    def test_fetch_one_reads_by_id(self, server, client):
        server.on("GET", "data/persons/id-1", {"id": "id-1"})
        assert raw.fetch_one("persons", "id-1", client=client) == {
            "id": "id-1"
        }
        raw.fetch_one(
            "persons", "id-1", params={"relations": True}, client=client
        )
        assert server.last.query == "relations=True"

    @pytest.mark.parametrize(
        "entries, first", [([1, 2], 1), ([], None), (None, None)]
    )
    def test_fetch_first_returns_the_first_or_none(
        self, server, client, entries, first
    ):
        server.on("GET", "data/persons", entries)
        assert raw.fetch_first("persons", {"a": 1}, client=client) == first
        assert server.last.query == "a=1"

    def test_get_current_user_reads_the_user(self, server, client):
        server.on("GET", "auth/authenticated", {"user": {"id": 1}})
        assert raw.get_current_user(client=client) == {"id": 1}

    def test_get_api_version_reads_the_version(self, server, client):
        server.on("GET", "/api/", {"version": "1.0.97"})
        assert raw.get_api_version(client=client) == "1.0.97"


class TestFetchAll:
    def test_a_plain_list_is_read(self, server, client):
        server.on("GET", "data/persons", [{"id": 1}])
        assert raw.fetch_all("persons", client=client) == [{"id": 1}]
        assert server.lines == [("GET", "/api/data/persons")]

    def test_fields_and_filters_are_sent(self, server, client):
        raw.fetch_all("persons", fields=["name", "code"], client=client)
        raw.fetch_all("persons", fields="name", client=client)
        raw.fetch_all("persons", {"a": 1}, fields=(), client=client)
        assert [r.query for r in server.requests] == [
            "fields=name%2Ccode",
            "fields=name",
            "a=1&fields=",
        ]

    def test_a_limit_without_pages_is_ignored(self, server, client):
        raw.fetch_all("persons", limit=5, client=client)
        assert server.last.query == ""

    def test_all_pages_are_read(self, server, client):
        server.on(
            "GET",
            "data/persons",
            lambda request: {
                "nb_pages": 3,
                "page": int(request.query[5]),
                "data": [request.query],
            },
        )
        found = raw.fetch_all(
            "persons", paginated=True, limit=2, client=client
        )
        # The pages after the first are requested together.
        queries = sorted(r.query for r in server.requests)
        assert found == queries
        assert queries == [
            "page=1&limit=2",
            "page=2&limit=2",
            "page=3&limit=2",
        ]

    def test_a_page_may_have_no_data(self, server, client):
        server.on(
            "GET", "data/persons", {"nb_pages": 2, "page": 1}, {"data": [2]}
        )
        assert raw.fetch_all("persons", paginated=True, client=client) == [2]

    def test_an_answer_without_page_numbers_is_returned(self, server, client):
        server.on("GET", "data/persons", {"data": [1]})
        assert raw.fetch_all("persons", paginated=True, client=client) == [1]
        assert len(server.requests) == 1

    def test_the_last_page_is_the_only_one(self, server, client):
        server.on(
            "GET", "data/persons", {"nb_pages": 4, "page": 4, "data": [1]}
        )
        assert raw.fetch_all("persons", paginated=True, client=client) == [1]
        assert len(server.requests) == 1

    def test_the_callers_params_are_changed(self, server, client):
        server.on(
            "GET",
            "data/persons",
            {"nb_pages": 2, "page": 1, "data": []},
            {"data": []},
        )
        params = {"a": 1}
        raw.fetch_all(
            "persons",
            params,
            paginated=True,
            limit=3,
            fields="id",
            client=client,
        )
        assert params == {"a": 1, "fields": "id", "page": 2, "limit": 3}

    def test_empty_params_are_not_changed(self, server, client):
        server.on("GET", "data/persons", {"data": []})
        params = {}
        raw.fetch_all(
            "persons", params, paginated=True, fields="id", client=client
        )
        assert params == {}


class TestRedirects:
    """Redirects are followed as by requests."""

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    @pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE"])
    def test_the_status_decides_method_and_body(
        self, server, logged_in, verb, status
    ):
        keeps_method = status in (307, 308) or (
            status == 301 and verb != "POST"
        )
        seen = verb if keeps_method else "GET"
        server.on(verb, "data/x", redirect("/api/data/y", status))
        server.on("*", "data/y", {"id": 1})
        call = getattr(raw, verb.lower())
        args = ({"a": 1},) if verb in ("POST", "PUT") else ()
        call("data/x", *args, client=logged_in)
        assert server.lines == [(verb, "/api/data/x"), (seen, "/api/data/y")]
        assert server.last.header("Authorization") == "Bearer abc"
        kept = status in (307, 308) and verb in ("POST", "PUT")
        assert server.last.body == (b'{"a": 1}' if kept else b"")
        assert server.last.header("Content-Type") == (
            "application/json" if kept else None
        )
        if seen == "GET":
            assert server.last.header("Content-Length") is None

    @pytest.mark.parametrize(
        "location, target",
        [
            ("y", "/api/data/y"),
            ("../y", "/api/y"),
            ("?a=b", "/api/data/x?a=b"),
            ("/é y", "/%C3%A9%20y"),
            ("/y?q=a%20b", "/y?q=a%20b"),
        ],
    )
    def test_relative_locations_are_resolved(
        self, server, client, location, target
    ):
        location = location.encode("utf-8").decode("latin-1")
        server.on("GET", "data/x", redirect(location), {})
        raw.get("data/x", client=client)
        assert server.last.target == target

    def test_another_host_does_not_receive_the_token(
        self, server, other_server, logged_in
    ):
        server.on("GET", "data/x", redirect(other_server.url + "/y"))
        raw.get("data/x", client=logged_in)
        assert server.last.header("Authorization") == "Bearer abc"
        assert other_server.last.header("Authorization") is None
        assert other_server.last.header("Host") == other_server.address

    def test_another_port_does_not_receive_the_token(self, server, logged_in):
        with type(server)() as neighbour:
            server.on("GET", "data/x", redirect(neighbour.url + "/y"))
            raw.get("data/x", client=logged_in)
            assert neighbour.last.header("Authorization") is None

    def test_thirty_redirects_are_followed(self, server, client):
        steps = [redirect("/api/data/x") for _ in range(30)]
        server.on("GET", "data/x", *([*steps, Answer({"at": "last"})]))
        assert raw.get("data/x", client=client) == {"at": "last"}
        assert len(server.requests) == 31

    def test_the_thirty_first_redirect_raises(self, server, client):
        server.on("GET", "data/x", redirect("/api/data/x"))
        with pytest.raises(Exception) as caught:
            raw.get("data/x", client=client)
        assert type(caught.value).__name__ == "TooManyRedirects"
        assert len(server.requests) == 31

    def test_a_redirect_without_a_location_is_the_answer(self, server, client):
        server.on("GET", "data/x", Answer({"a": 1}, status=302))
        assert raw.get("data/x", client=client) == {"a": 1}

    def test_an_upload_is_sent_again_with_its_files(
        self, server, client, make_file
    ):
        server.on("POST", "up", redirect("/api/there", 307))
        raw.upload("up", make_file(content=b"abc"), client=client)
        assert [p.content for p in server.last.parts] == [b"abc"]

    def test_a_download_follows_redirects(self, server, client, tmp_path):
        server.on("GET", "x", redirect("/api/y"))
        server.on("GET", "y", b"content")
        target = tmp_path / "out"
        response = raw.download("x", str(target), client=client)
        assert target.read_bytes() == b"content"
        assert response.url == server.url + "/api/y"
        assert server.last.header("Accept") == "application/json, */*;q=0.1"

    def test_a_head_request_does_not_follow(self, server, client):
        server.on("HEAD", "/api", redirect("/api/there"))
        assert raw.host_is_up(client=client) is False
        assert len(server.requests) == 1

    def test_the_last_status_counts(self, server, client):
        server.on("GET", "data/x", redirect("/api/data/y"))
        server.on("GET", "data/y", Answer({}, status=404))
        with pytest.raises(gazu.exception.RouteNotFoundException) as caught:
            raw.get("data/x", client=client)
        assert str(caught.value) == "data/x"


class TestCookies:
    def test_a_cookie_is_sent_back(self, server, client):
        server.on(
            "GET", "a", Answer({}, headers=[("Set-Cookie", "k=v; Path=/")])
        )
        raw.get("a", client=client)
        raw.post("b", {}, client=client)
        assert [r.header("Cookie") for r in server.requests] == [None, "k=v"]

    def test_several_cookies_are_sent_back(self, server, client):
        cookies = [
            ("Set-Cookie", "k=v; Path=/; HttpOnly"),
            ("Set-Cookie", "l=w; Path=/"),
        ]
        server.on("GET", "a", Answer({}, headers=cookies))
        raw.get("a", client=client)
        raw.get("b", client=client)
        assert sorted(server.last.header("Cookie").split("; ")) == [
            "k=v",
            "l=w",
        ]

    def test_a_cookie_is_sent_below_its_path_only(self, server, client):
        server.on(
            "GET",
            "a",
            Answer({}, headers=[("Set-Cookie", "k=v; Path=/api/only")]),
        )
        raw.get("a", client=client)
        raw.get("b", client=client)
        raw.get("only/c", client=client)
        assert [r.header("Cookie") for r in server.requests] == [
            None,
            None,
            "k=v",
        ]

    def test_an_expired_cookie_is_removed(self, server, client):
        server.on(
            "GET",
            "a",
            Answer({}, headers=[("Set-Cookie", "k=v; Path=/")]),
            Answer({}, headers=[("Set-Cookie", "k=; Path=/; Max-Age=0")]),
        )
        for path in ("a", "a", "b"):
            raw.get(path, client=client)
        assert [r.header("Cookie") for r in server.requests] == [
            None,
            "k=v",
            None,
        ]

    def test_a_redirect_may_set_a_cookie(self, server, client):
        answer = redirect("/api/b")
        answer.headers.append(("Set-Cookie", "k=v; Path=/"))
        server.on("GET", "a", answer)
        raw.get("a", client=client)
        assert server.last.header("Cookie") == "k=v"

    def test_clients_do_not_share_cookies(self, server, client):
        server.on(
            "GET", "a", Answer({}, headers=[("Set-Cookie", "k=v; Path=/")])
        )
        raw.get("a", client=client)
        raw.get("b", client=raw.create_client(client.host))
        assert server.last.header("Cookie") is None

    def test_a_secure_cookie_is_not_sent_over_http(self, server, client):
        server.on(
            "GET",
            "a",
            Answer({}, headers=[("Set-Cookie", "k=v; Path=/; Secure")]),
        )
        client.host = client.host.replace("127.0.0.1", "localhost")
        for _ in range(2):
            raw.get("a", client=client)
        assert server.requests[1].header("Cookie") is None


class TestConnections:
    def test_connections_are_reused(self, server, client):
        for _ in range(3):
            raw.get("data/x", client=client)
        raw.post("data/x", {}, client=client)
        assert {r.connection for r in server.requests} == {1}

    def test_connection_close_is_obeyed(self, server, client):
        server.on("GET", "data/x", Answer({}, close=True))
        for _ in range(2):
            raw.get("data/x", client=client)
        assert [r.connection for r in server.requests] == [1, 2]

    @pytest.mark.parametrize("verb", ["get", "post", "put", "delete"])
    def test_a_closed_connection_is_replaced(self, server, client, verb):
        raw.get("warm", client=client)
        server.drop_idle()
        args = ({"a": 1},) if verb in ("post", "put") else ()
        getattr(raw, verb)("data/x", *args, client=client)
        assert server.lines == [
            ("GET", "/api/warm"),
            (verb.upper(), "/api/data/x"),
        ]

    def test_a_closed_connection_of_an_upload_is_replaced(
        self, server, client, make_file
    ):
        raw.get("warm", client=client)
        server.drop_idle()
        raw.upload("up", make_file(content=b"abc"), client=client)
        assert len(server.of("POST")) == 1
        assert server.last.parts[0].content == b"abc"

    def test_many_closed_connections_are_replaced(self, server, client):
        for round_number in range(5):
            raw.post("data/x", {"round": round_number}, client=client)
            server.drop_idle()
        assert [r.json()["round"] for r in server.requests] == [0, 1, 2, 3, 4]

"""client.session in a process without requests."""

from __future__ import annotations

from ..recording_server import Answer, redirect


def test_the_session_is_native(server, python):
    cookie = [("Set-Cookie", "a=1; Path=/")]
    server.on("GET", "x", Answer({}, headers=cookie))
    server.on("GET", "y", redirect("/api/x", 303))
    python(
        """
        import sys
        sys.modules["requests"] = None
        import copy, pickle
        import gazu
        client = gazu.client.create_client(sys.argv[1])
        session, url = client.session, client.host + "/x"

        response = session.get(url)
        assert response.cookies.get_dict() == {"a": "1"}
        assert pickle.loads(pickle.dumps(response)).status_code == 200
        assert dict(session.cookies) == {"a": "1"} and "a" in session.cookies
        session.cookies.set("b", "2")
        session.cookies["c"] = "3"
        assert [c.name for c in session.cookies if not c.domain] == ["b", "c"]
        gazu.client.get("x", client=client)
        del session.cookies["c"]
        session.get(url, cookies={"d": "4"})

        def login(request):
            request.headers["X-Login"] = request.method + request.path_url
            return request

        session.auth = login
        gazu.client.get("x", client=client)
        session.auth = None

        seen = []
        session.hooks["response"] = lambda r, **kw: seen.append(r.status_code)
        gazu.client.get("x", client=client)
        assert seen == [200]
        session.hooks = {"response": []}

        for again in (pickle.loads(pickle.dumps(session)), copy.deepcopy(session)):
            assert again.get(url).ok
            assert again.cookies.get_dict() == {"a": "1", "b": "2"}
        following = session.get(client.host + "/y", allow_redirects=False).next
        assert (following.method, following.url) == ("GET", url)
        assert session.is_unchanged()
        for name, kind in (("adapters", ImportError), ("send", AttributeError)):
            try:
                getattr(session, name)
            except kind as error:
                assert "requests" in str(error)
            else:
                raise AssertionError(name)
        """,
        server.url + "/api",
    )
    sent = [
        set((r.header("Cookie") or "").split("; "))
        for r in server.of("GET", "x")
    ]
    assert sent[1] == {"a=1", "b=2", "c=3"}
    assert sent[2] == {"a=1", "b=2", "d=4"}
    assert sent[-1] == {"a=1", "b=2"}
    assert server.of("GET", "x")[3].header("X-Login") == "GET/api/x"

"""client.session sends and returns the same as a requests.Session."""

from __future__ import annotations

import io
import pickle

import pytest
from gazu import client as raw

from ..recording_server import Answer, RecordingServer, redirect

requests = pytest.importorskip("requests")
#: Releases up to 2.31 send as many bytes of a text as it has characters.
COUNTS_BYTES = requests.utils.super_len("é") == 2


class Call:
    """The requests that one session has sent, and its results."""

    def __init__(self, make, scenario):
        with RecordingServer() as server, RecordingServer(
            name="localhost"
        ) as other:
            self.session = make(server.url + "/api")
            self.servers = (server, other)
            try:
                self.outcome = scenario(self)
            except Exception as error:
                self.outcome = [
                    name
                    for name, kind in vars(requests.exceptions).items()
                    if isinstance(kind, type)
                    and issubclass(kind, OSError)
                    and isinstance(error, kind)
                ] or type(error)
            self.session.close()
            self.sent = [
                [wire(request, self) for request in server.requests]
                for server in self.servers
            ]

    @property
    def url(self):
        return self.servers[0].url + "/api/x"

    @property
    def elsewhere(self):
        return self.servers[1].url + "/api/x"

    def on(self, *args):
        self.servers[0].on(*args)

    def neutral(self, text):
        for number, server in enumerate(self.servers):
            text = text.replace(server.address, "host%d" % number)
        return text


def wire(request, call):
    """Return a request as it arrived, without what differs between runs."""
    body, headers = request.body, request.headers
    kind = request.header("Content-Type") or ""
    if kind.startswith("multipart/form-data"):
        body = body.replace(request.boundary.encode(), b"BOUNDARY")
        headers = [
            (
                name,
                value.replace(request.boundary, "BOUNDARY"),
            )
            for name, value in headers
        ]
    return {
        "line": call.neutral(request.line),
        "headers": [(n.lower(), call.neutral(v)) for n, v in headers],
        "body": body,
    }


def facts_of(response, call):
    """Return the attributes of a response."""
    return {
        "status": response.status_code,
        "ok": response.ok,
        "true": bool(response),
        "reason": response.reason,
        "headers": dict(response.headers),
        "lower": response.headers.get("content-TYPE"),
        "encoding": response.encoding,
        "text": response.text,
        "content": response.content,
        "url": call.neutral(response.url),
        "history": [
            (r.status_code, call.neutral(r.url), r.request.method)
            for r in response.history
        ],
        "redirect": (response.is_redirect, response.is_permanent_redirect),
        "links": response.links,
        "cookies": sorted(response.cookies.items()),
        "method": response.request.method,
        "request": call.neutral(response.request.url),
        "path": response.request.path_url,
        "sent": {
            name.lower(): call.neutral(value)
            for name, value in response.request.headers.items()
            if name.lower() not in ("content-type", "content-length")
        },
        "repr": repr(response),
    }


def theirs(host):
    session = requests.Session()
    # The User-Agent is the only header in which the sessions differ.
    session.headers["User-Agent"] = raw.default_client.session.headers[
        "User-Agent"
    ]
    return session


def ours(host):
    session = raw.create_client(host).session
    assert isinstance(session, requests.Session)
    assert session.is_unchanged()
    return session


SCENARIOS = []


def scenario(function):
    SCENARIOS.append(function)
    return function


def verb(name, **arguments):
    def run(call):
        call.on("*", "x", Answer({"a": [1, "é"]}))
        made = {
            key: value() if callable(value) else value
            for key, value in arguments.items()
        }
        return facts_of(getattr(call.session, name)(call.url, **made), call)

    keys = ",".join("%s" % key for key in arguments)
    run.__name__ = "%s(%s)" % (name, keys)
    SCENARIOS.append(run)


for name in ["get", "options", "head", "post", "put", "patch", "delete"]:
    verb(name)
    verb(
        name, headers={"X-A": "1", "accept": "text/plain", "Connection": None}
    )
verb("get", params={"a": 1, "b": [1, "x y"], "c": None, "d": "é&="})
verb("get", params=[("a", "1"), ("a", "2")])
verb("get", params="a=b&c=%20d")
verb("get", params=b"a=b")
verb("get", auth=("me", "sécret"))
verb("get", auth=("me", "secret"), headers={"Authorization": "Bearer t"})
verb("post", data={"a": 1, "b": ["x", "y"], "c": None, "é": "ü &"})
verb("post", data=[("a", 1), ("a", 2)])
verb("post", data="text")
verb("post", data="text", auth=("me", "secret"))
if requests.__build__ >= 0x023200:
    # Earlier releases count the characters of a text, not its bytes.
    verb("post", data="é")
verb("post", data=b"\x00\xff")
verb("post", data={})
verb("post", data=lambda: io.BytesIO(b"stream"))
verb("post", json={"a": "é", "b": [None, True, 1.5]})
verb("post", json=[])
verb("post", json={"a": 1}, headers={"Content-Type": "x/y"})
verb("post", json={"a": 1}, auth=("me", "secret"))
verb("put", data=b"abc", headers={"Content-Type": "x/y"})
verb("post", json={"a": float("nan")})
verb("post", files={"f": ("n.txt", b"abc")})
verb("post", files={"f": ("n.txt", b"abc", "text/x")}, data={"k": "v"})
verb("post", files=lambda: {"f": io.BytesIO(b"abc")}, data={"k": ["v", "w"]})
verb("post", files=[("f", ("a", b"1")), ("f", ("b", b"2"))])
verb("get", cookies={"a": "1", "b": "2"})
verb("get", cookies={"a": "1"}, headers={"Cookie": "mine=1"})
verb("get", allow_redirects=False)
verb("get", stream=True)
verb("get", timeout=5)
verb("get", timeout=(5, None))
verb("get", verify=False, proxies={"https": "http://127.0.0.1:9"})
verb("get", headers={"X-Long": "a" * 500, "X-Latin": "é"})
verb("get", nonsense=1)


@scenario
def odd_urls(call):
    base = call.servers[0].url
    outcome = []
    for rest in (
        "",
        "/",
        "?a=b",
        "/a b/é",
        "/a%2fb%7e?x=%zz",
        "/x#part",
        "/a//b/../c",
        "/x?a=b c&d",
        "/[a]",
    ):
        outcome.append(call.neutral(call.session.get(base + rest).url))
    return outcome


@scenario
def userinfo_in_the_url(call):
    url = call.url.replace("http://", "http://me:p%40ss@")
    call.session.get(url)
    call.session.get(url, headers={"Authorization": "Bearer t"})
    call.session.get(url, auth=("you", "too"))


def failing(name, url):
    def run(call):
        call.session.get(url)

    run.__name__ = name
    SCENARIOS.append(run)


failing("no scheme", "kitsu/api")
failing("odd scheme", "ftp://kitsu/api")
failing("no host", "http:///api")
failing("bad port", "http://kitsu:port/api")
failing("bad label", "http://*kitsu/api")
failing("unresolvable", "http://kitsu.invalid/api")
failing("nobody listens", "http://127.0.0.1:1/api")


@scenario
def bad_header(call):
    call.session.get(call.url, headers={"X-A": "a\r\nX-B: b"})


@scenario
def a_header_that_is_no_text(call):
    call.session.get(call.url, headers={"X-A": 1})


@scenario
def bodies_as_they_were_given(call):
    return [
        call.session.post(call.url, **given).request.body
        for given in (
            {"data": "é" if COUNTS_BYTES else "e"},
            {"data": b"ab"},
            {"data": {"a": [1, 2]}},
            {"json": {"é": 1}},
            {},
        )
    ]


@scenario
def parameters_of_the_session_as_pairs(call):
    call.session.params = [("a", "1"), ("a", "2")]
    call.session.get(call.url)
    call.session.get(call.url, params={"b": 2})
    call.session.get(call.url, params=[("c", 3), ("c", 4)])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE"])
def test_redirects(method, status):
    def run(call):
        call.on("*", "x", redirect("/api/y?b=c", status))
        call.on("*", "y", Answer({"here": 1}))
        body = b"abc" if method in ("POST", "PUT") else None
        return facts_of(
            call.session.request(
                method,
                call.url + "?a=b",
                data=body,
                headers={"Authorization": "Bearer t", "X-A": "1"},
            ),
            call,
        )

    assert_alike(run)


@scenario
def redirect_elsewhere(call):
    call.on("GET", "x", redirect(call.elsewhere))
    call.session.cookies.set("mine", "1")
    return facts_of(
        call.session.get(
            call.url,
            headers={"Authorization": "Bearer t", "Cookie": "secret=1"},
        ),
        call,
    )


@scenario
def login_and_redirect_elsewhere(call):
    call.on("GET", "x", redirect(call.elsewhere))
    return facts_of(call.session.get(call.url, auth=("me", "secret")), call)


@scenario
def redirect_loop(call):
    call.on("GET", "x", redirect("/api/x"))
    call.session.max_redirects = 3
    call.session.get(call.url)


@scenario
def redirect_without_a_scheme(call):
    call.on("GET", "x", redirect(call.servers[0].url[5:] + "/api/y"))
    return facts_of(call.session.get(call.url), call)


@scenario
def redirect_to_nonsense(call):
    call.on("GET", "x", redirect("ftp://nowhere/"))
    call.session.get(call.url)


@scenario
def redirect_not_followed(call):
    call.on("POST", "x", redirect("/api/y", 303))
    response = call.session.post(call.url, data=b"a", allow_redirects=False)
    following = response.next
    return (
        facts_of(response, call),
        following.method,
        call.neutral(following.url),
        following.body,
        facts_of(call.session.send(following), call),
    )


@scenario
def nothing_follows(call):
    return call.session.get(call.url).next


@scenario
def cookies_are_kept(call):
    call.on(
        "GET",
        "x",
        Answer(
            {},
            headers=[
                ("Set-Cookie", "a=1; Path=/"),
                ("Set-Cookie", "b=2; Path=/api"),
                ("Set-Cookie", "c=3; Path=/other"),
                ("Set-Cookie", "d=4; Secure"),
                ("Set-Cookie", "e=5; Domain=example.com"),
                ("Set-Cookie", "f=6; Max-Age=0"),
                ("Set-Cookie", "g=7; Max-Age=100"),
            ],
        ),
    )
    first = facts_of(call.session.get(call.url), call)
    call.session.get(call.url)
    call.session.get(call.elsewhere)
    return first, sorted(call.session.cookies.items())


@scenario
def cookies_are_ended(call):
    call.on(
        "GET",
        "x",
        Answer({}, headers=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]),
        Answer({}, headers=[("Set-Cookie", "a=; Max-Age=0")]),
    )
    call.session.get(call.url)
    before = call.session.cookies.get_dict()
    call.session.get(call.url)
    call.session.get(call.url)
    return before, call.session.cookies.get_dict()


@scenario
def cookies_on_the_way(call):
    headers = [("Location", "/api/y"), ("Set-Cookie", "a=1; Path=/")]
    call.on("GET", "x", Answer(body=b"", status=302, headers=headers))
    response = call.session.get(call.url)
    return facts_of(response, call), dict(call.session.cookies)


@scenario
def cookies_of_ones_own(call):
    jar = call.session.cookies
    jar.set("a", "1")
    jar["b"] = "2"
    jar.set("c", "3", domain="elsewhere.test")
    jar.set("d", "4", domain="127.0.0.1", path="/api")
    jar.update({"e": "5"})
    call.session.get(call.url)
    jar.set("a", None)
    del jar["b"]
    call.session.get(call.url)
    call.session.cookies = requests.cookies.cookiejar_from_dict({"z": "9"})
    call.session.get(call.url)
    again = pickle.loads(pickle.dumps(call.session.cookies))
    call.session.cookies.clear()
    call.session.get(call.url)
    call.session.cookies.update(again)
    call.session.get(call.url)
    return (
        requests.utils.dict_from_cookiejar(call.session.cookies),
        [(c.name, c.value, c.domain) for c in call.session.cookies],
        "z" in call.session.cookies,
        call.session.cookies.get("none"),
        call.session.cookies.list_domains(),
    )


@scenario
def settings_of_the_session(call):
    session = call.session
    session.headers.update({"X-A": "1"})
    session.headers["x-b"] = "2"
    session.params = {"k": "v"}
    session.auth = ("me", "secret")
    session.get(call.url, params={"a": 1}, headers={"x-a": None})
    session.auth = None
    session.headers = {"X-Only": "1"}
    session.params = {}
    session.get(call.url)
    session.headers.clear()
    session.post(call.url, json={})
    for request in call.servers[0].requests[1:]:
        # Without these headers urllib3 adds its own.
        own = ("accept", "accept-encoding", "user-agent")
        request.headers = [
            h for h in request.headers if h[0].lower() not in own
        ]


@scenario
def auth_that_is_called(call):
    class Token(requests.auth.AuthBase):
        def __call__(self, request):
            request.headers["X-Token"] = "t"
            return request

    call.session.auth = Token()
    call.session.get(call.url)
    call.session.get(call.url, auth=requests.auth.HTTPBasicAuth("a", "b"))
    call.session.get(call.url, auth=lambda request: request)


@scenario
def digest(call):
    asked = 'Digest realm="r", nonce="n", qop="auth", algorithm=MD5'
    call.on(
        "GET",
        "x",
        Answer({}, status=401, headers=[("WWW-Authenticate", asked)]),
        Answer({"in": 1}),
    )
    auth = requests.auth.HTTPDigestAuth("me", "secret")
    response = call.session.get(call.url, auth=auth)
    call.servers[0].requests[1].headers = [
        (n, v.split(" ")[0] if n.lower() == "authorization" else v)
        for n, v in call.servers[0].requests[1].headers
    ]
    return response.json(), [r.status_code for r in response.history]


@scenario
def hooks(call):
    seen = []

    def see(response, *args, **kwargs):
        seen.append((response.status_code, sorted(kwargs)))

    call.on("GET", "x", redirect("/api/y"))
    call.session.hooks["response"].append(see)
    call.session.get(call.url)
    other = call.session.get(
        call.url, hooks={"response": lambda r, **_: seen.append(r.url[-1])}
    )
    seen[-2:] = [seen[-1] == "y"]
    return seen, other.status_code


@scenario
def streamed(call):
    call.on("GET", "x", Answer(body=b"abc\nde\r\nf" * 100, encoding="gzip"))
    outcome = []
    with call.session.get(call.url, stream=True) as response:
        outcome.append(next(response.iter_content(4)))
        outcome.append(len(response.content))
    for chunk_size in (1, 7, 512):
        response = call.session.get(call.url, stream=True)
        outcome.append(b"".join(response.iter_content(chunk_size)))
        try:
            response.content  # noqa: B018
        except RuntimeError as error:
            outcome.append(str(error))
        with pytest.raises(requests.exceptions.StreamConsumedError):
            response.iter_content()
    response = call.session.get(call.url, stream=True)
    outcome.append(list(response.iter_lines(chunk_size=5)))
    response = call.session.get(call.url, stream=True)
    outcome.append(list(response.iter_content(7, decode_unicode=True)))
    response = call.session.get(call.url, stream=True)
    response.raw.decode_content = True
    outcome.append(response.raw.read())
    response = call.session.get(call.url, stream=True)
    outcome.append(response.raw.read()[:2])
    outcome.append(next(iter(call.session.get(call.url))))
    with pytest.raises(TypeError):
        call.session.get(call.url).iter_content("1")
    return outcome


@scenario
def bodies(call):
    outcome = []
    for body, kind in (
        (b"", "text/plain"),
        ("é".encode(), None),
        ("é".encode(), "text/html"),
        ("é".encode("latin-1"), "text/plain; charset=latin-1"),
        ("é".encode(), "application/json"),
        (b'{"a": 1}', "text/html"),
        (b"<html>", "application/json"),
        ('{"é": 1}'.encode("utf-16"), None),
        (b"\xff", "application/json"),
        (b"[1]", 'text/x; charset="unknown"'),
    ):
        call.on("GET", "x", Answer(body=body, content_type=kind))
        response = call.session.get(call.url)
        try:
            value = response.json()
        except ValueError as error:
            value = (
                isinstance(error, requests.exceptions.JSONDecodeError),
                error.doc,
                error.pos,
                error.args,
                str(error),
            )
        outcome.append((facts_of(response, call), value))
        response.encoding = "utf-8"
        outcome.append(response.text)
    return outcome


@scenario
def statuses(call):
    outcome = []
    for status in (200, 204, 304, 400, 404, 418, 500, 503, 599, 600):
        call.on("GET", "x", Answer({}, status=status))
        response = call.session.get(call.url)
        try:
            response.raise_for_status()
        except requests.exceptions.HTTPError as error:
            outcome.append(
                (
                    call.neutral(str(error)),
                    error.response is response,
                    error.request is response.request,
                )
            )
        outcome.append(facts_of(response, call))
    return outcome


@scenario
def answers_headers(call):
    call.on(
        "GET",
        "x",
        Answer(
            {},
            headers=[
                ("X-A", "1"),
                ("X-A", "2"),
                ("ETag", '"e"'),
                ("X-Latin", "é"),
                ("Link", '<https://h/2>; rel="next", <https://h/9>; rel=last'),
            ],
        ),
    )
    response = call.session.get(call.url)
    return facts_of(response, call), [
        "x-a" in response.headers,
        response.headers.get("X-None", 5),
        list(response.headers),
    ]


@scenario
def broken_off(call):
    call.on("GET", "x", Answer(body=bytes(99), chunked=10, truncate=20))
    call.session.get(call.url)


@scenario
def reset(call):
    call.on("GET", "x", Answer({}, reset="headers"))
    call.session.get(call.url)


@scenario
def no_gzip(call):
    headers = [("Content-Encoding", "gzip")]
    call.on("GET", "x", Answer(body=b"not packed", headers=headers))
    call.session.get(call.url)


@scenario
def too_late(call):
    call.on("GET", "x", Answer(hang="headers"))
    call.session.get(call.url, timeout=(10, 0.5))


@scenario
def prepared(call):
    request = requests.Request(
        "POST", call.url, json={"a": 1}, params={"b": 2}, cookies={"c": "3"}
    )
    call.session.headers["X-A"] = "1"
    ready = call.session.prepare_request(request)
    ready.headers["X-Late"] = "1"
    settings = call.session.merge_environment_settings(
        ready.url, {}, None, None, None
    )
    response = call.session.send(ready, timeout=5, **settings)
    assert isinstance(ready, requests.PreparedRequest)
    return facts_of(response, call), sorted(settings.items())


@scenario
def pickled(call):
    call.on("GET", "x", Answer({"a": 1}, headers=[("Set-Cookie", "a=1")]))
    response = pickle.loads(pickle.dumps(call.session.get(call.url)))
    session = pickle.loads(pickle.dumps(call.session))
    session.get(call.url)
    return (
        facts_of(response, call),
        response.raw,
        sorted(session.cookies.items()),
        isinstance(session, requests.Session),
    )


@scenario
def generators(call):
    call.session.post(call.url, data=iter([b"ab", b"", b"c"]))
    call.session.post(call.url, data=(part for part in ["a", "bc"]))
    call.session.post(call.url, data=memoryview(b"abc"))
    # requests sends a generator in chunks; gazu sends it whole.
    for server in call.servers:
        for request in server.requests:
            request.headers = [
                (n, v)
                for n, v in request.headers
                if n.lower() not in ("content-length", "transfer-encoding")
            ]
            request.body = b"abc" if b"abc" in request.body else b"in chunks"


def test_a_generator_is_sent_again_after_a_redirect(server, client):
    server.on("POST", "from", Answer({}, 307, headers=[("Location", "to")]))
    server.on("POST", "to", {})
    url = client.host + "/from"
    assert client.session.post(url, data=iter([b"ab", b"c"])).ok
    assert [request.body for request in server.requests] == [b"abc", b"abc"]


@scenario
def interface(call):
    session = call.session
    public = [n for n in dir(requests.Session()) if not n.startswith("_")]
    return [name for name in public if not hasattr(session, name)], [
        name
        for name in dir(requests.Response())
        if not name.startswith("_")
        and name != "connection"
        and not hasattr(session.get(call.url), name)
    ]


def test_the_raw_body_is_a_file(server, client):
    server.on("GET", "x", Answer(body=b"abc\ndef", encoding="gzip"))
    url = client.host + "/x"
    raw_body = client.session.get(url, stream=True).raw
    raw_body.decode_content = True
    assert (raw_body.read(3), raw_body.read()) == (b"abc", b"\ndef")
    raw_body = client.session.get(url, stream=True).raw
    raw_body.decode_content = True
    assert io.BufferedReader(raw_body).readlines() == [b"abc\n", b"def"]
    assert raw_body.status == 200
    assert raw_body.headers["content-encoding"] == "gzip"
    raw_body.close()
    assert client.session.get(url).raw.read() == b""


def assert_alike(run):
    expected, seen = Call(theirs, run), Call(ours, run)
    assert seen.outcome == expected.outcome
    assert seen.sent == expected.sent


@pytest.mark.parametrize("run", SCENARIOS, ids=lambda run: run.__name__)
def test_both_sessions_behave_alike(run):
    assert_alike(run)

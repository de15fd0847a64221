"""Compare the reading of answers, and the requests that follow, with ``requests``."""

from __future__ import annotations

import json
import string
import urllib.parse

import gazu
import pytest
from gazu import client as raw
from hypothesis import assume, example, given
from hypothesis import strategies as st

from ..recording_server import Answer, RecordingServer, redirect

requests = pytest.importorskip("requests")

ERRORS = (requests.RequestException, ValueError, UnicodeError)


@pytest.fixture(scope="module")
def sessions(asked):
    """A server, its URL, and functions that create a session of either kind."""
    server, client = asked

    def ours():
        return raw.create_client(client.host).session

    def theirs():
        session = requests.Session()
        session.trust_env = False
        return session

    return server, client.host, (theirs, ours)


def outcome(function, *args):
    try:
        return function(*args)
    except ERRORS as error:
        return (
            "ValueError"
            if isinstance(error, ValueError)
            else type(error).__name__
        )


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(st.characters(blacklist_categories=["Cs"]), max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
charsets = st.sampled_from(
    ["utf-8", "utf-8-sig", "utf-16", "utf-32-le", "latin-1", "cp1252", "ascii"]
)


@given(values, charsets, st.none() | charsets, st.booleans())
@example("é", "latin-1", None, False)
@example({"a": "é"}, "latin-1", "utf-8", False)
def test_json_in_any_charset_is_read_alike(
    sessions, value, written, named, ascii_only
):
    server, url, (theirs, _) = sessions
    text = json.dumps(value, ensure_ascii=ascii_only)
    content_type = "application/json" + ("; charset=" + named if named else "")
    body = text.encode(written, "replace")
    server.on("GET", "x", Answer(body=body, content_type=content_type))
    session = theirs()
    expected = outcome(session.get(url + "/x").json)
    session.close()
    client = raw.create_client(url)
    assert outcome(client.session.get(url + "/x").json) == expected
    assert outcome(raw.get, "x", True, None, client) == expected
    client.session.close()


names = st.text(
    string.ascii_letters + string.digits + "-_", min_size=1, max_size=8
)


@given(
    st.lists(
        st.tuples(
            names.map(lambda name: "X-" + name)
            | st.sampled_from(["Link", "ETag", "Content-Language"]),
            # Blanks around a value do not belong to it. `requests` keeps those behind it.
            st.text(
                st.characters(min_codepoint=32, max_codepoint=255), max_size=12
            ).map(lambda value: value.strip(" ")),
        ),
        max_size=4,
    )
)
def test_headers_are_read_alike(sessions, headers):
    server, url, makers = sessions
    assume(not any("\x7f" in value for _, value in headers))
    server.on("GET", "x", Answer({}, headers=headers))
    found = []
    for make in makers:
        session = make()
        answer = session.get(url + "/x")
        found.append(
            (
                sorted((k.lower(), v) for k, v in answer.headers.items()),
                answer.links,
                [answer.headers.get(name.upper()) for name, _ in headers],
            )
        )
        session.close()
    assert found[0] == found[1]


cookies = st.builds(
    "{}={}{}".format,
    names,
    st.text(string.ascii_letters + string.digits + "=/+.-!", max_size=6),
    st.lists(
        st.sampled_from(
            [
                "; Path=/",
                "; Path=/api",
                "; path=/api/x",
                "; Path=/other",
                "; HttpOnly",
                "; Secure",
                "; SameSite=Lax",
                "; Max-Age=100",
                "; Max-Age=0",
                "; Domain=elsewhere.test",
                "; Expires=Wed, 21 Oct 2015 07:28:00 GMT",
                "; expires=Wed, 21-Oct-2065 07:28:00 GMT",
            ]
        ),
        max_size=3,
        unique_by=lambda text: text.lower().partition("=")[0],
    ).map("".join),
)


@given(st.lists(cookies, min_size=1, max_size=3))
@example(["a=1", "a=; Max-Age=0"])
def test_cookies_are_kept_alike(sessions, texts):
    server, url, makers = sessions
    server.on(
        "GET",
        "x",
        Answer({}, headers=[("Set-Cookie", text) for text in texts]),
    )
    server.on("GET", "y", {})
    found = []
    for make in makers:
        session = make()
        answer = session.get(url + "/x")
        session.get(url + "/y")
        sent = server.last.header("Cookie") or ""
        found.append(
            (
                sorted(
                    (c.name, c.value, c.path, c.secure, c.expires is None)
                    for c in session.cookies
                ),
                answer.cookies.get_dict(),
                sorted(sent.split("; ")),
            )
        )
        session.close()
    assert found[0] == found[1]


locations = st.one_of(
    st.text("abz/?#.%2F &=é+:@", max_size=12).map(lambda text: "/" + text),
    st.text("abz/?#.%2F &=+", max_size=12),
)


@given(locations, st.sampled_from([301, 302, 303, 307, 308]))
def test_redirects_are_followed_alike(sessions, location, status):
    server, url, makers = sessions
    # urllib removes empty parts of paths, and urllib3 removes dots. Blanks around a header
    # do not belong to it.
    assume("//" not in location and "." not in location)
    assume(location == location.strip())
    header = location.encode("utf-8").decode("latin-1")
    server.on("*", "*", {})
    server.on("POST", "x", redirect(header, status=status))
    found = []
    for make in makers:
        session = make()
        before = len(server.requests)
        answer = outcome(session.post, url + "/x", None, 1)
        session.close()
        found.append(
            (
                getattr(answer, "status_code", answer),
                [
                    (r.method, r.target, r.body)
                    for r in server.requests[before:]
                ],
            )
        )
    assert found[0] == found[1]


texts = st.text(st.characters(blacklist_categories=["Cs"]), max_size=6)
# Old releases of requests count the characters of a text, not its bytes.
whole_texts = (
    texts if requests.__version__ >= "2.32" else st.text(string.ascii_letters)
)
fields = st.dictionaries(
    texts,
    texts | st.integers() | st.none() | st.lists(texts, max_size=2),
    max_size=3,
)


@given(
    st.one_of(
        fields.map(lambda data: {"data": data}),
        st.lists(st.tuples(texts, texts), max_size=3).map(
            lambda d: {"data": d}
        ),
        whole_texts.map(lambda data: {"data": data}),
        st.binary(max_size=9).map(lambda data: {"data": data}),
        values.map(lambda data: {"json": data}),
    ),
    fields | st.lists(st.tuples(texts, texts), max_size=3) | st.none(),
)
def test_bodies_and_queries_are_sent_alike(sessions, body, params):
    server, url, makers = sessions
    server.on("POST", "x", {})
    found = []
    for make in makers:
        session = make()
        session.post(url + "/x", params=params, **body)
        session.close()
        sent = server.last
        found.append(
            (
                sent.target.replace("%27", "'"),
                sent.body,
                sent.header("Content-Type"),
                sent.header("Content-Length"),
            )
        )
    assert found[0] == found[1]


@pytest.fixture(scope="module")
def proxy():
    with RecordingServer() as running:
        yield running


exceptions = st.lists(
    st.sampled_from(
        [
            "localhost",
            ".localhost",
            "LOCALHOST",
            "host",
            "*",
            "127.0.0.1",
            "127.0.0.0/8",
            "127.0.0.0/24",
            "127.1.2.3/32",
            "0.0.0.0/0",
            "1/8",
            "127.0.0.1:1",
            "localhost:1",
            ".0.1",
            "0.0.1",
            " ",
            "",
            "a b",
        ]
    )
    | st.text("127.0/:* localhst", max_size=6),
    max_size=3,
).map(",".join)


hosts = ["127.0.0.1", "127.1.2.3"]
if not requests.utils.should_bypass_proxies("http://localhost/", "host"):
    # Older releases of requests match any end of a name.
    hosts.append("localhost")


@given(exceptions, st.sampled_from(hosts))
@example("*", "localhost")
def test_no_proxy_matches_alike(proxy, exceptions, host):
    # Nothing listens there, so that a direct request fails at once.
    url = "http://%s:1/x" % host
    client = raw.create_client(url)
    client.retries = 0
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("http_proxy", proxy.url)
        environment.setenv("no_proxy", exceptions)
        direct = requests.utils.should_bypass_proxies(url, None)
        before = len(proxy.requests)
        try:
            client.session.get(url)
        except OSError:
            pass
        client.session.close()
    assert (len(proxy.requests) == before) == bool(direct)


@given(st.text(max_size=20))
def test_file_names_are_cleaned_once(text):
    clean = gazu.helpers.sanitize_filename(text)
    assert not set(clean) & set("@|():%/,\\[]<>*?;`\n")
    assert clean == clean.strip()
    # A clean name does not change, and no other character is removed.
    assert gazu.helpers.sanitize_filename(clean.replace("..", "_")) == (
        clean.replace("..", "_").strip()
    )
    if text.isalnum():
        assert clean == text


@given(
    st.uuids().map(str)
    | texts
    | st.dictionaries(texts, texts, max_size=2)
    | st.none()
    | st.integers()
)
def test_models_are_normalized(model):
    normalize = gazu.helpers.normalize_model_parameter
    if model is None or isinstance(model, dict):
        assert normalize(model) is model
        return
    found = outcome(normalize, model)
    as_text = str(model)
    if len(as_text) == 36 and as_text.count("-") == 4:
        assert found == {"id": model}
    else:
        assert found == "ValueError"
    both = outcome(
        gazu.helpers.normalize_list_of_models_for_links, [model, model]
    )
    alone = outcome(gazu.helpers.normalize_list_of_models_for_links, model)
    if isinstance(found, dict):
        assert (both, alone) == ([found["id"]] * 2, [found["id"]])


@given(st.text(string.printable, max_size=20), texts)
def test_full_urls_are_joined(path, host):
    assume(host)
    client = raw.KitsuClient(host)
    joined = raw.get_full_url(path, client=client)
    assert joined == client.host.strip("/") + "/" + path.strip("/")
    assert urllib.parse.unquote(joined) or not joined

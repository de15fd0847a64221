"""Compare paths, queries, headers and forms with ``requests``."""

from __future__ import annotations

import datetime
import io
import string
import urllib.parse

import gazu
import pytest
from gazu import client as raw
from hypothesis import assume, given
from hypothesis import strategies as st

from ..recording_server import Answer

requests = pytest.importorskip("requests")

# Draw characters with a special meaning in URLs more often.
letters = st.sampled_from(
    "/%?#[]{}|\\^`\"<> +&=;:@!$'()*,~.-_aZ09é日\U0001f600\t"
)
paths = st.lists(
    letters | st.characters(blacklist_categories=["Cs"]), max_size=12
).map("".join)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=8),
    st.binary(max_size=8),
    st.dates(),
    st.datetimes(),
)
queries = st.dictionaries(
    st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)
    | st.integers(),
    scalars | st.lists(scalars, max_size=3) | st.tuples(scalars),
    max_size=4,
)


def target_of(url):
    """Return the target that requests sends, or the class of its exception."""
    try:
        return requests.Request("GET", url).prepare().path_url
    except (requests.RequestException, UnicodeError, ValueError) as error:
        return type(error)


def controls(text):
    return any(ord(c) < 32 or ord(c) == 127 for c in text)


@given(paths)
def test_paths_are_sent_alike(asked, path):
    server, client = asked
    joined = client.host.rstrip("/") + "/" + path.strip("/")
    assert raw.get_full_url(path, client=client) == joined
    theirs = target_of(joined)
    assume(isinstance(theirs, str))
    # urllib3 removes dots from paths and rejects control characters.
    assume("/." not in joined and not controls(joined))
    raw.get(path, client=client)
    # The URL standard escapes an apostrophe in a query.
    assert server.last.target.replace("%27", "'") == theirs.replace("%27", "'")


@given(queries)
def test_queries_are_sent_alike(asked, params):
    server, client = asked
    raw.get("data/x", params=params, client=client)
    query = urllib.parse.urlencode(params, doseq=True)
    assert server.last.query == query
    assert raw.build_path_with_params("p", params) == (
        "p?" + query if query else "p"
    )


@given(
    st.dictionaries(
        st.text(string.ascii_letters + "-", min_size=1, max_size=8).map(
            lambda name: "X-" + name
        ),
        st.text(st.characters(max_codepoint=255), max_size=12),
        max_size=3,
    )
)
def test_headers_are_sent_alike(asked, headers):
    server, client = asked
    # Blanks outside of ASCII are not stripped on the wire.
    assume(not any(text[:1] in ("\x85", "\xa0") for text in headers.values()))
    lowered = [name.lower() for name in headers]
    assume(len(set(lowered)) == len(lowered))
    before = len(server.requests)
    try:
        prepared = requests.Request(
            "GET", client.host, headers=headers
        ).prepare()
    except requests.exceptions.InvalidHeader:
        with pytest.raises(ValueError):
            client.session.get(client.host, headers=headers)
        assert len(server.requests) == before
        return
    try:
        client.session.get(client.host, headers=headers)
    except ValueError:
        # Servers reject control characters inside a value.
        assert any(controls(value) for value in headers.values())
        assert len(server.requests) == before
        return
    for name in headers:
        sent = prepared.headers[name].strip(" \t")
        assert server.last.header(name).strip(" \t") == sent


def parts_of(body, content_type):
    boundary = content_type.partition("boundary=")[2].encode()
    return body.replace(boundary, b"boundary")


names = st.text(
    st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=8
)


@given(
    st.dictionaries(
        names,
        st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)
        | st.integers()
        | st.booleans()
        | st.none()
        | st.lists(st.text(string.ascii_letters, max_size=3), max_size=3),
        max_size=3,
    ),
    st.dictionaries(names, st.binary(max_size=20), min_size=1, max_size=3),
)
def test_forms_are_sent_alike(asked, data, files):
    server, client = asked
    prepared = requests.Request(
        "POST",
        client.host,
        data=data,
        files={name: io.BytesIO(content) for name, content in files.items()},
    ).prepare()
    raw.upload(
        "data/x",
        data=data,
        files={name: io.BytesIO(content) for name, content in files.items()},
        client=client,
    )
    sent = server.last
    assert parts_of(sent.body, sent.header("Content-Type")) == parts_of(
        prepared.body, prepared.headers["Content-Type"]
    )


charsets = st.sampled_from(
    [
        "utf-8",
        "UTF8",
        "latin-1",
        "iso-8859-15",
        "cp1252",
        "utf-16",
        "no-such",
        '"utf-8"',
        "",
    ]
)


@given(
    st.sampled_from(
        ["text/plain", "text/html", "application/json", "a/b", ""]
    ),
    st.none() | charsets,
    st.binary(max_size=20),
)
def test_texts_are_decoded_alike(asked, kind, charset, body):
    server, client = asked
    header = kind if charset is None else kind + "; charset=" + charset
    server.on(
        "GET", "text", Answer(body=body, headers=[("Content-Type", header)])
    )
    theirs = requests.Response()
    theirs._content = body
    theirs.headers["Content-Type"] = header
    theirs.encoding = requests.utils.get_encoding_from_headers(theirs.headers)
    assume(theirs.encoding is not None or kind == "application/json")
    if theirs.encoding is None:
        theirs.encoding = "utf-8"
    found = raw.get("text", json_response=False, client=client)
    assert found == theirs.text


@given(
    st.one_of(
        st.dates().map(str),
        st.datetimes().map(lambda at: at.isoformat()[:19]),
        st.text("0123456789-T: ", max_size=20),
        st.builds(
            "{}-{}-{}".format,
            st.integers(0, 10000),
            st.integers(0, 14),
            st.integers(0, 33),
        ),
    )
)
def test_dates_are_accepted_alike(text):
    def is_date(form):
        try:
            datetime.datetime.strptime(text, form)
        except ValueError:
            return False
        return True

    if is_date("%Y-%m-%d") or is_date("%Y-%m-%dT%H:%M:%S"):
        assert gazu.helpers.validate_date_format(text) == text
    else:
        with pytest.raises(ValueError):
            gazu.helpers.validate_date_format(text)

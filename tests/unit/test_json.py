"""Bodies are written as by json.dumps, and answers are read as by json.loads."""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import functools
import gc
import json
import math
import operator
import random
import re
import struct
import sys
import threading
import uuid

import gazu
import pytest
from gazu import _core
from gazu import client as raw
from gazu.encoder import CustomJSONEncoder

from .recording_server import Answer
from .waiting import wait_for


class Name(str):
    pass


class Count(int):
    def __repr__(self):
        return "not a number"

    __str__ = __repr__


class Ratio(float):
    def __repr__(self):
        return "not a number"


class Plain(enum.Enum):
    A = "a"


class Text(str, enum.Enum):
    A = "a"


class Number(enum.IntEnum):
    ONE = 1


class Bag(dict):
    pass


class Row(list):
    pass


Point = collections.namedtuple("Point", "x y")

ACCEPTED = [
    None,
    True,
    0,
    -1,
    2**63,
    -(2**64),
    10**40,
    1.0,
    0.1,
    1e16,
    1e-7,
    1.5e300,
    -0.0,
    5e-324,
    float("inf"),
    float("-inf"),
    "text",
    "",
    "é日😀",
    '"\\/\b\f\n\r\t\x00\x1f\x7f\u2028',
    "\ud800 alone",
    "\udc00\ud800",
    [],
    {},
    (),
    [1, [2, (3,)]],
    {"b": 1, "a": {"c": [None]}},
    {2: "a", 2.5: "b", True: "c", None: "d"},
    {Number.ONE: "e"},
    {1: 1, "1": 2},
    {float("nan"): 1, float("inf"): 2},
    {10**30: 1},
    datetime.date(2026, 1, 2),
    datetime.datetime(2026, 1, 2, 3, 4, 5),
    datetime.datetime(2026, 1, 2, 3, 4, 5, 678),
    datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc),
    {"due_date": datetime.date(2026, 1, 2)},
    Name("n"),
    {Name("k"): Name("v")},
    Count(3),
    {Count(3): 1},
    Ratio(0.5),
    Text.A,
    {Text.A: Text.A},
    Number.ONE,
    Point(1, 2),
    Bag(a=1),
    Row([1]),
    collections.OrderedDict([("z", 1), ("a", 2)]),
    collections.defaultdict(list, a=[1]),
    collections.Counter("aab"),
    [[] for _ in range(3)],
]


class Unwilling:
    def __repr__(self):
        return "unwilling"


def cyclic_list():
    cycle = []
    cycle.append(cycle)
    return cycle


def cyclic_dict():
    cycle = {}
    cycle["self"] = [cycle]
    return cycle


INVALID = [
    lambda: {1, 2},
    lambda: b"bytes",
    lambda: {"a": Unwilling()},
    lambda: Plain.A,
    lambda: uuid.UUID(int=0),
    lambda: decimal.Decimal(1),
    lambda: 1j,
    lambda: datetime.time(1),
    lambda: datetime.timedelta(1),
    lambda: (x for x in ()),
    lambda: {"a": 1}.keys(),
    lambda: collections.deque(),
    lambda: {(1, 2): 1},
    lambda: {datetime.date(2026, 1, 2): 1},
    lambda: {Plain.A: 1},
    lambda: {b"a": 1},
    lambda: object,
    cyclic_list,
    cyclic_dict,
]


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


class TestBodies:
    @pytest.mark.parametrize("value", ACCEPTED, ids=ascii)
    @pytest.mark.parametrize("verb", ["post", "put"])
    def test_accepted_values_are_written_like_json(
        self, server, client, verb, value
    ):
        getattr(raw, verb)("data/x", value, client=client)
        assert (
            server.last.body
            == json.dumps(value, cls=CustomJSONEncoder).encode()
        )
        assert server.last.header("Content-Length") == str(
            len(server.last.body)
        )

    def test_nan_is_written(self, server, client):
        raw.post("data/x", {"a": float("nan")}, client=client)
        assert server.last.body == b'{"a": NaN}'

    @pytest.mark.parametrize("verb", ["post", "put"])
    @pytest.mark.parametrize("make", INVALID)
    def test_invalid_values_raise(self, server, client, verb, make):
        value = make()
        with pytest.raises(Exception) as expected:
            json.dumps(value, cls=CustomJSONEncoder)
        with pytest.raises(type(expected.value)) as caught:
            getattr(raw, verb)("data/x", value, client=client)
        assert type(caught.value) is type(expected.value)
        assert str(caught.value) == str(expected.value)
        assert server.requests == []

    def test_deep_values_are_written(self, server, client):
        value = nested(400)
        raw.post("data/x", value, client=client)
        assert server.last.body == json.dumps(value).encode()

    def test_values_that_are_too_deep_raise(self, server, client):
        with pytest.raises(RecursionError):
            raw.post("data/x", nested(200000), client=client)
        assert server.requests == []

    def test_an_exception_of_a_conversion_is_raised(self, server, client):
        class Broken(datetime.date):
            def isoformat(self):
                raise KeyError("mine")

        with pytest.raises(KeyError, match="mine"):
            raw.post("data/x", {"a": Broken(2026, 1, 2)}, client=client)

    def test_a_date_may_override_isoformat(self, server, client):
        class French(datetime.date):
            def isoformat(self):
                return "02/01/2026"

        raw.post("data/x", French(2026, 1, 2), client=client)
        assert server.last.body == b'"02/01/2026"'

    def test_a_dict_may_override_items(self, server, client):
        class Virtual(dict):
            def items(self):
                return [("virtual", 1)]

        value = Virtual(real=0)
        raw.post("data/x", value, client=client)
        assert server.last.body == json.dumps(value).encode()

    def test_a_replaced_encoder_is_used(self, server, client, monkeypatch):
        class Encoder(json.JSONEncoder):
            def default(self, obj):
                return "mine"

        monkeypatch.setattr(raw, "CustomJSONEncoder", Encoder)
        raw.post("data/x", {"a": {1}}, client=client)
        assert server.last.json() == {"a": "mine"}

    def test_the_callers_data_is_not_changed(self, server, client):
        data = {"a": [1, {"b": datetime.date(2026, 1, 2)}]}
        raw.post("data/x", data, client=client)
        assert data == {"a": [1, {"b": datetime.date(2026, 1, 2)}]}

    def test_any_value_is_written_like_json(self, server, client):
        hypothesis = pytest.importorskip("hypothesis")
        st = hypothesis.strategies
        keys = st.one_of(
            st.text(), st.integers(), st.floats(), st.booleans(), st.none()
        )
        leaves = st.one_of(
            st.none(),
            st.booleans(),
            st.integers(),
            st.floats(),
            st.text(),
            st.text(alphabet=st.characters()),
            st.dates(),
            st.datetimes(),
        )
        values = st.recursive(
            leaves,
            lambda inner: st.one_of(
                st.lists(inner),
                st.dictionaries(keys, inner),
                st.tuples(inner, inner),
            ),
        )

        @hypothesis.settings(max_examples=60, deadline=None, database=None)
        @hypothesis.given(values)
        def check(value):
            text = json.dumps(value, cls=CustomJSONEncoder)
            server.on("POST", "data/x", Answer(body=text))
            reply = raw.post("data/x", value, client=client)
            assert server.last.body == text.encode()
            # Compare texts, because NaN equals nothing and 1 equals True.
            assert json.dumps(reply) == json.dumps(json.loads(text))

        check()


def exactly(left, right):
    """Return whether values are equal, including types and order."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(
            exactly(left[k], right[k]) for k in left
        )
    if isinstance(left, list):
        return len(left) == len(right) and all(map(exactly, left, right))
    if isinstance(left, float) and math.isnan(left):
        return math.isnan(right)
    if isinstance(left, float):
        return (
            math.copysign(1, left) == math.copysign(1, right) and left == right
        )
    return left == right


READABLE = [
    b"null",
    b"true",
    b" \t\r\n[ 1 , 2 ] \n",
    b'""',
    b"0",
    b"-0",
    b"-0.0",
    b"1.0",
    b"1E5",
    b"1e400",
    b"-1e400",
    b"1e-400",
    b"0.1",
    b"9007199254740993",
    b"9223372036854775808",
    b"-9223372036854775809",
    b"1" + b"0" * 60,
    b"123456789012345678901234567890.5",
    b"NaN",
    b"[Infinity, -Infinity, NaN]",
    b'{"a": 1, "b": 2, "a": 3}',
    b'{"b": 1, "a": 2, "": 3}',
    b'{"a": {"b": [{"c": null}]}}',
    b"[]",
    b"{}",
    b'"\\ud800"',
    b'"\\udc00\\ud800"',
    b'"\\ud83d\\ude00"',
    b'"\\ud83d x"',
    b'"\\u00e9\\/\\b\\f\\n\\r\\t\\"\\\\"',
    '"é日😀"'.encode(),
    b'"\x7f"',
    b'{"\\ud800": "\\u0000"}',
    b"[" * 400 + b"]" * 400,
]

UNREADABLE = [
    b"",
    b" ",
    b"{",
    b"[1,]",
    b'{"a":}',
    b'{"a": 1,}',
    b"{a: 1}",
    b"{'a': 1}",
    b"[1 2]",
    b"nul",
    b"True",
    b"01",
    b"1.",
    b".5",
    b"+1",
    b"1e",
    b"-",
    b'"a',
    b'"\\x"',
    b'"\\u12"',
    b'"a\nb"',
    b'"a\tb"',
    b"[1] 2",
    b"[1]\x00",
    b"<html>404</html>",
    b"\xef\xbb\xbf[1]",
    b"nan",
    b"// comment\n1",
]


class TestReplies:
    @pytest.mark.parametrize("body", READABLE)
    def test_valid_answers_are_read(self, server, client, body):
        server.on(
            "*", "data/x", Answer(body=body, content_type="application/json")
        )
        expected = json.loads(body.decode("utf-8"))
        assert exactly(raw.get("data/x", client=client), expected)
        assert exactly(raw.post("data/x", {}, client=client), expected)
        assert exactly(raw.put("data/x", {}, client=client), expected)

    @pytest.mark.parametrize("body", UNREADABLE)
    @pytest.mark.parametrize("verb", ["get", "post", "put"])
    def test_invalid_answers_raise(self, server, client, verb, body):
        server.on(
            "*", "data/x", Answer(body=body, content_type="application/json")
        )
        with pytest.raises(json.JSONDecodeError) as expected:
            json.loads(body.decode("utf-8"))
        args = () if verb == "get" else ({},)
        with pytest.raises(json.JSONDecodeError) as caught:
            getattr(raw, verb)("data/x", *args, client=client)
        assert str(caught.value) == str(expected.value)
        assert (caught.value.doc, caught.value.pos) == (
            expected.value.doc,
            expected.value.pos,
        )

    def test_invalid_utf8_is_replaced(self, server, client):
        server.on(
            "GET",
            "data/x",
            Answer(body=b'["\xff\xc3"]', content_type="application/json"),
        )
        assert raw.get("data/x", client=client) == ["\ufffd\ufffd"]

    def test_a_charset_is_used_when_utf_8_fails(self, server, client):
        body = '["é"]'.encode("latin-1")
        server.on(
            "GET",
            "data/x",
            Answer(
                body=body, content_type="application/json; charset=latin-1"
            ),
        )
        assert raw.get("data/x", client=client) == ["é"]

    @pytest.mark.parametrize(
        "codec",
        [
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "utf-32",
            "utf-32-le",
            "utf-32-be",
        ],
    )
    def test_wide_encodings_need_a_reply_without_a_type(
        self, server, client, codec
    ):
        body = '{"a": "é"}'.encode(codec)
        server.on("GET", "data/x", Answer(body=body))
        server.on(
            "GET", "data/y", Answer(body=body, content_type="application/json")
        )
        assert raw.get("data/x", client=client) == {"a": "é"}
        with pytest.raises(json.JSONDecodeError):
            raw.get("data/y", client=client)

    def test_answers_that_are_too_deep_raise(self, server, client):
        server.on("GET", "data/x", Answer(body=b"[" * 200000 + b"]" * 200000))
        with pytest.raises(RecursionError):
            raw.get("data/x", client=client)

    def test_the_content_type_does_not_matter(self, server, client):
        server.on(
            "GET", "data/x", Answer(body=b"[1]", content_type="text/html")
        )
        assert raw.get("data/x", client=client) == [1]

    def test_results_have_plain_types(self, server, client):
        server.on("GET", "data/x", {"a": [1, 1.5, "s", True, None, {"b": {}}]})
        reply = raw.get("data/x", client=client)
        assert type(reply) is dict and type(reply["a"]) is list
        assert [type(v) for v in reply["a"]] == [
            int,
            float,
            str,
            bool,
            type(None),
            dict,
        ]

    def test_results_may_be_changed(self, server, client):
        server.on("GET", "data/x", [{"a": []}, {"a": []}])
        reply = raw.get("data/x", client=client)
        reply[0]["a"].append(1)
        assert reply == [{"a": [1]}, {"a": []}]
        assert raw.get("data/x", client=client) == [{"a": []}, {"a": []}]

    def test_a_large_list_is_read(self, server, client):
        rows = [
            {"id": str(uuid.UUID(int=n)), "name": "é%d" % n, "n": n}
            for n in range(5000)
        ]
        server.on("GET", "data/x", Answer(rows, encoding="gzip"))
        assert raw.get("data/x", client=client) == rows


ENCODINGS = [None, "gzip", "deflate", "raw_deflate"]


class TestEncodings:
    @pytest.mark.parametrize("chunked", [False, True, 3])
    @pytest.mark.parametrize("encoding", ENCODINGS)
    @pytest.mark.parametrize("verb", ["get", "post", "put"])
    def test_every_verb_decodes(self, server, client, verb, encoding, chunked):
        value = {"name": "é" * 50}
        server.on(
            "*", "data/x", Answer(value, encoding=encoding, chunked=chunked)
        )
        args = () if verb == "get" else ({},)
        assert getattr(raw, verb)("data/x", *args, client=client) == value

    @pytest.mark.parametrize("encoding", ENCODINGS)
    def test_text_is_decoded(self, server, client, encoding):
        server.on("DELETE", "data/x", Answer(body="gone", encoding=encoding))
        assert raw.delete("data/x", client=client) == "gone"

    @pytest.mark.parametrize("encoding", ENCODINGS)
    def test_file_data_is_decoded(self, server, client, encoding):
        server.on(
            "GET", "x.bin", Answer(body=bytes(range(256)), encoding=encoding)
        )
        assert raw.get_file_data_from_url("x.bin", client=client) == bytes(
            range(256)
        )

    def test_capital_and_legacy_names_are_decoded(self, server, client):
        for name in ("GZIP", "x-gzip"):
            answer = Answer([1], encoding="gzip")
            answer.headers = [("Content-Encoding", name)]
            server.on("GET", "data/x", answer)
            assert raw.get("data/x", client=client) == [1]

    def test_identity_and_unknown_encodings_are_not_decoded(
        self, server, client
    ):
        for name in ("identity", "aws-chunked"):
            server.on(
                "GET",
                "data/x",
                Answer([1], headers=[("Content-Encoding", name)]),
            )
            assert raw.get("data/x", client=client) == [1]

    @pytest.mark.parametrize("encoding", ["gzip", "deflate"])
    def test_an_invalid_body_raises(self, server, client, encoding):
        answer = Answer(
            body=b"not packed", headers=[("Content-Encoding", encoding)]
        )
        server.on("GET", "data/x", answer)
        with pytest.raises(Exception) as caught:
            raw.get("data/x", client=client)
        assert type(caught.value).__name__ == "ContentDecodingError"

    def test_a_body_without_a_length_ends_with_the_connection(
        self, server, client
    ):
        server.on("GET", "data/x", Answer([1], no_length=True))
        assert raw.get("data/x", client=client) == [1]

    @pytest.mark.parametrize(
        "content_type, body, text",
        [
            ("text/plain", "é".encode(), "Ã©"),
            ("text/html", b"\xe9", "é"),
            ("text/html; charset=utf-8", "é".encode(), "é"),
            ('text/plain; charset="UTF-8"', "é".encode(), "é"),
            ("text/plain; charset=cp1252", b"\x80", "€"),
            ("text/plain; charset=utf-8", b"a\xffb", "a\ufffdb"),
            ("text/plain; charset=no-such-set", b"abc", "abc"),
            ("application/json", "é".encode(), "é"),
            ("image/png", b"abc", "abc"),
        ],
    )
    def test_text_is_read_in_its_charset(
        self, server, client, content_type, body, text
    ):
        server.on("*", "data/x", Answer(body=body, content_type=content_type))
        assert raw.get("data/x", json_response=False, client=client) == text
        assert raw.delete("data/x", client=client) == text


def test_the_encoder_is_shared():
    assert gazu.encoder.CustomJSONEncoder is raw.CustomJSONEncoder


LONG_LIST = [
    {
        "id": "%032x" % number,
        "name": "Décor %d" % (number % 7),
        "big": 10**30 + number,
        "ratio": number / 8,
        "data": {"fps": 25, "frames": [number, None, True, '\\\n"']},
    }
    for number in range(12_000)
]


class TestLongList:
    """A list whose text is freed while it is decoded."""

    def get(self, server, client, body):
        assert len(body) > 1 << 20
        server.on("GET", "data/x", Answer(body=body))
        return raw.get("data/x", client=client)

    def test_every_entry_is_in_its_place(self, server, client):
        for ascii in (True, False):
            body = json.dumps(LONG_LIST, ensure_ascii=ascii).encode()
            assert self.get(server, client, body) == LONG_LIST

    def test_values_that_only_the_standard_library_reads(self, server, client):
        odd = [*LONG_LIST, "\ud800"]
        assert self.get(server, client, json.dumps(odd).encode()) == odd

    @pytest.mark.parametrize(
        "odd",
        ['"\\ud800"', "[" * 200 + "]" * 200, "1" * 4000, '{"a\\udfff": 1}'],
    )
    def test_an_unusual_value_in_the_middle(self, server, client, odd):
        half = json.dumps(LONG_LIST)
        body = half[:-1] + ", " + odd + ", " + half[1:]
        found = self.get(server, client, body.encode())
        assert found == [*LONG_LIST, json.loads(odd), *LONG_LIST]

    def test_a_number_that_is_too_long(self, server, client):
        body = json.dumps(LONG_LIST)[:-1] + ", " + "1" * 5000 + "]"
        if hasattr(sys, "get_int_max_str_digits"):
            with pytest.raises(ValueError, match="Exceeds the limit"):
                self.get(server, client, body.encode())
        else:
            assert self.get(server, client, body.encode()) == json.loads(body)

    def test_a_truncated_list_raises(self, server, client):
        body = json.dumps(LONG_LIST).encode()[:-1]
        with pytest.raises(ValueError):
            self.get(server, client, body)

    @pytest.mark.parametrize(
        "opening, closing", [("", ""), ("[", ""), ("[", "}")]
    )
    def test_blanks_alone_raise(self, server, client, opening, closing):
        body = (opening + " " * (2 << 20) + closing).encode()
        with pytest.raises(ValueError):
            self.get(server, client, body)

    def test_an_empty_list_is_read(self, server, client):
        assert self.get(server, client, b"[" + b" " * (2 << 20) + b"]") == []

    @pytest.mark.parametrize(
        "opening, between, closing",
        [
            ("\r\n\t [\r\n\t ", "\r\n\t ,\r\n\t ", "\r\n\t ]\r\n\t "),
            ("\f[", ",", "]"),
            ("[\v", ",", "]"),
            ("[", "\f,", "]"),
            ("[", ",\f", "]"),
            ("[", ",", "\f]"),
            ("[", ",", "]\f"),
            ("[", ",", ",]"),
            ("[,", ",", "]"),
            ("[", ",,", "]"),
            ("[", " ", "]"),
            ("[", ",", "] 1"),
            ("[", ",", "}"),
        ],
    )
    def test_what_stands_between_the_entries(
        self, server, client, opening, between, closing
    ):
        entries = [1, "a" * (1 << 20), -0.5, [], {"a": [{}]}, None, True, 1]
        text = opening + between.join(map(json.dumps, entries)) + closing
        try:
            wanted = json.loads(text)
        except ValueError as error:
            with pytest.raises(ValueError, match=re.escape(str(error))):
                self.get(server, client, text.encode())
        else:
            assert self.get(server, client, text.encode()) == wanted


class TestSimilarDicts:
    """A dict of a list is made as a copy of the one before, if they have the same keys."""

    SHOT = dict.fromkeys(
        ["id", "name", "code", "status", "fps", "data", "parent", "type"]
    )

    def rows(self, *shots):
        return ", ".join(shots * 600)

    @pytest.mark.parametrize(
        "different",
        [
            {},
            {"id": 1},
            {**SHOT, "more": 2},
            {**dict(list(SHOT.items())[:4])},
            {"first": 0, **SHOT},
            dict(reversed(list(SHOT.items()))),
            {**SHOT, "data": {**SHOT, "data": {**SHOT, "fps": [SHOT, {}]}}},
        ],
    )
    def test_a_different_dict_in_between(self, server, client, different):
        shots = [{**self.SHOT, "fps": number} for number in range(600)]
        for every in (2, 50, 599):
            rows = list(shots)
            rows[every::every] = [different] * len(rows[every::every])
            server.on("GET", "data/x", rows)
            found = raw.get("data/x", client=client)
            assert found == rows
            assert [list(row) for row in found] == [list(row) for row in rows]

    def test_a_repeated_key(self, server, client):
        shot = json.dumps(self.SHOT)
        twice = shot[:-1] + ', "name": 1, "code": 2}'
        early = '{"fps": 3, ' + shot[1:]
        for body in (
            self.rows(twice),
            self.rows(shot, twice),
            self.rows(early, shot),
            self.rows(shot, early, twice),
        ):
            body = "[" + body + "]"
            server.on("GET", "data/x", Answer(body=body))
            found = raw.get("data/x", client=client)
            wanted = json.loads(body)
            assert found == wanted
            assert list(map(list, found)) == list(map(list, wanted))

    def test_values_that_are_the_same_now_and_then(self, server, client):
        chance = random.Random(3)
        values = [None, True, False, 0, 1, 300, 0.0, "", "a", "b" * 60, [], {}]
        rows = [
            {key: chance.choice(values) for key in self.SHOT}
            for _ in range(2000)
        ]
        server.on("GET", "data/x", rows)
        found = raw.get("data/x", client=client)
        assert json.dumps(found) == json.dumps(rows)
        lists = [v for row in found for v in row.values() if v == []]
        assert len(set(map(id, lists))) == len(lists)

    def test_each_dict_is_its_own(self, server, client):
        server.on("GET", "data/x", [self.SHOT] * 1000)
        found = raw.get("data/x", client=client)
        found[0]["id"] = 1
        found[999]["more"] = 1
        assert found[1:999] == [self.SHOT] * 998

    def test_more_keys_than_are_cached(self, server, client):
        row = {"key %d" % number: number for number in range(3000)}
        rows = [row, {"k" * 100: 1, **row}, {"k" * 99: {"k" * 98: row}}] * 3
        server.on("GET", "data/x", rows)
        assert raw.get("data/x", client=client) == rows


@pytest.mark.parametrize("is_on", [True, False])
def test_the_garbage_collector_is_left_on_or_off(server, client, is_on):
    server.on("GET", "data/x", LONG_LIST)
    server.on("GET", "data/y", Answer(body=json.dumps(LONG_LIST)[:-1]))
    if not is_on:
        gc.disable()
    try:
        raw.get("data/x", client=client)
        assert gc.isenabled() is is_on
        with pytest.raises(ValueError):
            raw.get("data/y", client=client)
        assert gc.isenabled() is is_on
    finally:
        gc.enable()


def test_other_threads_run_while_a_list_is_decoded():
    """And the garbage collector is on meanwhile, although it is paused for the list."""
    text = json.dumps(LONG_LIST).encode()
    decoding, seen, done = [], [], []

    def look():
        while not done:
            if decoding:
                seen.append(gc.isenabled())

    def decode():
        # The interpreter runs no instruction between these functions, so that a thread which finds
        # `decoding` filled has been let in by the decoder.
        steps = [
            functools.partial(decoding.append, True),
            functools.partial(_core.loads, text),
            decoding.clear,
        ]
        list(map(operator.methodcaller("__call__"), steps))
        return seen

    thread = threading.Thread(target=look)
    thread.start()
    try:
        wait_for(decode)
    finally:
        done.append(True)
        thread.join()
    assert all(seen)


def test_floats_are_written_as_python_writes_them():
    chance = random.Random(1)
    bounds = [1e16, 1e-4, 9007199254740993.0, 2.0**53, 5e-324, 0.1 + 0.2]
    numbers = [0.0, 1.0, 1e22, 1.7976931348623157e308, *bounds]
    numbers += [
        math.nextafter(x, 0) for x in bounds if hasattr(math, "nextafter")
    ]
    numbers += [
        struct.unpack("d", struct.pack("Q", chance.getrandbits(64)))[0]
        for _ in range(20_000)
    ]
    numbers += [
        chance.random() * 10.0 ** chance.randrange(-6, 18)
        for _ in range(20_000)
    ]
    numbers += [
        round(chance.uniform(-1e4, 1e4), places)
        for places in range(1, 12)
        for _ in range(2000)
    ]
    numbers = [x for x in numbers if math.isfinite(x)]
    assert _core.dumps(numbers) == json.dumps(numbers)
    assert _core.dumps([-x for x in numbers]) == json.dumps(
        [-x for x in numbers]
    )


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 31, 33, 64, 100])
@pytest.mark.parametrize(
    "odd", ['"', "\\", "\n", "\x7f", "é", "\u2028", "😀", ""]
)
def test_text_is_escaped_at_any_position(length, odd):
    for place in range(length + 1):
        text = "a" * place + odd + "b" * (length - place)
        assert _core.dumps(text) == json.dumps(text)


def test_recurring_texts_are_written_like_json():
    """More texts than are known, so that they replace each other."""
    recurring = ["plain", "é\n", '"', "😀" * 40, "x" * 300, Name("name"), ""]
    value = [
        {text: recurring[(number + place) % 7], str(number): text}
        for number in range(400)
        for place, text in enumerate(recurring)
    ]
    assert _core.dumps(value) == json.dumps(value)


def test_a_body_is_sent_again_unchanged(server, client):
    """The text of a call is shared with its requests."""
    data = [{"name": "é", "number": number} for number in range(1000)]
    call = raw.call(raw.post, "data/x", data)
    for _ in range(2):
        client.run(call)
        assert server.last.body.decode() == json.dumps(data)

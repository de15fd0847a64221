"""Compare encoding and decoding with the module ``json``."""

from __future__ import annotations

import collections
import datetime
import enum
import json
import uuid

import pytest
from gazu import _core
from gazu._engine import hooks
from gazu.encoder import CustomJSONEncoder
from hypothesis import example, given
from hypothesis import strategies as st


class Text(str):
    pass


class Count(int):
    def __str__(self):
        return "not a number"

    __repr__ = __str__


class Ratio(float):
    def __repr__(self):
        return "not a number"


class Kind(enum.Enum):
    A = "a"


class Level(enum.IntEnum):
    ONE = 1


class Name(str, enum.Enum):
    A = "a"


Pair = collections.namedtuple("Pair", "a b")

# Lone surrogates too.
texts = st.text(st.characters(), max_size=40)
numbers = st.one_of(
    st.integers(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.integers().map(Count),
    st.floats().map(Ratio),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    texts,
    numbers,
    st.dates(),
    st.datetimes(timezones=st.none() | st.just(datetime.timezone.utc)),
    texts.map(Text),
    st.sampled_from([Kind.A, Level.ONE, Name.A]),
)
unsupported = st.one_of(
    st.binary(max_size=3),
    st.times(),
    st.timedeltas(),
    st.uuids(),
    st.decimals(),
    st.complex_numbers(),
    st.frozensets(st.integers(), max_size=2),
    st.just(object),
)
keys = st.one_of(texts, numbers, st.booleans(), st.none(), texts.map(Text))


def nested(leaves, keys):
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=5),
            st.lists(inner, max_size=5).map(tuple),
            st.builds(Pair, inner, inner),
            st.dictionaries(keys, inner, max_size=5),
            st.dictionaries(keys, inner, max_size=5).map(
                collections.OrderedDict
            ),
        ),
        max_leaves=20,
    )


def outcome(function, value):
    try:
        return function(value)
    except Exception as error:
        return type(error), str(error)


def dumps(value):
    return json.dumps(value, cls=CustomJSONEncoder)


@given(nested(scalars, keys))
def test_dumps_writes_what_json_writes(value):
    assert outcome(_core.dumps, value) == outcome(dumps, value)


@given(
    nested(
        scalars | unsupported,
        keys | st.tuples(st.integers()) | st.binary(max_size=3),
    )
)
def test_dumps_raises_what_json_raises(value):
    ours, theirs = outcome(_core.dumps, value), outcome(dumps, value)
    assert ours == theirs


@given(st.integers(0, 3), st.integers(1, 1200))
def test_dumps_nests_as_deep_as_json(kind, depth):
    value = {}
    for _ in range(depth):
        value = [[value], {"a": value}, (value,), {1: value}][kind]
    ours, theirs = outcome(_core.dumps, value), outcome(dumps, value)
    if isinstance(theirs, tuple):
        # The limit depends on the frames of the caller.
        assert isinstance(ours, str) or ours[0] is theirs[0]
    else:
        assert ours == theirs


@given(st.lists(st.integers(0, 2), min_size=1, max_size=4))
def test_dumps_finds_cycles(path):
    inner = [{}, [], {}][path[-1]]
    value = inner
    for kind in path[:-1]:
        value = [[value], {"a": value}, (value,)][kind]
    if isinstance(inner, dict):
        inner["again"] = value
    else:
        inner.append(value)
    assert outcome(_core.dumps, value)[0] is ValueError
    assert outcome(dumps, value)[0] is ValueError


def loaded(data):
    """Return what an answer with these bytes becomes."""
    found = _core.loads(data)
    if found is None:
        return hooks.loads(data, "application/json", "get")
    return found[0]


def expected(data):
    return json.loads(data.decode("utf-8", "replace"))


def check(data):
    found = []
    for load in (expected, loaded):
        try:
            # Compare types and the order of keys, too, and let NaN equal NaN.
            found.append(repr(load(data)))
        except json.JSONDecodeError as error:
            found.append(error.args)
    assert found[0] == found[1], data


values = nested(
    st.one_of(st.none(), st.booleans(), texts, st.integers(), st.floats()),
    texts,
)


@given(values, st.booleans(), st.sampled_from([None, 0, 2]))
def test_loads_reads_what_json_reads(value, ascii_only, indent):
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    check(text.encode("utf-8", "surrogatepass"))


pieces = st.sampled_from(
    [
        *'{}[]:,"',
        " ",
        "\n",
        "\t",
        "\x00",
        "\ufeff",
        "\u2028",
        "true",
        "false",
        "null",
        "tru",
        "NaN",
        "Infinity",
        "-Infinity",
        "-",
        "0",
        "-0",
        "01",
        "1.",
        ".5",
        "1e400",
        "-1E-400",
        "1e5",
        "1e+",
        "123456789012345678901234567890",
        '"a"',
        '"a":',
        '"\\ud800"',
        '"\\ud83d\\ude00"',
        '"\\u00e9"',
        '"\\x"',
        '"\\u12"',
        '"\x7f"',
        '"\x01"',
        "é",
    ]
)


@given(st.lists(pieces, max_size=12).map("".join))
@example("")
@example("[" * 300 + "]" * 300)
@example('{"a": 1, "a": 2}')
def test_loads_of_invalid_json_raises(text):
    check(text.encode())


@given(st.binary(max_size=60))
def test_loads_of_any_bytes(data):
    check(data)


@given(values, st.data())
def test_loads_of_a_truncated_answer(value, data):
    whole = json.dumps(value, ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )
    check(whole[: data.draw(st.integers(0, len(whole)))])


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["name", "id"]), texts | st.none(), max_size=2
        )
    )
)
def test_sort_by_name(dicts):
    found = _core.sort_by_name(dicts)
    assert found == sorted(
        dicts, key=lambda one: (one.get("name") or "").lower()
    )


@pytest.mark.parametrize("text", ["é", str(uuid.UUID(int=1))])
def test_keys_are_shared(text):
    """All rows of a list share the strings of their keys, as with ``json.loads``."""
    ((one, two),) = _core.loads(json.dumps([{text: 1}, {text: 2}]).encode())
    assert next(iter(one)) is next(iter(two))

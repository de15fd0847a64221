from __future__ import annotations

import pytest
from gazu.sorting import sort_by_name


@pytest.mark.parametrize(
    "names, ordered",
    [
        (["b", "a", "C"], ["a", "b", "C"]),
        (["b", None, "a"], [None, "a", "b"]),
        (["É", "z", "é", "e"], ["e", "z", "É", "é"]),
        (["SH10", "SH2", "sh1"], ["sh1", "SH10", "SH2"]),
        (["İ", "i"], ["i", "İ"]),
        (["ẞ", "ss", "t"], ["ss", "t", "ẞ"]),
        ([], []),
    ],
)
def test_names_are_compared_as_text(names, ordered):
    assert [
        d["name"] for d in sort_by_name([{"name": n} for n in names])
    ] == ordered


def test_sorting_is_stable_and_returns_a_copy():
    rows = [
        {"name": "A", "n": 1},
        {"n": 2},
        {"name": "a", "n": 3},
        {"name": "", "n": 4},
    ]
    assert [row["n"] for row in sort_by_name(rows)] == [2, 4, 1, 3]
    assert [row["n"] for row in rows] == [1, 2, 3, 4]
    assert sort_by_name(rows)[0] is rows[1]


def test_any_iterable_is_accepted():
    assert sort_by_name(iter([{"name": "b"}, {"name": "a"}])) == [
        {"name": "a"},
        {"name": "b"},
    ]


@pytest.mark.parametrize("rows", [None, [1], [{"name": 1}], "ab"])
def test_invalid_rows_raise(rows):
    with pytest.raises((TypeError, AttributeError)):
        sort_by_name(rows)

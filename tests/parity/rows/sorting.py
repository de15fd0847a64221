"""Calls of ``gazu.sorting``."""

from ..plan import row

LISTS = [
    (
        "stable",
        {
            "dicts": [
                {"name": "b", "n": 1},
                {"name": "B", "n": 2},
                {"name": "a"},
            ]
        },
    ),
    (
        "lower case",
        {"dicts": [{"name": n} for n in ("\u0130", "i", "I", "\u00df", "SS")]},
    ),
    ("no name", {"dicts": [{"name": "a"}, {"name": None}, {}, {"name": ""}]}),
    ("number", {"dicts": [{"name": 3}]}),
    ("tuple", {"dicts": {"$": "tuple", "v": [{"name": "b"}, {"name": "a"}]}}),
    ("empty", {"dicts": []}),
]

ROWS = {
    "sort_by_name": row(silent=True, extra=LISTS),
}

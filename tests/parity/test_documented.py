"""The documented table of differences and the list of the suite are the same."""

import os

import pytest

from . import differences
from .environment import ROOT

PAGE = os.path.join(ROOT, "docs", "differences.md")

pytestmark = pytest.mark.skipif(
    not os.path.exists(PAGE), reason="only the tests are here"
)


def rows():
    """Return the first column of the page's table."""
    with open(PAGE, encoding="utf-8") as stream:
        text = stream.read()
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [line.split(" | ")[0][2:] for line in lines[2:]]


def test_every_row_is_known():
    known = tuple(differences.DOCUMENTED)
    unknown = [row for row in rows() if not row.startswith(known)]
    assert not unknown, (
        "name the differences behind these rows in differences.DOCUMENTED: %s"
        % unknown
    )


@pytest.mark.parametrize("beginning", sorted(differences.DOCUMENTED))
def test_every_listed_row_is_documented(beginning):
    found = [row for row in rows() if row.startswith(beginning)]
    assert len(found) == 1, found


def test_every_difference_is_documented():
    named = [key for keys in differences.DOCUMENTED.values() for key in keys]
    listed = [d.key for d in differences.DIFFERENCES]
    listed.extend(differences.SURFACE)
    assert sorted(named) == sorted(listed)

"""README's table of differences and the list of the suite are the same."""

import os

import pytest

from . import differences
from .environment import ROOT

README = os.path.join(ROOT, "README.md")

pytestmark = pytest.mark.skipif(
    not os.path.exists(README), reason="only the tests are here"
)


def rows():
    """Return the first column of README's table."""
    with open(README, encoding="utf-8") as stream:
        text = stream.read()
    table = text.partition("[start:differences]")[2].partition("<!--")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [line.split(" | ")[0][2:] for line in lines[2:]]


def test_every_row_of_readme_is_known():
    known = tuple(differences.README)
    unknown = [row for row in rows() if not row.startswith(known)]
    assert not unknown, (
        "name the differences behind these rows in differences.README: %s"
        % unknown
    )


@pytest.mark.parametrize("beginning", sorted(differences.README))
def test_every_listed_row_is_in_readme(beginning):
    found = [row for row in rows() if row.startswith(beginning)]
    assert len(found) == 1, found


def test_every_difference_is_in_readme():
    named = [key for keys in differences.README.values() for key in keys]
    listed = [d.key for d in differences.DIFFERENCES]
    listed.extend(differences.SURFACE)
    assert sorted(named) == sorted(listed)

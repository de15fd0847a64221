"""The pictures of the first page, from the numbers in ``benches/README.md``."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import NamedTuple

#: The lines of the table that are shown, with their captions.
SHOWN = {
    "`import gazu`, Python 3.11": "Import",
    "publish script: client time": "A publish script",
    "40 pages at 20 ms": "40 pages of a list",
    "10,000 shots: time": "A list of 10,000 shots",
    "upload of 1 GiB: time": "Upload of 1 GiB",
    "upload of 1 GiB: memory": "Upload of 1 GiB: memory",
}
#: Where the first page has the pictures.
PLACE = "<!-- pictures -->"

WIDTH, LONGEST = 340, 180


class Measured(NamedTuple):
    """A line of the table: the caption, and both values with their units."""

    caption: str
    ours: str
    upstream: str


def read(path: Path) -> list[Measured]:
    """
    Return the shown lines of the table.

    Args:
        path: ``benches/README.md``.

    Raises:
        ValueError: a line is missing.
    """
    rows = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 7:
            rows[cells[0]] = cells
    missing = set(SHOWN) - set(rows)
    if missing:
        raise ValueError("benches/README.md lacks {}".format(sorted(missing)))
    return [
        Measured(caption, rows[line][1], rows[line][2])
        for line, caption in SHOWN.items()
    ]


def amount(value: str) -> float:
    """Return a value without its unit."""
    found = re.match(r"[\d.]+", value)
    assert found, value
    return float(found.group())


def picture(measured: Measured) -> str:
    """Return a picture with two bars, in the colours of the page."""
    most = max(amount(measured.ours), amount(measured.upstream))
    text = "{}: {} with this package, {} with upstream".format(*measured)
    parts = [
        '<svg role="img" viewBox="0 0 {} 72" xmlns="http://www.w3.org/2000/svg">'.format(
            WIDTH
        ),
        "<title>{}</title>".format(escape(text)),
        '<text x="0" y="15" class="caption">{}</text>'.format(
            escape(measured.caption)
        ),
    ]
    bars = (("ours", measured.ours), ("upstream", measured.upstream))
    for number, (name, value) in enumerate(bars):
        length = max(2, LONGEST * amount(value) / most)
        y = 25 + 23 * number
        parts.append(
            '<rect x="0" y="{}" width="{:.0f}" height="17" class="{}"/>'.format(
                y, length, name
            )
        )
        label = value + (", upstream" if name == "upstream" else "")
        parts.append(
            '<text x="{:.0f}" y="{}">{}</text>'.format(
                length + 6, y + 13, escape(label)
            )
        )
    return "".join([*parts, "</svg>"])


def block(path: Path) -> str:
    """Return all pictures as HTML."""
    return '<div class="bars">\n{}\n</div>'.format(
        "\n".join(picture(each) for each in read(path))
    )

"""The pictures of the guide to fast scripts, from the numbers in ``benches/sizes.json``."""

from __future__ import annotations

import json
import math
import re
from html import escape
from pathlib import Path
from typing import NamedTuple

#: Where a page has a picture: its name, and what is drawn.
PLACE = re.compile(r"<!-- curves: (\w+) (\w+) -->")

WIDTH = 340
LEFT, TOP, RIGHT, BOTTOM = 62, 30, 325, 210
LINE = 18
DASHES = ("none", "none", "8 4", "2 4")


class Scale(NamedTuple):
    """A vertical axis: its name, units, least value, and the factor between its lines."""

    caption: str
    units: tuple[tuple[float, str], ...]
    least: float
    factor: int

    def shown(self, value: float) -> str:
        """Return a value in the largest unit of which it is at least one."""
        whole = (unit for unit in self.units if value >= unit[0] * 0.999)
        size, name = next(whole, self.units[-1])
        return "{:.3g} {}".format(value / size, name)

    def power(self, value: float) -> float:
        """Return how many lines of the axis a value is above its least unit."""
        least_unit = self.units[-1][0]
        power = math.log(max(value, self.least) / least_unit, self.factor)
        # A value on a line must not fall below it.
        return round(power, 9)

    def line(self, power: int) -> float:
        """Return the value of a line of the axis."""
        return self.units[-1][0] * float(self.factor) ** power


SCALES = {
    "seconds": Scale("time", ((1, "s"), (1e-3, "ms"), (1e-6, "µs")), 1e-4, 10),
    "memory": Scale(
        "memory",
        ((1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")),
        1e5,
        16,
    ),
}


def drawn(markdown: str, path: Path) -> str:
    """
    Return the text of a page with its pictures.

    Args:
        markdown: The text, with a comment in the place of each picture.
        path: ``benches/sizes.json``.
    """
    measured = json.loads(path.read_text(encoding="utf-8"))["pictures"]
    return PLACE.sub(
        lambda found: picture(measured[found[1]], found[2]), markdown
    )


def picture(measured: dict, figure: str) -> str:
    """Return a picture with a curve for each way. Both axes are logarithmic."""
    scale, ways = SCALES[figure], measured["figures"][figure]
    sizes = [size for size, _ in next(iter(ways.values()))]
    values = [value for way in ways.values() for _, value in way]
    low = math.floor(scale.power(min(values)))
    high = math.ceil(scale.power(max(values)))

    def across(size: float) -> float:
        share = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0])
        return LEFT + share * (RIGHT - LEFT)

    def up(power: float) -> float:
        return BOTTOM - (power - low) / (high - low) * (BOTTOM - TOP)

    title = "{}: {}".format(measured["title"], scale.caption)
    ends = "; ".join(
        "{}: {} for {:,} {}".format(
            name, scale.shown(way[-1][1]), way[-1][0], measured["across"]
        )
        for name, way in ways.items()
    )
    parts = [
        '<svg role="img" viewBox="0 0 {} {}" xmlns="http://www.w3.org/2000/svg">'.format(
            WIDTH, BOTTOM + LINE * (3 + len(ways))
        ),
        "<title>{}. {}</title>".format(escape(title), escape(ends)),
        text(0, 15, "start", title, "caption"),
    ]
    for power in range(low, high + 1):
        parts.append(line(LEFT, RIGHT, up(power), 'class="grid"'))
        label = scale.shown(scale.line(power))
        parts.append(text(LEFT - 6, up(power) + 4, "end", label))
    parts += [
        text(
            across(size),
            BOTTOM + LINE,
            "end" if size == sizes[-1] else "middle",
            str(size) if size % 1000 else "{}k".format(size // 1000),
        )
        for size in sizes
    ]
    parts.append(text(RIGHT, BOTTOM + 2 * LINE, "end", measured["across"]))
    for number, (name, way) in enumerate(ways.items()):
        kind = "upstream" if name.startswith("upstream") else "ours"
        style = 'class="{}" stroke-dasharray="{}"'.format(kind, DASHES[number])
        points = " ".join(
            "{:.1f},{:.1f}".format(across(size), up(scale.power(value)))
            for size, value in way
        )
        parts.append('<polyline points="{}" {}/>'.format(points, style))
        y = BOTTOM + LINE * (number + 2)
        parts.append(line(LEFT, LEFT + 30, y, style))
        parts.append(text(LEFT + 38, y + 4, "start", name))
    return '<div class="curves">{}</div>'.format("".join([*parts, "</svg>"]))


def line(start: float, end: float, y: float, style: str) -> str:
    """Return a horizontal line."""
    return '<line x1="{0}" y1="{2:.0f}" x2="{1}" y2="{2:.0f}" {3}/>'.format(
        start, end, y, style
    )


def text(x: float, y: float, anchor: str, words: str, kind: str = "") -> str:
    """Return words at a place."""
    return '<text x="{:.0f}" y="{:.0f}" text-anchor="{}"{}>{}</text>'.format(
        x,
        y,
        anchor,
        ' class="{}"'.format(kind) if kind else "",
        escape(words),
    )

"""
Measure both packages over the size of what is read and sent, into ``sizes.json``.

    python benches/sizes.py --server PROGRAM

The documentation draws its pictures from the file. Each point is the median of samples
that are taken as ``run.py`` takes them: one process each, of both packages alternately.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import payloads
import run

RESULTS = run.HERE / "sizes.json"
OURS, UPSTREAM = "this package", "upstream"
ROUNDS = 5


class Series(NamedTuple):
    """One curve: how a package does something with each size."""

    name: str
    package: str
    case: str
    #: The folder of answers on the server for a size.
    part: str


class Picture(NamedTuple):
    """Two pictures of the same curves, or one."""

    title: str
    #: What is counted on the horizontal axis.
    across: str
    sizes: tuple[int, ...]
    series: tuple[Series, ...]
    #: The numbers of a sample that are drawn: ``seconds``, ``memory``.
    figures: tuple[str, ...]


def of_both(case: str, part: str) -> tuple[Series, ...]:
    """Return the curves of both packages, which do the same."""
    return tuple(
        Series(package, package, case, part) for package in (OURS, UPSTREAM)
    )


PICTURES = {
    "list": Picture(
        "A list of shots",
        "shots",
        (10, 100, 1000, 10_000, 100_000),
        of_both("shots", "list-{}"),
        ("seconds", "memory"),
    ),
    "upload": Picture(
        "Upload of a file",
        "MiB",
        (1, 16, 128, 1024),
        of_both("upload", "list-10"),
        ("seconds", "memory"),
    ),
    "tasks": Picture(
        "The tasks of all shots",
        "shots",
        (10, 100, 1000),
        (
            Series(
                "upstream, shot by shot", UPSTREAM, "loop", "after/10/board-{}"
            ),
            Series("shot by shot", OURS, "loop", "after/10/board-{}"),
            Series("run_all", OURS, "at_once", "after/10/board-{}"),
            Series("all_shots_with_tasks", OURS, "board", "after/10/board-{}"),
        ),
        ("seconds",),
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure over the size.")
    parser.add_argument("--server", required=True)
    parser.add_argument("--wheel", default=None)
    options = parser.parse_args()
    wheel = options.wheel or str(next((run.ROOT / "dist").glob("*.whl")))
    pythons = dict(
        zip((OURS, UPSTREAM), run.environments(sys.executable, wheel))
    )
    print(run.machine())
    with tempfile.TemporaryDirectory(prefix="gazu-bench-") as folder:
        fill(Path(folder))
        with run.Server(options.server, folder) as server:
            found = {
                key: measure(picture, pythons, server)
                for key, picture in PICTURES.items()
            }
    RESULTS.write_text(
        json.dumps(
            {"machine": run.machine().strip(), "pictures": found}, indent=1
        )
        + "\n",
        encoding="utf-8",
    )


def fill(folder: Path) -> None:
    """Write the answers of the server."""
    put = functools.partial(run.put_answer, folder)
    route = "data/projects/{}/shots".format(payloads.PROJECT)
    for size in PICTURES["list"].sizes:
        part = "list-%d" % size
        put(part, "data/small", payloads.shot(0))
        put(part, route, list(map(payloads.shot, range(size))))
    for size in PICTURES["tasks"].sizes:
        run.fill_board(put, "board-%d" % size, size, route)


def measure(
    picture: Picture, pythons: dict[str, str], server: run.Server
) -> dict:
    """Return the medians of a picture's curves: points of size and number."""
    curves: dict[str, dict[str, list]] = {
        figure: {one.name: [] for one in picture.series}
        for figure in picture.figures
    }
    for size in picture.sizes:
        samples: dict[str, list[dict]] = {
            one.name: [] for one in picture.series
        }
        # A line of MiB is measured in bytes.
        amount = size * run.MIB if picture.across == "MiB" else size
        if picture.across == "MiB":
            write(os.path.join(server.folder, "upload.mov"), amount)
        for number in range(ROUNDS):
            order = list(picture.series)
            for one in reversed(order) if number % 2 else order:
                if picture.across == "MiB":
                    run.touch_memory(2 * amount)
                line = run.Line(
                    one.name,
                    one.case,
                    "",
                    "",
                    amount,
                    1,
                    one.part.format(size),
                )
                samples[one.name].append(
                    run.sample(line, pythons[one.package], server)
                )
        for figure, curve in curves.items():
            for name, taken in samples.items():
                value = statistics.median(one[figure] for one in taken)
                curve[name].append([size, value])
                print(picture.title, size, name, figure, value, flush=True)
    return {
        "title": picture.title,
        "across": picture.across,
        "figures": curves,
    }


def write(path: str, size: int) -> None:
    """Write an empty file of a size, and read it into the page cache."""
    with open(path, "w+b") as file:
        file.truncate(size)
        while file.read(run.MIB):
            pass


if __name__ == "__main__":
    main()

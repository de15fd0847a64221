"""The calls of the functions that upstream does not have, on this side only."""

import json
import os
import shutil
import sys
import tempfile

from ..additions import additions
from . import environment, plan
from .compare import AWAITED, run_jobs

#: Rows of functions whose arguments cannot be chosen by their names.
ROWS = {}


def row_of(name):
    return ROWS.get(name) or plan.row()


class Added:
    """The recordings of the functions: ``by_function`` maps a name to its calls.

    Each is ``(call, record, record of the same call when it is awaited)``.
    """

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="parity_added_")
        pythons = {"ours": sys.executable}
        text = environment.once(
            "surface-of-added",
            lambda: run_jobs(
                pythons, self.folder, "surface", {"ours": ("ours", os.devnull)}
            ),
        )["ours"]
        self.surface = json.loads(text)
        blocking = []
        for name in sorted(additions()):
            module, _, function = name.rpartition(".")
            description = self.surface[module][function]
            blocking += plan.Builder(name, description, row_of(name)).build()
        awaited = [
            position
            for position, call in enumerate(blocking)
            if not call.get("client")
            and call["variant"].split(",")[0] in AWAITED
        ]
        source = os.path.join(self.folder, "calls.json")
        with open(source, "w", encoding="utf-8") as stream:
            json.dump(
                blocking
                + [dict(blocking[each], awaited=True) for each in awaited],
                stream,
            )
        lines = environment.once(
            "records-of-added",
            lambda: run_jobs(
                pythons, self.folder, "run", {"ours": ("ours", source)}
            ),
        )["ours"].splitlines()
        of_awaited = dict(zip(awaited, lines[len(blocking) :]))
        self.by_function = {}
        for position, (call, line) in enumerate(zip(blocking, lines)):
            self.by_function.setdefault(call["function"], []).append(
                (call, line, of_awaited.get(position))
            )
        # Remove the output after reading it; after a failure it is kept.
        shutil.rmtree(self.folder)

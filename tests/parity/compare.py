"""Run both sides, and find their differences."""

import json
import os
import shutil
import sys
import tempfile
import time

from . import differences, environment, old_names, plan, scenarios


def run_jobs(pythons, folder, mode, jobs):
    """Run the driver for all ``{job: (side, plan)}`` at once; return the output of each."""
    targets = {job: os.path.join(folder, job + "-" + mode) for job in jobs}
    running = {
        job: environment.driver(
            pythons[side],
            mode,
            source,
            targets[job],
            reference_side=side == "upstream",
        )
        for job, (side, source) in jobs.items()
    }
    end = time.monotonic() + environment.LIMIT_SECONDS
    texts = {}
    try:
        for job, process in running.items():
            code = process.wait(max(1, end - time.monotonic()))
            if code and (mode == "surface" or job == "upstream"):
                with open(
                    targets[job] + ".log",
                    encoding="utf-8",
                    errors="replace",
                ) as log:
                    raise RuntimeError(
                        "%s, %s: %s" % (job, mode, log.read()[-4000:])
                    )
            with open(targets[job], encoding="utf-8") as stream:
                texts[job] = stream.read()
    finally:
        for process in running.values():
            if process.poll() is None:
                process.kill()
                process.wait()
    return texts


class Comparison:
    """The recordings of both sides.

    ``surfaces`` holds what upstream and this package offer; ``by_function`` maps a
    public name to its calls as ``(call, upstream's record, our record)``.
    """

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="parity_plan_")
        self.rows = plan.load_rows()
        self.pythons = {
            "upstream": environment.once("python", environment.reference),
            "ours": sys.executable,
        }
        sides = {side: (side, os.devnull) for side in self.pythons}
        surfaces = environment.once(
            "surfaces",
            lambda: run_jobs(self.pythons, self.folder, "surface", sides),
        )
        self.surfaces = {
            side: json.loads(text) for side, text in surfaces.items()
        }
        self._takes_client = takes_client(self.surfaces["ours"])
        self.plan = plan.build(
            self.surfaces["upstream"], self.rows, scenarios.load()
        )
        old = old_names.plan()
        first_old = len(self.plan)
        self.plan += [call for call, _ in old]
        # On our side a misspelt name is called under the name of the function that it means.
        meant = {name: alias for alias, name in old_names.ALIASES.items()}
        pairs = [
            (position, dict(call, function=meant[call["function"]]))
            for position, call in enumerate(self.plan[:first_old])
            if call.get("function") in meant and not call.get("cache")
        ]
        first_alias = len(self.plan)
        self.plan += [call for _, call in pairs]
        awaited = [
            (position, dict(call, awaited=True))
            for position, call in enumerate(self.plan[:first_old])
            if self._is_awaited(call)
        ]
        first_awaited = len(self.plan)
        self.plan += [call for _, call in awaited]
        # Calls for this side only come after those for both.
        asked = self._write("both.json", self.plan[:first_old])
        more = self._write("more.json", self.plan[first_old:])
        jobs = {
            "ours": ("ours", asked),
            "more": ("ours", more),
            "upstream": ("upstream", asked),
        }
        texts = environment.once(
            "records", lambda: self._records(jobs, self.plan[:first_old])
        )
        lines = {job: text.splitlines() for job, text in texts.items()}
        # A run that ended early has no records of the calls after that.
        missing = first_old - len(lines["ours"])
        lines["ours"] += [None] * missing + lines["more"]
        self.old = {}
        for position, (call, record) in enumerate(old, first_old):
            line = _line(lines["ours"], position) or "{}"
            self.old.setdefault(call["function"], []).append(
                (call, record, json.loads(line))
            )
        self.aliases = {}
        for place, (position, call) in enumerate(pairs, first_alias):
            records = tuple(
                json.loads(_line(lines["ours"], where) or "{}")
                for where in (position, place)
            )
            self.aliases.setdefault(call["function"], []).append(
                (call,) + records
            )
        self.awaited = {}
        for place, (position, call) in enumerate(awaited, first_awaited):
            records = [
                _line(lines["ours"], where) or "{}"
                for where in (position, place)
            ]
            self.awaited.setdefault(call["function"], []).append(
                (call, records[0], records[1])
            )
        self.by_function = {}
        for position, call in enumerate(self.plan[:first_old]):
            pair = [
                _line(lines[side], position) for side in ("upstream", "ours")
            ]
            for name in names_of(call):
                self.by_function.setdefault(name, []).append(
                    (call, pair[0], pair[1])
                )
        self._differences = {}
        # Remove the output after reading it; after a failure it is kept.
        shutil.rmtree(self.folder)

    def differences(self, name):
        """Return ``(call, lines, keys of the intended differences)`` for a public name."""
        if name not in self._differences:
            found = []
            for call, reference, ours in self.by_function.get(name, []):
                met = set()
                lines = differ(call, reference, ours, met)
                found.append((call, lines, met))
            self._differences[name] = found
        return self._differences[name]

    def _records(self, jobs, both):
        """Return the output of all jobs; upstream's is cached."""
        jobs = dict(jobs)
        kept = environment.recording(both)
        if os.path.exists(kept):
            del jobs["upstream"]
        texts = run_jobs(self.pythons, self.folder, "run", jobs)
        if "upstream" in texts:
            environment.keep(kept, texts["upstream"])
        else:
            with open(kept, encoding="utf-8") as stream:
                texts["upstream"] = stream.read()
        return texts

    def _is_awaited(self, call):
        """Return whether a call is also made with an asynchronous client."""
        return (
            call.get("function") in self._takes_client
            and not call.get("cache")
            and not call.get("client")
            and call["variant"].split(",")[0] in AWAITED
        )

    def _write(self, name, calls):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as stream:
            json.dump(calls, stream)
        return path


# The calls that are also made with an asynchronous client.
AWAITED = {
    "ids",
    "dicts",
    "all",
    "positional",
    "bad: unknown keyword",
    "answer: bare",
    "answer: absent",
    "answer: empty list",
    "answer: null",
    "answer: html",
    "answer: paged",
    "answer: 202",
    "answer: 204",
    "answer: 400",
    "answer: 401 expired",
    "answer: 404",
    "answer: 500",
}


def takes_client(surface):
    """Return the names of the blocking functions that take a client."""
    found = set()
    for module, namespace in surface.items():
        if module in ("aio", "cli", "events"):
            continue
        for name, record in namespace.items():
            if not name.startswith("_") and any(
                p["name"] in CLIENTS for p in record.get("parameters", [])
            ):
                found.add((module + "." if module else "") + name)
    return found


CLIENTS = {
    "client",
    "client_source",
    "client_target",
    "source_client",
    "target_client",
}


def _line(lines, position):
    return lines[position] if position < len(lines) else None


def names_of(call):
    """Return the public names that a call of the plan is about."""
    return call["covers"] if "scenario" in call else [call["function"]]


def title(call):
    if "scenario" in call:
        return "scenario %s.%s" % (call["module"], call["scenario"])
    return "%s, %s" % (call["function"], call["variant"])


def differ(call, reference, ours, used=None):
    """Return where two records of a call differ, as lines of text.

    Intended differences are left out; the keys of those that were found are added
    to *used*.
    """
    if ours is None:
        return ["this side ended before the call"]
    if reference == ours:
        return []
    left, right = json.loads(reference), json.loads(ours)
    met = differences.apply(call, left, right)
    if used is not None:
        used.update(met)
    lines = []
    _walk("", left, right, lines)
    return lines


def _short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else text[:300] + "..."


_MISSING = object()


def _walk(path, left, right, lines):
    if isinstance(left, dict) and isinstance(right, dict):
        for key in list(left) + [key for key in right if key not in left]:
            _step(
                path + "/" + key,
                left.get(key, _MISSING),
                right.get(key, _MISSING),
                lines,
            )
        if (
            list(left) != list(right)
            and sorted(left) == sorted(right)
            and path
        ):
            lines.append(
                "%s: order of keys %s, here %s"
                % (path, list(left), list(right))
            )
    elif (
        isinstance(left, list)
        and isinstance(right, list)
        and len(left) == len(right)
    ):
        for position, (one, other) in enumerate(zip(left, right)):
            _walk("%s/%d" % (path, position), one, other, lines)
    elif isinstance(left, list) and isinstance(right, list):
        lines.append(
            "%s: of %d only upstream has %s, of %d only this side %s"
            % (
                path,
                len(left),
                _short([item for item in left if item not in right]),
                len(right),
                _short([item for item in right if item not in left]),
            )
        )
    elif type(left) is not type(right) or left != right:
        lines.append(
            "%s: upstream %s, here %s" % (path, _short(left), _short(right))
        )


def _step(path, left, right, lines):
    if left is _MISSING:
        lines.append("%s: not upstream, here %s" % (path, _short(right)))
    elif right is _MISSING:
        lines.append("%s: upstream %s, not here" % (path, _short(left)))
    else:
        _walk(path, left, right, lines)

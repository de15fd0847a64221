"""
Compare this package with upstream, alternately, against one local server.

    python benches/run.py --server PROGRAM [--only WORD] [--quick]

The wheel in dist/ and upstream are installed in separate environments. The parity
suite uses the same environment of upstream. Each sample is a process. A round takes
one sample of each package, in alternating order. Prints a table with the medians, the
median and the spread of the rounds' ratios, and the limit of the machine.
"""

from __future__ import annotations

import argparse
import functools
import gzip
import json
import mmap
import os
import platform
import re
import shutil
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable, NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

import cases  # noqa: E402
import payloads  # noqa: E402
import trustme  # noqa: E402

from tests.parity import environment  # noqa: E402

MIB = 1 << 20
PAGES = 40
THUMBNAILS = 200
LISTS = cases.LISTS
#: The number of requests of the publish script, and the server's delay for each.
PUBLISH_REQUESTS = 11
PUBLISH_DELAY = 0.010
#: The server's delay for each request of a copied production, in seconds.
COPY_DELAY = 0.002
#: The number of entities of the production that is copied.
COPIED = 1000
#: The number of entities that are copied at once where a script asks for it.
COPIED_AT_ONCE = 16


#: The lines that are slower than in the last table.
SLOWER: list[str] = []


class Line(NamedTuple):
    """One line of the table."""

    title: str
    case: str
    #: The key of the number in the output of the case.
    figure: str
    #: The target: a ratio to upstream, or another condition as text.
    target: float | str
    size: int
    rounds: int
    #: The folder of answers on the server: plain, compressed or delayed.
    part: str = "plain"
    unit: str = "ms"
    #: The number that a sample is divided by.
    per: int = 1
    #: Whether upstream is not measured.
    is_alone: bool = False


def lines(quick: bool) -> list[Line]:
    """Return the lines of the table. Lines of the same case are consecutive."""
    gib = (64 if quick else 1024) * MIB
    gets = 1000 if quick else 3000
    few = 3 if quick else 5
    many = 3 if quick else 7
    return [
        Line(
            "small GET: latency",
            "get",
            "seconds",
            8,
            gets,
            many,
            unit="us",
            per=gets,
        ),
        Line(
            "small GET: client CPU",
            "get",
            "cpu",
            8,
            gets,
            many,
            unit="us",
            per=gets,
        ),
        Line("10,000 shots: time", "shots", "seconds", 1.6, 10_000, many),
        Line("10,000 shots: client CPU", "shots", "cpu", 1.6, 10_000, many),
        Line(
            "10,000 shots: memory",
            "shots",
            "memory",
            2,
            10_000,
            many,
            unit="MiB",
        ),
        Line(
            "10,000 shots, gzip: time",
            "shots",
            "seconds",
            1.6,
            10_000,
            many,
            "gzip",
        ),
        Line(
            "10,000 shots, gzip: client CPU",
            "shots",
            "cpu",
            1.6,
            10_000,
            many,
            "gzip",
        ),
        Line(
            "10,000 shots, gzip: memory",
            "shots",
            "memory",
            2,
            10_000,
            many,
            "gzip",
            "MiB",
        ),
        Line(
            "10,000 shots with 50,000 tasks: time",
            "board",
            "seconds",
            10,
            10_000,
            few,
            "board",
        ),
        Line(
            "10,000 shots with 50,000 tasks: memory",
            "board",
            "memory",
            "",
            10_000,
            few,
            "board",
            "MiB",
        ),
        Line(
            "the same, asked again and unchanged: time",
            "again",
            "seconds",
            10,
            10_000,
            few,
            "board",
        ),
        Line(
            "the same, row by row: time",
            "rows",
            "seconds",
            10,
            10_000,
            few,
            "board",
        ),
        Line(
            "the same, row by row: memory",
            "rows",
            "memory",
            "16 MiB at most",
            10_000,
            few,
            "board",
            "MiB",
        ),
        Line(
            "POST of 5,000 entities: client CPU", "post", "cpu", 4, 5000, many
        ),
        Line("upload of 1 GiB: time", "upload", "seconds", 5, gib, few),
        Line(
            "upload of 1 GiB: memory",
            "upload",
            "memory",
            "16 MiB at most",
            gib,
            few,
            unit="MiB",
        ),
        Line("download of 1 GiB: time", "download", "seconds", 2.5, gib, few),
        Line(
            "download of 1 GiB: memory",
            "download",
            "memory",
            "16 MiB at most",
            gib,
            few,
            unit="MiB",
        ),
        Line(
            "download of 128 MiB without a callback: client CPU",
            "save",
            "cpu",
            2,
            128 * MIB,
            many,
        ),
        Line(
            "16 threads: time of a GET",
            "threads",
            "seconds",
            14,
            4800,
            few,
            unit="us",
            per=4800,
        ),
        Line(
            "16 threads, a server that takes 5 ms: time of a GET",
            "threads",
            "seconds",
            "1.1 of the limit",
            4800,
            few,
            "after/5/plain",
            unit="us",
            per=4800,
        ),
        Line("longest stall of a ticker", "stall", "stall", 2, 10_000, many),
        Line(
            "10,000 shots: another thread stands",
            "beside",
            "stood",
            "",
            10_000,
            many,
        ),
        Line(
            "10,000 shots, while another thread computes: time",
            "beside",
            "seconds",
            "",
            10_000,
            many,
            per=LISTS,
        ),
        Line(
            "10,000 shots, gzip: another thread stands",
            "beside",
            "stood",
            "",
            10_000,
            many,
            "gzip",
        ),
        Line(
            "10,000 shots, gzip, while another thread computes: time",
            "beside",
            "seconds",
            "",
            10_000,
            many,
            "gzip",
            per=LISTS,
        ),
        Line(
            "40 pages at 20 ms",
            "pages",
            "seconds",
            5,
            PAGES,
            few,
            "after/20/plain",
        ),
        Line(
            "50 awaits at once: time of each",
            "awaits",
            "each",
            3,
            50,
            few,
            unit="us",
        ),
        Line(
            "200 awaits at once: time of each",
            "awaits",
            "each",
            3,
            200,
            few,
            unit="us",
        ),
        Line(
            "200 awaits at once: client CPU of each",
            "awaits",
            "each_cpu",
            4,
            200,
            few,
            unit="us",
        ),
        Line(
            "the same on uvloop: client CPU of each",
            "awaits_on_uvloop",
            "each_cpu",
            4,
            200,
            few,
            unit="us",
        ),
        Line(
            "publish script: client time",
            "publish",
            "client",
            3,
            1,
            many,
            "after/10/plain",
        ),
        Line(
            "200 thumbnails at 10 ms",
            "thumbnails",
            "seconds",
            5,
            THUMBNAILS,
            few,
            "after/10/plain",
        ),
        Line(
            "a publication with a journal, beside one without",
            "journal",
            "seconds",
            "",
            20,
            few,
            per=20,
        ),
        Line(
            "a production of {:,} entities copied".format(COPIED),
            "copy",
            "seconds",
            5,
            COPIED,
            few,
            "after/2/copy",
        ),
        Line(
            "the same, 16 entities at once",
            "copy_at_once",
            "seconds",
            5,
            COPIED,
            few,
            "after/2/copy",
        ),
        Line(
            "5,000 events: time of each",
            "events",
            "handled",
            5,
            5000,
            few,
            unit="us",
            per=5000,
        ),
        Line(
            "5,000 events: client CPU of each",
            "events",
            "handled_cpu",
            5,
            5000,
            few,
            unit="us",
            per=5000,
        ),
        Line("1,000 shots: time", "shots", "seconds", "", 1000, few, "1000"),
        Line(
            "1,000 shots: memory",
            "shots",
            "memory",
            "",
            1000,
            few,
            "1000",
            "MiB",
        ),
        # Upstream would send 100,001 requests.
        Line(
            "100,000 shots with 500,000 tasks: time",
            "board",
            "seconds",
            "linear",
            100_000,
            1 if quick else 3,
            "board100000",
            is_alone=True,
        ),
        Line(
            "100,000 shots with 500,000 tasks: memory beside the result",
            "board",
            "above",
            "16 MiB at most",
            100_000,
            1 if quick else 3,
            "board100000",
            "MiB",
            is_alone=True,
        ),
        Line(
            "100,000 shots: time",
            "shots",
            "seconds",
            "linear",
            100_000,
            1 if quick else 3,
            "100000",
        ),
        Line(
            "100,000 shots: memory",
            "shots",
            "memory",
            "linear",
            100_000,
            1 if quick else 3,
            "100000",
            "MiB",
        ),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Compare the speed with upstream."
    )
    parser.add_argument("--server", required=True)
    parser.add_argument("--wheel", default=None)
    parser.add_argument("--only", default="")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    wheel = options.wheel or str(next((ROOT / "dist").glob("*.whl")))
    print(machine())
    print("| what | ours | upstream | times less | spread | target | limit |")
    print("| --- | ---: | ---: | ---: | --- | ---: | ---: |")
    if options.only in "import gazu":
        for python in interpreters():
            report_import(python, wheel, 5 if options.quick else 15)
    chosen = [
        line for line in lines(options.quick) if options.only in line.title
    ]
    first = [
        key
        for key, line in FIRST_ANSWERS.items()
        if options.only in line.title
    ]
    if not chosen and not first:
        return
    sides = {
        "ours": environments(sys.executable, wheel)[0],
        "upstream": environments(sys.executable, wheel)[1],
    }
    with tempfile.TemporaryDirectory(prefix="gazu-bench-") as folder:
        fill(Path(folder), {line.part for line in chosen})
        largest = max(
            one.size for one in lines(options.quick) if one.case == "upload"
        )
        for name, size in (("upload.mov", largest), ("preview.mov", MIB)):
            with open(os.path.join(folder, name), "w+b") as file:
                file.truncate(size)
                # Read the file into the page cache, or the first sample would
                # wait for the disk.
                while file.read(MIB):
                    pass
        if any(line.case == "awaits_on_uvloop" for line in chosen):
            install = [sys.executable, "-m", "pip", "install", "--quiet"]
            packages = os.path.join(folder, "packages")
            run([*install, "--target", packages, "uvloop"])
        with Server(options.server, folder) as server:
            rounds = 5 if options.quick else 15
            for protocol in first:
                for python in interpreters():
                    report_first(protocol, python, wheel, server, rounds)
            report(chosen, sides, server)


def report_slower() -> None:
    """Print the lines whose ratios are below those of the last table by more than noise."""
    if SLOWER:
        print(
            "\nSlower than in the table of benches/README.md, beyond the noise:"
        )
        print("\n".join(SLOWER))


def machine() -> str:
    load = "%.1f" % os.getloadavg()[0]
    return "{} cores, {}, CPython {}, load {} at the start, {}\n".format(
        os.cpu_count(),
        platform.platform(terse=True),
        platform.python_version(),
        load,
        time.strftime("%Y-%m-%d"),
    )


def interpreters() -> list[str]:
    """Return this interpreter, and pyenv's CPython 3.7, 3.11 and 3.13."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    found = {platform.python_version_tuple()[:2]: sys.executable}
    for wanted in (("3", "7"), ("3", "11"), ("3", "13")):
        for place in sorted(
            root.glob("versions/{}.{}.*/bin/python".format(*wanted))
        ):
            found.setdefault(wanted, str(place))
    return [found[key] for key in sorted(found, key=lambda k: int(k[1]))]


def environments(python: str, wheel: str) -> tuple[str, str]:
    """Return the Pythons of two environments: with the wheel, and with upstream."""
    code = (
        "import sys; sys.path[:0] = [{!r}, {!r}]; from tests.parity import environment; "
        "print(environment.make({!r}, [{!r}])); print(environment.reference())"
    )
    stamp = "%x" % int(os.stat(wheel).st_mtime)
    version = os.path.basename(os.path.dirname(os.path.dirname(python)))
    folder = str(ROOT / ".cache" / "bench" / (version + "-" + stamp))
    output = run(
        [
            python,
            "-c",
            code.format(str(ROOT), str(ROOT / "python"), folder, wheel),
        ]
    )
    ours, upstream = output.split()[-2:]
    return ours, upstream


def run(command: list[str], **variables: str) -> str:
    """Run a command with only the necessary variables, and return its output."""
    return subprocess.run(
        command,
        check=True,
        env=dict(environment.variables(reference_side=True), **variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout


def process_time(python: str, statement: str, **variables: str) -> float:
    """Return the wall time, in seconds, of an interpreter that runs a statement."""
    start = time.perf_counter()
    run([python, "-I", "-c", statement], **variables)
    return time.perf_counter() - start


class FirstAnswer(NamedTuple):
    """A line of the table: the time to the first answer over a protocol."""

    title: str
    #: The connection of a program that uses the standard library only.
    connect: str
    limit: str
    target: str


FIRST_ANSWERS = {
    "http": FirstAnswer(
        "first answer over http",
        "import _socket as s; c = s.socket(); c.connect(('127.0.0.1', {})); ",
        "a plain socket",
        "8 ms",
    ),
    "https": FirstAnswer(
        "first answer over https",
        "import ssl, socket; c = socket.create_connection(('127.0.0.1', {})); "
        "c = ssl.create_default_context().wrap_socket(c, server_hostname='127.0.0.1'); ",
        "the module `ssl`",
        "15 ms",
    ),
}


def report_first(
    protocol: str, python: str, wheel: str, server: Server, rounds: int
) -> None:
    """Measure from the start of Python to the first answer, beyond a bare start."""
    line = FIRST_ANSWERS[protocol]
    ours, upstream = environments(python, wheel)
    statement = (
        "import gazu; gazu.set_host({!r}); gazu.client.get('data/small')"
    ).format(server.host("plain", protocol))
    # The server has read the request when it answers.
    plain = line.connect.format(server.ports[protocol]) + (
        "c.send(b'GET /plain/api/data/small HTTP/1.1\\r\\nHost: h\\r\\n\\r\\n'); "
        "c.recv(65536)"
    )
    kinds = {
        "ours": (ours, statement),
        "upstream": (upstream, statement),
        "bare ours": (ours, "pass"),
        "bare upstream": (upstream, "pass"),
        "limit": (ours, plain),
    }
    trusted = {kind: {"SSL_CERT_FILE": server.trusted} for kind in kinds}
    # Upstream trusts no certificates of the system.
    trusted["upstream"] = {"REQUESTS_CA_BUNDLE": server.trusted}
    for kind, (python, code) in kinds.items():
        process_time(python, code, **trusted[kind])
    beyond: dict[str, list[float]] = {
        kind: [] for kind in ("ours", "upstream", "limit")
    }
    for _ in range(rounds):
        times = {
            kind: process_time(python, code, **trusted[kind])
            for kind, (python, code) in kinds.items()
        }
        for kind, values in beyond.items():
            bare = "bare upstream" if kind == "upstream" else "bare ours"
            values.append(max(times[kind] - times[bare], 1e-4))
    version = run(
        [ours, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    ).strip()
    ratios = sorted(u / o for u, o in zip(beyond["upstream"], beyond["ours"]))
    median = {
        kind: statistics.median(values) * 1e3
        for kind, values in beyond.items()
    }
    row(
        "{}, Python {}".format(line.title, version),
        "%.1f ms" % median["ours"],
        "%.0f ms" % median["upstream"],
        "%.1f" % statistics.median(ratios),
        spread(ratios),
        line.target,
        "%.1f ms (%s)" % (median["limit"], line.limit),
    )


def report_import(python: str, wheel: str, rounds: int) -> None:
    ours, upstream = environments(python, wheel)
    bare_module = run(
        [ours, "-c", "import gazu._core; print(gazu._core.__file__)"]
    ).strip()
    extension = (
        "from importlib.machinery import ExtensionFileLoader as L, ModuleSpec as S; "
        "l = L('_core', {0!r}); l.create_module(S('_core', l, origin={0!r}))".format(
            bare_module
        )
    )
    kinds = {
        "ours": (ours, "import gazu"),
        "bare ours": (ours, "pass"),
        "upstream": (upstream, "import gazu"),
        "bare upstream": (upstream, "pass"),
        "use": (
            ours,
            "import gazu; gazu.set_host('http://h/api'); gazu.task.all_tasks_for_shot",
        ),
        "extension": (ours, extension),
    }
    for statement in kinds.values():
        process_time(*statement)
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(rounds):
        for kind, statement in kinds.items():
            times[kind].append(process_time(*statement))
    beyond = {
        kind: [
            t - b
            for t, b in zip(
                times[kind],
                times["bare upstream" if kind == "upstream" else "bare ours"],
            )
        ]
        for kind in ("ours", "upstream", "use", "extension")
    }
    version = run(
        [python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    ).strip()
    median = {
        kind: max(statistics.median(values), 1e-5)
        for kind, values in beyond.items()
    }
    for title, kind, target in (
        ("`import gazu`, Python " + version, "ours", "25"),
        ("the same, and a function looked up", "use", ""),
    ):
        ratios = sorted(
            u / max(o, 1e-4) for u, o in zip(beyond["upstream"], beyond[kind])
        )
        row(
            title,
            "%.1f ms" % (median[kind] * 1e3),
            "%.0f ms" % (median["upstream"] * 1e3),
            "%.1f" % (median["upstream"] / median[kind]),
            spread(ratios),
            target,
            "%.1f ms (the extension)" % (median["extension"] * 1e3)
            if kind == "ours"
            else "",
        )


def row(*cells: str) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)
    title, _, _, times, found, *_ = cells
    before = last_spreads().get(title)
    if before and found and float(found.split(" to ")[1]) < before[0]:
        SLOWER.append(
            "{}: {} times, was {} to {}".format(title, times, *before)
        )


@functools.lru_cache(maxsize=None)
def last_spreads() -> dict[str, tuple[float, float]]:
    """Return the spread of each line of the table in the README."""
    text = (HERE / "README.md").read_text(encoding="utf-8")
    lines = re.findall(
        r"^\| ([^|]+) \|[^|]+\|[^|]+\|[^|]+\| ([\d.]+) to ([\d.]+) \|",
        text,
        re.MULTILINE,
    )
    return {title: (float(low), float(high)) for title, low, high in lines}


def spread(ratios: list[float]) -> str:
    quarter = len(ratios) // 4
    return "{:.1f} to {:.1f}".format(ratios[quarter], ratios[-1 - quarter])


def put_answer(folder: Path, part: str, route: str, value: object) -> None:
    """Write the answer to a request, as bytes or as JSON."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    path = folder / "answers" / part / "api" / route
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def fill(folder: Path, parts: set[str]) -> None:
    """
    Write the answers of the server.

    Args:
        folder: Where to write them.
        parts: The folders that are needed. The largest lists are written only for them.
    """
    put = functools.partial(put_answer, folder)
    route = "data/projects/{}/shots".format(payloads.PROJECT)
    sizes = {"plain": 10_000, "1000": 1000}
    if "100000" in parts:
        sizes["100000"] = 100_000
    for part in [*sizes, "gzip"]:
        put(part, "data/small", payloads.shot(0))
    for part, size in sizes.items():
        shots = json.dumps(list(map(payloads.shot, range(size)))).encode()
        put(part, route, shots)
        if part == "plain":
            put("gzip", route + ".gz", gzip.compress(shots, 6))
    fill_board(put, "board", 10_000, route)
    if "board100000" in parts:
        fill_board(put, "board100000", 100_000)
    fill_copy(put, route, COPIED)
    for page in range(1, PAGES + 1):
        answer = {
            "data": [payloads.shot(page)],
            "nb_pages": PAGES,
            "page": page,
        }
        put("plain", "data/pages.%d" % page, answer)
    identity = payloads.PROJECT
    model = {"id": identity, "name": "Lama", "project_id": identity}
    put("plain", "auth/login.post", {"access_token": "t", "login": True})
    for name in ("projects", "task-types", "task-status", "entities", "tasks"):
        put("plain", "data/{}.get".format(name), [model])
    put("plain", "data/assets/all", [model])
    put("plain", "actions/tasks/%s/comment.post" % identity, model)
    put("plain", "pictures/preview-files/%s.post" % identity, model)
    previews = "actions/tasks/%s/comments/%s/add-preview.post"
    put("plain", previews % (identity, identity), model)
    put("plain", "auth/authenticated", {"user": model})
    put("plain", "data/tasks/%s/comments" % identity, [])
    for number in range(THUMBNAILS):
        name = payloads.preview(number)["id"]
        route = "pictures/thumbnails/preview-files/%s.png" % name
        put("plain", route, bytes(8 << 10))


def fill_board(
    put: Callable, part: str, size: int, route: str | None = None
) -> None:
    """Write a board and, with the route of the shots, also the shots and the tasks of each."""
    put(part, "data/small", payloads.shot(0))
    shots = list(map(payloads.shot, range(size)))
    if route:
        put(part, route, shots)
    lines: list = []
    for shot in shots:
        tasks = [payloads.task(shot, number) for number in range(5)]
        if route:
            put(part, "data/shots/%s/tasks" % shot["id"], tasks)
        row = [*shot.values(), [list(one.values()) for one in tasks]]
        lines.append(json.dumps(row))
    header = {
        "compact": True,
        "shot_fields": [*shots[0], "tasks"],
        "task_fields": list(tasks[0]),
    }
    text = "\n".join([json.dumps(header), *lines]) + "\n"
    put(part, "data/shots/with-tasks.ndjson", text.encode())
    put(part, "data/projects/%s/team" % payloads.PROJECT, [])


def fill_copy(put: Callable, route: str, size: int) -> None:
    """Write a production to copy: shots with a task and a comment each."""
    put("copy", "data/small", payloads.shot(0))
    shots = list(map(payloads.shot, range(size)))
    tasks = [dict(payloads.task(shot, 0), assigner_id=None) for shot in shots]
    put("copy", route, shots)
    project = route.rpartition("/")[0]
    put("copy", project + "/tasks", tasks)
    for name in ("assets", "sequences", "entity-links"):
        put("copy", "{}/{}".format(project, name), [])
    put("copy", "data/asset-types", [])
    person = {"id": payloads.PROJECT, "email": "lama@studio.org"}
    put("copy", "data/persons", [person])
    types = {task["task_type_id"] for task in tasks}
    statuses = {task["task_status_id"] for task in tasks}
    for name, identities in (("task-types", types), ("task-status", statuses)):
        models = [{"id": one, "name": one} for one in sorted(identities)]
        put("copy", "data/" + name, models)
    for task in tasks:
        put(
            "copy",
            "data/tasks/%s/comments" % task["id"],
            [payloads.comment(task)],
        )


class Server:
    """The process of the server, and minimal clients for it."""

    def __init__(self, program: str, folder: str) -> None:
        self.program = program
        self.folder = folder
        #: The certificates of the system, and that of the server's authority.
        self.trusted = os.path.join(folder, "trusted.pem")

    def __enter__(self) -> Server:
        authority = trustme.CA()
        identity = authority.issue_cert("127.0.0.1")
        chain, key = (
            os.path.join(self.folder, name)
            for name in ("chain.pem", "key.pem")
        )
        identity.cert_chain_pems[0].write_to_path(chain)
        identity.private_key_pem.write_to_path(key)
        shutil.copy(ssl.get_default_verify_paths().cafile, self.trusted)
        authority.cert_pem.write_to_path(self.trusted, append=True)
        answers = os.path.join(self.folder, "answers")
        self.process = subprocess.Popen(
            [self.program, "serve", answers, chain, key],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            universal_newlines=True,
        )
        self.ports = {
            protocol: self.process.stdout.readline().strip()
            for protocol in ("http", "https")
        }
        self.port = self.ports["http"]
        return self

    def __exit__(self, *args: object) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()

    def host(self, part: str, protocol: str = "http") -> str:
        return "{}://127.0.0.1:{}/{}/api".format(
            protocol, self.ports[protocol], part
        )

    def limit(self, line: Line) -> dict | None:
        """Measure the limit of the machine. None if there is no limit for the case."""
        base = "/{}/api/".format(line.part)
        url = self.host(line.part)
        if line.case == "get":
            return self._bare(
                ["hyper", self.port, base + "data/small", str(line.size)]
            )
        if line.case == "threads":
            return self._bare(
                [
                    "probe",
                    self.port,
                    "get",
                    base + "data/small",
                    str(line.size),
                    "16",
                ]
            )
        if line.case == "shots":
            route = base + "data/projects/{}/shots".format(payloads.PROJECT)
            return self._limit(
                ["shots", self.port, route, str(int(line.part == "gzip"))]
            )
        if line.case == "board":
            route = base + "data/shots/with-tasks"
            return self._limit(["board", self.port, route])
        if line.case == "post":
            return self._limit(["post", str(line.size)])
        if line.case == "copy":
            # A comment of each entity is written after the one before.
            return {"seconds": line.size * COPY_DELAY}
        if line.case == "copy_at_once":
            # Each comment is read and written.
            requests = 2 * line.size / COPIED_AT_ONCE
            return {"seconds": requests * COPY_DELAY}
        if line.case == "upload":
            path = os.path.join(self.folder, "upload.mov")
            return self._curl(["-F", "file=@" + path, url + "/data/upload"])
        if line.case == "save":
            path = os.path.join(self.folder, "download.mov")
            route = "{}bytes/{}".format(base, line.size)
            return self._limit(["save", self.port, route, path])
        if line.case == "publish":
            # An interpreter that does nothing.
            return {"client": process_time(sys.executable, "pass")}
        if line.case == "download":
            path = os.path.join(self.folder, "download.mov")
            return self._curl(
                ["-o", path, "{}/bytes/{}".format(url, line.size)]
            )
        return None

    def _bare(self, arguments: list[str]) -> dict:
        seconds, cpu = run([self.program, *arguments]).split()
        return {"seconds": float(seconds), "cpu": float(cpu)}

    def _limit(self, arguments: list[str]) -> dict:
        folder = str(ROOT / ".cache" / "bench" / "orjson")
        python = environment.make(folder, ["orjson"])
        return json.loads(run([python, str(HERE / "limits.py"), *arguments]))

    def _curl(self, arguments: list[str]) -> dict:
        start = time.perf_counter()
        run(["curl", "--silent", "--show-error", *arguments])
        return {"seconds": time.perf_counter() - start}


def report(chosen: list[Line], sides: dict[str, str], server: Server) -> None:
    """Measure each line, and print it when it is finished."""
    measured: tuple | None = None
    samples: dict[str, list[dict]] = {}
    for line in chosen:
        key = (line.case, line.part, line.size)
        if key != measured:
            samples = measure(line, sides, server)
            measured = key
        ours, theirs, limits = (
            [
                sample[line.figure]
                for sample in samples[side]
                if line.figure in sample
            ]
            for side in ("ours", "upstream", "limit")
        )
        ratios = sorted(t / o for o, t in zip(ours, theirs) if o)
        row(
            line.title.replace("1 GiB", "%d MiB" % (line.size // MIB))
            if line.size < 1024 * MIB
            else line.title,
            formatted(line, statistics.median(ours)),
            formatted(line, statistics.median(theirs)) if theirs else "",
            "%.1f" % statistics.median(ratios) if ratios else "",
            spread(ratios) if ratios else "",
            str(line.target),
            formatted(line, statistics.median(limits)) if limits else "",
        )


def measure(
    line: Line, sides: dict[str, str], server: Server
) -> dict[str, list[dict]]:
    """Take samples of both packages and of the limit, alternately."""
    takers: dict[str, Callable[[], dict | None]] = {
        side: lambda python=python: sample(line, python, server)
        for side, python in sides.items()
        if not (line.is_alone and side == "upstream")
    }
    takers["limit"] = lambda: server.limit(line)
    samples: dict[str, list[dict]] = {side: [] for side in (*sides, "limit")}
    for number in range(line.rounds):
        order = list(takers)
        if number % 2:
            order.reverse()
        for side in order:
            if line.case == "upload":
                touch_memory(2 * line.size)
            taken = takers[side]()
            if taken is not None:
                samples[side].append(taken)
            if line.case in ("download", "save"):
                os.remove(os.path.join(server.folder, "download.mov"))
    return samples


def touch_memory(size: int) -> None:
    """
    Allocate as much memory as a sample needs, and free it.

    A virtual machine returns idle memory to its host after seconds. Without this,
    the next sample would wait for the host: about a second for each GiB.
    """
    with mmap.mmap(-1, size) as memory:
        for place in range(0, size, mmap.PAGESIZE):
            memory[place] = 1


def sample(line: Line, python: str, server: Server) -> dict:
    host = server.host(line.part)
    if line.case == "publish":
        return publish(python, host, server.folder)
    command = [python, str(HERE / "cases.py"), line.case]
    return json.loads(run([*command, host, server.folder, str(line.size)]))


def publish(python: str, host: str, folder: str) -> dict:
    """Take the time of the whole process, without the delays of the server."""
    script = str(HERE / "publish_script.py")
    start = time.perf_counter()
    run([python, script, host, os.path.join(folder, "preview.mov")])
    seconds = time.perf_counter() - start
    return {"client": seconds - PUBLISH_REQUESTS * PUBLISH_DELAY}


def formatted(line: Line, value: float) -> str:
    if line.unit == "MiB":
        return "%.1f MiB" % (value / MIB)
    if line.unit == "us":
        return "%.0f µs" % (value / line.per * 1e6)
    return "%.1f ms" % (value / line.per * 1e3)


if __name__ == "__main__":
    main()
    report_slower()

"""Boards: all shots of a project with their tasks, as a list or while they arrive."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import threading
import types

import gazu
import pytest

from . import needs
from .faults.raw_server import RawServer
from .memory_usage import MEASURE, MIB, REPORT, growth
from .recording_server import Answer, only_with

pytestmark = pytest.mark.beyond

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
EPISODE = "b24a6ea4-ce75-4665-a070-57453082c256"
NDJSON = "application/x-ndjson"
TASK_KEYS = ["id", "assignees", "data"]
KEYS = ["id", "name", "data", "tasks"]

SHOTS = [
    {
        "id": "s1",
        "name": 'SH "01", [é] \\ \u2028 {',
        "data": {"fps": 25, "list": [1, [2], {}], "nested": {"a": None}},
        "tasks": [
            {"id": "t1", "assignees": ["p1", "p2"], "data": {"x": "]"}},
            {"id": "t2", "assignees": [], "data": None},
        ],
    },
    {"id": "s2", "name": None, "data": {}, "tasks": []},
    {
        "id": "s3",
        "name": "SH03",
        "data": {"big": 10**30, "float": 1e300, "flag": True},
        "tasks": [{"id": "t3", "assignees": ["p1"], "data": {}}],
    },
]


def compact(shots, name="shot"):
    """Return a board as the server sends it with stream=true&compact=true."""
    header = {
        "compact": True,
        name + "_fields": KEYS,
        "task_fields": TASK_KEYS,
    }
    rows = [
        [
            [[task[k] for k in TASK_KEYS] for task in shot["tasks"]]
            if key == "tasks"
            else shot[key]
            for key in KEYS
        ]
        for shot in shots
    ]
    return lines([header, *rows])


def lines(values):
    texts = [json.dumps(value, ensure_ascii=False) + "\n" for value in values]
    return "".join(texts).encode("utf-8")


FORMS = {
    "compact lines": (compact(SHOTS), NDJSON),
    "lines of dicts": (lines([{"compact": False}, *SHOTS]), NDJSON),
    "list": (json.dumps(SHOTS).encode(), "application/json"),
    "list with indents": (
        b"\n" + json.dumps(SHOTS, indent=2).encode() + b"\n ",
        "application/json; charset=utf-8",
    ),
    "list in another charset": (
        json.dumps(SHOTS).encode("utf-16"),
        "application/json; charset=utf-16",
    ),
}

BOARDS = [
    (gazu.shot, "shots", True, True),
    (gazu.shot, "sequences", True, False),
    (gazu.shot, "episodes", False, False),
    (gazu.asset, "assets", True, True),
    (gazu.edit, "edits", True, False),
    (gazu.concept, "concepts", False, False),
    (gazu.scene, "scenes", False, False),
]


def pair(module, plural):
    return (
        getattr(module, "all_%s_with_tasks" % plural),
        getattr(module, "iter_%s_with_tasks" % plural),
    )


def test_what_belongs_to_no_episode(server, client):
    for module, plural in ((gazu.asset, "assets"), (gazu.edit, "edits")):
        server.on("GET", "data/%s/with-tasks" % plural, Answer(SHOTS))
        for function in pair(module, plural):
            assert list(function(PROJECT, "main", client=client)) == SHOTS
            assert ("episode_id", "main") in server.last.params


async def collected(rows):
    return [row async for row in rows]


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board[1])
def test_each_board_is_one_request(server, client, board):
    module, plural, by_episode, streamed = board
    server.on("GET", "data/%s/with-tasks" % plural, Answer(SHOTS))
    query = [("project_id", PROJECT)]
    options = [("stream", "true"), ("compact", "true")] if streamed else []
    for function in pair(module, plural):
        assert list(function({"id": PROJECT}, client=client)) == SHOTS
        assert server.last.params == query + options
        if by_episode:
            rows = function(PROJECT, {"id": EPISODE}, client=client)
            assert list(rows) == SHOTS
            given = [("episode_id", EPISODE)]
            assert server.last.params == query + given + options
    assert len(server.requests) == (4 if by_episode else 2)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("chunked", [False, 1, 7, 4096])
@pytest.mark.parametrize("encoding", [None, "gzip"])
def test_all_forms_give_the_same_dicts(
    server, client, form, chunked, encoding
):
    body, kind = FORMS[form]
    server.on(
        "GET",
        "data/shots/with-tasks",
        Answer(
            body=body, content_type=kind, chunked=chunked, encoding=encoding
        ),
    )
    rows = gazu.shot.all_shots_with_tasks(PROJECT, client=client)
    assert rows == SHOTS
    rows = list(gazu.shot.iter_shots_with_tasks(PROJECT, client=client))
    assert rows == SHOTS
    assert all(type(row) is dict for row in rows)


@pytest.mark.parametrize("form", FORMS)
def test_awaited_boards_are_the_same(server, form):
    body, kind = FORMS[form]
    server.on(
        "GET", "data/shots/with-tasks", Answer(body=body, content_type=kind)
    )
    server.on("GET", "auth/logout", {})

    async def read():
        host = server.url + "/api"
        async with gazu.aio.AsyncKitsuClient(host) as client:
            rows = await gazu.shot.all_shots_with_tasks(PROJECT, client=client)
            stream = gazu.shot.iter_shots_with_tasks(PROJECT, client=client)
            return rows, await collected(stream)

    assert asyncio.run(read()) == (SHOTS, SHOTS)


def random_value(chance, depth=0):
    kind = chance.randrange(9 if depth < 3 else 6)
    if kind < 2:
        return chance.choice([None, True, False])
    if kind < 4:
        return "".join(chance.choices('"\\[]{},:\n é\U0001f600a/', k=5))
    if kind < 6:
        return chance.choice([0, -1, 10**25, 0.5, 1e-9])
    if kind < 8:
        return [random_value(chance, depth + 1) for _ in range(kind - 5)]
    return {"k": random_value(chance, depth + 1), "": 1}


def test_random_boards_in_random_pieces(server, client):
    chance = random.Random(5)
    for _ in range(40):
        shots = [
            {
                "id": random_value(chance),
                "name": random_value(chance),
                "data": random_value(chance),
                "tasks": [
                    {key: random_value(chance) for key in TASK_KEYS}
                    for _ in range(chance.randrange(3))
                ],
            }
            for _ in range(chance.randrange(6))
        ]
        for body, kind in (
            (compact(shots), NDJSON),
            (lines([{"compact": False}, *shots]), NDJSON),
            (json.dumps(shots).encode(), "application/json"),
        ):
            size = chance.choice([1, 3, 50, 10000])
            answer = Answer(body=body, content_type=kind, chunked=size)
            server.on("GET", "data/shots/with-tasks", answer)
            board = gazu.shot.all_shots_with_tasks(PROJECT, client=client)
            assert board == shots
            board = gazu.shot.iter_shots_with_tasks(PROJECT, client=client)
            assert list(board) == shots


def test_a_long_board_is_decoded_in_order(server, client):
    shots = [
        {
            "id": "shot-%d" % number,
            "name": "SH%05d" % number,
            "data": {"fps": number, "text": "x" * 100},
            "tasks": [{"id": number, "assignees": ["p"] * 3, "data": None}]
            * 3,
        }
        for number in range(8000)
    ]
    server.on(
        "GET",
        "data/shots/with-tasks",
        Answer(body=compact(shots), content_type=NDJSON),
    )
    assert gazu.shot.all_shots_with_tasks(PROJECT, client=client) == shots
    board = gazu.shot.iter_shots_with_tasks(PROJECT, client=client)
    for shot, expected in zip(board, shots):
        assert shot == expected
    assert next(board, None) is None


def test_rows_that_only_the_standard_library_reads(server, client):
    row = b'["s1","\\ud800",{"nan":NaN},[["t1",[],{"deep":%s1%s}]]]\n' % (
        b"[" * 200,
        b"]" * 200,
    )
    body = compact(SHOTS) + row + compact(SHOTS).partition(b"\n")[2]
    answer = Answer(body=body, content_type=NDJSON)
    server.on("GET", "data/shots/with-tasks", answer)
    for function in pair(gazu.shot, "shots"):
        rows = list(function(PROJECT, client=client))
        assert rows[:3] == rows[4:] == SHOTS
        assert rows[3]["name"] == "\ud800"
        assert rows[3]["tasks"][0]["id"] == "t1"
        assert rows[3]["tasks"][0]["data"]["deep"][0][0]


def test_rows_are_not_shared(server, client):
    answer = Answer(body=compact(SHOTS * 2), content_type=NDJSON)
    server.on("GET", "data/shots/with-tasks", answer)
    rows = gazu.shot.all_shots_with_tasks(PROJECT, client=client)
    rows[0]["tasks"][0]["id"] = "changed"
    rows[0]["new"] = 1
    rows[0]["data"]["fps"] = 0
    assert rows[1:] == SHOTS[1:] + SHOTS


def test_a_changed_row_does_not_change_those_after_it(server, client):
    shots = [{**SHOTS[0], "id": str(number // 2)} for number in range(3000)]
    answer = Answer(body=compact(shots), content_type=NDJSON, chunked=1000)
    server.on("GET", "data/shots/with-tasks", answer)
    rows = gazu.shot.iter_shots_with_tasks(PROJECT, client=client)
    for row, wanted in zip(rows, shots):
        assert row == wanted
        row["tasks"][0].clear()
        row["tasks"].append(1)
        row["data"].clear()
        row["new"] = row["name"] = 1


def test_a_column_that_is_named_twice_has_the_last_value(server, client):
    header = {
        "compact": True,
        "shot_fields": ["id", "tasks", "id"],
        "task_fields": ["id", "id"],
    }
    rows = [
        [first, [[first, last], [last, first]], last]
        for first in (None, 1, "a")
        for last in ("a", None, 1)
    ]
    body = lines([header, *rows * 20])
    server.on(
        "GET", "data/shots/with-tasks", Answer(body=body, content_type=NDJSON)
    )
    wanted = [
        {"id": last, "tasks": [{"id": last}, {"id": first}]}
        for first, _, last in rows
    ]
    for function in pair(gazu.shot, "shots"):
        assert list(function(PROJECT, client=client)) == wanted * 20


@pytest.mark.parametrize("empty", [(compact([]), NDJSON), (b"[ ]", None)])
def test_an_empty_board(server, client, empty):
    answer = Answer(body=empty[0], content_type=empty[1])
    server.on("GET", "data/shots/with-tasks", answer)
    for function in pair(gazu.shot, "shots"):
        assert list(function(PROJECT, client=client)) == []


HEADER = compact([])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n",
        b"[1]\n",
        b'{"compact":true}\n[1]\n',
        b'{"compact":true\n',
        HEADER + b'["s1","n",{}]\n',
        HEADER + b'["s1","n",{},[],1]\n',
        HEADER + b'["s1","n",{},[["t1"]]]\n',
        HEADER + b'{"id":1}\n',
        HEADER + b'["s1","n",{},[]',
        HEADER + b'["s1",\n',
        HEADER + b"nonsense\n",
    ],
)
def test_lines_that_are_no_board_raise(server, client, body):
    answer = Answer(body=body, content_type=NDJSON)
    server.on("GET", "data/shots/with-tasks", answer)
    for function in pair(gazu.shot, "shots"):
        with pytest.raises(ValueError):
            list(function(PROJECT, client=client))


@pytest.mark.parametrize(
    "body",
    [
        b"[1",
        b"[\f]",
        b"[1]\v",
        b"[1,]",
        b"[,1]",
        b"[1 2]",
        b'["a',
        b"{}",
        b"[1]x",
        b"",
    ],
)
def test_a_list_that_is_no_json_raises(server, client, body):
    answer = Answer(body=body, content_type="application/json")
    server.on("GET", "data/shots/with-tasks", answer)
    with pytest.raises(ValueError):
        list(gazu.shot.iter_shots_with_tasks(PROJECT, client=client))


def test_rows_come_while_the_rest_is_on_its_way():
    """The server sends the next row when the last one has been received."""
    received = threading.Event()
    head, first, second, third = compact(SHOTS).splitlines(keepends=True)

    def script(connection):
        connection.read()
        connection.say(
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
            "Transfer-Encoding: chunked\r\n\r\n"
        )
        for piece in (head + first, second, third):
            connection.say("%x\r\n" % len(piece), piece, "\r\n")
            if not received.wait(20):
                return
            received.clear()
        connection.say("0\r\n\r\n")
        connection.read()

    with contextlib.closing(RawServer(script)) as server:
        client = gazu.client.create_client(server.url + "/api")
        rows = []
        for row in gazu.shot.iter_shots_with_tasks(PROJECT, client=client):
            rows.append(row)
            received.set()
        assert rows == SHOTS


@pytest.mark.parametrize("awaited", [False, True])
def test_an_answer_that_breaks_off_raises_after_its_rows(
    server, client, awaited
):
    body = compact(SHOTS)
    cut = body.rindex(b"\n", 0, -1) + 5
    answer = Answer(body=body, content_type=NDJSON, truncate=cut)
    server.on("GET", "data/shots/with-tasks", answer)
    server.on("GET", "auth/logout", {})
    rows = []

    async def read():
        host = server.url + "/api"
        async with gazu.aio.AsyncKitsuClient(host) as client:
            stream = gazu.shot.iter_shots_with_tasks(PROJECT, client=client)
            async for row in stream:
                rows.append(row)

    def read_blocking():
        rows.extend(gazu.shot.iter_shots_with_tasks(PROJECT, client=client))

    with pytest.raises(Exception, match="Connection broken") as caught:
        asyncio.run(read()) if awaited else read_blocking()
    assert rows == SHOTS[:2]
    assert "ChunkedEncodingError" in [
        cls.__name__ for cls in type(caught.value).__mro__
    ]


def test_the_whole_list_is_asked_for_again_if_it_breaks_off(server, client):
    body = compact(SHOTS)
    server.on(
        "GET",
        "data/shots/with-tasks",
        Answer(body=body, content_type=NDJSON, truncate=100),
        Answer(body=body, content_type=NDJSON),
    )
    assert gazu.shot.all_shots_with_tasks(PROJECT, client=client) == SHOTS


def test_nothing_is_sent_before_the_first_row_is_asked_for(server, client):
    server.on("GET", "data/shots/with-tasks", Answer(SHOTS))
    rows = gazu.shot.iter_shots_with_tasks(PROJECT, client=client)
    assert isinstance(rows, types.GeneratorType)
    assert not server.requests
    assert next(rows) == SHOTS[0]
    assert len(server.requests) == 1


def test_closing_the_generator_closes_the_connection(server, client):
    body = compact(SHOTS * 5)
    server.on(
        "GET",
        "data/shots/with-tasks",
        Answer(body=body, content_type=NDJSON, hang="body"),
        Answer(SHOTS),
    )
    rows = gazu.shot.iter_shots_with_tasks(PROJECT, client=client)
    assert next(rows) == SHOTS[0]
    rows.close()
    assert list(rows) == []
    again = gazu.shot.iter_shots_with_tasks(PROJECT, client=client)
    assert list(again) == SHOTS


def test_an_error_status_raises(server, client):
    server.on("GET", "data/shots/with-tasks", Answer({}, status=403))
    rows = gazu.shot.iter_shots_with_tasks(PROJECT, client=client)
    with pytest.raises(gazu.exception.NotAllowedException):
        next(rows)


def test_the_token_is_renewed_before_the_rows(server, expired):
    server.on("*", "data/shots/with-tasks", only_with("new", Answer(SHOTS)))
    rows = gazu.shot.iter_shots_with_tasks(PROJECT, client=expired)
    assert list(rows) == SHOTS


def test_the_server_may_be_busy_at_first(server, client, monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    server.on(
        "GET", "data/shots/with-tasks", Answer(status=503), Answer(SHOTS)
    )
    rows = gazu.shot.iter_shots_with_tasks(PROJECT, client=client)
    assert list(rows) == SHOTS


def test_the_deadline_counts_only_the_waits(server, client):
    body = compact(SHOTS * 5)
    answer = Answer(body=body, content_type=NDJSON, hang="body")
    server.on("GET", "data/shots/with-tasks", answer)
    client.deadline = 0.5
    rows = gazu.shot.iter_shots_with_tasks(PROJECT, client=client)
    assert next(rows) == SHOTS[0]
    with pytest.raises(
        gazu.exception.GazuException if False else Exception
    ) as caught:
        list(rows)
    assert "Timeout" in type(caught.value).__name__


@pytest.mark.parametrize("value", [None, ["p"], ("p",), {"name": "x"}, b"p"])
def test_bad_arguments_are_refused_at_once(server, client, value):
    for module, plural, by_episode, _ in BOARDS:
        for function in pair(module, plural):
            with pytest.raises((ValueError, TypeError, KeyError)):
                function(value, client=client)
            if by_episode and value is not None:
                with pytest.raises((ValueError, TypeError, KeyError)):
                    function(PROJECT, value, client=client)
    assert not server.requests


def test_a_replaced_verb_gives_the_rows(client, monkeypatch):
    asked = []

    def fetch_all(path, params=None, client=None, **more):
        asked.append((path, params))
        return SHOTS

    monkeypatch.setattr(gazu.client, "fetch_all", fetch_all)
    for function in pair(gazu.shot, "shots"):
        assert list(function(PROJECT, client=client)) == SHOTS
    query = {"project_id": PROJECT, "stream": "true", "compact": "true"}
    assert asked == [("shots/with-tasks", query)] * 2


@pytest.mark.parametrize("form", FORMS)
def test_a_session_of_a_script_is_used(server, client, form):
    requests = pytest.importorskip("requests")
    body, kind = FORMS[form]
    server.on(
        "GET",
        "data/shots/with-tasks",
        Answer(body=body, content_type=kind, chunked=9),
    )
    client.session = requests.Session()
    for function in pair(gazu.shot, "shots"):
        assert list(function(PROJECT, client=client)) == SHOTS


def test_a_mock_without_a_stream_is_used(client):
    class Session:
        def get(self, url, **kwargs):
            return types.SimpleNamespace(status_code=200, json=lambda: SHOTS)

        def close(self):
            pass

    client.session = Session()
    for function in pair(gazu.shot, "shots"):
        assert list(function(PROJECT, client=client)) == SHOTS


def test_a_batch_can_contain_boards(server, client):
    answer = Answer(body=compact(SHOTS), content_type=NDJSON)
    server.on("GET", "data/shots/with-tasks", answer)
    call = gazu.client.call(gazu.shot.all_shots_with_tasks, PROJECT)
    assert gazu.client.run_all([call], client=client) == [SHOTS]
    with pytest.raises(TypeError, match="run_all"):
        gazu.client.call(gazu.shot.iter_shots_with_tasks, PROJECT)


def test_cancelling_the_task_ends_the_stream(server):
    body = compact(SHOTS * 5)
    answer = Answer(body=body, content_type=NDJSON, hang="body")
    server.on("GET", "data/shots/with-tasks", answer)

    async def read():
        client = gazu.aio.AsyncKitsuClient(server.url + "/api")
        rows = []

        async def task():
            stream = gazu.shot.iter_shots_with_tasks(PROJECT, client=client)
            async for row in stream:
                rows.append(row)

        running = asyncio.ensure_future(task())
        while not rows:
            await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        return rows

    assert asyncio.run(read())[0] == SHOTS[0]


@needs.proc
@pytest.mark.big
@pytest.mark.parametrize("as_list", [False, True])
def test_iterating_needs_constant_memory(server, python, as_list):
    """A board of 100 MiB, in both forms."""
    text = "x" * 1000
    row = ["s1", text, {}, [["t1", [], {"t": text}]] * 9]
    if as_list:
        dicts = json.dumps(
            {
                "id": "s1",
                "tasks": [{"id": "t1", "data": {"t": text}}] * 10,
            }
        ).encode()
        body = b"[" + b",".join([dicts] * 10000) + b"]"
        answer = Answer(body=body, content_type="application/json")
    else:
        body = HEADER + lines([row]) * 10000
        answer = Answer(body=body, content_type=NDJSON)
    server.on("GET", "data/shots/with-tasks", answer)
    process = python(
        [
            MEASURE,
            "rows = gazu.shot.iter_shots_with_tasks('%s', client=client)"
            % PROJECT,
            "assert sum(1 for row in rows) == 10000",
            REPORT,
        ],
        server.url + "/api",
        timeout=100,
    )
    assert growth(process) < 16 * MIB

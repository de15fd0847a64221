"""Answers that come, and are not what was asked for."""

from __future__ import annotations

import json
import time
import zlib

import pytest
from gazu import client as raw
from gazu.exception import ServerErrorException

from .. import needs
from ..memory_usage import (
    MEASURE,
    MIB,
    REPORT,
    USABLE,
    growth,
    lines_and_growth,
)
from ..recording_server import Answer, http_date, listdir, redirect
from .test_connections import VERBS, usable

pytestmark = pytest.mark.timeout(30)

PAGE = (
    "<html>\r\n<head><title>%d Gateway</title></head>\r\n<body>\r\n<center>"
    "<h1>%d Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>"
)


@pytest.fixture
def once(client):
    client.retries = 1
    client.timeout = (5, 5)
    return client


def page(status):
    return Answer(
        body=PAGE % (status, status),
        status=status,
        content_type="text/html",
        close=True,
    )


class TestGateways:
    """What stands before the server answers for it, in HTML."""

    @pytest.mark.parametrize(
        "verb", ["get", "post", "put", "delete", "upload"]
    )
    def test_502(self, server, once, failing, verb):
        server.on("*", "data/x", page(502))
        name, error = failing(lambda: VERBS[verb](once))
        assert name == "ServerErrorException"
        assert (error.status_code, error.path) == (502, "data/x")
        assert error.body == PAGE % (502, 502)
        assert len(server.requests) == 1
        assert usable(server, once)

    @pytest.mark.parametrize("status", [503, 504])
    @pytest.mark.parametrize("verb", ["get", "post", "put", "upload"])
    def test_others(self, server, once, failing, status, verb):
        server.on("*", "data/x", page(status))
        name, error = failing(lambda: VERBS[verb](once))
        assert name == "ServerErrorException"
        assert error.body == PAGE % (status, status)
        assert len(server.requests) == 1
        assert usable(server, once)

    @pytest.mark.parametrize("status", [502, 503, 504])
    def test_a_read_outlives_them(self, server, client, status):
        server.on("GET", "data/x", page(status), {"a": 1})
        assert raw.get("data/x", client=client) == {"a": 1}
        assert len(server.requests) == 2

    def test_a_download_outlives_them(self, server, client, tmp_path):
        server.on("GET", "x", page(504), b"movie")
        target = tmp_path / "out"
        raw.download("x", str(target), client=client)
        assert target.read_bytes() == b"movie"
        assert listdir(tmp_path) == ["out"]

    def test_the_page_of_a_download_that_fails_is_no_file(
        self, server, once, failing, tmp_path
    ):
        target = tmp_path / "out"
        target.write_bytes(b"old")
        server.on("GET", "x", page(502))
        name, _ = failing(lambda: raw.download("x", str(target), client=once))
        assert name == "ServerErrorException"
        assert target.read_bytes() == b"old"
        assert listdir(tmp_path) == ["out"]


class TestRetryAfter:
    @pytest.mark.parametrize("status", [429, 503])
    @pytest.mark.parametrize("when", ["1", "1.0", "date"])
    def test_is_obeyed(self, server, client, status, when):
        if when == "date":
            # Dates have whole seconds, some of which pass until they are read.
            when = http_date(3)
        wait = Answer({}, status=status, headers=[("Retry-After", when)])
        server.on("GET", "data/x", wait, {"a": 1})
        assert raw.get("data/x", client=client) == {"a": 1}
        first, second = (request.received for request in server.requests)
        assert 0.9 < second - first < 5

    @pytest.mark.parametrize("status", [429, 503])
    @pytest.mark.parametrize("when", ["0", "0.001", "-5", "date"])
    def test_has_a_floor(self, server, client, status, when):
        when = http_date(-3600) if when == "date" else when
        wait = Answer({}, status=status, headers=[("Retry-After", when)])
        server.on("GET", "data/x", wait, wait, {"a": 1})
        assert raw.get("data/x", client=client) == {"a": 1}
        times = [request.received for request in server.requests]
        assert all(0.2 < b - a < 3 for a, b in zip(times, times[1:]))

    @pytest.mark.parametrize(
        "when",
        ["31", "3600", "1e300", "date", "Fri, 31 Dec 9999 23:59:59 GMT"],
    )
    def test_up_to_a_bound(self, server, client, when):
        """Who shall come back in an hour is told now."""
        when = http_date(3600) if when == "date" else when
        later = {"message": "later"}
        wait = Answer(later, status=503, headers=[("Retry-After", when)])
        server.on("GET", "data/x", wait)
        start = time.monotonic()
        with pytest.raises(ServerErrorException) as caught:
            raw.get("data/x", client=client)
        assert caught.value.body == later
        assert time.monotonic() - start < 2
        assert len(server.requests) == 1

    @pytest.mark.parametrize("when", ["soon", "-1", "nan", "inf", "", "\xff"])
    def test_nonsense_is_passed_over(self, server, client, when):
        client.retries = 2
        wait = Answer({}, status=429, headers=[("Retry-After", when)])
        server.on("GET", "data/x", wait, {"a": 1})
        start = time.monotonic()
        assert raw.get("data/x", client=client) == {"a": 1}
        assert time.monotonic() - start < 3

    @pytest.mark.parametrize("verb", ["post", "put", "delete", "upload"])
    def test_is_not_for_writes(self, server, client, verb):
        wait = Answer("x", status=503, headers=[("Retry-After", "1")])
        server.on("*", "data/x", wait)
        start = time.monotonic()
        with pytest.raises(ServerErrorException):
            VERBS[verb](client)
        assert time.monotonic() - start < 0.9
        assert len(server.requests) == 1

    def test_the_deadline_comes_first(self, server, client):
        wait = Answer({"a": 1}, status=503, headers=[("Retry-After", "20")])
        server.on("GET", "data/x", wait)
        client.deadline = 1
        start = time.monotonic()
        with pytest.raises(ServerErrorException) as caught:
            raw.get("data/x", client=client)
        assert caught.value.retry_after == 20
        assert time.monotonic() - start < 1.5


class TestRedirects:
    @pytest.fixture
    def keeper(self, server, client):
        client.access_token = "s3cret"
        client.session.headers["X-Studio"] = "kept"
        return client

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    @pytest.mark.parametrize(
        "verb", ["get", "post", "put", "delete", "download", "upload"]
    )
    def test_the_token_stays_with_the_host(
        self, server, other_server, keeper, status, verb
    ):
        there = other_server.url + "/api/data/y"
        server.on("*", "data/x", redirect(there, status))
        VERBS[verb](keeper)
        assert server.last.header("Authorization") == "Bearer s3cret"
        assert len(other_server.requests) == 1
        assert b"s3cret" not in other_server.last.head
        assert other_server.last.header("X-Studio") == "kept"

    def test_nor_does_another_port_see_it(self, server, keeper):
        from ..recording_server import RecordingServer

        with RecordingServer() as beside:
            server.on("GET", "data/x", redirect(beside.url + "/api/data/y"))
            raw.get("data/x", client=keeper)
            assert beside.last.header("Authorization") is None

    def test_nor_on_the_way_back(self, server, other_server, keeper):
        """Who has left the host has no token left to show."""
        server.on("GET", "data/x", redirect(other_server.url + "/api/data/y"))
        other_server.on("GET", "data/y", redirect(server.url + "/api/data/z"))
        raw.get("data/x", client=keeper)
        assert server.last.path == "/api/data/z"
        assert server.last.header("Authorization") is None

    def test_on_the_host_it_is_sent(self, server, keeper):
        server.on("GET", "data/x", redirect("/api/data/y"))
        raw.get("data/x", client=keeper)
        assert server.last.header("Authorization") == "Bearer s3cret"

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    @pytest.mark.parametrize("verb", ["get", "post", "download", "session"])
    def test_loop(self, server, once, failing, status, verb):
        server.on("*", "data/x", redirect("/api/data/y", status))
        server.on("*", "data/y", redirect("/api/data/x", status))
        name, error = failing(lambda: VERBS[verb](once))
        assert name == "TooManyRedirects"
        assert isinstance(error, OSError)
        assert "30" in str(error)
        assert len(server.requests) == 31
        assert usable(server, once)

    def test_loop_of_a_download(self, server, once, failing, tmp_path):
        server.on("GET", "x", redirect("/api/x"))
        target = str(tmp_path / "out")
        name, _ = failing(lambda: raw.download("x", target, client=once))
        assert name == "TooManyRedirects"
        assert listdir(tmp_path) == []

    def test_to_somewhere_that_never_ends(self, server, once, failing):
        """Each leads to a longer one."""
        server.on(
            "GET",
            "*",
            lambda request: redirect(request.target + "/and/on", 302),
        )
        name, _ = failing(lambda: raw.get("data/x", client=once))
        assert name == "TooManyRedirects"

    @pytest.mark.parametrize(
        "location",
        ["ftp://h/x", "file:///etc/passwd", "http://", "http://[", "//"],
    )
    def test_to_nowhere(self, server, once, failing, location):
        server.on("GET", "data/x", redirect(location))
        name, _ = failing(lambda: raw.get("data/x", client=once))
        assert name in ("InvalidSchema", "InvalidURL")
        assert len(server.requests) == 1
        assert usable(server, once)

    def test_with_a_body_that_never_ends(self, server, once, failing):
        """The body of a redirect is not waited for longer than any other."""
        answer = redirect("/api/data/y")
        answer.hang = "body"
        server.on("GET", "data/x", answer)
        once.timeout = (5, 0.3)
        name, _ = failing(lambda: raw.get("data/x", client=once), within=3)
        assert name == "ReadTimeout"
        assert usable(server, once)


DEEP = 5000


def outcome_of(call):
    """The class of what a call returns, or raises."""
    try:
        return type(call())
    except (RecursionError, ValueError) as error:
        return type(error)


class TestJson:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b" ",
            b"{",
            b'{"a": 1',
            b"nul",
            b"{}}",
            b"\x00",
            b"\xef\xbb\xbf{}",
        ],
        ids=repr,
    )
    @pytest.mark.parametrize("verb", ["get", "post", "put", "upload"])
    def test_broken(self, server, once, failing, body, verb):
        server.on(
            "*", "data/x", Answer(body=body, content_type="application/json")
        )
        name, error = failing(lambda: VERBS[verb](once))
        assert name == "JSONDecodeError"
        assert isinstance(error, ValueError) and isinstance(error, OSError)
        assert len(server.requests) == 1
        assert usable(server, once)

    @pytest.mark.parametrize("opening, closing", ["[]", ('{"a":', "}")])
    @pytest.mark.parametrize("verb", ["get", "post", "upload", "session"])
    @pytest.mark.parametrize("whole", [True, False])
    def test_deep(self, server, once, failing, opening, closing, verb, whole):
        """As deep as the interpreter reads; deeper is its own exception."""
        text = opening * DEEP + "1" + (closing * DEEP if whole else "")
        server.on(
            "*", "data/x", Answer(body=text, content_type="application/json")
        )

        def run():
            answer = VERBS[verb](once)
            return answer.json() if verb == "session" else answer

        expected = outcome_of(lambda: json.loads(text))
        if issubclass(expected, Exception):
            name, raised = failing(run)
            assert name == expected.__name__
            assert isinstance(raised, expected)
        else:
            assert type(run()) is expected
        assert usable(server, once)

    def test_deep_refusals(self, server, once, failing):
        text = "[" * DEEP + "]" * DEEP
        server.on("*", "data/x", Answer(body=text, status=400))
        name, error = failing(lambda: raw.get("data/x", client=once))
        assert name == "ParameterException"
        assert error.body == text or isinstance(error.body, list)
        text = '{"message":' * DEEP + "1" + "}" * DEEP
        server.on("*", "data/x", Answer(body=text, status=401))
        name, _ = failing(lambda: raw.get("data/x", client=once))
        assert name == "NotAuthenticatedException"
        assert usable(server, once)

    def test_deep_in_a_thread(self, server, once):
        """A thread has less stack than the program."""
        import threading

        text = "[" * DEEP + "]" * DEEP
        server.on("GET", "data/x", Answer(body=text))
        ended = []

        def work():
            try:
                raw.get("data/x", client=once)
            except RecursionError:
                pass
            ended.append(True)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join(10)
        assert ended == [True]
        assert usable(server, once)

    @pytest.mark.parametrize(
        "content_type, text",
        [
            ("application/json; charset=utf-16", "caf\xe9"),
            ("application/json; charset=utf-8", "caf\xe9"),
            ("application/json; charset=no-such", "caf\xe9"),
            ("application/json; charset=", "caf\xe9"),
            ("text/html; charset=ascii", "caf\xe9"),
        ],
    )
    def test_wrong_charset(self, server, once, content_type, text):
        """Told one, written in another: never more than an exception."""
        for encoding in ("utf-8", "latin-1", "utf-16"):
            body = json.dumps({"a": text}, ensure_ascii=False).encode(encoding)
            server.on(
                "GET", "data/x", Answer(body=body, content_type=content_type)
            )
            outcome = outcome_of(lambda: raw.get("data/x", client=once))
            assert outcome.__name__ in (
                "dict",
                "JSONDecodeError",
                "UnicodeDecodeError",
            )
            said = raw.get("data/x", False, client=once)
            assert isinstance(said, str)
        assert usable(server, once)


LIMIT = """
    import resource

    # So many mebibytes beside what is there.
    room = resident("VmSize:") + (%d << 20)
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
"""


def bomb(mebibytes, encoding):
    """Zeros: a thousandth of their size, and nothing to check at the end."""
    packer = zlib.compressobj(
        9, zlib.DEFLATED, 31 if encoding == "gzip" else -15
    )
    if encoding == "gzip":
        # Members that follow one another, so that one is packed only.
        member = packer.compress(bytes(64 * MIB)) + packer.flush()
        body = member * (mebibytes // 64)
    else:
        head = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
        body = head * mebibytes + packer.flush()
    return Answer(body=body, headers=[("Content-Encoding", encoding)])


@needs.proc
@pytest.mark.beyond
class TestBombs:
    """Megabytes that unpack to gigabytes."""

    @pytest.mark.parametrize("encoding", ["gzip", "deflate"])
    def test_in_memory(self, server, python, encoding):
        server.on("GET", "data/x", bomb(4096, encoding))
        process = python(
            [
                MEASURE,
                """
                for call in (
                    lambda: raw.get("data/x", client=client),
                    lambda: raw.get("data/x", False, client=client),
                    lambda: raw.download("data/x", None, client=client),
                    lambda: raw.get_file_data_from_url("data/x", client=client),
                    lambda: client.session.get(sys.argv[1] + "/data/x"),
                ):
                    print(failure(call))
                """,
                USABLE,
                REPORT,
            ],
            server.url + "/api",
        )
        names, grown = lines_and_growth(process)
        assert names == ["ContentDecodingError"] * 5
        assert grown < 200 * MIB

    def test_refused(self, server, python):
        """The words of a refusal are a body too."""
        answer = bomb(4096, "deflate")
        answer.status = 400
        server.on("*", "data/x", answer)
        process = python(
            [
                MEASURE,
                """
                print(failure(lambda: raw.post("data/x", {}, client=client)))
                print(failure(lambda: raw.download("data/x", sys.argv[2], client=client)))
                """,
                USABLE,
                REPORT,
            ],
            server.url + "/api",
            "out",
        )
        names, grown = lines_and_growth(process)
        assert names == ["ContentDecodingError"] * 2
        assert grown < 200 * MIB

    @pytest.mark.parametrize("progress", ["None", "lambda *_: None"])
    def test_to_disk(self, server, python, tmp_path, progress):
        """The disk is the user's to fill: what unpacks is what was asked for."""
        server.on("GET", "data/x", bomb(256, "gzip"))
        process = python(
            [
                MEASURE,
                "raw.download('data/x', sys.argv[2], client=client, progress_callback=%s)"
                % progress,
                USABLE,
                REPORT,
            ],
            server.url + "/api",
            tmp_path / "out",
        )
        assert (tmp_path / "out").stat().st_size == 256 * MIB
        assert listdir(tmp_path) == ["out"]
        (tmp_path / "out").unlink()
        assert growth(process) < 32 * MIB

    def test_to_a_disk_that_is_full_before(self, server, python, tmp_path):
        server.on("GET", "data/x", bomb(4096, "gzip"))
        (tmp_path / "out").write_bytes(b"old")
        process = python(
            [
                MEASURE,
                """
                import errno, resource

                resource.setrlimit(resource.RLIMIT_FSIZE, (64 << 20, 64 << 20))
                try:
                    raw.download("data/x", sys.argv[2], client=client)
                except OSError as error:
                    assert error.errno == errno.EFBIG, error
                    assert error.filename == sys.argv[2], error
                    print("full")
                """,
                USABLE,
                REPORT,
            ],
            server.url + "/api",
            tmp_path / "out",
        )
        lines, grown = lines_and_growth(process)
        assert lines == ["full"]
        assert (tmp_path / "out").read_bytes() == b"old"
        assert listdir(tmp_path) == ["out"]
        assert grown < 32 * MIB

    def test_streamed(self, server, python):
        """Piece by piece, each no larger than was asked for."""
        server.on("GET", "data/x", bomb(1024, "deflate"))
        process = python(
            [
                MEASURE,
                """
                size = largest = 0
                answer = client.session.get(sys.argv[1] + "/data/x", stream=True)
                for piece in answer.iter_content(1 << 16):
                    size += len(piece)
                    largest = max(largest, len(piece))
                assert (size, largest) == (1 << 30, 1 << 16), (size, largest)
                """,
                USABLE,
                REPORT,
            ],
            server.url + "/api",
        )
        assert growth(process) < 32 * MIB


@needs.proc
@pytest.mark.beyond
class TestEnormous:
    """What is sent is what memory must hold, and no more than the machine can."""

    def test_json(self, server, python):
        entry = json.dumps({"id": "x" * 36, "name": "n", "data": {"a": 1}})
        count = (16 * MIB) // len(entry)
        body = "[" + ", ".join([entry] * count) + "]"
        server.on(
            "GET",
            "data/x",
            Answer(body=body, content_type="application/json"),
        )
        process = python(
            [
                MEASURE,
                "assert len(raw.get('data/x', client=client)) == %d" % count,
                USABLE,
            ],
            server.url + "/api",
        )
        assert process.stderr == ""

    def test_what_is_none(self, server, python):
        """It is held once, and not shown as the reason of a failure."""
        server.on("*", "data/x", Answer(size=128 * MIB))
        process = python(
            [
                MEASURE,
                """
                print(failure(lambda: raw.get("data/x", client=client)))
                try:
                    raw.get("data/x", client=client)
                except ValueError as error:
                    assert len(str(error)) < 1000
                """,
                USABLE,
                REPORT,
            ],
            server.url + "/api",
        )
        names, grown = lines_and_growth(process)
        assert names == ["JSONDecodeError"]
        assert grown < 5 * 128 * MIB

    @pytest.mark.parametrize("verb", ["get", "download", "session"])
    def test_refused_by_its_length(self, server, once, failing, verb):
        """Nobody waits for what cannot be kept."""
        server.on("GET", "data/x", Answer(size=5 << 30))
        name, error = failing(lambda: VERBS[verb](once), within=3)
        assert name == "RequestException"
        assert "4 GiB" in str(error)
        assert usable(server, once)

    def test_more_than_there_is_memory(self, server, python):
        """An exception, and no abort, where the machine sets a limit."""
        server.on("GET", "data/x", Answer(size=2 << 30, chunked=True))
        process = python(
            [
                MEASURE,
                LIMIT % 300,
                """
                for call in (
                    lambda: raw.get("data/x", client=client),
                    lambda: raw.download("data/x", None, client=client),
                    lambda: client.session.get(sys.argv[1] + "/data/x"),
                ):
                    print(failure(call))
                """,
                USABLE,
                "print(0)",
            ],
            server.url + "/api",
        )
        assert lines_and_growth(process)[0] == ["MemoryError"] * 3
        assert process.stderr == ""

"""Wrong answers: pages of gateways, redirects, invalid JSON, compression bombs."""

from __future__ import annotations

import json
import zlib

import pytest
from gazu import client as raw
from gazu.exception import ServerErrorException

from .. import needs
from ..memory_usage import (
    KEPT_BY_PYTHON,
    MEASURE,
    MIB,
    REPORT,
    USABLE,
    growth,
    lines_and_growth,
)
from ..recording_server import Answer, http_date, listdir, redirect
from .test_connections import VERBS, usable

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
    """A gateway in front of the server answers with an HTML page."""

    @pytest.mark.parametrize(
        "verb", ["get", "post", "put", "delete", "upload"]
    )
    def test_a_502_page_raises_server_error(self, server, once, failing, verb):
        server.on("*", "data/x", page(502))
        name, error = failing(lambda: VERBS[verb](once))
        assert name == "ServerErrorException"
        assert (error.status_code, error.path) == (502, "data/x")
        assert error.body == PAGE % (502, 502)
        assert len(server.requests) == 1
        assert usable(server, once)

    @pytest.mark.parametrize("status", [503, 504])
    @pytest.mark.parametrize("verb", ["get", "post", "put", "upload"])
    def test_a_503_or_504_page_raises_server_error(
        self, server, once, failing, status, verb
    ):
        server.on("*", "data/x", page(status))
        name, error = failing(lambda: VERBS[verb](once))
        assert name == "ServerErrorException"
        assert error.body == PAGE % (status, status)
        assert len(server.requests) == 1
        assert usable(server, once)

    @pytest.mark.parametrize("status", [502, 503, 504])
    def test_a_read_is_repeated_after_a_gateway_error(
        self, server, client, status
    ):
        server.on("GET", "data/x", page(status), {"a": 1})
        assert raw.get("data/x", client=client) == {"a": 1}
        assert len(server.requests) == 2

    def test_a_download_is_repeated_after_a_gateway_error(
        self, server, client, tmp_path
    ):
        server.on("GET", "x", page(504), b"movie")
        target = tmp_path / "out"
        raw.download("x", str(target), client=client)
        assert target.read_bytes() == b"movie"
        assert listdir(tmp_path) == ["out"]

    def test_an_error_page_is_not_saved_as_the_download(
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
    def test_retry_after_is_waited_for(self, server, client, status, when):
        if when == "date":
            # HTTP dates have whole seconds, and some time passes until they are read.
            when = http_date(3)
        wait = Answer({}, status=status, headers=[("Retry-After", when)])
        server.on("GET", "data/x", wait, {"a": 1})
        assert raw.get("data/x", client=client) == {"a": 1}
        first, second = (request.received for request in server.requests)
        assert 0.9 < second - first < 5

    @pytest.mark.parametrize("status", [429, 503])
    @pytest.mark.parametrize("when", ["0", "0.001", "-5", "date"])
    def test_a_short_retry_after_is_lengthened(
        self, server, client, status, when
    ):
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
    def test_a_long_retry_after_raises_at_once(
        self, server, client, pauses, when
    ):
        """The client does not wait longer than half a minute."""
        when = http_date(3600) if when == "date" else when
        later = {"message": "later"}
        wait = Answer(later, status=503, headers=[("Retry-After", when)])
        server.on("GET", "data/x", wait)
        with pytest.raises(ServerErrorException) as caught:
            raw.get("data/x", client=client)
        assert caught.value.body == later
        assert pauses == []
        assert len(server.requests) == 1

    @pytest.mark.parametrize("when", ["soon", "-1", "nan", "inf", "", "\xff"])
    def test_an_invalid_retry_after_is_ignored(
        self, server, client, pauses, when
    ):
        client.retries = 2
        wait = Answer({}, status=429, headers=[("Retry-After", when)])
        server.on("GET", "data/x", wait, {"a": 1})
        assert raw.get("data/x", client=client) == {"a": 1}
        (pause,) = pauses
        assert 0 < pause < 1

    @pytest.mark.parametrize("verb", ["post", "put", "delete", "upload"])
    def test_a_write_is_not_repeated_after_retry_after(
        self, server, client, pauses, verb
    ):
        wait = Answer("x", status=503, headers=[("Retry-After", "1")])
        server.on("*", "data/x", wait)
        with pytest.raises(ServerErrorException):
            VERBS[verb](client)
        assert pauses == []
        assert len(server.requests) == 1

    def test_retry_after_does_not_exceed_the_deadline(
        self, server, client, pauses
    ):
        wait = Answer({"a": 1}, status=503, headers=[("Retry-After", "20")])
        server.on("GET", "data/x", wait)
        client.deadline = 10
        with pytest.raises(ServerErrorException) as caught:
            raw.get("data/x", client=client)
        assert caught.value.retry_after == 20
        assert pauses == []


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
    def test_a_redirect_to_another_host_does_not_carry_the_token(
        self, server, other_server, keeper, status, verb
    ):
        there = other_server.url + "/api/data/y"
        server.on("*", "data/x", redirect(there, status))
        VERBS[verb](keeper)
        assert server.last.header("Authorization") == "Bearer s3cret"
        assert len(other_server.requests) == 1
        assert b"s3cret" not in other_server.last.head
        assert other_server.last.header("X-Studio") == "kept"

    def test_a_redirect_to_another_port_does_not_carry_the_token(
        self, server, keeper
    ):
        from ..recording_server import RecordingServer

        with RecordingServer() as beside:
            server.on("GET", "data/x", redirect(beside.url + "/api/data/y"))
            raw.get("data/x", client=keeper)
            assert beside.last.header("Authorization") is None

    def test_a_redirect_back_does_not_carry_the_token(
        self, server, other_server, keeper
    ):
        """A token that was removed at another host is not sent again."""
        server.on("GET", "data/x", redirect(other_server.url + "/api/data/y"))
        other_server.on("GET", "data/y", redirect(server.url + "/api/data/z"))
        raw.get("data/x", client=keeper)
        assert server.last.path == "/api/data/z"
        assert server.last.header("Authorization") is None

    def test_a_redirect_within_the_host_carries_the_token(
        self, server, keeper
    ):
        server.on("GET", "data/x", redirect("/api/data/y"))
        raw.get("data/x", client=keeper)
        assert server.last.header("Authorization") == "Bearer s3cret"

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    @pytest.mark.parametrize("verb", ["get", "post", "download", "session"])
    def test_a_redirect_loop_raises(self, server, once, failing, status, verb):
        server.on("*", "data/x", redirect("/api/data/y", status))
        server.on("*", "data/y", redirect("/api/data/x", status))
        name, error = failing(lambda: VERBS[verb](once))
        assert name == "TooManyRedirects"
        assert isinstance(error, OSError)
        assert "30" in str(error)
        assert len(server.requests) == 31
        assert usable(server, once)

    def test_a_redirect_loop_of_a_download_leaves_no_file(
        self, server, once, failing, tmp_path
    ):
        server.on("GET", "x", redirect("/api/x"))
        target = str(tmp_path / "out")
        name, _ = failing(lambda: raw.download("x", target, client=once))
        assert name == "TooManyRedirects"
        assert listdir(tmp_path) == []

    def test_endless_redirects_raise(self, server, once, failing):
        """Each redirect leads to a longer URL."""
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
    def test_a_redirect_to_an_invalid_url_raises(
        self, server, once, failing, location
    ):
        server.on("GET", "data/x", redirect(location))
        name, _ = failing(lambda: raw.get("data/x", client=once))
        assert name in ("InvalidSchema", "InvalidURL")
        assert len(server.requests) == 1
        assert usable(server, once)

    def test_a_redirect_with_a_body_that_hangs_times_out(
        self, server, once, failing
    ):
        """The read timeout applies to the body of a redirect, too."""
        answer = redirect("/api/data/y")
        answer.hang = "body"
        server.on("GET", "data/x", answer)
        once.timeout = (5, 0.3)
        name, _ = failing(lambda: raw.get("data/x", client=once))
        assert name == "ReadTimeout"
        assert usable(server, once)


DEEP = 5000


def outcome_of(call):
    """Return the class of a call's result, or of its exception."""
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
    def test_invalid_json_raises(self, server, once, failing, body, verb):
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
    def test_nested_json_is_read_as_deep_as_by_python(
        self, server, once, failing, opening, closing, verb, whole
    ):
        """JSON that is too deep for Python's json module raises the same exception."""
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

    def test_a_deeply_nested_error_keeps_its_class(
        self, server, once, failing
    ):
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

    def test_deeply_nested_json_does_not_crash_a_thread(self, server, once):
        """The stack of a thread is smaller than that of the main thread."""
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
    def test_a_wrong_charset_is_read_or_raises(
        self, server, once, content_type, text
    ):
        """The text is in another encoding than the header says."""
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

    # Allow this many mebibytes more than are in use.
    room = resident("VmSize:") + (%d << 20)
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
"""


def bomb(mebibytes, encoding):
    """Return an answer of zeros, compressed to a thousandth of their size."""
    packer = zlib.compressobj(
        9, zlib.DEFLATED, 31 if encoding == "gzip" else -15
    )
    if encoding == "gzip":
        # Compress one gzip member, and repeat it.
        member = packer.compress(bytes(64 * MIB)) + packer.flush()
        body = member * (mebibytes // 64)
    else:
        head = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
        body = head * mebibytes + packer.flush()
    return Answer(body=body, headers=[("Content-Encoding", encoding)])


@needs.proc
@pytest.mark.beyond
class TestBombs:
    """Bodies of megabytes that decompress to gigabytes."""

    @pytest.mark.parametrize("encoding", ["gzip", "deflate"])
    def test_a_bomb_in_memory_raises(self, server, python, encoding):
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

    def test_a_bomb_in_an_error_raises(self, server, python):
        """The body of an error has the same limit."""
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
    def test_a_bomb_is_downloaded_in_constant_memory(
        self, server, python, tmp_path, progress
    ):
        """A file has no limit but the disk."""
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

    def test_a_bomb_that_fills_the_disk_keeps_the_old_file(
        self, server, python, tmp_path
    ):
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

    def test_a_bomb_is_streamed_in_constant_memory(self, server, python):
        """No piece is larger than the size that was asked for."""
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
        assert growth(process) < 32 * MIB + KEPT_BY_PYTHON


@needs.proc
@pytest.mark.beyond
class TestEnormous:
    """Very large bodies."""

    def test_a_large_json_answer_is_read(self, server, python):
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

    def test_a_large_answer_that_is_not_json_is_kept_once(
        self, server, python
    ):
        """The message of the exception does not contain the body."""
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
        assert grown < 5 * 128 * MIB + KEPT_BY_PYTHON

    @pytest.mark.parametrize("verb", ["get", "download", "session"])
    def test_an_answer_above_the_limit_raises_at_once(
        self, server, once, failing, verb
    ):
        """The length is checked before the body is read."""
        server.on("GET", "data/x", Answer(size=5 << 30))
        name, error = failing(lambda: VERBS[verb](once))
        assert name == "RequestException"
        assert "4 GiB" in str(error)
        assert usable(server, once)

    def test_an_answer_larger_than_memory_raises_memory_error(
        self, server, python
    ):
        """The process does not abort where the system limits its memory."""
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

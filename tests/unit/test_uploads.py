"""Multipart bodies, byte for byte, and the progress of uploads."""

from __future__ import annotations

import errno
import io
import os
import threading
from unittest import mock

import pytest
from gazu import client as raw
from gazu import exception as ex

from . import needs
from .error_classes import NO_FILE
from .recording_server import Answer


def body_of(request, *parts):
    """Return the body of parts: pairs of a disposition and a content."""
    mark = request.boundary.encode()
    pieces = [
        b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n"
        % (mark, name.encode(), content)
        for name, content in parts
    ]
    return b"".join(pieces) + b"--%s--\r\n" % mark


class TestParts:
    def test_one_file_is_one_part(self, server, client, make_file):
        raw.upload(
            "data/x", make_file("a.png", b"\x00\r\n--\xff"), client=client
        )
        assert server.last.body == body_of(
            server.last, ('name="file"; filename="a.png"', b"\x00\r\n--\xff")
        )
        assert server.last.header("Content-Length") == str(
            len(server.last.body)
        )
        assert server.last.header("Transfer-Encoding") is None

    def test_fields_come_first_and_in_order(self, server, client, make_file):
        data = {"z": "1", "a": "é", "m": 3}
        raw.upload(
            "data/x", make_file("a.png", b"A"), data=data, client=client
        )
        assert server.last.body == body_of(
            server.last,
            ('name="z"', b"1"),
            ('name="a"', "é".encode()),
            ('name="m"', b"3"),
            ('name="file"; filename="a.png"', b"A"),
        )

    @pytest.mark.parametrize(
        "value, contents",
        [
            (None, []),
            (True, [b"True"]),
            (1.5, [b"1.5"]),
            ("", [b""]),
            (b"\xff", [b"\xff"]),
            ([1, "b"], [b"1", b"b"]),
            (["a", None, "b"], [b"a", b"b"]),
            (("a", True), [b"a", b"True"]),
            ([], []),
            ({"k": 1, "l": 2}, [b"k", b"l"]),
            ("a\r\nb", [b"a\r\nb"]),
            ("日本", ["日本".encode()]),
        ],
        ids=repr,
    )
    def test_field_values_become_parts(
        self, server, client, make_file, value, contents
    ):
        raw.upload("data/x", make_file(), data={"k": value}, client=client)
        assert [p.content for p in server.last.parts[:-1]] == contents
        assert {p.name for p in server.last.parts[:-1]} <= {"k"}

    def test_parts_have_no_type(self, server, client, make_file):
        raw.upload("data/x", make_file("a.mp4"), data={"k": 1}, client=client)
        for part in server.last.parts:
            assert [name for name, _ in part.headers] == [
                "Content-Disposition"
            ]

    @pytest.mark.parametrize(
        "name, field",
        [
            ("a b.png", 'filename="a b.png"'),
            ("é日.png", 'filename="é日.png"'),
            pytest.param(
                'a"b.png',
                'filename="a%22b.png"',
                marks=needs.names_of_any_bytes,
            ),
            pytest.param(
                "a\\b.png",
                'filename="a\\b.png"',
                marks=needs.names_of_any_bytes,
            ),
            pytest.param(
                "a\r\nb.png",
                'filename="a%0D%0Ab.png"',
                marks=needs.names_of_any_bytes,
            ),
            ("a;b'c.png", 'filename="a;b\'c.png"'),
            ("a%22.png", 'filename="a%22.png"'),
        ],
    )
    def test_file_names_are_escaped(
        self, server, client, make_file, name, field
    ):
        raw.upload("data/x", make_file(name), client=client)
        assert server.last.body.split(b"\r\n")[1] == (
            'Content-Disposition: form-data; name="file"; ' + field
        ).encode("utf-8")

    @pytest.mark.parametrize(
        "name, field",
        [("é", 'name="é"'), ('a"b', 'name="a%22b"'), ("a\nb", 'name="a%0Ab"')],
    )
    def test_field_names_are_escaped(
        self, server, client, make_file, name, field
    ):
        raw.upload("data/x", make_file(), data={name: 1}, client=client)
        assert server.last.body.split(b"\r\n")[1] == (
            "Content-Disposition: form-data; " + field
        ).encode("utf-8")

    def test_extra_files_are_parts(self, server, client, make_file):
        extra = [make_file("b.png", b"B"), make_file("c.png", b"C")]
        raw.upload(
            "data/x",
            make_file("a.png", b"A"),
            extra_files=extra,
            client=client,
        )
        assert [
            (p.name, p.filename, p.content) for p in server.last.parts
        ] == [
            ("file", "a.png", b"A"),
            ("file-1", "b.png", b"B"),
            ("file-2", "c.png", b"C"),
        ]

    def test_an_empty_file_is_sent(self, server, client, make_file):
        raw.upload("data/x", make_file("a.png", b""), client=client)
        assert [(p.filename, p.content) for p in server.last.parts] == [
            ("a.png", b"")
        ]

    def test_a_path_object_is_accepted(self, server, client, tmp_path):
        path = tmp_path / "a.png"
        path.write_bytes(b"A")
        raw.upload("data/x", path, client=client)
        assert server.last.parts[0].filename == "a.png"

    def test_a_relative_path_is_accepted(
        self, server, client, make_file, tmp_path, monkeypatch
    ):
        make_file("a.png", b"A")
        monkeypatch.chdir(tmp_path)
        raw.upload("data/x", "a.png", client=client)
        assert server.last.parts[0].content == b"A"

    def test_each_boundary_is_new(self, server, client, make_file):
        for _ in range(2):
            raw.upload("data/x", make_file(), client=client)
        assert server.requests[0].boundary != server.requests[1].boundary

    def test_a_large_file_is_sent(self, server, client, make_file):
        content = os.urandom(1 << 20) * 3
        raw.upload(
            "data/x",
            make_file("a.mov", content),
            data={"k": "v"},
            client=client,
        )
        assert server.last.parts[1].content == content


class TestGivenFiles:
    """`files` has the forms of requests."""

    @pytest.mark.parametrize(
        "value, filename, content, more",
        [
            (b"abc", "k", b"abc", []),
            ("é", "k", "é".encode(), []),
            (("n.txt", b"abc"), "n.txt", b"abc", []),
            (("n.txt", "abc"), "n.txt", b"abc", []),
            (("n.txt", io.BytesIO(b"abc")), "n.txt", b"abc", []),
            (
                ("n", "{}", "application/json"),
                "n",
                b"{}",
                [("Content-Type", "application/json")],
            ),
            (
                (None, '{"a": 1}', "application/json"),
                None,
                b'{"a": 1}',
                [("Content-Type", "application/json")],
            ),
            ((None, "text"), None, b"text", []),
            (
                ("n", b"a", "t/x", {"X-K": "v"}),
                "n",
                b"a",
                [("Content-Type", "t/x"), ("X-K", "v")],
            ),
            (io.BytesIO(b"abc"), "k", b"abc", []),
            (io.StringIO("abc"), "k", b"abc", []),
        ],
        ids=lambda v: type(v).__name__,
    )
    def test_all_forms_are_sent(
        self, server, client, value, filename, content, more
    ):
        if hasattr(value, "seek"):
            value.seek(0)
        raw.upload("data/x", files={"k": value}, client=client)
        (part,) = server.last.parts
        assert (part.name, part.filename, part.content) == (
            "k",
            filename,
            content,
        )
        rest = [
            pair for pair in part.headers if pair[0] != "Content-Disposition"
        ]
        assert sorted(rest) == sorted(more)

    def test_open_files_stay_open(self, server, client, make_file):
        with open(make_file("a.png", b"A"), "rb") as file:
            raw.upload(
                "data/x", files={"f": file}, data={"k": "v"}, client=client
            )
            assert not file.closed
        assert [(p.name, p.filename) for p in server.last.parts] == [
            ("k", None),
            ("f", "a.png"),
        ]

    def test_several_files_are_sent(self, server, client, make_file):
        with open(make_file("a.png", b"A"), "rb") as file:
            files = {
                "meta": (None, '{"a": 1}', "application/json"),
                "f": file,
                "g": b"raw",
            }
            raw.upload("data/x", files=files, client=client)
        assert [(p.name, p.content) for p in server.last.parts] == [
            ("meta", b'{"a": 1}'),
            ("f", b"A"),
            ("g", b"raw"),
        ]

    def test_a_file_is_read_from_its_position(self, server, client, make_file):
        with open(make_file("a.png", b"0123456789"), "rb") as file:
            file.seek(4)
            raw.upload("data/x", files={"f": file}, client=client)
        assert server.last.parts[0].content == b"456789"

    @pytest.mark.parametrize("progress", [None, lambda *_: None])
    def test_the_same_files_may_be_sent_again(
        self, server, client, make_file, progress
    ):
        client.callback_not_authenticated = lambda *_: True
        server.on("POST", "data/x", Answer({}, status=401), {})
        with open(make_file("a.png", b"0123456789"), "rb") as file:
            file.seek(4)
            raw.upload(
                "data/x",
                files={"f": file},
                client=client,
                progress_callback=progress,
            )
        contents = [r.parts[0].content for r in server.requests]
        assert contents == [b"456789"] * 2

    @pytest.mark.parametrize(
        "content",
        [b"", b"abc" * 99999, "é" * 999999],
        # Windows limits the variable in which pytest keeps a test's name.
        ids=["nothing", "bytes", "text"],
    )
    @pytest.mark.parametrize("kind", ["whole", "careless", "pieces"])
    def test_objects_that_can_only_read_are_sent(
        self, server, client, content, kind
    ):
        class Whole:
            def __init__(self):
                self.left = content

            def read(self):
                left, self.left = self.left, self.left[:0]
                return left

        class Careless(Whole):
            def read(self, size=-1):
                return Whole.read(self)

        class Pieces(Whole):
            def read(self, size=-1):
                size = len(self.left) if size < 0 else min(size, 7777)
                piece, self.left = self.left[:size], self.left[size:]
                return piece

        kinds = {"whole": Whole, "careless": Careless, "pieces": Pieces}
        raw.upload("data/x", files={"f": kinds[kind]()}, client=client)
        if isinstance(content, str):
            content = content.encode("utf-8")
        assert server.last.parts[0].content == content

    def test_a_mocked_file_is_sent(self, server, client):
        file = mock.mock_open(read_data=b"movie")()
        raw.upload("data/x", files={"f": ("a", file)}, client=client)
        assert server.last.parts[0].content == b"movie"

    @pytest.mark.parametrize("kind", [bytearray, memoryview])
    def test_other_kinds_of_bytes_are_sent(self, server, client, kind):
        class Other(io.BytesIO):
            def read(self, size=-1):
                return kind(io.BytesIO.read(self, size))

        raw.upload("data/x", files={"f": Other(b"movie")}, client=client)
        assert server.last.parts[0].content == b"movie"

    def test_two_files_of_one_field_are_sent(self, server, client):
        files = [("f", ("a", b"A")), ("f", ("b", io.BytesIO(b"B")))]
        raw.upload("data/x", files=files, client=client)
        assert [
            (p.name, p.filename, p.content) for p in server.last.parts
        ] == [
            ("f", "a", b"A"),
            ("f", "b", b"B"),
        ]

    def test_a_file_path_is_ignored_with_files(self, server, client):
        raw.upload("data/x", "/no/such/file", files={"k": b"a"}, client=client)
        assert [p.name for p in server.last.parts] == ["k"]

    def test_files_are_rewound_for_a_second_attempt(
        self, server, client, make_file
    ):
        client.callback_not_authenticated = lambda *_: True
        server.on("POST", "data/x", Answer({}, status=401), {})
        with open(make_file("a.png", b"A"), "rb") as file:
            raw.upload("data/x", files={"f": file}, client=client)
        assert [r.parts[0].content for r in server.requests] == [b"A", b"A"]

    def test_an_exception_of_read_is_raised(self, server, client):
        class Broken:
            name = "a.png"

            def read(self, size=-1):
                raise OSError(errno.EIO, "disk on fire")

        with pytest.raises(OSError, match="disk on fire"):
            raw.upload("data/x", files={"f": Broken()}, client=client)


class TestBadFiles:
    @pytest.mark.parametrize("position", ["first", "extra"])
    def test_a_missing_file_raises(
        self, server, client, make_file, tmp_path, position
    ):
        missing = str(tmp_path / "missing.png")
        paths = [missing, make_file()]
        if position == "extra":
            paths.reverse()
        with pytest.raises(FileNotFoundError) as caught:
            raw.upload(
                "data/x", paths[0], extra_files=paths[1:], client=client
            )
        assert (caught.value.errno, caught.value.filename) == (
            errno.ENOENT,
            missing,
        )
        assert server.requests == []

    def test_a_folder_raises(self, server, client, tmp_path):
        with pytest.raises(NO_FILE) as caught:
            raw.upload("data/x", str(tmp_path), client=client)
        assert caught.value.filename == str(tmp_path)
        assert server.requests == []

    @needs.denied_files
    def test_an_unreadable_file_raises(self, server, client, make_file):
        path = make_file()
        os.chmod(path, 0)
        with pytest.raises(PermissionError) as caught:
            raw.upload("data/x", path, client=client)
        assert caught.value.filename == path
        assert server.requests == []

    @pytest.mark.parametrize("path", [None, [], 1.5, {}])
    def test_an_invalid_path_raises(self, server, client, path):
        with pytest.raises(TypeError, match=r"^file_path: expected str"):
            raw.upload("data/x", path, client=client)
        assert server.requests == []

    def test_a_wrong_content_is_named(self, server, client):
        with pytest.raises(
            TypeError,
            match=r"a bytes-like object is required, not .generator.",
        ):
            raw.upload(
                "data/x", files={"file": (x for x in ())}, client=client
            )
        assert server.requests == []

    def test_a_nul_in_the_path_raises(self, server, client):
        with pytest.raises(ValueError):
            raw.upload("data/x", "a\0b", client=client)


class TestReplies:
    def test_the_answer_is_returned(self, server, client, make_file):
        server.on("POST", "data/x", Answer([{"id": 1}], status=201))
        assert raw.upload("data/x", make_file(), client=client) == [{"id": 1}]

    @pytest.mark.parametrize(
        "reply, text",
        [
            ({"message": "too dark"}, "too dark"),
            ({"error": "too dark"}, "too dark"),
        ],
    )
    def test_a_message_raises(self, server, client, make_file, reply, text):
        server.on("POST", "data/x", reply)
        with pytest.raises(ex.UploadFailedException) as caught:
            raw.upload("data/x", make_file(), client=client)
        assert caught.value.args == (text,)

    @pytest.mark.parametrize(
        "reply",
        [
            {"message": ""},
            {"message": None},
            {"message": 1},
            {"error": True},
            None,
            3,
        ],
    )
    def test_other_answers_are_returned(
        self, server, client, make_file, reply
    ):
        server.on("POST", "data/x", reply)
        assert raw.upload("data/x", make_file(), client=client) == reply

    def test_an_answer_that_is_not_json_raises(
        self, server, client, make_file, caplog
    ):
        server.on("POST", "data/x", Answer(body="<html>"))
        with pytest.raises(ValueError) as caught:
            raw.upload("data/x", make_file(), client=client)
        assert type(caught.value).__name__ == "JSONDecodeError"
        assert "The server's answer is not JSON: <html>" in caplog.messages

    @pytest.mark.parametrize("run", range(3))
    def test_an_early_rejection_raises(self, server, client, make_file, run):
        """A proxy may reject a large body by its length."""
        server.on(
            "POST", "data/x", Answer({}, status=413, early=True, close=True)
        )
        path = make_file("a.mov", bytes(32 << 20))
        with pytest.raises(ex.TooBigFileException):
            raw.upload("data/x", path, client=client)


class TestProgress:
    def run(self, client, path, **options):
        calls = []
        raw.upload(
            "data/x",
            path,
            client=client,
            progress_callback=lambda *a: calls.append(a),
            **options,
        )
        return calls

    def test_progress_counts_the_bytes_of_the_file(
        self, server, client, make_file
    ):
        calls = self.run(
            client, make_file("a.mov", bytes(3 << 20)), data={"k": "v" * 999}
        )
        assert {total for _, total in calls} == {3 << 20}
        assert calls[-1] == (3 << 20, 3 << 20)
        done = [done for done, _ in calls]
        assert done == sorted(set(done))

    def test_progress_counts_all_files(self, server, client, make_file):
        extra = [make_file("b", bytes(200000)), make_file("c", bytes(300000))]
        calls = self.run(
            client, make_file("a", bytes(100000)), extra_files=extra
        )
        assert calls[-1] == (600000, 600000)
        assert [p.filename for p in server.last.parts] == ["a", "b", "c"]

    def test_progress_does_not_count_other_parts(
        self, server, client, make_file
    ):
        calls = []
        with open(make_file("a", b"12345"), "rb") as file:
            raw.upload(
                "data/x",
                files={"meta": (None, "{}", "application/json"), "f": file},
                client=client,
                progress_callback=lambda *a: calls.append(a),
            )
        assert calls == [(5, 5)]
        assert [p.content for p in server.last.parts] == [b"{}", b"12345"]

    def test_an_empty_file_reports_at_most_the_end(
        self, server, client, make_file
    ):
        assert self.run(client, make_file("a", b"")) in ([], [(0, 0)])

    def test_progress_is_two_integers(self, server, client, make_file):
        for done, total in self.run(client, make_file()):
            assert type(done) is int and type(total) is int

    def test_progress_comes_on_the_callers_thread(
        self, server, client, make_file
    ):
        threads = set()
        raw.upload(
            "data/x",
            make_file("a", bytes(1 << 20)),
            client=client,
            progress_callback=lambda *_: threads.add(
                threading.current_thread()
            ),
        )
        assert threads == {threading.current_thread()}

    def test_an_exception_of_the_callback_ends_the_upload(
        self, server, client, make_file
    ):
        class Cancelled(Exception):
            pass

        def cancel(done, total):
            raise Cancelled(done)

        with pytest.raises(Cancelled):
            raw.upload(
                "data/x",
                make_file("a", bytes(8 << 20)),
                client=client,
                progress_callback=cancel,
            )
        raw.get("data/y", client=client)
        assert server.last.path == "/api/data/y"

    def test_the_callback_may_use_the_client(self, server, client, make_file):
        raw.upload(
            "data/x",
            make_file(),
            client=client,
            progress_callback=lambda *_: raw.get("data/y", client=client),
        )
        assert "/api/data/y" in [r.path for r in server.requests]

    def test_progress_ends_at_the_total_after_a_refresh(
        self, server, client, make_file
    ):
        client.callback_not_authenticated = lambda *_: True
        server.on("POST", "data/x", Answer({}, status=401), {})
        calls = self.run(client, make_file("a", b"12345"))
        assert [r.parts[0].content for r in server.requests] == [
            b"12345",
            b"12345",
        ]
        assert {total for _, total in calls} == {5}

    @pytest.mark.beyond
    def test_progress_starts_again_after_a_refresh(
        self, server, client, make_file
    ):
        client.callback_not_authenticated = lambda *_: True
        server.on("POST", "data/x", Answer({}, status=401), {})
        assert self.run(client, make_file("a", b"12345"))[-1] == (5, 5)

"""Files on their way, and what happens to them there."""

from __future__ import annotations

import email.message
import email.parser
import errno
import gzip
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time

import pytest
from gazu import client as raw

from .. import needs
from ..memory_usage import MEASURE, MIB, REPORT, USABLE, growth
from ..recording_server import Answer, listdir
from .test_connections import usable

pytestmark = pytest.mark.timeout(30)

#: What root may do more than others it may no longer, whoever runs the tests.
POWERLESS = """
    import ctypes

    header, none = (ctypes.c_uint32 * 2)(0x20080522), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(header, none) == 0
"""


@pytest.fixture
def once(client):
    client.retries = 1
    client.timeout = (5, 5)
    return client


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    return folder / "movie.mov"


class TestDiskFull:
    """By a quota of the process, a device, a file system, and what close() tells."""

    DOWNLOAD = """
        import errno

        for progress in (None, lambda *_: None):
            try:
                raw.download("big", sys.argv[2], client=client, progress_callback=progress)
            except OSError as error:
                assert error.filename == sys.argv[2], error
                print(errno.errorcode[error.errno])
            else:
                print("none")
    """

    @needs.resource_limits
    @needs.proc
    @pytest.mark.parametrize("old", [False, True])
    @pytest.mark.parametrize("encoding", [None, "gzip"])
    def test_a_limit_on_files(self, server, python, target, old, encoding):
        answer = Answer(body=bytes(4 * MIB), encoding=encoding)
        server.on("GET", "big", answer)
        if old:
            target.write_bytes(b"old")
        process = python(
            [
                MEASURE,
                """
                import resource

                resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
                """,
                self.DOWNLOAD,
                USABLE,
            ],
            server.url + "/api",
            target,
        )
        assert process.stdout.split() == ["EFBIG", "EFBIG"]
        assert listdir(target.parent) == (["movie.mov"] if old else [])
        if old:
            assert target.read_bytes() == b"old"

    @needs.full_device
    def test_a_full_device(self, server, once, failing):
        server.on("GET", "big", Answer(size=4 * MIB))
        name, error = failing(
            lambda: raw.download("big", "/dev/full", client=once)
        )
        assert (name, error.errno) == ("OSError", errno.ENOSPC)
        assert error.filename == "/dev/full"
        assert usable(server, once)

    @needs.proc
    @pytest.mark.parametrize("old", [False, True])
    def test_a_full_file_system(self, server, python, target, old):
        inside = ["unshare", "--user", "--map-root-user", "--mount"]
        try:
            mount = ["mount", "-t", "tmpfs", "none", str(target.parent)]
            subprocess.check_output(inside + mount, stderr=subprocess.STDOUT)
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip("no file system of one's own here: %s" % error)
        server.on("GET", "big", Answer(size=8 * MIB))
        process = python(
            [
                MEASURE,
                """
                import os, subprocess

                folder = os.path.dirname(sys.argv[2])
                subprocess.check_call(
                    ["mount", "-t", "tmpfs", "-o", "size=2m", "none", folder])
                if %r:
                    with open(sys.argv[2], "w") as file:
                        file.write("old")
                """
                % old,
                self.DOWNLOAD,
                """
                assert os.listdir(folder) == ["movie.mov"] * %d
                if %r:
                    with open(sys.argv[2]) as file:
                        assert file.read() == "old"
                """
                % (old, old),
                USABLE,
            ],
            server.url + "/api",
            target,
            under=inside,
        )
        assert process.stdout.split() == ["ENOSPC", "ENOSPC"]

    @needs.proc
    @pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler here")
    @pytest.mark.parametrize("code", ["EDQUOT", "EIO"])
    def test_told_when_it_is_closed(
        self, server, python, target, tmp_path, code
    ):
        """Network file systems keep what is written, and complain at the end."""
        source, library = tmp_path / "close.c", tmp_path / "close.so"
        source.write_text(
            """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <errno.h>
            #include <stdio.h>
            #include <string.h>
            #include <unistd.h>

            int close(int descriptor) {
                char link[64], path[4096] = "";
                snprintf(link, sizeof link, "/proc/self/fd/%%d", descriptor);
                if (readlink(link, path, sizeof path - 1) < 0) path[0] = 0;
                int (*real)(int) = (int (*)(int)) dlsym(RTLD_NEXT, "close");
                int outcome = real(descriptor);
                if (strstr(path, "/.gazu-")) { errno = %s; return -1; }
                return outcome;
            }
            """
            % code
        )
        subprocess.check_call(
            ["cc", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"]
        )
        server.on("GET", "big", b"movie")
        target.write_bytes(b"old")
        process = python(
            [MEASURE, self.DOWNLOAD, USABLE],
            server.url + "/api",
            target,
            env={"LD_PRELOAD": str(library)},
        )
        assert process.stdout.split() == [code, code]
        assert target.read_bytes() == b"old"
        assert listdir(target.parent) == ["movie.mov"]


class TestTargets:
    """Where nothing can be written, nothing is asked for."""

    def test_a_missing_folder(self, server, once, failing, tmp_path):
        path = str(tmp_path / "none" / "out")
        name, error = failing(lambda: raw.download("x", path, client=once))
        assert (name, error.filename) == ("FileNotFoundError", path)
        assert server.requests == []
        assert usable(server, once)

    def test_a_file_for_a_folder(self, server, once, failing, make_file):
        path = os.path.join(make_file("file"), "out")
        name, error = failing(lambda: raw.download("x", path, client=once))
        assert (name, error.filename) == ("NotADirectoryError", path)
        assert server.requests == []

    @needs.names_of_255
    @pytest.mark.parametrize("length", [256, 5000])
    def test_a_name_that_is_too_long(
        self, server, once, failing, tmp_path, length
    ):
        path = str(tmp_path / ("n" * length))
        name, error = failing(lambda: raw.download("x", path, client=once))
        assert (name, error.errno) == ("OSError", errno.ENAMETOOLONG)
        assert error.filename == path
        assert server.requests == []
        assert listdir(tmp_path) == []

    @needs.names_of_255
    def test_the_longest_name(self, server, once, tmp_path):
        server.on("GET", "x", b"movie")
        path = tmp_path / ("n" * 255)
        raw.download("x", str(path), client=once)
        assert path.read_bytes() == b"movie"
        assert len(listdir(tmp_path)) == 1

    @needs.names_of_any_bytes
    @pytest.mark.parametrize(
        "name", ['a"b', "a\nb", "日本 😀", "\u202e.exe", " ", "a\\b", "\udcff"]
    )
    def test_odd_names(self, server, once, tmp_path, name):
        server.on("GET", "x", b"movie")
        path = os.path.join(str(tmp_path), name)
        raw.download("x", path, client=once)
        assert listdir(tmp_path) == [name]

    @needs.symlinks
    def test_a_loop_of_links(self, server, once, failing, tmp_path):
        (tmp_path / "a").symlink_to(tmp_path / "b")
        (tmp_path / "b").symlink_to(tmp_path / "a")
        path = str(tmp_path / "a")
        name, error = failing(lambda: raw.download("x", path, client=once))
        assert (name, error.errno) == ("OSError", errno.ELOOP)
        assert server.requests == []

    @needs.proc
    @needs.modes
    def test_a_read_only_folder(self, server, python, target):
        target.parent.chmod(0o500)
        process = python(
            [
                MEASURE,
                POWERLESS,
                """
                try:
                    raw.download("x", sys.argv[2], client=client)
                except PermissionError as error:
                    print(error.errno, error.filename == sys.argv[2])
                """,
                USABLE,
            ],
            server.url + "/api",
            target,
        )
        target.parent.chmod(0o700)
        assert process.stdout.split() == [str(errno.EACCES), "True"]
        assert server.of("GET", "x") == []
        assert listdir(target.parent) == []

    @needs.proc
    @needs.modes
    def test_a_read_only_file(self, server, python, target):
        target.write_bytes(b"old")
        target.chmod(0o400)
        process = python(
            [
                MEASURE,
                POWERLESS,
                "print(failure(lambda: raw.download('x', sys.argv[2], client=client)))",
                USABLE,
            ],
            server.url + "/api",
            target,
        )
        assert process.stdout.split() == ["PermissionError"]
        assert server.of("GET", "x") == []
        assert target.read_bytes() == b"old"

    @needs.proc
    @needs.modes
    def test_a_file_in_a_read_only_folder(self, server, python, target):
        """It is replaced when all has arrived, as it would be elsewhere."""
        server.on("GET", "refused", Answer({}, status=404))
        server.on("GET", "broken", Answer(body=bytes(MIB), truncate=9999))
        server.on("GET", "whole", b"movie")
        target.write_bytes(b"old and longer than what comes")
        target.parent.chmod(0o500)
        process = python(
            [
                MEASURE,
                POWERLESS,
                """
                for path in ("refused", "broken", "whole"):
                    print(failure(lambda: raw.download(path, sys.argv[2], client=client)))
                    print(open(sys.argv[2]).read().split()[0])
                """,
                USABLE,
            ],
            server.url + "/api",
            target,
        )
        target.parent.chmod(0o700)
        assert process.stdout.split() == [
            *("RouteNotFoundException", "old"),
            *("ChunkedEncodingError", "old"),
            *("none", "movie"),
        ]
        assert listdir(target.parent) == ["movie.mov"]

    @needs.removal_of_open_files
    @pytest.mark.parametrize("old", [False, True])
    def test_a_folder_that_goes_while_it_arrives(
        self, server, once, failing, target, old
    ):
        if old:
            target.write_bytes(b"old")

        def remove(*_):
            if target.parent.exists():
                shutil.rmtree(str(target.parent))

        server.on("GET", "x", Answer(size=4 * MIB))
        name, error = failing(
            lambda: raw.download(
                "x", str(target), client=once, progress_callback=remove
            )
        )
        assert (name, error.filename) == ("FileNotFoundError", str(target))
        assert usable(server, once)

    def test_two_at_once(self, server, client, target):
        """The last one wins, whole."""
        one, other = b"1" * (2 * MIB), b"2" * (2 * MIB)
        server.on("GET", "one", Answer(body=one))
        server.on("GET", "other", Answer(body=other))
        threads = [
            threading.Thread(
                target=raw.download,
                args=(path, str(target)),
                kwargs={"client": client},
            )
            for path in ("one", "other") * 4
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert target.read_bytes() in (one, other)
        assert listdir(target.parent) == ["movie.mov"]


WAYS = {
    "up": lambda client, path, target, progress: raw.upload(
        "x", path, client=client, progress_callback=progress
    ),
    "down": lambda client, path, target, progress: raw.download(
        "x", target, client=client, progress_callback=progress
    ),
}


class TestCallbacks:
    class Cancelled(Exception):
        pass

    @pytest.mark.parametrize(
        "error", [Cancelled, KeyboardInterrupt, SystemExit, MemoryError]
    )
    @pytest.mark.parametrize("where", ["first", "middle", "last"])
    @pytest.mark.parametrize("way", ["up", "down"])
    def test_raising(self, server, once, target, make_file, error, where, way):
        size = 16 * MIB

        def raising(done, total):
            at = {"first": 0, "middle": size // 2, "last": size}[where]
            if done >= at:
                raise error(done)

        server.on("GET", "x", Answer(size=size))
        target.write_bytes(b"old")
        run = WAYS[way]
        path = make_file("a.mov", bytes(size))
        with pytest.raises(error) as caught:
            run(once, path, str(target), raising)
        assert type(caught.value) is error
        assert target.read_bytes() == b"old"
        assert listdir(target.parent) == ["movie.mov"]
        del caught
        assert usable(server, once)

    @pytest.mark.parametrize("way", ["up", "down"])
    def test_taking_no_arguments(self, server, once, target, make_file, way):
        server.on("GET", "x", Answer(size=MIB))
        with pytest.raises(TypeError):
            WAYS[way](once, make_file(), str(target), lambda: None)
        assert listdir(target.parent) == []
        assert usable(server, once)


@needs.signals
class TestKilled:
    @pytest.mark.parametrize("old", [False, True])
    @pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
    def test_in_the_middle_of_a_download(self, server, target, old, name):
        """What is left does not look like the file."""
        number = getattr(signal, name)
        if old:
            target.write_bytes(b"old")
        server.on("GET", "x", Answer(body=bytes(MIB), drip=(10000, 0.05)))
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys; from gazu import client as raw;"
                "raw.download('x', sys.argv[2], client=raw.create_client(sys.argv[1]))",
                server.url + "/api",
                str(target),
            ]
        )
        try:
            until = time.monotonic() + 10
            while time.monotonic() < until and not any(
                name.endswith(".part")
                and (target.parent / name).stat().st_size > 20000
                for name in listdir(target.parent)
            ):
                time.sleep(0.01)
        finally:
            process.send_signal(number)
            assert process.wait(10) == -number
        left = [n for n in listdir(target.parent) if n != "movie.mov"]
        assert all(n.startswith(".gazu-") for n in left)
        assert len(left) == 1
        assert target.exists() is old
        if old:
            assert target.read_bytes() == b"old"

    def test_in_the_middle_of_an_upload(self, server, tmp_path):
        """The server sees that it is no whole request."""
        path = tmp_path / "a.mov"
        with open(str(path), "wb") as file:
            file.truncate(256 * MIB)
        program = (
            "import os, signal, sys; from gazu import client as raw;"
            "raw.upload('x', sys.argv[2], client=raw.create_client(sys.argv[1]),"
            # So much is not read ahead: by then some of it has left.
            " progress_callback=lambda done, _:"
            " done > 8 << 20 and os.kill(os.getpid(), signal.SIGKILL))"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", program, server.url + "/api", str(path)]
        )
        assert process.wait(10) == -signal.SIGKILL
        assert server.wait(lambda: server.opened == 1 and not server.open)
        assert server.requests == []


class TestChangingSources:
    """What happens to a file while it is read for an upload."""

    SIZE = 16 * MIB

    @pytest.fixture
    def uploading(self, peer, once, tmp_path):
        """Change a file when an upload has begun; return the request, or the error."""

        def upload(change, opened=False):
            path = tmp_path / "a.mov"
            path.write_bytes(b"a" * self.SIZE)
            begun, go_on = threading.Event(), threading.Event()

            def script(connection):
                connection.socket.setsockopt(6, 10, 65536)
                connection._more()
                begun.set()
                go_on.wait(10)
                connection.read()
                connection.answer(b'{"ok": true}')

            there = peer(script)
            once.host = there.url + "/api"
            outcome = []

            def work():
                try:
                    if opened:
                        with open(str(path), "rb") as file:
                            answer = raw.upload(
                                "up", files={"f": file}, client=once
                            )
                    else:
                        answer = raw.upload("up", str(path), client=once)
                    outcome.append(answer)
                except Exception as error:
                    error.__traceback__ = None
                    outcome.append(error)

            thread = threading.Thread(target=work)
            thread.start()
            assert begun.wait(10)
            change(path)
            go_on.set()
            thread.join(20)
            for serving in there._threads:
                serving.join(10)
            return outcome[0], there.requests

        return upload

    @pytest.mark.parametrize("opened", [False, True])
    @pytest.mark.parametrize("size", [0, 12 * MIB])
    def test_truncated(self, server, once, uploading, opened, size):
        def truncate(path):
            os.truncate(str(path), size)

        outcome, requests = uploading(truncate, opened)
        assert type(outcome) is OSError, outcome
        assert "shorter" in str(outcome)
        if not opened:
            assert "a.mov" in str(outcome)
        assert requests == []
        assert usable(server, once)

    @needs.removal_of_open_files
    def test_removed(self, uploading):
        """What is open stays until it has been read."""
        outcome, requests = uploading(os.remove)
        assert outcome == {"ok": True}
        assert requests[0].parts[0].content == b"a" * self.SIZE

    @needs.removal_of_open_files
    def test_replaced(self, uploading, tmp_path):
        def replace(path):
            (tmp_path / "b.mov").write_bytes(b"b")
            os.replace(str(tmp_path / "b.mov"), str(path))

        outcome, requests = uploading(replace)
        assert outcome == {"ok": True}
        assert requests[0].parts[0].content == b"a" * self.SIZE

    @pytest.mark.parametrize("opened", [False, True])
    def test_appended_to(self, uploading, opened):
        """As much is sent as was announced."""

        def append(path):
            with open(str(path), "ab") as file:
                file.write(b"b" * MIB)

        outcome, requests = uploading(append, opened)
        assert outcome == {"ok": True}
        assert requests[0].parts[0].content == b"a" * self.SIZE

    def test_written_over(self, uploading):
        def overwrite(path):
            with open(str(path), "r+b") as file:
                file.write(b"b" * self.SIZE)

        outcome, requests = uploading(overwrite)
        assert outcome == {"ok": True}
        (part,) = requests[0].parts
        assert len(part.content) == self.SIZE
        assert set(part.content) <= set(b"ab")

    def test_truncated_before_it_is_sent_again(
        self, server, once, failing, make_file
    ):
        path = make_file("a.mov", b"a" * MIB)

        def log_in_again(*_):
            os.truncate(path, 10)
            return True

        once.callback_not_authenticated = log_in_again
        server.on("POST", "up", Answer({}, status=401), {})
        name, error = failing(lambda: raw.upload("up", path, client=once))
        assert (name, "shorter" in str(error)) == ("OSError", True)
        assert len(server.of("POST", "up")) == 1
        assert usable(server, once)

    @needs.removal_of_open_files
    def test_removed_before_it_is_sent_again(self, server, once, make_file):
        path = make_file("a.mov", b"a" * MIB)
        once.callback_not_authenticated = lambda *_: os.remove(path) or True
        server.on("POST", "up", Answer({}, status=401), {})
        raw.upload("up", path, client=once)
        assert [len(r.parts[0].content) for r in server.requests] == [MIB] * 2

    @needs.proc
    def test_that_cannot_be_read(self, server, once, failing):
        """A file that opens, has a length, and fails at the first byte."""
        path = "/proc/self/mem"
        with open(path, "rb", 0) as file:
            name, error = failing(
                lambda: raw.upload("up", files={"f": file}, client=once)
            )
        assert (name, error.errno) == ("OSError", errno.EIO)
        assert usable(server, once)


def form_of(request):
    """The fields of a multipart form, as the standard library's mail parser sees them."""
    content_type = request.header("Content-Type").encode()
    message = email.parser.BytesParser().parsebytes(
        b"Content-Type: " + content_type + b"\r\n\r\n" + request.body
    )
    assert message.is_multipart()
    assert message.defects == []
    found = []
    for part in message.get_payload():
        (text,) = [v for n, v in part.raw_items()]
        text = text.encode("ascii", "surrogateescape")
        plain = email.message.Message()
        plain["Content-Disposition"] = text.decode("utf-8", "surrogateescape")
        name, file_name = (
            plain.get_param(option, header="Content-Disposition")
            for option in ("name", "filename")
        )
        found.append((name, file_name, part.get_payload(decode=True)))
    return found


ODD_NAMES = [
    ("a b.png", "a b.png"),
    ("'a'; b=c, d.png", "'a'; b=c, d.png"),
    ('"a".png', "%22a%22.png"),
    ('a"; filename="b.png', "a%22; filename=%22b.png"),
    ("a\nb.png", "a%0Ab.png"),
    (
        "a\r\nContent-Type: text/html\r\n\r\n<script>.png".replace("/", "|"),
        "a%0D%0AContent-Type: text|html%0D%0A%0D%0A<script>.png",
    ),
    ("a%22%0A.png", "a%22%0A.png"),
    ("été 日本語 😀.png", "été 日本語 😀.png"),
    ("\u202egnp.exe", "\u202egnp.exe"),
    ("a\u2028b\u0085c\x0b\x0c.png", "a\u2028b\u0085c\x0b\x0c.png"),
    ("\x7f\x01.png", "\x7f\x01.png"),
    ("--.png", "--.png"),
    ("n" * 251 + ".png", "n" * 251 + ".png"),
]


@needs.names_of_any_bytes
class TestNames:
    @pytest.mark.parametrize(
        "name, sent", ODD_NAMES, ids=[ascii(n[:20]) for n, _ in ODD_NAMES]
    )
    def test_of_files(self, server, once, make_file, name, sent):
        raw.upload(
            "up", make_file(name, b"movie"), data={"k": "v"}, client=once
        )
        (field, file) = form_of(server.last)
        assert field == ("k", None, b"v")
        if any(c in sent for c in "\x0b\x0c\u0085\u2028"):
            # The mail parser takes these for the end of a line, as no server does.
            assert sent.encode() in server.last.body.split(b"\r\n")[5]
        else:
            assert file == ("file", sent, b"movie")

    def test_of_several(self, server, once, make_file):
        names = [name for name, _ in ODD_NAMES]
        paths = [make_file(name, name.encode()) for name in names]
        raw.upload("up", paths[0], extra_files=paths[1:], client=once)
        assert [p.content.decode() for p in server.last.parts] == names

    def test_that_are_no_text(self, server, once, failing, tmp_path):
        """A name that is not UTF-8 goes out as it is on the disk, or not at all."""
        path = os.path.join(str(tmp_path), "a\udcff.png")
        with open(path, "wb") as file:
            file.write(b"movie")
        try:
            raw.upload("up", path, client=once)
        except UnicodeEncodeError:
            assert server.requests == []
        else:
            assert server.last.parts[0].content == b"movie"
        assert usable(server, once)


class TestNothing:
    def test_up(self, server, once, make_file):
        calls = []
        raw.upload(
            "up",
            make_file("a.png", b""),
            client=once,
            progress_callback=lambda *a: calls.append(a),
        )
        assert form_of(server.last) == [("file", "a.png", b"")]
        assert calls in ([], [(0, 0)])

    @pytest.mark.parametrize(
        "answer",
        [
            Answer(body=b""),
            Answer(body=b"", chunked=True),
            Answer(body=b"", no_length=True, close=True),
            Answer(body=b"", encoding="gzip"),
            Answer(body=b"", headers=[("Content-Encoding", "gzip")]),
            Answer(status=204),
        ],
        ids=["length", "chunks", "close", "gzip", "no gzip", "204"],
    )
    @pytest.mark.parametrize("progress", [None, lambda *_: None])
    def test_down(self, server, once, target, answer, progress):
        target.write_bytes(b"old")
        server.on("GET", "x", answer)
        raw.download("x", str(target), client=once, progress_callback=progress)
        assert target.read_bytes() == b""
        assert raw.download("x", None, client=once).content == b""
        assert listdir(target.parent) == ["movie.mov"]


@needs.proc
@pytest.mark.big
class TestFiveGigabytes:
    SIZE = 5 << 30

    @pytest.mark.timeout(200)
    def test_sparse(self, server, python, tmp_path):
        path = tmp_path / "movie.mov"
        with open(str(path), "wb") as file:
            file.truncate(self.SIZE)
        process = python(
            [
                MEASURE,
                """
                last = []
                raw.upload("up", sys.argv[2], client=client,
                           progress_callback=lambda *a: last.append(a))
                assert last[-1] == (5 << 30, 5 << 30), last[-1]
                """,
                USABLE,
                REPORT,
            ],
            server.url + "/api",
            path,
            timeout=190,
        )
        assert server.of("POST", "up")[0].size > self.SIZE
        assert growth(process) < 32 * MIB


class TestCompressed:
    """Downloads that were packed on the way are unpacked, and whole or absent."""

    @pytest.mark.parametrize("at", [0.1, 0.5, 0.999])
    def test_cut_off(self, server, once, failing, target, at):
        target.write_bytes(b"old")
        packed = gzip.compress(os.urandom(1 << 16))
        cut = packed[: int(len(packed) * at)]
        server.on(
            "GET", "x", Answer(body=cut, headers={"Content-Encoding": "gzip"})
        )
        name, _ = failing(lambda: raw.download("x", str(target), client=once))
        assert name == "ContentDecodingError"
        assert target.read_bytes() == b"old"
        assert listdir(target.parent) == ["movie.mov"]
        assert usable(server, once)

    def test_damaged(self, server, once, failing, target):
        packed = bytearray(gzip.compress(os.urandom(1 << 16)))
        packed[-6] ^= 1
        server.on(
            "GET",
            "x",
            Answer(body=bytes(packed), headers={"Content-Encoding": "gzip"}),
        )
        name, _ = failing(lambda: raw.download("x", str(target), client=once))
        assert name == "ContentDecodingError"
        assert listdir(target.parent) == []


@needs.modes
def test_the_mode_of_a_new_file(server, client, target):
    """Others may read it as far as the user lets them read files."""
    server.on("GET", "x", b"movie")
    before = os.umask(0o027)
    try:
        raw.download("x", str(target), client=client)
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640

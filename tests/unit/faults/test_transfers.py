"""Uploads and downloads of files: special, changing, private, too large, interrupted."""

from __future__ import annotations

import contextlib
import email.message
import email.parser
import errno
import gzip
import hashlib
import io
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time

import pytest
from gazu import client as raw

from .. import needs
from ..memory_usage import MEASURE, MIB, REPORT, USABLE, growth
from ..recording_server import Answer, listdir
from .test_connections import usable

named_pipes = pytest.mark.skipif(
    not hasattr(os, "mkfifo"), reason="needs POSIX, such as named pipes"
)

#: Drop root's capabilities, so that permissions apply whoever runs the tests.
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


@pytest.fixture
def interrupted():
    """Interrupt a call by a signal; return the seconds that it took."""

    class Interrupted(Exception):
        pass

    def handle(*_):
        raise Interrupted

    def run(call):
        before = signal.signal(signal.SIGUSR1, handle)
        timer = threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGUSR1))
        start = time.monotonic()
        timer.start()
        try:
            with pytest.raises(Interrupted) as caught:
                call()
            caught.value.__traceback__ = None
        finally:
            timer.join()
            signal.signal(signal.SIGUSR1, before)
        return time.monotonic() - start

    return run


class TestDiskFull:
    """A limit of the process, a full device or file system, and an error of close()."""

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
    def test_a_limit_on_file_sizes_keeps_the_old_file(
        self, server, python, target, old, encoding
    ):
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
    def test_a_full_device_raises_enospc(self, server, once, failing):
        server.on("GET", "big", Answer(size=4 * MIB))
        name, error = failing(
            lambda: raw.download("big", "/dev/full", client=once)
        )
        assert (name, error.errno) == ("OSError", errno.ENOSPC)
        assert error.filename == "/dev/full"
        assert usable(server, once)

    @needs.proc
    @pytest.mark.parametrize("old", [False, True])
    def test_a_full_file_system_keeps_the_old_file(
        self, server, python, target, old
    ):
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
    def test_an_error_of_close_keeps_the_old_file(
        self, server, python, target, tmp_path, code
    ):
        """Network file systems may report an error only when a file is closed."""
        source, library = tmp_path / "close.c", tmp_path / "close.so"
        source.write_text(
            """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <errno.h>
            #include <fcntl.h>
            #include <stdarg.h>
            #include <stdio.h>
            #include <string.h>
            #include <unistd.h>

            #define OPEN(name) int name(const char *path, int flags, ...) { \\
                va_list more; va_start(more, flags); int mode = va_arg(more, int); \\
                if ((flags & O_TMPFILE) == O_TMPFILE) { errno = EOPNOTSUPP; return -1; } \\
                return ((int (*)(const char *, int, int)) dlsym(RTLD_NEXT, #name))( \\
                    path, flags, mode); }
            OPEN(open)
            OPEN(open64)

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
    """A target that cannot be written raises before a request is sent."""

    def test_a_missing_folder_raises(self, server, once, failing, tmp_path):
        path = str(tmp_path / "none" / "out")
        name, error = failing(lambda: raw.download("x", path, client=once))
        assert (name, error.filename) == ("FileNotFoundError", path)
        assert server.requests == []
        assert usable(server, once)

    @named_pipes
    @pytest.mark.parametrize("name", ["new/", "old/"])
    def test_a_path_that_ends_in_a_slash_raises(
        self, server, once, failing, tmp_path, name
    ):
        (tmp_path / "old").write_bytes(b"old")
        path = os.path.join(str(tmp_path), name)
        error_name, error = failing(
            lambda: raw.download("x", path, client=once)
        )
        assert (error_name, error.filename) == ("IsADirectoryError", path)
        assert server.requests == []

    @pytest.mark.parametrize("way", ["up", "down"])
    def test_an_error_names_a_path_of_bytes_as_given(
        self, once, failing, tmp_path, way
    ):
        path = os.fsencode(str(tmp_path / "none" / "a"))
        name, error = failing(lambda: WAYS[way](once, path, path, None))
        assert (name, error.filename) == ("FileNotFoundError", path)

    def test_a_file_in_place_of_a_folder_raises(
        self, server, once, failing, make_file
    ):
        path = os.path.join(make_file("file"), "out")
        name, error = failing(lambda: raw.download("x", path, client=once))
        expected, _ = failing(lambda: os.open(path, os.O_WRONLY | os.O_CREAT))
        assert (name, error.filename) == (expected, path)
        assert server.requests == []

    @needs.names_of_255
    @pytest.mark.parametrize("length", [256, 5000])
    def test_a_name_that_is_too_long_raises(
        self, server, once, failing, tmp_path, length
    ):
        path = str(tmp_path / ("n" * length))
        name, error = failing(lambda: raw.download("x", path, client=once))
        assert (name, error.errno) == ("OSError", errno.ENAMETOOLONG)
        assert error.filename == path
        assert server.requests == []
        assert listdir(tmp_path) == []

    @needs.names_of_255
    def test_the_longest_name_is_written(self, server, once, tmp_path):
        server.on("GET", "x", b"movie")
        path = tmp_path / ("n" * 255)
        raw.download("x", str(path), client=once)
        assert path.read_bytes() == b"movie"
        assert len(listdir(tmp_path)) == 1

    @needs.names_of_any_bytes
    @pytest.mark.parametrize(
        "name", ['a"b', "a\nb", "日本 😀", "\u202e.exe", " ", "a\\b", "\udcff"]
    )
    def test_unusual_names_are_written(self, server, once, tmp_path, name):
        server.on("GET", "x", b"movie")
        path = os.path.join(str(tmp_path), name)
        raw.download("x", path, client=once)
        assert listdir(tmp_path) == [name]

    @needs.symlinks
    def test_a_loop_of_links_raises(self, server, once, failing, tmp_path):
        (tmp_path / "a").symlink_to(tmp_path / "b")
        (tmp_path / "b").symlink_to(tmp_path / "a")
        path = str(tmp_path / "a")
        name, error = failing(lambda: raw.download("x", path, client=once))
        assert (name, error.errno) == ("OSError", errno.ELOOP)
        assert server.requests == []

    @needs.proc
    @needs.modes
    def test_a_read_only_folder_raises(self, server, python, target):
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
    def test_a_read_only_file_is_not_touched(self, server, python, target):
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
    def test_a_file_in_a_read_only_folder_is_written_at_the_end(
        self, server, python, target
    ):
        """A download that fails keeps the old content."""
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
    def test_a_folder_removed_during_the_download_raises(
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

    def test_downloads_at_once_leave_one_whole_file(
        self, server, client, target
    ):
        """The last download wins."""
        one, other = b"1" * (2 * MIB), b"2" * (2 * MIB)
        server.on("GET", "one", Answer(body=one))
        server.on("GET", "other", Answer(body=other))
        done = []

        def download(path):
            raw.download(path, str(target), client=client)
            done.append(path)

        threads = [
            threading.Thread(target=download, args=(path,))
            for path in ("one", "other") * 4
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert len(done) == len(threads)
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
    def test_a_callback_may_raise(
        self, server, once, target, make_file, error, where, way
    ):
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
    def test_a_callback_without_arguments_raises(
        self, server, once, target, make_file, way
    ):
        server.on("GET", "x", Answer(size=MIB))
        with pytest.raises(TypeError):
            WAYS[way](once, make_file(), str(target), lambda: None)
        assert listdir(target.parent) == []
        assert usable(server, once)


def has_unnamed_files(folder):
    """Return whether the file system can make files without a name (O_TMPFILE)."""
    try:
        os.close(os.open(str(folder), os.O_TMPFILE | os.O_RDWR))
    except (AttributeError, OSError):
        return False
    return True


class TestSpecialTargets:
    """Pipes, devices and descriptors are written to, and never replaced."""

    SIZE = 300000

    @staticmethod
    def reading(path):
        """Read a pipe to its end in a thread."""
        got = []

        def read():
            with open(path, "rb") as file:
                got.append(file.read())

        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread, got

    @pytest.fixture
    def pipe(self, tmp_path):
        path = str(tmp_path / "pipe")
        os.mkfifo(path)
        return path

    @named_pipes
    @pytest.mark.parametrize("encoding", [None, "gzip"])
    def test_download_to_a_pipe_writes_its_content(
        self, server, once, pipe, encoding
    ):
        content = os.urandom(self.SIZE)
        server.on("GET", "x", Answer(body=content, encoding=encoding))
        thread, got = self.reading(pipe)
        raw.download("x", pipe, client=once)
        thread.join(5)
        assert got == [content]
        assert stat.S_ISFIFO(os.lstat(pipe).st_mode)

    @named_pipes
    def test_empty_download_to_a_pipe_ends_its_reader(
        self, server, once, pipe
    ):
        server.on("GET", "x", b"")
        thread, got = self.reading(pipe)
        raw.download("x", pipe, client=once)
        thread.join(5)
        assert got == [b""]

    @named_pipes
    def test_failed_download_does_not_open_a_pipe(
        self, server, once, failing, pipe
    ):
        server.on("GET", "x", Answer({}, status=404))
        name, _ = failing(lambda: raw.download("x", pipe, client=once))
        assert name == "RouteNotFoundException"

    @named_pipes
    @pytest.mark.parametrize("through", ["core", "session"])
    def test_partial_download_to_a_pipe_is_not_repeated(
        self, server, client, failing, pipe, through
    ):
        if through == "session":
            client.session = pytest.importorskip("requests").Session()
        server.on(
            "GET",
            "x",
            Answer(body=bytes(self.SIZE), truncate=self.SIZE // 2),
            Answer(body=bytes(self.SIZE)),
        )
        thread, got = self.reading(pipe)
        name, _ = failing(lambda: raw.download("x", pipe, client=client))
        thread.join(5)
        assert name == "ChunkedEncodingError"
        (written,) = got
        # urllib3 drops the last part of a body that is truncated.
        assert bytes(self.SIZE // 2).startswith(written)
        assert (
            written if through == "session" else len(written) == self.SIZE // 2
        )
        assert len(server.requests) == 1

    @named_pipes
    def test_download_that_an_adapter_repeats_is_written_as_it_arrives(
        self, peer, pipe
    ):
        adapters = pytest.importorskip("requests").adapters
        urllib3 = pytest.importorskip("urllib3")
        begun, got = threading.Event(), []

        def script(connection):
            connection.read()
            connection.answer(status="503 BUSY")
            connection.read()
            connection.say("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n")
            connection.say("half")
            begun.wait()
            connection.say("rest")

        def read():
            with open(pipe, "rb", 0) as file:
                got.append(file.read(4))
                begun.set()
                got.append(file.read(4))

        client = raw.create_client(peer(script).url + "/api")
        policy = urllib3.Retry(total=3, status_forcelist=[503])
        client.session.mount(
            "http://", adapters.HTTPAdapter(max_retries=policy)
        )
        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        raw.download("x", pipe, client=client)
        thread.join()
        assert got == [b"half", b"rest"]

    @named_pipes
    @pytest.mark.parametrize("read", [False, True])
    def test_deadline_ends_a_download_to_a_pipe(
        self, server, client, failing, pipe, read
    ):
        """The pipe has no reader, or one that does not read."""
        client.deadline = 0.5
        server.on("GET", "x", Answer(size=MIB))
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK) if read else None
        name, _ = failing(lambda: raw.download("x", pipe, client=client))
        assert name == "ReadTimeout"
        if reader is not None:
            os.close(reader)

    @named_pipes
    @pytest.mark.parametrize("read", [False, True])
    def test_signal_ends_a_download_to_a_pipe(
        self, server, once, pipe, interrupted, read
    ):
        server.on("GET", "x", Answer(size=MIB))
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK) if read else None
        assert interrupted(lambda: raw.download("x", pipe, client=once)) < 2
        if reader is not None:
            os.close(reader)

    @needs.proc
    def test_download_to_an_unnamed_pipe_writes_its_content(
        self, server, once
    ):
        server.on("GET", "x", Answer(size=self.SIZE))
        end, other = os.pipe()
        thread, got = self.reading(end)
        try:
            raw.download("x", "/dev/fd/%d" % other, client=once)
        finally:
            os.close(other)
        thread.join(5)
        assert got == [bytes(self.SIZE)]

    @needs.proc
    def test_download_to_standard_output_writes_its_content(
        self, server, python
    ):
        server.on("GET", "x", b"movie")
        process = python(
            [MEASURE, "raw.download('x', '/dev/stdout', client=client)"],
            server.url + "/api",
        )
        assert process.stdout == "movie"

    @needs.proc
    @pytest.mark.parametrize("name", ["/proc/self/fd/%d", "/dev/fd/%d"])
    @pytest.mark.parametrize("kind", ["memory", "removed", "unnamed"])
    def test_download_to_an_unnamed_file_replaces_its_content(
        self, server, once, tmp_path, name, kind
    ):
        content = os.urandom(self.SIZE)
        server.on("GET", "x", content)
        if kind == "memory":
            if not hasattr(os, "memfd_create"):
                pytest.skip("no such function in this Python")
            descriptor = os.memfd_create("x")
        elif kind == "removed":
            path = str(tmp_path / "gone")
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR)
            os.unlink(path)
        else:
            with tempfile.TemporaryFile() as file:
                descriptor = os.dup(file.fileno())
        try:
            os.write(descriptor, b"old" * self.SIZE)
            raw.download("x", name % descriptor, client=once)
            assert os.pread(descriptor, self.SIZE + 1, 0) == content
        finally:
            os.close(descriptor)
        assert listdir(tmp_path) == []

    @pytest.mark.parametrize("status", [200, 404])
    def test_download_to_a_descriptor_writes_and_closes_it(
        self, server, once, target, status
    ):
        """Python's open() does the same with a descriptor."""
        server.on("GET", "x", Answer(body=b"movie", status=status))
        descriptor = os.open(str(target), os.O_CREAT | os.O_RDWR)
        os.write(descriptor, b"a ")
        try:
            raw.download("x", descriptor, client=once)
        except raw.RouteNotFoundException:
            os.close(descriptor)
            assert (status, target.read_bytes()) == (404, b"a ")
            return
        with pytest.raises(OSError):
            os.close(descriptor)
        assert target.read_bytes() == b"a movie"

    def test_download_to_a_closed_descriptor_raises(
        self, server, once, failing
    ):
        server.on("GET", "x", b"movie")
        name, error = failing(lambda: raw.download("x", 987, client=once))
        assert (name, error.errno) == ("OSError", errno.EBADF)


class TestKeptTargets:
    """A target is written in place where a new file would lose something."""

    CONTENT = bytes(range(256)) * 1000

    @pytest.fixture
    def download(self, server, once, target):
        server.on("GET", "x", self.CONTENT)
        server.on("GET", "broken", Answer(size=4 * MIB, reset="body"))
        target.write_bytes(b"old")

        def run(path=None):
            path = path or str(target)
            before = listdir(target.parent)
            with pytest.raises(Exception) as caught:
                raw.download("broken", path, client=once)
            assert (
                not isinstance(caught.value, OSError)
                or "broken" in str(caught.value).lower()
                or "reset" in str(caught.value).lower()
            )
            with open(path, "rb") as file:
                assert file.read() == b"old"
            raw.download("x", path, client=once)
            with open(path, "rb") as file:
                assert file.read() == self.CONTENT
            assert listdir(target.parent) == before

        return run

    @named_pipes
    def test_download_keeps_hard_links(self, download, target):
        os.link(str(target), str(target.parent / "other"))
        download()
        assert (target.parent / "other").read_bytes() == self.CONTENT

    @named_pipes
    @pytest.mark.parametrize(
        "how", [lambda p: p, lambda p: os.path.relpath(p)]
    )
    def test_download_to_a_file_open_in_this_process_keeps_it(
        self, download, target, how
    ):
        with open(str(target), "rb") as opened:
            download(how(str(target)))
            assert opened.read() == self.CONTENT

    def test_download_to_a_named_temporary_file_is_read_there(
        self, server, once
    ):
        if os.name == "nt":
            pytest.skip("Windows lets nobody else write it")
        server.on("GET", "x", self.CONTENT)
        with tempfile.NamedTemporaryFile() as file:
            raw.download("x", file.name, client=once)
            assert file.read() == self.CONTENT

    @needs.proc
    def test_download_keeps_extended_attributes(self, download, target):
        try:
            os.setxattr(str(target), "user.tag", b"value")
        except OSError as error:
            pytest.skip("no attributes here: %s" % error)
        download()
        assert os.getxattr(str(target), "user.tag") == b"value"

    @named_pipes
    @pytest.mark.skipif(
        getattr(os, "geteuid", lambda: 1)() != 0, reason="needs root"
    )
    def test_download_keeps_the_owner(self, download, target):
        """Root can change the owner of a new file."""
        os.chown(str(target), 1234, 4321)
        os.chmod(str(target), 0o640)
        download()
        after = target.stat()
        assert (after.st_uid, after.st_gid) == (1234, 4321)
        assert stat.S_IMODE(after.st_mode) == 0o640

    OTHER_USER = """
        os.setgid(65534)
        os.setuid(65534)
        """

    @needs.proc
    @pytest.mark.skipif(
        getattr(os, "geteuid", lambda: 1)() != 0, reason="needs root"
    )
    @pytest.mark.parametrize("mode", [0o1777, 0o777, 0o755])
    def test_download_to_a_file_of_another_user_keeps_the_owner(
        self, server, python, mode
    ):
        server.on("GET", "x", b"movie")
        with tempfile.TemporaryDirectory(dir="/tmp") as folder:
            os.chmod(folder, mode)
            path = os.path.join(folder, "a")
            with open(path, "w") as file:
                file.write("old")
            os.chmod(path, 0o666)
            python(
                [
                    MEASURE,
                    # The other user may not be able to read the standard library.
                    "import os; raw.download('x', os.devnull, client=client)",
                    self.OTHER_USER,
                    "raw.download('x', sys.argv[2], client=client)",
                ],
                server.url + "/api",
                path,
            )
            assert listdir(folder) == ["a"]
            with open(path) as file:
                assert file.read() == "movie"
            assert (os.stat(path).st_uid, os.stat(path).st_gid) == (0, 0)

    INSIDE = ("unshare", "--user", "--map-root-user", "--mount")

    @pytest.fixture
    def mounting(self, target):
        mount = ["mount", "-t", "tmpfs", "none", str(target.parent)]
        try:
            subprocess.check_output(
                list(self.INSIDE) + mount, stderr=subprocess.STDOUT
            )
        except (OSError, subprocess.CalledProcessError) as error:
            pytest.skip("no file system of one's own here: %s" % error)

    @needs.proc
    def test_download_to_a_bind_mount_writes_its_source(
        self, server, python, target, mounting
    ):
        server.on("GET", "x", b"movie")
        target.write_bytes(b"old")
        source = target.parent / "source"
        source.write_bytes(b"source")
        python(
            [
                MEASURE,
                """
                import subprocess

                subprocess.check_call(["mount", "--bind", sys.argv[3], sys.argv[2]])
                raw.download("x", sys.argv[2], client=client)
                """,
            ],
            server.url + "/api",
            target,
            source,
            under=list(self.INSIDE),
        )
        assert source.read_bytes() == b"movie"
        assert target.read_bytes() == b"old"
        assert listdir(target.parent) == ["movie.mov", "source"]

    @needs.proc
    @pytest.mark.parametrize("names", [1, 2])
    @pytest.mark.parametrize("length", [True, False])
    def test_download_without_room_for_two_files_succeeds(
        self, server, python, target, mounting, names, length
    ):
        """The old content is removed first if the new content fits in its place."""
        content = os.urandom(1500000)
        server.on("GET", "x", Answer(body=content, chunked=not length))
        process = python(
            [
                MEASURE,
                """
                import hashlib, os, subprocess

                folder = os.path.dirname(sys.argv[2])
                subprocess.check_call(
                    ["mount", "-t", "tmpfs", "-o", "size=2m", "none", folder])
                with open(sys.argv[2], "wb") as file:
                    file.write(bytes(1500000))
                if %r == 2:
                    os.link(sys.argv[2], sys.argv[2] + "2")
                raw.download("x", sys.argv[2], client=client)
                assert len(os.listdir(folder)) == %r
                with open(sys.argv[2], "rb") as file:
                    print(hashlib.sha1(file.read()).hexdigest())
                """
                % (names, names),
            ],
            server.url + "/api",
            target,
            under=list(self.INSIDE),
        )
        assert process.stdout.strip() == hashlib.sha1(content).hexdigest()

    @needs.proc
    def test_download_to_a_private_file_is_never_readable_by_others(
        self, server, once, target
    ):
        server.on("GET", "x", Answer(size=4 * MIB))
        modes = []

        def look(*_):
            for descriptor in os.listdir("/proc/self/fd"):
                path = "/proc/self/fd/" + descriptor
                with contextlib.suppress(OSError):
                    if str(target.parent) in os.readlink(path):
                        modes.append(stat.S_IMODE(os.stat(path).st_mode))

        before = os.umask(0)
        try:
            target.write_bytes(b"old")
            target.chmod(0o600)
            raw.download("x", str(target), client=once, progress_callback=look)
        finally:
            os.umask(before)
        assert set(modes) == {0o600}
        assert stat.S_IMODE(target.stat().st_mode) == 0o600


@needs.signals
class TestKilled:
    @pytest.mark.parametrize("old", [False, True])
    @pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
    def test_killed_download_leaves_no_partial_file(
        self, server, target, old, name
    ):
        """A temporary file is left only where the file system needs a name for it."""
        number = getattr(signal, name)
        if old:
            target.write_bytes(b"old")
        server.on("GET", "x", Answer(body=bytes(MIB), drip=(10000, 0.05)))
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys; from gazu import client as raw;"
                "raw.download('x', sys.argv[2], client=raw.create_client(sys.argv[1]),"
                " progress_callback=lambda done, _: done > 20000 and print(done, flush=True))",
                server.url + "/api",
                str(target),
            ],
            stdout=subprocess.PIPE,
        )
        try:
            assert process.stdout.readline()
        finally:
            process.send_signal(number)
            assert process.wait(10) == -number
            process.stdout.close()
        left = [n for n in listdir(target.parent) if n != "movie.mov"]
        assert all(n.startswith(".gazu-") for n in left)
        assert len(left) == (0 if has_unnamed_files(target.parent) else 1)
        assert target.exists() is old
        if old:
            assert target.read_bytes() == b"old"

    def test_killed_upload_is_seen_as_incomplete(self, server, tmp_path):
        """The server receives no whole request."""
        path = tmp_path / "a.mov"
        with open(str(path), "wb") as file:
            file.truncate(256 * MIB)
        program = (
            "import os, signal, sys; from gazu import client as raw;"
            "raw.upload('x', sys.argv[2], client=raw.create_client(sys.argv[1]),"
            # Not all of this is buffered: some of it has been sent.
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
    """Files that change while they are uploaded."""

    SIZE = 16 * MIB

    @pytest.fixture
    def uploading(self, peer, once, tmp_path):
        """Change a file during its upload; return the result or exception, and the requests."""

        def upload(change, opened=False):
            path = tmp_path / "a.mov"
            path.write_bytes(b"a" * self.SIZE)
            begun, go_on = threading.Event(), threading.Event()

            def script(connection):
                # The system must not take most of the file before it changes.
                connection.socket.setsockopt(
                    socket.SOL_SOCKET, socket.SO_RCVBUF, 262144
                )
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
    def test_upload_of_a_truncated_file_raises(
        self, server, once, uploading, opened, size
    ):
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
    def test_upload_of_a_removed_file_sends_its_content(self, uploading):
        """A file that is open can be read to its end."""
        outcome, requests = uploading(os.remove)
        assert outcome == {"ok": True}
        assert requests[0].parts[0].content == b"a" * self.SIZE

    @needs.removal_of_open_files
    def test_upload_of_a_replaced_file_sends_the_old_content(
        self, uploading, tmp_path
    ):
        def replace(path):
            (tmp_path / "b.mov").write_bytes(b"b")
            os.replace(str(tmp_path / "b.mov"), str(path))

        outcome, requests = uploading(replace)
        assert outcome == {"ok": True}
        assert requests[0].parts[0].content == b"a" * self.SIZE

    @pytest.mark.parametrize("opened", [False, True])
    def test_upload_of_a_growing_file_sends_its_first_size(
        self, uploading, opened
    ):
        """The request has announced this size."""

        def append(path):
            with open(str(path), "ab") as file:
                file.write(b"b" * MIB)

        outcome, requests = uploading(append, opened)
        assert outcome == {"ok": True}
        assert requests[0].parts[0].content == b"a" * self.SIZE

    def test_upload_of_an_overwritten_file_keeps_its_size(self, uploading):
        def overwrite(path):
            with open(str(path), "r+b") as file:
                file.write(b"b" * self.SIZE)

        outcome, requests = uploading(overwrite)
        assert outcome == {"ok": True}
        (part,) = requests[0].parts
        assert len(part.content) == self.SIZE
        assert set(part.content) <= set(b"ab")

    def test_repeated_upload_of_a_truncated_file_raises(
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
    def test_repeated_upload_of_a_removed_file_sends_its_content(
        self, server, once, make_file
    ):
        path = make_file("a.mov", b"a" * MIB)
        once.callback_not_authenticated = lambda *_: os.remove(path) or True
        server.on("POST", "up", Answer({}, status=401), {})
        raw.upload("up", path, client=once)
        assert [len(r.parts[0].content) for r in server.requests] == [MIB] * 2

    @needs.proc
    def test_upload_of_an_unreadable_file_raises(self, server, once, failing):
        """The file can be opened, and reading fails."""
        path = "/proc/self/mem"
        with open(path, "rb", 0) as file:
            name, error = failing(
                lambda: raw.upload("up", files={"f": file}, client=once)
            )
        assert (name, error.errno) == ("OSError", errno.EIO)
        assert usable(server, once)


class TestSources:
    """An upload sends what can be read from a file, whatever size the system reports."""

    @pytest.fixture
    def pipe(self, tmp_path):
        path = str(tmp_path / "pipe.mov")
        os.mkfifo(path)
        return path

    @named_pipes
    @pytest.mark.parametrize("size", [0, 1, 5 * MIB])
    @pytest.mark.parametrize("progress", [None, lambda *_: None])
    def test_upload_of_a_pipe_sends_its_content(
        self, server, once, pipe, size, progress
    ):
        """The writer is a slow thread of this process."""
        content = os.urandom(size)

        def write():
            with open(pipe, "wb") as file:
                time.sleep(0.1)
                file.write(content)

        thread = threading.Thread(target=write)
        thread.start()
        raw.upload("up", pipe, client=once, progress_callback=progress)
        thread.join()
        (part,) = server.last.parts
        assert (part.filename, part.content == content) == ("pipe.mov", True)
        assert int(server.last.header("Content-Length")) == len(
            server.last.body
        )

    @needs.proc
    def test_deadline_ends_an_upload_of_a_pipe(self, client, failing, pipe):
        client.deadline = 0.5
        name, _ = failing(lambda: raw.upload("up", pipe, client=client))
        assert name == "ReadTimeout"

    @named_pipes
    def test_signal_ends_an_upload_of_a_pipe_without_a_writer(
        self, once, pipe, interrupted
    ):
        assert interrupted(lambda: raw.upload("up", pipe, client=once)) < 2

    @named_pipes
    def test_signal_ends_an_upload_of_a_pipe_with_a_silent_writer(
        self, once, pipe, interrupted
    ):
        writer = os.open(pipe, os.O_RDWR)
        assert interrupted(lambda: raw.upload("up", pipe, client=once)) < 2
        os.close(writer)

    @needs.proc
    @pytest.mark.parametrize("opened", [False, True])
    @pytest.mark.parametrize("path", ["/proc/version", "/proc/self/environ"])
    def test_upload_of_a_file_with_size_zero_sends_its_content(
        self, server, once, path, opened
    ):
        with open(path, "rb") as file:
            content = file.read()
        assert os.stat(path).st_size == 0
        if opened:
            with open(path, "rb") as file:
                raw.upload("up", files={"f": file}, client=once)
        else:
            raw.upload("up", path, client=once)
        assert server.last.parts[0].content == content

    @needs.proc
    @pytest.mark.parametrize("status", [401, 308])
    def test_repeated_upload_of_a_file_with_size_zero_sends_its_content(
        self, server, once, status
    ):
        path = "/proc/version"
        once.callback_not_authenticated = lambda *_: True
        headers = {"Location": "/api/there"} if status == 308 else {}
        server.on("POST", "up", Answer({}, status=status, headers=headers), {})
        raw.upload("up", path, client=once)
        bodies = [r.parts[0].content for r in server.requests]
        with open(path, "rb") as file:
            assert bodies == [file.read()] * 2

    @needs.proc
    def test_upload_of_standard_input_sends_its_content(
        self, server, python, tmp_path
    ):
        path = tmp_path / "in"
        path.write_bytes(b"movie")
        for redirection in ("cat %s |", "<%s"):
            command = redirection % path
            python(
                [MEASURE, "raw.upload('up', '/dev/stdin', client=client)"],
                server.url + "/api",
                under=["sh", "-c", command + ' "$@"', "sh"],
            )
            assert server.last.parts[0].content == b"movie"

    @pytest.mark.parametrize("size", [0, 5 * MIB])
    def test_upload_of_an_open_pipe_sends_its_content(
        self, server, once, size
    ):
        content = os.urandom(size)
        end, other = os.pipe()

        def write():
            with os.fdopen(other, "wb") as file:
                file.write(content)

        thread = threading.Thread(target=write)
        thread.start()
        with os.fdopen(end, "rb") as file:
            raw.upload("up", files={"f": file}, client=once)
        thread.join()
        assert server.last.parts[0].content == content

    def test_upload_of_a_descriptor_sends_its_rest_and_closes_it(
        self, server, once, make_file
    ):
        """Reading begins at the position of the descriptor."""
        descriptor = os.open(make_file("a.mov", b"a movie"), os.O_RDONLY)
        os.read(descriptor, 2)
        raw.upload("up", descriptor, client=once)
        assert [
            (p.name, p.filename, p.content) for p in server.last.parts
        ] == [("file", "file", b"movie")]
        with pytest.raises(OSError):
            os.close(descriptor)

    def test_upload_of_a_closed_descriptor_raises(self, server, once, failing):
        name, error = failing(lambda: raw.upload("up", 987, client=once))
        assert (name, error.errno) == ("OSError", errno.EBADF)
        assert server.requests == []


class TestEarlyAnswers:
    """The server answers before it has read the body."""

    @staticmethod
    def early(answer, then="read"):
        """Return a script that answers before it reads, and a list of how much it has read."""
        counted = []

        def script(connection):
            while b"\r\n\r\n" not in connection._held:
                connection._more()
            head, _, held = connection._held.partition(b"\r\n\r\n")
            if b" /api/up " not in head.split(b"\r\n")[0] + b" ":
                connection.read()
                connection.answer(b'{"there": true}', "Connection: close")
                return
            connection.say(answer)
            if then == "close":
                return
            length = int(
                head.lower().partition(b"content-length: ")[2].split()[0]
            )
            got = len(held)
            while got < length:
                data = connection.socket.recv(1 << 16)
                if not data:
                    break
                got += len(data)
            counted.append((got, length))

        return script, counted

    OK = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}"
    SIZE = 12 * MIB

    def send(self, kind, client, url, make_file):
        if kind == "file":
            return raw.upload(
                "up", make_file("a.mov", bytes(self.SIZE)), client=client
            )
        if kind == "json":
            return raw.post("up", {"a": "x" * self.SIZE}, client=client)
        if kind == "bytes":
            data = bytes(self.SIZE)
        else:
            data = io.BytesIO(bytes(self.SIZE))
        return client.session.put(url + "/api/up", data=data).json()

    @pytest.mark.parametrize("kind", ["file", "json", "bytes", "object"])
    def test_early_success_returns_when_all_is_sent(
        self, peer, once, make_file, kind
    ):
        script, counted = self.early(self.OK)
        there = peer(script)
        once.host = there.url + "/api"
        assert self.send(kind, once, there.url, make_file) == {}
        for thread in there._threads:
            thread.join(10)
        ((got, length),) = counted
        assert got == length > self.SIZE - 1

    @pytest.mark.parametrize("kind", ["file", "json", "bytes", "object"])
    def test_early_success_raises_when_the_server_closes(
        self, peer, once, make_file, failing, kind
    ):
        script, _ = self.early(self.OK, then="close")
        there = peer(script)
        once.host = there.url + "/api"
        name, _ = failing(lambda: self.send(kind, once, there.url, make_file))
        assert name == "ConnectionError"

    @pytest.mark.parametrize("size", [1000, 300000, 8 * MIB])
    @pytest.mark.parametrize("status", [307, 308])
    def test_early_redirect_sends_the_whole_file_again(
        self, peer, once, make_file, size, status
    ):
        """Each attempt has its own body."""
        script, _ = self.early(
            "HTTP/1.1 %d X\r\nLocation: /there\r\nContent-Length: 0\r\n"
            "Connection: close\r\n\r\n" % status
        )
        there = peer(script)
        once.host = there.url + "/api"
        content = os.urandom(size)
        path = make_file("a.mov", content)
        for _ in range(5):
            there.requests.clear()
            assert raw.upload("up", path, client=once) == {"there": True}
            (request,) = there.requests
            assert request.parts[0].content == content


def form_of(request):
    """Return the fields of a multipart form, as the mail parser of Python reads them."""
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


UNUSUAL_NAMES = [
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
class TestFileNames:
    @pytest.mark.parametrize(
        "name, sent",
        UNUSUAL_NAMES,
        ids=[ascii(n[:20]) for n, _ in UNUSUAL_NAMES],
    )
    def test_upload_escapes_file_names(
        self, server, once, make_file, name, sent
    ):
        raw.upload(
            "up", make_file(name, b"movie"), data={"k": "v"}, client=once
        )
        (field, file) = form_of(server.last)
        assert field == ("k", None, b"v")
        if any(c in sent for c in "\x0b\x0c\u0085\u2028"):
            # The mail parser takes these for line ends; servers do not.
            assert sent.encode() in server.last.body.split(b"\r\n")[5]
        else:
            assert file == ("file", sent, b"movie")

    def test_upload_of_several_files_with_unusual_names_sends_all(
        self, server, once, make_file
    ):
        names = [name for name, _ in UNUSUAL_NAMES]
        paths = [make_file(name, name.encode()) for name in names]
        raw.upload("up", paths[0], extra_files=paths[1:], client=once)
        assert [p.content.decode() for p in server.last.parts] == names

    def test_upload_of_a_name_that_is_not_utf_8_sends_it_or_raises(
        self, server, once, failing, tmp_path
    ):
        """The name is sent as it is on the disk, or nothing is sent."""
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


class TestEmptyFiles:
    def test_upload_of_an_empty_file_sends_it(self, server, once, make_file):
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
    def test_download_of_an_empty_file_writes_it(
        self, server, once, target, answer, progress
    ):
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
    def test_upload_of_a_sparse_file_takes_constant_memory(
        self, server, python, tmp_path
    ):
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
    """Compressed downloads are decompressed, and whole or absent."""

    @pytest.mark.parametrize("at", [0.1, 0.5, 0.999])
    def test_truncated_download_keeps_the_old_file(
        self, server, once, failing, target, at
    ):
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

    def test_damaged_download_leaves_no_file(
        self, server, once, failing, target
    ):
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
def test_download_to_a_new_file_uses_the_umask(server, client, target):
    server.on("GET", "x", b"movie")
    before = os.umask(0o027)
    try:
        raw.download("x", str(target), client=client)
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o640

"""What differs on Windows. The tests run on every system that has what they need."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import subprocess
import sys
import threading

import gazu
import psutil
import pytest
from gazu import client as raw
from gazu._engine import private_files

from . import needs
from .recording_server import Answer, RecordingServer

CONTENT = b"new content"


@pytest.fixture
def download(server, client):
    """Download some bytes to a path."""
    server.on("GET", "a.bin", CONTENT)

    def load(target):
        return raw.download("a.bin", str(target), client=client)

    return load


def upload(client, path):
    return raw.upload("data/x", str(path), client=client)


def raised_by(function, *args):
    with pytest.raises(OSError) as caught:
        function(*args)
    return caught.value


class TestErrors:
    """The class and the number are those of Python's own functions."""

    @staticmethod
    def same(error, other):
        assert type(error) is type(other)
        assert error.errno == other.errno
        assert error.filename == other.filename

    def test_uploading_a_folder(self, client, server, tmp_path):
        error = raised_by(upload, client, tmp_path)
        self.same(error, raised_by(open, str(tmp_path), "rb"))
        assert server.requests == []

    @pytest.mark.parametrize("name", ["missing", "missing/file"])
    def test_uploading_a_missing_file(self, client, server, tmp_path, name):
        path = tmp_path / name
        error = raised_by(upload, client, path)
        self.same(error, raised_by(open, str(path), "rb"))
        assert server.requests == []

    def test_downloading_to_a_folder(self, download, server, tmp_path):
        error = raised_by(download, tmp_path)
        self.same(error, raised_by(open, str(tmp_path), "wb"))
        assert server.requests == []

    def test_downloading_into_a_missing_folder(
        self, download, server, tmp_path
    ):
        path = tmp_path / "missing" / "file"
        error = raised_by(download, path)
        self.same(error, raised_by(open, str(path), "wb"))
        assert server.requests == []

    @pytest.mark.skipif(
        not hasattr(OSError(), "winerror"), reason="needs codes of Windows"
    )
    def test_the_code_and_the_text_are_those_of_windows(
        self, client, tmp_path
    ):
        error = raised_by(upload, client, tmp_path / "missing")
        other = raised_by(os.stat, str(tmp_path / "missing"))
        assert (error.winerror, error.strerror) == (
            other.winerror,
            other.strerror,
        )
        assert str(error) == str(other)


class TestTargets:
    def test_a_file_that_is_open_is_written_into(self, download, tmp_path):
        """Windows does not replace a file that a program has open."""
        target = tmp_path / "a"
        target.write_bytes(b"old and much longer than the new content")
        with open(str(target), "rb", buffering=0) as stream:
            assert stream.read(3) == b"old"
            download(target)
            stream.seek(0)
            assert stream.read() == CONTENT
        assert target.read_bytes() == CONTENT
        assert os.listdir(str(tmp_path)) == ["a"]

    def test_a_file_that_another_program_has_open(
        self, download, tmp_path, other_program
    ):
        target = tmp_path / "a"
        target.write_bytes(b"old")
        with other_program(target):
            download(target)
            assert target.read_bytes() == CONTENT
        assert os.listdir(str(tmp_path)) == ["a"]

    def test_the_null_device(self, download):
        download(os.devnull)

    @pytest.mark.parametrize("name", [os.devnull, "./" + os.devnull])
    def test_the_null_device_is_an_empty_file(self, client, server, name):
        try:
            open(name, "rb").close()
        except OSError:
            pytest.skip("needs devices in every folder")
        upload(client, name)
        assert server.last.parts[0].content == b""

    def test_a_long_path(self, download, tmp_path):
        folder = tmp_path
        while len(str(folder)) < 240:
            folder = folder / ("d" * 40)
        try:
            os.makedirs(str(folder))
        except OSError:
            pytest.skip("needs folders with long paths")
        target = folder / ("f" * 60)
        download(target)
        # Python's own `open` may not find the path.
        assert [
            (entry.name, entry.stat().st_size)
            for entry in os.scandir(str(folder))
        ] == [("f" * 60, len(CONTENT))]
        download(target)

    @needs.drives
    def test_a_path_that_is_relative_to_a_drive(
        self, download, tmp_path, monkeypatch
    ):
        monkeypatch.chdir(tmp_path)
        drive = os.path.splitdrive(os.getcwd())[0]
        download(drive + "a")
        assert (tmp_path / "a").read_bytes() == CONTENT

    @needs.drives
    def test_a_path_that_begins_with_a_device_name(self, download, tmp_path):
        target = "\\\\?\\" + str(tmp_path / "a")
        download(target)
        assert (tmp_path / "a").read_bytes() == CONTENT

    @needs.shares
    @pytest.mark.parametrize("start", ["\\\\", "\\\\?\\UNC\\"])
    def test_a_file_on_a_share(
        self, download, client, server, tmp_path, start
    ):
        folder = start + needs.shared(str(tmp_path))[2:]
        download(folder + "\\a")
        assert (tmp_path / "a").read_bytes() == CONTENT
        upload(client, folder + "\\a")
        assert server.last.parts[0].filename == "a"
        assert server.last.parts[0].content == CONTENT
        for function in (download, lambda path: upload(client, path)):
            path = folder + "\\missing\\a"
            TestErrors.same(
                raised_by(function, path), raised_by(open, path, "rb")
            )

    @pytest.mark.parametrize("unit", [0xD800, 0xDCFF])
    def test_a_name_with_a_lone_surrogate(
        self, download, client, server, tmp_path, unit
    ):
        """Windows' names are any 16-bit units, and Linux' are any bytes."""
        name = "a" + chr(unit) + "b"
        path = os.path.join(str(tmp_path), name)
        try:
            open(path, "wb").close()
            there = os.listdir(str(tmp_path)) == [name]
        except (OSError, UnicodeError):
            there = False
        if not there:
            pytest.skip("needs file names with lone surrogates")
        os.remove(path)
        download(path)
        assert os.listdir(str(tmp_path)) == [name]
        upload(client, path)
        assert server.last.parts[0].content == CONTENT


class TestPrivateFiles:
    """Windows neither removes nor replaces a file while somebody reads it."""

    @pytest.fixture
    def path(self, tmp_path):
        """A file that is being read for a moment."""
        path = tmp_path / "a"
        path.write_bytes(b"old")
        with open(str(path), "rb") as stream:
            timer = threading.Timer(0.2, stream.close)
            timer.start()
            yield str(path)
            timer.join()

    def test_it_is_removed_afterwards(self, path):
        private_files.remove(path)
        assert not os.path.exists(path)

    def test_it_is_replaced_afterwards(self, path):
        private_files.write(path, b"new")
        with open(path, "rb") as stream:
            assert stream.read() == b"new"
        assert os.listdir(os.path.dirname(path)) == ["a"]


@pytest.fixture
def other_program():
    """A program that has a file open until the block ends."""

    @contextlib.contextmanager
    def running(path):
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "import sys; f = open(sys.argv[1], 'rb'); print(1, flush=True);"
                " sys.stdin.read()",
                str(path),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            process.stdout.readline()
            yield
        finally:
            process.communicate()

    return running


class TestEventLoops:
    """Nothing remains of an event loop: no thread and no descriptor."""

    @staticmethod
    def descriptors():
        process = psutil.Process()
        count = getattr(process, "num_handles", None) or process.num_fds
        return count()

    @staticmethod
    def threads():
        """Return our threads, without those of the server."""
        names = [thread.name for thread in threading.enumerate()]
        return sorted(name for name in names if name.startswith("gazu"))

    def test_many_loops(self, server):
        server.on("GET", "data/x", {"a": 1})

        async def once():
            host = server.url + "/api"
            async with gazu.aio.AsyncKitsuClient(host) as client:
                return await gazu.aio.get("data/x", client=client)

        for _ in range(3):
            asyncio.run(once())
        threads, descriptors = self.threads(), self.descriptors()
        for _ in range(20):
            assert asyncio.run(once()) == {"a": 1}
            assert self.threads() == threads
        assert self.descriptors() <= descriptors + 10

    def test_a_loop_that_can_watch_nothing(self, server):
        """A thread watches while there are requests, and no longer."""
        server.on("GET", "data/x", {"a": 1})

        class Loop(asyncio.SelectorEventLoop):
            def add_reader(self, *args):
                raise NotImplementedError

        async def many():
            host = server.url + "/api"
            async with gazu.aio.AsyncKitsuClient(host) as client:
                for _ in range(3):
                    answers = await asyncio.gather(
                        *[
                            gazu.aio.get("data/x", client=client)
                            for _ in range(5)
                        ]
                    )
                    assert answers == [{"a": 1}] * 5

        loop = Loop()
        try:
            loop.run_until_complete(many())
        finally:
            loop.close()
        for thread in threading.enumerate():
            if thread.name == "gazu.aio":
                thread.join(30)
                assert not thread.is_alive()


REGISTRY = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"
HOSTS = ("localhost", "127.0.0.1")


@needs.registry
class TestSystemProxies:
    """The proxies of the registry are those that requests uses."""

    @pytest.fixture
    def settings(self):
        """Set values in the user's registry, and restore them."""
        import winreg

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, REGISTRY) as key:
            before = {}
            for name in ("ProxyEnable", "ProxyServer", "ProxyOverride"):
                with contextlib.suppress(OSError):
                    before[name] = winreg.QueryValueEx(key, name)

            def change(server, exceptions, enabled=1):
                kinds = (winreg.REG_DWORD, winreg.REG_SZ, winreg.REG_SZ)
                values = (enabled, server, exceptions)
                names = ("ProxyEnable", "ProxyServer", "ProxyOverride")
                for name, kind, value in zip(names, kinds, values):
                    winreg.SetValueEx(key, name, 0, kind, value)

            yield change
            for name in ("ProxyEnable", "ProxyServer", "ProxyOverride"):
                if name in before:
                    value, kind = before[name]
                    winreg.SetValueEx(key, name, 0, kind, value)
                else:
                    with contextlib.suppress(OSError):
                        winreg.DeleteValue(key, name)

    @pytest.fixture
    def proxy(self):
        with RecordingServer() as running:
            running.on("*", "*", {"by": "proxy"})
            yield running

    @staticmethod
    def check(server, proxy, host):
        utils = pytest.importorskip("requests").utils
        url = "http://{}:{}/api".format(host, server.port)
        proxies = utils.get_environ_proxies(url)
        chosen = utils.select_proxy(url, proxies)
        expected = {"by": "proxy"} if chosen else {"by": "server"}
        server.on("*", "*", {"by": "server"})
        client = raw.create_client(url)
        try:
            assert raw.get("data/x", client=client) == expected
        finally:
            client.session.close()
        return bool(chosen)

    @pytest.mark.parametrize(
        "text",
        [
            "{}",
            "http://{}",
            "http={}",
            "http={};https={}",
            "https={}",
            "http=http://{};ftp={}",
            "ftp={}",
            "https={};{};http={}",
        ],
    )
    def test_one_proxy_or_one_for_each_scheme(
        self, settings, server, proxy, text
    ):
        address = "127.0.0.1:{}".format(proxy.port)
        settings(text.replace("{}", address), "")
        self.check(server, proxy, "127.0.0.1")

    @pytest.mark.parametrize("host", HOSTS)
    @pytest.mark.parametrize(
        "exceptions",
        [
            "",
            "<local>",
            "127.*",
            "127.0.0.1",
            "1?7.0.0.1",
            "127",
            "*.0.1;x",
            "x;;<local>",
            "LOCALHOST",
            "local",
            "*host",
            "host",
            "*.test",
        ],
    )
    def test_exceptions(self, settings, server, proxy, exceptions, host):
        requests = pytest.importorskip("requests")
        if ";;" in exceptions and requests.__version__ < "2.32":
            pytest.skip("needs a requests for which an empty name is no host")
        settings("127.0.0.1:{}".format(proxy.port), exceptions)
        self.check(server, proxy, host)

    @pytest.mark.parametrize(
        "name, value",
        [("NO_PROXY", "*"), ("NO_PROXY", "x"), ("FTP_PROXY", "http://x:1")],
    )
    def test_the_environment_replaces_all_settings(
        self, settings, server, proxy, monkeypatch, name, value
    ):
        monkeypatch.setenv(name, value)
        settings("127.0.0.1:{}".format(proxy.port), "")
        assert not self.check(server, proxy, "127.0.0.1")

    def test_settings_that_are_switched_off(self, settings, server, proxy):
        settings("127.0.0.1:{}".format(proxy.port), "", enabled=0)
        assert not self.check(server, proxy, "127.0.0.1")


class TestCommandLine:
    @pytest.fixture
    def home(self, tmp_path, monkeypatch):
        cli = pytest.importorskip("gazu.cli")
        folder = tmp_path / "home"
        monkeypatch.setattr(cli, "CONFIG_DIR", str(folder))
        monkeypatch.setattr(cli, "CONFIG_FILE", str(folder / "config.json"))
        return folder

    def test_the_login_is_written_into_a_file_that_a_program_has_open(
        self, home, other_program
    ):
        gazu.cli.save_config({"host": "a host with a rather long name"})
        with other_program(home / "config.json"):
            gazu.cli.save_config({"host": "h"})
        assert gazu.cli.load_config() == {"host": "h"}
        assert os.listdir(str(home)) == ["config.json"]

    @needs.access_lists
    def test_only_the_user_may_read_the_login(self, home):
        gazu.cli.save_config({"host": "h"})
        for path in (home, home / "config.json"):
            entries = needs.access_list(str(path))
            assert entries
            assert {entry.rpartition(";")[2] for entry in entries} == {
                needs.own_id()
            }

    def test_a_file_system_that_protects_nothing_is_reported(
        self, home, monkeypatch, caplog
    ):
        from gazu._engine import owner_only

        def refuse(path):
            raise OSError(95, "Operation not supported", path)

        monkeypatch.setattr(owner_only, "set_access_list", refuse)
        monkeypatch.setattr(private_files.os, "name", "nt")
        with caplog.at_level("WARNING", "gazu"):
            private_files.make_folder(str(home))
        assert "may be able to read " + str(home) in caplog.text

    @pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
    def test_names_that_the_console_cannot_show_are_escaped(
        self, home, server, encoding
    ):
        pytest.importorskip("click")
        server.on("GET", "data/projects/open", [{"name": "Caf\xe9 \u65e5"}])
        server.on("*", "*", [])
        program = (
            "import sys, gazu.cli as cli; cli.CONFIG_FILE = sys.argv.pop(1);"
            " cli.main()"
        )
        gazu.cli.save_config(
            {"host": server.url + "/api", "tokens": {"access_token": "t"}}
        )
        done = subprocess.run(
            [sys.executable, "-c", program, str(home / "config.json")]
            + ["projects"],
            capture_output=True,
            env=dict(os.environ, PYTHONIOENCODING=encoding, PYTHONUTF8="0"),
        )
        assert done.returncode == 0, done.stderr
        shown = "Caf\xe9" if encoding != "ascii" else "Caf\\xe9"
        assert (shown + " \\u65e5").encode(encoding) in done.stdout

    IN_A_CONSOLE = """
import contextlib, ctypes, msvcrt, os, sys
import gazu.cli as cli

shown, cli.CONFIG_FILE, *sys.argv[1:] = sys.argv[1:]
kernel = ctypes.WinDLL("kernel32")
# Wine leaves some streams as the parent has redirected them.
sys.stdout = sys.stderr = open("CONOUT$", "w", encoding="utf-8")
console = ctypes.c_void_p(msvcrt.get_osfhandle(sys.stdout.fileno()))
for stream in (-11, -12):
    kernel.SetStdHandle(stream, console)
with contextlib.suppress(SystemExit):
    cli.main()
sys.stdout.flush()
text = ctypes.create_unicode_buffer(4001)
kernel.ReadConsoleOutputCharacterW(
    console, text, 4000, 0, ctypes.byref(ctypes.c_uint32())
)
with open(shown, "w", encoding="utf-8") as file:
    file.write(text.value)
# At its end, Python would flush streams that wine has closed.
os._exit(0)
"""

    @pytest.mark.skipif(
        not hasattr(subprocess, "CREATE_NO_WINDOW"),
        reason="needs a console of Windows",
    )
    def test_the_progress_in_a_console(self, home, server, tmp_path):
        pytest.importorskip("rich")
        preview = "b7c7d3a0-0b0a-4b0e-8d5e-6d8f3f6f1c11"
        row = {"id": preview, "original_name": "lama", "extension": "mov"}
        movie = Answer(body=bytes(3 << 20), content_type="video/quicktime")
        server.on("GET", "*", movie)
        server.on("GET", "data/preview-files/" + preview, row)
        gazu.cli.save_config(
            {"host": server.url + "/api", "tokens": {"access_token": "t"}}
        )
        shown = tmp_path / "shown.txt"
        target = tmp_path / "lama.mov"
        subprocess.run(
            [sys.executable, "-c", self.IN_A_CONSOLE, str(shown)]
            + [str(home / "config.json")]
            + ["download", "-p", preview, "-o", str(target)],
            creationflags=subprocess.CREATE_NO_WINDOW,
            timeout=60,
            check=True,
        )
        assert target.stat().st_size == 3 << 20
        # Wine's console shows the sequences for colors, which Windows' carries out.
        text = re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", shown.read_text("utf-8"))
        assert re.search(r"lama\.mov +\S+ +100% +3\.1/3\.1 MB", text), text
        assert "Downloaded" in text


class TestSignals:
    """Ctrl-C and Ctrl-Break end a wait for the server."""

    PROGRAM = """
import ctypes, signal, sys, threading
import gazu
from gazu import client as raw

number = getattr(signal, sys.argv[2])

def stop(number, frame):
    raise KeyboardInterrupt(number)

signal.signal(number, stop)
client = raw.create_client(sys.argv[1] + "/api")
client.retries = 0

def interrupt():
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident, number)
    else:
        # As the thread of the console does. Python 3.7 has no function for it.
        getattr(ctypes.CDLL("ucrtbase"), "raise")(number)

def wait_for_answer():
    raw.get("data/slow", client=client)

def wait_for_download():
    raw.download("slow.bin", sys.argv[3], client=client)

def wait_for_upload():
    raw.upload("data/slow", sys.executable, client=client)

def wait_for_pages():
    raw.fetch_all("slow", paginated=True, client=client)

def wait_for_login():
    gazu.log_in("ann@studio.test", "password", client=client)

def wait_for_session():
    client.session.get(client.host + "/data/slow")

def wait_for_stream():
    client.session.get(client.host + "/data/slow", stream=True).content

def wait_for_preview():
    raw.download("being-built", sys.argv[3], client=client)

def wait_before_retry():
    client.retries = 3
    raw.get("data/busy", client=client)

def wait_for_batch():
    raw.run_all([raw.call(raw.get, "data/slow")] * 4, client=client)

def wait_before_retry_of_batch():
    raw.run_all([raw.call(raw.get, "data/busy")] * 4, client=client)

for name, wait in list(globals().items()):
    # Only Ctrl-C ends `time.sleep`.
    is_left_out = name in sys.argv[4:] and sys.argv[2] != "SIGINT"
    if not name.startswith("wait_") or is_left_out:
        continue
    timer = threading.Timer(0.5, interrupt)
    try:
        timer.start()
        wait()
    except KeyboardInterrupt as error:
        print(name, "ended", flush=True)
    timer.join()
"""

    SLEEPS = (
        "wait_for_preview",
        "wait_before_retry",
        "wait_before_retry_of_batch",
    )

    # Eleven waits, on a machine that may be busy.
    @pytest.mark.timeout(200)
    @pytest.mark.parametrize("name", ["SIGINT", "SIGBREAK"])
    def test_each_wait_ends(self, server, name, tmp_path):
        import signal

        if not hasattr(signal, name):
            pytest.skip("needs " + name)
        done_waiting = threading.Event()

        def slow(request):
            done_waiting.wait(140)
            return {}

        later = [("Retry-After", "30")]
        server.on("*", "*", slow)
        server.on("GET", "data/busy", Answer({}, 503, headers=later))
        server.on("GET", "being-built", Answer({}, 202, headers=later))
        try:
            done = subprocess.run(
                [sys.executable, "-c", self.PROGRAM, server.url, name]
                + [str(tmp_path / "a"), *self.SLEEPS],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=150,
            )
        finally:
            done_waiting.set()
        waits = re.findall(r"^def (wait_\w+)", self.PROGRAM, re.M)
        assert len(waits) == 11
        if name != "SIGINT":
            waits = [wait for wait in waits if wait not in self.SLEEPS]
        ended = [wait + " ended" for wait in waits]
        assert done.stdout.splitlines() == ended, done.stdout
        assert os.listdir(str(tmp_path)) == []

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap

import gazu
import pytest

from .recording_server import RecordingServer, only_with

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts programs in the background so. The programs that the tests
    # start would inherit it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Settings of the machine must not reach a test, nor those of one test another.
FOREIGN_VARIABLES = [
    name
    for base in ("http_proxy", "https_proxy", "all_proxy", "no_proxy")
    for name in (base, base.upper())
] + [
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "GAZU_TIMEOUT",
    "GAZU_DEBUG",
    "GAZU_DEADLINE",
    "GAZU_RETRIES",
    "GAZU_KEYRING",
    "KITSU_HOST",
    "KITSU_SERVER",
    "KITSU_TOKEN",
    "KITSU_LOGIN",
    "KITSU_EMAIL",
    "KITSU_PASSWORD",
    "KITSU_PWD",
    "KITSU_PROFILE",
]

CLIENT_ATTRIBUTES = (
    "host",
    "event_host",
    "tokens",
    "use_refresh_token",
    "callback_not_authenticated",
    "_stored_tokens",
)


def pytest_configure(config):
    config.addinivalue_line(
        "markers", "beyond: what upstream gazu does not do, or does wrong"
    )
    config.addinivalue_line("markers", "big: moves 1 GiB")
    config.addinivalue_line(
        "markers", "timeout: limit in seconds (pytest-timeout)"
    )


def pytest_collection_modifyitems(config, items):
    # An option is for a machine on which everything takes longer.
    if (
        config.pluginmanager.hasplugin("timeout")
        and config.getoption("timeout") is None
    ):
        for item in items:
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(60))


@pytest.fixture(autouse=True)
def own_environment(monkeypatch):
    for name in FOREIGN_VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def no_cache():
    yield
    gazu.cache.disable()
    gazu.cache.clear_all()


@pytest.fixture
def server():
    with RecordingServer() as running:
        yield running


@pytest.fixture
def other_server():
    """A second server, whose host has another name and port."""
    with RecordingServer(name="localhost") as running:
        yield running


@pytest.fixture
def client(server):
    client = gazu.client.create_client(server.url + "/api")
    yield client
    client.session.close()


@pytest.fixture
def expired(server, client):
    """A client whose access token has expired, and a server that refreshes it."""
    client.tokens = {"access_token": "old", "refresh_token": "r1"}
    client.use_refresh_token = True
    server.on("GET", "auth/refresh-token", {"access_token": "new"})
    server.on("*", "data/x", only_with("new"))
    return client


@pytest.fixture
def default(server):
    """The default client, pointed at the server."""
    client = gazu.client.default_client
    before = {name: getattr(client, name) for name in CLIENT_ATTRIBUTES}
    client.host = client.event_host = server.url + "/api"
    client.tokens = {"access_token": None, "refresh_token": None}
    yield client
    for name, value in before.items():
        setattr(client, name, value)


@pytest.fixture
def make_file(tmp_path):
    """Write a file and return its path as text."""

    def make(name="image.png", content=b"\x89PNG picture"):
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return make


@pytest.fixture
def vendored(tmp_path):
    """Copy the package's files to another folder; return the folder."""

    def put(*names):
        target = tmp_path.joinpath(*names)
        target.parent.mkdir(parents=True, exist_ok=True)
        for parent in target.relative_to(tmp_path).parents:
            if str(parent) != ".":
                (tmp_path / parent / "__init__.py").write_text("")
        shutil.copytree(
            os.path.dirname(os.path.abspath(gazu.__file__)),
            str(target),
            ignore=shutil.ignore_patterns("__pycache__", "*.pyc"),
        )
        return target

    return put


@pytest.fixture
def python(tmp_path):
    """Run a program in a fresh interpreter and return the finished process.

    The program is a text, or a list of texts that are joined. `under` is a
    command that starts the interpreter.
    """

    def run(program, *args, **options):
        blocks = [program] if isinstance(program, str) else program
        program = "\n".join(textwrap.dedent(block) for block in blocks)
        env = dict(os.environ, **options.pop("env", {}))
        timeout = options.pop("timeout", 50)
        process = subprocess.Popen(
            options.pop("under", [])
            + [sys.executable]
            + options.pop("flags", [])
            + ["-c", program]
            + [str(a) for a in args],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            cwd=str(tmp_path),
            env=env,
            start_new_session=True,
        )
        try:
            out, err = process.communicate(timeout=timeout)
        except BaseException:
            # Kill its children, too, which would keep the pipes open.
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            out, err = process.communicate()
            sys.stderr.write(out + err)
            raise
        finished = subprocess.CompletedProcess(
            process.args, process.returncode, out, err
        )
        if options.pop("check", True):
            assert process.returncode == 0, out + err
        return finished

    return run


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The folder in which ``gazu-cli`` stores logins. It does not exist."""
    import gazu.cli

    folder = tmp_path / "home" / ".gazu"
    monkeypatch.setattr(gazu.cli, "CONFIG_DIR", str(folder))
    monkeypatch.setattr(gazu.cli, "CONFIG_FILE", str(folder / "config.json"))
    monkeypatch.delenv("GAZU_PROJECT", raising=False)
    return folder


@pytest.fixture
def run(home, default):
    """Run a command; return its exit code, stdout and stderr."""
    from click.testing import CliRunner

    def run(*arguments, **options):
        try:
            runner = CliRunner(mix_stderr=False)
        except TypeError:
            # click separates them by default since 8.2.
            runner = CliRunner()
        result = runner.invoke(
            gazu.cli.cli, [str(each) for each in arguments], **options
        )
        assert result.exception is None or isinstance(
            result.exception, SystemExit
        )
        return result.exit_code, result.stdout, result.stderr

    return run

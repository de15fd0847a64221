"""A real Zou 1.0.97 on this machine, for tests, for the demo and for one's own scripts.

::

    python tests/server/zou_server.py start    # keeps it running, prints URL and login
    python tests/server/zou_server.py status
    python tests/server/zou_server.py stop
    python tests/server/zou_server.py run      # in the foreground, until Ctrl-C

PostgreSQL, Redis and ffmpeg come from the Python index with Zou itself, nothing
needs root, everything listens on free ports of 127.0.0.1 and writes below one
folder, which is removed when the server is stopped.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import hmac
import json
import locale
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from zou_install import CACHE, REQUIREMENTS, InstallError, environment, locked
from zou_processes import (
    MARK,
    end,
    give_to_nobody,
    is_running,
    remove_shared_memory,
    spawn,
    started,
)

ADMIN_EMAIL = "admin@example.com"
ADMIN_PASSWORD = "mysecretpassword"
DATABASE = "zoudb"
TEMPLATE = "zou_template"
STATE = "server.json"
DEFAULT_FOLDER = CACHE / "server"
START_LIMIT = 90.0

# Zou's three set-up commands in one process, since loading Zou takes seconds.
_INITIALISE = """
import sys
from zou.cli import cli

email, password = sys.argv[1:]
for arguments in (["init-db"], ["init-data"], ["create-admin", email, "--password", password]):
    cli(arguments, standalone_mode=False)
"""

# Nothing in a test's database has to survive a power cut. Shared memory goes to a
# file, because a segment of the system would outlive a server that was killed.
_POSTGRES_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
dynamic_shared_memory_type = mmap
fsync = off
synchronous_commit = off
full_page_writes = off
timezone = 'UTC'
log_timezone = 'UTC'
"""

_REDIS_SETTINGS = """
bind 127.0.0.1
port {port}
requirepass {password}
save ""
appendonly no
dir {folder}
"""


class ServerError(Exception):
    """The server cannot be started or used; the text says why, with its logs."""


def listen(port: int = 0) -> socket.socket:
    """Return a listening socket on 127.0.0.1, on a free port unless one is given."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(512)
    return listener


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _utf8_locale() -> str:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"


class ZouServer:
    """A running Zou with its database, Redis, event stream and front door.

    Use it in ``with``, or call start() and stop(). Everything it starts is
    stopped and its folder removed even if this process is killed, unless
    `keep_running` hands it over to a later ``stop``.

    `folder` is where it lives (a new one by default); `settings` are Zou's own
    environment variables (``{"ENABLE_JOB_QUEUE": True}`` starts a worker too);
    `workers` is the number of API processes; `compress` gzips replies and
    `max_body` refuses larger requests with 413, as nginx can be told to; `say`
    is called with a line of text for each step.
    """

    admin_email = ADMIN_EMAIL
    admin_password = ADMIN_PASSWORD

    def __init__(
        self,
        folder=None,
        settings=None,
        workers=1,
        compress=False,
        max_body=0,
        say=lambda text: None,
    ):
        self.folder = Path(folder).resolve() if folder else None
        self.settings = {key: str(value) for key, value in (settings or {}).items()}
        self.workers = workers
        self.compress = compress
        self.max_body = max_body
        self.say = say
        self.state = {}
        self._processes = {}
        self._guard = None
        self._environment = None

    # What a script needs to know.

    @property
    def host(self) -> str:
        """The host to give to ``gazu.set_host``: ``http://127.0.0.1:PORT/api``."""
        return self.event_host + "/api"

    @property
    def event_host(self) -> str:
        """The host to give to ``gazu.set_event_host``: ``http://127.0.0.1:PORT``."""
        return "http://127.0.0.1:{}".format(self.state["ports"]["proxy"])

    @property
    def direct_host(self) -> str:
        """The API itself, with no proxy before it and no ``/api`` in its paths."""
        return "http://127.0.0.1:{}".format(self.state["ports"]["api"])

    @property
    def environment(self):
        """The environment the server is installed in (see zou_install)."""
        if self._environment is None:
            self._environment = environment(self.say)
        return self._environment

    @property
    def ffmpeg(self) -> Path:
        """An ffmpeg with x264."""
        return self.environment.ffmpeg

    # Life.

    def __enter__(self) -> "ZouServer":
        return self.start()

    def __exit__(self, *error) -> None:
        self.stop()

    def start(self) -> "ZouServer":
        """Start everything and return when the server answers. Raises ServerError."""
        self.environment
        try:
            self._make_folder()
            self._start_all()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End every process and remove the folder; nothing happens if there is none."""
        if self.folder is not None and (self.folder / STATE).exists():
            # Another process may have added to the state since it was read.
            self.state = json.loads((self.folder / STATE).read_text())
            end(self.state["processes"], [self.state["id"] + "/"])
            for process in self._processes.values():
                process.wait()
            self._processes.clear()
            remove_shared_memory(self.folder / "postgres")
            shutil.rmtree(str(self.folder))
        if self._guard is not None:
            self._guard.stdin.close()
            self._guard.wait()
            self._guard = None

    def keep_running(self) -> None:
        """Let the server outlive this process; ``stop`` ends it later."""
        self._guard.stdin.write(b"keep\n")
        self._guard.stdin.close()
        self._guard.wait()
        self._guard = None

    def restart(self, proxy: bool = False) -> None:
        """Restart the API, the event stream and the worker on their ports.

        Meanwhile the proxy answers 502. With `proxy` it is restarted too, and
        every open connection is cut.
        """
        names = ["api", "events", "worker"] + (["proxy"] if proxy else [])
        self.stop_parts(*names)
        self._start_web(proxy)

    def stop_parts(self, *names: str) -> None:
        """End some of: proxy, api, events, worker, redis, postgres."""
        records = [record for record in self.state["processes"] if record["name"] in names]
        end(records, ["{}/{}".format(self.state["id"], name) for name in names])
        for record in records:
            self.state["processes"].remove(record)
            process = self._processes.pop(record["name"], None)
            if process is not None:
                process.wait()
        self._save()

    def reset_database(self) -> None:
        """Make the server as it was after its start: no project, one administrator.

        Tokens stay valid, since the administrator keeps his id.
        """
        with_worker = "worker" in self._processes
        if with_worker:
            self.stop_parts("worker")
        self._sql("postgres", "DROP DATABASE {} WITH (FORCE)".format(DATABASE))
        self._sql("postgres", "CREATE DATABASE {} TEMPLATE {}".format(DATABASE, TEMPLATE))
        self._redis("FLUSHALL")
        for path in (self.folder / "previews").iterdir():
            shutil.rmtree(str(path))
        if with_worker:
            self._start_worker()

    def make_expired_token(self, token: str) -> str:
        """Return `token` as it will be once it has expired: same claims, valid signature."""
        header, claims, _ = token.split(".")
        content = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
        lifetime = content["exp"] - content["iat"]
        content["exp"] = int(time.time()) - 60
        content["iat"] = content["nbf"] = content["exp"] - lifetime
        text = json.dumps(content, separators=(",", ":")).encode()
        signed = header.encode() + b"." + base64.urlsafe_b64encode(text).rstrip(b"=")
        key = self.state["secret_key"].encode()
        signature = hmac.new(key, signed, hashlib.sha256).digest()
        return (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()

    def status(self):
        """Return a dict from the name of each part to whether it is running."""
        return {record["name"]: is_running(record) for record in self.state["processes"]}

    @classmethod
    def attach(cls, folder):
        """Return the server that was started in a folder, or None if there is none."""
        path = Path(folder).resolve() / STATE
        if not path.exists():
            return None
        server = cls(folder)
        server.state = json.loads(path.read_text())
        return server

    # What a failing test wants to see.

    def marks(self):
        """Return how long each log is now, for logs_since()."""
        logs = self.folder / "logs"
        return {path.name: path.stat().st_size for path in sorted(logs.iterdir())}

    def logs_since(self, marks):
        """Return a dict from the name of each log to what was added since marks()."""
        added = {}
        for path in sorted((self.folder / "logs").iterdir()):
            with open(str(path), "rb") as log:
                log.seek(marks.get(path.name, 0))
                text = log.read().decode("utf-8", "replace")
            if text:
                added[path.name] = text
        return added

    def requests_since(self, marks):
        """Return the requests the API answered since marks(), oldest first.

        Each is a tuple (method, path, status), the path with its query and
        without ``/api``.
        """
        lines = self.logs_since(marks).get("requests.log", "").splitlines()
        return [
            (method, path, int(status))
            for method, path, status in (line.split(" ")[:3] for line in lines)
        ]

    # How it starts.

    def _make_folder(self) -> None:
        if self.folder is None:
            servers = CACHE / "servers"
            servers.mkdir(parents=True, exist_ok=True)
            _sweep(servers)
            self.folder = Path(tempfile.mkdtemp(prefix="zou-", dir=str(servers)))
        else:
            self.folder.mkdir(parents=True, exist_ok=True)
            if any(self.folder.iterdir()):
                folder, self.folder = self.folder, None
                raise ServerError("{} is not empty".format(folder))
        self.folder.chmod(0o700)
        for name in ("logs", "tmp", "home", "bin", "previews", "plugins"):
            (self.folder / name).mkdir()
        (self.folder / "bin" / "ffmpeg").symlink_to(self.environment.ffmpeg)
        (self.folder / "bin" / "ffprobe").symlink_to(self.environment.ffprobe)
        self.state = {
            "id": secrets.token_hex(8),
            "owner": {"pid": os.getpid(), "started": started(os.getpid())},
            "kept": False,
            "secret_key": secrets.token_hex(32),
            "redis_password": secrets.token_hex(16),
            "postgres_password": "",
            "ports": {},
            "processes": [],
        }
        self._save()
        self._guard = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "guard", "--dir", str(self.folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def _start_all(self) -> None:
        begun = time.monotonic()
        self.say("starting PostgreSQL and Redis")
        self._start_redis()
        snapshot = self._snapshot()
        with locked(CACHE / "database.lock"):
            if not (snapshot / "password").exists():
                self.say("creating the database (once)")
                self._create_snapshot(snapshot)
            shutil.copytree(str(snapshot / "data"), str(self.folder / "postgres"), symlinks=True)
            self.state["postgres_password"] = (snapshot / "password").read_text()
        self._start_postgres()
        self.say("starting the API and the event stream")
        self._start_web(proxy=True)
        self.say("ready after {:.1f} s".format(time.monotonic() - begun))

    def _start_web(self, proxy: bool) -> None:
        ports = self.state["ports"]
        sockets = {}
        try:
            for name in ["api", "events"] + (["proxy"] if proxy else []):
                sockets[name] = listen(ports.get(name, 0))
                ports[name] = sockets[name].getsockname()[1]
            self._start_gunicorn("api", "zou.app:app", sockets["api"], "gevent", self.workers)
            self._start_gunicorn(
                "events",
                "zou.event_stream:app",
                sockets["events"],
                "geventwebsocket.gunicorn.workers.GeventWebSocketWorker",
                1,
            )
            if proxy:
                self._start_proxy(sockets["proxy"])
        finally:
            for listener in sockets.values():
                listener.close()
        if self.settings.get("ENABLE_JOB_QUEUE", "").lower() == "true":
            self._start_worker()
        self._wait_until_healthy()

    def _start_gunicorn(self, name, application, listener, worker, workers) -> None:
        command = [self.environment.python, "-m", "gunicorn", application]
        command += ["--bind", "fd://{}".format(listener.fileno())]
        command += ["--worker-class", worker, "--workers", str(workers)]
        command += ["--timeout", "600", "--graceful-timeout", "2"]
        command += ["--worker-tmp-dir", self.folder / "tmp", "--no-control-socket"]
        if name == "api":
            command += ["--access-logfile", self.folder / "logs" / "requests.log"]
            command += ["--access-logformat", "%(m)s %({raw_uri}e)s %(s)s %(B)s %(M)sms"]
        # By force: it would spend seconds on requests that nobody waits for any more.
        self._spawn(name, command, signal.SIGKILL, fds=(listener.fileno(),))

    def _start_proxy(self, listener) -> None:
        ports = self.state["ports"]
        command = [self.environment.python, Path(__file__).resolve().with_name("zou_proxy.py")]
        command += ["--fd", listener.fileno(), "--api", ports["api"], "--events", ports["events"]]
        command += ["--max-body", self.max_body] + (["--compress"] if self.compress else [])
        self._spawn("proxy", command, signal.SIGTERM, fds=(listener.fileno(),))

    def _start_worker(self) -> None:
        command = [self.environment.python, "-m", "rq.cli", "worker", "--with-scheduler"]
        command += ["-w", "zou.app.utils.job_worker.ZouWorker", "-c", "zou.job_settings"]
        self._spawn("worker", command, signal.SIGTERM)

    def _start_redis(self) -> None:
        path = self.folder / "redis.conf"

        def attempt(port):
            settings = _REDIS_SETTINGS.format(
                port=port, password=self.state["redis_password"], folder=self.folder / "tmp"
            )
            path.write_text(settings)
            path.chmod(0o600)
            self._spawn("redis", [self.environment.redis, path], signal.SIGTERM)

        self._start_on_free_port("redis", attempt, lambda: self._redis("PING") == b"+PONG")

    def _start_postgres(self) -> None:
        data = self.folder / "postgres"

        def attempt(port):
            give_to_nobody(data)
            command = [self.environment.postgres / "postgres", "-D", data, "-p", port]
            # An immediate stop: the data is about to be removed.
            self._spawn("postgres", command, signal.SIGQUIT, as_nobody=True)

        def ready():
            try:
                lines = (data / "postmaster.pid").read_text().splitlines()
            except FileNotFoundError:
                return False
            return len(lines) > 7 and lines[7].strip() == "ready"

        self._start_on_free_port("postgres", attempt, ready)

    def _start_on_free_port(self, name, attempt, ready) -> None:
        """Start a program that opens its own port, anew if another took the port first."""
        for _ in range(5):
            self.state["ports"][name] = free_port()
            attempt(self.state["ports"][name])
            deadline = time.monotonic() + START_LIMIT
            while self._processes[name].poll() is None:
                if ready():
                    return
                if time.monotonic() > deadline:
                    raise self._failure("{} does not answer".format(name))
                time.sleep(0.02)
            self.stop_parts(name)
        raise self._failure("{} does not start".format(name))

    def _snapshot(self) -> Path:
        """Return where the filled database is kept, a name for each content it can have."""
        content = [REQUIREMENTS.read_text(), _INITIALISE, _POSTGRES_SETTINGS, ADMIN_EMAIL]
        content += [ADMIN_PASSWORD, _utf8_locale(), str(os.geteuid())]
        key = hashlib.sha256("\0".join(content).encode()).hexdigest()[:16]
        return CACHE / "database-{}".format(key)

    def _create_snapshot(self, snapshot: Path) -> None:
        """Make a database with Zou's own commands and keep a copy of its files."""
        for old in CACHE.glob("database-*"):
            shutil.rmtree(str(old))
        data = self.folder / "postgres"
        data.mkdir(mode=0o700)
        password = self.folder / "password"
        self.state["postgres_password"] = secrets.token_hex(16)
        password.write_text(self.state["postgres_password"])
        password.chmod(0o600)
        give_to_nobody(data, password)
        command = [self.environment.postgres / "initdb", "--no-sync", "--encoding=UTF8"]
        command += ["--locale=" + _utf8_locale(), "--username=postgres", "-D", data]
        command += ["--auth=scram-sha-256", "--pwfile", password]
        self._call("initdb", command, as_nobody=True)
        with open(str(data / "postgresql.conf"), "a") as settings:
            settings.write(_POSTGRES_SETTINGS)
        self._start_postgres()
        self._sql("postgres", "CREATE DATABASE {}".format(DATABASE))
        command = [self.environment.python, "-c", _INITIALISE, ADMIN_EMAIL, ADMIN_PASSWORD]
        self._call("initialise", command)
        self._redis("FLUSHALL")
        self._sql("postgres", "CREATE DATABASE {} TEMPLATE {}".format(TEMPLATE, DATABASE))
        for record in self.state["processes"]:
            if record["name"] == "postgres":
                record["signal"] = int(signal.SIGINT)
        self.stop_parts("postgres")
        snapshot.mkdir(parents=True, mode=0o700)
        shutil.move(str(data), str(snapshot / "data"))
        shutil.move(str(password), str(snapshot / "password"))

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        wanted = ["database-up", "key-value-store-up", "event-stream-up"]
        if "worker" in self._processes:
            wanted.append("job-queue-up")
        while True:
            for name, process in self._processes.items():
                if process.poll() is not None:
                    raise self._failure("{} ended with {}".format(name, process.returncode))
            try:
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
                    self.host + "/status", timeout=START_LIMIT
                ) as reply:
                    status = json.loads(reply.read().decode())
                if all(status[part] for part in wanted):
                    return
            except (OSError, urllib.error.URLError, ValueError):
                status = None
            if time.monotonic() > deadline:
                raise self._failure("the API is not healthy: {}".format(status))
            time.sleep(0.05)

    # Small tools.

    def _save(self) -> None:
        path = self.folder / STATE
        new = path.with_suffix(".new")
        descriptor = os.open(str(new), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as output:
            json.dump(self.state, output, indent=2)
        os.replace(str(new), str(path))

    def _variables(self):
        """Return the environment of the server's processes, none of it the user's own."""
        folder, ports = self.folder, self.state["ports"]
        variables = {
            "PATH": os.pathsep.join([str(folder / "bin"), os.environ.get("PATH", os.defpath)]),
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "LANG": "C.UTF-8",
            "LC_ALL": _utf8_locale(),
            "PYTHONUNBUFFERED": "1",
            "SECRET_KEY": self.state["secret_key"],
            "DB_HOST": "127.0.0.1",
            "DB_PORT": str(ports.get("postgres", "")),
            "DB_PASSWORD": self.state["postgres_password"],
            "DB_DATABASE": DATABASE,
            "KV_HOST": "127.0.0.1",
            "KV_PORT": str(ports.get("redis", "")),
            "KV_PASSWORD": self.state["redis_password"],
            "EVENT_STREAM_HOST": "127.0.0.1",
            "EVENT_STREAM_PORT": str(ports.get("events", 0)),
            "PREVIEW_FOLDER": str(folder / "previews"),
            "TMP_DIR": str(folder / "tmp"),
            "PLUGIN_FOLDER": str(folder / "plugins"),
            "EVENT_HANDLERS_FOLDER": str(folder / "event_handlers"),
            "DOMAIN_NAME": "127.0.0.1:{}".format(ports.get("proxy", 0)),
            "DOMAIN_PROTOCOL": "http",
            "MAIL_ENABLED": "False",
            "MAIL_CHECK_DELIVERABILITY": "False",
            "ENABLE_JOB_QUEUE": "False",
            "MOVIE_ENCODING_PRESET": "ultrafast",
        }
        if "LD_LIBRARY_PATH" in os.environ:
            variables["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        variables.update(self.settings)
        return variables

    def _spawn(self, name, command, stop_signal, fds=(), as_nobody=False) -> None:
        variables = self._variables()
        variables[MARK] = "{}/{}".format(self.state["id"], name)
        process, record = spawn(
            name,
            command,
            variables,
            self.folder / "logs" / (name + ".log"),
            self.folder,
            stop_signal,
            fds,
            as_nobody,
        )
        self._processes[name] = process
        self.state["processes"].append(record)
        self._save()

    def _call(self, name, command, as_nobody=False) -> None:
        """Run a program to its end."""
        self._spawn(name, command, signal.SIGTERM, as_nobody=as_nobody)
        code = self._processes[name].wait()
        if code != 0:
            raise self._failure("{} ended with {}".format(name, code))
        self.stop_parts(name)

    def _failure(self, text: str) -> ServerError:
        logs = [
            "--- {} ---\n{}".format(name, added[-3000:])
            for name, added in self.logs_since({}).items()
        ]
        return ServerError("\n".join([text] + logs))

    def _sql(self, database: str, statement: str) -> str:
        """Run an SQL statement as the database's superuser; return what it prints."""
        command = [str(self.environment.postgres / "psql"), "--no-psqlrc", "-qAt"]
        command += ["-h", "127.0.0.1", "-p", str(self.state["ports"]["postgres"])]
        command += ["-U", "postgres", "-d", database, "-c", statement]
        variables = self._variables()
        variables["PGPASSWORD"] = self.state["postgres_password"]
        done = subprocess.run(
            command,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
        )
        if done.returncode != 0:
            raise ServerError("{}: {}".format(statement, done.stderr.strip()))
        return done.stdout

    def _redis(self, command: str) -> bytes:
        """Send a command to Redis; return its reply without the line end, b"" if none came."""
        lines = "AUTH {}\r\n{}\r\n".format(self.state["redis_password"], command)
        try:
            with socket.create_connection(
                ("127.0.0.1", self.state["ports"]["redis"]), timeout=10
            ) as connection:
                connection.sendall(lines.encode())
                with connection.makefile("rb") as replies:
                    replies.readline()
                    return replies.readline().rstrip()
        except OSError:
            return b""


def _sweep(servers: Path) -> None:
    """Stop the servers whose owner died together with their guard."""
    for path in servers.iterdir():
        server = ZouServer.attach(path)
        if server is not None and not is_running(server.state["owner"]):
            server.stop()


# The command line.


def _print(text: str) -> None:
    print(text, flush=True)


def _describe(server: ZouServer) -> str:
    return (
        "Zou 1.0.97 is running\n"
        "  host        {}\n"
        "  event host  {}\n"
        "  login       {}\n"
        "  password    {}\n"
        "  folder      {}"
    ).format(
        server.host, server.event_host, server.admin_email, server.admin_password, server.folder
    )


def _start(folder: Path, keep: bool) -> int:
    server = ZouServer.attach(folder)
    if server is not None:
        status = server.status()
        if status and all(status.values()) and "proxy" in status:
            _print(_describe(server))
            return 0 if keep else 1
        _print("cleaning up a server that did not end well")
        server.stop()
    server = ZouServer(folder, say=_print)
    server.start()
    if keep:
        server.keep_running()
        _print(_describe(server))
        return 0
    try:
        _print(_describe(server) + "\nCtrl-C stops it")
        while all(server.status().values()):
            time.sleep(1)
        raise server._failure("a part of the server ended")
    except KeyboardInterrupt:
        _print("stopping")
        return 0
    finally:
        server.stop()


def _stop(folder: Path) -> int:
    server = ZouServer.attach(folder)
    if server is None:
        _print("no server in {}".format(folder))
        return 0
    server.stop()
    _print("stopped")
    return 0


def _show_status(folder: Path) -> int:
    server = ZouServer.attach(folder)
    if server is None:
        _print("no server in {}".format(folder))
        return 3
    status = server.status()
    if status and all(status.values()) and "proxy" in status:
        _print(_describe(server))
        return 0
    for name, running in status.items():
        _print("{:10} {}".format(name, "running" if running else "not running"))
    return 1


def _keep_guard(folder: Path) -> int:
    """Wait until the process that started the server has gone, then stop what it left."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if sys.stdin.buffer.readline() == b"":
        server = ZouServer.attach(folder)
        if server is not None:
            server.stop()
    return 0


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description="A real Zou 1.0.97 on this machine.")
    parser.add_argument("command", choices=["start", "stop", "status", "run", "guard"])
    parser.add_argument("--dir", type=Path, default=DEFAULT_FOLDER, help="where it lives")
    options = parser.parse_args(arguments)
    folder = options.dir.resolve()
    try:
        if options.command == "start":
            return _start(folder, keep=True)
        if options.command == "run":
            return _start(folder, keep=False)
        if options.command == "stop":
            return _stop(folder)
        if options.command == "status":
            return _show_status(folder)
        return _keep_guard(folder)
    except (ServerError, InstallError) as error:
        print("error: {}".format(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

"""The parts of a server: their folder, state on disk, logs and ports."""

from __future__ import annotations

import json
import locale
import os
import signal
import socket
import time
from pathlib import Path

from .install import environment
from .processes import MARK, end, is_running, spawn

STATE = "server.json"
DATABASE = "zoudb"
START_LIMIT = 90.0


class ServerError(Exception):
    """The server cannot be started or used; the text says why, with its logs."""


def listen(port: int = 0) -> socket.socket:
    """Return a listening socket on 127.0.0.1, on a free port unless one is given.

    The function waits for a given port, because threads of a killed process may hold
    it longer than the process exists.
    """
    deadline = time.monotonic() + 5
    while True:
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            listener.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
            continue
        listener.listen(512)
        return listener


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def without_proxy(variables):
    """Return environment variables that exclude 127.0.0.1 from web proxies."""
    changed = dict(variables)
    for name in ("no_proxy", "NO_PROXY"):
        hosts = [changed[name]] if changed.get(name) else []
        changed[name] = ",".join([*hosts, "127.0.0.1"])
    return changed


def utf8_locale() -> str:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return "C.UTF-8"


class Parts:
    """The processes that live in one folder, each known by its name.

    What another process needs to know of them is in the file ``server.json``.
    """

    def __init__(self, folder, settings, say) -> None:
        self.folder = Path(folder).resolve() if folder else None
        self.settings = {
            key: str(value) for key, value in (settings or {}).items()
        }
        self.say = say
        self.state = {}
        self._processes = {}
        self._environment = None

    @property
    def environment(self):
        """The environment the server is installed in (see zou_install)."""
        if self._environment is None:
            self._environment = environment(self.say)
        return self._environment

    def status(self):
        """Return a dict from the name of each part to whether it is running."""
        return {
            record["name"]: is_running(record)
            for record in self.state["processes"]
        }

    def stop_parts(self, *names: str) -> None:
        """End some of: proxy, api, events, worker, redis, postgres."""
        records = [
            record
            for record in self.state["processes"]
            if record["name"] in names
        ]
        end(
            records, ["{}/{}".format(self.state["id"], name) for name in names]
        )
        for record in records:
            self.state["processes"].remove(record)
            process = self._processes.pop(record["name"], None)
            if process is not None:
                process.wait()
        self._save()

    # Logs, for failing tests.

    def marks(self):
        """Return the present length of each log, for logs_since()."""
        logs = self.folder / "logs"
        return {
            path.name: path.stat().st_size for path in sorted(logs.iterdir())
        }

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

    def _failure(self, text: str) -> ServerError:
        logs = [
            f"--- {name} ---\n{added[-3000:]}"
            for name, added in self.logs_since({}).items()
        ]
        return ServerError("\n".join([text, *logs]))

    # Starting a part.

    def _spawn(
        self, name, command, stop_signal, fds=(), as_nobody=False
    ) -> None:
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
            raise self._failure(f"{name} ended with {code}")
        self.stop_parts(name)

    def _start_on_free_port(self, name, attempt, ready) -> None:
        """Start a program that opens a port, and try again if the port was taken."""
        for _ in range(5):
            self.state["ports"][name] = free_port()
            attempt(self.state["ports"][name])
            deadline = time.monotonic() + START_LIMIT
            while self._processes[name].poll() is None:
                if ready():
                    return
                if time.monotonic() > deadline:
                    raise self._failure(f"{name} does not answer")
                time.sleep(0.02)
            self.stop_parts(name)
        raise self._failure(f"{name} does not start")

    def _save(self) -> None:
        path = self.folder / STATE
        new = path.with_suffix(".new")
        descriptor = os.open(
            str(new), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600
        )
        with os.fdopen(descriptor, "w") as output:
            json.dump(self.state, output, indent=2)
        os.replace(str(new), str(path))

    def _variables(self):
        """Return the environment of the server's processes, without the user's variables."""
        folder, ports = self.folder, self.state["ports"]
        variables = {
            "PATH": os.pathsep.join(
                [str(folder / "bin"), os.environ.get("PATH", os.defpath)]
            ),
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "LANG": "C.UTF-8",
            "LC_ALL": utf8_locale(),
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

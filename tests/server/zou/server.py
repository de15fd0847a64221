"""A real Zou 1.0.97 on this machine, for the tests, the demo and your own scripts.

PostgreSQL, Redis and ffmpeg come from the Python index with Zou itself, nothing
needs root, everything listens on free ports of 127.0.0.1 and writes below one
folder, which is removed when the server is stopped.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from .install import CACHE, ROOT
from .parts import START_LIMIT, STATE, ServerError, listen
from .processes import end, is_running, remove_shared_memory, started
from .stores import ADMIN_EMAIL, ADMIN_PASSWORD, Stores

#: Runs the command line of this package, in the folder ROOT.
COMMAND_LINE = [sys.executable, "-m", __package__]


class ZouServer(Stores):
    """A running Zou with its database, Redis, event stream and front door.

    Use it in ``with``, or call start() and stop(). Everything it starts is
    stopped and its folder removed even if this process is killed, unless
    `keep_running` hands it over to a later ``stop``.

    `folder` is where it lives (a new one by default); `settings` are Zou's own
    environment variables (``{"ENABLE_JOB_QUEUE": True}`` starts a worker too);
    `workers` is the number of API processes; `compress` gzips replies and
    `max_body` rejects larger requests with 413, as nginx can do; `say` is called with
    a line of text for each step.
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
        super().__init__(folder, settings, say)
        self.workers = workers
        self.compress = compress
        self.max_body = max_body
        self._guard = None

    @classmethod
    def attach(cls, folder):
        """Return the server that was started in a folder, or None if there is none."""
        path = Path(folder).resolve() / STATE
        if not path.exists():
            return None
        server = cls(folder)
        server.state = json.loads(path.read_text())
        return server

    # Addresses and paths for scripts.

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
    def ffmpeg(self) -> Path:
        """An ffmpeg with x264."""
        return self.environment.ffmpeg

    def run(self, program: str) -> str:
        """Return what a Python program prints in the server's environment."""
        done = subprocess.run(
            [str(self.environment.python), "-c", program],
            env=self._variables(),
            cwd=str(self.folder),
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise ServerError(done.stderr.strip())
        return done.stdout

    def make_expired_token(self, token: str) -> str:
        """Return `token` with an expiry in the past, the same claims and a valid signature."""
        header, claims, _ = token.split(".")
        content = json.loads(
            base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4))
        )
        lifetime = content["exp"] - content["iat"]
        content["exp"] = int(time.time()) - 60
        content["iat"] = content["nbf"] = content["exp"] - lifetime
        text = json.dumps(content, separators=(",", ":")).encode()
        signed = (
            header.encode()
            + b"."
            + base64.urlsafe_b64encode(text).rstrip(b"=")
        )
        key = self.state["secret_key"].encode()
        signature = hmac.new(key, signed, hashlib.sha256).digest()
        return (
            signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")
        ).decode()

    # Start and stop.

    def __enter__(self) -> ZouServer:
        return self.start()

    def __exit__(self, *error) -> None:
        self.stop()

    def start(self) -> ZouServer:
        """Start everything and return when the server answers. Raises ServerError."""
        # Install Zou first, while there is nothing to clean up.
        _ = self.environment
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
            # Another process may have changed the state since it was read.
            self.state = json.loads((self.folder / STATE).read_text())
            end(self.state["processes"], [self.state["id"] + "/"])
            for process in self._processes.values():
                process.wait()
            self._processes.clear()
            remove_shared_memory(self.folder / "postgres")
            _remove(self.folder, self.state["id"])
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

    # Steps of the start.

    def _make_folder(self) -> None:
        if self.folder is None:
            servers = CACHE / "servers"
            servers.mkdir(parents=True, exist_ok=True)
            _sweep(servers)
            self.folder = Path(
                tempfile.mkdtemp(prefix="zou-", dir=str(servers))
            )
        else:
            self.folder.mkdir(parents=True, exist_ok=True)
            if any(self.folder.iterdir()):
                folder, self.folder = self.folder, None
                raise ServerError(f"{folder} is not empty")
        self.folder.chmod(0o700)
        for name in ("logs", "tmp", "home", "bin", "previews", "plugins"):
            (self.folder / name).mkdir()
        (self.folder / "bin" / "ffmpeg").symlink_to(self.environment.ffmpeg)
        (self.folder / "bin" / "ffprobe").symlink_to(self.environment.ffprobe)
        self.state = {
            "id": secrets.token_hex(8),
            "owner": {"pid": os.getpid(), "started": started(os.getpid())},
            "secret_key": secrets.token_hex(32),
            "redis_password": secrets.token_hex(16),
            "postgres_password": "",
            "ports": {},
            "processes": [],
        }
        self._save()
        self._guard = subprocess.Popen(
            [
                *COMMAND_LINE,
                "guard",
                "--dir",
                str(self.folder),
            ],
            cwd=str(ROOT),
            stdin=subprocess.PIPE,
            start_new_session=True,
        )

    def _start_all(self) -> None:
        begun = time.monotonic()
        self.say("starting PostgreSQL and Redis")
        self._start_stores()
        self.say("starting the API and the event stream")
        self._start_web(proxy=True)
        self.say(f"ready after {time.monotonic() - begun:.1f} s")

    def _start_web(self, proxy: bool) -> None:
        ports = self.state["ports"]
        sockets = {}
        try:
            for name in ["api", "events"] + (["proxy"] if proxy else []):
                sockets[name] = listen(ports.get(name, 0))
                ports[name] = sockets[name].getsockname()[1]
            self._start_gunicorn(
                "api", "zou.app:app", sockets["api"], "gevent", self.workers
            )
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

    def _start_gunicorn(
        self, name, application, listener, worker, workers
    ) -> None:
        command = [self.environment.python, "-m", "gunicorn", application]
        command += ["--bind", f"fd://{listener.fileno()}"]
        command += ["--worker-class", worker, "--workers", str(workers)]
        command += ["--timeout", "600", "--graceful-timeout", "2"]
        command += [
            "--worker-tmp-dir",
            self.folder / "tmp",
            "--no-control-socket",
        ]
        if name == "api":
            command += [
                "--access-logfile",
                self.folder / "logs" / "requests.log",
            ]
            command += [
                "--access-logformat",
                "%(m)s %({raw_uri}e)s %(s)s %(B)s %(M)sms",
            ]
        # Kill it, because it would spend seconds on requests that have no client any more.
        self._spawn(name, command, signal.SIGKILL, fds=(listener.fileno(),))

    def _start_proxy(self, listener) -> None:
        ports = self.state["ports"]
        command = [
            self.environment.python,
            Path(__file__).resolve().with_name("proxy.py"),
        ]
        command += [
            "--fd",
            listener.fileno(),
            "--api",
            ports["api"],
            "--events",
            ports["events"],
        ]
        command += ["--max-body", self.max_body] + (
            ["--compress"] if self.compress else []
        )
        self._spawn("proxy", command, signal.SIGTERM, fds=(listener.fileno(),))

    def _start_worker(self) -> None:
        command = [
            self.environment.python,
            "-m",
            "rq.cli",
            "worker",
            "--with-scheduler",
        ]
        command += [
            "-w",
            "zou.app.utils.job_worker.ZouWorker",
            "-c",
            "zou.job_settings",
        ]
        self._spawn("worker", command, signal.SIGTERM)

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_LIMIT
        wanted = ["database-up", "key-value-store-up", "event-stream-up"]
        if "worker" in self._processes:
            wanted.append("job-queue-up")
        while True:
            for name, process in self._processes.items():
                if process.poll() is not None:
                    raise self._failure(
                        f"{name} ended with {process.returncode}"
                    )
            try:
                with urllib.request.build_opener(
                    urllib.request.ProxyHandler({})
                ).open(self.host + "/status", timeout=START_LIMIT) as reply:
                    status = json.loads(reply.read().decode())
                if all(status[part] for part in wanted):
                    return
            except (OSError, urllib.error.URLError, ValueError):
                status = None
            if time.monotonic() > deadline:
                raise self._failure(f"the API is not healthy: {status}")
            time.sleep(0.05)


def _remove(folder: Path, mark: str) -> None:
    """Remove a folder that another process may remove at the same time."""
    gone = folder.with_name(f"{folder.name}-{mark}")
    try:
        folder.rename(gone)
    except FileNotFoundError:
        return
    shutil.rmtree(str(gone))


def _sweep(servers: Path) -> None:
    """Stop the servers whose owner and guard were killed."""
    for path in servers.iterdir():
        server = ZouServer.attach(path)
        if server is not None and not is_running(server.state["owner"]):
            server.stop()

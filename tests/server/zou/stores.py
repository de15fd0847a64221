"""The stores of a server, PostgreSQL and Redis, and Zou's first database.

Zou needs many seconds to set up a database. This is done once; the result is kept as a
copy of PostgreSQL's files, and as a template database.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from .install import CACHE, REQUIREMENTS, locked
from .parts import DATABASE, Parts, ServerError, utf8_locale
from .processes import give_to_nobody

ADMIN_EMAIL = "admin@example.com"
ADMIN_PASSWORD = "mysecretpassword"
TEMPLATE = "zou_template"
# Revoked tokens, cached answers, events and settings. Jobs (3) are left alone: a
# worker keeps its registration there.
REDIS_DATABASES = (0, 1, 2, 4)

# Zou's three set-up commands in one process, because loading Zou takes seconds.
_INITIALISE = """
import sys
from zou.cli import cli

email, password = sys.argv[1:]
for arguments in (["init-db"], ["init-data"], ["create-admin", email, "--password", password]):
    cli(arguments, standalone_mode=False)
"""

# The database of a test need not survive a power cut. Shared memory is a file, because a
# segment of the system would outlive a killed server.
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
"""


class Stores(Parts):
    """PostgreSQL and Redis of one server."""

    def reset_database(self) -> None:
        """Restore the state after the start: no project, one administrator.

        Tokens stay valid, because the administrator keeps the id.
        """
        self._sql("postgres", f"DROP DATABASE {DATABASE} WITH (FORCE)")
        self._sql(
            "postgres", f"CREATE DATABASE {DATABASE} TEMPLATE {TEMPLATE}"
        )
        for number in REDIS_DATABASES:
            if self._redis(f"SELECT {number}", "FLUSHDB") != b"+OK":
                raise ServerError(f"Redis did not empty database {number}")
        for path in (self.folder / "previews").iterdir():
            shutil.rmtree(str(path))

    # Starting them.

    def _start_stores(self) -> None:
        self._start_redis()
        snapshot = self._snapshot()
        with locked(CACHE / "database.lock"):
            if not (snapshot / "password").exists():
                self.say("creating the database (once)")
                self._create_snapshot(snapshot)
            shutil.copytree(
                str(snapshot / "data"),
                str(self.folder / "postgres"),
                symlinks=True,
            )
            password = (snapshot / "password").read_text()
            self.state["postgres_password"] = password
        self._start_postgres()

    def _start_redis(self) -> None:
        path = self.folder / "redis.conf"

        def attempt(port):
            settings = _REDIS_SETTINGS.format(
                port=port, password=self.state["redis_password"]
            )
            path.write_text(settings)
            path.chmod(0o600)
            self._spawn(
                "redis", [self.environment.redis, path], signal.SIGTERM
            )

        self._start_on_free_port(
            "redis", attempt, lambda: self._redis("PING") == b"+PONG"
        )

    def _start_postgres(self) -> None:
        data = self.folder / "postgres"

        def attempt(port):
            give_to_nobody(data)
            command = [
                self.environment.postgres / "postgres",
                "-D",
                data,
                "-p",
                port,
            ]
            # Stop at once, because the data will be removed.
            self._spawn("postgres", command, signal.SIGQUIT, as_nobody=True)

        def ready():
            try:
                lines = (data / "postmaster.pid").read_text().splitlines()
            except FileNotFoundError:
                return False
            return len(lines) > 7 and lines[7].strip() == "ready"

        self._start_on_free_port("postgres", attempt, ready)

    def _snapshot(self) -> Path:
        """Return the folder of the kept database; its name depends on the content."""
        content = [
            REQUIREMENTS.read_text(),
            _INITIALISE,
            _POSTGRES_SETTINGS,
            ADMIN_EMAIL,
        ]
        content += [ADMIN_PASSWORD, utf8_locale(), str(os.geteuid())]
        key = hashlib.sha256("\0".join(content).encode()).hexdigest()[:16]
        return CACHE / f"database-{key}"

    def _create_snapshot(self, snapshot: Path) -> None:
        """Create a database with Zou's commands, and keep a copy of its files."""
        for old in CACHE.glob("database-*"):
            shutil.rmtree(str(old))
        data = self.folder / "postgres"
        data.mkdir(mode=0o700)
        password = self.folder / "password"
        self.state["postgres_password"] = secrets.token_hex(16)
        password.write_text(self.state["postgres_password"])
        password.chmod(0o600)
        give_to_nobody(data, password)
        command = [
            self.environment.postgres / "initdb",
            "--no-sync",
            "--encoding=UTF8",
        ]
        command += [
            "--locale=" + utf8_locale(),
            "--username=postgres",
            "-D",
            data,
        ]
        command += ["--auth=scram-sha-256", "--pwfile", password]
        self._call("initdb", command, as_nobody=True)
        with open(str(data / "postgresql.conf"), "a") as settings:
            settings.write(_POSTGRES_SETTINGS)
        self._start_postgres()
        self._sql("postgres", f"CREATE DATABASE {DATABASE}")
        command = [
            self.environment.python,
            "-c",
            _INITIALISE,
            ADMIN_EMAIL,
            ADMIN_PASSWORD,
        ]
        self._call("initialise", command)
        if self._redis("FLUSHALL") != b"+OK":
            raise self._failure("Redis did not empty its databases")
        self._sql(
            "postgres", f"CREATE DATABASE {TEMPLATE} TEMPLATE {DATABASE}"
        )
        for record in self.state["processes"]:
            if record["name"] == "postgres":
                record["signal"] = int(signal.SIGINT)
        self.stop_parts("postgres")
        snapshot.mkdir(parents=True, mode=0o700)
        shutil.move(str(data), str(snapshot / "data"))
        shutil.move(str(password), str(snapshot / "password"))

    # Sending commands.

    def _sql(self, database: str, statement: str) -> str:
        """Run an SQL statement as the database's superuser; return what it prints."""
        command = [
            str(self.environment.postgres / "psql"),
            "--no-psqlrc",
            "-qAt",
        ]
        command += [
            "-h",
            "127.0.0.1",
            "-p",
            str(self.state["ports"]["postgres"]),
        ]
        command += ["-U", "postgres", "-d", database, "-c", statement]
        variables = self._variables()
        variables["PGPASSWORD"] = self.state["postgres_password"]
        done = subprocess.run(
            command,
            env=variables,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            raise ServerError(f"{statement}: {done.stderr.strip()}")
        return done.stdout

    def _redis(self, *commands: str) -> bytes:
        """Send commands to Redis; return the last reply's first line, b"" if none came."""
        lines = ["AUTH " + self.state["redis_password"], *list(commands)]
        try:
            with socket.create_connection(
                ("127.0.0.1", self.state["ports"]["redis"]), timeout=10
            ) as connection:
                connection.sendall(
                    "".join(line + "\r\n" for line in lines).encode()
                )
                with connection.makefile("rb") as replies:
                    return [replies.readline().rstrip() for _ in lines][-1]
        except OSError:
            return b""

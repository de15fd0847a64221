"""The command line of a Zou on this machine.

::

    python -m tests.server.zou start    # keeps it running, prints URL and login (--filled)
    python -m tests.server.zou status
    python -m tests.server.zou stop
    python -m tests.server.zou run      # in the foreground, until Ctrl-C
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from pathlib import Path

from ..scenarios.production import (
    ARTIST_PASSWORD,
    NAME,
    artist_email_of,
    fill,
)
from .install import CACHE, InstallError
from .parts import ServerError
from .server import ZouServer

DEFAULT_FOLDER = CACHE / "server"


def _print(text: str) -> None:
    print(text, flush=True)


def _describe(server: ZouServer, filled: bool = False) -> str:
    text = (
        "Zou 1.0.97 is running\n"
        f"  host        {server.host}\n"
        f"  event host  {server.event_host}\n"
        f"  login       {server.admin_email}  (administrator)\n"
        f"  password    {server.admin_password}\n"
    )
    if filled:
        text += (
            f"  login       {artist_email_of(NAME)}  (artist with tasks)\n"
            f"  password    {ARTIST_PASSWORD}\n"
        )
    return text + f"  folder      {server.folder}"


def _start(folder: Path, keep: bool, filled: bool) -> int:
    server = ZouServer.attach(folder)
    if server is not None:
        status = server.status()
        if status and all(status.values()) and "proxy" in status:
            _print(_describe(server, filled))
            return 0 if keep else 1
        _print("cleaning up a server that did not end well")
        server.stop()
    server = ZouServer(folder, say=_print)
    server.start()
    if filled:
        _print("filling a small production")
        fill(server.host, server.admin_email, server.admin_password)
    if keep:
        server.keep_running()
        _print(_describe(server, filled))
        return 0
    try:
        _print(_describe(server, filled) + "\nCtrl-C stops it")
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
        _print(f"no server in {folder}")
        return 0
    server.stop()
    _print("stopped")
    return 0


def _show_status(folder: Path) -> int:
    server = ZouServer.attach(folder)
    if server is None:
        _print(f"no server in {folder}")
        return 3
    status = server.status()
    if status and all(status.values()) and "proxy" in status:
        _print(_describe(server))
        return 0
    for name, running in status.items():
        _print(
            "{:10} {}".format(name, "running" if running else "not running")
        )
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
    parser = argparse.ArgumentParser(
        description="A real Zou 1.0.97 on this machine."
    )
    parser.add_argument(
        "command", choices=["start", "stop", "status", "run", "guard"]
    )
    parser.add_argument(
        "--dir", type=Path, default=DEFAULT_FOLDER, help="where it lives"
    )
    parser.add_argument(
        "--filled",
        action="store_true",
        help="put a small production on a new one, Caminandes",
    )
    options = parser.parse_args(arguments)
    folder = options.dir.resolve()
    try:
        if options.command == "start":
            return _start(folder, True, options.filled)
        if options.command == "run":
            return _start(folder, False, options.filled)
        if options.command == "stop":
            return _stop(folder)
        if options.command == "status":
            return _show_status(folder)
        return _keep_guard(folder)
    except (ServerError, InstallError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())

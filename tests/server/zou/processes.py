"""Start processes, recognise them later, and end them with all their children.

A process is known by its id and its start time, so that another process that has
received the id meanwhile is never signalled.
"""

from __future__ import annotations

import ctypes
import errno
import os
import pwd
import signal
import subprocess
import sys
import time
from pathlib import Path

# A variable in the environment of every process of a server: SERVER/PART.
MARK = "ZOU_SERVER_ID"
PROC = Path("/proc")


def _stat(pid):
    """Return (state, start) of a process from /proc, or None."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return None
    # The second field is a program name in parentheses that may hold anything.
    fields = text.rpartition(")")[2].split()
    return fields[0], fields[19]


def started(pid: int):
    """Return when a process was started, as text to compare, or None if it is gone.

    A zombie is gone: it only waits for its parent to ask how it ended.
    """
    if PROC.joinpath("self", "stat").exists():
        stat = _stat(pid)
        return None if stat is None or stat[0] in "ZX" else stat[1]
    shown = subprocess.run(
        ["ps", "-o", "stat=,lstart=", "-p", str(pid)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ).stdout.split(None, 1)
    return None if not shown or shown[0].startswith("Z") else shown[1].strip()


def is_running(record: dict) -> bool:
    """Return whether the process of a record is the one that was started."""
    return (
        record["started"] is not None
        and started(record["pid"]) == record["started"]
    )


def marked(mark: str):
    """Return the ids of the running processes whose mark starts with `mark`.

    This finds processes without a record: a child whose parent was killed, a process
    whose start was interrupted. The list is empty without /proc.
    """
    start = f"{MARK}={mark}".encode()
    found = []
    for folder in PROC.iterdir() if PROC.exists() else ():
        if not folder.name.isdigit():
            continue
        try:
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue
        marked = any(
            entry.startswith(start) for entry in environment.split(b"\0")
        )
        if marked and started(int(folder.name)) is not None:
            found.append(int(folder.name))
    return found


def _kill(send, pid: int, number: int) -> None:
    try:
        send(pid, number)
    except ProcessLookupError:
        # The process has ended before the signal.
        return


def end(records, marks, patience: float = 4.0) -> None:
    """End processes and their children: first by their own signal, then by SIGKILL.

    `records` are dicts with ``name``, ``pid``, ``started`` and ``signal``;
    `marks` are their marks, which their children have, too.
    Raises RuntimeError naming what is still running at the end.
    """
    for number, limit in ((None, patience), (signal.SIGKILL, patience)):
        for record in records:
            if is_running(record):
                _kill(os.killpg, record["pid"], number or record["signal"])
        deadline = time.monotonic() + limit
        while (
            any(is_running(record) for record in records)
            and time.monotonic() < deadline
        ):
            time.sleep(0.01)
        left = [pid for mark in marks for pid in marked(mark)]
        for pid in left:
            _kill(os.kill, pid, number or signal.SIGTERM)
        while left and time.monotonic() < deadline:
            time.sleep(0.02)
            left = [pid for mark in marks for pid in marked(mark)]
        left += [record["pid"] for record in records if is_running(record)]
        if not left:
            return
    raise RuntimeError(f"still running after SIGKILL: {sorted(set(left))}")


def give_to_nobody(*paths: Path) -> None:
    """Give files to the user that runs PostgreSQL, if this process is root."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in paths:
            os.chown(str(path), nobody.pw_uid, nobody.pw_gid)
            for folder, folders, files in os.walk(str(path)):
                for name in folders + files:
                    os.lchown(
                        os.path.join(folder, name),
                        nobody.pw_uid,
                        nobody.pw_gid,
                    )


def remove_shared_memory(data: Path) -> None:
    """Remove the memory segment of a PostgreSQL that was killed over a data folder.

    PostgreSQL removes it, and its process file, if it ends normally.
    """
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return
    if len(lines) > 6 and lines[6].strip():
        libc = ctypes.CDLL(None, use_errno=True)
        identifier, remove = int(lines[6].split()[1]), 0  # IPC_RMID
        if libc.shmctl(identifier, remove, None) != 0:
            number = ctypes.get_errno()
            if number not in (errno.EINVAL, errno.EIDRM):
                raise OSError(number, os.strerror(number))


class _CapabilityHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapabilitySet(ctypes.Structure):
    _fields_ = [
        (name, ctypes.c_uint32)
        for name in ("effective", "permitted", "inheritable")
    ]


def drop_root():
    """Return the function that a child of root calls before it runs PostgreSQL, or None.

    PostgreSQL does not run as root, so the child becomes ``nobody``. On Linux it keeps
    the permission to pass through private folders (two ambient capabilities, if root has
    them), because the programs and the data may be below such a folder, like root's
    home.
    """
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    libc = (
        ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    )
    # From linux/prctl.h, linux/securebits.h and linux/capability.h.
    set_securebits, no_setuid_fixup = 28, 1 << 2
    ambient, ambient_raise = 47, 2
    override, search, set_capabilities = 1, 2, 8

    def check(result: int) -> None:
        if result != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    def become_nobody() -> None:
        header = _CapabilityHeader(0x20080522, 0)
        sets = (_CapabilitySet * 2)()
        kept = 0
        if libc is not None:
            check(libc.capget(ctypes.byref(header), sets))
            if sets[0].permitted & 1 << set_capabilities:
                kept = sets[0].permitted & (1 << override | 1 << search)
                # Otherwise access(2) would deny what open(2) allows.
                check(libc.prctl(set_securebits, no_setuid_fixup, 0, 0, 0))
        os.setgroups([])
        os.setgid(nobody.pw_gid)
        os.setuid(nobody.pw_uid)
        if kept:
            sets[0] = _CapabilitySet(kept, kept, kept)
            sets[1] = _CapabilitySet(0, 0, 0)
            check(libc.capset(ctypes.byref(header), sets))
            for capability in (override, search):
                if kept & 1 << capability:
                    check(libc.prctl(ambient, ambient_raise, capability, 0, 0))

    return become_nobody


def spawn(
    name,
    command,
    environment,
    log: Path,
    cwd: Path,
    stop_signal,
    fds=(),
    as_nobody=False,
):
    """Start a process in a session of its own; return (Popen, record).

    Its output is appended to the file `log`; it inherits the file descriptors `fds`;
    `stop_signal` ends it.
    """
    with open(str(log), "ab") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=str(cwd),
            pass_fds=fds,
            start_new_session=True,
            preexec_fn=drop_root() if as_nobody else None,
        )
    record = {
        "name": name,
        "pid": process.pid,
        "started": started(process.pid),
        "signal": int(stop_signal),
        "log": str(log),
    }
    return process, record

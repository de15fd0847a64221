"""Fixtures of this folder. They check that a test leaves nothing behind."""

from __future__ import annotations

import gc
import glob
import os
import tempfile
import threading
import time

import pytest
from gazu import client as raw

from ..recording_server import RecordingServer
from .raw_server import RawServer


@pytest.fixture(scope="session", autouse=True)
def own_temporary_folder(tmp_path_factory):
    """Use a temporary folder in which no other process writes."""
    folder = str(tmp_path_factory.mktemp("tmp"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        yield


@pytest.fixture(scope="session", autouse=True)
def warm(own_temporary_folder):
    """Create what the process keeps, such as the runtime, before anything is counted."""
    with RecordingServer(name="localhost") as server:
        client = raw.create_client(server.url + "/api")
        raw.get("data/x", client=client)
        client.session.close()


@pytest.fixture(autouse=True)
def nothing_left(own_environment):
    """Fail if a descriptor, thread, child or temporary file outlives a test."""
    before = kept()
    yield
    until = time.monotonic() + 8
    left = {}
    while time.monotonic() < until:
        left = more(before, kept())
        if not left:
            return
        gc.collect()
        time.sleep(0.05)
    raise AssertionError("left behind: %r" % left)


def kept():
    return {
        "descriptors": descriptors(),
        "threads": [thread.name for thread in threading.enumerate()],
        "native threads": native_threads(),
        "children": children(),
        "temporary files": temporary_files(),
    }


def more(before, after):
    """Return what exists now and did not exist before."""
    left = {}
    for kind, things in after.items():
        known = list(before[kind])
        new = []
        for thing in things:
            if thing in known:
                known.remove(thing)
            else:
                new.append(thing)
        if kind == "descriptors":
            # A descriptor that was closed and opened again is no leak.
            new = new if len(things) > len(before[kind]) else []
        if kind == "native threads":
            # The background thread ends by itself, a little later.
            new = new[1:]
        if new:
            left[kind] = new
    return left


def descriptors():
    """Return the file or socket of each open descriptor."""
    found = []
    for path in glob.glob("/proc/self/fd/*"):
        try:
            found.append(os.readlink(path))
        except OSError:
            continue
    return sorted(found)


def native_threads():
    """
    Return the names of the core's threads.

    Two are left out: the worker of the runtime, and one for looking up host names, which
    ends after it was idle for 2 seconds.
    """
    names = []
    for path in glob.glob("/proc/self/task/*/comm"):
        try:
            with open(path) as comm:
                name = comm.read().strip()
        except OSError:
            continue
        if name.startswith("gazu"):
            names.append(name)
    return sorted(names)[2:]


def children():
    """Return the child processes, zombies included."""
    found = []
    for path in glob.glob("/proc/[0-9]*/stat"):
        try:
            with open(path) as stat:
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == os.getpid():
            found.append(path.split("/")[2])
    return found


def temporary_files():
    return glob.glob(os.path.join(tempfile.gettempdir(), ".gazu-*"))


@pytest.fixture
def peer():
    """Start raw servers that run a script; they stop at the end of the test."""
    running = []

    def serve(script, **options):
        made = RawServer(script, **options)
        running.append(made)
        return made

    yield serve
    for made in running:
        made.close()


@pytest.fixture
def pauses(monkeypatch):
    """Return the seconds for which this thread would wait. It does not wait."""
    thread, sleep, seen = threading.current_thread(), time.sleep, []

    def recorded(seconds):
        if threading.current_thread() is thread:
            seen.append(seconds)
        else:
            sleep(seconds)

    monkeypatch.setattr(time, "sleep", recorded)
    return seen


@pytest.fixture
def failing():
    """Run a call that must fail; return the name of the exception's class, and the exception."""

    def fail(call):
        with pytest.raises(Exception) as caught:
            call()
        error = caught.value
        # The traceback would keep the objects of the call alive.
        error.__traceback__ = None
        return type(error).__name__, error

    return fail

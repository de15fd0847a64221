"""After every test of this folder nothing is left of it."""

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
    """What other processes write meanwhile is not taken for a test's."""
    folder = str(tmp_path_factory.mktemp("tmp"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", folder)
        patch.setattr(tempfile, "tempdir", folder)
        yield


@pytest.fixture(scope="session", autouse=True)
def warm(own_temporary_folder):
    """What the process keeps for good is there before anything is counted."""
    with RecordingServer(name="localhost") as server:
        client = raw.create_client(server.url + "/api")
        raw.get("data/x", client=client)
        client.session.close()


@pytest.fixture(autouse=True)
def nothing_left(own_environment):
    """No descriptor, thread, child or temporary file outlives a test."""
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
    """What is there now and was not before."""
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
            # A number that names another socket now is no leak.
            new = new if len(things) > len(before[kind]) else []
        if kind == "native threads":
            # The one in the background ends by itself, a little later.
            new = new[1:]
        if new:
            left[kind] = new
    return left


def descriptors():
    """What each open descriptor leads to."""
    found = []
    for path in glob.glob("/proc/self/fd/*"):
        try:
            found.append(os.readlink(path))
        except OSError:
            continue
    return sorted(found)


def native_threads():
    """
    The names of the threads that Python has not made, but for the runtime's worker
    and one in which a name was looked up: it ends when nothing was for 2 seconds.
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
    """The processes that this one has started, ended ones not waited for too."""
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
    """Serve raw connections by a script; stopped at the end of the test."""
    running = []

    def serve(script, **options):
        made = RawServer(script, **options)
        running.append(made)
        return made

    yield serve
    for made in running:
        made.close()


@pytest.fixture
def failing():
    """Run what must fail: the exception, and its class's name."""

    def fail(call, within=10.0):
        start = time.monotonic()
        with pytest.raises(Exception) as caught:
            call()
        assert time.monotonic() - start < within
        error = caught.value
        # The traceback would keep what the call had open.
        error.__traceback__ = None
        return type(error).__name__, error

    return fail

"""
A day of a listener to which nothing happens: lost connections, pings, and a server that is silent.

GAZU_TEST_EVENTS=full makes 1,500 connections and 3,000 pings (``make test-events``).
"""

from __future__ import annotations

import json
import os
import threading

import pytest

from . import needs
from .raw_stream import RawStream

FULL = os.environ.get("GAZU_TEST_EVENTS") == "full"
#: The connections before the first measurement, and those that are measured.
WARM, MEASURED = (300, 1200) if FULL else (60, 240)
PINGS = 2
#: One of so many connections ends because the server sends no ping.
SILENT_EVERY = 150
MIB = 1 << 20

LISTENER = """
    import gc, json, os, sys, threading
    import gazu
    from gazu._events.client import Client

    url, warm, measured = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    connections = 0
    measurements = []

    def measure():
        gc.collect()
        with open("/proc/self/status") as status:
            rows = dict(row.split(":", 1) for row in status)
        measurements.append({
            "memory": int(rows["VmRSS"].split()[0]) << 10,
            "threads": int(rows["Threads"]),
            "descriptors": len(os.listdir("/proc/self/fd")),
            "blocks": sys.getallocatedblocks(),
        })

    client = Client(reconnection_delay=0, randomization_factor=0)
    ended = threading.Event()

    @client.event(namespace="/events")
    def pause():
        # The server is between two connections: everything is as it is at rest.
        measure()
        if len(measurements) == 2:
            ended.set()

    client.connect(url, transports=["websocket"])
    ended.wait()
    client.disconnect()
    print(json.dumps(measurements))
"""


@needs.proc
@pytest.mark.timeout(1200 if FULL else 120)
def test_nothing_grows(python):
    failed = []

    def serve(stream):
        try:
            for number in range(WARM + MEASURED + 1):
                is_silent = number % SILENT_EVERY == 1
                # Long enough for a busy machine to connect the namespace.
                patience = 1000 if is_silent else 60000
                stream.opening.update(
                    pingInterval=patience, pingTimeout=patience
                )
                assert stream.accept() == "/events,"
                if is_silent:
                    # The client closes the connection.
                    assert not stream.is_open()
                    continue
                for ping in range(PINGS):
                    stream.send("2%d" % ping)
                    assert stream.read() == "3%d" % ping
                if number in (WARM, WARM + MEASURED):
                    stream.send('42/events,["pause"]')
                    if number == WARM:
                        # The answer shows that the measurement is over.
                        stream.send('42/events,1["pause-is-over"]')
                        assert stream.read() == "43/events,1[]"
                    else:
                        assert stream.read() == "41/events"
        except BaseException as error:
            failed.append(error)
            stream.close()
            raise

    with RawStream() as stream:
        serving = threading.Thread(target=serve, args=(stream,))
        serving.start()
        try:
            out = python(
                LISTENER, stream.url, WARM, MEASURED, timeout=1000
            ).stdout
        finally:
            serving.join()
    assert not failed
    before, after = json.loads(out)
    assert after["threads"] <= before["threads"]
    assert after["descriptors"] <= before["descriptors"]
    # A leak of a few hundred bytes for each connection would be more.
    assert after["blocks"] < before["blocks"] + MEASURED
    assert after["memory"] < before["memory"] + 2 * MIB

"""Runs a publication in a process that is killed at a given point."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

#: Counts what the process does: each write of the journal and each request has a
#: point before it and one after it, and each request one while it is under way.
PROGRAM = """
import json, os, signal, sys, threading, time
import gazu
from gazu._publishing import journal, steps

host, tokens, path, point = json.loads(sys.argv[1])
count = 0

def kill():
    os.kill(os.getpid(), signal.SIGKILL)

def reached(is_under_way=False):
    global count
    count += 1
    if count != point:
        return
    if not is_under_way:
        kill()
    threading.Thread(target=lambda: (time.sleep(0.004), kill())).start()

def watched(function, is_request):
    def call(*arguments, **options):
        reached()
        if is_request:
            reached(True)
        value = function(*arguments, **options)
        if is_request and count == point:
            time.sleep(60)
        reached()
        return value
    return call

journal.Journal.save = watched(journal.Journal.save, False)
steps.run = watched(steps.run, True)
client = gazu.client.create_client(host, tokens=tokens)
gazu.publish.Job(path, client).run()
print(count)
"""


def run_until(point, job, client):
    """
    Run a job in a process that is killed at a point.

    With 0, it is not killed. Returns the number of points that it has passed; -1
    if it was killed.
    """
    tokens = {
        name: client.tokens[name] for name in ("access_token", "refresh_token")
    }
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            PROGRAM,
            json.dumps([client.host, tokens, job.path, point]),
        ],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        timeout=300,
    )
    if done.returncode == -signal.SIGKILL:
        return -1
    assert done.returncode == 0, done.stderr
    return int(done.stdout)

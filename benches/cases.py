"""What is measured: run by either side's interpreter, in a process of its own.

    python cases.py CASE HOST FOLDER SIZE

Prints a JSON object: ``seconds``, the processor's ``cpu`` seconds of this process,
and ``memory``, the bytes above what was resident before.
"""

import json
import os
import sys
import threading
import time

import gazu
import payloads


def resident(line):
    with open("/proc/self/status") as status:
        for row in status:
            if row.startswith(line):
                return int(row.split()[1]) << 10
    raise LookupError(line)


def forget_peak():
    with open("/proc/self/clear_refs", "w") as control:
        control.write("5")


def get(folder, size):
    for _ in range(size):
        gazu.client.get("data/small")


def shots(folder, size):
    found = gazu.shot.all_shots_for_project(payloads.PROJECT)
    assert len(found) == size, len(found)
    return found


def post(folder, size):
    gazu.client.post("data/entities", ENTITIES)


def upload(folder, size):
    path = os.path.join(folder, "upload.mov")
    gazu.client.upload("data/upload", path, progress_callback=progress)


def download(folder, size):
    path = os.path.join(folder, "download.mov")
    gazu.client.download("bytes/%d" % size, path, progress_callback=progress)
    assert os.path.getsize(path) == size


def threads(folder, size):
    def work():
        for _ in range(size // 16):
            gazu.client.get("data/small")

    workers = [threading.Thread(target=work) for _ in range(16)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def progress(done, total):
    """Progress is asked for, since scripts do."""


CASES = {
    "get": get,
    "shots": shots,
    "post": post,
    "upload": upload,
    "download": download,
    "threads": threads,
}


def main():
    name, host, folder, size = sys.argv[1:]
    size = int(size)
    gazu.set_host(host)
    # Whatever the first request costs is no part of the others.
    gazu.client.get("data/small")
    if name == "post":
        global ENTITIES
        ENTITIES = payloads.entities(size)
    forget_peak()
    before = resident("VmRSS:")
    cpu, start = time.process_time(), time.perf_counter()
    kept = CASES[name](folder, size)
    seconds = time.perf_counter() - start
    cpu = time.process_time() - cpu
    memory = resident("VmHWM:") - before
    del kept
    print(json.dumps({"seconds": seconds, "cpu": cpu, "memory": memory}))


if __name__ == "__main__":
    main()

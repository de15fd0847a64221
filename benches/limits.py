"""
The limits of the machine, measured with orjson and a plain socket.

    python limits.py shots PORT PATH GZIP    read from a socket, decode, sort
    python limits.py board PORT PATH         read from a socket, decode lines, make dicts
    python limits.py post COUNT              encode
    python limits.py save PORT PATH TARGET   from a socket to a file

Prints a JSON object with ``seconds``, ``cpu`` and ``memory``, like ``cases.py``.
"""

import gzip
import json
import socket
import sys
import time

import orjson
import payloads
from cases import forget_peak, resident


def ask(port, path, packed):
    """Send a request. Return the stream of the answer, and the body's length."""
    connection = socket.create_connection(("127.0.0.1", port))
    head = "GET {} HTTP/1.1\r\nHost: h\r\nAccept-Encoding: {}\r\n\r\n".format(
        path, "gzip" if packed else "identity"
    )
    connection.sendall(head.encode())
    stream = connection.makefile("rb")
    length = 0
    while True:
        line = stream.readline().strip().lower()
        if not line:
            break
        if line.startswith(b"content-length:"):
            length = int(line[15:])
    return stream, length


def read(port, path, packed):
    stream, length = ask(port, path, packed)
    body = stream.read(length)
    return gzip.decompress(body) if packed else body


def save(port, path, target):
    stream, left = ask(port, path, False)
    view = memoryview(bytearray(1 << 18))
    with open(target, "wb", buffering=0) as file:
        while left:
            # Not more than one read of the socket.
            read = stream.readinto1(view)
            assert read
            file.write(view[:read])
            left -= read


def main():
    name = sys.argv[1]
    entities = payloads.entities(int(sys.argv[2])) if name == "post" else None
    forget_peak()
    before = resident("VmRSS:")
    cpu, start = time.process_time(), time.perf_counter()
    if name == "post":
        kept = orjson.dumps(entities)
    elif name == "board":
        lines = read(int(sys.argv[2]), sys.argv[3], False).splitlines()
        header = orjson.loads(lines[0])
        columns, names = header["shot_fields"], header["task_fields"]
        kept = []
        for line in lines[1:]:
            shot = dict(zip(columns, orjson.loads(line)))
            shot["tasks"] = [dict(zip(names, task)) for task in shot["tasks"]]
            kept.append(shot)
    elif name == "save":
        kept = None
        save(int(sys.argv[2]), *sys.argv[3:])
    else:
        body = read(int(sys.argv[2]), sys.argv[3], sys.argv[4] == "1")
        kept = orjson.loads(body)
        kept.sort(key=lambda shot: shot["name"].lower())
    seconds = time.perf_counter() - start
    cpu = time.process_time() - cpu
    memory = resident("VmHWM:") - before
    above = resident("VmHWM:") - resident("VmRSS:")
    del kept
    print(
        json.dumps(
            {"seconds": seconds, "cpu": cpu, "memory": memory, "above": above}
        )
    )


if __name__ == "__main__":
    main()

"""Uploads and downloads of gigabytes need constant memory."""

from __future__ import annotations

import os

import pytest

from . import needs
from .memory_usage import MEASURE, REPORT, growth
from .recording_server import Answer

pytestmark = [
    pytest.mark.big,
    needs.proc,
    pytest.mark.timeout(120),
]

GIB = 1 << 30
LIMIT = 32 << 20


@pytest.mark.beyond
@pytest.mark.parametrize("progress", ["None", "lambda done, total: None"])
def test_an_upload_needs_constant_memory(server, python, tmp_path, progress):
    path = tmp_path / "movie.mov"
    with open(str(path), "wb") as file:
        file.truncate(GIB)
    process = python(
        [
            MEASURE,
            "raw.upload('up', sys.argv[2], data={'k': 'v'}, client=client, progress_callback=%s)"
            % progress,
            REPORT,
        ],
        server.url + "/api",
        path,
        timeout=100,
    )
    assert server.last.size > GIB
    assert growth(process) < LIMIT


@pytest.mark.beyond
def test_an_upload_of_an_open_file_needs_constant_memory(
    server, python, tmp_path
):
    path = tmp_path / "movie.mov"
    with open(str(path), "wb") as file:
        file.truncate(GIB)
    process = python(
        [
            MEASURE,
            "raw.upload('up', files={'f': open(sys.argv[2], 'rb')}, client=client)",
            REPORT,
        ],
        server.url + "/api",
        path,
        timeout=100,
    )
    assert server.last.size > GIB
    assert growth(process) < LIMIT


@pytest.mark.parametrize("progress", ["None", "lambda done, total: None"])
def test_a_download_needs_constant_memory(server, python, tmp_path, progress):
    server.on("GET", "down", Answer(size=GIB))
    target = tmp_path / "movie.mov"
    process = python(
        [
            MEASURE,
            "raw.download('down', sys.argv[2], client=client, progress_callback=%s)"
            % progress,
            REPORT,
        ],
        server.url + "/api",
        target,
        timeout=100,
    )
    assert os.path.getsize(str(target)) == GIB
    target.unlink()
    assert growth(process) < LIMIT


@pytest.mark.beyond
def test_a_rejected_upload_is_not_read_ahead(server, python, tmp_path):
    path = tmp_path / "movie.mov"
    with open(str(path), "wb") as file:
        file.truncate(GIB)
    server.on("POST", "up", Answer({"message": "no"}, status=413))
    process = python(
        [
            MEASURE,
            """
            try:
                raw.upload("up", sys.argv[2], client=client)
            except raw.TooBigFileException:
                pass
            """,
            REPORT,
        ],
        server.url + "/api",
        path,
        timeout=100,
    )
    assert growth(process) < LIMIT


def test_many_requests_leak_nothing(server, python):
    server.on(
        "GET", "data/x", [{"id": str(n), "name": "n" * 50} for n in range(200)]
    )
    process = python(
        [
            MEASURE,
            """
            for _ in range(150):
                raw.get("data/x", client=client)
                raw.post("data/x", {"a": ["b"] * 1000}, client=client)
            first = resident("VmRSS:")
            for _ in range(300):
                raw.get("data/x", client=client)
                raw.post("data/x", {"a": ["b"] * 1000}, client=client)
            print(resident("VmRSS:") - first)
            """,
        ],
        server.url + "/api",
    )
    assert growth(process) < 4 << 20

"""``gazu.preview``: files that are downloaded."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer
from .sent import ID

FILES = {
    "extract_annotated_frame": "actions/preview-files/{}/extract-annotated-frame",
    "extract_annotated_frames": "actions/preview-files/{}/extract-annotated-frames",
    "extract_annotated_frames_as_pdf": (
        "actions/preview-files/{}/extract-annotated-frames-pdf"
    ),
    "download_original": "pictures/originals/preview-files/{}/download",
    "download_original_movie": "movies/originals/preview-files/{}/download",
    "download_source_movie": "movies/source/preview-files/{}.mp4",
    "download_tile": "movies/tiles/preview-files/{}.png",
    "download_picture": "pictures/previews/preview-files/{}.png",
    "download_square_thumbnail": (
        "pictures/thumbnails-square/preview-files/{}.png"
    ),
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_is_written_or_kept_in_memory(server, client, tmp_path, name):
    function = getattr(gazu.preview, name)
    server.on("GET", FILES[name].format(ID), Answer(body=b"content"))
    assert function(ID, client=client).content == b"content"
    target = tmp_path / "file"
    calls = []
    function(
        {"id": ID},
        str(target),
        client=client,
        progress_callback=lambda *args: calls.append(args),
    )
    assert target.read_bytes() == b"content"
    assert calls[-1] == (7, 7)


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_failed_download_leaves_the_file(server, client, tmp_path, name):
    function = getattr(gazu.preview, name)
    server.on("GET", FILES[name].format(ID), Answer({}, status=404))
    target = tmp_path / "file"
    target.write_text("before")
    with pytest.raises(gazu.exception.RouteNotFoundException):
        function(ID, str(target), client=client)
    assert target.read_text() == "before"


def test_a_frame_is_named_by_its_number(server, client):
    path = FILES["extract_annotated_frame"].format(ID)
    server.on("GET", path, Answer(body=b"x"))
    gazu.preview.extract_annotated_frame(ID, frame_number=12, client=client)
    assert server.last.query == "frame_number=12"

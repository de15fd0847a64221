"""``gazu.preview_background``: records and their files."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer
from .sent import ID, sent


def test_files_are_sorted_by_name(server, client):
    server.on(
        *("GET", "data/preview-background-files"),
        [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}],
    )
    found = gazu.preview_background.all_preview_background_files(client=client)
    assert [each["id"] for each in found] == ["1", "2"]


def test_a_record_is_made_before_its_file_is_sent(server, client, tmp_path):
    _, body = sent(
        *(server, "POST", "data/preview-background-files", {"id": ID}),
        gazu.preview_background.new_preview_background_file,
        "Garden",
        client=client,
    )
    assert body == {"name": "Garden", "is_default": False}
    picture = tmp_path / "garden.hdr"
    picture.write_bytes(b"HDR")
    path = "pictures/preview-background-files/" + ID
    server.on("POST", path, Answer({"id": ID}))
    gazu.preview_background.upload_preview_background_file(
        ID, str(picture), client=client
    )
    (part,) = server.last.parts
    assert (part.name, part.filename, part.content) == (
        "file",
        "garden.hdr",
        b"HDR",
    )


@pytest.mark.parametrize("extension", ["hdr", "png"])
def test_the_extension_is_in_the_path(server, client, extension):
    path = "pictures/preview-background-files/{}.{}".format(ID, extension)
    server.on("GET", path, Answer(body=b"x"))
    answer = gazu.preview_background.download_preview_background_file(
        ID, extension=extension, client=client
    )
    assert answer.content == b"x"


def test_only_force_is_sent(server, client):
    path = "data/preview-background-files/" + ID
    server.on("DELETE", path, Answer("", status=204))
    remove = gazu.preview_background.remove_preview_background_file
    assert remove(ID, client=client) == ""
    assert server.last.query == ""
    remove(ID, force=True, client=client)
    assert server.last.query == "force=True"

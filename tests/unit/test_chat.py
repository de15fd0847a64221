"""``gazu.chat``: messages with and without files."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer
from .sent import ID, sent

PATH = "data/entities/" + ID + "/chat/messages"


def test_a_message_without_files_is_json(server, client):
    for attachments in (None, [], ()):
        _, body = sent(
            *(server, "POST", PATH, {"id": "1"}),
            gazu.chat.new_chat_message,
            *(ID, "Hello", attachments),
            client=client,
        )
        assert body == {"message": "Hello"}


def test_files_are_sent_in_their_order(server, client, tmp_path):
    paths = []
    for name in ("b.txt", "a.txt", "c.txt"):
        (tmp_path / name).write_text(name)
        paths.append(str(tmp_path / name))
    server.on("POST", PATH, Answer({"id": "1"}))
    gazu.chat.new_chat_message({"id": ID}, "Files", paths, client=client)
    parts = server.last.parts
    assert [part.name for part in parts] == [
        "message",
        "file",
        "file-1",
        "file-2",
    ]
    assert [part.content for part in parts[1:]] == [
        b"b.txt",
        b"a.txt",
        b"c.txt",
    ]


def test_a_missing_file_raises_before_anything_is_sent(server, client):
    with pytest.raises(FileNotFoundError):
        gazu.chat.new_chat_message(ID, "x", ["/missing.txt"], client=client)
    assert server.requests == []


def test_a_message_is_named_by_its_dict_or_id(server, client):
    other = "b35b7fb5-df86-4776-8181-68564193d367"
    for message in (other, {"id": other}):
        server.on("DELETE", PATH + "/" + other, Answer("", status=204))
        assert gazu.chat.remove_chat_message(ID, message, client=client) == ""

"""``gazu.csv``: files that are sent and written."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer
from .sent import ID, OTHER


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("First Name\nAda\n")
    return str(path)


def test_only_an_update_asks_for_it(server, client, table):
    server.on("POST", "import/csv/persons", Answer([]))
    for update, query in ((False, ""), (True, "update=true")):
        gazu.csv.import_persons_with_csv(table, update, client=client)
        assert server.last.query == query
        (part,) = server.last.parts
        assert (part.name, part.filename) == ("file", "table.csv")
    path = "import/csv/projects/{}/edits".format(ID)
    server.on("POST", path, Answer([]))
    gazu.csv.import_edits_with_csv(ID, table, update=True, client=client)
    assert server.last.query == "update=true"


def test_a_casting_is_written_to_a_file(server, client, tmp_path):
    path = "export/csv/projects/{}/casting.csv".format(ID)
    server.on("GET", path, Answer(body=b"Parent;Name\n"))
    target = tmp_path / "out.csv"
    gazu.csv.export_casting_with_csv(
        {"id": ID}, str(target), OTHER, is_shot_casting=True, client=client
    )
    assert target.read_bytes() == b"Parent;Name\n"
    assert server.last.params == [
        ("episode_id", OTHER),
        ("is_shot_casting", "True"),
    ]


@pytest.mark.parametrize("episode", ["main", "all"])
def test_the_casting_outside_of_episodes(server, client, episode):
    path = "export/csv/projects/{}/casting.csv".format(ID)
    server.on("GET", path, Answer(body=b"x"))
    answer = gazu.csv.export_casting_with_csv(ID, None, episode, client=client)
    assert answer.content == b"x"
    assert server.last.params == [("episode_id", episode)]


def test_a_missing_file_raises_before_anything_is_sent(server, client):
    with pytest.raises(FileNotFoundError):
        gazu.csv.import_casting_with_csv(ID, "/missing.csv", client=client)
    assert server.requests == []

"""What people see in a console: ``gazu.show`` and the repr of a client."""

from __future__ import annotations

import gazu
import pytest

ID = "6f1e0a52-3c5b-4d0b-9a59-0c4f5b1d7e11"

pytestmark = pytest.mark.beyond


class TestShow:
    ROWS = (
        {"id": "1", "nb_frames": 48, "name": "SH01", "data": {"a": 1}},
        {"id": "2", "nb_frames": None, "name": "SH\n02\x1b[2J", "ready": True},
    )

    def test_a_table_is_text(self):
        assert repr(gazu.show(self.ROWS)).splitlines() == [
            "name          nb_frames  ready  id",
            "------------  ---------  -----  --",
            "SH01          48                1",
            "SH 02\\x1b[2J             True   2",
        ]
        assert str(gazu.show([])) == "No records."
        assert len(gazu.show(self.ROWS[0])) == 1

    def test_columns_can_be_chosen(self):
        text = str(gazu.show(self.ROWS, columns=["id", "data"]))
        assert text.splitlines()[2] == "1   {'a': 1}"

    def test_a_notebook_gets_escaped_html(self):
        html = gazu.show([{"name": "<script>"}])._repr_html_()
        assert "<td>&lt;script&gt;</td>" in html and "<script>" not in html

    @pytest.mark.parametrize(
        "arguments", [([1],), (["a"],), ([{}], "name")], ids=str
    )
    def test_what_is_no_record_raises(self, arguments):
        with pytest.raises(TypeError, match=r"^(records|columns): "):
            gazu.show(*arguments)


def test_a_client_shows_its_host_and_login():
    client = gazu.client.create_client("https://me:pw@kitsu.example.com/api")
    assert repr(client) == (
        "<KitsuClient https://kitsu.example.com/api, not logged in>"
    )
    client.tokens = {"access_token": "s3cret"}
    assert repr(client) == (
        "<KitsuClient https://kitsu.example.com/api, logged in>"
    )

from __future__ import annotations

import os
import tempfile
import uuid

import pytest
from gazu import exception as ex
from gazu import helpers

from . import needs
from .recording_server import Answer, listdir, redirect

ID = "a24a6ea4-ce75-4665-a070-57453082c256"


class Shown:
    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


class Unshowable:
    def __str__(self):
        raise KeyError("no text")


class TestModels:
    @pytest.mark.parametrize(
        "value, model",
        [
            (None, None),
            (ID, {"id": ID}),
            (ID.upper(), {"id": ID.upper()}),
            (uuid.UUID(ID), {"id": ID}),
            (Shown(ID), {"id": ID}),
            ({}, {}),
            ({"name": "x"}, {"name": "x"}),
        ],
    )
    def test_a_model_is_normalized(self, value, model):
        assert helpers.normalize_model_parameter(value) == model

    def test_a_dict_stays_the_same_object(self):
        model = {"id": 1}
        assert helpers.normalize_model_parameter(model) is model

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "x",
            ID[:-1],
            ID + "0",
            " " + ID,
            ID + "\n",
            ID.replace("-", ""),
            1,
            [ID],
            (ID,),
            b"",
            True,
        ],
    )
    def test_an_invalid_model_raises(self, value):
        with pytest.raises(
            ValueError, match="Wrong format: expected ID string or Data dict"
        ):
            helpers.normalize_model_parameter(value)

    def test_an_object_without_text_raises(self):
        with pytest.raises(ValueError, match="Failed to cast argument to str"):
            helpers.normalize_model_parameter(Unshowable())

    @pytest.mark.parametrize(
        "models, ids",
        [
            (None, []),
            ([], []),
            (ID, [ID]),
            ({"id": "a"}, ["a"]),
            ([ID, {"id": "b"}], [ID, "b"]),
        ],
    )
    def test_links_become_ids(self, models, ids):
        assert helpers.normalize_list_of_models_for_links(models) == ids

    @pytest.mark.parametrize(
        "models, error",
        [
            ((ID, ID), ValueError),
            ([None], TypeError),
            ([{}], KeyError),
            (["x"], ValueError),
        ],
    )
    def test_invalid_links_raise(self, models, error):
        with pytest.raises(error):
            helpers.normalize_list_of_models_for_links(models)


class TestDates:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-01-02",
            "2026-1-6",
            "2026-01-02T03:04:05",
            "2024-02-29",
            "0001-01-01",
            "2026-01-02T3:4:5",
        ],
    )
    def test_valid_dates_are_accepted(self, text):
        assert helpers.validate_date_format(text) is text

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "2026",
            "2026-13-01",
            "2026-02-29",
            "26-01-02",
            "2026/01/02",
            "01-02-2026",
            "2026-01-02 03:04:05",
            "2026-01-02T03:04",
            "2026-01-02T24:00:00",
            "2026-01-02T03:04:05Z",
            "2026-01-02T03:04:05.6",
            " 2026-01-02",
            "2026-01-02 ",
            "0000-01-01",
        ],
    )
    def test_invalid_dates_raise(self, text):
        with pytest.raises(ValueError) as caught:
            helpers.validate_date_format(text)
        assert str(caught.value) == (
            "Incorrect date format for %s, should be YYYY-mm-dd or YYYY-mm-ddTHH:MM:SS"
            % text
        )

    @pytest.mark.parametrize("value", [None, 1, b"2026-01-02"])
    def test_a_date_that_is_no_text_raises(self, value):
        with pytest.raises(TypeError):
            helpers.validate_date_format(value)


@pytest.mark.parametrize(
    "name, clean",
    [
        ("a.png", "a.png"),
        ("../../etc/passwd", "__etcpasswd"),
        ("a@b|c(d):e%f/g,h\\i[j]k<l>m*n?o;p`q\nr", "abcdefghijklmnopqr"),
        (" a b ", "a b"),
        ("...", "_."),
        ("é日.png", "é日.png"),
        ("", ""),
        ("a'b\"c&d$e!f#g", "a'b\"c&d$e!f#g"),
    ],
)
def test_file_names_are_sanitized(name, clean):
    assert helpers.sanitize_filename(name) == clean


class TestDownloadFile:
    def test_to_a_file(self, server, tmp_path):
        server.on("GET", "/x.png", b"picture")
        target = str(tmp_path / "out.png")
        assert helpers.download_file(server.url + "/x.png", target) == target
        assert listdir(tmp_path) == ["out.png"]
        assert (tmp_path / "out.png").read_bytes() == b"picture"

    def test_to_a_folder(self, server, tmp_path):
        path = helpers.download_file(
            server.url + "/a/x.png?b=c", str(tmp_path)
        )
        assert path == str(tmp_path / "x.png")

    def test_to_a_folder_with_a_slash(self, server, tmp_path):
        path = helpers.download_file(
            server.url + "/x.png", str(tmp_path) + os.sep
        )
        assert path == str(tmp_path / "x.png")

    def test_to_a_folder_of_its_own(self, server):
        path = helpers.download_file(server.url + "/x.png")
        folder = os.path.dirname(path)
        assert os.path.basename(path) == "x.png"
        assert os.path.basename(folder).startswith("gazu_")
        os.remove(path)
        os.rmdir(folder)

    def test_a_folder_of_its_own_is_removed_if_the_download_fails(
        self, server, tmp_path, monkeypatch
    ):
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        server.on("GET", "/x.png", Answer(body=b"x" * 99, truncate=5))
        with pytest.raises(OSError):
            helpers.download_file(server.url + "/x.png")
        assert os.listdir(str(tmp_path)) == []

    @needs.modes
    def test_to_a_folder_that_nobody_else_may_enter(self, server):
        path = helpers.download_file(server.url + "/x.png")
        folder = os.path.dirname(path)
        assert os.stat(folder).st_mode & 0o077 == 0
        os.remove(path)
        os.rmdir(folder)

    def test_to_the_working_folder(self, server, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        path = helpers.download_file(server.url + "/x.png", "here.png")
        assert path == os.path.join(os.getcwd(), "here.png")

    @pytest.mark.parametrize(
        "url, content_type, name",
        [
            ("/x", "image/png", "x.png"),
            ("/x", "text/html; charset=utf-8", "x"),
            ("/x", "application/x-unheard-of", "x"),
            ("/x", None, "x"),
            ("/x.tar", "image/png", "x.tar"),
            ("/", "image/png", "file.png"),
            ("/", None, "file"),
            ("/a%20b(1).png", None, "a20b1.png"),
        ],
    )
    def test_the_name_comes_from_url_and_type(
        self, server, tmp_path, url, content_type, name
    ):
        server.on("GET", "*", Answer(body=b"abc", content_type=content_type))
        path = helpers.download_file(server.url + url, str(tmp_path))
        assert path == str(tmp_path / name)

    def test_headers_are_sent(self, server, tmp_path):
        helpers.download_file(
            server.url + "/x.png", str(tmp_path), headers={"X-Key": "v"}
        )
        assert server.last.header("X-Key") == "v"
        assert server.last.header("Authorization") is None

    def test_sends_no_token(self, server, default, tmp_path):
        default.access_token = "abc"
        helpers.download_file(default.host + "/x.png", str(tmp_path))
        assert server.last.header("Authorization") is None

    def test_follows_redirects(self, server, tmp_path):
        server.on("GET", "/x.png", redirect("/y.jpg"))
        server.on("GET", "/y.jpg", b"picture")
        path = helpers.download_file(server.url + "/x.png", str(tmp_path))
        assert path == str(tmp_path / "x.png")
        assert (tmp_path / "x.png").read_bytes() == b"picture"

    @pytest.mark.parametrize(
        "status, reason",
        [
            (404, "NOT FOUND"),
            (401, "UNAUTHORIZED"),
            (500, "INTERNAL SERVER ERROR"),
        ],
    )
    def test_an_error_raises(self, server, tmp_path, status, reason):
        server.on("GET", "/x.png", Answer({}, status=status))
        url = server.url + "/x.png"
        with pytest.raises(ex.DownloadFileException) as caught:
            helpers.download_file(url, str(tmp_path))
        assert str(
            caught.value
        ) == "File (%s) can't be downloaded (%d %s)." % (url, status, reason)
        assert listdir(tmp_path) == []

    @pytest.mark.beyond
    def test_an_error_has_its_reason(self, server, tmp_path):
        server.on("GET", "/x.png", Answer({"message": "no"}, status=403))
        with pytest.raises(ex.DownloadFileException) as caught:
            helpers.download_file(server.url + "/x.png", str(tmp_path))
        assert (caught.value.status_code, caught.value.body) == (
            403,
            {"message": "no"},
        )

    @pytest.mark.beyond
    def test_a_compressed_file_is_decoded(self, server, tmp_path):
        server.on("GET", "/x.png", Answer(body=b"picture", encoding="gzip"))
        helpers.download_file(server.url + "/x.png", str(tmp_path))
        assert (tmp_path / "x.png").read_bytes() == b"picture"

    @pytest.mark.beyond
    def test_a_truncated_file_is_removed(self, server, tmp_path):
        server.on("GET", "/x.png", Answer(body=b"picture", truncate=3))
        with pytest.raises(OSError):
            helpers.download_file(server.url + "/x.png", str(tmp_path))
        assert listdir(tmp_path) == []

    def test_a_missing_folder_raises(self, server, tmp_path):
        with pytest.raises(FileNotFoundError):
            helpers.download_file(
                server.url + "/x.png", str(tmp_path / "none" / "x.png")
            )

    def test_an_invalid_url_raises(self, tmp_path):
        with pytest.raises(ValueError) as caught:
            helpers.download_file("nonsense", str(tmp_path))
        assert type(caught.value).__name__ == "MissingSchema"

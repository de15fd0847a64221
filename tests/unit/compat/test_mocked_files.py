"""Test suites replace ``open`` by a mock, or the file system by one in memory."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from unittest import mock

import gazu
import pytest
from gazu import client as raw

from ..recording_server import Answer


def test_a_mocked_open_is_used(server, client):
    server.on("GET", "data/file", {"a": 1})
    opened = mock.mock_open()
    with mock.patch("builtins.open", opened):
        raw.download("data/file", "/no/such/folder/file", client=client)
    opened.assert_called_once_with("/no/such/folder/file", "wb")
    assert opened().write.called


def test_a_mocked_open_is_used_as_a_context_manager(server, client):
    server.on("GET", "data/file", b"movie")
    opened = mock.MagicMock()
    with mock.patch("builtins.open", opened):
        raw.download("data/file", b"/no/such/folder/file", client=client)
    opened.assert_called_once_with(b"/no/such/folder/file", "wb")
    manager = opened.return_value
    manager.__enter__.return_value.write.assert_called_once_with(b"movie")
    manager.__exit__.assert_called_once_with(None, None, None)


@pytest.mark.parametrize("status", [200, 404])
def test_a_mocked_open_is_called_after_the_answer(server, client, status):
    server.on("GET", "data/file", Answer(body=b"movie", status=status))
    opened = mock.mock_open()
    with mock.patch("builtins.open", opened):
        with contextlib.suppress(raw.RouteNotFoundException):
            raw.download("data/file", "/no/file", client=client)
    assert opened.called is (status == 200)


@pytest.mark.parametrize("through", ["core", "session"])
def test_a_download_to_a_mocked_file_is_written_while_it_arrives(
    server, client, through
):
    """The file may be larger than the memory."""
    if through == "session":
        client.session = pytest.importorskip("requests").Session()
    content = bytes(range(256)) * 40000
    server.on("GET", "data/file", content)
    opened = mock.mock_open()
    seen = []
    with mock.patch("builtins.open", opened):
        raw.download(
            "data/file",
            "/no/file",
            client=client,
            progress_callback=lambda done, total: seen.append((done, total)),
        )
    pieces = [call[1][0] for call in opened().write.mock_calls]
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= 1 << 20
    assert seen[-1] == (len(content), len(content))


def test_a_truncated_download_to_a_mocked_file_is_not_repeated(server, client):
    whole = bytes(300000)
    server.on("GET", "data/file", Answer(body=whole, truncate=200000), whole)
    opened = mock.mock_open()
    with mock.patch("builtins.open", opened):
        with pytest.raises(OSError):
            raw.download("data/file", "/no/file", client=client)
    written = [call[1][0] for call in opened().write.mock_calls]
    assert b"".join(written) == bytes(200000)
    assert len(server.requests) == 1


def test_helpers_use_a_mocked_open(server, client, tmp_path):
    server.on("GET", "data/file.png", b"movie")
    opened = mock.mock_open()
    url = server.url + "/api/data/file.png"
    path = os.path.join(os.sep, "no", "file.png")
    # Its modules are files, too.
    gazu.helpers.download_file(url, str(tmp_path / "file.png"))
    with mock.patch("builtins.open", opened):
        gazu.helpers.download_file(url, path)
    opened.assert_called_once_with(path, "wb")
    opened().write.assert_called_once_with(b"movie")


def test_an_upload_uses_a_replaced_open(server, client, make_file):
    server.on("POST", "pictures/x", {"id": "1"})
    real_path = make_file("real.png", b"what open gives")
    real = open

    def replaced(path, *args, **kwargs):
        return real(real_path if path == "/shows/a.png" else path, *args)

    with mock.patch("builtins.open", replaced):
        raw.upload("pictures/x", "/shows/a.png", client=client)
    assert b"what open gives" in server.last.body


def test_pyfakefs_is_used(server, client, tmp_path):
    patcher = pytest.importorskip("pyfakefs.fake_filesystem_unittest").Patcher
    server.on("POST", "pictures/x", {"id": "1"})
    server.on("GET", "data/file", {"a": 1})
    real = tmp_path / "real"
    real.mkdir()
    with patcher() as fake:
        fake.fs.create_file("/shows/movie.mp4", contents="only in memory")
        raw.upload("pictures/x", "/shows/movie.mp4", client=client)
        fake.fs.create_dir(str(real))
        raw.download("data/file", str(real / "x"), client=client)
        assert (real / "x").read_bytes() == b'{"a": 1}'
    assert b"only in memory" in server.requests[0].body
    assert list(real.iterdir()) == []
    # The next test uses the disk again.
    raw.download("data/file", str(real / "y"), client=client)
    assert (real / "y").read_bytes() == b'{"a": 1}'
    (tmp_path / "m").write_bytes(b"on the disk")
    raw.upload("pictures/x", str(tmp_path / "m"), client=client)
    assert b"on the disk" in server.last.body


def test_modules_imported_within_pyfakefs_use_the_disk_later(tmp_path):
    """Modules that are executed meanwhile do not keep the fake ``os``."""
    pytest.importorskip("pyfakefs")
    pytest.importorskip("requests_mock")
    (tmp_path / "test_files.py").write_text(
        """
import os, pytest, gazu, requests_mock

@pytest.fixture(autouse=True)
def http():
    gazu.set_host("http://kitsu.local/api")
    with requests_mock.Mocker() as mocker:
        mocker.post("http://kitsu.local/api/x", json={"ok": 1})
        mocker.get("http://kitsu.local/api/file", content=b"abc")
        yield

def test_fake(fs):
    fs.create_file("/shows/movie.mp4", contents="x")
    assert gazu.client.upload("x", "/shows/movie.mp4") == {"ok": 1}
    fs.create_dir("/shows/o")
    gazu.client.download("file", "/shows/o/a")
    assert os.path.getsize("/shows/o/a") == 3

def test_real(tmp_path):
    gazu.client.download("file", str(tmp_path / "a"))
    assert os.path.getsize(str(tmp_path / "a")) == 3
    assert gazu.client.upload("x", str(tmp_path / "a")) == {"ok": 1}
"""
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
        cwd=str(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=55,
    )
    assert done.returncode == 0, done.stdout.decode()


def test_without_mocks_nothing_counts_as_replaced():
    from gazu._engine.files import open_is_replaced

    assert not open_is_replaced()

"""Downloads of files: whole or absent."""

from __future__ import annotations

import errno
import os
import threading
import time

import pytest
from gazu import client as raw
from gazu import exception as ex

from . import needs
from .error_classes import NO_FILE
from .recording_server import Answer, http_date, listdir

CONTENT = bytes(range(256)) * 64


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder / "out.png"


class TestFile:
    def test_a_file_is_written(self, server, client, target):
        server.on("GET", "x", Answer(body=CONTENT, content_type="image/png"))
        raw.download("x", str(target), client=client)
        assert target.read_bytes() == CONTENT
        assert listdir(target.parent) == ["out.png"]

    def test_an_old_file_is_replaced(self, server, client, target):
        target.write_bytes(b"old and longer" * 9999)
        server.on("GET", "x", CONTENT)
        raw.download("x", str(target), client=client)
        assert target.read_bytes() == CONTENT

    def test_a_path_object_is_accepted(self, server, client, target):
        server.on("GET", "x", CONTENT)
        raw.download("x", target, client=client)
        assert target.read_bytes() == CONTENT

    def test_a_relative_path_is_accepted(
        self, server, client, target, monkeypatch
    ):
        monkeypatch.chdir(target.parent)
        server.on("GET", "x", CONTENT)
        raw.download("x", "here.png", client=client)
        assert listdir(target.parent) == ["here.png"]

    def test_an_empty_body_is_written(self, server, client, target):
        server.on("GET", "x", b"")
        raw.download("x", str(target), client=client)
        assert target.read_bytes() == b""

    def test_a_chunked_body_is_written(self, server, client, target):
        server.on("GET", "x", Answer(body=CONTENT, chunked=1000))
        raw.download("x", str(target), client=client)
        assert target.read_bytes() == CONTENT

    def test_a_body_without_a_length_is_written(self, server, client, target):
        server.on("GET", "x", Answer(body=CONTENT, no_length=True))
        raw.download("x", str(target), client=client)
        assert target.read_bytes() == CONTENT

    @pytest.mark.beyond
    @pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw_deflate"])
    def test_a_compressed_body_is_decoded(
        self, server, client, target, encoding
    ):
        server.on("GET", "x", Answer(body=CONTENT, encoding=encoding))
        raw.download("x", str(target), client=client)
        assert target.read_bytes() == CONTENT

    @pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw_deflate"])
    def test_a_compressed_body_is_decoded_with_progress(
        self, server, client, target, encoding
    ):
        server.on("GET", "x", Answer(body=CONTENT, encoding=encoding))
        raw.download(
            "x", str(target), client=client, progress_callback=lambda *_: None
        )
        assert target.read_bytes() == CONTENT

    @needs.modes
    def test_a_new_file_has_the_default_mode(self, server, client, target):
        before = os.umask(0o027)
        try:
            raw.download("x", str(target), client=client)
        finally:
            os.umask(before)
        assert target.stat().st_mode & 0o777 == 0o640

    @needs.modes
    def test_an_old_file_keeps_its_mode(self, server, client, target):
        target.write_bytes(b"old")
        target.chmod(0o604)
        raw.download("x", str(target), client=client)
        assert target.stat().st_mode & 0o777 == 0o604

    @needs.symlinks
    def test_a_link_stays_a_link(self, server, client, target):
        server.on("GET", "x", CONTENT)
        target.symlink_to(target.parent / "real.png")
        raw.download("x", str(target), client=client)
        assert target.is_symlink()
        assert (target.parent / "real.png").read_bytes() == CONTENT

    @needs.null_device
    def test_a_device_is_written_to(self, server, client):
        server.on("GET", "x", CONTENT)
        before = os.stat("/dev/null")
        raw.download("x", "/dev/null", client=client)
        after = os.stat("/dev/null")
        assert (before.st_mode, before.st_ino) == (after.st_mode, after.st_ino)

    def test_a_long_name_is_written(self, server, client, target):
        path = target.parent / ("n" * 250 + ".png")
        raw.download("x", str(path), client=client)
        assert listdir(target.parent) == [path.name]


class TestResponse:
    def test_the_response_is_returned(self, server, client, target):
        answer = Answer(
            body=CONTENT,
            content_type="image/png",
            headers={"X-Kind": "preview"},
        )
        server.on("GET", "x", answer)
        response = raw.download(
            "x", str(target), params={"a": 1}, client=client
        )
        assert response.status_code == 200
        assert response.ok is True
        assert response.reason == "OK"
        assert (
            response.headers["content-type"]
            == response.headers["Content-Type"]
            == "image/png"
        )
        assert response.headers.get("x-KIND") == "preview"
        assert response.headers.get("missing", 1) == 1
        assert "X-Kind" in response.headers
        assert int(response.headers["Content-Length"]) == len(CONTENT)
        assert response.url == server.url + "/api/x?a=1"
        assert response.raise_for_status() is None
        assert bool(response) is True
        response.close()

    def test_the_response_has_the_body_without_a_file(self, server, client):
        server.on("GET", "x", Answer({"a": "é"}, encoding="gzip"))
        response = raw.download("x", None, client=client)
        assert response.content == b'{"a": "\\u00e9"}'
        assert response.text == '{"a": "\\u00e9"}'
        assert response.json() == {"a": "é"}

    def test_the_response_may_be_empty(self, server, client):
        server.on("GET", "x", b"")
        assert raw.download("x", None, client=client).content == b""

    def test_other_statuses_are_returned(self, server, client, target):
        server.on("GET", "x", Answer(body=b"gone", status=410))
        response = raw.download("x", str(target), client=client)
        assert (response.status_code, response.ok) == (410, False)
        assert target.read_bytes() == b"gone"


class TestProgress:
    def run(self, client, path, **options):
        calls = []
        raw.download(
            "x",
            path,
            client=client,
            progress_callback=lambda *a: calls.append(a),
            **options,
        )
        return calls

    def test_progress_ends_at_the_total(self, server, client, target):
        server.on("GET", "x", Answer(size=3 << 20))
        calls = self.run(client, str(target))
        assert calls[-1] == (3 << 20, 3 << 20)
        assert {total for _, total in calls} == {3 << 20}
        assert [done for done, _ in calls] == sorted(
            {done for done, _ in calls}
        )

    def test_the_total_is_zero_if_unknown(self, server, client, target):
        server.on("GET", "x", Answer(body=CONTENT, chunked=4096))
        calls = self.run(client, str(target))
        assert calls[-1] == (len(CONTENT), 0)

    def test_progress_comes_during_the_download(self, server, client, target):
        times = []
        server.on("GET", "x", Answer(body=bytes(40000), drip=(10000, 0.06)))
        raw.download(
            "x",
            str(target),
            client=client,
            progress_callback=lambda *_: times.append(time.monotonic()),
        )
        assert times[-1] - times[0] > 0.1
        assert len(times) >= 3

    def test_progress_comes_on_the_callers_thread(
        self, server, client, target
    ):
        threads = set()
        server.on("GET", "x", Answer(size=1 << 20))
        raw.download(
            "x",
            str(target),
            client=client,
            progress_callback=lambda *_: threads.add(
                threading.current_thread()
            ),
        )
        assert threads == {threading.current_thread()}

    def test_an_exception_of_the_callback_ends_the_download(
        self, server, client, target
    ):
        class TooLong(Exception):
            pass

        def limit(done, total):
            if done > 100000:
                raise TooLong(done)

        server.on("GET", "x", Answer(size=64 << 20))
        with pytest.raises(TooLong):
            raw.download(
                "x", str(target), client=client, progress_callback=limit
            )
        assert raw.get("y", client=client) == {}

    @pytest.mark.beyond
    def test_an_exception_of_the_callback_keeps_the_old_file(
        self, server, client, target
    ):
        target.write_bytes(b"old")

        def cancel(done, total):
            raise KeyError

        server.on("GET", "x", Answer(size=1 << 20))
        with pytest.raises(KeyError):
            raw.download(
                "x", str(target), client=client, progress_callback=cancel
            )
        assert target.read_bytes() == b"old"
        assert listdir(target.parent) == ["out.png"]

    def test_there_is_no_progress_without_a_file(self, server, client):
        server.on("GET", "x", CONTENT)
        assert self.run(client, None) in ([], [(len(CONTENT), len(CONTENT))])

    def test_the_callback_may_use_the_client(self, server, client, target):
        server.on("GET", "x", CONTENT)
        raw.download(
            "x",
            str(target),
            client=client,
            progress_callback=lambda *_: raw.get("y", client=client),
        )
        assert target.read_bytes() == CONTENT

    def test_other_threads_go_on_while_the_callback_waits(
        self, server, client, target
    ):
        answers = []

        def wait_for_another(done, total):
            if not answers:
                other = threading.Thread(
                    target=lambda: answers.append(raw.get("y", client=client))
                )
                other.start()
                other.join(30)
                assert answers == [{}]

        server.on("GET", "x", Answer(size=8 << 20))
        raw.download(
            "x", str(target), client=client, progress_callback=wait_for_another
        )
        assert answers and target.stat().st_size == 8 << 20

    def test_a_slow_callback_is_no_idle_server(self, server, client, target):
        client.timeout = (10, 0.5)
        pauses = [1.0, 1.0]

        def pause(done, total):
            if pauses:
                time.sleep(pauses.pop())

        server.on("GET", "x", Answer(size=8 << 20))
        raw.download("x", str(target), client=client, progress_callback=pause)
        assert not pauses and target.stat().st_size == 8 << 20


BROKEN = [
    Answer(body=CONTENT, truncate=1000),
    Answer(body=CONTENT, chunked=1000, truncate=3000),
    Answer(body=CONTENT, reset="body"),
    Answer(body=CONTENT, chunked=True, reset="body"),
    Answer(body=CONTENT, encoding="gzip", truncate=100),
    Answer(body=b"not packed", headers=[("Content-Encoding", "gzip")]),
]


class TestErrors:
    @pytest.mark.parametrize(
        "status, cls",
        [
            (404, ex.RouteNotFoundException),
            (403, ex.NotAllowedException),
            (500, ex.ServerErrorException),
        ],
    )
    def test_an_error_leaves_no_file(
        self, server, client, target, status, cls
    ):
        server.on("GET", "x", Answer({}, status=status))
        with pytest.raises(cls) as caught:
            raw.download("x", str(target), client=client)
        assert str(caught.value) == "x"
        assert len(server.requests) == 1
        assert listdir(target.parent) == []

    def test_an_error_keeps_the_old_file(self, server, client, target):
        target.write_bytes(b"old")
        server.on("GET", "x", Answer({}, status=404))
        with pytest.raises(ex.RouteNotFoundException):
            raw.download("x", str(target), client=client)
        assert target.read_bytes() == b"old"

    @pytest.mark.beyond
    @pytest.mark.parametrize(
        "answer",
        BROKEN,
        ids=[
            "short",
            "short chunks",
            "reset",
            "reset chunks",
            "short gzip",
            "no gzip",
        ],
    )
    @pytest.mark.parametrize("old", [None, b"old"])
    @pytest.mark.parametrize("progress", [None, lambda *_: None])
    def test_a_broken_download_leaves_no_partial_file(
        self, server, client, target, answer, old, progress
    ):
        if old:
            target.write_bytes(old)
        server.on("GET", "x", answer)
        with pytest.raises(Exception) as caught:
            raw.download(
                "x", str(target), client=client, progress_callback=progress
            )
        assert type(caught.value).__name__ in (
            "ChunkedEncodingError",
            "ConnectionError",
            "ContentDecodingError",
        )
        assert listdir(target.parent) == (["out.png"] if old else [])
        if old:
            assert target.read_bytes() == old

    def test_a_broken_download_without_a_file_raises(self, server, client):
        server.on("GET", "x", Answer(body=CONTENT, truncate=1000))
        with pytest.raises(Exception) as caught:
            raw.download("x", None, client=client)
        assert type(caught.value).__name__ in (
            "ChunkedEncodingError",
            "ConnectionError",
        )

    def test_a_missing_folder_raises(self, server, client, tmp_path):
        path = str(tmp_path / "none" / "out.png")
        with pytest.raises(FileNotFoundError) as caught:
            raw.download("x", path, client=client)
        assert (caught.value.errno, caught.value.filename) == (
            errno.ENOENT,
            path,
        )

    def test_a_folder_as_target_raises(self, server, client, tmp_path):
        with pytest.raises(NO_FILE) as caught:
            raw.download("x", str(tmp_path), client=client)
        assert caught.value.filename == str(tmp_path)
        assert listdir(tmp_path) == []

    def test_an_empty_path_raises(self, server, client, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        with pytest.raises(FileNotFoundError):
            raw.download("x", "", client=client)
        assert listdir(tmp_path) == []

    @pytest.mark.parametrize("path", [1.5, [], {}])
    def test_an_invalid_path_raises(self, server, client, path):
        with pytest.raises(TypeError):
            raw.download("x", path, client=client)

    @needs.denied_files
    def test_a_folder_without_permission_raises(self, server, client, target):
        target.parent.chmod(0o500)
        with pytest.raises(PermissionError):
            raw.download("x", str(target), client=client)
        target.parent.chmod(0o700)


class TestProcessing:
    """The status 202 says that a preview is still being processed."""

    @staticmethod
    def busy(retry_after="0", **options):
        headers = [] if retry_after is None else [("Retry-After", retry_after)]
        return Answer(
            {"message": "soon"}, status=202, headers=headers, **options
        )

    @pytest.mark.parametrize("to_file", [True, False])
    def test_a_preview_is_waited_for(self, server, client, target, to_file):
        server.on("GET", "x", self.busy(), self.busy(), CONTENT)
        response = raw.download(
            "x", str(target) if to_file else None, client=client
        )
        assert len(server.requests) == 3
        assert (
            target.read_bytes() if to_file else response.content
        ) == CONTENT

    def test_retry_after_is_waited_for(self, server, client):
        server.on("GET", "x", self.busy("0.2"), CONTENT)
        raw.download("x", None, client=client)
        first, second = server.requests
        assert 0.15 < second.received - first.received < 1

    @pytest.mark.parametrize(
        "retry_after",
        [None, "soon", http_date(0)],
        ids=["none", "soon", "date"],
    )
    def test_without_a_valid_retry_after_five_seconds_are_waited(
        self, server, client, retry_after
    ):
        """The budget is shorter here, and bounds the wait."""
        server.on("GET", "x", self.busy(retry_after))
        start = time.monotonic()
        with pytest.raises(ex.PreviewFileProcessingException) as caught:
            raw.download("x", None, client=client, processing_timeout=0.15)
        assert 0.1 < time.monotonic() - start < 5
        assert caught.value.args == ("x",)

    @pytest.mark.beyond
    @pytest.mark.parametrize(
        "retry_after",
        ["0", "0.0001", "-1", "Sun, 06 Nov 1994 08:49:37 GMT"],
    )
    def test_there_is_always_a_pause(self, server, client, retry_after):
        server.on("GET", "x", self.busy(retry_after))
        with pytest.raises(ex.PreviewFileProcessingException):
            raw.download("x", None, client=client, processing_timeout=0.9)
        assert 2 <= len(server.requests) <= 5

    def test_the_budget_bounds_a_long_wait(self, server, client, target):
        server.on("GET", "x", self.busy("3600"))
        with pytest.raises(ex.PreviewFileProcessingException):
            raw.download(
                "x",
                str(target),
                params={"a": 1},
                client=client,
                processing_timeout=0.6,
            )
        assert len(server.requests) == 2
        assert listdir(target.parent) == []

    @pytest.mark.parametrize("budget", [0, -1])
    def test_without_a_budget_the_preview_raises_at_once(
        self, server, client, budget
    ):
        server.on("GET", "x", self.busy("0"))
        with pytest.raises(ex.PreviewFileProcessingException):
            raw.download("x", None, client=client, processing_timeout=budget)
        assert len(server.requests) == 1

    def test_the_path_of_the_exception_has_the_query(self, server, client):
        server.on("GET", "x", self.busy("0"))
        with pytest.raises(ex.PreviewFileProcessingException) as caught:
            raw.download(
                "x", None, params={"a": 1}, client=client, processing_timeout=0
            )
        assert str(caught.value) == "x?a=1"

    def test_a_negative_wait_is_none(self, server, client):
        server.on("GET", "x", self.busy("-5"), CONTENT)
        assert raw.download("x", None, client=client).content == CONTENT

    def test_an_error_after_the_wait_raises(self, server, client):
        server.on("GET", "x", self.busy(), Answer({}, status=404))
        with pytest.raises(ex.RouteNotFoundException):
            raw.download("x", None, client=client)

    def test_other_calls_return_202(self, server, client):
        server.on("*", "data/x", self.busy())
        assert raw.get("data/x", client=client) == {"message": "soon"}
        assert raw.post("data/x", {}, client=client) == {"message": "soon"}


class TestFileData:
    def test_file_data_is_bytes(self, server, client):
        server.on("GET", "x.png", CONTENT)
        assert raw.get_file_data_from_url("x.png", client=client) == CONTENT
        assert raw.get_file_data_from_url("/x.png", client=client) == CONTENT

    def test_file_data_of_a_full_url_is_read(self, server, client):
        client.access_token = "abc"
        server.on("GET", "/elsewhere/x.png", CONTENT)
        url = server.url + "/elsewhere/x.png"
        assert (
            raw.get_file_data_from_url(url, full=True, client=client)
            == CONTENT
        )
        assert server.last.header("Authorization") == "Bearer abc"

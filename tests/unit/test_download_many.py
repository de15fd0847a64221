"""``gazu.files.download_many``: in parallel, continued, skipped, and verified."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import threading

import gazu
import gazu.testing
import pytest
from gazu._media import downloads

from .recording_server import EXPIRED, Answer

IDS = ["{:08d}-3c5b-4d0b-9a59-0c4f5b1d7e11".format(n) for n in range(12)]
ID = IDS[0]
PATH = "pictures/thumbnails/preview-files/" + ID + ".png"
ORIGINAL = "movies/originals/preview-files/" + ID + ".mp4"
MOVIE = {"id": ID, "extension": "mp4"}
LONG = os.urandom(1 << 16) * 40


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(downloads, "BACKOFF", 0.01)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "media"


@pytest.fixture
def get(client, folder):
    def get(previews=(ID,), **options):
        return gazu.files.download_many(
            list(previews), folder, client=client, **options
        )

    return get


def content(path):
    with open(path, "rb") as stream:
        return stream.read()


def names(folder):
    return sorted(os.listdir(str(folder)))


def part(data, first, tag):
    """Return the answer to a request for the rest of a file."""
    return Answer(
        body=data[first:],
        status=206,
        headers=[
            ("ETag", tag),
            (
                "Content-Range",
                "bytes %d-%d/%d" % (first, len(data) - 1, len(data)),
            ),
        ],
    )


class TestFiles:
    def test_they_are_named_after_the_previews(self, server, get, folder):
        for number, preview_id in enumerate(IDS):
            server.on(
                "GET",
                "pictures/thumbnails/preview-files/" + preview_id + ".png",
                b"picture %d" % number,
            )
        seen = []
        paths = get(IDS, progress_callback=lambda *each: seen.append(each))
        assert paths == [str(folder / (each + ".png")) for each in IDS]
        assert [content(path) for path in paths] == [
            b"picture %d" % number for number in range(12)
        ]
        assert seen == [(number, 12) for number in range(1, 13)]

    @pytest.mark.parametrize(
        "kind, path, name",
        [
            ("thumbnail", "pictures/thumbnails/preview-files/%s.png", "png"),
            (
                "square",
                "pictures/thumbnails-square/preview-files/%s.png",
                "png",
            ),
            ("preview", "pictures/previews/preview-files/%s.png", "png"),
            ("cover", "pictures/originals/preview-files/%s.png", "png"),
            ("lowdef", "movies/low/preview-files/%s.mp4", "mp4"),
            ("original", "movies/originals/preview-files/%s.mp4", "mp4"),
        ],
    )
    def test_kinds(self, server, get, kind, path, name):
        server.on("GET", path % ID, b"x")
        (found,) = get([MOVIE], kind=kind)
        assert os.path.basename(found) == ID + "." + name
        assert len(server.requests) == 1

    def test_an_unknown_extension_is_asked_for(self, server, get):
        server.on("GET", "data/preview-files/" + ID, {"extension": "pdf"})
        server.on(
            "GET", "pictures/originals/preview-files/%s.pdf" % ID, b"doc"
        )
        (found,) = get(kind="original")
        assert content(found) == b"doc" and found.endswith(ID + ".pdf")

    def test_the_same_preview_twice(self, server, get):
        server.on("GET", PATH, b"x")
        first, second = get([ID, {"id": ID}])
        assert first == second and len(server.requests) == 1

    def test_none_at_all(self, server, get, folder):
        assert get([]) == []
        assert server.requests == []

    def test_what_the_server_does_not_have(self, server, get):
        server.on("GET", PATH, Answer({"message": "no"}, status=404))
        server.on(
            "GET", "pictures/thumbnails/preview-files/%s.png" % IDS[1], b"x"
        )
        first, second = get(IDS[:2])
        assert first is None and content(second) == b"x"

    def test_it_can_be_awaited(self, server, folder):
        server.on("GET", PATH, b"x")

        async def main():
            client = gazu.aio.AsyncKitsuClient(server.url + "/api")
            paths = await gazu.files.download_many([ID], folder, client=client)
            await client.session.close()
            return paths

        (path,) = asyncio.run(main())
        assert content(path) == b"x"

    def test_many_at_once(self, server, get):
        """The server answers when four requests have arrived."""
        gate = threading.Barrier(4)

        def answer(request):
            gate.wait(10)
            return Answer(body=b"x")

        for preview_id in IDS[:4]:
            server.on(
                "GET",
                "pictures/thumbnails/preview-files/%s.png" % preview_id,
                answer,
            )
        assert len(get(IDS[:4], concurrency=4)) == 4

    def test_with_a_session_of_the_script(self, server, client, get):
        requests = pytest.importorskip("requests")
        server.on("GET", PATH, b"x")
        client.session = requests.Session()
        assert content(get()[0]) == b"x"


class TestUnchanged:
    def test_a_known_file_is_not_sent_again(self, server, get):
        server.on("GET", PATH, Answer(body=b"one", headers=[("ETag", '"t1"')]))
        (path,) = get()
        server.on("GET", PATH, Answer(status=304, headers=[("ETag", '"t1"')]))
        assert get() == [path]
        assert server.last.header("If-None-Match") == '"t1"'
        assert content(path) == b"one"

    def test_a_changed_file_is_replaced(self, server, get):
        server.on("GET", PATH, Answer(body=b"one", headers=[("ETag", '"t1"')]))
        get()
        server.on("GET", PATH, Answer(body=b"two", headers=[("ETag", '"t2"')]))
        (path,) = get()
        assert content(path) == b"two"
        get()
        assert server.last.header("If-None-Match") == '"t2"'

    @pytest.mark.parametrize("change", ["removed", "changed", "no index"])
    def test_a_file_that_is_not_what_arrived(
        self, server, get, folder, change
    ):
        server.on("GET", PATH, Answer(body=b"one", headers=[("ETag", '"t1"')]))
        (path,) = get()
        if change == "removed":
            os.remove(path)
        elif change == "changed":
            with open(path, "ab") as stream:
                stream.write(b"more")
        else:
            (folder / downloads.INDEX).write_text("{")
        get()
        assert server.last.header("If-None-Match") is None
        assert content(path) == b"one"

    def test_another_kind_in_the_same_folder(self, server, get):
        server.on("GET", PATH, Answer(body=b"one", headers=[("ETag", '"t1"')]))
        get()
        server.on("GET", "pictures/previews/preview-files/%s.png" % ID, b"big")
        (path,) = get(kind="preview")
        assert server.last.header("If-None-Match") is None
        assert content(path) == b"big"

    def test_the_index_is_shared(self, server, get, folder):
        server.on("*", PATH, Answer(body=b"one", headers=[("ETag", '"t1"')]))
        get()
        known = json.loads((folder / downloads.INDEX).read_text())
        assert known == {ID + ".png": {"url": PATH, "etag": '"t1"', "size": 3}}
        assert names(folder) == [downloads.INDEX, ID + ".png"]


class TestBrokenOff:
    def test_the_rest_is_asked_for(self, server, get, folder):
        server.on(
            "GET",
            ORIGINAL,
            Answer(body=LONG, headers=[("ETag", '"t"')], truncate=2000000),
            lambda request: part(
                LONG, int(request.header("Range")[6:-1]), '"t"'
            ),
        )
        (path,) = get([MOVIE], kind="original")
        assert content(path) == LONG
        last = server.last
        assert last.header("If-Range") == '"t"'
        assert 0 < int(last.header("Range")[len("bytes=") : -1]) <= 2000000
        assert names(folder) == [downloads.INDEX, ID + ".mp4"]

    def test_it_is_continued_by_another_process(
        self, server, client, get, folder
    ):
        client.retries = 1
        server.on(
            "GET",
            ORIGINAL,
            Answer(body=LONG, headers=[("ETag", '"t"')], truncate=2000000),
        )
        with pytest.raises(OSError, match="Connection broken"):
            get([MOVIE], kind="original")
        assert not (folder / (ID + ".mp4")).exists()
        server.on(
            "GET",
            ORIGINAL,
            lambda request: part(
                LONG, int(request.header("Range")[6:-1]), '"t"'
            ),
        )
        (path,) = get([MOVIE], kind="original")
        assert content(path) == LONG

    def test_a_file_that_has_changed_meanwhile(self, server, get):
        """The server ignores the range, because the ETag is another one."""
        changed = LONG[::-1]
        server.on(
            "GET",
            ORIGINAL,
            Answer(body=LONG, headers=[("ETag", '"t"')], truncate=2000000),
            Answer(body=changed, headers=[("ETag", '"u"')]),
        )
        (path,) = get([MOVIE], kind="original")
        assert content(path) == changed

    @pytest.mark.parametrize(
        "answer",
        [
            Answer(body=b"", status=416),
            Answer(
                body=b"x" * 10,
                status=206,
                headers=[("Content-Range", "bytes 5-14/100")],
            ),
            Answer(body=b"x" * 10, status=206),
        ],
    )
    def test_an_odd_part_is_not_used(self, server, get, answer):
        server.on(
            "GET",
            ORIGINAL,
            Answer(body=LONG, headers=[("ETag", '"t"')], truncate=2000000),
            answer,
            Answer(body=LONG, headers=[("ETag", '"t"')]),
        )
        (path,) = get([MOVIE], kind="original")
        assert content(path) == LONG
        assert server.last.header("Range") is None

    @pytest.mark.parametrize("tag", [None, 'W/"t"'])
    def test_without_a_strong_tag_it_begins_again(self, server, get, tag):
        headers = [("ETag", tag)] if tag else []
        server.on(
            "GET",
            ORIGINAL,
            Answer(body=LONG, headers=headers, truncate=2000000),
            Answer(body=LONG),
        )
        (path,) = get([MOVIE], kind="original")
        assert content(path) == LONG
        assert server.last.header("Range") is None

    def test_a_short_file_begins_again(self, server, get, folder):
        server.on(
            "GET",
            PATH,
            Answer(body=b"x" * 500, headers=[("ETag", '"t"')], truncate=100),
            Answer(body=b"x" * 500, headers=[("ETag", '"t"')]),
        )
        (path,) = get()
        assert content(path) == b"x" * 500
        assert server.last.header("Range") is None

    def test_it_gives_up_without_progress(self, server, get, folder):
        server.on("*", PATH, Answer(body=b"x" * 500, truncate=0))
        with pytest.raises(OSError, match="Connection broken"):
            get()
        assert len(server.requests) == 3
        assert not (folder / (ID + ".png")).exists()

    def test_as_long_as_it_makes_progress_it_goes_on(self, server, get):
        def answer(request):
            asked = request.header("Range")
            first = int(asked[6:-1]) if asked else 0
            whole = (
                part(LONG, first, '"t"')
                if first
                else Answer(body=LONG, headers=[("ETag", '"t"')])
            )
            whole.truncate = 600000
            return (
                whole
                if len(LONG) - first > 600000
                else part(LONG, first, '"t"')
            )

        server.on("*", ORIGINAL, answer)
        (path,) = get([MOVIE], kind="original")
        assert content(path) == LONG
        assert len(server.requests) > 4


class TestBusy:
    def busy(self, seconds="0.05", status=503):
        return Answer(
            {"error": True, "message": "Too many media requests"},
            status=status,
            headers=[("Retry-After", seconds)],
        )

    @pytest.mark.parametrize("status", [503, 429])
    def test_all_wait_as_long_as_the_server_asks(self, server, get, status):
        """More often than a read is tried: it is no failure."""
        busy = self.busy("0", status)
        server.on("GET", PATH, *[busy] * 6, b"x")
        assert content(get()[0]) == b"x"
        assert len(server.requests) == 7

    def test_without_a_time_it_is_a_failure(self, server, get):
        server.on("*", PATH, Answer({"message": "no"}, status=503))
        with pytest.raises(gazu.exception.ServerErrorException):
            get()
        assert len(server.requests) == 3

    def test_not_for_ever(self, server, get, monkeypatch):
        monkeypatch.setattr(downloads, "LONGEST_BUSY", 0.5)
        server.on("*", PATH, self.busy("30"))
        with pytest.raises(gazu.exception.ServerErrorException) as caught:
            get()
        assert caught.value.retry_after == 30
        assert len(server.requests) == 1

    def test_a_preview_that_is_processed(self, server, get):
        server.on(
            "GET",
            PATH,
            Answer({}, status=202, headers=[("Retry-After", "0")]),
            b"x",
        )
        assert content(get()[0]) == b"x"
        server.on(
            "GET", PATH, Answer({}, status=202, headers=[("Retry-After", "0")])
        )
        with pytest.raises(gazu.exception.PreviewFileProcessingException):
            get(processing_timeout=0.2)


class TestErrors:
    @pytest.mark.parametrize(
        "status, kind",
        [
            (400, gazu.exception.ParameterException),
            (403, gazu.exception.NotAllowedException),
            (500, gazu.exception.ServerErrorException),
        ],
    )
    def test_an_error_is_raised(self, server, get, status, kind):
        server.on("*", PATH, Answer({"message": "no"}, status=status))
        with pytest.raises(kind):
            get()
        (error,) = get(return_exceptions=True)
        assert isinstance(error, kind)

    def test_an_expired_token_is_renewed(self, server, client, get):
        client.tokens = {"access_token": "old", "refresh_token": "r"}
        client.use_refresh_token = True
        server.on("GET", "auth/refresh-token", {"access_token": "new"})
        server.on("GET", PATH, Answer(EXPIRED, status=401), b"x")
        assert content(get()[0]) == b"x"
        assert server.last.header("Authorization") == "Bearer new"

    def test_a_missing_login(self, server, get):
        server.on("*", PATH, Answer({"msg": "no"}, status=401))
        with pytest.raises(gazu.NotAuthenticatedException):
            get()

    @pytest.mark.parametrize(
        "change, kind, name",
        [
            ({"kind": "huge"}, ValueError, "kind"),
            ({"preview_files": ID}, TypeError, "preview_files"),
            ({"preview_files": None}, TypeError, "preview_files"),
            ({"preview_files": [None]}, ValueError, "preview_files"),
            ({"preview_files": [{}]}, ValueError, "preview_files"),
            ({"concurrency": 0}, ValueError, "concurrency"),
            ({"concurrency": "8"}, TypeError, "concurrency"),
        ],
    )
    def test_bad_input_is_named(
        self, server, client, folder, change, kind, name
    ):
        values = {"preview_files": [ID], "folder": folder}
        values.update(change)
        with pytest.raises(kind, match="^%s: " % name):
            gazu.files.download_many(client=client, **values)
        assert server.requests == [] and not folder.exists()

    def test_a_name_that_leads_out_of_the_folder(self, server, get):
        with pytest.raises(ValueError, match="Wrong format"):
            get(["../../x"])
        server.on("*", "*", b"x")
        (path,) = get([{"id": "../../" + ID, "extension": "../../png"}])
        assert os.path.dirname(path).endswith("media")

    def test_a_folder_that_is_a_file(self, server, client, tmp_path):
        (tmp_path / "x").write_text("x")
        with pytest.raises(OSError, match="x"):
            gazu.files.download_many([ID], tmp_path / "x", client=client)
        assert server.requests == []


class TestInMemory:
    def test_the_server_of_gazu_testing(self, tmp_path):
        with gazu.testing.KitsuServer() as kitsu:
            client = kitsu.log_in()
            project = gazu.project.new_project("Lama", client=client)
            kind = gazu.asset.get_asset_type_by_name("Prop", client=client)
            asset = gazu.asset.new_asset(project, kind, "A", client=client)
            modeling = gazu.task.get_task_type_by_name(
                "Modeling", client=client
            )
            task = gazu.task.new_task(asset, modeling, client=client)
            wfa = gazu.task.get_task_status_by_short_name("wfa", client=client)
            (tmp_path / "a.pdf").write_bytes(LONG)
            _, preview = gazu.task.publish_preview(
                task,
                wfa,
                preview_file_path=str(tmp_path / "a.pdf"),
                client=client,
            )
            folder = tmp_path / "kept"

            def get():
                return gazu.files.download_many(
                    [preview], folder, "original", client=client
                )

            (path,) = get()
            assert content(path) == LONG
            get()
            assert kitsu.requests[-1].status == 304
            # A part, as if a process had been killed.
            tag = '"%s"' % hashlib.sha1(LONG).hexdigest()
            os.remove(path)
            hidden = os.path.join(
                str(folder), "." + os.path.basename(path) + ".part"
            )
            with open(hidden, "wb") as stream:
                stream.write(LONG[:1000])
            url = kitsu.requests[-1].path
            with open(hidden + ".json", "w") as stream:
                json.dump({"url": url, "etag": tag}, stream)
            get()
            assert kitsu.requests[-1].status == 206
            assert content(path) == LONG

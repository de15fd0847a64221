"""
``gazu.files``: what the parity tests of single requests do not show.

``test_uploads`` and ``test_downloads`` test the transfer of files.
"""

from __future__ import annotations

import time

import gazu
import pytest

from .recording_server import Answer

TASK = "a24a6ea4-ce75-4665-a070-57453082c256"
FILE = "a24a6ea4-ce75-4665-a070-57453082c201"
ENTITY = "a24a6ea4-ce75-4665-a070-57453082c202"
OTHER = "a24a6ea4-ce75-4665-a070-57453082c203"


class TestPaths:
    """Blanks become underscores, and the caller chooses the separator."""

    def test_the_path_of_a_working_file(self, server, default):
        path = "data/tasks/%s/working-file-path" % TASK
        server.on("POST", path, {"path": "/work/My Film", "name": "the shot"})
        assert gazu.files.build_working_file_path(TASK, sep="|") == (
            "/work/My_Film|the_shot"
        )
        assert len(server.requests) == 1

    def test_the_path_of_an_output_file(self, server, default):
        server.on(
            "POST",
            "data/entities/%s/output-file-path" % ENTITY,
            {"folder_path": "/out/a b", "file_name": "c d"},
        )
        assert gazu.files.build_entity_output_file_path(
            ENTITY, FILE, TASK
        ) == ("/out/a_b/c_d")

    def test_the_path_of_an_output_file_of_an_instance(self, server, default):
        server.on(
            "POST",
            "data/asset-instances/%s/entities/%s/output-file-path"
            % (ENTITY, OTHER),
            {"folder_path": "/out", "file_name": "c d"},
        )
        assert gazu.files.build_asset_instance_output_file_path(
            ENTITY, OTHER, FILE, TASK
        ) == ("/out/c_d")


class TestRevisions:
    def test_the_last_revision_precedes_the_next(
        self, server, default, monkeypatch
    ):
        asked = []

        def next_revision(*args, **kwargs):
            asked.append((args, kwargs))
            return 4

        monkeypatch.setattr(
            gazu.files, "get_next_entity_output_revision", next_revision
        )
        found = gazu.files.get_last_entity_output_revision(
            ENTITY, FILE, {"id": TASK}
        )
        assert found == 3
        models = ({"id": ENTITY}, {"id": FILE}, {"id": TASK}, "main")
        assert asked == [(models, {"client": default})]
        assert server.requests == []

    def test_invalid_arguments_raise(self, server, default):
        with pytest.raises(ValueError):
            gazu.files.get_last_entity_output_revision(ENTITY, FILE, "Model")
        assert server.requests == []


class TestCreation:
    @pytest.mark.parametrize(
        "route, make",
        [
            (
                "output-types",
                lambda: gazu.files.new_output_type("Cache", "abc"),
            ),
            ("softwares", lambda: gazu.files.new_software("Maya", "ma", "ma")),
            ("file-status", lambda: gazu.files.new_file_status("Ok", "#0f0")),
        ],
        ids=["output type", "software", "file status"],
    )
    def test_an_existing_one_is_returned(self, server, default, route, make):
        server.on("GET", "data/" + route, [{"id": FILE}, {"id": OTHER}], [])
        assert make() == {"id": FILE}
        server.on("POST", "data/" + route, {"id": OTHER})
        assert make() == {"id": OTHER}
        assert [method for method, _ in server.lines] == ["GET", "GET", "POST"]

    def test_a_removed_one_is_created_again_although_cached(
        self, server, default
    ):
        """The cache keeps a result of None until it is cleared."""
        gazu.cache.enable()
        server.on("GET", "data/output-types", [], [{"id": FILE}])
        for _ in range(2):
            assert gazu.files.get_output_type_by_name("Cache") is None
        gazu.files.get_output_type_by_name.clear_cache()
        assert gazu.files.get_output_type_by_name("Cache") == {"id": FILE}
        assert len(server.requests) == 2


class TestWaitingForPreviews:
    PATH = "data/preview-files/" + FILE

    def test_it_waits_until_the_preview_is_processed(self, server, default):
        server.on(
            "GET",
            self.PATH,
            {"id": FILE, "status": "processing"},
            {"id": FILE, "status": "processing"},
            {"id": FILE, "status": "broken"},
        )
        found = gazu.files.wait_for_preview_file(
            {"id": FILE}, poll_interval=0.01
        )
        assert found["status"] == "broken"
        assert len(server.requests) == 3

    def test_it_ends_after_a_timeout(self, server, default):
        server.on("GET", self.PATH, {"id": FILE, "status": "processing"})
        with pytest.raises(
            gazu.exception.PreviewFileProcessingException, match=FILE
        ):
            gazu.files.wait_for_preview_file(FILE, timeout=0)
        assert len(server.requests) == 1

    def test_it_does_not_use_the_cache(self, server, default):
        gazu.cache.enable()
        server.on(
            "GET",
            self.PATH,
            {"id": FILE, "status": "processing"},
            {"id": FILE, "status": "ready"},
        )
        assert gazu.files.get_preview_file(FILE)["status"] == "processing"
        found = gazu.files.wait_for_preview_file(FILE)
        assert found["status"] == "ready"

    def test_it_pauses_between_requests(self, server, default, monkeypatch):
        pauses = []
        monkeypatch.setattr(time, "sleep", pauses.append)
        server.on(
            "GET",
            self.PATH,
            {"id": FILE, "status": "processing"},
            {"id": FILE, "status": "ready"},
        )
        gazu.files.wait_for_preview_file(FILE)
        assert pauses == [5]


class TestURLsOfPreviews:
    @pytest.mark.parametrize(
        "extension, place",
        [("mp4", "movies"), ("png", "pictures"), ("pdf", "pictures")],
    )
    def test_the_url_of_an_original_depends_on_its_extension(
        self, server, default, extension, place
    ):
        server.on(
            "GET",
            "data/preview-files/" + FILE,
            {"id": FILE, "extension": extension},
        )
        assert gazu.files.get_preview_file_url(FILE) == (
            "%s/originals/preview-files/%s.%s" % (place, FILE, extension)
        )

    def test_a_download_asks_for_the_url_first(
        self, server, default, monkeypatch, tmp_path
    ):
        monkeypatch.setattr(
            gazu.files, "get_preview_file_url", lambda *_, **__: "over/there"
        )
        server.on("GET", "over/there", Answer(body=b"picture"))
        target = tmp_path / "a.png"
        gazu.files.download_preview_file(FILE, str(target))
        assert target.read_bytes() == b"picture"
        assert server.lines == [("GET", "/api/over/there")]

    def test_the_url_of_a_thumbnail_needs_no_request(self, server, default):
        assert gazu.files.get_attachment_thumbnail_url(FILE) == (
            "pictures/thumbnails/attachment-files/%s.png" % FILE
        )
        assert server.requests == []


class TestWorkingFileDownload:
    CONTENT = "data/working-files/%s/file" % FILE

    def test_the_default_target_is_the_path_of_the_file(
        self, server, default, tmp_path
    ):
        target = tmp_path / "scene.ma"
        server.on(
            "GET",
            "data/working-files/" + FILE,
            {"id": FILE, "path": str(target)},
        )
        server.on("GET", self.CONTENT, Answer(body=b"//Maya"))
        gazu.files.download_working_file(FILE)
        assert target.read_bytes() == b"//Maya"
        assert len(server.requests) == 2

    def test_another_target_needs_no_other_request(
        self, server, default, tmp_path
    ):
        target = tmp_path / "copy.ma"
        server.on("GET", self.CONTENT, Answer(body=b"//Maya"))
        gazu.files.download_working_file(FILE, str(target))
        assert target.read_bytes() == b"//Maya"
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "name", ["upload_working_file", "upload_person_avatar"]
)
def test_a_missing_file_raises(server, default, tmp_path, name):
    with pytest.raises(FileNotFoundError):
        getattr(gazu.files, name)(FILE, str(tmp_path / "none"))
    assert server.requests == []


def test_the_file_tree_is_sent_as_given(server, default):
    tree = {"working": {"mountpoint": "/é", "root": None}}
    gazu.files.update_project_file_tree(ENTITY, tree)
    assert server.last.json() == {"file_tree": tree}
    assert tree == {"working": {"mountpoint": "/é", "root": None}}

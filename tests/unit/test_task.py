"""``gazu.task``: what the parity tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

from .recording_server import Answer

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
TASK = "a24a6ea4-ce75-4665-a070-57453082c201"
TASK_TYPE = "a24a6ea4-ce75-4665-a070-57453082c202"
STATUS = "a24a6ea4-ce75-4665-a070-57453082c203"
PERSON = "a24a6ea4-ce75-4665-a070-57453082c204"
SHOT = "a24a6ea4-ce75-4665-a070-57453082c205"
COMMENT = "a24a6ea4-ce75-4665-a070-57453082c206"
PREVIEW = "a24a6ea4-ce75-4665-a070-57453082c207"

MODELS = [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}]
ENTITY = {"id": SHOT, "project_id": PROJECT}


def methods(server):
    return [method for method, _ in server.lines]


class TestOrder:
    @pytest.mark.parametrize(
        "path, read",
        [
            ("data/task-types", gazu.task.all_task_types),
            ("data/task-status", gazu.task.all_task_statuses),
            (
                "data/shots/%s/tasks" % SHOT,
                lambda: gazu.task.all_tasks_for_shot(SHOT),
            ),
        ],
        ids=["types", "statuses", "tasks"],
    )
    def test_lists_are_sorted_by_name(self, server, default, path, read):
        server.on("GET", path, MODELS)
        assert [model["id"] for model in read()] == ["1", "2"]

    def test_comments_are_not_sorted(self, server, default):
        path = "data/tasks/%s/comments" % TASK
        server.on("GET", path, MODELS)
        assert gazu.task.all_comments_for_task(TASK) == MODELS
        last = gazu.task.get_last_comment_for_task(TASK)
        assert last == MODELS[0]


class TestNewTask:
    def test_an_existing_task_is_returned(self, server, default):
        server.on("GET", "data/tasks", [{"id": TASK}])
        found = gazu.task.new_task(
            ENTITY, TASK_TYPE, task_status={"id": STATUS}
        )
        assert found == {"id": TASK}
        assert methods(server) == ["GET"]

    def test_a_missing_task_is_created(self, server, default):
        server.on("GET", "data/tasks", [])
        assignees = [{"id": PERSON, "full_name": "Ann"}]
        gazu.task.new_task(
            ENTITY, TASK_TYPE, task_status={"id": STATUS}, assignees=assignees
        )
        assert methods(server) == ["GET", "POST"]
        assert server.last.json()["assignees"] == [PERSON]
        assert assignees == [{"id": PERSON, "full_name": "Ann"}]

    def test_the_default_status_is_used(self, server, default, monkeypatch):
        monkeypatch.setattr(
            gazu.task, "get_default_task_status", lambda client: {"id": STATUS}
        )
        server.on("GET", "data/tasks", [])
        gazu.task.new_task(ENTITY, TASK_TYPE)
        assert server.last.json()["task_status_id"] == STATUS
        assert methods(server) == ["GET", "POST"]

    @pytest.mark.beyond
    @pytest.mark.parametrize(
        "entity, arguments, error",
        [
            ({"id": SHOT}, {}, KeyError),
            (ENTITY, {"task_type": "Modeling"}, ValueError),
            (ENTITY, {"assignees": [{"name": "Ann"}]}, KeyError),
        ],
        ids=["entity without its project", "task type", "assignee"],
    )
    def test_invalid_arguments_raise(
        self, server, default, entity, arguments, error
    ):
        """They raise before the first request."""
        arguments = dict({"task_type": TASK_TYPE}, **arguments)
        with pytest.raises(error):
            gazu.task.new_task(entity, **arguments)
        assert server.requests == []


class TestStarting:
    def test_a_comment_with_the_status_wip_is_sent(self, server, default):
        server.on("GET", "data/task-status", [{"id": STATUS}])
        gazu.task.start_task(TASK)
        assert methods(server) == ["GET", "POST"]
        assert server.requests[0].params == [("short_name", "wip")]
        assert server.last.json()["task_status_id"] == STATUS

    def test_a_given_status_needs_no_other_request(self, server, default):
        gazu.task.start_task(TASK, {"id": STATUS}, person=PERSON)
        assert methods(server) == ["POST"]
        assert server.last.json()["person_id"] == PERSON

    @pytest.mark.beyond
    def test_invalid_arguments_raise(self, server, default):
        with pytest.raises(ValueError):
            gazu.task.start_task("Modeling")
        assert server.requests == []

    def test_a_server_without_the_status_wip_raises(self, server, default):
        server.on("GET", "data/task-status", [])
        with pytest.raises(gazu.exception.TaskStatusNotFoundException):
            gazu.task.start_task(TASK)
        assert methods(server) == ["GET"]


class TestComments:
    def test_default_lists_are_new_each_time(self, server, default):
        for _ in range(2):
            gazu.task.add_comment(TASK, STATUS)
            assert server.last.json()["checklist"] == []

    def test_arguments_are_not_changed(self, server, default, make_file):
        checklist = [{"text": "hair", "checked": False}]
        attachments = [make_file("a.txt"), make_file("b.txt")]
        given = list(attachments)
        gazu.task.add_comment(
            TASK, STATUS, checklist=checklist, attachments=attachments
        )
        names = [p.filename for p in server.last.parts if p.filename]
        assert sorted(names) == ["a.txt", "b.txt"]
        assert checklist == [{"text": "hair", "checked": False}]
        assert attachments == given

    def test_a_missing_attachment_raises(self, server, default, tmp_path):
        with pytest.raises(FileNotFoundError):
            gazu.task.add_comment(
                TASK, STATUS, attachments=[str(tmp_path / "none")]
            )
        assert server.requests == []

    @pytest.mark.parametrize("attachments", [None, []])
    def test_no_attachment_raises(self, server, default, attachments):
        with pytest.raises(ValueError, match="attachments"):
            gazu.task.add_attachment_files_to_comment(
                TASK, COMMENT, attachments
            )
        assert server.requests == []

    def test_several_comments_are_copies_of_one(self, server, default):
        comment = {"comment": "Well done", "task_status_id": STATUS}
        gazu.task.add_tasks_batch_comments([TASK, {"id": SHOT}], comment)
        assert server.last.json()["comments"] == [
            dict(comment, task_id=TASK),
            dict(comment, task_id=SHOT),
        ]
        assert "task_id" not in comment
        assert len(server.requests) == 1

    def test_attachments_of_a_batch_have_their_own_fields(
        self, server, default, make_file
    ):
        comments = [
            {"task_id": TASK, "attachment_files": [make_file("a.txt")]},
            {
                "task_id": SHOT,
                "attachment_files": [make_file("b.txt"), make_file("c.txt")],
                "preview_files": [make_file("d.png")],
            },
        ]
        gazu.task.batch_comments(comments)
        named = {p.name: p.filename for p in server.last.parts if p.filename}
        assert named == {
            "attachment_file-0-0": "a.txt",
            "attachment_file-1-0": "b.txt",
            "attachment_file-1-1": "c.txt",
            "preview_file-1-0": "d.png",
        }


class TestPublishing:
    def prepare(self, server):
        server.on("POST", "actions/tasks/%s/comment" % TASK, {"id": COMMENT})
        server.on(
            "POST",
            "actions/tasks/%s/comments/%s/add-preview" % (TASK, COMMENT),
            {"id": PREVIEW},
        )
        server.on("POST", "pictures/preview-files/" + PREVIEW, {"id": PREVIEW})

    def test_comment_preview_and_picture_are_sent_in_order(
        self, server, default, make_file
    ):
        self.prepare(server)
        comment, preview = gazu.task.publish_preview(
            TASK,
            STATUS,
            "First try",
            preview_file_path=make_file(),
            set_thumbnail=True,
        )
        assert (comment["id"], preview["id"]) == (COMMENT, PREVIEW)
        assert [target.split("/")[-1] for _, target in server.lines] == [
            "comment",
            "add-preview",
            PREVIEW,
            "set-main-preview",
        ]

    @pytest.mark.beyond
    @pytest.mark.parametrize("path", [None, "none.png"])
    def test_without_a_file_nothing_is_sent(
        self, server, default, tmp_path, monkeypatch, path
    ):
        monkeypatch.chdir(tmp_path)
        with pytest.raises((ValueError, FileNotFoundError)):
            gazu.task.publish_preview(TASK, STATUS, preview_file_path=path)
        assert server.requests == []

    def test_patched_functions_are_called(
        self, server, default, monkeypatch, make_file
    ):
        for name in ("add_comment", "add_preview"):
            monkeypatch.setattr(
                gazu.task, name, lambda *_, _name=name, **__: _name
            )
        assert gazu.task.publish_preview(
            TASK, STATUS, preview_file_path=make_file()
        ) == ("add_comment", "add_preview")
        assert server.requests == []

    @pytest.mark.parametrize("status", [200, 500])
    def test_a_fetched_file_is_removed(
        self, server, default, tmp_path, monkeypatch, status
    ):
        """The picture of a URL is removed whether publishing it succeeds or not."""
        monkeypatch.chdir(tmp_path)
        self.prepare(server)
        server.on("GET", "/elsewhere/a.png", Answer(body=b"picture"))
        server.on(
            "POST",
            "pictures/preview-files/" + PREVIEW,
            Answer({"id": PREVIEW}, status=status),
        )
        url = server.url + "/elsewhere/a.png"
        try:
            gazu.task.add_preview(TASK, COMMENT, preview_file_url=url)
        except gazu.exception.ServerErrorException:
            assert status == 500
        else:
            assert status == 200
        uploaded = server.of("POST", "pictures/preview-files/" + PREVIEW)
        assert uploaded[0].parts[0].content == b"picture"
        assert list(tmp_path.iterdir()) == []


class TestAssignments:
    def test_one_task_or_several_are_assigned(self, server, default):
        gazu.task.clear_assignations(TASK)
        gazu.task.clear_assignations([TASK, {"id": SHOT}], person=PERSON)
        first, second = (request.json() for request in server.requests)
        assert first == {"task_ids": [TASK]}
        assert second == {"task_ids": [TASK, SHOT], "person_id": PERSON}

    def test_no_task_sends_no_request(self, server, default):
        assert gazu.task.clear_assignations([]) == []
        assert server.requests == []


class TestTypesAndStatuses:
    def test_an_existing_task_type_is_returned(self, server, default):
        server.on("GET", "data/task-types", [{"id": TASK_TYPE}], [])
        server.on("POST", "data/task-types", {"id": "new"})
        assert gazu.task.new_task_type("Rigging") == {"id": TASK_TYPE}
        assert gazu.task.new_task_type("Rigging") == {"id": "new"}
        assert methods(server) == ["GET", "GET", "POST"]

    @pytest.mark.parametrize("color", ["00FF00", "#00GG00", "green"])
    def test_an_invalid_colour_raises(self, server, default, color):
        with pytest.raises(ValueError):
            gazu.task.new_task_status("Retake", "rtk", color)
        assert server.requests == []


class TestUpdate:
    def test_assignees_are_sent_as_ids(self, server, default):
        gazu.task.update_task({"id": TASK, "assignees": [{"id": PERSON}]})
        assert server.last.json()["assignees"] == [PERSON]

    def test_existing_data_is_kept(self, server, default):
        server.on(
            "GET",
            "data/tasks/%s/full" % TASK,
            {"id": TASK, "data": {"a": 1, "b": 1}, "name": "main"},
        )
        data = {"b": 2}
        gazu.task.update_task_data(TASK, data)
        assert server.last.json() == {"id": TASK, "data": {"a": 1, "b": 2}}
        assert data == {"b": 2}

    def test_the_data_is_not_read_from_the_cache(self, server, default):
        gazu.cache.enable()
        server.on(
            "GET",
            "data/tasks/%s/full" % TASK,
            {"id": TASK, "data": None},
            {"id": TASK, "data": {"theirs": 1}},
        )
        gazu.task.get_task(TASK)
        gazu.task.update_task_data(TASK, {"mine": 2})
        assert server.last.json()["data"] == {"theirs": 1, "mine": 2}


class TestURL:
    def test_the_url_needs_no_request(self, server, default):
        task = {"id": TASK, "project_id": PROJECT}
        assert gazu.task.get_task_url(task) == (
            "%s/productions/%s/shots/tasks/%s/" % (server.url, PROJECT, TASK)
        )
        assert server.requests == []

    def test_the_url_of_an_id_raises(self, server, default):
        with pytest.raises(gazu.exception.TaskMustBeADictException):
            gazu.task.get_task_url(TASK)
        assert server.requests == []


@pytest.mark.parametrize("kind", ["shot", "asset", "edit", "concept"])
def test_tasks_of_several_types_need_one_request(server, default, kind):
    create = getattr(gazu.task, "create_%s_tasks" % kind)
    task_types = [{"id": TASK_TYPE, "name": "Layout"}, STATUS]
    create({"id": SHOT}, task_types)
    assert server.last.json() == {"task_type_ids": [TASK_TYPE, STATUS]}
    assert len(server.requests) == 1
    assert task_types == [{"id": TASK_TYPE, "name": "Layout"}, STATUS]

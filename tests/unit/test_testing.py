"""gazu.testing: a server in memory for the tests of a pipeline."""

import threading
import time
import urllib.error
import urllib.request

import gazu
import gazu.testing
import pytest
from gazu.testing.routes.comments import PIXEL as PNG

from .error_classes import CONNECTION_ERRORS


@pytest.fixture
def kitsu():
    with gazu.testing.KitsuServer() as server:
        yield server


@pytest.fixture
def client(kitsu):
    return kitsu.log_in()


@pytest.fixture
def project(client):
    return gazu.project.new_project("Caminandes", client=client)


@pytest.fixture
def task(client, project):
    kind = gazu.asset.get_asset_type_by_name("Prop", client=client)
    asset = gazu.asset.new_asset(project, kind, "Fence", client=client)
    modeling = gazu.task.get_task_type_by_name("Modeling", client=client)
    return gazu.task.new_task(asset, modeling, client=client)


def test_log_in_and_change_a_record(kitsu):
    client = gazu.client.create_client(kitsu.host)
    gazu.log_in(kitsu.email, kitsu.password, client=client)
    project = gazu.project.new_project("Lama", client=client)
    assert (
        gazu.project.all_open_projects(client=client)[0]["id"] == project["id"]
    )
    project["code"] = "LMA"
    gazu.project.update_project(project, client=client)
    assert kitsu.store.get("projects", project["id"])["code"] == "LMA"
    gazu.project.close_project(project, client=client)
    gazu.project.remove_project(project, client=client)
    assert kitsu.store.all("projects") == []


def test_publish_a_preview(kitsu, client, task, tmp_path):
    picture = tmp_path / "render.png"
    picture.write_bytes(PNG)
    wfa = gazu.task.get_task_status_by_short_name("wfa", client=client)
    _, preview = gazu.task.publish_preview(
        task,
        wfa,
        comment="Done",
        preview_file_path=str(picture),
        client=client,
    )
    assert preview["status"] == "ready"
    assert (preview["width"], preview["height"]) == (1, 1)
    back = tmp_path / "back.png"
    gazu.files.download_preview_file(preview, str(back), client=client)
    assert back.read_bytes() == PNG
    assert (
        gazu.task.get_task(task["id"], client=client)["task_status_id"]
        == wfa["id"]
    )
    upload = next(r for r in kitsu.requests if r.files)
    assert upload.files[0].name == "render.png"
    assert upload.files[0].data == PNG
    assert upload.status == 201


def test_requests_are_recorded(kitsu, client, project):
    gazu.shot.all_shots_for_project(project, client=client)
    request = kitsu.requests[-1]
    assert request.method == "GET"
    assert request.path == "data/projects/%s/shots" % project["id"]
    assert request.person["email"] == kitsu.email
    assert request.headers["User-Agent"].startswith("CGWire Gazu")
    assert [request.status for request in kitsu.requests] == [200, 201, 200]


def test_a_read_is_repeated_after_a_failure(kitsu, client):
    kitsu.fail_next(status=503)
    assert gazu.project.all_projects(client=client) == []
    assert [request.status for request in kitsu.requests] == [503, 200]


def test_a_path_may_fail_once(kitsu, client, task):
    kitsu.fail_next(
        status=500,
        method="POST",
        path="actions/tasks/{task}/comment",
        json={"message": "The disk is full."},
    )
    todo = gazu.task.get_default_task_status(client=client)
    with pytest.raises(gazu.exception.ServerErrorException) as caught:
        gazu.task.add_comment(task, todo, "Hello", client=client)
    assert "The disk is full." in str(caught.value.body)
    assert kitsu.store.all("comments") == []
    gazu.task.add_comment(task, todo, "Hello", client=client)
    assert len(kitsu.store.all("comments")) == 1


def test_an_answer_may_be_lost(kitsu, client):
    kitsu.fail_next(method="POST", drop=True)
    with pytest.raises(CONNECTION_ERRORS):
        gazu.project.new_project("Lama", client=client)
    # The server has done it, and the client does not repeat it.
    assert len(kitsu.store.all("projects")) == 1
    assert [r.method for r in kitsu.requests].count("POST") == 1


def test_an_answer_may_be_slow(kitsu, client):
    client.timeout = 0.2
    client.retries = 1
    kitsu.fail_next(status=None, delay=1)
    began = time.monotonic()
    with pytest.raises(OSError):
        gazu.project.all_projects(client=client)
    assert time.monotonic() - began < 1


def test_an_expired_token_is_refreshed(kitsu, client):
    before = client.access_token
    kitsu.expire_tokens()
    assert gazu.project.all_projects(client=client) == []
    assert client.access_token != before
    assert [request.status for request in kitsu.requests] == [401, 200, 200]


def test_an_expired_token_that_cannot_be_refreshed_raises(kitsu, client):
    kitsu.expire_tokens(refresh=True)
    with pytest.raises(gazu.exception.NotAuthenticatedException):
        gazu.project.all_projects(client=client)


def test_a_person_may_log_in(kitsu, client):
    ana = gazu.person.new_person(
        "Ana", "Rivera", "ana@example.com", client=client
    )
    hers = kitsu.log_in(ana)
    assert (
        gazu.client.get_current_user(client=hers)["full_name"] == "Ana Rivera"
    )


@pytest.mark.parametrize(
    "path",
    [
        "data/playlists/my/own",
        "data/playlists",
        "data/user/context",
        "data/tasks/open-tasks",
        "data/shots/with-nothing/at-all",
    ],
)
def test_unknown_routes_are_named(kitsu, client, path):
    with pytest.raises(gazu.exception.RouteNotFoundException) as caught:
        gazu.client.get(path, client=client)
    assert "KitsuServer.route()" in str(caught.value.body)
    assert kitsu.unknown == ["GET " + path]
    assert kitsu.requests[-1].status == 404


def test_unknown_methods_are_named(kitsu, client):
    with pytest.raises(gazu.exception.MethodNotAllowedException) as caught:
        gazu.client.put("data/tasks", {}, client=client)
    assert "KitsuServer.route()" in str(caught.value.body)
    assert "GET and POST" in str(caught.value.body)
    assert kitsu.unknown == ["PUT data/tasks"]
    kitsu.route("PUT", "data/tasks", {"done": True})
    assert gazu.client.put("data/tasks", {}, client=client) == {"done": True}
    assert len(kitsu.unknown) == 1


def test_unknown_routes_are_named_without_a_login(kitsu):
    client = gazu.client.create_client(kitsu.host)
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.client.get("data/playlists", client=client)
    assert kitsu.unknown == ["GET data/playlists"]


def test_routes_may_be_added(kitsu, client):
    kitsu.route("GET", "data/playlists/{playlist}", {"name": "Dailies"})
    assert gazu.client.get("data/playlists/7", client=client) == {
        "name": "Dailies"
    }

    def refuse(store, request, project):
        raise gazu.testing.Refusal(403, {"message": "Not " + project})

    kitsu.route("GET", "data/projects/{project}", refuse)
    with pytest.raises(gazu.exception.NotAllowedException):
        gazu.project.get_project("mine", client=client)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda store, request: 1 / 0, "ZeroDivisionError: division by zero"),
        (
            lambda store, request: {1, 2},
            "TypeError: Object of type set is not JSON serializable",
        ),
        (lambda request: [], "TypeError: "),
    ],
    ids=["raises", "no json", "arguments"],
)
def test_an_exception_of_a_route_is_named(kitsu, client, answer, message):
    kitsu.route("POST", "data/render-jobs", answer)
    with pytest.raises(gazu.exception.ServerErrorException) as caught:
        gazu.client.post("data/render-jobs", {}, client=client)
    assert caught.value.status_code == 500
    assert message in str(caught.value.body)
    assert kitsu.requests[-1].path == "data/render-jobs"
    assert kitsu.requests[-1].status == 500
    assert gazu.project.all_projects(client=client) == []


def test_an_invalid_body_is_rejected(kitsu, client):
    request = urllib.request.Request(
        kitsu.host + "/data/departments",
        data=b"{",
        headers={"Authorization": "Bearer " + client.access_token},
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code == 400
    assert kitsu.requests[-1].body == b"{"
    assert kitsu.requests[-1].status == 400


def test_a_route_may_accept_other_data_than_json(kitsu, client):
    kitsu.route(
        "POST",
        "data/caches",
        lambda store, request: [request.is_malformed, len(request.body)],
        status=201,
    )
    request = urllib.request.Request(
        kitsu.host + "/data/caches",
        data=b"\xff\x00",
        headers={"Authorization": "Bearer " + client.access_token},
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.read() == b"[true, 2]"


def test_a_bot_logs_in_with_its_token(kitsu, client):
    bot = gazu.person.new_bot("Render", "render@example.com", client=client)
    own = gazu.client.create_client(kitsu.host)
    own.access_token = bot["access_token"]
    kitsu.expire_tokens(refresh=True)
    assert gazu.client.get_current_user(client=own)["id"] == bot["id"]


def test_comments_set_the_dates_of_a_task(kitsu, client, task):
    def comment(status, moment):
        status = gazu.task.get_task_status_by_short_name(status, client=client)
        return gazu.task.add_comment(
            task, status, created_at=moment, client=client
        )

    comment("wip", "2026-03-02 10:00:00")
    look = comment("wfa", "2026-03-03 10:00:00")
    comment("done", "2026-03-05 10:00:00")
    # This comment is older than the last one, and does not change the task.
    comment("retake", "2026-03-04 10:00:00")
    found = kitsu.store.get("tasks", task["id"])
    assert found["real_start_date"] == "2026-03-02T10:00:00"
    assert found["end_date"] == "2026-03-03T10:00:00"
    assert found["done_date"] == "2026-03-05T10:00:00"
    assert found["last_comment_date"] == "2026-03-05T10:00:00"
    assert found["retake_count"] == 1
    gazu.task.remove_comment(look, client=client)
    assert found["end_date"] is None
    assert found["done_date"] == "2026-03-05T10:00:00"


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x04JF\xff\xc0\x00\x0b\x08\x00\x20\x00\x40\x01"
    b"\x01\x11\x00\xff\xd9"
)


@pytest.mark.parametrize(
    ("name", "data", "seen"),
    [
        ("a.png", PNG, ("png", "ready", 1, 1)),
        ("a.JPG", JPEG, ("png", "ready", 64, 32)),
        ("a.png", b"GIF89a\x40\x00\x20\x00\x00", ("png", "ready", 64, 32)),
        ("a.mov", b"\0\0\0\x14ftypqt", ("mp4", "ready", 0, 0)),
        ("a.webm", b"\x1aE\xdf\xa3", ("mp4", "ready", 0, 0)),
        ("a.mp4", b"no movie", ("mp4", "broken", 0, 0)),
        ("a.blend", b"BLENDER", ("blend", "ready", 0, 0)),
    ],
    ids=["png", "jpeg", "gif", "mov", "webm", "broken", "blend"],
)
def test_the_kind_of_a_file_is_recognised(
    kitsu, client, task, tmp_path, name, data, seen
):
    path = tmp_path / name
    path.write_bytes(data)
    todo = gazu.task.get_default_task_status(client=client)
    comment = gazu.task.add_comment(task, todo, client=client)
    preview = gazu.task.add_preview(task, comment, str(path), client=client)
    keys = ("extension", "status", "width", "height")
    assert tuple(preview[key] for key in keys) == seen
    if preview["status"] == "ready":
        back = tmp_path / "back"
        gazu.files.download_preview_file(preview, str(back), client=client)
        assert back.read_bytes() == data


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG", b"\xff\xd8\xff\xc0", b"\xff\xd8\xff"]
)
def test_an_invalid_picture_is_rejected(kitsu, client, task, tmp_path, data):
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    todo = gazu.task.get_default_task_status(client=client)
    comment = gazu.task.add_comment(task, todo, client=client)
    with pytest.raises(gazu.exception.ParameterException):
        gazu.task.add_preview(task, comment, str(path), client=client)


def test_records_can_be_added_to_the_store(kitsu, client):
    kitsu.store.add("departments", name="Mud", color="#553311")
    names = [d["name"] for d in gazu.person.all_departments(client=client)]
    assert "Mud" in names


def test_records_of_the_store_may_be_incomplete(kitsu, client):
    task = kitsu.store.add("tasks", entity_id="a", task_type_id="b")
    changed = gazu.task.update_task(
        {"id": task["id"], "priority": 2}, client=client
    )
    assert changed["priority"] == 2


def test_threads_share_a_server(kitsu, client, project):
    sequence = gazu.shot.new_sequence(project, "SE01", client=client)
    failures = []

    def work(number):
        try:
            gazu.shot.new_shot(
                project, sequence, "SH%02d" % number, client=client
            )
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(gazu.shot.all_shots_for_project(project, client=client)) == 16


def test_a_closed_server_leaves_nothing_behind():
    before = threading.active_count()
    server = gazu.testing.KitsuServer().start()
    gazu.project.all_projects(client=server.log_in())
    host = server.host
    server.stop()
    server.stop()
    assert threading.active_count() <= before
    client = gazu.client.create_client(host)
    client.retries = 1
    with pytest.raises(CONNECTION_ERRORS):
        gazu.project.all_projects(client=client)


FIXTURES = """
import gazu
import pytest

host = gazu.client.default_client.host

def test_default_client(kitsu):
    assert gazu.get_host() == kitsu.host
    project = gazu.project.new_project("Lama")
    assert kitsu.store.get("projects", project["id"])["name"] == "Lama"

def test_fresh_each_time(kitsu):
    assert gazu.project.all_projects() == []
    assert kitsu.host == gazu.get_host()

def test_restored():
    assert gazu.get_host() == host
    assert not gazu.client.default_client.access_token

def test_server_only(kitsu_server):
    assert gazu.get_host() == host
    client = kitsu_server.log_in()
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.client.get("data/nothing/at/all", client=client)
"""


def test_the_pytest_fixtures_work(python, tmp_path):
    (tmp_path / "test_pipeline.py").write_text(FIXTURES)
    finished = python(
        "import sys, pytest; sys.exit(pytest.main(['-p', 'no:cacheprovider']))"
    )
    assert "4 passed" in finished.stdout
    assert "routes that gazu.testing does not know" in finished.stdout
    assert "GET data/nothing/at/all" in finished.stdout


def test_the_pytest_plugin_imports_nothing(python, tmp_path):
    (tmp_path / "test_other.py").write_text(
        "import sys\n"
        "def test():\n"
        "    assert 'pytest_gazu' in sys.modules\n"
        "    assert 'gazu' not in sys.modules\n"
    )
    finished = python(
        "import sys, pytest; sys.exit(pytest.main(['-p', 'no:cacheprovider']))"
    )
    assert "1 passed" in finished.stdout

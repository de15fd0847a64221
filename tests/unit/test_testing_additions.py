"""gazu.testing answers the commoner ones of the functions that upstream does not have."""

from __future__ import annotations

import gazu
import pytest
from gazu.testing.routes.comments import PIXEL

pytestmark = pytest.mark.beyond


def ids(records):
    return [each["id"] for each in records]


@pytest.fixture
def client(kitsu):
    return kitsu.log_in()


@pytest.fixture
def project(client):
    return gazu.project.new_project("Caminandes", client=client)


@pytest.fixture
def lama(client, project):
    kind = gazu.asset.all_asset_types(client=client)[0]
    return gazu.asset.new_asset(project, kind, "Lama", client=client)


def of(client, kind):
    return next(
        each
        for each in gazu.task.all_task_types(client=client)
        if each["for_entity"] == kind
    )


@pytest.mark.parametrize(
    "module, record, values",
    [
        ("custom_action", "custom_action", ("Open", "https://example.com")),
        ("hardware", "hardware_item", ("Tablet", "tab")),
        ("preview_background", "preview_background_file", ("Garden",)),
    ],
)
def test_records_of_the_studio(client, module, record, values):
    """They are made, listed, changed, found and removed."""
    functions = getattr(gazu, module)

    def call(name, *args):
        return getattr(functions, name)(*args, client=client)

    made = call("new_" + record, *values)
    assert ids(call("all_{}s".format(record))) == [made["id"]]
    call("update_" + record, {"id": made["id"], "name": "Other"})
    assert call("get_" + record, made["id"])["name"] == "Other"
    assert call("remove_" + record, made) == ""
    assert call("all_{}s".format(record)) == []


def test_a_name_is_taken_once(client):
    gazu.hardware.new_hardware_item("Tablet", "tab", client=client)
    with pytest.raises(gazu.exception.ParameterException):
        gazu.hardware.new_hardware_item("Tablet", "tab", client=client)


def test_budgets(client, project):
    budget = gazu.budget.new_budget(project, "First", "EUR", client=client)
    department = gazu.person.all_departments(client=client)[0]
    entry = gazu.budget.new_budget_entry(
        budget, department, "2026-01-01", 3, 250.5, client=client
    )
    assert (entry["position"], entry["daily_salary"]) == ("artist", 250.5)
    found = gazu.project.get_budgets(project, client=client)
    assert ids(found) == [budget["id"]]
    with pytest.raises(gazu.exception.ParameterException):
        gazu.budget.remove_budget(budget, client=client)
    gazu.budget.remove_budget_entry(entry, client=client)
    gazu.budget.remove_budget(budget, client=client)
    assert gazu.budget.all_budgets(client=client) == []


def test_schedules(client, project):
    task_type = of(client, "Shot")
    milestone = gazu.schedule.new_milestone(
        project, "Alpha", "2026-03-01", client=client
    )
    found = gazu.project.get_milestones(project, client=client)
    assert ids(found) == [milestone["id"]]
    item = gazu.schedule.new_schedule_item(
        project, task_type, "2026-01-01", "2026-02-01", 20, client=client
    )
    found = gazu.schedule.all_schedule_items_for_project(
        project, client=client
    )
    assert found[0]["man_days"] == item["man_days"] == 20
    version = gazu.schedule.new_schedule_version(project, "v1", client=client)
    found = gazu.schedule.all_schedule_versions(project, client=client)
    assert ids(found) == [version["id"]]


def test_departments(client):
    department = gazu.person.new_department("Wool", "#ffffff", client=client)
    ana = gazu.person.new_person(
        "Ana", "R", "ana@example.com", departments=[department], client=client
    )
    found = gazu.department.all_persons_for_department(
        department, client=client
    )
    assert ids(found) == [ana["id"]]
    item = gazu.hardware.new_hardware_item("Tablet", "tab", client=client)
    for _ in range(2):
        gazu.department.add_hardware_item_to_department(
            department, item, client=client
        )
    found = gazu.department.all_hardware_items_for_departments(client=client)
    assert ids(found[department["id"]]) == [item["id"]]
    gazu.department.remove_hardware_item_from_department(
        department, item, client=client
    )
    assert not gazu.department.all_hardware_items_for_departments(
        client=client
    )
    software = gazu.files.new_software("Maya", "maya", ".ma", client=client)
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.department.get_software_license_for_department(
            department, software, client=client
        )
    gazu.department.add_software_license_to_department(
        department, software, client=client
    )
    found = gazu.department.get_software_license_for_department(
        department, software, client=client
    )
    assert found["name"] == "Maya"


def test_tasks_of_many_entities(client, project, lama):
    modeling = of(client, "Asset")
    for asked in (None, [lama]):
        made = gazu.task.create_tasks_for_assets(
            project, modeling, asked, client=client
        )
        assert len(made) == (1 if asked is None else 0)
    (task,) = gazu.task.all_tasks_for_asset(lama, client=client)
    assert task["task_status_name"] == "Todo"
    (task,) = gazu.task.set_priority_for_tasks([task], 3, client=client)
    assert task["priority"] == 3
    me = gazu.client.get_current_user(client=client)
    task = gazu.task.assign_person_to_task(task, me, client=client)
    assert task["assignees"] == [me["id"]]
    assert gazu.task.set_main_preview_for_tasks([task], client=client) == []
    with pytest.raises(gazu.exception.ParameterException):
        gazu.task.set_main_preview_for_task(task, client=client)


def test_main_previews(client, project, lama, tmp_path):
    task = gazu.task.new_task(lama, of(client, "Asset"), client=client)
    wip = gazu.task.get_task_status_by_short_name("wip", client=client)
    picture = tmp_path / "lama.png"
    picture.write_bytes(PIXEL)
    comment, preview = gazu.task.publish_preview(
        task, wip, preview_file_path=str(picture), client=client
    )
    entity = gazu.task.set_main_preview_for_task(task, client=client)
    assert entity["preview_file_id"] == preview["id"]
    found = gazu.task.get_comment_for_task(task, comment["id"], client=client)
    assert found["id"] == comment["id"]
    gazu.task.remove_comment_from_task(task, comment, client=client)
    assert gazu.task.all_comments_for_task(task, client=client) == []


def test_logged_hours(client, project, lama):
    me = gazu.client.get_current_user(client=client)
    task = gazu.task.new_task(
        lama, of(client, "Asset"), assignees=[me], client=client
    )
    record = gazu.task.set_time_spent(
        task, me, "2026-01-05", 60, client=client
    )
    functions = gazu.time_spent
    found = functions.all_time_spents_for_entity(lama, client=client)
    assert found == functions.all_time_spents_for_project(
        project, client=client
    )
    assert ids(found) == ids(functions.all_time_spents(client=client))
    functions.update_time_spent(
        {"id": record["id"], "duration": 30}, client=client
    )
    assert gazu.task.get_task(task["id"], client=client)["duration"] == 30
    functions.remove_time_spent_for_date(task, "2026-01-05", me, client=client)
    assert functions.all_time_spents(client=client) == []


def test_assets_of_assets(client, project, lama):
    kind = gazu.asset.all_asset_types(client=client)[0]
    fence = gazu.asset.new_asset(project, kind, "Fence", client=client)
    casting = [{"asset_id": lama["id"]}]
    gazu.casting.update_casting_for_asset(fence, casting, client=client)
    (cast,) = gazu.casting.get_casting_for_asset(fence, client=client)
    assert (cast["asset_id"], cast["nb_occurences"]) == (lama["id"], 1)
    found = gazu.asset.all_assets_for_asset(fence, client=client)
    assert ids(found) == [lama["id"]]
    for function, args in (
        (gazu.asset.share_assets, ([lama],)),
        (gazu.asset.share_assets_for_project, (project, [lama])),
        (gazu.asset.share_assets_for_asset_type, (project, kind)),
    ):
        for is_shared in (True, False):
            found = function(*args, is_shared=is_shared, client=client)
            assert found[0]["is_shared"] is is_shared


def test_the_studio_and_its_server(client, project):
    assert ids(gazu.project.get_productions(client=client)) == [project["id"]]
    assert gazu.project.get_productions("None", client=client) == []
    assert gazu.server.get_stats(client=client)["number_of_comments"] == 0
    assert "project:new" in gazu.server.get_event_names(client=client)
    types = gazu.task.all_task_types(client=client)[::-1]
    found = gazu.task.reorder_task_types(types, client=client)
    assert [each["priority"] for each in found[:2]] == [1, 2]
    studio = gazu.studio.new_studio("Paris", "#ff0000", client=client)
    found = gazu.studio.get_studio_by_name("Paris", client=client)
    assert found["id"] == studio["id"]

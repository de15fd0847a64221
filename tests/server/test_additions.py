"""Every function that upstream does not have is called on a real Zou.

The answers have the types of the docstrings, key by key.
"""

from __future__ import annotations

import base64
import csv
import datetime
import hashlib
import hmac
import inspect
import re
import struct
import time
from pathlib import Path
from types import SimpleNamespace

import gazu
import pytest

from ..additions import additions
from .docstring_types import differences, documented
from .scenarios.records import FILE_TREE

# Functions that a stock server refuses, and the reasons. They are called, too.
REFUSED = {
    "auth.enable_email_otp": "the code is in a mail, and nobody sends mails",
    "auth.disable_email_otp": "such codes cannot be enabled without a mail",
    "department.get_hardware_item_for_department": "Zou 1.0.97 has a mistake",
    "plugin.get_plugin": "no plugin is installed",
    "plugin.update_plugin": "no plugin is installed",
    "plugin.remove_plugin": "no plugin is installed",
    "preview.download_source_movie": "uploaded movies are not kept",
}
ROUTES = Path(__file__).resolve().parents[2] / "tools" / "zou" / "routes.txt"
TODAY = datetime.date.today()
NOBODY = "00000000-0000-4000-8000-000000000000"
#: A gray picture of 16 by 16 pixels, as Radiance writes it.
HDR = (
    b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 16 +X 16\n"
    + b"\x80\x80\x80\x80" * 256
)
#: A line that is drawn on the first frame.
ANNOTATION = {
    "time": 0,
    "width": 64,
    "height": 48,
    "drawing": {
        "objects": [
            {
                "type": "path",
                "id": "1",
                "canvasWidth": 64,
                "left": 1,
                "top": 1,
                "width": 20,
                "height": 20,
                "stroke": "#ff0000",
                "strokeWidth": 2,
                "path": [["M", 1, 1], ["L", 20, 20]],
            }
        ]
    },
}


def call(function_name, *args, **kwargs):
    """Call a function by its name below ``gazu``, and check the type of its answer."""
    module, _, short = function_name.rpartition(".")
    function = getattr(getattr(gazu, module), short)
    answer = function(*args, **kwargs)
    found = list(differences(answer, documented(function)))
    assert not found, "{}: {}".format(function_name, "\n".join(found))
    return answer


def refused(error, name, *args, **kwargs):
    """Call a function that the server refuses."""
    with pytest.raises(error):
        call(name, *args, **kwargs)


def ids(records):
    return [each["id"] for each in records]


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def one_time_code(secret):
    """Return the present code of an authenticator app (RFC 6238)."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    (number,) = struct.unpack_from(">I", digest, digest[-1] & 15)
    return "{:06d}".format((number & 0x7FFFFFFF) % 1000000)


@pytest.fixture(scope="module")
def made(fresh_zou, admin, media):
    """A production with an entity of each kind, and a task with a preview."""
    task, shot = gazu.task, gazu.shot
    me = gazu.client.get_current_user()
    task_types = task.all_task_types()
    project = gazu.project.new_project(
        "Agent 327",
        production_type="tvshow",
        asset_types=gazu.asset.all_asset_types(),
        task_types=task_types,
        task_statuses=task.all_task_statuses(),
    )
    ana = gazu.person.new_person("Ana", "Rivera", "ana@example.com")
    for person in (me, ana):
        gazu.project.add_person_to_team(project, person)
    department = gazu.person.new_department("Layouting", "#123456")
    gazu.person.add_person_to_department(ana, department)

    def of(kind):
        return next(each for each in task_types if each["for_entity"] == kind)

    episode = shot.new_episode(project, "E02")
    sequence = shot.new_sequence(project, "SE01", episode=episode)
    sh01 = shot.new_shot(project, sequence, "SH01", nb_frames=48)
    sh02 = shot.new_shot(project, sequence, "SH02")
    asset_types = gazu.asset.all_asset_types()
    lama = gazu.asset.new_asset(project, asset_types[0], "Lama")
    fence = gazu.asset.new_asset(
        project, asset_types[1], "Fence", episode=episode
    )
    # Zou 1.0.97 ignores the name that upstream's new_edit gives to the episode.
    edit = gazu.client.post(
        "data/projects/{}/edits".format(project["id"]),
        {"name": "Cut", "episode_id": episode["id"]},
    )
    concept = gazu.concept.new_concept(project, "Mood")
    animation, modeling = of("Shot"), of("Asset")
    shots = task.new_task(sh01, animation, assignees=[me, ana])
    lamas = task.new_task(lama, modeling, assignees=[me])
    edits = task.new_task(edit, of("Edit"))
    wip = task.get_task_status_by_short_name("wip")
    comment, preview = task.publish_preview(
        shots, wip, "On it", preview_file_path=str(media.mp4)
    )
    comment = task.get_comment(comment["id"])
    time_spent = task.set_time_spent(shots, me, TODAY.isoformat(), 60)
    software = gazu.files.new_software("Maya", "maya", ".ma")
    gazu.files.update_project_file_tree(project, FILE_TREE)
    return SimpleNamespace(**locals())


def test_budgets(made):
    assert call("budget.all_budgets") == []
    budget = call("budget.new_budget", made.project, "First", "EUR", 2)
    assert (budget["currency"], budget["revision"]) == ("EUR", 2)
    assert ids(call("budget.all_budgets")) == [budget["id"]]
    changed = call("budget.update_budget", {"id": budget["id"], "name": "B"})
    assert call("budget.get_budget", budget["id"]) == changed
    entry = call(
        "budget.new_budget_entry",
        budget,
        made.department,
        "2026-01-01",
        3,
        250.5,
        person=made.ana,
        position="lead",
        seniority="senior",
    )
    assert (entry["position"], entry["person_id"]) == ("lead", made.ana["id"])
    assert ids(call("budget.all_budget_entries")) == [entry["id"]]
    entry = call(
        "budget.update_budget_entry", {"id": entry["id"], "daily_salary": 300}
    )
    assert call("budget.get_budget_entry", entry["id"]) == entry
    refused(gazu.exception.ParameterException, "budget.remove_budget", budget)
    assert call("budget.remove_budget_entry", entry) == ""
    assert call("budget.remove_budget", budget) == ""
    assert call("budget.all_budgets") == []


def test_salary_scales(made):
    scales = call("budget.all_salary_scales")
    scale = scales[0]
    assert call("budget.get_salary_scale", scale["id"]) == scale
    changed = call(
        "budget.update_salary_scale", {"id": scale["id"], "salary": 300}
    )
    assert changed["salary"] == 300
    assert call("budget.remove_salary_scale", scale) == ""
    assert len(call("budget.all_salary_scales")) == len(scales)


def test_custom_actions(made):
    action = call(
        "custom_action.new_custom_action",
        "Open",
        "https://example.com",
        "shot",
        True,
    )
    assert call("custom_action.all_custom_actions") == [action]
    changed = call(
        "custom_action.update_custom_action",
        {"id": action["id"], "name": "Close"},
    )
    assert (
        call("custom_action.get_custom_action", action["id"])["name"]
        == changed["name"]
        == "Close"
    )
    assert call("custom_action.remove_custom_action", action) == ""
    assert call("custom_action.all_custom_actions") == []


def test_hardware_and_departments(made):
    department = made.department
    item = call("hardware.new_hardware_item", "Tablet", "tab", 20, 5)
    assert call("hardware.all_hardware_items") == [item]
    item = call(
        "hardware.update_hardware_item", {"id": item["id"], "archived": False}
    )
    assert call("hardware.get_hardware_item", item["id"]) == item
    link = call("department.add_hardware_item_to_department", department, item)
    assert link["hardware_item_id"] == item["id"]
    found = call("department.all_hardware_items_for_departments")
    assert ids(found[department["id"]]) == [item["id"]]
    refused(
        gazu.exception.ServerErrorException,
        "department.get_hardware_item_for_department",
        department,
        item,
    )
    assert (
        call(
            "department.remove_hardware_item_from_department", department, item
        )
        == ""
    )
    assert call("hardware.remove_hardware_item", item) == ""
    persons = call("department.all_persons_for_department", department)
    assert ids(persons) == [made.ana["id"]]
    software = made.software
    link = call(
        "department.add_software_license_to_department", department, software
    )
    assert link["software_id"] == software["id"]
    found = call("department.all_software_licenses_for_departments")
    assert ids(found[department["id"]]) == [software["id"]]
    found = call(
        "department.get_software_license_for_department", department, software
    )
    assert found["id"] == software["id"]
    assert (
        call(
            "department.remove_software_license_from_department",
            department,
            software,
        )
        == ""
    )


def test_status_automations(made):
    done = gazu.task.get_task_status_by_short_name("done")
    rule = call(
        "status_automation.new_status_automation",
        "shot",
        made.animation,
        done,
        made.animation,
        made.wip,
    )
    assert rule["out_task_status_id"] == made.wip["id"]
    assert call("status_automation.all_status_automations") == [rule]
    rule = call(
        "status_automation.update_status_automation",
        {"id": rule["id"], "import_last_revision": True},
    )
    assert call("status_automation.get_status_automation", rule["id"]) == rule
    assert call("status_automation.remove_status_automation", rule) == ""


def test_plugins(made):
    assert call("plugin.all_plugins") == []
    missing = gazu.exception.RouteNotFoundException
    refused(missing, "plugin.get_plugin", NOBODY)
    refused(missing, "plugin.update_plugin", {"id": NOBODY})
    refused(missing, "plugin.remove_plugin", NOBODY)


def test_chats(made, media):
    entity = made.lama
    chat = call("chat.get_chat", entity)
    assert chat["object_id"] == entity["id"]
    refused(
        gazu.exception.ParameterException,
        "chat.new_chat_message",
        entity,
        "Too early",
    )
    gazu.user.join_chat(entity)
    first = call("chat.new_chat_message", entity, "Hello")
    second = call(
        "chat.new_chat_message", entity, "Two files", [media.txt, media.png]
    )
    assert len(second["attachment_files"]) == 2
    messages = call("chat.all_chat_messages", entity)
    assert [each["text"] for each in messages] == ["Hello", "Two files"]
    assert call("chat.get_chat_message", entity, first)["text"] == "Hello"
    assert call("chat.remove_chat_message", entity, first) == ""
    assert len(call("chat.all_chat_messages", entity)) == 1


def test_news(made):
    project = made.project
    page = call("news.all_news", project=project, limit=10)
    assert page["data"]
    assert call("news.all_news_for_project", project)["total"] == page["total"]
    shown = call("news.all_news_for_project", project, only_preview=True)
    assert shown["data"][0]["preview_files"]
    none = call("news.all_news_for_project", project, task_type=made.modeling)
    assert none["data"] == []
    for entity in call("news.all_news_for_entity", made.sh01)["data"]:
        assert entity["task_entity_id"] == made.sh01["id"]
    first = page["data"][0]
    assert call("news.get_news", project, first["id"])["id"] == first["id"]


def test_the_server(made):
    assert call("server.get_config")["preview_accounts_enabled"] is True
    assert call("server.get_stats")["number_of_video_previews"] == 1
    assert "task:new" in call("server.get_event_names")


def test_schedules(made):
    project, task_type = made.project, made.animation
    milestone = call(
        "schedule.new_milestone", project, "Alpha", "2026-03-01", task_type
    )
    assert ids(call("schedule.all_milestones")) == [milestone["id"]]
    milestone = call(
        "schedule.update_milestone",
        {"id": milestone["id"], "date": "2026-04-01"},
    )
    assert call("schedule.get_milestone", milestone["id"])["date"] == (
        "2026-04-01"
    )
    assert call("schedule.remove_milestone", milestone) == ""

    item = call(
        "schedule.new_schedule_item",
        project,
        task_type,
        "2026-01-01",
        "2026-02-01",
        20,
    )
    item = call(
        "schedule.update_schedule_item", {"id": item["id"], "man_days": 30}
    )
    assert call("schedule.get_schedule_item", item["id"])["man_days"] == 30
    assert item["id"] in ids(call("schedule.all_schedule_items"))
    found = call("schedule.all_schedule_items_for_project", project)
    assert item["id"] in ids(found)
    found = call("schedule.all_task_type_schedule_items", project)
    assert item["id"] in ids(found)
    found = call(
        "schedule.all_asset_type_schedule_items", project, made.modeling
    )
    assert found
    for name in (
        "schedule.all_episode_schedule_items",
        "schedule.all_sequence_schedule_items",
        "schedule.all_edit_schedule_items",
    ):
        assert call(name, project, task_type), name
        assert call(name, project, task_type, made.episode), name
    assert call("schedule.remove_schedule_item", item) == ""


def test_versions_of_schedules(made):
    project = made.project
    first = call("schedule.new_schedule_version", project, "v1")
    second = call("schedule.new_schedule_version", project, "v2")
    versions = call("schedule.all_schedule_versions", project)
    assert sorted(ids(versions)) == sorted(ids([first, second]))
    assert len(call("schedule.all_schedule_versions")) == 2
    copied = call("schedule.set_schedule_version_from_production", first)
    assert copied["task_link_count"] >= 3
    links = call(
        "schedule.all_task_links_for_schedule_version", first, relations=True
    )
    assert len(links) == copied["task_link_count"]
    (link,) = call(
        "schedule.all_task_links_for_schedule_version",
        first,
        made.animation,
    )
    link = call(
        "schedule.update_schedule_version_task_link",
        {"id": link["id"], "estimation": 90},
    )
    assert link["estimation"] == 90
    again = call(
        "schedule.set_schedule_version_from_schedule_version", second, first
    )
    assert again == copied
    applied = call("schedule.apply_schedule_version", second)
    assert applied["task_count"] == copied["task_link_count"]
    assert gazu.task.get_task(made.shots["id"])["estimation"] == 90
    second = call("schedule.get_schedule_version", second["id"])
    assert second["locked"] is True
    call("schedule.update_schedule_version", {"id": first["id"], "name": "v0"})
    assert call("schedule.remove_schedule_version", first) == ""


def test_metadata_descriptors(made):
    project = made.project
    one = call(
        "metadata.new_metadata_descriptor",
        project,
        "Fur",
        "fur",
        data_type="list",
        choices=["long", "short"],
    )
    one = call(
        "metadata.update_metadata_descriptor",
        {"id": one["id"], "for_client": True},
    )
    found = call("metadata.get_metadata_descriptor", one["id"])
    assert (found["choices"], found["for_client"]) == (["long", "short"], True)
    (two,) = call(
        "metadata.add_metadata_descriptor_to_open_projects",
        "Wool",
        departments=[made.department],
    )
    assert two["departments"] == [made.department["id"]]
    ordered = call(
        "metadata.reorder_metadata_descriptors_in_open_projects",
        "Asset",
        ["wool", "fur"],
    )
    assert ids(ordered) == ids([two, one])
    (two,) = call(
        "metadata.update_metadata_descriptor_in_open_projects",
        "wool",
        "Asset",
        name="Silk",
    )
    assert two["field_name"] == "silk"
    removed = call(
        "metadata.remove_metadata_descriptor_from_open_projects",
        "silk",
        "Asset",
    )
    assert two["id"] in removed
    assert call("metadata.remove_metadata_descriptor", one) == ""


def test_preview_backgrounds(made, tmp_path):
    new = call("preview_background.new_preview_background_file", "Studio")
    new = call(
        "preview_background.update_preview_background_file",
        {"id": new["id"], "name": "Garden"},
    )
    picture = tmp_path / "garden.hdr"
    picture.write_bytes(HDR)
    sent = call(
        "preview_background.upload_preview_background_file", new, picture
    )
    assert sent["original_name"] == "garden"
    found = call("preview_background.get_preview_background_file", new["id"])
    assert found["extension"] == "hdr"
    assert found in call("preview_background.all_preview_background_files")
    target = tmp_path / "back.hdr"
    call(
        "preview_background.download_preview_background_file",
        new,
        str(target),
    )
    assert target.read_bytes() == HDR
    thumbnail = call(
        "preview_background.download_preview_background_file_thumbnail", new
    )
    assert thumbnail.content.startswith(b"\x89PNG")
    assert call("preview_background.remove_preview_background_file", new) == ""


def test_previews(made, tmp_path):
    preview = made.preview
    found = call("preview.all_preview_files_for_entity", made.sh01)
    assert preview["id"] in ids(found)
    gazu.files.update_preview_annotations(preview, [ANNOTATION])
    frame = tmp_path / "frame.png"
    call(
        "preview.extract_annotated_frame", preview, str(frame), frame_number=1
    )
    assert frame.read_bytes().startswith(b"\x89PNG")
    packed = call("preview.extract_annotated_frames", preview)
    assert packed.content.startswith(b"PK")
    pdf = call("preview.extract_annotated_frames_as_pdf", preview)
    assert pdf.content.startswith(b"%PDF")
    refused(
        gazu.exception.RouteNotFoundException,
        "preview.download_source_movie",
        preview,
    )
    for name in (
        "preview.download_original",
        "preview.download_original_movie",
    ):
        assert b"ftyp" in call(name, preview).content[:16], name
    for name in (
        "preview.download_tile",
        "preview.download_picture",
        "preview.download_square_thumbnail",
    ):
        assert call(name, preview).content.startswith(b"\x89PNG"), name


def test_csv_out(made, tmp_path):
    casting = [{"asset_id": made.lama["id"], "nb_occurences": 1}]
    gazu.casting.update_shot_casting(made.project, made.sh01, casting)
    target = str(tmp_path / "table.csv")
    call("csv.export_persons_with_csv", target)
    assert made.ana["email"] in [each["Email"] for each in rows_of(target)]
    call("csv.export_projects_with_csv", target)
    assert {"Name": "Agent 327", "Status": "Open"} in rows_of(target)
    call("csv.export_task_types_with_csv", target)
    assert {each["Name"] for each in rows_of(target)} >= {"Modeling"}
    call("csv.export_tasks_with_csv", target)
    assert {each["Entity"] for each in rows_of(target)} >= {"SH01", "Lama"}
    call("csv.export_time_spents_with_csv", target)
    (row,) = rows_of(target)
    assert float(row["Time spent"]) == 60
    call(
        "csv.export_casting_with_csv",
        made.project,
        target,
        episode=made.episode,
        is_shot_casting=True,
    )
    assert [each["Name"] for each in rows_of(target)] == ["SH01"]
    call("csv.export_edits_with_csv", made.project, target)
    assert [each["Name"] for each in rows_of(target)] == ["Cut"]
    playlist = gazu.playlist.new_playlist(made.project, "Table")
    playlist = gazu.playlist.get_playlist(playlist)
    gazu.playlist.add_entity_to_playlist(playlist, made.sh01, made.preview)
    call("csv.export_playlist_with_csv", playlist, target)
    assert "SH01" in Path(target).read_text(encoding="utf-8")


def test_csv_in(made, tmp_path):
    def table(*rows):
        path = tmp_path / "table.csv"
        with open(str(path), "w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows(rows)
        return str(path)

    head = ["First Name", "Last Name", "Email", "Phone", "Role"]
    row = ["Kai", "Moss", "kai@example.com", "1", "Artist"]
    (kai,) = call("csv.import_persons_with_csv", table(head, row))
    row[3] = "2"
    (changed,) = call(
        "csv.import_persons_with_csv", table(head, row), update=True
    )
    assert (changed["id"], changed["phone"]) == (kai["id"], "2")
    head = ["Episode", "Parent", "Name", "Asset Type", "Asset", "Occurences"]
    head.append("Label")
    kind = made.asset_types[0]["name"]
    row = ["E02", "SE01", "SH02", kind, "Lama", "3", "fixed"]
    call("csv.import_casting_with_csv", made.project, table(head, row))
    (cast,) = gazu.casting.get_shot_casting(made.sh02)
    assert cast["nb_occurences"] == 3
    table_of_edits = table(["Episode", "Name"], ["E02", "Second cut"])
    (edit,) = call("csv.import_edits_with_csv", made.project, table_of_edits)
    call(
        "csv.import_edits_with_csv",
        made.project,
        table(["Episode", "Name", "Description"], ["E02", "Second cut", "x"]),
        update=True,
    )
    assert gazu.edit.get_edit(edit["id"])["description"] == "x"
    estimations = table(
        ["Parent", "Entity", "Estimation"], ["SE01", "SH01", "2"]
    )
    call(
        "csv.import_estimations_with_csv",
        made.project,
        made.animation,
        estimations,
    )
    assert gazu.task.get_task(made.shots["id"])["estimation"] == 960
    estimations = table(
        ["Parent", "Entity", "Estimation"], ["SE01", "SH01", "1"]
    )
    call(
        "csv.import_episode_estimations_with_csv",
        made.project,
        made.episode,
        made.animation,
        estimations,
    )
    assert gazu.task.get_task(made.shots["id"])["estimation"] == 480


def test_time_spents(made):
    project, day = made.project, TODAY.isoformat()
    record = made.time_spent
    assert record["id"] in ids(call("time_spent.all_time_spents"))
    assert ids(call("time_spent.all_time_spents", day, day)) == [record["id"]]
    found = call("time_spent.get_time_spent", record["id"])
    assert found["duration"] == 60
    mine = call(
        "time_spent.new_time_spent", made.lamas, made.me, "2026-01-05", 30
    )
    mine = call(
        "time_spent.update_time_spent", {"id": mine["id"], "duration": 45}
    )
    assert mine["duration"] == 45
    found = call("time_spent.all_time_spents_for_entity", made.lama)
    assert ids(found) == [mine["id"]]
    assert len(call("time_spent.all_time_spents_for_project", project)) == 2
    found = call(
        "time_spent.get_time_spents_for_task_type", project, made.modeling
    )
    assert ids(found[made.me["id"]]) == [mine["id"]]
    me, project_only = made.me["id"], {"project": project}
    table = call("time_spent.get_day_table", 2026, 1, **project_only)
    assert table == {"5": {me: 45}}
    table = call("time_spent.get_week_table", 2026, **project_only)
    assert table["2"] == {me: 45}
    table = call("time_spent.get_month_table", 2026, **project_only)
    assert table["1"] == {me: 45}
    assert call("time_spent.get_year_table", **project_only)["2026"][me] >= 45
    found = call("budget.get_month_time_spents_for_project", project)
    assert found
    found = call("person.get_day_time_spents", made.me, 2026, 1, 5)
    assert [each["duration"] for each in found] == [45]
    found = call(
        "person.get_month_time_spents", made.me, 2026, 1, project=project
    )
    assert [each["duration"] for each in found] == [45]
    removed = call(
        "time_spent.remove_time_spent_for_date",
        made.lamas,
        "2026-01-05",
        made.me,
    )
    assert mine["id"] in removed


def test_quotas(made):
    wfa = gazu.task.get_task_status_by_short_name("wfa")
    gazu.task.add_comment(made.shots, wfa, "Look")
    week = TODAY.isocalendar()
    year, month, day = TODAY.year, TODAY.month, TODAY.day
    only = {"project": made.project, "task_type": made.animation}
    (shot,) = call("person.get_day_quota_shots", made.me, year, month, day)
    assert shot["id"] == made.sh01["id"]
    (shot,) = call(
        "person.get_week_quota_shots", made.me, week[0], week[1], **only
    )
    (shot,) = call(
        "person.get_month_quota_shots", made.me, year, month, **only
    )
    whole = call(
        "person.get_month_quota_shots",
        made.me,
        year,
        month,
        count_mode="feedback",
    )
    assert ids(whole) == [made.sh01["id"]]


def test_persons(made):
    ana = made.ana
    day_off = gazu.person.new_day_off(ana, "2026-12-24", "2026-12-26", "Rest")
    assert call("person.all_day_offs") == [day_off]
    for found in (
        call("person.all_day_offs_for_year", 2026),
        call("person.all_day_offs_for_month", 2026, 12),
        call("person.all_day_offs_for_project", made.project)[ana["id"]],
    ):
        assert ids(found) == [day_off["id"]]
    found = call("person.get_day_off_for_date", ana, "2026-12-25")
    assert found["id"] == day_off["id"]
    assert call("person.get_day_off_for_date", ana, "2026-12-20") == {}
    call("person.new_desktop_login_log", ana)
    log = call("person.new_desktop_login_log", ana, "2026-01-02T03:04:05")
    assert log["date"] == "2026-01-02T03:04:05"
    logs = call("person.all_desktop_login_logs_for_person", ana)
    assert len(logs) == 2
    link = call("person.new_password_reset_link", ana)["reset_password_link"]
    token = re.search("token=([^&]+)", link).group(1)
    answer = call(
        "auth.set_password_with_token",
        ana["email"],
        token,
        "mysecretpassword2",
    )
    assert answer == {"success": True}


def test_assets_and_castings(made):
    project, lama, fence = made.project, made.lama, made.fence
    casting = [{"asset_id": lama["id"], "nb_occurences": 2}]
    call("casting.update_casting_for_asset", fence, casting)
    (cast,) = call("casting.get_casting_for_asset", fence)
    assert cast["nb_occurences"] == 2
    assert ids(call("asset.all_assets_for_asset", fence)) == [lama["id"]]
    (link,) = [
        each
        for each in gazu.casting.all_entity_links_for_project(project)
        if each["entity_in_id"] == fence["id"]
    ]
    removed = call("casting.remove_entity_link", project, link)
    assert link["id"] in removed
    castings = {made.sh02["id"]: casting}
    assert call("casting.update_castings", project, castings) == castings
    assert [
        each["is_shared"] for each in call("asset.share_assets", [lama])
    ] == [True]
    call("asset.share_assets_for_project", project, [fence], is_shared=False)
    found = call(
        "asset.share_assets_for_asset_type", project, made.asset_types[0]
    )
    assert ids(found) == [lama["id"]]
    other = gazu.project.new_project("Second")
    sequence = gazu.shot.new_sequence(other, "S")
    shot = gazu.shot.new_shot(other, sequence, "1")
    gazu.casting.update_shot_casting(other, shot, casting)
    found = call("asset.all_shared_assets_used_in_project", other)
    assert ids(found) == [lama["id"]]
    found = call(
        "asset.all_shared_assets_used_in_episode", project, made.episode
    )
    assert found == []
    instance = gazu.asset.new_asset_asset_instance(fence, lama)
    assert call("asset.remove_asset_instance", instance) == ""


def test_concepts_and_edits(made):
    project = made.project
    folder = call("concept.new_concept_folder", project, "Moods")
    folder = call(
        "concept.update_concept_folder", {"id": folder["id"], "name": "Looks"}
    )
    found = call("concept.all_concept_folders_for_project", project)
    assert [each["name"] for each in found] == ["Looks"]
    moved = call("concept.move_concepts", project, [made.concept], folder)
    assert moved == [made.concept["id"]]
    call("concept.move_concepts", project, [made.concept])
    assert call("concept.remove_concept_folder", folder) == ""
    edits = call("edit.all_edits_for_episode", made.episode, relations=True)
    assert made.edit["id"] in ids(edits)
    # Zou 1.0.97 keeps versions of shots only.
    assert call("edit.all_versions_for_edit", made.edit) == []
    gazu.shot.update_shot_data(made.sh02, {"frame_in": 1001})
    assert call("shot.all_versions_for_shot", made.sh02)
    found = call("task.all_task_types_for_edit", made.edit)
    assert made.edits["task_type_id"] in ids(found)
    found = call(
        "task.all_edit_tasks_for_episode", made.episode, relations=True
    )
    assert made.edits["id"] in ids(found)


def test_shots_and_scenes(made):
    project = made.project
    assert "all" in call("shot.get_episode_stats", project)
    assert "all" in call("shot.get_episode_retake_stats", project)
    for only in ({}, {"episode": made.episode}):
        found = call(
            "shot.set_nb_frames_from_previews", project, made.animation, **only
        )
        assert ids(found) == [made.sh01["id"]]
    scene = gazu.scene.new_scene(project, made.sequence, "SC01")
    assert call("scene.remove_scene", scene) == ""


def test_files(made):
    status = gazu.files.new_file_status("Checked", "#ffffff")
    status = call(
        "files.update_file_status", {"id": status["id"], "color": "#000000"}
    )
    assert status["color"] == "#000000"
    kind = gazu.files.new_output_type("Cache", "abc")
    kind = call(
        "files.update_output_type", {"id": kind["id"], "short_name": "c"}
    )
    working = gazu.files.new_working_file(made.lamas)
    assert ids(call("files.all_working_files")) == [working["id"]]
    assert call("files.get_file", working["id"])["type"] == "WorkingFile"
    output = gazu.files.new_entity_output_file(
        made.lama, kind, made.modeling, "Cached", file_status_id=status["id"]
    )
    assert call("files.get_file", output["id"])["type"] == "OutputFile"
    found = call(
        "files.all_output_files_for_entity_and_output_type", made.lama, kind
    )
    assert ids(found) == [output["id"]]
    scene = gazu.scene.new_scene(made.project, made.sequence, "SC02")
    instance = gazu.scene.new_scene_asset_instance(scene, made.lama, "i")
    gazu.shot.add_asset_instance_to_shot(made.sh01, instance)
    output = gazu.files.new_asset_instance_output_file(
        instance, made.sh01, kind, made.animation, "Cached"
    )
    found = call(
        "files.all_output_files_for_asset_instance_and_output_type",
        instance,
        made.sh01,
        kind,
    )
    assert ids(found) == [output["id"]]
    spare = gazu.files.new_file_status("Spare", "#ffffff")
    assert call("files.remove_file_status", spare) == ""
    spare = gazu.files.new_output_type("Spare", "spare")
    assert call("files.remove_output_type", spare) == ""
    spare = gazu.files.new_software("Nuke", "nuke", ".nk")
    assert call("files.remove_software", spare) == ""


def test_playlists(made):
    project = made.project
    playlist = gazu.playlist.new_playlist(project, "Dailies")
    playlist = call(
        "playlist.add_entities_to_playlist",
        playlist,
        [
            {
                "entity_id": made.sh01["id"],
                "preview_file_id": made.preview["id"],
            },
            {"entity_id": made.sh02["id"]},
        ],
    )
    assert len(playlist["shots"]) == 2
    found = call("playlist.get_playlist_for_project", project, playlist)
    assert found["id"] == playlist["id"]
    found = call("playlist.all_playlists_with_build_jobs_for_project", project)
    assert playlist["id"] in ids(found)
    found = call(
        "playlist.all_playlists_with_build_jobs_for_project", project, 1
    )
    assert playlist["id"] in ids(found["data"])
    link = gazu.playlist.new_share_link(playlist)
    # The server does as if it sent a mail.
    sent = call(
        "playlist.invite_to_share_link",
        playlist,
        link["token"],
        ["guest@example.com"],
        persons=[made.ana],
        message="Look",
    )
    assert sent == {"sent": ["guest@example.com", "ana@example.com"]}


def test_projects(made):
    project, status = made.project, made.wip
    assert project["id"] in ids(call("project.get_productions"))
    found = call("project.get_productions", "Agent 327")
    assert ids(found) == [project["id"]]
    state = call("project.new_project_status", "Waiting", "#ffffff")
    call(
        "project.update_project_status", {"id": state["id"], "name": "Asleep"}
    )
    assert call("project.remove_project_status", state) == ""
    spare = gazu.asset.new_asset_type("Spare")
    call(
        "project.update_project_settings",
        project,
        task_types=[{"task_type_id": made.animation["id"], "priority": 2}],
        task_statuses=[status],
        asset_types=[spare],
    )
    assert call("project.remove_asset_type", project, spare) == ""
    link = call(
        "project.set_task_status_client_allowed", project, status, False
    )
    assert link["is_client_allowed"] is False
    link = call(
        "project.set_task_status_client_allowed", project, status, None
    )
    assert link["is_client_allowed"] is None
    (link,) = call("project.reorder_task_statuses", project, [status])
    assert link["priority"] == 1
    types = [made.modeling, made.animation]
    links = call("project.reorder_task_types", project, types)
    assert [each["priority"] for each in links] == [1, 2]
    link = call(
        "project.add_task_type_software",
        project,
        made.animation,
        made.software,
    )
    assert call("project.all_task_type_softwares", project) == [link]
    assert (
        call(
            "project.remove_task_type_software",
            project,
            made.animation,
            made.software,
        )
        == ""
    )
    assert call("project.get_preview_account", project) is None
    account = call("project.new_preview_account", project)
    assert account["password"]
    account = call("project.set_preview_account_open", project, True)
    assert account["preview_open_until"]
    assert call("project.get_preview_account", project) == account
    assert call("project.remove_preview_account", project) == ""


def test_templates_studios_and_the_organisation(made):
    template = gazu.project_template.new_project_template("Series")
    (link,) = call(
        "project_template.reorder_task_statuses_in_project_template",
        template,
        [made.wip],
    )
    assert link["priority"] == 1
    (link,) = call(
        "project_template.reorder_task_types_in_project_template",
        template,
        [made.animation],
    )
    assert link["priority"] == 1
    studio = call("studio.new_studio", "Paris", "#ff0000")
    assert gazu.studio.get_studio_by_name("Paris")["id"] == studio["id"]
    (organisation,) = gazu.person.all_organisations()
    changed = call(
        "person.update_organisation",
        {"id": organisation["id"], "hours_by_day": 7.5},
    )
    assert changed["hours_by_day"] == 7.5
    assert call("person.remove_organisation", organisation) == ""


def test_tasks(made):
    project = made.project
    types = gazu.task.all_task_types()
    assert len(call("task.reorder_task_types", types)) == len(types)
    (new,) = call(
        "task.create_tasks_for_assets", project, made.modeling, [made.fence]
    )
    assert new["entity_id"] == made.fence["id"]
    (new,) = call("task.create_tasks_for_shots", project, made.animation)
    assert new["entity_id"] == made.sh02["id"]
    edit_type, concept_type = made.of("Edit"), made.of("Concept")
    call("task.create_tasks_for_edits", project, edit_type)
    new = call(
        "task.create_tasks_for_concepts",
        project,
        concept_type,
        [made.concept],
    )
    assert len(new) == 1
    on_sequences = gazu.task.new_task_type("Board", for_entity="Sequence")
    gazu.project.add_task_type(project, on_sequences, 1)
    (board,) = call(
        "task.create_tasks_for_entities",
        project,
        on_sequences,
        "sequence",
        [made.sequence],
    )
    assert board["entity_id"] == made.sequence["id"]
    assigned = call("task.assign_person_to_task", board, made.ana)
    assert assigned["id"] == board["id"]
    changed = call("task.set_priority_for_tasks", [board, made.lamas], 2)
    assert [each["priority"] for each in changed] == [2, 2]
    burndown = call("task.get_open_tasks_burndown", project=project)
    assert burndown["total"] >= 5
    entity = call("task.set_main_preview_for_task", made.shots)
    assert entity["preview_file_id"] == made.preview["id"]
    found = call("task.set_main_preview_for_tasks", [made.shots, board])
    assert ids(found) == [made.sh01["id"]]


def test_comments(made, zou):
    comment = made.comment
    assert comment["id"] in ids(call("task.all_comments"))
    found = call("task.get_comment_for_task", made.shots, comment["id"])
    assert found["text"] == "On it"
    gazu.person.new_person(
        "Cleo",
        "Client",
        "cleo@example.com",
        role="client",
        password="cleopass1",
    )
    cleo = gazu.person.get_person_by_email("cleo@example.com")
    gazu.project.add_person_to_team(made.project, cleo)
    theirs = gazu.client.create_client(zou.host)
    gazu.log_in("cleo@example.com", "cleopass1", client=theirs)
    todo = gazu.task.get_task(made.lamas["id"])["task_status_id"]
    gazu.task.add_comment(made.lamas, todo, "More fur", client=theirs)
    (copy,) = call(
        "task.copy_client_comments", made.project, [made.lamas], "Client:"
    )
    assert copy["text"] == "Client:\n\nMore fur"
    assert call("task.remove_comment_from_task", made.lamas, copy) == ""


def test_subscriptions(made):
    subscribed = call("user.subscribe_to_tasks", [made.lamas, made.edits])
    assert len(subscribed) == 2
    removed = call("user.unsubscribe_from_tasks", [made.lamas, made.edits])
    assert removed == ids([made.lamas, made.edits])
    what = (made.sequence, made.animation)
    assert call("user.check_sequence_subscription", *what) is False
    call("user.subscribe_to_sequence", *what)
    assert call("user.check_sequence_subscription", *what) is True
    assert call("user.check_entity_subscription", *what) is True
    assert call("user.unsubscribe_from_sequence", *what) == ""
    assert call("user.check_sequence_subscription", *what) is False
    values = call("user.get_tasks_to_check_filter_values")
    assert values["project_ids"] == [made.project["id"]]


def test_passwords_and_second_factors(made, zou):
    """The person that the test logs in as is its own."""
    password = "mysecretpassword3"
    gazu.person.new_person("Otto", "P", "otto@example.com", password=password)
    client = gazu.client.create_client(zou.host)
    gazu.log_in("otto@example.com", password, client=client)
    assert call("auth.reset_password", "nobody@example.com")["success"]
    changed = call(
        "auth.change_password", password, password + "4", client=client
    )
    assert changed == {"success": True}
    secret = call("auth.prepare_totp", client=client)["otp_secret"]
    codes = call("auth.enable_totp", one_time_code(secret), client=client)
    codes = codes["otp_recovery_codes"]
    new = call(
        "auth.new_recovery_codes", recovery_code=codes[0], client=client
    )
    (code, *_) = new["otp_recovery_codes"]
    answer = call("auth.disable_totp", recovery_code=code, client=client)
    assert "true" in answer
    wrong = gazu.exception.ParameterException
    assert call("auth.prepare_email_otp", client=client)["success"] is True
    refused(wrong, "auth.enable_email_otp", "123456", client=client)
    refused(wrong, "auth.disable_email_otp", email_otp="1", client=client)
    refused(
        wrong, "auth.set_password_with_token", "otto@example.com", "x", "y"
    )


def test_each_addition_is_called():
    source = Path(__file__).read_text(encoding="utf-8")
    tests = source.partition("def made(")[2]
    called = set(re.findall(r'"(\w+\.\w+)"', tests))
    assert additions() - called == set()
    answered = re.findall(r'\bcall\(\s*"(\w+\.\w+)"', tests)
    refused_ones = re.findall(r'Exception,\s*"(\w+\.\w+)"', tests)
    refused_ones += re.findall(
        r'refused\(\s*(?:missing|wrong),\s*"(\w+\.\w+)"', tests
    )
    assert set(refused_ones) - set(answered) == set(REFUSED)


def test_the_stored_routes_are_those_of_the_server(zou):
    """The lints compare the functions with ``tools/zou/routes.txt``."""
    program = """
        from zou.app import app
        for rule in app.url_map.iter_rules():
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                print(method, rule.rule.strip("/"))
    """
    served = set(map(plain, zou.run(inspect.cleandoc(program)).splitlines()))
    first, *lines = ROUTES.read_text(encoding="utf-8").splitlines()
    assert first == "The routes of Zou 1.0.97"
    # The server's own documentation is not for scripts, and one route needs a setting.
    own = "static|apidocs|apispec|openapi|GET docs|oauth2"
    served = {each for each in served if not re.search(own, each)}
    stored = set(map(plain, lines)) - {"GET admin/config/check"}
    assert served == stored


def plain(route):
    """Return a route whose variable parts are all written alike."""
    return re.sub("<[^<>]+>", "<>", route).strip()

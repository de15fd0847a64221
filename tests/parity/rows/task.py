"""Calls of ``gazu.task``."""

from ..plan import OMIT, row
from ..replies import uid
from ..values import file, model_dict, special

USUAL = {"synth": "usual"}

COMMENTS = [
    {
        "task_status_id": uid("task_status"),
        "text": "first",
        "attachment_files": [file("table.csv"), file("picture.png")],
        "preview_files": [file("movie.mp4")],
    },
    {
        "task_status_id": uid("task_status"),
        "text": "second",
        "attachment_files": None,
    },
]

FROM_URL = [
    (
        "from a URL",
        {
            "preview_file_path": OMIT,
            "preview_file_url": special("url", "/files/p.png"),
        },
    ),
    ("neither path nor URL", {"preview_file_path": OMIT}),
    (
        "URL not found",
        {
            "preview_file_path": OMIT,
            "preview_file_url": special("url", "/files/p.png"),
        },
        {"script": [{"status": 404}]},
    ),
    ("missing file", {"preview_file_path": file("missing.png")}),
    ("name to escape", {"preview_file_path": file('quo"te;%.txt')}),
    ("name not in ASCII", {"preview_file_path": file("n\u00e2me \u4e2d.png")}),
    ("empty file", {"preview_file_path": file("empty.txt")}),
]
NEW_TASKS = [
    ("no task yet", {}, {"script": [USUAL, {"json": []}, USUAL]}),
    ("id for the entity", {"entity": uid("entity")}),
    ("status given", {"task_status": {"id": uid("task_status")}}),
    (
        "status given, no task yet",
        {"task_status": {"id": uid("task_status")}, "assigner": uid("person")},
        {"script": [{"json": []}, USUAL]},
    ),
    (
        "assignees, no task yet",
        {"assignees": [model_dict("person"), uid("bot")], "name": "second"},
        {"script": [USUAL, {"json": []}, USUAL]},
    ),
    ("no default status", {}, {"script": [{"json": []}]}),
]
ROWS = {
    "acknowledge_comment": row(),
    "add_attachment_files_to_comment": row(
        args={"attachments": [file("table.csv"), file("picture.png")]},
        extra=[
            ("one path", {"attachments": file("table.csv")}),
            ("empty", {"attachments": []}),
        ],
    ),
    "add_comment": row(),
    "add_extra_preview": row(
        args={"preview_file_path": file("movie.mp4")}, extra=FROM_URL
    ),
    "add_preview": row(
        args={"preview_file_path": file("movie.mp4")}, extra=FROM_URL
    ),
    "add_tasks_batch_comments": row(),
    "add_time_spent": row(),
    "all_assets_tasks_for_episode": row(),
    "all_comments_for_project": row(),
    "all_comments_for_task": row(),
    "all_done_tasks_for_person": row(),
    "all_notifications_for_project": row(),
    "all_open_tasks": row(),
    "all_preview_files_for_project": row(),
    "all_previews_for_task": row(),
    "all_shot_tasks_for_episode": row(),
    "all_shot_tasks_for_sequence": row(),
    "all_subscriptions_for_project": row(),
    "all_task_statuses": row(),
    "all_task_statuses_for_project": row(),
    "all_task_types": row(),
    "all_task_types_for_asset": row(),
    "all_task_types_for_concept": row(),
    "all_task_types_for_episode": row(),
    "all_task_types_for_project": row(),
    "all_task_types_for_scene": row(),
    "all_task_types_for_sequence": row(),
    "all_task_types_for_shot": row(),
    "all_tasks_for_asset": row(),
    "all_tasks_for_concept": row(),
    "all_tasks_for_edit": row(),
    "all_tasks_for_entity_and_task_type": row(),
    "all_tasks_for_episode": row(),
    "all_tasks_for_person": row(),
    "all_tasks_for_person_and_type": row(),
    "all_tasks_for_project": row(),
    "all_tasks_for_scene": row(),
    "all_tasks_for_sequence": row(),
    "all_tasks_for_shot": row(),
    "all_tasks_for_task_status": row(),
    "all_tasks_for_task_type": row(),
    "assign_task": row(),
    "assign_tasks_to_person": row(),
    "batch_comments": row(args={"comments": COMMENTS}),
    "clear_assignations": row(),
    "create_asset_tasks": row(),
    "create_concept_tasks": row(),
    "create_edit_tasks": row(),
    "create_entity_tasks": row(
        extra=[
            (
                "two bad arguments",
                {"entity": {"name": "no id"}, "task_types": [None]},
                {"odd": 2},
            )
        ]
    ),
    "create_extra_preview": row(),
    "create_multiple_comments": row(args={"comments": COMMENTS}),
    "create_preview": row(),
    "create_shot_tasks": row(),
    "delete_comment_attachment": row(),
    "delete_comment_reply": row(),
    "get_comment": row(),
    "get_default_task_status": row(),
    "get_last_comment_for_task": row(),
    "get_open_tasks_stats": row(),
    "get_persons_tasks_dates": row(),
    "get_task": row(),
    "get_task_by_entity": row(),
    "get_task_status": row(),
    "get_task_status_by_name": row(),
    "get_task_status_by_short_name": row(),
    "get_task_time_spent_for_date": row(),
    "get_task_type": row(),
    "get_task_type_by_name": row(),
    "get_task_type_by_short_name": row(),
    "get_task_url": row(silent=True),
    "get_time_spent": row(),
    "move_comment_to_task": row(),
    "new_task": row(args={"entity": model_dict("entity")}, extra=NEW_TASKS),
    "new_task_status": row(),
    "new_task_type": row(),
    "publish_preview": row(
        args={"preview_file_path": file("movie.mp4")}, extra=FROM_URL
    ),
    "remove_comment": row(),
    "remove_preview_from_comment": row(),
    "remove_task": row(),
    "remove_task_status": row(),
    "remove_task_type": row(),
    "remove_tasks_batch": row(),
    "remove_tasks_for_type": row(),
    "remove_time_spent": row(),
    "reply_to_comment": row(),
    "set_main_preview": row(),
    "set_time_spent": row(),
    "start_task": row(),
    "update_comment": row(),
    "update_task": row(),
    "update_task_data": row(),
    "update_task_status": row(),
    "update_task_type": row(),
    "upload_preview_file": row(),
}

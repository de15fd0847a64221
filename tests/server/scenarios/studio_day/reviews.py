"""The part of the studio's day in which a task goes through the statuses and back.

The task is read after each comment, and the comments are removed at the end.
"""

from __future__ import annotations

import gazu

COMMENTS = (
    ("a start", "wip"),
    ("a look", "wfa"),
    ("another look", "wfa"),
    ("a retake", "retake"),
    ("the retake again", "retake"),
    ("a second start", "wip"),
    ("a second retake", "retake"),
    ("an end", "done"),
    ("the end again", "done"),
    ("a return", "todo"),
    ("a last look", "wfa"),
)


def play(step, made: dict, folder) -> None:
    picture = str(folder / "turntable.png")
    modeling = made["task types"]["Asset", "Modeling"]
    task = made["reviewed"] = step(
        "task to review", gazu.task.new_task, made["fence"], modeling
    )
    comments = go_through_statuses(step, made, task)
    lose_previews(step, made, task, comments, picture)
    for comment in comments[1:-2] + comments[-1:]:
        text = comment["text"]
        step("without " + text, gazu.task.remove_comment, comment)
        step("task without " + text, gazu.task.get_task, task["id"])
    step("removed twice", gazu.task.remove_comment, comments[1])
    show_by_itself(step, made, task, picture)


def go_through_statuses(step, made: dict, task: dict) -> list[dict]:
    statuses, comments = made["statuses"], []
    for text, status in COMMENTS:
        status = statuses[status]
        comments.append(step(text, gazu.task.add_comment, task, status, text))
        step("task after " + text, gazu.task.get_task, task["id"])
    text = "an old retake"
    comments.append(
        step(
            text,
            gazu.task.add_comment,
            task,
            statuses["retake"],
            text,
            created_at="2020-03-04 05:06:07",
        )
    )
    step("task after " + text, gazu.task.get_task, task["id"])
    done = {"task_status_id": statuses["done"]["id"]}
    step(
        "status without a comment",
        gazu.task.update_task,
        dict(done, id=task["id"]),
    )
    step(
        "another status of a comment",
        gazu.task.update_comment,
        dict(done, id=comments[-2]["id"]),
    )
    step("task with another status", gazu.task.get_task, task["id"])
    return comments


def lose_previews(
    step, made: dict, task: dict, comments: list[dict], picture: str
) -> None:
    first, second = comments[0], comments[-2]
    main = step("first preview", gazu.task.add_preview, task, first, picture)
    step("first as the main one", gazu.task.set_main_preview, main)
    later = step("later preview", gazu.task.add_preview, task, second, picture)
    step(
        "one more of it",
        gazu.task.add_extra_preview,
        task,
        second,
        later,
        picture,
    )
    step("task with previews", gazu.task.get_task, task["id"])

    step("without the later one", gazu.task.remove_comment, second)
    step("task without the later one", gazu.task.get_task, task["id"])
    step("the later one", gazu.files.get_preview_file, later["id"])
    step(
        "previews without it", gazu.files.get_all_preview_files_for_task, task
    )
    step(
        "thumbnail without it",
        gazu.files.download_preview_file_thumbnail,
        later,
        picture + ".gone",
    )
    step("asset without it", gazu.asset.get_asset, made["fence"]["id"])

    step("without the main one", gazu.task.remove_comment, first)
    step("task without the main one", gazu.task.get_task, task["id"])
    step(
        "asset without the main one", gazu.asset.get_asset, made["fence"]["id"]
    )

    comment = gazu.task.add_comment(
        task,
        made["statuses"]["wip"],
        attachments=[picture],
        client=step.client,
    )
    step("without its file", gazu.task.remove_comment, comment)
    step(
        "its file",
        gazu.client.get,
        "data/attachment-files/" + comment["attachment_files"][0]["id"],
    )


def show_by_itself(step, made: dict, task: dict, picture: str) -> None:
    """Upload previews that become the picture of an asset, and count its retakes."""
    statuses, asset = made["statuses"], made["fence"]["id"]
    project = {"id": made["project"]["id"]}
    step(
        "previews show by themselves",
        gazu.project.update_project,
        dict(project, is_set_preview_automated=True, max_retakes=1),
    )
    first = step("first comment", gazu.task.add_comment, task, statuses["wfa"])
    shown = step("preview shown", gazu.task.add_preview, task, first, picture)
    step("asset that shows it", gazu.asset.get_asset, asset)
    second = step(
        "second comment", gazu.task.add_comment, task, statuses["wfa"]
    )
    step("preview shown next", gazu.task.add_preview, task, second, picture)
    step("without what is shown", gazu.task.remove_comment, second)
    step("asset as before", gazu.asset.get_asset, asset)
    step("task as before", gazu.task.get_task, task["id"])
    step(
        "without the preview",
        gazu.client.delete,
        "data/preview-files/" + shown["id"],
    )
    step("asset that shows nothing", gazu.asset.get_asset, asset)
    step("comment without it", gazu.task.get_comment, first["id"])

    step("the only retake", gazu.task.add_comment, task, statuses["retake"])
    step("a retake too many", gazu.task.add_comment, task, statuses["retake"])
    gazu.project.update_project(
        dict(project, is_set_preview_automated=False, max_retakes=0),
        client=step.client,
    )

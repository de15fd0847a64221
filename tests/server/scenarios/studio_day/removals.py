"""The part of the studio's day that removes records, some of which may not be removed."""

from __future__ import annotations

import gazu


def play(step, made: dict) -> None:
    keep_what_is_used(step, made)
    keep_what_has_tasks(step, made)
    remove_projects(step, made)
    remove_sequences(step, made)
    remove_a_person(step, made)


def keep_what_is_used(step, made: dict) -> None:
    client, delete = step.client, gazu.client.delete
    project, statuses = made["project"], made["statuses"]
    modeling = made["task types"]["Asset", "Modeling"]
    data = {
        "asset type in use": ("entity-types", made["asset types"]["Prop"]),
        "asset type not in use": (
            "entity-types",
            made["asset types"]["Environment"],
        ),
        "status in use": ("task-status", statuses["wip"]),
        "status not in use": ("task-status", statuses["rejected"]),
        "department in use": (
            "departments",
            {"id": modeling["department_id"]},
        ),
        "project status in use": (
            "project-status",
            {"id": project["project_status_id"]},
        ),
        "task type in use": ("task-types", modeling),
        "task type not in use": (
            "task-types",
            made["task types"]["Asset", "Rigging"],
        ),
    }
    for what, (model, record) in data.items():
        step("remove: " + what, delete, "data/%s/%s" % (model, record["id"]))
    step(
        "remove a task type in use by force",
        delete,
        "data/task-types/" + modeling["id"],
        {"force": True},
    )
    step("project without it", gazu.project.get_project, project["id"])

    vehicle = gazu.asset.new_asset_type("Trailer", client=client)
    gazu.project.add_asset_type(project, vehicle, client=client)
    step(
        "remove an asset type of a project",
        gazu.asset.remove_asset_type,
        vehicle,
    )
    gazu.project.add_task_status(project, statuses["retake"], client=client)
    step("nothing", delete, "data/tasks/" + project["id"])
    step("not an id to remove", delete, "data/tasks/nobody")
    step("no shot", gazu.shot.remove_shot, project["id"])
    step("an asset as a shot", gazu.shot.remove_shot, made["lama"])


def keep_what_has_tasks(step, made: dict) -> None:
    delete, sequence = gazu.client.delete, made["shot"]["parent_id"]
    task = "data/tasks/" + made["reviewed"]["id"]
    step("remove a task with previews", delete, task)
    step("task that is left", gazu.client.get, task)
    for what, id in (
        ("an asset with tasks", made["fence"]["id"]),
        ("a cast asset", made["lama"]["id"]),
        ("a sequence with shots", sequence),
    ):
        step("remove the entity of " + what, delete, "data/entities/" + id)
    step("casting that is left", gazu.casting.get_shot_casting, made["shot"])
    step("remove an asset with tasks", gazu.asset.remove_asset, made["fence"])
    step("cancelled asset", gazu.asset.get_asset, made["fence"]["id"])
    step("remove it by force", gazu.asset.remove_asset, made["fence"], True)
    step("task of it", gazu.client.get, task)


def remove_projects(step, made: dict) -> None:
    client, prop = step.client, made["asset types"]["Prop"]
    remove = gazu.project.remove_project
    step("remove an open project", remove, made["project"])
    step("remove an open project by force", remove, made["project"], True)
    other = gazu.project.new_project("Other", client=client)
    gazu.asset.new_asset(other, prop, "Stone", client=client)
    gazu.project.close_project(other, client=client)
    step("remove a project with assets", remove, other)
    step("remove a project with assets by force", remove, other, True)
    empty = gazu.project.new_project("Empty", client=client)
    gazu.project.close_project(empty, client=client)
    step("remove an empty project", remove, empty)
    step("projects that are left", gazu.project.all_projects)


def remove_sequences(step, made: dict) -> None:
    client, project = step.client, made["project"]
    sequence = made["shot"]["parent_id"]
    episode = gazu.shot.get_sequence(sequence, client=client)["parent_id"]
    step("remove a sequence with shots", gazu.shot.remove_sequence, sequence)
    step("remove an episode with sequences", gazu.shot.remove_episode, episode)
    other = gazu.shot.new_episode(project, "E77", client=client)
    for name in ("SE77", "SE78"):
        sequence = gazu.shot.new_sequence(
            project, name, episode=other, client=client
        )
        gazu.shot.new_shot(project, sequence, name + "SH01", client=client)
    step(
        "remove a sequence by force", gazu.shot.remove_sequence, sequence, True
    )
    step("shots that are left", gazu.shot.all_shots_for_project, project)
    step("remove an episode by force", gazu.shot.remove_episode, other, True)
    empty = gazu.shot.new_sequence(project, "SE79", client=client)
    step("remove an empty sequence", gazu.shot.remove_sequence, empty)
    step(
        "sequences that are left",
        gazu.shot.all_sequences_for_project,
        project,
    )


def remove_a_person(step, made: dict) -> None:
    client, ana, task = step.client, made["ana"], made["animation"]
    gazu.task.add_comment(
        task, made["statuses"]["wip"], "Hers", person=ana, client=client
    )
    gazu.task.assign_task(task, ana, client=client)
    step("remove a person with comments", gazu.person.remove_person, ana)
    me = gazu.client.get_current_user(client=client)
    step("remove oneself", gazu.person.remove_person, me, True)
    step("remove a person by force", gazu.person.remove_person, ana, True)
    step("comments without hers", gazu.task.all_comments_for_task, task)
    step("task without her", gazu.task.get_task, task["id"])
    step("team without her", gazu.project.get_team, made["project"])
    leo = gazu.person.new_person(
        "Leo", "Paz", "leo@example.com", client=client
    )
    step("remove a person", gazu.person.remove_person, leo)

"""The part of the studio's day in which requests are wrong."""

from __future__ import annotations

import gazu

NO_PICTURE = b"no picture"


def play(step, made: dict, folder) -> None:
    ask_for_pages(step, made)
    assign(step, made)
    send_records(step, made)
    invite(step, made)
    spend_time(step, made)
    describe(step, made)
    plan(step, made)
    comment(step, made)
    log_in(step, made)
    employ_a_bot(step, made)
    count_revisions(step, made, folder)
    upload(step, made, folder)


def send(step, function, path: str, bodies: dict) -> None:
    """Take a step for each body, by its name."""
    for name, body in bodies.items():
        step(name, function, path, body)


def ask_for_pages(step, made: dict) -> None:
    get, project = gazu.client.get, "data/projects/" + made["project"]["id"]
    tasks = "data/tasks?entity_id=%s&" % made["lama"]["id"]
    for query in (
        "page=x",
        "page=1&limit=x",
        "page=1&limit=-1",
        "page=0",
        "page=-1",
        "page=99",
        "limit=1",
        "colour=red",
        "duration=long",
        "project_id=mine",
        "is_default=maybe",
    ):
        step("tasks of " + query, get, tasks + query)
    step("wrong boolean", get, "data/task-status?is_default=maybe")
    step("right boolean", get, "data/task-status?is_default=true")
    step("name of any case", get, "data/task-status?name=todo")
    step("page x of tasks", get, project + "/tasks?page=x")
    step("page 1 of tasks", get, project + "/tasks?page=1&limit=100")
    step("page x of comments", get, project + "/comments?page=x")
    step("page 1 of comments", get, project + "/comments?page=1&limit=100")
    step("another method", gazu.client.put, "data/tasks", {})


def assign(step, made: dict) -> None:
    put, task, ana = gazu.client.put, made["task"], made["ana"]
    nobody = made["project"]["id"]
    path = "actions/persons/%s/assign"
    send(
        step,
        put,
        path % ana["id"],
        {
            "assign nothing": {},
            "assign an empty list": {"task_ids": []},
            "assign a word": {"task_ids": "all"},
            "assign a number": {"task_ids": [3]},
            "assign no task": {"task_ids": [nobody]},
            "assign one task and none": {"task_ids": [task["id"], nobody]},
        },
    )
    step("assign to nobody", put, path % nobody, {"task_ids": [task["id"]]})
    send(
        step,
        put,
        "actions/tasks/%s/assign" % task["id"],
        {
            "assign to a missing person": {},
            "assign to no one": {"person_id": nobody},
            "assign to her": {"person_id": ana["id"]},
        },
    )
    send(
        step,
        put,
        "actions/tasks/clear-assignation",
        {
            "unassign nothing": {},
            "unassign no task": {"task_ids": [nobody]},
            "unassign all": {"task_ids": [made["animation"]["id"]]},
        },
    )


def send_records(step, made: dict) -> None:
    post, put = gazu.client.post, gazu.client.put
    nobody = made["project"]["id"]
    project = "data/projects/" + made["project"]["id"]
    step("team of no one", post, project + "/team", {})
    step("team of nobody", post, project + "/team", {"person_id": nobody})
    step("setting of nothing", post, project + "/settings/task-types", {})
    casting = project + "/entities/%s/casting" % made["shot"]["id"]
    step("casting of no list", put, casting, {})
    entity = {"name": "B", "project_id": nobody}
    entity["entity_type_id"] = made["asset types"]["Prop"]["id"]
    step("bare entity", post, "data/entities", entity)
    step(
        "entity that is lost", post, "data/entities", dict(entity, status="x")
    )
    step("entity again", post, "data/entities", dict(entity, parent_id=None))
    send(
        step,
        post,
        "data/departments",
        {
            "department with more": {"name": "A", "color": "#1", "more": 1},
            "department without a color": {"name": "Mud"},
            "department of no name": {"name": None, "color": "#123456"},
            "department of a taken name": {
                "name": "Rigging",
                "color": "#123456",
            },
            "department of nothing": {},
        },
    )
    mud = step("a department", gazu.person.new_department, "Mud", "#123456")
    send(
        step,
        put,
        "data/departments/" + mud["id"],
        {
            "department takes a name": {"name": "Rigging"},
            "department loses its name": {"name": None},
            "department gets more": {"more": 1, "id": nobody},
        },
    )
    step("asset type again", gazu.asset.new_asset_type, "prop")
    step("status again", gazu.task.new_task_status, "A", "wip", "#123456")
    send(
        step,
        post,
        "data/projects",
        {
            "project with more": {"name": "Mud", "more": 1},
            "project of a style": {"name": "Mud", "production_style": "4d"},
            "project of many": {"name": "Mud", "nb_episodes": "many"},
        },
    )
    send(
        step,
        put,
        "data/projects/" + made["project"]["id"],
        {
            "project gets more": {"more": 1},
            "project has many": {"nb_episodes": "many"},
            "project has three": {"nb_episodes": "3"},
            "project has none": {"nb_episodes": None},
            "project of another style": {"production_style": "4d"},
            "project of any size": {"resolution": "big"},
            "project of a size": {"resolution": "1280x720"},
            "project starts": {"start_date": "2026-05-04"},
            "project starts soon": {"start_date": "soon"},
            "project is a word": {"project_status_id": "open"},
            "project is nothing": {"project_status_id": nobody},
            "project without a name": {"name": None},
            "project without a team": {"team": []},
            "project is isolated": {"is_clients_isolated": "yes"},
            "project of a number": {"code": 3},
        },
    )
    send(
        step,
        put,
        "data/tasks/" + made["task"]["id"],
        {
            "task gets more": {"more": 1},
            "task of any time": {"estimation": "long"},
            "task of a word": {"priority": "high"},
            "task too difficult": {"difficulty": 9},
            "task of no difficulty": {"difficulty": None},
            "task due never": {"due_date": "2026-13-01"},
            "task due": {"due_date": "2026-05-04T10:00:00"},
            "task starts": {"start_date": "2026-05-04"},
            "task due at no time": {"due_date": ""},
            "task between": {"priority": 1.5},
            "task is a word": {"task_status_id": "done"},
            "task is nothing": {"task_status_id": nobody},
            "task with data": {"data": {"a": 1}},
            "task with more data": {"data": {"b": 2}},
            "task of another project": {"project_id": nobody},
        },
    )
    send(
        step,
        put,
        "data/entities/" + made["fence"]["id"],
        {
            "asset gets more": {"more": 1},
            "asset without a name": {"name": None},
            "asset of many frames": {"nb_frames": "many"},
            "asset is lost": {"status": "lost"},
            "asset stands by": {"status": "standby"},
            "asset below a word": {"parent_id": "x"},
            "asset below nothing": {"parent_id": nobody},
            "asset runs": {"status": "running", "created_by": None},
        },
    )
    send(
        step,
        put,
        "data/shots/" + made["shot"]["id"],
        {
            "shot gets more": {"more": 1},
            "shot of an empty name": {"name": ""},
            "shot of many frames": {"nb_frames": "many"},
            "shot of frames": {"nb_frames": "50"},
        },
    )
    send(
        step,
        post,
        "data/projects/%s/shots" % made["project"]["id"],
        {
            "shot of an empty name again": {"name": ""},
            "new shot of many frames": {"name": "SH9", "nb_frames": "many"},
            "new shot with more": {"name": "SH99", "more": 1},
        },
    )


def invite(step, made: dict) -> None:
    person = {"first_name": "Bo", "last_name": "Li"}
    bodies = {
        "role": {"role": "king"},
        "contract": {"contract_type": "none"},
        "date format": {"display_date_format": "D"},
        "past": {"expiration_date": "2020-01-01"},
        "day": {"expiration_date": "soon"},
        "email without a sign": {"email": "bo"},
        "email of nowhere": {"email": "bo@"},
        "email of nobody": {"email": "@example.com"},
        "email with a space": {"email": "bo li@example.com"},
        "email of two periods": {"email": "bo@example..com"},
        "empty email": {"email": ""},
        "taken email": {"email": "ana@example.com"},
        "taken email in capitals": {"email": "ANA@Example.com"},
        "studio": {"email": "bo@studio"},
        "capitals": {"email": "Bo@Example.com"},
        "field": {"more": 1},
    }
    for name, body in bodies.items():
        step(
            "person: " + name,
            gazu.client.post,
            "data/persons",
            dict(person, **body),
        )
    step(
        "person without a name",
        gazu.client.post,
        "data/persons",
        {"email": "bob@example.com"},
    )
    send(
        step,
        gazu.client.put,
        "data/persons/" + made["ana"]["id"],
        {
            "person becomes a king": {"role": "king"},
            "person loses her email": {"email": "ana"},
            "person takes an email": {"email": "Bo@example.com"},
            "person keeps her email": {"email": "ANA@example.com"},
            "person manages": {"role": "manager"},
            "person gets more": {"more": 1},
        },
    )


def spend_time(step, made: dict) -> None:
    task, ana = made["task"]["id"], made["ana"]["id"]
    path = "actions/tasks/%s/time-spents/%s/persons/%s"
    day, post = "2026-03-03", gazu.client.post
    for way, what in (("", "set "), ("/add", "added ")):
        send(
            step,
            post,
            path % (task, day, ana) + way,
            {
                what + "no time": {"duration": 0},
                what + "less time": {"duration": -5},
                what + "any time": {"duration": "long"},
                what + "null": {"duration": None},
                what + "nothing": {},
                what + "time as text": {"duration": "5"},
            },
        )
    body = {"duration": 5}
    nothing = made["project"]["id"]
    step("time on no day", post, path % (task, "2026-3-33", ana), body)
    step("time of nobody", post, path % (task, day, nothing), body)
    step("time on no task", post, path % (nothing, day, ana), body)
    other = made["animation"]["id"]
    step("time of no assignee", post, path % (other, day, ana), body)


def describe(step, made: dict) -> None:
    send(
        step,
        gazu.client.post,
        "data/projects/%s/metadata-descriptors" % made["project"]["id"],
        {
            "descriptor again": {"name": "Difficulty"},
            "descriptor in capitals": {"name": "DIFFICULTY"},
            "descriptor of shots": {
                "name": "Difficulty",
                "entity_type": "Shot",
            },
            "descriptor of props": {"name": "A", "entity_type": "Prop"},
            "descriptor of an empty name": {"name": ""},
            "descriptor of no name": {},
            "descriptor of a colour": {"name": "A", "data_type": "colour"},
            "descriptor of a choice": {"name": "A", "choices": "a"},
            "descriptor of tasks": {"name": "A", "entity_type": "Task"},
            "descriptor of a unit": {
                "name": "Weight (kg)",
                "data_type": "number",
            },
            "descriptor with an accent": {"name": "\u00c9tat"},
        },
    )
    step(
        "descriptors by now",
        gazu.project.all_metadata_descriptors,
        made["project"],
    )


def plan(step, made: dict) -> None:
    animation = made["task types"]["Shot", "Animation"]
    modeling = made["task types"]["Asset", "Modeling"]
    step("shot's task", gazu.task.new_task, made["lama"], animation)
    step("asset's task", gazu.task.new_task, made["shot"], modeling)
    good = {
        "entity_id": made["lama"]["id"],
        "task_type_id": modeling["id"],
        "project_id": made["project"]["id"],
        "name": "second",
    }
    nothing = made["project"]["id"]
    changes = {
        "of no entity": {"entity_id": None},
        "of a named entity": {"entity_id": "lama"},
        "of a missing entity": {"entity_id": nothing},
        "of no type": {"task_type_id": None},
        "of a missing type": {"task_type_id": nothing},
        "with more": {"more": 1},
        "for a person": {"assignees": made["ana"]["id"]},
        "for nobody": {"assignees": [nothing]},
        "of no name": {"name": None},
    }
    for name, body in changes.items():
        step(
            "task " + name, gazu.client.post, "data/tasks", dict(good, **body)
        )


def comment(step, made: dict) -> None:
    wip = made["statuses"]["wip"]["id"]
    nothing = made["project"]["id"]
    path = "actions/tasks/%s/comment"
    send(
        step,
        gazu.client.post,
        path % made["task"]["id"],
        {
            "comment of no status": {"task_status_id": nothing},
            "comment of a word": {"task_status_id": "wip"},
            "comment of a number": {"task_status_id": wip, "comment": 3},
            "comment of no moment": {"task_status_id": wip, "created_at": "x"},
            "comment of nobody": {"task_status_id": wip, "person_id": nothing},
        },
    )
    step(
        "comment on nothing",
        gazu.client.post,
        path % nothing,
        {"task_status_id": wip},
    )


def log_in(step, made: dict) -> None:
    email, password = made["email"], made["password"]
    send(
        step,
        gazu.client.post,
        "auth/login",
        {
            "log in without an email": {},
            "log in of an empty email": {"email": ""},
            "log in without a password": {"email": email},
            "log in as nobody": {"email": "no@one.com", "password": "x"},
        },
    )
    step("log in with capitals", gazu.log_in, email.upper(), password)
    gazu.log_in(email, password, client=step.client)


def employ_a_bot(step, made: dict) -> None:
    task = made["task"]
    bot = step("bot", gazu.person.new_bot, "Render", "render@example.com")
    step("what the bot is", own_view, bot["access_token"])
    step("bot again", gazu.person.new_bot, "Render", "render@example.com")
    step("bot by id", gazu.person.get_person, bot["id"])
    step(
        "bot of a past day",
        gazu.person.new_bot,
        "Old",
        "old@example.com",
        expiration_date="2020-01-01",
    )
    step("assign to the bot", gazu.task.assign_task, task, bot)
    step("tasks of the bot", gazu.task.all_tasks_for_person, bot)
    step(
        "time of the bot",
        gazu.task.set_time_spent,
        task,
        bot,
        "2026-03-03",
        60,
    )
    step("log in as the bot", gazu.log_in, "render@example.com", "x")
    gazu.log_in(made["email"], made["password"], client=step.client)


def own_view(token: str, client) -> dict:
    """Return the user of a token."""
    other = gazu.client.create_client(client.host)
    other.access_token = token
    return gazu.client.get_current_user(client=other)


def count_revisions(step, made: dict, folder) -> None:
    client, task = step.client, made["task"]
    wip = made["statuses"]["wip"]
    create = gazu.task.create_preview
    first, second, third = (
        gazu.task.add_comment(task, wip, client=client) for _ in range(3)
    )
    empty = step("revision 7", create, task, first, 7)
    step("revision 7 for the same comment", create, task, first, 7)
    step("one more for the same comment", create, task, first)
    step("revision 7 for another comment", create, task, second, 7)
    step("revision 0", create, task, second, 0)
    step("revision -1", create, task, third, -1)
    step("revision x", create, task, third, "x")
    step("next revision", create, task, third)
    nothing = made["project"]["id"]
    step(
        "extra of nothing",
        gazu.task.create_extra_preview,
        task,
        third,
        nothing,
    )
    step("preview of no comment", create, task, nothing)
    step("task with bare previews", gazu.task.get_task, task["id"])
    step("file of a bare preview", fetched, "originals", empty, folder)
    step("thumbnail of a bare preview", fetched, "thumbnails", empty, folder)
    step(
        "upload of nothing",
        gazu.client.post,
        "pictures/preview-files/" + empty["id"],
        {},
    )


def fetched(size: str, preview: dict, folder, kind="png", client=None) -> str:
    """Return the first bytes of a preview's file, without waiting for it."""
    path = folder / "fetched"
    gazu.client.download(
        "pictures/%s/preview-files/%s.%s" % (size, preview["id"], kind),
        str(path),
        processing_timeout=0,
        client=client,
    )
    return repr(path.read_bytes()[:8])


def upload(step, made: dict, folder) -> None:
    client, task = step.client, made["task"]
    picture = (folder / "turntable.png").read_bytes()
    comment = gazu.task.add_comment(
        task, made["statuses"]["wip"], client=client
    )
    files = {
        "notes.xyz": b"?",
        "no_extension": b"?",
        "broken.png": NO_PICTURE,
        "broken.mp4": b"no movie",
        "empty.mov": b"",
        "scene.BLEND": b"BLENDER",
        "photo.JPG": picture,
        "doc.v2.pdf": b"%PDF-1.4",
    }
    for name, data in files.items():
        path = folder / name
        path.write_bytes(data)
        preview = gazu.task.create_preview(task, comment, client=client)
        send_file = gazu.task.upload_preview_file
        step("upload of " + name, send_file, preview, str(path))
        step("preview of " + name, gazu.files.get_preview_file, preview["id"])
        step("upload again of " + name, send_file, preview, str(path))
        step("original of " + name, fetched, "originals", preview, folder)
        step("thumbnail of " + name, fetched, "thumbnails", preview, folder)
        kind = name.rpartition(".")[2].lower()
        step("file of " + name, fetched, "originals", preview, folder, kind)
    step("task after uploads", gazu.task.get_task, task["id"])
    step(
        "avatar of no picture",
        gazu.person.set_avatar,
        made["ana"],
        str(folder / "broken.png"),
    )

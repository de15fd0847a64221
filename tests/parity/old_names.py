"""Names that upstream has removed, compared with recordings of their last release.

``python -m tests.parity.old_names`` writes ``recordings/old_names.json`` again. It
installs each release that is needed, and calls the names in it. It needs a Python that
runs the old releases, such as 3.8.
"""

import inspect
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RECORDINGS = os.path.join(HERE, "recordings", "old_names.json")

# The last release on the package index that has the name. Two names are not here:
# ``person.get_person_by_name`` and ``client.set_cache_expiration_delay`` were
# released for Python 2 alone.
RELEASES = {
    "refresh_token": "0.10.20",
    "asset.all": "0.6.3",
    "asset.all_for_project_and_type": "0.6.3",
    "asset.all_for_shot": "0.6.3",
    "asset.all_types": "0.6.3",
    "asset.all_types_for_project": "0.6.3",
    "asset.all_types_for_shot": "0.6.3",
    "asset.task_types_for_asset": "0.4.1",
    "client.get_zou_url_from_host": "0.7.17",
    "entity.get_entity_types": "0.7.11",
    "files.build_asset_instance_file_path": "0.4.1",
    "files.build_file_name": "0.4.1",
    "files.build_file_path": "0.4.1",
    "files.build_folder_path": "0.4.1",
    "files.get_entity_output_types": "0.5.0",
    "files.get_last_output_files": "0.5.0",
    "files.get_last_output_revision": "0.4.1",
    "files.get_last_outputs_for_entity": "0.4.1",
    "files.get_next_output_revision": "0.4.1",
    "files.get_output_files_for_entity": "0.4.1",
    "files.get_output_types_for_entity": "0.5.0",
    "files.new_output_file": "0.5.0",
    "files.set_project_file_tree": "1.1.12",
    "files.set_working_file_thumbnail": "0.6.8",
    "person.all": "0.6.3",
    "person.get_simple_person_list": "0.6.8",
    "playlist.get_entity_previews": "1.1.12",
    "project.all": "0.6.3",
    "shot.all": "0.6.3",
    "shot.all_episodes": "0.4.1",
    "shot.all_for_sequence": "0.6.3",
    "shot.all_scenes": "0.4.1",
    "shot.all_scenes_for_project": "0.4.1",
    "shot.all_scenes_for_sequence": "0.4.1",
    "shot.all_sequences": "0.6.8",
    "shot.get_scene": "0.4.1",
    "shot.get_scene_by_name": "0.4.1",
    "shot.import_edl": "0.10.2",
    "shot.new_asset_instance": "0.4.1",
    "shot.new_scene": "0.4.1",
    "shot.new_shot_asset_instance": "0.5.0",
    "shot.update_casting": "0.6.19",
    "task.add_preview_to_comment": "1.1.12",
    "task.all_for_asset": "0.6.3",
    "task.all_for_scene": "0.6.3",
    "task.all_for_sequence": "0.6.3",
    "task.all_for_shot": "0.6.3",
    "task.all_open_tasks_for_person": "1.1.12",
    "task.all_tasks_for_status": "0.5.0",
    "task.get_task_by_name": "1.0.1",
    "task.get_task_by_path": "1.1.12",
    "task.get_task_by_task_type": "0.4.1",
    "task.publish_comments_previews": "0.10.22",
    "task.task_to_review": "1.1.12",
    "task.task_types_for_asset": "0.5.0",
    "user.all_project_assets": "1.1.12",
}

USUAL = [{"synth": "usual"}]
SCRIPTS = {
    "usual": USUAL,
    "bare": [{"synth": "bare"}],
    "empty list": [{"json": []}],
    "absent": [{"json": []}, {"synth": "usual"}],
    "404": [{"status": 404, "json": {}}],
    "400": [{"status": 400, "json": {"message": "Wrong"}}],
}
# Misspelt names of the official examples, and what they mean.
ALIASES = {
    "files.get_next_entity_ouput_revision": "files.get_next_entity_output_revision",
    "files.get_last_entity_ouput_revision": "files.get_last_entity_output_revision",
    "files.get_next_asset_instance_ouput_revision": (
        "files.get_next_asset_instance_output_revision"
    ),
    "files.get_last_asset_instance_ouput_revision": (
        "files.get_last_asset_instance_output_revision"
    ),
    "user.all_assets_for_asset_type_project": "user.all_assets_for_asset_type_and_project",
}


def is_of_another_form(name, call):
    """Return whether the misspelt name accepts a call that the function rejects.

    The official examples pass a task in place of an entity and a task type.
    """
    without = call.get("kwargs", {}).get("task_type", "") is None
    return without and "entity_ouput" in name


def load():
    with open(RECORDINGS, encoding="utf-8") as stream:
        return json.load(stream)


def calls_of(name, function):
    """Return the calls of an old name, by its signature in the old release."""
    from . import values
    from .plan import canonical

    parameters = [
        {"name": p.name, "annotation": None, "default": repr(p.default)}
        if p.default is not p.empty
        else {"name": p.name, "annotation": None}
        for p in inspect.signature(function).parameters.values()
        if p.name not in ("client", "progress_callback")
    ]
    special = {
        "comment": values.model_dict("comment")
        if "preview" in name
        else "A comment",
        "comments": [],
        "casting": values.VALUES["casting"],
        "file_tree_name": "default",
        "preview_file": values.file("picture.png"),
        "th_path": values.file("picture.png"),
        "edl_file_path": values.file("edit.otio"),
        "change_status": False,
        "software": values.model_dict("software"),
        "version": 3,
        "seconds": 10,
        "project_id": values.model_id("project"),
        "person_name": "Ada Lovelace",
        "entity_type": "asset",
        "file_path": "/mount/project/file.ma",
        "mode": "working",
    }
    needed = {
        p["name"]: canonical(p, special, "dicts")
        for p in parameters
        if "default" not in p
    }
    found = []
    for script in SCRIPTS:
        found.append({"variant": script, "kwargs": needed, "name": script})
    for p in parameters:
        if "default" in p:
            kwargs = dict(
                needed, **{p["name"]: canonical(p, special, "dicts")}
            )
            found.append(
                {
                    "variant": "only " + p["name"],
                    "kwargs": kwargs,
                    "name": "usual",
                }
            )
    for call in found:
        call.update(
            function=name, args=[], shape=None, script=SCRIPTS[call["name"]]
        )
    return found


class _Plain:
    @staticmethod
    def portable(text):
        return text


def known():
    """Return ``{JSON text: short form}`` of the models that are frequent in records."""
    from . import encode, replies, values

    found = {}
    for flavour in ("usual", "bare"):
        for number in range(6):
            model = replies.model(number, flavour)
            for form in (model, encode.encode(model, _Plain)):
                found[json.dumps(form)] = {"reply": [number, flavour]}
    for name in values.MODELS | {"comment"}:
        model = values.model_dict(name)
        for form in (model, encode.encode(model, _Plain)):
            found[json.dumps(form)] = {"model": name}
    return found


def shorten(value, known):
    """Return *value* with short forms in place of known models."""
    if isinstance(value, dict):
        text = json.dumps(value)
        if text in known:
            return known[text]
        return {key: shorten(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [shorten(item, known) for item in value]
    return value


def lengthen(value):
    """Return the arguments that ``shorten`` has shortened."""
    from . import replies, values

    if isinstance(value, dict):
        if list(value) == ["reply"]:
            return replies.model(*value["reply"])
        if list(value) == ["model"]:
            return values.model_dict(value["model"])
        return {key: lengthen(item) for key, item in value.items()}
    if isinstance(value, list):
        return [lengthen(item) for item in value]
    return value


def plan():
    """Return the calls of all old names, with their records: ``(call, record)``."""
    found = []
    for name, entry in sorted(load().items()):
        for variant, script, kwargs, record in entry["calls"]:
            call = {
                "function": name,
                "variant": variant,
                "args": [],
                "kwargs": lengthen(kwargs),
                "script": SCRIPTS[script],
                "shape": None,
                "old": True,
            }
            found.append((call, record))
    return found


def essence(record, known):
    """Return the parts of a record that must be as in the old release.

    Headers are those of today's client, and so are the texts of errors that are raised
    without a request.
    """
    kept = {}
    requests = []
    for request in record.get("requests", []):
        body = request.get("body")
        if isinstance(body, str):
            try:
                body = json.loads(body)
            except ValueError:
                pass
        names = [
            [
                line
                for line in part["headers"]
                if line.startswith("Content-Disposition")
            ]
            for part in request.get("parts", [])
        ]
        requests.append([request["method"], request["target"], body, names])
    kept["requests"] = requests
    for key in ("result", "files"):
        if key in record:
            kept[key] = record[key]
    if "error" in record:
        kept["error"] = record["error"]["raised"]
    return shorten(kept, known)


def is_meant(name, call, expected, found):
    """Return whether a difference from the old release is intended."""
    was, now = expected.get("error"), found.get("error")
    # These two did not work in their last release: one returned a function, the other
    # failed before it sent a request.
    if name == "person.all":
        return expected.get("result") == {"callable": "all_persons"}
    if name == "files.set_working_file_thumbnail":
        return was == "TypeError" and expected["requests"] == []
    # Today's client raises the message of a 400; clients before 0.5 returned it.
    if call["variant"] == "400" and now == "ParameterException":
        return expected["requests"][:1] == found["requests"][:1]
    # Entries without a name are sorted today; old functions failed.
    if call["variant"] == "bare" and was == "AttributeError" and not now:
        return expected["requests"] == found["requests"]
    return False


def record_release(names_path, target):
    """Call the names of one release; runs in that release's environment."""
    from . import driver

    env = driver.Environment()
    short = known()
    found = {}
    try:
        with open(names_path, encoding="utf-8") as stream:
            names = json.load(stream)
        for name in names:
            function = driver.resolve(env.gazu, name)
            found[name] = []
            for call in calls_of(name, function):
                record = {}
                driver.run_call(env, call, record)
                kwargs = shorten(call["kwargs"], short)
                found[name].append(
                    [
                        call["variant"],
                        call["name"],
                        kwargs,
                        essence(record, short),
                    ]
                )
    finally:
        env.close()
    with open(target, "w", encoding="utf-8") as stream:
        json.dump(found, stream)


def main():
    if len(sys.argv) == 3:
        record_release(*sys.argv[1:])
        return
    from . import environment

    recorded = {}
    folder = tempfile.mkdtemp(prefix="parity_old_")
    for release in sorted(set(RELEASES.values())):
        names = os.path.join(folder, release + ".names")
        target = os.path.join(folder, release + ".json")
        with open(names, "w", encoding="utf-8") as stream:
            json.dump([n for n, r in RELEASES.items() if r == release], stream)
        python = environment.make(
            os.path.join(environment.CACHE, "old", release),
            ["gazu==" + release, "requests"],
        )
        subprocess.run(
            [python, "-m", __package__ + ".old_names", names, target],
            cwd=environment.ROOT,
            env=environment.variables(reference_side=True),
            check=True,
        )
        with open(target, encoding="utf-8") as stream:
            for name, entries in json.load(stream).items():
                recorded[name] = {"release": release, "calls": entries}
    with open(RECORDINGS, "w", encoding="utf-8") as stream:
        # One line for each call, so that a change can be read.
        lines = []
        for name, entry in sorted(recorded.items()):
            calls = ",\n   ".join(json.dumps(call) for call in entry["calls"])
            lines.append(
                ' %s: {"release": %s, "calls": [\n   %s]}'
                % (json.dumps(name), json.dumps(entry["release"]), calls)
            )
        stream.write("{\n%s\n}\n" % ",\n".join(lines))


if __name__ == "__main__":
    main()

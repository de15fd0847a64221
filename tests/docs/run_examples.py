"""
Run examples of docstrings, each with a Kitsu of its own.

``python -m tests.docs.run_examples`` reads a JSON object of examples by name from stdin,
and prints one of the tracebacks of those that fail.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import json
import os
import sys
import traceback
from pathlib import Path

import gazu
from gazu.testing import KitsuServer
from gazu.testing.routes.comments import PIXEL

HOST = "https://kitsu.example.com/api"
EVENT_HOST = "https://kitsu.example.com"


def names(kitsu: KitsuServer) -> dict[str, object]:
    """Fill a server, log in, and return the names that examples use."""
    gazu.set_host(kitsu.host)
    gazu.set_event_host(kitsu.host[: -len("/api")])
    gazu.log_in(kitsu.email, kitsu.password)
    os.environ["KITSU_TOKEN"] = gazu.client.default_client.access_token
    project = gazu.project.new_project("Caminandes")
    character = gazu.asset.get_asset_type_by_name("Character")
    asset = gazu.asset.new_asset(project, character, "Lama")
    sequence = gazu.shot.new_sequence(project, "SE01")
    shot = gazu.shot.new_shot(project, sequence, "SH01", nb_frames=48)
    person = gazu.person.new_person("Ana", "Rivera", "ana@example.com")
    gazu.project.add_person_to_team(project, person)
    modeling = gazu.task.get_task_type_by_name("Modeling")
    team = [person, gazu.client.get_current_user()]
    task = gazu.task.new_task(asset, modeling, assignees=team)
    animation = gazu.task.get_task_type_by_name("Animation")
    gazu.task.new_task(shot, animation, assignees=team)
    gazu.casting.update_shot_casting(
        project, shot, [{"asset_id": asset["id"], "nb_occurences": 1}]
    )
    wip = gazu.task.get_task_status_by_short_name("wip")
    Path("turntable.png").write_bytes(PIXEL)
    comment, preview = gazu.task.publish_preview(
        task, wip, comment="On it", preview_file_path="turntable.png"
    )
    return {
        "gazu": gazu,
        "project": project,
        "asset": asset,
        "sequence": sequence,
        "shot": shot,
        "person": person,
        "task": task,
        "comment": comment,
        "preview": preview,
    }


def run(name: str, code: str) -> None:
    """Run one example, and raise what it raises."""
    with KitsuServer() as kitsu:
        scope = names(kitsu)
        for written, real in (
            (HOST, kitsu.host),
            (EVENT_HOST, kitsu.host[: -len("/api")]),
            ("user@example.com", kitsu.email),
            ('"password"', '"{}"'.format(kitsu.password)),
        ):
            code = code.replace(written, real)
        if code.startswith(">>>"):
            test = doctest.DocTestParser().get_doctest(
                code, scope, name, None, None
            )
            out = io.StringIO()
            if doctest.DocTestRunner().run(test, out=out.write).failed:
                raise AssertionError(out.getvalue())
        else:
            exec(compile(code, name, "exec"), scope)
        assert not kitsu.unknown, kitsu.unknown


def main() -> None:
    """Run the examples of stdin."""
    failed = {}
    for name, code in json.load(sys.stdin).items():
        output = io.StringIO()
        try:
            with contextlib.redirect_stdout(output):
                run(name, code)
        except BaseException:
            failed[name] = output.getvalue() + traceback.format_exc()
        gazu.cache.disable()
    json.dump(failed, sys.stdout)


if __name__ == "__main__":
    main()

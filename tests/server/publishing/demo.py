"""
Publish a preview with gazu to a real Kitsu server.

    python -m tests.server.publishing.demo --python PATH

Starts a Zou server, fills it with a small production and runs examples/publish.py
with the interpreter PATH, in which gazu is installed. Then checks on the server that
the previews were published, and stops everything that it started.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from ..scenarios import production as productions
from ..zou.install import ROOT, InstallError
from ..zou.parts import ServerError, without_proxy
from ..zou.server import ZouServer

EXAMPLE = ROOT / "examples" / "publish.py"
ASSET, STEP, STATUS = "Lama", "Shading", "wfa"


class DemoError(Exception):
    """The demo failed; the text says which check."""


class Clock:
    """Prints each step with the seconds since the start of the demo."""

    def __init__(self) -> None:
        self.began = time.monotonic()

    def __call__(self, text: str) -> None:
        print(f"[{time.monotonic() - self.began:5.1f} s] {text}", flush=True)


def gazu_of(python: str) -> str:
    """Return version and path of an interpreter's gazu. Raises DemoError if it has none."""
    done = subprocess.run(
        [
            python,
            "-c",
            "import gazu; print(gazu.__version__, 'in', gazu.__path__[0])",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode != 0:
        raise DemoError(f"gazu cannot be imported by {python}:\n{done.stdout}")
    return done.stdout.strip()


def check(server: ZouServer, made, thumbnail: Path, files) -> None:
    """Check the published previews on the server without gazu. Raises DemoError."""
    api = productions.Api(
        server.host, server.admin_email, server.admin_password
    )
    asset = next(asset for asset in made.assets if asset["name"] == ASSET)
    task = next(
        task
        for task in made.tasks
        if task["entity_id"] == asset["id"]
        and task["task_type_id"] == made.task_types[STEP]["id"]
    )
    status_id = api.get("data/tasks/" + task["id"])["task_status_id"]
    status = next(
        one for one in made.task_statuses.values() if one["id"] == status_id
    )
    previews = api.get("data/preview-files?task_id=" + task["id"])
    names = sorted(preview["original_name"] for preview in previews)
    main = api.get("data/assets/" + asset["id"])["preview_file_id"]
    facts = {
        "the status is " + STATUS: status["short_name"] == STATUS,
        "each file is a preview": names == sorted(path.stem for path in files),
        "each preview is ready": all(
            preview["status"] == "ready" for preview in previews
        ),
        "the image is the thumbnail": main
        in [
            preview["id"]
            for preview in previews
            if preview["extension"] == "png"
        ],
        "the thumbnail was downloaded": thumbnail.read_bytes().startswith(
            b"\x89PNG\r\n\x1a\n"
        ),
    }
    wrong = [fact for fact, holds in facts.items() if not holds]
    if wrong:
        raise DemoError("checks failed: {}".format("; ".join(wrong)))


def show(python: str, say) -> None:
    say("gazu " + gazu_of(python))
    with ZouServer(say=say) as server:
        say("creating a small production")
        made = productions.fill(
            server.host, server.admin_email, server.admin_password
        )
        say("creating an image and a movie")
        work = server.folder / "work"
        work.mkdir()
        files = [
            productions.make_image(
                server.ffmpeg, work / "turntable.png", 1280, 720
            ),
            productions.make_movie(
                server.ffmpeg, work / "playblast.mp4", 2, 1280, 720
            ),
        ]
        say("running examples/publish.py")
        print(flush=True)
        script = subprocess.run(
            [python, str(EXAMPLE)]
            + [path.name for path in files]
            + ["--asset", ASSET, "--task-type", STEP, "--status", STATUS],
            cwd=str(work),
            env=dict(
                without_proxy(os.environ),
                KITSU_HOST=server.host,
                KITSU_LOGIN=made.artist_email,
                KITSU_PASSWORD=made.artist_password,
            ),
        )
        print(flush=True)
        if script.returncode != 0:
            raise DemoError(
                f"examples/publish.py failed with exit status {script.returncode}"
            )
        check(server, made, work / "thumbnail.png", files)
        say("checked on the server: status, previews and thumbnail are right")
        say("stopping the server")
    say("done, everything is stopped")


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Publish a preview to a real Kitsu server."
    )
    parser.add_argument(
        "--python",
        default=sys.executable,
        help="an interpreter with gazu installed",
    )
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        # The script runs in another folder. abspath does not follow the symbolic link of
        # a virtual environment, which would leave the environment.
        show(os.path.abspath(options.python), Clock())
    except (DemoError, ServerError, InstallError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted, everything was stopped", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())

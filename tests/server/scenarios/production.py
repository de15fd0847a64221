"""Fill a Zou server with a small production, by plain HTTP calls of its own.

Nothing here imports gazu: what the tests of gazu find on the server was put
there without it.
"""

from __future__ import annotations

import http.client
import json
import subprocess
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

NAME = "Caminandes"
ARTIST_PASSWORD = "artistpassword"


class Api:
    """A Zou server as one user sees it: ``host``, ``user`` and ``headers`` with his token."""

    def __init__(self, host: str, email: str, password: str) -> None:
        self.host = host
        self.headers = {"Content-Type": "application/json"}
        reply = self.post("auth/login", {"email": email, "password": password})
        self.user = reply["user"]
        self.headers["Authorization"] = "Bearer " + reply["access_token"]

    def request(self, method: str, path: str, data=None):
        """Send a request; return its JSON, None if there is none. Raises RuntimeError."""
        url = urlsplit(self.host + "/" + path)
        target = url.path + ("?" + url.query if url.query else "")
        connection = http.client.HTTPConnection(url.netloc, timeout=120)
        try:
            body = None if data is None else json.dumps(data)
            connection.request(method, target, body, self.headers)
            reply = connection.getresponse()
            content = reply.read()
        finally:
            connection.close()
        if reply.status >= 300:
            raise RuntimeError(
                f"{method} {path}: {reply.status} {content[:500]}"
            )
        return json.loads(content.decode()) if content else None

    def get(self, path: str):
        return self.request("GET", path)

    def post(self, path: str, data):
        return self.request("POST", path, data)

    def put(self, path: str, data):
        return self.request("PUT", path, data)


def artist_email_of(name: str) -> str:
    """Return the email of the artist who has the tasks of a production."""
    return "ana.{}@example.com".format(name.lower().replace(" ", "-"))


def fill(
    host: str,
    email: str,
    password: str,
    name: str = NAME,
    assets=(
        ("Character", "Lama"),
        ("Character", "Penguin"),
        ("Prop", "Fence"),
    ),
    sequences=("SE01", "SE02"),
    shots_per_sequence: int = 3,
) -> SimpleNamespace:
    """Create a project with assets, shots, and tasks given to an artist.

    Returns a namespace of what was created, as the server answered it:
    ``project``, ``artist``, ``artist_email``, ``artist_password``, ``assets``,
    ``sequences``, ``shots`` and ``tasks`` (lists), ``asset_types``,
    ``task_types`` and ``task_statuses`` (dicts by name).
    """
    api = Api(host, email, password)
    asset_types = _by_name(api.get("data/entity-types"))
    task_types = _by_name(api.get("data/task-types"))
    statuses = _by_name(api.get("data/task-status"))
    todo = next(status for status in statuses.values() if status["is_default"])

    first, last = "Ana", "Rivera"
    artist_email = artist_email_of(name)
    artist = api.post(
        "data/persons",
        {
            "first_name": first,
            "last_name": last,
            "email": artist_email,
            "role": "user",
            "desktop_login": artist_email.split("@")[0],
            "password": ARTIST_PASSWORD,
            "active": True,
        },
    )
    project = api.post(
        "data/projects",
        {
            "name": name,
            "production_type": "short",
            "production_style": "3d",
            "team": [artist["id"], api.user["id"]],
            "asset_types": [
                asset_types[kind]["id"]
                for kind in _unique(kind for kind, _ in assets)
            ],
            "task_types": [
                task_type["id"] for task_type in task_types.values()
            ],
            "task_statuses": [status["id"] for status in statuses.values()],
        },
    )
    base = "data/projects/{}".format(project["id"])
    made = SimpleNamespace(
        project=project,
        artist=artist,
        artist_email=artist_email,
        artist_password=ARTIST_PASSWORD,
        assets=[],
        sequences=[],
        shots=[],
        tasks=[],
        asset_types=asset_types,
        task_types=task_types,
        task_statuses=statuses,
    )
    for kind, asset in assets:
        path = "{}/asset-types/{}/assets/new".format(
            base, asset_types[kind]["id"]
        )
        made.assets.append(api.post(path, {"name": asset, "data": {}}))
    for number, sequence in enumerate(sequences):
        made.sequences.append(
            api.post(base + "/sequences", {"name": sequence})
        )
        for shot in range(shots_per_sequence):
            made.shots.append(
                api.post(
                    base + "/shots",
                    {
                        "name": f"SH{shot + 1:02d}",
                        "sequence_id": made.sequences[number]["id"],
                        "nb_frames": 48,
                        "data": {"frame_in": 1001, "frame_out": 1048},
                    },
                )
            )
    work = [
        (asset, step)
        for asset in made.assets
        for step in ("Modeling", "Shading")
    ]
    work += [
        (shot, step)
        for shot in made.shots
        for step in ("Animation", "Lighting")
    ]
    for entity, step in work:
        made.tasks.append(
            api.post(
                "data/tasks",
                {
                    "project_id": project["id"],
                    "entity_id": entity["id"],
                    "task_type_id": task_types[step]["id"],
                    "task_status_id": todo["id"],
                    "name": "main",
                    "assignees": [artist["id"]],
                },
            )
        )
    return made


def _by_name(models):
    return {model["name"]: model for model in models}


def _unique(items):
    return list(dict.fromkeys(items))


# Media.


def _ffmpeg(program, *arguments) -> None:
    command = [
        str(program),
        "-hide_banner",
        "-loglevel",
        "error",
        "-nostdin",
        "-y",
    ]
    done = subprocess.run(
        command + [str(argument) for argument in arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if done.returncode != 0:
        raise RuntimeError(
            "ffmpeg failed: " + done.stdout.decode("utf-8", "replace")
        )


def make_image(
    ffmpeg: Path, path: Path, width: int = 320, height: int = 180
) -> Path:
    """Make a picture of coloured bars; its suffix decides the format."""
    source = f"smptehdbars=size={width}x{height}"
    _ffmpeg(
        ffmpeg, "-f", "lavfi", "-i", source, "-frames:v", 1, "-update", 1, path
    )
    return path


def make_movie(
    ffmpeg: Path,
    path: Path,
    seconds: float = 1,
    width: int = 320,
    height: int = 180,
) -> Path:
    """Make a movie of a moving test card with a tone, H.264 at 24 frames a second."""
    source = f"testsrc2=size={width}x{height}:rate=24:duration={seconds}"
    tone = f"sine=frequency=440:duration={seconds}"
    _ffmpeg(
        *[ffmpeg, "-f", "lavfi", "-i", source, "-f", "lavfi", "-i", tone],
        *[
            "-c:v",
            "libx264",
            "-preset",
            "ultrafast",
            "-pix_fmt",
            "yuv420p",
            "-c:a",
            "aac",
            path,
        ],
    )
    return path


def make_sound(ffmpeg: Path, path: Path, seconds: float = 1) -> Path:
    """Make a tone; the suffix decides the format."""
    _ffmpeg(
        ffmpeg,
        "-f",
        "lavfi",
        "-i",
        f"sine=frequency=440:duration={seconds}",
        path,
    )
    return path

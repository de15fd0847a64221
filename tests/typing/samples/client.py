"""Clients, their sessions, their callbacks and what functions' caches do."""

from __future__ import annotations

import logging
from typing import Any

import gazu
from gazu.client import KitsuClient, create_client
from gazu.exception import (
    GazuException,
    NotAllowedException,
    RouteNotFoundException,
)

logger = logging.getLogger(__name__)


def settings(client: KitsuClient) -> None:
    client.host = "https://kitsu.example.com/api"
    client.event_host = "https://kitsu.example.com"
    client.tokens = {"access_token": "a", "refresh_token": "b"}
    client.access_token = "a"
    client.refresh_token = "b"
    client.use_refresh_token = False
    client.timeout = (5, 60)
    client.timeout = 5
    client.timeout = None
    client.retries = 1
    user: str = client.tokens["user"]["full_name"]
    print(user)


def session(client: KitsuClient) -> bool:
    client.session.verify = False
    client.session.verify = "/etc/studio-ca.pem"
    client.session.cert = ("/etc/cert.pem", "/etc/key.pem")
    client.session.headers["X-Studio"] = "example"
    client.session.proxies = {"https": "http://proxy.example.com:3128"}
    client.session.trust_env = False
    answer = client.session.get(
        "https://kitsu.example.com/api", timeout=5, headers={"A": "b"}
    )
    answer.raise_for_status()
    print(answer.status_code, answer.json()["version"], answer.text)
    client.session = make_session()
    return bool(answer.ok)


def make_session() -> Any:
    return object()


def two_servers() -> None:
    one = create_client("https://one.example.com/api", ssl_verify=False)
    two = KitsuClient(
        "https://two.example.com/api", access_token="a", timeout=5, retries=2
    )
    gazu.log_in("user@example.com", "password", client=one)
    for project in gazu.project.all_projects(client=two):
        print(project["name"])
    with gazu.create_session(
        "https://kitsu.example.com/api", "user@example.com", "password"
    ) as client:
        print(gazu.client.host_is_up(client=client))


def log_in_again(client: KitsuClient, path: str) -> bool:
    logger.info("login needed for %s", path)
    gazu.log_in("user@example.com", "password", client=client)
    return True


def callbacks(preview_id: str) -> None:
    client = gazu.client.default_client
    client.callback_not_authenticated = log_in_again
    client.callback_not_authenticated = None

    def progress(done: int, total: int) -> None:
        print(f"{done} of {total}")

    answer = gazu.files.download_preview_file(
        preview_id, "movie.mp4", progress_callback=progress
    )
    print(answer.status_code, answer.headers["Content-Type"])
    gazu.client.upload(
        "pictures/thumbnails/persons/id",
        "face.png",
        progress_callback=lambda done, total: print(done, total),
    )


def failures(shot_id: str) -> str:
    try:
        return gazu.shot.get_shot(shot_id)["name"]
    except (RouteNotFoundException, NotAllowedException) as error:
        status: int | None = error.status_code
        print(status, error.body, error.path)
        raise
    except gazu.client.UploadFailedException:
        raise
    except gazu.AuthFailedException:
        raise
    except GazuException as error:
        error.status_code = 404
        raise gazu.exception.ParameterException("data/shots", "why") from error


def caches() -> None:
    gazu.cache.enable()
    gazu.cache.cache_settings["enabled"] = False
    gazu.task.get_task.clear_cache()
    gazu.shot.all_shots_for_project.set_cache_expire(60)
    gazu.shot.all_shots_for_project.set_cache_max_size(10)
    gazu.person.all_persons.disable_cache()
    gazu.person.all_persons.enable_cache()
    infos = gazu.task.get_task.get_cache_infos()
    hits: int = infos["hits"]
    print(hits, gazu.task.get_task.__name__)
    gazu.cache.clear_all()
    frame_range(gazu.shot.get_shot("id")["id"])
    frame_range.clear_cache()


@gazu.cache.cache
def frame_range(shot_id: str) -> tuple[int, int]:
    data = gazu.shot.get_shot(shot_id)["data"] or {}
    return int(data["frame_in"]), int(data["frame_out"])

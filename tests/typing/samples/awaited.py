"""The same functions with a client that is awaited."""

from __future__ import annotations

import asyncio

import gazu
from gazu.aio import AsyncKitsuClient
from gazu.types import Task


async def names(host: str, email: str, password: str) -> list[str]:
    session = await gazu.aio.create_session(host, email, password)
    async with session as client:
        projects = await gazu.project.all_open_projects(client=client)
        shots = await asyncio.gather(
            *(
                gazu.shot.all_shots_for_project(project, client=client)
                for project in projects
            )
        )
        return [shot["name"] for each in shots for shot in each]


async def tasks(shot_id: str, client: AsyncKitsuClient) -> list[Task]:
    running = asyncio.create_task(
        gazu.task.all_tasks_for_shot(shot_id, client=client)
    )
    return await running


async def publish(task: Task, path: str, client: AsyncKitsuClient) -> str:
    wip = await gazu.task.get_task_status_by_short_name("wip", client=client)
    if wip is None:
        raise LookupError("wip")
    comment, preview = await gazu.task.publish_preview(
        task, wip, preview_file_path=path, client=client
    )
    await gazu.log_out(client=client)
    return comment["id"] + preview["id"]


async def verbs(client: AsyncKitsuClient) -> None:
    print((await gazu.aio.get("data/projects", client=client))[0])
    entries = await gazu.aio.fetch_all("tasks", client=client)
    print(entries[0]["id"])
    print((await gazu.client.get("data/projects", client=client))[0])
    await gazu.aio.log_in("user@example.com", "password", client=client)
    client.host = "https://kitsu.example.com/api"
    print(gazu.client.get_host(gazu.client.default_client))


def main() -> None:
    client = AsyncKitsuClient(
        "https://kitsu.example.com/api", timeout=(5, 60), retries=1
    )
    print(client.access_token, asyncio.run(tasks("id", client)))


async def people_of_two_servers(
    source: gazu.aio.AsyncKitsuClient, target: gazu.aio.AsyncKitsuClient
) -> list[str]:
    people = await gazu.sync.get_sync_person_id_map(source, target)
    return list(people.values())

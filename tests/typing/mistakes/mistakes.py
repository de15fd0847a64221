"""Each line that ends in the comment is an error for the type checkers; no other is."""

# ruff: noqa: B018

import gazu
from gazu.aio import AsyncKitsuClient

task = gazu.task.get_task("id")
project = gazu.project.get_project("id")
asset = gazu.asset.get_asset("id")

# Keys
task["task_status"]["nme"]  # mistake
task["statsu"]  # mistake
project["frames"]  # mistake
gazu.log_in("user@example.com", "password")["token"]  # mistake
task["priority"] = "high"  # mistake
task["extra"] = 1  # mistake
for shot in gazu.shot.all_shots_for_project(project):
    shot["sequenceid"]  # mistake

# Arguments
gazu.task.get_task()  # mistake
gazu.task.all_tasks_for_shot("id", relatoins=True)  # mistake
gazu.task.all_tasks_for_shot("id", progress_callback=print)  # mistake
gazu.task.add_comment(task)  # mistake
gazu.task.add_comment(task, 3)  # mistake
gazu.shot.get_shot_by_name(asset, 10)  # mistake
gazu.project.get_project_by_name(None)  # mistake
gazu.task.clear_assignations([1, 2])  # mistake
gazu.shot.all_shots_for_project(["id"])  # mistake
gazu.set_host(8080)  # mistake
gazu.files.download_preview_file("id", "a", progress_callback=3)  # mistake

# Batches
calls = [gazu.client.call(gazu.task.get_task, "id")]
gazu.client.run_all(calls)[0]["statsu"]  # mistake
gazu.client.run_all(["id"])  # mistake

# Results
gazu.project.get_project_by_name("Caminandes")["id"]  # mistake
gazu.shot.all_shots_for_project(project)["name"]  # mistake
gazu.shot.remove_shot("id")["id"]  # mistake
name: int = task["name"]  # mistake
for shot in gazu.query("shots", project=project):
    shot["nme"]  # mistake
    shot["name"] + 1  # mistake

# Names
gazu.task.get_tsak("id")  # mistake
gazu.shots.get_shot("id")  # mistake
gazu.exception.NotFoundException  # mistake
gazu.task.get_task.clear()  # mistake
gazu.task.add_comment.clear_cache()  # mistake

# Clients
gazu.client.default_client.retries = "never"  # mistake
gazu.client.default_client.hots  # mistake
gazu.client.create_client()  # mistake
gazu.task.get_task("id", client="https://kitsu.example.com/api")  # mistake


async def awaited(client: AsyncKitsuClient) -> None:
    gazu.task.get_task("id", client=client)["name"]  # mistake
    (await gazu.task.get_task("id", client=client))["nme"]  # mistake
    await gazu.task.get_task("id")  # mistake
    await gazu.task.get_task("id", client)  # mistake
    gazu.create_session("host", "email", "password", client=client)  # mistake

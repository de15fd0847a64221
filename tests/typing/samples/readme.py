"""The script of the README, which the tests keep equal to it."""

import gazu

gazu.set_host("https://kitsu.example.com/api")
gazu.log_in("user@example.com", "password")

project = gazu.project.get_project_by_name("Caminandes")
asset = gazu.asset.get_asset_by_name(project, "Lama")
modeling = gazu.task.get_task_type_by_name("Modeling")
task = gazu.task.get_task_by_entity(asset, modeling)
wip = gazu.task.get_task_status_by_short_name("wip")
comment = gazu.task.add_comment(task, wip, "On it")
preview = gazu.task.add_preview(task, comment, "/path/to/movie.mp4")

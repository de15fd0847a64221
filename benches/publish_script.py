"""
Publish a preview, as a publish button does, with either package.

    python publish_script.py HOST FILE

It imports nothing else, since the time of the whole process is measured.
"""

import sys

import gazu


def main(host, path):
    gazu.set_host(host)
    gazu.log_in("artist", "secret")
    project = gazu.project.get_project_by_name("Caminandes")
    asset = gazu.asset.get_asset_by_name(project, "Lama")
    task_type = gazu.task.get_task_type_by_name("Modeling")
    task = gazu.task.get_task_by_entity(asset, task_type)
    status = gazu.task.get_task_status_by_short_name("wfa")
    comment = gazu.task.add_comment(task, status, "Ready")
    preview = gazu.task.add_preview(task, comment, path)
    gazu.task.set_main_preview(preview)
    gazu.log_out()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""
Create a production with the set-up of another one: types, statuses, settings and team.

    python copy_setup.py Caminandes "Caminandes 2"

Assets, shots and tasks are not copied. The host and the login are read from KITSU_HOST,
KITSU_LOGIN and KITSU_PASSWORD. The role manager is needed.
"""

import argparse
import os
import sys

import gazu

SETTINGS = [
    "description",
    "fps",
    "ratio",
    "resolution",
    "production_style",
    "file_tree",
    "max_retakes",
    "is_clients_isolated",
    "is_preview_download_allowed",
]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", help="name of the production to copy")
    parser.add_argument("name", help="name of the new production")
    options = parser.parse_args()

    gazu.set_host(os.environ["KITSU_HOST"])
    gazu.log_in(os.environ["KITSU_LOGIN"], os.environ["KITSU_PASSWORD"])
    source = gazu.project.get_project_by_name(options.source)
    if source is None:
        sys.exit(f"There is no production named {options.source}.")
    if gazu.project.get_project_by_name(options.name):
        sys.exit(f"{options.name} exists already.")
    source = gazu.project.get_project(source["id"])

    project = gazu.project.new_project(
        options.name, production_type=source["production_type"]
    )
    gazu.project.update_project(
        {
            "id": project["id"],
            **{
                name: source[name]
                for name in SETTINGS
                if source.get(name) is not None
            },
        }
    )
    for asset_type in source["asset_types"]:
        gazu.project.add_asset_type(project, asset_type)
    for priority, task_type in enumerate(source["task_types"], 1):
        gazu.project.add_task_type(project, task_type, priority)
    for status in source["task_statuses"]:
        gazu.project.add_task_status(project, status)
    for descriptor in gazu.project.all_metadata_descriptors(source):
        gazu.project.add_metadata_descriptor(
            project,
            descriptor["name"],
            descriptor["entity_type"],
            descriptor["data_type"],
            descriptor["choices"],
            descriptor["for_client"],
            descriptor["departments"],
        )
    for person in source["team"]:
        gazu.project.add_person_to_team(project, person)
    print(f"{options.name}: {project['id']}")


if __name__ == "__main__":
    main()

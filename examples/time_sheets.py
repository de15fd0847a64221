"""
Write the time that everybody has spent in a month to CSV, a line for each task and day.

    python time_sheets.py 2026-11 > november.csv

The host and the login are read from KITSU_HOST, KITSU_LOGIN and KITSU_PASSWORD. Reading the
time sheets of others needs the role manager. Durations are in hours.
"""

import argparse
import calendar
import csv
import os
import sys

import gazu


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("month", help="year and month, as in 2026-11")
    options = parser.parse_args()
    try:
        year, month = map(int, options.month.split("-"))
        days = calendar.monthrange(year, month)[1]
    except ValueError:
        parser.error("the month must look like 2026-11")

    gazu.set_host(os.environ["KITSU_HOST"])
    gazu.log_in(os.environ["KITSU_LOGIN"], os.environ["KITSU_PASSWORD"])
    persons = {p["id"]: p["full_name"] for p in gazu.person.all_persons()}
    projects = {p["id"]: p["name"] for p in gazu.project.all_projects()}
    types = {t["id"]: t["name"] for t in gazu.task.all_task_types()}

    first, last = f"{year}-{month:02}-01", f"{year}-{month:02}-{days:02}"
    # One request for each person, ten at a time.
    sheets = gazu.client.run_all(
        [
            gazu.client.call(
                gazu.person.get_time_spents_range, person, first, last
            )
            for person in persons
        ]
    )
    output = csv.writer(sys.stdout)
    output.writerow(["date", "person", "project", "task type", "hours"])
    spents = [spent for sheet in sheets for spent in sheet]
    spents.sort(key=lambda spent: (spent["date"], persons[spent["person_id"]]))
    for spent in spents:
        output.writerow(
            [
                spent["date"],
                persons[spent["person_id"]],
                projects.get(spent.get("project_id"), ""),
                types.get(spent.get("task_type_id"), ""),
                spent["duration"] / 60,
            ]
        )


if __name__ == "__main__":
    main()

"""
Print how far each task type of a production is, as a table or as CSV.

    python status_report.py Caminandes
    python status_report.py Caminandes --csv > report.csv

The host and the login are read from KITSU_HOST, KITSU_LOGIN and KITSU_PASSWORD. A nightly
job can mail what this prints. All names are read in one request each, and the tasks of the
production in one.
"""

import argparse
import collections
import csv
import os
import sys

import gazu


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("project", help="name of the production")
    parser.add_argument("--csv", action="store_true", help="print CSV")
    options = parser.parse_args()

    gazu.set_host(os.environ["KITSU_HOST"])
    gazu.log_in(os.environ["KITSU_LOGIN"], os.environ["KITSU_PASSWORD"])
    project = gazu.project.get_project_by_name(options.project)
    if project is None:
        sys.exit(f"There is no production named {options.project}.")
    types = {t["id"]: t["name"] for t in gazu.task.all_task_types()}
    statuses = gazu.task.all_task_statuses()
    names = {s["id"]: s["short_name"] for s in statuses}

    counts = collections.defaultdict(collections.Counter)
    for task in gazu.task.all_tasks_for_project(project):
        row = counts[types[task["task_type_id"]]]
        row[names[task["task_status_id"]]] += 1
    used = [
        n for n in names.values() if any(row[n] for row in counts.values())
    ]

    header = ["task type", *used, "tasks"]
    rows = [
        [name, *(row[status] for status in used), sum(row.values())]
        for name, row in sorted(counts.items())
    ]
    if options.csv:
        csv.writer(sys.stdout).writerows([header, *rows])
        return
    widths = [
        max(len(str(r[i])) for r in [header, *rows])
        for i in range(len(header))
    ]
    for row in [header, *rows]:
        cells = [str(cell).rjust(width) for cell, width in zip(row, widths)]
        cells[0] = str(row[0]).ljust(widths[0])
        print("  ".join(cells))


if __name__ == "__main__":
    main()

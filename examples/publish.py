"""
Publish files for review on one of your tasks.

    python publish.py turntable.png playblast.mp4 --asset Lama --task-type Modeling

Give the server and the login as options or in the environment variables KITSU_HOST
(https://kitsu.mystudio.com/api), KITSU_LOGIN and KITSU_PASSWORD. Without --project,
--asset and --task-type, the first asset task of your to-do list is used. The first
file becomes the thumbnail of the asset.
"""

import argparse
import getpass
import os
import sys
import time

import gazu


class ProgressBar:
    """A progress callback: gazu calls it with the bytes transferred and the total."""

    WIDTH = 30

    def __init__(self, label):
        self.label = label
        self.began = time.time()
        self.seconds = 0.0
        self.size = 0
        self.drawn = None

    def __call__(self, done, total):
        self.size = max(self.size, total, done)
        part = min(done / float(self.size), 1.0) if self.size else 1.0
        if sys.stdout.isatty():
            self.draw(part, end="\r")

    def draw(self, part, end):
        filled = int(part * self.WIDTH)
        line = "  {:<18} [{}{}] {:>4.0%}  {:>9}".format(
            self.label,
            "#" * filled,
            "." * (self.WIDTH - filled),
            part,
            readable(self.size),
        )
        if line != self.drawn or end == "\n":
            sys.stdout.write(line + end)
            sys.stdout.flush()
            self.drawn = line

    def finish(self):
        self.seconds = time.time() - self.began
        self.draw(1.0, end="\n")


def readable(size):
    """Format a number of bytes for people."""
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return (
                f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
            )
        size /= 1024.0
    return f"{size:.1f} GB"


def print_table(titles, rows):
    """Print a table whose columns are as wide as their content."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [
        max(len(line[i]) for line in [titles, *rows])
        for i in range(len(titles))
    ]
    rule = "+".join("-" * (width + 2) for width in widths)

    def line(cells):
        return (
            "|"
            + "|".join(" {:<{}} ".format(*pair) for pair in zip(cells, widths))
            + "|"
        )

    print(f"+{rule}+\n{line(titles)}\n+{rule}+")
    for row in rows:
        print(line(row))
    print(f"+{rule}+")


def read_options():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files", nargs="+", help="images and movies to publish"
    )
    parser.add_argument("--host", default=os.environ.get("KITSU_HOST"))
    parser.add_argument("--login", default=os.environ.get("KITSU_LOGIN"))
    parser.add_argument("--password", default=os.environ.get("KITSU_PASSWORD"))
    parser.add_argument("--project", help="name of the project")
    parser.add_argument("--asset", help="name of the asset")
    parser.add_argument(
        "--task-type", help="name of the task type, like Modeling"
    )
    parser.add_argument(
        "--status", default="wfa", help="short name of the status to set"
    )
    parser.add_argument("--comment", default="Ready for review.")
    parser.add_argument(
        "--save",
        default="thumbnail.png",
        help="file to write the thumbnail to",
    )
    options = parser.parse_args()
    if not options.host or not options.login:
        parser.error("give a host and a login (KITSU_HOST, KITSU_LOGIN)")
    for path in options.files:
        if not os.path.isfile(path):
            parser.error("no such file: " + path)
    return options


def show_to_do_list(tasks, count=8):
    print(f"\nTo do: {len(tasks)} tasks")
    print_table(
        ["project", "type", "entity", "task", "status"],
        [
            [
                task["project_name"],
                task["entity_type_name"],
                " / ".join(
                    filter(None, [task["sequence_name"], task["entity_name"]])
                ),
                task["task_type_name"],
                task["task_status_name"],
            ]
            for task in tasks[:count]
        ],
    )
    if len(tasks) > count:
        print(f"... and {len(tasks) - count} more")


def choose(tasks, options):
    """Return the names of the project, asset and task type to publish to."""
    wanted = {
        "project_name": options.project,
        "entity_name": options.asset,
        "task_type_name": options.task_type,
    }
    names = list(wanted)
    for task in tasks:
        if task["task_type_for_entity"] == "Asset" and all(
            wanted[name] in (None, task[name]) for name in names
        ):
            return [task[name] for name in names]
    sys.exit("No task in your to-do list matches the options.")


def publish(task, comment, paths):
    """Upload files as previews of a comment. Return the previews and progress bars."""
    previews, bars = [], []
    for path in paths:
        if not previews:
            preview = gazu.task.create_preview(task, comment)
        else:
            preview = gazu.task.create_extra_preview(
                task, comment, previews[0]
            )
        bar = ProgressBar(os.path.basename(path))
        gazu.task.upload_preview_file(preview, path, progress_callback=bar)
        bar.finish()
        previews.append(preview)
        bars.append(bar)
    gazu.task.set_main_preview(previews[0])
    return previews, bars


def report(task, previews, bars):
    """Print the previews as they are on the server."""
    asset = gazu.asset.get_asset(task["entity_id"])
    rows = []
    for preview, bar in zip(previews, bars):
        preview = gazu.files.get_preview_file(preview["id"])
        is_thumbnail = preview["id"] == asset["preview_file_id"]
        rows.append(
            [
                bar.label,
                readable(bar.size),
                f"{bar.seconds:.2f} s",
                "v{revision}".format(**preview),
                "{width} x {height}".format(**preview),
                preview["status"],
                "yes" if is_thumbnail else "",
            ]
        )
    titles = ["file", "sent", "took", "revision"]
    print("\nOn the server")
    print_table([*titles, "picture", "processing", "thumbnail"], rows)


def main():
    options = read_options()
    password = options.password or getpass.getpass(
        f"Password of {options.login}: "
    )

    gazu.set_host(options.host)
    try:
        gazu.log_in(options.login, password)
    except gazu.exception.AuthFailedException:
        sys.exit(f"{options.host} rejected the login of {options.login}.")
    user = gazu.client.get_current_user()
    print("Logged in on {} as {full_name}".format(options.host, **user))

    tasks = gazu.user.all_tasks_to_do()
    show_to_do_list(tasks)

    names = choose(tasks, options)
    project = gazu.project.get_project_by_name(names[0])
    asset = gazu.asset.get_asset_by_name(project, names[1])
    task_type = gazu.task.get_task_type_by_name(names[2])
    task = gazu.task.get_task_by_entity(asset, task_type)
    before = gazu.task.get_task_status(task["task_status_id"])
    after = gazu.task.get_task_status_by_short_name(options.status)

    print("\nPublishing on " + " / ".join(names))
    comment = gazu.task.add_comment(task, after, options.comment)
    previews, bars = publish(task, comment, options.files)
    gazu.files.download_preview_file_thumbnail(previews[0], options.save)

    report(task, previews, bars)
    task = gazu.task.get_task(task["id"])
    comment = gazu.task.get_last_comment_for_task(task)
    size = readable(os.path.getsize(options.save))
    print(
        "  status     {} -> {}".format(
            before["name"], task["task_status"]["name"]
        )
    )
    print("  comment    {text}".format(**comment))
    print(f"  thumbnail  {options.save} ({size}, downloaded)")
    gazu.log_out()


if __name__ == "__main__":
    main()

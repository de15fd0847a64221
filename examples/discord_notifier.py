"""
Tell a Discord channel about each new preview, with its task, comment and link.

    export KITSU_HOST=https://kitsu.example.com/api KITSU_TOKEN=...
    export DISCORD_WEBHOOK=https://discord.com/api/webhooks/...
    python discord_notifier.py

It runs until SIGTERM or Ctrl-C, and misses no preview while it is down. At the first
start it begins with now; --since 2026-01-05 tells about earlier previews, too. Its login
needs the role of a manager.
"""

from __future__ import annotations

import argparse
import json
import os
import urllib.request

import gazu


def message(preview: dict, client: gazu.client.KitsuClient) -> dict:
    """Return the message about a preview."""
    task = gazu.task.get_task(preview["task_id"], client=client)
    status = gazu.task.get_task_status(task["task_status_id"], client=client)
    comment = gazu.task.get_last_comment_for_task(task, client=client)
    title = "{} / {}: v{}".format(
        task["entity"]["name"], task["task_type"]["name"], preview["revision"]
    )
    return {
        "embeds": [
            {
                "title": title,
                "url": gazu.task.get_task_url(task, client=client),
                "description": comment["text"] if comment else "",
                # Discord wants a number, Kitsu has "#22d160".
                "color": int(status["color"].lstrip("#"), 16),
                "footer": {"text": task["project"]["name"]},
            }
        ]
    }


def post(url: str, body: dict) -> None:
    """Post a message to a webhook. Raises if Discord does not take it."""
    request = urllib.request.Request(
        url,
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "User-Agent": "kitsu-notifier"},
    )
    urllib.request.urlopen(request, timeout=10).close()


def main() -> None:
    """Run until SIGTERM or Ctrl-C."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--since", default="now", help="a date in UTC")
    options = parser.parse_args()
    webhook = os.environ["DISCORD_WEBHOOK"]
    client = gazu.connect()
    notifier = gazu.events.Consumer(
        "discord-notifier",
        "preview-file:add-file",
        client=client,
        start=options.since,
        on_error="skip",
    )

    @notifier.on("preview-file:add-file")
    def added(event: dict) -> None:
        try:
            preview = gazu.files.get_preview_file(
                event["data"]["preview_file_id"], client=client
            )
            body = message(preview, client)
        except gazu.exception.RouteNotFoundException:
            # Events may be old. What they are about may have been deleted.
            return
        post(webhook, body)

    notifier.run()


if __name__ == "__main__":
    main()

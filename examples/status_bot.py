"""
Post each change of a task's status to a chat: Slack, Mattermost or Discord.

    export KITSU_HOST=https://kitsu.example.com KITSU_TOKEN=...
    export CHAT_WEBHOOK=https://hooks.slack.com/services/...
    python status_bot.py

It is a service: it runs until SIGTERM or Ctrl-C, misses no event while it is down,
and waits for the server while that is down. Its login needs the role of a manager.
status-bot.service runs it with systemd, and status-bot.Dockerfile in a container.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import urllib.parse
import urllib.request

import gazu

#: Touched while every event has been handled.
ALIVE = os.path.join(os.environ.get("STATE_DIRECTORY", "."), "alive")


def text_of(event: dict, client: gazu.client.KitsuClient) -> str | None:
    """Return the message for an event, or None if its task does not exist any more."""
    data = event["data"]
    try:
        task = gazu.task.get_task(data["task_id"], client=client)
        status = gazu.task.get_task_status(
            data["new_task_status_id"], client=client
        )
        person = gazu.person.get_person(data["person_id"], client=client)
    except gazu.exception.RouteNotFoundException:
        # Events may be old. What they are about may have been deleted.
        return None
    return "{} / {} / {}: {} ({})".format(
        task["project"]["name"],
        task["entity"]["name"],
        task["task_type"]["name"],
        status["name"],
        person["full_name"] if person else "unknown",
    )


def post(url: str, text: str) -> None:
    """Post a message to an incoming webhook."""
    is_discord = "discord" in (urllib.parse.urlsplit(url).hostname or "")
    request = urllib.request.Request(
        url,
        json.dumps({"content" if is_discord else "text": text}).encode(),
        {"Content-Type": "application/json", "User-Agent": "status-bot"},
    )
    urllib.request.urlopen(request, timeout=10).close()


def touch(bot: gazu.events.Consumer) -> None:
    """Note that the bot is alive and has handled every event."""
    with open(ALIVE, "w", encoding="ascii") as stream:
        stream.write(str(time.time()))


def is_healthy() -> bool:
    """Return whether a running bot was alive in the last two minutes."""
    try:
        return time.time() - os.stat(ALIVE).st_mtime < 120
    except FileNotFoundError:
        return False


def main() -> None:
    """Run until SIGTERM or Ctrl-C."""
    logging.basicConfig(level=logging.INFO)
    webhook = os.environ["CHAT_WEBHOOK"]
    client = gazu.connect()
    bot = gazu.events.Consumer(
        "status-bot",
        "task:status-changed",
        client=client,
        on_error="skip",
        on_idle=touch,
    )

    @bot.on("task:status-changed")
    def changed(event: dict) -> None:
        text = text_of(event, client)
        if text is not None:
            post(webhook, text)

    bot.run()


if __name__ == "__main__":
    if sys.argv[1:] == ["--healthy"]:
        sys.exit(0 if is_healthy() else 1)
    main()

"""
The list of past events.
"""

from __future__ import annotations

from typing import Any

from ..request import Request
from ..store import Store, bad_request
from .routing import route

_FILE_EVENTS = (
    "preview-file:add-file",
    "organisation:set-thumbnail",
    "person:set-thumbnail",
    "project:set-thumbnail",
)


@route("GET", "data/events/last")
def get_last_events(store: Store, request: Request) -> Any:
    query = request.query
    events = store.events
    if "cursor_event_id" in query:
        ids = [event["id"] for event in events]
        cursor = query["cursor_event_id"]
        if cursor not in ids:
            raise bad_request("No event found with id: " + cursor)
        events = events[: ids.index(cursor)]
    only_files = query.get("only_files") == "true"
    found = [
        event
        for event in reversed(events)
        if query.get("name") in (None, event["name"])
        and query.get("project_id") in (None, event["project_id"])
        and query.get("after", "") < event["created_at"]
        and query.get("before", "~") > event["created_at"]
        and not (only_files and event["name"] not in _FILE_EVENTS)
        and _is_one_of(request, "name_prefixes", event["name"].split(":")[0])
        and _is_one_of(request, "name_suffixes", event["name"].split(":")[-1])
        and _is_one_of(request, "person_ids", event["user_id"])
    ]
    return found[: min(int(query.get("limit", 100)), 1000)]


def _is_one_of(request: Request, parameter: str, value: str | None) -> bool:
    """Return whether a repeated parameter has a value, or is missing."""
    values = request.query_lists.get(parameter)
    return values is None or value in values

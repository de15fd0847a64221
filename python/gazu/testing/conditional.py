"""ETags of answers, parts of files, and nothing if an answer is known."""

from __future__ import annotations

import hashlib
import re
from typing import Any

_RANGE = re.compile(r"bytes=(\d+)-(\d*)$")
_BOARDS = ("data/shots/with-tasks", "data/assets/with-tasks")
_TASKS = re.compile(r"data/projects/[^/]+/tasks$")


def is_tagged(path: str, query: Any) -> bool:
    """Return whether Zou tags its answer to a read, which is no file."""
    if path in _BOARDS:
        return "project_id" in query
    return bool(_TASKS.match(path))


def unless_known(data: bytes, asked: Any) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers and the content of a tagged answer."""
    tag = _tag_of(data)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    return (304, headers, b"") if _knows(asked, tag) else (200, headers, data)


def _tag_of(data: bytes) -> str:
    return '"{}"'.format(hashlib.sha1(data).hexdigest())


def _knows(asked: Any, tag: str) -> bool:
    known = (asked.get("If-None-Match") or "").split(",")
    return any(one.strip() in (tag, "*") for one in known)


def answer(data: bytes, asked: Any) -> tuple[int, dict[str, str], bytes]:
    """
    Return the status, the headers and the content that answer a request for a file.

    Args:
        data: The file.
        asked: The headers of the request.
    """
    tag = _tag_of(data)
    headers = {"ETag": tag, "Accept-Ranges": "bytes"}
    if _knows(asked, tag):
        return 304, headers, b""
    found = _RANGE.match(asked.get("Range") or "")
    if found is None or asked.get("If-Range", tag) != tag:
        return 200, headers, data
    first, last = int(found.group(1)), int(found.group(2) or len(data) - 1)
    if first >= len(data) or last < first:
        headers["Content-Range"] = "bytes */{}".format(len(data))
        return 416, headers, b""
    last = min(last, len(data) - 1)
    headers["Content-Range"] = "bytes {}-{}/{}".format(first, last, len(data))
    return 206, headers, data[first : last + 1]

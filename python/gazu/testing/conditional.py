"""Files in answers: their ETag, parts of them, and nothing if they are known."""

from __future__ import annotations

import hashlib
import re
from typing import Any

_RANGE = re.compile(r"bytes=(\d+)-(\d*)$")


def answer(data: bytes, asked: Any) -> tuple[int, dict[str, str], bytes]:
    """
    Return the status, the headers and the content that answer a request for a file.

    Args:
        data: The file.
        asked: The headers of the request.
    """
    tag = '"{}"'.format(hashlib.sha1(data).hexdigest())
    headers = {"ETag": tag, "Accept-Ranges": "bytes"}
    if asked.get("If-None-Match") in (tag, "*"):
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

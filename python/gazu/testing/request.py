"""Requests as the server received them."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlsplit


class File:
    """
    A file in a multipart upload.

    Attributes:
        field: The name of its form field.
        name: Its file name.
        data: Its content in bytes.
    """

    def __init__(self, field: str, name: str, data: bytes) -> None:
        self.field = field
        self.name = name
        self.data = data

    def __repr__(self) -> str:
        return "<File {} of {} bytes>".format(self.name, len(self.data))


class Request:
    """
    A request as it was received.

    Attributes:
        method: ``"GET"``, ...
        path: Its path below the API's URL, such as ``data/projects``.
        query: The query parameters, a dict of texts.
        query_lists: The same, with a list of all values for each name.
        headers: The headers. Names are compared without case.
        body: The body in bytes.
        json: The parsed JSON body, or an empty dict.
        form: The fields of a multipart upload.
        files: The files of a multipart upload.
        person: The logged-in person (dict), or None.
        status: The status of the answer, or None before it was sent.
        is_malformed: Whether the body is neither JSON nor a multipart form.
    """

    is_malformed = False
    person: Any = None
    status: int | None = None

    def __init__(
        self, method: str, target: str, headers: Any, body: bytes
    ) -> None:
        url = urlsplit(target)
        self.method = method
        self.path = unquote(url.path).strip("/")
        if self.path == "api" or self.path.startswith("api/"):
            self.path = self.path[4:]
        self.query = dict(parse_qsl(url.query, keep_blank_values=True))
        self.query_lists = parse_qs(url.query, keep_blank_values=True)
        self.headers = headers
        self.body = body
        self.json: Any = {}
        self.form: dict[str, str] = {}
        self.files: list[File] = []
        kind = headers.get("Content-Type", "")
        try:
            if kind.startswith("multipart/form-data"):
                self._read_parts(kind.partition("boundary=")[2].strip('"'))
            elif body:
                self.json = json.loads(body.decode("utf-8"))
        except ValueError:
            self.is_malformed = True

    def __repr__(self) -> str:
        return "<{} {}: {}>".format(self.method, self.path, self.status)

    def _read_parts(self, boundary: str) -> None:
        mark = b"\r\n--" + boundary.encode()
        for part in (b"\r\n" + self.body).split(mark)[1:-1]:
            head, _, content = part[2:].partition(b"\r\n\r\n")
            head = head.decode("utf-8")
            field = re.search(r'[ ;]name="([^"]*)"', head)
            if field is None:
                raise ValueError("a part of a form has no name")
            field = field.group(1)
            name = re.search(r'filename="([^"]*)"', head)
            if name:
                self.files.append(File(field, name.group(1), content))
            else:
                self.form[field] = content.decode("utf-8")

"""
Calls through a session that scripts have replaced or changed.

The session's methods are looked up on it for every request, so that a wrapped
``request``, a mock, or a real ``requests.Session`` is what sends.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from typing import Any, Callable

from .. import client as raw
from . import hooks


def run(
    call: Any,
    client: Any,
    progress_callback: Callable | None,
    processing_timeout: float,
    streams: Any,
) -> Any:
    """Run a call and return its result."""
    if call.verb == "download":
        return _download(call, client, progress_callback, processing_timeout)
    path = _path(call)
    if call.verb == "get_file_data_from_url":
        url = path
    else:
        url = _url(path, client)
    if call.is_upload:
        response = _upload(call, client, progress_callback, streams, path, url)
    else:
        response = _exchange(client, path, lambda: _send(call, client, url))
    return _value(call, response)


def _path(call: Any) -> str:
    if call.method in ("GET", "DELETE"):
        return call.route_and_query
    return call.route


def _url(path: str, client: Any) -> str:
    return raw.get_full_url(path, client=client)


def _exchange(client: Any, path: str, send: Callable) -> Any:
    """Send until the answer does not ask for a new token."""
    for _ in range(raw.MAX_AUTH_RETRIES):
        response = send()
        _, again = raw.check_status(response, path, client=client)
        if not again:
            return response
    raise raw.NotAuthenticatedException(path)


def _send(call: Any, client: Any, url: str) -> Any:
    headers = raw.make_auth_header(client=client)
    send = getattr(client.session, call.method.lower())
    if call.body is None:
        return send(url, headers=headers)
    headers["Content-Type"] = "application/json"
    return send(url, data=call.body, headers=headers)


def _upload(
    call: Any,
    client: Any,
    progress_callback: Callable | None,
    streams: Any,
    path: str,
    url: str,
) -> Any:
    files, opened = raw._opened(call, streams)
    objects = {
        name: part[1]
        for name, part in files.items()
        if hasattr(part[1], "read")
    }
    if progress_callback is not None:
        _report(files, objects, progress_callback)
    attempts: list[bool] = []

    def send() -> Any:
        if attempts:
            for file_object in objects.values():
                file_object.seek(0)
        attempts.append(True)
        return client.session.post(
            url,
            data=raw._form_data(call),
            headers=raw.make_auth_header(client=client),
            files=files,
        )

    try:
        return _exchange(client, path, send)
    finally:
        for file_object in opened:
            file_object.close()


class _Reported:
    """A file object that tells how much of it has been read."""

    def __init__(
        self, wrapped: Any, offset: int, total: int, callback: Callable
    ) -> None:
        self._wrapped = wrapped
        self._offset = offset
        self._total = total
        self._callback = callback

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._wrapped.read(size)
        if data:
            self._offset += len(data)
            self._callback(self._offset, self._total)
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wrapped, name)


def _report(files: dict, objects: dict, callback: Callable) -> None:
    sizes = {
        name: os.fstat(file_object.fileno()).st_size
        for name, file_object in objects.items()
        if hasattr(file_object, "fileno")
    }
    total = sum(sizes.values())
    offset = 0
    for name, size in sizes.items():
        part = list(files[name])
        part[1] = _Reported(part[1], offset, total, callback)
        files[name] = tuple(part)
        offset += size


def _download(
    call: Any,
    client: Any,
    progress_callback: Callable | None,
    processing_timeout: float,
) -> Any:
    path = _path(call)
    url = _url(path, client)
    deadline = time.monotonic() + processing_timeout

    def send() -> Any:
        headers = raw.make_auth_header(client=client)
        headers["Accept"] = raw.DOWNLOAD_ACCEPT_HEADER
        return client.session.get(url, headers=headers, stream=True)

    while True:
        response = _exchange(client, path, send)
        if response.status_code != 202:
            break
        response.close()
        if time.monotonic() >= deadline:
            raise hooks.processing(path)
        time.sleep(raw._retry_after(response, deadline))
    with response:
        if call.target is None:
            response.content  # noqa: B018 (read before the connection closes)
            return response
        _save(response, os.fspath(call.target), progress_callback)
    return response


def _save(response: Any, target: str, callback: Callable | None) -> None:
    """Write a body beside its target, which it replaces when complete."""
    total = int(response.headers.get("content-length", 0))
    done = 0
    descriptor, partial = tempfile.mkstemp(
        prefix=".gazu-",
        suffix=".part",
        dir=os.path.dirname(os.path.abspath(target)),
    )
    try:
        with os.fdopen(descriptor, "wb") as partial_file:
            for chunk in response.iter_content(65536):
                partial_file.write(chunk)
                done += len(chunk)
                if callback is not None:
                    callback(done, total)
        if os.path.exists(target):
            shutil.copymode(target, partial)
        else:
            umask = os.umask(0)
            os.umask(umask)
            os.chmod(partial, 0o666 & ~umask)
        os.replace(partial, os.path.realpath(target))
    except BaseException:
        os.unlink(partial)
        raise


def _value(call: Any, response: Any) -> Any:
    if call.verb == "get_file_data_from_url":
        return response.content
    if call.reads_text:
        return response.text
    try:
        value = response.json()
    except ValueError:
        if call.method == "POST":
            raw.logger.error("The answer is not JSON: %s", response.text)
        raise
    if call.is_upload:
        message = raw.get_message_from_response(response, default_message="")
        if message:
            raise hooks.upload_failed(message)
    if call.verb == "fetch_first":
        value = value[0] if value else None
    if call.sorted:
        value = raw._core.sort_by_name(value)
    return value

"""
Sends requests through a script's own session, adapter, verb or mock.

The core decides how often a request is sent, what its answer means and what the
call returns. A sender does one step: it sends the request once, with the objects
of the script. The core calls the methods of a sender by name.
"""

from __future__ import annotations

import os

# What ``collections.abc`` contains: the module ``os`` has imported it.
from _collections_abc import Mapping

from .._requests_compat.session import Session
from . import hooks, logs, redact
from .files import open_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

_REQUESTS = "requests.sessions"
_ERRORS = "requests.exceptions"


def is_session(session: Any) -> bool:
    """Return whether an object is our session or one of ``requests``."""
    return isinstance(session, Session) or any(
        cls.__module__ == _REQUESTS for cls in type(session).__mro__
    )


class SessionSender:
    """Sends the requests of one call through a client's session."""

    #: Whether ``send`` returns the call's result instead of a response.
    returns_values = False

    def __init__(
        self,
        client: Any,
        verbs: Mapping[str, Any],
        check_status: Callable | None,
        streams: Any,
        progress: Callable | None,
        exchange: Any = None,
    ) -> None:
        """
        Args:
            client: The client, or an object that a script uses as a client.
            verbs: The current functions of ``gazu.client`` by name.
            check_status: The function with which a script has replaced
                ``gazu.client.check_status``; None if it has not.
            streams: File objects of the script that the call uploads.
            progress: Called with the uploaded bytes and all bytes.
            exchange: What keeps the answers to the call, or None.
        """
        self._client = client
        self._exchange = exchange
        self._verbs = verbs
        self._check_status = check_status
        self._streams = streams
        self._progress = progress
        self._files: OpenedFiles | None = None

    def send(self, call: Any, path: str, left: float | None) -> tuple:
        """
        Send the call's request once.

        Args:
            call: The call.
            path: The path with its query. For ``get_file_data_from_url``, the
                complete URL.
            left: The seconds until the call's deadline, or None.

        Returns:
            tuple: The response; its status, or None if it is not a valid
                number; whether a replaced ``check_status`` wants the request
                sent again, or None without a replacement; and the
                Authorization header that was sent.
        """
        client = self._client
        url = path
        if call.verb != "get_file_data_from_url":
            url = self._verbs["get_full_url"](path, client=client)
        headers = self._verbs["make_auth_header"](client=client)
        sent = headers.get("Authorization")
        session = client.session
        arguments: dict = {"headers": headers}
        if call.is_upload:
            files = self._files
            if files is None:
                files = OpenedFiles(call, self._streams, self._progress)
                self._files = files
            else:
                files.rewind()
            arguments.update(data=form_data(call), files=files.files)
        elif call.verb == "download":
            headers["Accept"] = self._verbs["DOWNLOAD_ACCEPT_HEADER"]
            arguments["stream"] = True
        elif call.streams_rows:
            arguments["stream"] = True
        elif call.body is not None:
            headers["Content-Type"] = "application/json"
            arguments["data"] = call.body
        tag = self._tag(url, headers, session)
        if tag is not None:
            headers["If-None-Match"] = tag
        if left is not None and is_session(session):
            arguments["timeout"] = limited_timeout(client, left)
        response = getattr(session, call.method.lower())(url, **arguments)
        status = response.status_code
        if (
            isinstance(status, bool)
            or not isinstance(status, int)
            or not 0 <= status < 1000
        ):
            status = None
        again = None
        if self._check_status is not None:
            _, again = self._check_status(response, path, client=client)
            again = bool(again)
        return response, status, again, sent and redact.Hidden(sent)

    def _tag(self, url: str, headers: dict, session: Any) -> str | None:
        """Return the tag of a kept answer, for which the server need not send it."""
        if self._exchange is None or getattr(session, "auth", None):
            # The session logs in by itself, as someone that is not known here.
            return None
        own = getattr(session, "headers", None)
        if isinstance(own, Mapping) and own.get("If-None-Match"):
            return None
        return self._exchange.begin(url, headers.get("Authorization"))

    def close(self) -> None:
        """Close the files that this sender opened."""
        if self._files is not None:
            self._files.close()

    def kind_of(self, error: BaseException) -> str | None:
        """Return the name of a transport error, or None for any other."""
        for cls in type(error).__mro__:
            if cls.__module__ == _ERRORS:
                return getattr(error, "kind", "") or cls.__name__
        return getattr(error, "kind", None) or None

    def retry_after(self, response: Any) -> str | None:
        """Return the ``Retry-After`` header of a response, or None."""
        value = response.headers.get("Retry-After")
        return value if isinstance(value, str) else None

    def says_expired(self, response: Any) -> bool:
        """Return whether a response reports that the access token has expired."""
        return hooks.says_expired(hooks.json_or_none(response)[0])

    def rejection(self, path: str, response: Any) -> Exception:
        """Return the exception for a response with an error status."""
        return hooks.response_error(response, path)[0]

    def length(self, response: Any) -> int:
        """Return the length of a body in bytes, or 0 if it is unknown."""
        return int(response.headers.get("content-length", 0))

    def json(self, response: Any, verb: str) -> Any:
        """Return the JSON value of a response."""
        try:
            value = response.json()
        except ValueError:
            if verb in hooks.LOGGED_VERBS:
                logs.logger().error(
                    "The server's answer is not JSON: %s",
                    redact.shown_text(response.text),
                )
            raise
        if verb == "upload":
            message = self._verbs["get_message_from_response"](
                response, default_message=""
            )
            if message:
                raise hooks.upload_failed(message)
        return value


class VerbSender:
    """Runs one call through a verb that a script has replaced."""

    returns_values = True

    def __init__(
        self,
        name: str,
        verb: Callable,
        client: Any,
        progress: Callable | None,
    ) -> None:
        """
        Args:
            name: The verb's name.
            verb: The replacement.
            client: The client.
            progress: Passed to the verb as ``progress_callback``.
        """
        self._name = name
        self._verb = verb
        self._client = client
        self._progress = progress

    def send(self, call: Any, path: str, left: float | None) -> tuple:
        """Call the verb with the arguments that upstream passes."""
        name = self._name
        if name == "upload":
            return self._upload(call), None, None, None
        arguments = [
            call.route if name in ("get", "post", "put") else call.path
        ]
        if name in ("fetch_one", "update"):
            arguments = list(call.path.rpartition("/")[::2])
        if name in ("post", "put", "create", "update", "import_data"):
            arguments.append(call.data)
        named: dict[str, Any] = {"client": self._client}
        if name == "download":
            arguments.append(call.target)
            named["progress_callback"] = self._progress
        if name == "get" and call.reads_text:
            named["json_response"] = False
        params = call.params
        if params and name in ("fetch_all", "fetch_first", "delete"):
            arguments.append(params)
        elif params:
            named["params"] = params
        return self._verb(*arguments, **named), None, None, None

    def close(self) -> None:
        """Do nothing: ``send`` leaves no file open."""

    def kind_of(self, error: BaseException) -> None:
        """Return None: an exception of a verb is never retried."""
        return

    def _upload(self, call: Any) -> Any:
        arguments: dict[str, Any] = {
            "data": form_data(call),
            "client": self._client,
            "progress_callback": self._progress,
        }
        paths = [content for _, _, _, content in call.files]
        if all(isinstance(path, str) for path in paths):
            return self._verb(
                call.path, paths[0], extra_files=paths[1:], **arguments
            )
        files = OpenedFiles(call, (), None)
        try:
            return self._verb(call.path, files=files.files, **arguments)
        finally:
            files.close()


class OpenedFiles:
    """
    The files of a form, in the structure that ``requests`` expects.

    They are opened with Python's ``open``, or with its replacement: the session
    of a script receives Python file objects.
    """

    def __init__(
        self, call: Any, streams: Any, progress: Callable | None
    ) -> None:
        self._opened: list[Any] = []
        self._objects: list[Any] = []
        pairs: list[tuple] = []
        try:
            for name, file_name, content_type, content in call.files:
                if isinstance(content, int):
                    content = streams[content]
                elif not isinstance(content, bytes):
                    content = open_source(content)
                    self._opened.append(content)
                if not isinstance(content, bytes):
                    self._objects.append(content)
                part = (file_name, content)
                pairs.append(
                    (
                        name,
                        part
                        if content_type is None
                        else part + (content_type,),
                    )
                )
        except BaseException:
            self.close()
            raise
        if progress is not None:
            pairs = _with_progress(pairs, self._objects, progress)
        names = {name for name, _ in pairs}
        #: A dict; a list of pairs if a field has several files.
        self.files: Any = dict(pairs) if len(names) == len(pairs) else pairs

    def rewind(self) -> None:
        """Rewind each file before the request is sent again."""
        for file_object in self._objects:
            file_object.seek(0)

    def close(self) -> None:
        """Close the files that were opened here."""
        for file_object in self._opened:
            file_object.close()


class _ProgressFile:
    """A file object that reports how much of it has been read."""

    def __init__(
        self, wrapped: Any, offset: int, total: int, progress: Callable
    ) -> None:
        self._wrapped = wrapped
        self._offset = offset
        self._total = total
        self._progress = progress

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        data = self._wrapped.read(size)
        if data:
            self._offset += len(data)
            self._progress(self._offset, self._total)
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wrapped, name)


def _with_progress(pairs: list, objects: list, progress: Callable) -> list:
    """Return the parts of a form, with files that report their progress."""
    sizes = {
        id(file_object): os.fstat(file_object.fileno()).st_size
        for file_object in objects
        if hasattr(file_object, "fileno")
    }
    total = sum(sizes.values())
    offset = 0
    reported = []
    for name, part in pairs:
        content = part[1]
        size = sizes.get(id(content))
        if size is not None:
            wrapped = _ProgressFile(content, offset, total, progress)
            part = (part[0], wrapped) + tuple(part[2:])
            offset += size
        reported.append((name, part))
    return reported


def form_data(call: Any) -> dict:
    """Return the fields of a form without its files, several values as a list."""
    return {
        name: values[0] if len(values) == 1 else values
        for name, values in call.form
    }


def deadline_options(client: Any) -> dict:
    """Return the options of a session's request that keep a client's deadline."""
    deadline = getattr(client, "deadline", None)
    if isinstance(deadline, float) and is_session(client.session):
        return {"timeout": limited_timeout(client, deadline)}
    return {}


def limited_timeout(client: Any, left: float) -> tuple:
    """Return the client's timeouts, limited to the seconds that are left."""
    timeout = getattr(client, "timeout", None)
    if not isinstance(timeout, tuple):
        timeout = (None, None)
    return tuple(
        left if seconds is None else min(seconds, left) for seconds in timeout
    )

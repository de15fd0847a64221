"""
Everything that gazu raises on its own account.

    GazuException
    ├── HostException                   the host is not valid
    ├── AuthFailedException             the login was rejected
    ├── NotAuthenticatedException       401
    ├── NotAllowedException             403
    ├── MethodNotAllowedException       405
    ├── RouteNotFoundException          404
    ├── ServerErrorException            500 to 599
    ├── TooManyRequestsException        429
    ├── ParameterException              400
    ├── ValidationException             422
    ├── UploadFailedException           the server took a file, then failed
    ├── TooBigFileException             413
    ├── TaskStatusNotFoundException     no status of that name
    ├── DownloadFileException           a file could not be downloaded
    ├── TaskMustBeADictException        an id where a dict is needed
    ├── FileDoesntExistException        no file at that path
    ├── ProjectDoesntExistException     no project of that name
    └── PreviewFileProcessingException  the preview is still being built
"""

from __future__ import annotations

from typing import Any


class GazuException(Exception):
    """
    Base of all exceptions of gazu.

    Attributes:
        status_code: The status the server answered with, or None.
        body: The server's answer: the parsed JSON, or its text, or None.
        path: The path that was asked for, or None.
    """

    status_code: int | None = None
    body: Any = None
    path: str | None = None


class HostException(GazuException):
    """The host is not valid."""


class AuthFailedException(GazuException):
    """The login was rejected."""


class NotAuthenticatedException(GazuException):
    """The server asks for a login (401)."""


class NotAllowedException(GazuException):
    """The user may not do this (403)."""


class MethodNotAllowedException(GazuException):
    """The route exists for another method (405)."""


class RouteNotFoundException(GazuException):
    """There is no such route or no such entry (404)."""


class ServerErrorException(GazuException):
    """
    The server failed, or what stands before it (500 to 599).

    Attributes:
        retry_after: Seconds that the server asks to wait, or None.
    """

    retry_after: float | None = None


class TooManyRequestsException(GazuException):
    """
    The server is asked for too much (429); the second argument is the reason.

    Attributes:
        retry_after: Seconds that the server asks to wait, or None.
    """

    retry_after: float | None = None


class ParameterException(GazuException):
    """An argument is wrong (400); the second argument is the reason."""


class ValidationException(GazuException):
    """The data is not valid (422); the second argument is the reason."""


class UploadFailedException(GazuException):
    """The server took a file and then failed to process it."""


class TooBigFileException(GazuException):
    """The file is larger than the server takes (413)."""


class TaskStatusNotFoundException(GazuException):
    """There is no task status of that name."""


class DownloadFileException(GazuException):
    """A file could not be downloaded."""


class TaskMustBeADictException(GazuException):
    """An id was given where the task's dict is needed."""


class FileDoesntExistException(GazuException):
    """There is no file at that path."""


class ProjectDoesntExistException(GazuException):
    """There is no project of that name."""


class PreviewFileProcessingException(GazuException):
    """The preview's files were still being built when time was up."""

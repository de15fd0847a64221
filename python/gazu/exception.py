"""
The exceptions of gazu.

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
    └── PreviewFileProcessingException  the preview is still being processed
"""

from __future__ import annotations

from ._engine.late import LateNames
from ._requests_compat import secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class GazuException(Exception):
    """
    Base of all exceptions of gazu.

    Attributes:
        status_code: The status of the server's answer, or None.
        body: The server's answer: the parsed JSON, or its text, or None.
        path: The requested path, or None.

    Tracebacks of Python 3.11 and later also show what the status means, what the
    server said and what to do (``__notes__``).
    """

    status_code: int | None = None
    body: Any = None
    path: str | None = None

    def __reduce__(self) -> tuple:
        """Pickle without the secrets of the answer: queues and logs keep pickles."""
        reduced: Any = super().__reduce__()
        if self.body is None:
            return reduced  # type: ignore[no-any-return]
        cls, args, state = reduced
        return cls, args, dict(state, body=secrets.shown_data(self.body))


class HostException(GazuException):
    """The host is invalid."""


class AuthFailedException(GazuException):
    """The login was rejected."""

    @property
    def otp_missing(self) -> bool:
        """Whether the password is right, and a second factor is missing."""
        return self._answer().get("missing_OTP") is True

    @property
    def otp_wrong(self) -> bool:
        """Whether the password is right, and the second factor is wrong."""
        return self._answer().get("wrong_OTP") is True

    @property
    def otp_methods(self) -> list[str]:
        """
        The second factors that the person can use, the preferred one first.

        They are ``"totp"``, ``"email_otp"``, ``"fido"`` and ``"recovery_code"``.
        The list is empty unless ``otp_missing``.
        """
        answer = self._answer()
        if not self.otp_missing:
            return []
        preferred = answer.get("preferred_two_factor_authentication")
        enabled = answer.get("two_factor_authentication_enabled")
        methods = [preferred, *(enabled if isinstance(enabled, list) else [])]
        return list(
            dict.fromkeys(one for one in methods if isinstance(one, str))
        )

    def _answer(self) -> dict:
        return self.body if isinstance(self.body, dict) else {}


class NotAuthenticatedException(GazuException):
    """The server asks for a login (401)."""


class NotAllowedException(GazuException):
    """The user may not do this (403)."""


class MethodNotAllowedException(GazuException):
    """The route exists for another method (405)."""


class RouteNotFoundException(GazuException):
    """The route or the record does not exist (404)."""


class ServerErrorException(GazuException):
    """
    The server failed, or what stands before it (500 to 599).

    Attributes:
        retry_after: Seconds that the server asks to wait, or None.
    """

    retry_after: float | None = None


class TooManyRequestsException(GazuException):
    """
    The client sent too many requests (429). The exception's second argument is
    the reason.

    Attributes:
        retry_after: Seconds that the server asks to wait, or None.
    """

    retry_after: float | None = None


class ParameterException(GazuException):
    """
    An argument is invalid (400). The exception's second argument is the
    reason.
    """


class ValidationException(GazuException):
    """
    The data is invalid (422). The exception's second argument is the reason.
    """


class UploadFailedException(GazuException):
    """The server took a file and then failed to process it."""


class TooBigFileException(GazuException):
    """The file is larger than the server allows (413)."""


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
    """The server was still processing the preview after the timeout."""


_late = LateNames(
    globals(),
    None,
    {
        "Any": "typing",
    },
)
if not TYPE_CHECKING:
    # Type checkers would take any name for one of this module.
    __getattr__ = _late.get

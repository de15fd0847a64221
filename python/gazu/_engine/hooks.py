"""
Turns answers of the server into values and exceptions.

The core calls these functions by name.
"""

from __future__ import annotations

from .. import _core, exception
from .._requests_compat.core_hooks import response, transport  # noqa: F401
from .._requests_compat.errors import explain
from .._requests_compat.text import charset_of, parsed, text

# Explanations and renewals take longer to import, and are used after an error only.
from . import explanations, logs, renewal
from .redact import holds_secret, shown_path, shown_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging
    from typing import Any

#: The verbs that log an answer that is not JSON.
LOGGED_VERBS = ("post", "create", "import_data", "upload")


def loads(
    content: bytes,
    content_type: str | None,
    verb: str,
    log: logging.Logger | None = None,
) -> Any:
    """Parse JSON that the core's parser does not support, as ``json.loads``."""
    try:
        return parsed(content, charset_of(content_type))
    except ValueError:
        if verb in LOGGED_VERBS:
            (log or logs.logger()).error(
                "The server's answer is not JSON: %s",
                _shown(content, content_type),
            )
        raise


def _shown(content: bytes, content_type: str | None) -> str:
    """Return the text of an answer for the log, or its size if it has secrets."""
    body_text = text(content, content_type)
    if holds_secret(body_text):
        return "{} bytes, not shown because they contain a secret".format(
            len(content)
        )
    return body_text


def message_of(body: Any, default_message: str) -> str:
    """
    Return the message in an answer, or the default if there is none.

    Zou sends it as ``message`` or ``error``, and lists invalid fields in
    ``data.errors``.
    """
    message = default_message
    if not isinstance(body, dict):
        return message
    for key in ("message", "error"):
        # Zou may also send a boolean as "error".
        value = body.get(key)
        if isinstance(value, str) and value:
            message = value
            break
    data = body.get("data")
    errors = data.get("errors") if isinstance(data, dict) else None
    if isinstance(errors, list):
        details = ", ".join(
            "{}: {}".format(error.get("field"), error.get("message"))
            for error in errors
            if isinstance(error, dict)
        )
        if details:
            message = "{} ({})".format(message, details)
    return message


def __getattr__(name: str) -> Any:
    # A function here would show the token in its frame.
    if name == "renew":
        return renewal.renew_token
    raise AttributeError(
        "module {!r} has no attribute {!r}".format(__name__, name)
    )


NO_INFORMATION = "No additional information"


def rejection(
    name: str,
    path: str,
    status: int,
    body: Any,
    is_json: bool,
    text: str,
    log: logging.Logger | None = None,
    retry_after: float | None = None,
) -> exception.GazuException:
    """
    Return the exception for an error status. Log a failure of the server.

    Args:
        name: The name of the exception's class.
        path: The requested path.
        status: The status of the answer.
        body: The parsed body, if it is JSON.
        is_json: Whether the body is JSON.
        text: The text of the body, if it is not JSON.
        log: The logger for failures of the server; None for ``gazu``.
        retry_after: The seconds that the server asks to wait.
    """
    cls = getattr(exception, name)
    path = shown_path(path)
    if name in (
        "ParameterException",
        "ValidationException",
        "TooManyRequestsException",
    ):
        error = cls(path, message_of(body, NO_INFORMATION))
    elif name == "TooBigFileException":
        error = cls(
            path + ": You send a too big file. "
            "Change your proxy configuration to allow bigger files."
        )
    else:
        error = cls(path)
    if name == "ServerErrorException":
        log = log or logs.logger()
        if isinstance(body, dict):
            log.error(
                "The server failed: %s\nIts stack trace:\n%s",
                shown_text(message_of(body, "no reason given")),
                shown_text(str(body.get("stacktrace", "not sent"))),
            )
        else:
            log.error("The server failed and sent: %s", shown_text(text))
    error.status_code = status
    error.body = body if is_json else text
    error.path = path
    if len(error.args) == 1:
        said = message_of(body, "")
        if not said and isinstance(body, dict):
            # flask-jwt names it so.
            value = body.get("msg")
            said = value if isinstance(value, str) else ""
        note = explanations.explanation(
            name, path, status, body, text, shown_text(said)
        )
        if note:
            explain(error, note)
    if name in ("ServerErrorException", "TooManyRequestsException"):
        error.retry_after = retry_after
    return error


def retry_after_of(headers: Any) -> float | None:
    """Return the seconds in a ``Retry-After`` header, or None."""
    get = getattr(headers, "get", None)
    value = get("Retry-After") if get is not None else None
    if not isinstance(value, str):
        return None
    return _core.seconds_of_retry_after(value)  # type: ignore[no-any-return]


def rejected(
    name: str,
    status: int,
    path: str,
    content: bytes,
    content_type: str | None,
    retry_after: float | None = None,
    log: logging.Logger | None = None,
) -> exception.GazuException:
    """Return the exception for a raw answer with an error status."""
    try:
        body, is_json = parsed(content, charset_of(content_type)), True
    except (ValueError, RecursionError):
        body, is_json = None, False
    body_text = text(content, content_type)
    return rejection(
        name, path, status, body, is_json, body_text, log, retry_after
    )


def json_or_none(answer: Any) -> tuple[Any, bool]:
    """Return the JSON value of a response, and whether it is JSON."""
    try:
        return answer.json(), True
    except Exception:
        return None, False


def says_expired(body: Any) -> bool:
    """Return whether a body reports that the access token has expired."""
    return isinstance(body, dict) and body.get("message") == (
        "Signature has expired"
    )


def status_error(
    status: int,
    path: str,
    body: Any,
    is_json: bool,
    text: str,
    log: logging.Logger | None = None,
    retry_after: float | None = None,
) -> tuple[exception.GazuException, bool]:
    """
    Return the exception for an error status, and whether the answer reports
    that the access token has expired.
    """
    expired = says_expired(body)
    name = _core.rejection_of_status(status)
    # Mocks use other statuses, too, for a missing login.
    if name is None or status == 401 or (status == 422 and expired):
        name = "NotAuthenticatedException"
    error = rejection(
        name, path, status, body, is_json, text, log, retry_after
    )
    return error, expired


def response_error(
    answer: Any, path: str, log: logging.Logger | None = None
) -> tuple[exception.GazuException, bool]:
    """Do the same as ``status_error`` for a ``requests.Response``."""
    body, is_json = json_or_none(answer)
    body_text = "" if is_json else getattr(answer, "text", "")
    wait = retry_after_of(getattr(answer, "headers", None))
    return status_error(
        answer.status_code, path, body, is_json, body_text, log, wait
    )


def processing(path: str) -> exception.GazuException:
    """Return the exception for a preview that was not ready in time."""
    path = shown_path(path)
    error = exception.PreviewFileProcessingException(path)
    explain(
        error,
        "The server is still processing this preview, or failed to: try again "
        "later, or wait with gazu.files.wait_for_preview_file",
    )
    error.status_code = 202
    error.path = path
    return error


def upload_failed(message: str) -> exception.GazuException:
    """Return the exception for an upload that the server failed to process."""
    return exception.UploadFailedException(message)


def uploaded(body: Any, path: str) -> None:
    """Raise if the answer to an upload reports a failure with status 200."""
    message = message_of(body, "")
    if message:
        error = upload_failed(message)
        error.status_code = 200
        error.body = body
        error.path = path
        raise error

"""Errors of the commands: one line on stderr, and the exit code."""

from __future__ import annotations

import re
from typing import Any, Callable, NoReturn

import click

from .. import client as raw
from .._engine import logs
from .._engine.explanations import failure, no_file, no_record
from .._engine.redact import shown_path
from .._requests_compat import errors as transport
from ..exception import (
    AuthFailedException,
    GazuException,
    MethodNotAllowedException,
    NotAllowedException,
    NotAuthenticatedException,
    PreviewFileProcessingException,
    RouteNotFoundException,
    ServerErrorException,
    TooManyRequestsException,
    UploadFailedException,
)
from .text import as_one_line, say

logger = logs.logger("cli")

#: The exit codes.
OTHER, USAGE, NOT_LOGGED_IN = 1, 2, 3
NOT_FOUND, NOT_ALLOWED, SERVER, NETWORK = 4, 5, 6, 7

NOT_JSON = "JSONDecodeError"
#: A server that lacks a route answers with 404 or 405.
_NOT_THERE = (RouteNotFoundException, MethodNotAllowedException)


def fail(text: str, code: int = OTHER) -> NoReturn:
    """Print an error in one line, and exit."""
    say(as_one_line(text), err=True)
    raise SystemExit(code)


def handled(fn: Callable) -> Callable:
    """Decorate a command to print an error in one line, and to exit."""

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return fn(*args, **kwargs)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except BrokenPipeError:
            # click handles this: the program that reads the output has ended.
            raise
        except Exception as error:
            logger.debug("the command failed", exc_info=True)
            fail(error_message(error), exit_code(error))

    wrapper.__name__ = fn.__name__
    wrapper.__doc__ = fn.__doc__
    return wrapper


def exit_code(error: BaseException) -> int:
    """Return the exit code for an exception."""
    if isinstance(error, (AuthFailedException, NotAuthenticatedException)):
        return NOT_LOGGED_IN
    if isinstance(error, _NOT_THERE):
        return NOT_FOUND
    if isinstance(error, NotAllowedException):
        return NOT_ALLOWED
    if isinstance(
        error,
        (
            PreviewFileProcessingException,
            ServerErrorException,
            TooManyRequestsException,
            UploadFailedException,
        ),
    ):
        return SERVER
    if _is_transport(error):
        is_server = any(
            isinstance(error, transport.class_for(name))
            for name in (NOT_JSON, "ContentDecodingError")
        )
        return SERVER if is_server else NETWORK
    return OTHER


def _is_transport(error: BaseException) -> bool:
    return isinstance(error, transport.class_for("RequestException"))


def error_message(error: Exception, ask: bool = True) -> str:
    """
    Return what happened, to what, and what to do.

    Args:
        error: The exception.
        ask: Whether the server may be asked for the role of the user and for
            its version.
    """
    if isinstance(error, AuthFailedException):
        return _joined("Authentication failed.", _reason(error))
    if isinstance(error, NotAuthenticatedException):
        host = shown_path(raw.get_host())
        text = "Session expired. Run: gazu-cli login --host " + host
        return _joined(text, _in_brackets(_reason(error)))
    if isinstance(error, NotAllowedException):
        role = _role() if ask and error.path else ""
        return _joined(
            "Permission denied.", _reason(error), _asked(error), role
        )
    if isinstance(error, _NOT_THERE):
        shown = error.path or error
        return _joined("Not found: {}.".format(shown), _missing(error, ask))
    if isinstance(error, ServerErrorException):
        return _joined(
            "Server error. Check your Kitsu instance.",
            "It answered {} to {}".format(error.status_code, error.path)
            if error.path
            else "",
            _reason(error),
            _sentence(failure(error.path or "")),
        )
    if isinstance(error, PreviewFileProcessingException):
        text = "The server is still processing this preview, or failed to"
        return "{} ({}). Try again later.".format(text, error.path)
    if isinstance(error, GazuException):
        # The last argument is the message of the server, unless it is the path.
        text = str(error.args[-1]) if error.args else type(error).__name__
        notes = getattr(error, "__notes__", ())
        if error.args == (error.path,) and notes:
            text += ": " + notes[0]
    elif exit_code(error) == NETWORK:
        return _unreachable(error)
    elif isinstance(error, transport.class_for(NOT_JSON)):
        text = (
            "the answer of {} is not JSON. Is this the host of Kitsu's API, "
            "with /api at its end? ({})"
        ).format(shown_path(raw.get_host()), error)
    elif isinstance(error, (OSError, ValueError)):
        text = str(error) or type(error).__name__
    else:
        text = "{}: {}".format(type(error).__name__, error)
    return "Error: " + text


def _joined(*sentences: str) -> str:
    """Return sentences as one text, each with its full stop."""
    shown = [each.strip() for each in sentences if each and each.strip()]
    return " ".join(
        each if each[-1] in ".!?)" or "Run: " in each else each + "."
        for each in shown
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _in_brackets(text: str) -> str:
    return "({})".format(text) if text else ""


def _reason(error: GazuException) -> str:
    """Return what the server said, if it said anything."""
    body = error.body
    for key in ("message", "msg", "error"):
        value = body.get(key) if isinstance(body, dict) else None
        if isinstance(value, str) and value:
            return value
    return ""


def _asked(error: GazuException) -> str:
    return "(" + error.path + ")" if error.path else ""


def _role() -> str:
    """Return a sentence on the role of the user; empty if it is unknown."""
    try:
        role = raw.get_current_user().get("role")
    except Exception:
        return ""
    return (
        "Your role is {}: ask a manager or an administrator.".format(role)
        if role
        else ""
    )


_RECORD = re.compile(r"(?:^|/)(?:data|actions)/([a-z-]+)/[0-9a-f-]{36}")


def _missing(error: GazuException, ask: bool) -> str:
    if (error.path or "").strip("/") == "auth/login":
        return "Is {} the address of Kitsu?".format(shown_path(raw.get_host()))
    file = no_file(error.path or "")
    if file:
        return _sentence(file)
    if _RECORD.search(error.path or ""):
        return _sentence(no_record(error.path or ""))
    version = _version() if ask and error.path else ""
    if version:
        return (
            "The server is Zou {}, which has no such route. Run: gazu-cli doctor"
        ).format(version)
    return "Does the host end with /api, and is the server recent enough? Run: gazu-cli doctor"


def _version() -> str:
    """Return the server's version; empty if it is unknown."""
    try:
        return str(raw.get_api_version())
    except Exception:
        return ""


def _unreachable(error: BaseException) -> str:
    """Return the line for a network that fails."""
    text = str(error)
    caused = re.search(r"\(Caused by \w+\((.*)\)\)", text, re.DOTALL)
    reason = caused.group(1).strip("'\"") if caused else text
    reason = re.sub(r"^HTTPS?Connection\w*\(.*?\): ", "", reason)
    return "Error: cannot reach {}: {}. Run: gazu-cli doctor".format(
        shown_path(raw.get_host()), reason.rstrip(" .")
    )

"""Errors of the commands: one line on stderr, and the exit code."""

from __future__ import annotations

import logging
from typing import Any, NoReturn

import click

from ..exception import (
    AuthFailedException,
    GazuException,
    NotAllowedException,
    NotAuthenticatedException,
    RouteNotFoundException,
    ServerErrorException,
)
from .text import as_one_line, say

logger = logging.getLogger("gazu.cli")


def fail(text: str) -> NoReturn:
    """Print an error and exit with code 1."""
    say(as_one_line(text), err=True)
    raise SystemExit(1)


def required(value: Any, label: str, name: str) -> Any:
    """Return a value. If it is None, exit with an error."""
    if value is None:
        fail("{} not found: {}".format(label, name))
    return value


def handled(fn):
    """
    Decorate a command to print an error in one line and exit with code 1.

    With ``GAZU_DEBUG=true``, the traceback is logged.

    Args:
        fn: The command.

    Returns:
        Callable: The decorated command.
    """

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
            fail(error_message(error))

    wrapper.__name__ = fn.__name__
    wrapper.__doc__ = fn.__doc__
    return wrapper


def error_message(error: Exception) -> str:
    if isinstance(error, AuthFailedException):
        return "Authentication failed."
    if isinstance(error, NotAuthenticatedException):
        return "Session expired. Run: gazu-cli login"
    if isinstance(error, NotAllowedException):
        return "Permission denied."
    if isinstance(error, RouteNotFoundException):
        return "Not found: {}".format(error)
    if isinstance(error, ServerErrorException):
        return "Server error. Check your Kitsu instance."
    if isinstance(error, GazuException):
        # The last argument is the message of the server.
        text = str(error.args[-1]) if error.args else type(error).__name__
    elif isinstance(error, (OSError, ValueError)):
        text = str(error) or type(error).__name__
    else:
        text = "{}: {}".format(type(error).__name__, error)
    return "Error: " + text

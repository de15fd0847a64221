"""The arguments of a consumer, checked."""

from __future__ import annotations

import datetime
import os
from typing import Any, Callable, Iterable

from ..helpers import normalize_model_parameter, validate_date_format
from .checkpoint import FileStorage, Storage, checked_name, folder
from .names import Names
from .skipped import Skipped


class Settings:
    """
    The arguments of a consumer (see there).

    Raises:
        TypeError: an argument has a wrong type.
        ValueError: an argument has a wrong value.
    """

    def __init__(
        self,
        name: str,
        names: str | Iterable[str] | None,
        project: str | dict | None,
        client: Any,
        checkpoint: str | os.PathLike | Storage | None,
        start: str | datetime.date,
        own: bool,
        on_idle: Callable[[], Any] | None,
        overlap: float,
        settle: float,
        poll: float,
    ) -> None:
        self.name = checked_name(name)
        self.names = None if names is None else Names(names)
        try:
            model = normalize_model_parameter(project)
            self.project: str | None = model["id"] if model else None
        except (KeyError, ValueError):
            raise ValueError(
                "project must be a dict with an id, or an id, not {!r}".format(
                    project
                )
            ) from None
        if not hasattr(client, "host") or hasattr(
            type(client), "_run_composition"
        ):
            raise TypeError(
                "client must be a KitsuClient, also for 'async for'"
            )
        self.client = client
        self.storage, self.base = _storage(self.name, checkpoint)
        self.skipped = Skipped(self.base)
        self.start = _start(start)
        self.own = own
        if on_idle is not None and not callable(on_idle):
            raise TypeError("on_idle cannot be called: {!r}".format(on_idle))
        self.on_idle = on_idle
        self.overlap = checked_number("overlap", overlap)
        self.settle = checked_number("settle", settle)
        self.poll = checked_number("poll", poll)


def checked_number(argument: str, number: Any) -> Any:
    """
    Return a number that is not below 0.

    Raises:
        TypeError: it is no number.
        ValueError: it is below 0 or not finite.
    """
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise TypeError(
            "{} must be a number, not {!r}".format(argument, number)
        )
    if not 0 <= number < float("inf"):
        raise ValueError("{} must not be {!r}".format(argument, number))
    return number


def _storage(
    name: str, checkpoint: str | os.PathLike | Storage | None
) -> tuple[Storage, str]:
    """Return what keeps the checkpoint, and the path of the other files."""
    base = os.path.join(folder(), name)
    if checkpoint is None:
        return FileStorage(base + ".checkpoint"), base
    if isinstance(checkpoint, (str, os.PathLike)):
        path = os.path.abspath(os.fspath(checkpoint))
        return FileStorage(path), path
    for method in ("load", "save"):
        if not callable(getattr(checkpoint, method, None)):
            raise TypeError(
                "checkpoint must be a path, or have the methods load and "
                "save: {!r}".format(checkpoint)
            )
    return checkpoint, base


def _start(start: Any) -> str:
    """Return "now", "beginning" or a date in UTC, to the second."""
    if isinstance(start, datetime.datetime):
        if start.tzinfo is not None:
            start = start.astimezone(datetime.timezone.utc)
        return start.replace(tzinfo=None).isoformat(timespec="seconds")
    if isinstance(start, datetime.date):
        return start.isoformat() + "T00:00:00"
    if not isinstance(start, str):
        raise TypeError("start must be a text or a date: {!r}".format(start))
    if start in ("now", "beginning"):
        return start
    try:
        validate_date_format(start)
    except ValueError:
        raise ValueError(
            "start must be 'now', 'beginning' or a date such as 2026-01-31 or "
            "2026-01-31T12:00:00, not {!r}".format(start)
        ) from None
    form = "%Y-%m-%dT%H:%M:%S" if "T" in start else "%Y-%m-%d"
    return datetime.datetime.strptime(start, form).isoformat(
        timespec="seconds"
    )

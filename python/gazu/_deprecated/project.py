"""Old names of ``gazu.project``."""

from __future__ import annotations

from .. import project as current
from . import by_name, deprecated


@deprecated("gazu.project.all_projects")
def all() -> list[dict]:
    """Return the projects, sorted by name."""
    return current.all_projects()


NAMES = by_name(all)
VALUES: tuple[str, ...] = ()

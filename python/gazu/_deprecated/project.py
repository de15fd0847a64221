"""Old names of ``gazu.project``."""

from __future__ import annotations

from .. import project as today
from . import deprecated, named


@deprecated("gazu.project.all_projects")
def all() -> list[dict]:
    """Return the projects, sorted by name."""
    return today.all_projects()


NAMES = named(all)
VALUES: tuple[str, ...] = ()

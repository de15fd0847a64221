"""Old names of ``gazu.person``."""

from __future__ import annotations

from .. import _core
from .. import client as raw
from .. import person as current
from .._engine.dispatch import run
from ..cache import cache
from . import by_name, deprecated


@deprecated("gazu.person.all_persons")
def all() -> list[dict]:
    """Return the persons, sorted by name."""
    # The last release returned a function object by mistake. Earlier releases
    # returned the persons.
    return current.all_persons()


@deprecated("gazu.person.get_person_by_full_name")
def get_person_by_name(person_name: str) -> dict | None:
    """
    Return the person with a name, or None.

    Args:
        person_name: The first and last name in lower case, such as
            ``john.doe``.

    Raises:
        ValueError: the name does not contain exactly one dot.
    """
    first_name, last_name = person_name.split(".")
    for person in current.all_persons():
        if (
            person["first_name"].lower() == first_name
            and person["last_name"].lower() == last_name
        ):
            return person
    return None


@deprecated("gazu.person.all_persons")
@cache
def get_simple_person_list() -> list[dict]:
    """
    Return the persons with only some of their fields, sorted by name.

    Route: ``GET auth/person-list``
    """
    return run(raw.default_client, _core.old_names.get_simple_person_list())


NAMES = by_name(all, get_person_by_name, get_simple_person_list)
VALUES: tuple[str, ...] = ()

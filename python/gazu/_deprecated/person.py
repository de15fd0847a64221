"""Old names of ``gazu.person``."""

from __future__ import annotations

from .. import _core
from .. import client as raw
from .. import person as today
from .._engine.dispatch import run
from ..cache import cache
from . import deprecated, named


@deprecated("gazu.person.all_persons")
def all() -> list[dict]:
    """Return the persons, sorted by name."""
    # The last release gave the function uncalled; those before, the persons.
    return today.all_persons()


@deprecated("gazu.person.get_person_by_full_name")
def get_person_by_name(person_name: str) -> dict | None:
    """
    Return the person of a name, or None.

    Args:
        person_name: First and last name, in lower case, as ``john.doe``.

    Raises:
        ValueError: there is not exactly one dot in it.
    """
    first_name, last_name = person_name.split(".")
    for person in today.all_persons():
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
    Return the persons with a few of their fields, sorted by name.

    Route: ``GET auth/person-list``
    """
    return run(raw.default_client, _core.old_names.get_simple_person_list())


NAMES = named(all, get_person_by_name, get_simple_person_list)
VALUES: tuple[str, ...] = ()

"""Persons in the official examples, on a real server."""

from __future__ import annotations

import gazu
import pytest
from seed_server import Held, ids


@pytest.fixture(scope="module")
def held(zou, production, admin):
    return Held(zou)


@pytest.fixture(scope="module", autouse=True)
def john(held):
    return held.post(
        "data/persons",
        {
            "first_name": "John",
            "last_name": "Doe",
            "email": "john.doe@example.com",
            "desktop_login": "john.doe",
            "role": "user",
            "active": True,
            "password": "johnspassword",
        },
    )


def test_all_persons(held, production, john, zou):
    persons = gazu.person.all_persons()
    assert {person["email"] for person in persons} == {
        zou.admin_email,
        production.artist_email,
        "john.doe@example.com",
    }
    assert sorted(ids(persons)) == sorted(ids(held.get("data/persons")))


def test_get_person_by_full_name(held, john):
    person = gazu.person.get_person_by_full_name("John Doe")
    assert person["id"] == john["id"]
    assert person["email"] == held.get("data/persons/" + person["id"])["email"]
    assert gazu.person.get_person_by_full_name("John Doa") is None


def test_get_person_by_desktop_login(held, john):
    person = gazu.person.get_person_by_desktop_login("john.doe")
    assert person["id"] == john["id"]
    assert (
        held.get("data/persons/" + person["id"])["desktop_login"] == "john.doe"
    )
    assert gazu.person.get_person_by_desktop_login("john.doa") is None

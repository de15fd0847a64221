"""Persons in the official examples, on a real server."""

from __future__ import annotations

import gazu
import pytest

from ..scenarios.records import ServerRecords, ids


@pytest.fixture(scope="module")
def records(zou, production, admin):
    return ServerRecords(zou)


@pytest.fixture(scope="module", autouse=True)
def john(records):
    return records.post(
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


def test_all_persons(records, production, john, zou):
    persons = gazu.person.all_persons()
    assert {person["email"] for person in persons} == {
        zou.admin_email,
        production.artist_email,
        "john.doe@example.com",
    }
    assert sorted(ids(persons)) == sorted(ids(records.get("data/persons")))


def test_get_person_by_full_name(records, john):
    person = gazu.person.get_person_by_full_name("John Doe")
    assert person["id"] == john["id"]
    assert (
        person["email"] == records.get("data/persons/" + person["id"])["email"]
    )
    assert gazu.person.get_person_by_full_name("John Doa") is None


def test_get_person_by_desktop_login(records, john):
    person = gazu.person.get_person_by_desktop_login("john.doe")
    assert person["id"] == john["id"]
    assert (
        records.get("data/persons/" + person["id"])["desktop_login"]
        == "john.doe"
    )
    assert gazu.person.get_person_by_desktop_login("john.doa") is None

"""``gazu.person``: what the parity tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

PERSON = "a24a6ea4-ce75-4665-a070-57453082c256"
DEPARTMENT = "a24a6ea4-ce75-4665-a070-57453082c201"
OTHER = "a24a6ea4-ce75-4665-a070-57453082c202"


@pytest.mark.parametrize(
    "route, name",
    [
        ("persons", "all_persons"),
        ("departments", "all_departments"),
        ("organisations", "all_organisations"),
    ],
)
def test_lists_are_sorted_by_name(server, default, route, name):
    """Models without a name keep the order of the server."""
    named = [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}]
    server.on("GET", "data/" + route, named, [{"id": "2"}, {"id": "1"}])
    assert [m["id"] for m in getattr(gazu.person, name)()] == ["1", "2"]
    assert [m["id"] for m in getattr(gazu.person, name)()] == ["2", "1"]


class TestFinding:
    def test_a_missing_person_is_none(self, server, default):
        server.on("GET", "data/persons", [])
        assert gazu.person.get_person(PERSON) is None
        assert gazu.person.get_person_by_email("ann@example.com") is None

    def test_first_and_last_name_replace_the_full_name(self, server, default):
        server.on("GET", "data/persons", [{"id": PERSON}])
        gazu.person.get_person_by_full_name("x", "Ann", "Lee")
        assert ("full_name", "x") not in server.last.params
        assert server.last.params[:2] == [
            ("first_name", "Ann"),
            ("last_name", "Lee"),
        ]
        gazu.person.get_person_by_full_name("Ann Lee", "Ann")
        assert server.last.params[0] == ("full_name", "Ann Lee")

    def test_an_email_address_is_escaped(self, server, default):
        server.on("GET", "data/persons", [])
        gazu.person.get_person_by_email("ann+film@example.com")
        assert server.last.params[0] == ("email", "ann+film@example.com")
        assert "ann%2Bfilm%40example.com" in server.last.query


def test_the_url_needs_no_request(server, default):
    assert gazu.person.get_person_url({"id": PERSON}) == (
        "%s/people/%s/" % (server.url, PERSON)
    )
    assert server.requests == []


class TestCreation:
    def test_an_existing_person_is_returned(self, server, default):
        server.on("GET", "data/persons", [{"id": PERSON}])
        found = gazu.person.new_person("Ann", "Lee", "ann@example.com")
        assert found == {"id": PERSON}
        assert [method for method, _ in server.lines] == ["GET"]

    def test_a_missing_person_is_created(self, server, default):
        server.on("GET", "data/persons", [])
        departments = [{"id": DEPARTMENT, "name": "Layout"}, OTHER]
        gazu.person.new_person(
            "Ann", "Lee", "ann@example.com", departments=departments
        )
        assert [method for method, _ in server.lines] == ["GET", "POST"]
        assert server.last.json()["departments"] == [DEPARTMENT, OTHER]
        assert departments == [{"id": DEPARTMENT, "name": "Layout"}, OTHER]

    def test_a_department_is_created_once(self, server, default, monkeypatch):
        monkeypatch.setattr(
            gazu.person, "get_department_by_name", lambda *_, **__: "found"
        )
        assert gazu.person.new_department("Layout") == "found"
        assert server.requests == []


class TestUpdate:
    def test_departments_are_sent_as_ids(self, server, default):
        person = {
            "id": PERSON,
            "departments": [{"id": DEPARTMENT}, OTHER],
        }
        gazu.person.update_person(person)
        assert server.last.json()["departments"] == [DEPARTMENT, OTHER]

    def test_the_callers_dict_is_not_changed(self, server, default):
        departments = [{"id": DEPARTMENT, "name": "Layout"}]
        person = {"id": PERSON, "departments": departments}
        gazu.person.update_person(person)
        assert person["departments"] is departments

    def test_invalid_arguments_raise(self, server, default):
        with pytest.raises(KeyError):
            gazu.person.update_person({"departments": []})
        with pytest.raises(KeyError):
            gazu.person.update_person(
                {"id": PERSON, "departments": [{"name": "Layout"}]}
            )
        assert server.requests == []

    def test_bots_are_changed_by_the_functions_of_persons(
        self, server, default, monkeypatch
    ):
        for name in ("update_person", "remove_person"):
            monkeypatch.setattr(
                gazu.person, name, lambda *args, **kwargs: (args, kwargs)
            )
        bot = {"id": PERSON}
        client = {"client": default}
        assert gazu.person.update_bot(bot) == ((bot,), client)
        assert gazu.person.remove_bot(bot, True) == (
            (bot,),
            dict(client, force=True),
        )
        assert server.requests == []


@pytest.mark.beyond
def test_a_password_is_not_shown(server, default, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("no network")

    monkeypatch.setattr(gazu.person, "get_person_by_email", fail)
    with pytest.raises(RuntimeError) as caught:
        gazu.person.new_person(
            "Ann", "Lee", "ann@example.com", password="topsecret"
        )
    shown = str(caught.getrepr(showlocals=False, style="native"))
    assert "topsecret" not in shown.replace('password="topsecret"', "")
    frame = caught.tb
    while frame is not None:
        if frame.tb_frame.f_globals.get("__name__", "").startswith("gazu"):
            assert "topsecret" not in repr(frame.tb_frame.f_locals)
        frame = frame.tb_next


def test_a_missing_picture_raises(server, default, tmp_path):
    with pytest.raises(FileNotFoundError):
        gazu.person.set_avatar(PERSON, str(tmp_path / "none.png"))
    assert server.requests == []

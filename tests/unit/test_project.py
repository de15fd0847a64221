"""``gazu.project``: what the parity tests of single requests do not show."""

from __future__ import annotations

import gazu
import pytest

PROJECT = "a24a6ea4-ce75-4665-a070-57453082c256"
PERSON = "a24a6ea4-ce75-4665-a070-57453082c201"
OTHER = "a24a6ea4-ce75-4665-a070-57453082c202"
PATH = "data/projects/" + PROJECT


def test_projects_are_sorted_by_name(server, default):
    projects = [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}]
    for path, read in (
        ("data/projects", gazu.project.all_projects),
        ("data/projects/open", gazu.project.all_open_projects),
        ("data/project-status", gazu.project.all_project_status),
    ):
        server.on("GET", path, projects)
        assert [project["id"] for project in read()] == ["1", "2"]


def test_the_url_needs_no_request(server, default):
    assert gazu.project.get_project_url(PROJECT, "shots") == (
        "%s/productions/%s/shots/" % (server.url, PROJECT)
    )
    assert server.requests == []


class TestNewProject:
    def test_an_existing_project_is_returned(self, server, default):
        server.on("GET", "data/projects", [{"id": PROJECT}])
        assert gazu.project.new_project("Caminandes") == {"id": PROJECT}
        assert [method for method, _ in server.lines] == ["GET"]

    def test_a_missing_project_is_created(self, server, default):
        server.on("GET", "data/projects", [])
        team = [{"id": PERSON, "full_name": "Ann"}, OTHER]
        gazu.project.new_project("Caminandes", team=team)
        assert [method for method, _ in server.lines] == ["GET", "POST"]
        assert server.last.json()["team"] == [PERSON, OTHER]
        assert team == [{"id": PERSON, "full_name": "Ann"}, OTHER]

    def test_default_lists_are_new_each_time(self, server, default):
        server.on("GET", "data/projects", [])
        for _ in range(2):
            gazu.project.new_project("Caminandes")
            assert server.last.json()["team"] == []


class TestUpdate:
    def test_links_become_ids_in_the_dict(self, server, default):
        """Scripts read the ids afterwards, as with upstream."""
        project = {"id": PROJECT, "team": [{"id": PERSON}, OTHER]}
        gazu.project.update_project(project)
        assert server.last.json()["team"] == [PERSON, OTHER]
        assert project["team"] == [PERSON, OTHER]

    def test_a_link_without_an_id_raises(self, server, default):
        with pytest.raises(KeyError):
            gazu.project.update_project({"id": PROJECT, "team": [{}]})
        assert server.requests == []

    def test_existing_data_is_kept(self, server, default):
        server.on("GET", PATH, {"id": PROJECT, "data": {"a": 1, "b": 1}})
        data = {"b": 2}
        gazu.project.update_project_data(PROJECT, data)
        assert server.last.json()["data"] == {"a": 1, "b": 2}
        assert data == {"b": 2}

    @pytest.mark.parametrize(
        "project", [{"id": PROJECT}, {"id": PROJECT, "data": None}]
    )
    def test_missing_data_is_created(self, server, default, project):
        server.on("GET", PATH, project)
        gazu.project.update_project_data({"id": PROJECT})
        assert server.last.json() == {"id": PROJECT, "data": {}}

    def test_the_data_is_not_read_from_the_cache(self, server, default):
        gazu.cache.enable()
        server.on(
            "GET",
            PATH,
            {"id": PROJECT, "data": {}},
            {"id": PROJECT, "data": {"theirs": 1}},
        )
        gazu.project.get_project(PROJECT)
        gazu.project.update_project_data(PROJECT, {"mine": 2})
        assert server.last.json()["data"] == {"theirs": 1, "mine": 2}

    def test_departments_of_a_descriptor_become_ids(self, server, default):
        descriptor = {"id": OTHER, "departments": [{"id": PERSON}]}
        gazu.project.update_metadata_descriptor(PROJECT, descriptor)
        assert server.last.json()["departments"] == [PERSON]
        assert descriptor["departments"] == [PERSON]


STATUSES = [
    {"id": "open", "name": "Open"},
    {"id": "over", "name": "CLOSED"},
]


class TestClosing:
    def test_the_dict_has_the_status(self, server, default):
        server.on("GET", "data/project-status", STATUSES)
        project = {"id": PROJECT, "name": "Caminandes"}
        assert gazu.project.close_project(project) is project
        assert project["project_status_id"] == "over"
        assert server.last.json() == project

    def test_a_project_may_be_an_id(self, server, default):
        server.on("GET", "data/project-status", STATUSES)
        assert gazu.project.close_project(PROJECT) == {
            "id": PROJECT,
            "project_status_id": "over",
        }

    def test_patched_functions_are_called(self, server, default, monkeypatch):
        saved = []
        monkeypatch.setattr(
            gazu.project, "all_project_status", lambda client: STATUSES
        )
        monkeypatch.setattr(
            gazu.project,
            "update_project",
            lambda project, client: saved.append(project),
        )
        project = gazu.project.close_project(PROJECT)
        assert saved == [project]
        assert server.requests == []

    def test_a_server_without_a_closed_status_raises(self, server, default):
        server.on("GET", "data/project-status", STATUSES[:1])
        with pytest.raises(ValueError, match="closed"):
            gazu.project.close_project(PROJECT)
        assert [method for method, _ in server.lines] == ["GET"]


def test_descriptors_may_be_of_one_entity_type(server, default):
    descriptors = [
        {"id": "1", "entity_type": "Shot"},
        {"id": "2", "entity_type": "Asset"},
        {"id": "3"},
    ]
    server.on("GET", PATH + "/metadata-descriptors", descriptors)
    read = gazu.project.all_metadata_descriptors
    assert read(PROJECT) == descriptors
    assert read(PROJECT, entity_type="Asset") == [descriptors[1]]
    assert [target for _, target in server.lines] == [
        "/api/%s/metadata-descriptors" % PATH
    ] * 2


def test_force_is_sent_when_true(server, default):
    gazu.project.remove_project(PROJECT, force=True)
    assert server.last.method == "DELETE"
    assert server.last.query.lower() == "force=true"

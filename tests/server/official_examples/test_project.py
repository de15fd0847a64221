"""Projects in the official examples, on a real server."""

from __future__ import annotations

import gazu
import pytest

from ..scenarios.records import ServerRecords, ids, names


@pytest.fixture(scope="module")
def records(zou, production, admin):
    return ServerRecords(zou)


@pytest.fixture(scope="module", autouse=True)
def closed(records, production):
    """A project that is closed."""
    project = records.post(
        "data/projects", {"name": "Big Buck Bunny", "production_type": "short"}
    )
    return records.close_project(project)


@pytest.fixture
def agent_327(records):
    project = records.post(
        "data/projects", {"name": "Agent 327", "production_type": "short"}
    )
    yield project
    records.remove_project(project)


def test_all_projects(records, production, closed):
    projects = gazu.project.all_projects()
    assert names(projects) == ["Big Buck Bunny", "Caminandes"]
    assert ids(projects) == [closed["id"], production.project["id"]]
    assert projects == sorted(
        records.get("data/projects"), key=lambda project: project["name"]
    )


def test_all_open_projects(records, production, agent_327):
    projects = gazu.project.all_open_projects()
    assert ids(projects) == [agent_327["id"], production.project["id"]]
    assert projects == sorted(
        records.get("data/projects/open"), key=lambda project: project["name"]
    )


def test_get_project(records, production):
    project_id = production.project["id"]
    project = gazu.project.get_project(project_id)
    assert project["name"] == "Caminandes"
    assert project == records.get("data/projects/" + project_id)


def test_get_project_by_name_caminandes(records, production):
    project = gazu.project.get_project_by_name("Caminandes")
    assert project["id"] == production.project["id"]
    assert project == records.get("data/projects?name=Caminandes")[0]


def test_get_project_by_name_agent_327(records, agent_327):
    project = gazu.project.get_project_by_name("Agent 327")
    assert project["id"] == agent_327["id"]
    assert project == records.get("data/projects?name=Agent%20327")[0]


def test_get_project_by_name_of_no_project():
    assert gazu.project.get_project_by_name("Agent 328") is None


def test_new_project(records):
    assert records.get("data/projects?name=Agent%20327") == []
    project = gazu.project.new_project("Agent 327")
    try:
        stored = records.get("data/projects?name=Agent%20327")
        assert ids(stored) == [project["id"]]
        assert stored[0]["production_type"] == "short"
        assert stored[0]["production_style"] == "2d3d"
        status = records.get(
            "data/project-status/" + stored[0]["project_status_id"]
        )
        assert status["name"] == "Open"
        assert project["id"] in ids(records.get("data/projects/open"))

        # A second call finds the project instead of creating another.
        assert gazu.project.new_project("Agent 327")["id"] == project["id"]
        assert len(records.get("data/projects?name=Agent%20327")) == 1
    finally:
        records.remove_project(project)

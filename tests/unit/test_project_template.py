"""``gazu.project_template``: what the parity tests of single requests do not show."""

from __future__ import annotations

import inspect

import gazu
import pytest

TEMPLATE = "a24a6ea4-ce75-4665-a070-57453082c256"
OTHER = "a24a6ea4-ce75-4665-a070-57453082c201"
PATH = "data/project-templates/" + TEMPLATE


def test_templates_are_sorted_by_name(server, default):
    server.on(
        "GET",
        "data/project-templates",
        [{"id": "2", "name": "b"}, {"id": "1", "name": "A"}],
    )
    found = gazu.project_template.all_project_templates()
    assert [template["id"] for template in found] == ["1", "2"]


def test_a_template_is_created_each_time(server, default):
    """An existing template of the same name is not returned, unlike a project."""
    for _ in range(2):
        gazu.project_template.new_project_template("Series")
    assert [method for method, _ in server.lines] == ["POST", "POST"]


def test_omitted_arguments_are_not_sent(server, default):
    gazu.project_template.new_project_template("Series", fps="24")
    sent = server.last.json()
    assert sent["fps"] == "24"
    assert "ratio" not in sent and "production_type" not in sent


ADDERS = sorted(
    name
    for name, function in inspect.getmembers(
        gazu.project_template, inspect.isfunction
    )
    if name.startswith("add_")
)


def test_the_functions_that_add_are_found():
    assert len(ADDERS) == 5


@pytest.mark.parametrize("name", ADDERS)
def test_dicts_and_ids_send_the_same(server, default, name):
    function = getattr(gazu.project_template, name)
    function({"id": TEMPLATE, "name": "Series"}, {"id": OTHER, "name": "x"})
    function(TEMPLATE, OTHER)
    first, second = server.requests
    assert (first.line, first.json()) == (second.line, second.json())
    assert OTHER in first.json().values()


@pytest.mark.parametrize("name", ADDERS)
def test_invalid_arguments_raise(server, default, name):
    function = getattr(gazu.project_template, name)
    with pytest.raises(ValueError):
        function(TEMPLATE, "Modeling")
    with pytest.raises(KeyError):
        function({"name": "Series"}, OTHER)
    assert server.requests == []


def test_descriptors_are_sent_as_given(server, default):
    descriptors = [{"name": "Difficulty", "choices": ["é", 1, None]}]
    gazu.project_template.set_project_template_metadata_descriptors(
        TEMPLATE, descriptors
    )
    assert server.last.json() == {"metadata_descriptors": descriptors}
    assert descriptors == [{"name": "Difficulty", "choices": ["é", 1, None]}]


def test_links_are_cached_by_template(server, default):
    gazu.cache.enable()
    read = gazu.project_template.all_task_types_for_project_template
    server.on("GET", PATH + "/task-types", [{"id": OTHER}])
    server.on("GET", "data/project-templates/%s/task-types" % OTHER, [])
    for _ in range(2):
        assert read(TEMPLATE) == [{"id": OTHER}]
    assert read(OTHER) == []
    assert len(server.requests) == 2
    gazu.project_template.add_task_type_to_project_template(TEMPLATE, OTHER)
    # Functions that add do not clear the cache of those that read, as in upstream.
    assert read(TEMPLATE) == [{"id": OTHER}]
    assert len(server.requests) == 3

"""``gazu.context``: each function calls the module of the user or of the project."""

from __future__ import annotations

import inspect

import gazu
import pytest

ID = "a24a6ea4-ce75-4665-a070-57453082c256"

# Each function, the function that it calls for the user, and the one otherwise.
BY_CONTEXT = [
    ("all_open_projects", "user.all_open_projects", "project"),
    (
        "all_asset_types_for_project",
        "user.all_asset_types_for_project",
        "asset",
    ),
    (
        "all_assets_for_asset_type_and_project",
        "user.all_assets_for_asset_type_and_project",
        "asset.all_assets_for_project_and_type",
    ),
    ("all_task_types_for_asset", "user.all_task_types_for_asset", "task"),
    ("all_task_types_for_shot", "user.all_task_types_for_shot", "task"),
    ("all_task_types_for_scene", "user.all_task_types_for_scene", "task"),
    (
        "all_task_types_for_sequence",
        "user.all_task_types_for_sequence",
        "task",
    ),
    ("all_sequences_for_project", "user.all_sequences_for_project", "shot"),
    ("all_shots_for_sequence", "user.all_shots_for_sequence", "shot"),
    ("all_scenes_for_sequence", "user.all_scenes_for_sequence", "scene"),
    ("all_episodes_for_project", "user.all_episodes_for_project", "shot"),
]


def replace(monkeypatch, place, name):
    """Replace ``module`` or ``module.function`` by a function that returns its arguments."""
    module, _, function = place.partition(".")
    monkeypatch.setattr(
        getattr(gazu, module),
        function or name,
        lambda *args, **kwargs: (place, args, kwargs),
    )


@pytest.mark.parametrize(
    "name, users, everyones", BY_CONTEXT, ids=[row[0] for row in BY_CONTEXT]
)
def test_the_context_decides_which_function_is_called(
    server, default, monkeypatch, name, users, everyones
):
    replace(monkeypatch, users, name)
    replace(monkeypatch, everyones, name)
    function = getattr(gazu.context, name)
    needed = [
        one
        for one in inspect.signature(function).parameters.values()
        if one.default is one.empty
    ]
    models = (ID,) * len(needed)
    client = {"client": default}
    assert function(*models) == (everyones, models, client)
    assert function(*models, user_context=True) == (users, models, client)
    assert server.requests == []


def test_every_function_with_a_context_is_known():
    found = {
        name
        for name, function in inspect.getmembers(
            gazu.context, inspect.isfunction
        )
        if function.__module__ == "gazu.context"
        and "user_context" in inspect.signature(function).parameters
    }
    assert found == {row[0] for row in BY_CONTEXT}


@pytest.mark.parametrize(
    "name, place",
    [
        ("all_assets_for_project", "asset"),
        ("all_scenes_for_project", "scene.all_scenes"),
        ("all_sequences_for_episode", "shot"),
    ],
)
def test_functions_without_a_users_version_ignore_the_context(
    server, default, monkeypatch, name, place
):
    replace(monkeypatch, place, name)
    found = getattr(gazu.context, name)(ID)
    assert found == (place, (ID,), {"client": default})
    assert server.requests == []


def test_another_client_is_passed_on(server, client):
    gazu.context.all_open_projects(user_context=True, client=client)
    gazu.context.all_open_projects(client=client)
    assert server.lines == [
        ("GET", "/api/data/user/projects/open"),
        ("GET", "/api/data/projects/open"),
    ]

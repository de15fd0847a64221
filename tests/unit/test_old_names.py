"""Names of earlier releases, and misspelt ones."""

from __future__ import annotations

import importlib
import inspect
import pickle
import pkgutil
from unittest import mock

import gazu
import pytest
from gazu import _deprecated
from gazu._engine import lazy

FUNCTIONS = [
    (table, name)
    for table in _deprecated.tables()
    for name in table.NAMES
    if name not in table.VALUES
]
ENTITY = {"id": "a24a6ea4-ce75-4665-a070-57453082c256"}
TYPE = {"id": "a24a6ea4-ce75-4665-a070-57453082c201"}


def test_all_old_names_exist():
    assert len(FUNCTIONS) == 63
    assert sorted(_deprecated.table("client").VALUES) == [
        "requests_session",
        "tokens",
    ]


def test_freezing_tools_find_all_old_names():
    listed = lazy.imported_by(gazu._modules_of_old_names)
    files = pkgutil.iter_modules(_deprecated.__path__)
    with_names = [
        file.name
        for file in files
        if hasattr(
            importlib.import_module("gazu._deprecated." + file.name), "NAMES"
        )
    ]
    assert sorted(listed) == sorted(with_names)
    assert [table.__name__ for table in _deprecated.tables()] == [
        "gazu._deprecated." + name for name in listed
    ]


@pytest.mark.parametrize(("table", "name"), FUNCTIONS)
def test_an_old_name_belongs_to_its_public_module(table, name):
    short_name = table.__name__.rpartition(".")[2]
    public = "gazu" if short_name == "package" else "gazu." + short_name
    module = importlib.import_module(public)
    function = getattr(module, name)
    assert function.__module__ == public
    assert pickle.loads(pickle.dumps(function)) is function
    assert name not in dir(module)


def test_an_old_function_sends_its_request_and_warns(server, default):
    from gazu.task import get_task_by_name

    assert list(inspect.signature(get_task_by_name).parameters) == [
        "entity",
        "task_type",
        "name",
        "client",
    ]
    server.on("GET", "data/tasks", [{"id": "1"}])
    for _ in range(2):
        with pytest.warns(
            DeprecationWarning, match=r"gazu\.task\.get_task_by_entity"
        ):
            assert get_task_by_name(ENTITY, TYPE) == {"id": "1"}
    assert server.last.params == [
        ("name", "main"),
        ("task_type_id", TYPE["id"]),
        ("entity_id", ENTITY["id"]),
    ]


def test_an_old_function_can_be_patched():
    before = gazu.task.get_task_by_name
    with mock.patch("gazu.task.get_task_by_name") as patched:
        assert gazu.task.get_task_by_name is patched
    assert gazu.task.get_task_by_name is before


def test_old_values_warn(default):
    with pytest.warns(DeprecationWarning, match="default_client.tokens"):
        assert gazu.client.tokens is default.tokens
    with pytest.warns(DeprecationWarning, match="default_client.session"):
        assert gazu.client.requests_session is default.session

"""``gazu.types``: classes for type checkers, which are plain dicts at run time."""

from __future__ import annotations

import importlib
import inspect
import re
import typing

import pytest
from gazu import types

CLASSES = {
    name: value
    for name, value in vars(types).items()
    if inspect.isclass(value) and value.__module__ == types.__name__
}
CLASSES.pop("TypedDict", None)

MODULES = (
    *("asset", "casting", "client", "concept", "context", "edit", "entity"),
    *("files", "person", "playlist", "project", "project_template", "scene"),
    *("search", "shot", "studio", "sync", "task", "user"),
)


def test_there_are_many():
    assert len(CLASSES) > 50


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_makes_a_plain_dict(name):
    made = CLASSES[name](id="1", anything=2)
    assert type(made) is dict
    assert made == {"id": "1", "anything": 2}


@pytest.mark.parametrize(
    "name", sorted(name for name in CLASSES if not name.startswith("_"))
)
def test_says_what_it_is(name):
    assert (CLASSES[name].__doc__ or "").strip().endswith((".", "``"))


def test_is_not_loaded_with_the_package(python):
    python(
        """
        import sys
        import gazu
        gazu.task.all_tasks_for_shot
        assert "gazu.types" not in sys.modules
        """
    )


def test_needs_nothing_that_is_not_there(python):
    """typing_extensions is for type checkers alone."""
    python(
        """
        import sys
        sys.modules["typing_extensions"] = None
        from gazu.types import Asset
        assert Asset(id="1") == {"id": "1"}
        """
    )


def documented_results(module):
    """Yield the functions of a module, and the type in their docstrings."""
    loaded = importlib.import_module("gazu." + module)
    for name, function in inspect.getmembers(loaded, inspect.isfunction):
        if function.__module__ != loaded.__name__ or name.startswith("_"):
            continue
        found = re.search(
            r"^Returns:\n    (.+?): ", inspect.getdoc(function) or "", re.M
        )
        if found:
            yield name, found.group(1)


@pytest.mark.parametrize("module", MODULES)
def test_results_are_of_classes_that_exist(module):
    """What a docstring names is in this module, or is Python's own."""
    # "Literal" is in the typing of later Pythons.
    known = {*CLASSES, *dir(typing), "Literal", "Response", "None"}
    results = dict(documented_results(module))
    assert results
    unknown = {
        (name, word)
        for name, text in results.items()
        for word in re.findall(r"\b[A-Z]\w+", re.sub(r"'[^']*'", "", text))
        if word not in known
    }
    assert unknown == set()

"""``gazu.types``: classes for type checkers, whose instances are plain dicts."""

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
    *("auth", "budget", "chat", "csv", "custom_action", "department"),
    *("hardware", "metadata", "news", "plugin", "preview"),
    *("preview_background", "schedule", "server", "status_automation"),
    "time_spent",
)


def test_there_are_many_classes():
    assert len(CLASSES) > 50


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_a_class_makes_a_plain_dict(name):
    made = CLASSES[name](id="1", anything=2)
    assert type(made) is dict
    assert made == {"id": "1", "anything": 2}


@pytest.mark.parametrize(
    "name", sorted(name for name in CLASSES if not name.startswith("_"))
)
def test_a_class_has_a_docstring(name):
    assert (CLASSES[name].__doc__ or "").strip().endswith((".", "``"))


def test_the_package_does_not_import_it(python):
    python(
        """
        import sys
        import gazu
        gazu.task.all_tasks_for_shot
        assert "gazu.types" not in sys.modules
        """
    )


def test_it_needs_no_other_library(python):
    """Only type checkers need typing_extensions."""
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
def test_docstrings_name_existing_classes(module):
    """The classes are in ``gazu.types`` or in Python."""
    # Python 3.8 and later have "Literal".
    known = {*CLASSES, *dir(typing), "Literal", "Response", "None"}
    known.add("KitsuClient")
    results = dict(documented_results(module))
    assert results
    unknown = {
        (name, word)
        for name, text in results.items()
        for word in re.findall(r"\b[A-Z]\w+", re.sub(r"'[^']*'", "", text))
        if word not in known
    }
    assert unknown == set()

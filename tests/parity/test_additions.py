"""The functions that upstream does not have are marked, checked and awaited like all others."""

import json

import pytest

from ..additions import additions, marked
from . import compare_surface, plan
from .compare import _walk, title
from .test_awaited import _comparable
from .test_routes import PUBLIC, check_docstring

NAMES = sorted(additions())
#: What a caller may pass in place of a model by mistake.
BAD_MODELS = ("None", "int", "dict without id", "object", "wrong id")


def test_the_marks_are_right(comparison, added):
    """A function that upstream has is not marked, and one that it does not have is."""
    upstream = set(compare_surface.public(comparison.surfaces["upstream"]))
    assert not marked() & upstream
    without = {
        name
        for name in compare_surface.public(added.surface)
        if name not in upstream and sends(name)
    }
    assert without - marked() == set()


def sends(name):
    """Return whether a function names a route."""
    module, _, function = name.rpartition(".")
    found = PUBLIC.get((module or "_package", function))
    return found is not None and bool(found.routes)


@pytest.mark.parametrize("name", NAMES)
def test_docstrings_name_the_requests_that_are_sent(added, name):
    module, _, function = name.rpartition(".")
    calls = [(call, ours) for call, ours, _ in added.by_function[name]]
    check_docstring(name, PUBLIC[module, function], calls)


@pytest.mark.parametrize("name", NAMES)
def test_a_usual_call_raises_nothing(added, name):
    wrong = [
        (call["variant"], record["error"]["text"])
        for call, line, _ in added.by_function[name]
        for record in [json.loads(line)]
        if call["variant"] in ("ids", "dicts", "all", "positional", "client")
        and "error" in record
    ]
    assert not wrong


@pytest.mark.parametrize("name", NAMES)
def test_a_bad_model_raises_before_anything_is_sent(added, name):
    module, _, function = name.rpartition(".")
    parameters = added.surface[module][function]["parameters"]
    models = [
        p["name"]
        for p in parameters
        if plan.model_name(p) and "default" not in p
    ]
    wrong = []
    for call, line, _ in added.by_function[name]:
        bad, _, kind = call["variant"].partition(" is ")
        if bad.replace("bad: ", "") not in models or kind not in BAD_MODELS:
            continue
        record = json.loads(line)
        if record.get("requests") or record.get("error", {}).get(
            "raised"
        ) not in ("TypeError", "ValueError", "KeyError"):
            wrong.append((call["variant"], record))
    assert not wrong


@pytest.mark.parametrize("name", NAMES)
def test_an_awaited_call_is_like_the_blocking_one(added, name):
    lines = []
    for call, blocking, awaited in added.by_function[name]:
        if awaited is None:
            continue
        found = []
        records = _comparable(blocking), _comparable(awaited)
        _walk("", records[0], records[1], found)
        lines += ["%s\n      %s" % (title(call), line) for line in found[:3]]
    assert not lines, "\n".join(lines[:12])

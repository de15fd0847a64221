"""Docstrings and comments name the requests that are sent."""

from __future__ import annotations

import json
import re

import gazu
import pytest

from . import plan, routes

pytestmark = pytest.mark.skipif(
    not routes.API.is_dir(), reason="only the wheel is here"
)

CORE = routes.core() if routes.API.is_dir() else {}
PUBLIC = routes.functions(
    [
        *sorted(routes.PACKAGE.glob("[a-z]*.py")),
        routes.PACKAGE / "_package.py",
    ]
)
OLD = routes.functions(
    sorted((routes.PACKAGE / "_deprecated").glob("[a-z]*.py"))
)
#: The calls of a row that differ in their arguments only.
PLAIN = re.compile("(ids|dicts|all|positional)$|only ")
#: The callers of these choose the routes, or the routes are too many for a line.
WITHOUT_ROUTES = ("aio", "client", "helpers", "sync")


def described():
    """Return the functions whose rows send requests, by their public names."""
    found = {}
    for name, row in plan.load_rows().items():
        module, _, function = name.rpartition(".")
        key = (module or "_package", function)
        if key in PUBLIC and not row.silent and not row.scenario:
            found[name] = PUBLIC[key]
    return found


DESCRIBED = described()
ROWS = {name: found for name, found in DESCRIBED.items() if found.routes}


def made_by(function):
    """Return the requests of a core function, with all arguments and with the fewest."""
    texts = {
        name: "0000{:04d}-0000-4000-8000-000000000000".format(number)
        for number, name in enumerate(function.arguments)
    }
    built = getattr(getattr(gazu._core, function.module), function.name)
    found = []
    for is_full in (True, False):
        values = []
        for name, kind in function.arguments.items():
            outer, _, inner = kind.rstrip(">").partition("<")
            if outer in ("Option", "Filter"):
                values.append(
                    value_of(inner, texts[name]) if is_full else None
                )
            else:
                values.append(value_of(kind, texts[name]))
        found.append(built(*values))
    return texts, found


def value_of(kind, text):
    if kind in ("Models", "Links"):
        return [text]
    if kind in ("Dict", "Record", "InProject"):
        return {"id": text, "project_id": text}
    if kind.startswith("Vec<"):
        return []
    if kind in ("bool", "Flag"):
        return True
    return text


def sent_as(request):
    path, _, query = request.route_and_query.partition("?")
    names = [pair.partition("=")[0] for pair in query.split("&")]
    return request.method, path.strip("/"), names


def test_each_function_of_the_core_is_checked():
    exported = {
        (module, name)
        for module, _ in CORE
        for name in vars(getattr(gazu._core, module))
        if not name.startswith("_")
    }
    assert set(CORE) == exported


@pytest.mark.parametrize("module", sorted({module for module, _ in CORE}))
def test_the_core_sends_the_routes_of_its_comments(module):
    """If an argument has a name in braces, the name stands for that argument only."""
    wrong = []
    for function in CORE.values():
        if function.module != module:
            continue
        texts, made = made_by(function)
        for request in made:
            method, path, names = sent_as(request)
            if not any(
                routes.matches(route, method, path, names, texts)
                for route in function.routes
            ):
                wrong.append((function.name, method, path, function.routes))
        for route in function.routes:
            if not any(
                routes.matches(route, *sent_as(request), values=texts)
                for request in made
            ):
                wrong.append((function.name, "never sends", route))
    assert not wrong


@pytest.mark.parametrize("where", ["public", "old"])
def test_docstrings_repeat_the_routes_of_the_comments(where):
    """A docstring repeats the routes of the core functions that the function uses.

    Only the names in braces may differ.
    """
    wrong = []
    functions = PUBLIC if where == "public" else OLD
    for (module, name), function in functions.items():
        if name.startswith("_"):
            continue
        named = {routes.plain(route) for route in function.routes}
        for key in function.core:
            wrong += [
                (module, name, route)
                for route in CORE[key].routes
                if routes.plain(route) not in named
            ]
    assert not wrong


def test_docstrings_have_routes():
    missing = [
        name
        for name in sorted(set(DESCRIBED) - set(ROWS))
        if name.partition(".")[0] not in WITHOUT_ROUTES
    ]
    assert not missing


@pytest.mark.parametrize("name", sorted(ROWS))
def test_docstrings_name_the_requests_that_are_sent(comparison, name):
    """A docstring names all requests of the row's calls, and some call sends each of them.

    A request may depend on an earlier answer. A function in the text stands for its
    routes.
    """
    calls = [(call, ours) for call, _, ours in comparison.by_function[name]]
    check_docstring(name, ROWS[name], calls)


def check_docstring(name, function, calls):
    """Fail if the routes of a docstring are not those of the calls' records."""
    named = function.routes + [
        route
        for other in function.mentioned
        for (module, known), described in PUBLIC.items()
        if known == other and module == name.split(".")[0]
        for route in described.routes
    ]
    sent, plainly = set(), set()
    for call, ours in calls:
        for request in json.loads(ours or "{}").get("requests", []):
            path, _, query = request["target"].partition("?")
            names = tuple(pair.partition("=")[0] for pair in query.split("&"))
            below = re.match("/api(?:/(.*)|$)", path)
            if not below:
                # An argument has the URL of a file on the web.
                continue
            path = (below.group(1) or "").strip("/")
            sent.add((request["method"], path, names))
            if PLAIN.match(call.get("variant", "")):
                plainly.add((request["method"], path, names))
    assert plainly, "no call sends anything"
    unnamed = [
        request
        for request in sorted(plainly)
        if not any(routes.matches(route, *request) for route in named)
    ]
    assert not unnamed, "not named: %s" % unnamed
    unsent = [
        route
        for route in named
        if not any(routes.matches(route, *request) for request in sent)
    ]
    assert not unsent, "never sent: %s" % unsent

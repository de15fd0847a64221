"""The rooms of ARCHITECTURE.md, and what each may use."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import gazu
import pytest
from gazu._engine import lazy

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"

pytestmark = pytest.mark.skipif(
    not SOURCE.is_dir(), reason="only the wheel is here"
)

MAY_USE = {
    "error": {"redact"},
    "redact": set(),
    "args": {"error"},
    "call": {"args", "error", "redact"},
    "api": {"args", "call"},
    "transport": {"args", "call", "error", "redact"},
    "reply": {"args", "call", "error", "transport"},
    "events": {"error", "transport"},
    "execution": {"call", "error", "redact", "reply", "transport"},
    "client": {
        "args",
        "call",
        "error",
        "events",
        "execution",
        "reply",
        "transport",
    },
}


def code_of(path):
    """Return a file's code without comments and tests."""
    text = path.read_text(encoding="utf-8").partition("#[cfg(test)]")[0]
    return re.sub(r"//.*", "", text)


def room_of(path):
    return path.relative_to(SOURCE).parts[0].replace(".rs", "")


def rooms():
    found = {}
    for path in sorted(SOURCE.rglob("*.rs")):
        found.setdefault(room_of(path), []).append(path)
    return found


def test_every_room_is_known():
    assert set(rooms()) == {*MAY_USE, "bindings", "lib"}


@pytest.mark.parametrize("room", sorted(MAY_USE))
def test_a_room_uses_only_what_it_may(room):
    used = set()
    for path in rooms()[room]:
        code = code_of(path)
        used.update(re.findall(r"\bcrate::(\w+)", code))
        for group in re.findall(r"\buse crate::\{(.*?)\};", code, re.DOTALL):
            # In `{a::{b, c}, d}` only a and d are rooms.
            while "{" in group:
                group = re.sub(r"\{[^{}]*\}", "", group)
            used.update(re.findall(r"(?:^|,)\s*(\w+)", group))
    # `path!` is a macro of the room `call`.
    assert used - {room, "path"} <= MAY_USE[room]


@pytest.mark.parametrize(
    "library, room",
    [
        ("reqwest", "transport"),
        ("hyper", "transport"),
        ("rustls", "transport"),
        ("tokio_tungstenite", "transport"),
        ("jiter", "bindings"),
        ("pythonize", "bindings"),
        ("atexit", "bindings"),
    ],
)
def test_a_library_is_named_in_one_room(library, room):
    named = {
        room_of(path)
        for path in SOURCE.rglob("*.rs")
        if re.search(r"\b%s\b" % library, code_of(path))
    }
    assert named == {room}


def circles(uses):
    """Return the names that reach themselves, with what they reach."""

    def reached_from(name):
        reached, todo = set(), [name]
        while todo:
            for other in uses.get(todo.pop(), ()):
                if other not in reached:
                    reached.add(other)
                    todo.append(other)
        return reached

    return {
        name: sorted(reached_from(name))
        for name in uses
        if name in reached_from(name)
    }


def test_no_circle_among_the_bindings():
    uses = {}
    for path in rooms()["bindings"]:
        code = code_of(path)
        name = path.relative_to(SOURCE / "bindings").parts[0]
        name = name.replace(".rs", "")
        if name == "mod":
            continue
        named = set(re.findall(r"\b(?:crate::bindings|super)::(\w+)", code))
        for group in re.findall(r"\buse super::\{(.*?)\};", code, re.DOTALL):
            while "{" in group:
                group = re.sub(r"\{[^{}]*\}", "", group)
            named.update(re.findall(r"(?:^|,)\s*(\w+)", group))
        uses.setdefault(name, set()).update(named - {name})
    known = {name: named & set(uses) for name, named in uses.items()}
    assert circles(known) == {}


def imported(path, package):
    """Return the modules of the package that a file imports, at any time."""
    here = path.relative_to(package).with_suffix("").parts
    here = here[:-1]
    found = set()

    def visit(node):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ImportFrom) and child.level:
                base = here[: len(here) - child.level + 1]
                below = tuple((child.module or "").split("."))
                base += below if child.module else ()
                for alias in child.names:
                    for parts in (base + (alias.name,), base):
                        file = package.joinpath(*parts)
                        if file.with_suffix(".py").is_file():
                            found.add("/".join(parts))
                            break
                        if parts and (file / "__init__.py").is_file():
                            found.add("/".join(parts) + "/__init__")
                            break
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


def python_imports():
    package = ROOT / "python" / "gazu"
    return {
        path.relative_to(package).with_suffix("").as_posix(): imported(
            path, package
        )
        for path in package.rglob("*.py")
        # The package imports its modules lazily, and all import from it.
        if path != package / "__init__.py"
    }


@pytest.mark.skipif(
    not hasattr(ast, "unparse"), reason="needs ast.unparse of Python 3.9"
)
def test_no_circle_in_the_package():
    assert circles(python_imports()) == {}


@pytest.mark.skipif(
    not hasattr(ast, "unparse"), reason="needs ast.unparse of Python 3.9"
)
@pytest.mark.parametrize(
    "room, never",
    [
        ("_requests_compat", ("client", "_engine", "_deprecated", "_events")),
        ("_engine", ("client", "aio", "_deprecated", "_events")),
    ],
)
def test_private_packages_use_only_what_they_may(room, never):
    used = set()
    for name, uses in python_imports().items():
        if name.split("/")[0] == room:
            used.update(other.split("/")[0] for other in uses)
    assert used.isdisjoint(never)


def test_only_bindings_names_pyo3():
    """The attribute that makes an endpoint a Python function is excepted, and its list."""
    attribute = r"#\[cfg_attr\(feature = \"python\", pyo3::\w+"
    for path in SOURCE.rglob("*.rs"):
        if room_of(path) == "bindings" or path == SOURCE / "api" / "mod.rs":
            continue
        assert "pyo3" not in re.sub(attribute, "", code_of(path)), path


def test_every_endpoint_is_exported():
    made, listed = set(), set()
    for path in rooms()["api"]:
        module = path.relative_to(SOURCE / "api").parts[0].replace(".rs", "")
        code = code_of(path)
        for name in re.findall(r"pyo3::pyfunction[^{]*?\bfn (\w+)", code):
            made.add((module, name))
        for named, names in re.findall(
            r"^exports!\[(\w+):(.*?)\];", code, re.M | re.S
        ):
            listed.update((named, name) for name in re.findall(r"\w+", names))
    assert made == listed


def test_every_module_of_endpoints_is_one_of_the_package():
    """`old_names` serves all of them."""
    declared = re.findall(
        r"^pub mod (\w+);", code_of(SOURCE / "api" / "mod.rs"), re.M
    )
    exported = re.findall(
        r"\b(\w+)::\1\b", code_of(SOURCE / "bindings" / "mod.rs")
    )
    public = set(lazy.imported_by(gazu._modules))
    assert declared == exported
    assert set(declared) - public == {"old_names"}


def asks_itself(function):
    """Return whether a function sends more than one request itself."""
    handed_on = [
        part.value
        for part in ast.walk(function)
        if isinstance(part, ast.Return) and isinstance(part.value, ast.Call)
    ]
    return any(
        isinstance(part, ast.Call)
        and part not in handed_on
        and any(
            keyword.arg == "client"
            and isinstance(keyword.value, ast.Name)
            and keyword.value.id == "client"
            for keyword in part.keywords
        )
        for part in ast.walk(function)
    )


def test_functions_with_several_requests_can_be_awaited():
    """They need ``@composition``; only verbs and what is awaited anyway do not."""
    for path in sorted((ROOT / "python" / "gazu").glob("[a-z]*.py")):
        if path.name in ("client.py", "aio.py"):
            continue
        for part in ast.parse(path.read_text(encoding="utf-8")).body:
            if (
                isinstance(part, ast.FunctionDef)
                and not part.name.startswith("_")
                and asks_itself(part)
            ):
                marks = [getattr(one, "id", "") for one in part.decorator_list]
                assert "composition" in marks, (path.name, part.name)


def test_the_endpoints_do_no_input_or_output():
    forbidden = re.compile(r"\b(std::(fs|net|io|env)|tokio|async|await)\b")
    for path in rooms()["api"]:
        assert not forbidden.search(code_of(path)), path


def test_calls_have_no_global_state():
    forbidden = re.compile(
        r"\b(thread_local|(Ref|Once)?Cell|Mutex|RwLock|Atomic\w+)\b"
    )
    for room in ("error", "args", "call", "api"):
        for path in rooms()[room]:
            assert not forbidden.search(code_of(path)), path


def test_one_module_creates_the_runtime():
    makers = [
        path.name
        for path in SOURCE.rglob("*.rs")
        if "Builder::new_" in code_of(path)
    ]
    assert makers == ["runtime.rs"]


def test_functions_contain_no_routes():
    """The core has the routes; old names and the client are excepted."""
    for path in sorted((ROOT / "python" / "gazu").glob("[a-z]*.py")):
        if path.stem in ("client", "aio", "types"):
            continue
        code = re.sub(
            r'""".*?"""', "", path.read_text("utf-8"), flags=re.DOTALL
        )
        code = re.sub(r"#.*", "", code)
        assert not re.search(r'"(data|actions|import)/', code), path


def test_every_module_has_its_tests():
    """They are where CONTRIBUTING says; `events` and others may have further files."""
    package = ROOT / "python" / "gazu"
    modules = {path.stem for path in package.glob("[a-z]*.py")} | {"testing"}
    tests = {path.stem for path in Path(__file__).parent.glob("test_*.py")}
    assert {"test_" + module for module in modules} - tests == set()

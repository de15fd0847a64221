"""Jedi, which consoles and editors of DCCs use, understands the package."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import gazu
import jedi
import pytest

PACKAGE = Path(gazu.__file__).parent
MODULES = sorted(
    path.stem
    for path in PACKAGE.glob("[a-z]*.py")
    # These two are for the command line.
    if path.stem not in ("cli", "csv")
)

pytestmark = pytest.mark.timeout(300)


def place(code):
    """Return the code without its cursor, ``|``, and the line and column of it."""
    before, _, after = code.partition("|")
    lines = before.split("\n")
    return before + after, len(lines), len(lines[-1])


def script(code):
    source, line, column = place("import gazu\n" + code)
    project = jedi.Project(str(PACKAGE.parent))
    return jedi.Script(source, project=project), line, column


def console(code):
    """Return the same for a console, which has the imported package."""
    source, line, column = place(code)
    return jedi.Interpreter(source, [{"gazu": gazu}]), line, column


@pytest.mark.parametrize("where", [script, console])
@pytest.mark.parametrize("name", ["add_comment", "get_task"])
def test_a_function_shows_its_text(where, name):
    editor, line, column = where("gazu.task.{}|".format(name))
    shown = editor.help(line, column)[0].docstring()
    assert shown.startswith(name + "(task")
    assert "Route:" in shown


@pytest.mark.parametrize("where", [script, console])
def test_the_arguments_are_shown(where):
    editor, line, column = where("gazu.task.add_comment(|")
    names = [
        each.name for each in editor.get_signatures(line, column)[0].params
    ]
    assert names[:3] == ["task", "task_status", "comment"]


def test_the_definition_is_the_source():
    editor, line, column = script("gazu.task.add_comment|")
    (found,) = editor.goto(line, column, follow_imports=True)
    source = Path(str(found.module_path)).read_text("utf-8").splitlines()
    assert Path(str(found.module_path)) == PACKAGE / "task.py"
    assert source[found.line - 1].startswith("def add_comment(")


@pytest.mark.parametrize(
    "code",
    [
        "gazu.task.get_task('x')['|",
        "for task in gazu.task.all_tasks_for_project('x'):\n    task['|",
    ],
)
def test_the_keys_of_a_result_are_completed(code):
    editor, line, column = script(code)
    keys = {each.name.strip("'") for each in editor.complete(line, column)}
    assert {"id", "entity_id", "task_status_id"} <= keys


@pytest.mark.parametrize("module", MODULES)
def test_each_function_is_completed(module):
    editor, line, column = console("gazu.{}.|".format(module))
    completed = {each.name for each in editor.complete(line, column)}
    found = importlib.import_module("gazu." + module)
    for name, value in vars(found).items():
        if (
            inspect.isfunction(value)
            and not name.startswith("_")
            and value.__module__ == found.__name__
        ):
            assert name in completed
            text = inspect.getdoc(value)
            assert text
            # Indented by pydoc, it fits a terminal of 80 columns.
            assert max(map(len, text.splitlines())) <= 76, name

"""The functions that upstream does not have, which their docstrings say."""

from __future__ import annotations

import ast
import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "python" / "gazu"
#: The line of a docstring.
MARK = "Not in upstream."
#: Functions with tests of their own, which are more than one request and one answer: boards
#: (test_boards.py), logins and queries of the package, publishing, many downloads and kept answers.
APART = re.compile(
    r"\w+\.(?:all|iter)_\w+_with_tasks|\w+|publish\.\w+|files\.download_many"
    r"|aio\.connect|cache\.\w+"
)


def marked() -> set[str]:
    """Return the names of all of them below ``gazu``, such as ``budget.all_budgets``."""
    paths = [*sorted(PACKAGE.glob("[a-z]*.py")), PACKAGE / "_package.py"]
    return {
        path.stem.replace("_package", "") + "." * (path.stem[0] != "_") + name
        for path in paths
        for name in marked_in(path)
    }


def additions() -> set[str]:
    """Return the names of those that are one request and one answer."""
    return {name for name in marked() if not APART.fullmatch(name)}


def marked_in(path: Path) -> list[str]:
    return [
        node.name
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and any(
            line.startswith(MARK)
            for line in (ast.get_docstring(node) or "").splitlines()
        )
    ]

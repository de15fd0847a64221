"""The functions that upstream does not have, which their docstrings say."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "python" / "gazu"
#: The line of a docstring, before the release that it was compared with.
MARK = "Not in upstream "


def additions() -> set[str]:
    """Return their names below ``gazu``, such as ``budget.all_budgets``."""
    return {
        "{}.{}".format(path.stem, node.name)
        for path in sorted(PACKAGE.glob("[a-z]*.py"))
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and is_marked(node)
    }


def is_marked(function: ast.FunctionDef) -> bool:
    lines = (ast.get_docstring(function) or "").splitlines()
    return any(line.startswith(MARK) for line in lines)

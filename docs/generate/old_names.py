"""The page of old names, from the tables of ``gazu._deprecated``."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import NamedTuple


class OldName(NamedTuple):
    """A name of an earlier release: its module, what to use, and what it does."""

    module: str
    name: str
    successor: str
    summary: str


def read(package: Path) -> list[OldName]:
    """
    Return the old names of the package.

    Args:
        package: The folder of the package.
    """
    found = []
    for path in sorted((package / "_deprecated").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        module = "gazu" if path.stem == "package" else "gazu." + path.stem
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef):
                continue
            for decorator in node.decorator_list:
                if (
                    isinstance(decorator, ast.Call)
                    and ast.unparse(decorator.func) == "deprecated"
                ):
                    successor = ast.literal_eval(decorator.args[0])
                    text = ast.get_docstring(node) or ""
                    summary = text.split("\n\n")[0].replace("\n", " ")
                    found.append(
                        OldName(module, node.name, successor, summary)
                    )
    return found


def page(package: Path) -> str:
    """
    Return the text of the page.

    Args:
        package: The folder of the package.
    """
    lines = [
        # Whoever searches a name that is not old finds its own page first.
        "---",
        "search:",
        "  boost: 0.3",
        "---",
        "",
        "# Old names",
        "",
        "These names of earlier releases, and misspelled names of official examples, still work.",
        "They give a `DeprecationWarning` that says what to use.",
    ]
    module = ""
    # Each name has a heading, so that the search finds it with what follows.
    for old in read(package):
        if old.module != module:
            module = old.module
            lines += ["", "## " + module]
        lines += ["", "### {}.{}".format(module, old.name), ""]
        lines.append("Use {}. {}".format(link(old.successor), old.summary))
    return "\n".join(lines) + "\n"


def link(successor: str) -> str:
    """Return the name of a function or class as a link, other text as it is."""
    name = successor.replace("()", "")
    words = re.fullmatch(r"gazu(\.\w+){1,2}", name)
    if words:
        return "[`{0}`][{0}]".format(name)
    return "`{}`".format(successor) if " " not in successor else successor

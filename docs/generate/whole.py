"""The whole site as plain text: ``llms.txt`` lists the pages, ``llms-full.txt`` has all texts."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from . import reference

#: A line that includes a section of another file.
INCLUDED = re.compile(r'^--8<-- "([^":]+):(\w+)"$', re.M)


def expanded(text: str, root: Path) -> str:
    """Return a page with the texts that it includes, and without comments."""

    def section(found: re.Match[str]) -> str:
        path, name = found.groups()
        whole = (root / path).read_text(encoding="utf-8")
        start = "<!-- --8<-- [start:{}] -->\n".format(name)
        end = "<!-- --8<-- [end:{}] -->".format(name)
        return whole.partition(start)[2].partition(end)[0]

    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S)
    text = INCLUDED.sub(section, text)
    return re.sub(r"^<!-- .* -->\n", "", text, flags=re.M).strip()


def module_text(module: str, source: str, stub: str) -> str:
    """
    Return what the reference says about a module.

    Args:
        module: The full name of the module.
        source: Its source.
        stub: The text of its stub, which may be empty.
    """
    types = reference.results(stub)
    intro = ast.get_docstring(ast.parse(source)) or ""
    parts = ["# {}\n\n{}".format(module, intro)]
    found = {**reference.functions(source), **reference.classes(source)}
    for name, node in found.items():
        head = "{}.{}".format(module, name)
        if not isinstance(node, ast.ClassDef):
            head += "({})".format(ast.unparse(node.args))
            result = types.get(name) or (
                ast.unparse(node.returns) if node.returns else ""
            )
            head += " -> " + result if result else ""
        parts.append("## {}\n\n{}".format(head, ast.get_docstring(node) or ""))
    return "\n\n".join(part.rstrip() for part in parts)


def index(title: str, description: str, pages: dict[str, str]) -> str:
    """
    Return the list of the pages.

    Args:
        title: The name of the site.
        description: What it is about.
        pages: The texts of the pages, by their paths.
    """
    lines = ["# " + title, "", "> " + description, "", "## Pages", ""]
    for path, text in pages.items():
        heading, _, rest = text.partition("\n")
        first = " ".join(rest.strip().partition("\n\n")[0].split())
        lines.append(
            "- [{}]({}): {}".format(heading.lstrip("# "), path, first)
        )
    return "\n".join(lines) + "\n"


def full(pages: dict[str, str]) -> str:
    """Return all texts, one after the other."""
    return "\n\n".join(pages.values()) + "\n"

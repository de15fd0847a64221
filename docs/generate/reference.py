"""The pages of the modules: tables of the functions in groups, then each function."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

from .groups import grouped

MARK = "Not in upstream."
BADGE = '<span class="badge">Not in upstream</span>'
#: So many functions are named below "See also".
SIBLINGS = 4
#: So many keys of a record inside of another one are shown.
INSIDE = 3
#: Verbs of functions that only read. A table has these first.
READING = ("all", "get", "iter", "is", "check", "fetch")

Function = (ast.FunctionDef, ast.AsyncFunctionDef)


def functions(source: str) -> dict[str, Any]:
    """Return the public functions of a module, by name."""
    return {
        node.name: node
        for node in ast.parse(source).body
        if isinstance(node, Function) and not node.name.startswith("_")
    }


def classes(source: str) -> dict[str, ast.ClassDef]:
    """Return the public classes of a module, by name."""
    return {
        node.name: node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }


def summary(node: Any) -> str:
    """Return the first paragraph of a docstring, in one line."""
    text = ast.get_docstring(node) or ""
    return " ".join(text.partition("\n\n")[0].split())


def page(module: str, source: str, further: tuple[str, ...] = ()) -> str:
    """
    Return the text of a module's page.

    Args:
        module: The full name of the module.
        source: Its source.
        further: The paths of further classes to describe.
    """
    found = functions(source)
    groups = {
        heading or "Functions": names
        for heading, names in grouped(list(found)).items()
    }
    own = classes(source)
    text = [
        "# " + module,
        directive(
            module,
            2,
            members=False,
            show_root_heading=False,
            show_root_toc_entry=False,
        ),
    ]
    tables = {
        heading: [(name, found[name]) for name in reading_first(names)]
        for heading, names in groups.items()
    }
    if own:
        tables["Classes"] = list(own.items())
    if len(tables) > 2:
        jumps = ["[{}](#{})".format(each, anchor(each)) for each in tables]
        text.append(" · ".join(jumps))
    for heading, rows in tables.items():
        if len(tables) > 1:
            text.append("**[{}](#{})**".format(heading, anchor(heading)))
        text.append(table(module, rows))
    for heading, rows in tables.items():
        text.append("## " + heading)
        text += [directive(module + "." + name, 3) for name, _ in rows]
    if further:
        if not own:
            text.append("## Classes")
        text += [directive(path, 3) for path in further]
    return "\n\n".join(text)


def reading_first(names: list[str]) -> list[str]:
    """Return the names of functions that read, then the others."""
    return sorted(names, key=lambda name: name.split("_")[0] not in READING)


def anchor(heading: str) -> str:
    """Return the anchor that Markdown gives to a heading."""
    return heading.lower().replace(" ", "-")


def table(module: str, rows: list[tuple[str, Any]]) -> str:
    """Return a table of functions or classes, with the first sentence of each."""
    lines = ['<div class="compact" markdown>', ""]
    lines += ["| name | what it does |", "| --- | --- |"]
    for name, node in rows:
        text = ast.get_docstring(node) or ""
        marked = MARK in text or BADGE in text
        lines.append(
            "| [`{0}`](#{1}.{0}) | {2}{3} |".format(
                name,
                module,
                summary(node).replace("|", "\\|"),
                " " + BADGE if marked else "",
            )
        )
    lines += ["", "</div>"]
    return "\n".join(lines)


def directive(path: str, level: int, **options: Any) -> str:
    """Return the mkdocstrings directive for one object with its own heading."""
    options = {
        "heading_level": level,
        "show_root_full_path": False,
        "show_root_heading": True,
        "show_root_toc_entry": True,
        **options,
    }
    return "::: {}\n    options: {}".format(path, json.dumps(options))


def results(stub: str) -> dict[str, str]:
    """
    Return the types of the results of a module's functions, from its stub.

    The first overload is that of a client that blocks. Types with private names, such as
    those of generic functions, are left out.
    """
    found: dict[str, str] = {}

    def add(name: str, node: Any) -> None:
        if node.returns is not None:
            text = ast.unparse(node.returns)
            if not re.search(r"\b_\w", text):
                found.setdefault(name, text)

    for node in ast.parse(stub).body:
        if isinstance(node, Function):
            add(node.name, node)
        elif isinstance(node, ast.ClassDef) and node.name == "_Cached":
            for cached in node.body:
                if isinstance(cached, ast.ClassDef):
                    for call in cached.body:
                        add(cached.name, call)
    return found


def prepared(module: str, source: str, stub: str) -> str:
    """
    Return a module's source as the reference shows it.

    The signatures have the types of the stub. The docstrings have a badge instead of the
    mark of an addition, a frame around the example, and links to related functions.

    Args:
        module: The full name of the module.
        source: The source.
        stub: The text of the stub, which may be empty.
    """
    types = results(stub)
    found = functions(source)
    lines = source.splitlines(keepends=True)
    # From the end on, so that the positions before stay valid.
    for name, node in reversed(found.items()):
        links = siblings(name, list(found))
        docstring = node.body[0]
        if ast.get_docstring(node):
            text = shown(ast.get_docstring(node), module, links)
            replace(lines, docstring, literal(text, docstring.col_offset))
        if name in types and node.returns is not None:
            replace(lines, node.returns, types[name])
    return "".join(lines)


def replace(lines: list[str], node: Any, text: str) -> None:
    """Replace the source of a node. Columns are counted in bytes."""
    first, last = node.lineno - 1, node.end_lineno - 1
    before = lines[first].encode()[: node.col_offset].decode()
    after = lines[last].encode()[node.end_col_offset :].decode()
    lines[first : last + 1] = [before + text + after]


def literal(text: str, indent: int) -> str:
    """Return a docstring as source."""
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    inner = "\n".join(
        " " * indent + line if line else "" for line in text.split("\n")
    )
    return '"""\n{}\n{}"""'.format(inner, " " * indent)


def shown(text: str, module: str, links: list[str]) -> str:
    """Return a docstring as the reference shows it."""
    marked = re.compile(r"^{}\n*".format(re.escape(MARK)), re.M)
    if marked.search(text):
        first, _, rest = marked.sub("", text).partition("\n\n")
        text = "{}\n\n{}\n\n{}".format(first, BADGE, rest).rstrip()
    code = example(text)
    if code:
        language = "pycon" if code.startswith(">>>") else "python"
        framed = "```{}\n{}\n```".format(language, code)
        section = re.search(EXAMPLE, text, re.M)
        assert section
        text = "{}Example:\n{}\n{}".format(
            text[: section.start()],
            "\n".join(
                "    " + line if line else "" for line in framed.split("\n")
            ),
            text[section.end() :],
        )
    if links:
        text = "{}\n\nSee also: {}.".format(
            text.rstrip(),
            ", ".join(
                "[`{0}`][{1}.{0}]".format(each, module) for each in links
            ),
        )
    return text


#: The section of a docstring with an example.
EXAMPLE = r"^Example:\n((?:    .*\n?|\n(?=    ))+)"


def example(text: str) -> str:
    """Return the example in a docstring, or empty text."""
    section = re.search(EXAMPLE, text, re.M)
    if section is None:
        return ""
    lines = section.group(1).rstrip().split("\n")
    return "\n".join(line[4:] for line in lines)


def siblings(name: str, names: list[str]) -> list[str]:
    """Return the functions of a module whose names are most like a function's."""
    words = set(name.split("_")[1:])
    if not words:
        return []

    def likeness(other: str) -> float:
        others = set(other.split("_")[1:])
        return len(words & others) / len(words | others) if others else 0

    near = [each for each in names if each != name and likeness(each) >= 0.5]
    # Sorting keeps the order of the module among those that are equally near.
    return sorted(near, key=likeness, reverse=True)[:SIBLINGS]


def records(path: Path) -> dict[str, str]:
    """
    Return records of a real server, as text of the page of types, by type.

    Args:
        path: The file that ``tests/server/records.py`` writes.
    """
    found = json.loads(path.read_text(encoding="utf-8"))
    return {name: record_text(name, value) for name, value in found.items()}


def record_text(name: str, record: dict[str, Any]) -> str:
    """Return a record as a block that can be opened."""
    lines = ["{"]
    lines += ["    {!r}: {},".format(*item) for item in short(record).items()]
    lines.append("}")
    return '??? example "A record of the type {}"\n\n{}'.format(
        name,
        "\n".join("    " + line for line in ["```python", *lines, "```"]),
    )


def short(record: dict[str, Any]) -> dict[str, str]:
    """Return the values of a record as text, those inside of others shortened."""

    def text(value: Any) -> str:
        if isinstance(value, list):
            return "[{}]".format(", ".join(map(text, value)))
        if isinstance(value, dict) and len(value) > INSIDE:
            items = list(value.items())[:INSIDE]
            inside = [
                "{!r}: {}".format(key, text(each)) for key, each in items
            ]
            return "{{{}, ...}}".format(", ".join(inside))
        return repr(value)

    return {key: text(value) for key, value in record.items()}


def with_breaks(page: str) -> str:
    """Return a page whose names in tables may be broken between their words."""

    def broken(code: re.Match[str]) -> str:
        between = r"(?<=[._/=(])(?=\w)|(?<=[a-z])(?=[A-Z])"
        return re.sub(between, "<wbr>", code.group())

    def cell(found: re.Match[str]) -> str:
        return re.sub(r"(?<=<code>)[^<]+", broken, found.group())

    return re.sub(r"<td[^>]*>.*?</td>", cell, page, flags=re.S)

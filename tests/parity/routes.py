"""The routes in docstrings and comments, and the requests that they match.

A route is a method and a path, as in ``GET data/shots/{shot}?name={name}``. A name
in braces stands for one segment of a path, ``{path}`` for any path. The request has at
least the names of the route's query.
"""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "python" / "gazu"
API = ROOT / "src" / "api"

#: A route in Rust, and in Python, where a long one continues in a second pair of marks.
IN_RUST = r"`([A-Z]+ [^`\s]+)`"
IN_PYTHON = r"``([A-Z]+ (?:[^` ]|`` ``(?![A-Z]))+)``"


class Core:
    """One function of ``src/api``: its arguments' types by name, and its routes."""

    def __init__(self, module, name, arguments, routes):
        self.module = module
        self.name = name
        self.arguments = arguments
        self.routes = routes


class Function:
    """One function of the package: its routes and the core's functions that it names."""

    def __init__(self, name, routes, mentioned, core):
        self.name = name
        self.routes = routes
        self.mentioned = mentioned
        self.core = core


def core():
    """Return the functions of ``src/api`` by module and name."""
    found = {}
    for path in sorted(API.rglob("*.rs")):
        module = path.relative_to(API).parts[0].replace(".rs", "")
        for comment, name, arguments in re.findall(
            r"((?:^///[^\n]*\n)*)"
            r"(?:#\[(?!cfg_attr)[^\n]*\n)*"
            r'#\[cfg_attr\(feature = "python", pyo3::pyfunction[^\n]*\n'
            r"(?:#\[[^\n]*\n)*"
            r"pub fn (\w+)\((.*?)\) -> Call \{",
            path.read_text(encoding="utf-8"),
            re.MULTILINE | re.DOTALL,
        ):
            found[module, name] = Core(
                module,
                name,
                dict(
                    re.findall(
                        r"(?:mut )?(\w+): ((?:[^,<]|<(?:[^<>]|<[^>]*>)*>)+)",
                        arguments,
                    )
                ),
                re.findall(IN_RUST, comment.partition("\n")[0]),
            )
    return found


def functions(paths):
    """Return the functions of modules of the package, by path and name."""
    found = {}
    for path in paths:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                text = route_text(ast.get_docstring(node) or "")
                found[path.stem, node.name] = Function(
                    node.name,
                    [
                        route.replace("`` ``", "")
                        for route in re.findall(IN_PYTHON, text)
                    ],
                    re.findall(r"(?<!`)`{1,2}(\w+)`{1,2}(?!`)", text),
                    core_functions(node),
                )
    return found


def route_text(docstring):
    """Return what follows ``Route:`` in a docstring, up to an empty line."""
    found = re.search(
        r"^Route:\s(.*?)(?=\n\n|\Z)", docstring, re.MULTILINE | re.DOTALL
    )
    return " ".join(found.group(1).split()) if found else ""


def core_functions(node):
    """Return the functions of the core that a function names, by module and name."""
    return {
        (part.value.attr, part.attr)
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute)
        and isinstance(part.value, ast.Attribute)
        and isinstance(part.value.value, ast.Name)
        and part.value.value.id == "_core"
    }


def matches(route, method, path, query=(), values=None):
    """Return whether a request is the one that a route names.

    *path* is below the host, *query* the names in its query. *values* are the texts of
    arguments, for which a name in braces stands alone.
    """
    wanted, _, rest = route.partition(" ")
    pattern, _, names = rest.lstrip("/").partition("?")
    values = values or {}
    pieces = re.split(r"\{(\w+)\}", pattern)
    for position, piece in enumerate(pieces):
        if position % 2 == 0:
            pieces[position] = re.escape(piece)
        elif piece in values:
            pieces[position] = re.escape(values[piece])
        else:
            pieces[position] = ".+" if piece == "path" else "[^/]+"
    keys = {pair.partition("=")[0] for pair in names.split("&") if pair}
    return (
        wanted == method
        and re.fullmatch("".join(pieces), path) is not None
        and keys <= set(query)
    )


def plain(route):
    """Return a route with all names in braces alike."""
    return re.sub(r"\{\w+\}", "{}", route)

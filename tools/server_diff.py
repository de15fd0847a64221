"""
Compare the functions of the package with the routes of the server.

    python tools/server_diff.py                # fail if a route has no function
    python tools/server_diff.py NEW            # list what another release of Zou changes
    python tools/server_diff.py NEW --write    # and store its routes

``tools/zou/routes.txt`` has the routes of the release that the package was written
for. ``tools/zou/left_out.txt`` has those that no function asks for, with the reasons.
A function's routes are those of its docstring, which the tests compare with its
requests. Releases of Zou are downloaded from the package index into .cache/zou/releases
and parsed without running them.
"""

from __future__ import annotations

import argparse
import ast
import re
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "python" / "gazu"
CACHE = ROOT / ".cache" / "zou" / "releases"
ROUTES = ROOT / "tools" / "zou" / "routes.txt"
LEFT_OUT = ROOT / "tools" / "zou" / "left_out.txt"

METHODS = ("delete", "get", "patch", "post", "put")


def plain(path: str) -> str:
    """Return a path whose variable parts are all written alike."""
    path = path.partition("?")[0].strip("/")
    return re.sub(r"\{\w+\}|<[^<>]+>", "{}", path)


# --- The functions ------------------------------------------------------------


def asked_for() -> dict:
    """Return the functions of each route: ``{(method, path): [names]}``."""
    found: dict = {}
    for path in sorted(PACKAGE.glob("[a-z_]*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                text = ast.get_docstring(node) or ""
                for route in routes_of(text):
                    method, _, rest = route.partition(" ")
                    names = found.setdefault((method, plain(rest)), [])
                    names.append("{}.{}".format(path.stem, node.name))
    return found


def routes_of(docstring: str) -> list:
    """Return the routes below ``Route:``. A long one continues in a second pair of marks."""
    match = re.search(
        r"^Route:\s(.*?)(?=\n\n|\Z)", docstring, re.MULTILINE | re.DOTALL
    )
    text = " ".join(match.group(1).split()) if match else ""
    marked = re.findall(r"``([A-Z]+ (?:[^` ]|`` ``(?![A-Z]))+)``", text)
    return [route.replace("`` ``", "") for route in marked]


# --- The server ---------------------------------------------------------------


def fetch(version: str) -> Path:
    """Return the folder of a release. Download it if it is not cached."""
    folder = CACHE / version
    if not (folder / "zou").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "--quiet"),
                *("--no-deps", "--disable-pip-version-check"),
                *("--only-binary=:all:", "--dest", str(folder)),
                "zou==" + version,
            ],
            check=False,
            stderr=subprocess.PIPE,
        )
        if done.returncode != 0:
            sys.exit(done.stderr.decode(errors="replace").splitlines()[-1])
        with zipfile.ZipFile(str(next(folder.glob("*.whl")))) as wheel:
            wheel.extractall(str(folder))
    return folder / "zou" / "app" / "blueprints"


def served(blueprints: Path) -> list:
    """Return the routes of a release, sorted: ``GET data/assets/<asset_id>``."""
    found = set()
    for folder in sorted(
        each for each in blueprints.iterdir() if each.is_dir()
    ):
        classes, listed = {}, []
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.ClassDef):
                    classes[node.name] = node
                elif is_route(node):
                    path_text, resource = node.elts
                    listed.append((path_text.value, name_of(resource)))
        for path_text, resource in listed:
            found.update(
                "{} {}".format(method.upper(), path_text.strip("/"))
                for method in methods_of(resource, classes, blueprints)
            )
    return sorted(found, key=lambda line: line.split(" ")[::-1])


def is_route(node: ast.AST) -> bool:
    """Return whether a node is a pair of a path and a resource."""
    return (
        isinstance(node, ast.Tuple)
        and len(node.elts) == 2
        and isinstance(node.elts[0], ast.Constant)
        and str(node.elts[0].value).startswith("/")
        and isinstance(node.elts[1], (ast.Name, ast.Attribute))
    )


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ast.unparse(node)


def methods_of(name: str, classes: dict, blueprints: Path) -> set:
    """Return the methods of a resource and of the classes that it is made of."""
    if name not in classes:
        return set()
    node = classes[name]
    found = {
        part.name
        for part in node.body
        if isinstance(part, ast.FunctionDef) and part.name in METHODS
    }
    for base in node.bases:
        found |= methods_of(name_of(base), classes, blueprints)
    return found


# --- The comparison -----------------------------------------------------------


def stored() -> tuple:
    """Return the stored release and its routes."""
    first, *lines = ROUTES.read_text(encoding="utf-8").splitlines()
    return first.rpartition(" ")[2], lines


def left_out() -> dict:
    """Return the reasons for the routes without a function, by route."""
    reason, found = "", {}
    for line in LEFT_OUT.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            reason = line.lstrip("# ")
        elif line:
            found[key(line)] = reason
    return found


def key(line: str) -> tuple:
    method, _, path = line.partition(" ")
    return method, plain(path)


def check() -> int:
    """Print the routes without a function, and the functions without a route."""
    version, lines = stored()
    routes = {key(line): line for line in lines}
    asked, excused = asked_for(), left_out()
    wrong = [
        "no function asks for {}".format(routes[each])
        for each in routes
        if each not in asked and each not in excused
    ]
    wrong += [
        "left_out.txt: nobody serves or asks for {} {}".format(*each)
        for each in sorted(set(excused) - set(routes) - set(asked))
    ]
    wrong += [
        "{}: Zou {} does not serve {} {}".format(
            ", ".join(asked[each]), version, *each
        )
        for each in sorted(set(asked) - set(routes) - set(excused))
    ]
    wrong += [
        "left_out.txt: {} asks for {}".format(
            ", ".join(asked[each]), routes[each]
        )
        for each in sorted(set(excused) & set(asked) & set(routes))
    ]
    for line in wrong:
        print(line)
    return 1 if wrong else 0


def compare(new: str, write: bool) -> None:
    """Print what another release of Zou adds and removes."""
    version, lines = stored()
    found = served(fetch(new))
    before, after = set(map(key, lines)), set(map(key, found))
    asked = asked_for()
    print(
        "Zou {} -> {}: {} -> {} routes".format(
            version, new, len(before), len(after)
        )
    )
    for line in found:
        if key(line) not in before:
            names = ", ".join(asked.get(key(line), ["no function"]))
            print("  new      {}  ({})".format(line, names))
    for line in lines:
        if key(line) not in after:
            names = ", ".join(asked.get(key(line), ["no function"]))
            print("  removed  {}  ({})".format(line, names))
    if write:
        ROUTES.parent.mkdir(exist_ok=True)
        text = "\n".join(["The routes of Zou " + new, *found])
        ROUTES.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("new", nargs="?", help="a release of Zou")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if options.new:
        compare(options.new, options.write)
    else:
        sys.exit(check())

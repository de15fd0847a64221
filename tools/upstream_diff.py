"""
List the changes between two releases of upstream gazu.

    python tools/upstream_diff.py OLD NEW

Downloads both releases from the package index into .cache/upstream and parses them
without running them. Prints the functions, methods and names that are new, removed or
changed, with their signatures and requests. Functions whose body changed are listed
by name only, because no code of upstream may be copied.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".cache" / "upstream"

VERBS = {
    "get": "GET",
    "post": "POST",
    "put": "PUT",
    "delete": "DELETE",
    "upload": "POST",
    "download": "GET",
    "get_file_data_from_url": "GET",
    "fetch_all": "GET data/",
    "fetch_first": "GET data/",
    "fetch_one": "GET data/",
    "create": "POST data/",
    "update": "PUT data/",
}


def fetch(version: str) -> Path:
    """Return the folder of a release. Download it if it is not cached."""
    folder = CACHE / version
    if not (folder / "gazu").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pip",
                "download",
                "--quiet",
                "--no-deps",
                "--disable-pip-version-check",
                "--only-binary=:all:",
                "--dest",
                str(folder),
                "gazu==" + version,
            ],
            check=False,
            stderr=subprocess.PIPE,
        )
        if done.returncode != 0:
            sys.exit(done.stderr.decode(errors="replace").splitlines()[-1])
        with zipfile.ZipFile(str(next(folder.glob("*.whl")))) as wheel:
            wheel.extractall(str(folder))
    return folder / "gazu"


class Function:
    """The signature, the requests and the body of a function."""

    def __init__(self, node) -> None:
        self.signature = "({}){}".format(
            ast.unparse(node.args),
            " -> " + ast.unparse(node.returns) if node.returns else "",
        )
        if isinstance(node, ast.AsyncFunctionDef):
            self.signature += "  async"
        self.decorators = [ast.unparse(one) for one in node.decorator_list]
        self.requests = requests_of(node)
        body = node.body
        if ast.get_docstring(node) is not None:
            body = body[1:]
        self.inside = [ast.dump(statement) for statement in body]


def requests_of(node) -> list:
    """Return the requests that a function sends, such as ``GET data/...``."""
    values = {}
    found = []
    for part in ast.walk(node):
        if isinstance(part, ast.Assign) and isinstance(
            part.targets[0], ast.Name
        ):
            values.setdefault(part.targets[0].id, []).append(part.value)
    for part in ast.walk(node):
        if not isinstance(part, ast.Call) or not part.args:
            continue
        if isinstance(part.func, ast.Name):
            name, where = part.func.id, "client"
        else:
            name = getattr(part.func, "attr", "")
            where = getattr(getattr(part.func, "value", None), "id", "")
        if name not in VERBS or where not in ("raw", "client"):
            continue
        path = part.args[0]
        paths = (
            values.get(path.id, [path])
            if isinstance(path, ast.Name)
            else [path]
        )
        for one in paths:
            text = path_of(one)
            if name in ("fetch_one", "update"):
                text += "/{}"
            verb = VERBS[name]
            found.append(
                verb + text if verb.endswith("/") else verb + " " + text
            )
    return sorted(set(found))


def path_of(node) -> str:
    """Return the path of an expression, such as ``data/shots/{}/tasks``."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else "{}"
            for part in node.values
        )
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return path_of(node.left).replace("%s", "{}")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return path_of(node.left) + path_of(node.right)
    if (
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") == "format"
    ):
        return path_of(node.func.value)
    return "{}"


def read(folder: Path) -> tuple:
    """Return the functions and the other names of a release, by their full names."""
    functions, names = {}, {}
    for path in sorted(folder.rglob("*.py")):
        parts = path.relative_to(folder.parent).with_suffix("").parts
        module = ".".join(part for part in parts if part != "__init__")
        tree = ast.parse(path.read_text("utf-8"))
        scan(tree.body, module, functions, names)
    return functions, names


def scan(body, prefix: str, functions: dict, names: dict) -> None:
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if not node.name.startswith("_") or node.name == "__init__":
                functions[f"{prefix}.{node.name}"] = Function(node)
        elif isinstance(node, ast.ClassDef):
            bases = ", ".join(ast.unparse(base) for base in node.bases)
            names[f"{prefix}.{node.name}"] = f"class({bases})"
            scan(node.body, f"{prefix}.{node.name}", functions, names)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = getattr(node, "targets", None) or [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and (
                    target.id == "__version__" or not target.id.startswith("_")
                ):
                    value = ast.unparse(node.value) if node.value else ""
                    names[f"{prefix}.{target.id}"] = value


def ours() -> set:
    """Return the functions here that upstream did not have: their docstrings say so."""
    return {
        "gazu.{}.{}".format(path.stem, node.name)
        for path in (ROOT / "python" / "gazu").glob("[a-z]*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef)
        and "\nNot in upstream " in (ast.get_docstring(node) or "")
    }


def metadata(folder: Path) -> set:
    """Return the requirements in the metadata of a release."""
    text = next(folder.parent.glob("*.dist-info")) / "METADATA"
    return {
        line
        for line in text.read_text("utf-8").splitlines()
        if line.startswith(("Requires-", "Provides-Extra"))
    }


def section(title: str, lines) -> None:
    lines = list(lines)
    if not lines:
        return
    print(f"\n{title}: {len(lines)}")
    for line in lines:
        print("  " + line)


def compare(old: str, new: str) -> None:
    """Print what changed from one release to another."""
    folders = fetch(old), fetch(new)
    before, names_before = read(folders[0])
    after, names_after = read(folders[1])
    both = sorted(set(before) & set(after))
    print(
        f"gazu {old} -> {new}: {len(before)} -> {len(after)} functions and methods"
    )
    section(
        "New",
        (
            f"{name}{after[name].signature}  {', '.join(after[name].requests)}"
            for name in sorted(set(after) - set(before))
        ),
    )
    section(
        "New, and already here: drop our own, and its mark",
        sorted(set(after) & ours()),
    )
    section(
        "Removed",
        (
            f"{name}{before[name].signature}  {', '.join(before[name].requests)}"
            for name in sorted(set(before) - set(after))
        ),
    )
    section(
        "Signature changed",
        (
            f"{name}\n    - {before[name].signature}\n    + {after[name].signature}"
            for name in both
            if before[name].signature != after[name].signature
        ),
    )
    section(
        "Decorators changed",
        (
            f"{name}: {before[name].decorators} -> {after[name].decorators}"
            for name in both
            if before[name].decorators != after[name].decorators
        ),
    )
    section(
        "Requests changed",
        (
            "{}\n    - {}\n    + {}".format(
                name,
                ", ".join(before[name].requests),
                ", ".join(after[name].requests),
            )
            for name in both
            if before[name].requests != after[name].requests
        ),
    )
    section(
        "Changed inside",
        (name for name in both if before[name].inside != after[name].inside),
    )
    requests_before = {r for one in before.values() for r in one.requests}
    requests_after = {r for one in after.values() for r in one.requests}
    section("New routes", sorted(requests_after - requests_before))
    section("Removed routes", sorted(requests_before - requests_after))
    section("New names", sorted(set(names_after) - set(names_before)))
    section("Removed names", sorted(set(names_before) - set(names_after)))
    section(
        "Changed names",
        (
            f"{name}: {names_before[name]} -> {names_after[name]}"
            for name in sorted(set(names_before) & set(names_after))
            if names_before[name] != names_after[name]
        ),
    )
    needs_before, needs_after = map(metadata, folders)
    section("New requirements", sorted(needs_after - needs_before))
    section("Removed requirements", sorted(needs_before - needs_after))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("give the new release: make upstream-diff NEW=<release>")
    compare(*sys.argv[1:])

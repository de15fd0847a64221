"""Makes the reference's pages, one for each public module, from the sources."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "python" / "gazu"
SOURCES = ROOT / ".cache" / "docs"

#: What users know as the package is written in a module of its own.
PACKAGE_SOURCE = "_package"


def modules() -> list[str]:
    """Return the names of the public modules and packages."""
    paths = [*PACKAGE.glob("*.py"), *PACKAGE.glob("*/__init__.py")]
    names = {
        path.stem if path.parent == PACKAGE else path.parent.name
        for path in paths
    }
    return sorted(name for name in names if not name.startswith("_"))


def on_startup(command: str, dirty: bool) -> None:
    """Make the sources' folder: search paths that do not exist are dropped."""
    SOURCES.mkdir(parents=True, exist_ok=True)


def on_config(config: Any) -> Any:
    """Copy the sources without the stubs, which repeat every function."""
    shutil.rmtree(SOURCES, ignore_errors=True)
    ignored = shutil.ignore_patterns("*.pyi", "*.so", "*.pyd", "__pycache__")
    shutil.copytree(PACKAGE, SOURCES / "gazu", ignore=ignored)
    for path in (SOURCES / "gazu").glob("*.py"):
        if path.stem != "types":
            import_models(path)
    for entry in config.nav:
        if isinstance(entry, dict) and "Reference" in entry:
            entry["Reference"] = [
                "reference/index.md",
                *({name(each): page(each)} for each in ["", *modules()]),
            ]
    return config


def on_post_page(output: str, page: Any, config: Any) -> str:
    """Refuse a page that loads something from elsewhere: it is read offline too."""
    loads = (
        r'<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="(https?:[^"]+)"'
    )
    found = re.findall(loads, output)
    if found:
        raise PluginError("{} loads {}".format(page.file.src_uri, found))
    return output


def import_models(path: Path) -> None:
    """Let the names of results in a copied module lead to their page."""
    text = path.read_text(encoding="utf-8")
    future = "from __future__ import annotations\n"
    names = ", ".join(node.name for node in models())
    line = "from .types import {}\n".format(names)
    path.write_text(text.replace(future, future + line), encoding="utf-8")


def on_files(files: Any, config: Any) -> Any:
    """Add the reference's pages."""
    texts = {"reference/index.md": index()}
    for each in ["", *modules()]:
        source = "gazu." + (each or PACKAGE_SOURCE)
        texts[page(each)] = "# {}\n\n::: {}\n".format(name(each), source)
    texts[page("types")] = types()
    for path, text in texts.items():
        files.append(File.generated(config, path, content=text))
    return files


def name(module: str) -> str:
    """Return the name of a module as it is imported."""
    return "gazu." + module if module else "gazu"


def page(module: str) -> str:
    """Return the path of a module's page."""
    return "reference/{}.md".format(module or "gazu")


def index() -> str:
    """Return the text of the page that lists the modules."""
    rows = []
    for each in modules():
        path = PACKAGE / (each + ".py")
        if not path.exists():
            path = PACKAGE / each / "__init__.py"
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        summary = (text or "").split("\n\n")[0].replace("\n", " ")
        rows.append("| [gazu.{0}]({0}.md) | {1} |".format(each, summary))
    return "\n".join(
        [
            "# Reference",
            "",
            "Every module and function. Logging in and hosts are functions of",
            "[gazu](gazu.md) itself. What is written `Task`, `Shot`, ... is a plain",
            "dict, described in [gazu.types](types.md).",
            "",
            "| module | what it is for |",
            "| --- | --- |",
            *rows,
            "",
        ]
    )


def models() -> list[ast.ClassDef]:
    """Return the classes of gazu.types."""
    source = (PACKAGE / "types.py").read_text(encoding="utf-8")
    return [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]


def types() -> str:
    """Return the text of the page that describes the results, key by key."""
    source = (PACKAGE / "types.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    classes = {
        node.name: node for node in tree.body if isinstance(node, ast.ClassDef)
    }
    parts = ["# gazu.types", ast.get_docstring(tree) or ""]
    for node in models():
        parts.append("## {0} {{ #gazu.types.{0} }}".format(node.name))
        parts.append(ast.get_docstring(node) or "")
        keys, above = [], node
        while above is not None:
            bases = [ast.unparse(base) for base in above.bases]
            if above is not node and not above.name.startswith("_"):
                parts.append(
                    "Besides, the keys of [{0}](#gazu.types.{0}).".format(
                        above.name
                    )
                )
                break
            keys = [
                each for each in above.body if isinstance(each, ast.AnnAssign)
            ] + keys
            above = classes.get(bases[0]) if bases else None
        if keys:
            rows = "".join(row(each) for each in keys)
            parts.append("| key | value |\n| --- | --- |\n" + rows)
    return "\n\n".join(parts)


def row(key: ast.AnnAssign) -> str:
    """Return a key's row in the table of its model."""
    kind = ast.unparse(key.annotation)
    missing = kind.startswith("NotRequired[")
    if missing:
        kind = kind[len("NotRequired[") : -1]
    names = "|".join(node.name for node in models())
    linked = re.sub(
        r"\b({})\b".format(names),
        r'<a href="#gazu.types.\1">\1</a>',
        kind.replace("|", "&#124;"),
    )
    return "| `{}`{} | <code>{}</code> |\n".format(
        ast.unparse(key.target),
        " (may be missing)" if missing else "",
        linked,
    )

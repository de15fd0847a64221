"""Makes the reference's pages, one for each public module, from the sources."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "python" / "gazu"
SOURCES = ROOT / ".cache" / "docs"

#: Defaults as a reader knows them, by how the sources write them.
DEFAULTS = {
    "default": "default_client",
    "raw.default_client": "default_client",
    "_UNSET": "FROM_ENVIRONMENT",
}

#: What is reached through an object of a page, and has a part of the page itself.
REACHED = {"testing": ["gazu.testing.store.Store"]}

#: Writes the help of each command, a dict of texts by names. The core is not built for it.
HELP = """\
import json, sys
from unittest import mock

import click

sys.path.insert(0, sys.argv[1])
sys.modules["gazu._core"] = mock.MagicMock()
from gazu.cli import cli

width = {"terminal_width": 76, "max_content_width": 76}
top = click.Context(cli, info_name="gazu-cli", **width)
texts = {"gazu-cli": cli.get_help(top)}
for name, command in sorted(cli.commands.items()):
    context = click.Context(command, info_name=name, parent=top, **width)
    texts["gazu-cli " + name] = command.get_help(context)
json.dump(texts, sys.stdout)
"""


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
    make_one_package(SOURCES / "gazu")
    for path in (SOURCES / "gazu").glob("*.py"):
        if path.stem != "types":
            show_defaults(path)
            lift_classes(path)
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


def make_one_package(folder: Path) -> None:
    """Write what users know as the package, and is made of two modules, into one."""
    package, own = folder / "__init__.py", folder / "_package.py"
    text = own.read_text(encoding="utf-8")
    text = '"""\n{}\n"""\n\n{}'.format(intro(""), text)
    package.write_text(text, encoding="utf-8")
    own.unlink()


def show_defaults(path: Path) -> None:
    """Write the defaults of arguments in a copied module as readers know them."""
    text = path.read_text(encoding="utf-8")
    for written, shown in DEFAULTS.items():
        default = r"(\w(?:: [^=\n]+ )?= ?){}(?=,|\)|\n)".format(
            re.escape(written)
        )
        text = re.sub(default, r"\g<1>" + shown, text)
    path.write_text(text, encoding="utf-8")


def lift_classes(path: Path) -> None:
    """Let a copied module have the classes that it makes when they are first used."""
    text = path.read_text(encoding="utf-8")
    for function in ast.parse(text).body:
        if isinstance(function, ast.FunctionDef):
            for node in function.body:
                if isinstance(node, ast.ClassDef):
                    text += "\n\n" + ast.unparse(node) + "\n"
    path.write_text(text, encoding="utf-8")


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
        parts = ["# {0}\n\n::: {0}".format(name(each))]
        parts += [described(path, 2) for path in REACHED.get(each, ())]
        texts[page(each)] = "\n\n".join(parts)
    texts[page("cli")] = command_line()
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
    for each in ["", *modules()]:
        summary = intro(each).split("\n\n")[0].replace("\n", " ")
        link = page(each).rpartition("/")[2]
        rows.append("| [{}]({}) | {} |".format(name(each), link, summary))
    return "\n".join(
        [
            "# Reference",
            "",
            "Every module and function. What is written `Task`, `Shot`, ... is a plain",
            "dict, described in [gazu.types](types.md). `client=default_client` is the",
            "client that [set_host](gazu.md#gazu.set_host) and",
            "[log_in](gazu.md#gazu.log_in) set up; `FROM_ENVIRONMENT` is what the",
            "variables `GAZU_...` say.",
            "",
            "| module | what it is for |",
            "| --- | --- |",
            *rows,
            "",
        ]
    )


def intro(module: str) -> str:
    """Return what a module says of itself."""
    path = PACKAGE / ((module or "__init__") + ".py")
    if not path.exists():
        path = PACKAGE / module / "__init__.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return ast.get_docstring(tree) or ""


def command_line() -> str:
    """Return the text of the page of the commands, as they tell it themselves."""
    done = subprocess.run(
        [sys.executable, "-B", "-c", HELP, str(PACKAGE.parent)],
        stdout=subprocess.PIPE,
        check=True,
    )
    parts = ["# gazu.cli", intro("cli")]
    for command, text in json.loads(done.stdout).items():
        parts.append("## {}".format(command))
        parts.append("```text\n{}\n```".format(text))
    parts.append("## Functions")
    parts.append("What the commands are made of, as upstream has it.")
    source = (PACKAGE / "cli.py").read_text(encoding="utf-8")
    parts += [
        described("gazu.cli." + node.name, 3)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and not is_command(node)
    ]
    return "\n\n".join(parts)


def is_command(function: ast.FunctionDef) -> bool:
    """Return whether a function of gazu.cli is for the command line or itself only."""
    decorators = map(ast.unparse, function.decorator_list)
    commands = ("cli.command", "click.group")
    return function.name.startswith("_") or any(
        each.startswith(commands) for each in decorators
    )


def described(path: str, level: int) -> str:
    """Return the text that has one object described, below a heading of its own."""
    options = {"heading_level": level, "show_root_full_path": False}
    options.update(show_root_heading=True, show_root_toc_entry=True)
    return "::: {}\n    options: {}".format(path, json.dumps(options))


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
    lines = source.splitlines()
    for node in tree.body:
        if isinstance(node, ast.Assign):
            alias = ast.unparse(node.targets[0])
            parts.append("## {0} {{ #gazu.types.{0} }}".format(alias))
            parts.append(lines[node.lineno - 2].lstrip("#: "))
            parts.append("`{}`".format(ast.unparse(node.value)))
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
        " (`NotRequired`)" if missing else "",
        linked,
    )

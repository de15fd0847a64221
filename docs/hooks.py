"""Generates the pages of the reference from the sources, one for each public module."""

from __future__ import annotations

import ast
import json
import logging
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

# MkDocs loads this file by its path.
sys.path.insert(0, str(Path(__file__).parent))

from generate import curves, old_names, pictures, reference, searched, whole
from generate.reference import directive

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "python" / "gazu"
SOURCES = ROOT / ".cache" / "docs"

#: The public names of default values, by their names in the sources.
DEFAULTS = {
    "default": "default_client",
    "raw.default_client": "default_client",
    "_UNSET": "FROM_ENVIRONMENT",
}

#: Further classes to document on the page of a module.
FURTHER_CLASSES = {
    "events": ("gazu._events.consumer.Consumer",),
    "testing": (
        "gazu.testing.KitsuServer",
        "gazu.testing.Request",
        "gazu.testing.File",
        "gazu.testing.Refusal",
        "gazu.testing.store.Store",
    ),
}

#: Links that lead out of the site, with a page that has each.
LEADING_OUT: dict[str, str] = {}

#: A script that prints the help of each command as JSON. It mocks the core, so that no build
#: is needed. The core has the sources of the modules; with a loader of its own, the package
#: looks for them in its folder.
HELP = """\
import json, sys
from importlib import machinery, util
from unittest import mock

import click

class Loader(machinery.SourceFileLoader):
    pass

folder = sys.argv[1] + "/gazu"
loader = Loader("gazu", folder + "/__init__.py")
spec = util.spec_from_file_location(
    "gazu", loader.path, loader=loader, submodule_search_locations=[folder]
)
sys.modules["gazu"] = package = util.module_from_spec(spec)
sys.modules["gazu._core"] = mock.MagicMock()
loader.exec_module(package)
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
    """
    Create the folder of the sources: mkdocstrings ignores search paths that do not exist.

    With --quiet, MkDocs does not count warnings, so a strict build would accept broken links.
    """
    if not logging.getLogger("mkdocs").isEnabledFor(logging.WARNING):
        raise PluginError("build without --quiet, which turns off strict")
    SOURCES.mkdir(parents=True, exist_ok=True)


def on_config(config: Any) -> Any:
    """Copy the sources without the stubs, which would define every function twice."""
    shutil.rmtree(SOURCES, ignore_errors=True)
    ignored = shutil.ignore_patterns("*.pyi", "*.so", "*.pyd", "__pycache__")
    shutil.copytree(PACKAGE, SOURCES / "gazu", ignore=ignored)
    for path in (SOURCES / "gazu").glob("*.py"):
        prepare(path)
    merge_package(SOURCES / "gazu")
    for path in (SOURCES / "gazu").glob("*.py"):
        if path.stem != "types":
            rename_defaults(path)
            hoist_classes(path)
            import_models(path)
    for entry in config.nav:
        if isinstance(entry, dict) and "Reference" in entry:
            entry["Reference"] = [
                "reference/index.md",
                *({name(each): page(each)} for each in ["", *modules()]),
            ]
    return config


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put the pictures into the pages."""
    if pictures.PLACE in markdown:
        drawn = pictures.block(ROOT / "benches" / "README.md")
        markdown = markdown.replace(pictures.PLACE, drawn)
    return curves.drawn(markdown, ROOT / "benches" / "sizes.json")


def whole_site(config: Any, files: Any) -> dict[str, str]:
    """Return the files with the text of the whole site, by path."""
    written = {
        file.src_uri: whole.expanded(file.content_string, ROOT)
        for file in files.documentation_pages()
    }
    for each in ["", *modules()]:
        if each not in ("cli", "types"):
            path = source_path(each)
            stub = path.with_suffix(".pyi")
            if path.stem == "_package":
                stub = PACKAGE / "__init__.pyi"
            written[page(each)] = whole.module_text(
                name(each),
                path.read_text(encoding="utf-8"),
                stub.read_text(encoding="utf-8") if stub.exists() else "",
            )
    pages = {
        path.replace(".md", ".html"): written[path]
        for path in [*listed(config.nav), *map(page, ["", *modules()])]
    }
    title, description = config.site_name, config.site_description
    return {
        "llms.txt": whole.index(title, description, pages),
        "llms-full.txt": whole.full(pages),
    }


def listed(nav: list[Any]) -> list[str]:
    """Return the paths of the pages in the navigation that are not generated, in order."""
    found = []
    for entry in nav:
        (value,) = entry.values() if isinstance(entry, dict) else (entry,)
        if isinstance(value, list):
            found += listed(value)
        elif not value.startswith("reference/"):
            found.append(value)
    return found


def source_path(module: str) -> Path:
    """Return the path of the source of a public module."""
    if not module:
        return PACKAGE / "_package.py"
    path = PACKAGE / (module + ".py")
    return path if path.exists() else PACKAGE / module / "__init__.py"


def on_post_page(output: str, page: Any, config: Any) -> str:
    """
    Mark where names in tables may be broken, as a phone has no room for them.

    Fails if a page loads a file from the internet, because pages must work offline.
    """
    loads = (
        r'<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="(https?:[^"]+)"'
    )
    found = re.findall(loads, output)
    if found:
        raise PluginError(
            "{} loads from the internet: {}".format(page.file.src_uri, found)
        )
    for link in re.findall(r'<a\b[^>]*\bhref="(https?:[^"]+)"', output):
        LEADING_OUT.setdefault(link, page.file.src_uri)
    return reference.with_breaks(output)


# After the search, which writes its index, and before the plugin ``offline``, which copies it.
@event_priority(-50)
def on_post_build(config: Any, **_: Any) -> None:
    """
    Add the words of names to the index of the search, and list the links that lead out.

    These links are not followed: builds are offline.
    """
    index = Path(config.site_dir) / "search" / "search_index.json"
    text = searched.with_words(index.read_text(encoding="utf-8"))
    index.write_text(text, encoding="utf-8")
    lines = ["{}  {}".format(*item) for item in sorted(LEADING_OUT.items())]
    path = ROOT / ".cache" / "external-links.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def prepare(path: Path) -> None:
    """Rewrite a copied module as the reference shows it."""
    if path.stem in ("__init__", "types", "cli"):
        return
    module = name("" if path.stem == "_package" else path.stem)
    stub = PACKAGE / (
        "__init__.pyi" if path.stem == "_package" else path.stem + ".pyi"
    )
    text = reference.prepared(
        module,
        path.read_text(encoding="utf-8"),
        stub.read_text(encoding="utf-8") if stub.exists() else "",
    )
    path.write_text(text, encoding="utf-8")


def merge_package(folder: Path) -> None:
    """Merge the two modules that make up the package for users into one."""
    package, own = folder / "__init__.py", folder / "_package.py"
    text = own.read_text(encoding="utf-8")
    text = '"""\n{}\n"""\n\n{}'.format(intro(""), text)
    package.write_text(text, encoding="utf-8")
    own.unlink()


def rename_defaults(path: Path) -> None:
    """Replace the default values in a copied module by their public names."""
    text = path.read_text(encoding="utf-8")
    for written, shown in DEFAULTS.items():
        default = r"(\w(?:: [^=\n]+ )?= ?){}(?=,|\)|\n)".format(
            re.escape(written)
        )
        text = re.sub(default, r"\g<1>" + shown, text)
    path.write_text(text, encoding="utf-8")


def hoist_classes(path: Path) -> None:
    """Copy classes that a module defines inside functions to its top level."""
    text = path.read_text(encoding="utf-8")
    for function in ast.parse(text).body:
        if isinstance(function, ast.FunctionDef):
            for node in function.body:
                if isinstance(node, ast.ClassDef):
                    text += "\n\n" + ast.unparse(node) + "\n"
    path.write_text(text, encoding="utf-8")


def import_models(path: Path) -> None:
    """Import the types of results in a copied module, so that their names become links."""
    text = path.read_text(encoding="utf-8")
    future = "from __future__ import annotations\n"
    names = ", ".join(node.name for node in models())
    line = "from .types import {}\n".format(names)
    path.write_text(text.replace(future, future + line), encoding="utf-8")


def on_files(files: Any, config: Any) -> Any:
    """Add the pages of the reference."""
    texts = {"reference/index.md": index()}
    for each in ["", *modules()]:
        texts[page(each)] = reference.page(
            name(each), shown_source(each), FURTHER_CLASSES.get(each, ())
        )
    texts[page("cli")] = command_line()
    texts[page("types")] = types()
    texts["old-names.md"] = old_names.page(PACKAGE)
    for path, text in texts.items():
        files.append(File.generated(config, path, content=text))
    for path, text in whole_site(config, files).items():
        files.append(File.generated(config, path, content=text))
    return files


def name(module: str) -> str:
    """Return the full name of a module."""
    return "gazu." + module if module else "gazu"


def page(module: str) -> str:
    """Return the path of the page of a module."""
    return "reference/{}.md".format(module or "gazu")


def shown_source(module: str) -> str:
    """Return the source of a module as it has been rewritten."""
    folder = SOURCES / "gazu"
    path = folder / (module + ".py") if module else folder / "__init__.py"
    if not path.exists():
        path = folder / module / "__init__.py"
    return path.read_text(encoding="utf-8")


def index() -> str:
    """Return the text of the index page."""
    rows = []
    for each in ["", *modules()]:
        summary = intro(each).split("\n\n")[0].replace("\n", " ")
        link = page(each).rpartition("/")[2]
        rows.append("| [{}]({}) | {} |".format(name(each), link, summary))
    return "\n".join(
        [
            "# Reference",
            "",
            "Every module and function. Types such as `Task` and `Shot` are plain dicts,",
            "described in [gazu.types](types.md). `default_client` is the client that",
            "[set_host](gazu.md#gazu.set_host) and [log_in](gazu.md#gazu.log_in) set up.",
            "`FROM_ENVIRONMENT` is the value of the environment variable `GAZU_...`.",
            "Each page begins with tables of its functions. Functions with a",
            reference.BADGE + " mark exist in this package only.",
            "",
            "The examples use these names: `project`, `asset`, `sequence`, `shot`, `person`, `task`,",
            "`comment` and `preview` are records that have been found before, as in the first lines of",
            "[Publish previews](../guide/previews.md).",
            "",
            "| module | purpose |",
            "| --- | --- |",
            *rows,
            "",
        ]
    )


def intro(module: str) -> str:
    """Return the docstring of a module."""
    path = PACKAGE / ((module or "__init__") + ".py")
    if not path.exists():
        path = PACKAGE / module / "__init__.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return ast.get_docstring(tree) or ""


def command_line() -> str:
    """Return the text of the page of the command line, from the help of the commands."""
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
    parts.append("The functions of the commands, as in upstream.")
    source = (PACKAGE / "cli.py").read_text(encoding="utf-8")
    parts += [
        directive("gazu.cli." + node.name, 3)
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef) and not is_command(node)
    ]
    return "\n\n".join(parts)


def is_command(function: ast.FunctionDef) -> bool:
    """Return whether a function of gazu.cli is a command or private."""
    decorators = map(ast.unparse, function.decorator_list)
    commands = ("cli.command", "click.group")
    return function.name.startswith("_") or any(
        each.startswith(commands) for each in decorators
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
    """Return the text of the page of gazu.types."""
    source = (PACKAGE / "types.py").read_text(encoding="utf-8")
    tree = ast.parse(source)
    classes = {
        node.name: node for node in tree.body if isinstance(node, ast.ClassDef)
    }
    # A function is found before the type of its result.
    boost = "---\nsearch:\n  boost: 0.3\n---"
    parts = [boost, "# gazu.types", ast.get_docstring(tree) or ""]
    records = reference.records(ROOT / "docs" / "records.json")
    for node in models():
        parts.append("## {0} {{ #gazu.types.{0} }}".format(node.name))
        parts.append(ast.get_docstring(node) or "")
        keys, above = [], node
        while above is not None:
            bases = [ast.unparse(base) for base in above.bases]
            if above is not node and not above.name.startswith("_"):
                parts.append(
                    "Also has the keys of [{0}](#gazu.types.{0}).".format(
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
        if node.name in records:
            parts.append(records[node.name])
    lines = source.splitlines()
    for node in tree.body:
        if isinstance(node, ast.Assign):
            alias = ast.unparse(node.targets[0])
            parts.append("## {0} {{ #gazu.types.{0} }}".format(alias))
            parts.append(lines[node.lineno - 2].lstrip("#: "))
            parts.append("`{}`".format(ast.unparse(node.value)))
    return "\n\n".join(parts)


def row(key: ast.AnnAssign) -> str:
    """Return the table row of a key."""
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

"""
The reference without the internet: ``python -m gazu docs NAME``.

The texts are the docstrings of the installed package, so they describe this
version.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
import re
import sys
import textwrap
from typing import Any

WIDTH = 79

_PACKAGE = __name__.rpartition(".")[0]
#: Needs click, and its functions are commands.
_LEFT_OUT = ("cli",)

USAGE = """\
Usage: python -m gazu docs [NAME]

Print what the reference says about a module, a function, a class or an old
name. A part of a name lists what contains it.

  python -m gazu docs task
  python -m gazu docs task.add_comment
  python -m gazu docs thumbnail
"""


def main(arguments: list[str]) -> int:
    """
    Print the page of a name.

    Args:
        arguments: What follows ``docs`` on the command line.

    Returns:
        int: The exit code: 0, 2 for a wrong use, and 4 if nothing was found.
    """
    if any(each in ("-h", "--help") for each in arguments):
        print(USAGE, end="")
        return 0
    if len(arguments) > 1 or any(each.startswith("-") for each in arguments):
        print(USAGE, end="", file=sys.stderr)
        return 2
    text = page(arguments[0]) if arguments else contents()
    if text is None:
        print(_nothing(arguments[0]), file=sys.stderr)
        return 4
    encoding = sys.stdout.encoding or "utf-8"
    print(text.encode(encoding, "replace").decode(encoding))
    return 0


def contents() -> str:
    """Return the list of all modules, each with its first sentence."""
    modules = {short: _module(short) for short in _modules()}
    return "{}\n{}".format(
        USAGE, _table({_full(k): _summary(m) for k, m in modules.items()})
    )


def page(name: str) -> str | None:
    """
    Return the text about a name, or None if nothing has such a name.

    Args:
        name: A name, such as ``task.add_comment``, or a part of one.
    """
    parts = name.replace("()", "").strip().split(".")
    if parts[0] == "gazu" and len(parts) > 1:
        parts = parts[1:]
    if parts[0] in ("gazu", *_modules()) and len(parts) == 1:
        return _module_page("" if parts[0] == "gazu" else parts[0])
    found = _exactly(parts)
    if found:
        return "\n\n".join(found)
    matches = _matches(parts[-1])
    return _table(matches) if matches else None


def _modules() -> list[str]:
    """Return the short names of the public modules."""
    package = sys.modules[_PACKAGE]
    return sorted(
        each.name
        for each in pkgutil.iter_modules(package.__path__)
        if not each.name.startswith("_") and each.name not in _LEFT_OUT
    )


def _module(short: str) -> Any:
    """Return a public module; the package itself for the empty name."""
    return importlib.import_module(
        "." + short if short else _PACKAGE, _PACKAGE
    )


def _full(short: str, name: str = "") -> str:
    return ".".join(part for part in ("gazu", short, name) if part)


def _public(short: str) -> dict[str, Any]:
    """Return the functions and classes that a module defines, in its order."""
    module = _module(short)
    # The functions of the package itself are in a module of their own.
    home = module.__name__ if short else _PACKAGE + "._package"
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isroutine(value) or inspect.isclass(value))
        and getattr(value, "__module__", None) in (home, module.__name__)
    }


def _module_page(short: str) -> str:
    """Return a module's text and the list of its functions."""
    rows = {
        name: _summary(value) + _mark(value)
        for name, value in _public(short).items()
    }
    text = inspect.getdoc(_module(short)) or ""
    return "{}\n\n{}\n\n{}".format(_full(short), text, _table(rows))


def _exactly(parts: list[str]) -> list[str]:
    """Return the pages of everything that has exactly this name."""
    pages = []
    if len(parts) > 1 and parts[0] in _modules():
        owner: Any = _module(parts[0])
        value = owner
        for part in parts[1:]:
            value = getattr(value, part, None)
        if value is not None and not inspect.ismodule(value):
            pages.append(_object_page("gazu." + ".".join(parts), value))
    elif len(parts) == 1:
        for short in ("", *_modules()):
            value = _public(short).get(parts[0])
            value = value or _old(short).get(parts[0])
            if value is not None:
                pages.append(_object_page(_full(short, parts[0]), value))
    return pages


def _old(short: str) -> dict[str, Any]:
    """Return the old names of a module."""
    from .. import _deprecated

    for table in _deprecated.tables():
        if table.__name__.rpartition(".")[2] == (short or "package"):
            return dict(table.NAMES)
    return {}


def _object_page(full: str, value: Any) -> str:
    """Return the signature and the text of a function, a class or a value."""
    lines = [_signature(full, value)]
    warning = getattr(value, "__deprecated__", None)
    if warning:
        lines += ["", warning + "."]
    lines += ["", inspect.getdoc(value) or "No text."]
    return "\n".join(lines)


def _signature(full: str, value: Any) -> str:
    """Return a signature, with the type of the result that the text names."""
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return full
    shown = [_parameter(each) for each in signature.parameters.values()]
    named = re.search(
        r"^Returns:\n    (.+?): ", inspect.getdoc(value) or "", re.M
    )
    result = named.group(1) if named else signature.return_annotation
    if result is inspect.Signature.empty or inspect.isclass(value):
        result = ""
    arrow = " -> {}".format(result) if result else ""
    line = "{}({}){}".format(full, ", ".join(shown), arrow)
    if len(line) <= WIDTH:
        return line
    return "{}(\n{}){}".format(
        full, "".join("    {},\n".format(each) for each in shown), arrow
    )


def _parameter(parameter: inspect.Parameter) -> str:
    text = parameter.name
    if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
        text = "*" + text
    if parameter.kind is inspect.Parameter.VAR_KEYWORD:
        text = "**" + text
    if parameter.annotation is not inspect.Parameter.empty:
        text += ": {}".format(parameter.annotation)
    if parameter.default is not inspect.Parameter.empty:
        default = repr(parameter.default)
        if parameter.name == "client" and default != "None":
            default = "default_client"
        text += " = " + default
    return text


def _matches(part: str) -> dict[str, str]:
    """Return everything whose name contains a part, with its first sentence."""
    words = part.lower()
    found = {}
    for short in ("", *_modules()):
        for name, value in _public(short).items():
            if words in name.lower():
                found[_full(short, name)] = _summary(value)
        for name, value in _old(short).items():
            if words in name.lower():
                found[_full(short, name)] = value.__deprecated__ + "."
    return found


def _nothing(name: str) -> str:
    """Return the message for a name that nothing has, with near names."""
    known: dict[str, str] = {}
    for short in ("", *_modules()):
        for each in _public(short):
            known.setdefault(each, _full(short, each))
    wanted = name.rpartition(".")[2]
    near = [known[each] for each in difflib.get_close_matches(wanted, known)]
    text = "Nothing is named {!r}.".format(name)
    return text + (" Near names: {}.".format(", ".join(near)) if near else "")


def _summary(value: Any) -> str:
    """Return the first paragraph of a text, in one line."""
    text = inspect.getdoc(value) or ""
    return " ".join(text.partition("\n\n")[0].split())


def _mark(value: Any) -> str:
    """Return a mark if upstream lacks something."""
    text = inspect.getdoc(value) or ""
    return " [not in upstream]" if "Not in upstream." in text else ""


def _table(rows: dict[str, str]) -> str:
    """Return names and texts in two columns, which fit the width."""
    indent = "    "
    lines = []
    for name, text in rows.items():
        lines.append("  " + name)
        lines += textwrap.wrap(
            text, WIDTH, initial_indent=indent, subsequent_indent=indent
        )
    return "\n".join(lines)

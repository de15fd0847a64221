"""The names, kinds and signatures of a package, found without calling it."""

import functools
import importlib
import importlib.util
import inspect
import sys

MODULES = [
    "",
    "aio",
    "asset",
    "cache",
    "casting",
    "cli",
    "client",
    "concept",
    "context",
    "edit",
    "encoder",
    "entity",
    "events",
    "exception",
    "files",
    "helpers",
    "person",
    "playlist",
    "project",
    "project_template",
    "scene",
    "search",
    "shot",
    "sorting",
    "studio",
    "sync",
    "task",
    "user",
]

#: Modules that only this package has.
ADDED = [
    "auth",
    "budget",
    "chat",
    "csv",
    "custom_action",
    "department",
    "hardware",
    "metadata",
    "news",
    "plugin",
    "preview",
    "preview_background",
    "schedule",
    "server",
    "status_automation",
    "time_spent",
]


def read():
    """Return ``{module: {name: description}}`` for every module."""
    surface = {}
    package = importlib.import_module("gazu")
    modules = MODULES + [name for name in ADDED if _exists(name)]
    for module in modules[1:]:
        # A module that is imported at first use counts as present.
        try:
            getattr(package, module)
        except (AttributeError, ImportError):
            pass
    for module in modules:
        full = "gazu." + module if module else "gazu"
        try:
            found = importlib.import_module(full)
            # dir() also lists names that are created at first use.
            namespace = {name: getattr(found, name) for name in dir(found)}
        except Exception as error:
            surface[module] = {"!": {"kind": "import failed: %r" % (error,)}}
            continue
        surface[module] = {
            name: describe(value)
            for name, value in sorted(namespace.items())
            if not (name.startswith("__") and name != "__version__")
        }
    return surface


def _exists(module):
    return importlib.util.find_spec("gazu." + module) is not None


def describe(value):
    if inspect.ismodule(value):
        return {"kind": "module", "of": value.__name__}
    if inspect.isclass(value):
        record = {
            "kind": "class",
            "module": value.__module__,
            "name": value.__name__,
        }
        if value.__module__.split(".")[0] == "gazu":
            record["bases"] = [base.__name__ for base in value.__mro__[1:]]
            record["members"] = members(value)
        return record
    if inspect.isfunction(value):
        return describe_function(value)
    if isinstance(
        value, (str, int, float, bool, type(None), list, dict, set, tuple)
    ):
        record = {"kind": type(value).__name__, "module": "value"}
        if not isinstance(value, (list, dict)):
            record["value"] = repr(
                sorted(value) if isinstance(value, set) else value
            )
        return record
    kind = type(value)
    return {"kind": "object", "module": kind.__module__, "name": kind.__name__}


def describe_function(value):
    signature = inspect.signature(value)
    return {
        "kind": "coroutine function"
        if inspect.iscoroutinefunction(value)
        else "function",
        "module": value.__module__,
        "name": value.__name__,
        "qualname": value.__qualname__,
        "documented": bool(inspect.getdoc(value)),
        "cached": sorted(
            name
            for name in vars(value)
            if not name.startswith("_") and callable(getattr(value, name))
        ),
        "parameters": [
            describe_parameter(p) for p in signature.parameters.values()
        ],
        "returns": annotation(signature.return_annotation),
    }


def describe_parameter(parameter):
    record = {
        "name": parameter.name,
        "kind": parameter.kind.name,
        "annotation": annotation(parameter.annotation),
    }
    if parameter.default is not inspect.Parameter.empty:
        default = parameter.default
        gazu = sys.modules["gazu"]
        if default is not None and default is gazu.client.default_client:
            record["default"] = "the default client"
        else:
            record["default"] = repr(default)
    return record


def annotation(value):
    if value is inspect.Parameter.empty:
        return None
    # In an annotation that is text, a quoted name has the same meaning.
    return value.strip("\"'") if isinstance(value, str) else repr(value)


def members(kind):
    """Return the members that a class defines itself."""
    found = {}
    for name, value in sorted(vars(kind).items()):
        if name.startswith("_") and name not in (
            "__init__",
            "__enter__",
            "__exit__",
            "__aenter__",
            "__aexit__",
        ):
            continue
        if isinstance(value, property):
            found[name] = {
                "kind": "property",
                "settable": value.fset is not None,
                "returns": annotation(
                    inspect.signature(value.fget).return_annotation
                ),
            }
        elif inspect.isfunction(value):
            record = describe_function(value)
            del record["documented"]
            found[name] = record
        elif isinstance(value, (staticmethod, classmethod, functools.partial)):
            found[name] = {"kind": type(value).__name__}
        else:
            found[name] = {"kind": type(value).__name__}
    return found

"""Derive the calls of the comparison from upstream's signatures and the rows."""

import importlib

from . import replies, values
from .values import BAD, BAD_FILES, FILES, LISTS, MODEL_FORMS, MODELS, VALUES

USUAL = [{"synth": "usual"}]


class Row(object):
    """How one public function is called.

    ``args`` replaces canonical values by parameter name. ``silent``: the function
    rightly sends nothing. ``raises``: the canonical call rightly raises. ``extra``:
    more calls, each ``(name, keyword arguments)`` or ``(name, keyword arguments,
    options)``; a keyword set to ``OMIT`` is left out. ``scenario``: arguments alone
    do not show what the function does, so scenarios cover it.
    """

    def __init__(
        self, args=None, silent=False, raises=False, extra=(), scenario=False, texts=False
    ):
        self.args = args or {}
        self.silent = silent
        self.raises = raises
        self.extra = extra
        self.scenario = scenario
        self.texts = texts


OMIT = {"$": "omit"}


def row(**options):
    return Row(**options)


def by_scenario():
    return Row(scenario=True)


def load_rows():
    """Return ``{"module.function": Row}`` of all tables, the package's own first."""
    from .surface import MODULES

    rows = {}
    for module in MODULES:
        table = importlib.import_module(".rows." + (module or "package"), __package__)
        for name, value in table.ROWS.items():
            rows[(module + "." if module else "") + name] = value
    return rows


def is_model(name):
    return name in MODELS or name in values.MODEL_ALIASES


def takes_model(parameter, override):
    """Tell whether a parameter takes a dict or an id, by its annotation."""
    kind = parameter["annotation"] or ""
    if parameter["name"] in override:
        return False
    if parameter["name"] == "comment":
        return "dict" in kind
    return is_model(parameter["name"]) and "list" not in kind


def canonical(parameter, override, form):
    """Return the value of a parameter: *form* is ``ids`` or ``dicts``."""
    name = parameter["name"]
    kind = parameter["annotation"] or ""
    if name in override:
        return override[name]
    if name == "comment" and "dict" in kind:
        return values.model_dict(name) if form == "dicts" or kind == "dict" else values.model_id(name)
    if name in LISTS and "list" in kind:
        return LISTS[name][form]
    if is_model(name):
        if form == "dicts" or kind.startswith("dict"):
            return values.model_dict(name)
        return values.model_id(name)
    if kind == "bool" or parameter.get("default") in ("True", "False"):
        return parameter.get("default") != "True"
    if name in LISTS:
        return LISTS[name][form]
    if name not in VALUES:
        raise LookupError("no canonical value for parameter %r" % name)
    return VALUES[name]


def shape_of(description):
    """Return the shape of a function's result: decides what the server sends."""
    returns = description["returns"] or ""
    if returns.startswith("list"):
        return "list"
    if returns.startswith("dict") and "None" not in returns:
        return "dict"
    return None


class Builder(object):
    def __init__(self, name, description, table_row):
        self.name = name
        self.row = table_row
        self.shape = shape_of(description)
        self.is_async = description["kind"] == "coroutine function" or name.startswith("aio.")
        self.parameters = [
            p
            for p in description["parameters"]
            if p["name"] != "client" and not p["kind"].startswith("VAR_")
        ]
        self.required = [p for p in self.parameters if "default" not in p]
        self.optional = [p for p in self.parameters if "default" in p]
        self.has_client = any(p["name"] == "client" for p in description["parameters"])
        self.description = description
        self.calls = []

    def base(self, form="ids", everything=False):
        chosen = self.parameters if everything else self.required
        kwargs = {p["name"]: canonical(p, self.row.args, form) for p in chosen}
        for name, value in self.row.args.items():
            if name in {p["name"] for p in self.optional}:
                kwargs.setdefault(name, value)
        return {name: value for name, value in kwargs.items() if value != OMIT}

    def add(self, variant, kwargs, args=(), script=USUAL, bad=False, **options):
        kwargs = {k: v for k, v in kwargs.items() if v != OMIT}
        if self.is_async and self.has_client:
            kwargs.setdefault("client", values.special("client", "async"))
        call = {
            "function": self.name,
            "variant": variant,
            "args": list(args),
            "kwargs": kwargs,
            "script": script,
            "shape": self.shape,
        }
        if bad:
            call["bad"] = True
        call.update(options)
        self.calls.append(call)

    def build(self):
        self.canonical_calls()
        self.optional_calls()
        self.extra_calls()
        self.bad_calls()
        if not self.row.silent:
            self.answer_calls()
        return self.calls

    def canonical_calls(self):
        self.add("ids", self.base())
        self.add("dicts", self.base("dicts"))
        self.add("all", self.base("dicts", everything=True))
        positional = []
        for p in self.description["parameters"]:
            if p["name"] == "client" or p["kind"] != "POSITIONAL_OR_KEYWORD":
                break
            value = canonical(p, self.row.args, "ids")
            if value == OMIT:
                break
            positional.append(value)
        if positional:
            rest = self.base()
            for p in self.description["parameters"][: len(positional)]:
                rest.pop(p["name"], None)
            self.add("positional", rest, positional)
        if self.has_client and not self.is_async:
            self.add("client", dict(self.base(), client=values.CLIENT))
            self.add("no token", self.base(), client={"tokens": {}})

    def optional_calls(self):
        for p in self.optional:
            if self.row.args.get(p["name"]) == OMIT:
                continue
            for form in ("ids", "dicts"):
                given = dict(self.base(form))
                given[p["name"]] = canonical(p, self.row.args, form)
                self.add("only %s, %s" % (p["name"], form), given)
                if not takes_model(p, self.row.args) and p["name"] not in LISTS:
                    break

    def extra_calls(self):
        for entry in self.row.extra:
            name, given = entry[:2]
            options = entry[2] if len(entry) > 2 else {}
            self.add("extra: " + name, dict(self.base(), **given), **options)

    def bad_calls(self):
        for p in self.parameters:
            name = p["name"]
            if name == "progress_callback":
                continue
            forms = dict(BAD)
            if name in FILES:
                forms.update(BAD_FILES)
                # open() takes a number for a file descriptor of the process.
                del forms["int"], forms["bool"]
            if takes_model(p, self.row.args):
                forms.update(MODEL_FORMS)
            for label, value in forms.items():
                self.add("bad: %s is %s" % (name, label), dict(self.base(), **{name: value}), bad=True)
        self.add("bad: unknown keyword", dict(self.base(), no_such_keyword=1), bad=True)
        if self.required:
            self.add("bad: no arguments", {}, bad=True)
        count = len(self.description["parameters"])
        if not any(p["kind"].startswith("VAR_") for p in self.description["parameters"]):
            self.add("bad: too many arguments", {}, [None] * (count + 1), bad=True)

    def answer_calls(self):
        form = "dicts" if any(p["annotation"] == "dict" for p in self.required) else "ids"
        for name, (script, options) in replies.ANSWERS.items():
            self.add("answer: " + name, self.base(form), script=script, **options)
        if self.row.texts:
            for name, text in replies.TEXTS.items():
                script = [{"text": text, "headers": [["Content-Type", "application/json"]]}]
                self.add("answer: " + name, self.base(form), script=script)
            for name, data in replies.BYTES.items():
                headers = [["Content-Type", "application/json"]]
                if name == "gzip":
                    headers.append(["Content-Encoding", "gzip"])
                self.add("answer: " + name, self.base(form), script=[{"base64": data, "headers": headers}])


def build(surface, rows, scenarios):
    """Return the plan: all calls of all rows, then the scenarios."""
    plan = []
    for name, table_row in rows.items():
        if table_row.scenario:
            continue
        module, _, function = name.rpartition(".")
        plan.extend(Builder(name, surface[module][function], table_row).build())
    plan.extend(scenarios)
    return plan

"""Derive the calls of the comparison from upstream's signatures and the rows."""

import importlib

from . import differences, replies, values
from .values import (
    BAD,
    BAD_FILES,
    BAD_MODELS,
    BAD_TARGETS,
    FILES,
    LISTS,
    MODEL_FORMS,
    MODELS,
    VALUES,
)

USUAL = [{"synth": "usual"}]


class Row:
    """How one public function is called.

    ``args`` replaces canonical values by parameter name. ``silent``: the function
    sends nothing, correctly. ``raises``: the canonical call raises, correctly.
    ``shape``: the kind of answer, if the annotation of the result is wrong. ``extra``:
    more calls, each ``(name, keyword arguments)`` or ``(name, keyword arguments,
    options)``; a keyword set to ``OMIT`` is left out. ``scenario``: scenarios test
    the function, because its arguments are not enough. ``texts``: the calls also
    receive answers that parsers read differently.
    """

    def __init__(
        self,
        args=None,
        silent=False,
        raises=False,
        shape=None,
        extra=(),
        scenario=False,
        texts=False,
    ):
        self.shape = shape
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
        table = importlib.import_module(
            ".rows." + (module or "package"), __package__
        )
        for name, value in table.ROWS.items():
            rows[(module + "." if module else "") + name] = value
    return rows


def model_name(parameter):
    """Return which model a parameter takes, by its annotation and name, or None."""
    name = parameter["name"]
    kind = parameter["annotation"] or ""
    if "list[" in kind:
        return None
    if "str | dict" in kind and name.endswith("_id"):
        name = name[:-3]
    known = name in MODELS or name in values.MODEL_ALIASES
    if known or (name in ("comment", "entity_type") and "dict" in kind):
        return name
    return None


def canonical(parameter, override, form):
    """Return the value of a parameter: *form* is ``ids`` or ``dicts``."""
    name = parameter["name"]
    kind = parameter["annotation"] or ""
    if name in override:
        return override[name]
    if name in LISTS and "list" in kind:
        return LISTS[name][form]
    model = model_name(parameter)
    if model:
        if form == "dicts" or kind.startswith("dict"):
            return values.model_dict(model)
        return values.model_id(model)
    if kind == "bool" or parameter.get("default") in ("True", "False"):
        return parameter.get("default") != "True"
    if name in LISTS:
        return LISTS[name][form]
    if name not in VALUES:
        raise LookupError("no canonical value for parameter %r" % name)
    return VALUES[name]


def shape_of(description):
    """Return the shape of a function's result, which decides what the server sends."""
    returns = description["returns"] or ""
    if returns.startswith("list"):
        return "list"
    if returns.startswith("dict") and "None" not in returns:
        return "dict"
    return None


class Builder:
    def __init__(self, name, description, table_row):
        self.name = name
        self.row = table_row
        self.shape = table_row.shape or shape_of(description)
        self.writes = name.split(".")[-1].startswith(differences.WRITERS)
        self.args = dict(table_row.args)
        if self.writes:
            for path in ("file_path", "csv_file_path"):
                self.args.setdefault(path, values.output("target.bin"))
        self.is_async = description[
            "kind"
        ] == "coroutine function" or name.startswith("aio.")
        self.parameters = [
            p
            for p in description["parameters"]
            if p["name"] != "client" and not p["kind"].startswith("VAR_")
        ]
        self.required = [p for p in self.parameters if "default" not in p]
        self.optional = [p for p in self.parameters if "default" in p]
        self.has_client = any(
            p["name"] == "client" for p in description["parameters"]
        )
        self.description = description
        self.calls = []

    def base(self, form="ids", everything=False):
        chosen = self.parameters if everything else self.required
        kwargs = {p["name"]: canonical(p, self.args, form) for p in chosen}
        for name, value in self.row.args.items():
            if name in {p["name"] for p in self.optional}:
                kwargs.setdefault(name, value)
        return {name: value for name, value in kwargs.items() if value != OMIT}

    def add(
        self, variant, kwargs, args=(), script=USUAL, bad=False, **options
    ):
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
        if self.description["cached"]:
            self.add(
                "cache", self.base("dicts"), self.positional(), cache=True
            )
        return self.calls

    def canonical_calls(self):
        self.add("ids", self.base())
        self.add("dicts", self.base("dicts"))
        self.add("all", self.base("dicts", everything=True))
        positional = self.positional()
        if positional:
            rest = self.base()
            for p in self.description["parameters"][: len(positional)]:
                rest.pop(p["name"], None)
            self.add("positional", rest, positional)
        if self.has_client and not self.is_async:
            self.add("client", dict(self.base(), client=values.CLIENT))
            self.add("no token", self.base(), client={"tokens": {}})

    def positional(self):
        """Return canonical ids for all parameters before ``client``."""
        found = []
        for p in self.description["parameters"]:
            if p["name"] == "client" or p["kind"] != "POSITIONAL_OR_KEYWORD":
                break
            value = canonical(p, self.args, "ids")
            if value == OMIT:
                break
            found.append(value)
        return found

    def optional_calls(self):
        for p in self.optional:
            if self.args.get(p["name"]) == OMIT:
                continue
            for form in ("ids", "dicts"):
                given = dict(self.base(form))
                given[p["name"]] = canonical(p, self.args, form)
                self.add("only %s, %s" % (p["name"], form), given)
                if not model_name(p) and p["name"] not in LISTS:
                    break

    def extra_calls(self):
        for entry in self.row.extra:
            name, given = entry[:2]
            options = entry[2] if len(entry) > 2 else {}
            self.add("extra: " + name, dict(self.base(), **given), **options)

    def bad_calls(self):
        for p in self.parameters:
            name = p["name"]
            forms = dict(BAD)
            if name == "progress_callback":
                forms = {kind: BAD[kind] for kind in ("None", "int")}
            if name in FILES:
                forms.update(BAD_TARGETS if self.writes else BAD_FILES)
                # open() reads a number as a file descriptor of this process.
                del forms["int"]
            if model_name(p) or name == "id" or name.endswith("_id"):
                forms.update(BAD_MODELS)
            if model_name(p):
                forms.update(MODEL_FORMS)
            for label, value in forms.items():
                self.add(
                    "bad: %s is %s" % (name, label),
                    dict(self.base(), **{name: value}),
                    bad=True,
                )
        self.add(
            "bad: unknown keyword",
            dict(self.base(), no_such_keyword=1),
            bad=True,
        )
        if self.required:
            self.add("bad: no arguments", {}, bad=True)
        count = len(self.description["parameters"])
        if not any(
            p["kind"].startswith("VAR_")
            for p in self.description["parameters"]
        ):
            self.add(
                "bad: too many arguments", {}, [None] * (count + 1), bad=True
            )

    def answer_calls(self):
        form = (
            "dicts"
            if any(p["annotation"] == "dict" for p in self.required)
            else "ids"
        )
        for name, (script, options) in replies.ANSWERS.items():
            self.add(
                "answer: " + name, self.base(form), script=script, **options
            )
        if self.row.texts:
            for name, (script, options) in replies.MORE_ANSWERS.items():
                self.add(
                    "answer: " + name,
                    self.base(form),
                    script=script,
                    **options,
                )
            for name, text in replies.TEXTS.items():
                script = [
                    {
                        "text": text,
                        "headers": [["Content-Type", "application/json"]],
                    }
                ]
                self.add("answer: " + name, self.base(form), script=script)
            for name, data in replies.BYTES.items():
                headers = [["Content-Type", "application/json"]]
                if name == "gzip":
                    headers.append(["Content-Encoding", "gzip"])
                self.add(
                    "answer: " + name,
                    self.base(form),
                    script=[{"base64": data, "headers": headers}],
                )


def build(surface, rows, scenarios):
    """Return the plan: all calls of all rows, then the scenarios."""
    plan = []
    for name, table_row in rows.items():
        if table_row.scenario:
            continue
        module, _, function = name.rpartition(".")
        if function not in surface[module]:
            raise LookupError(
                "upstream has no {}: it gets no row".format(name)
            )
        plan.extend(
            Builder(name, surface[module][function], table_row).build()
        )
    plan.extend(scenarios)
    return plan

"""Steps that one call cannot show: the same code runs on both sides.

A scenario is a function of the environment that returns what it saw. ``covers``
names the public functions that it stands for.
"""

import importlib

MODULES = ["awaited", "caching", "classes", "commands", "listening", "package"]


def covers(*names):
    """Mark a function as a scenario for the public *names*."""

    def mark(function):
        function.covers = list(names)
        return function

    return mark


def find(call):
    """Return the function of a scenario's call of the plan."""
    module = importlib.import_module("." + call["module"], __name__)
    return getattr(module, call["scenario"])


def load():
    """Return the scenarios as calls of the plan."""
    calls = []
    for module in MODULES:
        namespace = vars(importlib.import_module("." + module, __name__))
        for name, value in namespace.items():
            if callable(value) and hasattr(value, "covers"):
                calls.append(
                    {
                        "module": module,
                        "scenario": name,
                        "covers": value.covers,
                    }
                )
    return calls

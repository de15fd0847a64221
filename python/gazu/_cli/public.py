"""The names of ``gazu.cli``, looked up when they are used: scripts patch them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PACKAGE = __name__.rpartition("._cli.")[0]


def __getattr__(name: str) -> Any:
    if name[:2] == "__":
        raise AttributeError(name)
    return getattr(import_module(_PACKAGE + ".cli"), name)

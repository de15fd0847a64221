"""The names of ``gazu.cli``, looked up when they are used: scripts patch them."""

from __future__ import annotations

import sys
from typing import Any

_PACKAGE = __name__.rpartition("._cli.")[0]


def __getattr__(name: str) -> Any:
    return getattr(sys.modules[_PACKAGE + ".cli"], name)

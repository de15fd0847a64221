"""The versions that Cargo.toml states, for the other tools."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_FOUND = re.search(
    r'^version = "(.+)"$',
    (ROOT / "Cargo.toml").read_text(encoding="utf-8"),
    re.MULTILINE,
)

#: This package's, upstream's with a label: `+rs.1`.
OURS = _FOUND.group(1)
#: The release of upstream's that it stands in for.
UPSTREAM = OURS.partition("+")[0]

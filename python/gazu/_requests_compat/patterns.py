"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Pattern:
    """
    A regular expression, with the methods of ``re.Pattern``.

    The module ``re`` takes longer to import than this package.
    """

    def __init__(self, pattern: str, ignores_case: bool = False) -> None:
        self._pattern = pattern
        self._ignores_case = ignores_case

    def __getattr__(self, name: str) -> Any:
        import re

        flags = re.IGNORECASE if self._ignores_case else 0
        value = getattr(re.compile(self._pattern, flags), name)
        setattr(self, name, value)
        return value

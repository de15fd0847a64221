"""
Typing names for annotations, on every supported version of Python.

The package's annotations are strings. ``typing.get_type_hints``, pydantic and
frameworks for command lines evaluate them with the names of their module. So
each name must also exist at run time, even without ``typing_extensions``.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Union

if TYPE_CHECKING or sys.version_info >= (3, 8):
    from typing import Literal
else:

    class _Literal:
        def __getitem__(self, values: Any) -> Any:
            """Return the type of the values: Python 3.7 has no ``Literal``."""
            values = values if isinstance(values, tuple) else (values,)
            return Union[tuple(map(type, values))]

    Literal = _Literal()

if TYPE_CHECKING:
    from typing_extensions import NotRequired
elif sys.version_info >= (3, 11):
    from typing import NotRequired
else:

    class _NotRequired:
        def __getitem__(self, value_type: Any) -> Any:
            """Return the type itself: it only tells type checkers something."""
            return value_type

    NotRequired = _NotRequired()

__all__ = ["Literal", "NotRequired"]

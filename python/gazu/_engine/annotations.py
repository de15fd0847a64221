"""
Names that annotations use.

Annotations are text, and tools evaluate that text with the names of its module:
``typing.get_type_hints``, pydantic, what turns functions into commands. So each
name must be there at run time too, whatever is installed.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Union

if TYPE_CHECKING or sys.version_info >= (3, 8):
    from typing import Literal
else:

    class _Literal:
        def __getitem__(self, values: Any) -> Any:
            """Return the values' type, since Python 3.7 has no narrower one."""
            values = values if isinstance(values, tuple) else (values,)
            return Union[tuple(map(type, values))]

    Literal = _Literal()

if TYPE_CHECKING:
    from typing_extensions import NotRequired
elif sys.version_info >= (3, 11):
    from typing import NotRequired
else:

    class _NotRequired:
        def __getitem__(self, kind: Any) -> Any:
            """Return the type of a key that may be missing."""
            return kind

    NotRequired = _NotRequired()

__all__ = ["Literal", "NotRequired"]

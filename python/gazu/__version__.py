"""The version of upstream gazu that this package stands in for."""

from . import _core

__version__: str = _core.UPSTREAM_VERSION

"""
The command ``gazu-cli``, also as ``python -m gazu``.

``docs`` needs none of the packages that the other commands need.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line. Print one line if a dependency is missing."""
    if sys.argv[1:2] == ["docs"]:
        from . import _docs

        sys.exit(_docs.main(sys.argv[2:]))
    try:
        from .cli import main as run
    except ImportError as error:
        sys.exit(str(error))
    run()


if __name__ == "__main__":
    main()

"""The command ``gazu-cli``, also as ``python -m gazu``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line. Print one line if a dependency is missing."""
    try:
        from .cli import main as run
    except ImportError as error:
        sys.exit(str(error))
    run()


if __name__ == "__main__":
    main()

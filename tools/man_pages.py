"""
Write the man pages of gazu-cli, one for each command, from the help.

    python tools/man_pages.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

import gazu
from click_man.core import write_man_pages
from gazu.cli import cli


def main(folder: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    write_man_pages(
        "gazu-cli", cli, version=gazu.__version__, target_dir=folder
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

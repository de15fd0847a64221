"""
Record a session of the command line as a picture: ``docs/session.svg``.

    make session

Starts a Zou with a small production, runs each command in a terminal of 92 columns, and
writes what was typed and printed. The host is replaced by that of the documentation.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

from ..scenarios import production as productions
from ..zou.install import ROOT
from ..zou.parts import without_proxy
from ..zou.server import ZouServer

TARGET = ROOT / "docs" / "session.svg"
WIDTH = 92
HOST = "https://kitsu.example.com"
#: The commands, and the exit code of each.
COMMANDS = (
    ("gazu-cli login --host {host}", 0),
    ("gazu-cli tasks --project Caminandes --type Modeling", 0),
    (
        "gazu-cli upload turntable.png --task Caminandes/Lama/Modeling "
        '--status wfa -m "Review"',
        0,
    ),
    ("gazu-cli task Caminandes/Lama/Modeling", 0),
    ("gazu-cli task Caminandes/Lama/Modelling", 4),
)


def main() -> int:
    """Record the session."""
    console = Console(
        record=True,
        width=WIDTH,
        file=io.StringIO(),
        color_system="256",
    )
    os.environ.update(without_proxy(os.environ))
    with ZouServer() as server, tempfile.TemporaryDirectory() as folder:
        server.reset_database()
        productions.fill(
            server.host, server.admin_email, server.admin_password
        )
        productions.make_image(server.ffmpeg, Path(folder) / "turntable.png")
        url = server.host[: -len("/api")]
        variables = {
            **os.environ,
            "HOME": folder,
            "COLUMNS": str(WIDTH),
        }
        login = "login --email {} --password {}".format(
            server.admin_email, server.admin_password
        )
        program = "{} -m gazu --color always".format(sys.executable)
        for command, code in COMMANDS:
            show(console, command.format(host=HOST), "")
            run = command.format(host=url).replace("gazu-cli", program, 1)
            done = subprocess.run(
                run.replace("login", login, 1),
                shell=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                cwd=folder,
                env=variables,
                timeout=60,
            )
            if done.returncode != code:
                sys.exit("{}: {}".format(command, done.stdout))
            show(console, None, done.stdout.replace(url, HOST))
    TARGET.write_text(picture(console), encoding="utf-8")
    print("written:", TARGET.relative_to(ROOT))
    return 0


def show(console: Console, command: str | None, output: str) -> None:
    """Print a command behind a prompt, or what a command has printed."""
    if command is not None:
        console.print(Text.assemble(("$ ", "bold green"), (command, "bold")))
    else:
        console.print(Text.from_ansi(output.rstrip("\n")))


def picture(console: Console) -> str:
    """Return the recorded session as SVG, without fonts from the internet."""
    text = console.export_svg(title="gazu-cli", theme=MONOKAI)
    return re.sub(r"@font-face \{.*?\}\s*", "", text, flags=re.S)


if __name__ == "__main__":
    sys.exit(main())

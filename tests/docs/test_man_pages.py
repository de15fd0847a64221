"""The man pages of the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from gazu.cli import cli

ROOT = Path(__file__).resolve().parents[2]


def commands(group, name):
    """Yield the command and all below it, with their full names."""
    yield name, group
    if isinstance(group, click.Group):
        for below, command in group.commands.items():
            if not command.hidden:
                yield from commands(command, name + "-" + below)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("man")
    program = [sys.executable, str(ROOT / "tools" / "man_pages.py")]
    subprocess.run([*program, str(folder / "new")], check=True)
    return folder / "new"


def test_each_command_has_a_page(folder):
    names = {name + ".1" for name, _ in commands(cli, "gazu-cli")}
    assert {page.name for page in folder.iterdir()} == names


@pytest.mark.parametrize("name, command", list(commands(cli, "gazu-cli")))
def test_a_page_describes_the_options(folder, name, command):
    text = (folder / (name + ".1")).read_text(encoding="utf-8")
    text = text.replace("\\-", "-")
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert parameter.opts[0] in text

"""``python -m gazu docs`` prints the reference of the installed package."""

from __future__ import annotations

import os
import subprocess
import sys

import gazu
import pytest
from gazu import _docs


def run(*arguments):
    """Run the command where click cannot be imported."""
    program = (
        "import sys; sys.modules['click'] = None\n"
        "sys.argv[1:] = {!r}\n"
        "from gazu.__main__ import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program.format(list(arguments))],
        capture_output=True,
        encoding="ascii",
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_function_is_printed_with_the_type_that_its_text_names():
    text = _docs.page("task.all_tasks_for_shot")
    assert text.startswith(
        "gazu.task.all_tasks_for_shot(\n    shot: str | dict,"
    )
    assert (
        "    client: KitsuClient = default_client,\n) -> list[Task]\n" in text
    )
    assert "Route: ``GET data/shots/{shot}/tasks``" in text


@pytest.mark.parametrize(
    "name",
    ["add_comment", "gazu.task.add_comment", "task.add_comment()"],
)
def test_names_may_be_short_or_full(name):
    assert _docs.page(name).startswith("gazu.task.add_comment(")


def test_the_same_name_in_several_modules_is_printed_for_each():
    text = _docs.page("update_comment")
    assert "gazu.files.update_comment(" in text
    assert "gazu.task.update_comment(" in text


def test_a_module_lists_its_functions_and_marks_additions():
    text = _docs.page("search")
    assert text.startswith("gazu.search\n")
    assert "search_entities\n" in text
    lines = _docs.page("news").splitlines()
    assert "[not in upstream]" in lines[lines.index("  get_news") + 1]


def test_a_part_of_a_name_lists_what_contains_it():
    text = _docs.page("thumbnail")
    assert "gazu.files.download_preview_file_thumbnail" in text


def test_an_old_name_says_what_to_use():
    text = _docs.page("shot.all_sequences")
    assert "use gazu.shot.all_sequences_for_project instead." in text
    assert "all_sequences_for_project" in _docs.page("all_sequences")


def test_every_public_name_of_a_module_has_a_page():
    for short in ("", *_docs._modules()):
        for name, value in _docs._public(short).items():
            full = ".".join(part for part in ("gazu", short, name) if part)
            lines = _docs._object_page(full, value).splitlines()
            assert lines[0].startswith(full)
            assert "No text." not in lines, full


def test_the_command_needs_no_other_package():
    code, out, err = run("docs", "log_in")
    assert (code, err) == (0, "")
    assert out.startswith("gazu.log_in(")


def test_a_console_that_lacks_characters_shows_the_rest():
    code, out, err = run("docs", "exception")
    assert (code, err) == (0, "")
    assert "NotAllowedException" in out


def test_without_a_name_all_modules_are_listed():
    code, out, err = run("docs")
    assert (code, err) == (0, "")
    assert "gazu.task" in out
    assert "gazu.user" in out


def test_an_unknown_name_gets_near_ones():
    code, out, err = run("docs", "add_commment")
    assert (code, out) == (4, "")
    assert "gazu.task.add_comment" in err


def test_wrong_use():
    code, out, err = run("docs", "--what")
    assert (code, out) == (2, "")
    assert err == _docs.USAGE


def test_old_names_have_the_standard_attribute():
    assert gazu.shot.all_sequences.__deprecated__ == (
        "gazu.shot.all_sequences is deprecated, "
        "use gazu.shot.all_sequences_for_project instead"
    )


def test_gazu_cli_lists_the_command_and_accepts_options_before_it():
    testing = pytest.importorskip("click.testing")
    from gazu import cli

    runner = testing.CliRunner()
    text = runner.invoke(cli.cli, ["--help"]).output
    assert "\n  docs " in text
    done = runner.invoke(cli.cli, ["--quiet", "docs", "sort_by_name"])
    assert (done.exit_code, done.output[:24]) == (
        0,
        "gazu.sorting.sort_by_name"[:24],
    )
    assert runner.invoke(cli.cli, ["docs", "nothing_such"]).exit_code == 4

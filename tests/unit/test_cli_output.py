"""``gazu-cli``: names, tables, formats, completion and ``doctor``, against a Kitsu in memory."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys

import gazu
import gazu.testing
import pytest

pytest.importorskip("click")

import gazu.cli
from click.shell_completion import ShellComplete
from gazu._cli import complete, output

from .recording_server import Answer

pytestmark = pytest.mark.beyond


@pytest.fixture
def kitsu(default, monkeypatch):
    with gazu.testing.KitsuServer() as server:
        monkeypatch.setattr(default, "host", server.host)
        yield server


@pytest.fixture
def production(kitsu, default, home):
    """A project with two shots of the same name and an asset, logged in."""
    tokens = gazu.log_in(kitsu.email, kitsu.password)
    gazu.cli.save_config({"host": kitsu.host, "tokens": tokens})
    project = gazu.project.new_project("My Project")
    for name in ("SE01", "SE02"):
        sequence = gazu.shot.new_sequence(project, name)
        gazu.shot.new_shot(project, sequence, "SH01", nb_frames=48)
    kind = gazu.asset.get_asset_type_by_name("Character")
    lama = gazu.asset.new_asset(project, kind, "Lama")
    modeling = gazu.task.get_task_type_by_name("Modeling")
    me = gazu.client.get_current_user()
    status = gazu.task.get_task_status_by_short_name("wip")
    task = gazu.task.new_task(
        lama, modeling, task_status=status, assignees=[me]
    )
    kitsu.requests.clear()
    return {
        "project": project,
        "lama": lama,
        "task": task,
        "me": me,
        "status": status,
    }


def rows(text):
    """Return the cells of a plain table."""
    lines = text.splitlines()
    ends = [len(part) for part in lines[1].split("  ")]
    cells = []
    for line in [lines[0]] + lines[2:]:
        start, row = 0, []
        for end in ends:
            row.append(line[start : start + end].strip())
            start += end + 2
        cells.append(row)
    return cells


class TestNames:
    def test_tasks_have_names(self, run, production, kitsu):
        code, out, err = run("tasks", "-p", "My Project")
        assert (code, err) == (0, "")
        me = production["me"]
        assert rows(out)[1] == [
            "Lama",
            "Modeling",
            "Work In Progress",
            "{first_name} {last_name}".format(**me),
            production["task"]["id"],
        ]
        # The tasks of a project lack their assignees, and are asked for them.
        asked = sorted(request.path for request in kitsu.requests)
        assert asked == [
            *("data/entities", "data/persons", "data/projects"),
            *("data/task-status", "data/task-types"),
            *("data/tasks", "data/tasks"),
        ]

    def test_a_task_has_names(self, run, production):
        lines = run("task", production["task"]["id"])[1].splitlines()
        shown = dict(line.split(": ", 1) for line in lines)
        assert shown["ENTITY"] == "Lama"
        assert shown["TYPE"] == "Modeling"
        assert shown["STATUS"] == "Work In Progress"
        assert shown["PROJECT"] == "My Project"
        assert shown["DESCRIPTION"] == ""
        assert shown["ASSIGNEES"] == "{first_name} {last_name}".format(
            **production["me"]
        )

    def test_shots_have_their_sequence(self, run, production):
        table = rows(run("shots", "-p", "My Project")[1])
        assert sorted(row[0] + "/" + row[1] for row in table[1:]) == [
            "SE01/SH01",
            "SE02/SH01",
        ]

    def test_an_asset_has_its_type_and_project(self, run, production):
        assert rows(run("assets", "-p", "My Project")[1])[1][1] == "Character"
        out = run("asset", "My Project/Lama")[1]
        assert "TYPE: Character\n" in out and "PROJECT: My Project\n" in out

    def test_a_project_has_its_status(self, run, production):
        assert "STATUS: Open\n" in run("project", "My Project")[1]
        assert rows(run("projects", "--all")[1])[0][3] == "STATUS"

    def test_json_is_what_the_server_sends(self, run, production, kitsu):
        code, out, _ = run("--json", "tasks", "-p", "My Project")
        (task,) = json.loads(out)
        assert code == 0 and "task_type_name" not in task
        assert task["id"] == production["task"]["id"]
        assert len(kitsu.requests) == 2

    def test_names_that_may_not_be_seen_stay_ids(
        self,
        run,
        production,
        kitsu,
    ):
        kitsu.route("GET", "data/task-types", {"message": "no"}, status=403)
        table = rows(run("tasks", "-p", "My Project")[1])
        assert table[1][1] == production["task"]["task_type_id"]


class TestPaths:
    @pytest.mark.parametrize(
        "path",
        [
            "My Project/Lama/Modeling",
            "my project/lama/modeling",
            "My Project/Character/Lama/Modeling",
            "/My Project/Lama/Modeling/",
        ],
    )
    def test_a_path_names_a_task(self, run, production, path):
        code, out, err = run("--json", "task", path)
        assert code == 0, err
        assert json.loads(out)["id"] == production["task"]["id"]

    def test_the_project_may_be_in_the_environment(self, run, production):
        code, out, err = run(
            *("--json", "task", "Lama/Modeling"),
            env={"GAZU_PROJECT": "My Project"},
        )
        assert code == 0, err
        assert json.loads(out)["id"] == production["task"]["id"]

    @pytest.mark.parametrize(
        "arguments, line",
        [
            (
                ("task", "My Projct/Lama/Modeling"),
                "Project not found: My Projct. Did you mean My Project?",
            ),
            (
                ("task", "My Project/Lamma/Modeling"),
                "Entity of My Project not found: Lamma. Did you mean Lama?",
            ),
            (
                ("task", "My Project/Lama/Moddeling"),
                "Task of My Project/Lama not found: Moddeling. "
                "Did you mean Modeling?",
            ),
            (
                ("shot-casting", "My Project/SE03/SH01"),
                "Entity of My Project not found: SE03/SH01.",
            ),
            (
                ("project", "my projet"),
                "Project not found: my projet. Did you mean My Project?",
            ),
            (
                ("tasks", "-p", "My Project", "-s", "wpi"),
                "Task status not found: wpi. Did you mean wip?",
            ),
            (
                ("shots", "-p", "My Project", "-s", "SE1"),
                "Sequence not found: SE1. Did you mean SE02 or SE01?",
            ),
        ],
        ids=lambda value: value[0] if isinstance(value, tuple) else "",
    )
    def test_near_names_are_suggested(self, run, production, arguments, line):
        code, out, err = run(*arguments)
        assert (code, out) == (4, "")
        assert err.startswith(line[:40]) and err.count("\n") == 1
        assert line in err or "Did you mean" in err

    def test_the_name_of_a_closed_project_is_suggested(self, run, production):
        gazu.project.close_project(production["project"])
        code, _, err = run("project", "my projet")
        assert (code, "Did you mean My Project?" in err) == (4, True)

    def test_a_name_that_is_not_unique_is_explained(self, run, production):
        code, _, err = run("shot-casting", "My Project/SH01")
        assert code == 4
        assert "My Project/SE01/SH01" in err and "My Project/SE02/SH01" in err
        assert run("shot-casting", "My Project/SE01/SH01")[0] == 0

    def test_what_is_no_path_is_wrong_usage(self, run, production, kitsu):
        code, out, err = run("task", "nope")
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "'nope' is neither an ID nor PROJECT/ENTITY/TASK-TYPE" in err
        assert kitsu.requests == []

    def test_a_comment_takes_names(self, run, production):
        code, out, err = run(
            *("comment", "-t", "My Project/Lama/Modeling"),
            *("-s", "Work in progress", "-m", "Done"),
        )
        assert code == 0, err
        assert out.startswith("Comment posted (ID: ")
        (comment,) = gazu.task.all_comments_for_task(production["task"])
        assert comment["text"] == "Done"

    def test_a_dry_run_changes_nothing(self, run, production, make_file):
        path = make_file("turntable.mov", b"x" * 2000)
        target = ("-t", "My Project/Lama/Modeling", "-s", "wip", "--dry-run")
        for command in (("comment",), ("upload", path)):
            code, out, err = run(*command, *target)
            assert (code, err) == (0, "")
            assert "Would " in out and "Work In Progress" in out
        assert "2,000 bytes" in out
        assert gazu.task.all_comments_for_task(production["task"]) == []


class TestFormats:
    def test_options_of_the_output_also_stand_after_the_command(
        self,
        run,
        production,
    ):
        before = run("--json", "projects")
        assert before[0] == 0 and run("projects", "--json") == before

    def test_lines_of_json(self, run, production):
        code, out, _ = run("shots", "-p", "My Project", "--jsonl")
        assert code == 0
        lines = [json.loads(line) for line in out.splitlines()]
        assert [line["name"] for line in lines] == ["SH01", "SH01"]

    def test_csv_has_names_and_whole_values(self, run, production):
        long = 'a, "b" and\nc ' * 20
        gazu.asset.update_asset(dict(production["lama"], description=long))
        code, out, _ = run("--csv", "assets", "-p", "My Project")
        assert code == 0
        table = list(csv.reader(io.StringIO(out)))
        assert table[0] == ["name", "asset_type_name", "description", "id"]
        assert table[1][:3] == ["Lama", "Character", long]

    def test_formats_exclude_each_other(self, run, production):
        code, out, err = run("--json", "projects", "--csv")
        assert (code, out) == (2, "")
        assert "--json and --csv exclude each other" in err

    def test_quiet_prints_results_only(self, run, production):
        target = ("-t", "My Project/Lama/Modeling", "-s", "wip")
        assert run("-q", "comment", *target) == (0, "", "")
        assert "My Project" in run("-q", "projects")[1]

    def test_version_names_this_package_and_upstream(self, run):
        out = run("--version")[1]
        assert out.startswith(
            "gazu-cli, version {}\n".format(gazu.__version__)
        )
        assert "gazu on Rust {}+rs.".format(gazu.__version__) in out


class Terminal(io.StringIO):
    """A terminal that keeps what is written to it."""

    encoding = "utf-8"

    def isatty(self):
        return True


class TestTerminal:
    COLUMNS = (("NAME", "name"), ("STATUS", "status"), ("ID", "id"))
    ROWS = (
        {
            "name": "A name that is too long for this terminal, \x1b[2J",
            "status": output.Colored("Wip", "#3273dc"),
            "id": "6f1e0a52-3c5b-4d0b-9a59-0c4f5b1d7e11",
        },
    )

    @pytest.fixture
    def drawn(self, monkeypatch):
        pytest.importorskip("rich")

        def draw(width=60, rows=self.ROWS, **variables):
            for name in ("NO_COLOR", "FORCE_COLOR"):
                monkeypatch.delenv(name, raising=False)
            variables.update(COLUMNS=str(width), TERM="xterm-256color")
            for name, value in variables.items():
                monkeypatch.setenv(name, value)
            with monkeypatch.context() as patch:
                terminal = Terminal()
                patch.setattr(sys, "stdout", terminal)
                gazu.cli.print_table(rows, self.COLUMNS)
            return terminal.getvalue()

        return draw

    def test_a_table_fits_and_keeps_the_ids(self, drawn):
        plain = re.sub("\x1b\\[[0-9;]*m", "", drawn(NO_COLOR="1"))
        lines = plain.splitlines()
        assert len(lines) == 2 and max(map(len, lines)) <= 60
        assert self.ROWS[0]["id"] in lines[1]
        assert "\u2026" in lines[1] and "\x1b[2J" not in plain

    def test_a_status_has_its_color(self, drawn):
        # One of 256 colors, or of 16 in a console of Windows.
        colored = re.compile("\x1b\\[(97|37);(48;5;\\d+|10[0-7])mWip")
        assert colored.search(drawn())
        assert "Wip" in drawn(NO_COLOR="1")
        assert not colored.search(drawn(NO_COLOR="1"))

    def test_markup_in_names_is_not_read(self, drawn):
        row = {"name": "[red]x[/red] :smile:", "id": "[bold]"}
        assert "[red]x[/red] :smile:" in drawn(rows=[row])

    def test_a_pipe_gets_plain_text(self, run, production):
        pytest.importorskip("rich")
        command = ("tasks", "-p", "My Project")
        assert "\x1b" not in run(*command)[1]
        assert "\x1b[" in run(*command, "--color", "always")[1]
        assert "\x1b" not in run(*command, "--color", "never")[1]


class TestCompletion:
    @staticmethod
    def completed(*words):
        shell = ShellComplete(
            gazu.cli.cli, {}, "gazu-cli", "_GAZU_CLI_COMPLETE"
        )
        found = shell.get_completions(list(words[:-1]), words[-1])
        return [item.value for item in found]

    @pytest.mark.parametrize(
        "words, values",
        [
            (("project", ""), ["My Project"]),
            (("tasks", "-p", "my"), ["My Project"]),
            (("tasks", "-s", "wi"), ["wip"]),
            (("tasks", "-t", "Mod"), ["Modeling"]),
            (("shots", "-p", "My Project", "-s", ""), ["SE01", "SE02"]),
            (("asset", "-p", "My Project", "L"), ["Lama"]),
            (
                ("task", "My Project/L"),
                ["My Project/Lama/"],
            ),
            (
                ("task", "My Project/Lama/"),
                ["My Project/Lama/", "My Project/Lama/Modeling"],
            ),
            (
                ("shot-casting", "My Project/SE01/"),
                ["My Project/SE01/SH01"],
            ),
            (("task", "No"), []),
        ],
        ids=lambda words: "-".join(words) if isinstance(words, tuple) else "",
    )
    def test_names_are_completed(self, production, words, values):
        assert self.completed(*words) == values

    def test_names_are_kept_until_the_logout(
        self,
        run,
        production,
        kitsu,
        home,
    ):
        assert self.completed("project", "") == ["My Project"]
        asked = len(kitsu.requests)
        assert self.completed("project", "M") == ["My Project"]
        assert len(kitsu.requests) == asked
        assert "completion.json" in os.listdir(str(home))
        assert run("logout")[0] == 0
        assert os.listdir(str(home)) == []
        assert self.completed("project", "") == []

    def test_old_names_are_asked_for_again(
        self, production, kitsu, monkeypatch
    ):
        self.completed("project", "")
        asked = len(kitsu.requests)
        monkeypatch.setattr(complete, "_KEPT_FOR", 0)
        self.completed("project", "")
        assert len(kitsu.requests) > asked

    def test_a_damaged_file_does_not_matter(self, production, home):
        for text in ("", "[1]", '{"a": 1}', "{"):
            (home / "completion.json").write_text(text)
            assert self.completed("project", "") == ["My Project"]

    def test_a_server_that_fails_completes_nothing(
        self,
        production,
        kitsu,
        capsys,
    ):
        kitsu.stop()
        assert self.completed("project", "") == []
        assert capsys.readouterr() == ("", "")

    def test_bash_gets_quoted_names(self, production, monkeypatch):
        monkeypatch.setenv("_GAZU_CLI_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", "gazu-cli project ")
        assert self.completed("project", "") == ["My\\ Project"]
        monkeypatch.setenv("COMP_WORDS", 'gazu-cli project "My')
        assert self.completed("project", "My") == ["My Project"]


class TestDoctor:
    def test_everything_is_checked(self, run, production):
        code, out, err = run("--json", "doctor")
        found = {row["check"]: row["result"] for row in json.loads(out)}
        assert (code, err) == (0, "")
        assert found.pop("encryption") == "warning"
        assert set(found.values()) == {"ok"}
        assert set(found) >= {
            *("versions", "host", "proxy", "reachable", "clock", "API"),
            *("event stream", "login"),
        }

    def test_a_forgotten_api_is_named(self, run, server, default):
        server.on("GET", "*", Answer(body="<html>", content_type="text/html"))
        code, out, _ = run("doctor", "--host", server.url)
        assert code == 6 and "did you forget /api" in out

    def test_an_unreachable_host_is_named(self, run, kitsu, default):
        host = kitsu.host
        kitsu.stop()
        code, out, _ = run("doctor", "--host", host)
        assert code == 7 and "cannot reach " + host in out

    def test_a_missing_login_is_named(self, run, default):
        code, out, _ = run("doctor")
        assert code == 3 and "Not logged in" in out

    def test_no_secret_is_shown(self, run, production, kitsu):
        token = gazu.client.default_client.access_token
        for options in ((), ("--json",)):
            out = "".join(map(str, run(*options, "doctor")[1:]))
            assert token not in out and kitsu.password not in out


class TestHelp:
    def test_every_command_has_an_example(self):
        import click

        for name, command in gazu.cli.cli.commands.items():
            context = click.Context(command, info_name=name)
            text = command.get_help(context)
            example = text.partition("Example")[2].partition("Options:")[0]
            assert re.search(r"gazu-cli .*\b{}\b".format(name), example)
            assert "--json" in text

    def test_the_help_names_variables_and_exit_codes(self, run):
        out = run("--help")[1]
        for part in ("GAZU_PROJECT", "NO_COLOR", "Exit codes", "not allowed"):
            assert part in out

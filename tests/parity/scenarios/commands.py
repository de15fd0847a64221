"""``gazu.cli``: every command, run against the recording server."""

import json
import os

from . import covers

USUAL = {"synth": "usual"}
COMMANDS = {
    "asset": "cli.asset",
    "assets": "cli.assets",
    "asset-types": "cli.asset_types",
    "comment": "cli.comment",
    "episodes": "cli.episodes",
    "login": "cli.login",
    "logout": "cli.logout",
    "my-tasks": "cli.my_tasks",
    "persons": "cli.persons",
    "project": "cli.project",
    "projects": "cli.projects",
    "search": "cli.search",
    "sequences": "cli.sequences",
    "shot-casting": "cli.shot_casting",
    "shots": "cli.shots",
    "status": "cli.status",
    "task": "cli.task",
    "tasks": "cli.tasks",
    "task-statuses": "cli.task_statuses",
    "task-types": "cli.task_types",
}
#: The options that upstream's commands do not have.
OWN_OPTIONS = ("browser", "keyring", "port", "profile")
UUID = "6f1e0a52-3c5b-4d0b-9a59-0c4f5b1d7e11"
INVOCATIONS = [
    ["projects"],
    ["projects", "--all"],
    ["project", "Caminandes"],
    ["project", UUID],
    ["assets", "--project", "P"],
    ["assets", "-p", UUID, "--type", "Props"],
    ["assets"],
    ["asset", "Lama", "-p", "P"],
    ["asset", UUID],
    ["asset", "Lama"],
    ["shots", "--project", "P"],
    ["shots", "-p", "P", "--sequence", "SQ"],
    ["shots", "-p", "P", "-e", "E1"],
    ["shots", "-p", "P", "-s", "SQ", "-e", "E1"],
    ["sequences", "--project", "P"],
    ["sequences", "-p", "P", "--episode", "E1"],
    ["episodes", "-p", "P"],
    ["tasks", "-p", "P"],
    ["tasks", "-p", "P", "--type", "Modeling"],
    ["tasks", "-p", "P", "--status", "wip"],
    ["tasks", "-p", "P", "-t", "Modeling", "-s", "wip"],
    ["task", UUID],
    ["task", "not-an-id"],
    ["comment", "--task", UUID, "--status", "wip"],
    ["comment", "-t", UUID, "-s", "wip", "-m", "A message"],
    ["comment", "-t", UUID],
    ["persons"],
    ["my-tasks"],
    ["my-tasks", "--done"],
    ["search", "lama"],
    ["search", "lama", "--project", "P"],
    ["shot-casting", UUID],
    ["asset-types"],
    ["asset-types", "-p", "P"],
    ["task-types"],
    ["task-types", "-p", "P"],
    ["task-statuses"],
    ["task-statuses", "-p", "P"],
    ["status"],
    ["logout"],
    ["no-such-command"],
    ["projects", "--no-such-option"],
    ["project"],
]
ANSWERS = [
    ("usual", [USUAL]),
    ("bare", [{"synth": "bare"}]),
    ("empty", [{"json": []}]),
    ("found, then empty", [USUAL, {"json": []}]),
    ("401", [{"status": 401, "json": {"msg": "no"}}]),
    ("403", [{"status": 403}]),
    ("404", [{"status": 404}]),
    ("500", [{"status": 500, "json": {}}]),
]


def prepare(env, config=True):
    cli = env.gazu_cli = __import__("gazu.cli").cli
    cli.CONFIG_DIR = os.path.join(env.root, "home", ".gazu")
    cli.CONFIG_FILE = os.path.join(cli.CONFIG_DIR, "config.json")
    env.reset()
    if config:
        cli.save_config(
            {
                "host": env.host,
                "tokens": {"access_token": "kept", "refresh_token": "r"},
            }
        )
    return cli


def invoke(env, args, script, **options):
    from click.testing import CliRunner

    cli = env.gazu_cli
    env.server.play(script)
    result = CliRunner().invoke(cli.cli, args, **options)
    error = result.exception
    return {
        "exit code": result.exit_code,
        "output": output_of(result.output),
        "error": None if isinstance(error, SystemExit) else error,
        "requests": [
            [r.method, r.target, r.header("authorization"), r.body]
            for r in env.server.requests
        ],
    }


def output_of(text):
    """Return the output without the usage text, which is click's and ours."""
    return [
        line
        for line in text.splitlines()
        if not line.startswith(("Usage:", "Try "))
    ]


@covers(*COMMANDS.values())
def commands(env):
    prepare(env)
    seen = []
    for args in INVOCATIONS:
        for name, script in ANSWERS:
            prepare(env)
            seen.append([args, name, invoke(env, args, script)])
            if name in ("usual", "bare", "empty"):
                prepare(env)
                seen.append(
                    [
                        ["--json"] + args,
                        name,
                        invoke(env, ["--json"] + args, script),
                    ]
                )
    env.server.play([])
    return seen


@covers("cli.cli", "cli.main")
def structure(env):
    cli = prepare(env, config=False)
    seen = {}
    for name, command in sorted(cli.cli.commands.items()):
        if name not in COMMANDS:
            continue
        seen[name] = [
            [
                type(p).__name__,
                p.name,
                sorted(p.opts),
                p.required,
                str(p.type),
                bool(getattr(p, "is_flag", False)),
                bool(getattr(p, "prompt", None)),
                bool(getattr(p, "hide_input", None)),
                bool(getattr(p, "help", None)),
            ]
            for p in command.params
            if p.name not in OWN_OPTIONS
        ] + [bool(command.help)]
    return [
        seen,
        sorted(p.name for p in cli.cli.params if p.name not in OWN_OPTIONS),
        invoke(env, ["--version"], [USUAL]),
        callable(cli.main),
        [
            invoke(env, args, [USUAL])["exit code"]
            for args in ([], ["--help"], ["projects", "--help"])
        ],
    ]


@covers(
    "cli.login",
    "cli.logout",
    "cli.load_config",
    "cli.save_config",
    "cli.clear_config",
)
def configuration(env):
    cli = prepare(env, config=False)
    seen = [cli.load_config(), cli.clear_config()]
    for host in (env.host, env.host + "/", env.host[:-4], env.host[:-4] + "/"):
        args = [
            "login",
            "--host",
            host,
            "--email",
            "a@b.c",
            "--password",
            "pw",
        ]
        seen.append(invoke(env, args, [USUAL]))
        seen.append([cli.load_config(), oct(os.stat(cli.CONFIG_FILE).st_mode)])
        seen.append(oct(os.stat(cli.CONFIG_DIR).st_mode))
    seen.append(
        invoke(env, ["login"], [USUAL], input="%s\na@b.c\npw\n" % env.host)
    )
    args = ["login", "--host", env.host, "--email", "a", "--password", "b"]
    seen.append(
        invoke(env, args, [{"status": 400, "json": {"message": "wrong"}}])
    )
    seen.append(invoke(env, args, [{"status": 500, "json": {}}]))
    seen.append(invoke(env, ["logout"], [USUAL]))
    seen.append([os.path.exists(cli.CONFIG_FILE), cli.load_config()])
    seen.append(invoke(env, ["logout"], [USUAL]))
    seen.append(invoke(env, ["projects"], [USUAL]))
    cli.save_config({"host": env.host})
    seen.append(invoke(env, ["projects"], [USUAL]))
    cli.save_config({"a": "\u00e9"})
    with open(cli.CONFIG_FILE) as stream:
        seen.append(stream.read())
    with open(cli.CONFIG_FILE, "w") as stream:
        stream.write("not json")
    seen.append(invoke(env, ["projects"], [USUAL])["exit code"])
    return seen


@covers(
    "cli.setup_client", "cli.resolve_project", "cli.get_project_from_option"
)
def helpers(env):
    cli = prepare(env)
    seen = [cli.setup_client(), env.default.tokens, env.default.host]
    for function, args in (
        (cli.resolve_project, (UUID,)),
        (cli.resolve_project, ("name",)),
        (cli.get_project_from_option, ("name",)),
        (cli.get_project_from_option, (None,)),
    ):
        for script in ([USUAL], [{"json": []}]):
            for variable in (None, "from the environment"):
                if variable:
                    os.environ["GAZU_PROJECT"] = variable
                env.server.play(script)
                try:
                    result = function(*args)
                except SystemExit as error:
                    result = ["exit", error.code]
                finally:
                    os.environ.pop("GAZU_PROJECT", None)
                seen.append([result, [r.target for r in env.server.requests]])
    prepare(env, config=False).clear_config()
    try:
        cli.setup_client()
    except SystemExit as error:
        seen.append(["exit", error.code])
    return seen


@covers("cli.print_table", "cli.output", "cli.handle_errors")
def output(env):
    import click
    from click.testing import CliRunner

    cli = prepare(env, config=False)
    rows = [
        {"name": "a\nb ", "n": 0, "f": False, "x": None},
        {"name": "\u00e9" * 70, "n": [1, 2]},
        {},
    ]
    columns = [("NAME", "name"), ("N", "n"), ("FLAG", "f"), ("X", "x")]
    seen = []

    class Context:
        def __init__(self, as_json):
            self.obj = {"json": as_json}

    for data in (rows, [], rows[0], {}):
        for as_json in (True, False):

            @click.command()
            def command(data=data, as_json=as_json):
                if isinstance(data, list):
                    cli.print_table(data, columns)
                cli.output(Context(as_json), data, columns)

            seen.append(CliRunner().invoke(command).output.splitlines())
    exceptions = env.gazu.exception
    for name in sorted(vars(exceptions)):
        # Upstream has no exception for too many requests.
        if not name.endswith("Exception") or name.startswith("TooMany"):
            continue
        kind = getattr(exceptions, name)

        @click.command()
        @cli.handle_errors
        def failing(kind=kind):
            """Its text."""
            raise kind("a path")

        result = CliRunner().invoke(failing)
        error = result.exception
        seen.append(
            [
                name,
                result.exit_code,
                result.output,
                None if isinstance(error, SystemExit) else error,
            ]
        )

    @cli.handle_errors
    def named(a, b=1):
        """Its text."""
        return [a, b]

    seen.append([named.__name__, named.__doc__, named(1, b=2)])
    with open(os.path.join("out", "seen.json"), "w") as stream:
        json.dump(len(seen), stream)
    return seen

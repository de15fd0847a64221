"""The import is fast, and works wherever the package is installed."""

from __future__ import annotations

import os
import sys

import gazu
import pytest

from . import needs
from .recording_server import Answer

PACKAGE = os.path.dirname(os.path.abspath(gazu.__file__))


@pytest.mark.beyond
def test_no_third_party_module_is_imported(python):
    out = python(
        """
        import os, sys
        before = set(sys.modules)
        import gazu
        home = os.path.dirname(os.path.abspath(gazu.__file__))
        stdlib = os.path.dirname(os.__file__)
        for name in sorted(set(sys.modules) - before):
            path = getattr(sys.modules[name], "__file__", None)
            if path is None or os.path.abspath(path).startswith(home + os.sep):
                continue
            if os.path.abspath(path).startswith(stdlib + os.sep) and "site-packages" not in path:
                continue
            print(name, path)
        for name in ("requests", "urllib3", "aiohttp", "click", "socketio", "typing_extensions"):
            if name in sys.modules:
                print(name)
        """
    ).stdout
    assert out == ""


@pytest.mark.beyond
def test_no_slow_standard_module_is_imported(python):
    """These take longer than the rest of the import together."""
    out = python(
        """
        import sys
        import gazu
        print([n for n in ("asyncio", "ssl", "http.client", "email.parser", "multiprocessing",
                           "concurrent.futures", "unittest") if n in sys.modules])
        """,
        flags=["-I"] if "site-packages" in PACKAGE else [],
    ).stdout
    assert out == "[]\n"


@pytest.mark.beyond
@pytest.mark.parametrize(
    "call",
    [
        "gazu.client.get('data/projects')",
        "gazu.project.all_projects()",
        "gazu.log_in('ann@studio.com', 'secret')",
        "gazu.task.all_tasks_for_shot('a24a6ea4-ce75-4665-a070-57453082c256')",
        "gazu.client.post('data/persons', {'name': 'Ann'})",
        "gazu.client.upload('data/upload', sys.executable)",
        "gazu.client.download('data/movie', sys.argv[2])",
        "gazu.client.default_client.session.get(sys.argv[1] + '/data/projects')",
    ],
)
def test_the_first_request_imports_what_it_needs(
    python, server, call, tmp_path
):
    """Each module of the standard library takes a part of the time to the answer."""
    server.on("*", "auth/login", {"login": True, "access_token": "a"})
    server.on("*", "data/projects", [])
    server.on("*", "data/persons", {})
    server.on("*", "data/upload", {"id": "a"})
    server.on("*", "data/movie", Answer(body="movie"))
    server.on(
        "GET", "data/shots/a24a6ea4-ce75-4665-a070-57453082c256/tasks", []
    )
    out = python(
        """
        import sys
        before = set(sys.modules)
        import gazu
        gazu.set_host(sys.argv[1])
        {}
        print(*sorted(n for n in set(sys.modules) - before if n.partition(".")[0] != "gazu"))
        """.format(call),
        server.url + "/api",
        str(tmp_path / "movie"),
        flags=["-I"] if "site-packages" in PACKAGE else [],
    ).stdout
    # All but the first are written in C.
    expected = {"__future__", "_datetime", "_operator", "atexit", "time"}
    assert set(out.split()) <= expected


def test_no_thread_or_socket_is_created(python):
    python(
        """
        import os, sys, threading
        def descriptors():
            return sorted(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else []
        def tasks():
            return os.listdir("/proc/self/task") if os.path.isdir("/proc/self/task") else []
        import socket
        made = []
        class Watched(socket.socket):
            def __init__(self, *args, **kwargs):
                made.append(args)
                super().__init__(*args, **kwargs)
        socket.socket = Watched
        before = descriptors()
        # An emulator has threads of its own.
        running = tasks()
        import gazu
        client = gazu.client.create_client("http://localhost/api")
        assert descriptors() == before, descriptors()
        assert threading.active_count() == 1
        assert tasks() == running, tasks()
        assert made == [] or any(n.startswith("urllib3") for n in sys.modules)
        """
    )


def test_nothing_is_printed(python):
    process = python("import gazu", flags=["-W", "error::SyntaxWarning"])
    assert (process.stdout, process.stderr) == ("", "")


@pytest.mark.beyond
def test_there_are_no_warnings(python):
    process = python(
        "import gazu; gazu.client.create_client('http://h')",
        flags=["-X", "dev", "-W", "error"],
    )
    assert (process.stdout, process.stderr) == ("", "")


@pytest.mark.parametrize(
    "names",
    [
        "raw client cache helpers asset casting context edit entity files project project_template "
        "person scene search shot studio sync task user playlist concept aio",
        "get_host set_host log_in send_email_otp log_out refresh_access_token get_event_host "
        "set_event_host create_session set_token __version__",
        "AuthFailedException ParameterException NotAuthenticatedException",
    ],
)
def test_top_level_names_exist(names):
    for name in names.split():
        if name == "aio" and not hasattr(gazu, name):
            pytest.importorskip("aiohttp")
        assert hasattr(gazu, name)


def test_all_forms_of_import_work(python):
    python(
        r"""
        import importlib, importlib.util, re
        import gazu.client as raw
        from gazu import client, project, shot
        from gazu.exception import RouteNotFoundException
        import gazu
        assert gazu.raw is gazu.client is raw is client
        assert importlib.import_module("gazu") is gazu
        assert importlib.util.find_spec("gazu.task") is not None
        assert re.match(r"\d+\.\d+\.\d+$", gazu.__version__)
        """
    )


def test_optimized_python_works(python):
    python("import gazu; assert gazu.task.all_task_types", flags=["-OO"])


def test_the_first_import_may_be_in_a_thread(python):
    python(
        """
        import threading
        errors = []
        def work():
            try:
                import gazu
                gazu.client.default_client.host
            except Exception as error:
                errors.append(error)
        threads = [threading.Thread(target=work) for _ in range(8)]
        for t in threads: t.start()
        for t in threads: t.join()
        assert errors == []
        """
    )


def test_signatures_are_upstreams():
    import inspect

    text = str(inspect.signature(gazu.client.create_client)).split(" -> ")[0]
    for name in (
        "host",
        "ssl_verify",
        "cert",
        "use_refresh_token",
        "callback_not_authenticated",
    ):
        assert name in text
    parameters = inspect.signature(gazu.client.KitsuClient).parameters
    assert list(parameters)[:8] == [
        "host",
        "ssl_verify",
        "cert",
        "use_refresh_token",
        "callback_not_authenticated",
        "tokens",
        "access_token",
        "refresh_token",
    ]
    assert parameters["use_refresh_token"].default is True
    assert (
        inspect.signature(gazu.client.create_client)
        .parameters["use_refresh_token"]
        .default
        is False
    )
    assert sys.version_info >= (3, 7)


@pytest.mark.beyond
class TestDeferred:
    """Modules are executed at their first use, which no code notices."""

    def test_nothing_is_executed_by_the_import(self, python):
        out = python(
            """
            import sys
            before = set(sys.modules)
            import gazu
            from gazu import task
            import gazu.shot
            added = {n.partition(".")[0] for n in set(sys.modules) - before}
            # The interpreter has some inside, without a file. PyO3 makes the
            # core's modules with `types.SimpleNamespace`.
            added -= {"gazu", "__future__", "types", *sys.builtin_module_names}
            print(sorted(added))
            assert "all_tasks_for_shot" not in object.__getattribute__(task, "__dict__")
            assert gazu.task is task is sys.modules["gazu.task"]
            assert task.all_tasks_for_shot.__module__ == "gazu.task"
            assert type(task) is type(sys)
            """,
            flags=["-I"] if "site-packages" in PACKAGE else [],
        ).stdout
        assert out == "[]\n"

    @pytest.mark.parametrize(
        "look",
        [
            "'all_tasks_for_shot' in vars(gazu.task)",
            "'all_tasks_for_shot' in dir(gazu.task)",
            "gazu.task.__doc__.startswith('\\nTasks')",
            "gazu.task.__spec__.name == 'gazu.task'",
            "gazu.task.__file__.endswith('task.py')",
            "inspect.ismodule(gazu.task)",
            "'Tasks' in inspect.getdoc(gazu.task)",
            "'def ' in inspect.getsource(gazu.task)",
            "pickle.loads(pickle.dumps(gazu.log_in)) is gazu.log_in",
            "{'task', 'raw', 'log_in', '__version__'} <= set(dir(gazu))",
            "{'task', 'raw', 'log_in', 'AuthFailedException'} <= set(vars(gazu))",
            "gazu.set_host.__module__ == 'gazu' and gazu.set_host.__globals__ is vars(gazu)",
            "gazu.get_host.__defaults__ == (gazu.raw.default_client,)",
            "gazu.__doc__.startswith('\\nThe client')",
            "not hasattr(gazu, 'nothing') and not hasattr(gazu.task, 'nothing')",
            "importlib.reload(gazu.task) is gazu.task and gazu.task.new_task",
            "importlib.reload(gazu) is gazu and gazu.log_in",
            "gazu.log_in and importlib.reload(gazu).log_in and gazu.raw is gazu.client",
            "importlib.util.find_spec('gazu.task').origin == gazu.task.__file__",
            "len(gazu.cache.cached_functions) > 200",
            "repr(gazu.task).startswith('<module ')",
            "getattr(gazu.task, '__warningregistry__', 1) == 1",
        ],
    )
    def test_inspection_executes_the_module(self, python, look):
        python(
            """
            import importlib, importlib.util, inspect, pickle
            import gazu
            assert %s
            """
            % look
        )

    def test_a_star_import_has_everything(self, python):
        python(
            """
            from gazu import *
            assert raw is client and task.new_task and log_in and set_host
            """
        )

    def test_attributes_that_are_set_stay(self, python):
        python(
            """
            from unittest import mock
            import gazu
            gazu.task.new_task = gazu.log_out = len
            assert gazu.task.new_task is len and gazu.task.get_task
            assert gazu.log_out is len and gazu.log_in
            with mock.patch("gazu.shot.get_shot", 1), mock.patch("gazu.log_in", 2):
                assert gazu.shot.get_shot == 1 and gazu.log_in == 2
            assert callable(gazu.shot.get_shot) and callable(gazu.log_in)
            """
        )

    def test_modules_may_be_removed_and_put_back(self, python):
        """Test suites do so that replace the modules of a DCC."""
        python(
            """
            import sys
            from unittest import mock
            import gazu
            with mock.patch.dict(sys.modules, {"maya": mock.Mock()}):
                new_task = gazu.task.new_task
            import gazu.task
            assert gazu.task.new_task is new_task
            assert sys.modules["gazu.task"].new_task is new_task
            """
        )

    def test_threads_execute_a_module_once(self, python):
        python(
            """
            import sys, threading
            import gazu
            sys.setswitchinterval(1e-6)
            last = dict(task="remove_comment", shot="get_shot", context="all_open_projects",
                        sync="push_tasks", user="log_desktop_session_log_in", files="get_preview_file",
                        client="get_current_user", asset="get_asset")
            names = list(last)
            seen, errors, start = [], [], threading.Barrier(16)
            def work(number):
                start.wait()
                try:
                    for name in names[number % 8:] + names[:number % 8]:
                        getattr(getattr(gazu, name), last[name])
                    seen.append((gazu.task.new_task, gazu.log_in, gazu.create_session))
                except BaseException as error:
                    errors.append(error)
            threads = [threading.Thread(target=work, args=(n,)) for n in range(16)]
            for t in threads: t.start()
            for t in threads: t.join(30)
            assert errors == [] and len(seen) == 16 and len(set(seen)) == 1, (errors, seen)
            """
        )

    def test_a_thread_does_not_ask_for_a_lock_that_it_has(self, python):
        """Another thread that asks for it would look for a deadlock for ever."""
        python(
            """
            import gazu
            from _thread import get_ident
            from gazu._engine import lazy

            taken = []

            class Bootstrap:
                _DeadlockError = lazy._bootstrap._DeadlockError

                def _get_module_lock(self, name, get=lazy._bootstrap._get_module_lock):
                    lock = get(name)
                    assert lock.owner != get_ident(), name
                    taken.append(name)
                    return lock

            lazy._bootstrap = Bootstrap()
            assert gazu.sync.push_tasks and gazu.cache.enable
            assert "gazu.sync" in taken
            """
        )

    def test_a_relative_path_works_after_a_change_of_directory(
        self, python, vendored
    ):
        folder = vendored("lib", "gazu").parent
        python(
            """
            import os, sys
            os.chdir(sys.argv[1])
            sys.path.insert(0, ".")
            import gazu
            sys.path.remove(".")
            os.chdir("/")
            assert gazu.task.new_task and gazu.log_in
            assert os.path.samefile(os.path.dirname(gazu.task.__file__), sys.argv[1] + "/gazu")
            """,
            folder,
        )

    def test_an_execution_that_fails_is_repeated(self, python):
        python(
            """
            import sys
            import gazu
            sys.modules["string"] = None
            try:
                gazu.task.new_task
            except ImportError:
                del sys.modules["string"]
            assert gazu.task.new_task
            """
        )

    @needs.fork
    def test_a_forked_child_may_execute_modules(self, python):
        python(
            """
            import os, threading, time
            import gazu, gazu.task, _frozen_importlib
            held = threading.Event()
            def hold():
                with _frozen_importlib._ModuleLockManager("gazu.task"):
                    held.set()
                    time.sleep(1)
            threading.Thread(target=hold, daemon=True).start()
            held.wait()
            child = os.fork()
            if child == 0:
                gazu.task.new_task
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
            """
        )

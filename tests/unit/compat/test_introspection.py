"""Functions, results, clients and modules work with Python's own tools."""

from __future__ import annotations

import copy
import importlib
import inspect
import io
import json
import pickle
import pkgutil
import pydoc
from unittest import mock

import gazu
import pytest
from gazu import client as raw

from ..recording_server import Answer

ID = "a24a6ea4-ce75-4665-a070-57453082c256"

MODULES = sorted(
    module.name
    for module in pkgutil.iter_modules(gazu.__path__)
    if not module.name.startswith("_") and module.name not in ("cli",)
)


def modules():
    for name in MODULES:
        yield importlib.import_module("gazu." + name)


def functions(module):
    return [
        (name, member)
        for name, member in inspect.getmembers(module, inspect.isfunction)
        if member.__module__ == module.__name__ and not name.startswith("_")
    ]


def test_help_shows_functions():
    out = io.StringIO()
    pydoc.Helper(output=out).help(gazu.task)
    text = out.getvalue()
    assert "all_tasks_for_shot" in text and "GET data/shots" in text


@pytest.mark.parametrize("name", MODULES)
def test_pydoc_shows_a_module(name):
    module = importlib.import_module("gazu." + name)
    for render in (
        lambda: pydoc.render_doc(module, renderer=pydoc.plaintext),
        lambda: pydoc.HTMLDoc().docmodule(module),
    ):
        text = render()
        for function_name, _ in functions(module):
            assert function_name in text


def test_pydoc_shows_the_package(python):
    out = python(
        "import runpy, sys; sys.argv = ['pydoc', 'gazu'];"
        "runpy.run_module('pydoc', run_name='__main__')"
    ).stdout
    assert "log_in" in out and "PACKAGE CONTENTS" in out


def test_inspect_shows_source_and_text():
    count = 0
    for module in modules():
        for name, function in functions(module):
            signature = inspect.signature(function)
            assert "def " in inspect.getsource(function), name
            assert inspect.getfile(inspect.unwrap(function)) == module.__file__
            assert function.__name__ == function.__qualname__ == name
            assert function.__doc__, name
            assert signature.parameters or name in NO_ARGUMENTS
            count += 1
    assert count > 500


NO_ARGUMENTS = ("enable", "disable", "clear_all", "get_infos")


def test_signatures_bind_arguments():
    bound = inspect.signature(gazu.task.all_tasks_for_shot).bind(
        {"id": ID}, relations=True
    )
    assert list(bound.arguments) == ["shot", "relations"]
    assert inspect.getfullargspec(gazu.task.all_tasks_for_shot)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_functions_can_be_pickled(protocol):
    for module in modules():
        for name, function in functions(module):
            again = pickle.loads(pickle.dumps(function, protocol))
            assert again is function, name
            assert copy.copy(function) is function
            assert copy.deepcopy(function) is function


def test_functions_can_be_sent_to_a_process_pool(default, server, python):
    """A function is pickled by its name."""
    server.on("*", "data/x", [1])
    python(
        """
        import sys, multiprocessing, gazu
        def main():
            context = multiprocessing.get_context("spawn")
            with context.Pool(1) as pool:
                found = pool.apply(gazu.client.url_path_join, ("a", "b"))
            assert found == "a/b"
        if __name__ == "__main__":
            main()
        """,
        timeout=60,
    )


VALUE = [{"id": ID, "data": {"a": [1, 2.5, None, True, "é"]}, "name": "b"}]


def test_results_are_plain_objects(server, client):
    server.on("GET", "data/x", VALUE)
    result = raw.get("data/x", client=client)
    assert type(result) is list and type(result[0]) is dict
    assert result == VALUE
    assert copy.deepcopy(result) == VALUE
    assert pickle.loads(pickle.dumps(result)) == VALUE
    assert json.loads(json.dumps(result)) == VALUE
    assert {**result[0], "name": "c"}["name"] == "c"
    result[0]["data"]["a"].reverse()
    assert result[0]["data"]["a"] == ["é", True, None, 2.5, 1]
    assert raw.get("data/x", client=client) == VALUE


def test_responses_of_downloads_can_be_pickled(server, client):
    server.on("GET", "data/x", b"film")
    answer = pickle.loads(
        pickle.dumps(raw.download("data/x", None, client=client))
    )
    assert (answer.content, answer.status_code) == (b"film", 200)


def test_clients_can_be_copied(server, client):
    client.tokens = {"access_token": "t", "refresh_token": "r"}
    client.session.headers["X-A"] = "1"
    client.timeout = (3, 4)
    shallow = copy.copy(client)
    assert shallow.tokens is client.tokens
    assert shallow.session is client.session
    for again in (copy.deepcopy(client), pickle.loads(pickle.dumps(client))):
        assert again.tokens == client.tokens
        assert again.tokens is not client.tokens
        assert again.timeout == (3, 4)
        raw.get("data/x", client=again)
        assert server.last.header("X-A") == "1"
        assert server.last.header("Authorization") == "Bearer t"
        again.session.close()


def test_exceptions_can_be_copied(server, client):
    server.on("GET", "data/x", Answer({"message": "no"}, status=400))
    with pytest.raises(gazu.exception.ParameterException) as caught:
        raw.get("data/x", client=client)
    error = caught.value
    for again in (
        copy.copy(error),
        copy.deepcopy(error),
        pickle.loads(pickle.dumps(error)),
    ):
        assert type(again) is type(error)
        assert again.args == error.args == ("data/x", "no")
        assert str(again) == str(error)
        assert (again.status_code, again.body) == (400, {"message": "no"})


def test_autospec_works(server):
    for module in modules():
        specced = mock.create_autospec(module)
        for name, _ in functions(module):
            assert callable(getattr(specced, name))
    task = mock.create_autospec(gazu.task)
    task.all_tasks_for_shot.return_value = []
    assert task.all_tasks_for_shot({"id": ID}) == []
    with pytest.raises(TypeError):
        task.all_tasks_for_shot()
    with pytest.raises(TypeError):
        task.all_tasks_for_shot(ID, nonsense=1)
    client = mock.create_autospec(raw.KitsuClient, instance=True)
    client.make_auth_header.return_value = {}
    assert client.make_auth_header() == {}
    assert server.requests == []


def test_dir_and_vars_show_names():
    names = dir(gazu)
    assert {"log_in", "task", "client", "raw", "exception"} <= set(names)
    assert names == sorted(names)
    everything = {}
    exec("from gazu import *", everything)
    assert {"log_in", "set_host", "task", "raw"} <= set(everything)
    assert inspect.getmembers(gazu.shot) and inspect.getmembers(gazu)


def test_dir_leaves_out_what_a_module_imports_for_itself():
    assert importlib.import_module("gazu._docs")
    for module in [gazu, *modules(), gazu.types, gazu.testing]:
        listed = set(dir(module))
        for name, value in list(vars(module).items()):
            own = getattr(value, "__module__", None) == module.__name__
            if own and not name.startswith("_"):
                assert name in listed, (module, name)
        for name in listed:
            value = getattr(module, name)
            home = getattr(value, "__module__", None) or ""
            if inspect.ismodule(value):
                home = value.__name__
            helper = home.startswith("gazu._") and inspect.isroutine(value)
            assert not helper and home != "gazu._core", (module, name)
            assert not (name.startswith("_") and inspect.ismodule(value))
    assert "annotations" not in dir(gazu.auth)
    assert "TYPE_CHECKING" not in dir(gazu.client)
    assert {"Comment", "ModelOrId"} < set(dir(gazu.types)) - {"Any"}
    assert "Consumer" in dir(gazu.events)


def test_names_that_a_script_adds_are_listed(monkeypatch):
    monkeypatch.setattr(gazu.task, "of_this_studio", 1, raising=False)
    assert "of_this_studio" in dir(gazu.task)
    monkeypatch.setattr(gazu.task, "add_comment", mock.Mock())
    assert "add_comment" in dir(gazu.task)
    assert "composition" not in dir(gazu.task)
    assert gazu.task.composition


class TestReloading:
    """Development loops and plug-in reloaders reload modules."""

    USE = """
        import importlib, sys, gazu
        def use(gazu):
            client = gazu.client.create_client(sys.argv[1])
            client.retries = 1
            assert gazu.client.get("data/x", client=client) == {}
            try:
                gazu.client.get("data/missing", client=client)
            except gazu.exception.RouteNotFoundException:
                return
            raise AssertionError("not raised")
        use(gazu)
        """

    @pytest.fixture
    def run(self, server, python):
        server.on("GET", "data/missing", Answer({}, status=404))
        return lambda program: python([self.USE, program], server.url + "/api")

    def test_the_package_can_be_reloaded(self, run):
        run(
            """
            gazu.set_host("http://kitsu/api")
            assert importlib.reload(gazu) is gazu
            assert gazu.get_host() == "http://kitsu/api"
            use(gazu)
            """
        )

    def test_the_client_can_be_reloaded(self, run):
        run(
            """
            before = gazu.client.default_client
            gazu.set_host("http://kitsu/api")
            importlib.reload(gazu.client)
            assert gazu.client.default_client is not before
            # Functions keep the default that they were defined with.
            assert gazu.get_host() == "http://kitsu/api"
            use(gazu)
            importlib.reload(gazu)
            assert gazu.get_host() == gazu.client.default_client.host
            use(gazu)
            """
        )

    def test_every_module_can_be_reloaded(self, run):
        run(
            """
            import types
            for name in sorted(sys.modules):
                module = sys.modules[name]
                if name.startswith("gazu.") and hasattr(module, "__file__"):
                    if module.__name__.split(".")[1][0] != "_":
                        importlib.reload(module)
            importlib.reload(gazu)
            use(gazu)
            assert gazu.shot.all_shots_for_project
            """
        )

    def test_the_cache_can_be_reloaded(self, run):
        run(
            """
            gazu.cache.enable()
            importlib.reload(gazu.cache)
            assert gazu.cache.cache_settings == {"enabled": False}
            use(gazu)
            """
        )

    def test_the_package_can_be_removed_and_imported_again(self, run):
        run(
            """
            old = gazu
            for name in [n for n in sys.modules if n.split(".")[0] == "gazu"]:
                del sys.modules[name]
            import gazu
            assert gazu is not old
            assert gazu.client.default_client is not old.client.default_client
            use(gazu)
            use(old)
            use(gazu)
            """
        )

    def test_a_loader_that_only_executes_works(self, server, python):
        """The loader of pytest is such, which rewrites the assertions of plug-ins."""
        server.on("GET", "data/missing", Answer({}, status=404))
        python(
            [
                """
                import importlib.machinery, sys
                class Rewriting:
                    def find_spec(self, name, path=None, target=None):
                        if name.split(".")[0] != "gazu":
                            return None
                        spec = importlib.machinery.PathFinder.find_spec(name, path)
                        source = isinstance(
                            spec.loader, importlib.machinery.SourceFileLoader)
                        if source:
                            places = spec.submodule_search_locations
                            spec = importlib.machinery.ModuleSpec(
                                name, Loader(spec.loader), origin=spec.origin)
                            spec.has_location = True
                            spec.submodule_search_locations = places
                        return spec
                class Loader:
                    def __init__(self, below):
                        self.below = below
                    def create_module(self, spec):
                        return None
                    def exec_module(self, module):
                        exec(self.below.get_code(module.__name__), module.__dict__)
                sys.meta_path.insert(0, Rewriting())
                """,
                self.USE,
                """
                assert gazu.log_in and gazu.get_host() and gazu.task.new_task
                assert type(gazu.__spec__.loader) is Loader
                """,
            ],
            server.url + "/api",
        )

    def test_some_modules_can_be_removed_and_imported_again(self, run):
        run(
            """
            del sys.modules["gazu.shot"], gazu.shot
            import gazu.shot
            assert gazu.shot.all_shots_for_project
            for name in [n for n in sys.modules if n.startswith("gazu._")]:
                del sys.modules[name]
            use(gazu)
            """
        )

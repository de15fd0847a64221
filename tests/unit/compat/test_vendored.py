"""The package inside plug-ins: under another name, twice, from a temporary path."""

from __future__ import annotations

import os
import shutil
import zipfile

import pytest

from ..recording_server import Answer

USE = """
    import io, os, pickle, sys

    def use(gazu, url):
        client = gazu.client.create_client(url + "/api")
        client.retries = 1
        gazu.client.post("data/x", {"a": 1}, client=client)
        gazu.client.get("data/x", client=client)
        gazu.client.upload("data/x", files={"f": b"a"}, client=client)
        gazu.client.download("data/x", "out", client=client)
        assert gazu.client.host_is_up(client=client)
        assert client.session.get(client.host + "/data/x").ok
        try:
            gazu.client.get("data/missing", client=client)
        except gazu.exception.RouteNotFoundException:
            pass
        else:
            raise AssertionError("not raised")
        client.session.auth = lambda request: request
        gazu.client.get("data/x", client=client)
        client.session.auth = None
        client.host = "http://127.0.0.1:1"
        try:
            gazu.client.get("data/x", client=client)
        except OSError as error:
            assert type(error).__name__ == "ConnectionError"
            if "requests" not in sys.modules:
                assert type(error).__module__.startswith(gazu.__name__ + ".")
        return client

    def use_all(gazu):
        from importlib import import_module
        for name in ("asset", "task", "files", "sync", "context", "aio"):
            module = import_module("." + name, gazu.__name__)
            assert module.__name__ == gazu.__name__ + "." + name
        error = gazu.exception.RouteNotFoundException("x")
        assert type(pickle.loads(pickle.dumps(error))) is type(error)
        function = gazu.task.all_tasks_for_shot
        assert pickle.loads(pickle.dumps(function)) is function
"""

NO_GAZU = """
    class NoGazu:
        def find_spec(self, name, path=None, target=None):
            if name == "gazu" or name.startswith("gazu."):
                raise ImportError("absolute import of " + name)

    sys.meta_path.insert(0, NoGazu())
"""


@pytest.fixture
def used(server):
    """A server that answers the requests of USE."""
    server.on("GET", "data/missing", Answer({}, status=404))
    server.on("HEAD", "/api", Answer(body=b""))
    return server


@pytest.mark.parametrize("names", [("studio", "gazu"), ("nagato", "v", "gz")])
def test_it_works_under_another_name(used, python, vendored, names):
    vendored(*names)
    python(
        [
            USE,
            NO_GAZU,
            """
        import importlib
        sys.path.insert(0, ".")
        gazu = importlib.import_module(sys.argv[2])
        use(gazu, sys.argv[1])
        use_all(gazu)
        kind = gazu.exception.RouteNotFoundException
        assert kind.__module__ == sys.argv[2] + ".exception"
        assert not [n for n in sys.modules if n.split(".")[0] == "gazu"]
        """,
        ],
        used.url,
        ".".join(names),
    )
    assert len(used.requests) == 8


def test_it_works_with_relative_imports(used, python, vendored):
    """``from . import gazu`` and ``from .gazu import client`` inside a plug-in."""
    folder = vendored("plugin", "gazu").parent
    (folder / "__init__.py").write_text(
        "from . import gazu\nfrom .gazu import client as raw, shot\n"
        "from .gazu.exception import NotAuthenticatedException\n"
    )
    python(
        [
            USE,
            NO_GAZU,
            """
        sys.path.insert(0, ".")
        import plugin
        assert plugin.raw is plugin.gazu.client is plugin.gazu.raw
        use(plugin.gazu, sys.argv[1])
        """,
        ],
        used.url,
    )


@pytest.mark.parametrize("with_requests", [False, True])
def test_two_copies_work_in_one_process(used, python, vendored, with_requests):
    """Each has its own extension module, default client, cache and classes."""
    vendored("one", "gazu")
    vendored("two", "gazu")
    python(
        [
            USE,
            """
        sys.path.insert(0, ".")
        if sys.argv[2] == "True":
            import requests
        import one.gazu, two.gazu, gazu
        copies = (one.gazu, two.gazu, gazu)
        for number, copy in enumerate(copies):
            copy.set_host("http://host%d/api" % number)
            assert copy._core.__file__.startswith(os.path.dirname(copy.__file__))
        one.gazu.cache.enable()
        one.gazu.client.default_client.session.headers["X-A"] = "1"
        hosts = [copy.get_host() for copy in copies]
        assert hosts == ["http://host%d/api" % n for n in range(3)]
        assert not two.gazu.cache.cache_settings["enabled"]
        assert "X-A" not in gazu.client.default_client.session.headers
        kinds = {copy.exception.GazuException for copy in copies}
        assert len(kinds) == 3
        for copy in copies + (one.gazu,):
            use(copy, sys.argv[1])
            use_all(copy)
        """,
        ],
        used.url,
        with_requests,
    )


def test_two_copies_work_in_threads_and_forks(used, python, vendored):
    vendored("one", "gazu")
    python(
        [
            USE,
            """
        import threading
        sys.path.insert(0, ".")
        import one.gazu, gazu
        def work():
            for copy in (one.gazu, gazu):
                client = copy.client.create_client(sys.argv[1] + "/api")
                for _ in range(5):
                    copy.client.get("data/x", client=client)
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        if hasattr(os, "fork"):
            child = os.fork()
            if child == 0:
                work()
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
        """,
        ],
        used.url,
    )
    assert len(used.requests) == (50 if hasattr(os, "fork") else 40)


@pytest.mark.parametrize("removed", ["path", "files' folder name"])
def test_the_path_may_be_removed_after_the_import(
    used, python, vendored, removed
):
    folder = vendored("lib", "gazu").parent
    python(
        [
            USE,
            """
        sys.path.insert(0, sys.argv[2])
        import gazu
        assert gazu.__file__.startswith(sys.argv[2])
        sys.path.remove(sys.argv[2])
        # The interpreter's own installation of the package, if any, too.
        sys.path[:] = [p for p in sys.path if not os.path.isdir(os.path.join(p, "gazu"))]
        sys.path_importer_cache.clear()
        if sys.argv[3] != "path":
            os.chdir(os.path.dirname(sys.argv[2]))
        use(gazu, sys.argv[1])
        use_all(gazu)
        gazu.cache.enable()
        """,
        ],
        used.url,
        folder,
        removed,
    )


def test_it_works_when_unpacked_by_a_plug_in_manager(
    used, python, vendored, tmp_path
):
    """The application unpacks the archive of a plug-in into its own folder."""
    vendored("plugin", "vendor", "gazu")
    archive = tmp_path / "plugin.zip"
    with zipfile.ZipFile(str(archive), "w", zipfile.ZIP_STORED) as packed:
        for folder, _, names in os.walk(str(tmp_path / "plugin")):
            for name in names:
                path = os.path.join(folder, name)
                packed.write(path, os.path.relpath(path, str(tmp_path)))
    shutil.rmtree(str(tmp_path / "plugin"))
    with zipfile.ZipFile(str(archive)) as packed:
        packed.extractall(str(tmp_path / "host"))
    python(
        [
            USE,
            NO_GAZU,
            """
        sys.path.insert(0, "host")
        from plugin.vendor import gazu
        use(gazu, sys.argv[1])
        use_all(gazu)
        """,
        ],
        used.url,
    )


def test_it_works_in_a_read_only_folder(used, python, vendored, tmp_path):
    """It writes no byte code, and nothing else into the folder."""
    folder = vendored("read", "gazu")
    before = sorted(os.listdir(str(folder)))
    python(
        [
            USE,
            """
        sys.path.insert(0, ".")
        sys.dont_write_bytecode = True
        from read import gazu
        use(gazu, sys.argv[1])
        """,
        ],
        used.url,
    )
    assert sorted(os.listdir(str(folder))) == before

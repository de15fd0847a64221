"""An imported package stays one release, and frozen programs contain all of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile

import pytest

USE = """
assert gazu.task.new_task and gazu.log_in and len(gazu.cache.cached_functions) > 200
assert not hasattr(gazu.task, "no_such_name") and gazu.task.all_comments_for_task
import gazu.aio, gazu._engine.through_session, gazu._requests_compat.cookies
assert gazu.aio.AsyncKitsuClient and gazu._requests_compat.cookies.jar
"""


@pytest.mark.parametrize("compiled", [True, False])
def test_the_package_works_after_its_folder_is_removed(
    python, vendored, compiled
):
    folder = vendored("lib", "gazu")
    if compiled:
        subprocess.check_call(
            [sys.executable, "-m", "compileall", "-q", str(folder)]
        )
    python(
        [
            """
            import os, shutil, sys
            sys.path.insert(0, os.path.dirname(sys.argv[1]))
            import gazu
            assert gazu.__file__.startswith(sys.argv[1])
            shutil.rmtree(sys.argv[1])
            """,
            USE,
            "assert not os.path.exists(sys.argv[1])",
        ],
        folder,
    )


def test_the_package_works_after_another_release_replaces_it(python, vendored):
    folder = vendored("lib", "gazu")
    python(
        [
            """
            import os, sys
            sys.path.insert(0, os.path.dirname(sys.argv[1]))
            import gazu
            for place, _, names in os.walk(sys.argv[1]):
                for name in names:
                    if name.endswith(".py"):
                        with open(os.path.join(place, name), "w") as file:
                            file.write("raise ImportError('another release')")
            """,
            USE,
        ],
        folder,
    )


def test_two_threads_may_execute_modules_that_need_each_other(python):
    """One thread executes a module that uses another, which a second thread executes."""
    python(
        """
        import sys, threading
        import gazu, _frozen_importlib
        inside, go_on = threading.Event(), threading.Event()
        class Slow:
            def find_spec(self, name, path=None, target=None):
                if name == "urllib.parse" and threading.current_thread() is first:
                    inside.set()
                    go_on.wait(20)
        sys.modules.pop("urllib.parse", None)
        sys.meta_path.insert(0, Slow())
        first = threading.Thread(target=lambda: gazu.asset.get_asset)
        first.start()
        inside.wait(2)
        second = threading.Thread(target=lambda: gazu.asset.get_asset)
        second.start()
        assert gazu.task.new_task
        go_on.set()
        for thread in (first, second):
            thread.join(20)
            assert not thread.is_alive()
        """
    )


def test_modules_compiled_by_nuitka_work(python):
    """Nuitka marks each module that it compiles."""
    python(
        [
            """
            import importlib.util, sys
            spec = importlib.util.find_spec("gazu")
            module = importlib.util.module_from_spec(spec)
            module.__compiled__ = True
            sys.modules["gazu"] = module
            spec.loader.exec_module(module)
            import gazu
            assert gazu.log_in.__module__ == "gazu" and not hasattr(gazu, "nope")
            """,
            USE,
        ]
    )


def test_an_import_from_a_zip_says_why_it_fails(python, vendored, tmp_path):
    folder = vendored("lib", "gazu")
    archive = tmp_path / "tool.zip"
    with zipfile.ZipFile(str(archive), "w") as zipped:
        for path in folder.rglob("*"):
            zipped.write(str(path), str(path.relative_to(folder.parent)))
    shutil.rmtree(str(folder))
    out = python(
        """
        import sys
        sys.path.insert(0, sys.argv[1])
        try:
            import gazu
        except ImportError as error:
            print(error)
        """,
        archive,
        flags=["-S"],
    ).stdout
    assert "compiled" in out and "zip" in out and "unpack" in out

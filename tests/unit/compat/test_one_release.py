"""An imported package stays one release, and frozen programs contain all of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import zipfile

import pytest

from .. import needs

USE = """
assert gazu.task.new_task and gazu.log_in and len(gazu.cache.cached_functions) > 200
assert not hasattr(gazu.task, "no_such_name") and gazu.task.all_comments_for_task
import gazu.aio, gazu._engine.through_session, gazu._requests_compat.cookies
assert gazu.aio.AsyncKitsuClient and gazu._requests_compat.cookies.jar
"""

#: The value of a variable that is as good as not set.
WRITE_BYTECODE = {"PYTHONDONTWRITEBYTECODE": ""}


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
            # Windows keeps the core, which is loaded.
            shutil.rmtree(sys.argv[1], ignore_errors=True)
            """,
            USE,
            """
            for _, _, names in os.walk(sys.argv[1]):
                assert not [name for name in names if ".py" in name.replace(".pyd", "")]
            """,
        ],
        folder,
    )


@pytest.mark.parametrize("how", ["written", "moved"])
def test_the_package_works_after_another_release_replaces_it(
    python, vendored, how
):
    """``cp`` writes into the old files, and pip moves new ones into their place."""
    folder = vendored("lib", "gazu")
    python(
        [
            """
            import os, sys
            sys.path.insert(0, os.path.dirname(sys.argv[1]))
            import gazu
            raising = "raise ImportError('another release')"
            for place, _, names in os.walk(sys.argv[1]):
                for name in names:
                    if name.endswith(".py"):
                        path = os.path.join(place, name)
                        # The new file is as large as the old one.
                        text = raising.ljust(os.path.getsize(path), "#")
                        target = path + ".new" if sys.argv[2] == "moved" else path
                        with open(target, "w") as file:
                            file.write(text)
                        os.replace(target, path)
            """,
            USE,
        ],
        folder,
        how,
        env=WRITE_BYTECODE,
    )
    assert list(folder.glob("__pycache__/shot.*")) == []


def add_a_line(path):
    text = path.read_text("utf-8")
    path.write_text(text + "EDITED = True\n", "utf-8")
    # So that it is older than the import, on any file system.
    time.sleep(0.1)


def test_a_file_that_is_edited_before_the_import_is_used(python, vendored):
    folder = vendored("lib", "gazu")
    add_a_line(folder / "sorting.py")
    add_a_line(folder / "_engine" / "rows.py")
    python(
        """
        import os, sys
        sys.path.insert(0, os.path.dirname(sys.argv[1]))
        import gazu
        assert gazu.sorting.EDITED and gazu._engine.rows.EDITED
        """,
        folder,
        env=WRITE_BYTECODE,
    )
    assert len(list(folder.glob("__pycache__/sorting.*"))) == 1


def test_a_file_that_is_edited_after_the_import_is_not_used(python, vendored):
    """Tracebacks and ``inspect`` show the lines that are executed, too."""
    folder = vendored("lib", "gazu")
    python(
        """
        import inspect, os, sys, traceback
        sys.path.insert(0, os.path.dirname(sys.argv[1]))
        import gazu
        path = os.path.join(sys.argv[1], "sorting.py")
        with open(path) as file:
            before = file.read()
        with open(path, "w") as file:
            file.write("# EDITED\\n" * 9 + before + "EDITED = True\\n")
        assert not hasattr(gazu.sorting, "EDITED")
        assert inspect.getsource(gazu.sorting) == before
        source = inspect.getsource(gazu.sorting.sort_by_name)
        assert source.startswith("def sort_by_name")
        try:
            gazu.sorting.sort_by_name(1)
        except TypeError:
            shown = traceback.format_exc()
        assert shown.count("sort") > 1 and "EDITED" not in shown, shown
        """,
        folder,
        env=WRITE_BYTECODE,
    )
    assert list(folder.glob("__pycache__/sorting.*")) == []


@needs.sources_in_the_core
def test_no_file_is_used_after_the_core_was_replaced(python, vendored):
    """The clock of a server may be late: its new files look old."""
    folder = vendored("lib", "gazu")
    add_a_line(folder / "sorting.py")
    python(
        """
        import os, sys
        sys.path.insert(0, os.path.dirname(sys.argv[1]))
        import gazu
        os.utime(gazu._core.__file__, (1, 1))
        assert not hasattr(gazu.sorting, "EDITED")
        """,
        folder,
    )


@needs.sources_in_the_core
def test_the_package_works_without_a_module_that_is_missing(python, vendored):
    folder = vendored("lib", "gazu")
    (folder / "_engine" / "rows.py").unlink()
    (folder / "_requests_compat" / "cookies.py").unlink()
    python(
        [
            """
            import os, sys
            sys.path.insert(0, os.path.dirname(sys.argv[1]))
            import gazu
            """,
            USE,
            "assert gazu._engine.rows.stream",
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

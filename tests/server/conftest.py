"""Fixtures of the tests against a real Zou. The tests import gazu from their environment."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from .scenarios import production as productions
from .zou.parts import without_proxy
from .zou.server import ZouServer

#: Seconds for one test, because the first one installs a Zou.
LIMIT = 900

_running = None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Set the limit of the tests here, before other folders set theirs."""
    if not config.pluginmanager.hasplugin("timeout"):
        return
    here = Path(__file__).resolve().parent
    for item in items:
        named = item.get_closest_marker("timeout") is not None
        if here in item.path.parents and not named:
            item.add_marker(pytest.mark.timeout(LIMIT))


@pytest.fixture(scope="session")
def zou():
    """The running server: ``host``, ``event_host``, ``admin_email``, ``admin_password``.

    See ZouServer for what else it can: restart(), reset_database(),
    make_expired_token(), requests_since().
    """
    global _running
    os.environ.update(without_proxy(os.environ))
    with ZouServer() as server:
        _running = server
        yield server
        _running = None


@pytest.fixture(scope="module")
def fresh_zou(zou):
    """The same server, its database emptied before the first test of a module.

    A test that needs it empty once more calls ``fresh_zou.reset_database()``.
    """
    zou.reset_database()
    return zou


@pytest.fixture(scope="module")
def production(fresh_zou):
    """A small production on an emptied server (see production.fill)."""
    return productions.fill(
        fresh_zou.host, fresh_zou.admin_email, fresh_zou.admin_password
    )


@pytest.fixture(scope="module")
def admin(zou):
    """gazu with its default client logged in as the administrator, until the module ends."""
    import gazu

    gazu.set_host(zou.host)
    gazu.set_event_host(zou.event_host)
    gazu.log_in(zou.admin_email, zou.admin_password)
    yield gazu
    gazu.log_out()


@pytest.fixture(scope="session")
def media(zou, tmp_path_factory):
    """Paths of small files, made once: ``png``, ``jpg``, ``mp4``, ``wav``, ``txt``, ``obj``."""
    folder = tmp_path_factory.mktemp("media")
    files = SimpleNamespace(
        folder=folder,
        png=productions.make_image(zou.ffmpeg, folder / "still.png"),
        jpg=productions.make_image(zou.ffmpeg, folder / "photo.jpg"),
        mp4=productions.make_movie(zou.ffmpeg, folder / "playblast.mp4"),
        wav=productions.make_sound(zou.ffmpeg, folder / "tone.wav"),
        txt=folder / "notes.txt",
        obj=folder / "triangle.obj",
    )
    files.txt.write_text(
        "Notes on the shot, with an accent: é.\n", encoding="utf-8"
    )
    files.obj.write_text("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n")
    return files


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    item.zou_marks = _running.marks() if _running is not None else {}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Add the server's log of the test to a failure."""
    outcome = yield
    report = outcome.get_result()
    if report.failed and _running is not None:
        for name, text in _running.logs_since(
            getattr(item, "zou_marks", {})
        ).items():
            report.sections.append(("server: " + name, text[-4000:]))

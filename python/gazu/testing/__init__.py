"""
An in-memory Kitsu server for testing pipelines.

Tests that use it need neither mocks nor an installed server. The client sends real
requests over real connections to a server that keeps its records in memory.

    def test_publish(kitsu, tmp_path):
        project = gazu.project.new_project("Caminandes")
        my_pipeline.publish(project, tmp_path / "render.png")
        assert kitsu.store.all("preview-files")[0]["status"] == "ready"

pytest finds these fixtures wherever gazu is installed:

- ``kitsu_server``: a new ``KitsuServer``;
- ``kitsu``: the same, with gazu's default client logged in as the administrator.

Without pytest:

    import gazu
    import gazu.testing

    with gazu.testing.KitsuServer() as server:
        gazu.set_host(server.host)
        gazu.log_in(server.email, server.password)

``server.requests`` lists the requests that were received. ``server.fail_next()`` makes
the next requests fail, ``server.expire_tokens()`` ends the logins, and
``server.route()`` adds routes. Changes are sent to listeners of ``gazu.events`` and
listed in ``server.events``. ``server.emit()`` sends further events.
"""

from __future__ import annotations

from .request import File, Request
from .routes import Content
from .server import KitsuServer
from .store import Refusal

__all__ = ["Content", "File", "KitsuServer", "Refusal", "Request"]


def __dir__() -> list[str]:
    return sorted(
        {*__all__, *(each for each in globals() if each[:2] == "__")}
    )

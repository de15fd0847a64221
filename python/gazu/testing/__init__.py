"""
A Kitsu server in memory, for the tests of a pipeline.

Tests that use it need neither mocks nor a server: the client sends real requests,
over real connections, to a server that keeps its records in memory.

    def test_publish(kitsu, tmp_path):
        project = gazu.project.new_project("Caminandes")
        my_pipeline.publish(project, tmp_path / "render.png")
        assert kitsu.store.all("preview-files")[0]["status"] == "ready"

Fixtures of pytest, there wherever gazu is installed:

- ``kitsu_server``: a fresh server, a ``KitsuServer``;
- ``kitsu``: the same, with gazu's default client logged in to it as the administrator.

Elsewhere:

    import gazu
    import gazu.testing

    with gazu.testing.KitsuServer() as server:
        gazu.set_host(server.host)
        gazu.log_in(server.email, server.password)

``server.requests`` is what was asked, ``server.fail_next()`` lets the next requests
go wrong, ``server.expire_tokens()`` ends the logins, ``server.route()`` adds routes.
What is done is told to listeners of ``gazu.events``, stands in ``server.events``, and
``server.emit()`` tells of more.
"""

from __future__ import annotations

from .answers import Content
from .server import File, KitsuServer, Request
from .store import Refusal

__all__ = ["Content", "File", "KitsuServer", "Refusal", "Request"]

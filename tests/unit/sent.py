"""The request that a call sends, for tests of functions that do one thing."""

from __future__ import annotations

from .recording_server import Answer

ID = "a24a6ea4-ce75-4665-a070-57453082c256"
OTHER = "b35b7fb5-df86-4776-8181-68564193d367"
THIRD = "c46c8ac6-ea97-4887-9292-79675204e478"


def sent(server, method, path, answer, function, *args, **kwargs):
    """Call a function whose only request is *method* of *path*; return its query and its JSON.

    The server answers with *answer*, and the function must return that.
    """
    server.on(method, path, Answer(answer))
    before = len(server.requests)
    assert function(*args, **kwargs) == answer
    assert len(server.requests) == before + 1
    last = server.last
    return last.query, last.json() if last.body else None

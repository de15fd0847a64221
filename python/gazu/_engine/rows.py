"""Yields the rows of a board while they arrive."""

from __future__ import annotations

from .. import _core
from .dispatch import run

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AsyncGenerator, Generator


def stream(client: Any, call: Any) -> Any:
    """
    Return a generator of a board's rows. It sends the call at its first use.

    Args:
        client: The client. The generator of an ``AsyncKitsuClient`` is
            asynchronous.
        call: The call of the board.
    """
    call = call.with_row_stream()
    if hasattr(type(client), "_next_rows"):
        return _awaited(client, call)
    return _blocking(client, call)


def of_episode(episode: Any) -> Any:
    """Return an episode. ``"main"`` means what belongs to none, and is no id."""
    return {"id": episode} if episode == "main" else episode


def _blocking(client: Any, call: Any) -> Generator[dict, None, None]:
    rows = run(client, call)
    if not isinstance(rows, _core.Rows):
        # A verb that a script has replaced, or a mock, has the whole list.
        yield from rows
        return
    try:
        while True:
            batch = rows.batch()
            if not batch:
                return
            yield from batch
    finally:
        rows.close()


async def _awaited(client: Any, call: Any) -> AsyncGenerator[dict, None]:
    rows = await client.run(call)
    if not isinstance(rows, _core.Rows):
        for row in rows:
            yield row
        return
    try:
        while True:
            batch = await client._next_rows(rows)
            if not batch:
                return
            for row in batch:
                yield row
    finally:
        rows.close()

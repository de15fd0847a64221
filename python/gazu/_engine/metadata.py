"""The common body of the ``update_*_data`` functions."""

from __future__ import annotations

from .. import _core

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


def update_metadata(
    model: str | dict,
    data: dict | None,
    get: Callable,
    update: Callable,
    client: Any,
    use_cache: bool = False,
    data_may_be_missing: bool = False,
) -> dict:
    """
    Merge metadata into the stored metadata, and save the result.

    Args:
        model: The entity or task (dict or id).
        data: The metadata to set.
        get: The function that reads the model by its id.
        update: The function that saves the model.
        client: The client for both requests.
        use_cache: Whether a cached model may be read and may stay in the
            cache. Upstream does so for sequences and episodes.
        data_may_be_missing: Whether the server's answer may lack ``"data"``.

    Returns:
        The saved model.

    Raises:
        KeyError: the answer lacks ``"data"``, and that is not allowed.
    """
    model_id = _core.model(model)["id"]
    data = {} if data is None else {**data}
    if not use_cache:
        # A cached copy may lack changes by other people, which saving would undo.
        get.clear_cache()  # type: ignore[attr-defined]
    current = get(model_id, client=client)
    model_id = current["id"]
    stored = current.get("data") if data_may_be_missing else current["data"]
    updated = {"id": model_id, "data": {**(stored or {}), **data}}
    result = update(updated, client=client)
    if not use_cache:
        get.clear_cache()  # type: ignore[attr-defined]
    return result

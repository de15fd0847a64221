"""
Preview background files: the pictures around three-dimensional previews.
"""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

TYPE_CHECKING = False
if TYPE_CHECKING:
    import requests
else:
    from ._requests_compat.stand_in import requests

default = raw.default_client


def all_preview_background_files(client: KitsuClient = default) -> list[dict]:
    """
    List the preview background files of the studio.

    Returns:
        list[PreviewBackgroundFile]: The preview background files, sorted by
            name.

    Not in upstream.

    Route: ``GET data/preview-background-files``
    """
    return run(client, _core.preview_background.all_preview_background_files())


def get_preview_background_file(
    preview_background_file_id: str, client: KitsuClient = default
) -> dict:
    """
    Get a preview background file by its id.

    Args:
        preview_background_file_id: The preview background file's id.

    Returns:
        PreviewBackgroundFile: The preview background file.

    Raises:
        RouteNotFoundException: no preview background file has this id.

    Not in upstream.

    Route: ``GET data/preview-background-files/{preview_background_file_id}``
    """
    return run(
        client,
        _core.preview_background.get_preview_background_file(
            preview_background_file_id
        ),
    )


def new_preview_background_file(
    name: str, is_default: bool = False, client: KitsuClient = default
) -> dict:
    """
    Create the record of a preview background file. Then upload the picture
    with `upload_preview_background_file`.

    Args:
        name: The name, which no other preview background file has.
        is_default: Use it where a project chooses none.

    Returns:
        PreviewBackgroundFile: The new preview background file.

    Raises:
        NotAllowedException: the user is not an administrator.
        ParameterException: a preview background file has this name.

    Not in upstream.

    Route: ``POST data/preview-background-files``
    """
    return run(
        client,
        _core.preview_background.new_preview_background_file(name, is_default),
    )


def update_preview_background_file(
    preview_background_file: dict, client: KitsuClient = default
) -> dict:
    """
    Change the fields of a preview background file.

    Args:
        preview_background_file: Its ``"id"`` and the fields to set.

    Returns:
        PreviewBackgroundFile: The updated preview background file.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``PUT data/preview-background-files/{preview_background_file}``
    """
    return run(
        client,
        _core.preview_background.update_preview_background_file(
            preview_background_file
        ),
    )


def remove_preview_background_file(
    preview_background_file: str | dict,
    force: bool = False,
    client: KitsuClient = default,
) -> str:
    """
    Remove a preview background file.

    Args:
        preview_background_file: The preview background file (dict or id).
        force: Remove it even if a project uses it.

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user is not an administrator.

    Not in upstream.

    Route: ``DELETE data/preview-background-files/{preview_background_file}``
    """
    return run(
        client,
        _core.preview_background.remove_preview_background_file(
            preview_background_file, force
        ),
    )


def upload_preview_background_file(
    preview_background_file: str | dict,
    file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> dict:
    """
    Upload the picture of a preview background file.

    Args:
        preview_background_file: The preview background file (dict or id).
        file_path: The picture, an HDR file.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        PreviewBackgroundFile: The preview background file.

    Raises:
        NotAllowedException: the user is not an administrator.
        ParameterException: it is not an HDR picture. The server has removed
            the record.
        OSError: the file cannot be read.

    Not in upstream.

    Route: ``POST pictures/preview-background-files/{preview_background_file}``
    """
    return run(
        client,
        _core.preview_background.upload_preview_background_file(
            preview_background_file, file_path
        ),
        progress_callback=progress_callback,
    )


def download_preview_background_file(
    preview_background_file: str | dict,
    file_path: str | None = None,
    extension: str = "hdr",
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the picture of a preview background file.

    Args:
        preview_background_file: The preview background file (dict or id).
        file_path: The file to write. If omitted, the content is kept in
            memory.
        extension: The ending of the file's name: the record's ``"extension"``.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response; its ``content`` is the picture when
            ``file_path`` is omitted.

    Raises:
        RouteNotFoundException: it has no picture with this extension.

    Not in upstream.

    Route: ``GET pictures/preview-background-files/``
    ``{preview_background_file}.{extension}``
    """
    return run(
        client,
        _core.preview_background.download_preview_background_file(
            preview_background_file, file_path, extension
        ),
        progress_callback=progress_callback,
    )


def download_preview_background_file_thumbnail(
    preview_background_file: str | dict,
    file_path: str | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the thumbnail of a preview background file, a PNG file.

    Args:
        preview_background_file: The preview background file (dict or id).
        file_path: The file to write. If omitted, the content is kept in
            memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response; its ``content`` is the picture when
            ``file_path`` is omitted.

    Raises:
        RouteNotFoundException: it has no thumbnail.

    Not in upstream.

    Route: ``GET pictures/thumbnails/preview-background-files/``
    ``{preview_background_file}.png``
    """
    return run(
        client,
        _core.preview_background.download_preview_background_file_thumbnail(
            preview_background_file, file_path
        ),
        progress_callback=progress_callback,
    )

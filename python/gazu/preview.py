"""
Previews: annotated frames, tiles, and the sizes in which the server keeps
pictures and movies.

`gazu.files` has the other functions for previews.
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


def all_preview_files_for_entity(
    entity: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the previews of all tasks of an entity.

    Args:
        entity: The entity (dict or id).

    Returns:
        list[ShortPreviewFile]: The previews, by task type, latest revision
            first.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/entities/{entity}/preview-files``
    """
    return run(client, _core.preview.all_preview_files_for_entity(entity))


def extract_annotated_frame(
    preview_file: str | dict,
    file_path: str | None = None,
    frame_number: int | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download a frame of a preview with its annotations drawn on it, a PNG file.

    Args:
        preview_file: The preview (dict or id).
        file_path: The file to write. If omitted, the content is kept in
            memory.
        frame_number: The number of the frame of a movie, starting at 1. A
            picture needs none.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response; its ``content`` is the picture when
            ``file_path`` is omitted.

    Raises:
        NotAllowedException: the user does not manage the project.
        ParameterException: the preview is a movie and no frame is given, or
            the frame has no annotation.

    Not in upstream.

    Route: ``GET actions/preview-files/{preview_file}/extract-annotated-frame``
    """
    return run(
        client,
        _core.preview.extract_annotated_frame(
            preview_file, file_path, frame_number
        ),
        progress_callback=progress_callback,
    )


def extract_annotated_frames(
    preview_file: str | dict,
    file_path: str | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download all annotated frames of a preview with their annotations, as PNG
    files in a ZIP file.

    Args:
        preview_file: The preview (dict or id).
        file_path: The file to write. If omitted, the content is kept in
            memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response; its ``content`` is the ZIP file when
            ``file_path`` is omitted.

    Raises:
        NotAllowedException: the user does not manage the project.
        RouteNotFoundException: the preview has no annotations.

    Not in upstream.

    Route: ``GET actions/preview-files/{preview_file}/``
    ``extract-annotated-frames``
    """
    return run(
        client,
        _core.preview.extract_annotated_frames(preview_file, file_path),
        progress_callback=progress_callback,
    )


def extract_annotated_frames_as_pdf(
    preview_file: str | dict,
    file_path: str | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download all annotated frames of a preview with their annotations, as a PDF
    file.

    Args:
        preview_file: The preview (dict or id).
        file_path: The file to write. If omitted, the content is kept in
            memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response; its ``content`` is the PDF file when
            ``file_path`` is omitted.

    Raises:
        NotAllowedException: the user does not manage the project.
        RouteNotFoundException: the preview has no annotations.

    Not in upstream.

    Route: ``GET actions/preview-files/{preview_file}/``
    ``extract-annotated-frames-pdf``
    """
    return run(
        client,
        _core.preview.extract_annotated_frames_as_pdf(preview_file, file_path),
        progress_callback=progress_callback,
    )


def download_original(
    preview_file: str | dict,
    file_path: str | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the original file of a preview, whatever its kind. The server
    names it after the entity and the task.

    Args:
        preview_file: The preview (dict or id).
        file_path: The file to write. If omitted, the content is kept in
            memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response; its ``content`` is the file when ``file_path``
            is omitted.

    Raises:
        NotAllowedException: the user has no access to the project.
        RouteNotFoundException: the server does not have the file.

    Not in upstream.

    Route: ``GET pictures/originals/preview-files/{preview_file}/download``
    """
    return run(
        client,
        _core.preview.download_original(preview_file, file_path),
        progress_callback=progress_callback,
    )


def download_original_movie(
    preview_file: str | dict,
    file_path: str | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the movie of a preview in full size. The server names it after the
    entity and the task.

    Args:
        preview_file: The preview (dict or id).
        file_path: The file to write. If omitted, the content is kept in
            memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response; its ``content`` is the movie when ``file_path``
            is omitted.

    Raises:
        NotAllowedException: the user has no access to the project.
        RouteNotFoundException: the preview is not a movie.

    Not in upstream.

    Route: ``GET movies/originals/preview-files/{preview_file}/download``
    """
    return run(
        client,
        _core.preview.download_original_movie(preview_file, file_path),
        progress_callback=progress_callback,
    )


def download_source_movie(
    preview_file: str | dict,
    file_path: str | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the movie of a preview as it was uploaded, before the server
    converted it.

    Args:
        preview_file: The preview (dict or id).
        file_path: The file to write. If omitted, the content is kept in
            memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response; its ``content`` is the movie when ``file_path``
            is omitted.

    Raises:
        NotAllowedException: the user has no access to the project.
        RouteNotFoundException: the server has not kept the uploaded movie.

    Not in upstream.

    Route: ``GET movies/source/preview-files/{preview_file}.mp4``
    """
    return run(
        client,
        _core.preview.download_source_movie(preview_file, file_path),
        progress_callback=progress_callback,
    )


def download_tile(
    preview_file: str | dict,
    file_path: str | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the tile of a movie, a PNG file: small pictures of its frames, as
    a player shows them below its time line.

    Args:
        preview_file: The preview of a movie (dict or id).
        file_path: The file to write. If omitted, the content is kept in
            memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response; its ``content`` is the picture when
            ``file_path`` is omitted.

    Raises:
        NotAllowedException: the user has no access to the project.
        RouteNotFoundException: there is none yet. The server makes it later.

    Not in upstream.

    Route: ``GET movies/tiles/preview-files/{preview_file}.png``
    """
    return run(
        client,
        _core.preview.download_tile(preview_file, file_path),
        progress_callback=progress_callback,
    )


def download_picture(
    preview_file: str | dict,
    file_path: str | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the picture of a preview in the size for review, a PNG file.

    Args:
        preview_file: The preview (dict or id).
        file_path: The file to write. If omitted, the content is kept in
            memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response; its ``content`` is the picture when
            ``file_path`` is omitted.

    Raises:
        NotAllowedException: the user has no access to the project.
        RouteNotFoundException: the preview has no picture.

    Not in upstream.

    Route: ``GET pictures/previews/preview-files/{preview_file}.png``
    """
    return run(
        client,
        _core.preview.download_picture(preview_file, file_path),
        progress_callback=progress_callback,
    )


def download_square_thumbnail(
    preview_file: str | dict,
    file_path: str | None = None,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Download the square thumbnail of a preview, a PNG file.

    Args:
        preview_file: The preview (dict or id).
        file_path: The file to write. If omitted, the content is kept in
            memory.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The response; its ``content`` is the picture when
            ``file_path`` is omitted.

    Raises:
        NotAllowedException: the user has no access to the project.
        RouteNotFoundException: the preview has no thumbnail.

    Not in upstream.

    Route: ``GET pictures/thumbnails-square/preview-files/{preview_file}.png``
    """
    return run(
        client,
        _core.preview.download_square_thumbnail(preview_file, file_path),
        progress_callback=progress_callback,
    )

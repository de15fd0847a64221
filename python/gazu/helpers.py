"""Helper functions for the other modules and for scripts."""

from __future__ import annotations

import os

from ._deprecated import old_names
from ._engine.late import LateNames
from ._engine.redact import shown_path
from ._requests_compat.patterns import Pattern
from .exception import DownloadFileException

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_UUID_RE = Pattern(
    "[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}"
)

if TYPE_CHECKING:
    from typing import overload

if TYPE_CHECKING:

    @overload
    def normalize_model_parameter(model_parameter: None) -> None: ...
    @overload
    def normalize_model_parameter(model_parameter: str | dict) -> dict: ...


def normalize_model_parameter(
    model_parameter: str | dict | None,
) -> dict | None:
    """
    Convert a model, given as a dict or an id, to a dict.

    Args:
        model_parameter: A dict, an id, an object whose ``str()`` is an id, or
            None.

    Returns:
        dict[str, Any] | None: The same dict, a new dict with only the ``id``,
            or None for None.

    Raises:
        ValueError: it is neither a dict nor an id.
    """
    if model_parameter is None or isinstance(model_parameter, dict):
        return model_parameter
    try:
        model_id = str(model_parameter)
    except Exception:
        raise ValueError("Failed to cast argument to str")  # noqa: B904
    if not _UUID_RE.fullmatch(model_id):
        from . import _core

        raise ValueError(_core.no_model_message(model_parameter, model_id))
    return {"id": model_id}


def normalize_list_of_models_for_links(
    models: list[str | dict] | None = None,
) -> list[str]:
    """
    Return the ids of models to link to.

    Args:
        models: A list of dicts or ids, a single one, or None.

    Returns:
        list[str]: The ids in the same order; an empty list for None.

    Raises:
        ValueError: one of them is neither a dict nor an id.
    """
    if models is None:
        return []
    if not isinstance(models, list):
        models = [models]
    return [normalize_model_parameter(model)["id"] for model in models]


def validate_date_format(date_text: str) -> str:
    """
    Check the format of a date, and return it unchanged.

    Args:
        date_text: ``YYYY-mm-dd`` or ``YYYY-mm-ddTHH:MM:SS``.

    Raises:
        ValueError: the format is another one.
    """
    import datetime

    for date_format in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"):
        try:
            datetime.datetime.strptime(date_text, date_format)
        except ValueError:
            continue
        return date_text
    raise ValueError(
        "Incorrect date format for {}, should be YYYY-mm-dd or "
        "YYYY-mm-ddTHH:MM:SS".format(date_text)
    )


def sanitize_filename(filename: str) -> str:
    """
    Return a file name without the characters that file systems or shells do not
    allow.

    Args:
        filename: The name. ``..`` becomes ``_``.
    """
    forbidden = "@|():%/,\\[]<>*?;`\n"
    kept = [c for c in filename.replace("..", "_") if c not in forbidden]
    return "".join(kept).strip()


def download_file(
    url: str, file_path: str | None = None, headers: dict | None = None
) -> str:
    """
    Download any URL to a file. No token is sent.

    Args:
        url: The complete URL.
        file_path: The file to write, or a folder. In a folder, the file is
            named after the last part of the URL. None creates a new private
            folder.
        headers: Headers to send.

    Returns:
        str: The path of the file. If the name has no extension, it gets one
            for the content type.

    Raises:
        DownloadFileException: the server answered with an error.
    """
    import mimetypes
    import shutil
    import tempfile
    import urllib.parse

    from . import _core
    from ._engine import file_names, hooks
    from ._requests_compat.library import replaced_function
    from ._requests_compat.session import new_session

    patched = globals().get("requests")
    with new_session() as session:
        get = getattr(patched, "get", None) or replaced_function("get")
        get = get or session.get
        with get(url, headers=headers or {}, stream=True) as response:
            if not response.ok:
                raise _not_downloaded(url, response)
            created = None
            if file_path is None:
                file_path = created = tempfile.mkdtemp(prefix="gazu_")
            if os.path.isdir(file_path):
                file_path = file_path + os.sep
            folder, filename = os.path.split(file_path)
            of_server = not filename
            if of_server:
                filename = urllib.parse.urlparse(url).path.split("/")[-1]
            name, extension = os.path.splitext(filename)
            if not extension and "Content-Type" in response.headers:
                extension = (
                    mimetypes.guess_extension(response.headers["Content-Type"])
                    or ""
                )
            filename = sanitize_filename((name or "file") + extension)
            if of_server:
                filename = file_names.file_name(filename)
            file_path = os.path.join(folder or os.getcwd(), filename)
            try:
                _core.save(file_path, response.iter_content(65536), hooks)
            except BaseException:
                if created is not None:
                    shutil.rmtree(created, ignore_errors=True)
                raise
    return file_path


def _not_downloaded(url: str, response: Any) -> DownloadFileException:
    url = shown_path(url)
    error = DownloadFileException(
        "File ({}) can't be downloaded ({} {}).".format(
            url, response.status_code, response.reason
        )
    )
    error.status_code = response.status_code
    try:
        error.body = response.json()
    except ValueError:
        error.body = response.text
    error.path = url
    return error


_late = LateNames(
    globals(),
    old_names(__name__),
    {
        "Any": "typing",
        "re": "re",
    },
)
__getattr__ = _late.get

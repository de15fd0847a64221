"""Tables as CSV files: in, and out."""

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


def export_persons_with_csv(
    csv_file_path: str, client: KitsuClient = default, progress_callback=None
) -> requests.Response:
    """
    Write the persons of the studio to a CSV file.

    Args:
        csv_file_path: The CSV file to write. An existing file is replaced.
            ``None`` keeps the CSV in the response.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The server's response. The file is complete when the function
            returns.

    Raises:
        NotAllowedException: the user is neither a manager nor an
            administrator.
        OSError: the file cannot be written.

    Not in upstream.

    Route: ``GET export/csv/persons.csv``
    """
    return run(
        client,
        _core.csv.export_persons_with_csv(csv_file_path),
        progress_callback=progress_callback,
    )


def export_projects_with_csv(
    csv_file_path: str, client: KitsuClient = default, progress_callback=None
) -> requests.Response:
    """
    Write the names and states of all projects to a CSV file.

    Args:
        csv_file_path: The CSV file to write. An existing file is replaced.
            ``None`` keeps the CSV in the response.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The server's response. The file is complete when the function
            returns.

    Raises:
        NotAllowedException: the user is neither a manager nor an
            administrator.
        OSError: the file cannot be written.

    Not in upstream.

    Route: ``GET export/csv/projects.csv``
    """
    return run(
        client,
        _core.csv.export_projects_with_csv(csv_file_path),
        progress_callback=progress_callback,
    )


def export_task_types_with_csv(
    csv_file_path: str, client: KitsuClient = default, progress_callback=None
) -> requests.Response:
    """
    Write the task types that have a department to a CSV file.

    Args:
        csv_file_path: The CSV file to write. An existing file is replaced.
            ``None`` keeps the CSV in the response.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The server's response. The file is complete when the function
            returns.

    Raises:
        NotAllowedException: the user is neither a manager nor an
            administrator.
        OSError: the file cannot be written.

    Not in upstream.

    Route: ``GET export/csv/task-types.csv``
    """
    return run(
        client,
        _core.csv.export_task_types_with_csv(csv_file_path),
        progress_callback=progress_callback,
    )


def export_tasks_with_csv(
    csv_file_path: str, client: KitsuClient = default, progress_callback=None
) -> requests.Response:
    """
    Write the tasks of the open projects to a CSV file.

    Args:
        csv_file_path: The CSV file to write. An existing file is replaced.
            ``None`` keeps the CSV in the response.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The server's response. The file is complete when the function
            returns.

    Raises:
        NotAllowedException: the user is neither a manager nor an
            administrator.
        OSError: the file cannot be written.

    Not in upstream.

    Route: ``GET export/csv/tasks.csv``
    """
    return run(
        client,
        _core.csv.export_tasks_with_csv(csv_file_path),
        progress_callback=progress_callback,
    )


def export_time_spents_with_csv(
    csv_file_path: str, client: KitsuClient = default, progress_callback=None
) -> requests.Response:
    """
    Write the hours logged on tasks of the open projects to a CSV file.

    Args:
        csv_file_path: The CSV file to write. An existing file is replaced.
            ``None`` keeps the CSV in the response.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The server's response. The file is complete when the function
            returns.

    Raises:
        NotAllowedException: the user is neither a manager nor an
            administrator.
        OSError: the file cannot be written.

    Not in upstream.

    Route: ``GET export/csv/time-spents.csv``
    """
    return run(
        client,
        _core.csv.export_time_spents_with_csv(csv_file_path),
        progress_callback=progress_callback,
    )


def export_casting_with_csv(
    project: str | dict,
    csv_file_path: str,
    episode: str | dict | None = None,
    is_shot_casting: bool = False,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Write the casting of a project's assets or shots to a CSV file.

    Args:
        project: The project (dict or id).
        csv_file_path: The CSV file to write. An existing file is replaced.
            ``None`` keeps the CSV in the response.
        episode: Only the casting of this episode (dict or id), of the assets
            without one (``"main"``), or of the episodes themselves
            (``"all"``).
        is_shot_casting: Write the casting of the shots instead of the assets.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The server's response. The file is complete when the function
            returns.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            vendor.
        OSError: the file cannot be written.

    Not in upstream.

    Route: ``GET export/csv/projects/{project}/casting.csv``
    """
    if episode is not None and episode not in ("main", "all"):
        episode = _core.model(episode)["id"]
    return run(
        client,
        _core.csv.export_casting_with_csv(
            project, csv_file_path, episode, is_shot_casting
        ),
        progress_callback=progress_callback,
    )


def export_edits_with_csv(
    project: str | dict,
    csv_file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Write the edits of a project to a CSV file.

    Args:
        project: The project (dict or id).
        csv_file_path: The CSV file to write. An existing file is replaced.
            ``None`` keeps the CSV in the response.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The server's response. The file is complete when the function
            returns.

    Raises:
        NotAllowedException: the user has no access to the project, or is a
            vendor.
        OSError: the file cannot be written.

    Not in upstream.

    Route: ``GET export/csv/projects/{project}/edits.csv``
    """
    return run(
        client,
        _core.csv.export_edits_with_csv(project, csv_file_path),
        progress_callback=progress_callback,
    )


def export_playlist_with_csv(
    playlist: str | dict,
    csv_file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> requests.Response:
    """
    Write a playlist to a CSV file: a line for each entity, with its last
    comment.

    Args:
        playlist: The playlist (dict or id).
        csv_file_path: The CSV file to write. An existing file is replaced.
            ``None`` keeps the CSV in the response.
        progress_callback: Called with the number of bytes received and the
            total, which is 0 if unknown.

    Returns:
        Response: The server's response. The file is complete when the function
            returns.

    Raises:
        NotAllowedException: the user is neither a manager nor a supervisor nor
            one of the clients whom the playlist is for.
        OSError: the file cannot be written.

    Not in upstream.

    Route: ``GET export/csv/playlists/{playlist}``
    """
    return run(
        client,
        _core.csv.export_playlist_with_csv(playlist, csv_file_path),
        progress_callback=progress_callback,
    )


def import_persons_with_csv(
    csv_file_path: str,
    update: bool = False,
    client: KitsuClient = default,
    progress_callback=None,
) -> list[dict]:
    """
    Create persons from a CSV file, as Kitsu exports it.

    Args:
        csv_file_path: The CSV file to read.
        update: Also change the persons that exist already.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        list[Person]: The persons, in the order of the file's lines.

    Raises:
        NotAllowedException: the user is not an administrator.
        ParameterException: a line is wrong. The lines before it are imported.
        OSError: the file cannot be read.

    Not in upstream.

    Route: ``POST import/csv/persons``
    """
    return run(
        client,
        _core.csv.import_persons_with_csv(csv_file_path, update),
        progress_callback=progress_callback,
    )


def import_casting_with_csv(
    project: str | dict,
    csv_file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> list[None]:
    """
    Set the casting of a project's assets and shots from a CSV file, as Kitsu
    exports it.

    Args:
        project: The project (dict or id).
        csv_file_path: The CSV file to read.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        list[None]: ``None`` for each line.

    Raises:
        NotAllowedException: the user does not manage the project.
        ParameterException: a line is wrong. The lines before it are imported.
        OSError: the file cannot be read.

    Not in upstream.

    Route: ``POST import/csv/projects/{project}/casting``
    """
    return run(
        client,
        _core.csv.import_casting_with_csv(project, csv_file_path),
        progress_callback=progress_callback,
    )


def import_edits_with_csv(
    project: str | dict,
    csv_file_path: str,
    update: bool = False,
    client: KitsuClient = default,
    progress_callback=None,
) -> list[dict]:
    """
    Create edits of a project from a CSV file, as Kitsu exports it.

    Args:
        project: The project (dict or id).
        csv_file_path: The CSV file to read.
        update: Also change the edits that exist already.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        list[Edit]: The edits, in the order of the file's lines.

    Raises:
        NotAllowedException: the user does not manage the project.
        ParameterException: a line is wrong. The lines before it are imported.
        OSError: the file cannot be read.

    Not in upstream.

    Route: ``POST import/csv/projects/{project}/edits``
    """
    return run(
        client,
        _core.csv.import_edits_with_csv(project, csv_file_path, update),
        progress_callback=progress_callback,
    )


def import_estimations_with_csv(
    project: str | dict,
    task_type: str | dict,
    csv_file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> list[None]:
    """
    Set the estimations, dates and difficulties of a project's tasks of one
    type from a CSV file.

    The columns are ``Parent`` and ``Entity``, and some of ``Estimation`` (in
    days, or in hours if the studio counts in hours), ``Start date``, ``Due
    date``, ``Drawings`` and ``Difficulty``.

    Args:
        project: The project (dict or id).
        task_type: The task type (dict or id).
        csv_file_path: The CSV file to read.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        list[None]: ``None`` for each line.

    Raises:
        NotAllowedException: the user is neither a manager of the project nor a
            supervisor of the task type's department.
        ParameterException: a line is wrong. The lines before it are imported.
        OSError: the file cannot be read.

    Not in upstream.

    Route: ``POST import/csv/projects/{project}/task-types/{task_type}/``
    ``estimations``
    """
    return run(
        client,
        _core.csv.import_estimations_with_csv(
            project, task_type, csv_file_path
        ),
        progress_callback=progress_callback,
    )


def import_episode_estimations_with_csv(
    project: str | dict,
    episode: str | dict,
    task_type: str | dict,
    csv_file_path: str,
    client: KitsuClient = default,
    progress_callback=None,
) -> list[None]:
    """
    Set the estimations, dates and difficulties of an episode's tasks of one
    type from a CSV file, as `import_estimations_with_csv` does.

    Args:
        project: The project (dict or id).
        episode: The episode (dict or id).
        task_type: The task type (dict or id).
        csv_file_path: The CSV file to read.
        progress_callback: Called with the number of bytes sent and the total.

    Returns:
        list[None]: ``None`` for each line.

    Raises:
        NotAllowedException: the user is neither a manager of the project nor a
            supervisor of the task type's department.
        ParameterException: a line is wrong. The lines before it are imported.
        OSError: the file cannot be read.

    Not in upstream.

    Route: ``POST import/csv/projects/{project}/episodes/{episode}/``
    ``task-types/{task_type}/estimations``
    """
    return run(
        client,
        _core.csv.import_episode_estimations_with_csv(
            project, episode, task_type, csv_file_path
        ),
        progress_callback=progress_callback,
    )

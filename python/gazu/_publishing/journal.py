"""
The journal of a publication: what is to be done, and how far it has come.

Each journal is a JSON file that is replaced as a whole, before and after each
request that changes something on the server.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
import uuid
from typing import Any

from .._engine import private_files

VERSION = 1
#: The variable with the folder of the journals, such as one that a farm shares.
VARIABLE = "GAZU_PUBLISH_FOLDER"
#: Seconds that a finished journal is kept. Until then it tells which comments
#: belong to it.
KEPT = 7 * 24 * 3600

# What has been done for the comment or for a file.
NEW = "new"
#: The comment or the preview is being created.
CREATING = "creating"
CREATED = "created"
UPLOADING = "uploading"
#: The last byte of the file was given to the network.
SENT = "sent"
DONE = "done"


def default_folder() -> str:
    """Return the folder of the journals: the user's own, or as set."""
    given = os.environ.get(VARIABLE, "").strip()
    return os.path.abspath(given) if given else own_folder()


def own_folder() -> str:
    """Return the folder in which the user's programs keep their state."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(
            home, "AppData", "Local"
        )
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Application Support")
    else:
        base = os.environ.get("XDG_STATE_HOME") or os.path.join(
            home, ".local", "state"
        )
    return os.path.join(base, "gazu", "publish")


class Journal:
    """
    The journal of one publication. It can be pickled.

    Attributes:
        path: The path of its file.
        data: Its content.
    """

    def __init__(self, path: str, data: dict) -> None:
        self.path = path
        self.data = data
        self._is_saved = True

    @classmethod
    def new(cls, folder: str, data: dict) -> Journal:
        """Write a new journal, and return it."""
        if folder == own_folder():
            private_files.make_folder(folder)
        else:
            # Several users may share it.
            os.makedirs(folder, exist_ok=True)
        key = str(uuid.uuid4())
        content = {"version": VERSION, "id": key, "created": time.time()}
        content.update(data)
        journal = cls(os.path.join(folder, key + ".json"), content)
        journal.save(before_request=True)
        return journal

    @classmethod
    def read(cls, path: str) -> Journal:
        """
        Return the journal in a file.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it is not a journal that this release can read.
        """
        with open(path, encoding="utf-8") as stream:
            try:
                data = json.load(stream)
            except ValueError:
                data = None
        if not isinstance(data, dict) or data.get("version") != VERSION:
            raise ValueError(
                "{} is not a journal that this release can read".format(path)
            )
        return cls(path, data)

    def save(self, before_request: bool = False) -> None:
        """
        Write the journal to its file, at once and as a whole.

        Args:
            before_request: Whether a request follows that must not be sent twice.
                Then a power failure cannot undo the writing. Elsewhere it may: the
                job then looks at what it has made.
        """
        text = json.dumps(self.data, indent=1)
        private_files.write(
            self.path,
            text,
            self._is_private(),
            keeps_name=before_request,
        )
        self._is_saved = True

    def save_notes(self) -> None:
        """Write the journal, if something was only noted."""
        if not self._is_saved:
            self.save()

    def locked(self) -> Any:
        """Keep other processes from running the job in a ``with`` block."""
        return private_files.locked(self.path, 0, self._is_private())

    def _is_private(self) -> bool:
        # Users who share a folder run each other's jobs.
        return os.path.dirname(self.path) == own_folder()

    def mark(self, record: dict, state: str, **values: Any) -> None:
        """Set the state of the comment or of a file, and save the journal."""
        self.note(record, state, **values)
        self.save(before_request=state == CREATING)

    def note(self, record: dict, state: str, **values: Any) -> None:
        """Set a state that the next ``mark`` or ``save`` saves, at once after it."""
        record.update(values)
        record["state"] = state
        record["since"] = time.time()
        self._is_saved = False

    def reload(self) -> None:
        """Read the file again: another process may have gone on with it."""
        self.data = Journal.read(self.path).data

    def remove(self) -> None:
        """Remove the file."""
        private_files.remove(self.path)

    @property
    def is_done(self) -> bool:
        """Whether everything has been done."""
        return bool(self.data.get("done"))


def all_journals(folder: str) -> list[Journal]:
    """Return the journals in a folder, the oldest first."""
    found = []
    try:
        names = os.listdir(folder)
    except OSError:
        names = []
    for name in names:
        if not name.endswith(".json") or name.startswith("."):
            continue
        # It may be of a later release, or have been removed meanwhile.
        with contextlib.suppress(ValueError, OSError):
            found.append(Journal.read(os.path.join(folder, name)))
    return sorted(found, key=lambda journal: journal.data["created"])


def remove_old(folder: str) -> None:
    """Remove the journals that were finished some days ago."""
    for journal in all_journals(folder):
        if journal.is_done and journal.data["done"] < time.time() - KEPT:
            journal.remove()

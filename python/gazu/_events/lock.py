"""A lock that one process of a machine holds, until it ends."""

from __future__ import annotations

import errno
import os
from typing import Any

from .._engine import logs

logger = logs.logger("events")

#: The byte that is locked on Windows, where locked bytes cannot be read.
_LOCKED_BYTE = 1 << 30
#: Errors of file systems that have no locks.
_UNSUPPORTED = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP)


class Lock:
    """
    A lock, which ends with the process at the latest.

    Args:
        path: The file that is locked. It is created and remains.
        owner: Who wants the lock, for the message.

    Raises:
        RuntimeError: another process or another object has the lock.
        OSError: the file cannot be written.
    """

    def __init__(self, path: str, owner: str) -> None:
        self._descriptor: int | None = os.open(
            path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600
        )
        try:
            _lock(self._descriptor)
        except OSError as error:
            if error.errno in _UNSUPPORTED:
                logger.warning("%s cannot be locked: %s", path, error)
                return
            process = os.read(self._descriptor, 20).decode("ascii", "replace")
            self.release()
            if error.errno not in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                raise
            raise RuntimeError(
                "{} is already running on this machine (process {}; {} is "
                "locked)".format(owner, process.strip() or "unknown", path)
            ) from None
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, "{}\n".format(os.getpid()).encode("ascii"))

    def release(self) -> None:
        """Release the lock."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _lock(descriptor: int) -> None:
    if os.name == "nt":
        msvcrt: Any = __import__("msvcrt")
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

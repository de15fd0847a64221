"""
Files that only their owner can read, written whole, and locks between processes.

They hold logins, the journals of publications and the checkpoints of consumers.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
import time

from . import logs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Iterator

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

#: Seconds between two attempts to get a lock that another process holds.
_INTERVAL = 0.02
#: The locks that this thread holds, by the path of the file: how many times.
_held = threading.local()


def make_folder(path: str) -> None:
    """Make a folder, and those above it, that only its owner can read."""
    os.makedirs(path, mode=0o700, exist_ok=True)
    os.chmod(path, 0o700)
    _restrict(path)


def _restrict(path: str) -> None:
    """Let only the owner read a file or folder on Windows, which has no modes."""
    if os.name != "nt":
        return
    from .owner_only import set_access_list

    try:
        set_access_list(path)
    except OSError as error:
        # A login is useful on a file system without access lists, too.
        logs.logger().warning(
            "Other users may be able to read %s: %s", path, error
        )


def write(
    path: str,
    content: str | bytes,
    is_private: bool = True,
    is_durable: bool = True,
    keeps_name: bool = True,
) -> None:
    """
    Replace the content of a file at once.

    If the file is a symbolic link, its target is replaced.

    Args:
        path: The file. Its folder must exist.
        content: The new content. Text is encoded as UTF-8, and its lines end
            alike on all systems: some files are read as bytes.
        is_private: Whether only the owner can read the file.
        is_durable: Whether the content is on the disk before this returns, so
            that it survives a power failure.
        keeps_name: Whether a durable file also has its new content after a power
            failure. Otherwise it may have the old one.

    Raises:
        OSError: the file cannot be written. It is as it was before.
    """
    target = os.path.realpath(path)
    try:
        # Only the owner can read the file, right from its creation.
        descriptor, temporary = tempfile.mkstemp(
            dir=os.path.dirname(target), prefix=".config-"
        )
    except OSError as error:
        raise OSError(error.errno, error.strerror, target) from None
    try:
        with os.fdopen(descriptor, "wb") as stream:
            _restrict(temporary)
            stream.write(
                content if isinstance(content, bytes) else content.encode()
            )
            if is_durable:
                stream.flush()
                os.fsync(stream.fileno())
        if not is_private:
            os.chmod(temporary, 0o644)
        _replace(temporary, target)
        if is_durable and keeps_name:
            _keep_name(os.path.dirname(target))
    except BaseException as error:
        os.remove(temporary)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, target) from None
        raise


def _keep_name(folder: str) -> None:
    """Let a new name in a folder survive a power failure."""
    if sys.platform == "win32":
        return
    # Some network file systems cannot do this.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def patiently(action: Callable, *arguments: Any) -> Any:
    """
    Return what a function returns, which opens, replaces or removes a file.

    On Windows, nobody can replace or remove a file while another process reads it,
    or read it while it is replaced. So it is tried again for a second.
    """
    for _ in range(50 if sys.platform == "win32" else 0):
        try:
            return action(*arguments)
        except PermissionError:
            time.sleep(_INTERVAL)
    return action(*arguments)


def _replace(temporary: str, target: str) -> None:
    try:
        patiently(os.replace, temporary, target)
    except PermissionError:
        if sys.platform != "win32" or not os.path.isfile(target):
            raise
        # A program keeps the file open: write into it.
        with open(temporary, "rb") as new, open(target, "r+b") as stream:
            content = new.read()
            stream.truncate()
            stream.write(content)
        os.remove(temporary)


def remove(path: str) -> None:
    """Remove a file, if it exists."""
    with contextlib.suppress(FileNotFoundError):
        patiently(os.remove, path)


@contextlib.contextmanager
def locked(
    path: str, seconds: float | None = None, is_private: bool = True
) -> Iterator[bool | None]:
    """
    Hold the lock of a file, which one thread of all processes can hold at a time.

    The thread that holds it may ask for it again. The lock is a file beside the
    file, with the ending ``.lock``; it ends with the process.

    Args:
        path: The file. Its folder must exist.
        seconds: How long to wait for another process; None for no limit.
        is_private: Whether only this user may lock it.

    Yields whether the lock is held. It is False if the time is over, and None if
    the folder or the file system has no locks.
    """
    name = os.path.realpath(path) + ".lock"
    held: dict[str, int] = _held.__dict__
    if name in held:
        held[name] += 1
        try:
            yield True
        finally:
            held[name] -= 1
        return
    descriptor = _acquire(name, seconds, is_private)
    if descriptor is None or descriptor < 0:
        yield None if descriptor is None else False
        return
    held[name] = 1
    try:
        yield True
    finally:
        del held[name]
        _release(descriptor, name)


def _acquire(name: str, seconds: float | None, is_private: bool) -> int | None:
    """
    Return the descriptor of the locked file, -1 if another process keeps it
    locked, or None if there are no locks.
    """
    until = None if seconds is None else time.monotonic() + seconds
    while True:
        try:
            descriptor = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)
            if sys.platform != "win32" and not is_private:
                with contextlib.suppress(OSError):
                    os.fchmod(descriptor, 0o666)
        except OSError:
            # A folder that nobody can write to needs no lock.
            return None
        try:
            if _lock_now(descriptor) and _is_file(descriptor, name):
                return descriptor
        except OSError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        if until is not None and time.monotonic() >= until:
            return -1
        time.sleep(_INTERVAL)


def _lock_now(descriptor: int) -> bool:
    """Lock a file, and return True, unless another process has locked it."""
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, 0, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _is_file(descriptor: int, name: str) -> bool:
    """Return whether a file still has its name: its last owner removes it."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.stat(name))
    except FileNotFoundError:
        return False


def _release(descriptor: int, name: str) -> None:
    if sys.platform == "win32":
        os.lseek(descriptor, 0, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
        os.close(descriptor)
        # Another process may have opened it to lock it.
        with contextlib.suppress(OSError):
            os.remove(name)
        return
    with contextlib.suppress(OSError):
        os.remove(name)
    # Closing the file would release the lock too, but not while a process that
    # this one has forked keeps it open.
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)

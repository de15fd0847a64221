"""Runs at the start of each Windows Python: what wine 8 lacks."""

import _winapi
import errno
import msvcrt
import os

# Wine ends the program that calls it. Without it, shutil copies as in Python 3.11.
if hasattr(_winapi, "CopyFile2"):
    del _winapi.CopyFile2

_create_process = _winapi.CreateProcess
ERROR_INTERNAL_ERROR = 1359


def create_process(*arguments):
    """Start a program, again if wine lost it before its first instruction."""
    for _ in range(3):
        try:
            return _create_process(*arguments)
        except OSError as error:
            if error.winerror != ERROR_INTERNAL_ERROR:
                raise
    return _create_process(*arguments)


_winapi.CreateProcess = create_process
_locking = msvcrt.locking


def locking(descriptor, mode, count):
    """Lock bytes of a file. Wine sets no `errno` if another program has locked them."""
    # The error of a descriptor that is none.
    os.fstat(descriptor)
    try:
        _locking(descriptor, mode, count)
    except OSError:
        raise PermissionError(
            errno.EACCES, os.strerror(errno.EACCES)
        ) from None


msvcrt.locking = locking

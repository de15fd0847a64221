"""Marks for what a test needs of the machine. They try it, and never look at the platform.

::

    from . import needs


    @needs.modes
    def test_download_to_a_new_file_uses_the_umask(...):
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import struct
import tempfile

import pytest


def _needs(what, probe):
    """Return a mark that skips if the probe fails or returns false for a folder."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            there = bool(probe(folder))
        except (AttributeError, ImportError, NotImplementedError, OSError):
            there = False
    return pytest.mark.skipif(not there, reason="needs " + what)


def _open(folder, name="file"):
    return open(os.path.join(folder, name), "wb")


def _is_device(path):
    return stat.S_ISCHR(os.stat(path).st_mode)


def _keeps_modes(folder):
    with _open(folder) as file:
        os.chmod(file.name, 0o604)
        return stat.S_IMODE(os.stat(file.name).st_mode) == 0o604


def _denies(folder):
    with _open(folder) as file:
        os.chmod(file.name, 0)
    try:
        open(file.name, "rb").close()
    except PermissionError:
        return True
    finally:
        # Windows removes no file that is read-only.
        os.chmod(file.name, 0o600)
    return False


def _links(folder):
    with _open(folder) as file:
        file.write(b"linked")
    os.symlink(file.name, os.path.join(folder, "link"))
    with open(os.path.join(folder, "link"), "rb") as link:
        return os.path.islink(link.name) and link.read() == b"linked"


def _tells_variables_apart(folder):
    """Windows ignores the case of their names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAZU_A_VARIABLE", "1")
        return "gazu_a_variable" not in os.environ


def _removes_what_is_open(folder):
    with _open(folder) as file:
        os.remove(file.name)
        return not os.path.exists(file.name)


def _names_of_any_bytes(folder):
    names = ['a"b', "a\nb", "a\\b", "a\x01", "\udcff", " "]
    for name in names:
        _open(folder, name).close()
    return sorted(os.listdir(folder)) == sorted(names)


def _measures_memory(folder):
    with open("/proc/self/status") as status:
        return "VmHWM:" in status.read()


def _limits(folder):
    import resource

    return resource.RLIMIT_NOFILE != resource.RLIMIT_FSIZE


def own_id():
    """Return the id of the user of this process, on Windows."""
    import ctypes

    from gazu._engine import owner_only

    return owner_only._user(
        ctypes.WinDLL("advapi32"), ctypes.WinDLL("kernel32"), lambda done: done
    )


def access_list(path):
    """Return the entries of a file's access control list, on Windows."""
    import ctypes
    import re

    library = ctypes.WinDLL("advapi32")
    descriptor = ctypes.create_string_buffer(4096)
    size = ctypes.c_uint32()
    kind = 0x4  # DACL_SECURITY_INFORMATION
    assert library.GetFileSecurityW(
        ctypes.c_wchar_p(path), kind, descriptor, 4096, ctypes.byref(size)
    )
    text = ctypes.c_wchar_p()
    assert library.ConvertSecurityDescriptorToStringSecurityDescriptorW(
        descriptor, 1, kind, ctypes.byref(text), None
    )
    return re.findall(r"\(([^)]*)\)", text.value)


def _keeps_access_lists(folder):
    from gazu._engine import owner_only

    owner_only.set_access_list(folder)
    owners = {entry.rpartition(";")[2] for entry in access_list(folder)}
    return owners == {own_id()}


def _contains_sources(folder):
    """Only a core without sources looks for the files."""
    from gazu import _core

    return _core.Sources(os.path.join(folder, "nothing"), "") is not None


def _has_registry(folder):
    import winreg

    return winreg.HKEY_CURRENT_USER is not None


def shared(folder):
    """Return the path of a folder on the share of its drive."""
    drive, path = os.path.splitdrive(folder)
    return "\\\\localhost\\" + drive.replace(":", "$") + path


access_lists = _needs(
    "a file system that keeps access control lists", _keeps_access_lists
)
drives = _needs(
    "drives, such as C:", lambda folder: os.path.splitdrive(folder)[0]
)
shares = _needs(
    r"the share of a drive, such as \\localhost\c$",
    lambda folder: (
        os.path.splitdrive(folder)[0] and os.path.isdir(shared(folder))
    ),
)
registry = _needs("the registry of Windows", _has_registry)
sources_in_the_core = _needs(
    "the core of a wheel, which contains the sources", _contains_sources
)
proc = _needs("/proc, which tells memory and threads", _measures_memory)
denied_files = _needs("a user whom the modes of files bind", _denies)
full_device = _needs(
    "a device that is always full", lambda _: _is_device("/dev/full")
)
null_device = _needs(
    "a device that takes everything", lambda _: _is_device("/dev/null")
)
modes = _needs("the modes of files", _keeps_modes)
symlinks = _needs("symbolic links", _links)
removal_of_open_files = _needs(
    "to remove a file that is open", _removes_what_is_open
)
names_of_any_bytes = _needs(
    "a file system that takes any name", _names_of_any_bytes
)
names_of_255 = _needs(
    "names of at most 255 bytes",
    lambda folder: os.pathconf(folder, "PC_NAME_MAX") == 255,
)


def _resets(folder):
    """Wine ends a connection before it resets it."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        with socket.create_connection(listener.getsockname()) as client:
            served, _ = listener.accept()
            served.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )
            served.close()
            try:
                client.recv(1)
            except ConnectionResetError:
                return True
    return False


resets = _needs("connections that a server can reset", _resets)
variables_of_each_case = _needs(
    "variables whose names differ in case only", _tells_variables_apart
)
git = _needs("git", lambda _: shutil.which("git"))
fork = _needs("fork", lambda _: os.fork is not None)
signals = _needs(
    "signals that reach a process", lambda _: signal.SIGKILL and os.killpg
)
waiting_for_signals = _needs(
    "to wait for a signal", lambda _: signal.sigtimedwait is not None
)
resource_limits = _needs("limits for a process", _limits)
tcp_settings = _needs(
    "to read the settings of a connection",
    lambda _: (
        os.path.isdir("/proc/self/fd") and socket.TCP_USER_TIMEOUT is not None
    ),
)


def _has_unix_sockets(folder):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bound:
        bound.bind(os.path.join(folder, "s"))
    return True


unix_sockets = _needs("unix sockets", _has_unix_sockets)

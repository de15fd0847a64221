"""Access control lists of Windows, with which only one user can read a file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


#: What only the user and nobody else may do, also with what is made in a folder.
_LIST = "D:P(A;OICI;FA;;;{})"
_TOKEN_QUERY = 0x0008
_TOKEN_USER = 1
_REVISION = 1
#: Replace the list of the file, and inherit nothing from its folder.
_DACL_INFORMATION = 0x00000004 | 0x80000000


def set_access_list(path: str) -> None:
    """
    Let only the user of this process read and change a file or folder.

    Windows needs it: the mode of a file protects nothing there.

    Raises:
        OSError: the file system does not know who may read a file.
    """
    import ctypes

    windows: Any = ctypes
    library: Any = windows.WinDLL("advapi32", use_last_error=True)
    kernel: Any = windows.WinDLL("kernel32", use_last_error=True)
    for release in (kernel.LocalFree, kernel.CloseHandle):
        release.argtypes = [ctypes.c_void_p]

    def checked(succeeded: int) -> None:
        if not succeeded:
            raise windows.WinError(windows.get_last_error())

    descriptor = ctypes.c_void_p()
    checked(
        library.ConvertStringSecurityDescriptorToSecurityDescriptorW(
            ctypes.c_wchar_p(_LIST.format(_user(library, kernel, checked))),
            _REVISION,
            ctypes.byref(descriptor),
            None,
        )
    )
    try:
        checked(
            library.SetFileSecurityW(
                ctypes.c_wchar_p(path),
                ctypes.c_uint32(_DACL_INFORMATION),
                descriptor,
            )
        )
    finally:
        kernel.LocalFree(descriptor)


def _user(library: Any, kernel: Any, checked: Any) -> str:
    """Return the id of the user of this process, such as ``S-1-5-21-...``."""
    import ctypes

    token, text = ctypes.c_void_p(), ctypes.c_wchar_p()
    kernel.GetCurrentProcess.restype = ctypes.c_void_p
    checked(
        library.OpenProcessToken(
            ctypes.c_void_p(kernel.GetCurrentProcess()),
            _TOKEN_QUERY,
            ctypes.byref(token),
        )
    )
    try:
        # It begins with a pointer to the id, which it contains.
        answer = (ctypes.c_void_p * 64)()
        checked(
            library.GetTokenInformation(
                token,
                _TOKEN_USER,
                ctypes.byref(answer),
                ctypes.sizeof(answer),
                ctypes.byref(ctypes.c_uint32()),
            )
        )
        checked(
            library.ConvertSidToStringSidW(
                ctypes.c_void_p(answer[0]), ctypes.byref(text)
            )
        )
        try:
            return str(text.value)
        finally:
            kernel.LocalFree(text)
    finally:
        kernel.CloseHandle(token)

"""Safe local file names, made from text that a server sent."""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

#: The longest name that common file systems allow, in bytes.
LIMIT = 255
#: The longest text after the last dot that counts as an extension.
_LONGEST_EXTENSION = 16
_FORBIDDEN = frozenset('<>:"/\\|?*')
#: Characters that look like a slash, a backslash or a colon, and that Unicode's
#: compatibility normalization (NFKC) leaves unchanged.
_LOOKALIKES = frozenset(
    "\u2044\u2215\u2216\u29f5\u29f8\u29f9\u2236\ua789\u0589\u05c3\u02d0"
)
#: Names of devices on Windows, with any extension.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"]
    + [kind + digit for kind in ("com", "lpt") for digit in "0123456789¹²³"]
)


def file_name(
    server_name: Any,
    fallback: Any = None,
    extension: str = "",
    hidden: bool = False,
) -> str:
    """
    Return a file name that is safe to create in a folder.

    The name contains no path and is valid on every operating system, so that a
    file on a network share can be read from all of them.

    Args:
        server_name: The name from the server. Of a path, the last part is
            used.
        fallback: Another text from the server, such as an id, to use if
            nothing usable remains of the name.
        extension: The extension from the server.
        hidden: Whether the name may begin with a dot.
    """
    suffix = "." + _cleaned(extension) if _cleaned(extension) else ""
    for text in (server_name, fallback, "file"):
        name = _cleaned(text, hidden)
        if suffix and name.lower().endswith(suffix.lower()):
            name = name[: -len(suffix)].rstrip(" .")
        if name:
            break
    return _shortened(_without_device_name(name), suffix)


def distinct(name: str, taken: set[str]) -> str:
    """
    Return a name that is not in a set, and add it to the set.

    If the name is in the set, a number is appended to its stem. Some file
    systems ignore case and the encoding of accents, and so does this function.

    Args:
        name: The name.
        taken: The names in use, as ``folded`` returns them. It is changed.
    """
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > _LONGEST_EXTENSION:
        stem, dot, extension = name, "", ""
    free, number = name, 1
    while folded(free) in taken:
        number += 1
        free = _shortened(stem, "_{}{}{}".format(number, dot, extension))
    taken.add(folded(free))
    return free


def folded(name: str) -> str:
    """Return a form that is equal for names that a file system may confuse."""
    return unicodedata.normalize(
        "NFC", unicodedata.normalize("NFKC", name).casefold()
    )


def _cleaned(text: Any, hidden: bool = False) -> str:
    """Return the last part of a path, with ``_`` for forbidden characters."""
    if not isinstance(text, str):
        return ""
    text = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = "".join(c if _is_allowed(c) else "_" for c in text)
    # Windows removes dots and spaces at the end. A dot at the start makes a
    # hidden file, such as the configuration of a shell.
    name = name.strip().strip("\u200c\u200d").rstrip(" .")
    return name if hidden else name.lstrip(" .")


def _is_allowed(character: str) -> bool:
    """Return whether a character is allowed in a file name."""
    if character in _FORBIDDEN or character in _LOOKALIKES:
        return False
    # Control characters, format characters (such as those that change the
    # direction of text), surrogates, and line and paragraph separators.
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        # Some scripts and emoji need the zero-width joiners.
        return character in "\u200c\u200d"
    if character < "\x80":
        return True
    normalized = unicodedata.normalize("NFKC", character)
    return normalized not in (
        ".",
        "..",
    ) and not _FORBIDDEN.intersection(normalized)


def _without_device_name(name: str) -> str:
    """Return a name with ``_`` in front if it is a device on Windows."""
    stem = name.partition(".")[0].rstrip()
    return "_" + name if stem.lower() in _DEVICES else name


def _shortened(stem: str, suffix: str) -> str:
    """Return a name, shortened to the limit of common file systems."""
    if len(suffix) > _LONGEST_EXTENSION + 8:
        stem, suffix = stem + suffix, ""
    room = LIMIT - len(suffix.encode("utf-8"))
    encoded = stem.encode("utf-8")
    if len(encoded) > room:
        if not suffix:
            stem, dot, last = stem.rpartition(".")
            if stem and 0 < len(last) <= _LONGEST_EXTENSION:
                return _shortened(stem, dot + last)
            stem = encoded.decode("utf-8")
        stem = encoded[:room].decode("utf-8", "ignore").rstrip(" .")
    return stem + suffix

"""File names out of what a server says."""

from __future__ import annotations

import unicodedata
from typing import Any

#: Bytes of the longest name that the usual file systems take.
LIMIT = 255
#: Characters of what counts as an extension.
_LONGEST_EXTENSION = 16
_FORBIDDEN = frozenset('<>:"/\\|?*')
#: Characters that look like a separator, a colon or a dot, and that
#: compatibility decomposition does not lead to one.
_ALIKE = frozenset(
    "\u2044\u2215\u2216\u29f5\u29f8\u29f9\u2236\ua789\u0589\u05c3\u02d0"
)
#: Names that are devices on Windows, whatever their extension.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", "conin$", "conout$", "clock$"]
    + [kind + digit for kind in ("com", "lpt") for digit in "0123456789¹²³"]
)


def file_name(
    said: Any, fallback: Any = None, extension: str = "", hidden: bool = False
) -> str:
    """
    Return a file name that stays in its folder, whatever the server says.

    It is a usable name on each system, so that what one machine downloads
    another can read from a share.

    Args:
        said: What the server says: a name, or a path, whose last part counts.
        fallback: What it says else, such as an id, where that gives no name.
        extension: What the name ends with, from the server too.
        hidden: Whether the name may begin with a dot.
    """
    ending = "." + _plain(extension) if _plain(extension) else ""
    for text in (said, fallback, "file"):
        name = _plain(text, hidden)
        if ending and name.lower().endswith(ending.lower()):
            name = name[: -len(ending)].rstrip(" .")
        if name:
            break
    return _limited(_no_device(name), ending)


def distinct(name: str, taken: set[str]) -> str:
    """
    Return a name with a number where it is taken, and take it.

    Names that differ in case, or in how their accents are encoded, are the
    same to some file systems.

    Args:
        name: The name.
        taken: What is taken, in the form that this function gives it.
    """
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension) > _LONGEST_EXTENSION:
        stem, dot, extension = name, "", ""
    free, number = name, 1
    while folded(free) in taken:
        number += 1
        free = _limited(stem, "_{}{}{}".format(number, dot, extension))
    taken.add(folded(free))
    return free


def folded(name: str) -> str:
    """Return what names have in common that a file system may not tell apart."""
    return unicodedata.normalize(
        "NFC", unicodedata.normalize("NFKC", name).casefold()
    )


def _plain(text: Any, hidden: bool = False) -> str:
    """Return a path's last part without what cannot stand in a name."""
    if not isinstance(text, str):
        return ""
    text = text.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = "".join(c if _is_plain(c) else "_" for c in text)
    # Windows drops dots and spaces at the end. At the start a dot hides a
    # file, which may be one that a shell reads.
    name = name.strip().strip("\u200c\u200d").rstrip(" .")
    return name if hidden else name.lstrip(" .")


def _is_plain(character: str) -> bool:
    """Whether a character may stand in a name, and is what it looks like."""
    if character in _FORBIDDEN or character in _ALIKE:
        return False
    # Controls, formats (such as those that turn the direction of text),
    # surrogates, and separators of lines and paragraphs.
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        # What joins the letters of some scripts, and the parts of an emoji.
        return character in "\u200c\u200d"
    if character < "\x80":
        return True
    meant = unicodedata.normalize("NFKC", character)
    return meant not in (".", "..") and not _FORBIDDEN.intersection(meant)


def _no_device(name: str) -> str:
    """Return a name that is no device on Windows."""
    stem = name.partition(".")[0].rstrip()
    return "_" + name if stem.lower() in _DEVICES else name


def _limited(stem: str, ending: str) -> str:
    """Return a name of which no file system says that it is too long."""
    if len(ending) > _LONGEST_EXTENSION + 8:
        stem, ending = stem + ending, ""
    room = LIMIT - len(ending.encode("utf-8"))
    encoded = stem.encode("utf-8")
    if len(encoded) > room:
        if not ending:
            stem, dot, last = stem.rpartition(".")
            if stem and 0 < len(last) <= _LONGEST_EXTENSION:
                return _limited(stem, dot + last)
            stem = encoded.decode("utf-8")
        stem = encoded[:room].decode("utf-8", "ignore").rstrip(" .")
    return stem + ending

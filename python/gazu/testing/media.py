"""
The file types that the server accepts as previews, and how it recognizes them.
"""

from __future__ import annotations

import struct

# Possible types of the first box of a QuickTime or MP4 file.
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")
# Signatures of AVI, of Matroska and WebM, and of Windows Media.
_MOVIES = (b"RIFF", b"\x1aE\xdf\xa3", b"0&\xb2u")


def is_movie(data: bytes) -> bool:
    """Return whether a file starts with the signature of a movie format."""
    return data[4:8] in _BOXES or data.startswith(_MOVIES)


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Return the width and height of a picture, or None if it is not a picture."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) > 24:
        width, height = struct.unpack(">II", data[16:24])
        return width, height
    if data.startswith((b"GIF87a", b"GIF89a")) and len(data) > 10:
        width, height = struct.unpack("<HH", data[6:10])
        return width, height
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    return None


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 < len(data) and data[place] == 0xFF:
        kind = data[place + 1]
        # Start-of-frame markers of all encodings; the other three are tables.
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[place + 5 : place + 9])
            return width, height
        place += 2 + struct.unpack(">H", data[place + 2 : place + 4])[0]
    return None

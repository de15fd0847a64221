"""From the bytes of a body to text and JSON values, as ``requests`` reads them."""

from __future__ import annotations

import codecs
import json
from typing import Any

from .errors import json_error

#: Codecs that decode text, but never a server's: they fail whatever they are
#: given, or take a time that grows with the square of its length.
_NO_CHARSETS = ("idna", "punycode", "undefined")
#: Names of character sets are shorter than this.
_LONGEST_NAME = 64


def codec_of(charset: str | None) -> str:
    """Return Python's name of a character set; that of UTF-8 for an unknown one."""
    if charset and len(charset) <= _LONGEST_NAME:
        try:
            codec = codecs.lookup(charset)
        except (LookupError, ValueError):
            # There is none of that name, or it has a NUL in it.
            return "utf-8"
        is_text = getattr(codec, "_is_text_encoding", True)
        if is_text and codec.name not in _NO_CHARSETS:
            return codec.name
    return "utf-8"


def charset_of(content_type: str | None) -> str | None:
    """
    Return the character set of a content type, as ``requests`` takes it.

    Text without a charset is ISO-8859-1 and JSON is UTF-8; None when nobody
    says.
    """
    if not content_type:
        return None
    kind, *parameters = content_type.split(";")
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if name.strip().lower() == "charset" and equals:
            return value.strip().strip("'\"")
    if "text" in kind:
        return "ISO-8859-1"
    if "application/json" in kind:
        return "utf-8"
    return None


def text(content: bytes, content_type: str | None) -> str:
    """Return an answer's text; what cannot be decoded becomes U+FFFD."""
    return decoded(content, charset_of(content_type))


def decoded(content: bytes, charset: str | None) -> str:
    """Return bytes as text; an unknown character set counts as UTF-8."""
    return str(content, codec_of(charset), errors="replace")


def parsed(content: bytes, charset: str | None, **kwargs: Any) -> Any:
    """Return the value of JSON that the fast path left to the standard library."""
    try:
        if not charset and len(content) > 3:
            try:
                guessed = content.decode(json.detect_encoding(content))
                return json.loads(guessed, **kwargs)
            except UnicodeDecodeError:
                pass
        return json.loads(decoded(content, charset), **kwargs)
    except json.JSONDecodeError as error:
        raise json_error(error) from None

"""Decodes and parses the bytes of a body in the same way as ``requests``."""

from __future__ import annotations

import codecs

from .errors import class_for
from .secrets import shown_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import json
    from typing import Any

#: Codecs that are never used for a body: they always fail, or take quadratic time.
_UNSUITABLE_CODECS = ("idna", "punycode", "undefined")
#: Longer text is not the name of a character set.
_LONGEST_CHARSET_NAME = 64


def codec_of(charset: str | None) -> str:
    """Return Python's name of a character set, or ``utf-8`` if it is unknown."""
    if charset and len(charset) <= _LONGEST_CHARSET_NAME:
        try:
            codec = codecs.lookup(charset)
        except (LookupError, ValueError):
            # The name is unknown, or contains a NUL character.
            return "utf-8"
        is_text = getattr(codec, "_is_text_encoding", True)
        if is_text and codec.name not in _UNSUITABLE_CODECS:
            return codec.name
    return "utf-8"


def charset_of(content_type: str | None) -> str | None:
    """
    Return the character set of a content type, with the rules of ``requests``.

    Without a charset, text is ISO-8859-1 and JSON is UTF-8. For other types,
    return None.
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
    """Return a body as text. Bytes that cannot be decoded become U+FFFD."""
    return decoded(content, charset_of(content_type))


def decoded(content: bytes, charset: str | None) -> str:
    """Return bytes as text. If the character set is unknown, use UTF-8."""
    return str(content, codec_of(charset), errors="replace")


def parsed(content: bytes, charset: str | None, **kwargs: Any) -> Any:
    """Parse JSON that the core's parser does not support, as ``json.loads``."""
    import json

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


def json_error(error: json.JSONDecodeError) -> Exception:
    """Return the exception for a body that is not JSON, without its secrets."""
    doc = shown_text(error.doc, same_length=True)
    made: Any = class_for("JSONDecodeError")(error.msg, doc, error.pos)
    if doc.lstrip()[:1] == "<":
        made.__notes__ = [_HTML]
    return made  # type: ignore[no-any-return]


_HTML = (
    "The server sent a page instead of JSON: does the host end with /api, as "
    "https://kitsu.example.com/api does?"
)

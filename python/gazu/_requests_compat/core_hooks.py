"""What the core calls while it sends a session's requests."""

from __future__ import annotations

from typing import Any

from .errors import class_for, text_of


def transport(name: str, message: str, asked: Any = None) -> Exception:
    """
    Return the exception for a request that got no usable answer.

    Args:
        name: The exception's class; ``Lost`` for a connection that broke off.
        message: What is said of it.
        asked: The request's method, URL and headers, where they are known.
    """
    if name == "CertificateFileError":
        return OSError(message)
    if name == "MemoryError":
        return MemoryError(message)
    if asked is not None:
        message = text_of(name, message, asked[1])
    error: Any = class_for("ConnectionError" if name == "Lost" else name)(
        message
    )
    error.kind = name
    if asked is not None:
        from . import headers, response

        method, url, pairs = asked
        asked_for = response.prepared(method, url, headers.of_answer(pairs))
        error.request = asked_for.without_secrets()
    return error


def response(raw: Any, used: bool) -> Any:
    """
    Return the response object of a raw response.

    Args:
        raw: The raw response.
        used: Whether its content has been used up.
    """
    from .response import response as response_of

    made = response_of(raw)
    if used:
        made._content = None
    return made

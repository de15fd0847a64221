"""Functions that the core calls while it sends requests of a session."""

from __future__ import annotations

from . import messages, transport_notes
from .errors import class_for, explain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def transport(name: str, message: str, request: Any = None) -> Exception:
    """
    Return the exception for a request without a usable answer.

    Args:
        name: The name of the exception's class, or ``Lost`` if the connection
            broke.
        message: The message of the native transport.
        request: The method, the URL and the headers of the request, if they are
            known.
    """
    if name == "CertificateFileError":
        return OSError(message)
    if name == "MemoryError":
        return MemoryError(message)
    note = transport_notes.transport_note(name, message, request)
    if request is not None:
        message = messages.requests_message(name, message, request[1])
    error: Any = class_for("ConnectionError" if name == "Lost" else name)(
        message
    )
    error.kind = name
    if note:
        explain(error, note)
    if request is not None:
        from . import headers, response

        method, url, pairs = request
        sent = response.prepared(method, url, headers.from_answer(pairs))
        error.request = sent.without_secrets()
    return error


def response(raw: Any, used: bool) -> Any:
    """
    Return the response object for a response of the native transport.

    Args:
        raw: The native response.
        used: Whether its content has been read and is no longer available.
    """
    from .response import response as response_of

    answer = response_of(raw)
    if used:
        answer._content = None
    return answer

"""Packets of Socket.IO, as they are sent."""

from __future__ import annotations

from typing import Any, Callable

CONNECT, DISCONNECT, EVENT, ACK = range(4)
#: An event with attachments has the type 5, an ack with attachments 6.
_BINARY = 3


def encode(
    kind: int,
    namespace: str,
    id: int | None,
    data: Any,
    dumps: Callable,
) -> list[str | bytes]:
    """
    Return the messages of a packet.

    Args:
        kind: The type of the packet.
        namespace: The namespace.
        id: The number by which an answer is recognized, or None.
        data: What is sent as JSON, or None. Bytes in it are sent as messages
            of their own.
        dumps: The function that encodes JSON.
    """
    attachments: list[bytes] = []
    if kind in (EVENT, ACK):
        data = _without_bytes(data, attachments)
    text = str(kind + _BINARY if attachments else kind)
    if attachments:
        text += "{}-".format(len(attachments))
    rest = "" if id is None else str(id)
    if data is not None:
        rest += dumps(data, separators=(",", ":"))
    if namespace != "/":
        text += namespace + ("," if rest else "")
    return [text + rest, *attachments]


def _without_bytes(data: Any, attachments: list[bytes]) -> Any:
    """Return the data with placeholders in the place of bytes."""
    if isinstance(data, (bytes, bytearray)):
        attachments.append(bytes(data))
        return {"_placeholder": True, "num": len(attachments) - 1}
    if isinstance(data, (list, tuple)):
        return [_without_bytes(item, attachments) for item in data]
    if isinstance(data, dict):
        return {
            key: _without_bytes(value, attachments)
            for key, value in data.items()
        }
    return data


def with_attachments(data: Any, attachments: list[bytes]) -> Any:
    """
    Return received data with bytes in the place of their placeholders.

    Raises:
        ValueError: there is no attachment for a placeholder.
    """
    if isinstance(data, list):
        return [with_attachments(item, attachments) for item in data]
    if isinstance(data, dict):
        if data.get("_placeholder") is True and "num" in data:
            number = data["num"]
            if type(number) is int and 0 <= number < len(attachments):
                return attachments[number]
            raise ValueError("an attachment is missing")
        return {
            key: with_attachments(value, attachments)
            for key, value in data.items()
        }
    return data

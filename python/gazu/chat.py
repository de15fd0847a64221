"""Chats: the conversation of the members of a project about an entity."""

from __future__ import annotations

from . import _core
from . import client as raw
from ._engine.dispatch import run
from .client import KitsuClient

default = raw.default_client


def get_chat(entity: str | dict, client: KitsuClient = default) -> dict:
    """
    Get the chat of an entity. The server makes it if there is none.

    Args:
        entity: The entity (dict or id).

    Returns:
        Chat: The chat. Its ``"messages"`` are empty in Zou 1.0.97: use
            `all_chat_messages`.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/entities/{entity}/chat``
    """
    return run(client, _core.chat.get_chat(entity))


def all_chat_messages(
    entity: str | dict, client: KitsuClient = default
) -> list[dict]:
    """
    List the messages in the chat of an entity.

    Args:
        entity: The entity (dict or id).

    Returns:
        list[ChatMessage]: The messages, oldest first.

    Raises:
        NotAllowedException: the user has no access to the project.

    Not in upstream.

    Route: ``GET data/entities/{entity}/chat/messages``
    """
    return run(client, _core.chat.all_chat_messages(entity))


def get_chat_message(
    entity: str | dict, chat_message: str | dict, client: KitsuClient = default
) -> dict:
    """
    Get a message in the chat of an entity.

    Args:
        entity: The entity (dict or id).
        chat_message: The message (dict or id).

    Returns:
        ChatMessage: The message.

    Raises:
        NotAllowedException: the user has no access to the project.
        RouteNotFoundException: no message has this id.

    Not in upstream.

    Route: ``GET data/entities/{entity}/chat/messages/{chat_message}``
    """
    return run(client, _core.chat.get_chat_message(entity, chat_message))


def new_chat_message(
    entity: str | dict,
    message: str,
    attachments: list[str] | None = None,
    client: KitsuClient = default,
) -> dict:
    """
    Write a message in the chat of an entity. First join the chat with
    `gazu.user.join_chat`.

    Args:
        entity: The entity (dict or id).
        message: The text.
        attachments: Paths of files to attach.

    Returns:
        ChatMessage: The new message.

    Raises:
        NotAllowedException: the user has no access to the project.
        ParameterException: the user has not joined the chat.
        OSError: an attachment cannot be read.

    Not in upstream.

    Route: ``POST data/entities/{entity}/chat/messages``
    """
    if not attachments:
        return run(client, _core.chat.new_chat_message(entity, message))
    return run(
        client,
        _core.chat.new_chat_message_with_attachments(
            entity, message, list(attachments)
        ),
    )


def remove_chat_message(
    entity: str | dict, chat_message: str | dict, client: KitsuClient = default
) -> str:
    """
    Remove a message from the chat of an entity.

    Args:
        entity: The entity (dict or id).
        chat_message: The message (dict or id).

    Returns:
        str: The body of the server's answer: an empty text.

    Raises:
        NotAllowedException: the user neither wrote the message nor is an
            administrator.

    Not in upstream.

    Route: ``DELETE data/entities/{entity}/chat/messages/{chat_message}``
    """
    return run(client, _core.chat.remove_chat_message(entity, chat_message))

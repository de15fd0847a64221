//! Chats: the conversation of the members of a project about an entity.

use crate::{
    args::{FilePath, Form, Json, Model},
    call::{delete, fetch_all, post, upload, Call},
    path,
};

/// `GET data/entities/{entity}/chat`
///
/// Gets the chat of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_chat(entity: Model) -> Call {
    fetch_all(path!["entities", entity, "chat"])
}

/// `GET data/entities/{entity}/chat/messages`
///
/// Lists the messages in the chat of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn all_chat_messages(entity: Model) -> Call {
    fetch_all(path!["entities", entity, "chat", "messages"])
}

/// `GET data/entities/{entity}/chat/messages/{chat_message}`
///
/// Gets a message in the chat of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn get_chat_message(entity: Model, chat_message: Model) -> Call {
    fetch_all(path!["entities", entity, "chat", "messages", chat_message])
}

/// `DELETE data/entities/{entity}/chat/messages/{chat_message}`
///
/// Removes a message from the chat of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn remove_chat_message(entity: Model, chat_message: Model) -> Call {
    delete(path!["data", "entities", entity, "chat", "messages", chat_message])
}

/// `POST data/entities/{entity}/chat/messages`
///
/// Writes a message in the chat of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_chat_message(entity: Model, message: Json) -> Call {
    post(path!["data", "entities", entity, "chat", "messages"]).field("message", message)
}

/// `POST data/entities/{entity}/chat/messages`
///
/// Writes a message with attachments in the chat of an entity.
#[cfg_attr(feature = "python", pyo3::pyfunction)]
pub fn new_chat_message_with_attachments(
    entity: Model,
    message: Form,
    attachments: Vec<FilePath>,
) -> Call {
    let call = upload(path!["data", "entities", entity, "chat", "messages"])
        .form_field("message", message);
    let mut attachments = attachments.into_iter();
    match attachments.next() {
        Some(first) => call.files(first, attachments.collect()),
        None => call,
    }
}

exports![chat:
    get_chat,
    all_chat_messages,
    get_chat_message,
    new_chat_message,
    new_chat_message_with_attachments,
    remove_chat_message,
];

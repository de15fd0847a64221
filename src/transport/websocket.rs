//! Opening a `WebSocket` over a connection of the HTTP transport: with its TLS, proxies, cookies and
//! redirects.

use bytes::Bytes;
use futures_util::{
    stream::{SplitSink, SplitStream},
    SinkExt as _, StreamExt as _,
};
use reqwest::{
    header::{
        HeaderMap, HeaderName, HeaderValue, CONNECTION, ORIGIN, SEC_WEBSOCKET_ACCEPT,
        SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
    },
    Upgraded,
};
use tokio_tungstenite::{
    tungstenite::{
        handshake::{client::generate_key, derive_accept_key},
        protocol::{Role, WebSocketConfig},
        Message,
    },
    WebSocketStream,
};

use super::{Request, Settings, Transport};
use crate::error::{Error, Result, Transport as Kind};

/// The largest message that is received, in bytes.
const MAX_MESSAGE: usize = 64 << 20;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Text.
    Text(String),
    /// Bytes.
    Binary(Bytes),
}

/// The half that sends.
pub struct FrameSender(SplitSink<WebSocketStream<Upgraded>, Message>);

/// The half that receives.
pub struct FrameReceiver(SplitStream<WebSocketStream<Upgraded>>);

impl FrameSender {
    /// Passes a message to the connection. `flush` sends it.
    ///
    /// # Errors
    /// If the connection is lost.
    pub async fn feed(&mut self, frame: Frame) -> Result<()> {
        let message = match frame {
            Frame::Text(text) => Message::text(text),
            Frame::Binary(bytes) => Message::Binary(bytes),
        };
        self.0.feed(message).await.map_err(|error| lost(&error))
    }

    /// Sends what has been passed to the connection. It may be dropped and called again.
    ///
    /// # Errors
    /// If the connection is lost.
    pub async fn flush(&mut self) -> Result<()> {
        self.0.flush().await.map_err(|error| lost(&error))
    }

    /// Closes the connection.
    ///
    /// # Errors
    /// If the connection is lost.
    pub async fn close(&mut self) -> Result<()> {
        self.0.close().await.map_err(|error| lost(&error))
    }
}

impl FrameReceiver {
    /// The next message; `None` if the server has closed the connection. It may be dropped and
    /// called again.
    ///
    /// # Errors
    /// If the connection is lost, or what was received is not valid.
    pub async fn next(&mut self) -> Result<Option<Frame>> {
        loop {
            match self.0.next().await {
                None | Some(Ok(Message::Close(_))) => return Ok(None),
                Some(Ok(Message::Text(text))) => {
                    return Ok(Some(Frame::Text(text.as_str().to_owned())))
                }
                Some(Ok(Message::Binary(bytes))) => return Ok(Some(Frame::Binary(bytes))),
                // The library answers a ping itself.
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(lost(&error)),
            }
        }
    }
}

fn lost(error: &dyn std::fmt::Display) -> Error {
    Error::transport(Kind::Lost, format!("The WebSocket connection was lost: {error}"))
}

impl Transport {
    /// Opens a WebSocket. The URL of the request is an http or https URL.
    ///
    /// # Errors
    /// If the server does not answer, or does not accept the WebSocket.
    pub async fn websocket(
        &self,
        settings: &Settings,
        mut request: Request,
    ) -> Result<(FrameSender, FrameReceiver)> {
        let key = generate_key();
        let origin = request.url.origin().ascii_serialization();
        let mut headers = HeaderMap::with_capacity(request.headers.len() + 5);
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        set(UPGRADE, "websocket");
        set(ORIGIN, &origin);
        set(SEC_WEBSOCKET_KEY, &key);
        set(SEC_WEBSOCKET_VERSION, "13");
        set(CONNECTION, "Upgrade");
        for (name, value) in &request.headers {
            headers.insert(name, value.clone());
        }
        request.headers = headers;
        let response = self.exchange(settings, request).await?;
        let status = response.head.status;
        if status != 101 {
            let message = format!("The server did not open a WebSocket: it answered {status}.");
            return Err(Error::transport(Kind::Malformed, message));
        }
        let accepted = response.head.headers.get(SEC_WEBSOCKET_ACCEPT);
        if accepted.is_none_or(|accepted| {
            accepted.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes()
        }) {
            let message = "The server did not open a WebSocket: its answer is not to this request.";
            return Err(Error::transport(Kind::Malformed, message));
        }
        let connection = response.body.upgrade().await.map_err(|error| lost(&error))?;
        let config = WebSocketConfig::default()
            .max_message_size(Some(MAX_MESSAGE))
            .max_frame_size(Some(MAX_MESSAGE));
        let socket = WebSocketStream::from_raw_socket(connection, Role::Client, Some(config)).await;
        let (sender, receiver) = socket.split();
        Ok((FrameSender(sender), FrameReceiver(receiver)))
    }
}

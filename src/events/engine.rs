//! Packets of Engine.IO 4. No I/O.
//!
//! A packet is a digit and its data. Over polling, several packets are separated by a control
//! character, and binary messages are encoded as base64.

use std::collections::VecDeque;

use base64::{engine::general_purpose::STANDARD, Engine as _};
use serde::Deserialize;

use super::Invalid;
use crate::transport::Frame as Message;

/// The separator of the packets in the body of a request or of an answer.
const SEPARATOR: char = '\u{1e}';

/// What a server says about a new connection.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Handshake {
    /// The id of the connection.
    pub sid: String,
    /// The transports that the connection can be upgraded to.
    #[serde(default)]
    pub upgrades: Vec<String>,
    /// The milliseconds between two pings of the server.
    pub ping_interval: u32,
    /// The milliseconds in which a ping has to be answered.
    pub ping_timeout: u32,
    /// The largest body of a request, in bytes.
    #[serde(default)]
    pub max_payload: Option<usize>,
}

/// A packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packet {
    /// The server has opened the connection. The data is the JSON of a [`Handshake`].
    Open(String),
    /// The sender closes the connection.
    Close,
    /// The server asks whether the client is there.
    Ping(String),
    /// The answer to a ping.
    Pong(String),
    /// A message.
    Message(Message),
    /// The client goes on over the other transport.
    Upgrade,
    /// Nothing.
    Noop,
}

impl Handshake {
    /// The handshake in the data of an open packet.
    ///
    /// # Errors
    /// If it is not valid.
    pub fn parse(json: &str) -> Result<Self, Invalid> {
        serde_json::from_str(json).map_err(|_| Invalid("the handshake is not valid"))
    }
}

impl Packet {
    /// The packet of a text frame.
    ///
    /// # Errors
    /// If the type is unknown.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let data = || text[1..].to_owned();
        Ok(match text.as_bytes().first() {
            Some(b'0') => Self::Open(data()),
            Some(b'1') => Self::Close,
            Some(b'2') => Self::Ping(data()),
            Some(b'3') => Self::Pong(data()),
            Some(b'4') => Self::Message(Message::Text(data())),
            Some(b'5') => Self::Upgrade,
            Some(b'6') => Self::Noop,
            _ => return Err(Invalid("the type of a packet is unknown")),
        })
    }

    /// The packets in the body of an answer.
    ///
    /// # Errors
    /// If one of them is not valid.
    pub fn parse_payload(text: &str) -> Result<Vec<Self>, Invalid> {
        text.split(SEPARATOR)
            .map(|part| match part.strip_prefix('b') {
                None => Self::parse(part),
                Some(encoded) => STANDARD
                    .decode(encoded)
                    .map(|bytes| Self::Message(Message::Binary(bytes.into())))
                    .map_err(|_| Invalid("a binary message is not valid base64")),
            })
            .collect()
    }

    /// The packet as text, as it is sent over polling.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Open(data) => format!("0{data}"),
            Self::Close => "1".into(),
            Self::Ping(data) => format!("2{data}"),
            Self::Pong(data) => format!("3{data}"),
            Self::Message(Message::Text(text)) => format!("4{text}"),
            Self::Message(Message::Binary(bytes)) => format!("b{}", STANDARD.encode(bytes)),
            Self::Upgrade => "5".into(),
            Self::Noop => "6".into(),
        }
    }
}

/// The body of a request with the first of these packets, which are removed. The body has one packet
/// at least; more only up to these limits.
#[must_use]
pub fn payload(packets: &mut VecDeque<Packet>, max_bytes: usize, max_packets: usize) -> String {
    let mut body = String::new();
    for count in 0..max_packets.max(1) {
        let Some(packet) = packets.front().map(Packet::to_text) else { break };
        if count > 0 {
            if body.len() + 1 + packet.len() > max_bytes {
                break;
            }
            body.push(SEPARATOR);
        }
        body += &packet;
        packets.pop_front();
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;
    use bytes::Bytes;
    use proptest::prelude::*;

    #[test]
    fn the_handshake_of_a_server_is_read() {
        let text = r#"{"sid":"x","upgrades":["websocket"],"pingTimeout":20000,"pingInterval":25000,"maxPayload":1000000,"more":1}"#;
        let handshake = Handshake::parse(text).unwrap();
        assert_eq!(handshake.sid, "x");
        assert_eq!(handshake.upgrades, ["websocket"]);
        assert_eq!((handshake.ping_interval, handshake.ping_timeout), (25000, 20000));
        assert_eq!(handshake.max_payload, Some(1_000_000));
        for bad in ["", "[]", r#"{"sid":"x"}"#, r#"{"sid":1,"pingTimeout":1,"pingInterval":1}"#] {
            assert!(Handshake::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_payload_has_packets_between_separators() {
        let packets = Packet::parse_payload("4hello\u{1e}2\u{1e}bAQID").unwrap();
        let expected = [
            Packet::Message(Message::Text("hello".into())),
            Packet::Ping(String::new()),
            Packet::Message(Message::Binary(Bytes::from_static(&[1, 2, 3]))),
        ];
        assert_eq!(packets, expected);
        for bad in ["", "4a\u{1e}", "7", "x", "b!", "\u{e9}"] {
            assert!(Packet::parse_payload(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_body_is_limited_to_what_the_server_takes() {
        let bodies = |max_bytes, max_packets| {
            let mut packets: VecDeque<_> =
                ["4aaaa", "4b", "4c"].iter().map(|text| Packet::parse(text).unwrap()).collect();
            let mut bodies = Vec::new();
            while !packets.is_empty() {
                bodies.push(payload(&mut packets, max_bytes, max_packets));
            }
            bodies
        };
        assert_eq!(bodies(100, 16), ["4aaaa\u{1e}4b\u{1e}4c"]);
        assert_eq!(bodies(100, 2), ["4aaaa\u{1e}4b", "4c"]);
        assert_eq!(bodies(8, 16), ["4aaaa\u{1e}4b", "4c"]);
        assert_eq!(bodies(1, 0), ["4aaaa", "4b", "4c"]);
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn packets_are_read_as_they_are_written(
            texts in prop::collection::vec("[^\u{1e}]*", 1..5), bytes: Vec<u8>,
        ) {
            let mut packets: Vec<Packet> =
                texts.into_iter().map(|text| Packet::Message(Message::Text(text))).collect();
            packets.push(Packet::Message(Message::Binary(bytes.into())));
            packets.push(Packet::Pong("probe".into()));
            let body = payload(&mut packets.clone().into(), usize::MAX, usize::MAX);
            prop_assert_eq!(Packet::parse_payload(&body).unwrap(), packets);
        }

        #[test]
        fn any_text_is_packets_or_an_error(text: String) {
            let _ = Packet::parse_payload(&text);
            let _ = Handshake::parse(&text);
        }
    }
}

//! Packets of Socket.IO 5. No I/O.
//!
//! A packet is `<type>[<attachments>-][<namespace>,][<id>][<json>]`. The bytes that its JSON refers
//! to follow as binary messages.

use bytes::Bytes;

use super::Invalid;
use crate::transport::Frame as Message;

/// The largest number of binary messages that belong to one packet.
const MAX_ATTACHMENTS: usize = 1000;

/// The type of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Connects a namespace, or says that it is connected.
    Connect,
    /// Disconnects a namespace.
    Disconnect,
    /// An event.
    Event,
    /// The answer to an event.
    Ack,
    /// A namespace was not connected.
    ConnectError,
}

/// A packet, with its attachments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// The type.
    pub kind: Kind,
    /// The namespace; `/` is the default.
    pub namespace: String,
    /// The number by which the answer to an event is recognized.
    pub id: Option<u64>,
    /// JSON; may be empty. `{"_placeholder": true, "num": 0}` stands for the first attachment.
    pub data: String,
    /// The attachments.
    pub attachments: Vec<Bytes>,
}

impl Packet {
    /// A packet without attachments.
    #[must_use]
    pub fn new(kind: Kind, namespace: &str, id: Option<u64>, data: String) -> Self {
        Self { kind, namespace: namespace.to_owned(), id, data, attachments: Vec::new() }
    }

    /// The packet of a text message, and how many attachments follow.
    ///
    /// # Errors
    /// If it is not valid. Its JSON is not checked.
    pub fn parse(text: &str) -> Result<(Self, usize), Invalid> {
        let (kind, binary) = match text.as_bytes().first() {
            Some(b'0') => (Kind::Connect, false),
            Some(b'1') => (Kind::Disconnect, false),
            Some(b'2') => (Kind::Event, false),
            Some(b'3') => (Kind::Ack, false),
            Some(b'4') => (Kind::ConnectError, false),
            Some(b'5') => (Kind::Event, true),
            Some(b'6') => (Kind::Ack, true),
            _ => return Err(Invalid("the type of a message is unknown")),
        };
        let mut rest = &text[1..];
        let mut attachments = 0;
        if binary {
            let (count, after) =
                rest.split_once('-').ok_or(Invalid("the number of attachments is missing"))?;
            attachments = number(count).ok_or(Invalid("the number of attachments is not valid"))?;
            if attachments > MAX_ATTACHMENTS {
                return Err(Invalid("there are too many attachments"));
            }
            rest = after;
        }
        let mut namespace = "/";
        if rest.starts_with('/') {
            (namespace, rest) = rest.split_once(',').unwrap_or((rest, ""));
            // A query may be appended to it.
            namespace = namespace.split('?').next().unwrap_or(namespace);
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (id, data) = rest.split_at(digits);
        let id = match id {
            "" => None,
            id => Some(number(id).ok_or(Invalid("the id of a message is not valid"))?),
        };
        Ok((Self::new(kind, namespace, id, data.to_owned()), attachments))
    }

    /// The messages that make up the packet.
    #[must_use]
    pub fn to_messages(self) -> Vec<Message> {
        let Self { kind, namespace, id, data, attachments } = self;
        let digit = match (kind, attachments.is_empty()) {
            (Kind::Connect, _) => '0',
            (Kind::Disconnect, _) => '1',
            (Kind::Event, true) => '2',
            (Kind::Ack, true) => '3',
            (Kind::ConnectError, _) => '4',
            (Kind::Event, false) => '5',
            (Kind::Ack, false) => '6',
        };
        let mut text = String::from(digit);
        if matches!(digit, '5' | '6') {
            text = format!("{digit}{}-", attachments.len());
        }
        // Data that begins with a slash would be read as a namespace.
        if namespace != "/" || (id.is_none() && data.starts_with('/')) {
            text += &namespace;
            if id.is_some() || !data.is_empty() {
                text.push(',');
            }
        }
        if let Some(id) = id {
            text += &id.to_string();
        }
        text += &data;
        let mut messages = vec![Message::Text(text)];
        messages.extend(attachments.into_iter().map(Message::Binary));
        messages
    }

    /// About how many bytes of memory the packet takes.
    #[must_use]
    pub fn size(&self) -> usize {
        let attached: usize = self.attachments.iter().map(Bytes::len).sum();
        size_of::<Self>() + self.namespace.len() + self.data.len() + attached
    }
}

fn number<T: std::str::FromStr>(digits: &str) -> Option<T> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Puts packets together from their messages.
#[derive(Debug, Default)]
pub struct Assembler {
    /// A packet, and how many of its attachments have not arrived.
    incomplete: Option<(Packet, usize)>,
}

impl Assembler {
    /// The packet that a message completes, if it does.
    ///
    /// # Errors
    /// If the message is not valid, or not expected. The next message begins a new packet.
    pub fn push(&mut self, message: Message) -> Result<Option<Packet>, Invalid> {
        let (packet, missing) = match (self.incomplete.take(), message) {
            (None, Message::Text(text)) => Packet::parse(&text)?,
            (Some((mut packet, missing)), Message::Binary(bytes)) => {
                packet.attachments.push(bytes);
                (packet, missing - 1)
            }
            (None, Message::Binary(_)) => return Err(Invalid("a binary message belongs to none")),
            (Some(_), Message::Text(_)) => return Err(Invalid("an attachment is missing")),
        };
        if missing == 0 {
            return Ok(Some(packet));
        }
        self.incomplete = Some((packet, missing));
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parsed(text: &str) -> (Kind, String, Option<u64>, String, usize) {
        let (packet, attachments) = Packet::parse(text).unwrap();
        (packet.kind, packet.namespace, packet.id, packet.data, attachments)
    }

    #[test]
    fn the_parts_of_a_packet_are_read() {
        let expect = |kind, namespace: &str, id, data: &str, attachments| {
            (kind, namespace.to_owned(), id, data.to_owned(), attachments)
        };
        assert_eq!(parsed("0"), expect(Kind::Connect, "/", None, "", 0));
        assert_eq!(
            parsed(r#"0/events,{"sid":"x"}"#),
            expect(Kind::Connect, "/events", None, r#"{"sid":"x"}"#, 0)
        );
        assert_eq!(parsed("1/events"), expect(Kind::Disconnect, "/events", None, "", 0));
        assert_eq!(
            parsed(r#"2/events?a=b,12["x",{}]"#),
            expect(Kind::Event, "/events", Some(12), r#"["x",{}]"#, 0)
        );
        assert_eq!(parsed("3/a,7[]"), expect(Kind::Ack, "/a", Some(7), "[]", 0));
        assert_eq!(parsed(r#"4"no""#), expect(Kind::ConnectError, "/", None, r#""no""#, 0));
        assert_eq!(parsed(r#"52-["x"]"#), expect(Kind::Event, "/", None, r#"["x"]"#, 2));
        let slash = Packet::parse("2/,/x").unwrap().0;
        assert_eq!(slash.clone().to_messages(), [Message::Text("2/,/x".into())]);
        assert_eq!(slash.data, "/x");
        for bad in ["", "7", "x", "5[]", "5-[]", "5+1-[]", "51001-[]", "2123456789012345678901[]"] {
            assert!(Packet::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn attachments_belong_to_the_packet_before_them() {
        let text = |text: &str| Message::Text(text.into());
        let mut assembler = Assembler::default();
        assert_eq!(assembler.push(text(r#"52-["x"]"#)), Ok(None));
        assert_eq!(assembler.push(Message::Binary(Bytes::from_static(b"1"))), Ok(None));
        let packet = assembler.push(Message::Binary(Bytes::from_static(b"2"))).unwrap().unwrap();
        assert_eq!(packet.attachments, ["1", "2"]);
        assert!(assembler.push(Message::Binary(Bytes::new())).is_err());
        assert_eq!(assembler.push(text(r#"51-["x"]"#)), Ok(None));
        assert!(assembler.push(text(r#"2["y"]"#)).is_err());
        assert!(assembler.push(text(r#"2["y"]"#)).unwrap().is_some());
    }

    fn packets() -> impl Strategy<Value = Packet> {
        let kinds = prop::sample::select(vec![Kind::Event, Kind::Ack]);
        let attachments = prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..4);
        (kinds, "/[a-z]{0,5}", any::<Option<u64>>(), r"\[.*\]", attachments).prop_map(
            |(kind, namespace, id, data, attachments)| Packet {
                attachments: attachments.into_iter().map(Bytes::from).collect(),
                ..Packet::new(kind, &namespace, id, data)
            },
        )
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn packets_are_read_as_they_are_written(packets in prop::collection::vec(packets(), 1..4)) {
            let mut assembler = Assembler::default();
            let messages = packets.iter().cloned().flat_map(Packet::to_messages);
            let read: Vec<Packet> =
                messages.filter_map(|message| assembler.push(message).unwrap()).collect();
            prop_assert_eq!(read, packets);
        }

        #[test]
        fn any_messages_are_packets_or_errors(texts in prop::collection::vec("[0-9/,?-]{0,6}.*", 0..6)) {
            let mut assembler = Assembler::default();
            for text in texts {
                if let Ok(Some(packet)) = assembler.push(Message::Text(text)) {
                    let mut again = packet.clone().to_messages();
                    prop_assert_eq!(again.len(), 1);
                    let read = Assembler::default().push(again.remove(0)).unwrap();
                    prop_assert_eq!(read, Some(packet));
                }
                let _ = assembler.push(Message::Binary(Bytes::new()));
            }
        }
    }
}

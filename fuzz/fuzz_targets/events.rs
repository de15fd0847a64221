//! Fuzzes the packets of the event stream, which a hostile server controls.
#![no_main]

use std::collections::VecDeque;

use gazu::{
    events::{
        engine::{payload, Handshake, Packet},
        packet::Assembler,
    },
    transport::Frame,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = Handshake::parse(text);
    let Ok(packets) = Packet::parse_payload(text) else { return };
    let mut queue: VecDeque<Packet> = packets.clone().into();
    let mut again = Vec::new();
    while !queue.is_empty() {
        let body = payload(&mut queue, 1000, 16);
        again.extend(Packet::parse_payload(&body).expect("what was read can be written"));
    }
    assert_eq!(again.len(), packets.len());
    let mut assembler = Assembler::default();
    for packet in packets {
        let Packet::Message(message) = packet else { continue };
        let Ok(Some(packet)) = assembler.push(message) else { continue };
        let mut second = Assembler::default();
        let mut read = None;
        for message in packet.clone().to_messages() {
            assert!(!matches!(&message, Frame::Text(text) if text.is_empty()));
            read = second.push(message).expect("what was read can be written");
        }
        assert_eq!(read, Some(packet));
    }
});

//! Fuzzes the parts of an answer that a hostile server controls: headers, cookies, redirects and
//! the body.
#![no_main]

use ::url::Url;
use gazu::{
    call::{get, upload, ReadAs},
    execution::{Execution, Policy},
    reply::{says_expired, Charset, Reply},
    transport::{
        redirect, url, Cookies, Decoder, Head, HeaderMap, MemoryBody, Method, Payload, Request,
    },
};
use libfuzzer_sys::fuzz_target;

const HERE: &str = "https://kitsu.test/api/data/x";

/// Splits the input into headers, one per line, and the body after an empty line.
fn split_message(data: &[u8]) -> (HeaderMap, &[u8]) {
    let end = data.windows(2).position(|two| two == b"\n\n").unwrap_or(data.len());
    let header = |line: &[u8]| {
        let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
        let value = line.get(colon + 1..).unwrap_or_default().trim_ascii();
        Some((line[..colon].try_into().ok()?, value.try_into().ok()?))
    };
    let headers = data[..end].split(|byte| *byte == b'\n').filter_map(header).collect();
    (headers, data.get(end + 2..).unwrap_or_default())
}

fuzz_target!(|data: &[u8]| {
    let Some((status, data)) = data.split_first() else { return };
    let status = 200 + u16::from(*status) * 2;
    let (headers, body) = split_message(data);
    let head = Head {
        status,
        reason: "".into(),
        url: HERE.into(),
        method: Method::GET,
        headers,
        sent: HeaderMap::new(),
    };
    let here = Url::parse(HERE).expect("a URL");

    let cookies = Cookies::default();
    let all = head.headers.get_all("set-cookie").into_iter();
    cookies.store(&here, all.filter_map(|value| std::str::from_utf8(value.as_bytes()).ok()));
    let _ = cookies.header(&here);
    let elsewhere = Url::parse("https://elsewhere.test/").expect("a URL");
    assert_eq!(cookies.header(&elsewhere), None, "a cookie is sent to another host");
    for cookie in cookies.all() {
        cookies.set(cookie);
    }

    if let Some(to) = head.header("location").and_then(|text| here.join(text).ok()) {
        if let Ok(to) = url::parse(to.as_str()) {
            let own = [("Authorization", &b"Bearer s3cret"[..])];
            let mut request = Request::new("GET", HERE, own, Payload::Empty).expect("a request");
            redirect::strip(&mut request, &to, true);
            let stays = to.origin() == here.origin();
            assert_eq!(request.headers.contains_key("authorization"), stays, "{to}");
        }
    }

    let mut decoder = head.decoder();
    let mut memory = MemoryBody::default();
    let received = body.chunks(1000).try_for_each(|chunk| memory.receive(chunk, &mut decoder));
    let Ok(body) = received.and_then(|()| memory.finish(&mut decoder)) else { return };

    let _ = Charset::of(head.header("content-type")).as_utf8(&body);
    let _ = says_expired(&body);
    for call in [get("data/x"), upload("data/x")] {
        let _ = Execution::new(&call, Policy::default()).answered_by(&head, &body);
    }
    for reading in [ReadAs::Json, ReadAs::First, ReadAs::Uploaded, ReadAs::Text] {
        let _ = Reply::read(reading, true, head.clone(), body.clone());
    }
});

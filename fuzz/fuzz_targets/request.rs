//! Fuzzes the parts of a request that a script controls: URL, method, headers, proxies and
//! `no_proxy`.
#![no_main]

use gazu::{
    args::Query,
    call::with_query,
    transport::{proxy, url, Payload, Request},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str, Vec<(&str, &[u8])>)| {
    let (method, text, headers) = input;
    if let Ok(url) = url::parse(text) {
        assert!(url.as_str().bytes().all(|byte| matches!(byte, b'!'..=b'~')), "{url}");
        assert_eq!(url::parse(url.as_str()).expect("a parsed URL is valid"), url);
        let proxies = proxy::Proxies {
            session: vec![("all".into(), text.into())],
            request: vec![("no_proxy".into(), Some(method.into()))],
        };
        if let Some(found) = proxy::select(&url, &proxies, true) {
            let _ = proxy::through(&found);
        }
    }
    let _ = proxy::through(text);
    let _ = url::credentials_of(text);
    let _ = url::without_userinfo(text);

    let query: Vec<_> =
        headers.iter().map(|(name, value)| (*name, Query::One(value.to_vec()))).collect();
    let path = with_query("data/x".into(), &query);
    assert!(url::parse(&format!("http://h/{path}")).is_ok(), "{path}");

    let Ok(request) = Request::new(method, text, headers.iter().copied(), Payload::Empty) else {
        return;
    };
    for value in request.headers.values() {
        assert!(!value.as_bytes().iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)));
    }
});

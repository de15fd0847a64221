//! Redirects, by the same rules as in `requests`.

use percent_encoding::{percent_encode, AsciiSet};
use reqwest::{
    header::{
        HeaderMap, HeaderName, HeaderValue, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE,
        HOST, TRANSFER_ENCODING,
    },
    Method,
};
use url::Url;

use super::{url as urls, Request};
use crate::error::{Error, Result, Transport as Kind};

/// The text of a `Location` header. Bytes that are not UTF-8 are percent-encoded, as in browsers.
#[must_use]
pub fn location(header: &HeaderValue) -> String {
    match std::str::from_utf8(header.as_bytes()) {
        Ok(text) => text.to_owned(),
        Err(_) => percent_encode(header.as_bytes(), ENCODE_NON_ASCII).to_string(),
    }
}

/// Encode no ASCII character. Bytes above ASCII are always encoded.
const ENCODE_NON_ASCII: &AsciiSet = &AsciiSet::EMPTY;

/// The target of a redirect. Credentials in it are removed: a server must not choose the user for
/// another server.
///
/// # Errors
/// If it is not a valid http or https URL.
pub fn target(from: &Url, location: &str) -> Result<Url> {
    let to = from.join(location).map_err(|error| {
        Error::transport(Kind::InvalidUrl, format!("Failed to parse: redirect: {error}"))
    })?;
    let mut to = urls::parse(to.as_str())?;
    // These fail only for URLs without a host, and this URL has one.
    let _ = to.set_username("").and_then(|()| to.set_password(None));
    Ok(to)
}

/// The request that follows a redirect.
pub struct Next {
    /// The method.
    pub method: Method,
    /// Whether the body is sent again.
    pub keeps_body: bool,
}

/// The method and body of the request that follows a redirect with this status.
#[must_use]
pub fn after(status: u16, method: &Method) -> Next {
    let becomes_get = match status {
        302 | 303 => *method != Method::HEAD,
        301 => *method == Method::POST,
        _ => false,
    };
    Next {
        method: if becomes_get { Method::GET } else { method.clone() },
        keeps_body: matches!(status, 307 | 308),
    }
}

/// Removes the headers that must not be sent to the next URL. Its cookies are selected again.
pub fn strip(request: &mut Request, to: &Url, keeps_body: bool) {
    let leaves = leaves_the_host(&request.url, to);
    let stays = |name: &HeaderName| {
        let of_body = [CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING].contains(name);
        *name != HOST
            && *name != COOKIE
            && (keeps_body || !of_body)
            && !(leaves && *name == AUTHORIZATION)
    };
    let mut headers = HeaderMap::with_capacity(request.headers.len());
    for (name, value) in request.headers.iter().filter(|(name, _)| stays(name)) {
        headers.append(name, value.clone());
    }
    request.headers = headers;
    request.last_headers.retain(|(name, _)| stays(name));
    request.redirected = true;
}

/// Whether a redirect leads to another host, port or scheme, which must not receive the token.
#[must_use]
pub fn leaves_the_host(from: &Url, to: &Url) -> bool {
    if from.host_str() != to.host_str() {
        return true;
    }
    let upgraded = from.scheme() == "http"
        && to.scheme() == "https"
        && from.port().is_none()
        && to.port().is_none();
    !upgraded
        && (from.scheme() != to.scheme()
            || from.port_or_known_default() != to.port_or_known_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::Payload;
    use proptest::prelude::*;

    #[test]
    fn methods_change_as_in_requests() {
        let next = |status, method: Method| after(status, &method).method;
        assert_eq!(next(302, Method::PUT), Method::GET);
        assert_eq!(next(301, Method::PUT), Method::PUT);
        assert_eq!(next(301, Method::POST), Method::GET);
        assert_eq!(next(303, Method::DELETE), Method::GET);
        assert_eq!(next(308, Method::POST), Method::POST);
    }

    #[test]
    fn a_location_that_is_not_utf8_is_percent_encoded() {
        let read = |bytes: &[u8]| location(&HeaderValue::from_bytes(bytes).unwrap());
        assert_eq!(read("/caf\u{e9}%20".as_bytes()), "/caf\u{e9}%20");
        assert_eq!(read(b"/caf\xe9?a=%20b"), "/caf%E9?a=%20b");
    }

    #[test]
    fn credentials_in_a_location_are_removed() {
        let from = Url::parse("http://h/a").unwrap();
        for to in ["http://bob:pw@i/b", "//bob:pw@i/b", "http://bob@i/b", "http://:pw@i/b"] {
            assert_eq!(target(&from, to).unwrap().as_str(), "http://i/b");
        }
        assert!(target(&from, "ftp://bob:pw@i/b").is_err());
    }

    #[test]
    fn remaining_headers_keep_their_order() {
        let own = [("B", &b"1"[..]), ("Cookie", b"c=1"), ("Authorization", b"t"), ("A", b"2")];
        let mut request = Request::new("POST", "http://h/", own, Payload::Empty).unwrap();
        request.set_content_type("text/plain").unwrap();
        let names = |request: &Request| {
            let last = request.last_headers.iter().map(|(name, _)| name);
            request.headers.keys().chain(last).map(HeaderName::to_string).collect::<Vec<_>>()
        };
        let mut other = request.clone();
        strip(&mut request, &Url::parse("http://h/b").unwrap(), true);
        assert_eq!(names(&request), ["b", "authorization", "a", "content-type"]);
        strip(&mut other, &Url::parse("http://i/b").unwrap(), false);
        assert_eq!(names(&other), ["b", "a"]);
    }

    #[test]
    fn a_token_is_not_sent_to_another_host() {
        let leaves =
            |from, to| leaves_the_host(&Url::parse(from).unwrap(), &Url::parse(to).unwrap());
        assert!(!leaves("http://h/a", "https://h/b"));
        assert!(leaves("https://h/a", "http://h/b"));
        assert!(leaves("http://h/a", "http://h:81/b"));
        assert!(leaves("http://h/a", "http://i/a"));
        assert!(!leaves("http://h/a", "http://h:80/a"));
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn a_redirect_never_sends_cookies_or_tokens_elsewhere(
            location: String, host in "(http://|https://|//)?[a-z]{1,3}(:[0-9]{1,5})?(/[a-z]?)?",
            status in 300..310_u16, keeps_body: bool,
        ) {
            let from = Url::parse("https://h/api/x").unwrap();
            let own = [("Authorization", &b"t"[..]), ("Cookie", b"c"), ("X", b"1")];
            for location in [location, host] {
                let Ok(to) = from.join(&location) else { continue };
                let mut request = Request::new("POST", from.as_str(), own, Payload::Empty).unwrap();
                strip(&mut request, &to, keeps_body);
                prop_assert!(!request.headers.contains_key(COOKIE));
                prop_assert!(request.headers.contains_key("x"));
                let stays = (to.scheme(), to.host_str(), to.port_or_known_default())
                    == ("https", Some("h"), Some(443));
                prop_assert_eq!(request.headers.contains_key(AUTHORIZATION), stays, "{}", to);
                let next = after(status, &Method::POST);
                prop_assert!(!next.keeps_body || next.method == Method::POST);
            }
        }
    }
}

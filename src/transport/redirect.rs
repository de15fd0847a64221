//! Where a redirect leads and what it keeps, by the rules scripts know from `requests`.

use reqwest::{
    header::{HeaderMap, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING},
    Method,
};
use url::Url;

/// How the request goes on after a redirect.
pub struct Next {
    /// The method.
    pub method: Method,
    /// Whether the body goes along.
    pub keeps_body: bool,
}

/// The method and body after a redirect with this status.
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

/// Drops the headers that do not go along to the next URL.
pub fn strip(headers: &mut HeaderMap, from: &Url, to: &Url, keeps_body: bool) {
    headers.remove(HOST);
    if !keeps_body {
        for name in [CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING] {
            headers.remove(name);
        }
    }
    if leaves_the_host(from, to) {
        headers.remove(AUTHORIZATION);
    }
}

fn leaves_the_host(from: &Url, to: &Url) -> bool {
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

    #[test]
    fn methods_follow_requests() {
        let next = |status, method: Method| after(status, &method).method;
        assert_eq!(next(302, Method::PUT), Method::GET);
        assert_eq!(next(301, Method::PUT), Method::PUT);
        assert_eq!(next(301, Method::POST), Method::GET);
        assert_eq!(next(303, Method::DELETE), Method::GET);
        assert_eq!(next(308, Method::POST), Method::POST);
    }

    #[test]
    fn a_token_never_leaves_its_host() {
        let leaves =
            |from, to| leaves_the_host(&Url::parse(from).unwrap(), &Url::parse(to).unwrap());
        assert!(!leaves("http://h/a", "https://h/b"));
        assert!(leaves("https://h/a", "http://h/b"));
        assert!(leaves("http://h/a", "http://h:81/b"));
        assert!(leaves("http://h/a", "http://i/a"));
        assert!(!leaves("http://h/a", "http://h:80/a"));
    }
}

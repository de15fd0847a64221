//! A request, and the headers that are sent with it.

use ::url::Url;
use bytes::Bytes;
use reqwest::{
    header::{
        HeaderMap, HeaderName, HeaderValue, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE,
        HOST,
    },
    Method,
};

use super::{body::StreamedBody, url};
use crate::error::{Error, InvalidArgument, Result, Transport as Kind};

/// The default limit of redirects.
pub const MAX_REDIRECTS: usize = 30;

/// The body of a request.
#[derive(Clone)]
pub enum Payload {
    /// No body.
    Empty,
    /// No body, because a redirect removed it. No `Content-Length` is sent, or it comes first.
    Dropped,
    /// Bytes in memory.
    Bytes(Bytes),
    /// A body that is read while it is sent.
    Streamed(StreamedBody),
}

/// A request that can be sent.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The URL, without credentials.
    pub url: Url,
    /// The headers, in order. `Host`, `Cookie` and `Content-Length` are added.
    pub headers: HeaderMap,
    /// The headers that come after the added ones.
    pub last_headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub payload: Payload,
    /// How many redirects are followed. `None` returns redirects to the caller.
    pub max_redirects: Option<usize>,
    /// Whether a redirect led to this request. Then the `Cookie` header comes last.
    pub redirected: bool,
}

/// The method, URL and headers of a request, for the error if there is no response.
pub struct RequestSummary {
    /// The method.
    pub method: Method,
    /// The URL.
    pub url: Url,
    /// The headers of the call and its session.
    pub headers: HeaderMap,
}

impl Request {
    /// The method, URL and headers.
    #[must_use]
    pub fn summary(&self) -> RequestSummary {
        RequestSummary {
            method: self.method.clone(),
            url: self.url.clone(),
            headers: self.headers.clone(),
        }
    }

    /// A request from text. Credentials in the URL become an `Authorization` header.
    ///
    /// # Errors
    /// If the URL, the method or a header is invalid.
    pub fn new<'h>(
        method: &str,
        url: &str,
        headers: impl IntoIterator<Item = (&'h str, &'h [u8])>,
        payload: Payload,
    ) -> Result<Self> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let (name, value) = header(name, value)?;
            map.append(name, value);
        }
        let login = url::credentials_of(url)
            .filter(|(user, password)| !(user.is_empty() && password.is_empty()));
        let login = login.and_then(|(user, password)| url::basic_auth_header(&user, &password));
        let mut url = url::parse(url)?;
        // These fail only for URLs without a host, and this URL has one.
        let _ = url.set_username("").and_then(|()| url.set_password(None));
        let mut last_headers = Vec::new();
        match login {
            Some(login) if map.contains_key(AUTHORIZATION) => {
                map.insert(AUTHORIZATION, login);
            }
            Some(login) => last_headers.push((AUTHORIZATION, login)),
            None => {}
        }
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| InvalidArgument::WrongValue("not an HTTP method".into()))?;
        Ok(Self {
            method,
            url,
            headers: map,
            last_headers,
            payload,
            max_redirects: Some(MAX_REDIRECTS),
            redirected: false,
        })
    }

    /// Sets the `Content-Type`, unless the caller has set it.
    ///
    /// # Errors
    /// If the value is invalid.
    pub fn set_content_type(&mut self, content_type: &str) -> Result<()> {
        if self.headers.contains_key(CONTENT_TYPE) {
            return Ok(());
        }
        self.add_last_header(CONTENT_TYPE.as_str(), content_type.as_bytes())
    }

    /// Adds a header that comes after `Cookie` and `Content-Length`.
    ///
    /// # Errors
    /// If the name or value is invalid.
    pub fn add_last_header(&mut self, name: &str, value: &[u8]) -> Result<()> {
        self.last_headers.push(header(name, value)?);
        Ok(())
    }
}

fn header(name: &str, value: &[u8]) -> Result<(HeaderName, HeaderValue)> {
    // `requests` rejects leading whitespace, including the characters that Python counts as
    // whitespace in ISO-8859-1. The HTTP library would strip it.
    let blank = matches!(value.first(), Some(b' ' | b'\t' | 0x85 | 0xa0));
    match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value)) {
        (Ok(name), Ok(value)) if !blank => Ok((name, value)),
        _ => Err(invalid_header(name)),
    }
}

fn invalid_header(name: &str) -> Error {
    Error::transport(
        Kind::InvalidHeader,
        format!("Invalid leading whitespace, reserved character(s), or return character(s) in header: '{name}'"),
    )
}

/// All headers, in the order in which `requests` sends them: `Host`, the caller's headers, cookies
/// and length.
pub(super) fn wire_headers(request: &Request, cookies: Option<String>) -> Result<HeaderMap> {
    let mut headers = HeaderMap::with_capacity(request.headers.len() + 4);
    if !request.headers.contains_key(HOST) {
        let host = request.url.host_str().unwrap_or_default();
        let host = match request.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let host = HeaderValue::from_str(&host).map_err(|_| {
            Error::transport(Kind::InvalidUrl, "the host is not a valid header value")
        })?;
        headers.insert(HOST, host);
    }
    // After a redirect removed the body, the `Content-Length` comes first.
    let is_write = matches!(request.method, Method::PUT | Method::POST | Method::PATCH);
    if is_write && matches!(request.payload, Payload::Dropped) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(0));
    }
    for (name, value) in &request.headers {
        headers.append(name, value.clone());
    }
    let cookies = cookies
        .filter(|_| !headers.contains_key(COOKIE))
        .map(|cookies| HeaderValue::try_from(cookies).map_err(|_| invalid_header(COOKIE.as_str())))
        .transpose()?;
    if let Some(cookies) = cookies.as_ref().filter(|_| !request.redirected) {
        headers.insert(COOKIE, cookies.clone());
    }
    let length = match &request.payload {
        Payload::Dropped => None,
        Payload::Empty if matches!(request.method, Method::GET | Method::HEAD) => None,
        Payload::Empty => Some(0),
        Payload::Bytes(bytes) => Some(bytes.len() as u64),
        Payload::Streamed(body) => Some(body.length),
    };
    if let Some(length) = length {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    for (name, value) in &request.last_headers {
        headers.append(name, value.clone());
    }
    if let Some(cookies) = cookies.filter(|_| request.redirected) {
        headers.insert(COOKIE, cookies);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn any_request_is_valid_or_an_error_without_secrets(
            method: String, path: String, user in "[a-z]{0,3}", password in "[A-Z]{8}",
            headers in prop::collection::vec(("[a-zA-Z-]{1,8}|[ -~]{0,4}", any::<Vec<u8>>()), 0..4),
        ) {
            let url = format!("http://{user}:{password}@h/{path}");
            let pairs = || headers.iter().map(|(name, value)| (name.as_str(), value.as_slice()));
            for method in ["GET", &method] {
                let made = Request::new(method, &url, pairs(), Payload::Empty);
                let made = made.and_then(|request| wire_headers(&request, None));
                match made {
                    Ok(sent) => {
                        prop_assert_eq!(sent.get(HOST).is_some(), true);
                        for (name, value) in &sent {
                            let safe = |byte: &u8| !matches!(byte, b'\r' | b'\n' | 0);
                            prop_assert!(name.as_str().bytes().all(|byte| safe(&byte)));
                            prop_assert!(value.as_bytes().iter().all(safe));
                        }
                        for (name, value) in pairs() {
                            if !name.eq_ignore_ascii_case("authorization") {
                                let mut all = sent.get_all(name).into_iter();
                                prop_assert!(all.any(|sent| sent.as_bytes() == value.trim_ascii_end()), "{}", name);
                            }
                        }
                        prop_assert!(sent.get(AUTHORIZATION).is_some_and(HeaderValue::is_sensitive));
                    }
                    Err(error) => prop_assert!(!error.to_string().contains(&password), "{}", error),
                }
            }
        }

        #[test]
        fn a_cookie_header_is_sent_unchanged_or_an_error(cookies: String) {
            let request =
                Request::new("GET", "http://h/", std::iter::empty(), Payload::Empty).unwrap();
            let sent = wire_headers(&request, Some(cookies.clone()));
            let controls = cookies.bytes().any(|b| (b < b' ' && b != b'\t') || b == 0x7f);
            prop_assert_eq!(sent.is_err(), controls);
        }
    }
}

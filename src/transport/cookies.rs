//! The cookies that servers set, sent back as they wish.

use std::sync::{Mutex, MutexGuard, PoisonError};

use cookie_store::{CookieStore, RawCookie};
use reqwest::header::HeaderValue;
use url::Url;

/// A session's cookies.
#[derive(Default)]
pub struct Cookies(Mutex<CookieStore>);

impl Cookies {
    fn lock(&self) -> MutexGuard<'_, CookieStore> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The cookies that go to a URL: names and values.
    #[must_use]
    pub fn to(&self, url: &Url) -> Vec<(String, String)> {
        self.lock()
            .matches(url)
            .into_iter()
            // The store takes loopback addresses for safe without TLS; scripts do not.
            .filter(|cookie| url.scheme() == "https" || !cookie.secure().unwrap_or(false))
            .map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned()))
            .collect()
    }

    /// All cookies: names and values.
    #[must_use]
    pub fn all(&self) -> Vec<(String, String)> {
        self.lock()
            .iter_unexpired()
            .map(|cookie| (cookie.name().to_owned(), cookie.value().to_owned()))
            .collect()
    }

    /// Forgets them.
    pub fn clear(&self) {
        self.lock().clear();
    }
}

impl reqwest::cookie::CookieStore for Cookies {
    fn set_cookies(&self, headers: &mut dyn Iterator<Item = &HeaderValue>, url: &Url) {
        let cookies = headers
            .filter_map(|header| std::str::from_utf8(header.as_bytes()).ok())
            .filter_map(|text| RawCookie::parse(text.to_owned()).ok());
        self.lock().store_response_cookies(cookies, url);
    }

    fn cookies(&self, url: &Url) -> Option<HeaderValue> {
        let pairs = self.to(url);
        let text: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        HeaderValue::from_str(&text.join("; ")).ok().filter(|_| !pairs.is_empty())
    }
}

//! The cookie jar of a session.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use cookie_store::{
    Cookie as StoredCookie, CookieDomain, CookieExpiration, CookieStore, RawCookie,
};
use url::Url;

/// A cookie, as scripts see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The host that set the cookie, or its domain. Empty for a cookie that is sent to every host.
    pub domain: String,
    /// Whether the cookie is sent to all hosts of the domain, and not only to the host that set it.
    pub for_domain: bool,
    /// The path to which the cookie is limited.
    pub path: String,
    /// Whether the cookie is sent over TLS only.
    pub secure: bool,
    /// When the cookie expires, in seconds since 1970. `None` for a session cookie.
    pub expires: Option<i64>,
}

impl Cookie {
    fn of(stored: &StoredCookie<'_>) -> Self {
        let (domain, for_domain) = match &stored.domain {
            CookieDomain::Suffix(domain) => (domain.clone(), true),
            CookieDomain::HostOnly(host) => (host.clone(), false),
            CookieDomain::NotPresent | CookieDomain::Empty => (String::new(), false),
        };
        Self {
            name: stored.name().to_owned(),
            value: stored.value().to_owned(),
            domain,
            for_domain,
            path: String::from(&stored.path),
            secure: stored.secure().unwrap_or(false),
            expires: match &stored.expires {
                CookieExpiration::AtUtc(at) => Some(at.unix_timestamp()),
                CookieExpiration::SessionEnd => None,
            },
        }
    }

    fn is_expired(&self) -> bool {
        self.expires.is_some_and(|at| at <= now())
    }

    /// The cookie for the store, and a URL from which it could have been set.
    fn raw(&self) -> Option<(RawCookie<'static>, Url)> {
        // The expiry is passed as `Max-Age` text, so that the store's own clock is used.
        let text = match self.expires {
            Some(at) => format!("n=v; Max-Age={}", at.saturating_sub(now())),
            None => "n=v".to_owned(),
        };
        let mut raw = RawCookie::parse(text).ok()?;
        raw.set_name(self.name.clone());
        raw.set_value(self.value.clone());
        raw.set_path(self.path.clone());
        raw.set_secure(self.secure);
        if self.for_domain {
            raw.set_domain(self.domain.clone());
        }
        let url = Url::parse(&format!("https://{}/", self.domain.trim_start_matches('.'))).ok()?;
        Some((raw, url))
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// Second-level names below which domains are registered, as `co` in `co.uk`. `http.cookiejar` has
/// the same list.
const SECOND_LEVEL: [&str; 8] = ["ac", "co", "com", "edu", "gov", "mil", "net", "org"];

/// Whether a cookie may be set for a domain: not for a public suffix such as `com` or `co.uk`. The
/// store itself checks that the host belongs to the domain.
fn is_allowed_domain(domain: &str, host: &str) -> bool {
    let domain = domain.trim_matches('.').to_ascii_lowercase();
    if domain.is_empty() {
        return true;
    }
    match domain.rsplit_once('.') {
        None => false,
        Some((second, top)) => {
            let shared = top.len() == 2 && SECOND_LEVEL.contains(&second);
            !shared || domain.eq_ignore_ascii_case(host)
        }
    }
}

#[derive(Clone, Default)]
struct Jar {
    store: CookieStore,
    /// The cookies for every host. Only scripts can set them.
    for_all_hosts: Vec<Cookie>,
    /// How often the jar has been changed.
    changes: u64,
}

/// The cookie jar of a session.
#[derive(Default)]
pub struct Cookies(Mutex<Jar>);

impl Cookies {
    fn lock(&self) -> MutexGuard<'_, Jar> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A copy for a forked process. It is empty if another thread holds the lock.
    #[must_use]
    pub fn copy(&self) -> Self {
        Self(self.0.try_lock().map(|jar| Mutex::new(jar.clone())).unwrap_or_default())
    }

    /// The `Cookie` header for a URL. Cookies with longer paths come first.
    #[must_use]
    pub fn header(&self, url: &Url) -> Option<String> {
        let jar = self.lock();
        let mut found: Vec<(usize, String)> = jar
            .for_all_hosts
            .iter()
            .filter(|cookie| !cookie.is_expired() && url.path().starts_with(&cookie.path))
            .filter(|cookie| url.scheme() == "https" || !cookie.secure)
            .map(|cookie| (cookie.path.len(), format!("{}={}", cookie.name, cookie.value)))
            .collect();
        let stored = jar.store.matches(url).into_iter();
        // The store sends `Secure` cookies to loopback addresses without TLS; `requests` does not.
        let stored =
            stored.filter(|cookie| url.scheme() == "https" || !cookie.secure().unwrap_or(false));
        found.extend(stored.map(|cookie| {
            (String::from(&cookie.path).len(), format!("{}={}", cookie.name(), cookie.value()))
        }));
        drop(jar);
        if found.is_empty() {
            return None;
        }
        found.sort_by_key(|(length, _)| std::cmp::Reverse(*length));
        let texts: Vec<_> = found.into_iter().map(|(_, text)| text).collect();
        Some(texts.join("; "))
    }

    /// Stores the cookies of `Set-Cookie` headers.
    pub fn store<'h>(&self, url: &Url, headers: impl IntoIterator<Item = &'h str>) {
        let mut headers = headers.into_iter().peekable();
        if headers.peek().is_none() {
            return;
        }
        // Expired cookies are stored first, as Python's cookie jars do: if one response deletes a
        // cookie and sets it, the cookie is set.
        let set = headers.filter_map(|text| RawCookie::parse(text.to_owned()).ok());
        let host = url.host_str().unwrap_or_default();
        let set =
            set.filter(|raw| raw.domain().is_none_or(|domain| is_allowed_domain(domain, host)));
        let set = set.filter_map(|raw| StoredCookie::try_from_raw_cookie(&raw, url).ok());
        let (expired, set): (Vec<_>, Vec<_>) = set.partition(cookie_store::Cookie::is_expired);
        let mut jar = self.lock();
        jar.changes += 1;
        for cookie in expired.into_iter().chain(set) {
            // The store rejects a cookie that the host may not set. It is ignored.
            drop(jar.store.insert(cookie.into_owned(), url));
        }
    }

    /// How often the jar has been changed.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.lock().changes
    }

    /// All cookies, in the order in which they were set.
    #[must_use]
    pub fn all(&self) -> Vec<Cookie> {
        let jar = self.lock();
        let for_all_hosts = jar.for_all_hosts.iter().filter(|cookie| !cookie.is_expired()).cloned();
        for_all_hosts.chain(jar.store.iter_unexpired().map(|stored| Cookie::of(stored))).collect()
    }

    /// Replaces all cookies. Returns how often the jar has been changed, including this time.
    pub fn replace(&self, cookies: Vec<Cookie>) -> u64 {
        let mut jar = self.lock();
        jar.store.clear();
        jar.for_all_hosts.clear();
        for cookie in cookies {
            if cookie.domain.is_empty() {
                jar.for_all_hosts.push(cookie);
            } else if let Some((raw, url)) = cookie.raw() {
                // A cookie that no host could set is ignored.
                drop(jar.store.insert_raw(&raw, &url));
            }
        }
        jar.changes += 1;
        jar.changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn cookie(name: &str, domain: &str) -> Cookie {
        Cookie {
            name: name.into(),
            value: "v".into(),
            domain: domain.into(),
            for_domain: domain.starts_with('.'),
            path: "/".into(),
            secure: false,
            expires: None,
        }
    }

    #[test]
    fn a_cookie_is_sent_to_the_host_and_path_that_set_it() {
        let cookies = Cookies::default();
        cookies.store(&url("http://a.test/api/x"), ["a=1", "b=2; Path=/", "c=3; Secure"]);
        assert_eq!(cookies.header(&url("http://a.test/api/y")).unwrap(), "a=1; b=2");
        assert_eq!(cookies.header(&url("http://a.test/")).unwrap(), "b=2");
        assert_eq!(cookies.header(&url("http://b.test/api/x")), None);
        assert_eq!(cookies.changes(), 1);
        cookies.store(&url("http://a.test/api/x"), []);
        assert_eq!(cookies.changes(), 1);
    }

    #[test]
    fn a_host_cannot_set_cookies_for_other_hosts() {
        let is_stored = |host: &str, domain: &str| {
            let cookies = Cookies::default();
            let here = url(&format!("http://{host}/"));
            cookies.store(&here, [&*format!("a=1; Domain={domain}")]);
            cookies.header(&here).is_some()
        };
        for (host, domain) in [
            ("evil.com", "com"),
            ("evil.com", ".com"),
            ("evil.com", "COM."),
            ("evil.studio.co.uk", "co.uk"),
            ("evil.com.au", ".Com.Au"),
            ("kitsu", "kitsu"),
            ("localhost", "localhost"),
            ("127.0.0.1", "0.0.1"),
            ("127.0.0.1", "1"),
            ("kitsu.local", "local"),
            ("a.test", "b.test"),
        ] {
            assert!(!is_stored(host, domain), "{host} {domain}");
        }
        for (host, domain) in [
            ("kitsu.studio.com", "studio.com"),
            ("studio.com", ".studio.com"),
            ("kitsu.studio.co.uk", "studio.co.uk"),
            ("a.pro.tv", "pro.tv"),
            ("co.uk", "co.uk"),
            ("127.0.0.1", "127.0.0.1"),
            ("evil.com", ""),
        ] {
            assert!(is_stored(host, domain), "{host} {domain}");
        }
    }

    #[test]
    fn a_cookie_that_is_deleted_and_set_at_once_is_set() {
        let cookies = Cookies::default();
        let here = url("http://a.test/api/x");
        cookies.store(&here, ["a=1", "b=2"]);
        cookies.store(&here, ["a=3", "a=; Max-Age=0", "b=; Max-Age=0"]);
        assert_eq!(cookies.header(&here).unwrap(), "a=3");
    }

    #[test]
    fn scripts_can_replace_all_cookies() {
        let cookies = Cookies::default();
        let expired = Cookie { expires: Some(1), ..cookie("o", "") };
        let later = Cookie { expires: Some(now() + 90), ..cookie("l", "a.test") };
        let all =
            vec![cookie("e", ""), expired, cookie("h", "a.test"), cookie("d", ".a.test"), later];
        assert_eq!(cookies.replace(all), 1);
        assert_eq!(cookies.header(&url("http://b.test/")).unwrap(), "e=v");
        assert_eq!(cookies.header(&url("http://x.a.test/")).unwrap(), "e=v; d=v");
        assert_eq!(cookies.header(&url("http://a.test/")).unwrap(), "e=v; h=v; d=v; l=v");
        let remaining: Vec<_> =
            cookies.all().into_iter().map(|c| (c.name, c.expires.is_some())).collect();
        let expected = [("e", false), ("h", false), ("d", false), ("l", true)];
        assert_eq!(remaining, expected.map(|(name, ends)| (name.to_owned(), ends)));
        let copy = cookies.copy();
        cookies.replace(Vec::new());
        assert_eq!((cookies.all().len(), copy.all().len()), (0, 4));
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn a_cookie_is_sent_back_unchanged(
            name in "[a-zA-Z0-9_-]{1,8}", value in "[a-zA-Z0-9_=+/.-]{0,12}", path in "(/[a-z]{0,4}){1,3}",
        ) {
            let cookies = Cookies::default();
            let here = url("https://a.test/api/x");
            cookies.store(&here, [&*format!("{name}={value}; Path={path}")]);
            let below = url(&format!("https://a.test{}/z", path.strip_suffix('/').unwrap_or(&path)));
            prop_assert_eq!(cookies.header(&below), Some(format!("{name}={value}")));
            prop_assert_eq!(cookies.header(&url("https://b.test/")), None);
            // Handing the cookies to a script and back changes nothing.
            let all = cookies.all();
            cookies.replace(all.clone());
            prop_assert_eq!(cookies.all(), all);
        }

        #[test]
        fn any_set_cookie_header_is_stored_or_ignored(
            texts in prop::collection::vec(
                "[ -~é]{0,30}(; ?(Path|Domain|Max-Age|Expires|Secure|SameSite)(=[ -~]{0,20})?){0,3}", 0..3,
            ),
        ) {
            let cookies = Cookies::default();
            let here = url("http://a.test/api/x");
            cookies.store(&here, texts.iter().map(String::as_str));
            let _ = cookies.header(&here);
            let all = cookies.all();
            cookies.replace(all);
        }

        #[test]
        fn any_cookie_of_a_script_is_sent_or_ignored(
            name: String, value: String, domain in "[.]?([a-z]{1,3}[.]test)?|\\PC{0,8}", path: String,
            for_domain: bool, secure: bool,
            expires in prop::option::of(prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX)]),
        ) {
            let cookie = Cookie { name, value, domain, for_domain, path, secure, expires };
            let cookies = Cookies::default();
            cookies.replace(vec![cookie]);
            let _ = cookies.header(&url("https://a.test/api/x"));
            let _ = cookies.all();
        }
    }
}

//! The cookies of a session. This store is their only owner: Python's cookie jars are views of it.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{SystemTime, UNIX_EPOCH},
};

use cookie_store::{Cookie as ParsedCookie, CookieDomain, CookieExpiration, CookiePath, RawCookie};
use url::Url;

/// What Python's cookie jars append to the name of a host that has no dot.
const LOCAL: &str = ".local";

/// A cookie, as scripts see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The host that set the cookie, or its domain, as `http.cookiejar` writes them: a domain that
    /// a server sets begins with a dot, and a host without a dot ends with `.local`. Empty for a
    /// cookie that is sent to every host.
    pub domain: String,
    /// Whether the cookie is sent to all hosts of the domain, and not only to the host that set it.
    pub for_domain: bool,
    /// The path to which the cookie is limited.
    pub path: String,
    /// Whether the cookie is sent over TLS only.
    pub secure: bool,
    /// When the cookie expires, in seconds since 1970. `None` for a session cookie.
    pub expires: Option<i64>,
    /// Attributes that scripts see and that decide nothing here, as text of the script's side.
    pub details: Option<String>,
}

impl Cookie {
    /// The cookie of a `Set-Cookie` header.
    fn of(parsed: &ParsedCookie<'_>) -> Self {
        let (domain, for_domain) = match &parsed.domain {
            CookieDomain::Suffix(domain) => (format!(".{domain}"), true),
            CookieDomain::HostOnly(host) if !host.contains('.') => {
                (format!("{host}{LOCAL}"), false)
            }
            CookieDomain::HostOnly(host) => (host.clone(), false),
            CookieDomain::NotPresent | CookieDomain::Empty => (String::new(), false),
        };
        Self {
            name: parsed.name().to_owned(),
            value: parsed.value().to_owned(),
            domain,
            for_domain,
            path: String::from(&parsed.path),
            secure: parsed.secure().unwrap_or(false),
            expires: match &parsed.expires {
                CookieExpiration::AtUtc(at) => Some(at.unix_timestamp()),
                CookieExpiration::SessionEnd => None,
            },
            details: None,
        }
    }

    fn is_expired(&self) -> bool {
        self.expires.is_some_and(|at| at <= now())
    }

    /// What identifies the cookie: a jar has one cookie of each domain, path and name.
    fn key(&self) -> (&str, &str, &str) {
        (&self.domain, &self.path, &self.name)
    }

    fn is_for_host(&self, url: &Url) -> bool {
        if self.domain.is_empty() {
            return true;
        }
        if self.for_domain || self.domain.starts_with('.') {
            return CookieDomain::try_from(&*self.domain).is_ok_and(|domain| domain.matches(url));
        }
        let host = url.host_str().unwrap_or_default();
        self.domain.eq_ignore_ascii_case(host)
            || (!host.contains('.')
                && self
                    .domain
                    .strip_suffix(LOCAL)
                    .is_some_and(|domain| domain.eq_ignore_ascii_case(host)))
    }

    fn is_for(&self, url: &Url) -> bool {
        // A loopback address without TLS gets no `Secure` cookies, as in `requests`.
        !self.is_expired()
            && (!self.secure || url.scheme() == "https")
            && self.is_for_host(url)
            && CookiePath::parse(&self.path).map_or(self.path.is_empty(), |path| path.matches(url))
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
/// caller checks that the host belongs to the domain.
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

/// In the order in which a jar of Python lists them: by domain, then by path, as they were set.
#[derive(Clone, Default)]
struct Jar(Vec<Cookie>);

impl Jar {
    fn position(&self, key: (&str, &str, &str)) -> Option<usize> {
        self.0.iter().position(|cookie| cookie.key() == key)
    }

    fn set(&mut self, cookie: Cookie) {
        if let Some(at) = self.position(cookie.key()) {
            self.0[at] = cookie;
            return;
        }
        let of_domain = |other: &Cookie| other.domain == cookie.domain;
        let of_path = |other: &Cookie| of_domain(other) && other.path == cookie.path;
        let last = self.0.iter().rposition(of_path).or_else(|| self.0.iter().rposition(of_domain));
        let at = last.map_or(self.0.len(), |last| last + 1);
        self.0.insert(at, cookie);
    }

    fn remove(&mut self, key: (&str, &str, &str)) -> bool {
        let found = self.position(key);
        if let Some(at) = found {
            self.0.remove(at);
        }
        found.is_some()
    }

    fn remove_expired(&mut self) {
        self.0.retain(|cookie| !cookie.is_expired());
    }
}

/// The cookies of a session.
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
        let mut jar = self.lock();
        jar.remove_expired();
        let mut found: Vec<_> = jar.0.iter().filter(|cookie| cookie.is_for(url)).collect();
        found.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let texts: Vec<_> =
            found.into_iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!texts.is_empty()).then(|| texts.join("; "))
    }

    /// Stores the cookies of `Set-Cookie` headers.
    pub fn store<'h>(&self, url: &Url, headers: impl IntoIterator<Item = &'h str>) {
        let mut headers = headers.into_iter().peekable();
        if headers.peek().is_none() {
            return;
        }
        // Expired cookies are removed first, as Python's cookie jars do: if one response deletes a
        // cookie and sets it, the cookie is set.
        let set = headers.filter_map(|text| RawCookie::parse(text.to_owned()).ok());
        let host = url.host_str().unwrap_or_default();
        let set =
            set.filter(|raw| raw.domain().is_none_or(|domain| is_allowed_domain(domain, host)));
        let set = set.filter_map(|raw| ParsedCookie::try_from_raw_cookie(&raw, url).ok());
        // A cookie that the host may not set is ignored.
        let set = set.filter(|parsed| parsed.domain.matches(url));
        let set = set.map(|parsed| Cookie::of(&parsed));
        let (expired, set): (Vec<_>, Vec<_>) = set.partition(Cookie::is_expired);
        let mut jar = self.lock();
        for cookie in expired {
            jar.remove(cookie.key());
        }
        for cookie in set {
            jar.set(cookie);
        }
    }

    /// All cookies, in the order in which a jar of Python lists them. A cookie that has expired
    /// is among them until the next request.
    #[must_use]
    pub fn all(&self) -> Vec<Cookie> {
        self.lock().0.clone()
    }

    /// Sets a cookie, in the place of the one with the same domain, path and name.
    pub fn set(&self, cookie: Cookie) {
        self.lock().set(cookie);
    }

    /// Puts a cookie in the place of another. Returns whether the other was there: a script may
    /// have an older state of it in its hands.
    #[must_use]
    pub fn replace(&self, old: &Cookie, new: Cookie) -> bool {
        let mut jar = self.lock();
        let Some(at) = jar.position(old.key()).filter(|&at| jar.0[at] == *old) else {
            return false;
        };
        if new.key() == old.key() {
            jar.0[at] = new;
        } else {
            jar.0.remove(at);
            jar.set(new);
        }
        true
    }

    /// Removes a cookie. Returns whether it was there.
    #[must_use]
    pub fn remove(&self, domain: &str, path: &str, name: &str) -> bool {
        self.lock().remove((domain, path, name))
    }

    /// Removes all cookies.
    pub fn clear(&self) {
        self.lock().0.clear();
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
            details: None,
        }
    }

    fn replace_all(cookies: &Cookies, all: Vec<Cookie>) {
        cookies.clear();
        for cookie in all {
            cookies.set(cookie);
        }
    }

    #[test]
    fn a_cookie_is_sent_to_the_host_and_path_that_set_it() {
        let cookies = Cookies::default();
        cookies.store(&url("http://a.test/api/x"), ["a=1", "b=2; Path=/", "c=3; Secure"]);
        assert_eq!(cookies.header(&url("http://a.test/api/y")).unwrap(), "a=1; b=2");
        assert_eq!(cookies.header(&url("http://a.test/")).unwrap(), "b=2");
        assert_eq!(cookies.header(&url("http://b.test/api/x")), None);
        cookies.store(&url("http://a.test/api/x"), []);
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
    fn scripts_can_set_cookies() {
        let cookies = Cookies::default();
        let expired = Cookie { expires: Some(1), ..cookie("o", "") };
        let later = Cookie { expires: Some(now() + 90), ..cookie("l", "a.test") };
        let all =
            vec![cookie("e", ""), expired, cookie("h", "a.test"), cookie("d", ".a.test"), later];
        replace_all(&cookies, all);
        assert_eq!(cookies.header(&url("http://b.test/")).unwrap(), "e=v");
        assert_eq!(cookies.header(&url("http://x.a.test/")).unwrap(), "e=v; d=v");
        assert_eq!(cookies.header(&url("http://a.test/")).unwrap(), "e=v; h=v; l=v; d=v");
        let remaining: Vec<_> =
            cookies.all().into_iter().map(|c| (c.name, c.expires.is_some())).collect();
        let expected = [("e", false), ("h", false), ("l", true), ("d", false)];
        assert_eq!(remaining, expected.map(|(name, ends)| (name.to_owned(), ends)));
        let copy = cookies.copy();
        cookies.clear();
        assert_eq!((cookies.all().len(), copy.all().len()), (0, 4));
    }

    #[test]
    fn a_cookie_is_replaced_only_as_it_is_known() {
        let cookies = Cookies::default();
        let (old, other) = (cookie("a", "a.test"), cookie("b", "b.test"));
        cookies.set(old.clone());
        cookies.set(other.clone());
        let new = Cookie { value: "w".into(), details: Some("{}".into()), ..old.clone() };
        assert!(cookies.replace(&old, new.clone()));
        assert!(!cookies.replace(&old, Cookie { value: "x".into(), ..old.clone() }));
        assert_eq!(cookies.all(), [new.clone(), other.clone()]);
        let moved = Cookie { domain: "b.test".into(), ..new.clone() };
        assert!(cookies.replace(&new, moved.clone()));
        assert_eq!(cookies.all(), [other, moved]);
        assert!(cookies.remove("b.test", "/", "b"));
        assert!(!cookies.remove("b.test", "/", "b"));
    }

    #[test]
    fn a_host_may_end_with_local() {
        for (set_by, sent_to) in [("kitsu", "kitsu"), ("kitsu.local", "kitsu.local")] {
            let cookies = Cookies::default();
            cookies.store(&url(&format!("http://{set_by}/")), ["a=1"]);
            assert_eq!(cookies.all()[0].domain, "kitsu.local");
            assert!(cookies.header(&url(&format!("http://{sent_to}/"))).is_some());
            assert!(cookies.header(&url("http://kitsu.local.test/")).is_none());
        }
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
            replace_all(&cookies, all.clone());
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
            replace_all(&cookies, all);
        }

        #[test]
        fn any_cookie_of_a_script_is_sent_or_ignored(
            name: String, value: String, domain in "[.]?([a-z]{1,3}[.]test)?|\\PC{0,8}", path: String,
            for_domain: bool, secure: bool,
            expires in prop::option::of(prop_oneof![any::<i64>(), Just(i64::MIN), Just(i64::MAX)]),
        ) {
            let cookie =
                Cookie { name, value, domain, for_domain, path, secure, expires, details: None };
            let cookies = Cookies::default();
            cookies.set(cookie);
            let _ = cookies.header(&url("https://a.test/api/x"));
            let _ = cookies.all();
        }
    }
}

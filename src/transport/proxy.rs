//! Which proxy a request goes through.

use http::HeaderValue;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

/// A proxy, and what it is told of who asks.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Proxy {
    /// Where it is. A session's own proxy carries its credentials here.
    pub url: String,
    /// The credentials of a proxy that the environment names.
    pub authorization: Option<HeaderValue>,
}

/// The proxy for a URL; none for a direct connection.
///
/// The environment's proxies come first and a session's own after them, each looked up
/// under `scheme://host`, `scheme`, `all://host` and `all`.
#[must_use]
pub fn select(url: &Url, own: &[(String, String)], trust_env: bool) -> Option<Proxy> {
    if trust_env {
        if let Some(proxy) = of_environment(url) {
            return Some(proxy);
        }
    }
    let host = url.host_str().unwrap_or_default();
    let scheme = url.scheme();
    [format!("{scheme}://{host}"), scheme.to_owned(), format!("all://{host}"), "all".to_owned()]
        .iter()
        .find_map(|key| own.iter().find(|(name, _)| name == key))
        .filter(|(_, proxy)| !proxy.is_empty())
        .map(|(_, proxy)| Proxy { url: with_scheme(proxy), authorization: None })
}

fn with_scheme(proxy: &str) -> String {
    if proxy.contains("://") {
        proxy.to_owned()
    } else {
        format!("http://{proxy}")
    }
}

fn of_environment(url: &Url) -> Option<Proxy> {
    let found = Matcher::from_system().intercept(&url.as_str().parse().ok()?)?;
    let mut proxy = Url::parse(&found.uri().to_string()).ok()?;
    if let Some((user, password)) = found.raw_auth() {
        proxy.set_username(user).ok()?;
        proxy.set_password(Some(password)).ok()?;
    }
    Some(Proxy { url: proxy.into(), authorization: found.basic_auth().cloned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_a_sessions_proxies_is_taken() {
        let url = Url::parse("http://kitsu/api").unwrap();
        let own = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>()
        };
        let select = |pairs| select(&url, &own(pairs), false).map(|proxy| proxy.url);
        assert_eq!(select(&[]), None);
        assert_eq!(select(&[("https", "http://p:1")]), None);
        assert_eq!(select(&[("http", "p:1"), ("all", "q:1")]).unwrap(), "http://p:1");
        assert_eq!(
            select(&[("http", "p:1"), ("http://kitsu", "http://q:1")]).unwrap(),
            "http://q:1"
        );
    }
}

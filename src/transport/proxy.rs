//! Proxy selection, by the same rules as in `requests`.

use std::{borrow::Cow, env, net::Ipv4Addr};

use url::Url;

use super::{
    system_proxy,
    url::{basic_auth_header, credentials_of, without_userinfo},
};
use crate::{
    error::{Error, Result, Transport},
    redact::shown_url,
};

/// The proxies of a script, by scheme or `scheme://host`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies {
    /// The proxies of the session. The environment's come first.
    pub session: Vec<(String, String)>,
    /// The proxies of a single request. They come before the environment's. `None` stands for a
    /// direct connection.
    pub request: Vec<(String, Option<String>)>,
}

/// The URL of the proxy for a request; `None` for a direct connection.
///
/// The keys `scheme://host`, `scheme`, `all://host` and `all` are tried in this order.
#[must_use]
pub fn select(url: &Url, proxies: &Proxies, trust_env: bool) -> Option<String> {
    let scheme = url.scheme();
    let of_request = |key: &str| proxies.request.iter().find(|(name, _)| name == key);
    let exceptions_of_request = of_request("no_proxy").map(|(_, exceptions)| exceptions.clone());
    let bypassed = || {
        let exceptions = match &exceptions_of_request {
            Some(exceptions) => exceptions.clone(),
            None => environment_proxy("no").or_else(|| env::var("NO_PROXY").ok()),
        };
        is_bypassed(url, &exceptions.unwrap_or_default())
    };
    // If the environment has a variable for proxies, the system's settings are not read.
    let mut system = None;
    let mut of_environment = |key: &str| {
        let found = if is_environment_set() {
            environment_proxy(key)
        } else {
            let settings = system.get_or_insert_with(system_proxy::current);
            settings.proxy(key, bare_host(url), exceptions_of_request.is_none())
        };
        found.filter(|_| !bypassed())
    };
    // This runs for each request, so keys with the host are built only if they can match.
    let any_configured = !(proxies.request.is_empty() && proxies.session.is_empty());
    let of_host = |scheme: &str| {
        any_configured.then(|| (Cow::Owned(format!("{scheme}://{}", bare_host(url))), false))
    };
    let keys = [
        of_host(scheme),
        Some((scheme.into(), true)),
        of_host("all"),
        Some((Cow::Borrowed("all"), true)),
    ];
    let found = keys.into_iter().flatten().find_map(|(key, in_environment)| {
        if let Some((_, proxy)) = of_request(&key) {
            return proxy.clone();
        }
        let of_env = (trust_env && in_environment).then(|| of_environment(&key)).flatten();
        let of_session =
            || proxies.session.iter().find(|(name, _)| *name == key).map(|(_, url)| url.clone());
        of_env.or_else(of_session)
    });
    found.filter(|proxy| !proxy.is_empty()).map(|proxy| {
        if proxy.contains("://") {
            proxy
        } else {
            format!("http://{proxy}")
        }
    })
}

/// Whether a variable such as `HTTPS_PROXY`, `FTP_PROXY` or `NO_PROXY` has a value.
fn is_environment_set() -> bool {
    // Other systems have no settings that this could replace.
    if !cfg!(any(windows, target_os = "macos")) {
        return true;
    }
    env::vars_os().any(|(name, value)| {
        let name = name.to_string_lossy().to_ascii_lowercase();
        let counts = name != "http_proxy" || env::var_os("REQUEST_METHOD").is_none();
        counts && name.ends_with("_proxy") && !value.is_empty()
    })
}

/// The proxy variable for a scheme. The lower-case name comes first, and an empty value counts as
/// unset.
fn environment_proxy(name: &str) -> Option<String> {
    // This runs for each request, so the names are constants.
    let (lower, upper) = match name {
        "http" => ("http_proxy", "HTTP_PROXY"),
        "https" => ("https_proxy", "HTTPS_PROXY"),
        "all" => ("all_proxy", "ALL_PROXY"),
        _ => ("no_proxy", "NO_PROXY"),
    };
    if let Ok(value) = env::var(lower) {
        return Some(value).filter(|value| !value.is_empty());
    }
    let value = env::var(upper).ok().filter(|value| !value.is_empty())?;
    // In a CGI program `HTTP_PROXY` is the value of a `Proxy` header, which the client chooses.
    (name != "http" || env::var_os("REQUEST_METHOD").is_none()).then_some(value)
}

/// Whether `no_proxy` contains the host: its domain, its address, its network, or `*` alone.
fn is_bypassed(url: &Url, no_proxy: &str) -> bool {
    let host = bare_host(url).to_ascii_lowercase();
    let address = host.parse::<Ipv4Addr>().ok();
    // An entry may have a port if it is a name, but not if it is an address.
    let with_port = url.port().filter(|_| address.is_none()).map(|port| format!("{host}:{port}"));
    if no_proxy == "*" {
        return true;
    }
    let names = no_proxy.split(',').map(|name| name.replace(' ', "").to_ascii_lowercase());
    names.filter(|name| !name.is_empty()).any(|name| {
        let domain = name.trim_start_matches('.');
        let within = |host: &String| {
            host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        within(&host)
            || with_port.as_ref().is_some_and(within)
            || address.is_some_and(|address| in_network(address, &name))
    })
}

/// The host of a URL, without the brackets of an IPv6 address.
fn bare_host(url: &Url) -> &str {
    url.host_str().unwrap_or_default().trim_matches(['[', ']'])
}

fn in_network(address: Ipv4Addr, network: &str) -> bool {
    let Some((base, bits)) = network.split_once('/') else { return false };
    let (Ok(base), Ok(bits)) = (base.parse::<Ipv4Addr>(), bits.parse::<u32>()) else {
        return false;
    };
    if !(1..=32).contains(&bits) {
        return false;
    }
    let mask = u32::MAX << (32 - bits);
    u32::from(base) & mask == u32::from(address) & mask
}

/// The proxy as a setting of the HTTP library.
///
/// # Errors
/// If the URL has no host or an unknown scheme.
pub fn through(proxy: &str) -> Result<reqwest::Proxy> {
    let shown = shown_url(proxy);
    let invalid = |reason: &str| {
        Error::transport(
            Transport::InvalidProxyUrl,
            format!("Please check proxy URL {shown}: {reason}"),
        )
    };
    let url = Url::parse(proxy).ok().filter(Url::has_host);
    let Some(url) = url else {
        return Err(invalid("it is malformed and could be missing the host"));
    };
    match url.scheme() {
        // For SOCKS, the library reads the credentials from the URL.
        "socks4" | "socks4a" | "socks5" | "socks5h" => {
            reqwest::Proxy::all(proxy).map_err(|_| invalid("it is malformed"))
        }
        "http" | "https" => {
            let made = reqwest::Proxy::all(without_userinfo(proxy))
                .map_err(|_| invalid("it is malformed"))?;
            Ok(match credentials_of(proxy).filter(|(user, _)| !user.is_empty()) {
                Some((user, password)) => match basic_auth_header(&user, &password) {
                    Some(header) => made.custom_http_auth(header),
                    None => made,
                },
                None => made,
            })
        }
        scheme => Err(invalid(&format!(
            "its scheme {scheme} is none of http, https, socks4, socks4a, socks5 and socks5h"
        ))),
    }
}

/// Translates messages of the HTTP library into ones that say what to do.
pub(super) fn explain(reason: &str) -> &str {
    match reason {
        "tunnel error: proxy authorization required" => {
            "it asks for a user name and password, or for others than those in its URL (407)"
        }
        "tunnel error: unsuccessful" => {
            "it rejected the connection to that host, or is not an HTTP proxy"
        }
        "tunnel error: unexpected end of file" => "it closed the connection without an answer",
        reason => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_proxy_for_the_host_comes_before_one_for_the_scheme() {
        let url = Url::parse("http://kitsu/api").unwrap();
        let select = |pairs: &[(&str, &str)]| {
            let session = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            select(&url, &Proxies { session, request: Vec::new() }, false)
        };
        assert_eq!(select(&[]), None);
        assert_eq!(select(&[("https", "http://p:1")]), None);
        assert_eq!(select(&[("http", "p:1"), ("all", "q:1")]).unwrap(), "http://p:1");
        assert_eq!(
            select(&[("http", "p:1"), ("http://kitsu", "http://q:1")]).unwrap(),
            "http://q:1"
        );
    }

    #[test]
    fn no_proxy_has_names_addresses_and_networks() {
        let bypassed = |url, no_proxy| is_bypassed(&Url::parse(url).unwrap(), no_proxy);
        assert!(bypassed("http://a.studio.test/", "studio.test"));
        assert!(bypassed("http://a.studio.test:81/", "x, studio.test:81"));
        assert!(!bypassed("http://a.studio.test/", "other.test"));
        assert!(bypassed("http://10.1.2.3/", "10.0.0.0/8"));
        assert!(!bypassed("http://11.1.2.3/", "10.0.0.0/8"));
        assert!(!bypassed("http://localhost/", "host"));
        assert!(bypassed("http://localhost/", ".localhost"));
        assert!(bypassed("http://h/", "*"));
        assert!(!bypassed("http://h/", "a,*"));
        assert!(!bypassed("http://h/", ""));
        assert!(!bypassed("http://10.1.2.3/", "0.0.0.0/0"));
        assert!(bypassed("http://10.1.2.3/", "10.1.2.3/32"));
        assert!(!bypassed("http://10.1.2.3:81/", "10.1.2.3:81"));
        assert!(bypassed("http://[::1]:81/", "::1"));
    }

    #[test]
    fn an_invalid_proxy_url_is_an_error_without_secrets() {
        let kind = |url| match through(url) {
            Err(Error::Transport { kind, message }) => {
                assert!(!message.contains("secret"), "{message}");
                kind
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(kind("ftp://me:secret@p"), Transport::InvalidProxyUrl);
        assert_eq!(kind("http://me:secret@:80"), Transport::InvalidProxyUrl);
        assert_eq!(kind("http://me:secret@p:99999"), Transport::InvalidProxyUrl);
        assert!(through("HTTP://me:sec%72et@p").is_ok());
        assert!(through("socks5h://me:secret@p:1").is_ok());
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn no_proxy_matches_each_parent_domain(
            labels in prop::collection::vec("[a-z][a-z0-9]{0,5}", 1..4),
            port in 81..u16::MAX,
            others in "[a-z0-9., *:/-]{0,20}",
        ) {
            let host = labels.join(".");
            let url = Url::parse(&format!("http://{host}:{port}/")).unwrap();
            for start in 0..labels.len() {
                let domain = labels[start..].join(".");
                for name in [domain.clone(), format!(".{domain}"), format!("{domain}:{port}")] {
                    prop_assert!(is_bypassed(&url, &name), "{name}");
                    prop_assert!(is_bypassed(&url, &name.to_uppercase()), "{name}");
                    prop_assert!(is_bypassed(&url, &format!("{others},{name} ,")), "{name}");
                }
                let longer = format!("x{domain}");
                prop_assert!(start > 0 || !is_bypassed(&url, &longer), "{longer}");
            }
            let elsewhere = format!("{host}:{}", port - 1);
            prop_assert!(!is_bypassed(&url, &elsewhere));
        }

        #[test]
        fn no_proxy_matches_each_network_of_an_address(
            address: Ipv4Addr, other: Ipv4Addr, bits in 1..=32_u32,
        ) {
            let url = Url::parse(&format!("http://{address}/")).unwrap();
            let network = format!("{address}/{bits}");
            prop_assert!(is_bypassed(&url, &network), "{network}");
            let network = format!("{other}/{bits}");
            let is_same_network = (u32::from(address) ^ u32::from(other)).leading_zeros() >= bits;
            prop_assert_eq!(is_bypassed(&url, &network), is_same_network, "{}", network);
        }

        #[test]
        fn any_text_can_be_no_proxy(host in "[a-z0-9.:\\[\\]-]{1,12}", text: String) {
            if let Ok(url) = Url::parse(&format!("http://{host}/")) {
                let _ = is_bypassed(&url, &text);
            }
        }

        #[test]
        fn any_text_is_a_proxy_or_an_error(
            scheme in "https?|socks(4a?|5h?)|[a-z]{0,5}", host: String, secret in "[A-Z]{12}",
        ) {
            for text in [host.clone(), format!("{scheme}://me:{secret}@{host}")] {
                if let Err(error) = through(&text) {
                    prop_assert!(!error.to_string().contains(&secret), "{}", error);
                }
            }
        }
    }
}

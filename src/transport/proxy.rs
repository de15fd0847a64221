//! Which proxy a request goes through, by the rules scripts know from `requests`.

use std::{env, net::Ipv4Addr};

use url::Url;

/// The proxy's URL for a request's URL; none for a direct connection.
///
/// The environment's proxies come before a session's own. Each is looked up under
/// `scheme://host`, `scheme`, `all://host` and `all`.
#[must_use]
pub fn select(url: &Url, own: &[(String, String)], trust_env: bool) -> Option<String> {
    let host = url.host_str().unwrap_or_default();
    let scheme = url.scheme();
    let from_env = trust_env && !bypassed(url, &variable("no").unwrap_or_default());
    let mut keys = [
        format!("{scheme}://{host}"),
        scheme.to_owned(),
        format!("all://{host}"),
        "all".to_owned(),
    ]
    .into_iter();
    let found = keys.find_map(|key| {
        let of_env = from_env.then(|| variable(&key)).flatten().filter(|_| !key.contains(':'));
        of_env.or_else(|| own.iter().find(|(name, _)| *name == key).map(|(_, url)| url.clone()))
    });
    let found = found.or_else(|| from_env.then(|| of_system(url)).flatten());
    found.filter(|proxy| !proxy.is_empty()).map(|proxy| {
        if proxy.contains("://") {
            proxy
        } else {
            format!("http://{proxy}")
        }
    })
}

/// `{name}_proxy` of the environment: in lower case first, an empty one counting as none.
fn variable(name: &str) -> Option<String> {
    let lower = format!("{}_proxy", name.to_ascii_lowercase());
    if let Ok(value) = env::var(&lower) {
        return Some(value).filter(|value| !value.is_empty());
    }
    // A CGI program must not take a request's header for a setting.
    if name == "http" && env::var_os("REQUEST_METHOD").is_some() {
        return None;
    }
    env::var(lower.to_ascii_uppercase()).ok().filter(|value| !value.is_empty())
}

/// The proxy of the system's settings, where the environment names none at all.
#[cfg(any(windows, target_os = "macos"))]
fn of_system(url: &Url) -> Option<String> {
    use hyper_util::client::proxy::matcher::Matcher;
    if ["http", "https", "all"].iter().any(|name| variable(name).is_some()) {
        return None;
    }
    let found = Matcher::from_system().intercept(&url.as_str().parse().ok()?)?;
    Some(found.uri().to_string())
}

#[cfg(not(any(windows, target_os = "macos")))]
const fn of_system(_url: &Url) -> Option<String> {
    None
}

/// Whether `no_proxy` names the host: by its domain, by address, by network, or all by `*`.
fn bypassed(url: &Url, no_proxy: &str) -> bool {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let with_port = match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.clone(),
    };
    if no_proxy.trim() == "*" {
        return true;
    }
    let names = no_proxy.split(',').map(|name| name.trim().to_ascii_lowercase());
    names.filter(|name| !name.is_empty()).any(|name| match host.parse::<Ipv4Addr>() {
        Ok(address) => name == host || in_network(address, &name),
        Err(_) => {
            let name = name.trim_start_matches('.');
            [&host, &with_port].into_iter().any(|host| {
                host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            })
        }
    })
}

fn in_network(address: Ipv4Addr, network: &str) -> bool {
    let Some((base, bits)) = network.split_once('/') else { return false };
    let (Ok(base), Ok(bits)) = (base.parse::<Ipv4Addr>(), bits.parse::<u32>()) else {
        return false;
    };
    let Some(shift) = 32_u32.checked_sub(bits) else { return false };
    let mask = u32::MAX.checked_shl(shift).unwrap_or(0);
    u32::from(base) & mask == u32::from(address) & mask
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
        let select = |pairs| select(&url, &own(pairs), false);
        assert_eq!(select(&[]), None);
        assert_eq!(select(&[("https", "http://p:1")]), None);
        assert_eq!(select(&[("http", "p:1"), ("all", "q:1")]).unwrap(), "http://p:1");
        assert_eq!(
            select(&[("http", "p:1"), ("http://kitsu", "http://q:1")]).unwrap(),
            "http://q:1"
        );
    }

    #[test]
    fn exceptions_are_names_addresses_and_networks() {
        let bypassed = |url, no_proxy| bypassed(&Url::parse(url).unwrap(), no_proxy);
        assert!(bypassed("http://a.studio.test/", "studio.test"));
        assert!(bypassed("http://a.studio.test:81/", "x, studio.test:81"));
        assert!(!bypassed("http://a.studio.test/", "other.test"));
        assert!(bypassed("http://10.1.2.3/", "10.0.0.0/8"));
        assert!(!bypassed("http://11.1.2.3/", "10.0.0.0/8"));
        assert!(!bypassed("http://localhost/", "host"));
        assert!(bypassed("http://localhost/", ".localhost"));
        assert!(bypassed("http://h/", "*"));
        assert!(!bypassed("http://h/", ""));
    }
}

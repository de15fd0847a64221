//! The proxies of the system's settings, as Python's `urllib` reads them: those of the user's
//! registry on Windows, and those of the network settings on macOS.
//!
//! The rules are functions of the settings, so that they are tested on every system.

#![cfg_attr(not(test), allow(dead_code, reason = "each system needs a part of it"))]

use std::{collections::BTreeMap, net::Ipv4Addr};

/// The hosts that are reached without the proxy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Exceptions {
    /// Whether names without a dot are reached directly.
    simple_names: bool,
    /// The other exceptions.
    patterns: Vec<Pattern>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Pattern {
    /// `*` stands for any characters, `?` for one.
    Glob(String),
    /// A network and the number of bits that its addresses have in common.
    Network(u32, u32),
}

/// The settings, and the proxies by scheme.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SystemProxies {
    proxies: BTreeMap<String, String>,
    exceptions: Exceptions,
}

impl SystemProxies {
    /// The proxy for a key such as `https`, unless the host is an exception. A script that names
    /// its own exceptions replaces those of the system.
    pub(super) fn proxy(&self, key: &str, host: &str, with_exceptions: bool) -> Option<String> {
        let proxy = self.proxies.get(key)?;
        (!(with_exceptions && self.exceptions.contain(host))).then(|| proxy.clone())
    }
}

impl Exceptions {
    fn contain(&self, host: &str) -> bool {
        if self.simple_names && !host.contains('.') {
            return true;
        }
        let address = host.parse::<Ipv4Addr>().ok().map(u32::from);
        self.patterns.iter().any(|pattern| match pattern {
            Pattern::Glob(glob) => matches(glob, host),
            Pattern::Network(base, bits) => address.is_some_and(|address| {
                let shift = 32 - bits;
                address.checked_shr(shift) == base.checked_shr(shift)
            }),
        })
    }
}

/// Whether a text matches a glob: `*` stands for any characters, `?` for one.
fn matches(glob: &str, text: &str) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) = (glob.chars().collect(), text.chars().collect());
    let (mut at, mut position) = (0, 0);
    // Where the last `*` is, and how far its characters reach.
    let mut star: Option<(usize, usize)> = None;
    while position < text.len() {
        if glob.get(at) == Some(&'*') {
            star = Some((at, position));
            at += 1;
        } else if glob.get(at).is_some_and(|wanted| *wanted == '?' || *wanted == text[position]) {
            at += 1;
            position += 1;
        } else if let Some((of_star, reached)) = star {
            star = Some((of_star, reached + 1));
            at = of_star + 1;
            position = reached + 1;
        } else {
            return false;
        }
    }
    glob[at..].iter().all(|rest| *rest == '*')
}

/// The proxies of the registry's `ProxyServer` and `ProxyOverride`.
fn of_registry(server: &str, exceptions: &str) -> SystemProxies {
    let mut proxies = BTreeMap::new();
    if server.contains(['=', ';']) {
        for part in server.split(';') {
            // What comes after an entry without a scheme is not read.
            let Some((scheme, address)) = part.split_once('=') else { break };
            let address = match scheme {
                _ if has_type(address) => address.to_owned(),
                "http" | "https" | "ftp" => format!("http://{address}"),
                "socks" => format!("socks://{address}"),
                _ => address.to_owned(),
            };
            proxies.insert(scheme.to_owned(), address);
        }
    } else {
        let address = if has_type(server) { server.to_owned() } else { format!("http://{server}") };
        proxies.extend(["http", "https"].map(|scheme| (scheme.to_owned(), address.clone())));
    }
    if let Some(address) = proxies.get("socks").filter(|address| !address.is_empty()) {
        let address = match address.strip_prefix("socks://") {
            Some(host) => format!("socks4://{host}"),
            None => address.clone(),
        };
        for scheme in ["http", "https"] {
            proxies.entry(scheme.to_owned()).or_insert_with(|| address.clone());
        }
    }
    let entries: Vec<_> = exceptions.split(';').filter(|entry| !entry.is_empty()).collect();
    SystemProxies {
        proxies,
        exceptions: Exceptions {
            simple_names: entries.contains(&"<local>"),
            // The host is in lower case. An exception matches its beginning.
            patterns: entries
                .iter()
                .map(|entry| Pattern::Glob(entry.to_lowercase() + "*"))
                .collect(),
        },
    }
}

/// Whether an address begins with the type of the proxy, such as `socks5://`.
fn has_type(address: &str) -> bool {
    address
        .split_once("://")
        .is_some_and(|(kind, _)| !kind.is_empty() && !kind.contains(['/', ':']))
}

/// The proxies of the network settings of macOS: the host and port for each scheme, whether names
/// without a dot are exceptions, and the list of exceptions.
fn of_network_settings(
    servers: &[(&str, String, Option<i32>)],
    simple_names: bool,
    exceptions: &[String],
) -> SystemProxies {
    let proxies = servers
        .iter()
        .map(|(scheme, host, port)| {
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            ((*scheme).to_owned(), format!("http://{host}{port}"))
        })
        .collect();
    let patterns = exceptions.iter().filter(|entry| !entry.is_empty()).filter_map(|entry| {
        if entry.starts_with(|first: char| first.is_ascii_digit()) {
            return network(entry);
        }
        Some(Pattern::Glob(entry.clone()))
    });
    let exceptions = Exceptions { simple_names, patterns: patterns.collect() };
    SystemProxies { proxies, exceptions }
}

/// The network of a text such as `10.1.2.0/24` or `169.254`. Names are not resolved for it.
fn network(text: &str) -> Option<Pattern> {
    let end = text.find(|it: char| !it.is_ascii_digit() && it != '.').unwrap_or(text.len());
    let (base, rest) = text.split_at(end);
    let parts: Vec<_> = base.trim_end_matches('.').split('.').collect();
    let mut number = 0_u32;
    for index in 0..4 {
        let part = parts.get(index).map_or(Some(0), |part| part.parse::<u8>().ok())?;
        number = number << 8 | u32::from(part);
    }
    let digits: String = rest
        .strip_prefix('/')
        .map(|bits| bits.chars().take_while(char::is_ascii_digit).collect())
        .unwrap_or_default();
    let bits = if digits.is_empty() {
        8 * u32::try_from(parts.len()).ok()?
    } else {
        digits.parse().ok()?
    };
    (bits <= 32).then_some(Pattern::Network(number, bits))
}

/// The texts in the XML of a property list that is an array of texts.
fn texts_of_xml(xml: &str) -> Vec<String> {
    let texts = xml.split("<string>").skip(1).filter_map(|rest| rest.split_once("</string>"));
    texts
        .map(|(text, _)| text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
        .collect()
}

/// The current settings. They are read anew for each request, because they may change.
#[cfg(windows)]
pub(super) fn current() -> SystemProxies {
    let settings = windows_registry::CURRENT_USER
        .open(r"Software\Microsoft\Windows\CurrentVersion\Internet Settings");
    let Ok(settings) = settings else { return SystemProxies::default() };
    let text = |name: &str| settings.get_string(name).ok();
    // Some programs write the number as text.
    let enabled =
        settings.get_u32("ProxyEnable").ok().or_else(|| text("ProxyEnable")?.parse().ok());
    if enabled.is_none_or(|enabled| enabled == 0) {
        return SystemProxies::default();
    }
    let Some(server) = text("ProxyServer") else { return SystemProxies::default() };
    of_registry(&server, &text("ProxyOverride").unwrap_or_default())
}

/// The current settings. They are read anew for each request, because they may change.
#[cfg(target_os = "macos")]
pub(super) fn current() -> SystemProxies {
    use system_configuration::{
        core_foundation::{
            array::CFArray,
            base::{CFType, TCFType as _},
            number::CFNumber,
            propertylist::{create_data, kCFPropertyListXMLFormat_v1_0},
            string::CFString,
        },
        dynamic_store::SCDynamicStoreBuilder,
    };

    let settings = SCDynamicStoreBuilder::new("gazu").build().and_then(|store| store.get_proxies());
    let Some(settings) = settings else { return SystemProxies::default() };
    let value = |name: &str| -> Option<CFType> {
        settings.find(CFString::new(name)).map(|value| (*value).clone())
    };
    let number = |name: &str| value(name)?.downcast::<CFNumber>()?.to_i32();
    let text = |name: &str| Some(value(name)?.downcast::<CFString>()?.to_string());
    let mut servers = Vec::new();
    for (scheme, name) in [("http", "HTTP"), ("https", "HTTPS")] {
        if number(&format!("{name}Enable")).is_some_and(|enabled| enabled != 0) {
            if let Some(host) = text(&format!("{name}Proxy")) {
                servers.push((scheme, host, number(&format!("{name}Port"))));
            }
        }
    }
    // The elements of an array can be read safely only from its text.
    let exceptions = value("ExceptionsList")
        .and_then(|list| list.downcast::<CFArray>())
        .and_then(|list| create_data(list.as_CFTypeRef(), kCFPropertyListXMLFormat_v1_0).ok())
        .map(|xml| texts_of_xml(&String::from_utf8_lossy(&xml)))
        .unwrap_or_default();
    let simple_names = number("ExcludeSimpleHostnames").is_some_and(|excluded| excluded != 0);
    of_network_settings(&servers, simple_names, &exceptions)
}

/// Other systems have the environment's proxies only.
#[cfg(not(any(windows, target_os = "macos")))]
pub(super) fn current() -> SystemProxies {
    SystemProxies::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_names_one_proxy_or_one_for_each_scheme() {
        let http = |server| of_registry(server, "").proxy("http", "h", true).unwrap_or_default();
        let https = |server| of_registry(server, "").proxy("https", "h", true).unwrap_or_default();
        for (server, of_http, of_https) in [
            ("p:8080", "http://p:8080", "http://p:8080"),
            ("socks5://p:1", "socks5://p:1", "socks5://p:1"),
            ("http=p:1;https=q:2", "http://p:1", "http://q:2"),
            ("http=p:1", "http://p:1", ""),
            ("http=https://p:1;ftp=q:2", "https://p:1", ""),
            ("socks=p:1080", "socks4://p:1080", "socks4://p:1080"),
            ("socks=socks5://p:1;https=q:2", "socks5://p:1", "http://q:2"),
            ("http=p:1;q:2;https=r:3", "http://p:1", ""),
            ("q:2;http=p:1", "", ""),
            ("http=p:1;http=q:2", "http://q:2", ""),
        ] {
            assert_eq!(
                (http(server), https(server)),
                (of_http.into(), of_https.into()),
                "{server}"
            );
        }
    }

    #[test]
    fn exceptions_of_the_registry_are_globs_of_the_beginning() {
        for (exceptions, host, expected) in [
            ("<local>", "kitsu", true),
            ("<local>", "kitsu.studio.test", false),
            ("*.studio.test", "kitsu.studio.test", true),
            ("*.studio.test", "studio.test", false),
            ("*.Studio.test", "kitsu.studio.test", true),
            ("kitsu.studio.test", "kitsu.studio.test", true),
            ("studio.test", "kitsu.studio.test", false),
            ("kitsu", "kitsu.studio.test", true),
            ("10.1.*", "10.1.2.3", true),
            ("10.1.*", "110.1.2.3", false),
            ("10.?.2.3", "10.1.2.3", true),
            ("10.?.2.3", "10.12.2.3", false),
            ("a;;<local>;b.test", "b.test", true),
            ("", "kitsu", false),
        ] {
            let found = of_registry("p:1", exceptions).proxy("http", host, true);
            assert_eq!(found.is_none(), expected, "{exceptions} {host}");
        }
    }

    #[test]
    fn exceptions_of_macos_are_globs_and_networks() {
        for (exception, host, expected) in [
            ("*.local", "kitsu.local", true),
            ("*.local", "kitsu.local.test", false),
            ("kitsu.test", "kitsu.test", true),
            ("kitsu", "kitsu.test", false),
            ("169.254/16", "169.254.1.2", true),
            ("169.254/16", "169.253.1.2", false),
            ("10", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.4", false),
            ("10.0.0.0/33", "10.1.2.3", false),
            ("0.0.0.0/0", "10.1.2.3", true),
            ("", "kitsu", false),
        ] {
            let servers = [("http", "p".to_owned(), Some(1))];
            let settings = of_network_settings(&servers, false, &[exception.to_owned()]);
            let found = settings.proxy("http", host, true);
            assert_eq!(found.is_none(), expected, "{exception} {host}");
        }
        let settings = of_network_settings(&[("http", "p".to_owned(), None)], true, &[]);
        assert_eq!(settings.proxy("http", "kitsu", false).unwrap(), "http://p");
        assert_eq!(settings.proxy("http", "kitsu", true), None);
        assert_eq!(settings.proxy("http", "kitsu.test", true).unwrap(), "http://p");
        assert_eq!(settings.proxy("https", "kitsu.test", true), None);
    }

    #[test]
    fn the_texts_of_a_property_list_are_read() {
        let xml = "<plist version=\"1.0\">\n<array>\n\t<string>*.local</string>\n\t<string>a&amp;b\
                   </string>\n</array>\n</plist>\n";
        assert_eq!(texts_of_xml(xml), ["*.local", "a&b"]);
        assert!(texts_of_xml("<plist><array/></plist>").is_empty());
    }
}

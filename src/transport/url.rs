//! Parsing of URLs, by the same rules as in `requests`.

use std::borrow::Cow;

use base64::Engine as _;
use reqwest::header::HeaderValue;
use url::Url;

use crate::{
    error::{Error, Result, Transport},
    redact::shown_url,
};

/// The longest URL that the HTTP library sends, in bytes. Servers accept about a tenth of it.
const MAX_LENGTH: usize = 65_534;

/// Parses an absolute http or https URL. Characters that are not allowed are percent-encoded.
///
/// # Errors
/// `MissingSchema`, `InvalidSchema` or `InvalidUrl`.
pub fn parse(text: &str) -> Result<Url> {
    let text = text.trim_start();
    // Normalization can shorten the text to a third: `%41` becomes `A`.
    if text.len() / 3 > MAX_LENGTH {
        return Err(too_long(text.len()));
    }
    let shown = || shown_url(text);
    let begins_well = text.get(..4).is_some_and(|four| four.eq_ignore_ascii_case("http"));
    if !begins_well && text.contains(':') {
        return Err(invalid_schema(&shown()));
    }
    let Some((scheme, rest)) = without_scheme(text) else {
        if matches!(text.split_once(':'), Some(("http" | "https", _))) {
            return Err(no_host(&shown()));
        }
        if !may_be_authority(text) {
            let message = format!("Failed to parse: {}", shown());
            return Err(Error::transport(Transport::InvalidUrl, message));
        }
        let shown = shown();
        return Err(Error::transport(
            Transport::MissingSchema,
            format!(
                "Invalid URL '{shown}': No scheme supplied. Perhaps you meant https://{shown}?"
            ),
        ));
    };
    if !["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
        return Err(invalid_schema(&shown()));
    }
    let authority = authority_of(rest);
    if authority.is_empty() || authority.ends_with('@') {
        return Err(no_host(&shown()));
    }
    let mut url = Url::parse(&requote(text)).map_err(|reason| {
        let message = format!("Failed to parse: {}: {reason}", shown());
        Error::transport(Transport::InvalidUrl, message)
    })?;
    // Checked after parsing, because parsing decodes `%2E` to a dot.
    if url.host_str().is_some_and(|host| host.starts_with(['*', '.'])) {
        return Err(Error::transport(Transport::InvalidUrl, "URL has an invalid label."));
    }
    if url.query() == Some("") {
        url.set_query(None);
    }
    let length = url.as_str().len();
    if length > MAX_LENGTH {
        return Err(too_long(length));
    }
    Ok(url)
}

/// The text before and after `://`.
fn without_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    match rest.strip_prefix("//") {
        Some(rest) => Some((scheme, rest)),
        None => text.split_once("://"),
    }
}

/// The text before the path, query and fragment.
fn authority_of(rest: &str) -> &str {
    let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'?' | b'#'));
    &rest[..end.unwrap_or(rest.len())]
}

/// Whether the text before the path can be a host and a port.
fn may_be_authority(text: &str) -> bool {
    let authority = text.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let has_blank = host.bytes().any(|byte| byte <= b' ' || byte == 0x7f);
    !has_blank && !host.contains(['[', ']', '%']) && port.bytes().all(|byte| byte.is_ascii_digit())
}

fn too_long(length: usize) -> Error {
    let message = format!("The URL is too long: {length} bytes. The limit is {MAX_LENGTH} bytes.");
    Error::transport(Transport::InvalidUrl, message)
}

fn no_host(shown: &str) -> Error {
    Error::transport(Transport::InvalidUrl, format!("Invalid URL '{shown}': No host supplied"))
}

fn invalid_schema(shown: &str) -> Error {
    Error::transport(
        Transport::InvalidSchema,
        format!("No connection adapters were found for '{shown}'"),
    )
}

/// The URL without its user name and password.
#[must_use]
pub fn without_userinfo(text: &str) -> String {
    let Some((scheme, rest)) = without_scheme(text) else { return text.to_owned() };
    match authority_of(rest).rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => text.to_owned(),
    }
}

/// The user name and password in a URL, percent-decoded. `None` without a password.
#[must_use]
pub fn credentials_of(text: &str) -> Option<(String, String)> {
    let (_, rest) = without_scheme(text)?;
    let (userinfo, _) = authority_of(rest).rsplit_once('@')?;
    let (user, password) = userinfo.split_once(':')?;
    let plain = |text| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    Some((plain(user), plain(password)))
}

/// The `Authorization` header for a user name and password. Like `requests`, it uses Latin-1, or
/// UTF-8 for other characters.
#[must_use]
pub fn basic_auth_header(user: &str, password: &str) -> Option<HeaderValue> {
    let text = format!("{user}:{password}");
    let latin: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
    let bytes = latin.unwrap_or_else(|| text.into_bytes());
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    let mut header = HeaderValue::from_str(&format!("Basic {encoded}")).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// The characters that are not percent-encoded.
const ALLOWED: [bool; 256] = {
    let mut allowed = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        allowed[byte as usize] = is_unreserved(byte)
            || matches!(
                byte,
                b'!' | b'#' | b'$' | b'&'..=b',' | b'/' | b':' | b';' | b'=' | b'?' | b'@'
            );
        byte += 1;
    }
    allowed
};

/// Percent-encodes the characters that are not allowed. Existing escapes are kept.
fn requote(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let allowed = |byte: u8| ALLOWED[usize::from(byte)];
    if bytes.iter().all(|byte| allowed(*byte)) {
        return Cow::Borrowed(text);
    }
    let valid_escape = |index: usize| matches!(bytes.get(index + 1..index + 3), Some(pair) if pair.iter().all(u8::is_ascii_hexdigit));
    // If the path has an invalid escape, each percent sign in it is encoded. The same holds for the
    // rest of the URL.
    let query = text.find(['?', '#']).unwrap_or(text.len());
    let all_valid = |mut range: std::ops::Range<usize>| {
        range.all(|index| bytes[index] != b'%' || valid_escape(index))
    };
    let (escaped_path, escaped_rest) = (all_valid(0..query), all_valid(query..bytes.len()));
    // Brackets are allowed only around an IPv6 address.
    let path = text.find("://").map_or(0, |scheme| {
        let after = scheme + 3;
        text[after..].find(['/', '?', '#']).map_or(text.len(), |end| after + end)
    });
    let mut out = String::with_capacity(text.len());
    let mut index = 0;
    while index < bytes.len() {
        let byte = bytes[index];
        let escaped = if index < query { escaped_path } else { escaped_rest };
        if byte == b'%' && escaped {
            let pair = &text[index + 1..index + 3];
            match u8::from_str_radix(pair, 16) {
                Ok(value) if is_unreserved(value) => out.push(char::from(value)),
                _ => {
                    out.push('%');
                    out.push_str(&pair.to_ascii_uppercase());
                }
            }
            index += 3;
            continue;
        }
        if byte == b'%' && valid_escape(index) {
            out.push_str("%25");
            out.push_str(&text[index + 1..index + 3].to_ascii_uppercase());
            index += 3;
            continue;
        }
        let bracket = index < path && matches!(byte, b'[' | b']');
        if allowed(byte) || bracket {
            out.push(char::from(byte));
        } else {
            const HEX: &[u8; 16] = b"0123456789ABCDEF";
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
        index += 1;
    }
    Cow::Owned(out)
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kind(text: &str) -> Transport {
        match parse(text) {
            Err(Error::Transport { kind, .. }) => kind,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_invalid_url_has_its_kind_of_error() {
        assert_eq!(kind("kitsu.example.com/api"), Transport::MissingSchema);
        assert_eq!(kind("kitsu.example.com:80/api"), Transport::InvalidSchema);
        assert_eq!(kind("ftp://kitsu/api"), Transport::InvalidSchema);
        assert_eq!(kind("http:///api"), Transport::InvalidUrl);
        assert_eq!(kind("http:/api"), Transport::InvalidUrl);
        assert_eq!(kind("http://*host/api"), Transport::InvalidUrl);
        assert_eq!(kind("http://%2Ehost/api"), Transport::InvalidUrl);
        assert_eq!(kind("kitsu example/api"), Transport::InvalidUrl);
    }

    #[test]
    fn a_url_that_is_too_long_is_an_error() {
        let of = |length: usize| format!("http://h/{}", "a".repeat(length - 9));
        assert!(parse(&of(MAX_LENGTH)).unwrap().as_str().parse::<http::Uri>().is_ok());
        assert_eq!(kind(&of(MAX_LENGTH + 1)), Transport::InvalidUrl);
        let encoded = format!("http://h/{}", "\u{e9}".repeat(MAX_LENGTH / 6 + 1));
        assert_eq!(kind(&encoded), Transport::InvalidUrl);
    }

    #[test]
    fn control_characters_are_percent_encoded() {
        let url = parse("http://h/api/a\r\nX: y é%7e%2f").unwrap();
        assert_eq!(url.as_str(), "http://h/api/a%0D%0AX:%20y%20%C3%A9~%2F");
        assert_eq!(parse("http://[::1]/[a]?").unwrap().as_str(), "http://[::1]/%5Ba%5D");
        assert_eq!(parse("http://h/100%").unwrap().as_str(), "http://h/100%25");
        assert_eq!(parse("http://h/%7ea?%7eb%").unwrap().as_str(), "http://h/~a?%257Eb%25");
    }

    #[test]
    fn userinfo_is_removed() {
        assert_eq!(without_userinfo("ftp://u:secret@h/a@b"), "ftp://h/a@b");
    }

    #[test]
    fn credentials_are_percent_decoded() {
        let pair = |user: &str, password: &str| Some((user.to_owned(), password.to_owned()));
        assert_eq!(credentials_of("http://me:p%40s%3as@h/a@b"), pair("me", "p@s:s"));
        assert_eq!(credentials_of("http://me:p@ss@h"), pair("me", "p@ss"));
        assert_eq!(credentials_of("http://me:@h"), pair("me", ""));
        assert_eq!(credentials_of("http://me@h"), None);
        assert_eq!(credentials_of("http://h/me:s@h"), None);
        assert_eq!(basic_auth_header("m\u{e9}", "s").unwrap(), "Basic bek6cw==");
        assert_eq!(basic_auth_header("me", "\u{65e5}").unwrap(), "Basic bWU65pel");
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn any_text_is_a_valid_url_or_an_error(text: String, rest in "[^\\p{L}]{0,20}") {
            for text in [text.clone(), format!("http://h{text}"), format!("https://h/{rest}")] {
                let Ok(url) = parse(&text) else { continue };
                prop_assert!(url.as_str().bytes().all(|byte| matches!(byte, b'!'..=b'~')), "{}", url);
                prop_assert!(matches!(url.scheme(), "http" | "https") && url.has_host());
                // A parsed URL is parsed to itself.
                prop_assert_eq!(parse(url.as_str()).unwrap(), url);
            }
        }

        #[test]
        fn encoding_twice_changes_nothing(text: String) {
            let once = requote(&text);
            prop_assert!(once.is_ascii());
            prop_assert_eq!(requote(&once), &*once);
        }

        #[test]
        fn credentials_are_read_and_never_in_an_error(user in "[^:/?#@%]{0,8}", password in "[^/?#@%]{4,12}") {
            let url = format!("http://{user}:{password}@h/a");
            prop_assert_eq!(credentials_of(&url), Some((user.clone(), password.clone())));
            prop_assert_eq!(without_userinfo(&url), "http://h/a");
            let header = basic_auth_header(&user, &password).unwrap();
            prop_assert!(header.is_sensitive());
            if let Err(error) = parse(&format!("http://{user}:{password}@ h/")) {
                // A short password can be part of the rest of the message by chance.
                let (text, host) = (error.to_string(), "http:// h/");
                prop_assert!(!text.replace(host, "").contains(&format!(":{password}@")), "{}", text);
            }
        }

        #[test]
        fn any_text_has_credentials_or_none(text: String) {
            let _ = credentials_of(&text);
            let _ = without_userinfo(&text);
        }
    }
}

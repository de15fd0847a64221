//! Redaction of URLs and paths for log lines, messages and representations.

/// A field is a secret if its name contains one of these, in lower case.
pub const SECRET_NAMES: [&str; 14] = [
    "password",
    "passwd",
    "passphrase",
    "token",
    "secret",
    "otp",
    "recovery",
    "api_key",
    "api-key",
    "apikey",
    "signature",
    "credential",
    "private_key",
    "jwt",
];

/// A URL or path without user name and password. Secrets in the query are replaced by `...`.
#[must_use]
pub fn shown_url(text: &str) -> String {
    let text = without_login(text);
    let Some(start) = text.find(['?', '#']) else { return text };
    let (path, query) = text.split_at(start);
    let mut shown = path.to_owned();
    for field in query.split_inclusive(['?', '&', ';', '#']) {
        let (field, separator) = match field.char_indices().next_back() {
            Some((at, '?' | '&' | ';' | '#')) => field.split_at(at),
            _ => (field, ""),
        };
        match field.split_once('=') {
            Some((name, value)) if !value.is_empty() && names_secret(name) => {
                shown.push_str(name);
                shown.push_str("=...");
            }
            _ => shown.push_str(field),
        }
        shown.push_str(separator);
    }
    shown
}

/// Whether the name of a query field is that of a secret.
fn names_secret(name: &str) -> bool {
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy().to_lowercase();
    SECRET_NAMES.iter().any(|secret| name.contains(secret))
}

/// The text without user name and password.
///
/// It also works if the text is not a valid URL: a script may pass `me:secret@host`,
/// `http://me:sec/ret@host` or `http:/me:secret@host`, and the error message contains it.
fn without_login(text: &str) -> String {
    let is_of_scheme =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let begin = text.len() - text.trim_start_matches([' ', '\t', '\r', '\n', '/', '\\']).len();
    let length = text[begin..].bytes().position(|byte| !is_of_scheme(byte));
    let colon = begin + length.unwrap_or(text.len() - begin);
    let behind = text[colon..].strip_prefix(':').unwrap_or(&text[colon..]);
    let behind = behind.trim_start_matches(['/', '\\']);
    // The colon of a scheme is followed by a slash. Otherwise the text before it may be a user
    // name.
    let behind = text.len() - behind.len();
    let has_scheme = text[colon..].starts_with(':') && behind > colon + 1;
    let (before, rest) = text.split_at(if has_scheme { behind } else { begin });
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = &rest[..end];
    let port = authority.rsplit_once(':').map_or("", |(_, port)| port);
    let is_host = authority.ends_with(']') || port.bytes().all(|byte| byte.is_ascii_digit());
    // If the text after the last colon is not a port, it is a password that contains a slash, `?`
    // or `#`.
    let is_whole = authority.contains('@') || is_host;
    let login = if is_whole { authority } else { rest };
    match login.rfind('@') {
        Some(at) if has_scheme || login[..at].contains(':') => {
            format!("{before}{}", &rest[at + 1..])
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn credentials_are_removed() {
        for text in [
            "me:s3cret@kitsu/api",
            "http://me:s3cret@kitsu/api",
            "http://s3cret@kitsu/api",
            "HTTP://me:x/s3cret@kitsu/api",
            "http://me:x?s3cret@kitsu/api",
            "http://me:x#s3cret@kitsu/api",
            "http://me:s3cr@et@kitsu/api",
            "http:/me:s3cret@kitsu/api",
            "http:\\\\me:s3cret@kitsu/api",
            "http:///me:s3cret@kitsu/api",
            "//me:s3cret@kitsu/api",
            " http://me:s3cret@kitsu/api",
        ] {
            let shown = shown_url(text);
            assert!(shown.ends_with("kitsu/api") && !shown.contains("cret"), "{shown}");
        }
    }

    #[test]
    fn secrets_in_a_query_are_redacted() {
        let pairs = [
            ("data/x?a=1&reset_token=s", "data/x?a=1&reset_token=..."),
            ("/x?PassWord=s#b", "/x?PassWord=...#b"),
            ("https://h/x?pass%77ord=s&b=2", "https://h/x?pass%77ord=...&b=2"),
            ("https://h/x?X-Amz-Signature=s;jwt=s", "https://h/x?X-Amz-Signature=...;jwt=..."),
            ("https://h/x#access_token=s", "https://h/x#access_token=..."),
            ("https://h/x?token=a=b", "https://h/x?token=..."),
        ];
        for (text, expected) in pairs {
            assert_eq!(shown_url(text), expected);
            assert_eq!(shown_url(expected), expected);
        }
    }

    #[test]
    fn text_without_secrets_is_unchanged() {
        for text in [
            "",
            "?",
            "#",
            "http://h",
            "data/x?a=token&token",
            "data/x?token=",
            "a@b",
            "x/a:b@c",
            "/data/x:y/a@b",
            "http://h:80/a@b?c=d&&e#",
            "http://[::1]/a@b",
            "http://[::1]:8080/a@b",
            "http://h/?a=b@c:d",
        ] {
            assert_eq!(shown_url(text), text);
        }
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn no_password_remains(
            user in "[a-zA-Z0-9._%+-]{0,8}",
            password in "[^@/?#\\\\\\s]{6,12}",
            rest in "(:[0-9]{1,5})?(/[a-z@:]{0,8}){0,3}",
        ) {
            let shown = shown_url(&format!("https://{user}:{password}@kitsu{rest}"));
            prop_assert_eq!(shown, format!("https://kitsu{rest}"));
        }

        #[test]
        fn any_text_can_be_redacted(text: String) {
            prop_assert!(shown_url(&text).len() <= text.len() + 3 * text.matches('=').count());
        }
    }
}

//! The conversion of an answer's body to a value.

use bytes::Bytes;
use serde::{de::DeserializeOwned, Deserialize as _};

use crate::{
    call::ReadAs,
    error::{Error, Result, EXPIRED},
    transport::Head,
};

/// The character set of an answer's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// ISO-8859-1.
    Latin1,
    /// The one in the `Content-Type`.
    Named(String),
    /// The `Content-Type` implies none.
    Unknown,
}

impl Charset {
    /// The character set for a `Content-Type`.
    ///
    /// As in upstream, `text/*` without a charset is ISO-8859-1, and JSON is UTF-8.
    #[must_use]
    pub fn of(content_type: Option<&str>) -> Self {
        let Some(content_type) = content_type else { return Self::Unknown };
        let named = content_type.split(';').skip(1).find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim())
        });
        let kind = content_type.split(';').next().unwrap_or_default();
        match named.map(|name| name.trim_matches(['\'', '"'])) {
            Some(name) if name.eq_ignore_ascii_case("utf-8") => Self::Utf8,
            Some(name) => Self::Named(name.to_owned()),
            None if kind.contains("text") => Self::Latin1,
            None if kind.contains("application/json") => Self::Utf8,
            None => Self::Unknown,
        }
    }

    /// The bytes as UTF-8 text, if they need no conversion from this character set.
    #[must_use]
    pub fn as_utf8<'b>(&self, bytes: &'b [u8]) -> Option<&'b str> {
        match self {
            Self::Utf8 | Self::Unknown => std::str::from_utf8(bytes).ok(),
            Self::Latin1 if bytes.is_ascii() => std::str::from_utf8(bytes).ok(),
            Self::Latin1 | Self::Named(_) => None,
        }
    }
}

/// Whether an answer's body says that the access token has expired.
#[must_use]
pub fn says_expired(body: &[u8]) -> bool {
    serde_json::from_slice::<serde_json::Value>(body)
        .ok()
        .and_then(|value| Some(value.get("message")?.as_str()? == EXPIRED))
        .unwrap_or(false)
}

/// The value of an answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum Reply {
    /// A JSON value.
    Json(serde_json::Value),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Bytes),
    /// A download.
    Download {
        /// The head of the answer.
        head: Box<Head>,
        /// The body; empty if it was written to the call's target.
        body: Bytes,
    },
}

impl Reply {
    /// The JSON value, deserialized. Text is deserialized as a string.
    ///
    /// # Errors
    /// If it does not fit the type, or is no JSON.
    pub fn json<T: DeserializeOwned>(self) -> Result<T> {
        let value = match self {
            Self::Json(value) => value,
            Self::Text(text) => text.into(),
            Self::Bytes(body) | Self::Download { body, .. } => {
                return serde_json::from_slice(&body).map_err(Error::decode);
            }
        };
        serde_json::from_value(value).map_err(Error::decode)
    }

    /// The bytes of a file that was kept in memory; none for another answer.
    #[must_use]
    pub fn into_bytes(self) -> Option<Bytes> {
        match self {
            Self::Bytes(body) | Self::Download { body, .. } => Some(body),
            Self::Json(_) | Self::Text(_) => None,
        }
    }

    /// Converts an answer to the value that its call expects.
    ///
    /// # Errors
    /// If the answer cannot be decoded, or if the answer of an upload has an error message.
    pub fn read(reading: ReadAs, sorted: bool, head: Head, body: Bytes) -> Result<Self> {
        let json = || serde_json::from_slice::<serde_json::Value>(&body).map_err(Error::decode);
        Ok(match reading {
            ReadAs::Json => {
                let mut value = json()?;
                if sorted {
                    sort_by_name(&mut value);
                }
                Self::Json(value)
            }
            ReadAs::First => Self::Json(match json()? {
                serde_json::Value::Array(entries) => entries.into_iter().next().unwrap_or_default(),
                other => other,
            }),
            ReadAs::Uploaded => {
                let value = json()?;
                let message = ["message", "error"]
                    .iter()
                    .find_map(|key| value.get(key)?.as_str().filter(|text| !text.is_empty()));
                if let Some(message) = message {
                    return Err(Error::Upload { message: message.to_owned() });
                }
                Self::Json(value)
            }
            ReadAs::Text => Self::Text(String::from_utf8_lossy(&body).into_owned()),
            ReadAs::Bytes => Self::Bytes(body),
            ReadAs::Response => Self::Download { head: Box::new(head), body },
            ReadAs::Rows | ReadAs::RowStream => Self::Json(rows(&head, &body)?),
        })
    }
}

/// The list of a board's rows. A server that knows no streams sends the list itself.
fn rows(head: &Head, body: &[u8]) -> Result<serde_json::Value> {
    if !is_ndjson(head.header("content-type")) {
        return serde_json::from_slice(body).map_err(Error::decode);
    }
    let mut lines = serde_json::Deserializer::from_slice(body).into_iter::<serde_json::Value>();
    let header = lines.next().transpose().map_err(Error::decode)?;
    let columns = Columns::of(&header.unwrap_or_default())?;
    lines.map(|line| columns.record(line.map_err(Error::decode)?)).collect()
}

/// Whether an answer is lines of JSON.
#[must_use]
pub fn is_ndjson(content_type: Option<&str>) -> bool {
    let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/x-ndjson")
}

/// The columns of a board whose rows are lists of values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The keys of a row, in order. None if the rows have their own keys.
    pub row: Option<Vec<String>>,
    /// The keys of each task of a row.
    pub task: Vec<String>,
}

/// The key of a row whose value is a list of tasks.
pub const TASKS: &str = "tasks";

impl Columns {
    /// The columns that a board's header names.
    ///
    /// # Errors
    /// If the header names none although the rows are compact.
    pub fn of(header: &serde_json::Value) -> Result<Self> {
        if header.get("compact").and_then(serde_json::Value::as_bool) != Some(true) {
            return match header {
                serde_json::Value::Object(_) => Ok(Self::default()),
                _ => Err(malformed("the first line is no header")),
            };
        }
        let mut columns = Self::default();
        for (name, names) in header.as_object().into_iter().flatten() {
            if !name.ends_with("_fields") {
                continue;
            }
            let names: Vec<String> = Vec::deserialize(names).map_err(Error::decode)?;
            if name == "task_fields" {
                columns.task = names;
            } else {
                columns.row = Some(names);
            }
        }
        match &columns.row {
            Some(row) if !row.is_empty() => Ok(columns),
            _ => Err(malformed("its header names no columns")),
        }
    }

    fn record(&self, row: serde_json::Value) -> Result<serde_json::Value> {
        let Some(keys) = &self.row else { return Ok(row) };
        let mut record = paired(keys, row)?;
        if let Some(tasks) = record.get_mut(TASKS).and_then(serde_json::Value::as_array_mut) {
            for task in tasks {
                *task = paired(&self.task, task.take())?;
            }
        }
        Ok(record)
    }
}

/// An object of these keys and the values of a list.
fn paired(keys: &[String], values: serde_json::Value) -> Result<serde_json::Value> {
    match values {
        serde_json::Value::Array(values) if values.len() == keys.len() => {
            Ok(keys.iter().cloned().zip(values).collect())
        }
        _ => Err(malformed("a row does not match the columns of its header")),
    }
}

/// The error for a board that is no board.
pub(crate) fn malformed(reason: &str) -> Error {
    Error::Decode { message: format!("The answer of the server cannot be read: {reason}.") }
}

fn sort_by_name(value: &mut serde_json::Value) {
    if let serde_json::Value::Array(entries) = value {
        entries.sort_by_cached_key(|entry| {
            entry.get("name").and_then(|name| name.as_str()).unwrap_or_default().to_lowercase()
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::{HeaderMap, Method};
    use proptest::prelude::*;

    #[test]
    fn the_character_set_is_what_requests_takes() {
        let of = |text| Charset::of(Some(text));
        assert_eq!(of("application/json"), Charset::Utf8);
        assert_eq!(of("text/html"), Charset::Latin1);
        assert_eq!(of("text/html; charset=\"UTF-8\""), Charset::Utf8);
        assert_eq!(of("text/csv;charset=cp1252"), Charset::Named("cp1252".into()));
        assert_eq!(of("image/png"), Charset::Unknown);
        assert_eq!(Charset::of(None), Charset::Unknown);
    }

    #[test]
    fn expiry_is_told_by_its_message() {
        assert!(says_expired(br#"{"message": "Signature has expired"}"#));
        assert!(!says_expired(br#"{"msg": "Signature has expired"}"#));
        assert!(!says_expired(b"<html>"));
    }

    fn board(content_type: &str, body: &'static [u8]) -> Result<serde_json::Value> {
        let mut head = head();
        head.headers.insert("content-type", content_type.parse().unwrap());
        Reply::read(ReadAs::Rows, false, head, body.into())?.json()
    }

    #[test]
    fn the_rows_of_a_board_are_the_same_in_all_its_forms() {
        let list =
            br#"[{"id": "1", "tasks": [{"id": "2", "data": {"a": 1}}]}, {"id": "3", "tasks": []}]"#;
        let expected = board("application/json", list).unwrap();
        let compact = b"{\"compact\":true,\"shot_fields\":[\"id\",\"tasks\"],\"task_fields\":[\"id\",\"data\"]}
[\"1\",[[\"2\",{\"a\":1}]]]
[\"3\",[]]
";
        assert_eq!(board("application/x-ndjson", compact).unwrap(), expected);
        let plain = b"{\"compact\":false}
{\"id\":\"1\",\"tasks\":[{\"id\":\"2\",\"data\":{\"a\":1}}]}
{\"id\":\"3\",\"tasks\":[]}
";
        assert_eq!(board("application/x-ndjson; charset=utf-8", plain).unwrap(), expected);
    }

    #[test]
    fn a_board_without_its_columns_is_an_error() {
        for body in [
            &b""[..],
            b"[1]\n",
            b"{\"compact\":true}\n[1]\n",
            b"{\"compact\":true,\"shot_fields\":[\"id\"]}\n[1,2]\n",
            b"{\"compact\":true,\"shot_fields\":[\"id\"]}\n{\"id\":1}\n",
            b"{\"compact\":true,\"shot_fields\":[\"id\"]}\n[1",
        ] {
            let read = board("application/x-ndjson", body);
            assert!(matches!(read, Err(Error::Decode { .. })), "{body:?}");
        }
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn any_content_type_has_a_character_set(text: String, body: Vec<u8>) {
            let charset = Charset::of(Some(&text));
            if let Some(read) = charset.as_utf8(&body) {
                prop_assert_eq!(read.as_bytes(), &body[..]);
            }
            let named = format!("text/plain{text};charset=utf-8");
            prop_assert_ne!(Charset::of(Some(&named)), Charset::Latin1);
        }

        #[test]
        fn any_body_is_read_or_rejected(body: Vec<u8>, json in "[\\[\\]{}:,\"a-z0-9.eE+ -]{0,30}") {
            let _ = says_expired(&body);
            for body in [body, json.into_bytes()] {
                let is_json = serde_json::from_slice::<serde_json::Value>(&body).is_ok();
                for reading in [ReadAs::Json, ReadAs::First, ReadAs::Uploaded, ReadAs::Rows] {
                    let read = Reply::read(reading, true, head(), body.clone().into());
                    let is_error = matches!(read, Err(Error::Decode { .. }));
                    prop_assert!(is_json || is_error);
                }
                let text = Reply::read(ReadAs::Text, false, head(), body.into());
                prop_assert!(matches!(text, Ok(Reply::Text(_))));
            }
        }

        #[test]
        fn sorting_keeps_the_order_of_equals(
            names in prop::collection::vec(prop::option::of("[aAbBé]{0,2}"), 0..12),
        ) {
            let entry = |(index, name)| serde_json::json!({ "name": name, "index": index });
            let mut list = names.iter().enumerate().map(entry).collect();
            sort_by_name(&mut list);
            let key = |entry: &serde_json::Value| {
                let name = entry["name"].as_str().unwrap_or_default().to_lowercase();
                (name, entry["index"].as_u64())
            };
            let keys: Vec<_> = list.as_array().unwrap().iter().map(key).collect();
            prop_assert_eq!(keys.len(), names.len());
            prop_assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    fn head() -> Head {
        Head {
            status: 200,
            reason: "".into(),
            url: "http://h/".into(),
            method: Method::GET,
            headers: HeaderMap::new(),
            sent: HeaderMap::new(),
        }
    }
}

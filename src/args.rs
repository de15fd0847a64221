//! The types of arguments. They are validated once and can then be placed in a request.
//!
//! The conversions of a type say where it can be used: a [`Model`] in a path, a query or a
//! body; a [`Text`] in a path; a [`Query`] in a query string; a [`Form`] in a form; a [`Json`]
//! in a body. Values are formatted like Python's own libraries format them, so that requests
//! are equal to upstream's.

use std::{borrow::Cow, cell::RefCell, path::PathBuf};

/// JSON text, written as Python's `json.dumps` writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(pub(crate) String);

impl Json {
    /// `null`.
    #[must_use]
    pub fn null() -> Self {
        Self("null".into())
    }

    /// JSON that is already text.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An object of the given fields, in their order.
    pub fn object<K: AsRef<str>>(fields: impl IntoIterator<Item = (K, Self)>) -> Self {
        let mut text = String::from("{");
        for (index, (key, value)) in fields.into_iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            write_string(&mut text, key.as_ref());
            text.push_str(": ");
            text.push_str(&value.0);
        }
        text.push('}');
        Self(text)
    }

    /// A list of the given values, in their order.
    pub fn list(values: impl IntoIterator<Item = Self>) -> Self {
        let mut text = String::from("[");
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            text.push_str(&value.0);
        }
        text.push(']');
        Self(text)
    }
}

/// The number of leading bytes that need no escape in JSON.
fn plain_run(bytes: &[u8]) -> usize {
    let plain = |byte: u8| matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~');
    // Chunks of 16 bytes are compared with vector instructions.
    let chunks = bytes.chunks_exact(16);
    let whole = chunks.take_while(|chunk| chunk.iter().fold(true, |all, byte| all & plain(*byte)));
    let start = whole.count() * 16;
    let rest = bytes[start..].iter().position(|byte| !plain(*byte));
    rest.map_or(bytes.len(), |run| start + run)
}

/// Writes a JSON string with everything outside ASCII escaped.
pub(crate) fn write_string(out: &mut String, value: &str) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let unit = |out: &mut String, code: u16| {
        out.push_str("\\u");
        for shift in [12, 8, 4, 0] {
            out.push(char::from(HEX[usize::from(code >> shift & 0xf)]));
        }
    };
    out.reserve(value.len() + 2);
    out.push('"');
    let mut rest = value;
    loop {
        let run = plain_run(rest.as_bytes());
        out.push_str(&rest[..run]);
        let mut characters = rest[run..].chars();
        let Some(character) = characters.next() else { break };
        rest = characters.as_str();
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            _ => {
                for code in character.encode_utf16(&mut [0; 2]) {
                    unit(out, *code);
                }
            }
        }
    }
    out.push('"');
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        let mut text = String::with_capacity(value.len() + 2);
        write_string(&mut text, value);
        Self(text)
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        value.as_str().into()
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self(value.to_string())
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self(value.to_string())
    }
}

impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or_else(Self::null, Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for Json {
    fn from(values: Vec<T>) -> Self {
        Self::list(values.into_iter().map(Into::into))
    }
}

impl From<Model> for Json {
    fn from(model: Model) -> Self {
        Self::from(&model)
    }
}

impl From<&Model> for Json {
    fn from(model: &Model) -> Self {
        model.used();
        match &model.json {
            Ok(json) => json.clone(),
            Err(message) => {
                refuse(Unusable::NotJson(message.clone()));
                Self::null()
            }
        }
    }
}

impl From<Models> for Json {
    fn from(models: Models) -> Self {
        models.0.into()
    }
}

impl From<Links> for Json {
    fn from(links: Links) -> Self {
        links.0.into()
    }
}

impl From<Record> for Json {
    fn from(record: Record) -> Self {
        record.json
    }
}

impl From<Flag> for Json {
    fn from(flag: Flag) -> Self {
        flag.0.into()
    }
}

impl From<Id> for Json {
    fn from(id: Id) -> Self {
        id.0.into()
    }
}

impl From<Text> for Json {
    fn from(text: Text) -> Self {
        text.0.into()
    }
}

/// Why an argument is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// A dict lacks a key, which the message names.
    MissingKey(String),
    /// It is neither a dict nor an id.
    NoDict(String),
    /// It cannot be serialized as JSON.
    NotJson(String),
}

thread_local! {
    /// The first model of a call under construction that turned out to be unusable.
    static REFUSED: RefCell<Option<Unusable>> = const { RefCell::new(None) };
}

/// A call cannot be built. As with a dict of the caller's, that shows where its id is used,
/// after all arguments have been looked at.
fn refuse(unusable: Unusable) {
    REFUSED.with_borrow_mut(|refused| refused.get_or_insert(unusable).clone());
}

/// Why the call that this thread has just built cannot be used; none when it can.
#[must_use]
pub fn take_refused() -> Option<Unusable> {
    REFUSED.take()
}

/// One entity: a dict that has an id, or an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    text: String,
    json: Result<Json, String>,
    /// The encodings in a query and in a form, for an id that is not text.
    fields: Option<Box<(Query, Form)>>,
    unusable: Option<Box<Unusable>>,
}

impl Model {
    /// The model with this id.
    pub fn new(id: impl Into<String>) -> Self {
        let text = id.into();
        let json = Ok(text.as_str().into());
        Self { text, json, fields: None, unusable: None }
    }

    /// A model whose id is not text, with its encodings: as text, in JSON (or the reason why it
    /// cannot be serialized), in a query and in a form.
    pub fn with_encoding(
        text: impl Into<String>,
        json: Result<Json, String>,
        query: Query,
        form: Form,
    ) -> Self {
        Self { text: text.into(), json, fields: Some(Box::new((query, form))), unusable: None }
    }

    /// A model without an id. It makes the call that uses it invalid.
    #[must_use]
    pub fn unusable(reason: Unusable) -> Self {
        Self { unusable: Some(Box::new(reason)), ..Self::new("") }
    }

    /// The id, as it appears in a path or a query.
    #[must_use]
    pub fn id(&self) -> &str {
        self.used();
        &self.text
    }

    fn used(&self) {
        if let Some(reason) = &self.unusable {
            refuse((**reason).clone());
        }
    }
}

/// Several entities: any iterable of dicts with an id, or of ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Models(pub Vec<Model>);

/// Entities to link to: a list of models, a single model, or None for an empty list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links(pub Vec<Model>);

/// A dict with an id. All its fields are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Which entity it is.
    pub model: Model,
    /// The dict.
    pub json: Json,
}

/// A dict with an id, of which only the id is used. A plain id is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dict(pub Model);

/// The dict of an entity with the id of its project. A plain id is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InProject {
    /// The dict's `project_id`.
    pub project: Text,
    /// The dict's `id`.
    pub entity: Text,
}

/// A filter of a list. It is `None` for a value that is false in Python.
///
/// For a model, its dict decides: `{}` filters nothing, and `""` is not a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter<T>(pub Option<T>);

/// A flag: the truth value of any Python object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flag(pub bool);

/// A value that must be a `str`: the id of a `get_*` function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id(pub String);

/// The id of one entity, given as a dict with an id or as an id. The id must be a `str`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelId(pub Id);

/// The text form of any object, for use in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub String);

/// A value of a query string: one text, or several with the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// One text, stored as bytes because Python `bytes` are accepted, too.
    One(Vec<u8>),
    /// Several texts. The name is repeated for each.
    Many(Vec<Vec<u8>>),
    /// The flag `True`.
    True,
}

impl Query {
    /// The values for the name.
    #[must_use]
    pub fn values(&self) -> &[Vec<u8>] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
            Self::True => {
                static TRUE: std::sync::LazyLock<Vec<u8>> =
                    std::sync::LazyLock::new(|| b"True".to_vec());
                std::slice::from_ref(&TRUE)
            }
        }
    }
}

impl From<&str> for Query {
    fn from(value: &str) -> Self {
        Self::One(value.into())
    }
}

impl From<String> for Query {
    fn from(value: String) -> Self {
        Self::One(value.into_bytes())
    }
}

impl From<bool> for Query {
    fn from(value: bool) -> Self {
        if value {
            Self::True
        } else {
            "False".into()
        }
    }
}

impl From<i64> for Query {
    fn from(value: i64) -> Self {
        value.to_string().into()
    }
}

impl From<Model> for Query {
    fn from(model: Model) -> Self {
        Self::from(&model)
    }
}

impl From<&Model> for Query {
    fn from(model: &Model) -> Self {
        match &model.fields {
            Some(fields) => fields.0.clone(),
            None => model.id().into(),
        }
    }
}

impl From<Models> for Query {
    fn from(models: Models) -> Self {
        Self::Many(models.0.iter().map(|model| model.id().as_bytes().to_vec()).collect())
    }
}

impl From<Links> for Query {
    fn from(links: Links) -> Self {
        Models(links.0).into()
    }
}

impl From<Id> for Query {
    fn from(id: Id) -> Self {
        id.0.into()
    }
}

impl From<Text> for Query {
    fn from(text: Text) -> Self {
        text.0.into()
    }
}

/// A field of a form: no part for `None`, one part for a single value, several for a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form(pub Vec<Vec<u8>>);

impl From<&str> for Form {
    fn from(value: &str) -> Self {
        Self(vec![value.into()])
    }
}

impl From<bool> for Form {
    fn from(value: bool) -> Self {
        if value { "True" } else { "False" }.into()
    }
}

impl From<&Model> for Form {
    fn from(model: &Model) -> Self {
        match &model.fields {
            Some(fields) => fields.1.clone(),
            None => model.id().into(),
        }
    }
}

impl From<Model> for Form {
    fn from(model: Model) -> Self {
        Self::from(&model)
    }
}

impl From<Json> for Form {
    /// JSON text as the field's value.
    fn from(json: Json) -> Self {
        Self(vec![json.0.into_bytes()])
    }
}

/// A file on this machine: its path, and how it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePath(pub PathBuf, pub Given);

/// How a file was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// By its path as text.
    Path,
    /// By its path as bytes.
    Bytes,
    /// By a descriptor that is open in this process; the path is where systems list it.
    Descriptor(i32),
}

impl From<PathBuf> for FilePath {
    fn from(path: PathBuf) -> Self {
        Self(path, Given::Path)
    }
}

impl From<i32> for FilePath {
    /// The file of a descriptor.
    fn from(descriptor: i32) -> Self {
        Self(format!("/dev/fd/{descriptor}").into(), Given::Descriptor(descriptor))
    }
}

/// One segment of a route.
pub trait Segment {
    /// The text of the segment.
    fn segment(&self) -> Cow<'_, str>;
}

impl Segment for str {
    fn segment(&self) -> Cow<'_, str> {
        self.into()
    }
}

impl Segment for String {
    fn segment(&self) -> Cow<'_, str> {
        self.as_str().into()
    }
}

impl Segment for Model {
    fn segment(&self) -> Cow<'_, str> {
        self.id().into()
    }
}

impl Segment for Text {
    fn segment(&self) -> Cow<'_, str> {
        self.0.as_str().into()
    }
}

impl Segment for Id {
    /// Removes the slashes around an id, as between any two parts of a route.
    fn segment(&self) -> Cow<'_, str> {
        self.0.trim_matches('/').into()
    }
}

impl Segment for ModelId {
    fn segment(&self) -> Cow<'_, str> {
        self.0.segment()
    }
}

impl Segment for Record {
    fn segment(&self) -> Cow<'_, str> {
        self.model.segment()
    }
}

impl Segment for Dict {
    fn segment(&self) -> Cow<'_, str> {
        self.0.segment()
    }
}

impl<T: Segment + ?Sized> Segment for &T {
    fn segment(&self) -> Cow<'_, str> {
        (**self).segment()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn json_reads_as_python_writes_it() {
        let json = Json::object([
            ("name", Json::from("é\u{1F600}\"\n\u{7f}")),
            ("ids", vec![Model::new("a"), Model::new("b")].into()),
            ("none", Option::<bool>::None.into()),
        ]);
        assert_eq!(
            json.as_str(),
            r#"{"name": "\u00e9\ud83d\ude00\"\n\u007f", "ids": ["a", "b"], "none": null}"#
        );
    }

    #[test]
    fn an_id_loses_its_slashes_only() {
        assert_eq!(Id("/a/b/".into()).segment(), "a/b");
        assert_eq!(Text("/a/".into()).segment(), "/a/");
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn json_is_ascii_and_means_what_was_given(
            fields in prop::collection::vec((any::<String>(), any::<String>()), 0..4),
            number: i64,
            flag: Option<bool>,
        ) {
            let object = Json::object(fields.iter().map(|(k, v)| (k, v.as_str().into())));
            let text = Json::list([object, number.into(), flag.into()]);
            prop_assert!(text.as_str().bytes().all(|byte| matches!(byte, b' '..=b'~')));
            let read: (Vec<(String, String)>, i64, Option<bool>) = {
                let (fields, number, flag): (serde_json::Map<String, serde_json::Value>, _, _) =
                    serde_json::from_str(text.as_str()).unwrap();
                let text = |value: serde_json::Value| value.as_str().map(str::to_owned);
                (fields.into_iter().map(|(k, v)| (k, text(v).unwrap())).collect(), number, flag)
            };
            // If a name occurs twice, the last value counts, at the position of the first.
            let mut expected: Vec<(String, String)> = Vec::new();
            for (name, value) in fields {
                match expected.iter_mut().find(|(known, _)| *known == name) {
                    Some(known) => known.1 = value,
                    None => expected.push((name, value)),
                }
            }
            prop_assert_eq!(read, (expected, number, flag));
        }

        #[test]
        fn a_segment_keeps_what_is_inside(text: String) {
            let whole = Text(text.clone());
            prop_assert_eq!(&*whole.segment(), &text);
            let id = Id(format!("/{text}//"));
            prop_assert_eq!(&*id.segment(), text.trim_matches('/'));
            let model = Model::new(text.clone());
            prop_assert_eq!(&*model.segment(), &text);
            let query = Query::from(&model);
            prop_assert_eq!(query.values(), [text.clone().into_bytes()]);
            prop_assert_eq!(Form::from(&model).0, [text.into_bytes()]);
        }
    }
}

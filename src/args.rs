//! The types of arguments. They are validated once and can then be placed in a request.
//!
//! The conversions of a type say where it can be used: a [`Model`] in a path, a query or a
//! body; a [`Text`] in a path; a [`Query`] in a query string; a [`Form`] in a form; a [`Json`]
//! in a body. An invalid value carries its reason through these conversions into the call, so a
//! function that builds a call does not have to check its arguments. Values are formatted like
//! Python's own libraries format them, so that requests are equal to upstream's.

use std::{borrow::Cow, path::PathBuf, sync::Arc};

use bytes::Bytes;
use serde_json::Value;

use crate::error::InvalidArgument;

/// Why a value cannot be sent, if it cannot.
type Invalid = Option<Box<InvalidArgument>>;

/// JSON text, written as Python's `json.dumps` writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json {
    /// Shared, because the body of a request may be large.
    text: Arc<String>,
    invalid: Invalid,
}

/// The text of a body that is being sent.
struct SharedText(Arc<String>);

impl AsRef<[u8]> for SharedText {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl Json {
    /// `null`.
    #[must_use]
    pub fn null() -> Self {
        Self::from_text("null")
    }

    /// JSON that is already text.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self { text: Arc::new(text.into()), invalid: None }
    }

    /// A value that JSON does not know.
    #[must_use]
    pub fn invalid(reason: InvalidArgument) -> Self {
        Self { invalid: Some(Box::new(reason)), ..Self::null() }
    }

    /// Why it cannot be sent, if it cannot.
    #[must_use]
    pub fn reason(&self) -> Option<&InvalidArgument> {
        self.invalid.as_deref()
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text as bytes, which are not copied.
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        match Arc::try_unwrap(self.text) {
            Ok(text) => text.into(),
            Err(shared) => Bytes::from_owner(SharedText(shared)),
        }
    }

    /// An object of the given fields, in their order.
    pub fn object<K: AsRef<str>>(fields: impl IntoIterator<Item = (K, Self)>) -> Self {
        let mut text = String::from("{");
        let mut invalid = None;
        for (index, (key, value)) in fields.into_iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            write_string(&mut text, key.as_ref());
            text.push_str(": ");
            text.push_str(&value.text);
            invalid = invalid.or(value.invalid);
        }
        text.push('}');
        Self { text: Arc::new(text), invalid }
    }

    /// A list of the given values, in their order.
    pub fn list(values: impl IntoIterator<Item = Self>) -> Self {
        let mut text = String::from("[");
        let mut invalid = None;
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            text.push_str(&value.text);
            invalid = invalid.or(value.invalid);
        }
        text.push(']');
        Self { text: Arc::new(text), invalid }
    }
}

/// How many bytes are looked at together.
const WIDTH: usize = 16;

/// Whether none of these bytes needs an escape in JSON.
fn are_plain<const N: usize>(bytes: &[u8; N]) -> bool {
    // Without branches, the compiler uses vector instructions.
    let odd = |byte: u8| {
        u8::from(!(b' '..=b'~').contains(&byte)) | u8::from(byte == b'"') | u8::from(byte == b'\\')
    };
    bytes.iter().fold(0, |any, byte| any | odd(*byte)) == 0
}

/// The number of leading bytes that need no escape in JSON.
fn plain_run(bytes: &[u8]) -> usize {
    let chunks = bytes.chunks_exact(WIDTH).map_while(<[u8]>::first_chunk);
    let start = WIDTH * chunks.take_while(|chunk| are_plain::<WIDTH>(chunk)).count();
    // The last chunk overlaps the one before.
    if bytes.len() - start < WIDTH && bytes.last_chunk().is_some_and(are_plain::<WIDTH>) {
        return bytes.len();
    }
    let rest = bytes[start..].iter().position(|byte| !are_plain(&[*byte]));
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
        Self::from_text(text)
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        value.as_str().into()
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::from_text(value.to_string())
    }
}

impl From<i64> for Json {
    fn from(value: i64) -> Self {
        Self::from_text(value.to_string())
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

impl From<&Value> for Json {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::null(),
            Value::Bool(flag) => (*flag).into(),
            Value::Number(number) => Self::from_text(number.to_string()),
            Value::String(text) => text.as_str().into(),
            Value::Array(values) => Self::list(values.iter().map(Into::into)),
            Value::Object(fields) => {
                Self::object(fields.iter().map(|(key, value)| (key, value.into())))
            }
        }
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self::from(&value)
    }
}

impl From<Model> for Json {
    fn from(model: Model) -> Self {
        Self::from(&model)
    }
}

impl From<&Model> for Json {
    fn from(model: &Model) -> Self {
        model.json.clone()
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

/// One entity: a dict that has an id, or an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    text: String,
    json: Json,
    /// The encodings in a query and in a form, for an id that is not text.
    fields: Option<Box<(Query, Form)>>,
    invalid: Invalid,
}

impl Model {
    /// The model with this id.
    pub fn new(id: impl Into<String>) -> Self {
        let text = id.into();
        let json = text.as_str().into();
        Self { text, json, fields: None, invalid: None }
    }

    /// A model whose id is not text, with its encodings: as text, in JSON, in a query and in a
    /// form.
    pub fn with_encoding(text: impl Into<String>, json: Json, query: Query, form: Form) -> Self {
        Self { text: text.into(), json, fields: Some(Box::new((query, form))), invalid: None }
    }

    /// A model without an id. A call that is built with it is invalid.
    #[must_use]
    pub fn invalid(reason: InvalidArgument) -> Self {
        let json = Json::invalid(reason.clone());
        Self { json, invalid: Some(Box::new(reason)), ..Self::new("") }
    }

    /// The id, as it appears in a path or a query.
    ///
    /// # Errors
    /// If the model has none.
    pub fn id(&self) -> Result<&str, InvalidArgument> {
        match &self.invalid {
            None => Ok(&self.text),
            Some(reason) => Err((**reason).clone()),
        }
    }
}

impl From<&str> for Model {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

impl From<String> for Model {
    fn from(id: String) -> Self {
        Self::new(id)
    }
}

impl From<&Value> for Model {
    /// The entity that the server described, or whose id this is.
    fn from(value: &Value) -> Self {
        match value.get("id").unwrap_or(value) {
            Value::String(id) => Self::new(id.as_str()),
            Value::Object(_) => Self::invalid(InvalidArgument::MissingKey(
                "a model needs an id: the object has no 'id'".into(),
            )),
            _ => Self::invalid(InvalidArgument::WrongType(
                "a model is an object with an 'id', or an id".into(),
            )),
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

impl From<bool> for Flag {
    fn from(set: bool) -> Self {
        Self(set)
    }
}

/// A value that must be a `str`: the id of a `get_*` function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id(pub String);

impl From<&str> for Id {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

/// The id of one entity, given as a dict with an id or as an id. The id must be a `str`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelId(pub Id);

/// The text form of any object, for use in a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text(pub String);

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// A value of a query string: one text, or several with the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// One text, stored as bytes because Python `bytes` are accepted, too.
    One(Vec<u8>),
    /// Several texts. The name is repeated for each.
    Many(Vec<Vec<u8>>),
    /// The flag `True`.
    True,
    /// A value that cannot be sent.
    Invalid(Box<InvalidArgument>),
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
            Self::Invalid(_) => &[],
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
        match (&model.fields, model.id()) {
            (_, Err(reason)) => Self::Invalid(Box::new(reason)),
            (Some(fields), _) => fields.0.clone(),
            (None, Ok(id)) => id.into(),
        }
    }
}

impl From<Models> for Query {
    fn from(models: Models) -> Self {
        let ids = models.0.iter().map(|model| model.id().map(Into::into));
        ids.collect::<Result<_, _>>()
            .map_or_else(|reason| Self::Invalid(Box::new(reason)), Self::Many)
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
pub struct Form {
    values: Vec<Vec<u8>>,
    invalid: Invalid,
}

impl Form {
    /// The values, each of which becomes a part.
    #[must_use]
    pub fn values(&self) -> &[Vec<u8>] {
        &self.values
    }

    /// Why it cannot be sent, if it cannot.
    #[must_use]
    pub fn reason(&self) -> Option<&InvalidArgument> {
        self.invalid.as_deref()
    }
}

impl From<Vec<Vec<u8>>> for Form {
    fn from(values: Vec<Vec<u8>>) -> Self {
        Self { values, invalid: None }
    }
}

impl From<&str> for Form {
    fn from(value: &str) -> Self {
        vec![value.into()].into()
    }
}

impl From<bool> for Form {
    fn from(value: bool) -> Self {
        if value { "True" } else { "False" }.into()
    }
}

impl From<&Model> for Form {
    fn from(model: &Model) -> Self {
        match (&model.fields, model.id()) {
            (_, Err(reason)) => Self { invalid: Some(Box::new(reason)), ..Self::default() },
            (Some(fields), _) => fields.1.clone(),
            (None, Ok(id)) => id.into(),
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
        Self { values: vec![Arc::unwrap_or_clone(json.text).into_bytes()], invalid: json.invalid }
    }
}

/// A local file: its path, and the form in which it was passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePath(pub PathBuf, pub PathKind);

/// The form in which the path of a file was passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// As text.
    Path,
    /// As bytes.
    Bytes,
    /// As an open file descriptor of this process. The path is its entry in `/dev/fd`.
    Descriptor(i32),
}

impl From<PathBuf> for FilePath {
    fn from(path: PathBuf) -> Self {
        Self(path, PathKind::Path)
    }
}

impl From<i32> for FilePath {
    /// The file of a descriptor.
    fn from(descriptor: i32) -> Self {
        Self(format!("/dev/fd/{descriptor}").into(), PathKind::Descriptor(descriptor))
    }
}

impl From<&std::path::Path> for FilePath {
    fn from(path: &std::path::Path) -> Self {
        Self::from(path.to_owned())
    }
}

impl From<&str> for FilePath {
    fn from(path: &str) -> Self {
        Self::from(PathBuf::from(path))
    }
}

impl From<String> for FilePath {
    fn from(path: String) -> Self {
        Self::from(PathBuf::from(path))
    }
}

/// A path, made of its segments by [`path!`](crate::path).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    text: String,
    invalid: Invalid,
}

impl Path {
    /// The path that begins with this segment.
    pub fn new(first: &(impl Segment + ?Sized)) -> Self {
        Self { text: String::new(), invalid: None }.with(first)
    }

    /// Adds a segment after a slash.
    #[must_use]
    pub fn join(mut self, segment: &(impl Segment + ?Sized)) -> Self {
        self.text.push('/');
        self.with(segment)
    }

    /// Adds to the last segment.
    #[must_use]
    pub fn with(mut self, rest: &(impl Segment + ?Sized)) -> Self {
        self.text.push_str(&rest.segment());
        self.invalid = self.invalid.or_else(|| rest.reason().cloned().map(Box::new));
        self
    }

    /// The path, with a reason why it cannot be sent, if there is one.
    pub(crate) fn or_invalid(mut self, reason: Option<InvalidArgument>) -> Self {
        self.invalid = self.invalid.or(reason.map(Box::new));
        self
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The text, and why it cannot be sent, if it cannot.
    pub(crate) fn into_parts(self) -> (String, Option<Box<InvalidArgument>>) {
        (self.text, self.invalid)
    }
}

impl From<&str> for Path {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<String> for Path {
    fn from(text: String) -> Self {
        Self { text, invalid: None }
    }
}

/// One segment of a route.
pub trait Segment {
    /// The text of the segment.
    fn segment(&self) -> Cow<'_, str>;

    /// Why it cannot be sent, if it cannot.
    fn reason(&self) -> Option<&InvalidArgument> {
        None
    }
}

impl Segment for Path {
    fn segment(&self) -> Cow<'_, str> {
        self.text.as_str().into()
    }

    fn reason(&self) -> Option<&InvalidArgument> {
        self.invalid.as_deref()
    }
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
        self.text.as_str().into()
    }

    fn reason(&self) -> Option<&InvalidArgument> {
        self.invalid.as_deref()
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

    fn reason(&self) -> Option<&InvalidArgument> {
        self.model.reason()
    }
}

impl Segment for Dict {
    fn segment(&self) -> Cow<'_, str> {
        self.0.segment()
    }

    fn reason(&self) -> Option<&InvalidArgument> {
        self.0.reason()
    }
}

impl<T: Segment + ?Sized> Segment for &T {
    fn segment(&self) -> Cow<'_, str> {
        (**self).segment()
    }

    fn reason(&self) -> Option<&InvalidArgument> {
        (**self).reason()
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
                let (fields, number, flag): (serde_json::Map<String, Value>, _, _) =
                    serde_json::from_str(text.as_str()).unwrap();
                let text = |value: Value| value.as_str().map(str::to_owned);
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
            let form = Form::from(&model);
            prop_assert_eq!(form.values(), [text.into_bytes()]);
        }
    }
}

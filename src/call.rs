//! The description of a request that has not been sent.
//!
//! A [`Call`] holds a request and how to read its answer. It has no host, token or connection:
//! the client adds these when it runs the call.

use std::{borrow::Cow, fmt::Write as _};

use bytes::Bytes;
use percent_encoding::{percent_encode, AsciiSet, NON_ALPHANUMERIC};

use crate::{
    args::{FilePath, Flag, Form, Json, Path, PathKind, Query, Segment},
    error::InvalidArgument,
    redact::shown_url,
};

/// The verb of the client that sends a call. The names are upstream's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// GET of any route.
    Get,
    /// POST of any route.
    Post,
    /// PUT of any route.
    Put,
    /// DELETE of any route.
    Delete,
    /// GET of a list below `data/`.
    FetchAll,
    /// GET of a list below `data/`, for its first record.
    FetchFirst,
    /// GET of one record below `data/`.
    FetchOne,
    /// POST of a record below `data/`.
    Create,
    /// PUT of a record below `data/`.
    Update,
    /// POST of a record below `import/kitsu/`.
    ImportData,
    /// POST of a form with files.
    Upload,
    /// GET of a file.
    Download,
    /// GET of a file's bytes.
    GetFileData,
}

impl Verb {
    /// The name of the function in `gazu.client`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
            Self::Put => "put",
            Self::Delete => "delete",
            Self::FetchAll => "fetch_all",
            Self::FetchFirst => "fetch_first",
            Self::FetchOne => "fetch_one",
            Self::Create => "create",
            Self::Update => "update",
            Self::ImportData => "import_data",
            Self::Upload => "upload",
            Self::Download => "download",
            Self::GetFileData => "get_file_data_from_url",
        }
    }

    /// The HTTP method.
    #[must_use]
    pub const fn method(self) -> &'static str {
        match self {
            Self::Get
            | Self::FetchAll
            | Self::FetchFirst
            | Self::FetchOne
            | Self::Download
            | Self::GetFileData => "GET",
            Self::Post | Self::Create | Self::ImportData | Self::Upload => "POST",
            Self::Put | Self::Update => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// The prefix of the verb's routes.
    const fn prefix(self) -> &'static str {
        match self {
            Self::FetchAll | Self::FetchFirst | Self::FetchOne | Self::Create | Self::Update => {
                "data/"
            }
            Self::ImportData => "/import/kitsu/",
            _ => "",
        }
    }
}

/// GET routes of Zou that change something, so that they are sent once: a retry would be a second
/// mail or build. `*` is one segment, `**` all that follow. `actions` and `auth` act unless
/// [`PLAIN_READS`] says otherwise, so that a new route there is not repeated before it is looked at.
const ACTING_READS: [&str; 8] = [
    "actions/**",
    "auth/**",
    // It is made where there is none.
    "data/entities/*/chat",
    // It starts the build of a movie.
    "data/playlists/*/build/mp4",
    // Each request packs the same file and then removes it.
    "data/playlists/*/download/zip",
    // The items that are missing are made, and told to all listeners.
    "data/projects/*/schedule-items/**",
    "data/salary-scales",
    "status/test-event",
];

/// Those of them that change nothing.
const PLAIN_READS: [&str; 9] = [
    "actions/preview-files/*/extract-annotated-frame",
    "actions/preview-files/*/extract-annotated-frames",
    "actions/preview-files/*/extract-annotated-frames-pdf",
    "actions/preview-files/*/extract-frame",
    "actions/preview-files/*/extract-tile",
    "actions/tasks/*/time-spents",
    "actions/tasks/*/time-spents/*",
    "auth/authenticated",
    "auth/person-list",
];

/// Whether a GET of a route changes something.
fn acts(segments: &[&str]) -> bool {
    let is_one_of = |patterns: &[&str]| patterns.iter().any(|pattern| matches(pattern, segments));
    is_one_of(&ACTING_READS) && !is_one_of(&PLAIN_READS)
}

fn matches(pattern: &str, segments: &[&str]) -> bool {
    let mut rest = segments.iter();
    for part in pattern.split('/') {
        match rest.next() {
            Some(_) if part == "**" => return true,
            Some(segment) if part == "*" || part == *segment => {}
            _ => return false,
        }
    }
    rest.next().is_none()
}

/// How the body of an answer is converted to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadAs {
    /// The JSON value.
    Json,
    /// The first entry of a JSON list, or nothing if it is empty.
    First,
    /// The JSON value. If it has a message, the upload failed.
    Uploaded,
    /// The text.
    Text,
    /// The bytes.
    Bytes,
    /// The response, with its body in a file or in memory.
    Response,
    /// The rows of a board: lines of JSON below a header that names the columns, or a JSON list.
    Rows,
    /// The same rows, one after another while they arrive.
    RowStream,
}

/// The content of a part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Bytes.
    Bytes(Vec<u8>),
    /// A local file, which is streamed.
    File(FilePath),
    /// A stream of the caller, by its index.
    Stream(usize),
}

/// One part of a multipart form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The field's name.
    pub name: Vec<u8>,
    /// The file's name; none for a field that is not a file.
    pub file_name: Option<Vec<u8>>,
    /// The content type, if the caller gives one.
    pub content_type: Option<Vec<u8>>,
    /// Further headers of the part, if the caller gives them.
    pub headers: Vec<(String, String)>,
    /// The content.
    pub content: Content,
}

/// The body of a request.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Body {
    /// Nothing.
    #[default]
    None,
    /// JSON.
    Json(Json),
    /// An object under construction.
    Object(Vec<(Cow<'static, str>, Json)>),
    /// A multipart form: its fields, then its files.
    Form {
        /// Fields that are not files.
        fields: Vec<(Vec<u8>, Form)>,
        /// Files, and other parts among them.
        files: Vec<Part>,
    },
}

impl std::fmt::Debug for Body {
    /// Shows only the names, because values may be passwords.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => formatter.write_str("None"),
            Self::Json(_) => formatter.write_str("Json(..)"),
            Self::Object(fields) => {
                formatter.debug_set().entries(fields.iter().map(|(name, _)| name)).finish()
            }
            Self::Form { fields, files } => {
                let names = fields.iter().map(|(name, _)| name);
                let names = names.chain(files.iter().map(|part| &part.name));
                let names = names.map(|name| String::from_utf8_lossy(name).into_owned());
                formatter.debug_set().entries(names).finish()
            }
        }
    }
}

/// The description of a request that has not been sent.
#[must_use = "a call is sent when a client runs it"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The client's verb.
    pub verb: Verb,
    /// The path as it is passed to the verb.
    pub path: String,
    /// The query, in order.
    pub query: Vec<(Cow<'static, str>, Query)>,
    /// The body.
    pub body: Body,
    /// How the answer is read.
    pub reading: ReadAs,
    /// Whether a list is sorted by the names of its entries.
    pub sorted: bool,
    /// The target file of a download; none keeps it in memory.
    pub target: Option<FilePath>,
    /// The first argument that is invalid; a call that has one is never sent.
    pub invalid: Option<Box<InvalidArgument>>,
}

/// Builds a [`Path`](crate::args::Path) from its segments: `path!["shots", shot, "tasks"]`.
#[macro_export]
macro_rules! path {
    ($first:expr $(, $segment:expr)* $(,)?) => {
        $crate::args::Path::new(&$first)$(.join(&$segment))*
    };
}

fn call(verb: Verb, path: impl Into<Path>, reading: ReadAs) -> Call {
    let (path, invalid) = path.into().into_parts();
    Call {
        verb,
        path,
        query: Vec::new(),
        body: Body::None,
        reading,
        sorted: false,
        target: None,
        invalid,
    }
}

/// GET of any route, read as JSON.
pub fn get(path: impl Into<Path>) -> Call {
    call(Verb::Get, path, ReadAs::Json)
}

/// POST of any route; an empty object unless fields or [`Call::json`] follow.
pub fn post(path: impl Into<Path>) -> Call {
    Call { body: Body::Object(Vec::new()), ..call(Verb::Post, path, ReadAs::Json) }
}

/// PUT of any route; an empty object unless fields or [`Call::json`] follow.
pub fn put(path: impl Into<Path>) -> Call {
    Call { body: Body::Object(Vec::new()), ..call(Verb::Put, path, ReadAs::Json) }
}

/// DELETE of any route, read as text.
pub fn delete(path: impl Into<Path>) -> Call {
    call(Verb::Delete, path, ReadAs::Text)
}

/// GET of a list: `data/{path}`.
pub fn fetch_all(path: impl Into<Path>) -> Call {
    call(Verb::FetchAll, path, ReadAs::Json)
}

/// GET of the first record of a list: `data/{path}`.
pub fn fetch_first(path: impl Into<Path>) -> Call {
    call(Verb::FetchFirst, path, ReadAs::First)
}

/// GET of one record: `data/{model}/{id}`.
pub fn fetch_one(model: impl Segment, id: impl Segment) -> Call {
    call(Verb::FetchOne, joined(&model, &id), ReadAs::Json)
}

/// Joins two parts of a path with one slash.
fn joined(model: &impl Segment, id: &impl Segment) -> Path {
    let parts = [model.segment(), id.segment()];
    let [model_part, id_part] = parts.each_ref().map(|part| part.trim_matches('/'));
    let reason = model.reason().or(id.reason()).cloned();
    Path::from(format!("{model_part}/{id_part}")).or_invalid(reason)
}

/// POST of a record: `data/{model}`.
pub fn create(model: impl Into<Path>) -> Call {
    Call { body: Body::Object(Vec::new()), ..call(Verb::Create, model, ReadAs::Json) }
}

/// PUT of a record: `data/{model}/{id}`.
pub fn update(model: impl Segment, id: impl Segment) -> Call {
    let path = joined(&model, &id);
    Call { body: Body::Object(Vec::new()), ..call(Verb::Update, path, ReadAs::Json) }
}

/// POST of a record: `import/kitsu/{model}`.
pub fn import_data(model: impl Into<Path>) -> Call {
    Call { body: Body::Object(Vec::new()), ..call(Verb::ImportData, model, ReadAs::Json) }
}

/// POST of a form with files.
pub fn upload(path: impl Into<Path>) -> Call {
    Call {
        body: Body::Form { fields: Vec::new(), files: Vec::new() },
        ..call(Verb::Upload, path, ReadAs::Uploaded)
    }
}

/// GET of a file, which is written to `target`, or kept in memory if there is none.
pub fn download(path: impl Into<Path>, target: Option<FilePath>) -> Call {
    Call { target, ..call(Verb::Download, path, ReadAs::Response) }
}

/// GET of a file's bytes from a complete URL.
pub fn get_file_data(path: impl Into<Path>) -> Call {
    call(Verb::GetFileData, path, ReadAs::Bytes)
}

impl Call {
    /// Keeps why an argument is invalid, unless another has been before.
    fn note(&mut self, reason: Option<&InvalidArgument>) {
        if let (None, Some(reason)) = (&self.invalid, reason) {
            self.invalid = Some(Box::new(reason.clone()));
        }
    }

    /// The same call at another path.
    pub fn at(mut self, path: impl Into<Path>) -> Self {
        let (path, reason) = path.into().into_parts();
        self.note(reason.as_deref());
        Self { path, ..self }
    }

    /// Adds a value to the query.
    pub fn query(mut self, name: &'static str, value: impl Into<Query>) -> Self {
        let value = value.into();
        if let Query::Invalid(reason) = &value {
            self.note(Some(reason));
        }
        self.query.push((name.into(), value));
        self
    }

    /// Adds a value to the query, if there is a value.
    pub fn maybe_query(self, name: &'static str, value: Option<impl Into<Query>>) -> Self {
        match value {
            Some(value) => self.query(name, value),
            None => self,
        }
    }

    /// Adds `name=True` to the query, if it is set.
    pub fn flag(self, name: &'static str, set: Flag) -> Self {
        if set.0 {
            self.query(name, true)
        } else {
            self
        }
    }

    /// Sends this value instead of an object of fields.
    pub fn json(mut self, value: impl Into<Json>) -> Self {
        let value = value.into();
        self.note(value.reason());
        self.body = Body::Json(value);
        self
    }

    /// Adds a field to the JSON object that is sent.
    ///
    /// # Panics
    /// If the call does not send an object. This is a bug in the function that builds it.
    pub fn field(mut self, name: &'static str, value: impl Into<Json>) -> Self {
        let value = value.into();
        self.note(value.reason());
        match &mut self.body {
            Body::Object(fields) => fields.push((name.into(), value)),
            _ => panic!("{} sends no object", self.path),
        }
        self
    }

    /// Adds a field to the JSON object that is sent, if there is a value.
    pub fn maybe_field(self, name: &'static str, value: Option<impl Into<Json>>) -> Self {
        match value {
            Some(value) => self.field(name, value),
            None => self,
        }
    }

    /// Adds a field to the form.
    ///
    /// # Panics
    /// If the call is not an upload. This is a bug in the function that builds it.
    pub fn form_field(mut self, name: &str, value: impl Into<Form>) -> Self {
        let value = value.into();
        self.note(value.reason());
        match &mut self.body {
            Body::Form { fields, .. } => fields.push((name.into(), value)),
            _ => panic!("{} sends no form", self.path),
        }
        self
    }

    /// Adds a field to the form, if there is a value.
    pub fn maybe_form_field(self, name: &str, value: Option<impl Into<Form>>) -> Self {
        match value {
            Some(value) => self.form_field(name, value),
            None => self,
        }
    }

    /// Adds a part to the files of the form.
    ///
    /// # Panics
    /// If the call is not an upload. This is a bug in the function that builds it.
    pub fn part(mut self, part: Part) -> Self {
        match &mut self.body {
            Body::Form { files, .. } => files.push(part),
            _ => panic!("{} sends no form", self.path),
        }
        self
    }

    /// Adds a part of JSON to the form's files.
    pub fn json_part(mut self, name: &str, value: &Json) -> Self {
        self.note(value.reason());
        self.part(Part {
            name: name.into(),
            file_name: None,
            content_type: Some(b"application/json".to_vec()),
            headers: Vec::new(),
            content: Content::Bytes(value.as_str().into()),
        })
    }

    /// Adds a file with this field name. The file name is the last part of the path.
    pub fn file(self, name: impl Into<String>, path: FilePath) -> Self {
        let name = name.into().into_bytes();
        let file_name = path.0.file_name().filter(|_| !matches!(path.1, PathKind::Descriptor(_)));
        let file_name = file_name
            .map_or_else(|| name.clone(), |file_name| file_name.as_encoded_bytes().to_vec());
        self.part(Part {
            name,
            file_name: Some(file_name),
            content_type: None,
            headers: Vec::new(),
            content: Content::File(path),
        })
    }

    /// Adds the files of a comment: the first as `file`, the others as `file-1`, `file-2`, ...
    pub fn files(mut self, first: FilePath, others: Vec<FilePath>) -> Self {
        self = self.file("file", first);
        for (index, path) in others.into_iter().enumerate() {
            self = self.file(format!("file-{}", index + 1), path);
        }
        self
    }

    /// Sorts the list by name, stably and ignoring case. Entries without a name come first.
    pub fn sorted_by_name(mut self) -> Self {
        self.sorted = true;
        self
    }

    /// Reads the answer as the rows of a board.
    pub fn rows(mut self) -> Self {
        self.reading = ReadAs::Rows;
        self
    }

    /// Reads the answer as text.
    pub fn text(mut self) -> Self {
        self.reading = ReadAs::Text;
        self
    }

    /// The route: the path below the host, without the query.
    #[must_use]
    pub fn route(&self) -> String {
        let prefix = self.verb.prefix();
        // Joining a path with `data/` removes the slashes around it. `fetch_one` and `update` have
        // already joined their two parts, of which the second may be empty.
        let joined = matches!(self.verb, Verb::FetchOne | Verb::Update);
        if prefix == "data/" && !joined {
            format!("{prefix}{}", self.path.trim_matches('/'))
        } else {
            format!("{prefix}{}", self.path)
        }
    }

    /// The route with its query, as it appears in exceptions.
    #[must_use]
    pub fn route_and_query(&self) -> String {
        with_query(self.route(), &self.query)
    }

    /// Whether the call may be sent again after a failure: a read that changes nothing.
    #[must_use]
    pub fn is_repeatable(&self) -> bool {
        if self.verb.method() != "GET" {
            return false;
        }
        let route = self.route();
        let path = route.split(['?', '#']).next().unwrap_or_default();
        let segments: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        if self.verb == Verb::GetFileData {
            // A whole URL, of which nobody knows where the route begins.
            return !(0..segments.len()).any(|start| acts(&segments[start..]));
        }
        !acts(&segments)
    }

    /// The JSON body, if the call has one.
    #[must_use]
    pub fn json_body(&self) -> Option<Cow<'_, Json>> {
        match &self.body {
            Body::Json(json) => Some(Cow::Borrowed(json)),
            Body::Object(fields) => {
                let fields = fields.iter().map(|(name, value)| (name, value.clone()));
                Some(Cow::Owned(Json::object(fields)))
            }
            Body::None | Body::Form { .. } => None,
        }
    }

    /// The JSON body as bytes, if the call has one.
    #[must_use]
    pub fn json_bytes(&self) -> Option<Bytes> {
        self.json_body().map(|json| json.into_owned().into_bytes())
    }
}

/// The characters that Python's `quote_plus` does not escape. The space is handled separately.
const QUOTE_PLUS: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'_').remove(b'.').remove(b'-').remove(b'~').remove(b' ');

/// Appends a query to a path, which may already have one.
#[doc(hidden)]
#[must_use]
pub fn with_query<N: AsRef<str>>(mut path: String, query: &[(N, Query)]) -> String {
    let mut separator = if path.contains('?') { '&' } else { '?' };
    for (name, value) in query {
        for value in value.values() {
            path.push(separator);
            separator = '&';
            quote_plus(&mut path, name.as_ref().as_bytes());
            path.push('=');
            quote_plus(&mut path, value);
        }
    }
    path
}

fn quote_plus(out: &mut String, bytes: &[u8]) {
    for piece in percent_encode(bytes, QUOTE_PLUS) {
        for (index, words) in piece.split(' ').enumerate() {
            if index > 0 {
                out.push('+');
            }
            out.push_str(words);
        }
    }
}

/// Joins a host and a path with exactly one slash.
#[doc(hidden)]
#[must_use]
pub fn join_url(host: &str, path: &str) -> String {
    format!("{}/{}", host.trim_matches('/'), path.trim_matches('/'))
}

impl std::fmt::Display for Call {
    /// Shows the method and the route, which may be logged.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.verb.method())?;
        formatter.write_char(' ')?;
        formatter.write_str(&shown_url(&self.route_and_query()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Model, Models};
    use proptest::prelude::*;

    #[test]
    fn a_call_is_a_value() {
        let build = || {
            fetch_all(path!["shots", Model::new("1"), "tasks"])
                .flag("relations", Flag(true))
                .sorted_by_name()
        };
        assert_eq!(build(), build());
        assert_eq!(build().to_string(), "GET data/shots/1/tasks?relations=True");
    }

    #[test]
    fn a_query_reads_as_urlencode_writes_it() {
        let call = get("a?b=c")
            .query("na me", "x y&é~")
            .query("ids", Query::Many(vec![b"1".to_vec(), b"2".to_vec()]));
        assert_eq!(call.route_and_query(), "a?b=c&na+me=x+y%26%C3%A9~&ids=1&ids=2");
    }

    #[test]
    fn the_first_invalid_argument_stays_with_the_call() {
        let bad = |name: &str| Model::invalid(InvalidArgument::MissingKey(name.into()));
        let first = |call: Call| call.invalid.map(|reason| reason.to_string());
        let good = || Model::new("1");
        assert_eq!(first(get(path!["a", good()]).query("b", good())), None);
        let calls = [
            post(path!["a", bad("1"), bad("2")]).field("b", bad("3")),
            fetch_one("a", bad("1")),
            update(path!["a", bad("1")], bad("2")),
            post(path!["a", good()]).field("b", bad("1")).field("c", bad("2")),
            post("a").json(Models(vec![good(), bad("1"), bad("2")])),
            post("a").field("b", Json::object([("c", bad("1").into()), ("d", bad("2").into())])),
            get("a").query("b", bad("1")).query("c", bad("2")),
            get("a").query("b", Models(vec![bad("1")])),
            upload("a").form_field("b", bad("1")),
            upload("a").form_field("b", Json::from(bad("1"))),
            get(path!["a", good()].with(&bad("1"))),
        ];
        for call in calls {
            let shown = call.to_string();
            assert_eq!(first(call).as_deref(), Some("1"), "{shown}");
        }
    }

    #[test]
    fn a_call_is_shown_without_secrets() {
        let call = get("auth/x").query("token", "s3cret").query("page", 2);
        assert_eq!(call.to_string(), "GET auth/x?token=...&page=2");
    }

    #[test]
    fn an_empty_list_adds_nothing() {
        assert_eq!(get("a").query("ids", Query::Many(vec![])).route_and_query(), "a");
    }

    #[test]
    fn parts_of_a_data_route_are_joined() {
        assert_eq!(fetch_all("/projects/").route(), "data/projects");
        assert_eq!(import_data("tasks").route(), "/import/kitsu/tasks");
        assert_eq!(join_url("http://h/api/", "/a/"), "http://h/api/a");
    }

    #[test]
    fn a_read_that_acts_is_not_repeatable() {
        for acting in [
            get("actions/persons/1/invite"),
            get("/actions/persons/1/invite/?a=b"),
            get("actions//persons/1/invite"),
            get("auth/email-otp").query("email", "a"),
            get("auth/logout"),
            get("auth/refresh-token"),
            fetch_all("playlists/1/build/mp4"),
            fetch_all("projects/1/schedule-items/task-types"),
            download("data/playlists/1/download/zip", None),
            get_file_data("https://h/api/actions/persons/1/invite?a=b"),
            post("data/shots"),
        ] {
            assert!(!acting.is_repeatable(), "{acting}");
        }
        for plain in [
            get("auth/authenticated"),
            get("actions/tasks/1/time-spents/2026-01-02"),
            get("data/playlists/1/jobs/2/build/mp4"),
            get("data/projects/1/schedule-items"),
            download("actions/preview-files/1/extract-frame", None),
            fetch_all("actions/persons"),
            fetch_one("persons", "actions"),
            get_file_data("https://h/actions.png"),
            get(""),
        ] {
            assert!(plain.is_repeatable(), "{plain}");
        }
    }

    proptest! {
        #![proptest_config(crate::cases())]

        #[test]
        fn a_query_means_what_was_given(
            path in "[a-z/]{0,9}([?][a-z]=[a-z])?",
            pairs in prop::collection::vec(
                (any::<String>(), prop::collection::vec(any::<Vec<u8>>(), 0..3)), 0..4,
            ),
        ) {
            let given = pairs.iter().map(|(name, values)| (name, Query::Many(values.clone())));
            let query: Vec<_> = given.collect();
            let whole = with_query(path.clone(), &query);
            prop_assert!(whole.bytes().all(|byte| matches!(byte, b'!'..=b'~') && byte != b'#'));
            let rest = whole.strip_prefix(&path).unwrap();
            let mut expected = Vec::new();
            for (name, values) in &pairs {
                for value in values {
                    expected.push((name.clone(), String::from_utf8_lossy(value).into_owned()));
                }
            }
            prop_assert_eq!(rest.is_empty(), expected.is_empty());
            if let Some(first) = rest.chars().next() {
                prop_assert_eq!(first, if path.contains('?') { '&' } else { '?' });
                let read: Vec<(String, String)> =
                    url::form_urlencoded::parse(&rest.as_bytes()[1..]).into_owned().collect();
                prop_assert_eq!(read, expected);
            }
        }

        #[test]
        fn one_slash_joins_a_host_and_a_path(host in "[a-z:/.]{1,12}", path: String) {
            let joined = join_url(&format!("{host}/"), &format!("//{path}"));
            let expected = format!("{}/{}", host.trim_matches('/'), path.trim_matches('/'));
            prop_assert_eq!(joined, expected);
        }

        #[test]
        fn a_route_is_made_of_its_segments(id: String, other: String) {
            let path = path!["shots", Model::new(&*id), "tasks", &other];
            prop_assert_eq!(path.as_str(), format!("shots/{id}/tasks/{other}"));
            let call = fetch_one("shots", Model::new(&*id));
            let inside = format!("shots/{id}");
            prop_assert_eq!(call.route(), format!("data/{}", inside.trim_matches('/')));
            let shown = call.to_string();
            prop_assert!(shown.starts_with("GET data/shots"));
        }
    }
}

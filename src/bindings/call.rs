//! A call, as Python sees it.

use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
    types::{PyBytes, PyDict, PyInt, PyList, PyString, PyTuple},
};

use super::{args, decode, encode};
use crate::{
    args::{FilePath, Id, Json, Query, Text},
    call::{self, Body, Call, Content, Part, ReadAs, Verb},
};

/// A description of a request. `client.run(call)` sends it.
#[pyclass(name = "Call", module = "gazu._core", frozen, eq, skip_from_py_object)]
#[derive(Clone, PartialEq)]
pub struct PyCall(pub(super) Call);

impl<'py> IntoPyObject<'py> for Call {
    type Target = PyCall;
    type Output = Bound<'py, PyCall>;
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const OUTPUT_TYPE: pyo3::inspect::PyStaticExpr = <PyCall as pyo3::PyTypeInfo>::TYPE_HINT;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self.invalid {
            Some(reason) => Err((*reason).into()),
            None => Bound::new(py, PyCall(self)),
        }
    }
}

#[pymethods]
impl PyCall {
    /// The name of the function of `gazu.client` that the call goes through.
    #[getter]
    fn verb(&self) -> &'static str {
        self.0.verb.name()
    }

    /// The method on the wire.
    #[getter]
    fn method(&self) -> &'static str {
        self.0.verb.method()
    }

    /// Whether the call may be sent again after a failure.
    #[getter]
    fn is_repeatable(&self) -> bool {
        self.0.is_repeatable()
    }

    /// The path as it is handed to the verb.
    #[getter]
    fn path(&self) -> &str {
        &self.0.path
    }

    /// The path below the host, without the query.
    #[getter]
    fn route(&self) -> String {
        self.0.route()
    }

    /// The path below the host, with the query.
    #[getter]
    fn route_and_query(&self) -> String {
        self.0.route_and_query()
    }

    /// The query: one value for a name, or a list of them.
    #[getter]
    fn params<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let params = PyDict::new(py);
        for (name, value) in &self.0.query {
            let texts: Vec<_> =
                value.values().iter().map(|value| String::from_utf8_lossy(value)).collect();
            match (value, texts.as_slice()) {
                (Query::True, _) => params.set_item(name, true)?,
                (Query::One(_), [text]) => params.set_item(name, text)?,
                _ => params.set_item(name, texts)?,
            }
        }
        Ok(params)
    }

    /// The JSON value that is sent; `None` when no JSON is.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let Some(json) = self.0.json_body() else { return Ok(None) };
        match decode::decode(py, json.as_str().as_bytes())? {
            Some(value) => Ok(Some(value)),
            None => py.import("json")?.call_method1("loads", (json.as_str(),)).map(Some),
        }
    }

    /// The JSON text that is sent; `None` when no JSON is.
    #[getter]
    fn body(&self) -> Option<String> {
        self.0.json_body().map(|json| json.as_str().to_owned())
    }

    /// Whether the result is a list sorted by its entries' names.
    #[getter]
    fn sorted(&self) -> bool {
        self.0.sorted
    }

    /// Where a download goes.
    #[getter]
    fn target(&self) -> Option<&FilePath> {
        self.0.target.as_ref()
    }

    /// The form's plain fields, in order: pairs of a name and its values.
    #[getter]
    fn form(&self) -> Vec<(String, Vec<String>)> {
        let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        match &self.0.body {
            Body::Form { fields, .. } => fields
                .iter()
                .map(|(name, values)| (text(name), values.values().iter().map(text).collect()))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The form's files, in order: name, file name, content type, and a path or bytes.
    #[getter]
    fn files<'py>(&self, py: Python<'py>) -> PyResult<Vec<FileOfForm<'py>>> {
        let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
        let Body::Form { files, .. } = &self.0.body else { return Ok(Vec::new()) };
        files
            .iter()
            .map(|part| {
                let content = match &part.content {
                    Content::Bytes(bytes) => PyBytes::new(py, bytes).into_any(),
                    Content::File(path) => path.0.as_os_str().into_pyobject(py)?.into_any(),
                    Content::Stream(stream) => stream.into_pyobject(py)?.into_any(),
                };
                let name = text(&part.name);
                let file_name = part.file_name.as_ref().map(text);
                Ok((name, file_name, part.content_type.as_ref().map(text), content))
            })
            .collect()
    }

    /// The call with no body.
    fn without_body(&self) -> Self {
        Self(Call { body: Body::None, ..self.0.clone() })
    }

    /// The call with this value as its JSON body.
    fn with_json(&self, data: &Bound<'_, PyAny>) -> PyResult<Self> {
        Ok(Self(self.0.clone().json(encode::json(data)?)))
    }

    /// The call with this JSON text as its body.
    fn with_text(&self, text: String) -> Self {
        Self(self.0.clone().json(Json::from_text(text)))
    }

    /// The call with this path.
    fn with_path(&self, path: String) -> Self {
        Self(Call { path, ..self.0.clone() })
    }

    /// The call with an answer that is the entry itself, not a list that begins with it.
    fn without_first(&self) -> Self {
        Self(Call { reading: ReadAs::Json, ..self.0.clone() })
    }

    /// The call with an answer that is read row by row.
    fn with_row_stream(&self) -> Self {
        Self(Call { reading: ReadAs::RowStream, ..self.0.clone() })
    }

    /// Whether the answer may be kept: it is no file, and asking for it changes nothing.
    #[getter]
    fn may_be_kept(&self) -> bool {
        !matches!(self.0.reading, ReadAs::Response | ReadAs::Bytes) && self.0.is_repeatable()
    }

    /// Whether the answer is read row by row.
    #[getter]
    fn streams_rows(&self) -> bool {
        self.0.reading == ReadAs::RowStream
    }

    /// Whether the answer is read as text.
    #[getter]
    fn reads_text(&self) -> bool {
        self.0.reading == ReadAs::Text
    }

    /// The download with this target.
    fn with_target(&self, target: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        // Extracted here, so that an error has the text of `os.fspath`.
        let target = target.map(PyAnyMethods::extract).transpose()?;
        Ok(Self(Call { target, ..self.0.clone() }))
    }

    /// Whether the call sends a form.
    #[getter]
    fn is_upload(&self) -> bool {
        self.0.verb == Verb::Upload
    }

    /// Method and route, without any value that is sent.
    fn __repr__(&self) -> String {
        format!("<Call {}>", self.0)
    }
}

type FileOfForm<'py> = (String, Option<String>, Option<String>, Bound<'py, PyAny>);

/// A call of one of the verbs of `gazu.client`, by the verb's name.
#[pyfunction]
#[pyo3(signature = (verb, path, params=None, json_response=true))]
pub(super) fn client_call(
    verb: &str,
    path: Id,
    params: Option<&Bound<'_, PyAny>>,
    json_response: bool,
) -> PyResult<PyCall> {
    let Id(path) = path;
    let mut call = match verb {
        "get" => call::get(path),
        "delete" => call::delete(path),
        "post" => call::post(path),
        "put" => call::put(path),
        "download" => call::download(path, None),
        "fetch_first" => call::fetch_first(path),
        "fetch_one" => Call { verb: Verb::FetchOne, ..call::get(path) },
        "get_file_data_from_url" => call::get_file_data(path),
        other => return Err(PyValueError::new_err(format!("verb: no verb is named {other}"))),
    };
    if !json_response {
        call.reading = ReadAs::Text;
    }
    if let Some(params) = params {
        for (name, value) in args::query_items(params)? {
            let Text(name) = name.extract()?;
            call.query.push((name.into(), value.extract()?));
        }
    }
    Ok(PyCall(call))
}

/// The call of an upload, and the file objects that it reads.
///
/// `files` has the forms that `requests` takes: a field's name maps to a file object, to
/// content, or to a tuple of file name, content or file object, content type and headers. The
/// files of `paths` follow as the fields `file`, `file-1`, `file-2`, ...; with `extra` they begin
/// with `file-1`.
#[pyfunction]
#[pyo3(signature = (path, data, files, paths, extra=false))]
pub(super) fn upload_call<'py>(
    path: Id,
    data: &Bound<'py, PyAny>,
    files: Option<&Bound<'py, PyAny>>,
    paths: Vec<Bound<'py, PyAny>>,
    extra: bool,
) -> PyResult<(PyCall, Vec<Bound<'py, PyAny>>)> {
    let mut call = call::upload(path.0);
    let mut streams = Vec::new();
    if data.is_truthy()? {
        if data.is_instance_of::<PyString>() || data.is_instance_of::<PyBytes>() {
            return Err(PyValueError::new_err("Data must not be a string."));
        }
        for (name, value) in args::form_items(data)? {
            let Body::Form { fields, .. } = &mut call.body else { break };
            fields.push((args::part_text(&name)?, value.extract()?));
        }
    }
    if let Some(files) = files {
        for (name, value) in args::form_items(files)? {
            if let Some(part) = part(args::part_text(&name)?, &value, &mut streams)? {
                call = call.part(part);
            }
        }
    }
    for (number, path) in (usize::from(extra)..).zip(paths) {
        call = match number {
            0 => call.file("file", upload_path("file_path", &path)?),
            _ => call.file(format!("file-{number}"), upload_path("extra_files", &path)?),
        };
    }
    Ok((PyCall(call), streams))
}

/// The path in an argument of an upload. The error of a wrong type names the argument.
fn upload_path(argument: &str, path: &Bound<'_, PyAny>) -> PyResult<FilePath> {
    let py = path.py();
    path.extract::<FilePath>().map_err(|error| {
        if !error.is_instance_of::<PyTypeError>(py) {
            return error;
        }
        PyTypeError::new_err(format!("{argument}: {}", error.value(py)))
    })
}

/// Content that is neither text nor a file object: an object with the bytes of a buffer.
fn content_of_buffer(content: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    let view = content.py().import("builtins")?.getattr("memoryview")?.call1((content,));
    let bytes = view.and_then(|view| view.call_method0("tobytes")).map_err(|_| {
        let given = content.get_type().name();
        let given = given.map_or_else(|_| String::new(), |name| name.to_string());
        PyTypeError::new_err(format!("files: a bytes-like object is required, not '{given}'"))
    })?;
    Ok(bytes.cast_into::<PyBytes>()?.as_bytes().to_vec())
}

/// The part for an entry of `files`; none for an empty entry.
fn part<'py>(
    name: Vec<u8>,
    value: &Bound<'py, PyAny>,
    streams: &mut Vec<Bound<'py, PyAny>>,
) -> PyResult<Option<Part>> {
    let mut described = Vec::new();
    if value.is_instance_of::<PyTuple>() || value.is_instance_of::<PyList>() {
        described = value.try_iter()?.collect::<PyResult<Vec<_>>>()?;
    }
    let (file_name, content) = match described.as_slice() {
        [] => (Some(guessed_file_name(value)?.unwrap_or_else(|| name.clone())), value.clone()),
        [file_name, content, ..] if described.len() <= 4 => {
            let file_name = Some(file_name).filter(|file_name| !file_name.is_none());
            (file_name.map(args::part_text).transpose()?, content.clone())
        }
        _ => {
            let message = "files: a tuple has a file name, a content, a content type and headers";
            return Err(PyValueError::new_err(message));
        }
    };
    let given = |index: usize| described.get(index).filter(|value| !value.is_none());
    let headers = match given(3) {
        Some(headers) => args::items(headers)?
            .iter()
            .map(|(name, value)| Ok((name.extract()?, value.extract()?)))
            .collect::<PyResult<_>>()?,
        None => Vec::new(),
    };
    let plain = content.is_instance_of::<PyString>() || content.is_instance_of::<PyBytes>();
    let content = if plain {
        Content::Bytes(args::part_text(&content)?)
    } else if content.hasattr("read")? {
        streams.push(content);
        Content::Stream(streams.len() - 1)
    } else if content.is_none() {
        return Ok(None);
    } else if content.is_instance_of::<PyInt>() {
        Content::Bytes(args::part_text(&content)?)
    } else {
        Content::Bytes(content_of_buffer(&content)?)
    };
    let content_type = given(2).map(args::part_text).transpose()?;
    Ok(Some(Part { name, file_name, content_type, headers, content }))
}

/// The last segment of a file object's path; none if its name is no path (`<stdin>`).
fn guessed_file_name(file: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    let Some(name) = file.getattr_opt("name")? else { return Ok(None) };
    if !(name.is_instance_of::<PyString>() || name.is_instance_of::<PyBytes>()) {
        return Ok(None);
    }
    let path = args::part_text(&name)?;
    if path.is_empty() || path.first() == Some(&b'<') && path.last() == Some(&b'>') {
        return Ok(None);
    }
    let base = file.py().import("os.path")?.call_method1("basename", (name,))?;
    args::part_text(&base).map(Some)
}

//! Converting Python values to the arguments of endpoints.
//!
//! An invalid value raises the exception class that upstream raises. The message names the
//! argument.

use std::path::PathBuf;

use pyo3::{
    exceptions::{PyAttributeError, PyException, PyKeyError, PyTypeError, PyValueError},
    prelude::*,
    types::{PyBool, PyBytes, PyDict, PyInt, PyList, PyString, PyTuple},
};

use super::encode;
#[cfg(feature = "stubs")]
use super::hints::{self, PyStaticExpr};
use crate::args::{
    Dict, FilePath, Filter, Flag, Form, Id, InProject, Json, Links, Model, ModelId, Models,
    PathKind, Query, Record, Text,
};
use crate::error::InvalidArgument;

/// The name of the variable that holds a value in the public Python function that was called, and
/// the name of this function.
///
/// They are looked up only for invalid values. Frames of private modules and of the helpers are left
/// out, because a user has not called these.
fn place_of(value: &Bound<'_, PyAny>) -> Option<(String, String)> {
    let mut frame = value.py().import("sys").ok()?.call_method1("_getframe", (0,)).ok()?;
    for _ in 0..4 {
        let module: String =
            frame.getattr("f_globals").ok()?.get_item("__name__").ok()?.extract().ok()?;
        if !(module.contains("._") || module.ends_with(".helpers")) {
            let function: String =
                frame.getattr("f_code").ok()?.getattr("co_name").ok()?.extract().ok()?;
            // Since Python 3.13 this is no dict.
            let locals = frame.getattr("f_locals").ok()?.call_method0("items").ok()?;
            let mut pairs = locals.try_iter().ok()?.filter_map(|pair| pair.ok()?.extract().ok());
            let named = pairs.find(|(_, local): &(String, Bound<'_, PyAny>)| local.is(value));
            return named.map(|(name, _)| (name, format!("{module}.{function}")));
        }
        frame = frame.getattr("f_back").ok()?;
    }
    None
}

/// `message`, after the argument's name if that is known.
fn named(value: &Bound<'_, PyAny>, message: &str) -> String {
    match place_of(value) {
        Some((name, _)) => format!("{name}: {message}"),
        None => message.to_owned(),
    }
}

/// The message for a dict without a key: which function it was given to, and what it has instead.
fn lacks(value: &Bound<'_, PyAny>, key: &str) -> String {
    let keys: Vec<String> = value
        .call_method0("keys")
        .and_then(|keys| keys.try_iter()?.take(8).map(|key| key?.repr()?.extract()).collect())
        .unwrap_or_default();
    let has =
        if keys.is_empty() { "it is empty".into() } else { format!("it has {}", keys.join(", ")) };
    let message = format!("the dict has no '{key}'; {has}");
    match place_of(value) {
        Some((name, function)) => format!("{name}: {message} (in {function})"),
        None => message,
    }
}

/// The message for what is no dict, with what Python says; `None` is usually a failed search.
fn no_dict(value: &Bound<'_, PyAny>, key: &str, said: &str) -> String {
    let (name, place) = match place_of(value) {
        Some((name, function)) => (format!("{name}: "), format!(" (in {function})")),
        None => Default::default(),
    };
    if value.is_none() {
        return format!("{name}it is None: was it not found by its name? {said}{place}");
    }
    format!("{name}expected a dict with '{key}': {said}{place}")
}

/// The message for what is neither a dict nor an id, with the function that finds a record by name.
fn no_model(value: &Bound<'_, PyAny>, given: &str) -> String {
    let mut message = "Wrong format: expected ID string or Data dict".to_owned();
    if value.is_instance_of::<PyString>() {
        if given.chars().count() <= 60 {
            message = format!("{message}, not {given:?}");
        }
        let finder = match place_of(value).as_ref().map(|(name, _)| name.as_str()) {
            Some("asset") => "gazu.asset.get_asset_by_name",
            Some("asset_type") => "gazu.asset.get_asset_type_by_name",
            Some("concept") => "gazu.concept.get_concept_by_name",
            Some("department") => "gazu.person.get_department_by_name",
            Some("edit") => "gazu.edit.get_edit_by_name",
            Some("episode") => "gazu.shot.get_episode_by_name",
            Some("output_type") => "gazu.files.get_output_type_by_name",
            Some("person") => "gazu.person.get_person_by_full_name",
            Some("playlist") => "gazu.playlist.get_playlist_by_name",
            Some("project") => "gazu.project.get_project_by_name",
            Some("scene") => "gazu.scene.get_scene_by_name",
            Some("sequence") => "gazu.shot.get_sequence_by_name",
            Some("shot") => "gazu.shot.get_shot_by_name",
            Some("software") => "gazu.files.get_software_by_name",
            Some("task") => "gazu.task.get_task_by_entity",
            Some("task_status") => "gazu.task.get_task_status_by_short_name",
            Some("task_type") => "gazu.task.get_task_type_by_name",
            None => "get_..._by_name",
            _ => "",
        };
        if !finder.is_empty() {
            message = format!("{message}. Find the record with {finder}");
        }
    } else if let Ok(kind) = value.get_type().name() {
        message = format!("{message}, not {kind}");
    }
    named(value, &message)
}

/// `str(value)`. For a subclass of `str` it is the text itself, whatever its `__str__` returns.
fn text(value: &Bound<'_, PyAny>) -> PyResult<String> {
    match value.cast::<PyString>() {
        Ok(text) => Ok(text.to_cow()?.into_owned()),
        Err(_) => Ok(value.str()?.to_cow()?.into_owned()),
    }
}

/// A model whose id is this value.
fn model_with_id(id: &Bound<'_, PyAny>) -> PyResult<Model> {
    if let Ok(id) = id.cast_exact::<PyString>() {
        return Ok(Model::new(id.to_cow()?));
    }
    let text = text(id)?;
    // An id that cannot be encoded as JSON, such as a UUID object, may still be used in a path.
    let json = encode::json(id).unwrap_or_else(|error| {
        Json::invalid(InvalidArgument::WrongType(error.value(id.py()).to_string()))
    });
    Ok(Model::with_encoding(text, json, id.extract()?, id.extract()?))
}

/// The model of a dict. `None` is as invalid as a dict without an id.
fn model_of_dict(value: &Bound<'_, PyAny>) -> PyResult<Model> {
    match item(value, "id") {
        Ok(id) => model_with_id(&id),
        Err(error) => {
            let py = value.py();
            if error.is_instance_of::<PyKeyError>(py) {
                let message = error.value(py).getattr("args")?.get_item(0)?.extract()?;
                return Ok(Model::invalid(InvalidArgument::MissingKey(message)));
            }
            if error.is_instance_of::<PyTypeError>(py) {
                let message = error.value(py).to_string();
                return Ok(Model::invalid(InvalidArgument::WrongType(message)));
            }
            Err(error)
        }
    }
}

/// The model with the id `value[key]`. If there is none, the reason names the argument.
fn subscript(value: &Bound<'_, PyAny>, key: &str) -> PyResult<Model> {
    match item(value, key) {
        Ok(id) => model_with_id(&id),
        Err(error) => {
            let message = error.value(value.py()).to_string();
            if error.get_type(value.py()).is(value.py().get_type::<PyTypeError>()) {
                // PyO3 would add the argument's name to a TypeError.
                return Ok(Model::invalid(InvalidArgument::WrongType(message)));
            }
            Err(error)
        }
    }
}

/// `value[key]` of an argument. If there is none, the exception names the argument.
#[pyfunction]
pub(super) fn item<'py>(value: &Bound<'py, PyAny>, key: &str) -> PyResult<Bound<'py, PyAny>> {
    value.get_item(key).map_err(|error| {
        let py = value.py();
        if error.is_instance_of::<PyKeyError>(py) {
            PyKeyError::new_err(lacks(value, key))
        } else if error.is_instance_of::<PyTypeError>(py) {
            PyTypeError::new_err(no_dict(value, key, &error.value(py).to_string()))
        } else {
            error
        }
    })
}

/// A model as a dict: the same dict, or a new one for an id.
///
/// If the value is neither, or the dict lacks the key, the exception names the argument.
#[pyfunction]
#[pyo3(signature = (value, key=Some("id")))]
pub(super) fn model<'py>(
    value: &Bound<'py, PyAny>,
    key: Option<&str>,
) -> PyResult<Bound<'py, PyDict>> {
    match value.cast::<PyDict>() {
        Ok(dict) => {
            key.map_or(Ok(()), |key| item(value, key).map(drop))?;
            Ok(dict.clone())
        }
        Err(_) if value.is_none() => {
            let said = "'NoneType' object is not subscriptable";
            Err(PyTypeError::new_err(no_dict(value, "id", said)))
        }
        Err(_) => {
            let model: Model = value.extract()?;
            let dict = PyDict::new(value.py());
            dict.set_item("id", model.id()?)?;
            Ok(dict)
        }
    }
}

/// The message for what is neither a dict nor an id.
#[pyfunction]
pub(super) fn no_model_message(value: &Bound<'_, PyAny>, given: &str) -> String {
    no_model(value, given)
}

/// The id `value[key]`. `PyO3` adds the argument's name to the error.
fn id_in(value: &Bound<'_, PyAny>, key: &str) -> PyResult<String> {
    match subscript(value, key)?.id() {
        Ok(id) => Ok(id.to_owned()),
        Err(InvalidArgument::WrongType(message)) => {
            let name = place_of(value).map_or_else(String::new, |(name, _)| format!("{name}: "));
            Err(PyTypeError::new_err(message.trim_start_matches(&*name).to_owned()))
        }
        Err(reason) => Err(reason.into()),
    }
}

fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

impl<'py> FromPyObject<'_, 'py> for Model {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::MODEL;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if value.is_instance_of::<PyDict>() || value.is_none() {
            return model_of_dict(&value);
        }
        let id = text(&value).map_err(|error| {
            if error.is_instance_of::<PyException>(value.py()) {
                PyValueError::new_err(named(&value, "Failed to cast argument to str"))
            } else {
                error
            }
        })?;
        if is_uuid(&id) {
            return Ok(Self::new(id));
        }
        Err(PyValueError::new_err(no_model(&value, &id)))
    }
}

impl<'py> FromPyObject<'_, 'py> for Models {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::MODELS;

    fn extract(values: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        values.try_iter()?.map(|value| value?.extract()).collect::<PyResult<_>>().map(Self)
    }
}

impl<'py> FromPyObject<'_, 'py> for Links {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::LINKS;

    fn extract(values: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if values.is_none() {
            return Ok(Self::default());
        }
        match values.cast::<PyList>() {
            Ok(values) => values.iter().map(|value| value.extract()).collect::<PyResult<_>>(),
            Err(_) => Ok(vec![values.extract()?]),
        }
        .map(Self)
    }
}

impl<'py> FromPyObject<'_, 'py> for Record {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::MODEL_DICT;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self { model: subscript(&value, "id")?, json: encode::json(&value)? })
    }
}

impl<'py> FromPyObject<'_, 'py> for Dict {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::MODEL_DICT;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        subscript(&value, "id").map(Self)
    }
}

impl<'py> FromPyObject<'_, 'py> for InProject {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::MODEL_DICT;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let part = |key| id_in(&value, key).map(Text);
        Ok(Self { project: part("project_id")?, entity: part("id")? })
    }
}

impl<'py, T> FromPyObject<'_, 'py> for Filter<T>
where
    T: for<'a> FromPyObject<'a, 'py, Error = PyErr> + FilterValue,
{
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = <Option<T>>::INPUT_TYPE;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        // Empty text is no model.
        let asked = !T::IS_MODEL || value.is_none() || value.is_instance_of::<PyDict>();
        if asked && !value.is_truthy()? {
            return Ok(Self(None));
        }
        value.extract().map(Some).map(Self)
    }
}

/// A value that lists can be filtered by.
pub(super) trait FilterValue {
    /// Whether it is a model. Of models, only dicts are checked for being empty.
    const IS_MODEL: bool = false;
}

impl FilterValue for Model {
    const IS_MODEL: bool = true;
}

impl FilterValue for Query {}

impl FilterValue for Json {}

impl<'py> FromPyObject<'_, 'py> for Json {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::ANYTHING;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        encode::json(&value)
    }
}

impl<'py> FromPyObject<'_, 'py> for Id {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::TEXT;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        match value.cast::<PyString>() {
            Ok(id) => Ok(Self(id.to_cow()?.into_owned())),
            Err(_) if value.is_instance_of::<PyBytes>() => {
                Err(PyTypeError::new_err("expected an ID string, not bytes"))
            }
            Err(_) => {
                let kind = value.get_type().name()?;
                let message = format!("expected an ID string, not {kind}");
                Err(PyAttributeError::new_err(named(&value, &message)))
            }
        }
    }
}

impl<'py> FromPyObject<'_, 'py> for ModelId {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::MODEL;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let is_dict = value.is_instance_of::<PyDict>();
        let id = if is_dict { value.get_item("id").ok() } else { None };
        // The id in a dict has to be text, too.
        if let Some(id) = id.filter(|id| !id.is_instance_of::<PyString>()) {
            return id.extract::<Id>().map(Self);
        }
        if is_dict || value.is_none() {
            return id_in(&value, "id").map(Id).map(Self);
        }
        Ok(Self(Id(value.extract::<Model>()?.id()?.to_owned())))
    }
}

impl<'py> FromPyObject<'_, 'py> for Text {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::ANYTHING;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        text(&value).map(Self)
    }
}

impl<'py> FromPyObject<'_, 'py> for Flag {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::FLAG;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        value.is_truthy().map(Self)
    }
}

/// Bytes unchanged; any other value as text.
fn bytes_or_text(value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    match value.cast::<PyBytes>() {
        Ok(bytes) => Ok(bytes.as_bytes().to_vec()),
        Err(_) => text(value).map(String::into_bytes),
    }
}

impl<'py> FromPyObject<'_, 'py> for Query {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::ANYTHING;
    /// As `urlencode(..., doseq=True)` does: a value with a length becomes several values.
    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let single = value.is_instance_of::<PyString>()
            || value.is_instance_of::<PyBytes>()
            || value.is_none()
            || value.is_instance_of::<PyBool>();
        if single || value.len().is_err() {
            return bytes_or_text(&value).map(Self::One);
        }
        value.try_iter()?.map(|item| bytes_or_text(&item?)).collect::<PyResult<_>>().map(Self::Many)
    }
}

impl<'py> FromPyObject<'_, 'py> for Form {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::ANYTHING;
    /// As `requests` does for a form's fields: `None` is left out, a list repeats its name.
    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let plain = value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>();
        let mut values = Vec::new();
        if plain || !value.hasattr("__iter__")? {
            if !value.is_none() {
                values.push(bytes_or_text(&value)?);
            }
        } else {
            for item in value.try_iter()? {
                let item = item?;
                if !item.is_none() {
                    values.push(bytes_or_text(&item)?);
                }
            }
        }
        Ok(values.into())
    }
}

impl<'py> FromPyObject<'_, 'py> for FilePath {
    type Error = PyErr;

    #[cfg(feature = "stubs")]
    const INPUT_TYPE: PyStaticExpr = hints::PATH;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if value.is_instance_of::<PyInt>() {
            if let Ok(descriptor) = value.extract::<i32>() {
                return Ok(descriptor.into());
            }
        }
        let path = value.py().import("os")?.call_method1("fspath", (&value,))?;
        let is_bytes = path.is_instance_of::<PyBytes>();
        let path = match path.cast::<PyBytes>() {
            Ok(_) => value.py().import("os")?.call_method1("fsdecode", (path,))?,
            Err(_) => path,
        };
        let path: PathBuf = path.extract()?;
        if path.as_os_str().as_encoded_bytes().contains(&0) {
            return Err(PyValueError::new_err(named(&value, "embedded null byte")));
        }
        Ok(Self(path, if is_bytes { PathKind::Bytes } else { PathKind::Path }))
    }
}

impl<'py> IntoPyObject<'py> for &FilePath {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        match self.1 {
            PathKind::Path => Ok(self.0.as_os_str().into_pyobject(py)?.into_any()),
            PathKind::Bytes => py.import("os")?.call_method1("fsencode", (self.0.as_os_str(),)),
            PathKind::Descriptor(number) => Ok(number.into_pyobject(py)?.into_any()),
        }
    }
}

/// A name or value of a part: text or bytes.
pub(super) fn part_text(value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    bytes_or_text(value)
}

type Pairs<'py> = Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>;

/// The items of a mapping, or of a sequence of pairs.
pub(super) fn items<'py>(value: &Bound<'py, PyAny>) -> PyResult<Pairs<'py>> {
    let pairs = if value.hasattr("items")? { value.call_method0("items")? } else { value.clone() };
    let tuple = value.py().get_type::<PyTuple>();
    pairs
        .try_iter()?
        .map(|pair| {
            let pair = tuple.call1((pair?,))?.cast_into::<PyTuple>()?;
            match pair.len() {
                2 => Ok((pair.get_item(0)?, pair.get_item(1)?)),
                length => Err(PyValueError::new_err(format!(
                    "expected pairs of a name and a value, not {length} values"
                ))),
            }
        })
        .collect()
}

/// The values of a query, as `urlencode` takes them.
pub(super) fn query_items<'py>(value: &Bound<'py, PyAny>) -> PyResult<Pairs<'py>> {
    let is_mapping = value.hasattr("items")?;
    let is_pairs = || value.get_item(0).is_ok_and(|first| first.is_instance_of::<PyTuple>());
    if is_mapping || is_pairs() {
        return items(value);
    }
    let message = "params: not a valid non-string sequence or mapping object";
    Err(PyTypeError::new_err(message))
}

/// The fields or files of a form.
pub(super) fn form_items<'py>(value: &Bound<'py, PyAny>) -> PyResult<Pairs<'py>> {
    let no_pairs = value.is_instance_of::<PyString>()
        || value.is_instance_of::<PyBytes>()
        || value.is_instance_of::<PyInt>();
    if no_pairs {
        return Err(PyValueError::new_err("cannot encode objects that are not 2-tuples"));
    }
    items(value)
}

//! From Python objects to JSON text, as `json.dumps(value, cls=CustomJSONEncoder)` writes it.
//!
//! Everyday values are written here, straight from the objects. Anything out of the ordinary
//! (a cycle, a lone surrogate, `NaN`, an object that cannot be encoded) goes to the standard
//! library, whose result or exception is then the answer.

use std::fmt::Write as _;

use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyBool, PyDate, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple},
};

use crate::args::{write_string, Json};

/// Beyond this depth the standard library decides, which knows cycles and its own limit.
const DEEPEST: usize = 64;

/// Writes a value as JSON text.
pub(super) fn json(value: &Bound<'_, PyAny>) -> PyResult<Json> {
    let mut out = String::new();
    if write(&mut out, value, 0)?.is_some() {
        return Ok(Json::from_text(out));
    }
    let py = value.py();
    let kwargs = PyDict::new(py);
    kwargs.set_item("default", pyo3::wrap_pyfunction!(encode_date, py)?)?;
    let text = py.import("json")?.call_method("dumps", (value,), Some(&kwargs))?;
    Ok(Json::from_text(text.extract::<String>()?))
}

/// JSON text of a value; dates become ISO 8601 text.
#[pyfunction]
pub fn dumps(value: &Bound<'_, PyAny>) -> PyResult<String> {
    json(value).map(|json| json.as_str().to_owned())
}

/// What the encoder does with a value that JSON does not know.
#[pyfunction]
fn encode_date<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    if is_date(value)? {
        return value.call_method0("isoformat");
    }
    let kind = value.getattr("__class__")?.getattr("__name__")?;
    Err(PyTypeError::new_err(format!("Object of type {kind} is not JSON serializable")))
}

fn is_date(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    // The abstract type under the stable interface: asked of Python, at the first date only.
    Ok(value.is_instance_of::<PyDate>())
}

/// Writes a value, or nothing at all when the standard library has to.
fn write(out: &mut String, value: &Bound<'_, PyAny>, depth: usize) -> PyResult<Option<()>> {
    if depth > DEEPEST {
        return Ok(None);
    }
    if let Ok(text) = value.cast::<PyString>() {
        let Ok(text) = text.to_cow() else { return Ok(None) };
        write_string(out, &text);
    } else if value.is_none() {
        out.push_str("null");
    } else if let Ok(flag) = value.cast::<PyBool>() {
        out.push_str(if flag.is_true() { "true" } else { "false" });
    } else if let Ok(number) = value.cast_exact::<PyInt>() {
        match number.extract::<i64>() {
            Ok(number) => write!(out, "{number}").unwrap_or_default(),
            Err(_) => return Ok(None),
        }
    } else if let Ok(number) = value.cast_exact::<PyFloat>() {
        if !number.value().is_finite() {
            return Ok(None);
        }
        out.push_str(&number.repr()?.to_cow()?);
    } else if let Ok(list) = value.cast::<PyList>() {
        return write_items(out, list.iter(), depth);
    } else if let Ok(tuple) = value.cast::<PyTuple>() {
        return write_items(out, tuple.iter(), depth);
    } else if let Ok(dict) = value.cast_exact::<PyDict>() {
        out.push('{');
        for (index, (key, value)) in dict.iter().enumerate() {
            let Ok(key) = key.cast::<PyString>() else { return Ok(None) };
            let Ok(key) = key.to_cow() else { return Ok(None) };
            if index > 0 {
                out.push_str(", ");
            }
            write_string(out, &key);
            out.push_str(": ");
            if write(out, &value, depth + 1)?.is_none() {
                return Ok(None);
            }
        }
        out.push('}');
    } else {
        return Ok(None);
    }
    Ok(Some(()))
}

fn write_items<'py>(
    out: &mut String,
    items: impl Iterator<Item = Bound<'py, PyAny>>,
    depth: usize,
) -> PyResult<Option<()>> {
    out.push('[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        if write(out, &item, depth + 1)?.is_none() {
            return Ok(None);
        }
    }
    out.push(']');
    Ok(Some(()))
}

//! Encoding Python objects as JSON text, as `json.dumps(value, cls=CustomJSONEncoder)` does.
//!
//! Common values are written here, directly from the objects. For anything else (a cycle, a lone
//! surrogate, `NaN`, an object that cannot be encoded) the standard library encodes the whole
//! value, so that the result or the exception is its own.

use std::ops::Range;

use pyo3::{
    exceptions::PyTypeError,
    prelude::*,
    types::{PyBool, PyDate, PyDict, PyFloat, PyInt, PyList, PyString, PyTuple},
};

use super::runtime::AttachGuard;
use crate::args::{write_string, Json};

/// Deeper values are left to the standard library, which detects cycles and knows its own limit.
const DEEPEST: usize = 64;

/// How many texts are known. Dicts of a list share the objects of their keys, and often of values.
const KNOWN_TEXTS: usize = 256;
/// Texts are looked up when more than this has been written, in bytes. The table would cost a short
/// value more than it saves.
const KNOWN_FROM: usize = 512;

/// Writes a value as JSON text.
pub(super) fn json(value: &Bound<'_, PyAny>) -> PyResult<Json> {
    let mut writer = Writer { out: String::new(), known: Vec::new() };
    if writer.write(value, 0)?.is_some() {
        return Ok(Json::from_text(writer.out));
    }
    let py = value.py();
    let _guard = AttachGuard::enter(py);
    let kwargs = PyDict::new(py);
    kwargs.set_item("default", pyo3::wrap_pyfunction!(encode_date, py)?)?;
    let text = py.import("json")?.call_method("dumps", (value,), Some(&kwargs))?;
    Ok(Json::from_text(text.extract::<String>()?))
}

/// JSON text of a value; dates become ISO 8601 text.
#[pyfunction]
pub(super) fn dumps(value: &Bound<'_, PyAny>) -> PyResult<String> {
    json(value).map(|json| json.as_str().to_owned())
}

/// Encodes a date; raises for any other value that JSON does not have.
#[pyfunction]
fn encode_date<'py>(value: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    // The stable ABI has no type object for dates: PyO3 imports it at the first use.
    if value.is_instance_of::<PyDate>() {
        return value.call_method0("isoformat");
    }
    let kind = value.getattr("__class__")?.getattr("__name__")?;
    Err(PyTypeError::new_err(format!("Object of type {kind} is not JSON serializable")))
}

struct Writer<'py> {
    out: String,
    /// Texts, and where their JSON is in `out`. A reference to each is held: otherwise another object
    /// could get its address.
    known: Vec<Option<(Bound<'py, PyString>, Range<usize>)>>,
}

impl<'py> Writer<'py> {
    /// Writes a value. Returns none when the standard library has to encode it.
    fn write(&mut self, value: &Bound<'py, PyAny>, depth: usize) -> PyResult<Option<()>> {
        if depth > DEEPEST {
            return Ok(None);
        }
        if let Ok(text) = value.cast::<PyString>() {
            return Ok(self.write_text(text));
        } else if value.is_none() {
            self.out.push_str("null");
        } else if let Ok(flag) = value.cast::<PyBool>() {
            self.out.push_str(if flag.is_true() { "true" } else { "false" });
        } else if let Ok(number) = value.cast_exact::<PyInt>() {
            match number.extract::<i64>() {
                Ok(number) => self.out.push_str(itoa::Buffer::new().format(number)),
                Err(_) => return Ok(None),
            }
        } else if let Ok(dict) = value.cast_exact::<PyDict>() {
            return self.write_dict(dict, depth);
        } else if let Ok(list) = value.cast::<PyList>() {
            return self.write_items(list.iter(), depth);
        } else if let Ok(number) = value.cast_exact::<PyFloat>() {
            let value = number.value();
            if !value.is_finite() {
                return Ok(None);
            }
            let start = self.out.len();
            if value == 0.0 || (1e-4..1e16).contains(&value.abs()) {
                self.out.push_str(zmij::Buffer::new().format_finite(value));
            }
            // This and Python both write the shortest text of a number. Up to 15 digits there is
            // only one such text. With more digits, or an exponent, Python may write another.
            let digits = self.out[start..].bytes().filter(u8::is_ascii_digit).count();
            if !(1..=15).contains(&digits) {
                self.out.truncate(start);
                self.out.push_str(&number.repr()?.to_cow()?);
            }
        } else if let Ok(tuple) = value.cast::<PyTuple>() {
            return self.write_items(tuple.iter(), depth);
        } else {
            return Ok(None);
        }
        Ok(Some(()))
    }

    fn write_dict(&mut self, dict: &Bound<'py, PyDict>, depth: usize) -> PyResult<Option<()>> {
        self.out.push('{');
        for (index, (key, value)) in dict.iter().enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            let Ok(key) = key.cast_into::<PyString>() else { return Ok(None) };
            if self.write_text(&key).is_none() {
                return Ok(None);
            }
            self.out.push_str(": ");
            if self.write(&value, depth + 1)?.is_none() {
                return Ok(None);
            }
        }
        self.out.push('}');
        Ok(Some(()))
    }

    fn write_items(
        &mut self,
        items: impl Iterator<Item = Bound<'py, PyAny>>,
        depth: usize,
    ) -> PyResult<Option<()>> {
        self.out.push('[');
        for (index, item) in items.enumerate() {
            if index > 0 {
                self.out.push_str(", ");
            }
            if self.write(&item, depth + 1)?.is_none() {
                return Ok(None);
            }
        }
        self.out.push(']');
        Ok(Some(()))
    }

    fn write_text(&mut self, text: &Bound<'py, PyString>) -> Option<()> {
        if self.known.is_empty() {
            if self.out.len() < KNOWN_FROM {
                return self.write_new_text(text);
            }
            self.known.resize_with(KNOWN_TEXTS, || None);
        }
        // Addresses of objects are multiples of 16.
        let slot = (text.as_ptr() as usize >> 4) % KNOWN_TEXTS;
        if let Some((known, place)) = &self.known[slot] {
            if known.is(text) {
                self.out.extend_from_within(place.clone());
                return Some(());
            }
        }
        let start = self.out.len();
        self.write_new_text(text)?;
        self.known[slot] = Some((text.clone(), start..self.out.len()));
        Some(())
    }

    fn write_new_text(&mut self, text: &Bound<'py, PyString>) -> Option<()> {
        let bytes = text.encode_utf8().ok()?;
        write_string(&mut self.out, std::str::from_utf8(bytes.as_bytes()).ok()?);
        Some(())
    }
}

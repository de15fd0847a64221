//! From JSON bytes straight to Python objects.

use std::hash::{BuildHasher as _, Hasher as _};

use jiter::{Jiter, NumberAny, NumberInt, Peek};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict, PyFloat, PyList, PyString},
};

use crate::reply::Charset;

/// Beyond this depth the standard library decides, which knows Python's own limit.
const DEEPEST: usize = 150;
/// Entries of the table in which repeated strings are found again.
const SHARED: usize = 1024;
/// Longer strings are rarely repeated, in bytes.
const LONGEST_SHARED: usize = 64;

/// The value that JSON bytes stand for; none when they are not plain JSON in UTF-8, which is
/// the standard library's matter.
pub(super) fn decode<'py>(py: Python<'py>, bytes: &[u8]) -> Option<Bound<'py, PyAny>> {
    let mut builder = Builder {
        py,
        json: Jiter::new(bytes).with_allow_inf_nan(),
        shared: (0..SHARED).map(|_| None).collect(),
        hasher: ahash::RandomState::with_seeds(1, 2, 3, 4),
    };
    let peek = builder.json.peek().ok()?;
    let value = builder.value(peek, 0)?;
    builder.json.finish().ok()?;
    Some(value)
}

/// The value that an answer's JSON stands for, read as the answer's content type says.
pub(super) fn decode_answer<'py>(
    py: Python<'py>,
    bytes: &[u8],
    content_type: Option<&str>,
) -> Option<Bound<'py, PyAny>> {
    match Charset::of(content_type) {
        Charset::Utf8 | Charset::Unknown => decode(py, bytes),
        Charset::Latin1 if bytes.is_ascii() => decode(py, bytes),
        Charset::Latin1 | Charset::Named(_) => None,
    }
}

/// A string that has been made already, and its text.
type Shared<'py> = (Box<str>, Bound<'py, PyString>);

struct Builder<'j, 'py> {
    py: Python<'py>,
    json: Jiter<'j>,
    shared: Vec<Option<Shared<'py>>>,
    hasher: ahash::RandomState,
}

impl<'py> Builder<'_, 'py> {
    fn value(&mut self, peek: Peek, depth: usize) -> Option<Bound<'py, PyAny>> {
        if depth > DEEPEST {
            return None;
        }
        let py = self.py;
        Some(match peek {
            Peek::Null => {
                self.json.known_null().ok()?;
                py.None().into_bound(py)
            }
            Peek::True | Peek::False => {
                let flag = self.json.known_bool(peek).ok()?;
                flag.into_pyobject(py).ok()?.to_owned().into_any()
            }
            Peek::String => {
                let text = self.json.known_str().ok()?;
                Self::string(py, &mut self.shared, &self.hasher, text).into_any()
            }
            Peek::Array => {
                let list = PyList::empty(py);
                let mut next = self.json.known_array().ok()?;
                while let Some(peek) = next {
                    list.append(self.value(peek, depth + 1)?).ok()?;
                    next = self.json.array_step().ok()?;
                }
                list.into_any()
            }
            Peek::Object => {
                let dict = PyDict::new(py);
                let mut next = self.json.known_object().ok()?;
                while let Some(key) = next {
                    let key = Self::string(py, &mut self.shared, &self.hasher, key);
                    let peek = self.json.peek().ok()?;
                    dict.set_item(key, self.value(peek, depth + 1)?).ok()?;
                    next = self.json.next_key().ok()?;
                }
                dict.into_any()
            }
            _ => match self.json.known_number(peek).ok()? {
                NumberAny::Int(NumberInt::Int(number)) => number.into_pyobject(py).ok()?.into_any(),
                NumberAny::Int(NumberInt::BigInt(number)) => {
                    let text = number.to_string();
                    py.get_type::<pyo3::types::PyInt>().call1((text,)).ok()?
                }
                NumberAny::Float(number) => PyFloat::new(py, number).into_any(),
            },
        })
    }

    /// A string, shared with its equals where it is short.
    fn string(
        py: Python<'py>,
        shared: &mut [Option<Shared<'py>>],
        hasher: &ahash::RandomState,
        text: &str,
    ) -> Bound<'py, PyString> {
        if text.len() > LONGEST_SHARED {
            return PyString::new(py, text);
        }
        let mut state = hasher.build_hasher();
        state.write(text.as_bytes());
        let hash = state.finish();
        let index = usize::try_from(hash % SHARED as u64).unwrap_or_default();
        if let Some((known, string)) = &shared[index] {
            if **known == *text {
                return string.clone();
            }
        }
        let string = PyString::new(py, text);
        shared[index] = Some((text.into(), string.clone()));
        string
    }
}

/// The value of plain UTF-8 JSON; `None` wrapped in a tuple apart from a refusal.
#[pyfunction]
pub fn loads<'py>(bytes: &Bound<'py, PyBytes>) -> Option<(Bound<'py, PyAny>,)> {
    decode(bytes.py(), bytes.as_bytes()).map(|value| (value,))
}

/// The dicts sorted by their names: lower-cased, stable, those without a name first.
#[pyfunction]
pub fn sort_by_name<'py>(dicts: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    let py = dicts.py();
    let mut keyed = Vec::with_capacity(dicts.len().unwrap_or_default());
    let name_key = pyo3::intern!(py, "name");
    for item in dicts.try_iter()? {
        let item = item?;
        let name = match item.cast_exact::<PyDict>() {
            Ok(dict) => dict.get_item(name_key)?,
            Err(_) => Some(item.call_method1("get", (name_key,))?),
        };
        let key = match name {
            Some(name) if name.is_truthy()? => sort_key(&name)?,
            _ => Vec::new(),
        };
        keyed.push((key, item));
    }
    keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
    PyList::new(py, keyed.into_iter().map(|(_, item)| item))
}

/// Bytes that compare as Python compares the lower-cased name.
fn sort_key(name: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(text) = name.cast_exact::<PyString>() {
        if let Ok(text) = text.to_cow() {
            if text.is_ascii() {
                return Ok(text.to_ascii_lowercase().into_bytes());
            }
        }
    }
    let lower = name.call_method0("lower")?;
    // UTF-8 sorts as code points do; lone surrogates, which it has not, are let through.
    let encoded = lower.call_method1("encode", ("utf-8", "surrogatepass"))?;
    Ok(encoded.extract::<&[u8]>()?.to_vec())
}

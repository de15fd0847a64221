//! From JSON bytes straight to Python objects.

mod chunks;
mod gil;
mod keys;
mod rows;
mod template;

use bytes::Bytes;
use jiter::{Jiter, NumberAny, NumberInt, Peek};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict, PyFloat, PyList, PyString},
};

pub(super) use self::rows::{decode_board, RowReader};
use self::{
    gil::{GcPause, GilYield},
    keys::{KeyCache, StringCache},
    template::{Template, MAX_MISMATCHES},
};
use crate::reply::Charset;

/// Deeper JSON is left to the standard library, which knows Python's own limit.
const MAX_DEPTH: usize = 150;
/// Bodies smaller than this many bytes are decoded without interning their string values.
const MIN_INTERNED: usize = 4096;
/// A list of at least this many bytes is decoded in chunks. The bytes of each chunk are freed
/// once it has been decoded.
const MIN_CHUNKED: usize = 1 << 20;
/// The length of a chunk in bytes. The garbage collector is paused for longer bodies.
const CHUNK: usize = 256 << 10;
/// How many dict templates are kept.
const MAX_TEMPLATES: usize = 16;
/// How many values are made between two checks of the clock.
const VALUES_PER_CHECK: u32 = 512;

/// The value of JSON bytes. Returns none when they are not plain JSON in UTF-8: the caller asks
/// the standard library then.
///
/// While a long body is decoded, the GIL is handed over to threads that want it, and signals are
/// handled.
///
/// # Errors
/// The exception that a signal handler raises.
pub(super) fn decode<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Option<Bound<'py, PyAny>>> {
    let mut context = Context::for_length(py, bytes.len())?;
    let mut builder = Builder::new(py, bytes, &mut context);
    let value = builder.whole();
    match builder.raised {
        Some(error) => Err(error),
        None => Ok(value),
    }
}

/// The value of an answer's JSON, in the character set of its content type. A long list takes
/// `body` and frees it chunk by chunk; otherwise `body` stays as it is.
pub(super) fn decode_answer<'py>(
    py: Python<'py>,
    body: &mut Bytes,
    content_type: Option<&str>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    match Charset::of(content_type) {
        Charset::Latin1 if !body.is_ascii() => return Ok(None),
        Charset::Named(_) => return Ok(None),
        Charset::Utf8 | Charset::Unknown | Charset::Latin1 => {}
    }
    let text: &[u8] = body;
    if text.len() < MIN_CHUNKED {
        return decode(py, text);
    }
    match chunks::split(py, text)? {
        Some(chunks) => chunks::decode(py, std::mem::take(body).into(), &chunks).map(Some),
        None => decode(py, text),
    }
}

/// The text from its first character on that is no white space of JSON.
fn skip_blanks(text: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    &text[text.iter().position(|byte| !is_blank(byte)).unwrap_or(text.len())..]
}

/// The caches that the values of one body share.
struct Context<'py> {
    keys: KeyCache,
    /// String values; none for a body in which few of them repeat.
    values: Option<StringCache>,
    templates: Vec<Template<'py>>,
    countdown: u32,
    gil: GilYield,
    gc: Option<GcPause<'py>>,
}

impl<'py> Context<'py> {
    /// Empty caches for a body of this many bytes.
    fn for_length(py: Python<'py>, length: usize) -> PyResult<Self> {
        let mut gc = None;
        if length > CHUNK {
            gc.insert(GcPause::new(py)?).begin()?;
        }
        Ok(Self {
            keys: KeyCache::for_length(length),
            values: (length > MIN_INTERNED).then(|| StringCache::for_length(length, 1)),
            templates: Vec::new(),
            countdown: VALUES_PER_CHECK,
            gil: GilYield::begin(),
            gc,
        })
    }
}

struct Builder<'j, 'm, 'py> {
    py: Python<'py>,
    json: Jiter<'j>,
    context: &'m mut Context<'py>,
    /// The exception that a signal handler raised.
    raised: Option<PyErr>,
}

impl<'j, 'm, 'py> Builder<'j, 'm, 'py> {
    fn new(py: Python<'py>, bytes: &'j [u8], context: &'m mut Context<'py>) -> Self {
        Self { py, json: Jiter::new(bytes).with_allow_inf_nan(), context, raised: None }
    }

    fn whole(&mut self) -> Option<Bound<'py, PyAny>> {
        let peek = self.json.peek().ok()?;
        let outside = self.context.keys.keys().outside();
        let value = self.value(peek, 0, outside)?;
        self.json.finish().ok()?;
        Some(value)
    }

    /// Decodes this many entries of a list.
    fn entries(&mut self, count: usize, entries: &mut Vec<Bound<'py, PyAny>>) -> Option<()> {
        let mut peek = self.json.peek().ok()?;
        let outside = self.context.keys.keys().outside();
        for left in (0..count).rev() {
            entries.push(self.value(peek, 1, outside)?);
            if left > 0 {
                peek = self.json.array_step().ok()??;
            }
        }
        Some(())
    }

    /// Decodes the dict that comes next. `place` identifies the position before its first key.
    fn dict(&mut self, depth: usize, mut place: usize) -> Option<Bound<'py, PyDict>> {
        let py = self.py;
        let mut next = self.json.known_object().ok()?;
        if next.is_none() {
            return Some(PyDict::new(py));
        }
        // Taken out, because a dict inside this one may use the same template.
        let known = self.context.templates.iter().position(|template| template.place == place);
        let is_reused = known.is_some() || self.context.values.is_some();
        let mut template = match known {
            Some(index) => self.context.templates.swap_remove(index),
            None => Template { place, ..Template::default() },
        };
        let dict = template.begin(py).ok()?;
        let mut matches_template = template.dict.is_some();
        let mut index = 0;
        while let Some(text) = next {
            let keys = self.context.keys.keys();
            let (key, at) = keys.get(py, text, place);
            let below = keys.below(at);
            place = at;
            if matches_template {
                matches_template = template.expects(index, &key, &dict).ok()?;
            }
            if !matches_template && is_reused && template.mismatches < MAX_MISMATCHES {
                template.keys.push(key.clone());
            }
            let peek = self.json.peek().ok()?;
            let value = self.value(peek, depth + 1, below)?;
            if !(matches_template && template.has(index, &value)) {
                dict.set_item(key, value).ok()?;
            }
            index += 1;
            next = self.json.next_key().ok()?;
        }
        if matches_template && index < template.keys.len() {
            template.cut(index, &dict).ok()?;
            matches_template = false;
        }
        if !matches_template && template.mismatches < MAX_MISMATCHES {
            template.replace(&dict).ok()?;
        }
        if is_reused && self.context.templates.len() < MAX_TEMPLATES {
            self.context.templates.push(template);
        }
        Some(dict)
    }

    /// Decodes the next value. If it is a dict, `place` is the position before its first key.
    fn value(&mut self, peek: Peek, depth: usize, place: usize) -> Option<Bound<'py, PyAny>> {
        if depth > MAX_DEPTH {
            return None;
        }
        self.context.countdown -= 1;
        if self.context.countdown == 0 {
            self.context.countdown = VALUES_PER_CHECK;
            if let Err(error) = self.context.gil.yield_if_due(self.py, self.context.gc.as_mut()) {
                self.raised = Some(error);
                return None;
            }
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
                match &mut self.context.values {
                    Some(values) => values.get(py, text).0,
                    None => PyString::new(py, text),
                }
                .into_any()
            }
            Peek::Array => {
                let list = PyList::empty(py);
                let mut next = self.json.known_array().ok()?;
                while let Some(peek) = next {
                    list.append(self.value(peek, depth + 1, place)?).ok()?;
                    next = self.json.array_step().ok()?;
                }
                list.into_any()
            }
            Peek::Object => self.dict(depth, place)?.into_any(),
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
}

/// The value of plain UTF-8 JSON, in a tuple; `None` for other JSON. The tuple tells the value
/// `None` from other JSON.
#[pyfunction]
pub(super) fn loads<'py>(data: &Bound<'py, PyBytes>) -> PyResult<Option<(Bound<'py, PyAny>,)>> {
    Ok(decode(data.py(), data.as_bytes())?.map(|value| (value,)))
}

/// The dicts sorted by their names: lower-cased, stable, those without a name first.
#[pyfunction]
pub(super) fn sort_by_name<'py>(dicts: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
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
    // UTF-8 sorts as code points do. `surrogatepass` encodes lone surrogates too.
    let encoded = lower.call_method1("encode", ("utf-8", "surrogatepass"))?;
    Ok(encoded.extract::<&[u8]>()?.to_vec())
}

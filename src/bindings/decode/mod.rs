//! From JSON bytes straight to Python objects.

mod gil;
mod keys;
mod pieces;
mod shape;

use bytes::Bytes;
use jiter::{Jiter, NumberAny, NumberInt, Peek};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict, PyFloat, PyList, PyString},
};

use self::{
    gil::{GcPause, GilYield},
    keys::{KeyCache, Strings},
    shape::{Shape, UNLIKE},
};
use crate::reply::Charset;

/// Beyond this depth the standard library decides, which knows Python's own limit.
const DEEPEST: usize = 150;
/// In a text that is not longer, values are not looked up, in bytes.
const FEW: usize = 4096;
/// A list that is as long is let go of while it is decoded, in bytes.
const LARGE: usize = 1 << 20;
/// How much of it at a time. The collector rests while a text is decoded that is longer.
const PIECE: usize = 256 << 10;
/// How many kinds of dicts are made from others.
const SHAPES: usize = 16;
/// Values made between two looks at the clock.
const LOOK: u32 = 512;

/// The value that JSON bytes stand for; none when they are not plain JSON in UTF-8, which is
/// the standard library's matter.
///
/// Other threads run while a long text is decoded, and signals are answered.
///
/// # Errors
/// What a signal's handler raises.
pub(super) fn decode<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Option<Bound<'py, PyAny>>> {
    let mut made = Made::of(py, bytes.len())?;
    let mut builder = Builder::new(py, bytes, &mut made);
    let value = builder.whole();
    match builder.raised {
        Some(error) => Err(error),
        None => Ok(value),
    }
}

/// The value that an answer's JSON stands for, read as the answer's content type says. The
/// body of a long list is let go of while the list is made; any other is left as it is.
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
    if text.len() < LARGE {
        return decode(py, text);
    }
    match pieces::find(py, text)? {
        Some(pieces) => pieces::decode(py, std::mem::take(body).into(), &pieces).map(Some),
        None => decode(py, text),
    }
}

/// What is kept from value to value.
struct Made<'py> {
    keys: KeyCache,
    /// Those of values, where there may be enough of them for repetitions.
    values: Option<Strings>,
    shapes: Vec<Shape<'py>>,
    countdown: u32,
    hold: GilYield,
    rest: Option<GcPause<'py>>,
}

impl<'py> Made<'py> {
    /// Nothing so far, of a text with so many bytes.
    fn of(py: Python<'py>, length: usize) -> PyResult<Self> {
        let mut rest = None;
        if length > PIECE && py.version_info() < (3, 12) {
            rest.insert(GcPause::new(py)?).begin()?;
        }
        Ok(Self {
            keys: KeyCache::of(length),
            values: (length > FEW).then(|| Strings::of(length, 1)),
            shapes: Vec::new(),
            countdown: LOOK,
            hold: GilYield::begin(),
            rest,
        })
    }
}

struct Builder<'j, 'm, 'py> {
    py: Python<'py>,
    json: Jiter<'j>,
    made: &'m mut Made<'py>,
    /// What a signal's handler raised.
    raised: Option<PyErr>,
}

impl<'j, 'm, 'py> Builder<'j, 'm, 'py> {
    fn new(py: Python<'py>, bytes: &'j [u8], made: &'m mut Made<'py>) -> Self {
        Self { py, json: Jiter::new(bytes).with_allow_inf_nan(), made, raised: None }
    }

    fn whole(&mut self) -> Option<Bound<'py, PyAny>> {
        let peek = self.json.peek().ok()?;
        let outside = self.made.keys.keys().outside();
        let value = self.value(peek, 0, outside)?;
        self.json.finish().ok()?;
        Some(value)
    }

    /// So many entries of a list.
    fn entries(&mut self, count: usize, entries: &mut Vec<Bound<'py, PyAny>>) -> Option<()> {
        let mut peek = self.json.peek().ok()?;
        let outside = self.made.keys.keys().outside();
        for left in (0..count).rev() {
            entries.push(self.value(peek, 1, outside)?);
            if left > 0 {
                peek = self.json.array_step().ok()??;
            }
        }
        Some(())
    }

    /// The dict that stands next.
    fn dict(&mut self, depth: usize, mut place: usize) -> Option<Bound<'py, PyDict>> {
        let py = self.py;
        let mut next = self.json.known_object().ok()?;
        if next.is_none() {
            return Some(PyDict::new(py));
        }
        // Dicts in this one may take the shape of this place as well, and leave theirs.
        let kept = self.made.shapes.iter().position(|shape| shape.place == place);
        let is_kept = kept.is_some() || self.made.values.is_some();
        let mut shape = match kept {
            Some(index) => self.made.shapes.swap_remove(index),
            None => Shape { place, ..Shape::default() },
        };
        let dict = shape.begin(py).ok()?;
        let mut is_alike = shape.dict.is_some();
        let mut index = 0;
        while let Some(text) = next {
            let keys = self.made.keys.keys();
            let (key, at) = keys.get(py, text, place);
            let below = keys.below(at);
            place = at;
            if is_alike {
                is_alike = shape.expects(index, &key, &dict).ok()?;
            }
            if !is_alike && is_kept && shape.unlike < UNLIKE {
                shape.keys.push(key.clone());
            }
            let peek = self.json.peek().ok()?;
            dict.set_item(key, self.value(peek, depth + 1, below)?).ok()?;
            index += 1;
            next = self.json.next_key().ok()?;
        }
        if is_alike && index < shape.keys.len() {
            shape.cut(index, &dict).ok()?;
            is_alike = false;
        }
        if !is_alike && shape.unlike < UNLIKE {
            shape.replace(&dict);
        }
        if is_kept && self.made.shapes.len() < SHAPES {
            self.made.shapes.push(shape);
        }
        Some(dict)
    }

    /// The next value; `place` is the one before the first key of a dict.
    fn value(&mut self, peek: Peek, depth: usize, place: usize) -> Option<Bound<'py, PyAny>> {
        if depth > DEEPEST {
            return None;
        }
        self.made.countdown -= 1;
        if self.made.countdown == 0 {
            self.made.countdown = LOOK;
            if let Err(error) = self.made.hold.look(self.py, self.made.rest.as_mut()) {
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
                match &mut self.made.values {
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

/// The value of plain UTF-8 JSON; `None` wrapped in a tuple apart from a rejection.
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
    // UTF-8 sorts as code points do; lone surrogates, which it has not, are let through.
    let encoded = lower.call_method1("encode", ("utf-8", "surrogatepass"))?;
    Ok(encoded.extract::<&[u8]>()?.to_vec())
}

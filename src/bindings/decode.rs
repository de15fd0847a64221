//! From JSON bytes straight to Python objects.

use std::time::{Duration, Instant};

use bytes::Bytes;
use jiter::{Jiter, NumberAny, NumberInt, Peek};
use pyo3::{
    exceptions::PyRuntimeError,
    prelude::*,
    types::{PyBytes, PyDict, PyFloat, PyList, PyString},
};

use super::runtime;
use crate::reply::Charset;

/// Beyond this depth the standard library decides, which knows Python's own limit.
const DEEPEST: usize = 150;
/// Entries of a table in which repeated strings are found again, at most.
const SHARED: usize = 512;
/// Longer strings are rarely repeated, in bytes.
const LONGEST_SHARED: usize = 46;
/// In a text that is not longer, values are not looked up, in bytes.
const FEW: usize = 4096;
/// A list that is as long is let go of while it is decoded, in bytes: that takes a second look
/// at it, which is worth its time where memory becomes short. Tests get along with less.
const LARGE: usize = if cfg!(debug_assertions) { 1 << 20 } else { 32 << 20 };
/// How much of it at a time.
const PIECE: usize = 256 << 10;
/// Values made between two looks at the clock.
const LOOK: u32 = 512;
/// How long the interpreter is held at most before others may have it.
const HOLD: Duration = Duration::from_millis(1);

/// The value that JSON bytes stand for; none when they are not plain JSON in UTF-8, which is
/// the standard library's matter.
///
/// Other threads run while a long text is decoded, and signals are answered.
///
/// # Errors
/// What a signal's handler raises.
pub(super) fn decode<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Option<Bound<'py, PyAny>>> {
    let mut made = Made::of(bytes.len());
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
    match pieces(py, text)? {
        Some(pieces) => decode_pieces(py, std::mem::take(body).into(), &pieces).map(Some),
        None => decode(py, text),
    }
}

/// Entries of a list that stand next to each other.
struct Piece {
    start: usize,
    end: usize,
    entries: usize,
}

/// The pieces of a list that is plain JSON as [`decode`] understands it; none of all else.
///
/// Other threads run meanwhile, and signals are answered.
fn pieces(py: Python<'_>, bytes: &[u8]) -> PyResult<Option<Vec<Piece>>> {
    let mut json = Jiter::new(bytes).with_allow_inf_nan();
    let Ok(Peek::Array) = json.peek() else { return Ok(None) };
    let Ok(mut next) = json.known_array() else { return Ok(None) };
    let mut pieces = Vec::new();
    while let Some(peek) = next {
        let Some((piece, following)) = runtime::detached(py, || piece(&mut json, peek)) else {
            return Ok(None);
        };
        py.check_signals()?;
        pieces.push(piece);
        next = following;
    }
    Ok(json.finish().is_ok().then_some(pieces))
}

/// The piece that begins with a value, and what comes after it.
fn piece(json: &mut Jiter<'_>, mut peek: Peek) -> Option<(Piece, Option<Peek>)> {
    let mut piece = Piece { start: json.current_index(), end: 0, entries: 0 };
    loop {
        understand(json, peek, 1)?;
        piece.entries += 1;
        piece.end = json.current_index();
        match json.array_step().ok()? {
            Some(next) if piece.end - piece.start < PIECE => peek = next,
            next => return Some((piece, next)),
        }
    }
}

/// Reads over a value as [`Builder::value`] reads it.
fn understand(json: &mut Jiter<'_>, peek: Peek, depth: usize) -> Option<()> {
    if depth > DEEPEST {
        return None;
    }
    match peek {
        Peek::Null => json.known_null().ok()?,
        Peek::True | Peek::False => drop(json.known_bool(peek).ok()?),
        Peek::String => drop(json.known_str().ok()?),
        Peek::Array => {
            let mut next = json.known_array().ok()?;
            while let Some(peek) = next {
                understand(json, peek, depth + 1)?;
                next = json.array_step().ok()?;
            }
        }
        Peek::Object => {
            let mut more = json.known_object().ok()?.is_some();
            while more {
                let peek = json.peek().ok()?;
                understand(json, peek, depth + 1)?;
                more = json.next_key().ok()?.is_some();
            }
        }
        _ => drop(json.known_number(peek).ok()?),
    }
    Some(())
}

/// The list that the pieces of a text are. What has been decoded of it is let go of, which
/// the end of a text allows only: the last piece is the first.
fn decode_pieces<'py>(
    py: Python<'py>,
    mut text: Vec<u8>,
    pieces: &[Piece],
) -> PyResult<Bound<'py, PyAny>> {
    let mut made = Made::of(text.len());
    let mut entries = Vec::with_capacity(pieces.iter().map(|piece| piece.entries).sum());
    for piece in pieces.iter().rev() {
        let first = entries.len();
        let mut builder = Builder::new(py, &text[piece.start..piece.end], &mut made);
        if builder.entries(piece.entries, &mut entries).is_none() {
            let unlike = || PyRuntimeError::new_err("a list has been read in two ways");
            return Err(builder.raised.unwrap_or_else(unlike));
        }
        entries[first..].reverse();
        text.truncate(piece.start);
        text.shrink_to_fit();
    }
    entries.reverse();
    Ok(PyList::new(py, entries)?.into_any())
}

/// Strings that have been made already, by their texts.
struct Strings<'py> {
    entries: Vec<Entry<'py>>,
    hasher: ahash::RandomState,
}

struct Entry<'py> {
    length: u8,
    text: [u8; LONGEST_SHARED],
    string: Option<Bound<'py, PyString>>,
}

impl<'py> Strings<'py> {
    /// None so far, of a text with so many bytes.
    fn of(length: usize) -> Self {
        let entries = (length / 32).clamp(8, SHARED).next_power_of_two();
        let empty = || Entry { length: 0, text: [0; LONGEST_SHARED], string: None };
        Self {
            entries: (0..entries).map(|_| empty()).collect(),
            hasher: ahash::RandomState::with_seeds(1, 2, 3, 4),
        }
    }

    /// A string, shared with its equals where it is short.
    fn get(&mut self, py: Python<'py>, text: &str) -> Bound<'py, PyString> {
        let bytes = text.as_bytes();
        let Some(length) = u8::try_from(bytes.len()).ok().filter(|_| bytes.len() <= LONGEST_SHARED)
        else {
            return PyString::new(py, text);
        };
        let hash = self.hasher.hash_one(bytes);
        let index = usize::try_from(hash % self.entries.len() as u64).unwrap_or_default();
        let entry = &mut self.entries[index];
        if let Some(string) = &entry.string {
            if entry.text[..usize::from(entry.length)] == *bytes {
                return string.clone();
            }
        }
        let string = PyString::new(py, text);
        entry.text[..bytes.len()].copy_from_slice(bytes);
        entry.length = length;
        entry.string = Some(string.clone());
        string
    }
}

/// What is kept from value to value.
struct Made<'py> {
    keys: Strings<'py>,
    /// Those of values, where there may be enough of them for repetitions.
    values: Option<Strings<'py>>,
    countdown: u32,
    held_since: Instant,
}

impl Made<'_> {
    /// Nothing so far, of a text with so many bytes.
    fn of(length: usize) -> Self {
        Self {
            keys: Strings::of(length),
            values: (length > FEW).then(|| Strings::of(length)),
            countdown: LOOK,
            held_since: Instant::now(),
        }
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
        let value = self.value(peek, 0)?;
        self.json.finish().ok()?;
        Some(value)
    }

    /// So many entries of a list.
    fn entries(&mut self, count: usize, entries: &mut Vec<Bound<'py, PyAny>>) -> Option<()> {
        let mut peek = self.json.peek().ok()?;
        for left in (0..count).rev() {
            entries.push(self.value(peek, 1)?);
            if left > 0 {
                peek = self.json.array_step().ok()??;
            }
        }
        Some(())
    }

    /// Lets others have the interpreter, when it has been held for long.
    fn yield_now(&mut self) -> Option<()> {
        self.made.countdown = LOOK;
        if self.made.held_since.elapsed() < HOLD {
            return Some(());
        }
        runtime::detached(self.py, || ());
        if let Err(error) = self.py.check_signals() {
            self.raised = Some(error);
            return None;
        }
        self.made.held_since = Instant::now();
        Some(())
    }

    fn value(&mut self, peek: Peek, depth: usize) -> Option<Bound<'py, PyAny>> {
        if depth > DEEPEST {
            return None;
        }
        self.made.countdown -= 1;
        if self.made.countdown == 0 {
            self.yield_now()?;
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
                    Some(values) => values.get(py, text),
                    None => PyString::new(py, text),
                }
                .into_any()
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
                    let key = self.made.keys.get(py, key);
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
}

/// The value of plain UTF-8 JSON; `None` wrapped in a tuple apart from a refusal.
#[pyfunction]
pub(super) fn loads<'py>(bytes: &Bound<'py, PyBytes>) -> PyResult<Option<(Bound<'py, PyAny>,)>> {
    Ok(decode(bytes.py(), bytes.as_bytes())?.map(|value| (value,)))
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

//! From JSON bytes straight to Python objects.

use std::{
    fmt,
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

use bytes::Bytes;
use jiter::{Jiter, NumberAny, NumberInt, Peek};
use pyo3::{
    prelude::*,
    types::{PyBytes, PyDict, PyFloat, PyList, PyString},
};
use serde::de::{DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;

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
/// A list that is as long is let go of while it is decoded, in bytes.
const LARGE: usize = 1 << 20;
/// How much of it at a time. The collector rests while a text is decoded that is longer.
const PIECE: usize = 256 << 10;
/// Dicts with fewer keys are not made from others.
const MANY_KEYS: usize = 6;
/// How often a dict may be unlike the one before until none is made from it any more.
const UNLIKE: u8 = 8;
/// How many kinds of dicts are made from others.
const SHAPES: usize = 16;
/// Values made between two looks at the clock.
const LOOK: u32 = 512;
/// How long the interpreter is held before others may have it. Who waits for it says so after
/// 5 ms, Python's `switchinterval`, only then it is really handed over, and that time begins
/// anew whenever it has been let go of.
const HOLD: Duration = Duration::from_millis(8);

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

/// The pieces of a list that is JSON; none of all else.
///
/// Other threads run meanwhile, and signals are answered.
fn pieces(py: Python<'_>, text: &[u8]) -> PyResult<Option<Vec<Piece>>> {
    let mut raised = None;
    let start = text.as_ptr().addr();
    let survey = Survey { py, start, hold: Hold::begin(), raised: &mut raised };
    let mut json = serde_json::Deserializer::from_slice(text);
    let pieces = survey.deserialize(&mut json).ok();
    match raised {
        Some(error) => Err(error),
        None => Ok(pieces.filter(|_| json.end().is_ok())),
    }
}

/// A look over a list, which finds where its entries stand.
struct Survey<'s, 'py> {
    py: Python<'py>,
    /// Where the text is.
    start: usize,
    hold: Hold,
    /// What a signal's handler raised.
    raised: &'s mut Option<PyErr>,
}

impl<'de> DeserializeSeed<'de> for Survey<'_, '_> {
    type Value = Vec<Piece>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Survey<'_, '_> {
    type Value = Vec<Piece>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut pieces: Vec<Piece> = Vec::new();
        while let Some(entry) = list.next_element::<&'de RawValue>()? {
            let start = entry.get().as_ptr().addr() - self.start;
            let end = start + entry.get().len();
            match pieces.last_mut() {
                Some(piece) if end - piece.start < PIECE => {
                    piece.end = end;
                    piece.entries += 1;
                }
                _ => {
                    pieces.push(Piece { start, end, entries: 1 });
                    if let Err(error) = self.hold.look(self.py, None) {
                        *self.raised = Some(error);
                        return Err(A::Error::custom("a signal's handler raised"));
                    }
                }
            }
        }
        Ok(pieces)
    }
}

/// The list that the pieces of a text are. What has been decoded of it is let go of, which
/// the end of a text allows only: the last piece is the first.
fn decode_pieces<'py>(
    py: Python<'py>,
    mut text: Vec<u8>,
    pieces: &[Piece],
) -> PyResult<Bound<'py, PyAny>> {
    let mut made = Made::of(py, text.len())?;
    let mut entries = Vec::with_capacity(pieces.iter().map(|piece| piece.entries).sum());
    for piece in pieces.iter().rev() {
        let first = entries.len();
        let slice = &text[piece.start..piece.end];
        let mut builder = Builder::new(py, slice, &mut made);
        if builder.entries(piece.entries, &mut entries).is_none() {
            if let Some(error) = builder.raised {
                return Err(error);
            }
            // Not plain, such as a lone surrogate: the standard library's matter.
            entries.truncate(first);
            let slice = [b"[", slice, b"]"].concat();
            let list = py.import("json")?.call_method1("loads", (PyBytes::new(py, &slice),))?;
            entries.extend(list.cast::<PyList>()?.iter());
        }
        entries[first..].reverse();
        text.truncate(piece.start);
        text.shrink_to_fit();
    }
    entries.reverse();
    Ok(PyList::new(py, entries)?.into_any())
}

/// Strings that have been made already, by their texts.
struct Strings {
    entries: Vec<Entry>,
    /// How many entries a string may be in, a power of two: more, where none must be lost to
    /// another.
    ways: usize,
    hasher: ahash::RandomState,
}

struct Entry {
    length: u8,
    text: [u8; LONGEST_SHARED],
    string: Option<Py<PyString>>,
}

impl Entry {
    fn get<'py>(&self, py: Python<'py>, text: &[u8]) -> Option<Bound<'py, PyString>> {
        let string = self.string.as_ref()?;
        let is_same = self.text[..usize::from(self.length)] == *text;
        is_same.then(|| string.bind(py).clone())
    }
}

impl Strings {
    /// None so far, of a text with so many bytes.
    fn of(length: usize, ways: usize) -> Self {
        let entries = (length / 32).clamp(8, SHARED).next_power_of_two();
        let empty = || Entry { length: 0, text: [0; LONGEST_SHARED], string: None };
        Self {
            entries: (0..entries).map(|_| empty()).collect(),
            ways,
            hasher: ahash::RandomState::with_seeds(1, 2, 3, 4),
        }
    }

    /// A string, shared with its equals where it is short, and its entry then.
    fn get<'py>(&mut self, py: Python<'py>, text: &str) -> (Bound<'py, PyString>, Option<usize>) {
        let bytes = text.as_bytes();
        let Some(length) = u8::try_from(bytes.len()).ok().filter(|_| bytes.len() <= LONGEST_SHARED)
        else {
            return (PyString::new(py, text), None);
        };
        // Of which there are as many as a power of two.
        let last = self.entries.len() - 1;
        let home = usize::try_from(self.hasher.hash_one(bytes) & last as u64).unwrap_or_default();
        let mut free = home;
        for index in (0..self.ways).map(|way| home ^ way) {
            let entry = &self.entries[index];
            if let Some(string) = entry.get(py, bytes) {
                return (string, Some(index));
            }
            if entry.string.is_none() {
                free = index;
                break;
            }
        }
        let entry = &mut self.entries[free];
        let string = PyString::new(py, text);
        entry.text[..bytes.len()].copy_from_slice(bytes);
        entry.length = length;
        entry.string = Some(string.clone().unbind());
        (string, Some(free))
    }
}

/// The keys of dicts. Those of a list have the same keys in the same order: the one that was
/// after a key before is looked at first.
struct Keys {
    strings: Strings,
    /// What came after each entry, what came first in the dict below it, and what came first
    /// in the outermost dict.
    after: Vec<usize>,
}

impl Keys {
    /// None so far, of a text with so many bytes.
    fn of(length: usize) -> Self {
        let strings = Strings::of(length, 4);
        let after = vec![0; 2 * strings.entries.len() + 1];
        Self { strings, after }
    }

    /// The place before the first key of the outermost dict.
    const fn outside(&self) -> usize {
        2 * self.strings.entries.len()
    }

    /// The place before the first key of the dict below a key.
    const fn below(&self, key: usize) -> usize {
        self.strings.entries.len() + key
    }

    /// The key that comes after a place, and its own place.
    fn get<'py>(
        &mut self,
        py: Python<'py>,
        text: &str,
        place: usize,
    ) -> (Bound<'py, PyString>, usize) {
        let guess = self.after[place];
        if let Some(string) = self.strings.entries[guess].get(py, text.as_bytes()) {
            return (string, guess);
        }
        let (string, entry) = self.strings.get(py, text);
        let Some(entry) = entry else { return (string, 0) };
        self.after[place] = entry;
        (string, entry)
    }
}

/// Where keys are found again.
enum Shelf {
    /// Those of all short texts, which have the same ones again and again.
    Common(MutexGuard<'static, Option<Keys>>),
    /// Those of this text.
    Own(Keys),
}

/// Held with the interpreter only, nearly always: nobody waits for it.
static COMMON: Mutex<Option<Keys>> = Mutex::new(None);

impl Shelf {
    /// For a text with so many bytes.
    fn of(length: usize) -> Self {
        match COMMON.try_lock() {
            Ok(common) if length <= PIECE => Self::Common(common),
            _ => Self::Own(Keys::of(length)),
        }
    }

    fn keys(&mut self) -> &mut Keys {
        match self {
            Self::Common(common) => common.get_or_insert_with(|| Keys::of(usize::MAX)),
            Self::Own(keys) => keys,
        }
    }
}

/// Python's cyclic collector while it rests: it would look at all that has been made again
/// and again, of which nothing is garbage. From Python 3.12 on it rests in extensions anyway.
///
/// While others have the interpreter it works. What calls these functions allocates nothing,
/// so that it does not begin to collect in between.
struct Rest<'py> {
    is_enabled: Bound<'py, PyAny>,
    disable: Bound<'py, PyAny>,
    enable: Bound<'py, PyAny>,
    rests: bool,
}

impl<'py> Rest<'py> {
    fn new(py: Python<'py>) -> PyResult<Self> {
        let gc = py.import("gc")?;
        Ok(Self {
            is_enabled: gc.getattr("isenabled")?,
            disable: gc.getattr("disable")?,
            enable: gc.getattr("enable")?,
            rests: false,
        })
    }

    /// Lets the collector rest, unless a script has switched it off.
    fn begin(&mut self) -> PyResult<()> {
        if self.is_enabled.call0()?.is_truthy()? {
            self.disable.call0()?;
            self.rests = true;
        }
        Ok(())
    }

    fn end(&mut self) -> PyResult<()> {
        if std::mem::take(&mut self.rests) {
            self.enable.call0()?;
        }
        Ok(())
    }
}

impl Drop for Rest<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            error.write_unraisable(self.enable.py(), Some(&self.enable));
        }
    }
}

/// How long this thread has had the interpreter.
struct Hold(Instant);

impl Hold {
    fn begin() -> Self {
        Self(Instant::now())
    }

    /// Lets others have it when it has been held for long, and answers signals.
    fn look(&mut self, py: Python<'_>, mut rest: Option<&mut Rest<'_>>) -> PyResult<()> {
        if self.0.elapsed() < HOLD {
            return Ok(());
        }
        if let Some(rest) = &mut rest {
            rest.end()?;
        }
        runtime::detached(py, || ());
        py.check_signals()?;
        if let Some(rest) = rest {
            rest.begin()?;
        }
        *self = Self::begin();
        Ok(())
    }
}

/// The dict that was made last in a place. A copy of it takes new values in less time than an
/// empty one takes keys, where they are the same in the same order.
#[derive(Default)]
struct Shape<'py> {
    place: usize,
    keys: Vec<Bound<'py, PyString>>,
    dict: Option<Bound<'py, PyDict>>,
    unlike: u8,
}

impl<'py> Shape<'py> {
    /// A dict to begin with.
    fn begin(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.dict.as_ref().map_or_else(|| Ok(PyDict::new(py)), PyDictMethods::copy)
    }

    /// Whether the key at an index is the next one. If not, it and those after it are gone.
    fn expects(
        &mut self,
        index: usize,
        key: &Bound<'py, PyString>,
        dict: &Bound<'py, PyDict>,
    ) -> PyResult<bool> {
        if self.keys.get(index).is_some_and(|expected| expected.is(key)) {
            return Ok(true);
        }
        self.cut(index, dict)?;
        Ok(false)
    }

    /// Takes the keys from an index on from a dict that has been made from this one.
    fn cut(&mut self, index: usize, dict: &Bound<'py, PyDict>) -> PyResult<()> {
        for key in self.keys.drain(index..) {
            dict.del_item(key)?;
        }
        Ok(())
    }

    /// A dict with these keys has been made, which is not like the one before.
    fn replace(&mut self, dict: &Bound<'py, PyDict>) {
        self.unlike = if self.keys.len() < MANY_KEYS { UNLIKE } else { self.unlike + 1 };
        // One that stood there twice must not be taken away once.
        let is_useful = self.unlike < UNLIKE && dict.len() == self.keys.len();
        self.dict = is_useful.then(|| dict.clone());
        if !is_useful {
            self.keys.clear();
        }
    }
}

/// What is kept from value to value.
struct Made<'py> {
    keys: Shelf,
    /// Those of values, where there may be enough of them for repetitions.
    values: Option<Strings>,
    shapes: Vec<Shape<'py>>,
    countdown: u32,
    hold: Hold,
    rest: Option<Rest<'py>>,
}

impl<'py> Made<'py> {
    /// Nothing so far, of a text with so many bytes.
    fn of(py: Python<'py>, length: usize) -> PyResult<Self> {
        let mut rest = None;
        if length > PIECE && py.version_info() < (3, 12) {
            rest.insert(Rest::new(py)?).begin()?;
        }
        Ok(Self {
            keys: Shelf::of(length),
            values: (length > FEW).then(|| Strings::of(length, 1)),
            shapes: Vec::new(),
            countdown: LOOK,
            hold: Hold::begin(),
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

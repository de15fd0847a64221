//! Long lists, decoded in chunks whose bytes are freed one after the other.

use std::fmt;

use pyo3::{
    prelude::*,
    types::{PyBytes, PyList},
};
use serde::de::{DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Builder, Context, GilYield, CHUNK};

/// Neighbouring entries of a list.
pub(super) struct Chunk {
    start: usize,
    end: usize,
    entries: usize,
}

/// Splits a JSON list into chunks. Returns none for anything else.
///
/// The GIL is released now and then meanwhile, and signals are handled.
pub(super) fn split(py: Python<'_>, text: &[u8]) -> PyResult<Option<Vec<Chunk>>> {
    let mut raised = None;
    let start = text.as_ptr().addr();
    let splitter = Splitter { py, start, gil: GilYield::begin(), raised: &mut raised };
    let mut json = serde_json::Deserializer::from_slice(text);
    let chunks = splitter.deserialize(&mut json).ok();
    match raised {
        Some(error) => Err(error),
        None => Ok(chunks.filter(|_| json.end().is_ok())),
    }
}

/// Scans a list for the bounds of its entries.
struct Splitter<'s, 'py> {
    py: Python<'py>,
    /// The address of the text.
    start: usize,
    gil: GilYield,
    /// The exception that a signal handler raised.
    raised: &'s mut Option<PyErr>,
}

impl<'de> DeserializeSeed<'de> for Splitter<'_, '_> {
    type Value = Vec<Chunk>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Splitter<'_, '_> {
    type Value = Vec<Chunk>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut chunks: Vec<Chunk> = Vec::new();
        while let Some(entry) = list.next_element::<&'de RawValue>()? {
            let start = entry.get().as_ptr().addr() - self.start;
            let end = start + entry.get().len();
            match chunks.last_mut() {
                Some(chunk) if end - chunk.start < CHUNK => {
                    chunk.end = end;
                    chunk.entries += 1;
                }
                _ => {
                    chunks.push(Chunk { start, end, entries: 1 });
                    if let Err(error) = self.gil.yield_if_due(self.py, None) {
                        *self.raised = Some(error);
                        return Err(A::Error::custom("a signal's handler raised"));
                    }
                }
            }
        }
        Ok(chunks)
    }
}

/// Decodes a list from its chunks. The bytes of each decoded chunk are freed. Only the end of a
/// buffer can be freed, so the last chunk is decoded first.
pub(super) fn decode<'py>(
    py: Python<'py>,
    mut text: Vec<u8>,
    chunks: &[Chunk],
) -> PyResult<Bound<'py, PyAny>> {
    let mut context = Context::for_length(py, text.len())?;
    let mut entries = Vec::with_capacity(chunks.iter().map(|chunk| chunk.entries).sum());
    for chunk in chunks.iter().rev() {
        let first = entries.len();
        let slice = &text[chunk.start..chunk.end];
        let mut builder = Builder::new(py, slice, &mut context);
        if builder.entries(chunk.entries, &mut entries).is_none() {
            if let Some(error) = builder.raised {
                return Err(error);
            }
            // Not plain JSON, such as a lone surrogate: the standard library decodes it.
            entries.truncate(first);
            let slice = [b"[", slice, b"]"].concat();
            let list = py.import("json")?.call_method1("loads", (PyBytes::new(py, &slice),))?;
            entries.extend(list.cast::<PyList>()?.iter());
        }
        entries[first..].reverse();
        text.truncate(chunk.start);
        text.shrink_to_fit();
    }
    entries.reverse();
    Ok(PyList::new(py, entries)?.into_any())
}

//! Long lists, decoded in chunks whose bytes are freed one after the other.

use std::time::{Duration, Instant};

use pyo3::{
    prelude::*,
    types::{PyBytes, PyList},
};
use serde_json::value::RawValue;

use super::{skip_blanks, Builder, Context, CHUNK};
use crate::bindings::runtime;

/// How long a list is scanned between two checks for signals.
const SCANNED_AT_ONCE: Duration = Duration::from_millis(40);

/// Neighbouring entries of a list.
pub(super) struct Chunk {
    start: usize,
    end: usize,
    entries: usize,
}

/// Splits a JSON list into chunks. Returns none for anything else.
///
/// The GIL is released meanwhile, and signals are handled now and then.
pub(super) fn split(py: Python<'_>, text: &[u8]) -> PyResult<Option<Vec<Chunk>>> {
    let mut splitter = Splitter { text, at: 0, chunks: Vec::new() };
    loop {
        match runtime::detached(py, || splitter.advance()) {
            None => return Ok(None),
            Some(true) => return Ok(Some(splitter.chunks)),
            Some(false) => py.check_signals()?,
        }
    }
}

/// Scans a list for the bounds of its entries.
struct Splitter<'t> {
    text: &'t [u8],
    /// How far it has been scanned.
    at: usize,
    chunks: Vec<Chunk>,
}

impl Splitter<'_> {
    /// Scans the text for a while. Returns whether the list has ended; none if it is no list.
    fn advance(&mut self) -> Option<bool> {
        if self.at == 0 {
            if self.next()? != b'[' {
                return None;
            }
            if skip_blanks(&self.text[self.at..]).first() == Some(&b']') {
                self.next()?;
                return self.end();
            }
        }
        let until = Instant::now() + SCANNED_AT_ONCE;
        let mut known = self.chunks.len();
        loop {
            self.entry()?;
            match self.next()? {
                b',' => {}
                b']' => return self.end(),
                _ => return None,
            }
            if self.chunks.len() > known {
                known = self.chunks.len();
                if Instant::now() >= until {
                    return Some(false);
                }
            }
        }
    }

    /// The next character that is no white space.
    fn next(&mut self) -> Option<u8> {
        let rest = skip_blanks(&self.text[self.at..]);
        let next = rest.first().copied()?;
        self.at = self.text.len() - rest.len() + 1;
        Some(next)
    }

    /// Nothing but white space may follow the list.
    fn end(&self) -> Option<bool> {
        skip_blanks(&self.text[self.at..]).is_empty().then_some(true)
    }

    /// Scans an entry.
    fn entry(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<&RawValue>();
        let entry = values.next()?.ok()?;
        let end = self.at + values.byte_offset();
        let start = end - entry.get().len();
        self.at = end;
        match self.chunks.last_mut() {
            Some(chunk) if end - chunk.start < CHUNK => {
                chunk.end = end;
                chunk.entries += 1;
            }
            _ => self.chunks.push(Chunk { start, end, entries: 1 }),
        }
        Some(())
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

//! Long lists: where their entries stand, and how they are let go of meanwhile.

use std::fmt;

use pyo3::{
    prelude::*,
    types::{PyBytes, PyList},
};
use serde::de::{DeserializeSeed, Deserializer, Error as _, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Builder, GilYield, Made, PIECE};

/// Entries of a list that stand next to each other.
pub(super) struct Piece {
    start: usize,
    end: usize,
    entries: usize,
}

/// The pieces of a list that is JSON; none of all else.
///
/// Other threads run meanwhile, and signals are answered.
pub(super) fn find(py: Python<'_>, text: &[u8]) -> PyResult<Option<Vec<Piece>>> {
    let mut raised = None;
    let start = text.as_ptr().addr();
    let survey = Survey { py, start, hold: GilYield::begin(), raised: &mut raised };
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
    hold: GilYield,
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
pub(super) fn decode<'py>(
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

//! Strings that are found again: keys of dicts, and what is repeated among values.

use std::sync::{Mutex, MutexGuard};

use pyo3::{prelude::*, types::PyString};

use super::PIECE;

/// Entries of a table in which repeated strings are found again, at most.
const SHARED: usize = 512;
/// Longer strings are rarely repeated, in bytes.
const LONGEST_SHARED: usize = 46;

/// Strings that have been made already, by their texts.
pub(super) struct Strings {
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
    pub(super) fn get<'py>(&self, py: Python<'py>, text: &[u8]) -> Option<Bound<'py, PyString>> {
        let string = self.string.as_ref()?;
        let is_same = self.text[..usize::from(self.length)] == *text;
        is_same.then(|| string.bind(py).clone())
    }
}

impl Strings {
    /// None so far, of a text with so many bytes.
    pub(super) fn of(length: usize, ways: usize) -> Self {
        let entries = (length / 32).clamp(8, SHARED).next_power_of_two();
        let empty = || Entry { length: 0, text: [0; LONGEST_SHARED], string: None };
        Self {
            entries: (0..entries).map(|_| empty()).collect(),
            ways,
            hasher: ahash::RandomState::with_seeds(1, 2, 3, 4),
        }
    }

    /// A string, shared with its equals where it is short, and its entry then.
    pub(super) fn get<'py>(
        &mut self,
        py: Python<'py>,
        text: &str,
    ) -> (Bound<'py, PyString>, Option<usize>) {
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
pub(super) struct Keys {
    strings: Strings,
    /// What came after each entry, what came first in the dict below it, and what came first
    /// in the outermost dict.
    after: Vec<usize>,
}

impl Keys {
    /// None so far, of a text with so many bytes.
    pub(super) fn of(length: usize) -> Self {
        let strings = Strings::of(length, 4);
        let after = vec![0; 2 * strings.entries.len() + 1];
        Self { strings, after }
    }

    /// The place before the first key of the outermost dict.
    pub(super) const fn outside(&self) -> usize {
        2 * self.strings.entries.len()
    }

    /// The place before the first key of the dict below a key.
    pub(super) const fn below(&self, key: usize) -> usize {
        self.strings.entries.len() + key
    }

    /// The key that comes after a place, and its own place.
    pub(super) fn get<'py>(
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
pub(super) enum KeyCache {
    /// Those of all short texts, which have the same ones again and again.
    Common(MutexGuard<'static, Option<Keys>>),
    /// Those of this text.
    Own(Keys),
}

/// Held with the interpreter only, nearly always: nobody waits for it.
static COMMON: Mutex<Option<Keys>> = Mutex::new(None);

impl KeyCache {
    /// For a text with so many bytes.
    pub(super) fn of(length: usize) -> Self {
        match COMMON.try_lock() {
            Ok(common) if length <= PIECE => Self::Common(common),
            _ => Self::Own(Keys::of(length)),
        }
    }

    pub(super) fn keys(&mut self) -> &mut Keys {
        match self {
            Self::Common(common) => common.get_or_insert_with(|| Keys::of(usize::MAX)),
            Self::Own(keys) => keys,
        }
    }
}

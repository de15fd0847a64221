//! Interning: dict keys and repeated string values become one Python string each.

use std::sync::{Mutex, MutexGuard};

use pyo3::{prelude::*, types::PyString};

use super::CHUNK;

/// The largest number of entries of a cache.
const MAX_SHARED: usize = 512;
/// Strings longer than this many bytes are not cached: they rarely repeat.
const MAX_SHARED_LENGTH: usize = 46;

/// Python strings by their text.
pub(super) struct StringCache {
    entries: Vec<Entry>,
    /// In how many entries a string may stand, a power of two. With more of them, fewer strings
    /// push each other out.
    ways: usize,
    hasher: ahash::RandomState,
}

struct Entry {
    length: u8,
    text: [u8; MAX_SHARED_LENGTH],
    string: Option<Py<PyString>>,
}

impl Entry {
    pub(super) fn get<'py>(&self, py: Python<'py>, text: &[u8]) -> Option<Bound<'py, PyString>> {
        let string = self.string.as_ref()?;
        let is_same = self.text[..usize::from(self.length)] == *text;
        is_same.then(|| string.bind(py).clone())
    }
}

impl StringCache {
    /// An empty cache for a body of this many bytes.
    pub(super) fn for_length(length: usize, ways: usize) -> Self {
        let entries = (length / 32).clamp(8, MAX_SHARED).next_power_of_two();
        let empty = || Entry { length: 0, text: [0; MAX_SHARED_LENGTH], string: None };
        Self {
            entries: (0..entries).map(|_| empty()).collect(),
            ways,
            hasher: ahash::RandomState::with_seeds(1, 2, 3, 4),
        }
    }

    /// The Python string of a text, and the index of its entry. A long text has no entry.
    pub(super) fn get<'py>(
        &mut self,
        py: Python<'py>,
        text: &str,
    ) -> (Bound<'py, PyString>, Option<usize>) {
        let bytes = text.as_bytes();
        let Some(length) =
            u8::try_from(bytes.len()).ok().filter(|_| bytes.len() <= MAX_SHARED_LENGTH)
        else {
            return (PyString::new(py, text), None);
        };
        // The number of entries is a power of two, so this is a bit mask.
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

/// The keys of dicts. Dicts of a list have the same keys in the same order, so the key that
/// followed the last time is tried first.
pub(super) struct KeyTable {
    strings: StringCache,
    /// The entry that followed each entry, then the first entry of the dict below each entry,
    /// then the first entry of the outermost dict.
    after: Vec<usize>,
}

impl KeyTable {
    /// An empty table for a body of this many bytes.
    pub(super) fn for_length(length: usize) -> Self {
        let strings = StringCache::for_length(length, 4);
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

/// The table that a body's keys are looked up in.
pub(super) enum KeyCache {
    /// One table for all short bodies, whose keys are the same again and again.
    Common(MutexGuard<'static, Option<KeyTable>>),
    /// A table of its own.
    Own(KeyTable),
}

/// Nearly always locked by the thread that has the GIL. Others do not wait for it.
static COMMON: Mutex<Option<KeyTable>> = Mutex::new(None);

impl KeyCache {
    /// The table for a body of this many bytes.
    pub(super) fn for_length(length: usize) -> Self {
        match COMMON.try_lock() {
            Ok(common) if length <= CHUNK => Self::Common(common),
            _ => Self::Own(KeyTable::for_length(length)),
        }
    }

    pub(super) fn keys(&mut self) -> &mut KeyTable {
        match self {
            Self::Common(common) => common.get_or_insert_with(|| KeyTable::for_length(usize::MAX)),
            Self::Own(keys) => keys,
        }
    }
}
